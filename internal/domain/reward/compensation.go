// Package reward is what a company gives: compensation to somebody who was
// harmed (补偿), thanks for a suggestion or a complaint that helped (奖励), who
// must approve it, and the ledger that adds it up so that nothing is paid
// twice.
package reward

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

type (
	// CompensationID names a compensation.
	CompensationID = id.ID[compensationNoun]
	// ID names a reward.
	ID = id.ID[noun]
	// EntryID names a line of the ledger.
	EntryID = id.ID[entryNoun]
)

type (
	compensationNoun struct{}
	noun             struct{}
	entryNoun        struct{}
)

func (compensationNoun) Prefix() string { return "cp" }
func (noun) Prefix() string             { return "rw" }
func (entryNoun) Prefix() string        { return "le" }

// NewCompensationID returns the id of a compensation drafted at a time.
func NewCompensationID(at time.Time) CompensationID { return id.New[compensationNoun](at) }

// NewID returns the id of a reward proposed at a time.
func NewID(at time.Time) ID { return id.New[noun](at) }

// NewEntryID returns the id of a line that enters the ledger at a time.
func NewEntryID(at time.Time) EntryID { return id.New[entryNoun](at) }

// Money is an amount in fen (分), a hundredth of a yuan.
type Money int64

// String writes yuan: ¥12.30.
func (m Money) String() string {
	sign := ""
	if m < 0 {
		sign, m = "-", -m
	}
	cents := strconv.FormatInt(int64(m%100), 10)
	return sign + "¥" + strconv.FormatInt(int64(m/100), 10) + "." + strings.Repeat("0", 2-len(cents)) + cents
}

// Kind is what a harmed customer gets (R109, R154, R175).
type Kind string

// The kinds of compensation.
const (
	Refund      Kind = "refund"      // 退款
	Reshipment  Kind = "reshipment"  // 补发
	Coupon      Kind = "coupon"      // 优惠券
	Points      Kind = "points"      // 积分
	ByPolicy    Kind = "policy"      // 政策补偿: what a policy grants, such as a day of a rental car
	Repair      Kind = "repair"      // 免费维修
	Replacement Kind = "replacement" // 换货
)

// Kinds lists all of them, in the order in which a person reads them.
func Kinds() []Kind {
	return []Kind{Refund, Reshipment, Coupon, Points, ByPolicy, Repair, Replacement}
}

// Limits says how much a level may approve. A compensation keeps those that
// were in force when it was handed in.
type Limits struct {
	L1    Money `json:"l1"`    // up to here a senior agent is enough
	L2    Money `json:"l2"`    // up to here a supervisor after them; above, finance after both
	Point Money `json:"point"` // what one point is worth, in fen
}

// DefaultLimits are what an installation starts with: ¥200 and ¥2,000.
var DefaultLimits = Limits{L1: 200_00, L2: 2_000_00, Point: 1}

// The most that is ever given at once.
const (
	MaxAmount Money = 100_000_000_00
	MaxPoints int64 = 100_000_000
	maxPoint  Money = 10_000
)

// Check says what is wrong with limits that an administrator typed.
func (l Limits) Check() error {
	switch {
	case l.L1 < 0 || l.L2 < l.L1 || l.L2 > MaxAmount:
		return fault.New(fault.Invalid, "limits.order", "the first limit is at least 0 and the second is not below the first").In("l2")
	case l.Point < 0 || l.Point > maxPoint:
		return fault.New(fault.Invalid, "limits.point", "a point is worth between 0 and %d fen", int64(maxPoint)).In("point")
	}
	return nil
}

// Compensation is duty or goodwill to a customer who was harmed (补偿), from
// the draft until the money has gone (R109, R154, R157, R175).
type Compensation struct {
	ID            CompensationID `json:"id"`
	Case          ticket.ID      `json:"case_id"`
	Contact       contact.ID     `json:"contact_id,omitzero"` // who gets it
	Kind          Kind           `json:"kind"`
	Amount        Money          `json:"amount"`                // in fen; what goods and work cost us; 0 for points
	Points        int64          `json:"points,omitzero"`       // only for the kind points
	PointsUntil   time.Time      `json:"points_until,omitzero"` // when they expire; never when zero
	Budget        string         `json:"budget,omitzero"`       // which budget pays; none is kept when empty
	Reason        string         `json:"reason"`                // told to those who approve
	Explanation   string         `json:"explanation"`           // told to the customer: the rule behind it (R157)
	Proposer      agent.ID       `json:"proposer_id"`           // never one who approves
	Policy        string         `json:"policy"`                // the policy it follows (R160)
	PolicyVersion int            `json:"policy_version"`        // the version in force when it was handed in
	Limits        Limits         `json:"limits"`                // those in force when it was handed in
	State         State          `json:"state"`
	Round         int            `json:"round"`             // how often it was handed in
	Approvals     []Approval     `json:"approvals"`         // of all rounds, oldest first
	Payments      []Payment      `json:"payments"`          // every attempt, oldest first, all with one key
	Declined      string         `json:"declined,omitzero"` // what the customer said when declining
	CreatedAt     time.Time      `json:"created_at"`
	ChangedAt     time.Time      `json:"changed_at"`
	Version       int64          `json:"version"`
}

// Approval is one verdict of one person (审批).
type Approval struct {
	By      agent.ID  `json:"by"`
	Name    string    `json:"name"`
	At      time.Time `json:"at"`
	Level   Level     `json:"level"`
	Verdict Act       `json:"verdict"` // approve, reject or return
	Note    string    `json:"note"`
	Round   int       `json:"round"`
}

// Payment is one attempt to pay. All attempts of one compensation carry the
// same key, by which the one who pays recognises a repetition.
type Payment struct {
	Key       string    `json:"key"`
	Attempt   int       `json:"attempt"`
	State     State     `json:"state"` // executing, paid or failed
	At        time.Time `json:"at"`
	EndedAt   time.Time `json:"ended_at,omitzero"`
	Reference string    `json:"reference,omitzero"` // the receipt of who paid
	Why       string    `json:"why,omitzero"`       // why it failed
}

// Level is how high somebody stands who approves.
type Level string

// The levels, from low to high.
const (
	Level1       Level = "l1"      // a senior agent
	Level2       Level = "l2"      // a supervisor
	LevelFinance Level = "finance" // finance
)

// Permission returns what somebody must hold to approve on a level.
func (l Level) Permission() agent.Permission {
	return map[Level]agent.Permission{
		Level1: agent.CompensationApproveL1, Level2: agent.CompensationApproveL2, LevelFinance: agent.CompensationApproveFinance,
	}[l]
}

// Need is what a compensation or a reward waits for, and why.
type Need struct {
	Act        Act              `json:"act"` // the act that moves it on; empty when it is over
	Who        Who              `json:"who"`
	Level      Level            `json:"level,omitzero"`      // when it waits for an approval
	Permission agent.Permission `json:"permission,omitzero"` // what an agent needs to do it
	Not        []agent.ID       `json:"not,omitempty"`       // agents who may not, whatever they hold
	Why        phrase.Reason    `json:"why"`
}

// Awaits reports whether it waits for the verdict of an actor, among others.
func (n Need) Awaits(by agent.Actor) bool {
	return n.Who == AnApprover && by.May(n.Permission) && !slices.Contains(n.Not, by.Agent)
}

// Who is on whose turn it is.
type Who string

// Who can be waited for.
const (
	Nobody      Who = "nobody"
	TheProposer Who = "proposer"
	AnApprover  Who = "approver"
	TheCustomer Who = "customer"
	ThePayment  Who = "payment" // the desk's job that pays
)

const (
	maxReason = 2000
	maxNote   = 1000
	maxPolicy = 120
	maxBudget = 80
)

// Check returns the compensation as it is kept, or what is wrong with what was
// typed. The state and what follows from it are not looked at.
func (c Compensation) Check() (Compensation, error) {
	c.Reason, c.Explanation, c.Policy, c.Budget = strings.TrimSpace(c.Reason), strings.TrimSpace(c.Explanation), strings.TrimSpace(c.Policy), strings.TrimSpace(c.Budget)
	switch {
	case c.Case.IsZero():
		return c, fault.New(fault.Invalid, "compensation.case", "a compensation belongs to a case").In("case_id")
	case !c.Kind.Known():
		return c, fault.New(fault.Invalid, "compensation.kind", "there is no kind of compensation %q", string(c.Kind)).In("kind")
	case c.Reason == "" || utf8.RuneCountInString(c.Reason) > maxReason:
		return c, fault.New(fault.Invalid, "compensation.reason", "give the reason, in 1 to %d characters", maxReason).In("reason")
	case utf8.RuneCountInString(c.Explanation) > maxReason:
		return c, fault.New(fault.Invalid, "compensation.explanation", "the explanation holds at most %d characters", maxReason).In("explanation")
	case utf8.RuneCountInString(c.Policy) > maxPolicy || c.PolicyVersion < 0:
		return c, fault.New(fault.Invalid, "compensation.policy", "a policy is named in at most %d characters, and its version is a number from 1", maxPolicy).In("policy")
	case utf8.RuneCountInString(c.Budget) > maxBudget:
		return c, fault.New(fault.Invalid, "compensation.budget", "a budget is named in at most %d characters", maxBudget).In("budget")
	case c.Kind == ByPolicy && (c.Policy == "" || c.PolicyVersion == 0):
		return c, fault.New(fault.Invalid, "compensation.policy_missing", "say which policy grants it, and in which version").In("policy")
	}
	return c, c.checkAmount()
}

func (c Compensation) checkAmount() error {
	if c.Kind == Points {
		switch {
		case c.Points <= 0 || c.Points > MaxPoints:
			return fault.New(fault.Invalid, "compensation.points", "give between 1 and %d points", MaxPoints).In("points")
		case c.Amount != 0:
			return fault.New(fault.Invalid, "compensation.points_amount", "points have no amount in money besides").In("amount")
		case c.Contact.IsZero():
			return fault.New(fault.Invalid, "compensation.contact", "points need a customer who keeps them").In("contact_id")
		}
		return nil
	}
	switch {
	case c.Amount <= 0 || c.Amount > MaxAmount:
		return fault.New(fault.Invalid, "compensation.amount", "give an amount between 1 fen and %s; for goods and work, what they cost us", MaxAmount.String()).In("amount")
	case c.Points != 0:
		return fault.New(fault.Invalid, "compensation.amount_points", "only compensation in points has points").In("points")
	}
	return nil
}

// Known reports whether k is one of ours.
func (k Kind) Known() bool { return slices.Contains(Kinds(), k) }

// Worth returns what the compensation costs, in fen, by which its level is
// found. Points count by their value.
func (c Compensation) Worth(l Limits) Money { return c.Amount + Money(c.Points)*l.Point }

// PaymentKey returns the key of the payment: one for each compensation, in
// every attempt and after every crash.
func (c Compensation) PaymentKey() string { return "compensation/" + c.ID.String() }
