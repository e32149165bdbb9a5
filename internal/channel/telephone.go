package channel

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
)

// Telephone is what agents do with calls whose line is at this program. Each
// method acts for by; a call that is over, or at another program, is a Conflict.
type Telephone interface {
	// Dial calls a number for an agent; one that they may not call is Forbidden.
	Dial(ctx context.Context, by agent.Actor, number string) (call.ID, error)
	// Answer takes a call that rings at an agent, or a consultation, with the
	// telephone in their console.
	Answer(ctx context.Context, by agent.Actor, i call.ID) error
	// Decline gives a call that rings at an agent to others.
	Decline(ctx context.Context, by agent.Actor, i call.ID) error
	// Hangup ends an agent's part of a call; who only listened leaves it.
	Hangup(ctx context.Context, by agent.Actor, i call.ID) error
	// Hold lets the customer wait with music, Resume ends it.
	Hold(ctx context.Context, by agent.Actor, i call.ID) error
	Resume(ctx context.Context, by agent.Actor, i call.ID) error
	// Keys presses keys towards the customer, or the third party.
	Keys(ctx context.Context, by agent.Actor, i call.ID, keys string) error
	// PauseRecording leaves what is said out of the recording, or takes it in again.
	PauseRecording(ctx context.Context, by agent.Actor, i call.ID, on bool) error
	// Consult lets the customer wait and rings somebody whom the agent wants to ask;
	// Return lets them go, Join makes three of it.
	Consult(ctx context.Context, by agent.Actor, i call.ID, w Whom) error
	Return(ctx context.Context, by agent.Actor, i call.ID) error
	Join(ctx context.Context, by agent.Actor, i call.ID) error
	// Transfer hands the customer to a number outside; without one to whoever is
	// consulted.
	Transfer(ctx context.Context, by agent.Actor, i call.ID, number string) error
	// Supervise lets a supervisor hear a call, as the word says: Listening,
	// Whispering or Barging.
	Supervise(ctx context.Context, by agent.Actor, i call.ID, how string) error
	// TakeOver gives a supervisor the call that another agent has.
	TakeOver(ctx context.Context, by agent.Actor, i call.ID) error
	// Line returns what the line knows of a call and the desk does not; false if it
	// is not here.
	Line(ctx context.Context, i call.ID) (LineSight, bool)
}

// Whom is a colleague, or a number.
type Whom struct {
	Agent  agent.ID
	Number string
}

// How supervisors hear a call.
const (
	Listening  = "listen"  // nobody hears them
	Whispering = "whisper" // the agent does
	Barging    = "barge"   // both do
)

// LineSight is what the line knows of a call.
type LineSight struct {
	Paused bool    // the recording
	Others []Other // who hears it beside the agent who has it
	Third  Third
}

// Other is a supervisor who hears a call.
type Other struct {
	Agent agent.ID `json:"agent_id"`
	How   string   `json:"how" doc:"listen, whisper or barge"`
}

// Third is whom the agent asks, or makes three with.
type Third struct {
	Agent   agent.ID `json:"agent_id,omitzero"`
	Number  string   `json:"number,omitzero"`
	Reached bool     `json:"reached" doc:"they have answered"`
	Joined  bool     `json:"joined" doc:"the customer hears them"`
}
