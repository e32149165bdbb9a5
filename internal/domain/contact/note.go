package contact

import (
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// NoteID names a note.
type NoteID = id.ID[noteNoun]

type noteNoun struct{}

func (noteNoun) Prefix() string { return "nt" }

// NewNoteID returns the id of a note.
func NewNoteID(at time.Time) NoteID { return id.New[noteNoun](at) }

// Note is something to know of a customer (客户备注), whatever they turn to us
// with. The customer never sees it.
type Note struct {
	ID        NoteID    `json:"id"`
	Contact   ID        `json:"contact_id"`
	Agent     agent.ID  `json:"agent_id,omitzero"`
	By        string    `json:"by_name"`
	Text      string    `json:"text"`
	Pinned    bool      `json:"pinned"` // stands first
	At        time.Time `json:"at"`
	ChangedAt time.Time `json:"changed_at,omitzero"`
}

// CheckNote returns the text of a note, or what is wrong with it.
func CheckNote(s string) (string, error) {
	s = strings.TrimSpace(s)
	if n := utf8.RuneCountInString(s); n == 0 || n > MaxNote {
		return s, fault.New(fault.Invalid, "contact.note", "a note has 1 to %d characters", MaxNote).In("body.text")
	}
	return s, nil
}
