package desk_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/phrase"
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
		// the other notice is that the promise of a chat nearly broke
		if unread != 2 || ns[0].Kind != "paused" || ns[0].Text != "2" {
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
		if view.QueuePosition != 1 || view.Wait == nil || view.Wait.Least != 0 {
			h.t.Errorf("place %d, wait %+v", view.QueuePosition, view.Wait)
		}
		h.clock.Turn(20 * time.Second)
		h.run()
		h.take(i, h.lin)
		gone, _ := h.waiting()
		h.clock.Turn(time.Minute)
		_, err = h.End(ctx, gone)
		h.must(err)
		told, err := h.DB.Now().Foretold(ctx, h.Now().Add(-time.Hour), h.Now())
		h.must(err)
		if len(told) != 1 || told[0].By != routing.Free || told[0].Truth != (store.Truth{Told: 2, Answered: 1, Held: 1, MissedBy: 11 * time.Second, Leaning: 11 * time.Second, Left: 1, Outlasted: 1}) {
			h.t.Errorf("told %+v", told)
		}
		p, err := h.DB.Now().Pace(ctx, h.Now().Add(-time.Hour))
		h.must(err)
		if p.Last != 21*time.Second || p.Patience != 82*time.Second {
			h.t.Errorf("pace %+v", p)
		}
	})
}

// Who waits gets the place of the new rules; what a supervisor placed by hand
// keeps its moment. Two who change the rules at once do not undo each other.
func TestTheRulesChange(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		of := func(priority int) conversation.ID {
			_, i := h.waiting()
			h.change(i, func(c *conversation.Conversation) { *c = c.Prioritised(priority, routing.DefaultRules()) })
			h.clock.Turn(time.Minute)
			return i
		}
		low, normal, vip, placed := of(-1), of(0), of(1), of(0)
		byHand := h.conversation(low).QueuedAt.Add(-time.Hour)
		h.change(placed, func(c *conversation.Conversation) { c.RankAt = byHand })

		admin := h.wang.With(agent.Role{Permissions: []agent.Permission{agent.SettingManage}, Scope: agent.ScopeOwn})
		r, err := h.Routing(ctx)
		h.must(err)
		r.Lanes.High, r.Lanes.Low, r.Ageing = 1, -60, 2
		_, err = h.ChangeRouting(ctx, h.lin, r)
		h.code(err, "permission.missing")
		bad := r
		bad.Ageing = 0
		_, err = h.ChangeRouting(ctx, admin, bad)
		h.code(err, "routing.ageing")
		bad = r
		bad.Teams = []routing.TeamRules{{Team: 77, Strategy: routing.RoundRobin}}
		_, err = h.ChangeRouting(ctx, admin, bad)
		h.code(err, "team.unknown")
		saved, err := h.ChangeRouting(ctx, admin, r)
		h.must(err)
		if saved.Version != r.Version+1 {
			h.t.Errorf("version %d after %d", saved.Version, r.Version)
		}
		_, err = h.ChangeRouting(ctx, admin, r)
		h.code(err, "store.changed")
		for i, priority := range map[conversation.ID]int{low: -1, normal: 0, vip: 1} {
			c := h.conversation(i)
			if want := saved.Rank(priority, c.QueuedAt); !c.RankAt.Equal(want) {
				h.t.Errorf("priority %d ranks at %s, not %s", priority, c.RankAt, want)
			}
		}
		if c := h.conversation(placed); !c.RankAt.Equal(byHand) {
			h.t.Errorf("what was placed by hand moved to %s", c.RankAt)
		}
		h.online(h.lin)
		h.rings(placed, h.lin)
	})
}

// A supervisor moves what waits, and gives it another priority; the thread and
// the log say so, the customer does not read it.
func TestASupervisorMovesTheQueue(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		var is []conversation.ID
		for range 3 {
			_, i := h.waiting()
			is = append(is, i)
		}
		a, b, c := is[0], is[1], is[2]
		order := func(want ...conversation.ID) {
			h.t.Helper()
			page, err := h.Conversations(ctx, h.wang, desk.ListQuery{View: store.QueueView, Limit: 10})
			h.must(err)
			var got []conversation.ID
			for _, c := range page.Items {
				got = append(got, c.ID)
			}
			if !slices.Equal(got, want) {
				h.t.Fatalf("the queue is %v, want %v", got, want)
			}
		}
		place := func(by agent.Actor, i conversation.ID, p desk.Placing) error {
			_, err := h.Place(ctx, by, i, p)
			return err
		}
		h.code(place(h.lin, c, desk.Placing{Top: true}), "permission.missing")
		h.code(place(h.wang, c, desk.Placing{}), "conversation.place")
		h.code(place(h.wang, c, desk.Placing{Before: c}), "conversation.place")
		h.code(place(h.wang, c, desk.Placing{Priority: new(3)}), "conversation.priority")
		order(a, b, c)
		h.must(place(h.wang, c, desk.Placing{Top: true}))
		order(c, a, b)
		h.must(place(h.wang, c, desk.Placing{Before: b}))
		order(a, c, b)
		for range 30 { // there is always room between two
			h.must(place(h.wang, a, desk.Placing{Before: b}))
			order(c, a, b)
			h.must(place(h.wang, c, desk.Placing{Before: b}))
			order(a, c, b)
		}
		h.must(place(h.wang, b, desk.Placing{Priority: new(2)}))
		order(b, a, c)

		ms, _, err := h.Messages(ctx, h.wang, b, 0, 0, 50)
		h.must(err)
		last := ms[len(ms)-1]
		if last.Event == nil || last.Event.Name != "prioritised" || last.Event.Args["priority"] != "2" || last.ForContact() {
			h.t.Errorf("the thread ends with %+v", last)
		}
		h.online(h.lin)
		h.take(b, h.lin)
		h.code(place(h.wang, b, desk.Placing{Top: true}), "conversation.not_waiting")
		h.code(place(h.wang, c, desk.Placing{Before: b}), "conversation.not_waiting")
		w, err := h.WhyOffered(ctx, h.zhao, b)
		h.must(err)
		if len(w.Offers) != 1 || w.Offers[0].Outcome != "accepted" || len(w.Offers[0].Why) == 0 || w.Waits != nil {
			h.t.Errorf("offered %+v, waits %+v", w.Offers, w.Waits)
		}
	})
}

// Whoever waits is told why; single colleagues are for those who may monitor,
// and whom a customer complains about is for those who read such complaints.
func TestWhyItWaits(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		_, i := h.waiting()
		volts := h.skill(agent.Skill{Name: "高压电"}, 1)
		h.change(i, func(c *conversation.Conversation) { c.Needs = []routing.Need{{Skill: volts, Level: 1, Must: true}} })
		h.online(h.lin)
		w, err := h.WhyOffered(ctx, h.zhao, i)
		h.must(err)
		if w.Waits == nil || w.Waits.Position != 1 || w.Waits.Agents != nil || !strings.Contains(w.Waits.Decision.Why[len(w.Waits.Decision.Why)-1].Text, "skill") {
			h.t.Fatalf("an agent is told %+v", w.Waits)
		}
		w, err = h.WhyOffered(ctx, h.wang, i)
		h.must(err)
		if len(w.Waits.Agents) != 1 || w.Waits.Agents[0].Name != "林" || w.Waits.Agents[0].Why.Code != "route.is_skill" {
			h.t.Fatalf("a supervisor is told %+v", w.Waits)
		}

		v, next := h.waiting()
		h.run()
		h.take(next, h.lin)
		_, err = h.Close(ctx, h.lin, next, conversation.Summary{Category: "business.fault", Result: "solved"})
		h.must(err)
		_, err = h.HandIn(ctx, h.wang, ticket.Case{
			Kind: ticket.Complaint, Source: "chat", Text: "客服态度差", Name: "张伟", Phone: "13812345678", Conversation: next, Contact: h.conversation(next).Contact,
			Course: ticket.Course{Accused: h.lin.Agent},
		}, nil, "accused-0002")
		h.must(err)
		h.write(v, "没人管吗")
		again, _, err := h.AskHuman(ctx, v, "ask-00009")
		h.must(err)
		h.run()
		for by, want := range map[*agent.Actor]string{&h.zhao: "route.count_other", &h.wang: "route.count_never"} {
			w, err := h.WhyOffered(ctx, *by, again.ID)
			h.must(err)
			if w.Waits == nil || !slices.ContainsFunc(w.Waits.Decision.Why, func(r phrase.Reason) bool { return r.Code == want }) {
				h.t.Errorf("%s is told %+v, want %s", by.Name, w.Waits, want)
			}
		}
	})
}

// Those who wait ask how long it takes while others come: nobody who holds a
// connection waits for somebody who waits for one.
func TestMoreAskThanThereAreConnections(t *testing.T) {
	each(t, func(h *house) {
		h.online(h.lin)
		visitors := make([]contact.Visitor, 60)
		ids := make([]conversation.ID, len(visitors))
		for i := range visitors {
			visitors[i], ids[i] = h.waiting()
		}
		ctx, stop := context.WithTimeout(h.t.Context(), 30*time.Second)
		defer stop()
		for range 4 {
			h.clock.Turn(5 * time.Minute) // nothing that was seen is good any more
			together(2*len(visitors), func(i int) {
				var err error
				if i%2 == 0 {
					_, err = h.View(ctx, visitors[i/2], ids[i/2])
				} else if who, visited := h.Visit(ctx, channel.Visit{Inbox: h.inbox, Language: "zh"}); visited == nil {
					_, _, err = h.AskHuman(ctx, contact.Visitor{Contact: who.ID, Inbox: h.inbox.ID}, "ask-many-1")
				} else {
					err = visited
				}
				if err != nil {
					h.t.Error(err)
				}
			})
		}
	})
}

// What is over keeps its room for the summary, and no longer than the rules say.
func TestWrapUpEndsByItself(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.rules(func(r *routing.Rules) { r.WrapUpSeconds, r.StickyDays = 60, 0 })
		h.online(h.lin)
		v, i := h.waiting()
		_, other := h.waiting()
		h.run()
		h.take(i, h.lin)
		h.take(other, h.lin)
		_, next := h.waiting()
		_, err := h.End(ctx, v)
		h.must(err)
		h.run()
		if c := h.conversation(next); c.Offer != nil {
			h.t.Fatal("it rings while the summary is written")
		}
		h.clock.Turn(61 * time.Second)
		h.run()
		h.rings(next, h.lin)
	})
}

// Who hands a conversation to a team that they are in does not get it back at
// once.
func TestAHandoverDoesNotComeBack(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		v, i := h.waiting()
		h.run()
		h.take(i, h.lin)
		_, err := h.Close(ctx, h.lin, i, conversation.Summary{Category: "business.fault", Result: "solved"})
		h.must(err)
		h.write(v, "又响了")
		c, _, err := h.AskHuman(ctx, v, "ask-00002")
		h.must(err)
		h.run()
		h.take(c.ID, h.lin) // who served them before
		team := h.team("配件", h.lin, h.zhao)
		_, err = h.Transfer(ctx, h.lin, c.ID, desk.Handover{Team: team, Note: "请配件的同事看一下"})
		h.must(err)
		h.run()
		if c := h.conversation(c.ID); c.Offer != nil {
			h.t.Fatal("it rings at who has just handed it on")
		}
		h.online(h.zhao)
		h.rings(c.ID, h.zhao)
	})
}

// Whom a customer complains about gets them by no way; nobody is told why.
func TestTheAccusedGetsThemByNoWay(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		_, i := h.waiting()
		_, err := h.HandIn(ctx, h.wang, ticket.Case{
			Kind: ticket.Complaint, Source: "chat", Text: "客服态度差", Name: "张伟", Phone: "13812345678", Conversation: i, Contact: h.conversation(i).Contact,
			Course: ticket.Course{Accused: h.lin.Agent},
		}, nil, "accused-0001")
		h.must(err)
		h.online(h.lin, h.zhao)
		_, err = h.Take(ctx, h.lin, i)
		h.code(err, "conversation.elsewhere")
		h.take(i, h.zhao)
		_, err = h.Transfer(ctx, h.zhao, i, desk.Handover{Agent: h.lin.Agent, Note: "请你接着"})
		h.code(err, "conversation.elsewhere")
		if err == nil || strings.Contains(err.Error(), "complain") {
			h.t.Errorf("it says why: %v", err)
		}
	})
}
