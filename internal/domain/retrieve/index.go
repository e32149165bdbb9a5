package retrieve

import (
	"math"
	"slices"
	"strings"
	"unicode"
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
	entries []Entry
	asked   field              // one document for each question and phrasing
	said    field              // one document for each answer
	same    map[string][]int32 // a phrasing, literally and bare -> its entries
	size    map[string]int     // entries by language
	scratch chan *scratch      // room to work in, used again
}

// New returns an index of entries. Building takes about a second for 10,000
// questions with six phrasings each.
func New(entries []Entry) *Index {
	x := &Index{entries: slices.Clone(entries), same: map[string][]int32{}, size: map[string]int{}}
	asked, said := newBuilder(), newBuilder()
	for i, e := range x.entries {
		owner := int32(i) // a knowledge base has far fewer than 2³¹ questions
		x.size[e.Language]++
		for _, p := range e.ways() {
			normal := Normalise(p)
			asked.add(owner, contentTokens(normal))
			for _, key := range []string{literal(normal), bare(normal)} {
				if key != "" && !slices.Contains(x.same[key], owner) {
					x.same[key] = append(x.same[key], owner)
				}
			}
		}
		if e.Text != "" {
			said.add(owner, contentTokens(Normalise(e.Text)))
		}
	}
	x.asked, x.said = asked.field(), said.field()
	x.scratch = make(chan *scratch, spareRooms)
	return x
}

// spareRooms is how many questions are worked on at once without making room
// anew.
const spareRooms = 8

// Len returns how many questions the index holds.
func (x *Index) Len() int { return len(x.entries) }

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

// field is an inverted index of short documents with their weights worked out.
type field struct {
	terms  map[string]int32
	idf    []float32 // by term
	start  []int32   // by term: where its postings begin; one more at the end
	docs   []int32
	weight []float32 // by posting: what the document gains by the term
	owner  []int32   // by document: its entry
	maxIDF float32
}

// The usual constants of BM25.
const (
	k1          = 1.2
	lengthShare = 0.75
)

type builder struct {
	terms  map[string]int32
	tokens []int32 // of all documents, one after another
	length []int   // tokens of each document
	owner  []int32
	df     []int32
}

func newBuilder() *builder { return &builder{terms: map[string]int32{}} }

func (u *builder) add(owner int32, tokens []string) {
	for _, t := range tokens {
		id, ok := u.terms[t]
		if !ok {
			id = int32(len(u.terms))
			u.terms[strings.Clone(t)] = id
			u.df = append(u.df, 0)
		}
		u.df[id]++
		u.tokens = append(u.tokens, id)
	}
	u.owner, u.length = append(u.owner, owner), append(u.length, len(tokens))
}

// field works the weights out. A token counts once in a document: phrasings
// are too short for its frequency to say anything.
func (u *builder) field() field {
	f := field{
		terms: u.terms, owner: u.owner, idf: make([]float32, len(u.terms)), start: make([]int32, len(u.terms)+1),
		docs: make([]int32, len(u.tokens)), weight: make([]float32, len(u.tokens)),
	}
	n := float64(len(u.owner))
	f.maxIDF = float32(math.Log(1 + n))
	for t, df := range u.df {
		f.idf[t] = float32(math.Log(1 + (n-float64(df)+0.5)/(float64(df)+0.5)))
		f.start[t+1] = f.start[t] + df
	}
	next := slices.Clone(f.start)
	average := float64(len(u.tokens)) / n
	rest := u.tokens
	for d, length := range u.length {
		norm := float32((k1 + 1) / (1 + k1*(1-lengthShare+lengthShare*float64(length)/average)))
		for _, t := range rest[:length] {
			f.docs[next[t]] = int32(d)
			f.weight[next[t]] = f.idf[t] * norm
			next[t]++
		}
		rest = rest[length:]
	}
	return f
}
