// Package review is the second look at a decision (上级复核): somebody asks for
// it, a supervisor upholds the decision or puts another in its place, and both
// are kept (R173).
package review

import (
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// ID names a review.
type ID = id.ID[noun]

type noun struct{}

func (noun) Prefix() string { return "rv" }

// NewID returns the id of a review that is asked for at a time.
func NewID(at time.Time) ID { return id.New[noun](at) }

// State is where a review stands.
type State string

// The states.
const (
	Open     State = "open"     // 待复核
	Upheld   State = "upheld"   // 维持原决定
	Replaced State = "replaced" // 改为新的决定
)

// Review is the second look at one decision in a conversation or a case.
type Review struct {
	ID           ID                  `json:"id"`
	Conversation conversation.ID     `json:"conversation_id,omitzero"`
	Case         ticket.ID           `json:"case_id,omitzero"`
	State        State               `json:"state"`
	Decision     string              `json:"decision"` // what was decided
	Decider      agent.Ref[agent.ID] `json:"decider"`  // by whom
	Why          string              `json:"why"`      // it should be looked at again
	Customer     bool                `json:"customer"` // the customer asked for it
	Asker        agent.Ref[agent.ID] `json:"asker"`
	AskedAt      time.Time           `json:"asked_at"`
	Instead      string              `json:"instead,omitzero"` // the decision that replaces it
	Reason       string              `json:"reason,omitzero"`  // of the verdict
	Reviewer     agent.Ref[agent.ID] `json:"reviewer,omitzero"`
	ReviewedAt   time.Time           `json:"reviewed_at,omitzero"`
	Version      int64               `json:"version"`
}

// Verdict is what a supervisor says: an empty Instead upholds the decision.
type Verdict struct {
	Replace bool
	Instead string
	Reason  string
}

// MaxText is the longest text of a review, in characters.
const MaxText = 2000

func text(s, field string) (string, error) {
	s = strings.TrimSpace(s)
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		return s, fault.New(fault.Invalid, "review.text", "write this down; it is kept with the decision").In("body." + field)
	case n > MaxText:
		return s, fault.New(fault.Invalid, "review.long", "a text holds at most %d characters", MaxText).In("body." + field)
	}
	return s, nil
}

// Ask returns a review as it is asked for, or what is missing.
func (r Review) Ask(now time.Time) (_ Review, err error) {
	if r.Decision, err = text(r.Decision, "decision"); err != nil {
		return r, err
	}
	if r.Why, err = text(r.Why, "why"); err != nil {
		return r, err
	}
	r.State, r.AskedAt, r.Version = Open, now, 1
	return r, nil
}

// Decide returns the review after a verdict. Nobody judges their own decision,
// or what they asked for themselves.
func (r Review) Decide(by agent.Ref[agent.ID], v Verdict, now time.Time) (_ Review, err error) {
	switch {
	case r.State != Open:
		return r, fault.New(fault.Conflict, "review.over", "this was reviewed already")
	case by.ID == r.Decider.ID || by.ID == r.Asker.ID:
		return r, fault.New(fault.Forbidden, "review.self", "somebody else has to review this: it is your own decision or request")
	}
	if r.Reason, err = text(v.Reason, "reason"); err != nil {
		return r, err
	}
	r.State, r.Instead = Upheld, ""
	if v.Replace {
		if r.Instead, err = text(v.Instead, "instead"); err != nil {
			return r, err
		}
		r.State = Replaced
	}
	r.Reviewer, r.ReviewedAt = by, now
	return r, nil
}
