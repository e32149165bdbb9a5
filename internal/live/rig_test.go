package live_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/channel/channeltest"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/ticket"
	"yingda/internal/domain/wallboard"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
	"yingda/internal/live"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// patience is how long a test waits for what must come; it is spent only when
// something is wrong.
const patience = 30 * time.Second

var key = []byte("the program's own key")

// rig is a hub over a real feed, with a desk in memory for visitors.
type rig struct {
	t    testing.TB
	db   *store.DB
	desk *channeltest.Desk
	hub  *live.Hub
	url  string

	mu     sync.Mutex
	actors map[string]agent.Actor // by the cookie's value
	cases  map[ticket.ID]ticket.Case
	seats  chan string
	stop   func()
	wall   atomic.Pointer[wallboard.Snapshot]
}

func newRig(t testing.TB, db *store.DB) *rig {
	t.Helper()
	r := &rig{t: t, db: db, desk: channeltest.NewDesk("webchat"), actors: map[string]agent.Actor{}, cases: map[ticket.ID]ticket.Case{}, seats: make(chan string, 1000)}
	r.start()
	return r
}

func (r *rig) start() {
	r.hub = live.New(live.Options{
		Feed: r.db, Chat: r.desk, Seats: r, Guard: r, Key: key, Now: clock.Now, Log: slog.New(slog.DiscardHandler),
		Dress: func(m conversation.Message) conversation.Message { return m },
		Conversation: func(_ context.Context, id conversation.ID) (conversation.Conversation, error) {
			return conversation.Conversation{}, fault.New(fault.NotFound, "conversation.unknown", "there is no such %s", "conversation")
		},
		Case: func(_ context.Context, id ticket.ID) (ticket.Case, error) {
			r.mu.Lock()
			defer r.mu.Unlock()
			if c, ok := r.cases[id]; ok {
				return c, nil
			}
			return ticket.Case{}, fault.New(fault.NotFound, "case.unknown", "there is no such %s", "case")
		},
		Wall:   func(context.Context) (wallboard.Snapshot, error) { return *r.wall.Load(), nil },
		Errors: serve.Errors{Log: slog.New(slog.DiscardHandler), Language: phrase.Language, Say: phrase.Say},
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.hub.Run(ctx) }()
	server := httptest.NewServer(r.hub.Handler())
	r.url = server.URL
	var once sync.Once
	r.stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				r.t.Error(err)
			}
			server.Close()
		})
	}
	r.t.Cleanup(r.stop)
}

// AgentConnected and AgentGone note what the desk is told.
func (r *rig) AgentConnected(_ context.Context, a agent.ID) error {
	r.seats <- fmt.Sprintf("%d here", a)
	return nil
}

func (r *rig) AgentGone(_ context.Context, a agent.ID) error {
	r.seats <- fmt.Sprintf("%d gone", a)
	return nil
}

// Authenticate knows an agent by their cookie.
func (r *rig) Authenticate(q *http.Request) (agent.Actor, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, err := q.Cookie("who")
	if err == nil {
		if a, ok := r.actors[c.Value]; ok {
			return a, nil
		}
	}
	return agent.Actor{}, fault.New(fault.Unsigned, "login.none", "sign in first")
}

// actor makes an agent who may read, or changes one.
func (r *rig) actor(name string, id agent.ID, scope agent.Scope, teams ...agent.TeamID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.actors[name] = agent.Actor{Agent: id, Name: name, Scope: scope, Teams: teams, Permissions: []agent.Permission{agent.ConversationRead, agent.ConversationReply}}
}

func (r *rig) signOut(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.actors, name)
}

// emit writes events in one transaction.
func (r *rig) emit(es ...event.Event) {
	if err := r.db.Update(context.Background(), func(tx *store.Tx) error { return tx.Emit(context.Background(), es...) }); err != nil {
		r.t.Error(err)
	}
}

// tell writes what the desk in memory said to the feed.
func (r *rig) tell(k channel.Receipt) {
	r.emit(event.Of(event.MessageAdded, k.Conversation, k.Message.At, event.Message{Conversation: k.Conversation, Message: k.Message}))
}

func (r *rig) change(what string, c conversation.Conversation) {
	r.emit(event.Of(event.ConversationChanged, c, clock.Now(), event.Change{What: what, Conversation: c}))
}

// said is an event of a message in a conversation.
func said(c conversation.Conversation, text string) event.Event {
	return event.Of(event.MessageAdded, c, clock.Now(), event.Message{Conversation: c, Message: conversation.Message{Kind: conversation.Text, From: conversation.FromContact, Text: text}})
}

// changed is an event of a change of a conversation.
func changed(what string, c conversation.Conversation, was agent.ID) event.Event {
	e := event.Of(event.ConversationChanged, c, clock.Now(), event.Change{What: what, Conversation: c})
	e.Was = was
	return e
}

// visitor comes through the desk in memory and says something.
func (r *rig) visitor(texts ...string) (contact.Visitor, channel.Receipt) {
	c, err := r.desk.Visit(context.Background(), channel.Visit{Inbox: r.desk.Inbox, Language: "zh"})
	if err != nil {
		r.t.Fatal(err)
	}
	who := contact.Visitor{Contact: c.ID, Inbox: r.desk.Inbox.ID, Expires: time.Now().Add(time.Hour)}
	var last channel.Receipt
	for i, text := range texts {
		last = r.say(who, fmt.Sprintf("client-id-%d", i), text)
	}
	return who, last
}

func (r *rig) say(who contact.Visitor, clientID, text string) channel.Receipt {
	k, err := r.desk.Receive(context.Background(), channel.Inbound{Inbox: who.Inbox, Contact: who.Contact, ClientID: clientID, Text: text, At: clock.Now()})
	if err != nil {
		r.t.Error(err)
	}
	return k
}

// frame is any frame that a server sends.
type frame struct {
	Type         string          `json:"type"`
	Seq          int64           `json:"seq"`
	What         string          `json:"what"`
	Message      *said1          `json:"message"`
	Conversation json.RawMessage `json:"conversation"`
	ID           conversation.ID `json:"conversation_id"`
	Agents       []struct {
		ID   agent.ID `json:"id"`
		Name string   `json:"name"`
	} `json:"agents"`
	Full    bool              `json:"full"`
	Figures wallboard.Figures `json:"figures"`
	Gone    []agent.ID        `json:"gone"`
	From    string            `json:"from"`
	Name    string            `json:"name"`
	On      bool              `json:"on"`
	Text    string            `json:"text"`
	Contact contact.ID        `json:"contact_id"`
	Others  []ticket.Viewer   `json:"others"`
	Online  bool              `json:"online"`
	Page    contact.PageView  `json:"page"`
	closed  uint16            // the close code, when there are no more
}

type said1 struct {
	Seq  int64  `json:"seq"`
	Text string `json:"text"`
	Kind string `json:"kind"`
}

func (f frame) view(t testing.TB) (v conversation.View) {
	t.Helper()
	if err := json.Unmarshal(f.Conversation, &v); err != nil {
		t.Fatalf("%v in %+v", err, f)
	}
	return v
}

// socket is a WebSocket from the browser's end, read only when a test wants.
type socket struct {
	t    testing.TB
	conn net.Conn
	in   *bufio.Reader
}

// dial opens a WebSocket, or returns the status and the code of the refusal.
func (r *rig) dial(path string, header http.Header) (*socket, int, string) {
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		r.t.Fatal(err)
	}
	var ask bytes.Buffer
	fmt.Fprintf(&ask, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", path, strings.TrimPrefix(r.url, "http://"))
	if err := header.Write(&ask); err != nil {
		r.t.Fatal(err)
	}
	ask.WriteString("\r\n")
	if _, err := conn.Write(ask.Bytes()); err != nil {
		r.t.Fatal(err)
	}
	s := &socket{r.t, conn, bufio.NewReader(conn)}
	res, err := http.ReadResponse(s.in, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	if res.StatusCode != http.StatusSwitchingProtocols {
		defer conn.Close()
		var p serve.Problem
		if err := json.NewDecoder(res.Body).Decode(&p); err != nil {
			r.t.Errorf("a refusal that is no problem: %v", err)
		}
		return nil, res.StatusCode, p.Code
	}
	if t, ok := r.t.(*testing.T); ok {
		t.Cleanup(func() { conn.Close() })
	}
	return s, res.StatusCode, ""
}

func (r *rig) console(name string) *socket {
	r.t.Helper()
	s, status, code := r.dial("/api/v1/live", http.Header{"Cookie": {"who=" + name}})
	if s == nil {
		r.t.Fatalf("%s is refused: %d %s", name, status, code)
	}
	return s
}

// listening is a console that has said hello.
func (r *rig) listening(name string) *socket {
	r.t.Helper()
	s := r.console(name)
	s.send(`{"type":"resume"}`)
	s.want("hello")
	return s
}

func (r *rig) widget(who contact.Visitor) *socket {
	r.t.Helper()
	s, status, code := r.dial("/widget/v1/live?token="+who.Token(key), nil)
	if s == nil {
		r.t.Fatalf("a visitor is refused: %d %s", status, code)
	}
	return s
}

func (s *socket) send(text string) {
	s.t.Helper()
	if _, err := s.conn.Write(masked(0x81, []byte(text))); err != nil {
		s.t.Error(err)
	}
}

// masked is a frame as browsers send it; the mask is zero.
func masked(first byte, payload []byte) []byte {
	b := []byte{first}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	return append(append(b, 0, 0, 0, 0), payload...)
}

// read returns the next frame. One with closed set is the last.
func (s *socket) read() (frame, error) {
	if err := s.conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return frame{}, err
	}
	var head [2]byte
	if _, err := io.ReadFull(s.in, head[:]); err != nil {
		return frame{}, err
	}
	length := uint64(head[1])
	if wide := map[byte]int{126: 2, 127: 8}[head[1]]; wide > 0 {
		var b [8]byte
		if _, err := io.ReadFull(s.in, b[8-wide:]); err != nil {
			return frame{}, err
		}
		length = binary.BigEndian.Uint64(b[:])
	}
	payload := make([]byte, length)
	if _, err := io.ReadFull(s.in, payload); err != nil {
		return frame{}, err
	}
	if head[0]&0x0f == 8 {
		return frame{closed: binary.BigEndian.Uint16(payload)}, nil
	}
	var f frame
	if err := json.Unmarshal(payload, &f); err != nil {
		return f, fmt.Errorf("%w: %s", err, payload)
	}
	return f, nil
}

func (s *socket) next() frame {
	s.t.Helper()
	f, err := s.read()
	if err != nil {
		s.t.Fatal(err)
	}
	return f
}

// want returns the next frame, which must be of a type.
func (s *socket) want(kind string) frame {
	s.t.Helper()
	f := s.next()
	if f.Type != kind {
		s.t.Fatalf("%+v, want %s", f, kind)
	}
	return f
}

// wantClosed reads on to the end, which must have a code.
func (s *socket) wantClosed(code uint16) {
	s.t.Helper()
	for {
		f, err := s.read()
		if err != nil {
			s.t.Fatalf("%v, want close %d", err, code)
		}
		if f.closed != 0 {
			if f.closed != code {
				s.t.Errorf("closed with %d, want %d", f.closed, code)
			}
			return
		}
	}
}

// quiet fails if anything came before a pong.
func (s *socket) quiet() {
	s.t.Helper()
	s.send(`{"type":"ping"}`)
	s.want("pong")
}

// events is an event stream from the browser's end.
type events struct {
	t    testing.TB
	body io.ReadCloser
	in   *bufio.Scanner
}

func (r *rig) stream(path string, header http.Header) (*events, int) {
	q, err := http.NewRequest(http.MethodGet, r.url+path, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	q.Header = header
	res, err := http.DefaultClient.Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { res.Body.Close() })
	return &events{r.t, res.Body, bufio.NewScanner(res.Body)}, res.StatusCode
}

func (e *events) next() (f frame, err error) {
	for e.in.Scan() {
		if text, ok := strings.CutPrefix(e.in.Text(), "data: "); ok {
			err := json.Unmarshal([]byte(text), &f)
			return f, err
		}
	}
	return f, errors.Join(e.in.Err(), io.EOF)
}

func (e *events) want(kind string) frame {
	e.t.Helper()
	f, err := e.next()
	if err != nil || f.Type != kind {
		e.t.Fatalf("%+v, %v, want %s", f, err, kind)
	}
	return f
}

// wantSeats waits for what the desk must be told.
func (r *rig) wantSeat(want string) {
	r.t.Helper()
	select {
	case got := <-r.seats:
		if got != want {
			r.t.Errorf("the desk is told %q, want %q", got, want)
		}
	case <-time.After(patience):
		r.t.Errorf("the desk is not told %q", want)
	}
}

// each runs f on every engine.
func each(t *testing.T, f func(t *testing.T, r *rig)) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(t, newRig(t, db)) })
}

func rigOf(t *testing.T) *rig {
	t.Parallel()
	return newRig(t, storetest.SQLite(t))
}

func numbers(from, to int64) []int64 {
	return slices.Collect(func(yield func(int64) bool) {
		for n := from; n <= to && yield(n); n++ {
		}
	})
}
