package retrieve

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"yingda/internal/domain/phrase"
)

// Entry is one question of a knowledge base with its answer's text.
type Entry struct {
	ID        int64
	Question  string
	Phrasings []string // other ways to ask it
	Text      string   // what the answer says; counts a little
	Language  string   // "zh" or "en"
	Internal  bool     // for people who work here only
}

// Index is a knowledge base made ready for [Index.Decide]. It never changes.
type Index struct {
	entries    []Entry
	vocabulary *vocabulary
	ranker     *ranker
	confidence *confidence        // nil: too little to judge from
	same       map[string][]int32 // a phrasing, literally and bare -> its entries
	begins     []beginning        // every way to ask, in the order of how they read
	reads      []string           // by entry: how its question reads
	size       map[string]Size    // by language; "" for all
	plain      bool               // it has yet to learn
}

// New returns an index of entries. Building takes a few seconds for 10,000
// questions with five phrasings each, and less than one for 150 with 20.
func New(entries []Entry) *Index { return index(entries, true) }

// Plain returns an index that has not learnt anything, in a tenth of the time:
// it ranks by words, and offers questions where New answers.
func Plain(entries []Entry) *Index { return index(entries, false) }

func index(entries []Entry, learn bool) *Index {
	x := &Index{entries: slices.Clone(entries), same: map[string][]int32{}, size: map[string]Size{}, reads: make([]string, len(entries))}
	c := newCorpus(len(entries))
	for i, e := range x.entries {
		owner := int32(i) // a knowledge base has far fewer than 2³¹ questions
		ways := e.ways()
		x.size[""] = x.size[""].with(len(ways))
		if e.Language != "" {
			x.size[e.Language] = x.size[e.Language].with(len(ways))
		}
		for _, p := range ways {
			normal := Normalise(p)
			c.ask(owner, normal)
			reads := literal(normal)
			if p == e.Question {
				x.reads[i] = reads
			}
			if reads != "" {
				x.begins = append(x.begins, beginning{reads, owner})
			}
			for _, key := range []string{reads, bare(normal)} {
				if key != "" && !slices.Contains(x.same[key], owner) {
					x.same[key] = append(x.same[key], owner)
				}
			}
		}
		c.say(owner, Normalise(e.Text))
	}
	slices.SortFunc(x.begins, func(a, b beginning) int { return cmp.Or(strings.Compare(a.key, b.key), cmp.Compare(a.entry, b.entry)) })
	x.vocabulary = c.vocabulary
	enough := x.size[""].Tended >= minEntries
	x.plain = enough && !learn
	x.ranker = newRanker(c, enough && learn)
	if enough && learn {
		x.confidence = calibrate(c)
	}
	return x
}

// Size is how much a knowledge base holds in one language.
type Size struct {
	Questions int
	Phrasings int // ways to ask them, the questions themselves included
	Tended    int // questions with at least five ways to ask them
}

func (s Size) with(ways int) Size {
	s.Questions, s.Phrasings = s.Questions+1, s.Phrasings+ways
	if ways >= minWays {
		s.Tended++
	}
	return s
}

// State is what an index can do in one language, for those who write for it.
type State struct {
	Size
	Answers   bool          // it answers outright; otherwise it only offers questions
	Code      Code          // Clear when it answers; else Learning, SmallBase or Unsure
	Lack      phrase.Reason // what is missing before it answers; without a code when it does
	Missing   int           // how many questions with enough ways to ask them are missing
	Precision float64       // what share of its answers is to be right
	Coverage  float64       // share of questions that it is expected to answer outright, between 0 and 1
}

// State returns what the index can do in a language when this share of its
// answers is to be right; a precision of 0 is the usual one.
func (x *Index) State(language string, precision float64) State {
	precision = Limits{Precision: precision}.orUsual().Precision
	s := State{Size: x.size[language], Precision: precision}
	s.Missing = max(0, minEntries-s.Tended)
	switch {
	case x.plain:
		s.Code, s.Lack = Learning, learning()
	case x.confidence == nil || s.Missing > 0:
		s.Code, s.Lack = SmallBase, s.lack()
	case x.confidence.threshold(precision) == never:
		s.Code = Unsure
		s.Lack = phrase.Because("assist.alike", "no answer is right with probability %s: questions resemble each other too much, or have too few ways to ask them", digits(precision))
	default:
		s.Answers, s.Code, s.Coverage = true, Clear, x.confidence.coverage(precision)
	}
	return s
}

// learning says what a start is still busy with.
func learning() phrase.Reason {
	return phrase.Because("assist.learning", "what there is to ask is being learnt; this takes seconds")
}

// Len returns how many questions the index holds.
func (x *Index) Len() int { return len(x.entries) }

// Holds reports whether New would make the same index of these entries.
func (x *Index) Holds(entries []Entry) bool {
	return !x.plain && slices.EqualFunc(x.entries, entries, func(a, b Entry) bool {
		same := slices.Equal(a.Phrasings, b.Phrasings)
		a.Phrasings, b.Phrasings = nil, nil
		return same && reflect.DeepEqual(a, b)
	})
}

// ways returns the question and its phrasings, each once.
func (e Entry) ways() []string {
	all := append([]string{e.Question}, e.Phrasings...)
	return distinct(slices.DeleteFunc(all, func(s string) bool { return strings.TrimSpace(s) == "" }))
}

// contentTokens returns the tokens of what a text asks, each once, without the
// English words that stand everywhere.
func contentTokens(normal string) []string {
	all := slices.DeleteFunc(tokens(plainWords.Replace(matter(normal))), func(t string) bool { return tiny[t] || thin[t] })
	for i, t := range all {
		all[i] = stem(t)
	}
	return distinct(all)
}

// stem removes the commonest English endings, so that "charging" finds
// "charge". Words with digits and short ones stay as they are.
func stem(t string) string {
	if len(t) < 4 || t[0] >= 0x80 || strings.ContainsFunc(t, func(r rune) bool { return r > unicode.MaxASCII || r <= '9' }) {
		return t
	}
	for _, ending := range []string{"ations", "ation", "ings", "ing", "edly", "ied", "ies", "ed", "es", "ly", "s", "e", "y"} {
		if s, ok := strings.CutSuffix(t, ending); ok && len(s) >= 3 && (ending != "s" || s[len(s)-1] != 's') {
			if n := len(s); n > 3 && s[n-1] == s[n-2] && s[n-1] != 'l' && s[n-1] != 's' {
				s = s[:n-1] // stopped, stopping
			}
			return s
		}
	}
	return t
}
