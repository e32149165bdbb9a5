package flow

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What people mean who answer a summary, beside yes and no.
const meantCancel = "cancel"

// How likely an answer to a summary has to mean a yes, a no or that the person
// gives up, to be taken for it.
const (
	sureAssent  = 0.6
	sureStrange = 0.85 // of a yes that denies something, is one English word or has one that tells, or has something in it that stood in no other
	sureAgainst = 0.9  // that what a rule takes for a yes is none
	sureDissent = 0.5
	sureCancel  = 0.7
)

// meantBy returns what an answer to a summary means by what others said who meant
// it; empty where that is not sure. Of a yes, all that stands in it has to stand
// in others, or in what was shown, and there is no value in it beside those that
// were shown.
func (t *turn) meantBy(flow Flow, f *Frame) string {
	r := t.Flows.readers
	if r == nil || isQuestion(t.plain()) || len([]rune(t.said)) > 2*mostRead {
		return ""
	}
	rest := t.repeating(flow, f)
	value, share := r.assent.read(rest, "")
	least := sureAssent
	if denying.MatchString(fixedNot.ReplaceAllString(bare(rest), "")) || !isHan(rest) && (!strings.Contains(bare(rest), " ") || telling.MatchString(bare(rest))) {
		least = sureStrange
	}
	switch {
	case value == Yes && !code.MatchString(rest) && !t.tellsValue(rest) && onlyNames(rest, t.shownNow(flow, f)) &&
		(share >= sureStrange && r.agreed.know(rest) || share >= least && r.agreed.hold(rest, t.shownNow(flow, f))):
		return Yes
	case value == No && share >= sureDissent, value == meantCancel && share >= sureCancel && !t.tellsValue(t.plain()):
		return value
	}
	return ""
}

// noYes reports whether an answer surely is no yes, by what others said who meant
// none: 对对对你最对.
func (t *turn) noYes(flow Flow, f *Frame) bool {
	r := t.Flows.readers
	if r == nil || bare(t.said) == "要" || agreesAndWaits(t.plain()) {
		return false
	}
	shares := r.assent.shares(t.repeating(flow, f), "")
	at := slices.Index(r.assent.values, Yes)
	return at >= 0 && shares[at] < 1-sureAgainst
}

// deeds are words for what flows do, by which a yes may mean another thing than
// what was shown: 换吧.
var deeds = regexp.MustCompile(`换|删|注销|销号|销户|关[了吧掉闭]|撤|退款|退货|维修|修[吧车理]|补[吧胎漆]|打[来过给电]|回电|催|delete|remove|close|call|cancel`)

// onlyNames reports whether the deeds that a text names are those that were shown.
func onlyNames(text, shown string) bool {
	if shown = foldText(shown); strings.Contains(shown, "注销") || strings.Contains(shown, "close") {
		shown += "删除 关掉 delete remove"
	}
	for _, w := range deeds.FindAllString(text, -1) {
		if first, size := utf8.DecodeRuneInString(w); !strings.Contains(shown, string(first)) || size == 1 && !strings.Contains(shown, w) {
			return false
		}
	}
	return true
}

// pairs are the characters, the pairs of them and the English words of some texts.
type pairs map[string]bool

func pairsOf(texts []string) pairs {
	p := pairs{}
	for _, text := range texts {
		t, words, _, _ := tokens(standard(text))
		for i := 1; i < len(t); i++ {
			p[string(t[i])] = true
			p[string(t[i-1:i+1])] = true
		}
		for _, w := range words {
			p[w] = true
		}
	}
	return p
}

// know reports whether each character of a text stands somewhere in them, and
// each word, and there is no number in it.
func (p pairs) know(text string) bool {
	t, words, _, counts := tokens(text)
	return !counts && !slices.ContainsFunc(words, func(w string) bool { return !p[w] }) &&
		!slices.ContainsFunc(t, func(r rune) bool { return unicode.Is(unicode.Han, r) && !p[string(r)] })
}

// hold reports whether each character of a text even stands beside a neighbour
// that it has in them, or in what was shown.
func (p pairs) hold(text, shown string) bool {
	t, _, _, _ := tokens(text)
	stands := func(pair string) bool { return p[pair] || echoes(pair, shown) }
	for i := 1; i+1 < len(t); i++ {
		if unicode.Is(unicode.Han, t[i]) && !stands(string(t[i-1:i+1])) && !stands(string(t[i:i+2])) {
			return false
		}
	}
	return p.know(text)
}
