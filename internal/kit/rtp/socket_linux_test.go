//go:build !386 && !s390x

package rtp

import (
	"net/netip"
	"testing"
)

// Hearing and sending leave nothing on the heap: a call has a hundred packets a
// second.
func TestSocketsAllocateNothing(t *testing.T) {
	var e ears
	at := netip.MustParseAddrPort("127.0.0.1:19954")
	s, err := e.open(at)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	s.ear = e.next()
	s.take = func([]byte, netip.AddrPort) {}
	text, buf := []byte("text"), make([]byte, 100)
	if n := testing.AllocsPerRun(200, func() {
		if err := s.send(text, at); err != nil {
			t.Fatal(err)
		}
		s.hear(buf)
	}); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
}
