package automation

import (
	"slices"
	"strconv"
	"time"

	"yingda/internal/domain/phrase"
)

// Bounds on rules that set each other off.
const (
	MaxChain   = 5  // how many rules in a row may set each other off
	MaxPerHour = 10 // how often one rule may act on one subject within an hour
)

// Run is a time at which a rule acted.
type Run struct {
	Rule    ID        `json:"rule_id"`
	Subject string    `json:"subject"`
	Version int64     `json:"version"` // of the subject, before the rule acted
	At      time.Time `json:"at"`
}

// Chain is where a happening comes from: its subject as it is, and how many
// rules in a row led to it. What a person, a customer or a clock did has
// depth 0; what a rule did, the depth of that rule's happening and one more.
type Chain struct {
	Subject string
	Version int64
	Depth   int
}

// Admit divides the rules that fired into those that may act and those that
// are held back, with why: the chain is too long, the rule has acted on this
// version of the subject, or it has acted too often within the hour. runs are
// earlier ones; those of other rules and subjects do not count.
func Admit(fired []Fired, c Chain, runs []Run, now time.Time) (act []Fired, held []Skipped) {
	for _, f := range fired {
		if why, ok := admits(f.Rule, c, runs, now); !ok {
			held = append(held, Skipped{Rule: f.Rule, Name: f.Name, Why: why, Tree: &f.Why})
			continue
		}
		act = append(act, f)
		runs = append(slices.Clip(runs), Run{Rule: f.Rule, Subject: c.Subject, Version: c.Version, At: now})
	}
	return act, held
}

func admits(rule ID, c Chain, runs []Run, now time.Time) (phrase.Reason, bool) {
	if c.Depth >= MaxChain {
		return phrase.Because("why.rule.chain", "%s rules in a row set each other off; it stops here", strconv.Itoa(MaxChain)), false
	}
	lately := 0
	for _, r := range runs {
		switch {
		case r.Rule != rule || r.Subject != c.Subject:
		case r.Version == c.Version:
			return phrase.Because("why.rule.once", "the rule has acted on this very version"), false
		case now.Sub(r.At) < time.Hour:
			lately++
		}
	}
	if lately >= MaxPerHour {
		return phrase.Because("why.rule.rate", "the rule has acted here %s times within an hour; it rests", strconv.Itoa(MaxPerHour)), false
	}
	return phrase.Reason{}, true
}
