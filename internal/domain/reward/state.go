package reward

import (
	"slices"
	"strings"

	"yingda/internal/kit/fault"
)

// State is where a compensation stands (domain reference §5.3).
type State string

// The states of a compensation.
const (
	Drafted          State = "drafted"           // 草稿
	Submitted        State = "submitted"         // 已提交
	Level1Approved   State = "level1_approved"   // 一级已批
	Level2Approved   State = "level2_approved"   // 二级已批
	Approved         State = "approved"          // 已批准
	CustomerAccepted State = "customer_accepted" // 客户已接受
	Executing        State = "executing"         // 执行中
	Paid             State = "paid"              // 已支付
	Rejected         State = "rejected"          // 已拒绝
	Returned         State = "returned"          // 已退回
	CustomerDeclined State = "customer_declined" // 客户未接受
	Failed           State = "failed"            // 支付失败
	Withdrawn        State = "withdrawn"         // 已撤回
)

// Act is what moves a compensation or a reward.
type Act string

// The acts.
const (
	Submit      Act = "submit"       // the proposer hands it in
	Approve     Act = "approve"      // a level approves, and another must follow
	ApproveLast Act = "approve_last" // the last level that is needed approves
	Reject      Act = "reject"       // it ends here
	Return      Act = "return"       // back to the proposer, to change it
	Revise      Act = "revise"       // the proposer takes it up again
	Withdraw    Act = "withdraw"
	Accept      Act = "accept" // the customer takes it
	Decline     Act = "decline"
	Execute     Act = "execute" // a payment begins, or begins again
	Pay         Act = "pay"     // the payment has gone
	Fail        Act = "fail"    // the payment has not gone
	Grant       Act = "grant"   // a reward enters the ledger
	Redeem      Act = "redeem"
	Expire      Act = "expire"
	Revoke      Act = "revoke"
)

// moves is the whole state machine of a compensation; the picture in the docs
// is drawn from it. A payment that was reported as failed and then turns out
// to have gone is paid: what happened counts, not what was said first.
var moves = map[State]map[Act]State{
	Drafted:          {Submit: Submitted, Withdraw: Withdrawn},
	Submitted:        {Approve: Level1Approved, ApproveLast: Approved, Reject: Rejected, Return: Returned, Withdraw: Withdrawn},
	Level1Approved:   {Approve: Level2Approved, ApproveLast: Approved, Reject: Rejected, Return: Returned, Withdraw: Withdrawn},
	Level2Approved:   {ApproveLast: Approved, Reject: Rejected, Return: Returned, Withdraw: Withdrawn},
	Returned:         {Revise: Drafted, Withdraw: Withdrawn},
	Approved:         {Accept: CustomerAccepted, Decline: CustomerDeclined},
	CustomerAccepted: {Execute: Executing},
	Executing:        {Pay: Paid, Fail: Failed},
	Failed:           {Execute: Executing, Pay: Paid},
}

// States lists the states of a compensation in the order of its life.
func States() []State {
	return []State{
		Drafted, Submitted, Level1Approved, Level2Approved, Returned, Approved, CustomerAccepted, Executing, Failed,
		Paid, Rejected, CustomerDeclined, Withdrawn,
	}
}

// Next returns the state after an act, or a Conflict that says what is
// possible now.
func (s State) Next(a Act) (State, error) {
	next, ok := moves[s][a]
	if !ok {
		return s, fault.New(fault.Conflict, "compensation.state."+string(s), "this is not possible while the compensation is %s; possible now: %s", string(s), listed(s.Acts()))
	}
	return next, nil
}

// Acts returns what is possible in a state, in a fixed order.
func (s State) Acts() []Act { return actsOf(moves[s]) }

// Over reports whether nothing moves the compensation any more.
func (s State) Over() bool { return len(moves[s]) == 0 }

func actsOf[S ~string](m map[Act]S) []Act {
	acts := make([]Act, 0, len(m))
	for a := range m {
		acts = append(acts, a)
	}
	slices.Sort(acts)
	return acts
}

func listed(acts []Act) string {
	if len(acts) == 0 {
		return "nothing"
	}
	names := make([]string, len(acts))
	for i, a := range acts {
		names[i] = string(a)
	}
	return strings.Join(names, ", ")
}
