// Package mood hears how a contact feels (客户情绪) by what they write: calm,
// worried or angry, with the reason, and what becomes of it over a
// conversation. It is a list of words in Chinese and English with what turns
// them around or strengthens them; no model is asked. How well it hears is
// measured on messages that were labelled before (testdata).
//
// Whether somebody is in danger, or threatens with the law, other rules say:
// see package retrieve. Here it only counts how it sounds.
package mood

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"yingda/internal/domain/phrase"
	"yingda/internal/domain/retrieve"
)

// Level is how a contact feels.
type Level string

// The levels.
const (
	Calm    Level = "calm"    // asks, tells, thanks, objects without heat
	Worried Level = "worried" // afraid, pressed for time, at a loss, let down
	Angry   Level = "angry"   // blames, threatens, insults, scorns, shouts
)

// Levels lists them, the calmest first.
func Levels() []Level { return []Level{Calm, Worried, Angry} }

// Tension is how a contact feels in hundredths, from 0 to 100.
type Tension int

// From these on it is the level.
const (
	leastWorried Tension = 30
	leastAngry   Tension = 60
	most         Tension = 100
)

// Level returns the level of a tension.
func (t Tension) Level() Level {
	switch {
	case t >= leastAngry:
		return Angry
	case t >= leastWorried:
		return Worried
	}
	return Calm
}

// Least returns the tension from which on it is at least a level.
func Least(l Level) Tension {
	switch l {
	case Angry:
		return leastAngry
	case Worried:
		return leastWorried
	case Calm:
	}
	return 0
}

// Reading is how one message sounds, and why.
type Reading struct {
	Tension Tension
	Relief  bool            // it thanks, or says that it is solved
	Why     []phrase.Reason // none when nothing speaks for anything
}

// longest is how much of a message is read, in characters: more says no more.
const longest = 600

// Read returns how a message sounds.
func Read(text string) (r Reading) {
	if rs := []rune(text); len(rs) > longest {
		text = string(rs[:longest])
	}
	plain := retrieve.Normalise(text)
	var anger, worry, relief float64
	why := func(reason phrase.Reason) {
		if !slices.ContainsFunc(r.Why, func(o phrase.Reason) bool { return o.Text == reason.Text }) {
			r.Why = append(r.Why, reason)
		}
	}
	covered := make([]bool, len(plain)) // by a longer word already
	for _, f := range found(plain) {
		w, at := lexicon[f.word], f.at
		if covered[at] {
			continue
		}
		for i := at; i < at+len(w.text); i++ {
			covered[i] = true
		}
		if w.kind == neutral {
			continue
		}
		if negated(plain[:at], w) || w.kind == anger1 && asked(plain) {
			why(phrase.Because("mood.why.negated", "“%s” does not count: it is denied or only asked about", w.text))
			continue
		}
		weight := w.weight * strength(plain[:at], plain[at+len(w.text):])
		switch w.kind {
		case anger1:
			anger += weight
			why(phrase.Because("mood.why.anger", "“%s” sounds angry", w.text))
		case worry1:
			worry += weight
			why(phrase.Because("mood.why.worry", "“%s” sounds worried or pressed", w.text))
		case relief1:
			relief += weight
		case neutral:
		}
	}
	if m := look(waited, plain, "等", "排", "打", "waiting", "hour", "all day"); m != "" {
		worry += 0.35
		why(phrase.Because("mood.why.worry", "“%s” sounds worried or pressed", m))
	}
	if m := look(repeated, plain, "次", "遍", "讲了", "time"); m != "" {
		anger += 0.5
		why(phrase.Because("mood.why.anger", "“%s” sounds angry", m))
	}
	marks := strings.Count(plain, "!")
	switch {
	case anger > 0 && marks > 0:
		anger += 0.15 * float64(min(marks, 3))
		why(phrase.Because("mood.why.marks", "exclamation marks make it louder"))
	case marks >= 3:
		worry += 0.35
		why(phrase.Because("mood.why.marks", "exclamation marks make it louder"))
	case worry > 0 && marks > 0:
		worry += 0.1 * float64(min(marks, 3))
	}
	if strings.Contains(plain, "??") || strings.Contains(plain, "?!") || strings.Contains(plain, "!?") {
		worry += 0.3
		if anger > 0 {
			anger += 0.2
		}
		why(phrase.Because("mood.why.questions", "question marks in a row sound impatient"))
	}
	if shouts(text) {
		anger += 0.65
		why(phrase.Because("mood.why.capitals", "it is written in capital letters"))
	}
	r.Relief = relief > 0 && anger == 0 && worry < 0.3
	if anger > 0 && anger < 0.6 && worry > 0 { // a hint of either, together
		anger += worry / 3
	}
	switch {
	case anger >= 0.6:
		r.Tension = min(most, leastAngry+Tension(40*(anger-0.6)))
	case anger+worry-relief/2 >= 0.3:
		r.Tension = min(leastAngry-1, leastWorried+Tension(29*min(1, anger+worry-0.3)))
	default:
		r.Tension = Tension(20 * max(0, anger+worry-relief))
	}
	return r
}

// After returns the tension of a conversation after a message, by what it was
// before: what was said fades with each calm message, thanks clear it quickly,
// and who is tense again is more so. Worry alone never becomes anger.
func After(before Tension, r Reading) Tension {
	faded := before * 7 / 10
	if r.Relief {
		faded = before / 4
	}
	now := max(faded, r.Tension)
	if r.Tension >= leastWorried && before >= leastWorried {
		const again = 10
		most := most
		if r.Tension < leastAngry && before < leastAngry {
			most = leastAngry - 1
		}
		now = min(most, max(now, r.Tension+again))
	}
	return now
}

// Moment is one message of a conversation as it was heard.
type Moment struct {
	Reading
	At    int     // its place among the messages that were given
	After Tension // of the conversation
}

// Over returns what becomes of the tension over the messages of a contact, in
// their order.
func Over(texts []string) (ms []Moment) {
	var t Tension
	for i, text := range texts {
		r := Read(text)
		t = After(t, r)
		ms = append(ms, Moment{Reading: r, At: i, After: t})
	}
	return ms
}

// kind is what a word speaks for.
type kind int

const (
	neutral kind = iota // looks like another one, and is none
	anger1
	worry1
	relief1
)

type word struct {
	text   string
	kind   kind
	weight float64
	whole  bool // stands for itself: its own negation is part of it
}

// hit is where a word of the lexicon stands in a text.
type hit struct{ word, at int }

// found returns the words that stand in normalised text, longer ones first: a
// Latin one only between what is no letter.
func found(text string) (all []hit) {
	for at, r := range text {
		for _, i := range beginning[r] {
			w := lexicon[i].text
			if !strings.HasPrefix(text[at:], w) {
				continue
			}
			end := at + len(w)
			if r >= utf8.RuneSelf || (at == 0 || !isLetter(text[at-1])) && (end == len(text) || !isLetter(text[end])) {
				all = append(all, hit{i, at})
			}
		}
	}
	slices.SortFunc(all, func(a, b hit) int { return cmp.Or(a.word-b.word, a.at-b.at) })
	return all
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' }

var (
	// waited is a long wait that is told: 等了四十分钟, waiting for two hours.
	waited = regexp.MustCompile(`(?:等|排|打)了?(?:快|都|将近|整整|足足)?[一二两三四五六七八九十半几好\d]+(?:多)?(?:个)?(?:多)?(?:小时|钟头|分钟|天|周|星期|月|上午|下午|早上|晚上|整天)|waiting (?:for|since)|for (?:an|two|three|\d+) hours?|all day`)
	// repeated is what was said or done before and did not help: 第三次了还没.
	repeated = regexp.MustCompile(`第[三四五六七八九十\d]+次(?:了)?[,，。]?(?:还|都|又)|[三四五六七八九十\d]+次(?:了)?[,，。]?(?:还没|还不|都没|又)|修一次坏一次|说了(?:多少|几|好几|[三四五六七八九十百\d]+)[遍次]|讲了(?:半天|多少)|(?:three|four|five|several) times|(?:third|fourth|fifth) time`)
)

// look returns what a form finds in a text that has one of some words; without
// any there is no need to look.
func look(form *regexp.Regexp, text string, words ...string) string {
	if !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) }) {
		return ""
	}
	return form.FindString(text)
}

// negations stand right before what they deny, with at most a few characters
// between.
var negations = []string{"不是来", "没有", "并不", "不是", "不会", "不想", "不用", "不要", "不必", "无须", "别", "没", "不", "not ", "never ", "no ", "isnt ", "dont ", "wasnt ", "not really ", "without "}

// reach is how far before a word its negation may stand, in bytes.
const reach = 12

func negated(before string, w word) bool {
	if w.whole {
		return false
	}
	near := before[max(0, len(before)-reach):]
	for i := range len(near) { // nothing across a mark
		if strings.IndexByte(",.!?;\n", near[len(near)-1-i]) >= 0 {
			near = near[len(near)-i:]
			break
		}
	}
	if strings.HasSuffix(near, "能不") || strings.HasSuffix(near, "要不") || strings.Contains(near, "不得不") {
		return false
	}
	return slices.ContainsFunc(negations, func(n string) bool {
		at := strings.LastIndex(near, n)
		return at >= 0 && len(near)-at-len(n) <= 6 // two Chinese characters between
	})
}

// asked reports whether a text only asks how something like a complaint is done.
func asked(plain string) bool {
	for _, w := range []string{"流程", "怎么投诉", "如何投诉", "投诉渠道", "投诉电话", "投诉进度", "how do i", "how to", "where can i"} {
		if strings.Contains(plain, w) {
			return !strings.Contains(plain, "!")
		}
	}
	return false
}

var (
	stronger = []string{"太", "非常", "特别", "真的", "真是", "真", "极其", "十分", "超级", "超", "简直", "实在", "完全", "根本", "到底", "一直", "好", "很", "so ", "very ", "really ", "absolutely ", "totally ", "extremely ", "completely "}
	weaker   = []string{"有点", "有些", "稍微", "略", "一点", "a bit ", "a little ", "slightly ", "somewhat "}
	lastly   = []string{"死了", "极了", "透了", "得很", "坏了", "得要命"}
)

// strength is by how much the words around one strengthen or weaken it.
func strength(before, after string) float64 {
	near := before[max(0, len(before)-reach):]
	factor := 1.0
	if slices.ContainsFunc(stronger, func(s string) bool { return strings.HasSuffix(near, s) }) ||
		slices.ContainsFunc(lastly, func(s string) bool { return strings.HasPrefix(after, s) }) {
		factor = 1.4
	}
	if slices.ContainsFunc(weaker, func(s string) bool { return strings.HasSuffix(near, s) }) {
		factor = 0.7
	}
	return factor
}

// shouts reports whether a text is written in capital letters: three words and
// more, none of them small.
func shouts(text string) bool {
	words := 0
	for w := range strings.FieldsSeq(text) {
		letters, capitals := 0, 0
		for _, r := range w {
			if unicode.Is(unicode.Latin, r) {
				letters++
				if unicode.IsUpper(r) {
					capitals++
				}
			}
		}
		switch {
		case letters > capitals:
			return false
		case capitals > 0 && !strings.ContainsFunc(w, unicode.IsDigit):
			words++
		}
	}
	return words >= 3
}

// String writes a tension for the log.
func (t Tension) String() string { return strconv.Itoa(int(t)) }
