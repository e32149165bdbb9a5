package assist

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"yingda/internal/desk"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/endpoint"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/grounding"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/turn"
	"yingda/internal/help"
)

// composedBy is added to the assistant's name where a model wrote the words.
var composedBy = inbox.Text{Zh: "（AI 生成）", En: " (AI-generated)"}

// ruled are decisions of words alone: a person, danger, law, thanks. No model
// is asked about them, and none overrules them.
func ruled(c retrieve.Code) bool {
	switch c {
	case retrieve.Safety, retrieve.Asked, retrieve.Serious, retrieve.Unhelped, retrieve.Thanked, retrieve.Greeted, retrieve.Agreed, retrieve.Wordless, retrieve.Impatient, retrieve.Learning, chosen:
		return true
	default:
		return false
	}
}

// puzzled reports whether a message is one that rules and the knowledge base
// are not sure about, and a model may be.
func (t *work) puzzled(open []flow.Frame, choice string, asked bool) bool {
	switch {
	case t.Model == nil, choice != "", t.Message.Text == "", len(t.Message.Attachments) > 0, ruled(t.reply.Code):
		return false
	case len(open) > 0:
		return t.misses()
	}
	return !asked && t.reply.Action != retrieve.Answer && !t.reply.quotes()
}

// bars returns what finds words that the company does not say. Where that
// cannot be told now, nothing that a model wrote is said.
func (a *Assistant) bars(ctx context.Context) func(text string) []string {
	return func(text string) []string {
		words, err := a.Desk.Unsayable(ctx, text)
		if err != nil {
			return []string{"?"}
		}
		return words
	}
}

// misses reports whether the open flow could not make anything of the message
// by itself. It is tried on seams that lead nowhere.
func (t *work) misses() bool {
	now := flow.Engine{Flows: t.Library, Seams: nowhere{}, Known: t.known()}.Take(t.Flows.State, t.said())
	for _, d := range now.Decisions {
		if d.Act == flow.Missed {
			return true
		}
	}
	return false
}

// nowhere is seams that find nothing and write nothing.
type nowhere struct{}

var errNowhere = errors.New("this is only a trial")

func (nowhere) LookUp(flow.Call) (map[string]string, bool, error) { return nil, false, errNowhere }
func (nowhere) Write(flow.Call) (map[string]string, error)        { return nil, errNowhere }
func (nowhere) Answer(string, string) (string, bool)              { return "", false }

// think asks the model what to make of a message. It reports whether the
// message is dealt with; where it is not, everything goes on as without a model,
// and the record says why.
func (t *work) think(ctx context.Context, open []flow.Frame) (done bool, err error) {
	r, why, err := t.Model.begin(ctx, t.Conversation.Inbox.String(), t.Desk.Now().In(t.Zone), knownOf(t.Contact))
	if err != nil || r == nil || r.set.For(endpoint.Understand) == "" {
		return false, err
	}
	before := t.thought
	t.thought = r.did
	t.sign.write("")
	defer t.sign.renew()()
	r.shows, r.bars = t.sign.write, t.bars(ctx)
	limit := runTime
	if t.Model.RunTime > 0 {
		limit = t.Model.RunTime
	}
	running, stop := context.WithTimeout(ctx, limit)
	defer stop()
	if why == nil {
		done, why, err = t.propose(running, r, open)
	}
	if err := errors.Join(err, r.keep(ctx)); err != nil || ctx.Err() != nil {
		return false, errors.Join(err, ctx.Err())
	}
	r.did.Used, r.did.Fallback = done, why
	if before != nil {
		r.did.Add(*before)
	}
	return done, nil
}

// propose has the model understand the message, and does what it proposes
// where that may be done.
func (t *work) propose(ctx context.Context, r *run, open []flow.Frame) (done bool, why *phrase.Reason, err error) {
	x := about{message: t.Message.Text, flows: t.Library, claims: claimsOf(t.Contact)}
	if n := len(open); n > 0 {
		x.open = &open[n-1]
	}
	if x.before, err = t.saidBefore(ctx); err != nil {
		return false, nil, err
	}
	hands := &hands{work: t, ctx: ctx}
	u, why := r.understand(ctx, x, hands)
	switch {
	case hands.failed != nil:
		return false, nil, hands.failed
	case why != nil:
		return false, why, nil
	case x.open != nil && u.person:
		t.reply.Why = []phrase.Reason{becausePerson}
		return true, nil, t.carry(ctx, "", false, true)
	case x.open != nil && len(u.told) > 0:
		t.told = u.told
		return true, nil, t.carry(ctx, "", false, false)
	case x.open != nil:
		because := phrase.Because("assist.model_nothing", "the model proposed nothing that can be done")
		return false, &because, nil
	case u.start != "":
		t.told = u.told
		return true, nil, t.carry(ctx, u.start, false, false)
	case u.person:
		t.handOver(conversation.Missed, becausePerson)
		return true, nil, nil
	}
	if len(u.sources) == 0 {
		r.listed(&u, t.Help.Passages(t.Message.Text, t.reply.Language, mostSources))
	}
	c, why := r.compose(ctx, t.Message.Text, t.reply.Language, u)
	if why != nil {
		return false, why, nil
	}
	t.sayComposed(c)
	return true, nil, nil
}

var becausePerson = phrase.Because("assist.model_person", "the model thinks that a person is better")

// sayComposed says an answer that passed its checks, with its sources.
func (t *work) sayComposed(c composed) {
	l := desk.BotLine{Text: c.text}
	for _, p := range c.sources {
		l.Sources = append(l.Sources, sourceOf(p))
		t.given = append(t.given, p.Entry)
	}
	t.did.Says = append(t.did.Says, l)
	t.did.Name += composedBy.In(t.reply.Language)
	t.did.Misses = 0
	t.did.Record.Action = turn.Answered
	t.did.Record.Why = append(t.did.Record.Why, phrase.Because("assist.model_answer", "the model composed an answer from sources, and it passed the checks"))
}

func sourceOf(p help.Passage) conversation.Source {
	return conversation.Source{ID: p.Entry.ID, Kind: string(p.Entry.Kind), Title: p.Entry.Title, URL: p.Entry.Path()}
}

// knownOf is what is kept of a contact and must not leave as it is.
func knownOf(c contact.Contact) grounding.Known {
	others := []string{c.Phone, c.Email, c.ExternalID}
	for _, v := range c.Attributes {
		others = append(others, v)
	}
	return grounding.Known{Names: []string{c.Name}, Others: others}
}

// saidBefore returns what was said last before the message.
func (t *work) saidBefore(ctx context.Context) (lines []string, err error) {
	const back = 6
	ms, err := t.Desk.DB.Now().MessagesBefore(ctx, t.Message.Conversation, t.Message.Seq, back)
	for _, m := range ms {
		switch {
		case m.Kind != conversation.Text || m.Text == "" || m.IsRecalled():
		case m.From == conversation.FromContact:
			lines = append(lines, "客户："+m.Text)
		case m.From == conversation.FromBot:
			lines = append(lines, "智能助手："+m.Text)
		}
	}
	return lines, err
}

// hands is what the model's tools lead to, for the contact of one turn: who
// they are stands here, and no tool takes it.
type hands struct {
	*work
	ctx    context.Context //nolint:containedctx // of the one turn that it serves
	failed error           // the database; the turn has to be done again
}

func (h *hands) search(query string) []help.Passage {
	const each = 4
	return h.Help.Passages(query, h.reply.Language, each)
}

func (h *hands) ownCase(number string) (string, bool) {
	s := &seams{ctx: h.ctx, work: h.work}
	found, ok, err := s.progress(flow.Call{With: map[string]string{"number": number}, Language: h.reply.Language})
	h.failed = errors.Join(h.failed, s.failed)
	if err != nil || !ok {
		return "", false
	}
	return number + "：" + found["what"] + "，" + found["stage"] + "，" + found["due"], true
}

// ownVehicle looks up the vehicle of a contact for whom the host site vouches,
// and of nobody else: what somebody types into a chat proves nothing.
func (h *hands) ownVehicle(about string) (string, bool) {
	seam, ok := map[string]string{"vehicle": "vehicle.look_up", "recall": "recall.look_up", "warranty": "warranty.look_up"}[about]
	vin := h.Contact.Attributes["vin"]
	if !ok || vin == "" || !h.Contact.Signed || h.Cars == nil {
		return "", false
	}
	found, ok, err := h.Cars.LookUp(h.ctx, flow.Call{Seam: seam, With: map[string]string{"vin": vin}, Language: h.reply.Language})
	if err != nil || !ok {
		return "", false
	}
	return foundText(found), true
}

func foundText(found map[string]string) string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(found)) {
		lines = append(lines, name+": "+found[name])
	}
	return strings.Join(lines, "\n")
}
