package desk

import (
	"context"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/mail"
)

// Original is a mail as it arrived, for whoever wants to see more than its text.
type Original struct {
	Headers []mail.Field // in order, decoded
	Text    string       // all of it, plain
	HTML    string       // harmless; it belongs into a sandboxed frame all the same. Empty if it has none.
	Remote  int          // pictures elsewhere: left out unless they were asked for
	// Pictures are the attachments that the HTML means by cid:, by content id.
	Pictures map[string]conversation.AttachmentID
	Notes    []string // what was broken, guessed or left out
	Size     int64
	SHA256   string
}

// MailOriginal returns the mail that a message came by, read anew from its
// bytes. Pictures elsewhere stay out unless remote is set.
func (d *Desk) MailOriginal(_ context.Context, _ agent.Actor, _ conversation.MessageID, _ bool) (o Original, err error) {
	return o, errNoSending
}

// MailSource opens the bytes of the mail that a message came by. The caller
// closes it.
func (d *Desk) MailSource(_ context.Context, _ agent.Actor, _ conversation.MessageID) (f channel.File, err error) {
	return f, errNoSending
}

// SplitMail takes a mail out of its conversation into a new one, with a case of
// its own.
func (d *Desk) SplitMail(_ context.Context, _ agent.Actor, _ conversation.MessageID) (c conversation.Conversation, err error) {
	return c, errNoSending
}

// MailsAside returns mails that were put aside before one, the newest first,
// with the reasons in their covers.
func (d *Desk) MailsAside(_ context.Context, _ agent.Actor, _ mailbox.MailID, _ int) ([]mailbox.Mail, error) {
	return nil, errNoSending
}

// ReleaseMail takes in a mail that was put aside after all.
func (d *Desk) ReleaseMail(_ context.Context, _ agent.Actor, _ mailbox.MailID) error {
	return errNoSending
}
