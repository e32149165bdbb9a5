import type { Agent } from "@yingda/api";
import { describe, expect, it } from "vitest";
import { holdersOf, holds } from "./skills";

describe("certificates", () => {
  it("hold to the end of their last day, and for good where none is written", () => {
    expect(holds({ expires_on: "2026-11-30" }, "2026-11-30")).toBe(true);
    expect(holds({ expires_on: "2026-11-30" }, "2026-12-01")).toBe(false);
    expect(holds({ expires_on: "" }, "2026-12-01")).toBe(true);
    expect(holds({}, "2026-12-01")).toBe(true);
  });
});

describe("who has a skill", () => {
  const agent = (name: string, level: number, disabled = false) => ({ name, disabled, skills: [{ skill_id: "sk_1", level }] }) as Agent;
  it("stands the most skilled first, without those who are disabled", () => {
    expect(holdersOf([agent("b", 2), agent("a", 2), agent("c", 5), agent("d", 5, true)], "sk_1").map(({ agent: { name } }) => name)).toEqual(["c", "a", "b"]);
  });
});
