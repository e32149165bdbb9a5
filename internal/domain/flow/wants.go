package flow

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// measures are the little words between a verb and its object.
var measures = regexp.MustCompile(`一?[个次下]`)

// Wants returns the flow that a message asks for: the one with the longest of
// its triggers, or else of its signs. One of four characters and more may have
// one wrong.
func (l Library) Wants(text string) (Flow, bool) {
	if l.layout == nil {
		return Flow{}, false
	}
	t := newScan(l.mend(text)).text()
	plain := measures.ReplaceAllString(t, "") // 约个保养 is 约保养
	best, size := 0, 0
	for _, n := range l.names {
		if n.weight > size && (strings.Contains(t, n.word) || strings.Contains(plain, n.word) || n.runes >= 4 && holdsNearly(t, n.word)) {
			best, size = n.flow, n.weight
		}
	}
	if size == 0 {
		return Flow{}, false
	}
	return l.newest[best], true
}

// lookingUp is what is said beside a number that is to be looked up.
var lookingUp = regexp.MustCompile(`查|看看|进度|进展|状态|到哪|怎么样|怎样|咋样|情况|结果|催|单号|编号|\b(?:status|update|where|check|progress|done|ready)\b`)

// mostBeside is how much may stand beside a number, in marks.
const mostBeside = 14

// Numbered returns the flow that looks up the number of an order or a case,
// where a message is such a number and little else: 麻烦查下 GD-3107.
func (l Library) Numbered(text string) (Flow, bool) {
	sc := newScan(text)
	_, err := readReference(sc, false)
	alone := bare(sc.text()) == ""
	lookedUp := len(marks(sc.text())) <= mostBeside && lookingUp.MatchString(sc.text())
	if err != nil || !alone && !lookedUp {
		return Flow{}, false
	}
	at := slices.IndexFunc(l.flows, func(f Flow) bool {
		return slices.ContainsFunc(f.Slots, func(s Slot) bool { return s.Type == Reference })
	})
	if at < 0 {
		return Flow{}, false
	}
	return l.Latest(l.flows[at].ID)
}

// holdsNearly reports whether a word stands somewhere in a text with one
// character wrong.
func holdsNearly(text, word string) bool {
	t, w := []rune(text), []rune(word)
	if unicode.Is(unicode.Latin, w[0]) && len(w) < 7 {
		return false
	}
	for i := 0; i+len(w) <= len(t); i++ {
		wrong := 0
		for j := range w {
			if t[i+j] != w[j] {
				wrong++
			}
		}
		if wrong <= 1 {
			return true
		}
	}
	return false
}
