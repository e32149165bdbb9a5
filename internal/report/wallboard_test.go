package report_test

import (
	"context"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/report"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// A day at the desk, as the wallboard counts it: what is answered in time and
// late, who leaves, who waits, and how much of their time agents are busy.
func TestWallboard(t *testing.T) {
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
		lin, in := open(ctx, t, db, c)
		boss := agent.Actor{Agent: agent.NewID(c.Now()), Name: "王", Scope: agent.ScopeAll, Permissions: agent.Permissions()}
		ask := func() (contact.Visitor, conversation.ID) {
			t.Helper()
			who, err := d.Visit(ctx, channel.Visit{Inbox: in, Language: "zh"})
			must(err)
			v := contact.Visitor{Contact: who.ID, Inbox: in.ID}
			talk, _, err := d.AskHuman(ctx, v, "ask-00001")
			must(err)
			return v, talk.ID
		}
		answer := func(i conversation.ID, id string) {
			t.Helper()
			_, err := d.Take(ctx, lin, i)
			must(err)
			_, err = d.Reply(ctx, lin, i, desk.Draft{ClientID: id, Text: "您好"})
			must(err)
		}
		must(d.AgentConnected(ctx, lin.Agent))
		_, err := d.SetPresence(ctx, lin, agent.Online, "")
		must(err)

		_, inTime := ask()
		_, late := ask()
		v, _ := ask()
		c.Turn(4 * time.Second)
		_, err = d.End(ctx, v) // within five seconds
		must(err)
		answer(inTime, "in-time-1")
		c.Turn(40 * time.Second)
		answer(late, "too-late-1")
		c.Turn(10 * time.Minute)
		_, err = d.Close(ctx, lin, inTime, conversation.Summary{Category: "other", Result: "solved"})
		must(err)
		_, err = d.Close(ctx, lin, late, conversation.Summary{Category: "other", Result: "solved"})
		must(err)
		c.Turn(10*time.Minute + 4*time.Second) // without work
		_, waits := ask()
		c.Turn(50 * time.Second)

		b, err := r.Wallboard(ctx, boss)
		must(err)
		f := b.Figures
		if f.Waiting != 1 || f.Late != 1 || !f.Oldest.Equal(c.Now().Add(-50*time.Second)) || f.Open != 1 || f.Online != 1 || f.Free != 2 {
			t.Errorf("now: %+v", f)
		}
		if l := f.Level; l.Offered != 4 || l.Answered != 2 || l.Kept != 1 || l.Left != 1 || l.Short != 1 || l.All == nil || *l.All != 25 {
			t.Errorf("today: %+v", l)
		}
		if len(b.Queue) != 1 || b.Queue[0].ID != waits || len(b.Risks) != 1 || b.Risks[0].ID != waits.String() || len(b.Agents) != 1 {
			t.Errorf("%+v, %+v, %+v", b.Queue, b.Risks, b.Agents)
		}
		// 10:40 of 21:38 with a conversation.
		if f.Occupancy == nil || *f.Occupancy < 49 || *f.Occupancy > 49.6 {
			t.Errorf("busy %v %%", f.Occupancy)
		}
		if len(b.Defined) == 0 {
			t.Error("no figure says what it counts")
		}
		c.Turn(24 * time.Hour)
		b, err = r.Wallboard(ctx, boss)
		must(err)
		if l := b.Figures.Level; l.Answered != 0 || l.Left != 0 || l.Offered != 1 {
			t.Errorf("the next day begins with %+v", l)
		}
		if _, err := r.Wallboard(ctx, lin); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("an agent looks at the wallboard: %v", err)
		}
	})
}

// open makes an office of one agent with an inbox.
func open(ctx context.Context, t *testing.T, db *store.DB, c *clock.Hand) (agent.Actor, inbox.Inbox) {
	t.Helper()
	in := inbox.Inbox{ID: inbox.NewID(c.Now()), Key: "main", Kind: "webchat", Name: "官网", Enabled: true, Settings: inbox.Defaults(), Version: 1}
	lin := agent.Agent{ID: agent.NewID(c.Now()), Email: "lin@example.org", Name: "林", Language: "zh", Capacity: 2, CreatedAt: c.Now()}
	var role agent.Role
	if err := db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.InsertInbox(ctx, in); err != nil {
			return err
		}
		if err := tx.InsertAgent(ctx, lin); err != nil {
			return err
		}
		role = agent.BuiltinRoles()[0]
		role.ID = agent.NewRoleID(c.Now())
		if err := tx.InsertRole(ctx, role); err != nil {
			return err
		}
		return tx.SetAgentRoles(ctx, lin.ID, []agent.RoleID{role.ID})
	}); err != nil {
		t.Fatal(err)
	}
	return agent.Actor{Agent: lin.ID, Name: "林"}.With(role), in
}
