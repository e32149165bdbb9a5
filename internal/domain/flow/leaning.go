package flow

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// Leaning is the flow that a message resembles, where no trigger names one.
type Leaning struct {
	Flow  Flow
	Score float64 // how near it comes to what people say who want this, from 0 to 1
	Lead  float64 // by how much it leaves the next flow behind
}

// From these on a flow is offered, and begun. They were chosen on dialogues that
// were written to learn from.
const (
	offerScore, offerLead = 0.26, 0.06
	beginScore, beginLead = 0.45, 0.15
)

// covered is how much more it counts that a phrasing is found in the message
// than that the message is found in the phrasing.
const covered = 0.7

// Offered reports whether the flow is worth offering.
func (l Leaning) Offered() bool { return l.Score >= offerScore && l.Lead >= offerLead }

// Begun reports whether the message is near enough to begin the flow.
func (l Leaning) Begun() bool { return l.Score >= beginScore && l.Lead >= beginLead }

// Leans returns the flow that a message resembles most, by the characters and
// words that it has in common with the flows' phrasings, the rare ones more. Of
// each flow the two nearest phrasings count.
func (l Library) Leans(text string) (best Leaning) {
	if l.layout == nil {
		return Leaning{}
	}
	both, shared, whole := make([]float64, len(l.ways)), make([]int, len(l.ways)), 0.0
	for m := range marks(l.mend(text)) {
		worth := l.worth(m)
		whole += worth
		for _, w := range l.standsIn[m] {
			both[w] += worth
			if shared[w]++; m[0] == 'w' { // a word says more than a character
				shared[w]++
			}
		}
	}
	first, second := make([]float64, len(l.newest)), make([]float64, len(l.newest))
	for i, w := range l.ways {
		near := both[i] / (math.Pow(w.worth, covered)*math.Pow(whole, 1-covered) + 1e-9)
		switch {
		case shared[i] < 2: // one character says nothing
		case near > first[w.flow]:
			first[w.flow], second[w.flow] = near, first[w.flow]
		case near > second[w.flow]:
			second[w.flow] = near
		}
	}
	next := 0.0
	for i, f := range l.newest {
		score := 0.75*first[i] + 0.25*second[i]
		switch {
		case score > best.Score:
			best, next = Leaning{Flow: f, Score: score}, best.Score
		case score > next:
			next = score
		}
	}
	best.Lead = best.Score - next
	return best
}

// marks are the characters, pairs of characters and words of a text that say
// what it is about.
func marks(text string) map[string]bool {
	t := strings.Map(func(r rune) rune {
		if strings.ContainsRune("我你您的了吗呢啊吧呀哦嘛请个一下在是那这就都也还给把帮想要能", r) {
			return '|'
		}
		return r
	}, bare(text))
	found := map[string]bool{}
	var before rune
	for _, r := range t {
		if unicode.Is(unicode.Han, r) {
			found[string(r)] = true
			if before != 0 {
				found[string([]rune{before, r})] = true
			}
			before = r
		} else {
			before = 0
		}
	}
	last := ""
	for _, w := range strings.FieldsFunc(t, func(r rune) bool { return !isAlnum(r) }) {
		if len(w) < 2 || slices.Contains(smallWords, w) {
			continue
		}
		if len(w) > 4 { // charged, charging
			w = w[:max(4, len(w)-2)]
		}
		found["w"+w] = true
		if last != "" {
			found["w"+last+" "+w] = true
		}
		last = w
	}
	return found
}

var smallWords = strings.Fields("my is the an to of in on it at by for from and or can could you your me we want need have has had would like please just so that this there be been was are am do does did not will with up")
