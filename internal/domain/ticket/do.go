package ticket

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
)

// Actor is who does something to a case.
type Actor struct {
	Who        Who
	Agent      agent.ID // with ByAgent
	Name       string   // what the history calls them
	Supervisor bool     // may do what only a supervisor may (R095, R111)
}

// Doing is an act with all that is said with it.
type Doing struct {
	Act    Act
	By     Actor
	Reason string // for the history; shown to the customer where the act is
	Text   string // to the customer, or from them

	Team      agent.TeamID // who gets it
	Suggested agent.TeamID // the team that closed work suggested; only counted
	Agent     agent.ID
	AgentName string

	Category     string // with accept and triage; the caller has found it with Tree.Of
	Level        Level
	Special      *SpecialTerm // with the level special
	Contacted    bool         // the customer was contacted (complaint, R105)
	ExpectedAt   time.Time    // what the customer is told, or an appointment
	Until        time.Time    // snooze, follow-up, end of the cooling-off time
	Findings     string
	Solution     string
	Cause        string // code of the cause
	Outcome      Outcome
	Approval     string // names the approval of the outcome
	Verification string // names the check of the identity
	Announcement string // names the announcement of what was implemented
	WaysTold     bool   // the customer was told the ways that are open (R112)
	External     *External
	Escalation   *Escalation
	Into         ID       // the case that it becomes part of
	Waived       []Waiver // tasks that need not be done (R111)
}

// Waiver lets a task go, with the reason.
type Waiver struct {
	Task   TaskID `json:"task_id"`
	Reason string `json:"reason"`
}

// Windows are the times that end by themselves. An administrator sets them.
type Windows struct {
	Reopen    time.Duration `json:"reopen"`    // how long a case can be reopened after it was over
	Confirm   time.Duration `json:"confirm"`   // how long a customer may be silent before the result counts as confirmed
	Remind    time.Duration `json:"remind"`    // between two reminders of a customer who was asked
	Reminders int           `json:"reminders"` // how many before the case is closed
}

// DefaultWindows are those of a new installation: 15 days to reopen, 7 to say
// that one is not content, three reminders two days apart.
func DefaultWindows() Windows {
	const day = 24 * time.Hour
	return Windows{Reopen: 15 * day, Confirm: 7 * day, Remind: 2 * day, Reminders: 3}
}

// Do returns the case after an act, and what the history says of it. Nothing
// is changed where there is an error: a Conflict case.state offers the acts
// that are possible now; an Invalid names the field that is missing; to whom
// the case is about, it does not exist.
func (c Case) Do(d Doing, w Windows, now time.Time) (Case, []Entry, error) {
	m, err := c.allows(d, w, now)
	if err != nil {
		return c, nil, err
	}
	next, fields := c.take(d, m)
	next = next.move(m, now)
	if effect, ok := effects[d.Act]; ok {
		effect(&next, d, now)
	}
	if d.By.Who == ByCustomer {
		next.SnoozedUntil = time.Time{}
	}
	next.Priority = next.priority()
	entry := c.entry(d.By, d.Act, next, now)
	entry.Public, entry.Text, entry.Reason, entry.Fields, entry.Clocks = !m.Quiet, d.Text, d.Reason, fields, m.Clocks
	next, waived := next.waive(d, now)
	return next, append(waived, entry), nil
}

// entry begins a line of the history: from the case to what it became.
func (c Case) entry(by Actor, a Act, next Case, now time.Time) Entry {
	return Entry{At: now, By: by.Who, Agent: by.Agent, ByName: by.Name, Act: a, From: c.State, To: next.State, Stage: next.Stage()}
}

// Asks returns what has to be said with an act where the case stands, and what
// may be said besides.
func (c Case) Asks(a Act) (needs, may []Need) {
	m := c.Kind.Table()[c.State][a]
	return append([]Need{}, m.Needs...), append([]Need{}, takes[a]...)
}

// Possible returns what somebody can do to the case now, in the order in which
// people read it.
func (c Case) Possible(by Actor, w Windows, now time.Time) []Act {
	var can []Act
	if !c.MayHandle(by.Agent) {
		return can
	}
	table := c.Kind.Table()
	for _, a := range table.Acts(c.State) {
		m := table[c.State][a]
		if slices.Contains(m.Who, by.Who) && c.obeys(m, Doing{Act: a, By: by}, true, w, now) == nil {
			can = append(can, a)
		}
	}
	return can
}

// allows returns the row of the table for an act, or why it is not possible.
func (c Case) allows(d Doing, w Windows, now time.Time) (Move, error) {
	if !c.MayHandle(d.By.Agent) {
		return Move{}, errUnknown
	}
	m, ok := c.Kind.Table()[c.State][d.Act]
	if !ok || !slices.Contains(m.Who, d.By.Who) {
		return m, c.refuse(d.By, w, now)
	}
	if err := c.obeys(m, d, true, w, now); err != nil {
		return m, err
	}
	for _, n := range m.Needs {
		if need := needs[n]; !need.said(d, now) {
			return m, need.missing.In(string(n))
		}
	}
	if err := c.checkDoing(d, now); err != nil {
		return m, err
	}
	after, _ := c.take(d, m)
	return m, after.obeys(m, d, false, w, now)
}

// obeys checks the rules of a row: the early ones, or the others.
func (c Case) obeys(m Move, d Doing, early bool, w Windows, now time.Time) error {
	for _, name := range m.Rules {
		if r := rules[name]; r.early == early {
			if err := r.check(c, d, w, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// refuse says what is possible instead. The last two arguments are for the
// Chinese text; the English one does not print them.
func (c Case) refuse(by Actor, w Windows, now time.Time) error {
	var codes, en, zh []string
	for _, a := range c.Possible(by, w, now) {
		codes, en, zh = append(codes, string(a)), append(en, a.Name().En), append(zh, a.Name().Zh)
	}
	at := c.State.Name()
	return fault.New(fault.Conflict, "case.state", "this is not possible while the case stands at %[1]q; possible now: %[2]s%.0[3]s%.0[4]s",
		at.En, strings.Join(en, ", "), at.Zh, strings.Join(zh, "、")).Offering(codes...)
}

// checkDoing says what is wrong with what was said.
func (c Case) checkDoing(d Doing, now time.Time) error {
	if err := d.bounds(now); err != nil {
		return err
	}
	switch {
	case !c.MayHandle(d.Agent):
		return errAccused.In("agent")
	case c.heldBack(d.By.Agent) && d.Act == GiveFeedback, c.heldBack(d.Agent):
		return errSame.In("agent")
	case d.Act == Merge && d.Into == c.ID:
		return errItself.In("into")
	case d.Act == Escalate && d.By.Who == ByAgent && !d.Escalation.Confirmed.said():
		return fault.New(fault.Invalid, "case.need_confirmed", "write which next step the customer agreed to").In("escalation.confirmed")
	case d.Outcome != "" && !d.Outcome.Known():
		return needs[NeedOutcome].missing.In("outcome")
	}
	if d.Level != "" {
		if err := checkLevel(d.Level, d.Special, c.Special, d.By, now); err != nil {
			return err
		}
	}
	return c.checkWaivers(d)
}

// said is a text in a field, with how many characters it may have at most.
type said struct {
	field, text string
	most        int
}

func checkLengths(all ...said) error {
	for _, s := range all {
		if utf8.RuneCountInString(s.text) > s.most {
			return fault.New(fault.Invalid, "case.long", "a text holds at most %d characters", s.most).In(s.field)
		}
	}
	return nil
}

// maxCode is how long a code or a name of something else may be.
const maxCode = 200

// farthest is how far ahead, or back, a time may lie that somebody names.
const farthest = 10 * 366 * 24 * time.Hour

// checkNear says what is wrong with a time that lies farther away than anybody
// means; none at all is fine.
func checkNear(field string, at, now time.Time) error {
	if !at.IsZero() && (at.Sub(now) > farthest || now.Sub(at) > farthest) {
		return fault.New(fault.Invalid, "case.far", "give a time that is no more than ten years away").In(field)
	}
	return nil
}

// checkAhead is checkNear for a time that lies ahead; none at all is fine.
func checkAhead(field string, at, now time.Time) error {
	if !at.IsZero() && !at.After(now) {
		return needs[NeedUntil].missing.In(field)
	}
	return checkNear(field, at, now)
}

// bounds says what is wrong with the length of texts and the times of what was
// said.
func (d Doing) bounds(now time.Time) error {
	all := []said{
		{"text", d.Text, MaxText},
		{"reason", d.Reason, MaxText},
		{"findings", d.Findings, MaxText},
		{"solution", d.Solution, MaxText},
		{"cause", d.Cause, maxCode},
		{"approval", d.Approval, maxCode},
		{"verification", d.Verification, maxCode},
		{"announcement", d.Announcement, maxCode},
	}
	if e := d.Escalation; e != nil && e.Confirmed != nil {
		all = append(all, said{"escalation.confirmed", e.Confirmed.Text, MaxText})
	}
	for _, w := range d.Waived {
		all = append(all, said{"waived.reason", w.Reason, MaxText})
	}
	if err := checkLengths(all...); err != nil {
		return err
	}
	if e := d.External; e != nil {
		if err := checkNear("external.due_at", e.DueAt, now); err != nil {
			return err
		}
	}
	if err := checkNear("until", d.Until, now); err != nil {
		return err
	}
	return checkNear("expected_at", d.ExpectedAt, now)
}

var (
	errAccused = fault.New(fault.Conflict, "case.accused", "the complaint is about this person; choose somebody else")
	errSame    = fault.New(fault.Conflict, "case.same_investigator", "choose somebody who has not investigated this complaint before")
	errItself  = fault.New(fault.Invalid, "case.itself", "a case cannot be tied to itself; choose another")
	errOver    = fault.New(fault.Conflict, "case.over", "this case is over; reopen it first")
	errUnknown = fault.New(fault.NotFound, "case.unknown", "there is no such case")
)

// takes are the fields that may come with an act besides those that it needs.
// What comes with another act is left out, so that nothing is set in passing.
var takes = map[Act][]Need{
	Accept:       {NeedAssignee, NeedLevel, NeedCategory},
	Review:       {NeedAssignee, NeedFindings},
	Answer:       {NeedSolution, NeedCause},
	Triage:       {NeedAssignee, NeedCategory},
	Dispatch:     {NeedAssignee, NeedExpected},
	StartRepair:  {NeedExpected},
	Propose:      {NeedCause},
	GiveFeedback: {NeedCause, needApproval, NeedWaysTold},
	FinishRemedy: {needApproval, NeedCause},
	AskThird:     {NeedExpected},
	Escalate:     {NeedAssignee},
	Reopen:       {NeedAssignee},
	Adopt:        {NeedExpected},
	Implement:    {NeedExpected, NeedAssignee},
	Close:        {NeedCause, NeedWaysTold},
}

// WantsApproval returns the outcome on which an act would rest, and whether it
// still wants somebody's agreement (R109).
func (c Case) WantsApproval(d Doing) (Outcome, bool) {
	m := c.Kind.Table()[c.State][d.Act]
	after, _ := c.take(d, m)
	return after.Outcome, slices.Contains(m.Rules, IfApproved) && after.unapproved()
}

func (c Case) unapproved() bool { return c.Outcome.NeedsApproval() && c.Approval == "" }

// needApproval is never needed as such: IfApproved asks for it where it is.
const needApproval Need = "approval"

// take returns the case with what was said, and which fields that changed.
func (c Case) take(d Doing, m Move) (Case, []Change) {
	var fields []Change
	for _, n := range append(slices.Clone(m.Needs), takes[d.Act]...) {
		switch n {
		case NeedAssignee:
			if !d.Team.IsZero() || !d.Agent.IsZero() {
				set(&fields, "team", &c.Team, first(d.Team, c.Team))
				c.Agent, c.AgentName = d.Agent, put(&fields, "agent", c.AgentName, d.AgentName)
			}
		case NeedInvestigator:
			c.Agent, c.AgentName = d.Agent, put(&fields, "agent", c.AgentName, d.AgentName)
		case NeedFindings:
			set(&fields, "findings", &c.Findings, d.Findings)
		case NeedSolution:
			set(&fields, "solution", &c.Solution, d.Solution)
		case NeedCause:
			set(&fields, "cause", &c.Cause, d.Cause)
		case NeedOutcome:
			set(&fields, "outcome", &c.Outcome, d.Outcome)
			c.Approval = "" // it was for what was proposed before
		case needApproval:
			set(&fields, "approval", &c.Approval, d.Approval)
		case NeedCategory:
			set(&fields, "category", &c.Category, d.Category)
		case NeedLevel:
			set(&fields, "level", &c.Level, d.Level)
			c.Special = specialOf(c.Level, d.Special, c.Special, d.By)
		case NeedExpected:
			set(&fields, "expected_at", &c.ExpectedAt, d.ExpectedAt)
		case NeedVerification:
			set(&fields, "verification", &c.Verification, d.Verification)
		case NeedAnnouncement:
			set(&fields, "announcement", &c.Announcement, d.Announcement)
		case NeedInto:
			set(&fields, "merged_into", &c.MergedInto, d.Into)
		case NeedWaysTold:
			c.WaysTold = c.WaysTold || d.WaysTold
		default: // what is only said: the history has it
		}
	}
	return c, fields
}

// set changes a field, unless nothing was said of it, and notes the change.
func set[T comparable](fields *[]Change, name string, at *T, to T) {
	var zero T
	if to != zero && to != *at {
		*at, _ = to, put(fields, name, text(*at), text(to))
	}
}

// put notes a change from one text to another, which it returns.
func put(fields *[]Change, name, old, to string) string {
	if old != to {
		*fields = append(*fields, Change{Field: name, Old: old, New: to})
	}
	return to
}

func text(v any) string {
	if t, ok := v.(time.Time); ok {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339)
	}
	return fmt.Sprint(v)
}

// move returns the case where a row of the table leads it.
func (c Case) move(m Move, now time.Time) Case {
	from := c.State
	switch {
	case m.To == stay:
		return c
	case m.To == back:
		c.State, c.Before = first(c.Before, c.Kind.First()), ""
	case !m.To.aside():
		c.State, c.Before = m.To, ""
	default:
		if c.State = m.To; !from.aside() {
			c.Before = from
		}
	}
	c.MovedAt = now
	switch {
	case !c.State.Over():
		c.ClosedAt = time.Time{}
	case !from.Over():
		c.ClosedAt, c.Escalation = now, nil
	}
	if at, _ := c.Kind.Stage(c.State); slices.Contains(c.Kind.Stages(), at) {
		c.Reached = c.State
	}
	return c
}

// effects are what single acts do besides moving the case.
var effects = map[Act]func(*Case, Doing, time.Time){
	Publish:     func(c *Case, _ Doing, _ time.Time) { c.Shown = true },
	Unpublish:   func(c *Case, _ Doing, _ time.Time) { c.Shown = false },
	Urge:        func(c *Case, _ Doing, now time.Time) { c.urge(now) },
	FollowUp:    func(c *Case, d Doing, _ time.Time) { c.FollowUpAt = d.Until },
	Snooze:      func(c *Case, d Doing, _ time.Time) { c.SnoozedUntil = d.Until },
	CoolOff:     func(c *Case, d Doing, _ time.Time) { c.CoolsOffAt = d.Until },
	Reject:      func(c *Case, _ Doing, _ time.Time) { c.Rejected++ },
	Reopen:      func(c *Case, _ Doing, _ time.Time) { c.Reopened++ },
	Restore:     func(c *Case, _ Doing, _ time.Time) { c.MergedInto = 0 },
	AskCustomer: func(c *Case, _ Doing, now time.Time) { c.Reminded, c.RemindedAt = 0, now },
	Remind:      func(c *Case, _ Doing, now time.Time) { c.Reminded, c.RemindedAt = c.Reminded+1, now },
	Investigate: func(c *Case, d Doing, _ time.Time) { c.Investigators = with(c.Investigators, d.Agent) },
	Reinvestigate: func(c *Case, d Doing, _ time.Time) {
		c.Investigators, c.Reinvestigated = with(c.Investigators, d.Agent), true
	},
	Deescalate: func(c *Case, _ Doing, _ time.Time) { c.Escalation = nil },
	Escalate: func(c *Case, d Doing, now time.Time) {
		e := *d.Escalation
		e.At, e.By, e.Reason = now, d.By.Name, d.Reason
		if e.Why == "" {
			e.Why = map[Who]Trigger{ByAgent: ByHand, ByCustomer: OnDemand}[d.By.Who]
		}
		if e.Confirmed != nil {
			e.Confirmed = &Confirmation{Text: e.Confirmed.Text, By: first(e.Confirmed.By, d.By.Name), At: first(e.Confirmed.At, now)}
		}
		c.Escalation, c.Escalated = &e, c.Escalated+1
	},
	GoExternal: func(c *Case, d Doing, now time.Time) {
		e := *d.External
		e.At = now
		c.External = with(c.External, e)
	},
}

// with returns a list with one more at its end; the list itself stays as it is.
func with[T any](list []T, one T) []T { return append(slices.Clip(list), one) }
