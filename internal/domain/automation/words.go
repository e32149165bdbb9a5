package automation

// What events, operators, actions and those who are told are called.

// EventWords returns the names of the events, in the order of Events.
func EventWords() []Choice {
	return []Choice{
		{string(CaseOpened), "工单提交", "A case is handed in"},
		{string(CaseChanged), "工单变更", "A case changes"},
		{string(CaseStage), "工单进入新阶段", "A case reaches another stage"},
		{string(CaseUrged), "客户催单", "The customer urges"},
		{string(CaseEvidence), "工单新增证据", "Evidence is added"},
		{string(ClockWarning), "承诺预警", "A promise warns"},
		{string(ClockTarget), "承诺过目标时间", "A promise passes its target"},
		{string(ClockBreached), "承诺超时", "A promise is broken"},
		{string(ConversationQueued), "会话开始排队", "A conversation is queued"},
		{string(ConversationClosed), "会话结束", "A conversation ends"},
		{string(MessageReceived), "收到客户消息", "The customer writes"},
		{string(Time), "定时", "Time"},
	}
}

// OpWords returns the names of the operators, in the order of Ops.
func OpWords() []Choice {
	return []Choice{
		{string(Is), "等于", "is"},
		{string(IsNot), "不等于", "is not"},
		{string(Contains), "包含", "contains"},
		{string(NotContains), "不包含", "does not contain"},
		{string(StartsWith), "开头是", "starts with"},
		{string(MatchesAny), "包含任一词", "holds any of the words"},
		{string(In), "是其中之一", "is one of"},
		{string(NotIn), "不是其中任何一个", "is none of"},
		{string(Lt), "小于", "is less than"},
		{string(Lte), "不大于", "is at most"},
		{string(Gt), "大于", "is more than"},
		{string(Gte), "不小于", "is at least"},
		{string(Between), "介于", "is between"},
		{string(Before), "早于", "is before"},
		{string(After), "不早于", "is at or after"},
		{string(OlderThan), "已过去至少", "is at least so long ago"},
		{string(IsEmpty), "为空", "is empty"},
		{string(IsSet), "不为空", "is set"},
		{string(Changed), "有变化", "has changed"},
		{string(ChangedFrom), "由此值变化", "has changed from"},
		{string(ChangedTo), "变为", "has changed to"},
	}
}

// ActionWords returns the names of the actions, in the order of ActionKinds.
func ActionWords() []Choice {
	return []Choice{
		{string(AssignTeam), "分配给团队", "Assign to a team"},
		{string(AssignAgent), "分配给客服", "Assign to an agent"},
		{string(SetPriority), "设置优先级", "Set the priority"},
		{string(SetLevel), "设置问题等级", "Set the level"},
		{string(SetCategory), "设置分类", "Set the category"},
		{string(AddTag), "添加标签", "Add a tag"},
		{string(RemoveTag), "移除标签", "Remove a tag"},
		{string(Note), "写内部备注", "Write a note"},
		{string(Notify), "通知", "Notify"},
		{string(Escalate), "升级", "Escalate"},
		{string(SendMessage), "给客户发消息", "Send a message to the customer"},
		{string(AddTask), "新建任务", "Add a task"},
		{string(SetFollowUp), "安排跟进", "Follow up"},
		{string(DoAct), "执行工单操作", "Do an act of the case"},
	}
}

// AudienceWords returns the names of those who can be told.
func AudienceWords() []Choice {
	return []Choice{
		{string(ToAgent), "客服", "The agent"},
		{string(ToTeam), "团队", "The team"},
		{string(ToSupervisor), "主管", "The supervisor"},
		{string(ToManager), "经理", "The manager"},
	}
}

// SubjectWords returns the names of what rules are about.
func SubjectWords() []Choice {
	return []Choice{{string(Case), "工单", "Cases"}, {string(Conversation), "会话", "Conversations"}}
}

// ValueShape returns what an operator wants as its value: none, one, word,
// many, words, pair, span or moment.
func (o Op) ValueShape() string {
	return map[shape]string{
		noValue: "none", oneValue: "one", oneElement: "word", someValues: "many", someWords: "words", twoValues: "pair", oneDuration: "span", oneMoment: "moment",
	}[operators[o].want]
}

// Asks returns the fields that the conditions ask for, each once for each
// time.
func (w When) Asks() []string {
	var fields []string
	if w.Field != "" {
		fields = append(fields, w.Field)
	}
	for _, part := range append(append([]When{}, w.All...), w.Any...) {
		fields = append(fields, part.Asks()...)
	}
	return fields
}

// Blind returns the verdict without what the fields held: for whoever may know
// the rule, but not the thing.
func (v Verdict) Blind() Verdict {
	v.Was, v.Is = Value{}, Value{}
	v.All, v.Any = blindEach(v.All), blindEach(v.Any)
	return v
}

func blindEach(vs []Verdict) []Verdict {
	if vs == nil {
		return nil
	}
	blind := make([]Verdict, len(vs))
	for i, v := range vs {
		blind[i] = v.Blind()
	}
	return blind
}

// Hears reports whether any of the rule's triggers is one of the events.
func (r Rule) Hears(events ...Event) bool {
	for _, e := range events {
		for _, t := range r.On {
			if t.Event == e {
				return true
			}
		}
	}
	return false
}
