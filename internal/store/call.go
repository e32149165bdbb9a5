package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/store/sqlcgen"
)

// Call returns a call. In a transaction that may change it, nobody else changes
// it until the end; whoever changes its conversation too reads that first.
func (tx *Tx) Call(ctx context.Context, i call.ID) (call.Call, error) {
	if err := tx.lock(ctx, "calls", int64(i)); err != nil {
		return call.Call{}, err
	}
	r, err := tx.CallRow(ctx, i)
	if err != nil {
		return call.Call{}, notFound(err, "call.unknown", "call")
	}
	return callOf(r)
}

// ConversationOf returns the conversation of a call.
func (tx *Tx) ConversationOf(ctx context.Context, i call.ID) (conversation.ID, error) {
	c, err := tx.ConversationOfCall(ctx, i)
	return c, notFound(err, "call.unknown", "call")
}

// CallIn returns the last call of a conversation; false if it has none.
func (tx *Tx) CallIn(ctx context.Context, c conversation.ID) (call.Call, bool, error) {
	i, err := tx.CallOfConversation(ctx, c)
	if errors.Is(err, sql.ErrNoRows) {
		return call.Call{}, false, nil
	}
	if err != nil {
		return call.Call{}, false, err
	}
	k, err := tx.Call(ctx, i)
	return k, err == nil, err
}

// CallKnownAs returns the call that the door knows by an id of its own; false if
// there is none.
func (tx *Tx) CallKnownAs(ctx context.Context, door string) (call.Call, bool, error) {
	r, err := tx.CallByDoor(ctx, door)
	if errors.Is(err, sql.ErrNoRows) {
		return call.Call{}, false, nil
	}
	if err != nil {
		return call.Call{}, false, err
	}
	k, err := tx.Call(ctx, r.ID)
	return k, err == nil, err
}

// OpenCalls returns calls whose line a program had, the oldest first.
func (tx *Tx) OpenCalls(ctx context.Context, program string, most int) ([]call.ID, error) {
	return tx.OpenCallsOf(ctx, sqlcgen.OpenCallsOfParams{Program: program, Most: int64(most)})
}

// InsertCall adds a call that has begun.
func (tx *Tx) InsertCall(ctx context.Context, k call.Call) error {
	b, err := json.Marshal(k.Record)
	if err != nil {
		return err
	}
	who, err := callAgent(k)
	if err != nil {
		return err
	}
	return tx.Queries.InsertCall(ctx, sqlcgen.InsertCallParams{
		AgentID: who,
		ID:      k.ID, DoorID: k.Door, Program: k.Program, InboxID: k.Inbox, ConversationID: k.Conversation, Direction: string(k.Record.Direction),
		Caller: k.Record.Caller, Line: k.Record.Line, State: string(k.Record.State()), Record: string(b), BeganAt: ms(k.Record.Steps[0].At),
	})
}

// callAgent returns who had the call last, or makes it; none if nobody.
func callAgent(k call.Call) (who agent.ID, err error) {
	a := k.Record.Agent()
	if a == "" {
		return who, nil
	}
	if err := who.UnmarshalText([]byte(a)); err != nil {
		return who, fmt.Errorf("agent of call %s: %w", k.ID, err)
	}
	return who, nil
}

// SaveCall writes a call back and returns it with its new version. The columns
// are what the record says.
func (tx *Tx) SaveCall(ctx context.Context, k call.Call) (call.Call, error) {
	walk, err := json.Marshal(k.Walk)
	if err != nil {
		return k, err
	}
	record, err := json.Marshal(k.Record)
	if err != nil {
		return k, err
	}
	r := k.Record
	who, err := callAgent(k)
	if err != nil {
		return k, err
	}
	times := r.Times(k.SeenAt)
	p := sqlcgen.SaveCallParams{
		ID: k.ID, Version: k.Version, State: string(r.State()), Walk: string(walk), Record: string(record),
		AnsweredAt: ms(r.AnsweredAt()), EndedAt: ms(r.EndedAt()), SeenAt: ms(k.SeenAt), NoticeAt: ms(k.NoticeAt), Reason: string(r.Result),
		AgentID: who, Queue: r.Queue(), WaitMs: times.Wait.Milliseconds(), TalkMs: times.Talk.Milliseconds(), RatedBy: string(r.RatedBy),
	}
	if r.Recording.File != "" {
		p.Recording = &r.Recording.File
	}
	if err := changed(tx.Queries.SaveCall(ctx, p)); err != nil {
		return k, err
	}
	k.Version++
	return k, nil
}

func callOf(r sqlcgen.Call) (call.Call, error) {
	k := call.Call{
		ID: r.ID, Door: r.DoorID, Program: r.Program, Inbox: r.InboxID, Conversation: r.ConversationID,
		SeenAt: at(r.SeenAt), NoticeAt: at(r.NoticeAt), Kept: r.Kept, Version: r.Version,
	}
	if err := json.Unmarshal([]byte(r.Record), &k.Record); err != nil {
		return k, fmt.Errorf("record of call %s: %w", r.ID, err)
	}
	k.Record.RatedBy = call.RatingWay(r.RatedBy)
	if r.Walk != "" {
		if err := json.Unmarshal([]byte(r.Walk), &k.Walk); err != nil {
			return k, fmt.Errorf("walk of call %s: %w", r.ID, err)
		}
	}
	return k, nil
}

// CallEntry returns what is set for an inbox that is called.
func (tx *Tx) CallEntry(ctx context.Context, i inbox.ID) (call.Entry, error) {
	r, err := tx.CallEntryRow(ctx, i)
	if err != nil {
		return call.Entry{}, notFound(err, "entry.unknown", "entry")
	}
	return entryOf(r)
}

// CallEntries returns all entries, the oldest first.
func (tx *Tx) CallEntries(ctx context.Context) ([]call.Entry, error) {
	rows, err := tx.CallEntryRows(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]call.Entry, 0, len(rows))
	for _, r := range rows {
		e, err := entryOf(r)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

// InsertCallEntry adds what is set for an inbox that is called.
func (tx *Tx) InsertCallEntry(ctx context.Context, e call.Entry) error {
	b, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return tx.Queries.InsertCallEntry(ctx, sqlcgen.InsertCallEntryParams{InboxID: e.Inbox, Settings: string(b)})
}

// SaveCallEntry writes an entry back. It is a Conflict if somebody else wrote it
// since.
func (tx *Tx) SaveCallEntry(ctx context.Context, e call.Entry) error {
	b, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return changed(tx.Queries.SaveCallEntry(ctx, sqlcgen.SaveCallEntryParams{InboxID: e.Inbox, Settings: string(b), Version: e.Version}))
}

func entryOf(r sqlcgen.CallEntry) (e call.Entry, err error) {
	if err := json.Unmarshal([]byte(r.Settings), &e); err != nil {
		return e, fmt.Errorf("settings of entry %s: %w", r.InboxID, err)
	}
	e.Inbox, e.Version = r.InboxID, r.Version
	return e, nil
}

// InsertCallback adds a call back that was asked for.
func (tx *Tx) InsertCallback(ctx context.Context, b call.Back) error {
	place, err := json.Marshal(b.Place)
	if err != nil {
		return err
	}
	return tx.Queries.InsertCallback(ctx, sqlcgen.InsertCallbackParams{
		ID: b.ID, CallID: b.Call, InboxID: b.Inbox, ContactID: b.Contact, ConversationID: b.Conversation, Number: b.Number,
		Place: string(place), Since: ms(b.Place.Since), AskedAt: ms(b.AskedAt),
	})
}

// Callback returns a call back.
func (tx *Tx) Callback(ctx context.Context, i call.BackID) (call.Back, error) {
	if err := tx.lock(ctx, "callbacks", int64(i)); err != nil {
		return call.Back{}, err
	}
	r, err := tx.CallbackRow(ctx, i)
	if err != nil {
		return call.Back{}, notFound(err, "callback.unknown", "callback")
	}
	return backOf(r)
}

// CallbackAskedIn returns the call back that was asked for in a call; false if
// none was.
func (tx *Tx) CallbackAskedIn(ctx context.Context, i call.ID) (call.Back, bool, error) {
	id, err := tx.CallbackOfCall(ctx, i)
	if errors.Is(err, sql.ErrNoRows) {
		return call.Back{}, false, nil
	}
	if err != nil {
		return call.Back{}, false, err
	}
	b, err := tx.Callback(ctx, id)
	return b, err == nil, err
}

// MakeCallback keeps which call is made for a call back.
func (tx *Tx) MakeCallback(ctx context.Context, i call.BackID, by call.ID) error {
	return tx.Queries.MakeCallback(ctx, sqlcgen.MakeCallbackParams{MadeBy: by, ID: i})
}

// CallbackMadeBy returns the call back that a call is made for; false if it is
// for none.
func (tx *Tx) CallbackMadeBy(ctx context.Context, by call.ID) (call.Back, bool, error) {
	id, err := tx.Queries.CallbackMadeBy(ctx, by)
	if errors.Is(err, sql.ErrNoRows) {
		return call.Back{}, false, nil
	}
	if err != nil {
		return call.Back{}, false, err
	}
	b, err := tx.Callback(ctx, id)
	return b, err == nil, err
}

// CallbacksThatWait returns those that may be made by now, who waits longest
// first.
func (tx *Tx) CallbacksThatWait(ctx context.Context, now time.Time, most int) ([]call.Back, error) {
	return backsOf(tx.CallbacksWaiting(ctx, sqlcgen.CallbacksWaitingParams{Now: ms(now), Most: int64(most)}))
}

// CallbacksOf returns those that a program has in hand.
func (tx *Tx) CallbacksOf(ctx context.Context, holder string) ([]call.Back, error) {
	return backsOf(tx.CallbacksHeldBy(ctx, holder))
}

// HoldCallback gives a call back to one program; false if another has it, or it
// is over.
func (tx *Tx) HoldCallback(ctx context.Context, i call.BackID, holder string) (bool, error) {
	n, err := tx.Queries.HoldCallback(ctx, sqlcgen.HoldCallbackParams{ID: i, Holder: holder})
	return n > 0, err
}

// MoveCallback writes where a call back stands, and when it may be made again.
func (tx *Tx) MoveCallback(ctx context.Context, b call.Back, notBefore time.Time) error {
	return tx.Queries.MoveCallback(ctx, sqlcgen.MoveCallbackParams{ID: b.ID, State: string(b.State), NotBefore: ms(notBefore)})
}

// CountWaitingBefore returns how many wait before a rank.
func (tx *Tx) CountWaitingBefore(ctx context.Context, rank time.Time) (int, error) {
	n, err := tx.WaitingBefore(ctx, ms(rank))
	return int(n), err
}

func backsOf(rows []sqlcgen.Callback, err error) ([]call.Back, error) {
	if err != nil {
		return nil, err
	}
	list := make([]call.Back, 0, len(rows))
	for _, r := range rows {
		b, err := backOf(r)
		if err != nil {
			return nil, err
		}
		list = append(list, b)
	}
	return list, nil
}

func backOf(r sqlcgen.Callback) (call.Back, error) {
	b := call.Back{
		ID: r.ID, Call: r.CallID, Inbox: r.InboxID, Contact: r.ContactID, Conversation: r.ConversationID, Number: r.Number,
		State: call.BackState(r.State), Attempts: int(r.Attempts), AskedAt: at(r.AskedAt),
	}
	if err := json.Unmarshal([]byte(r.Place), &b.Place); err != nil {
		return b, fmt.Errorf("place of callback %s: %w", r.ID, err)
	}
	return b, nil
}
