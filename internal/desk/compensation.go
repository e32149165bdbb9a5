package desk

import (
	"context"
	"slices"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/reward"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// What the desk offers to those who add to a case from another room, such as
// package care: a case that somebody may see, and a line of its history.

// CaseOf returns a case that an actor may see, in a transaction. One that they
// may not see is NotFound.
func (d *Desk) CaseOf(ctx context.Context, tx *store.Tx, by agent.Actor, i ticket.ID) (ticket.Case, error) {
	return seenCase(ctx, tx, by, i)
}

// HeldCase returns a case for its customer, in a transaction. A wrong secret
// and an unknown number are the same NotFound.
func (d *Desk) HeldCase(ctx context.Context, tx *store.Tx, number string, h channel.Holder) (ticket.Case, error) {
	c, err := d.held(ctx, tx, number, h)
	if err != nil {
		return c, err
	}
	return tx.Case(ctx, c.ID)
}

// Record adds a line to the history of a case and tells the consoles. The case
// itself stays as it is, so that nobody who works on it has to read it again.
func (d *Desk) Record(ctx context.Context, tx *store.Tx, c ticket.Case, by ticket.Actor, e ticket.Entry, what string) error {
	e.At, e.By, e.Agent, e.ByName, e.From, e.To, e.Stage = d.Now(), by.Who, by.Agent, by.Name, c.State, c.State, c.Stage()
	if err := tx.AddCaseEntries(ctx, c.ID, []ticket.Entry{e}); err != nil {
		return err
	}
	return d.announceCase(ctx, tx, c, what)
}

// grantedBy are the kinds of compensation that carry an outcome.
var grantedBy = map[ticket.Outcome][]reward.Kind{
	ticket.Refund: {reward.Refund}, ticket.Coupon: {reward.Coupon}, ticket.Points: {reward.Points}, ticket.PolicyCompensation: {reward.ByPolicy},
	ticket.Replacement: {reward.Replacement, reward.Reshipment},
}

// approval returns the compensation on which an act rests: the one that is
// named, which must be approved and of this case, or else the newest that is
// and carries what was proposed.
func (d *Desk) approval(ctx context.Context, tx *store.Tx, c ticket.Case, do ticket.Doing) (string, error) {
	if do.Approval != "" {
		ok, err := tx.CompensationApproved(ctx, do.Approval, c.ID)
		if err == nil && !ok {
			err = fault.New(fault.Conflict, "case.approval", "this names no compensation of the case that is approved").In("approval")
		}
		return do.Approval, err
	}
	if c.Approval != "" || !c.Outcome.NeedsApproval() || do.Act != ticket.GiveFeedback && do.Act != ticket.FinishRemedy {
		return "", nil
	}
	cs, err := tx.CompensationsOf(ctx, c.ID)
	for _, p := range slices.Backward(cs) {
		if p.State.Lasts() && slices.Contains(grantedBy[c.Outcome], p.Kind) {
			return p.ID.String(), err
		}
	}
	return "", err
}
