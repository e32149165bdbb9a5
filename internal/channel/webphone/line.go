package webphone

import (
	"log/slog"
	"net/netip"
	"time"

	"github.com/pion/webrtc/v4"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/rtp"
	"yingda/internal/kit/sdp"
)

// line is an agent's telephone. Its leg stays the same while connections come
// and go.
type line struct {
	agent agent.ID
	leg   *rtp.Leg
	wire  *wire

	// Of the Phones' lock.
	current *connection // carries the sound
	next    *connection // is being connected
	up      bool        // current is connected
	was     bool        // it was connected once
	since   time.Time
	away    *time.Timer // until it is given up
}

func (p *Phones) newLine(who agent.ID) (*line, error) {
	l := &line{agent: who, wire: &wire{}}
	var err error
	l.leg, err = rtp.NewLeg(rtp.Options{Wire: l.wire, Pacer: p.o.Pacer, Tell: func(rtp.Event) {}})
	return l, err
}

// keys is a payload number that no browser uses: agents press keys in the
// console, not in the sound, and nothing needs to listen for them there.
const keys = 127

// changed takes the state in which a connection is now.
func (p *Phones) changed(c *connection, s webrtc.PeerConnectionState) {
	switch s {
	case webrtc.PeerConnectionStateConnected:
		p.connected(c)
	case webrtc.PeerConnectionStateDisconnected:
		p.mu.Lock()
		defer p.mu.Unlock()
		if l := c.line; l.current == c && l.up {
			p.await(l, p.o.Grace-min(silence, p.o.Grace))
		}
	case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
		p.lost(c)
	default:
	}
}

func (p *Phones) connected(c *connection) {
	p.mu.Lock()
	l := c.line
	var before *connection
	switch {
	case p.lines[l.agent] != l: // it was given up a moment ago
		p.mu.Unlock()
		p.hangUp(c)
		return
	case l.next == c:
		before, l.current, l.next = l.current, c, nil
		l.since = p.o.Now()
		l.leg.Agree(sdp.Agreed{Law: c.law, Payload: uint8(c.law), Events: keys, Ptime: 20, Direction: sdp.SendRecv}, netip.Addr{})
		l.wire.to.Store(c)
	case l.current != c:
		p.mu.Unlock()
		return
	}
	l.up, l.was = true, true
	if l.away != nil {
		l.away.Stop()
		l.away = nil
	}
	p.mu.Unlock()
	p.tell()
	if before != nil {
		p.hangUp(before)
	}
	p.o.Log.Debug("webphone: connected", slog.String("agent", l.agent.String()), slog.String("path", c.path()))
}

// lost gives a connection up. A line that is left without one waits for another.
func (p *Phones) lost(c *connection) {
	p.mu.Lock()
	l := c.line
	none := false
	switch c {
	case l.next:
		l.next = nil
		none = l.current == nil && p.lines[l.agent] == l
		if none {
			delete(p.lines, l.agent)
		}
	case l.current:
		if l.up {
			p.await(l, p.o.Grace)
		}
		l.up = false
	}
	p.mu.Unlock()
	p.tell()
	p.hangUp(c)
	if none { // it never was connected
		p.release(l)
	}
}

// await gives a line up after a while, unless it is connected until then. It is
// called under the lock.
func (p *Phones) await(l *line, while time.Duration) {
	l.up = false
	p.tell()
	if l.away == nil && p.lines[l.agent] == l {
		l.away = time.AfterFunc(while, func() {
			p.mu.Lock()
			late := l.up || l.away == nil
			p.mu.Unlock()
			if !late {
				p.giveUp(l)
			}
		})
	}
}

// end ends a connection whose session is over, and the line with it unless
// another carries the sound.
func (p *Phones) end(c *connection) {
	p.mu.Lock()
	l := c.line
	whole := l.current == c && l.next == nil
	p.mu.Unlock()
	if whole {
		p.giveUp(l)
		return
	}
	p.lost(c)
}

// giveUp ends a line and says so.
func (p *Phones) giveUp(l *line) {
	p.mu.Lock()
	if p.lines[l.agent] != l {
		p.mu.Unlock()
		return
	}
	delete(p.lines, l.agent)
	l.up = false
	was := l.was
	p.mu.Unlock()
	p.tell()
	p.release(l)
	if was && p.o.Gone != nil {
		p.o.Gone(l.agent)
	}
}

// release closes what a line has that nobody finds any more.
func (p *Phones) release(l *line) {
	p.mu.Lock()
	current, next := l.current, l.next
	l.up = false
	if l.away != nil {
		l.away.Stop()
	}
	p.mu.Unlock()
	for _, c := range []*connection{current, next} {
		if c != nil {
			p.hangUp(c)
		}
	}
	l.leg.Close()
}

// hangUp closes a connection. It takes as long as the other side lets it, so
// nobody waits.
func (p *Phones) hangUp(c *connection) {
	c.once.Do(func() {
		if c.pc != nil {
			p.closing.Go(func() { _ = c.pc.Close() }) // it is gone either way
		}
	})
}
