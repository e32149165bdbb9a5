package sla

import (
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/kit/fault"
)

func at(t testing.TB, s string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", s, shanghai)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func local(when time.Time) string { return when.In(shanghai).Format("2006-01-02 15:04") }

func table(t testing.TB, c Calendar) *Timetable {
	t.Helper()
	tt, err := NewTimetable(c, ShippedHolidays())
	if err != nil {
		t.Fatal(err)
	}
	return tt
}

// The vectors of the domain reference, §2.6.
func TestWorkingDayVectors(t *testing.T) {
	tt := table(t, office())
	for _, c := range []struct {
		received string
		due      map[int]string
	}{
		{"2026-09-18 10:00", map[int]string{1: "2026-09-20", 3: "2026-09-22", 5: "2026-09-24", 7: "2026-09-29", 10: "2026-10-09"}},
		{"2026-09-24 10:00", map[int]string{1: "2026-09-28", 3: "2026-09-30", 5: "2026-10-09", 7: "2026-10-12", 10: "2026-10-15", 20: "2026-10-29"}},
		{"2026-09-30 10:00", map[int]string{1: "2026-10-08", 3: "2026-10-10", 5: "2026-10-13", 7: "2026-10-15", 10: "2026-10-20"}},
		{"2026-02-13 10:00", map[int]string{1: "2026-02-14", 3: "2026-02-25", 5: "2026-02-27", 7: "2026-03-02", 10: "2026-03-05"}},
		{"2026-04-30 10:00", map[int]string{1: "2026-05-06", 3: "2026-05-08", 5: "2026-05-11", 7: "2026-05-13", 10: "2026-05-18"}},
		{"2025-09-26 10:00", map[int]string{1: "2025-09-28", 3: "2025-09-30", 5: "2025-10-10", 7: "2025-10-13", 10: "2025-10-16"}},
		{"2025-01-24 10:00", map[int]string{1: "2025-01-26", 3: "2025-02-05", 5: "2025-02-07", 7: "2025-02-10", 10: "2025-02-13", 20: "2025-02-27"}},
		// More vectors, and the edges of §1.3.1.
		{"2026-09-30 18:00", map[int]string{0: "2026-09-30", 1: "2026-10-08"}},
		{"2026-09-30 18:01", map[int]string{0: "2026-10-08", 1: "2026-10-09"}},
		{"2026-10-03 12:00", map[int]string{0: "2026-10-08", 1: "2026-10-09"}},
		{"2026-10-10 10:00", map[int]string{0: "2026-10-10", 1: "2026-10-12"}},
		{"2026-10-08 00:00", map[int]string{0: "2026-10-08", 1: "2026-10-09"}},
		{"2026-10-08 07:30", map[int]string{0: "2026-10-08", 1: "2026-10-09"}},
	} {
		for n, day := range c.due {
			m, err := tt.AddWorkingDays(at(t, c.received), n)
			if err != nil || local(m.At) != day+" 18:00" || m.Provisional {
				t.Errorf("%s +%d: %s, %v, want %s 18:00 (%v)", c.received, n, local(m.At), m.Provisional, day, err)
			}
			if back, provisional := tt.WorkingDays(at(t, c.received), m.At); back != n || provisional {
				t.Errorf("%s to %s is %d working days, want %d", c.received, local(m.At), back, n)
			}
		}
	}
}

func TestAYearHas248WorkingDays(t *testing.T) {
	tt := table(t, office())
	for _, year := range []int{2025, 2026} {
		n := 0
		for day := dayOf(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)); dateOf(day).Year() == year; day++ {
			if worked, _ := tt.on(day); len(worked) > 0 {
				n++
			}
		}
		if n != 248 {
			t.Errorf("%d has %d working days", year, n)
		}
	}
}

func TestOpenAt(t *testing.T) {
	closedOnMakeup := office()
	closedOnMakeup.OpenOnMakeupDays = false
	night := office()
	night.Holidays, night.Week = "", everyDay(Span{"22:00", "06:00"})
	for _, c := range []struct {
		name string
		in   Calendar
		when string
		open bool
		next string // when that changes; empty: never
	}{
		{"a working Sunday", office(), "2026-09-20 10:00", true, "2026-09-20 18:00"},
		{"the same with the setting off", closedOnMakeup, "2026-09-20 10:00", false, "2026-09-21 09:00"},
		{"a holiday", office(), "2026-09-25 10:00", false, "2026-09-28 09:00"},
		{"the moment of opening", office(), "2026-09-28 09:00", true, "2026-09-28 18:00"},
		{"the moment of closing", office(), "2026-09-28 18:00", false, "2026-09-29 09:00"},
		{"before a long holiday", office(), "2026-09-30 18:01", false, "2026-10-08 09:00"},
		{"after midnight of a night shift", night, "2026-09-28 05:59", true, "2026-09-28 06:00"},
		{"the end of a night shift", night, "2026-09-28 06:00", false, "2026-09-28 22:00"},
		{"around the clock", always(), "2026-10-01 03:00", true, ""},
	} {
		tt := table(t, c.in)
		next, ok := tt.NextChange(at(t, c.when))
		if open := tt.OpenAt(at(t, c.when)); open != c.open || ok != (c.next != "") || ok && local(next) != c.next {
			t.Errorf("%s: open %v until %s (%v), want %v until %q", c.name, open, local(next), ok, c.open, c.next)
		}
	}
}

func TestExceptionsWin(t *testing.T) {
	c := office()
	c.Exceptions = []Exception{
		{Date: "2026-10-02", Open: true, Spans: []Span{{"10:00", "12:00"}}, Why: "国庆值班"},
		{Date: "2026-09-20", Why: "年会"},
		{Date: "2026-09-28"},
		{Date: "2026-10-17", Open: true},
	}
	tt := table(t, c)
	for _, v := range []struct{ received, due string }{
		{"2026-09-18 10:00", "2026-09-21 18:00"}, // the working Sunday is closed
		{"2026-09-30 10:00", "2026-10-02 12:00"}, // a holiday is worked
		{"2026-09-24 10:00", "2026-09-29 18:00"},
		{"2026-10-16 10:00", "2026-10-17 18:00"}, // a Saturday, with Monday's hours
	} {
		m, err := tt.AddWorkingDays(at(t, v.received), 1)
		if err != nil || local(m.At) != v.due {
			t.Errorf("%s: due %s, want %s (%v)", v.received, local(m.At), v.due, err)
		}
	}
	m, _ := tt.AddWorkingDays(at(t, "2026-09-30 10:00"), 1)
	if why := strings.Join(Sentences(m.Why, "zh"), "\n"); !strings.Contains(why, "国庆值班") {
		t.Errorf("the reason does not name the exception:\n%s", why)
	}
}

func TestNightShiftBelongsToItsEvening(t *testing.T) {
	c := office()
	c.Holidays, c.Week = "", OfficeWeek()
	for d := range 5 {
		c.Week[d] = []Span{{"22:00", "06:00"}}
	}
	tt := table(t, c)
	for _, v := range []struct {
		received string
		n        int
		due      string
	}{
		{"2026-11-24 03:00", 1, "2026-11-25 06:00"}, // Tuesday night is still Monday's shift
		{"2026-11-24 07:00", 1, "2026-11-26 06:00"},
		{"2026-11-28 03:00", 0, "2026-11-28 06:00"}, // Saturday night is Friday's
		{"2026-11-28 07:00", 0, "2026-12-01 06:00"},
	} {
		if m, err := tt.AddWorkingDays(at(t, v.received), v.n); err != nil || local(m.At) != v.due {
			t.Errorf("%s +%d: %s, want %s (%v)", v.received, v.n, local(m.At), v.due, err)
		}
	}
	if d, _ := tt.Business(at(t, "2026-11-23 00:00"), at(t, "2026-11-30 00:00")); d != 40*time.Hour {
		t.Errorf("a week of nights is %s", d)
	}
}

func TestAYearWithoutANotice(t *testing.T) {
	tt := table(t, office())
	for _, c := range []struct {
		received    string
		n           int
		due         string
		provisional bool
	}{
		{"2026-12-31 10:00", 0, "2026-12-31 18:00", false},
		{"2026-12-31 10:00", 1, "2027-01-04 18:00", true}, // 01-01 is a holiday, and Friday
		{"2027-04-30 10:00", 1, "2027-05-03 18:00", true},
		{"2027-09-30 10:00", 1, "2027-10-04 18:00", true},
		{"2024-12-31 10:00", 1, "2025-01-02 18:00", true},
	} {
		m, err := tt.AddWorkingDays(at(t, c.received), c.n)
		if err != nil || local(m.At) != c.due || m.Provisional != c.provisional {
			t.Errorf("%s +%d: %s, provisional %v (%v)", c.received, c.n, local(m.At), m.Provisional, err)
		}
		said := slices.ContainsFunc(m.Why, func(r Reason) bool { return r.Code == "provisional" })
		if said != c.provisional {
			t.Errorf("%s +%d: the reasons are %v", c.received, c.n, Sentences(m.Why, "en"))
		}
	}
	h := ShippedHolidays()
	for _, c := range []struct {
		now  string
		want []int
	}{
		{"2026-10-31 23:59", nil},
		{"2026-11-01 00:00", []int{2027}},
		{"2027-03-01 00:00", []int{2027}},
		{"2027-11-01 00:00", []int{2027, 2028}},
		{"2025-12-01 00:00", nil},
	} {
		if got := h.Missing(at(t, c.now)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v are missing, want %v", c.now, got, c.want)
		}
	}
}

func TestNotices(t *testing.T) {
	day := func(date string, off string) string {
		return `{"name":"春节","date":"` + date + `","isOffDay":` + off + `}`
	}
	notice := func(days ...string) string {
		return `{"year":2027,"papers":[],"days":[` + strings.Join(days, ",") + `]}`
	}
	for _, c := range []struct{ name, in, code string }{
		{"fine", notice(day("2027-02-05", "true"), day("2027-02-20", "false")), ""},
		{"into the years beside", notice(day("2026-12-31", "true"), day("2028-01-01", "true")), ""},
		{"a date twice", notice(day("2027-02-05", "true"), day("2027-02-05", "true")), "notice.twice"},
		{"off and worked", notice(day("2027-02-06", "true"), day("2027-02-06", "false")), "notice.both"},
		{"another year", notice(day("2027-02-05", "true"), day("2026-02-05", "true")), "notice.far"},
		{"too far into the years beside", notice(day("2027-02-05", "true"), day("2028-02-01", "true")), "notice.far"},
		{"no date", notice(day("2027-02-30", "true")), "notice.date"},
		{"a working Tuesday", notice(day("2027-02-05", "true"), day("2027-02-09", "false")), "notice.weekday"},
		{"empty", notice(), "notice.count"},
		{"broken off", `{"year":2027,"papers":[],"da`, "notice.json"},
		{"two", notice(day("2027-02-05", "true")) + "{}", "notice.json"},
		{"no year", `{"days":[]}`, "notice.year"},
	} {
		n, err := ParseNotice([]byte(c.in))
		if c.code == "" && err != nil || c.code != "" && fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", c.name, err, c.code)
		}
		if c.code != "" && (n.Year != 0 || n.Days != nil) {
			t.Errorf("%s: half of it was taken: %+v", c.name, n)
		}
		if c.code == "" && n.Whole() {
			t.Errorf("%s: two days are a whole notice", c.name)
		}
	}
}

// A part of a notice counts, and the rest of its year stays provisional.
func TestAPartOfANotice(t *testing.T) {
	part := Notice{Year: 2027, Days: []NoticeDay{{Name: "元旦", Date: "2027-01-01", Off: true}, {Name: "元旦", Date: "2027-01-02", Off: true}, {Name: "元旦", Date: "2027-01-04", Off: true}}}
	h, err := NewHolidays(append(Shipped(), part)...)
	if err != nil {
		t.Fatal(err)
	}
	tt, err := NewTimetable(office(), h)
	if err != nil {
		t.Fatal(err)
	}
	m, err := tt.AddWorkingDays(at(t, "2026-12-31 10:00"), 1)
	if err != nil || local(m.At) != "2027-01-05 18:00" || !m.Provisional {
		t.Errorf("%s, provisional %v (%v)", local(m.At), m.Provisional, err)
	}
	if got := h.Missing(at(t, "2026-12-01 00:00")); !slices.Equal(got, []int{2027}) {
		t.Errorf("%v are missing", got)
	}
}

func TestCalendarCheck(t *testing.T) {
	change := func(f func(*Calendar)) Calendar {
		c := office()
		f(&c)
		return c
	}
	for _, c := range []struct {
		name string
		in   Calendar
		code string
	}{
		{"office", office(), ""},
		{"around the clock", always(), ""},
		{"touching spans", change(func(c *Calendar) { c.Week[0] = []Span{{"09:00", "12:00"}, {"12:00", "24:00"}} }), ""},
		{"over midnight, up to the next span", change(func(c *Calendar) { c.Week[0] = []Span{{"22:00", "09:00"}} }), ""},
		{"over midnight, into the next span", change(func(c *Calendar) { c.Week[0] = []Span{{"22:00", "09:01"}} }), "calendar.overlap"},
		{"from Sunday into Monday", change(func(c *Calendar) { c.Week[6] = []Span{{"22:00", "10:00"}} }), "calendar.overlap"},
		{"overlap", change(func(c *Calendar) { c.Week[0] = []Span{{"09:00", "12:00"}, {"11:00", "13:00"}} }), "calendar.overlap"},
		{"nothing of a day", change(func(c *Calendar) { c.Week[0] = []Span{{"09:00", "09:00"}} }), "calendar.span"},
		{"no time", change(func(c *Calendar) { c.Week[0] = []Span{{"9:00", "18:00"}} }), "calendar.span"},
		{"from the end of the day", change(func(c *Calendar) { c.Week[0] = []Span{{"24:00", "06:00"}} }), "calendar.span"},
		{"never open", change(func(c *Calendar) { c.Week = everyDay() }), "calendar.never"},
		{"no zone", change(func(c *Calendar) { c.Zone = "" }), "calendar.zone"},
		{"the zone of the machine", change(func(c *Calendar) { c.Zone = "Local" }), "calendar.zone"},
		{"holidays of elsewhere", change(func(c *Calendar) { c.Holidays = "US" }), "calendar.holidays"},
		{"a code with a space", change(func(c *Calendar) { c.Code = "my office" }), "calendar.code"},
		{"no name", change(func(c *Calendar) { c.Name = Text{} }), "calendar.name"},
		{"no date", change(func(c *Calendar) { c.Exceptions = []Exception{{Date: "1 Oct"}} }), "calendar.date"},
		{"a date twice", change(func(c *Calendar) { c.Exceptions = []Exception{{Date: "2026-10-01"}, {Date: "2026-10-01", Open: true}} }), "calendar.twice"},
		{"closed with spans", change(func(c *Calendar) { c.Exceptions = []Exception{{Date: "2026-10-01", Spans: []Span{{"09:00", "10:00"}}}} }), "calendar.closed_spans"},
	} {
		if err := c.in.Check(); c.code == "" && err != nil || c.code != "" && fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", c.name, err, c.code)
		}
	}
}

// Hours and the calendar that they give agree.
func TestHoursAsCalendar(t *testing.T) {
	h := Hours{Zone: "Asia/Shanghai", Week: OfficeWeek(), Closed: []string{"2026-10-01", "2026-10-01", "2026-10-10"}, Open: []string{"2026-10-10", "2026-10-11", "2026-10-12"}}
	tt := table(t, h.Calendar())
	for when := at(t, "2026-09-28 00:00"); when.Before(at(t, "2026-10-20 00:00")); when = when.Add(30 * time.Minute) {
		if h.OpenAt(when) != tt.OpenAt(when) {
			t.Fatalf("%s: the hours say %v, the calendar %v", local(when), h.OpenAt(when), tt.OpenAt(when))
		}
	}
}
