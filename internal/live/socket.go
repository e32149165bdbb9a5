package live

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/lxzan/gws"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
)

// peer is the other end of a connection: an agent's console or a widget.
type peer interface {
	// receive takes a frame. What does not concern us is ignored.
	receive(frame incoming)
	// refuse hangs up on a client that does not speak as agreed.
	refuse()
	// left is called once, when the connection is over.
	left()
}

// silence is how long a client may say nothing; it pings each 25 s.
const silence = 60 * time.Second

// socket is a wire over WebSocket. The library runs one goroutine, which
// reads.
type socket struct{ conn *gws.Conn }

func (s socket) write(frame []byte) error {
	if len(frame) == 0 {
		return nil
	}
	if err := s.conn.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return err
	}
	return s.conn.WriteMessage(gws.OpcodeText, frame)
}

func (s socket) hurry() { _ = s.conn.NetConn().SetWriteDeadline(time.Now().Add(hurryLimit)) } // a closed one is in no hurry

func (s socket) close(code uint16, why string) {
	_ = s.conn.NetConn().SetWriteDeadline(time.Now().Add(hurryLimit))
	_ = s.conn.WriteClose(code, []byte(why)) // whoever does not read it has gone
	_ = s.conn.NetConn().Close()
}

// upgrader makes WebSockets. Small buffers: most frames that come are pings.
var upgrader = gws.NewUpgrader(events{}, &gws.ServerOption{
	ReadBufferSize:     256,
	ReadMaxPayloadSize: mostIncoming,
	ParallelGolimit:    1,
	CheckUtf8Enabled:   true,
	HandshakeTimeout:   10 * time.Second,
	NewSession:         func() gws.SessionStorage { return &seat{} },
	Logger:             silent{},
})

// upgrade turns a request into a WebSocket, or returns why not. attach is
// given the wire and returns the peer.
func (h *Hub) upgrade(w http.ResponseWriter, r *http.Request, attach func(wire) peer) error {
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") || r.Header.Get("Sec-WebSocket-Key") == "" {
		w.Header().Set("Upgrade", "websocket")
		return fault.New(fault.Invalid, "request.websocket", "this address is for WebSockets")
	}
	conn, err := upgrader.Upgrade(w, r)
	if err != nil {
		return nil //nolint:nilerr // the library has answered
	}
	at, _ := conn.Session().(*seat)
	at.hub, at.peer = h, attach(socket{conn})
	go h.listen(conn, at.peer)
	return nil
}

// listen reads until the connection is over. The library trusts the length
// that a frame claims; should it stumble over one, only this connection falls.
func (h *Hub) listen(conn *gws.Conn, p peer) {
	defer p.left()
	defer h.stumble(conn)
	conn.ReadLoop()
}

func (h *Hub) stumble(conn *gws.Conn) {
	if why := recover(); why != nil {
		h.Log.Warn("a client sent what could not be read", slog.Any("panic", why), slog.String("stack", string(debug.Stack())))
		_ = conn.NetConn().Close()
	}
}

// events is what the library calls.
type events struct{ gws.BuiltinEventHandler }

func (events) OnOpen(c *gws.Conn) { _ = c.SetReadDeadline(time.Now().Add(silence)) }

func (events) OnPing(c *gws.Conn, payload []byte) {
	_ = c.SetReadDeadline(time.Now().Add(silence))
	_ = c.WritePong(payload)
}

func (events) OnMessage(c *gws.Conn, m *gws.Message) {
	defer m.Close() // it only gives the buffer back
	_ = c.SetReadDeadline(time.Now().Add(silence))
	at, _ := c.Session().(*seat)
	if m.Opcode == gws.OpcodeText && isPing(m.Bytes()) {
		at.peer.receive(incoming{Type: "ping"})
		return
	}
	done := make(chan struct{})
	go at.hear(c, m, done)
	<-done
}

// hear takes a frame on a stack of its own, which ends with it. What a frame
// asks for may go deep, into the database; the stack that grew for it would
// stay with the goroutine that reads, one for each who is connected.
func (s *seat) hear(c *gws.Conn, m *gws.Message, done chan<- struct{}) {
	defer close(done)
	defer s.hub.stumble(c)
	frame, ok := parse(m.Bytes())
	if !ok || m.Opcode != gws.OpcodeText {
		s.peer.refuse()
		return
	}
	s.peer.receive(frame)
}

// seat lets the library's connection find its peer.
type seat struct {
	hub  *Hub
	peer peer
}

func (*seat) Len() int                               { return 0 }
func (*seat) Load(string) (value any, exist bool)    { return nil, false }
func (*seat) Delete(string)                          {}
func (*seat) Store(string, any)                      {}
func (*seat) Range(func(key string, value any) bool) {}

type silent struct{}

func (silent) Error(...any) {}

// sameOrigin reports whether a request comes from one of our own pages, or
// from no page at all.
func sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, r.Host)
}

var errOrigin = fault.New(fault.Forbidden, "request.origin", "this page may not open the chat; an administrator can allow its address")

// lasting returns what is left of a request's context when it has been
// answered: who asked, but no end.
func lasting(r *http.Request) context.Context { return serve.Lasting(r.Context()) }
