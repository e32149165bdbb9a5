package access

import (
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
)

// LinkKind is what a one-time link is for.
type LinkKind string

// The kinds of link.
const (
	FirstAdmin LinkKind = "first_admin" // to whoever sees the output of a fresh installation
	Invite     LinkKind = "invite"      // to a new agent
	Reset      LinkKind = "reset"       // to an agent who forgot the password
)

// Link lets its holder choose a password, once.
type Link struct {
	Kind      LinkKind
	Agent     agent.ID // nobody yet with FirstAdmin
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time
}

// NewLink returns a link that begins now. An invitation lasts a week, because
// people are away; the others last a day.
func NewLink(kind LinkKind, a agent.ID, now time.Time) Link {
	life := 24 * time.Hour
	if kind == Invite {
		life = 7 * 24 * time.Hour
	}
	return Link{Kind: kind, Agent: a, CreatedAt: now, ExpiresAt: now.Add(life)}
}

// ErrLinkGone is the answer to a link that was used, has expired, was replaced
// by a newer one, or never existed.
var ErrLinkGone = fault.New(fault.NotFound, "setup.gone", "this link no longer works; ask an administrator for a new one")

// Check returns ErrLinkGone if the link cannot be used any more.
func (l Link) Check(now time.Time) error {
	if !l.UsedAt.IsZero() || !now.Before(l.ExpiresAt) {
		return ErrLinkGone
	}
	return nil
}
