package retrieve

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What people say around a question. Longer phrases stand before shorter ones
// that they contain.
var (
	greetings = []string{
		"早上好", "上午好", "中午好", "下午好", "晚上好", "有人在吗", "有客服吗", "客服在吗", "在不在", "有人吗", "在吗", "在么", "你好", "您好", "哈喽", "哈罗", "嗨", "早",
		"good morning", "good afternoon", "good evening", "anybody there", "anyone there", "hello there", "hi there", "hello", "hey", "hi",
	}
	thanks = []string{
		"非常感谢", "十分感谢", "感谢感谢", "感谢您", "感谢你", "谢谢您", "谢谢你", "谢谢了", "太感谢了", "谢谢", "多谢", "感谢", "辛苦了",
		"thank you very much", "thank you so much", "thank you", "thanks a lot", "many thanks", "thanks", "thx", "cheers",
	}
	farewells = []string{
		"拜拜", "再见", "没有了", "没有别的了", "没问题了", "没事了", "解决了", "不用了",
		"bye bye", "goodbye", "bye", "thats all", "no thanks", "no thank you",
	}
	acknowledgements = []string{
		"我知道了", "我明白了", "明白了", "知道了", "好的呢", "好的好的", "好嘞", "好的", "好吧", "嗯嗯", "收到", "了解了", "了解", "明白", "可以的", "可以", "行的", "没事", "哦哦", "好", "嗯", "哦", "噢", "行", "对",
		"i see", "i understand", "understood", "got it", "all right", "alright", "sounds good", "great", "perfect", "okay", "okey", "ok", "sure", "fine", "cool", "yes", "yep", "yeah", "k",
	}
	fillers = []string{
		"我想请问一下", "我想咨询一下", "我想了解一下", "请问一下", "咨询一下", "我想问一下", "我想问下", "麻烦问一下", "我想知道", "我想咨询", "我想了解", "想问一下", "想咨询下", "想请问", "请教一下", "打扰一下", "打扰了", "不好意思", "帮我看看", "帮我看下", "我想问", "想咨询", "麻烦您", "麻烦你", "请帮我", "麻烦", "请问", "请教",
		"could you please tell me", "can you please tell me", "can you tell me", "could you tell me", "i would like to know", "i want to know", "id like to know", "please tell me", "quick question", "excuse me", "please",
	}
	closings  = []string{"please", "你好", "您好", "急", "在线等"}
	particles = []string{"吗", "呢", "啊", "呀", "吧", "嘛", "哈", "啦", "哦", "么", "的", "了", "呗", "哎", "唉", "诶"}
)

// plainWords writes what is said in many ways in one: colloquial words, ways to
// ask how, how long, where and at what price.
var plainWords = strings.NewReplacer(
	"怎么样", " ", "怎么办", " ", "怎么弄", " ", "怎么", " ", "怎样", " ", "如何", " ", "咋样", " ", "咋办", " ", "咋", " ",
	"为什么", "为何", "为啥", "为何", "啥时候", "多久", "什么时候", "多久", "何时", "多久", "多长时间", "多久", "多少天", "多久", "几天", "多久", "哪天", "多久", "几号", "多久",
	"啥", "什么", "干嘛", "做什么", "干啥", "做什么", "哪儿", "哪里", "什么地方", "哪里", "在哪", "哪里", "去哪", "哪里",
	"多少钱", "费用", "要钱", "收费", "收钱", "收费", "付钱", "收费", "付费", "收费", "掏钱", "收费", "花钱", "收费", "要多少", "费用", "价钱", "价格",
	"不好使", "不能用", "用不了", "不能用", "没反应", "不能用", "弄丢", "丢", "搞丢", "丢", "没了", "丢", "买的", "购买", "手机上", "手机",
	"快递", "物流", "网页", "网站", "账号", "账户", "帐号", "账户", "帐户", "账户", "登陆", "登录", "客服小姐", "客服", "电车", "纯电车",
)

// thin are characters that stand in almost every sentence. Alone they say
// nothing; beside another they may.
var thin = words("我 你 您 他 她 它 们 的 了 吗 呢 啊 呀 吧 么 在 是 有 就 都 也 还 个 这 那 能 会 要 不 给 把 被 让 去 来 到 着 过 得 地 和 与 或 及 从 对 为 以 可 想 请 哪 什 怎 很 太 再 又 才 只 上 下 里 没 一 说 看 点 做 用 人 之 后 前 时 候 后 几 多 少 ")

// tiny are the English words that stand in almost every question.
var tiny = words("a an the is are am be was i im my me we our you your it its this that to of for in on at and or do does did can could will would should please hi hello there how")

func words(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// matter returns normalised text without greetings and fillers at its head,
// and without particles at its end: what is being asked.
func matter(normal string) string {
	s := normal
	for {
		s = strings.TrimLeftFunc(s, isSpace)
		rest, cut := cutAny(s, greetings, fillers)
		if !cut || utf8.RuneCountInString(s)-utf8.RuneCountInString(rest) < 2 {
			break // a single character may begin a word: 早上
		}
		s = rest
	}
	for {
		s = strings.TrimRightFunc(s, isSpace)
		rest, cut := cutEnd(s, particles, thanks, closings)
		if !cut {
			break
		}
		s = rest
	}
	if s == "" {
		return normal
	}
	return s
}

// leading are words with which a question leans on the one before it.
var leading = []string{"那", "它", "这个", "那个", "这样", "然后", "如果", "要是", "and ", "what about", "how about", "then "}

// leans reports whether normalised text says too little alone.
func leans(normal string) bool {
	const few = 6
	return len(tokensOnce(matter(normal))) < few || slices.ContainsFunc(leading, func(w string) bool { return strings.HasPrefix(normal, w) })
}

// only reports whether normalised text consists of these phrases, particles
// and signs, and nothing else.
func only(normal string, phrases ...[]string) bool {
	s, said := normal, false
	for {
		s = strings.TrimLeftFunc(s, isSpace)
		if s == "" {
			return said
		}
		rest, cut := cutAny(s, phrases...)
		if !cut {
			if rest, cut = cutAny(s, particles); !cut {
				return false
			}
			s = rest
			continue
		}
		s, said = rest, true
	}
}

// cutAny removes one of the phrases from the head.
func cutAny(s string, lists ...[]string) (string, bool) {
	for _, list := range lists {
		for _, p := range list {
			if rest, ok := strings.CutPrefix(s, p); ok && ends(p, rest) {
				return rest, true
			}
		}
	}
	return s, false
}

// ends reports whether a phrase may end before rest: a Latin word is not cut
// in the middle.
func ends(phrase, rest string) bool {
	return phrase[len(phrase)-1] >= 0x80 || rest == "" || rest[0] >= 0x80 || !wordly(rune(rest[0]))
}

func cutEnd(s string, lists ...[]string) (string, bool) {
	for _, list := range lists {
		for _, p := range list {
			rest, ok := strings.CutSuffix(s, p)
			if ok && (p[0] >= 0x80 || rest == "" || !wordly(rune(rest[len(rest)-1]))) {
				return rest, true
			}
		}
	}
	return s, false
}

// isSpace reports whether r neither belongs to a word nor to dense text.
func isSpace(r rune) bool { return !dense(r) && !wordly(r) }

// bareWords are left out when two questions are compared word by word.
var bareWords = []string{
	"是不是", "能不能", "可不可以", "可以不可以", "怎么样", "怎么办", "怎么弄", "怎么", "怎样", "如何", "能否", "可否", "是否", "可以", "什么", "多少", "哪里", "哪儿", "应该", "需要", "想要", "一下", "我们", "你们", "您们",
	"我", "你", "您", "的", "了", "吗", "呢", "啊", "呀", "吧", "嘛", "么", "要", "想", "能", "会", "去", "把", "是", "有", "在", "就", "该", "请", "个", "这", "那",
}

// literal returns the matter without spaces and signs.
func literal(normal string) string { return strings.Join(tokensOnce(matter(normal)), " ") }

// tokensOnce returns the characters and words of a text.
func tokensOnce(normal string) []string {
	var out []string
	for r := range runs(normal) {
		out = append(out, normal[r.start:r.end])
	}
	return out
}

var withoutBareWords = func() *strings.Replacer {
	var pairs []string
	for _, w := range bareWords {
		pairs = append(pairs, w, " ")
	}
	return strings.NewReplacer(pairs...)
}()

// bare returns what is left of a question when everything is taken away that
// carries no meaning of its own: the same for "请问怎么退款呢" and "如何退款".
func bare(normal string) string {
	s := withoutBareWords.Replace(matter(normal))
	var b strings.Builder
	for r := range runs(s) {
		if r.dense {
			b.WriteString(s[r.start:r.end])
			continue
		}
		if w := strings.Join(r.parts, ""); !tiny[w] {
			b.WriteString(w)
			b.WriteByte(' ')
		}
	}
	return strings.TrimSpace(b.String())
}
