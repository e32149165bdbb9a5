package desk

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// shownConsults is how many consults of a conversation are shown.
const shownConsults = 20

// Consults returns what colleagues were asked beside a conversation, newest
// first.
func (d *Desk) Consults(ctx context.Context, by agent.Actor, i conversation.ID) (cs []conversation.Consult, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		if _, err := seen(ctx, tx, by, i); err != nil {
			return err
		}
		cs, err = tx.ConsultsOf(ctx, i, shownConsults)
		return err
	})
	return cs, err
}

// Consult asks a colleague something beside a conversation. They may read it
// from then on, as whoever a note names; the contact sees nothing (咨询同事).
func (d *Desk) Consult(ctx context.Context, by agent.Actor, i conversation.ID, whom agent.ID, question string) (q conversation.Consult, err error) {
	defer fault.Wrap(&err, "consult %s about %s", whom, i)
	if err := by.Need(agent.ConversationReply); err != nil {
		return q, err
	}
	question, err = conversation.CheckText(question, 0)
	switch {
	case fault.CodeOf(err) == "message.empty":
		return q, fault.New(fault.Invalid, "consult.question", "write what you want to know").In("body.question")
	case err != nil:
		return q, err
	case whom.IsZero() || whom == by.Agent:
		return q, fault.New(fault.Invalid, "consult.self", "choose someone else").In("body.agent_id")
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := seen(ctx, tx, by, i)
		if err != nil {
			return err
		}
		seat, err := tx.Seat(ctx, whom)
		if err != nil {
			return err
		}
		if err := maySpeak(ctx, tx, c, whom); err != nil {
			return err
		}
		q = conversation.Consult{
			ID: conversation.NewConsultID(d.Now()), Conversation: i, Asker: by.Agent, AskerName: by.Name, Asked: whom, AskedName: seat.Name,
			State: conversation.ConsultPending, Question: question, At: d.Now(),
		}
		if err := tx.InsertConsult(ctx, q); err != nil {
			return err
		}
		if err := tx.Mention(ctx, whom, i, d.Now()); err != nil {
			return err
		}
		if c, err = d.noteDown(ctx, tx, c, by, "@"+seat.Name+" "+question, whom); err != nil {
			return err
		}
		if err := d.notify(ctx, tx, whom, "consult", c, question, by.Name); err != nil {
			return err
		}
		return d.announce(ctx, tx, c, "consult", 0)
	})
	return q, err
}

// AnswerConsult answers what the actor was asked.
func (d *Desk) AnswerConsult(ctx context.Context, by agent.Actor, i conversation.ConsultID, answer string) (q conversation.Consult, err error) {
	defer fault.Wrap(&err, "answer the consult %s", i)
	answer, err = conversation.CheckText(answer, 0)
	switch {
	case fault.CodeOf(err) == "message.empty":
		return q, fault.New(fault.Invalid, "consult.answer", "write an answer").In("body.answer")
	case err != nil:
		return q, err
	}
	return d.endConsult(ctx, by, i, func(tx *store.Tx, c conversation.Conversation, q conversation.Consult) (conversation.Consult, error) {
		if q.Asked != by.Agent {
			return q, fault.New(fault.Forbidden, "consult.asked", "only who was asked can answer")
		}
		q.State, q.Answer = conversation.ConsultAnswered, answer
		if _, err := d.noteDown(ctx, tx, c, by, "@"+q.AskerName+" "+answer, q.Asker); err != nil {
			return q, err
		}
		return q, d.notify(ctx, tx, q.Asker, "consult.answered", c, answer, by.Name)
	})
}

// WithdrawConsult takes back what the actor asked.
func (d *Desk) WithdrawConsult(ctx context.Context, by agent.Actor, i conversation.ConsultID) (q conversation.Consult, err error) {
	defer fault.Wrap(&err, "take the consult %s back", i)
	return d.endConsult(ctx, by, i, func(_ *store.Tx, _ conversation.Conversation, q conversation.Consult) (conversation.Consult, error) {
		if q.Asker != by.Agent {
			return q, fault.New(fault.Forbidden, "consult.asker", "only who asked can take it back")
		}
		q.State = conversation.ConsultWithdrawn
		return q, nil
	})
}

func (d *Desk) endConsult(ctx context.Context, by agent.Actor, i conversation.ConsultID, end func(*store.Tx, conversation.Conversation, conversation.Consult) (conversation.Consult, error)) (q conversation.Consult, err error) {
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if q, err = tx.Consult(ctx, i); err != nil {
			return err
		}
		c, err := seen(ctx, tx, by, q.Conversation)
		if err != nil {
			return fault.New(fault.NotFound, "consult.unknown", "there is no such %s", "consult")
		}
		if q.State != conversation.ConsultPending {
			return fault.New(fault.Conflict, "consult.over", "this has been answered or taken back already")
		}
		if q, err = end(tx, c, q); err != nil {
			return err
		}
		q.EndedAt = d.Now()
		if err := tx.EndConsult(ctx, q, d.Now()); err != nil {
			return err
		}
		if c, err = tx.Conversation(ctx, c.ID); err != nil {
			return err
		}
		return d.announce(ctx, tx, c, "consult", 0)
	})
	return q, err
}

// noteDown adds a note that names a colleague.
func (d *Desk) noteDown(ctx context.Context, tx *store.Tx, c conversation.Conversation, by agent.Actor, text string, whom agent.ID) (conversation.Conversation, error) {
	c, _, _, err := d.addOnly(ctx, tx, c, conversation.Message{
		From: conversation.FromAgent, AuthorID: by.Agent.String(), AuthorName: by.Name, Kind: conversation.Note, Text: text, Mentions: []agent.ID{whom}, At: d.Now(),
	})
	return c, err
}
