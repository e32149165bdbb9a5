package prompt

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Kind is how a slot is read aloud, and of what its value is made.
type Kind string

// The kinds. Values are texts: whole numbers, money in fen, dates and times as
// 2006-01-02 and 15:04.
const (
	Number  Kind = "number"  // 12: 十二; twelve
	Count   Kind = "count"   // of things: 2 is 两
	Minutes Kind = "minutes" // 5: 五分钟; five minutes
	Digits  Kind = "digits"  // one after another, 1 is 幺
	Code    Kind = "code"    // letters and digits; signs between them are left out
	Plate   Kind = "plate"   // 沪A12345
	Date    Kind = "date"
	Time    Kind = "time"
	Money   Kind = "money"
)

// Kinds returns all kinds of slots.
func Kinds() []Kind {
	return []Kind{Number, Count, Minutes, Digits, Code, Plate, Date, Time, Money}
}

// mostNumber is the largest number that is read.
const mostNumber = 999_999_999_999

// mostSigns is how many digits and letters are read one by one.
const mostSigns = 32

// Say returns the clips that a value is read with, and how it is written for
// who reads along. A value that is not of the kind is an error.
func (k Kind) Say(language, value string) (clips []string, shown string, err error) {
	wrong := fmt.Errorf("%q is no %s", value, k)
	value = strings.TrimSpace(value)
	zh := language == Chinese
	switch k {
	case Number, Count, Minutes, Money:
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n > mostNumber || n < -mostNumber || n < 0 && k != Number {
			return nil, "", wrong
		}
		switch {
		case k == Money && zh:
			return moneyChinese(n), moneyText(n) + "元", nil
		case k == Money:
			return moneyEnglish(n), moneyText(n) + " yuan", nil
		case k == Minutes && zh:
			return append(count(n), "minutes"), value + "分钟", nil
		case k == Minutes && n == 1:
			return []string{"n1", "one_minute"}, "1 minute", nil
		case k == Minutes:
			return append(english(n), "minutes"), value + " minutes", nil
		case k == Count && zh:
			return count(n), value, nil
		case zh:
			return chinese(n), value, nil
		}
		return english(n), value, nil
	case Digits, Code, Plate:
		clips, ok := signs(value, k, zh)
		if !ok {
			return nil, "", wrong
		}
		return clips, value, nil
	case Date:
		d, err := time.Parse(time.DateOnly, value)
		if err != nil || d.Year() < 1000 {
			return nil, "", wrong
		}
		if zh {
			return dateChinese(d), d.Format("2006年1月2日"), nil
		}
		return dateEnglish(d), d.Format("2 January 2006"), nil
	case Time:
		d, err := time.Parse("15:04", value)
		if err != nil {
			return nil, "", wrong
		}
		if zh {
			return timeChinese(d), d.Format("15:04"), nil
		}
		return timeEnglish(d), d.Format("15:04"), nil
	}
	return nil, "", wrong
}

func word(n int64) string { return "n" + strconv.FormatInt(n, 10) }

// chinese reads a number: groups of four digits with 万 and 亿, a single 零 for
// the zeros between, no 一 before a 十 that begins, 两 for a 2 before 百, 千, 万
// and 亿.
func chinese(n int64) (clips []string) {
	switch {
	case n == 0:
		return []string{"n0"}
	case n < 0:
		return append([]string{"minus"}, chinese(-n)...)
	}
	zero := false // digits were left out since the last that was said
	for _, unit := range []int64{100_000_000, 10_000, 1} {
		group := n / unit % 10_000
		if group == 0 {
			zero = zero || len(clips) > 0
			continue
		}
		if len(clips) > 0 && (zero || group < 1000) {
			clips = append(clips, "n0")
		}
		switch {
		case group == 2 && unit > 1:
			clips = append(clips, "two")
		default:
			clips = append(clips, fourDigits(group, len(clips) == 0)...)
		}
		if unit > 1 {
			clips = append(clips, word(unit))
		}
		zero = false
	}
	return clips
}

// fourDigits reads 1 to 9999.
func fourDigits(n int64, first bool) (clips []string) {
	zero := false
	for _, unit := range []int64{1000, 100, 10, 1} {
		d := n / unit % 10
		if d == 0 {
			zero = zero || len(clips) > 0
			continue
		}
		if zero {
			clips = append(clips, "n0")
			zero = false
		}
		switch {
		case d == 2 && unit >= 100:
			clips = append(clips, "two")
		case d == 1 && unit == 10 && first && len(clips) == 0: // 十二, but 一百一十二
		default:
			clips = append(clips, word(d))
		}
		if unit > 1 {
			clips = append(clips, word(unit))
		}
	}
	return clips
}

// count reads a number of things: 两 where it is 2.
func count(n int64) []string {
	if n == 2 {
		return []string{"two"}
	}
	return chinese(n)
}

func english(n int64) (clips []string) {
	switch {
	case n == 0:
		return []string{"n0"}
	case n < 0:
		return append([]string{"minus"}, english(-n)...)
	case n >= 1_000_000_000: // thousand million: no further word is needed
		return append(append(english(n/1_000_000), "n1000000"), rest(n%1_000_000)...)
	}
	for _, unit := range []int64{1_000_000, 1000} {
		if group := n / unit; group > 0 {
			clips = append(append(clips, hundreds(group)...), word(unit))
			n %= unit
		}
	}
	if len(clips) > 0 {
		return append(clips, rest(n)...)
	}
	return hundreds(n)
}

// rest reads what follows thousands or millions: with an “and” before what is
// less than a hundred.
func rest(n int64) []string {
	switch {
	case n == 0:
		return nil
	case n < 100:
		return append([]string{"and"}, hundreds(n)...)
	}
	return english(n)
}

// hundreds reads 1 to 999.
func hundreds(n int64) (clips []string) {
	if n >= 100 {
		clips = append(clips, word(n/100), "n100")
		if n %= 100; n == 0 {
			return clips
		}
		clips = append(clips, "and")
	}
	if n >= 20 {
		clips = append(clips, word(n/10*10))
		if n %= 10; n == 0 {
			return clips
		}
	}
	return append(clips, word(n))
}

// signs reads digits, letters and the characters of plates one by one.
func signs(value string, k Kind, zh bool) (clips []string, ok bool) {
	for _, r := range strings.ToUpper(value) {
		switch {
		case r == '1' && zh:
			clips = append(clips, "one")
		case r >= '0' && r <= '9':
			clips = append(clips, "n"+string(r))
		case k == Digits && r != ' ' && r != '-' && r != '+', k == Plate && r > 'Z' && !strings.ContainsRune(plateSigns, r):
			return nil, false
		case r >= 'A' && r <= 'Z':
			clips = append(clips, strings.ToLower(string(r)))
		case k == Plate && r > 'Z' && r != '·' && r != '•':
			clips = append(clips, fmt.Sprintf("p%04x", r))
		case k == Code && r > '~':
			return nil, false
		}
	}
	return clips, len(clips) > 0 && len(clips) <= mostSigns
}

// plateSigns are the characters of plates that are neither digits nor letters
// (GA 36).
const plateSigns = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领学警港澳挂·•"

// moneyText writes fen as yuan.
func moneyText(fen int64) string {
	if fen%100 == 0 {
		return strconv.FormatInt(fen/100, 10)
	}
	return fmt.Sprintf("%d.%02d", fen/100, fen%100)
}

// moneyChinese reads fen as yuan, jiao and fen.
func moneyChinese(fen int64) (clips []string) {
	yuan, jiao, rest := fen/100, fen/10%10, fen%10
	if yuan > 0 || fen == 0 {
		clips = append(count(yuan), "yuan")
	}
	if jiao > 0 {
		clips = append(append(clips, count(jiao)...), "jiao")
	}
	if rest > 0 {
		if yuan > 0 && jiao == 0 {
			clips = append(clips, "n0")
		}
		clips = append(append(clips, count(rest)...), "fen")
	}
	return clips
}

func moneyEnglish(fen int64) []string {
	clips := english(fen / 100)
	if fen%100 > 0 {
		clips = append(clips, "point", word(fen/10%10), word(fen%10))
	}
	return append(clips, "yuan")
}

// dateChinese reads the digits of the year, then month and day.
func dateChinese(d time.Time) (clips []string) {
	for _, r := range d.Format("2006") {
		clips = append(clips, "n"+string(r))
	}
	clips = append(append(append(clips, "year"), chinese(int64(d.Month()))...), "month")
	return append(append(clips, chinese(int64(d.Day()))...), "day")
}

// dateEnglish reads December first, twenty twenty-six.
func dateEnglish(d time.Time) []string {
	clips := []string{"m" + strconv.Itoa(int(d.Month()))}
	day := d.Day()
	if day > 20 && day%10 != 0 {
		clips = append(clips, word(int64(day/10*10)))
		day %= 10
	}
	clips = append(clips, "o"+strconv.Itoa(day))
	y := int64(d.Year())
	switch {
	case y%1000 < 10: // two thousand and six
		return append(clips, english(y)...)
	case y%100 == 0: // nineteen hundred
		return append(append(clips, hundreds(y/100)...), "n100")
	case y%100 < 10:
		return append(append(clips, hundreds(y/100)...), "oh", word(y%100))
	}
	return append(append(clips, hundreds(y/100)...), hundreds(y%100)...)
}

// timeChinese reads 下午两点零五分; the whole hour without minutes.
func timeChinese(d time.Time) []string {
	h, m := d.Hour(), int64(d.Minute())
	part := "evening"
	switch {
	case h < 6:
		part = "night"
	case h < 12:
		part = "morning"
	case h == 12:
		part = "noon"
	case h < 18:
		part = "afternoon"
	}
	if h > 12 {
		h -= 12
	}
	clips := append(append([]string{part}, count(int64(h))...), "hour")
	if m == 0 {
		return clips
	}
	if m < 10 {
		clips = append(clips, "n0")
	}
	return append(append(clips, chinese(m)...), "minute")
}

func timeEnglish(d time.Time) []string {
	h, m, half := d.Hour(), int64(d.Minute()), "am"
	if h >= 12 {
		half = "pm"
	}
	if h = h % 12; h == 0 {
		h = 12
	}
	clips := []string{word(int64(h))}
	if m > 0 && m < 10 {
		clips = append(clips, "oh")
	}
	if m > 0 {
		clips = append(clips, hundreds(m)...)
	}
	return append(clips, half)
}
