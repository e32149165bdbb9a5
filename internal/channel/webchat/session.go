package webchat

import (
	"net/http"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
)

type sessionBody struct {
	Inbox    string `json:"inbox"`
	Token    string `json:"token"`
	Identity string `json:"identity"`
	Language string `json:"language"`
	Page     page   `json:"page"`
}

type page struct {
	URL      string `json:"url"`
	Title    string `json:"title"`
	Referrer string `json:"referrer"`
}

func (p page) view(now time.Time) contact.PageView {
	return contact.PageView{At: now, URL: p.URL, Title: p.Title, Referrer: p.Referrer}
}

type session struct {
	Token        string                 `json:"token"`
	Contact      person                 `json:"contact"`
	Conversation *conversation.View     `json:"conversation,omitempty"`
	Messages     []conversation.Message `json:"messages"`
	More         bool                   `json:"more"`
}

// person is what a widget knows of its visitor. Known names what need not be
// asked any more.
type person struct {
	ID     contact.ID `json:"id"`
	Name   string     `json:"name"`
	Signed bool       `json:"signed"`
	Known  []string   `json:"known"`
}

func personOf(c contact.Contact) person {
	p := person{ID: c.ID, Name: c.Name, Signed: c.Signed, Known: []string{}}
	if c.Name != "" && c.Name != contact.GuestName(c.ID, "zh") && c.Name != contact.GuestName(c.ID, "en") {
		p.Known = append(p.Known, "name")
	}
	if c.Phone != "" {
		p.Known = append(p.Known, "phone")
	}
	if c.Email != "" {
		p.Known = append(p.Known, "email")
	}
	return p
}

// sessionMessages is how much of a conversation a visitor is shown at first.
const sessionMessages = 50

// session begins a visit. An earlier token keeps the visitor; one that does
// not hold any more makes a new one.
func (d *Door) session(l limits, w http.ResponseWriter, r *http.Request) error {
	body, err := serve.Decode[sessionBody](w, r, mostJSON)
	if err != nil {
		return err
	}
	in, err := d.inbox(r, body.Inbox)
	if err != nil {
		return err
	}
	now := d.Now()
	identity, err := identify(in, body.Identity, now)
	if err != nil {
		return err
	}
	if err := d.Chat.FromBlockedNetwork(r.Context(), serve.Address(r.Context())); err != nil {
		return err
	}
	known, err := contact.OpenVisitor(d.Key, body.Token, now)
	if err != nil || known.Inbox != in.ID {
		known = contact.Visitor{}
		if err := slow(l.visits, address(r), now); err != nil {
			return err
		}
	} else if err := slow(l.others, known.Contact.String(), now); err != nil {
		return err
	}
	language := body.Language
	if language != "zh" && language != "en" {
		language = d.language(r)
	}
	person, err := d.Chat.Visit(r.Context(), channel.Visit{
		Inbox: in, Known: known, Identity: identity, Language: language, Device: serve.Device(r.UserAgent()), Page: body.Page.view(now),
	})
	if err != nil {
		return err
	}
	who := contact.Visitor{Contact: person.ID, Inbox: in.ID, Expires: now.AddDate(0, 0, contact.VisitorDays)}
	s := session{Token: who.Token(d.Key), Contact: personOf(person), Messages: []conversation.Message{}}
	if err := d.recall(r, who, &s); err != nil {
		return err
	}
	if d.Seen != nil && body.Page.URL != "" {
		d.Seen(who, body.Page.view(now))
	}
	return serve.JSON(w, http.StatusOK, s)
}

// inbox finds the inbox that a page embeds, if it may.
func (d *Door) inbox(r *http.Request, key string) (inbox.Inbox, error) {
	in, err := d.Chat.InboxByKey(r.Context(), key)
	if err != nil {
		return in, err
	}
	if in.Kind != Name {
		return in, fault.New(fault.NotFound, "inbox.unknown", "there is no such %s", "inbox")
	}
	return in, allow(r, in)
}

// recall fills in the conversation that the visitor comes back to.
func (d *Door) recall(r *http.Request, who contact.Visitor, s *session) error {
	c, ok, err := d.Chat.Current(r.Context(), who)
	if err != nil || !ok {
		return err
	}
	v, err := d.Chat.View(r.Context(), who, c.ID)
	if err != nil {
		return err
	}
	ms, more, err := d.Chat.History(r.Context(), who, c.ID, 0, 0, sessionMessages)
	s.Conversation, s.Messages, s.More = &v, d.dressed(ms), more
	return err
}
