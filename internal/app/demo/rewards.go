package demo

import (
	"context"
	"fmt"

	"yingda/internal/app"
	"yingda/internal/care"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/reward"
	"yingda/internal/domain/ticket"
	"yingda/internal/domain/verification"
	"yingda/internal/store"
)

// Budget is what pays compensations in the demonstration.
const Budget = "2026 客户关怀"

// fillRewards adds policies, a budget, and compensations and rewards in
// several states. They go the way that people go, so that the ledger, the
// history and the notices are true.
func fillRewards(ctx context.Context, a *app.App) error {
	who, err := actors(ctx, a)
	if err != nil {
		return err
	}
	if err := fillPolicies(ctx, a.Care, who["admin"]); err != nil {
		return err
	}
	if _, err := a.Care.Fund(ctx, who["cai"], Budget, 20_000_00, "年度预算", "demo-budget"); err != nil {
		return err
	}
	cases, err := openCases(ctx, a, who["wang"])
	if err != nil || len(cases) == 0 {
		return err
	}
	for i, p := range []struct {
		by       string
		approved []string
		takes    bool
		c        reward.Compensation
	}{
		{"lin", nil, false, reward.Compensation{Kind: reward.Refund, Amount: 680_00, Policy: "overcharge", Reason: "保养多收工时费 680 元，门店已核实收费单。", Explanation: "实际收费高于公示价的部分全额退还。"}},
		{"lin", []string{"chen"}, false, reward.Compensation{Kind: reward.Refund, Amount: 3200_00, Reason: "中控屏四次黑屏，客户要求退还选装包差价。", Explanation: "选装功能长期不能使用，退还对应费用。"}},
		{"zhao", []string{"chen"}, false, reward.Compensation{Kind: reward.Coupon, Amount: 100_00, Reason: "配件等待超过承诺时间。", Explanation: "因配件延误，赠送保养优惠券一张。"}},
		{"zhao", []string{"chen"}, true, reward.Compensation{Kind: reward.Refund, Amount: 120_00, Policy: "overcharge", Reason: "重复收取检测费。", Explanation: "重复收取的费用全额退还。"}},
	} {
		c := cases[i%len(cases)]
		p.c.Case, p.c.Budget = c.ID, Budget
		s, err := a.Care.Propose(ctx, who[p.by], p.c, fmt.Sprint("demo-compensation-", i), true)
		if err != nil {
			return err
		}
		for _, approver := range p.approved {
			if s, err = a.Care.Decide(ctx, who[approver], s.ID, s.Version, reward.Approve, "情况属实，同意。"); err != nil {
				return err
			}
		}
		if p.takes {
			v, err := vouched(ctx, a, who["wang"], c)
			if err != nil {
				return err
			}
			if _, err := a.Care.CustomerAnswers(ctx, who["wang"], s.ID, s.Version, true, "电话确认接受", v); err != nil {
				return err
			}
		}
	}
	return rewardSomebody(ctx, a, who["lin"], cases)
}

// vouched is a verification of whoever a case is of.
func vouched(ctx context.Context, a *app.App, by agent.Actor, c ticket.Case) (verification.ID, error) {
	if c.Contact.IsZero() {
		return 0, nil
	}
	s, err := a.Desk.StartVerification(ctx, by, c.Contact, desk.Begin{Action: verification.AcceptRefund, Case: c.ID})
	if err == nil && s.Now.State.Open() {
		s, err = a.Desk.VouchVerification(ctx, by, s.Now.ID, "回访时核对了订单和收费单")
	}
	if err != nil {
		return 0, err
	}
	return s.Now.ID, nil
}

// rewardSomebody proposes points for the first customer whom we know.
func rewardSomebody(ctx context.Context, a *app.App, by agent.Actor, cases []ticket.Case) error {
	for _, c := range cases {
		if c.Contact.IsZero() {
			continue
		}
		_, err := a.Care.ProposeReward(ctx, by, c.ID, reward.Reward{
			Type: reward.ForComplaint, Gift: reward.PointsGift, Points: 500, Budget: Budget, Reason: "反馈帮助我们发现了门店收费公示的问题。",
		})
		return err
	}
	return nil
}

// actors are the people of the demonstration, as they act.
func actors(ctx context.Context, a *app.App) (map[string]agent.Actor, error) {
	tx := a.DB.Now()
	people, err := tx.Agents(ctx, 0, 100)
	if err != nil {
		return nil, err
	}
	who := map[string]agent.Actor{}
	for _, p := range people {
		actor, ok, err := tx.Actor(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		if ok {
			who[p.Email[:len(p.Email)-len("@demo")]] = actor
		}
	}
	return who, nil
}

// openCases are complaints and questions that are not over.
func openCases(ctx context.Context, a *app.App, by agent.Actor) ([]ticket.Case, error) {
	all, _, err := a.DB.Now().ListCases(ctx, store.CaseList{View: store.AllCases, By: by, Limit: 100})
	if err != nil {
		return nil, err
	}
	var open []ticket.Case
	for _, c := range all {
		if !c.State.Over() && !c.AboutStaff && (c.Kind == ticket.Complaint || c.Kind == ticket.Consultation) {
			open = append(open, c)
		}
	}
	return open, nil
}

func fillPolicies(ctx context.Context, k *care.Care, by agent.Actor) error {
	for _, p := range []reward.Policy{
		{
			Code: "overcharge", Kinds: []reward.Kind{reward.Refund}, Most: 5_000_00,
			Name: inbox.Text{Zh: "多收费用退还", En: "Refund of overcharges"},
			Text: inbox.Text{
				Zh: "实际收费高于公示价格或重复收费的，经核实后全额退还差额，按原支付方式退回。",
				En: "What was charged above the published price, or twice, is refunded in full by the way it was paid.",
			},
		},
		{
			Code: "rental", Kinds: []reward.Kind{reward.ByPolicy}, Most: 1_500_00,
			Name: inbox.Text{Zh: "维修期间代步补偿", En: "A car while yours is repaired"},
			Text: inbox.Text{
				Zh: "质保期内因维修占用时间超过 5 日的，提供代步车或按每日 200 元给予交通费用补偿（参照《家用汽车产品修理更换退货责任规定》）。",
				En: "If a repair under warranty takes more than five days, we provide a car or pay ¥200 a day.",
			},
		},
	} {
		if _, err := k.PutPolicy(ctx, by, p); err != nil {
			return err
		}
	}
	return nil
}
