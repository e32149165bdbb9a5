package mailbox

import (
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/kit/id"
)

// MailID names a mail that arrived.
type MailID = id.ID[mailNoun]

type mailNoun struct{}

func (mailNoun) Prefix() string { return "ml" }

// NewMailID returns the id of a mail that arrives at a time.
func NewMailID(at time.Time) MailID { return id.New[mailNoun](at) }

// SentID names a mail that leaves.
type SentID = id.ID[sentNoun]

type sentNoun struct{}

func (sentNoun) Prefix() string { return "sm" }

// NewSentID returns the id of a mail that is written at a time.
func NewSentID(at time.Time) SentID { return id.New[sentNoun](at) }

// Fate is what became of a mail that arrived.
type Fate string

// The fates.
const (
	Unread  Fate = "new"   // it is here, and nobody has looked what it is
	TakenIn Fate = "taken" // it is a message of a conversation
	Aside   Fate = "aside" // it waits in the list of what was put aside
	Noted   Fate = "noted" // it was understood, and there is nothing to show: a report, one of our own
)

// Kind is what sort of mail it is, as kit/mail says, and ThirdParty.
type Kind string

// The kinds of mail.
const (
	ByPerson  Kind = "person"
	Automatic Kind = "automatic"
	Bounce    Kind = "bounce"
	List      Kind = "list"
	Spam      Kind = "spam"
	Own       Kind = "own"
	// ThirdParty is a mail of somebody to whom a message was sent on (转办).
	ThirdParty Kind = "third"
)

// Mail is one that arrived.
type Mail struct {
	ID           MailID                 `json:"id"`
	Inbox        inbox.ID               `json:"inbox_id"`
	Source       string                 `json:"-"` // the sum of its bytes: the same mail comes once to an inbox
	MessageID    string                 `json:"message_id"`
	Blob         string                 `json:"-"` // the key of its bytes
	Size         int64                  `json:"size"`
	State        Fate                   `json:"state"`
	Kind         Kind                   `json:"kind"`
	Sender       string                 `json:"sender"`
	Subject      string                 `json:"subject"`
	Conversation conversation.ID        `json:"conversation_id,omitzero"`
	Message      conversation.MessageID `json:"message,omitzero"`
	ReceivedAt   time.Time              `json:"received_at"`
	At           time.Time              `json:"at"`
	Cover        Cover                  `json:"cover"`
}

// Cover is what is known of a mail beside its bytes, and what was read of it.
type Cover struct {
	From       string                `json:"from,omitzero"` // of the envelope; "<>" for a bounce
	To         []string              `json:"to,omitempty"`
	Remote     string                `json:"remote,omitzero"`
	Verdicts   conversation.Verdicts `json:"verdicts,omitzero"`
	TooLarge   bool                  `json:"too_large,omitzero"`
	Released   bool                  `json:"released,omitzero"` // somebody looked at it and wants it taken in
	Why        string                `json:"why,omitzero"`      // of its fate, by code
	What       string                `json:"what,omitzero"`     // more to Why: the word, the address
	References []string              `json:"references,omitempty"`
}

// Sent is a mail that leaves, or left.
type Sent struct {
	ID           SentID
	Inbox        inbox.ID
	Conversation conversation.ID
	Message      conversation.MessageID // zero for what only a program says
	MessageID    string                 // in angle brackets
	Token        string                 // stands in the return path
	Recipient    string                 // the first; in small letters
	Automatic    bool
	State        conversation.Delivery
	Attempt      int
	SendAt       time.Time
	At           time.Time
	Letter       Letter
}

// Letter is what is in a mail that leaves.
type Letter struct {
	Author     string                      `json:"author,omitzero"` // who writes, by their public name
	To         []conversation.Person       `json:"to,omitempty"`
	Cc         []conversation.Person       `json:"cc,omitempty"`
	Bcc        []conversation.Person       `json:"bcc,omitempty"`
	Subject    string                      `json:"subject,omitzero"`
	Text       string                      `json:"text,omitzero"`
	HTML       string                      `json:"html,omitzero"` // harmless, and without what is put around it
	Files      []conversation.AttachmentID `json:"files,omitempty"`
	Language   string                      `json:"language,omitzero"`
	InReplyTo  string                      `json:"in_reply_to,omitzero"`
	References []string                    `json:"references,omitempty"`
	Quote      conversation.MessageID      `json:"quote,omitzero"` // the message that is quoted
	Third      bool                        `json:"third,omitzero"` // it is sent on to a third party
	// Handing tells that its bytes were about to leave: whoever finds it so after
	// a crash cannot know whether they did.
	Handing bool `json:"handing,omitzero"`
	// Repeats is how often it may have been handed over without our knowing.
	Repeats int       `json:"repeats,omitzero"`
	First   time.Time `json:"first,omitzero"` // when it was first tried
	// Waited is since when the contact had waited for this answer, and FirstReply
	// that it is the first one: what taking it back brings back.
	Waited     time.Time `json:"waited,omitzero"`
	FirstReply bool      `json:"first_reply,omitzero"`
}

// Everybody returns the addresses of all who get a letter, each once.
func (l Letter) Everybody() (all []string) {
	for _, list := range [][]conversation.Person{l.To, l.Cc, l.Bcc} {
		for _, p := range list {
			if a := strings.ToLower(p.Address); !slices.Contains(all, a) {
				all = append(all, a)
			}
		}
	}
	return all
}
