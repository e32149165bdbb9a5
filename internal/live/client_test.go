package live

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// stuck is a wire that writes only when it is let.
type stuck struct {
	begun   chan struct{} // a write waits to be let
	let     chan error
	frames  []string
	hurried bool
	code    uint16
	closed  chan struct{}
}

func newStuck() *stuck {
	return &stuck{begun: make(chan struct{}, 1), let: make(chan error), closed: make(chan struct{})}
}

func (s *stuck) write(frame []byte) error {
	select {
	case s.begun <- struct{}{}:
	default:
	}
	err := <-s.let
	if err == nil {
		s.frames = append(s.frames, string(frame))
	}
	return err
}

func (s *stuck) hurry() { s.hurried = true }

func (s *stuck) close(code uint16, _ string) {
	s.code = code
	close(s.closed)
}

func TestAQueueThatRunsOverEndsTheClient(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		frame string
		most  int
	}{
		"many frames": {"x", mostFrames + 1}, // one of them is under way
		"much":        {strings.Repeat("x", 100_000), mostBytes / 100_000},
	} {
		w := newStuck()
		count := &counters{}
		out := &client{wire: w, count: count}
		for i := range c.most {
			if !out.send([]byte(c.frame)) {
				t.Fatalf("%s: closed at frame %d", what, i)
			}
			if i == 0 {
				<-w.begun
			}
		}
		if out.send([]byte(c.frame)) || out.send([]byte("small")) {
			t.Errorf("%s: takes more than it may", what)
		}
		w.let <- nil // the one that was under way
		<-w.closed
		if !out.flushed() || w.code != closeTooSlow || !w.hurried || len(w.frames) != 1 || count.slow.Load() != 1 {
			t.Errorf("%s: code %d, %d frames, %d slow", what, w.code, len(w.frames), count.slow.Load())
		}
	}
}

// flushed waits for the end of writing, and is true if the client is closed.
func (c *client) flushed() bool { return !c.flush() }

func TestWhoSendsCalmlyFillsNoQueue(t *testing.T) {
	t.Parallel()
	w := newStuck()
	out := &client{wire: w, count: &counters{}}
	go func() {
		for {
			select {
			case w.let <- nil:
			case <-w.closed:
				return
			}
		}
	}()
	var want []string
	for i := range 3 * mostFrames {
		want = append(want, strconv.Itoa(i))
		if !out.sendCalmly([]byte(want[i])) {
			t.Fatalf("closed at frame %d", i)
		}
	}
	if !out.flush() || !slices.Equal(w.frames, want) {
		t.Errorf("%d of %d frames", len(w.frames), len(want))
	}
	out.finish(closeGoingAway, "")
	<-w.closed
	if !out.flushed() || out.send([]byte("late")) || w.code != closeGoingAway {
		t.Errorf("after the end: %d", w.code)
	}
}

func TestABrokenWireEndsTheClient(t *testing.T) {
	t.Parallel()
	w := newStuck()
	out := &client{wire: w, count: &counters{}}
	out.send([]byte("one"))
	<-w.begun
	out.send([]byte("two"))
	w.let <- errors.New("the line broke")
	<-w.closed
	if !out.flushed() || out.send([]byte("three")) || len(w.frames) != 0 {
		t.Errorf("%d frames", len(w.frames))
	}
}
