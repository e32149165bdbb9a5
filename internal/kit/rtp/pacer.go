package rtp

import (
	"sync"
	"sync/atomic"
	"time"

	"yingda/internal/kit/audio"
)

// mostBehind is how late a shard may be and still send what it missed. After
// that it goes on from now: the listener hears a gap rather than a rush.
const mostBehind = 100 * time.Millisecond

// now is the machine's time with its monotonic part: packets are sent by it,
// and nothing of it is stored.
func now() time.Time { return time.Now() } //nolint:forbidigo // sound goes by the real time, also in tests

// Pacer gives each leg that has something to play its turn every 20 ms, on a
// schedule that does not drift. Its shards are out of step with each other, so
// that packets do not leave all at once; a shard without legs sleeps.
type Pacer struct {
	shards []*shard
	next   atomic.Uint32
	stop   chan struct{}
	done   sync.WaitGroup
	late   atomic.Int64
}

type shard struct {
	wake chan struct{}

	mu   sync.Mutex
	legs []*Leg
}

// NewPacer starts a pacer with so many shards; a few are enough for thousands
// of legs.
func NewPacer(shards int) *Pacer {
	p := &Pacer{stop: make(chan struct{})}
	start := now()
	for i := range shards {
		s := &shard{wake: make(chan struct{}, 1)}
		p.shards = append(p.shards, s)
		phase := audio.FrameTime * time.Duration(i) / time.Duration(shards)
		p.done.Go(func() { p.run(s, start.Add(phase)) })
	}
	return p
}

// Close stops the pacer. Legs that play fall silent.
func (p *Pacer) Close() {
	close(p.stop)
	p.done.Wait()
}

// Late returns how late the latest turn was since this was asked last.
func (p *Pacer) Late() time.Duration { return time.Duration(p.late.Swap(0)) }

func (p *Pacer) shard() *shard { return p.shards[p.next.Add(1)%uint32(len(p.shards))] }

func (p *Pacer) run(s *shard, next time.Time) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	var turn []*Leg
	for {
		if turn = s.snapshot(turn[:0]); len(turn) == 0 {
			select {
			case <-s.wake:
			case <-p.stop:
				return
			}
			if behind := time.Since(next); behind > 0 { // keep the phase
				next = next.Add((behind + audio.FrameTime - 1).Truncate(audio.FrameTime))
			}
			continue
		}
		timer.Reset(time.Until(next))
		select {
		case <-timer.C:
		case <-p.stop:
			return
		}
		behind := time.Since(next)
		if int64(behind) > p.late.Load() {
			p.late.Store(int64(behind))
		}
		for _, l := range turn {
			l.tick()
		}
		s.drop()
		if next = next.Add(audio.FrameTime); behind > mostBehind {
			next = next.Add(behind.Truncate(audio.FrameTime))
		}
	}
}

func (s *shard) snapshot(into []*Leg) []*Leg {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append(into, s.legs...)
}

// add gives a leg its turns until it has nothing left to send.
func (s *shard) add(l *Leg) {
	s.mu.Lock()
	if !l.paced {
		l.paced = true
		s.legs = append(s.legs, l)
	}
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// drop lets go of legs that have nothing to send.
func (s *shard) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := s.legs[:0]
	for _, l := range s.legs {
		if l.wants() {
			kept = append(kept, l)
		} else {
			l.paced = false
		}
	}
	clear(s.legs[len(kept):])
	s.legs = kept
}
