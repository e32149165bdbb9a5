package desk

import (
	"context"

	"yingda/internal/domain/automation"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/learning"
	"yingda/internal/store"
)

// suggestionUsed counts what became of what was suggested to somebody; nothing
// where nothing was.
func (d *Desk) suggestionUsed(ctx context.Context, tx *store.Tx, t learning.Topic, suggested, became string) error {
	if suggested == "" || became == "" {
		return nil
	}
	s, err := tx.Company(ctx)
	if err != nil {
		return err
	}
	return tx.SuggestionUsed(ctx, today(s, d.Now()), t, suggested == became)
}

// suggestedFields are the fields of rules that ask what closed work suggests:
// the answer, and how sure it is in per cent.
var suggestedFields = map[learning.Topic]string{
	learning.TalkCategory: "conversation.suggested_category", learning.TalkTeam: "conversation.suggested_team",
	learning.CaseKind: "case.suggested_kind", learning.CaseCategory: "case.suggested_category",
	learning.CaseUrgency: "case.suggested_urgency", learning.CaseTeam: "case.suggested_team",
}

// sureOf is the field of how sure the answer of another is.
func sureOf(field string) string { return field + "_sure" }

// addSuggested adds what closed work suggests of the subject, where conditions
// ask for it.
func (d *Desk) addSuggested(ctx context.Context, tx *store.Tx, asks map[string]bool, s *subject) error {
	var said []string
	for _, t := range learning.Topics() {
		field := suggestedFields[t]
		if d.Suggests == nil || t.OfCases() != (s.c != nil) || !asks[field] && !asks[sureOf(field)] {
			continue
		}
		if said == nil {
			var err error
			if said, err = s.said(ctx, tx); err != nil {
				return err
			}
		}
		if g, ok := d.Suggests(t, said); ok {
			s.facts[field], s.facts[sureOf(field)] = automation.TextOf(g.Answer), automation.NumberOf(float64(int(g.Probability*100)))
		}
	}
	return nil
}

// said is what the customer told of the subject.
func (s *subject) said(ctx context.Context, tx *store.Tx) ([]string, error) {
	if s.c != nil {
		return []string{s.c.Subject, s.c.Text}, nil
	}
	const first = 40 // messages, as it is learnt
	ms, err := tx.MessagesAfter(ctx, s.talk.ID, 0, first)
	said := []string{}
	for _, m := range ms {
		if m.From == conversation.FromContact && m.Kind == conversation.Text && !m.IsRecalled() {
			said = append(said, m.Text)
		}
	}
	return said, err
}
