package account

import (
	"sync"
	"time"

	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
)

// known is somebody who was let in a moment ago.
type known struct {
	actor   agent.Actor
	session access.Session // or
	key     access.Key
	until   time.Time
}

// cacheLife is how long a change made by another node may go unnoticed.
// Changes of our own are noticed at once.
const (
	cacheLife = 5 * time.Second
	cacheSize = 10_000
)

// cache remembers who was let in, by the fingerprint of what they showed. Its
// zero value is ready.
type cache struct {
	mu      sync.Mutex
	by      map[string]known
	drops   int
	changes int // that are being written
}

func (c *cache) get(fingerprint string, now time.Time) (known, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.by[fingerprint]
	return k, ok && now.Before(k.until)
}

// began returns a mark to be taken before the database is read, and given to
// put.
func (c *cache) began() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.drops
}

// put remembers somebody, unless something changed since they were looked up.
func (c *cache) put(fingerprint string, k known, began int, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.drops != began || c.changes > 0 {
		return
	}
	if c.by == nil || len(c.by) >= cacheSize {
		c.by = map[string]known{}
	}
	k.until = now.Add(cacheLife)
	c.by[fingerprint] = k
}

// see replaces what is remembered of somebody, if it is still remembered.
func (c *cache) see(fingerprint string, k known) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if was, ok := c.by[fingerprint]; ok {
		k.until = was.until
		c.by[fingerprint] = k
	}
}

// change forgets everyone until done is called: whoever is let in while a
// change is written, or hears of it first, is looked up.
func (c *cache) change() (done func()) {
	c.forget(1)
	return func() { c.forget(-1) }
}

func (c *cache) forget(changes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.by = nil
	c.drops++
	c.changes += changes
}
