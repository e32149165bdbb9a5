package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/domain/ticket"
	"yingda/internal/store/sqlcgen"
)

// InsertMail adds a mail that arrived. It is false, and nothing happens, if the
// inbox has it already.
func (tx *Tx) InsertMail(ctx context.Context, m mailbox.Mail) (bool, error) {
	cover, err := json.Marshal(m.Cover)
	if err != nil {
		return false, err
	}
	n, err := tx.InsertMailRow(ctx, sqlcgen.InsertMailRowParams{
		ID: m.ID, InboxID: m.Inbox, Source: m.Source, MessageID: m.MessageID, Blob: m.Blob, Size: m.Size, State: string(m.State),
		Sender: m.Sender, Subject: m.Subject, Extra: string(cover), ReceivedAt: ms(m.ReceivedAt), At: ms(m.At),
	})
	return n > 0, err
}

// Mail returns a mail that arrived. In a transaction that may change it, nobody
// else does until the end.
func (tx *Tx) Mail(ctx context.Context, i mailbox.MailID) (mailbox.Mail, error) {
	if err := tx.lock(ctx, "mails", int64(i)); err != nil {
		return mailbox.Mail{}, err
	}
	r, err := tx.MailRow(ctx, i)
	if err != nil {
		return mailbox.Mail{}, notFound(err, "mail.unknown", "mail")
	}
	return mailOf(r)
}

// MailOfMessage returns the mail that a message came by.
func (tx *Tx) MailOfMessage(ctx context.Context, i conversation.MessageID) (mailbox.Mail, error) {
	r, err := tx.MailRowOfMessage(ctx, i)
	if err != nil {
		return mailbox.Mail{}, notFound(err, "mail.unknown", "mail")
	}
	return mailOf(r)
}

// LastMailOf returns the last mail of a kind in a conversation; false if it has
// none.
func (tx *Tx) LastMailOf(ctx context.Context, c conversation.ID, k mailbox.Kind) (mailbox.Mail, bool, error) {
	r, err := tx.LastMailRowOf(ctx, sqlcgen.LastMailRowOfParams{ConversationID: c, Kind: string(k)})
	if errors.Is(err, sql.ErrNoRows) {
		return mailbox.Mail{}, false, nil
	}
	if err != nil {
		return mailbox.Mail{}, false, err
	}
	m, err := mailOf(r)
	return m, err == nil, err
}

// SaveMail writes what became of a mail.
func (tx *Tx) SaveMail(ctx context.Context, m mailbox.Mail) error {
	cover, err := json.Marshal(m.Cover)
	if err != nil {
		return err
	}
	return tx.SaveMailRow(ctx, sqlcgen.SaveMailRowParams{
		ID: m.ID, MessageID: m.MessageID, State: string(m.State), Kind: string(m.Kind), Sender: m.Sender, Subject: m.Subject,
		ConversationID: m.Conversation, Message: m.Message, Extra: string(cover),
	})
}

// MailsAside returns mails that were put aside before one, the newest first.
func (tx *Tx) MailsAside(ctx context.Context, before mailbox.MailID, most int) ([]mailbox.Mail, error) {
	if before.IsZero() {
		before = 1<<63 - 1
	}
	rows, err := tx.MailRowsAside(ctx, sqlcgen.MailRowsAsideParams{State: string(mailbox.Aside), Before: before, Most: int64(most)})
	if err != nil {
		return nil, err
	}
	list := make([]mailbox.Mail, 0, len(rows))
	for _, r := range rows {
		m, err := mailOf(r)
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// MailsFrom counts the mails of an address since a time.
func (tx *Tx) MailsFrom(ctx context.Context, address string, since time.Time) (int, error) {
	n, err := tx.CountMailsFrom(ctx, sqlcgen.CountMailsFromParams{Sender: address, Since: ms(since)})
	return int(n), err
}

// MailAwaited reports whether a mail of an id arrived before another one, and
// nobody has looked at it yet.
func (tx *Tx) MailAwaited(ctx context.Context, in inbox.ID, messageID string, before mailbox.MailID) (bool, error) {
	n, err := tx.CountMailsBefore(ctx, sqlcgen.CountMailsBeforeParams{InboxID: in, MessageID: messageID, State: string(mailbox.Unread), Before: before})
	return n > 0, err
}

// AddMailID records that a mail of an id belongs to a conversation.
func (tx *Tx) AddMailID(ctx context.Context, messageID string, c conversation.ID, now time.Time) error {
	if messageID == "" {
		return nil
	}
	return tx.InsertMailID(ctx, sqlcgen.InsertMailIDParams{MessageID: messageID, ConversationID: c, At: ms(now)})
}

// AddMailPerson records that somebody takes part in a conversation by mail. Who
// does already keeps their part.
func (tx *Tx) AddMailPerson(ctx context.Context, c conversation.ID, address, role string) error {
	if address == "" {
		return nil
	}
	return tx.InsertMailPerson(ctx, sqlcgen.InsertMailPersonParams{ConversationID: c, Address: address, Role: role})
}

// MailPerson returns which part somebody takes in a conversation by mail; empty
// if none.
func (tx *Tx) MailPerson(ctx context.Context, c conversation.ID, address string) (string, error) {
	role, err := tx.MailPersonRole(ctx, sqlcgen.MailPersonRoleParams{ConversationID: c, Address: address})
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return role, err
}

// MailContact returns whose address it is; false if nobody's.
func (tx *Tx) MailContact(ctx context.Context, address string) (contact.ID, bool, error) {
	i, err := tx.MailContactOf(ctx, address)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return i, err == nil, err
}

// AddMailContact records whose address it is. It is false if it is somebody's.
func (tx *Tx) AddMailContact(ctx context.Context, address string, who contact.ID) (bool, error) {
	n, err := tx.InsertMailContact(ctx, sqlcgen.InsertMailContactParams{Address: address, ContactID: who})
	return n > 0, err
}

// LastMailedIn returns the conversation in which we wrote to an address last,
// since a time; false if we did not.
func (tx *Tx) LastMailedIn(ctx context.Context, in inbox.ID, address string, since time.Time) (conversation.ID, bool, error) {
	i, err := tx.LastConversationByMail(ctx, sqlcgen.LastConversationByMailParams{Recipient: address, InboxID: in, Since: ms(since)})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return i, err == nil, err
}

// Unreach records that mail does not reach an address, and why.
func (tx *Tx) Unreach(ctx context.Context, address, why string, now time.Time) error {
	return tx.InsertUnreached(ctx, sqlcgen.InsertUnreachedParams{Address: address, Why: why, At: ms(now)})
}

// Unreached returns why mail does not reach an address; empty if it does.
func (tx *Tx) Unreached(ctx context.Context, address string) (string, error) {
	why, err := tx.UnreachedWhy(ctx, address)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return why, err
}

// InsertSent adds a mail that is to leave.
func (tx *Tx) InsertSent(ctx context.Context, s mailbox.Sent) error {
	letter, err := json.Marshal(s.Letter)
	if err != nil {
		return err
	}
	return tx.InsertSentMailRow(ctx, sqlcgen.InsertSentMailRowParams{
		ID: s.ID, InboxID: s.Inbox, ConversationID: s.Conversation, Message: s.Message, MessageID: s.MessageID, Token: s.Token,
		Recipient: s.Recipient, Automatic: s.Automatic, State: string(s.State), Extra: string(letter), SendAt: ms(s.SendAt), At: ms(s.At),
	})
}

// Sent returns a mail that leaves. In a transaction that may change it, nobody
// else does until the end.
func (tx *Tx) Sent(ctx context.Context, i mailbox.SentID) (mailbox.Sent, error) {
	if err := tx.lock(ctx, "sent_mails", int64(i)); err != nil {
		return mailbox.Sent{}, err
	}
	r, err := tx.SentMailRow(ctx, i)
	if err != nil {
		return mailbox.Sent{}, notFound(err, "mail.unknown", "mail")
	}
	return sentOf(r)
}

// SentByToken returns the mail with a token in its return path; false if there
// is none.
func (tx *Tx) SentByToken(ctx context.Context, token string) (mailbox.Sent, bool, error) {
	return oneSent(tx.SentMailRowByToken(ctx, token))
}

// SentByMessageID returns the mail that we sent under an id; false if there is
// none.
func (tx *Tx) SentByMessageID(ctx context.Context, messageID string) (mailbox.Sent, bool, error) {
	return oneSent(tx.SentMailRowByMessageID(ctx, messageID))
}

// SentOfMessage returns the mail by which a message left; false if it did not.
func (tx *Tx) SentOfMessage(ctx context.Context, m conversation.MessageID) (mailbox.Sent, bool, error) {
	return oneSent(tx.SentMailRowOfMessage(ctx, m))
}

func oneSent(r sqlcgen.SentMail, err error) (mailbox.Sent, bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return mailbox.Sent{}, false, nil
	}
	if err != nil {
		return mailbox.Sent{}, false, err
	}
	s, err := sentOf(r)
	return s, err == nil, err
}

// SaveSent writes how a mail that leaves stands.
func (tx *Tx) SaveSent(ctx context.Context, s mailbox.Sent) error {
	letter, err := json.Marshal(s.Letter)
	if err != nil {
		return err
	}
	return tx.SaveSentMailRow(ctx, sqlcgen.SaveSentMailRowParams{ID: s.ID, State: string(s.State), Attempt: int64(s.Attempt), Extra: string(letter), SendAt: ms(s.SendAt)})
}

// AutomaticTo counts what programs wrote to an address since a time.
func (tx *Tx) AutomaticTo(ctx context.Context, address string, since time.Time) (int, error) {
	n, err := tx.CountAutomaticTo(ctx, sqlcgen.CountAutomaticToParams{Recipient: address, Since: ms(since)})
	return int(n), err
}

// AutomaticIn counts what programs wrote to an address in a conversation since
// a time.
func (tx *Tx) AutomaticIn(ctx context.Context, c conversation.ID, address string, since time.Time) (int, error) {
	n, err := tx.CountAutomaticIn(ctx, sqlcgen.CountAutomaticInParams{ConversationID: c, Recipient: address, Since: ms(since)})
	return int(n), err
}

// SaveMessageMail writes what a message has more than its text.
func (tx *Tx) SaveMessageMail(ctx context.Context, m conversation.Message) error {
	x, err := extraOf(m)
	if err != nil {
		return err
	}
	return tx.SaveMessageExtra(ctx, sqlcgen.SaveMessageExtraParams{ID: m.ID, Extra: x})
}

// CasesOfConversation returns the cases that a conversation opened, the oldest
// first.
func (tx *Tx) CasesOfConversation(ctx context.Context, c conversation.ID) ([]ticket.ID, error) {
	ids, err := tx.CaseIDsOfConversation(ctx, c)
	list := make([]ticket.ID, 0, len(ids))
	for _, i := range ids {
		list = append(list, ticket.ID(i))
	}
	return list, err
}

func mailOf(r sqlcgen.Mail) (mailbox.Mail, error) {
	m := mailbox.Mail{
		ID: r.ID, Inbox: r.InboxID, Source: r.Source, MessageID: r.MessageID, Blob: r.Blob, Size: r.Size, State: mailbox.Fate(r.State),
		Kind: mailbox.Kind(r.Kind), Sender: r.Sender, Subject: r.Subject, Conversation: r.ConversationID, Message: r.Message,
		ReceivedAt: at(r.ReceivedAt), At: at(r.At),
	}
	if err := json.Unmarshal([]byte(r.Extra), &m.Cover); err != nil {
		return m, fmt.Errorf("cover of mail %s: %w", m.ID, err)
	}
	return m, nil
}

func sentOf(r sqlcgen.SentMail) (mailbox.Sent, error) {
	s := mailbox.Sent{
		ID: r.ID, Inbox: r.InboxID, Conversation: r.ConversationID, Message: r.Message, MessageID: r.MessageID, Token: r.Token,
		Recipient: r.Recipient, Automatic: r.Automatic, State: conversation.Delivery(r.State), Attempt: int(r.Attempt),
		SendAt: at(r.SendAt), At: at(r.At),
	}
	if err := json.Unmarshal([]byte(r.Extra), &s.Letter); err != nil {
		return s, fmt.Errorf("letter of mail %s: %w", s.ID, err)
	}
	return s, nil
}

// MakeMailWriter records that somebody takes part in a conversation as the one
// whom it is with.
func (tx *Tx) MakeMailWriter(ctx context.Context, c conversation.ID, address string) error {
	return tx.PutMailPerson(ctx, sqlcgen.PutMailPersonParams{ConversationID: c, Address: address, Role: mailbox.Writer})
}

// MoveMailIDTo lets a mail belong to another conversation.
func (tx *Tx) MoveMailIDTo(ctx context.Context, messageID string, was, now conversation.ID) error {
	return tx.MoveMailID(ctx, sqlcgen.MoveMailIDParams{MessageID: messageID, Was: was, ConversationID: now})
}
