package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/turn"
	"yingda/internal/store/sqlcgen"
)

// FlowState is how far a contact is in their flows, as it was read.
type FlowState struct {
	flow.State
	Version int64 // zero: nothing was kept
}

// FlowState returns how far a contact is in their flows.
func (tx *Tx) FlowState(ctx context.Context, who contact.ID) (s FlowState, err error) {
	r, err := tx.FlowStateRow(ctx, who)
	if errors.Is(err, sql.ErrNoRows) {
		return FlowState{State: flow.State{Schema: flow.Schema}}, nil
	}
	if err != nil {
		return s, err
	}
	s.Version = r.Version
	return s, json.Unmarshal([]byte(r.Body), &s.State)
}

// KeepFlowState writes how far a contact is. It is a Conflict if they went on
// elsewhere since it was read.
func (tx *Tx) KeepFlowState(ctx context.Context, who contact.ID, s FlowState, now time.Time) error {
	body, err := json.Marshal(s.State)
	switch {
	case err != nil:
		return err
	case s.Version == 0:
		return changed(tx.AddFlowState(ctx, sqlcgen.AddFlowStateParams{ContactID: who, TouchedAt: ms(now), Body: string(body)}))
	}
	return changed(tx.SaveFlowState(ctx, sqlcgen.SaveFlowStateParams{ContactID: who, Version: s.Version, TouchedAt: ms(now), Body: string(body)}))
}

// AddTurn writes down what the assistant decided about a message. It is false
// if it decided about it before.
func (tx *Tx) AddTurn(ctx context.Context, r turn.Record) (bool, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return false, err
	}
	n, err := tx.AddAssistTurn(ctx, sqlcgen.AddAssistTurnParams{MessageID: r.Message, ConversationID: r.Conversation, At: ms(r.At), Body: string(body)})
	return n > 0, err
}

// Turn returns what the assistant decided about a message; false if it did
// not.
func (tx *Tx) Turn(ctx context.Context, i conversation.MessageID) (r turn.Record, have bool, err error) {
	row, err := tx.AssistTurnRow(ctx, i)
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	if err != nil {
		return r, false, err
	}
	return r, true, json.Unmarshal([]byte(row.Body), &r)
}

// TrimAssistant forgets unfinished flows that nobody touched since, what was
// decided before, and what the model used a year before that.
func (tx *Tx) TrimAssistant(ctx context.Context, flows, turns time.Time) error {
	if err := tx.TrimFlowStates(ctx, ms(flows)); err != nil {
		return err
	}
	if err := tx.TrimModelSpend(ctx, turns.AddDate(-1, 0, 0).Format(dayForm)); err != nil {
		return err
	}
	return tx.TrimAssistTurns(ctx, ms(turns))
}
