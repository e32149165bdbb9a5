// Package channeltest is the suite that every channel passes, and a desk in
// memory for channels to be tried against.
package channeltest

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/gap"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
)

// Desk is a channel.Chat in memory. It keeps the promises that channels rely
// on: what is sent twice is kept once, and everyone gets only what is theirs.
type Desk struct {
	Inbox inbox.Inbox
	Here  bool // an agent is there
	Now   func() time.Time

	mu       sync.Mutex
	contacts map[contact.ID]contact.Contact
	talks    []*talk
	files    map[conversation.AttachmentID]*file
	Pages    []contact.PageView
	Cases    []ticket.Case
	Votes    map[conversation.MessageID]bool
	byClient map[string]string // sender, kind and client id -> what became of it
}

type talk struct {
	conversation.Conversation
	messages []conversation.Message
}

type file struct {
	conversation.Attachment
	owner contact.ID
	body  []byte
}

var _ channel.Chat = (*Desk)(nil)

// NewDesk returns a desk with one inbox of the kind, whose key is "key".
func NewDesk(kind string) *Desk {
	now := clock.Now()
	return &Desk{
		Inbox: inbox.Inbox{ID: inbox.NewID(now), Key: "key", Kind: kind, Name: kind, Enabled: true, Settings: inbox.Defaults(), Secret: []byte("the host site's secret")},
		Here:  true, Now: clock.Now,
		contacts: map[contact.ID]contact.Contact{}, files: map[conversation.AttachmentID]*file{},
		Votes: map[conversation.MessageID]bool{}, byClient: map[string]string{},
	}
}

// Messages returns what everyone said, in order, events left out.
func (d *Desk) Messages() []conversation.Message {
	d.mu.Lock()
	defer d.mu.Unlock()
	var ms []conversation.Message
	for _, t := range d.talks {
		for _, m := range t.messages {
			if m.Kind != conversation.Event {
				ms = append(ms, m)
			}
		}
	}
	return ms
}

// Contacts returns everyone who came.
func (d *Desk) Contacts() []contact.Contact {
	d.mu.Lock()
	defer d.mu.Unlock()
	var cs []contact.Contact
	for _, c := range d.contacts {
		cs = append(cs, c)
	}
	return cs
}

// Block closes the desk to a contact.
func (d *Desk) Block(who contact.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.contacts[who]
	c.Blocked = true
	d.contacts[who] = c
}

// Forget removes a contact.
func (d *Desk) Forget(who contact.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.contacts, who)
}

// Say adds what an agent says, or notes, to the newest conversation of a
// contact.
func (d *Desk) Say(t testing.TB, who contact.ID, kind conversation.Kind, text string) channel.Receipt {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.last(who)
	if c == nil {
		t.Fatalf("%s has no conversation", who)
	}
	m := c.add(d.Now(), conversation.Message{From: conversation.FromAgent, AuthorName: "小林", Kind: kind, Text: text})
	return channel.Receipt{Conversation: c.Conversation, Message: m}
}

// Change changes the newest conversation of a contact.
func (d *Desk) Change(t testing.TB, who contact.ID, f func(*conversation.Conversation)) conversation.Conversation {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.last(who)
	if c == nil {
		t.Fatalf("%s has no conversation", who)
	}
	f(&c.Conversation)
	return c.Conversation
}

func (t *talk) add(now time.Time, m conversation.Message) conversation.Message {
	m.ID, m.Conversation, m.Seq, m.At = conversation.NewMessageID(now), t.ID, t.LastSeq+1, now
	t.messages = append(t.messages, m)
	t.Conversation = t.Said(m)
	return m
}

func (d *Desk) last(who contact.ID) *talk {
	for _, t := range slices.Backward(d.talks) {
		if t.Contact == who {
			return t
		}
	}
	return nil
}

func (d *Desk) open(who contact.ID, in inbox.ID) *talk {
	if t := d.last(who); t != nil && t.State.Open() {
		return t
	}
	now := d.Now()
	t := &talk{Conversation: conversation.Conversation{
		ID: conversation.NewID(now), Number: int64(1001 + len(d.talks)), Inbox: in, Channel: d.Inbox.Kind, Contact: who,
		ContactName: d.contacts[who].Name, State: conversation.Bot, Language: "zh", StartedAt: now,
	}}
	d.talks = append(d.talks, t)
	return t
}

func (d *Desk) writer(who contact.ID) error {
	c, ok := d.contacts[who]
	switch {
	case !ok:
		return fault.New(fault.NotFound, "contact.unknown", "there is no such %s", "contact")
	case c.Blocked:
		return fault.New(fault.Forbidden, "contact.blocked", "messages from here are not accepted; please call us or write a letter")
	}
	return nil
}

// Receive keeps a message, once.
func (d *Desk) Receive(_ context.Context, in channel.Inbound) (channel.Receipt, error) {
	text, err := conversation.CheckText(in.Text, len(in.Attachments))
	if err == nil {
		err = conversation.CheckClientID(in.ClientID)
	}
	if err != nil {
		return channel.Receipt{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.writer(in.Contact); err != nil {
		return channel.Receipt{}, err
	}
	for _, t := range d.talks {
		for _, m := range t.messages {
			if t.Contact == in.Contact && m.ClientID == in.ClientID {
				return channel.Receipt{Conversation: t.Conversation, Message: m, Again: true}, nil
			}
		}
	}
	m := conversation.Message{From: conversation.FromContact, AuthorID: in.Contact.String(), Kind: conversation.Text, Text: text, ClientID: in.ClientID}
	for _, id := range in.Attachments {
		f := d.files[id]
		if f == nil || f.owner != in.Contact {
			return channel.Receipt{}, fault.New(fault.Invalid, "message.file", "a file of this message is not there any more; attach it again").In("body.attachments")
		}
		m.Attachments = append(m.Attachments, f.Attachment)
	}
	if in.Form.Name != "" {
		c := d.contacts[in.Contact]
		c.Name = in.Form.Name
		d.contacts[in.Contact] = c
	}
	t := d.open(in.Contact, in.Inbox)
	m = t.add(d.Now(), m)
	return channel.Receipt{Conversation: t.Conversation, Message: m}, nil
}

// InboxByKey finds the inbox.
func (d *Desk) InboxByKey(_ context.Context, key string) (inbox.Inbox, error) {
	if key != d.Inbox.Key || !d.Inbox.Enabled {
		return inbox.Inbox{}, fault.New(fault.NotFound, "inbox.off", "this chat is switched off")
	}
	return d.Inbox, nil
}

// InboxByID finds the inbox.
func (d *Desk) InboxByID(ctx context.Context, id inbox.ID) (inbox.Inbox, error) {
	if id != d.Inbox.ID {
		return inbox.Inbox{}, fault.New(fault.NotFound, "inbox.off", "this chat is switched off")
	}
	return d.InboxByKey(ctx, d.Inbox.Key)
}

// Company returns a company.
func (d *Desk) Company(context.Context) (channel.Company, error) {
	return channel.Company{Name: inbox.Text{Zh: "远行汽车", En: "Yuanxing Motors"}, Phone: "400-000-0000"}, nil
}

// Staffed reports whether an agent is there.
func (d *Desk) Staffed(context.Context, inbox.Inbox) (bool, error) { return d.Here, nil }

// HotQuestions are two.
func (d *Desk) HotQuestions(_ context.Context, _, _ string, n int) ([]conversation.Choice, error) {
	qs := []conversation.Choice{{ID: "qu_1", Text: "如何退款？"}, {ID: "qu_2", Text: "多久发货？"}}
	return qs[:min(n, len(qs))], nil
}

// Complete suggests the hot questions that begin so.
func (d *Desk) Complete(_ context.Context, _ contact.Visitor, in inbox.Inbox, text, _ string) ([]conversation.Choice, error) {
	found := []conversation.Choice{}
	for _, q := range []conversation.Choice{{ID: "qu_1", Text: "如何退款？"}, {ID: "qu_2", Text: "多久发货？"}} {
		if in.Settings.Suggestions && strings.HasPrefix(q.Text, text) {
			found = append(found, q)
		}
	}
	return found, nil
}

// FromBlockedNetwork lets everybody in.
func (d *Desk) FromBlockedNetwork(context.Context, string) error { return nil }

// Visit finds or makes a contact.
func (d *Desk) Visit(_ context.Context, v channel.Visit) (contact.Contact, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, ok := d.contacts[v.Known.Contact]
	if v.Identity != nil {
		for _, other := range d.contacts {
			if other.ExternalID == v.Identity.ExternalID {
				return other, nil
			}
		}
	}
	if ok && c.Blocked {
		return c, fault.New(fault.Forbidden, "contact.blocked", "messages from here are not accepted; please call us or write a letter")
	}
	if !ok {
		c.ID = contact.NewID(d.Now())
		c.Name, c.Language, c.Device = contact.GuestName(c.ID, v.Language), v.Language, v.Device
	}
	if i := v.Identity; i != nil {
		c.Signed, c.ExternalID, c.Name, c.Phone, c.Email, c.Attributes = true, i.ExternalID, i.Name, i.Phone, i.Email, i.Attributes
	}
	d.contacts[c.ID] = c
	return c, nil
}

// Current returns the contact's newest conversation.
func (d *Desk) Current(_ context.Context, who contact.Visitor) (conversation.Conversation, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if t := d.last(who.Contact); t != nil {
		return t.Conversation, true, nil
	}
	return conversation.Conversation{}, false, nil
}

func (d *Desk) theirs(who contact.Visitor, id conversation.ID) (*talk, error) {
	for _, t := range d.talks {
		if t.ID == id && t.Contact == who.Contact {
			return t, nil
		}
	}
	return nil, fault.New(fault.NotFound, "conversation.unknown", "there is no such %s", "conversation")
}

// View returns the contact's sight of a conversation; all who wait are next.
func (d *Desk) View(_ context.Context, who contact.Visitor, id conversation.ID) (conversation.View, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, err := d.theirs(who, id)
	if err != nil {
		return conversation.View{}, err
	}
	v := t.View()
	if t.State == conversation.Queued {
		for _, o := range d.talks {
			if o.State == conversation.Queued && !o.QueuedAt.After(t.QueuedAt) {
				v.QueuePosition++
			}
		}
	}
	return v, nil
}

// History returns what the contact may see.
func (d *Desk) History(_ context.Context, who contact.Visitor, id conversation.ID, after, before int64, limit int) (ms []conversation.Message, more bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, err := d.theirs(who, id)
	if err != nil {
		return nil, false, err
	}
	page := t.messages
	if after != 0 {
		page = page[min(max(after, 0), int64(len(page))):]
		if more = len(page) > limit; more {
			page = page[:limit]
		}
	} else {
		if before > 0 {
			page = page[:min(before-1, int64(len(page)))]
		}
		if more = len(page) > limit; more {
			page = page[len(page)-limit:]
		}
	}
	for _, m := range page {
		if m.ForContact() {
			ms = append(ms, m)
		}
	}
	return ms, more, nil
}

// Read records how far the contact has read.
func (d *Desk) Read(_ context.Context, who contact.Visitor, id conversation.ID, read, received int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, err := d.theirs(who, id)
	if err == nil {
		t.ContactRead, t.ContactHas = max(t.ContactRead, read), max(t.ContactHas, received)
	}
	return err
}

// AskHuman queues the contact's conversation.
func (d *Desk) AskHuman(_ context.Context, who contact.Visitor, _ string) (conversation.Conversation, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.writer(who.Contact); err != nil {
		return conversation.Conversation{}, false, err
	}
	t := d.open(who.Contact, who.Inbox)
	if t.State == conversation.Bot {
		t.State, t.QueuedAt = conversation.Queued, d.Now()
	}
	return t.Conversation, !d.Here, nil
}

// End ends the contact's open conversation.
func (d *Desk) End(_ context.Context, who contact.Visitor) (conversation.Conversation, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t := d.last(who.Contact)
	if t == nil {
		return conversation.Conversation{}, fault.New(fault.NotFound, "conversation.none", "there is no conversation to end")
	}
	if t.State.Open() {
		t.State, t.ClosedBy, t.ClosedAt = conversation.Closed, conversation.FromContact, d.Now()
	}
	return t.Conversation, nil
}

// Introduce records what the contact tells.
func (d *Desk) Introduce(_ context.Context, who contact.Visitor, form contact.Contact) (contact.Contact, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.writer(who.Contact); err != nil {
		return contact.Contact{}, err
	}
	c := d.contacts[who.Contact]
	c.Name, c.Phone, c.Email, c.Attributes = form.Name, form.Phone, form.Email, form.Attributes
	d.contacts[who.Contact] = c
	return c, nil
}

// Saw records a page.
func (d *Desk) Saw(_ context.Context, _ contact.Visitor, page contact.PageView) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Pages = append(d.Pages, page)
	return nil
}

// Helpful records a vote.
func (d *Desk) Helpful(_ context.Context, _ contact.Visitor, m conversation.MessageID, helpful bool, _ gap.Reason) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Votes[m] = helpful
	return nil
}

// Recall takes back a message of the contact's own, at any time.
func (d *Desk) Recall(_ context.Context, who contact.Visitor, i conversation.MessageID) (conversation.Message, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if t := d.last(who.Contact); t != nil {
		for k, m := range t.messages {
			if m.ID == i {
				m, err := m.Recall(who.Contact.String(), time.Hour, m.At)
				if err == nil {
					t.messages[k] = m
				}
				return m, err
			}
		}
	}
	return conversation.Message{}, fault.New(fault.NotFound, "message.unknown", "there is no such %s", "message")
}

// OpenCase keeps a case, once.
func (d *Desk) OpenCase(_ context.Context, who contact.Visitor, c ticket.Case, clientID string) (ticket.Case, error) {
	c, err := c.Check()
	if err != nil {
		return c, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	key := who.Contact.String() + " case " + clientID
	if d.byClient[key] == "" {
		c.Number = ticket.Number(c.Kind, d.Now(), int64(len(d.Cases)+1))
		d.byClient[key] = c.Number
		d.Cases = append(d.Cases, c)
	}
	c.Number = d.byClient[key]
	return c, nil
}

// CaseSecret is the same for all cases.
func (d *Desk) CaseSecret(ticket.Case) string { return "7K4MP2Q9" }

// Attach keeps a file, once. It takes everything for text.
func (d *Desk) Attach(_ context.Context, who contact.Visitor, u channel.Upload) (conversation.Attachment, error) {
	body, err := io.ReadAll(io.LimitReader(u.Body, u.Limit+1))
	if err != nil {
		return conversation.Attachment{}, err
	}
	if int64(len(body)) > u.Limit {
		return conversation.Attachment{}, fault.New(fault.TooLarge, "file.large", "a file may be at most %d MB; make it smaller, or send it in parts", u.Limit>>20).In("file")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.writer(who.Contact); err != nil {
		return conversation.Attachment{}, err
	}
	key := who.Contact.String() + " file " + u.ClientID
	for id, f := range d.files {
		if d.byClient[key] == id.String() {
			return f.Attachment, nil
		}
	}
	id := conversation.NewAttachmentID(d.Now())
	a := conversation.Attachment{ID: id, Name: u.Name, Type: "text/plain", Kind: "document", Size: int64(len(body)), Scan: "skipped", URL: "/api/v1/attachments/" + id.String()}
	d.files[id] = &file{a, who.Contact, body}
	d.byClient[key] = id.String()
	return a, nil
}

// File opens a file.
func (d *Desk) File(_ context.Context, id conversation.AttachmentID, thumb bool) (channel.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.files[id]
	if f == nil || thumb {
		return channel.File{}, fault.New(fault.NotFound, "file.unknown", "there is no such %s", "file")
	}
	return channel.File{Name: f.Name, Type: f.Type, Size: f.Size, At: id.Time(), Body: body{bytes.NewReader(f.body)}}, nil
}

type body struct{ *bytes.Reader }

func (body) Close() error { return nil }
