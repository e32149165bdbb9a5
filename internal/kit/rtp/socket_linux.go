//go:build linux && !386 && !s390x

package rtp

import (
	"encoding/binary"
	"net/netip"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// socket is a port that sound or reports come to and go from. A few goroutines
// hear all of them (ears), where a net.UDPConn takes one each with its stack;
// and they are woken when something has come, not also each time when something
// has gone.
type socket struct {
	port uint16
	fd   int
	six  bool
	ear  *ear
	take func(b []byte, from netip.AddrPort)

	taking sync.Mutex
	deaf   bool

	sending sync.Mutex
	closed  bool
	to4     unix.SockaddrInet4
	to6     unix.SockaddrInet6
}

// open opens a port of this machine. Nothing is heard before listen.
func (e *ears) open(at netip.AddrPort) (*socket, error) {
	s := &socket{port: at.Port(), six: at.Addr().Is6()}
	var here unix.Sockaddr
	family := unix.AF_INET
	if s.six {
		here, family = &unix.SockaddrInet6{Port: int(at.Port()), Addr: at.Addr().As16()}, unix.AF_INET6
	} else {
		here = &unix.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()}
	}
	var err error
	if s.fd, err = unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0); err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	if s.six {
		err = unix.SetsockoptInt(s.fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 1)
	}
	if err == nil {
		err = unix.Bind(s.fd, here)
	}
	if err != nil {
		_ = unix.Close(s.fd)
		return nil, os.NewSyscallError("bind", err)
	}
	s.ear = e.next()
	return s, nil
}

// listen hands each packet that comes to take, one at a time, until the socket
// is closed. Take must not keep b, nor wait, nor close the socket.
func (s *socket) listen(take func(b []byte, from netip.AddrPort)) error {
	s.take = take
	return s.ear.add(s)
}

// hear takes one packet, if there is one.
func (s *socket) hear(buf []byte) {
	s.taking.Lock()
	defer s.taking.Unlock()
	if s.deaf {
		return
	}
	var from unix.RawSockaddrInet6 // the larger of the two
	size := uint32(unix.SizeofSockaddrInet6)
	// unix.Recvfrom would leave an address on the heap for each packet, which at
	// fifty a second doubles what a call needs.
	n, _, failed := unix.Syscall6(unix.SYS_RECVFROM, uintptr(s.fd), uintptr(unsafe.Pointer(unsafe.SliceData(buf))), uintptr(len(buf)), 0, //nolint:gosec // the kernel writes into what stands here
		uintptr(unsafe.Pointer(&from)), uintptr(unsafe.Pointer(&size))) //nolint:gosec // as above
	if failed == 0 { // else nothing is there, or the other side's port is closed
		s.take(buf[:n], address(&from))
	}
}

// address reads where a packet came from. The port stands first in both families,
// in the order of the network, and the address of the older one after it.
func address(from *unix.RawSockaddrInet6) netip.AddrPort {
	var port [2]byte
	binary.NativeEndian.PutUint16(port[:], from.Port)
	at := netip.AddrFrom16(from.Addr)
	if from.Family == unix.AF_INET {
		var old [4]byte
		binary.NativeEndian.PutUint32(old[:], from.Flowinfo)
		at = netip.AddrFrom4(old)
	}
	return netip.AddrPortFrom(at, binary.BigEndian.Uint16(port[:]))
}

// send sends one packet. What cannot go at once is lost, as on any line.
func (s *socket) send(b []byte, to netip.AddrPort) error {
	s.sending.Lock()
	defer s.sending.Unlock()
	if s.closed {
		return os.ErrClosed
	}
	if s.six != to.Addr().Unmap().Is6() {
		return os.NewSyscallError("sendto", unix.EAFNOSUPPORT)
	}
	if s.six {
		s.to6.Addr, s.to6.Port = to.Addr().As16(), int(to.Port())
		return os.NewSyscallError("sendto", unix.Sendto(s.fd, b, 0, &s.to6))
	}
	s.to4.Addr, s.to4.Port = to.Addr().Unmap().As4(), int(to.Port())
	return os.NewSyscallError("sendto", unix.Sendto(s.fd, b, 0, &s.to4))
}

// close closes the port. After it nothing is taken any more.
func (s *socket) close() {
	s.ear.remove(s)
	s.taking.Lock()
	s.deaf = true
	s.taking.Unlock()
	s.sending.Lock()
	defer s.sending.Unlock()
	s.closed = true
	_ = unix.Close(s.fd)
}

// ears hear the sockets of a range of ports. The zero value is ready.
type ears struct {
	once sync.Once
	all  []*ear
	turn atomic.Uint32
}

// next returns the ear whose turn it is to get one more socket.
func (e *ears) next() *ear {
	e.once.Do(func() {
		for range runtime.GOMAXPROCS(0) {
			e.all = append(e.all, &ear{sockets: map[int32]*socket{}})
		}
	})
	return e.all[e.turn.Add(1)%uint32(len(e.all))]
}

// ear is one goroutine that hears many sockets. It is there while it has any.
type ear struct {
	mu      sync.Mutex
	sockets map[int32]*socket
	poll    *os.File // an epoll, which the runtime waits for as for any socket
	fd      int
}

// add lets a socket be heard.
func (e *ear) add(s *socket) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.poll == nil {
		fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
		if err != nil {
			return os.NewSyscallError("epoll_create1", err)
		}
		if err := unix.SetNonblock(fd, true); err != nil { // so that the runtime waits for it
			_ = unix.Close(fd)
			return os.NewSyscallError("fcntl", err)
		}
		e.fd, e.poll = fd, os.NewFile(uintptr(fd), "epoll")
		raw, err := e.poll.SyscallConn()
		if err != nil {
			_ = e.poll.Close()
			e.poll = nil
			return err
		}
		go e.run(raw)
	}
	if err := unix.EpollCtl(e.fd, unix.EPOLL_CTL_ADD, s.fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(s.fd)}); err != nil {
		return os.NewSyscallError("epoll_ctl", err)
	}
	e.sockets[int32(s.fd)] = s
	return nil
}

// remove lets go of a socket; without any the ear ends.
func (e *ear) remove(s *socket) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.sockets[int32(s.fd)] != s {
		return
	}
	delete(e.sockets, int32(s.fd))
	_ = unix.EpollCtl(e.fd, unix.EPOLL_CTL_DEL, s.fd, nil)
	if len(e.sockets) == 0 {
		_ = e.poll.Close()
		e.poll = nil
	}
}

func (e *ear) socket(fd int32) *socket {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.sockets[fd]
}

// run hears until the epoll is closed. A descriptor that was closed and belongs
// to another socket now finds nothing there, or what came for that one.
func (e *ear) run(raw syscall.RawConn) {
	var events [128]unix.EpollEvent
	var buf [mostSound]byte
	n := 0
	came := func(fd uintptr) bool {
		var failed error
		n, failed = unix.EpollWait(int(fd), events[:], 0)
		return n > 0 || failed != nil
	}
	for {
		if err := raw.Read(came); err != nil {
			return
		}
		for _, event := range events[:max(n, 0)] {
			if s := e.socket(event.Fd); s != nil {
				s.hear(buf[:])
			}
		}
	}
}
