package live

import (
	"context"
	"net/http"
	"reflect"
	"sync/atomic"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
)

// agentConn is one console of an agent.
type agentConn struct {
	client
	hub     *Hub
	ctx     context.Context //nolint:containedctx // who asked, for as long as they listen
	asked   *http.Request   // to ask again who it is
	actor   atomic.Pointer[agent.Actor]
	resumed atomic.Bool
	events  bool // over server-sent events

	// Under the hub's lock.
	live    bool  // told of news as it is dealt out
	seq     int64 // told of everything up to here
	viewing conversation.ID
	opened  ticket.ID // the case on the screen
	writes  bool      // in the form of an act on it
	watches bool      // shows a wallboard
	wall    string    // of which it was told all, by its key
	pace    pace
}

// mostConsoles is how many consoles one agent may have open.
const mostConsoles = 32

var errConsoles = fault.New(fault.Busy, "live.many", "too many windows are open; close some").Because(serve.Wait(retryAfter))

// AgentSocket is GET /api/v1/live.
func (h *Hub) AgentSocket(w http.ResponseWriter, r *http.Request) error {
	actor, err := h.agentOf(r)
	if err != nil {
		return err
	}
	return h.upgrade(w, r, func(out wire) peer {
		a := h.newAgent(r, actor, out)
		h.seatAgent(a)
		return a
	})
}

// AgentEvents is GET /api/v1/live/events?after=SEQ.
func (h *Hub) AgentEvents(w http.ResponseWriter, r *http.Request) error {
	actor, err := h.agentOf(r)
	if err != nil {
		return err
	}
	after, err := number(r, "after")
	if err != nil {
		return err
	}
	s := newStream(w)
	a := h.newAgent(r, actor, s)
	a.ctx, a.events = r.Context(), true
	h.seatAgent(a)
	defer a.left()
	a.resume(after)
	s.hold(r, &a.client)
	return nil
}

// AgentFrames is POST /api/v1/live/frames: what a console on an event stream
// has to say.
func (h *Hub) AgentFrames(w http.ResponseWriter, r *http.Request) error {
	actor, err := h.agentOf(r)
	if err != nil {
		return err
	}
	frame, err := serve.Decode[incoming](w, r, mostIncoming)
	if err != nil {
		return err
	}
	h.mu.Lock()
	var newest *agentConn
	for _, a := range h.agents[actor.Agent] {
		if a.events {
			newest = a
		}
	}
	h.mu.Unlock()
	if newest != nil && frame.Type != "resume" && frame.Type != "ping" {
		newest.receive(frame)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// agentOf says who asks, or why they may not listen.
func (h *Hub) agentOf(r *http.Request) (agent.Actor, error) {
	if !sameOrigin(r) {
		return agent.Actor{}, errOrigin
	}
	actor, err := h.Guard.Authenticate(r)
	if err != nil {
		return actor, err
	}
	h.mu.Lock()
	full := len(h.agents[actor.Agent]) >= mostConsoles
	h.mu.Unlock()
	if full {
		return actor, errConsoles
	}
	return actor, h.ready(r.Context())
}

func (h *Hub) newAgent(r *http.Request, actor agent.Actor, out wire) *agentConn {
	a := &agentConn{hub: h, ctx: lasting(r)}
	a.wire, a.count = out, &h.count
	a.actor.Store(&actor)
	a.asked = (&http.Request{
		Method: http.MethodGet, URL: r.URL, Host: r.Host, RemoteAddr: r.RemoteAddr, TLS: r.TLS,
		Header: http.Header{"Cookie": r.Header["Cookie"], "Authorization": r.Header["Authorization"], "User-Agent": r.Header["User-Agent"]},
	}).WithContext(a.ctx)
	return a
}

func (h *Hub) seatAgent(a *agentConn) {
	id := a.actor.Load().Agent
	h.mu.Lock()
	defer h.mu.Unlock()
	h.agents[id] = append(h.agents[id], a)
	if h.stopped {
		a.finish(closeGoingAway, "restarting")
	}
	if len(h.agents[id]) == 1 {
		h.seats.put(id)
	}
}

func (a *agentConn) left() {
	h, id := a.hub, a.actor.Load().Agent
	a.finish(closeGoingAway, "")
	h.mu.Lock()
	defer h.mu.Unlock()
	a.live = false
	h.agents[id] = without(h.agents[id], a)
	if len(h.agents[id]) == 0 {
		delete(h.agents, id)
		h.seats.put(id)
	}
	h.view(a, 0)
	h.open(a, nil, false)
}

func (a *agentConn) refuse() { a.finish(closeBadFrame, "not a frame") }

func (a *agentConn) receive(f incoming) {
	switch f.Type {
	case "ping":
		a.send(pong)
	case "resume":
		a.resume(f.After)
	case "typing":
		a.hub.agentTypes(a, f)
	case "viewing":
		a.hub.agentViews(a, f.Conversation)
	case "viewing_case":
		a.hub.agentOpens(a, f)
	case "wallboard":
		a.hub.agentWatches(a, f)
	}
}

// tell is under the hub's lock.
func (a *agentConn) tell(n *news) {
	a.seq = n.seq
	if frame := n.frameFor(a.actor.Load()); frame != nil {
		a.send(frame)
	}
}

const (
	catchUpBatch = 200 // events read at once
	catchUpRest  = 64  // events that are told in one go, while everyone waits
)

// resume tells what was missed after a sequence number, then hello, then what
// is dealt out from there on. 0 is from now.
//
// Nothing is told twice and nothing falls between: catching up works through
// the feed in order, and the step to live telling is taken under the lock
// under which news is dealt out, at exactly the event that was told last.
func (a *agentConn) resume(after int64) {
	if a.resumed.Swap(true) {
		return
	}
	h := a.hub
	if after <= 0 {
		h.mu.Lock()
		defer h.mu.Unlock()
		a.goLive(h.seq)
		return
	}
	oldest, newest, err := h.bounds(a.ctx)
	if err != nil {
		a.finish(closeTrouble, "try again")
		return
	}
	if after < oldest-1 || after > newest {
		h.reset(a)
		return
	}
	seen := sights{}
	for {
		missed, ok := a.step(after)
		if ok {
			return
		}
		if missed == nil {
			if missed, err = h.older(a.ctx, after, seen); err != nil {
				a.finish(closeTrouble, "try again")
				return
			}
			if len(missed) == 0 { // it was forgotten just now
				h.reset(a)
				return
			}
		}
		for _, n := range missed {
			if frame := n.frameFor(a.actor.Load()); frame != nil && !a.sendCalmly(frame) {
				return
			}
			after = n.seq
		}
		if !a.flush() {
			return
		}
	}
}

// step goes live if little is missing, and is true if it did. Otherwise it
// returns some of what is missing, if it is in memory.
func (a *agentConn) step(after int64) (missed []*news, live bool) {
	h := a.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	missed, ok := h.recent.after(after)
	if !ok {
		return nil, false
	}
	size := 0
	for _, n := range missed {
		size += len(n.frame)
	}
	if len(missed) > catchUpRest || size > mostBytes/2 {
		return missed[:min(len(missed), catchUpBatch)], false
	}
	for _, n := range missed {
		a.tell(n)
	}
	a.goLive(max(after, h.seq))
	return nil, true
}

// goLive is under the hub's lock.
func (a *agentConn) goLive(seq int64) {
	a.seq, a.live = seq, true
	a.send(encode(atFrame{"hello", seq}))
}

// reset tells a console that too much is missing to be told.
func (h *Hub) reset(a *agentConn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	a.send(encode(atFrame{"reset", h.seq}))
	a.goLive(h.seq)
}

// older reads events that are not in memory any more, but no newer ones than
// were dealt out.
func (h *Hub) older(ctx context.Context, after int64, seen sights) ([]*news, error) {
	h.mu.Lock()
	upTo := h.seq
	h.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	es, err := h.Feed.EventsAfter(ctx, after, catchUpBatch)
	if err != nil {
		return nil, err
	}
	var ns []*news
	for _, e := range es {
		if e.Seq > upTo {
			break
		}
		n := h.read(e)
		seen.follow(n)
		ns = append(ns, n)
	}
	return ns, nil
}

func (h *Hub) bounds(ctx context.Context) (oldest, newest int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	return h.Feed.EventBounds(ctx)
}

// recheck asks again who an agent is: consoles whose session is over are hung
// up on, consoles that may see more or less now must read everything again.
func (h *Hub) recheck(_ context.Context, id agent.ID) {
	h.mu.Lock()
	as := append([]*agentConn(nil), h.agents[id]...)
	h.mu.Unlock()
	for _, a := range as {
		actor, err := h.Guard.Authenticate(a.asked)
		switch kind := fault.KindOf(err); {
		case err == nil && actor.Agent != id, kind == fault.Unsigned && err != nil, kind == fault.Forbidden && err != nil:
			a.finish(closeSignedOut, "signed out")
		case err == nil:
			h.refresh(a, actor)
		}
	}
}

func (h *Hub) refresh(a *agentConn, actor agent.Actor) {
	h.mu.Lock()
	defer h.mu.Unlock()
	had := *a.actor.Load()
	actor.Address = had.Address
	if reflect.DeepEqual(had, actor) {
		return
	}
	a.actor.Store(&actor)
	h.hideCase(a)
	if a.live && (had.Scope != actor.Scope || !reflect.DeepEqual(had.Teams, actor.Teams) || !reflect.DeepEqual(had.Permissions, actor.Permissions)) {
		a.seq = max(a.seq, h.seq)
		a.send(encode(atFrame{"reset", a.seq}))
	}
}
