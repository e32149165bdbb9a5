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
	ticket.Replacement: {reward.Replacement, reward.Reshipment}, ticket.Repair: {reward.Repair},
}

// approval returns the compensation on which an act rests: the one that is
// named, or else the newest; it is of the case, is approved and carries what
// the customer is to get.
func (d *Desk) approval(ctx context.Context, tx *store.Tx, c ticket.Case, do ticket.Doing) (string, error) {
	named := do.Approval
	do.Approval = ""
	outcome, wanted := c.WantsApproval(do)
	if named == "" && !wanted {
		return "", nil
	}
	cs, err := tx.CompensationsOf(ctx, c.ID)
	if err != nil {
		return "", err
	}
	for _, p := range slices.Backward(cs) {
		if p.State.Lasts() && slices.Contains(grantedBy[outcome], p.Kind) && (named == "" || named == p.ID.String()) {
			return p.ID.String(), nil
		}
	}
	if named != "" {
		return "", fault.New(fault.Conflict, "case.approval", "this names no compensation of the case that is approved and gives the customer what was proposed").In("approval")
	}
	return "", nil
}
