import type { CalendarDay } from "@yingda/api";
import { expect, it } from "vitest";
import { calendarInOrder, countDays, freshCalendar, lookOf, monthsOf, overnight, sortedDays, spansText, spansWrong, weekGroups, weekday } from "./calendar";

const span = (text: string) => ({ from: text.split("-")[0]!, to: text.split("-")[1]! });

it.each([
  ["09:00-12:00 13:00-18:00", undefined],
  ["22:00-06:00", undefined],
  ["00:00-24:00", undefined],
  ["09:00-12:00 11:00-18:00", 1],
  ["22:00-06:00 07:00-09:00", 1],
  ["9:00-18:00", 0],
  ["09:00-09:00", 0],
  ["24:00-06:00", 0],
])("finds what is wrong with %s", (text, want) => {
  expect(spansWrong(text.split(" ").map(span))).toBe(want);
});

it("knows spans over midnight", () => {
  expect([overnight(span("22:00-06:00")), overnight(span("09:00-24:00"))]).toEqual([true, false]);
});

it("groups days of the same hours", () => {
  expect(weekGroups(freshCalendar()).map(({ first, last, spans }) => [first, last, spansText(spans)])).toEqual([[0, 4, "09:00–18:00"], [5, 6, ""]]);
});

it("wants dates and spans in order, except around the clock", () => {
  const calendar = freshCalendar();
  expect(calendarInOrder(calendar)).toBe(true);
  expect(calendarInOrder({ ...calendar, exceptions: [{ date: "", open: false }] })).toBe(false);
  const broken = { ...calendar, week: [[span("18:00-18:00")], ...calendar.week.slice(1)] };
  expect([calendarInOrder(broken), calendarInOrder({ ...broken, always: true })]).toEqual([false, true]);
});

const year = (y: number): CalendarDay[] =>
  Array.from({ length: 365 }, (_, i) => ({ date: new Date(Date.UTC(y, 0, 1 + i)).toISOString().slice(0, 10), open: true, spans: [], as: "week", sure: true }));

it("lays a year out in months of whole weeks", () => {
  const months = monthsOf(year(2026)); // 1 January 2026 is a Thursday
  expect(months).toHaveLength(12);
  expect(months.every((month) => month.length % 7 === 0)).toBe(true);
  expect(months[0]?.slice(0, 4).map((each) => each?.date)).toEqual([undefined, undefined, undefined, "2026-01-01"]);
  expect(months.flat().filter(Boolean)).toHaveLength(365);
  expect(weekday("2026-09-20")).toBe(6);
});

it.each([
  [{ as: "week", open: true }, "open"],
  [{ as: "week", open: false }, "closed"],
  [{ as: "holiday", open: false }, "holiday"],
  [{ as: "makeup", open: true }, "makeup"],
  [{ as: "makeup", open: false }, "closed"],
  [{ as: "exception", open: false }, "special"],
])("shows %o as %s", (given, want) => {
  expect(lookOf(given)).toBe(want);
});

it("sorts and counts the days of a notice", () => {
  const notice = { year: 2027, papers: [], days: [{ name: "国庆节", date: "2027-10-01", isOffDay: true }, { name: "元旦", date: "2027-01-02", isOffDay: false }] };
  expect(sortedDays(notice).days.map((each) => each.date)).toEqual(["2027-01-02", "2027-10-01"]);
  expect(countDays(notice)).toEqual({ off: 1, worked: 1 });
});
