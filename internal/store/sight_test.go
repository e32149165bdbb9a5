package store_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/ticket"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// Who sees a case is said twice: by the rules, and by the conditions of lists,
// of the board and of files. For random people and cases both say the same.
func TestWhoSeesACase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		agents := []agent.ID{agent.NewID(now), agent.NewID(now), agent.NewID(now)}
		teams := []agent.TeamID{agent.NewTeamID(now), agent.NewTeamID(now)}
		n := 0
		someone := rapid.SampledFrom(append([]agent.ID{0}, agents...))
		team := rapid.SampledFrom(append([]agent.TeamID{0}, teams...))
		rapid.Check(t, func(rt *rapid.T) {
			n++
			c := ticket.Case{
				ID: ticket.NewID(now), Number: fmt.Sprintf("TS-%06d", n), Kind: ticket.Complaint, State: ticket.Submitted, CreatedAt: now,
				AboutStaff: rapid.Bool().Draw(rt, "about staff"),
				Course:     ticket.Course{Accused: someone.Draw(rt, "accused"), Agent: someone.Draw(rt, "agent"), Team: team.Draw(rt, "team")},
			}
			by := agent.Actor{
				Agent: someone.Draw(rt, "by"), Scope: rapid.SampledFrom([]agent.Scope{"", agent.ScopeOwn, agent.ScopeTeam, agent.ScopeAll}).Draw(rt, "scope"),
				Teams: rapid.SliceOfDistinct(rapid.SampledFrom(teams), rapid.ID).Draw(rt, "teams"),
			}
			for _, p := range []agent.Permission{agent.CaseRead, agent.ComplaintStaffRead} {
				if rapid.Bool().Draw(rt, string(p)) {
					by.Permissions = append(by.Permissions, p)
				}
			}
			if err := db.Update(ctx, func(tx *store.Tx) error {
				if _, err := tx.InsertCase(ctx, c, "sender", c.Number); err != nil {
					return err
				}
				return tx.InsertClock(ctx, store.ClockOf{ID: store.NewClockID(now), Kind: store.OfCase, Subject: int64(c.ID)})
			}); err != nil {
				rt.Fatal(err)
			}
			listed, _, err := db.Now().ListCases(ctx, store.CaseList{By: by, Number: c.Number, Limit: 2})
			if err != nil {
				rt.Fatal(err)
			}
			counted, err := db.Now().CountCases(ctx, store.CaseList{By: by, Number: c.Number}, 2)
			if err != nil {
				rt.Fatal(err)
			}
			lists, err := db.Now().CountCaseLists(ctx, []store.CaseList{{By: by, Number: c.Number}, {By: by, Number: c.Number, Source: "widget"}}, 2)
			if err != nil {
				rt.Fatal(err)
			}
			board, _, err := db.Now().ClockBoard(ctx, by, "", n)
			if err != nil {
				rt.Fatal(err)
			}
			onBoard := 0
			for _, ck := range board {
				if ck.Subject == int64(c.ID) {
					onBoard++
				}
			}
			want := 0
			if c.SeenBy(by) {
				want = 1
			}
			if len(listed) != want || counted != want || onBoard != want || lists[0].N != want || lists[1].N != 0 {
				rt.Fatalf("by the rules %d; listed %d, counted %d, with others %+v, on the board %d", want, len(listed), counted, lists, onBoard)
			}
		})
	})
}

// Each filter of each view is understood by either engine.
func TestFiltersOfCases(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		c := ticket.Case{
			ID: ticket.NewID(now), Number: "TS-1", Kind: ticket.Complaint, State: ticket.Submitted, Source: "phone", CreatedAt: now,
			Course: ticket.Course{Category: "complaint.fee", Level: ticket.Complex, Team: agent.NewTeamID(now), Agent: agent.NewID(now)},
		}
		if err := db.Update(ctx, func(tx *store.Tx) error { _, err := tx.InsertCase(ctx, c, "sender", "client"); return err }); err != nil {
			t.Fatal(err)
		}
		by := agent.Actor{Agent: c.Agent, Scope: agent.ScopeTeam, Teams: []agent.TeamID{c.Team}, Permissions: []agent.Permission{agent.CaseRead}}
		fits := store.CaseList{Kind: c.Kind, State: c.State, Category: c.Category, Level: c.Level, Team: c.Team, Agent: c.Agent, Source: c.Source, Number: c.Number}
		other := fits
		other.State = ticket.Closed
		for _, v := range store.CaseViews() {
			want := 0
			if v == store.MyCases || v == store.OpenCases || v == store.AllCases {
				want = 1
			}
			for n, ask := range []store.CaseList{fits, other} {
				ask.View, ask.By, ask.Now, ask.Limit = v, by, now, 5
				cs, _, err := db.Now().ListCases(ctx, ask)
				if err != nil {
					t.Fatal(err)
				}
				if len(cs) != want*(1-n) {
					t.Errorf("%s shows %d", v, len(cs))
				}
			}
		}
	})
}
