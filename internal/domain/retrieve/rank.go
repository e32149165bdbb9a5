package retrieve

import (
	"unicode"
	"unicode/utf8"
)

// Candidate is a question that the text may be asking.
type Candidate struct {
	ID       int64
	Question string
	Score    float64 // 0 to 1; comparable within one knowledge base only
}

// How much each sign counts. The best phrasing says how near the words are;
// the vote of the ten nearest says which question they speak for; the answer's
// text helps where no phrasing has the word.
const (
	byWords  = 0.4
	byVote   = 0.4
	byAnswer = 0.2
	voters   = 10
)

// Two neighbours say again what each of them says, so they count less; and a
// pair that nobody used may still be made of known characters.
const (
	pairWeight    = 0.7
	newPairWeight = 0.5 * pairWeight
)

// found is how well one entry fits, each part between 0 and 1.
type found struct {
	entry               int32
	words, vote, answer float32
	score               float32
}

type scratch struct {
	doc, entry, answer []float32
	vote               []float32
	touched            []int32 // entries with any score
}

func (x *Index) newScratch() *scratch {
	return &scratch{
		doc: make([]float32, len(x.asked.owner)), entry: make([]float32, len(x.entries)),
		answer: make([]float32, len(x.entries)), vote: make([]float32, len(x.entries)),
	}
}

// Find returns at most n entries that fit a text best, best first, without
// deciding anything: for searching, and for suggestions to people.
func (x *Index) Find(text string, l Limits, n int) []Candidate {
	may, _ := x.may(text, l)
	out := []Candidate{}
	for _, f := range x.rank(contentTokens(Normalise(text)), may, n) {
		e := x.entries[f.entry]
		out = append(out, Candidate{ID: e.ID, Question: e.Question, Score: float64(f.score)})
	}
	return out
}

// may returns which entries are looked at for a text, and in which language;
// empty means any.
func (x *Index) may(text string, l Limits) (may func(Entry) bool, language string) {
	language = LanguageOf(text, l.Language)
	if x.size[language] == 0 {
		language = "" // better in another language than not at all
	}
	return func(e Entry) bool {
		return (l.Internal || !e.Internal) && (language == "" || e.Language == language) && (l.besides == "" || e.Question != l.besides)
	}, language
}

// enter takes room to work in.
func (x *Index) enter() *scratch {
	select {
	case s := <-x.scratch:
		return s
	default:
		return x.newScratch()
	}
}

// leave cleans the room for the next question.
func (x *Index) leave(s *scratch) {
	clear(s.doc)
	for _, e := range s.touched {
		s.entry[e], s.answer[e], s.vote[e] = 0, 0, 0
	}
	s.touched = s.touched[:0]
	select {
	case x.scratch <- s:
	default:
	}
}

// rank returns at most n entries that fit best and that may be shown, best first.
func (x *Index) rank(tokens []string, may func(Entry) bool, n int) []found {
	s := x.enter()
	defer x.leave(s)
	self := x.asked.score(tokens, s.doc)
	if self == 0 {
		return nil
	}
	x.best(s, may)
	x.answers(tokens, s)
	var total float32
	for _, e := range s.touched {
		total += s.vote[e]
	}
	top, have := make([]found, n), 0
	for _, e := range s.touched {
		f := found{entry: e, words: min(1, s.entry[e]/self), answer: s.answer[e]}
		if total > 0 {
			f.vote = s.vote[e] / total
		}
		f.score = byWords*f.words + byVote*f.vote*min(1, 2*f.words) + byAnswer*f.answer
		have = insert(top, have, f, func(a, b found) bool { return a.score > b.score || a.score == b.score && a.entry < b.entry })
	}
	return top[:have]
}

// best takes the best document of each entry, and lets the nearest documents
// vote for theirs.
func (x *Index) best(s *scratch, may func(Entry) bool) {
	type vote struct {
		entry int32
		score float32
	}
	var top [voters]vote
	n := 0
	for d, score := range s.doc {
		if score == 0 {
			continue
		}
		e := x.asked.owner[d]
		if s.entry[e] == 0 {
			if !may(x.entries[e]) {
				continue
			}
			s.touched = append(s.touched, e)
		}
		s.entry[e] = max(s.entry[e], score)
		n = insert(top[:], n, vote{e, score}, func(a, b vote) bool { return a.score > b.score })
	}
	for _, v := range top[:n] {
		s.vote[v.entry] += v.score * v.score
	}
}

// answers scores the answers of the entries that were touched.
func (x *Index) answers(tokens []string, s *scratch) {
	clear(s.doc)
	docs := s.doc[:min(len(s.doc), len(x.said.owner))]
	self := x.said.score(tokens, docs)
	if self == 0 {
		return
	}
	for d, score := range docs {
		if e := x.said.owner[d]; score > 0 && s.entry[e] > 0 {
			s.answer[e] = min(1, score/self)
		}
	}
}

// score adds up what each document gains by the tokens, and returns what a
// document would gain that holds all of them and has the usual length. A token
// that nobody used counts as the rarest.
func (f *field) score(tokens []string, docs []float32) (self float32) {
	for _, t := range tokens {
		id, ok := f.terms[t]
		share := float32(1)
		switch {
		case isPair(t) && ok:
			share = pairWeight
		case isPair(t):
			share = newPairWeight
		}
		if !ok {
			self += share * f.maxIDF
			continue
		}
		self += share * f.idf[id]
		from, to := f.start[id], f.start[id+1]
		weight := f.weight[from:to]
		for i, d := range f.docs[from:to] {
			docs[d] += share * weight[i]
		}
	}
	return self
}

// insert puts v at its place in the first n of top, and returns how many there
// are now. What does not fit falls off.
func insert[T any](top []T, n int, v T, before func(a, b T) bool) int {
	if n == len(top) {
		if n == 0 || !before(v, top[n-1]) {
			return n
		}
		n--
	}
	i := n
	for i > 0 && before(v, top[i-1]) {
		top[i] = top[i-1]
		i--
	}
	top[i] = v
	return n + 1
}

// LanguageOf returns "zh" for a text with Chinese characters, "en" for one with
// at least two Latin words, and otherwise: a part number has no language.
func LanguageOf(text, otherwise string) string {
	latin := 0
	for r := range runs(Normalise(text)) {
		if r.dense {
			return "zh"
		}
		if !hasDigit(r.parts) {
			latin++
		}
	}
	if latin >= 2 {
		return "en"
	}
	return otherwise
}

func hasDigit(parts []string) bool {
	for _, p := range parts {
		for _, r := range p {
			if unicode.IsNumber(r) {
				return true
			}
		}
	}
	return false
}

// isPair reports whether a token is two characters of dense text.
func isPair(t string) bool {
	first, n := utf8.DecodeRuneInString(t)
	return n < len(t) && dense(first)
}
