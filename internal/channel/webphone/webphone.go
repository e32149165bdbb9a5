// Package webphone is the telephone in an agent's console: one lasting encrypted
// connection of the browser for the sound of all calls, silent until there is one.
//
// Each agent has one line: a leg (kit/rtp) that plays, passes on and records as
// that of any telephone does, and the browser's connection that carries its
// packets. Who opens the console anew, or elsewhere, keeps the line: the new
// connection takes the place of the old one without a word to whoever holds the
// leg. A line without connection is given up after a few seconds.
package webphone

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/event"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/limit"
	"yingda/internal/kit/rtp"
)

// Feed is the news that a session has ended. The store's DB is one.
type Feed interface {
	EventBounds(ctx context.Context) (oldest, newest int64, err error)
	Follow(ctx context.Context, after int64, f func([]event.Event) error) error
}

// Options are what telephones are opened with.
type Options struct {
	// Listen is where browsers reach us: one port, UDP and TCP. Port 0 is one that
	// is free.
	Listen netip.AddrPort
	// Public is the address that browsers are told, if it is not the one that is
	// listened on.
	Public netip.Addr
	Pacer  *rtp.Pacer
	Feed   Feed
	// Gone is told when an agent has no telephone any more: it hung up, its session
	// is over, or it was cut off for longer than Grace. It is told of each line
	// that was connected once; it may wait.
	Gone func(agent.ID)
	// Changed is told when a telephone is connected, or is not any more; nil: nobody
	// is. It must not wait, nor ask the telephones.
	Changed func()
	// RelayListen is where browsers find a relay (TURN), UDP and TCP, whose network
	// lets nothing else pass; the zero value: nowhere. Secret signs what they show
	// there.
	RelayListen netip.AddrPort
	Secret      []byte
	Now         func() time.Time
	Log         *slog.Logger
	// Grace is how long a line without connection is kept; 0 is five seconds.
	Grace time.Duration
}

const (
	usualGrace   = 5 * time.Second
	silence      = 3 * time.Second // nothing comes, not even to keep alive
	keepAlive    = time.Second
	failedAfter  = 30 * time.Second
	recheckEvery = time.Minute // a session may have run out
	mostSDP      = 16 << 10
	// A console that cannot connect tries again, more and more rarely.
	offersPerSecond = 0.5
	offersAtOnce    = 10
)

// What is answered to browsers whose telephone cannot be connected.
var (
	ErrNoOffer  = fault.New(fault.Invalid, "phone.no_offer", "this is not what a browser's telephone offers; send the SDP that createOffer makes of one audio track").In("body.sdp")
	ErrTooLarge = fault.New(fault.TooLarge, "phone.too_large", "the offer is larger than 16 KB; a telephone has one audio track and nothing else").In("body.sdp")
	ErrNoSound  = fault.New(fault.Invalid, "phone.no_sound", "the browser offers neither PCMA nor PCMU, which telephones speak; leave them among its codecs").In("body.sdp")
	errOften    = fault.New(fault.Busy, "phone.often", "the telephone was connected too often in a short time; wait a few seconds")
	errClosed   = fault.New(fault.Busy, "phone.closed", "the program is stopping; connect the telephone again in a moment")
)

var _ channel.Phones = (*Phones)(nil)

// Phones are the telephones of all agents.
type Phones struct {
	o       Options
	address netip.AddrPort
	apis    map[audio.Law]*webrtc.API
	close   func() error
	relay   *relay // nil: none
	limit   *limit.Buckets
	closing sync.WaitGroup // connections

	mu     sync.Mutex
	closed bool
	lines  map[agent.ID]*line
}

// Open listens for browsers.
func Open(o Options) (*Phones, error) {
	if o.Grace == 0 {
		o.Grace = usualGrace
	}
	p := &Phones{o: o, limit: limit.New(offersPerSecond, offersAtOnce, 10000), lines: map[agent.ID]*line{}}
	udp, tcp, err := listen(o.Listen)
	if err != nil {
		return nil, fault.New(fault.Invalid, "phone.port", "the port for telephones in browsers, %s, is taken or not ours; choose another with --webrtc-listen", o.Listen).Because(err)
	}
	p.address = udp.LocalAddr().(*net.UDPAddr).AddrPort() //nolint:forcetypeassert // it is a UDP socket
	p.apis, p.close = engines(o, udp, tcp)
	if o.RelayListen.IsValid() {
		if p.relay, err = openRelay(o.RelayListen, o.Secret, o, ours(p.address.Addr().Unmap(), o.Public), p.address.Port()); err != nil {
			return nil, errors.Join(err, p.close())
		}
	}
	return p, nil
}

// listen opens one port for UDP and TCP. A port that the machine chooses for one
// may be taken for the other: then again.
func listen(at netip.AddrPort) (udp *net.UDPConn, tcp *net.TCPListener, err error) {
	for range 20 {
		if udp, err = net.ListenUDP("udp", net.UDPAddrFromAddrPort(at)); err != nil {
			return nil, nil, err
		}
		port := udp.LocalAddr().(*net.UDPAddr).AddrPort().Port() //nolint:forcetypeassert // it is a UDP socket
		if tcp, err = net.ListenTCP("tcp", net.TCPAddrFromAddrPort(netip.AddrPortFrom(at.Addr(), port))); err == nil {
			return udp, tcp, nil
		}
		_ = udp.Close()
		if at.Port() != 0 {
			break
		}
	}
	return nil, nil, err
}

// Address is where browsers reach us.
func (p *Phones) Address() netip.AddrPort { return p.address }

// Close cuts off all telephones. Gone is not told of them.
func (p *Phones) Close() error {
	p.mu.Lock()
	p.closed = true
	lines := p.lines
	p.lines = map[agent.ID]*line{}
	p.mu.Unlock()
	for _, l := range lines {
		p.release(l)
	}
	p.closing.Wait()
	if p.relay != nil {
		return errors.Join(p.relay.server.Close(), p.close())
	}
	return p.close()
}

// Run cuts off the telephones of sessions that have ended, until ctx ends.
func (p *Phones) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	wg.Go(func() {
		tick := time.NewTicker(recheckEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				p.recheck(ctx, 0)
			}
		}
	})
	_, newest, err := p.o.Feed.EventBounds(ctx)
	if err != nil {
		return err
	}
	err = p.o.Feed.Follow(ctx, newest, func(es []event.Event) error {
		for _, e := range es {
			if e.Kind == event.SessionEnded {
				p.recheck(ctx, e.Agent)
			}
		}
		return nil
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// recheck asks whether the sessions of an agent's connections go on; those of
// all agents if none is named.
func (p *Phones) recheck(ctx context.Context, who agent.ID) {
	var asked []*connection
	p.mu.Lock()
	for a, l := range p.lines {
		if who == 0 || a == who {
			for _, c := range []*connection{l.current, l.next} {
				if c != nil {
					asked = append(asked, c)
				}
			}
		}
	}
	p.mu.Unlock()
	for _, c := range asked {
		if k := fault.KindOf(c.still(ctx)); k == fault.Unsigned || k == fault.Forbidden {
			p.end(c)
		}
	}
}

// Connect lets a browser be an agent's telephone. When it is connected it takes
// the place of the one before.
func (p *Phones) Connect(ctx context.Context, o channel.PhoneOffer) (channel.PhoneAnswer, error) {
	if p.limit.Take(o.Agent.String(), p.o.Now()) > 0 {
		return channel.PhoneAnswer{}, errOften
	}
	law, text, err := read(o.SDP)
	if err != nil {
		return channel.PhoneAnswer{}, err
	}
	c := &connection{id: newID(), law: law, still: o.Still}
	var replaced *connection
	err = func() error {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.closed {
			return errClosed
		}
		l := p.lines[o.Agent]
		if l == nil {
			if l, err = p.newLine(o.Agent); err != nil {
				return err
			}
			p.lines[o.Agent] = l
		}
		c.line, replaced, l.next = l, l.next, c
		return p.build(c)
	}()
	if replaced != nil {
		p.hangUp(replaced)
	}
	if err == nil {
		var answer string
		if answer, err = c.answer(ctx, text); err == nil {
			return channel.PhoneAnswer{ID: c.id, SDP: answer}, nil
		}
	}
	if c.line != nil {
		p.changed(c, webrtc.PeerConnectionStateFailed)
	}
	if errors.Is(err, context.Canceled) || errors.As(err, new(*fault.Error)) {
		return channel.PhoneAnswer{}, err
	}
	return channel.PhoneAnswer{}, ErrNoOffer.Because(err)
}

func newID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// Disconnect takes an agent's telephone away.
func (p *Phones) Disconnect(who agent.ID) {
	p.mu.Lock()
	l := p.lines[who]
	p.mu.Unlock()
	if l != nil {
		p.giveUp(l)
	}
}

// State tells how an agent's telephone is.
func (p *Phones) State(who agent.ID) channel.PhoneState {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.lines[who]
	switch {
	case l == nil:
		return channel.PhoneState{}
	case l.up:
		return channel.PhoneState{Connected: true, Since: l.since, ID: l.current.id, ICE: l.current.pc.ICEConnectionState().String(), Path: l.current.path()}
	case l.next != nil && l.next.pc != nil:
		return channel.PhoneState{ID: l.next.id, ICE: l.next.pc.ICEConnectionState().String()}
	case l.current != nil:
		return channel.PhoneState{ID: l.current.id, ICE: l.current.pc.ICEConnectionState().String()}
	}
	return channel.PhoneState{}
}

// Leg returns the sound of an agent's telephone, if it is connected. It belongs
// to the telephone: who uses it plays, passes on and records, but does not
// close it.
func (p *Phones) Leg(who agent.ID) (*rtp.Leg, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.lines[who]
	if l == nil || !l.up {
		return nil, false
	}
	return l.leg, true
}

// Connected returns whose telephones are connected.
func (p *Phones) Connected() []agent.ID {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []agent.ID
	for a, l := range p.lines {
		if l.up {
			all = append(all, a)
		}
	}
	return all
}

// tell says that a telephone is connected, or is not any more.
func (p *Phones) tell() {
	if p.o.Changed != nil {
		p.o.Changed()
	}
}

// Credentials returns where an agent's browser finds the relay and what it shows
// there; ok is false if there is none.
func (p *Phones) Credentials(who agent.ID) (c channel.PhoneCredentials, ok bool) {
	if p.relay == nil {
		return channel.PhoneCredentials{}, false
	}
	return p.relay.credentials(who), true
}
