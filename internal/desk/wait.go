package desk

import (
	"context"
	"sync/atomic"
	"time"

	"yingda/internal/domain/conversation"
	"yingda/internal/domain/routing"
	"yingda/internal/store"
)

// What waits are told by, and how old it may be.
const (
	paceOf   = 7 * 24 * time.Hour // of which conversations handling time and patience are the mean
	paceKeep = time.Minute
	roomKeep = 2 * time.Second
	fewest   = 20 // conversations; of fewer the handling time is not known
)

// lately is what was seen of the floor a moment ago: those who wait ask often,
// and it is the same for all of them. No lock is held while the database is
// asked: whoever waited for it in a transaction would keep the connection that
// its holder waits for.
type lately struct {
	pace atomic.Pointer[pacing]
	room atomic.Pointer[roomy]
}

// pacing is how fast work went.
type pacing struct {
	store.Pace
	at time.Time
}

// roomy is who is there.
type roomy struct {
	rules  routing.Rules
	agents []routing.Candidate
	head   time.Time // since when who is next has waited; zero if nobody waits
	at     time.Time
}

// fresh reports whether what was seen at a time is still good. The clock may
// have been set back.
func fresh(at, now time.Time, keep time.Duration) bool {
	age := now.Sub(at)
	return age >= 0 && age < keep
}

func (l *lately) paced(ctx context.Context, tx *store.Tx, now time.Time) (*pacing, error) {
	if p := l.pace.Load(); p != nil && fresh(p.at, now, paceKeep) {
		return p, nil
	}
	pace, err := tx.Pace(ctx, now.Add(-paceOf))
	if err != nil {
		return nil, err
	}
	p := &pacing{pace, now}
	l.pace.Store(p)
	return p, nil
}

func (l *lately) seen(ctx context.Context, tx *store.Tx, now time.Time) (*roomy, error) {
	if r := l.room.Load(); r != nil && fresh(r.at, now, roomKeep) {
		return r, nil
	}
	rules, err := tx.RoutingRules(ctx)
	if err != nil {
		return nil, err
	}
	agents, err := tx.Candidates(ctx, rules, now, now)
	if err != nil {
		return nil, err
	}
	head, err := tx.HeadOfQueue(ctx)
	if err != nil {
		return nil, err
	}
	r := &roomy{rules, agents, head, now}
	l.room.Store(r)
	return r, nil
}

// foretell returns what whoever waits is told of their wait; false if nothing
// can be said. The position is always known.
func (d *Desk) foretell(ctx context.Context, tx *store.Tx, c conversation.Conversation) (f routing.Forecast, ok bool, err error) {
	if f.Position, err = tx.QueuePosition(ctx, c); err != nil {
		return f, false, err
	}
	now := d.Now()
	pace, err := d.lately.paced(ctx, tx, now)
	if err != nil {
		return f, false, err
	}
	room, err := d.lately.seen(ctx, tx, now)
	if err != nil {
		return f, false, err
	}
	k := routing.Known{Line: routing.Line{Ahead: max(0, f.Position-1)}, Last: pace.Last}
	if pace.Ended >= fewest {
		k.Handling, k.Patience = pace.Handling, pace.Patience
	}
	if !room.head.IsZero() {
		k.Head = now.Sub(room.head)
	}
	w := room.rules.Of(c.Channel)
	w.Team, w.Needs, w.Since = c.Team, c.Needs, c.QueuedAt
	k.Seats, k.Room = room.rules.Room(w, room.agents, now)
	f, ok = routing.Foretell(k)
	return f, ok, nil
}

// announceWait keeps what the contact is told of their wait, and returns it as
// the arguments of the message that tells it.
func (d *Desk) announceWait(ctx context.Context, tx *store.Tx, c conversation.Conversation, args map[string]string) error {
	f, ok, err := d.foretell(ctx, tx, c)
	if err != nil || !ok {
		return err
	}
	f.Band.Tell(args)
	return tx.InsertForecast(ctx, c.ID, f, d.Now())
}
