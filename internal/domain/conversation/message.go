package conversation

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

type (
	// MessageID names a message.
	MessageID = id.ID[messageNoun]
	// AttachmentID names a file in a message.
	AttachmentID = id.ID[attachmentNoun]
)

type (
	messageNoun    struct{}
	attachmentNoun struct{}
)

func (messageNoun) Prefix() string    { return "ms" }
func (attachmentNoun) Prefix() string { return "at" }

// NewMessageID returns the id of a message that is said at a time.
func NewMessageID(at time.Time) MessageID { return id.New[messageNoun](at) }

// NewAttachmentID returns the id of a file that arrives at a time.
func NewAttachmentID(at time.Time) AttachmentID { return id.New[attachmentNoun](at) }

// Kind is what a message is.
type Kind string

// The kinds of message.
const (
	Text    Kind = "text"
	Note    Kind = "note"    // between agents; never leaves the house
	Whisper Kind = "whisper" // of a supervisor to the agent who answers, and back; never leaves the house
	Event   Kind = "event"   // something happened; see Happening
)

// Message is one thing said, noted or done. Seq counts from 1 in each
// conversation, without gaps.
type Message struct {
	ID           MessageID    `json:"id"`
	Conversation ID           `json:"conversation_id"`
	Seq          int64        `json:"seq"`
	From         From         `json:"from"`
	AuthorID     string       `json:"author_id,omitzero"`
	AuthorName   string       `json:"author_name,omitzero"`
	Kind         Kind         `json:"kind"`
	Text         string       `json:"text"`
	Masked       string       `json:"masked,omitzero"`    // the text without words that are not to be said, where it has some: agents read this first
	Original     string       `json:"original,omitzero"`  // what the agent wrote before it was translated; only agents see it
	ClientID     string       `json:"client_id,omitzero"` // the sender's own id of it
	Event        *Happening   `json:"event,omitzero"`
	Choices      []Choice     `json:"choices,omitempty"`
	Sources      []Source     `json:"sources,omitempty"`
	Card         *Card        `json:"card,omitempty"`
	Attachments  []Attachment `json:"attachments,omitempty"`
	Mentions     []agent.ID   `json:"mentions,omitempty"`
	Mail         *Mail        `json:"mail,omitempty"` // what it has more if it came or leaves by e-mail
	At           time.Time    `json:"at"`

	Words []string `json:"-"` // those of the text by which it is found, if they were taken out already
}

// Happening is what an event message tells, worded by whoever shows it.
type Happening struct {
	Name string            `json:"name"` // conversation.started, human.requested, queued, accepted, missed, transferred, …
	Args map[string]string `json:"args"`
}

// Choice is one of the questions that the assistant offers.
type Choice struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Source is where an answer of the assistant stands.
type Source struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"` // question or article
	Title string `json:"title"`
	URL   string `json:"url,omitzero"`
	// Offered tells that the message does not rest on it: it may be worth a look.
	Offered bool `json:"offered,omitzero"`
}

// Rests returns what a message of the assistant rests on: the sources that were
// not only offered.
func (m Message) Rests() (on []Source) {
	for _, s := range m.Sources {
		if !s.Offered {
			on = append(on, s)
		}
	}
	return on
}

// Card is what the assistant learnt before people took over (交接卡), for those
// who work here: a contact says nothing twice.
type Card struct {
	Title inbox.Text   `json:"title"`
	Why   []inbox.Text `json:"why"` // that people took over
	Parts []CardPart   `json:"parts"`
}

// CardPart is what was learnt in one flow, or beside the flows.
type CardPart struct {
	Title inbox.Text `json:"title,omitzero"`
	Lines []CardLine `json:"lines"`
}

// CardLine is one thing that was learnt.
type CardLine struct {
	Name  inbox.Text `json:"name"`
	Value inbox.Text `json:"value"`
}

// turnPrefix begins the client ids of what the assistant says in a turn.
const turnPrefix = "assist-"

// TurnClientID returns under which id the assistant says its n-th line about a
// message.
func TurnClientID(about MessageID, n int) string {
	return turnPrefix + about.String() + "-" + strconv.Itoa(n)
}

// TurnOf returns the message that the assistant spoke about with another one.
func TurnOf(m Message) (about MessageID, ok bool) {
	rest, ok := strings.CutPrefix(m.ClientID, turnPrefix)
	name, _, _ := strings.Cut(rest, "-")
	if !ok || m.From != FromBot {
		return 0, false
	}
	return about, about.UnmarshalText([]byte(name)) == nil
}

// Attachment is a file that belongs to a message.
type Attachment struct {
	ID       AttachmentID `json:"id"`
	Name     string       `json:"name"`
	Type     string       `json:"type"` // found by looking at the bytes, not what the sender claims
	Size     int64        `json:"size"`
	SHA256   string       `json:"sha256"`
	Kind     string       `json:"kind"` // image, video, audio or document
	Width    int          `json:"width,omitzero"`
	Height   int          `json:"height,omitzero"`
	URL      string       `json:"url"`
	ThumbURL string       `json:"thumb_url,omitzero"`
	Scan     string       `json:"scan"` // clean, skipped, pending or infected
}

// MaxRunes is the longest message, in characters.
const MaxRunes = 8000

// MaxAttachments is how many files one message carries.
const MaxAttachments = 10

// CheckText returns the text as it is kept, or what is wrong with it. Broken
// UTF-8 is refused rather than repaired: the sender still has the original.
func CheckText(s string, attachments int) (string, error) {
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return "", fault.New(fault.Invalid, "message.encoding", "the text is not valid UTF-8; send it again as UTF-8").In("body.text")
	}
	s = strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), " \n\t")
	switch n := utf8.RuneCountInString(s); {
	case n > MaxRunes:
		return "", fault.New(fault.TooLarge, "message.long", "a message holds at most %d characters, this one has %d; send it in parts or as a file", MaxRunes, n).In("body.text")
	case strings.TrimSpace(s) == "" && attachments == 0:
		return "", fault.New(fault.Invalid, "message.empty", "the message is empty; write something or attach a file").In("body.text")
	case attachments > MaxAttachments:
		return "", fault.New(fault.Invalid, "message.attachments", "a message carries at most %d files", MaxAttachments).In("body.attachments")
	}
	return s, nil
}

// CheckClientID says what is wrong with the sender's own id of a message.
func CheckClientID(s string) error {
	if len(s) < 8 || len(s) > 64 || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fault.New(fault.Invalid, "message.client_id", "client_id is %d to %d printable ASCII characters, different for each message", 8, 64).In("body.client_id")
	}
	return nil
}

// SeenBy reports whether an agent who may see the conversation sees the
// message. A whisper is for who answers and for supervisors while they talk;
// who reads the conversation later reads it whole.
func (m Message) SeenBy(by agent.Actor, c Conversation) bool {
	return m.Kind != Whisper || c.State != Active || c.Agent == by.Agent || by.May(agent.ConversationMonitor)
}

// ForContact reports whether the contact may see the message. What agents note,
// and what happens between them, stays in the house.
func (m Message) ForContact() bool {
	switch m.Kind {
	case Text:
		return true
	case Event:
		switch m.Event.Name {
		case "accepted", "human.requested", "queued", "transferred", "agent_lost", "closed", "reopened", "offline", "case.created", "silence.warned", "wait.long", "unstaffed", "redirected", "joined", "left", Recalled:
			return true
		}
	case Note, Whisper:
	}
	return false
}
