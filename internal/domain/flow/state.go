package flow

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Schema is the version of State; a state of another one is not resumed.
const Schema = 1

// MostFrames is how many flows a person can have open: one, and what
// interrupted it, twice.
const MostFrames = 3

// State is how far a person is in their flows. It is plain data that any
// channel of the same person can go on with; the last frame is the one that
// is asked for now.
type State struct {
	Schema int     `json:"schema"`
	Frames []Frame `json:"frames,omitempty"`
}

// Waiting is what a frame waits for.
type Waiting string

// What a frame can wait for.
const (
	ForSlot    Waiting = "slot"
	ForConfirm Waiting = "confirm"
	ForChange  Waiting = "change" // it was not confirmed: what is to be changed?
	ForOffer   Waiting = "offer"  // whether a person is wanted
)

// Frame is one run of a flow.
type Frame struct {
	Flow      string              `json:"flow"`
	Version   int                 `json:"version"`
	Language  string              `json:"language,omitzero"` // in which it began: a plate is no change of language
	Run       string              `json:"run"`               // names the run; writes are known by it and their step
	Waiting   Waiting             `json:"waiting,omitzero"`
	Step      string              `json:"step,omitzero"`
	Slot      string              `json:"slot,omitzero"` // the one that was asked for
	Values    map[string]Value    `json:"values,omitempty"`
	Found     map[string]string   `json:"found,omitempty"`    // what look-ups and writes told
	Answered  []string            `json:"answered,omitempty"` // slots in the order of the answers, for going back
	Skipped   []string            `json:"skipped,omitempty"`
	Own       []string            `json:"own,omitempty"`       // slots that the person answers: what is known fills them no more
	Heard     map[string][]string `json:"heard,omitempty"`     // by slot: times that were named and did not come to be
	Misses    int                 `json:"misses,omitzero"`     // answers in a row that could not be read
	Unclear   bool                `json:"unclear,omitzero"`    // something that was told at a confirmation was not understood
	Doubt     bool                `json:"doubt,omitzero"`      // something that seemed to put an answer right was not understood
	Tries     map[string]int      `json:"tries,omitempty"`     // by look-up: how often nothing was found
	Revision  int                 `json:"revision,omitzero"`   // counts changes of values
	Confirmed map[string]int      `json:"confirmed,omitempty"` // by step: the revision that was confirmed
	Called    map[string]string   `json:"called,omitempty"`    // by look-up: with what, and what came of it
	Said      map[string]string   `json:"said,omitempty"`      // by step, so that nothing is said twice
	Written   map[string]bool     `json:"written,omitempty"`   // by step
	Touched   time.Time           `json:"touched"`
}

// Language returns in which language the person is spoken to: that of the flow
// that is open, or else the one of the message.
func (s State) Language(said string) string {
	if n := len(s.Frames); n > 0 && s.Frames[n-1].Language != "" {
		return s.Frames[n-1].Language
	}
	return said
}

// Forget takes away what was read from a text that was taken back, so that it
// is asked for again.
func (s State) Forget(text string) State {
	c := s.clone()
	for i := range c.Frames {
		f := &c.Frames[i]
		for slot, v := range f.Values {
			if v.Said != "" && strings.Contains(text, v.Said) {
				f.forget(slot)
				f.Revision++
			}
		}
	}
	return c
}

// clone returns a copy that shares nothing.
func (f Frame) clone() Frame {
	f.Values, f.Found, f.Confirmed = fresh(f.Values), fresh(f.Found), fresh(f.Confirmed)
	f.Called, f.Said, f.Written = fresh(f.Called), fresh(f.Said), fresh(f.Written)
	f.Tries, f.Heard = fresh(f.Tries), fresh(f.Heard)
	f.Answered, f.Skipped, f.Own = slices.Clone(f.Answered), slices.Clone(f.Skipped), slices.Clone(f.Own)
	return f
}

func fresh[V any](m map[string]V) map[string]V {
	c := make(map[string]V, len(m))
	maps.Copy(c, m)
	return c
}

func (s State) clone() State {
	c := State{Schema: Schema}
	for _, f := range s.Frames {
		c.Frames = append(c.Frames, f.clone())
	}
	return c
}

// set gives a slot a value.
func (f *Frame) set(slot string, v Value) {
	old, had := f.Values[slot]
	f.Values[slot] = v
	f.Skipped = slices.DeleteFunc(f.Skipped, func(s string) bool { return s == slot })
	if !had || old.Text != v.Text {
		f.Revision++
	}
}

// forget takes a value away so that it is asked for again.
func (f *Frame) forget(slot string) {
	delete(f.Values, slot)
	f.Skipped = slices.DeleteFunc(f.Skipped, func(s string) bool { return s == slot })
	f.Answered = slices.DeleteFunc(f.Answered, func(s string) bool { return s == slot })
	if !slices.Contains(f.Own, slot) {
		f.Own = append(f.Own, slot)
	}
	f.Revision++
}
