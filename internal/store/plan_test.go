package store

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/ticket"
)

// What people look at all day must not read all cases, nor sort them: each view
// has an index that gives its order, at its beginning and deep in it.
func TestPlansOfCases(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "plan.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	plan := func(query string, args []any) string { return planOf(t, db, query, args) }
	rights := []agent.Permission{agent.CaseRead}
	all := agent.Actor{Agent: 5, Scope: agent.ScopeAll, Permissions: rights}
	team := agent.Actor{Agent: 5, Scope: agent.ScopeTeam, Teams: []agent.TeamID{3}, Permissions: rights}
	for name, c := range map[string]struct {
		ask  CaseList
		want string
	}{
		"mine":         {CaseList{View: MyCases}, "cases_agent"},
		"unassigned":   {CaseList{View: UnassignedCases}, "cases_agent"},
		"open":         {CaseList{View: OpenCases}, "cases_open"},
		"open, a kind": {CaseList{View: OpenCases, Kind: ticket.Complaint}, "cases_open"},
		"open, a team": {CaseList{View: OpenCases, Team: 4}, "cases_team"},
		"open, agent":  {CaseList{View: OpenCases, Agent: 4}, "cases_agent"},
		"escalated":    {CaseList{View: EscalatedCases}, "cases_escalated"},
		"snoozed":      {CaseList{View: SnoozedCases}, "cases_snoozed"},
		"over":         {CaseList{View: OverCases}, "cases_closed"},
		"over, agent":  {CaseList{View: OverCases, Agent: 4}, "cases_agent_closed"},
		"all":          {CaseList{View: AllCases}, "cases_created"},
		"all, a kind":  {CaseList{View: AllCases, Kind: ticket.Complaint}, "cases_kind"},
	} {
		for _, by := range []agent.Actor{all, team} {
			for _, cursor := range []string{"", WriteCursor(1_790_000_000_000, 9)} {
				c.ask.By, c.ask.Now, c.ask.Limit, c.ask.Cursor = by, time.UnixMilli(1_790_000_000_000), 50, cursor
				query, args, _, err := c.ask.query()
				if err != nil {
					t.Fatal(err)
				}
				if got := plan(query, args); strings.Contains(got, "TEMP B-TREE") || !strings.Contains(got, "USING INDEX "+c.want) {
					t.Errorf("%s, seen by %s: %s", name, by.Scope, got)
				}
			}
		}
	}
	for _, by := range []agent.Actor{all, team} {
		query, args, err := boardQuery(by, WriteCursor(1_790_000_000_000, 9), 50)
		if err != nil {
			t.Fatal(err)
		}
		if got := plan(query, args); strings.Contains(got, "TEMP B-TREE") || !strings.Contains(got, "USING INDEX clocks_open") {
			t.Errorf("the board, seen by %s: %s", by.Scope, got)
		}
	}
	own := agent.Actor{Agent: 5, Scope: agent.ScopeOwn, Permissions: rights}
	query, args, err := boardQuery(own, "", 50)
	if err != nil {
		t.Fatal(err)
	}
	if got := plan(query, args); !strings.Contains(got, "(agent_id=?)") || !strings.Contains(got, "(subject_kind=? AND subject_id=?)") {
		t.Errorf("the board of one's own: %s", got)
	}
}

// What a wallboard reads each second must not read all promises of the past.
func TestPlansOfTheWallboard(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "plan.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	text, err := os.ReadFile("query/wallboard.sql")
	if err != nil {
		t.Fatal(err)
	}
	argument := regexp.MustCompile(`sqlc\.arg\(\w+\)`)
	for name, want := range map[string]string{
		"ChatsEnded": "clocks_chat_ended (metric=? AND ended_at>? AND ended_at<?)", "WallChatRisks": "clocks_chat (ended_at=?",
	} {
		_, query, _ := strings.Cut(string(text), "-- name: "+name+" :many\n")
		query, _, _ = strings.Cut(query, ";")
		args := make([]any, len(argument.FindAllString(query, -1)))
		for i := range args {
			args[i] = int64(1_790_000_000_000)
		}
		if got := planOf(t, db, argument.ReplaceAllString(query, "?"), args); !strings.Contains(got, "USING INDEX "+want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// A page of the board of gaps and what each night reads have an index that gives
// their order.
func TestPlansOfGaps(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "plan.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	text, err := os.ReadFile("query/gap.sql")
	if err != nil {
		t.Fatal(err)
	}
	argument := regexp.MustCompile(`sqlc\.arg\(\w+\)`)
	for name, want := range map[string]string{
		"OpenGapsBefore": "gaps_cost", "DealtGapsBefore": "gaps_done", "CountOpenGaps": "gaps_", "TurnsBetween": "assist_turns_at",
		"GapAsksBefore": "gap_asks_gap", "CountGap": "gap_asks_gap", "FirstGapAsk": "gap_asks_gap", "VotesIn": "answer_votes_conversation",
		"LastVoteOf": "answer_votes_contact", "PageVotesBetween": "page_votes_at",
	} {
		_, query, _ := strings.Cut(string(text), "-- name: "+name+" :")
		_, query, _ = strings.Cut(query, "\n")
		query, _, _ = strings.Cut(query, ";")
		args := make([]any, len(argument.FindAllString(query, -1)))
		for i := range args {
			args[i] = int64(1_790_000_000_000)
		}
		got := planOf(t, db, argument.ReplaceAllString(query, "?"), args)
		if !strings.Contains(got, "INDEX "+want) || strings.Contains(got, "TEMP B-TREE") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// planOf is how SQLite goes about a query.
func planOf(t *testing.T, db *DB, query string, args []any) string {
	t.Helper()
	rows, err := db.read.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(steps, "; ")
}

// Of what is closed each filter reads its own index in the order of the list;
// what is open is never looked for among what is closed.
func TestPlansOfConversations(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "plan.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	rights := []agent.Permission{agent.ConversationRead}
	urgent, usual := 2, 0
	for name, c := range map[string]struct {
		ask  ConversationList
		open string // the index of the open part; empty if there is none
		want string // the index of the closed part; empty if there is none
	}{
		"a tag":          {ConversationList{View: All, Tag: "vip"}, "conversations_open_last", "conversation_tags_tag"},
		"an agent":       {ConversationList{View: All, Agent: 5}, "conversations_agent", "conversations_closed_agent"},
		"a team":         {ConversationList{View: All, Team: 5}, "conversations_open_last", "conversations_closed_team"},
		"team and inbox": {ConversationList{View: ClosedView, Team: 5, Inbox: 3}, "", "conversations_closed_team"},
		"an inbox":       {ConversationList{View: ClosedView, Inbox: 3}, "", "conversations_closed_inbox"},
		"a language":     {ConversationList{View: ClosedView, Language: "en"}, "", "conversations_closed_language"},
		"urgent":         {ConversationList{View: All, Priority: &urgent}, "conversations_open_last", "conversations_closed_priority"},
		"not urgent":     {ConversationList{View: ClosedView, Priority: &usual}, "", "conversations_last"},
		"words":          {ConversationList{View: All, Text: "异响"}, "conversations_open_last", "conversations_last"},
		"waiting":        {ConversationList{View: All, Waiting: time.UnixMilli(5)}, "conversations_open_last", ""},
		"unread":         {ConversationList{View: All, Unread: true}, "conversations_open_last", ""},
	} {
		for _, by := range []agent.Actor{
			{Agent: 5, Scope: agent.ScopeAll, Permissions: rights}, {Agent: 5, Scope: agent.ScopeTeam, Teams: []agent.TeamID{3}, Permissions: rights},
		} {
			for _, cursor := range []string{"", WriteCursor(0, 1_790_000_000_000, 9)} {
				c.ask.By, c.ask.Limit, c.ask.Cursor = by, 50, cursor
				parts, err := c.ask.parts()
				if err != nil {
					t.Fatal(err)
				}
				wants := []string{c.open, c.want}
				wants = slices.DeleteFunc(wants, func(s string) bool { return s == "" })
				if len(parts) != len(wants) {
					t.Fatalf("%s has %d parts", name, len(parts))
				}
				for i, p := range parts {
					query, err := p.query(c.ask)
					if err != nil {
						t.Fatal(err)
					}
					got := planOf(t, db, query, p.args)
					if !strings.Contains(got, "INDEX "+wants[i]) || wants[i] != "conversations_agent" && strings.Contains(got, "TEMP B-TREE") {
						t.Errorf("%s, seen by %s, part %d: %s", name, by.Scope, i, got)
					}
				}
			}
		}
	}
}
