package grounding

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold returns a text in letters of one width and case.
func fold(text string) string { return strings.ToLower(norm.NFKC.String(text)) }

// fact is something in a text that is right or wrong to the letter.
type fact struct {
	said string // as it was written
	is   string // as it is compared
}

// facts are the facts of a text, and its words.
type facts struct {
	list   []fact
	folded string
	set    map[string]bool
}

func (f facts) has(x fact) bool { return f.set[x.is] }

// word reports whether a word stands in the text, alone.
func (f facts) word(w string) bool {
	w = fold(w)
	for from := 0; ; {
		at := strings.Index(f.folded[from:], w)
		if at < 0 {
			return false
		}
		at += from
		to := at + len(w)
		if (at == 0 || !isWord(f.folded[at-1])) && (to == len(f.folded) || !isWord(f.folded[to])) {
			return true
		}
		from = at + 1
	}
}

var (
	linkForm = regexp.MustCompile(`(?:https?|ftp)://[^\s，。；、）)】\]"'<>]+|[a-z0-9][a-z0-9._%+\-]*@[a-z0-9\-]+(?:\.[a-z0-9\-]+)+|(?:www\.)?[a-z0-9\-]+(?:\.[a-z0-9\-]+)*\.(?:com|cn|net|org|top|xyz|io|info|cc|me|app|shop|site|online|vip|club|co|ru|tk|link|dev|example|test)(?:/[^\s，。；、）)】\]"'<>]*)?|[a-z0-9\-]+ ?(?:点|\(dot\)|\[dot\]| dot ) ?(?:com|cn|net|org|top|xyz)`)
	handle   = regexp.MustCompile(`(?:微信号?|wechat|weixin|qq|telegram|whatsapp|加v|vx)[ 号是:为id]{0,6}([a-z0-9_\-]{4,30})`)
	codeForm = regexp.MustCompile(`[a-z0-9]+(?:[\-_/][a-z0-9]+)*`)
	listMark = regexp.MustCompile(`(?m)^[ \t]*(?:[-*•] *)?\(?\d{1,2}[.、)）][ \t]*`)
	numForm  = regexp.MustCompile(`(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?`)
	hanForm  = regexp.MustCompile(`(百分之|千分之)?([零一二两三四五六七八九十百千万亿]+)(点[零一二三四五六七八九]+)?`)
	clock    = regexp.MustCompile(`(\d{1,2}):(\d{2})`)
)

// units are what stands after a number, by how it is compared: a year is a
// year in both languages. The longest comes first.
var units = []struct{ said, is string }{
	{"个工作日", "workday"},
	{"工作日", "workday"},
	{"business day", "workday"},
	{"working day", "workday"},
	{"个自然日", "day"},
	{"自然日", "day"},
	{"个小时", "hour"},
	{"小时", "hour"},
	{"分钟", "minute"},
	{"个月", "month"},
	{"个星期", "week"},
	{"星期", "week"},
	{"周", "week"},
	{"公里", "km"},
	{"千米", "km"},
	{"万公里", "10000km"},
	{"元", "yuan"},
	{"块", "yuan"},
	{"人民币", "yuan"},
	{"万元", "10000yuan"},
	{"折", "discount"},
	{"天", "day"},
	{"日", "day"},
	{"年", "year"},
	{"月", "month"},
	{"号", "day"},
	{"秒", "second"},
	{"次", "time"},
	{"折", "off"},
	{"%", "percent"},
	{"kilomet", "km"},
	{"km", "km"},
	{"yuan", "yuan"},
	{"cny", "yuan"},
	{"rmb", "yuan"},
	{"dollar", "dollar"},
	{"usd", "dollar"},
	{"minute", "minute"},
	{"hour", "hour"},
	{"day", "day"},
	{"week", "week"},
	{"month", "month"},
	{"year", "year"},
	{"percent", "percent"},
	{"second", "second"},
	{"time", "time"},
}

// factsOf returns the facts of a text.
func factsOf(text string) facts {
	f := facts{folded: fold(text), set: map[string]bool{}}
	t := listMark.ReplaceAllString(f.folded, "\n")
	add := func(said, is string) {
		if !f.set[is] {
			f.set[is] = true
			f.list = append(f.list, fact{said, is})
		}
	}
	t = linkForm.ReplaceAllStringFunc(t, func(s string) string {
		add(s, "link:"+strings.TrimRight(strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://"), "www."), "/.,;:"))
		return " "
	})
	for _, m := range handle.FindAllStringSubmatch(t, -1) {
		add(m[1], "code:"+m[1])
	}
	t = clock.ReplaceAllStringFunc(t, func(s string) string {
		add(s, "at:"+strings.TrimPrefix(s, "0"))
		return " "
	})
	t = codeForm.ReplaceAllStringFunc(t, func(s string) string { // P0420, LSVAA4182E2184847, YX-2026-0001
		if digits, letters := strings.ContainsFunc(s, unicode.IsDigit), strings.ContainsFunc(s, unicode.IsLetter); !digits || !letters || isQuantity(s) {
			if !digits || letters || !strings.ContainsAny(s, "-/_") || isRange(s) {
				return s
			}
		}
		add(s, "code:"+strings.NewReplacer("-", "", "_", "", "/", "").Replace(s))
		return " "
	})
	f.numbers(t, add)
	return f
}

// isQuantity reports whether a code is but a number with its unit: 30km, 3days.
func isQuantity(s string) bool {
	rest := strings.TrimLeft(s, "0123456789")
	if rest == s {
		return false
	}
	for _, u := range units {
		if strings.HasPrefix(rest, u.said) {
			return true
		}
	}
	return false
}

// isRange reports whether two short numbers stand beside each other, as in 3-5.
func isRange(s string) bool {
	a, b, ok := strings.Cut(s, "-")
	return ok && len(a) <= 3 && len(b) <= 3 && !strings.ContainsAny(b, "-/_")
}

// numbers adds the numbers of a text with their units; a range has the unit
// of its end.
func (f facts) numbers(t string, add func(said, is string)) {
	type found struct {
		from, to int
		value    string
		unit     string
	}
	var ns []found
	for _, sp := range numForm.FindAllStringIndex(t, -1) {
		v := strings.ReplaceAll(t[sp[0]:sp[1]], ",", "")
		if whole, part, ok := strings.Cut(v, "."); ok {
			v = strings.TrimRight(whole+"."+part, "0")
			v = strings.TrimSuffix(v, ".")
		}
		if w := strings.TrimLeft(v, "0"); w != "" && w[0] != '.' && len(v) <= 4 {
			v = w // 03 is 3; a long number keeps its zeros
		}
		ns = append(ns, found{from: sp[0], to: sp[1], value: v})
	}
	for _, sp := range hanForm.FindAllStringSubmatchIndex(t, -1) {
		said := t[sp[4]:sp[5]]
		n, ok := hanNumber(said)
		unit := unitAt(t[sp[1]:])
		percent := sp[2] >= 0
		before := t[:sp[0]]
		if !ok || !percent && (unit == "" && len([]rune(said)) < 3 || strings.HasSuffix(before, "第") || isIdiom(t, sp[0], sp[1])) {
			continue
		}
		v := strconv.FormatInt(n, 10)
		if sp[6] >= 0 {
			v += "." + hanDigits(strings.TrimPrefix(t[sp[6]:sp[7]], "点"))
		}
		x := found{from: sp[0], to: sp[1], value: v}
		if percent {
			x.unit = "percent"
		}
		if !slices.ContainsFunc(ns, func(o found) bool { return o.to == sp[0] }) { // 3万 is read below
			ns = append(ns, x)
		}
	}
	slices.SortFunc(ns, func(a, b found) int { return a.from - b.from })
	for i := len(ns) - 1; i >= 0; i-- {
		n := &ns[i]
		rest := t[n.to:]
		for _, big := range []struct {
			said string
			by   int64
		}{{"万", 10_000}, {"亿", 100_000_000}, {"千", 1000}, {"百", 100}, {"k", 1000}} {
			if after, ok := strings.CutPrefix(strings.TrimLeft(rest, " "), big.said); ok && (big.said != "k" || strings.HasPrefix(rest, "k") && (after == "" || !isWord(after[0]))) {
				if v, err := strconv.ParseFloat(n.value, 64); err == nil {
					n.value, rest = strconv.FormatFloat(v*float64(big.by), 'f', -1, 64), after
				}
			}
		}
		if n.unit == "" {
			n.unit = unitAt(rest)
		}
		if b := strings.TrimRight(t[:n.from], " "); n.unit == "" && (strings.HasSuffix(b, "¥") || strings.HasSuffix(b, "￥") || strings.HasSuffix(b, "rmb") || strings.HasSuffix(b, "cny")) {
			n.unit = "yuan"
		} else if n.unit == "" && strings.HasSuffix(b, "$") {
			n.unit = "dollar"
		}
		if i+1 < len(ns) && n.unit == "" && isJoin(t[n.to:ns[i+1].from]) {
			n.unit = ns[i+1].unit
		}
		said := strings.TrimSpace(t[n.from:min(len(t), n.to)])
		if n.unit != "" {
			said += " " + n.unit
		}
		add(said, "number:"+n.value+" "+n.unit)
	}
}

// isJoin reports whether what stands between two numbers makes them a range.
func isJoin(between string) bool {
	switch strings.TrimSpace(between) {
	case "-", "–", "—", "~", "～", "到", "至", "to", "或", "or", "、":
		return true
	}
	return false
}

// unitAt returns the unit that a text begins with.
func unitAt(t string) (unit string) {
	size := 0
	t2 := strings.TrimLeft(t, " -")
	if strings.HasPrefix(t2, "多") || strings.HasPrefix(t2, "余") {
		t2 = strings.TrimLeft(t2, "多余")
	}
	for _, u := range units {
		if len(u.said) > size && strings.HasPrefix(t2, u.said) {
			unit, size = u.is, len(u.said)
		}
	}
	return unit
}

// isIdiom reports whether a Chinese number is part of a word that counts
// nothing: 一般, 一下, 万一.
func isIdiom(t string, from, to int) bool {
	for _, w := range []string{"一般", "一下", "一些", "一样", "一定", "一起", "一直", "一旦", "一并", "一致", "一键", "一律", "一方", "万一", "统一", "唯一", "进一步", "三包", "十分", "四轮", "四驱", "一个", "一种", "一次性", "一切", "同一", "另一", "任一", "每一", "一名", "一位", "一条", "一份", "一张", "一台", "一辆", "星期", "周一", "周二", "周三", "周四", "周五", "周六"} {
		if at := strings.Index(t[max(0, from-6):min(len(t), to+6)], w); at >= 0 {
			at += max(0, from-6)
			if at < to && at+len(w) > from {
				return true
			}
		}
	}
	return false
}

var hanDigit = map[rune]int64{'零': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

// hanNumber reads a number in Chinese characters.
func hanNumber(s string) (n int64, ok bool) {
	if !strings.ContainsAny(s, "十百千万亿") {
		v, err := strconv.ParseInt(hanDigits(s), 10, 64)
		return v, err == nil
	}
	var total, section, last int64
	last = -1
	for _, r := range s {
		if d, is := hanDigit[r]; is {
			last = d
			continue
		}
		by := map[rune]int64{'十': 10, '百': 100, '千': 1000, '万': 10_000, '亿': 100_000_000}[r]
		switch {
		case by == 0:
			return 0, false
		case by >= 10_000:
			total += (section + max(last, 0)) * by
			section = 0
		default:
			if last < 0 {
				last = 1
			}
			section += last * by
		}
		last = -1
	}
	return total + section + max(last, 0), true
}

func hanDigits(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteString(strconv.FormatInt(hanDigit[r], 10))
	}
	return b.String()
}

var latinWord = regexp.MustCompile(`[A-Za-z][A-Za-z'’]+`)

// linkInText is a link in a text as it was written.
var linkInText = regexp.MustCompile(`(?i)` + linkForm.String())

// partOfCode reports whether a word stands beside a digit.
func partOfCode(text string, from, to int) bool {
	isDigit := func(b byte) bool { return b >= '0' && b <= '9' }
	return from > 0 && isDigit(text[from-1]) || to < len(text) && isDigit(text[to])
}

// plainWords are Latin words that a Chinese answer may have without a source.
var plainWords = map[string]bool{"app": true, "vin": true, "ok": true, "suv": true, "faq": true, "pdf": true, "id": true}

// foreign returns words that look like names: Latin words in a Chinese text,
// words with a capital inside a sentence of an English one.
func foreign(text, language string) (names []string) {
	text = linkInText.ReplaceAllString(text, " ") // which is compared as a whole
	for i, sp := range latinWord.FindAllStringIndex(text, -1) {
		w := text[sp[0]:sp[1]]
		switch {
		case partOfCode(text, sp[0], sp[1]): // as well
		case plainWords[strings.ToLower(w)]:
		case language != "en":
			names = append(names, w)
		case i > 0 && unicode.IsUpper(rune(w[0])) && len(w) > 1 && w != "I'm" && w != "I'll" && !strings.HasSuffix(strings.TrimRight(text[:sp[0]], " \"“("), ":"):
			names = append(names, w)
		}
	}
	return names
}
