package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/fault"
	"yingda/internal/store/sqlcgen"
)

// MailboxRecord is a mailbox with its secrets as they lie here: sealed.
type MailboxRecord struct {
	mailbox.Mailbox
	Sealed string
	Fetch  mailbox.Health
	Send   mailbox.Health
}

// health is how a mailbox does, in one column.
type health struct {
	Fetch mailbox.Health `json:"fetch,omitzero"`
	Send  mailbox.Health `json:"send,omitzero"`
}

// Mailbox returns what is set for an inbox that is a mailbox.
func (tx *Tx) Mailbox(ctx context.Context, id inbox.ID) (MailboxRecord, error) {
	r, err := tx.MailboxRow(ctx, id)
	if err != nil {
		return MailboxRecord{}, notFound(err, "mailbox.unknown", "mailbox")
	}
	return mailboxOf(r)
}

// Mailboxes returns all mailboxes, the oldest first.
func (tx *Tx) Mailboxes(ctx context.Context) ([]MailboxRecord, error) {
	rows, err := tx.MailboxRows(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]MailboxRecord, 0, len(rows))
	for _, r := range rows {
		m, err := mailboxOf(r)
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// InsertMailbox adds a mailbox. It is a Conflict if another has its address.
func (tx *Tx) InsertMailbox(ctx context.Context, m mailbox.Mailbox, sealed string) error {
	settings, err := json.Marshal(m.Settings)
	if err != nil {
		return err
	}
	n, err := tx.Queries.InsertMailbox(ctx, sqlcgen.InsertMailboxParams{InboxID: m.Inbox, Address: m.Address, Settings: string(settings), Secrets: sealed})
	if err == nil && n == 0 {
		err = errMailboxTwice
	}
	return err
}

var errMailboxTwice = fault.New(fault.Conflict, "mailbox.twice", "another mailbox has this address already").In("address")

// SaveMailbox writes a mailbox back. It is a Conflict if somebody else wrote it
// since, or if another has its address.
func (tx *Tx) SaveMailbox(ctx context.Context, m mailbox.Mailbox, sealed string) error {
	settings, err := json.Marshal(m.Settings)
	if err != nil {
		return err
	}
	if other, err := tx.MailboxByAddress(ctx, m.Address); err == nil && other.InboxID != m.Inbox {
		return errMailboxTwice
	} else if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return changed(tx.Queries.SaveMailbox(ctx, sqlcgen.SaveMailboxParams{
		InboxID: m.Inbox, Address: m.Address, Settings: string(settings), Secrets: sealed, Version: m.Version,
	}))
}

// MailboxUsed reports whether anything has come to a mailbox or left from it.
func (tx *Tx) MailboxUsed(ctx context.Context, id inbox.ID) (bool, error) {
	used, err := tx.Queries.MailboxUsed(ctx, id)
	return used != nil && *used, err
}

// RemoveMailbox deletes a mailbox that was never used, with its inbox.
func (tx *Tx) RemoveMailbox(ctx context.Context, id inbox.ID) error {
	for _, remove := range []func(context.Context, inbox.ID) error{tx.DeleteMailCursors, tx.DeleteMailbox, tx.DeleteInbox} {
		if err := remove(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// SaveMailboxSecrets writes only the secrets, such as a token that was renewed.
func (tx *Tx) SaveMailboxSecrets(ctx context.Context, id inbox.ID, sealed string) error {
	return tx.Queries.SaveMailboxSecrets(ctx, sqlcgen.SaveMailboxSecretsParams{InboxID: id, Secrets: sealed})
}

// SaveMailboxHealth writes how fetching and sending do.
func (tx *Tx) SaveMailboxHealth(ctx context.Context, id inbox.ID, fetch, send mailbox.Health) error {
	b, err := json.Marshal(health{fetch, send})
	if err != nil {
		return err
	}
	return tx.Queries.SaveMailboxHealth(ctx, sqlcgen.SaveMailboxHealthParams{InboxID: id, Health: string(b)})
}

// HoldMailbox keeps a mailbox for a holder until a time; false if another has it.
func (tx *Tx) HoldMailbox(ctx context.Context, id inbox.ID, holder string, now, until time.Time) (bool, error) {
	n, err := tx.Queries.HoldMailbox(ctx, sqlcgen.HoldMailboxParams{InboxID: id, Holder: holder, Now: ms(now), Until: ms(until)})
	return n > 0, err
}

// ReleaseMailboxes lets go of what was held when the program stopped, if no other
// program can be holding it: a SQLite database belongs to one program.
func (tx *Tx) ReleaseMailboxes(ctx context.Context) error {
	if tx.dialect.name != sqlite {
		return nil
	}
	return tx.Queries.ReleaseMailboxes(ctx)
}

// MailCursor returns how far a folder has been fetched; the zero cursor before
// the first time.
func (tx *Tx) MailCursor(ctx context.Context, id inbox.ID, folder string) (mailbox.Cursor, error) {
	r, err := tx.Queries.MailCursor(ctx, sqlcgen.MailCursorParams{InboxID: id, Folder: folder})
	if errors.Is(err, sql.ErrNoRows) {
		return mailbox.Cursor{Folder: folder}, nil
	}
	return mailbox.Cursor{Folder: folder, Validity: uint32(r.Validity), LastUID: uint32(r.LastUid)}, err
}

// PutMailCursor records how far a folder has been fetched.
func (tx *Tx) PutMailCursor(ctx context.Context, id inbox.ID, c mailbox.Cursor) error {
	return tx.Queries.PutMailCursor(ctx, sqlcgen.PutMailCursorParams{InboxID: id, Folder: c.Folder, Validity: int64(c.Validity), LastUid: int64(c.LastUID)})
}

// mailboxOf reads settings over the defaults, so that a field that an older
// program did not write has one.
func mailboxOf(r sqlcgen.Mailbox) (MailboxRecord, error) {
	m := MailboxRecord{
		Mailbox: mailbox.Mailbox{Inbox: r.InboxID, Address: r.Address, Settings: mailbox.Defaults(), Version: r.Version},
		Sealed:  r.Secrets,
	}
	if err := json.Unmarshal([]byte(r.Settings), &m.Settings); err != nil {
		return m, fmt.Errorf("settings of mailbox %s: %w", m.Inbox, err)
	}
	if r.Health == "" {
		return m, nil
	}
	var h health
	if err := json.Unmarshal([]byte(r.Health), &h); err != nil {
		return m, fmt.Errorf("health of mailbox %s: %w", m.Inbox, err)
	}
	m.Fetch, m.Send = h.Fetch, h.Send
	return m, nil
}
