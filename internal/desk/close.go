package desk

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/automation"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/learning"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Close ends a conversation with the summary that every conversation owes.
func (d *Desk) Close(ctx context.Context, by agent.Actor, i conversation.ID, s conversation.Summary) (c conversation.Conversation, err error) {
	defer fault.Wrap(&err, "close %s", i)
	if err := by.Need(agent.ConversationClose); err != nil {
		return c, err
	}
	if err := checkSummary(s); err != nil {
		return c, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err = d.finish(ctx, tx, by, i, s)
		return err
	})
	return c, err
}

func checkSummary(s conversation.Summary) error {
	switch {
	case s.Category == "":
		return fault.New(fault.Invalid, "summary.category", "choose what it was about").In("body.category")
	case s.Result == "":
		return fault.New(fault.Invalid, "summary.result", "choose what came of it").In("body.result")
	case utf8.RuneCountInString(s.Note) > 2000 || len(s.Category) > 200 || len(s.Suggested) > 200 || len(s.Result) > 200:
		return fault.New(fault.Invalid, "summary.long", "the summary holds at most %d characters", 2000).In("body.note")
	}
	return nil
}

// finish ends a conversation that the actor sees and answers, or may monitor.
func (d *Desk) finish(ctx context.Context, tx *store.Tx, by agent.Actor, i conversation.ID, s conversation.Summary) (conversation.Conversation, error) {
	c, err := seen(ctx, tx, by, i)
	if err != nil {
		return c, err
	}
	if c.State == conversation.Closed && c.Summary != nil && *c.Summary == s {
		return c, nil // said twice
	}
	if c.Agent != by.Agent && !by.May(agent.ConversationMonitor) {
		return c, notYours(c, by)
	}
	if err := lineIsClosed(c); err != nil {
		return c, err
	}
	if err := d.complete(ctx, tx, c, s.Category); err != nil {
		return c, err
	}
	if c, err = d.redirect(ctx, tx, c, s.Result); err != nil {
		return c, err
	}
	was := c
	if c, err = c.End(conversation.Finish, conversation.FromAgent, d.Now()); err != nil {
		return c, err
	}
	if err := d.unanswered(ctx, tx, was); err != nil {
		return c, err
	}
	c.Summary, c.Unread = &s, 0
	if err := d.callWrapped(ctx, tx, c); err != nil {
		return c, err
	}
	if err := d.suggestionUsed(ctx, tx, learning.TalkCategory, s.Suggested, s.Category); err != nil {
		return c, err
	}
	if c, err = d.tell(ctx, tx, c, "closed", map[string]string{"by": string(c.ClosedBy)}); err != nil {
		return c, err
	}
	if err := d.announce(ctx, tx, c, "closed", 0); err != nil {
		return c, err
	}
	if err := d.talkHappens(ctx, tx, automation.ConversationClosed, conversation.FromAgent, &was, c, 0); err != nil {
		return c, err
	}
	if err := d.tellGuests(ctx, tx, was); err != nil {
		return c, err
	}
	return c, d.freed(ctx, tx, c.Agent)
}

// redirect tells a contact who is still there what they are told when it ends
// so: the line that is the right one for them (R028).
func (d *Desk) redirect(ctx context.Context, tx *store.Tx, c conversation.Conversation, result string) (conversation.Conversation, error) {
	s, err := tx.Company(ctx)
	if err != nil {
		return c, err
	}
	r, ok := s.Result(result)
	words := r.Tell.In(c.Language)
	if !ok || words == "" || c.State != conversation.Active {
		return c, nil
	}
	return d.tellWith(ctx, tx, c, conversation.Message{Text: words}, "redirected", nil)
}

// complete is a Conflict while what a category asks to know of the customer is
// not recorded (R076).
func (d *Desk) complete(ctx context.Context, tx *store.Tx, c conversation.Conversation, category string) error {
	fields, err := tx.Fields(ctx)
	if err != nil || !slices.ContainsFunc(fields, func(f contact.Field) bool { return len(f.Required) > 0 }) {
		return err
	}
	who, err := tx.Person(ctx, c.Contact)
	if err != nil {
		return err
	}
	missing := fields.Missing(category, who)
	if len(missing) == 0 {
		return nil
	}
	names := make([]string, 0, len(missing))
	for _, f := range missing {
		names = append(names, f.Name.Zh+" "+f.Name.En)
	}
	return fault.New(fault.Conflict, "contact.missing", "for this category, first record of the customer: %s", strings.Join(names, "; "))
}

// Reopen takes a conversation up again.
func (d *Desk) Reopen(ctx context.Context, by agent.Actor, i conversation.ID) (c conversation.Conversation, err error) {
	defer fault.Wrap(&err, "reopen %s", i)
	if err := by.Need(agent.ConversationReply); err != nil {
		return c, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if c, err = seen(ctx, tx, by, i); err != nil {
			return err
		}
		if c.State == conversation.Active && c.Agent == by.Agent {
			return nil
		}
		if byPhone(c) {
			return errByPhone
		}
		if other, open, err := tx.OpenConversationOf(ctx, c.Contact, c.Inbox); err != nil {
			return err
		} else if open && !byMail(c) { // by mail there are several threads at once
			return fault.New(fault.Conflict, "conversation.newer", "this customer is already in conversation %d; go there", other.Number)
		}
		if err := maySpeak(ctx, tx, c, by.Agent); err != nil {
			return err
		}
		if c, err = d.give(ctx, tx, c, by.Agent, conversation.Reopen); err != nil {
			return err
		}
		return d.announce(ctx, tx, c, "reopened", 0)
	})
	return c, err
}

// freed lets the queue know that an agent has room again.
func (d *Desk) freed(ctx context.Context, tx *store.Tx, a agent.ID) error {
	if a.IsZero() {
		return nil
	}
	if err := d.tellLoad(ctx, tx, a); err != nil {
		return err
	}
	return d.wantRoute(ctx, tx, d.Now())
}
