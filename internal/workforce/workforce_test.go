package workforce_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/inbox"
	"yingda/internal/job"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
	"yingda/internal/workforce"
)

// house is a place with an inbox, three agents and a supervisor, on a clock
// that stands still: Sunday 22 November 2026, 10:00 in Shanghai.
type house struct {
	*workforce.Workforce
	t                    *testing.T
	clock                *clock.Hand
	inbox                inbox.Inbox
	lin, zhao, sun, wang agent.Actor
	jobs                 *job.Worker
}

func each(t *testing.T, f func(h *house)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := clock.At(time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC))
		d := &desk.Desk{DB: db, Now: c.Now, CaseKey: []byte("a key for tests")}
		h := &house{t: t, clock: c, Workforce: &workforce.Workforce{DB: db, Now: c.Now, Desk: d}}
		h.furnish()
		h.jobs = &job.Worker{DB: db, Now: c.Now}
		for _, k := range append(h.Jobs(), d.Jobs()...) {
			h.jobs.Handle(twice(k))
		}
		f(h)
	})
}

// twice does each job twice: a job may be done again after a crash, and that
// must change nothing.
func twice(k job.Kind) job.Kind {
	do := k.Do
	k.Every = 0
	k.Do = func(ctx context.Context, p json.RawMessage) error {
		if err := do(ctx, p); err != nil {
			return err
		}
		return do(ctx, p)
	}
	return k
}

func (h *house) furnish() {
	ctx, now := h.t.Context(), h.Now()
	roles := map[string]agent.Role{}
	h.must(h.DB.Update(ctx, func(tx *store.Tx) error {
		clear(roles)
		for _, r := range agent.BuiltinRoles() {
			r.ID = agent.NewRoleID(now)
			roles[r.Name] = r
			if err := tx.InsertRole(ctx, r); err != nil {
				return err
			}
		}
		h.inbox = inbox.Inbox{ID: inbox.NewID(now), Key: "main", Kind: "webchat", Name: "官网", Enabled: true, Settings: inbox.Defaults(), Version: 1}
		return tx.InsertInbox(ctx, h.inbox)
	}))
	sit := func(name string, role agent.Role) agent.Actor {
		a := agent.Agent{ID: agent.NewID(now), Email: name + "@example.org", Name: name, Language: "zh", Capacity: 2, CreatedAt: now}
		h.must(h.DB.Update(ctx, func(tx *store.Tx) error {
			if err := tx.InsertAgent(ctx, a); err != nil {
				return err
			}
			return tx.SetAgentRoles(ctx, a.ID, []agent.RoleID{role.ID})
		}))
		return agent.Actor{Agent: a.ID, Name: name}.With(role)
	}
	h.lin, h.zhao, h.sun, h.wang = sit("林", roles["agent"]), sit("赵", roles["agent"]), sit("孙", roles["agent"]), sit("王", roles["supervisor"])
}

// team puts people into a team, as the actors know it too.
func (h *house) team(name string, members ...*agent.Actor) agent.Team {
	h.t.Helper()
	team := agent.Team{ID: agent.NewTeamID(h.Now()), Name: name}
	var ids []agent.ID
	for _, m := range members {
		ids = append(ids, m.Agent)
		m.Teams = append(m.Teams, team.ID)
	}
	h.must(h.DB.Update(h.t.Context(), func(tx *store.Tx) error {
		if err := tx.InsertTeam(h.t.Context(), team); err != nil {
			return err
		}
		return tx.SetTeamAgents(h.t.Context(), team.ID, ids)
	}))
	return team
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) code(err error, want string) {
	h.t.Helper()
	if got := fault.CodeOf(err); err == nil && want != "" || err != nil && got != want {
		h.t.Errorf("got %v (%s), want %q", err, got, want)
	}
}

func (h *house) run() {
	h.t.Helper()
	_, err := h.jobs.RunDue(h.t.Context())
	h.must(err)
}

// told returns what an agent was told: kind and text, newest first.
func (h *house) told(a agent.Actor) (ns []event.Notice) {
	h.t.Helper()
	ns, _, err := h.Desk.Notices(h.t.Context(), a)
	h.must(err)
	return ns
}

func (h *house) visitor() contact.Visitor {
	h.t.Helper()
	who, err := h.Desk.Visit(h.t.Context(), channel.Visit{Inbox: h.inbox, Language: "zh"})
	h.must(err)
	return contact.Visitor{Contact: who.ID, Inbox: h.inbox.ID}
}

func deskDraft(text string) desk.Draft {
	return desk.Draft{ClientID: text, Kind: conversation.Text, Text: text}
}

func summary() conversation.Summary {
	return conversation.Summary{Category: "business.other", Result: "solved"}
}
