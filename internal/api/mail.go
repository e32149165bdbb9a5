package api

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/mail"
	"yingda/internal/kit/serve"
)

func (a *API) mails(r *router) {
	read, write := agent.ConversationRead, agent.ConversationReply
	schemas := r.huma.OpenAPI().Components.Schemas
	kept := &huma.Response{Description: "The file as it is kept", Content: map[string]*huma.MediaType{
		"application/json": {Schema: schemas.Schema(reflect.TypeFor[conversation.Attachment](), true, "")},
	}}
	form := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"multipart/form-data": {Schema: &huma.Schema{
			Type: huma.TypeObject, Required: []string{"file"},
			Properties: map[string]*huma.Schema{
				"client_id": {Type: huma.TypeString, Description: "before the file; the same gives the same answer again"},
				"file":      {Type: huma.TypeString, Format: "binary"},
			},
		}},
	}}
	call(r, get("/mailboxes/writing", "The mailboxes that one can write from").needs(write), a.writingMailboxes)
	call(r, post("/mails", "Begin a conversation by writing to somebody; the same client_id gives the same mail again").needs(write).upTo(mailLimit), a.composeMail)
	stream(r, post("/mail-files", "Keep a file for a mail that begins a conversation").needs(write), form, kept, a.uploadForMail)
	call(r, get("/mails/aside", "Mails that were put aside, the newest first").needs(write), a.mailsAside)
	call(r, get("/mails/aside/{id}", "A mail that was put aside, as plain text").needs(write), a.mailAside)
	act(r, post("/mails/aside/{id}/release", "Take in a mail that was put aside after all, as if it had just arrived").needs(write), a.releaseMail)
	call(r, get("/messages/{id}/mail", "The mail that a message came by: headers, the whole text, harmless HTML without pictures of others").needs(read), a.mailOriginal)
	stream(r, get("/messages/{id}/mail/page", "The formatted text of a mail as a page for a sandboxed frame; ?pictures=all lets the browser fetch those that are elsewhere").needs(read), nil,
		&huma.Response{Description: "The page", Content: map[string]*huma.MediaType{"text/html": {Schema: &huma.Schema{Type: huma.TypeString}}}}, a.mailPage)
	stream(r, get("/messages/{id}/mail/raw", "The mail as it came, as a file").needs(read), nil,
		&huma.Response{Description: "The bytes", Content: map[string]*huma.MediaType{"message/rfc822": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}, a.mailRaw)
	call(r, post("/messages/{id}/take-back", "Keep a mail of one's own from leaving, while it waits").needs(write), a.takeBackMail)
	call(r, post("/messages/{id}/split", "Take a mail out of its conversation into one of its own").needs(write), a.splitMail)
	act(r, post("/conversations/{id}/transcript", "Send what was said in a conversation, without notes, to an address").needs(write), a.sendTranscript)
}

// mailLimit is the largest body of a mail on its way in: a text, and the same
// formatted.
const mailLimit = 2 << 20

// writingMailbox is what one must know of a mailbox to write from it.
type writingMailbox struct {
	Inbox       inbox.ID   `json:"inbox_id"`
	Name        string     `json:"name"`
	Address     string     `json:"address"`
	Signature   inbox.Text `json:"signature"`
	UndoSeconds int        `json:"undo_seconds" doc:"how long a mail waits and can be taken back"`
	Quote       bool       `json:"quote" doc:"the mail that is answered stands below an answer"`
	Aliases     []string   `json:"aliases" doc:"other addresses of it, to which no answer of ours goes"`
}

func (a *API) writingMailboxes(ctx context.Context, by agent.Actor, _ *struct{}) (list[writingMailbox], error) {
	found, err := a.Desk.WritingMailboxes(ctx, by)
	l := list[writingMailbox]{Items: []writingMailbox{}}
	for _, m := range found {
		s := m.Mailbox.Settings
		l.Items = append(l.Items, writingMailbox{Inbox: m.Mailbox.Inbox, Name: m.Name, Address: m.Mailbox.Address, Signature: s.Signature, UndoSeconds: s.UndoSeconds, Quote: s.Quote, Aliases: append([]string{}, s.Aliases...)})
	}
	return l, err
}

type newMail struct {
	ClientID    string                      `json:"client_id" doc:"8 to 64 characters that the sender chose"`
	Inbox       inbox.ID                    `json:"inbox_id" doc:"the mailbox"`
	Contact     contact.ID                  `json:"contact_id,omitzero" doc:"whose address is written to, besides those of mail.to"`
	Text        string                      `json:"text"`
	Mail        conversation.MailDraft      `json:"mail"`
	Attachments []conversation.AttachmentID `json:"attachments,omitempty"`
	Sure        bool                        `json:"sure,omitempty" doc:"send it although the filter warned"`
}

// composed is a mail with the conversation that it began.
type composed struct {
	Conversation conversation.Conversation `json:"conversation"`
	Message      conversation.Message      `json:"message"`
}

func (a *API) composeMail(ctx context.Context, by agent.Actor, in *struct{ Body newMail }) (composed, error) {
	b := in.Body
	c, m, err := a.Desk.ComposeTo(ctx, by, b.Inbox, b.Contact, desk.Draft{
		ClientID: b.ClientID, Kind: conversation.Text, Text: b.Text, Attachments: b.Attachments, Sure: b.Sure, Mail: &b.Mail,
	})
	return composed{Conversation: c, Message: m}, err
}

func (a *API) uploadForMail(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	return readForm(req, func(fields map[string]string, file *multipart.Part) error {
		kept, err := a.Desk.AttachToRecord(req.Context(), by, agent.ConversationReply, channel.Upload{ClientID: fields["client_id"], Name: file.FileName(), Body: file, Limit: largestFile})
		if err != nil {
			return err
		}
		return serve.JSON(w, http.StatusOK, kept)
	})
}

type listMailsAside struct {
	Cursor param[mailbox.MailID] `query:"cursor"`
	Limit  int                   `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

// asideMail is a mail that nobody has been told of.
type asideMail struct {
	ID       mailbox.MailID `json:"id"`
	Inbox    inbox.ID       `json:"inbox_id"`
	From     string         `json:"from"`
	Subject  string         `json:"subject"`
	Size     int64          `json:"size"`
	Why      string         `json:"why" doc:"why it was put aside, by code"`
	What     string         `json:"what,omitzero" doc:"more to it: the word, the address"`
	Received time.Time      `json:"received_at"`
}

func asideOf(m mailbox.Mail) asideMail {
	return asideMail{ID: m.ID, Inbox: m.Inbox, From: m.Sender, Subject: m.Subject, Size: m.Size, Why: m.Cover.Why, What: m.Cover.What, Received: m.ReceivedAt}
}

func (a *API) mailsAside(ctx context.Context, by agent.Actor, in *listMailsAside) (list[asideMail], error) {
	found, err := a.Desk.MailsAside(ctx, by, in.Cursor.Value, in.Limit+1)
	l := list[asideMail]{Items: []asideMail{}}
	for i, m := range found {
		if i == in.Limit {
			l.Next = found[i-1].ID.String()
			break
		}
		l.Items = append(l.Items, asideOf(m))
	}
	return l, err
}

// asideView is a mail that was put aside, to look at.
type asideView struct {
	Mail  asideMail             `json:"mail"`
	From  []conversation.Person `json:"from"`
	To    []conversation.Person `json:"to"`
	Text  string                `json:"text" doc:"the beginning of it"`
	Files []string              `json:"files" doc:"the names of its files; they are kept when it is released"`
}

func (a *API) mailAside(ctx context.Context, by agent.Actor, in *byID[mailbox.MailID]) (asideView, error) {
	m, o, err := a.Desk.MailAside(ctx, by, in.ID.Value)
	return asideView{Mail: asideOf(m), From: peopleOf(o.From), To: peopleOf(o.To), Text: o.Text, Files: append([]string{}, o.Files...)}, err
}

func peopleOf(as []mail.Address) []conversation.Person {
	ps := make([]conversation.Person, 0, len(as))
	for _, a := range as {
		ps = append(ps, conversation.Person{Name: a.Name, Address: a.Address})
	}
	return ps
}

func (a *API) releaseMail(ctx context.Context, by agent.Actor, in *byID[mailbox.MailID]) error {
	return a.Desk.ReleaseMail(ctx, by, in.ID.Value)
}

type mailHeader struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func headersOf(fields []mail.Field) []mailHeader {
	hs := make([]mailHeader, 0, len(fields))
	for _, f := range fields {
		hs = append(hs, mailHeader(f))
	}
	return hs
}

// mailOriginal is a mail as it came.
type mailOriginal struct {
	Headers []mailHeader `json:"headers" doc:"in order, decoded"`
	Text    string       `json:"text" doc:"all of it"`
	HTML    string       `json:"html,omitzero" doc:"harmless; pictures of the mail itself stay cid:"`
	Remote  int          `json:"remote" doc:"how many pictures are elsewhere"`
	Notes   []string     `json:"notes" doc:"what was broken, guessed or left out"`
	Size    int64        `json:"size"`
	SHA256  string       `json:"sha256"`
}

func (a *API) mailOriginal(ctx context.Context, by agent.Actor, in *byID[conversation.MessageID]) (mailOriginal, error) {
	o, err := a.Desk.MailOriginal(ctx, by, in.ID.Value, false)
	return mailOriginal{Headers: headersOf(o.Headers), Text: o.Text, HTML: o.HTML, Remote: o.Remote, Notes: append([]string{}, o.Notes...), Size: o.Size, SHA256: o.SHA256}, err
}

func (a *API) mailPage(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	var i conversation.MessageID
	if err := i.UnmarshalText([]byte(req.PathValue("id"))); err != nil {
		return err
	}
	remote := req.URL.Query().Get("pictures") == "all"
	page, err := a.Desk.MailPage(req.Context(), by, i, remote)
	if err != nil {
		return err
	}
	pictures := "data:"
	if remote {
		pictures += " https: http:"
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; img-src "+pictures+"; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "+
		"sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer") // whoever has the pictures does not learn who looks
	h.Set("Cache-Control", "private, no-store")
	_, _ = io.WriteString(w, page) //nolint:gosec // harmless by mail.SafeHTML, and nothing runs under the policy above; whoever does not read it has gone
	return nil
}

func (a *API) mailRaw(w http.ResponseWriter, req *http.Request, by agent.Actor) error {
	var i conversation.MessageID
	if err := i.UnmarshalText([]byte(req.PathValue("id"))); err != nil {
		return err
	}
	f, err := a.Desk.MailSource(req.Context(), by, i)
	if err != nil {
		return err
	}
	defer f.Body.Close()
	h := w.Header()
	h.Set("Content-Type", "message/rfc822")
	h.Set("Content-Disposition", `attachment; filename="`+i.String()+`.eml"`)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "private, no-store")
	http.ServeContent(w, req, "", f.At, f.Body)
	return nil
}

func (a *API) takeBackMail(ctx context.Context, by agent.Actor, in *byID[conversation.MessageID]) (conversation.Message, error) {
	return a.Desk.TakeBackMail(ctx, by, in.ID.Value)
}

func (a *API) splitMail(ctx context.Context, by agent.Actor, in *byID[conversation.MessageID]) (conversation.Conversation, error) {
	return a.Desk.SplitMail(ctx, by, in.ID.Value)
}

type transcriptTo struct {
	To   string `json:"to" doc:"an address of e-mail"`
	Name string `json:"name,omitempty" maxLength:"200"`
}

func (a *API) sendTranscript(ctx context.Context, by agent.Actor, in *withBody[conversation.ID, transcriptTo]) error {
	if !mailbox.IsAddress(in.Body.To) {
		return fault.New(fault.Invalid, "mailbox.address", "an address of e-mail is written like service@example.cn").In("body.to")
	}
	return a.Desk.SendTranscript(ctx, by, in.ID.Value, conversation.Person{Name: in.Body.Name, Address: in.Body.To})
}
