package help

import (
	"slices"

	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/retrieve"
)

// Citation is the passage of an article that comes nearest to what somebody
// asks, in the editor's own words and cut at the ends of sentences.
type Citation struct {
	Entry Entry
	Under string // the headings over it
	Text  string
	Score float64 // share of what is asked that it has; from 0 to 1
	Next  float64 // the same of the nearest passage of another article
	Sure  bool    // it answers; otherwise its article may be worth a look
}

// quotable is all articles in passages.
type quotable struct {
	of       []retrieve.Entry // the articles, as they were
	sections []knowledge.Section
	asked    *retrieve.Passages
}

// quotes returns articles in passages; as they were before where nothing of
// them has changed.
func quotes(as []knowledge.Article, before *quotable) *quotable {
	q := &quotable{}
	for _, a := range as {
		q.of = append(q.of, retrieve.Entry{ID: int64(a.ID), Question: a.Title, Text: a.Body, Language: a.Language, Internal: a.Audience == knowledge.Internal})
	}
	if before != nil && slices.EqualFunc(q.of, before.of, func(a, b retrieve.Entry) bool {
		return a.ID == b.ID && a.Question == b.Question && a.Text == b.Text && a.Language == b.Language && a.Internal == b.Internal
	}) {
		return before
	}
	var ps []retrieve.Passage
	for _, a := range q.of {
		for _, s := range knowledge.Sections(a.Text) {
			p := retrieve.Passage{Article: a.ID, Language: a.Language, Internal: a.Internal, Title: a.Question + " " + s.Under}
			for _, l := range s.Lines {
				p.Lines = append(p.Lines, l.Text)
			}
			ps, q.sections = append(ps, p), append(q.sections, s)
		}
	}
	q.asked = retrieve.NewPassages(ps)
	return q
}

// Cite returns the passage that everybody may read and that comes nearest to
// what somebody asks; false where none comes near.
func (h *Help) Cite(text, language string) (c Citation, ok bool) {
	s := h.current()
	q, ok := s.quotes.asked.Ask(text, retrieve.Limits{Language: language})
	if !ok {
		return c, false
	}
	at, ok := s.articles[s.quotes.asked.Article(q.Passage)]
	if !ok || s.entries[at].Internal {
		return c, false
	}
	part := s.quotes.sections[q.Passage]
	c = Citation{Entry: s.entries[at], Under: part.Under, Text: knowledge.Joined(part.Lines[q.From:q.To]), Score: q.Score, Next: q.Next, Sure: q.Sure}
	if heading := part.Heading(); heading != "" { // what it is about may stand there only
		c.Text = "【" + heading + "】\n" + c.Text
	}
	return c, true
}
