package assist

import (
	"context"
	"slices"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/turn"
	"yingda/internal/kit/fault"
)

// Suggestion is an answer of the knowledge base that may be what an agent is
// about to write (建议回复).
type Suggestion struct {
	ID       string
	Question string
	Answer   string
	Score    float64 // how near the customer's words come, from 0 to 1
}

// Suggest returns answers to what the customer said last, best first; none
// where it is not their turn to be answered, or nothing comes near.
func (a *Assistant) Suggest(ctx context.Context, by agent.Actor, i conversation.ID) (found []Suggestion, err error) {
	defer fault.Wrap(&err, "suggest an answer in %s", i)
	if err := by.Need(agent.ConversationReply); err != nil {
		return nil, err
	}
	const back, most = 20, 3 // messages that are looked through, texts that are tried
	ms, _, err := a.Desk.Messages(ctx, by, i, 0, 0, back)
	if err != nil {
		return nil, err
	}
	c, err := a.Desk.DB.Now().Conversation(ctx, i)
	if err != nil {
		return nil, err
	}
	tried := 0
	for _, m := range slices.Backward(ms) {
		switch {
		case m.From == conversation.FromAgent && m.Kind == conversation.Text:
			return nil, nil // it was answered
		case m.From != conversation.FromContact || m.Text == "" || m.IsRecalled():
			continue
		}
		did, _, err := a.Desk.DB.Now().Turn(ctx, m.ID)
		if err != nil {
			return nil, err
		}
		d := a.Help.Decide(m.Text, retrieve.Limits{Language: c.Language})
		if d.Action != retrieve.Answer && did.Action == turn.Carried {
			continue // an answer to what a flow asked is no question
		}
		for _, k := range d.Candidates {
			if k.Score < d.Candidates[0].Score/2 {
				break
			}
			if e, ok := a.Help.PublicQuestion(k.ID); ok {
				found = append(found, Suggestion{ID: knowledge.QuestionID(k.ID).String(), Question: e.Title, Answer: e.On(c.Channel), Score: k.Score})
			}
		}
		if tried++; len(found) > 0 || tried == most {
			return found, nil
		}
	}
	return nil, nil
}
