// Package grounding checks what a language model composed (有据核对) before
// anybody reads it: whether it stands in the sources that it was given. It hides
// personal data from the model and puts it back, takes the teeth out of texts
// that were written by others, and knows what only a person may promise. It is
// all comparing of characters: no model judges a model.
//
//	grounding.go  the verdict on an answer
//	fact.go       numbers, links and names in a text, as they can be compared
//	mask.go       placeholders for personal data
//	untrusted.go  texts of others, as they may stand before a model
package grounding

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"yingda/internal/domain/phrase"
	"yingda/internal/domain/retrieve"
)

// Source is a text that an answer may rest on. Citations count from 1.
type Source struct {
	Title string
	Text  string
}

// Draft is an answer that a model composed, and what it was to rest on.
type Draft struct {
	Text     string
	Language string // zh or en, in which it is to be
	Asked    string // what the contact said; it proves nothing
	Sources  []Source
	Results  []string // of tools, which need no citation
}

// Verdict is what may become of a draft.
type Verdict struct {
	Passes  bool            // it stands in its sources
	Confirm bool            // but a person has to confirm it before it is said (R062)
	Why     []phrase.Reason // what is wrong with it, or why a person has to
	Cited   []int           // sources that it names, from 1, in order of appearance
}

// longest is how long an answer may be, in characters.
const longest = 1200

// Check says whether a draft may be said. Everything has to be right; all that
// is wrong is told, so that it can be written better.
func Check(d Draft) Verdict {
	var v Verdict
	wrong := func(r phrase.Reason) {
		if !slices.ContainsFunc(v.Why, func(o phrase.Reason) bool { return o.Text == r.Text }) {
			v.Why = append(v.Why, r)
		}
	}
	text := strings.TrimSpace(d.Text)
	switch {
	case text == "":
		wrong(phrase.Because("grounding.empty", "it says nothing"))
	case len([]rune(text)) > longest:
		wrong(phrase.Because("grounding.long", "it has more than %s characters", strconv.Itoa(longest)))
	case !speaks(text, d.Language):
		wrong(phrase.Because("grounding.language", "it is not in the language of the contact"))
	}
	if m := markup.FindString(text); m != "" {
		wrong(phrase.Because("grounding.markup", "it has a picture, a link with a name or markup: %s", cut(m)))
	}
	if m := hiddenRune(text); m {
		wrong(phrase.Because("grounding.invisible", "it has characters that cannot be seen"))
	}
	if w := first(promises, promised.ReplaceAllString(text, " ")); w != "" {
		wrong(phrase.Because("grounding.promise", "it promises: %s", w))
	}
	if w := first(orders, text); w != "" {
		wrong(phrase.Because("grounding.orders", "it speaks of its own orders or of being a person: %s", w))
	}
	for _, s := range sentences(text) {
		v.Cited = append(v.Cited, checkSentence(s, d, wrong)...)
	}
	if v.Cited = unique(v.Cited); len(v.Cited) == 0 && len(d.Results) == 0 {
		wrong(phrase.Because("grounding.bare", "it names no source at all"))
	}
	v.Passes = len(v.Why) == 0
	if w := Money(d.Asked + "\n" + text); w != "" {
		v.Confirm = true
		if v.Passes {
			wrong(phrase.Because("grounding.money", "it is about money (%s): a person has to confirm it", w))
		}
	}
	return v
}

// checkSentence checks one sentence against what it cites, and returns that.
func checkSentence(s sentence, d Draft, wrong func(phrase.Reason)) (cited []int) {
	var grounds []string
	for _, n := range s.cites {
		if n < 1 || n > len(d.Sources) {
			wrong(phrase.Because("grounding.citation", "it cites [%s], which is no source", strconv.Itoa(n)))
			continue
		}
		cited = append(cited, n)
		grounds = append(grounds, d.Sources[n-1].Title+"\n"+d.Sources[n-1].Text)
	}
	for _, r := range d.Results { // a system outside names no links to our customers
		grounds = append(grounds, linkInText.ReplaceAllString(r, " "))
	}
	all := factsOf(strings.Join(grounds, "\n"))
	facts := factsOf(s.text)
	for _, f := range facts.list {
		if !all.has(f) {
			wrong(phrase.Because("grounding.fact", "%s stands in no source that it cites", cut(f.said)))
		}
	}
	for _, w := range foreign(s.text, d.Language) {
		if !all.word(w) {
			wrong(phrase.Because("grounding.name", "the name %s stands in no source that it cites", cut(w)))
		}
	}
	if !s.factual() {
		return cited
	}
	switch {
	case len(cited) == 0 && !supported(s.text, d.Results):
		wrong(phrase.Because("grounding.uncited", "a sentence has no source: %s", cut(s.text)))
	case len(cited) > 0 && !supported(s.text, grounds):
		wrong(phrase.Because("grounding.unsupported", "a sentence does not stand in the source that it cites: %s", cut(s.text)))
	}
	return cited
}

// Unfounded returns what of a text for people who work here stands nowhere in
// what it was made from: its numbers, links and codes.
func Unfounded(text, from string) (wrong []phrase.Reason) {
	all := factsOf(from)
	for _, f := range factsOf(text).list {
		if !all.has(f) {
			wrong = append(wrong, phrase.Because("grounding.invented", "%s was not said", cut(f.said)))
		}
	}
	return wrong
}

var (
	markup   = regexp.MustCompile(`!\[|\]\(|<[A-Za-z/!][^>]*>|&#|javascript:|data:[a-z]+/`)
	citation = regexp.MustCompile(`\[(\d{1,3})\]`)
)

// promises are words by which a company would be held to something (承诺用语).
var promises = words(
	"保证", "一定会", "一定能", "肯定会", "肯定能", "必定", "承诺", "包您满意", "百分之百", "百分百", "绝对不会", "绝对能", "无条件", "我们会赔", "我司会赔", "给您赔", "为您赔", "给您退款", "为您退款", "已为您退款", "已退款", "全额退", "双倍", "免单", "您有权获得赔偿", "同意赔偿", "同意退款", "批准",
	"guarantee", "we promise", "i promise", "will definitely", "definitely will", "certainly will", "100% sure", "100% certain", "unconditional", "we will refund", "i will refund", "we will pay you", "we will compensate", "you will be compensated", "you will get a refund", "you are entitled to", "has been refunded", "have refunded", "full refund", "approved",
)

// promised are names of things that sound like a promise.
var promised = words("质量保证", "保证期", "保证金", "承诺时间", "承诺的时间", "服务承诺", "承诺的时限", "承诺时限")

// orders are words of a model that tells of its orders, or denies what it is.
var orders = words(
	"系统提示", "提示词", "我的指令", "开发者模式", "我是真人", "我是人工客服", "我不是机器人", "作为一个语言模型", "作为ai语言模型", "越狱",
	"system prompt", "my instructions", "developer mode", "i am a human", "i'm a human", "i am a person", "not a bot", "as an ai language model", "jailbreak",
)

// money are words of what is paid back or made good, which a person decides.
var money = words(
	"退款", "退钱", "退费", "退我", "赔偿", "赔付", "赔钱", "赔我", "补偿", "补贴", "索赔", "返现", "折价", "减免", "免费维修", "免费更换", "代金券", "优惠券", "违约金", "押金", "定金", "订金", "退货", "退车",
	"refund", "money back", "compensat", "reimburs", "chargeback", "voucher", "free of charge", "waive", "deposit",
)

func words(ws ...string) *regexp.Regexp {
	quoted := make([]string, len(ws))
	for i, w := range ws {
		quoted[i] = regexp.QuoteMeta(w)
	}
	return regexp.MustCompile(strings.Join(quoted, "|"))
}

// first returns the first of some words that a text says, whatever is put
// between their characters.
func first(form *regexp.Regexp, text string) string {
	folded := retrieve.Normalise(text) // traditional characters too
	if m := form.FindString(folded); m != "" {
		return m
	}
	return form.FindString(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) {
			return -1
		}
		return r
	}, folded))
}

// Money returns a word about money that a person decides on, or nothing.
func Money(text string) string { return first(money, text) }

// hiddenRune reports whether a text has characters that nobody sees.
func hiddenRune(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r))
	})
}

// speaks reports whether a text is in a language.
func speaks(text, language string) bool {
	han, latin := 0, 0
	for _, r := range citation.ReplaceAllString(linkInText.ReplaceAllString(text, ""), "") {
		switch {
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.IsLetter(r):
			latin++
		}
	}
	if language == phrase.English {
		return latin > 0 && han*8 <= latin
	}
	return han > 0 && latin <= han*3
}

func cut(s string) string {
	const most = 40
	if r := []rune(strings.TrimSpace(s)); len(r) > most {
		return string(r[:most]) + "…"
	}
	return strings.TrimSpace(s)
}

func unique(ns []int) (out []int) {
	for _, n := range ns {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// sentence is one sentence of an answer without its citations.
type sentence struct {
	text  string
	cites []int
}

var (
	ends  = regexp.MustCompile(`([。！？!?；;]+|\n+|\.(?:\s|$))`)
	bound = regexp.MustCompile(`^(?:\s*\[\d{1,3}\])+`)
)

// sentences cuts an answer. Citations after the full stop belong to the
// sentence before it; a line that ends in a colon is one with the next.
func sentences(text string) (all []sentence) {
	add := func(s string) {
		var x sentence
		for _, m := range citation.FindAllStringSubmatch(s, -1) {
			n, _ := strconv.Atoi(m[1]) // three digits
			x.cites = append(x.cites, n)
		}
		if x.text = strings.TrimSpace(citation.ReplaceAllString(s, " ")); x.text == "" {
			if n := len(all); n > 0 {
				all[n-1].cites = append(all[n-1].cites, x.cites...)
			}
			return
		}
		all = append(all, x)
	}
	for text != "" {
		sp := ends.FindStringIndex(text)
		if sp == nil {
			add(text)
			break
		}
		to := sp[1]
		if m := bound.FindString(text[to:]); m != "" {
			to += len(m)
		}
		add(text[:to])
		text = text[to:]
	}
	return all
}

// Whole returns how much of a text that is still being written consists of whole
// sentences with their citations: nothing that comes later belongs to them.
func Whole(text string) string {
	whole := 0
	for whole < len(text) {
		sp := ends.FindStringIndex(text[whole:])
		if sp == nil {
			break
		}
		to := whole + sp[1]
		if m := bound.FindString(text[to:]); m != "" {
			to += len(m)
		}
		rest := strings.TrimLeft(text[to:], " \t")
		if rest == "" || rest[0] == '[' && !strings.Contains(rest, "]") {
			break // a citation of it may be on its way
		}
		whole = to
	}
	return text[:whole]
}

// manner are sentences that say nothing of the matter.
var manner = regexp.MustCompile(`^(?:您好|你好|亲|感谢|谢谢|希望|很抱歉|抱歉|不好意思|非常理解|理解您|如果?(?:您)?(?:还有|仍有|有其他|需要人工|仍|没有)|若(?:您)?(?:还有|仍)|请问|需要(?:人工|我)|hello|hi\b|thank|i hope|hope this|sorry|i am sorry|i'm sorry|if you (?:have|need|still)|please let|let me know|is there anything)`)

// factual reports whether a sentence claims something: everything but a short
// courtesy and a question.
func (s sentence) factual() bool {
	t := fold(s.text)
	r := []rune(strings.TrimSpace(strings.TrimRight(t, "。.!！?？:：;；,， ")))
	switch {
	case len(r) < 2:
		return false
	case strings.HasSuffix(strings.TrimSpace(t), "?"):
		return strings.ContainsFunc(t, unicode.IsDigit)
	case manner.MatchString(t):
		return len(r) > 60 || strings.ContainsFunc(t, unicode.IsDigit)
	}
	return true
}

// enough is what share of a sentence's characters, in pairs, has to stand in
// what it rests on. Sentences that say a source in other words reach a half.
const enough = 0.34

// supported reports whether most of a sentence stands in what it rests on.
func supported(text string, grounds []string) bool {
	said := pairs(text)
	if len(said) == 0 {
		return true
	}
	there := map[string]bool{}
	for _, g := range grounds {
		for _, p := range pairs(g) {
			there[p] = true
		}
	}
	n := 0
	for _, p := range said {
		if there[p] {
			n++
		}
	}
	return float64(n) >= enough*float64(len(said))
}

// common are pairs that every sentence may have.
var common = regexp.MustCompile(`您可以|你可以|可以|需要|我们|您的|你的|请您|请|进行|如果|或者|以及|然后|之后|根据|您|的|了|在|是|会|将|后`)

// pairs returns the Latin words of a text and the pairs of its Chinese
// characters.
func pairs(text string) (ps []string) {
	t := common.ReplaceAllString(fold(text), " ")
	var before rune
	var word strings.Builder
	flush := func() {
		if w := word.String(); len(w) > 2 && !usual[w] {
			ps = append(ps, strings.TrimSuffix(w, "s"))
		}
		word.Reset()
	}
	for _, r := range t + " " {
		switch {
		case unicode.Is(unicode.Han, r):
			flush()
			if before != 0 {
				ps = append(ps, string([]rune{before, r}))
			}
			before = r
			continue
		case unicode.IsLetter(r):
			word.WriteRune(r)
		default:
			flush()
		}
		before = 0
	}
	return ps
}

var usual = map[string]bool{"the": true, "and": true, "you": true, "your": true, "can": true, "for": true, "are": true, "with": true, "that": true, "this": true, "will": true, "please": true, "from": true, "have": true, "not": true, "our": true}
