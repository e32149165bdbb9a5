package desk

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/automation"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Silence in conversations with a person (M049): the customer who does not
// answer is warned, and then the conversation ends; of the customer who waits
// the agent is reminded, and then supervisors are told. What it asks for is
// [conversation.Conversation.Silence]; the job that looks is a hint, the row is
// the truth, and a job that comes when somebody has spoken finds nothing to do.

// SilentTalk is the payload of SilenceJob.
type SilentTalk struct {
	Conversation conversation.ID `json:"conversation"`
}

// listen leaves the job that looks at a conversation when its silence asks for
// something.
func (d *Desk) listen(ctx context.Context, tx *store.Tx, c conversation.Conversation) error {
	if c.State != conversation.Active || byMail(c) || byPhone(c) { // whoever writes mail has days; who talks is heard
		return nil
	}
	in, err := d.settled(ctx, tx, c.Inbox)
	if err != nil {
		return err
	}
	return d.listenBy(ctx, tx, c, in.Settings.Silence)
}

func (d *Desk) listenBy(ctx context.Context, tx *store.Tx, c conversation.Conversation, s inbox.Silence) error {
	q := c.Silence(s, d.Now())
	if q.Do == conversation.NotYet && q.Due.IsZero() {
		return nil
	}
	return tx.EnqueueOnce(ctx, SilenceJob, c.ID.String(), SilentTalk{c.ID}, wholly(q.Due), d.Now())
}

// BreakSilence does what the silence in a conversation asks for by now.
func (d *Desk) BreakSilence(ctx context.Context, w SilentTalk) (err error) {
	defer fault.Wrap(&err, "break the silence in %s", w.Conversation)
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Conversation(ctx, w.Conversation)
		if err != nil {
			return err
		}
		in, err := tx.InboxByID(ctx, c.Inbox)
		if err != nil {
			return err
		}
		q := c.Silence(in.Settings.Silence, d.Now())
		c = c.Quieted(q.Do, d.Now())
		switch q.Do {
		case conversation.WarnSilent:
			m := conversation.Message{Text: in.Settings.Silence.Warning.In(c.Language)}
			if c, err = d.tellWith(ctx, tx, c, m, "silence.warned", nil); err != nil {
				return err
			}
		case conversation.EndSilent:
			return d.endSilent(ctx, tx, c)
		case conversation.RemindSelf, conversation.RaiseAlarm:
			if c, err = tx.SaveConversation(ctx, c); err != nil {
				return err
			}
			if err := d.remind(ctx, tx, c, q.Do); err != nil {
				return err
			}
		case conversation.NotYet:
		}
		return d.listenBy(ctx, tx, c, in.Settings.Silence)
	})
}

// listenAnew looks at all open conversations of an inbox whose times of silence
// have changed.
func (d *Desk) listenAnew(ctx context.Context, tx *store.Tx, in inbox.Inbox) error {
	open, err := tx.ActiveIn(ctx, in.ID)
	if err != nil {
		return err
	}
	for _, c := range open {
		if err := d.listenBy(ctx, tx, c, in.Settings.Silence); err != nil {
			return err
		}
	}
	return nil
}

// endSilent ends a conversation in which the customer fell silent. The agent
// owes the summary.
func (d *Desk) endSilent(ctx context.Context, tx *store.Tx, c conversation.Conversation) error {
	was := c
	c, err := c.End(conversation.Idle, conversation.FromSystem, d.Now())
	if err != nil {
		return err
	}
	if err := d.unanswered(ctx, tx, was); err != nil {
		return err
	}
	if c, err = d.tell(ctx, tx, c, "closed", map[string]string{"by": "system", "why": "silence"}); err != nil {
		return err
	}
	if err := d.announce(ctx, tx, c, "closed", 0); err != nil {
		return err
	}
	if err := d.talkHappens(ctx, tx, automation.ConversationClosed, conversation.FromSystem, &was, c, 0); err != nil {
		return err
	}
	if err := d.tellGuests(ctx, tx, was); err != nil {
		return err
	}
	return d.freed(ctx, tx, c.Agent)
}

// remind tells the agent, or those above, of a customer who waits.
func (d *Desk) remind(ctx context.Context, tx *store.Tx, c conversation.Conversation, what conversation.Quiet) error {
	told, kind := []agent.ID{c.Agent}, "silence.remind"
	if what == conversation.RaiseAlarm {
		above, err := tx.AgentsWho(ctx, agent.ConversationMonitor, c.Team)
		if err != nil {
			return err
		}
		told, kind = above, "silence.alarm"
	}
	for _, who := range told {
		if err := d.notify(ctx, tx, who, kind, c, c.LastText, c.ContactName); err != nil {
			return err
		}
	}
	return nil
}

// Hold lets the agent wait for a customer who is silent, so that the
// conversation does not end by itself; or lets it end again. The customer's
// next word ends the waiting too.
func (d *Desk) Hold(ctx context.Context, by agent.Actor, i conversation.ID, on bool) (c conversation.Conversation, err error) {
	defer fault.Wrap(&err, "hold %s", i)
	if err := by.Need(agent.ConversationReply); err != nil {
		return c, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if c, err = seen(ctx, tx, by, i); err != nil {
			return err
		}
		if c.State != conversation.Active || c.Agent != by.Agent && !by.May(agent.ConversationMonitor) {
			return notYours(c, by)
		}
		if c.Held == on {
			return nil
		}
		if c, err = tx.SaveConversation(ctx, c.Hold(on, d.Now())); err != nil {
			return err
		}
		if err := d.announce(ctx, tx, c, "changed", 0); err != nil {
			return err
		}
		return d.listen(ctx, tx, c)
	})
	return c, err
}

// tellWith is tell with a message that has a text of its own: what people read
// who know no better words for what happened.
func (d *Desk) tellWith(ctx context.Context, tx *store.Tx, c conversation.Conversation, m conversation.Message, name string, args map[string]string) (conversation.Conversation, error) {
	if args == nil {
		args = map[string]string{}
	}
	m.From, m.Kind, m.Event, m.At = conversation.FromSystem, conversation.Event, &conversation.Happening{Name: name, Args: args}, d.Now()
	c, _, _, err := d.add(ctx, tx, c, m)
	return c, err
}
