package ticket

import "time"

// Escalation is a case that went up, and why.
type Escalation struct {
	Level  Rank      `json:"level"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Why    Trigger   `json:"why"`
	// Confirmed is what the customer agreed to as the next step (R097): on-site
	// service, replacement, with process and time. Who escalates by hand asks
	// for it.
	Confirmed *Confirmation `json:"confirmed,omitempty"`
}

// Confirmation is the record of what a customer agreed to.
type Confirmation struct {
	Text string    `json:"text"`
	By   string    `json:"by"` // who asked the customer
	At   time.Time `json:"at"`
}

// Rank is how high a case went.
type Rank int

// The ranks.
const (
	RankSenior     Rank = 1 // 专员
	RankSupervisor Rank = 2 // 主管
	RankManager    Rank = 3 // 经理
)

// Known reports whether r is one of ours.
func (r Rank) Known() bool { return r >= RankSenior && r <= RankManager }

// Trigger is what made a case go up.
type Trigger string

// The triggers (R098).
const (
	OnWarning Trigger = "warning"  // 80 % of a term
	OnBreach  Trigger = "breach"   // 100 % of a term
	OnDemand  Trigger = "demand"   // the customer asked for it
	OnReopen  Trigger = "reopened" // for the third time
	ByHand    Trigger = "hand"     // an agent decided
)
