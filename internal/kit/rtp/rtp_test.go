package rtp

import (
	"encoding/binary"
	"math"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/internal/kit/audio"
	"yingda/internal/kit/sdp"
)

var loopback = netip.MustParseAddr("127.0.0.1")

// far is the other telephone: a plain socket that says exactly what a test wants.
type phone struct {
	t      *testing.T
	conn   *net.UDPConn
	packet Packet
}

func newPhone(t *testing.T) *phone {
	t.Helper()
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback, 0)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &phone{t: t, conn: conn, packet: Packet{Type: 8, Source: 0xabcd, Sequence: 65530, Time: 1000}}
}

func (p *phone) address() netip.AddrPort {
	return p.conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

func (p *phone) send(l *Leg, q Packet) {
	p.t.Helper()
	b := make([]byte, headerSize, headerSize+len(q.Payload))
	q.putHeader(b)
	if _, err := p.conn.WriteToUDPAddrPort(append(b, q.Payload...), netip.AddrPortFrom(loopback, l.Port())); err != nil {
		p.t.Fatal(err)
	}
}

// say sends the next 20 ms.
func (p *phone) say(l *Leg, payload []byte) {
	p.packet.Sequence++
	p.packet.Time += audio.Frame
	q := p.packet
	q.Payload = payload
	p.send(l, q)
}

func (p *phone) hear() Packet {
	p.t.Helper()
	q, ok := p.hears(5 * time.Second)
	if !ok {
		p.t.Fatal("nothing was heard")
	}
	return q
}

func (p *phone) hears(within time.Duration) (Packet, bool) {
	p.t.Helper()
	buf := make([]byte, 2000)
	_ = p.conn.SetReadDeadline(time.Now().Add(within))
	for {
		n, _, err := p.conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			return Packet{}, false
		}
		var q Packet
		if !isReport(buf[:n]) && q.Read(buf[:n]) {
			return q, true
		}
	}
}

type switchboard struct {
	t     *testing.T
	ports *Ports
	pacer *Pacer
}

func newSwitchboard(t *testing.T) *switchboard {
	t.Helper()
	ports, err := NewPorts(loopback, 19000, 19399)
	if err != nil {
		t.Fatal(err)
	}
	pacer := NewPacer(2)
	t.Cleanup(pacer.Close)
	return &switchboard{t, ports, pacer}
}

type told struct {
	mu     sync.Mutex
	events []Event
}

func (e *told) tell(ev Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.events = append(e.events, ev)
}

func (e *told) keys() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var b strings.Builder
	for _, ev := range e.events {
		if ev.Kind == KeyPressed {
			b.WriteByte(ev.Key)
		}
	}
	return b.String()
}

func (e *told) count(k Kind) (n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, ev := range e.events {
		if ev.Kind == k {
			n++
		}
	}
	return n
}

func (s *switchboard) leg(a sdp.Agreed) (*Leg, *told) {
	s.t.Helper()
	e := &told{}
	l, err := NewLeg(Options{Ports: s.ports, Pacer: s.pacer, Tell: e.tell})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(l.Close)
	l.Agree(a, netip.Addr{})
	return l, e
}

func wait(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain for ", what)
		}
	}
}

func agreed(to netip.AddrPort, law audio.Law) sdp.Agreed {
	return sdp.Agreed{Remote: to, Reports: netip.AddrPortFrom(to.Addr(), to.Port()+1), Law: law, Payload: uint8(law), Events: 101, Ptime: 20}
}

func TestPlays(t *testing.T) {
	s := newSwitchboard(t)
	for _, ptime := range []int{20, 30, 40, 60} {
		p := newPhone(t)
		a := agreed(p.address(), audio.ALaw)
		a.Ptime, a.Payload = ptime, 98
		l, e := s.leg(a)
		tone := make([]int16, audio.Frame*12) // 240 ms: a whole number of packets of each length
		for i := range tone {
			tone[i] = int16(i * 8)
		}
		clip := audio.NewClip(tone)
		n := l.Play(Clips(false, clip))
		var got []byte
		var last Packet
		for i := range 240 / ptime {
			q := p.hear()
			if len(q.Payload) != ptime*8 || q.Type != 98 || q.Marker != (i == 0) {
				t.Fatalf("%d ms: packet %d is %+v", ptime, i, q)
			}
			if i > 0 && (q.Sequence != last.Sequence+1 || q.Time != last.Time+uint32(ptime*8)) {
				t.Fatalf("%d ms: after %d/%d came %d/%d", ptime, last.Sequence, last.Time, q.Sequence, q.Time)
			}
			last = q
			got = append(got, q.Payload...)
		}
		if !slices.Equal(got, audio.ALaw.AppendEncoded(nil, tone)) {
			t.Errorf("%d ms: another sound came than was played", ptime)
		}
		wait(t, "the end", func() bool { return e.count(Played) == 1 })
		if e.events[0].Play != n {
			t.Errorf("the end of %d was told, not of %d", e.events[0].Play, n)
		}
		wait(t, "the shard to rest", func() bool {
			l.shard.mu.Lock()
			defer l.shard.mu.Unlock()
			return len(l.shard.legs) == 0
		})
	}
}

func TestPassesOn(t *testing.T) {
	s := newSwitchboard(t)
	p, q := newPhone(t), newPhone(t)
	a, _ := s.leg(agreed(p.address(), audio.ALaw))
	b, _ := s.leg(agreed(q.address(), audio.ULaw))
	a.Bridge(b)
	frame := make([]byte, audio.Frame)
	for i := range frame {
		frame[i] = byte(i)
	}
	want := slices.Clone(frame)
	audio.Transcode(want, audio.ALaw, audio.ULaw)
	p.say(a, frame)
	first := q.hear()
	if !first.Marker || first.Type != 0 || !slices.Equal(first.Payload, want) || first.Source == p.packet.Source {
		t.Fatalf("%+v", first)
	}
	p.packet.Sequence += 3 // lost on the way
	p.packet.Time += 3 * audio.Frame
	p.say(a, frame)
	second := q.hear()
	if second.Sequence != first.Sequence+4 || second.Time != first.Time+4*audio.Frame || second.Marker {
		t.Errorf("the loss is not seen: %d/%d after %d/%d", second.Sequence, second.Time, first.Sequence, first.Time)
	}
	late := p.packet // one of the three comes late
	late.Sequence, late.Time, late.Payload = late.Sequence-2, late.Time-2*audio.Frame, frame
	p.send(a, late)
	third := q.hear()
	if third.Sequence != second.Sequence-2 || third.Time != second.Time-2*audio.Frame {
		t.Errorf("what came late is at %d/%d", third.Sequence, third.Time)
	}
	// What is played goes before; after it the stream goes on with new numbers.
	b.Play(Clips(false, audio.NewClip(make([]int16, audio.Frame))))
	played := q.hear()
	if !played.Marker || played.Sequence != second.Sequence+1 {
		t.Errorf("what was played is %+v", played)
	}
	wait(t, "the end", func() bool { b.out.mu.Lock(); defer b.out.mu.Unlock(); return b.out.play == nil })
	p.say(a, frame)
	if again := q.hear(); !again.Marker || again.Sequence != played.Sequence+1 || int32(again.Time-played.Time) < audio.Frame {
		t.Errorf("after it came %+v", again)
	}
	// A telephone that was exchanged for another begins anywhere.
	p.packet.Source, p.packet.Sequence, p.packet.Time = 77, 9, 9
	p.say(a, frame)
	if other := q.hear(); !other.Marker || other.Sequence != played.Sequence+2 {
		t.Errorf("after another source came %+v", other)
	}
	if f := a.Figures(); f.Received != 5 || f.Lost != 2 || f.Late != 1 {
		t.Errorf("%+v", f)
	}
}

// A long conversation goes through every sequence number, twice.
func TestPassesOnForLong(t *testing.T) {
	s := newSwitchboard(t)
	l, _ := s.leg(agreed(netip.AddrPort{}, audio.ALaw))
	p := Packet{Sequence: 100, Payload: make([]byte, audio.Frame), Source: 5}
	for i := range 140000 {
		l.Forward(&p, audio.ALaw)
		p.Sequence++
		p.Time += audio.Frame
		if l.out.packet.Sequence != p.Sequence-1+l.out.relay.sequence {
			t.Fatalf("packet %d was left out", i)
		}
	}
}

func TestLatches(t *testing.T) {
	s := newSwitchboard(t)
	announced, router, thief := newPhone(t), newPhone(t), newPhone(t)
	sound := make([]byte, audio.Frame)
	heardBy := func(l *Leg) netip.AddrPort {
		l.out.mu.Lock()
		defer l.out.mu.Unlock()
		return l.out.to
	}
	received := func(l *Leg, n uint64) {
		t.Helper()
		wait(t, "a packet", func() bool { f := l.Figures(); return f.Received+f.Foreign == n })
	}

	// Behind a router: the address that was announced never sends.
	a := agreed(netip.MustParseAddrPort("192.0.2.1:9000"), audio.ALaw)
	l, _ := s.leg(a)
	router.say(l, sound)
	received(l, 1)
	if got := heardBy(l); got != router.address() {
		t.Fatalf("sends to %s, not where the sound comes from", got)
	}
	// Somebody else with sound of their own is not listened to.
	thief.packet.Source = 0xbad
	thief.say(l, sound)
	received(l, 2)
	if got := heardBy(l); got != router.address() || l.Figures().Foreign != 1 {
		t.Fatalf("the sound was taken over by %s: %+v", got, l.Figures())
	}
	// The same stream goes on from another port: the router has forgotten.
	moved := newPhone(t)
	moved.packet = router.packet
	moved.say(l, sound)
	received(l, 3)
	if got := heardBy(l); got != moved.address() {
		t.Errorf("sends to %s after the router changed its port", got)
	}
	// The right number with sequence numbers from nowhere is a guess.
	thief.packet = moved.packet
	thief.packet.Sequence += 20000
	thief.say(l, sound)
	received(l, 4)
	if got := heardBy(l); got != moved.address() {
		t.Errorf("a guess took the sound over: %s", got)
	}

	// Somebody was first; the one who was announced is listened to all the same.
	l, _ = s.leg(agreed(announced.address(), audio.ALaw))
	l.in.mu.Lock()
	l.in.agreed.Remote = netip.AddrPortFrom(loopback, announced.address().Port())
	l.in.mu.Unlock()
	thief.say(l, sound)
	received(l, 1)
	announced.say(l, sound)
	received(l, 2)
	if got := heardBy(l); got != announced.address() {
		t.Errorf("sends to %s, not to who was announced", got)
	}
	thief.say(l, sound)
	received(l, 3)
	if got := heardBy(l); got != announced.address() || l.Figures().Foreign != 1 {
		t.Errorf("sends to %s", got)
	}
	// What is no sound that was agreed on latches nothing.
	l, _ = s.leg(agreed(netip.AddrPort{}, audio.ALaw))
	thief.packet.Type = 18
	thief.say(l, sound)
	router.say(l, sound)
	received(l, 1)
	if got := heardBy(l); got != router.address() {
		t.Errorf("sends to %s", got)
	}
}

func event(key byte, end bool, duration int) []byte {
	b := []byte{byte(strings.IndexByte(names, key)), 10, byte(duration >> 8), byte(duration)}
	if end {
		b[1] |= 0x80
	}
	return b
}

func TestHearsKeys(t *testing.T) {
	type step struct {
		key      byte
		time     uint32
		end      bool
		duration int
	}
	for name, c := range map[string]struct {
		steps []step
		want  string
	}{
		"with all packets":       {[]step{{'5', 100, false, 160}, {'5', 100, false, 320}, {'5', 100, true, 320}, {'5', 100, true, 320}, {'5', 100, true, 320}}, "5"},
		"only the last came":     {[]step{{'5', 100, true, 320}}, "5"},
		"lost ends, same again":  {[]step{{'5', 100, false, 160}, {'5', 2000, false, 160}}, "55"},
		"lost ends, another":     {[]step{{'1', 100, false, 160}, {'2', 2000, false, 160}, {'#', 4000, true, 160}}, "12#"},
		"an old one comes late":  {[]step{{'1', 100, true, 160}, {'2', 2000, true, 160}, {'1', 100, true, 160}}, "12"},
		"held for very long":     {[]step{{'*', 100, false, 160}, {'*', 100, false, 0xffff}, {'*', 100 + 0xffff, false, 160}, {'*', 100 + 0xffff, true, 320}}, "*"},
		"held, then again":       {[]step{{'*', 100, true, 0xffff}, {'*', 100 + 0xffff, false, 160}}, "**"},
		"over the end of counts": {[]step{{'7', 0xffffff00, true, 160}, {'8', 0x100, true, 160}}, "78"},
		"letters":                {[]step{{'A', 1, true, 160}, {'D', 5000, true, 160}}, "AD"},
	} {
		var k keys
		var got []byte
		for _, s := range c.steps {
			if key, ok := k.hear(&Packet{Time: s.time, Source: 1, Payload: event(s.key, s.end, s.duration)}); ok {
				got = append(got, key)
			}
		}
		if string(got) != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	var k keys
	for _, b := range [][]byte{nil, {1, 2, 3}, {16, 10, 0, 1}, {255, 0, 0, 0}} {
		if key, ok := k.hear(&Packet{Payload: b}); ok {
			t.Errorf("%v is %c", b, key)
		}
	}
}

// Keys that one leg presses are heard by another: as events, and in the sound
// where there are no events.
func TestPressesKeys(t *testing.T) {
	s := newSwitchboard(t)
	for _, events := range []uint8{96, 0} {
		a, _ := s.leg(sdp.Agreed{})
		b, e := s.leg(sdp.Agreed{})
		at := func(l *Leg) sdp.Agreed {
			x := agreed(netip.AddrPortFrom(loopback, l.Port()), audio.ULaw)
			x.Events = events
			return x
		}
		a.Agree(at(b), netip.Addr{})
		b.Agree(at(a), netip.Addr{})
		a.Play(Clips(true, audio.NewClip(make([]int16, audio.Rate))))
		a.Press("1x5 9*#")
		wait(t, "the keys", func() bool { return len(e.keys()) >= 5 })
		a.Press("d")
		wait(t, "the last key", func() bool { return len(e.keys()) >= 6 })
		if got := e.keys(); got != "159*#D" {
			t.Errorf("number %d: %q was heard", events, got)
		}
	}
}

func TestHold(t *testing.T) {
	s := newSwitchboard(t)
	p, q := newPhone(t), newPhone(t)
	held := agreed(p.address(), audio.ALaw)
	held.Direction = sdp.RecvOnly
	l, e := s.leg(held)
	other, _ := s.leg(agreed(q.address(), audio.ALaw))
	other.Bridge(l)
	l.Play(Clips(false, audio.NewClip(make([]int16, audio.Frame))))
	q.say(other, make([]byte, audio.Frame))
	wait(t, "the packet", func() bool { return other.Figures().Received == 1 })
	if got, ok := p.hears(60 * time.Millisecond); ok {
		t.Errorf("who holds us was sent %+v", got)
	}
	if e.count(Played) != 0 {
		t.Error("a sound that nobody could hear has ended")
	}
	held.Direction = sdp.SendRecv
	l.Agree(held, netip.Addr{})
	p.hear()
	wait(t, "the end", func() bool { return e.count(Played) == 1 })
}

func TestNoticesSilence(t *testing.T) {
	s := newSwitchboard(t)
	e := &told{}
	l, err := NewLeg(Options{Ports: s.ports, Pacer: s.pacer, Tell: e.tell, Timeout: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	p := newPhone(t)
	held := agreed(p.address(), audio.ALaw)
	held.Direction = sdp.Inactive
	l.Agree(held, netip.Addr{})
	l.report()
	if e.count(NothingHeard) != 0 {
		t.Error("silence on hold was told")
	}
	l.Agree(agreed(p.address(), audio.ALaw), netip.Addr{})
	l.report()
	l.report()
	if n := e.count(NothingHeard); n != 1 {
		t.Errorf("silence was told %d times", n)
	}
}

func TestReports(t *testing.T) {
	s := newSwitchboard(t)
	a, _ := s.leg(sdp.Agreed{})
	b, _ := s.leg(sdp.Agreed{})
	a.Agree(agreed(netip.AddrPortFrom(loopback, b.Port()), audio.ALaw), netip.Addr{})
	b.Agree(agreed(netip.AddrPortFrom(loopback, a.Port()), audio.ALaw), netip.Addr{})
	a.Play(Clips(false, audio.NewClip(make([]int16, audio.Frame*5))))
	wait(t, "the sound", func() bool { return b.Figures().Received == 5 })
	a.report()
	wait(t, "a report of what was sent", func() bool { b.in.mu.Lock(); defer b.in.mu.Unlock(); return b.in.far.sentAt != 0 })
	b.report()
	wait(t, "a report of what was heard", func() bool { return a.Figures().Reported })
	if f := a.Figures(); f.FarLost != 0 || f.FarMOS < 4.3 || f.RoundTrip > time.Second || f.Sent != 5 {
		t.Errorf("%+v", f)
	}
	// A stranger's report changes nothing.
	buf := make([]byte, 32)
	buf[0], buf[1], buf[3] = 0x81, typeReceiver, 7
	binary.BigEndian.PutUint32(buf[8:], a.out.packet.Source)
	binary.BigEndian.PutUint32(buf[12:], 500)
	a.readReport(buf, netip.MustParseAddrPort("192.0.2.66:1"))
	if f := a.Figures(); f.FarLost != 0 {
		t.Errorf("a stranger's report was believed: %+v", f)
	}
	a.readReport(buf, netip.AddrPortFrom(loopback, 1))
	if f := a.Figures(); f.FarLost != 500 || f.FarMOS > 2 {
		t.Errorf("a report of losses was not read: %+v", f)
	}
}

func TestMOS(t *testing.T) {
	for _, c := range []struct {
		lost         float64
		jitter, trip time.Duration
		least, most  float64
	}{
		{0, 0, 0, 4.35, 4.45},
		{0, 5 * time.Millisecond, 100 * time.Millisecond, 4.2, 4.4},
		{0.01, 5 * time.Millisecond, 100 * time.Millisecond, 4.1, 4.4},
		{0.05, 20 * time.Millisecond, 200 * time.Millisecond, 3.3, 4},
		{0.3, 0, 0, 1, 3},
		{0, 0, time.Second, 2, 3.5},
		{1, time.Second, 10 * time.Second, 1, 1},
	} {
		if got := MOS(c.lost, c.jitter, c.trip); math.IsNaN(got) || got < c.least || got > c.most {
			t.Errorf("%v %s %s: %.2f, want %.2f–%.2f", c.lost, c.jitter, c.trip, got, c.least, c.most)
		}
	}
}

type tape struct {
	mu   sync.Mutex
	puts [2][]time.Duration
}

func (p *tape) Put(side audio.Side, at time.Duration, _ audio.Law, codes []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.puts[side] = append(p.puts[side], at)
	return nil
}

func TestRecordsWhereTheNumbersSay(t *testing.T) {
	s := newSwitchboard(t)
	p := newPhone(t)
	l, _ := s.leg(agreed(p.address(), audio.ALaw))
	var r tape
	l.Record(&r)
	for range 3 { // all at once, as after a hiccup of the net
		p.say(l, make([]byte, audio.Frame))
	}
	l.Play(Clips(false, audio.NewClip(make([]int16, 2*audio.Frame))))
	wait(t, "both sides", func() bool { r.mu.Lock(); defer r.mu.Unlock(); return len(r.puts[0]) == 3 && len(r.puts[1]) == 2 })
	for side, puts := range r.puts {
		for i := 1; i < len(puts); i++ {
			if puts[i]-puts[i-1] != audio.FrameTime {
				t.Errorf("side %d: %v", side, puts)
			}
		}
	}
	l.Record(nil)
	p.say(l, make([]byte, audio.Frame))
	wait(t, "the packet", func() bool { return l.Figures().Received == 4 })
	if len(r.puts[0]) != 3 {
		t.Error("the tape went on")
	}
}

func TestNoPortIsLeft(t *testing.T) {
	ports, err := NewPorts(loopback, 19401, 19405)
	if err != nil {
		t.Fatal(err)
	}
	pacer := NewPacer(1)
	t.Cleanup(pacer.Close)
	for i := range 3 {
		l, err := NewLeg(Options{Ports: ports, Pacer: pacer, Tell: func(Event) {}})
		if (err != nil) != (i == 2) {
			t.Fatalf("leg %d: %v", i, err)
		}
		if l != nil {
			defer l.Close()
			if l.Port()%2 != 0 {
				t.Errorf("port %d is odd", l.Port())
			}
		}
	}
	if _, err := NewPorts(loopback, 5, 5); err == nil {
		t.Error("a range of one port was taken")
	}
}

// The way of a packet allocates nothing, played or passed on, recorded or not.
func TestAllocatesNothing(t *testing.T) {
	s := newSwitchboard(t)
	p, q := newPhone(t), newPhone(t)
	a, _ := s.leg(agreed(p.address(), audio.ALaw))
	b, _ := s.leg(agreed(q.address(), audio.ULaw))
	a.Bridge(b)
	packet := Packet{Type: 8, Source: 1, Payload: make([]byte, audio.Frame)}
	raw := make([]byte, headerSize+audio.Frame)
	n := testing.AllocsPerRun(200, func() {
		packet.Sequence++
		packet.Time += audio.Frame
		packet.putHeader(raw)
		a.receive(raw, p.address())
	})
	if n != 0 {
		t.Errorf("%v allocations a packet that is passed on", n)
	}
	a.out.mu.Lock()
	a.out.play = Clips(true, audio.NewClip(make([]int16, audio.Rate)))
	a.out.mu.Unlock()
	if n := testing.AllocsPerRun(200, a.tick); n != 0 {
		t.Errorf("%v allocations a packet that is played", n)
	}
}

func FuzzReceive(f *testing.F) {
	f.Add([]byte{0x80, 8, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0xd5}, byte(0))
	f.Add([]byte{0xb1, 0x88, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 9, 9, 9, 9, 0, 0, 0, 1, 1, 2, 3, 4, 5, 1}, byte(1))
	f.Add(append([]byte{0x80, 0xe5, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1}, event('5', true, 160)...), byte(0))
	f.Add([]byte{0x81, 200, 0, 6, 0, 0, 0, 1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}, byte(2))
	ports, err := NewPorts(loopback, 19500, 19599)
	if err != nil {
		f.Fatal(err)
	}
	pacer := NewPacer(1)
	legs := [2]*Leg{}
	for i := range legs {
		l, err := NewLeg(Options{Ports: ports, Pacer: pacer, Tell: func(Event) {}})
		if err != nil {
			f.Fatal(err)
		}
		l.Agree(agreed(netip.AddrPort{}, audio.Law(8*i)), netip.Addr{})
		legs[i] = l
	}
	legs[1].Bridge(legs[0])
	froms := []netip.AddrPort{netip.AddrPortFrom(loopback, 5000), netip.AddrPortFrom(loopback, 5002), netip.MustParseAddrPort("[2001:db8::1]:9")}
	f.Fuzz(func(t *testing.T, b []byte, from byte) {
		at := froms[int(from)%len(froms)]
		legs[1].receive(b, at)
		if isReport(b) {
			legs[1].readReport(b, at)
		}
		if g := legs[1].Figures(); math.IsNaN(g.MOS) || g.MOS < 1 || g.MOS > 4.5 || g.FarMOS < 1 || g.FarMOS > 4.5 {
			t.Fatalf("%+v", g)
		}
	})
}

func BenchmarkPassOn(b *testing.B) {
	pacer := NewPacer(1)
	defer pacer.Close()
	ports, _ := NewPorts(loopback, 19600, 19699)
	var legs [2]*Leg
	for i := range legs {
		legs[i], _ = NewLeg(Options{Ports: ports, Pacer: pacer, Tell: func(Event) {}})
		defer legs[i].Close()
		legs[i].Agree(agreed(netip.AddrPortFrom(loopback, 9), audio.Law(8*i)), netip.Addr{})
	}
	legs[1].Bridge(legs[0])
	packet := Packet{Type: 8, Source: 1}
	raw := make([]byte, headerSize+audio.Frame)
	b.ReportAllocs()
	for b.Loop() {
		packet.Sequence++
		packet.Time += audio.Frame
		packet.putHeader(raw)
		legs[1].receive(raw, netip.AddrPortFrom(loopback, 9))
	}
}
