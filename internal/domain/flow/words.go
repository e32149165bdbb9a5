package flow

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// noMore is a no to the business itself: 先不约了.
const noMore = `^(?:那|就|先|我|还是|哦)*不(?:想|要|再|用)?(?:报|投诉|提|约|预约|办|办理|弄|查|评|评价|申请|搞|做|登记|注销|销|销号|催)了吧?$|^(?:那|就|我|哦|等等)*(?:先|暂时)(?:还是)?(?:不|别)(?:想|要|再|用)?(?:报|投诉|提|约|预约|办|办理|申请|登记|注销|催)(?:了|吧)*$`

// What people say to steer. All of it is folded: small letters, simplified.
var (
	yesWords = []string{
		"没有问题", "没问题", "没错", "确认提交", "确认", "确定", "提交", "是的", "对的", "好的", "可以的", "可以", "行的", "同意", "正确", "就这样", "嗯嗯", "嗯", "恩", "是", "对", "好", "行", "成", "要", "需要", "有", "能",
		"确认无误", "无误", "发送", "发吧", "没毛病", "定了", "定", "确认登记", "提交投诉", "提交建议", "确认预约", "确认投诉", "确认申请", "all correct", "妥了", "妥", "可", "没啥问题", "没什么问题", "没意见", "confirmed", "办理", "约上", "约吧", "登记吧", "申请吧", "提交申请", "催", "搞定", "完美", "登记",
		"looks good", "sounds good", "book it", "submit it", "send it", "do it", "register me", "fine", "perfect", "great", "absolutely", "obviously", "definitely", "certainly", "of course", "yes please", "yes", "yep", "yeah", "sure", "ok", "okay", "confirm", "correct", "right", "go ahead", "submit", "y",
	}
	noWords = []string{
		"不需要", "不可以", "不正确", "不是的", "不是", "不对", "不行", "不用", "不要", "不能", "不了", "没有", "错了", "有误", "不", "否", "没", "别",
		"nope", "no", "not", "wrong", "incorrect", "don't", "dont", "n",
	}
	fillers      = []string{"帮我", "给我", "现在", "这下", "这次", "这么", "这回", "这样", "这个", "这些", "信息", "内容", "全部", "快点", "快", "赶紧", "嘞", "啦", "哈", "呗", "咯", "都", "一下", "那", "您", "它", "我", "的", "了", "吧", "啊", "呀", "哦", "呢", "嘛", "谢谢", "谢了", "麻烦", "请", "就", "please", "thanks", "thank you", "that is", "thats", "it is", "its"}
	cancelWords  = []string{"取消", "取消吧", "算了", "算了吧", "不弄了", "不办了", "不报了", "不查了", "不约了", "不用了", "不投诉了", "不想弄了", "不想办了", "先不办了", "先不弄了", "退出", "停", "停下", "打住", "停止", "结束", "cancel", "stop", "quit", "exit", "never mind", "nevermind", "forget it"}
	backWords    = []string{"返回", "上一步", "返回上一步", "回到上一步", "退回", "退回上一步", "后退", "回退", "back", "go back", "previous", "previous step"}
	repeatWords  = []string{"再说一遍", "再问一遍", "重复", "什么", "没看懂", "没听清", "repeat", "again", "say again", "pardon", "what"}
	leadWords    = regexp.MustCompile(`我要|我想|我还想|还想|还要|先帮我|帮我|顺便|另外|先|想要|i want|i would like|id like|i need|can i|could you|let me|first`)
	emptyWords   = regexp.MustCompile(`您好|你好|哈喽|对你们|有点?意见|姐姐|但是|还是|小姐姐|小哥哥|小伙子|小姑娘|好吗|行吗|好不好|行不行|想法|一点|不成熟|小小|讲讲|说说|聊聊|谈谈|同志|能否|个人|只|拨|同|打字|可以|有人|吗|么|打字|专人|不想|安排|方便|让人|叫人|找人|安排人|派人|人工|客服|东西|事情|师傅|一声|这边|那边|快点|赶紧|尽快|过来|来个|一下|一个|有个|有一个|给你们|跟|反馈|我|你们|的|了|吧|啊|请|谢谢|麻烦|查|报|提|想|要|个|点|条|给|让|叫|找|下|小|呗|哈|呀|哦|能|把|\b(?:i|d|have|want|to|make|file|report|book|a|an|the|some|someone|somebody|can|could|you|me|us|it|need|please|would|like|about|your?|my)\b`)
	asideWords   = regexp.MustCompile(`[^ ,，.!！?？]*(?:打字|字儿?都?打|打不[来利好]|不会弄手机|不会用手机|不会用这|不方便|不便|说不清|讲不清|听不清|看不清|听不懂|看不懂|中文不|英语|这[里边儿]太?吵|正忙|在忙|忙着|走不开|没空|在开车|上班|开会|睡觉|眼神|眼睛不)[^ ,，.!！?？]*|(?:^|[ ,，.])[别不][^ ,，.!！?？]*|[^,.;!?]*\b(?:typing|type|texting)\b[^,.;!?]*`)
	callWords    = regexp.MustCompile(`[^ ,，.。;；!！?？~]*(?:电话|致电|打给我|打过来|回电|联系|通话|\b(?:call|ring|phone|contact)\b)[^ ,，.。;；!！?？~说聊谈问讲咨解商关]*((?:说|聊|谈|问|讲|咨询|解释|商量|关于|\b(?:about|regarding)\b)[^ ,，.。;；!！?？~]{3,})?`)
	whoWords     = regexp.MustCompile(`(?:让|叫|请|喊|找|安排|派|由)(?:你们?|您|贵司|贵公司|一|个|位|名|下|那个|的|公司)*(?:售后|售前|销售|客户|技术|大客户|店|部|服务|维修)*(?:经理|老板|领导|师傅|同事|工作人员|负责人|主管|销售|顾问|客服|专员|妹子|人)|电话给我|[与跟和同]我(?:取得)?联系|联系我|致电|贵司|我司|\b(?:somebody|someone|anyone|a person)(?: (?:who|that))?(?: (?:speaks?|speaking))?(?: english| chinese)?(?: speaking)?`)
	skipWords    = regexp.MustCompile(`^.{0,8}(?:想不起来?|记不(?:清|得|住)|忘了|忘记|不记得|说不清)[^ ]{0,3}$|^(?:(?:我|也|都|那|就|这个|其实|暂时|真的?|好像|还|算了吧?|拉倒吧?)*(?:没啥|没什么|没有什么|没别的|没其他|说不上|说不清|想不起|搞不清|弄不清|不晓得|没注意|没留意|没在意|没印象|没看|暂时没|暂无|略$|pass$|不记得|记不|不知道|不清楚|忘了|忘记|无所谓|随便|随意|随时|越快越好|尽快|asap|as soon as possible|[^ ]{0,6}(?:都行|都可以|都成|都方便|都有空)$|都可以|都行|都成|都方便|啥时候都|什么时候都|任何时间|不限|全天|一直有空|你们(?:看着|定|方便|安排)|看你们|有阵子|好一阵|不好说|不想(?:说|填|留|写)|算了不|免了)|any ?time|whenever|nah|nothing (?:else|more|really|to add)|that ?s (?:it|all)|up to you|you decide|can t (?:say|tell|remember|recall)|(?:i )?don ?t (?:know|remember|recall)|(?:i )?have no idea|no (?:comment|preference|thanks|thank you)|跳过|不(?:填|写|说|留|想(?:填|写|说|留)|用|需要|必)|没$|想不起来|记不(?:清|得|住)|不太?(?:记得|清楚|知道|确定|方便)|(?:还|暂时)?没想好|(?:就)?先这样$|还没想|没想过|没(?:有|了|什么|啥|别的|啦|咯|喽|得)|无$|忘|随便|都行|skip|nothing|none$|no$|nope$|no idea|not sure|i? ?(?:dont|do not|cant|cannot) (?:know|remember|recall)|i forgot)`)
	giveUpWords  = regexp.MustCompile(`^(?:还是|那就?)?算了吧?(?: ?我?不.{1,4})?$|^(?:先|那|就|还是)*取消(?:吧|了|办理|申请|提交|预约|投诉)?$|` + noMore)
	withdrawn    = regexp.MustCompile(`^(?:那|就|还是|先|算了)*(?:撤|撤了|撤销|撤回)[吧了]*$`)
	businessOff  = regexp.MustCompile(noMore)
	insteadWords = regexp.MustCompile(`^(?:那|还是|唉|哎|哦|嗯)*算了吧? ?(?:还是|就|我)*(?:去|自己|直接|下次|以后|改天|回头|再说|已经|不|(?:别|甭)(?:再|给我|帮我|往上)*` + dropVerbs + `)`)
	noStart      = regexp.MustCompile(`^暂(?:无|不|且不|缓)|^(?:先|暂时|还是|都|也|现在|还)?(?:不|没|别|否|无)|^(?:下次|以后|改天|回头|再说|再等|等等|还是算了|not |maybe later|later)|^[^,. ]{0,4}[不没]|再(?:说|看)吧?$`)
	yesStart     = regexp.MustCompile(`^(?:要|好|可以|行|嗯|是|对|帮我|麻烦|请|能|会|已经|都|(?:yes|yeah|yep|yup|yea|aye|sure|ok|okay|please|absolutely|definitely|go ahead|by all means)\b)|好了$|还行$|还可以$|也行$`)
	yesEnd       = regexp.MustCompile(` (?:可以|行|能|好)[^ ]{0,4}$`) // 试了，可以登了
	unsure       = regexp.MustCompile(`好像|没试|没看过|没开过|要是|不知道|不清楚|不确定|不好说|不记得|不懂|不明白|没看懂|没听|看情况|差不多|不错|not sure|know`)
	askWords     = regexp.MustCompile(`[?？]|(?:到底|请问|究竟|大概|一般|需要|是|要|有|带|交|得|花|去)[^ 没]{0,3}(?:什么|啥|哪|几|多少|多久|怎么)[^都也 ]*$|(?:[能要会行好可成得是用花管保修]|可以|需要|有|在保|花钱|要钱|收费|免费|方便|来得及)[^ 不没]{0,4}[^还也都就才并当然肯定绝我你他它说好]不[啊呀 ]*$|(?:行|能|好|成|可以|得)不(?:行|能|好|成|可以)|[行成中]不[啊呀嘞 ]*$|是不是[^ ]{2,}$|(?:开门|营业|上班|休息|放假|关门|有人|管用|靠谱|远|近|贵|准|快)不[啊呀嘞 ]*$|(?:有|了|过|到|好|修|换)[^ 不没也还都]{0,6}没有?[啊呀 ]*$|(?:几点|几时|多久|啥时候|什么时候|怎么|咋|谁|哪个|哪里|哪儿|多少)[^ ]{0,8}[啊呀嘞呢]+$|(?:吗|呢|么)[ .!]*$|^(?:请问|怎么|为什么|为啥|什么|哪|多少|多久|几点|是不是|有没有|能不能|可不可以)|(?:多少钱|怎么办|多久|什么意思|在哪|什么叫|啥叫|什么是|啥是)|^(?:how|what|why|when|where|who|which)\b|^(?:is|are|do|does|did|can|could|will|would|shall|should|may) (?:i|you|we|they|it|he|she|this|that|there|these|those|my|the|your|our|a|an|any|any ?one|some ?one|some ?body)\b`)
	changeWords  = regexp.MustCompile(`不对|(?:^|[^没不])错[了啦的]|[说写填打弄搞点选看记报听算输发给讲敲按念抄拍]错|(?:说|写|填|打|报|搞|弄|敲|输|按|念|记|抄)[反漏混]了?|改成|改为|改到|换成|[改换](?:[上下早晚周今明后0-9一二两三四五六七八九十]|星期|礼拜)|改一下|修改|更正|应该[是为]|应[是为当]|更正|变更|而是|不是.{0,30}?是|(?:^|[^a-z])(?:hang on|nope? (?:it|its|that)|nope?, (?:it|its|that)|make (?:it|that)|not .{1,20} but|actually|i meant|i mean|change|correction|should be|sorry|wrong|instead|rather)(?:[^a-z]|$)`)
	waitWords    = regexp.MustCompile(`^(?:(?:你|您|那|先|我)*(?:等一?下|等等|等会儿?|稍等|稍等一?下|等我(?:一下)?|别急|不急)(?: ?(?:我|让我)?(?:先|去|再)?(?:想想|想一?下|看看|看一?下|找找|找一?下|查查|查一?下|翻翻|翻一?下|问问|问一?下|试试|试一?下|瞅瞅|拿|翻|找|去翻|去找|去拿|去看|想).{0,8})?|(?:我|让我|那我)(?:先|去|再)?(?:想想|想一?下|看看|看一?下|找找|找一?下|查查|查一?下|翻翻|翻一?下|问问|问一?下|去翻|去找|去拿|去看|试试|试一?下|瞅瞅).{0,8}|(?:hold on|hang on|one (?:sec|second|moment)|wait|just a (?:sec|second|moment|minute)|give me a (?:sec|second|moment|minute)|let me (?:check|think|see|look|find)).{0,30})$`)
	requesting   = regexp.MustCompile(`(?:能不能|能否|可不可以|可否).*(?:帮|麻烦|快)|能(?:帮我|给我)?催[^ ]{0,4}(?:不|吗|么)|(?:能|可以)(?:再)?(?:快|加急|抓紧)[^ ]{0,3}(?:不|吗|么)|\b(?:could|can|would|will) you\b`)
	proposing    = regexp.MustCompile(`(?:可以|行|能|有空|有位|方便|来得及|成|好|怎么样|如何|约)(?:约|来|去|安排|到)?(?:不|吗|么|呢|[?？])|呢[ ?？]*$|有(?:位|空|名额|号)?(?:吗|么|没有?)[ ?？]*$|(?:can|could|may) (?:i|we|you)|(?:how|what) about|\b(?:ok|free|possible|available)\b`)
	asksFacts    = regexp.MustCompile(`什么|多少|怎么|多久|几|哪|为啥|要钱|会不会|\b(?:how|what|why|when|where|who|which)\b`)
	meantWords   = regexp.MustCompile(`(?:错了?|不对|不好意思|sorry|i mean(?:t)?|actually)[,，.! ]*(?:应该|其实|我说的|it |that )?(?:是|is |its )?([^,，.]{2,20}?)[.!]?$`)
	notButWords  = regexp.MustCompile(`不是(.{1,30}?)[,，.;、 ]*(?:而是|应该是|是)`)
	punctuation  = regexp.MustCompile(`[\p{P}\p{S}\s` + string(blot) + `]+`)
)

// What people say before and after what they mean, and what takes a yes back.
var (
	before     = regexp.MustCompile(`^(?:(?:你好|您好|嗯+|呃|额|哦|噢|啊|哎|喂|那个|那|就是|hi|hello|well|um|hmm|so|oh) )+|^(?:我|我家|他|她)?(?:老板|客户|车主|业主|领导|司机|奶奶|爷爷|爸|妈|爸爸|妈妈|老公|老婆|媳妇|爱人|儿子|女儿|哥|姐|弟|妹|家里人?|对方)(?:说|讲)(?:了|的是)? ?`)
	after      = regexp.MustCompile(`(?: (?:谢谢|谢谢你|谢谢您|谢了|多谢|辛苦了|thanks|thank you|thx))+$`)
	urging     = regexp.MustCompile(`^.{0,3}(?:提交|确认|约|办|发|登记|申请|下单|催|订|交吧|这样|这个|book|submit|confirm|send|go ahead)`)
	object     = regexp.MustCompile(`(确认|确定|提交|同意)(?:登记|更换|评价|投诉|建议|反馈|申请|注销|上报|报修|催办|预约|上去)`)
	puttingOff = regexp.MustCompile(`不|没|别|但|先|再|等|想|考虑|如果|要是|万一|吗|呢|么|改|换|取消|多少|[0-9几]|什么|怎|还|问|看|一下|前|后|错|票|价|\b(?:no|not|but|if|wait|before|after|change|first|another)\b`)
	doubt      = regexp.MustCompile(`不|没|别|但|可是|只是|除了|\b(?:no|not|but|except|dont)\b`)
)

// bare returns a message folded, without punctuation and courtesies.
func bare(text string) string {
	t := strings.TrimSpace(punctuation.ReplaceAllString(newScan(text).text(), " "))
	return strings.TrimSpace(after.ReplaceAllString(before.ReplaceAllString(t, ""), ""))
}

// keepsIt is how somebody wants a thing not to be given up.
var keepsIt = regexp.MustCompile(`\b(?:don ?t|do not|not|never) (?:cancel|stop|give up|drop)\b|(?:别|不要|不用|先别|不)(?:给我|帮我)?(?:取消|撤销|撤掉)`)

// givesUp reports whether a message says that the person wants no more of it:
// the whole of it, or what it ends with, 太麻烦了，不约了. Where a story is told,
// only the flow's own business can be what ends.
func givesUp(text string, story bool) bool {
	all := bare(text)
	if keepsIt.MatchString(all) {
		return false
	}
	if isOne(text, cancelWords) || giveUpWords.MatchString(all) {
		return true
	}
	if isQuestion(text) {
		return false
	}
	if leaves(text, story) {
		return true
	}
	if insteadWords.MatchString(all) {
		return !story || utf8.RuneCountInString(all) <= mostShort
	}
	begin, _, more := strings.Cut(all, " ")
	if !more {
		return false
	}
	if !story && businessOff.MatchString(begin) && !changeWords.MatchString(all) {
		return true
	}
	if !story && withdrawn.MatchString(begin) {
		return true
	}
	end := all[strings.LastIndexByte(all, ' ')+1:]
	if story {
		return businessOff.MatchString(end)
	}
	return giveUpWords.MatchString(end)
}

// waits reports whether a message only asks for a moment.
func waits(text string) bool {
	t := bare(text)
	return utf8.RuneCountInString(t) <= mostShort+2*mostShort*strings.Count(t, " ")/3 && waitWords.MatchString(t) && !isQuestion(text) && !changeWords.MatchString(t) && !strings.ContainsAny(t, "0123456789")
}

// proposes reports a question that puts an answer forward: 周日可以吗.
func proposes(text string) bool { return proposing.MatchString(newScan(text).text()) }

// isRequest reports a question that only asks politely for something to be
// done: 能不能帮我催一下.
func isRequest(text string) bool {
	t := newScan(text).text()
	return requesting.MatchString(t) && !asksFacts.MatchString(t)
}

// isOne reports whether a message is one of some words and nothing else but
// fillers.
func isOne(text string, list []string) bool {
	t := bare(text)
	if slices.Contains(list, t) {
		return true
	}
	for _, f := range fillers {
		t = strings.TrimSpace(strings.TrimPrefix(strings.TrimSuffix(t, f), f))
	}
	return t != "" && slices.Contains(list, t)
}

// madeOf reports whether a message is nothing but some words and fillers, and
// at least one of the words.
func madeOf(text string, list []string) bool {
	t, one := strings.ReplaceAll(bare(text), " ", ""), false
	for t != "" {
		n := longest(t, list)
		f := longest(t, fillers)
		switch {
		case n > 0 && n >= f:
			one = true
			t = t[n:]
		case f > 0:
			t = t[f:]
		default:
			return false
		}
	}
	return one
}

// longest returns the length of the longest of some words that a text begins
// with, in bytes.
func longest(t string, list []string) (n int) {
	for _, w := range list {
		if w = strings.ReplaceAll(w, " ", ""); len(w) > n && strings.HasPrefix(t, w) {
			n = len(w)
		}
	}
	return n
}

// isYes reports an explicit yes, with nothing beside it that could take it
// back.
func isYes(text string) bool {
	switch bare(text) {
	case "对了", "要是", "成都": // by the way, and if: more is to come
		return false
	case "有": // there is; but nothing was asked for
		return false
	}
	return madeOf(object.ReplaceAllString(bare(text), "$1"), yesWords) && !isQuestion(text)
}

// isUrgedYes reports a yes with nothing behind it but that it should go ahead:
// 可以，就约这个. Nothing may put the yes off, take it back or tell something.
func isUrgedYes(text string) bool {
	first, rest, more := strings.Cut(bare(text), " ")
	return more && isYes(first) && !isQuestion(text) &&
		utf8.RuneCountInString(rest) <= mostShort && urging.MatchString(rest) && !puttingOff.MatchString(rest)
}

// isNo reports a plain no.
func isNo(text string) bool {
	return madeOf(strings.ReplaceAll(bare(text), "没错", "对"), noWords) && !isQuestion(text) // 没错了 is made of 没 and 错了
}

// goesOn is how a statement ends in 呢: 停路边呢, 开着呢.
var goesOn = regexp.MustCompile(`[好完成]了?呢[ .!]*$|不[^ 不]{1,4}了呢[ .!]*$|(?:^|[ ,，])(?:好|好的|可以|可以的|行|嗯|对|对的|是|是的)呢[ .!]*$|(?:[着边上里等急忙中远早多]|(?:正|还)[^ ]{0,6}|在[^ 哪]{1,4})呢[ .!]*$`)

// isQuestion reports whether a message reads as a question.
func isQuestion(text string) bool {
	t := standsIn.ReplaceAllString(strings.TrimSpace(newScan(text).text()), "")
	if justDo.MatchString(t) {
		return false
	}
	return askWords.MatchString(goesOn.ReplaceAllString(t, "")) || asksEither(t) || asksWhat.MatchString(bare(t)) || asksAfter.MatchString(t) || asksWhen.MatchString(t)
}

// justDo is an order that begins as a question does.
var justDo = regexp.MustCompile(`^(?:please )?do (?:it|that)(?: now| then| please)?[ .!]*$`)

// asksEither reports a question that ends in a word and its denial: 中午歇不歇.
func asksEither(text string) bool {
	r := []rune(strings.TrimRight(text, " .!啊呀哦嘛呢"))
	n := len(r)
	return n >= 4 && !strings.ContainsRune("不没爱别", r[n-4]) && r[n-1] == r[n-3] && (r[n-2] == '不' || r[n-2] == '没') && unicode.Is(unicode.Han, r[n-1])
}

// standsIn is how 什么 stands for a word that does not come to mind: 收不到那个什么码.
var standsIn = regexp.MustCompile(`[那这]个(?:什么|啥)|(?:什么|啥)的$|没(?:什么|啥)|(?:[ ,，!！][这那]?|^[这那])?还(?:用|需要?|要)[问说讲想](?:吗|么|嘛)?[ ?？!！.。]*$|(?:^|[ ,，!！])(?:不然呢|要不然呢)[ ?？!！.。]*$`)

// mostShort is how long an answer may be whose first word decides it, in
// characters.
const mostShort = 12

// skips reports whether a message is a short word for not knowing.
func skips(text string) bool {
	t := bare(text)
	return utf8.RuneCountInString(t) <= 2*mostShort && skipWords.MatchString(t)
}
