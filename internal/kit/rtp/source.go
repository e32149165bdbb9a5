package rtp

import (
	"time"

	"yingda/internal/kit/audio"
)

// Source is what a leg plays. It is asked every 20 ms, by one goroutine.
type Source interface {
	// Next fills a frame of 160 codes, or returns false at the end.
	Next(law audio.Law, frame []byte) bool
}

// Sink is where a leg hands what it hears: another leg, a browser, a mixer. It
// must not keep the packet, nor wait.
type Sink interface {
	Forward(p *Packet, law audio.Law)
}

// Tap is where both sides of a leg are recorded; an *audio.Recorder is one. It
// must not wait for the disk.
type Tap interface {
	Put(side audio.Side, at time.Duration, law audio.Law, codes []byte) error
}

// Clips plays clips one behind the other, again from the beginning if loop is set.
func Clips(loop bool, list ...*audio.Clip) Source { return &clips{list: list, loop: loop} }

type clips struct {
	list     []*audio.Clip
	loop     bool
	at, next int // clip, frame
}

func (c *clips) Next(law audio.Law, frame []byte) bool {
	for restarts := 0; restarts < 2; {
		if c.at == len(c.list) {
			if !c.loop {
				return false
			}
			c.at = 0
			restarts++
			continue
		}
		if clip := c.list[c.at]; c.next < clip.Frames() {
			copy(frame, clip.Frame(law, c.next))
			c.next++
			return true
		}
		c.at, c.next = c.at+1, 0
	}
	return false // there is nothing in any of them
}
