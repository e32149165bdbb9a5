package retrieve

import (
	"math"
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
// the vote of the ten nearest says which question they speak for; the
// classifier, where there is one, what tells this question from the others; the
// answer's text helps where no phrasing has the word.
const (
	byWords  = 0.4
	byVote   = 0.4
	byAnswer = 0.2

	classByLikely = 0.5
	classByVote   = 0.3
	classByWords  = 0.15
	classByAnswer = 0.05

	voters = 10
)

// found is how well one entry fits; all but logit lie between 0 and 1.
type found struct {
	entry   int32
	words   float32 // the best phrasing has them, by weight
	vote    float32 // share of the nearest phrasings
	answer  float32 // the answer has the words, by weight
	likely  float32 // probability by the classifier
	logit   float32 // what the classifier's terms add up to
	covered float32 // share of the text's terms that the entry has, by weight
	score   float32 // all of it in one
}

// ranker ranks the entries of a knowledge base, or of a part of it.
type ranker struct {
	entries     int
	asked, said field
	classifier  classifier
	scratch     chan *scratch // room to work in, used again
}

// spareRooms is how many questions are worked on at once without making room
// anew.
const spareRooms = 8

// newRanker returns a ranker of a corpus, with a classifier where there is
// enough to learn from.
func newRanker(c *corpus, classify bool) *ranker {
	tokens := len(c.vocabulary.weight)
	r := &ranker{entries: c.entries, asked: newField(c.asked, tokens), said: newField(c.said, tokens), scratch: make(chan *scratch, spareRooms)}
	if classify {
		r.classifier = train(c.asked, len(c.vocabulary.terms), c.entries)
	}
	return r
}

type scratch struct {
	doc, entry, answer []float32
	vote               []float32
	logits             *logits
	touched            []int32 // entries with any score
}

func (r *ranker) newScratch() *scratch {
	return &scratch{
		doc: make([]float32, max(len(r.asked.owner), len(r.said.owner))), entry: make([]float32, r.entries),
		answer: make([]float32, r.entries), vote: make([]float32, r.entries), logits: newLogits(r.entries),
	}
}

// enter takes room to work in.
func (r *ranker) enter() *scratch {
	select {
	case s := <-r.scratch:
		return s
	default:
		return r.newScratch()
	}
}

// leave cleans the room for the next question.
func (r *ranker) leave(s *scratch) {
	clear(s.doc)
	for _, e := range s.touched {
		s.entry[e], s.answer[e], s.vote[e] = 0, 0, 0
	}
	s.touched = s.touched[:0]
	s.logits.clear()
	select {
	case r.scratch <- s:
	default:
	}
}

// ranking is what a ranker says of a text.
type ranking struct {
	top     []found // best first
	unknown float32 // share of the text, by weight, that no phrasing has
	highest float32 // sum of the classifier: low where the text is foreign
	agree   bool    // the nearest phrasing and the classifier mean the same entry
	hidden  bool    // the classifier prefers an entry that may not be shown
	tokens  int
}

// rank returns at most n entries that fit best and that may be shown. A further
// ranking, by embeddings, would be fused with this one at the end, by rank.
func (r *ranker) rank(q query, may func(entry int32) bool, n int) ranking {
	s := r.enter()
	defer r.leave(s)
	self, unknown := r.asked.score(q.tokens, s.doc)
	if self == 0 {
		return ranking{}
	}
	r.best(s, may)
	r.answers(q.tokens, s)
	o := r.classify(q.terms, s, may)
	var votes float32
	for _, e := range s.touched {
		votes += s.vote[e]
	}
	top, have := make([]found, n), 0
	var nearest, likeliest found
	for _, e := range s.touched {
		f := found{entry: e, words: min(1, s.entry[e]/self), answer: s.answer[e]}
		if votes > 0 {
			f.vote = s.vote[e] / votes
		}
		near := f.vote * min(1, 2*f.words)
		if o.none {
			f.score = byWords*f.words + byVote*near + byAnswer*f.answer
		} else {
			f.likely, f.logit, f.covered = o.of(e, s.logits)
			f.score = classByLikely*f.likely + classByVote*near + classByWords*f.words + classByAnswer*f.answer
		}
		if f.words > nearest.words {
			nearest = f
		}
		if f.likely > likeliest.likely {
			likeliest = f
		}
		have = insert(top, have, f, func(a, b found) bool { return a.score > b.score || a.score == b.score && a.entry < b.entry })
	}
	return ranking{
		top: top[:have], unknown: unknown / self, highest: o.highest, tokens: len(q.tokens),
		agree: nearest.entry == likeliest.entry, hidden: likeliest.logit < o.highest,
	}
}

// odds turn what the classifier adds up into probabilities.
type odds struct {
	none    bool    // there is no classifier
	highest float32 // sum of any entry
	total   float64 // of exp(sum-highest) over all entries
	foreign float32 // probability of an entry that shares no term with the text
}

// classify adds up what the terms speak for, and touches the entries that share
// one and may be shown.
func (r *ranker) classify(terms []int32, s *scratch, may func(int32) bool) odds {
	if r.classifier.size == 0 {
		return odds{none: true}
	}
	used, values := r.classifier.vector(terms)
	r.classifier.logits(used, values, s.logits)
	for _, e := range s.logits.touched {
		if s.entry[e] == 0 && may(e) {
			s.touched = append(s.touched, e)
		}
	}
	highest, total := s.logits.sum(r.entries)
	return odds{highest: highest, total: total, foreign: float32(math.Exp(-float64(highest)) / total)}
}

func (o odds) of(entry int32, z *logits) (likely, logit, covered float32) {
	if !z.seen[entry] {
		return o.foreign, 0, 0
	}
	return float32(math.Exp(float64(z.value[entry]-o.highest)) / o.total), z.value[entry], z.covered[entry]
}

// best takes the best document of each entry, and lets the nearest documents
// vote for theirs.
func (r *ranker) best(s *scratch, may func(int32) bool) {
	type vote struct {
		entry int32
		score float32
	}
	var top [voters]vote
	n := 0
	for d, score := range s.doc[:len(r.asked.owner)] {
		if score == 0 {
			continue
		}
		e := r.asked.owner[d]
		if s.entry[e] == 0 {
			if !may(e) {
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
func (r *ranker) answers(tokens []token, s *scratch) {
	clear(s.doc)
	docs := s.doc[:len(r.said.owner)]
	self, _ := r.said.score(tokens, docs)
	if self == 0 {
		return
	}
	for d, score := range docs {
		if e := r.said.owner[d]; score > 0 && s.entry[e] > 0 {
			s.answer[e] = min(1, score/self)
		}
	}
}

// Find returns at most n entries that fit a text best, best first, without
// deciding anything: for searching, and for suggestions to people.
func (x *Index) Find(text string, l Limits, n int) []Candidate {
	may, _ := x.may(text, l)
	out := []Candidate{}
	for _, f := range x.ranker.rank(x.vocabulary.query(Normalise(text)), may, n).top {
		e := x.entries[f.entry]
		out = append(out, Candidate{ID: e.ID, Question: e.Question, Score: float64(f.score)})
	}
	return out
}

// may returns which entries are looked at for a text, and in which language;
// empty means any.
func (x *Index) may(text string, l Limits) (may func(entry int32) bool, language string) {
	language = LanguageOf(text, l.Language)
	if x.size[language].Questions == 0 {
		language = "" // better in another language than not at all
	}
	return func(i int32) bool {
		e := &x.entries[i]
		return (l.Internal || !e.Internal) && (language == "" || e.Language == language) && (l.besides == "" || e.Question != l.besides)
	}, language
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
