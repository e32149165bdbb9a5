package live

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// wire carries frames to one client: a WebSocket or an event stream. Only one
// goroutine at a time writes.
type wire interface {
	// write hands a frame to the network, within writeLimit. A frame of no
	// bytes only keeps the connection from looking dead.
	write(frame []byte) error
	// hurry makes a write that is under way end within hurryLimit.
	hurry()
	// close says why, if the wire can, and hangs up.
	close(code uint16, why string)
}

// How long the network may take.
const (
	writeLimit = 30 * time.Second
	hurryLimit = 5 * time.Second
)

// What waits for a client at the most, before it is too slow. The feed is dealt
// out in batches of 500 as fast as the database gives them, so the queue holds
// several. A frame is shared by all who are sent it, and a queue takes room
// only while something waits in it.
const (
	mostFrames = 4096
	mostBytes  = 8 << 20
)

// Close codes.
const (
	closeGoingAway = 1001
	closeBadFrame  = 1003
	closeTrouble   = 1011
	closeSignedOut = 4001
	closeTooSlow   = 4008
)

// client is the way out to one browser: frames in order, a bounded queue, and
// a goroutine only while there is something to write. A client that falls
// behind is hung up on and never skipped over.
type client struct {
	wire  wire
	count *counters

	mu      sync.Mutex
	queue   [][]byte // from head on; the first may be under way
	head    int
	bytes   int
	writing bool // a goroutine is at it
	closed  bool
	code    uint16
	why     string
	still   chan struct{} // closed when writing ends, if someone waits
}

type counters struct{ sent, slow atomic.Int64 }

// send puts a frame into the queue. It is false if the client is closed, or
// was closed because the queue is full.
func (c *client) send(frame []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	if n := len(c.queue) - c.head; n > 0 && (n >= mostFrames || c.bytes+len(frame) > mostBytes) {
		c.count.slow.Add(1)
		c.end(closeTooSlow, "too slow")
		c.wire.hurry()
		return false
	}
	c.queue = append(c.queue, frame)
	c.bytes += len(frame)
	c.start()
	return true
}

// sendCalmly is send for many frames in a row: it waits for the network
// instead of filling the queue. Not under any lock.
func (c *client) sendCalmly(frame []byte) bool {
	c.mu.Lock()
	full := len(c.queue)-c.head >= mostFrames/2 || c.bytes+len(frame) > mostBytes/2
	c.mu.Unlock()
	if full && !c.flush() {
		return false
	}
	return c.send(frame)
}

// flush waits until the queue is empty. It is false if the client is closed.
func (c *client) flush() bool {
	c.mu.Lock()
	for c.writing {
		if c.still == nil {
			c.still = make(chan struct{})
		}
		still := c.still
		c.mu.Unlock()
		<-still
		c.mu.Lock()
	}
	defer c.mu.Unlock()
	return !c.closed
}

// finish takes no more frames and hangs up, soon and without waiting.
func (c *client) finish(code uint16, why string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.end(code, why)
	c.wire.hurry()
	c.start()
}

// end is under the lock.
func (c *client) end(code uint16, why string) {
	c.closed, c.code, c.why = true, code, why
}

func (c *client) start() {
	if !c.writing {
		c.writing = true
		go c.drain()
	}
}

func (c *client) drain() {
	for {
		frame, ok := c.next()
		if !ok {
			return
		}
		if err := c.wire.write(frame); err != nil {
			c.mu.Lock()
			if !c.closed {
				if errors.Is(err, os.ErrDeadlineExceeded) {
					c.count.slow.Add(1)
				}
				c.end(closeGoingAway, "")
			}
			c.mu.Unlock()
			continue
		}
		c.count.sent.Add(1)
	}
}

// next returns the frame to write, after the one before it was written.
func (c *client) next() (frame []byte, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.head > 0 {
		c.bytes -= len(c.queue[c.head-1])
		c.queue[c.head-1] = nil
	}
	if c.closed {
		c.mu.Unlock()
		c.wire.close(c.code, c.why)
		c.mu.Lock()
	} else if c.head < len(c.queue) {
		c.head++
		return c.queue[c.head-1], true
	}
	c.queue, c.head, c.bytes, c.writing = nil, 0, 0, false
	if c.still != nil {
		close(c.still)
		c.still = nil
	}
	return nil, false
}
