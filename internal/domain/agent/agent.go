// Package agent is who answers: people, their teams and roles, what a role may
// do and see, and whether a person can take work now.
package agent

import (
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

type (
	// ID names an agent.
	ID = id.ID[noun]
	// TeamID names a team.
	TeamID = id.ID[teamNoun]
	// RoleID names a role.
	RoleID = id.ID[roleNoun]
)

type (
	noun     struct{}
	teamNoun struct{}
	roleNoun struct{}
)

func (noun) Prefix() string     { return "ag" }
func (teamNoun) Prefix() string { return "tm" }
func (roleNoun) Prefix() string { return "ro" }

// NewID returns the id of an agent made at a time.
func NewID(at time.Time) ID { return id.New[noun](at) }

// NewTeamID returns the id of a team made at a time.
func NewTeamID(at time.Time) TeamID { return id.New[teamNoun](at) }

// NewRoleID returns the id of a role made at a time.
func NewRoleID(at time.Time) RoleID { return id.New[roleNoun](at) }

// Ref is a thing with the name people call it by.
type Ref[I any] struct {
	ID   I      `json:"id"`
	Name string `json:"name"`
}

// Agent is a person who works here: 客服, 主管, 质检, administrator.
type Agent struct {
	ID         ID            `json:"id"`
	Email      string        `json:"email"`
	Name       string        `json:"name"`
	Nickname   string        `json:"nickname"` // what customers see
	Language   string        `json:"language"`
	Capacity   int           `json:"capacity"` // conversations at once
	Load       int           `json:"load"`     // conversations now
	Share      int           `json:"share"`    // of the work, against that of others; 100 is usual
	Presence   Presence      `json:"presence"`
	Connected  bool          `json:"connected"` // a console of theirs is open
	Phone      bool          `json:"phone"`     // a telephone of theirs can ring
	Disabled   bool          `json:"disabled"`
	Invited    bool          `json:"invited"` // has not chosen a password yet
	Roles      []Ref[RoleID] `json:"roles"`
	Teams      []Ref[TeamID] `json:"teams"`
	Skills     []Skilled     `json:"skills"`
	CreatedAt  time.Time     `json:"created_at"`
	LastSeenAt time.Time     `json:"last_seen_at,omitzero"`
}

// PublicName is what customers see.
func (a Agent) PublicName() string {
	if a.Nickname != "" {
		return a.Nickname
	}
	return a.Name
}

// MostShare is the largest share of the work.
const MostShare = 1000

// Check says what is wrong with the fields that an administrator typed.
func (a Agent) Check() error {
	switch {
	case strings.TrimSpace(a.Name) == "" || utf8.RuneCountInString(a.Name) > 80:
		return fault.New(fault.Invalid, "agent.name", "a name has 1 to %d characters", 80).In("name")
	case utf8.RuneCountInString(a.Nickname) > 80:
		return fault.New(fault.Invalid, "agent.name", "a name has 1 to %d characters", 80).In("nickname")
	case !strings.Contains(a.Email, "@") || len(a.Email) > 254 || strings.ContainsAny(a.Email, " \t\r\n"):
		return fault.New(fault.Invalid, "agent.email", "this is not an e-mail address").In("email")
	case a.Capacity < 0 || a.Capacity > 100:
		return fault.New(fault.Invalid, "agent.capacity", "a capacity is between 0 and %d conversations", 100).In("capacity")
	case a.Share < 0 || a.Share > MostShare:
		return fault.New(fault.Invalid, "agent.share", "a share is between 1 and %d", MostShare).In("share")
	case a.Language != "zh" && a.Language != "en":
		return fault.New(fault.Invalid, "agent.language", "the language is zh or en").In("language")
	}
	return nil
}

// Team is a group that answers together: 客服组.
type Team struct {
	ID     TeamID    `json:"id"`
	Name   string    `json:"name"`
	Agents []Ref[ID] `json:"agents"`
}

// Role is a named set of permissions with how far they reach.
type Role struct {
	ID          RoleID       `json:"id"`
	Name        string       `json:"name"`
	Builtin     bool         `json:"builtin"`
	Permissions []Permission `json:"permissions"`
	Scope       Scope        `json:"scope"`
	Agents      int          `json:"agents"` // how many hold it
}
