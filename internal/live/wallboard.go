package live

import (
	"bytes"
	"context"
	"log/slog"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/event"
	"yingda/internal/domain/wallboard"
)

// wallEvery is the least rest between two looks at the house, however much
// happens and however many look on. With the time of a look it is below a
// second, so that a change is on the screen within one.
const wallEvery = 900 * time.Millisecond

// agentWatches notes whether a console shows a wallboard. It is told all of it
// soon, and from then on what changes.
func (h *Hub) agentWatches(a *agentConn, f incoming) {
	if !h.paced(&a.pace) || f.On && wallboard.Need(*a.actor.Load()) != nil {
		return
	}
	h.mu.Lock()
	a.watches, a.wall = f.On, ""
	h.mu.Unlock()
	if f.On {
		h.walls.put(struct{}{})
	}
}

// movesWalls reports whether news may change what a wallboard shows.
func (n *news) movesWalls() bool {
	switch n.kind {
	case event.MessageAdded, event.MessageRecalled, event.ConversationChanged, event.PresenceChanged, event.CaseChanged, event.Noticed, event.SettingsChanged:
		return true
	case event.MessageChanged, event.KnowledgeChanged, event.VerificationChanged, event.ContactChanged, event.SessionEnded:
	}
	return false
}

// wall is what those who see the same were told last.
type wall struct {
	rest   []byte // all but the agents
	agents map[agent.ID]wallboard.Seated
}

// wallFrame tells all of a wallboard, or what changed of it: figures, queue and
// risks are whole, agents are those that changed.
type wallFrame struct {
	Type    string             `json:"type"`
	Full    bool               `json:"full"`
	At      time.Time          `json:"at"`
	Figures wallboard.Figures  `json:"figures"`
	Queue   []wallboard.Queued `json:"queue"`
	Risks   []wallboard.Risk   `json:"risks"`
	Agents  []wallboard.Seated `json:"agents"`
	Gone    []agent.ID         `json:"gone"` // agents who are not on it any more
}

// watchers are the consoles that show a wallboard, by what they may see.
func (h *Hub) watchers() (map[string][]*agentConn, map[string]wallboard.Who) {
	h.mu.Lock()
	defer h.mu.Unlock()
	by, who := map[string][]*agentConn{}, map[string]wallboard.Who{}
	for _, as := range h.agents {
		for _, a := range as {
			if !a.watches || !a.live {
				continue
			}
			actor := *a.actor.Load()
			if wallboard.Need(actor) != nil {
				a.watches = false
				continue
			}
			w := wallboard.Of(actor)
			by[w.Key()], who[w.Key()] = append(by[w.Key()], a), w
		}
	}
	return by, who
}

// tellWalls reads the house once and tells each wallboard what is new on it.
// It runs at most once in wallEvery.
func (h *Hub) tellWalls(ctx context.Context, _ struct{}) {
	by, who := h.watchers()
	for key := range h.told {
		if by[key] == nil {
			delete(h.told, key)
		}
	}
	if len(by) == 0 {
		return
	}
	asking, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	s, err := h.Wall(asking)
	if err != nil {
		if ctx.Err() == nil {
			h.Log.ErrorContext(ctx, "the wallboard cannot be read", slog.Any("error", err))
		}
		return
	}
	for key, consoles := range by {
		h.tellWall(key, s.Board(who[key]), consoles)
	}
}

func (h *Hub) tellWall(key string, b wallboard.Board, consoles []*agentConn) {
	frame := wallFrame{Type: "wallboard", Full: true, At: b.At, Figures: b.Figures, Queue: b.Queue, Risks: b.Risks, Agents: b.Agents, Gone: []agent.ID{}}
	is := wall{rest: encode([]any{b.Figures, b.Queue, b.Risks}), agents: make(map[agent.ID]wallboard.Seated, len(b.Agents))}
	was, known := h.told[key]
	part := frame
	part.Full, part.Agents = false, []wallboard.Seated{}
	for _, a := range b.Agents {
		is.agents[a.ID] = a
		if !was.agents[a.ID].Same(a) {
			part.Agents = append(part.Agents, a)
		}
	}
	for id := range was.agents {
		if _, stays := is.agents[id]; !stays {
			part.Gone = append(part.Gone, id)
		}
	}
	h.told[key] = is
	var whole, change []byte
	if known && (len(part.Agents) > 0 || len(part.Gone) > 0 || !bytes.Equal(was.rest, is.rest)) {
		change = encode(part)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, a := range consoles {
		switch {
		case !a.watches || !a.live:
		case a.wall == key && known:
			if change != nil {
				a.send(change)
			}
		default:
			if whole == nil {
				whole = encode(frame)
			}
			a.wall = key
			a.send(whole)
		}
	}
}
