import { describe, expect, it } from "vitest";
import { fen, typedYuan } from "./money";

describe("fen", () => {
  it.each([
    ["12", 1200],
    ["12.3", 1230],
    ["12.34", 1234],
    ["¥1,234.50", 123450],
    [" 0.01 ", 1],
    ["-5", -500],
    ["8.29", 829],
  ])("reads %s", (text, want) => expect(fen(text)).toBe(want));

  it.each(["", "abc", "1.234", "1.", ".5", "1e3", "--1", "1234567890"])("refuses %s", (text) => expect(fen(text)).toBeUndefined());

  it("reads what it writes", () => {
    for (const value of [1, 10, 99, 100, 101, 12345, 2_000_00]) expect(fen(typedYuan(value))).toBe(value);
  });
});
