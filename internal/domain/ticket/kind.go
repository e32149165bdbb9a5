package ticket

import (
	"fmt"
	"time"

	"yingda/internal/domain/inbox"
)

// Kind is what a case is about (domain reference §5.2).
type Kind string

// The kinds of case.
const (
	Consultation Kind = "consultation" // 咨询
	Fault        Kind = "fault"        // 故障
	Complaint    Kind = "complaint"    // 投诉
	Suggestion   Kind = "suggestion"   // 建议
	Feedback     Kind = "feedback"     // 意见反馈
	Account      Kind = "account"      // 账户
	Order        Kind = "order"        // 订单/费用
	Privacy      Kind = "privacy"      // 个人信息请求
)

// plan is all that tells a kind from another.
type plan struct {
	letters string // begin a case's number
	name    inbox.Text
	first   State
	table   Table
	starts  []string // clocks that begin with it
	stages  []step
}

var kinds = map[Kind]plan{
	Consultation: {
		letters: "ZX", name: inbox.Text{Zh: "咨询", En: "Question"}, first: New, table: consultation,
		starts: []string{FirstResponse, FirstSolution, Resolution},
		stages: questionStages(nil),
	},
	Account: {
		letters: "ZH", name: inbox.Text{Zh: "账户", En: "Account"}, first: New, table: account,
		starts: []string{FirstResponse, FirstSolution, Resolution},
		stages: questionStages(nil, stage("identity", "核验身份", "Checking identity", IdentityCheck)),
	},
	Order: {
		letters: "DD", name: inbox.Text{Zh: "订单/费用", En: "Order or fee"}, first: New, table: orders,
		starts: []string{FirstResponse, FirstSolution, Resolution},
		stages: questionStages([]step{stage("remedy", "补救处理", "Remedy under way", Remedy)}),
	},
	Fault: {
		letters: "GZ", name: inbox.Text{Zh: "故障", En: "Fault"}, first: Reported, table: breakdown,
		starts: []string{FirstResponse, FirstSolution, Resolution},
		stages: []step{
			stage("accepted", "已受理", "Accepted", Reported),
			stage("diagnosing", "诊断中", "Diagnosing", Triaged, RemoteDiagnosis, GuidedFix),
			stage("arranged", "维修/救援安排", "Repair or rescue arranged", RepairBooked, RescueDispatched, InRepair),
			stage("repaired", "已修复", "Repaired", Repaired),
			stage("done", "已完成", "Done", Verified, Closed),
		},
	},
	Complaint: {
		letters: "TS", name: inbox.Text{Zh: "投诉", En: "Complaint"}, first: Submitted, table: grievance,
		starts: []string{FirstResponse, ComplaintAcknowledge, ComplaintInvestigate, ComplaintFeedback},
		stages: []step{
			stage("submitted", "已提交", "Handed in", Submitted),
			stage("accepted", "已受理", "Accepted", Accepted),
			stage("investigating", "调查核实", "Investigating", Investigating, Proposal, Reinvestigating),
			stage("feedback", "处理反馈", "Result told", FeedbackGiven, RejectedByCustomer),
			stage("confirmed", "结果确认", "Result confirmed", Confirmed),
			stage("closed", "已结案", "Closed", Closed),
		},
	},
	Suggestion: {
		letters: "JY", name: inbox.Text{Zh: "建议", En: "Suggestion"}, first: Submitted, table: proposal,
		starts: []string{FirstResponse, SuggestionAccept, SuggestionEvaluate, SuggestionFeedback},
		stages: []step{
			stage("submitted", "已提交", "Handed in", Submitted),
			stage("accepted", "已受理", "Accepted", Accepted),
			stage("evaluating", "评估分析", "Evaluating", Evaluating),
			stage("feedback", "反馈结果", "Result told", FeedbackGiven),
			stage("adopted", "采纳实施", "Adopted", Adopted, Implementing, Implemented),
		},
	},
	Feedback: {
		letters: "FK", name: inbox.Text{Zh: "意见反馈", En: "Feedback"}, first: Received, table: opinion,
		starts: []string{FirstResponse, Resolution},
		stages: []step{
			stage("received", "已收到", "Received", Received),
			stage("handled", "已处理", "Handled", Reviewed),
			stage("replied", "已回复", "Replied", Replied, Archived),
		},
	},
	Privacy: {
		letters: "YS", name: inbox.Text{Zh: "个人信息请求", En: "Personal data request"}, first: Submitted, table: personal,
		starts: []string{FirstResponse, PrivacyTerm},
		stages: []step{
			stage("accepted", "已受理", "Accepted", Submitted),
			stage("identity", "核验身份", "Checking identity", IdentityCheck),
			stage("processing", "处理中", "In progress", Accepted, Processing, CoolingOff),
			stage("done", "已完成", "Done", Completed, Executed),
		},
	},
}

// questionStages are those of a consultation, with steps of other kinds after
// 已受理 and after 处理中.
func questionStages(after []step, before ...step) []step {
	all := append([]step{stage("accepted", "已受理", "Accepted", New)}, before...)
	all = append(all, stage("processing", "处理中", "In progress", Open, HandedOver))
	all = append(all, after...)
	return append(all, stage("answered", "已答复", "Answered", Answered), stage("done", "已完成", "Done", Understood, Closed))
}

// Kinds lists all of them, in the order in which people read them.
func Kinds() []Kind {
	return []Kind{Consultation, Fault, Complaint, Suggestion, Feedback, Account, Order, Privacy}
}

// Known reports whether k can be handed in.
func (k Kind) Known() bool { return kinds[k].letters != "" }

// Name returns what a kind is called.
func (k Kind) Name() inbox.Text { return kinds[k].name }

// Number returns the public number of the n-th case of a day: TS20261122-000123.
// The day is the company's, not UTC's.
func Number(k Kind, day time.Time, n int64) string {
	return fmt.Sprintf("%s%s-%06d", kinds[k].letters, day.Format("20060102"), n)
}
