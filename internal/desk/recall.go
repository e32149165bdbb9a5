package desk

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// RecallMessage takes back what the agent said, for as long after it as the
// inbox says (M046). The contact reads that a message was taken back; its text
// is found by no search, and its files open for nobody but those who may
// monitor. Taking back twice is taking back once.
func (d *Desk) RecallMessage(ctx context.Context, by agent.Actor, i conversation.MessageID) (m conversation.Message, err error) {
	defer fault.Wrap(&err, "recall %s", i)
	if err := by.Need(agent.ConversationReply); err != nil {
		return m, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if m, err = tx.Message(ctx, i); err != nil {
			return err
		}
		c, err := seen(ctx, tx, by, m.Conversation)
		if err != nil {
			return err
		}
		in, err := tx.InboxByID(ctx, c.Inbox)
		if err != nil {
			return err
		}
		was := m
		if was.IsRecalled() && was.AuthorID == by.Agent.String() {
			return nil
		}
		if m, err = was.Recall(by.Agent.String(), in.Settings.Recall.Within(), d.Now()); err != nil {
			return err
		}
		return d.takeBack(ctx, tx, c, was, m, audit.By(by, d.Now(), "message.recall", audit.Of("conversation", c.ID, c.ContactName), recallDetail(m)))
	})
	return m, err
}

// Recall takes back what the contact said, where the inbox lets them.
func (d *Desk) Recall(ctx context.Context, who contact.Visitor, i conversation.MessageID) (m conversation.Message, err error) {
	defer fault.Wrap(&err, "recall %s", i)
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if m, err = tx.Message(ctx, i); err != nil {
			return err
		}
		c, err := theirs(ctx, tx, who, m.Conversation)
		if err != nil {
			return fault.New(fault.NotFound, "message.unknown", "there is no such %s", "message")
		}
		in, err := tx.InboxByID(ctx, c.Inbox)
		if err != nil {
			return err
		}
		was := m
		if was.IsRecalled() && was.AuthorID == who.Contact.String() {
			return nil
		}
		if m, err = was.Recall(who.Contact.String(), in.Settings.Recall.WithinForContact(), d.Now()); err != nil {
			return err
		}
		return d.takeBack(ctx, tx, c, was, m, audit.ByContact(who.Contact.String(), c.ContactName, "", d.Now(), "message.recall", audit.Of("conversation", c.ID, c.ContactName), recallDetail(m)))
	})
	return m, err
}

func recallDetail(m conversation.Message) map[string]any {
	return map[string]any{"message": m.ID.String(), "seq": m.Seq}
}

func (d *Desk) takeBack(ctx context.Context, tx *store.Tx, c conversation.Conversation, was, m conversation.Message, e audit.Entry) error {
	taken, err := tx.RecallMessage(ctx, was, m, d.Now())
	if err != nil || !taken {
		return err
	}
	if err := tx.DropTranslations(ctx, was.ID); err != nil {
		return err
	}
	if err := d.forgetTurn(ctx, tx, c, was); err != nil {
		return err
	}
	if c, err = tx.SaveConversation(ctx, c.TakenBack(m)); err != nil {
		return err
	}
	if err := tx.Audit(ctx, e); err != nil {
		return err
	}
	return tx.Emit(ctx, event.Of(event.MessageRecalled, c, d.Now(), event.Message{Conversation: c, Message: m}))
}

// forgetTurn takes away what the assistant made of a message that is taken back,
// what stands of it on the board of gaps, and what a flow read from it.
func (d *Desk) forgetTurn(ctx context.Context, tx *store.Tx, c conversation.Conversation, was conversation.Message) error {
	if was.From != conversation.FromContact {
		return nil
	}
	if err := tx.ForgetAssistTurn(ctx, was.ID); err != nil {
		return err
	}
	if err := tx.ForgetAsk(ctx, was.ID); err != nil {
		return err
	}
	s, err := tx.FlowState(ctx, c.Contact)
	if err != nil || len(s.Frames) == 0 {
		return err
	}
	s.State = s.Forget(was.Text)
	return tx.KeepFlowState(ctx, c.Contact, s, d.Now())
}

// Recalled returns a message as it was before it was taken back, to those who
// may monitor. The look is recorded.
func (d *Desk) Recalled(ctx context.Context, by agent.Actor, i conversation.MessageID) (m conversation.Message, err error) {
	defer fault.Wrap(&err, "look at recalled %s", i)
	if err := by.Need(agent.ConversationMonitor); err != nil {
		return m, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if m, err = tx.RecalledMessage(ctx, i); err != nil {
			return err
		}
		c, err := seen(ctx, tx, by, m.Conversation)
		if err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, d.Now(), "message.recalled_look", audit.Of("conversation", c.ID, c.ContactName), recallDetail(m)))
	})
	return m, err
}
