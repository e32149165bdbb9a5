package desk

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/routing"
	"yingda/internal/store"
)

// Why says to whom a conversation was offered and why, and for what waits, why
// it waits now.
type Why struct {
	Offers []store.Offered // newest first
	Waits  *Waiting        // nil unless it waits
}

// Waiting is why a conversation waits, as the routing sees it now.
type Waiting struct {
	Position int // 1 is next
	Decision routing.Decision
	Agents   []routing.Standing // how each who is online stands to it; nil for those who may not monitor
}

// WhyOffered returns to whom a conversation that the actor may see was offered,
// and why it waits. How single colleagues stand to it is for those who may
// monitor; others see how many. That customers complain about somebody is only
// for those who may read such complaints.
func (d *Desk) WhyOffered(ctx context.Context, by agent.Actor, i conversation.ID) (w Why, err error) {
	if err := by.Need(agent.ConversationRead); err != nil {
		return w, err
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		c, err := seen(ctx, tx, by, i)
		if err != nil {
			return err
		}
		if w.Offers, err = tx.OffersOf(ctx, i); err != nil {
			return err
		}
		for n := range w.Offers {
			w.Offers[n].Why = veiled(by, w.Offers[n].Why)
		}
		if c.QueuedAt.IsZero() || c.Offer != nil {
			return nil
		}
		w.Waits, err = d.waiting(ctx, tx, by, c)
		return err
	})
	return w, err
}

func (d *Desk) waiting(ctx context.Context, tx *store.Tx, by agent.Actor, c conversation.Conversation) (*Waiting, error) {
	g, err := d.giving(ctx, tx)
	if err != nil {
		return nil, err
	}
	work := g.work(c)
	w := &Waiting{Decision: routing.Decide(work, g.agents, g.rules, d.Now())}
	w.Decision.Why = veiled(by, w.Decision.Why)
	if w.Position, err = tx.QueuePosition(ctx, c); err != nil || !by.May(agent.ConversationMonitor) {
		return w, err
	}
	w.Agents = routing.Standings(work, g.agents, g.rules, d.Now())
	for n := range w.Agents {
		w.Agents[n].Why = veiled(by, []phrase.Reason{w.Agents[n].Why})[0]
	}
	return w, nil
}

// veiled returns reasons without a word of complaints about people, unless the
// actor may read those.
func veiled(by agent.Actor, why []phrase.Reason) []phrase.Reason {
	if by.May(agent.ComplaintStaffRead) {
		return why
	}
	told := make([]phrase.Reason, 0, len(why))
	for _, r := range why {
		switch r.Code {
		case "route.is_never":
			r = phrase.Because("route.is_other", "may not have it")
		case "route.count_never":
			r = phrase.Because("route.count_other", "%s: may not have it", r.Args...)
		}
		told = append(told, r)
	}
	return told
}
