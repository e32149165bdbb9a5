// Package limit slows down who asks too often: a token bucket for each key,
// in memory, with a bound on how many keys are remembered.
package limit

import (
	"container/list"
	"math"
	"sync"
	"time"
)

// Buckets holds one bucket a key. Its zero value is not ready; use New.
type Buckets struct {
	perSecond, burst float64
	keys             int

	mu     sync.Mutex
	byKey  map[string]*list.Element
	recent *list.List // of *bucket, the one asked for last in front
}

type bucket struct {
	key    string
	tokens float64
	at     time.Time
}

// New returns buckets that each hold burst tokens and gain perSecond of them.
// At most keys of them are remembered: of more, those asked for longest ago
// are forgotten and begin full again.
func New(perSecond float64, burst, keys int) *Buckets {
	return &Buckets{
		perSecond: perSecond, burst: float64(burst), keys: keys,
		byKey: map[string]*list.Element{}, recent: list.New(),
	}
}

// Take takes a token from a key's bucket. If there is none it takes nothing
// and returns how long to wait for the next; otherwise it returns 0.
func (b *Buckets) Take(key string, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	k := b.bucket(key, now)
	if gone := now.Sub(k.at); gone > 0 {
		k.tokens = min(b.burst, k.tokens+gone.Seconds()*b.perSecond)
		k.at = now
	}
	if k.tokens >= 1 {
		k.tokens--
		return 0
	}
	return time.Duration(math.Ceil((1 - k.tokens) / b.perSecond * float64(time.Second)))
}

// Len returns how many keys are remembered.
func (b *Buckets) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.byKey)
}

func (b *Buckets) bucket(key string, now time.Time) *bucket {
	if e, ok := b.byKey[key]; ok {
		b.recent.MoveToFront(e)
		return e.Value.(*bucket) //nolint:forcetypeassert // only buckets are stored
	}
	if len(b.byKey) >= b.keys {
		e := b.recent.Back()
		delete(b.byKey, e.Value.(*bucket).key) //nolint:forcetypeassert // as above
		b.recent.Remove(e)
	}
	k := &bucket{key: key, tokens: b.burst, at: now}
	b.byKey[key] = b.recent.PushFront(k)
	return k
}
