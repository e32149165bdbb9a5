package channel

import (
	"context"
	"time"

	"yingda/internal/domain/agent"
)

// Phones are the telephones in agents' consoles: one for each agent.
type Phones interface {
	// Connect lets a browser be an agent's telephone. When it is connected it takes
	// the place of the one before.
	Connect(ctx context.Context, o PhoneOffer) (PhoneAnswer, error)
	// Disconnect takes an agent's telephone away.
	Disconnect(who agent.ID)
	// State tells how an agent's telephone is.
	State(who agent.ID) PhoneState
	// Credentials returns where an agent's browser finds the relay and what it shows
	// there; ok is false if there is none.
	Credentials(who agent.ID) (c PhoneCredentials, ok bool)
}

// PhoneOffer is a browser that wants to be an agent's telephone.
type PhoneOffer struct {
	Agent agent.ID
	SDP   string // what createOffer made
	// Still tells whether the session in which it was offered goes on. It is asked
	// when it may have ended.
	Still func(ctx context.Context) error
}

// PhoneAnswer is what the browser is told.
type PhoneAnswer struct {
	ID  string // of this connection
	SDP string // for setRemoteDescription
}

// PhoneState is how an agent's telephone is.
type PhoneState struct {
	Connected bool
	Since     time.Time // connected; zero if it is not
	ID        string    // of the connection that carries the sound, or is about to
	ICE       string    // how far that is, in the words of WebRTC; empty if there is none
	Path      string    // udp or tcp; empty before it is connected
}

// PhoneCredentials are what a browser shows the relay. They are good for a day.
type PhoneCredentials struct {
	URLs     []string
	Username string
	Password string
}
