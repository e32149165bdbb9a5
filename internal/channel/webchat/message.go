package webchat

import (
	"net/url"
	"strconv"

	"yingda/internal/channel"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/gap"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
)

type messageBody struct {
	ClientID    string                      `json:"client_id"`
	Text        string                      `json:"text"`
	Attachments []conversation.AttachmentID `json:"attachments"`
	Choice      string                      `json:"choice"`
	Prechat     form                        `json:"prechat"`
}

// form is what a visitor tells of themself.
type form struct {
	Name     string `json:"name"`
	Phone    string `json:"phone"`
	Email    string `json:"email"`
	Order    string `json:"order"`
	Question string `json:"question"`
}

func (f form) contact() contact.Contact {
	c := contact.Contact{Name: f.Name, Phone: f.Phone, Email: f.Email}
	for k, v := range map[string]string{"order": f.Order, "question": f.Question} {
		if v != "" {
			if c.Attributes == nil {
				c.Attributes = map[string]string{}
			}
			c.Attributes[k] = clip(v, mostValue)
		}
	}
	return c
}

type said struct {
	Message      conversation.Message `json:"message"`
	Conversation conversation.View    `json:"conversation"`
}

func (d *Door) post(c call) error {
	body, err := decode[messageBody](c)
	if err != nil {
		return err
	}
	receipt, err := d.Chat.Receive(c.Context(), channel.Inbound{
		Inbox: c.who.Inbox, Contact: c.who.Contact, ClientID: body.ClientID, Text: body.Text, Attachments: body.Attachments,
		Choice: body.Choice, Form: body.Prechat.contact(), At: d.Now(),
	})
	if err != nil {
		return err
	}
	v, err := d.view(c, receipt.Conversation)
	if err != nil {
		return err
	}
	return c.answer(said{d.Dress(receipt.Message), v})
}

// view returns the visitor's sight of a conversation. Only who waits has a
// place in the queue to be looked up.
func (d *Door) view(c call, now conversation.Conversation) (conversation.View, error) {
	if now.State != conversation.Queued {
		return now.View(), nil
	}
	return d.Chat.View(c.Context(), c.who, now.ID)
}

type historyAnswer struct {
	Items        []conversation.Message `json:"items"`
	More         bool                   `json:"more"`
	Conversation conversation.View      `json:"conversation"`
}

const historyMessages = 100

func (d *Door) history(c call) error {
	q := c.URL.Query()
	var talk conversation.ID
	if err := talk.UnmarshalText([]byte(q.Get("conversation"))); err != nil {
		return err
	}
	after, before, err := where(q)
	if err != nil {
		return err
	}
	v, err := d.Chat.View(c.Context(), c.who, talk)
	if err != nil {
		return err
	}
	ms, more, err := d.Chat.History(c.Context(), c.who, talk, after, before, historyMessages)
	if err != nil {
		return err
	}
	return c.answer(historyAnswer{d.dressed(ms), more, v})
}

// where reads after or before. After 0 is the beginning; neither is the end.
func where(q url.Values) (after, before int64, err error) {
	for name, n := range map[string]*int64{"after": &after, "before": &before} {
		if !q.Has(name) {
			continue
		}
		if *n, err = strconv.ParseInt(q.Get(name), 10, 64); err != nil || *n < 0 {
			return 0, 0, fault.New(fault.Invalid, "request.number", "%s is a number, 0 or more", name).In("query." + name)
		}
	}
	if q.Has("after") && after == 0 {
		after = -1
	}
	return after, before, nil
}

type readBody struct {
	Conversation conversation.ID `json:"conversation"`
	Seq          int64           `json:"seq"`
}

func (d *Door) read(c call) error {
	body, err := decode[readBody](c)
	if err != nil {
		return err
	}
	if err := d.Chat.Read(c.Context(), c.who, body.Conversation, body.Seq, body.Seq); err != nil {
		return err
	}
	return c.done()
}

type humanBody struct {
	ClientID string `json:"client_id"`
}

type humanAnswer struct {
	Conversation conversation.View `json:"conversation"`
	Offline      bool              `json:"offline"`
}

func (d *Door) human(c call) error {
	body, err := decode[humanBody](c)
	if err != nil {
		return err
	}
	now, offline, err := d.Chat.AskHuman(c.Context(), c.who, body.ClientID)
	if err != nil {
		return err
	}
	v, err := d.view(c, now)
	if err != nil {
		return err
	}
	return c.answer(humanAnswer{v, offline})
}

type endAnswer struct {
	Conversation conversation.View `json:"conversation"`
}

func (d *Door) end(c call) error {
	if _, err := decode[struct{}](c); err != nil {
		return err
	}
	now, err := d.Chat.End(c.Context(), c.who)
	if err != nil {
		return err
	}
	return c.answer(endAnswer{now.View()})
}

type contactAnswer struct {
	Contact person `json:"contact"`
}

func (d *Door) introduce(c call) error {
	body, err := decode[form](c)
	if err != nil {
		return err
	}
	who, err := d.Chat.Introduce(c.Context(), c.who, body.contact())
	if err != nil {
		return err
	}
	return c.answer(contactAnswer{personOf(who)})
}

type caseBody struct {
	ClientID string      `json:"client_id"`
	Kind     ticket.Kind `json:"kind"`
	Text     string      `json:"text"`
	Name     string      `json:"name"`
	Phone    string      `json:"phone"`
	Email    string      `json:"email"`
	Order    string      `json:"order"`
}

type caseAnswer struct {
	Number  string `json:"number"`
	Secret  string `json:"secret"` // with the number it opens /progress
	Promise string `json:"promise"`
}

// promise is what we say when a case was handed in.
var promise = inbox.Text{
	Zh: "我们会在 1 个工作日内受理，并按您留下的方式联系您。",
	En: "We take it up within 1 working day and will reach you the way you left.",
}

func (d *Door) openCase(c call) error {
	body, err := decode[caseBody](c)
	if err != nil {
		return err
	}
	opened, err := d.Chat.OpenCase(c.Context(), c.who, ticket.Case{
		Kind: body.Kind, Text: body.Text, Name: body.Name, Phone: body.Phone, Email: body.Email, Order: body.Order,
	}, body.ClientID)
	if err != nil {
		return err
	}
	return c.answer(caseAnswer{opened.Number, d.Chat.CaseSecret(opened), promise.In(c.language)})
}

func (d *Door) page(c call) error {
	body, err := decode[page](c)
	if err != nil {
		return err
	}
	view := body.view(d.Now())
	if view.URL == "" {
		return c.done()
	}
	if err := d.Chat.Saw(c.Context(), c.who, view); err != nil {
		return err
	}
	if d.Seen != nil {
		d.Seen(c.who, view)
	}
	return c.done()
}

type helpfulBody struct {
	Message conversation.MessageID `json:"message"`
	Helpful bool                   `json:"helpful"`
	Reason  gap.Reason             `json:"reason"`
}

func (d *Door) helpful(c call) error {
	body, err := decode[helpfulBody](c)
	if err != nil {
		return err
	}
	if err := d.Chat.Helpful(c.Context(), c.who, body.Message, body.Helpful, body.Reason); err != nil {
		return err
	}
	return c.done()
}

type recallBody struct {
	Message conversation.MessageID `json:"message"`
}

type recallAnswer struct {
	Message conversation.Message `json:"message"`
}

func (d *Door) takeBack(c call) error {
	body, err := decode[recallBody](c)
	if err != nil {
		return err
	}
	m, err := d.Chat.Recall(c.Context(), c.who, body.Message)
	if err != nil {
		return err
	}
	return c.answer(recallAnswer{d.Dress(m)})
}
