package live

import (
	"encoding/json"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/ticket"
)

// incoming is every frame that a client may send.
type incoming struct {
	Type         string          `json:"type"`
	After        int64           `json:"after"`
	Conversation conversation.ID `json:"conversation"`
	Case         ticket.ID       `json:"case"`
	On           bool            `json:"on"`
	Text         string          `json:"text"`
	Seq          int64           `json:"seq"`
}

// mostIncoming is the largest frame that a client may send, in bytes.
const mostIncoming = 64 << 10

// isPing recognises the frame that nearly all of them are.
func isPing(b []byte) bool { return string(b) == `{"type":"ping"}` }

// parse reads a frame; false if it is not one.
func parse(b []byte) (f incoming, ok bool) {
	err := json.Unmarshal(b, &f)
	return f, err == nil && f.Type != ""
}

var pong = []byte(`{"type":"pong"}`)

// Frames that are made here; those of events are in news.go.

type atFrame struct {
	Type string `json:"type"` // hello, at or reset
	Seq  int64  `json:"seq"`
}

type typingFrame struct {
	Type         string            `json:"type"`
	Conversation conversation.ID   `json:"conversation_id,omitzero"`
	From         conversation.From `json:"from,omitzero"`
	Name         string            `json:"name"`
	On           bool              `json:"on"`
	Text         string            `json:"text,omitzero"`
}

type viewingFrame struct {
	Type         string                `json:"type"`
	Conversation conversation.ID       `json:"conversation_id"`
	Agents       []agent.Ref[agent.ID] `json:"agents"`
}

type visitorFrame struct {
	Type    string            `json:"type"`
	Contact contact.ID        `json:"contact_id"`
	Online  bool              `json:"online"`
	Page    *contact.PageView `json:"page,omitempty"`
}

type viewFrame struct {
	Type         string                `json:"type"` // message, conversation, hello or reset
	Message      *conversation.Message `json:"message,omitempty"`
	Conversation *conversation.View    `json:"conversation,omitempty"`
}

// encode writes a frame. Frames are our own plain structs, which always can
// be written.
func encode(frame any) []byte {
	b, err := json.Marshal(frame)
	if err != nil {
		panic("live: a frame that is not JSON: " + err.Error())
	}
	return b
}

// pace lets a client send so many passing frames in a row, and then so many a
// second. What comes faster is dropped: the next one says the same.
type pace struct {
	last   time.Time
	tokens float64
}

const (
	paceBurst  = 20
	paceSecond = 5
)

func (p *pace) allow(now time.Time) bool {
	if p.last.IsZero() {
		p.tokens = paceBurst
	} else {
		p.tokens = min(paceBurst, p.tokens+now.Sub(p.last).Seconds()*paceSecond)
	}
	p.last = now
	if p.tokens < 1 {
		return false
	}
	p.tokens--
	return true
}
