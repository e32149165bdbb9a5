// Numbers that people look at, each with what it counts. The types are those of the server's own description.

import { call } from "./client";
import type { ComparedNumber, ComparisonReport, ComplaintReport, Definition, ForecastAccuracy, ForecastReport, RatedMarks, RatedQuestion, SatisfactionReport, Share, StageReport, SummaryReason, SummaryReport, WaitHalfHour, WaitReport, WaitSum } from "./schema";

export type { ComparedNumber, ComparisonReport, ComplaintReport, Definition, ForecastAccuracy, ForecastReport, RatedMarks, RatedQuestion, SatisfactionReport, Share, StageReport, SummaryReason, SummaryReport, WaitHalfHour, WaitReport, WaitSum };

/** Two days such as "2026-11-01", both in, in the company's time zone. */
export interface ReportSpan {
  from: string;
  to: string;
}

export const reports = {
  complaints: (span: ReportSpan) => call<ComplaintReport>("GET", "/reports/complaints", { query: { ...span } }),
  /** Where the browser downloads the same as a table. */
  complaintsFile: (span: ReportSpan) => `/api/v1/reports/complaints.csv?${new URLSearchParams({ ...span }).toString()}`,
  waits: (span: ReportSpan) => call<WaitReport>("GET", "/reports/waits", { query: { ...span } }),
  waitsFile: (span: ReportSpan) => `/api/v1/reports/waits.csv?${new URLSearchParams({ ...span }).toString()}`,
  forecasts: (span: ReportSpan) => call<ForecastReport>("GET", "/reports/forecasts", { query: { ...span } }),
  forecastsFile: (span: ReportSpan) => `/api/v1/reports/forecasts.csv?${new URLSearchParams({ ...span }).toString()}`,
  summaries: (span: ReportSpan) => call<SummaryReport>("GET", "/reports/summaries", { query: { ...span } }),
  summariesFile: (span: ReportSpan) => `/api/v1/reports/summaries.csv?${new URLSearchParams({ ...span }).toString()}`,
  satisfaction: (span: ReportSpan) => call<SatisfactionReport>("GET", "/reports/satisfaction", { query: { ...span } }),
  satisfactionFile: (span: ReportSpan) => `/api/v1/reports/satisfaction.csv?${new URLSearchParams({ ...span }).toString()}`,
  comparison: (before: ReportSpan, after: ReportSpan) => call<ComparisonReport>("GET", "/reports/comparison", { query: two(before, after) }),
  comparisonFile: (before: ReportSpan, after: ReportSpan) => `/api/v1/reports/comparison.csv?${new URLSearchParams(two(before, after)).toString()}`,
};

const two = (before: ReportSpan, after: ReportSpan) => ({ before_from: before.from, before_to: before.to, after_from: after.from, after_to: after.to });
