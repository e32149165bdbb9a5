package reward

import (
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
)

var now = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

const (
	caseID   ticket.ID  = 1 << 30
	contact1 contact.ID = 2 << 30
)

// actor is a person with a built-in role.
func actor(id agent.ID, role string) agent.Actor {
	for _, r := range agent.BuiltinRoles() {
		if r.Name == role {
			return agent.Actor{Agent: id, Name: role}.With(r)
		}
	}
	panic("no role " + role)
}

var (
	lin   = actor(1, "agent")
	mei   = actor(2, "senior")
	hua   = actor(3, "senior")
	wang  = actor(4, "supervisor")
	zhang = actor(5, "supervisor")
	qian  = actor(6, "finance")
)

func refund(amount Money) Compensation {
	return Compensation{ID: 7 << 30, Case: caseID, Contact: contact1, Kind: Refund, Amount: amount, Reason: "维修超时", Policy: "退款", PolicyVersion: 3}
}

func submitted(t *testing.T, c Compensation, by agent.Actor) Compensation {
	t.Helper()
	c, err := c.Draft(by, now)
	if err != nil {
		t.Fatal(err)
	}
	c, err = c.Submit(by, DefaultLimits, now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func approvedBy(t *testing.T, c Compensation, by ...agent.Actor) Compensation {
	t.Helper()
	for _, b := range by {
		var err error
		if c, err = c.Decide(b, Approve, "", now); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// The amount decides how many must approve, and each limit belongs to the
// level below it.
func TestLevels(t *testing.T) {
	for _, c := range []struct {
		amount Money
		want   []Level
		why    string
	}{
		{1, []Level{Level1}, "why.level.l1"},
		{200_00, []Level{Level1}, "why.level.l1"},
		{200_01, []Level{Level1, Level2}, "why.level.first"},
		{2_000_00, []Level{Level1, Level2}, "why.level.first"},
		{2_000_01, []Level{Level1, Level2, LevelFinance}, "why.level.first"},
	} {
		got := submitted(t, refund(c.amount), lin)
		if !slices.Equal(got.Levels(), c.want) || got.Needs().Why.Code != c.why || got.Needs().Permission != agent.CompensationApproveL1 {
			t.Errorf("%s: %v, %+v, want %v", c.amount, got.Levels(), got.Needs(), c.want)
		}
	}
}

func TestPointsCountByTheirWorth(t *testing.T) {
	c := Compensation{Case: caseID, Contact: contact1, Kind: Points, Points: 30_000, Reason: "延误"}
	if got := submitted(t, c, lin).Levels(); len(got) != 2 {
		t.Errorf("30000 points at 1 fen need %v", got)
	}
}

func TestTheWayToPaid(t *testing.T) {
	c := submitted(t, refund(5_000_00), lin)
	for _, step := range []struct {
		by    agent.Actor
		level Level
		after State
		why   string
	}{
		{mei, Level1, Level1Approved, "why.level.l2"},
		{wang, Level2, Level2Approved, "why.level.finance"},
		{qian, LevelFinance, Approved, "why.compensation.approved"},
	} {
		c = approvedBy(t, c, step.by)
		last := c.Approvals[len(c.Approvals)-1]
		if c.State != step.after || last.Level != step.level || last.By != step.by.Agent || c.Needs().Why.Code != step.why {
			t.Errorf("after %s: %s, %+v, needs %+v", step.by.Name, c.State, last, c.Needs())
		}
	}
	c, err := c.Answer(true, "", now)
	if err != nil || c.Needs().Who != ThePayment {
		t.Fatalf("%+v, %v", c.Needs(), err)
	}
	c, reserve, err := c.Start(now)
	if err != nil {
		t.Fatal(err)
	}
	c, err = c.Fail(c.PaymentKey(), "银行维护", now)
	if err != nil || c.State != Failed || c.Needs().Act != Execute {
		t.Fatalf("%+v, %v", c, err)
	}
	c, again, err := c.Start(now.Add(time.Hour))
	if err != nil || again.Key != reserve.Key || !slices.Equal(again.Lines, reserve.Lines) {
		t.Fatalf("the retry sets aside something else: %+v, %v", again, err)
	}
	c, paid, err := c.Pay(c.PaymentKey(), "BANK-1", now.Add(2*time.Hour))
	if err != nil || c.State != Paid || c.Needs().Who != Nobody {
		t.Fatalf("%+v, %v", c, err)
	}
	if len(c.Payments) != 2 || c.Payments[0].Key != c.Payments[1].Key || c.Payments[0].State != Failed || c.Payments[1].State != Paid {
		t.Errorf("payments: %+v", c.Payments)
	}
	if d, p, err := c.Pay(c.PaymentKey(), "BANK-1", now.Add(3*time.Hour)); err != nil || p.Key != paid.Key || len(d.Payments) != 2 {
		t.Errorf("the report again: %+v, %v", p, err)
	}
	if _, _, err := c.Pay(c.PaymentKey(), "BANK-2", now); fault.CodeOf(err) != "payment.other" {
		t.Errorf("another receipt: %v", err)
	}
	if _, _, err := c.Pay("else", "BANK-1", now); fault.CodeOf(err) != "payment.key" {
		t.Errorf("another key: %v", err)
	}
	if _, err := c.Fail(c.PaymentKey(), "late", now); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a payment that went was said to have failed: %v", err)
	}
	if c.PolicyVersion != 3 || c.Limits != DefaultLimits {
		t.Errorf("the terms are lost: %+v", c)
	}
}

// A payment that was taken for lost and then went is paid, once.
func TestFailedAndThenPaid(t *testing.T) {
	c := approvedBy(t, submitted(t, refund(10_00), lin), mei)
	c, _ = c.Answer(true, "", now)
	c, _, _ = c.Start(now)
	c, _ = c.Fail(c.PaymentKey(), "timeout", now)
	c, _, err := c.Pay(c.PaymentKey(), "BANK-1", now)
	if err != nil || c.State != Paid || len(c.Payments) != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
	if _, _, err := c.Start(now); fault.KindOf(err) != fault.Conflict {
		t.Errorf("it is paid again: %v", err)
	}
}

func TestWhoMayDecide(t *testing.T) {
	byMei := submitted(t, refund(1_000_00), mei)
	small := submitted(t, refund(10_00), lin)
	large := submitted(t, refund(5_000_00), lin)
	key := mei
	key.Key = "CRM"
	for _, c := range []struct {
		name    string
		c       Compensation
		by      agent.Actor
		verdict Act
		note    string
		code    string
	}{
		{"the proposer", byMei, mei, Approve, "", "approval.own"},
		{"another senior", byMei, hua, Approve, "", ""},
		{"an agent", small, lin, Approve, "", "approval.own"},
		{"another agent", small, actor(9, "agent"), Approve, "", "approval.level"},
		{"an administrator", small, actor(9, "admin"), Approve, "", "approval.level"},
		{"finance on the first level", small, qian, Approve, "", "approval.level"},
		{"an integration", small, key, Approve, "", "permission.person"},
		{"the same on two levels", approvedBy(t, large, wang), wang, Approve, "", "approval.twice"},
		{"another on the second level", approvedBy(t, large, wang), zhang, Approve, "", ""},
		{"a senior on the second level", approvedBy(t, large, mei), hua, Approve, "", "approval.level"},
		{"a supervisor on the third level", approvedBy(t, large, mei, wang), zhang, Approve, "", "approval.level"},
		{"rejected without a word", small, mei, Reject, " ", "approval.note"},
		{"rejected", small, mei, Reject, "没有依据", ""},
		{"returned without a word", small, mei, Return, "", "approval.note"},
		{"a long note", small, mei, Approve, strings.Repeat("长", maxNote+1), "approval.note_long"},
		{"another verdict", small, mei, Pay, "", "approval.verdict"},
		{"a draft", refundDraft(t), mei, Approve, "", "compensation.state.drafted"},
	} {
		if _, err := c.c.Decide(c.by, c.verdict, c.note, now); (c.code == "") != (err == nil) || err != nil && fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", c.name, err, c.code)
		}
	}
}

func refundDraft(t *testing.T) Compensation {
	t.Helper()
	c, err := refund(10_00).Draft(lin, now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What was approved before it was returned does not count afterwards, and who
// approved then may approve again.
func TestReturnedBeginsAnew(t *testing.T) {
	c := approvedBy(t, submitted(t, refund(1_000_00), lin), mei)
	c, err := c.Decide(wang, Return, "金额太高", now)
	if err != nil || c.State != Returned {
		t.Fatalf("%s, %v", c.State, err)
	}
	if _, err := c.Change(lin, refund(500_00), now); fault.CodeOf(err) != "compensation.state.returned" {
		t.Errorf("it was changed before it was taken up: %v", err)
	}
	if _, err := c.Revise(mei, now); fault.CodeOf(err) != "compensation.not_yours" {
		t.Errorf("another took it up: %v", err)
	}
	c, err = c.Revise(lin, now)
	if err != nil {
		t.Fatal(err)
	}
	c, err = c.Change(lin, refund(500_00), now)
	if err != nil || c.Amount != 500_00 || c.Proposer != lin.Agent || c.ID != refund(0).ID {
		t.Fatalf("%+v, %v", c, err)
	}
	c, err = c.Submit(lin, Limits{L1: 100_00, L2: 400_00}, now)
	if err != nil || c.Round != 2 || len(c.Levels()) != 3 {
		t.Fatalf("%+v, %v", c, err)
	}
	if need := c.Needs(); need.Level != Level1 || !slices.Equal(need.Not, []agent.ID{lin.Agent}) {
		t.Errorf("%+v", need)
	}
	c = approvedBy(t, c, mei)
	if len(c.Approvals) != 3 || c.State != Level1Approved {
		t.Errorf("%s, %+v", c.State, c.Approvals)
	}
}

func TestCheckCompensation(t *testing.T) {
	with := func(change func(*Compensation)) Compensation {
		c := refund(10_00)
		change(&c)
		return c
	}
	points := Compensation{Case: caseID, Contact: contact1, Kind: Points, Points: 100, Reason: "延误"}
	for _, c := range []struct {
		name string
		c    Compensation
		code string
	}{
		{"fine", refund(10_00), ""},
		{"the most", refund(MaxAmount), ""},
		{"points", points, ""},
		{"no case", with(func(c *Compensation) { c.Case = 0 }), "compensation.case"},
		{"a kind", with(func(c *Compensation) { c.Kind = "cash" }), "compensation.kind"},
		{"no reason", with(func(c *Compensation) { c.Reason = " " }), "compensation.reason"},
		{"nothing", refund(0), "compensation.amount"},
		{"less than nothing", refund(-1), "compensation.amount"},
		{"more than the most", refund(MaxAmount + 1), "compensation.amount"},
		{"money and points", with(func(c *Compensation) { c.Points = 5 }), "compensation.amount_points"},
		{"points and money", func() Compensation { c := points; c.Amount = 5; return c }(), "compensation.points_amount"},
		{"no points", func() Compensation { c := points; c.Points = 0; return c }(), "compensation.points"},
		{"points for nobody", func() Compensation { c := points; c.Contact = 0; return c }(), "compensation.contact"},
		{"a policy that is not named", with(func(c *Compensation) { c.Kind, c.Policy = ByPolicy, "" }), "compensation.policy_missing"},
		{"a long policy", with(func(c *Compensation) { c.Policy = strings.Repeat("长", 121) }), "compensation.policy"},
		{"a long budget", with(func(c *Compensation) { c.Budget = strings.Repeat("长", 81) }), "compensation.budget"},
		{"a long explanation", with(func(c *Compensation) { c.Explanation = strings.Repeat("长", 2001) }), "compensation.explanation"},
	} {
		if _, err := c.c.Check(); (c.code == "") != (err == nil) || err != nil && fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", c.name, err, c.code)
		}
	}
	for _, l := range []Limits{{L1: -1}, {L1: 2, L2: 1}, {L2: MaxAmount + 1}, {Point: -1}, {Point: maxPoint + 1}} {
		if l.Check() == nil {
			t.Errorf("%+v is fine", l)
		}
	}
}

func TestOnlyWhoMayProposes(t *testing.T) {
	if _, err := refund(1).Draft(qian, now); fault.CodeOf(err) != "permission.missing" {
		t.Errorf("finance drafted: %v", err)
	}
	c := submitted(t, refund(10_00), lin)
	if _, err := c.Withdraw(mei, now); fault.CodeOf(err) != "compensation.not_yours" {
		t.Errorf("another withdrew it: %v", err)
	}
	if c, err := c.Withdraw(lin, now); err != nil || !c.State.Over() {
		t.Errorf("%s, %v", c.State, err)
	}
	if c, err := approvedBy(t, c, mei).Answer(false, " 不需要 ", now); err != nil || c.State != CustomerDeclined || c.Declined != "不需要" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestMoneyIsWrittenInYuan(t *testing.T) {
	for m, want := range map[Money]string{0: "¥0.00", 5: "¥0.05", 1230: "¥12.30", -1: "-¥0.01", 200_00: "¥200.00"} {
		if got := m.String(); got != want {
			t.Errorf("%d is %s, want %s", int64(m), got, want)
		}
	}
}

// Reasons are for people, in both languages, with the amounts in them.
func TestReasonsAreSaidInChinese(t *testing.T) {
	why := submitted(t, refund(300_00), lin).Needs().Why
	if got := why.In(phrase.Chinese); got != "先由资深客服审批；¥300.00 超过其额度 ¥200.00，之后还需上一级审批" {
		t.Error(got)
	}
	if got := why.In(phrase.English); !strings.Contains(got, "¥300.00") {
		t.Error(got)
	}
}
