package desk

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/event"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// ready holds the promises of the latest version, made ready for use. They are
// the same for everybody and change seldom.
type ready struct{ now atomic.Pointer[readyTerms] }

type readyTerms struct {
	terms    sla.Terms
	promises *sla.Promises
}

// promises returns what is promised now. The version is asked for each time,
// in the caller's transaction, so that no clock is made by old terms.
func (d *Desk) promises(ctx context.Context, tx *store.Tx) (*readyTerms, error) {
	v, err := tx.TermsVersion(ctx)
	if err != nil {
		return nil, err
	}
	if have := d.terms.now.Load(); have != nil && have.terms.Version == v {
		return have, nil
	}
	t, err := tx.Terms(ctx)
	if err != nil {
		return nil, err
	}
	p, err := t.Promises()
	if err != nil {
		return nil, err
	}
	r := &readyTerms{t, p}
	d.terms.now.Store(r)
	return r, nil
}

// Terms returns what is promised now: preset, calendars, notices of holidays.
// Everybody who works here may know it; customers are told it too.
func (d *Desk) Terms(ctx context.Context) (sla.Terms, error) {
	r, err := d.promises(ctx, d.DB.Now())
	if err != nil {
		return sla.Terms{}, err
	}
	return r.terms, nil
}

// Promises returns what is promised now, ready to be asked when something is
// due.
func (d *Desk) Promises(ctx context.Context) (*sla.Promises, error) {
	r, err := d.promises(ctx, d.DB.Now())
	if err != nil {
		return nil, err
	}
	return r.promises, nil
}

// Hotline returns when the phone is answered: the calendar of the promises that
// has its code, nil if they have none.
func (d *Desk) Hotline(ctx context.Context) (*channel.Line, error) {
	r, err := d.promises(ctx, d.DB.Now())
	if err != nil {
		return nil, err
	}
	table, ok := r.promises.Timetable(sla.Hotline)
	if !ok {
		return nil, nil //nolint:nilnil // promises without it are well
	}
	c, err := r.terms.Calendar(sla.Hotline)
	return &channel.Line{Calendar: c, Timetable: table}, err
}

// keptDays is how many days customers are told about: how promises were kept.
const keptDays = 30

// PublicPromises returns what customers are told that we promise, by the way
// in which they reach us, from the preset in force, with how it was kept in
// the last 30 days.
func (d *Desk) PublicPromises(ctx context.Context) ([]channel.Promise, error) {
	r, err := d.promises(ctx, d.DB.Now())
	if err != nil {
		return nil, err
	}
	kept, err := d.kept(ctx, keptDays)
	if err != nil {
		return nil, err
	}
	told := r.promises.Public()
	all := make([]channel.Promise, len(told))
	for i, t := range told {
		p := channel.Promise{Told: t}
		for _, k := range kept {
			if k.Metric == t.Metric && ofWay(t.Way, k.Channel) {
				p.Ended, p.Kept = p.Ended+k.Ended, p.Kept+k.Kept
			}
		}
		p.Percent = 100 * float64(p.Kept) / float64(max(1, p.Ended))
		all[i] = p
	}
	return all, nil
}

// ofWay reports whether what came over a channel counts for a way: the first
// answer to a chat is not the one to a letter.
func ofWay(way, channel string) bool {
	switch way {
	case sla.WayChat:
		return channel == "webchat"
	case sla.WayEmail:
		return channel == "email"
	case sla.WayQuestion:
		return channel != "webchat" && channel != "email"
	}
	return true
}

// PromiseVersions returns a page of who changed the promises and when, newest
// first.
func (d *Desk) PromiseVersions(ctx context.Context, by agent.Actor, before int64, most int) ([]store.PromiseVersion, error) {
	if err := by.Need(agent.PromiseRead); err != nil {
		return nil, err
	}
	return d.DB.Now().PromiseVersions(ctx, before, limited100(most))
}

// PreviewPreset returns what would change if a preset were in force instead.
func (d *Desk) PreviewPreset(ctx context.Context, by agent.Actor, p sla.Preset) ([]sla.Change, error) {
	if err := by.Need(agent.PromiseRead); err != nil {
		return nil, err
	}
	t, err := d.Terms(ctx)
	if err != nil {
		return nil, err
	}
	return t.Changes(p)
}

// CalendarDays returns each day of a year as a calendar has it.
func (d *Desk) CalendarDays(ctx context.Context, by agent.Actor, code string, year int) ([]sla.Day, error) {
	if err := by.Need(agent.PromiseRead); err != nil {
		return nil, err
	}
	r, err := d.promises(ctx, d.DB.Now())
	if err != nil {
		return nil, err
	}
	t, ok := r.promises.Timetable(code)
	if !ok {
		return nil, fault.New(fault.NotFound, "calendar.unknown", "there is no calendar with the code %s", code)
	}
	return t.Days(year), nil
}

// WhenDue returns what would be promised for something that is received at a
// time, with the reasons; false if nothing is.
func (d *Desk) WhenDue(ctx context.Context, by agent.Actor, m sla.Metric, s sla.Subject, received time.Time) (sla.Due, bool, error) {
	if err := by.Need(agent.PromiseRead); err != nil {
		return sla.Due{}, false, err
	}
	r, err := d.promises(ctx, d.DB.Now())
	if err != nil {
		return sla.Due{}, false, err
	}
	if s.Category != nil {
		s.Category = branches(s.Category[len(s.Category)-1])
	}
	return r.promises.Promise(m, s, received)
}

// UsePreset puts a preset into force. Open cases keep their terms unless
// recompute asks for theirs to be computed anew. It is a Conflict if somebody
// changed the promises since the version that was read.
func (d *Desk) UsePreset(ctx context.Context, by agent.Actor, p sla.Preset, version int64, recompute bool) (sla.Terms, error) {
	scope := RecomputeNothing
	if recompute {
		scope = RecomputeAll
	}
	return d.changeTerms(ctx, by, "preset", p.Code, version, scope, func(t sla.Terms) (sla.Terms, error) { return t.Using(p) })
}

// PutCalendar puts a calendar of the company's own in place of the one of its
// code. What is open and counts on it is computed anew.
func (d *Desk) PutCalendar(ctx context.Context, by agent.Actor, c sla.Calendar, version int64) (sla.Terms, error) {
	return d.changeTerms(ctx, by, "calendar", c.Code, version, RecomputeTimes, func(t sla.Terms) (sla.Terms, error) { return t.WithCalendar(c) })
}

// NoticePreview is what a notice would do before it is taken.
type NoticePreview struct {
	Notice   sla.Notice `json:"notice"`
	Off      int        `json:"off"`    // days off
	Worked   int        `json:"worked"` // weekend days that are worked
	Whole    bool       `json:"whole"`  // at least as many days off as the law gives
	Replaces bool       `json:"replaces"`
	Moves    int        `json:"moves"` // open clocks that get new times, of those looked at
	Looked   int        `json:"looked"`
}

// previewed is how many open clocks a preview looks at, next limit first.
const previewed = 1000

// PreviewNotice returns what taking a notice would do. Nothing is kept.
func (d *Desk) PreviewNotice(ctx context.Context, by agent.Actor, n sla.Notice) (p NoticePreview, err error) {
	defer fault.Wrap(&err, "preview the notice of %d", n.Year)
	if err := by.Need(agent.PromiseManage); err != nil {
		return p, err
	}
	p = NoticePreview{Notice: n, Whole: n.Whole()}
	for _, day := range n.Days {
		if day.Off {
			p.Off++
		} else {
			p.Worked++
		}
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		was, err := tx.Terms(ctx)
		if err != nil {
			return err
		}
		_, p.Replaces = noticeOf(was, n.Year)
		then, err := was.With(n)
		if err != nil {
			return err
		}
		after, err := then.Promises()
		if err != nil {
			return err
		}
		p.Moves, p.Looked, err = d.moves(ctx, tx, &readyTerms{then, after})
		return err
	})
	return p, err
}

func noticeOf(t sla.Terms, year int) (sla.Notice, bool) {
	i := slices.IndexFunc(t.Notices, func(n sla.Notice) bool { return n.Year == year })
	if i < 0 {
		return sla.Notice{}, false
	}
	return t.Notices[i], true
}

// moves counts the open clocks of cases that would be due at other times by
// other days, of those whose limits come first.
func (d *Desk) moves(ctx context.Context, tx *store.Tx, then *readyTerms) (moves, looked int, err error) {
	open, err := tx.OpenClocks(ctx, time.Time{}, 0, previewed)
	if err != nil {
		return 0, 0, err
	}
	by := map[int64]*readyTerms{then.terms.Version: then}
	for _, ck := range open {
		if ck.Kind != store.OfCase || ck.Preset == "" {
			continue
		}
		r, err := madeBy(ctx, tx, by, then, ck.Due.Version)
		if err != nil {
			return 0, 0, err
		}
		c, err := tx.Case(ctx, ticket.ID(ck.Subject))
		if err != nil {
			return 0, 0, err
		}
		b, err := d.bundle(ctx, tx, r, c)
		if err != nil {
			return 0, 0, err
		}
		limit := ck.Limit
		if err := b.recompute(ck.Metric); err != nil {
			return 0, 0, err
		}
		looked++
		if slices.ContainsFunc(b.clocks, func(after store.ClockOf) bool { return after.ID == ck.ID && !after.Limit.Equal(limit) }) {
			moves++
		}
	}
	return moves, looked, nil
}

// CheckCalendars tells those who may change the promises when the notice of a
// year is missing: from 1 November on of the next year too. Each is told once
// a day at most.
func (d *Desk) CheckCalendars(ctx context.Context) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		t, err := tx.Terms(ctx)
		if err != nil {
			return err
		}
		h, err := t.Holidays()
		if err != nil {
			return err
		}
		now := d.Now()
		missing := h.Missing(now)
		if len(missing) == 0 {
			return nil
		}
		first, err := tx.Once(ctx, "calendar_check/"+sla.DateInChina(now), now)
		if err != nil || !first {
			return err
		}
		who, err := tx.AgentsWhoMay(ctx, agent.PromiseManage)
		if err != nil {
			return err
		}
		for _, to := range who {
			for _, year := range missing {
				if err := d.Inform(ctx, tx, to, event.Notice{Kind: "calendar.missing", Text: strconv.Itoa(year)}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// PutNotice takes the notice of a year's holidays. What is open is computed
// anew: provisional times become sure.
func (d *Desk) PutNotice(ctx context.Context, by agent.Actor, n sla.Notice, version int64) (sla.Terms, error) {
	return d.changeTerms(ctx, by, "notice", time.Date(n.Year, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006"), version, RecomputeTimes,
		func(t sla.Terms) (sla.Terms, error) { return t.With(n) })
}

// Recomputing says which open clocks get new due times after a change.
type Recomputing string

// How much is computed anew.
const (
	RecomputeNothing Recomputing = ""
	RecomputeTimes   Recomputing = "times" // by the terms that they were made by, on the days as they are now known
	RecomputeAll     Recomputing = "all"   // by the terms in force
)

func (d *Desk) changeTerms(ctx context.Context, by agent.Actor, what, name string, version int64, again Recomputing, change func(sla.Terms) (sla.Terms, error)) (t sla.Terms, err error) {
	defer fault.Wrap(&err, "change the promises")
	if err := by.Need(agent.PromiseManage); err != nil {
		return t, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.Terms(ctx)
		if err != nil {
			return err
		}
		if was.Version != version {
			return errChanged
		}
		if t, err = change(was); err != nil {
			return err
		}
		now := d.Now()
		if err := tryOut(t, now); err != nil {
			return err
		}
		if t, err = tx.SaveTerms(ctx, t, store.PromiseVersion{At: now, ByName: by.Name, What: what}); err != nil {
			return err
		}
		if again != RecomputeNothing {
			if err := tx.Enqueue(ctx, RecomputeJob, Recompute{Scope: again, Version: t.Version}, now, now); err != nil {
				return err
			}
		}
		o := audit.Object{Kind: "promise", ID: what, Name: name}
		if err := tx.Audit(ctx, audit.By(by, now, "promise."+what, o, map[string]any{"version": t.Version, "recompute": string(again)})); err != nil {
			return err
		}
		return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: now})
	})
	return t, err
}

// tryOut counts each term once: with one that never comes to its end, such as
// on a calendar that is closed for years, no case could be opened any more.
func tryOut(t sla.Terms, now time.Time) error {
	ready, err := t.Promises()
	if err != nil {
		return err
	}
	for _, p := range append(slices.Clone(t.Preset.Policies), sla.StatutoryFloor().Policies...) {
		for _, target := range p.Targets {
			s := sla.Subject{Kind: p.Match.Kind, Category: []string{p.Match.Category}, Level: p.Match.Level, Channel: p.Match.Channel, Tier: p.Match.Tier, Brand: p.Match.Brand}
			if _, _, err := ready.Promise(target.Metric, s, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// Recompute is the payload of RecomputeJob. After and Limit are where it goes
// on: a round computes some, and leaves the rest to the next.
type Recompute struct {
	Scope   Recomputing   `json:"scope"`
	Version int64         `json:"version"`
	After   store.ClockID `json:"after"`
	Limit   int64         `json:"limit"` // milliseconds
}

const recomputeBatch = 200

// RecomputeClocks computes the due times of some open clocks of cases anew and
// leaves a job for the rest. Twice is the same as once.
func (d *Desk) RecomputeClocks(ctx context.Context, w Recompute) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := d.promises(ctx, tx)
		if err != nil {
			return err
		}
		open, err := tx.OpenClocks(ctx, millis(w.Limit), w.After, recomputeBatch)
		if err != nil {
			return err
		}
		by := map[int64]*readyTerms{r.terms.Version: r}
		inOrder := slices.Clone(open) // of the cases, as everybody takes them
		slices.SortFunc(inOrder, func(a, b store.ClockOf) int { return cmp.Compare(a.Subject, b.Subject) })
		for _, ck := range inOrder {
			if err := unlessGone(d.recomputeOne(ctx, tx, by, r, ck, w.Scope)); err != nil {
				return err
			}
		}
		if len(open) < recomputeBatch {
			return nil
		}
		last := open[len(open)-1]
		w.After, w.Limit = last.ID, last.Limit.UnixMilli()
		return tx.Enqueue(ctx, RecomputeJob, w, d.Now(), d.Now())
	})
}

// recomputeOne computes a clock anew. by holds the terms of versions: those of
// older ones with the days as they are known now.
func (d *Desk) recomputeOne(ctx context.Context, tx *store.Tx, by map[int64]*readyTerms, now *readyTerms, ck store.ClockOf, scope Recomputing) error {
	if ck.Kind != store.OfCase {
		return nil
	}
	c, err := tx.Case(ctx, ticket.ID(ck.Subject))
	if err != nil {
		return err
	}
	if ck, err = tx.Clock(ctx, ck.ID); err != nil || !ck.State.Open() {
		return err
	}
	r := now
	if scope == RecomputeTimes {
		if r, err = madeBy(ctx, tx, by, now, ck.Due.Version); err != nil {
			return err
		}
	}
	b, err := d.bundle(ctx, tx, r, c)
	if err != nil {
		return err
	}
	if err := b.recompute(ck.Metric); err != nil {
		return err
	}
	due := c.DueAt
	if c.DueAt, err = b.keep(ctx, tx); err != nil || due.Equal(c.DueAt) {
		return err
	}
	if c, err = tx.SaveCase(ctx, c); err != nil {
		return err
	}
	return d.announceCase(ctx, tx, c, "clocks")
}

// madeBy returns the terms of a version, with calendars and notices of now.
func madeBy(ctx context.Context, tx *store.Tx, by map[int64]*readyTerms, now *readyTerms, version int64) (*readyTerms, error) {
	if r := by[version]; r != nil {
		return r, nil
	}
	t, err := tx.TermsAt(ctx, version)
	if err != nil {
		return nil, err
	}
	t.Calendars, t.Notices = now.terms.Calendars, now.terms.Notices
	p, err := t.Promises()
	if err != nil {
		return nil, err
	}
	by[version] = &readyTerms{t, p}
	return by[version], nil
}

func millis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
