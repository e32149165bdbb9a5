package rtp

import (
	"net/netip"
	"time"

	"yingda/internal/kit/audio"
)

// hearSound takes what comes to the port for sound; some send their reports
// there too.
func (l *Leg) hearSound(b []byte, from netip.AddrPort) {
	if isReport(b) {
		l.readReport(b, from)
		return
	}
	l.receive(b, from)
}

// hearReports takes what comes to the port for reports.
func (l *Leg) hearReports(b []byte, from netip.AddrPort) {
	if isReport(b) {
		l.readReport(b, from)
	}
}

// Arrive takes one packet that came by the leg's wire, sound or report. It is not
// kept. One goroutine at a time may call it.
func (l *Leg) Arrive(b []byte) {
	l.hearSound(b, netip.AddrPort{})
}

// receive takes one packet.
func (l *Leg) receive(b []byte, from netip.AddrPort) {
	at := l.since()
	in := &l.in
	in.mu.Lock()
	key, pressed, err := in.take(l, b, from, at)
	in.mu.Unlock()
	l.failed(err)
	if key != 0 {
		l.tell(Event{Kind: KeyPressed, Key: key})
	}
	for _, key := range pressed {
		l.tell(Event{Kind: KeyPressed, Key: key})
	}
}

// take returns a key that was pressed, or those that were heard in the sound.
func (in *inbound) take(l *Leg, b []byte, from netip.AddrPort, at time.Duration) (key byte, heard []byte, err error) {
	p := &in.packet
	if !in.ready {
		return 0, nil, nil
	}
	b, theirs := in.seal.opened(b, false)
	if !theirs {
		in.foreign++
		return 0, nil, nil
	}
	if !p.Read(b) {
		return 0, nil, nil
	}
	isKey := in.agreed.Events != 0 && p.Type == in.agreed.Events
	if !isKey && p.Type != in.agreed.Payload || !l.admit(p, from) {
		return 0, nil, nil
	}
	in.last, in.warned = at, false
	in.stream.count(p, at, isKey, &in.figures)
	if isKey {
		key, _ = in.keys.hear(p)
		return key, nil, nil
	}
	if !in.agreed.Direction.Receives() {
		return 0, nil, nil
	}
	err = in.tap.put(at, p.Time, in.agreed.Law, p.Payload)
	heard = in.listen(p.Payload)
	if in.peer != nil {
		in.peer.Forward(p, in.agreed.Law)
	}
	return 0, heard, err
}

// listen returns the keys that are heard in the sound itself.
func (in *inbound) listen(codes []byte) []byte {
	if in.detector == nil || len(codes) > maxPayload {
		return nil
	}
	in.samples = in.agreed.Law.AppendDecoded(in.samples[:0], codes)
	return in.detector.Hear(in.samples)
}

// admit decides whether a packet is the other side's. Before there was any
// sound the first to send is listened to, wherever it sends from: routers
// change addresses. After that somebody else is listened to only if they go on
// with the same stream, or send from nearer to where the other side said.
func (l *Leg) admit(p *Packet, from netip.AddrPort) bool {
	in := &l.in
	s := &in.stream
	switch {
	case !in.latched:
	case from == in.from:
		if p.Source != s.source {
			s.change(p.Source, &in.figures)
		}
		return true
	case in.nearness(from) > in.nearness(in.from):
	case p.Source == s.source && s.began && !jump(p.Sequence, s.highest):
	default:
		in.foreign++
		return false
	}
	if p.Source != s.source {
		s.change(p.Source, &in.figures)
	}
	in.latched, in.from = true, from
	l.out.mu.Lock()
	l.out.to = from
	l.out.mu.Unlock()
	return true
}

func (in *inbound) nearness(from netip.AddrPort) int {
	switch {
	case from == in.agreed.Remote:
		return 2
	case from.Addr() == in.agreed.Remote.Addr() || from.Addr() == in.near:
		return 1
	default:
		return 0
	}
}

// jump reports whether a sequence number is too far from another to belong to
// the same run of packets.
func jump(sequence, highest uint16) bool {
	d := int16(sequence - highest)
	return d > 3000 || d < -500
}

// keys hears keys as events (RFC 4733): one event for each timestamp, from the
// first of its packets that comes, be it the last.
type keys struct {
	began    bool
	source   uint32
	time     uint32
	key      byte
	ended    bool
	duration uint16
}

const names = "0123456789*#ABCD"

func (k *keys) hear(p *Packet) (key byte, pressed bool) {
	if len(p.Payload) < 4 || int(p.Payload[0]) >= len(names) {
		return 0, false
	}
	key = names[p.Payload[0]]
	end := p.Payload[1]&0x80 != 0
	duration := uint16(p.Payload[2])<<8 | uint16(p.Payload[3])
	if k.began && p.Source == k.source {
		switch d := int32(p.Time - k.time); {
		case d == 0:
			k.ended = k.ended || end
			k.duration = max(k.duration, duration)
			return 0, false
		case d < 0 && d > -audio.Rate*10: // of an older event, late
			return 0, false
		case key == k.key && !k.ended && d == 0xffff: // the same press goes on, longer than a duration can say
			k.time, k.ended = p.Time, end
			return 0, false
		}
	}
	*k = keys{began: true, source: p.Source, time: p.Time, key: key, ended: end, duration: duration}
	return key, true
}
