package fault

import (
	"bufio"
	"context"
	"errors"
	"net"
	"regexp"
	"strconv"
	"sync"
	"testing"
)

// wire is a proxy in front of a server that speaks in lines. It stops where a
// test wants, so that the program can be killed at exactly that moment.
type wire struct {
	port int

	mu   sync.Mutex
	to   int // the port of the server
	stop *stop
	open map[net.Conn]bool
	over chan struct{} // closed, and made anew, when the wire is mended
}

// stop is where a wire stops: at the first line of one side that it names,
// which is held back together with all that this side says after it.
type stop struct {
	said    bool           // by the program; else to it
	line    *regexp.Regexp // nil: when the program calls, before the server hears of it
	reached chan struct{}  // closed when it is reached
	on      chan struct{}  // to be closed for the wire to go on
}

func newWire(t *testing.T, to int) *wire {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{port: l.Addr().(*net.TCPAddr).Port, to: to, open: map[net.Conn]bool{}, over: make(chan struct{})}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			if !w.keep(in) {
				continue
			}
			all.Go(func() { w.lead(in) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); w.mend(); all.Wait() })
	return w
}

// stopAt makes the wire stop at the next line that is named.
func (w *wire) stopAt(said bool, line string) *stop {
	s := &stop{said: said, reached: make(chan struct{}), on: make(chan struct{})}
	if line != "" {
		s.line = regexp.MustCompile(line)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stop = s
	return s
}

// mend ends the connections there are, and stops nowhere any more.
func (w *wire) mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stop = nil
	for c := range w.open {
		_ = c.Close()
	}
	clear(w.open)
	close(w.over)
	w.over = make(chan struct{})
}

// keep remembers a connection. It is false, and the connection stays as it is,
// if the wire stops at calls.
func (w *wire) keep(c net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open[c] = true
	if w.stop == nil || w.stop.line != nil {
		return true
	}
	select {
	case <-w.stop.reached:
	default:
		close(w.stop.reached)
	}
	return false
}

// pass holds a line back where the wire stops. It is false if the line goes no
// further.
func (w *wire) pass(said bool, line []byte) bool {
	w.mu.Lock()
	s, over := w.stop, w.over
	if s == nil || s.said != said || s.line == nil || !s.line.Match(line) {
		w.mu.Unlock()
		return true
	}
	select {
	case <-s.reached: // another connection stops here already
	default:
		close(s.reached)
	}
	w.mu.Unlock()
	select {
	case <-s.on:
		return true
	case <-over:
		return false
	}
}

func (w *wire) lead(in net.Conn) {
	defer in.Close()
	w.mu.Lock()
	to := w.to
	w.mu.Unlock()
	out, err := new(net.Dialer).DialContext(context.Background(), "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(to)))
	if err != nil {
		return
	}
	defer out.Close()
	w.mu.Lock()
	if w.open[in] {
		w.open[out] = true
	} else { // mended meanwhile
		_ = out.Close()
	}
	w.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { w.carry(out, in, true) })
	both.Go(func() { w.carry(in, out, false) })
	both.Wait()
	w.mu.Lock()
	delete(w.open, in)
	delete(w.open, out)
	w.mu.Unlock()
}

// carry brings what one side says to the other, line by line.
func (w *wire) carry(to, from net.Conn, said bool) {
	r := bufio.NewReaderSize(from, 64<<10)
	for {
		line, err := r.ReadSlice('\n')
		if !w.pass(said, line) {
			break
		}
		if _, werr := to.Write(line); werr != nil || err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			break
		}
	}
	_ = to.Close()
	_ = from.Close()
}
