package access

import (
	"strings"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
)

// Login is what an agent signs in with.
type Login struct {
	Agent    agent.ID
	Name     string
	Password string // its hash; empty until the agent has chosen one
	Disabled bool
}

// Works reports whether somebody can sign in with it at all.
func (l Login) Works() bool { return l.Password != "" && !l.Disabled }

// FoldEmail returns an address as it is stored and looked for: people type
// capitals and spaces.
func FoldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// The length of a password, in characters. LongestPassword also bounds what a
// stranger can make us hash.
const (
	ShortestPassword = 10
	LongestPassword  = 200
)

// CheckPassword says what is wrong with a password that someone chose.
func CheckPassword(password string) error {
	if n := utf8.RuneCountInString(password); n < ShortestPassword || n > LongestPassword || !utf8.ValidString(password) {
		return fault.New(fault.Invalid, "password.length", "a password has %d to %d characters", ShortestPassword, LongestPassword).In("password")
	}
	return nil
}
