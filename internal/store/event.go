package store

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"yingda/internal/domain/event"
)

// Emit writes events. Readers of the feed see them after the commit.
func (tx *Tx) Emit(ctx context.Context, es ...event.Event) error {
	for _, e := range es {
		body := e.Body
		if body == nil {
			body = json.RawMessage("{}")
		}
		if _, err := tx.db.ExecContext(ctx, `
			INSERT INTO events (seq, kind, conversation_id, contact_id, team_id, agent_id, offered_id, was_id, at, body)
			VALUES (`+tx.dialect.nextSeq+`, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`,
			string(e.Kind), e.Conversation, e.Contact, e.Team, e.Agent, e.Offered, e.Was, ms(e.At), string(body), tx.emitted); err != nil {
			return err
		}
		tx.told = true
		tx.emitted++
	}
	return nil
}

// EventsAfter returns the events after a sequence number, in order. The limit
// is text: SQLite prepares a statement anew when an argument says it.
func (db *DB) EventsAfter(ctx context.Context, seq int64, limit int) (es []event.Event, err error) {
	rows, err := db.Now().db.QueryContext(ctx, `
		SELECT seq, kind, conversation_id, contact_id, team_id, agent_id, offered_id, was_id, at, body
		FROM events WHERE seq > ?1 `+db.dialect.horizon+` ORDER BY seq LIMIT `+strconv.Itoa(limit), seq)
	if err != nil {
		return nil, err
	}
	defer func() { logClose("events", rows.Close()) }()
	for rows.Next() {
		var e event.Event
		var when int64
		var kind, body string
		if err := rows.Scan(&e.Seq, &kind, &e.Conversation, &e.Contact, &e.Team, &e.Agent, &e.Offered, &e.Was, &when, &body); err != nil {
			return nil, err
		}
		e.Kind, e.At, e.Body = event.Kind(kind), at(when), json.RawMessage(body)
		es = append(es, e)
	}
	return es, rows.Err()
}

// EventBounds returns the sequence numbers of the oldest event that is kept
// and of the newest that readers may see. Both are zero while there is none.
func (db *DB) EventBounds(ctx context.Context) (oldest, newest int64, err error) {
	err = db.Now().db.QueryRowContext(ctx, `
		SELECT COALESCE(MIN(seq), 0), COALESCE(MAX(seq), 0) FROM events WHERE seq > ?1 `+db.dialect.horizon, 0).Scan(&oldest, &newest)
	return oldest, newest, err
}

const (
	feedBatch = 500
	// feedPoll is how long a follower sleeps when no bell rings: another node
	// may have written.
	feedPoll = time.Second
	// feedSettle is how soon a follower looks again after a bell that brought
	// nothing: on PostgreSQL an older transaction may still hold the feed back.
	feedSettle = 2 * time.Millisecond
)

// Follow calls f with the events after a sequence number, in order and in
// batches, and goes on as more come. It ends when ctx does, or with f's error.
func (db *DB) Follow(ctx context.Context, after int64, f func([]event.Event) error) error {
	soon := feedSettle
	if db.dialect.horizon == "" {
		soon = feedPoll // what a bell rings for is there to be read
	}
	wait := soon
	for {
		bell := db.NewsBell()
		es, err := db.EventsAfter(ctx, after, feedBatch)
		if err != nil {
			return err
		}
		if len(es) > 0 {
			after, wait = es[len(es)-1].Seq, soon
			if err := f(es); err != nil {
				return err
			}
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-bell:
			timer.Stop()
			wait = soon
		case <-timer.C:
			wait = min(wait*4, feedPoll)
		}
	}
}

// TrimEvents forgets events older than a time, and tells how many.
func (tx *Tx) TrimEvents(ctx context.Context, before time.Time) (int64, error) {
	res, err := tx.db.ExecContext(ctx, `DELETE FROM events WHERE seq IN (SELECT e.seq FROM events e WHERE e.at < ?1 ORDER BY e.seq LIMIT 10000)`, ms(before))
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// FollowKind calls f when events of a kind, other than messages and
// conversations, have come after a sequence number,
// at most once in each rest, however many there were. It is for followers who
// read anew what changed, and need not hurry.
func (db *DB) FollowKind(ctx context.Context, after int64, kind event.Kind, rest time.Duration, f func() error) error {
	for {
		bell := db.NewsBell()
		var newest int64
		if err := db.Now().db.QueryRowContext(ctx,
			`SELECT COALESCE(MAX(seq), 0) FROM events WHERE kind = ?1 AND kind NOT IN ('message', 'conversation') AND seq > ?2 `+db.dialect.horizon, string(kind), after).Scan(&newest); err != nil {
			return err
		}
		if newest > after {
			after = newest
			if err := f(); err != nil {
				return err
			}
		}
		if err := settle(ctx, rest); err != nil {
			return err
		}
		timer := time.NewTimer(feedPoll)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-bell:
		case <-timer.C:
		}
		timer.Stop()
	}
}

func settle(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
