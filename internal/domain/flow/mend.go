package flow

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
)

//go:embed homophones.txt
var homophones string

// sounds is the sound of a character, without its tone and without what many
// speakers do not tell apart: zh and z, ng and n.
var sounds = func() map[rune]string {
	m := map[rune]string{}
	alike := strings.NewReplacer("zh", "z", "ch", "c", "sh", "s", "ng", "n")
	for line := range strings.Lines(homophones) {
		sound, characters, _ := strings.Cut(strings.TrimSpace(line), " ")
		for _, r := range characters {
			if m[r] == "" {
				m[r] = alike.Replace(sound)
			}
		}
	}
	return m
}()

// lookAlikes are characters that are taken for each other by their shape.
var lookAlikes = []string{"锚描瞄", "诉拆折", "议义", "预顶", "约钓", "障璋", "响晌", "召诏", "质贡", "键健", "漆膝", "胎始", "账帐", "未末", "午牛", "钣板", "换唤", "抖科"}

// otherWords are words that only sound like one of ours.
var otherWords = strings.Fields("找回 换好 失效 实效 回店 电磁 登机 报修 保修 点击 定价 评级 功力 公理 历程 " +
	"时机 实际 事件 世间 试驾 十点 四点 收货 手机 守护 售后 收回 预计 遇见 意见 一件 易见 提前 体检 以前 一起 机油 起步 异性 影像 " +
	"每天 维持 位置 修饰 换新 换洗 环保 全车 洗车 慢一 满一 招呼 照会 主要 住院 重要 充电 电动 店铺 公交 工程 进店 近点 催促 脆弱 名片 明显 昨日 " +
	"张单 物业 物流 物品 购物 后填 城市 程式 时候 事后 里面 立面 联系 练习 投入 头上 电话 点花 星期 新奇 礼拜 理赔")

// spelling is words that messages are put right by.
type spelling struct {
	kept   []string // words that stay where they stand as they are
	spelt  []string // words that are put right
	folded [][]rune // the same
}

func newSpelling(words []string) spelling {
	s := spelling{kept: slices.Concat(words, otherWords)}
	for _, w := range words {
		word := []rune(foldText(w))
		if len(word) < 2 || slices.ContainsFunc(word, func(r rune) bool { return !unicode.Is(unicode.Han, r) || strings.ContainsRune(tiny, r) }) {
			continue
		}
		s.spelt, s.folded = append(s.spelt, w), append(s.folded, word)
	}
	return s
}

// mend returns a message with the words put right where something stands for
// them that sounds or looks alike: 保阳 for 保养, 抛描 for 抛锚. It stays as long as
// it was.
func (s spelling) mend(text string) string {
	const longest = 200 // nobody misspells a key word in an essay
	said := []rune(text)
	if len(said) > longest {
		return text
	}
	folded := newScan(text).folded
	if len(folded) != len(said) {
		return text
	}
	fixed := make([]bool, len(said)) // what is a word as it stands
	plain := string(folded)
	for _, w := range s.kept {
		if strings.Contains(plain, w) {
			mark(folded, []rune(w), fixed)
		}
	}
	for n, w := range s.spelt {
		if !halfIn(plain, w) {
			continue
		}
		word := s.folded[n]
		for i := 0; i+len(word) <= len(folded); i++ {
			if alike(folded[i:i+len(word)], word) && !differsIn(folded[i:i+len(word)], word, fixed[i:]) {
				copy(said[i:], word)
				copy(folded[i:], word)
				mark(folded, word, fixed)
			}
		}
	}
	return string(said)
}

// halfIn reports whether at least half of a word's characters are somewhere in a
// text, as they are in whatever [alike] finds.
func halfIn(text, word string) bool {
	in, all := 0, 0
	for _, r := range word {
		all++
		if strings.ContainsRune(text, r) {
			in++
		}
	}
	return in > 0 && 2*in >= all
}

// vocabulary is the words that messages are mended by: those of flows, and those
// of time and of steering.
func vocabulary(flows []Flow) (words []string) {
	for _, f := range flows {
		words = append(words, f.Triggers...)
		words = append(words, f.Signs...)
		words = append(words, f.optionWords()...)
		for _, s := range f.Slots {
			words = append(append(words, s.Yes...), s.No...)
		}
	}
	return append(words, commonWords...)
}

// commonWords are words of time and of steering that are worth mending.
var commonWords = strings.Fields("今天 明天 后天 昨天 前天 上午 下午 中午 早上 晚上 星期 礼拜 周末 取消 确认 提交 没问题 电话 手机 车牌 邮箱 公里 地址 时间 解决 登录不了 验证码 密码 订单 工单 故障 发动机 预约 保养 维修 建议 投诉 召回 质保 抛锚 异响 刹车")

// tiny are characters that are in too many words to be mended by their sound.
const tiny = "不没的了是有能好在要会可以就都还也一个很太去来"

// mark marks where a word stands.
func mark(text, word []rune, at []bool) {
	for i := 0; len(word) > 1 && i+len(word) <= len(text); i++ {
		if slices.Equal(text[i:i+len(word)], word) {
			for j := range word {
				at[i+j] = true
			}
		}
	}
}

// differsIn reports whether a text differs from a word where it is fixed.
func differsIn(text, word []rune, fixed []bool) bool {
	for i := range word {
		if text[i] != word[i] && fixed[i] {
			return true
		}
	}
	return false
}

// alike reports whether something sounds or looks like a word, and has at least
// one of its characters, half of them in longer ones.
func alike(said, word []rune) bool {
	same := 0
	for i, r := range said {
		switch {
		case r == word[i]:
			same++
		case strings.ContainsRune(tiny, r): // 你是机器人 has no 死机 in it
			return false
		case sounds[r] != "" && sounds[r] == sounds[word[i]]:
		case slices.ContainsFunc(lookAlikes, func(l string) bool { return strings.ContainsRune(l, r) && strings.ContainsRune(l, word[i]) }):
		default:
			return false
		}
	}
	return same > 0 && same < len(word) && 2*same >= len(word)
}
