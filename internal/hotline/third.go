package hotline

import (
	"context"
	"time"

	"yingda/internal/channel"
	"yingda/internal/channel/voice"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/contact"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/rtp"
)

// third is a third party: a number that is rung for the caller, or somebody whom
// the agent asks.
type third struct {
	number  string
	agent   agent.ID
	call    *voice.Call // nil: a colleague's console
	own     *voice.Call // the second call of the agent's telephone, if they ask by it
	leg     *rtp.Leg
	reached bool
	joined  bool // in a conference, or with the caller alone
	blind   bool // the caller is handed over as soon as they answer, whether the agent waits for it or not
	told    func(t *third, reached bool)
}

// putAside lets the customer wait with music while the agent asks somebody. Who
// hears the call hears nothing of that: they leave it.
func (l *line) putAside() {
	l.held = false
	l.emptyRoom()
	l.part()
	l.music()
}

var errThird = fault.New(fault.Conflict, "call.third", "there is a third party already; let them go first")

// dialThird rings the number of a third party; a telephone of a colleague that is
// registered at another program is rung there. t.told is called once, with
// whether somebody answered.
func (l *line) dialThird(t *third, may voice.Permission, from string) error {
	err := l.ringThird(t, voice.Dialing{Number: t.number, May: may, From: from})
	if fault.CodeOf(err) == fault.CodeOf(voice.ErrNotThere) && !t.agent.IsZero() && len(l.h.elsewhere()) > 0 {
		return l.ringThird(t, voice.Dialing{At: l.h.elsewhere(), Number: ringPhone + t.agent.String(), From: from})
	}
	return err
}

func (l *line) ringThird(t *third, d voice.Dialing) error {
	if l.third != nil {
		return errThird
	}
	var c *voice.Call
	d.On = l.heard(func(e voice.Event) { l.phoneSaid(c, e) })
	c, err := l.h.door.Dial(d)
	if err != nil {
		return err
	}
	t.call = c
	l.third = t
	return nil
}

// unring ends the ringing of a telephone of somebody who answers in their console.
func (t *third) unring() {
	if t.call != nil {
		t.call.Hangup()
		t.call = nil
	}
}

// thirdSaid takes what happens on the third party's line.
func (l *line) thirdSaid(e voice.Event) {
	switch e.Kind {
	case voice.Answered:
		l.third.leg = l.third.call.Leg()
		l.thirdReached()
	case voice.Early:
		if p := l.with; p != nil && l.third.own == nil {
			p.leg.Stop()
			l.third.call.Leg().Bridge(p.leg)
		}
	case voice.Ended:
		l.thirdLost()
	case voice.Ringing, voice.KeyPressed, voice.Played, voice.Held, voice.Resumed, voice.NotRecorded, voice.TransferAsked:
	}
}

func (l *line) thirdReached() {
	t := l.third
	t.reached = true
	t.told(t, true)
	_ = l.announce() // who asked may make three now, or hand over
}

// thirdLost takes that the third party is gone, or was not reached.
func (l *line) thirdLost() {
	t := l.third
	l.third = nil
	t.letGo()
	switch {
	case !t.reached:
		t.told(t, false)
	case l.with == nil: // they had the caller
		l.hangUp(call.Forwarded)
	case t.joined:
		l.emptyRoom()
		if l.moved(call.Part) == nil {
			l.join()
		}
	default:
		l.backToCaller()
	}
}

// dropThird lets the third party go, if there is one.
func (l *line) dropThird() {
	t := l.third
	if t == nil {
		return
	}
	l.third = nil
	t.letGo()
}

// letGo ends the third party's line, and that on which the agent asks them.
func (t *third) letGo() {
	if t.call != nil {
		t.call.Hangup()
	}
	if t.own != nil {
		t.own.Hangup()
	}
	if t.leg != nil {
		t.leg.Bridge(nil)
		t.leg.Stop()
	}
}

// joinThird lets the caller and the third party hear each other, without us.
func (l *line) joinThird(t *third) {
	t.joined = true
	l.play = 0
	leg := l.customer.Leg()
	leg.Stop()
	t.leg.Stop()
	leg.Bridge(t.leg)
	t.leg.Bridge(leg)
}

// backToCaller gives the agent the caller again; who holds the call on their
// telephone has them when they end that.
func (l *line) backToCaller() {
	if l.moved(call.Return) != nil {
		return
	}
	if l.with != nil && l.with.away && l.moved(call.Hold) == nil {
		l.held = true
		return
	}
	l.join()
}

// sendTo hands the caller to a number: the agent is free at once when somebody
// answers there, and has the caller again if nobody does. To the telephone of a
// colleague the caller goes as to them.
func (l *line) sendTo(to voice.Route, may voice.Permission, told func(reached bool)) error {
	if l.with == nil {
		return errNotYours
	}
	if l.third != nil {
		return errThird
	}
	colleague, err := l.colleagueAt(to)
	if err != nil {
		return err
	}
	by := l.with.agent
	if l.sight.Call.Record.State() != call.Consulting {
		if err := l.moved(call.Consult); err != nil {
			return err
		}
	}
	l.putAside()
	from := l.sight.Call.Record.Line
	if to.Phone != "" {
		from = l.shown()
	}
	said := told
	told = func(reached bool) {
		if l.with != nil { // who has hung up hears no more of it
			said(reached)
		}
	}
	err = l.dialThird(&third{number: to.Number, agent: colleague, blind: true, told: func(t *third, reached bool) {
		if reached {
			if l.handOver(t, func() { told(true) }) == nil {
				return
			}
			l.dropThird()
		}
		told(false)
		if l.with == nil {
			l.comesFrom(by)
			return
		}
		l.backToCaller()
	}}, may, from)
	if err != nil {
		l.backToCaller()
	}
	return err
}

// colleagueAt returns whose telephone a route leads to; none if it leads outside
// or the telephone is nobody's. Who is on a call has no ear for another.
func (l *line) colleagueAt(to voice.Route) (a agent.ID, err error) {
	if to.Phone == "" {
		return a, nil
	}
	err = l.tell("owner", func(ctx context.Context) (err error) {
		a, err = l.h.o.Phones.AgentOfPhone(ctx, to.Phone)
		return err
	})
	switch {
	case err != nil:
		return a, err
	case !a.IsZero() && l.h.busy(a, nil):
		return a, errColleagueBusy
	}
	return a, nil
}

var errColleagueBusy = fault.New(fault.Busy, "call.colleague_busy", "this colleague is on a call; try again later, or choose somebody else")

// leaves lets the agent go who has handed the caller to a number that still rings:
// the caller waits for it without them.
func (t *third) leaves(l *line) {
	p := l.with
	l.give(nil)
	l.held = false
	if leg := t.call.Leg(); leg != nil {
		leg.Bridge(nil)
	}
	l.letGo(p)
}

// handOver leaves the caller to the third party. told is called before the agent
// is let go.
func (l *line) handOver(t *third, told func()) error {
	p := l.with
	if !t.agent.IsZero() {
		if err := l.sees("handed over", func(ctx context.Context) (channel.CallSight, error) {
			return l.h.o.Desk.CallAnswered(ctx, l.id, t.agent)
		}); err != nil {
			return err
		}
		told()
		l.emptyRoom()
		l.give(nil)
		l.third = nil
		if p != nil {
			l.letGo(p)
		}
		if t.own != nil {
			t.own.Hangup()
		}
		l.give(&party{agent: t.agent, leg: t.leg, phone: t.call})
		l.join()
		return nil
	}
	told()
	if t.own != nil {
		t.own.Hangup()
		t.own = nil
	}
	l.give(nil)
	l.emptyRoom()
	if p != nil {
		l.letGo(p)
	}
	l.walks, l.reason = false, call.Forwarded
	l.joinThird(t)
	_ = l.moved(call.Continue)
	return nil
}

// Consult lets the caller wait, and rings somebody whom the agent wants to ask.
func (h *Hotline) Consult(ctx context.Context, by agent.Actor, i call.ID, w channel.Whom) error {
	if w.Agent.IsZero() == (w.Number == "") || w.Agent == by.Agent {
		return fault.New(fault.Invalid, "call.whom", "choose a colleague or a number").In("body.number")
	}
	return h.mine(ctx, by, i, func(l *line) error {
		if l.third != nil {
			return errThird
		}
		var phones []string
		if !w.Agent.IsZero() {
			if h.busy(w.Agent, nil) {
				return errColleagueBusy
			}
			if phones = h.phonesHere(ctx, w.Agent); len(phones) == 0 && len(h.elsewhere()) == 0 {
				if _, console := l.console(w.Agent); !console {
					return fault.New(fault.Conflict, "call.colleague_away", "this colleague has no telephone connected; choose somebody else")
				}
			}
		}
		if l.sight.Call.Record.State() != call.Consulting { // they ask somebody else, where nobody answered
			if err := l.moved(call.Consult); err != nil {
				return err
			}
		}
		l.putAside()
		l.with.leg.Play(rtp.Clips(true, l.h.sounds.ring))
		told := func(t *third, reached bool) {
			if l.with == nil {
				return
			}
			if !reached {
				l.with.leg.Play(rtp.Clips(false, l.h.sounds.busy))
				l.later(2*time.Second, func() {
					if l.with != nil && l.third == nil && l.sight.Call.Record.State() == call.Consulting {
						l.backToCaller()
					}
				})
				return
			}
			l.with.leg.Stop()
			t.leg.Stop()
			l.with.leg.Bridge(t.leg)
			t.leg.Bridge(l.with.leg)
		}
		return l.consult(w, phones, h.may(by.Agent), told)
	})
}

func (l *line) consult(w channel.Whom, phones []string, may voice.Permission, told func(*third, bool)) (err error) {
	t := &third{number: contact.NormalPhone(w.Number), agent: w.Agent, told: told}
	_, console := l.console(w.Agent)
	switch doors := l.h.elsewhere(); {
	case t.number != "":
		err = l.dialThird(t, may, l.shown())
	case len(phones) > 0:
		err = l.ringThird(t, voice.Dialing{Number: phones[0], May: voice.May(voice.Inside), From: l.shown()})
	case !console && len(doors) > 0: // a colleague at another program
		err = l.ringThird(t, voice.Dialing{At: doors, Number: askAgent + w.Agent.String(), From: l.shown(), For: longestRing})
	default: // a colleague's console rings by the desk's news
		l.third = t
		l.later(longestRing, func() {
			if l.third == t && !t.reached {
				l.thirdLost()
			}
		})
	}
	if err != nil {
		l.backToCaller()
		return err
	}
	return l.announce()
}

// announce lets consoles hear that something about the call is new.
func (l *line) announce() error {
	return l.tell("announce", func(ctx context.Context) error { return l.h.o.Desk.CallChanged(ctx, l.id) })
}

// Return lets the third party go, and takes the caller back.
func (h *Hotline) Return(ctx context.Context, by agent.Actor, i call.ID) error {
	return h.mine(ctx, by, i, func(l *line) error {
		nobody := l.third == nil && l.sight.Call.Record.State() == call.Consulting // who was asked did not answer
		if !nobody && (l.third == nil || l.third.joined) {
			return fault.New(fault.Conflict, "call.no_third", "there is no third party")
		}
		l.dropThird()
		l.backToCaller()
		return nil
	})
}

// Join lets the caller, the agent and the third party hear each other.
func (h *Hotline) Join(ctx context.Context, by agent.Actor, i call.ID) error {
	return h.mine(ctx, by, i, func(l *line) error {
		t := l.third
		if t == nil || !t.reached {
			return fault.New(fault.Conflict, "call.no_third", "there is no third party")
		}
		if err := l.moved(call.Join); err != nil {
			return err
		}
		t.joined = true
		l.speakBy(t)
		l.open()
		return nil
	})
}

// Transfer hands the caller to a number outside; to whoever is asked already if
// none is given.
func (h *Hotline) Transfer(ctx context.Context, by agent.Actor, i call.ID, number string) error {
	return h.mine(ctx, by, i, func(l *line) error {
		if number == "" {
			if l.third == nil || !l.third.reached {
				return fault.New(fault.Conflict, "call.no_third", "there is no third party")
			}
			return l.handOver(l.third, func() {})
		}
		to, err := h.door.Resolve(number, h.may(by.Agent))
		if err != nil {
			return err
		}
		return l.sendTo(to, h.may(by.Agent), func(bool) {})
	})
}
