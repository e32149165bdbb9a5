package retrieve

import (
	"slices"
	"strings"
)

// Code says why the assistant decided as it did. Codes are stable.
type Code string

// What is decided by its words alone.
const (
	Safety    Code = "safety"    // someone may be in danger
	Asked     Code = "asked"     // they ask for a person
	Serious   Code = "serious"   // law, press or authority is named
	Unhelped  Code = "unhelped"  // they say that it did not help
	Thanked   Code = "thanks"    // thanks, or good-bye
	Greeted   Code = "greeting"  // a greeting and nothing else
	Agreed    Code = "ack"       // "ok", and nothing else
	Wordless  Code = "wordless"  // no letter in it: a picture, a thumb
	Impatient Code = "impatient" // question marks, and nothing else
)

// rule is words that decide by themselves: it holds when the text contains one
// of any and none of except, or when it is heard.
type rule struct {
	code   Code
	any    []string
	except []string
	hears  func(normal string) (string, bool)
}

// about are words of someone who asks about a thing and does not need it now.
var about = []string{"几点", "时间", "上班", "下班", "收费", "免费", "多少钱", "费用", "价格", "多久", "几年", "质保", "保修", "召回", "保养", "how long", "hours", "when", "warranty", "recall", "price", "cost", "free"}

// The rules, the first that holds decides. A Latin entry matches whole words.
var rules = []rule{
	{code: Safety, any: []string{
		"起火", "着火", "冒烟", "冒火", "自燃", "爆炸", "爆燃", "热失控", "刹车失灵", "刹车失效", "制动失灵", "制动失效", "刹车没反应", "没有刹车", "没刹车", "刹不住", "刹不了车", "刹车踩不下去",
		"转向失灵", "方向盘失灵", "方向失灵", "方向盘锁死", "失控", "受伤", "伤人", "撞人", "流血", "昏迷", "被困", "困在车里", "被锁在车里", "孩子锁", "孩子被锁", "小孩锁", "小孩被锁", "宝宝锁", "宝宝被锁", "老人锁", "触电", "漏电", "车祸", "翻车", "高速上抛锚", "高速抛锚",
		"气囊弹", "气囊爆", "气囊炸", "气囊没弹", "燃油泄漏", "漏汽油",
		"on fire", "caught fire", "catch fire", "smoke", "smoking", "explode", "exploded", "explosion", "brakes failed", "brake failed", "brake failure", "brakes not working", "brakes dont work", "no brakes", "lost control", "steering locked", "steering failed",
		"injured", "hurt", "bleeding", "airbag went off", "airbags went off", "airbag deployed", "airbags deployed", "trapped", "locked in the car", "locked inside", "electric shock", "car crash", "locked in a car",
	}, except: []string{"打不着火", "点不着火", "没着火", "smoke test"}},
	{code: Safety, any: []string{"气囊", "airbag", "airbags"}, except: slices.Concat(about, []string{"灯", "更换", "light"})},
	{code: Asked, hears: wantsPerson},
	{code: Serious, any: []string{
		"12315", "12345", "起诉", "律师", "律师函", "法院", "仲裁", "消协", "市场监管", "工商局", "曝光", "媒体", "记者", "我要报警", "已经报警", "报警处理", "报警了",
		"lawyer", "sue", "lawsuit", "legal action", "court", "attorney", "regulator", "journalist", "newspaper", "police",
	}},
	{code: Unhelped, any: []string{
		"没解决", "没有解决", "还是不行", "没用啊", "没有用", "不是这个意思", "不是我要的", "答非所问", "听不懂", "不是我问的", "我问的不是", "都不是",
		"didnt help", "did not help", "not helpful", "not what i asked", "none of these", "none of them", "still not working", "doesnt help", "does not help",
	}},
}

// AsksForPerson reports whether a text asks for a person.
func AsksForPerson(text string) bool {
	code, _, ok := ruled(Normalise(text))
	return ok && code == Asked
}

// Urgent reports whether a text is for a person at once: it asks for one, someone
// may be in danger, or law and authorities are named.
func Urgent(text string) bool {
	code, _, ok := ruled(Normalise(text))
	return ok && (code == Asked || code == Safety || code == Serious)
}

// names are short requests for a person that are the whole text.
var names = []string{"人工", "人工客服", "客服", "在线客服", "客服人员", "human", "agent", "operator", "representative", "person", "support agent", "customer service", "help desk"}

// ruled returns the code of the first rule that holds for normalised text.
func ruled(normal string) (Code, string, bool) {
	spaced := spacedWords(normal)
	for _, r := range rules {
		if word, ok := r.holds(normal, spaced); ok {
			return r.code, word, true
		}
	}
	asked := strings.TrimFunc(matter(normal), isSpace)
	if slices.Contains(names, asked) {
		return Asked, asked, true
	}
	switch {
	case only(normal, greetings):
		return Greeted, "", true
	case only(normal, acknowledgements):
		return Agreed, "", true
	case only(normal, thanks, farewells, acknowledgements, greetings):
		return Thanked, "", true
	case strings.TrimFunc(normal, isSpace) == "":
		if strings.Contains(normal, "?") {
			return Impatient, "", true
		}
		return Wordless, "", true
	}
	return "", "", false
}

func (r rule) holds(normal, spaced string) (string, bool) {
	if r.hears != nil {
		return r.hears(normal)
	}
	word, ok := says(normal, spaced, r.any)
	if !ok {
		return "", false
	}
	if _, but := says(normal, spaced, r.except); but {
		return "", false
	}
	return word, true
}

// says returns the first of these words that the text says.
func says(normal, spaced string, words []string) (string, bool) {
	for _, w := range words {
		if w[0] >= 0x80 && strings.Contains(normal, w) || w[0] < 0x80 && strings.Contains(spaced, " "+w+" ") {
			return w, true
		}
	}
	return "", false
}

// spacedWords returns the Latin words of a text, each between spaces.
func spacedWords(normal string) string {
	var b strings.Builder
	b.WriteByte(' ')
	for r := range runs(normal) {
		if !r.dense {
			for _, p := range r.parts {
				b.WriteString(p)
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}

// Mannerly reports whether a text is a greeting, thanks, an acknowledgement or
// a farewell and nothing else.
func Mannerly(text string) bool {
	return only(Normalise(text), greetings, acknowledgements, thanks, farewells)
}
