package ticket

import (
	"maps"
	"slices"
)

// State is where a case stands for those who work on it. What the customer is
// shown is the Stage.
//
// Each kind has one flat table of its own (tables.go) which holds the common
// machine of all cases together with the kind's own way. Two things are not
// states, because a case stands where it stands while they happen: escalation
// is a level on the case (Escalation), so that a complaint under investigation
// that goes to a manager is still under investigation; and who has the case is
// a field, so that handing it on does not move it.
type State string

// The states that all kinds know.
const (
	WaitingCustomer State = "waiting_customer"    // the customer was asked (等待客户)
	WaitingThird    State = "waiting_third_party" // somebody else was asked (等待第三方)
	Closed          State = "closed"              // 已结案
	Merged          State = "merged"              // part of another case now (已合并)
	Cancelled       State = "cancelled"           // 已取消
	Spam            State = "spam"                // not a request (垃圾信息)
	Lapsed          State = "lapsed"              // the customer was asked and never answered (超时关闭)
	Withdrawn       State = "withdrawn"           // the customer takes it back (已撤回)
)

// The states of consultations, and of questions about accounts and orders.
const (
	New           State = "new"            // 新建
	Open          State = "open"           // 处理中
	HandedOver    State = "handed_over"    // with specialists, by a time that the customer was told (已转专员)
	IdentityCheck State = "identity_check" // 核验身份
	Remedy        State = "remedy"         // refund or re-shipment is under way (补救处理)
	Answered      State = "answered"       // 已答复
	Understood    State = "understood"     // the customer has what they need (已确认)
)

// The states of faults.
const (
	Reported         State = "reported"          // 已上报
	Triaged          State = "triaged"           // safe to drive? emergency? recall and 三包 looked up (已分级)
	RemoteDiagnosis  State = "remote_diagnosis"  // 远程诊断
	GuidedFix        State = "guided_fix"        // the customer does it, led by us (指导处理)
	RepairBooked     State = "repair_booked"     // 已预约维修
	RescueDispatched State = "rescue_dispatched" // 已派救援
	InRepair         State = "in_repair"         // 维修中
	Repaired         State = "repaired"          // 已修复
	Verified         State = "verified"          // the customer found it repaired (已验证)
)

// The states of complaints. Some serve suggestions and privacy requests too.
const (
	Submitted          State = "submitted"            // 已提交
	Accepted           State = "accepted"             // 已受理
	Investigating      State = "investigating"        // 调查核实
	Proposal           State = "proposal"             // 方案拟定
	FeedbackGiven      State = "feedback_given"       // the result was told (已反馈)
	RejectedByCustomer State = "rejected_by_customer" // 客户不认可
	Reinvestigating    State = "reinvestigating"      // once, by another (重新调查)
	Confirmed          State = "confirmed"            // 客户已确认
	NotAccepted        State = "not_accepted"         // 未受理
	InExternal         State = "external"             // with an authority, an arbitrator or a court (转外部处理)
)

// The states of suggestions and of feedback.
const (
	Evaluating   State = "evaluating"   // 评估分析
	Adopted      State = "adopted"      // 已采纳
	Implementing State = "implementing" // 实施中
	Implemented  State = "implemented"  // 已实施
	Declined     State = "declined"     // 未采纳
	Received     State = "received"     // 已收到
	Reviewed     State = "reviewed"     // 已处理
	Replied      State = "replied"      // 已回复
	Archived     State = "archived"     // 已归档
)

// The states of privacy requests.
const (
	Processing  State = "processing"    // 处理中
	CoolingOff  State = "cooling_off"   // before a deletion, still to be taken back (冷静期)
	OnLegalHold State = "on_legal_hold" // the law wants it kept for now (依法暂缓)
	Completed   State = "completed"     // 已完成
	Executed    State = "executed"      // deleted or made anonymous; there is no way back (已执行)
	Refused     State = "refused"       // 已拒绝
)

// Targets of moves that are no states.
const (
	stay State = ""  // where it stands
	back State = "<" // where it came from before it waited, or before it was set aside
)

// Act is what somebody does to a case.
type Act string

// The acts that all kinds know.
const (
	Assign      Act = "assign"       // to a team or an agent (分配)
	Reply       Act = "reply"        // an agent writes to the customer (回复)
	Hear        Act = "hear"         // the customer writes (客户留言)
	Note        Act = "note"         // for colleagues only (备注)
	AskCustomer Act = "ask_customer" // 请客户补充
	AskThird    Act = "ask_third"    // 请第三方协助
	Resume      Act = "resume"       // what was waited for is here (继续处理)
	Remind      Act = "remind"       // the customer is reminded (提醒客户)
	GiveUp      Act = "give_up"      // the customer never answered (超时关闭)
	Escalate    Act = "escalate"     // 升级
	Deescalate  Act = "deescalate"   // 解除升级
	Urge        Act = "urge"         // the customer asks to hurry (催单)
	FollowUp    Act = "follow_up"    // look at it again on a date (安排跟进)
	Snooze      Act = "snooze"       // out of the list until then (稍后处理)
	Confirm     Act = "confirm"      // the customer is content (确认结果)
	AutoConfirm Act = "auto_confirm" // the customer did not say otherwise for days (超时自动确认)
	Reject      Act = "reject"       // the customer is not content (不认可)
	Close       Act = "close"        // 结案
	Reopen      Act = "reopen"       // 重新打开
	Merge       Act = "merge"        // into another case (合并)
	Cancel      Act = "cancel"       // 取消
	MarkSpam    Act = "spam"         // 标为垃圾信息
	Restore     Act = "restore"      // it was merged, cancelled or marked by mistake (恢复)
	Withdraw    Act = "withdraw"     // the customer takes it back (撤回)
)

// The acts of single kinds.
const (
	Accept        Act = "accept"         // 受理
	Answer        Act = "answer"         // 答复
	HandOver      Act = "hand_over"      // to specialists, with the time that the customer is told (转专员)
	CheckIdentity Act = "check_identity" // 核验身份
	PassCheck     Act = "pass_check"     // 核验通过
	FailCheck     Act = "fail_check"     // 核验未通过
	StartRemedy   Act = "start_remedy"   // 发起补救
	FinishRemedy  Act = "finish_remedy"  // 补救完成
	DropRemedy    Act = "drop_remedy"    // 取消补救
	Triage        Act = "triage"         // 分级
	Diagnose      Act = "diagnose"       // 远程诊断
	Guide         Act = "guide"          // 指导处理
	BookRepair    Act = "book_repair"    // 预约维修
	Dispatch      Act = "dispatch"       // 派出救援
	Arrive        Act = "arrive"         // the rescuers are there (救援到达)
	StartRepair   Act = "start_repair"   // 开始维修
	Resolve       Act = "resolve"        // 修复
	Refuse        Act = "refuse"         // 不予受理 / 拒绝
	Investigate   Act = "investigate"    // 开始调查
	Propose       Act = "propose"        // 提出方案
	LookAgain     Act = "look_again"     // the proposal does not hold (退回调查)
	GiveFeedback  Act = "give_feedback"  // 反馈结果
	Reinvestigate Act = "reinvestigate"  // 重新调查
	GoExternal    Act = "external"       // 转外部处理
	Evaluate      Act = "evaluate"       // 开始评估
	Assess        Act = "assess"         // 记录评估结论
	Adopt         Act = "adopt"          // 采纳
	Decline       Act = "decline"        // 不采纳
	Implement     Act = "implement"      // 开始实施
	Announce      Act = "announce"       // 发布实施
	Publish       Act = "publish"        // everybody sees it on the board of suggestions (公开展示)
	Unpublish     Act = "unpublish"      // 取消展示
	Review        Act = "review"         // 处理意见
	Archive       Act = "archive"        // 归档
	Handle        Act = "process"        // 开始处理
	CoolOff       Act = "cool_off"       // 进入冷静期
	Execute       Act = "execute"        // 执行删除
	Hold          Act = "hold"           // 依法暂缓
	Release       Act = "release"        // 解除暂缓
	Complete      Act = "complete"       // 完成
)

// The acts that have calls of their own: they are no rows of the tables, and
// stand in the history.
const (
	HandIn      Act = "hand_in"      // 提交
	Alarm       Act = "alarm"        // something fell due on a clock (时限提醒)
	Reclassify  Act = "reclassify"   // kind, category or level (重新分类)
	AddEvidence Act = "add_evidence" // 添加证据
	Accuse      Act = "accuse"       // names who is complained about (登记被投诉人)
	Hearing     Act = "statement"    // what a party of a dispute says (当事人陈述)
	AddTask     Act = "add_task"     // 新建任务
	EndTask     Act = "end_task"     // 任务完成
	WaiveTask   Act = "waive_task"   // 免除任务
	OrderWork   Act = "order_work"   // to a third party (派发外部工单)
	MoveWork    Act = "move_work"    // 外部工单进展
	Link        Act = "link"         // 关联
	Split       Act = "split"        // 拆分

	Compensate        Act = "compensation"         // a compensation moves (补偿), for those who work here
	OfferCompensation Act = "compensation_offered" // one was approved and waits for the customer
	PayCompensation   Act = "compensation_paid"    // one has gone
	AskReview         Act = "review_asked"         // a decision is to be looked at again (申请复核)
	JudgeReview       Act = "review_judged"        // a supervisor upheld or replaced it (复核结论)
	Retag             Act = "tag"                  // tags are put on or taken off (标签)
	Prioritise        Act = "prioritise"           // 调整优先级
)

// Who does something.
type Who string

// Who there is.
const (
	ByAgent    Who = "agent"
	ByCustomer Who = "customer"
	BySystem   Who = "system" // another part of the program, such as a repair that came back
	ByTimer    Who = "timer"
)

// Move is what an act does in a state: a row of the table.
type Move struct {
	To     State  // where the case stands then; empty is where it stands, "<" where it came from
	Who    []Who  // who may do it
	Needs  []Need // what must be said with it
	Rules  []Rule // what must be true
	Clocks Clocks // what it does to the clocks of the promises
	Quiet  bool   // the customer is not shown it
}

// Table is a state machine: what each act does in each state.
type Table map[State]map[Act]Move

// join puts tables together. A later row takes the place of an earlier one.
func join(tables ...Table) Table {
	all := Table{}
	for _, t := range tables {
		for s, row := range t {
			if all[s] == nil {
				all[s] = map[Act]Move{}
			}
			maps.Copy(all[s], row)
		}
	}
	return all
}

// in gives the same rows to several states.
func in(row map[Act]Move, states ...State) Table {
	t := Table{}
	for _, s := range states {
		t[s] = row
	}
	return t
}

// Table returns the state machine of a kind. It is not to be changed.
func (k Kind) Table() Table { return kinds[k].table }

// First returns where a case of a kind begins.
func (k Kind) First() State { return kinds[k].first }

// States returns the states of a kind, in the order in which they are reached.
func (k Kind) States() []State {
	t := k.Table()
	all, todo := []State{}, []State{k.First()}
	for len(todo) > 0 {
		s := todo[0]
		todo = todo[1:]
		if slices.Contains(all, s) {
			continue
		}
		all = append(all, s)
		for _, a := range t.Acts(s) {
			if to := t[s][a].To; to != stay && to != back {
				todo = append(todo, to)
			}
		}
	}
	return all
}

// Acts returns what can be done in a state by anybody, in the order in which
// people read it.
func (t Table) Acts(s State) []Act {
	return slices.SortedFunc(maps.Keys(t[s]), func(a, b Act) int { return order[a] - order[b] })
}

// Targets returns where an act can lead from a state: more than one where it
// leads back to where the case came from.
func (t Table) Targets(s State, a Act) []State {
	m, ok := t[s][a]
	switch {
	case !ok:
		return nil
	case m.To == stay:
		return []State{s}
	case m.To != back:
		return []State{m.To}
	}
	var from []State
	seen, todo := map[State]bool{}, []State{s}
	for len(todo) > 0 {
		s, todo = todo[0], todo[1:]
		for f, row := range t {
			leads := slices.ContainsFunc(slices.Collect(maps.Values(row)), func(m Move) bool { return m.To == s })
			switch {
			case !leads || seen[f]:
			case f.aside(): // it waited, or was set aside, before that already
				seen[f], todo = true, append(todo, f)
			default:
				seen[f], from = true, append(from, f)
			}
		}
	}
	slices.Sort(from)
	return from
}

// aside reports whether a case that gets there remembers where it came from.
func (s State) aside() bool {
	switch s {
	case WaitingCustomer, WaitingThird, InExternal, Merged, Cancelled, Spam, Lapsed, Withdrawn:
		return true
	default:
		return false
	}
}

// Waiting reports whether somebody outside was asked.
func (s State) Waiting() bool { return s == WaitingCustomer || s == WaitingThird }

// Over reports whether nothing is left to do.
func (s State) Over() bool {
	switch s {
	case Closed, Archived, Implemented, Declined, NotAccepted, Completed, Executed, Refused, Merged, Cancelled, Spam, Lapsed, Withdrawn:
		return true
	default:
		return false
	}
}
