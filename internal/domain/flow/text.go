package flow

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"yingda/internal/kit/fault"
)

// namedBy is what stands before and behind a name in an answer.
var namedBy = regexp.MustCompile(`^(?:(?:嗯|呃|哦|那|就|在|我们|我|人|现在|是|住|[Ii]n|[Ii]t'?s(?: in)?|I'?m in|I am in|[Ww]e are in) ?[，,]? ?)+|(?:吧|啊|呀|哦|呢|的|哈|这边|那边|这里|那里|[\p{P}\s~])+$`)

// labels are what stands before a value of another slot.
var labels = regexp.MustCompile(`(?:请?[打拨]给?(?:我|她|他)?(?:的|老公|老婆|爱人|媳妇|家属|家人|儿子|女儿|爸|妈)?|我的?|联系人?|的|是|[手移座]机|联系方式|电话|号码?|车牌|车架|邮箱|时间|里程|公里)`)

// readText takes the whole message, and of a name what names.
func (s Slot) readText(sc *scan, asked bool) (Value, *fault.Error) {
	text := strings.TrimSpace(string(sc.said))
	if s.isName() && (isYes(text) || isNo(text)) { // 可以 is nobody's city
		return Value{}, fault.New(fault.NotFound, "flow.text_none", "write it in a few words")
	}
	if asked && !s.isName() && int64(utf8.RuneCountInString(text)) >= s.Least && agreesOnly(text) { // 好的 就这样 tells nothing
		return Value{}, fault.New(fault.NotFound, "flow.text_none", "write it in a few words")
	}
	if taken := strings.Map(func(r rune) rune {
		if r == blot {
			return ' '
		}
		return r
	}, string(sc.folded)); slices.Contains(sc.folded, blot) { // 联系人电话 and what the phone took
		if strings.TrimSpace(punctuation.ReplaceAllString(labels.ReplaceAllString(taken, " "), " ")) == "" {
			return Value{}, fault.New(fault.NotFound, "flow.text_none", "write it in a few words")
		}
	}
	if v, ok := s.readCity(sc); ok && s.isCity() {
		return v, nil
	}
	if s.isCity() && !isPlace(text) {
		return Value{}, fault.New(fault.NotFound, "flow.text_none", "write it in a few words")
	}
	if s.isName() { // 我在杭州这边
		if name := strings.TrimSpace(namedBy.ReplaceAllString(text, "")); name != "" {
			text = name
		}
	}
	n := int64(utf8.RuneCountInString(text))
	most := s.Most
	if most == 0 {
		most = 1000
	}
	switch {
	case slices.Contains(sc.folded, blot) && bare(sc.text()) == "": // it is nothing but what others read
		return Value{}, fault.New(fault.NotFound, "flow.text_none", "write it in a few words")
	case !asked || !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		return Value{}, fault.New(fault.NotFound, "flow.text_none", "write it in a few words")
	case n < s.Least:
		return Value{}, fault.New(fault.Invalid, "flow.text_short", "write at least %d characters", s.Least)
	case n > most:
		return Value{}, fault.New(fault.Invalid, "flow.text_long", "write at most %d characters", most)
	}
	return Value{Text: text, Said: text}, nil
}

// praise are words that agree and may tell something.
var praise = regexp.MustCompile(`完美|不错|满意|很好|挺好|真好|赞|棒|great|perfect|fine|good|nice|excellent|lovely`)

// agreesOnly reports a text that agrees, or hands something in, and tells nothing.
func agreesOnly(text string) bool {
	agrees, hands, does, whole := agreementIn(text)
	return whole && (agrees || hands) && !does && !praise.MatchString(foldText(text))
}
