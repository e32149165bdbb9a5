// Package ticket is a case (工单): what a customer hands in that must be
// answered, with a number to ask for it by. Kinds, stages and clocks grow from
// here.
package ticket

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// ID names a case.
type ID = id.ID[noun]

type noun struct{}

func (noun) Prefix() string { return "cs" }

// NewID returns the id of a case that is handed in at a time.
func NewID(at time.Time) ID { return id.New[noun](at) }

// Kind is what a case is about (domain reference §5.2).
type Kind string

// The kinds of case that can be handed in now.
const (
	Consultation Kind = "consultation" // 咨询
	Complaint    Kind = "complaint"    // 投诉
	Suggestion   Kind = "suggestion"   // 建议
	Feedback     Kind = "feedback"     // 意见反馈
)

// letters begin a case's number.
var letters = map[Kind]string{Consultation: "ZX", Complaint: "TS", Suggestion: "JY", Feedback: "FK"}

// Known reports whether k can be handed in.
func (k Kind) Known() bool { return letters[k] != "" }

// Number returns the public number of the n-th case of a day: TS20261122-000123.
// The day is the company's, not UTC's.
func Number(k Kind, day time.Time, n int64) string {
	return fmt.Sprintf("%s%s-%06d", letters[k], day.Format("20060102"), n)
}

// Case is one thing handed in.
type Case struct {
	ID           ID                        `json:"id"`
	Number       string                    `json:"number"`
	Kind         Kind                      `json:"kind"`
	State        string                    `json:"state"` // new, open or closed
	Subject      string                    `json:"subject"`
	Text         string                    `json:"text"`
	Name         string                    `json:"name"`
	Phone        string                    `json:"phone,omitzero"`
	Email        string                    `json:"email,omitzero"`
	Order        string                    `json:"order,omitzero"`
	AboutStaff   bool                      `json:"about_staff"` // a complaint about someone who works here
	Contact      contact.ID                `json:"contact_id,omitzero"`
	Conversation conversation.ID           `json:"conversation_id,omitzero"`
	Source       string                    `json:"source"` // portal or widget
	Attachments  []conversation.Attachment `json:"attachments,omitempty"`
	CreatedAt    time.Time                 `json:"created_at"`
}

// Limits of what is handed in, in characters.
const (
	MaxText    = 8000
	MaxSubject = 120
)

// Check returns the case as it is kept, or what is wrong with what was typed.
// There must be a way to answer: a phone number or an address.
func (c Case) Check() (Case, error) {
	text, err := conversation.CheckText(c.Text, 0)
	switch {
	case !c.Kind.Known():
		return c, fault.New(fault.Invalid, "case.kind", "say whether this is a complaint, a suggestion, feedback or a question").In("kind")
	case fault.CodeOf(err) == "message.empty":
		return c, fault.New(fault.Invalid, "case.empty", "describe what it is about").In("text")
	case err != nil:
		return c, err
	case utf8.RuneCountInString(c.Name) > contact.MaxName:
		return c, fault.New(fault.Invalid, "contact.name_long", "a name holds at most %d characters", contact.MaxName).In("name")
	case c.Phone == "" && c.Email == "":
		return c, fault.New(fault.Invalid, "case.reach", "leave a phone number or an e-mail address, so that we can answer").In("phone")
	case c.Phone != "" && !contact.IsPhone(c.Phone):
		return c, fault.New(fault.Invalid, "contact.phone", "this is not a phone number; write digits, with + and the country for numbers abroad").In("phone")
	case c.Email != "" && !contact.IsEmail(c.Email):
		return c, fault.New(fault.Invalid, "contact.email", "this is not an e-mail address").In("email")
	case utf8.RuneCountInString(c.Order) > 80:
		return c, fault.New(fault.Invalid, "case.order_long", "an order number holds at most %d characters", 80).In("order")
	}
	c.Text = text
	if c.Subject = strings.TrimSpace(c.Subject); c.Subject == "" {
		c.Subject, _, _ = strings.Cut(text, "\n")
	}
	if r := []rune(c.Subject); len(r) > MaxSubject {
		c.Subject = string(r[:MaxSubject-1]) + "…"
	}
	if c.State == "" {
		c.State = "new"
	}
	return c, nil
}
