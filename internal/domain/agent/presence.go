package agent

import (
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/kit/fault"
)

// State is whether an agent takes work.
type State string

// The states of presence (坐席状态).
const (
	Online  State = "online"
	Busy    State = "busy"  // keeps what they have, gets nothing new
	Break   State = "break" // away for a reason
	Offline State = "offline"
)

// NotResponding is the reason of a break that the program set: the agent let
// several offers ring.
const NotResponding = "not_responding"

// Presence is an agent's state since a time.
type Presence struct {
	State  State     `json:"state"`
	Reason string    `json:"reason,omitzero"` // with Break: meal, meeting, training, rest or one of the company's own
	Since  time.Time `json:"since"`
	// By is the supervisor who set it, and Why what they said; both are empty
	// of what the agent chose.
	By     ID     `json:"by_id,omitzero"`
	ByName string `json:"by_name,omitzero"`
	Why    string `json:"why,omitzero"`
}

// Set returns the presence after an agent chose a state. Choosing the state
// one is in changes nothing, so that its duration stays true.
func (p Presence) Set(state State, reason string, now time.Time) (Presence, error) {
	switch state {
	case Online, Busy, Offline:
		reason = ""
	case Break:
		if reason == "" || len(reason) > 40 {
			return p, fault.New(fault.Invalid, "presence.reason", "a break needs a reason").In("reason")
		}
	default:
		return p, fault.New(fault.Invalid, "presence.state", "the state is online, busy, break or offline").In("state")
	}
	if p.State == state && p.Reason == reason {
		return p, nil
	}
	return Presence{State: state, Reason: reason, Since: now}, nil
}

// Public is the presence as colleagues see it: why a supervisor set it is
// between the two.
func (p Presence) Public() Presence {
	p.By, p.ByName, p.Why = 0, "", ""
	return p
}

// MaxWhy is how much a supervisor says about a presence that they set, in
// characters.
const MaxWhy = 200

// Force returns the presence after somebody else set it, who has to say why.
func (p Presence) Force(state State, reason string, by Ref[ID], why string, now time.Time) (Presence, error) {
	why = strings.TrimSpace(why)
	switch n := utf8.RuneCountInString(why); {
	case n == 0:
		return p, fault.New(fault.Invalid, "presence.why", "say why; the agent is told").In("body.why")
	case n > MaxWhy:
		return p, fault.New(fault.Invalid, "presence.why_long", "the reason holds at most %d characters", MaxWhy).In("body.why")
	case state == Busy:
		return p, fault.New(fault.Invalid, "presence.forced_state", "others are set online, on a break or offline").In("body.state")
	}
	next, err := p.Set(state, reason, now)
	if err != nil || next == p {
		return p, err
	}
	next.By, next.ByName, next.Why = by.ID, by.Name, why
	return next, nil
}
