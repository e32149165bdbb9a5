package retrieve

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Parts of the ways to ask for a person. Those of Latin text end with a space
// where something follows.
const (
	human   = `(?:人工|真人|活人)`
	service = `(?:客服|坐席|座席|专员|专人|值班人员)`
	boss    = `(?:工作人员|主管|经理|领导|负责人|组长)`
	which   = `(?:我|到|去|给|接|一|个|位|名|下|你们?|您|们|的|其他|其它|别|另外|在线|线上|电话|售后|售前|专业|专属|高级|上级|刚才|那|这|号|[\[\]()\d ]|数字x)*?`
	politer = `(?:我们?|你们?|您|就|那|还是|要|想|请|麻烦|帮忙?|给|直接|赶紧|赶快|快点?|马上|立刻|立即|现在|能不能|能否|能|可不可以|可否|可以|还|再|先|必须|一定|希望|申请|求|需要|你好|您好|好|好的|喂)*`
	mild    = `(?:吧|吗|呢|啊|呀|嘛|哦|谢谢|好吗|行吗|可以吗|行不行)*$`
	bots    = `(?:机器人|智能客服|自动回复)`

	latinGap   = `(?:(?:to|with|over|through|directly|now|a|an|the|some|your|one|any|another|different|real|live|actual|human|proper|senior|chat|support|service|customer|care|sales|technical|online|of|me|us) )*`
	latinStaff = `(?:person|humans?|agents?|representatives?|reps?|operator|advis[oe]r|associate|supervisor|manager|someone|somebody|staff|people|specialist|employee|customer (?:service|support|care)|support)`
	latinOne   = `(?:humans?|agent|representative|rep|operator|(?:real|live|actual) (?:person|people|someone))`
	latinMild  = `(?:hi|hello|hey|ok|no|yes|please|pls|now|just|a|an|the|thanks|asap)`
)

// either is a way to say something in one of several ways.
func either(ways ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?:` + strings.Join(ways, `|`) + `)`)
}

// All of these look at one clause.
var (
	// people are words without which nobody asks for a person.
	people = either(human, service, boss, bots, `人`, `售后`, `\b`+latinStaff+`\b`, `\b(?:bot|robot|machine|ai|chatbot|computer)s?\b`)

	// otherThings are words that hold one of these and mean another thing.
	otherThings = either(
		`人工(?:费|智能|智慧|成本|价|湖|岛|草|降|呼|授|流产|审|检|合成|皮|钻|宝石|播|种|培|翻|养|植|造|心|关节|耳蜗|受精|喂|安装|操作|计|工时|打)`, `(?:手工|无法|纯|靠)人工`,
		`真人(?:版|秀|电影|电视|剧|快打|cs|漫画|游戏|视频|照|图|娃娃|模特|语音|演|认证|头像|实拍|配音|出镜|穿|试)`, `大活人`,
	)

	// refusals are of a machine.
	refusals = either(
		`(?:别|不要|不想|不跟|不和|不用)再?(?:让|用|要|跟|和|与|是)?(?:你?这个)?`+bots+`(?:跟|和|与)?我?(?:说|聊|谈|讲|沟通|对话|回|答|服务|客服|`+mild+`)`,
		`\b(?:dont|do not|not) (?:want|wanna|like)(?: to)?(?: talk| speak| chat| deal)?(?: to| with)? `+latinGap+`(?:bot|robot|machine|ai|chatbot|computer)s?\b`,
	)

	// asides tell of a person, ask about one, or refuse one.
	asides = either(
		// They do not want one.
		`(?:不要|不用|不需要|不想|不必|无需|没必要|别|先不)(?:再|给我|帮我|找|叫|要|换|转接?到?|联系)*(?:人工|真人|客服)`,
		`(?:^|[^要么还啥咋])不(?:给我|帮我)?转(?:接|到)?(?:人工|真人|客服)`,
		`\b(?:dont|do not|no|didnt|never|without|rather not|instead of) (?:(?:want|need|have|having|wish|like) )?(?:you )?(?:to )?(?:be )?(?:speak|talk|chat|connect|transfer|connected|transferred|speaking|talking|human|an? (?:human|agent|person))\b`,
		// They tell what one said or did.
		`(?:之前|上次|上回|昨天|前天|刚才|刚刚|早上|已经|以前).*(?:人工|真人|客服|专员|主管|经理).*(?:说|讲|告诉|答应|承诺|让我|叫我|回复我|处理了|没解决|没用|过)`,
		`(?:人工|客服|专员|主管|经理)(?:人员|小姐姐?|妹妹)?(?:[都也就又还]|之前|上次|昨天|刚才|刚刚)*(?:说(?:$|[^话清一])|讲的|告诉|答应|承诺|让我|叫我|要我|回复我|跟我说|和我说|给我说|态度|服务态度)`,
		`(?:人工|真人|客服|专员|主管|经理|领导)(?:说|讲|聊|谈|沟通|联系|确认|反映|投诉)(?:话)?(?:过|了|好)`,
		// They ask how to reach one some other way, or whether it is needed.
		`(?:人工|客服|坐席|专员)(?:的|客服|服务|投诉)*(?:电话|号码|热线|邮箱|微信|qq|工号)(?:$|[^联沟回给客])`,
		`(?:是不是|需不需要|要不要|用不用|还要|还需要).*(?:找|联系|经过|等).*(?:客服|专员|主管|经理)`, `需要(?:找|联系|经过)(?:你们)?(?:客服|专员|主管|经理)[吗么]$`,
		`\b(?:do|did) (?:i|we) (?:need|have) to\b`, `\b(?:must|should) (?:i|we)\b`,
		`\b(?:agents?|representatives?|reps?|operator|supervisor|manager|human|support|customer service|someone|person) (?:number|phone|hours|opening|email|address|fee|approval|name|id|said|says|told|resources|error|rights|was|were|working)\b`,
		// They ask with whom they speak.
		`^(?:.*(?:请问|你们?|您|这|现在))?(?:到底|究竟)?(?:是不是|是)(?:真人|人工|活人|机器人)(?:客服|服务)?(?:还是|吗|么|啊|呀|吧|不|$)`,
		`\b(?:are|were) you (?:a|an|the|ai|really|actually|real|live|human)\b`, `\b(?:you are|youre|your|this is) (?:a|an|really|actually|real|live|human)\b`,
		`\bis (?:this|that|it|your voice) (?:a |an |really |actually |from a )*(?:real|live|human|person|bot|computer|machine)\b`, `\bam i (?:speaking|talking|chatting)\b`, `\b(?:act|think|talk|sound|behave)s? like\b`,
	)

	// requests ask for a person.
	requests = either(
		`(?:转|转接|接通?|接入|切换?|换|找|叫|喊|呼叫|呼|要|联系|来|连线)`+which+human,
		`(?:转|转接|接通|接入|切换|换|呼叫|连线)`+which+`(?:`+service+`|售后(?:部门?)?`+mild+`)`,
		`^`+politer+`(?:找|叫|喊|让|要|联系|有没有)`+which+`(?:`+service+`|`+boss+`)(?:`+mild+`|帮|来|给|跟|和|与|联系|处理|解决|服务|协助|介入|接|回|出来|说话|说清|谈|投诉)`,
		`^`+politer+`(?:跟|和|与|同)`+which+`(?:`+human+`|`+service+`|`+boss+`|人)`+which+`(?:说话|说一?下|说$|讲|聊|谈|沟通|对话|通话|交流)`,
		`换一?个人(?:来|跟|和|帮|给|处理|接待|回|服务|解答|说|聊|谈|`+mild+`)`, `(?:来|找)一?个人来?(?:跟|和|与)我`, `(?:找|叫|来)一?个?(?:能|会)(?:解决|处理|做主|说话|管事|听懂).{0,4}人`,
		`\b(?:speak|talk|chat|connected|transferred|escalated?|get through|reach|connect(?: me| us| this)?|(?:transfer|pass|put|switch|forward|hand|redirect|patch|get|bring)(?: me| us| this| my chat| the chat| my call)) `+latinGap+latinStaff+`\b`,
		`\btransfer to `+latinGap+`(?:agent|human|operator|representative|rep)\b`,
		`\b(?:want|wanna|need|get|give|have|find|like|prefer|bring|call|require|request(?:ing)?|is there|are there|but) `+latinGap+`(?:`+latinOne+`|supervisor)\b`,
		`^(?:`+latinMild+` )*(?:`+latinOne+`|person|(?:human|live|customer) (?:support|help|chat|service|agent|person))(?: `+latinMild+`| human| agent| representative| operator)*$`,
	)

	// mentions ask for a person unless something is asked about it.
	mentions = either(human, `\b(?:live|real|actual|human) (?:agent|person|human)\b`, `\bhuman support\b`)
	topics   = either(`\b(?:like|as|spoke|spoken|talked|yesterday|earlier|be)\b`)
)

// wantsPerson returns the words with which normalised text asks for a person.
// Each clause counts alone: who says what an agent said may ask for another.
func wantsPerson(normal string) (string, bool) {
	for _, c := range clauses(normal) {
		if w := clauseWants(c); w != "" {
			return w, true
		}
	}
	return "", false
}

func clauseWants(clause string) string {
	if !people.MatchString(clause) {
		return ""
	}
	clause = otherThings.ReplaceAllString(clause, "#")
	if w := refusals.FindString(clause); w != "" {
		return w
	}
	if asides.MatchString(clause) {
		return ""
	}
	if w := requests.FindString(clause); w != "" {
		return w
	}
	if _, ok := says(clause, " "+clause+" ", about); ok || topics.MatchString(clause) {
		return ""
	}
	return mentions.FindString(clause)
}

// clauses parts normalised text at signs, and at spaces beside characters that
// are written without spaces.
func clauses(normal string) []string {
	var out []string
	from, last := 0, ' '
	cut := func(to, next int) {
		if c := strings.Join(strings.Fields(normal[from:to]), " "); c != "" {
			out = append(out, c)
		}
		from = next
	}
	for i, r := range normal {
		n := utf8.RuneLen(r)
		switch {
		case strings.ContainsRune(",.!?;:、。…~|\"“”", r):
			cut(i, i+n)
		case r == ' ':
			after, _ := utf8.DecodeRuneInString(normal[i+1:])
			if dense(last) || dense(after) {
				cut(i, i+n)
			}
		}
		last = r
	}
	cut(len(normal), len(normal))
	return out
}
