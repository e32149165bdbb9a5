package site

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter slows down each caller on its own.
type limiter struct {
	every rate.Limit
	burst int
	now   func() time.Time

	mu      sync.Mutex
	callers map[string]*rate.Limiter
}

// crowd is how many callers are told apart. When there are more, the ones who
// have not used up anything lately are forgotten, which gives them nothing.
const crowd = 20000

func newLimiter(every rate.Limit, burst int, now func() time.Time) *limiter {
	return &limiter{every: every, burst: burst, now: now, callers: map[string]*rate.Limiter{}}
}

// allow reports whether the caller may go on, and otherwise how long to wait.
func (l *limiter) allow(caller string) (time.Duration, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	c, ok := l.callers[caller]
	if !ok {
		if len(l.callers) >= crowd {
			l.forget(now)
		}
		c = rate.NewLimiter(l.every, l.burst)
		l.callers[caller] = c
	}
	r := c.ReserveN(now, 1)
	if wait := r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return max(wait, time.Second), false
	}
	return 0, true
}

func (l *limiter) forget(now time.Time) {
	for k, c := range l.callers {
		if c.TokensAt(now) >= float64(l.burst) {
			delete(l.callers, k)
		}
	}
	if len(l.callers) >= crowd {
		clear(l.callers)
	}
}
