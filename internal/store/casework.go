package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/id"
	"yingda/internal/store/sqlcgen"
)

// What belongs to a case: its history, ties, votes, evidence and custody.

// AddCaseEntries adds lines to the history of a case. None is ever changed.
func (tx *Tx) AddCaseEntries(ctx context.Context, c ticket.ID, es []ticket.Entry) error {
	for _, e := range es {
		b, err := json.Marshal(e)
		if err != nil {
			return err
		}
		if err := tx.InsertCaseEntry(ctx, sqlcgen.InsertCaseEntryParams{
			ID: int64(id.New[id.Noun](e.At)), CaseID: int64(c), At: ms(e.At), Public: e.Public, Body: string(b),
		}); err != nil {
			return err
		}
	}
	return nil
}

// CaseEntries returns the history of a case, the oldest line first.
func (tx *Tx) CaseEntries(ctx context.Context, c ticket.ID) ([]ticket.Entry, error) {
	rows, err := tx.Queries.CaseEntries(ctx, int64(c))
	if err != nil {
		return nil, err
	}
	return decoded(rows, func(r sqlcgen.CaseEntry) string { return r.Body }, func(e *ticket.Entry, _ sqlcgen.CaseEntry) {})
}

// AddTie keeps how two cases belong together.
func (tx *Tx) AddTie(ctx context.Context, t ticket.Tie) error {
	return tx.InsertCaseLink(ctx, sqlcgen.InsertCaseLinkParams{
		CaseID: int64(t.From), OtherID: int64(t.To), Kind: string(t.Relation), At: ms(t.At), ByName: t.By,
	})
}

// Ties returns how a case belongs to others, in either direction.
func (tx *Tx) Ties(ctx context.Context, c ticket.ID) ([]ticket.Tie, error) {
	rows, err := tx.CaseLinks(ctx, int64(c))
	ties := make([]ticket.Tie, 0, len(rows))
	for _, r := range rows {
		ties = append(ties, ticket.Tie{From: ticket.ID(r.CaseID), To: ticket.ID(r.OtherID), Relation: ticket.Relation(r.Kind), At: at(r.At), By: r.ByName})
	}
	return ties, err
}

// AddVote is false if the contact has voted for the suggestion before.
func (tx *Tx) AddVote(ctx context.Context, c ticket.ID, by contact.ID, now time.Time) (bool, error) {
	n, err := tx.InsertCaseVote(ctx, sqlcgen.InsertCaseVoteParams{CaseID: int64(c), ContactID: by, At: ms(now)})
	return n > 0, err
}

// Exhibit is a piece of evidence with the file that holds its bytes.
type Exhibit struct {
	ticket.Evidence
	File conversation.AttachmentID `json:"file_id"`
}

// Evidence returns the evidence of a case, in the order in which it came.
func (tx *Tx) Evidence(ctx context.Context, c ticket.ID) ([]Exhibit, error) {
	rows, err := tx.EvidenceOf(ctx, int64(c))
	if err != nil {
		return nil, err
	}
	return decoded(rows, func(r sqlcgen.Evidence) string { return r.Body }, func(e *Exhibit, r sqlcgen.Evidence) { e.File = r.AttachmentID })
}

// AddEvidence adds the n-th piece of evidence of a case, from 1. Two who add at
// once cannot both be the n-th.
func (tx *Tx) AddEvidence(ctx context.Context, c ticket.ID, n int, e Exhibit) error {
	b, err := json.Marshal(e.Evidence)
	if err != nil {
		return err
	}
	return tx.InsertEvidence(ctx, sqlcgen.InsertEvidenceParams{CaseID: int64(c), Seq: int64(n), AttachmentID: e.File, Body: string(b)})
}

// Custody returns what happened to the evidence of a case.
func (tx *Tx) Custody(ctx context.Context, c ticket.ID) (ticket.Custodies, error) {
	rows, err := tx.CustodyOf(ctx, int64(c))
	if err != nil {
		return nil, err
	}
	return decoded(rows, func(r sqlcgen.Custody) string { return r.Body }, func(*ticket.Custody, sqlcgen.Custody) {})
}

// AddCustody adds the n-th line to the chain of custody of a case, from 1.
func (tx *Tx) AddCustody(ctx context.Context, c ticket.ID, n int, e ticket.Custody) error {
	b, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return tx.InsertCustody(ctx, sqlcgen.InsertCustodyParams{CaseID: int64(c), Seq: int64(n), Body: string(b)})
}

// decoded reads things that stand in a column as JSON; finish adds what stands
// in others.
func decoded[R, T any](rows []R, body func(R) string, finish func(*T, R)) ([]T, error) {
	ts := make([]T, len(rows))
	for i, r := range rows {
		if err := json.Unmarshal([]byte(body(r)), &ts[i]); err != nil {
			return nil, fmt.Errorf("read what was stored as JSON: %w", err)
		}
		finish(&ts[i], r)
	}
	return ts, nil
}
