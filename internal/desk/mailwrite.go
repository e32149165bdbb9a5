package desk

import (
	"context"
	"io"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/mail"
	"yingda/internal/store"
)

// WritingMailbox is a mailbox that can be written from, with the name of its
// inbox.
type WritingMailbox struct {
	Name    string
	Mailbox mailbox.Mailbox
}

// WritingMailboxes returns the mailboxes that send, without their secrets, the
// oldest first.
func (d *Desk) WritingMailboxes(ctx context.Context, by agent.Actor) (l []WritingMailbox, err error) {
	defer fault.Wrap(&err, "list the mailboxes to write from")
	if err := by.Need(agent.ConversationReply); err != nil {
		return nil, err
	}
	tx := d.DB.Now()
	all, err := tx.Mailboxes(ctx)
	if err != nil {
		return nil, err
	}
	names, err := enabledInboxes(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		name, enabled := names[m.Inbox]
		if !enabled || !d.sends(m.Mailbox) {
			continue
		}
		m.Secrets = mailbox.Secrets{}
		l = append(l, WritingMailbox{Name: name, Mailbox: m.Mailbox})
	}
	return l, nil
}

// MailAddresses returns the addresses that customers may write to, the oldest
// first: of mailboxes that are on and get mail.
func (d *Desk) MailAddresses(ctx context.Context) (l []channel.MailAddress, err error) {
	defer fault.Wrap(&err, "list the addresses of e-mail")
	tx := d.DB.Now()
	all, err := tx.Mailboxes(ctx)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	names, err := enabledInboxes(ctx, tx)
	for _, m := range all {
		if _, enabled := names[m.Inbox]; enabled && m.Settings.Fetch.Way != mailbox.ByNone {
			l = append(l, channel.MailAddress{Address: m.Address, Kind: m.Settings.Kind})
		}
	}
	return l, err
}

// enabledInboxes are the names of the inboxes that are on.
func enabledInboxes(ctx context.Context, tx *store.Tx) (map[inbox.ID]string, error) {
	ins, err := tx.Inboxes(ctx)
	names := map[inbox.ID]string{}
	for _, in := range ins {
		if in.Enabled {
			names[in.ID] = in.Name
		}
	}
	return names, err
}

var errNoAddress = fault.New(fault.Invalid, "mail.no_address", "no address of e-mail is known of this customer; write it down first").In("body.contact_id")

// ComposeTo begins a conversation by writing to a contact, whose address the
// agent need not see, besides those whom the draft names. With the zero contact
// it is [Desk.ComposeMail].
func (d *Desk) ComposeTo(ctx context.Context, by agent.Actor, in inbox.ID, who contact.ID, draft Draft) (c conversation.Conversation, m conversation.Message, err error) {
	if !who.IsZero() {
		if err := by.Need(agent.ContactRead); err != nil {
			return c, m, err
		}
		p, err := d.DB.Now().Contact(ctx, who)
		if err != nil {
			return c, m, err
		}
		if p.Email == "" {
			return c, m, errNoAddress
		}
		more := conversation.MailDraft{}
		if draft.Mail != nil {
			more = *draft.Mail
		}
		more.To = append([]conversation.Person{{Name: p.Name, Address: p.Email}}, more.To...)
		draft.Mail = &more
	}
	return d.ComposeMail(ctx, by, in, draft)
}

// Aside is what is shown of a mail that was put aside: enough to judge it by,
// and nothing that could do harm.
type Aside struct {
	From, To []mail.Address
	Text     string
	Files    []string
}

// The most that is read of a mail to judge it, in bytes, and shown, in characters.
const (
	mostJudged = 8 << 20
	mostTold   = 20_000
)

// MailAside returns a mail that was put aside, to look at.
func (d *Desk) MailAside(ctx context.Context, by agent.Actor, i mailbox.MailID) (m mailbox.Mail, a Aside, err error) {
	defer fault.Wrap(&err, "look at %s", i)
	if err := by.Need(agent.ConversationReply); err != nil {
		return m, a, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		if m, err = tx.Mail(ctx, i); err != nil {
			return err
		}
		ok, err := seesInboxOf(ctx, tx, by, m)
		if err == nil && !ok {
			err = errNoMail
		}
		return err
	})
	if err != nil {
		return mailbox.Mail{}, a, err
	}
	if m.State != mailbox.Aside {
		return m, a, errNotAside
	}
	f, err := d.Files.Open(ctx, m.Blob)
	if err != nil {
		return m, a, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, mostJudged))
	if err != nil {
		return m, a, err
	}
	read := mail.Parse(b, mail.Options{})
	a.From, a.To, a.Text = read.From, read.To, clip(read.Text, mostTold)
	for _, file := range read.Attachments {
		a.Files = append(a.Files, file.Name)
	}
	return m, a, nil
}

var errNoMail = fault.New(fault.NotFound, "mail.unknown", "there is no such %s", "mail")

var errNotAside = fault.New(fault.NotFound, "mail.not_aside", "this mail is not among those that were put aside; somebody may have released it")
