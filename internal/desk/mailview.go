package desk

import (
	"context"
	"slices"
	"strconv"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/mailbox"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/mail"
	"yingda/internal/store"
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

// mailSeen returns the mail that a message came by, to who sees its
// conversation.
func (d *Desk) mailSeen(ctx context.Context, by agent.Actor, i conversation.MessageID) (m mailbox.Mail, msg conversation.Message, err error) {
	if err := by.Need(agent.ConversationRead); err != nil {
		return m, msg, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		if msg, err = tx.Message(ctx, i); err != nil {
			return err
		}
		if _, err := seen(ctx, tx, by, msg.Conversation); err != nil {
			return fault.New(fault.NotFound, "message.unknown", "there is no such %s", "message")
		}
		if m, err = tx.MailOfMessage(ctx, i); !gone(err) {
			return err
		}
		again, have, serr := tx.MessageByClientID(ctx, msg.AuthorID, splitID(i)) // it went into a conversation of its own
		if serr != nil || !have {
			return firstOf(serr, err)
		}
		m, err = tx.MailOfMessage(ctx, again.ID)
		return err
	})
	return m, msg, err
}

// MailOriginal returns the mail that a message came by, read anew from its
// bytes. Pictures elsewhere stay out unless remote is set.
func (d *Desk) MailOriginal(ctx context.Context, by agent.Actor, i conversation.MessageID, remote bool) (o Original, err error) {
	defer fault.Wrap(&err, "look at the original of %s", i)
	m, msg, err := d.mailSeen(ctx, by, i)
	if err != nil {
		return o, err
	}
	defer d.inTurn(m)()
	raw, err := d.mailBytes(ctx, m)
	if err != nil {
		return o, err
	}
	in := mail.Parse(raw, mail.Options{})
	o = Original{Headers: mail.Header(raw), Text: in.Text, Notes: in.Notes, Size: m.Size, SHA256: m.Source, Pictures: map[string]conversation.AttachmentID{}}
	if in.HTML != "" {
		safe := mail.SafeHTML(in.HTML, remote)
		o.HTML, o.Remote = safe.HTML, safe.Remote
	}
	for _, a := range in.Attachments {
		if a.ContentID == "" {
			continue
		}
		sum := a.SHA256()
		if n := slices.IndexFunc(msg.Attachments, func(k conversation.Attachment) bool { return k.SHA256 == sum }); n >= 0 {
			o.Pictures[a.ContentID] = msg.Attachments[n].ID
		}
	}
	return o, nil
}

// MailSource opens the bytes of the mail that a message came by. The caller
// closes it.
func (d *Desk) MailSource(ctx context.Context, by agent.Actor, i conversation.MessageID) (f channel.File, err error) {
	m, _, err := d.mailSeen(ctx, by, i)
	if err != nil {
		return f, err
	}
	file, err := d.Files.Open(ctx, m.Blob)
	if err != nil {
		return f, err
	}
	return channel.File{Name: m.ID.String() + ".eml", Type: "message/rfc822", Size: file.Size, At: m.ReceivedAt, Body: file}, nil
}

var errUnsplit = fault.New(fault.Conflict, "mail.split", "only a customer's mail can begin a conversation of its own, and the first of a conversation has one already")

// SplitMail takes a mail out of its conversation into a new one, with a case of
// its own: it is about something else. What answers to it comes into the new
// one. The old one says where it went.
func (d *Desk) SplitMail(ctx context.Context, by agent.Actor, i conversation.MessageID) (c conversation.Conversation, err error) {
	defer fault.Wrap(&err, "split %s", i)
	if err := by.Need(agent.ConversationReply); err != nil {
		return c, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		msg, err := tx.Message(ctx, i)
		if err != nil {
			return err
		}
		old, err := seen(ctx, tx, by, msg.Conversation)
		if err != nil {
			return err
		}
		if again, have, err := tx.MessageByClientID(ctx, msg.AuthorID, splitID(i)); err != nil {
			return err
		} else if have {
			c, err = tx.Conversation(ctx, again.Conversation)
			return err
		}
		m, err := tx.MailOfMessage(ctx, i)
		if err != nil || m.Kind != mailbox.ByPerson || !byMail(old) || msg.Seq == 1 {
			return firstOf(unlessGone(err), errUnsplit)
		}
		c, err = d.split(ctx, tx, by, old, m, msg)
		return err
	})
	return c, err
}

func splitID(i conversation.MessageID) string { return "split-" + i.String() }

func (d *Desk) split(ctx context.Context, tx *store.Tx, by agent.Actor, old conversation.Conversation, m mailbox.Mail, msg conversation.Message) (c conversation.Conversation, err error) {
	box, err := d.mailboxIn(ctx, tx, m.Inbox)
	if err != nil {
		return c, err
	}
	who, err := tx.Contact(ctx, old.Contact)
	if err != nil {
		return c, err
	}
	o := opened{Incoming: &mail.Incoming{Subject: m.Subject, Reply: msg.Text}}
	if c, err = d.beginMail(ctx, tx, m, o, who); err != nil {
		return c, err
	}
	was := msg.ID
	msg.ID, msg.ClientID, msg.Conversation, msg.Seq = 0, splitID(was), 0, 0
	if c, msg, _, err = d.add(ctx, tx, c, msg); err != nil {
		return c, err
	}
	m.Conversation, m.Message = c.ID, msg.ID
	if err := tx.SaveMail(ctx, m); err != nil {
		return c, err
	}
	if err := tx.MoveMailIDTo(ctx, m.MessageID, old.ID, c.ID); err != nil {
		return c, err
	}
	if err := tx.AddMailPerson(ctx, c.ID, m.Sender, mailbox.Writer); err != nil {
		return c, err
	}
	kind, _ := box.Sort(m.Subject)
	if kind == "" {
		kind = ticket.Consultation
	}
	if c, err = d.tell(ctx, tx, c, "mail.linked", map[string]string{"number": strconv.FormatInt(old.Number, 10), "conversation": old.ID.String(), "why": "split"}); err != nil {
		return c, err
	}
	k, err := d.handInMail(ctx, tx, c, m, kind, who, msg)
	if err != nil {
		return c, err
	}
	if !k.ID.IsZero() {
		if c, err = d.tell(ctx, tx, c, "case.created", map[string]string{"number": k.Number}); err != nil {
			return c, err
		}
	}
	if _, err := d.tell(ctx, tx, old, "mail.split", map[string]string{"number": strconv.FormatInt(c.Number, 10), "conversation": c.ID.String(), "message": was.String(), "by": by.Name}); err != nil {
		return c, err
	}
	return c, tx.Audit(ctx, audit.By(by, d.Now(), "mail.split", audit.Of("conversation", old.ID, old.ContactName), map[string]any{"message": was.String(), "into": c.ID.String()}))
}

// MailsAside returns mails that were put aside before one, the newest first,
// with the reasons in their covers: those of mailboxes whose team the actor sees.
func (d *Desk) MailsAside(ctx context.Context, by agent.Actor, before mailbox.MailID, most int) (list []mailbox.Mail, err error) {
	if err := by.Need(agent.ConversationReply); err != nil {
		return nil, err
	}
	list = []mailbox.Mail{}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		ms, err := tx.MailsAside(ctx, before, limited100(most))
		if err != nil {
			return err
		}
		for _, m := range ms {
			ok, err := seesInboxOf(ctx, tx, by, m)
			if err != nil {
				return err
			}
			if ok {
				list = append(list, m)
			}
		}
		return nil
	})
	return list, err
}

func seesInboxOf(ctx context.Context, tx *store.Tx, by agent.Actor, m mailbox.Mail) (bool, error) {
	in, err := tx.InboxByID(ctx, m.Inbox)
	if err != nil {
		return false, unlessGone(err)
	}
	return by.Sees(agent.Sight{Team: in.Team}), nil
}

// ReleaseMail takes in a mail that was put aside after all. Once it was, nothing
// changes.
func (d *Desk) ReleaseMail(ctx context.Context, by agent.Actor, i mailbox.MailID) (err error) {
	defer fault.Wrap(&err, "release mail %s", i)
	if err := by.Need(agent.ConversationReply); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		m, err := tx.Mail(ctx, i)
		if err != nil {
			return err
		}
		ok, err := seesInboxOf(ctx, tx, by, m)
		if err != nil {
			return err
		}
		if !ok {
			return errNoMail
		}
		if m.State != mailbox.Aside {
			return nil
		}
		if m.Kind == mailbox.Bounce || m.Sender == "" {
			return fault.New(fault.Conflict, "mail.no_sender", "nobody can be answered by this mail; there is nothing to take in")
		}
		m.State, m.Cover.Released = mailbox.Unread, true
		if err := tx.SaveMail(ctx, m); err != nil {
			return err
		}
		if err := tx.Enqueue(ctx, ReadMailJob, MailWork{Mail: m.ID}, d.Now(), d.Now()); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, d.Now(), "mail.release", audit.Of("mail", m.ID, m.Subject), map[string]any{"why": m.Cover.Why, "sender": m.Sender}))
	})
}
