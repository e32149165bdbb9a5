// Package automation is rules that people write for the program (自动化): when
// this happens and that is so, do those. It only evaluates; whoever asks does
// what is decided.
package automation

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

type (
	// ID names a rule.
	ID = id.ID[noun]
	// MacroID names a macro.
	MacroID = id.ID[macroNoun]
)

type (
	noun      struct{}
	macroNoun struct{}
)

func (noun) Prefix() string      { return "rl" }
func (macroNoun) Prefix() string { return "mc" }

// NewID returns the id of a rule made at a time.
func NewID(at time.Time) ID { return id.New[noun](at) }

// NewMacroID returns the id of a macro made at a time.
func NewMacroID(at time.Time) MacroID { return id.New[macroNoun](at) }

// Subject is what a rule is about.
type Subject string

// The subjects.
const (
	Case         Subject = "case"
	Conversation Subject = "conversation"
)

// Event is what sets rules off.
type Event string

// The events.
const (
	CaseOpened         Event = "case.opened"
	CaseChanged        Event = "case.changed" // a field of it, by anybody
	CaseStage          Event = "case.stage"   // it reached another stage
	CaseUrged          Event = "case.urged"   // 催单
	CaseEvidence       Event = "case.evidence"
	ClockWarning       Event = "clock.warning" // a share of the time has passed
	ClockTarget        Event = "clock.target"  // amber: the target has passed
	ClockBreached      Event = "clock.breached"
	ConversationQueued Event = "conversation.queued"
	ConversationClosed Event = "conversation.closed"
	MessageReceived    Event = "message.received"
	Time               Event = "time" // every so often, or at a time of day
)

// Events lists all of them, in the order in which a person reads them.
func Events() []Event {
	return []Event{
		CaseOpened, CaseChanged, CaseStage, CaseUrged, CaseEvidence, ClockWarning, ClockTarget, ClockBreached,
		ConversationQueued, ConversationClosed, MessageReceived, Time,
	}
}

// subjects says what each event is about. Time is about what its trigger says.
var subjects = map[Event]Subject{
	CaseOpened: Case, CaseChanged: Case, CaseStage: Case, CaseUrged: Case, CaseEvidence: Case,
	ClockWarning: Case, ClockTarget: Case, ClockBreached: Case,
	ConversationQueued: Conversation, ConversationClosed: Conversation, MessageReceived: Conversation,
}

// Trigger is one event that sets a rule off. Only those of time say how often,
// or when, and for what.
type Trigger struct {
	Event   Event   `json:"event"`
	Every   int     `json:"every,omitzero"`   // minutes, from 5 to a day's 1440
	At      string  `json:"at,omitzero"`      // a time of day: 09:00
	Subject Subject `json:"subject,omitzero"` // which open things are looked at
}

// About returns the subject of the trigger.
func (t Trigger) About() Subject {
	if t.Event == Time {
		return t.Subject
	}
	return subjects[t.Event]
}

// Next returns the first moment after a time at which a trigger of time is
// due: at the time of day in the zone, or at a whole multiple of its minutes
// counted from midnight there. Triggers of events return the zero time.
func (t Trigger) Next(after time.Time, zone *time.Location) time.Time {
	if t.Event != Time {
		return time.Time{}
	}
	local := after.In(zone)
	midnight := func(days int) time.Time {
		return time.Date(local.Year(), local.Month(), local.Day()+days, 0, 0, 0, 0, zone)
	}
	if t.At != "" {
		of, err := time.Parse(timeOfDay, t.At)
		if err != nil {
			return time.Time{}
		}
		for days := 0; ; days++ {
			day := midnight(days)
			if due := time.Date(day.Year(), day.Month(), day.Day(), of.Hour(), of.Minute(), 0, 0, zone); due.After(after) {
				return due
			}
		}
	}
	if t.Every <= 0 {
		return time.Time{}
	}
	step := time.Duration(t.Every) * time.Minute
	due := midnight(0).Add(after.Sub(midnight(0)).Truncate(step) + step)
	if tomorrow := midnight(1); due.After(tomorrow) {
		return tomorrow
	}
	return due
}

const timeOfDay = "15:04"

// Rule is one automation: the triggers of which any sets it off, what must be
// so, and what is done then.
type Rule struct {
	ID        ID        `json:"id"`
	Name      string    `json:"name"`
	Enabled   bool      `json:"enabled"`
	On        []Trigger `json:"on"`
	When      When      `json:"when"`
	Then      []Action  `json:"then"`
	StopAfter bool      `json:"stop_after"` // rules behind it are not asked when it fires
	Order     int       `json:"order"`      // rules are asked from low to high
	Version   int64     `json:"version"`
}

// When is a condition, or a group of them of which all or any must be so.
// Groups hold groups. One that says nothing is always so.
type When struct {
	All   []When `json:"all,omitempty"`
	Any   []When `json:"any,omitempty"`
	Field string `json:"field,omitzero"`
	Op    Op     `json:"op,omitzero"`
	Value Value  `json:"value,omitzero"` // as the operator wants it
}

// Bounds of a rule.
const (
	MaxDepth      = 5   // groups within groups
	MaxConditions = 100 // in one rule
	MaxActions    = 20
	MaxTriggers   = 10
	maxName       = 80
	maxList       = 100
)

// About returns the subjects of the rule's triggers, each once.
func (r Rule) About() []Subject {
	var about []Subject
	for _, t := range r.On {
		if s := t.About(); !slices.Contains(about, s) {
			about = append(about, s)
		}
	}
	return about
}

// Check returns the rule as it is kept, or the first thing that is wrong with
// it, in the field where it stands: when.all.0.op, then.2.value.
func (r Rule) Check(known Catalogue) (Rule, error) {
	r.Name = strings.TrimSpace(r.Name)
	if r.Name == "" || utf8.RuneCountInString(r.Name) > maxName {
		return r, fault.New(fault.Invalid, "automation.name", "a name has 1 to %d characters", maxName).In("name")
	}
	if err := checkTriggers(r.On); err != nil {
		return r, err
	}
	if n := r.When.count(); n > MaxConditions {
		return r, fault.New(fault.Invalid, "automation.many", "a rule has at most %d conditions, this one has %d", MaxConditions, n).In("when")
	}
	if err := r.When.check(known, r.About(), "when", 0); err != nil {
		return r, err
	}
	return r, checkActions(r.Then, r.About(), "then", 1)
}

func checkTriggers(on []Trigger) error {
	if len(on) == 0 || len(on) > MaxTriggers {
		return fault.New(fault.Invalid, "automation.triggers", "a rule has 1 to %d triggers", MaxTriggers).In("on")
	}
	for i, t := range on {
		if err := t.check(fmt.Sprintf("on.%d", i)); err != nil {
			return err
		}
	}
	return nil
}

func (t Trigger) check(at string) error {
	if t.Event != Time {
		switch {
		case subjects[t.Event] == "":
			return fault.New(fault.Invalid, "automation.event", "there is no event %q", string(t.Event)).In(at + ".event")
		case t.Every != 0 || t.At != "" || t.Subject != "":
			return fault.New(fault.Invalid, "automation.event_time", "only a trigger of time says how often, when and for what").In(at)
		}
		return nil
	}
	switch {
	case t.Subject != Case && t.Subject != Conversation:
		return fault.New(fault.Invalid, "automation.subject", "say whether cases or conversations are looked at").In(at + ".subject")
	case (t.Every == 0) == (t.At == ""):
		return fault.New(fault.Invalid, "automation.time", "say how often, or at which time of day, but not both").In(at)
	case t.At == "" && (t.Every < 5 || t.Every > 24*60):
		return fault.New(fault.Invalid, "automation.every", "the minutes are between 5 and 1440").In(at + ".every")
	case t.At != "" && !isTimeOfDay(t.At):
		return fault.New(fault.Invalid, "automation.at", "write a time of day as 09:00").In(at + ".at")
	}
	return nil
}

func isTimeOfDay(s string) bool {
	_, err := time.Parse(timeOfDay, s)
	return err == nil && len(s) == len(timeOfDay)
}

// count returns how many conditions and groups there are.
func (w When) count() int {
	n := 1
	for _, part := range slices.Concat(w.All, w.Any) {
		n += part.count()
	}
	return n
}

func (w When) isEmpty() bool {
	return len(w.All)+len(w.Any) == 0 && w.Field == "" && w.Op == "" && w.Value.IsZero()
}

func (w When) isGroup() bool { return w.All != nil || w.Any != nil }

func (w When) check(known Catalogue, about []Subject, at string, depth int) error {
	switch {
	case depth == 0 && w.isEmpty():
		return nil
	case depth > MaxDepth:
		return fault.New(fault.Invalid, "automation.deep", "groups stand in groups at most %d deep", MaxDepth).In(at)
	case !w.isGroup():
		return w.checkLeaf(known, about, at)
	case len(w.All) > 0 && len(w.Any) > 0, w.Field != "" || w.Op != "" || !w.Value.IsZero():
		return fault.New(fault.Invalid, "automation.mixed", "a group is of all or of any, and a condition stands by itself").In(at)
	case len(w.All)+len(w.Any) == 0:
		return fault.New(fault.Invalid, "automation.empty_group", "this group is empty; add a condition or remove it").In(at)
	}
	name, parts := "all", w.All
	if len(w.Any) > 0 {
		name, parts = "any", w.Any
	}
	for i, part := range parts {
		if err := part.check(known, about, fmt.Sprintf("%s.%s.%d", at, name, i), depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w When) checkLeaf(known Catalogue, about []Subject, at string) error {
	f, ok := known[w.Field]
	if !ok {
		return fault.New(fault.Invalid, "automation.field", "there is no field %q", w.Field).In(at + ".field")
	}
	for _, s := range about {
		if !slices.Contains(f.Subjects, s) {
			return fault.New(fault.Invalid, "automation.field_subject", "the field %q is not there for every trigger of the rule", w.Field).In(at + ".field")
		}
	}
	op, ok := operators[w.Op]
	switch {
	case !ok:
		return fault.New(fault.Invalid, "automation.op", "there is no operator %q", string(w.Op)).In(at + ".op")
	case !slices.Contains(op.types, f.Type):
		return fault.New(fault.Invalid, "automation.op_type", "the operator %s does not go with the field %q", string(w.Op), w.Field).In(at + ".op")
	case !op.want.fits(w.Value, f.Type):
		return wrongValue(op.want, f.Type).In(at + ".value")
	case !f.offers(op.want, w.Value):
		return fault.New(fault.Invalid, "automation.choice", "the field %q has no such choice", w.Field).In(at + ".value")
	}
	return nil
}

// wrongValue says what a value should have been.
func wrongValue(s shape, t Type) *fault.Error {
	switch s {
	case noValue:
		return fault.New(fault.Invalid, "automation.value_none", "this operator takes no value")
	case oneDuration:
		return fault.New(fault.Invalid, "automation.value_duration", "write a length of time as 30m, 2h or 3d")
	case oneMoment:
		return fault.New(fault.Invalid, "automation.value_moment", "write a day as 2026-11-22, a moment as 2026-11-22T09:00:00+08:00, or a length from now as -2h or +1d")
	case someValues, someWords:
		return fault.New(fault.Invalid, "automation.value_list", "give a list of 1 to %d values that go with the field", maxList)
	case twoValues:
		return fault.New(fault.Invalid, "automation.value_pair", "give two values, the smaller one first")
	default:
		return fault.New(fault.Invalid, "automation.value", "give a value of the type %s", string(t))
	}
}

// Macro is actions that an agent applies with one click (宏), with a text for
// the customer.
type Macro struct {
	ID       MacroID      `json:"id"`
	Name     string       `json:"name"`
	Shortcut string       `json:"shortcut,omitzero"` // typed after a slash
	Team     agent.TeamID `json:"team_id,omitzero"`  // whose it is; everybody's when empty
	Subject  Subject      `json:"subject"`
	Text     string       `json:"text,omitzero"` // put into the composer, with its variables filled in
	Actions  []Action     `json:"actions"`
	Version  int64        `json:"version"`
}

// Check returns the macro as it is kept, or what is wrong with it.
func (m Macro) Check() (Macro, error) {
	m.Name, m.Shortcut, m.Text = strings.TrimSpace(m.Name), strings.TrimPrefix(strings.TrimSpace(m.Shortcut), "/"), strings.TrimSpace(m.Text)
	switch {
	case m.Name == "" || utf8.RuneCountInString(m.Name) > maxName:
		return m, fault.New(fault.Invalid, "automation.name", "a name has 1 to %d characters", maxName).In("name")
	case m.Shortcut != "" && !shortcuts.MatchString(m.Shortcut):
		return m, fault.New(fault.Invalid, "canned.shortcut", "a shortcut has 1 to %d letters or digits, without spaces", 32).In("shortcut")
	case m.Subject != Case && m.Subject != Conversation:
		return m, fault.New(fault.Invalid, "macro.subject", "say whether the macro is for cases or for conversations").In("subject")
	}
	if err := CheckTemplate(m.Text, []Subject{m.Subject}, "text"); err != nil {
		return m, err
	}
	least := 1
	if m.Text != "" {
		least = 0
	}
	return m, checkActions(m.Actions, []Subject{m.Subject}, "actions", least)
}
