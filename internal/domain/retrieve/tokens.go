package retrieve

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Normalise returns the text as it is compared: one form for each character
// (NFKC: full-width becomes plain), small letters, simplified characters,
// without marks, apostrophes and invisible characters. Broken UTF-8 becomes a
// space. Normalising twice changes nothing more.
func Normalise(text string) string {
	text = norm.NFKC.String(strings.ToValidUTF8(text, " "))
	text = strings.Map(foldRune, text)
	if norm.NFKC.IsNormalString(text) {
		return text
	}
	return strings.Map(foldRune, norm.NFKC.String(text)) // a mark stood between two that belong together
}

func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r == '\'':
			return -1
		case r < ' ' || r == 0x7f:
			return ' '
		}
		return r
	}
	switch {
	case r == '’' || unicode.In(r, unicode.M, unicode.Cf):
		return -1
	case unicode.IsControl(r):
		return ' '
	}
	return simplify(unicode.ToLower(r))
}

// maxToken bounds a token in bytes: nobody searches for more, and an index
// does not have to hold it.
const maxToken = 64

// Tokens returns what the ranking compares: of text without spaces between
// words (Chinese, Japanese, Korean) each character and each two neighbours;
// otherwise each word or number. Parts joined as in DD-2026-0001 count one by
// one and together.
func Tokens(text string) []string { return tokens(Normalise(text)) }

func tokens(normal string) []string {
	out := make([]string, 0, len(normal)/2)
	last := run{}
	for r := range runs(normal) {
		word := normal[r.start:r.end]
		switch {
		case r.dense:
			out = append(out, word)
			if last.dense && last.end == r.start {
				out = append(out, normal[last.start:r.end])
			}
		case len(r.parts) > 1:
			for _, p := range r.parts {
				out = append(out, clip(p))
			}
			out = append(out, clip(strings.Join(r.parts, "")))
		default:
			out = append(out, clip(word))
		}
		last = r
	}
	return out
}

// IndexTokens returns the tokens under which a full-text search files a text,
// each once: every two neighbours of Chinese text and its last character, every
// word, and joined parts from each part on. They consist of letters and digits
// only and are at most 64 bytes long.
func IndexTokens(text string) []string {
	normal := Normalise(text)
	out := make([]string, 0, len(normal)/2)
	var last run
	for r := range runs(normal) {
		if last.dense {
			out = append(out, pair(normal, last, r))
		}
		if !r.dense {
			for i := range r.parts {
				out = append(out, clip(strings.Join(r.parts[i:], "")))
			}
		}
		last = r
	}
	if last.dense {
		out = append(out, normal[last.start:last.end])
	}
	return distinct(out)
}

// pair returns a character with its neighbour, or alone when none follows.
func pair(normal string, a, b run) string {
	if b.dense && a.end == b.start {
		return normal[a.start:b.end]
	}
	return normal[a.start:a.end]
}

// Term is one thing that a text must hold to be found.
type Term struct {
	Text   string
	Prefix bool // a token that begins with Text will do
}

// QueryTokens returns the terms of a search, each once. A text is found when
// its [IndexTokens] match all of them, in any order: a Chinese word of two
// characters is one term, a longer one is its pairs, a single character and a
// Latin word match as prefixes. No terms means there is nothing to search for.
func QueryTokens(query string) []Term {
	normal := Normalise(query)
	var out []Term
	var last run
	alone := false // last has no neighbour so far
	for r := range runs(normal) {
		next := r.dense && last.dense && last.end == r.start
		switch {
		case next:
			out = append(out, Term{Text: normal[last.start:r.end]})
		case last.dense && alone:
			out = append(out, Term{Text: normal[last.start:last.end], Prefix: true})
		}
		if !r.dense {
			out = append(out, Term{Text: clip(strings.Join(r.parts, "")), Prefix: true})
		}
		last, alone = r, r.dense && !next
	}
	if alone {
		out = append(out, Term{Text: normal[last.start:last.end], Prefix: true})
	}
	return distinct(out)
}

// distinct removes what stands before already. Texts are short, and long ones
// are sorted out by a map.
func distinct[T comparable](in []T) []T {
	if len(in) < 16 {
		out := in[:0]
		for _, t := range in {
			if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
		return out
	}
	seen := make(map[T]bool, len(in))
	return slices.DeleteFunc(in, func(t T) bool {
		known := seen[t]
		seen[t] = true
		return known
	})
}

func clip(s string) string {
	if len(s) <= maxToken {
		return s
	}
	end := maxToken
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

// run is one character of dense text, or one word with its joined parts.
type run struct {
	start, end int
	dense      bool
	parts      []string
}

// maxParts bounds how many parts are taken for one word, as in an address.
const maxParts = 8

// runs walks through normalised text.
func runs(s string) func(yield func(run) bool) {
	return func(yield func(run) bool) {
		for i := 0; i < len(s); {
			r, n := utf8.DecodeRuneInString(s[i:])
			switch {
			case dense(r):
				if !yield(run{start: i, end: i + n, dense: true}) {
					return
				}
				i += n
			case wordly(r):
				w := word(s, i)
				if !yield(w) {
					return
				}
				i = w.end
			default:
				i += n
			}
		}
	}
}

// word reads the word that begins at i, with what is joined to it.
func word(s string, i int) run {
	w := run{start: i}
	for {
		end := i
		for end < len(s) {
			r, n := utf8.DecodeRuneInString(s[end:])
			if !wordly(r) {
				break
			}
			end += n
		}
		w.parts = append(w.parts, s[i:end])
		w.end = end
		r, n := utf8.DecodeRuneInString(s[end:])
		if !joins(r) || len(w.parts) == maxParts {
			return w
		}
		if after, _ := utf8.DecodeRuneInString(s[end+n:]); !wordly(after) {
			return w
		}
		i = end + n
	}
}

// dense reports whether r is of a script that writes without spaces.
func dense(r rune) bool {
	return r >= 0x1100 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) && unicode.IsLetter(r)
}

func wordly(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r)) && !dense(r)
}

func joins(r rune) bool { return strings.ContainsRune("-_./@:+·", r) }
