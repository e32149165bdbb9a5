package desk

import (
	"context"
	"sync/atomic"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/event"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// What is edited in versions (flows, menus): what comes with the program stands
// in code; a company's draft is changed by as many as like, one after another;
// what is published is a version that never changes.

// shelf holds something that is asked for all the time. What is changed on
// another node is heard of here within shelfHeld.
type shelf[T any] struct{ now atomic.Pointer[shelved[T]] }

type shelved[T any] struct {
	revision int64
	what     T
	until    time.Time
}

const shelfHeld = 2 * time.Second

// get returns what is held; it is read again once its revision has moved.
func (s *shelf[T]) get(now time.Time, revision func() (int64, error), read func() (T, error)) (T, error) {
	have := s.now.Load()
	if have != nil && now.Before(have.until) {
		return have.what, nil
	}
	rev, err := revision()
	if err != nil {
		return *new(T), err
	}
	next := &shelved[T]{revision: rev, until: now.Add(shelfHeld)}
	if have != nil && have.revision == rev {
		next.what = have.what
	} else if next.what, err = read(); err != nil {
		return *new(T), err
	}
	s.now.Store(next)
	return next.what, nil
}

// forget lets it be read again.
func (s *shelf[T]) forget() { s.now.Store(nil) }

// keepDraft puts a draft in the place of the one before. rev is that of what was
// read: who changed it meanwhile is not written over. base returns the version
// that a draft is begun from.
func keepDraft[T any](r *store.Edited[T], rev int64, draft T, by agent.Actor, now time.Time, base func() (int, error)) (err error) {
	if r.Rev != rev {
		return errDraftMoved
	}
	if r.Draft == nil {
		if r.Base, err = base(); err != nil {
			return err
		}
	}
	r.Draft, r.By, r.At = &draft, by.Name, now
	return nil
}

// takeDraft returns the draft, which is gone from r.
func takeDraft[T any](r *store.Edited[T], rev int64) (draft T, err error) {
	switch {
	case r.Draft == nil:
		return draft, errNoDraft
	case r.Rev != rev:
		return draft, errDraftMoved
	}
	draft = *r.Draft
	r.Draft, r.Base, r.By, r.At = nil, 0, "", time.Time{}
	return draft, nil
}

var (
	errDraftMoved = fault.New(fault.Conflict, "draft.moved", "somebody changed this draft; look at the newest one first")
	errNoDraft    = fault.New(fault.Conflict, "draft.none", "there is no draft of this")
)

// edits is how something that is edited in versions is changed.
type edits[T any] struct {
	kind    string // in the audit
	read    func(tx *store.Tx, ctx context.Context, id string) (store.Edited[T], error)
	save    func(tx *store.Tx, ctx context.Context, r store.Edited[T]) (store.Edited[T], error)
	shipped func(id string) bool // it comes with the program
	unknown *fault.Error
}

// change changes what is the company's own of a thing, and tells all nodes.
func (e edits[T]) change(ctx context.Context, d *Desk, tx *store.Tx, by agent.Actor, id, action string, change func(r *store.Edited[T]) (map[string]any, error)) error {
	r, err := e.read(tx, ctx, id)
	if err != nil {
		return err
	}
	there := e.shipped(id) || r.Version > 0 || r.Draft != nil
	detail, err := change(&r)
	if err != nil {
		return err
	}
	if !there && r.Draft == nil {
		return e.unknown
	}
	if _, err := e.save(tx, ctx, r); err != nil {
		return err
	}
	if err := tx.Audit(ctx, audit.By(by, d.Now(), action, audit.Object{Kind: e.kind, Name: id}, detail)); err != nil {
		return err
	}
	return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: d.Now()})
}
