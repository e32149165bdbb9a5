// Package learning is what closed work teaches (从办结中学习): of what kind a new
// piece of work is, how urgent it is and who ends up with it; how far that can
// be trusted, and when it is good enough to be suggested to people. Suggested
// only: a person, or a rule that a person wrote, acts.
package learning

import (
	"math"
	"slices"
	"strconv"
	"time"

	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
)

// Topic is one thing that closed work tells.
type Topic string

// The topics.
const (
	TalkCategory Topic = "conversation.category" // what it was closed as
	TalkTeam     Topic = "conversation.team"     // which team ended it
	CaseKind     Topic = "case.kind"
	CaseCategory Topic = "case.category"
	CaseUrgency  Topic = "case.urgency" // low, normal or high
	CaseTeam     Topic = "case.team"    // which team ended it
)

// Topics lists them, in the order in which people read them.
func Topics() []Topic {
	return []Topic{TalkCategory, TalkTeam, CaseKind, CaseCategory, CaseUrgency, CaseTeam}
}

// OfCases reports whether the topic is learnt from cases, and not from
// conversations.
func (t Topic) OfCases() bool {
	return t == CaseKind || t == CaseCategory || t == CaseUrgency || t == CaseTeam
}

// LeastExamples is how many closed pieces of work an answer needs before it is
// learnt, and LeastAnswers how many such answers a topic needs.
const (
	LeastExamples = 20
	LeastAnswers  = 2
)

// Settings are what an administrator sets.
type Settings struct {
	// Least is the share of pieces of work that were not learnt from in which the
	// first suggestion has to be right, from 0 to 1. Below it nothing is suggested.
	Least   float64 `json:"least"`
	Off     []Topic `json:"off"` // topics of which nothing is suggested
	Version int64   `json:"version"`
}

// Defaults are those of a new company.
func Defaults() Settings { return Settings{Least: 0.7, Off: []Topic{}} }

// Check says what is wrong with the settings.
func (s Settings) Check() error {
	if !(s.Least >= 0.5 && s.Least <= 0.99) {
		return fault.New(fault.Invalid, "learning.least", "the accuracy is %d to %d per cent", 50, 99).In("least")
	}
	for _, t := range s.Off {
		if !slices.Contains(Topics(), t) {
			return fault.New(fault.Invalid, "learning.topic", "nothing named %q is learnt", string(t)).In("off")
		}
	}
	return nil
}

// Standing is how well a topic was learnt.
type Standing struct {
	Topic    Topic   `json:"topic"`
	Closed   int     `json:"closed"`   // closed pieces of work that tell it
	Examples int     `json:"examples"` // of these, how many it was learnt from: their answers are not too rare
	Answers  int     `json:"answers"`  // answers that are told apart
	Accuracy float64 `json:"accuracy"` // share that is right of those that were not learnt from, each fifth by the other four
	Common   float64 `json:"common"`   // share that is right by always naming the most frequent answer
}

// Learnt is how all of it stands.
type Learnt struct {
	At        time.Time  `json:"at"`    // when it was learnt; also by what nodes know that they have the newest
	Until     time.Time  `json:"until"` // what was closed before was learnt from
	Standings []Standing `json:"standings"`
}

// Of returns how a topic stands.
func (l Learnt) Of(t Topic) Standing {
	for _, s := range l.Standings {
		if s.Topic == t {
			return s
		}
	}
	return Standing{Topic: t}
}

// Decision is whether something is suggested, and why or why not.
type Decision struct {
	Suggests bool
	Why      phrase.Reason
}

// Decide says whether a topic is suggested: it is not switched off, there are
// examples enough, and it is right often enough, and oftener than naming what
// is most frequent.
func (s Settings) Decide(st Standing) Decision {
	switch {
	case slices.Contains(s.Off, st.Topic):
		return Decision{Why: phrase.Because("learning.why.off", "it is switched off")}
	case st.Answers < LeastAnswers:
		return Decision{Why: phrase.Because("learning.why.few", "%s closed so far, and %s answers with at least %s each are needed: %s have so many",
			strconv.Itoa(st.Closed), strconv.Itoa(LeastAnswers), strconv.Itoa(LeastExamples), strconv.Itoa(st.Answers))}
	case st.Accuracy < s.Least:
		return Decision{Why: phrase.Because("learning.why.weak", "right in %s %% of those that it had not learnt from; %s %% are needed", percent(st.Accuracy), percent(s.Least))}
	case st.Accuracy <= st.Common:
		return Decision{Why: phrase.Because("learning.why.common", "right in %s %%, no better than always naming the most frequent answer (%s %%)", percent(st.Accuracy), percent(st.Common))}
	}
	return Decision{Suggests: true, Why: phrase.Because("learning.why.good", "learnt from %s closed, right in %s %% of those that it had not learnt from", strconv.Itoa(st.Examples), percent(st.Accuracy))}
}

// percent never rounds up: 69.9 % is not 70 %.
func percent(share float64) string { return strconv.Itoa(int(math.Floor(share*100 + 1e-9))) }

// Guess is an answer that is suggested.
type Guess struct {
	Answer      string
	Probability float64 // from 0 to 1
}

// Used is what people did with suggestions that they saw.
type Used struct {
	Taken   int64 `json:"taken"`   // it became so
	Changed int64 `json:"changed"` // it became something else
}

// Urgency is an urgency of cases, 1 to 3, as it is learnt; not said is normal.
func Urgency(n int) string {
	switch n {
	case 1:
		return "low"
	case 3:
		return "high"
	}
	return "normal"
}
