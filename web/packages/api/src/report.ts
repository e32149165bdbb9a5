// Numbers that people look at, each with what it counts. The types are those of the server's own description.

import { call } from "./client";
import type { ComplaintReport, Definition, Share, StageReport } from "./schema";

export type { ComplaintReport, Definition, Share, StageReport };

/** Two days such as "2026-11-01", both in, in the company's time zone. */
export interface ReportSpan {
  from: string;
  to: string;
}

export const reports = {
  complaints: (span: ReportSpan) => call<ComplaintReport>("GET", "/reports/complaints", { query: { ...span } }),
  /** Where the browser downloads the same as a table. */
  complaintsFile: (span: ReportSpan) => `/api/v1/reports/complaints.csv?${new URLSearchParams({ ...span }).toString()}`,
};
