package conversation

import (
	"time"

	"yingda/internal/domain/inbox"
)

// Quiet is what a conversation in which somebody is silent asks for now.
type Quiet string

// What it may ask for.
const (
	NotYet     Quiet = ""       // nothing, until Due
	WarnSilent Quiet = "warn"   // tell the customer that it will end
	EndSilent  Quiet = "close"  // end it
	RemindSelf Quiet = "remind" // remind the agent of a customer who waits
	RaiseAlarm Quiet = "alarm"  // tell supervisors that nobody answers
)

// How often the house was reminded of a customer who waits.
const (
	remindedAgent = 1 + iota
	remindedSupervisors
)

// Quieting says what silence asks for at a time, and why (M049).
type Quieting struct {
	Do  Quiet
	Due time.Time // with NotYet: when to look again; zero: not before somebody speaks
	Why string
}

// Silence decides what the silence in the conversation asks for at a time, by
// the settings of its inbox. A customer is warned once, and the conversation
// ends only when the whole time after the warning has passed, however late the
// warning came. While the agent waits for the customer nothing of it happens.
// A customer who waits is never silent: then it is the house that is reminded.
func (c Conversation) Silence(s inbox.Silence, now time.Time) Quieting {
	if c.State != Active {
		return Quieting{Why: "nobody answers it now"}
	}
	if !c.WaitingSince.IsZero() {
		return c.unheard(s, now)
	}
	switch {
	case c.SilentSince.IsZero():
		return Quieting{Why: "the customer has nothing to answer"}
	case c.Held:
		return Quieting{Why: "the agent waits for the customer"}
	case s.Warn() == 0:
		return Quieting{Why: "this inbox never ends conversations"}
	case c.WarnedAt.IsZero():
		return at(WarnSilent, c.SilentSince.Add(s.Warn()), now, "the customer has not answered since our last word")
	default:
		return at(EndSilent, c.WarnedAt.Add(s.Close()), now, "the customer has not answered since the warning")
	}
}

func (c Conversation) unheard(s inbox.Silence, now time.Time) Quieting {
	since := c.WaitingSince
	if c.TakenAt.After(since) { // until then nobody's answer was due
		since = c.TakenAt
	}
	switch {
	case c.Reminded < remindedAgent && s.Remind() > 0:
		return at(RemindSelf, since.Add(s.Remind()), now, "the customer waits for an answer")
	case c.Reminded < remindedSupervisors && s.Alarm() > 0:
		return at(RaiseAlarm, since.Add(s.Remind()+s.Alarm()), now, "the customer still waits for an answer")
	}
	return Quieting{Why: "everybody was reminded"}
}

func at(do Quiet, due, now time.Time, why string) Quieting {
	if now.Before(due) {
		return Quieting{Due: due, Why: why}
	}
	return Quieting{Do: do, Why: why}
}

// Quieted returns the conversation after what silence asked for was done.
func (c Conversation) Quieted(q Quiet, now time.Time) Conversation {
	switch q {
	case WarnSilent:
		c.WarnedAt = now
	case RemindSelf:
		c.Reminded = remindedAgent
	case RaiseAlarm:
		c.Reminded = remindedSupervisors
	case NotYet, EndSilent:
	}
	return c
}

// Hold returns the conversation with the agent waiting for the customer, or
// not any more. Waiting no more begins the silence anew: nobody is warned in
// the moment in which the agent lets go.
func (c Conversation) Hold(on bool, now time.Time) Conversation {
	if c.Held == on {
		return c
	}
	c.Held, c.WarnedAt = on, time.Time{}
	if !on && !c.SilentSince.IsZero() {
		c.SilentSince = now
	}
	return c
}

// heard returns the conversation with nobody silent.
func (c Conversation) heard() Conversation {
	c.SilentSince, c.WarnedAt, c.Held, c.Reminded = time.Time{}, time.Time{}, false, 0
	return c
}
