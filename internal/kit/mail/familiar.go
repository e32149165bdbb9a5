package mail

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// The characters that make up most of what people write, simplified and
// traditional, with those of letters to a company; and the commonest syllables
// of Korean.
const (
	commonHan = `的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严` +
		`您请谢订退款货购递客服尽附邮发票麻烦咨询售修投诉贵司麻吗呢啊吧哪谁怎李王刘陈杨赵黄吴孙朱胡郭林何梁宋郑韩唐冯董程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田姜范姐妹先女士早晚午星期末帮忙错漏缺坏换补寄签码账户登录密忘绑充积优惠券钱元角赔偿评分满差慢坐站牌照保险贴膜轮胎刹油耗续航屏幕键盘截图视频播放器主题回复转自动休假外退信测试中文案表格最终版合同报告单简历` +
		`這個為們時來對會發動過說產種後學經進裡現實兩體機當點從業應開還與關義間樣線內數無問題條結質氣變長頭資邊圖統較將組見計別論運農幾區強決幹戰則據處隊給門規熱領東導壓爭濟階術極聯認權證轉單風帶場車務萬達積議聲報類離華確張馬節話況傳許廣記鬥連難須際驗備辦習響約團歷稱號維劃選標寫親層狀廠識適屬調滿縣參紅細聽該鐵價嚴您請謝訂貨購遞郵煩詢訴貴嗎誰陳楊趙黃吳孫劉鄭韓馮鄧許呂蘇盧蔣賈葉鐘範幫錯壞換補簽碼賬戶錄優錢賠償評滿險輪續鍵盤視頻轉復覆動測試報單簡歷繁體`
	commonHangul = `이다는에을하가고지의니도를로한기사은어서시자수그있들나리인아해일대것보전정안부면제라게장주스여구상세만문요원과오무내소마조성비연와적경모신공거계동유방미생중단습감드입관려간진행까했네저십분터우호차객용됩금품배송불취환확답변메받글름처김박최강윤임한권황송류홍손양배백허남심곽차민엄채천현철영희준훈혜숙`
)

// familiar says how often each Han character is met with: 3 often, 2 it belongs to
// the levels that the first standards put the common ones into, 1 to the second
// level of GB 2312, 0 seldom.
var familiar = sync.OnceValue(func() *[0x5200]uint8 {
	var t [0x5200]uint8
	mark := func(r rune, v uint8) {
		if r >= 0x4e00 && r < 0x4e00+rune(len(t)) {
			t[r-0x4e00] = max(t[r-0x4e00], v)
		}
	}
	for lead := 0xb0; lead <= 0xf7; lead++ { // GB 2312: level 1 to row D7, then level 2
		level := uint8(2)
		if lead > 0xd7 {
			level = 1
		}
		for trail := 0xa1; trail <= 0xfe; trail++ {
			b, _ := simplifiedchinese.GBK.NewDecoder().Bytes([]byte{byte(lead), byte(trail)}) // what is not there is read as U+FFFD
			r, _ := utf8.DecodeRune(b)
			mark(r, level)
		}
	}
	for lead := 0xa4; lead <= 0xc6; lead++ { // Big5, level 1
		for trail := 0x40; trail <= 0xfe; trail++ {
			if trail > 0x7e && trail < 0xa1 {
				continue
			}
			b, _ := traditionalchinese.Big5.NewDecoder().Bytes([]byte{byte(lead), byte(trail)}) // as above
			r, _ := utf8.DecodeRune(b)
			mark(r, 2)
		}
	}
	for _, r := range commonHan {
		mark(r, 3)
	}
	return &t
})

var hangul = sync.OnceValue(func() map[rune]bool {
	m := map[rune]bool{}
	for _, r := range commonHangul {
		m[r] = true
	}
	return m
})

// weigh says how likely people are to write a character that is not ASCII:
// 1 every day, 0 never; below that it is a sign of damage.
func weigh(r rune) float64 {
	switch {
	case r == utf8.RuneError:
		return -2
	case r < 0xa0:
		return -1
	case r < 0xc0:
		return 0.3
	case r >= 0x400 && r < 0x460:
		return cyrillic(r)
	case r >= 0x370 && r < 0xe80 && unicode.IsLetter(r):
		return 0.75
	case r >= 0x4e00 && r < 0xa000:
		return [4]float64{0.2, 0.4, 0.6, 1}[familiar()[r-0x4e00]]
	case r >= 0x3041 && r < 0x3100:
		return 0.8
	case r >= 0xac00 && r < 0xd7a4:
		if hangul()[r] {
			return 1
		}
		return 0.45
	case r >= 0x3000 && r < 0x3030, r >= 0xff01 && r < 0xff5f, r >= 0x2010 && r < 0x2028:
		return 0.7
	case r >= 0x2500 && r < 0x25a0: // boxes
		return 0.15
	case r >= 0x2000 && r < 0x2c00, r >= 0x1f000 && r < 0x20000:
		return 0.5
	case r >= 0x20000 && r < 0x30000:
		return 0.2
	case r >= 0xe000 && r < 0xf900:
		return -0.5
	}
	return 0.1
}

func cyrillic(r rune) float64 {
	switch r {
	case 'о', 'е', 'а', 'и', 'н', 'т', 'с', 'р', 'в', 'л', 'к', 'м', 'д', 'п', 'у', 'я', 'ы', 'ь', 'г', 'з', 'б', 'ч', 'й', 'і':
		return 0.95
	}
	if r >= 0x430 {
		return 0.7
	}
	return 0.35
}

// measured is how many characters tell the quality of a text.
const measured = 2000

// quality says how much a text looks like what people write, from its
// characters that are not ASCII: 1 very much, 0.5 it may be, less than that not.
// A text of ASCII alone is 1. The last character may be cut and does not count.
func quality(s string) float64 {
	sum, last := 0.0, 0.0
	n := 0
	before := rune(' ')
	for i, r := range s {
		if r >= 0x80 {
			if n++; n > measured {
				break
			}
			last = weigh(r)
			switch after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):]); {
			case r >= 0xc0 && r < 0x250:
				last = latin(before, r, after)
			case r >= 0x370 && r < 0x530 && (letter(before) || letter(after)):
				last = 0.2 // in the midst of Latin ones
			case r >= 0x410 && r < 0x430 && before >= 0x430 && before < 0x460:
				last = 0 // a capital within a word
			case r >= 0x4e00 && r < 0xa000 && letter(before) && letter(after):
				last *= 0.4 // one alone within a word: an accented letter may have been taken for it
			case (r < 0xc0 || r >= 0x2000 && r < 0x2200) && before >= 0x400 && before < 0x530 && after >= 0x400 && after < 0x530:
				last = 0 // a sign within a Cyrillic word
			}
			sum += last
		} else if r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' {
			n, sum = n+1, sum-0.5
		}
		before = r
	}
	if n > 20 && last < 0 {
		sum, n = sum-last, n-1
	}
	if n == 0 {
		return 1
	}
	return sum / float64(n)
}

// latin weighs an accented letter by its company: in words it stands alone or
// in a pair among plain ones.
func latin(before, r, after rune) float64 {
	switch {
	case r == '×' || r == '÷':
		return 0.3
	case unicode.IsUpper(r) && (letter(before) && before >= 'a' || before >= 0xe0):
		return 0.2
	case before >= 0x80 && letter(after) || after >= 0x80 && letter(before):
		return 0.6
	case before >= 0x80 || after >= 0x80 && after != utf8.RuneError:
		return 0.25
	}
	return 0.9
}

// letter reports whether a character is one of the plain letters.
func letter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
