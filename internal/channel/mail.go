package channel

import (
	"context"
	"io"
	"time"

	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
)

// Mail is what the desk offers to the door through which e-mail arrives.
type Mail interface {
	// Mailboxes returns those that are enabled, with their secrets.
	Mailboxes(ctx context.Context) ([]mailbox.Mailbox, error)
	// HoldMailbox keeps a mailbox for one program until a time; false if another
	// has it. Whoever holds it may hold it on.
	HoldMailbox(ctx context.Context, in inbox.ID, holder string, until time.Time) (bool, error)
	// MailboxFor returns the inbox that an address belongs to, with or without a
	// token in it; false if it is nobody's.
	MailboxFor(ctx context.Context, address string) (inbox.ID, bool, error)

	// MailCursor returns how far a folder has been fetched; the zero cursor
	// before the first time.
	MailCursor(ctx context.Context, in inbox.ID, folder string) (mailbox.Cursor, error)
	// KeepMail stores a mail before anything is understood of it: the bytes are
	// on the disk and the fact is committed when it returns nil, together with the
	// cursor if there is one. A mail that is here already is not kept again.
	KeepMail(ctx context.Context, m RawMail) (again bool, err error)
	// KeepMails is KeepMail for some mails of one folder together, in the order in
	// which they came: they are committed at once, with how far the folder has been
	// fetched then. Their own cursors are not looked at. After an error none of
	// them is recorded, or all are.
	KeepMails(ctx context.Context, ms []RawMail, to mailbox.Cursor) error
	// MoveCursor records how far a folder has been fetched, where there was
	// nothing to keep.
	MoveCursor(ctx context.Context, in inbox.ID, c mailbox.Cursor) error

	// FetchHealth and SendHealth record how a mailbox is doing. When it stops
	// working, those who manage channels are told, once.
	FetchHealth(ctx context.Context, in inbox.ID, h mailbox.Health) error
	SendHealth(ctx context.Context, in inbox.ID, h mailbox.Health) error

	// KeepGrant replaces what a provider of OAuth 2 gave for a mailbox.
	KeepGrant(ctx context.Context, in inbox.ID, g mailbox.Grant) error
}

// RawMail is a mail as it arrived.
type RawMail struct {
	Inbox      inbox.ID
	Body       io.Reader             // read once
	Trace      string                // lines that we put before it; a mail that is handed in again has others and is the same
	From       string                // of the envelope; "" with IMAP, "<>" for a bounce
	To         []string              // of the envelope; empty with IMAP
	Remote     string                // the address of the internet it came from, with SMTP
	Verdicts   conversation.Verdicts // of our own checks, with SMTP
	ReceivedAt time.Time             // INTERNALDATE, or now
	Cursor     *mailbox.Cursor       // with IMAP
	TooLarge   bool                  // the body is the header only: the rest was more than is taken
}

// Carrier hands mails to servers. Package email has the one that speaks SMTP.
type Carrier interface {
	// Carry hands one mail over. The error is nil once the server has taken it for
	// at least one recipient; refused names the others. Faults have the codes
	// mail.unreachable, mail.tls, mail.auth, mail.busy (another try may mend it),
	// mail.refused (none will) and mail.uncertain: the connection was lost after
	// the last byte and before the answer.
	Carry(ctx context.Context, from mailbox.Mailbox, e Envelope) (refused []Refusal, err error)
}

// Envelope is a mail that leaves, with who gets it.
type Envelope struct {
	From string   // the return path
	To   []string // everybody, those of Bcc too
	Body []byte   // as mail.Compose wrote it
	// Asked is called when the server asks for the bytes, before the first of them
	// leaves; an error keeps them here. nil: nobody wants to know.
	Asked func(ctx context.Context) error
}

// Refusal is a recipient that a server does not take.
type Refusal struct {
	Address string
	Code    int    // of SMTP, such as 550
	Status  string // 5.1.1, if the server says one (RFC 3463)
	Text    string
}
