// Package access is how people and integrations get in: sessions, one-time
// links, API keys, and the wait after wrong passwords.
package access

import (
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/id"
)

type (
	// SessionID names a session.
	SessionID = id.ID[sessionNoun]
	// KeyID names an API key.
	KeyID = id.ID[keyNoun]
)

type (
	sessionNoun struct{}
	keyNoun     struct{}
)

func (sessionNoun) Prefix() string { return "ss" }
func (keyNoun) Prefix() string     { return "ak" }

// Session is one browser in which an agent is signed in.
type Session struct {
	ID         SessionID `json:"id"`
	Agent      agent.ID  `json:"-"`
	Address    string    `json:"address"`
	Device     string    `json:"device"` // as the browser calls itself
	CreatedAt  time.Time `json:"created_at"`
	LastSeenAt time.Time `json:"last_seen_at"`
	ExpiresAt  time.Time `json:"-"`
}

// SessionLife is how long a session lasts after it was last used.
const SessionLife = 30 * 24 * time.Hour

// seenEvery is how exactly we know when something was last used, so that not
// every request is a write.
const seenEvery = time.Minute

// NewSession returns a session that begins now.
func NewSession(a agent.ID, address, device string, now time.Time) Session {
	return Session{
		ID: id.New[sessionNoun](now), Agent: a, Address: address, Device: clip(device, 300),
		CreatedAt: now, LastSeenAt: now, ExpiresAt: now.Add(SessionLife),
	}
}

// Valid reports whether the session still lets its agent in.
func (s Session) Valid(now time.Time) bool { return now.Before(s.ExpiresAt) }

// Seen returns the session after it was used, and whether that is worth a
// write.
func (s Session) Seen(now time.Time) (Session, bool) {
	if now.Sub(s.LastSeenAt) < seenEvery {
		return s, false
	}
	s.LastSeenAt, s.ExpiresAt = now, now.Add(SessionLife)
	return s, true
}

// clip cuts s to at most n bytes without cutting a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	cut := 0
	for i := range s {
		if i > n {
			break
		}
		cut = i
	}
	return s[:cut]
}
