// Package certificate is what agents are trained for (R168): trainings and
// certificates, until when they hold, and when somebody is told that one runs
// out.
package certificate

import (
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/fault"
)

// ID names a certificate.
type ID = agent.CertificateID

// NewID returns the id of a certificate entered at a time.
func NewID(at time.Time) ID { return agent.NewCertificateID(at) }

// Kind tells certificates from trainings.
type Kind string

// The kinds.
const (
	Paper    Kind = "certificate" // somebody outside vouches for it
	Training Kind = "training"    // a course that was taken
)

// Certificate is one record of one agent. Days are written like 2026-11-30.
type Certificate struct {
	ID      ID                        `json:"id"`
	Agent   agent.ID                  `json:"agent_id"`
	Kind    Kind                      `json:"kind"`
	Name    string                    `json:"name"`
	Issuer  string                    `json:"issuer"`
	Number  string                    `json:"number"`
	Issued  string                    `json:"issued_on"`
	Expires string                    `json:"expires_on"` // the last day on which it holds; empty: for good
	File    conversation.AttachmentID `json:"-"`
	HasFile bool                      `json:"has_file"`
	Note    string                    `json:"note"`
	Warned  Step                      `json:"-"`
	Version int64                     `json:"version"`
}

const (
	longestName = 100
	longestNote = 500
)

// Check says what is wrong with what was entered.
func (c Certificate) Check() error {
	switch {
	case c.Kind != Paper && c.Kind != Training:
		return fault.New(fault.Invalid, "certificate.kind", "it is a certificate or a training").In("kind")
	case strings.TrimSpace(c.Name) == "" || utf8.RuneCountInString(c.Name) > longestName:
		return fault.New(fault.Invalid, "certificate.name", "a name has 1 to %d characters", longestName).In("name")
	case utf8.RuneCountInString(c.Issuer) > longestName || utf8.RuneCountInString(c.Number) > longestName:
		return fault.New(fault.Invalid, "certificate.long", "issuer and number have at most %d characters", longestName).In("issuer")
	case utf8.RuneCountInString(c.Note) > longestNote:
		return fault.New(fault.Invalid, "swap.note", "a note has at most %d characters", longestNote).In("note")
	case !day(c.Issued):
		return fault.New(fault.Invalid, "report.day", "write a day like 2026-11-01").In("issued_on")
	case c.Expires != "" && !day(c.Expires):
		return fault.New(fault.Invalid, "report.day", "write a day like 2026-11-01").In("expires_on")
	case c.Expires != "" && c.Expires < c.Issued:
		return fault.New(fault.Invalid, "certificate.expires", "it cannot end before it was issued").In("expires_on")
	}
	return nil
}

func day(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// Step is how far the end of a certificate is: each is told once.
type Step int

// The steps.
const (
	Far     Step = iota
	Month        // ends within 30 days
	Week         // within 7 days
	Expired      // does not hold any more
)

// Within is how many days before the end a step begins.
func (s Step) Within() int { return map[Step]int{Month: 30, Week: 7, Expired: -1}[s] }

// Steps lists those that somebody is told of, the last first.
func Steps() []Step { return []Step{Expired, Week, Month} }

// Step returns how far the end is on a day.
func (c Certificate) Step(today string) Step {
	if c.Expires == "" {
		return Far
	}
	for _, s := range Steps() {
		if c.Expires <= After(today, s.Within()) {
			return s
		}
	}
	return Far
}

// Valid reports whether it holds on a day. The day on which it expires is its
// last.
func (c Certificate) Valid(today string) bool { return c.Expires == "" || today <= c.Expires }

// After returns the day that lies a number of days after another.
func After(from string, n int) string {
	d, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return from
	}
	return d.AddDate(0, 0, n).Format(time.DateOnly)
}
