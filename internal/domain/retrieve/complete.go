package retrieve

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// beginning is how one way to ask a question reads, literally: for what is
// still being typed.
type beginning struct {
	key   string
	entry int32
}

// The least that is completed: two Chinese characters, or three letters or
// digits. Less fits everything.
const (
	leastDense = 2
	leastPlain = 3
)

// Completable reports whether a text that is being typed says enough for
// questions to be suggested.
func Completable(text string) bool {
	dense, plain := 0, 0
	for r := range runs(Normalise(text)) {
		if r.dense {
			dense++
			continue
		}
		for _, p := range r.parts {
			plain += utf8.RuneCountInString(p)
		}
	}
	return dense >= leastDense || dense > 0 && plain > 0 || plain >= leastPlain
}

// halfSaid is how much of what is typed a way to ask a question has, by weight,
// before it is suggested for its words alone.
const halfSaid = 0.5

// aWord is the least that is looked for by its words alone, in tokens: two
// characters and the pair that they make. 开 of 怎样开 stands in anything.
const aWord = 3

// mostBeginnings bounds how many ways to ask that begin alike are looked at.
const mostBeginnings = 400

// Complete returns at most n questions that somebody who is typing may be about
// to ask (输入联想): first those that go on as the text begins, then those that
// can be asked so, then those that hold it, then those that have most of its
// words. A text that says too little, or that a rule decides, has none.
func (x *Index) Complete(text string, l Limits, n int) []Candidate {
	normal := Normalise(text)
	if _, _, ok := ruled(normal); ok || !Completable(text) || n <= 0 {
		return []Candidate{}
	}
	may, _ := x.may(normal, l)
	key := literal(normal)
	seen := map[int32]bool{}
	out := make([]Candidate, 0, n)
	add := func(entries []int32) {
		for _, e := range entries {
			if len(out) == n {
				return
			}
			if !seen[e] && may(e) {
				seen[e] = true
				out = append(out, Candidate{ID: x.entries[e].ID, Question: x.entries[e].Question, Score: 1})
			}
		}
	}
	asked, other := x.beginning(key)
	add(asked)
	add(other)
	if len(out) < n {
		add(x.holding(key))
	}
	if q := x.vocabulary.query(normal); len(out) < n && len(q.tokens) >= aWord {
		for _, f := range x.ranker.rank(q, may, 2*n).top {
			if f.words >= halfSaid {
				add([]int32{f.entry})
			}
		}
	}
	return out
}

// beginning returns the entries whose question begins so, and those that can be
// asked in other words that do; the nearest to what is typed first.
func (x *Index) beginning(key string) (asked, other []int32) {
	from, _ := slices.BinarySearchFunc(x.begins, key, func(b beginning, key string) int { return strings.Compare(b.key, key) })
	to := from
	for to < len(x.begins) && to-from < mostBeginnings && strings.HasPrefix(x.begins[to].key, key) {
		to++
	}
	near := slices.Clone(x.begins[from:to])
	slices.SortStableFunc(near, func(a, b beginning) int { return cmp.Compare(len(a.key), len(b.key)) })
	for _, b := range near {
		if x.reads[b.entry] == b.key {
			asked = append(asked, b.entry)
		} else {
			other = append(other, b.entry)
		}
	}
	return asked, other
}

// holding returns the entries whose question has the text within it.
func (x *Index) holding(key string) (es []int32) {
	for e, reads := range x.reads {
		if len(reads) > len(key) && strings.Contains(reads, key) {
			if es = append(es, int32(e)); len(es) == mostBeginnings {
				break
			}
		}
	}
	return es
}
