package live

import (
	"context"
	"log/slog"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/fault"
)

// mostTyped is how much of what a visitor types is shown before it is sent, in
// characters.
const mostTyped = 500

// paced reports whether a client may send one more passing frame.
func (h *Hub) paced(p *pace) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return p.allow(h.Now())
}

// agentTypes shows the contact and the colleagues who look on that an agent
// types. Only who may write to the contact is shown to them.
func (h *Hub) agentTypes(a *agentConn, f incoming) {
	if !h.paced(&a.pace) {
		return
	}
	t := h.know(a.ctx, f.Conversation)
	actor := a.actor.Load()
	if t == nil || !actor.Sees(t.sight) || !actor.May(agent.ConversationReply) {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.showViewers(f.Conversation, a, encode(typingFrame{
		Type: "typing", Conversation: f.Conversation, From: conversation.FromAgent, Name: actor.Name, On: f.On,
	}))
	name, writes := t.joined[actor.Agent]
	if t.sight.Agent == actor.Agent {
		name, writes = t.agentName, true
	}
	if t.state == conversation.Active && writes {
		frame := encode(typingFrame{Type: "typing", Name: name, On: f.On})
		for _, v := range h.visitors[t.contact] {
			if v.live {
				v.send(frame)
			}
		}
	}
}

// BotWrites shows a contact, and the agents who have the conversation on their
// screen, that the assistant writes, with what may be read of it so far. A
// widget that looks at another conversation is not told, and nobody is told
// again who comes back.
func (h *Hub) BotWrites(c conversation.ID, to contact.ID, name string, on bool, text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.showViewers(c, nil, encode(typingFrame{Type: "typing", Conversation: c, From: conversation.FromBot, Name: name, On: on, Text: text}))
	frame := encode(typingFrame{Type: "typing", Name: name, On: on, Text: text})
	for _, v := range h.visitors[to] {
		if v.live && v.talk == c {
			v.send(frame)
		}
	}
}

// showViewers sends a frame to the consoles that show a conversation, other
// than one; under the lock.
func (h *Hub) showViewers(c conversation.ID, but *agentConn, frame []byte) {
	for _, as := range h.agents {
		for _, a := range as {
			if a != but && a.live && a.viewing == c {
				a.send(frame)
			}
		}
	}
}

// agentViews notes which conversation a console shows.
func (h *Hub) agentViews(a *agentConn, c conversation.ID) {
	if !h.paced(&a.pace) {
		return
	}
	if t := h.know(a.ctx, c); t == nil || !a.actor.Load().Sees(t.sight) {
		c = 0
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.view(a, c)
}

// view tells who looks at a conversation to those who do; under the lock.
func (h *Hub) view(a *agentConn, c conversation.ID) {
	was := a.viewing
	if a.viewing = c; was == c {
		return
	}
	for _, id := range []conversation.ID{was, c} {
		if !id.IsZero() {
			h.showViewers(id, nil, encode(viewingFrame{"viewing", id, h.viewers(id)}))
		}
	}
}

func (h *Hub) viewers(c conversation.ID) []agent.Ref[agent.ID] {
	refs := []agent.Ref[agent.ID]{}
	for id, as := range h.agents {
		for _, a := range as {
			if a.viewing == c {
				refs = append(refs, agent.Ref[agent.ID]{ID: id, Name: a.actor.Load().Name})
				break
			}
		}
	}
	return refs
}

// visitorTypes shows what a visitor types to who answers, and to those who
// look on.
func (h *Hub) visitorTypes(v *visitorConn, f incoming) {
	if f.Text != "" && !h.previews(v) {
		f.Text = ""
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	c := h.current[v.who.Contact]
	t := h.threads[c]
	if t == nil || !v.pace.allow(h.Now()) {
		return
	}
	if utf8.RuneCountInString(f.Text) > mostTyped {
		f.Text = string([]rune(f.Text)[:mostTyped])
	}
	frame := encode(typingFrame{
		Type: "typing", Conversation: c, From: conversation.FromContact, Name: t.contactName, On: f.On, Text: f.Text,
	})
	for id, as := range h.agents {
		for _, a := range as {
			if _, joined := t.joined[id]; a.live && (joined || id == t.sight.Agent || a.viewing == c) {
				a.send(frame)
			}
		}
	}
}

// previews reports whether the inbox of a visitor lets agents read what is
// typed before it is sent (M043). It is asked here too: an old widget may send
// it unasked.
func (h *Hub) previews(v *visitorConn) bool {
	ctx, cancel := context.WithTimeout(context.Background(), askLimit)
	defer cancel()
	in, err := h.Chat.InboxByID(ctx, v.who.Inbox)
	return err == nil && in.Settings.TypingPreview
}

// Saw shows the agents who see a visitor's conversation which page the visitor
// is on.
func (h *Hub) Saw(who contact.Visitor, page contact.PageView) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.showVisitor(who.Contact, true, &page)
}

// showVisitor is under the lock.
func (h *Hub) showVisitor(c contact.ID, online bool, page *contact.PageView) {
	t := h.threads[h.current[c]]
	if t == nil {
		return
	}
	frame := encode(visitorFrame{"visitor", c, online, page})
	for _, as := range h.agents {
		for _, a := range as {
			if a.live && a.actor.Load().Sees(t.sight) {
				a.send(frame)
			}
		}
	}
}

// waiter is a conversation in the queue whose contact looks on.
type waiter struct {
	contact  contact.ID
	position int           // that the contact was told last; 0 none yet
	wait     *routing.Band // the same
	rose     time.Time     // when the wait that was told last became longer
}

// risesOnce is how long a wait that became longer is told at least.
const risesOnce = 30 * time.Second

// see takes a new sight of the queue, and returns it as it is told and whether
// it differs from what was told last. A wait that grows is told at most every
// risesOnce (domain reference §4.4).
func (w *waiter) see(view conversation.View, now time.Time) (conversation.View, bool) {
	if was := w.wait; was != nil && view.Wait != nil && view.Wait.Most > was.Most {
		if now.Sub(w.rose) < risesOnce {
			view.Wait = was
		} else {
			w.rose = now
		}
	}
	news := view.QueuePosition != w.position || (view.Wait == nil) != (w.wait == nil) || view.Wait != nil && *view.Wait != *w.wait
	w.position, w.wait = view.QueuePosition, view.Wait
	return view, news
}

// await notes that a contact waits, and returns the view with what they were
// told last; under the lock.
func (h *Hub) await(view conversation.View, c contact.ID) conversation.View {
	w := h.waiting[view.ID]
	if w == nil {
		w = &waiter{contact: c}
		h.waiting[view.ID] = w
		h.queue.put(struct{}{})
	}
	if view.QueuePosition > 0 {
		view, _ = w.see(view, h.Now())
	}
	view.QueuePosition, view.Wait = w.position, w.wait
	return view
}

// tellPlaces tells those who wait and look on where in the queue they are now,
// if that changed. It runs at most once a second.
func (h *Hub) tellPlaces(ctx context.Context, _ struct{}) {
	h.mu.Lock()
	ask := make(map[conversation.ID]contact.Visitor, len(h.waiting))
	for id, w := range h.waiting {
		if vs := h.visitors[w.contact]; len(vs) > 0 {
			ask[id] = vs[0].who
		} else {
			delete(h.waiting, id)
		}
	}
	h.mu.Unlock()
	for id, who := range ask {
		if !h.tellPlace(ctx, id, who) {
			return
		}
	}
}

func (h *Hub) tellPlace(ctx context.Context, id conversation.ID, who contact.Visitor) bool {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	view, err := h.Chat.View(ctx, who, id)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		if ctx.Err() == nil {
			h.Log.ErrorContext(ctx, "places in the queue cannot be told", slog.Any("error", err))
		}
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	w := h.waiting[id]
	if w == nil {
		return true
	}
	if err != nil || view.State != conversation.Queued {
		delete(h.waiting, id) // the feed tells what became of it
		return true
	}
	if view, news := w.see(view, h.Now()); news {
		frame := encode(viewFrame{Type: "conversation", Conversation: &view})
		for _, v := range h.visitors[w.contact] {
			v.tell(held{id, 0, frame})
		}
	}
	return true
}
