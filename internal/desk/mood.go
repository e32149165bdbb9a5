package desk

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/mood"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// angryFirst lets somebody who began to sound angry before a person answered
// come sooner, where the company wants that.
func (d *Desk) angryFirst(ctx context.Context, tx *store.Tx, c conversation.Conversation) (conversation.Conversation, error) {
	const high = 1
	if c.State != conversation.Bot && c.State != conversation.Queued || c.Priority >= high {
		return c, nil
	}
	r, err := tx.RoutingRules(ctx)
	if err != nil || !r.AngryFirst {
		return c, err
	}
	if c, err = d.tell(ctx, tx, c.Prioritised(high, r), "angry_first", nil); err != nil {
		return c, err
	}
	if c.State != conversation.Queued {
		return c, nil
	}
	return c, d.wantRoute(ctx, tx, d.Now())
}

// MoodMoment is a message of a contact as it was heard.
type MoodMoment struct {
	Message conversation.Message
	mood.Moment
}

// Mood returns how the last messages of a contact in a conversation were heard,
// oldest first, and why.
func (d *Desk) Mood(ctx context.Context, by agent.Actor, i conversation.ID) (ms []MoodMoment, err error) {
	defer fault.Wrap(&err, "hear %s", i)
	const back = 200
	all, _, err := d.Messages(ctx, by, i, 0, 0, back)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, m := range all {
		if m.From == conversation.FromContact && m.Kind == conversation.Text && m.Text != "" && !m.IsRecalled() {
			ms, texts = append(ms, MoodMoment{Message: m}), append(texts, m.Text)
		}
	}
	for k, h := range mood.Over(texts) {
		ms[k].Moment = h
	}
	return ms, nil
}
