package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"yingda/internal/domain/access"
	"yingda/internal/domain/contact"
	"yingda/internal/kit/fault"
	"yingda/internal/store/sqlcgen"
)

// InsertCustomer adds the account of a contact.
func (tx *Tx) InsertCustomer(ctx context.Context, c access.Customer) error {
	return tx.InsertCustomerRow(ctx, sqlcgen.InsertCustomerRowParams{
		ID: c.ID, ContactID: c.Contact, Email: c.Email, ProvenAt: ms(c.ProvenAt), Password: c.Password, CreatedAt: ms(c.CreatedAt), SeenAt: ms(c.SeenAt),
	})
}

// Customer returns an account; false if there is none. In a transaction that
// may change it, nobody else changes it until the end.
func (tx *Tx) Customer(ctx context.Context, i access.CustomerID) (access.Customer, bool, error) {
	if err := tx.lock(ctx, "customers", int64(i)); err != nil {
		return access.Customer{}, false, err
	}
	return oneCustomer(tx.CustomerRow(ctx, i))
}

// CustomerByEmail returns the account that signs in with a folded address;
// false if there is none.
func (tx *Tx) CustomerByEmail(ctx context.Context, email string) (access.Customer, bool, error) {
	return oneCustomer(tx.CustomerRowByEmail(ctx, email))
}

// CustomerOfContact returns the account of a contact; false if there is none.
func (tx *Tx) CustomerOfContact(ctx context.Context, who contact.ID) (access.Customer, bool, error) {
	return oneCustomer(tx.CustomerRowOfContact(ctx, who))
}

func oneCustomer(r sqlcgen.Customer, err error) (access.Customer, bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return access.Customer{}, false, nil
	}
	return access.Customer{
		ID: r.ID, Contact: r.ContactID, Email: r.Email, ProvenAt: at(r.ProvenAt), Password: r.Password, CreatedAt: at(r.CreatedAt), SeenAt: at(r.SeenAt),
	}, err == nil, err
}

// SaveCustomer writes an account back.
func (tx *Tx) SaveCustomer(ctx context.Context, c access.Customer) error {
	return tx.SaveCustomerRow(ctx, sqlcgen.SaveCustomerRowParams{
		Email: c.Email, ProvenAt: ms(c.ProvenAt), Password: c.Password, SeenAt: ms(c.SeenAt), ID: c.ID,
	})
}

// SignedContact returns the one contact without an account for whom a host
// site vouches under a folded address; false if there is none, or more.
func (tx *Tx) SignedContact(ctx context.Context, email string) (contact.Contact, bool, error) {
	rows, err := tx.SignedContactsByEmail(ctx, sqlcgen.SignedContactsByEmailParams{Email: email, Signed: true})
	if err != nil || len(rows) != 1 {
		return contact.Contact{}, false, err
	}
	c, err := contactOf(rows[0])
	return c, err == nil, err
}

// InsertCustomerSession adds a session, to be found by the fingerprint of its
// token.
func (tx *Tx) InsertCustomerSession(ctx context.Context, fingerprint string, s access.CustomerSession) error {
	return tx.InsertCustomerSessionRow(ctx, sqlcgen.InsertCustomerSessionRowParams{
		ID: int64(s.ID), TokenHash: fingerprint, CustomerID: s.Customer, Address: s.Address, Device: s.Device,
		CreatedAt: ms(s.CreatedAt), LastSeenAt: ms(s.LastSeenAt), ExpiresAt: ms(s.ExpiresAt),
	})
}

// CustomerSession returns the session with the fingerprint of a token, also an
// expired one. It is false if there is none.
func (tx *Tx) CustomerSession(ctx context.Context, fingerprint string) (access.CustomerSession, bool, error) {
	r, err := tx.CustomerSessionRow(ctx, fingerprint)
	if errors.Is(err, sql.ErrNoRows) {
		return access.CustomerSession{}, false, nil
	}
	return customerSessionOf(sqlcgen.CustomerSessionRowsRow(r)), err == nil, err
}

// CustomerSessions returns the sessions of an account that have not expired,
// the one used last first, a hundred at the most.
func (tx *Tx) CustomerSessions(ctx context.Context, c access.CustomerID, now time.Time) ([]access.CustomerSession, error) {
	rows, err := tx.CustomerSessionRows(ctx, sqlcgen.CustomerSessionRowsParams{CustomerID: c, Now: ms(now)})
	sessions := make([]access.CustomerSession, 0, len(rows))
	for _, r := range rows {
		sessions = append(sessions, customerSessionOf(r))
	}
	return sessions, err
}

func customerSessionOf(r sqlcgen.CustomerSessionRowsRow) access.CustomerSession {
	return access.CustomerSession{Customer: r.CustomerID, Session: access.Session{
		ID: access.SessionID(r.ID), Address: r.Address, Device: r.Device,
		CreatedAt: at(r.CreatedAt), LastSeenAt: at(r.LastSeenAt), ExpiresAt: at(r.ExpiresAt),
	}}
}

// SeeCustomerSession writes that a session, and so its customer, was seen.
func (tx *Tx) SeeCustomerSession(ctx context.Context, s access.CustomerSession) error {
	if err := tx.SetCustomerSeen(ctx, sqlcgen.SetCustomerSeenParams{SeenAt: ms(s.LastSeenAt), ID: s.Customer}); err != nil {
		return err
	}
	return tx.SetCustomerSessionSeen(ctx, sqlcgen.SetCustomerSessionSeenParams{LastSeenAt: ms(s.LastSeenAt), ExpiresAt: ms(s.ExpiresAt), ID: int64(s.ID)})
}

// EndCustomerSession removes one session of an account.
func (tx *Tx) EndCustomerSession(ctx context.Context, c access.CustomerID, i access.SessionID) error {
	n, err := tx.DeleteCustomerSession(ctx, sqlcgen.DeleteCustomerSessionParams{ID: int64(i), CustomerID: c})
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "session.unknown", "this session has ended already")
	}
	return err
}

// EndCustomerSessions removes all sessions of an account but one, which may be
// zero, and returns how many.
func (tx *Tx) EndCustomerSessions(ctx context.Context, c access.CustomerID, keep access.SessionID) (int, error) {
	n, err := tx.DeleteCustomerSessionsOf(ctx, sqlcgen.DeleteCustomerSessionsOfParams{CustomerID: c, Keep: int64(keep)})
	return int(n), err
}

// InsertCode adds a code, to be found by the fingerprint of the ticket that
// the browser holds. Its secret is given sealed.
func (tx *Tx) InsertCode(ctx context.Context, fingerprint string, c access.Code, sealed string) error {
	return tx.InsertCodeRow(ctx, sqlcgen.InsertCodeRowParams{
		ID: c.ID, TicketHash: fingerprint, Purpose: string(c.Purpose), CustomerID: c.Customer, Email: c.Email, OldEmail: c.OldEmail,
		Language: c.Language, Sealed: sealed, CreatedAt: ms(c.CreatedAt), ExpiresAt: ms(c.ExpiresAt),
	})
}

// Code returns the code of a ticket, and its secret as it was given; or
// access.ErrCodeGone.
func (tx *Tx) Code(ctx context.Context, fingerprint string) (access.Code, string, error) {
	return oneCode(tx.CodeRow(ctx, fingerprint))
}

// HoldCode returns the same, and keeps others from entering anything until the
// transaction ends.
func (tx *Tx) HoldCode(ctx context.Context, fingerprint string) (access.Code, string, error) {
	return oneCode(tx.HoldCodeRow(ctx, fingerprint))
}

func oneCode(r sqlcgen.Code, err error) (access.Code, string, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return access.Code{}, "", access.ErrCodeGone
	}
	return access.Code{
		ID: r.ID, Purpose: access.Purpose(r.Purpose), Customer: r.CustomerID, Email: r.Email, OldEmail: r.OldEmail, Language: r.Language,
		Tries: int(r.Tries), CreatedAt: at(r.CreatedAt), ExpiresAt: at(r.ExpiresAt), UsedAt: at(r.UsedAt),
	}, r.Sealed, err
}

// SaveCode writes how often a code was tried and whether it was used.
func (tx *Tx) SaveCode(ctx context.Context, c access.Code) error {
	return tx.SaveCodeRow(ctx, sqlcgen.SaveCodeRowParams{Tries: int64(c.Tries), UsedAt: ms(c.UsedAt), ID: c.ID})
}

// VoidCodesOf ends all codes of an account.
func (tx *Tx) VoidCodesOf(ctx context.Context, c access.CustomerID, now time.Time) error {
	return tx.Queries.VoidCodesOf(ctx, sqlcgen.VoidCodesOfParams{UsedAt: ms(now), CustomerID: c})
}

// trimCustomers forgets sessions and codes of customers that let nobody in any
// more.
func (tx *Tx) trimCustomers(ctx context.Context, now time.Time) error {
	_, err := tx.DeleteExpiredCustomerSessions(ctx, ms(now))
	if err == nil {
		_, err = tx.DeleteExpiredCodes(ctx, ms(now.Add(-24*time.Hour)))
	}
	return err
}

// SentLetter is a letter in the simulated mailbox of the demo.
type SentLetter struct {
	Address, Subject, Text string
	At                     time.Time
}

// KeepLetter puts a letter into the simulated mailbox.
func (tx *Tx) KeepLetter(ctx context.Context, i int64, l SentLetter) error {
	return tx.InsertSentLetter(ctx, sqlcgen.InsertSentLetterParams{ID: i, Address: l.Address, Subject: l.Subject, Text: l.Text, At: ms(l.At)})
}

// KeptLetters returns the letters in the simulated mailbox, newest first.
func (tx *Tx) KeptLetters(ctx context.Context, most int) ([]SentLetter, error) {
	rows, err := tx.SentLetters(ctx, int64(most))
	ls := make([]SentLetter, 0, len(rows))
	for _, r := range rows {
		ls = append(ls, SentLetter{Address: r.Address, Subject: r.Subject, Text: r.Text, At: at(r.At)})
	}
	return ls, err
}
