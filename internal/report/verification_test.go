package report_test

import (
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/verification"
	"yingda/internal/report"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

func TestVerifications(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, start := t.Context(), time.Date(2026, 11, 29, 2, 0, 0, 0, time.UTC)
		team := agent.Team{ID: agent.NewTeamID(start), Name: "客服组"}
		lin, zhao := agent.Actor{Agent: agent.NewID(start), Name: "林"}, agent.Actor{Agent: agent.NewID(start), Name: "赵"}
		p := verification.Defaults()
		put := func(by agent.Actor, at time.Time, in agent.TeamID, took time.Duration, answers ...bool) {
			v, row, err := verification.Start(contact.NewID(at), verification.Reveal, p, by, at), verification.Failures{}, error(nil)
			v.Team = in
			for i, right := range answers {
				if v, row, err = v.Answer(p, []verification.Factor{verification.Phone, verification.IDTail, verification.Order}[i], right, row, at.Add(took)); err != nil {
					t.Fatal(err)
				}
			}
			if err := db.Update(ctx, func(tx *store.Tx) error { _, err := tx.InsertVerification(ctx, v); return err }); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Update(ctx, func(tx *store.Tx) error { return tx.InsertTeam(ctx, team) }); err != nil {
			t.Fatal(err)
		}
		for i := range 19 {
			put(lin, start.Add(time.Duration(i)*time.Minute), team.ID, time.Duration(20+i)*time.Second, true, true)
		}
		put(lin, start.Add(time.Hour), team.ID, 90*time.Second, true, true)
		put(zhao, start.Add(15*time.Hour), 0, 50*time.Second, false, false, false) // the next day in Shanghai
		put(zhao, start.Add(2*time.Hour), 0, 0)
		r := report.Report{DB: db, Now: func() time.Time { return start.Add(48 * time.Hour) }}
		span := report.Span{From: start.Add(-time.Hour), To: start.Add(24 * time.Hour)}
		all := agent.Actor{Permissions: []agent.Permission{agent.ReportAll}}
		v, err := r.Verifications(ctx, all, span, time.FixedZone("Shanghai", 8*3600))
		if err != nil {
			t.Fatal(err)
		}
		a := v.All
		if a.Count != 22 || a.Passed != 20 || a.Locked != 1 || a.Unended != 1 || a.Failures != 3 || a.Timed != 21 || a.Within != 20 || a.Median != 30 || a.P95 != 50 {
			t.Errorf("%+v", a)
		}
		if len(v.Days) != 2 || v.Days[0].Code != "2026-11-30" || v.Days[0].Locked != 1 || len(v.Agents) != 2 || v.Agents[0].Name.Zh != "林" || v.Teams[0].Name.Zh != "客服组" {
			t.Errorf("%+v", v)
		}
		own := agent.Actor{Permissions: []agent.Permission{agent.ReportTeam}, Scope: agent.ScopeTeam, Teams: []agent.TeamID{team.ID}}
		if v, err := r.Verifications(ctx, own, span, time.UTC); err != nil || v.All.Count != 20 {
			t.Errorf("one team: %+v, %v", v.All, err)
		}
		if _, err := r.Verifications(ctx, lin, span, time.UTC); err == nil {
			t.Error("anybody reads the report")
		}
	})
}
