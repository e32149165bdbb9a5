package hotline_test

import (
	"slices"
	"strings"
	"testing"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/store"
)

// A supervisor takes over a call that an agent has made: no menu has the
// customer.
func TestTakesOverACallThatWasMade(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin, h.wang)
		customer := h.outside()
		var err error
		h.last, err = h.Dial(ctx, h.lin, "13812345678")
		h.must(err)
		h.wait("the customer", customer.came)
		h.state(call.Talking)
		h.must(h.TakeOver(ctx, h.wang, h.last))
		h.hears(customer.ear, "1", h.at(h.wang).ear)
		if s := h.state(call.Talking); s.Agent != h.wang.Agent {
			h.t.Errorf("it is with %v", s.Agent)
		}
		customer.Hangup()
		h.state(call.WrappingUp)
	})
}

// Nobody takes over, or presses keys towards, who has not answered yet.
func TestACallThatStillRings(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin, h.wang)
		customer := h.outside()
		customer.rings = true
		var err error
		h.last, err = h.Dial(ctx, h.lin, "13812345678")
		h.must(err)
		h.wait("the customer", customer.came)
		h.code(h.TakeOver(ctx, h.wang, h.last), "call.no_customer")
		h.code(h.Supervise(ctx, h.wang, h.last, channel.Listening), "call.no_customer")
		h.code(h.Keys(ctx, h.lin, h.last, "1"), "call.no_customer")
		if s := h.sees(); s.Call.Record.State() != call.Ringing {
			h.t.Errorf("it stands as %+v", s.Call.Record.Steps)
		}
		h.must(h.Hangup(ctx, h.lin, h.last))
		customer.gone()
	})
}

// An agent calls by a SIP telephone that still rings: there is no customer's line
// yet.
func TestTheAgentsOwnTelephoneStillRings(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		own := h.phone(h.door, "8001", "one", h.lin)
		own.rings = true
		h.present(h.lin)
		h.consoles.connect(h, h.wang.Agent)
		var err error
		h.last, err = h.Dial(ctx, h.lin, "13812345678")
		h.must(err)
		h.wait("the telephone", own.came)
		h.code(h.Keys(ctx, h.lin, h.last, "1"), "call.no_customer")
		h.code(h.TakeOver(ctx, h.wang, h.last), "call.no_customer")
		h.must(h.Hangup(ctx, h.lin, h.last))
		own.gone()
	})
}

// A customer who is held while a supervisor hears the call hears music, and
// nothing of what agent and supervisor say; a consultation stays between two.
func TestHeldWhileSupervised(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		c, i := h.talks("13812345678", h.lin)
		h.consoles.connect(h, h.wang.Agent)
		h.consoles.connect(h, h.zhao.Agent)
		lin, wang, zhao := h.at(h.lin).ear, h.at(h.wang).ear, h.at(h.zhao).ear
		h.must(h.Supervise(ctx, h.wang, i, channel.Listening))
		h.hears(wang, "1", c.ear)
		h.must(h.Hold(ctx, h.lin, i))
		h.hears(wang, "2", lin)
		h.wait("music", func() bool { return strings.Contains(c.heard(), "C") })
		if said := c.heard(); strings.Contains(said, "2") {
			h.t.Errorf("who is held has heard %q", said)
		}
		said := strings.Count(lin.heard(), "3")
		c.says("3")
		h.hears(wang, "4", lin)
		if strings.Count(lin.heard(), "3") > said || strings.Contains(wang.heard(), "3") {
			h.t.Errorf("who is held is heard: %q, %q", lin.heard(), wang.heard())
		}
		h.must(h.Resume(ctx, h.lin, i))
		h.hears(c.ear, "5", lin)
		h.hears(wang, "6", c.ear)

		h.must(h.Consult(ctx, h.lin, i, channel.Whom{Agent: h.zhao.Agent}))
		h.must(h.Answer(ctx, h.zhao, i))
		h.hears(zhao, "7", lin)
		h.hears(lin, "8", zhao)
		if s, _ := h.Line(ctx, i); len(s.Others) > 0 {
			h.must(h.Hangup(ctx, h.wang, i))
		}
		h.hears(zhao, "9", lin)
		if said := c.heard(); strings.ContainsAny(said, "789") {
			h.t.Errorf("the customer has heard of what was asked: %q", said)
		}
		h.must(h.Return(ctx, h.lin, i))
		h.hears(c.ear, "A", lin)
	})
}

// Who leaves while the customer is held, or while they ask somebody, has left: the
// customer is asked how it was.
func TestTheAgentLeavesWhileTheCustomerIsHeld(t *testing.T) {
	t.Parallel()
	for _, how := range []call.State{call.Held, call.Consulting} {
		t.Run(string(how), func(t *testing.T) {
			t.Parallel()
			each(t, func(h *house) {
				ctx := h.t.Context()
				h.online(h.lin)
				c, i := h.talks("13812345678", h.lin)
				if how == call.Held {
					h.must(h.Hold(ctx, h.lin, i))
				} else {
					h.consoles.connect(h, h.zhao.Agent)
					h.must(h.Consult(ctx, h.lin, i, channel.Whom{Agent: h.zhao.Agent}))
					h.must(h.Answer(ctx, h.zhao, i))
				}
				h.must(h.Hangup(ctx, h.lin, i))
				h.state(call.Surveying)
				c.Hangup()
				if s := h.state(call.WrappingUp); s.Call.Record.Result != call.Completed {
					h.t.Errorf("it ends as %+v", s.Call.Record)
				}
			})
		})
	}
}

// A pause of the recording is the agent's who asked for it: with the next one it
// is over.
func TestAPauseEndsWithItsAgent(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		_, i := h.talks("13812345678", h.lin)
		h.must(h.PauseRecording(ctx, h.lin, i, true))
		if s, _ := h.Line(ctx, i); !s.Paused {
			h.t.Fatal("it is not paused")
		}
		h.online(h.zhao)
		h.unplug(h.lin)
		h.wait("the other to be rung", func() bool { return h.sees().Rings == h.zhao.Agent })
		h.must(h.Answer(ctx, h.zhao, i))
		if s, _ := h.Line(ctx, i); s.Paused {
			h.t.Error("nobody records what the next agent says")
		}
	})
}

// Whose telephone was cut off a moment ago has missed nothing: others are rung, they are
// told, and are rung as soon as it is connected.
func TestNoTelephoneIsNotAMissedCall(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.fall(h.lin)
		h.present(h.lin)
		for range 3 {
			c := h.calls("13812345678")
			h.last = 0
			h.sees()
			c.press("1")
			h.wait("the call to come back", func() bool {
				offered := false
				for _, s := range h.sees().Call.Record.Steps {
					offered = offered || s.Act == call.Offer
				}
				return offered && h.sees().Rings.IsZero()
			})
			c.Hangup()
			h.wait("the end", func() bool { return len(h.open()) == 0 })
		}
		var p agent.Presence
		h.must(h.desk.DB.View(ctx, func(tx *store.Tx) error {
			seat, err := tx.Seat(ctx, h.lin.Agent)
			p = seat.Presence
			return err
		}))
		if p.State != agent.Online {
			h.t.Errorf("who could not be rung is on %s: %s", p.State, p.Reason)
		}
		told, _, err := h.desk.Notices(ctx, h.lin)
		h.must(err)
		if n := slices.IndexFunc(told, func(n event.Notice) bool { return n.Kind == "call.unreachable" }); n < 0 {
			h.t.Errorf("nobody told them: %+v", told)
		}
	})
}

// An agent who calls somebody is not offered another call meanwhile.
func TestNoCallForWhoCalls(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		customer := h.outside()
		customer.rings = true
		made, err := h.Dial(ctx, h.lin, "13812345679")
		h.must(err)
		h.wait("the customer", customer.came)
		c := h.calls("13812345678")
		h.wait("the other call", func() bool { return len(h.open()) == 2 })
		h.last = h.open()[1]
		c.press("1")
		h.state(call.Queued)
		h.online(h.zhao)
		h.wait("the other to be rung", func() bool { return h.sees().Rings == h.zhao.Agent })
		for _, s := range h.sees().Call.Record.Steps {
			if s.State == call.Offered && s.Agent != h.zhao.Agent.String() {
				h.t.Errorf("it rang at who calls: %+v", h.sees().Call.Record.Steps)
			}
		}
		h.must(h.Answer(ctx, h.zhao, h.last))
		s := h.state(call.Talking)
		_, err = h.desk.Transfer(ctx, h.zhao, s.Conversation, desk.Handover{Agent: h.lin.Agent, Note: "x"})
		h.code(err, "transfer.on_call")
		customer.Answer()
		h.last = made
		h.state(call.Talking)
	})
}

// A mistake of the program ends the call in which it is made, and no other.
func TestAMistakeEndsOneCall(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.online(h.lin)
		c, first := h.talks("13812345678", h.lin)
		other := h.calls("13812345679")
		h.wait("the other call", func() bool { return len(h.open()) == 2 })
		h.last = h.open()[1]
		h.prompts.broken.Store(true)
		other.press("1")
		other.gone()
		h.wait("its end", func() bool { return !h.sees().Call.Record.State().Open() })
		if got := h.sees().Call.Record.Result; got != call.Failed {
			h.t.Errorf("it ends as %s", got)
		}
		h.hears(h.at(h.lin).ear, "1", c.ear)
		h.prompts.broken.Store(false)
		c.Hangup()
		h.last = first
		h.state(call.WrappingUp)
	})
}

// Who has a call at their ear answers it before they call somebody.
func TestNobodyCallsWhileACallRings(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		c := h.calls("13812345678")
		c.press("1")
		i := h.state(call.Offered).Call.ID
		_, err := h.Dial(ctx, h.lin, "13812345679")
		h.code(err, "call.rings")
		h.must(h.Answer(ctx, h.lin, i))
		h.hears(h.at(h.lin).ear, "1", c.ear)
	})
}

// A call back that could not even begin is tried again, and not forgotten.
func TestACallBackThatCouldNotBegin(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		c := h.calls("13812345678")
		c.press("1")
		h.state(call.Queued)
		c.press("*")
		c.gone()
		h.state(call.Ended)
		h.online(h.lin)
		var due []call.Back
		h.wait("its turn", func() bool {
			var err error
			due, err = h.desk.CallbacksDue(ctx, 10)
			h.must(err)
			return len(due) == 1
		})
		h.noCallback.Store(true)
		h.CallBackNow(ctx)
		h.wait("the call back to be given back", func() bool {
			var b call.Back
			h.must(h.desk.DB.View(ctx, func(tx *store.Tx) (err error) {
				b, err = tx.Callback(ctx, due[0].ID)
				return err
			}))
			return b.State == call.BackWaiting && b.Attempts == 1
		})
	})
}

// Who hangs up as the agent answers is either with them or gone: the call ends
// once, and the agent is free.
func TestHangsUpAsTheAgentAnswers(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		for n := range 6 {
			h.last = 0
			c := h.calls("13812345678")
			h.sees()
			c.press("1")
			i := h.state(call.Offered).Call.ID
			if n%2 == 0 {
				c.Hangup()
			} else {
				go c.Hangup()
			}
			answered := h.Answer(ctx, h.lin, i) == nil
			h.wait("the end", func() bool { return !h.sees().Call.Record.State().Open() })
			s := h.sees()
			want := map[bool]call.Reason{true: call.Completed, false: call.Abandoned}[s.Call.Record.Served()]
			if s.Call.Record.Result != want || answered && !s.Call.Record.Served() {
				h.t.Errorf("answered %t: the record is %+v", answered, s.Call.Record)
			}
			if s.State == conversation.WrapUp {
				_, err := h.desk.Close(ctx, h.lin, s.Conversation, conversation.Summary{Category: "business.recall", Result: "solved"})
				h.must(err)
			}
		}
	})
}

// Answering twice is answering once: by two windows, or two fingers.
func TestAnswersTwice(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		c, i := h.talks("13812345678", h.lin)
		h.must(h.Answer(ctx, h.lin, i))
		h.hears(h.at(h.lin).ear, "1", c.ear)
		h.must(h.Hold(ctx, h.lin, i))
		h.must(h.Answer(ctx, h.lin, i))
		h.state(call.Held)
		before := len(c.heard())
		h.wait("music", func() bool { return strings.Contains(c.heard()[before:], "C") })
		h.must(h.Resume(ctx, h.lin, i))
		h.hears(c.ear, "2", h.at(h.lin).ear)
		c.Hangup()
		if s := h.state(call.WrappingUp); len(s.Call.Record.Steps) != 8 {
			h.t.Errorf("the record has the steps %+v", s.Call.Record.Steps)
		}
	})
}

// Who speaks to somebody takes no second call with the same telephone; and nobody
// takes a call that neither rings at them nor asks them.
func TestOneTelephoneOneCall(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.zhao)
		c, i := h.talks("13812345678", h.zhao)
		h.online(h.lin)
		customer := h.outside()
		made, err := h.Dial(ctx, h.lin, "13812345679")
		h.must(err)
		h.wait("who is called", customer.came)
		h.last = made
		h.state(call.Talking)
		h.hears(customer.ear, "1", h.at(h.lin).ear)
		h.outside() // who is asked is somebody else
		h.must(h.Consult(ctx, h.zhao, i, channel.Whom{Number: "13800000009"}))
		h.code(h.Answer(ctx, h.lin, i), "call.engaged")
		h.hears(customer.ear, "2", h.at(h.lin).ear)
		h.consoles.connect(h, h.wang.Agent)
		h.code(h.Answer(ctx, h.wang, i), "call.not_offered")
		c.Hangup()
	})
}

// Nobody is reached, and who asked goes back to the customer before the busy tone
// is over.
func TestReturnsFromNobody(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		h.consoles.connect(h, h.zhao.Agent)
		c, i := h.talks("13812345678", h.lin)
		h.must(h.Consult(ctx, h.lin, i, channel.Whom{Agent: h.zhao.Agent}))
		h.must(h.Decline(ctx, h.zhao, i))
		h.must(h.Return(ctx, h.lin, i))
		h.state(call.Talking)
		h.hears(c.ear, "1", h.at(h.lin).ear)
		h.must(h.Consult(ctx, h.lin, i, channel.Whom{Agent: h.zhao.Agent}))
		h.must(h.Decline(ctx, h.zhao, i))
		h.must(h.Consult(ctx, h.lin, i, channel.Whom{Agent: h.zhao.Agent}))
		h.must(h.Answer(ctx, h.zhao, i))
		h.hears(h.at(h.zhao).ear, "2", h.at(h.lin).ear)
	})
}

// Handed to a colleague whose telephone was cut off a moment ago, or one who declines, the customer is
// with whoever else is there; a supervisor who heard the call hears it no more.
func TestHandedToNobody(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		c, i := h.talks("13812345678", h.lin)
		h.consoles.connect(h, h.wang.Agent)
		h.must(h.Supervise(ctx, h.wang, i, channel.Listening))
		h.fall(h.zhao)
		h.present(h.zhao)
		_, err := h.desk.Transfer(ctx, h.lin, h.sees().Conversation, desk.Handover{Agent: h.zhao.Agent, Note: "x"})
		h.must(err)
		h.wait("the customer to wait", func() bool { return h.sees().Agent.IsZero() && h.sees().Rings.IsZero() })
		if s, _ := h.Line(ctx, i); len(s.Others) != 0 {
			h.t.Errorf("it is heard by %+v", s.Others)
		}
		h.online(h.wang)
		h.wait("somebody else to be rung", func() bool { return h.sees().Rings == h.wang.Agent })
		h.must(h.Answer(ctx, h.wang, i))
		h.hears(c.ear, "1", h.at(h.wang).ear)
	})
}

// A blind transfer to a number that is busy
// brings them back to the agent, held or not.
func TestABlindTransferThatFails(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		c, i := h.talks("13812345678", h.lin)
		h.must(h.Hold(ctx, h.lin, i))
		branch := h.outside()
		branch.rings = true
		h.must(h.Transfer(ctx, h.lin, i, "13800000009"))
		h.wait("the branch", branch.came)
		h.code(h.Transfer(ctx, h.lin, i, "13800000008"), "call.third")
		h.code(h.Consult(ctx, h.lin, i, channel.Whom{Number: "13800000008"}), "call.third")
		branch.Hangup()
		h.state(call.Talking)
		h.hears(c.ear, "1", h.at(h.lin).ear)
		h.hears(h.at(h.lin).ear, "2", c.ear)
	})
}

// The agent hangs up while the number to which they hand the caller still rings:
// the caller is not dropped.
func TestHangsUpOnABlindTransfer(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		c, i := h.talks("13812345678", h.lin)
		branch := h.outside()
		branch.rings = true
		h.must(h.Transfer(ctx, h.lin, i, "13800000009"))
		h.wait("the branch", branch.came)
		h.must(h.Hangup(ctx, h.lin, i))
		h.must(h.Hangup(ctx, h.lin, i))
		branch.Answer()
		h.hears(c.ear, "1", branch.ear)
		h.hears(branch.ear, "2", c.ear)
		c.Hangup()
		branch.gone()
		if s := h.state(call.WrappingUp); s.Call.Record.Result != call.Forwarded || s.Agent != h.lin.Agent {
			h.t.Errorf("it ends as %+v", s)
		}
	})
}

// And if nobody answers there, the caller is next in the queue.
func TestHangsUpOnABlindTransferThatFails(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		c, i := h.talks("13812345678", h.lin)
		branch := h.outside()
		branch.rings = true
		h.must(h.Transfer(ctx, h.lin, i, "13800000009"))
		h.wait("the branch", branch.came)
		h.must(h.Hangup(ctx, h.lin, i))
		h.online(h.zhao)
		branch.Hangup()
		h.wait("somebody else to be rung", func() bool { return !h.sees().Rings.IsZero() })
		zhao := h.zhao
		if h.sees().Rings == h.lin.Agent {
			zhao = h.lin
		}
		h.must(h.Answer(ctx, zhao, i))
		h.hears(c.ear, "1", h.at(zhao).ear)
	})
}
