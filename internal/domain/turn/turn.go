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
	Article      string                 `json:"article,omitzero"`     // the title of the article of which a passage was given
	Flow         []flow.Decision        `json:"flow,omitempty"`       // in the order in which they were made
	Model        *Model                 `json:"model,omitempty"`      // what a language model had to do with it; nil if none was thought of
}

// Model is what a language model did in a turn, and what was made of it.
type Model struct {
	Used     bool            `json:"used"`             // what was done is what it proposed, checked
	Names    []string        `json:"names,omitempty"`  // of the models that were asked
	Calls    int64           `json:"calls"`            // that were made, those that failed too
	In       int64           `json:"tokens_in"`        // that were sent
	Out      int64           `json:"tokens_out"`       // that came back
	Micros   int64           `json:"micro_yuan"`       // what that cost, in millionths of a yuan
	Took     time.Duration   `json:"took_ns"`          // to wait for it
	Wanted   []string        `json:"wanted,omitempty"` // the tools that it called, in order
	Refused  []phrase.Reason `json:"refused,omitempty"`
	Failed   []phrase.Reason `json:"failed,omitempty"`   // the checks that what it composed did not pass
	Fallback *phrase.Reason  `json:"fallback,omitempty"` // why the assistant did without it
	Draft    string          `json:"draft,omitzero"`     // an answer that a person has to confirm
}

// Add counts in what was asked of a model before, about the same message.
func (m *Model) Add(before Model) {
	m.Used = m.Used || before.Used
	m.Names = append(before.Names, m.Names...)
	m.Calls, m.In, m.Out, m.Micros, m.Took = m.Calls+before.Calls, m.In+before.In, m.Out+before.Out, m.Micros+before.Micros, m.Took+before.Took
}

// Candidate is a question of the knowledge base that came near.
type Candidate struct {
	Question string  `json:"question"`
	Score    float64 `json:"score"` // from 0 to 1
}
