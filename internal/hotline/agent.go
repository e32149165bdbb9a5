package hotline

import (
	"cmp"
	"context"
	"slices"
	"time"

	"yingda/internal/channel"
	"yingda/internal/channel/voice"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/rtp"
)

// How long a telephone rings at most; the desk takes the offer back earlier.
const longestRing = 2 * time.Minute

// look asks the desk what it has decided, and follows.
func (l *line) look() {
	if l.ended || l.id == 0 {
		return
	}
	if l.sees("look", func(ctx context.Context) (channel.CallSight, error) { return l.h.o.Desk.Call(ctx, l.id) }) != nil {
		return
	}
	s := l.sight
	if !s.Call.Record.State().Open() { // another node took us for dead, and has ended it
		l.hangUp("")
		return
	}
	if p := l.with; p != nil {
		switch {
		case s.State == conversation.Queued: // handed on in the console
			l.sentOn(p)
		case s.State == conversation.Active && s.Agent != p.agent && (l.third == nil || l.third.agent != s.Agent):
			l.sentOn(p)
		}
	}
	if s.Rings == l.rings {
		return
	}
	l.unring(nil)
	if !s.Rings.IsZero() && !l.gone {
		l.ringAt(s.Rings)
	}
}

// sentOn takes the caller from an agent who has handed them on.
func (l *line) sentOn(p *party) {
	l.give(nil)
	l.held = false
	l.dropThird()
	l.emptyRoom()
	l.letGo(p)
	l.music()
	if l.walks {
		place := l.sight.Place
		l.step(call.Event{Kind: call.SentOn, Place: &place})
	}
}

// ringAt lets the telephones of an agent ring. Their console rings by itself: it
// has the offer from the desk.
func (l *line) ringAt(a agent.ID) {
	l.rings = a
	var phones []string
	_ = l.tell("phones", func(ctx context.Context) (err error) {
		phones, err = l.h.o.Phones.PhonesOf(ctx, a)
		return err
	})
	for _, number := range phones {
		var c *voice.Call
		c, err := l.h.door.Dial(voice.Dialing{
			Number: number, May: voice.May(voice.Inside), From: l.shown(), Name: l.queueName(), For: longestRing,
			On: l.heard(func(e voice.Event) { l.phoneSaid(c, e) }),
		})
		if err == nil {
			l.ringing = append(l.ringing, c)
		}
	}
	l.ringElsewhere(a)
	if _, console := l.console(a); !console && len(l.ringing) == 0 {
		l.declined(a, channel.CallUnreachable)
	}
}

// queueName is what people call the queue in which the caller waits.
func (l *line) queueName() string {
	q := l.sight.Call.Record.Queue()
	return cmp.Or(l.menu.QueueNames()[q].Zh, q)
}

// shown is the number that an agent's telephone shows.
func (l *line) shown() string {
	if n := l.sight.Call.Record.Caller; n != "" {
		return n
	}
	return "anonymous"
}

func (l *line) console(a agent.ID) (*rtp.Leg, bool) {
	if l.h.o.Ears == nil {
		return nil, false
	}
	return l.h.o.Ears.Leg(a)
}

// unring ends the ringing, but for the telephone that was picked up.
func (l *line) unring(but *voice.Call) {
	for _, c := range l.ringing {
		if c != but {
			c.Hangup()
		}
	}
	l.ringing, l.rings = nil, 0
}

// declined gives the call back to the queue: the agent does not want it, or
// cannot be reached.
func (l *line) declined(a agent.ID, why channel.Unanswered) {
	l.unring(nil)
	_ = l.sees("returned", func(ctx context.Context) (channel.CallSight, error) {
		return l.h.o.Desk.CallReturns(ctx, l.id, a, why)
	})
}

// phoneSaid takes what happens on an agent's SIP telephone.
func (l *line) phoneSaid(c *voice.Call, e voice.Event) {
	switch {
	case l.with != nil && l.with.phone == c:
		l.agentSaid(e)
	case l.third != nil && l.third.call == c:
		l.thirdSaid(e)
	case l.third != nil && l.third.own == c:
		l.ownSaid(e)
	case e.Kind == voice.Ended && !l.room.by(c).IsZero():
		l.leaves(l.room.by(c))
	case e.Kind == voice.Answered && slices.Contains(l.ringing, c):
		if l.pick(l.rings, &party{agent: l.rings, leg: c.Leg(), phone: c}) != nil {
			c.Hangup()
		}
	case e.Kind == voice.Ended && slices.Contains(l.ringing, c):
		l.ringing = slices.DeleteFunc(l.ringing, func(o *voice.Call) bool { return o == c })
		why := unanswered(e)
		if _, console := l.console(l.rings); len(l.ringing) == 0 && !console || why == channel.CallDeclined {
			l.declined(l.rings, why)
		}
	}
}

// unanswered is why a telephone that was to ring does not have the call.
func unanswered(e voice.Event) channel.Unanswered {
	switch {
	case e.Reason != voice.Refused:
		return channel.CallMissed
	case e.Code == 486 || e.Code == 600 || e.Code == 603:
		return channel.CallDeclined
	case e.Code == 404 || e.Code == 480 || e.Code == 503:
		return channel.CallUnreachable
	}
	return channel.CallMissed
}

// agentSaid takes what happens on the telephone of the agent who has the caller.
func (l *line) agentSaid(e voice.Event) {
	switch e.Kind {
	case voice.Held:
		l.with.away = true
		_ = l.hold()
	case voice.Resumed:
		l.with.away = false
		l.comesBack()
	case voice.TransferAsked:
		l.phoneTransfers(l.with.phone, e.Transfer)
	case voice.Ended:
		if e.Reason == voice.NoSound || e.Reason == voice.NoSignal || e.Reason == voice.Broken {
			l.agentLost()
			return
		}
		l.agentLeft()
	case voice.Answered: // the telephone of who calls
		l.callOut()
	case voice.Ringing, voice.Early, voice.KeyPressed, voice.Played, voice.NotRecorded:
	}
}

// phoneTransfers does a transfer that a SIP telephone asks for: to a number, or
// to whom it has on its other call.
func (l *line) phoneTransfers(phone *voice.Call, t voice.Transfer) {
	if t.Other != nil {
		l.phoneJoins(phone, t.Other)
		return
	}
	if err := l.sendTo(t.Route, voice.May(t.Route.Class), func(reached bool) {
		if !reached {
			phone.Transferred(480)
			return
		}
		phone.Transferred(200)
	}); err != nil {
		phone.Transferred(403)
	}
}

// pick gives the caller to an agent who has answered.
func (l *line) pick(a agent.ID, p *party) error {
	err := l.sees("answered", func(ctx context.Context) (channel.CallSight, error) { return l.h.o.Desk.CallAnswered(ctx, l.id, a) })
	if err != nil {
		return err
	}
	l.unring(p.phone)
	l.give(p)
	l.held = false
	if !l.walks { // a call of an agent who has handed it on
		l.join()
		return nil
	}
	l.step(call.Event{Kind: call.Joined, Agent: a.String()})
	return nil
}

// connect lets the agent hear what it is about, and joins the two.
func (l *line) connect(a call.Action) {
	p := l.with
	if p == nil {
		return
	}
	list := l.h.sounds.said(l.h.context, a)
	if len(list) == 0 {
		l.join()
		return
	}
	l.music()
	p.leg.Play(rtp.Clips(false, list...))
	p.whisper = l.later(length(list), func() {
		if l.with == p && p.whisper != nil {
			l.join()
		}
	})
}

// join lets the customer and the agent hear each other.
func (l *line) join() {
	p := l.with
	if p == nil || l.gone || l.customer == nil {
		return
	}
	l.whispered(p)
	l.play = 0
	if l.room != nil {
		l.seat()
		return
	}
	leg := l.customer.Leg()
	leg.Stop()
	p.leg.Stop()
	leg.Bridge(p.leg)
	p.leg.Bridge(leg)
}

func (l *line) whispered(p *party) {
	if p.whisper != nil {
		p.whisper.Stop()
		p.whisper = nil
	}
}

// part lets the customer and the agent hear each other no more. Who hears the
// call goes on hearing the agent.
func (l *line) part() {
	if l.room != nil {
		l.room.mix.Remove(seatCustomer)
		return
	}
	if leg := l.leg(); leg != nil {
		leg.Bridge(nil)
	}
	if l.with != nil {
		l.whispered(l.with)
		l.with.leg.Bridge(nil)
		l.with.leg.Stop()
	}
}

// letGo ends the agent's side.
func (l *line) letGo(p *party) {
	l.whispered(p)
	if leg := l.leg(); leg != nil {
		leg.Bridge(nil)
	}
	p.leg.Bridge(nil)
	p.leg.Stop()
	if p.phone != nil {
		p.phone.Hangup()
	}
}

func (l *line) leg() *rtp.Leg {
	if l.customer == nil {
		return nil
	}
	return l.customer.Leg()
}

// agentLeft takes that the agent has hung up: the menu has the caller again, or
// the call is over.
func (l *line) agentLeft() {
	p := l.with
	if t := l.third; t != nil && t.blind && !t.reached {
		t.leaves(l)
		return
	}
	l.give(nil)
	l.held = false
	l.dropThird()
	l.emptyRoom()
	l.letGo(p)
	if !l.walks || l.walk.Phase != call.Served {
		l.hangUp("")
		return
	}
	l.step(call.Event{Kind: call.AgentLeft})
}

// agentLost takes that the agent's line is gone: the caller is next.
func (l *line) agentLost() {
	p := l.with
	l.give(nil)
	l.held = false
	l.dropThird()
	l.emptyRoom()
	l.letGo(p)
	l.comesFrom(p.agent)
}

// comesFrom takes the caller from an agent who is gone: they are next. Whom an
// agent has called has no queue.
func (l *line) comesFrom(a agent.ID) {
	if !l.walks || l.walk.Phase != call.Served {
		l.hangUp(call.Failed)
		return
	}
	_ = l.sees("lost", func(ctx context.Context) (channel.CallSight, error) {
		return l.h.o.Desk.CallReturns(ctx, l.id, a, channel.CallMissed)
	})
	l.step(call.Event{Kind: call.AgentLost})
	l.look()
}

// hold lets the customer hear music.
func (l *line) hold() error {
	if l.with == nil || l.held {
		return nil
	}
	if err := l.moved(call.Hold); err != nil {
		return err
	}
	l.held = true
	l.part()
	l.music()
	return nil
}

// resume ends a hold.
func (l *line) resume() error {
	if l.with == nil || !l.held {
		return nil
	}
	if err := l.moved(call.Resume); err != nil {
		return err
	}
	l.held = false
	l.join()
	return nil
}

// What agents do by their consoles.

// mine does something to a call for the agent who has it.
func (h *Hotline) mine(ctx context.Context, by agent.Actor, i call.ID, f func(l *line) error) error {
	l, err := h.of(i)
	if err != nil {
		return err
	}
	return l.ask(ctx, func() error {
		if l.with == nil || l.with.agent != by.Agent {
			return errNotYours
		}
		return f(l)
	})
}

var (
	errNoCustomer = fault.New(fault.Conflict, "call.no_customer", "the customer has not answered yet; try again when they are on the line")
	errNotOffered = fault.New(fault.Conflict, "call.not_offered", "this call does not ring there any more")
	errNotYours   = fault.New(fault.Conflict, "call.not_yours", "you are not on this call")
	errEngaged    = fault.New(fault.Conflict, "call.engaged", "you are on another call; end it first")
	errNoPhone    = fault.New(fault.Conflict, "call.no_phone", "no telephone of yours is connected; connect the one in the console, or switch on your SIP telephone")
)

// Answer takes a call that rings at an agent, or a consultation, with the
// telephone in their console.
func (h *Hotline) Answer(ctx context.Context, by agent.Actor, i call.ID) error {
	l, err := h.of(i)
	if err != nil {
		return err
	}
	if err := h.leaveRooms(ctx, by.Agent, l, nil); err != nil {
		return err
	}
	return l.await(ctx, func(done func(error)) error {
		if l.has(by.Agent) { // answering twice is answering once
			done(nil)
			return nil
		}
		if h.busy(by.Agent, l) {
			return errEngaged
		}
		leg, ok := l.console(by.Agent)
		if !ok {
			l.reach(agentConsole, by.Agent, func(c *voice.Call) error { return l.pickElsewhere(by.Agent, c) }, done)
			return nil
		}
		defer done(nil)
		if t := l.third; t != nil && t.agent == by.Agent && !t.reached {
			t.unring()
			t.leg = leg
			l.thirdReached()
			return nil
		}
		if err := l.offered(by.Agent); err != nil {
			return err
		}
		return l.pick(by.Agent, &party{agent: by.Agent, leg: leg})
	})
}

// has reports whether an agent speaks on the line: with the customer, or with who
// asked them.
func (l *line) has(a agent.ID) bool {
	return l.with != nil && l.with.agent == a || l.third != nil && l.third.agent == a && l.third.reached
}

// offered refuses the call to whom it does not ring.
func (l *line) offered(a agent.ID) error {
	if l.rings != a { // the desk's news may be on its way
		l.look()
	}
	if l.rings != a {
		return errNotOffered
	}
	return nil
}

// Decline gives a call that rings at an agent to others.
func (h *Hotline) Decline(ctx context.Context, by agent.Actor, i call.ID) error {
	l, err := h.of(i)
	if err != nil {
		return err
	}
	return l.ask(ctx, func() error {
		if t := l.third; t != nil && t.agent == by.Agent && !t.reached {
			l.thirdLost()
			return nil
		}
		if err := l.offered(by.Agent); err != nil {
			return err
		}
		l.declined(by.Agent, channel.CallDeclined)
		return nil
	})
}

// Hangup ends an agent's part of a call; who only listened leaves it.
func (h *Hotline) Hangup(ctx context.Context, by agent.Actor, i call.ID) error {
	l, err := h.of(i)
	if err != nil {
		return err
	}
	return l.ask(ctx, func() error {
		switch {
		case l.with != nil && l.with.agent == by.Agent:
			l.agentLeft()
		case l.third != nil && l.third.agent == by.Agent:
			l.thirdLost()
		case l.room.has(by.Agent):
			l.leaves(by.Agent)
		case l.with == nil && l.third != nil && l.third.blind && l.sight.Agent == by.Agent: // they have left already
		default:
			return errNotYours
		}
		return nil
	})
}

// Hold lets the customer wait with music.
func (h *Hotline) Hold(ctx context.Context, by agent.Actor, i call.ID) error {
	return h.mine(ctx, by, i, (*line).hold)
}

// Resume ends a hold.
func (h *Hotline) Resume(ctx context.Context, by agent.Actor, i call.ID) error {
	return h.mine(ctx, by, i, (*line).resume)
}

// Keys presses keys towards the customer, or the third party: for the menus of
// others.
func (h *Hotline) Keys(ctx context.Context, by agent.Actor, i call.ID, keys string) error {
	if len(keys) == 0 || len(keys) > 40 {
		return fault.New(fault.Invalid, "call.keys", "press 1 to %d keys of 0-9, * and #", 40).In("body.keys")
	}
	for _, k := range keys {
		if !slices.Contains([]rune("0123456789*#"), k) {
			return fault.New(fault.Invalid, "call.keys", "press 1 to %d keys of 0-9, * and #", 40).In("body.keys")
		}
	}
	return h.mine(ctx, by, i, func(l *line) error {
		leg := l.leg()
		if t := l.third; t != nil && t.reached {
			leg = t.leg
		}
		if leg == nil || !l.sight.Call.Record.State().WithAgent() {
			return errNoCustomer
		}
		leg.Press(keys)
		return nil
	})
}

// PauseRecording leaves what is said out of the recording: a secret follows.
func (h *Hotline) PauseRecording(ctx context.Context, by agent.Actor, i call.ID, on bool) error {
	return h.mine(ctx, by, i, func(l *line) error {
		if l.tape == nil {
			return fault.New(fault.Conflict, "call.not_recorded", "this call is not recorded")
		}
		l.tape.pause(on)
		l.tape.paused = on
		return nil
	})
}

// Line returns what the line knows of a call; false if it is not here.
func (h *Hotline) Line(ctx context.Context, i call.ID) (s channel.LineSight, ok bool) {
	l, err := h.of(i)
	if err != nil {
		return s, false
	}
	err = l.ask(ctx, func() error {
		s.Paused = l.tape != nil && l.tape.paused
		s.Others = l.room.others()
		if t := l.third; t != nil {
			s.Third = channel.Third{Agent: t.agent, Number: t.number, Reached: t.reached, Joined: t.joined}
		}
		return nil
	})
	return s, err == nil
}
