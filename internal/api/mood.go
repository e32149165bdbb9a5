package api

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mood"
)

// moodMoment is a message of a contact as it was heard.
type moodMoment struct {
	Message conversation.MessageID `json:"message_id"`
	Seq     int64                  `json:"seq"`
	Text    string                 `json:"text" doc:"the beginning of it, without words that are not to be said"`
	Mood    mood.Level             `json:"mood" enum:"calm,worried,angry" doc:"of the message alone"`
	After   mood.Level             `json:"after" enum:"calm,worried,angry" doc:"of the conversation after it"`
	Tension mood.Tension           `json:"tension" doc:"of the conversation after it, 0 to 100"`
	Why     []inbox.Text           `json:"why"`
}

func (a *API) moodOf(ctx context.Context, by agent.Actor, in *byID[conversation.ID]) (list[moodMoment], error) {
	const shown = 80 // characters
	ms, err := a.Desk.Mood(ctx, by, in.ID.Value)
	l := list[moodMoment]{Items: []moodMoment{}}
	for _, m := range ms {
		text := m.Message.Text
		if m.Message.Masked != "" {
			text = m.Message.Masked
		}
		if r := []rune(text); len(r) > shown {
			text = string(r[:shown]) + "…"
		}
		l.Items = append(l.Items, moodMoment{
			Message: m.Message.ID, Seq: m.Message.Seq, Text: text, Mood: m.Tension.Level(), After: m.After.Level(), Tension: m.After, Why: bilinguals(m.Why),
		})
	}
	return l, err
}
