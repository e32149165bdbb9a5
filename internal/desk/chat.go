package desk

import (
	"context"
	"maps"
	"sync"
	"time"
	"unicode/utf8"

	"yingda/internal/channel"
	"yingda/internal/domain/automation"
	"yingda/internal/domain/call"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/gap"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// InboxByKey finds an enabled inbox by its public key. That of a mailbox or of a
// hotline opens nothing.
func (d *Desk) InboxByKey(ctx context.Context, key string) (inbox.Inbox, error) {
	in, err := d.DB.Now().InboxByKey(ctx, key)
	if err == nil && (in.Kind == mailbox.Channel || in.Kind == call.Channel) {
		return inbox.Inbox{}, fault.New(fault.NotFound, "inbox.unknown", "there is no such %s", "inbox")
	}
	return d.offered(d.opened(in, err))
}

// InboxByID finds an enabled inbox. Each message asks for it, so what was read
// is held for a moment: a change takes up to inboxHeld to reach every visitor.
func (d *Desk) InboxByID(ctx context.Context, i inbox.ID) (inbox.Inbox, error) {
	if in, ok := d.inboxes.get(i, d.Now()); ok {
		return d.offered(in, nil)
	}
	in, err := d.DB.Now().InboxByID(ctx, i)
	if in, err = d.opened(in, err); err == nil {
		d.inboxes.put(in, d.Now())
	}
	return d.offered(in, err)
}

const inboxHeld = 2 * time.Second

// held are inboxes that were read a moment ago.
type held struct{ byID sync.Map }

type heldInbox struct {
	inbox inbox.Inbox
	until time.Time
}

func (h *held) get(i inbox.ID, now time.Time) (inbox.Inbox, bool) {
	v, ok := h.byID.Load(i)
	if !ok {
		return inbox.Inbox{}, false
	}
	in, ok := v.(heldInbox)
	return in.inbox, ok && now.Before(in.until)
}

func (h *held) put(in inbox.Inbox, now time.Time) {
	h.byID.Store(in.ID, heldInbox{in, now.Add(inboxHeld)})
}

// settled returns an inbox as it was read a moment ago, for its settings.
func (d *Desk) settled(ctx context.Context, tx *store.Tx, i inbox.ID) (inbox.Inbox, error) {
	if in, ok := d.inboxes.get(i, d.Now()); ok {
		return in, nil
	}
	in, err := d.opened(tx.InboxByID(ctx, i))
	if err == nil {
		d.inboxes.put(in, d.Now())
	}
	return in, err
}

// opened returns the inbox with its secret readable.
func (d *Desk) opened(in inbox.Inbox, err error) (inbox.Inbox, error) {
	if err != nil || len(in.Secret) == 0 || d.Seal == nil {
		return in, err
	}
	in.Secret, err = d.Seal.Open(string(in.Secret))
	return in, err
}

// offered returns an inbox as visitors may use it. An assistant that has
// nothing to answer from is not offered.
func (d *Desk) offered(in inbox.Inbox, err error) (inbox.Inbox, error) {
	if err == nil && !in.Enabled {
		return in, fault.New(fault.NotFound, "inbox.off", "this chat is switched off")
	}
	in.Settings.Assistant = in.Settings.Assistant && d.Assistant != nil && (d.Assistant("zh") || d.Assistant("en"))
	return in, err
}

// Staffed reports whether an agent who could answer is there now.
func (d *Desk) Staffed(ctx context.Context, _ inbox.Inbox) (bool, error) {
	return d.DB.Now().Staffed(ctx)
}

// HotQuestions are asked most often on a channel; at most n.
func (d *Desk) HotQuestions(ctx context.Context, channel, language string, n int) ([]conversation.Choice, error) {
	if d.Hot == nil || n == 0 {
		return []conversation.Choice{}, nil
	}
	return d.Hot(ctx, channel, language, n)
}

// mostSuggested is how many questions are suggested at once to who types.
const mostSuggested = 5

// Complete returns questions that the contact may be about to ask; none where
// the inbox does not suggest any, or people answer.
func (d *Desk) Complete(ctx context.Context, who contact.Visitor, in inbox.Inbox, text, language string) ([]conversation.Choice, error) {
	if d.Completes == nil || !in.Settings.Assistant || !in.Settings.Suggestions {
		return []conversation.Choice{}, nil
	}
	c, open, err := d.Current(ctx, who)
	if err != nil || open && c.State != conversation.Bot && c.State != conversation.Closed {
		return []conversation.Choice{}, err
	}
	return d.Completes(text, language, mostSuggested), nil
}

// Visit finds or makes the contact of a visit.
func (d *Desk) Visit(ctx context.Context, v channel.Visit) (who contact.Contact, err error) {
	defer fault.Wrap(&err, "visit %s", v.Inbox.Key)
	language := v.Language
	if language != "en" {
		language = "zh"
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if who, err = d.visitor(ctx, tx, v, language); err != nil {
			return err
		}
		if err := d.mayWrite(ctx, tx, who.ID); err != nil {
			return err
		}
		if v.Page.URL == "" {
			return nil
		}
		return tx.InsertPageView(ctx, who.ID, page(v.Page, d.Now()))
	})
	return who, err
}

// visitor returns whom the visit is by: the person for whom the host site
// vouches, the one whom the token names, or someone new.
func (d *Desk) visitor(ctx context.Context, tx *store.Tx, v channel.Visit, language string) (contact.Contact, error) {
	now := d.Now()
	var known contact.Contact
	if !v.Known.Contact.IsZero() {
		var err error
		if known, err = tx.Contact(ctx, v.Known.Contact); err != nil && fault.KindOf(err) != fault.NotFound {
			return known, err
		}
	}
	if v.Identity != nil {
		signed, have, err := tx.ContactByExternalID(ctx, v.Identity.ExternalID)
		if err != nil {
			return known, err
		}
		switch {
		case have:
			known = signed
		case known.Signed: // the browser belonged to someone else; a guest becomes the person who signed in
			known = contact.Contact{}
		}
	} else if known.Signed && v.Inbox.Settings.RequireSigned {
		known = contact.Contact{}
	}
	if known.ID.IsZero() {
		known = contact.Contact{ID: contact.NewID(now), Language: language, Device: clip(v.Device, 200), CreatedAt: now, LastSeenAt: now}
		known.Name = contact.GuestName(known.ID, language)
		return identify(known, v.Identity), tx.InsertContact(ctx, identify(known, v.Identity))
	}
	was := known
	known = identify(known, v.Identity)
	if known.Signed == was.Signed && known.Name == was.Name && known.Phone == was.Phone && known.Email == was.Email &&
		maps.Equal(known.Attributes, was.Attributes) && known.Language == language && now.Sub(was.LastSeenAt) < time.Minute {
		return known, nil
	}
	known.Language, known.Device, known.LastSeenAt = language, clip(v.Device, 200), now
	if known.Person != known.ID {
		if err := tx.SeeAgain(ctx, known.Person, now); err != nil {
			return known, err
		}
	}
	return known, tx.SaveContact(ctx, was, known)
}

// identify returns the contact with what the host site says of them. A number
// or an address that does not have the form of one is left out.
func identify(c contact.Contact, i *contact.Identity) contact.Contact {
	if i == nil {
		return c
	}
	c.ExternalID, c.Signed = clip(i.ExternalID, 200), true
	if i.Name != "" {
		c.Name = clip(i.Name, contact.MaxName)
	}
	if contact.IsPhone(i.Phone) {
		c.Phone = i.Phone
	}
	if contact.IsEmail(i.Email) {
		c.Email = i.Email
	}
	c.Attributes = maps.Clone(c.Attributes) // what was read stays as it was
	for k, v := range i.Attributes {
		if c.Attributes == nil {
			c.Attributes = map[string]string{}
		}
		if len(c.Attributes) < 50 {
			c.Attributes[clip(k, 40)] = clip(v, 500)
		}
	}
	return c
}

func page(p contact.PageView, now time.Time) contact.PageView {
	p.URL, p.Title, p.Referrer = clip(p.URL, maxURL), clip(p.Title, maxTitle), clip(p.Referrer, maxURL)
	if p.At.IsZero() {
		p.At = now
	}
	return p
}

// sameDay is how long a conversation that ended is still shown to the visitor.
const sameDay = 24 * time.Hour

// Current returns the contact's conversation that is open, or the last one
// that ended within a day; false if there is none.
func (d *Desk) Current(ctx context.Context, who contact.Visitor) (conversation.Conversation, bool, error) {
	c, have, err := d.DB.Now().LastConversationOf(ctx, who.Contact, who.Inbox)
	if err != nil || !have || c.State.Open() || d.Now().Sub(c.ClosedAt) < sameDay {
		return c, have, err
	}
	return conversation.Conversation{}, false, nil
}

// theirs returns a conversation if it is the visitor's own.
func theirs(ctx context.Context, tx *store.Tx, who contact.Visitor, i conversation.ID) (conversation.Conversation, error) {
	c, err := tx.Conversation(ctx, i)
	if err == nil && c.Contact != who.Contact {
		return conversation.Conversation{}, fault.New(fault.NotFound, "conversation.unknown", "there is no such %s", "conversation")
	}
	return c, err
}

// View returns the contact's sight of a conversation of theirs, with the place
// in the queue.
func (d *Desk) View(ctx context.Context, who contact.Visitor, i conversation.ID) (conversation.View, error) {
	tx := d.DB.Now()
	c, err := theirs(ctx, tx, who, i)
	if err != nil {
		return conversation.View{}, err
	}
	v := c.View()
	if c.State == conversation.Queued {
		f, ok, err := d.foretell(ctx, tx, c)
		if err != nil {
			return v, err
		}
		if v.QueuePosition = f.Position; ok {
			v.Wait = &f.Band
		}
	}
	return v, nil
}

// mostMessages is the longest page of a history.
const mostMessages = 200

// History returns messages that the contact may see, in order.
func (d *Desk) History(ctx context.Context, who contact.Visitor, i conversation.ID, after, before int64, limit int) (shown []conversation.Message, more bool, err error) {
	tx := d.DB.Now()
	if _, err := theirs(ctx, tx, who, i); err != nil {
		return nil, false, err
	}
	all, more, err := messages(ctx, tx, i, after, before, limit)
	shown = make([]conversation.Message, 0, len(all))
	for _, m := range all {
		if m.ForContact() {
			shown = append(shown, m)
		}
	}
	return shown, more, err
}

// messages returns a page of a conversation: after a sequence number, or the
// last ones before one. Neither means the end.
func messages(ctx context.Context, tx *store.Tx, i conversation.ID, after, before int64, limit int) (ms []conversation.Message, more bool, err error) {
	if limit <= 0 || limit > mostMessages {
		limit = mostMessages
	}
	if after > 0 || before == 0 && after < 0 {
		ms, err = tx.MessagesAfter(ctx, i, max(after, 0), limit+1)
		if len(ms) > limit {
			return ms[:limit], true, err
		}
		return ms, false, err
	}
	if before <= 0 {
		before = 1 << 62
	}
	ms, err = tx.MessagesBefore(ctx, i, before, limit+1)
	if len(ms) > limit {
		return ms[1:], true, err
	}
	return ms, false, err
}

// Read records how far the contact has read and received.
func (d *Desk) Read(ctx context.Context, who contact.Visitor, i conversation.ID, read, received int64) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := theirs(ctx, tx, who, i)
		if err != nil {
			return err
		}
		read, received := min(read, c.LastSeq), min(max(read, received), c.LastSeq)
		if read <= c.ContactRead && received <= c.ContactHas {
			return nil
		}
		c.ContactRead, c.ContactHas = max(read, c.ContactRead), max(received, c.ContactHas)
		if c, err = tx.SaveConversation(ctx, c); err != nil {
			return err
		}
		return d.announce(ctx, tx, c, "read", 0)
	})
}

// AskHuman queues the contact's conversation for a person, starting one if
// there is none. Asking twice is asking once.
func (d *Desk) AskHuman(ctx context.Context, who contact.Visitor, clientID string) (c conversation.Conversation, offline bool, err error) {
	defer fault.Wrap(&err, "ask for a person for %s", who.Contact)
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		person, err := d.writer(ctx, tx, who.Contact)
		if err != nil {
			return err
		}
		var open bool
		if c, open, err = tx.OpenConversationOf(ctx, who.Contact, who.Inbox); err != nil {
			return err
		}
		if !open {
			if c, err = d.begin(ctx, tx, person, who.Inbox, contact.Contact{}, contact.PageView{}, d.Now()); err != nil {
				return err
			}
		}
		if c.State == conversation.Bot {
			if c, err = d.tell(ctx, tx, c, "human.requested", nil); err != nil {
				return err
			}
			if c, err = d.learnt(ctx, tx, c); err != nil {
				return err
			}
			if c, err = d.toPeople(ctx, tx, c, conversation.Asked); err != nil {
				return err
			}
		}
		staffed, err := tx.Staffed(ctx)
		offline = !staffed && c.State == conversation.Queued
		return err
	})
	return c, offline, err
}

// toPeople hands a conversation from the assistant to people, and says so to
// the contact. Nobody there: they are told that too, and the conversation
// waits all the same.
func (d *Desk) toPeople(ctx context.Context, tx *store.Tx, c conversation.Conversation, why conversation.Reason) (conversation.Conversation, error) {
	c, err := d.enqueue(ctx, tx, c, conversation.HandOver, why)
	if err != nil {
		return c, err
	}
	staffed, err := tx.Staffed(ctx)
	if err != nil {
		return c, err
	}
	name, args := "queued", map[string]string{"reason": string(why)}
	if staffed {
		if err := d.promiseChat(ctx, tx, c); err != nil {
			return c, err
		}
		if err := d.announceWait(ctx, tx, c, args); err != nil {
			return c, err
		}
	} else {
		in, err := tx.InboxByID(ctx, c.Inbox)
		if err != nil {
			return c, err
		}
		name, args = "offline", map[string]string{"text": in.Settings.AfterHours.In(c.Language)}
		c.ToldAt = d.Now()
	}
	if c, err = d.tell(ctx, tx, c, name, args); err != nil {
		return c, err
	}
	further := d.offerCallback
	if staffed {
		further = d.tellLine
	}
	if c, err = further(ctx, tx, c); err != nil {
		return c, err
	}
	return c, d.announce(ctx, tx, c, "queued", 0)
}

// End ends the contact's open conversation, if there is one. An agent who
// answered it still owes the summary.
func (d *Desk) End(ctx context.Context, who contact.Visitor) (c conversation.Conversation, err error) {
	defer fault.Wrap(&err, "end the conversation of %s", who.Contact)
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		var open bool
		if c, open, err = tx.OpenConversationOf(ctx, who.Contact, who.Inbox); err != nil {
			return err
		}
		if !open {
			c, open, err = tx.LastConversationOf(ctx, who.Contact, who.Inbox)
			if err == nil && !open {
				err = fault.New(fault.NotFound, "conversation.none", "there is no conversation to end")
			}
			return err
		}
		if c.Offer != nil {
			if err := tx.EndOffer(ctx, c.ID, c.Offer.Agent, "withdrawn", d.Now()); err != nil {
				return err
			}
		}
		was := c
		if c, err = c.End(conversation.Leave, conversation.FromContact, d.Now()); err != nil {
			return err
		}
		if err := d.unanswered(ctx, tx, was); err != nil {
			return err
		}
		if err := tx.EndForecasts(ctx, c.ID, "left", d.Now()); err != nil {
			return err
		}
		if c, err = d.tell(ctx, tx, c, "closed", map[string]string{"by": "contact"}); err != nil {
			return err
		}
		if err := d.announce(ctx, tx, c, "closed", 0); err != nil {
			return err
		}
		if err := d.talkHappens(ctx, tx, automation.ConversationClosed, conversation.FromContact, &was, c, 0); err != nil {
			return err
		}
		if was.Offer != nil { // it rang at somebody who has room for another now
			return d.freed(ctx, tx, was.Offer.Agent)
		}
		if err := d.tellGuests(ctx, tx, was); err != nil {
			return err
		}
		return d.freed(ctx, tx, c.Agent)
	})
	return c, err
}

// Introduce records what the contact tells of themself.
func (d *Desk) Introduce(ctx context.Context, who contact.Visitor, form contact.Contact) (c contact.Contact, err error) {
	defer fault.Wrap(&err, "introduce %s", who.Contact)
	if utf8.RuneCountInString(form.Name) > contact.MaxName {
		return c, fault.New(fault.Invalid, "contact.name_long", "a name holds at most %d characters", contact.MaxName).In("name")
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if c, err = d.writer(ctx, tx, who.Contact); err != nil {
			return err
		}
		c, err = introduce(ctx, tx, c, form, d.Now())
		return err
	})
	return c, err
}

// Saw records a page that the contact looked at.
func (d *Desk) Saw(ctx context.Context, who contact.Visitor, p contact.PageView) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error { return tx.InsertPageView(ctx, who.Contact, page(p, d.Now())) })
}

// Helpful records whether an answer of the assistant helped, and why not if they
// say it. A contact counts once for a text: their last word.
func (d *Desk) Helpful(ctx context.Context, who contact.Visitor, i conversation.MessageID, helpful bool, why gap.Reason) error {
	if err := why.Check(); err != nil {
		return err
	}
	if helpful {
		why = ""
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		m, err := tx.Message(ctx, i)
		if err != nil {
			return err
		}
		if _, err := theirs(ctx, tx, who, m.Conversation); err != nil {
			return err
		}
		about, ok := conversation.TurnOf(m)
		on := m.Rests()
		if !ok || len(on) == 0 {
			return nil
		}
		v := store.Vote{Message: m.ID, About: about, Conversation: m.Conversation, Contact: who.Contact, Helpful: helpful, Reason: why, At: d.Now()}
		if on[0].Kind == "article" {
			v.Article, err = knowledge.ParseArticleID(on[0].ID)
		} else {
			v.Question, err = knowledge.ParseQuestionID(on[0].ID)
		}
		if err != nil {
			return err
		}
		return tx.Vote(ctx, v)
	})
}
