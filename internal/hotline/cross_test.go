package hotline_test

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/channel/voice"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/conversation"
	"yingda/internal/hotline"
	"yingda/internal/store"
)

// other is a second program of a house, where some agents have their telephones.
type other struct {
	*hotline.Hotline
	h        *house
	door     *voice.Door
	consoles consoles
}

// other opens a second program. Calls come in at the first.
func (h *house) other() *other {
	h.t.Helper()
	o := &other{h: h, consoles: consoles{legs: map[agent.ID]*console{}}}
	first := h.door.Address("udp")
	o.Hotline, o.door = h.program(h.desk.DB, "two", &o.consoles, logger(), func(context.Context) []netip.AddrPort { return []netip.AddrPort{first} })
	o.consoles.tell = o.PhonesChanged
	at := o.door.Address("udp")
	h.others.Store(&at)
	ctx, stop := context.WithCancel(context.WithoutCancel(h.t.Context()))
	h.runs.Go(func() { _ = o.Run(ctx) })
	h.t.Cleanup(func() { o.Close(); stop(); o.door.Close() })
	return o
}

func (o *other) connect(as ...agent.Actor) {
	o.h.t.Helper()
	for _, a := range as {
		o.consoles.connect(o.h, a.Agent)
	}
}

func (o *other) at(a agent.Actor) *ear {
	o.consoles.mu.Lock()
	defer o.consoles.mu.Unlock()
	return o.consoles.legs[a.Agent].ear
}

func (o *other) unplug(a agent.Actor) {
	o.consoles.mu.Lock()
	delete(o.consoles.legs, a.Agent)
	o.consoles.mu.Unlock()
	o.PhonesChanged()
	o.PhoneGone(a.Agent)
}

// phone registers the SIP telephone of an agent at a program. It answers what
// rings, as long as it is told to.
func (h *house) phone(at *voice.Door, user, password string, a agent.Actor) *outside {
	h.t.Helper()
	h.mu.Lock()
	h.phones[a.Agent] = append(h.phones[a.Agent], user)
	h.mu.Unlock()
	h.must(h.desk.DB.Update(h.t.Context(), func(tx *store.Tx) error {
		return tx.InsertPhone(h.t.Context(), call.Phone{User: user, Agent: a.Agent, Enabled: true}, "")
	}))
	p := &outside{caller: &caller{h: h}}
	house := at.Address("udp")
	d, err := voice.Open(voice.Options{
		Listen: []voice.Listener{{Network: "udp", Address: netip.AddrPortFrom(loopback, 0)}}, Ports: h.ports, Pacer: h.pacer, Realm: "yingda", Phones: passwords{}, Now: time.Now, Log: logger(),
		Trunks: []voice.Trunk{{Name: "house", Host: "127.0.0.1", Port: int(house.Port()), Network: "udp", User: user, Password: password, Register: true, From: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}},
		Take: func(c *voice.Call, in voice.Incoming) (func(voice.Event), error) {
			h.mu.Lock()
			defer h.mu.Unlock()
			p.Call, p.in = c, in
			p.ear = listen(c.Leg())
			if p.rings {
				c.Ring()
			} else {
				c.Answer()
			}
			return p.on, nil
		},
	})
	h.must(err)
	h.t.Cleanup(d.Close)
	h.phoned(a.Agent)
	return p
}

// again forgets the call that a telephone has had.
func (h *house) again(p *outside) {
	h.mu.Lock()
	p.Call = nil
	h.mu.Unlock()
	p.mu.Lock()
	p.events = nil
	p.mu.Unlock()
}

// talks brings a caller to an agent who answers in their console.
func (h *house) talks(number string, a agent.Actor) (*caller, call.ID) {
	h.t.Helper()
	before := len(h.open())
	c := h.calls(number)
	h.wait("the call", func() bool { return len(h.open()) > before })
	h.last = h.open()[before]
	c.press("1")
	i := h.state(call.Offered).Call.ID
	h.must(h.Answer(h.t.Context(), a, i))
	h.state(call.Talking)
	return c, i
}

// An agent whose console is at another program takes a call, and does with it
// what there is to do; both voices are in the recording. Others who call
// meanwhile are served.
func TestAConsoleAtAnotherProgram(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		o := h.other()
		o.connect(h.lin)
		h.present(h.lin)
		c, i := h.talks("13812345678", h.lin)
		lin := o.at(h.lin)
		h.hears(lin, "1", c.ear)
		h.hears(c.ear, "2", lin)
		if s := h.sees(); !strings.Contains(s.Call.Record.Node, h.door.Address("udp").String()) {
			h.t.Errorf("its node is %q", s.Call.Record.Node)
		}

		h.must(h.Hold(ctx, h.lin, i))
		h.state(call.Held)
		h.wait("music", func() bool { return strings.Contains(c.heard(), "C") })
		h.must(h.Resume(ctx, h.lin, i))
		h.hears(lin, "3", c.ear)
		h.must(h.Keys(ctx, h.lin, i, "7"))
		h.wait("the key", func() bool { return c.count(voice.KeyPressed) == 1 })
		h.code(h.Hold(ctx, h.zhao, i), "call.not_yours")

		second := h.calls("13812345679")
		h.wait("another call at the desk", func() bool { return len(h.open()) == 2 })
		second.press("1")
		h.last = h.open()[1]
		h.state(call.Queued)
		if s := h.sees(); s.Call.Record.Caller != "13812345679" {
			h.t.Errorf("the second call is %+v", s.Call.Record)
		}
		h.last = i

		second.Hangup()
		second.gone()
		h.wait("the second call to be over at the desk", func() bool { return len(h.open()) == 1 })
		h.online(h.zhao)
		_, err := h.desk.Transfer(ctx, h.lin, h.sees().Conversation, desk.Handover{Agent: h.zhao.Agent, Note: "请核对订单"})
		h.must(err)
		h.wait("the colleague to be rung", func() bool { return h.sees().Rings == h.zhao.Agent })
		h.must(h.Answer(ctx, h.zhao, i))
		h.hears(h.at(h.zhao).ear, "4", c.ear)
		h.hears(c.ear, "5", h.at(h.zhao).ear)
		lin.says("9")
		h.hears(c.ear, "6", h.at(h.zhao).ear)
		if strings.Contains(c.heard(), "9") {
			h.t.Error("who has handed the customer on is heard still")
		}

		_, err = h.desk.Transfer(ctx, h.zhao, h.sees().Conversation, desk.Handover{Agent: h.lin.Agent, Note: "再核对一次"})
		h.must(err)
		h.wait("the first to be rung", func() bool { return h.sees().Rings == h.lin.Agent })
		h.must(h.Answer(ctx, h.lin, i))
		h.hears(lin, "7", c.ear)
		h.must(h.Hangup(ctx, h.lin, i))
		h.state(call.Surveying)
		c.press("4")
		c.gone()
		s := h.state(call.WrappingUp)
		if s.State != conversation.WrapUp || s.Call.Record.Ratings["overall"] != 4 {
			h.t.Errorf("it ends as %+v", s)
		}
		_, err = h.desk.Close(ctx, h.lin, s.Conversation, conversation.Summary{Category: "business.recall", Result: "solved"})
		h.must(err)
		h.state(call.Ended)
		h.heardOnSides(h.sees().Call.Record, "1347", "256")
	})
}

// The console at the other program is gone while its agent talks: the customer
// is next. One that is gone before it answers has no call.
func TestAConsoleAtAnotherProgramIsGone(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		o := h.other()
		o.connect(h.lin)
		h.present(h.lin)
		_, i := h.talks("13812345678", h.lin)
		h.must(h.desk.AgentConnected(h.t.Context(), h.zhao.Agent))
		o.unplug(h.lin)
		h.wait("the customer to be next", func() bool { s := h.sees(); return s.Call.Record.State() != call.Talking })
		h.code(h.Answer(h.t.Context(), h.lin, i), "call.no_phone")
	})
}

// A colleague is asked whose telephone is at another program: in their console,
// or on their SIP telephone. Back, three, and handed over.
func TestAColleagueAtAnotherProgram(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		o := h.other()
		o.connect(h.zhao)
		h.online(h.lin)
		c, i := h.talks("13812345678", h.lin)
		lin, zhao := h.at(h.lin).ear, o.at(h.zhao)
		asks := func() {
			h.t.Helper()
			h.must(h.Consult(ctx, h.lin, i, channel.Whom{Agent: h.zhao.Agent}))
			h.state(call.Consulting)
			if s, _ := h.Line(ctx, i); s.Third.Agent != h.zhao.Agent || s.Third.Reached {
				h.t.Errorf("the line says %+v", s.Third)
			}
		}

		asks() // and the colleague does not want to
		h.must(h.Decline(ctx, h.zhao, i))
		h.state(call.Talking)
		h.hears(lin, "1", c.ear)

		asks()
		h.must(h.Answer(ctx, h.zhao, i))
		h.hears(zhao, "2", lin)
		h.hears(lin, "3", zhao)
		if strings.ContainsAny(c.heard(), "23") {
			h.t.Errorf("the customer has heard %q", c.heard())
		}
		h.must(h.Return(ctx, h.lin, i))
		h.state(call.Talking)
		h.hears(c.ear, "4", lin)

		asks()
		h.must(h.Answer(ctx, h.zhao, i))
		h.wait("the colleague", func() bool { s, _ := h.Line(ctx, i); return s.Third.Reached })
		h.must(h.Join(ctx, h.lin, i))
		h.state(call.Conferring)
		h.hears(zhao, "5", c.ear)
		h.hears(c.ear, "6", zhao)
		h.hears(lin, "7", zhao)
		h.must(h.Hangup(ctx, h.zhao, i))
		h.state(call.Talking)

		asks()
		h.must(h.Answer(ctx, h.zhao, i))
		h.wait("the colleague", func() bool { s, _ := h.Line(ctx, i); return s.Third.Reached })
		h.must(h.Transfer(ctx, h.lin, i, ""))
		h.hears(zhao, "8", c.ear)
		h.hears(c.ear, "9", zhao)
		if s := h.sees(); s.Agent != h.zhao.Agent {
			h.t.Errorf("it is with %v", s.Agent)
		}

		// Who talks, wherever, is not asked by another.
		_, other := h.talks("13812345679", h.lin)
		h.code(h.Consult(ctx, h.lin, other, channel.Whom{Agent: h.zhao.Agent}), "call.colleague_busy")
		h.must(h.Hangup(ctx, h.zhao, i))
		h.last = i
		h.state(call.Surveying)
	})
}

// A colleague's SIP telephone at another program rings when it is asked, and
// when its number is dialled.
func TestAColleaguesTelephoneAtAnotherProgram(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		o := h.other()
		h.online(h.lin)
		phone := h.phone(o.door, "8002", "two", h.zhao)
		c, i := h.talks("13812345678", h.lin)
		h.must(h.Consult(ctx, h.lin, i, channel.Whom{Agent: h.zhao.Agent}))
		h.wait("the telephone", phone.came)
		h.hears(phone.ear, "1", h.at(h.lin).ear)
		h.must(h.Return(ctx, h.lin, i))
		phone.gone()
		h.again(phone)

		h.must(h.Transfer(ctx, h.lin, i, "8002"))
		h.wait("the telephone", phone.came)
		h.hears(phone.ear, "2", c.ear)
		h.hears(c.ear, "3", phone.ear)
		if s := h.sees(); s.Agent != h.zhao.Agent {
			h.t.Errorf("it is with %v", s.Agent)
		}
		phone.Hangup()
		h.state(call.Surveying)
	})
}

// A supervisor whose console is at another program hears a call, is heard as
// they choose, leaves, comes back, takes it over. Nobody hears who listens.
func TestASupervisorAtAnotherProgram(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		o := h.other()
		h.online(h.lin)
		o.connect(h.wang)
		c, i := h.talks("13812345678", h.lin)
		lin, wang := h.at(h.lin).ear, o.at(h.wang)
		others := func(want ...channel.Other) {
			h.t.Helper()
			s, ok := h.Line(ctx, i)
			if !ok || len(s.Others) != len(want) || len(want) > 0 && s.Others[0] != want[0] {
				h.t.Errorf("the line says %+v, want %+v", s.Others, want)
			}
		}

		h.must(h.Supervise(ctx, h.wang, i, channel.Listening))
		others(channel.Other{Agent: h.wang.Agent, How: channel.Listening})
		h.hears(wang, "1", c.ear)
		h.hears(wang, "2", lin)
		wang.says("D")
		h.hears(lin, "3", c.ear)
		h.hears(c.ear, "4", lin)
		if strings.Contains(c.heard(), "D") || strings.Contains(lin.heard(), "D") {
			h.t.Errorf("who listens is heard: %q, %q", c.heard(), lin.heard())
		}
		h.must(h.Supervise(ctx, h.wang, i, channel.Whispering))
		h.hears(lin, "5", wang)
		wang.leg.Stop()
		h.hears(lin, "1", c.ear) // the rest of the whisper is over
		h.hears(c.ear, "2", lin)
		h.must(h.Supervise(ctx, h.wang, i, channel.Barging))
		others(channel.Other{Agent: h.wang.Agent, How: channel.Barging})
		h.hears(c.ear, "6", wang)
		if strings.Contains(c.heard(), "5") {
			h.t.Errorf("the customer has heard %q", c.heard())
		}
		h.must(h.Hangup(ctx, h.wang, i))
		others()
		h.hears(lin, "7", c.ear)

		// The console is gone: so is who heard by it.
		h.must(h.Supervise(ctx, h.wang, i, channel.Listening))
		o.unplug(h.wang)
		h.wait("the supervisor to be gone", func() bool { s, _ := h.Line(ctx, i); return len(s.Others) == 0 })
		h.code(h.Supervise(ctx, h.wang, i, channel.Listening), "call.no_phone")
		h.hears(lin, "8", c.ear)

		o.connect(h.wang)
		wang = o.at(h.wang)
		h.must(h.Supervise(ctx, h.wang, i, channel.Listening))
		h.must(h.TakeOver(ctx, h.wang, i))
		others()
		h.hears(wang, "9", c.ear)
		h.hears(c.ear, "0", wang)
		if s := h.state(call.Talking); s.Agent != h.wang.Agent {
			h.t.Errorf("it is with %v", s.Agent)
		}
		c.Hangup()
		h.state(call.WrappingUp)
	})
}

// A console hears one call at a time, wherever the lines are: who answers one, or
// calls somebody, leaves what they only heard; who talks does not hear another.
func TestOneConsoleOneCall(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		o := h.other()
		h.online(h.lin)
		o.connect(h.wang)
		c, i := h.talks("13812345678", h.lin)
		h.must(h.Supervise(ctx, h.wang, i, channel.Listening))
		h.hears(o.at(h.wang), "1", c.ear)

		customer := h.outside()
		second, err := o.Dial(ctx, h.wang, "13812345679")
		h.must(err)
		h.wait("the customer", customer.came)
		h.hears(customer.ear, "2", o.at(h.wang))
		h.hears(o.at(h.wang), "3", customer.ear)
		h.wait("the supervisor to have left", func() bool { s, _ := h.Line(ctx, i); return len(s.Others) == 0 })
		h.hears(h.at(h.lin).ear, "4", c.ear)
		c.says("9")
		h.hears(o.at(h.wang), "5", customer.ear)
		if strings.Contains(o.at(h.wang).heard(), "9") {
			h.t.Error("the first call is heard in the second")
		}
		h.code(h.Supervise(ctx, h.wang, i, channel.Listening), "call.engaged")
		h.must(o.Hangup(ctx, h.wang, second))
		h.wait("the end", func() bool { return o.Lines() == 0 })
		h.must(h.Supervise(ctx, h.wang, i, channel.Listening))
		h.hears(o.at(h.wang), "6", c.ear)
	})
}

// An agent calls somebody at a program that their telephone is not at.
func TestAnAgentCallsFromAnotherProgram(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		o := h.other()
		_, err := h.Dial(ctx, h.lin, "13812345678")
		h.code(err, "call.no_phone")
		h.wait("nothing to be left of it", func() bool { return h.Lines() == 0 && len(h.open()) == 0 })

		phone := h.phone(o.door, "8002", "two", h.lin)
		customer := h.outside()
		i, err := h.Dial(ctx, h.lin, "13812345678")
		h.must(err)
		h.last = i
		h.wait("the telephone", phone.came)
		h.wait("the customer", customer.came)
		h.hears(customer.ear, "1", phone.ear)
		h.hears(phone.ear, "2", customer.ear)
		if phone.in.From != "13812345678" {
			h.t.Errorf("the telephone shows %q", phone.in.From)
		}
		if s := h.state(call.Talking); s.Agent != h.lin.Agent || s.Call.Record.Direction != call.Outbound {
			h.t.Errorf("it stands as %+v", s)
		}
		_, err = o.Dial(ctx, h.lin, "13812345679")
		h.code(err, "call.engaged")
		phone.Hangup()
		h.state(call.WrappingUp)

		o.connect(h.zhao)
		customer = h.outside()
		h.last, err = h.Dial(ctx, h.zhao, "13812345677")
		h.must(err)
		h.wait("the customer", customer.came)
		h.hears(customer.ear, "3", o.at(h.zhao))
		h.hears(o.at(h.zhao), "4", customer.ear)
		h.must(h.Hangup(ctx, h.zhao, h.last))
		h.state(call.WrappingUp)
	})
}
