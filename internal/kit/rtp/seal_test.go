package rtp

import (
	"bytes"
	"net/netip"
	"slices"
	"testing"

	"yingda/internal/kit/audio"
	"yingda/internal/kit/sdp"
)

// sealedPair are two legs that agreed on sealed sound over wires, each with what
// the other sent.
func sealedPair(s *switchboard, suite string) (a, b *Leg, fromA, fromB *thread, tell func() (x, y *told)) {
	s.t.Helper()
	keyA, keyB := sdp.NewKey(), sdp.NewKey()
	fromA, fromB = &thread{}, &thread{}
	a, earA := s.wired(fromA, audio.ALaw)
	b, earB := s.wired(fromB, audio.ALaw)
	agreed := sdp.Agreed{Law: audio.ALaw, Payload: 8, Ptime: 20, Direction: sdp.SendRecv, Events: 126, Suite: suite, Ours: keyA, Theirs: keyB}
	a.Agree(agreed, netip.Addr{})
	agreed.Ours, agreed.Theirs = keyB, keyA
	b.Agree(agreed, netip.Addr{})
	return a, b, fromA, fromB, func() (*told, *told) { return earA, earB }
}

// What goes is sealed, and heard by who has the key: the sound, keys and reports.
// What is plain, changed, or comes a second time is not heard.
func TestSealed(t *testing.T) {
	for _, suite := range []string{"AES_CM_128_HMAC_SHA1_80", sdp.ShortSuite} {
		t.Run(suite, func(t *testing.T) {
			s := newSwitchboard(t)
			a, b, fromA, _, heardBy := sealedPair(s, suite)
			_, earB := heardBy()
			silence := bytes.Repeat([]byte{0xd5}, audio.Frame)
			a.Play(Clips(true, audio.NewClip(audio.Signal(audio.Beat{Tones: []float64{440}, For: 100_000_000}))))
			wait(t, "sound", func() bool { fromA.mu.Lock(); defer fromA.mu.Unlock(); return len(fromA.sound) >= 5 })
			a.Stop()
			a.Press("7")
			wait(t, "the key", func() bool { fromA.mu.Lock(); defer fromA.mu.Unlock(); return len(fromA.sound) >= 12 })
			a.report()
			fromA.mu.Lock()
			sound, reports := slices.Clone(fromA.sound), slices.Clone(fromA.reports)
			fromA.mu.Unlock()
			var plain Packet
			if !plain.Read(sound[0]) || len(plain.Payload) == audio.Frame {
				t.Errorf("a packet of %d bytes has no tag", len(sound[0]))
			}
			changed := slices.Clone(sound[2])
			changed[headerSize+3] ^= 1
			b.Arrive(changed)
			b.Arrive(said(Packet{Type: 8, Source: 7, Sequence: 1}, silence))
			if f := b.Figures(); f.Received != 0 || f.Foreign != 2 {
				t.Fatalf("what is not theirs counts as %+v", f)
			}
			for _, p := range sound {
				b.Arrive(p)
			}
			b.Arrive(sound[3])
			for _, p := range reports {
				b.Arrive(p)
			}
			if f := b.Figures(); f.Received != uint64(len(sound)) || f.Foreign != 3 {
				t.Errorf("of %d packets were heard %+v", len(sound), f)
			}
			if earB.keys() != "7" {
				t.Errorf("the keys %q were heard", earB.keys())
			}
			b.in.mu.Lock()
			reported := b.in.far.sentAt != 0
			b.in.mu.Unlock()
			if !reported {
				t.Error("the report was not heard")
			}
		})
	}
}

// A change of the call keeps the seal while the keys stay; with others it is
// another.
func TestSealIsKept(t *testing.T) {
	var s *seal
	one, two := sdp.NewKey(), sdp.NewKey()
	first := s.renew("AES_CM_128_HMAC_SHA1_80", one)
	if first.renew("AES_CM_128_HMAC_SHA1_80", one) != first {
		t.Error("the same keys make another seal")
	}
	if first.renew("AES_CM_128_HMAC_SHA1_80", two) == first || first.renew("", "") != nil {
		t.Error("other keys make the same seal")
	}
	if _, ok := s.renew("AES_CM_128_HMAC_SHA1_80", "c2hvcnQ=").closed(make([]byte, 20), false); ok {
		t.Error("without a key something goes")
	}
}
