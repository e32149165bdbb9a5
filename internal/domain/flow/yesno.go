package flow

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"yingda/internal/kit/fault"
)

// hedges are what goes before a yes or no that is still one.
var hedges = regexp.MustCompile(`^(?:应该|大概|基本上?|算是|大致|mostly|i think|i guess|i suppose|probably) ?`)

// surely is a yes that more is said behind: 那要的要的，安全第一.
var surely = regexp.MustCompile(`^(?:那|嗯|哦|啊|就|那就)*(?:要的|好的|可以的|行的|对的|是的|嗯嗯|需要的|必须|当然|肯定|那要|要要)`)

// gently is how something is done that is hardly done, inside a word for doing it.
var gently = regexp.MustCompile(`慢慢(?:地|的)?|慢点|勉强|勉勉强强|凑合着?|凑活着?|将就着?|继续|接着|缓慢|慢速|小心点?|悠着点?|硬撑着?|暂时|自己`)

// gone is a fault that is not there any more: 毛病是没有了.
var gone = regexp.MustCompile(`(?:毛病|问题|故障|异响|响声|声音|异味|味道|抖动|灯)(?:都|也|是|就|已经)*(?:没有?了|消失|不见了|不响了|不抖了|灭了)`)

// eitherOr asks politely and denies nothing: 能不能.
var eitherOr = regexp.MustCompile(`能不能?|可不可以|要不要|好不好|行不行|是不是|会不会`)

// denies is what turns the word behind it into its opposite.
var denies = regexp.MustCompile(`(?:不用|不必|不需要|无需|没必要|不要|别)[^ ,，.。!！?？但就还]{0,4}$|(?:不|没|别|未|甭|不用|不想|不必|没有|不要|不太|还没|没法|(?:不|没|没有|未)(?:完全|彻底|全部|全|都|真正|真|能|怎么))$|\b(?:not|never|no|without|don ?t|dont|isn ?t|wasn ?t|hasn ?t)(?: [a-z]+){0,2} $`)

// grantsFirst reports a text that says yes in the slot's own words and then turns
// to something else: 可以开的但是怕它半路.
func (s Slot) grantsFirst(text string) bool {
	turn := turning.FindStringIndex(text)
	return turn != nil && slices.ContainsFunc(s.Yes, func(w string) bool {
		at := strings.Index(text[:turn[0]], foldText(w))
		return at >= 0 && !denies.MatchString(text[:at])
	})
}

// bothWays is an answer that is yes at one time and no at another: 有时候能开有时候不能.
var bothWays = regexp.MustCompile(`有时候?[^ ,，]*[ ,，]?有时候?|一会儿?[^ ,，]*[ ,，]?一会儿?|时[好能]时|白天能.*晚上不|白天[^ ]*可以.*晚上不|\bsometimes\b.*\bsometimes\b`)

// hurries is all that somebody says who only wants it to go faster.
var hurries = regexp.MustCompile(`^(?:快|快点|赶紧|抓紧|急|很急|急死了|吧|啊|呀)+$`)

// readYesNo reads yes or no: by the slot's own words anywhere, by the common
// ones only in an answer. A no counts before the yes that it contains.
func (s Slot) readYesNo(sc *scan, asked bool) (Value, *fault.Error) {
	text := sc.text()
	if bothWays.MatchString(text) || !offering.MatchString(s.Ask.Zh) && hurries.MatchString(bare(text)) {
		return Value{}, fault.New(fault.NotFound, "flow.yes_no", "answer yes or no")
	}
	if at := strings.LastIndexAny(text, "?？"); asked && at >= 0 && bare(text[at:]) != "" && !isQuestion(bare(text[at:])) { // 这也要问？能啊
		if v, err := s.readYesNo(newScan(bare(text[at:])), true); err == nil {
			v.Said = sc.take(0, len(sc.folded))
			return v, nil
		}
	}
	for _, side := range []struct {
		value string
		words []string
	}{{No, s.No}, {Yes, s.Yes}} {
		for _, w := range side.words {
			if at := strings.Index(text, foldText(w)); at >= 0 && (!asked || !isQuestion(text) || isRequest(text)) {
				from := utf8.RuneCountInString(text[:at])
				if side.value == No && asked && s.grantsFirst(text[:at]) {
					continue
				}
				if side.value == Yes && denies.MatchString(eitherOr.ReplaceAllString(text[:at], " ")) { // 先不登记, 没修好
					if !asked {
						continue
					}
					side.value = No
				}
				return Value{Text: side.value, Said: sc.take(from, from+utf8.RuneCountInString(foldText(w)))}, nil
			}
		}
	}
	if plain := gently.ReplaceAllString(text, ""); plain != text && len(s.Yes) > 0 && !isQuestion(text) { // 还能慢慢开回家
		if v, err := s.readYesNo(newScan(plain), false); err == nil {
			return v, nil
		}
	}
	none := fault.New(fault.NotFound, "flow.yes_no", "answer yes or no")
	if !asked || isQuestion(text) {
		return Value{}, none
	}
	all := hedges.ReplaceAllString(bare(text), "")
	first, rest, _ := strings.Cut(all, " ")
	if last := all[strings.LastIndexByte(all, ' ')+1:]; mistaken.MatchString(all) && !madeOf(last, yesWords) && !madeOf(last, noWords) { // 搞错了 我要的不是这辆
		return Value{}, none
	}
	switch {
	case s.about() == "solved" && gone.MatchString(all):
		return Value{Text: Yes, Said: sc.take(0, len(sc.folded))}, nil
	case offering.MatchString(s.Ask.Zh) && firstOf.MatchString(all): // 先记上吧
		return Value{Text: Yes, Said: sc.take(0, len(sc.folded))}, nil
	case offering.MatchString(s.Ask.Zh) && slices.ContainsFunc(strings.Fields(all), deferral.MatchString) && !slices.ContainsFunc(strings.Fields(all), s.wants): // 行，我等着
		return Value{Text: No, Said: sc.take(0, len(sc.folded))}, nil
	case madeOf(all, noWords), madeOf(first, noWords), madeOf(all[strings.LastIndexByte(all, ' ')+1:], noWords): // 好的知道了，不用
		return Value{Text: No, Said: sc.take(0, len(sc.folded))}, nil
	case hedges.MatchString(bare(text)) && madeOf("是"+all, yesWords): // 算是吧
		return Value{Text: Yes, Said: sc.take(0, len(sc.folded))}, nil
	case madeOf(all, yesWords), madeOf(first, yesWords) && !doubt.MatchString(rest):
		return Value{Text: Yes, Said: sc.take(0, len(sc.folded))}, nil
	case harmless.MatchString(all): // 不耽误开
		return Value{Text: Yes, Said: sc.take(0, len(sc.folded))}, nil
	case utf8.RuneCountInString(all) > mostShort || unsure.MatchString(all) || deferral.MatchString(all):
	case noStart.MatchString(fixedNot.ReplaceAllString(all, "好")):
		return Value{Text: No, Said: sc.take(0, len(sc.folded))}, nil
	case (yesStart.MatchString(all) || yesEnd.MatchString(all)) && !doubt.MatchString(all):
		return Value{Text: Yes, Said: sc.take(0, len(sc.folded))}, nil
	}
	if surely.MatchString(all) && !doubt.MatchString(fixedNot.ReplaceAllString(all, "")) && !deferral.MatchString(all) {
		return Value{Text: Yes, Said: sc.take(0, len(sc.folded))}, nil
	}
	if v := s.stance(all); v != "" {
		return Value{Text: v, Said: sc.take(0, len(sc.folded))}, nil
	}
	return Value{}, none
}
