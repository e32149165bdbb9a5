package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/review"
	"yingda/internal/domain/ticket"
	"yingda/internal/store/sqlcgen"
)

// InsertReview adds a review. It is false, and nothing happens, if its asker
// has asked under the same client id before.
func (tx *Tx) InsertReview(ctx context.Context, r review.Review, clientID string) (bool, error) {
	b, err := json.Marshal(r)
	if err != nil {
		return false, err
	}
	n, err := tx.Queries.InsertReview(ctx, sqlcgen.InsertReviewParams{
		ID: r.ID, ConversationID: r.Conversation, CaseID: r.Case, State: string(r.State), AskedBy: r.Asker.ID, ClientID: clientID, Body: string(b),
	})
	return n > 0, err
}

// SaveReview writes what became of a review. It is a Conflict if it was changed
// since it was read.
func (tx *Tx) SaveReview(ctx context.Context, r review.Review) (review.Review, error) {
	b, err := json.Marshal(r)
	if err != nil {
		return r, err
	}
	if err := changed(tx.Queries.SaveReview(ctx, sqlcgen.SaveReviewParams{ID: r.ID, State: string(r.State), Body: string(b), Version: r.Version})); err != nil {
		return r, err
	}
	r.Version++
	return r, nil
}

// Review returns a review by id.
func (tx *Tx) Review(ctx context.Context, i review.ID) (review.Review, error) {
	row, err := tx.ReviewRow(ctx, i)
	if err != nil {
		return review.Review{}, notFound(err, "review.unknown", "review")
	}
	return reviewOf(row.Body, row.Version)
}

// ReviewAsked returns what somebody asked for under their own id; false if they
// asked nothing of that name.
func (tx *Tx) ReviewAsked(ctx context.Context, by agent.ID, clientID string) (review.Review, bool, error) {
	row, err := tx.ReviewByClientID(ctx, sqlcgen.ReviewByClientIDParams{AskedBy: by, ClientID: clientID})
	if errors.Is(err, sql.ErrNoRows) {
		return review.Review{}, false, nil
	}
	if err != nil {
		return review.Review{}, false, err
	}
	r, err := reviewOf(row.Body, row.Version)
	return r, err == nil, err
}

// ReviewsOf returns the reviews in a conversation or, if that is zero, a case,
// newest first.
func (tx *Tx) ReviewsOf(ctx context.Context, c conversation.ID, k ticket.ID) ([]review.Review, error) {
	rs := []review.Review{}
	add := func(body string, version int64) error {
		r, err := reviewOf(body, version)
		rs = append(rs, r)
		return err
	}
	if !c.IsZero() {
		rows, err := tx.ReviewsOfConversation(ctx, c)
		for _, row := range rows {
			if err := add(row.Body, row.Version); err != nil {
				return nil, err
			}
		}
		return rs, err
	}
	rows, err := tx.ReviewsOfCase(ctx, k)
	for _, row := range rows {
		if err := add(row.Body, row.Version); err != nil {
			return nil, err
		}
	}
	return rs, err
}

func reviewOf(body string, version int64) (r review.Review, err error) {
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		return r, fmt.Errorf("review: %w", err)
	}
	r.Version = version
	return r, nil
}
