package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/event"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// bundle are the clocks of a case, in one transaction: which there are, and
// which were started or changed.
type bundle struct {
	now     time.Time
	r       *readyTerms
	c       ticket.Case
	clocks  []store.ClockOf
	started map[int]bool // by place in clocks
	changed map[int]bool
	gone    map[string]*sla.Timetable // calendars on which open clocks count and that the terms have no more
}

func (d *Desk) bundle(ctx context.Context, tx *store.Tx, r *readyTerms, c ticket.Case) (*bundle, error) {
	clocks, err := tx.ClocksOf(ctx, store.OfCase, int64(c.ID))
	if err != nil {
		return nil, err
	}
	b := &bundle{now: d.Now(), r: r, c: c, clocks: clocks, started: map[int]bool{}, changed: map[int]bool{}, gone: map[string]*sla.Timetable{}}
	for _, ck := range clocks {
		if b.table(ck.Calendar) != nil {
			continue
		}
		old, err := madeBy(ctx, tx, map[int64]*readyTerms{}, r, ck.Due.Version)
		if gone(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if t, ok := old.promises.Timetable(ck.Calendar); ok {
			b.gone[ck.Calendar] = t
		}
	}
	return b, nil
}

// subject is the case as promises are matched with it.
func (b *bundle) subject() sla.Subject {
	s := sla.Subject{Kind: string(b.c.Kind), Level: string(b.c.Level), Channel: b.c.Source, Ended: map[sla.Metric]time.Time{}}
	s.Category = branches(b.c.Category)
	for _, ck := range b.clocks {
		if !ck.MetAt.IsZero() {
			s.Ended[ck.Metric] = ck.MetAt
		}
	}
	return s
}

// branches are the codes by which a category is matched: "business.warranty"
// is itself, it stands under "business", and it is a warranty wherever it
// stands, as is what stands under it.
func branches(category string) []string {
	if category == "" {
		return nil
	}
	var all []string
	for i, r := range category {
		if r == '.' {
			all = append(all, category[:i])
		}
	}
	all = append(all, category)
	for part := range strings.SplitSeq(category, ".") {
		if !slices.Contains(all, part) {
			all = append(all, part)
		}
	}
	return all
}

// plan starts what is promised with the receipt of the case.
func (b *bundle) plan() error {
	for _, m := range b.c.Kind.Starts() {
		if err := b.start(sla.Metric(m), b.c.ReceivedAt); err != nil {
			return err
		}
	}
	return nil
}

// start starts the clock of a metric, unless one runs or nothing is promised.
func (b *bundle) start(m sla.Metric, from time.Time) error {
	if slices.ContainsFunc(b.clocks, func(ck store.ClockOf) bool { return ck.Metric == m && ck.State.Open() }) {
		return nil
	}
	due, ok, err := b.due(m, from)
	if err != nil || !ok {
		return err
	}
	b.started[len(b.clocks)] = true
	b.clocks = append(b.clocks, store.ClockOf{
		ID: store.NewClockID(b.now), Kind: store.OfCase, Subject: int64(b.c.ID), Channel: b.c.Source, Clock: sla.Start(due, b.now),
	})
	return nil
}

// due is what is promised for a metric. The last one of a special problem is
// what a supervisor agreed with the customer (R095).
func (b *bundle) due(m sla.Metric, from time.Time) (sla.Due, bool, error) {
	if s := b.c.Special; s != nil {
		if starts := b.c.Kind.Starts(); len(starts) > 0 && sla.Metric(starts[len(starts)-1]) == m {
			due, err := sla.Agreed(m, from, s.DueAt, s.Reason)
			return due, err == nil, err
		}
	}
	return b.r.promises.Promise(m, b.subject(), from)
}

// recompute gives open clocks new due times; without names all of them. A
// metric that is promised no longer is cancelled.
func (b *bundle) recompute(metrics ...sla.Metric) error {
	return b.each(metrics, func(ck sla.Clock) (sla.Clock, error) {
		if !ck.State.Open() {
			return ck, nil
		}
		due, ok, err := b.due(ck.Metric, ck.Received)
		if err != nil {
			return ck, err
		}
		if !ok {
			return ck.Cancel(b.now)
		}
		return ck.Recompute(due, b.now, b.table(due.Calendar))
	})
}

func (b *bundle) table(calendar string) *sla.Timetable {
	if t, ok := b.r.promises.Timetable(calendar); ok {
		return t
	}
	return b.gone[calendar]
}

// follow does to the clocks what a line of the history says.
func (b *bundle) follow(e ticket.Entry) error {
	for _, step := range []struct {
		metrics []string
		do      func(sla.Clock) (sla.Clock, error)
	}{
		{e.Clocks.Meets, func(ck sla.Clock) (sla.Clock, error) { return ck.Meet(b.now) }},
		{e.Clocks.Pauses, func(ck sla.Clock) (sla.Clock, error) { return ck.Pause(b.now) }},
		{e.Clocks.Resumes, func(ck sla.Clock) (sla.Clock, error) { return ck.Resume(b.now, b.table(ck.Calendar)) }},
		{e.Clocks.Again, func(ck sla.Clock) (sla.Clock, error) {
			if ck.State != sla.Met {
				return ck, nil
			}
			return ck.Reopen(b.now, b.table(ck.Calendar))
		}},
		{e.Clocks.Cancels, func(ck sla.Clock) (sla.Clock, error) { return ck.Cancel(b.now) }},
	} {
		if len(step.metrics) == 0 {
			continue
		}
		var metrics []sla.Metric
		for _, m := range step.metrics {
			metrics = append(metrics, sla.Metric(m))
		}
		if err := b.each(metrics, step.do); err != nil {
			return err
		}
	}
	if err := b.revive(append(slices.Clone(e.Clocks.Again), e.Clocks.Revives...)); err != nil {
		return err
	}
	from := b.now
	if e.Act == ticket.Reclassify { // of another kind now: as if it had come as that
		from = b.c.ReceivedAt
	}
	for _, m := range e.Clocks.Starts {
		if err := b.start(sla.Metric(m), from); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(e.Fields, func(f ticket.Change) bool { return f.Field == "level" || f.Field == "category" || f.Field == "due_at" }) {
		if err := b.recompute(); err != nil {
			return err
		}
		return b.complete()
	}
	return nil
}

// complete starts what is promised only now that the case is sorted: nothing
// was while it was of another category or level. What was answered or solved
// already is not promised after the fact.
func (b *bundle) complete() error {
	if settled(b.c.Kind, b.c.State) {
		return nil
	}
	for _, name := range b.c.Kind.Starts() {
		m := sla.Metric(name)
		has := slices.ContainsFunc(b.clocks, func(ck store.ClockOf) bool {
			return ck.Metric == m && (ck.State != sla.Cancelled || m == sla.FirstSolution) // a first solution is given once
		})
		if has || m.Response() {
			continue
		}
		if err := b.start(m, b.c.ReceivedAt); err != nil {
			return err
		}
	}
	return nil
}

// settled reports whether a case was solved, as far as we know.
func settled(k ticket.Kind, s ticket.State) bool {
	row := k.Table()[s]
	return slices.ContainsFunc([]ticket.Act{ticket.Confirm, ticket.Close, ticket.Archive, ticket.Adopt}, func(a ticket.Act) bool {
		_, ok := row[a]
		return ok
	})
}

// revive promises again what was cancelled, counted from when it was counted
// before.
func (b *bundle) revive(metrics []string) error {
	for _, m := range metrics {
		last := -1
		for i, ck := range b.clocks {
			if ck.Metric == sla.Metric(m) {
				last = i
			}
		}
		if last >= 0 && b.clocks[last].State == sla.Cancelled {
			if err := b.start(sla.Metric(m), b.clocks[last].Received); err != nil {
				return err
			}
		}
	}
	return nil
}

// each does something to the clocks of metrics; without names to all. Clocks
// that are over stay as they are, except where one goes on again: of several
// of one metric that is the last.
func (b *bundle) each(metrics []sla.Metric, do func(sla.Clock) (sla.Clock, error)) error {
	done := map[sla.Metric]bool{}
	for i := len(b.clocks) - 1; i >= 0; i-- {
		was := b.clocks[i].Clock
		if len(metrics) > 0 && !slices.Contains(metrics, was.Metric) || done[was.Metric] {
			continue
		}
		done[was.Metric] = true
		next, err := do(was)
		if fault.KindOf(err) == fault.Conflict && err != nil {
			continue // what is over is not ours to change
		}
		if err != nil {
			return err
		}
		b.clocks[i].Clock, b.changed[i] = next, true
	}
	return nil
}

// keep writes what was started and changed, sees to it that each clock is
// looked at when something falls due on it, and returns the next limit of
// those that run.
func (b *bundle) keep(ctx context.Context, tx *store.Tx) (next time.Time, err error) {
	for i, ck := range b.clocks {
		switch {
		case b.started[i]:
			err = tx.InsertClock(ctx, ck)
		case b.changed[i]:
			err = tx.SaveClock(ctx, ck)
		}
		if err == nil && (b.started[i] || b.changed[i]) {
			err = wakeClock(ctx, tx, ck, b.now)
		}
		if err != nil {
			return next, err
		}
	}
	return b.next(), nil
}

// next is the next limit of the clocks that run; zero if none does.
func (b *bundle) next() (next time.Time) {
	for _, ck := range b.clocks {
		if (ck.State == sla.Running || ck.State == sla.Breached) && (next.IsZero() || ck.Limit.Before(next)) {
			next = ck.Limit
		}
	}
	return next
}

// ClockDue is the payload of ClockJob.
type ClockDue struct {
	Clock store.ClockID `json:"clock"`
}

// wakeClock leaves a job for when something next falls due on a clock. A job
// that finds nothing due does nothing: the clock is the truth.
func wakeClock(ctx context.Context, tx *store.Tx, ck store.ClockOf, now time.Time) error {
	at, ok := ck.Next()
	if !ok {
		return nil
	}
	name := ck.ID.String() + "@" + strconv.FormatInt(at.UnixMilli(), 36)
	return tx.EnqueueOnce(ctx, ClockJob, name, ClockDue{ck.ID}, wholly(at), now)
}

// wholly is the first millisecond in which a time is past: jobs are kept by
// the millisecond, and one that comes too early would find nothing to do.
func wholly(at time.Time) time.Time { return at.Add(time.Millisecond - 1).Truncate(time.Millisecond) }

// FireClock gives the alarms that are due on a clock, each once: into the
// history, to those whose work it is, and up where a rule says so (R098).
func (d *Desk) FireClock(ctx context.Context, w ClockDue) error {
	return unlessGone(d.DB.Update(ctx, func(tx *store.Tx) error {
		ck, err := tx.Clock(ctx, w.Clock)
		if err != nil {
			return err
		}
		if ck.Kind != store.OfCase {
			return d.fireChat(ctx, tx, ck)
		}
		c, err := tx.Case(ctx, ticket.ID(ck.Subject))
		if err != nil {
			return err
		}
		ck, alarms, err := d.fire(ctx, tx, w.Clock)
		if err != nil || len(alarms) == 0 {
			return err
		}
		return d.alarm(ctx, tx, c, ck, alarms)
	}))
}

// fire notes what is past on a clock, as it is now that nobody else changes
// what it runs for, and returns what has to be told.
func (d *Desk) fire(ctx context.Context, tx *store.Tx, i store.ClockID) (store.ClockOf, []sla.Alarm, error) {
	ck, err := tx.Clock(ctx, i)
	if err != nil {
		return ck, nil, err
	}
	next, alarms := ck.Fire(d.Now())
	if len(alarms) == 0 {
		return ck, nil, nil
	}
	ck.Clock = next
	if err := tx.SaveClock(ctx, ck); err != nil {
		return ck, nil, err
	}
	return ck, alarms, wakeClock(ctx, tx, ck, d.Now())
}

// alarm says in the case's history what fell due, and who has to know.
func (d *Desk) alarm(ctx context.Context, tx *store.Tx, c ticket.Case, ck store.ClockOf, alarms []sla.Alarm) error {
	now := d.Now()
	sign := ticket.Sign{Metric: string(ck.Metric)}
	var es []ticket.Entry
	for _, a := range alarms {
		sign.Percent = max(sign.Percent, percent(a))
		es = append(es, c.Alarmed(string(ck.Metric), a.Event(), now))
	}
	h, err := tx.Handling(ctx)
	if err != nil {
		return err
	}
	was, up := c, ticket.Decide(h.Rises, c, sign)
	if up.Up {
		next, said, err := c.Do(ticket.Doing{
			Act: ticket.Escalate, By: ticket.Actor{Who: ticket.ByTimer}, Reason: up.Said,
			Escalation: &ticket.Escalation{Level: up.Rank, Why: up.Why},
		}, h.Windows, now)
		switch {
		case err == nil:
			c, es = next, append(es, said...)
		case fault.KindOf(err) != fault.Conflict:
			return err
		}
	}
	c.UpdatedAt = now
	if c, err = tx.SaveCase(ctx, c); err != nil {
		return err
	}
	if err := tx.AddCaseEntries(ctx, c.ID, es); err != nil {
		return err
	}
	if err := d.warn(ctx, tx, c, up, ck, alarms[len(alarms)-1]); err != nil {
		return err
	}
	if err := d.writeMoved(ctx, tx, was, c, es); err != nil {
		return err
	}
	if err := d.announceCase(ctx, tx, c, "clocks"); err != nil {
		return err
	}
	return d.caseAlarmed(ctx, tx, was, c, ck, alarms)
}

func percent(a sla.Alarm) int {
	switch a.Kind {
	case sla.WarningAlarm:
		return a.Percent
	case sla.LimitAlarm:
		return 100
	case sla.TargetAlarm:
	}
	return 0
}

// warn tells whoever has the case, and those to whom it went up.
func (d *Desk) warn(ctx context.Context, tx *store.Tx, c ticket.Case, up ticket.Decision, ck store.ClockOf, a sla.Alarm) error {
	told := []agent.ID{}
	if !c.Agent.IsZero() {
		told = append(told, c.Agent)
	}
	if up.Up || a.Kind == sla.LimitAlarm {
		above, err := tx.AgentsWho(ctx, agent.CaseSupervise, c.Team)
		if err != nil {
			return err
		}
		told = append(told, above...)
	}
	slices.Sort(told)
	for _, who := range slices.Compact(told) {
		if err := d.notice(ctx, tx, who, c, "clock."+string(a.Kind), string(ck.Metric)); err != nil {
			return err
		}
	}
	return nil
}

// announceCase tells the consoles that a case changed. It says no more than
// which one and how: whoever may see it asks.
func (d *Desk) announceCase(ctx context.Context, tx *store.Tx, c ticket.Case, what string) error {
	e := event.Event{
		Kind: event.CaseChanged, Contact: c.Contact, Team: c.Team, Agent: c.Agent, At: d.Now(),
		Body: event.Encode(event.Case{ID: c.ID, Number: c.Number, What: what, Version: c.Version, AboutStaff: c.AboutStaff, Accused: c.Accused}),
	}
	return tx.Emit(ctx, e)
}
