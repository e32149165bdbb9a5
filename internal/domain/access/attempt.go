package access

import "time"

// Attempts are the wrong passwords that came for one account, or from one
// address, in a row.
type Attempts struct {
	Failures    int
	LockedUntil time.Time
	UpdatedAt   time.Time
}

// How many wrong passwords are free. An address has more of them, because a
// whole office may stand behind it.
const (
	FreeOfAccount = 5
	FreeOfAddress = 20
)

// The wait after the free ones: a second, doubled with each failure up to
// longestWait. A row of failures ends with forgetAfter in peace.
const (
	longestWait = 15 * time.Minute
	forgetAfter = time.Hour
)

// Wait returns how long nobody may try, also with the right password.
func (a Attempts) Wait(now time.Time) time.Duration {
	return max(0, a.LockedUntil.Sub(now))
}

// Failed returns the attempts after a wrong password.
func (a Attempts) Failed(free int, now time.Time) Attempts {
	if now.Sub(later(a.UpdatedAt, a.LockedUntil)) >= forgetAfter {
		a = Attempts{}
	}
	a.Failures++
	a.UpdatedAt = now
	if over := a.Failures - free; over > 0 {
		a.LockedUntil = now.Add(min(longestWait, time.Second<<min(over-1, 20)))
	}
	return a
}

// How often a case may be looked up with a wrong secret.
const (
	mostLookups = 10
	lookupRest  = time.Hour
)

// LookedUpWrong returns the attempts after a case was looked up with a wrong
// secret: after ten within an hour nobody may try for an hour, and then it
// begins anew.
func (a Attempts) LookedUpWrong(now time.Time) Attempts {
	rested := !a.LockedUntil.IsZero() && !now.Before(a.LockedUntil)
	if rested || now.Sub(a.UpdatedAt) >= lookupRest {
		a = Attempts{}
	}
	a.Failures++
	a.UpdatedAt = now
	if a.Failures >= mostLookups {
		a.LockedUntil = now.Add(lookupRest)
	}
	return a
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
