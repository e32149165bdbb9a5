package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"yingda/internal/domain/agent"
)

// Edited is what is a company's own of something that is edited in versions: of
// a flow, of a menu.
type Edited[T any] struct {
	ID      string
	Version int // the newest one of its own; 0: none
	Rests   bool
	Draft   *T     // nil: nobody is changing it
	Base    int    // the version that the draft was begun from; 0: something new
	By      string // who changed the draft last
	At      time.Time
	Rev     int64 // rises with each change; 0: nothing is its own yet
}

// read takes what a row says into e, with the draft.
func (e Edited[T]) read(draft string) (Edited[T], error) {
	if draft == "" {
		return e, nil
	}
	e.Draft = new(T)
	return e, json.Unmarshal([]byte(draft), e.Draft)
}

// draft returns the draft as it is written; empty if there is none.
func (e Edited[T]) draft() (string, error) {
	if e.Draft == nil {
		return "", nil
	}
	b, err := json.Marshal(e.Draft)
	return string(b), err
}

// none returns what there is of something of which nothing is a company's own.
func none[T any](id string, err error) (Edited[T], error) {
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return Edited[T]{ID: id}, err
}

// Publication is a version of a flow or a menu that was published.
type Publication struct {
	Version int
	Note    string // what was changed, in the words of who published it
	By      agent.ID
	ByName  string
	At      time.Time
}
