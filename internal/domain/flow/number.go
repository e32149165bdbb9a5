package flow

import (
	"strconv"
	"strings"
)

// numeral is the pattern of a number as people write and say it: 12,000 · 1.2万
// · 三百五 · 3w.
const numeral = `[0-9零〇一二两三四五六七八九十百千万亿][0-9零〇一二两三四五六七八九十百千万亿点,.wk]*`

var chineseDigits = map[rune]int64{
	'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9,
}

var chineseUnits = map[rune]int64{'十': 10, '百': 100, '千': 1000, 'k': 1000, '万': 10_000, 'w': 10_000, '亿': 100_000_000}

// most is the largest number that is read, in thousandths.
const most = int64(1_000_000_000_000_000)

// ParseNumber reads a whole text as a number of thousandths, so that 99.5 is
// 99500. It takes digits, Chinese numerals and both mixed; a last digit without
// a unit counts in tenths of the unit before: 三百五 is 350, 两万八 28000.
func ParseNumber(s string) (thousandths int64, ok bool) {
	r := []rune(strings.ReplaceAll(s, ",", ""))
	if isRange(r) {
		return 0, false
	}
	var total, section int64
	cur, digits := int64(-1), 0 // the digits that wait for their unit
	unit, zero := int64(1), false
	for i := 0; i < len(r); {
		switch u, isUnit := chineseUnits[r[i]]; {
		case r[i] >= '0' && r[i] <= '9':
			j := i
			for j < len(r) && (r[j] >= '0' && r[j] <= '9' || r[j] == '.') {
				j++
			}
			v, fine := parseDecimal(string(r[i:j]))
			if !fine || cur >= 0 {
				return 0, false
			}
			cur, digits, i = v, j-i, j
			continue
		case isUnit && u < 10_000:
			if cur < 0 {
				if u != 10 {
					return 0, false
				}
				cur = 1000
			}
			section, cur, unit, zero = section+cur*u, -1, u, false
		case isUnit:
			section += max(cur, 0)
			if section == 0 || section > most/u || total > most/u {
				return 0, false
			}
			total, section, cur, unit, zero = total*scale(u)+section*u, 0, -1, u, false
		default:
			d, isDigit := chineseDigits[r[i]]
			switch {
			case r[i] == '点' && cur >= 0:
				f, fine := fraction(r[i+1:])
				if !fine {
					return 0, false
				}
				return parsed(total + section + cur + f)
			case !isDigit:
				return 0, false
			case d == 0 && cur < 0:
				zero = true
				cur, digits = 0, 0
			case cur >= 0:
				cur, digits = cur*10+d*1000, digits+1
			default:
				cur, digits = d*1000, 1
			}
			if cur > most {
				return 0, false
			}
		}
		if total > most || section > most {
			return 0, false
		}
		i++
	}
	if cur < 0 && section == 0 && total == 0 {
		return 0, false
	}
	if cur >= 0 && unit >= 100 && !zero && digits == 1 && cur%1000 == 0 {
		cur = cur * unit / 10
	}
	return parsed(total + section + max(cur, 0))
}

// isRange reports a number that is not meant as one: 七八万, 两三千.
func isRange(r []rune) bool {
	for i := 0; i+2 < len(r); i++ {
		a, low := chineseDigits[r[i]]
		b, high := chineseDigits[r[i+1]]
		u, unit := chineseUnits[r[i+2]]
		if low && high && unit && a > 0 && b == a+1 && u >= 10 && (i == 0 || chineseUnits[r[i-1]] > 0) {
			return true
		}
	}
	return false
}

// scale is what the part above is worth beside a unit: 一亿二千万 counts the
// hundreds of millions once.
func scale(unit int64) int64 {
	if unit == 10_000 {
		return 1
	}
	return unit
}

func parsed(v int64) (int64, bool) { return v, v >= 0 && v <= most }

// parseDecimal reads plain digits with at most three decimals.
func parseDecimal(s string) (int64, bool) {
	whole, part, _ := strings.Cut(s, ".")
	if whole == "" || len(whole) > 12 || len(part) > 3 || strings.Contains(part, ".") {
		return 0, false
	}
	v, err := strconv.ParseInt(whole+part+strings.Repeat("0", 3-len(part)), 10, 64)
	return v, err == nil
}

// fraction reads the digits after 点.
func fraction(r []rune) (v int64, ok bool) {
	place := int64(100)
	for _, c := range r {
		d, isDigit := chineseDigits[c]
		if !isDigit || place == 0 {
			return 0, false
		}
		v += d * place
		place /= 10
	}
	return v, len(r) > 0
}

// spokenDigits writes the digits of numbers that are read out one by one:
// 幺三八 is 138. 洞, 拐 and 勾 are how soldiers and railwaymen say 0, 7 and 9.
func spokenDigits(r rune) rune {
	switch r {
	case '幺', '妖':
		return '1'
	case '洞':
		return '0'
	case '拐':
		return '7'
	case '勾':
		return '9'
	}
	if d, ok := chineseDigits[r]; ok {
		return []rune("0123456789")[d]
	}
	return r
}

// group writes thousands with commas.
func group(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
