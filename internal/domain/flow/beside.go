package flow

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// telling is what may not stand beside a yes: it denies it or puts it off, asks,
// wants something more or tells something else.
var telling = regexp.MustCompile(`[不没别未甭莫但想要改换几啥哪谁怎咋问看错漏票钱付店家那辆台款号色路区城站楼层左右姓名随发给叫让拿带取查找送接退赔删加减贵求需补写填用到说才屁鬼怪假骗算免吗么0-9]|来人|派人|过来|可是|不过|只是|先|再(?:[^见会]|$)|等(?:等|一|下|会|我|到)|考虑|如果|万一|取消|多少|什么|还(?:有|能|可以|是|得|差|缺)|一下|[之以]?[前后]|告诉|便宜|打折|优惠|希望|必须|能|可以|另|顺便|记得|提醒|备注` +
	`|\b(?:no|not|never|but|if|unless|wait|before|after|until|change|first|another|other|instead|rather|except|without|don ?t|dont|can ?t|won ?t|also|when|what|who|how|where|why|maybe|later|want|need|give|send me|tell|call|cancel|stop|think|check|wrong|ask|only|one|ones|branch|shop|store|garage|near|wife|husband|driver|myself|whatever you)\b`)

// mostIdle is how much may stand beside a yes, in characters, and in English in
// words.
const mostIdle, mostIdleWords = 12, 6

// agreesBeside reports an explicit yes to what was shown beside something that
// tells nothing: 对，麻烦快点，孩子还在里面.
func (t *turn) agreesBeside(shown string) bool {
	text := t.plain()
	if isQuestion(text) || code.MatchString(text) {
		return false
	}
	yes, idle := false, false
	for _, c := range clauses(text) {
		agrees, hands, does, whole := agreementIn(c)
		if whole {
			yes = yes || agrees && !isNone(c) || hands && !does
			continue
		}
		if head := openingYes.FindString(c); head != "" {
			yes, c = true, strings.TrimSpace(c[len(head):])
		}
		if !t.isIdle(c, shown) {
			return false
		}
		idle = true
	}
	return yes && idle // without anything beside it, agreesTo tells
}

// code is signs that stand in no answer.
var code = regexp.MustCompile(`[{}<>=/\\|"_]`)

// openingYes is a yes that more may follow with nothing between: no verb, whose
// object it would be, and no single character, which may be half a word.
var openingYes = regexp.MustCompile(`^(?:(?:嗯|哦|啊|那|哎|诶)*(?:好的|好滴|好哒|好嘞|好呀|好啊|好吧|可以的|没问题|没错|对的|对呀|对啊|是的|是呀|是啊|行的|行吧|行啊|行嘞|得嘞|就这样|就这么[办定着]|要得|妥了|没毛病|无误|属实|对对|是是|嗯嗯|行行|好好好)+|(?:yes|yeah|yep|yup|sure|ok|okay|perfect|great|fine|absolutely|alright|all good|sounds good|looks good|that s (?:right|correct|fine))\b)`)

// clauses are the parts of a message, bare.
func clauses(text string) []string {
	if t := bare(text); isHan(t) {
		return strings.Fields(t)
	}
	var parts []string
	for _, c := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",.;!", r) }) {
		if c = bare(c); c != "" {
			parts = append(parts, c)
		}
	}
	return parts
}

// waiting is what is said beside a yes by somebody who waits for what comes of it.
var waiting = regexp.MustCompile(`^(?:那|我|就|先|到时候?|回头|届时|在家|随时)*(?:[等候](?:着)?你们?(?:的)?(?:消息|电话|通知|回复|回电|信儿?)?|[等候](?:着)?(?:消息|电话|通知|回复|回电|信儿?)|(?:到时候?|回头|有(?:了)?(?:消息|结果|问题|进展|信儿?|情况)(?:了)?)(?:再)?(?:就|请|麻烦)?(?:联系|通知|告诉|打给|回复|call)我(?:一声|一下|就行)?|(?:到时候?|回头)见)(?:吧|哈|啊|哦|了|就行)*$`)

// agreesAndWaits reports a yes beside nothing but that somebody waits for what comes of
// it: 嗯可以，到时候我等电话.
func agreesAndWaits(text string) bool {
	yes, waits := false, false
	for _, c := range clauses(text) {
		switch {
		case waiting.MatchString(c):
			waits = true
		case isWhole(c):
			yes = true
		default:
			return false
		}
	}
	return yes && waits
}

// isIdle reports a clause that tells nothing but what was shown.
func (t *turn) isIdle(c, shown string) bool {
	if waiting.MatchString(c) {
		return true
	}
	if !isHan(c) && len(strings.Fields(c)) > mostIdleWords || utf8.RuneCountInString(c) > mostIdle && isHan(c) || telling.MatchString(c) {
		return false
	}
	if plain := strings.ReplaceAll(c, "please", ""); leadWords.MatchString(plain) || wantWords.MatchString(plain) {
		return false
	}
	_, wants := t.Flows.Wants(c)
	return (!wants || echoes(c, shown)) && !t.tellsValue(c)
}
