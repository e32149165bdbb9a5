package desk

import (
	"context"
	"strconv"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Placing says where something that waits is to stand in the queue. What is
// absent stays.
type Placing struct {
	Top      bool            // before all others, or
	Before   conversation.ID // right before another that waits
	Priority *int            // -1 low, 0 normal, 1 high, 2 urgent
}

// Place moves a conversation in the queue by the hand of a supervisor. It keeps
// that place when the rules of routing change; another priority alone gives it
// the place that the rules have for it.
func (d *Desk) Place(ctx context.Context, by agent.Actor, i conversation.ID, p Placing) (c conversation.Conversation, err error) {
	defer fault.Wrap(&err, "place %s in the queue", i)
	if err := by.Need(agent.ConversationMonitor); err != nil {
		return c, err
	}
	switch {
	case p.Priority != nil && (*p.Priority < -1 || *p.Priority > 2):
		return c, fault.New(fault.Invalid, "conversation.priority", "a priority is -1 (low), 0 (normal), 1 (high) or 2 (urgent)").In("body.priority")
	case p.Top && !p.Before.IsZero(), !p.Top && p.Before.IsZero() && p.Priority == nil, p.Before == i:
		return c, fault.New(fault.Invalid, "conversation.place", "say where it is to stand: at the top, or before another conversation").In("body.before_id")
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.HoldQueue(ctx); err != nil {
			return err
		}
		if c, err = seenWaiting(ctx, tx, by, i); err != nil {
			return err
		}
		was := c
		if p.Priority != nil && *p.Priority != c.Priority {
			if c, err = d.prioritise(ctx, tx, by, c, *p.Priority); err != nil {
				return err
			}
		}
		if p.Top || !p.Before.IsZero() {
			if c, err = d.stand(ctx, tx, by, c, p); err != nil {
				return err
			}
		}
		if c.RankAt.Equal(was.RankAt) && c.Priority == was.Priority {
			return nil
		}
		if err := d.announce(ctx, tx, c, "placed", 0); err != nil {
			return err
		}
		return d.wantRoute(ctx, tx, d.Now())
	})
	return c, err
}

// seenWaiting returns a conversation that the actor may see and that waits for a
// person.
func seenWaiting(ctx context.Context, tx *store.Tx, by agent.Actor, i conversation.ID) (conversation.Conversation, error) {
	c, err := seen(ctx, tx, by, i)
	if err == nil && c.QueuedAt.IsZero() {
		err = fault.New(fault.Conflict, "conversation.not_waiting", "this conversation does not wait in the queue any more")
	}
	return c, err
}

func (d *Desk) prioritise(ctx context.Context, tx *store.Tx, by agent.Actor, c conversation.Conversation, to int) (conversation.Conversation, error) {
	r, err := tx.RoutingRules(ctx)
	if err != nil {
		return c, err
	}
	from := c.Priority
	c = c.Prioritised(to, r)
	detail := map[string]any{"from": from, "to": to}
	if err := tx.Audit(ctx, audit.By(by, d.Now(), "conversation.priority", audit.Of("conversation", c.ID, c.ContactName), detail)); err != nil {
		return c, err
	}
	return d.tell(ctx, tx, c, "prioritised", map[string]string{"agent": by.Name, "priority": strconv.Itoa(to)})
}

func (d *Desk) stand(ctx context.Context, tx *store.Tx, by agent.Actor, c conversation.Conversation, p Placing) (conversation.Conversation, error) {
	other, found, err := tx.HeadOfWaiting(ctx, c.ID)
	if !p.Top {
		other, err = seenWaiting(ctx, tx, by, p.Before)
		found = true
	}
	if err != nil || !found {
		return c, err // alone in the queue it stands at the top
	}
	from, err := tx.QueuePosition(ctx, c)
	if err != nil {
		return c, err
	}
	if c.RankAt, err = tx.PlaceBefore(ctx, c, other); err != nil {
		return c, err
	}
	if c, err = tx.SaveConversation(ctx, c); err != nil {
		return c, err
	}
	to, err := tx.QueuePosition(ctx, c)
	if err != nil {
		return c, err
	}
	detail := map[string]any{"from": from, "to": to}
	if err := tx.Audit(ctx, audit.By(by, d.Now(), "conversation.place", audit.Of("conversation", c.ID, c.ContactName), detail)); err != nil {
		return c, err
	}
	return d.tell(ctx, tx, c, "placed", map[string]string{"agent": by.Name, "position": strconv.Itoa(to)})
}
