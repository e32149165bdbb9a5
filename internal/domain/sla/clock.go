package sla

import (
	"slices"
	"strconv"
	"time"

	"yingda/internal/kit/fault"
)

// State is where a clock stands (domain reference §5.3).
type State string

// The states.
const (
	Running   State = "running"
	Paused    State = "paused"   // stands still while the customer is waited for
	Breached  State = "breached" // the limit is past; still measured until met
	Met       State = "met"      // done, in time or late: see Kept
	Cancelled State = "cancelled"
)

// Act is what moves a clock.
type Act string

// The acts.
const (
	ActPause  Act = "pause"
	ActResume Act = "resume"
	ActBreach Act = "breach" // the limit passed
	ActMeet   Act = "meet"
	ActCancel Act = "cancel"
	ActReopen Act = "reopen" // the case was solved, and is not
	ActExtend Act = "extend" // a new limit lies ahead again
)

// moves is the whole state machine; the picture in the docs is drawn from it.
// An act that changes nothing is no error: a case does not know which of its
// clocks are over.
var moves = map[State]map[Act]State{
	Running:   {ActPause: Paused, ActResume: Running, ActBreach: Breached, ActMeet: Met, ActCancel: Cancelled, ActExtend: Running},
	Paused:    {ActPause: Paused, ActResume: Running, ActBreach: Breached, ActMeet: Met, ActCancel: Cancelled, ActExtend: Paused},
	Breached:  {ActPause: Breached, ActResume: Breached, ActBreach: Breached, ActMeet: Met, ActCancel: Cancelled, ActExtend: Running},
	Met:       {ActPause: Met, ActResume: Met, ActMeet: Met, ActCancel: Met, ActReopen: Running},
	Cancelled: {ActPause: Cancelled, ActResume: Cancelled, ActCancel: Cancelled},
}

// Next returns the state after an act, or a Conflict if the act is not possible
// now.
func (s State) Next(a Act) (State, error) {
	next, ok := moves[s][a]
	if !ok {
		return s, fault.New(fault.Conflict, "clock.state", "this is not possible while the clock is %s; look at it again", string(s))
	}
	return next, nil
}

// Open reports whether the clock still waits to be met.
func (s State) Open() bool { return s == Running || s == Paused || s == Breached }

// Clock is a promise that runs for one case. It is a value: each act returns a
// new one, and the old one stays as it was. Times are in UTC.
type Clock struct {
	Due                   // as it is now, pauses counted in
	State       State     `json:"state"`
	StartedAt   time.Time `json:"started_at"`
	PausedAt    time.Time `json:"paused_at,omitzero"` // since when it stands still; kept if it ended so
	Pauses      []Pause   `json:"pauses,omitempty"`   // those that are over
	BreachedAt  time.Time `json:"breached_at,omitzero"`
	MetAt       time.Time `json:"met_at,omitzero"`
	CancelledAt time.Time `json:"cancelled_at,omitzero"` // when it was cancelled
	Reopens     int       `json:"reopens,omitempty"`
	Fired       []Alarm   `json:"fired,omitempty"`   // alarms that were given
	History     []Earlier `json:"history,omitempty"` // due times that were replaced
}

// Pause is a time in which a clock stood still.
type Pause struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Earlier is what a clock was due before it was computed anew.
type Earlier struct {
	At      time.Time  `json:"at"` // when it was replaced
	Target  *time.Time `json:"target,omitempty"`
	Limit   time.Time  `json:"limit"`
	Preset  string     `json:"preset"`
	Version int64      `json:"version"`
	Order   int        `json:"order"`
	Why     []Reason   `json:"why"`
}

// AlarmKind is what an alarm says.
type AlarmKind string

// The kinds of alarm.
const (
	WarningAlarm AlarmKind = "warning" // a part of the term is over
	TargetAlarm  AlarmKind = "target"  // the target is past, the limit is not
	LimitAlarm   AlarmKind = "limit"   // the promise is broken
)

// Alarm is something that falls due on a clock. Each is given once.
type Alarm struct {
	Kind    AlarmKind `json:"kind"`
	Percent int       `json:"percent,omitempty"` // of the term; 100 is the limit
	At      time.Time `json:"at"`                // when it was due
}

func (a Alarm) is(b Alarm) bool { return a.Kind == b.Kind && a.Percent == b.Percent }

// Event names the alarm in histories and rules: "warning_80%", "target",
// "limit".
func (a Alarm) Event() string {
	if a.Kind == WarningAlarm {
		return "warning_" + strconv.Itoa(a.Percent) + "%"
	}
	return string(a.Kind)
}

// Colour is how a clock looks at a glance.
type Colour string

// The colours.
const (
	ColourOK     Colour = "ok"
	ColourTarget Colour = "target" // amber
	ColourLimit  Colour = "limit"  // red
	ColourPaused Colour = "paused"
	ColourDone   Colour = "done"
)

// Start returns a clock for what is due.
func Start(d Due, now time.Time) Clock {
	return Clock{Due: d, State: Running, StartedAt: now.UTC()}
}

// pauses reports whether the clock may stand still at all.
func (c Clock) pauses() bool { return len(c.PauseStates) > 0 && !c.Metric.Response() }

// Pause returns the clock as it stands still. One that never pauses, or is past
// its limit or done, stays as it is.
func (c Clock) Pause(now time.Time) (Clock, error) {
	if !c.pauses() {
		return c, nil
	}
	c = c.expire(now)
	next, err := c.State.Next(ActPause)
	if err != nil || next == c.State {
		return c, err
	}
	c.State, c.PausedAt = next, now.UTC()
	return c, nil
}

// Resume returns the clock as it runs on: what lay ahead when it was paused is
// later by the time, in the clock's own unit, for which it stood still. The
// law's limit does not move. t is the timetable of the clock's calendar.
func (c Clock) Resume(now time.Time, t *Timetable) (Clock, error) {
	next, err := c.State.Next(ActResume)
	if err != nil || next == c.State {
		return c, err
	}
	c = c.expire(now)
	if c.State == Breached {
		return c, nil
	}
	p := Pause{From: c.PausedAt, To: now.UTC()}
	if c.Due, err = c.shift(p, t); err != nil {
		return c, err
	}
	c.State, c.PausedAt, c.Pauses = next, time.Time{}, append(slices.Clone(c.Pauses), p)
	return c, nil
}

// expire returns the clock past its limit, if it was reached before now.
func (c Clock) expire(now time.Time) Clock {
	limit, ok := c.ends()
	if c.State == Breached || !c.State.Open() || !ok || now.Before(limit) {
		return c
	}
	if c.State == Paused { // it was the law's limit, which moves nothing
		c.Pauses, c.PausedAt = append(slices.Clone(c.Pauses), Pause{From: c.PausedAt, To: limit}), time.Time{}
	}
	c.State, c.BreachedAt, c.Limit = Breached, limit, limit
	return c
}

// ends is when the limit is reached if nothing happens: never while the clock
// stands still, except for the law's.
func (c Clock) ends() (time.Time, bool) {
	switch {
	case c.State != Paused || !c.Limit.After(c.PausedAt):
		return c.Limit, true
	case c.Floor != nil:
		return *c.Floor, true
	}
	return time.Time{}, false
}

// Meet returns the clock with the promise done. One that is done already keeps
// its first time.
func (c Clock) Meet(now time.Time) (Clock, error) {
	next, err := c.State.Next(ActMeet)
	if err != nil || next == c.State {
		return c, err
	}
	if limit, ends := c.ends(); ends && now.After(limit) {
		c = c.expire(now)
	} else {
		c.BreachedAt = time.Time{}
	}
	c.State, c.MetAt = next, now.UTC()
	return c, nil
}

// Kept reports whether the promise was met in time.
func (c Clock) Kept() bool { return c.State == Met && c.BreachedAt.IsZero() }

// Cancel returns the clock as nobody waits for it any more. What was met stays
// met.
func (c Clock) Cancel(now time.Time) (Clock, error) {
	next, err := c.State.Next(ActCancel)
	if err != nil || next == c.State {
		return c, err
	}
	c.State, c.CancelledAt = next, now.UTC()
	return c, nil
}

// Reopen returns a clock that was met as it continues (domain reference
// §1.3.6): a clock that may pause stood still while the case counted as solved,
// any other one ran on.
func (c Clock) Reopen(now time.Time, t *Timetable) (Clock, error) {
	next, err := c.State.Next(ActReopen)
	if err != nil {
		return c, err
	}
	if c.pauses() && c.BreachedAt.IsZero() {
		p := Pause{From: c.MetAt, To: now.UTC()}
		if !c.PausedAt.IsZero() {
			p.From = c.PausedAt
		}
		if c.Due, err = c.shift(p, t); err != nil {
			return c, err
		}
		c.Pauses = append(slices.Clone(c.Pauses), p)
	}
	c.State, c.MetAt, c.PausedAt, c.Reopens = next, time.Time{}, time.Time{}, c.Reopens+1
	if !c.BreachedAt.IsZero() {
		c.State = Breached
		return c, nil
	}
	c = c.expire(now)
	return c, nil
}

// Recompute returns an open clock with a new due: the level changed, or a
// notice was imported. Pauses count as before, an alarm that was given and is
// past under the new due too is not given again, and the old due goes into the
// history. A clock that is done stays as it is. t is the timetable of the new
// due's calendar.
func (c Clock) Recompute(d Due, now time.Time, t *Timetable) (Clock, error) {
	if !c.State.Open() {
		return c, nil
	}
	var err error
	for _, p := range c.Pauses {
		if d, err = d.shift(p, t); err != nil {
			return c, err
		}
	}
	old := c.Due
	c.Due = d
	if old.Limit.Equal(d.Limit) && sameTime(old.Target, d.Target) {
		return c, nil
	}
	c.History = append(slices.Clone(c.History), Earlier{
		At: now.UTC(), Target: old.Target, Limit: old.Limit,
		Preset: old.Preset, Version: old.Version, Order: old.Order, Why: old.Why,
	})
	c.Fired = slices.DeleteFunc(slices.Clone(c.Fired), func(f Alarm) bool {
		return slices.ContainsFunc(c.alarms(), func(a Alarm) bool { return a.is(f) && a.At.After(now) })
	})
	if c.State != Breached {
		return c, nil
	}
	if c.BreachedAt = d.Limit; d.Limit.After(now) {
		c.State, err = c.State.Next(ActExtend)
		c.BreachedAt = time.Time{}
	}
	return c, err
}

func sameTime(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}

// shift returns the due later by a pause. Only what lay ahead moves, and
// nothing moves past the law's limit.
func (d Due) shift(p Pause, t *Timetable) (Due, error) {
	if len(d.PauseStates) == 0 {
		return d, nil
	}
	if t == nil && d.Unit.Business() {
		return d, fault.New(fault.NotFound, "clock.calendar", "the calendar %s, on which this clock counts, is gone; add it again or compute the clock anew", d.Calendar)
	}
	stood := t.own(p.From, p.To, d.Unit)
	move := func(at time.Time) (time.Time, error) {
		if !at.After(p.From) {
			return at, nil
		}
		return t.later(at, stood, d.Unit)
	}
	bound := d.bound()
	limit, err := move(d.Limit)
	if err != nil {
		return d, err
	}
	if d.Floor != nil && limit.After(*d.Floor) {
		limit = *d.Floor
	}
	d.Limit = limit
	if d.Target != nil {
		target, err := move(*d.Target)
		if err != nil {
			return d, err
		}
		if d.Target = &target; !target.Before(limit) {
			d.Target = nil
		}
	}
	d.Warnings = slices.Clone(d.Warnings)
	for i, w := range d.Warnings {
		at := w.At
		if !bound {
			if at, err = move(w.At); err != nil {
				return d, err
			}
		}
		if w.Percent <= 100 && at.After(limit) {
			at = limit
		}
		d.Warnings[i].At = at
	}
	return d, nil
}

// bound reports whether the law's limit is the one that counts: then the
// warnings are of the law's term, and never pause either.
func (d Due) bound() bool { return d.Floor != nil && !d.Limit.Before(*d.Floor) }

// alarms are all alarms of the clock, earliest first; at the same time warnings
// come before the target, and the target before the limit.
func (c Clock) alarms() []Alarm {
	all := make([]Alarm, 0, len(c.Warnings)+2)
	for _, w := range c.Warnings {
		if w.Percent != 100 {
			all = append(all, Alarm{Kind: WarningAlarm, Percent: w.Percent, At: w.At})
		}
	}
	if c.Target != nil {
		all = append(all, Alarm{Kind: TargetAlarm, At: *c.Target})
	}
	all = append(all, Alarm{Kind: LimitAlarm, Percent: 100, At: c.Limit})
	slices.SortStableFunc(all, func(a, b Alarm) int { return a.At.Compare(b.At) })
	return all
}

// pending are the alarms that will still be given if nothing happens, with the
// times at which they will be.
func (c Clock) pending() []Alarm {
	if !c.State.Open() {
		return nil
	}
	return slices.DeleteFunc(c.waiting(), func(a Alarm) bool {
		return slices.ContainsFunc(c.Fired, a.is)
	})
}

// waiting are the alarms, as far as they come while the clock stands still.
func (c Clock) waiting() []Alarm {
	all := c.alarms()
	if c.State != Paused {
		return all
	}
	ends, ok := c.ends()
	kept := all[:0]
	for _, a := range all {
		switch {
		case a.Kind == LimitAlarm && ok:
			a.At = ends
			kept = append(kept, a)
		case !a.At.After(c.PausedAt), a.Kind == WarningAlarm && c.bound():
			kept = append(kept, a)
		}
	}
	return kept
}

// Next returns when something next falls due: a warning, the target, the limit.
// It may be past, if nobody has fired it yet; false if nothing will.
func (c Clock) Next() (time.Time, bool) {
	p := c.pending()
	if len(p) == 0 {
		return time.Time{}, false
	}
	at := p[0].At
	for _, a := range p {
		if a.At.Before(at) {
			at = a.At
		}
	}
	return at, true
}

// Fire returns the clock after everything that is due by now was told, and the
// alarms to tell, each once in its life; firing again tells nothing.
func (c Clock) Fire(now time.Time) (Clock, []Alarm) {
	c = c.expire(now)
	var due []Alarm
	for _, a := range c.pending() {
		if !a.At.After(now) {
			due = append(due, a)
		}
	}
	c.Fired = append(slices.Clone(c.Fired), due...)
	return c, due
}

// Colour returns how the clock looks now. Where a single term is promised it is
// amber from the first warning on.
func (c Clock) Colour(now time.Time) Colour {
	if !c.State.Open() {
		return ColourDone
	}
	if c.expire(now).State == Breached {
		return ColourLimit
	}
	amber := c.Target
	if amber == nil && len(c.Warnings) > 0 {
		amber = &c.Warnings[0].At
	}
	switch {
	case c.State == Paused:
		return ColourPaused
	case amber != nil && !now.Before(*amber):
		return ColourTarget
	}
	return ColourOK
}

// Spent returns how much of its own time the clock has run, pauses left out:
// until now, or until it was met or cancelled.
func (c Clock) Spent(now time.Time, t *Timetable) time.Duration {
	end := now
	switch {
	case !c.PausedAt.IsZero():
		end = c.PausedAt
	case !c.MetAt.IsZero():
		end = c.MetAt
	case !c.CancelledAt.IsZero():
		end = c.CancelledAt
	}
	spent := t.own(c.Counted, end, c.Unit)
	for _, p := range c.Pauses {
		spent -= t.own(later(p.From, c.Counted), p.To, c.Unit)
	}
	return max(spent, 0)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
