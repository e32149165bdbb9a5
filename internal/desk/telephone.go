package desk

import (
	"context"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Telephones records which telephones of agents are connected at a program. Who
// has one that can ring is offered calls from now on, and who has none is not.
func (d *Desk) Telephones(ctx context.Context, program string, t channel.Telephones) (err error) {
	defer fault.Wrap(&err, "record the telephones of %s", program)
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		whose, err := tx.SetTelephones(ctx, program, t.Consoles, t.Registered, d.Now())
		if err != nil {
			return err
		}
		return d.countTelephones(ctx, tx, whose)
	})
}

// TelephonesOver takes that SIP telephones cannot ring whose registration has
// run out. That two programs do it at once does no harm.
func (d *Desk) TelephonesOver(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "look for telephones that are not registered any more")
	if over, err := d.DB.Now().TelephonesOver(ctx, d.Now()); err != nil || !over {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		whose, err := tx.DropTelephonesOver(ctx, d.Now())
		if err != nil {
			return err
		}
		return d.countTelephones(ctx, tx, whose)
	})
}

// noTelephones takes that nothing is connected at a program.
func (d *Desk) noTelephones(ctx context.Context, tx *store.Tx, program string) error {
	whose, err := tx.DropTelephones(ctx, program)
	if err != nil {
		return err
	}
	return d.countTelephones(ctx, tx, whose)
}

// countTelephones writes whether agents have a telephone that can ring. The
// consoles are told of who has one now and had none, or the other way round;
// where one came the queue is looked at.
func (d *Desk) countTelephones(ctx context.Context, tx *store.Tx, agents []agent.ID) error {
	route := false
	for _, a := range agents {
		seat, err := tx.Seat(ctx, a)
		if fault.KindOf(err) == fault.NotFound && err != nil { // was deleted meanwhile
			continue
		}
		if err != nil {
			return err
		}
		connected, anew, err := tx.CountTelephones(ctx, seat, d.Now())
		if err != nil {
			return err
		}
		route = route || anew
		if connected != seat.PhoneSince.IsZero() {
			continue
		}
		if err := d.tellLoad(ctx, tx, a); err != nil {
			return err
		}
	}
	if !route {
		return nil
	}
	return d.wantRoute(ctx, tx, d.Now())
}
