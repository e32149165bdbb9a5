package hotline

import (
	"context"
	"log/slog"
	"time"

	"yingda/internal/channel"
	"yingda/internal/channel/voice"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/rtp"
)

// Dial calls somebody for an agent, whose telephone has them when they answer.
// It returns the call at once; a number that may not be called is Forbidden.
func (h *Hotline) Dial(ctx context.Context, by agent.Actor, number string) (i call.ID, err error) {
	may := h.may(by.Agent)
	route, err := h.door.Resolve(number, may)
	switch {
	case err != nil:
		return i, err
	case h.busy(by.Agent, nil):
		return i, errEngaged
	}
	if err := h.leaveRooms(ctx, by.Agent, nil, nil); err != nil {
		return i, err
	}
	l := h.newLine()
	if l == nil {
		return i, errClosing
	}
	began := make(chan call.ID, 1)
	err = l.await(ctx, func(done func(error)) error {
		l.agentCalls(by.Agent, route, may, func(err error) {
			if err != nil {
				l.close()
			}
			began <- l.id
			done(err)
		})
		return nil
	})
	if err != nil {
		return i, err
	}
	return <-began, nil
}

// agentCalls begins a call of an agent: a console has the line at once, a SIP
// telephone rings first. done is told once what came of it.
func (l *line) agentCalls(a agent.ID, route voice.Route, may voice.Permission, done func(error)) {
	l.may, l.to = may, route.Number
	if leg, console := l.console(a); console {
		done(l.agentBegins(&party{agent: a, leg: leg}))
		l.callOut()
		return
	}
	var phones []string
	if err := l.tell("phones", func(ctx context.Context) (err error) {
		phones, err = l.h.o.Phones.PhonesOf(ctx, a)
		return err
	}); err != nil {
		done(err)
		return
	}
	for _, number := range phones {
		var c *voice.Call
		c, err := l.h.door.Dial(voice.Dialing{
			Number: number, May: voice.May(voice.Inside), From: l.to, On: l.heard(func(e voice.Event) { l.phoneSaid(c, e) }),
		})
		if err == nil {
			done(l.agentBegins(&party{agent: a, leg: c.Leg(), phone: c}))
			return
		}
	}
	l.reach(ownTelephone, a, func(c *voice.Call) error { return l.agentBegins(&party{agent: a, leg: c.Leg(), phone: c}) }, done)
}

// agentBegins makes the call of an agent whose telephone there is.
func (l *line) agentBegins(p *party) error {
	if err := l.begin(channel.CallIn{
		Door: l.h.o.Program + "/" + voice.NewID(), Direction: call.Outbound, Number: l.to, Line: l.h.line(), Agent: p.agent,
	}); err != nil {
		if p.phone != nil {
			p.phone.Hangup()
		}
		return err
	}
	l.give(p)
	return nil
}

// may is what an agent may call.
func (h *Hotline) may(a agent.ID) voice.Permission {
	if h.o.May == nil {
		return voice.Usual
	}
	return h.o.May(a)
}

func (h *Hotline) line() string {
	if h.o.Line == nil {
		return ""
	}
	return h.o.Line()
}

// callOut rings the customer: the agent hears it.
func (l *line) callOut() {
	p := l.with
	if p == nil || l.customer != nil {
		return
	}
	c, err := l.h.door.Dial(voice.Dialing{Number: l.to, May: l.may, From: l.sight.Call.Record.Line, On: l.heard(l.customerSaid)})
	if err != nil {
		l.h.o.Log.Info("hotline: a number is not called", slog.Any("error", err))
		l.reason = call.Failed
		l.close()
		return
	}
	l.customer = c
	p.leg.Play(rtp.Clips(true, l.h.sounds.ring))
}

// phoneCalls begins a call that an agent makes with a SIP telephone.
func (l *line) phoneCalls(c *voice.Call, in voice.Incoming) {
	var a agent.ID
	err := l.tell("owner", func(ctx context.Context) (err error) {
		a, err = l.h.o.Phones.AgentOfPhone(ctx, in.Phone)
		return err
	})
	switch {
	case err != nil:
	case a.IsZero():
		err = fault.New(fault.Forbidden, "call.nobodys_phone", "this telephone belongs to no agent; give it to one in the settings")
	case in.Route.Phone != "":
		err = fault.New(fault.Invalid, "call.inside", "telephones of ours are not called from here; transfer a call, or use the chat of colleagues")
	case l.h.busy(a, nil):
		err = errEngaged
	default:
		err = l.begin(channel.CallIn{
			Door: l.h.o.Program + "/" + c.ID, Direction: call.Outbound, Number: in.Route.Number, Line: l.h.line(), Agent: a,
		})
	}
	if err != nil {
		c.Refuse(err)
		l.end()
		return
	}
	l.may, l.to = voice.May(in.Route.Class), in.Route.Number
	l.give(&party{agent: a, leg: c.Leg(), phone: c})
	c.Answer()
}

// reached goes on when the customer whom an agent calls has answered: they are
// told that the call is recorded, then the two hear each other.
func (l *line) reached() {
	err := l.sees("reached", func(ctx context.Context) (channel.CallSight, error) {
		return l.h.o.Desk.CallAnswered(ctx, l.id, l.with.agent)
	})
	if err != nil {
		l.hangUp(call.Failed)
		return
	}
	list := l.h.sounds.said(l.h.context, call.Action{Language: "zh", Prompts: []string{"notice.recording"}})
	if len(list) == 0 {
		l.join()
		return
	}
	l.with.leg.Stop()
	l.play = l.customer.Leg().Play(rtp.Clips(false, list...))
}

// noticed goes on when the customer was told.
func (l *line) noticed() {
	if l.tell("notice", func(ctx context.Context) error { return l.h.o.Desk.CallNoticed(ctx, l.id) }) == nil {
		l.record()
	}
	l.join()
}

// How often it is looked for calls that were promised, and how many are made at
// a time.
const (
	backEvery    = 5 * time.Second
	backsAtATime = 5
)

// callBack makes the calls that were promised, until ctx ends.
func (h *Hotline) callBack(ctx context.Context) {
	ticker := time.NewTicker(backEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		h.CallBackNow(ctx)
	}
}

// CallBackNow makes the calls that are due now.
func (h *Hotline) CallBackNow(ctx context.Context) {
	if h.door == nil {
		return
	}
	due, err := h.o.Desk.CallbacksDue(ctx, backsAtATime)
	if err != nil {
		h.o.Log.ErrorContext(ctx, "hotline: call backs", slog.Any("error", err))
		return
	}
	for _, b := range due {
		mine, err := h.o.Desk.HoldCallback(ctx, b.ID, h.o.Program)
		if err != nil {
			h.o.Log.ErrorContext(ctx, "hotline: a call back", slog.Any("error", err))
		}
		if !mine {
			continue
		}
		l := h.newLine()
		if l == nil { // its calls are given to others when it has stopped
			return
		}
		l.post(func() { l.callsBack(b) })
	}
}

// callsBack makes one call that was promised.
func (l *line) callsBack(b call.Back) {
	l.back = b
	err := l.tell("menu", func(ctx context.Context) (err error) {
		l.menu, err = l.h.o.Menus.CallMenu(ctx, call.Callback().ID, 0)
		return err
	})
	if err == nil {
		err = l.begin(channel.CallIn{
			Door: l.h.o.Program + "/" + voice.NewID(), Direction: call.Outbound, Number: b.Number, Line: l.h.line(), Callback: b.ID,
		})
	}
	if err != nil {
		l.notMade(b)
		return
	}
	l.customer, err = l.h.door.Dial(voice.Dialing{Number: b.Number, May: voice.Usual, From: l.h.line(), On: l.heard(l.customerSaid)})
	if err != nil {
		l.h.o.Log.Warn("hotline: a call back cannot be made", slog.Any("error", err))
		l.reason = call.Failed
		l.close()
	}
}

// notMade gives back a call back that could not begin, again until the desk knows:
// nobody is forgotten because the database was away.
func (l *line) notMade(b call.Back) {
	err := l.tell("not made", func(ctx context.Context) error { return l.h.o.Desk.CallbackNotMade(ctx, b.ID) })
	if kind := fault.KindOf(err); err != nil && (kind == fault.Internal || kind == fault.Busy) && l.h.context.Err() == nil {
		l.later(tellAgain, func() { l.notMade(b) })
		return
	}
	l.end()
}
