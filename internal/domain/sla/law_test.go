package sla

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// slow answers minute by minute from the calendar's own words, and knows
// nothing of the timetable.
type slow struct {
	c    Calendar
	off  map[string]bool
	work map[string]bool
}

func newSlow(c Calendar) slow {
	s := slow{c: c, off: map[string]bool{}, work: map[string]bool{}}
	for _, n := range Shipped() {
		for _, d := range n.Days {
			if d.Off {
				s.off[d.Date] = true
			} else {
				s.work[d.Date] = true
			}
		}
	}
	return s
}

func (s slow) spans(day time.Time) []Span {
	date := day.Format("2006-01-02")
	usual := s.c.Week[(int(day.Weekday())+6)%7]
	if s.c.Always {
		usual = []Span{{"00:00", "24:00"}}
	}
	var stand []Span
	for _, w := range s.c.Week {
		if len(stand) == 0 {
			stand = w
		}
	}
	if s.c.Always {
		stand = usual
	}
	for _, e := range s.c.Exceptions {
		switch {
		case e.Date != date:
		case !e.Open:
			return nil
		case len(e.Spans) > 0:
			return e.Spans
		case len(usual) > 0:
			return usual
		default:
			return stand
		}
	}
	if s.c.Holidays == "CN" && !s.c.Always {
		if s.off[date] || s.fixed(day) {
			return nil
		}
		if s.work[date] && s.c.OpenOnMakeupDays && len(usual) == 0 {
			return stand
		}
	}
	return usual
}

func (s slow) fixed(day time.Time) bool {
	if y := day.Year(); y == 2025 || y == 2026 {
		return false
	}
	switch day.Format("01-02") {
	case "01-01", "05-01", "05-02", "10-01", "10-02", "10-03":
		return true
	}
	return false
}

// open reports whether the minute that begins at m is worked.
func (s slow) open(m time.Time) bool {
	m = m.In(shanghai)
	today := m.Format("15:04")
	for _, x := range s.spans(m) {
		if x.From <= today && (today < x.To || x.To < x.From) {
			return true
		}
	}
	for _, x := range s.spans(m.AddDate(0, 0, -1)) {
		if x.To < x.From && today < x.To {
			return true
		}
	}
	return false
}

func (s slow) end(day time.Time) (time.Time, bool) {
	spans := s.spans(day)
	if len(spans) == 0 {
		return time.Time{}, false
	}
	x := spans[len(spans)-1]
	if x.To < x.From {
		day = day.AddDate(0, 0, 1)
	}
	var h, m int
	fmt.Sscanf(x.To, "%d:%d", &h, &m)
	return time.Date(day.Year(), day.Month(), day.Day(), h, m, 0, 0, shanghai), true
}

func (s slow) addWorkingDays(received time.Time, n int) time.Time {
	day := received.In(shanghai)
	day = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, shanghai).AddDate(0, 0, -1)
	for {
		if end, ok := s.end(day); ok && !end.Before(received) {
			if n == 0 {
				return end
			}
			break
		}
		day = day.AddDate(0, 0, 1)
	}
	for {
		day = day.AddDate(0, 0, 1)
		if end, ok := s.end(day); ok {
			if n--; n == 0 {
				return end
			}
		}
	}
}

func (s slow) addBusiness(from time.Time, minutes int) time.Time {
	for minutes > 0 {
		if s.open(from) {
			minutes--
		}
		from = from.Add(time.Minute)
	}
	return from
}

func (s slow) business(from, to time.Time) (minutes int) {
	for ; from.Before(to); from = from.Add(time.Minute) {
		if s.open(from) {
			minutes++
		}
	}
	return minutes
}

// calendarGen draws calendars that pass their check.
func calendarGen() *rapid.Generator[Calendar] {
	return rapid.Custom(func(t *rapid.T) Calendar {
		c := Calendar{
			Code: "any", Name: Text{En: "any"}, Zone: "Asia/Shanghai", Always: rapid.IntRange(0, 9).Draw(t, "always") == 0,
			Holidays: rapid.SampledFrom([]string{"", China}).Draw(t, "holidays"), OpenOnMakeupDays: rapid.Bool().Draw(t, "makeup"),
		}
		for d := range c.Week {
			c.Week[d] = spansGen(d == 0).Draw(t, "spans")
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "exceptions") {
			e := Exception{Date: time.Date(2026, 9, 15+7*i+rapid.IntRange(0, 6).Draw(t, "date"), 0, 0, 0, 0, time.UTC).Format(time.DateOnly), Open: rapid.Bool().Draw(t, "open")}
			if e.Open && rapid.Bool().Draw(t, "own") {
				e.Spans = []Span{{"05:00", "11:30"}, {"13:00", "20:15"}}
			}
			c.Exceptions = append(c.Exceptions, e)
		}
		if err := c.Check(); err != nil {
			t.Fatalf("a drawn calendar is refused: %v", err)
		}
		return c
	})
}

// spansGen draws a day whose last span may run over midnight, up to six.
func spansGen(some bool) *rapid.Generator[[]Span] {
	return rapid.Custom(func(t *rapid.T) []Span {
		days := [][]Span{
			{{"09:00", "18:00"}},
			{{"06:00", "12:00"}, {"13:30", "17:45"}},
			{{"08:15", "12:00"}, {"12:00", "24:00"}},
			{{"22:00", "06:00"}},
			{{"07:01", "07:02"}, {"18:00", "02:30"}},
			{},
		}
		if some {
			days = days[:5]
		}
		return rapid.SampledFrom(days).Draw(t, "day")
	})
}

var firstMinute = time.Date(2026, 9, 10, 0, 0, 0, 0, time.UTC)

func momentGen() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		from := firstMinute
		if rapid.IntRange(0, 3).Draw(t, "year's end") == 0 {
			from = from.AddDate(0, 3, 15)
		}
		return from.Add(time.Duration(rapid.IntRange(0, 40*24*60).Draw(t, "minute")) * time.Minute)
	})
}

func TestTimetableIsTheSlowReference(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := calendarGen().Draw(r, "calendar")
		tt, ref := table(t, c), newSlow(c)
		from := momentGen().Draw(r, "from")
		if got, want := tt.OpenAt(from), ref.open(from); got != want {
			r.Fatalf("OpenAt(%s) is %v, want %v", local(from), got, want)
		}
		if next, ok := tt.NextChange(from); ok {
			for m := from; m.Before(next); m = m.Add(time.Minute) {
				if ref.open(m) != ref.open(from) {
					r.Fatalf("NextChange(%s) is %s, but it changes at %s", local(from), local(next), local(m))
				}
			}
			if ref.open(next) == ref.open(from) {
				r.Fatalf("NextChange(%s) is %s, where nothing changes", local(from), local(next))
			}
		}
		n := rapid.IntRange(0, 25).Draw(r, "days")
		if m, err := tt.AddWorkingDays(from, n); err != nil || !m.At.Equal(ref.addWorkingDays(from, n)) {
			r.Fatalf("AddWorkingDays(%s, %d) is %s, want %s (%v)", local(from), n, local(m.At), local(ref.addWorkingDays(from, n)), err)
		}
		minutes := rapid.IntRange(0, 3000).Draw(r, "minutes")
		m, err := tt.AddBusiness(from, time.Duration(minutes)*time.Minute)
		if err != nil || !m.At.Equal(ref.addBusiness(from, minutes)) {
			r.Fatalf("AddBusiness(%s, %d min) is %s, want %s (%v)", local(from), minutes, local(m.At), local(ref.addBusiness(from, minutes)), err)
		}
		to := from.Add(time.Duration(rapid.IntRange(0, 15*24*60).Draw(r, "later")) * time.Minute)
		if d, _ := tt.Business(from, to); d != time.Duration(ref.business(from, to))*time.Minute {
			r.Fatalf("Business(%s, %s) is %s, want %d min", local(from), local(to), d, ref.business(from, to))
		}
	})
}

// Adding and then measuring gives back what was added.
func lawOfCalendars(t testing.TB, tt *Timetable, from time.Time, n int, d time.Duration) {
	t.Helper()
	days, err := tt.AddWorkingDays(from, n)
	if err != nil {
		t.Fatal(err)
	}
	if back, _ := tt.WorkingDays(from, days.At); back != n {
		t.Errorf("%s and %d working days is %s, measured %d", local(from), n, local(days.At), back)
	}
	m, err := tt.AddBusiness(from, d)
	if err != nil {
		t.Fatal(err)
	}
	if back, _ := tt.Business(from, m.At); back != d {
		t.Errorf("%s and %s is %s, measured %s", local(from), d, local(m.At), back)
	}
	half, err := tt.AddBusiness(from, d/2)
	if err != nil {
		t.Fatal(err)
	}
	if whole, err := tt.AddBusiness(half.At, d-d/2); err != nil || !whole.At.Equal(m.At) {
		t.Errorf("%s and %s in two steps is %s, at once %s (%v)", local(from), d, local(whole.At), local(m.At), err)
	}
}

func TestCalendarLaw(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		tt := table(t, calendarGen().Draw(r, "calendar"))
		from := momentGen().Draw(r, "from").Add(time.Duration(rapid.IntRange(0, 59_999).Draw(r, "ms")) * time.Millisecond)
		lawOfCalendars(t, tt, from, rapid.IntRange(0, 300).Draw(r, "days"), time.Duration(rapid.IntRange(0, 500_000_000).Draw(r, "length"))*time.Millisecond)
	})
}

func FuzzCalendarLaw(f *testing.F) {
	f.Add(int64(1_790_000_000), uint16(10), uint32(3600), "09:00", "18:00", byte(0x1f))
	f.Add(int64(1_767_200_000), uint16(3), uint32(86400*9), "22:00", "06:00", byte(0x7f))
	f.Fuzz(func(t *testing.T, sec int64, n uint16, length uint32, from, to string, week byte) {
		c := office()
		for d := range c.Week {
			if c.Week[d] = nil; week&(1<<d) != 0 {
				c.Week[d] = []Span{{from, to}}
			}
		}
		tt, err := NewTimetable(c, ShippedHolidays())
		start := time.Unix(sec%4_000_000_000, 0)
		if err != nil || start.Year() < 2000 {
			t.Skip()
		}
		limit := time.Duration(length%(30*24*3600)) * time.Second
		if worked, _ := tt.Business(start, start.AddDate(20, 0, 0)); worked < limit {
			t.Skip() // a minute a week does not reach
		}
		lawOfCalendars(t, tt, start, int(n)%1000, limit)
	})
}

func BenchmarkAddWorkingDays(b *testing.B) {
	tt := table(b, office())
	from := at(b, "2026-09-18 10:00")
	for _, n := range []int{1, 10, 2480} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				if _, err := tt.AddWorkingDays(from, n); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAddBusinessTenYears(b *testing.B) {
	tt := table(b, office())
	from := at(b, "2026-09-18 10:00")
	for b.Loop() {
		if _, err := tt.AddBusiness(from, 22320*time.Hour); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPlan(b *testing.B) {
	p, err := NewPromises(Rules{Preset: standard(), Floor: StatutoryFloor(), Holidays: ShippedHolidays()})
	if err != nil {
		b.Fatal(err)
	}
	s := Subject{Kind: "complaint", Category: []string{Refund}, Channel: "email"}
	from := at(b, "2026-09-18 10:00")
	for b.Loop() {
		if plan, err := p.Plan(s, from); err != nil || len(plan) != 4 {
			b.Fatal(len(plan), err)
		}
	}
}
