import { describe, expect, it } from "vitest";
import { dayIn, mondayOf, overMidnight, plusDays, weekOf, workedMinutes } from "./days";

describe("the days of a roster", () => {
  it("begin their weeks on Monday, also over the turn of the year", () => {
    expect(["2026-11-30", "2026-12-06", "2027-01-01"].map(mondayOf)).toEqual(["2026-11-30", "2026-11-30", "2026-12-28"]);
    expect(weekOf("2026-12-31")).toEqual({ from: "2026-12-28", to: "2027-01-03" });
  });

  it("count over the end of a month", () => expect([plusDays("2028-02-28", 1), plusDays("2026-03-01", -1)]).toEqual(["2028-02-29", "2026-02-28"]));

  it("are the company's, not the reader's", () => {
    const moment = Date.parse("2026-11-29T20:00:00Z");
    expect([dayIn(moment, "Asia/Shanghai"), dayIn(moment, "America/New_York")]).toEqual(["2026-11-30", "2026-11-29"]);
  });

  it("know a night, and how much of it is worked", () => {
    const night = { from: "22:00", to: "06:00", breaks: [{ from: "02:00", to: "02:30" }] };
    expect([overMidnight(night), workedMinutes(night)]).toEqual([true, 450]);
    expect([overMidnight({ from: "08:00", to: "16:00" }), workedMinutes({ from: "08:00", to: "16:00", breaks: [] })]).toEqual([false, 480]);
  });
});
