package desk_test

import (
	"slices"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/store/storetest"
)

// whyWaits are the codes of why a call waits, and how each who is online stands
// to it.
func (h *house) whyWaits(s channel.CallSight) (codes []string) {
	h.t.Helper()
	w, err := h.WhyOffered(h.t.Context(), h.wang, s.Conversation)
	h.must(err)
	if w.Waits == nil {
		h.t.Fatal("it does not wait")
	}
	for _, r := range w.Waits.Decision.Why {
		codes = append(codes, r.Code)
	}
	for _, a := range w.Waits.Agents {
		codes = append(codes, a.Why.Code)
	}
	return codes
}

// lastPresence is what the consoles heard of an agent last.
func (h *house) lastPresence(a agent.Actor) (p event.Presence) {
	h.t.Helper()
	for _, e := range slices.Backward(storetest.Events(h.t, h.DB, 0)) {
		if e.Kind == event.PresenceChanged && e.Agent == a.Agent {
			return h.presence(e)
		}
	}
	h.t.Fatal("the consoles heard nothing")
	return p
}

// Whose telephone is not connected is not offered calls, but chats; the call
// waits without a step in its record, and everybody sees why. It rings as soon
// as the telephone is connected.
func TestNoTelephoneNoCall(t *testing.T) {
	each(t, func(h *house) {
		h.hotline()
		h.online(h.lin)
		h.unplugs(h.lin)
		if p := h.lastPresence(h.lin); p.Phone {
			h.t.Errorf("the consoles heard %+v", p)
		}
		s := h.waitsIn(h.rung("13812345678"), "use")
		steps := len(h.sees(s).Call.Record.Steps)
		h.clock.Turn(time.Minute)
		h.must(h.Route(h.t.Context()))
		h.stood(s, conversation.Queued, call.Queued, 0, 0)
		if n := len(h.sees(s).Call.Record.Steps); n != steps {
			h.t.Errorf("%d steps more while nobody can be rung", n-steps)
		}
		if why := h.whyWaits(s); !slices.Contains(why, "route.count_mute") || !slices.Contains(why, "route.is_mute") {
			h.t.Errorf("it waits because of %v", why)
		}
		_, chat := h.waiting()
		h.run()
		h.rings(chat, h.lin)
		h.take(chat, h.lin)

		h.plugs(h.zhao) // who is not there
		h.stood(s, conversation.Queued, call.Queued, 0, 0)
		h.plugs(h.lin)
		if p := h.lastPresence(h.lin); !p.Phone {
			h.t.Errorf("the consoles heard %+v", p)
		}
		_, err := h.Close(h.t.Context(), h.lin, chat, conversation.Summary{Category: "business.fault", Result: "solved"})
		h.must(err)
		h.run()
		h.stood(s, conversation.Queued, call.Offered, h.lin.Agent, 0)
	})
}

// Who was offered a call that no telephone could ring with rests for a moment;
// the telephone that comes ends that.
func TestATelephoneEndsTheRest(t *testing.T) {
	each(t, func(h *house) {
		h.hotline()
		h.online(h.lin)
		s := h.waitsIn(h.rung("13812345678"), "use")
		h.stood(s, conversation.Queued, call.Offered, h.lin.Agent, 0)
		_, err := h.CallReturns(h.t.Context(), s.Call.ID, h.lin.Agent, channel.CallUnreachable)
		h.must(err)
		h.run()
		h.stood(s, conversation.Queued, call.Queued, 0, 0)
		h.clock.Turn(time.Second)
		h.unplugs(h.lin)
		h.plugs(h.lin)
		h.run()
		h.stood(s, conversation.Queued, call.Offered, h.lin.Agent, 0)
	})
}

// A SIP telephone rings for whom it belongs to, as long as it is registered.
func TestARegisteredTelephone(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.hotline()
		boss := h.admin(agent.ChannelManage)
		_, _, err := h.CreatePhone(ctx, boss, "8001", desk.PhoneChange{Agent: &h.lin.Agent})
		h.must(err)
		h.online(h.lin, h.zhao)
		h.unplugs(h.lin)
		h.unplugs(h.zhao)
		register := func(until time.Duration) {
			h.t.Helper()
			h.must(h.Telephones(ctx, "one", channel.Telephones{Registered: map[string]time.Time{"8001": h.Now().Add(until), "8009": h.Now().Add(until)}}))
			h.run()
		}
		over := func() {
			h.t.Helper()
			h.must(h.TelephonesOver(ctx))
			h.must(h.TelephonesOver(ctx))
			h.run()
		}
		register(time.Minute)
		since := h.seat(h.lin.Agent).PhoneSince
		if since.IsZero() {
			h.t.Fatal("it does not ring")
		}
		h.clock.Turn(50 * time.Second)
		register(time.Minute) // again
		if !h.seat(h.lin.Agent).PhoneSince.Equal(since) {
			h.t.Error("it is another telephone when it registers again")
		}
		h.clock.Turn(59 * time.Second)
		over()
		first := h.waitsIn(h.rung("13812345678"), "use")
		h.stood(first, conversation.Queued, call.Offered, h.lin.Agent, 0)
		h.clock.Turn(time.Second)
		over()
		if s := h.seat(h.lin.Agent); !s.PhoneSince.IsZero() {
			h.t.Error("it rings although its registration is over")
		}

		_, err = h.CallReturns(ctx, first.Call.ID, h.lin.Agent, channel.CallUnreachable)
		h.must(err)
		s := h.rung("13900000001")
		s = h.waitsIn(s, "use")
		h.stood(s, conversation.Queued, call.Queued, 0, 0)

		register(time.Minute)
		_, err = h.ChangePhone(ctx, boss, "8001", desk.PhoneChange{Agent: &h.zhao.Agent})
		h.must(err)
		if lin, zhao := h.seat(h.lin.Agent), h.seat(h.zhao.Agent); !lin.PhoneSince.IsZero() || zhao.PhoneSince.IsZero() {
			h.t.Error("it rings for whom it belonged to")
		}
		h.must(h.RemovePhone(ctx, boss, "8001"))
		if !h.seat(h.zhao.Agent).PhoneSince.IsZero() {
			h.t.Error("it rings although it was taken away")
		}
	})
}

// What a program had connected rings no more when it dies, and when it starts
// anew. What another has goes on.
func TestTelephonesOfAProgramThatDies(t *testing.T) {
	each(t, func(h *house) {
		h.hotline()
		one, two := h.node("one"), h.node("two")
		one.beats()
		two.beats()
		h.online(h.lin, h.zhao)
		h.unplugs(h.lin)
		h.unplugs(h.zhao)
		one.plugs(h.lin)
		one.plugs(h.zhao)
		two.plugs(h.zhao)
		h.clock.Turn(desk.NodeSilent + time.Second)
		two.beats()
		two.takes(1)
		if !h.seat(h.lin.Agent).PhoneSince.IsZero() || h.seat(h.zhao.Agent).PhoneSince.IsZero() {
			h.t.Error("a dead program's telephone rings, or one of a living program does not")
		}
		s := h.waitsIn(h.rung("13812345678"), "use")
		h.stood(s, conversation.Queued, call.Offered, h.zhao.Agent, 0)
		h.must(two.Restart(h.t.Context()))
		if !h.seat(h.zhao.Agent).PhoneSince.IsZero() {
			h.t.Error("a program that starts has telephones already")
		}
		one.plugs(h.lin) // it was only cut off, and says all that it has
		if h.seat(h.lin.Agent).PhoneSince.IsZero() || h.seat(h.zhao.Agent).PhoneSince.IsZero() {
			h.t.Error("what is still connected does not ring")
		}
	})
}

// A call is not handed by name to whom no telephone rings.
func TestNoCallByNameWithoutTelephone(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.hotline()
		h.online(h.lin)
		s := h.waitsIn(h.rung("13812345678"), "use")
		_, err := h.CallAnswered(ctx, s.Call.ID, h.lin.Agent)
		h.must(err)
		h.online(h.zhao)
		h.unplugs(h.zhao)
		to := desk.Handover{Agent: h.zhao.Agent, Note: "请帮忙看看"}
		_, err = h.Transfer(ctx, h.lin, s.Conversation, to)
		h.code(err, "transfer.no_phone")
		h.plugs(h.zhao)
		_, err = h.Transfer(ctx, h.lin, s.Conversation, to)
		h.must(err)
		h.stood(s, conversation.Queued, call.Offered, h.zhao.Agent, 0)
	})
}
