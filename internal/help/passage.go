package help

import (
	"cmp"
	"slices"

	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/retrieve"
)

// Passage is a part of something published that an answer may rest on: the
// whole answer of a question, or a piece of an article.
type Passage struct {
	Entry Entry
	Text  string
}

const passageRunes = 500

// Passages returns at most n passages that everybody may read and that come
// nearest to a text, best first.
func (h *Help) Passages(text, language string, n int) []Passage {
	var ps []Passage
	for _, e := range h.current().find(text, language) {
		if len(ps) == n {
			break
		}
		if e.Internal || e.Language != language {
			continue
		}
		if e.Kind == Question {
			ps = append(ps, Passage{e, knowledge.Plain(e.Body)})
			continue
		}
		if best, ok := nearest(knowledge.Passages(e.Body, passageRunes), text); ok {
			ps = append(ps, Passage{e, best})
		}
	}
	return ps
}

// nearest returns the piece that shares most with a text.
func nearest(pieces []string, text string) (string, bool) {
	if len(pieces) == 0 {
		return "", false
	}
	asked := retrieve.Tokens(text)
	shared := func(piece string) (n int) {
		has := map[string]bool{}
		for _, t := range retrieve.Tokens(piece) {
			has[t] = true
		}
		for _, t := range asked {
			if has[t] {
				n++
			}
		}
		return n
	}
	return slices.MaxFunc(pieces, func(a, b string) int { return cmp.Compare(shared(a), shared(b)) }), true
}
