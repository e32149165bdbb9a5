package flow

import (
	"strconv"
	"time"

	"yingda/internal/domain/phrase"
)

// Rehearsal is a dialogue with a flow that touches nothing: whoever edits a
// flow tries it, and says what the seams tell.
type Rehearsal struct {
	Language string              `json:"language,omitzero"` // Chinese when absent
	Known    map[string][]string `json:"known,omitempty"`   // of the person: contact.phone
	Replies  []Reply             `json:"replies,omitempty"` // what seams tell; the first that fits; otherwise they find something without a word
	Says     []string            `json:"says"`              // what the person says, a message each; the first begins the flow
}

// MostRehearsed is how many messages a rehearsal may have.
const MostRehearsed = 60

// Rehearsed is what came of a message of a rehearsal.
type Rehearsed struct {
	Lines     []Line            `json:"lines"`
	Values    map[string]string `json:"values"` // what is known now
	Asks      string            `json:"asks"`   // what it ends with: see Turn.Asks
	Writes    []string          `json:"writes"` // the seams that were written to so far
	Decisions []Decision        `json:"decisions"`
}

// Rehearse plays a dialogue from its beginning, at a time, and returns what came
// of each message. Other flows of the library may be begun in it. A flow that
// Check finds wrong is not rehearsed.
func (f Flow) Rehearse(r Rehearsal, all Library, at Reading) []Rehearsed {
	language := r.Language
	if language == "" {
		language = phrase.Chinese
	}
	stub := &stub{script: Script{Replies: r.Replies}}
	e := Engine{Flows: with(all, f), Seams: stub, Known: r.Known}
	var state State
	out := make([]Rehearsed, 0, len(r.Says))
	for i, text := range r.Says[:min(len(r.Says), MostRehearsed)] {
		at.Now = at.Now.Add(time.Second)
		m := Message{Text: text, Language: language, Reading: at, Run: "rehearsal" + strconv.Itoa(i)}
		if i == 0 {
			m.Start = f.ID
		}
		t := e.Take(state, m)
		state = t.State
		values := map[string]string{}
		for slot, v := range t.Values() {
			values[slot] = v.Text
		}
		out = append(out, Rehearsed{
			Lines: append([]Line{}, t.Lines...), Values: values, Asks: t.Asks(), Writes: append([]string{}, stub.written...), Decisions: append([]Decision{}, t.Decisions...),
		})
	}
	return out
}
