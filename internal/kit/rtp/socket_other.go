//go:build !linux || 386 || s390x

package rtp

import (
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
)

// socket is a port that sound or reports come to and go from.
type socket struct {
	port   uint16
	conn   *net.UDPConn
	closed atomic.Bool
	done   sync.WaitGroup
}

// ears hear the sockets of a range of ports: here each has a goroutine of its own.
type ears struct{}

// open opens a port of this machine. Nothing is heard before listen.
func (*ears) open(at netip.AddrPort) (*socket, error) {
	network := "udp4"
	if at.Addr().Is6() {
		network = "udp6"
	}
	conn, err := net.ListenUDP(network, net.UDPAddrFromAddrPort(at))
	if err != nil {
		return nil, err
	}
	return &socket{port: at.Port(), conn: conn}, nil
}

// listen hands each packet that comes to take, one at a time, until the socket
// is closed. Take must not keep b, nor wait, nor close the socket.
func (s *socket) listen(take func(b []byte, from netip.AddrPort)) error {
	s.done.Go(func() {
		var buf [mostSound]byte
		for {
			n, from, err := s.conn.ReadFromUDPAddrPort(buf[:])
			if err == nil {
				take(buf[:n], netip.AddrPortFrom(from.Addr().Unmap(), from.Port()))
			} else if s.closed.Load() {
				return
			} // else the other side's port is closed, says its machine
		}
	})
	return nil
}

// send sends one packet. What cannot go at once is lost, as on any line.
func (s *socket) send(b []byte, to netip.AddrPort) error {
	_, err := s.conn.WriteToUDPAddrPort(b, to)
	return err
}

// close closes the port. After it nothing is taken any more.
func (s *socket) close() {
	s.closed.Store(true)
	_ = s.conn.Close()
	s.done.Wait()
}
