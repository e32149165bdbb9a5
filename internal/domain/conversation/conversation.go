// Package conversation is what was said between a contact and us, and whose
// turn it is.
package conversation

import (
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mood"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/id"
)

// ID names a conversation.
type ID = id.ID[noun]

type noun struct{}

func (noun) Prefix() string { return "cv" }

// NewID returns the id of a conversation that begins at a time.
func NewID(at time.Time) ID { return id.New[noun](at) }

// Conversation is one thread with one contact through one inbox (会话).
type Conversation struct {
	ID          ID           `json:"id"`
	Number      int64        `json:"number"` // what people say aloud
	Inbox       inbox.ID     `json:"inbox_id"`
	Channel     string       `json:"channel"`
	Contact     contact.ID   `json:"contact_id"`
	ContactName string       `json:"contact_name"`
	State       State        `json:"state"`
	Team        agent.TeamID `json:"team_id,omitzero"`
	Agent       agent.ID     `json:"agent_id,omitzero"`
	AgentName   string       `json:"agent_name,omitzero"` // the public name
	Offer       *Offer       `json:"offer,omitzero"`
	QueueReason Reason       `json:"queue_reason,omitzero"`
	// WaitingSince is the contact's first message that nobody has answered.
	WaitingSince time.Time `json:"waiting_since,omitzero"`
	QueuedAt     time.Time `json:"queued_at,omitzero"` // place in the queue; kept when an offer fails
	Priority     int       `json:"priority"`
	// RankAt is the place in the queue: the earlier, the sooner (routing.Rules.Rank,
	// or the hand of a supervisor).
	RankAt   time.Time      `json:"rank_at,omitzero"`
	Needs    []routing.Need `json:"needs,omitempty"`     // skills of whoever answers
	Prefers  agent.ID       `json:"prefers_id,omitzero"` // who served this customer last
	ToldAt   time.Time      `json:"-"`                   // the contact was told of other ways than waiting
	LeftAt   time.Time      `json:"-"`                   // the place with which the contact left the queue
	Language string         `json:"language"`
	Misses   int            `json:"-"` // turns in a row in which the assistant did not help
	LastSeq  int64          `json:"last_seq"`
	LastText string         `json:"last_text"`
	LastFrom From           `json:"last_from,omitzero"`
	LastAt   time.Time      `json:"last_at"`
	Unread   int            `json:"unread"`
	// Tension is how the contact feels by what they wrote; Mood is its level.
	Tension      mood.Tension `json:"tension,omitzero" doc:"how the contact feels by what they wrote, 0 to 100"`
	Mood         mood.Level   `json:"mood,omitzero" enum:"calm,worried,angry" doc:"the level of the tension"`
	ContactRead  int64        `json:"contact_read_seq"`
	ContactHas   int64        `json:"contact_delivered_seq"`
	AgentRead    int64        `json:"agent_read_seq"`
	StartedAt    time.Time    `json:"started_at"`
	FirstReplyAt time.Time    `json:"first_reply_at,omitzero"`
	ClosedAt     time.Time    `json:"closed_at,omitzero"`
	ClosedBy     From         `json:"closed_by,omitzero"`
	Summary      *Summary     `json:"summary,omitzero"`
	PageURL      string       `json:"page_url,omitzero"`
	PageTitle    string       `json:"page_title,omitzero"` // by e-mail: the subject
	Tags         []string     `json:"tags,omitempty"`      // words to find it by (标签), in order
	TakenAt      time.Time    `json:"taken_at,omitzero"`   // when the agent took it
	// SilentSince is our last word that the customer has not answered (M049);
	// the conversation ends by itself when nothing follows, unless it is held.
	SilentSince time.Time `json:"silent_since,omitzero"`
	WarnedAt    time.Time `json:"warned_at,omitzero"` // the customer was told that it will end
	Held        bool      `json:"held,omitzero"`      // the agent waits for the customer
	Reminded    int       `json:"-"`                  // how often we were reminded of a customer who waits
	// ExpectedAt is by when the contact was told that a specialist answers.
	ExpectedAt time.Time `json:"expected_at,omitzero"`
	// Participants take part besides who answers for it, with those who
	// declined or left.
	Participants []Participant `json:"participants,omitempty"`
	Version      int64         `json:"version"`
}

// Offer is a conversation that rings at an agent.
type Offer struct {
	Agent agent.ID  `json:"agent_id"`
	Until time.Time `json:"until"`
}

// Summary is what an agent writes when a conversation ends (会话小结).
type Summary struct {
	Category string `json:"category"`
	Result   string `json:"result"`
	Note     string `json:"note"`
	// Suggested is the category that closed work suggested when it was written.
	Suggested string `json:"suggested,omitempty"`
	// Understood says that the agent made sure that the contact understood the
	// answer (R072).
	Understood bool `json:"understood,omitempty"`
}

// From is which side said something.
type From string

// The sides.
const (
	FromContact From = "contact"
	FromAgent   From = "agent"
	FromBot     From = "bot"
	FromSystem  From = "system"
)

// Reason is why a conversation waits for a person.
type Reason string

// The reasons.
const (
	Asked     Reason = "asked"      // the contact asked for a person
	Missed    Reason = "miss"       // the assistant could not help
	Safety    Reason = "safety"     // someone may be in danger
	NoBot     Reason = "no_bot"     // this inbox has no assistant
	Transfer  Reason = "transfer"   // handed on by an agent
	AgentLost Reason = "agent_lost" // the agent went away
	Reopened  Reason = "reopened"
)

// Sight returns what decides who may see the conversation.
func (c Conversation) Sight() agent.Sight {
	s := agent.Sight{Team: c.Team, Agent: c.Agent}
	if c.Offer != nil {
		s.Offered = c.Offer.Agent
	}
	for _, p := range c.Participants {
		if p.active() {
			s.Guests = append(s.Guests, p.Agent)
		}
	}
	return s
}

// previewRunes is how much of the last message a list shows.
const previewRunes = 120

// Said returns the conversation after m was added to it. Notes and whispers
// change nothing but the sequence; what the contact says is unread until an agent looks.
func (c Conversation) Said(m Message) Conversation {
	c.LastSeq = m.Seq
	if m.Kind == Note || m.Kind == Whisper || m.Kind == Event {
		return c
	}
	c.LastAt, c.LastFrom, c.LastText = m.At, m.From, preview(m)
	switch m.From {
	case FromContact:
		c.Unread++
		if m.Text != "" {
			c.Tension = mood.After(c.Tension, mood.Read(m.Text))
			c.Mood = c.Tension.Level()
		}
		c.ContactRead, c.ContactHas = m.Seq, m.Seq
		c.SilentSince, c.WarnedAt, c.Held = time.Time{}, time.Time{}, false
		if c.WaitingSince.IsZero() {
			c.WaitingSince = m.At
		}
	case FromAgent:
		c.Unread, c.AgentRead, c.WaitingSince = 0, m.Seq, time.Time{}
		c.SilentSince, c.WarnedAt, c.Reminded = m.At, time.Time{}, 0
		if c.FirstReplyAt.IsZero() {
			c.FirstReplyAt = m.At
		}
	case FromBot:
		c.WaitingSince = time.Time{}
	case FromSystem:
	}
	return c
}

func preview(m Message) string {
	text := m.Text
	if m.Masked != "" {
		text = m.Masked
	}
	s := strings.Join(strings.Fields(text), " ")
	if s == "" && len(m.Attachments) > 0 {
		s = m.Attachments[0].Name
	}
	if utf8.RuneCountInString(s) > previewRunes {
		s = string([]rune(s)[:previewRunes-1]) + "…"
	}
	return s
}

// View is a visitor's sight of a conversation.
type View struct {
	ID            ID            `json:"id"`
	Number        int64         `json:"number"`
	State         State         `json:"state"`
	AgentName     string        `json:"agent_name,omitzero"`
	QueuePosition int           `json:"queue_position,omitzero"` // 1 is next
	Wait          *routing.Band `json:"wait,omitempty"`          // how long it will take, if that can be said
	LastSeq       int64         `json:"last_seq"`
	AgentRead     int64         `json:"agent_read_seq"`
	ContactRead   int64         `json:"contact_read_seq"`
	ClosedBy      From          `json:"closed_by,omitzero"`
}

// View returns what the contact may see.
func (c Conversation) View() View {
	return View{
		ID: c.ID, Number: c.Number, State: c.State, AgentName: c.AgentName,
		LastSeq: c.LastSeq, AgentRead: c.AgentRead, ContactRead: c.ContactRead, ClosedBy: c.ClosedBy,
	}
}
