package sla

import "time"

// Day is one date as a timetable has it, for people to look at.
type Day struct {
	Date  string   `json:"date"` // "2026-10-01"
	Open  bool     `json:"open"`
	Spans []Span   `json:"spans"` // when it is open, earliest first; a span may end on the next day
	As    DayCause `json:"as"`
	Name  string   `json:"name,omitempty"` // of the holiday, or why there is an exception
	Sure  bool     `json:"sure"`           // false: a notice that is not known yet could change it
}

// DayCause is why a day is as it is.
type DayCause string

// The causes.
const (
	ByWeek      DayCause = "week"
	ByHoliday   DayCause = "holiday"   // off by the notice, or by the law's fixed dates
	ByMakeup    DayCause = "makeup"    // a weekend day that the notice makes a working day (调休)
	ByException DayCause = "exception" // of the calendar's own
)

// Days returns every day of a year in the timetable's zone, in order.
func (t *Timetable) Days(year int) []Day {
	first, end := dayOf(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)), dayOf(time.Date(year+1, 1, 1, 0, 0, 0, 0, time.UTC))
	all := make([]Day, 0, end-first)
	for day := first; day < end; day++ {
		worked, sure := t.on(day)
		d := Day{Date: dateOf(day).Format(time.DateOnly), Open: len(worked) > 0, Spans: make([]Span, len(worked)), As: ByWeek, Sure: sure}
		for i, p := range worked {
			d.Spans[i] = p.span()
		}
		d.As, d.Name = t.cause(day)
		all = append(all, d)
	}
	return all
}

// cause says why a day is as it is, and the name of it.
func (t *Timetable) cause(day int) (DayCause, string) {
	if e, ok := t.exceptions[day]; ok {
		return ByException, e.why
	}
	if !t.china {
		return ByWeek, ""
	}
	m, marked, _ := t.holidays.of(day)
	switch {
	case !marked:
		return ByWeek, ""
	case m.off:
		return ByHoliday, m.name
	}
	return ByMakeup, m.name
}

// span writes a part of a day as people do.
func (p part) span() Span {
	to := p.to
	if to > minutesOfDay {
		to -= minutesOfDay
	}
	return Span{From: clockText(p.from), To: clockText(to)}
}

func clockText(minute int) string {
	if minute == minutesOfDay {
		return "24:00"
	}
	return time.Date(2000, 1, 1, 0, minute, 0, 0, time.UTC).Format("15:04")
}
