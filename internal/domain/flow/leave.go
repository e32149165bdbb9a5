package flow

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// What ends a thing that was begun, beside the words for it: that one wants it
// no more, that one does it oneself, or another time.
var (
	stopVerbs = `(?:弄|搞|办|做|整|约|预约|报|上报|报修|查|问|提|评|评价|评分|打分|销|销号|申请|登记|投诉|打|打电话|回|回电|催|换|注销|修|修车|保养|发|去|来|要|用|用打|用报|用回|用催|用约|用查|用修|用换|麻烦|折腾|计较|追究|费劲|处理|填|写|聊|说|玩|等|想说|想填|想写|想弄|想搞|想办|想去|想修|想换|想约|想报|想查|想评|想提|想要|想打|需要|考虑)`
	wantsNone = regexp.MustCompile(`^我?(?:不想|懒得|不愿意?|没兴趣)` + stopVerbs + `$|(?:没空|没时间|没工夫|懒得)(?:再|去|来)?` + stopVerbs + `[^ 不]{0,3}$|(?:^| |了|那|那就|就|还是|先|我|啊|哦|都|暂时)(?:不|先不|别|甭|不再|懒得|没空|没时间|没工夫|没心情|不打算|不准备)(?:再|去|来|给|帮我|跟你们|给我)?` + stopVerbs + `(?:了|啦|咯|喽|算了)+吧?$`)
	wantsOff  = regexp.MustCompile(`(?:^| |先|那|那就|就|还是|先|啊|唉|哎|我)(?:算了|算啦|算咯|算喽|拉倒|作罢|罢了|取消了?|撤了|撤销|撤回|打住|免了|到此为止)(?:算了|算啦|吧|掉|我|不|谢谢| |这个|申请|办理|预约|投诉|提交|登记|都|就|懒得|太|还是|你们).{0,8}$|^(?:先|那|还是)?(?:算了|算啦)+(?:算了|算啦|吧)*$|^(?:那|唉|哎|哦|还是|我)*(?:算了|算啦){2,}|^(?:那|唉|哎|哦|还是|我)*(?:算了|算啦)吧?[^ ]{0,2}不(?:再|想)?` + stopVerbs + `(?:了|啦)`)
	doesSelf  = regexp.MustCompile(`(?:^| |那|还是|我)(?:我|自己|自个儿?|直接)+(?:再)?(?:去|来|搞|弄|解决|处理|打|联系|修|看|跑|想办法|查|找|过去|开)[^ ]{0,8}(?:了|吧|就行|得了|好了)$`)
	goesThere = regexp.MustCompile(`(?:^| |那|还是)我?(?:自己|自个儿?|直接)+(?:再|就)?(?:开|跑|去|过去|开去|送去?)[^ ]{0,3}(?:店|4s|修理厂|维修站|服务中心)[^ ]{0,4}$`)
	otherTime = regexp.MustCompile(`(?:^| |那|还是|我|就|先)(?:改天|下次|以后|回头|下周|下个?月|过完年|过了?年|节后|春节后?|过(?:两|几|些)天|过阵子?|过段时间|有空|有时间|等[^ ]{1,10}|想好了?|到时候?|年后|忙完)(?:我|你们)?再(?:说|来|约|弄|办|搞|看|联系|报|评|打|问|找|申请|查|弄吧)[^ ]{0,3}$`)
	leaveEn   = regexp.MustCompile(`\b(?:forget (?:about )?(?:it|this|that)|never ?mind|call it off|scrap (?:it|that|this)|drop (?:it|that|this)|changed my mind|don ?t bother|no longer (?:need|want|required)(?:ed)?|not interested(?: any ?more)?|leave it (?:then|be|for now)|(?:do not|don ?t) (?:submit|send|file|book|register|log) (?:it|this|that|anything)\b|no need (?:any ?more|for (?:it|this|that)|now|to (?:call|come|book|send|file|ring|phone|go))\b|not needed (?:any ?more|after all)|no longer necessary|let s (?:not|drop it|leave it|skip it)\b|i ?(?:ll| will) (?:pass|leave it|skip it)\b|hold off on (?:it|that|this)|on second thoughts?,? (?:no|don ?t|let|leave|skip)|do(?:n t| not)? (?:want|need) (?:it|this) any ?more|cancel (?:it|that|this|everything|the (?:booking|request|report|complaint|claim))|(?:please|just|so|then|rather|let s|would like to|want to|d like to) cancel(?: please)?$|i (?:ll|will|d rather|am going to|m going to) (?:do|call|handle|sort|ask|fix|go)\b.{0,30}\bmyself)\b`)
)

// offAtOnce is how no story begins, however long: 算了算了 刚才给我打电话了.
var offAtOnce = regexp.MustCompile(`^(?:那|唉|哎|哦|还是|我)*(?:算了|算啦)吧? ?(?:算了|算啦)+吧?(?: |$)`)

// nextTime is how somebody ends who puts it off: 忘了要说啥了 下次吧.
var nextTime = regexp.MustCompile(`(?:^| )(?:那|就|还是|先)*(?:下次|改天|改日|以后)(?:再说)?[吧了啦哈]+$`)

// notThatOne is what is not used any more, which ends nothing: 那个号我不用了.
var notThatOne = regexp.MustCompile(`(?:号码?|电话|手机|邮箱|车牌|地址|车)(?:我|已经|都|早就|现在|也|是)*不用了`)

// What a clause is by which somebody drops a thing, beside a reason or alone: that it
// is not to be done, 还是别交了 省得麻烦, or that it is needed no more, 这个不用了; and the
// reason for the latter that may stand beside it before the summary is shown.
var (
	dropLead  = `(?:那|就|还是|先|我|咱|我们|这次|这回|今天|这个|这事儿?|目前|现在|暂时|算了|想了想|想想|其实|要不|干脆|索性|也|都|以后|下次|千万|麻烦|请|你们|您|嗯|哦|唉|哎)*`
	dropVerbs = `(?:报|上报|报修|投诉|提|约|预约|评|评价|打分|申请|登记|注销|销号|销|办|办理|弄|搞|做|修|换|换绑|改绑|催|去|来|交|提交|上交|递|递交|送|下单|走流程|立案|派人|派单|处理|追究|计较|折腾|安排|麻烦(?:你们|您|大家)?|打扰(?:你们|您)?)`
	dropsDeed = regexp.MustCompile(`^` + dropLead + `(?:不|别|甭|勿|不要|不用|不必|用不着|没必要|不需要|不想|不打算)(?:再|给我|帮我|替我|去|来|往上|急着|忙着)*` + dropVerbs + `(?:上去|出去|上|它|这个|这单|单子)?(?:了|啦|咯|喽)+吧?$`)
	dropsThis = regexp.MustCompile(`^(?:那|就|所以|现在|哦|嗯)*(?:(?:这|那)(?:个|次|单|单子|事儿?|件事|回|边|里|条|头)?(?:预约|投诉|申请|登记|报修|回电|建议|评价|电话)?|单子|预约|投诉|申请|登记|报修|回电|建议|评价)(?:我|就|也|都|暂时|现在|先|可以)*(?:不用|不需要|用不着|不必|不要|作废|撤掉?|取消)(?:再)?(?:麻烦|弄|管|办|处理|跟进|理)?(?:你们)?(?:了|啦|咯|喽|掉)+吧?$`)
	settled   = regexp.MustCompile(`已经|人家|搞定|解决|[弄改修搞办处]好|打通|找到|联系上|想起来|自己|别人|朋友|保险|老婆|老公|家里`)
)

// dropsNamed drops a thing by its name, which ends a story too: 这申请撤了吧.
var dropsNamed = regexp.MustCompile(`^(?:那|就|所以|还是)*(?:这|那)?(?:个|次|单|条)?(?:预约|投诉|申请|登记|报修|回电)(?:我|就|也|先|可以|还是)*(?:不用|不需要|用不着|不要|作废|撤掉?|取消)(?:了|啦|掉)+吧?$`)

// handsIn is the last step alone, which somebody may take back to look again.
var handsIn = regexp.MustCompile(`交|递|送`)

// tone is what a clause ends in that says nothing: 先不约了哈.
var tone = regexp.MustCompile(`[哈啊呀哦呢嘛哒噢喔呐嗷]+$`)

// drops reports a message one clause of which drops the thing. Where a question stands
// open, what only says that it is needed no more has to have its reason beside it.
func drops(t string, open bool) bool {
	all := strings.Fields(t)
	for i, c := range all {
		c = tone.ReplaceAllString(c, "")
		if i > 0 && i < len(all)-1 || notThatOne.MatchString(c) {
			continue
		}
		if dropsDeed.MatchString(c) && (len(all) > 1 || !handsIn.MatchString(c)) || dropsThis.MatchString(c) && (!open || len(all) > 1 && settled.MatchString(t)) {
			return true
		}
	}
	return false
}

// mostStop is how long a message may be that ends a thing in the middle of a
// story, in characters.
const mostStop = 14

// leaves reports whether a message says in its own way that the person wants no
// more of it: 不用打了 我自己搞定了. In a story only a short one does.
func leaves(text string, story bool) bool {
	t := bare(text)
	if offAtOnce.MatchString(t) && !isQuestion(text) {
		return true
	}
	if last := t[strings.LastIndexByte(t, ' ')+1:]; story && dropsNamed.MatchString(tone.ReplaceAllString(last, "")) && !isQuestion(text) {
		return true
	}
	if story && nextTime.MatchString(t) && utf8.RuneCountInString(t) <= 2*mostStop && !isQuestion(text) {
		return true
	}
	t = tone.ReplaceAllString(t, "")
	if isQuestion(text) || story && isHan(t) && utf8.RuneCountInString(t) > mostStop {
		return false
	}
	if story && strings.HasPrefix(t, "别") { // told to others
		return false
	}
	if !isHan(t) {
		return leaveEn.MatchString(t) && (!story || len(strings.Fields(t)) <= 8)
	}
	if notThatOne.MatchString(t) {
		return false
	}
	if wantsNone.MatchString(t) || wantsOff.MatchString(t) {
		return true
	}
	for c := range strings.FieldsSeq(t) {
		if !changeWords.MatchString(t) && wantsNone.MatchString(c) {
			return true
		}
	}
	return doesSelf.MatchString(t) || goesThere.MatchString(t) || nextTime.MatchString(t) || !story && otherTime.MatchString(t)
}
