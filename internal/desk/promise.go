package desk

import (
	"cmp"
	"context"
	"slices"
	"sync/atomic"
	"time"

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
	if err := p.Check(); err != nil {
		return nil, err
	}
	t, err := d.Terms(ctx)
	return sla.Diff(t.Preset, p), err
}

// UsePreset puts a preset into force. Open cases keep their terms unless
// recompute asks for theirs to be computed anew. It is a Conflict if somebody
// changed the promises since the version that was read.
func (d *Desk) UsePreset(ctx context.Context, by agent.Actor, p sla.Preset, version int64, recompute bool) (sla.Terms, error) {
	scope := RecomputeNothing
	if recompute {
		scope = RecomputeAll
	}
	return d.changeTerms(ctx, by, "preset", p.Code, version, scope, func(t sla.Terms) (sla.Terms, error) {
		t.Preset = p
		return t, p.Check()
	})
}

// PutCalendar puts a calendar of the company's own in place of the one of its
// code. What is open and counts on it is computed anew.
func (d *Desk) PutCalendar(ctx context.Context, by agent.Actor, c sla.Calendar, version int64) (sla.Terms, error) {
	return d.changeTerms(ctx, by, "calendar", c.Code, version, RecomputeTimes, func(t sla.Terms) (sla.Terms, error) { return t.WithCalendar(c) })
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
			return fault.New(fault.Conflict, "store.changed", "someone changed this a moment ago; read it again")
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
