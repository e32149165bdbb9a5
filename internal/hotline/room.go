package hotline

import (
	"context"
	"slices"

	"yingda/internal/channel"
	"yingda/internal/channel/voice"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/rtp"
)

// room is where more than two hear each other.
type room struct {
	mix  *rtp.Conference
	seat map[agent.ID]guest
}

// guest is a supervisor who listens, whispers to the agent, or speaks.
type guest struct {
	leg  *rtp.Leg
	call *voice.Call // nil: a console that is here
	how  string
}

func (g guest) letGo() {
	g.leg.Stop()
	if g.call != nil {
		g.call.Hangup()
	}
}

const (
	seatCustomer = "customer"
	seatAgent    = "agent"
	seatThird    = "third"
)

func (r *room) has(a agent.ID) bool {
	if r == nil {
		return false
	}
	_, ok := r.seat[a]
	return ok
}

func (r *room) guest(a agent.ID) guest {
	if r == nil {
		return guest{}
	}
	return r.seat[a]
}

// by returns whose console at another program a call is; none if it is nobody's.
func (r *room) by(c *voice.Call) (a agent.ID) {
	if r == nil {
		return a
	}
	for a, g := range r.seat {
		if g.call == c {
			return a
		}
	}
	return a
}

func (r *room) others() (all []channel.Other) {
	if r == nil {
		return nil
	}
	for a, g := range r.seat {
		all = append(all, channel.Other{Agent: a, How: g.how})
	}
	return all
}

// open takes everybody who is on the call into a room.
func (l *line) open() {
	if l.room == nil {
		l.part()
		if t := l.third; t != nil && t.leg != nil {
			t.leg.Bridge(nil)
		}
		l.room = &room{mix: rtp.NewConference(), seat: map[agent.ID]guest{}}
	}
	l.seat()
}

// seat gives everybody their place.
func (l *line) seat() {
	m := l.room.mix
	if leg := l.leg(); leg != nil && !l.held {
		l.play = 0
		m.Set(seatCustomer, leg, audio.Talks, "")
	}
	if l.with != nil {
		l.whispered(l.with)
		m.Set(seatAgent, l.with.leg, audio.Talks, "")
	}
	if t := l.third; t != nil && t.joined && t.leg != nil {
		m.Set(seatThird, t.leg, audio.Talks, "")
	}
	for a, g := range l.room.seat {
		role, to := audio.Listens, ""
		switch g.how {
		case channel.Whispering:
			role, to = audio.Whispers, seatAgent
		case channel.Barging:
			role = audio.Talks
		}
		m.Set(a.String(), g.leg, role, to)
	}
}

// emptyRoom lets everybody go; who is still on the call is joined by whoever
// comes next.
func (l *line) emptyRoom() {
	r := l.room
	if r == nil {
		return
	}
	l.room = nil
	r.mix.Close()
	for _, g := range r.seat {
		g.letGo()
	}
}

// Supervise lets a supervisor hear a call, speak to the agent only, or to both.
func (h *Hotline) Supervise(ctx context.Context, by agent.Actor, i call.ID, how string) error {
	if !slices.Contains([]string{channel.Listening, channel.Whispering, channel.Barging}, how) {
		return fault.New(fault.Invalid, "call.how", "a call is heard by listen, whisper or barge")
	}
	return h.beside(ctx, by, i, hearConsole, func(l *line, p *party) error {
		if l.third != nil && !l.third.joined { // the customer must not hear what is asked
			return fault.New(fault.Conflict, "call.asks", "the agent is asking somebody beside the customer; try again when they are back")
		}
		if l.room == nil {
			l.open()
		}
		l.room.seat[by.Agent] = guest{leg: p.leg, call: p.phone, how: how}
		l.seat()
		return l.announce()
	})
}

// leaves lets a supervisor go. Two who are left hear each other directly.
func (l *line) leaves(a agent.ID) {
	g := l.room.seat[a]
	l.room.mix.Remove(a.String())
	delete(l.room.seat, a)
	g.letGo()
	if len(l.room.seat) == 0 && (l.third == nil || !l.third.joined) {
		l.emptyRoom()
		if !l.held {
			l.join()
		}
	}
	_ = l.announce()
}

// busy reports whether an agent is on another line.
func (h *Hotline) busy(a agent.ID, but *line) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if other, ok := h.engaged[a]; ok {
		return other != but
	}
	return h.talksAway(a, nil)
}

// leaveRooms takes a supervisor from the calls that they hear: they are about to
// speak in another, or to hear it.
func (h *Hotline) leaveRooms(ctx context.Context, a agent.ID, but *line, except *visit) error {
	for _, v := range h.visitsOf(a, hears) {
		if v != except {
			v.mu.Lock()
			v.deafen()
			v.mu.Unlock()
			v.from.Hangup()
		}
	}
	for _, l := range h.all() {
		if l == but {
			continue
		}
		err := l.ask(ctx, func() error {
			if l.room.has(a) {
				l.leaves(a)
			}
			return nil
		})
		if err != nil && fault.CodeOf(err) != "call.over" {
			return err
		}
	}
	return nil
}

// give gives the caller to an agent; nil: nobody has them. A pause of the
// recording is over with the agent who asked for it.
func (l *line) give(p *party) {
	h := l.h
	if was := l.with; was != nil && (p == nil || p.agent != was.agent) && l.tape != nil && l.tape.paused {
		l.tape.pause(false)
		l.tape.paused = false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if was := l.with; was != nil && h.engaged[was.agent] == l {
		delete(h.engaged, was.agent)
		if was.phone != nil {
			delete(h.sets, was.phone.Phone())
		}
	}
	if l.with = p; p != nil {
		h.engaged[p.agent] = l
		if p.phone != nil && p.phone.Phone() != "" { // not a telephone at another program
			h.sets[p.phone.Phone()] = l
		}
	}
}

// beside does something for a supervisor to a call that another agent has. word
// is what is asked of other programs for, where their console may be.
func (h *Hotline) beside(ctx context.Context, by agent.Actor, i call.ID, word string, f func(l *line, p *party) error) error {
	if err := by.Need(agent.ConversationMonitor); err != nil {
		return err
	}
	l, err := h.of(i)
	if err != nil {
		return err
	}
	if err := h.leaveRooms(ctx, by.Agent, l, nil); err != nil {
		return err
	}
	return l.await(ctx, func(done func(error)) error {
		if err := l.others(by.Agent); err != nil {
			return err
		}
		p := &party{agent: by.Agent}
		leg, here := l.console(by.Agent)
		switch g := l.room.guest(by.Agent); {
		case here:
			p.leg = leg
		case word == hearConsole && g.call != nil: // they hear it already, in another way
			p.leg, p.phone = g.leg, g.call
		default:
			l.reach(word, by.Agent, func(c *voice.Call) error {
				if err := l.others(by.Agent); err != nil {
					return err
				}
				p.leg, p.phone = c.Leg(), c
				return f(l, p)
			}, done)
			return nil
		}
		done(nil)
		return f(l, p)
	})
}

// others refuses what a supervisor cannot do to a call as it is.
func (l *line) others(a agent.ID) error {
	switch {
	case l.ended:
		return errOver
	case l.with == nil:
		return fault.New(fault.Conflict, "call.no_agent", "no agent has this call")
	case !l.sight.Call.Record.State().WithAgent():
		return errNoCustomer
	case l.with.agent == a:
		return fault.New(fault.Conflict, "call.own", "this is your own call")
	case l.h.busy(a, l):
		return errEngaged
	}
	return nil
}

// TakeOver gives a supervisor the call that another agent has.
func (h *Hotline) TakeOver(ctx context.Context, by agent.Actor, i call.ID) error {
	return h.beside(ctx, by, i, agentConsole, (*line).takenOver)
}

func (l *line) takenOver(p *party) error {
	if l.held {
		if err := l.resume(); err != nil {
			return err
		}
	}
	if l.sight.Call.Record.State() == call.Talking {
		if err := l.moved(call.Join); err != nil {
			return err
		}
	}
	err := l.sees("taken over", func(ctx context.Context) (channel.CallSight, error) {
		return l.h.o.Desk.CallAnswered(ctx, l.id, p.agent)
	})
	if err != nil {
		return err
	}
	was := l.with
	l.dropThird()
	l.emptyRoom()
	l.give(nil)
	l.letGo(was)
	l.give(p)
	if l.walks { // no menu has whom an agent has called
		l.walk.Values["agent"] = p.agent.String()
	}
	l.join()
	return nil
}
