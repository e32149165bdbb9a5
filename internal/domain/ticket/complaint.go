package ticket

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
)

// Outcome is what a customer gets at the end of a complaint (R109).
type Outcome string

// The outcomes.
const (
	Explanation        Outcome = "explanation"         // 解释说明
	Apology            Outcome = "apology"             // 道歉
	Refund             Outcome = "refund"              // 退款
	Coupon             Outcome = "coupon"              // 优惠券
	Points             Outcome = "points"              // 积分
	Repair             Outcome = "repair"              // 维修
	Replacement        Outcome = "replacement"         // 更换
	PolicyCompensation Outcome = "policy_compensation" // 按政策补偿
)

var outcomes = []struct {
	Outcome
	name     inbox.Text
	approval bool
}{
	{Explanation, inbox.Text{Zh: "解释说明", En: "Explanation"}, false},
	{Apology, inbox.Text{Zh: "道歉", En: "Apology"}, false},
	{Refund, inbox.Text{Zh: "退款", En: "Refund"}, true},
	{Coupon, inbox.Text{Zh: "优惠券", En: "Coupon"}, true},
	{Points, inbox.Text{Zh: "积分", En: "Points"}, true},
	{Repair, inbox.Text{Zh: "维修", En: "Repair"}, false},
	{Replacement, inbox.Text{Zh: "更换", En: "Replacement"}, true},
	{PolicyCompensation, inbox.Text{Zh: "按政策补偿", En: "Compensation by policy"}, true},
}

// Outcomes lists all of them, in the order in which people read them.
func Outcomes() []Outcome {
	var all []Outcome
	for _, o := range outcomes {
		all = append(all, o.Outcome)
	}
	return all
}

// Known reports whether o is one of ours.
func (o Outcome) Known() bool { return slices.Contains(Outcomes(), o) }

// Name returns what an outcome is called.
func (o Outcome) Name() inbox.Text {
	if i := slices.Index(Outcomes(), o); i >= 0 {
		return outcomes[i].name
	}
	return inbox.Text{}
}

// NeedsApproval reports whether somebody must agree before the customer is
// told: whatever costs money or goods does.
func (o Outcome) NeedsApproval() bool {
	i := slices.Index(Outcomes(), o)
	return i >= 0 && outcomes[i].approval
}

// Ways is what a customer is told who is not content (R112): the five ways of
// article 39 of the law on the protection of consumers (消费者权益保护法第三十九条).
var Ways = inbox.Text{
	Zh: "如对处理结果不满意，根据《中华人民共和国消费者权益保护法》第三十九条，您还可以：（一）与经营者协商和解；（二）请求消费者协会或者依法成立的其他调解组织调解；（三）向有关行政部门投诉（如拨打 12315）；（四）根据与经营者达成的仲裁协议提请仲裁机构仲裁；（五）向人民法院提起诉讼。",
	En: "If you are not content with the result, article 39 of the Law of the PRC on the Protection of Consumer Rights and Interests leaves you five ways: (1) to settle with the business; (2) to ask a consumer association or another lawful body to mediate; (3) to complain to the authority, for example by calling 12315; (4) to go to arbitration, if that was agreed with the business; (5) to go to court.",
}

// Body is an outside body that deals with a complaint.
type Body string

// The bodies.
const (
	Body12315    Body = "12315"     // market supervision (全国12315平台)
	Body12345    Body = "12345"     // the city's hotline (政务服务热线)
	BodyAuto     Body = "12365auto" // 车质网
	BodyCourt    Body = "court"     // 法院
	BodyArbitral Body = "arbitration"
	BodyOther    Body = "other"
)

// Bodies lists all of them.
func Bodies() []Body {
	return []Body{Body12315, Body12345, BodyAuto, BodyCourt, BodyArbitral, BodyOther}
}

// External is a complaint's reference at an outside body, with the body's own
// term. It runs beside our promises and nothing pauses it.
type External struct {
	Body      Body      `json:"body"`
	Reference string    `json:"reference"`
	DueAt     time.Time `json:"due_at"`
	At        time.Time `json:"at,omitzero"` // when it was entered
}

// Check says what is wrong with a reference.
func (e External) Check() error {
	if !slices.Contains(Bodies(), e.Body) || !filled(e.Reference) || utf8.RuneCountInString(e.Reference) > 80 || e.DueAt.IsZero() {
		return fault.New(fault.Invalid, "case.need_external", "name the outside body, its reference and until when it wants an answer").In("external")
	}
	return nil
}

// Claim is what a complaint demands, and on what ground.
type Claim struct {
	Type   Outcome `json:"type"`
	Amount int64   `json:"amount"` // in fen; 0 if it is not about money
	Basis  string  `json:"basis"`  // the law or the policy that it names
}

// Party is one side of a dispute that is mediated (R113).
type Party struct {
	Name       string      `json:"name"`
	Role       PartyRole   `json:"role"`
	Reach      string      `json:"reach,omitzero"`
	Statements []Statement `json:"statements,omitempty"`
}

// PartyRole is what a party is in a dispute.
type PartyRole string

// The roles.
const (
	PartyCustomer PartyRole = "customer"
	PartyCompany  PartyRole = "company"
	PartyDealer   PartyRole = "dealer"
	PartyRepairer PartyRole = "repairer"
	PartyOther    PartyRole = "other"
)

// Statement is what a party said. It is never changed.
type Statement struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
	By   string    `json:"by"` // who took it down
}

// MayHandle reports whether an agent may have a hand in the case: whoever is
// complained about may not, whatever their role (R108).
func (c Case) MayHandle(a agent.ID) bool { return a.IsZero() || c.Accused != a }

// MaySee reports whether an agent may see the case or anything of it, its
// number included. Permissions come on top of it.
func (c Case) MaySee(a agent.ID) bool { return c.MayHandle(a) }

// SeenBy reports whether an actor may see the case: by permission, by scope,
// and never if it is about them. It says the same as the condition that the
// store compiles into its lists; a test holds them together.
func (c Case) SeenBy(by agent.Actor) bool {
	switch {
	case !by.May(agent.CaseRead), c.AboutStaff && !by.May(agent.ComplaintStaffRead), !c.MaySee(by.Agent):
		return false
	case by.Scope == agent.ScopeAll, !c.Agent.IsZero() && c.Agent == by.Agent:
		return true
	}
	return by.Scope == agent.ScopeTeam && (c.Team.IsZero() || slices.Contains(by.Teams, c.Team))
}

// heldBack reports whether an agent investigated before and so has no hand in
// the investigation that goes on again (R112).
func (c Case) heldBack(a agent.ID) bool {
	again := c.State == Reinvestigating || c.State.Waiting() && c.Before == Reinvestigating
	return again && !a.IsZero() && slices.Contains(c.Investigators[:max(0, len(c.Investigators)-1)], a)
}

// Accuse returns the case with the person whom it is about. They lose it, and
// nothing of it is theirs to see from then on.
func (c Case) Accuse(by Actor, whom agent.ID, now time.Time) (Case, Entry, error) {
	switch {
	case !c.MayHandle(by.Agent) || by.Agent == whom && !whom.IsZero():
		return c, Entry{}, errUnknown
	case whom.IsZero():
		return c, Entry{}, fault.New(fault.Invalid, "case.need_accused", "choose whom the complaint is about").In("accused")
	case slices.Contains(c.Investigators, whom):
		return c, Entry{}, fault.New(fault.Conflict, "case.accused_investigates", "this person investigates the complaint; let somebody else investigate first").In("accused")
	}
	next := c
	next.Accused, next.AboutStaff = whom, true
	if c.Agent == whom {
		next.Agent, next.AgentName = 0, ""
	}
	return next, c.entry(by, Accuse, next, now), nil
}

// Relock returns the case with another secret for its customer, and says so in
// a line of its history. The one before, and what it opened, work no more.
func (c Case) Relock(e Entry) (Case, Entry) {
	c.Relocked++
	e.Fields = with(e.Fields, Change{Field: "secret", New: strconv.Itoa(c.Relocked + 1)})
	return c, e
}

// TakeStatement returns the case with what a party of the dispute said; a party that is
// not known yet joins by it (R113).
func (c Case) TakeStatement(by Actor, p Party, text string, now time.Time) (Case, Entry, error) {
	switch {
	case !c.MayHandle(by.Agent):
		return c, Entry{}, errUnknown
	case !filled(p.Name):
		return c, Entry{}, fault.New(fault.Invalid, "case.need_party", "name the party").In("name")
	case !filled(text):
		return c, Entry{}, needs[NeedText].missing.In("text")
	}
	if err := checkLengths(said{"name", p.Name, maxCode}, said{"reach", p.Reach, maxCode}, said{"text", text, MaxText}); err != nil {
		return c, Entry{}, err
	}
	next := c
	next.Parties = slices.Clone(c.Parties)
	i := slices.IndexFunc(next.Parties, func(o Party) bool { return o.Name == p.Name && o.Role == p.Role })
	if i < 0 {
		i, next.Parties = len(next.Parties), append(next.Parties, Party{Name: p.Name, Role: p.Role, Reach: p.Reach})
	}
	next.Parties[i].Statements = with(next.Parties[i].Statements, Statement{At: now, Text: text, By: by.Name})
	e := c.entry(by, Hearing, next, now)
	e.Fields = []Change{{Field: "statement", New: p.Name + ": " + text}}
	return next, e, nil
}
