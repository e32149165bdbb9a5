package reward

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/kit/fault"
)

func budget(name string) Account { return Account{Kind: Budget, Of: name} }

func TestPost(t *testing.T) {
	fund := Posting{Key: "fund", At: now, Source: Source{Kind: "budget", ID: "2026"}, Lines: Fund("2026", 100_00)}
	l, err := (Ledger{}).Post(fund)
	if err != nil || len(l) != 2 {
		t.Fatalf("%v, %v", l, err)
	}
	move := func(key string, amount int64) Posting {
		return Posting{Key: key, At: now, Lines: []Line{{Account: budget("2026"), Delta: -amount}, {Account: Account{Kind: Owed}, Delta: amount}}}
	}
	other := fund
	other.Lines = Fund("2026", 100_01)
	source := fund
	source.Source.ID = "2027"
	later := fund
	later.At, later.Note = now.Add(time.Hour), "again"
	for _, c := range []struct {
		name string
		p    Posting
		adds int
		code string
	}{
		{"the same again", fund, 0, ""},
		{"the same later", later, 0, ""},
		{"another amount under the key", other, 0, "ledger.key"},
		{"another source under the key", source, 0, "ledger.key"},
		{"all that is left", move("a", 100_00), 2, ""},
		{"more than is left", move("b", 100_01), 0, "ledger.budget"},
		{"out of another budget", Posting{Key: "c", Lines: Fund("2027", -1)}, 0, "ledger.budget"},
		{"points nobody has", Posting{Key: "d", Lines: SpendPoints(contact1, 1)}, 0, "ledger.points"},
		{"owed that is not", Posting{Key: "e", Lines: []Line{{Account: Account{Kind: Owed}, Delta: -1}, {Account: Account{Kind: Spent}, Delta: 1}}}, 0, "ledger.short"},
		{"that does not add up", Posting{Key: "f", Lines: Fund("x", 5)[:1]}, 0, "ledger.unbalanced"},
		{"fen against points", Posting{Key: "g", Lines: []Line{{Account: Account{Kind: Funding}, Delta: -1}, {Account: PointsOf(contact1), Delta: 1}}}, 0, "ledger.unbalanced"},
		{"no key", Posting{Lines: Fund("x", 5)}, 0, "ledger.no_key"},
		{"a line of zero", Posting{Key: "h", Lines: Fund("x", 0)}, 0, "ledger.line"},
		{"beyond all measure", Posting{Key: "i", Lines: []Line{{Account: Account{Kind: Funding}, Delta: -maxDelta - 1}, {Account: budget("x"), Delta: maxDelta + 1}}}, 0, "ledger.line"},
		{"an account", Posting{Key: "j", Lines: []Line{{Account: Account{Kind: "till"}, Delta: 1}}}, 0, "ledger.account"},
		{"nothing", Posting{Key: "k"}, 0, ""},
	} {
		after, err := l.Post(c.p)
		if len(after)-len(l) != c.adds || (c.code == "") != (err == nil) || err != nil && fault.CodeOf(err) != c.code {
			t.Errorf("%s: %d entries, %v, want %d, %q", c.name, len(after)-len(l), err, c.adds, c.code)
		}
	}
}

func TestAccountsAreRead(t *testing.T) {
	for _, a := range []Account{budget("2026:秋"), PointsOf(contact1), {Kind: Owed}} {
		if got, err := ParseAccount(a.String()); err != nil || got != a {
			t.Errorf("%s is read as %+v, %v", a, got, err)
		}
	}
	if _, err := ParseAccount("till:1"); fault.CodeOf(err) != "ledger.account" {
		t.Errorf("a till: %v", err)
	}
}

// Points fall back when their time comes: what is left of what came in then.
func TestExpiry(t *testing.T) {
	day := func(n int) time.Time { return now.AddDate(0, 0, n) }
	var l Ledger
	post := func(key string, at time.Time, lines []Line) {
		t.Helper()
		var err error
		if l, err = l.Post(Posting{Key: key, At: at, Lines: lines}); err != nil {
			t.Fatal(err)
		}
	}
	points := PointsOf(contact1)
	post("never", day(0), grantPoints(contact1, 100, time.Time{}))
	post("soon", day(0), grantPoints(contact1, 50, day(10)))
	post("later", day(0), grantPoints(contact1, 30, day(20)))
	post("spend", day(1), SpendPoints(contact1, 60)) // all of soon, 10 of later
	if next := NextExpiry(l, points); !next.Equal(day(20)) {
		t.Errorf("next is %s", next)
	}
	if ps := Expiries(l, points, day(19)); len(ps) != 0 {
		t.Errorf("on day 19: %+v", ps)
	}
	ps := Expiries(l, points, day(20))
	if len(ps) != 1 || ps[0].Lines[0].Delta != -20 || Spendable(l, points, day(20)) != 100 || Balance(l, points) != 120 {
		t.Fatalf("on day 20: %+v, spendable %d of %d", ps, Spendable(l, points, day(20)), Balance(l, points))
	}
	for range 2 {
		post(ps[0].Key, day(20), ps[0].Lines)
	}
	if Balance(l, points) != 100 || len(Expiries(l, points, day(99))) != 0 || !NextExpiry(l, points).IsZero() {
		t.Errorf("after it: %d, %+v", Balance(l, points), Expiries(l, points, day(99)))
	}
}

// model is a small company: a budget, customers, compensations and rewards,
// and a bank that remembers what it paid by key.
type model struct {
	t      *rapid.T
	now    time.Time
	funded int64
	ledger Ledger
	comps  []Compensation
	reward []Reward
	bank   map[string]string // receipt by key
	sent   map[string]int64  // fen by key, each counted once
}

var people = []agent.Actor{lin, mei, hua, wang, zhang, qian}

// post is a transaction: the change of state and its posting are kept
// together, or neither is.
func (m *model) post(p Posting, keep func()) {
	l, err := m.ledger.Post(p)
	if err != nil {
		if k := fault.KindOf(err); k != fault.Conflict {
			m.t.Fatalf("%+v: %v", p, err)
		}
		return
	}
	m.ledger = l
	keep()
}

// act does something to a compensation; what is refused changes nothing.
func (m *model) act(i int) {
	c := m.comps[i]
	by := rapid.SampledFrom(people).Draw(m.t, "by")
	what := rapid.SampledFrom([]Act{Submit, Approve, Reject, Return, Revise, Accept, Execute, Pay, Fail}).Draw(m.t, "act")
	if rapid.IntRange(0, 3).Draw(m.t, "proper") > 0 {
		by, what = m.proper(c, by, what)
	}
	crash := rapid.IntRange(0, 3).Draw(m.t, "crash") == 0
	var err error
	d := c
	switch what { //nolint:exhaustive // the others are not acts of a person
	case Submit:
		d, err = c.Submit(by, DefaultLimits, m.now)
	case Approve:
		d, err = c.Decide(by, Approve, "", m.now)
	case Reject:
		d, err = c.Decide(by, Reject, "no", m.now)
	case Return:
		d, err = c.Decide(by, Return, "again", m.now)
	case Revise:
		d, err = c.Revise(by, m.now)
	case Accept:
		d, err = c.Answer(true, "", m.now)
	case Execute:
		var p Posting
		if d, p, err = c.Start(m.now); err == nil && !crash {
			m.post(p, func() { m.comps[i] = d })
		}
		return
	case Pay:
		m.pay(i, crash)
		return
	case Fail:
		d, err = c.Fail(c.PaymentKey(), "away", m.now)
	}
	if err == nil && !crash {
		m.comps[i] = d
	}
}

// proper is what a compensation waits for, by somebody who may do it; so that
// whole lives are tried, not only their beginnings.
func (m *model) proper(c Compensation, by agent.Actor, what Act) (agent.Actor, Act) {
	need := c.Needs()
	switch need.Who {
	case TheProposer:
		return people[c.Proposer-1], need.Act
	case AnApprover:
		for _, p := range people {
			if p.May(need.Permission) && !slices.Contains(need.Not, p.Agent) {
				return p, Approve
			}
		}
		return by, what // those who could have approved below, or proposed
	case TheCustomer, ThePayment:
		return by, need.Act
	case Nobody:
	}
	return by, what
}

// pay asks the bank, which pays a key once however often it is asked, and then
// writes it down, unless the program dies between the two.
func (m *model) pay(i int, crash bool) {
	c := m.comps[i]
	if c.State != Executing && c.State != Failed && c.State != Paid {
		return
	}
	key := c.PaymentKey()
	if m.bank[key] == "" {
		m.bank[key] = fmt.Sprintf("receipt %d", len(m.bank))
		m.sent[key] = int64(c.Worth(c.Limits))
	}
	if crash {
		return
	}
	d, p, err := c.Pay(key, m.bank[key], m.now)
	if err != nil {
		m.t.Fatalf("the bank paid and we refuse: %v", err)
	}
	m.post(p, func() { m.comps[i] = d })
}

func (m *model) thank() {
	n := rapid.IntRange(0, 2).Draw(m.t, "source")
	r := suggestion(PointsGift, 0, int64(rapid.IntRange(1, 500).Draw(m.t, "points")))
	r.Source.ID, r.Budget = strconv.Itoa(n), "2026"
	if rapid.Bool().Draw(m.t, "expires") {
		r.ExpiresAt = m.now.Add(time.Duration(rapid.IntRange(1, 20).Draw(m.t, "days")) * 24 * time.Hour)
	}
	if slices.ContainsFunc(m.reward, func(o Reward) bool { return o.Key() == r.Key() }) {
		return // the database refuses the second
	}
	r, _ = r.Propose(DefaultLimits, m.now)
	r, err := r.Decide(wang, Approve, "", m.now)
	if err != nil {
		m.t.Fatal(err)
	}
	m.reward = append(m.reward, r)
}

func (m *model) grant() {
	if len(m.reward) == 0 {
		return
	}
	i := rapid.IntRange(0, len(m.reward)-1).Draw(m.t, "reward")
	if r, p, err := m.reward[i].Grant(m.now); err == nil {
		m.post(p, func() { m.reward[i] = r })
	}
}

func (m *model) spend(step int) {
	points := int64(rapid.IntRange(1, 300).Draw(m.t, "spend"))
	if points > Spendable(m.ledger, PointsOf(contact1), m.now) {
		return
	}
	m.post(Posting{Key: fmt.Sprintf("spend/%d", step), At: m.now, Lines: SpendPoints(contact1, points)}, func() {})
}

func (m *model) expire() {
	for _, p := range Expiries(m.ledger, PointsOf(contact1), m.now) {
		if _, err := m.ledger.Post(p); err != nil {
			m.t.Fatalf("points cannot expire: %v", err)
		}
		m.post(p, func() {})
		m.post(p, func() {})
	}
}

// check is the law: everything adds up, nothing is below zero, nothing was
// paid or granted twice, and everybody who approved was allowed to.
func (m *model) check() {
	for unit, sum := range Sum(m.ledger) {
		if sum != 0 {
			m.t.Fatalf("%s add up to %d", unit, sum)
		}
	}
	keys := map[string]bool{}
	running := map[Account]int64{}
	for _, e := range m.ledger {
		if keys[e.Key] {
			m.t.Fatalf("%s stands twice", e.Key)
		}
		keys[e.Key] = true
		running[e.Account] += e.Delta
	}
	for a, b := range running {
		if b < 0 && !a.MayBeNegative() {
			m.t.Fatalf("%s stands at %d", a, b)
		}
	}
	if s := Spendable(m.ledger, PointsOf(contact1), m.now); s < 0 || s > running[PointsOf(contact1)] {
		m.t.Fatalf("%d of %d points can be spent", s, running[PointsOf(contact1)])
	}
	if left := running[budget("2026")] + running[Account{Kind: Owed}] + running[Account{Kind: Spent}]; left != m.funded {
		m.t.Fatalf("%d of %d fen are left", left, m.funded)
	}
	m.checkPaid(running)
}

func (m *model) checkPaid(running map[Account]int64) {
	var spent, owed int64
	for _, c := range m.comps {
		worth := int64(c.Worth(c.Limits))
		switch c.State {
		case Paid:
			spent += worth
			if m.sent[c.PaymentKey()] != worth {
				m.t.Fatalf("paid %d, the bank sent %d", worth, m.sent[c.PaymentKey()])
			}
		case Executing, Failed:
			owed += worth
		default:
			if m.sent[c.PaymentKey()] != 0 {
				m.t.Fatalf("the bank paid what is %s", c.State)
			}
		}
		m.checkEyes(c)
	}
	for _, r := range m.reward {
		if r.State == RewardGranted {
			spent += int64(r.Worth(r.Limits))
		}
	}
	if running[Account{Kind: Spent}] != spent || running[Account{Kind: Owed}] != owed {
		m.t.Fatalf("spent %d, owed %d; the ledger says %v", spent, owed, running)
	}
}

func (m *model) checkEyes(c Compensation) {
	if !slices.Contains([]State{Approved, CustomerAccepted, Executing, Failed, Paid}, c.State) {
		return
	}
	var levels []Level
	seen := map[agent.ID]bool{c.Proposer: true}
	for _, a := range c.Approvals {
		if a.Round != c.Round {
			continue
		}
		if seen[a.By] || !people[a.By-1].May(a.Level.Permission()) {
			m.t.Fatalf("%+v of %+v", a, c)
		}
		seen[a.By] = true
		levels = append(levels, a.Level)
	}
	if !slices.Equal(levels, c.Levels()) {
		m.t.Fatalf("%v approved, %v are needed", levels, c.Levels())
	}
}

// Whatever is repeated, refused, or cut off by a crash: nothing is paid twice,
// nothing is below zero, and the sums are equal.
func TestLedgerLaw(t *testing.T) {
	paid := 0
	rapid.Check(t, func(t *rapid.T) {
		m := &model{t: t, now: now, funded: int64(rapid.IntRange(0, 8_000_00).Draw(t, "budget")), bank: map[string]string{}, sent: map[string]int64{}}
		if m.funded > 0 {
			m.post(Posting{Key: "fund", At: m.now, Lines: Fund("2026", Money(m.funded))}, func() {})
		}
		for i := range rapid.IntRange(1, 3).Draw(t, "compensations") {
			c := refund(Money(rapid.SampledFrom([]int{10_00, 200_00, 200_01, 1_500_00, 3_000_00}).Draw(t, "amount")))
			if rapid.Bool().Draw(t, "points") {
				c.Kind, c.Points, c.Amount = Points, int64(c.Amount), 0
				c.PointsUntil = m.now.Add(24 * time.Hour)
			}
			c.ID, c.Budget = CompensationID(i+1), "2026"
			c, err := c.Draft(rapid.SampledFrom([]agent.Actor{lin, mei, wang}).Draw(t, "proposer"), m.now)
			if err != nil {
				t.Fatal(err)
			}
			m.comps = append(m.comps, c)
		}
		for step := range rapid.IntRange(0, 100).Draw(t, "steps") {
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0:
				m.thank()
			case 1:
				m.grant()
			case 2:
				m.spend(step)
			case 3:
				m.now = m.now.Add(time.Duration(rapid.IntRange(1, 48).Draw(t, "hours")) * time.Hour)
				m.expire()
			default:
				m.act(rapid.IntRange(0, len(m.comps)-1).Draw(t, "compensation"))
			}
			m.check()
		}
		for _, c := range m.comps {
			if c.State == Paid {
				paid++
			}
		}
	})
	if paid == 0 {
		t.Error("nothing was ever paid; the law was not tried")
	}
}

// An expiry never takes more than is left, in whatever order points come, go
// and expire; and in the end only points without an end are left.
func TestExpiryLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at, who := now, contact.ID(5)
		var l Ledger
		post := func(p Posting) {
			var err error
			if l, err = l.Post(p); err != nil {
				t.Fatalf("%+v: %v", p, err)
			}
		}
		for i := range rapid.IntRange(1, 30).Draw(t, "steps") {
			at = at.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "days")) * 24 * time.Hour)
			n := int64(rapid.IntRange(1, 100).Draw(t, "points"))
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0, 1:
				var until time.Time
				if rapid.Bool().Draw(t, "ends") {
					until = at.Add(time.Duration(rapid.IntRange(1, 9).Draw(t, "until")) * 24 * time.Hour)
				}
				post(Posting{Key: fmt.Sprint("in/", i), At: at, Lines: grantPoints(who, n, until)})
			case 2:
				had := Spendable(l, PointsOf(who), at)
				if n > had {
					continue
				}
				post(Posting{Key: fmt.Sprint("out/", i), At: at, Lines: SpendPoints(who, n)})
				if left := Spendable(l, PointsOf(who), at); left != had-n {
					t.Fatalf("%d of %d were spent, %d are left", n, had, left)
				}
			default:
				before := Spendable(l, PointsOf(who), at)
				for _, p := range Expiries(l, PointsOf(who), at) {
					post(p)
				}
				if Spendable(l, PointsOf(who), at) != before || Balance(l, PointsOf(who)) != before {
					t.Fatalf("expiry changed what can be spent from %d to %d of %d", before, Spendable(l, PointsOf(who), at), Balance(l, PointsOf(who)))
				}
			}
		}
		end := at.AddDate(1, 0, 0)
		for _, p := range Expiries(l, PointsOf(who), end) {
			post(p)
		}
		if len(Expiries(l, PointsOf(who), end)) != 0 || Balance(l, PointsOf(who)) != Spendable(l, PointsOf(who), end) {
			t.Fatalf("something is left to expire: %+v", Expiries(l, PointsOf(who), end))
		}
	})
}
