// Package ticket is a case (工单): what a customer hands in that must be
// answered, with a number to ask for it by. It says what kinds there are, how
// each goes from the first word to its end, what the customer is shown of
// that, and what must be said with each step.
package ticket

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/learning"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// ID names a case.
type ID = id.ID[noun]

// TaskID names a task of a case.
type TaskID = id.ID[taskNoun]

// WorkID names a work order.
type WorkID = id.ID[workNoun]

type (
	noun     struct{}
	taskNoun struct{}
	workNoun struct{}
)

func (noun) Prefix() string     { return "cs" }
func (taskNoun) Prefix() string { return "tk" }
func (workNoun) Prefix() string { return "wo" }

// NewID returns the id of a case that is handed in at a time.
func NewID(at time.Time) ID { return id.New[noun](at) }

// NewTaskID returns the id of a task made at a time.
func NewTaskID(at time.Time) TaskID { return id.New[taskNoun](at) }

// NewWorkID returns the id of a work order made at a time.
func NewWorkID(at time.Time) WorkID { return id.New[workNoun](at) }

// Case is one thing handed in.
type Case struct {
	ID           ID                        `json:"id"`
	Number       string                    `json:"number"`
	Kind         Kind                      `json:"kind"`
	State        State                     `json:"state"`
	Subject      string                    `json:"subject"`
	Text         string                    `json:"text"`
	Name         string                    `json:"name"`
	Phone        string                    `json:"phone,omitzero"`
	Email        string                    `json:"email,omitzero"`
	Order        string                    `json:"order,omitzero"`
	AboutStaff   bool                      `json:"about_staff"` // a complaint about someone who works here
	Contact      contact.ID                `json:"contact_id,omitzero"`
	Conversation conversation.ID           `json:"conversation_id,omitzero"`
	Source       string                    `json:"source"` // how it came in, such as FromPortal
	Attachments  []conversation.Attachment `json:"attachments,omitempty"`
	CreatedAt    time.Time                 `json:"created_at"`
	ReceivedAt   time.Time                 `json:"received_at"`      // from when promises count: a letter's day of receipt (R012)
	UpdatedAt    time.Time                 `json:"updated_at"`       // when its history last grew
	DueAt        time.Time                 `json:"due_at,omitzero"`  // the next limit of its open clocks
	Version      int64                     `json:"version,omitzero"` // rises with each change

	Course `json:"-"` // a door says itself what it shows of it
}

// Course is what became of a case since it was handed in. Do writes it.
type Course struct {
	Before  State `json:"before,omitzero"`  // where it goes on after it waited or was set aside
	Reached State `json:"reached,omitzero"` // the last state on the way that the customer's progress shows

	Category  string                    `json:"category,omitzero"`
	Level     Level                     `json:"level,omitzero"`
	First     Class                     `json:"first,omitzero"`      // as it was classified when it came in (R071)
	Fields    map[string]string         `json:"fields,omitempty"`    // custom fields by id, as Form.Check returns them
	Tried     string                    `json:"tried,omitzero"`      // what the customer did already (R082)
	Suggested map[learning.Topic]string `json:"suggested,omitempty"` // what closed work suggested when it was handed in, by topic
	Language  string                    `json:"language,omitzero"`   // of the form that it was handed in by, "zh" or "en"; letters keep to it

	Urgency  Urgency      `json:"urgency,omitzero"`
	Impact   Impact       `json:"impact,omitzero"`
	Priority Priority     `json:"priority,omitzero"`
	Special  *SpecialTerm `json:"special,omitempty"` // the term of a special problem (R095)

	Tags []string `json:"tags,omitempty"` // words to find it by (标签), in order

	Team      agent.TeamID `json:"team_id,omitzero"`
	Agent     agent.ID     `json:"agent_id,omitzero"`
	AgentName string       `json:"agent_name,omitzero"`

	Accused        agent.ID   `json:"accused_id,omitzero"`     // whom a complaint is about (R108)
	Investigators  []agent.ID `json:"investigators,omitempty"` // who looked into it, the present one last
	Reinvestigated bool       `json:"reinvestigated,omitzero"`
	Claim          *Claim     `json:"claim,omitempty"`
	Parties        []Party    `json:"parties,omitempty"`
	External       []External `json:"external,omitempty"`
	WaysTold       bool       `json:"ways_told,omitzero"`
	Relocked       int        `json:"relocked,omitzero"` // how often the customer's secret was replaced by another

	Findings     string    `json:"findings,omitzero"`
	Solution     string    `json:"solution,omitzero"`
	Cause        string    `json:"cause,omitzero"`
	Outcome      Outcome   `json:"outcome,omitzero"`
	Approval     string    `json:"approval,omitzero"`
	Verification string    `json:"verification,omitzero"`
	Announcement string    `json:"announcement,omitzero"`
	ExpectedAt   time.Time `json:"expected_at,omitzero"`

	Escalation *Escalation `json:"escalation,omitempty"` // the present one
	Escalated  int         `json:"escalated,omitzero"`   // how often

	Parent     ID           `json:"parent_id,omitzero"`
	MergedInto ID           `json:"merged_into,omitzero"`
	Submitters []contact.ID `json:"submitters,omitempty"` // of cases that became part of it; all are told
	Votes      int          `json:"votes,omitzero"`
	Shown      bool         `json:"shown,omitzero"` // a suggestion that everybody may see and vote for
	Tasks      []Task       `json:"tasks,omitempty"`
	Works      []Work       `json:"works,omitempty"`

	Urged        int       `json:"urged,omitzero"`
	UrgedAt      time.Time `json:"urged_at,omitzero"`
	Reopened     int       `json:"reopened,omitzero"`
	Rejected     int       `json:"rejected,omitzero"`
	Reminded     int       `json:"reminded,omitzero"`
	RemindedAt   time.Time `json:"reminded_at,omitzero"`
	SnoozedUntil time.Time `json:"snoozed_until,omitzero"`
	FollowUpAt   time.Time `json:"follow_up_at,omitzero"`
	CoolsOffAt   time.Time `json:"cools_off_at,omitzero"`
	MovedAt      time.Time `json:"moved_at,omitzero"`  // when it came to its state
	ClosedAt     time.Time `json:"closed_at,omitzero"` // when it was over
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
	case c.Phone == "" && c.Email == "" && !c.heardInChat():
		return c, fault.New(fault.Invalid, "case.reach", "leave a phone number or an e-mail address, so that we can answer").In("phone")
	case c.Phone != "" && !contact.IsPhone(c.Phone):
		return c, fault.New(fault.Invalid, "contact.phone", "this is not a phone number; write digits, with + and the country for numbers abroad").In("phone")
	case c.Email != "" && !contact.IsEmail(c.Email):
		return c, fault.New(fault.Invalid, "contact.email", "this is not an e-mail address").In("email")
	case utf8.RuneCountInString(c.Order) > 80:
		return c, fault.New(fault.Invalid, "case.order_long", "an order number holds at most %d characters", 80).In("order")
	}
	if err := checkLengths(said{"tried", c.Tried, MaxText}); err != nil {
		return c, err
	}
	c.Text = text
	if c.Subject = strings.TrimSpace(c.Subject); c.Subject == "" {
		c.Subject, _, _ = strings.Cut(text, "\n")
	}
	if r := []rune(c.Subject); len(r) > MaxSubject {
		c.Subject = string(r[:MaxSubject-1]) + "…"
	}
	if c.State == "" {
		c.State = c.Kind.First()
	}
	return c, nil
}

// heardInChat reports whether a case is an idea of somebody who is talking to
// us: what there is to say of it is said there.
func (c Case) heardInChat() bool {
	return (c.Kind == Suggestion || c.Kind == Feedback) && !c.Contact.IsZero() && !c.Conversation.IsZero()
}

// Masked returns the case with the ways to reach the customer, and whoever
// else stands for themself in it, in part only.
func (c Case) Masked() Case {
	c.Phone, c.Email = contact.MaskPhone(c.Phone), contact.MaskEmail(c.Email)
	c.Parties = slices.Clone(c.Parties)
	for i, p := range c.Parties {
		c.Parties[i].Reach = p.masked()
	}
	return c
}

// masked is how to reach a party, in part if it is a person and no business.
func (p Party) masked() string {
	switch {
	case p.Reach == "" || p.Role != PartyCustomer && p.Role != PartyOther:
		return p.Reach
	case contact.IsPhone(p.Reach):
		return contact.MaskPhone(p.Reach)
	case contact.IsEmail(p.Reach):
		return contact.MaskEmail(p.Reach)
	}
	return contact.MaskValue(p.Reach)
}

// Reach returns a way to reach the customer or a party as it is: phone, email,
// or party.<place in Parties, from 0>. It is false if there is no such field.
func (c Case) Reach(field string) (string, bool) {
	switch field {
	case "phone":
		return c.Phone, true
	case "email":
		return c.Email, true
	}
	place, ok := strings.CutPrefix(field, "party.")
	i, err := strconv.Atoi(place)
	if !ok || err != nil || i < 0 || i >= len(c.Parties) {
		return "", false
	}
	return c.Parties[i].Reach, true
}

// Handles reports whether an agent works on the case or looked into it.
func (c Case) Handles(i agent.ID) bool {
	return !i.IsZero() && (c.Agent == i || slices.Contains(c.Investigators, i))
}
