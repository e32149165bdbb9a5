package turn

import (
	"slices"

	"yingda/internal/domain/conversation"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/phrase"
)

var cardTitle = inbox.Text{Zh: "智能助手转交", En: "Handed over by the assistant"}

// Card returns what people are to know who take over: what was told in the
// flows that were open, the last first. What was known of the contact before
// and only filled in stays where it is shown with care.
func Card(l flow.Library, open []flow.Frame, why ...phrase.Reason) *conversation.Card {
	c := &conversation.Card{Title: cardTitle, Why: []inbox.Text{}, Parts: []conversation.CardPart{}}
	for _, r := range why {
		c.Why = append(c.Why, inbox.Text{Zh: r.In(phrase.Chinese), En: r.In(phrase.English)})
	}
	for _, f := range slices.Backward(open) {
		of, ok := l.Find(f.Flow, f.Version)
		if !ok {
			continue
		}
		p := conversation.CardPart{Title: of.Name, Lines: []conversation.CardLine{}}
		for _, s := range of.Slots {
			if v, has := f.Values[s.ID]; has && slices.Contains(f.Answered, s.ID) {
				p.Lines = append(p.Lines, conversation.CardLine{Name: s.Name, Value: inbox.Text{Zh: s.Show(v, phrase.Chinese), En: s.Show(v, phrase.English)}})
			}
		}
		c.Parts = append(c.Parts, p)
	}
	if len(c.Parts) > 0 {
		c.Title = inbox.Text{Zh: cardTitle.Zh + "：" + c.Parts[0].Title.Zh, En: cardTitle.En + ": " + c.Parts[0].Title.En}
	}
	return c
}
