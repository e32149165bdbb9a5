package desk

import (
	"context"
	"time"

	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/routing"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Those who wait are told when waiting leads nowhere soon (M033): it takes
// long, many are before them, or everybody went away. They are told once while
// they wait, and what else they can do; meanwhile they keep their place.

// LongWait is the payload of LongWaitJob.
type LongWait struct {
	Conversation conversation.ID `json:"conversation"`
	Since        time.Time       `json:"since"`
	Taken        time.Time       `json:"taken,omitzero"` // when somebody answered it last
}

// wantPatience leaves the job that looks whether a conversation still waits
// after so long. That counts from now: who was handed on stands where they
// came, and has not waited since.
func (d *Desk) wantPatience(ctx context.Context, tx *store.Tx, c conversation.Conversation, r routing.Rules) error {
	if r.Overflow.After == 0 || byMail(c) || byPhone(c) {
		return nil
	}
	due := d.Now().Add(time.Duration(r.Overflow.After) * time.Second)
	return tx.Enqueue(ctx, LongWaitJob, LongWait{c.ID, c.QueuedAt, c.TakenAt}, due, d.Now())
}

// WaitsLong tells a contact who still waits that it takes long.
func (d *Desk) WaitsLong(ctx context.Context, w LongWait) (err error) {
	defer fault.Wrap(&err, "tell %s that it takes long", w.Conversation)
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Conversation(ctx, w.Conversation)
		if err != nil || !c.QueuedAt.Equal(w.Since) || !c.TakenAt.Equal(w.Taken) {
			return err // answered, or gone meanwhile
		}
		_, err = d.tellLong(ctx, tx, c)
		return err
	})
}

// tellLong tells a contact that it takes long, and what they can do meanwhile.
func (d *Desk) tellLong(ctx context.Context, tx *store.Tx, c conversation.Conversation) (conversation.Conversation, error) {
	was := c.ToldAt
	c, err := d.tellOnce(ctx, tx, c, "wait.long", func(s inbox.Settings) inbox.Text { return s.Busy })
	if err != nil || c.ToldAt.Equal(was) {
		return c, err
	}
	return d.offerAssistant(ctx, tx, c)
}

// tellLine tells a contact who has just come that many wait before them.
func (d *Desk) tellLine(ctx context.Context, tx *store.Tx, c conversation.Conversation) (conversation.Conversation, error) {
	r, err := tx.RoutingRules(ctx)
	if err != nil || r.Overflow.Length == 0 {
		return c, err
	}
	place, err := tx.QueuePosition(ctx, c)
	if err != nil || place <= r.Overflow.Length {
		return c, err
	}
	return d.tellLong(ctx, tx, c)
}

// tellNobody tells those who wait that nobody is there any more: some of them,
// and the others at the next look.
func (d *Desk) tellNobody(ctx context.Context, tx *store.Tx) error {
	waiting, err := tx.Untold(ctx, mostGiven)
	if err != nil {
		return err
	}
	for _, w := range waiting {
		c, err := tx.Conversation(ctx, w.ID) // nobody else changes it until the end
		if err != nil {
			return err
		}
		if c, err = d.tellOnce(ctx, tx, c, "unstaffed", func(s inbox.Settings) inbox.Text { return s.AfterHours }); err != nil {
			return err
		}
		if byMail(c) || byPhone(c) { // who is on the line hears it from the menu
			continue
		}
		if _, err := d.offerCallback(ctx, tx, c); err != nil {
			return err
		}
	}
	if len(waiting) == mostGiven {
		return d.wantRoute(ctx, tx, d.Now())
	}
	return nil
}

// tellOnce tells a contact something while they wait, in their language, unless
// they were told of other ways before.
func (d *Desk) tellOnce(ctx context.Context, tx *store.Tx, c conversation.Conversation, what string, words func(inbox.Settings) inbox.Text) (conversation.Conversation, error) {
	if c.State != conversation.Queued || !c.ToldAt.IsZero() {
		return c, nil
	}
	in, err := tx.InboxByID(ctx, c.Inbox)
	if err != nil {
		return c, err
	}
	c.ToldAt = d.Now()
	if byMail(c) || byPhone(c) { // there is nobody who watches
		return tx.SaveConversation(ctx, c)
	}
	return d.tellWith(ctx, tx, c, conversation.Message{Text: words(in.Settings).In(c.Language)}, what, nil)
}
