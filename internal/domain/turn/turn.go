// Package turn is what the assistant decided about one message of a contact,
// and why (决策记录): kept for the people who want to know why it said this.
package turn

import (
	"time"

	"yingda/internal/domain/conversation"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/phrase"
)

// Action is what was done.
type Action string

// The actions.
const (
	Answered Action = "answer"    // an entry of the knowledge base was given
	Offered  Action = "choose"    // the nearest questions were offered
	Carried  Action = "flow"      // a flow went on
	Replied  Action = "reply"     // a greeting, thanks, or that nothing was found
	Handed   Action = "hand_over" // people have it now
	Joined   Action = "join"      // it is one thing with what was said after it, and is answered there
	Silent   Action = "none"      // nothing was asked
)

// Record is one turn of the assistant.
type Record struct {
	Message      conversation.MessageID `json:"message_id"` // of the contact
	Conversation conversation.ID        `json:"conversation_id"`
	At           time.Time              `json:"at"`
	Took         time.Duration          `json:"took_ns"` // to decide, not to write down
	Language     string                 `json:"language"`
	Action       Action                 `json:"action" enum:"answer,choose,flow,reply,hand_over,join,none"`
	Why          []phrase.Reason        `json:"why"`
	Probability  float64                `json:"probability,omitzero"` // that the first candidate is meant
	Needed       float64                `json:"needed,omitzero"`      // for an answer outright
	Candidates   []Candidate            `json:"candidates,omitempty"` // best first
	Flow         []flow.Decision        `json:"flow,omitempty"`       // in the order in which they were made
}

// Candidate is a question of the knowledge base that came near.
type Candidate struct {
	Question string  `json:"question"`
	Score    float64 `json:"score"` // from 0 to 1
}
