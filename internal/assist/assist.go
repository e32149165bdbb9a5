// Package assist is the assistant: an agent without a chair. A job gives it
// each message of a contact while it has the conversation; it carries the
// contact through a flow, answers from the knowledge base, offers a choice, or
// hands over to people with all that it learnt.
//
// It never argues with someone who asks for a person, and never goes round in
// circles: after two turns in a row that did not help, people take over.
package assist

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/turn"
	"yingda/internal/help"
	"yingda/internal/job"
	"yingda/internal/kit/fault"
)

// Assistant does the assistant's turns. Its fields are set once, before it is used.
type Assistant struct {
	Desk  *desk.Desk
	Help  *help.Help
	Model *Model       // nil: no model is ever asked
	Cars  Cars         // what flows look up about vehicles; nil: nothing can be looked up, and people take over
	Log   *slog.Logger // nil logs nothing
	// Shows is told what the assistant is about while it is; nil: nobody is.
	Shows func(Writing)

	learnt atomic.Pointer[learnt]
}

// turnsAtOnce is how many conversations it answers at the same time. Most of
// them may be waiting for a model, and hold up nobody else.
const turnsAtOnce = 32

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
	began := time.Now() //nolint:forbidigo // a stopwatch, which nobody turns
	h, its, err := a.Desk.ForBot(ctx, w)
	if err != nil || !its {
		return err
	}
	before, err := a.answeredBefore(ctx, h.Message)
	if err != nil {
		return err
	}
	ask := Ask{Language: h.Conversation.Language, Text: h.Message.Text, Choice: w.Choice, After: before, Channel: h.Conversation.Channel}
	r := a.Reply(ask)
	if w.Choice == desk.AskAssistant { // pressed again: it is here already
		r = Reply{Action: retrieve.None, Code: retrieve.Greeted, Language: h.Conversation.Language, Text: hello.In(h.Conversation.Language), Why: []phrase.Reason{phrase.Because("assist.here", "it was asked for, and has the conversation already")}}
	}
	t := &work{Assistant: a, Heard: h, reply: r, before: before, did: desk.BotTurn{Misses: h.Conversation.Misses, Name: Name(r.Language)}}
	t.sign = sign{shows: func(Writing) {}, name: t.did.Name, composed: composedBy.In(r.Language), now: Writing{Conversation: h.Conversation.ID, Contact: h.Contact.ID}}
	if a.Shows != nil {
		t.sign.shows = a.Shows
	}
	t.together(ask)
	t.record()
	if waits, err := t.waits(ctx, w); err != nil || waits {
		return err
	}
	if err := t.meant(ctx, ask); err != nil {
		return err
	}
	if err := t.decide(ctx, w.Choice); err != nil {
		return err
	}
	t.did.Record.Took, t.did.Record.Model = time.Since(began), t.thought
	if a.Log != nil {
		a.Log.DebugContext(ctx, "the assistant decided", slog.String("conversation", h.Conversation.ID.String()),
			slog.String("action", string(t.did.Record.Action)), slog.Any("why", t.did.Record.Why))
	}
	done, err := a.Desk.BotDoes(ctx, h.Conversation.ID, t.did)
	if err != nil || !done || len(t.did.Says) == 0 {
		t.sign.out()
	}
	if err != nil || !done {
		return err
	}
	for _, e := range t.given {
		if err := a.Help.Answered(ctx, e, h.Conversation.Channel); err != nil {
			return err
		}
	}
	return nil
}

// work is a turn while it is worked out.
type work struct {
	*Assistant
	desk.Heard
	reply  Reply
	did    desk.BotTurn
	before string       // the question that was answered before
	given  []help.Entry // whose answers were given

	sign    sign
	told    map[string]string // what the model found for the slots of a flow
	thought *turn.Model       // what the model did; nil if it was not asked
}

// record writes down what the reply rests on.
func (t *work) record() {
	r := t.reply
	t.did.Record = turn.Record{
		Message: t.Message.ID, Language: r.Language, Why: r.Why, Probability: r.Probability, Needed: r.Needed, Candidates: r.near,
	}
}

// decide chooses what becomes of a message: who may be in danger or asks for a
// person gets one, then a flow that is open or wanted, then the knowledge base.
// A model, if there is one, is asked where all of these are not sure.
func (t *work) decide(ctx context.Context, choice string) error {
	open := t.Flows.Open(t.Library, t.Desk.Now())
	urgent := t.reply.Code == retrieve.Safety || t.reply.Code == retrieve.Serious
	_, chosen := t.Library.Latest(chosenFlow(choice))
	wanted, asked, sure := t.wanted(choice)
	if t.puzzled(open, choice, asked) {
		if done, err := t.think(ctx, open); done || err != nil {
			return err
		}
	}
	switch {
	case urgent && len(open) == 0:
		t.answer()
	case urgent, len(open) > 0, asked:
		return t.carry(ctx, wanted, chosen, urgent)
	case sure && !flow.Inquires(t.Message.Text) && (t.reply.Action == retrieve.Choose || t.reply.Code == retrieve.Nothing):
		return t.carry(ctx, wanted, false, false)
	default:
		t.answer()
		t.offer(wanted)
	}
	return nil
}

// wanted returns the flow that a message has to do with, whether it asks for it
// outright, and whether it is sure enough to begin where nothing else answers.
// What only resembles a flow is offered.
func (t *work) wanted(choice string) (id string, asked, sure bool) {
	if f, ok := t.Library.Latest(chosenFlow(choice)); ok {
		return f.ID, true, true
	}
	f, ok := t.Library.Wants(t.Message.Text)
	if !ok {
		f, ok = t.Library.Numbered(t.Message.Text)
	}
	if ok {
		return f.ID, t.reply.Code != retrieve.Asked && f.Asks(t.Message.Text), true
	}
	if l := t.Library.Leans(t.Message.Text); l.Offered() {
		return l.Flow.ID, false, l.Begun()
	}
	return "", false, false
}

// answer says the reply of the knowledge base and the rules, or gives the
// conversation to people.
func (t *work) answer() {
	r := t.reply
	if len(t.Message.Attachments) > 0 && (t.Message.Text == "" || r.Action == retrieve.None || r.Code == retrieve.Nothing) {
		// The assistant does not look at pictures: unless the words alone decide,
		// people do.
		t.handOver(conversation.Missed, phrase.Because("assist.files", "files came, and the words do not say enough"))
		return
	}
	if r.quotes() {
		r = r.quoted()
		t.did.Record.Why, t.did.Record.Article = r.Why, r.quote.Entry.Title
	}
	missed := (r.Action == retrieve.Choose || r.Action == retrieve.HandOver) && r.Code != retrieve.Learning // which takes seconds
	switch {
	case r.Code == retrieve.Safety:
		t.say(r.Text)
		t.handOver(conversation.Safety)
		return
	case r.Code == retrieve.Asked:
		t.handOver(conversation.Asked)
		return
	case r.Action == retrieve.HandOver && r.Code != retrieve.Nothing && r.Code != retrieve.Impatient:
		t.handOver(conversation.Missed)
		return
	case missed && t.did.Misses+1 >= patience:
		t.handOver(conversation.Missed, phrase.Because("assist.patience", "%s turns in a row did not help", strconv.Itoa(patience)))
		return
	case missed:
		t.did.Misses++
	case r.Action == retrieve.Answer:
		t.did.Misses = 0
	}
	t.did.Record.Action = map[retrieve.Action]turn.Action{
		retrieve.Answer: turn.Answered, retrieve.Choose: turn.Offered, retrieve.HandOver: turn.Replied, retrieve.None: turn.Replied,
	}[r.Action]
	if r.Text == "" {
		t.did.Record.Action = turn.Silent // nothing was asked, and nothing needs to be said
		return
	}
	t.given = r.given
	t.did.Says = append(t.did.Says, desk.BotLine{Text: r.Text, Choices: r.Choices, Sources: r.Sources})
}

func (t *work) say(text string) { t.did.Says = append(t.did.Says, desk.BotLine{Text: text}) }

// handOver gives the conversation to people, with what was learnt.
func (t *work) handOver(why conversation.Reason, because ...phrase.Reason) {
	t.did.Record.Action, t.did.HandOver = turn.Handed, why
	t.did.Record.Why = append(t.did.Record.Why, because...)
	if t.did.Card == nil {
		t.did.Card = t.card()
	}
}

// answeredBefore returns the question that the assistant answered just before
// a message, or nothing.
func (a *Assistant) answeredBefore(ctx context.Context, m conversation.Message) (string, error) {
	const back = 4 // further back they speak of something else
	last, err := a.Desk.DB.Now().MessagesBefore(ctx, m.Conversation, m.Seq, back)
	for _, o := range slices.Backward(last) {
		if on := o.Rests(); o.From == conversation.FromBot && len(on) > 0 {
			return on[0].Title, err
		}
	}
	return "", err
}
