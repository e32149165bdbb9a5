package sla

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"yingda/internal/kit/fault"
)

// Due is when something is promised for, and why then. It is stored with the
// clock, so that a promise that was made stays as it was made.
type Due struct {
	Metric   Metric     `json:"metric"`
	Received time.Time  `json:"received"`
	Counted  time.Time  `json:"counted"`          // from when the term runs: the receipt, the next opening, or the stage before
	Target   *time.Time `json:"target,omitempty"` // nil: a single term
	Limit    time.Time  `json:"limit"`            // the earlier of the preset's and the law's

	// Floor is the law's own limit, which never moves; nil if it has none.
	Floor *time.Time `json:"floor,omitempty"`

	Warnings    []Warning `json:"warnings"`
	Unit        Unit      `json:"unit"`     // in which the term runs and pauses
	Calendar    string    `json:"calendar"` // code
	Provisional bool      `json:"provisional"`
	PauseStates []string  `json:"pause_states,omitempty"`
	CountsBot   bool      `json:"counts_bot"`

	Preset  string `json:"preset"`
	Version int64  `json:"version"` // of the preset
	Order   int    `json:"order"`   // of the policy

	Why []Reason `json:"why"`
}

// Warning is a part of the term at whose end somebody is warned.
type Warning struct {
	Percent int       `json:"percent"`
	At      time.Time `json:"at"`
}

// PausesIn reports whether the clock stands still while the case is in a state.
func (d Due) PausesIn(state string) bool { return slices.Contains(d.PauseStates, state) }

// Rules are what promises are made by.
type Rules struct {
	Preset    Preset
	Floor     Preset     // the statutory floor; the zero value has no terms
	Calendars []Calendar // the company's own; they win over the preset's by code
	Holidays  Holidays
}

// Promises are rules ready for use. They never change, and may be used by
// several goroutines.
type Promises struct {
	preset, floor Preset
	own           map[string]*Timetable
	law           map[string]*Timetable
}

// NewPromises makes rules ready. Rules that fail their check are refused.
func NewPromises(r Rules) (*Promises, error) {
	p := &Promises{preset: ordered(r.Preset), floor: ordered(r.Floor), law: map[string]*Timetable{}}
	if err := r.Preset.Check(); err != nil {
		return nil, err
	}
	var err error
	if p.own, err = timetables(append(slices.Clone(r.Preset.Calendars), r.Calendars...), r.Holidays); err != nil {
		return nil, err
	}
	if r.Floor.Code == "" {
		return p, nil
	}
	if err := r.Floor.Check(); err != nil {
		return nil, err
	}
	p.law, err = timetables(r.Floor.Calendars, r.Holidays)
	return p, err
}

func ordered(p Preset) Preset {
	p.Policies = slices.SortedStableFunc(slices.Values(p.Policies), func(a, b Policy) int { return cmp.Compare(a.Order, b.Order) })
	return p
}

func timetables(calendars []Calendar, h Holidays) (map[string]*Timetable, error) {
	tables := make(map[string]*Timetable, len(calendars))
	for _, c := range calendars {
		t, err := NewTimetable(c, h)
		if err != nil {
			return nil, err
		}
		tables[c.Code] = t
	}
	return tables, nil
}

// Timetable returns the timetable of a calendar: with it a clock that counts on
// that calendar is paused and moved.
func (p *Promises) Timetable(calendar string) (*Timetable, bool) {
	t, ok := p.own[calendar]
	if !ok {
		t, ok = p.law[calendar]
	}
	return t, ok
}

// Plan returns what is promised for a subject that was received at a time: one
// Due for each metric whose clock starts with the receipt, in the order of
// Metrics. A case of which nobody has set the level counts as a general one;
// for a special one there is no term to solve it until a supervisor agrees one
// (see Agreed).
func (p *Promises) Plan(s Subject, received time.Time) ([]Due, error) {
	plan := make([]Due, 0, 4)
	for _, m := range shapes {
		if !slices.Contains(m.kinds, s.Kind) {
			continue
		}
		d, ok, err := p.promise(m, s, received, plan)
		if err != nil {
			return nil, err
		}
		if ok {
			plan = append(plan, d)
		}
	}
	return plan, nil
}

// Promise returns what is promised for one metric, for a clock that starts at a
// time: a callback, the next response, a survey. It is false if nothing is.
func (p *Promises) Promise(m Metric, s Subject, start time.Time) (Due, bool, error) {
	sh, ok := m.shape()
	if !ok {
		return Due{}, false, fault.New(fault.Invalid, "target.metric", "%q is not a metric", string(m)).In("metric")
	}
	var before []Due
	if sh.before != "" {
		d, ok, err := p.Promise(sh.before, s, start)
		if err != nil {
			return Due{}, false, err
		}
		if ok {
			before = []Due{d}
		}
	}
	return p.promise(sh, s, start, before)
}

func (p *Promises) promise(m shape, s Subject, received time.Time, before []Due) (Due, bool, error) {
	assumed := s.Level == "" && s.Kind != KindConversation && s.Kind != KindCall
	if assumed {
		s.Level = General
	}
	own, order, promised := find(p.preset, m.metric, s)
	law, _, floored := find(p.floor, m.metric, s)
	if !promised && !floored {
		return Due{}, false, nil
	}
	if !promised {
		d, err := p.only(law, m, s, received, before)
		return d, err == nil, err
	}
	table, ok := p.own[own.Calendar]
	if !ok {
		return Due{}, false, fmt.Errorf("the checked preset %s has no calendar %s", p.preset.Code, own.Calendar)
	}
	d := Due{
		Metric: m.metric, Received: received.UTC(), Unit: own.Unit, Calendar: own.Calendar,
		PauseStates: own.PauseStates, CountsBot: own.CountsBot,
		Preset: p.preset.Code, Version: p.preset.Version, Order: order.Order,
	}
	if assumed && order.Match.Level != "" {
		d.Why = append(d.Why, Reason{Code: "level.assumed", Args: []string{General}})
	}
	d.Why = append(d.Why, Reason{Code: "policy", Args: []string{strconv.Itoa(order.Order), p.preset.Code}})
	if err := d.count(table, own, m, s, before); err != nil {
		return Due{}, false, err
	}
	if floored {
		if err := p.lower(&d, law, m, s, received, before); err != nil {
			return Due{}, false, err
		}
	}
	return d, true, d.warn(table, own.warnings())
}

// only is the due of a metric for which nothing but the law has a term.
func (p *Promises) only(law Target, m shape, s Subject, received time.Time, before []Due) (Due, error) {
	table, ok := p.law[law.Calendar]
	if !ok {
		return Due{}, fmt.Errorf("the checked floor has no calendar %s", law.Calendar)
	}
	d := Due{
		Metric: m.metric, Received: received.UTC(), Unit: law.Unit, Calendar: law.Calendar,
		CountsBot: law.CountsBot, Preset: p.floor.Code, Version: p.floor.Version,
		Why: []Reason{{Code: "floor.only"}},
	}
	if err := d.count(table, law, m, s, before); err != nil {
		return Due{}, err
	}
	limit := d.Limit
	d.Floor = &limit
	return d, d.warn(table, law.warnings())
}

// lower evaluates the law's term beside the preset's; the earlier one counts.
func (p *Promises) lower(d *Due, law Target, m shape, s Subject, received time.Time, before []Due) error {
	floor, err := p.only(law, m, s, received, before)
	if err != nil {
		return err
	}
	d.Floor = floor.Floor
	if !floor.Limit.Before(d.Limit) {
		return nil
	}
	d.Limit, d.Provisional = floor.Limit, floor.Provisional
	if d.Target != nil && !d.Target.Before(d.Limit) {
		d.Target = nil
	}
	zone := p.law[law.Calendar].zone
	d.Why = append(d.Why, Reason{Code: "floor", Args: []string{floor.Limit.In(zone).Format("2006-01-02 15:04")}})
	return nil
}

// find returns the first target for a metric that fits a subject.
func find(p Preset, m Metric, s Subject) (Target, Policy, bool) {
	for _, policy := range p.Policies {
		if !policy.Match.Fits(s) {
			continue
		}
		if t, ok := policy.Target(m); ok {
			return t, policy, true
		}
	}
	return Target{}, Policy{}, false
}

// count fills in the times of a due.
func (d *Due) count(table *Timetable, t Target, m shape, s Subject, before []Due) error {
	start := d.Received
	if t.Anchor == PreviousStage {
		start = d.anchor(table, m, s, before)
	}
	d.Counted = start
	if t.Unit.Business() {
		d.Counted = table.Counted(start)
	}
	limit, err := table.add(start, t.Limit, t.Unit)
	if err != nil {
		return err
	}
	d.Limit, d.Provisional, d.Why = limit.At, limit.Provisional, append(d.Why, limit.Why...)
	if t.Target == nil {
		return nil
	}
	target, err := table.add(start, *t.Target, t.Unit)
	if err != nil {
		return err
	}
	d.Target = &target.At
	written := func(at time.Time) string { return at.In(table.zone).Format("2006-01-02 15:04") }
	d.Why = append(d.Why, Reason{Code: "target", Args: []string{written(target.At), written(limit.At)}})
	return nil
}

// anchor is when the stage before ended, or else will be due; the receipt if
// there is no such stage.
func (d *Due) anchor(table *Timetable, m shape, s Subject, before []Due) time.Time {
	written := func(at time.Time) []string { return []string{at.In(table.zone).Format("2006-01-02 15:04")} }
	if at, ok := s.Ended[m.before]; ok {
		d.Why = append(d.Why, Reason{Code: "anchor.done", Args: written(at)})
		return at.UTC()
	}
	i := slices.IndexFunc(before, func(b Due) bool { return b.Metric == m.before })
	if i < 0 {
		return d.Received
	}
	d.Why = append(d.Why, Reason{Code: "anchor.due", Args: written(before[i].Limit)})
	return before[i].Limit
}

// add counts a term in its unit.
func (t *Timetable) add(from time.Time, n int, u Unit) (Moment, error) {
	switch u {
	case WorkingDay:
		return t.AddWorkingDays(from, n)
	case BusinessHour:
		return t.AddBusiness(from, time.Duration(n)*time.Hour)
	case BusinessMinute:
		return t.AddBusiness(from, time.Duration(n)*time.Minute)
	case Second, Minute, Hour:
	}
	step := map[Unit]time.Duration{Second: time.Second, Minute: time.Minute, Hour: time.Hour}[u]
	at := from.Add(time.Duration(n) * step)
	const layout = "2006-01-02 15:04:05"
	return Moment{At: at.UTC(), Why: []Reason{
		{Code: "received.clock", Args: []string{from.In(t.zone).Format(layout)}},
		{Code: "clock.end." + string(u), Args: []string{strconv.Itoa(n), at.In(t.zone).Format(layout)}},
	}}, nil
}

// own is the time of a clock's own kind between two times: working time for
// business units, else clock time.
func (t *Timetable) own(from, to time.Time, u Unit) time.Duration {
	if u.Business() {
		d, _ := t.Business(from, to)
		return d
	}
	return max(to.Sub(from), 0)
}

// later moves a time by an amount of a clock's own time.
func (t *Timetable) later(at time.Time, d time.Duration, u Unit) (time.Time, error) {
	if !u.Business() {
		return at.Add(d), nil
	}
	moved, ok := t.addBusiness(at, d)
	if !ok {
		return at, t.errNever()
	}
	return moved, nil
}

// warn finds the moments at which parts of the term are over; of a term in
// seconds that is a whole second.
func (d *Due) warn(table *Timetable, percents []int) error {
	term, grain := table.own(d.Counted, d.Limit, d.Unit), time.Millisecond
	if d.Unit == Second && term >= 10*time.Second {
		grain = time.Second
	}
	d.Warnings = make([]Warning, 0, len(percents))
	for _, p := range percents {
		at := d.Limit
		if p != 100 {
			var err error
			if at, err = table.later(d.Counted, (term / 100 * time.Duration(p)).Truncate(grain), d.Unit); err != nil {
				return err
			}
		}
		d.Warnings = append(d.Warnings, Warning{Percent: p, At: at.UTC()})
	}
	return nil
}

// Agreed returns the due of a special problem, whose term a supervisor sets
// with a reason (R095). Its clock runs in clock time and does not pause.
func Agreed(m Metric, received, limit time.Time, reason string) (Due, error) {
	if !limit.After(received) {
		return Due{}, fault.New(fault.Invalid, "due.past", "the agreed time is before the receipt; choose a later one").In("limit")
	}
	if reason == "" {
		return Due{}, fault.New(fault.Invalid, "due.reason", "say why this case has a term of its own").In("reason")
	}
	d := Due{
		Metric: m, Received: received.UTC(), Counted: received.UTC(), Limit: limit.UTC(), Unit: Second, Calendar: Always,
		Why: []Reason{{Code: "agreed", Args: []string{reason}}},
	}
	return d, d.warn(&Timetable{zone: time.UTC}, []int{80, 100})
}
