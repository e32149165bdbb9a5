import { expect, it } from "vitest";
import { clockOf, hoursInOrder, nextSpan, spansProblem } from "./hours";

it.each([
  ["9", "09:00"],
  ["930", "09:30"],
  ["9:05", "09:05"],
  ["18：30", "18:30"],
  ["24", "24:00"],
  ["24:01", undefined],
  ["25", undefined],
  ["9:60", undefined],
  ["noon", undefined],
  ["", undefined],
])("reads %j as a time of day", (text, want) => {
  expect(clockOf(text)).toBe(want);
});

it.each([
  { name: "no span", spans: [], want: undefined },
  { name: "morning and afternoon", spans: ["09:00-12:00", "13:00-24:00"], want: undefined },
  { name: "ends before it begins", spans: ["09:00-08:00"], want: 0 },
  { name: "ends as it begins", spans: ["09:00-09:00"], want: 0 },
  { name: "overlaps the one before", spans: ["09:00-12:00", "11:00-13:00"], want: 1 },
  { name: "begins as the one before ends", spans: ["09:00-12:00", "12:00-13:00"], want: 1 },
  { name: "is not written out", spans: ["9-12:00"], want: 0 },
])("finds the first span that is wrong: $name", ({ spans, want }) => {
  const given = spans.map((span) => ({ from: span.split("-")[0]!, to: span.split("-")[1]! }));
  expect(spansProblem(given)).toBe(want);
});

it("looks at the week only where it counts", () => {
  const hours = { zone: "Asia/Shanghai", always: false, week: [[{ from: "18:00", to: "09:00" }]], closed: [], open: [] };
  expect(hoursInOrder(hours)).toBe(false);
  expect(hoursInOrder({ ...hours, always: true })).toBe(true);
});

it("offers a next span that is in order", () => {
  for (const to of ["12:00", "18:30", "22:00"]) {
    const spans = [{ from: "09:00", to }];
    expect(spansProblem([...spans, nextSpan(spans)])).toBeUndefined();
  }
});
