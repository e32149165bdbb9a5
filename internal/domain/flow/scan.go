package flow

import (
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"yingda/internal/domain/retrieve"
)

// mostRunes is how much of a message is read for values; nobody answers a
// question at greater length.
const mostRunes = 2000

// scan is a message while values are read from it: as it was said, and folded
// character by character (plain forms, small letters, simplified characters).
// What one slot took is blotted out for the others.
type scan struct {
	said, folded []rune
}

// blot stands where a value was taken. It is in no pattern.
const blot = '\ufffc'

func newScan(text string) *scan {
	s := &scan{said: []rune(strings.ToValidUTF8(text, " "))}
	if len(s.said) > mostRunes {
		s.said = s.said[:mostRunes]
	}
	s.folded = make([]rune, len(s.said))
	for i, r := range s.said {
		s.folded[i] = foldRune(r)
	}
	return s
}

// folds are the folded forms of characters, by their numbers, once they were
// looked up.
var folds [1 << 16]atomic.Int32

func foldRune(r rune) rune {
	if r < 0 || int(r) >= len(folds) {
		return lookUpFold(r)
	}
	if f := folds[r].Load(); f != 0 {
		return f
	}
	f := lookUpFold(r)
	folds[r].Store(f)
	return f
}

func lookUpFold(r rune) rune {
	switch {
	case r == '。':
		return '.'
	case r == '幺': // said for one; as an old form it would become 么
		return r
	case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == ' ':
		return r
	}
	n := retrieve.Normalise(string(r))
	if f, size := utf8.DecodeRuneInString(n); size == len(n) && size > 0 {
		return f
	}
	return ' '
}

func (s *scan) text() string { return string(s.folded) }

// span is a part of a message, in characters, with the groups of a pattern.
type span struct {
	from, to int
	groups   []string
}

// text returns what a part says, a character for each, so that places in it are
// places in the part where it is plain letters and digits.
func (sp span) text(s *scan) string {
	return strings.Map(func(r rune) rune {
		if r > 127 {
			return ' '
		}
		return r
	}, string(s.folded[sp.from:sp.to]))
}

// find returns where a pattern matches first, and its groups.
func (s *scan) find(re *regexp.Regexp) (span, bool) { return s.findFrom(re, 0) }

// findFrom is find from a character on.
func (s *scan) findFrom(re *regexp.Regexp, from int) (span, bool) {
	if from > len(s.folded) {
		return span{}, false
	}
	t := string(s.folded[from:])
	at := re.FindStringSubmatchIndex(t)
	if at == nil {
		return span{}, false
	}
	sp := span{from: from + utf8.RuneCountInString(t[:at[0]])}
	sp.to = sp.from + utf8.RuneCountInString(t[at[0]:at[1]])
	for i := 0; i < len(at); i += 2 {
		g := ""
		if at[i] >= 0 {
			g = t[at[i]:at[i+1]]
		}
		sp.groups = append(sp.groups, g)
	}
	return sp, true
}

// take returns what was said in a part, and blots it out.
func (s *scan) take(from, to int) string {
	said := strings.TrimSpace(string(s.said[from:to]))
	for i := from; i < to; i++ {
		s.folded[i] = blot
	}
	return said
}

// takeAlnum takes a part without what only bounds its letters and digits.
func (s *scan) takeAlnum(sp span) string {
	for sp.from < sp.to && !isAlnum(s.folded[sp.from]) {
		sp.from++
	}
	for sp.to > sp.from && !isAlnum(s.folded[sp.to-1]) {
		sp.to--
	}
	return s.take(sp.from, sp.to)
}

// clone returns a scan that blots out on its own.
func (s *scan) clone() *scan { return &scan{said: s.said, folded: slices.Clone(s.folded)} }

// blotOut blots out every word of a list, the longest first, but where it is a
// part of a longer word that is to be kept.
func (s *scan) blotOut(list, keep []string) {
	kept := make([]bool, len(s.folded))
	for _, w := range keep {
		word := []rune(foldText(w))
		inside := slices.ContainsFunc(list, func(l string) bool { return len(l) < len(w) && strings.Contains(string(word), foldText(l)) })
		for i := 0; inside && i+len(word) <= len(s.folded); i++ {
			if slices.Equal(s.folded[i:i+len(word)], word) {
				for j := range word {
					kept[i+j] = true
				}
			}
		}
	}
	list = slices.SortedFunc(slices.Values(list), func(a, b string) int { return len(b) - len(a) })
	for _, w := range list {
		word := []rune(foldText(w))
		for i := 0; len(word) > 0 && i+len(word) <= len(s.folded); i++ {
			if !kept[i] && slices.Equal(s.folded[i:i+len(word)], word) {
				s.take(i, i+len(word))
			}
		}
	}
}

func isAlnum(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }

func foldText(s string) string { return newScan(s).text() }
