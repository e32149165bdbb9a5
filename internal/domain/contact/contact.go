// Package contact is the person who turns to us: one contact on many channels,
// what we know of them, and what of it may be shown.
package contact

import (
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// ID names a contact.
type ID = id.ID[noun]

type noun struct{}

func (noun) Prefix() string { return "ct" }

// NewID returns the id of a contact whom we meet at a time.
func NewID(at time.Time) ID { return id.New[noun](at) }

// Contact is one person.
type Contact struct {
	ID            ID                `json:"id"`
	Person        ID                `json:"person_id"` // who stands for this person; the contact itself unless it was merged into another
	Name          string            `json:"name"`
	Phone         string            `json:"phone,omitzero"`
	Email         string            `json:"email,omitzero"`
	ExternalID    string            `json:"external_id,omitzero"` // the host site's own id, from a signed token
	Signed        bool              `json:"signed"`               // the host site vouches for them
	Language      string            `json:"language"`             // "zh" or "en"
	Attributes    map[string]string `json:"attributes"`
	Tags          []string          `json:"tags,omitempty"` // words to find them by (标签), in order
	Blocked       bool              `json:"blocked"`
	BlockedReason string            `json:"blocked_reason,omitzero"`
	BlockedUntil  time.Time         `json:"blocked_until,omitzero"`
	Device        string            `json:"device,omitzero"`
	CreatedAt     time.Time         `json:"created_at"`
	LastSeenAt    time.Time         `json:"last_seen_at,omitzero"` // zero for somebody who was only written down
	Version       int64             `json:"version"`
}

// GuestName is what we call a visitor who has not told a name: the last four
// characters of the id are enough to tell visitors apart.
func GuestName(i ID, language string) string {
	s := strings.ToUpper(i.String())
	tail := s[max(0, len(s)-4):]
	if language == "en" {
		return "Visitor " + tail
	}
	return "访客 " + tail
}

// Masked returns the contact as it is shown to people who have not asked to
// see more, with a reason that is kept (R-masking, domain reference §2.9).
func (c Contact) Masked() Contact {
	c.Phone = MaskPhone(c.Phone)
	c.Email = MaskEmail(c.Email)
	return c
}

// MaskPhone keeps the first three and the last four digits: 138****5678.
func MaskPhone(s string) string {
	switch n := utf8.RuneCountInString(s); {
	case s == "":
		return ""
	case n < 8:
		return "****"
	default:
		return s[:3] + "****" + s[len(s)-4:]
	}
}

// MaskEmail keeps two characters and the domain: ab***@d.com.
func MaskEmail(s string) string {
	name, domain, ok := strings.Cut(s, "@")
	if s == "" {
		return ""
	}
	if !ok {
		return "***"
	}
	r := []rune(name)
	return string(r[:min(2, len(r))]) + "***@" + domain
}

// The longest values we keep, in characters.
const (
	MaxName  = 80
	MaxEmail = 254
	MaxNote  = 4000

	MaxAttributes = 50
)

// Check says what is wrong with the fields that a person typed.
func (c Contact) Check() error {
	switch {
	case utf8.RuneCountInString(c.Name) > MaxName:
		return fault.New(fault.Invalid, "contact.name_long", "a name holds at most %d characters", MaxName).In("name")
	case c.Phone != "" && !IsPhone(c.Phone):
		return errPhone().In("phone")
	case c.Email != "" && !IsEmail(c.Email):
		return errEmail().In("email")
	case c.Language != "zh" && c.Language != "en":
		return fault.New(fault.Invalid, "contact.language", "the language is zh or en").In("language")
	case len(c.Attributes) > MaxAttributes:
		return fault.New(fault.Invalid, "contact.attributes", "a contact holds at most 50 attributes").In("attributes")
	}
	return nil
}

func errPhone() *fault.Error {
	return fault.New(fault.Invalid, "contact.phone", "this is not a phone number; write digits, with + and the country for numbers abroad")
}

func errEmail() *fault.Error {
	return fault.New(fault.Invalid, "contact.email", "this is not an e-mail address")
}

// IsPhone reports whether s looks like a phone number: 5 to 20 digits, with an
// optional leading plus; spaces, hyphens and brackets are allowed between.
func IsPhone(s string) bool {
	digits := 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '+' && i == 0, r == ' ', r == '-', r == '(', r == ')':
		default:
			return false
		}
	}
	return digits >= 5 && digits <= 20
}

// IsEmail reports whether s has the form of an address. Whether someone reads
// it, only a mail can tell.
func IsEmail(s string) bool {
	name, domain, ok := strings.Cut(s, "@")
	return ok && name != "" && len(s) <= MaxEmail && strings.Contains(domain, ".") &&
		!strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".") &&
		!strings.ContainsAny(s, " \t\r\n<>\"(),;:\\") && !strings.Contains(domain, "@")
}

// PageView is one page of the host site that a visitor looked at.
type PageView struct {
	At       time.Time `json:"at"`
	URL      string    `json:"url"`
	Title    string    `json:"title"`
	Referrer string    `json:"referrer,omitzero"`
}
