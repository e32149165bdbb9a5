package care_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/reward"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Whatever several people try in whatever order, with payments that fail and
// answers that get lost: the ledger adds up and never goes below zero, nothing
// is paid that was not approved by different people, and nothing twice.
func TestWhateverPeopleTry(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		dir := t.TempDir()
		db, err := store.Open(context.Background(), filepath.Join(dir, "yingda.db"))
		if err != nil {
			r.Fatal(err)
		}
		defer func() {
			if err := db.Close(); err != nil {
				r.Error(err)
			}
		}()
		m := &model{house: open(t, db), r: r}
		m.cases = []ticket.Case{m.opened(), m.opened()}
		r.Repeat(map[string]func(*rapid.T){
			"":         func(*rapid.T) { m.check() },
			"propose":  func(r *rapid.T) { m.propose(r) },
			"decide":   func(r *rapid.T) { m.decide(r) },
			"approve":  func(r *rapid.T) { m.approveAsAsked(r) },
			"change":   func(r *rapid.T) { m.change(r) },
			"withdraw": func(r *rapid.T) { m.withdraw(r) },
			"answer":   func(r *rapid.T) { m.answer(r) },
			"fund":     func(r *rapid.T) { m.fund(r) },
			"pay":      func(r *rapid.T) { m.pay(r) },
			"settle":   func(r *rapid.T) { m.settleByHand(r) },
		})
	})
}

type model struct {
	*house
	r     *rapid.T
	cases []ticket.Case
	ids   []reward.CompensationID
	sent  int
}

func (m *model) people() []agent.Actor {
	return []agent.Actor{m.lin, m.zhao, m.chen, m.gao, m.wang, m.cai, m.boss}
}

func (m *model) one(r *rapid.T) (agent.Actor, reward.CompensationID) {
	if len(m.ids) == 0 {
		r.Skip("nothing was proposed")
	}
	return rapid.SampledFrom(m.people()).Draw(r, "who"), rapid.SampledFrom(m.ids).Draw(r, "which")
}

// known ignores refusals, and nothing else.
func (m *model) known(r *rapid.T, err error) {
	if err == nil {
		return
	}
	switch fault.KindOf(err) {
	case fault.Conflict, fault.Forbidden, fault.Invalid, fault.NotFound:
	default:
		r.Fatalf("no refusal: %v", err)
	}
}

func (m *model) typed(r *rapid.T, c ticket.Case) reward.Compensation {
	p := refund(c, reward.Money(rapid.SampledFrom([]int64{1, 100_00, 200_00, 200_01, 2000_00, 2000_01, 9000_00}).Draw(r, "amount")))
	p.Kind = rapid.SampledFrom(reward.Kinds()).Draw(r, "kind")
	p.Budget = rapid.SampledFrom([]string{"", "small"}).Draw(r, "budget")
	if p.Kind == reward.Points {
		p.Points, p.Amount = int64(p.Amount), 0
		p.PointsUntil = m.Now().Add(time.Duration(rapid.IntRange(0, 3).Draw(r, "until")) * time.Hour)
	}
	return p
}

func (m *model) propose(r *rapid.T) {
	by := rapid.SampledFrom(m.people()).Draw(r, "who")
	c := m.typed(r, rapid.SampledFrom(m.cases).Draw(r, "case"))
	m.sent++
	key, submit := m.key(), rapid.Bool().Draw(r, "submit")
	s, err := m.Propose(context.Background(), by, c, key, submit)
	m.known(r, err)
	if err != nil {
		return
	}
	again, err := m.Propose(context.Background(), by, c, key, submit)
	if err != nil || again.ID != s.ID {
		r.Fatalf("sent again it is %s, %v", again.ID, err)
	}
	m.ids = append(m.ids, s.ID)
}

func (m *model) decide(r *rapid.T) {
	by, i := m.one(r)
	verdict := rapid.SampledFrom([]reward.Act{reward.Approve, reward.Approve, reward.Approve, reward.Return, reward.Reject}).Draw(r, "verdict")
	_, err := m.Decide(context.Background(), by, i, 0, verdict, "因为")
	m.known(r, err)
}

// approveAsAsked is the verdict of one who holds the permission that is asked
// for, whether or not they may give it, so that much is paid in the end.
func (m *model) approveAsAsked(r *rapid.T) {
	_, i := m.one(r)
	c, err := m.DB.Now().Compensation(context.Background(), i)
	if err != nil {
		r.Fatal(err)
	}
	var holders []agent.Actor
	for _, a := range m.people() {
		if a.May(c.Needs().Permission) {
			holders = append(holders, a)
		}
	}
	if c.Needs().Who != reward.AnApprover || len(holders) == 0 {
		r.Skip("waits for nobody's approval")
	}
	_, err = m.Decide(context.Background(), rapid.SampledFrom(holders).Draw(r, "holder"), i, 0, reward.Approve, "")
	m.known(r, err)
}

func (m *model) change(r *rapid.T) {
	by, i := m.one(r)
	_, err := m.Change(context.Background(), by, i, 0, m.typed(r, m.cases[0]), rapid.Bool().Draw(r, "submit"))
	m.known(r, err)
}

func (m *model) withdraw(r *rapid.T) {
	by, i := m.one(r)
	_, err := m.Withdraw(context.Background(), by, i, 0)
	m.known(r, err)
}

func (m *model) answer(r *rapid.T) {
	_, i := m.one(r)
	yes := rapid.IntRange(0, 3).Draw(r, "yes") > 0
	for _, c := range m.cases {
		m.known(r, m.AnswerFor(context.Background(), c.Number, m.holder(c), i, yes, ""))
	}
}

func (m *model) fund(r *rapid.T) {
	amount := reward.Money(rapid.SampledFrom([]int64{500_00, -100_00, 9000_00}).Draw(r, "amount"))
	key := m.key()
	for range 2 {
		_, err := m.Fund(context.Background(), m.cai, "small", amount, "", key)
		m.known(r, err)
	}
}

// pay lets some time pass and does what is due, with a payer in some mood.
func (m *model) pay(r *rapid.T) {
	m.till.failing = rapid.IntRange(0, 2).Draw(r, "failing")
	m.till.lost = rapid.IntRange(0, 2).Draw(r, "lost")
	m.clock.Turn(time.Duration(rapid.IntRange(0, 90).Draw(r, "minutes")) * time.Minute)
	_, _ = m.jobs.RunDue(context.Background()) // failed jobs come back
	m.till.failing, m.till.lost = 0, 0
}

func (m *model) settleByHand(r *rapid.T) {
	by, i := m.one(r)
	if rapid.Bool().Draw(r, "fail") {
		_, err := m.FailByHand(context.Background(), by, i, 0, "退回")
		m.known(r, err)
		return
	}
	_, err := m.Settle(context.Background(), by, i, 0, "SF"+i.String())
	m.known(r, err)
}

func (m *model) check() {
	m.books()
	var paid, owed int64
	var gone reward.Money
	for _, i := range m.ids {
		c, err := m.DB.Now().Compensation(context.Background(), i)
		if err != nil {
			m.r.Fatal(err)
		}
		m.eyes(c)
		worth := int64(c.Worth(c.Limits))
		if _, ok := m.till.paid[c.PaymentKey()]; ok {
			gone += c.Amount
		}
		switch c.State {
		case reward.Paid:
			paid += worth
		case reward.Executing, reward.Failed:
			owed += worth
		default:
			if _, ok := m.till.paid[c.PaymentKey()]; ok {
				m.r.Fatalf("%s was paid and is %s", c.ID, c.State)
			}
		}
	}
	if m.till.sum != gone {
		m.r.Fatalf("the payer paid %s, for compensations of %s", m.till.sum, gone)
	}
	if got := m.balance("spent"); got != paid {
		m.r.Fatalf("spent is %d, what was paid adds up to %d", got, paid)
	}
	if got := m.balance("owed"); got != owed {
		m.r.Fatalf("owed is %d, what is on its way adds up to %d", got, owed)
	}
	if m.t.Failed() {
		m.r.Fatal("the books are wrong")
	}
}

// eyes checks that who approved in the last round are as many different people
// as its levels ask for, none of them the proposer.
func (m *model) eyes(c reward.Compensation) {
	var by []agent.ID
	for _, a := range c.Approvals {
		if a.Round == c.Round && a.Verdict == reward.Approve {
			if a.By == c.Proposer || slices.Contains(by, a.By) {
				m.r.Fatalf("%s was approved by %v, proposed by %s", c.ID, a.By, c.Proposer)
			}
			by = append(by, a.By)
		}
	}
	if c.State.Lasts() && len(by) != len(c.Levels()) {
		m.r.Fatalf("%s is %s after %d of %d approvals", c.ID, c.State, len(by), len(c.Levels()))
	}
}
