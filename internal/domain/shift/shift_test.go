package shift

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/sla"
	"yingda/internal/kit/fault"
)

func zone(t interface{ Fatal(...any) }, name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func hours(from, to string, breaks ...string) Hours {
	h := Hours{From: from, To: to, Breaks: []sla.Span{}}
	for i := 0; i < len(breaks); i += 2 {
		h.Breaks = append(h.Breaks, sla.Span{From: breaks[i], To: breaks[i+1]})
	}
	return h
}

func TestHours(t *testing.T) {
	for _, c := range []struct {
		name, code string
		h          Hours
	}{
		{"a day with lunch", "", hours("09:00", "18:00", "12:00", "13:00")},
		{"a night", "", hours("22:00", "06:00", "02:00", "02:30")},
		{"a night with a break before midnight and one after", "", hours("20:00", "08:00", "23:30", "00:15", "04:00", "04:30")},
		{"around the clock", "", hours("08:00", "08:00", "20:00", "21:00")},
		{"until midnight", "", hours("16:00", "24:00")},
		{"from 24:00", "shift.times", hours("24:00", "06:00")},
		{"not a time", "shift.times", hours("9", "18:00")},
		{"a break outside", "shift.break", hours("09:00", "18:00", "18:00", "18:30")},
		{"a break before the night begins", "shift.break", hours("22:00", "06:00", "21:00", "21:30")},
		{"breaks out of order", "shift.break", hours("09:00", "18:00", "15:00", "15:15", "12:00", "13:00")},
		{"nothing but breaks", "shift.only_breaks", hours("09:00", "10:00", "09:00", "10:00")},
		{"too many breaks", "shift.breaks", hours("09:00", "18:00", "10:00", "10:05", "11:00", "11:05", "12:00", "12:05", "13:00", "13:05", "14:00", "14:05", "15:00", "15:05", "16:00", "16:05")},
	} {
		if err := c.h.Check(); (c.code == "") != (err == nil) || err != nil && fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", c.name, err, c.code)
		}
	}
}

// A night over midnight is as long as the clocks make it: an hour less when
// summer time begins, one more when it ends.
func TestNightsAndClockChanges(t *testing.T) {
	night := Template{Hours: hours("22:00", "06:00", "02:00", "02:30")}
	for _, c := range []struct {
		zone, day  string
		long, work time.Duration
	}{
		{"Asia/Shanghai", "2026-11-30", 8 * time.Hour, 7*time.Hour + 30*time.Minute},
		{"Europe/Berlin", "2026-03-28", 7 * time.Hour, 7 * time.Hour}, // 02:00–02:30 is not there that night
		{"Europe/Berlin", "2026-10-24", 9 * time.Hour, 8*time.Hour + 30*time.Minute},
		{"Europe/Berlin", "2026-10-25", 8 * time.Hour, 7*time.Hour + 30*time.Minute},
		{"Australia/Lord_Howe", "2026-04-04", 8*time.Hour + 30*time.Minute, 8 * time.Hour},
	} {
		e := night.Of(1, c.day)
		z := zone(t, c.zone)
		if got := e.Span(z).Length(); got != c.long {
			t.Errorf("%s %s lasts %s, want %s", c.zone, c.day, got, c.long)
		}
		if got := e.Worked(z); got != c.work && c.zone != "Europe/Berlin" {
			t.Errorf("%s %s has %s of work, want %s", c.zone, c.day, got, c.work)
		}
	}
	if got := night.Of(1, "2026-11-30").Span(zone(t, "Asia/Shanghai")).To.Format(time.RFC3339); got != "2026-11-30T22:00:00Z" {
		t.Errorf("the night ends at %s", got)
	}
}

func TestAtWork(t *testing.T) {
	z := zone(t, "Asia/Shanghai")
	p := NewPlan([]Entry{
		Template{Hours: hours("09:00", "18:00", "12:00", "13:00")}.Of(1, "2026-11-30"),
		Template{Hours: hours("12:15", "20:00")}.Of(2, "2026-11-30"),
		Template{Hours: hours("22:00", "06:00")}.Of(3, "2026-11-29"),
		Away(4, "2026-11-30", "病假"),
	}, z)
	for at, want := range map[string]float64{
		"05:30": 1, "06:00": 0, "08:30": 0, "09:00": 1, "11:30": 1, "12:00": 0.5, "12:30": 1, "13:00": 2, "17:30": 2, "18:00": 1, "20:00": 0,
	} {
		from, _ := time.ParseInLocation("2006-01-02 15:04", "2026-11-30 "+at, z)
		if got := p.AtWork(Stretch{from, from.Add(30 * time.Minute)}); got != want {
			t.Errorf("at %s there are %v, want %v", at, got, want)
		}
	}
}

// However a day is cut into half hours, the people in them add up to what is
// worked.
func TestAtWorkAddsUp(t *testing.T) {
	z := zone(t, "Europe/Berlin")
	rapid.Check(t, func(t *rapid.T) {
		var es []Entry
		var all time.Duration
		for i := range rapid.IntRange(0, 6).Draw(t, "people") {
			from := rapid.IntRange(0, 95).Draw(t, "from") * 15
			long := rapid.IntRange(1, 96).Draw(t, "long") * 15
			e := Template{Hours: hours(clock(from), clock((from+long)%aDay))}.Of(agent.ID(i+1), rapid.SampledFrom([]string{"2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"}).Draw(t, "day"))
			es, all = append(es, e), all+e.Worked(z)
		}
		p := NewPlan(es, z)
		var sum float64
		for at := time.Date(2026, 3, 26, 0, 0, 0, 0, z); at.Before(time.Date(2026, 10, 28, 0, 0, 0, 0, z)); at = at.Add(30 * time.Minute) {
			if at.Month() > 3 && at.Month() < 10 {
				at = time.Date(2026, 10, 22, 0, 0, 0, 0, z)
			}
			sum += p.AtWork(Stretch{at, at.Add(30 * time.Minute)}) / 2
		}
		if d := sum - all.Hours(); d > 1e-6 || d < -1e-6 {
			t.Fatalf("%v hours in the half hours, %v in the shifts", sum, all.Hours())
		}
	})
}

func clock(minute int) string {
	return time.Date(2000, 1, 1, 0, minute, 0, 0, time.UTC).Format("15:04")
}

func TestConflicts(t *testing.T) {
	z := zone(t, "Asia/Shanghai")
	early, late, night := hours("08:00", "16:00", "12:00", "12:30"), hours("14:00", "22:00", "18:00", "18:30"), hours("22:00", "06:00")
	at := func(day string, h Hours) Entry { return Template{Hours: h}.Of(7, day) }
	for _, c := range []struct {
		name    string
		entries []Entry
		want    []string
	}{
		{"a usual week", []Entry{at("2026-11-30", early), at("2026-12-01", early), at("2026-12-02", late)}, nil},
		{"late, then early", []Entry{at("2026-11-30", late), at("2026-12-01", early)}, []string{"2026-12-01 rest"}},
		{"night, then early", []Entry{at("2026-11-30", night), at("2026-12-01", early)}, []string{"2026-12-01 rest"}},
		{"night, then a shift before it ends", []Entry{at("2026-11-30", night), at("2026-12-01", hours("05:00", "13:00"))}, []string{"2026-12-01 overlap"}},
		{"leave between is rest", []Entry{at("2026-11-30", late), Away(7, "2026-12-01", ""), at("2026-12-02", early)}, nil},
		{"a holiday", []Entry{at("2027-01-01", early)}, []string{"2027-01-01 holiday"}},
		{"seven days", []Entry{
			at("2026-11-30", early), at("2026-12-01", early), at("2026-12-02", early), at("2026-12-03", early),
			at("2026-12-04", early), at("2026-12-05", early), at("2026-12-06", early),
		}, []string{"2026-12-05 week_hours", "2026-12-06 days_in_row", "2026-12-06 week_hours"}},
		{"the week before counts for the row", []Entry{
			at("2026-11-24", early), at("2026-11-25", early), at("2026-11-26", early), at("2026-11-27", early),
			at("2026-11-28", early), at("2026-11-29", early), at("2026-11-30", early),
		}, []string{"2026-11-30 days_in_row"}},
	} {
		var got []string
		for _, f := range Conflicts(c.entries, DefaultLimits(), map[string]string{"2027-01-01": "元旦"}, "2026-11-30", "2027-01-31", z) {
			got = append(got, f.Day+" "+f.Code)
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
		}
	}
}

func TestSwap(t *testing.T) {
	const lin, zhao, wang = agent.ID(1), agent.ID(2), agent.ID(3)
	asked := Swap{State: SwapAsked, From: Side{Agent: lin, Day: "2026-12-01"}, To: Side{Agent: zhao}}
	agreed := asked
	agreed.State = SwapAgreed
	for _, c := range []struct {
		name string
		swap Swap
		act  SwapAct
		by   agent.ID
		lead bool
		want SwapState
		code string
	}{
		{"the colleague agrees", asked, Agree, zhao, false, SwapAgreed, ""},
		{"who asked cannot agree", asked, Agree, lin, false, "", "swap.whose"},
		{"the colleague declines", asked, Decline, zhao, false, SwapDeclined, ""},
		{"who asked withdraws", agreed, Withdraw, lin, false, SwapWithdrawn, ""},
		{"nobody approves before the colleague has agreed", asked, Approve, wang, true, "", "swap.state"},
		{"the supervisor approves", agreed, Approve, wang, true, SwapApproved, ""},
		{"a colleague does not approve", agreed, Approve, wang, false, "", "swap.whose"},
		{"a supervisor does not approve their own", agreed, Approve, zhao, true, "", "swap.own"},
		{"a supervisor refuses", agreed, Refuse, wang, true, SwapRefused, ""},
		{"time is up", asked, Lapse, 0, false, SwapLapsed, ""},
		{"what is over stays over", Swap{State: SwapApproved, From: asked.From, To: asked.To}, Lapse, 0, false, "", "swap.state"},
	} {
		got, err := c.swap.Do(c.act, c.by, "x", "", c.lead, time.Unix(1, 0))
		switch {
		case c.code != "":
			if fault.CodeOf(err) != c.code {
				t.Errorf("%s: %v, want %s", c.name, err, c.code)
			}
		case err != nil || got.State != c.want || got.State.Open() != got.Ended.IsZero():
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
}

// A swap never adds or loses a shift, and never gives anybody two on a day.
func TestSwappedKeepsEveryShift(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := []string{"2026-12-01", "2026-12-02", "2026-12-03"}
		roster := map[agent.ID]map[string]Entry{1: {}, 2: {}}
		count := 0
		for a := range roster {
			for _, d := range days {
				if rapid.Bool().Draw(t, "has") {
					roster[a][d] = Entry{Agent: a, Day: d, Kind: Work, Version: int64(count + 1)}
					count++
				}
			}
		}
		mine, ok := roster[1][rapid.SampledFrom(days).Draw(t, "mine")]
		if !ok {
			return
		}
		var theirs *Entry
		if e, ok := roster[2][rapid.SampledFrom(days).Draw(t, "theirs")]; ok && rapid.Bool().Draw(t, "back") {
			theirs = &e
		}
		at := func(a agent.ID, day string) (Entry, bool) { e, ok := roster[a][day]; return e, ok }
		gone, made, err := Swapped(mine, theirs, at, 2)
		if err != nil {
			return
		}
		for _, e := range gone {
			delete(roster[e.Agent], e.Day)
		}
		for _, e := range made {
			if _, has := roster[e.Agent][e.Day]; has {
				t.Fatalf("%d has two shifts on %s", e.Agent, e.Day)
			}
			roster[e.Agent][e.Day] = e
		}
		if len(roster[1])+len(roster[2]) != count {
			t.Fatalf("%d shifts became %d", count, len(roster[1])+len(roster[2]))
		}
	})
}

func TestKeep(t *testing.T) {
	z := zone(t, "Asia/Shanghai")
	e := Template{Hours: hours("09:00", "18:00", "12:00", "13:00")}.Of(1, "2026-11-30")
	at := func(hm string) time.Time {
		v, _ := time.ParseInLocation("2006-01-02 15:04", "2026-11-30 "+hm, z)
		return v
	}
	stay := func(from, to string, s agent.State, reason string) Stay {
		return Stay{Stretch{at(from), at(to)}, s, reason}
	}
	for _, c := range []struct {
		name  string
		stays []Stay
		now   string
		want  Kept
	}{
		{"kept", []Stay{stay("08:55", "12:00", agent.Online, ""), stay("12:00", "13:00", agent.Break, "meal"), stay("13:00", "18:01", agent.Online, "")}, "20:00", Kept{Planned: 8 * time.Hour, Worked: 8 * time.Hour}},
		{"late within the tolerance", []Stay{stay("09:05", "18:00", agent.Online, "")}, "20:00", Kept{Planned: 8 * time.Hour, Worked: 8*time.Hour - 5*time.Minute}},
		{"late, and gone early", []Stay{stay("09:20", "17:30", agent.Online, "")}, "20:00", Kept{Planned: 8 * time.Hour, Worked: 7*time.Hour + 10*time.Minute, Late: 20 * time.Minute, Early: 30 * time.Minute}},
		{"a break that was not planned", []Stay{stay("09:00", "10:00", agent.Online, ""), stay("10:00", "11:00", agent.Break, "rest"), stay("11:00", "18:00", agent.Busy, "")}, "20:00", Kept{Planned: 8 * time.Hour, Worked: 7 * time.Hour}},
		{"a meeting is work", []Stay{stay("09:00", "10:00", agent.Online, ""), stay("10:00", "11:00", agent.Break, "meeting"), stay("11:00", "18:00", agent.Online, "")}, "20:00", Kept{Planned: 8 * time.Hour, Worked: 8 * time.Hour}},
		{"not there", []Stay{stay("07:00", "08:00", agent.Online, "")}, "20:00", Kept{Planned: 8 * time.Hour, Absent: true}},
		{"only what is past", []Stay{stay("09:00", "11:00", agent.Online, "")}, "11:00", Kept{Planned: 2 * time.Hour, Worked: 2 * time.Hour}},
		{"not begun", nil, "08:00", Kept{}},
	} {
		if got := Keep(e, c.stays, 5*time.Minute, at(c.now), z); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestWeek(t *testing.T) {
	for day, monday := range map[string]string{"2026-11-30": "2026-11-30", "2026-12-06": "2026-11-30", "2027-01-01": "2026-12-28"} {
		if got := Monday(day); got != monday {
			t.Errorf("the week of %s begins on %s", day, got)
		}
	}
	if d := Days("2026-12-30", "2027-01-02"); len(d) != 4 || d[3] != "2027-01-02" {
		t.Error(d)
	}
}
