package assist

import (
	"context"
	"strconv"
	"strings"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/turn"
)

// flowChoice begins the id of a choice that begins a flow, sayChoice that of
// one that only saves typing.
const (
	flowChoice = "flow:"
	sayChoice  = "say:"
)

func chosenFlow(choice string) string {
	id, ok := strings.CutPrefix(choice, flowChoice)
	if !ok {
		return ""
	}
	return id
}

var (
	begin     = inbox.Text{Zh: "办理：", En: "Begin: "}
	filesKept = inbox.Text{Zh: "收到您的文件，会和填写的内容一起提交。", En: "I have your files; they go with what you have told me."}
)

// offer adds to what is said that the flow it has to do with can be begun.
func (t *work) offer(id string) {
	f, ok := t.Assistant.Flows.Latest(id)
	if n := len(t.did.Says); ok && n > 0 && t.did.HandOver == "" {
		l := t.did.Record.Language
		t.did.Says[n-1].Choices = append(t.did.Says[n-1].Choices, conversation.Choice{ID: flowChoice + f.ID, Text: begin.In(l) + f.Name.In(l)})
	}
}

// carry takes the message through the flows of the person. An urgent one ends
// them: people go on with what was told.
func (t *work) carry(ctx context.Context, start string, urgent bool) error {
	open := t.Heard.Flows.Open(t.Assistant.Flows, t.Desk.Now())
	s := &seams{ctx: ctx, work: t}
	e := flow.Engine{Flows: t.Assistant.Flows, Seams: s, Known: t.known()}
	m := flow.Message{
		Text: t.Message.Text, Language: t.did.Record.Language, Reading: flow.Reading{Now: t.Desk.Now(), Zone: t.Zone},
		Run: t.Message.ID.String(), Wanted: urgent || t.reply.Code == retrieve.Asked, Start: start,
	}
	if len(open) > 0 {
		m.Start = ""
	}
	var now flow.Turn
	switch {
	case len(open) > 0 && m.Text == "" && len(t.Message.Attachments) > 0:
		now = e.Resume(t.Heard.Flows.State, m)
		t.say(filesKept.In(m.Language))
	case len(open) > 0 && t.reply.Code == retrieve.Greeted:
		now = e.Resume(t.Heard.Flows.State, m)
	default:
		now = e.Take(t.Heard.Flows.State, m)
	}
	if s.failed != nil { // the database; the job is done again
		return s.failed
	}
	t.did.Flows = &t.Heard.Flows
	t.did.Flows.State = now.State
	if !now.Handled {
		t.answer()
		return nil
	}
	t.did.Misses = 0
	t.did.Record = turn.Record{Message: t.Message.ID, Language: m.Language, Action: turn.Carried, Why: []phrase.Reason{}, Flow: now.Decisions}
	if now.Person == nil {
		t.sayLines(now.Lines)
		return nil
	}
	t.did.Card = t.flowCard(*now.Person)
	switch {
	case t.reply.Code == retrieve.Safety:
		t.say(t.reply.Text)
		t.handOver(conversation.Safety, now.Person.Why)
	case m.Wanted:
		t.handOver(conversation.Asked, now.Person.Why)
	default:
		t.sayLines(now.Lines)
		t.handOver(conversation.Missed, now.Person.Why)
	}
	return nil
}

// sayLines says what a flow says, as few messages as can be: what can be
// pressed stands under the last.
func (t *work) sayLines(lines []flow.Line) {
	var b desk.BotLine
	for _, l := range lines {
		if b.Text != "" {
			b.Text += "\n"
		}
		b.Text, b.Choices = b.Text+l.Text, nil
		for i, o := range l.Options {
			b.Choices = append(b.Choices, conversation.Choice{ID: sayChoice + strconv.Itoa(i), Text: o})
		}
	}
	if b.Text != "" {
		t.did.Says = append(t.did.Says, b)
	}
}

// known is what is known of the contact, by the names that slots use.
func (t *work) known() map[string][]string {
	p := t.Contact
	known := map[string][]string{"contact.reference": t.Cases}
	for name, value := range map[string]string{"contact.phone": p.Phone, "contact.email": p.Email} {
		if value != "" {
			known[name] = []string{value}
		}
	}
	for code, value := range p.Attributes { // such as vin, plate and city
		if value != "" && known["contact."+code] == nil {
			known["contact."+code] = []string{value}
		}
	}
	return known
}

var (
	learnt = inbox.Text{Zh: "智能助手转交", En: "Handed over by the assistant"}
	need   = inbox.Text{Zh: "客户的话", En: "What they said"}
	told   = inbox.Text{Zh: "已给的回答", En: "Answered already"}
	near   = inbox.Text{Zh: "可能的问题", En: "Perhaps they mean"}
)

// card is what people are to know who take over from the knowledge base.
func (t *work) card() *conversation.Card {
	c := &conversation.Card{Title: learnt, Why: inBoth(t.did.Record.Why), Lines: []conversation.CardLine{{Name: need, Value: t.Message.Text}}}
	if t.Message.Text == "" {
		c.Lines = nil
	}
	var titles []string
	for _, k := range t.did.Record.Candidates {
		titles = append(titles, k.Question)
	}
	if len(titles) > 0 {
		c.Lines = append(c.Lines, conversation.CardLine{Name: near, Value: strings.Join(titles, "\n")})
	}
	if t.before != "" {
		c.Lines = append(c.Lines, conversation.CardLine{Name: told, Value: t.before})
	}
	return c
}

func inBoth(why []phrase.Reason) []inbox.Text {
	texts := []inbox.Text{}
	for _, r := range why {
		texts = append(texts, inbox.Text{Zh: r.In(phrase.Chinese), En: r.In(phrase.English)})
	}
	return texts
}

// flowCard is what people are to know who take over a flow.
func (t *work) flowCard(h flow.HandOver) *conversation.Card {
	c := t.card()
	f, ok := t.Assistant.Flows.Latest(h.Flow)
	if !ok {
		return c
	}
	of := cardOf(f, h.Values)
	of.Why, of.Lines = append(c.Why, inBoth([]phrase.Reason{h.Why})...), append(of.Lines, c.Lines...)
	return of
}

func cardOf(f flow.Flow, values map[string]flow.Value) *conversation.Card {
	c := &conversation.Card{Title: inbox.Text{Zh: learnt.Zh + "：" + f.Name.Zh, En: learnt.En + ": " + f.Name.En}, Why: []inbox.Text{}, Lines: []conversation.CardLine{}}
	for _, s := range f.Slots {
		if v, has := values[s.ID]; has {
			c.Lines = append(c.Lines, conversation.CardLine{Name: s.Name, Value: s.Show(v, phrase.Chinese)})
		}
	}
	return c
}

// Learnt is desk.Desk.Learnt.
func (a *Assistant) Learnt(s flow.State) *conversation.Card {
	open := s.Open(a.Flows, a.Desk.Now())
	if len(open) == 0 {
		return nil
	}
	top := open[len(open)-1]
	f, _ := a.Flows.Find(top.Flow, top.Version) // it is open
	c := cardOf(f, top.Values)
	c.Why = inBoth([]phrase.Reason{phrase.Because("assist.unfinished", "it was not finished when people took over")})
	return c
}

// minute is how times are written for contacts.
func (t *work) minute(at time.Time) string {
	at = at.In(t.Zone)
	if t.did.Record.Language == "en" {
		return at.Format("2 January 15:04")
	}
	return at.Format("1月2日 15:04")
}
