package desk

import (
	"context"

	"yingda/internal/domain/call"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/routing"
	"yingda/internal/domain/sms"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// CallBackAsked records that a caller wants to be called back, with the place
// that they had, and leaves a case: a person sees to it where the program does
// not reach them. Asking twice is asking once.
func (d *Desk) CallBackAsked(ctx context.Context, i call.ID, number string, p *call.Place) (b call.Back, err error) {
	_, err = d.onLine(ctx, i, func(tx *store.Tx, l *line) error {
		var have bool
		if b, have, err = tx.CallbackAskedIn(ctx, i); err != nil || have {
			return err
		}
		if number == "" {
			number = l.k.Record.Caller
		}
		if number = contact.NormalPhone(number); !contact.IsPhone(number) {
			return fault.New(fault.Invalid, "call.number", "%q is no phone number; it has 7 to 15 digits", number)
		}
		now := d.Now()
		if err := l.do(call.AskBack, now, "", 0); err != nil {
			return err
		}
		b = call.Back{
			ID: call.NewBackID(now), Call: i, Inbox: l.c.Inbox, Contact: l.c.Contact, Conversation: l.c.ID, Number: number,
			Place: call.Place{Queue: "callback", Since: now}, State: call.BackWaiting, AskedAt: now,
		}
		if p != nil {
			if b.Place = *p; b.Place.Since.IsZero() || b.Place.Since.After(now) {
				b.Place.Since = now
			}
		}
		if err := tx.InsertCallback(ctx, b); err != nil {
			return err
		}
		if err := d.callCase(ctx, tx, l, backSubject, number); err != nil {
			return err
		}
		if err := d.planText(ctx, tx, l, sms.Callback, sms.Callback.Once(b.ID.String()), number); err != nil {
			return err
		}
		return d.keepCall(ctx, tx, l)
	})
	return b, err
}

// mostBacks is how many call backs are looked at to find those that are due.
const mostBacks = 200

// CallbacksDue returns whom to call back now, who waits longest first: an agent
// is free for each of them besides those who stand before them in the queue.
func (d *Desk) CallbacksDue(ctx context.Context, most int) (due []call.Back, err error) {
	defer fault.Wrap(&err, "find call backs that are due")
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		waiting, err := tx.CallbacksThatWait(ctx, d.Now(), mostBacks)
		if err != nil || len(waiting) == 0 {
			return err
		}
		r, err := tx.RoutingRules(ctx)
		if err != nil {
			return err
		}
		agents, err := tx.Candidates(ctx, r, d.Now(), d.Now())
		if err != nil {
			return err
		}
		for _, b := range waiting {
			if len(due) == most {
				return nil
			}
			w, err := d.backWork(ctx, tx, r, b)
			if err != nil {
				return err
			}
			before, err := tx.CountWaitingBefore(ctx, r.Rank(b.Place.Urgency(), b.Place.Since))
			if err != nil {
				return err
			}
			if _, room := r.Room(w, agents, d.Now()); int(room) > before+len(due) {
				due = append(due, b)
			}
		}
		return nil
	})
	return due, err
}

// backWork is a call back as the rules of routing see it.
func (d *Desk) backWork(ctx context.Context, tx *store.Tx, r routing.Rules, b call.Back) (routing.Work, error) {
	w := r.Of(call.Channel)
	w.Since = b.Place.Since
	in, err := tx.InboxByID(ctx, b.Inbox)
	if err != nil {
		return w, err
	}
	e, err := d.entryIn(ctx, tx, b.Inbox)
	if err != nil {
		return w, err
	}
	lane, _ := e.Lane(b.Place.Queue)
	skills, err := d.skillsNamed(ctx, tx, b.Place.Skills)
	if err != nil {
		return w, err
	}
	if w.Team = lane.Team; w.Team.IsZero() {
		w.Team = in.Team
	}
	w.Needs = with(in.Settings.Skills, lane.Skills, skills)
	return w, nil
}

// HoldCallback gives a call back to one program.
func (d *Desk) HoldCallback(ctx context.Context, i call.BackID, program string) (mine bool, err error) {
	defer fault.Wrap(&err, "hold call back %s", i)
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		mine, err = tx.HoldCallback(ctx, i, program)
		return err
	})
	return mine, err
}

// CallbackNotMade says that a call back which was held could not even begin: it is
// tried again as one that nobody answered.
func (d *Desk) CallbackNotMade(ctx context.Context, i call.BackID) (err error) {
	defer fault.Wrap(&err, "give back call back %s", i)
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		b, err := tx.Callback(ctx, i)
		if err != nil || b.State != call.BackHeld {
			return err
		}
		b, again := b.Missed(d.Now())
		return tx.MoveCallback(ctx, b, again)
	})
}

// backCame ties a call that we make to the call back that it is for.
func (d *Desk) backCame(ctx context.Context, tx *store.Tx, i call.BackID, k call.ID) error {
	b, err := tx.Callback(ctx, i)
	if err != nil {
		return err
	}
	if b.State != call.BackHeld {
		return fault.New(fault.Conflict, "callback.over", "this call back is made already, or is not to be made")
	}
	return tx.MakeCallback(ctx, i, k)
}

// backEnded says what became of a call back when its call has ended.
func (d *Desk) backEnded(ctx context.Context, tx *store.Tx, l *line) error {
	b, have, err := tx.CallbackMadeBy(ctx, l.k.ID)
	if err != nil || !have || b.State != call.BackHeld {
		return err
	}
	if l.k.Record.Served() {
		b.State = call.BackDone
		return tx.MoveCallback(ctx, b, d.Now())
	}
	b, again := b.Missed(d.Now())
	return tx.MoveCallback(ctx, b, again)
}

// dropBacks gives the call backs that a program had in hand to others.
func (d *Desk) dropBacks(ctx context.Context, program string) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		held, err := tx.CallbacksOf(ctx, program)
		if err != nil {
			return err
		}
		for _, b := range held {
			b.State = call.BackWaiting
			if err := tx.MoveCallback(ctx, b, d.Now()); err != nil {
				return err
			}
		}
		return nil
	})
}
