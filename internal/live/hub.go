// Package live tells browsers what happens, as it happens: agents' consoles
// what they may see of the feed of events, visitors' widgets their own
// conversation. Whoever comes back says how far they had got, is told first
// what they missed, and nothing twice.
//
//	hub.go       who is connected; the feed, dealt out in order
//	news.go      an event, made ready for many
//	agent.go     agents: sign-in, catching up, what they may say
//	visitor.go   the same for visitors
//	passing.go   typing, viewing, who is there: in memory only
//	watching.go  the same for cases: who else has one open
//	wallboard.go what supervisors look at, read once a second for all of them
//	client.go    the way out to one browser: a bounded queue
//	socket.go    WebSocket; stream.go: server-sent events
//
// What must be kept stands in the database. All that is lost with this
// process is who is connected and what is passing.
package live

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/ticket"
	"yingda/internal/domain/wallboard"
	"yingda/internal/kit/serve"
)

// Feed is the ordered record of what happened; the store keeps it.
type Feed interface {
	EventsAfter(ctx context.Context, seq int64, limit int) ([]event.Event, error)
	EventBounds(ctx context.Context) (oldest, newest int64, err error)
	Follow(ctx context.Context, after int64, f func([]event.Event) error) error
}

// Chat is what visitors catch up from: a part of channel.Chat.
type Chat interface {
	InboxByID(ctx context.Context, id inbox.ID) (inbox.Inbox, error)
	Current(ctx context.Context, who contact.Visitor) (conversation.Conversation, bool, error)
	View(ctx context.Context, who contact.Visitor, id conversation.ID) (conversation.View, error)
	History(ctx context.Context, who contact.Visitor, id conversation.ID, after, before int64, limit int) ([]conversation.Message, bool, error)
	Read(ctx context.Context, who contact.Visitor, id conversation.ID, read, received int64) error
}

// Seats learns when an agent's first console is opened and their last closed.
type Seats interface {
	AgentConnected(ctx context.Context, a agent.ID) error
	AgentGone(ctx context.Context, a agent.ID) error
}

// Guard says which agent a request comes from. It is asked when a console
// connects, and again when their session or their rights may have changed.
type Guard interface {
	Authenticate(r *http.Request) (agent.Actor, error)
}

// Options are what a Hub is made of. All of them are needed.
type Options struct {
	Feed  Feed
	Chat  Chat
	Seats Seats
	Guard Guard
	// Conversation returns a conversation by id, whoever asks.
	Conversation func(ctx context.Context, id conversation.ID) (conversation.Conversation, error)
	// Case returns a case by id, whoever asks.
	Case func(ctx context.Context, id ticket.ID) (ticket.Case, error)
	// Wall reads the house for all wallboards.
	Wall func(ctx context.Context) (wallboard.Snapshot, error)
	// Dress returns a message as a visitor is sent it, with addresses of files
	// that they can open.
	Dress  func(conversation.Message) conversation.Message
	Key    []byte // of visitors' tokens
	Now    func() time.Time
	Log    *slog.Logger
	Errors serve.Errors
}

// Hub holds all connections. Run must run.
type Hub struct {
	Options
	count   counters
	started chan struct{} // closed when the feed is followed

	mu       sync.Mutex
	stopped  bool
	seq      int64 // of the newest event that was dealt out
	recent   recent
	sights   sights
	threads  map[conversation.ID]*thread // open conversations that something was heard of
	current  map[contact.ID]conversation.ID
	agents   map[agent.ID][]*agentConn
	visitors map[contact.ID][]*visitorConn
	waiting  map[conversation.ID]*waiter
	cases    map[ticket.ID]*ticket.Case // that consoles have open: as much as decides who may see them

	seats  set[agent.ID] // whose connectedness the desk must be told
	checks set[agent.ID] // who must be asked again who they are
	queue  set[struct{}] // the queue moved
	walls  set[struct{}] // what wallboards show may have changed
	told   map[string]wall
}

// thread is what passing frames need to know of a conversation.
type thread struct {
	sight       agent.Sight
	contact     contact.ID
	state       conversation.State
	agentName   string
	contactName string
	joined      map[agent.ID]string // who may write besides, by name
}

// New returns a hub.
func New(o Options) *Hub {
	return &Hub{
		Options: o, started: make(chan struct{}),
		sights: sights{}, threads: map[conversation.ID]*thread{}, current: map[contact.ID]conversation.ID{},
		agents: map[agent.ID][]*agentConn{}, visitors: map[contact.ID][]*visitorConn{}, waiting: map[conversation.ID]*waiter{}, cases: map[ticket.ID]*ticket.Case{},
		seats: newSet[agent.ID](), checks: newSet[agent.ID](), queue: newSet[struct{}](),
		walls: newSet[struct{}](), told: map[string]wall{},
	}
}

// Counts are for whoever watches the program.
type Counts struct {
	Agents, Visitors int   // connections
	Sent, Slow       int64 // frames written; clients cut off because they were too slow
	Seq              int64 // the newest event that was dealt out
}

// Counts returns the numbers of now.
func (h *Hub) Counts() Counts {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := Counts{Sent: h.count.sent.Load(), Slow: h.count.slow.Load(), Seq: h.seq}
	for _, as := range h.agents {
		c.Agents += len(as)
	}
	for _, vs := range h.visitors {
		c.Visitors += len(vs)
	}
	return c
}

// Online reports whether a contact has a widget open.
func (h *Hub) Online(c contact.ID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.visitors[c]) > 0
}

const (
	beatEvery    = 20 * time.Second
	recheckEvery = 5 * time.Minute // a session may have run out, a role may have changed
	retryAfter   = time.Second
	queueEvery   = time.Second
	askLimit     = 10 * time.Second // for one question to the database
)

// Run deals out the feed until ctx ends; then it hangs up on everyone and
// waits for its own goroutines.
func (h *Hub) Run(ctx context.Context) error {
	if err := h.load(ctx); err != nil {
		if ctx.Err() != nil {
			return nil //nolint:nilerr // stopped before it began
		}
		return err
	}
	close(h.started)
	var wg sync.WaitGroup
	wg.Go(func() { h.follow(ctx) })
	wg.Go(func() { h.beat(ctx) })
	wg.Go(func() { h.seats.each(ctx, 0, h.tellSeat) })
	wg.Go(func() { h.checks.each(ctx, 0, h.recheck) })
	wg.Go(func() { h.queue.each(ctx, queueEvery, h.tellPlaces) })
	wg.Go(func() { h.walls.each(ctx, wallEvery, h.tellWalls) })
	<-ctx.Done()
	h.stop()
	wg.Wait()
	return nil
}

// load reads the tail of the feed, for those who come back soon.
func (h *Hub) load(ctx context.Context) error {
	oldest, newest, err := h.Feed.EventBounds(ctx)
	if err != nil {
		return err
	}
	floor := max(oldest-1, newest-mostRecent, 0)
	es, err := h.Feed.EventsAfter(ctx, floor, mostRecent)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.recent.floor, h.seq = floor, floor
	for _, e := range es {
		h.note(h.read(e))
	}
	return nil
}

func (h *Hub) follow(ctx context.Context) {
	for ctx.Err() == nil {
		h.mu.Lock()
		after := h.seq
		h.mu.Unlock()
		err := h.Feed.Follow(ctx, after, func(es []event.Event) error {
			for _, e := range es {
				h.deal(h.read(e))
			}
			return nil
		})
		if ctx.Err() != nil {
			return
		}
		h.Log.ErrorContext(ctx, "the feed cannot be read", slog.Any("error", err))
		wait(ctx, retryAfter)
	}
}

func (h *Hub) read(e event.Event) *news {
	n, err := newsOf(e)
	if err != nil {
		h.Log.Error("an event cannot be read", slog.Any("error", err))
	}
	return n
}

// note remembers news; under the lock.
func (h *Hub) note(n *news) {
	h.sights.follow(n)
	if c := n.thread; c != nil {
		if c.State == conversation.Closed {
			delete(h.threads, c.ID)
		} else {
			h.threads[c.ID] = threadOf(*c)
		}
		if c.State.Open() {
			h.current[c.Contact] = c.ID
		} else if h.current[c.Contact] == c.ID {
			delete(h.current, c.Contact)
		}
	}
	h.seq = n.seq
	h.recent.add(n)
}

func threadOf(c conversation.Conversation) *thread {
	return &thread{sight: c.Sight(), contact: c.Contact, state: c.State, agentName: c.AgentName, contactName: c.ContactName, joined: c.Joined()}
}

// deal tells news to everyone whom it concerns.
func (h *Hub) deal(n *news) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if n.seq <= h.seq {
		return
	}
	h.note(n)
	if n.kind == event.CaseChanged {
		h.caseMoved(n)
	}
	if n.movesWalls() {
		h.walls.put(struct{}{})
	}
	for _, as := range h.agents {
		for _, a := range as {
			if a.live && n.seq > a.seq {
				a.tell(n)
			}
		}
	}
	switch n.kind {
	case event.MessageAdded, event.MessageRecalled, event.ConversationChanged:
		h.tellVisitors(n)
	case event.SessionEnded:
		h.checks.put(n.told)
	case event.SettingsChanged:
		h.recheckAll()
	default: // concerns neither visitors nor who may listen
	}
	n.thread, n.message = nil, nil // what is remembered for agents is the frame
}

func (h *Hub) recheckAll() {
	for id := range h.agents {
		h.checks.put(id)
	}
}

// beat shows consoles how far the feed is, and proxies that streams live.
func (h *Hub) beat(ctx context.Context) {
	ticker, recheck := time.NewTicker(beatEvery), time.NewTicker(recheckEvery)
	defer ticker.Stop()
	defer recheck.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-recheck.C:
			h.mu.Lock()
			h.recheckAll()
			h.mu.Unlock()
		case <-ticker.C:
			h.beatOnce()
		}
	}
}

func (h *Hub) beatOnce() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.walls.put(struct{}{}) // time itself changes what they show
	at := encode(atFrame{"at", h.seq})
	for _, as := range h.agents {
		for _, a := range as {
			if a.live && a.seq <= h.seq {
				a.send(at)
			}
		}
	}
	for _, vs := range h.visitors {
		for _, v := range vs {
			if v.stream {
				v.send(nil)
			}
		}
	}
}

// stop hangs up on everyone.
func (h *Hub) stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stopped = true
	for _, as := range h.agents {
		for _, a := range as {
			a.finish(closeGoingAway, "restarting")
		}
	}
	for _, vs := range h.visitors {
		for _, v := range vs {
			v.finish(closeGoingAway, "restarting")
		}
	}
}

// Recount tells the desk of everybody who is connected: it may have taken this
// program for dead.
func (h *Hub) Recount() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for a := range h.agents {
		h.seats.put(a)
	}
}

// tellSeat tells the desk whether an agent is connected. What matters is what
// is so now, not how often it changed.
func (h *Hub) tellSeat(ctx context.Context, a agent.ID) {
	h.mu.Lock()
	here := len(h.agents[a]) > 0
	h.mu.Unlock()
	tell := h.Seats.AgentGone
	if here {
		tell = h.Seats.AgentConnected
	}
	asking, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	if err := tell(asking, a); err != nil && ctx.Err() == nil {
		h.Log.ErrorContext(ctx, "the desk could not be told who is here", slog.Any("agent", a), slog.Any("error", err))
		wait(ctx, retryAfter)
		h.seats.put(a)
	}
}

// know returns what passing frames need to know of a conversation; nil if there
// is no such conversation.
func (h *Hub) know(ctx context.Context, id conversation.ID) *thread {
	if id.IsZero() {
		return nil
	}
	h.mu.Lock()
	t := h.threads[id]
	h.mu.Unlock()
	if t != nil {
		return t
	}
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	c, err := h.Conversation(ctx, id)
	if err != nil {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if t := h.threads[id]; t != nil {
		return t // the feed knows better
	}
	t = threadOf(c)
	if c.State.Open() {
		h.threads[id] = t
		if h.current[c.Contact].IsZero() {
			h.current[c.Contact] = id
		}
	}
	return t
}

// ready waits until the feed is followed.
func (h *Hub) ready(ctx context.Context) error {
	select {
	case <-h.started:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

var errStopped = errors.New("the program is stopping")

// Handler answers everything under /api/v1/live and /widget/v1/live.
func (h *Hub) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, handler := range map[string]serve.Handler{
		"GET /api/v1/live":           h.AgentSocket,
		"GET /api/v1/live/events":    h.AgentEvents,
		"POST /api/v1/live/frames":   h.AgentFrames,
		"GET /widget/v1/live":        h.VisitorSocket,
		"GET /widget/v1/live/events": h.VisitorEvents,
	} {
		mux.Handle(pattern, h.Errors.Handler(handler))
	}
	return mux
}

// set is things to be done, each once however often it was asked for.
type set[T comparable] struct {
	mu   *sync.Mutex
	todo map[T]struct{}
	wake chan struct{}
}

func newSet[T comparable]() set[T] {
	return set[T]{new(sync.Mutex), map[T]struct{}{}, make(chan struct{}, 1)}
}

func (s set[T]) put(t T) {
	s.mu.Lock()
	s.todo[t] = struct{}{}
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// each does what is asked for until ctx ends, and rests between rounds.
func (s set[T]) each(ctx context.Context, rest time.Duration, do func(context.Context, T)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		s.mu.Lock()
		todo := make([]T, 0, len(s.todo))
		for t := range s.todo {
			todo = append(todo, t)
		}
		clear(s.todo)
		s.mu.Unlock()
		for _, t := range todo {
			if ctx.Err() == nil {
				do(ctx, t)
			}
		}
		wait(ctx, rest)
	}
}

func wait(ctx context.Context, d time.Duration) {
	if d == 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
