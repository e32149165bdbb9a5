package care

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/reward"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Payer is what really pays: a bank, a shop's refunds, a coupon engine.
type Payer interface {
	// Pay pays an order and returns the reference of the payment. However
	// often it is asked under one key, it pays once and returns the same
	// reference. An error means that it is not known to have paid; it is asked
	// again under the same key.
	Pay(ctx context.Context, o Order) (reference string, err error)
}

// Order is what a payer is asked to pay.
type Order struct {
	Key     string // one for each compensation, in every attempt
	Kind    reward.Kind
	Amount  reward.Money
	Case    string // the number, as the customer knows it
	Ref     string // the order that is refunded, as the customer named it
	Contact string // id of the customer; empty if none is known
	Name    string
}

// byMachine reports whether a kind is paid without a person: points are ours
// to give, money needs a payer, goods need hands.
func (k *Care) byMachine(kind reward.Kind) bool {
	return kind == reward.Points || k.Payer != nil && !kind.Goods()
}

// Pay pays a compensation that the customer accepted, or goes on with a
// payment that was begun. It can be done again after any of its steps, and
// pays once.
func (k *Care) Pay(ctx context.Context, w PayWork) error {
	c, kase, err := k.begin(ctx, w.Compensation)
	if fault.CodeOf(err) == "ledger.budget" && err != nil {
		return k.tellShort(ctx, w.Compensation)
	}
	if err != nil || c.State != reward.Executing || !k.byMachine(c.Kind) {
		return err
	}
	reference := "ledger/" + c.ID.String()
	if c.Kind != reward.Points {
		reference, err = k.Payer.Pay(ctx, Order{
			Key: c.PaymentKey(), Kind: c.Kind, Amount: c.Amount, Case: kase.Number, Ref: kase.Order, Contact: contactText(c), Name: kase.Name,
		})
	}
	if err != nil {
		if ctx.Err() != nil {
			return err // we are stopping; whether it was paid is for the next time
		}
		why := err.Error()
		if f := k.step(ctx, c.ID, func(_ *store.Tx, c reward.Compensation) (reward.Compensation, error) {
			return c.Fail(c.PaymentKey(), clip(why), k.Now())
		}); f != nil {
			return f
		}
		return err // the job comes back, under the same key
	}
	return k.step(ctx, c.ID, func(tx *store.Tx, c reward.Compensation) (reward.Compensation, error) {
		return k.settle(ctx, tx, c, reference)
	})
}

func contactText(c reward.Compensation) string {
	if c.Contact.IsZero() {
		return ""
	}
	return c.Contact.String()
}

func clip(s string) string {
	if r := []rune(s); len(r) > 300 {
		return string(r[:300])
	}
	return s
}

// begin brings a compensation to where a payment is on its way, with the money
// set aside. One on its way is returned as it is, as is one that is paid or
// that nobody accepted.
func (k *Care) begin(ctx context.Context, i reward.CompensationID) (c reward.Compensation, kase ticket.Case, err error) {
	err = k.DB.Update(ctx, func(tx *store.Tx) error {
		if c, kase, err = k.both(ctx, tx, i); err != nil {
			return err
		}
		if c.State != reward.CustomerAccepted && c.State != reward.Failed {
			return nil
		}
		was := c
		var p reward.Posting
		if c, p, err = c.Start(k.Now()); err != nil {
			return err
		}
		if _, err := tx.Post(ctx, p); err != nil {
			return err
		}
		if c, err = tx.SaveCompensation(ctx, c); err != nil {
			return err
		}
		return k.after(ctx, tx, agent.Actor{}, bySystem, was, c, kase, "execute")
	})
	return c, kase, err
}

// step lets the rules change a compensation on behalf of the program.
func (k *Care) step(ctx context.Context, i reward.CompensationID, f func(*store.Tx, reward.Compensation) (reward.Compensation, error)) error {
	return k.DB.Update(ctx, func(tx *store.Tx) error {
		c, kase, err := k.both(ctx, tx, i)
		if err != nil {
			return err
		}
		was := c
		if c, err = f(tx, c); err != nil || c.State == was.State {
			return err
		}
		if c, err = tx.SaveCompensation(ctx, c); err != nil {
			return err
		}
		return k.after(ctx, tx, agent.Actor{}, bySystem, was, c, kase, string(map[bool]reward.Act{true: reward.Pay, false: reward.Fail}[c.State == reward.Paid]))
	})
}

// settle enters a payment that has gone, and promises the day on which points
// expire.
func (k *Care) settle(ctx context.Context, tx *store.Tx, c reward.Compensation, reference string) (reward.Compensation, error) {
	c, p, err := c.Pay(c.PaymentKey(), reference, k.Now())
	if err != nil {
		return c, err
	}
	isNew, err := tx.Post(ctx, p)
	if err != nil || !isNew || c.Points == 0 || c.PointsUntil.IsZero() {
		return c, err
	}
	name := c.Contact.String() + "@" + strconv.FormatInt(c.PointsUntil.UnixMilli(), 10)
	return c, tx.EnqueueOnce(ctx, ExpireJob, name, ExpireWork{c.Contact}, c.PointsUntil, k.Now())
}

// tellShort tells finance that a budget cannot pay, once until money comes in.
func (k *Care) tellShort(ctx context.Context, i reward.CompensationID) error {
	return k.DB.Update(ctx, func(tx *store.Tx) error {
		c, kase, err := k.both(ctx, tx, i)
		if err != nil {
			return err
		}
		balance, err := tx.Balance(ctx, reward.Account{Kind: reward.Budget, Of: c.Budget})
		if err != nil {
			return err
		}
		first, err := tx.Once(ctx, "short/"+c.ID.String()+"/"+strconv.FormatInt(balance, 10), k.Now())
		if err != nil || !first {
			return err
		}
		to, err := tx.AgentsWhoMay(ctx, agent.CompensationApproveFinance)
		if err != nil {
			return err
		}
		return k.notify(ctx, tx, kase, "compensation.short", kase.Number+" "+said(c)+" "+c.Budget, "", to...)
	})
}

// maySettle says why an actor cannot enter that a compensation was paid: money
// is finance's, goods are handed over by who works on the case.
func (k *Care) maySettle(by agent.Actor, c reward.Compensation, kase ticket.Case) error {
	if by.May(agent.CompensationApproveFinance) {
		return nil
	}
	if c.Kind.Goods() && kase.SeenBy(by) {
		return by.Need(agent.CaseEdit)
	}
	return by.Need(agent.CompensationApproveFinance)
}

const maxReference = 120

// Settle enters that a person paid or handed over a compensation, with the
// reference of what they did.
func (k *Care) Settle(ctx context.Context, by agent.Actor, i reward.CompensationID, version int64, reference string) (Sheet, error) {
	reference = strings.TrimSpace(reference)
	if reference == "" || utf8.RuneCountInString(reference) > maxReference {
		return Sheet{}, fault.New(fault.Invalid, "payment.reference", "give the number of the payment or of the shipment, in 1 to %d characters", maxReference).In("reference")
	}
	return k.move(ctx, by, i, version, "pay", func(tx *store.Tx, c reward.Compensation, kase ticket.Case) (reward.Compensation, error) {
		if err := k.byHand(by, c, kase, reward.Executing); err != nil {
			return c, err
		}
		return k.settle(ctx, tx, c, reference)
	})
}

// FailByHand enters that a person could not pay, and why.
func (k *Care) FailByHand(ctx context.Context, by agent.Actor, i reward.CompensationID, version int64, why string) (Sheet, error) {
	if strings.TrimSpace(why) == "" {
		return Sheet{}, fault.New(fault.Invalid, "payment.why", "say why it could not be paid").In("reason")
	}
	return k.move(ctx, by, i, version, "fail", func(_ *store.Tx, c reward.Compensation, kase ticket.Case) (reward.Compensation, error) {
		if err := k.byHand(by, c, kase, reward.Executing); err != nil {
			return c, err
		}
		return c.Fail(c.PaymentKey(), clip(strings.TrimSpace(why)), k.Now())
	})
}

// byHand refuses a person who would enter a payment that a payer makes: while
// it is on its way only the payer knows.
func (k *Care) byHand(by agent.Actor, c reward.Compensation, kase ticket.Case, on reward.State) error {
	if err := k.maySettle(by, c, kase); err != nil {
		return err
	}
	if c.State == on && k.byMachine(c.Kind) {
		return fault.New(fault.Conflict, "payment.machine", "the payment is on its way; wait for its result")
	}
	return nil
}

// PayAgain promises another attempt to pay what failed, or what waits for a
// budget.
func (k *Care) PayAgain(ctx context.Context, by agent.Actor, i reward.CompensationID, version int64) (Sheet, error) {
	return k.move(ctx, by, i, version, "pay_again", func(tx *store.Tx, c reward.Compensation, kase ticket.Case) (reward.Compensation, error) {
		if err := k.maySettle(by, c, kase); err != nil {
			return c, err
		}
		if _, err := c.State.Next(reward.Execute); err != nil {
			return c, err
		}
		return c, tx.EnqueueOnce(ctx, PayJob, c.ID.String(), PayWork{c.ID}, k.Now(), k.Now())
	})
}
