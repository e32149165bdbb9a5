package ticket

import (
	"slices"
	"time"
)

// Wake is something that a case does by itself at a time.
type Wake struct {
	Act Act
	At  time.Time
}

// Wakes returns what the case does by itself from where it stands, if nobody
// does anything: reminders, giving up, confirmation by silence, the end of a
// cooling-off time; and the days on which somebody wants to look at it again.
func (c Case) Wakes(w Windows, now time.Time) []Wake {
	var all []Wake
	row := c.Kind.Table()[c.State]
	for _, a := range []Act{AutoConfirm, Remind, GiveUp, Execute, Archive} {
		m, ok := row[a]
		if !ok || !slices.Contains(m.Who, ByTimer) {
			continue
		}
		if at := c.comes(a, w); !at.IsZero() {
			all = append(all, Wake{a, at})
		}
	}
	if c.SnoozedUntil.After(now) {
		all = append(all, Wake{Snooze, c.SnoozedUntil})
	}
	if c.FollowUpAt.After(now) && !c.State.Over() {
		all = append(all, Wake{FollowUp, c.FollowUpAt})
	}
	return all
}

// comes is when an act comes by itself; zero if it does not.
func (c Case) comes(a Act, w Windows) time.Time {
	switch a {
	case AutoConfirm, Archive:
		return c.MovedAt.Add(w.Confirm)
	case Remind:
		if c.Reminded < w.Reminders {
			return c.RemindedAt.Add(w.Remind)
		}
	case GiveUp:
		if c.Reminded >= w.Reminders {
			return c.RemindedAt.Add(w.Remind)
		}
	case Execute:
		return c.CoolsOffAt
	default: // comes when somebody does it
	}
	return time.Time{}
}

// Wants reports whether the case still does an act by itself at a time for
// which it was woken: if somebody did something since, the time is another.
func (c Case) Wants(a Act, at time.Time, w Windows) bool {
	m, ok := c.Kind.Table()[c.State][a]
	return ok && slices.Contains(m.Who, ByTimer) && c.comes(a, w).Equal(at)
}

// Sources are how cases come in (R103, R116).
const (
	FromPortal = "portal" // the public form
	FromWidget = "widget" // the chat window
	FromPhone  = "phone"
	FromLetter = "letter"
	FromEmail  = "email"
	FromVisit  = "visit" // at the counter
	FromChat   = "chat"  // an agent, for a visitor
	FromSurvey = "survey"
)

// TakenIn lists the ways in which an agent takes in a case for a customer.
func TakenIn() []string {
	return []string{FromPhone, FromLetter, FromEmail, FromVisit, FromChat, FromSurvey}
}

// KnownSource reports whether an agent can take in a case that way.
func KnownSource(s string) bool { return slices.Contains(TakenIn(), s) }
