import { describe, expect, it } from "vitest";
import { readExpected, writeExpected } from "./expected";

describe("what a day will bring", () => {
  it("is read with a head, from commas, semicolons and tabs", () =>
    expect(readExpected("\uFEFF时间,联系量,处理时长\n9:00,12,300\r\n09:30;4.5;240\n10:00\t0\t0\n")).toEqual({
      slots: [
        { at: "09:00", contacts: 12, handling_s: 300 },
        { at: "09:30", contacts: 4.5, handling_s: 240 },
        { at: "10:00", contacts: 0, handling_s: 0 },
      ],
      wrong: [],
    }));

  it("says which lines are wrong", () => expect(readExpected("09:15,1,60\n09:00,1,0\n09:00,-1,60\n25:00,1,60\n09:30,1,60\n09:30,2,60").wrong).toEqual([1, 2, 3, 4, 6]));

  it("is written as it is read", () => {
    const slots = [{ at: "09:00", contacts: 12, handling_s: 300 }];
    expect(readExpected(writeExpected(slots)).slots).toEqual(slots);
  });
});
