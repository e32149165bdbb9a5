package care

import (
	"context"
	"strconv"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/reward"
	"yingda/internal/domain/ticket"
	"yingda/internal/store"
)

// OfCase returns the compensations of a case that the actor may see, the
// oldest first.
func (k *Care) OfCase(ctx context.Context, by agent.Actor, i ticket.ID) (ss []Sheet, err error) {
	err = k.DB.View(ctx, func(tx *store.Tx) error {
		kase, err := k.Desk.CaseOf(ctx, tx, by, i)
		if err != nil {
			return err
		}
		cs, err := tx.CompensationsOf(ctx, i)
		if err != nil {
			return err
		}
		l := look(tx)
		ss = make([]Sheet, len(cs))
		for n, c := range cs {
			if ss[n], err = k.sheet(ctx, l, by, c, kase); err != nil {
				return err
			}
		}
		return nil
	})
	return ss, err
}

// Compensation returns one that the actor may see.
func (k *Care) Compensation(ctx context.Context, by agent.Actor, i reward.CompensationID) (s Sheet, err error) {
	err = k.DB.View(ctx, func(tx *store.Tx) error {
		c, kase, err := k.both(ctx, tx, i)
		if err == nil && !visible(by, c, kase) {
			err = errUnknown
		}
		if err != nil {
			return err
		}
		s, err = k.sheet(ctx, look(tx), by, c, kase)
		return err
	})
	return s, err
}

// Approvals returns a page of compensations: those that wait for the actor's
// verdict, or others of cases that they may see.
func (k *Care) Approvals(ctx context.Context, by agent.Actor, ask store.CompensationList) (p desk.Page[Sheet], err error) {
	ask.By, ask.Limit = by, limited(ask.Limit)
	err = k.DB.View(ctx, func(tx *store.Tx) error {
		cs, next, err := tx.ListCompensations(ctx, ask)
		if err != nil {
			return err
		}
		l := look(tx)
		p = desk.Page[Sheet]{Items: make([]Sheet, len(cs)), Next: next}
		for n, c := range cs {
			kase, err := tx.Case(ctx, c.Case)
			if err != nil {
				return err
			}
			if p.Items[n], err = k.sheet(ctx, l, by, c, kase); err != nil {
				return err
			}
		}
		return nil
	})
	return p, err
}

// Waiting is how much waits for an actor's verdict, each at most 99.
type Waiting struct {
	Compensations int `json:"compensations"`
	Rewards       int `json:"rewards"`
}

const mostWaiting = 99

// CountApprovals returns how much waits for the actor's verdict.
func (k *Care) CountApprovals(ctx context.Context, by agent.Actor) (w Waiting, err error) {
	err = k.DB.View(ctx, func(tx *store.Tx) error {
		if w.Compensations, err = tx.CountCompensations(ctx, by, mostWaiting); err != nil {
			return err
		}
		w.Rewards, err = tx.CountRewards(ctx, by, mostWaiting)
		return err
	})
	return w, err
}

// OffersFor returns what was approved for a customer in their case, as they
// see it, the oldest first.
func (k *Care) OffersFor(ctx context.Context, number string, h channel.Holder) (os []channel.Offer, err error) {
	err = k.DB.View(ctx, func(tx *store.Tx) error {
		kase, err := k.Desk.HeldCase(ctx, tx, number, h)
		if err != nil {
			return err
		}
		cs, err := tx.CompensationsOf(ctx, kase.ID)
		if err != nil {
			return err
		}
		os = []channel.Offer{}
		for _, c := range cs {
			o, ok := offer(c)
			if !ok {
				continue
			}
			if c.Policy != "" {
				p, err := tx.PolicyAt(ctx, c.Policy, c.PolicyVersion)
				if err != nil {
					return err
				}
				o.Policy, o.Rule = &p.Name, &p.Text
			}
			os = append(os, o)
		}
		return nil
	})
	return os, err
}

// offer is a compensation for its customer; false while it is ours to decide.
func offer(c reward.Compensation) (channel.Offer, bool) {
	state, ok := map[reward.State]channel.OfferState{
		reward.Approved: channel.Offered, reward.CustomerAccepted: channel.Taken, reward.Executing: channel.Taken, reward.Failed: channel.Taken,
		reward.Paid: channel.Given, reward.CustomerDeclined: channel.NotTaken,
	}[c.State]
	return channel.Offer{
		ID: c.ID, Kind: c.Kind, Name: c.Kind.Name(), Amount: c.Amount, Points: c.Points, PointsUntil: c.PointsUntil, Explanation: c.Explanation,
		State: state, At: c.ChangedAt,
	}, ok
}

func limited(n int) int {
	if n <= 0 || n > 100 {
		return 100
	}
	return n
}

func points(n int64) string { return strconv.FormatInt(n, 10) + " 积分" }
