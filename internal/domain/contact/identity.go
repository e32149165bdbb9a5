package contact

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/kit/fault"
)

// IdentityKind is by what somebody is known again.
type IdentityKind string

// The kinds of identity.
const (
	ByPhone    IdentityKind = "phone"
	ByEmail    IdentityKind = "email"
	ByExternal IdentityKind = "external" // the host site's own id, or another system's
)

// IdentityKinds lists them.
func IdentityKinds() []IdentityKind { return []IdentityKind{ByPhone, ByEmail, ByExternal} }

// Known is one thing by which a contact is known: a number, an address, an id
// (R083).
type Known struct {
	Contact ID           `json:"contact_id"`
	Kind    IdentityKind `json:"kind" enum:"phone,email,external"`
	Value   string       `json:"-"`     // what is compared
	Shown   string       `json:"shown"` // as it was written; masked on the wire
	Main    bool         `json:"main"`  // a field of the contact itself
	At      time.Time    `json:"at"`
	By      string       `json:"by_name,omitzero"`
}

// Masked returns the identity as it is shown to people who have not asked to
// see more.
func (k Known) Masked() Known {
	switch k.Kind {
	case ByPhone:
		k.Shown = MaskPhone(k.Shown)
	case ByEmail:
		k.Shown = MaskEmail(k.Shown)
	case ByExternal:
	}
	return k
}

// Normal returns a value as identities are compared: two that are the same are
// one person's. Phone numbers lose spaces, hyphens, brackets and the country
// China; addresses their capitals.
func (k IdentityKind) Normal(s string) string {
	s = strings.TrimSpace(s)
	switch k {
	case ByPhone:
		return NormalPhone(s)
	case ByEmail:
		return strings.ToLower(s)
	case ByExternal:
	}
	return s
}

// The least number of digits that a number has beside its country code.
const leastNational = 6

// NormalPhone returns a number as it is compared. The migration that filled
// the table says the same in SQL; a test holds them together.
func NormalPhone(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '(' || r == ')' {
			return -1
		}
		return r
	}, s)
	for _, country := range []string{"+86", "0086"} {
		if rest, ok := strings.CutPrefix(s, country); ok && len(rest) >= leastNational {
			return rest
		}
	}
	return s
}

// MaxExternal is the longest id of another system, in characters.
const MaxExternal = 200

// CheckIdentity returns a value that somebody typed for a kind of identity, or
// what is wrong with it.
func CheckIdentity(k IdentityKind, s string) (string, error) {
	s = strings.TrimSpace(s)
	switch {
	case !slices.Contains(IdentityKinds(), k):
		return s, fault.New(fault.Invalid, "contact.identity", "people are known by phone, email or external").In("body.kind")
	case k == ByPhone && !IsPhone(s):
		return s, errPhone().In("body.value")
	case k == ByEmail && !IsEmail(s):
		return s, errEmail().In("body.value")
	case k == ByExternal && (s == "" || utf8.RuneCountInString(s) > MaxExternal):
		return s, fault.New(fault.Invalid, "contact.external", "an id has 1 to %d characters", MaxExternal).In("body.value")
	}
	return s, nil
}

// Identities are those that stand in the fields of a contact.
func (c Contact) Identities() []Known {
	ks := []Known{}
	for _, f := range []struct {
		kind  IdentityKind
		value string
	}{{ByPhone, c.Phone}, {ByEmail, c.Email}, {ByExternal, c.ExternalID}} {
		if f.value != "" {
			ks = append(ks, Known{Contact: c.ID, Kind: f.kind, Value: f.kind.Normal(f.value), Shown: f.value, Main: true, At: c.CreatedAt})
		}
	}
	return ks
}
