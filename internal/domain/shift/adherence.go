package shift

import (
	"time"

	"yingda/internal/domain/agent"
)

// Stay is a stretch in one state of presence.
type Stay struct {
	Stretch
	State  agent.State
	Reason string
}

// ready reports whether the agent works: who is busy keeps what they have, and
// meetings and training are work that the roster did not know of.
func (s Stay) ready() bool {
	return s.State == agent.Online || s.State == agent.Busy || s.State == agent.Break && (s.Reason == "meeting" || s.Reason == "training")
}

// Kept is how a shift was kept to: planned against presence. Late and early are
// zero within the tolerance.
type Kept struct {
	Planned time.Duration // of work, breaks left out
	Worked  time.Duration // of it, ready for work
	Late    time.Duration // the first sign of presence after the beginning
	Early   time.Duration // the last one before the end
	Absent  bool          // no sign at all
}

// Share is the part of the planned time that was worked; 1 if none was planned.
func (k Kept) Share() float64 {
	if k.Planned == 0 {
		return 1
	}
	return k.Worked.Seconds() / k.Planned.Seconds()
}

// lookAround is how long before a shift somebody may come.
const lookAround = 30 * time.Minute

// Keep compares a shift with when the agent was there, up to now: of a shift
// that goes on, only what is past counts. Stays are in order.
func Keep(e Entry, stays []Stay, tolerance time.Duration, now time.Time, zone *time.Location) (k Kept) {
	whole := e.Span(zone)
	if whole.Length() == 0 || !whole.From.Before(now) {
		return k
	}
	over := !whole.To.After(now)
	past := Stretch{To: now}
	for _, part := range e.Working(zone) {
		part = Stretch{part.From, earlier(part.To, past.To)}
		k.Planned += part.Length()
		for _, s := range stays {
			if s.ready() {
				k.Worked += part.Meet(s.Stretch).Length()
			}
		}
	}
	around := Stretch{whole.From.Add(-lookAround), earlier(whole.To, now)}
	var first, last time.Time
	for _, s := range stays {
		if s.State == agent.Offline {
			continue
		}
		if in := s.Meet(around); in.Length() > 0 {
			if first.IsZero() {
				first = in.From
			}
			last = in.To
		}
	}
	if k.Absent = first.IsZero(); k.Absent {
		return k
	}
	if late := first.Sub(whole.From); late > tolerance {
		k.Late = late
	}
	if early := whole.To.Sub(last); over && early > tolerance {
		k.Early = early
	}
	return k
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
