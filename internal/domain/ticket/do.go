package ticket

import (
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
)

// Actor is who does something to a case.
type Actor struct {
	Who        Who
	Agent      agent.ID // with ByAgent
	Name       string   // what the history calls them
	Supervisor bool     // may do what only a supervisor may (R095, R111)
}

// Doing is an act with all that is said with it.
type Doing struct {
	Act    Act
	By     Actor
	Reason string // for the history; shown to the customer where the act is
	Text   string // to the customer, or from them

	Team      agent.TeamID // who gets it
	Agent     agent.ID
	AgentName string

	Category     string // with accept
	Level        Level
	Contacted    bool      // the customer was contacted (complaint, R105)
	ExpectedAt   time.Time // what the customer is told, or an appointment
	Until        time.Time // snooze, follow-up, end of the cooling-off time
	Findings     string
	Solution     string
	Cause        string // code of the cause
	Outcome      Outcome
	Approval     string // names the approval of the outcome
	Verification string // names the check of the identity
	Announcement string // names the announcement of what was implemented
	WaysTold     bool   // the customer was told the ways that are open (R112)
	External     *External
	Escalation   *Escalation
	Into         ID       // the case that it becomes part of
	Waived       []Waiver // tasks that need not be done (R111)
}

// Waiver lets a task go, with the reason.
type Waiver struct {
	Task   TaskID `json:"task_id"`
	Reason string `json:"reason"`
}

// Windows are the times that end by themselves. An administrator sets them.
type Windows struct {
	Reopen    time.Duration `json:"reopen"`    // how long a case can be reopened after it was over
	Confirm   time.Duration `json:"confirm"`   // how long a customer may be silent before the result counts as confirmed
	Remind    time.Duration `json:"remind"`    // between two reminders of a customer who was asked
	Reminders int           `json:"reminders"` // how many before the case is closed
}

// DefaultWindows are those of a new installation: 15 days to reopen, 7 to say
// that one is not content, three reminders two days apart.
func DefaultWindows() Windows {
	const day = 24 * time.Hour
	return Windows{Reopen: 15 * day, Confirm: 7 * day, Remind: 2 * day, Reminders: 3}
}

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
	}
	return false
}
