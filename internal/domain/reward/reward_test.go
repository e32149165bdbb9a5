package reward

import (
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
)

func suggestion(gift Gift, amount Money, points int64) Reward {
	return Reward{
		ID: 8 << 30, Type: ForSuggestion, Source: Source{Kind: "case", ID: "cs_1"}, Contact: contact1,
		Gift: gift, Amount: amount, Points: points, Proposer: lin.Agent, Reason: "采纳了您的建议",
	}
}

func TestCheckReward(t *testing.T) {
	with := func(change func(*Reward)) Reward {
		r := suggestion(PointsGift, 0, 100)
		change(&r)
		return r
	}
	for _, c := range []struct {
		name string
		r    Reward
		code string
	}{
		{"points", suggestion(PointsGift, 0, 100), ""},
		{"a coupon", suggestion(CouponGift, 50_00, 0), ""},
		{"thanks", suggestion(Thanks, 0, 0), ""},
		{"a type", with(func(r *Reward) { r.Type = "birthday" }), "reward.type"},
		{"no source", with(func(r *Reward) { r.Source.ID = "" }), "reward.source"},
		{"nobody", with(func(r *Reward) { r.Contact = 0 }), "reward.contact"},
		{"a gift", with(func(r *Reward) { r.Gift = "car" }), "reward.gift"},
		{"thanks that cost", suggestion(Thanks, 1, 0), "reward.amount"},
		{"points without points", suggestion(PointsGift, 0, 0), "reward.amount"},
		{"a coupon without worth", suggestion(CouponGift, 0, 0), "reward.amount"},
		{"less than nothing", suggestion(CouponGift, -1, 0), "reward.amount"},
	} {
		if _, err := c.r.Check(); (c.code == "") != (err == nil) || err != nil && fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", c.name, err, c.code)
		}
	}
}

// Two of a type for one source have one key; another type or source has
// another.
func TestOneRewardForOneThing(t *testing.T) {
	a, b := suggestion(PointsGift, 0, 100), suggestion(CouponGift, 5, 0)
	b.ID, b.Proposer = 9<<30, mei.Agent
	if a.Key() != b.Key() || a.Key() != "reward/suggestion/case/cs_1" {
		t.Errorf("%s and %s", a.Key(), b.Key())
	}
	b.Type = ForComplaint
	if a.Key() == b.Key() {
		t.Error("another type has the same key")
	}
}

func TestWhoApprovesAReward(t *testing.T) {
	for _, c := range []struct {
		amount Money
		level  Level
		by     agent.Actor
		code   string
	}{
		{100_00, Level1, mei, ""},
		{100_00, Level1, lin, "approval.own"},
		{100_00, Level1, qian, "approval.level"},
		{500_00, Level2, mei, "approval.level"},
		{500_00, Level2, wang, ""},
		{5_000_00, LevelFinance, wang, "approval.level"},
		{5_000_00, LevelFinance, qian, ""},
	} {
		r, err := suggestion(CouponGift, c.amount, 0).Propose(DefaultLimits, now)
		if err != nil || r.Needs().Level != c.level {
			t.Fatalf("%s: %+v, %v", c.amount, r.Needs(), err)
		}
		if _, err := r.Decide(c.by, Approve, "", now); (c.code == "") != (err == nil) || err != nil && fault.CodeOf(err) != c.code {
			t.Errorf("%s by %s: %v, want %q", c.amount, c.by.Name, err, c.code)
		}
	}
	r, _ := suggestion(CouponGift, 1, 0).Propose(DefaultLimits, now)
	if _, err := r.Decide(mei, Return, "?", now); fault.CodeOf(err) != "reward.verdict" {
		t.Errorf("a reward was returned: %v", err)
	}
	if r, err := r.Decide(mei, Reject, "不合适", now); err != nil || r.State != RewardRejected || r.Needs().Who != Nobody {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestThanksNeedNobody(t *testing.T) {
	r, err := suggestion(Thanks, 0, 0).Propose(DefaultLimits, now)
	if err != nil || r.State != RewardApproved {
		t.Fatalf("%s, %v", r.State, err)
	}
	r, p, err := r.Grant(now)
	if err != nil || r.State != RewardGranted || len(p.Lines) != 0 {
		t.Errorf("%+v, %v", p, err)
	}
	if l, err := (Ledger{}).Post(p); err != nil || len(l) != 0 {
		t.Errorf("%v, %v", l, err)
	}
}

func granted(t *testing.T, r Reward) (Reward, Ledger) {
	t.Helper()
	r, err := r.Propose(DefaultLimits, now)
	if err != nil {
		t.Fatal(err)
	}
	r, err = r.Decide(wang, Approve, "", now)
	if err != nil {
		t.Fatal(err)
	}
	r, p, err := r.Grant(now)
	if err != nil {
		t.Fatal(err)
	}
	l, err := (Ledger{}).Post(p)
	if err != nil {
		t.Fatal(err)
	}
	return r, l
}

func TestRevokedTakesBackWhatIsLeft(t *testing.T) {
	for _, c := range []struct{ spent, back int64 }{{0, 100}, {70, 30}, {100, 0}} {
		r, l := granted(t, suggestion(PointsGift, 0, 100))
		if c.spent > 0 {
			var err error
			if l, err = l.Post(Posting{Key: "spend", At: now, Lines: SpendPoints(contact1, c.spent)}); err != nil {
				t.Fatal(err)
			}
		}
		r, p, err := r.Revoke(Spendable(l, PointsOf(contact1), now), "误发", now)
		if err != nil || r.State != RewardRevoked {
			t.Fatalf("%s, %v", r.State, err)
		}
		after, err := l.Post(p)
		if err != nil || Balance(after, PointsOf(contact1)) != 0 || Balance(l, PointsOf(contact1)) != c.back {
			t.Errorf("after %d were spent: %v, %v", c.spent, after, err)
		}
	}
	r, _ := suggestion(PointsGift, 0, 100).Propose(DefaultLimits, now)
	r, _ = r.Decide(wang, Approve, "", now)
	if _, p, err := r.Revoke(500, "误批", now); err != nil || len(p.Lines) != 0 {
		t.Errorf("what was never granted is taken back: %+v, %v", p, err)
	}
}

func TestARewardRunsOut(t *testing.T) {
	until := suggestion(CouponGift, 5_00, 0)
	until.ExpiresAt = now.Add(24 * time.Hour)
	r, _ := granted(t, until)
	if _, err := r.Lapse(now); fault.CodeOf(err) != "reward.early" {
		t.Errorf("early: %v", err)
	}
	if _, err := r.Use(now.Add(24 * time.Hour)); fault.CodeOf(err) != "reward.late" {
		t.Errorf("late: %v", err)
	}
	if r, err := r.Lapse(now.Add(24 * time.Hour)); err != nil || r.State != RewardExpired {
		t.Errorf("%s, %v", r.State, err)
	}
	used, err := r.Use(now)
	if err != nil || used.State != RewardRedeemed {
		t.Errorf("%s, %v", used.State, err)
	}
	if _, err := used.Use(now); fault.CodeOf(err) != "reward.state.redeemed" {
		t.Errorf("used twice: %v", err)
	}
}
