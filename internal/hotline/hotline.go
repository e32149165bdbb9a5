// Package hotline joins the telephone's door to the desk: for each customer on
// the line it keeps the walk through the menu and does what comes of it, rings
// the agents that the desk names, joins the two, records, and lets others listen.
//
// A line is an actor: one goroutine at a time alone touches it, fed by the door,
// the feed of the desk, its clock and the agents.
package hotline

import (
	"context"
	"log/slog"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"yingda/internal/channel"
	"yingda/internal/channel/voice"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/kit/blob"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/rtp"
)

// Menus are what callers walk through.
type Menus interface {
	// CallMenu returns a version of a menu; 0 is the one that is published now.
	CallMenu(ctx context.Context, id string, version int) (call.Menu, error)
}

// Phones knows whose a telephone is.
type Phones interface {
	// PhonesOf returns the telephones of an agent that may ring.
	PhonesOf(ctx context.Context, a agent.ID) ([]string, error)
	// AgentOfPhone returns whose a telephone is; none if it is nobody's.
	AgentOfPhone(ctx context.Context, phone string) (agent.ID, error)
}

// Ears are the telephones in the agents' consoles.
type Ears interface {
	// Leg returns the sound of an agent's console, if it is connected.
	Leg(a agent.ID) (*rtp.Leg, bool)
	// Connected returns the agents whose console is connected.
	Connected() []agent.ID
}

// Feed is the ordered record of what happened at the desk.
type Feed interface {
	EventBounds(ctx context.Context) (oldest, newest int64, err error)
	Follow(ctx context.Context, after int64, f func([]event.Event) error) error
}

// Options are what a hotline is made of.
type Options struct {
	Desk    channel.Hotline
	Menus   Menus
	Prompts Prompts
	Phones  Phones
	Ears    Ears // nil: agents have SIP telephones only
	Feed    Feed
	Hooks   Hooks // nil: menus ask no other system
	// Doors returns where the other programs of the house hear SIP; nil: there are
	// none.
	Doors func(ctx context.Context) []netip.AddrPort
	// Program names this program to the desk: the same at each start.
	Program string
	// Folder is where recordings stand while their call goes on; Files keeps them.
	Folder string
	Files  blob.Store
	// Line is our number, for calls that we make.
	Line func() string
	// May is what an agent may call; nil: the usual.
	May func(a agent.ID) voice.Permission
	// Target returns the number of a name in the dial plan.
	Target func(name string) (string, bool)
	Now    func() time.Time
	Log    *slog.Logger
}

// Hooks asks other systems what a menu wants to know.
type Hooks interface {
	AskHook(ctx context.Context, name string, values map[string]string) (map[string]string, error)
}

var _ channel.Telephone = (*Hotline)(nil)

// Hotline is the telephone of a house. Open it, give it its door, and Run it.
type Hotline struct {
	o      Options
	door   *voice.Door
	node   string // how people know this program
	sounds *sounds

	context context.Context //nolint:containedctx // the lines' life, which no request ends
	stop    context.CancelFunc
	running sync.WaitGroup

	mu      sync.Mutex
	lines   map[call.ID]*line
	talks   map[conversation.ID]*line
	engaged map[agent.ID]*line // who is on the telephone
	sets    map[string]*line   // and on which SIP telephone
	visits  map[*visit]part    // agents here who are called by other programs
	closing bool

	changed chan struct{} // telephones are others than the desk was told
}

// Open makes a hotline. What a program of this name had in hand when it died is
// ended, its recordings are kept.
func Open(ctx context.Context, o Options) (*Hotline, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	h := &Hotline{o: o, sounds: newSounds(o.Prompts, o.Log), lines: map[call.ID]*line{}, talks: map[conversation.ID]*line{}, engaged: map[agent.ID]*line{}, sets: map[string]*line{}, visits: map[*visit]part{}, changed: make(chan struct{}, 1)}
	h.context, h.stop = context.WithCancel(context.WithoutCancel(ctx))
	h.PutAwayNow(ctx)
	if _, err := o.Desk.CallsLost(ctx, o.Program); err != nil {
		return nil, err
	}
	return h, nil
}

// Use gives the hotline its door, whose Take is the hotline's.
func (h *Hotline) Use(d *voice.Door) {
	h.door = d
	h.node, _ = os.Hostname() // without a name it is known by its address
	if at := d.Address("udp"); at.Port() > 0 {
		h.node = strings.TrimSpace(h.node + " " + at.String())
	}
}

// Take takes a call that comes in. It does not wait: what the desk says of it
// is done by the line.
func (h *Hotline) Take(c *voice.Call, in voice.Incoming) (func(voice.Event), error) {
	if in.Replaces != nil {
		return nil, fault.New(fault.Forbidden, "call.replaces", "a call is not taken over in this way; transfer it")
	}
	if in.House {
		return h.visited(c, in)
	}
	if l := h.onSet(in.Phone); l != nil { // a second call of a telephone that has a customer
		l.post(func() { l.phoneAsks(c, in) })
		return l.heard(func(e voice.Event) { l.phoneSaid(c, e) }), nil
	}
	l := h.newLine()
	if l == nil {
		return nil, errClosing
	}
	if in.Phone != "" {
		l.post(func() { l.phoneCalls(c, in) })
		return l.heard(func(e voice.Event) { l.phoneSaid(c, e) }), nil
	}
	l.customer = c
	l.post(func() { l.comes(c, in) })
	return l.heard(l.customerSaid), nil
}

var errClosing = fault.New(fault.Busy, "call.closing", "the program is being stopped; call again in a minute")

// Run follows the desk and makes the calls that were promised, until ctx ends.
func (h *Hotline) Run(ctx context.Context) error {
	_, newest, err := h.o.Feed.EventBounds(ctx)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { h.callBack(ctx) })
	wg.Go(func() { h.putAwayAgain(ctx) })
	wg.Go(func() { h.tellPhones(ctx) })
	h.Look() // what was decided before we listened
	return h.o.Feed.Follow(ctx, newest, func(es []event.Event) error {
		for _, e := range es {
			if e.Kind == event.ConversationChanged {
				h.look(e.Conversation)
			}
		}
		return nil
	})
}

// onSet returns the line that a SIP telephone of ours has; nil if it has none.
func (h *Hotline) onSet(phone string) *line {
	if phone == "" {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.sets[phone]
}

func (h *Hotline) look(c conversation.ID) {
	h.mu.Lock()
	l := h.talks[c]
	h.mu.Unlock()
	if l != nil {
		l.post(l.look)
	}
}

// Look lets every line ask the desk how its call stands.
func (h *Hotline) Look() {
	for _, l := range h.all() {
		l.post(l.look)
	}
}

func (h *Hotline) all() (all []*line) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, l := range h.lines {
		all = append(all, l)
	}
	return all
}

// Lines returns how many customers are on the line.
func (h *Hotline) Lines() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.lines)
}

// Drain takes no more calls, and waits until those that there are have ended,
// or until ctx does.
func (h *Hotline) Drain(ctx context.Context) {
	h.mu.Lock()
	h.closing = true
	h.mu.Unlock()
	if h.door != nil {
		h.door.Drain()
	}
	for _, l := range h.all() {
		select {
		case <-l.over:
		case <-ctx.Done():
			return
		}
	}
}

// Close ends every call that is left, and tells the desk.
func (h *Hotline) Close() {
	h.mu.Lock()
	h.closing = true
	h.mu.Unlock()
	for _, l := range h.all() {
		l.post(func() { l.hangUp(call.Drained) })
	}
	ended := make(chan struct{})
	go func() { h.running.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(8 * time.Second):
	}
	h.stop()
}

// of returns the line of a call.
func (h *Hotline) of(i call.ID) (*line, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if l := h.lines[i]; l != nil {
		return l, nil
	}
	return nil, errOver
}

// Has reports whether the line of a call is here.
func (h *Hotline) Has(i call.ID) bool {
	_, err := h.of(i)
	return err == nil
}

var errOver = fault.New(fault.Conflict, "call.over", "this call is over, or its line is at another node")

func (h *Hotline) keep(l *line) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lines[l.id], h.talks[l.sight.Conversation] = l, l
}

func (h *Hotline) forget(l *line) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.lines[l.id] == l {
		delete(h.lines, l.id)
		delete(h.talks, l.sight.Conversation)
	}
}

// PhoneGone says that the telephone in an agent's console is gone: who was
// talking with them goes back to the head of the queue.
func (h *Hotline) PhoneGone(a agent.ID) {
	for _, v := range h.visitsOf(a) {
		v.consoleGone()
	}
	for _, l := range h.all() {
		l.post(func() { l.consoleGone(a) })
	}
}

// PhonesChanged says that telephones are connected at this program, or are not any
// more. It does not wait.
func (h *Hotline) PhonesChanged() {
	select {
	case h.changed <- struct{}{}:
	default: // it is to be told already
	}
}

// How often the desk is told at most which telephones are here, and after which
// time again if it could not be.
const (
	phonesPause = 50 * time.Millisecond
	phonesAgain = time.Second
)

// tellPhones tells the desk which telephones are here, now and each time that
// they are others, until ctx ends.
func (h *Hotline) tellPhones(ctx context.Context) {
	for {
		pause := phonesPause
		if err := h.o.Desk.Telephones(ctx, h.o.Program, h.telephones()); err != nil && ctx.Err() == nil {
			h.o.Log.ErrorContext(ctx, "hotline: the desk cannot be told which telephones are connected", slog.Any("error", err))
			h.PhonesChanged()
			pause = phonesAgain
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		select {
		case <-ctx.Done():
			return
		case <-h.changed:
		}
	}
}

func (h *Hotline) telephones() (t channel.Telephones) {
	if h.o.Ears != nil {
		t.Consoles = h.o.Ears.Connected()
	}
	if h.door != nil {
		t.Registered = h.door.Registrations()
	}
	return t
}

// Loopback are the addresses of this machine, from which the simulator calls.
var Loopback = netip.MustParsePrefix("127.0.0.0/8")
