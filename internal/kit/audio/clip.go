package audio

import (
	"container/list"
	"sync"
	"time"
)

// Clip is a sound that is ready to be sent: coded in both laws. It is not
// changed after it was made and may be played by many calls at once.
type Clip struct {
	codes [2][]byte // A-law, µ-law; whole frames
	size  int       // samples, without what fills the last frame
}

// NewClip codes samples.
func NewClip(samples []int16) *Clip {
	c := &Clip{size: len(samples)}
	whole := (len(samples) + Frame - 1) / Frame * Frame
	for i, law := range []Law{ALaw, ULaw} {
		b := law.AppendEncoded(make([]byte, 0, whole), samples)
		for len(b) < whole {
			b = append(b, law.Silence())
		}
		c.codes[i] = b
	}
	return c
}

// Frames returns how many frames of 20 ms the clip has.
func (c *Clip) Frames() int { return len(c.codes[0]) / Frame }

// Length returns how long the clip is.
func (c *Clip) Length() time.Duration { return Length(c.size) }

// Frame returns a frame in a law: 160 bytes that are read and never changed.
func (c *Clip) Frame(law Law, i int) []byte {
	b := c.codes[0]
	if law == ULaw {
		b = c.codes[1]
	}
	return b[i*Frame : (i+1)*Frame : (i+1)*Frame]
}

func (c *Clip) bytes() int { return 2 * len(c.codes[0]) }

// Clips keeps clips by their keys, up to so many bytes: of more, those asked
// for longest ago are loaded again when they are needed.
type Clips struct {
	load func(key string) ([]int16, error)
	most int

	mu     sync.Mutex
	byKey  map[string]*list.Element
	recent *list.List // of *kept, the one asked for last in front
	bytes  int
}

type kept struct {
	key  string
	once sync.Once
	clip *Clip
	err  error
	size int // counted in bytes; 0 before it is loaded
}

// NewClips returns clips that are loaded by load when they are first asked for.
func NewClips(most int, load func(key string) ([]int16, error)) *Clips {
	return &Clips{load: load, most: most, byKey: map[string]*list.Element{}, recent: list.New()}
}

// Get returns the clip of a key. Who asks while it is being loaded waits for
// it; an error is not kept, the next one tries again.
func (c *Clips) Get(key string) (*Clip, error) {
	k := c.entry(key)
	k.once.Do(func() {
		samples, err := c.load(key)
		if err != nil {
			k.err = err
			return
		}
		k.clip = NewClip(samples)
	})
	if k.err != nil {
		c.forget(k)
		return nil, k.err
	}
	c.count(k)
	return k.clip, nil
}

// Forget lets the clip of a key be loaded again: what it says has changed. Who
// is playing the old one plays it to its end.
func (c *Clips) Forget(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[key]; ok {
		c.drop(e)
	}
}

func (c *Clips) entry(key string) *kept {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[key]; ok {
		c.recent.MoveToFront(e)
		return e.Value.(*kept) //nolint:forcetypeassert // only these are stored
	}
	k := &kept{key: key}
	c.byKey[key] = c.recent.PushFront(k)
	return k
}

func (c *Clips) forget(k *kept) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[k.key]; ok && e.Value == any(k) {
		c.drop(e)
	}
}

func (c *Clips) count(k *kept) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[k.key]; !ok || e.Value != any(k) || k.size > 0 {
		return
	}
	k.size = max(1, k.clip.bytes())
	c.bytes += k.size
	for e := c.recent.Back(); e != nil && c.bytes > c.most; {
		before := e.Prev()
		if old := e.Value.(*kept); old != k && old.size > 0 { //nolint:forcetypeassert // as above
			c.drop(e)
		}
		e = before
	}
}

func (c *Clips) drop(e *list.Element) {
	k := e.Value.(*kept) //nolint:forcetypeassert // only these are stored
	c.recent.Remove(e)
	delete(c.byKey, k.key)
	c.bytes -= k.size
}
