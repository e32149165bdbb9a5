package demo

import (
	"context"
	"fmt"
	"time"

	"yingda/internal/app"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/ticket"
)

// story is a case with what was done about it.
type story struct {
	ago   time.Duration // when it came in
	about ticket.Case
	by    string // the agent who took it in; empty for the public form
	deeds []deed
}

// deed is what somebody did, counted from when the case came in.
type deed struct {
	after time.Duration
	by    string
	do    ticket.Doing
	tell  func(ctx context.Context, d *desk.Desk, by agent.Actor, c ticket.Case) error // instead of an act
}

const (
	minute = time.Minute
	hour   = time.Hour
	day    = 24 * time.Hour
)

// fillCases hands in cases over the past weeks and does what was done about
// them, so that some wait, some are late and some are over.
func fillCases(ctx context.Context, a *app.App, now time.Time) error {
	var at time.Time
	d := &desk.Desk{DB: a.DB, Now: func() time.Time { return at }, Log: a.Log, Files: a.Desk.Files, CaseKey: a.Desk.CaseKey}
	people, err := actors(ctx, a)
	if err != nil {
		return err
	}
	for i, s := range stories(people) {
		at = now.Add(-s.ago)
		c, err := s.open(ctx, d, people, fmt.Sprintf("demo-case-%02d", i))
		if err != nil {
			return fmt.Errorf("%s: %w", s.about.Text, err)
		}
		for _, do := range s.deeds {
			at = now.Add(-s.ago).Add(do.after)
			if do.tell != nil {
				err = do.tell(ctx, d, people[do.by], c)
			} else {
				_, err = d.DoCase(ctx, people[do.by], c.ID, 0, do.do)
			}
			if err != nil {
				return fmt.Errorf("%s, %s: %w", c.Number, do.do.Act, err)
			}
		}
	}
	return nil
}

func (s story) open(ctx context.Context, d *desk.Desk, people map[string]agent.Actor, clientID string) (ticket.Case, error) {
	if s.by == "" {
		return d.OpenPublicCase(ctx, s.about, nil, clientID)
	}
	return d.HandIn(ctx, people[s.by], s.about, nil, clientID)
}

func stories(people map[string]agent.Actor) []story {
	lin, zhao := people["lin"].Agent, people["zhao"].Agent
	accept := ticket.Doing{Act: ticket.Accept, Category: "complaint.product", Level: ticket.Complex, Contacted: true, Agent: lin}
	return []story{
		{ago: 26 * day, about: ticket.Case{Kind: ticket.Complaint, Name: "高飞", Phone: "13800001044", Text: "门店报价与官网不一致，多收了 380 元工时费。"}, deeds: []deed{
			{after: 2 * hour, by: "lin", do: ticket.Doing{Act: ticket.Accept, Category: "complaint.fee", Level: ticket.General, Contacted: true, Agent: lin}},
			{after: 5 * hour, by: "lin", do: ticket.Doing{Act: ticket.Investigate, Agent: zhao}},
			{after: 30 * hour, by: "zhao", do: ticket.Doing{Act: ticket.Propose, Findings: "门店套用了旧的工时标准。", Solution: "按官网标准重新核算并致歉。", Outcome: ticket.Apology, Cause: "价目未更新"}},
			{after: 32 * hour, by: "zhao", do: ticket.Doing{Act: ticket.GiveFeedback, Text: "经核实，门店使用了旧的工时标准，我们已为您重新核算，并向您致歉。"}},
			{after: 40 * hour, by: "zhao", do: ticket.Doing{Act: ticket.Confirm}},
			{after: 41 * hour, by: "zhao", do: ticket.Doing{Act: ticket.Close}},
		}},
		{ago: 12 * day, by: "zhao", about: ticket.Case{Kind: ticket.Complaint, Source: "letter", Name: "罗文", Phone: "13800001052", Subject: "来信：交车延期两个月未说明", Text: "合同约定 9 月交车，至今没有交车日期，也没有人联系我。"}, deeds: []deed{
			{after: 4 * day, by: "zhao", do: ticket.Doing{Act: ticket.Accept, Category: "complaint.service.promise", Level: ticket.Complex, Contacted: true, Agent: zhao}},
			{after: 5 * day, by: "zhao", do: ticket.Doing{Act: ticket.Investigate, Agent: lin}},
			{after: 8 * day, by: "lin", do: ticket.Doing{Act: ticket.Propose, Findings: "产能调整后未更新交期，销售未告知客户。", Solution: "确认 12 月 10 日前交车，并赠送两年保养。", Outcome: ticket.PolicyCompensation, Cause: "交付延期"}},
		}},
		{ago: 14 * day, about: ticket.Case{Kind: ticket.Complaint, Name: "刘洋", Phone: "13800001021", Text: "提车三周，中控屏已经黑屏四次，到店检查两次都说没有问题。希望给出书面检测结果和处理方案。", Order: "YX20261029-0077"}, deeds: []deed{
			{after: hour, by: "lin", do: accept},
			{after: 20 * hour, by: "lin", do: ticket.Doing{Act: ticket.Investigate, Agent: zhao}},
			{after: 2 * day, by: "zhao", tell: func(ctx context.Context, d *desk.Desk, by agent.Actor, c ticket.Case) error {
				_, err := d.TakeStatement(ctx, by, c.ID, ticket.Party{Name: "上海嘉定服务店", Role: "dealer", Reach: "021-00000000"}, "两次到店均未复现，未更换部件。")
				return err
			}},
			{after: 2*day + hour, by: "zhao", tell: func(ctx context.Context, d *desk.Desk, by agent.Actor, c ticket.Case) error {
				_, err := d.AddTask(ctx, by, c.ID, ticket.Task{Kind: ticket.TaskDiagnosis, Title: "导出中控屏日志并出具书面检测结果", Assignee: "赵宇"})
				return err
			}},
			{after: 2*day + 2*hour, by: "zhao", tell: func(ctx context.Context, d *desk.Desk, by agent.Actor, c ticket.Case) error {
				_, err := d.OrderWork(ctx, by, c.ID, ticket.Work{Provider: "屏幕供应商质量部", Text: "分析四次黑屏的日志，五个工作日内给出结论。"})
				return err
			}},
			{after: 6 * day, by: "zhao", do: ticket.Doing{Act: ticket.Urge}},
		}},
		{ago: 3 * day, about: ticket.Case{Kind: ticket.Complaint, Name: "张伟", Email: Customer, Text: "上周保养后空调有异味，门店说要等配件，一直没有回复时间。"}, deeds: []deed{
			{after: 3 * hour, by: "zhao", do: ticket.Doing{Act: ticket.Accept, Category: "complaint.service.slow", Level: ticket.General, Contacted: true, Agent: zhao}},
			{after: 4 * hour, by: "zhao", do: ticket.Doing{Act: ticket.Investigate, Agent: lin}},
			{after: 20 * hour, by: "lin", do: ticket.Doing{Act: ticket.Propose, Findings: "空调滤芯缺货，门店没有主动告知。", Solution: "调货并免费更换，更换前提供代步车。", Outcome: ticket.Repair, Cause: "配件缺货"}},
		}},
		{ago: 30 * hour, by: "lin", about: ticket.Case{Kind: ticket.Order, Source: "phone", Name: "吴婷", Phone: "13800001061", Order: "YX20261120-0031", Text: "付款三天还没有发货，也查不到物流。", Course: ticket.Course{Category: "order.track", Fields: map[string]string{"ordered": "2026-11-20"}}}, deeds: []deed{
			{after: minute, by: "lin", do: ticket.Doing{Act: ticket.Accept, Agent: lin}},
			{after: 10 * minute, by: "lin", do: ticket.Doing{Act: ticket.AskThird, Reason: "请仓库核实出库记录"}},
		}},
		{ago: 26 * hour, about: ticket.Case{Kind: ticket.Suggestion, Name: "张伟", Email: Customer, Text: "希望车机地图可以离线使用。"}, deeds: []deed{
			{after: 2 * hour, by: "lin", do: ticket.Doing{Act: ticket.Accept, Agent: lin}},
			{after: 3 * hour, by: "lin", do: ticket.Doing{Act: ticket.Evaluate, Agent: lin}},
		}},
		{ago: 5 * hour, by: "zhao", about: ticket.Case{Kind: ticket.Fault, Source: "phone", Name: "郑凯", Phone: "13800001070", Text: "高速上动力突然受限，仪表提示电池故障，已经停在服务区。"}, deeds: []deed{
			{after: 5 * minute, by: "zhao", do: ticket.Doing{Act: ticket.Triage, Findings: "动力限制，可低速行驶", Level: ticket.Complex, Agent: lin}},
		}},
		{ago: 4 * hour, by: "lin", about: ticket.Case{Kind: ticket.Account, Source: "chat", Name: "Emily Carter", Email: "emily@mail.example", Text: "I changed my phone and cannot sign in to the app any more."}, deeds: []deed{
			{after: 3 * minute, by: "lin", do: ticket.Doing{Act: ticket.Accept, Agent: lin}},
			{after: 8 * minute, by: "lin", do: ticket.Doing{Act: ticket.AskCustomer, Text: "Please tell us the e-mail address of your account. Do not send passwords or card numbers."}},
		}},
		{ago: 3 * hour, about: ticket.Case{Kind: ticket.Consultation, Name: "孙磊", Phone: "13800001033", Text: "上门取送车服务在杭州有吗？需要提前多久预约？"}},
		{ago: 2 * hour, about: ticket.Case{Kind: ticket.Suggestion, Name: "何静", Email: "hejing@mail.example", Text: "建议在 App 里显示附近充电桩的空闲数量，并支持提前预约。"}},
		{ago: 90 * minute, about: ticket.Case{Kind: ticket.Feedback, Name: "Emily Carter", Email: "emily@mail.example", Text: "The chat answered within seconds and solved my question about the warranty. Thank you!"}},
		{ago: 50 * minute, by: "lin", about: ticket.Case{Kind: ticket.Privacy, Source: "email", Name: "马超", Email: "machao@mail.example", Text: "请提供你们保存的我的个人信息副本。"}},
		{ago: 25 * minute, by: "zhao", about: ticket.Case{Kind: ticket.Complaint, Source: "phone", Name: "冯雪", Phone: "13800001088", Text: "预约了上午十点保养，等到十二点还没有开始，前台没有人解释。"}},
	}
}
