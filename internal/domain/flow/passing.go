package flow

import (
	"regexp"
	"slices"
	"strings"
)

// deictic is a moment that is told by a word for the present alone. Such a word
// stands in many a message that is about something else: 现在用的是这个号码.
var deictic = regexp.MustCompile(`^.?(刚才|刚刚|现在|目前|此刻|马上|今天|今日|今儿|just now|right now|now|today).?$`)

var (
	// momentWords are what may stand beside a moment in a message that is about
	// nothing else: 不对，是刚刚发生的.
	momentWords = regexp.MustCompile(`不好意思|不对|不是|错了?|说错|应该|其实|才|刚|发生|出现|开始|改成|改为|改到|换成|换到|改|换|就|还是|那|哦|啊|呃|嗯|是|在|的|了|吧|呢|嘛|\b(?:no|wait|actually|it|was|is|s|sorry|make|that|this|happened|started|just|only|i|mean|meant|change|to|instead|rather|oh|about)\b`)
	// setTo is what stands before a word for the present that something is to be.
	setTo = regexp.MustCompile(`(?:改成|改为|改到|改|换成|换到|挪到|提前到|应该是|其实是|而是|change (?:it|that) to|make (?:it|that)|move (?:it|that) to|it was|happened|started) ?$`)
	// goingBy is what tells that a moment still to come is spoken of: 今天能过去.
	goingBy = regexp.MustCompile(`去|来|到店|有空|有时间|约|送|\b(?:come|bring|free|drop)\b`)
)

// inPassing reports a moment that was read from a word for the present which says
// nothing of the slot: the message neither names the slot nor is nothing but the
// moment, nor says that it is to be this.
func (s Slot) inPassing(v Value, text string) bool {
	m := deictic.FindStringSubmatch(foldText(v.Said)) // with what bounds it
	if s.Type != Moment || m == nil || names(text, s) {
		return false
	}
	before, after, found := strings.Cut(text, m[1])
	switch {
	case !found:
		return true
	case setTo.MatchString(before), s.Future && strings.HasPrefix(m[1], "今") && goingBy.MatchString(text):
		return false
	}
	return bare(momentWords.ReplaceAllString(bare(before+" "+after), " ")) != ""
}

// isDefinite reports a slot whose values are of a form that nothing else has: a
// number to call, a plate.
func (s Slot) isDefinite() bool {
	switch s.Type {
	case Phone, VIN, Plate, Email, Reference:
		return true
	case FreeText, Moment, Mileage, Amount, YesNo, Choice:
	}
	return false
}

// definiteFirst returns slots with those first whose values are of a form that
// nothing else has.
func definiteFirst(slots []Slot) []Slot {
	rank := map[bool]int{true: 0, false: 1}
	return slices.SortedStableFunc(slices.Values(slots), func(a, b Slot) int { return rank[a.isDefinite()] - rank[b.isDefinite()] })
}

// tellsDefinite reports whether a message has a value in it of a form that
// nothing else has.
func (t *turn) tellsDefinite() bool {
	return slices.ContainsFunc(t.flow().Slots, func(s Slot) bool {
		_, err := s.read(t.scan(), false, t.Reading)
		return s.isDefinite() && err == nil
	})
}

// deniesFirst is how a message begins that takes back what was said before and
// tells it another way: 哎不是 它不动弹了.
var deniesFirst = regexp.MustCompile(`^(?:哎|诶|啊|哦|呃|唉|嗯|欸|额|噢|呀|哟| )*(?:不是|不对)(?:的|啊|呀|哦|不是)*[ ,，.。!！]+[^ ]|^(?:oh,? )?(?:no,? wait|wait,? no)\b`)
