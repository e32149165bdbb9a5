package retrieve

import (
	"strings"
	"unicode"
)

// corpus is a knowledge base cut into tokens once, of which rankers are built:
// one of all of it to answer with, and some of parts to judge that one by.
type corpus struct {
	vocabulary *vocabulary
	entries    int
	asked      []document // one for each question and phrasing
	said       []document // one for each answer
}

// document is one text of an entry.
type document struct {
	owner  int32
	tokens []int32 // for BM25, each once
	terms  []int32 // for the classifier, each once; none for answers
}

// vocabulary numbers the tokens that BM25 compares and the terms that the
// classifier weighs.
type vocabulary struct {
	tokens map[string]int32
	weight []float32 // by token: how much its kind counts
	terms  map[string]int32
}

func newCorpus(entries int) *corpus {
	return &corpus{vocabulary: &vocabulary{tokens: map[string]int32{}, terms: map[string]int32{}}, entries: entries}
}

// ask adds a way to ask for an entry.
func (c *corpus) ask(owner int32, normal string) {
	d := document{owner: owner, tokens: c.vocabulary.learn(contentTokens(normal))}
	for _, t := range terms(normal) {
		d.terms = append(d.terms, number(c.vocabulary.terms, t))
	}
	c.asked = append(c.asked, d)
}

// say adds the text of an entry's answer.
func (c *corpus) say(owner int32, normal string) {
	if ts := contentTokens(normal); len(ts) > 0 {
		c.said = append(c.said, document{owner: owner, tokens: c.vocabulary.learn(ts)})
	}
}

func (v *vocabulary) learn(tokens []string) []int32 {
	ids := make([]int32, len(tokens))
	for i, t := range tokens {
		ids[i] = number(v.tokens, t)
		if int(ids[i]) == len(v.weight) {
			v.weight = append(v.weight, kindWeight(t))
		}
	}
	return ids
}

// number returns the number of a string, the next one for a new string.
func number(in map[string]int32, s string) int32 {
	id, ok := in[s]
	if !ok {
		id = int32(len(in))
		in[strings.Clone(s)] = id
	}
	return id
}

// query is a text as rankers compare it.
type query struct {
	tokens []token
	terms  []int32 // those that are known
}

type token struct {
	id     int32 // -1: no text of the knowledge base has it
	weight float32
}

// query reads a text that may hold what no text of the knowledge base has.
func (v *vocabulary) query(normal string) query {
	var q query
	for _, t := range contentTokens(normal) {
		id, ok := v.tokens[t]
		if !ok {
			id = -1
		}
		q.tokens = append(q.tokens, token{id: id, weight: kindWeight(t)})
	}
	for _, t := range terms(normal) {
		if id, ok := v.terms[t]; ok {
			q.terms = append(q.terms, id)
		}
	}
	return q
}

// again returns a text of the corpus as a query.
func (v *vocabulary) again(d document) query {
	q := query{terms: d.terms, tokens: make([]token, len(d.tokens))}
	for i, id := range d.tokens {
		q.tokens[i] = token{id: id, weight: v.weight[id]}
	}
	return q
}

// How much the kinds of token count. Two neighbours say again what each of
// them says, so both together count as much as one. A part number, a model or
// a fault code names the thing itself.
const (
	wordWeight       = 1
	pairWeight       = 0.5
	identifierWeight = 4.0 / 3
)

func kindWeight(t string) float32 {
	switch {
	case isPair(t):
		return pairWeight
	case isIdentifier(t):
		return identifierWeight
	}
	return wordWeight
}

// isIdentifier reports whether a token names one thing: letters with digits,
// or at least four digits.
func isIdentifier(t string) bool {
	letters, digits := 0, 0
	for _, r := range t {
		if unicode.IsNumber(r) {
			digits++
		} else {
			letters++
		}
	}
	return digits > 0 && letters > 0 || digits >= 4
}

// gram is how many letters of a word the classifier looks at together: it
// finds "charging" in "recharged", and "acount" near "account".
const gram = 4

// terms returns what the classifier weighs, each once: the tokens by their
// stems and with the smallest words too, each two neighbouring words, and of
// words in letters every four letters in a row with the ends marked.
func terms(normal string) []string {
	text := plainWords.Replace(matter(normal))
	out := tokens(text)
	for i, t := range out {
		out[i] = stem(t)
	}
	before := ""
	for r := range runs(text) {
		if r.dense {
			continue
		}
		word := clip(text[r.start:r.end])
		stemmed := stem(word)
		if before != "" {
			out = append(out, before+" "+stemmed)
		}
		before = stemmed
		out = grams(out, word)
	}
	return distinct(out)
}

func grams(out []string, word string) []string {
	marked := []rune("^" + word + "$")
	for i := 0; i+gram <= len(marked); i++ {
		out = append(out, string(marked[i:i+gram]))
	}
	return out
}

// without returns the corpus without some of the ways to ask, by number, and
// without the answers of some entries.
func (c *corpus) without(asked map[int]bool, said func(owner int32) bool) *corpus {
	part := &corpus{vocabulary: c.vocabulary, entries: c.entries}
	for i, d := range c.asked {
		if !asked[i] {
			part.asked = append(part.asked, d)
		}
	}
	for _, d := range c.said {
		if !said(d.owner) {
			part.said = append(part.said, d)
		}
	}
	return part
}
