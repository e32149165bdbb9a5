package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/report"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// friday is 10:00 in Shanghai on a working day.
var friday = time.Date(2026, 9, 18, 2, 0, 0, 0, time.UTC)

func TestComplaints(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, c := t.Context(), clock.At(friday)
		d := &desk.Desk{DB: db, Now: c.Now, CaseKey: []byte("key")}
		r := &report.Report{DB: db, Now: c.Now}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		lin := agent.Agent{ID: agent.NewID(c.Now()), Email: "lin@example.org", Name: "林", Language: "zh", CreatedAt: c.Now()}
		must(db.Update(ctx, func(tx *store.Tx) error { return tx.InsertAgent(ctx, lin) }))
		by := agent.Actor{Agent: lin.ID, Name: "林", Scope: agent.ScopeAll, Permissions: agent.Permissions()}
		hand := func(id, source string, received time.Time) ticket.Case {
			t.Helper()
			one, err := d.HandIn(ctx, by, ticket.Case{Kind: ticket.Complaint, Source: source, Text: "异响", Phone: "13812345678", ReceivedAt: received}, nil, id)
			must(err)
			return one
		}
		first := hand("complaint-0001", ticket.FromPhone, time.Time{})
		hand("complaint-0002", ticket.FromPhone, time.Time{})
		hand("complaint-0003", ticket.FromLetter, friday.AddDate(0, 0, -40)) // before the span
		c.Turn(2 * time.Hour)
		_, err := d.DoCase(ctx, by, first.ID, 0, ticket.Doing{Act: ticket.Accept, Category: "complaint.product", Level: ticket.Complex, Contacted: true})
		must(err)
		c.Turn(10 * 24 * time.Hour) // the other one is late

		span := report.Span{From: friday.Add(-24 * time.Hour), To: friday.Add(24 * time.Hour)}
		got, err := r.Complaints(ctx, by, span)
		must(err)
		if got.Count != 2 || got.Open != 2 || len(got.Sources) != 1 || got.Sources[0].Code != ticket.FromPhone || got.Sources[0].Count != 2 {
			t.Errorf("%+v", got)
		}
		for _, s := range got.Stages {
			if s.Metric == sla.ComplaintAcknowledge && (s.Ended != 1 || s.Kept != 1 || s.Late != 1 || s.Median != 2) {
				t.Errorf("%+v", s)
			}
		}
		var b bytes.Buffer
		must(got.CSV(&b, "zh", time.UTC))
		if !strings.Contains(b.String(), "source,phone,电话,2") || !strings.Contains(b.String(), "complaint_acknowledge,投诉受理,1,1,1,2.0") {
			t.Errorf("the table says\n%s", b.String())
		}

		other := agent.Actor{Agent: agent.NewID(c.Now()), Scope: agent.ScopeAll, Permissions: []agent.Permission{agent.CaseRead}}
		if _, err := r.Complaints(ctx, other, span); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("without the permission: %v", err)
		}
		if _, err := r.Complaints(ctx, by, report.Span{From: span.To, To: span.From}); fault.CodeOf(err) != "report.span" {
			t.Errorf("a span that ends before it begins: %v", err)
		}
	})
}
