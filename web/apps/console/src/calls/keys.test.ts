import { describe, expect, it } from "vitest";
import { dayStart, linesOf } from "./keys";

describe("lines", () => {
  it("are a list without blanks", () => {
    expect(linesOf(" 4008200000 \n\n95533\n")).toEqual(["4008200000", "95533"]);
    expect(linesOf("  ")).toEqual([]);
  });
});

describe("a day", () => {
  it("begins at midnight here, and ends where the next begins", () => {
    expect(dayStart("2026-11-30")).toBe(new Date(2026, 10, 30).toISOString());
    expect(dayStart("2026-11-30", true)).toBe(new Date(2026, 11, 1).toISOString());
    expect(dayStart(undefined)).toBeUndefined();
    expect(dayStart("never")).toBeUndefined();
  });
});
