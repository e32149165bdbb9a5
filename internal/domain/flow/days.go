package flow

import (
	"regexp"
	"strings"
	"time"
)

// days is the days that were said, from one to another, both included.
type days struct {
	from, to time.Time
	loose    bool // only a week, a month: no time of day belongs to it
	now      bool // this very moment
}

// dayRule reads days from a pattern. lean is -1 where the moment lies behind, 1
// where it lies ahead, 0 where either may be.
type dayRule struct {
	re     *regexp.Regexp
	days   func(g []string, today time.Time, lean int) (days, bool)
	past   bool           // only where it lies behind
	not    *regexp.Regexp // a text in which it is none
	digits bool           // what stands around the digits only bounds them: the 上 of 12/5上午
}

const (
	small    = `(\d{1,2}|[一二三四五六七八九十]{1,3})`
	several  = `(\d{1,3}|[一二两三四五六七八九十]{1,3}|几|(?:a )?couple of|(?:a )?few|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty)`
	weekday  = `([一二三四五六日天1-7])`
	enMonth  = `(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?`
	enDay    = `(mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday|s|rs|r)?`
	enBefore = `(?:^|[^a-z])`
)

// readyNow is how now says that something has come to be so: all accurate now.
var readyNow = regexp.MustCompile(`\b(?:accurate|correct|fine|good|ok|okay|set|done|clear|ready|better|perfect|complete) now\b`)

// dayRules are tried from the first on; what is longer stands before what it
// contains.
var dayRules = []dayRule{
	{re: regexp.MustCompile(`(元旦|五一|国庆|圣诞)(?:节)?(?:假期|长假|放假|那天|当天)?(?:之|以|过)?(前|后|完|期间|)`), days: func(g []string, t time.Time, lean int) (days, bool) {
		return holiday(g[1], g[2], t, lean)
	}},
	{re: regexp.MustCompile(`(上上|上|这|本|下)个?月(?:初|中旬|中|底|末)[^0-9一二三四五六七八九十]{0,2}` + small + `[日号]`), days: func(g []string, t time.Time, _ int) (days, bool) {
		first := time.Date(t.Year(), t.Month()+time.Month(shift[g[1]]), 1, 0, 0, 0, 0, t.Location())
		return date(first.Year(), int(first.Month()), number(g[2]), t)
	}},
	{re: regexp.MustCompile(`(这个?|本|下个?|上个?|)(月|年)(初|中旬|中|底|末|尾)(?:之|以)?(?:前|后)?`), days: func(g []string, t time.Time, lean int) (days, bool) {
		return partOf(g[1], g[2], g[3], t, lean)
	}},
	{re: regexp.MustCompile(`(\d{4})[\-/.年] ?(\d{1,2})[\-/.月] ?(\d{1,2})[日号]?`), days: func(g []string, t time.Time, _ int) (days, bool) {
		return date(number(g[1]), number(g[2]), number(g[3]), t)
	}},
	{re: regexp.MustCompile(`(今年|去年|前年|明年) ?` + small + `月 ?` + small + `[日号]?`), days: func(g []string, t time.Time, _ int) (days, bool) {
		return date(t.Year()+shift[g[1]], number(g[2]), number(g[3]), t)
	}},
	{re: regexp.MustCompile(small + `月 ?` + small + `(?:[日号]|)`), days: func(g []string, t time.Time, lean int) (days, bool) {
		return nearDate(number(g[1]), number(g[2]), t, lean)
	}},
	{re: regexp.MustCompile(`(上上|上|这|本|下)个?月 ?` + small + `[日号]`), days: func(g []string, t time.Time, _ int) (days, bool) {
		first := time.Date(t.Year(), t.Month()+time.Month(shift[g[1]]), 1, 0, 0, 0, 0, t.Location())
		return date(first.Year(), int(first.Month()), number(g[2]), t)
	}},
	{re: regexp.MustCompile(enBefore + enMonth + ` (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?`), days: func(g []string, t time.Time, lean int) (days, bool) {
		return english(g[1], g[2], g[3], t, lean)
	}},
	{re: regexp.MustCompile(`(\d{1,2})(?:st|nd|rd|th)? (?:of )?` + enMonth + `(?: (\d{4}))?`), days: func(g []string, t time.Time, lean int) (days, bool) {
		return english(g[2], g[1], g[3], t, lean)
	}},
	{re: regexp.MustCompile(`([一二两三四五六七八九])([二三四五六七八九十])(天|周|个星期|个礼拜)(?:之)?(前|后)`), days: func(g []string, t time.Time, _ int) (days, bool) {
		a, fine := ago(g[1], strings.TrimPrefix(g[3], "个"), g[4], t)
		b, good := ago(g[2], strings.TrimPrefix(g[3], "个"), g[4], t)
		if b.from.Before(a.from) {
			a, b = b, a
		}
		return days{from: a.from, to: b.to, loose: true}, fine && good && number(g[2]) == number(g[1])+1
	}},
	{re: regexp.MustCompile(several + ` ?(?:个)?(天|日|周|星期|礼拜|月|年)(?:之)?(前|后)|` + several + ` ?(day|week|month|year)s? (ago|later|from now)`), days: func(g []string, t time.Time, _ int) (days, bool) {
		return ago(g[1]+g[4], g[2]+g[5], g[3]+g[6], t)
	}},
	{re: regexp.MustCompile(`()(?:since|for)(?: the)?(?: last| past)? ` + several + ` (day|week|month)s?\b`), days: func(g []string, t time.Time, _ int) (days, bool) {
		return ago(g[2], g[3], "前", t)
	}, past: true},
	{re: regexp.MustCompile(`()in (?:about |around )?` + several + ` (day|week|month)s?`), days: func(g []string, t time.Time, _ int) (days, bool) {
		return ago(g[2], g[3], "后", t)
	}},
	{re: regexp.MustCompile(`(今明|明后)(?:两天|天|两日)?(?:之?内)?`), days: func(g []string, t time.Time, _ int) (days, bool) {
		from := t.AddDate(0, 0, map[string]int{"今明": 0, "明后": 1}[g[1]])
		return days{from: from, to: from.AddDate(0, 0, 1), loose: true}, true
	}, not: regexp.MustCompile(`今明年|明后年`)},
	{re: regexp.MustCompile(`大前晚|前晚|大前天|大前儿|大后日|大后儿|前天|前日|前儿|后日|后儿|昨个|今个|明个|昨天|昨日|昨儿|昨晚|昨早|今天|今日|今儿|今晚|今早|大后天|后天|明天|明日|明儿|明晚|明早|day before yesterday|day after tomorrow|yesterday|last night|today|tonight|tomorrow|tmrw|tmr|tmw|tomoz`), days: func(g []string, t time.Time, _ int) (days, bool) {
		d := t.AddDate(0, 0, shift[g[0]])
		return days{from: d, to: d}, true
	}},
	{re: regexp.MustCompile(`半个?(月|年)(?:多)?(?:之|以)?前`), days: func(g []string, t time.Time, _ int) (days, bool) {
		d := map[string]time.Time{"月": t.AddDate(0, 0, -15), "年": t.AddDate(0, -6, 0)}[g[1]]
		return days{from: d, to: d}, true
	}},
	{re: regexp.MustCompile(`(下下|下|上上|上|这|本)?个?(?:周|星期|礼拜)` + weekday), days: func(g []string, t time.Time, lean int) (days, bool) {
		return ofWeek(g[1], dayOfWeek(g[2]), t, lean)
	}},
	{re: regexp.MustCompile(enBefore + `(next |last |this |on )?` + enDay + `(?:[^a-z]|$)`), days: func(g []string, t time.Time, lean int) (days, bool) {
		if g[1] == "last " { // the one before today, in this week or the last
			return ofWeek("", enDays[g[2]], t.AddDate(0, 0, -1), -1)
		}
		return ofWeek(map[string]string{"next ": "下", "this ": "这"}[g[1]], enDays[g[2]], t, lean)
	}},
	{re: regexp.MustCompile(`(下下|下|上上|上|这|本)?个?周末|(next |last |this )?weekend`), days: func(g []string, t time.Time, _ int) (days, bool) {
		monday := mondayOf(t).AddDate(0, 0, 7*shift[strings.TrimSpace(g[1]+g[2])])
		return days{from: monday.AddDate(0, 0, 5), to: monday.AddDate(0, 0, 6), loose: true}, true
	}},
	{re: regexp.MustCompile(`(下下|下|上上|上|这|本)个?(?:周|星期|礼拜)|(next|last|this) week`), days: func(g []string, t time.Time, _ int) (days, bool) {
		monday := mondayOf(t).AddDate(0, 0, 7*shift[g[1]+g[2]])
		return days{from: monday, to: monday.AddDate(0, 0, 6), loose: true}, true
	}},
	{re: regexp.MustCompile(`(上上|上|这|本|下)个?月|(next|last|this) month`), days: func(g []string, t time.Time, _ int) (days, bool) {
		first := time.Date(t.Year(), t.Month()+time.Month(shift[g[1]+g[2]]), 1, 0, 0, 0, 0, t.Location())
		return days{from: first, to: first.AddDate(0, 1, -1), loose: true}, true
	}},
	{re: regexp.MustCompile(`(?:^|[^0-9.\-/])(\d{1,2})[/\-](\d{1,2})(?:[^0-9/\-]|$)`), digits: true, days: monthAndDay},
	{re: regexp.MustCompile(`(?:^|[^0-9.])(\d{1,2})\.(\d{1,2}) ?[号日上下中早晚]`), digits: true, days: monthAndDay},
	{re: regexp.MustCompile(`\b()the (\d{1,2})(?:st|nd|rd|th)\b`), days: func(g []string, t time.Time, lean int) (days, bool) {
		return dayOfMonth(number(g[2]), t, lean)
	}},
	{re: regexp.MustCompile(small + `[日号]`), days: func(g []string, t time.Time, lean int) (days, bool) {
		return dayOfMonth(number(g[1]), t, lean)
	}},
	{re: regexp.MustCompile(`前[两几些三]天|the other day`), days: func(_ []string, t time.Time, _ int) (days, bool) {
		return days{from: t.AddDate(0, 0, -3), to: t.AddDate(0, 0, -2), loose: true}, true
	}},
	{re: regexp.MustCompile(`(?:这|近|最近|未来)[两几三]天|these days|the last few days`), days: func(_ []string, t time.Time, lean int) (days, bool) {
		if lean > 0 {
			return days{from: t, to: t.AddDate(0, 0, 2), loose: true}, true
		}
		return days{from: t.AddDate(0, 0, -2), to: t, loose: true}, true
	}},
	{re: regexp.MustCompile(`过[两几三]天`), days: func(_ []string, t time.Time, _ int) (days, bool) {
		return days{from: t.AddDate(0, 0, 2), to: t.AddDate(0, 0, 3), loose: true}, true
	}},
	{re: regexp.MustCompile(`待会儿?|等会儿?|一会儿|过会儿?|稍后|later today`), days: func(_ []string, t time.Time, lean int) (days, bool) {
		return days{from: t, to: t}, lean > 0
	}},
	{re: regexp.MustCompile(`刚才|刚刚|(?:^|[^到直])现在(?:[^的]|$)|此刻|马上|just now|right now|\bnow\b`), days: func(_ []string, t time.Time, _ int) (days, bool) {
		return days{from: t, to: t, now: true}, true
	}, not: readyNow},
}

func monthAndDay(g []string, t time.Time, lean int) (days, bool) {
	return nearDate(number(g[1]), number(g[2]), t, lean)
}

// shift is how many days, weeks, months or years a word is away.
var shift = map[string]int{
	"大前晚": -3, "前晚": -2, "大前天": -3, "大前儿": -3, "大后日": 3, "大后儿": 3, "前日": -2, "前儿": -2, "后日": 2, "后儿": 2, "昨个": -1, "明个": 1, "前天": -2, "昨天": -1, "昨日": -1, "昨儿": -1, "昨晚": -1, "昨早": -1, "明天": 1, "明日": 1, "明儿": 1, "明晚": 1, "明早": 1, "后天": 2, "大后天": 3,
	"day before yesterday": -2, "yesterday": -1, "last night": -1, "tomorrow": 1, "tmr": 1, "tmw": 1, "tomoz": 1, "tmrw": 1, "day after tomorrow": 2,
	"前年": -2, "去年": -1, "明年": 1,
	"上上": -2, "上": -1, "下": 1, "下下": 2, "next": 1, "last": -1,
}

var enDays = map[string]int{"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}

var enNumbers = map[string]int{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "couple of": 2, "a couple of": 2, "few": 3, "a few": 3, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "几": 3}

// number reads a small whole number; 0 when it is none.
func number(s string) int {
	if n, ok := enNumbers[s]; ok {
		return n
	}
	if r := []rune(s); len(r) == 2 && chineseDigits[r[0]] > 0 && chineseDigits[r[1]] == chineseDigits[r[0]]+1 {
		return 0 // 三四天 is no number of days
	}
	n, ok := ParseNumber(s)
	if !ok || n > 9_999_000 {
		return 0
	}
	return int(n / 1000)
}

func dayOfWeek(s string) int {
	if s == "日" || s == "天" {
		return 7
	}
	return number(s)
}

// holiday returns the days of a holiday, or the week before or after it.
func holiday(name, side string, t time.Time, lean int) (days, bool) {
	on := map[string]struct{ month, day, long int }{"元旦": {1, 1, 1}, "五一": {5, 1, 5}, "国庆": {10, 1, 7}, "圣诞": {12, 25, 1}}[name]
	d, ok := nearDate(on.month, on.day, t, lean)
	d.to = d.from.AddDate(0, 0, on.long-1)
	switch side {
	case "前":
		d = days{from: d.from.AddDate(0, 0, -7), to: d.from.AddDate(0, 0, -1)}
	case "后", "完":
		d = days{from: d.to.AddDate(0, 0, 1), to: d.to.AddDate(0, 0, 7)}
	}
	d.loose = d.from != d.to
	return d, ok
}

// partOf returns the beginning, the middle or the end of a month or a year; of
// what has begun, where it lies ahead, what is left.
func partOf(which, unit, part string, t time.Time, lean int) (days, bool) {
	shifted := shift[strings.TrimSuffix(which, "个")]
	first := time.Date(t.Year(), t.Month()+time.Month(shifted), 1, 0, 0, 0, 0, t.Location())
	if unit == "年" {
		month := map[string]time.Month{"初": 1, "中": 6, "中旬": 6}[part]
		if month == 0 {
			month = 12
		}
		first = time.Date(t.Year()+shifted, month, 1, 0, 0, 0, 0, t.Location())
	}
	from, to := map[string]int{"初": 0, "中": 10, "中旬": 10}[part], map[string]int{"初": 9, "中": 19, "中旬": 19}[part]
	end := first.AddDate(0, 1, -1)
	if part != "初" && part != "中" && part != "中旬" {
		from, to = end.Day()-6, end.Day()-1
	}
	d := days{from: first.AddDate(0, 0, from), to: first.AddDate(0, 0, to), loose: true}
	switch {
	case which == "" && lean > 0 && d.to.Before(t):
		return partOf("下", unit, part, t, 0)
	case lean > 0 && d.from.Before(t) && !d.to.Before(t):
		d.from = t
	}
	d.loose = d.from != d.to
	return d, true
}

func date(y, m, d int, t time.Time) (days, bool) {
	at := time.Date(y, time.Month(m), d, 0, 0, 0, 0, t.Location())
	if y < 1900 || y > 2200 || int(at.Month()) != m || at.Day() != d {
		return days{}, false
	}
	return days{from: at, to: at}, true
}

// nearDate returns the date without a year that is nearest in the direction.
// Where that is most of a year away and the one on the other side is near, the
// other is meant: who says on 29 November that it happened on 1 December has
// mistaken the month.
func nearDate(m, d int, t time.Time, lean int) (best days, ok bool) {
	const far, near = 270 * 24 * time.Hour, 60 * 24 * time.Hour
	best, ok = nearestDate(m, d, t, lean)
	if other, fine := nearestDate(m, d, t, -lean); fine && best.from.Sub(t).Abs() > far && other.from.Sub(t).Abs() < near {
		return other, true
	}
	return best, ok
}

func nearestDate(m, d int, t time.Time, lean int) (best days, ok bool) {
	for _, y := range []int{t.Year(), t.Year() + 1, t.Year() - 1} {
		at, fine := date(y, m, d, t)
		if fine && (!ok || closer(at.from, best.from, t, lean)) {
			best, ok = at, true
		}
	}
	return best, ok
}

func closer(a, b, today time.Time, lean int) bool {
	away := func(x time.Time) time.Duration {
		d := x.Sub(today)
		if lean != 0 && d != 0 && (d > 0) != (lean > 0) {
			return 10 * 365 * 24 * time.Hour // the wrong side only when there is no other
		}
		return d.Abs()
	}
	return away(a) < away(b)
}

// dayOfMonth returns the day of this month, or of the one beside it that lies
// on the right side.
func dayOfMonth(d int, t time.Time, lean int) (best days, ok bool) {
	for _, months := range []int{0, 1, -1} {
		first := time.Date(t.Year(), t.Month()+time.Month(months), 1, 0, 0, 0, 0, t.Location())
		at, fine := date(first.Year(), int(first.Month()), d, t)
		if fine && (!ok || lean != 0 && closer(at.from, best.from, t, lean)) {
			best, ok = at, true
		}
	}
	return best, ok
}

func english(month, day, year string, t time.Time, lean int) (days, bool) {
	const names = "janfebmaraprmayjunjulaugsepoctnovdec"
	m := strings.Index(names, month[:3])/3 + 1
	if year != "" {
		return date(number(year), m, number(day), t)
	}
	return nearDate(m, number(day), t, lean)
}

func ago(count, unit, side string, t time.Time) (days, bool) {
	n := number(count)
	if n == 0 {
		return days{}, false
	}
	if side == "前" || side == "ago" {
		n = -n
	}
	switch unit {
	case "周", "星期", "礼拜", "week":
		t = t.AddDate(0, 0, 7*n)
	case "月", "month":
		t = t.AddDate(0, n, 0)
	case "年", "year":
		t = t.AddDate(n, 0, 0)
	default:
		t = t.AddDate(0, 0, n)
	}
	return days{from: t, to: t}, true
}

func mondayOf(t time.Time) time.Time { return t.AddDate(0, 0, -(int(t.Weekday())+6)%7) }

// ofWeek returns a day of the week: of the week named, or without one the
// nearest on the right side, today included.
func ofWeek(which string, day int, t time.Time, lean int) (days, bool) {
	d := mondayOf(t).AddDate(0, 0, day-1+7*shift[which])
	if which == "" && lean >= 0 && d.Before(t) {
		d = d.AddDate(0, 0, 7)
	}
	if (which == "这" || which == "本") && lean > 0 && d.Before(t) { // on a Sunday the coming one is meant
		d = d.AddDate(0, 0, 7)
	}
	if which == "" && lean < 0 && d.After(t) {
		d = d.AddDate(0, 0, -7)
	}
	return days{from: d, to: d}, day >= 1 && day <= 7
}
