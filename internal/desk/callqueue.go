package desk

import (
	"context"
	"slices"
	"strconv"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/routing"
	"yingda/internal/domain/sla"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// CallWaits puts the caller into a queue. Who waits already stays where they
// are.
func (d *Desk) CallWaits(ctx context.Context, i call.ID, p call.Place) (channel.CallSight, error) {
	return d.onLine(ctx, i, func(tx *store.Tx, l *line) error {
		state := l.k.Record.State()
		if l.c.State == conversation.Queued && (state == call.Queued || state == call.Offered) {
			l.again = true
			return nil
		}
		e, err := d.entryIn(ctx, tx, l.c.Inbox)
		if err != nil {
			return err
		}
		lane, _ := e.Lane(p.Queue)
		act, why := conversation.HandOver, conversation.Asked
		do := call.Enqueue
		switch {
		case state.WithAgent():
			act, why, do = conversation.HandOn, conversation.Transfer, call.Requeue
		case l.c.State == conversation.WrapUp || l.c.State == conversation.Closed:
			act = conversation.Revive
		}
		if err := l.do(do, d.Now(), p.Queue, 0); err != nil {
			return err
		}
		l.k.Record.Emergency = l.k.Record.Emergency || p.Emergency
		was := l.c.Agent
		if err := d.queueCall(ctx, tx, l, p, lane, act, why); err != nil {
			return err
		}
		if err := d.keepCall(ctx, tx, l); err != nil {
			return err
		}
		if was.IsZero() || l.c.State != conversation.Queued {
			return nil
		}
		return d.tellLoad(ctx, tx, was)
	})
}

// entryIn returns the entry of an inbox; one that nothing is set for leads
// everything to the inbox's own team.
func (d *Desk) entryIn(ctx context.Context, tx *store.Tx, i inbox.ID) (call.Entry, error) {
	e, err := tx.CallEntry(ctx, i)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return call.Entry{Inbox: i}, nil //nolint:nilerr // that nothing is set is no fault
	}
	return e, err
}

// queueCall puts the conversation of a call in the queue: for the team, with the
// skills and in the lane of the queue, since the time of the place.
func (d *Desk) queueCall(ctx context.Context, tx *store.Tx, l *line, p call.Place, lane call.Lane, act conversation.Act, why conversation.Reason) error {
	c, now := l.c, d.Now()
	in, err := tx.InboxByID(ctx, c.Inbox)
	if err != nil {
		return err
	}
	r, err := tx.RoutingRules(ctx)
	if err != nil {
		return err
	}
	skills, err := d.skillsNamed(ctx, tx, p.Skills)
	if err != nil {
		return err
	}
	c.Team, c.Priority = in.Team, max(lane.Priority, p.Urgency())
	if !lane.Team.IsZero() {
		c.Team = lane.Team
	}
	if lane.Priority < 0 && p.Urgency() == 0 {
		c.Priority = lane.Priority
	}
	if c, err = d.enqueue(ctx, tx, c, act, why); err != nil {
		return err
	}
	c.Needs = with(c.Needs, lane.Skills, skills)
	since := c.QueuedAt
	if !p.Since.IsZero() && p.Since.Before(since) {
		since = p.Since
	}
	c = c.Since(since, r)
	args := map[string]string{"reason": string(why), "queue": p.Queue}
	staffed, err := tx.Staffed(ctx)
	if err != nil {
		return err
	}
	if staffed {
		if err := d.promiseCall(ctx, tx, c, now); err != nil {
			return err
		}
	}
	if c, err = d.tell(ctx, tx, c, "queued", args); err != nil {
		return err
	}
	if staffed {
		if err := d.announceWait(ctx, tx, c, args); err != nil {
			return err
		}
	}
	l.c = c
	return d.announce(ctx, tx, c, "queued", 0)
}

// with adds needs; of one skill the higher level counts.
func with(needs []routing.Need, more ...[]routing.Need) []routing.Need {
	needs = slices.Clone(needs)
	for _, list := range more {
		for _, n := range list {
			i := slices.IndexFunc(needs, func(h routing.Need) bool { return h.Skill == n.Skill })
			if i < 0 {
				needs = append(needs, n)
				continue
			}
			needs[i].Level, needs[i].Must = max(needs[i].Level, n.Level), needs[i].Must || n.Must
		}
	}
	return needs
}

// skillsNamed returns the needs that a menu names by id or by name. A skill that
// there is no more is not needed: a caller does not wait for nobody.
func (d *Desk) skillsNamed(ctx context.Context, tx *store.Tx, names []string) (needs []routing.Need, err error) {
	if len(names) == 0 {
		return nil, nil
	}
	all, err := tx.Skills(ctx, d.Now())
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		if i := slices.IndexFunc(all, func(s agent.Skill) bool { return s.ID.String() == n || s.Name == n }); i >= 0 {
			needs = append(needs, routing.Need{Skill: all[i].ID, Level: 1})
		}
	}
	return needs, nil
}

// promiseCall starts the clock of the promise that a call is answered within a
// time of entering the queue. It runs on where the caller comes back to the
// queue before anybody has answered; where nobody is there nothing is promised.
func (d *Desk) promiseCall(ctx context.Context, tx *store.Tx, c conversation.Conversation, from time.Time) error {
	have, err := tx.ClocksOf(ctx, store.OfConversation, int64(c.ID))
	if err != nil {
		return err
	}
	for _, ck := range have {
		if ck.State.Open() || ck.State == sla.Met {
			return nil
		}
	}
	r, err := d.promises(ctx, tx)
	if err != nil {
		return err
	}
	due, ok, err := r.promises.Promise(sla.AnswerWait, sla.Subject{Kind: sla.KindCall, Channel: c.Channel}, from)
	if err != nil || !ok {
		return err
	}
	ck := store.ClockOf{ID: store.NewClockID(d.Now()), Kind: store.OfConversation, Subject: int64(c.ID), Channel: c.Channel, Clock: sla.Start(due, d.Now())}
	if err := tx.InsertClock(ctx, ck); err != nil {
		return err
	}
	return wakeClock(ctx, tx, ck, d.Now())
}

// CallFacts returns what the menu may know and say now: whether anybody is
// there, how many stand before the caller, and how long it will take if that can
// be said.
func (d *Desk) CallFacts(ctx context.Context, i call.ID) (f call.Facts, err error) {
	defer fault.Wrap(&err, "facts of call %s", i)
	f = call.Facts{Ahead: -1, Contact: map[string]string{}, Hours: map[string]call.Hours{}}
	line, err := d.Hotline(ctx)
	if err != nil {
		return f, err
	}
	if now := d.Now(); line != nil {
		h := call.Hours{Open: line.Timetable.OpenAt(now)}
		if next, ok := line.Timetable.NextChange(now); ok && !h.Open {
			next = next.In(line.Timetable.Zone())
			h.OpensOn, h.OpensAt = next.Format(time.DateOnly), next.Format("15:04")
		}
		f.Hours[sla.Hotline] = h
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		k, err := tx.Call(ctx, i)
		if err != nil {
			return err
		}
		c, err := tx.Conversation(ctx, k.Conversation)
		if err != nil {
			return err
		}
		who, err := tx.Person(ctx, c.Contact)
		if err != nil {
			return err
		}
		f.Line = k.Record.Line
		if f.Caller = k.Record.Caller; !who.CreatedAt.Equal(k.Record.Steps[0].At) && contact.IsPhone(f.Caller) {
			f.Contact["contact.known"] = "yes"
		}
		if f.Staffed, err = tx.Staffed(ctx); err != nil || c.State != conversation.Queued {
			return err
		}
		told, ok, err := d.foretell(ctx, tx, c)
		if err != nil {
			return err
		}
		if f.Ahead = max(0, told.Position-1); ok {
			f.Least, f.Most = told.Band.Least, told.Band.Most
		}
		return nil
	})
	return f, err
}

// CallLeavesQueue takes the caller back to the menu. Their place is held: who
// waits again in this call has waited since they came.
func (d *Desk) CallLeavesQueue(ctx context.Context, i call.ID) (channel.CallSight, error) {
	return d.onLine(ctx, i, func(tx *store.Tx, l *line) error {
		was := l.c
		if was.State != conversation.Queued {
			l.again = true
			return nil
		}
		if err := l.do(call.LeaveQueue, d.Now(), "", 0); err != nil {
			return err
		}
		if was.Offer != nil {
			if err := tx.EndOffer(ctx, was.ID, was.Offer.Agent, "withdrawn", d.Now()); err != nil {
				return err
			}
		}
		c, err := was.Return()
		if err != nil {
			return err
		}
		if err := d.unanswered(ctx, tx, was); err != nil {
			return err
		}
		if err := tx.EndForecasts(ctx, c.ID, "left", d.Now()); err != nil {
			return err
		}
		if l.c, err = tx.SaveConversation(ctx, c); err != nil {
			return err
		}
		if err := d.keepCall(ctx, tx, l); err != nil {
			return err
		}
		rang := agent.ID(0)
		if was.Offer != nil {
			rang = was.Offer.Agent
		}
		if err := d.announce(ctx, tx, l.c, "withdrawn", rang); err != nil {
			return err
		}
		return d.wantRoute(ctx, tx, d.Now())
	})
}

// CallReturns puts a call back to the head of the queue. It changes nothing if
// the agent neither rings nor has the call any more. Who could not be rung has
// missed nothing, and is told why.
func (d *Desk) CallReturns(ctx context.Context, i call.ID, from agent.ID, why channel.Unanswered) (channel.CallSight, error) {
	return d.onLine(ctx, i, func(tx *store.Tx, l *line) error {
		switch {
		case l.c.Offer != nil && l.c.Offer.Agent == from:
			if err := d.withdraw(ctx, tx, l.c, string(why)); err != nil {
				return err
			}
			switch why {
			case channel.CallMissed:
				if err := d.pauseSilent(ctx, tx, from); err != nil {
					return err
				}
			case channel.CallUnreachable:
				if err := d.notReached(ctx, tx, from, l.c); err != nil {
					return err
				}
			case channel.CallDeclined:
			}
		case l.c.State == conversation.Active && l.c.Agent == from:
			if err := d.lose(ctx, tx, l.c); err != nil {
				return err
			}
			if err := d.tellLoad(ctx, tx, from); err != nil {
				return err
			}
		default:
			l.again = true
			return nil
		}
		return l.read(ctx, tx)
	})
}

// notReached tells an agent that a call was for them and no telephone of theirs
// was there: once in a while.
func (d *Desk) notReached(ctx context.Context, tx *store.Tx, a agent.ID, c conversation.Conversation) error {
	first, err := tx.Once(ctx, "call_unreachable/"+a.String()+"/"+strconv.FormatInt(d.Now().UnixMilli()/alertEvery.Milliseconds(), 10), d.Now())
	if err != nil || !first {
		return err
	}
	return d.notify(ctx, tx, a, "call.unreachable", conversation.Conversation{}, "", c.ContactName)
}

// read reads what others have written of the call in this transaction.
func (l *line) read(ctx context.Context, tx *store.Tx) (err error) {
	if l.c, err = tx.Conversation(ctx, l.c.ID); err != nil {
		return err
	}
	l.k, err = tx.Call(ctx, l.k.ID)
	return err
}

// CallAnswered says that an agent has the caller on the line.
func (d *Desk) CallAnswered(ctx context.Context, i call.ID, by agent.ID) (channel.CallSight, error) {
	return d.onLine(ctx, i, func(tx *store.Tx, l *line) error {
		c, state := l.c, l.k.Record.State()
		if c.State == conversation.Active && c.Agent == by {
			l.again = true
			return nil
		}
		rings := c.Offer != nil && c.Offer.Agent == by
		calls := c.State == conversation.Bot && l.k.Record.Direction == call.Outbound
		asked := c.State == conversation.Active && (state == call.Consulting || state == call.Conferring)
		if !rings && !calls && !asked {
			return fault.New(fault.Conflict, "call.not_offered", "this call does not ring there any more")
		}
		if err := maySpeak(ctx, tx, c, by); err != nil {
			return err
		}
		if _, err := d.give(ctx, tx, c, by, conversation.Accept); err != nil {
			return err
		}
		return l.read(ctx, tx)
	})
}

// mayRing refuses a call for somebody who has no telephone that can ring, who is
// on another, or at whom one rings: by name too nobody gets two.
func (d *Desk) mayRing(ctx context.Context, tx *store.Tx, c conversation.Conversation, seat store.Seat) error {
	if !byPhone(c) {
		return nil
	}
	if seat.PhoneSince.IsZero() {
		return fault.New(fault.Conflict, "transfer.no_phone", "no telephone of %s is connected; choose someone else or a team", seat.Name)
	}
	held, err := tx.HeldBy(ctx, seat.ID)
	if err != nil {
		return err
	}
	ringing, err := tx.OfferedTo(ctx, seat.ID)
	if err != nil {
		return err
	}
	for _, o := range append(held, ringing...) {
		if byPhone(o) && o.ID != c.ID {
			return onCall(seat)
		}
	}
	if n, err := tx.CallsMadeBy(ctx, seat.ID); err != nil || n == 0 {
		return err
	}
	return onCall(seat)
}

func onCall(seat store.Seat) error {
	return fault.New(fault.Conflict, "transfer.on_call", "%s is on another call; choose someone else or a team", seat.Name)
}
