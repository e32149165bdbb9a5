// Package flow is the dialogue flows of the assistant (流程): what has to be
// asked, looked up, confirmed and written to get one thing done for a person,
// as versioned data, and the engine that carries the person through it over
// several turns and channels. It touches nothing: look-ups, writes and answers
// are interfaces that the caller hands in, and the time is an argument.
package flow

import (
	"time"

	"yingda/internal/domain/inbox"
)

// Text is a text in both languages.
type Text = inbox.Text

// Flow is one process in one version. A run keeps the version it began with.
type Flow struct {
	ID        string   `json:"id"`
	Version   int      `json:"version"`
	Name      Text     `json:"name"`
	Audience  Audience `json:"audience,omitzero" enum:"agents,both" doc:"whom it leads: customers where it is left out, agents as a troubleshooting tree, or both"`
	Triggers  []string `json:"triggers"`            // what people say who want this and nothing more, in either language
	Signs     []string `json:"signs,omitempty"`     // what they say that is already part of an answer: 打不着火
	Phrasings []string `json:"phrasings,omitempty"` // whole ways of asking for it, which others resemble: 我的车修好了吗
	Slots     []Slot   `json:"slots"`
	Steps     []Step   `json:"steps"`             // from the first on; a step without Next goes on to the one below
	Cancelled Text     `json:"cancelled"`         // said when the person gives up
	Minutes   int      `json:"minutes,omitzero"`  // how long a run waits for an answer; half an hour when absent
	Scripts   []Script `json:"scripts,omitempty"` // stored dialogues; they must pass before the version is published
	// Rests is set of a flow that nobody new is carried through: it was switched
	// off, or what it looks up is not there. Who is in it goes on.
	Rests bool `json:"-"`
}

// Own is the version before a company's first one; those that come with the
// program stay below it. The two never meet, however many either has.
const Own = 1000

// Lifetime returns how long a run of the flow waits for an answer.
func (f Flow) Lifetime() time.Duration {
	if f.Minutes <= 0 {
		return 30 * time.Minute
	}
	return time.Duration(f.Minutes) * time.Minute
}

// Slot returns a slot by its id.
func (f Flow) Slot(id string) (Slot, bool) {
	for _, s := range f.Slots {
		if s.ID == id {
			return s, true
		}
	}
	return Slot{}, false
}

// optionWords returns the names of all options and the words for them.
func (f Flow) optionWords() (words []string) {
	for _, s := range f.Slots {
		for _, o := range s.Options {
			words = append(append(words, o.Name.Zh, o.Name.En), o.Words...)
		}
	}
	return words
}

// at returns where a step stands, or -1.
func (f Flow) at(step string) int {
	for i, s := range f.Steps {
		if s.ID == step {
			return i
		}
	}
	return -1
}

// Type is what kind of value a slot takes.
type Type string

// The types.
const (
	FreeText  Type = "text"
	Moment    Type = "moment" // a day, a time, or a span of either
	Plate     Type = "plate"
	VIN       Type = "vin"
	Phone     Type = "phone"
	Email     Type = "email"
	Mileage   Type = "mileage" // kilometres
	Amount    Type = "amount"  // yuan
	YesNo     Type = "yes_no"
	Choice    Type = "choice"
	Reference Type = "reference" // the number of an order or a case
)

// Types lists all of them.
func Types() []Type {
	return []Type{FreeText, Moment, Plate, VIN, Phone, Email, Mileage, Amount, YesNo, Choice, Reference}
}

// Slot is one thing that a flow has to know.
type Slot struct {
	ID       string   `json:"id"`
	Type     Type     `json:"type"`
	Name     Text     `json:"name"`
	Ask      Text     `json:"ask"`   // the first question
	Again    Text     `json:"again"` // asked after an answer that could not be read, with an example
	Optional bool     `json:"optional,omitzero"`
	Prefill  string   `json:"prefill,omitzero"` // what is known of the person fills it: contact.phone
	Opening  bool     `json:"opening,omitzero"` // a text that the message which began the flow may already be
	Options  []Option `json:"options,omitempty"`
	Yes      []string `json:"yes,omitempty"` // what else means yes or no to this question
	No       []string `json:"no,omitempty"`
	Past     bool     `json:"past,omitzero"`   // a moment that cannot lie ahead
	Future   bool     `json:"future,omitzero"` // a moment that cannot lie behind
	Least    int64    `json:"least,omitzero"`  // of a text in characters, of a mileage in kilometres, of an amount in yuan
	Most     int64    `json:"most,omitzero"`   // no bound when zero; of a text 1000
}

// Option is one of those that a choice offers.
type Option struct {
	ID    string   `json:"id"`
	Name  Text     `json:"name"`
	Words []string `json:"words,omitempty"` // how else people say it
}

// Kind is what a step does.
type Kind string

// The kinds of step.
const (
	Ask     Kind = "ask"     // for the slots that are not known yet
	LookUp  Kind = "look_up" // reads something through a seam
	Branch  Kind = "branch"
	Say     Kind = "say"
	Confirm Kind = "confirm" // shows what is about to be done; only an explicit yes goes on
	Write   Kind = "write"   // does it through a seam, once in a run
	End     Kind = "end"
)

// Kinds lists all of them.
func Kinds() []Kind { return []Kind{Ask, LookUp, Branch, Say, Confirm, Write, End} }

// Step is one step of a flow. Texts name slots and what was found in braces:
// {vin}, {car.model}, {phone|mask}.
type Step struct {
	ID      string            `json:"id"`
	Kind    Kind              `json:"kind"`
	Slots   []string          `json:"slots,omitempty"` // of an ask, in the order of asking
	Text    Text              `json:"text,omitzero"`
	Seam    string            `json:"seam,omitzero"`
	With    map[string]string `json:"with,omitempty"`   // what the seam is given: a slot's id, or =text
	Into    string            `json:"into,omitzero"`    // before what was found: car gives car.model
	Recheck string            `json:"recheck,omitzero"` // the slot that is asked again when nothing is found, after Text
	Missing string            `json:"missing,omitzero"` // the step when nothing is found
	Failed  string            `json:"failed,omitzero"`  // the step when the seam failed twice; a person takes over when absent
	Cases   []Case            `json:"cases,omitempty"`  // of a branch; the first that holds counts
	Next    string            `json:"next,omitzero"`    // the step after this one
	Person  bool              `json:"person,omitzero"`  // an end that hands over to a person
}

// Case is one way out of a branch.
type Case struct {
	Of   string   `json:"of"` // a slot, or something found: car.model
	Is   Test     `json:"is"`
	Any  []string `json:"any,omitempty"`
	Next string   `json:"next"`
}

// Test is how a case compares.
type Test string

// The tests.
const (
	OneOf   Test = "one_of"
	NoneOf  Test = "none_of"
	Holds   Test = "holds" // one of the words stands in it
	Known   Test = "known"
	Unknown Test = "unknown"
	AtLeast Test = "at_least" // a number
)
