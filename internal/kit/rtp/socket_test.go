package rtp

import (
	"net/netip"
	"sync/atomic"
	"testing"
)

// Sockets of both families hear and send, tell where a packet came from, refuse
// an address of the other family, and take nothing once they are closed, when
// their number belongs to the next one.
func TestSockets(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1"} {
		var e ears
		type came struct {
			text string
			from netip.AddrPort
		}
		open := func(port uint16, take func([]byte, netip.AddrPort)) *socket {
			t.Helper()
			s, err := e.open(netip.AddrPortFrom(netip.MustParseAddr(host), port))
			if err == nil {
				err = s.listen(take)
			}
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		at := func(s *socket) netip.AddrPort { return netip.AddrPortFrom(netip.MustParseAddr(host), s.port) }
		heard := make(chan came, 10)
		a := open(19940, func(b []byte, from netip.AddrPort) { heard <- came{string(b), from} })
		b := open(19942, func([]byte, netip.AddrPort) {})
		if err := b.send([]byte("one"), at(a)); err != nil {
			t.Fatal(err)
		}
		if got := <-heard; got.text != "one" || got.from != at(b) {
			t.Errorf("%s: heard %q from %v, want %v", host, got.text, got.from, at(b))
		}
		for _, other := range []string{"127.0.0.1:19940", "[::1]:19940"} {
			if to := netip.MustParseAddrPort(other); to.Addr().Is4() == at(b).Addr().Is6() && b.send([]byte("x"), to) == nil {
				t.Errorf("%s: something went to %s", host, other)
			}
		}
		if _, err := e.open(at(a)); err == nil {
			t.Errorf("%s: a port was opened twice", host)
		}

		var late atomic.Int32
		a.close()
		c := open(19944, func(b []byte, from netip.AddrPort) { heard <- came{string(b), from} })
		a = open(19940, func([]byte, netip.AddrPort) { late.Add(1) })
		a.close()
		_ = b.send([]byte("two"), at(a))
		_ = b.send([]byte("three"), at(c))
		if got := <-heard; got.text != "three" || late.Load() != 0 {
			t.Errorf("%s: heard %q, and %d packets at a closed port", host, got.text, late.Load())
		}
		c.close()
		if err := c.send([]byte("x"), at(b)); err == nil {
			t.Errorf("%s: a closed port sent", host)
		}
		b.close()
		d := open(19946, func(b []byte, from netip.AddrPort) { heard <- came{string(b), from} }) // after all were closed
		if err := d.send([]byte("four"), at(d)); err != nil || (<-heard).text != "four" {
			t.Errorf("%s: nothing is heard after all were closed: %v", host, err)
		}
		d.close()
	}
}

// Closing while packets come ends; what comes meanwhile is taken or not, by
// nobody but its socket.
func TestSocketsCloseUnderFire(t *testing.T) {
	var e ears
	sender, err := e.open(netip.MustParseAddrPort("127.0.0.1:19950"))
	if err != nil {
		t.Fatal(err)
	}
	defer sender.close()
	to := netip.MustParseAddrPort("127.0.0.1:19952")
	for range 200 {
		s, err := e.open(to)
		if err != nil {
			t.Fatal(err)
		}
		var closed atomic.Bool
		var first atomic.Int32
		if err := s.listen(func([]byte, netip.AddrPort) {
			first.Add(1)
			if closed.Load() {
				t.Error("a packet was taken after the end")
			}
		}); err != nil {
			t.Fatal(err)
		}
		for first.Load() == 0 {
			_ = sender.send([]byte("x"), to)
		}
		s.close()
		closed.Store(true)
	}
}
