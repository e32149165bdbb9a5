package rtp

import (
	"errors"
	"net/netip"
	"slices"
	"sync"
	"testing"

	"yingda/internal/kit/audio"
	"yingda/internal/kit/sdp"
)

// thread is a wire that keeps what was sent.
type thread struct {
	mu      sync.Mutex
	sound   [][]byte
	reports [][]byte
	cut     bool
}

func (w *thread) Sound(b []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut {
		return errors.New("cut")
	}
	w.sound = append(w.sound, slices.Clone(b))
	return nil
}

func (w *thread) Report(b []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reports = append(w.reports, slices.Clone(b))
	return nil
}

func (w *thread) sent(t *testing.T) (packets []Packet) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, b := range w.sound {
		var p Packet
		if !p.Read(b) {
			t.Fatalf("% x is no packet", b)
		}
		packets = append(packets, p)
	}
	return packets
}

func (s *switchboard) wired(w Wire, law audio.Law) (*Leg, *told) {
	s.t.Helper()
	e := &told{}
	l, err := NewLeg(Options{Wire: w, Pacer: s.pacer, Tell: e.tell})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(l.Close)
	l.Agree(sdp.Agreed{Law: law, Payload: uint8(law), Ptime: 20, Direction: sdp.SendRecv, Events: 126}, netip.Addr{})
	return l, e
}

func said(p Packet, payload []byte) []byte {
	b := make([]byte, headerSize, headerSize+len(payload))
	p.putHeader(b)
	return append(b, payload...)
}

// A leg on a wire plays, hears keys, passes on what comes, and reports, as one
// with ports does.
func TestWire(t *testing.T) {
	s := newSwitchboard(t)
	w, far := &thread{}, newPhone(t)
	l, told := s.wired(w, audio.ALaw)
	if l.Port() != 0 {
		t.Errorf("a port was opened: %d", l.Port())
	}
	l.Play(Clips(false, audio.NewClip(make([]int16, 3*audio.Frame))))
	wait(t, "three packets and the end", func() bool { return len(w.sent(t)) == 3 && told.count(Played) == 1 })
	for i, p := range w.sent(t) {
		if p.Source != l.Source() || p.Type != 8 || len(p.Payload) != audio.Frame || p.Marker != (i == 0) {
			t.Errorf("packet %d is %+v", i, p)
		}
	}

	other, _ := s.leg(agreed(far.address(), audio.ULaw))
	l.Bridge(other)
	other.Bridge(l)
	frame := slices.Repeat([]byte{0x55}, audio.Frame)
	want := slices.Clone(frame)
	audio.Transcode(want, audio.ALaw, audio.ULaw)
	l.Arrive(said(Packet{Type: 8, Source: 5, Sequence: 10, Time: 1000}, frame))
	if p := far.hear(); !slices.Equal(p.Payload, want) {
		t.Errorf("the other heard %+v", p)
	}
	far.packet.Type = 0
	far.say(other, want)
	wait(t, "what the other says", func() bool { return len(w.sent(t)) == 4 })
	if p := w.sent(t)[3]; !p.Marker || p.Type != 8 || p.Source != l.Source() {
		t.Errorf("what the other says came as %+v", p)
	}
	l.Arrive(said(Packet{Type: 126, Source: 5, Sequence: 11, Time: 1160}, event('7', false, 160)))
	if told.keys() != "7" {
		t.Errorf("heard the keys %q", told.keys())
	}

	l.report()
	w.mu.Lock()
	reports := w.reports
	w.mu.Unlock()
	if len(reports) != 1 || !isReport(reports[0]) || reports[0][1] != typeSender {
		t.Fatalf("reported % x", reports)
	}
	// What the far end reports of us: 3 lost.
	l.Arrive(slices.Concat([]byte{0x81, typeReceiver, 0, 7, 0, 0, 0, 5}, reports[0][4:8], []byte{0, 0, 0, 3}, make([]byte, 16)))
	if f := l.Figures(); f.Sent != 4 || f.Received != 2 || !f.Reported || f.FarLost != 3 {
		t.Errorf("%+v", f)
	}
	w.mu.Lock()
	w.cut = true
	w.mu.Unlock()
	far.say(other, want)
	wait(t, "a packet that is lost", func() bool { return other.Figures().Received == 2 })
	if f := l.Figures(); f.Sent != 4 {
		t.Errorf("what was not sent is counted: %+v", f)
	}
}

type nowhere struct{}

func (nowhere) Sound([]byte) error  { return nil }
func (nowhere) Report([]byte) error { return nil }

func TestWireAllocatesNothing(t *testing.T) {
	s := newSwitchboard(t)
	a, _ := s.wired(nowhere{}, audio.ALaw)
	b, _ := s.wired(nowhere{}, audio.ULaw)
	a.Bridge(b)
	packet := Packet{Type: 8, Source: 1, Payload: make([]byte, audio.Frame)}
	raw := make([]byte, headerSize+audio.Frame)
	if n := testing.AllocsPerRun(200, func() {
		packet.Sequence++
		packet.Time += audio.Frame
		packet.putHeader(raw)
		a.Arrive(raw)
	}); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
	if f := b.Figures(); f.Sent == 0 {
		t.Error("nothing was passed on")
	}
}
