package automation

import (
	"cmp"
	"slices"
	"time"

	"yingda/internal/domain/phrase"
)

// Happening is what sets rules off: an event, and for one of time the rule
// whose time has come.
type Happening struct {
	Event Event `json:"event"`
	Rule  ID    `json:"rule_id,omitzero"`
}

// Decision is which rules fire and which do not, each with why. Rules of other
// events are in neither list.
type Decision struct {
	Fired   []Fired   `json:"fired"`
	Skipped []Skipped `json:"skipped"`
}

// Fired is a rule that applies, with what is to be done.
type Fired struct {
	Rule    ID       `json:"rule_id"`
	Name    string   `json:"name"`
	Actions []Action `json:"actions"`
	Why     Verdict  `json:"why"`
}

// Skipped is a rule that does not apply.
type Skipped struct {
	Rule ID            `json:"rule_id"`
	Name string        `json:"name"`
	Why  phrase.Reason `json:"why"`
	Tree *Verdict      `json:"tree,omitempty"` // when its conditions were asked
}

// Verdict is a condition or a group with what was found: the tree of a rule,
// answered. All of it is asked, also what no longer matters, so that a person
// sees everything.
type Verdict struct {
	All   []Verdict `json:"all,omitempty"`
	Any   []Verdict `json:"any,omitempty"`
	Field string    `json:"field,omitzero"`
	Op    Op        `json:"op,omitzero"`
	Want  Value     `json:"want,omitzero"`
	Was   Value     `json:"was,omitzero"` // before, for the operators of change
	Is    Value     `json:"is,omitzero"`
	So    bool      `json:"so"`
}

// Evaluate decides which rules fire on a happening, in the order of the rules:
// by Order, then by age. before is what the fields held earlier; empty for
// something new. All rules see the same facts, whatever those before them do.
// Conditions on time reckon from now, and its zone says when a day begins.
func Evaluate(rules []Rule, h Happening, before, after Facts, now time.Time) Decision {
	d := Decision{Fired: []Fired{}, Skipped: []Skipped{}}
	var stopper string
	for _, r := range inOrder(rules) {
		if !r.hears(h) {
			continue
		}
		skip := Skipped{Rule: r.ID, Name: r.Name}
		switch {
		case !r.Enabled:
			skip.Why = phrase.Because("why.rule.off", "the rule is switched off")
		case stopper != "":
			skip.Why = phrase.Because("why.rule.stopped", "the rule %s applied and stops those behind it", stopper)
		default:
			why := r.When.ask(before, after, now)
			if why.So {
				d.Fired = append(d.Fired, Fired{Rule: r.ID, Name: r.Name, Actions: slices.Clone(r.Then), Why: why})
				if r.StopAfter {
					stopper = r.Name
				}
				continue
			}
			skip.Why, skip.Tree = phrase.Because("why.rule.unmet", "its conditions are not met"), &why
		}
		d.Skipped = append(d.Skipped, skip)
	}
	return d
}

func inOrder(rules []Rule) []Rule {
	rules = slices.Clone(rules)
	slices.SortStableFunc(rules, func(a, b Rule) int { return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID)) })
	return rules
}

// hears reports whether the happening sets the rule off.
func (r Rule) hears(h Happening) bool {
	if h.Event == Time && h.Rule != r.ID {
		return false
	}
	return slices.ContainsFunc(r.On, func(t Trigger) bool { return t.Event == h.Event })
}

func (w When) ask(before, after Facts, now time.Time) Verdict {
	switch {
	case w.isEmpty():
		return Verdict{So: true}
	case len(w.All) > 0:
		v := Verdict{All: askEach(w.All, before, after, now)}
		v.So = !slices.ContainsFunc(v.All, func(p Verdict) bool { return !p.So })
		return v
	case len(w.Any) > 0:
		v := Verdict{Any: askEach(w.Any, before, after, now)}
		v.So = slices.ContainsFunc(v.Any, func(p Verdict) bool { return p.So })
		return v
	}
	a := asked{was: before[w.Field], is: after[w.Field], want: w.Value, now: now}
	v := Verdict{Field: w.Field, Op: w.Op, Want: w.Value, Is: a.is}
	if slices.Contains([]Op{Changed, ChangedFrom, ChangedTo}, w.Op) {
		v.Was = a.was
	}
	if op, ok := operators[w.Op]; ok {
		v.So = op.holds(a)
	}
	return v
}

func askEach(parts []When, before, after Facts, now time.Time) []Verdict {
	vs := make([]Verdict, len(parts))
	for i, p := range parts {
		vs[i] = p.ask(before, after, now)
	}
	return vs
}

// Past is something that happened, as a dry run looks at it.
type Past struct {
	At      time.Time `json:"at"`
	Subject string    `json:"subject"` // the number or id of the case or conversation
	Event   Event     `json:"event"`
	Before  Facts     `json:"before"`
	After   Facts     `json:"after"`
}

// Report is what a rule would have done.
type Report struct {
	Looked   int       `json:"looked"`   // happenings of the rule's events
	Matched  int       `json:"matched"`  // of those, on how many it would have fired
	Subjects int       `json:"subjects"` // on how many different cases or conversations
	Examples []Example `json:"examples"` // the newest, at most MaxExamples
}

// Example is one time at which a rule would have fired.
type Example struct {
	At      time.Time `json:"at"`
	Subject string    `json:"subject"`
	Event   Event     `json:"event"`
	Actions []Action  `json:"actions"`
	Why     Verdict   `json:"why"`
}

// MaxExamples is how many examples a dry run shows.
const MaxExamples = 20

// DryRun asks one rule of what has happened, as if it had been switched on,
// and does nothing. Each happening is judged as of its own time.
func DryRun(rule Rule, history []Past) Report {
	rule.Enabled = true
	r := Report{Examples: []Example{}}
	seen := map[string]bool{}
	for _, p := range history {
		h := Happening{Event: p.Event}
		if p.Event == Time {
			h.Rule = rule.ID
		}
		if !rule.hears(h) {
			continue
		}
		r.Looked++
		d := Evaluate([]Rule{rule}, h, p.Before, p.After, p.At)
		if len(d.Fired) == 0 {
			continue
		}
		r.Matched++
		seen[p.Subject] = true
		r.Examples = append(r.Examples, Example{At: p.At, Subject: p.Subject, Event: p.Event, Actions: d.Fired[0].Actions, Why: d.Fired[0].Why})
	}
	r.Subjects = len(seen)
	slices.SortStableFunc(r.Examples, func(a, b Example) int { return b.At.Compare(a.At) })
	r.Examples = r.Examples[:min(len(r.Examples), MaxExamples)]
	return r
}
