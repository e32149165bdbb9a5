package retrieve

import (
	"strings"
	"unicode/utf8"
)

// QueryWords returns the words of a search as they must stand in a text: what
// spaces separate, normalised.
func QueryWords(query string) []string { return strings.Fields(Normalise(query)) }

// Whole returns the terms with Latin words as they are typed, not as
// beginnings, and whether that makes a difference. A single Chinese character
// stands in the index only as a beginning.
func Whole(terms []Term) (whole []Term, differs bool) {
	whole = make([]Term, len(terms))
	for i, t := range terms {
		whole[i] = t
		if r, _ := utf8.DecodeRuneInString(t.Text); t.Prefix && !dense(r) {
			whole[i].Prefix, differs = false, true
		}
	}
	return whole, differs
}

// Holds reports whether a text holds every word. Tokens alone do not tell: the
// pairs of a longer Chinese word may stand apart.
func Holds(text string, words []string) bool {
	normal := Normalise(text)
	for _, w := range words {
		if !strings.Contains(normal, w) {
			return false
		}
	}
	return true
}

// Piece is a part of a snippet; Mark tells that it is what was looked for.
type Piece struct {
	Text string `json:"text"`
	Mark bool   `json:"mark"`
}

// Snippet returns the part of a text in which the first word stands, about
// most characters long, cut where words begin and end.
func Snippet(text string, words []string, most int) []Piece {
	text = strings.Join(strings.Fields(text), " ")
	runes := []rune(text)
	starts, folded := foldEach(runes)
	first := len(folded)
	for _, w := range words {
		if i := strings.Index(folded, w); i >= 0 {
			first = min(first, i)
		}
	}
	from := 0
	if first < len(folded) {
		from = max(0, starts[first]-most/4)
	}
	to := min(len(runes), from+most)
	var out []Piece
	if from > 0 {
		out = append(out, Piece{Text: "…"})
	}
	out = append(out, marked(runes[from:to], words)...)
	if to < len(runes) {
		out = append(out, Piece{Text: "…"})
	}
	return out
}

// marked cuts runes into what was looked for and the rest.
func marked(runes []rune, words []string) []Piece {
	starts, folded := foldEach(runes)
	mark := make([]bool, len(runes)+1)
	for _, w := range words {
		for at := 0; w != ""; {
			i := strings.Index(folded[at:], w)
			if i < 0 {
				break
			}
			end := at + i + len(w)
			for r := starts[at+i]; r < len(runes) && (end >= len(starts) || r < starts[end]); r++ {
				mark[r] = true
			}
			at = end
		}
	}
	var out []Piece
	for i, r := range runes {
		if len(out) == 0 || out[len(out)-1].Mark != mark[i] {
			out = append(out, Piece{Mark: mark[i]})
		}
		out[len(out)-1].Text += string(r)
	}
	return out
}

// foldEach normalises character by character, and tells for each byte of the
// result from which character it comes.
func foldEach(runes []rune) (starts []int, folded string) {
	var b strings.Builder
	for i, r := range runes {
		s := Normalise(string(r))
		if s == "" && r != utf8.RuneError {
			s = " "
		}
		for range len(s) {
			starts = append(starts, i)
		}
		b.WriteString(s)
	}
	return starts, b.String()
}
