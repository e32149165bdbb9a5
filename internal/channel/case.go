package channel

import (
	"time"

	"yingda/internal/domain/contact"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
)

// Holder is who asks for a case from outside: a customer with an account, who
// has its number and secret, or a pass for it.
type Holder struct {
	Contact contact.ID
	Proven  string // the address that the account has proven; empty proves nothing
	Secret  string
	Pass    string // of a browser that has shown the secret, or of a letter
}

// Suggestion is one on the board that everybody sees: not what was written,
// nor by whom.
type Suggestion struct {
	Number  string
	Subject string
	Stage   inbox.Text
	Votes   int
	Open    bool // can be voted for
}

// CaseView is a case as its customer sees it: public stages, what was said,
// what is promised next, and what they can do now. Inner states, notes and
// names of colleagues are not in it.
type CaseView struct {
	Number    string          `json:"number"`
	Kind      ticket.Kind     `json:"kind"`
	Subject   string          `json:"subject"`
	Text      string          `json:"text"`
	CreatedAt time.Time       `json:"created_at"`
	Progress  ticket.Progress `json:"progress"`
	Lines     []ticket.Line   `json:"lines"` // oldest first
	Due       []CaseDue       `json:"due"`   // what is open first, next due first
	Files     []CaseFile      `json:"files"`
	Solution  string          `json:"solution,omitzero"`
	Outcome   ticket.Outcome  `json:"outcome,omitzero"`
	Urged     int             `json:"urged,omitzero"`
	May       []ticket.Act    `json:"may"`
	Ways      *inbox.Text     `json:"ways,omitempty"` // the other ways that are open, where they are to be told
	Version   int64           `json:"version"`
}

// CaseDue is a promise about a case.
type CaseDue struct {
	Metric      sla.Metric `json:"metric"`
	Name        sla.Text   `json:"name"`
	Target      *time.Time `json:"target"` // nil: a single term
	Limit       time.Time  `json:"limit"`
	Provisional bool       `json:"provisional"`
	State       sla.State  `json:"state"`
	MetAt       time.Time  `json:"met_at,omitzero"`
	Kept        bool       `json:"kept"`
}

// CaseFile is a piece of evidence that the customer or we added.
type CaseFile struct {
	Name   string    `json:"name"`
	Size   int64     `json:"size"`
	SHA256 string    `json:"sha256"`
	At     time.Time `json:"at"`
}
