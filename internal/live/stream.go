package live

import (
	"net/http"
	"sync"
	"time"
)

// stream is a wire over server-sent events. Its frames are the same; a client
// speaks in requests of its own.
type stream struct {
	w    http.ResponseWriter
	out  *http.ResponseController
	done chan struct{}
	once sync.Once
}

func newStream(w http.ResponseWriter) *stream {
	out := http.NewResponseController(w)
	_ = out.SetReadDeadline(time.Time{}) // the server's own limits are for answers that end
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would hold frames back
	w.WriteHeader(http.StatusOK)
	_ = out.Flush()
	return &stream{w: w, out: out, done: make(chan struct{})}
}

func (s *stream) write(frame []byte) error {
	if err := s.out.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return err
	}
	text := make([]byte, 0, len(frame)+10)
	if len(frame) == 0 {
		text = append(text, ":\n\n"...)
	} else {
		text = append(append(append(text, "data: "...), frame...), "\n\n"...)
	}
	if _, err := s.w.Write(text); err != nil {
		return err
	}
	return s.out.Flush()
}

func (s *stream) hurry() { _ = s.out.SetWriteDeadline(time.Now().Add(hurryLimit)) }

func (s *stream) close(uint16, string) { s.once.Do(func() { close(s.done) }) }

// hold keeps the request open until the client leaves or is hung up on. When
// it returns, nothing writes to the answer any more.
func (s *stream) hold(r *http.Request, c *client) {
	select {
	case <-r.Context().Done():
	case <-s.done:
	}
	c.finish(closeGoingAway, "")
	c.flush()
}
