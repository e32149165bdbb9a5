package care_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/internal/care"
	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/reward"
	"yingda/internal/domain/ticket"
	"yingda/internal/domain/verification"
	"yingda/internal/job"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// house is a desk with its care, on a clock that stands still: two agents, two
// seniors, a supervisor, finance and an administrator.
type house struct {
	*care.Care
	t                                     testing.TB
	clock                                 *clock.Hand
	inbox                                 inbox.Inbox
	till                                  *till
	jobs                                  *job.Worker
	lin, zhao, chen, gao, wang, cai, boss agent.Actor
	n                                     int
}

// till is a payer that keeps its promise: one payment for each key. It fails
// as often as it is told, before or after it has paid.
type till struct {
	mu      sync.Mutex
	paid    map[string]string
	sum     reward.Money
	failing int
	lost    int // answers that get lost after it has paid
}

func (p *till) Pay(_ context.Context, o care.Order) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failing > 0 {
		p.failing--
		return "", errors.New("the bank does not answer")
	}
	if _, ok := p.paid[o.Key]; !ok {
		p.paid[o.Key] = "R" + o.Key
		p.sum += o.Amount
	}
	if p.lost > 0 {
		p.lost--
		return "", errors.New("the answer was lost")
	}
	return p.paid[o.Key], nil
}

func each(t *testing.T, f func(h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(open(t, db)) })
}

func open(t testing.TB, db *store.DB) *house {
	c := clock.At(time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC))
	h := &house{t: t, clock: c, till: &till{paid: map[string]string{}}}
	d := &desk.Desk{DB: db, Now: c.Now, CaseKey: []byte("a key for tests")}
	h.Care = &care.Care{DB: db, Now: c.Now, Desk: d, Payer: h.till}
	h.furnish()
	h.jobs = &job.Worker{DB: db, Now: c.Now}
	for _, k := range h.Jobs() {
		h.jobs.Handle(twice(k))
	}
	return h
}

// twice does each job twice, as a crash might.
func twice(k job.Kind) job.Kind {
	do := k.Do
	k.Do = func(ctx context.Context, p json.RawMessage) error { return errors.Join(do(ctx, p), do(ctx, p)) }
	return k
}

func (h *house) furnish() {
	ctx, now := context.Background(), h.Now()
	roles := map[string]agent.Role{}
	h.must(h.DB.Update(ctx, func(tx *store.Tx) error {
		clear(roles)
		for _, r := range agent.BuiltinRoles() {
			r.ID = agent.NewRoleID(now)
			roles[r.Name] = r
			if err := tx.InsertRole(ctx, r); err != nil {
				return err
			}
		}
		h.inbox = inbox.Inbox{ID: inbox.NewID(now), Key: "main", Kind: "webchat", Name: "官网", Enabled: true, Settings: inbox.Defaults(), Version: 1}
		return tx.InsertInbox(ctx, h.inbox)
	}))
	sit := func(name, role string) agent.Actor {
		a := agent.Agent{ID: agent.NewID(now), Email: name + "@example.org", Name: name, Language: "zh", Capacity: 2, CreatedAt: now}
		h.must(h.DB.Update(ctx, func(tx *store.Tx) error {
			if err := tx.InsertAgent(ctx, a); err != nil {
				return err
			}
			return tx.SetAgentRoles(ctx, a.ID, []agent.RoleID{roles[role].ID})
		}))
		return agent.Actor{Agent: a.ID, Name: name}.With(roles[role])
	}
	h.lin, h.zhao, h.chen, h.gao = sit("lin", "agent"), sit("zhao", "agent"), sit("chen", "senior"), sit("gao", "senior")
	h.wang, h.cai, h.boss = sit("wang", "supervisor"), sit("cai", "finance"), sit("boss", "admin")
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) code(err error, want string) {
	h.t.Helper()
	if got := fault.CodeOf(err); err == nil || got != want {
		h.t.Errorf("got %v (%s), want %s", err, got, want)
	}
}

func (h *house) run() {
	h.t.Helper()
	_, err := h.jobs.RunDue(context.Background())
	h.must(err)
}

func (h *house) key() string {
	h.n++
	return "client-" + strings.Repeat("0", 4) + string(rune('a'+h.n%26)) + time.Duration(h.n).String()
}

// opened is a complaint that a known customer handed in.
func (h *house) opened() ticket.Case {
	h.t.Helper()
	ctx := context.Background()
	v, err := h.Desk.Visit(ctx, channel.Visit{Inbox: h.inbox, Language: "zh"})
	h.must(err)
	c, err := h.Desk.OpenCase(ctx, contact.Visitor{Contact: v.ID, Inbox: h.inbox.ID}, ticket.Case{
		Kind: ticket.Complaint, Name: "刘洋", Phone: "13800001021", Text: "多收了保养费",
	}, h.key())
	h.must(err)
	return c
}

func refund(c ticket.Case, amount reward.Money) reward.Compensation {
	return reward.Compensation{Case: c.ID, Kind: reward.Refund, Amount: amount, Reason: "多收费", Explanation: "按公示价退还差额"}
}

func (h *house) propose(by agent.Actor, c reward.Compensation) care.Sheet {
	h.t.Helper()
	s, err := h.Propose(context.Background(), by, c, h.key(), true)
	h.must(err)
	return s
}

func (h *house) approve(s care.Sheet, by ...agent.Actor) care.Sheet {
	h.t.Helper()
	for _, a := range by {
		next, err := h.Decide(context.Background(), a, s.ID, s.Version, reward.Approve, "")
		h.must(err)
		s = next
	}
	return s
}

func (h *house) holder(c ticket.Case) channel.Holder {
	return channel.Holder{Secret: h.Desk.CaseSecret(c)}
}

func (h *house) accept(c ticket.Case, s care.Sheet) {
	h.t.Helper()
	h.must(h.AnswerFor(context.Background(), c.Number, h.holder(c), s.ID, true, ""))
}

func (h *house) now(s care.Sheet) reward.Compensation {
	h.t.Helper()
	c, err := h.DB.Now().Compensation(context.Background(), s.ID)
	h.must(err)
	return c
}

// notices returns the kinds of what somebody was told, newest first.
func (h *house) notices(to agent.Actor) (kinds []string) {
	h.t.Helper()
	ns, _, err := h.DB.Now().Notices(context.Background(), to.Agent, 100)
	h.must(err)
	for _, n := range ns {
		kinds = append(kinds, n.Kind)
	}
	return kinds
}

func (h *house) balance(account string) int64 {
	h.t.Helper()
	a, err := reward.ParseAccount(account)
	h.must(err)
	b, err := h.DB.Now().Balance(context.Background(), a)
	h.must(err)
	return b
}

// books checks that the ledger adds up and that balances are what the entries
// say.
func (h *house) books() {
	h.t.Helper()
	ctx := context.Background()
	es, next, err := h.DB.Now().Ledger(ctx, store.LedgerList{Limit: 100000})
	h.must(err)
	if next != "" {
		h.t.Fatal("not the whole ledger")
	}
	for u, sum := range reward.Sum(es) {
		if sum != 0 {
			h.t.Errorf("%s do not add up: %d", u, sum)
		}
	}
	sums := map[reward.Account]int64{}
	for _, e := range es {
		sums[e.Account] += e.Delta
	}
	for a, sum := range sums {
		if b := h.balance(a.String()); b != sum || b < 0 && !a.MayBeNegative() {
			h.t.Errorf("%s holds %d, the entries say %d", a, b, sum)
		}
	}
	if ok, err := h.DB.Now().BooksBalance(ctx); err != nil || !ok {
		h.t.Errorf("the books: %v, %v", ok, err)
	}
}

func (h *house) fund(budget string, amount reward.Money) {
	h.t.Helper()
	_, err := h.Fund(context.Background(), h.cai, budget, amount, "", h.key())
	h.must(err)
}

// A refund of more than a senior's limit goes from the draft to the receipt:
// each who must decide is told, and nobody else; the case can rest on it.
func TestARefundGoesItsWay(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := t.Context()
		kase := h.opened()
		h.fund("2026", 1000_00)
		c := refund(kase, 500_00)
		c.Budget = "2026"
		s := h.propose(h.lin, c)
		if s.State != reward.Submitted || s.Next.Level != reward.Level1 || !slices.Equal(s.Levels, []reward.Level{reward.Level1, reward.Level2}) {
			t.Fatalf("%s, next %+v, levels %v", s.State, s.Next, s.Levels)
		}
		if !slices.Equal(s.Deciders, []string{"chen", "gao", "wang"}) {
			t.Errorf("may decide: %v", s.Deciders)
		}
		if len(h.notices(h.chen)) != 1 || len(h.notices(h.cai)) != 0 || len(h.notices(h.lin)) != 0 {
			t.Errorf("told: chen %v, cai %v, lin %v", h.notices(h.chen), h.notices(h.cai), h.notices(h.lin))
		}
		_, err := h.Desk.DoCase(ctx, h.lin, kase.ID, 0, ticket.Doing{Act: ticket.GiveFeedback, Text: "x", Approval: s.ID.String()})
		h.code(err, "case.approval")
		if w, err := h.CountApprovals(ctx, h.chen); err != nil || w.Compensations != 1 {
			t.Errorf("chen has %+v to decide, %v", w, err)
		}
		s = h.approve(s, h.chen)
		if w, _ := h.CountApprovals(ctx, h.chen); w.Compensations != 0 {
			t.Error("chen has approved and is asked again")
		}
		s = h.approve(s, h.wang)
		if s.State != reward.Approved || h.notices(h.lin)[0] != "compensation.approved" {
			t.Fatalf("%s, lin heard %v", s.State, h.notices(h.lin))
		}
		os, err := h.OffersFor(ctx, kase.Number, h.holder(kase))
		h.must(err)
		if len(os) != 1 || os[0].State != channel.Offered || os[0].Explanation != "按公示价退还差额" {
			t.Errorf("the customer sees %+v", os)
		}
		h.code(h.AnswerFor(ctx, kase.Number, channel.Holder{Secret: "WRONG000"}, s.ID, true, ""), "case.lookup")
		h.accept(kase, s)
		h.accept(kase, s) // again changes nothing
		h.run()
		paid := h.now(s)
		if paid.State != reward.Paid || len(paid.Payments) != 1 || paid.Payments[0].Reference != "R"+paid.PaymentKey() {
			t.Fatalf("%s, %+v", paid.State, paid.Payments)
		}
		h.accept(kase, s)
		if h.till.sum != 500_00 || h.balance("budget:2026") != 500_00 || h.balance("spent") != 500_00 || h.balance("owed") != 0 {
			t.Errorf("paid %d, budget %d, spent %d, owed %d", h.till.sum, h.balance("budget:2026"), h.balance("spent"), h.balance("owed"))
		}
		h.books()
		p, err := h.Desk.Follow(ctx, kase.Number, h.holder(kase))
		h.must(err)
		told := 0
		for _, l := range p.Lines {
			if l.Told.Zh == "补偿已发放" || l.Told.Zh == "我们为您准备了补偿，请确认是否接受" {
				told++
			}
		}
		if told != 2 {
			t.Errorf("the customer reads %+v", p.Lines)
		}
	})
}

// The case goes on by itself on what was approved for its outcome.
func TestACaseRestsOnItsCompensation(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := t.Context()
		kase := h.opened()
		do := func(by agent.Actor, d ticket.Doing) error {
			_, err := h.Desk.DoCase(ctx, by, kase.ID, 0, d)
			return err
		}
		h.must(do(h.lin, ticket.Doing{Act: ticket.Accept, Category: "complaint.service", Level: ticket.Complex, Contacted: true}))
		h.must(do(h.lin, ticket.Doing{Act: ticket.Investigate, Agent: h.zhao.Agent}))
		h.must(do(h.zhao, ticket.Doing{Act: ticket.Propose, Findings: "多收费", Solution: "退款", Outcome: ticket.Refund, Cause: "price"}))
		feedback := ticket.Doing{Act: ticket.GiveFeedback, Text: "退还差额", Solution: "退款"}
		h.code(do(h.zhao, feedback), "case.not_approved")
		coupon := refund(kase, 10_00)
		coupon.Kind = reward.Coupon
		c1 := h.approve(h.propose(h.zhao, coupon), h.chen)
		h.code(do(h.zhao, feedback), "case.not_approved") // a coupon is no refund
		named := feedback
		named.Approval = c1.ID.String()
		h.code(do(h.zhao, named), "case.approval") // nor when it is named
		named.Approval, named.Outcome = "", ticket.Explanation
		h.code(do(h.zhao, named), "case.not_approved") // nor is the outcome another in passing
		other := h.approve(h.propose(h.zhao, refund(h.opened(), 10_00)), h.chen)
		h.code(do(h.zhao, ticket.Doing{Act: ticket.GiveFeedback, Text: "x", Approval: other.ID.String()}), "case.approval")
		s := h.approve(h.propose(h.zhao, refund(kase, 10_00)), h.chen)
		h.must(do(h.zhao, feedback))
		c, err := h.DB.Now().Case(ctx, kase.ID)
		h.must(err)
		if c.State != ticket.FeedbackGiven || c.Approval != s.ID.String() {
			t.Errorf("%s rests on %q", c.State, c.Approval)
		}
	})
}

// Four eyes, and levels: who may not decide is refused, and nothing changes.
func TestFourEyes(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := t.Context()
		kase := h.opened()
		s := h.propose(h.chen, refund(kase, 3000_00))
		for _, c := range []struct {
			by   agent.Actor
			want string
		}{
			{h.chen, "approval.own"},
			{h.lin, "approval.level"},
			{h.cai, "approval.level"},
			{agent.Actor{Agent: h.gao.Agent, Key: "robot", Permissions: h.gao.Permissions, Scope: h.gao.Scope}, "permission.person"},
		} {
			_, err := h.Decide(ctx, c.by, s.ID, 0, reward.Approve, "")
			h.code(err, c.want)
		}
		if _, err := h.Decide(ctx, h.boss, s.ID, 0, reward.Approve, ""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("who has nothing to do with it: %v", err)
		}
		s = h.approve(s, h.wang)
		_, err := h.Decide(ctx, h.wang, s.ID, 0, reward.Approve, "")
		h.code(err, "approval.twice")
		_, err = h.Decide(ctx, h.gao, s.ID, 0, reward.Approve, "")
		h.code(err, "approval.level")
		if now := h.now(s); now.State != reward.Level1Approved || len(now.Approvals) != 1 {
			t.Errorf("%s with %d approvals", now.State, len(now.Approvals))
		}
	})
}

// Returned, changed, handed in again: verdicts of the round before stay.
func TestReturnedAndChanged(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := t.Context()
		kase := h.opened()
		s := h.propose(h.lin, refund(kase, 100_00))
		_, err := h.Decide(ctx, h.chen, s.ID, 0, reward.Return, " ")
		h.code(err, "approval.note")
		s, err = h.Decide(ctx, h.chen, s.ID, s.Version, reward.Return, "金额与发票不符")
		h.must(err)
		if h.notices(h.lin)[0] != "compensation.returned" || !slices.Contains(s.May, reward.Act("")) && len(s.May) != 0 {
			t.Errorf("lin heard %v; chen may %v", h.notices(h.lin), s.May)
		}
		_, err = h.Change(ctx, h.zhao, s.ID, 0, refund(kase, 80_00), true)
		h.code(err, "compensation.not_yours")
		s, err = h.Change(ctx, h.lin, s.ID, s.Version, refund(kase, 80_00), true)
		h.must(err)
		if s.State != reward.Submitted || s.Amount != 80_00 || s.Round != 2 || len(s.Approvals) != 1 {
			t.Errorf("%s %s, round %d", s.State, s.Amount, s.Round)
		}
		_, err = h.Decide(ctx, h.chen, s.ID, s.Version-1, reward.Approve, "")
		h.code(err, "store.changed")
		s, err = h.Withdraw(ctx, h.lin, s.ID, s.Version)
		h.must(err)
		if s.State != reward.Withdrawn {
			t.Errorf("%s", s.State)
		}
	})
}

// The same proposal sent again is one, also when both come at once.
func TestAProposalSentAgain(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		kase := h.opened()
		var wg sync.WaitGroup
		ids := make([]reward.CompensationID, 4)
		for i := range ids {
			wg.Go(func() {
				s, err := h.Propose(context.Background(), h.lin, refund(kase, 50_00), "the-same-client-id", true)
				if err != nil {
					t.Error(err)
				}
				ids[i] = s.ID
			})
		}
		wg.Wait()
		if slices.ContainsFunc(ids, func(i reward.CompensationID) bool { return i != ids[0] }) {
			t.Errorf("%v", ids)
		}
		cs, err := h.DB.Now().CompensationsOf(t.Context(), kase.ID)
		h.must(err)
		if len(cs) != 1 || len(h.notices(h.chen)) != 1 {
			t.Errorf("%d compensations, chen heard %v", len(cs), h.notices(h.chen))
		}
	})
}

// Points that have expired before anybody approves them are not handed in.
func TestPointsThatAreOverAlready(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		c := refund(h.opened(), 0)
		c.Kind, c.Points, c.PointsUntil = reward.Points, 100, h.Now()
		_, err := h.Propose(t.Context(), h.lin, c, "points-of-before", true)
		h.code(err, "reward.expires")
	})
}

// A client id that was used for one case gives nothing of it away on another:
// the first may be about its proposer by now.
func TestAProposalForAnotherCase(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := t.Context()
		about, other := h.opened(), h.opened()
		_, err := h.Propose(ctx, h.lin, refund(about, 50_00), "the-same-client-id", true)
		h.must(err)
		_, err = h.Desk.Accuse(ctx, h.wang, about.ID, h.lin.Agent)
		h.must(err)
		s, err := h.Propose(ctx, h.lin, refund(other, 50_00), "the-same-client-id", true)
		h.code(err, "compensation.client_id")
		if !s.ID.IsZero() || s.State != "" {
			t.Errorf("the accused reads %+v", s)
		}
	})
}

// A payer that fails, and one whose answer is lost after it has paid: tried
// again under the same key, paid once.
func TestAPaymentThatFails(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		kase := h.opened()
		h.till.failing, h.till.lost = 2, 2
		s := h.approve(h.propose(h.lin, refund(kase, 50_00)), h.chen)
		h.accept(kase, s)
		_, _ = h.jobs.RunDue(t.Context())
		if c := h.now(s); c.State != reward.Failed || h.notices(h.cai)[0] != "compensation.failed" {
			t.Errorf("%s, finance heard %v", c.State, h.notices(h.cai))
		}
		for range 4 {
			h.clock.Turn(time.Minute)
			_, _ = h.jobs.RunDue(t.Context())
		}
		c := h.now(s)
		if c.State != reward.Paid || h.till.sum != 50_00 || h.balance("spent") != 50_00 || h.balance("owed") != 0 {
			t.Errorf("%s, paid %d, spent %d", c.State, h.till.sum, h.balance("spent"))
		}
		h.books()
	})
}

// The program dies between any two steps of a payment and begins again.
func TestAPaymentAfterACrash(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		kase := h.opened()
		ctx := t.Context()
		accepted := func() care.Sheet {
			s := h.approve(h.propose(h.lin, refund(kase, 70_00)), h.chen)
			h.accept(kase, s)
			return s
		}
		begun := accepted() // dies after the first transaction
		stop, cancel := context.WithCancel(ctx)
		h.Payer = payerFunc(func(context.Context, care.Order) (string, error) { cancel(); return "", stop.Err() })
		if err := h.Pay(stop, care.PayWork{Compensation: begun.ID}); err == nil {
			t.Error("it was not stopped")
		}
		if c := h.now(begun); c.State != reward.Executing || h.balance("owed") != 70_00 {
			t.Fatalf("%s, owed %d", c.State, h.balance("owed"))
		}
		paid := accepted() // dies after the payer has paid
		stop, cancel = context.WithCancel(ctx)
		h.Payer = payerFunc(func(ctx context.Context, o care.Order) (string, error) { defer cancel(); return h.till.Pay(ctx, o) })
		if err := h.Pay(stop, care.PayWork{Compensation: paid.ID}); err == nil {
			t.Error("it was not stopped")
		}
		h.Payer = h.till
		h.run()
		for _, s := range []care.Sheet{begun, paid} {
			h.must(h.Pay(ctx, care.PayWork{Compensation: s.ID}))
			if c := h.now(s); c.State != reward.Paid || len(c.Payments) != 1 {
				t.Errorf("%s after %d attempts", c.State, len(c.Payments))
			}
		}
		if h.till.sum != 140_00 || h.balance("spent") != 140_00 || h.balance("owed") != 0 {
			t.Errorf("paid %d, spent %d, owed %d", h.till.sum, h.balance("spent"), h.balance("owed"))
		}
		h.books()
	})
}

type payerFunc func(context.Context, care.Order) (string, error)

func (f payerFunc) Pay(ctx context.Context, o care.Order) (string, error) { return f(ctx, o) }

// A budget that is short keeps the payment waiting; finance is told once, and
// money that comes in sets it going.
func TestABudgetThatIsShort(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		kase := h.opened()
		h.fund("2026", 100_00)
		c := refund(kase, 150_00)
		c.Budget = "2026"
		s := h.approve(h.propose(h.lin, c), h.chen)
		h.accept(kase, s)
		h.run()
		h.must(h.Pay(t.Context(), care.PayWork{Compensation: s.ID}))
		if got := h.notices(h.cai); h.now(s).State != reward.CustomerAccepted || len(got) != 1 || got[0] != "compensation.short" {
			t.Fatalf("%s, finance heard %v", h.now(s).State, got)
		}
		for range 2 { // the same funding twice counts once
			left, err := h.Fund(t.Context(), h.cai, "2026", 60_00, "追加", "fund-again")
			h.must(err)
			if left != 160_00 {
				t.Errorf("left %s", left)
			}
		}
		h.run()
		if h.now(s).State != reward.Paid || h.balance("budget:2026") != 10_00 {
			t.Errorf("%s, left %d", h.now(s).State, h.balance("budget:2026"))
		}
		_, err := h.Fund(t.Context(), h.cai, "2026", -20_00, "", "too-much-out")
		h.code(err, "ledger.budget")
		_, err = h.Fund(t.Context(), h.wang, "2026", 20_00, "", "by-a-supervisor")
		h.code(err, "permission.missing")
		h.books()
	})
}

// Without a payer finance pays by hand; goods are handed over by who works on
// the case. Nobody enters it twice with another receipt.
func TestPaidByHand(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := t.Context()
		h.Payer = nil
		kase := h.opened()
		s := h.approve(h.propose(h.lin, refund(kase, 50_00)), h.chen)
		h.accept(kase, s)
		h.run()
		if h.now(s).State != reward.Executing || h.notices(h.cai)[0] != "compensation.pay" {
			t.Fatalf("%s, finance heard %v", h.now(s).State, h.notices(h.cai))
		}
		_, err := h.Settle(ctx, h.lin, s.ID, 0, "123")
		h.code(err, "permission.missing")
		_, err = h.Settle(ctx, h.cai, s.ID, 0, " ")
		h.code(err, "payment.reference")
		_, err = h.FailByHand(ctx, h.cai, s.ID, 0, "银行卡已注销")
		h.must(err)
		_, err = h.PayAgain(ctx, h.cai, s.ID, 0)
		h.must(err)
		h.run()
		for range 2 {
			_, err = h.Settle(ctx, h.cai, s.ID, 0, "BANK-1")
			h.must(err)
		}
		_, err = h.Settle(ctx, h.cai, s.ID, 0, "BANK-2")
		h.code(err, "payment.other")
		goods := refund(kase, 30_00)
		goods.Kind = reward.Reshipment
		g := h.approve(h.propose(h.lin, goods), h.chen)
		_, err = h.CustomerAnswers(ctx, h.lin, g.ID, g.Version, true, "电话确认", 0)
		h.code(err, "verification.needed")
		v, err := h.Desk.StartVerification(ctx, h.chen, kase.Contact, desk.Begin{Action: verification.AcceptRefund, Case: kase.ID})
		h.must(err)
		_, err = h.Desk.VouchVerification(ctx, h.chen, v.Now.ID, "核对了工单和收货地址")
		h.must(err)
		g, err = h.CustomerAnswers(ctx, h.lin, g.ID, g.Version, true, "电话确认", v.Now.ID)
		h.must(err)
		h.run()
		_, err = h.Settle(ctx, h.lin, g.ID, 0, "SF123")
		h.must(err)
		if h.balance("spent") != 80_00 {
			t.Errorf("spent %d", h.balance("spent"))
		}
		h.books()
	})
}

// Whoever the case is about hears nothing of it and decides nothing; who only
// approves is told no more than they need.
func TestWhoSees(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := t.Context()
		kase := h.opened()
		_, err := h.Desk.Accuse(ctx, h.wang, kase.ID, h.chen.Agent)
		h.must(err)
		s := h.propose(h.wang, refund(kase, 50_00))
		if got := h.notices(h.chen); len(got) != 0 || slices.Contains(s.Deciders, "chen") {
			t.Errorf("the accused heard %v; may decide: %v", got, s.Deciders)
		}
		if _, err := h.Decide(ctx, h.chen, s.ID, 0, reward.Approve, ""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the accused decided: %v", err)
		}
		for _, v := range []store.CompensationView{store.ForMe, store.AnyState} {
			if p, err := h.Approvals(ctx, h.chen, store.CompensationList{View: v}); err != nil || len(p.Items) != 0 {
				t.Errorf("the accused finds %d in %s, %v", len(p.Items), v, err)
			}
		}
		p, err := h.Approvals(ctx, h.gao, store.CompensationList{View: store.ForMe})
		h.must(err)
		if len(p.Items) != 1 || p.Items[0].Case.Seen || p.Items[0].Case.Subject != "" || p.Items[0].Case.Customer != "刘**" {
			t.Errorf("a senior who may not see the case reads %+v", p.Items)
		}
		if _, err := h.OfCase(ctx, h.gao, kase.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("and the case itself: %v", err)
		}
		h.approve(p.Items[0], h.gao)
	})
}

// A compensation keeps the policy and the limits that it was handed in under.
func TestPoliciesInVersions(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := t.Context()
		kase := h.opened()
		text := func(s string) inbox.Text { return inbox.Text{Zh: s, En: s} }
		first, err := h.PutPolicy(ctx, h.boss, reward.Policy{Code: "overcharge", Name: text("多收退费"), Text: text("差额全退"), Kinds: []reward.Kind{reward.Refund}, Most: 100_00})
		h.must(err)
		c := refund(kase, 80_00)
		c.Policy = "overcharge"
		old := h.propose(h.lin, c)
		h.clock.Turn(time.Hour)
		next := first
		next.Text, next.Most = text("差额双倍"), 50_00
		_, err = h.PutPolicy(ctx, h.boss, next)
		h.must(err)
		_, err = h.PutPolicy(ctx, h.boss, next)
		h.code(err, "store.changed")
		_, err = h.PutPolicy(ctx, h.lin, next)
		h.code(err, "permission.missing")
		_, err = h.Propose(ctx, h.lin, c, h.key(), true)
		h.code(err, "policy.above")
		c.Amount, c.Kind = 10_00, reward.Coupon
		_, err = h.Propose(ctx, h.lin, c, h.key(), true)
		h.code(err, "policy.not_granted")
		_, err = h.ChangeLimits(ctx, h.boss, reward.Limits{L1: 10_00, L2: 20_00, Point: 1})
		h.must(err)
		s := h.approve(old, h.chen)
		if s.State != reward.Approved || s.Policy.Version != 1 || s.Policy.Text.Zh != "差额全退" {
			t.Errorf("%s under version %d", s.State, s.Policy.Version)
		}
		vs, err := h.PolicyVersions(ctx, "overcharge")
		h.must(err)
		if len(vs) != 2 || vs[0].Version != 2 || vs[1].Text.Zh != "差额全退" {
			t.Errorf("%+v", vs)
		}
	})
}

// Points go to the customer and fall back on their day.
func TestPointsExpire(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := t.Context()
		kase := h.opened()
		until := h.Now().Add(30 * 24 * time.Hour).Add(1234567 * time.Nanosecond)
		c := reward.Compensation{Case: kase.ID, Kind: reward.Points, Points: 500, PointsUntil: until, Reason: "致歉"}
		s := h.approve(h.propose(h.lin, c), h.chen)
		h.accept(kase, s)
		h.run()
		p, err := h.PointsOf(ctx, h.lin, kase.Contact)
		h.must(err)
		if p.Spendable != 500 || !p.Next.Equal(until.Truncate(time.Millisecond)) {
			t.Fatalf("%+v", p)
		}
		h.clock.Turn(31 * 24 * time.Hour)
		h.run()
		h.must(h.Expire(ctx, care.ExpireWork{Contact: kase.Contact}))
		if b := h.balance("points:" + kase.Contact.String()); b != 0 {
			t.Errorf("%d points are left", b)
		}
		h.books()
	})
}

// A reward is one for its case and type, is granted once, and lapses or is
// taken back.
func TestRewards(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := t.Context()
		kase := h.opened()
		r := reward.Reward{Type: reward.ForComplaint, Gift: reward.PointsGift, Points: 300, Reason: "帮助发现收费错误", ExpiresAt: h.Now().Add(24 * time.Hour)}
		s, err := h.ProposeReward(ctx, h.lin, kase.ID, r)
		h.must(err)
		again, err := h.ProposeReward(ctx, h.zhao, kase.ID, r)
		h.must(err)
		if again.ID != s.ID || s.State != reward.RewardProposed || len(h.notices(h.chen)) != 1 {
			t.Errorf("%s and %s, %s, chen heard %v", s.ID, again.ID, s.State, h.notices(h.chen))
		}
		_, err = h.DecideReward(ctx, h.lin, s.ID, 0, reward.Approve, "")
		h.code(err, "approval.own")
		if w, _ := h.CountApprovals(ctx, h.chen); w.Rewards != 1 {
			t.Errorf("chen has %+v to decide", w)
		}
		s, err = h.DecideReward(ctx, h.chen, s.ID, s.Version, reward.Approve, "")
		h.must(err)
		h.run()
		if b := h.balance("points:" + kase.Contact.String()); b != 300 || h.balance("spent") != 3_00 {
			t.Errorf("%d points, spent %d", b, h.balance("spent"))
		}
		_, err = h.Revoke(ctx, h.lin, s.ID, 0, "误发")
		h.code(err, "permission.missing")
		_, err = h.Revoke(ctx, h.wang, s.ID, 0, "误发")
		h.must(err)
		if b := h.balance("points:" + kase.Contact.String()); b != 0 {
			t.Errorf("%d points are left", b)
		}
		thanks, err := h.ProposeReward(ctx, h.lin, kase.ID, reward.Reward{Type: reward.ForOther, Gift: reward.Thanks, Reason: "谢谢", ExpiresAt: h.Now().Add(time.Hour)})
		h.must(err)
		h.run()
		h.clock.Turn(2 * time.Hour)
		h.run()
		got, err := h.DB.Now().Reward(ctx, thanks.ID)
		h.must(err)
		if got.State != reward.RewardExpired {
			t.Errorf("the thanks are %s", got.State)
		}
		h.clock.Turn(48 * time.Hour)
		h.run()
		h.books()
	})
}
