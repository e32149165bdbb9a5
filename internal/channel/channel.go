// Package channel is the contract between the desk and the ways in which
// people reach us: what a channel hands in, what it is handed to deliver, and
// what the desk offers to channels in which people talk live.
package channel

import (
	"context"
	"io"
	"time"

	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/gap"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
)

// Inbound is something a contact sent.
type Inbound struct {
	Inbox       inbox.ID
	Contact     contact.ID
	ClientID    string // the sender's own id of this message; sending it again has no second effect
	Text        string
	Attachments []conversation.AttachmentID // uploaded before, by the same contact
	Choice      string                      // the id of a choice that the assistant offered
	Form        contact.Contact             // what the form before the chat asked for; empty fields say nothing
	Page        contact.PageView            // where the contact was when it wrote
	At          time.Time
}

// Receipt is what became of an Inbound.
type Receipt struct {
	Conversation conversation.Conversation
	Message      conversation.Message
	Again        bool // we had it already; this is what it became then
}

// Outbound is something to be delivered to a contact. Channels in which the
// contact reads the feed, such as the widget, have nothing to send.
type Outbound struct {
	Conversation conversation.Conversation
	Message      conversation.Message
	Contact      contact.Contact
	Inbox        inbox.Inbox
}

// Inbox takes what a channel receives. The desk is the only implementation
// outside tests.
type Inbox interface {
	Receive(ctx context.Context, in Inbound) (Receipt, error)
}

// Channel is one way to reach us. Run receives until ctx ends; Send delivers
// once and returns the channel's own id of what it sent.
type Channel interface {
	Name() string
	Run(ctx context.Context, inbox Inbox) error
	Send(ctx context.Context, out Outbound) (externalID string, err error)
}

// Chat is what the desk offers to channels whose contacts are present: the
// widget now, social channels later. Every method that names a contact acts
// only on what is theirs.
type Chat interface {
	Inbox

	// InboxByKey finds an enabled inbox by its public key.
	InboxByKey(ctx context.Context, key string) (inbox.Inbox, error)
	// InboxByID finds an enabled inbox.
	InboxByID(ctx context.Context, id inbox.ID) (inbox.Inbox, error)
	// Company returns what the widget says of us.
	Company(ctx context.Context) (Company, error)
	// Staffed reports whether an agent who could answer is there now.
	Staffed(ctx context.Context, in inbox.Inbox) (bool, error)
	// HotQuestions are asked most often on a channel; at most n.
	HotQuestions(ctx context.Context, channel, language string, n int) ([]conversation.Choice, error)

	// Complete returns questions that a contact who types a text may be about to
	// ask; none unless the assistant would hear it and the inbox suggests any.
	Complete(ctx context.Context, who contact.Visitor, in inbox.Inbox, text, language string) ([]conversation.Choice, error)

	// FromBlockedNetwork is Forbidden for whoever comes from an address of the
	// internet that is blocked.
	FromBlockedNetwork(ctx context.Context, address string) error
	// Visit finds or makes the contact of a visit. known is zero for a new
	// visitor. A signed identity merges into the contact whom the host site
	// already vouched for.
	Visit(ctx context.Context, v Visit) (contact.Contact, error)
	// Current returns the contact's conversation that is open, or the last one
	// that ended within a day; false if there is none.
	Current(ctx context.Context, who contact.Visitor) (conversation.Conversation, bool, error)
	// View returns the contact's sight of a conversation of theirs, with the
	// place in the queue.
	View(ctx context.Context, who contact.Visitor, id conversation.ID) (conversation.View, error)
	// History returns messages that the contact may see, in order: after a
	// sequence number, or the last ones before it. more tells that there are others.
	History(ctx context.Context, who contact.Visitor, id conversation.ID, after, before int64, limit int) (ms []conversation.Message, more bool, err error)
	// Read records how far the contact has read and received.
	Read(ctx context.Context, who contact.Visitor, id conversation.ID, read, received int64) error
	// AskHuman queues the contact's conversation for a person, starting one if
	// there is none. offline tells that nobody can answer now.
	AskHuman(ctx context.Context, who contact.Visitor, clientID string) (c conversation.Conversation, offline bool, err error)
	// End ends the contact's open conversation, if there is one.
	End(ctx context.Context, who contact.Visitor) (conversation.Conversation, error)
	// Introduce records what the contact tells of themself.
	Introduce(ctx context.Context, who contact.Visitor, form contact.Contact) (contact.Contact, error)
	// Saw records a page that the contact looked at.
	Saw(ctx context.Context, who contact.Visitor, page contact.PageView) error
	// Helpful records whether an answer of the assistant helped, and why not if
	// they say it.
	Helpful(ctx context.Context, who contact.Visitor, m conversation.MessageID, helpful bool, why gap.Reason) error
	// Recall takes back a message of the contact, where the inbox lets them.
	Recall(ctx context.Context, who contact.Visitor, m conversation.MessageID) (conversation.Message, error)
	// OpenCase hands in a case from the form for the time when nobody is there.
	OpenCase(ctx context.Context, who contact.Visitor, c ticket.Case, clientID string) (ticket.Case, error)
	// CaseSecret returns what looks a case up beside its number.
	CaseSecret(c ticket.Case) string

	// Attach keeps a file that the contact uploads. What it is, its bytes say.
	Attach(ctx context.Context, who contact.Visitor, u Upload) (conversation.Attachment, error)
	// File opens a file of the house for someone whose address was signed.
	File(ctx context.Context, id conversation.AttachmentID, thumb bool) (File, error)
}

// Company is what the widget says of us.
type Company struct {
	Name  inbox.Text
	Phone string
}

// Line is when the phone is answered: a working calendar, and its timetable
// with the notices of holidays.
type Line struct {
	Calendar  sla.Calendar
	Timetable *sla.Timetable
}

// MailAddress is an address that customers may write to, and what becomes of
// their mail.
type MailAddress struct {
	Address string
	Kind    ticket.Kind // of the case that a mail opens there
}

// Promise is one promise as customers are told it, with how it was kept.
type Promise struct {
	sla.Told

	// How it was kept in the last days: of all levels of a question together.
	Ended   int     `json:"ended"`   // that were done, in time or late
	Kept    int     `json:"kept"`    // of them in time
	Percent float64 `json:"percent"` // 0 if none was done
}

// Hour is an hour of the week, and how long one waited in it for a person.
type Hour struct {
	Day   int           `json:"day"`  // Monday is 0
	Hour  int           `json:"hour"` // from 0 to 23, on the company's clock
	Wait  time.Duration `json:"wait"` // on average
	Count int           `json:"count"`
}

// Visit is a visitor who opens the widget.
type Visit struct {
	Inbox    inbox.Inbox
	Known    contact.Visitor   // from an earlier token; zero for a new visitor
	Identity *contact.Identity // vouched for by the host site; nil for guests
	Language string
	Device   string // the browser, in words
	Page     contact.PageView
}

// Upload is a file on its way in.
type Upload struct {
	ClientID string
	Name     string
	Body     io.Reader // read once, up to the limit
	Limit    int64     // bytes
}

// File is a file on its way out. The caller closes the body.
type File struct {
	Name string
	Type string
	Size int64
	At   time.Time
	Body io.ReadSeekCloser
}
