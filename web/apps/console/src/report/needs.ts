/** Who sees reports: any of these. */
export const reportNeeds = ["report.team", "report.all"];
