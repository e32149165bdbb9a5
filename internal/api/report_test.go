package api

import (
	"strings"
	"testing"
)

// How true the waits were that were told, for those who read reports.
func TestForecastCalls(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.play([]step{
		{"an agent does not read it", "lin", "GET", "/reports/forecasts?from=2026-11-01&to=2026-11-30", "", 403, "permission.missing", ""},
		{"a supervisor does", "wang", "GET", "/reports/forecasts?from=2026-11-01&to=2026-11-30", "", 200, `"told":0,"answered":0,"left":0`, ""},
		{"a day that is none", "wang", "GET", "/reports/forecasts?from=2026-11-31&to=2026-11-30", "", 422, "query.from", ""},
		{"an end before the beginning", "wang", "GET", "/reports/forecasts?from=2026-11-30&to=2026-11-01", "", 422, "report.span", ""},
		{"no table for an agent either", "lin", "GET", "/reports/forecasts.csv?from=2026-11-01&to=2026-11-30", "", 403, "permission.missing", ""},
	})
	rec := r.call("wang", "GET", "/reports/forecasts.csv?from=2026-11-01&to=2026-11-30", "")
	if rec.Code != 200 || !strings.Contains(rec.Body.String(), "total,,,0,0,,,,,0,0,0") || rec.Header().Get("Content-Disposition") != `attachment; filename="forecasts-2026-11-01.csv"` {
		t.Errorf("%d %v %s", rec.Code, rec.Header(), rec.Body)
	}
}

// How callers were served, for those who read reports.
func TestSatisfactionCalls(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.play([]step{
		{"an agent does not read it", "lin", "GET", "/reports/satisfaction?from=2026-11-01&to=2026-11-30", "", 403, "permission.missing", ""},
		{"a supervisor does", "wang", "GET", "/reports/satisfaction?from=2026-11-01&to=2026-11-30", "", 200, `"calls":0,"rated":0,"ways":[{"code":"keys"`, ""},
		{"an end before the beginning", "wang", "GET", "/reports/satisfaction?from=2026-11-30&to=2026-11-01", "", 422, "report.span", ""},
		{"no table for an agent either", "lin", "GET", "/reports/satisfaction.csv?from=2026-11-01&to=2026-11-30", "", 403, "permission.missing", ""},
	})
	rec := r.call("wang", "GET", "/reports/satisfaction.csv?from=2026-11-01&to=2026-11-30", "")
	if rec.Code != 200 || !strings.Contains(rec.Body.String(), "calls,rated,,link,0,") || rec.Header().Get("Content-Disposition") != `attachment; filename="satisfaction-2026-11-01.csv"` {
		t.Errorf("%d %v %s", rec.Code, rec.Header(), rec.Body)
	}
}
