package automation

import (
	"regexp"
	"slices"

	"yingda/internal/kit/fault"
)

// Choice is one value of few, with its names.
type Choice struct {
	Value string `json:"value"`
	Zh    string `json:"zh"`
	En    string `json:"en"`
}

// Field is something that conditions can ask about.
type Field struct {
	Name     string    `json:"name"`
	Zh       string    `json:"zh"`
	En       string    `json:"en"`
	Type     Type      `json:"type"`
	Ops      []Op      `json:"ops"`
	Choices  []Choice  `json:"choices,omitempty"` // of a text that is one of few
	Subjects []Subject `json:"subjects"`          // for which it is there
}

// offers reports whether the field has the choices that a value names.
func (f Field) offers(s shape, v Value) bool {
	if len(f.Choices) == 0 || !slices.Contains([]shape{oneValue, someValues}, s) {
		return true
	}
	return !slices.ContainsFunc(v.elements(), func(e Value) bool { return !isChoice(f.Choices, e.text) })
}

// Catalogue is fields by name, against which rules are checked.
type Catalogue map[string]Field

// CatalogueWith returns the catalogue of all fields, with a company's own ones
// of cases as case.custom.<key>.
func CatalogueWith(custom ...Field) Catalogue {
	c := Catalogue{}
	for _, f := range Fields() {
		c[f.Name] = f
	}
	for _, f := range custom {
		c[f.Name] = f
	}
	return c
}

var customKey = regexp.MustCompile(`^[a-z0-9_]{1,40}$`)

// CustomField returns a field that a company has added to its cases.
func CustomField(key, name string, t Type, choices ...Choice) (Field, error) {
	if !customKey.MatchString(key) || !slices.Contains([]Type{Text, Number, Moment, YesNo, List}, t) {
		return Field{}, fault.New(fault.Invalid, "automation.custom", "a field of your own has a key of small letters, digits and _, and a type")
	}
	return Field{Name: "case.custom." + key, Zh: name, En: name, Type: t, Ops: opsFor(t), Choices: choices, Subjects: caseOnly}, nil
}

func opsFor(t Type) []Op {
	var ops []Op
	for _, o := range Ops() {
		if slices.Contains(operators[o].types, t) {
			ops = append(ops, o)
		}
	}
	return ops
}

var (
	caseKinds = []Choice{
		{"consultation", "咨询", "Consultation"},
		{"fault", "故障", "Fault"},
		{"complaint", "投诉", "Complaint"},
		{"suggestion", "建议", "Suggestion"},
		{"feedback", "意见反馈", "Feedback"},
		{"account", "账户", "Account"},
		{"order", "订单/费用", "Order or bill"},
		{"privacy", "个人信息请求", "Privacy request"},
	}
	languages = []Choice{{"zh", "中文", "Chinese"}, {"en", "英文", "English"}}
	talks     = []Choice{
		{"bot", "助手接待", "Assistant"},
		{"queued", "排队中", "Queued"},
		{"active", "会话中", "Active"},
		{"wrap_up", "待小结", "Wrap-up"},
		{"closed", "已结束", "Closed"},
	}
	urgencies = []Choice{{"low", "低", "Low"}, {"normal", "普通", "Normal"}, {"high", "高", "High"}}
	moods     = []Choice{{"calm", "平静", "Calm"}, {"worried", "着急", "Worried"}, {"angry", "生气", "Angry"}}
	weekdays  = []Choice{
		{"1", "周一", "Monday"},
		{"2", "周二", "Tuesday"},
		{"3", "周三", "Wednesday"},
		{"4", "周四", "Thursday"},
		{"5", "周五", "Friday"},
		{"6", "周六", "Saturday"},
		{"7", "周日", "Sunday"},
	}
	clocks = []Choice{
		{"running", "计时中", "Running"},
		{"paused", "暂停", "Paused"},
		{"met", "已兑现", "Met"},
		{"breached", "已超时", "Breached"},
		{"cancelled", "已取消", "Cancelled"},
	}
)

// fields is the catalogue. Teams and agents are compared by id, moments of a
// clock are those of the clock that set the rule off.
var fields = []Field{
	{Name: "case.number", Zh: "工单编号", En: "Case number", Type: Text, Subjects: caseOnly},
	{Name: "case.kind", Zh: "工单类型", En: "Kind", Type: Text, Choices: caseKinds, Subjects: caseOnly},
	{Name: "case.state", Zh: "状态", En: "State", Type: Text, Subjects: caseOnly},
	{Name: "case.stage", Zh: "公开阶段", En: "Public stage", Type: Text, Subjects: caseOnly},
	{Name: "case.level", Zh: "级别", En: "Level", Type: Text, Choices: Levels, Subjects: caseOnly},
	{Name: "case.priority", Zh: "优先级", En: "Priority", Type: Text, Choices: Priorities, Subjects: caseOnly},
	{Name: "case.category", Zh: "分类", En: "Category", Type: Text, Subjects: caseOnly},
	{Name: "case.subject", Zh: "标题", En: "Subject", Type: Text, Subjects: caseOnly},
	{Name: "case.text", Zh: "内容", En: "Text", Type: Text, Subjects: caseOnly},
	{Name: "case.source", Zh: "来源渠道", En: "Source", Type: Text, Subjects: caseOnly},
	{Name: "case.tags", Zh: "标签", En: "Tags", Type: List, Subjects: caseOnly},
	{Name: "case.team", Zh: "处理团队", En: "Team", Type: Text, Subjects: caseOnly},
	{Name: "case.agent", Zh: "处理人", En: "Agent", Type: Text, Subjects: caseOnly},
	{Name: "case.order", Zh: "订单号", En: "Order number", Type: Text, Subjects: caseOnly},
	{Name: "case.about_staff", Zh: "投诉员工", En: "About staff", Type: YesNo, Subjects: caseOnly},
	{Name: "case.external", Zh: "外部编号", En: "External reference", Type: Text, Subjects: caseOnly},
	{Name: "case.urges", Zh: "催单次数", En: "Times urged", Type: Number, Subjects: caseOnly},
	{Name: "case.reopened", Zh: "重开次数", En: "Times reopened", Type: Number, Subjects: caseOnly},
	{Name: "case.evidence", Zh: "证据数量", En: "Pieces of evidence", Type: Number, Subjects: caseOnly},
	{Name: "case.open_tasks", Zh: "未完成任务数", En: "Open tasks", Type: Number, Subjects: caseOnly},
	{Name: "case.compensation", Zh: "补偿金额（分）", En: "Compensation (fen)", Type: Number, Subjects: caseOnly},
	{Name: "case.created_at", Zh: "提交时间", En: "Handed in", Type: Moment, Subjects: caseOnly},
	{Name: "case.changed_at", Zh: "最近变更", En: "Last changed", Type: Moment, Subjects: caseOnly},
	{Name: "case.customer_at", Zh: "客户最近回复", En: "Last word of the customer", Type: Moment, Subjects: caseOnly},
	{Name: "case.agent_at", Zh: "客服最近回复", En: "Last word of an agent", Type: Moment, Subjects: caseOnly},
	{Name: "case.follow_up_at", Zh: "跟进时间", En: "Follow-up date", Type: Moment, Subjects: caseOnly},
	{Name: "case.due_at", Zh: "最近到期时间", En: "Next due time", Type: Moment, Subjects: caseOnly},
	{Name: "clock.metric", Zh: "承诺指标", En: "Promise", Type: Text, Subjects: caseOnly},
	{Name: "clock.state", Zh: "时钟状态", En: "State of the clock", Type: Text, Choices: clocks, Subjects: caseOnly},
	{Name: "clock.percent", Zh: "已用时间（%）", En: "Time used (%)", Type: Number, Subjects: caseOnly},
	{Name: "clock.target", Zh: "目标时间", En: "Target", Type: Moment, Subjects: caseOnly},
	{Name: "clock.limit", Zh: "时限", En: "Limit", Type: Moment, Subjects: caseOnly},
	{Name: "case.suggested_kind", Zh: "建议的工单类型", En: "Suggested kind", Type: Text, Choices: caseKinds, Subjects: caseOnly},
	{Name: "case.suggested_kind_sure", Zh: "建议的工单类型：把握（%）", En: "Suggested kind: sure (%)", Type: Number, Subjects: caseOnly},
	{Name: "case.suggested_category", Zh: "建议的分类", En: "Suggested category", Type: Text, Subjects: caseOnly},
	{Name: "case.suggested_category_sure", Zh: "建议的分类：把握（%）", En: "Suggested category: sure (%)", Type: Number, Subjects: caseOnly},
	{Name: "case.suggested_urgency", Zh: "建议的紧急程度", En: "Suggested urgency", Type: Text, Choices: urgencies, Subjects: caseOnly},
	{Name: "case.suggested_urgency_sure", Zh: "建议的紧急程度：把握（%）", En: "Suggested urgency: sure (%)", Type: Number, Subjects: caseOnly},
	{Name: "case.suggested_team", Zh: "建议的处理团队", En: "Suggested team", Type: Text, Subjects: caseOnly},
	{Name: "case.suggested_team_sure", Zh: "建议的处理团队：把握（%）", En: "Suggested team: sure (%)", Type: Number, Subjects: caseOnly},
	{Name: "conversation.suggested_category", Zh: "建议的会话分类", En: "Suggested category", Type: Text, Subjects: []Subject{Conversation}},
	{Name: "conversation.suggested_category_sure", Zh: "建议的会话分类：把握（%）", En: "Suggested category: sure (%)", Type: Number, Subjects: []Subject{Conversation}},
	{Name: "conversation.suggested_team", Zh: "建议的接待团队", En: "Suggested team", Type: Text, Subjects: []Subject{Conversation}},
	{Name: "conversation.suggested_team_sure", Zh: "建议的接待团队：把握（%）", En: "Suggested team: sure (%)", Type: Number, Subjects: []Subject{Conversation}},
	{Name: "conversation.mood", Zh: "客户情绪", En: "Mood of the contact", Type: Text, Choices: moods, Subjects: []Subject{Conversation}},
	{Name: "conversation.state", Zh: "会话状态", En: "State", Type: Text, Choices: talks, Subjects: []Subject{Conversation}},
	{Name: "conversation.inbox", Zh: "聊天渠道", En: "Inbox", Type: Text, Subjects: []Subject{Conversation}},
	{Name: "conversation.team", Zh: "接待团队", En: "Team", Type: Text, Subjects: []Subject{Conversation}},
	{Name: "conversation.agent", Zh: "接待客服", En: "Agent", Type: Text, Subjects: []Subject{Conversation}},
	{Name: "conversation.priority", Zh: "优先级", En: "Priority", Type: Text, Choices: Priorities, Subjects: []Subject{Conversation}},
	{Name: "conversation.category", Zh: "会话分类", En: "Category", Type: Text, Subjects: []Subject{Conversation}},
	{Name: "conversation.result", Zh: "处理结果", En: "Result", Type: Text, Subjects: []Subject{Conversation}},
	{Name: "conversation.tags", Zh: "标签", En: "Tags", Type: List, Subjects: []Subject{Conversation}},
	{Name: "conversation.queued_at", Zh: "开始排队", En: "Queued since", Type: Moment, Subjects: []Subject{Conversation}},
	{Name: "conversation.waiting_since", Zh: "客户开始等待", En: "Customer waits since", Type: Moment, Subjects: []Subject{Conversation}},
	{Name: "conversation.created_at", Zh: "开始时间", En: "Began", Type: Moment, Subjects: []Subject{Conversation}},
	{Name: "conversation.messages", Zh: "消息数", En: "Messages", Type: Number, Subjects: []Subject{Conversation}},
	{Name: "message.text", Zh: "消息内容", En: "Text of the message", Type: Text, Subjects: []Subject{Conversation}},
	{Name: "message.attachments", Zh: "消息附件数", En: "Files of the message", Type: Number, Subjects: []Subject{Conversation}},
	{Name: "contact.name", Zh: "客户姓名", En: "Contact's name", Type: Text, Subjects: both},
	{Name: "contact.language", Zh: "客户语言", En: "Contact's language", Type: Text, Choices: languages, Subjects: both},
	{Name: "contact.tier", Zh: "客户等级", En: "Contact's tier", Type: Text, Subjects: both},
	{Name: "contact.signed", Zh: "实名客户", En: "Signed contact", Type: YesNo, Subjects: both},
	{Name: "contact.tags", Zh: "客户标签", En: "Contact's tags", Type: List, Subjects: both},
	{Name: "contact.open_cases", Zh: "未结工单数", En: "Open cases of the contact", Type: Number, Subjects: both},
	{Name: "contact.complaints", Zh: "投诉次数", En: "Complaints of the contact", Type: Number, Subjects: both},
	{Name: "now.hour", Zh: "当前小时", En: "Hour of the day", Type: Number, Subjects: both},
	{Name: "now.weekday", Zh: "星期", En: "Day of the week", Type: Text, Choices: weekdays, Subjects: both},
	{Name: "now.working", Zh: "服务时间内", En: "Within service hours", Type: YesNo, Subjects: both},
	{Name: "actor.kind", Zh: "由谁触发", En: "Who did it", Type: Text, Choices: []Choice{
		{"customer", "客户", "Customer"}, {"agent", "客服", "Agent"}, {"system", "系统", "System"}, {"automation", "自动化", "Automation"},
	}, Subjects: both},
}

// Fields lists what conditions can ask about, in the order in which a person
// reads them, each with the operators that go with it.
func Fields() []Field {
	all := slices.Clone(fields)
	for i := range all {
		all[i].Ops = opsFor(all[i].Type)
	}
	return all
}
