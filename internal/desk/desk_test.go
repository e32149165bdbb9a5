package desk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/turn"
	"yingda/internal/job"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// house is a desk with an inbox, two agents and a supervisor, on a clock that
// stands still.
type house struct {
	*desk.Desk
	t                *testing.T
	clock            *clock.Hand
	inbox            inbox.Inbox
	lin, zhao, wang  agent.Actor
	jobs             *job.Worker
	assisted         []desk.AssistWork
	messagesReceived int
	files            string                // where they are kept
	phones           map[string][]agent.ID // by program, whose telephone in the console is connected
}

func each(t *testing.T, f func(h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := clock.At(time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC))
		h := &house{t: t, clock: c, phones: map[string][]agent.ID{}, Desk: &desk.Desk{DB: db, Now: c.Now, CaseKey: []byte("a key for tests")}}
		h.Assistant = func(string) bool { return true }
		h.furnish()
		h.jobs = &job.Worker{DB: db, Now: c.Now}
		for _, k := range h.Jobs() {
			h.jobs.Handle(twice(k))
		}
		h.jobs.Handle(job.Kind{Name: desk.AssistJob, Do: func(_ context.Context, p json.RawMessage) error {
			var w desk.AssistWork
			h.must(json.Unmarshal(p, &w))
			h.assisted = append(h.assisted, w)
			return nil
		}})
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
	h.lin, h.zhao, h.wang = sit("林", roles["agent"]), sit("赵", roles["agent"]), sit("王", roles["supervisor"])
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
		h.t.Errorf("got %v (%s), want %s", err, got, want)
	}
}

func (h *house) run() {
	h.t.Helper()
	_, err := h.jobs.RunDue(h.t.Context())
	h.must(err)
}

// online opens an agent's console, connects the telephone in it and lets them
// take work.
func (h *house) online(as ...agent.Actor) {
	h.t.Helper()
	for _, a := range as {
		h.must(h.AgentConnected(h.t.Context(), a.Agent))
		_, err := h.SetPresence(h.t.Context(), a, agent.Online, "")
		h.must(err)
		h.plugs(a)
		h.clock.Turn(time.Second)
	}
	h.run()
}

// plugs connects the telephone in an agent's console, and unplugs cuts it off.
func (h *house) plugs(a agent.Actor) {
	h.t.Helper()
	h.phones[h.Node] = append(h.phones[h.Node], a.Agent)
	h.must(h.Telephones(h.t.Context(), h.Node, channel.Telephones{Consoles: h.phones[h.Node]}))
}

func (h *house) unplugs(a agent.Actor) {
	h.t.Helper()
	h.phones[h.Node] = slices.DeleteFunc(h.phones[h.Node], func(o agent.ID) bool { return o == a.Agent })
	h.must(h.Telephones(h.t.Context(), h.Node, channel.Telephones{Consoles: h.phones[h.Node]}))
}

func (h *house) visitor() contact.Visitor {
	h.t.Helper()
	who, err := h.Visit(h.t.Context(), channel.Visit{Inbox: h.inbox, Language: "zh"})
	h.must(err)
	return contact.Visitor{Contact: who.ID, Inbox: h.inbox.ID}
}

func (h *house) write(v contact.Visitor, text string) channel.Receipt {
	h.t.Helper()
	h.messagesReceived++
	r, err := h.Receive(h.t.Context(), channel.Inbound{
		Inbox: v.Inbox, Contact: v.Contact, ClientID: fmt.Sprintf("client-%04d", h.messagesReceived), Text: text, At: h.Now(),
	})
	h.must(err)
	return r
}

// waiting is a visitor who has asked for a person.
func (h *house) waiting() (contact.Visitor, conversation.ID) {
	h.t.Helper()
	v := h.visitor()
	h.write(v, "我的车刹车异响")
	c, _, err := h.AskHuman(h.t.Context(), v, "ask-00001")
	h.must(err)
	h.clock.Turn(time.Second)
	return v, c.ID
}

func (h *house) conversation(i conversation.ID) conversation.Conversation {
	h.t.Helper()
	c, err := h.DB.Now().Conversation(h.t.Context(), i)
	h.must(err)
	return c
}

func (h *house) seqs(i conversation.ID) string {
	h.t.Helper()
	ms, _, err := h.Messages(h.t.Context(), h.wang, i, -1, 0, 0)
	h.must(err)
	var b strings.Builder
	for _, m := range ms {
		what := m.Text
		if m.Event != nil {
			what = m.Event.Name
		}
		fmt.Fprintf(&b, "%d %s %s|", m.Seq, m.From, what)
	}
	return strings.TrimSuffix(b.String(), "|")
}

// A visitor writes, asks for a person, an agent is found, answers, and closes.
func TestFromFirstWordToSummary(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		v := h.visitor()
		r := h.write(v, "刹车异响怎么办")
		if r.Conversation.State != conversation.Bot {
			h.t.Fatalf("began as %s", r.Conversation.State)
		}
		h.run()
		if len(h.assisted) != 1 || h.assisted[0].Message != r.Message.ID {
			h.t.Fatalf("the assistant was given %v", h.assisted)
		}
		c, offline, err := h.AskHuman(ctx, v, "ask-00001")
		h.must(err)
		if offline || c.State != conversation.Queued {
			h.t.Fatalf("asked for a person: offline %v, %s", offline, c.State)
		}
		view, err := h.View(ctx, v, c.ID)
		h.must(err)
		if view.QueuePosition != 1 {
			h.t.Errorf("position %d", view.QueuePosition)
		}
		h.run()
		if c = h.conversation(c.ID); c.Offer == nil || c.Offer.Agent != h.lin.Agent {
			h.t.Fatalf("offered to %+v", c.Offer)
		}
		c, err = h.Accept(ctx, h.lin, c.ID)
		h.must(err)
		again, err := h.Accept(ctx, h.lin, c.ID)
		h.must(err)
		if again.State != conversation.Active || again.Version != c.Version {
			h.t.Errorf("accepting twice changed it: %+v", again)
		}
		_, err = h.Accept(ctx, h.zhao, c.ID)
		h.code(err, "conversation.taken")
		m, err := h.Reply(ctx, h.lin, c.ID, desk.Draft{ClientID: "reply-0001", Text: "您好，请问异响在什么时候出现？"})
		h.must(err)
		m2, err := h.Reply(ctx, h.lin, c.ID, desk.Draft{ClientID: "reply-0001", Text: "您好，请问异响在什么时候出现？"})
		h.must(err)
		if m2.ID != m.ID || m2.Seq != m.Seq {
			h.t.Errorf("a reply sent twice is %v and %v", m, m2)
		}
		_, err = h.Close(ctx, h.lin, c.ID, conversation.Summary{})
		h.code(err, "summary.category")
		c, err = h.Close(ctx, h.lin, c.ID, conversation.Summary{Category: "business.fault", Result: "solved"})
		h.must(err)
		if c.State != conversation.Closed || c.ClosedBy != conversation.FromAgent || c.FirstReplyAt.IsZero() {
			h.t.Errorf("closed as %+v", c)
		}
		// the retry of a reply whose answer was lost still gets that answer
		m2, err = h.Reply(ctx, h.lin, c.ID, desk.Draft{ClientID: "reply-0001", Text: "您好，请问异响在什么时候出现？"})
		if err != nil || m2.ID != m.ID {
			h.t.Errorf("the retry after the end: %v, %v", m2, err)
		}
		want := "1 contact 刹车异响怎么办|2 system human.requested|3 system queued|4 system accepted|5 agent 您好，请问异响在什么时候出现？|6 system closed"
		if got := h.seqs(c.ID); got != want {
			h.t.Errorf("the timeline is\n%s, want\n%s", got, want)
		}
	})
}

// Who comes again with other attributes, or tells of them, is found by them.
func TestAttributesAreFoundAsTheyAre(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		found := func(attribute string, want int) {
			h.t.Helper()
			p, err := h.Contacts(ctx, h.wang, desk.ContactList{Attribute: attribute})
			h.must(err)
			if len(p.Items) != want {
				h.t.Errorf("%d are found by %s, want %d", len(p.Items), attribute, want)
			}
		}
		visit := func(tier string) contact.Visitor {
			h.t.Helper()
			who, err := h.Visit(ctx, channel.Visit{Inbox: h.inbox, Language: "zh", Identity: &contact.Identity{ExternalID: "u-1", Attributes: map[string]string{"tier": tier}}})
			h.must(err)
			return contact.Visitor{Contact: who.ID, Inbox: h.inbox.ID}
		}
		visit("silver")
		v := visit("gold")
		found("tier:silver", 0)
		found("tier:gold", 1)
		_, err := h.Introduce(ctx, v, contact.Contact{Attributes: map[string]string{"tier": "platinum"}})
		h.must(err)
		found("tier:gold", 0)
		found("tier:platinum", 1)
	})
}

func TestAMessageSentAgainIsOneMessage(t *testing.T) {
	each(t, func(h *house) {
		v := h.visitor()
		in := channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, ClientID: "same-0001", Text: "在吗", At: h.Now()}
		var wg sync.WaitGroup
		receipts := make([]channel.Receipt, 8)
		for i := range receipts {
			wg.Go(func() {
				var err error
				if receipts[i], err = h.Receive(context.Background(), in); err != nil {
					h.t.Error(err)
				}
			})
		}
		wg.Wait()
		fresh := 0
		for _, r := range receipts {
			if !r.Again {
				fresh++
			}
			if r.Message.ID != receipts[0].Message.ID || r.Conversation.ID != receipts[0].Conversation.ID {
				h.t.Errorf("%v is not %v", r.Message.ID, receipts[0].Message.ID)
			}
		}
		if got := h.seqs(receipts[0].Conversation.ID); fresh != 1 || got != "1 contact 在吗" {
			h.t.Errorf("%d fresh; %s", fresh, got)
		}
	})
}

// Reading what is old leaves what is new unread.
func TestReading(t *testing.T) {
	each(t, func(h *house) {
		h.online(h.lin)
		v, i := h.waiting()
		h.run()
		_, err := h.Accept(h.t.Context(), h.lin, i)
		h.must(err)
		last := h.write(v, "在吗").Message.Seq
		h.must(h.ReadTo(h.t.Context(), h.zhao, i, last))
		h.must(h.ReadTo(h.t.Context(), h.lin, i, 1))
		if c := h.conversation(i); c.Unread == 0 {
			h.t.Error("what nobody has read is not unread any more")
		}
		h.must(h.ReadTo(h.t.Context(), h.lin, i, last+100))
		if c := h.conversation(i); c.Unread != 0 || c.AgentRead != last {
			h.t.Errorf("%d unread, read up to %d of %d", c.Unread, c.AgentRead, last)
		}
	})
}

// Many visitors and one agent at once: numbers without gaps, in every
// conversation.
func TestSequencesHaveNoGaps(t *testing.T) {
	each(t, func(h *house) {
		v := h.visitor()
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				_, err := h.Receive(context.Background(), channel.Inbound{
					Inbox: v.Inbox, Contact: v.Contact, ClientID: fmt.Sprintf("at-once-%02d", i), Text: strconv.Itoa(i), At: h.Now(),
				})
				if err != nil {
					h.t.Error(err)
				}
			})
		}
		wg.Wait()
		c, have, err := h.Current(context.Background(), v)
		if err != nil || !have || c.LastSeq != 20 || c.Unread != 20 {
			h.t.Fatalf("%+v, %v, %v", c, have, err)
		}
		ms, more, err := h.History(context.Background(), v, c.ID, 5, 0, 10)
		h.must(err)
		if len(ms) != 10 || !more || ms[0].Seq != 6 || ms[9].Seq != 15 {
			h.t.Errorf("after 5: %d messages from %d, more %v", len(ms), ms[0].Seq, more)
		}
	})
}

func TestWhoDoesNotAcceptLosesTheOfferNotTheCustomerThePlace(t *testing.T) {
	each(t, func(h *house) {
		h.online(h.lin, h.zhao)
		_, first := h.waiting()
		h.run()
		if o := h.conversation(first).Offer; o == nil || o.Agent != h.lin.Agent {
			h.t.Fatalf("rings at %+v, want who is idle longest", o)
		}
		queued := h.conversation(first).QueuedAt
		h.clock.Turn(time.Duration(h.inbox.Settings.RingSeconds) * time.Second)
		h.run()
		c := h.conversation(first)
		if c.Offer == nil || c.Offer.Agent != h.zhao.Agent || !c.QueuedAt.Equal(queued) {
			h.t.Fatalf("after the ring: %+v, queued at %s", c.Offer, c.QueuedAt)
		}
		_, err := h.Accept(h.t.Context(), h.lin, first)
		h.code(err, "conversation.not_offered")
		_, err = h.Decline(h.t.Context(), h.zhao, first)
		h.must(err)
		h.run()
		if c := h.conversation(first); c.Offer != nil {
			h.t.Errorf("offered at once to who was just asked: %+v", c.Offer)
		}
		h.clock.Turn(2 * time.Minute)
		h.run()
		if c := h.conversation(first); c.Offer == nil {
			h.t.Error("nobody was asked again")
		}
	})
}

func TestWhoGetsNoWork(t *testing.T) {
	for _, c := range []struct {
		name    string
		prepare func(h *house)
	}{
		{"offline", func(h *house) { h.must(h.AgentConnected(h.t.Context(), h.lin.Agent)) }},
		{"busy", func(h *house) { h.online(h.lin); h.sit(agent.Busy, "") }},
		{"on a break", func(h *house) { h.online(h.lin); h.sit(agent.Break, "meal") }},
		{"console closed", func(h *house) { h.online(h.lin); h.must(h.AgentGone(h.t.Context(), h.lin.Agent)) }},
		{"full", func(h *house) {
			h.online(h.lin)
			for range 2 {
				_, i := h.waiting()
				h.run()
				_, err := h.Accept(h.t.Context(), h.lin, i)
				h.must(err)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(h *house) {
				c.prepare(h)
				_, i := h.waiting()
				h.run()
				if o := h.conversation(i).Offer; o != nil {
					h.t.Errorf("was offered work: %+v", o)
				}
			})
		})
	}
}

func (h *house) sit(s agent.State, reason string) {
	h.t.Helper()
	_, err := h.SetPresence(h.t.Context(), h.lin, s, reason)
	h.must(err)
}

func TestAnAgentWhoGoesAway(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		_, i := h.waiting()
		h.run()
		_, err := h.Accept(ctx, h.lin, i)
		h.must(err)

		h.must(h.AgentGone(ctx, h.lin.Agent))
		h.clock.Turn(desk.Grace - time.Second)
		h.must(h.AgentConnected(ctx, h.lin.Agent))
		h.clock.Turn(2 * time.Second)
		h.run()
		if c := h.conversation(i); c.State != conversation.Active {
			h.t.Fatalf("who came back in time lost the conversation: %s", c.State)
		}

		h.must(h.AgentGone(ctx, h.lin.Agent))
		h.clock.Turn(desk.Grace)
		_, later := h.waiting()
		h.run()
		c := h.conversation(i)
		if c.State != conversation.Queued || c.QueueReason != conversation.AgentLost {
			h.t.Fatalf("%s because %s", c.State, c.QueueReason)
		}
		seat, err := h.DB.Now().Seat(ctx, h.lin.Agent)
		h.must(err)
		if seat.Presence.State != agent.Offline {
			h.t.Errorf("the agent is %s", seat.Presence.State)
		}
		if !c.QueuedAt.Before(h.conversation(later).QueuedAt) {
			h.t.Error("who lost their agent stands behind a newcomer")
		}
	})
}

// Whoever says that they take work, a moment before their console is open
// again, is not sent away by the grace of the time before.
func TestAnAgentWhoComesBackInTheLastMoment(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		_, i := h.waiting()
		h.run()
		_, err := h.Accept(ctx, h.lin, i)
		h.must(err)

		h.must(h.AgentGone(ctx, h.lin.Agent))
		h.clock.Turn(desk.Grace - time.Second)
		h.sit(agent.Online, "")
		h.clock.Turn(2 * time.Second)
		h.run()
		h.must(h.AgentConnected(ctx, h.lin.Agent))
		seat, err := h.DB.Now().Seat(ctx, h.lin.Agent)
		h.must(err)
		if c := h.conversation(i); seat.Presence.State != agent.Online || c.State != conversation.Active {
			h.t.Fatalf("the agent is %s, the conversation %s", seat.Presence.State, c.State)
		}

		h.must(h.AgentGone(ctx, h.lin.Agent))
		h.clock.Turn(time.Second)
		h.sit(agent.Online, "")
		h.clock.Turn(desk.Grace)
		h.run()
		if c := h.conversation(i); c.State != conversation.Queued {
			h.t.Errorf("no console came, and the conversation is %s", c.State)
		}
	})
}

func TestARestartGivesBackWhatWasHeld(t *testing.T) {
	each(t, func(h *house) {
		h.online(h.lin)
		_, i := h.waiting()
		h.run()
		_, err := h.Accept(h.t.Context(), h.lin, i)
		h.must(err)
		h.must(h.Restart(h.t.Context()))
		h.clock.Turn(desk.Grace)
		h.run()
		if c := h.conversation(i); c.State != conversation.Queued {
			h.t.Errorf("after the restart it is %s", c.State)
		}
	})
}

func TestTransfer(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin, h.zhao)
		v, i := h.waiting()
		h.run()
		_, err := h.Accept(ctx, h.lin, i)
		h.must(err)
		_, err = h.Transfer(ctx, h.lin, i, desk.Handover{Agent: h.zhao.Agent})
		h.code(err, "transfer.note")
		_, err = h.Transfer(ctx, h.lin, i, desk.Handover{Note: "x"})
		h.code(err, "transfer.target")
		_, err = h.Transfer(ctx, h.zhao, i, desk.Handover{Agent: h.wang.Agent, Note: "x"})
		h.code(err, "conversation.taken")
		_, err = h.Transfer(ctx, h.lin, i, desk.Handover{Agent: h.wang.Agent, Note: "x"})
		h.code(err, "transfer.away")
		c, err := h.Transfer(ctx, h.lin, i, desk.Handover{Agent: h.zhao.Agent, Note: "客户在高速上"})
		h.must(err)
		if c.State != conversation.Queued || c.Offer == nil || c.Offer.Agent != h.zhao.Agent {
			h.t.Fatalf("%+v", c)
		}
		ns, unread, err := h.DB.Now().Notices(ctx, h.zhao.Agent, 10)
		if err != nil || len(ns) != 1 || unread != 1 || ns[0].Text != "客户在高速上" {
			h.t.Errorf("told %v, %v", ns, err)
		}
		_, err = h.Accept(ctx, h.zhao, i)
		h.must(err)
		ms, _, err := h.History(ctx, v, i, -1, 0, 0)
		h.must(err)
		for _, m := range ms {
			if m.Kind == conversation.Note {
				h.t.Errorf("the visitor sees the note %q", m.Text)
			}
		}
	})
}

// What the store compiles into its lists says the same as agent.Actor.Sees.
func TestListsShowWhatOneMaySee(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		teams := []agent.TeamID{agent.NewTeamID(h.Now()), agent.NewTeamID(h.Now())}
		for n := range 12 {
			_, i := h.waiting()
			c := h.conversation(i)
			if n%3 > 0 {
				c.Team = teams[n%3-1]
			}
			switch n % 4 {
			case 1:
				c.Agent, c.State, c.QueuedAt = h.lin.Agent, conversation.Active, time.Time{}
			case 2:
				c.Offer = &conversation.Offer{Agent: h.zhao.Agent, Until: h.Now()}
			case 3:
				c.Agent, c.State, c.QueuedAt = h.zhao.Agent, conversation.Closed, time.Time{}
			}
			if n%5 == 0 {
				c.Participants = []conversation.Participant{{Agent: h.lin.Agent, State: []conversation.Part{conversation.Invited, conversation.Joined, conversation.Left}[n/5]}}
			}
			h.must(h.DB.Update(ctx, func(tx *store.Tx) error { _, err := tx.SaveParticipants(ctx, c); return err }))
		}
		all, err := h.Conversations(ctx, h.wang, desk.ListQuery{View: store.All, Limit: 100})
		h.must(err)
		if len(all.Items) != 12 {
			h.t.Fatalf("a supervisor sees %d", len(all.Items))
		}
		for _, scope := range []agent.Scope{agent.ScopeOwn, agent.ScopeTeam, agent.ScopeAll} {
			for _, member := range [][]agent.TeamID{nil, teams[:1], teams} {
				by := h.lin
				by.Scope, by.Teams = scope, member
				shown := map[conversation.ID]bool{}
				for cursor := ""; ; {
					p, err := h.Conversations(ctx, by, desk.ListQuery{View: store.All, Limit: 5, Cursor: cursor})
					h.must(err)
					for _, c := range p.Items {
						if shown[c.ID] {
							h.t.Errorf("%d is shown twice", c.Number)
						}
						shown[c.ID] = true
					}
					if cursor = p.Next; cursor == "" {
						break
					}
				}
				hits, err := h.Search(ctx, by, desk.SearchQuery{Text: "刹车 异响", Newest: true, Limit: 100})
				h.must(err)
				found := map[conversation.ID]bool{}
				for _, hit := range hits.Items {
					found[hit.Conversation.ID] = true
				}
				for _, c := range all.Items {
					may := by.Sees(c.Sight())
					if shown[c.ID] != may || found[c.ID] != may {
						h.t.Errorf("%s of %d teams: %d shown %v, found %v, may be seen %v", scope, len(member), c.Number, shown[c.ID], found[c.ID], may)
					}
					_, err := h.Open(ctx, by, c.ID)
					if (err == nil) != may {
						h.t.Errorf("%s opens %d: %v", scope, c.Number, err)
					}
				}
			}
		}
		admin := agent.Actor{Agent: h.lin.Agent, Scope: agent.ScopeAll}
		_, err = h.Conversations(ctx, admin, desk.ListQuery{View: store.All})
		h.code(err, "permission.missing")
	})
}

func TestSearch(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		v := h.visitor()
		for _, s := range []string{
			"我想申请退款", "物流显示已签收但没收到", "退款退款退款！什么时候到账", "Where is my refund for order A100?", "Refunds are slow", "申請退款",
			strings.Repeat("这是一段很长的话，", 30) + "退款",
		} {
			h.write(v, s)
			h.clock.Turn(time.Second)
		}
		for _, c := range []struct {
			q      string
			newest bool
			want   int
			first  string
		}{
			{"退款", false, 4, "退款退款退款！什么时候到账"},
			{"退款", true, 4, strings.Repeat("这是一段很长的话，", 30) + "退款"},
			{"签收 物流", true, 1, "物流显示已签收但没收到"},
			{"refund", true, 2, "Refunds are slow"},
			{"order refund", true, 1, "Where is my refund for order A100?"},
			{"a100", true, 1, "Where is my refund for order A100?"},
			{"款", true, 4, ""},
			{"没有这个", true, 0, ""},
			{"申请退款", true, 2, "申請退款"},
			{`" OR 1`, true, 0, ""},
		} {
			p, err := h.Search(ctx, h.wang, desk.SearchQuery{Text: c.q, Newest: c.newest})
			h.must(err)
			if len(p.Items) != c.want || c.first != "" && p.Items[0].Message.Text != c.first {
				texts := make([]string, 0, len(p.Items))
				for _, i := range p.Items {
					texts = append(texts, i.Message.Text)
				}
				h.t.Errorf("%q newest %v: %d %q", c.q, c.newest, len(p.Items), texts)
			}
		}
		as, err := h.Search(ctx, h.wang, desk.SearchQuery{Text: "refund", Newest: true, Limit: 1})
		h.must(err)
		if len(as.Items) != 1 || as.Items[0].Message.Text != "Refunds are slow" || as.Next == "" {
			h.t.Errorf("a page that the word as typed does not fill: %+v", as)
		}
		one, err := h.Search(ctx, h.wang, desk.SearchQuery{Text: "退款", Newest: true, Limit: 3})
		h.must(err)
		two, err := h.Search(ctx, h.wang, desk.SearchQuery{Text: "退款", Newest: true, Limit: 3, Cursor: one.Next})
		h.must(err)
		if len(one.Items) != 3 || len(two.Items) != 1 || two.Items[0].Message.Text != "我想申请退款" {
			h.t.Errorf("pages of %d and %d", len(one.Items), len(two.Items))
		}
	})
}

func TestNobodyThere(t *testing.T) {
	each(t, func(h *house) {
		v := h.visitor()
		h.write(v, "有人吗")
		c, offline, err := h.AskHuman(h.t.Context(), v, "ask-00001")
		h.must(err)
		if !offline || c.State != conversation.Queued {
			h.t.Errorf("offline %v, %s", offline, c.State)
		}
		if got := h.seqs(c.ID); !strings.HasSuffix(got, "3 system offline") {
			h.t.Errorf("the visitor was told %s", got)
		}
		h.online(h.lin)
		if c := h.conversation(c.ID); c.Offer == nil {
			h.t.Error("what waited while nobody was there was forgotten")
		}
	})
}

func TestTheAssistantIsSilentOnceAPersonAnswers(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		v := h.visitor()
		r := h.write(v, "你好")
		says := desk.BotTurn{Record: turn.Record{Message: r.Message.ID}, Name: "小应", Says: []desk.BotLine{{Text: "您好"}}}
		said, err := h.BotDoes(ctx, r.Conversation.ID, says)
		if err != nil || !said {
			h.t.Fatal(said, err)
		}
		said, err = h.BotDoes(ctx, r.Conversation.ID, says)
		if err != nil || said {
			h.t.Errorf("a job done twice spoke twice: %v, %v", said, err)
		}
		next := h.write(v, "还在吗")
		_, err = h.Take(ctx, h.lin, r.Conversation.ID)
		h.must(err)
		says.Record.Message, says.HandOver = next.Message.ID, conversation.Missed
		said, err = h.BotDoes(ctx, r.Conversation.ID, says)
		if err != nil || said {
			h.t.Errorf("spoke over a person: %v, %v", said, err)
		}
		if c := h.conversation(r.Conversation.ID); c.State != conversation.Active {
			h.t.Errorf("handed over what a person has: %s", c.State)
		}
	})
}

func TestStrangersAndTheBlocked(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		v, i := h.waiting()
		other := h.visitor()
		_, err := h.View(ctx, other, i)
		h.code(err, "conversation.unknown")
		_, _, err = h.History(ctx, other, i, 0, 0, 0)
		h.code(err, "conversation.unknown")
		h.code(h.Read(ctx, other, i, 1, 1), "conversation.unknown")
		_, err = h.BlockContact(ctx, h.wang, v.Contact, true, "辱骂客服", time.Time{})
		h.must(err)
		_, err = h.Receive(ctx, channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, ClientID: "blocked-1", Text: "hi", At: h.Now()})
		h.code(err, "contact.blocked")
	})
}

// The news tells each change once, in order, and carries the thing itself.
func TestNews(t *testing.T) {
	each(t, func(h *house) {
		h.online(h.lin)
		_, i := h.waiting()
		h.run()
		_, err := h.Accept(h.t.Context(), h.lin, i)
		h.must(err)
		var got []string
		all := errors.New("heard to the end")
		err = h.DB.Follow(h.t.Context(), 0, func(es []event.Event) error {
			for _, e := range es {
				switch e.Kind {
				case event.MessageAdded:
					var m event.Message
					h.must(json.Unmarshal(e.Body, &m))
					got = append(got, fmt.Sprint("message ", m.Message.Seq, " ", m.Conversation.State))
				case event.ConversationChanged:
					var c event.Change
					h.must(json.Unmarshal(e.Body, &c))
					got = append(got, fmt.Sprint(c.What, " ", c.Conversation.State))
					if c.What == "accepted" {
						return all
					}
				default:
				}
			}
			return nil
		})
		if !errors.Is(err, all) {
			h.t.Fatal(err)
		}
		want := "message 1 bot; message 2 bot; message 3 queued; queued queued; offered queued; message 4 active; accepted active"
		if s := strings.Join(got, "; "); s != want {
			h.t.Errorf("told\n%s, want\n%s", s, want)
		}
	})
}

// A message in a conversation that an agent has costs six statements and one
// commit, which it shares (DESIGN §4). PostgreSQL takes a lock besides.
func TestWhatAMessageCosts(t *testing.T) {
	each(t, func(h *house) {
		h.online(h.lin)
		v, i := h.waiting()
		h.run()
		_, err := h.Accept(h.t.Context(), h.lin, i)
		h.must(err)
		n, err := h.Statements(h.t.Context(), channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, ClientID: "counted-1", Text: "在吗", At: h.Now()})
		h.must(err)
		most := 6
		if h.DB.Engine() == "postgres" {
			most++
		}
		if n > most {
			h.t.Errorf("took %d statements, want at most %d", n, most)
		}
	})
}

// Who came to the wrong place is told of the right one when it ends (R028); that
// they understood the answer is kept with the summary (R072).
func TestTheRightLineIsTold(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		v, i := h.waiting()
		h.run()
		_, err := h.Accept(ctx, h.lin, i)
		h.must(err)
		s := conversation.Summary{Category: "other", Result: "wrong_line", Understood: true}
		c, err := h.Close(ctx, h.lin, i, s)
		h.must(err)
		again, err := h.Close(ctx, h.lin, i, s)
		h.must(err)
		if c.Summary == nil || !c.Summary.Understood || again.LastSeq != c.LastSeq {
			h.t.Errorf("kept %+v, said until %d, then %d", c.Summary, c.LastSeq, again.LastSeq)
		}
		ms, _, err := h.History(ctx, v, i, -1, 0, 0)
		h.must(err)
		told := 0
		for _, m := range ms {
			if m.Event != nil && m.Event.Name == "redirected" && strings.Contains(m.Text, "销售热线") {
				told++
			}
		}
		if told != 1 {
			h.t.Errorf("told %d times of the right line", told)
		}
	})
}
