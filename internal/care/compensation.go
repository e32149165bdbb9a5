package care

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/reward"
	"yingda/internal/domain/ticket"
	"yingda/internal/domain/verification"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Propose drafts a compensation for a case that the actor may see, and hands
// it in at once if asked to. The same client id gives the same compensation
// again.
func (k *Care) Propose(ctx context.Context, by agent.Actor, c reward.Compensation, clientID string, submit bool) (s Sheet, err error) {
	defer fault.Wrap(&err, "propose a compensation")
	if err := conversation.CheckClientID(clientID); err != nil {
		return s, err
	}
	err = k.DB.Update(ctx, func(tx *store.Tx) error {
		kase, err := k.Desk.CaseOf(ctx, tx, by, c.Case)
		if err != nil {
			return err
		}
		had, ok, err := proposedBefore(ctx, tx, by, kase, clientID)
		if err != nil {
			return err
		}
		if !ok {
			if had, err = k.propose(ctx, tx, by, kase, c, clientID, submit); err != nil {
				return err
			}
		}
		s, err = k.sheet(ctx, look(tx), by, had, kase)
		return err
	})
	return s, err
}

func (k *Care) propose(ctx context.Context, tx *store.Tx, by agent.Actor, kase ticket.Case, typed reward.Compensation, clientID string, submit bool) (reward.Compensation, error) {
	if kase.State.Over() {
		return typed, fault.New(fault.Conflict, "compensation.case_over", "the case is over; reopen it first")
	}
	c, err := k.typed(ctx, tx, kase, typed)
	if err != nil {
		return c, err
	}
	c.ID = reward.NewCompensationID(k.Now())
	if c, err = c.Draft(by, k.Now()); err != nil {
		return c, err
	}
	was := c
	if submit {
		if c, err = k.submitted(ctx, tx, by, c); err != nil {
			return c, err
		}
	}
	isNew, err := tx.InsertCompensation(ctx, c, clientID)
	if err != nil || !isNew {
		again, _, err2 := proposedBefore(ctx, tx, by, kase, clientID)
		return again, firstOf(err, err2)
	}
	c.Version = 1
	return c, k.after(ctx, tx, by, actorOf(by), was, c, kase, "propose")
}

// proposedBefore returns what an actor proposed for a case under a client id.
// One that they proposed under it for another case is not shown: that case may
// not be theirs to see any more.
func proposedBefore(ctx context.Context, tx *store.Tx, by agent.Actor, kase ticket.Case, clientID string) (reward.Compensation, bool, error) {
	had, ok, err := tx.CompensationByClient(ctx, by.Agent, clientID)
	if err == nil && ok && had.Case != kase.ID {
		return reward.Compensation{}, false, errOtherCase
	}
	return had, ok, err
}

var errOtherCase = fault.New(fault.Conflict, "compensation.client_id", "this client id belongs to a compensation of another case; choose another").In("client_id")

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// typed is what somebody typed, for a case: whoever handed it in gets it, and
// the version of the policy that is in force is named.
func (k *Care) typed(ctx context.Context, tx *store.Tx, kase ticket.Case, c reward.Compensation) (reward.Compensation, error) {
	c.Case, c.Contact = kase.ID, kase.Contact
	c.PointsUntil = c.PointsUntil.Truncate(time.Millisecond)
	return k.underPolicy(ctx, tx, c)
}

// underPolicy names the version of the policy that is in force, if a policy is
// named at all, and asks whether it grants the compensation.
func (k *Care) underPolicy(ctx context.Context, tx *store.Tx, c reward.Compensation) (reward.Compensation, error) {
	c.Policy, c.PolicyVersion = strings.TrimSpace(c.Policy), 0
	if c.Policy == "" {
		return c, nil
	}
	p, err := tx.PolicyInForce(ctx, c.Policy, k.Now())
	if err != nil {
		return c, err
	}
	l, err := tx.Limits(ctx)
	if err != nil {
		return c, err
	}
	c.PolicyVersion = p.Version
	return c, p.Grants(c, l)
}

// submitted is the compensation handed in under the limits and the policy in
// force.
func (k *Care) submitted(ctx context.Context, tx *store.Tx, by agent.Actor, c reward.Compensation) (reward.Compensation, error) {
	c, err := k.underPolicy(ctx, tx, c)
	if err != nil {
		return c, err
	}
	l, err := tx.Limits(ctx)
	if err != nil {
		return c, err
	}
	return c.Submit(by, l, k.Now())
}

// Change changes a draft, or one that was returned, and hands it in if asked
// to. version, if not 0, is the one that was read.
func (k *Care) Change(ctx context.Context, by agent.Actor, i reward.CompensationID, version int64, to reward.Compensation, submit bool) (Sheet, error) {
	return k.move(ctx, by, i, version, "change", func(tx *store.Tx, c reward.Compensation, kase ticket.Case) (_ reward.Compensation, err error) {
		if c.State == reward.Returned {
			if c, err = c.Revise(by, k.Now()); err != nil {
				return c, err
			}
		}
		if to, err = k.typed(ctx, tx, kase, to); err != nil {
			return c, err
		}
		if c, err = c.Change(by, to, k.Now()); err != nil || !submit {
			return c, err
		}
		return k.submitted(ctx, tx, by, c)
	})
}

// Submit hands a draft in.
func (k *Care) Submit(ctx context.Context, by agent.Actor, i reward.CompensationID, version int64) (Sheet, error) {
	return k.move(ctx, by, i, version, "submit", func(tx *store.Tx, c reward.Compensation, _ ticket.Case) (reward.Compensation, error) {
		return k.submitted(ctx, tx, by, c)
	})
}

// Withdraw takes a compensation back before it is approved.
func (k *Care) Withdraw(ctx context.Context, by agent.Actor, i reward.CompensationID, version int64) (Sheet, error) {
	return k.move(ctx, by, i, version, "withdraw", func(_ *store.Tx, c reward.Compensation, _ ticket.Case) (reward.Compensation, error) {
		return c.Withdraw(by, k.Now())
	})
}

// Decide is somebody's verdict on a compensation: approve, reject or return.
// They need not see the case; it must not be about them.
func (k *Care) Decide(ctx context.Context, by agent.Actor, i reward.CompensationID, version int64, verdict reward.Act, note string) (Sheet, error) {
	return k.move(ctx, by, i, version, string(verdict), func(_ *store.Tx, c reward.Compensation, _ ticket.Case) (reward.Compensation, error) {
		return c.Decide(by, verdict, note, k.Now())
	})
}

// AnswerFor is the customer's answer on the progress page: whether they take
// what was approved for them. The same answer again changes nothing.
func (k *Care) AnswerFor(ctx context.Context, number string, h channel.Holder, i reward.CompensationID, yes bool, reason string) (err error) {
	defer fault.Wrap(&err, "the customer's answer to %s", i)
	return k.DB.Update(ctx, func(tx *store.Tx) error {
		kase, err := k.Desk.HeldCase(ctx, tx, number, h)
		if err != nil {
			return err
		}
		c, err := tx.Compensation(ctx, i)
		if err == nil && c.Case != kase.ID {
			err = errUnknown
		}
		if err != nil || answered(c, yes) {
			return err
		}
		if _, err = k.answer(ctx, tx, ticket.Actor{Who: ticket.ByCustomer, Name: kase.Name}, agent.Actor{}, c, kase, yes, reason); err != nil {
			return err
		}
		what := map[bool]string{true: "compensation.accept", false: "compensation.decline"}[yes]
		return tx.Audit(ctx, audit.ByContact(kase.Contact.String(), kase.Name, "", k.Now(), what, audit.Of("compensation", c.ID, kase.Number), nil))
	})
}

var errUnknown = fault.New(fault.NotFound, "compensation.unknown", "there is no such %s", "compensation")

// answered reports whether the customer has said the same before.
func answered(c reward.Compensation, yes bool) bool {
	if yes {
		return c.State != reward.Approved && c.State.Lasts()
	}
	return c.State == reward.CustomerDeclined
}

// CustomerAnswers writes down what a customer said to an agent who works on
// their case. A yes pays, and needs a verification of the customer (R089).
func (k *Care) CustomerAnswers(ctx context.Context, by agent.Actor, i reward.CompensationID, version int64, yes bool, reason string, v verification.ID) (s Sheet, err error) {
	if err := by.Need(agent.CaseEdit); err != nil {
		return s, err
	}
	return k.move(ctx, by, i, version, map[bool]string{true: "accept", false: "decline"}[yes], func(tx *store.Tx, c reward.Compensation, kase ticket.Case) (reward.Compensation, error) {
		if !kase.SeenBy(by) {
			return c, errUnknown
		}
		if yes {
			if err := k.Desk.VerifiedForCase(ctx, tx, by, verification.AcceptRefund, kase, v); err != nil {
				return c, err
			}
		}
		c, err := c.Answer(yes, reason, k.Now())
		if err != nil {
			return c, err
		}
		return c, k.promisePay(ctx, tx, c)
	})
}

func (k *Care) answer(ctx context.Context, tx *store.Tx, who ticket.Actor, by agent.Actor, c reward.Compensation, kase ticket.Case, yes bool, reason string) (reward.Compensation, error) {
	was := c
	c, err := c.Answer(yes, reason, k.Now())
	if err != nil {
		return c, err
	}
	if err := k.promisePay(ctx, tx, c); err != nil {
		return c, err
	}
	if c, err = tx.SaveCompensation(ctx, c); err != nil {
		return c, err
	}
	return c, k.after(ctx, tx, by, who, was, c, kase, "")
}

// promisePay leaves the job that pays what the customer accepted.
func (k *Care) promisePay(ctx context.Context, tx *store.Tx, c reward.Compensation) error {
	if c.State != reward.CustomerAccepted {
		return nil
	}
	return tx.EnqueueOnce(ctx, PayJob, c.ID.String(), PayWork{c.ID}, k.Now(), k.Now())
}

// change is what the rules make of a compensation.
type change func(tx *store.Tx, c reward.Compensation, kase ticket.Case) (reward.Compensation, error)

// move lets the rules change a compensation of a case that the actor may see,
// or has to decide on: the compensation, the history of the case, the audit
// log, and whoever must know, in one transaction.
func (k *Care) move(ctx context.Context, by agent.Actor, i reward.CompensationID, version int64, what string, f change) (s Sheet, err error) {
	defer fault.Wrap(&err, "%s compensation %s", what, i)
	err = k.DB.Update(ctx, func(tx *store.Tx) error {
		c, kase, err := k.both(ctx, tx, i)
		if err != nil {
			return err
		}
		if !visible(by, c, kase) {
			return errUnknown
		}
		if err := checkVersion(version, c.Version); err != nil {
			return err
		}
		was := c
		if c, err = f(tx, c, kase); err != nil {
			return err
		}
		if c, err = tx.SaveCompensation(ctx, c); err != nil {
			return err
		}
		if err := k.after(ctx, tx, by, actorOf(by), was, c, kase, what); err != nil {
			return err
		}
		s, err = k.sheet(ctx, look(tx), by, c, kase)
		return err
	})
	return s, err
}

// both returns a compensation and its case. The case is taken first, as
// everybody does, so that nobody waits for another who waits for them.
func (k *Care) both(ctx context.Context, tx *store.Tx, i reward.CompensationID) (c reward.Compensation, kase ticket.Case, err error) {
	of, err := tx.CaseOfCompensation(ctx, i)
	if err != nil {
		return c, kase, err
	}
	if kase, err = tx.Case(ctx, of); err != nil {
		return c, kase, err
	}
	c, err = tx.Compensation(ctx, i)
	return c, kase, err
}

// visible reports whether an actor may see a compensation: with its case, or
// because they approve or pay. It says the same as the lists of the store.
func visible(by agent.Actor, c reward.Compensation, kase ticket.Case) bool {
	switch {
	case !kase.MaySee(by.Agent):
		return false
	case kase.SeenBy(by), by.May(agent.CompensationApproveFinance):
		return true
	}
	return c.Needs().Awaits(by) || c.Proposer == by.Agent || slices.ContainsFunc(c.Approvals, func(a reward.Approval) bool { return a.By == by.Agent })
}

// after is what follows a step: a line in the history of the case, one in the
// audit log, and notices to whoever must act or know.
func (k *Care) after(ctx context.Context, tx *store.Tx, by agent.Actor, who ticket.Actor, was, c reward.Compensation, kase ticket.Case, what string) error {
	if err := k.Desk.Record(ctx, tx, kase, who, line(was, c), "compensation"); err != nil {
		return err
	}
	if what != "" {
		detail := audit.Changes{"amount": int64(c.Amount), "points": c.Points, "kind": string(c.Kind)}
		audit.Add(detail, "state", string(was.State), string(c.State))
		if err := k.audit(ctx, tx, by, "compensation."+what, audit.Of("compensation", c.ID, kase.Number), detail); err != nil {
			return err
		}
	}
	if was.State == c.State {
		return nil
	}
	return k.tell(ctx, tx, who, c, kase)
}

// toldAt are the states whose coming the customer is shown.
var toldAt = map[reward.State]ticket.Act{reward.Approved: ticket.OfferCompensation, reward.Paid: ticket.PayCompensation}

// line is a step as the history of the case has it. The customer is shown that
// something waits for them, and that it has gone.
func line(was, c reward.Compensation) ticket.Entry {
	e := ticket.Entry{Act: ticket.Compensate, Fields: []ticket.Change{{Field: "compensation", Old: string(was.State), New: string(c.State)}}}
	if n := len(c.Approvals); n > len(was.Approvals) {
		e.Reason = c.Approvals[n-1].Note
	}
	if told, ok := toldAt[c.State]; ok && c.State != was.State {
		e.Act, e.Public = told, true
	}
	return e
}

// tell tells whoever must act next, and whoever waits for the result.
func (k *Care) tell(ctx context.Context, tx *store.Tx, who ticket.Actor, c reward.Compensation, kase ticket.Case) error {
	text := kase.Number + " " + said(c)
	if n := c.Needs(); n.Who == reward.AnApprover {
		to, err := look(tx).deciders(ctx, n, kase.Accused)
		if err != nil {
			return err
		}
		return k.notify(ctx, tx, kase, "compensation.decide", text, who.Name, to...)
	}
	switch c.State {
	case reward.Approved, reward.Rejected, reward.Returned, reward.CustomerAccepted, reward.CustomerDeclined, reward.Paid:
		to := slices.DeleteFunc([]agent.ID{c.Proposer, kase.Agent}, func(a agent.ID) bool { return a == who.Agent })
		return k.notify(ctx, tx, kase, "compensation."+string(c.State), text, who.Name, to...)
	case reward.Executing:
		if !k.byMachine(c.Kind) {
			return k.tellPayers(ctx, tx, c, kase, "compensation.pay")
		}
	case reward.Failed:
		return k.tellPayers(ctx, tx, c, kase, "compensation.failed")
	default: // nobody waits for it
	}
	return nil
}

// tellPayers tells whoever pays: finance, or for goods who handles the case.
func (k *Care) tellPayers(ctx context.Context, tx *store.Tx, c reward.Compensation, kase ticket.Case, kind string) error {
	text := kase.Number + " " + said(c)
	if c.Kind.Goods() {
		return k.notify(ctx, tx, kase, kind, text, "", c.Proposer, kase.Agent)
	}
	to, err := tx.AgentsWhoMay(ctx, agent.CompensationApproveFinance)
	if err != nil {
		return err
	}
	return k.notify(ctx, tx, kase, kind, text, "", to...)
}

// said is what a compensation is worth, in a notice.
func said(c reward.Compensation) string {
	if c.Kind == reward.Points {
		return points(c.Points)
	}
	return c.Amount.String()
}

// Sheet is a compensation as somebody who may see it reads it.
type Sheet struct {
	reward.Compensation
	Next         reward.Need
	Levels       []reward.Level
	Deciders     []string // who may give the next verdict, by name
	ProposerName string
	Policy       *reward.Policy // the version that it followed
	Case         CaseRef
	May          []reward.Act // what the actor can do now
}

// CaseRef is what an approver is told of a case that they may not see.
type CaseRef struct {
	ID       ticket.ID   `json:"id"`
	Number   string      `json:"number"`
	Kind     ticket.Kind `json:"kind"`
	Subject  string      `json:"subject"`  // empty where a complaint about staff is not theirs to know
	Customer string      `json:"customer"` // in part
	Seen     bool        `json:"seen"`     // the actor may open it
}

func refer(by agent.Actor, c ticket.Case) CaseRef {
	r := CaseRef{ID: c.ID, Number: c.Number, Kind: c.Kind, Subject: c.Subject, Customer: maskName(c.Name), Seen: c.SeenBy(by)}
	if c.AboutStaff && !by.May(agent.ComplaintStaffRead) {
		r.Subject = ""
	}
	return r
}

// maskName leaves the first letter of a name.
func maskName(name string) string {
	name = strings.TrimSpace(name)
	r, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return ""
	}
	return string(r) + "**"
}

const shownDeciders = 8

func (k *Care) sheet(ctx context.Context, l lookup, by agent.Actor, c reward.Compensation, kase ticket.Case) (s Sheet, err error) {
	s = Sheet{Compensation: c, Next: c.Needs(), Levels: []reward.Level{}, Deciders: []string{}, Case: refer(by, kase)}
	if c.State != reward.Drafted {
		s.Levels = c.Levels()
	}
	s.May = k.may(by, c, kase)
	if s.ProposerName, err = l.name(ctx, c.Proposer); err != nil {
		return s, err
	}
	ids, err := l.deciders(ctx, s.Next, kase.Accused)
	if err != nil {
		return s, err
	}
	for _, i := range ids[:min(len(ids), shownDeciders)] {
		name, err := l.name(ctx, i)
		if err != nil {
			return s, err
		}
		s.Deciders = append(s.Deciders, name)
	}
	if c.Policy == "" {
		return s, nil
	}
	p, err := l.tx.PolicyAt(ctx, c.Policy, c.PolicyVersion)
	if err == nil {
		s.Policy = &p
	}
	return s, err
}

// may is what an actor can do to a compensation now, in the order in which the
// buttons stand.
func (k *Care) may(by agent.Actor, c reward.Compensation, kase ticket.Case) []reward.Act {
	acts := []reward.Act{}
	add := func(ok bool, as ...reward.Act) {
		if ok {
			acts = append(acts, as...)
		}
	}
	add(by.Key == "" && c.Needs().Awaits(by), reward.Approve, reward.Return, reward.Reject)
	own := c.Proposer == by.Agent && by.May(agent.CompensationPropose)
	add(own && c.State == reward.Drafted, reward.Submit)
	add(own && (c.State == reward.Drafted || c.State == reward.Returned), reward.Revise)
	works := kase.SeenBy(by) && by.May(agent.CaseEdit)
	add(works && c.State == reward.Approved, reward.Accept, reward.Decline)
	pays := k.maySettle(by, c, kase) == nil
	add(pays && (c.State == reward.Executing && !k.byMachine(c.Kind) || c.State == reward.Failed), reward.Pay)
	add(pays && c.State == reward.Executing && !k.byMachine(c.Kind), reward.Fail)
	add(pays && (c.State == reward.Failed || c.State == reward.CustomerAccepted), reward.Execute)
	_, err := c.State.Next(reward.Withdraw)
	add(own && err == nil, reward.Withdraw)
	return acts
}
