// Package care looks after customers beyond the single case: compensation for
// who was harmed and rewards for who helped, who must approve them, and the
// ledger. Each method is one transaction; what follows later is a job.
//
// The rules stand in [reward]. What an agent does comes with an [agent.Actor]
// whose rights are checked here, what a customer does with a [channel.Holder].
package care

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/event"
	"yingda/internal/domain/reward"
	"yingda/internal/domain/ticket"
	"yingda/internal/job"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Care does the work. Its fields are set once, before it is used.
type Care struct {
	DB   *store.DB
	Now  func() time.Time
	Log  *slog.Logger
	Desk *desk.Desk
	// Payer pays refunds and coupons; nil: finance pays by hand and enters the
	// reference.
	Payer Payer
}

// The kinds of job that care leaves.
const (
	PayJob    = "care.pay"    // a compensation is paid
	GrantJob  = "care.grant"  // a reward enters the ledger
	LapseJob  = "care.lapse"  // a reward that was not used falls back
	ExpireJob = "care.expire" // a customer's points fall back
)

// PayWork is the payload of PayJob.
type PayWork struct {
	Compensation reward.CompensationID `json:"compensation"`
}

// RewardWork is the payload of GrantJob and LapseJob.
type RewardWork struct {
	Reward reward.ID `json:"reward"`
}

// ExpireWork is the payload of ExpireJob.
type ExpireWork struct {
	Contact contact.ID `json:"contact"`
}

// Jobs returns how care's jobs are done.
func (k *Care) Jobs() []job.Kind {
	return []job.Kind{
		{Name: PayJob, Most: 4, Do: job.With(k.Pay)},
		{Name: GrantJob, Most: 4, Do: job.With(k.Grant)},
		{Name: LapseJob, Most: 4, Do: job.With(k.Lapse)},
		{Name: ExpireJob, Most: 4, Do: job.With(k.Expire)},
	}
}

// actorOf is an agent as the history of cases knows them.
func actorOf(by agent.Actor) ticket.Actor {
	return ticket.Actor{Who: ticket.ByAgent, Agent: by.Agent, Name: by.Name}
}

// bySystem is the program itself.
var bySystem = ticket.Actor{Who: ticket.BySystem}

// lookup reads what several sheets show once: who is called what, who holds a
// permission. It is for one transaction.
type lookup struct {
	tx      *store.Tx
	names   map[agent.ID]string
	holders map[agent.Permission][]agent.ID
}

func look(tx *store.Tx) lookup {
	return lookup{tx, map[agent.ID]string{}, map[agent.Permission][]agent.ID{}}
}

// name is what an agent is called; empty if they are not there any more.
func (l lookup) name(ctx context.Context, i agent.ID) (string, error) {
	if name, ok := l.names[i]; ok {
		return name, nil
	}
	a, err := l.tx.Agent(ctx, i)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return "", err
	}
	l.names[i] = a.Name
	return a.Name, nil
}

// deciders are the agents who may give the verdict that is needed: who holds
// the permission and is neither the proposer, nor approved a level below, nor
// is the one whom the case is about.
func (l lookup) deciders(ctx context.Context, n reward.Need, accused agent.ID) ([]agent.ID, error) {
	if n.Who != reward.AnApprover {
		return nil, nil
	}
	holders, ok := l.holders[n.Permission]
	if !ok {
		var err error
		if holders, err = l.tx.AgentsWhoMay(ctx, n.Permission); err != nil {
			return nil, err
		}
		l.holders[n.Permission] = holders
	}
	return slices.DeleteFunc(slices.Clone(holders), func(a agent.ID) bool { return a == accused || slices.Contains(n.Not, a) }), nil
}

// notify tells agents about a case, each once. Whoever the case is about hears
// nothing; text holds nothing that somebody may not see who may not see the
// case.
func (k *Care) notify(ctx context.Context, tx *store.Tx, c ticket.Case, kind, text, from string, to ...agent.ID) error {
	told := map[agent.ID]bool{0: true}
	for _, a := range to {
		if told[a] || !c.MaySee(a) {
			continue
		}
		told[a] = true
		if err := k.Desk.Inform(ctx, tx, a, event.Notice{Kind: kind, Case: c.ID, Text: text, FromName: from}); err != nil {
			return err
		}
	}
	return nil
}

// needAny refuses an actor who holds none of the permissions.
func needAny(by agent.Actor, ps ...agent.Permission) error {
	if slices.ContainsFunc(ps, by.May) {
		return nil
	}
	return by.Need(ps[0])
}

// accounts refuses an actor who has nothing to do with the ledger.
func accounts(by agent.Actor) error {
	return needAny(by, agent.CompensationApproveFinance, agent.CompensationApproveL2)
}

func (k *Care) audit(ctx context.Context, tx *store.Tx, by agent.Actor, action string, o audit.Object, detail map[string]any) error {
	return tx.Audit(ctx, audit.By(by, k.Now(), action, o, detail))
}

// checkVersion refuses an act on what somebody else has changed since it was
// read; 0 was not read.
func checkVersion(read, is int64) error {
	if read != 0 && read != is {
		return fault.New(fault.Conflict, "store.changed", "someone changed this a moment ago; read it again")
	}
	return nil
}
