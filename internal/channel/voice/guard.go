package voice

import (
	"net/netip"
	"sync"
	"time"
)

const mostGuarded = 20000

// guard shuts out sources that guess: passwords, or numbers without one.
type guard struct {
	limits Limits
	now    func() time.Time

	mu   sync.Mutex
	seen map[netip.Addr]*suspect
}

type suspect struct {
	failures int
	last     time.Time
	until    time.Time
}

func newGuard(l Limits, now func() time.Time) *guard {
	return &guard{limits: l, now: now, seen: map[netip.Addr]*suspect{}}
}

// place is who is counted: one address, or a network of IPv6.
func place(a netip.Addr) netip.Addr {
	if a.Is6() {
		p, _ := a.Prefix(64)
		return p.Addr()
	}
	return a
}

// out reports whether a source is shut out; it is not even answered.
func (g *guard) out(a netip.Addr) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.seen[place(a)]
	return s != nil && g.now().Before(s.until)
}

// What counts how much: a telephone asks once without its password and then
// with it; who never does is looking for something.
const (
	asked   = 1
	guessed = 10
)

// failed counts a failure and reports whether it shuts the source out.
func (g *guard) failed(a netip.Addr, weight int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	s := g.seen[place(a)]
	if s == nil || now.Sub(s.last) > g.limits.ShutOut {
		if s == nil && len(g.seen) >= mostGuarded {
			g.forget(now)
		}
		s = &suspect{}
		g.seen[place(a)] = s
	}
	s.failures += weight
	s.last = now
	if s.failures < g.limits.Failures*guessed {
		return false
	}
	s.failures, s.until = 0, now.Add(g.limits.ShutOut)
	return true
}

// succeeded forgives what was counted.
func (g *guard) succeeded(a netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.seen, place(a))
}

// forget makes room: whoever was quiet for long, or if nobody was, all that are
// not shut out.
func (g *guard) forget(now time.Time) {
	for a, s := range g.seen {
		if now.Sub(s.last) > g.limits.ShutOut {
			delete(g.seen, a)
		}
	}
	if len(g.seen) < mostGuarded {
		return
	}
	for a, s := range g.seen {
		if !now.Before(s.until) {
			delete(g.seen, a)
		}
	}
	if len(g.seen) >= mostGuarded {
		clear(g.seen)
	}
}
