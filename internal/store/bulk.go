package store

import (
	"context"
	"encoding/json"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/fault"
	"yingda/internal/store/sqlcgen"
)

// BulkRun is something that is done to many conversations.
type BulkRun struct {
	ID      conversation.BulkID `json:"id"`
	Bulk    conversation.Bulk   `json:"bulk"`
	By      agent.Actor         `json:"-"` // who asked, with what they might do then
	Undoes  conversation.BulkID `json:"undoes,omitzero"`
	Undone  bool                `json:"undone"`
	At      time.Time           `json:"at"`
	EndedAt time.Time           `json:"ended_at,omitzero"`
	Items   []BulkItem          `json:"items"`
}

// BulkItem is one conversation of a run, and what came of it.
type BulkItem struct {
	Position     int                 `json:"-"`
	Conversation conversation.ID     `json:"conversation_id"`
	Number       int64               `json:"number"`
	Name         string              `json:"contact_name"`
	Outcome      string              `json:"outcome"` // done, refused; empty while it waits
	Why          *Refusal            `json:"why,omitempty"`
	Before       conversation.Before `json:"-"`
}

// itemBody is what an item says of itself in the table.
type itemBody struct {
	Number int64               `json:"number"`
	Name   string              `json:"name"`
	Why    *Refusal            `json:"why,omitempty"`
	Before conversation.Before `json:"before,omitzero"`
}

type runBody struct {
	Bulk conversation.Bulk `json:"bulk"`
	By   agent.Actor       `json:"by"`
}

// InsertBulkRun adds a run with its items.
func (tx *Tx) InsertBulkRun(ctx context.Context, r BulkRun) error {
	body, err := json.Marshal(runBody{r.Bulk, r.By})
	if err != nil {
		return err
	}
	var undoes *int64
	if n := int64(r.Undoes); n != 0 {
		undoes = &n
	}
	if err := tx.Queries.InsertBulkRun(ctx, sqlcgen.InsertBulkRunParams{
		ID: int64(r.ID), AgentID: r.By.Agent, Body: string(body), Undoes: undoes, At: ms(r.At),
	}); err != nil {
		return err
	}
	for i, item := range r.Items {
		body, err := item.body()
		if err != nil {
			return err
		}
		if err := tx.InsertBulkItem(ctx, sqlcgen.InsertBulkItemParams{
			RunID: int64(r.ID), Position: int64(i), ConversationID: item.Conversation, Body: body,
		}); err != nil {
			return err
		}
	}
	return nil
}

func (i BulkItem) body() (string, error) {
	b, err := json.Marshal(itemBody{i.Number, i.Name, i.Why, i.Before})
	return string(b), err
}

// BulkRun returns a run with its items.
func (tx *Tx) BulkRun(ctx context.Context, id conversation.BulkID) (BulkRun, error) {
	r, err := tx.Queries.BulkRun(ctx, int64(id))
	if err != nil {
		return BulkRun{}, notFound(err, "bulk.unknown", "bulk run")
	}
	run := BulkRun{ID: id, At: at(r.At), EndedAt: at(r.EndedAt)}
	if r.Undoes != nil {
		run.Undoes = conversation.BulkID(*r.Undoes)
	}
	var body runBody
	if err := json.Unmarshal([]byte(r.Body), &body); err != nil {
		return run, err
	}
	run.Bulk, run.By = body.Bulk, body.By
	n, err := tx.BulkUndone(ctx, &r.ID)
	if err != nil {
		return run, err
	}
	run.Undone = n > 0
	rows, err := tx.BulkItems(ctx, r.ID)
	if err != nil {
		return run, err
	}
	run.Items, err = bulkItems(rows)
	return run, err
}

// BulkItemsLeft returns the items of a run that wait, in their order.
func (tx *Tx) BulkItemsLeft(ctx context.Context, id conversation.BulkID, most int) ([]BulkItem, error) {
	rows, err := tx.Queries.BulkItemsLeft(ctx, sqlcgen.BulkItemsLeftParams{RunID: int64(id), Most: int64(most)})
	if err != nil {
		return nil, err
	}
	return bulkItems(rows)
}

// EndBulkItem writes what came of an item. It is a Conflict if that is known
// already.
func (tx *Tx) EndBulkItem(ctx context.Context, id conversation.BulkID, i BulkItem) error {
	body, err := i.body()
	if err != nil {
		return err
	}
	n, err := tx.Queries.EndBulkItem(ctx, sqlcgen.EndBulkItemParams{RunID: int64(id), Position: int64(i.Position), Outcome: i.Outcome, Body: body})
	if err == nil && n == 0 {
		return ErrBulkItemEnded
	}
	return err
}

// ErrBulkItemEnded says that somebody was faster with an item.
var ErrBulkItemEnded = fault.New(fault.Conflict, "bulk.ended", "this is done already")

// EndBulkRun writes that all items of a run have ended; false if that was
// known.
func (tx *Tx) EndBulkRun(ctx context.Context, id conversation.BulkID, now time.Time) (bool, error) {
	n, err := tx.Queries.EndBulkRun(ctx, sqlcgen.EndBulkRunParams{ID: int64(id), EndedAt: ms(now)})
	return n > 0, err
}

// TrimBulk forgets runs from before a time.
func (tx *Tx) TrimBulk(ctx context.Context, before time.Time) error {
	if err := tx.TrimBulkItems(ctx, ms(before)); err != nil {
		return err
	}
	return tx.TrimBulkRuns(ctx, ms(before))
}

func bulkItems(rows []sqlcgen.BulkItem) ([]BulkItem, error) {
	items := make([]BulkItem, 0, len(rows))
	for _, r := range rows {
		var b itemBody
		if err := json.Unmarshal([]byte(r.Body), &b); err != nil {
			return nil, err
		}
		items = append(items, BulkItem{
			Position: int(r.Position), Conversation: r.ConversationID, Number: b.Number, Name: b.Name, Outcome: r.Outcome, Why: b.Why, Before: b.Before,
		})
	}
	return items, nil
}
