package sla

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"time"

	"yingda/internal/kit/fault"
)

// Text is a text in the two languages we ship.
type Text struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// In returns the text in a language, or the other one where it is missing.
func (t Text) In(language string) string {
	if language == "en" && t.En != "" || t.Zh == "" {
		return t.En
	}
	return t.Zh
}

// China is the value of Calendar.Holidays under which the statutory holidays
// and working weekends (调休) of mainland China apply.
const China = "CN"

// Calendar is a working calendar (工作日历): when work is done, in a zone of
// its own. Exceptions win over the notice of the year, and the notice wins over
// the week.
type Calendar struct {
	Code   string    `json:"code"` // "office": how targets and queues name it
	Name   Text      `json:"name"`
	Zone   string    `json:"zone"`   // "Asia/Shanghai"
	Always bool      `json:"always"` // around the clock; Week and Holidays play no part, exceptions do
	Week   [7][]Span `json:"week"`   // Monday first

	Holidays string `json:"holidays"` // China, or empty: no statutory holidays

	// OpenOnMakeupDays says whether a weekend day that the notice makes a
	// working day is worked here (R002). True when JSON does not say. Such a
	// day has the spans of its weekday, or those of Monday if it has none.
	OpenOnMakeupDays bool `json:"open_on_makeup_days"`

	Exceptions []Exception `json:"exceptions"`
}

// Exception is a single date that is not as the week and the notice say.
type Exception struct {
	Date  string `json:"date"`            // "2026-10-02"
	Open  bool   `json:"open"`            // false: closed all day
	Spans []Span `json:"spans,omitempty"` // when it is open; those of the weekday, or of Monday, when absent
	Why   string `json:"why,omitempty"`   // "公司年会", for people
}

// UnmarshalJSON reads a calendar; what decides about working weekends is on
// unless the JSON says otherwise.
func (c *Calendar) UnmarshalJSON(b []byte) error {
	type plain Calendar
	p := plain{OpenOnMakeupDays: true}
	if err := json.Unmarshal(b, &p); err != nil {
		return err
	}
	*c = Calendar(p)
	return nil
}

var code = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Check says what is wrong with the calendar. The field of the fault says
// where: calendar.week.0 is Monday, calendar.exceptions.0 the first exception.
func (c Calendar) Check() error {
	switch {
	case !code.MatchString(c.Code):
		return fault.New(fault.Invalid, "calendar.code", "%q cannot name a calendar; use up to 40 small letters, digits and _, a letter first", c.Code).In("calendar.code")
	case c.Name.Zh == "" && c.Name.En == "":
		return fault.New(fault.Invalid, "calendar.name", "give the calendar %s a name", c.Code).In("calendar.name")
	case c.Holidays != "" && c.Holidays != China:
		return fault.New(fault.Invalid, "calendar.holidays", "holidays are CN, or empty for none; %q is not known", c.Holidays).In("calendar.holidays")
	}
	if _, err := location(c.Zone); err != nil {
		return err
	}
	if err := c.checkWeek(); err != nil {
		return err
	}
	return c.checkExceptions()
}

func (c Calendar) checkWeek() error {
	worked := c.Always
	for d, spans := range c.Week {
		last, err := checkSpans(spans, fmt.Sprintf("calendar.week.%d", d))
		if err != nil {
			return err
		}
		worked = worked || len(spans) > 0
		next := c.Week[(d+1)%7]
		if from, _, ok := first(next); ok && last-minutesOfDay > from {
			return overlap(spans[len(spans)-1], next[0]).In(fmt.Sprintf("calendar.week.%d", (d+1)%7))
		}
	}
	if !worked {
		return fault.New(fault.Invalid, "calendar.never", "the calendar %s is never open; give at least one day of the week a span", c.Code).In("calendar.week")
	}
	return nil
}

func (c Calendar) checkExceptions() error {
	seen := map[string]bool{}
	for i, e := range c.Exceptions {
		place := fmt.Sprintf("calendar.exceptions.%d", i)
		if _, err := time.Parse(time.DateOnly, e.Date); err != nil {
			return fault.New(fault.Invalid, "calendar.date", "%q is not a date; write it like 2026-10-01", e.Date).In(place)
		}
		if seen[e.Date] {
			return fault.New(fault.Invalid, "calendar.twice", "%s has two exceptions; keep one of them", e.Date).In(place)
		}
		seen[e.Date] = true
		if !e.Open && len(e.Spans) > 0 {
			return fault.New(fault.Invalid, "calendar.closed_spans", "%s is closed and has opening times too; choose one", e.Date).In(place)
		}
		if _, err := checkSpans(e.Spans, place); err != nil {
			return err
		}
	}
	return nil
}

// checkSpans checks one day, and returns the minute at which it ends: past
// 1440 if that is on the next day.
func checkSpans(spans []Span, field string) (last int, err error) {
	for i, s := range spans {
		from, to, ok := s.minutes()
		if !ok {
			return 0, fault.New(fault.Invalid, "calendar.span", "%s–%s is not a part of a day; write it like 09:00–18:00, or 22:00–06:00 over midnight", s.From, s.To).In(field)
		}
		if i > 0 && from < last {
			return 0, overlap(spans[i-1], s).In(field)
		}
		last = to
	}
	return last, nil
}

func overlap(a, b Span) *fault.Error {
	return fault.New(fault.Invalid, "calendar.overlap", "%s–%s and %s–%s overlap or are out of order; write them apart, earliest first", a.From, a.To, b.From, b.To)
}

func first(spans []Span) (from, to int, ok bool) {
	if len(spans) == 0 {
		return 0, 0, false
	}
	return spans[0].minutes()
}

func (c Calendar) hasException(date string) bool {
	return slices.ContainsFunc(c.Exceptions, func(e Exception) bool { return e.Date == date })
}

// weekday is the day of the week, Monday being 0.
func weekday(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }

// shanghai is kept because nearly every calendar has it, and finding a zone
// reads a file.
var shanghai, errShanghai = time.LoadLocation("Asia/Shanghai")

// location finds a zone. An empty name is none.
func location(name string) (*time.Location, error) {
	if name == "Asia/Shanghai" && errShanghai == nil {
		return shanghai, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, fault.New(fault.Invalid, "calendar.zone", "%q is not a time zone; write it like Asia/Shanghai", name).In("calendar.zone")
	}
	return zone, nil
}
