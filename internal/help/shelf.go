package help

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"yingda/internal/domain/event"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/retrieve"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// shelf is everything that is published and holds on that day, as it was at one
// moment. It never
// changes; a new one takes its place.
type shelf struct {
	version   string
	entries   []Entry // the most read first
	asked     *retrieve.Index
	written   *retrieve.Index
	quotes    *quotable
	questions map[int64]int // id of a question -> its entry
	articles  map[int64]int
	lately    map[string]map[int64]int64 // by channel and question: how often it was answered of late

	toAsk, toWrite []retrieve.Entry // what is to be made ready
}

// Open reads what is published when the program starts, without learning from
// it: Run does that, and a start does not wait.
func (h *Help) Open(ctx context.Context) error { return h.read(ctx, retrieve.Plain) }

// Refresh reads anew what is published. Run does it when something changes.
func (h *Help) Refresh(ctx context.Context) error { return h.read(ctx, retrieve.New) }

func (h *Help) read(ctx context.Context, ready func([]retrieve.Entry) *retrieve.Index) (err error) {
	defer fault.Wrap(&err, "read what is published")
	var qs []knowledge.Question
	var as []knowledge.Article
	var lately map[string]map[int64]int64
	if err := h.DB.View(ctx, func(tx *store.Tx) error {
		if qs, err = tx.PublishedQuestions(ctx); err != nil {
			return err
		}
		day, err := h.day(ctx, tx)
		if err != nil {
			return err
		}
		if lately, err = tx.AskedSince(ctx, hotSince(day)); err != nil {
			return err
		}
		qs = slices.DeleteFunc(qs, func(q knowledge.Question) bool { return !q.HoldsOn(day) })
		as, err = tx.PublishedArticles(ctx)
		return err
	}); err != nil {
		return err
	}
	s := lay(qs, as, h.current())
	s.lately = lately
	h.shelf.Store(s) // what was withdrawn is gone while the rest is made ready
	h.shelf.Store(s.prepared(ready))
	return nil
}

// day returns which day it is for the company.
func (h *Help) day(ctx context.Context, tx *store.Tx) (string, error) {
	s, err := tx.Company(ctx)
	return h.Now().In(s.PhoneHours.Location()).Format(time.DateOnly), err
}

// lay puts what is published on a shelf. It is searched by what the shelf
// before has ready, which may know less, and may know what is gone.
func lay(qs []knowledge.Question, as []knowledge.Article, before *shelf) *shelf {
	s := &shelf{questions: map[int64]int{}, articles: map[int64]int{}, asked: before.asked, written: before.written, quotes: quotes(as, before.quotes)}
	var newest time.Time
	for _, q := range qs {
		s.entries = append(s.entries, questionEntry(q))
		s.toAsk = append(s.toAsk, q.Entry())
		newest = later(newest, q.UpdatedAt)
	}
	for _, a := range as {
		s.entries = append(s.entries, articleEntry(a))
		s.toWrite = append(s.toWrite, a.Entry())
		newest = later(newest, a.UpdatedAt)
	}
	slices.SortStableFunc(s.entries, func(a, b Entry) int { return cmp.Compare(b.Views, a.Views) })
	for i, e := range s.entries {
		if e.Kind == Question {
			s.questions[e.key] = i
		} else {
			s.articles[e.key] = i
		}
	}
	s.version = fmt.Sprintf("%d-%d-%s", len(qs), len(as), strconv.FormatInt(newest.UnixMilli(), 36))
	if !s.asked.Holds(s.toAsk) || !s.written.Holds(s.toWrite) {
		s.version += "-laid"
	}
	return s
}

// prepared returns the shelf ready to be searched. What did not change is taken
// over: making it ready may take seconds, and most often only views were
// counted.
func (s *shelf) prepared(ready func([]retrieve.Entry) *retrieve.Index) *shelf {
	p := *s
	if !p.asked.Holds(p.toAsk) {
		p.asked = ready(p.toAsk)
	}
	if !p.written.Holds(p.toWrite) {
		p.written = ready(p.toWrite)
	}
	p.toAsk, p.toWrite = nil, nil
	p.version = strings.TrimSuffix(p.version, "-laid")
	return &p
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// current returns the shelf; it is empty before the first Refresh.
func (h *Help) current() *shelf {
	if s := h.shelf.Load(); s != nil {
		return s
	}
	return empty
}

var empty = lay(nil, nil, &shelf{asked: retrieve.New(nil), written: retrieve.New(nil)})

const (
	recount = 10 * time.Minute       // how often views are counted into the order
	retry   = 5 * time.Second        // after the database failed
	rest    = 100 * time.Millisecond // between two looks at the feed
)

// Run keeps the shelf up to date until ctx ends.
func (h *Help) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := h.follow(ctx); err != nil && ctx.Err() == nil {
			h.Log.Warn("the knowledge base could not be read; it stays as it was", slog.Any("error", err))
			sleep(ctx, retry)
		}
	}
	return ctx.Err()
}

// follow reads what is published, and again whenever the feed says that it
// changed, for as long as nothing fails and views need no recount.
func (h *Help) follow(ctx context.Context) error {
	_, newest, err := h.DB.EventBounds(ctx)
	if err != nil {
		return err
	}
	if err := h.Refresh(ctx); err != nil {
		return err
	}
	round, done := context.WithTimeout(ctx, recount)
	defer done()
	err = h.DB.FollowKind(round, newest, event.KnowledgeChanged, rest, func() error { return h.Refresh(ctx) })
	if round.Err() != nil && ctx.Err() == nil {
		return nil
	}
	return err
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
