package store_test

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// Whatever is asked of the lists of all and of closed conversations, turning
// the pages finds what fits, once and in order, and the count is as much.
func TestFiltersOfConversations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		agents := []agent.ID{0, agent.NewID(now), agent.NewID(now)}
		teams := []agent.TeamID{0, agent.NewTeamID(now), agent.NewTeamID(now)}
		inboxes := []inbox.ID{inbox.NewID(now), inbox.NewID(now)}
		states := []conversation.State{conversation.Bot, conversation.Queued, conversation.Active, conversation.WrapUp, conversation.Closed}
		tags := []string{"vip", "退款", "a_b"}
		var all []conversation.Conversation
		if err := db.Update(ctx, func(tx *store.Tx) error {
			all = nil
			for n := range 1500 { // more than a page looks at
				at := now.Add(time.Duration(n/2) * time.Second)
				c := conversation.Conversation{
					ID: conversation.NewID(at), Inbox: inboxes[n%2], Channel: "webchat", Contact: contact.NewID(at), ContactName: fmt.Sprintf("客户%d", n),
					State: states[n*7%13%5], Team: teams[n%3], Agent: agents[n/2%3], Language: []string{"zh", "en"}[n/5%2], Priority: []int{0, 0, 1, 2}[n%4],
					LastText: []string{"刹车异响", "100% off", "Refund"}[n%3], LastAt: at, StartedAt: at, Unread: n % 3,
				}
				if n%4 == 1 && c.State != conversation.Closed {
					c.WaitingSince = at
				}
				var err error
				if c, err = tx.InsertConversation(ctx, c); err != nil {
					return err
				}
				if n%2 == 0 { // tags come later, as they do
					c.Tags = []string{tags[n/2%3]}
					if c, err = tx.SaveConversation(ctx, c); err != nil {
						return err
					}
				}
				all = append(all, c)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(rt *rapid.T) {
			maybe := func(name string) bool { return rapid.IntRange(0, 3).Draw(rt, name) == 0 }
			ask := store.ConversationList{
				View: rapid.SampledFrom([]store.View{store.All, store.ClosedView}).Draw(rt, "view"), Limit: rapid.IntRange(20, 100).Draw(rt, "limit"),
				By: agent.Actor{
					Agent: agents[1], Scope: rapid.SampledFrom([]agent.Scope{agent.ScopeOwn, agent.ScopeTeam, agent.ScopeAll}).Draw(rt, "scope"),
					Teams: teams[1:2], Permissions: []agent.Permission{agent.ConversationRead},
				},
			}
			if maybe("state") {
				ask.State = rapid.SampledFrom(states).Draw(rt, "the state")
			}
			if maybe("agent") {
				ask.Agent = agents[2]
			}
			if maybe("team") {
				ask.Team = teams[1]
			}
			if maybe("inbox") {
				ask.Inbox = inboxes[0]
			}
			if maybe("tag") {
				ask.Tag = rapid.SampledFrom(tags).Draw(rt, "the tag")
			}
			if maybe("language") {
				ask.Language = "en"
			}
			if maybe("priority") {
				p := rapid.IntRange(0, 2).Draw(rt, "the priority")
				ask.Priority = &p
			}
			if maybe("unread") {
				ask.Unread = true
			}
			if maybe("waiting") {
				ask.Waiting = now.Add(400 * time.Second)
			}
			if maybe("text") {
				ask.Text = rapid.SampledFrom([]string{"异响", "0%", "refund", "客户1"}).Draw(rt, "the text")
			}
			want := []string{}
			for _, c := range all {
				if fits(ask, c) {
					want = append(want, c.ContactName)
				}
			}
			got := []conversation.Conversation{}
			for {
				cs, next, err := db.Now().ListConversations(ctx, ask)
				if err != nil {
					rt.Fatal(err)
				}
				if got = append(got, cs...); next == "" {
					break
				}
				ask.Cursor = next
			}
			if !slices.IsSortedFunc(got, func(a, b conversation.Conversation) int {
				return cmp.Or(b.LastAt.Compare(a.LastAt), cmp.Compare(b.ID, a.ID))
			}) {
				rt.Errorf("out of order")
			}
			names := make([]string, 0, len(got))
			for _, c := range got {
				names = append(names, c.ContactName)
			}
			slices.Sort(names)
			slices.Sort(want)
			if !slices.Equal(names, want) {
				rt.Errorf("found %v, want %v", names, want)
			}
			ask.Cursor = ""
			if n, err := db.Now().CountConversations(ctx, ask, 20); err != nil || n.N != min(len(want), 20) || n.More != (len(want) >= 20) {
				rt.Errorf("counted %+v of %d, %v", n, len(want), err)
			}
			unread, worded := ask, ask
			unread.Unread, worded.Text = true, "异响"
			asks := []store.ConversationList{unread, ask, worded, ask}
			ns, err := db.Now().CountLists(ctx, asks, 2000)
			if err != nil {
				rt.Fatal(err)
			}
			for i, ask := range asks {
				want := 0
				for _, c := range all {
					if fits(ask, c) {
						want++
					}
				}
				if ns[i] != (store.Count{N: want}) {
					rt.Errorf("together, number %d is counted as %+v, want %d", i, ns[i], want)
				}
			}
		})
	})
}

// However many lists are counted, what is looked through for them is bounded,
// and those that look through the same do it once.
func TestListsAreCountedTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, by := t.Context(), agent.Actor{Agent: 1, Scope: agent.ScopeAll, Permissions: []agent.Permission{agent.ConversationRead, agent.CaseRead}}
		if err := db.Update(ctx, func(tx *store.Tx) error {
			for n := range 300 {
				at := now.Add(time.Duration(n) * time.Second)
				if _, err := tx.InsertConversation(ctx, conversation.Conversation{
					ID: conversation.NewID(at), Inbox: 1, Contact: contact.NewID(at), ContactName: "客户", State: conversation.Closed, LastAt: at, StartedAt: at,
				}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		var alike, apart []store.ConversationList
		var cases []store.CaseList
		for n := range 100 {
			alike = append(alike, store.ConversationList{View: store.ClosedView, By: by, Text: strconv.Itoa(n)})
			apart = append(apart, store.ConversationList{View: store.ClosedView, By: by, Text: "客户", Inbox: inbox.ID(n + 1)})
			cases = append(cases, store.CaseList{By: by, Text: strconv.Itoa(n)})
		}
		for name, c := range map[string]struct {
			count      func(tx *store.Tx) ([]store.Count, error)
			statements int
			first      store.Count
		}{
			"alike":  {func(tx *store.Tx) ([]store.Count, error) { return tx.CountLists(ctx, alike, 1000) }, 1, store.Count{}},
			"apart":  {func(tx *store.Tx) ([]store.Count, error) { return tx.CountLists(ctx, apart, 1000) }, 100, store.Count{N: 200, More: true}},
			"cases":  {func(tx *store.Tx) ([]store.Count, error) { return tx.CountCaseLists(ctx, cases, 1000) }, 1, store.Count{}},
			"bounds": {func(tx *store.Tx) ([]store.Count, error) { return tx.CountLists(ctx, apart[:1], 250) }, 1, store.Count{N: 250, More: true}},
		} {
			if err := db.View(ctx, func(tx *store.Tx) error {
				ns, err := c.count(tx)
				if err == nil && (ns[0] != c.first || tx.Statements() != c.statements) {
					t.Errorf("%s: the first is %+v, and it took %d statements", name, ns[0], tx.Statements())
				}
				return err
			}); err != nil {
				t.Error(err)
			}
		}
	})
}

// fits says the same as the conditions of the list.
func fits(ask store.ConversationList, c conversation.Conversation) bool {
	closed := c.State == conversation.Closed
	return ask.By.Sees(c.Sight()) && (ask.View == store.All || closed) && (ask.State == "" || ask.State == c.State) &&
		(ask.Agent.IsZero() || ask.Agent == c.Agent) && (ask.Team.IsZero() || ask.Team == c.Team) && (ask.Inbox.IsZero() || ask.Inbox == c.Inbox) &&
		(ask.Tag == "" || slices.Contains(c.Tags, ask.Tag)) && (ask.Language == "" || ask.Language == c.Language) &&
		(ask.Priority == nil || *ask.Priority == c.Priority) && (!ask.Unread || c.Unread > 0 && !closed) &&
		(ask.Waiting.IsZero() || !c.WaitingSince.IsZero() && !c.WaitingSince.After(ask.Waiting)) &&
		strings.Contains(strings.ToLower(c.ContactName+" "+c.LastText), strings.ToLower(ask.Text))
}

// A tag that is taken off a closed conversation, or one that is taken up again,
// is not found by it among the closed ones.
func TestTagsOfClosedConversations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		by := agent.Actor{Agent: 1, Scope: agent.ScopeAll, Permissions: []agent.Permission{agent.ConversationRead}}
		c := conversation.Conversation{ID: conversation.NewID(now), Inbox: inbox.NewID(now), Contact: contact.NewID(now), State: conversation.Active, Tags: []string{"vip"}, LastAt: now, StartedAt: now}
		found := func(c conversation.Conversation) int {
			if err := db.Update(ctx, func(tx *store.Tx) (err error) {
				if c.Version == 0 {
					_, err = tx.InsertConversation(ctx, c)
					return err
				}
				_, err = tx.SaveConversation(ctx, c)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			cs, _, err := db.Now().ListConversations(ctx, store.ConversationList{View: store.ClosedView, By: by, Tag: "vip", Limit: 5})
			if err != nil {
				t.Fatal(err)
			}
			return len(cs)
		}
		steps := []struct {
			state conversation.State
			tags  []string
			want  int
		}{
			{conversation.Active, []string{"vip"}, 0},
			{conversation.Closed, []string{"vip"}, 1},
			{conversation.Active, []string{"vip"}, 0},
			{conversation.Closed, []string{"vip"}, 1},
			{conversation.Closed, nil, 0},
		}
		for n, s := range steps {
			c.State, c.Tags, c.Version = s.state, s.tags, int64(n)
			if got := found(c); got != s.want {
				t.Errorf("step %d: found %d, want %d", n, got, s.want)
			}
		}
	})
}
