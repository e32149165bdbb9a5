// Package event names the facts that others may want to hear of: consoles,
// widgets, the index of the knowledge base.
//
// An event is written in the transaction that made it true and read, in order,
// from the feed. It carries the thing as it was then, so that a reader need
// not ask again.
package event

import (
	"encoding/json"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/ticket"
	"yingda/internal/domain/verification"
)

// Kind is what happened.
type Kind string

// The kinds of event.
const (
	MessageAdded        Kind = "message"         // Body: Message
	MessageRecalled     Kind = "recall"          // Body: Message, as it stands now
	MessageChanged      Kind = "message.changed" // Body: Message, as it stands now: what became of a mail
	ConversationChanged Kind = "conversation"    // Body: Change
	PresenceChanged     Kind = "presence"        // Body: Presence
	Noticed             Kind = "notice"          // Body: Notice; Agent is who is told
	KnowledgeChanged    Kind = "knowledge"
	SettingsChanged     Kind = "settings"
	CaseChanged         Kind = "case"         // Body: Case
	VerificationChanged Kind = "verification" // Body: Verification; whoever may see contacts is told
	ContactChanged      Kind = "contact"      // Body: Contact
	SessionEnded        Kind = "session"      // Agent must sign in again; Body: SessionEnd
)

// Event is one fact. Seq numbers rise in the order in which readers see them.
type Event struct {
	Seq          int64
	Kind         Kind
	Conversation conversation.ID
	Contact      contact.ID
	Team         agent.TeamID
	Agent        agent.ID // whom it concerns: who answers, or who is told
	Offered      agent.ID // where the conversation rings
	Was          agent.ID // who answered before, and must hear that it is gone
	At           time.Time
	Body         json.RawMessage
}

// Sight returns what decides which agents may see the event.
func (e Event) Sight() agent.Sight {
	return agent.Sight{Team: e.Team, Agent: e.Agent, Offered: e.Offered}
}

// Message is the body of MessageAdded.
type Message struct {
	Conversation conversation.Conversation `json:"conversation"`
	Message      conversation.Message      `json:"message"`
}

// Change is the body of ConversationChanged.
type Change struct {
	What         string                    `json:"what"` // queued, offered, missed, declined, accepted, transferred, closed, reopened, changed, read
	Conversation conversation.Conversation `json:"conversation"`
}

// Presence is the body of PresenceChanged.
type Presence struct {
	Agent     agent.ID       `json:"agent_id"`
	Presence  agent.Presence `json:"presence"`
	Connected bool           `json:"connected"`
	Phone     bool           `json:"phone"` // a telephone of theirs can ring
	Load      int            `json:"load"`
}

// Case is the body of CaseChanged: which case, and what happened to it. Whoever
// may see the case asks for the rest.
type Case struct {
	ID         ticket.ID `json:"id"`
	Number     string    `json:"number"`
	What       string    `json:"what"` // opened, the act, or clocks
	Version    int64     `json:"version"`
	AboutStaff bool      `json:"about_staff,omitzero"`
	Accused    agent.ID  `json:"accused_id,omitzero"`
}

// Verification is the body of VerificationChanged: of whom, and how it stands.
// Whoever may see the contact asks for the rest.
type Verification struct {
	Contact contact.ID         `json:"contact_id"`
	ID      verification.ID    `json:"id"`
	State   verification.State `json:"state"`
}

// Contact is the body of ContactChanged: of whom something else is known now.
// Whoever may see contacts asks for the rest.
type Contact struct {
	ID contact.ID `json:"contact_id"`
}

// Notice tells one agent about one conversation or case; it is also the body
// of Noticed.
type Notice struct {
	ID           NoticeID        `json:"id"`
	At           time.Time       `json:"at"`
	Kind         string          `json:"kind"` // mention, transfer, assigned, follow_up, automation, filter, silence.remind, silence.alarm, clock.<alarm>, paused after so many missed offers, which are the text, calendar.missing about a year, which is the text, mailbox.refused, mailbox.trouble and mailbox.works about an address, whose text is the code of the fault, mail.failed, mail.refused, mail.bounced, mail.uncertain, mail.third, or skill.missing, whose text names the skill and who needs it
	Conversation conversation.ID `json:"conversation_id,omitzero"`
	Case         ticket.ID       `json:"case_id,omitzero"`
	Text         string          `json:"text"`
	FromName     string          `json:"from_name"`
	Read         bool            `json:"read"`
}

// SessionEnd is the body of SessionEnded. An empty Session means all of them.
type SessionEnd struct {
	Session string `json:"session,omitzero"`
}

// Of returns an event about a conversation as it is now.
func Of(kind Kind, c conversation.Conversation, at time.Time, body any) Event {
	s := c.Sight()
	return Event{
		Kind: kind, Conversation: c.ID, Contact: c.Contact, Team: s.Team, Agent: s.Agent, Offered: s.Offered,
		At: at, Body: Encode(body),
	}
}

// Encode returns a body as JSON. Bodies are our own plain structs, which
// always can be written.
func Encode(body any) json.RawMessage {
	b, err := json.Marshal(body)
	if err != nil {
		panic("event: a body that is not JSON: " + err.Error())
	}
	return b
}
