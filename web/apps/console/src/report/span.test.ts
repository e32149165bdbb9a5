import { describe, expect, it } from "vitest";
import { isDay, percentOf, spanOf } from "./span";

describe("the days of a report", () => {
  it.each([
    ["this_month", "2026-11-22", "2026-11-01", "2026-11-22"],
    ["this_month", "2026-11-01", "2026-11-01", "2026-11-01"],
    ["last_month", "2026-11-22", "2026-10-01", "2026-10-31"],
    ["last_month", "2026-01-31", "2025-12-01", "2025-12-31"],
    ["last_month", "2028-03-31", "2028-02-01", "2028-02-29"],
    ["last_90", "2026-03-31", "2026-01-01", "2026-03-31"],
  ] as const)("%s on %s", (choice, today, from, to) => expect(spanOf(choice, today)).toEqual({ from, to }));

  it("are days that exist", () => {
    expect(["2026-11-01", "2026-13-01", "2026-1-1", "", undefined].map(isDay)).toEqual([true, false, false, false, false]);
  });

  it("takes nothing of nothing for 0%, and only all for 100%", () => {
    expect([percentOf(0, 0), percentOf(1, 3), percentOf(999, 1000), percentOf(2, 2)]).toEqual([0, 33, 99, 100]);
  });
});
