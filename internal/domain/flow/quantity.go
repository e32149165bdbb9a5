package flow

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"yingda/internal/kit/fault"
)

var (
	mileageMarked = regexp.MustCompile(`(` + numeral + `) ?(多|来)? ?(公里|千米|km|里程|迈|miles?)|(?:里程|公里数|跑了|行驶了|开了|mileage|odometer)[数是为有应该大概约快: ]*(?:is |of )?(` + numeral + `)`)
	numberBare    = regexp.MustCompile(numeral)
	amountMarked  = regexp.MustCompile(`(?:[￥¥]|rmb|cny|人民币) ?(` + numeral + `)|(` + numeral + `) ?(?:块钱|块|元|圆|yuan|rmb|cny)([0-9一二三四五六七八九半](?:毛|角)?)?`)
)

var (
	mileageLoose = regexp.MustCompile(`(?:^|[^0-9零一二两三四五六七八九十百千万第])((?:[0-9]{1,2}(?:\.[0-9])?|[一二两三四五六七八九十]{1,3})(?:万|w)[0-9一二两三四五六七八九]?)((?:[ ,，.。!！].*)?)$`)
	aboutMoney   = regexp.MustCompile(`钱|块|元|价|费|贵|赔|付|￥|¥`)
)

// termsRule is how long a warranty lasts, which is no mileage: 三年八万公里.
var termsRule = regexp.MustCompile(`年[或/、和 ]{0,2}` + numeral + ` ?(?:公里|千米|km)|years?(?: or |/| / )[0-9]`)

// metresOfAMile is the international mile.
const metresOfAMile = 1609.344

// readMileage finds a distance driven: 3万公里, 两万八, 12,000 km. Miles become
// kilometres; 迈 is what drivers call kilometres.
func (s Slot) readMileage(sc *scan, asked bool) (Value, *fault.Error) {
	none := fault.New(fault.NotFound, "flow.mileage_none", "no mileage was found; write it as 32000 km")
	sp, n, unit, ok := sc.quantity(mileageMarked, 4, asked)
	if loose, found := sc.find(mileageLoose); !ok && !asked && found && !aboutMoney.MatchString(sc.text()) { // 变速箱 2万3
		to, at := loose.to-len([]rune(loose.groups[2])), len([]rune(loose.groups[1]))
		sp = span{from: to - at, to: to}
		n, ok = ParseNumber(loose.groups[1])
	}
	if !ok || !asked && termsRule.MatchString(sc.text()) {
		return Value{}, none
	}
	km := n / 1000
	if strings.HasPrefix(unit, "mile") {
		km = int64(float64(n) * metresOfAMile / 1_000_000)
	}
	most := s.Most
	if most == 0 {
		most = 2_000_000
	}
	if km < s.Least || km > most {
		return Value{}, fault.New(fault.Invalid, "flow.mileage_range", "a mileage lies between %d and %d km", s.Least, most)
	}
	return Value{Text: strconv.FormatInt(km, 10), Said: sc.take(sp.from, sp.to)}, nil
}

// readAmount finds an amount of yuan: 三百五, 1.2万, ￥99.5, 三块五. The value has
// two decimals.
func (s Slot) readAmount(sc *scan, asked bool) (Value, *fault.Error) {
	none := fault.New(fault.NotFound, "flow.amount_none", "no amount was found; write it as 99.50")
	sp, n, part, ok := sc.quantity(amountMarked, 2, asked)
	if !ok {
		return Value{}, none
	}
	n += tenths(part)
	if n%10 != 0 {
		return Value{}, fault.New(fault.Invalid, "flow.amount_fen", "an amount has at most two decimals")
	}
	most := s.Most
	if most == 0 {
		most = 100_000_000
	}
	if n < s.Least*1000 || n > most*1000 {
		return Value{}, fault.New(fault.Invalid, "flow.amount_range", "the amount lies between %d and %d yuan", s.Least, most)
	}
	return Value{Text: fmt.Sprintf("%d.%02d", n/1000, n%1000/10), Said: sc.take(sp.from, sp.to)}, nil
}

// thousands is how a number is said in English.
var thousands = regexp.MustCompile(`([0-9]+(?:\.[0-9]+)?|\b(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)?[ \-]?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)?) ?thousand`)

// ofOther is what stands behind a number that counts something else than what is
// asked for.
var ofOther = regexp.MustCompile(`^ ?(?:位数?|年|个月|月|次|天|岁|手|辆|台|%|折|分钟|个?小时|号|周|个星期|档|years?\b|months?\b|times\b|days?\b)`)

// quantity finds a number, in thousandths, and what group 3 of the pattern says
// beside it. The number is in group 1 or in the other one; where it was asked
// for, any number will do.
func (s *scan) quantity(marked *regexp.Regexp, other int, asked bool) (sp span, n int64, beside string, ok bool) {
	said := ""
	if sp, ok = s.find(thousands); ok {
		n, ok = ParseNumber(sp.groups[1])
		if words := englishNumber(sp.groups[1]); !ok && words > 0 {
			n, ok = int64(words)*1000, true
		}
		if ok && n < 1_000_000_000 {
			return sp, n * 1000, "", true
		}
	}
	sp, ok = s.find(marked)
	if ok && sp.groups[1] == "" && ofOther.MatchString(string(s.folded[sp.to:])) { // 开了两年 3万
		ok = false
	}
	if ok {
		said, beside = sp.groups[1]+sp.groups[other], sp.groups[3]
	} else if asked {
		if sp, ok = s.find(numberBare); ok {
			for at, more := sp, true; more; at, more = s.findFrom(numberBare, at.to) { // 六位数了 十万零三百
				if !ofOther.MatchString(string(s.folded[at.to:])) {
					sp = at
					break
				}
			}
			said = sp.groups[0]
		}
		for next, more := sp, ok && strings.HasPrefix(string(s.folded[sp.to:]), "不到"); more; { // 四万不到，三万九
			if next, more = s.findFrom(numberBare, next.to); more {
				if _, fine := ParseNumber(next.groups[0]); fine {
					sp, said = next, next.groups[0]
				}
			}
		}
	}
	if ok {
		if strings.HasSuffix(said, "k") && sp.to < len(s.folded) && s.folded[sp.to] == 'm' { // 跑了12000km are no thousands
			said = strings.TrimSuffix(said, "k")
		}
		n, ok = ParseNumber(strings.TrimRight(said, ".,"))
	}
	return sp, n, beside, ok
}

// englishNumber reads a number below a hundred in words; 0 when it is none.
func englishNumber(s string) (n int) {
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ' ' || r == '-' }) {
		if enNumbers[w] == 0 {
			return 0
		}
		n += enNumbers[w]
	}
	return n
}

// tenths reads the 五 of 三块五, in thousandths.
func tenths(part string) int64 {
	switch r, _ := utf8.DecodeRuneInString(part); {
	case r == '半':
		return 500
	case r >= '0' && r <= '9':
		return int64(r-'0') * 100
	default:
		return chineseDigits[r] * 100
	}
}
