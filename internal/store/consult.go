package store

import (
	"context"
	"time"

	"yingda/internal/domain/conversation"
	"yingda/internal/kit/fault"
	"yingda/internal/store/sqlcgen"
)

// InsertConsult adds a consult that waits for its answer.
func (tx *Tx) InsertConsult(ctx context.Context, c conversation.Consult) error {
	return tx.Queries.InsertConsult(ctx, sqlcgen.InsertConsultParams{
		ID: int64(c.ID), ConversationID: c.Conversation, AskerID: c.Asker, AskerName: c.AskerName, AskedID: c.Asked, AskedName: c.AskedName,
		Question: c.Question, At: ms(c.At),
	})
}

// Consult returns a consult by id.
func (tx *Tx) Consult(ctx context.Context, id conversation.ConsultID) (conversation.Consult, error) {
	r, err := tx.Queries.Consult(ctx, int64(id))
	if err != nil {
		return conversation.Consult{}, notFound(err, "consult.unknown", "consult")
	}
	return consultOf(r), nil
}

// ConsultsOf returns what was asked beside a conversation, newest first.
func (tx *Tx) ConsultsOf(ctx context.Context, i conversation.ID, most int) ([]conversation.Consult, error) {
	rows, err := tx.Queries.ConsultsOf(ctx, sqlcgen.ConsultsOfParams{ConversationID: i, Most: int64(most)})
	cs := make([]conversation.Consult, 0, len(rows))
	for _, r := range rows {
		cs = append(cs, consultOf(r))
	}
	return cs, err
}

// EndConsult writes how a consult ended. It is a Conflict if it had ended.
func (tx *Tx) EndConsult(ctx context.Context, c conversation.Consult, now time.Time) error {
	n, err := tx.Queries.EndConsult(ctx, sqlcgen.EndConsultParams{State: c.State, Answer: c.Answer, EndedAt: ms(now), ID: int64(c.ID)})
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, "consult.over", "this has been answered or taken back already")
	}
	return err
}

func consultOf(r sqlcgen.Consult) conversation.Consult {
	return conversation.Consult{
		ID: conversation.ConsultID(r.ID), Conversation: r.ConversationID, Asker: r.AskerID, AskerName: r.AskerName, Asked: r.AskedID, AskedName: r.AskedName,
		State: r.State, Question: r.Question, Answer: r.Answer, At: at(r.At), EndedAt: at(r.EndedAt),
	}
}
