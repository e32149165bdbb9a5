package ticket

import (
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
)

// Change is a field that an act set.
type Change struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

// Entry is a line of a case's history. It is never changed.
type Entry struct {
	At     time.Time `json:"at"`
	By     Who       `json:"by"`
	Agent  agent.ID  `json:"agent_id,omitzero"`
	ByName string    `json:"by_name,omitzero"`
	Act    Act       `json:"act"`
	From   State     `json:"from"`
	To     State     `json:"to"`
	Public bool      `json:"public"` // the customer is shown it
	Stage  Stage     `json:"stage"`  // the public stage after it
	Text   string    `json:"text,omitzero"`
	Reason string    `json:"reason,omitzero"`
	Fields []Change  `json:"fields,omitempty"`
	Clocks Clocks    `json:"clocks,omitzero"` // what it does to the clocks
}

// Line is an entry as the customer reads it.
type Line struct {
	At    time.Time  `json:"at"`
	By    Who        `json:"by"`
	Name  string     `json:"name,omitzero"` // the agent's (R081)
	Stage Stage      `json:"stage"`
	Told  inbox.Text `json:"told"`
	Text  string     `json:"text,omitzero"`
}

// Line returns the entry for the customer; false if they are not shown it.
// Names of agents come as the entry has them: write the public ones.
func (e Entry) Line() (Line, bool) {
	l := Line{At: e.At, By: e.By, Stage: e.Stage, Told: e.Act.Told(), Text: e.Text}
	if e.By == ByAgent {
		l.Name = e.ByName
	}
	if l.Text == "" && reasonTold(e.Act) {
		l.Text = e.Reason
	}
	return l, e.Public
}

// reasonTold reports whether the reason is for the customer: refusals say why.
func reasonTold(a Act) bool {
	switch a {
	case Refuse, Decline, Hold, FailCheck, Cancel, Close, Reject, Reopen:
		return true
	default:
		return false
	}
}

// Opened returns the first line of a case's history: it was handed in.
func (c Case) Opened(by Actor, now time.Time) Entry {
	e := c.entry(by, HandIn, c, now)
	e.Public = true
	return e
}

// Alarmed returns a line that says that something fell due on a clock, such as
// "limit" of "complaint_feedback".
func (c Case) Alarmed(metric, event string, now time.Time) Entry {
	e := c.entry(Actor{Who: ByTimer}, Alarm, c, now)
	e.Fields = []Change{{Field: metric, New: event}}
	return e
}
