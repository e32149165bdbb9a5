package sla

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"yingda/internal/kit/fault"
)

// Metric is what a promise is about (domain reference §5.4).
type Metric string

// The metrics.
const (
	AnswerWait           Metric = "answer_wait"           // from entering the queue of calls to an agent's answer
	FirstResponse        Metric = "first_response"        // from the customer's first message to the first of an agent (§1.3.7)
	NextResponse         Metric = "next_response"         // the same for each later message
	FirstSolution        Metric = "first_solution"        // a first solution is offered
	Resolution           Metric = "resolution"            // solved
	ComplaintAcknowledge Metric = "complaint_acknowledge" // 受理
	ComplaintInvestigate Metric = "complaint_investigate" // 调查核实
	ComplaintFeedback    Metric = "complaint_feedback"    // 处理反馈
	SuggestionAccept     Metric = "suggestion_accept"     // 受理
	SuggestionEvaluate   Metric = "suggestion_evaluate"   // 评估分析
	SuggestionFeedback   Metric = "suggestion_feedback"   // 反馈结果
	CallbackDue          Metric = "callback_due"          // a callback that was agreed
	Verification         Metric = "verification"          // identity check, from first question to result
	SurveyWindow         Metric = "survey_window"         // the survey after service
	RescueArrival        Metric = "rescue_arrival"        // rescue on the spot
	PrivacyRequest       Metric = "privacy_request"       // request about personal data
)

// Kinds of subject beside the kinds of case.
const (
	KindConversation = "conversation"
	KindCall         = "call"
)

// shape is what is fixed about a metric.
type shape struct {
	metric Metric
	name   Text

	// kinds are the subjects whose receipt starts its clock; none: it starts
	// with something that happens later, and is asked for by name.
	kinds []string

	before   Metric // the stage before, for the anchor previous_stage
	response bool   // never pauses (§1.3.5)
	atOnce   bool   // a limit of 0 makes sense
}

var worked = []string{"consultation", "fault", "account", "order", "feedback"}

var cases = append([]string{"complaint", "suggestion", "privacy"}, worked...)

// shapes are all metrics, in the order in which people read them.
var shapes = []shape{
	{metric: AnswerWait, name: Text{Zh: "电话接听", En: "phone answer"}, kinds: []string{KindCall}, response: true},
	{metric: FirstResponse, name: Text{Zh: "首次响应", En: "first response"}, kinds: append([]string{KindConversation}, cases...), response: true},
	{metric: NextResponse, name: Text{Zh: "后续响应", En: "next response"}, response: true},
	{metric: FirstSolution, name: Text{Zh: "初步方案", En: "first solution"}, kinds: worked},
	{metric: Resolution, name: Text{Zh: "解决", En: "resolution"}, kinds: worked},
	{metric: ComplaintAcknowledge, name: Text{Zh: "投诉受理", En: "complaint accepted"}, kinds: []string{"complaint"}, response: true},
	{metric: ComplaintInvestigate, name: Text{Zh: "投诉调查核实", En: "complaint investigated"}, kinds: []string{"complaint"}, before: ComplaintAcknowledge},
	{metric: ComplaintFeedback, name: Text{Zh: "投诉处理反馈", En: "complaint result"}, kinds: []string{"complaint"}, before: ComplaintInvestigate},
	{metric: SuggestionAccept, name: Text{Zh: "建议受理", En: "suggestion accepted"}, kinds: []string{"suggestion"}, response: true},
	{metric: SuggestionEvaluate, name: Text{Zh: "建议评估", En: "suggestion evaluated"}, kinds: []string{"suggestion"}, before: SuggestionAccept},
	{metric: SuggestionFeedback, name: Text{Zh: "建议反馈", En: "suggestion answered"}, kinds: []string{"suggestion"}, before: SuggestionEvaluate},
	{metric: CallbackDue, name: Text{Zh: "回呼", En: "callback"}, response: true},
	{metric: Verification, name: Text{Zh: "身份验证", En: "identity verification"}, response: true},
	{metric: SurveyWindow, name: Text{Zh: "满意度回访", En: "survey"}, atOnce: true},
	{metric: RescueArrival, name: Text{Zh: "救援到达", En: "rescue arrival"}, response: true},
	{metric: PrivacyRequest, name: Text{Zh: "个人信息请求", En: "privacy request"}, kinds: []string{"privacy"}},
}

// Metrics returns all metrics, in the order in which people read them.
func Metrics() []Metric {
	all := make([]Metric, len(shapes))
	for i, s := range shapes {
		all[i] = s.metric
	}
	return all
}

func (m Metric) shape() (shape, bool) {
	for _, s := range shapes {
		if s.metric == m {
			return s, true
		}
	}
	return shape{}, false
}

// Known reports whether m is a metric.
func (m Metric) Known() bool {
	_, ok := m.shape()
	return ok
}

// Name returns what people call the metric.
func (m Metric) Name() Text {
	s, _ := m.shape()
	return s.name
}

// Response reports whether the metric is about answering: its clock never
// pauses (domain reference §1.3.5).
func (m Metric) Response() bool {
	s, _ := m.shape()
	return s.response
}

// Stage reports whether the metric has a stage before it, from whose end it can
// be counted.
func (m Metric) Stage() bool {
	s, _ := m.shape()
	return s.before != ""
}

// StartsWith reports whether the clock of the metric starts with the receipt of
// a subject of a kind.
func (m Metric) StartsWith(kind string) bool {
	s, _ := m.shape()
	return slices.Contains(s.kinds, kind)
}

// Unit is what a term is counted in.
type Unit string

// The units. Seconds, minutes and hours are clock time, day and night; the
// others count on the calendar.
const (
	Second         Unit = "sec"
	Minute         Unit = "min"
	Hour           Unit = "hour"
	BusinessMinute Unit = "business_min"
	BusinessHour   Unit = "business_hour"
	WorkingDay     Unit = "working_day"
)

// unitNames are written after a number; the English has one and many.
var unitNames = map[Unit]struct{ zh, one, many string }{
	Second:         {"秒", "second", "seconds"},
	Minute:         {"分钟", "minute", "minutes"},
	Hour:           {"小时", "hour", "hours"},
	BusinessMinute: {"个工作分钟", "business minute", "business minutes"},
	BusinessHour:   {"个工作小时", "business hour", "business hours"},
	WorkingDay:     {"个工作日", "working day", "working days"},
}

// longest is the longest term of each unit: ten years.
var longest = map[Unit]int{
	Second: 315_360_000, Minute: 5_256_000, Hour: 87_600,
	BusinessMinute: 2_000_000, BusinessHour: 33_000, WorkingDay: 3_660,
}

// Business reports whether the unit counts on a calendar.
func (u Unit) Business() bool { return u == BusinessMinute || u == BusinessHour || u == WorkingDay }

// Anchor is from when a stage is counted.
type Anchor string

// The anchors. Submission is the default: the whole case keeps the terms, which
// is how a customer reads them (domain reference §1.3.3).
const (
	Submission    Anchor = "submission"
	PreviousStage Anchor = "previous_stage"
)

// Target is a promise for one metric. Where a range is promised, "3–5 working
// days", Target is its first number and Limit its second.
type Target struct {
	Metric      Metric   `json:"metric"`
	Target      *int     `json:"target,omitempty"` // nil: a single term
	Limit       int      `json:"limit"`
	Unit        Unit     `json:"unit"`
	Calendar    string   `json:"calendar"`               // code; business units count on it
	PauseStates []string `json:"pause_states,omitempty"` // states of the case in which the clock stands still
	Anchor      Anchor   `json:"anchor,omitempty"`       // empty is submission
	CountsBot   bool     `json:"counts_bot,omitempty"`   // an answer of the assistant keeps it (§1.3.7)
	WarnAt      []int    `json:"warn_at,omitempty"`      // percent of the term; empty is 80 and 100
}

// warnings are the percents at which the clock warns.
func (t Target) warnings() []int {
	if len(t.WarnAt) == 0 {
		return []int{80, 100}
	}
	return t.WarnAt
}

// Term writes the promise for people: "7–10 个工作日", "30 seconds".
func (t Target) Term(language string) string {
	n := strconv.Itoa(t.Limit)
	if t.Target != nil {
		n = strconv.Itoa(*t.Target) + "–" + n
	}
	u := unitNames[t.Unit]
	switch {
	case t.Limit == 0 && language == "zh":
		return "立即"
	case t.Limit == 0:
		return "at once"
	case language == "zh":
		return n + " " + u.zh
	case n == "1":
		return n + " " + u.one
	}
	return n + " " + u.many
}

// Check says what is wrong with the target.
func (t Target) Check() error {
	if err := t.check(); err != nil {
		return err
	}
	return nil
}

func (t Target) check() *fault.Error {
	s, known := t.Metric.shape()
	if !known {
		return fault.New(fault.Invalid, "target.metric", "%q is not a metric", string(t.Metric)).In("target.metric")
	}
	most, known := longest[t.Unit]
	if !known {
		return fault.New(fault.Invalid, "target.unit", "%q is not a unit; use sec, min, hour, business_min, business_hour or working_day", string(t.Unit)).In("target.unit")
	}
	least := 1
	if s.atOnce {
		least = 0
	}
	if t.Limit < least || t.Limit > most {
		return fault.New(fault.Invalid, "target.limit", "the limit of %s is between %d and %d %s", string(t.Metric), least, most, string(t.Unit)).In("target.limit")
	}
	if t.Target != nil && (*t.Target < 1 || *t.Target >= t.Limit) {
		return fault.New(fault.Invalid, "target.target", "the target of %s is at least 1 and less than its limit, %d; leave it out where one term is promised", string(t.Metric), t.Limit).In("target.target")
	}
	if s.response && len(t.PauseStates) > 0 {
		return fault.New(fault.Invalid, "target.pause", "the clock of %s never pauses; leave out the states", string(t.Metric)).In("target.pause_states")
	}
	if t.Anchor != "" && t.Anchor != Submission && (t.Anchor != PreviousStage || s.before == "") {
		return fault.New(fault.Invalid, "target.anchor", "%s counts from submission, or from the previous_stage where it has one; %q is not possible", string(t.Metric), string(t.Anchor)).In("target.anchor")
	}
	for i, p := range t.WarnAt {
		if p < 1 || p > 300 || i > 0 && p <= t.WarnAt[i-1] {
			return fault.New(fault.Invalid, "target.warn", "warnings are percents from 1 to %d of the term, rising", 300).In("target.warn_at")
		}
	}
	return nil
}

// Subject is what a promise is for. What is not known stays empty.
type Subject struct {
	Kind     string   // of the case, or KindConversation or KindCall
	Category []string // codes from the root of the tree to the leaf
	Level    string   // simple, general, complex or special
	Channel  string   // "webchat", "email", "phone"
	Tier     string   // of the customer
	Brand    string

	// Ended are the stages that are over, for the anchor previous_stage.
	Ended map[Metric]time.Time
}

// Match says which subjects a policy is for. What is empty fits all.
type Match struct {
	Kind     string `json:"kind,omitempty"`
	Category string `json:"category,omitempty"` // it, or what stands under it
	Level    string `json:"level,omitempty"`
	Channel  string `json:"channel,omitempty"`
	Tier     string `json:"tier,omitempty"`
	Brand    string `json:"brand,omitempty"`
}

// Fits reports whether a policy is for a subject.
func (m Match) Fits(s Subject) bool {
	fits := func(want, is string) bool { return want == "" || want == is }
	return fits(m.Kind, s.Kind) && fits(m.Level, s.Level) && fits(m.Channel, s.Channel) &&
		fits(m.Tier, s.Tier) && fits(m.Brand, s.Brand) &&
		(m.Category == "" || slices.Contains(s.Category, m.Category))
}

// Levels of a case (R092–R095).
const (
	Simple  = "simple"
	General = "general"
	Complex = "complex"
	Special = "special" // a supervisor sets the term, see Agreed
)

// Levels returns the levels, easiest first.
func Levels() []string { return []string{Simple, General, Complex, Special} }

// Policy is what is promised to some. For each metric the policy of the lowest
// order that fits and has it counts.
type Policy struct {
	Order   int      `json:"order"`
	Match   Match    `json:"match"`
	Targets []Target `json:"targets"`
}

// Target returns the policy's target for a metric.
func (p Policy) Target(m Metric) (Target, bool) {
	i := slices.IndexFunc(p.Targets, func(t Target) bool { return t.Metric == m })
	if i < 0 {
		return Target{}, false
	}
	return p.Targets[i], true
}

// Preset is a whole set of promises under a name (服务等级方案). A company keeps
// a copy of its own and edits it.
type Preset struct {
	Code      string     `json:"code"` // "standard_000"
	Name      Text       `json:"name"`
	Note      Text       `json:"note"`
	Version   int64      `json:"version"` // rises with each edit; due times keep theirs
	Policies  []Policy   `json:"policies"`
	Calendars []Calendar `json:"calendars"`
}

// Calendar returns one of the preset's calendars.
func (p Preset) Calendar(code string) (Calendar, bool) {
	i := slices.IndexFunc(p.Calendars, func(c Calendar) bool { return c.Code == code })
	if i < 0 {
		return Calendar{}, false
	}
	return p.Calendars[i], true
}

// Promised returns the metrics for which the preset has a term, in the order of
// Metrics.
func (p Preset) Promised() []Metric {
	return slices.DeleteFunc(Metrics(), func(m Metric) bool {
		return !slices.ContainsFunc(p.Policies, func(p Policy) bool { _, ok := p.Target(m); return ok })
	})
}

// Check says what is wrong with the preset: its calendars, its targets, an
// order twice, a metric twice in one policy, a calendar that it does not have.
// The field of the fault says where, such as preset.policies.2.targets.0.limit.
func (p Preset) Check() error {
	if !code.MatchString(p.Code) {
		return fault.New(fault.Invalid, "preset.code", "%q cannot name a preset; use up to 40 small letters, digits and _, a letter first", p.Code).In("preset.code")
	}
	if p.Name.Zh == "" && p.Name.En == "" {
		return fault.New(fault.Invalid, "preset.name", "give the preset %s a name", p.Code).In("preset.name")
	}
	calendars := map[string]bool{}
	for _, c := range p.Calendars {
		if err := c.Check(); err != nil {
			return err
		}
		if calendars[c.Code] {
			return fault.New(fault.Invalid, "preset.calendar_twice", "the calendar %s stands twice in the preset %s", c.Code, p.Code).In("preset.calendars")
		}
		calendars[c.Code] = true
	}
	orders := map[int]bool{}
	for i, policy := range p.Policies {
		place := fmt.Sprintf("preset.policies.%d", i)
		if orders[policy.Order] {
			return fault.New(fault.Invalid, "preset.order", "two policies have the order %d; which one is first?", policy.Order).In(place + ".order")
		}
		orders[policy.Order] = true
		if err := policy.check(calendars, place); err != nil {
			return err
		}
	}
	return nil
}

// check says what is wrong with a policy that stands in a place of the preset.
func (p Policy) check(calendars map[string]bool, place string) error {
	if p.Match.Level != "" && !slices.Contains(Levels(), p.Match.Level) {
		return fault.New(fault.Invalid, "policy.level", "%q is not a level; use simple, general, complex or special", p.Match.Level).In(place + ".match.level")
	}
	metrics := map[Metric]bool{}
	for i, t := range p.Targets {
		here := fmt.Sprintf("%s.targets.%d", place, i)
		if err := t.check(); err != nil {
			return err.In(here + strings.TrimPrefix(err.Field, "target"))
		}
		if metrics[t.Metric] {
			return fault.New(fault.Invalid, "policy.twice", "policy %d has two targets for %s; keep one", p.Order, string(t.Metric)).In(here + ".metric")
		}
		metrics[t.Metric] = true
		if !calendars[t.Calendar] {
			return fault.New(fault.Invalid, "policy.calendar", "policy %d counts %s on the calendar %q, which the preset does not have", p.Order, string(t.Metric), t.Calendar).In(here + ".calendar")
		}
	}
	return nil
}
