package sla

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Change is one difference between two presets, for the preview of a switch.
type Change struct {
	Match    Match   `json:"match"`
	Metric   Metric  `json:"metric,omitempty"`
	Calendar string  `json:"calendar,omitempty"` // instead of a metric: a calendar that differs
	Name     Text    `json:"name"`               // of the metric or the calendar
	Old      *Target `json:"old"`                // nil: it was not promised
	New      *Target `json:"new"`                // nil: it is no longer promised
}

// In returns the change as a sentence, in Chinese or in English.
func (c Change) In(language string) string {
	name := c.Name.In(language)
	if m := c.Match.words(); m != "" && c.Metric != "" {
		name = fmt.Sprintf("%s (%s)", name, m)
	}
	zh := language == "zh"
	term := func(t *Target) string {
		switch {
		case t != nil:
			return t.Term(language)
		case zh:
			return "无承诺"
		}
		return "no promise"
	}
	switch {
	case c.Calendar != "" && zh:
		return "日历“" + name + "”有变化"
	case c.Calendar != "":
		return "the calendar “" + name + "” changes"
	case term(c.Old) == term(c.New) && zh:
		return name + "：" + term(c.New) + "，计算方式有变化"
	case term(c.Old) == term(c.New):
		return name + ": " + term(c.New) + ", counted in another way"
	case zh:
		return name + "：" + term(c.Old) + " → " + term(c.New)
	}
	return name + ": " + term(c.Old) + " → " + term(c.New)
}

// words name what a match asks for, by its codes.
func (m Match) words() string {
	all := []string{m.Kind, m.Category, m.Level, m.Channel, m.Tier, m.Brand}
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), ", ")
}

// promise is a target with whom it is for.
type promise struct {
	match  Match
	metric Metric
}

// Diff returns what changes when one preset takes the place of another: terms
// first, in the order of Metrics, then calendars.
func Diff(before, after Preset) []Change {
	changes := []Change{}
	was, is := before.promises(), after.promises()
	for _, m := range Metrics() {
		for _, k := range append(keys(before, m), keys(after, m)...) {
			c := Change{Match: k.match, Metric: m, Name: m.Name(), Old: was[k], New: is[k]}
			seen := slices.ContainsFunc(changes, func(d Change) bool { return d.Metric == m && d.Match == k.match })
			if !seen && !same(c.Old, c.New) {
				changes = append(changes, c)
			}
		}
	}
	return append(changes, diffCalendars(before, after)...)
}

func diffCalendars(before, after Preset) []Change {
	var changes []Change
	for _, c := range after.Calendars {
		if old, ok := before.Calendar(c.Code); !ok || !reflect.DeepEqual(old.plain(), c.plain()) {
			changes = append(changes, Change{Calendar: c.Code, Name: c.Name})
		}
	}
	for _, c := range before.Calendars {
		if _, ok := after.Calendar(c.Code); !ok {
			changes = append(changes, Change{Calendar: c.Code, Name: c.Name})
		}
	}
	return changes
}

// plain is the calendar so that what means the same is equal: nil and empty.
func (c Calendar) plain() Calendar {
	for d := range c.Week {
		if len(c.Week[d]) == 0 || c.Always {
			c.Week[d] = nil
		}
	}
	if len(c.Exceptions) == 0 {
		c.Exceptions = nil
	}
	return c
}

// promises are the targets that count: of two for the same, the lower order.
func (p Preset) promises() map[promise]*Target {
	all := map[promise]*Target{}
	for _, policy := range ordered(p).Policies {
		for _, t := range policy.Targets {
			k := promise{policy.Match, t.Metric}
			if _, ok := all[k]; !ok {
				all[k] = &t
			}
		}
	}
	return all
}

func keys(p Preset, m Metric) []promise {
	var all []promise
	for _, policy := range ordered(p).Policies {
		if _, ok := policy.Target(m); ok {
			all = append(all, promise{policy.Match, m})
		}
	}
	return all
}

// same reports whether two targets promise the same in the same way.
func same(a, b *Target) bool {
	if a == nil || b == nil {
		return a == b
	}
	x, y := *a, *b
	if (x.Target == nil) != (y.Target == nil) || x.Target != nil && *x.Target != *y.Target {
		return false
	}
	anchor := func(t Target) Anchor {
		if t.Anchor == "" {
			return Submission
		}
		return t.Anchor
	}
	return x.Limit == y.Limit && x.Unit == y.Unit && x.Calendar == y.Calendar && x.CountsBot == y.CountsBot &&
		anchor(x) == anchor(y) && slices.Equal(x.PauseStates, y.PauseStates) && slices.Equal(x.warnings(), y.warnings())
}
