package api

import (
	"context"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/phrase"
)

func (a *API) why(r *router) {
	call(r, get("/conversations/{id}/offers", "To whom it was offered and why, and why it waits now").needs(agent.ConversationRead), a.conversationOffers)
	call(r, post("/conversations/{id}/place", "Move what waits to the top of the queue or before another, or change its priority").needs(agent.ConversationMonitor), a.placeConversation)
}

// whyView is to whom a conversation was offered, newest first, and why it
// waits; without waits where it does not.
type whyView struct {
	Offers []whyOffered `json:"offers"`
	Waits  *whyWaits    `json:"waits,omitempty"`
}

type whyOffered struct {
	Agent   agent.ID     `json:"agent_id"`
	Name    string       `json:"agent_name"`
	Outcome string       `json:"outcome" doc:"accepted, declined, missed, unreachable, withdrawn or handed_on; empty while it rings"`
	Why     []inbox.Text `json:"why"`
	At      time.Time    `json:"at"`
	EndedAt time.Time    `json:"ended_at,omitzero"`
}

type whyWaits struct {
	Position int            `json:"position" doc:"1 is next"`
	Why      []inbox.Text   `json:"why"`
	Agents   []whyColleague `json:"agents,omitempty" doc:"how each who is online stands to it; for those who may monitor"`
}

type whyColleague struct {
	Agent agent.ID   `json:"agent_id"`
	Name  string     `json:"agent_name"`
	Why   inbox.Text `json:"why"`
}

func bilingual(r phrase.Reason) inbox.Text {
	return inbox.Text{Zh: r.In(phrase.Chinese), En: r.In(phrase.English)}
}

func bilinguals(rs []phrase.Reason) []inbox.Text {
	texts := make([]inbox.Text, 0, len(rs))
	for _, r := range rs {
		texts = append(texts, bilingual(r))
	}
	return texts
}

func (a *API) conversationOffers(ctx context.Context, by agent.Actor, in *byID[conversation.ID]) (whyView, error) {
	w, err := a.Desk.WhyOffered(ctx, by, in.ID.Value)
	v := whyView{Offers: make([]whyOffered, 0, len(w.Offers))}
	for _, o := range w.Offers {
		v.Offers = append(v.Offers, whyOffered{o.Agent, o.Name, o.Outcome, bilinguals(o.Why), o.At, o.EndedAt})
	}
	if w.Waits != nil {
		v.Waits = &whyWaits{Position: w.Waits.Position, Why: bilinguals(w.Waits.Decision.Why)}
		for _, s := range w.Waits.Agents {
			v.Waits.Agents = append(v.Waits.Agents, whyColleague{s.Agent, s.Name, bilingual(s.Why)})
		}
	}
	return v, err
}

type placing struct {
	Top      bool            `json:"top,omitempty" doc:"before all others, or"`
	Before   conversation.ID `json:"before_id,omitzero" doc:"right before another that waits"`
	Priority *int            `json:"priority,omitempty" doc:"-1 low, 0 normal, 1 high, 2 urgent"`
}

func (a *API) placeConversation(ctx context.Context, by agent.Actor, in *withBody[conversation.ID, placing]) (conversation.Conversation, error) {
	return a.Desk.Place(ctx, by, in.ID.Value, desk.Placing(in.Body))
}
