package filter

import (
	"slices"
	"unicode"
)

// folded is a text as words are compared: full width, letter case, spaces and
// marks between the characters make no difference. at is where each character
// stood.
type folded struct {
	runes []rune
	at    []int
	whole []rune
}

func fold(s string) folded {
	f := folded{whole: []rune(s)}
	for i, r := range f.whole {
		if skipped(r) {
			continue
		}
		if r >= '！' && r <= '～' { // full width
			r -= '！' - '!'
		}
		f.runes, f.at = append(f.runes, unicode.ToLower(r)), append(f.at, i)
	}
	return f
}

// skipped are the characters that people put between those of a word.
func skipped(r rune) bool {
	switch r {
	case '*', '.', '-', '_', '|', '·', '~', '^', '…', '，', '。', '、', '＊', '．', '－', '＿', '｜', '～':
		return true
	}
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r)
}

// Matcher finds the words of lists in texts, all at once (Aho and Corasick): how
// long that takes depends on the text, not on how many words there are. It is
// not changed after it was made, and many may use it.
type Matcher struct {
	nodes []node
	words []entry
}

type node struct {
	next  map[rune]int32
	fail  int32
	out   []int32 // words that end here
	final int32   // the next node on the way of failures at which words end; 0: none
}

type entry struct {
	word   string
	list   string
	action Action
	length int
	latin  bool
}

// For returns a matcher of the lists that are on, for what agents or customers
// write.
func (s Settings) For(agents bool) *Matcher {
	m := &Matcher{nodes: []node{{}}}
	for _, l := range s.Lists {
		if !l.Enabled || agents && !l.Agents || !agents && !l.Contacts {
			continue
		}
		action := l.Action
		if !agents && action != Notify {
			action = Mask
		}
		for _, w := range l.Words {
			m.add(w, l.ID, action)
		}
	}
	m.link()
	return m
}

func (m *Matcher) add(word, list string, action Action) {
	f := fold(word)
	if len(f.runes) == 0 {
		return
	}
	at := int32(0)
	latin := true
	for _, r := range f.runes {
		latin = latin && letter(r)
		next, ok := m.nodes[at].next[r]
		if !ok {
			next = int32(len(m.nodes))
			if m.nodes[at].next == nil {
				m.nodes[at].next = map[rune]int32{}
			}
			m.nodes[at].next[r] = next
			m.nodes = append(m.nodes, node{})
		}
		at = next
	}
	m.nodes[at].out = append(m.nodes[at].out, int32(len(m.words)))
	m.words = append(m.words, entry{word: word, list: list, action: action, length: len(f.runes), latin: latin})
}

// link gives each node the longest other beginning of a word that ends there.
func (m *Matcher) link() {
	queue := []int32{}
	for _, n := range m.nodes[0].next {
		queue = append(queue, n)
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for r, n := range m.nodes[at].next {
			f := m.nodes[at].fail
			for f != 0 && m.nodes[f].next[r] == 0 {
				f = m.nodes[f].fail
			}
			to := m.nodes[f].next[r]
			m.nodes[n].fail = to
			if len(m.nodes[to].out) > 0 {
				m.nodes[n].final = to
			} else {
				m.nodes[n].final = m.nodes[to].final
			}
			queue = append(queue, n)
		}
	}
}

// letter reports whether a character belongs to a word of Latin letters and
// digits, which is found only as a whole: "ass" does not stand in "class".
func letter(r rune) bool {
	return r < 0x250 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// Find returns the words that stand in a text, in the order in which they
// begin.
func (m *Matcher) Find(text string) []Hit {
	if len(m.words) == 0 || text == "" {
		return nil
	}
	f := fold(text)
	var hits []Hit
	at := int32(0)
	for i, r := range f.runes {
		for at != 0 && m.nodes[at].next[r] == 0 {
			at = m.nodes[at].fail
		}
		at = m.nodes[at].next[r]
		for n := at; n != 0; n = m.nodes[n].final {
			for _, w := range m.nodes[n].out {
				e := m.words[w]
				from, to := f.at[i-e.length+1], f.at[i]+1
				if e.latin && (inside(f.whole, from-1) || inside(f.whole, to)) {
					continue
				}
				hits = append(hits, Hit{List: e.list, Word: e.word, Action: e.action, From: from, To: to})
			}
		}
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return a.From - b.From })
	return hits
}

func inside(text []rune, i int) bool {
	if i < 0 || i >= len(text) {
		return false
	}
	r := text[i]
	if r >= '！' && r <= '～' {
		r -= '！' - '!'
	}
	return letter(r)
}
