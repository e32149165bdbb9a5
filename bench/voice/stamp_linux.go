package main

import (
	"net"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// stampSize is what the kernel's note of the time takes beside a packet.
var stampSize = unix.CmsgSpace(int(unsafe.Sizeof(unix.Timespec{})))

// stamped lets the kernel note when each packet came, so that a sink which is
// itself late finds no gap, and gives it room for what comes meanwhile.
func stamped(conn *net.UDPConn) {
	raw, err := conn.SyscallConn()
	check(err)
	check(raw.Control(func(fd uintptr) {
		err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
		_ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, 16<<20) // only root may
	}))
	check(err)
}

// stamp reads the kernel's note; without one it is now.
func stamp(oob []byte) time.Time {
	notes, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return time.Now()
	}
	for _, n := range notes {
		if n.Header.Level == unix.SOL_SOCKET && n.Header.Type == unix.SO_TIMESTAMPNS && len(n.Data) >= int(unsafe.Sizeof(unix.Timespec{})) {
			at := (*unix.Timespec)(unsafe.Pointer(unsafe.SliceData(n.Data))) //nolint:gosec // as the kernel wrote it
			return time.Unix(at.Unix())
		}
	}
	return time.Now()
}
