package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"yingda/internal/domain/conversation"
	"yingda/internal/domain/ticket"
	"yingda/internal/store/sqlcgen"
)

// Case returns a case by id, without its files.
func (tx *Tx) Case(ctx context.Context, id ticket.ID) (ticket.Case, error) {
	r, err := tx.CaseByID(ctx, int64(id))
	if err != nil {
		return ticket.Case{}, notFound(err, "case.unknown", "case")
	}
	return caseOf(r), nil
}

// CaseBySender returns what a sender handed in under an id of their own; false
// if there is nothing.
func (tx *Tx) CaseBySender(ctx context.Context, sender, clientID string) (ticket.Case, bool, error) {
	r, err := tx.Queries.CaseBySender(ctx, sqlcgen.CaseBySenderParams{Sender: sender, ClientID: clientID})
	if errors.Is(err, sql.ErrNoRows) {
		return ticket.Case{}, false, nil
	}
	return caseOf(r), err == nil, err
}

// InsertCase adds a case. It is false, and nothing happens, if the sender has
// handed it in before.
func (tx *Tx) InsertCase(ctx context.Context, c ticket.Case, sender, clientID string) (bool, error) {
	n, err := tx.Queries.InsertCase(ctx, sqlcgen.InsertCaseParams{
		ID: int64(c.ID), Number: c.Number, Kind: string(c.Kind), State: string(c.State), Subject: c.Subject, Text: c.Text, Name: c.Name,
		Phone: c.Phone, Email: c.Email, OrderRef: c.Order, AboutStaff: c.AboutStaff, ContactID: c.Contact, ConversationID: c.Conversation,
		Source: c.Source, Sender: sender, ClientID: clientID, CreatedAt: ms(c.CreatedAt),
	})
	return n > 0, err
}

// NextCase returns the next number of a kind of case on a day of the
// company's: 1 for the first.
func (tx *Tx) NextCase(ctx context.Context, k ticket.Kind, day time.Time) (int64, error) {
	return tx.NextCount(ctx, sqlcgen.NextCountParams{Name: "case." + string(k) + "." + day.Format(time.DateOnly), First: 1})
}

// AddCaseFile makes a file part of a case.
func (tx *Tx) AddCaseFile(ctx context.Context, c ticket.ID, f conversation.AttachmentID) error {
	return tx.InsertCaseFile(ctx, sqlcgen.InsertCaseFileParams{CaseID: int64(c), AttachmentID: f})
}

// CaseFiles returns the files of a case, in the order in which they came.
func (tx *Tx) CaseFiles(ctx context.Context, c ticket.ID) ([]File, error) {
	rows, err := tx.Queries.CaseFiles(ctx, int64(c))
	fs := make([]File, 0, len(rows))
	for _, r := range rows {
		fs = append(fs, fileOf(r))
	}
	return fs, err
}

// CaseList asks for a page of cases.
type CaseList struct {
	Kind       ticket.Kind // all kinds if empty
	State      string      // all states if empty
	AboutStaff bool        // also complaints about people who work here
	Cursor     string
	Limit      int
}

// ListCases returns a page of cases, newest first, without their files, and
// the cursor of the next page; an empty cursor is the end.
func (tx *Tx) ListCases(ctx context.Context, ask CaseList) ([]ticket.Case, string, error) {
	q := newList(`SELECT c.id, c.number, c.kind, c.state, c.subject, c.text, c.name, c.phone, c.email, c.order_ref, c.about_staff,
		c.contact_id, c.conversation_id, c.source, c.sender, c.client_id, c.created_at FROM cases c`)
	if ask.Kind != "" {
		q.and("c.kind = ?", string(ask.Kind))
	}
	if ask.State != "" {
		q.and("c.state = ?", ask.State)
	}
	if !ask.AboutStaff {
		q.and("c.about_staff = ?", false)
	}
	if ask.Cursor != "" {
		ns, err := ReadCursor(ask.Cursor, 2)
		if err != nil {
			return nil, "", err
		}
		q.and("(c.created_at, c.id) < (?, ?)", ns[0], ns[1])
	}
	rows, err := tx.db.QueryContext(ctx, q.text("ORDER BY c.created_at DESC, c.id DESC LIMIT ?", ask.Limit+1), q.args...)
	if err != nil {
		return nil, "", err
	}
	defer func() { logClose("cases", rows.Close()) }()
	cs := make([]ticket.Case, 0, ask.Limit+1)
	for rows.Next() {
		var r sqlcgen.Case
		if err := rows.Scan(&r.ID, &r.Number, &r.Kind, &r.State, &r.Subject, &r.Text, &r.Name, &r.Phone, &r.Email, &r.OrderRef, &r.AboutStaff,
			&r.ContactID, &r.ConversationID, &r.Source, &r.Sender, &r.ClientID, &r.CreatedAt); err != nil {
			return nil, "", err
		}
		cs = append(cs, caseOf(r))
	}
	if err := rows.Err(); err != nil || len(cs) <= ask.Limit {
		return cs, "", err
	}
	cs = cs[:ask.Limit]
	last := cs[len(cs)-1]
	return cs, WriteCursor(ms(last.CreatedAt), int64(last.ID)), nil
}

func caseOf(r sqlcgen.Case) ticket.Case {
	return ticket.Case{
		ID: ticket.ID(r.ID), Number: r.Number, Kind: ticket.Kind(r.Kind), State: ticket.State(r.State), Subject: r.Subject, Text: r.Text, Name: r.Name,
		Phone: r.Phone, Email: r.Email, Order: r.OrderRef, AboutStaff: r.AboutStaff, Contact: r.ContactID, Conversation: r.ConversationID,
		Source: r.Source, Attachments: []conversation.Attachment{}, CreatedAt: at(r.CreatedAt),
	}
}
