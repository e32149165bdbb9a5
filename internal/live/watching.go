package live

import (
	"context"

	"yingda/internal/domain/event"
	"yingda/internal/domain/ticket"
)

// agentOpens notes which case a console has open, and whether its agent writes
// in the form of an act.
func (h *Hub) agentOpens(a *agentConn, f incoming) {
	if !h.paced(&a.pace) {
		return
	}
	h.mu.Lock()
	from, c := h.seq, h.cases[f.Case]
	h.mu.Unlock()
	if c == nil && !f.Case.IsZero() {
		c = h.matter(a.ctx, f.Case)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if c = h.newer(c, from); c == nil || !c.SeenBy(*a.actor.Load()) {
		h.open(a, nil, false)
		return
	}
	h.open(a, c, f.On)
}

// matter reads as much of a case as decides who may hear of it; nil if there is
// no such case.
func (h *Hub) matter(ctx context.Context, id ticket.ID) *ticket.Case {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	c, err := h.Case(ctx, id)
	if err != nil {
		return nil
	}
	kept := ticket.Case{ID: id, AboutStaff: c.AboutStaff}
	kept.Accused, kept.Team, kept.Agent = c.Accused, c.Team, c.Agent
	return &kept
}

// newer is a case with what the feed told of it since an event; nil if that
// cannot be said. It is under the lock.
func (h *Hub) newer(c *ticket.Case, from int64) *ticket.Case {
	ns, ok := h.recent.after(from)
	if c == nil || !ok {
		return nil
	}
	for _, n := range ns {
		if n.kind == event.CaseChanged && n.matter.ID == c.ID {
			now := n.matter
			c = &now
		}
	}
	return c
}

// open tells who has a case open to those who do; under the lock. A nil case is
// none.
func (h *Hub) open(a *agentConn, c *ticket.Case, typing bool) {
	was, now := a.opened, ticket.ID(0)
	if c != nil {
		now = c.ID
		h.cases[now] = c
	}
	if was == now && a.writes == typing {
		return
	}
	a.opened, a.writes = now, typing
	if was != now && !was.IsZero() {
		h.showReaders(was)
	}
	if !now.IsZero() {
		h.showReaders(now)
	}
}

// showReaders tells each console that has a case open who else has; under the
// lock. A case that nobody has open is forgotten.
func (h *Hub) showReaders(id ticket.ID) {
	readers, consoles := h.readers(id)
	if len(consoles) == 0 {
		delete(h.cases, id)
		return
	}
	for _, a := range consoles {
		if !a.live {
			continue
		}
		a.send(encode(openFrame{"viewing_case", id, ticket.Collision(readers, a.actor.Load().Agent, h.Now())}))
	}
}

// readers are the agents who have a case open, each once however many consoles
// show it; a connection is sign enough that they are there.
func (h *Hub) readers(id ticket.ID) (readers []ticket.Viewer, consoles []*agentConn) {
	for who, as := range h.agents {
		v := ticket.Viewer{Agent: who, SeenAt: h.Now()}
		for _, a := range as {
			if a.opened == id {
				v.Name, v.Typing = a.actor.Load().Name, v.Typing || a.writes
				consoles = append(consoles, a)
			}
		}
		if v.Name != "" {
			readers = append(readers, v)
		}
	}
	return readers, consoles
}

// caseMoved keeps what is known of a case that is open somewhere, and closes it
// for whom it is not to see any more; under the lock.
func (h *Hub) caseMoved(n *news) {
	if h.cases[n.matter.ID] == nil {
		return
	}
	now := n.matter
	h.cases[now.ID] = &now
	_, consoles := h.readers(now.ID)
	for _, a := range consoles {
		h.hideCase(a)
	}
}

// hideCase closes the case that a console has open if its agent may not see it;
// under the lock.
func (h *Hub) hideCase(a *agentConn) {
	if c := h.cases[a.opened]; c != nil && !c.SeenBy(*a.actor.Load()) {
		h.open(a, nil, false)
	}
}

// openFrame tells who else has a case open, those who write first.
type openFrame struct {
	Type  string          `json:"type"`
	Case  ticket.ID       `json:"case_id"`
	Other []ticket.Viewer `json:"others"`
}
