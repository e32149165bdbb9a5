package contact

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// StepID names a step.
type StepID = id.ID[stepNoun]

type stepNoun struct{}

func (stepNoun) Prefix() string { return "st" }

// NewStepID returns the id of a step.
func NewStepID(at time.Time) StepID { return id.New[stepNoun](at) }

// Step is something that was tried already (已尝试步骤), so that nobody asks a
// customer for it again (R082). It goes along on a transfer and on a hand-over,
// because it stands with the customer.
type Step struct {
	ID      StepID    `json:"id"`
	Contact ID        `json:"contact_id"`
	Talk    string    `json:"conversation_id,omitzero"` // the conversation in which it was said
	Text    string    `json:"text"`
	Helped  Helped    `json:"helped" enum:"no,partly,yes,unknown"`
	At      time.Time `json:"at"`
	By      string    `json:"by_name"` // empty: the assistant
}

// Helped is whether a step solved anything.
type Helped string

// Whether it did.
const (
	HelpedNo      Helped = "no"
	HelpedPartly  Helped = "partly"
	HelpedYes     Helped = "yes"
	HelpedUnknown Helped = "unknown"
)

// MaxStep is the longest step, in characters.
const MaxStep = 500

// Check returns the step, or what is wrong with it.
func (s Step) Check() (Step, error) {
	s.Text = strings.TrimSpace(s.Text)
	if n := utf8.RuneCountInString(s.Text); n == 0 || n > MaxStep {
		return s, fault.New(fault.Invalid, "step.text", "a step has 1 to %d characters", MaxStep).In("body.text")
	}
	if s.Helped == "" {
		s.Helped = HelpedUnknown
	}
	if !slices.Contains([]Helped{HelpedNo, HelpedPartly, HelpedYes, HelpedUnknown}, s.Helped) {
		return s, fault.New(fault.Invalid, "step.helped", "whether it helped is no, partly, yes or unknown").In("body.helped")
	}
	return s, nil
}
