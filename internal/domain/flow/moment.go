package flow

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"yingda/internal/kit/fault"
)

const (
	dayForm    = "2006-01-02"
	minuteForm = "2006-01-02T15:04"
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
	re   *regexp.Regexp
	days func(g []string, today time.Time, lean int) (days, bool)
}

const (
	small    = `(\d{1,2}|[一二三四五六七八九十]{1,3})`
	several  = `(\d{1,3}|[一二两三四五六七八九十]{1,3}|几|a|an|one|two|three|four|five|six|seven)`
	weekday  = `([一二三四五六日天1-7])`
	enMonth  = `(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?`
	enDay    = `(mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday|s|rs|r)?`
	enBefore = `(?:^|[^a-z])`
)

// dayRules are tried from the first on; what is longer stands before what it
// contains.
var dayRules = []dayRule{
	{regexp.MustCompile(`(\d{4})[\-/.年] ?(\d{1,2})[\-/.月] ?(\d{1,2})[日号]?`), func(g []string, t time.Time, _ int) (days, bool) {
		return date(number(g[1]), number(g[2]), number(g[3]), t)
	}},
	{regexp.MustCompile(`(今年|去年|前年|明年) ?` + small + `月 ?` + small + `[日号]?`), func(g []string, t time.Time, _ int) (days, bool) {
		return date(t.Year()+shift[g[1]], number(g[2]), number(g[3]), t)
	}},
	{regexp.MustCompile(small + `月 ?` + small + `(?:[日号]|)`), func(g []string, t time.Time, lean int) (days, bool) {
		return nearDate(number(g[1]), number(g[2]), t, lean)
	}},
	{regexp.MustCompile(`(上上|上|这|本|下)个?月 ?` + small + `[日号]`), func(g []string, t time.Time, _ int) (days, bool) {
		first := time.Date(t.Year(), t.Month()+time.Month(shift[g[1]]), 1, 0, 0, 0, 0, t.Location())
		return date(first.Year(), int(first.Month()), number(g[2]), t)
	}},
	{regexp.MustCompile(enBefore + enMonth + ` (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?`), func(g []string, t time.Time, lean int) (days, bool) {
		return english(g[1], g[2], g[3], t, lean)
	}},
	{regexp.MustCompile(`(\d{1,2})(?:st|nd|rd|th)? (?:of )?` + enMonth + `(?: (\d{4}))?`), func(g []string, t time.Time, lean int) (days, bool) {
		return english(g[2], g[1], g[3], t, lean)
	}},
	{regexp.MustCompile(several + ` ?(?:个)?(天|日|周|星期|礼拜|月|年)(?:之)?(前|后)|` + several + ` ?(day|week|month|year)s? (ago|later|from now)`), func(g []string, t time.Time, _ int) (days, bool) {
		return ago(g[1]+g[4], g[2]+g[5], g[3]+g[6], t)
	}},
	{regexp.MustCompile(`()in ` + several + ` (day|week|month)s?`), func(g []string, t time.Time, _ int) (days, bool) {
		return ago(g[2], g[3], "后", t)
	}},
	{regexp.MustCompile(`大前天|前天|昨天|昨日|昨儿|昨晚|昨早|今天|今日|今儿|今晚|今早|大后天|后天|明天|明日|明儿|明晚|明早|day before yesterday|day after tomorrow|yesterday|last night|today|tonight|tomorrow|tmrw`), func(g []string, t time.Time, _ int) (days, bool) {
		d := t.AddDate(0, 0, shift[g[0]])
		return days{from: d, to: d}, true
	}},
	{regexp.MustCompile(`(下下|下|上上|上|这|本)?个?(?:周|星期|礼拜)` + weekday), func(g []string, t time.Time, lean int) (days, bool) {
		return ofWeek(g[1], dayOfWeek(g[2]), t, lean)
	}},
	{regexp.MustCompile(enBefore + `(next |last |this |on )?` + enDay + `(?:[^a-z]|$)`), func(g []string, t time.Time, lean int) (days, bool) {
		return ofWeek(map[string]string{"next ": "下", "last ": "上", "this ": "这"}[g[1]], enDays[g[2]], t, lean)
	}},
	{regexp.MustCompile(`(下下|下|上上|上|这|本)?个?周末|(next |last |this )?weekend`), func(g []string, t time.Time, _ int) (days, bool) {
		monday := mondayOf(t).AddDate(0, 0, 7*shift[strings.TrimSpace(g[1]+g[2])])
		return days{from: monday.AddDate(0, 0, 5), to: monday.AddDate(0, 0, 6), loose: true}, true
	}},
	{regexp.MustCompile(`(下下|下|上上|上|这|本)个?(?:周|星期|礼拜)|(next|last|this) week`), func(g []string, t time.Time, _ int) (days, bool) {
		monday := mondayOf(t).AddDate(0, 0, 7*shift[g[1]+g[2]])
		return days{from: monday, to: monday.AddDate(0, 0, 6), loose: true}, true
	}},
	{regexp.MustCompile(`(上上|上|这|本|下)个?月|(next|last|this) month`), func(g []string, t time.Time, _ int) (days, bool) {
		first := time.Date(t.Year(), t.Month()+time.Month(shift[g[1]+g[2]]), 1, 0, 0, 0, 0, t.Location())
		return days{from: first, to: first.AddDate(0, 1, -1), loose: true}, true
	}},
	{regexp.MustCompile(`(?:^|[^0-9.\-/])(\d{1,2})[/\-](\d{1,2})(?:[^0-9/\-]|$)`), func(g []string, t time.Time, lean int) (days, bool) {
		return nearDate(number(g[1]), number(g[2]), t, lean)
	}},
	{regexp.MustCompile(small + `[日号]`), func(g []string, t time.Time, lean int) (days, bool) {
		return dayOfMonth(number(g[1]), t, lean)
	}},
	{regexp.MustCompile(`刚才|刚刚|刚|现在|此刻|马上|just now|right now|now`), func(_ []string, t time.Time, _ int) (days, bool) {
		return days{from: t, to: t, now: true}, true
	}},
}

// shift is how many days, weeks, months or years a word is away.
var shift = map[string]int{
	"大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨儿": -1, "昨晚": -1, "昨早": -1, "明天": 1, "明日": 1, "明儿": 1, "明晚": 1, "明早": 1, "后天": 2, "大后天": 3,
	"day before yesterday": -2, "yesterday": -1, "last night": -1, "tomorrow": 1, "tmrw": 1, "day after tomorrow": 2,
	"前年": -2, "去年": -1, "明年": 1,
	"上上": -2, "上": -1, "下": 1, "下下": 2, "next": 1, "last": -1,
}

var enDays = map[string]int{"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}

var enNumbers = map[string]int{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "几": 3}

// number reads a small whole number; 0 when it is none.
func number(s string) int {
	if n, ok := enNumbers[s]; ok {
		return n
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
	if which == "" && lean < 0 && d.After(t) {
		d = d.AddDate(0, 0, -7)
	}
	return days{from: d, to: d}, day >= 1 && day <= 7
}

// hours is a time of day in minutes from midnight; to equals from when it is a
// moment.
type hours struct{ from, to int }

// parts are the parts of the day as they are meant when no hour is said.
var parts = map[string]hours{
	"凌晨": {0, 360}, "清晨": {300, 480}, "清早": {300, 480}, "早上": {360, 720}, "早晨": {360, 720}, "上午": {480, 720}, "早": {360, 720},
	"中午": {660, 780}, "下午": {720, 1080}, "傍晚": {1020, 1140}, "晚上": {1080, 1440}, "夜里": {1080, 1440}, "晚": {1080, 1440},
	"morning": {360, 720}, "noon": {660, 780}, "afternoon": {720, 1080}, "evening": {1080, 1440}, "night": {1080, 1440}, "tonight": {1080, 1440},
}

var (
	partOfDay = `(凌晨|清晨|清早|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|早|晚|morning|afternoon|evening|tonight|night|noon)`
	partRule  = regexp.MustCompile(partOfDay)
	clockZh   = regexp.MustCompile(partOfDay + `?的? ?(\d{1,2}|[零一二两三四五六七八九十]{1,3}) ?(?:点|时)(?:钟|整)?(?:(半)|(一刻|三刻)|(\d{1,2}|[零一二三四五六七八九十]{1,3})分?)?`)
	clockEn   = regexp.MustCompile(partOfDay + `? ?(\d{1,2})(?:[:：](\d{2})) ?(am|pm|a\.m\.|p\.m\.)?|(?:^|[^0-9])(\d{1,2}) ?(am|pm|a\.m\.|p\.m\.|o'?clock)`)
)

// readHours finds the time of day, and where it stands.
func readHours(sc *scan) (hours, span, bool) {
	if sp, ok := sc.find(clockZh); ok {
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
		h, fine := clock(number(g[2]), minute, g[1], number(g[2]) < 7)
		return h, sp, fine
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
	if sp, ok := sc.find(partRule); ok {
		return parts[sp.groups[1]], sp, true
	}
	return hours{}, span{}, false
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
	case part == "" && afternoon && hour > 0:
		hour += 12
	}
	if strings.HasPrefix(part, "晚") && hour == 24 {
		hour = 24
	}
	at := hour*60 + minute
	return hours{at, at}, at <= 1440
}

// readMoment finds a day, a time, or both.
func (s Slot) readMoment(sc *scan, asked bool, r Reading) (Value, *fault.Error) {
	none := fault.New(fault.NotFound, "flow.moment_none", "no day or time was found; write it as 3 December, 15:00")
	now := r.now()
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	lean := 0
	switch {
	case s.Past:
		lean = -1
	case s.Future:
		lean = 1
	}
	if at, sp, ok := readMinutesAgo(sc, now); ok && lean <= 0 {
		return Value{Text: at.Format(minuteForm), Said: sc.take(sp.from, sp.to)}, nil
	}
	d, daySpan, hasDay, wrong := readDays(sc, today, lean)
	if wrong && asked {
		return Value{}, fault.New(fault.Invalid, "flow.moment_date", "this day is in no calendar")
	}
	if wrong {
		return Value{}, none
	}
	if d.now {
		return Value{Text: now.Format(minuteForm), Said: sc.take(daySpan.from, daySpan.to)}, nil
	}
	rest := sc.without(daySpan, hasDay)
	h, hourSpan, hasHour := readHours(rest)
	switch {
	case !hasDay && !hasHour, !hasDay && !asked && h.from != h.to:
		return Value{}, none
	case !hasDay:
		d = days{from: today, to: today}
		switch at := today.Add(time.Duration(h.to) * time.Minute); {
		case lean > 0 && at.Before(now):
			d.from = today.AddDate(0, 0, 1)
		case lean < 0 && today.Add(time.Duration(h.from)*time.Minute).After(now):
			d.from = today.AddDate(0, 0, -1)
		}
	case hasHour && d.loose:
		hasHour = false
	}
	from, to, text := d.from, d.to.AddDate(0, 0, 1), d.from.Format(dayForm)
	switch {
	case hasHour:
		from, to = d.from.Add(time.Duration(h.from)*time.Minute), d.from.Add(time.Duration(h.to)*time.Minute)
		text = from.Format(minuteForm)
		if h.from != h.to {
			text += "/" + to.Format(minuteForm)
		}
	case d.loose:
		text += "/" + d.to.Format(dayForm)
	}
	if s.Future && !to.After(now) {
		return Value{}, fault.New(fault.Invalid, "flow.moment_past", "%s is over; name a later day or time", showMoment(text, true))
	}
	if s.Past && from.After(now) {
		return Value{}, fault.New(fault.Invalid, "flow.moment_ahead", "%s has not come yet; name when it was", showMoment(text, true))
	}
	var said []string
	if hasDay {
		said = append(said, sc.take(daySpan.from, daySpan.to))
	}
	if hasHour {
		said = append(said, string(sc.said[hourSpan.from:hourSpan.to]))
		sc.take(hourSpan.from, hourSpan.to)
	}
	return Value{Text: text, Said: strings.Join(said, " ")}, nil
}

var minutesAgo = regexp.MustCompile(`(半|` + several + `) ?(?:个)?(?:(半)?(小时|钟头)|(分钟?|刻钟))(?:之)?前|(?:` + several + ` )(?:(hours?)|(minutes?|mins?)) ago`)

// readMinutesAgo finds a moment some hours or minutes ago.
func readMinutesAgo(sc *scan, now time.Time) (at time.Time, sp span, ok bool) {
	sp, ok = sc.find(minutesAgo)
	if !ok {
		return now, sp, false
	}
	g := sp.groups
	minutes := 60 * number(g[1]+g[6])
	switch {
	case g[1] == "半":
		minutes = 30
	case g[3] != "":
		minutes += 30
	case g[5] == "刻钟":
		minutes /= 4
	case g[5] != "" || g[8] != "":
		minutes /= 60
	}
	return now.Add(-time.Duration(minutes) * time.Minute), sp, minutes > 0
}

// without returns the message with a part blotted out, for reading on. The part
// of the day inside 今晚 and 明早 stays.
func (s *scan) without(sp span, any bool) *scan {
	c := s.copy()
	if !any {
		return c
	}
	for i := sp.from; i < sp.to; i++ {
		if c.folded[i] != '晚' && c.folded[i] != '早' && !strings.Contains(string(s.folded[sp.from:sp.to]), "night") {
			c.folded[i] = blot
		}
	}
	return c
}

// readDays finds the days. wrong reports a date that is in no calendar.
func readDays(sc *scan, today time.Time, lean int) (d days, sp span, ok, wrong bool) {
	for _, rule := range dayRules {
		at, found := sc.find(rule.re)
		if !found {
			continue
		}
		if d, fine := rule.days(at.groups, today, lean); fine {
			return d, at, true, false
		}
		return days{}, span{}, false, true
	}
	return days{}, span{}, false, false
}

// showMoment writes a moment for a person.
func showMoment(text string, english bool) string {
	from, to, isSpan := strings.Cut(text, "/")
	if !isSpan {
		return showDay(from, english)
	}
	if from[:min(10, len(from))] == to[:min(10, len(to))] && len(to) > 11 {
		return showDay(from, english) + "–" + to[11:]
	}
	if len(to) > 11 && to[11:] == "00:00" { // until midnight
		return showDay(from, english) + "–24:00"
	}
	return showDay(from, english) + "–" + showDay(to, english)
}

func showDay(text string, english bool) string {
	form := dayForm
	if len(text) > len(dayForm) {
		form = minuteForm
	}
	t, err := time.Parse(form, text)
	if err != nil {
		return text
	}
	clock := ""
	if form == minuteForm {
		clock = " " + t.Format("15:04")
	}
	if english {
		return t.Format("Mon 2 Jan 2006") + clock
	}
	return strconv.Itoa(t.Year()) + "年" + strconv.Itoa(int(t.Month())) + "月" + strconv.Itoa(t.Day()) + "日（周" + string([]rune("日一二三四五六")[t.Weekday()]) + "）" + clock
}

// Span returns from when to when a moment is, in a zone: a day is 24 hours, a
// minute begins and ends at once.
func (v Value) Span(zone *time.Location) (from, to time.Time, ok bool) {
	a, b, isSpan := strings.Cut(v.Text, "/")
	if !isSpan {
		b = a
	}
	from, err := parseMoment(a, zone)
	if err != nil {
		return from, to, false
	}
	to, err = parseMoment(b, zone)
	if len(b) == len(dayForm) {
		to = to.AddDate(0, 0, 1)
	}
	return from, to, err == nil
}

func parseMoment(s string, zone *time.Location) (time.Time, error) {
	if len(s) == len(dayForm) {
		return time.ParseInLocation(dayForm, s, zone)
	}
	return time.ParseInLocation(minuteForm, s, zone)
}
