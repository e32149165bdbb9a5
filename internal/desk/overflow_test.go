package desk_test

import (
	"slices"
	"testing"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/routing"
)

// reads returns what a contact reads of what happened, in order.
func (h *house) reads(v contact.Visitor, i conversation.ID) (names []string, last conversation.Message) {
	h.t.Helper()
	ms, _, err := h.History(h.t.Context(), v, i, -1, 0, 0)
	h.must(err)
	for _, m := range ms {
		if m.Event != nil {
			names, last = append(names, m.Event.Name), m
		}
	}
	return names, last
}

// Who waits for long is told of other ways, once, and keeps the place; who was
// answered by then is not.
func TestWhoWaitsLongIsTold(t *testing.T) {
	each(t, func(h *house) {
		h.online(h.lin)
		h.sit(agent.Busy, "")
		v, i := h.waiting()
		was := h.conversation(i)
		other, j := h.waiting()
		_, err := h.Take(h.t.Context(), h.lin, j)
		h.must(err)
		h.clock.Turn(5 * time.Minute)
		h.run()
		h.clock.Turn(10 * time.Minute)
		h.run()
		names, last := h.reads(v, i)
		if want := []string{"human.requested", "queued", "wait.long"}; !slices.Equal(names, want) || last.Text == "" || last.From != conversation.FromSystem {
			h.t.Errorf("told %v, last %q", names, last.Text)
		}
		if c := h.conversation(i); !c.RankAt.Equal(was.RankAt) || c.State != conversation.Queued {
			h.t.Errorf("it is %s, its place %s, before %s", c.State, c.RankAt, was.RankAt)
		}
		if names, _ := h.reads(other, j); slices.Contains(names, "wait.long") {
			h.t.Error("who is answered is told to wait")
		}
	})
}

// Who was answered and handed on has not waited all the while: they are told
// when the second wait is long.
func TestWhoIsHandedOnHasNotWaitedLong(t *testing.T) {
	each(t, func(h *house) {
		h.online(h.lin)
		h.sit(agent.Busy, "")
		v, i := h.waiting()
		const long = 300 * time.Second
		team := h.team("技师", h.lin)
		h.lin.Teams = []agent.TeamID{team}
		h.rules(func(r *routing.Rules) { r.Overflow.After = int(long.Seconds()) })
		handOn := func() {
			_, err := h.Take(h.t.Context(), h.lin, i)
			h.must(err)
			h.clock.Turn(2 * long / 3)
			_, err = h.Transfer(h.t.Context(), h.lin, i, desk.Handover{Team: team, Note: "请接手"})
			h.must(err)
			h.run()
		}
		told := func() bool {
			h.run()
			names, _ := h.reads(v, i)
			return slices.Contains(names, "wait.long")
		}
		handOn()
		handOn()
		if told() {
			h.t.Error("who was just handed on is told that they wait long")
		}
		if h.clock.Turn(2 * long / 3); told() {
			h.t.Error("what the first wait left is said of the second")
		}
		if h.clock.Turn(long / 2); !told() {
			h.t.Error("the second wait is long, and they are not told")
		}
	})
}

// However many wait.
func TestAllOfALongQueueAreTold(t *testing.T) {
	each(t, func(h *house) {
		h.online(h.lin)
		h.sit(agent.Busy, "")
		var last contact.Visitor
		var i conversation.ID
		for range 120 {
			last, i = h.waiting()
		}
		h.sit(agent.Offline, "")
		h.run()
		if names, _ := h.reads(last, i); !slices.Contains(names, "unstaffed") {
			h.t.Errorf("the last of them is told %v", names)
		}
	})
}

func TestWhoComesToALongLineIsTold(t *testing.T) {
	each(t, func(h *house) {
		h.rules(func(r *routing.Rules) { r.Overflow = routing.Overflow{Length: 2} })
		h.online(h.lin)
		h.sit(agent.Busy, "")
		for n := range 3 {
			v, i := h.waiting()
			names, _ := h.reads(v, i)
			if long := slices.Contains(names, "wait.long"); long != (n == 2) {
				h.t.Errorf("number %d is told %v", n+1, names)
			}
		}
	})
}

// All agents leave: those who wait are told that nobody is there, once; a
// console that is closed for a moment changes nothing.
func TestAllAgentsLeave(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin, h.zhao)
		h.sit(agent.Busy, "")
		_, err := h.SetPresence(ctx, h.zhao, agent.Busy, "")
		h.must(err)
		v, i := h.waiting()
		h.run()
		_, err = h.SetPresence(ctx, h.zhao, agent.Offline, "")
		h.must(err)
		h.run()
		h.must(h.AgentGone(ctx, h.lin.Agent))
		h.clock.Turn(desk.Grace / 2)
		h.waiting() // lets the queue be looked at
		h.run()
		if names, _ := h.reads(v, i); slices.Contains(names, "unstaffed") {
			h.t.Fatalf("one is there still, and they are told %v", names)
		}
		h.clock.Turn(desk.Grace)
		h.run()
		names, last := h.reads(v, i)
		if names[len(names)-1] != "unstaffed" || last.Text == "" {
			h.t.Errorf("nobody is there, and they are told %v", names)
		}
		h.clock.Turn(time.Hour)
		h.run()
		if again, _ := h.reads(v, i); len(again) != len(names) {
			h.t.Errorf("told %v", again)
		}
		h.online(h.zhao)
		h.rings(i, h.zhao)
	})
}
