package sla

import (
	"fmt"
	"strconv"
	"time"

	"yingda/internal/kit/fault"
)

// Timetable is a calendar laid over the holidays: what can be counted on. It
// never changes, and may be used by several goroutines. Answers are in UTC; it
// counts in the calendar's zone, and weekends and holidays of years without a
// notice are provisional (domain reference §2.6).
type Timetable struct {
	code       string
	zone       *time.Location
	week       [7][]part
	makeup     []part // of a working weekend day that has no spans of its own
	exceptions map[int]exception
	holidays   Holidays
	china      bool // the holidays apply
	makeups    bool // and the working weekends
}

// part is a span in minutes since midnight.
type part struct{ from, to int }

type exception struct {
	parts []part
	why   string
}

// Moment is a time that was counted, with the reasons, in the order in which
// they were met. Provisional means that a notice was missing on the way.
type Moment struct {
	At          time.Time `json:"at"`
	Provisional bool      `json:"provisional"`
	Why         []Reason  `json:"why"`
}

// NewTimetable lays a calendar over the holidays. A calendar that fails its
// check is refused.
func NewTimetable(c Calendar, h Holidays) (*Timetable, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	zone, err := location(c.Zone)
	if err != nil {
		return nil, err
	}
	t := &Timetable{code: c.Code, zone: zone, holidays: h, exceptions: make(map[int]exception, len(c.Exceptions))}
	if c.Always {
		t.makeup = []part{{0, minutesOfDay}}
		for d := range t.week {
			t.week[d] = t.makeup
		}
	} else {
		for d, spans := range c.Week {
			t.week[d] = parts(spans)
			if len(t.makeup) == 0 {
				t.makeup = t.week[d]
			}
		}
		t.china = c.Holidays == China
		t.makeups = t.china && c.OpenOnMakeupDays
	}
	for _, e := range c.Exceptions {
		date, err := time.Parse(time.DateOnly, e.Date)
		if err != nil {
			return nil, fmt.Errorf("a checked calendar has a bad date: %w", err)
		}
		t.exceptions[dayOf(date)] = t.exception(e, weekday(date))
	}
	return t, nil
}

func (t *Timetable) exception(e Exception, weekday int) exception {
	x := exception{parts: parts(e.Spans), why: e.Why}
	if e.Open && len(x.parts) == 0 {
		if x.parts = t.week[weekday]; len(x.parts) == 0 {
			x.parts = t.makeup
		}
	}
	return x
}

func parts(spans []Span) []part {
	var all []part
	for _, s := range spans {
		if from, to, ok := s.minutes(); ok {
			all = append(all, part{from, to})
		}
	}
	return all
}

// Code returns the code of the calendar.
func (t *Timetable) Code() string { return t.code }

// Zone returns the zone in which it counts.
func (t *Timetable) Zone() *time.Location { return t.zone }

// on returns when a day is worked. sure is false if a notice could still change
// that.
func (t *Timetable) on(day int) (worked []part, sure bool) {
	if len(t.exceptions) > 0 {
		if e, ok := t.exceptions[day]; ok {
			return e.parts, true
		}
	}
	usual := t.week[weekdayOf(day)]
	if !t.china {
		return usual, true
	}
	m, marked, sure := t.holidays.of(day)
	switch {
	case !marked:
		return usual, sure
	case m.off:
		return nil, sure
	case t.makeups && len(usual) == 0:
		return t.makeup, sure
	}
	return usual, sure
}

// horizon is how many days are looked at before a count gives up: nearly forty
// years, far past the longest term that a policy may have.
const horizon = 40 * 366

// errNever says that a count did not come to its end.
func (t *Timetable) errNever() error {
	return fault.New(fault.Invalid, "calendar.too_far", "the calendar %s is not open for long enough to count to the end of this term; give it more days or the term fewer", t.code).In("calendar.week")
}

// day is the day of a time in the timetable's zone.
func (t *Timetable) day(at time.Time) int { return dayOf(at.In(t.zone)) }

// moment is a minute of a day as a time. A minute that the zone skips is the
// one an hour later.
func (t *Timetable) moment(day, minute int) time.Time {
	date := dateOf(day)
	return time.Date(date.Year(), date.Month(), date.Day(), 0, minute, 0, 0, t.zone)
}

// close is the end of business of a working day.
func (t *Timetable) close(day int, worked []part) time.Time {
	return t.moment(day, worked[len(worked)-1].to)
}

// each hands f each open stretch that ends after a time, in order and without
// overlap, until f has had enough, and reports whether it had.
func (t *Timetable) each(from time.Time, f func(open, closed time.Time) (more bool)) bool {
	today := t.day(from)
	last := from
	for day := today - 1; day < today+horizon; day++ { // yesterday may reach into today
		worked, _ := t.on(day)
		for _, p := range worked {
			open, closed := t.moment(day, p.from), t.moment(day, p.to)
			if open.Before(last) {
				open = last
			}
			if !closed.After(open) {
				continue
			}
			if last = closed; !f(open, closed) {
				return true
			}
		}
	}
	return false
}

// OpenAt reports whether work is done at a time. A span is open from its first
// moment, and closed from its last.
func (t *Timetable) OpenAt(at time.Time) bool {
	today := t.day(at)
	for day := today - 1; day <= today; day++ {
		worked, _ := t.on(day)
		for _, p := range worked {
			if !t.moment(day, p.from).After(at) && t.moment(day, p.to).After(at) {
				return true
			}
		}
	}
	return false
}

// NextChange returns when the answer of OpenAt next changes; false if it does
// not within about two years.
func (t *Timetable) NextChange(at time.Time) (time.Time, bool) {
	open, end, far := t.OpenAt(at), at, at.AddDate(2, 0, 0)
	found := false
	t.each(at, func(from, to time.Time) bool {
		switch {
		case from.After(far) || end.After(far):
			return false
		case !open:
			end, found = from, true
			return false
		case from.After(end):
			found = true
			return false
		}
		end = to
		return true
	})
	if open && end.After(at) && !end.After(far) {
		found = true
	}
	return end.UTC(), found
}

// Provisional reports whether a notice is missing for a day between two times,
// their own days included.
func (t *Timetable) Provisional(from, to time.Time) bool {
	if !t.china {
		return false
	}
	first := t.day(from)
	last := t.day(to)
	for day := first; day <= last; {
		date := dateOf(day)
		if t.holidays.whole[date.Year()] {
			day = dayOf(time.Date(date.Year()+1, 1, 1, 0, 0, 0, 0, time.UTC))
			continue
		}
		if _, sure := t.on(day); !sure {
			return true
		}
		day++
	}
	return false
}

// dayZero is the working day to which a receipt belongs: the first one whose
// business has not ended before it (domain reference §1.3.1). A receipt in the
// very moment of closing still belongs to the day.
func (t *Timetable) dayZero(received time.Time) (day int, worked []part, ok bool) {
	today := t.day(received)
	for day := today - 1; day < today+horizon; day++ {
		worked, _ := t.on(day)
		if len(worked) > 0 && !t.close(day, worked).Before(received) {
			return day, worked, true
		}
	}
	return 0, nil, false
}

// AddWorkingDays returns the end of business of the n-th working day after the
// day of receipt. What is received after business, or on a day that is not
// worked, counts as received when business next begins, and that day is day 0
// (domain reference §1.3.1). n is 0 or more.
func (t *Timetable) AddWorkingDays(received time.Time, n int) (Moment, error) {
	zero, worked, ok := t.dayZero(received)
	if !ok || n < 0 {
		return Moment{}, t.errNever()
	}
	s := t.stroll(received, zero, worked)
	day := zero
	for left := n; left > 0; {
		if day++; day > zero+horizon {
			return Moment{}, t.errNever()
		}
		today, _ := t.on(day)
		s.pass(day, today)
		if len(today) > 0 {
			worked, left = today, left-1
		}
	}
	at := t.close(day, worked)
	s.say("day.end", strconv.Itoa(n), dateOf(day).Format(time.DateOnly), t.clock(day, at))
	return Moment{At: at.UTC(), Provisional: s.provisional(received, at), Why: s.why}, nil
}

// WorkingDays counts the working days after the day of receipt whose business
// has ended: the n of AddWorkingDays at the time that it gave. The answer is
// provisional if a notice is missing on the way.
func (t *Timetable) WorkingDays(received, to time.Time) (n int, provisional bool) {
	zero, _, ok := t.dayZero(received)
	last := t.day(to)
	if !ok {
		return 0, false
	}
	for day := zero + 1; day <= last; day++ {
		if worked, _ := t.on(day); len(worked) > 0 && !t.close(day, worked).After(to) {
			n++
		}
	}
	return n, t.Provisional(received, to)
}

// Counted is the time from which a receipt counts: itself, or the next opening
// if nobody works then.
func (t *Timetable) Counted(received time.Time) time.Time {
	counted := received
	t.each(received, func(open, _ time.Time) bool {
		counted = open
		return false
	})
	return counted.UTC()
}

// AddBusiness returns when an amount of working time has passed since a time:
// the earliest such moment, so that a whole day ends at its close. Nothing added
// gives the time itself.
func (t *Timetable) AddBusiness(from time.Time, d time.Duration) (Moment, error) {
	at, ok := t.addBusiness(from, d)
	if !ok {
		return Moment{}, t.errNever()
	}
	zero, worked, _ := t.dayZero(from)
	s := t.stroll(from, zero, worked)
	s.why[0] = t.receipt(from)
	last := t.day(at)
	for day := zero + 1; day <= last && !s.full(); day++ {
		today, _ := t.on(day)
		s.pass(day, today)
	}
	local := at.In(t.zone)
	code, n := "business.end.min", int(d/time.Minute)
	if d%time.Hour == 0 {
		code, n = "business.end.hour", int(d/time.Hour)
	}
	s.say(code, strconv.Itoa(n), local.Format("2006-01-02 15:04"))
	return Moment{At: at.UTC(), Provisional: s.provisional(from, at), Why: s.why}, nil
}

// receipt says from when working time is counted.
func (t *Timetable) receipt(from time.Time) Reason {
	written := func(at time.Time) string { return at.In(t.zone).Format("2006-01-02 15:04") }
	if counted := t.Counted(from); counted.After(from) {
		return Reason{Code: "received.outside", Args: []string{written(from), written(counted)}}
	}
	return Reason{Code: "received.open", Args: []string{written(from)}}
}

func (t *Timetable) addBusiness(from time.Time, d time.Duration) (time.Time, bool) {
	at := from.UTC()
	if d <= 0 {
		return at, true
	}
	done := t.each(from, func(open, closed time.Time) bool {
		if length := closed.Sub(open); length < d {
			d -= length
			return true
		}
		at = open.Add(d).UTC()
		return false
	})
	return at, done
}

// Business returns how much working time lies between two times, 0 if to is not
// after from. The answer is provisional if a notice is missing on the way.
func (t *Timetable) Business(from, to time.Time) (d time.Duration, provisional bool) {
	if !to.After(from) {
		return 0, false
	}
	t.each(from, func(open, closed time.Time) bool {
		if closed.After(to) {
			closed = to
		}
		if closed.After(open) {
			d += closed.Sub(open)
		}
		return closed.Before(to) && open.Before(to)
	})
	return d, t.Provisional(from, to)
}

// weekdayOf is the day of the week of a numbered day, Monday being 0.
func weekdayOf(day int) int { return ((day+3)%7 + 7) % 7 }

// clock writes a time of a day; after midnight the date stands with it.
func (t *Timetable) clock(day int, at time.Time) string {
	at = at.In(t.zone)
	switch {
	case dayOf(at) == day:
		return at.Format("15:04")
	case at.Hour() == 0 && at.Minute() == 0:
		return "24:00"
	}
	return at.Format("2006-01-02 15:04")
}

// stroll notes what is worth telling on the way through the days.
type stroll struct {
	table *Timetable
	why   []Reason
	days  int // notes about days
	run   run // days off with one name that follow each other
}

type run struct {
	name        string
	first, last int
	year        int
}

// mostNotes is how many days a reason names; who reads more than that?
const mostNotes = 8

// stroll begins with how the receipt counts.
func (t *Timetable) stroll(received time.Time, zero int, worked []part) *stroll {
	s := &stroll{table: t, why: make([]Reason, 0, 6)}
	opening := t.moment(zero, worked[0].from)
	got := received.In(t.zone).Format("2006-01-02 15:04")
	today := t.day(received)
	switch {
	case today < zero:
		s.say("received.outside", got, opening.In(t.zone).Format("2006-01-02 15:04"))
	case opening.After(received):
		s.say("received.early", got)
	default:
		s.say("received.inside", got)
	}
	for day := today; day <= zero; day++ {
		on, _ := t.on(day)
		s.pass(day, on)
	}
	return s
}

func (s *stroll) say(code string, args ...string) {
	s.flush()
	s.why = append(s.why, Reason{Code: code, Args: args})
}

// full reports whether enough days have been noted.
func (s *stroll) full() bool { return s.days >= mostNotes }

// pass notes a day if it is not as its week says.
func (s *stroll) pass(day int, worked []part) {
	if s.full() {
		return
	}
	date := func() string { return dateOf(day).Format(time.DateOnly) }
	if e, ok := s.table.exceptions[day]; ok {
		code := "day.closed"
		if len(worked) > 0 {
			code = "day.open"
		}
		if e.why != "" {
			code += ".why"
			s.note(code, date(), e.why)
		} else {
			s.note(code, date())
		}
		return
	}
	if !s.table.china {
		return
	}
	m, marked, _ := s.table.holidays.of(day)
	switch {
	case !marked:
	case m.off:
		s.off(day, m)
	case s.table.makeups && len(s.table.week[weekdayOf(day)]) == 0:
		s.note([]string{"day.makeup.saturday", "day.makeup.sunday"}[weekdayOf(day)-5], date(), strconv.Itoa(m.year))
	}
}

func (s *stroll) note(code string, args ...string) {
	s.say(code, args...)
	s.days++
}

// off notes a day off together with those before it.
func (s *stroll) off(day int, m mark) {
	if s.run.name == m.name && s.run.last == day-1 && s.run.year == m.year {
		s.run.last = day
		return
	}
	s.flush()
	s.run = run{name: m.name, first: day, last: day, year: m.year}
	s.days++
}

func (s *stroll) flush() {
	r := s.run
	if r.name == "" {
		return
	}
	s.run = run{}
	first, last := dateOf(r.first).Format(time.DateOnly), dateOf(r.last).Format(time.DateOnly)
	switch {
	case r.year == 0:
		s.why = append(s.why, Reason{Code: "day.off.fixed", Args: []string{first, r.name}})
	case r.first == r.last:
		s.why = append(s.why, Reason{Code: "day.off", Args: []string{first, r.name}})
	default:
		s.why = append(s.why, Reason{Code: "day.off.range", Args: []string{first, last, r.name}})
	}
}

// provisional says for which years a notice is missing.
func (s *stroll) provisional(from, to time.Time) bool {
	if !s.table.Provisional(from, to) {
		return false
	}
	first, last := from.In(s.table.zone).Year(), to.In(s.table.zone).Year()
	for y := first; y <= last; y++ {
		if !s.table.holidays.whole[y] {
			s.say("provisional", strconv.Itoa(y))
			break
		}
	}
	return true
}
