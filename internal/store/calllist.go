package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/store/sqlcgen"
)

// CallRow is a call with what its conversation says of it.
type CallRow struct {
	call.Call
	Number      int64 // of the conversation
	State       conversation.State
	Contact     contact.ID
	ContactName string
	Agent       agent.ID // who has the conversation
	Rings       agent.ID // at whom it rings
}

// CallList asks for a page of calls, newest first, narrowed by what is set.
type CallList struct {
	By        agent.Actor
	Open      *bool // not over yet, with the wrap-up; or over
	Agent     agent.ID
	Queue     string
	Direction call.Direction
	Reason    call.Reason
	From, To  time.Time        // when it began, without To
	Recorded  bool             // there is a recording
	RatedBy   []call.RatingWay // the marks came so; none: whether there are any or not
	Words     string           // the whole number, the end of it, or a part of the customer's name
	Cursor    string
	Limit     int
}

const callColumns = `k.id, k.door_id, k.program, k.inbox_id, k.conversation_id, k.direction, k.caller, k.line, k.state, k.walk, k.record,
	k.began_at, k.answered_at, k.ended_at, k.seen_at, k.notice_at, k.reason, k.agent_id, k.queue, k.wait_ms, k.talk_ms, k.recording, k.version, k.kept, k.rated_by`

// ListCalls returns a page of calls, and the cursor of the next one; an empty
// cursor is the end.
func (tx *Tx) ListCalls(ctx context.Context, ask CallList) ([]CallRow, string, error) {
	q, err := ask.query()
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.db.QueryContext(ctx, q.text("ORDER BY k.id DESC LIMIT ?", ask.Limit+1), q.args...)
	if err != nil {
		return nil, "", err
	}
	defer func() { logClose("calls", rows.Close()) }()
	list := make([]CallRow, 0, ask.Limit+1)
	for rows.Next() {
		var (
			r sqlcgen.Call
			c CallRow
		)
		if err := rows.Scan(&r.ID, &r.DoorID, &r.Program, &r.InboxID, &r.ConversationID, &r.Direction, &r.Caller, &r.Line, &r.State, &r.Walk, &r.Record,
			&r.BeganAt, &r.AnsweredAt, &r.EndedAt, &r.SeenAt, &r.NoticeAt, &r.Reason, &r.AgentID, &r.Queue, &r.WaitMs, &r.TalkMs, &r.Recording, &r.Version, &r.Kept, &r.RatedBy,
			&c.Number, &c.State, &c.Contact, &c.ContactName, &c.Agent, &c.Rings); err != nil {
			return nil, "", err
		}
		if c.Call, err = callOf(r); err != nil {
			return nil, "", err
		}
		list = append(list, c)
	}
	if err := rows.Err(); err != nil || len(list) <= ask.Limit {
		return list, "", err
	}
	return list[:ask.Limit], WriteCursor(int64(list[ask.Limit-1].ID)), nil
}

func (ask CallList) query() (*list, error) {
	q := newList("SELECT " + callColumns + ", c.number, c.state, c.contact_id, c.contact_name, c.agent_id, c.offer_agent FROM calls k JOIN conversations c ON c.id = k.conversation_id")
	if ask.Cursor != "" {
		ns, err := ReadCursor(ask.Cursor, 1)
		if err != nil {
			return nil, err
		}
		q.and("k.id < ?", ns[0])
	}
	if ask.Open != nil {
		if *ask.Open {
			q.and("k.ended_at = 0")
		} else {
			q.and("k.ended_at > 0")
		}
	}
	if !ask.Agent.IsZero() {
		q.and("k.agent_id = ?", ask.Agent)
	}
	if ask.Recorded {
		q.and("k.recording IS NOT NULL")
	}
	if len(ask.RatedBy) > 0 {
		args := make([]any, len(ask.RatedBy))
		for i, w := range ask.RatedBy {
			args[i] = string(w)
		}
		q.and("k.rated_by IN ("+strings.Join(slices.Repeat([]string{"?"}, len(args)), ",")+")", args...)
	}
	for _, f := range []struct{ cond, value string }{
		{"k.queue = ?", ask.Queue}, {"k.direction = ?", string(ask.Direction)}, {"k.reason = ?", string(ask.Reason)},
	} {
		if f.value != "" {
			q.and(f.cond, f.value)
		}
	}
	if !ask.From.IsZero() {
		q.and("k.began_at >= ?", ms(ask.From))
	}
	if !ask.To.IsZero() {
		q.and("k.began_at < ?", ms(ask.To))
	}
	ask.words(q)
	q.sight(ask.By)
	return q, nil
}

// shownDigits is how much of the end of a number everybody sees.
const shownDigits = 4

// words adds what is looked for. Of a number only what everybody sees of it is
// looked for in part: else one could learn the rest digit by digit.
func (ask CallList) words(q *list) {
	words := strings.TrimSpace(ask.Words)
	switch number := contact.NormalPhone(words); {
	case words == "":
	case contact.IsPhone(words):
		q.and("k.caller = ?", number)
	case len(words) <= shownDigits && strings.Trim(words, "0123456789") == "":
		q.and("k.caller LIKE ?", "%"+words)
	default:
		q.and("lower(c.contact_name) LIKE ? ESCAPE '!'", holding(words))
	}
}

// KeepRecording writes why the recording of a call is kept beyond its time.
func (tx *Tx) KeepRecording(ctx context.Context, i call.ID, why string) error {
	return changed(tx.Queries.KeepRecording(ctx, sqlcgen.KeepRecordingParams{ID: i, Kept: why}))
}

// RecordedBefore returns calls that ended before a time and whose recording is
// not to be kept longer, the oldest first.
func (tx *Tx) RecordedBefore(ctx context.Context, before time.Time, most int) ([]call.ID, error) {
	return tx.CallsRecordedBefore(ctx, sqlcgen.CallsRecordedBeforeParams{Before: ms(before), Most: int64(most)})
}

// BackRow is a call back with what its conversation says of it.
type BackRow struct {
	call.Back
	NotBefore   time.Time // when it may be made
	ContactName string
	Numbered    int64 // the conversation
}

// BackList asks for a page of call backs, newest first.
type BackList struct {
	By     agent.Actor
	States []call.BackState // none: all
	Cursor string
	Limit  int
}

// ListCallbacks returns a page of call backs, and the cursor of the next one.
func (tx *Tx) ListCallbacks(ctx context.Context, ask BackList) ([]BackRow, string, error) {
	q := newList(`SELECT b.id, b.call_id, b.inbox_id, b.contact_id, b.conversation_id, b.number, b.place, b.state, b.not_before, b.attempts, b.asked_at,
		c.contact_name, c.number FROM callbacks b JOIN conversations c ON c.id = b.conversation_id`)
	if ask.Cursor != "" {
		ns, err := ReadCursor(ask.Cursor, 1)
		if err != nil {
			return nil, "", err
		}
		q.and("b.id < ?", ns[0])
	}
	if len(ask.States) > 0 {
		args := make([]any, len(ask.States))
		for i, s := range ask.States {
			args[i] = string(s)
		}
		q.and("b.state IN ("+strings.Join(slices.Repeat([]string{"?"}, len(args)), ",")+")", args...)
	}
	q.sight(ask.By)
	rows, err := tx.db.QueryContext(ctx, q.text("ORDER BY b.id DESC LIMIT ?", ask.Limit+1), q.args...)
	if err != nil {
		return nil, "", err
	}
	defer func() { logClose("callbacks", rows.Close()) }()
	list := make([]BackRow, 0, ask.Limit+1)
	for rows.Next() {
		var (
			r sqlcgen.Callback
			b BackRow
		)
		if err := rows.Scan(&r.ID, &r.CallID, &r.InboxID, &r.ContactID, &r.ConversationID, &r.Number, &r.Place, &r.State, &r.NotBefore, &r.Attempts, &r.AskedAt,
			&b.ContactName, &b.Numbered); err != nil {
			return nil, "", err
		}
		if b.Back, err = backOf(r); err != nil {
			return nil, "", err
		}
		b.NotBefore = at(r.NotBefore)
		list = append(list, b)
	}
	if err := rows.Err(); err != nil || len(list) <= ask.Limit {
		return list, "", err
	}
	return list[:ask.Limit], WriteCursor(int64(list[ask.Limit-1].ID)), nil
}

// CancelCallback says that a call back that waits is not to be made; false if it
// does not wait.
func (tx *Tx) CancelCallback(ctx context.Context, i call.BackID) (bool, error) {
	n, err := tx.CallbackCancel(ctx, i)
	return n > 0, err
}
