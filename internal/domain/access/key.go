package access

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// KeyPrefix begins every API key, so that a person, and a scanner for leaked
// secrets, can tell what it is.
const KeyPrefix = "yd_"

// Key lets an integration act on behalf of the agent who made it.
type Key struct {
	ID            KeyID              `json:"id"`
	Name          string             `json:"name"`
	Prefix        string             `json:"prefix"` // the beginning of the secret, to tell keys apart
	Permissions   []agent.Permission `json:"permissions"`
	CreatedBy     agent.ID           `json:"-"`
	CreatedByName string             `json:"created_by"`
	CreatedAt     time.Time          `json:"created_at"`
	LastUsedAt    time.Time          `json:"last_used_at,omitzero"`
	ExpiresAt     time.Time          `json:"expires_at,omitzero"`
	RevokedAt     time.Time          `json:"-"`
}

// NewKey returns a key of an actor's own, made now. A key can do no more than
// who made it.
func NewKey(maker agent.Actor, name string, permissions []agent.Permission, expires, now time.Time) (Key, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "" || utf8.RuneCountInString(name) > 80:
		return Key{}, fault.New(fault.Invalid, "key.name", "a name has 1 to %d characters", 80).In("name")
	case len(permissions) == 0:
		return Key{}, fault.New(fault.Invalid, "key.permissions", "choose what the key may do").In("permissions")
	case !expires.IsZero() && !expires.After(now):
		return Key{}, fault.New(fault.Invalid, "key.expired", "the key would have expired already").In("expires_at")
	case expires.UTC().Year() > 9999: // cannot be written as JSON
		return Key{}, fault.New(fault.Invalid, "key.far", "the end is too far away; leave it out for a key without end").In("expires_at")
	}
	if err := maker.Grants(permissions); err != nil {
		return Key{}, err
	}
	return Key{
		ID: id.New[keyNoun](now), Name: name, Permissions: slices.Compact(slices.Sorted(slices.Values(permissions))),
		CreatedBy: maker.Agent, CreatedByName: maker.Name, CreatedAt: now, ExpiresAt: expires,
	}, nil
}

// Valid reports whether the key still lets its integration in.
func (k Key) Valid(now time.Time) bool {
	return k.RevokedAt.IsZero() && (k.ExpiresAt.IsZero() || now.Before(k.ExpiresAt))
}

// Seen returns the key after it was used, and whether that is worth a write.
func (k Key) Seen(now time.Time) (Key, bool) {
	if now.Sub(k.LastUsedAt) < seenEvery {
		return k, false
	}
	k.LastUsedAt = now
	return k, true
}

// Actor returns who acts when the key is used: its maker, with those of the
// maker's permissions of today that the key was given.
func (k Key) Actor(maker agent.Actor) agent.Actor {
	maker.Key = k.Name
	maker.Permissions = slices.DeleteFunc(slices.Clone(maker.Permissions), func(p agent.Permission) bool {
		return !slices.Contains(k.Permissions, p)
	})
	return maker
}
