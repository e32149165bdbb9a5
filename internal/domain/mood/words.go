package mood

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// The lexicon (情绪词表). A group is what its words speak for and how much; 0.6
// of anger is angry, 0.3 of worry is worried. Words that contain others count
// alone. A group of whole words has its negation inside: 不负责任.
var groups = []struct {
	kind   kind
	weight float64
	whole  bool
	words  string // separated by |
}{
	// insults, and what is said to somebody who is despised
	{anger1, 1.0, true, "垃圾|骗子|骗人|坑人|坑钱|坑爹|黑心|放屁|无耻|不要脸|要不要脸|废物|滚|滚蛋|混蛋|王八|妈的|他妈|tmd|傻逼|sb|狗屁|恶心|流氓|奸商|无赖|智障|脑残|破车|破玩意|破公司|什么玩意|什么东西|摆设|听不懂人话|当我傻|当我是傻|店大欺客|霸王条款|蒙人|糊弄|忽悠|丧良心|没良心|缺德"},
	{anger1, 1.0, false, "useless|liar|liars|lied to me|idiot|idiots|stupid|scam|scammers|rip off|ripoff|ripped off|cheat|cheated|crap|bullshit|garbage|rubbish|pathetic|incompetent|what a joke|are you kidding|you people"},
	{anger1, 1.0, true, "饭桶|白痴|蠢货|蠢猪|傻子|傻瓜|猪脑子|狗东西|呸|抢钱|宰人|宰客|黑店|赖账|耍赖|耍我|耍人|玩我|当猴|猴耍|猴子耍|糊弄鬼|睁眼说瞎话|瞎话|撒谎|说谎|谎话连篇|满嘴谎话|有脸|没脸|厚脸皮|脸皮厚|可耻|太烂|真烂|烂透|烂车|烂服务|烂公司|烂品牌|破车厂|倒霉买|八辈子|后悔买|瞎了眼|装孙子|装傻|装死|装糊涂|狗都不|吃屎|去死|见鬼去|太不像话|不像话|胡说八道|胡扯|瞎扯|扯淡|良心不会痛|昧良心|缺德|黑了心|坑害|吃人|流氓企业|骗钱|诈骗|欺诈|虚假宣传"},
	{anger1, 0.8, true, "甩锅|推卸责任|推责|踢来踢去|死不承认|不承认|不认账|挂我电话|挂电话|一问三不知|翻来覆去|就会说|只会说|复制粘贴|找借口|当借口|拿借口|我不听|给个交代|给我个交代|给我一个交代|少来这|少来了|少来啊|堵门|堵在|砸了|砸车|要你们何用|有什么用|管不管|有没有人管|办不办|能不能办|行不行啊|设着玩|当摆设|玩文字|欺人太甚|仗势欺人|没完没了|走着瞧|等着瞧|别怪我|跟你们没完|没完了|有完没完|伺候|祖宗|老实人|误工费|不要给我打|还打|骚扰我|必须退|必须赔|必须给我|立刻退|立刻赔|到此为止|拉黑|避雷|拔草|退车|真想骂|想骂人|暴脾气|火冒三丈|脾气都没|凉透"},
	{anger1, 0.8, false, "unbelievable|rude|total disaster|i regret|regret buying|the media|media|in court|shame on|i hate|hate this|takes responsibility|dishonest|fraud|lies|lying|never again|horrible|terrible|disgrace|refund me now|actually knows|dont bother|nonsense|screw|hell|insulting|insult|joke of|third class|good for nothing|no excuse|excuse"},
	// how somebody says that they are angry
	{anger1, 0.9, false, "气死|气人|愤怒|火大|恼火|窝火|生气|忍无可忍|受够|受不了|烦死|服了|无语|抓狂|可笑|笑话|荒唐|离谱|过分|岂有此理|不可理喻|气愤|一肚子火"},
	{anger1, 0.9, false, "furious|angry|outraged|sick of|fed up|ridiculous|unacceptable|outrageous|disgusting|disgusted|appalling|terrible service|worst|awful|shameful|had enough|a disgrace"},
	// blame
	{anger1, 0.7, true, "太差|差劲|差评|恶劣|阴阳怪气|敷衍|推诿|推来推去|踢皮球|互相推|没人负责|没有一个人负责|不负责任|负得起责|负责吗|答非所问|不作为|不专业|浪费我时间|浪费时间|欺负人|欺负|欺骗|乱报|乱收费|偷换|偷偷换|凭什么|凭啥|会不会修|就这效率|就这态度|就这服务|什么服务|什么态度|这是什么服务|呵呵|说话不算|不守信用|出尔反尔|没人理|没人管|不管不顾|八百遍|多少遍了|几遍|三天两头|又趴窝|还没修好|修了五次|修了三次|修了四次|还敢卖|也敢卖|再也不买|再也不会|不会再买|别跟我说|少废话|废话|叫你们领导|找你们领导|你们领导|让你们经理|叫经理|说法"},
	{anger1, 0.7, false, "nobody ever|never calls back|no one cares|waste of time|wasting my time|your manager|still not fixed|third time|fourth time|fifth time|how many times|stop sending|money back now|you scratched|unprofessional|a joke|another fee|excuses"},
	// threats
	{anger1, 0.7, false, "投诉|举报|曝光|12315|12345|消协|起诉|法院见|法院|律师函|律师|维权|告你们|赔钱|退钱|马上退|发微博|发抖音"},
	{anger1, 0.7, false, "sue you|ill sue|will sue|lawyer|report you|the press|consumer association|go public|money back"},
	// fear, and being at a loss
	{worry1, 0.5, false, "着急|急死|好急|担心|担忧|焦虑|害怕|好怕|怕|慌|吓到|吓人|吓死|不踏实|愁|怎么办|求求|求助|拜托|救命|心累|难过|伤心|崩溃|失望|无奈|头疼|闹心|心疼|困扰"},
	{worry1, 0.4, true, "不放心|不太放心|不知道该怎么|不敢开|不敢用|不安全|会不会出事|有没有危险|危险吗|要不要紧|等不起|等不及|承受不了|吃不消|不会又|帮帮我|快不行"},
	{worry1, 0.5, false, "worried|anxious|scared|afraid|nervous|desperate|disappointed|frustrated|concerned|stuck|please help|help me|what to do|dangerous|getting dark|stranded|upset"},
	{worry1, 0.4, false, "不安|焦急|着慌|心慌|紧张|恐慌|惊慌|忐忑|揪心|没底|苦恼|烦恼|发愁|犯愁|郁闷|沮丧|委屈|绝望|无助|心凉|心都凉|难受|害怕|可怕|恐怖|后怕|糟心|头大|心急|上火|提心吊胆|胆战心惊|惶恐"},
	{worry1, 0.35, true, "不敢|有毒|安全吗|安不安全|要不要停车|能不能继续开|还能开吗|还能不能开|来得及吗|还来得及|赶得上吗|来不及|快没电|咋办|咋整|怎么整|该怎么做|该咋办|如何是好|没办法了|想想办法|救救|快些|快来|快派|派人来|派个人|冻得|热得受不|还要多久|要等多久|等到什么时候|没等到|没动静|没回音|没回信|没人接|没下文|准话|给个消息|给个答复|给个回复|回个话|有结果了吗|盼着|又坏了|怎么又|又出问题|又不行了|老是坏|总是坏|退不回来|要不回来|找不到了|半路趴窝|趴窝|熄火|停在马路|趴在路上|第二次问|第三次问|问了好几次|问了几次|求你|求您|真的拜托|一个人在|黑了什么|都看不到"},
	{worry1, 0.4, false, "nervous|alone|is it safe|it safe|on hold|trying to reach|been trying|middle of nowhere|broke down|get my deposit back|please reply|could someone please|i need this|i need it|before the holiday|will miss|miss my|miss the|dead|panic|terrified|freezing|overheating|no answer|nobody answers|when will|how much longer|lost"},
	// being pressed for time, and waiting
	{worry1, 0.35, true, "急|加急|赶紧|尽快|快点|快一点|赶飞机|赶火车|赶时间|赶高铁|马上要|急用|等着用|等了好久|等了半天|等了很久|等好久|等了一|等了两|等了二十|等了三|还没人|还没有人|有没有人在|还有人吗|一直排队|一直没|还没消息|没消息|还没到账|没打来|没有回复我|没有人回复|催了|实在|天快黑|半路|路上动不了|动不了|抛锚|坏在路上|突然|一堆灯|务必"},
	{worry1, 0.35, false, "urgent|asap|hurry|as soon as possible|is anybody there|anybody there|anyone there|still no reply|still waiting|been waiting|waiting for|need it tomorrow|flight to catch|right away|immediately"},
	// what is good
	{relief1, 0.6, false, "谢谢|感谢|辛苦|满意|点赞|好评|解决了|处理好了|没关系|慢慢来|慢慢查|放心了|挺好|不错|thanks|thank you|solved|great service|no worries|appreciate"},
	// what looks like one of them, and is none
	{neutral, 0, false, "不着急|不急|别急|不用急|不要着急|不生气|紧急制动|紧急救援|紧急电话|急刹|急救|应急|情急|急速|急加速|急转弯|不用生气|不要紧|没什么要紧|不是来投诉|多媒体|媒体播放|蓝牙|退车流程|退车要|安全带|没关系|不麻烦|dead battery warranty|投诉建议|投诉单|投诉工单|负责人|急诊|哈哈|没有不满意|not urgent|not angry|实在话|突然想|怎么办理|怎么办卡|怎么办手续|怎么办的|律师事务所|怕不怕|恐怕|哪怕|may i|not worried|快点儿的话"},
}

// lexicon is the words of all groups, longer ones first.
var lexicon = func() (ws []word) {
	for _, g := range groups {
		for w := range strings.SplitSeq(g.words, "|") {
			ws = append(ws, word{text: w, kind: g.kind, weight: g.weight, whole: g.whole})
		}
	}
	slices.SortStableFunc(ws, func(a, b word) int {
		return cmp.Or(cmp.Compare(len(b.text), len(a.text)), cmp.Compare(a.text, b.text))
	})
	return ws
}()

// beginning is which words begin with a character, by their places in the lexicon.
var beginning = func() map[rune][]int {
	m := map[rune][]int{}
	for i, w := range lexicon {
		r, _ := utf8.DecodeRuneInString(w.text)
		m[r] = append(m[r], i)
	}
	return m
}()
