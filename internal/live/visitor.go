package live

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"

	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/kit/fault"
)

// visitorConn is one widget of a visitor.
type visitorConn struct {
	client
	hub     *Hub
	ctx     context.Context //nolint:containedctx // who asked, for as long as they listen
	who     contact.Visitor
	resumed atomic.Bool
	stream  bool // over server-sent events

	// Under the hub's lock.
	live bool            // told of messages as they come
	talk conversation.ID // of which
	sent int64           // messages up to here were told
	held []held          // what came while catching up
	pace pace
}

// held is a frame that waits until its reader has caught up. seq is zero if it
// is not about a message.
type held struct {
	talk  conversation.ID
	seq   int64
	frame []byte
}

// mostWidgets is how many pages one visitor may have open.
const mostWidgets = 16

// VisitorSocket is GET /widget/v1/live?token=….
func (h *Hub) VisitorSocket(w http.ResponseWriter, r *http.Request) error {
	who, err := h.visitorOf(r)
	if err != nil {
		return err
	}
	return h.upgrade(w, r, func(out wire) peer {
		v := h.newVisitor(lasting(r), who, out)
		h.seatVisitor(v)
		return v
	})
}

// VisitorEvents is GET /widget/v1/live/events?token=…&conversation=…&after=….
func (h *Hub) VisitorEvents(w http.ResponseWriter, r *http.Request) error {
	who, err := h.visitorOf(r)
	if err != nil {
		return err
	}
	after, err := number(r, "after")
	if err != nil {
		return err
	}
	var talk conversation.ID
	if s := r.URL.Query().Get("conversation"); s != "" {
		if talk, err = parseConversation(s); err != nil {
			return err
		}
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		w.Header().Set("Access-Control-Allow-Origin", origin) // visitorOf has looked at it
		w.Header().Add("Vary", "Origin")
	}
	s := newStream(w)
	v := h.newVisitor(r.Context(), who, s)
	v.stream = true
	h.seatVisitor(v)
	defer v.left()
	v.resume(talk, max(after, 0)) //nolint:contextcheck // v holds the request's
	s.hold(r, &v.client)
	return nil
}

func parseConversation(s string) (c conversation.ID, err error) {
	err = c.UnmarshalText([]byte(s))
	return c, err
}

// visitorOf says who asks, or why they may not listen.
func (h *Hub) visitorOf(r *http.Request) (contact.Visitor, error) {
	who, err := contact.OpenVisitor(h.Key, r.URL.Query().Get("token"), h.Now())
	if err != nil {
		return who, err
	}
	if !sameOrigin(r) {
		in, err := h.Chat.InboxByID(r.Context(), who.Inbox)
		if err != nil {
			return who, err
		}
		if !in.Settings.Allows(r.Header.Get("Origin")) {
			return who, errOrigin
		}
	}
	h.mu.Lock()
	full := len(h.visitors[who.Contact]) >= mostWidgets
	h.mu.Unlock()
	if full {
		return who, errConsoles
	}
	return who, h.ready(r.Context())
}

func (h *Hub) newVisitor(ctx context.Context, who contact.Visitor, out wire) *visitorConn {
	v := &visitorConn{hub: h, ctx: ctx, who: who}
	v.wire, v.count = out, &h.count
	return v
}

func (v *visitorConn) left() {
	v.finish(closeGoingAway, "")
	h, c := v.hub, v.who.Contact
	h.mu.Lock()
	defer h.mu.Unlock()
	was := h.visitors[c]
	if left := without(was, v); len(left) > 0 {
		h.visitors[c] = left
	} else if len(was) > 0 {
		delete(h.visitors, c)
		h.showVisitor(c, false, nil)
	}
}

func (v *visitorConn) refuse() { v.finish(closeBadFrame, "not a frame") }

func (v *visitorConn) receive(f incoming) {
	switch f.Type {
	case "ping":
		v.send(pong)
	case "resume":
		v.resume(f.Conversation, max(f.After, 0))
	case "typing":
		v.hub.visitorTypes(v, f)
	case "read":
		v.read(f.Conversation, f.Seq, f.Seq)
	case "delivered":
		v.read(f.Conversation, 0, f.Seq)
	}
}

// read records how far the visitor has read and received.
func (v *visitorConn) read(c conversation.ID, read, received int64) {
	if !v.hub.paced(&v.pace) || received <= 0 || c.IsZero() {
		return
	}
	ctx, cancel := context.WithTimeout(v.ctx, askLimit)
	defer cancel()
	if err := v.hub.Chat.Read(ctx, v.who, c, read, received); err != nil && fault.KindOf(err) == fault.Internal && ctx.Err() == nil {
		v.hub.Log.ErrorContext(ctx, "what a visitor has read was not recorded", slog.Any("error", err))
	}
}

const (
	historyBatch = 100
	historyMost  = 500 // messages; who misses more begins again
)

// resume tells the messages that were missed, then hello, then what comes from
// there on. Messages that come in the meantime are held, and told unless the
// history had them already.
func (v *visitorConn) resume(talk conversation.ID, after int64) {
	if v.resumed.Swap(true) {
		return
	}
	h := v.hub
	view, sent, err := v.catchUp(talk, after)
	if err != nil {
		v.finish(closeTrouble, "try again")
		return
	}
	var hello viewFrame
	if hello.Type = "hello"; !view.ID.IsZero() {
		h.know(v.ctx, view.ID)
		hello.Conversation = &view
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	v.talk, v.sent, v.live = view.ID, sent, true
	held := v.held
	v.held = nil
	for _, f := range held {
		if f.seq > 0 {
			v.tell(f)
		}
	}
	v.send(encode(hello))
	for _, f := range held {
		if f.seq == 0 {
			v.tell(f)
		}
	}
	if view.State == conversation.Queued {
		h.await(view, v.who.Contact)
	}
	if len(h.visitors[v.who.Contact]) == 1 {
		h.showVisitor(v.who.Contact, true, nil)
	}
}

func (h *Hub) seatVisitor(v *visitorConn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.visitors[v.who.Contact] = append(h.visitors[v.who.Contact], v)
	if h.stopped {
		v.finish(closeGoingAway, "restarting")
	}
}

// catchUp tells the messages of a conversation after a sequence number, and
// returns how far it came. Without a conversation it is the one that is open.
func (v *visitorConn) catchUp(talk conversation.ID, after int64) (view conversation.View, sent int64, err error) {
	ctx, cancel := context.WithTimeout(v.ctx, askLimit)
	defer cancel()
	chat := v.hub.Chat
	if talk.IsZero() {
		c, ok, err := chat.Current(ctx, v.who)
		if err != nil || !ok {
			return view, 0, err
		}
		talk, after = c.ID, 0
	}
	view, err = chat.View(ctx, v.who, talk)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		v.send(encode(viewFrame{Type: "reset"})) // not theirs, or not there any more
		return conversation.View{}, 0, nil
	}
	if err != nil {
		return view, 0, err
	}
	if view.LastSeq-after > historyMost {
		v.send(encode(viewFrame{Type: "reset"}))
		return view, view.LastSeq, nil
	}
	for sent = after; ; {
		from := sent
		if from == 0 {
			from = -1 // from the beginning; 0 would be the end
		}
		ms, more, err := chat.History(ctx, v.who, talk, from, 0, historyBatch)
		if err != nil {
			return view, sent, err
		}
		for _, m := range ms {
			dressed := v.hub.Dress(m)
			if !v.sendCalmly(encode(viewFrame{Type: "message", Message: &dressed, Conversation: &view})) {
				return view, sent, errStopped
			}
			sent = m.Seq
		}
		if !more {
			return view, sent, nil
		}
		if len(ms) == 0 { // a page of nothing but notes
			sent += historyBatch
		}
	}
}

// tell is under the hub's lock.
func (v *visitorConn) tell(f held) {
	if !v.live {
		if len(v.held) >= mostFrames {
			v.finish(closeTooSlow, "too slow")
			return
		}
		v.held = append(v.held, f)
		return
	}
	if f.seq > 0 {
		if f.talk == v.talk && f.seq <= v.sent {
			return
		}
		if f.talk >= v.talk { // ids grow: an older conversation does not come back by a late word
			v.talk, v.sent = f.talk, f.seq
		}
	}
	v.send(f.frame)
}

// tellVisitors tells a contact what they may know of the news; under the lock.
func (h *Hub) tellVisitors(n *news) {
	c := n.thread
	if c == nil {
		return
	}
	if n.kind == event.ConversationChanged && n.moves {
		h.queue.put(struct{}{})
	}
	if c.State != conversation.Queued {
		delete(h.waiting, c.ID)
	}
	vs := h.visitors[c.Contact]
	if len(vs) == 0 {
		return
	}
	view := c.View()
	if c.State == conversation.Queued {
		view = h.await(view, c.Contact)
	}
	var f held
	switch {
	case n.message == nil:
		f = held{c.ID, 0, encode(viewFrame{Type: "conversation", Conversation: &view})}
	case n.message.ForContact():
		m := h.Dress(*n.message)
		f = held{c.ID, m.Seq, encode(viewFrame{Type: "message", Message: &m, Conversation: &view})}
	default:
		return
	}
	for _, v := range vs {
		v.tell(f)
	}
}

func number(r *http.Request, name string) (int64, error) {
	s := r.URL.Query().Get(name)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || strings.HasPrefix(s, "+") {
		return 0, fault.New(fault.Invalid, "request.number", "%s is a number, 0 or more", name).In("query." + name)
	}
	return n, nil
}

// without returns list without one of its elements.
func without[T comparable](list []T, gone T) []T {
	for i, t := range list {
		if t == gone {
			return append(list[:i:i], list[i+1:]...)
		}
	}
	return list
}
