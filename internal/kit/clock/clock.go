// Package clock is the real clock, and one that tests turn by hand.
package clock

import (
	"sync"
	"time"
)

// Now returns the real time in UTC, to the millisecond and without a monotonic
// part: as it is stored, so that a time that was written equals the time that
// is read.
func Now() time.Time { return kept(time.Now()) }

func kept(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// Hand is a clock that stands still until it is turned. Its zero value is not
// ready; use At.
type Hand struct {
	mu  sync.Mutex
	now time.Time
}

// At returns a clock that stands at t.
func At(t time.Time) *Hand { return &Hand{now: kept(t)} }

// Now returns where the clock stands.
func (h *Hand) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

// Turn moves the clock forward by d and returns the new time.
func (h *Hand) Turn(d time.Duration) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = kept(h.now.Add(d))
	return h.now
}
