package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"yingda/internal/care"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/reward"
	"yingda/internal/kit/serve"
)

// A line of the ledger that somebody named like a formula stays text in a
// spreadsheet; money is written in yuan.
func TestTheLedgerAsCSV(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	for _, role := range agent.BuiltinRoles() {
		if role.Name == "finance" {
			r.hire("cai", role)
		}
	}
	k := &care.Care{DB: r.desk.DB, Now: r.clock.Now, Desk: r.desk}
	a := &API{Auth: r.by, Desk: r.desk, Care: k, Log: r.desk.Log, Now: r.clock.Now}
	mux := http.NewServeMux()
	a.Mount(mux)
	h := serve.Door{Log: a.Log, Errors: a.Errors()}.Wrap(mux)
	if _, err := k.Fund(t.Context(), r.by["cai"], "2026", 1234_50, "=1+1", "fund-0001"); err != nil {
		t.Fatal(err)
	}
	get := func(who, path string) *httptest.ResponseRecorder {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		req.Header.Set("Authorization", who)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		return w
	}
	w := get("cai", "/api/v1/ledger/export")
	for _, want := range []string{"\ufeff编号,时间,账户", "budget:2026,1234.50,CNY", "funding,-1234.50,CNY", ",'=1+1\n"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("no %q in\n%s", want, w.Body)
		}
	}
	if w := get("lin", "/api/v1/ledger/export"); w.Code != http.StatusForbidden || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("an agent got %d %s", w.Code, w.Header().Get("Content-Type"))
	}
	if got := csvLine(reward.Entry{Line: reward.Line{Account: reward.Account{Kind: reward.Liability}, Delta: -5}})[3]; got != "-5" {
		t.Errorf("points are written %q", got)
	}
}
