package sla

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/kit/fault"
)

var states = []State{Running, Paused, Breached, Met, Cancelled}

// The diagram in the docs is drawn from the table. UPDATE=1 redraws it.
func TestDiagram(t *testing.T) {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> running: start\n")
	for _, s := range states {
		acts := make([]string, 0, len(moves[s]))
		for a, to := range moves[s] {
			if to != s {
				acts = append(acts, string(a))
			}
		}
		slices.Sort(acts)
		for _, a := range acts {
			fmt.Fprintf(&b, "    %s --> %s: %s\n", s, moves[s][Act(a)], a)
		}
	}
	b.WriteString("    met --> [*]\n    cancelled --> [*]\n")
	const file = "../../../docs/develop/clock-states.mmd"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != b.String() {
		t.Errorf("%s is not the table (UPDATE=1 redraws it): %v", file, err)
	}
}

func promises(t testing.TB, p Preset) *Promises {
	t.Helper()
	all, err := NewPromises(Rules{Preset: p, Floor: StatutoryFloor(), Holidays: ShippedHolidays()})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// started starts the clock of a metric of the standard preset.
func started(t testing.TB, m Metric, s Subject, received string) (Clock, *Timetable) {
	t.Helper()
	p := promises(t, standard())
	d, ok, err := p.Promise(m, s, at(t, received))
	if err != nil || !ok {
		t.Fatalf("%s: %v %v", m, ok, err)
	}
	tt, ok := p.Timetable(d.Calendar)
	if !ok {
		t.Fatalf("no timetable %s", d.Calendar)
	}
	return Start(d, at(t, received)), tt
}

func must(t testing.TB) func(Clock, error) Clock {
	return func(c Clock, err error) Clock {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
}

func events(alarms []Alarm) string {
	var all []string
	for _, a := range alarms {
		all = append(all, a.Event())
	}
	return strings.Join(all, " ")
}

func TestAlarmsComeOnce(t *testing.T) {
	c, _ := started(t, ComplaintFeedback, Subject{Kind: "complaint"}, "2026-09-18 10:00")
	// 8 h of day 0 and ten days of 9 h are 98 h; 80 % is 78.4 h, 7.82 days on.
	steps := []struct{ when, events string }{
		{"2026-09-29 18:00", "target"}, {"2026-09-30 16:24", "warning_80%"}, {"2026-10-09 18:00", "limit"},
	}
	for _, s := range steps {
		next, ok := c.Next()
		if !ok || local(next) != s.when {
			t.Fatalf("next is %s (%v), want %s", local(next), ok, s.when)
		}
		before, none := c.Fire(next.Add(-time.Millisecond))
		if len(none) != 0 || !reflect.DeepEqual(before, c) {
			t.Errorf("%s came early", events(none))
		}
		after, alarms := c.Fire(next)
		if events(alarms) != s.events {
			t.Errorf("%s: %s, want %s", s.when, events(alarms), s.events)
		}
		again, none := after.Fire(next)
		if len(none) != 0 || !reflect.DeepEqual(again, after) {
			t.Errorf("%s came twice", events(none))
		}
		c = after
	}
	if _, ok := c.Next(); ok || c.State != Breached {
		t.Errorf("after the limit: %s, next %v", c.State, ok)
	}
	late, _ := started(t, ComplaintFeedback, Subject{Kind: "complaint"}, "2026-09-18 10:00")
	if _, alarms := late.Fire(at(t, "2026-11-01 00:00")); events(alarms) != "target warning_80% limit" {
		t.Errorf("all at once: %s", events(alarms))
	}
}

func TestColours(t *testing.T) {
	c, _ := started(t, Resolution, Subject{Kind: "fault", Level: Complex}, "2026-09-18 10:00")
	single, _ := started(t, ComplaintAcknowledge, Subject{Kind: "complaint"}, "2026-09-18 10:00")
	paused := must(t)(c.Pause(at(t, "2026-09-18 11:00")))
	for _, v := range []struct {
		clock Clock
		when  string
		want  Colour
	}{
		{c, "2026-09-29 17:59", ColourOK},
		{c, "2026-09-29 18:00", ColourTarget},
		{c, "2026-10-09 18:00", ColourLimit},
		{single, "2026-09-20 10:00", ColourOK},
		{single, "2026-09-20 14:36", ColourTarget}, // 80 % of 17 h
		{single, "2026-09-20 18:00", ColourLimit},
		{paused, "2026-12-01 00:00", ColourPaused},
		{must(t)(c.Meet(at(t, "2026-09-20 10:00"))), "2026-12-01 00:00", ColourDone},
	} {
		if got := v.clock.Colour(at(t, v.when)); got != v.want {
			t.Errorf("%s of %s at %s is %s, want %s", v.clock.Metric, v.clock.State, v.when, got, v.want)
		}
	}
}

func TestPauseMovesWhatIsDue(t *testing.T) {
	c, tt := started(t, Resolution, Subject{Kind: "fault", Level: General}, "2026-09-18 10:00")
	c = must(t)(c.Pause(at(t, "2026-09-18 16:00")))
	if _, ok := c.Next(); ok {
		t.Error("a paused clock has something to come")
	}
	if _, alarms := c.Fire(at(t, "2026-12-01 00:00")); len(alarms) != 0 {
		t.Errorf("a paused clock fired %s", events(alarms))
	}
	c = must(t)(c.Resume(at(t, "2026-09-20 12:00"), tt)) // 2 h on Friday, 3 h on the working Sunday
	if local(*c.Target) != "2026-09-23 14:00" || local(c.Limit) != "2026-09-28 14:00" {
		t.Errorf("target %s, limit %s", local(*c.Target), local(c.Limit))
	}
	if got := c.Spent(at(t, "2026-09-20 13:00"), tt); got != 7*time.Hour {
		t.Errorf("spent %s", got)
	}
	answer, _ := started(t, FirstResponse, Subject{Kind: "fault", Channel: "email"}, "2026-09-18 10:00")
	if same := must(t)(answer.Pause(at(t, "2026-09-18 16:00"))); same.State != Running {
		t.Error("a clock of answering paused")
	}
	if _, err := c.Resume(at(t, "2026-09-20 14:00"), nil); err != nil {
		t.Errorf("running on needs no timetable: %v", err)
	}
	past := must(t)(c.Pause(at(t, "2026-09-23 15:00"))) // the target is past, the limit is not
	past = must(t)(past.Resume(at(t, "2026-09-23 16:00"), tt))
	if local(*past.Target) != "2026-09-23 14:00" || local(past.Limit) != "2026-09-28 15:00" {
		t.Errorf("what is past moved: target %s, limit %s", local(*past.Target), local(past.Limit))
	}
	c = must(t)(c.Pause(at(t, "2026-09-20 15:00")))
	if _, err := c.Resume(at(t, "2026-09-20 16:00"), nil); fault.CodeOf(err) != "clock.calendar" {
		t.Errorf("without a timetable: %v", err)
	}
}

func TestTheFloorNeverPauses(t *testing.T) {
	// Own limit 2026-09-24 18:00; the law's 2026-10-03 10:00.
	c, tt := started(t, Resolution, Subject{Kind: "order", Level: General, Category: []string{"order", Refund}}, "2026-09-18 10:00")
	if local(c.Limit) != "2026-09-24 18:00" || c.Floor == nil || local(*c.Floor) != "2026-10-03 10:00" {
		t.Fatalf("limit %s, floor %v", local(c.Limit), c.Floor)
	}
	c = must(t)(c.Pause(at(t, "2026-09-21 10:00")))
	if next, ok := c.Next(); !ok || local(next) != "2026-10-03 10:00" {
		t.Errorf("next while paused is %s (%v)", local(next), ok)
	}
	moved := must(t)(c.Resume(at(t, "2026-09-30 12:00"), tt))
	if local(moved.Limit) != "2026-10-03 10:00" || moved.Target != nil && !moved.Target.Before(moved.Limit) {
		t.Errorf("after the pause: %s", local(moved.Limit))
	}
	c, alarms := c.Fire(at(t, "2026-10-03 10:00"))
	if c.State != Breached || local(c.BreachedAt) != "2026-10-03 10:00" || !strings.Contains(events(alarms), "limit") {
		t.Errorf("the law's limit in a pause: %s, %s", c.State, events(alarms))
	}
	if _, again := c.Fire(at(t, "2026-12-01 00:00")); len(again) != 0 {
		t.Errorf("twice: %s", events(again))
	}
}

func TestMeetAndReopen(t *testing.T) {
	c, tt := started(t, Resolution, Subject{Kind: "fault", Level: General}, "2026-09-18 10:00")
	kept := must(t)(c.Meet(c.Limit))
	late := must(t)(c.Meet(c.Limit.Add(time.Second)))
	if !kept.Kept() || late.Kept() || !late.BreachedAt.Equal(c.Limit) {
		t.Errorf("in the last moment %v, after it %v", kept.Kept(), late.Kept())
	}
	if again := must(t)(kept.Meet(c.Limit.Add(time.Hour))); !again.MetAt.Equal(c.Limit) {
		t.Error("met twice")
	}
	met := must(t)(c.Meet(at(t, "2026-09-21 12:00")))
	open := must(t)(met.Reopen(at(t, "2026-09-23 12:00"), tt)) // 18 h of work later
	if open.State != Running || open.Reopens != 1 || local(open.Limit) != "2026-09-29 18:00" {
		t.Errorf("reopened: %s %d %s", open.State, open.Reopens, local(open.Limit))
	}
	if again := must(t)(late.Reopen(at(t, "2026-10-12 12:00"), tt)); again.State != Breached {
		t.Errorf("a late clock reopened is %s", again.State)
	}
	waiting := must(t)(c.Pause(at(t, "2026-09-20 12:00"))) // solved while the customer was waited for: 27 h
	waiting = must(t)(waiting.Meet(at(t, "2026-09-21 12:00")))
	if again := must(t)(waiting.Reopen(at(t, "2026-09-23 12:00"), tt)); local(again.Limit) != "2026-09-30 18:00" {
		t.Errorf("met in a pause and reopened: due %s", local(again.Limit))
	}
	gone := must(t)(c.Cancel(at(t, "2026-09-21 12:00")))
	if _, err := gone.Meet(at(t, "2026-09-21 13:00")); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a cancelled clock was met: %v", err)
	}
	if _, err := gone.Reopen(at(t, "2026-09-21 13:00"), tt); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a cancelled clock was reopened: %v", err)
	}
	if _, err := c.Reopen(at(t, "2026-09-21 13:00"), tt); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a running clock was reopened: %v", err)
	}
	if still := must(t)(met.Cancel(at(t, "2026-09-22 12:00"))); still.State != Met {
		t.Errorf("a met clock was cancelled: %s", still.State)
	}
}

func TestRecompute(t *testing.T) {
	c, tt := started(t, Resolution, Subject{Kind: "fault", Level: Simple}, "2026-09-18 10:00")
	long, _ := started(t, Resolution, Subject{Kind: "fault", Level: Complex}, "2026-09-18 10:00")
	c = must(t)(c.Pause(at(t, "2026-09-18 12:00")))
	c = must(t)(c.Resume(at(t, "2026-09-18 14:00"), tt))
	c, alarms := c.Fire(at(t, "2026-09-21 12:00"))
	if events(alarms) != "warning_80% limit" || c.State != Breached {
		t.Fatalf("%s, %s", c.State, events(alarms))
	}
	now := at(t, "2026-09-21 13:00")
	c = must(t)(c.Recompute(long.Due, now, tt))
	if c.State != Running || local(c.Limit) != "2026-10-10 11:00" || len(c.History) != 1 || local(c.History[0].Limit) != "2026-09-21 11:00" {
		t.Errorf("%s, limit %s, history %+v", c.State, local(c.Limit), c.History)
	}
	same := must(t)(c.Recompute(long.Due, now.Add(time.Hour), tt))
	if !reflect.DeepEqual(same, c) {
		t.Errorf("computing the same again changed it: %+v", same)
	}
	c, alarms = c.Fire(at(t, "2026-10-20 12:00"))
	if events(alarms) != "target warning_80% limit" {
		t.Errorf("the new term warned of %s", events(alarms))
	}
	done := must(t)(c.Meet(at(t, "2026-10-20 12:00")))
	if kept := must(t)(done.Recompute(long.Due, now, tt)); !reflect.DeepEqual(kept, done) {
		t.Error("a clock that is done was changed")
	}
}

func TestClockIsStoredAsJSON(t *testing.T) {
	c, tt := started(t, Resolution, Subject{Kind: "fault", Level: General}, "2026-09-18 10:00")
	c = must(t)(c.Pause(at(t, "2026-09-18 16:00")))
	c = must(t)(c.Resume(at(t, "2026-09-20 12:00"), tt))
	c, _ = c.Fire(at(t, "2026-09-24 12:00"))
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var back Clock
	if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, c) {
		t.Errorf("%v\n%+v\n%+v", err, back, c)
	}
}

// model is a clock as a fold of its history, minute by minute: it counts the
// minutes that run, and knows nothing of due times.
type model struct {
	state         State
	ran           int // own minutes
	target, limit int // own minutes
	fired         map[string]bool
}

func (m *model) minute(own bool) {
	if own && (m.state == Running || m.state == Breached) {
		m.ran++
	}
}

// due returns what falls due now, in no order.
func (m *model) due() []string {
	var all []string
	if m.state == Met || m.state == Cancelled {
		return nil
	}
	for name, when := range map[string]int{"warning_80%": m.limit * 80 / 100, "target": m.target, "limit": m.limit} {
		if m.ran >= when && !m.fired[name] {
			m.fired[name] = true
			all = append(all, name)
		}
	}
	if m.ran >= m.limit && m.state != Breached {
		m.state = Breached
	}
	slices.Sort(all)
	return all
}

func TestClockIsAFoldOfItsHistory(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := calendarGen().Draw(r, "calendar")
		tt, ref := table(t, c), newSlow(c)
		unit := rapid.SampledFrom([]Unit{BusinessMinute, Minute}).Draw(r, "unit")
		limit := 10 * rapid.IntRange(2, 90).Draw(r, "limit")
		target := rapid.IntRange(1, limit-1).Draw(r, "target")
		now := momentGen().Draw(r, "received")
		d := Due{Metric: Resolution, Received: now, Unit: unit, Calendar: c.Code, PauseStates: customer}
		term := Target{Metric: Resolution, Target: &target, Limit: limit, Unit: unit}
		sh, _ := Resolution.shape()
		if err := d.count(tt, term, sh, Subject{}, nil); err != nil {
			r.Fatal(err)
		}
		if err := d.warn(tt, []int{80, 100}); err != nil {
			r.Fatal(err)
		}
		clock := Start(d, now)
		m := model{state: Running, target: target, limit: limit, fired: map[string]bool{}}
		for range rapid.IntRange(1, 12).Draw(r, "acts") {
			for range rapid.IntRange(0, 400).Draw(r, "minutes") {
				m.minute(unit == Minute || ref.open(now))
				now = now.Add(time.Minute)
				var alarms []Alarm
				clock, alarms = clock.Fire(now)
				got := strings.Fields(events(alarms))
				slices.Sort(got)
				if want := m.due(); !slices.Equal(got, want) {
					r.Fatalf("%s: alarms %v, want %v after %d minutes of %d/%d", local(now), got, want, m.ran, target, limit)
				}
			}
			act := rapid.SampledFrom([]Act{ActPause, ActResume, ActPause, ActResume, ActMeet, ActReopen, ActCancel}).Draw(r, "act")
			before := clock
			var err error
			legal := true
			switch act {
			case ActPause:
				clock, err = clock.Pause(now)
				if m.state == Running {
					m.state = Paused
				}
			case ActResume:
				clock, err = clock.Resume(now, tt)
				if m.state == Paused {
					m.state = Running
				}
			case ActMeet:
				clock, err = clock.Meet(now)
				if legal = m.state != Cancelled; legal {
					m.state = Met
				}
			case ActReopen:
				clock, err = clock.Reopen(now, tt)
				if legal = m.state == Met; legal {
					if m.state = Running; m.ran >= m.limit { // nothing is left of the term
						m.state = Breached
					}
				}
			case ActCancel:
				clock, err = clock.Cancel(now)
				if m.state != Met {
					m.state = Cancelled
				}
			default:
				r.Fatalf("%s is no act of people", act)
			}
			if (err == nil) != legal {
				r.Fatalf("%s while %s: %v", act, before.State, err)
			}
			if err != nil && !reflect.DeepEqual(before, clock) {
				r.Fatalf("the refused act %s changed the clock", act)
			}
			if clock.State != m.state {
				r.Fatalf("%s: %s made it %s, want %s", local(now), act, clock.State, m.state)
			}
			if m.state == Met && clock.Kept() != (m.ran <= m.limit) {
				r.Fatalf("kept %v after %d of %d", clock.Kept(), m.ran, m.limit)
			}
		}
	})
}
