package conversation

import (
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/id"
)

// ConsultID names a consult.
type ConsultID = id.ID[consultNoun]

type consultNoun struct{}

func (consultNoun) Prefix() string { return "co" }

// NewConsultID returns the id of a consult that is asked at a time.
func NewConsultID(at time.Time) ConsultID { return id.New[consultNoun](at) }

// Consult is what a colleague is asked beside a conversation (咨询同事). The
// contact sees nothing of it. Question and answer stand in the timeline as
// notes too.
type Consult struct {
	ID           ConsultID `json:"id"`
	Conversation ID        `json:"conversation_id"`
	Asker        agent.ID  `json:"asker_id"`
	AskerName    string    `json:"asker_name"`
	Asked        agent.ID  `json:"asked_id"`
	AskedName    string    `json:"asked_name"`
	State        string    `json:"state"` // pending, answered or withdrawn
	Question     string    `json:"question"`
	Answer       string    `json:"answer,omitzero"`
	At           time.Time `json:"at"`
	EndedAt      time.Time `json:"ended_at,omitzero"`
}

// The states of a consult.
const (
	ConsultPending   = "pending"
	ConsultAnswered  = "answered"
	ConsultWithdrawn = "withdrawn"
)
