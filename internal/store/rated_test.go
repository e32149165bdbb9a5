package store_test

import (
	"strconv"
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// All calls with marks of a span are seen once, also those that began in one
// moment; calls without marks are only served; the list finds them by their way.
func TestEachRated(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, start := t.Context(), time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
		phone := inbox.Inbox{ID: inbox.NewID(start), Key: "phone", Kind: "phone", Name: "热线"}
		who := contact.Contact{ID: contact.NewID(start), CreatedAt: start}
		team := agent.NewTeamID(start)
		err := db.Update(ctx, func(tx *store.Tx) error {
			if err := tx.InsertInbox(ctx, phone); err != nil {
				return err
			}
			if err := tx.InsertContact(ctx, who); err != nil {
				return err
			}
			for n := range 1300 {
				began := start.Add(time.Duration(n/700) * time.Second)
				c := conversation.Conversation{
					ID: conversation.NewID(start), Inbox: phone.ID, Channel: phone.Kind, Contact: who.ID, State: conversation.Closed, StartedAt: began, LastAt: began, ClosedAt: began,
				}
				if n%2 == 0 {
					c.Team = team
				}
				if _, err := tx.InsertConversation(ctx, c); err != nil {
					return err
				}
				r := call.Begin(call.NewID(start), call.Inbound, "13800000000", "4008200000", began)
				switch {
				case n < 1200:
					r.Ratings, r.RatedBy = map[string]int{call.Overall: 1 + n%5}, call.RatingWays()[n%2]
					fallthrough
				case n < 1250:
					next, err := r.Do(call.Connect, began, "", agent.NewID(start).String())
					if err != nil {
						return err
					}
					r = next
				}
				k := call.Call{ID: r.ID, Door: strconv.Itoa(n), Program: "one", Inbox: phone.ID, Conversation: c.ID, Record: r, SeenAt: began, Version: 1}
				if err := tx.InsertCall(ctx, k); err != nil {
					return err
				}
				if _, err := tx.SaveCall(ctx, k); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name                string
			since, till         time.Duration
			rated, ours, served int
		}{
			{"all", 0, time.Minute, 1200, 600, 1250},
			{"the first moment", 0, time.Second, 700, 350, 700},
			{"the second moment", time.Millisecond, time.Minute, 500, 250, 550},
			{"nothing", time.Minute, time.Hour, 0, 0, 0},
		} {
			seen, ours := map[call.ID]bool{}, 0
			err := db.Now().EachRated(ctx, start.Add(c.since), start.Add(c.till), func(r call.Record, of agent.TeamID) {
				seen[r.ID] = r.RatedBy != "" && r.Ratings[call.Overall] > 0
				if of == team {
					ours++
				}
			})
			served, failed := db.Now().CallsServed(ctx, start.Add(c.since), start.Add(c.till))
			n := 0
			for _, each := range served {
				n += each
			}
			if err != nil || failed != nil || len(seen) != c.rated || ours != c.ours || n != c.served {
				t.Errorf("%s: %d rated, %d of the team, %d served, %v %v; want %d, %d, %d", c.name, len(seen), ours, n, err, failed, c.rated, c.ours, c.served)
			}
			for i, whole := range seen {
				if !whole {
					t.Fatalf("%s: call %s has no marks", c.name, i)
				}
			}
		}
		boss := agent.Actor{Permissions: []agent.Permission{agent.ConversationRead}, Scope: agent.ScopeAll}
		for name, c := range map[string]struct {
			ways []call.RatingWay
			want int
		}{"not asked": {nil, 1300}, "any": {call.RatingWays(), 1200}, "keys": {[]call.RatingWay{call.ByKeys}, 600}, "another": {[]call.RatingWay{"smoke"}, 0}} {
			list, _, err := db.Now().ListCalls(ctx, store.CallList{By: boss, RatedBy: c.ways, Limit: 2000})
			if err != nil || len(list) != c.want {
				t.Errorf("%s: the list has %d, %v; want %d", name, len(list), err, c.want)
			}
		}
	})
}
