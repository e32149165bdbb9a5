// Package shift is who works when: kinds of shift (班次), the roster that gives
// them to agents day by day (排班), what speaks against an entry, how two
// agents swap, and how what was planned compares with when they were there.
package shift

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/sla"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// ID names a kind of shift.
type ID = id.ID[noun]

type noun struct{}

func (noun) Prefix() string { return "sf" }

// NewID returns the id of a kind of shift made at a time.
func NewID(at time.Time) ID { return id.New[noun](at) }

// Hours are when a shift is worked, as times of the day on which it begins: a
// shift that ends at or before its beginning ends on the next day, and so do
// the breaks after midnight.
type Hours struct {
	From   string     `json:"from"` // "22:00"
	To     string     `json:"to"`   // "06:00": over midnight
	Breaks []sla.Span `json:"breaks"`
}

// Template is a kind of shift (早班, 晚班, 夜班) from which the roster is made.
type Template struct {
	ID      ID     `json:"id"`
	Name    string `json:"name"`
	Color   Color  `json:"color"`
	Retired bool   `json:"retired"` // no longer given to anyone; what was given stays
	Hours
	Version int64 `json:"version"`
}

// Color tells shifts apart on the roster; the name always stands beside it.
type Color string

// The colors.
const (
	Blue   Color = "blue"
	Green  Color = "green"
	Amber  Color = "amber"
	Violet Color = "violet"
	Grey   Color = "grey"
)

// Colors lists them.
func Colors() []Color { return []Color{Blue, Green, Amber, Violet, Grey} }

const (
	longestName = 20
	mostBreaks  = 6
	aDay        = 24 * 60
)

// Check says what is wrong with the kind of shift.
func (t Template) Check() error {
	switch {
	case strings.TrimSpace(t.Name) == "" || utf8.RuneCountInString(t.Name) > longestName:
		return fault.New(fault.Invalid, "shift.name", "a name has 1 to %d characters", longestName).In("name")
	case !slices.Contains(Colors(), t.Color):
		return fault.New(fault.Invalid, "shift.color", "%q is not one of the colors of a shift", string(t.Color)).In("color")
	}
	return t.Hours.Check()
}

// Check says what is wrong with the hours: breaks lie inside, in order, and
// leave some time to work.
func (h Hours) Check() error {
	from, to, ok := minutes(h.From, h.To)
	if !ok {
		return fault.New(fault.Invalid, "shift.times", "%s–%s is no shift; write it like 09:00–18:00, or 22:00–06:00 over midnight", h.From, h.To).In("from")
	}
	if len(h.Breaks) > mostBreaks {
		return fault.New(fault.Invalid, "shift.breaks", "a shift has at most %d breaks", mostBreaks).In("breaks")
	}
	last, worked := from, to-from
	for _, b := range h.Breaks {
		start, end, ok := within(b, from)
		if !ok || start < last || end > to {
			return fault.New(fault.Invalid, "shift.break", "the break %s–%s does not lie inside the shift %s–%s, after the one before it", b.From, b.To, h.From, h.To).In("breaks")
		}
		last = end
		worked -= end - start
	}
	if worked <= 0 {
		return fault.New(fault.Invalid, "shift.only_breaks", "the breaks take up the whole shift").In("breaks")
	}
	return nil
}

// minutes are the ends of a part of a day in minutes since its midnight; the
// second is past 1440 if it lies on the next day.
func minutes(a, b string) (from, to int, ok bool) {
	from, ok1 := minute(a)
	to, ok2 := minute(b)
	if !ok1 || !ok2 || from == aDay {
		return 0, 0, false
	}
	if to <= from {
		to += aDay
	}
	return from, to, to-from <= aDay
}

// within are the ends of a break of a shift that begins at a minute.
func within(b sla.Span, begins int) (from, to int, ok bool) {
	if from, to, ok = minutes(b.From, b.To); ok && from < begins {
		from, to = from+aDay, to+aDay
	}
	return from, to, ok
}

func minute(s string) (int, bool) {
	if s == "24:00" {
		return aDay, true
	}
	t, err := time.Parse("15:04", s)
	return t.Hour()*60 + t.Minute(), err == nil && len(s) == len("15:04")
}

// Kind is what an entry of the roster says.
type Kind string

// The kinds of entry.
const (
	Work  Kind = "work"
	Leave Kind = "leave" // away: leave, ill, training outside
)

// Entry is one agent on one day of the roster: a shift that begins on that
// day, or leave. It keeps the hours as they were when it was made.
type Entry struct {
	Agent    agent.ID `json:"agent_id"`
	Day      string   `json:"day"` // "2026-11-30", in the company's time zone
	Kind     Kind     `json:"kind"`
	Template ID       `json:"shift_id,omitzero"`
	Name     string   `json:"name"`
	Color    Color    `json:"color"`
	Hours
	Note    string `json:"note,omitzero"`
	Version int64  `json:"version"`
}

// Stretch is a part of time: From is in, To is out.
type Stretch struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Length is how long the stretch is; 0 if it ends before it begins.
func (s Stretch) Length() time.Duration { return max(0, s.To.Sub(s.From)) }

// Meet is the part that two stretches share.
func (s Stretch) Meet(o Stretch) Stretch {
	if o.From.After(s.From) {
		s.From = o.From
	}
	if o.To.Before(s.To) {
		s.To = o.To
	}
	return s
}

// Of gives an agent a kind of shift on a day.
func (t Template) Of(a agent.ID, day string) Entry {
	return Entry{Agent: a, Day: day, Kind: Work, Template: t.ID, Name: t.Name, Color: t.Color, Hours: t.Hours}
}

// Away is leave of an agent on a day.
func Away(a agent.ID, day, note string) Entry {
	return Entry{Agent: a, Day: day, Kind: Leave, Color: Grey, Hours: Hours{Breaks: []sla.Span{}}, Note: note}
}

// Span is from when to when the shift is, in a zone; nothing for leave. Where
// the clocks change in the night, a shift is as much longer or shorter.
func (e Entry) Span(zone *time.Location) Stretch {
	from, to, ok := minutes(e.From, e.To)
	if !ok || e.Kind != Work {
		return Stretch{}
	}
	return stretch(e.Day, from, to, zone)
}

// Working are the parts of the shift that are no break, in order.
func (e Entry) Working(zone *time.Location) []Stretch {
	from, to, ok := minutes(e.From, e.To)
	if !ok || e.Kind != Work {
		return nil
	}
	var parts []Stretch
	at := from
	for _, b := range e.Breaks {
		start, end, _ := within(b, from)
		if start > at {
			parts = append(parts, stretch(e.Day, at, start, zone))
		}
		at = end
	}
	if to > at {
		parts = append(parts, stretch(e.Day, at, to, zone))
	}
	return parts
}

// Worked is how long is worked in the shift, breaks left out.
func (e Entry) Worked(zone *time.Location) (d time.Duration) {
	for _, s := range e.Working(zone) {
		d += s.Length()
	}
	return d
}

func stretch(day string, from, to int, zone *time.Location) Stretch {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return Stretch{}
	}
	at := func(minute int) time.Time {
		return time.Date(d.Year(), d.Month(), d.Day(), 0, minute, 0, 0, zone).UTC()
	}
	return Stretch{at(from), at(to)}
}

// CheckDay refuses what is no date.
func CheckDay(day, field string) error {
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return fault.New(fault.Invalid, "report.day", "write a day like 2026-11-01").In(field)
	}
	return nil
}

// After returns the day that lies a number of days after another.
func After(day string, n int) string {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return d.AddDate(0, 0, n).Format(time.DateOnly)
}

// Monday returns the first day of a day's week.
func Monday(day string) string {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return d.AddDate(0, 0, -(int(d.Weekday())+6)%7).Format(time.DateOnly)
}

// Days lists the days from one to another, both in.
func Days(from, to string) (days []string) {
	for d := from; d <= to && len(days) < 400; d = After(d, 1) {
		days = append(days, d)
	}
	return days
}

// DayOf is the day of a time in a zone.
func DayOf(at time.Time, zone *time.Location) string { return at.In(zone).Format(time.DateOnly) }

// Plan is what the roster of one day has, made ready to be asked for many
// stretches: the working parts of everybody, sorted by their beginning.
type Plan []Stretch

// NewPlan reads the entries of the days around what is asked for.
func NewPlan(entries []Entry, zone *time.Location) Plan {
	var p Plan
	for _, e := range entries {
		p = append(p, e.Working(zone)...)
	}
	slices.SortFunc(p, func(a, b Stretch) int { return a.From.Compare(b.From) })
	return p
}

// AtWork is how many people are at work in a stretch on average: who has a
// break for half of it counts half.
func (p Plan) AtWork(within Stretch) float64 {
	var sum time.Duration
	for _, part := range p {
		if !part.From.Before(within.To) {
			break
		}
		sum += part.Meet(within).Length()
	}
	if within.Length() == 0 {
		return 0
	}
	return sum.Seconds() / within.Length().Seconds()
}

// Limits are what a roster keeps to. Zero asks for nothing.
type Limits struct {
	RestHours int `json:"rest_hours"`  // between the end of a shift and the next
	WeekHours int `json:"week_hours"`  // of work in a week, Monday first
	DaysInRow int `json:"days_in_row"` // that are worked one after the other
}

// DefaultLimits are the usual ones: 11 hours between shifts, and what the
// labour law of mainland China (arts. 36 and 38) has, 44 hours a week and a
// day of rest in seven.
func DefaultLimits() Limits { return Limits{RestHours: 11, WeekHours: 44, DaysInRow: 6} }

// Check says what is wrong with the limits.
func (l Limits) Check() error {
	if l.RestHours < 0 || l.RestHours > 24 || l.WeekHours < 0 || l.WeekHours > 168 || l.DaysInRow < 0 || l.DaysInRow > 31 {
		return fault.New(fault.Invalid, "shift.limits", "rest is 0–24 hours, a week 0–168 hours, days in a row 0–31").In("limits")
	}
	return nil
}

// Conflict is what speaks against an entry of the roster. It is shown, and
// stops nobody: a supervisor knows more than the program.
type Conflict struct {
	Agent agent.ID `json:"agent_id"`
	Day   string   `json:"day"`
	Code  string   `json:"code"`  // overlap, rest, week_hours, days_in_row, holiday
	Value float64  `json:"value"` // hours of rest or of the week, days in a row
	Name  string   `json:"name"`  // of the holiday
	Limit int      `json:"limit"` // what it is held against
	Grave bool     `json:"grave"` // cannot be worked at all: two shifts at once
}

// Conflicts looks through one agent's entries, in the order of their days,
// for what speaks against those from a day to another. Holidays are names by
// date. Entries before and after belong to the answer only as neighbours.
func Conflicts(entries []Entry, l Limits, holidays map[string]string, from, to string, zone *time.Location) (found []Conflict) {
	add := func(e Entry, code string, value float64, limit int) {
		if e.Day >= from && e.Day <= to {
			found = append(found, Conflict{Agent: e.Agent, Day: e.Day, Code: code, Value: value, Limit: limit, Grave: code == "overlap"})
		}
	}
	week, row := map[string]time.Duration{}, 0
	var before Entry
	for _, e := range entries {
		if e.Kind != Work {
			continue
		}
		span := e.Span(zone)
		if before.Day != "" {
			rest := span.From.Sub(before.Span(zone).To)
			switch {
			case rest < 0:
				add(e, "overlap", rest.Hours(), 0)
			case l.RestHours > 0 && rest < time.Duration(l.RestHours)*time.Hour:
				add(e, "rest", rest.Hours(), l.RestHours)
			}
		}
		if row++; before.Day != After(e.Day, -1) {
			row = 1
		}
		if l.DaysInRow > 0 && row > l.DaysInRow {
			add(e, "days_in_row", float64(row), l.DaysInRow)
		}
		monday := Monday(e.Day)
		was := week[monday]
		week[monday] = was + e.Worked(zone)
		if limit := time.Duration(l.WeekHours) * time.Hour; l.WeekHours > 0 && week[monday] > limit {
			add(e, "week_hours", week[monday].Hours(), l.WeekHours)
		}
		if name, ok := holidays[e.Day]; ok && e.Day >= from && e.Day <= to {
			found = append(found, Conflict{Agent: e.Agent, Day: e.Day, Code: "holiday", Name: name})
		}
		before = e
	}
	return found
}

// String writes the hours as people do.
func (h Hours) String() string { return fmt.Sprintf("%s–%s", h.From, h.To) }

// Settings are what the roster is held against.
type Settings struct {
	Limits    Limits `json:"limits"`
	Tolerance int    `json:"tolerance_min"` // minutes late or early that are not counted
}

// DefaultSettings are those of a new installation.
func DefaultSettings() Settings { return Settings{Limits: DefaultLimits(), Tolerance: 5} }

// Check says what is wrong with the settings.
func (s Settings) Check() error {
	if s.Tolerance < 0 || s.Tolerance > 60 {
		return fault.New(fault.Invalid, "shift.tolerance", "the tolerance is between 0 and %d minutes", 60).In("tolerance_min")
	}
	return s.Limits.Check()
}
