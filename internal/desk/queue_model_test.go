package desk_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/routing"
	"yingda/internal/job"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Customers come, wait, give up, are answered and leave; agents come, take,
// decline, ring out and vanish; the program is stopped and started again. After
// each step the queue is what a simple one would be: nobody is lost, nobody
// has two agents, the order is that of the scores, and nobody who may answer is
// idle while somebody waits.
func TestTheQueueAsAModel(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.rules(func(r *routing.Rules) { r.StickyDays, r.ResumeMinutes, r.MissedToPause = 0, 0, 0 })
		n := 0
		rapid.Check(h.t, func(rt *rapid.T) {
			m := &queueModel{house: h, rt: rt, run: n, came: map[conversation.ID]arrival{}}
			n++
			defer m.clear()
			for range rapid.IntRange(5, 30).Draw(rt, "steps") {
				m.step()
				m.compare()
			}
		})
	})
}

// arrival is all that the simple queue knows of a customer.
type arrival struct {
	visitor  contact.Visitor
	priority int
	since    time.Time
	state    conversation.State
	agent    agent.ID
}

type queueModel struct {
	*house
	rt   *rapid.T
	run  int
	n    int
	came map[conversation.ID]arrival
}

func (m *queueModel) must(err error) {
	if err != nil {
		m.rt.Fatal(err)
	}
}

func (m *queueModel) agents() []agent.Actor { return []agent.Actor{m.lin, m.zhao, m.wang} }

func (m *queueModel) anyone() agent.Actor { return rapid.SampledFrom(m.agents()).Draw(m.rt, "agent") }

func (m *queueModel) step() {
	ctx := m.t.Context()
	m.clock.Turn(time.Duration(rapid.IntRange(1, 8).Draw(m.rt, "seconds")) * time.Second)
	m.work() // what fell due meanwhile
	switch rapid.SampledFrom([]string{"come", "come", "come", "sit", "sit", "accept", "accept", "decline", "close", "leave", "vanish", "return", "crash", "wait"}).Draw(m.rt, "what") {
	case "come":
		m.arrive(rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(m.rt, "priority"))
	case "sit":
		a := m.anyone()
		m.must(m.AgentConnected(ctx, a.Agent))
		_, err := m.SetPresence(ctx, a, rapid.SampledFrom([]agent.State{agent.Online, agent.Online, agent.Busy, agent.Offline}).Draw(m.rt, "state"), "")
		m.must(err)
	case "accept":
		if i, c, ok := m.pick(func(c conversation.Conversation) bool { return c.Offer != nil }); ok {
			_, err := m.Accept(ctx, m.actor(c.Offer.Agent), i)
			m.must(err)
			a := m.came[i]
			a.state, a.agent = conversation.Active, c.Offer.Agent
			m.came[i] = a
		}
	case "decline":
		if i, c, ok := m.pick(func(c conversation.Conversation) bool { return c.Offer != nil }); ok {
			_, err := m.Decline(ctx, m.actor(c.Offer.Agent), i)
			m.must(err)
		}
	case "close":
		if i, c, ok := m.pick(func(c conversation.Conversation) bool { return c.State == conversation.Active }); ok {
			_, err := m.Close(ctx, m.actor(c.Agent), i, conversation.Summary{Category: "business.fault", Result: "solved"})
			m.must(err)
			delete(m.came, i)
		}
	case "leave":
		if i, _, ok := m.pick(func(c conversation.Conversation) bool { return c.State == conversation.Queued }); ok {
			_, err := m.End(ctx, m.came[i].visitor)
			m.must(err)
			delete(m.came, i)
		}
	case "vanish":
		m.must(m.AgentGone(ctx, m.anyone().Agent))
	case "return":
		m.must(m.AgentConnected(ctx, m.anyone().Agent))
	case "crash":
		before := m.waitingNow()
		m.restart()
		if after := m.waitingNow(); !slices.Equal(before, after) {
			m.rt.Fatalf("the queue was %v, and is %v after a crash", before, after)
		}
	case "wait":
		m.clock.Turn(time.Duration(rapid.IntRange(10, 90).Draw(m.rt, "longer")) * time.Second)
	}
	m.work()
}

// restart is the program stopped and started again: nothing but the database
// is left of it.
func (m *queueModel) restart() {
	m.Desk = &desk.Desk{DB: m.DB, Now: m.clock.Now, CaseKey: m.CaseKey, Assistant: m.Assistant}
	m.jobs = &job.Worker{DB: m.DB, Now: m.clock.Now}
	for _, k := range m.Jobs() {
		m.jobs.Handle(twice(k))
	}
	m.jobs.Handle(job.Kind{Name: desk.AssistJob, Do: nothing})
	m.must(m.Restart(m.t.Context()))
}

// work does the jobs that are due, and notes which conversations lost their
// agent.
func (m *queueModel) work() {
	_, err := m.jobs.RunDue(m.t.Context())
	m.must(err)
	var failed int
	m.must(m.DB.Now().Number(m.t.Context(), &failed, `SELECT COUNT(*) FROM jobs WHERE last_error <> ''`))
	if failed > 0 {
		m.rt.Fatalf("%d jobs failed", failed)
	}
	for i, a := range m.came {
		if c := m.conversation(i); a.state == conversation.Active && c.State == conversation.Queued {
			seat, err := m.DB.Now().Seat(m.t.Context(), a.agent)
			m.must(err)
			if seat.Connected || seat.Presence.State != agent.Offline {
				m.rt.Fatalf("conversation %d was taken from an agent who is there", c.Number)
			}
			a.state, a.agent, a.since = conversation.Queued, 0, c.StartedAt
			m.came[i] = a
		}
	}
}

func (m *queueModel) arrive(priority int) {
	ctx := m.t.Context()
	v := m.visitor()
	m.n++
	_, _, err := m.AskHuman(ctx, v, fmt.Sprintf("ask-%04d-%04d", m.run, m.n))
	m.must(err)
	c, open, err := m.Current(ctx, v)
	m.must(err)
	if !open {
		m.rt.Fatal("who asked for a person has no conversation")
	}
	if c.Agent.IsZero() && priority != 0 {
		m.must(m.DB.Update(ctx, func(tx *store.Tx) error {
			_, err := tx.SaveConversation(ctx, c.Prioritised(priority, routing.DefaultRules()))
			return err
		}))
	}
	m.came[c.ID] = arrival{visitor: v, priority: priority, since: c.QueuedAt, state: conversation.Queued}
}

func (m *queueModel) actor(i agent.ID) agent.Actor {
	for _, a := range m.agents() {
		if a.Agent == i {
			return a
		}
	}
	m.rt.Fatalf("there is no agent %s", i)
	return agent.Actor{}
}

func (m *queueModel) pick(fits func(conversation.Conversation) bool) (conversation.ID, conversation.Conversation, bool) {
	var all []conversation.Conversation
	for i := range m.came {
		if c := m.conversation(i); fits(c) {
			all = append(all, c)
		}
	}
	if len(all) == 0 {
		return 0, conversation.Conversation{}, false
	}
	slices.SortFunc(all, func(a, b conversation.Conversation) int { return cmp.Compare(a.ID, b.ID) })
	c := rapid.SampledFrom(all).Draw(m.rt, "which")
	return c.ID, c, true
}

// waitingNow is the queue in the order in which it is served, ringing or not.
func (m *queueModel) waitingNow() (ids []conversation.ID) {
	p, err := m.Conversations(m.t.Context(), m.wang, desk.ListQuery{View: store.QueueView, Limit: 100})
	m.must(err)
	for _, c := range p.Items {
		ids = append(ids, c.ID)
	}
	return ids
}

// score is that of domain reference §4.5, reckoned by hand.
func (m *queueModel) score(i conversation.ID) float64 {
	a := m.came[i]
	return map[int]float64{0: 0, 1: 10, 2: 100_000}[a.priority] + m.Now().Sub(a.since).Minutes()
}

func (m *queueModel) compare() {
	ctx := m.t.Context()
	load := map[agent.ID]int{}
	resting := map[conversation.ID][]agent.ID{}
	for i, a := range m.came {
		c := m.conversation(i)
		if c.State != a.state || c.Agent != a.agent {
			m.rt.Fatalf("conversation %d is %s at %s, and should be %s at %s", c.Number, c.State, c.Agent, a.state, a.agent)
		}
		switch {
		case c.Offer != nil:
			load[c.Offer.Agent]++
		case c.State == conversation.Active:
			load[c.Agent]++
		}
		offers, err := m.DB.Now().OffersOf(ctx, i)
		m.must(err)
		ringing := 0
		for _, o := range offers {
			if o.Outcome == "" {
				ringing++
			}
			if (o.Outcome == "missed" || o.Outcome == "declined") && m.Now().Sub(o.EndedAt) < time.Minute {
				resting[i] = append(resting[i], o.Agent)
			}
		}
		if ringing > 1 || (ringing == 1) != (c.Offer != nil) {
			m.rt.Fatalf("conversation %d rings %d times, its offer is %+v", c.Number, ringing, c.Offer)
		}
	}
	queue := m.waitingNow()
	byHand := slices.Clone(queue)
	slices.SortStableFunc(byHand, func(a, b conversation.ID) int {
		return cmp.Or(cmp.Compare(m.score(b), m.score(a)), cmp.Compare(a, b))
	})
	if !slices.Equal(queue, byHand) {
		m.rt.Fatalf("the queue is %v, by the scores %v", queue, byHand)
	}
	waits := 0
	for _, a := range m.came {
		if a.state == conversation.Queued {
			waits++
		}
	}
	if waits != len(queue) {
		m.rt.Fatalf("%d wait, %d are in the queue", waits, len(queue))
	}
	for _, a := range m.agents() {
		seat, err := m.DB.Now().Seat(ctx, a.Agent)
		m.must(err)
		if load[a.Agent] > seat.Capacity {
			m.rt.Fatalf("%s has %d of %d", a.Name, load[a.Agent], seat.Capacity)
		}
		if seat.Presence.State != agent.Online || !seat.Connected || load[a.Agent] == seat.Capacity {
			continue
		}
		for _, i := range queue {
			if c := m.conversation(i); c.Offer == nil && !slices.Contains(resting[i], a.Agent) {
				m.rt.Fatalf("conversation %d waits, and %s has %d of %d", c.Number, a.Name, load[a.Agent], seat.Capacity)
			}
		}
	}
	m.inOrder(queue, resting)
}

// inOrder checks what was offered just now: nobody before it in the queue was
// passed over whom that agent might have had.
func (m *queueModel) inOrder(queue []conversation.ID, resting map[conversation.ID][]agent.ID) {
	for at, i := range queue {
		offers, err := m.DB.Now().OffersOf(m.t.Context(), i)
		m.must(err)
		if len(offers) == 0 || offers[0].Outcome != "" || !offers[0].At.Equal(m.Now()) {
			continue
		}
		for _, before := range queue[:at] {
			c := m.conversation(before)
			past, err := m.DB.Now().OffersOf(m.t.Context(), before)
			m.must(err)
			moved := c.StartedAt.Equal(m.Now()) || len(past) > 0 && past[0].EndedAt.Equal(m.Now())
			if c.Offer == nil && !moved && !slices.Contains(resting[before], offers[0].Agent) {
				m.rt.Fatalf("conversation %d was passed over by %s for %s", c.Number, offers[0].Name, i)
			}
		}
	}
}

// clear ends all that this run began, so that the next one begins with an
// empty queue.
func (m *queueModel) clear() {
	ctx := m.t.Context()
	for i, a := range m.came {
		if _, err := m.End(ctx, a.visitor); err != nil && fault.KindOf(err) != fault.NotFound {
			m.t.Fatal(err)
		}
		if c := m.conversation(i); c.State == conversation.WrapUp {
			_, err := m.Close(ctx, m.wang, i, conversation.Summary{Category: "business.fault", Result: "solved"})
			m.house.must(err)
		}
	}
	for _, a := range m.agents() {
		_, err := m.SetPresence(ctx, a, agent.Offline, "")
		m.house.must(err)
	}
	m.clock.Turn(3 * time.Minute)
	_, err := m.jobs.RunDue(ctx)
	m.house.must(err)
}

func nothing(context.Context, json.RawMessage) error { return nil }
