package reward

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
)

// levelsFor returns who must approve a worth, from low to high.
func levelsFor(worth Money, l Limits) []Level {
	switch {
	case worth <= l.L1:
		return []Level{Level1}
	case worth <= l.L2:
		return []Level{Level1, Level2}
	default:
		return []Level{Level1, Level2, LevelFinance}
	}
}

// Levels returns who must approve the compensation, from low to high, by the
// limits that it keeps.
func (c Compensation) Levels() []Level { return levelsFor(c.Worth(c.Limits), c.Limits) }

// levelAt is the level that a state waits for, as an index into Levels.
var levelAt = map[State]int{Submitted: 0, Level1Approved: 1, Level2Approved: 2}

// waits is what a state waits for, apart from those that wait for an approval.
var waits = map[State]Need{
	Drafted:          {Act: Submit, Who: TheProposer, Permission: agent.CompensationPropose, Why: phrase.Because("why.compensation.drafted", "a draft; its proposer hands it in")},
	Returned:         {Act: Revise, Who: TheProposer, Permission: agent.CompensationPropose, Why: phrase.Because("why.compensation.returned", "returned; its proposer changes it")},
	Approved:         {Act: Accept, Who: TheCustomer, Why: phrase.Because("why.compensation.approved", "approved; the customer accepts or declines")},
	CustomerAccepted: {Act: Execute, Who: ThePayment, Why: phrase.Because("why.compensation.accepted", "the customer accepted; it is paid next")},
	Executing:        {Act: Pay, Who: ThePayment, Why: phrase.Because("why.compensation.executing", "the payment is on its way")},
	Failed:           {Act: Execute, Who: ThePayment, Why: phrase.Because("why.compensation.failed", "the payment failed; it is tried again under the same key")},
}

// Needs returns what the compensation waits for, and why.
func (c Compensation) Needs() Need {
	if i, ok := levelAt[c.State]; ok {
		levels := c.Levels()
		level := levels[min(i, len(levels)-1)]
		return Need{
			Act: c.approveAct(), Who: AnApprover, Level: level, Permission: level.Permission(), Not: c.notApprovers(),
			Why: whyLevel(c.Worth(c.Limits), level, c.Limits),
		}
	}
	if n, ok := waits[c.State]; ok {
		return n
	}
	return Need{Who: Nobody, Why: phrase.Because("why.over", "nothing is left to do")}
}

// approveAct is the act that an approval would be in the state: the last one,
// or one that another follows.
func (c Compensation) approveAct() Act {
	if levelAt[c.State]+1 >= len(c.Levels()) {
		return ApproveLast
	}
	return Approve
}

// notApprovers are those who cannot approve now: the proposer, and who has
// approved a lower level in this round.
func (c Compensation) notApprovers() []agent.ID {
	not := []agent.ID{c.Proposer}
	for _, a := range c.Approvals {
		if a.Round == c.Round && a.Verdict == Approve {
			not = append(not, a.By)
		}
	}
	return not
}

func whyLevel(worth Money, level Level, l Limits) phrase.Reason {
	switch {
	case level == LevelFinance:
		return phrase.Because("why.level.finance", "%s is above %s, the limit of a supervisor, so finance approves as well", worth.String(), l.L2.String())
	case level == Level2:
		return phrase.Because("why.level.l2", "%s is above %s, the limit of a senior agent, so a supervisor approves as well", worth.String(), l.L1.String())
	case worth <= l.L1:
		return phrase.Because("why.level.l1", "%s is within %s, so a senior agent approves", worth.String(), l.L1.String())
	default:
		return phrase.Because("why.level.first", "a senior agent approves first; %s is above their limit of %s", worth.String(), l.L1.String())
	}
}

// Draft returns the compensation as it begins.
func (c Compensation) Draft(by agent.Actor, now time.Time) (Compensation, error) {
	if err := by.Need(agent.CompensationPropose); err != nil {
		return c, err
	}
	c, err := c.Check()
	if err != nil {
		return c, err
	}
	c.State, c.Proposer, c.CreatedAt, c.ChangedAt = Drafted, by.Agent, now, now
	c.Round, c.Approvals, c.Payments, c.Declined = 0, nil, nil, ""
	return c, nil
}

// Change returns the draft with what its proposer typed anew. Only a draft
// changes: what has been handed in is what will be paid.
func (c Compensation) Change(by agent.Actor, to Compensation, now time.Time) (Compensation, error) {
	if _, err := c.State.Next(Submit); err != nil {
		return c, err
	}
	if err := c.own(by); err != nil {
		return c, err
	}
	c.Contact, c.Kind, c.Amount, c.Points, c.PointsUntil, c.Budget = to.Contact, to.Kind, to.Amount, to.Points, to.PointsUntil, to.Budget
	c.Reason, c.Explanation, c.Policy, c.PolicyVersion, c.ChangedAt = to.Reason, to.Explanation, to.Policy, to.PolicyVersion, now
	return c.Check()
}

// Submit returns the compensation handed in under the limits in force. They
// stay with it, also when they change.
func (c Compensation) Submit(by agent.Actor, l Limits, now time.Time) (Compensation, error) {
	if err := c.own(by); err != nil {
		return c, err
	}
	c, err := c.Check()
	if err != nil {
		return c, err
	}
	if err := l.Check(); err != nil {
		return c, err
	}
	if !c.PointsUntil.IsZero() && !c.PointsUntil.After(now) {
		return c, fault.New(fault.Invalid, "reward.expires", "choose a day that is still to come").In("points_until")
	}
	c, err = c.move(Submit, now)
	if err != nil {
		return c, err
	}
	c.Limits = l
	c.Round++
	return c, nil
}

// Revise returns a returned compensation as a draft again.
func (c Compensation) Revise(by agent.Actor, now time.Time) (Compensation, error) {
	if err := c.own(by); err != nil {
		return c, err
	}
	return c.move(Revise, now)
}

// Withdraw returns the compensation taken back by its proposer before it was
// approved.
func (c Compensation) Withdraw(by agent.Actor, now time.Time) (Compensation, error) {
	if err := c.own(by); err != nil {
		return c, err
	}
	return c.move(Withdraw, now)
}

func (c Compensation) own(by agent.Actor) error {
	if err := by.Need(agent.CompensationPropose); err != nil {
		return err
	}
	if by.Agent != c.Proposer {
		return fault.New(fault.Forbidden, "compensation.not_yours", "only who proposed it can do this")
	}
	return nil
}

// Decide returns the compensation with somebody's verdict — Approve, Reject or
// Return — on the level that it waits for. Four eyes: the proposer never approves, and nobody approves two
// levels of one round.
func (c Compensation) Decide(by agent.Actor, verdict Act, note string, now time.Time) (Compensation, error) {
	act, ok := map[Act]Act{Approve: c.approveAct(), Reject: Reject, Return: Return}[verdict]
	if !ok {
		return c, fault.New(fault.Invalid, "approval.verdict", "the verdict is approve, reject or return").In("verdict")
	}
	if _, err := c.State.Next(act); err != nil {
		return c, err
	}
	need := c.Needs()
	note, err := mayDecide(by, need, verdict, note)
	if err != nil {
		return c, err
	}
	c, err = c.move(act, now)
	if err != nil {
		return c, err
	}
	c.Approvals = append(slices.Clone(c.Approvals), Approval{By: by.Agent, Name: by.Name, At: now, Level: need.Level, Verdict: verdict, Note: note, Round: c.Round})
	return c, nil
}

// mayDecide says why an actor cannot give a verdict, and returns the note as
// it is kept.
func mayDecide(by agent.Actor, need Need, verdict Act, note string) (string, error) {
	note = strings.TrimSpace(note)
	if err := by.NeedPerson(); err != nil {
		return note, err
	}
	switch i := slices.Index(need.Not, by.Agent); {
	case i == 0:
		return note, fault.New(fault.Forbidden, "approval.own", "you proposed this; somebody else decides")
	case i > 0:
		return note, fault.New(fault.Forbidden, "approval.twice", "you approved the level below; somebody else decides on this one")
	case !by.May(need.Permission):
		return note, fault.New(fault.Forbidden, "approval.level", "this needs the permission %s: %s", string(need.Permission), need.Why.Text)
	case verdict != Approve && note == "":
		return note, fault.New(fault.Invalid, "approval.note", "say why, so that the proposer knows what to do").In("note")
	case utf8.RuneCountInString(note) > maxNote:
		return note, fault.New(fault.Invalid, "approval.note_long", "a note holds at most %d characters", maxNote).In("note")
	}
	return note, nil
}

// Answer returns the compensation after the customer said yes or no.
func (c Compensation) Answer(yes bool, reason string, now time.Time) (Compensation, error) {
	if yes {
		return c.move(Accept, now)
	}
	c, err := c.move(Decline, now)
	if err != nil {
		return c, err
	}
	if r := []rune(strings.TrimSpace(reason)); len(r) > maxNote {
		c.Declined = string(r[:maxNote])
	} else {
		c.Declined = string(r)
	}
	return c, nil
}

// Start returns the compensation with a payment on its way, and what that
// writes into the ledger: the money leaves the budget now, so that two
// compensations cannot spend it. A repetition after a failure writes the same
// posting under the same key, which the ledger knows already.
func (c Compensation) Start(now time.Time) (Compensation, Posting, error) {
	c, err := c.move(Execute, now)
	if err != nil {
		return c, Posting{}, err
	}
	c.Payments = append(slices.Clone(c.Payments), Payment{Key: c.PaymentKey(), Attempt: len(c.Payments) + 1, State: Executing, At: now})
	return c, c.reservation(), nil
}

// Pay returns the compensation after its payment has gone, and what that
// writes into the ledger. The same report again changes nothing and gives the
// same posting; one of another receipt is a Conflict, for somebody paid twice.
func (c Compensation) Pay(key, reference string, now time.Time) (Compensation, Posting, error) {
	if err := c.knows(key); err != nil {
		return c, Posting{}, err
	}
	last := len(c.Payments) - 1
	if c.State == Paid {
		if c.Payments[last].Reference != reference {
			return c, Posting{}, fault.New(fault.Conflict, "payment.other", "this was paid already, with the receipt %s", c.Payments[last].Reference)
		}
		return c, c.settlement(), nil
	}
	c, err := c.move(Pay, now)
	if err != nil {
		return c, Posting{}, err
	}
	c.Payments = slices.Clone(c.Payments)
	p := &c.Payments[last]
	p.State, p.Reference, p.EndedAt, p.Why = Paid, reference, now, ""
	return c, c.settlement(), nil
}

// Fail returns the compensation after an attempt failed. What the ledger has
// set aside stays so until the payment goes.
func (c Compensation) Fail(key, why string, now time.Time) (Compensation, error) {
	if err := c.knows(key); err != nil {
		return c, err
	}
	if c.State == Failed {
		return c, nil
	}
	c, err := c.move(Fail, now)
	if err != nil {
		return c, err
	}
	c.Payments = slices.Clone(c.Payments)
	p := &c.Payments[len(c.Payments)-1]
	p.State, p.Why, p.EndedAt = Failed, why, now
	return c, nil
}

func (c Compensation) knows(key string) error {
	if key != c.PaymentKey() || len(c.Payments) == 0 {
		return fault.New(fault.Conflict, "payment.key", "there is no payment under the key %q", key)
	}
	return nil
}

func (c Compensation) source() Source { return Source{Kind: "compensation", ID: c.ID.String()} }

// reservation moves the worth from the budget to what is owed.
func (c Compensation) reservation() Posting {
	p := Posting{Key: c.PaymentKey() + "/reserve", At: c.Payments[0].At, Source: c.source(), Note: string(c.Kind)}
	if worth := int64(c.Worth(c.Limits)); worth > 0 {
		p.Lines = []Line{{Account: payer(c.Budget), Delta: -worth}, {Account: Account{Kind: Owed}, Delta: worth}}
	}
	return p
}

// settlement moves it from what is owed to what is spent, and gives the points.
func (c Compensation) settlement() Posting {
	p := Posting{Key: c.PaymentKey() + "/pay", At: c.Payments[len(c.Payments)-1].EndedAt, Source: c.source(), Note: string(c.Kind)}
	if worth := int64(c.Worth(c.Limits)); worth > 0 {
		p.Lines = []Line{{Account: Account{Kind: Owed}, Delta: -worth}, {Account: Account{Kind: Spent}, Delta: worth}}
	}
	if c.Points > 0 {
		p.Lines = append(p.Lines, grantPoints(c.Contact, c.Points, c.PointsUntil)...)
	}
	return p
}

func (c Compensation) move(a Act, now time.Time) (Compensation, error) {
	next, err := c.State.Next(a)
	if err != nil {
		return c, err
	}
	c.State, c.ChangedAt = next, now
	return c, nil
}
