package report_test

import (
	"strings"
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/fault"
	"yingda/internal/report"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// Of five who are told three to five minutes one is answered sooner, one as
// told and one later, and two leave; somebody of a team waits.
func TestForecasts(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, start := t.Context(), time.Date(2026, 11, 27, 1, 10, 0, 0, time.UTC) // 09:10 in Shanghai
		zone := time.FixedZone("Shanghai", 8*3600)
		web := inbox.Inbox{ID: inbox.NewID(start), Key: "web", Kind: "webchat", Name: "官网"}
		app := inbox.Inbox{ID: inbox.NewID(start.Add(time.Second)), Key: "app", Kind: "webchat", Name: "车主 App"}
		team := agent.Team{ID: agent.NewTeamID(start), Name: "客服组"}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(db.Update(ctx, func(tx *store.Tx) error {
			for _, in := range []inbox.Inbox{web, app} {
				if err := tx.InsertInbox(ctx, in); err != nil {
					return err
				}
			}
			return tx.InsertTeam(ctx, team)
		}))
		put := func(in inbox.Inbox, of agent.TeamID, at time.Time, by routing.Estimator, expected, waited time.Duration, outcome string) {
			t.Helper()
			who := contact.Contact{ID: contact.NewID(at), CreatedAt: at}
			c := conversation.Conversation{ID: conversation.NewID(at), Inbox: in.ID, Channel: in.Kind, Contact: who.ID, State: conversation.Queued, Team: of, StartedAt: at, LastAt: at, QueuedAt: at}
			must(db.Update(ctx, func(tx *store.Tx) error {
				if err := tx.InsertContact(ctx, who); err != nil {
					return err
				}
				c, err := tx.InsertConversation(ctx, c)
				if err != nil {
					return err
				}
				if err := tx.InsertForecast(ctx, c.ID, routing.Forecast{Position: 1, Expected: expected, By: by, Band: routing.Announce(expected)}, at); err != nil || outcome == "" {
					return err
				}
				return tx.EndForecasts(ctx, c.ID, outcome, at.Add(waited))
			}))
		}
		put(web, 0, start, routing.ByPatience, 4*time.Minute, 2*time.Minute, "answered")                        // told 3–5, 2 min sooner
		put(web, 0, start.Add(time.Minute), routing.ByPatience, 4*time.Minute, 5*time.Minute, "answered")       // told 3–5, its very end
		put(web, 0, start.Add(30*time.Minute), routing.ByPatience, 4*time.Minute, 10*time.Minute, "answered")   // told 3–5, 6 min later
		put(web, 0, start.Add(31*time.Minute), routing.ByPatience, 4*time.Minute, time.Minute, "left")          // before its beginning
		put(web, 0, start.Add(32*time.Minute), routing.ByPatience, 4*time.Minute, 301*time.Second, "left")      // past its end
		put(app, team.ID, start.Add(24*time.Hour), routing.Free, 10*time.Second, 0, "")                         // the next day, waits
		put(app, team.ID, start.Add(-24*time.Hour), routing.Free, 10*time.Second, 10*time.Second, "answered")   // the day before
		put(app, team.ID, start.Add(48*time.Hour), routing.LastServed, time.Minute, 50*time.Second, "answered") // after the span

		r := &report.Report{DB: db, Now: func() time.Time { return start.Add(72 * time.Hour) }}
		span := report.Span{From: time.Date(2026, 11, 27, 0, 0, 0, 0, zone), To: time.Date(2026, 11, 29, 0, 0, 0, 0, zone)}
		boss := agent.Actor{Permissions: []agent.Permission{agent.ReportAll}}
		f, err := r.Forecasts(ctx, boss, span, zone)
		must(err)
		a := f.All
		if a.Told != 6 || a.Answered != 3 || a.Left != 2 || a.Outlasted != 1 || a.Waiting != 1 {
			t.Errorf("all: %+v", a)
		}
		if *a.Error != 180 || *a.Bias != 100 || *a.Held != 1.0/3 || *a.Longer != 1.0/3 {
			t.Errorf("all: off %v, bias %v, held %v, longer %v", *a.Error, *a.Bias, *a.Held, *a.Longer)
		}
		if len(f.Estimators) != 2 || f.Estimators[0].Code != "line_leaving" || f.Estimators[0].Told != 5 || f.Estimators[1].Name.Zh != "有人空闲" || f.Estimators[1].Held != nil {
			t.Errorf("estimators: %+v", f.Estimators)
		}
		if len(f.Inboxes) != 2 || f.Inboxes[0].Name.Zh != "官网" || f.Inboxes[1].Told != 1 {
			t.Errorf("inboxes: %+v", f.Inboxes)
		}
		if len(f.HalfHours) != 2 || f.HalfHours[0].Code != "09:00" || f.HalfHours[0].Told != 3 || *f.HalfHours[0].Error != 90 || f.HalfHours[1].Code != "09:30" || f.HalfHours[1].Left != 2 {
			t.Errorf("half hours: %+v", f.HalfHours)
		}

		own := agent.Actor{Permissions: []agent.Permission{agent.ReportTeam}, Scope: agent.ScopeTeam, Teams: []agent.TeamID{team.ID}}
		if f, err := r.Forecasts(ctx, own, span, zone); err != nil || f.All.Told != 1 {
			t.Errorf("one team: %+v, %v", f.All, err)
		}
		if _, err := r.Forecasts(ctx, agent.Actor{}, span, zone); fault.CodeOf(err) != "permission.missing" {
			t.Errorf("anybody reads it: %v", err)
		}
		if _, err := r.Forecasts(ctx, boss, report.Span{From: span.To, To: span.From}, zone); fault.CodeOf(err) != "report.span" {
			t.Errorf("a span that ends before it begins: %v", err)
		}
		none, err := r.Forecasts(ctx, boss, report.Span{From: span.From.AddDate(0, -2, 0), To: span.From.AddDate(0, -1, 0)}, zone)
		if err != nil || none.All.Told != 0 || none.All.Error != nil || none.Estimators == nil || none.HalfHours == nil {
			t.Errorf("nothing was told: %+v, %v", none, err)
		}

		var b strings.Builder
		must(f.CSV(&b, "en"))
		for _, line := range []string{
			"total,,,6,3,180.000,100.000,0.333,0.333,2,1,1\n", "estimator,free,Somebody is free,1,0,,,,,0,0,1\n", "half_hour,09:00,09:00,3,2,90.000,-30.000,0.500,0.000,0,0,1\n", "definition,bias_s,",
		} {
			if !strings.Contains(b.String(), line) {
				t.Errorf("no line %q in\n%s", line, b.String())
			}
		}
	})
}
