package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/routing"
	"yingda/internal/domain/ticket"
	"yingda/internal/store"
)

// rules changes how work is routed.
func (h *house) rules(change func(*routing.Rules)) {
	h.t.Helper()
	h.must(h.DB.Update(h.t.Context(), func(tx *store.Tx) error {
		r, err := tx.RoutingToChange(h.t.Context())
		if err != nil {
			return err
		}
		change(&r)
		return tx.SaveRouting(h.t.Context(), r, h.Now())
	}))
}

// change changes a conversation behind the desk's back.
func (h *house) change(i conversation.ID, change func(*conversation.Conversation)) {
	h.t.Helper()
	h.must(h.DB.Update(h.t.Context(), func(tx *store.Tx) error {
		c, err := tx.Conversation(h.t.Context(), i)
		if err != nil {
			return err
		}
		change(&c)
		_, err = tx.SaveConversation(h.t.Context(), c)
		return err
	}))
}

func (h *house) rings(i conversation.ID, at agent.Actor) {
	h.t.Helper()
	c := h.conversation(i)
	if c.Offer == nil || c.Offer.Agent != at.Agent {
		h.t.Fatalf("conversation %d is %s and rings at %+v, not at %s", c.Number, c.State, c.Offer, at.Name)
	}
}

// take lets an agent answer what rings at them.
func (h *house) take(i conversation.ID, a agent.Actor) {
	h.t.Helper()
	h.rings(i, a)
	_, err := h.Accept(h.t.Context(), a, i)
	h.must(err)
}

func (h *house) team(name string, members ...agent.Actor) agent.TeamID {
	h.t.Helper()
	t := agent.Team{ID: agent.NewTeamID(h.Now()), Name: name}
	ids := make([]agent.ID, len(members))
	for i, m := range members {
		ids[i] = m.Agent
	}
	h.must(h.DB.Update(h.t.Context(), func(tx *store.Tx) error {
		if err := tx.InsertTeam(h.t.Context(), t); err != nil {
			return err
		}
		return tx.SetTeamAgents(h.t.Context(), t.ID, ids)
	}))
	h.clock.Turn(time.Second)
	return t.ID
}

func (h *house) skill(s agent.Skill, level int, has ...agent.Actor) agent.SkillID {
	h.t.Helper()
	s.ID = agent.NewSkillID(h.Now())
	h.must(h.DB.Update(h.t.Context(), func(tx *store.Tx) error {
		if err := tx.InsertSkill(h.t.Context(), s); err != nil {
			return err
		}
		for _, a := range has {
			if err := tx.SetSkills(h.t.Context(), a.Agent, []agent.Skilled{{Skill: s.ID, Level: level}}); err != nil {
				return err
			}
		}
		return nil
	}))
	h.clock.Turn(time.Second)
	return s.ID
}

// However many wait for a team that is not there, whoever may serve those
// behind them does.
func TestNobodyWaitsBehindWhatNobodyCanTake(t *testing.T) {
	each(t, func(h *house) {
		h.rules(func(r *routing.Rules) { r.Rings = nil })
		absent := h.team("配件", h.zhao)
		for range 120 {
			_, i := h.waiting()
			h.change(i, func(c *conversation.Conversation) { c.Team = absent })
		}
		_, i := h.waiting()
		h.online(h.lin)
		h.rings(i, h.lin)
	})
}

// What may cost a life is next, however long others have waited; VIPs come
// before those who came up to ten minutes earlier, and no earlier.
func TestTheOrderOfTheQueue(t *testing.T) {
	each(t, func(h *house) {
		h.rules(func(r *routing.Rules) { r.StickyDays = 0 })
		of := func(priority int) conversation.ID {
			_, i := h.waiting()
			h.change(i, func(c *conversation.Conversation) { *c = c.Prioritised(priority, routing.DefaultRules()) })
			return i
		}
		first := of(0)
		h.clock.Turn(11 * time.Minute)
		normal := of(0)
		h.clock.Turn(time.Minute)
		vip, urgent := of(1), of(2)
		page, err := h.Conversations(h.t.Context(), h.wang, desk.ListQuery{View: store.QueueView, Limit: 10})
		h.must(err)
		var got []conversation.ID
		for _, c := range page.Items {
			got = append(got, c.ID)
		}
		if want := []conversation.ID{urgent, first, vip, normal}; !slices.Equal(got, want) {
			h.t.Fatalf("the queue is %v, want %v", got, want)
		}
		for n, i := range got {
			at, err := h.DB.Now().QueuePosition(h.t.Context(), h.conversation(i))
			h.must(err)
			if at != n+1 {
				h.t.Errorf("place %d is told as %d", n+1, at)
			}
		}
		h.online(h.lin)
		h.rings(urgent, h.lin)
		h.rings(first, h.lin)
	})
}

// Who lets two offers ring out is not at their desk: they get no more, and are
// told why. Who declines is there.
func TestWhoLetsOffersRingOut(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		_, i := h.waiting()
		h.run()
		ringOut := func() {
			h.rings(i, h.lin)
			h.clock.Turn(21 * time.Second)
			h.run()
		}
		rest := func() { h.clock.Turn(time.Minute); h.run() }
		ringOut()
		rest()
		h.rings(i, h.lin)
		_, err := h.Decline(ctx, h.lin, i)
		h.must(err)
		rest()
		ringOut()
		seat, err := h.DB.Now().Seat(ctx, h.lin.Agent)
		h.must(err)
		if seat.Presence.State != agent.Online {
			h.t.Fatalf("missed, declined, missed: %+v", seat.Presence)
		}
		rest()
		ringOut()
		seat, err = h.DB.Now().Seat(ctx, h.lin.Agent)
		h.must(err)
		if seat.Presence.State != agent.Break || seat.Presence.Reason != agent.NotResponding {
			h.t.Fatalf("missed two in a row: %+v", seat.Presence)
		}
		ns, unread, err := h.Notices(ctx, h.lin)
		h.must(err)
		if unread != 1 || ns[0].Kind != "paused" || ns[0].Text != "2" {
			h.t.Errorf("told %+v", ns)
		}
		rest()
		if c := h.conversation(i); c.Offer != nil {
			h.t.Error("it rings at who is not there")
		}
		h.sit(agent.Online, "")
		h.run()
		ringOut()
		if seat, err = h.DB.Now().Seat(ctx, h.lin.Agent); err != nil || seat.Presence.State != agent.Online {
			h.t.Errorf("one missed after coming back: %+v, %v", seat.Presence, err)
		}
	})
}

// Whoever served a customer before is asked first, and waited for a little.
func TestTheAgentOfLastTime(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		v, i := h.waiting()
		h.run()
		h.take(i, h.lin)
		_, err := h.Close(ctx, h.lin, i, conversation.Summary{Category: "business.fault", Result: "solved"})
		h.must(err)
		h.online(h.zhao)
		h.clock.Turn(time.Hour) // both are idle, Lin for less long
		h.write(v, "又响了")
		again, _, err := h.AskHuman(ctx, v, "ask-00002")
		h.must(err)
		h.run()
		h.take(again.ID, h.lin)
		_, err = h.Close(ctx, h.lin, again.ID, conversation.Summary{Category: "business.fault", Result: "solved"})
		h.must(err)

		h.rules(func(r *routing.Rules) { r.MissedToPause = 0 })
		full := []conversation.ID{}
		for range 2 {
			_, other := h.waiting()
			h.run()
			if c := h.conversation(other); c.Offer.Agent != h.lin.Agent {
				_, err := h.Decline(ctx, h.zhao, other)
				h.must(err)
				h.run()
			}
			h.take(other, h.lin)
			full = append(full, other)
		}
		h.clock.Turn(2 * time.Minute)
		h.write(v, "还在响")
		third, _, err := h.AskHuman(ctx, v, "ask-00003")
		h.must(err)
		h.run()
		if c := h.conversation(third.ID); c.Offer != nil {
			h.t.Fatalf("Lin holds %d, and it rings at %+v", len(full), c.Offer)
		}
		h.clock.Turn(31 * time.Second)
		h.run()
		h.rings(third.ID, h.zhao)
	})
}

// Nobody answers a customer whose complaint is about them.
func TestNeverWhomTheyComplainAbout(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		v, i := h.waiting()
		h.run()
		h.take(i, h.lin)
		_, err := h.Close(ctx, h.lin, i, conversation.Summary{Category: "business.fault", Result: "solved"})
		h.must(err)
		about := h.conversation(i)
		c, err := h.HandIn(ctx, h.wang, ticket.Case{
			Kind: ticket.Complaint, Source: "chat", Text: "客服态度差", Name: "张伟", Phone: "13812345678", Conversation: i, Contact: about.Contact,
			Course: ticket.Course{Accused: h.lin.Agent},
		}, nil, "accused-0001")
		h.must(err)
		if c.Accused != h.lin.Agent || c.Contact != about.Contact {
			h.t.Fatalf("about %d by %d", c.Accused, c.Contact)
		}
		h.clock.Turn(time.Minute)
		h.write(v, "没人管吗")
		again, _, err := h.AskHuman(ctx, v, "ask-00002")
		h.must(err)
		h.run()
		if c := h.conversation(again.ID); c.Offer != nil {
			h.t.Fatal("it rings at whom the complaint is about")
		}
		h.online(h.zhao)
		h.rings(again.ID, h.zhao)
	})
}

// Who left the queue and comes back soon has the old place; later, a new one.
func TestWhoComesBackResumesThePlace(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.wang) // somebody is there, so that a wait is told
		h.rules(func(r *routing.Rules) { r.MissedToPause = 0 })
		_, err := h.SetPresence(ctx, h.wang, agent.Busy, "")
		h.must(err)
		back := func(v contact.Visitor, id string) conversation.Conversation {
			h.t.Helper()
			_, err := h.End(ctx, v)
			h.must(err)
			h.clock.Turn(5 * time.Minute)
			h.write(v, "我回来了")
			c, _, err := h.AskHuman(ctx, v, id)
			h.must(err)
			return c
		}
		v, i := h.waiting()
		was := h.conversation(i).QueuedAt
		h.waiting()
		c := back(v, "ask-00002")
		if !c.QueuedAt.Equal(was) {
			h.t.Errorf("waits since %s, before since %s", c.QueuedAt, was)
		}
		if n, err := h.DB.Now().QueuePosition(ctx, c); err != nil || n != 1 {
			h.t.Errorf("place %d, %v", n, err)
		}
		h.rules(func(r *routing.Rules) { r.ResumeMinutes = 4 })
		if c := back(v, "ask-00003"); !c.QueuedAt.Equal(h.Now()) {
			h.t.Errorf("waits since %s, it is %s", c.QueuedAt, h.Now())
		}
	})
}

// Customers of a language go to whoever speaks it; after a minute to anybody.
func TestLanguageIsASkill(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.skill(agent.Skill{Name: "英语", Language: "en"}, 3, h.zhao)
		h.online(h.lin, h.zhao)
		english := func() conversation.ID {
			who, err := h.Visit(ctx, channel.Visit{Inbox: h.inbox, Language: "en"})
			h.must(err)
			v := contact.Visitor{Contact: who.ID, Inbox: h.inbox.ID}
			h.write(v, "hello")
			c, _, err := h.AskHuman(ctx, v, "ask-00001")
			h.must(err)
			h.run()
			return c.ID
		}
		h.take(english(), h.zhao)
		h.take(english(), h.zhao)
		third := english()
		if c := h.conversation(third); c.Offer != nil {
			h.t.Fatal("it rings at who does not speak it")
		}
		h.clock.Turn(61 * time.Second)
		h.run()
		h.rings(third, h.lin)
		offers, err := h.DB.Now().OffersOf(ctx, third)
		h.must(err)
		if len(offers) != 1 || offers[0].Name != "林" || !strings.Contains(offers[0].Why[0].In("zh"), "第 2 级放宽") {
			h.t.Errorf("why: %+v", offers)
		}
	})
}

// What is told of a wait is kept, and so is how long it was.
func TestForecastsAreKept(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		v, i := h.waiting()
		view, err := h.View(ctx, v, i)
		h.must(err)
		if view.QueuePosition != 1 || view.Wait == nil || !view.Wait.Below {
			h.t.Errorf("place %d, wait %+v", view.QueuePosition, view.Wait)
		}
		h.clock.Turn(20 * time.Second)
		h.run()
		h.take(i, h.lin)
		gone, _ := h.waiting()
		h.clock.Turn(time.Minute)
		_, err = h.End(ctx, gone)
		h.must(err)
		es, err := h.DB.Now().ForecastErrors(ctx, h.Now().Add(-time.Hour))
		h.must(err)
		if len(es) != 1 || es[0].By != routing.Free || es[0].Told != 1 || es[0].Held != 1 || es[0].Off != 11 || es[0].Lean != 11 {
			h.t.Errorf("errors %+v", es)
		}
		p, err := h.DB.Now().Pace(ctx, h.Now().Add(-time.Hour))
		h.must(err)
		if p.Last != 21*time.Second || p.Patience != 82*time.Second {
			h.t.Errorf("pace %+v", p)
		}
	})
}
