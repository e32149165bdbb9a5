package report

import (
	"strings"
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/staffing"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// A busy hour and a quiet one, before and after more people came to answer.
func TestWaitsBeforeAndAfter(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		zone := time.FixedZone("Shanghai", 8*3600)
		put := func(at string, contacts int, wait time.Duration) {
			t.Helper()
			when, err := time.ParseInLocation("2006-01-02 15:04", at, zone)
			if err != nil {
				t.Fatal(err)
			}
			a := staffing.Arrivals{Offered: contacts, Answered: contacts - 2, Abandoned: 2, Promised: contacts, InTime: contacts / 2, Wait: time.Duration(contacts) * wait, AnswerWait: time.Duration(contacts-2) * wait, Handled: contacts - 2, Handling: time.Duration(contacts-2) * 5 * time.Minute}
			if err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.AddArrival(t.Context(), "webchat", when, a) }); err != nil {
				t.Fatal(err)
			}
		}
		put("2026-11-02 10:00", 60, 6*time.Minute)
		put("2026-11-02 15:00", 20, 2*time.Minute)
		put("2026-11-16 10:00", 60, time.Minute)
		put("2026-11-16 15:00", 20, 30*time.Second)
		day := func(d int) Span {
			from := time.Date(2026, 11, d, 0, 0, 0, 0, zone)
			return Span{from, from.AddDate(0, 0, 1)}
		}
		r := &Report{DB: db, Now: time.Now}
		boss := agent.Actor{Permissions: []agent.Permission{agent.ReportAll}}
		if _, err := r.Waits(t.Context(), agent.Actor{}, day(2), "", zone); fault.CodeOf(err) != "permission.missing" {
			t.Error(err)
		}
		c, err := r.Compare(t.Context(), boss, day(2), day(16), "webchat", zone)
		if err != nil {
			t.Fatal(err)
		}
		if c.Before.Peak.MeanWait != 360 || c.Before.OffPeak.MeanWait != 120 || c.Before.Total.MeanWait != 300 || !c.Before.HalfHours[0].Peak || c.Before.HalfHours[1].Peak {
			t.Errorf("before: %+v", c.Before)
		}
		for _, ch := range c.Changes {
			switch ch.Field {
			case "peak_wait_s":
				if *ch.Before != 360 || *ch.After != 60 || ch.Better == nil || !*ch.Better {
					t.Errorf("%+v", ch)
				}
			case "offered_per_day":
				if *ch.Before != 80 || ch.Better != nil || *ch.Relative != 0 {
					t.Errorf("%+v", ch)
				}
			}
		}
		none, err := r.Compare(t.Context(), boss, day(2), day(20), "webchat", zone)
		if err != nil || none.After.Total.InTime != nil || none.Changes[1].Better != nil || len(none.After.HalfHours) != 0 {
			t.Errorf("nothing came after: %+v, %v", none.Changes, err)
		}
		var b strings.Builder
		if err := c.CSV(&b, "zh"); err != nil || !strings.Contains(b.String(), "peak_wait_s,360.000,60.000,-0.833") {
			t.Error(b.String(), err)
		}
		b.Reset()
		if err := c.Before.CSV(&b, "en"); err != nil || !strings.Contains(b.String(), "10:00,true,60,58,2,0.500,360.0,360.0,0.033,300.0") {
			t.Error(b.String(), err)
		}
	})
}
