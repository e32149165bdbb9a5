package ticket

import (
	"fmt"
	"time"
)

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

// said reports whether there is a record of what the customer agreed to.
func (c *Confirmation) said() bool { return c != nil && filled(c.Text) }

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
	OnRule    Trigger = "rule"     // an automation rule asked for it
)

// Rise is a rule of when a case goes up (R098).
type Rise struct {
	On Trigger `json:"on"`
	At int     `json:"at,omitzero"` // percent of the term, or the count of reopenings; 0 where the trigger has neither
	To Rank    `json:"to"`          // at least
}

// DefaultRises are those of a new installation: to a senior at 80 % of a
// term, to a supervisor at 100 %, when the customer asks for it, and when the
// case is reopened for the third time.
func DefaultRises() []Rise {
	return []Rise{
		{On: OnWarning, At: 80, To: RankSenior},
		{On: OnBreach, At: 100, To: RankSupervisor},
		{On: OnDemand, To: RankSupervisor},
		{On: OnReopen, At: 3, To: RankSupervisor},
	}
}

// Sign is what is known when a case is looked at.
type Sign struct {
	Metric  string // the clock that has run furthest
	Percent int    // how much of its term is used
	Demand  bool   // the customer asks for somebody higher
}

// Decision is whether a case goes up, and why.
type Decision struct {
	Up   bool
	Rank Rank
	Why  Trigger
	Said string // in words
}

// Decide returns how high a case goes by the rules: the highest that fires.
// A case that is there already, or that is over, stays.
func Decide(rules []Rise, c Case, s Sign) Decision {
	if c.State.Over() {
		return Decision{Said: "the case is over"}
	}
	d := Decision{Said: "no rule asks for it"}
	for _, r := range rules {
		if said, fires := r.fires(c, s); fires && r.To > d.Rank {
			d = Decision{Up: true, Rank: r.To, Why: r.On, Said: said}
		}
	}
	if c.Escalation != nil && d.Up && c.Escalation.Level >= d.Rank {
		d.Up, d.Said = false, d.Said+"; it is that high already"
	}
	return d
}

func (r Rise) fires(c Case, s Sign) (string, bool) {
	switch r.On {
	case OnWarning, OnBreach:
		return fmt.Sprintf("%d %% of the term of %s is used; the rule asks at %d %%", s.Percent, s.Metric, r.At), s.Metric != "" && s.Percent >= r.At
	case OnDemand:
		return "the customer asked for it", s.Demand
	case OnReopen:
		return fmt.Sprintf("the case was reopened %d times; the rule asks at %d", c.Reopened, r.At), r.At > 0 && c.Reopened >= r.At
	case ByHand, OnRule:
	}
	return "", false
}
