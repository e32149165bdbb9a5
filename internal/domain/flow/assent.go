package flow

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed assent.txt
var assentFile string

// assent is the words of a yes, by the kind that each is of, without the spaces
// of English, as the text is.
var assent = func() map[string]string {
	kinds := map[string]string{}
	for _, w := range fillers {
		kinds[strings.ReplaceAll(w, " ", "")] = "little"
	}
	kind := ""
	for line := range strings.Lines(assentFile) {
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			kind = strings.Trim(line, "[]")
		default:
			for w := range strings.FieldsSeq(line) {
				if kinds[w] == "" || kinds[w] == "little" {
					kinds[w] = kind
				}
			}
		}
	}
	for _, w := range yesWords {
		kinds[strings.ReplaceAll(w, " ", "")] = "agreeing"
	}
	return kinds
}()

// statedRight is what is said to be right: 地址和电话都没错.
var statedRight = regexp.MustCompile(`(?:(?:描述|表述|地址|电话|手机号?|时间|日期|车牌号?|车架号|号码|数字|项目|车型|情况|事情|金额|里程|姓名|各项|内容|信息|资料|写得|填得|说得|记得)(?:和|跟|与|、|也)?)+(?:也|都|全都?|就|是|很|挺|完全)*(对|没错|没问题|没毛病|正确|准确|无误|ok|可以)`)

// agreementIn says whether a message is made of the words for agreeing and doing
// and nothing else, and of which.
func agreementIn(text string) (agrees, hands, does, whole bool) {
	t := statedRight.ReplaceAllString(object.ReplaceAllString(newScan(text).text(), "$1"), "$1")
	t = punctuation.ReplaceAllString(t, "")
	p, whole := pieces{dead: map[int]bool{}}.of(t)
	return whole && (p.agrees || p.weakly && !p.names && !p.does && !p.hands), whole && p.hands && !p.weakly, whole && (p.names || p.does), whole
}

// pieces is what a text was found to be made of.
type pieces struct {
	agrees, weakly, hands, does, names bool
	dead                               map[int]bool // ends of texts that are made of nothing known, by their length
}

// of takes words from the beginning of a text, the longest first, until nothing
// is left.
func (p pieces) of(t string) (made pieces, whole bool) {
	switch {
	case t == "":
		return p, true
	case p.dead[len(t)]:
		return p, false
	}
	for n := min(len(t), mostPiece); n > 0; n-- {
		w := t[:n]
		next := p
		switch assent[w] {
		case "agreeing":
			next.agrees = p.agrees || !slices.Contains(weakly, w)
			next.weakly = true
		case "handing":
			next.hands = true
		case "doing":
			next.does = true
		case "named":
			next.names = true
		case "little":
		default:
			continue
		}
		if made, whole := next.of(t[n:]); whole {
			return made, true
		}
		if !isHan(t) { // English words run together: only the longest counts
			break
		}
	}
	p.dead[len(t)] = true
	return p, false
}

// mostPiece is how long a word of agreement is at most, in bytes.
const mostPiece = 24

// withoutShown returns a message that begins with a yes without the words that
// only repeat what was shown.
func withoutShown(text, shown string) (rest string, ok bool) {
	t := bare(text)
	if isHan(t) {
		first, size := utf8.DecodeRuneInString(t)
		if !isYes(string(first)) && !isYes(t[:min(len(t), 2*size)]) {
			return "", false
		}
		r, s := []rune(t), foldText(shown)
		for i := 1; i+2 <= len(r); i++ {
			if pair := string(r[i : i+2]); isHan(pair) && strings.Contains(s, pair) && !isYes(pair) {
				r = append(r[:i], r[i+2:]...)
				i--
			}
		}
		end := []rune(strings.TrimRight(t, "的了吧啊呀哦呢嘛哒滴 "))
		return string(r), len(end) > 0 && (isYes(string(end[len(end)-1:])) || isYes(string(end[max(0, len(end)-2):])))
	}
	words := strings.Fields(t)
	if len(words) == 0 || !isYes(words[0]) {
		return "", false
	}
	known := strings.Fields(bare(shown))
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return len(w) > 3 && slices.Contains(known, w) && !isYes(w) }), " "), true
}

// weakly are words that agree only where nothing is named beside them: 我要换 wants
// something else.
var weakly = []string{"要", "需要", "有", "能", "可以"}

// isNone reports words that agree beside others and say nothing alone.
func isNone(text string) bool {
	switch bare(text) {
	case "能", "有有有", "我来", "来了", "我是", "对了", "要是", "有", "得了", "来", "上", "弄", "搞", "good", "cool", "this", "就这", "成都", "你们定", "你定", "您定", "过去":
		return true
	}
	return false
}

// agreesTo reports an explicit yes to what was shown, with nothing beside it
// that could take it back: words that agree or say that it should be done, or
// one such clause beside another that only repeats what was shown.
func agreesTo(text, shown string) bool {
	if isNone(text) {
		return false
	}
	if isYes(text) {
		return true
	}
	if bare(text) == "嗯呢" { // a yes of the north-east, and no question
		return true
	}
	if isQuestion(text) {
		return false
	}
	agrees, hands, does, whole := agreementIn(text)
	if whole {
		return agrees || hands && !does
	}
	if rest, ok := withoutShown(text, shown); ok && isYes(rest) { // yes, submit the complaint
		return true
	}
	clauses := strings.Fields(bare(text))
	if len(clauses) < 2 || len(clauses) > 4 || !isHan(clauses[0]) {
		return false
	}
	if last := clauses[len(clauses)-1]; !isWhole(last) { // 好的，我去拿行驶证 is yet to come to it
		return false
	}
	yes := 0
	for _, c := range clauses {
		agrees, hands, does, whole := agreementIn(c)
		switch {
		case whole && (agrees || hands && !does):
			yes++
		case whole:
		case puttingOff.MatchString(c) || utf8.RuneCountInString(c) > mostShort || !echoes(c, shown):
			return false
		}
	}
	return yes > 0
}

func isWhole(text string) bool {
	_, _, _, whole := agreementIn(text)
	return whole
}

// isHan reports a text that has a Chinese character.
func isHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// echoes reports whether two characters that stand together in a text stand
// together in another.
func echoes(text, other string) bool {
	r, o := []rune(text), foldText(other)
	for i := 0; i+2 <= len(r); i++ {
		if strings.Contains(o, string(r[i:i+2])) {
			return true
		}
	}
	return false
}

var (
	harmless   = regexp.MustCompile(`(?:不|没有?|无|并不)(?:太|怎么|什么|啥|大|受|会|会受|受到|产生|受什么|受啥)?(?:影响|耽误|妨碍|碍事|碍|打紧|要紧|成问题|大碍)|[开跑走用骑](?:着|起来)?(?:没事|没啥事|没感觉|没什么感觉|没什么不一样)|no (?:problem|issue)s? (?:driving|to drive)|does ?nt (?:affect|matter)`)
	failing    = regexp.MustCompile(`错误|失败|报错|(?:还是|依然|仍然|照样)(?:提示|报|显示|老|这样|那样|原来|会|卡|没|不|漏|响|抖|坏|亮|一样)|\bstill (?:not|no|can ?t|cannot|does|doesn|failing|the same)`)
	firstOf    = regexp.MustCompile(`^(?:那|就|那就|嗯|行|好)*先(?:帮我|给我|替我|帮|给)?(?:记|登|登记|约|报|催|办|提|申请|安排|弄)(?:上|一下|下|了|个)*吧?$`)
	rhetorical = regexp.MustCompile(`(?:谁|哪|哪里|哪儿|怎么|咋)(?:还|个)?(?:敢|能够|还能)`)
	howWords   = regexp.MustCompile(`怎么|咋|如何`)
	undecided  = regexp.MustCompile(`没试|没看过|没开过|没注意|都行|都可以|随便|无所谓|看你|随你|不好说|不清楚|不知道|不确定|不懂|不明白|好像|可能|大概率|也许|说不准|没事$|没关系|要是|如果|再说吧?$|看情况|maybe|perhaps|not sure|dont know|don t know`)
	fixedNot   = regexp.MustCompile(`不要钱|不花钱|不收费|不收钱|等不及|迫不及待|恨不得|巴不得|忍不了|不错|没错|差不多|不得不|不然|要不|没问题|没毛病|没多久|没一会|不一会|不久|不好意思`)
	denying    = regexp.MustCompile(`不|没|无(?:效|果|用|反应|济于事|变化)|别|未|甭|莫|勿|免了|懒得|白搭|依旧|照旧|老样子|一样|没变|错误|失败|报错|还是(?:提示|报|显示|老|这样|那样|原来|会)|\b(?:same|no|not|nothing|never|cannot|cant|dont|doesnt|isnt|wont|didnt|hardly|nope|nah|neither|without)\b|\b(?:can|don|doesn|isn|won|didn|wasn|couldn) t\b`)
	granting   = regexp.MustCompile(`可以|能|^(?:行|成|要|好|对|有|是|会|需要|愿意|麻烦)|(?:行|成|好|对|要|会)(?:的|了|吧|啊|呀|呢|嘛|啦)*$|需要|愿意|解决|搞定|修好|处理好|恢复|正常|成功|ok|勉强|凑合|慢慢开|\b(?:yes|yep|yeah|yup|sure|please|can|could|works?|working|solved|sorted|fixed|fine|good|does|did|do|drives?|runs?|done|like that|love to|would)\b`)
	urgingOn   = regexp.MustCompile(`^(?:最好|帮|给|替|麻烦|请|那|就|嗯|行|好|有|你|您|我|也|来|再|直接|现在|快|赶紧|抓紧|尽快|顺便)*`)
	deferral   = regexp.MustCompile(`算了|^我?(?:先|再)?等(?:着|等|消息|通知)(?:吧|了|就行)?$|^(?:先|再|等|以后|改天|回头|下次|过[几两一段阵]|慢慢来|有空|到时|暂时)[^ ]{0,5}$|再(?:说|看|等|想|考虑)|(?:了解|问问|看看|问一下|打听)(?:一下|而已)?$|\b(?:later|another time|some other time)\b`)
	offering   = regexp.MustCompile(`需要|要不要|是否`)
	turning    = regexp.MustCompile(`但是|但|就是|不过|可是|只是|然而|可 |\b(?:but|though|although|only)\b`)
)

// mostDenial is how long a clause may be that is a no by any word that denies,
// in characters; in a longer one the word has to stand by what was asked.
const mostDenial = 6

var denied = regexp.MustCompile(`(?:不|没|别|未|甭|还是没|压根没|根本没|完全没|一点没)(?:太|用|必|想|需|要|敢|办法|法|怎么|有)?(?:可以|能|行|成|要|用|必|需要|好|对|有|是|愿意|麻烦|解决|搞定|修|弄|处理|恢复|正常|成功|来|到|了|动|走|开|敢|变化|效果|反应|收到|进去)`)

// stance reads yes or no from what an answer grants or denies, clause by
// clause; the first that does either counts. Empty: it does neither.
func (s Slot) stance(text string) string {
	if utf8.RuneCountInString(text) > 3*mostShort {
		return ""
	}
	if agrees, hands, does, whole := agreementIn(text); whole && (agrees || hands || does) {
		return Yes
	}
	// English has no clauses left in bare words, so it is cut at what turns it
	for _, part := range turning.Split(text, -1) {
		clauses := []string{part}
		if isHan(part) {
			clauses = strings.Fields(part)
		}
		for _, c := range clauses {
			if v := s.clauseStance(strings.TrimSpace(c)); v != "" {
				return v
			}
		}
	}
	return ""
}

func (s Slot) clauseStance(c string) string {
	plain := fixedNot.ReplaceAllString(c, "好")
	switch {
	case c == "":
		return ""
	case offering.MatchString(s.Ask.Zh) && firstOf.MatchString(c):
		return Yes
	case offering.MatchString(s.Ask.Zh) && deferral.MatchString(c): // 再看看吧: what is offered is not wanted now
		return No
	case harmless.MatchString(c):
		return Yes
	case rhetorical.MatchString(c): // 谁还敢开
		return No
	case undecided.MatchString(c), howWords.MatchString(c): // 咋开啊
		return ""
	case failing.MatchString(c):
		return No
	case denying.MatchString(plain) && (utf8.RuneCountInString(plain) <= mostDenial || denied.MatchString(plain) || !isHan(plain)):
		return No
	case denying.MatchString(plain):
		return ""
	case granting.MatchString(plain), offering.MatchString(s.Ask.Zh) && s.wants(plain):
		return Yes
	}
	return ""
}

// wants reports a clause that asks for the very thing the slot offers, in its
// own words or in words for doing: 回我吧, 搞一下, 有结果告诉我一声.
func (s Slot) wants(c string) bool {
	about := s.Ask.Zh + s.Name.Zh + strings.Join(s.Yes, "")
	own, all := 0, 0
	for _, r := range urgingOn.ReplaceAllString(c, "") {
		if !unicode.Is(unicode.Han, r) || strings.ContainsRune("吧呗啊呀哦呢嘛哈啦咯我您你们的了一下声个就那这也", r) {
			continue
		}
		all++
		if strings.ContainsRune(about, r) || strings.ContainsRune("弄搞办登交报约催整申", r) {
			own++
		}
	}
	return all > 0 && all <= 8 && 2*own >= all && own > 0
}
