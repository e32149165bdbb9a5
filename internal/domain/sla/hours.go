// Package sla is when we are there, and what we promise: working calendars
// with holidays and 调休, presets of promised terms, due times with their
// reasons, and the clocks that run towards them.
package sla

import (
	"slices"
	"time"

	"yingda/internal/kit/fault"
)

// Hours say when somebody answers. Every day may have several spans.
type Hours struct {
	Zone   string    `json:"zone"` // "Asia/Shanghai"
	Always bool      `json:"always"`
	Week   [7][]Span `json:"week"`   // Monday first
	Closed []string  `json:"closed"` // holidays, "2026-10-01"
	Open   []string  `json:"open"`   // weekend days that are worked (调休); Monday's spans apply
}

// Check says what is wrong with the hours.
func (h Hours) Check() error {
	if _, err := time.LoadLocation(h.Zone); err != nil || h.Zone == "" {
		return fault.New(fault.Invalid, "hours.zone", "%q is not a time zone; write it like Asia/Shanghai", h.Zone).In("hours.zone")
	}
	for _, day := range h.Week {
		last := -1
		for _, s := range day {
			from, ok1 := minute(s.From)
			to, ok2 := minute(s.To)
			if !ok1 || !ok2 || from >= to || from <= last {
				return fault.New(fault.Invalid, "hours.span", "opening hours %s–%s are not in order; write them like 09:00–18:00, earliest first", s.From, s.To).In("hours.week")
			}
			last = to
		}
	}
	for _, list := range [][]string{h.Closed, h.Open} {
		for _, d := range list {
			if _, err := time.Parse(time.DateOnly, d); err != nil {
				return fault.New(fault.Invalid, "hours.date", "%q is not a date; write it like 2026-10-01", d).In("hours.closed")
			}
		}
	}
	return nil
}

// Location returns the zone of the hours; UTC if this machine does not know it.
func (h Hours) Location() *time.Location {
	zone, err := time.LoadLocation(h.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// OpenAt reports whether somebody answers at t. A closed date wins over an
// open one.
func (h Hours) OpenAt(t time.Time) bool {
	if h.Always {
		return true
	}
	zone, err := time.LoadLocation(h.Zone)
	return err == nil && h.openAt(t.In(zone))
}

// openAt is OpenAt for a time that is in the hours' own zone already.
func (h Hours) openAt(t time.Time) bool {
	now := t.Hour()*60 + t.Minute()
	for _, s := range h.spans(t) {
		from, _ := minute(s.From)
		to, _ := minute(s.To)
		if from <= now && now < to {
			return true
		}
	}
	return false
}

// spans are the open parts of the day of t, which is in the hours' own zone.
func (h Hours) spans(t time.Time) []Span {
	date := t.Format(time.DateOnly)
	if slices.Contains(h.Closed, date) {
		return nil
	}
	day := weekday(t)
	for _, d := range h.Open {
		if d == date && len(h.Week[day]) == 0 {
			return h.Week[0]
		}
	}
	return h.Week[day]
}

// NextChange returns when the answer of OpenAt next changes, within two weeks;
// false if it does not.
func (h Hours) NextChange(t time.Time) (time.Time, bool) {
	zone, err := time.LoadLocation(h.Zone)
	if h.Always || err != nil {
		return time.Time{}, false
	}
	t = t.In(zone)
	open := h.openAt(t)
	for d := range 15 {
		day := time.Date(t.Year(), t.Month(), t.Day()+d, 0, 0, 0, 0, zone)
		turns := []int{0} // minutes of the day at which the answer may change
		for _, s := range h.spans(day) {
			from, _ := minute(s.From)
			to, _ := minute(s.To)
			turns = append(turns, from, to)
		}
		for _, m := range turns {
			at := time.Date(day.Year(), day.Month(), day.Day(), 0, m, 0, 0, zone)
			if at.After(t) && h.openAt(at) != open {
				return at.UTC(), true
			}
		}
	}
	return time.Time{}, false
}

// Calendar reads the hours as a working calendar: closed and open dates become
// exceptions, and statutory holidays play no part.
func (h Hours) Calendar() Calendar {
	c := Calendar{Code: "hours", Name: Text{Zh: "服务时间", En: "Hours"}, Zone: h.Zone, Always: h.Always, Week: h.Week, OpenOnMakeupDays: true, Exceptions: []Exception{}}
	if h.Always {
		return c
	}
	for _, d := range h.Closed {
		if !c.hasException(d) {
			c.Exceptions = append(c.Exceptions, Exception{Date: d})
		}
	}
	for _, d := range h.Open {
		day, err := time.Parse(time.DateOnly, d)
		if err == nil && len(h.Week[weekday(day)]) == 0 && len(h.Week[0]) > 0 && !c.hasException(d) {
			c.Exceptions = append(c.Exceptions, Exception{Date: d, Open: true, Spans: h.Week[0]})
		}
	}
	return c
}
