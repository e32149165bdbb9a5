package verification

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// ID names a verification.
type ID = id.ID[noun]

type noun struct{}

func (noun) Prefix() string { return "vf" }

// NewID returns the id of a verification that begins at a time.
func NewID(at time.Time) ID { return id.New[noun](at) }

// Verification is one time that a customer is verified.
type Verification struct {
	ID           ID              `json:"id"`
	Contact      contact.ID      `json:"contact_id"`
	Action       Action          `json:"action"` // what it was begun for
	State        State           `json:"state"`
	Policy       int             `json:"policy_version"`
	Conversation conversation.ID `json:"conversation_id,omitzero"`
	Case         ticket.ID       `json:"case_id,omitzero"`
	Team         agent.TeamID    `json:"team_id,omitzero"`
	Agent        agent.ID        `json:"agent_id"`
	AgentName    string          `json:"agent_name"`
	Factor       Factor          `json:"factor,omitzero"` // that the customer is asked for
	Right        []Factor        `json:"right"`           // what they were right about
	Failures     int             `json:"failures"`        // wrong answers in this one
	Vouched      string          `json:"vouched,omitzero"`
	StartedAt    time.Time       `json:"started_at"`
	ChangedAt    time.Time       `json:"changed_at"`
	EndedAt      time.Time       `json:"ended_at,omitzero"` // when the result was there: passed or locked; the last failure of one given up
	Until        time.Time       `json:"until,omitzero"`    // passed: how long it holds
	Version      int64           `json:"version"`
}

// idle is how long a customer who was asked may stay away.
const idle = 15 * time.Minute

// Start returns a verification that begins now (R086: the clock runs).
func Start(who contact.ID, a Action, p Policy, by agent.Actor, now time.Time) Verification {
	return Verification{
		ID: NewID(now), Contact: who, Action: a, State: Started, Policy: p.Version, Agent: by.Agent, AgentName: by.Name,
		Right: []Factor{}, StartedAt: now, ChangedAt: now,
	}
}

func (v Verification) do(a Act, now time.Time) (Verification, error) {
	next, err := v.State.Next(a)
	if err != nil {
		return v, err
	}
	v.State, v.ChangedAt = next, now
	return v, nil
}

// At returns the verification as it is at a time: one that passed ends, and so
// does one in which nobody said anything for long.
func (v Verification) At(now time.Time) Verification {
	if v.State == Passed && !now.Before(v.Until) || v.State.Open() && !now.Before(v.ChangedAt.Add(idle)) {
		v.State, v.Factor = Expired, ""
	}
	return v
}

// Ends returns when the verification ends by itself; zero for one that is over.
func (v Verification) Ends() time.Time {
	switch {
	case v.State == Passed:
		return v.Until
	case v.State.Open():
		return v.ChangedAt.Add(idle)
	}
	return time.Time{}
}

// Took is how long it took to a result; zero while there is none.
func (v Verification) Took() time.Duration {
	if v.EndedAt.IsZero() {
		return 0
	}
	return v.EndedAt.Sub(v.StartedAt)
}

// Ask asks the customer for a factor that helps.
func (v Verification) Ask(p Policy, f Factor, now time.Time) (Verification, error) {
	v, err := v.do(Ask, now)
	if err != nil {
		return v, err
	}
	if !f.Known() {
		return v, fault.New(fault.Invalid, "verification.factor", "customers are not asked for this").In("factor")
	}
	if missing := p.Judge(v.Action, v.Right).Missing; !slices.Contains(missing, f) {
		return v, fault.New(fault.Conflict, "verification.useless", "this does not bring the customer nearer; ask for something else").In("factor").Offering(codes(missing)...)
	}
	v.Factor = f
	return v, nil
}

// Answer is what follows from an answer of the customer, and what it makes of
// their row of failures.
func (v Verification) Answer(p Policy, f Factor, right bool, row Failures, now time.Time) (Verification, Failures, error) {
	v, err := v.Ask(p, f, now)
	if err != nil {
		return v, row, err
	}
	v.Factor = ""
	if !right {
		row = row.Failed(p, now)
		v.Failures, v.EndedAt = v.Failures+1, now
		if v, err = v.do(Wrong, now); err == nil && row.Wait(now) > 0 {
			v, err = v.do(Lock, now)
		}
		return v, row, err
	}
	v.Right = append(slices.Clone(v.Right), f)
	if !p.Judge(v.Action, v.Right).Enough {
		v, err = v.do(Right, now)
		return v, row, err
	}
	v.EndedAt, v.Until = now, now.Add(p.Live())
	v, err = v.do(Pass, now)
	return v, Failures{}, err
}

const maxVouch = 200

// VouchFor is somebody's word that the customer is who they say, for a customer
// of whom too little is registered. The reason is kept.
func (v Verification) VouchFor(p Policy, reason string, now time.Time) (Verification, error) {
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n < 4 || n > maxVouch {
		return v, fault.New(fault.Invalid, "verification.vouch", "say in %d to %d characters how you made sure; it is kept", 4, maxVouch).In("reason")
	}
	v, err := v.do(Vouch, now)
	v.Vouched, v.EndedAt, v.Until = reason, now, now.Add(p.Live())
	return v, err
}

// End ends a verification before its time.
func (v Verification) End(now time.Time) (Verification, error) {
	v.Factor = ""
	return v.do(Cancel, now)
}

// Covers says why the verification does not cover an action for a customer: a
// Forbidden with what is missing (R089).
func (v Verification) Covers(p Policy, a Action, who contact.ID, now time.Time) error {
	v = v.At(now)
	switch {
	case v.Contact != who:
		return Needed(p, a, nil) // of another customer; that it exists is nobody's business
	case v.State == Expired && !v.Until.IsZero():
		return fault.New(fault.Forbidden, "verification.expired", "the verification of this customer is over; verify them again").Offering(codes(p.Judge(a, nil).Missing)...)
	case v.State != Passed:
		return Needed(p, a, v.Right)
	case v.Vouched != "":
		return nil
	}
	if !p.Judge(a, v.Right).Enough {
		return Needed(p, a, v.Right)
	}
	return nil
}

// Needed is a Forbidden that names the factors which are missing for an action.
func Needed(p Policy, a Action, right []Factor) *fault.Error {
	return fault.New(fault.Forbidden, "verification.needed", "verify the customer first: this is done only for who is verified").Offering(codes(p.Judge(a, right).Missing)...)
}

func codes(fs []Factor) []string {
	s := make([]string, len(fs))
	for i, f := range fs {
		s[i] = string(f)
	}
	return s
}

// Failures are the wrong answers that were given for one customer in a row, by
// whomever and wherever (R088).
type Failures struct {
	Count  int       // since the last lock
	Rounds int       // locks in a row
	Until  time.Time // locked until
	At     time.Time // the last one
}

const (
	forgetAfter = 24 * time.Hour
	longestLock = 24 * time.Hour
)

// Wait returns how long the customer's sensitive actions are still locked.
func (f Failures) Wait(now time.Time) time.Duration { return max(0, f.Until.Sub(now)) }

// Locked is a Forbidden while the customer's sensitive actions are locked.
func (f Failures) Locked(now time.Time) error {
	if f.Wait(now) == 0 {
		return nil
	}
	return fault.New(fault.Forbidden, "verification.locked", "too many wrong answers: sensitive actions are locked for another %d minutes; advise the customer to reset the data in the app and to call again", int((f.Wait(now)+time.Minute-1)/time.Minute))
}

// Left returns how many more wrong answers are free.
func (f Failures) Left(p Policy, now time.Time) int {
	if f.Wait(now) > 0 {
		return 0
	}
	return max(0, p.Most-f.rested(now).Count)
}

// rested is the row after the time that has gone by: a lock that is over gives
// new tries, a day of peace ends the row.
func (f Failures) rested(now time.Time) Failures {
	last := f.At
	if f.Until.After(last) {
		last = f.Until
	}
	switch {
	case now.Sub(last) >= forgetAfter:
		return Failures{}
	case !f.Until.IsZero() && !now.Before(f.Until):
		f.Count, f.Until = 0, time.Time{}
	}
	return f
}

// Failed returns the row after one more wrong answer. Each lock in a row lasts
// twice as long as the one before, so that guessing for days is of no use.
func (f Failures) Failed(p Policy, now time.Time) Failures {
	f = f.rested(now)
	f.Count++
	f.At = now
	if f.Count >= p.Most {
		f.Rounds++
		f.Until = now.Add(min(longestLock, time.Duration(p.LockMinutes)*time.Minute<<min(f.Rounds-1, 10)))
	}
	return f
}
