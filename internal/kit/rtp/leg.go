package rtp

import (
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"yingda/internal/kit/audio"
	"yingda/internal/kit/sdp"
)

const (
	maxPayload  = 960  // 120 ms; nobody sends more
	mostSound   = 1152 // bytes of a packet, with what stands before its sound
	reportEvery = 5 * time.Second
)

// Kind says what a leg tells.
type Kind uint8

// What a leg tells.
const (
	KeyPressed   Kind = iota // Key: 0-9, *, #, A-D
	Played                   // Play has come to its end
	NothingHeard             // for longer than Options.Timeout, though something should come
	NotRecorded              // Err: the recording ends here
)

// Event is something that a leg tells.
type Event struct {
	Kind Kind
	Key  byte
	Play int
	Err  error
}

// Options are what a leg is made with.
type Options struct {
	Ports *Ports
	Pacer *Pacer
	// Wire carries the packets instead of two ports of Ports, if it is set. Whoever
	// reads from it hands what comes to Leg.Arrive.
	Wire Wire
	// Tell is told what happens. It is called by the goroutines that carry the
	// sound and must not wait, nor call the leg.
	Tell func(Event)
	// Timeout is how long nothing may come before NothingHeard; 0: for ever.
	Timeout time.Duration
}

// Wire carries a leg's packets where two ports cannot: over a connection that is
// encrypted or that others use too. It must not keep b, nor wait, nor call the
// leg. What cannot be sent is lost, as on any line.
type Wire interface {
	Sound(b []byte) error  // RTP
	Report(b []byte) error // RTCP
}

// Leg is one party's sound. It sends and receives nothing before Agree.
type Leg struct {
	sound, reports *socket // nil with a wire
	wire           Wire
	shard          *shard
	tell           func(Event)
	timeout        time.Duration
	start          time.Time
	timer          *time.Timer

	paced bool // the shard's

	in  inbound
	out outbound
}

// inbound is what comes. The order of locks is in.mu, then out.mu of any leg.
type inbound struct {
	mu       sync.Mutex
	agreed   sdp.Agreed
	seal     *seal // of what comes; nil: it is not sealed
	ready    bool
	near     netip.Addr // where the signalling comes from
	latched  bool
	from     netip.AddrPort // who is listened to
	stream   stream
	packet   Packet // the one that is being read
	peer     Sink
	keys     keys
	detector *audio.Detector // hears keys in the sound, where nothing else carries them
	samples  []int16
	tap      groove
	last     time.Duration // when something came, since start
	warned   bool          // NothingHeard was told
	foreign  uint64
	figures  Figures
	far      far
}

// outbound is what goes.
type outbound struct {
	mu      sync.Mutex
	agreed  sdp.Agreed
	seal    *seal // of what goes
	ready   bool
	closed  bool
	to      netip.AddrPort // the sound
	packet  Packet         // the last that went, by its numbers
	sent    time.Duration  // when, since start
	began   bool           // something was sent
	spurt   bool           // the next begins anew: marker and a jump in time
	buf     [headerSize + maxPayload]byte
	owed    int // samples that are due but fill no packet yet
	frame   [audio.Frame]byte
	left    int // of the frame
	play    Source
	playing int
	tones   Source
	dial    dial
	relay   relay
	tap     groove
	packets uint32
	octets  uint32
}

// relay keeps the deltas of a stream that is passed on.
type relay struct {
	on       bool
	source   uint32
	sequence uint16 // what is added
	time     uint32
	first    uint16 // where it began
	young    bool   // it began a moment ago: what comes from before is left out
}

// NewLeg opens the ports of a leg; with a wire it needs none.
func NewLeg(o Options) (*Leg, error) {
	l := &Leg{wire: o.Wire, shard: o.Pacer.shard(), tell: o.Tell, timeout: o.Timeout, start: now()}
	l.out.packet = Packet{Source: rand.Uint32(), Sequence: uint16(rand.Uint32() >> 17), Time: rand.Uint32()}
	if l.wire == nil {
		var err error
		if l.sound, l.reports, err = o.Ports.open(); err != nil {
			return nil, err
		}
		if err = l.sound.listen(l.hearSound); err == nil {
			err = l.reports.listen(l.hearReports)
		}
		if err != nil {
			l.sound.close()
			l.reports.close()
			return nil, err
		}
	}
	l.in.mu.Lock()
	defer l.in.mu.Unlock()
	l.timer = time.AfterFunc(reportEvery, l.report)
	return l, nil
}

// Source returns the number by which the leg's packets are known (SSRC).
func (l *Leg) Source() uint32 {
	l.out.mu.Lock()
	defer l.out.mu.Unlock()
	return l.out.packet.Source
}

// Port returns where the leg receives sound; its reports come one above. With a
// wire it is 0.
func (l *Leg) Port() uint16 {
	if l.wire != nil {
		return 0
	}
	return l.sound.port
}

// Agree sets what both sides agreed on, the first time and each time it
// changes. Near is where the signalling of the other side comes from; it helps
// to tell its packets from a stranger's.
func (l *Leg) Agree(a sdp.Agreed, near netip.Addr) {
	l.in.mu.Lock()
	defer l.in.mu.Unlock()
	moved := !l.in.ready || a.Remote != l.in.agreed.Remote && a.Remote.IsValid()
	l.in.agreed, l.in.near, l.in.ready = a, near, true
	l.in.seal = l.in.seal.renew(a.Suite, a.Theirs)
	l.in.last, l.in.warned = l.since(), false
	if moved {
		l.in.latched = false
	}
	if l.in.detector = nil; a.Events == 0 {
		l.in.detector = &audio.Detector{}
	}
	o := &l.out
	o.mu.Lock()
	o.agreed, o.ready = a, true
	o.seal = o.seal.renew(a.Suite, a.Ours)
	if moved && a.Remote.IsValid() {
		o.to = a.Remote
	}
	if a.Events == 0 && o.dial.active() {
		o.dialInSound(o.dial.keys)
	}
	o.restart()
	o.mu.Unlock()
	l.pace()
}

// Play plays a source from now on instead of what is played or passed on, and
// returns its number; Played tells when it ends. Nothing is told of a source
// that is replaced or stopped.
func (l *Leg) Play(s Source) int {
	o := &l.out
	o.mu.Lock()
	o.playing++
	o.play = s
	o.restart()
	n := o.playing
	o.mu.Unlock()
	l.pace()
	return n
}

// Stop ends what is played.
func (l *Leg) Stop() {
	l.out.mu.Lock()
	defer l.out.mu.Unlock()
	l.out.play = nil
	l.out.restart()
}

// Bridge hands what is heard to a sink from now on; nil to nobody.
func (l *Leg) Bridge(to Sink) {
	l.in.mu.Lock()
	defer l.in.mu.Unlock()
	l.in.peer = to
}

// Record records both sides: what is heard, and what is sent. Times begin now.
// Nil ends it.
func (l *Leg) Record(tap Tap) {
	l.in.mu.Lock()
	defer l.in.mu.Unlock()
	l.out.mu.Lock()
	defer l.out.mu.Unlock()
	begin := l.since()
	l.in.tap = groove{tap: tap, begin: begin, side: audio.Caller}
	l.out.tap = groove{tap: tap, begin: begin, side: audio.Heard}
}

// Close ends the leg: nothing is taken or told of what comes after it. What it
// has counted can still be asked for.
func (l *Leg) Close() {
	l.timer.Stop()
	l.out.mu.Lock()
	l.out.closed = true
	l.out.play, l.out.tones = nil, nil
	l.out.dial = dial{}
	l.out.mu.Unlock()
	if l.wire == nil {
		l.sound.close()
		l.reports.close()
	}
}

func (l *Leg) since() time.Duration { return time.Since(l.start) }

func (l *Leg) pace() {
	if l.wants() {
		l.shard.add(l)
	}
}

// wants reports whether the leg has something to send by itself.
func (l *Leg) wants() bool {
	l.out.mu.Lock()
	defer l.out.mu.Unlock()
	return l.out.wants()
}

func (o *outbound) wants() bool {
	return o.ready && !o.closed && o.agreed.Direction.Sends() && (o.play != nil || o.tones != nil || o.dial.active())
}

// restart lets the next packet begin a new spurt of sound.
func (o *outbound) restart() {
	o.spurt, o.relay.on, o.owed, o.left = true, false, 0, 0
}

// tick is the leg's turn: it sends what is due.
func (l *Leg) tick() {
	o := &l.out
	o.mu.Lock()
	if !o.wants() {
		o.mu.Unlock()
		return
	}
	var told Event
	var tell bool
	var err error
	if o.dial.active() {
		l.dialTick()
	} else {
		told, tell, err = l.playTick()
	}
	o.mu.Unlock()
	if tell {
		l.tell(told)
	}
	l.failed(err)
}

func (l *Leg) failed(err error) {
	if err != nil {
		l.tell(Event{Kind: NotRecorded, Err: err})
	}
}

// playTick sends the next packet of what is played, if one is full.
func (l *Leg) playTick() (told Event, tell bool, err error) {
	o := &l.out
	o.owed += audio.Frame
	size := max(audio.Frame, o.agreed.Ptime*audio.Rate/1000)
	if o.owed < size {
		return Event{}, false, nil
	}
	o.owed -= size
	payload := o.buf[headerSize : headerSize+size]
	filled := 0
	for filled < size {
		if o.left == 0 {
			source := o.tones
			if source == nil {
				source = o.play
			}
			switch {
			case source == nil:
			case source.Next(o.agreed.Law, o.frame[:]):
				o.left = audio.Frame
			case o.tones != nil:
				o.tones = nil
				continue
			default:
				o.play, tell, told = nil, true, Event{Kind: Played, Play: o.playing}
			}
			if o.left == 0 {
				break
			}
		}
		n := copy(payload[filled:], o.frame[audio.Frame-o.left:])
		filled += n
		o.left -= n
	}
	if filled == 0 {
		o.restart()
		return told, tell, nil
	}
	for i := filled; i < size; i++ {
		payload[i] = o.agreed.Law.Silence()
	}
	p := o.next(l.since(), uint32(size))
	o.packet.Type = o.agreed.Payload
	err = l.send(p.Marker, size)
	if o.play == nil && o.tones == nil {
		o.restart()
	}
	return told, tell, err
}

// next moves the numbers on by so many samples, or by the time that has gone by.
func (o *outbound) next(at time.Duration, step uint32) Packet {
	marker := o.spurt
	if o.spurt && o.began {
		gone := uint32(audio.Samples(at - o.sent))
		step = max(step, gone/audio.Frame*audio.Frame)
	}
	o.spurt = false
	o.packet.Sequence++
	o.packet.Time += step
	return Packet{Marker: marker}
}

// send sends the payload that stands in the buffer with the numbers in
// out.packet.
func (l *Leg) send(marker bool, size int) error {
	o := &l.out
	p := o.packet
	p.Marker = marker
	return l.sendAs(&p, size)
}

func (l *Leg) sendAs(p *Packet, size int) error {
	o := &l.out
	at := l.since()
	o.sent, o.began = at, true
	var err error
	if p.Type == o.agreed.Payload {
		err = o.tap.put(at, p.Time, o.agreed.Law, o.buf[headerSize:headerSize+size])
	}
	if l.wire == nil && !o.to.IsValid() || o.closed {
		return err
	}
	p.putHeader(o.buf[:])
	if failed := l.write(o.buf[:headerSize+size]); failed == nil {
		o.packets++
		o.octets += uint32(size)
	}
	return err
}

func (l *Leg) write(b []byte) (err error) {
	b, ok := l.out.seal.closed(b, false)
	if !ok {
		return errNotSealed
	}
	if l.wire != nil {
		return l.wire.Sound(b)
	}
	return l.sound.send(b, l.out.to)
}

// Forward passes on what another leg has heard, with the numbers of this
// stream and the distances of that one, so that what was lost there is seen to
// be lost here. What is played goes before it.
func (l *Leg) Forward(p *Packet, law audio.Law) {
	o := &l.out
	o.mu.Lock()
	err := l.relay(p, law)
	o.mu.Unlock()
	l.failed(err)
}

func (l *Leg) relay(p *Packet, law audio.Law) error {
	o := &l.out
	if !o.ready || o.closed || !o.agreed.Direction.Sends() || len(p.Payload) > maxPayload {
		return nil
	}
	if o.play != nil || o.tones != nil || o.dial.active() {
		o.relay.on = false
		return nil
	}
	marker := p.Marker
	r := &o.relay
	if !r.on || r.source != p.Source || jump(p.Sequence, o.packet.Sequence-r.sequence) {
		o.spurt = true
		step := uint32(len(p.Payload))
		marker = o.next(l.since(), max(step, 1)).Marker
		*r = relay{on: true, young: true, source: p.Source, first: p.Sequence, sequence: o.packet.Sequence - p.Sequence, time: o.packet.Time - p.Time}
	} else if ahead := int16(p.Sequence - r.first); r.young {
		if ahead < 0 {
			return nil
		}
		r.young = ahead < 500
	}
	copy(o.buf[headerSize:], p.Payload)
	audio.Transcode(o.buf[headerSize:headerSize+len(p.Payload)], law, o.agreed.Law)
	q := Packet{Type: o.agreed.Payload, Marker: marker, Sequence: p.Sequence + r.sequence, Time: p.Time + r.time, Source: o.packet.Source}
	if int16(q.Sequence-o.packet.Sequence) > 0 {
		o.packet.Sequence, o.packet.Time = q.Sequence, q.Time
	}
	return l.sendAs(&q, len(p.Payload))
}

// groove is where one side of a leg goes in a recording. Packets stand where
// their numbers say, as long as that is near the time at which they came.
type groove struct {
	tap   Tap
	begin time.Duration
	side  audio.Side
	on    bool
	at    time.Duration
	time  uint32
}

const mostAside = 200 * time.Millisecond

func (g *groove) put(at time.Duration, stamp uint32, law audio.Law, codes []byte) error {
	if g.tap == nil {
		return nil
	}
	at -= g.begin
	place := g.at + time.Duration(int32(stamp-g.time))*time.Second/audio.Rate
	if off := place - at; !g.on || off > mostAside || off < -mostAside {
		g.on, g.at, g.time, place = true, at, stamp, at
	}
	return g.tap.Put(g.side, place, law, codes)
}
