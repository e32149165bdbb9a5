package desk

import (
	"cmp"
	"context"
	"maps"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/automation"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/filter"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mood"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Receive records what a contact sent. It begins a conversation if none is
// open, and lets the assistant or the routing know. Sending the same ClientID
// again changes nothing and gives the same receipt.
func (d *Desk) Receive(ctx context.Context, in channel.Inbound) (r channel.Receipt, err error) {
	defer fault.Wrap(&err, "receive %s from %s", in.ClientID, in.Contact)
	if err := conversation.CheckClientID(in.ClientID); err != nil {
		return r, err
	}
	text, err := conversation.CheckText(in.Text, len(in.Attachments))
	if err != nil {
		return r, err
	}
	in.Text = text
	if in.At.IsZero() {
		in.At = d.Now()
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		r = channel.Receipt{}
		return d.receive(ctx, tx, in, &r)
	})
	return r, err
}

// receive is Receive in its transaction.
func (d *Desk) receive(ctx context.Context, tx *store.Tx, in channel.Inbound, r *channel.Receipt) error {
	if err := d.mayWrite(ctx, tx, in.Contact); err != nil {
		return err
	}
	c, open, err := tx.OpenConversationOf(ctx, in.Contact, in.Inbox)
	if err != nil {
		return err
	}
	if !open {
		if again, err := d.repeated(ctx, tx, in, r); again || err != nil {
			return err
		}
		who, err := tx.Contact(ctx, in.Contact)
		if err != nil {
			return err
		}
		if c, err = d.begin(ctx, tx, who, in.Inbox, in.Form, in.Page, in.At); err != nil {
			return err
		}
	}
	if open {
		if in.Text, err = d.codeInChat(ctx, tx, c, in); err != nil {
			return err
		}
	}
	return d.hear(ctx, tx, c, in, r)
}

// mayWrite is Forbidden for a contact who was blocked.
func (d *Desk) mayWrite(ctx context.Context, tx *store.Tx, i contact.ID) error {
	blocked, err := tx.ContactIsBlocked(ctx, i, d.Now())
	if err == nil && blocked {
		return errBlocked
	}
	return err
}

// writer returns the contact if they may write to us.
func (d *Desk) writer(ctx context.Context, tx *store.Tx, i contact.ID) (contact.Contact, error) {
	who, err := tx.Contact(ctx, i)
	if err != nil {
		return who, err
	}
	return who, d.mayWrite(ctx, tx, i)
}

var errBlocked = fault.New(fault.Forbidden, "contact.blocked", "messages from here are not accepted; please call us or write a letter")

// repeated fills in the receipt if the message is here already.
func (d *Desk) repeated(ctx context.Context, tx *store.Tx, in channel.Inbound, r *channel.Receipt) (bool, error) {
	m, have, err := tx.MessageByClientID(ctx, in.Contact.String(), in.ClientID)
	if err != nil || !have {
		return false, err
	}
	c, err := tx.Conversation(ctx, m.Conversation)
	*r = channel.Receipt{Conversation: c, Message: m, Again: true}
	return true, err
}

// hear appends the contact's message and sees to it that someone answers.
func (d *Desk) hear(ctx context.Context, tx *store.Tx, c conversation.Conversation, in channel.Inbound, r *channel.Receipt) error {
	m := conversation.Message{
		From: conversation.FromContact, AuthorID: in.Contact.String(), AuthorName: c.ContactName,
		Kind: conversation.Text, Text: in.Text, ClientID: in.ClientID, At: in.At,
	}
	sieve, err := d.matchers(ctx, tx)
	if err != nil {
		return err
	}
	hits := sieve.contacts.Find(m.Text)
	if filter.Does(hits, filter.Mask) {
		m.Masked = filter.Masked(m.Text, hits)
	}
	if len(in.Attachments) > 0 {
		if again, err := d.repeated(ctx, tx, in, r); again || err != nil {
			return err
		}
		var err error
		if m.Attachments, err = d.files(ctx, tx, m.AuthorID, in.Attachments); err != nil {
			return err
		}
	}
	before := c.Tension.Level()
	c, m, isNew, err := d.addOnly(ctx, tx, c, m)
	if err != nil {
		return err
	}
	if !isNew {
		_, err := d.repeated(ctx, tx, in, r)
		return err
	}
	if err := claimFiles(ctx, tx, m); err != nil {
		return err
	}
	if c.Tension.Level() == mood.Angry && before != mood.Angry {
		if c, err = d.angryFirst(ctx, tx, c); err != nil {
			return err
		}
	}
	*r = channel.Receipt{Conversation: c, Message: m}
	if err := d.foundOf(ctx, tx, c, hits); err != nil {
		return err
	}
	if c.WaitingSince.Equal(m.At) {
		if err := d.listen(ctx, tx, c); err != nil {
			return err
		}
	}
	if err := d.talkHappens(ctx, tx, automation.MessageReceived, conversation.FromContact, &c, c, m.ID); err != nil {
		return err
	}
	switch {
	case in.Choice == AskAssistant && c.State == conversation.Queued:
		r.Conversation, err = d.askAssistant(ctx, tx, c, goAhead)
		return err
	case in.Choice == AskCallback && c.State == conversation.Queued:
		if c, err = d.askAssistant(ctx, tx, c, noted); err != nil {
			return err
		}
		r.Conversation = c // the flow begins as the assistant's turn
	}
	if c.State == conversation.Bot {
		return tx.Enqueue(ctx, AssistJob, AssistWork{Conversation: c.ID, Message: m.ID, Choice: in.Choice}, in.At, in.At)
	}
	return nil
}

// begin starts a conversation: with the assistant if the inbox has one, else
// in the queue.
func (d *Desk) begin(ctx context.Context, tx *store.Tx, who contact.Contact, via inbox.ID, form contact.Contact, page contact.PageView, now time.Time) (conversation.Conversation, error) {
	var none conversation.Conversation
	in, err := tx.InboxByID(ctx, via)
	if err != nil {
		return none, err
	}
	if who, err = introduce(ctx, tx, who, form, now); err != nil {
		return none, err
	}
	c := conversation.Conversation{
		ID: conversation.NewID(now), Inbox: in.ID, Channel: in.Kind, Contact: who.ID, ContactName: who.Name, Team: in.Team,
		State: conversation.Bot, Language: who.Language, StartedAt: now, LastAt: now,
		PageURL: clip(page.URL, maxURL), PageTitle: clip(page.Title, maxTitle),
	}
	if !in.Settings.Assistant || d.Assistant == nil || !d.Assistant(who.Language) {
		r, err := tx.RoutingRules(ctx)
		if err != nil {
			return none, err
		}
		c.State, c.QueueReason = conversation.Queued, conversation.NoBot
		if c, err = d.describe(ctx, tx, c.Since(now, r), r); err != nil {
			return none, err
		}
		if err := d.wantRoute(ctx, tx, now); err != nil {
			return none, err
		}
	}
	if c, err = tx.InsertConversation(ctx, c); err != nil || c.State != conversation.Queued {
		return c, err
	}
	staffed, err := tx.Staffed(ctx)
	if err != nil {
		return c, err
	}
	if staffed {
		if err := d.promiseChat(ctx, tx, c); err != nil {
			return c, err
		}
		if err := d.announceWait(ctx, tx, c, map[string]string{}); err != nil {
			return c, err
		}
		if c, err = d.tellLine(ctx, tx, c); err != nil {
			return c, err
		}
	}
	return c, d.talkHappens(ctx, tx, automation.ConversationQueued, conversation.FromContact, nil, c, 0)
}

// introduce writes what a contact tells of themself, where it is new. Whoever
// only types does not change the number and the address of somebody who is
// known by them: they would be verified with what they typed.
func introduce(ctx context.Context, tx *store.Tx, who, form contact.Contact, now time.Time) (contact.Contact, error) {
	was := who
	if form.Name != "" {
		who.Name = form.Name
	}
	if form.Phone != "" && form.Phone != who.Phone || form.Email != "" && form.Email != who.Email {
		known, err := isKnown(ctx, tx, who)
		if err != nil {
			return who, err
		}
		if !known {
			who.Phone, who.Email = cmp.Or(form.Phone, who.Phone), cmp.Or(form.Email, who.Email)
		}
	}
	who.Attributes = maps.Clone(who.Attributes) // what was read stays as it was
	for k, v := range form.Attributes {
		if who.Attributes == nil {
			who.Attributes = map[string]string{}
		}
		who.Attributes[clip(k, 40)] = clip(v, 500)
	}
	if who.Name == was.Name && who.Phone == was.Phone && who.Email == was.Email && maps.Equal(who.Attributes, was.Attributes) {
		return who, nil
	}
	if err := who.Check(); err != nil {
		return who, err
	}
	who.LastSeenAt = now
	if err := tx.SaveContact(ctx, was, who); err != nil {
		return who, err
	}
	who.Version++
	return who, nil
}

// isKnown reports whether a contact is more than what they typed: a host site
// vouches for them, they have an account, or something is registered to verify
// them by.
func isKnown(ctx context.Context, tx *store.Tx, who contact.Contact) (bool, error) {
	if who.Signed {
		return true, nil
	}
	if _, have, err := tx.CustomerOfContact(ctx, who.ID); err != nil || have {
		return have, err
	}
	rs, err := tx.Particulars(ctx, who.ID)
	return len(rs) > 0, err
}

// The longest page address and title that we keep, in bytes.
const (
	maxURL   = 1000
	maxTitle = 300
)

// clip cuts a text to a length in bytes, between characters.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && s[most]&0xC0 == 0x80 {
		most--
	}
	return s[:most]
}
