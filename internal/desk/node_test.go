package desk_test

import (
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/conversation"
	"yingda/internal/store"
)

// node is another program on the same database.
func (h *house) node(name string) *house {
	other := *h
	other.Desk = &desk.Desk{DB: h.DB, Node: name, Now: h.Now, CaseKey: h.CaseKey}
	return &other
}

func (h *house) seat(a agent.ID) store.Seat {
	h.t.Helper()
	s, err := h.DB.Now().Seat(h.t.Context(), a)
	h.must(err)
	return s
}

// beats lets a node say that it lives, and reports whether it was known.
func (h *house) beats() bool {
	h.t.Helper()
	known, err := h.Beat(h.t.Context())
	h.must(err)
	return known
}

// takes lets a node look for others that have died.
func (h *house) takes(want int) {
	h.t.Helper()
	if n, err := h.NodesLost(h.t.Context()); err != nil || n != want {
		h.t.Errorf("%d nodes are lost, want %d: %v", n, want, err)
	}
}

// A node that has been silent for long is dead: the others end its calls, at its
// last beat, and whoever had their console there is gone. What it had in common
// with others stays.
func TestANodeDies(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.hotline()
		one, two := h.node("one"), h.node("two") // rung calls at "one"
		if one.beats() || two.beats() || !one.beats() {
			h.t.Error("a node is known before its first beat, or not after it")
		}
		one.online(h.lin, h.zhao)
		h.must(two.AgentConnected(ctx, h.zhao.Agent))
		talks := h.waitsIn(h.rung("13812345678"), "use")
		had := talks.Rings
		_, err := one.CallAnswered(ctx, talks.Call.ID, had)
		h.must(err)
		h.clock.Turn(10 * time.Minute)
		one.beats()
		last := h.Now()
		h.clock.Turn(desk.NodeSilent)
		two.beats()
		two.takes(0)
		h.clock.Turn(time.Millisecond)
		two.takes(1)
		two.takes(0)
		h.stood(talks, conversation.WrapUp, call.WrappingUp, 0, had)
		r := h.sees(talks).Call.Record
		if r.Result != call.Lost || !r.Steps[len(r.Steps)-1].At.Equal(last) || r.Times(h.Now()).Talk != 10*time.Minute {
			h.t.Errorf("the record says %+v", r)
		}
		for who, here := range map[agent.ID]bool{h.lin.Agent: false, h.zhao.Agent: true} {
			if seat := h.seat(who); seat.Connected != here {
				h.t.Errorf("%v is here: %v", who, seat.Connected)
			}
		}
		if one.beats() {
			h.t.Error("it was not told that it had been taken for dead")
		}
	})
}

// A program dies while it rings at an agent: what the desk does with the call
// before anybody notices is not in its record, in which it ends at the last beat.
func TestANodeDiesWhileItRings(t *testing.T) {
	each(t, func(h *house) {
		h.hotline()
		one, two := h.node("one"), h.node("two")
		h.online(h.lin)
		rings := h.waitsIn(h.rung("13812345678"), "use")
		h.clock.Turn(time.Second)
		one.beats()
		last := h.Now()
		h.clock.Turn(desk.NodeSilent - time.Second)
		h.run()
		if s := h.sees(rings); s.Call.Record.State() != call.Queued {
			h.t.Fatalf("the offer was not taken back: %+v", s.Call.Record)
		}
		h.clock.Turn(2 * time.Second)
		two.takes(1)
		r := h.sees(rings).Call.Record
		steps := r.Steps[len(r.Steps)-2:]
		if r.Result != call.Lost || steps[0].State != call.Offered || !steps[1].At.Equal(last) {
			h.t.Errorf("the record says %+v", r)
		}
	})
}

// An agent is here as long as one console is open anywhere. A node that starts
// or stops says nothing of the consoles of others.
func TestConsolesAtTwoNodes(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		one, two := h.node("one"), h.node("two")
		one.beats()
		two.beats()
		h.must(one.AgentConnected(ctx, h.lin.Agent))
		h.must(two.AgentConnected(ctx, h.lin.Agent))
		h.must(one.AgentGone(ctx, h.lin.Agent))
		here := func(want bool, why string) {
			h.t.Helper()
			if h.seat(h.lin.Agent).Connected != want {
				h.t.Errorf("%s: connected is not %v", why, want)
			}
		}
		here(true, "a console is open at the other node")
		h.must(one.Restart(ctx))
		here(true, "the other node starts anew")
		h.must(two.Restart(ctx))
		here(false, "its own node starts anew")
		h.must(one.AgentConnected(ctx, h.lin.Agent))
		h.must(two.NodeLeaves(ctx))
		here(true, "the other node leaves")
		h.must(one.NodeLeaves(ctx))
		here(false, "its own node leaves")
	})
}

// What a program had recorded when it died is kept, with the time that it
// proves; also when others had ended the call before.
func TestARecordingIsFound(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.hotline()
		h.online(h.lin)
		found := call.Recorded{File: "calls/x.wav", SHA256: "0", Length: 90 * time.Second, Cut: call.CutStopped}
		first := h.waitsIn(h.rung("13812345678"), "use")
		h.must(h.CallNoticed(ctx, first.Call.ID))
		told := h.Now()
		h.clock.Turn(time.Hour)
		h.must(h.CallRecovered(ctx, first.Call.ID, found))
		h.must(h.CallRecovered(ctx, first.Call.ID, found))
		r := h.sees(first).Call.Record
		if r.Result != call.Lost || !r.EndedAt().Equal(told.Add(found.Length)) || r.Recording.File != found.File || r.Recording.Cut != call.CutStopped {
			h.t.Errorf("the record says %+v", r)
		}

		second := h.waitsIn(h.rung("13812345679"), "use")
		h.must(h.CallNoticed(ctx, second.Call.ID))
		_, err := h.CallsLost(ctx, "one")
		h.must(err)
		ended := h.sees(second).Call.Record.EndedAt()
		h.must(h.CallRecovered(ctx, second.Call.ID, found))
		if r := h.sees(second).Call.Record; !r.EndedAt().Equal(ended) || r.Recording.File != found.File || r.Recording.Notice == "" {
			h.t.Errorf("the record says %+v", r)
		}

		third := h.waitsIn(h.rung("13812345670"), "use") // nobody was told
		h.must(h.CallRecovered(ctx, third.Call.ID, found))
		if r := h.sees(third).Call.Record; r.Recording.File != "" || r.Recording.Cut != call.CutNoNotice {
			h.t.Errorf("without a notice there is %+v", r.Recording)
		}
	})
}

// A recording that ends early is told at once, to those who have to know, once;
// what could not be put away at the end is kept when it is found, as whole as it
// was.
func TestARecordingEndsEarly(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.hotline()
		notices := func(a agent.Actor) (n int) {
			all, _, err := h.Notices(ctx, a)
			h.must(err)
			for _, one := range all {
				if one.Kind == "call.recording_cut" {
					n++
				}
			}
			return n
		}
		var calls []channel.CallSight
		for _, number := range []string{"13812345678", "13812345679"} {
			s := h.waitsIn(h.rung(number), "use")
			h.must(h.CallNoticed(ctx, s.Call.ID))
			h.must(h.CallCut(ctx, s.Call.ID, call.CutDisk))
			h.must(h.CallCut(ctx, s.Call.ID, call.CutFailed))
			calls = append(calls, s)
		}
		if notices(h.wang) != 1 || notices(h.lin) != 0 {
			h.t.Errorf("the supervisor was told %d times, the agent %d", notices(h.wang), notices(h.lin))
		}
		s := h.sees(calls[0])
		if s.Call.Record.Recording.Cut != call.CutDisk || !s.Call.Record.State().Open() {
			h.t.Errorf("the record says %+v", s.Call.Record)
		}
		at := h.Now()
		h.clock.Turn(time.Minute)
		_, err := h.CallEnded(ctx, s.Call.ID, channel.CallEnd{At: at, Recording: call.Recorded{Cut: call.CutFailed}})
		h.must(err)
		found := call.Recorded{File: "calls/x.wav", SHA256: "0", Length: 5 * time.Second, Cut: call.CutStopped}
		h.must(h.CallRecovered(ctx, s.Call.ID, found))
		r := h.sees(s).Call.Record
		if r.Recording.File != found.File || r.Recording.Cut != "" || !r.EndedAt().Equal(at) {
			h.t.Errorf("the record says %+v", r)
		}
	})
}
