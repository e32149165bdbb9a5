// Package assist is the assistant: an agent without a chair. A job gives it
// each message of a contact while it has the conversation; it answers from the
// knowledge base, offers a choice, or hands over to people.
//
// It never argues with someone who asks for a person, and never goes round in
// circles: after two turns in a row that did not help, people take over.
package assist

import (
	"context"
	"log/slog"
	"slices"

	"yingda/internal/desk"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/retrieve"
	"yingda/internal/help"
	"yingda/internal/job"
	"yingda/internal/kit/fault"
)

// Assistant does the assistant's turns. Its fields are set once, before it is used.
type Assistant struct {
	Desk *desk.Desk
	Help *help.Help
	Log  *slog.Logger // nil logs nothing
}

// turnsAtOnce is how many conversations it answers at the same time.
const turnsAtOnce = 8

// Job returns how the assistant's turns are done.
func (a *Assistant) Job() job.Kind {
	return job.Kind{Name: desk.AssistJob, Most: turnsAtOnce, Do: job.With(a.Turn)}
}

// patience is how many turns in a row may fail to help.
const patience = 2

// Turn does what the assistant should do about one message. Doing it again
// changes nothing.
func (a *Assistant) Turn(ctx context.Context, w desk.AssistWork) (err error) {
	defer fault.Wrap(&err, "the assistant's turn in %s", w.Conversation)
	c, m, turn, err := a.Desk.ForBot(ctx, w)
	if err != nil || !turn {
		return err
	}
	says := desk.BotSays{ClientID: "assist-" + m.ID.String()}
	if done, err := a.said(ctx, m, says.ClientID); err != nil || done && !a.handsOver(c, m) {
		return err
	}
	before, err := a.answeredBefore(ctx, m)
	if err != nil {
		return err
	}
	r := a.Reply(Ask{Language: c.Language, Text: m.Text, Choice: w.Choice, After: before})
	if len(m.Attachments) > 0 {
		r = forPeople(r, m.Text)
	}
	if a.Log != nil {
		a.Log.DebugContext(ctx, "the assistant decided", slog.String("conversation", c.ID.String()),
			slog.String("action", string(r.Action)), slog.String("code", string(r.Code)), slog.Any("why", r.Why))
	}
	return a.act(ctx, c, says, r)
}

// act says the reply, or gives the conversation to people.
func (a *Assistant) act(ctx context.Context, c conversation.Conversation, says desk.BotSays, r Reply) error {
	says.Name, says.Text, says.Choices, says.Sources, says.Misses = Name(r.Language), r.Text, r.Choices, r.Sources, c.Misses
	switch {
	case r.Action == retrieve.Answer:
		says.Misses = 0
	case r.Action == retrieve.HandOver && r.Code != retrieve.Nothing && r.Code != retrieve.Impatient,
		r.missed() && c.Misses+1 >= patience:
		return a.handOver(ctx, c, says, r)
	case r.missed():
		says.Misses = c.Misses + 1
	}
	if says.Text == "" {
		return nil // nothing was asked, and nothing needs to be said
	}
	said, err := a.Desk.BotReply(ctx, c.ID, says)
	if err != nil || !said {
		return err
	}
	for _, e := range r.given {
		if err := a.Help.Viewed(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// handOver gives the conversation to people. Only where someone may be in
// danger it says something first: what to do until a person is there.
func (a *Assistant) handOver(ctx context.Context, c conversation.Conversation, says desk.BotSays, r Reply) error {
	why := conversation.Missed
	switch r.Code {
	case retrieve.Asked:
		why = conversation.Asked
	case retrieve.Safety:
		why = conversation.Safety
		if _, err := a.Desk.BotReply(ctx, c.ID, says); err != nil {
			return err
		}
	default: // whatever else leads to people counts as a miss
	}
	return a.Desk.BotHandOver(ctx, c.ID, why)
}

// said reports whether the assistant has answered a message before.
func (a *Assistant) said(ctx context.Context, m conversation.Message, clientID string) (bool, error) {
	const soon = 50 // an answer follows closely
	after, err := a.Desk.DB.Now().MessagesAfter(ctx, m.Conversation, m.Seq, soon)
	return slices.ContainsFunc(after, func(o conversation.Message) bool { return o.ClientID == clientID }), err
}

// handsOver reports whether a message must reach people even though something
// was said to it: the program may have died in between.
func (a *Assistant) handsOver(c conversation.Conversation, m conversation.Message) bool {
	return a.Reply(Ask{Language: c.Language, Text: m.Text}).Code == retrieve.Safety
}

// answeredBefore returns the question that the assistant answered just before
// a message, or nothing.
func (a *Assistant) answeredBefore(ctx context.Context, m conversation.Message) (string, error) {
	const back = 4 // further back they speak of something else
	last, err := a.Desk.DB.Now().MessagesBefore(ctx, m.Conversation, m.Seq, back)
	for _, o := range slices.Backward(last) {
		if o.From == conversation.FromBot && len(o.Sources) > 0 {
			return o.Sources[0].Title, err
		}
	}
	return "", err
}

// forPeople is the reply to a message with files: the assistant does not look
// at pictures, so unless the words alone decide, people do.
func forPeople(r Reply, text string) Reply {
	if text != "" && r.Action != retrieve.None && r.Code != retrieve.Nothing {
		return r
	}
	r.Action, r.Code = retrieve.HandOver, filesSent
	r.Why = []phrase.Reason{phrase.Because("assist.files", "files came, and the words do not say enough")}
	return r
}

const filesSent retrieve.Code = "files"

// Reply is what the assistant says to a text, wherever it was asked.
type Reply struct {
	Action   retrieve.Action
	Code     retrieve.Code
	Why      []phrase.Reason // for people who work here
	Language string          // of the texts
	Text     string          // empty when nothing needs to be said
	Choices  []conversation.Choice
	Sources  []conversation.Source

	given []help.Entry // whose answers were given
}

// missed reports whether the turn did not help.
func (r Reply) missed() bool { return r.Action == retrieve.Choose || r.Action == retrieve.HandOver }

// Ask is what somebody asks the assistant.
type Ask struct {
	Language string // of the visitor
	Text     string
	Choice   string // the question that they chose among those offered before
	After    string // the question that was answered before
}

// Reply returns what the assistant says. It keeps nothing and counts nothing.
func (a *Assistant) Reply(ask Ask) Reply {
	if e, ok := a.chosen(ask.Choice); ok {
		r := Reply{Action: retrieve.Answer, Code: chosen, Why: []phrase.Reason{phrase.Because("assist.chosen", "the visitor chose this question")}, Language: e.Language}
		return r.with(e)
	}
	d := a.Help.Decide(ask.Text, retrieve.Limits{Language: ask.Language, After: ask.After})
	r := Reply{Action: d.Action, Code: d.Code, Why: d.Why, Language: retrieve.LanguageOf(ask.Text, ask.Language)}
	switch d.Action {
	case retrieve.Answer:
		e, ok := a.Help.PublicQuestion(d.Candidates[0].ID)
		if !ok { // withdrawn in this moment
			r.Action, r.Code = retrieve.HandOver, retrieve.Nothing
			break
		}
		return r.with(e)
	case retrieve.Choose:
		for _, k := range d.Candidates {
			r.Choices = append(r.Choices, conversation.Choice{ID: knowledge.QuestionID(k.ID).String(), Text: k.Question})
		}
	case retrieve.HandOver, retrieve.None:
	}
	r.Text = wordsFor(r.Code, r.Action).In(r.Language)
	return r
}

const chosen retrieve.Code = "chosen"

// chosen returns the question that a choice names.
func (a *Assistant) chosen(choice string) (help.Entry, bool) {
	id, err := knowledge.ParseQuestionID(choice)
	if err != nil {
		return help.Entry{}, false
	}
	return a.Help.PublicQuestion(int64(id))
}

// with returns the reply with an entry's answer, and where it stands.
func (r Reply) with(e help.Entry) Reply {
	r.Text, r.given = e.Body, []help.Entry{e}
	r.Sources = []conversation.Source{{ID: e.ID, Kind: string(e.Kind), Title: e.Title, URL: "/faq/" + e.Ref}}
	return r
}
