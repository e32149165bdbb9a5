package retrieve

import (
	"math"
	"slices"
	"unicode/utf8"
)

// Passage is a part of an article as it is compared with what somebody asks.
type Passage struct {
	Article  int64
	Language string
	Internal bool     // for people who work here only
	Title    string   // of the article, with the headings over the passage
	Lines    []string // each says something alone
}

// Passages are the parts of all articles, made ready to be asked. They never
// change.
type Passages struct {
	all      []Passage
	words    []map[string]bool // by passage: the tokens of its lines
	titled   []map[string]bool // and of its title
	rare     map[string]float64
	rarest   float64
	language map[string]int // how many there are
}

// NewPassages returns passages that can be asked.
func NewPassages(all []Passage) *Passages {
	x := &Passages{
		all: all, words: make([]map[string]bool, len(all)), titled: make([]map[string]bool, len(all)),
		rare: map[string]float64{}, language: map[string]int{},
	}
	for i, p := range all {
		x.words[i], x.titled[i] = map[string]bool{}, tokenSet(p.Title)
		for _, l := range p.Lines {
			for t := range tokenSet(l) {
				x.words[i][t] = true
			}
		}
		for t := range x.words[i] {
			x.rare[t]++
		}
		for t := range x.titled[i] {
			if !x.words[i][t] {
				x.rare[t]++
			}
		}
		if !p.Internal {
			x.language[p.Language]++
		}
	}
	n := float64(len(all))
	x.rarest = math.Log(1 + n)
	for t, df := range x.rare {
		x.rare[t] = math.Log(1 + (n-df+0.5)/(df+0.5))
	}
	return x
}

func tokenSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, t := range contentTokens(Normalise(text)) {
		set[t] = true
	}
	return set
}

// Quote is the passage that comes nearest to what somebody asks.
type Quote struct {
	Passage  int     // its number
	From, To int     // which of its lines say it: from, and before
	Score    float64 // share of what is asked, by weight, that it has; from 0 to 1
	Next     float64 // the same of the nearest passage of another article
	Sure     bool    // it answers; otherwise it may be worth a look
}

// What was measured on the demonstration's articles: from which score on a
// passage answers, and from which on its article is worth a link
// (bench/RESULTS.md). What its title alone has counts in part, and another
// article that comes near makes both less sure.
const (
	QuoteEnough = 0.6
	QuoteNear   = 0.45
	byTitle     = 0.7
	quoteLead   = 0.1
	leastTokens = 5  // of what is asked: a word alone is no question
	fewPassages = 20 // say too little of how rare a word is

	mostQuoted = 240 // characters
)

// Ask returns the passage that comes nearest to a text; false where none comes
// near.
func (x *Passages) Ask(text string, l Limits) (q Quote, ok bool) {
	normal := Normalise(text)
	asked := contentTokens(normal)
	language := LanguageOf(normal, l.Language)
	weight := make([]float64, len(asked))
	var all float64
	for i, t := range asked {
		rare, known := x.rare[t]
		weight[i] = float64(kindWeight(t)) * rare
		if !known {
			if weight[i] = float64(kindWeight(t)) * x.rarest; isPair(t) {
				weight[i] /= 2 // it may be made of known characters
			}
		}
		all += weight[i]
	}
	if all == 0 || len(asked) < leastTokens {
		return q, false
	}
	for i, p := range x.all {
		if p.Language != language || p.Internal && !l.Internal {
			continue
		}
		var has float64
		for k, t := range asked {
			switch {
			case x.words[i][t]:
				has += weight[k]
			case x.titled[i][t]:
				has += byTitle * weight[k]
			}
		}
		score := has / all
		switch {
		case score <= 0:
		case score > q.Score:
			next := q.Next
			if ok && x.all[q.Passage].Article != p.Article {
				next = q.Score
			}
			q, ok = Quote{Passage: i, Score: score, Next: next}, true
		case p.Article != x.all[q.Passage].Article:
			q.Next = max(q.Next, score)
		}
	}
	if !ok || q.Score < QuoteNear {
		return q, false
	}
	q.Sure = q.Score >= QuoteEnough && q.Score-q.Next >= quoteLead && x.language[language] >= fewPassages
	q.From, q.To = x.window(x.all[q.Passage].Lines, asked, weight)
	return q, true
}

// window returns which lines have most of what is asked, and as many around
// them as are read at a glance.
func (x *Passages) window(lines []string, asked []string, weight []float64) (from, to int) {
	sizes, total := make([]int, len(lines)), 0
	for i, l := range lines {
		sizes[i] = utf8.RuneCountInString(l)
		total += sizes[i]
	}
	if total <= mostQuoted {
		return 0, len(lines)
	}
	gain := make([]float64, len(lines))
	for i, l := range lines {
		set := tokenSet(l)
		for k, t := range asked {
			if set[t] {
				gain[i] += weight[k]
			}
		}
	}
	best := slices.Index(gain, slices.Max(gain))
	from, to = best, best+1
	for size := sizes[best]; ; {
		before, after := from > 0 && size+sizes[from-1] <= mostQuoted, to < len(lines) && size+sizes[to] <= mostQuoted
		switch {
		case before && (!after || gain[from-1] > gain[to]):
			from--
			size += sizes[from]
		case after:
			size += sizes[to]
			to++
		default:
			return from, to
		}
	}
}

// Article returns the article of a passage.
func (x *Passages) Article(passage int) int64 { return x.all[passage].Article }
