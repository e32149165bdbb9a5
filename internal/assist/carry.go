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

// sayChoice begins the id of a choice that only saves typing.
const sayChoice = "say:"

func chosenFlow(choice string) string {
	id, ok := strings.CutPrefix(choice, desk.FlowChoice)
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
	f, ok := t.Library.Latest(id)
	if n := len(t.did.Says); ok && n > 0 && t.did.HandOver == "" {
		l := t.did.Record.Language
		t.did.Says[n-1].Choices = append(t.did.Says[n-1].Choices, conversation.Choice{ID: desk.FlowChoice + f.ID, Text: begin.In(l) + f.Name.In(l)})
	}
}

// carry takes the message through the flows of the contact. An urgent one ends
// them: people go on with what was told. While a flow is open only one that was
// chosen begins beside it.
func (t *work) carry(ctx context.Context, start string, chosen, urgent bool) error {
	open := t.Flows.Open(t.Library, t.Desk.Now())
	s := &seams{ctx: ctx, work: t}
	e := flow.Engine{Flows: t.Library, Seams: s, Known: t.known()}
	m := t.said()
	m.Wanted, m.Start, m.Told = urgent || t.reply.Code == retrieve.Asked, start, t.told
	if len(open) > 0 && !chosen {
		m.Start = ""
	}
	var now flow.Turn
	files := m.Text == "" && len(t.Message.Attachments) > 0
	switch {
	case len(open) > 0 && !chosen && (files || t.reply.Code == retrieve.Greeted):
		now = e.Resume(t.Flows.State, m)
		if files {
			t.say(filesKept.In(m.Language))
		}
	default:
		t.did.Record.Language = flow.State{Frames: open}.Language(m.Language)
		now = e.Take(t.Flows.State, m)
	}
	if s.failed != nil { // the database; the job is done again
		return s.failed
	}
	t.did.Flows = &t.Flows
	t.did.Flows.State = now.State
	if !now.Handled {
		t.answer()
		return nil
	}
	t.did.Misses = 0
	t.did.Record = turn.Record{Message: t.Message.ID, Language: t.did.Record.Language, Action: turn.Carried, Why: []phrase.Reason{}, Flow: now.Decisions}
	if now.Person == nil {
		t.sayLines(now.Lines)
		return nil
	}
	why := []phrase.Reason{now.Person.Why}
	if m.Wanted { // the words that decided it say more than that a person was asked for
		why = t.reply.Why
	}
	t.did.Record.Why = why
	t.did.Card = turn.Card(t.Library, now.Person.Frames, why...)
	switch {
	case t.reply.Code == retrieve.Safety:
		t.say(t.reply.Text)
		t.handOver(conversation.Safety)
	case t.reply.Code == retrieve.Asked:
		t.handOver(conversation.Asked)
	case urgent:
		t.handOver(conversation.Missed)
	default:
		t.sayLines(now.Lines)
		t.handOver(conversation.Missed)
	}
	return nil
}

// said is the message as flows read it.
func (t *work) said() flow.Message {
	return flow.Message{
		Text: t.Message.Text, Language: t.did.Record.Language, Reading: flow.Reading{Now: t.Desk.Now(), Zone: t.Zone}, Run: t.Message.ID.String(),
	}
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
	need        = inbox.Text{Zh: "客户的话", En: "What they said"}
	told        = inbox.Text{Zh: "已给的回答", En: "Answered already"}
	unconfirmed = inbox.Text{Zh: "AI 草稿（请核对后再发）", En: "AI draft (check before you send it)"}
	near        = inbox.Text{Zh: "可能的问题", En: "Perhaps they mean"}
)

// card is what people are to know who take over from the knowledge base.
func (t *work) card() *conversation.Card {
	c := turn.Card(t.Library, nil, t.did.Record.Why...)
	var p conversation.CardPart
	add := func(name inbox.Text, lines ...string) {
		if text := strings.Join(lines, "\n"); text != "" {
			p.Lines = append(p.Lines, conversation.CardLine{Name: name, Value: inbox.Text{Zh: text, En: text}})
		}
	}
	add(need, t.Message.Text)
	var titles []string
	for _, k := range t.did.Record.Candidates {
		titles = append(titles, k.Question)
	}
	add(near, titles...)
	add(told, t.before)
	if t.thought != nil {
		add(unconfirmed, t.thought.Draft)
	}
	if len(p.Lines) > 0 {
		c.Parts = append(c.Parts, p)
	}
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
