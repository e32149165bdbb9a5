package desk

import (
	"context"
	"sync"
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
// and it is the same for all of them.
type lately struct {
	mu     sync.Mutex
	paceAt time.Time
	pace   store.Pace
	roomAt time.Time
	rules  routing.Rules
	agents []routing.Candidate
	head   time.Time
}

// look returns what can be seen of the floor now.
func (l *lately) look(ctx context.Context, tx *store.Tx, now time.Time) (rules routing.Rules, agents []routing.Candidate, k routing.Known, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.paceAt.IsZero() || now.Sub(l.paceAt) >= paceKeep || now.Before(l.paceAt) {
		if l.pace, err = tx.Pace(ctx, now.Add(-paceOf)); err != nil {
			return rules, nil, k, err
		}
		l.paceAt = now
	}
	if l.roomAt.IsZero() || now.Sub(l.roomAt) >= roomKeep || now.Before(l.roomAt) {
		if l.rules, err = tx.RoutingRules(ctx); err != nil {
			return rules, nil, k, err
		}
		if l.agents, err = tx.Candidates(ctx, l.rules, now, now); err != nil {
			return rules, nil, k, err
		}
		if l.head, err = tx.HeadOfQueue(ctx); err != nil {
			return rules, nil, k, err
		}
		l.roomAt = now
	}
	if k.Last = l.pace.Last; l.pace.Ended >= fewest {
		k.Handling, k.Patience = l.pace.Handling, l.pace.Patience
	}
	if !l.head.IsZero() {
		k.Head = now.Sub(l.head)
	}
	return l.rules, l.agents, k, nil
}

// foretell returns what whoever waits is told of their wait; false if nothing
// can be said. The position is always known.
func (d *Desk) foretell(ctx context.Context, tx *store.Tx, c conversation.Conversation) (f routing.Forecast, ok bool, err error) {
	if f.Position, err = tx.QueuePosition(ctx, c); err != nil {
		return f, false, err
	}
	rules, agents, k, err := d.lately.look(ctx, tx, d.Now())
	if err != nil {
		return f, false, err
	}
	w := routing.Work{Team: c.Team, Needs: c.Needs, Weight: rules.Weight(c.Channel), Since: c.QueuedAt}
	k.Ahead = max(0, f.Position-1)
	k.Seats, k.Room = rules.Room(w, agents, d.Now())
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
