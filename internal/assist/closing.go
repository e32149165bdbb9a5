package assist

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/learning"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/turn"
	"yingda/internal/kit/fault"
)

// mostSaid is how many messages of a contact tell what a conversation is about,
// mostGuessed how many answers are suggested, mostQuoted how many characters of
// a message are quoted.
const (
	mostSaid    = 6
	mostGuessed = 3
	mostQuoted  = 60
)

// said returns what a contact said at the beginning of a conversation, without
// greetings, acknowledgements and the like.
func (a *Assistant) said(ctx context.Context, i conversation.ID) (string, error) {
	const most = 40
	ms, err := a.Desk.DB.Now().MessagesAfter(ctx, i, 0, most)
	return strings.Join(toldIn(ms), joint), err
}

// joint stands between messages that are read as one text.
const joint = "，"

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
	Suggested // the category; none where too little is known
	Note      string
}

// Closing returns what an agent may close a conversation with: the category as
// people chose it before, and what was asked and done, in words.
func (a *Assistant) Closing(ctx context.Context, by agent.Actor, i conversation.ID, language string) (d Closing, err error) {
	defer fault.Wrap(&err, "draft what to close %s with", i)
	if err := by.Need(agent.ConversationReply); err != nil {
		return d, err
	}
	const back = 100
	ms, _, err := a.Desk.Messages(ctx, by, i, -1, 0, back)
	if err != nil {
		return d, err
	}
	told := toldIn(ms)
	d.Suggested = a.suggested(learning.TalkCategory, told)
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
