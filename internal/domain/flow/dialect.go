package flow

import (
	_ "embed"
	"slices"
	"strings"
)

//go:embed dialect.txt
var dialect string

// dialectWord is a word of a dialect and what it is in the standard language.
type dialectWord struct{ said, standard []rune }

// dialectWords are the words of dialects by their first character, the longest
// first.
var dialectWords = func() map[rune][]dialectWord {
	words := map[rune][]dialectWord{}
	for line := range strings.Lines(dialect) {
		said, standard, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !isHan(said) { // a heading
			continue
		}
		w := dialectWord{[]rune(foldText(said)), []rune(standard)}
		for len(w.standard) < len(w.said) {
			w.standard = append(w.standard, ' ')
		}
		words[w.said[0]] = append(words[w.said[0]], w)
	}
	for _, list := range words {
		slices.SortFunc(list, func(a, b dialectWord) int { return len(b.said) - len(a.said) })
	}
	return words
}()

// standard returns a message in the standard language and without hesitation, as
// long as it was: 听日下昼 is 明天下午.
func standard(text string) string {
	said := []rune(text)
	plain := newScan(text).folded
	if len(plain) != len(said) {
		return text
	}
	for i := 0; i < len(said); i++ {
		if plain[i] == '呃' || plain[i] == '额' && i == 0 && len(said) > 1 { // hesitating
			said[i] = ' '
			continue
		}
		for _, w := range dialectWords[plain[i]] {
			if i+len(w.said) <= len(plain) && slices.Equal(plain[i:i+len(w.said)], w.said) {
				copy(said[i:], w.standard)
				i += len(w.said) - 1
				break
			}
		}
	}
	return string(said)
}
