import type { Agent } from "@yingda/api";
import { describe, expect, it } from "vitest";
import { dayOf, endOf, holdersOf, holds } from "./skills";

describe("certificates", () => {
  it("hold to the end of their last day", () => {
    const until = endOf("2026-11-30");
    expect(dayOf(until)).toBe("2026-11-30");
    expect(holds({ skill_id: "sk_1", level: 1, until }, new Date(2026, 10, 30, 23, 59).getTime())).toBe(true);
    expect(holds({ skill_id: "sk_1", level: 1, until }, new Date(2026, 11, 1).getTime())).toBe(false);
    expect(holds({ skill_id: "sk_1", level: 1 }, Date.now())).toBe(true);
  });
  it("have no end where nothing is written", () => {
    expect(endOf("")).toBeUndefined();
    expect(dayOf(undefined)).toBe("");
  });
});

describe("who has a skill", () => {
  const agent = (name: string, level: number, disabled = false) => ({ name, disabled, skills: [{ skill_id: "sk_1", level }] }) as Agent;
  it("stands the most skilled first, without those who are disabled", () => {
    expect(holdersOf([agent("b", 2), agent("a", 2), agent("c", 5), agent("d", 5, true)], "sk_1").map(({ agent: { name } }) => name)).toEqual(["c", "a", "b"]);
  });
});
