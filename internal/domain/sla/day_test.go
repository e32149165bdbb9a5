package sla

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/kit/fault"
)

func TestDays(t *testing.T) {
	t.Parallel()
	c := office()
	c.Exceptions = []Exception{{Date: "2026-03-02", Why: "盘点"}, {Date: "2026-03-07", Open: true, Spans: []Span{{"22:00", "06:00"}}}}
	table, err := NewTimetable(c, ShippedHolidays())
	if err != nil {
		t.Fatal(err)
	}
	days := table.Days(2026)
	if len(days) != 365 || len(table.Days(2028)) != 366 {
		t.Fatalf("2026 has %d days, 2028 %d", len(days), len(table.Days(2028)))
	}
	by := map[string]Day{}
	for _, d := range days {
		by[d.Date] = d
	}
	for _, want := range []struct {
		date string
		open bool
		as   DayCause
		name string
		from string
	}{
		{"2026-09-18", true, ByWeek, "", "09:00"},
		{"2026-09-19", false, ByWeek, "", ""},
		{"2026-09-20", true, ByMakeup, "国庆节", "09:00"}, // a working Sunday
		{"2026-10-01", false, ByHoliday, "国庆节", ""},
		{"2026-03-02", false, ByException, "盘点", ""},
		{"2026-03-07", true, ByException, "", "22:00"},
	} {
		d := by[want.date]
		if d.Open != want.open || d.As != want.as || d.Name != want.name || !d.Sure {
			t.Errorf("%s is %+v", want.date, d)
		}
		if want.open && (len(d.Spans) != 1 || d.Spans[0].From != want.from) {
			t.Errorf("%s is open %v", want.date, d.Spans)
		}
	}
	if s := by["2026-03-07"].Spans; s[0].To != "06:00" {
		t.Errorf("a span over midnight ends at %s", s[0].To)
	}
	for _, d := range table.Days(2027) {
		if d.Date == "2027-10-01" && (d.Open || d.As != ByHoliday || d.Sure) {
			t.Errorf("a fixed holiday of a year without a notice is %+v", d)
		}
	}
}

// A day is open exactly if somebody works in one of its spans.
func TestDaysAgreeWithOpenAt(t *testing.T) {
	t.Parallel()
	table, err := NewTimetable(office(), ShippedHolidays())
	if err != nil {
		t.Fatal(err)
	}
	days := table.Days(2026)
	rapid.Check(t, func(r *rapid.T) {
		d := days[rapid.IntRange(0, len(days)-1).Draw(r, "day")]
		minute := rapid.IntRange(0, minutesOfDay-1).Draw(r, "minute")
		date, err := time.ParseInLocation(time.DateOnly, d.Date, table.Zone())
		if err != nil {
			r.Fatal(err)
		}
		open := false
		for _, s := range d.Spans {
			from, to, _ := s.minutes()
			open = open || minute >= from && minute < to
		}
		if got := table.OpenAt(date.Add(time.Duration(minute) * time.Minute)); got != open {
			r.Errorf("%s at minute %d: open %v, the day says %v", d.Date, minute, got, open)
		}
	})
}

// Where a preset is wrong is said so that a form can show it there.
func TestPlacesOfMistakes(t *testing.T) {
	t.Parallel()
	for want, spoil := range map[string]func(p *Preset){
		"preset.policies.1.order":              func(p *Preset) { p.Policies[1].Order = p.Policies[0].Order },
		"preset.policies.3.match.level":        func(p *Preset) { p.Policies[3].Match.Level = "hard" },
		"preset.policies.2.targets.1.limit":    func(p *Preset) { p.Policies[2].Targets[1].Limit = 0 },
		"preset.policies.0.targets.0.calendar": func(p *Preset) { p.Policies[0].Targets[0].Calendar = "moon" },
		"preset.policies.6.targets.1.metric":   func(p *Preset) { p.Policies[6].Targets[1] = p.Policies[6].Targets[0] },
		"preset.policies.1.targets.0.warn_at":  func(p *Preset) { p.Policies[1].Targets[0].WarnAt = []int{90, 80} },
		"calendar.week.2":                      func(p *Preset) { p.Calendars[0].Week[2] = []Span{{"9", "18:00"}} },
		"calendar.exceptions.1":                func(p *Preset) { p.Calendars[0].Exceptions = []Exception{{Date: "2026-01-02"}, {Date: "x"}} },
	} {
		p := standard()
		spoil(&p)
		if got := fieldOf(p.Check()); got != want {
			t.Errorf("the mistake is said to be in %q, want %q", got, want)
		}
	}
}

// A calendar of the company's own becomes one of the preset that counts on it.
func TestUsingOwnCalendars(t *testing.T) {
	t.Parallel()
	night := office()
	night.Code, night.Name = "night", Text{Zh: "夜班", En: "Night"}
	terms, err := DefaultTerms().WithCalendar(night)
	if err != nil {
		t.Fatal(err)
	}
	p := standard()
	p.Policies[1].Targets[0].Calendar = "night"
	if p.Check() == nil {
		t.Fatal("the preset has no such calendar, and is fine")
	}
	used, err := terms.Using(p)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := used.Preset.Calendar("night"); !ok || len(p.Calendars) != 3 {
		t.Errorf("it has %d calendars, the one handed in %d", len(used.Preset.Calendars), len(p.Calendars))
	}
	if cs, err := terms.Changes(p); err != nil || len(cs) == 0 {
		t.Errorf("changes: %v, %v", cs, err)
	}
}

func fieldOf(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Field
	}
	return ""
}
