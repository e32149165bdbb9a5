package agent

import (
	"time"

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
