package hotline

import (
	"slices"

	"yingda/internal/channel/voice"
	"yingda/internal/domain/call"
	"yingda/internal/kit/fault"
)

// What an agent does with the second call of the SIP telephone on which they
// have the customer: they ask somebody, and then go back, or put the two
// together (REFER with Replaces).

// phoneAsks takes a second call of the telephone: whom it calls is the third
// party, and the customer waits.
func (l *line) phoneAsks(c *voice.Call, in voice.Incoming) {
	if err := l.asksBy(c, in); err != nil {
		c.Refuse(err)
	}
}

func (l *line) asksBy(c *voice.Call, in voice.Incoming) error {
	p := l.with
	switch {
	case l.ended:
		return errOver
	case p == nil || p.phone == nil || p.phone.Phone() != in.Phone:
		return errNotYours
	case l.third != nil:
		return errThird
	case in.Route.Phone == in.Phone:
		return fault.New(fault.Invalid, "call.whom", "choose a colleague or a number")
	}
	colleague, err := l.colleagueAt(in.Route)
	if err != nil {
		return err
	}
	if err := l.moved(call.Consult); err != nil {
		return err
	}
	l.putAside()
	c.Ring()
	err = l.dialThird(&third{number: in.Route.Number, agent: colleague, own: c, told: func(t *third, reached bool) {
		if !reached {
			c.Refuse(errNobodyThere)
			l.backToCaller()
			return
		}
		c.Answer()
		l.joinOwn(t)
	}}, voice.May(in.Route.Class), l.shown())
	if err != nil {
		l.backToCaller()
		return err
	}
	return l.announce()
}

var errNobodyThere = fault.New(fault.Busy, "call.nobody_there", "nobody answers there; try again later")

// joinOwn lets the agent and the third party hear each other on the second call.
func (l *line) joinOwn(t *third) {
	own := t.own.Leg()
	own.Stop()
	t.leg.Stop()
	own.Bridge(t.leg)
	t.leg.Bridge(own)
}

// ownSaid takes what happens on the second call.
func (l *line) ownSaid(e voice.Event) {
	t := l.third
	switch e.Kind {
	case voice.Held: // the third party waits, as the customer does
		if t.leg != nil {
			t.leg.Bridge(nil)
			t.leg.Play(l.h.sounds.music("zh"))
		}
	case voice.Resumed:
		if t.leg == nil {
			return
		}
		if slices.Contains([]call.State{call.Talking, call.Held}, l.sight.Call.Record.State()) {
			l.asksOn()
		}
		l.joinOwn(t)
	case voice.TransferAsked:
		l.phoneTransfers(t.own, e.Transfer)
	case voice.Ended:
		l.dropThird()
		if l.sight.Call.Record.State() == call.Consulting {
			l.backToCaller()
		}
	case voice.Ringing, voice.Early, voice.Answered, voice.KeyPressed, voice.Played, voice.NotRecorded:
	}
}

// asksOn lets the customer wait again for what the agent asks.
func (l *line) asksOn() {
	if l.moved(call.Consult) != nil {
		return
	}
	l.putAside()
}

// comesBack takes that the agent ends the hold on their telephone. Who asks
// somebody on its other call is between the two.
func (l *line) comesBack() {
	if l.third != nil && l.third.own != nil && l.sight.Call.Record.State() == call.Consulting {
		l.backToCaller()
		return
	}
	_ = l.resume()
}

// phoneJoins puts the customer and the third party together: the telephone says
// of one of its calls that it shall take the place of the other.
func (l *line) phoneJoins(phone, other *voice.Call) {
	t, p := l.third, l.with
	if t == nil || t.own == nil || !t.reached || p == nil ||
		(phone != p.phone || other != t.own) && (phone != t.own || other != p.phone) {
		phone.Transferred(603)
		return
	}
	if s := l.sight.Call.Record.State(); s == call.Talking || s == call.Held {
		l.asksOn()
	}
	if l.handOver(t, func() { phone.Transferred(200) }) != nil {
		phone.Transferred(603)
	}
}

// speakBy lets the agent speak on the second call from now on, and ends the
// first: on it the telephone holds everybody.
func (l *line) speakBy(t *third) {
	if t.own == nil {
		return
	}
	was := l.with
	l.give(&party{agent: was.agent, leg: t.own.Leg(), phone: t.own})
	t.own = nil
	l.letGo(was)
}
