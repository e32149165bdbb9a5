package assist

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/turn"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// What agents closed teaches what to close with (小结预填): the category of a
// conversation is guessed as people chose it before.

const (
	learnEvery  = 6 * time.Hour
	learnRetry  = time.Minute
	learnBack   = 90 * 24 * time.Hour
	mostLearnt  = 5000 // conversations, the newest
	mostSaid    = 6    // messages of a contact that tell what a conversation is about
	mostGuessed = 3    // categories that are suggested
	mostQuoted  = 60   // characters
)

// Run learns from what was closed, and again every few hours, until ctx ends.
func (a *Assistant) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		rest := learnEvery
		if err := a.Learn(ctx); err != nil && ctx.Err() == nil {
			a.Log.WarnContext(ctx, "what was closed could not be read; categories are suggested as before", slog.Any("error", err))
			rest = learnRetry
		}
		t := time.NewTimer(rest)
		select {
		case <-ctx.Done():
			t.Stop()
		case <-t.C:
		}
	}
	return ctx.Err()
}

// Learn learns from the conversations that were closed lately.
func (a *Assistant) Learn(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "learn from what was closed")
	db, now := a.Desk.DB.Now(), a.Desk.Now()
	var ended []store.Ended
	err = db.EachEnded(ctx, now.Add(-learnBack), now, func(e store.Ended) {
		if e.Summary != nil && e.Summary.Category != "" {
			ended = append(ended, e)
		}
	})
	if err != nil {
		return err
	}
	var examples []retrieve.Example
	for _, e := range ended[max(0, len(ended)-mostLearnt):] {
		text, err := a.said(ctx, e.ID)
		if err != nil {
			return err
		}
		if text != "" {
			examples = append(examples, retrieve.Example{Text: text, Label: e.Summary.Category})
		}
	}
	a.learnt.Store(&learnt{categories: retrieve.Learn(examples), examples: len(examples)})
	return nil
}

// learnt is what was learnt from closed conversations.
type learnt struct {
	categories *retrieve.Learnt // nil: too few
	examples   int
}

// said returns what a contact said at the beginning of a conversation, without
// greetings, acknowledgements and the like.
func (a *Assistant) said(ctx context.Context, i conversation.ID) (string, error) {
	const most = 40
	ms, err := a.Desk.DB.Now().MessagesAfter(ctx, i, 0, most)
	return strings.Join(toldIn(ms), "，"), err
}

func toldIn(ms []conversation.Message) (told []string) {
	for _, m := range ms {
		if m.From == conversation.FromContact && m.Kind == conversation.Text && !m.IsRecalled() && !retrieve.Mannerly(m.Text) && len(told) < mostSaid {
			told = append(told, m.Text)
		}
	}
	return told
}

// Closing is what a conversation may be closed with.
type Closing struct {
	Categories []retrieve.Guess // the likeliest first; none when too little is known
	Accuracy   float64          // of the first, of conversations that it did not learn from
	Examples   int              // closed conversations that it learnt from
	Note       string
}

// Closing returns what an agent may close a conversation with: the category as
// people chose it before, and what was asked and done, in words.
func (a *Assistant) Closing(ctx context.Context, by agent.Actor, i conversation.ID, language string) (d Closing, err error) {
	defer fault.Wrap(&err, "draft what to close %s with", i)
	if err := by.Need(agent.ConversationReply); err != nil {
		return d, err
	}
	const back = 100
	ms, _, err := a.Desk.Messages(ctx, by, i, 1, 0, back)
	if err != nil {
		return d, err
	}
	told := toldIn(ms)
	if l := a.learnt.Load(); l != nil {
		d.Examples = l.examples
		if l.categories != nil && len(told) > 0 {
			gs := l.categories.Guess(strings.Join(told, "，"))
			d.Categories, d.Accuracy = gs[:min(len(gs), mostGuessed)], l.categories.Accuracy
		}
	}
	done, err := a.done(ctx, ms, language)
	if err != nil {
		return d, err
	}
	var parts []string
	if len(told) > 0 {
		parts = append(parts, closeAsked.In(language)+quoted(told[0]))
	}
	d.Note = strings.Join(append(parts, done...), closeBetween.In(language))
	return d, nil
}

var (
	closeAsked   = inbox.Text{Zh: "客户问：", En: "Asked: "}
	closeAnswer  = inbox.Text{Zh: "助手已答：", En: "Answered by the assistant: "}
	closeFlow    = inbox.Text{Zh: "办理：", En: "In a flow: "}
	closeBetween = inbox.Text{Zh: "；", En: "; "}
)

// done says what the assistant answered, and which flows were ended.
func (a *Assistant) done(ctx context.Context, ms []conversation.Message, language string) (parts []string, err error) {
	var answers, flows []string
	for _, m := range ms {
		if on := m.Rests(); m.From == conversation.FromBot && len(on) > 0 && !slices.Contains(answers, on[0].Title) {
			answers = append(answers, on[0].Title)
		}
		if m.From != conversation.FromContact {
			continue
		}
		r, have, err := a.Desk.DB.Now().Turn(ctx, m.ID)
		if err != nil || !have || r.Action != turn.Carried {
			if err != nil {
				return nil, err
			}
			continue
		}
		for _, s := range r.Flow {
			if f, ok := flowName(a.Desk.Flows, s.Flow, language); ok && s.Act == flow.Ended && !slices.Contains(flows, f) {
				flows = append(flows, f)
			}
		}
	}
	if len(answers) > 0 {
		parts = append(parts, closeAnswer.In(language)+strings.Join(answers, "、"))
	}
	if len(flows) > 0 {
		parts = append(parts, closeFlow.In(language)+strings.Join(flows, "、"))
	}
	return parts, nil
}

func flowName(l flow.Library, id, language string) (string, bool) {
	f, ok := l.Latest(id)
	return f.Name.In(language), ok
}

func quoted(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= mostQuoted {
		return text
	}
	return string([]rune(text)[:mostQuoted]) + "…"
}
