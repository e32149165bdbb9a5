package staffing

import (
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/kit/fault"
)

func TestMeasure(t *testing.T) {
	at := func(hms string) time.Time {
		v, err := time.Parse("15:04:05", hms)
		if err != nil {
			t.Fatal(err)
		}
		return v.AddDate(2026, 10, 22)
	}
	for _, c := range []struct {
		name string
		c    Contact
		slot string
		want Arrivals
	}{
		{"nobody asked for a person", Contact{Over: true, Ended: at("09:10:00")}, "", Arrivals{}},
		{"still waits", Contact{Asked: at("09:29:59"), Promised: true}, "09:00:00", Arrivals{Offered: 1, Promised: 1}},
		{
			"answered in time, goes on",
			Contact{Asked: at("09:30:00"), Taken: at("09:30:10"), Answered: at("09:30:20"), Promised: true, InTime: true},
			"09:30:00",
			Arrivals{Offered: 1, Answered: 1, Promised: 1, InTime: 1, Wait: 20 * time.Second, AnswerWait: 20 * time.Second},
		},
		{
			"answered and over, the summary included",
			Contact{Asked: at("09:30:00"), Taken: at("09:30:10"), Answered: at("09:30:20"), LastWord: at("09:40:00"), Ended: at("09:42:10"), Over: true},
			"09:30:00",
			Arrivals{Offered: 1, Answered: 1, Wait: 20 * time.Second, AnswerWait: 20 * time.Second, Handled: 1, Handling: 12 * time.Minute},
		},
		{
			"forgotten until the morning",
			Contact{Asked: at("09:30:00"), Answered: at("09:31:00"), LastWord: at("09:40:00"), Ended: at("23:00:00"), Over: true},
			"09:30:00",
			Arrivals{Offered: 1, Answered: 1, Wait: time.Minute, AnswerWait: time.Minute, Handled: 1, Handling: 19 * time.Minute},
		},
		{"gave up", Contact{Asked: at("09:30:00"), LastWord: at("09:30:00"), Ended: at("09:32:00"), Over: true}, "09:30:00", Arrivals{Offered: 1, Abandoned: 1, Wait: 2 * time.Minute}},
		{"gave up at once", Contact{Asked: at("09:30:00"), Ended: at("09:30:05"), Over: true}, "09:30:00", Arrivals{Offered: 1, Abandoned: 1, Short: 1, Wait: 5 * time.Second}},
	} {
		slot, got := Measure(c.c)
		if c.slot == "" && !slot.IsZero() || c.slot != "" && !slot.Equal(at(c.slot)) || got != c.want {
			t.Errorf("%s: %v %+v", c.name, slot, got)
		}
	}
}

// The vector of domain reference §4.3, and a patience that counts those who
// were answered as far as they waited.
func TestShares(t *testing.T) {
	a := Arrivals{Offered: 100, Answered: 80, Abandoned: 20, Short: 5, Promised: 100, InTime: 70, Wait: 1200 * time.Second, AnswerWait: 400 * time.Second}
	share, _ := a.InTimeShare()
	near(t, "in time", share, 0.7, 1e-12)
	share, _ = a.AbandonShare()
	near(t, "abandoned", share, 15.0/95, 1e-12)
	share, _ = a.AnsweredShare()
	near(t, "answered", share, 0.8, 1e-12)
	if a.Patience() != 60*time.Second || a.ASA() != 5*time.Second || a.MeanWait() != 12*time.Second {
		t.Errorf("%v %v %v", a.Patience(), a.ASA(), a.MeanWait())
	}
	if _, ok := (Arrivals{}).AbandonShare(); ok || (Arrivals{}).Patience() != 0 {
		t.Error("nothing has a share")
	}
}

// What is added and taken away again leaves nothing.
func TestPlusMinus(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func() Arrivals {
			n := rapid.IntRange(0, 1000)
			d := func(name string) time.Duration { return time.Duration(n.Draw(t, name)) }
			return Arrivals{n.Draw(t, "o"), n.Draw(t, "a"), n.Draw(t, "b"), n.Draw(t, "s"), n.Draw(t, "p"), n.Draw(t, "i"), d("w"), d("aw"), n.Draw(t, "h"), d("ha")}
		}
		a, b := draw(), draw()
		if a.Plus(b).Minus(b) != a {
			t.Fatalf("%+v and %+v", a, b)
		}
	})
}

func daysOf(contacts ...int) [][]Arrivals {
	var days [][]Arrivals
	for _, n := range contacts {
		days = append(days, []Arrivals{{}, {Offered: n, Answered: n - 1, Abandoned: 1, Wait: time.Duration(n) * time.Minute, Handled: n - 1, Handling: time.Duration(n-1) * 5 * time.Minute}})
	}
	return days
}

func TestExpect(t *testing.T) {
	for _, c := range []struct {
		name string
		days [][]Arrivals
		sure Sure
	}{
		{"no days", nil, NotEnough},
		{"two days", daysOf(40, 40), NotEnough},
		{"hardly anything", daysOf(3, 4, 3), NotEnough},
		{"all alike", daysOf(40, 42, 41), HighSure},
		{"rather alike", daysOf(20, 40, 30), FairSure},
		{"anything", daysOf(2, 90, 20), LowSure},
	} {
		if f := Expect(c.days, 48); f.Sure != c.sure || f.Days != len(c.days) || len(f.Slots) != 48 {
			t.Errorf("%s: %s from %d days", c.name, f.Sure, f.Days)
		}
	}
	f := Expect(daysOf(20, 40, 30, 30, 30), 48)
	near(t, "mean", f.Slots[1].Contacts, 30, 1e-12)
	near(t, "error", f.Slots[1].Error, 3.16227766, 1e-6)
	if f.Slots[1].Handling != 5*time.Minute || f.Slots[0].Contacts != 0 || f.Patience != 30*time.Minute {
		t.Errorf("%+v, patience %v", f.Slots[1], f.Patience)
	}
}

func TestNeed(t *testing.T) {
	s := Settings{Goal: 0.8, MaxOccupancy: 1, Shrinkage: 0.3, Weeks: 8, Parallel: 1}
	hundred := Expected{Contacts: 100, Handling: 180 * time.Second}
	// The published example: 14 positions, 20 with a shrinkage of 30 %.
	n, err := s.Need(hundred, 20*time.Second, 0)
	if err != nil || n.AtDesk != 14 || n.Rostered != 20 {
		t.Errorf("%+v, %v", n, err)
	}
	n, err = s.Need(hundred, 20*time.Second, 300*time.Second)
	if err != nil || n.AtDesk != 13 || n.Rostered != 19 {
		t.Errorf("with people who give up: %+v, %v", n, err)
	}
	s.Parallel = 3
	if n, err = s.Need(hundred, 20*time.Second, 0); err != nil || n.AtDesk != 5 || n.Rostered != 8 {
		t.Errorf("three chats each: %+v, %v", n, err)
	}
	if n, err = s.Need(Expected{}, 20*time.Second, 0); err != nil || n.AtDesk != 0 {
		t.Errorf("nobody comes: %+v, %v", n, err)
	}
	if s.Present(10) != 7 || s.Present(0.5) != 0 || s.Present(1) != 1 || s.Places(1) != 2 || s.Places(10) != 21 {
		t.Error("parts of people answer nobody")
	}
}

func TestWithTheRoster(t *testing.T) {
	s := Settings{Goal: 0.8, MaxOccupancy: 0.85, Weeks: 8, Parallel: 1}
	hundred := Expected{Contacts: 100, Handling: 180 * time.Second}
	o, over, err := s.With(hundred, 13, 20*time.Second, 300*time.Second)
	if err != nil || over {
		t.Fatal(o, over, err)
	}
	near(t, "level", o.ServiceLevel, 0.8581777, 1e-6)
	if o, over, err = s.With(hundred, 9.9, 20*time.Second, 0); err != nil || !over || o.ServiceLevel != 0 {
		t.Errorf("too few and nobody gives up: %+v %v %v", o, over, err)
	}
	if o, over, err = s.With(hundred, 0.5, 20*time.Second, time.Minute); err != nil || !over || o.Abandon != 1 {
		t.Errorf("nobody there: %+v %v %v", o, over, err)
	}
	if o, over, err = s.With(Expected{}, 0, 20*time.Second, 0); err != nil || over || o.ServiceLevel != 1 {
		t.Errorf("nobody comes: %+v %v %v", o, over, err)
	}
}

// Where nothing changes all day, the simulated day is what Erlang A says.
func TestSimulatedDayAgreesWithErlang(t *testing.T) {
	t.Parallel()
	d := Day{Target: 20 * time.Second, Patience: 300 * time.Second, Parallel: 1}
	for range 48 {
		d.Slots = append(d.Slots, DaySlot{Contacts: 100, Handling: 180 * time.Second, People: 13})
	}
	want, err := Impatient(Load{100, HalfHour, 180 * time.Second}, 13, d.Target, d.Patience)
	if err != nil {
		t.Fatal(err)
	}
	var got Outcome
	n := 0.0
	for seed := range uint64(20) {
		os, err := SimulateDay(d, rand.New(rand.NewPCG(seed, 7)).Float64)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range os[4:] { // the night fills up first
			got.ServiceLevel, got.Abandon, got.Occupancy, got.MeanWait = got.ServiceLevel+o.ServiceLevel, got.Abandon+o.Abandon, got.Occupancy+o.Occupancy, got.MeanWait+o.MeanWait
			n++
		}
	}
	near(t, "level", got.ServiceLevel/n, want.ServiceLevel, 0.012)
	near(t, "abandon", got.Abandon/n, want.Abandon, 0.004)
	near(t, "occupancy", got.Occupancy/n, want.Occupancy, 0.01)
	near(t, "wait", got.MeanWait/n, want.MeanWait, 0.8)
}

// Everybody who comes is answered or gives up, people are never busier than
// always, and the same numbers give the same day.
func TestSimulatedDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Day{Target: 20 * time.Second, Parallel: rapid.IntRange(1, 4).Draw(t, "parallel")}
		if rapid.Bool().Draw(t, "impatient") {
			d.Patience = time.Duration(rapid.IntRange(5, 900).Draw(t, "patience")) * time.Second
		}
		for range rapid.IntRange(1, 10).Draw(t, "slots") {
			d.Slots = append(d.Slots, DaySlot{
				Contacts: rapid.Float64Range(0, 60).Draw(t, "contacts"), Handling: time.Duration(rapid.IntRange(10, 900).Draw(t, "handling")) * time.Second,
				People: rapid.IntRange(0, 6).Draw(t, "people"),
			})
		}
		seed := rapid.Uint64().Draw(t, "seed")
		first, err := SimulateDay(d, rand.New(rand.NewPCG(seed, 1)).Float64)
		if err != nil {
			t.Fatal(err)
		}
		second, _ := SimulateDay(d, rand.New(rand.NewPCG(seed, 1)).Float64)
		for i, o := range first {
			if o != second[i] {
				t.Fatalf("two days: %+v, %+v", o, second[i])
			}
			if o.ServiceLevel < 0 || o.ServiceLevel > 1 || o.Abandon < 0 || o.Abandon > 1 || o.ServiceLevel+o.Abandon > 1+1e-9 && o.WaitProbability > 0 || o.Occupancy < 0 || o.Occupancy > 1 || o.MeanWait < 0 {
				t.Fatalf("not possible: %+v", o)
			}
		}
	})
}

func TestPlanRefusals(t *testing.T) {
	good := DefaultSettings()
	for code, change := range map[string]func(*Settings){
		"staffing.goal":      func(s *Settings) { s.Goal = 1 },
		"staffing.occupancy": func(s *Settings) { s.MaxOccupancy = 1.1 },
		"staffing.shrinkage": func(s *Settings) { s.Shrinkage = 0.9 },
		"staffing.weeks":     func(s *Settings) { s.Weeks = 0 },
		"staffing.parallel":  func(s *Settings) { s.Parallel = 0 },
	} {
		s := good
		change(&s)
		if err := s.Check(); fault.CodeOf(err) != code {
			t.Errorf("%v, want %s", err, code)
		}
	}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for code, d := range map[string]Day{
		"staffing.handling":  {Parallel: 1, Slots: []DaySlot{{Contacts: 1}}},
		"staffing.day_large": {Parallel: 1, Slots: []DaySlot{{Contacts: 1e9, Handling: time.Minute}}},
		"staffing.parallel":  {},
		"staffing.target":    {Parallel: 1, Target: -1},
	} {
		if _, err := SimulateDay(d, rand.Float64); fault.CodeOf(err) != code {
			t.Errorf("%v, want %s", err, code)
		}
	}
}
