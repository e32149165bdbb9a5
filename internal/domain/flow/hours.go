package flow

import (
	"regexp"
	"strings"
)

// hours is a time of day in minutes from midnight; to equals from when it is a
// moment.
type hours struct{ from, to int }

// parts are the parts of the day as they are meant when no hour is said.
var parts = map[string]hours{
	"凌晨": {0, 360}, "清晨": {300, 480}, "清早": {300, 480}, "早上": {360, 720}, "早晨": {360, 720}, "上午": {480, 720}, "早": {360, 720},
	"中午": {660, 780}, "下午": {720, 1080}, "傍晚": {1020, 1140}, "晚上": {1080, 1440}, "夜里": {1080, 1440}, "晚": {1080, 1440},
	"下班后": {1080, 1260}, "下班以后": {1080, 1260}, "下班之后": {1080, 1260}, "下了班": {1080, 1260}, "下班": {1080, 1260}, "上班前": {420, 540}, "上班路上": {420, 600},
	"放学": {960, 1080}, "放学后": {960, 1080}, "放学以后": {960, 1080}, "晚饭": {1080, 1200}, "早饭": {420, 540}, "早饭后": {450, 600}, "午觉": {780, 900},
	"一早": {360, 600}, "大早上": {360, 600}, "大清早": {300, 480}, "早晨头": {360, 600}, "晌午": {660, 780}, "午饭": {660, 810}, "午休": {690, 810}, "午后": {720, 1020}, "晚饭后": {1110, 1290}, "晚间": {1080, 1440},
	"半夜": {1320, 1440}, "深夜": {1320, 1440}, "白天": {480, 1080}, "夜间": {1080, 1440}, "傍黑": {1020, 1140}, "头午": {480, 720}, "下晚": {1020, 1140},
	"after work": {1080, 1260}, "midday": {660, 780}, "lunchtime": {660, 810}, "lunch": {660, 810}, "noontime": {660, 780},
	"morning": {360, 720}, "noon": {660, 780}, "afternoon": {720, 1080}, "evening": {1080, 1440}, "night": {1080, 1440}, "tonight": {1080, 1440},
}

const enHour = `one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve`

var enHours = map[string]int{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}

var (
	partOfDay = `(大清早|大早上|放学以后|放学后|放学|晚饭后|晚饭|早饭后|早饭|午觉|上班路上|上班前|下班以后|下班之后|下班后|下了班|下班|早晨头|晌午|午饭|午休|午后|晚饭后|晚间|半夜|深夜|白天|夜间|傍黑|头午|下晚|一早|凌晨|清晨|清早|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|早|晚|after work|midday|lunchtime|lunch|morning|afternoon|evening|tonight|night|noon)`
	partRule  = regexp.MustCompile(partOfDay)
	clockZh   = regexp.MustCompile(partOfDay + `?的? ?(\d{1,2}|[零一二两三四五六七八九十]{1,3}) ?(?:点|时)(?:钟|整)?(?:(半)|(一刻|三刻)|(\d{1,2}|[零一二三四五六七八九十]{1,3})分?)?`)
	clockBare = regexp.MustCompile(`\b(?:at|around|by|about|do|make it|make that|after|from|tonight|(?:this )?(?:morning|afternoon|evening)) (\d{1,2})(?: instead| (?:or so|please)|[.!,?]|$)`)
	betweenEn = regexp.MustCompile(`(?:between|from|make it|make that|say) (\d{1,2}) ?(?:and|to|till|until|-) ?(\d{1,2}) ?(am|pm)?(?:[^0-9a-z:]|$)`)
	clockPart = regexp.MustCompile(`\b(?:at|around|about|by) (\d{1,2}) (?:in the |this |[` + string(blot) + ` ]+)?(morning|afternoon|evening|night)\b`)
	laterEn   = regexp.MustCompile(`afternoon|evening|night`)
	// clockWords is an hour in English words: half past two, at nine, ten thirty.
	clockWords = regexp.MustCompile(`\b(half past|quarter past|quarter to) (\d{1,2}|` + enHour + `)\b|\b(?:at|around|about|by|after) ((` + enHour + `)(?: (thirty|fifteen|forty[- ]five))?)(?: o'?clock)?\b|\b(` + enHour + `) (?:o'?clock|am|pm)\b`)
	hourEnds   = regexp.MustCompile(`^[^a-z]*$|^[ ,.]*(?:on|in|tomorrow|today|this|next|please|if|would|is|or|and|sharp|works|instead|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|morning|afternoon|evening)`)
	partEn     = regexp.MustCompile(`\b(?:am|pm|morning|afternoon|evening|night|tonight)\b`)
	clockEn    = regexp.MustCompile(partOfDay + `? ?(\d{1,2})(?:[:：](\d{2})) ?(am|pm|a\.m\.|p\.m\.)?|(?:^|[^0-9])(\d{1,2}) ?(am|pm|a\.m\.|p\.m\.|o'?clock|noon)`)
)

// notHour is how 时 stands in other words.
var notHour = regexp.MustCompile(`时[间候段长]|小时`)

// readHours finds the time of day, and where it stands.
func readHours(sc *scan) (hours, span, bool) {
	sc = sc.clone()
	for _, re := range []*regexp.Regexp{notHour, longNumber} {
		for from := 0; ; {
			sp, ok := sc.findFrom(re, from)
			if !ok {
				break
			}
			sc.take(sp.from, sp.to)
			from = sp.to
		}
	}
	if sp, ok := sc.find(clockZh); ok && !aBit(sc, sp) {
		g := sp.groups
		minute := number(g[5])
		switch {
		case g[3] != "":
			minute = 30
		case g[4] == "一刻":
			minute = 15
		case g[4] == "三刻":
			minute = 45
		}
		h, fine := clock(number(g[2]), minute, g[1], number(g[2]) < 7 || evening.MatchString(sc.text()))
		if until, end, ok := untilClock(sc, sp, g[1]); ok && fine && until > h.from {
			h.to, sp.to = until, end
		}
		return h, sp, fine
	}
	if sp, ok := sc.find(betweenEn); ok {
		part := sp.groups[3]
		if part == "" && laterEn.MatchString(sc.text()) {
			part = "pm"
		}
		from, fine := clock(number(sp.groups[1]), 0, part, number(sp.groups[1]) < 7)
		to, good := clock(number(sp.groups[2]), 0, part, number(sp.groups[2]) < 7)
		if fine && good && from.from < to.from {
			return hours{from.from, to.from}, sp, true
		}
	}
	if sp, ok := sc.find(clockEn); ok {
		g := sp.groups
		hour, minute, half := number(g[2]+g[5]), number(g[3]), g[4]+g[6]
		part := g[1]
		switch {
		case strings.HasPrefix(half, "p"):
			part = "pm"
		case strings.HasPrefix(half, "a"):
			part = "am"
		}
		h, fine := clock(hour, minute, part, half != "" && half[0] == 'o' && hour < 7)
		return h, sp, fine
	}
	if sp, ok := sc.find(clockWords); ok && hourEnds.MatchString(string(sc.folded[sp.to:])) {
		g := sp.groups
		hour, minute := enHours[g[2]+g[4]+g[6]], map[string]int{"half past": 30, "quarter past": 15, "quarter to": -15, "thirty": 30, "fifteen": 15, "forty-five": 45, "forty five": 45}[g[1]+g[5]]
		if hour == 0 {
			hour = number(g[2] + g[4] + g[6])
		}
		part := ""
		if m := partEn.FindString(sc.text()); m != "" {
			part = m
		}
		h, fine := clock(hour, 0, part, hour < 7)
		h.from, h.to = h.from+minute, h.to+minute
		return h, sp, fine && hour > 0
	}
	if sp, ok := sc.find(clockPart); ok { // at 8 this morning
		h, fine := clock(number(sp.groups[1]), 0, sp.groups[2], false)
		return h, sp, fine
	}
	if sp, ok := sc.find(clockBare); ok {
		hour := number(sp.groups[1])
		h, fine := clock(hour, 0, "", hour < 7 || laterEn.MatchString(sc.text()))
		return h, sp, fine && hour > 0
	}
	if sp, ok := sc.find(partRule); ok && !early.MatchString(sc.text()) {
		return parts[sp.groups[1]], sp, true
	}
	return hours{}, span{}, false
}

// until is what stands between the hours of a span.
var until = regexp.MustCompile(`^ ?(?:到|至|-|—|~|～) ?` + partOfDay + `?的? ?(\d{1,2}|[一二两三四五六七八九十]{1,3}) ?(?:点|时)(半)?`)

// untilClock returns the hour up to which a time is that begins in a part of the
// day: of 下午两点到四点 the second.
func untilClock(sc *scan, sp span, part string) (minutes, end int, ok bool) {
	m := until.FindStringSubmatchIndex(string(sc.folded[sp.to:]))
	if m == nil {
		return 0, 0, false
	}
	tail := string(sc.folded[sp.to:])
	if m[2] >= 0 {
		part = tail[m[2]:m[3]]
	}
	hour, minute := number(tail[m[4]:m[5]]), 0
	if m[6] >= 0 {
		minute = 30
	}
	h, fine := clock(hour, minute, part, hour < 7)
	return h.from, sp.to + len([]rune(tail[:m[1]])), fine
}

// evening is what tells that an hour without a part of the day is after noon:
// 八点关门以后.
var evening = regexp.MustCompile(`关门|打烊|收摊|收工|下班|下课|放学|吃完?饭后|晚饭|睡前`)

// early is how 早 and 晚 are said of no part of the day.
var early = regexp.MustCompile(`[越尽及趁提][早晚]|[早晚]一?[点些]|[早晚][就已日期知]|(?:太|比较|有点|很|更)[早晚](?:[^上]|$)`)

// aBit reports an hour that is none: 打一点, 早一点.
func aBit(sc *scan, sp span) bool {
	g := sp.groups
	if g[2] != "一" || g[3]+g[4]+g[5] != "" || strings.ContainsAny(string(sc.folded[sp.from:sp.to]), "钟整") {
		return false
	}
	return g[1] == "早" || g[1] == "晚" || g[1] == "" && sp.from > 0 && !strings.ContainsRune(" ,，.天日号午上一二三四五六到"+string(blot), sc.folded[sp.from-1])
}

// clock returns an hour in its part of the day. Without a part an hour before
// seven, said and not written, is in the afternoon: the hours of a workshop.
func clock(hour, minute int, part string, afternoon bool) (hours, bool) {
	if hour > 24 || minute > 59 {
		return hours{}, false
	}
	p := parts[part]
	switch {
	case part == "pm", p.from >= 720, part == "中午" && hour < 3, part == "noon":
		if hour < 12 {
			hour += 12
		}
	case part == "am" || part == "凌晨":
		hour %= 12
	case part == "" && afternoon && hour > 0 && hour < 12:
		hour += 12
	}
	if strings.HasPrefix(part, "晚") && hour == 24 {
		hour = 24
	}
	at := hour*60 + minute
	return hours{at, at}, at <= 1440
}
