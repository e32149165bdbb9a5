package ticket

import "yingda/internal/domain/inbox"

// What states and acts are called, in one place for all who show them.

// word is what an act is called on a button, and what the customer reads when
// it was done; acts that the customer is not shown have no such text.
type word struct {
	act        Act
	name, told inbox.Text
}

// words are those of all acts, in the order in which people read them.
var words = []word{
	{Accept, inbox.Text{Zh: "受理", En: "Accept"}, inbox.Text{Zh: "已受理您的请求", En: "Your request was accepted"}},
	{Refuse, inbox.Text{Zh: "不予受理", En: "Refuse"}, inbox.Text{Zh: "很抱歉，您的请求未能受理", En: "Your request was not accepted"}},
	{CheckIdentity, inbox.Text{Zh: "核验身份", En: "Check identity"}, inbox.Text{Zh: "正在核验身份", En: "We are checking who asks"}},
	{PassCheck, inbox.Text{Zh: "核验通过", En: "Identity checked"}, inbox.Text{Zh: "身份核验通过", En: "Your identity was checked"}},
	{FailCheck, inbox.Text{Zh: "核验未通过", En: "Identity not confirmed"}, inbox.Text{Zh: "身份核验未通过", En: "Your identity could not be confirmed"}},
	{Triage, inbox.Text{Zh: "分级", En: "Triage"}, inbox.Text{Zh: "已了解故障情况", En: "We looked at what is wrong"}},
	{Diagnose, inbox.Text{Zh: "远程诊断", En: "Diagnose remotely"}, inbox.Text{Zh: "正在远程诊断", En: "We are diagnosing remotely"}},
	{Guide, inbox.Text{Zh: "指导处理", En: "Guide the customer"}, inbox.Text{Zh: "已发送处理方法", En: "We sent you what to do"}},
	{BookRepair, inbox.Text{Zh: "预约维修", En: "Book a repair"}, inbox.Text{Zh: "已预约维修", En: "A repair is booked"}},
	{Dispatch, inbox.Text{Zh: "派出救援", En: "Send rescue"}, inbox.Text{Zh: "救援已派出", En: "Rescue is on its way"}},
	{Arrive, inbox.Text{Zh: "救援到达", En: "Rescue arrived"}, inbox.Text{Zh: "救援已到达", En: "Rescue has arrived"}},
	{StartRepair, inbox.Text{Zh: "开始维修", En: "Start the repair"}, inbox.Text{Zh: "已开始维修", En: "The repair has begun"}},
	{Resolve, inbox.Text{Zh: "修复", En: "Repaired"}, inbox.Text{Zh: "故障已修复", En: "The fault is repaired"}},
	{Investigate, inbox.Text{Zh: "开始调查", En: "Investigate"}, inbox.Text{Zh: "已开始调查核实", En: "We are investigating"}},
	{Propose, inbox.Text{Zh: "提出方案", En: "Propose a solution"}, inbox.Text{Zh: "已拟定处理方案", En: "A solution was drawn up"}},
	{LookAgain, inbox.Text{Zh: "退回调查", En: "Investigate further"}, inbox.Text{}},
	{GiveFeedback, inbox.Text{Zh: "反馈结果", En: "Tell the result"}, inbox.Text{Zh: "处理结果已反馈", En: "The result was told to you"}},
	{Reinvestigate, inbox.Text{Zh: "重新调查", En: "Investigate again"}, inbox.Text{Zh: "已安排另一位同事重新调查", En: "A different colleague is investigating again"}},
	{Evaluate, inbox.Text{Zh: "开始评估", En: "Evaluate"}, inbox.Text{Zh: "正在评估您的建议", En: "We are evaluating your suggestion"}},
	{Assess, inbox.Text{Zh: "记录评估结论", En: "Record the evaluation"}, inbox.Text{}},
	{Adopt, inbox.Text{Zh: "采纳", En: "Adopt"}, inbox.Text{Zh: "您的建议已被采纳", En: "Your suggestion was adopted"}},
	{Decline, inbox.Text{Zh: "不采纳", En: "Do not adopt"}, inbox.Text{Zh: "您的建议这次没有采纳", En: "Your suggestion was not adopted this time"}},
	{Implement, inbox.Text{Zh: "开始实施", En: "Start implementing"}, inbox.Text{Zh: "您的建议正在实施", En: "Your suggestion is being implemented"}},
	{Announce, inbox.Text{Zh: "发布实施", En: "Announce"}, inbox.Text{Zh: "您的建议已经实施", En: "Your suggestion is implemented"}},
	{Publish, inbox.Text{Zh: "公开展示", En: "Show to everybody"}, inbox.Text{}},
	{Unpublish, inbox.Text{Zh: "取消展示", En: "Hide"}, inbox.Text{}},
	{Review, inbox.Text{Zh: "处理意见", En: "Review"}, inbox.Text{Zh: "您的意见已转相关同事处理", En: "Your feedback was passed on and looked into"}},
	{Answer, inbox.Text{Zh: "答复", En: "Answer"}, inbox.Text{Zh: "已答复", En: "We answered"}},
	{HandOver, inbox.Text{Zh: "转专员", En: "Hand to specialists"}, inbox.Text{Zh: "已转专员处理", En: "Specialists have taken over"}},
	{StartRemedy, inbox.Text{Zh: "发起补救", En: "Start a remedy"}, inbox.Text{Zh: "正在办理补救", En: "A remedy is under way"}},
	{FinishRemedy, inbox.Text{Zh: "补救完成", En: "Remedy done"}, inbox.Text{Zh: "补救已完成", En: "The remedy is done"}},
	{DropRemedy, inbox.Text{Zh: "取消补救", En: "Drop the remedy"}, inbox.Text{}},
	{Handle, inbox.Text{Zh: "开始处理", En: "Process"}, inbox.Text{Zh: "正在处理您的请求", En: "Your request is being processed"}},
	{CoolOff, inbox.Text{Zh: "进入冷静期", En: "Start the cooling-off time"}, inbox.Text{Zh: "已进入冷静期，期间可以撤回", En: "The cooling-off time has begun; you can still take it back"}},
	{Execute, inbox.Text{Zh: "执行删除", En: "Carry out the deletion"}, inbox.Text{Zh: "已执行删除", En: "The deletion was carried out"}},
	{Hold, inbox.Text{Zh: "依法暂缓", En: "Hold by law"}, inbox.Text{Zh: "依法暂缓处理", En: "The law asks us to hold it"}},
	{Release, inbox.Text{Zh: "解除暂缓", En: "Release the hold"}, inbox.Text{Zh: "已恢复处理", En: "We are working on it again"}},
	{Complete, inbox.Text{Zh: "完成", En: "Complete"}, inbox.Text{Zh: "您的请求已完成", En: "Your request is completed"}},
	{Reply, inbox.Text{Zh: "回复", En: "Reply"}, inbox.Text{Zh: "客服回复", En: "We wrote to you"}},
	{Hear, inbox.Text{Zh: "客户留言", En: "Customer writes"}, inbox.Text{Zh: "您的留言", En: "You wrote"}},
	{AskCustomer, inbox.Text{Zh: "请客户补充", En: "Ask the customer"}, inbox.Text{Zh: "需要您补充信息", En: "We need something from you"}},
	{AskThird, inbox.Text{Zh: "请第三方协助", En: "Ask a third party"}, inbox.Text{Zh: "正在请相关单位协助", En: "We asked others to help"}},
	{Resume, inbox.Text{Zh: "继续处理", En: "Go on"}, inbox.Text{Zh: "继续处理", En: "We are working on it again"}},
	{Remind, inbox.Text{Zh: "提醒客户", En: "Remind the customer"}, inbox.Text{Zh: "提醒您补充信息", En: "A reminder: we need something from you"}},
	{Confirm, inbox.Text{Zh: "确认结果", En: "Confirm"}, inbox.Text{Zh: "结果已确认", En: "The result is confirmed"}},
	{AutoConfirm, inbox.Text{Zh: "超时自动确认", En: "Confirmed by silence"}, inbox.Text{Zh: "未收到异议，视为确认", En: "We heard no objection and take it as confirmed"}},
	{Reject, inbox.Text{Zh: "不认可", En: "Not content"}, inbox.Text{Zh: "您对结果不认可", En: "You are not content with the result"}},
	{Close, inbox.Text{Zh: "结案", En: "Close"}, inbox.Text{Zh: "已结案", En: "Closed"}},
	{Archive, inbox.Text{Zh: "归档", En: "Archive"}, inbox.Text{Zh: "已归档", En: "Filed"}},
	{GiveUp, inbox.Text{Zh: "超时关闭", En: "Close without an answer"}, inbox.Text{Zh: "长时间未收到补充信息，已关闭", En: "Closed, because nothing came for long"}},
	{Reopen, inbox.Text{Zh: "重新打开", En: "Reopen"}, inbox.Text{Zh: "已重新打开", En: "Reopened"}},
	{GoExternal, inbox.Text{Zh: "转外部处理", En: "Outside body"}, inbox.Text{Zh: "已转外部机构处理", En: "An outside body deals with it"}},
	{Withdraw, inbox.Text{Zh: "撤回", En: "Withdraw"}, inbox.Text{Zh: "已撤回", En: "Withdrawn"}},
	{Escalate, inbox.Text{Zh: "升级", En: "Escalate"}, inbox.Text{Zh: "已升级处理", En: "Escalated"}},
	{Deescalate, inbox.Text{Zh: "解除升级", En: "End the escalation"}, inbox.Text{}},
	{Urge, inbox.Text{Zh: "催单", En: "Urge"}, inbox.Text{Zh: "已收到您的催办", En: "We know that you are waiting"}},
	{Assign, inbox.Text{Zh: "分配", En: "Assign"}, inbox.Text{}},
	{FollowUp, inbox.Text{Zh: "安排跟进", En: "Follow up"}, inbox.Text{}},
	{Snooze, inbox.Text{Zh: "稍后处理", En: "Snooze"}, inbox.Text{}},
	{Note, inbox.Text{Zh: "备注", En: "Note"}, inbox.Text{}},
	{Merge, inbox.Text{Zh: "合并", En: "Merge"}, inbox.Text{Zh: "已与另一个工单合并处理", En: "Dealt with together with another case"}},
	{Cancel, inbox.Text{Zh: "取消", En: "Cancel"}, inbox.Text{Zh: "已取消", En: "Cancelled"}},
	{MarkSpam, inbox.Text{Zh: "标为垃圾信息", En: "Mark as spam"}, inbox.Text{}},
	{Restore, inbox.Text{Zh: "恢复", En: "Restore"}, inbox.Text{}},
	{HandIn, inbox.Text{Zh: "提交", En: "Hand in"}, inbox.Text{Zh: "您的请求已提交", En: "Your request was handed in"}},
	{Alarm, inbox.Text{Zh: "时限提醒", En: "Something falls due"}, inbox.Text{}},
	{Reclassify, inbox.Text{Zh: "重新分类", En: "Classify again"}, inbox.Text{Zh: "处理时限已单独确定", En: "The case has a term of its own now"}},
	{AddEvidence, inbox.Text{Zh: "添加证据", En: "Add evidence"}, inbox.Text{Zh: "已收到证据", En: "The evidence was received"}},
	{Accuse, inbox.Text{Zh: "登记被投诉人", En: "Name who is complained about"}, inbox.Text{}},
	{Hearing, inbox.Text{Zh: "当事人陈述", En: "Record a statement"}, inbox.Text{}},
	{AddTask, inbox.Text{Zh: "新建任务", En: "Add a task"}, inbox.Text{}},
	{EndTask, inbox.Text{Zh: "任务完成", En: "Task done"}, inbox.Text{}},
	{WaiveTask, inbox.Text{Zh: "免除任务", En: "Waive a task"}, inbox.Text{}},
	{OrderWork, inbox.Text{Zh: "派发外部工单", En: "Order work"}, inbox.Text{}},
	{MoveWork, inbox.Text{Zh: "外部工单进展", En: "Work order moves"}, inbox.Text{}},
	{Link, inbox.Text{Zh: "关联", En: "Link"}, inbox.Text{}},
	{Retag, inbox.Text{Zh: "标签", En: "Tag"}, inbox.Text{}},
	{Prioritise, inbox.Text{Zh: "调整优先级", En: "Set the priority"}, inbox.Text{}},
	{Split, inbox.Text{Zh: "拆分", En: "Split"}, inbox.Text{Zh: "部分内容已另立工单处理", En: "A part became a case of its own"}},
	{AskReview, inbox.Text{Zh: "申请上级复核", En: "Ask for a review"}, inbox.Text{}},
	{JudgeReview, inbox.Text{Zh: "复核结论", En: "Review"}, inbox.Text{}},
	{Compensate, inbox.Text{Zh: "补偿", En: "Compensation"}, inbox.Text{}},
	{OfferCompensation, inbox.Text{Zh: "补偿已批准", En: "Compensation approved"}, inbox.Text{Zh: "我们为您准备了补偿，请确认是否接受", En: "We prepared a compensation for you; please say whether you accept it"}},
	{PayCompensation, inbox.Text{Zh: "补偿已发放", En: "Compensation given"}, inbox.Text{Zh: "补偿已发放", En: "The compensation was given"}},
}

// order is the place of an act in words.
var order, wordOf = func() (map[Act]int, map[Act]word) {
	at, of := map[Act]int{}, map[Act]word{}
	for i, w := range words {
		at[w.act], of[w.act] = i, w
	}
	return at, of
}()

// Acts lists all acts, in the order in which people read them.
func Acts() []Act {
	all := make([]Act, len(words))
	for i, w := range words {
		all[i] = w.act
	}
	return all
}

// Name returns what an act is called.
func (a Act) Name() inbox.Text { return wordOf[a].name }

// Told returns what the customer reads when the act was done; empty for acts
// that they are not shown.
func (a Act) Told() inbox.Text { return wordOf[a].told }

// Name returns what a state is called for those who work on the case.
func (s State) Name() inbox.Text { return stateNames[s] }

var stateNames = map[State]inbox.Text{
	New:                {Zh: "新建", En: "New"},
	Open:               {Zh: "处理中", En: "In progress"},
	HandedOver:         {Zh: "已转专员", En: "With specialists"},
	IdentityCheck:      {Zh: "核验身份", En: "Checking identity"},
	Remedy:             {Zh: "补救处理", En: "Remedy under way"},
	Answered:           {Zh: "已答复", En: "Answered"},
	Understood:         {Zh: "已确认", En: "Understood"},
	Reported:           {Zh: "已上报", En: "Reported"},
	Triaged:            {Zh: "已分级", En: "Triaged"},
	RemoteDiagnosis:    {Zh: "远程诊断", En: "Remote diagnosis"},
	GuidedFix:          {Zh: "指导处理", En: "Guided fix"},
	RepairBooked:       {Zh: "已预约维修", En: "Repair booked"},
	RescueDispatched:   {Zh: "已派救援", En: "Rescue sent"},
	InRepair:           {Zh: "维修中", En: "In repair"},
	Repaired:           {Zh: "已修复", En: "Repaired"},
	Verified:           {Zh: "已验证", En: "Verified"},
	Submitted:          {Zh: "已提交", En: "Handed in"},
	Accepted:           {Zh: "已受理", En: "Accepted"},
	Investigating:      {Zh: "调查核实", En: "Investigating"},
	Proposal:           {Zh: "方案拟定", En: "Proposal"},
	FeedbackGiven:      {Zh: "已反馈", En: "Result told"},
	RejectedByCustomer: {Zh: "客户不认可", En: "Rejected by the customer"},
	Reinvestigating:    {Zh: "重新调查", En: "Investigating again"},
	Confirmed:          {Zh: "客户已确认", En: "Confirmed"},
	NotAccepted:        {Zh: "未受理", En: "Not accepted"},
	InExternal:         {Zh: "转外部处理", En: "With an outside body"},
	Evaluating:         {Zh: "评估分析", En: "Evaluating"},
	Adopted:            {Zh: "已采纳", En: "Adopted"},
	Implementing:       {Zh: "实施中", En: "Implementing"},
	Implemented:        {Zh: "已实施", En: "Implemented"},
	Declined:           {Zh: "未采纳", En: "Not adopted"},
	Received:           {Zh: "已收到", En: "Received"},
	Reviewed:           {Zh: "已处理", En: "Handled"},
	Replied:            {Zh: "已回复", En: "Replied"},
	Archived:           {Zh: "已归档", En: "Filed"},
	Processing:         {Zh: "处理中", En: "In progress"},
	CoolingOff:         {Zh: "冷静期", En: "Cooling off"},
	OnLegalHold:        {Zh: "依法暂缓", En: "On hold by law"},
	Completed:          {Zh: "已完成", En: "Completed"},
	Executed:           {Zh: "已执行删除", En: "Deleted"},
	Refused:            {Zh: "已拒绝", En: "Refused"},
	WaitingCustomer:    {Zh: "等待客户补充", En: "Waiting for the customer"},
	WaitingThird:       {Zh: "等待第三方", En: "Waiting for a third party"},
	Closed:             {Zh: "已结案", En: "Closed"},
	Merged:             {Zh: "已合并", En: "Merged"},
	Cancelled:          {Zh: "已取消", En: "Cancelled"},
	Spam:               {Zh: "垃圾信息", En: "Spam"},
	Lapsed:             {Zh: "超时关闭", En: "Closed without an answer"},
	Withdrawn:          {Zh: "已撤回", En: "Withdrawn"},
}
