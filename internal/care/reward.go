package care

import (
	"context"
	"strconv"
	"strings"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/reward"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// RewardSheet is a reward as somebody who may see it reads it.
type RewardSheet struct {
	reward.Reward
	Next         reward.Need
	ProposerName string
	Case         *CaseRef // when it is for a case
	May          []reward.Act
}

// ofCase is a case as the source of a reward.
func ofCase(i ticket.ID) reward.Source { return reward.Source{Kind: "case", ID: i.String()} }

// ProposeReward proposes thanks for a case that the actor may see. There is
// one of a type for a case: asking again gives the first (R130).
func (k *Care) ProposeReward(ctx context.Context, by agent.Actor, i ticket.ID, r reward.Reward) (s RewardSheet, err error) {
	defer fault.Wrap(&err, "propose a reward")
	if err := by.Need(agent.CompensationPropose); err != nil {
		return s, err
	}
	typed := r
	err = k.DB.Update(ctx, func(tx *store.Tx) error {
		kase, err := k.Desk.CaseOf(ctx, tx, by, i)
		if err != nil {
			return err
		}
		r := typed
		r.ID, r.Source, r.Contact, r.Proposer = reward.NewID(k.Now()), ofCase(i), kase.Contact, by.Agent
		r.ExpiresAt = r.ExpiresAt.Truncate(time.Millisecond)
		r, isNew, err := k.proposed(ctx, tx, r)
		if err != nil {
			return err
		}
		if isNew {
			if err := k.afterReward(ctx, tx, by, "", r, kase, "propose"); err != nil {
				return err
			}
		}
		s, err = rewardSheet(ctx, look(tx), by, r, kase)
		return err
	})
	return s, err
}

func (k *Care) proposed(ctx context.Context, tx *store.Tx, r reward.Reward) (reward.Reward, bool, error) {
	l, err := tx.Limits(ctx)
	if err != nil {
		return r, false, err
	}
	if !r.ExpiresAt.IsZero() && !r.ExpiresAt.After(k.Now()) {
		return r, false, fault.New(fault.Invalid, "reward.expires", "choose a day that is still to come").In("expires_at")
	}
	if r, err = r.Propose(l, k.Now()); err != nil {
		return r, false, err
	}
	r, isNew, err := tx.InsertReward(ctx, r)
	if err != nil || !isNew {
		return r, false, err
	}
	return r, true, k.promiseGrant(ctx, tx, r)
}

func (k *Care) promiseGrant(ctx context.Context, tx *store.Tx, r reward.Reward) error {
	if r.State != reward.RewardApproved {
		return nil
	}
	return tx.EnqueueOnce(ctx, GrantJob, r.ID.String(), RewardWork{r.ID}, k.Now(), k.Now())
}

// rewardChange is what the rules make of a reward.
type rewardChange func(tx *store.Tx, r reward.Reward) (reward.Reward, error)

// moveReward lets the rules change a reward, with a line in the audit log and
// in the history of its case.
func (k *Care) moveReward(ctx context.Context, by agent.Actor, i reward.ID, version int64, what string, f rewardChange) (s RewardSheet, err error) {
	defer fault.Wrap(&err, "%s reward %s", what, i)
	err = k.DB.Update(ctx, func(tx *store.Tx) error {
		kase, err := caseOfReward(ctx, tx, i)
		if err != nil {
			return err
		}
		r, err := tx.Reward(ctx, i)
		if err != nil {
			return err
		}
		if !seesReward(by, r, kase) {
			return errNoReward
		}
		if err := checkVersion(version, r.Version); err != nil {
			return err
		}
		was := r.State
		if r, err = f(tx, r); err != nil {
			return err
		}
		if r, err = tx.SaveReward(ctx, r); err != nil {
			return err
		}
		if err := k.afterReward(ctx, tx, by, was, r, kase, what); err != nil {
			return err
		}
		s, err = rewardSheet(ctx, look(tx), by, r, kase)
		return err
	})
	return s, err
}

var errNoReward = fault.New(fault.NotFound, "reward.unknown", "there is no such %s", "reward")

// caseOfReward returns the case that a reward is for, as caseOf does. It is
// taken before the reward.
func caseOfReward(ctx context.Context, tx *store.Tx, i reward.ID) (ticket.Case, error) {
	s, err := tx.SourceOfReward(ctx, i)
	if err != nil {
		return ticket.Case{}, err
	}
	return caseOf(ctx, tx, s)
}

// caseOf returns the case that is a source; a case without an id if it is
// something else.
func caseOf(ctx context.Context, tx *store.Tx, s reward.Source) (c ticket.Case, err error) {
	if s.Kind != "case" {
		return c, nil
	}
	var of ticket.ID
	if err := of.UnmarshalText([]byte(s.ID)); err != nil {
		return c, err
	}
	return tx.Case(ctx, of)
}

// seesReward reports whether an actor may see a reward: with its case, or
// because they approve or keep the accounts.
func seesReward(by agent.Actor, r reward.Reward, c ticket.Case) bool {
	n := r.Needs()
	switch {
	case by.Agent.IsZero() && by.Key == "":
		return true // the program itself
	case !c.ID.IsZero() && !c.MaySee(by.Agent):
		return false
	case !c.ID.IsZero() && c.SeenBy(by), accounts(by) == nil, r.Proposer == by.Agent:
		return true
	}
	return n.Who == reward.AnApprover && by.May(n.Permission)
}

// DecideReward is somebody's verdict: approve or reject.
func (k *Care) DecideReward(ctx context.Context, by agent.Actor, i reward.ID, version int64, verdict reward.Act, note string) (RewardSheet, error) {
	return k.moveReward(ctx, by, i, version, string(verdict), func(tx *store.Tx, r reward.Reward) (reward.Reward, error) {
		r, err := r.Decide(by, verdict, note, k.Now())
		if err != nil {
			return r, err
		}
		return r, k.promiseGrant(ctx, tx, r)
	})
}

// Grant enters an approved reward in the ledger, once however often it is
// asked to.
func (k *Care) Grant(ctx context.Context, w RewardWork) error {
	err := k.stepReward(ctx, w.Reward, reward.RewardApproved, "grant", func(tx *store.Tx, r reward.Reward) (reward.Reward, error) {
		r, p, err := r.Grant(k.Now())
		if err != nil {
			return r, err
		}
		if _, err := tx.Post(ctx, p); err != nil || r.ExpiresAt.IsZero() {
			return r, err
		}
		if r.Points > 0 {
			name := r.Contact.String() + "@" + strconv.FormatInt(r.ExpiresAt.UnixMilli(), 10)
			if err := tx.EnqueueOnce(ctx, ExpireJob, name, ExpireWork{r.Contact}, r.ExpiresAt, k.Now()); err != nil {
				return r, err
			}
		}
		return r, tx.EnqueueOnce(ctx, LapseJob, r.ID.String(), RewardWork{r.ID}, r.ExpiresAt, k.Now())
	})
	if err != nil && fault.CodeOf(err) == "ledger.budget" {
		return k.tellRewardShort(ctx, w.Reward)
	}
	return err
}

// Lapse takes back a reward that was not used in its time.
func (k *Care) Lapse(ctx context.Context, w RewardWork) error {
	return k.stepReward(ctx, w.Reward, reward.RewardGranted, "lapse", func(_ *store.Tx, r reward.Reward) (reward.Reward, error) { return r.Lapse(k.Now()) })
}

// stepReward is moveReward on behalf of the program, if the reward stands where
// the step begins; otherwise things have moved on.
func (k *Care) stepReward(ctx context.Context, i reward.ID, from reward.GiftState, what string, f rewardChange) error {
	_, err := k.moveReward(ctx, agent.Actor{}, i, 0, what, func(tx *store.Tx, r reward.Reward) (reward.Reward, error) {
		if r.State != from {
			return r, errMoved
		}
		return f(tx, r)
	})
	if fault.CodeOf(err) == fault.CodeOf(errMoved) {
		return nil
	}
	return err
}

var errMoved = fault.New(fault.Conflict, "reward.moved", "the reward has moved on")

// Redeem enters that the customer used a coupon or took a gift.
func (k *Care) Redeem(ctx context.Context, by agent.Actor, i reward.ID, version int64) (RewardSheet, error) {
	if err := by.Need(agent.CompensationPropose); err != nil {
		return RewardSheet{}, err
	}
	return k.moveReward(ctx, by, i, version, "redeem", func(_ *store.Tx, r reward.Reward) (reward.Reward, error) {
		if r.Gift == reward.PointsGift {
			return r, fault.New(fault.Conflict, "reward.points_used", "points are spent from the customer's account, not by reward")
		}
		return r.Use(k.Now())
	})
}

// Revoke takes a reward back, and of points what the customer still has. It is
// for supervisors and finance.
func (k *Care) Revoke(ctx context.Context, by agent.Actor, i reward.ID, version int64, why string) (RewardSheet, error) {
	if err := accounts(by); err != nil {
		return RewardSheet{}, err
	}
	why = strings.TrimSpace(why)
	if why == "" {
		return RewardSheet{}, fault.New(fault.Invalid, "reward.why", "say why it is taken back").In("note")
	}
	return k.moveReward(ctx, by, i, version, "revoke", func(tx *store.Tx, r reward.Reward) (reward.Reward, error) {
		account := reward.PointsOf(r.Contact)
		if err := tx.HoldPoints(ctx, r.Contact); err != nil {
			return r, err
		}
		entries, err := tx.EntriesOf(ctx, account)
		if err != nil {
			return r, err
		}
		r, p, err := r.Revoke(reward.Spendable(entries, account, k.Now()), clip(why), k.Now())
		if err != nil {
			return r, err
		}
		_, err = tx.Post(ctx, p)
		return r, err
	})
}

// Expire takes back a customer's points whose time has come. Doing it again
// does nothing.
func (k *Care) Expire(ctx context.Context, w ExpireWork) error {
	return k.DB.Update(ctx, func(tx *store.Tx) error {
		account := reward.PointsOf(w.Contact)
		if err := tx.HoldPoints(ctx, w.Contact); err != nil {
			return err
		}
		entries, err := tx.EntriesOf(ctx, account)
		if err != nil {
			return err
		}
		for _, p := range reward.Expiries(entries, account, k.Now()) {
			if _, err := tx.Post(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func (k *Care) afterReward(ctx context.Context, tx *store.Tx, by agent.Actor, was reward.GiftState, r reward.Reward, c ticket.Case, what string) error {
	name := r.Source.String()
	if !c.ID.IsZero() {
		name = c.Number
		who := actorOf(by)
		if by.Agent.IsZero() {
			who = bySystem
		}
		e := ticket.Entry{Act: ticket.Compensate, Fields: []ticket.Change{{Field: "reward", Old: string(was), New: string(r.State)}}}
		if err := k.Desk.Record(ctx, tx, c, who, e, "reward"); err != nil {
			return err
		}
	}
	detail := audit.Changes{"gift": string(r.Gift), "amount": int64(r.Amount), "points": r.Points}
	audit.Add(detail, "state", string(was), string(r.State))
	if err := k.audit(ctx, tx, by, "reward."+what, audit.Of("reward", r.ID, name), detail); err != nil {
		return err
	}
	return k.tellReward(ctx, tx, by, r, c)
}

func (k *Care) tellReward(ctx context.Context, tx *store.Tx, by agent.Actor, r reward.Reward, c ticket.Case) error {
	text := strings.TrimSpace(c.Number + " " + saidReward(r))
	switch r.State {
	case reward.RewardProposed:
		to, err := look(tx).deciders(ctx, r.Needs(), c.Accused)
		if err != nil {
			return err
		}
		return k.notify(ctx, tx, c, "reward.decide", text, by.Name, to...)
	case reward.RewardRejected, reward.RewardGranted:
		return k.notify(ctx, tx, c, "reward."+string(r.State), text, by.Name, r.Proposer)
	default:
		return nil
	}
}

func (k *Care) tellRewardShort(ctx context.Context, i reward.ID) error {
	return k.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := caseOfReward(ctx, tx, i)
		if err != nil {
			return err
		}
		r, err := tx.Reward(ctx, i)
		if err != nil {
			return err
		}
		first, err := tx.Once(ctx, "short/"+r.ID.String(), k.Now())
		if err != nil || !first {
			return err
		}
		to, err := tx.AgentsWhoMay(ctx, agent.CompensationApproveFinance)
		if err != nil {
			return err
		}
		return k.notify(ctx, tx, c, "compensation.short", c.Number+" "+saidReward(r)+" "+r.Budget, "", to...)
	})
}

func saidReward(r reward.Reward) string {
	if r.Gift == reward.PointsGift {
		return points(r.Points)
	}
	return r.Amount.String()
}

// RewardsOfCase returns the rewards for a case that the actor may see.
func (k *Care) RewardsOfCase(ctx context.Context, by agent.Actor, i ticket.ID) (ss []RewardSheet, err error) {
	err = k.DB.View(ctx, func(tx *store.Tx) error {
		kase, err := k.Desk.CaseOf(ctx, tx, by, i)
		if err != nil {
			return err
		}
		rs, err := tx.RewardsOf(ctx, ofCase(i))
		if err != nil {
			return err
		}
		l := look(tx)
		ss = make([]RewardSheet, len(rs))
		for n, r := range rs {
			if ss[n], err = rewardSheet(ctx, l, by, r, kase); err != nil {
				return err
			}
		}
		return nil
	})
	return ss, err
}

// Rewards returns a page of rewards, newest first: those that wait for the
// actor's verdict, or all, to those who keep the accounts.
func (k *Care) Rewards(ctx context.Context, by agent.Actor, ask store.RewardList) (p desk.Page[RewardSheet], err error) {
	if !ask.Mine {
		if err := accounts(by); err != nil {
			return p, err
		}
	}
	ask.By, ask.Limit = by, limited(ask.Limit)
	err = k.DB.View(ctx, func(tx *store.Tx) error {
		rs, next, err := tx.ListRewards(ctx, ask)
		if err != nil {
			return err
		}
		l := look(tx)
		p = desk.Page[RewardSheet]{Items: make([]RewardSheet, len(rs)), Next: next}
		for n, r := range rs {
			kase, err := caseOf(ctx, tx, r.Source)
			if err != nil {
				return err
			}
			if p.Items[n], err = rewardSheet(ctx, l, by, r, kase); err != nil {
				return err
			}
		}
		return nil
	})
	return p, err
}

func rewardSheet(ctx context.Context, l lookup, by agent.Actor, r reward.Reward, c ticket.Case) (s RewardSheet, err error) {
	s = RewardSheet{Reward: r, Next: r.Needs(), May: []reward.Act{}}
	if s.ProposerName, err = l.name(ctx, r.Proposer); err != nil {
		return s, err
	}
	if !c.ID.IsZero() {
		ref := refer(by, c)
		s.Case = &ref
	}
	s.May = mayReward(by, r)
	return s, nil
}

func mayReward(by agent.Actor, r reward.Reward) []reward.Act {
	acts := []reward.Act{}
	if by.Key == "" && r.Needs().Awaits(by) {
		acts = append(acts, reward.Approve, reward.Reject)
	}
	if r.State == reward.RewardGranted && r.Gift != reward.PointsGift && by.May(agent.CompensationPropose) {
		acts = append(acts, reward.Redeem)
	}
	if _, err := r.State.Next(reward.Revoke); err == nil && accounts(by) == nil {
		acts = append(acts, reward.Revoke)
	}
	return acts
}
