package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/id"
	"yingda/internal/store/sqlcgen"
)

// ClockID names a clock.
type ClockID = id.ID[clockNoun]

type clockNoun struct{}

func (clockNoun) Prefix() string { return "ck" }

// NewClockID returns the id of a clock that is started at a time.
func NewClockID(at time.Time) ClockID { return id.New[clockNoun](at) }

// Kinds of subject that clocks run for.
const (
	OfCase         = "case"
	OfConversation = "conversation"
)

// ClockOf is a clock with what it runs for.
type ClockOf struct {
	ID      ClockID `json:"id"`
	Kind    string  `json:"-"` // OfCase or OfConversation
	Subject int64   `json:"-"`
	Channel string  `json:"-"`
	Version int64   `json:"-"`
	sla.Clock
}

// InsertClock adds a clock that was just started.
func (tx *Tx) InsertClock(ctx context.Context, c ClockOf) error {
	b, err := json.Marshal(c.Clock)
	if err != nil {
		return err
	}
	return tx.Queries.InsertClock(ctx, sqlcgen.InsertClockParams{
		ID: int64(c.ID), SubjectKind: c.Kind, SubjectID: c.Subject, Metric: string(c.Metric), State: string(c.State), Channel: c.Channel,
		Calendar: c.Calendar, Provisional: c.Provisional, ReceivedAt: ms(c.Received), TargetAt: msOf(c.Target), LimitAt: ms(c.Limit),
		EndedAt: ended(c.Clock), Kept: c.Kept(), Body: string(b),
	})
}

// SaveClock writes what became of a clock. It is a Conflict if it was changed
// since it was read.
func (tx *Tx) SaveClock(ctx context.Context, c ClockOf) error {
	b, err := json.Marshal(c.Clock)
	if err != nil {
		return err
	}
	return changed(tx.Queries.SaveClock(ctx, sqlcgen.SaveClockParams{
		ID: int64(c.ID), Version: c.Version, State: string(c.State), Calendar: c.Calendar, Provisional: c.Provisional,
		TargetAt: msOf(c.Target), LimitAt: ms(c.Limit), EndedAt: ended(c.Clock), Kept: c.Kept(), Body: string(b),
	}))
}

// Clock returns a clock by id.
func (tx *Tx) Clock(ctx context.Context, i ClockID) (ClockOf, error) {
	r, err := tx.ClockByID(ctx, int64(i))
	if err != nil {
		return ClockOf{}, notFound(err, "clock.unknown", "clock")
	}
	return clockOf(r)
}

// ClocksOf returns the clocks of a subject, the oldest first.
func (tx *Tx) ClocksOf(ctx context.Context, kind string, subject int64) ([]ClockOf, error) {
	rows, err := tx.Queries.ClocksOf(ctx, sqlcgen.ClocksOfParams{SubjectKind: kind, SubjectID: subject})
	return clocksOf(rows, err)
}

// OpenClocks returns clocks that are still to be met, in the order of their
// limits, after a limit and an id: the zero time and id for the first.
func (tx *Tx) OpenClocks(ctx context.Context, limit time.Time, after ClockID, most int) ([]ClockOf, error) {
	rows, err := tx.OpenClocksAfter(ctx, sqlcgen.OpenClocksAfterParams{LimitAt: ms(limit), ID: int64(after), Most: int64(most)})
	return clocksOf(rows, err)
}

// ClockBoard returns a page of the open clocks of cases that the actor may
// see, in the order of their limits, and the cursor of the next page. The
// survey after the end is not among them: nobody waits for it.
func (tx *Tx) ClockBoard(ctx context.Context, by agent.Actor, cursor string, most int) ([]ClockOf, string, error) {
	query, args, err := boardQuery(by, cursor, most)
	if err != nil {
		return nil, "", err
	}
	cs, err := tx.readClocks(ctx, query, args)
	if err != nil || len(cs) <= most {
		return cs, "", err
	}
	cs = cs[:most]
	last := cs[most-1]
	return cs, WriteCursor(ms(last.Limit), int64(last.ID)), nil
}

func boardQuery(by agent.Actor, cursor string, most int) (query string, args []any, err error) {
	q := newList(selectClocks + " JOIN cases c ON c.id = k.subject_id")
	kind := "k.subject_kind || ''" // in the order of limits, until the page is full
	if by.Scope != agent.ScopeAll && by.Scope != agent.ScopeTeam {
		q = newList(clockColumns + " FROM cases c CROSS JOIN clocks k") // their own cases are few
		q.and("k.subject_id = c.id")
		kind = "k.subject_kind"
	}
	q.and("k.ended_at = 0")
	q.and(kind+" = ?", OfCase)
	q.and("k.metric <> ?", string(sla.SurveyWindow))
	q.caseSight(by)
	if cursor != "" {
		ns, err := ReadCursor(cursor, 2)
		if err != nil {
			return "", nil, err
		}
		q.and("(k.limit_at, k.id) > (?, ?)", ns[0], ns[1])
	}
	return q.text("ORDER BY k.limit_at, k.id LIMIT ?", most+1), q.args, nil
}

const (
	clockColumns = "SELECT k.id, k.subject_kind, k.subject_id, k.channel, k.version, k.body"
	selectClocks = clockColumns + " FROM clocks k"
)

// OpenClocksOf returns the clocks of cases that are still to be met, in the
// order of their limits.
func (tx *Tx) OpenClocksOf(ctx context.Context, cases []ticket.ID) ([]ClockOf, error) {
	if len(cases) == 0 {
		return nil, nil
	}
	ids := make([]any, 0, len(cases))
	for _, c := range cases {
		ids = append(ids, int64(c))
	}
	q := newList(selectClocks)
	q.and("k.ended_at = 0")
	q.and("k.subject_kind = ?", OfCase)
	q.and("k.metric <> ?", string(sla.SurveyWindow))
	q.and("k.subject_id IN (?"+strings.Repeat(", ?", len(ids)-1)+")", ids...)
	return tx.readClocks(ctx, q.text("ORDER BY k.limit_at, k.id"), q.args)
}

func (tx *Tx) readClocks(ctx context.Context, query string, args []any) (cs []ClockOf, err error) {
	err = tx.eachClock(ctx, query, args, func(c ClockOf) error {
		cs = append(cs, c)
		return nil
	})
	return cs, err
}

// EachClock calls f with the clocks of the cases that EachCase finds.
func (tx *Tx) EachClock(ctx context.Context, by agent.Actor, k ticket.Kind, from, to time.Time, f func(ClockOf) error) error {
	q := newList(clockColumns + " FROM cases c JOIN clocks k ON k.subject_id = c.id")
	q.and("c.kind = ?", string(k))
	q.and("k.subject_kind = ?", OfCase)
	q.received(from, to)
	q.caseSight(by)
	return tx.eachClock(ctx, q.text(""), q.args, f)
}

func (tx *Tx) eachClock(ctx context.Context, query string, args []any, f func(ClockOf) error) error {
	rows, err := tx.db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { logClose("clocks", rows.Close()) }()
	for rows.Next() {
		var r sqlcgen.Clock
		if err := rows.Scan(&r.ID, &r.SubjectKind, &r.SubjectID, &r.Channel, &r.Version, &r.Body); err != nil {
			return err
		}
		c, err := clockOf(r)
		if err != nil {
			return err
		}
		if err := f(c); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Record is how a promise was kept since a time.
type Record struct {
	Metric  sla.Metric `json:"metric"`
	Channel string     `json:"channel"`
	Ended   int        `json:"ended"` // that were met, in time or late
	Kept    int        `json:"kept"`
}

// KeptSince returns how promises were kept since a time, by metric and channel.
func (tx *Tx) KeptSince(ctx context.Context, since time.Time) ([]Record, error) {
	rows, err := tx.Queries.KeptSince(ctx, ms(since))
	rs := make([]Record, 0, len(rows))
	for _, r := range rows {
		rs = append(rs, Record{Metric: sla.Metric(r.Metric), Channel: r.Channel, Ended: int(r.Ended), Kept: int(r.Kept)})
	}
	return rs, err
}

func clocksOf(rows []sqlcgen.Clock, err error) ([]ClockOf, error) {
	cs := make([]ClockOf, 0, len(rows))
	for _, r := range rows {
		c, err := clockOf(r)
		if err != nil {
			return nil, err
		}
		cs = append(cs, c)
	}
	return cs, err
}

func clockOf(r sqlcgen.Clock) (ClockOf, error) {
	c := ClockOf{ID: ClockID(r.ID), Kind: r.SubjectKind, Subject: r.SubjectID, Channel: r.Channel, Version: r.Version}
	if err := json.Unmarshal([]byte(r.Body), &c.Clock); err != nil {
		return c, fmt.Errorf("clock %s: %w", c.ID, err)
	}
	return c, nil
}

// ended is when a clock was over; 0 while it is open.
func ended(c sla.Clock) int64 {
	if c.State.Open() {
		return 0
	}
	if !c.MetAt.IsZero() {
		return ms(c.MetAt)
	}
	return ms(c.CancelledAt)
}

func msOf(t *time.Time) int64 {
	if t == nil {
		return 0
	}
	return ms(*t)
}
