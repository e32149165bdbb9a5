import { describe, expect, it } from "vitest";
import { spanOf, starves } from "./routing";

describe("how long the lower lane waits behind the higher one", () => {
  const lanes = { low: -5, normal: 0, high: 10, urgent: 100_000 };
  it("is the difference of the points by the ageing", () => {
    expect(starves({ lanes, ageing: 1 }, "normal", "high")).toBe(10);
    expect(starves({ lanes, ageing: 0.5 }, "low", "normal")).toBe(10);
    expect(starves({ lanes: { ...lanes, high: -1 }, ageing: 1 }, "normal", "high")).toBe(0);
    expect(starves({ lanes, ageing: 0 }, "normal", "high")).toBe(Infinity);
  });
  it("is said in the unit that people use", () => {
    expect(spanOf(10)).toEqual({ unit: "minutes", n: 10 });
    expect(spanOf(90)).toEqual({ unit: "minutes", n: 90 });
    expect(spanOf(150)).toEqual({ unit: "hours", n: 2.5 });
    expect(spanOf(100_000)).toEqual({ unit: "days", n: 69.4 });
  });
});
