package flow

import (
	"regexp"
	"strings"
	"time"

	"yingda/internal/kit/fault"
)

const (
	dayForm    = "2006-01-02"
	minuteForm = "2006-01-02T15:04"
)

// mostVague is how long a time may be that is told without being asked for one to
// come.
const mostVague = 14 * 24 * time.Hour

// busy is a time that will not do: 周一到周五走不开.
var busy = regexp.MustCompile(`[^ ,，.。;；!！~]*?(?:走不开|没空|没时间|没有时间|没有空|不行|不方便|不可以|不得空|来不了|去不了|有事|有约|有会|开会|加班|出差|上班|上课|不在)`)

// except is a time that is left out of what will do: 除了周三都行, 晚上别打.
var except = regexp.MustCompile(`除了?[^ ,，.。]{1,8}?(?:以外|之外|外)?(?:[,， ]*(?:其他|其它|别的|剩下|哪天|什么时候|啥时候))?(?:的)?(?:时间|日子)?(?:都|全)|[^ ,，.。;；!！~]*?(?:别打|别来|别约|不要打|不要来|不要约|除外|以外|之外|不接|接不了|不能接)|\b(?:except|but not|not on|anything but)\b[^,.;]*`)

// eachTime is a time that comes again and again and names no day.
var eachTime = regexp.MustCompile(`工作日|平日|每天|每晚|每周|天天|\b(?:weekdays?|weeknights?|every|any (?:day|evening|morning|afternoon|time)|mornings|afternoons|evenings|nights)\b`)

// readFree finds a day, a time, or both, of several the one that is not said to
// be taken.
func (s Slot) readFree(sc *scan, asked bool, r Reading) (Value, *fault.Error) {
	if s.Future && eachTime.MatchString(sc.text()) {
		return Value{}, fault.New(fault.NotFound, "flow.moment_none", "no day or time was found; write it as 3 December, 15:00")
	}
	if sp, ok := sc.find(except); ok && s.Future {
		free := sc.clone()
		free.take(sp.from, sp.to)
		v, err := s.readFree(free, asked, r)
		if err == nil {
			sc.folded = free.folded
		}
		return v, err
	}
	if sp, ok := sc.find(busy); ok && s.Future {
		free := sc.clone()
		free.take(sp.from, sp.to)
		if v, err := s.readMoment(free, asked, r); err == nil {
			sc.folded = free.folded
			return v, nil
		}
	}
	if chosen, ok := s.settled(sc, r); ok && asked {
		if v, err := s.readMoment(chosen, true, r); err == nil {
			sc.folded = chosen.folded
			return v, nil
		}
	}
	if v, err, several := s.readSeveral(sc, asked, r); several {
		return v, err
	}
	return s.readMoment(sc, asked, r)
}

// part is what stands between signs and spaces.
var part = regexp.MustCompile(`[^ ,，.。;；!！~]+`)

// settled returns a message of whose days only the one is left that it settles
// on: 周日都在家，下周日吧.
func (s Slot) settled(sc *scan, r Reading) (chosen *scan, ok bool) {
	var last span
	days := 0
	for from := 0; ; {
		sp, found := sc.findFrom(part, from)
		if !found {
			break
		}
		from = sp.to
		if _, _, day, _ := readDays(newScan(sp.groups[0]), r.now(), 1); day {
			days, last = days+1, sp
		}
	}
	if !s.Future || days < 2 || !strings.HasSuffix(last.groups[0], "吧") {
		return nil, false
	}
	chosen = sc.clone()
	chosen.take(0, last.from)
	return chosen, true
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
	if at, sp, ok := readHoursAhead(sc, now); ok && lean > 0 {
		return Value{Text: at.Format(minuteForm), Said: sc.take(sp.from, sp.to)}, nil
	}
	d, daySpan, hasDay, wrong := readDays(sc, today, lean)
	if wrong && asked {
		return Value{}, fault.New(fault.Invalid, "flow.moment_date", "this day is in no calendar")
	}
	if wrong {
		return Value{}, none
	}
	if _, _, said := readHours(sc.without(daySpan, hasDay)); d.now && said {
		d = days{from: today, to: today} // 刚才九点半
	}
	if d.now && s.Future && strings.Contains(string(sc.folded[daySpan.from:daySpan.to]), "刚") { // 刚才没接到
		return Value{}, none
	}
	if d.now {
		return Value{Text: now.Format(minuteForm), Said: sc.take(daySpan.from, daySpan.to)}, nil
	}
	if hasDay && !asked && lean > 0 && d.to.Sub(d.from) > mostVague { // 下个月要用车
		return Value{}, none
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

// keeps returns a corrected moment with what was said of it before and not
// again: 不对，是后天 keeps the hour, 改成三点 keeps the day.
func (s Slot) keeps(old, v Value, r Reading) Value {
	if s.Type != Moment || old.Text == "" || strings.Count(old.Text, "/") > 0 && !strings.Contains(old.Text, "T") {
		return v
	}
	if v.Said == "" || notNumber.MatchString(foldText(v.Said)) || later.MatchString(foldText(v.Said)) { // 推迟一天 is counted from it
		return v
	}
	day, merged := old.Text[:len(dayForm)], v
	_, _, hasDay, _ := readDays(newScan(v.Said), r.now(), 0)
	if at, ok := s.inWeekOf(old, v, r); ok {
		v.Text = strings.ReplaceAll(v.Text, v.Text[:len(dayForm)], at)
		merged = v
	}
	switch {
	case hasDay && len(v.Text) == len(dayForm) && len(old.Text) > len(dayForm):
		merged.Text = strings.ReplaceAll(old.Text, day, v.Text)
	case !hasDay && strings.Contains(v.Text, "T"):
		merged.Text = strings.ReplaceAll(v.Text, v.Text[:len(dayForm)], day)
	}
	zone := r.now().Location()
	from, to, ok := merged.Span(zone)
	if !ok || s.Future && !to.After(r.now()) || s.Past && from.After(r.now()) {
		return v
	}
	return merged
}

var notNumber = regexp.MustCompile(`不是 ?([0-9]{1,2})[号日点]?[,， 而应该]*是 ?([0-9]{1,2})(?:[号日点吧啊的了.!]|$)|\b([0-9]{1,2}),? not ([0-9]{1,2})\b|\bnot ([0-9]{1,2})[,. ]+(?:but )?([0-9]{1,2})\b|\bit(?: was| is|s|'s) ([0-9]{1,2})\W*$`)

// renumbered returns a moment of which one number is put right: 不是26，是25; 3, not
// 2. It is the day of the month or the hour, whichever the wrong number was.
func (s Slot) renumbered(old Value, sc *scan) (Value, bool) {
	m := notNumber.FindStringSubmatch(sc.text())
	if s.Type != Moment || m == nil || strings.Contains(old.Text, "/") || old.Text == "" {
		return Value{}, false
	}
	wrong, right := number(m[1]+m[4]+m[5]), number(m[2]+m[3]+m[6]+m[7])
	form := dayForm
	if len(old.Text) > len(dayForm) {
		form = minuteForm
	}
	at, err := time.Parse(form, old.Text)
	if err != nil || right == 0 {
		return Value{}, false
	}
	switch {
	case form == minuteForm && right <= 12 && (wrong == 0 || wrong%12 == at.Hour()%12):
		at = at.Add(time.Duration(right%12-at.Hour()%12) * time.Hour)
	case wrong == at.Day():
		at = at.AddDate(0, 0, right-wrong)
		if at.Day() != right {
			return Value{}, false
		}
	default:
		return Value{}, false
	}
	return Value{Type: Moment, Text: at.Format(form), Said: string(sc.said)}, true
}

var later = regexp.MustCompile(`(?:(往后|推后|推迟|延后|延迟|晚|迟|顺延)|(往前|提前|提早|早))(?:个)?(?:挪|推|移|延|调|改)?(?:一下|上)?(?:个)?(半|两|` + small + `)?个?(小时|钟头|天|周|星期|礼拜|分钟|刻钟)(?:[^前后内]|$)|(half an|an|a|one|two|three|\d{1,2}) (hour|minute|min|day|week)s? (later|earlier)`)

// shifted returns a moment that is to be so much later or earlier than it was:
// 往后挪一个小时.
func (s Slot) shifted(old Value, sc *scan) (Value, bool) {
	m := later.FindStringSubmatch(sc.text())
	if s.Type != Moment || m == nil || old.Text == "" {
		return Value{}, false
	}
	count, days, minutes := 1, 0, 0
	if n := number(m[3] + m[6]); n > 0 {
		count = n
	}
	switch m[5] + m[7] {
	case "分钟", "minute", "min":
		minutes = count
	case "刻钟":
		minutes = 15 * count
	case "天", "day":
		days = count
	case "周", "星期", "礼拜", "week":
		days = 7 * count
	default:
		minutes = 60 * count
		if m[3] == "半" || m[6] == "half an" {
			minutes = 30
		}
	}
	if m[2] != "" || m[8] == "earlier" {
		days, minutes = -days, -minutes
	}
	ends := strings.Split(old.Text, "/")
	for i, end := range ends {
		form := minuteForm
		if len(end) == len(dayForm) {
			form = dayForm
		}
		at, err := time.Parse(form, end)
		if err != nil || form == dayForm && minutes != 0 {
			return Value{}, false
		}
		ends[i] = at.AddDate(0, 0, days).Add(time.Duration(minutes) * time.Minute).Format(form)
	}
	return Value{Type: Moment, Text: strings.Join(ends, "/"), Said: string(sc.said)}, true
}

// bareWeekday is a day of the week without which week.
var bareWeekday = regexp.MustCompile(`^(?:周|星期|礼拜)` + weekday + `[^0-9]*$|^` + enDay + `\b`)

// inWeekOf returns the day of a corrected day of the week in the week of the
// moment that it corrects: 周六，不对，周日 are two days that follow each other.
func (s Slot) inWeekOf(old, v Value, r Reading) (day string, ok bool) {
	m := bareWeekday.FindStringSubmatch(foldText(v.Said))
	if m == nil || strings.Contains(v.Text, "/") && !strings.Contains(v.Text, "T") {
		return "", false
	}
	was, err := parseMoment(old.Text[:len(dayForm)], r.now().Location())
	if err != nil {
		return "", false
	}
	n := dayOfWeek(m[1])
	if m[1] == "" {
		n = enDays[m[2]]
	}
	at := mondayOf(was).AddDate(0, 0, n-1)
	today := r.now()
	if s.Future && at.Before(today) || s.Past && at.After(today) {
		return "", false
	}
	return at.Format(dayForm), true
}

var minutesAgo = regexp.MustCompile(`(半|` + several + `)(?:来|多|几)? ?(?:个)?(?:多)?(?:(半)?(小时|钟头)|(分钟?|刻钟))(?:之|以)?前|(?:` + several + ` )(?:(hours?)|(minutes?|mins?)) ago`)

var halfHourAgo = regexp.MustCompile(`half an hour ago`)

// readMinutesAgo finds a moment some hours or minutes ago.
func readMinutesAgo(sc *scan, now time.Time) (at time.Time, sp span, ok bool) {
	if sp, ok = sc.find(halfHourAgo); ok {
		return now.Add(-30 * time.Minute), sp, true
	}
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

var hoursAhead = regexp.MustCompile(`(半|` + several + `)(?:来|多)? ?(?:个)?(?:(半)?(小时|钟头)|(分钟?|刻钟))(?:之|以)?后|过(半|` + several + `)个?(小时|钟头)|in (half) an hour|in ` + several + ` (hours?|minutes?)`)

// readHoursAhead finds a moment in some hours or minutes.
func readHoursAhead(sc *scan, now time.Time) (at time.Time, sp span, ok bool) {
	sp, ok = sc.find(hoursAhead)
	if !ok {
		return now, sp, false
	}
	g := sp.groups
	count := g[1] + g[6] + g[10]
	minutes := 60 * number(count)
	switch {
	case count == "半", g[9] != "":
		minutes = 30
	case g[3] != "":
		minutes += 30
	case g[5] == "刻钟":
		minutes /= 4
	case g[5] != "", strings.HasPrefix(g[11], "minute"):
		minutes /= 60
	}
	return now.Add(time.Duration(minutes) * time.Minute), sp, minutes > 0
}

// vague is a time that is no day: 断断续续好几天了.
var vague = regexp.MustCompile(`一直|老早|早就|经常|时不时|有时候?|偶尔|断断续续|好久|很久|老久|好长|好多天|好几[天周]|好几个?(?:月|星期|礼拜)|有段|有一段|一段时间|有阵|有些日子|有日子|有些天|许久|陆陆续续|不定时|平时|买来|提车|最近|近来|近期|on and off|for (?:a while|ages|weeks|months|some time)|a while ago|always|sometimes|now and then|lately|recently|random`)

// without returns the message with a part blotted out, for reading on. The part
// of the day inside 今晚 and 明早 stays.
func (s *scan) without(sp span, has bool) *scan {
	c := s.clone()
	if !has {
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
		if !found || rule.past && lean >= 0 || rule.not != nil && rule.not.MatchString(sc.text()) {
			continue
		}
		if rule.digits {
			at = sc.digitsOf(at)
		}
		if d, fine := rule.days(at.groups, today, lean); fine {
			return d, at, true, false
		}
		return days{}, span{}, false, true
	}
	return days{}, span{}, false, false
}

// digitsOf returns a span without what stands around its digits.
func (s *scan) digitsOf(sp span) span {
	isDigit := func(r rune) bool { return r >= '0' && r <= '9' }
	for sp.from < sp.to && !isDigit(s.folded[sp.from]) {
		sp.from++
	}
	for sp.to > sp.from && !isDigit(s.folded[sp.to-1]) {
		sp.to--
	}
	return sp
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
