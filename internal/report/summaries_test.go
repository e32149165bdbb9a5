package report_test

import (
	"strings"
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
	"yingda/internal/report"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// What ended in the span is counted by category and result; what another team
// answered is not shown to whoever sees only their own.
func TestSummaries(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, start := t.Context(), time.Date(2026, 11, 27, 1, 0, 0, 0, time.UTC)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		web := inbox.Inbox{ID: inbox.NewID(start), Key: "web", Kind: "webchat", Name: "官网"}
		team, lin := agent.Team{ID: agent.NewTeamID(start), Name: "客服组"}, agent.NewID(start)
		must(db.Update(ctx, func(tx *store.Tx) error {
			if err := tx.InsertInbox(ctx, web); err != nil {
				return err
			}
			return tx.InsertTeam(ctx, team)
		}))
		n := time.Duration(0)
		put := func(of agent.TeamID, ended time.Time, s *conversation.Summary) {
			t.Helper()
			n += time.Millisecond
			who := contact.Contact{ID: contact.NewID(start.Add(n)), CreatedAt: start}
			c := conversation.Conversation{
				ID: conversation.NewID(start.Add(n)), Inbox: web.ID, Channel: web.Kind, Contact: who.ID, Team: of, Agent: lin, State: conversation.Closed,
				StartedAt: start, LastAt: ended, ClosedAt: ended, ClosedBy: conversation.FromAgent, Summary: s,
			}
			must(db.Update(ctx, func(tx *store.Tx) error {
				if err := tx.InsertContact(ctx, who); err != nil {
					return err
				}
				_, err := tx.InsertConversation(ctx, c)
				return err
			}))
		}
		day := start.Add(24 * time.Hour)
		put(0, start, &conversation.Summary{Category: "other", Result: "solved", Understood: true})
		put(0, start.Add(time.Hour), &conversation.Summary{Category: "other", Result: "wrong_line"})
		put(team.ID, start.Add(2*time.Hour), &conversation.Summary{Category: "gone", Result: "solved"})
		put(0, start.Add(3*time.Hour), nil)
		put(0, day, &conversation.Summary{Category: "other", Result: "solved"}) // after the span
		r := &report.Report{DB: db, Now: func() time.Time { return day }}
		boss := agent.Actor{Permissions: []agent.Permission{agent.ReportTeam, agent.ReportAll}}
		s, err := r.Summaries(ctx, boss, report.Span{From: start, To: day})
		must(err)
		if s.Count != 3 || s.Owed != 1 || s.Understood != 1 || len(s.Categories) != 2 || len(s.Results) != 2 {
			t.Fatalf("%+v", s)
		}
		if c := s.Categories[0]; c.Code != "other" || c.Name.Zh != "其他" || c.Count != 2 || c.Understood != 1 || len(c.Results) != 2 {
			t.Errorf("the first category is %+v", c)
		}
		if c := s.Categories[1]; c.Name.Zh != "gone" || s.Results[0].Code != "solved" || s.Results[0].Count != 2 {
			t.Errorf("%+v, %+v", c, s.Results)
		}
		var table strings.Builder
		must(s.CSV(&table, "zh"))
		if !strings.Contains(table.String(), "other,其他,wrong_line,打错或销售咨询,1,") {
			t.Errorf("%s", table.String())
		}
		own, err := r.Summaries(ctx, agent.Actor{Permissions: []agent.Permission{agent.ReportTeam}, Teams: []agent.TeamID{team.ID}}, report.Span{From: start, To: day})
		must(err)
		if own.Count != 1 || own.Owed != 0 {
			t.Errorf("a team's supervisor sees %+v", own)
		}
		if _, err := r.Summaries(ctx, agent.Actor{}, report.Span{From: start, To: day}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("anybody reads it: %v", err)
		}
	})
}
