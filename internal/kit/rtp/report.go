package rtp

import (
	"encoding/binary"
	"math"
	"net/netip"
	"time"

	"yingda/internal/kit/audio"
)

// Figures say how well a leg was heard, on this side and on the other.
type Figures struct {
	Sent, Received, Lost uint64
	Late                 uint64        // came after others that were sent behind them
	Foreign              uint64        // came from somebody else and were left alone
	Jitter, WorstJitter  time.Duration // how unevenly packets come
	// What the other side reports of what we sent.
	Reported  bool
	FarLost   uint64
	FarJitter time.Duration
	RoundTrip time.Duration
	// MOS is how good the sound is to a listener, from 1 to 4.4, here and
	// there, after the E-model (ITU-T G.107) for G.711.
	MOS, FarMOS float64
}

// Figures returns how well the leg is heard so far.
func (l *Leg) Figures() Figures {
	l.in.mu.Lock()
	f := l.in.figures
	l.in.stream.total(&f)
	f.Foreign = l.in.foreign
	far := l.in.far
	l.in.mu.Unlock()
	l.out.mu.Lock()
	f.Sent = uint64(l.out.packets)
	l.out.mu.Unlock()
	f.Reported, f.FarLost, f.FarJitter, f.RoundTrip = far.reported, far.lost, far.jitter, far.roundTrip
	f.MOS = MOS(part(f.Lost, f.Received+f.Lost), f.Jitter, f.RoundTrip)
	f.FarMOS = MOS(part(f.FarLost, f.Sent), f.FarJitter, f.RoundTrip)
	return f
}

func part(n, of uint64) float64 {
	if of == 0 {
		return 0
	}
	return min(1, float64(n)/float64(of))
}

// MOS returns how good sound is with such a part of packets lost, so uneven and
// on its way for so long.
func MOS(lost float64, jitter, roundTrip time.Duration) float64 {
	delay := (roundTrip/2 + 2*jitter + audio.FrameTime).Seconds() * 1000
	id := 0.024 * delay
	if delay > 177.3 {
		id += 0.11 * (delay - 177.3)
	}
	const robust = 25.1 // G.711 where gaps are concealed
	ie := 95 * lost * 100 / (lost*100 + robust)
	r := 93.2 - id - ie
	if r <= 0 {
		return 1
	}
	return max(1, min(4.5, 1+0.035*r+r*(r-60)*(100-r)*7e-6))
}

// stream counts one run of packets (RFC 3550, appendix A).
type stream struct {
	began    bool
	source   uint32
	first    uint32 // sequence numbers with their rounds
	highest  uint16
	rounds   uint32
	received uint64
	late     uint64
	transit  int32
	jitter   float64 // in samples
	worst    float64
	// of the last report
	expectedBefore, receivedBefore uint64
}

// count counts a packet; that of a key says nothing about when it was due.
func (s *stream) count(p *Packet, at time.Duration, isKey bool, f *Figures) {
	switch {
	case !s.began:
		*s = stream{began: true, source: p.Source, first: uint32(p.Sequence), highest: p.Sequence}
		s.transit = int32(audio.Samples(at)) - int32(p.Time)
	case jump(p.Sequence, s.highest):
		s.change(p.Source, f)
		s.count(p, at, isKey, f)
		return
	case int16(p.Sequence-s.highest) > 0:
		if p.Sequence < s.highest {
			s.rounds += 1 << 16
		}
		s.highest = p.Sequence
	default:
		s.late++
	}
	s.received++
	transit := int32(audio.Samples(at)) - int32(p.Time)
	d := math.Abs(float64(transit - s.transit))
	s.transit = transit
	if p.Marker || isKey || d > audio.Rate { // a new spurt, or a clock that was set
		return
	}
	s.jitter += (d - s.jitter) / 16
	s.worst = max(s.worst, s.jitter)
}

func (s *stream) expected() uint64 {
	if !s.began {
		return 0
	}
	return uint64(s.rounds+uint32(s.highest)-s.first) + 1
}

func (s *stream) lost() uint64 {
	if e := s.expected(); e > s.received {
		return e - s.received
	}
	return 0
}

// change lets another run of packets begin and keeps what was counted.
func (s *stream) change(source uint32, f *Figures) {
	s.total(f)
	*s = stream{source: source}
}

func (s *stream) total(f *Figures) {
	f.Received += s.received
	f.Lost += s.lost()
	f.Late += s.late
	f.Jitter = samples(s.jitter)
	f.WorstJitter = max(f.WorstJitter, samples(s.worst))
}

func samples(n float64) time.Duration {
	return time.Duration(n * float64(time.Second) / audio.Rate)
}

// far is what the other side reports.
type far struct {
	reported  bool
	lost      uint64
	jitter    time.Duration
	roundTrip time.Duration
	sentAt    uint32        // the middle of the time in its last report
	heardAt   time.Duration // when that came
}

const (
	typeSender   = 200
	typeReceiver = 201
	typeItems    = 202
)

// readReport reads the reports in one packet. Those from another machine than
// the sound comes from are left alone.
func (l *Leg) readReport(b []byte, from netip.AddrPort) {
	at := l.since()
	l.out.mu.Lock()
	ours := l.out.packet.Source
	l.out.mu.Unlock()
	in := &l.in
	in.mu.Lock()
	defer in.mu.Unlock()
	theirs := from.Addr() == in.agreed.Remote.Addr() || in.latched && from.Addr() == in.from.Addr()
	if !in.ready || !theirs {
		return
	}
	if b, theirs = in.seal.opened(b, true); !theirs {
		return
	}
	in.last, in.warned = at, false
	for len(b) >= 8 && b[0]>>6 == 2 {
		size := int(binary.BigEndian.Uint16(b[2:]))*4 + 4
		if size < 8 || size > len(b) {
			return
		}
		in.far.read(b[:size], ours, at, l.wall(at))
		b = b[size:]
	}
}

func (f *far) read(b []byte, ours uint32, at time.Duration, wall uint64) {
	blocks := b[8:]
	switch b[1] {
	case typeSender:
		if len(b) < 28 {
			return
		}
		f.sentAt, f.heardAt = uint32(binary.BigEndian.Uint64(b[8:])>>16), at
		blocks = b[28:]
	case typeReceiver:
	default:
		return
	}
	for range b[0] & 0x1f {
		if len(blocks) < 24 {
			return
		}
		if binary.BigEndian.Uint32(blocks) == ours {
			f.reported = true
			lost := int32(binary.BigEndian.Uint32(blocks[4:])<<8) >> 8
			f.lost = uint64(max(0, lost))
			f.jitter = samples(float64(min(binary.BigEndian.Uint32(blocks[12:]), audio.Rate)))
			if last, delay := binary.BigEndian.Uint32(blocks[16:]), binary.BigEndian.Uint32(blocks[20:]); last != 0 {
				if trip := int32(uint32(wall>>16) - last - delay); trip >= 0 && trip < 10<<16 {
					f.roundTrip = time.Duration(trip) * time.Second >> 16
				}
			}
		}
		blocks = blocks[24:]
	}
}

// wall returns the time of the network time protocol, which reports are written in.
func (l *Leg) wall(at time.Duration) uint64 {
	const since1900 = 2208988800
	t := l.start.Add(at)
	return uint64(t.Unix()+since1900)<<32 | uint64(t.Nanosecond())<<32/1e9
}

// mostSealed is a report of ours with what its seal adds, in bytes.
const mostSealed = 128

// report sends a report every few seconds, and notices that nothing comes.
func (l *Leg) report() {
	at := l.since()
	var buf, sealed [mostSealed]byte
	in := &l.in
	in.mu.Lock()
	silent := l.timeout > 0 && in.ready && !in.warned && in.agreed.Direction.Receives() && at-in.last > l.timeout
	if silent {
		in.warned = true
	}
	to := in.agreed.Reports
	if in.latched && in.from != in.agreed.Remote { // behind a router: where its reports would come from
		to = netip.AddrPortFrom(in.from.Addr(), in.from.Port()+1)
		if in.agreed.Mux {
			to = in.from
		}
	}
	ready := in.ready
	mux := in.agreed.Mux
	l.out.mu.Lock()
	closed := l.out.closed
	text, fine := l.out.seal.closed(buf[:l.writeReport(buf[:], at)], true)
	text = append(sealed[:0], text...) // the seal's own is written into by the next packet
	l.out.mu.Unlock()
	in.mu.Unlock()
	if closed {
		return
	}
	switch {
	case !ready || !fine:
	case l.wire != nil:
		_ = l.wire.Report(text)
	case to.IsValid() && to.Port() != 0:
		by := l.reports
		if mux {
			by = l.sound
		}
		_ = by.send(text, to) // the next one comes in a few seconds
	}
	if silent {
		l.tell(Event{Kind: NothingHeard})
	}
	l.timer.Reset(reportEvery)
}

// writeReport writes a report into b: of what was sent and heard, with a name.
func (l *Leg) writeReport(b []byte, at time.Duration) int {
	o, s := &l.out, &l.in.stream
	n := 8
	b[0], b[1] = 0x80, typeReceiver
	binary.BigEndian.PutUint32(b[4:], o.packet.Source)
	if o.began {
		b[1] = typeSender
		binary.BigEndian.PutUint64(b[8:], l.wall(at))
		binary.BigEndian.PutUint32(b[16:], o.packet.Time+uint32(audio.Samples(at-o.sent)))
		binary.BigEndian.PutUint32(b[20:], o.packets)
		binary.BigEndian.PutUint32(b[24:], o.octets)
		n = 28
	}
	if s.began {
		b[0] |= 1
		s.block(b[n:n+24], l.in.far, at)
		n += 24
	}
	binary.BigEndian.PutUint16(b[2:], uint16(n/4-1))
	items := b[n : n+16]
	items[0], items[1] = 0x81, typeItems
	binary.BigEndian.PutUint16(items[2:], 3)
	binary.BigEndian.PutUint32(items[4:], o.packet.Source)
	items[8], items[9] = 1, 5 // CNAME
	const hex = "0123456789abcdef"
	for i := range 5 {
		items[10+i] = hex[o.packet.Source>>(4*i)&15]
	}
	return n + 16
}

func (s *stream) block(b []byte, f far, at time.Duration) {
	expected, received := s.expected(), s.received
	binary.BigEndian.PutUint32(b, s.source)
	lost := min(s.lost(), 1<<23-1)
	binary.BigEndian.PutUint32(b[4:], uint32(lost))
	if e, r := expected-s.expectedBefore, received-s.receivedBefore; e > r && e > 0 {
		b[4] = byte(min(255, (e-r)<<8/e))
	}
	s.expectedBefore, s.receivedBefore = expected, received
	binary.BigEndian.PutUint32(b[8:], s.rounds+uint32(s.highest))
	binary.BigEndian.PutUint32(b[12:], uint32(s.jitter))
	if f.sentAt != 0 {
		binary.BigEndian.PutUint32(b[16:], f.sentAt)
		binary.BigEndian.PutUint32(b[20:], uint32((at-f.heardAt)<<16/time.Second))
	}
}
