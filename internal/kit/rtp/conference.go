package rtp

import (
	"sync"
	"time"

	"yingda/internal/kit/audio"
)

// mostFrames is how many frames of 20 ms may wait in a conference, on the way in
// and on the way out: what is older is left out, so that nobody falls behind.
const mostFrames = 5

// Conference lets more than two legs hear each other: each hears all the others
// that it may hear. It works from NewConference to Close.
type Conference struct {
	stop chan struct{}
	done sync.WaitGroup

	mu      sync.Mutex
	mixer   audio.Mixer
	members map[string]*member
}

// member is a leg in a conference: a sink for what it hears, and the source of
// what it is told.
type member struct {
	leg     *Leg
	mu      sync.Mutex
	in, out [][audio.Frame]byte // A-law
	over    bool
}

// NewConference begins a conference without anybody in it.
func NewConference() *Conference {
	c := &Conference{stop: make(chan struct{}), members: map[string]*member{}}
	c.done.Go(c.run)
	return c
}

// Set takes a leg into the conference, or changes its role. to is who hears a
// whisper.
func (c *Conference) Set(id string, leg *Leg, role audio.Role, to string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mixer.Set(id, role, to)
	if m := c.members[id]; m != nil {
		if m.leg == leg {
			return
		}
		m.end()
	}
	m := &member{leg: leg}
	c.members[id] = m
	leg.Bridge(m)
	leg.Play(m)
}

// Remove takes a leg out: it hears nobody, and nobody hears it.
func (c *Conference) Remove(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mixer.Remove(id)
	if m := c.members[id]; m != nil {
		m.end()
		delete(c.members, id)
	}
}

// Close ends the conference.
func (c *Conference) Close() {
	close(c.stop)
	c.done.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, m := range c.members {
		m.end()
		delete(c.members, id)
	}
}

func (c *Conference) run() {
	ticker := time.NewTicker(audio.FrameTime)
	defer ticker.Stop()
	for {
		select {
		case <-c.stop:
			return
		case <-ticker.C:
			c.mix()
		}
	}
}

// mix takes a frame of each and gives each what the others said.
func (c *Conference) mix() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, m := range c.members {
		if frame, ok := m.take(&m.in); ok {
			c.mixer.Put(id, audio.ALaw, frame[:])
		}
	}
	for id, m := range c.members {
		var frame [audio.Frame]byte
		c.mixer.Take(id, audio.ALaw, frame[:])
		m.keep(&m.out, frame)
	}
	c.mixer.Next()
}

func (m *member) end() {
	m.leg.Bridge(nil)
	m.mu.Lock()
	m.over = true
	m.mu.Unlock()
}

func (m *member) take(from *[][audio.Frame]byte) (frame [audio.Frame]byte, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(*from) == 0 {
		return frame, false
	}
	frame = (*from)[0]
	*from = (*from)[:copy(*from, (*from)[1:])]
	return frame, true
}

func (m *member) keep(to *[][audio.Frame]byte, frame [audio.Frame]byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(*to) == mostFrames {
		*to = (*to)[:copy(*to, (*to)[1:])]
	}
	*to = append(*to, frame)
}

// Forward takes what the leg has heard.
func (m *member) Forward(p *Packet, law audio.Law) {
	for rest := p.Payload; len(rest) > 0; {
		var frame [audio.Frame]byte
		n := copy(frame[:], rest)
		audio.Transcode(frame[:n], law, audio.ALaw)
		for i := n; i < len(frame); i++ {
			frame[i] = audio.ALaw.Silence()
		}
		rest = rest[n:]
		m.keep(&m.in, frame)
	}
}

// Next gives the leg what the others said; silence if they are late.
func (m *member) Next(law audio.Law, frame []byte) bool {
	if said, ok := m.take(&m.out); ok {
		audio.Transcode(said[:], audio.ALaw, law)
		copy(frame, said[:])
		return true
	}
	for i := range frame {
		frame[i] = law.Silence()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return !m.over
}
