package care

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/reward"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Books are what the accounts hold, and whether they add up.
type Books struct {
	Accounts  []store.AccountBalance // the company's; customers' points stand in issued
	Customers int                    // who hold points
	Balanced  bool                   // each unit adds up to zero (R130)
}

// Books returns what the accounts hold, to those who keep them.
func (k *Care) Books(ctx context.Context, by agent.Actor) (b Books, err error) {
	if err := accounts(by); err != nil {
		return b, err
	}
	err = k.DB.View(ctx, func(tx *store.Tx) error {
		if b.Accounts, b.Customers, err = tx.Balances(ctx); err != nil {
			return err
		}
		b.Balanced, err = tx.BooksBalance(ctx)
		return err
	})
	return b, err
}

// Ledger returns a page of the ledger, newest first, to those who keep it.
func (k *Care) Ledger(ctx context.Context, by agent.Actor, ask store.LedgerList) (p desk.Page[reward.Entry], err error) {
	if err := accounts(by); err != nil {
		return p, err
	}
	ask.Limit = limited(ask.Limit)
	p.Items, p.Next, err = k.DB.Now().Ledger(ctx, ask)
	return p, err
}

// EachEntry calls f with every line of the ledger that is asked for, newest
// first, and keeps in the audit log who took them out.
func (k *Care) EachEntry(ctx context.Context, by agent.Actor, ask store.LedgerList, f func(reward.Entry) error) error {
	if err := accounts(by); err != nil {
		return err
	}
	if err := k.DB.Update(ctx, func(tx *store.Tx) error {
		return k.audit(ctx, tx, by, "ledger.export", audit.Object{Kind: "ledger", Name: ask.Account}, nil)
	}); err != nil {
		return err
	}
	ask.Limit = 500
	for {
		es, next, err := k.DB.Now().Ledger(ctx, ask)
		if err != nil {
			return err
		}
		for _, e := range es {
			if err := f(e); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		ask.Cursor = next
	}
}

const maxBudgetName = 80

// Fund puts money into a budget, or takes it out again when the amount is
// negative. What waited for it is paid and granted next. The same client id
// counts once.
func (k *Care) Fund(ctx context.Context, by agent.Actor, budget string, amount reward.Money, note, clientID string) (left reward.Money, err error) {
	defer fault.Wrap(&err, "fund a budget")
	budget, note = strings.TrimSpace(budget), strings.TrimSpace(note)
	switch {
	case !by.May(agent.CompensationApproveFinance):
		return 0, by.Need(agent.CompensationApproveFinance)
	case budget == "" || utf8.RuneCountInString(budget) > maxBudgetName:
		return 0, fault.New(fault.Invalid, "budget.name", "name the budget in 1 to %d characters", maxBudgetName).In("budget")
	case amount == 0 || amount > reward.MaxAmount || amount < -reward.MaxAmount:
		return 0, fault.New(fault.Invalid, "budget.amount", "give an amount up to %s; below zero takes money out", reward.MaxAmount.String()).In("amount")
	case utf8.RuneCountInString(note) > maxBudgetName:
		return 0, fault.New(fault.Invalid, "budget.note", "the note holds at most %d characters", maxBudgetName).In("note")
	}
	if err := conversation.CheckClientID(clientID); err != nil {
		return 0, err
	}
	account := reward.Account{Kind: reward.Budget, Of: budget}
	err = k.DB.Update(ctx, func(tx *store.Tx) error {
		isNew, err := tx.Post(ctx, reward.Posting{
			Key: "fund/" + by.Agent.String() + "/" + clientID, At: k.Now(), Source: reward.Source{Kind: "agent", ID: by.Agent.String()}, Note: note,
			Lines: reward.Fund(budget, amount),
		})
		if err != nil {
			return err
		}
		if isNew {
			if err := k.resume(ctx, tx, budget); err != nil {
				return err
			}
			o := audit.Object{Kind: "budget", ID: budget, Name: budget}
			if err := k.audit(ctx, tx, by, "budget.fund", o, map[string]any{"amount": int64(amount), "note": note}); err != nil {
				return err
			}
		}
		b, err := tx.Balance(ctx, account)
		left = reward.Money(b)
		return err
	})
	return left, err
}

// resume leaves jobs for what waited for a budget.
func (k *Care) resume(ctx context.Context, tx *store.Tx, budget string) error {
	cs, err := tx.Unpaid(ctx, budget)
	if err != nil {
		return err
	}
	for _, c := range cs {
		if err := k.promisePay(ctx, tx, c); err != nil {
			return err
		}
	}
	rs, err := tx.Ungranted(ctx, budget)
	if err != nil {
		return err
	}
	for _, r := range rs {
		if err := k.promiseGrant(ctx, tx, r); err != nil {
			return err
		}
	}
	return nil
}

// Budgets returns what the budgets hold. Whoever may propose sees them, to
// choose one.
func (k *Care) Budgets(ctx context.Context, by agent.Actor) ([]store.AccountBalance, error) {
	if err := needAny(by, agent.CompensationPropose, agent.CompensationApproveFinance); err != nil {
		return nil, err
	}
	all, _, err := k.DB.Now().Balances(ctx)
	budgets := []store.AccountBalance{}
	for _, a := range all {
		if a.Account.Kind == reward.Budget {
			budgets = append(budgets, a)
		}
	}
	return budgets, err
}

// Points are what a customer has to spend.
type Points struct {
	Spendable int64     `json:"spendable"`
	Balance   int64     `json:"balance"` // with what has expired and is not entered yet
	Next      time.Time `json:"next_expiry,omitzero"`
}

// PointsOf returns the points of the person that a contact is: those of all
// contacts that are one with them.
func (k *Care) PointsOf(ctx context.Context, by agent.Actor, who contact.ID) (p Points, err error) {
	if err := by.Need(agent.ContactRead); err != nil {
		return p, err
	}
	err = k.DB.View(ctx, func(tx *store.Tx) error {
		person, err := tx.Person(ctx, who)
		if fault.KindOf(err) == fault.NotFound {
			return nil // of somebody unknown there are none
		}
		if err != nil {
			return err
		}
		same, err := tx.SamePerson(ctx, person.ID)
		if err != nil {
			return err
		}
		for _, c := range same {
			account := reward.PointsOf(c.ID)
			es, err := tx.EntriesOf(ctx, account)
			if err != nil {
				return err
			}
			p.Spendable += reward.Spendable(es, account, k.Now())
			p.Balance += reward.Balance(es, account)
			if next := reward.NextExpiry(es, account); !next.IsZero() && (p.Next.IsZero() || next.Before(p.Next)) {
				p.Next = next
			}
		}
		return nil
	})
	return p, err
}

// Limits returns how much each level may approve.
func (k *Care) Limits(ctx context.Context) (reward.Limits, error) { return k.DB.Now().Limits(ctx) }

// ChangeLimits changes how much each level may approve. What was handed in
// keeps the limits that it was handed in under.
func (k *Care) ChangeLimits(ctx context.Context, by agent.Actor, l reward.Limits) (reward.Limits, error) {
	if err := by.Need(agent.SettingManage); err != nil {
		return l, err
	}
	if err := l.Check(); err != nil {
		return l, err
	}
	return l, k.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.Limits(ctx)
		if err != nil || was == l {
			return err
		}
		if err := tx.SaveLimits(ctx, l, k.Now()); err != nil {
			return err
		}
		detail := audit.Changes{}
		audit.Add(detail, "l1", int64(was.L1), int64(l.L1))
		audit.Add(detail, "l2", int64(was.L2), int64(l.L2))
		audit.Add(detail, "point", int64(was.Point), int64(l.Point))
		if err := k.audit(ctx, tx, by, "setting.change", audit.Object{Kind: "setting", ID: "limits"}, detail); err != nil {
			return err
		}
		return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: k.Now()})
	})
}

// Policies returns each policy in its latest version. Everybody who works here
// may know them (R160).
func (k *Care) Policies(ctx context.Context) ([]reward.Policy, error) {
	return k.DB.Now().Policies(ctx)
}

// PolicyVersions returns all versions of a policy, the newest first.
func (k *Care) PolicyVersions(ctx context.Context, code string) ([]reward.Policy, error) {
	ps, err := k.DB.Now().PolicyVersions(ctx, code)
	if err == nil && len(ps) == 0 {
		err = fault.New(fault.NotFound, "policy.unknown", "there is no such %s", "policy in force")
	}
	return ps, err
}

// PutPolicy writes the next version of a policy, which is in force from its
// day on, or at once. p.Version is the version that was read, 0 for a policy
// that is new.
func (k *Care) PutPolicy(ctx context.Context, by agent.Actor, p reward.Policy) (_ reward.Policy, err error) {
	defer fault.Wrap(&err, "change the policy %s", p.Code)
	if err := by.Need(agent.SettingManage); err != nil {
		return p, err
	}
	if p, err = p.Check(); err != nil {
		return p, err
	}
	read := p.Version
	err = k.DB.Update(ctx, func(tx *store.Tx) error {
		have, err := tx.PolicyVersions(ctx, p.Code)
		if err != nil {
			return err
		}
		newest := reward.Policy{}
		if len(have) > 0 {
			newest = have[0]
		}
		if err := errTaken(read, newest.Version); err != nil {
			return err
		}
		p.Version, p.At, p.By = newest.Version+1, k.Now(), by.Name
		if p.Since.Before(p.At) {
			p.Since = p.At
		}
		if p.Since.Before(newest.Since) {
			return fault.New(fault.Invalid, "policy.since", "a version begins after the one before it").In("since")
		}
		if err := tx.AddPolicy(ctx, p); err != nil {
			return err
		}
		o := audit.Object{Kind: "policy", ID: p.Code, Name: p.Name.Zh}
		if err := k.audit(ctx, tx, by, "policy.change", o, map[string]any{"version": strconv.Itoa(p.Version), "retired": p.Retired}); err != nil {
			return err
		}
		return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: k.Now()})
	})
	return p, err
}

// errTaken says that somebody has written a version since one was read, or
// that a new policy has the code of another.
func errTaken(read, newest int) error {
	switch read {
	case newest:
		return nil
	case 0:
		return fault.New(fault.Conflict, "policy.exists", "there is a policy with this code already; choose another code").In("code")
	default:
		return fault.New(fault.Conflict, "store.changed", "someone changed this a moment ago; read it again")
	}
}
