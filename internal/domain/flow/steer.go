package flow

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
)

// misses is how many answers in a row may be unreadable before a person is
// offered.
const misses = 2

// steer does what the person asks of the flow itself: to cancel, to go back, to
// repeat, to skip, to correct. It reports whether the message was that.
func (t *turn) steer(f *Frame) bool {
	flow := t.flow()
	slot, _ := flow.Slot(f.Slot)
	isSlot := f.Waiting == ForSlot
	beside, back := t.goesBack()
	switch {
	case back:
		t.back(f, beside)
	case isSlot && (slot.Type == Choice || slot.Type == YesNo) && t.picksOther(f):
	case t.insteadOf(f, isSlot && slot.Type == FreeText), t.wasWrong(f), t.leavesOut(f), t.addsTo(f):
	case isSlot && t.wantsNoneAfterAll(f, slot):
	case t.endsIt(slot, isSlot):
		t.cancel(flow)
	case isOne(t.Text, repeatWords):
		t.decide(Repeated, f.Slot, phrase.Because("flow.why.repeat", "it was asked to repeat"))
		t.ask()
	case isSlot && slot.Optional && (slot.Type == FreeText && agreesOnly(t.Text) || skips(t.Text) && (slot.Type != Moment || !t.reads(slot) && !except.MatchString(t.scan().text())) || t.isVague(slot)):
		f.Skipped = append(f.Skipped, f.Slot)
		f.Misses = 0
		t.decide(Skipped, f.Slot, phrase.Because("flow.why.skip", "the slot is not required and was skipped"))
		t.run()
	case waits(t.Text) && !isSlot && consults.MatchString(bare(t.Text)):
		t.decide(Repeated, f.Slot, phrase.Because("flow.why.wait", "a moment was asked for"))
		t.say(sayWait)
		t.ask()
		f.Unclear = true // 好的 may be one to that
	case waits(t.Text) && (!isSlot || !t.reads(slot) || slot.Type == FreeText || slot.Type == YesNo && looksUp.MatchString(bare(t.Text)) && !deferral.MatchString(bare(t.Text))):
		t.decide(Repeated, f.Slot, phrase.Because("flow.why.wait", "a moment was asked for"))
		t.say(sayWait)
		t.ask()
	case isSlot && (slot.Type == Choice || slot.Type == YesNo) && (t.putsEndRight(f) || t.putsNumberRight(f) || t.seesNumberAnew(flow, f)), t.corrects(f):
	default:
		return false
	}
	return true
}

// endsIt reports whether a message gives up. Where it also is an answer, such as
// 不用了 to a yes or no, it is the answer.
func (t *turn) endsIt(slot Slot, isSlot bool) bool {
	switch {
	case !givesUp(t.Text, isSlot && slot.Type == FreeText) && (isSlot && slot.Type == FreeText || isQuestion(t.Text) || changeWords.MatchString(newScan(t.Text).text()) || !drops(bare(t.Text), isSlot)):
		return false
	case !isSlot && (t.takesBack() || t.putsOffToChange()): // 算了 别回复了
		return false
	case isSlot && slot.Optional && skips(t.Text) && !t.flow().offAgain(t.Text): // 不想说了
		return false
	case t.settlesOnValue(): // 下周二吧 算了还是下周三
		return false
	case settlesAfter.MatchString(bare(t.Text)) && (t.tellsValue(t.Text) || !isSlot && settledThis.MatchString(bare(t.Text))): // 算了，就周六
		return false
	case isSlot && (t.flow().dropped(t.Text, slot) || t.flow().endsWithout(t.Text, slot)): // 算了 不提了 is more than a no to whether one wants to hear
		return true
	}
	if !isSlot || slot.Type != Choice && slot.Type != YesNo {
		return true
	}
	v, err := slot.read(t.scan(), true, t.Reading)
	return err != nil || v.Text == Yes
}

// takesBack reports a message that drops only what was answered with a yes, by the
// slot's own word for a no.
func (t *turn) takesBack() bool {
	at := dropsIt.FindStringIndex(bare(t.Text))
	if at == nil {
		return false
	}
	rest := bare(t.Text)[at[1]:]
	return slices.ContainsFunc(t.flow().Slots, func(s Slot) bool {
		v, err := s.read(newScan(rest), false, t.Reading)
		return s.Type == YesNo && t.top().Values[s.ID].Text == Yes && err == nil && v.Text == No
	})
}

// changesThen is how somebody goes on who puts a thing off to change it.
var changesThen = regexp.MustCompile(`改|换|应该|还是约|弄错|\b(?:change|make it|should be)\b`)

// putsOffToChange reports a message that puts the thing off only to change it: 先别约，
// 我改个时间，后天上午.
func (t *turn) putsOffToChange() bool {
	_, rest, more := strings.Cut(bare(t.Text), " ")
	return more && changesThen.MatchString(rest) && t.tellsValue(rest)
}

// deedOff is how somebody wants a thing done no more, and which.
var deedOff = regexp.MustCompile(`^(?:那|就|我|先|还是|哦|算了|算啦)*(?:不用|不要|不必|不需要|别|甭|不)(?:再|给我|跟我|你们)*(打|回电|报|投诉|提|约|预约|登记|评价?|申请|催)(?:电话|来)?了(?:吧|啊|哈|谢谢)*$`)

// offAgain reports a message one clause of which takes back what the flow is for,
// by its own word for it: 不用打了 where a call was asked for.
func (f Flow) offAgain(text string) bool {
	return slices.ContainsFunc(strings.Fields(bare(text)), func(c string) bool {
		m := deedOff.FindStringSubmatch(c)
		return m != nil && strings.Contains(strings.Join(f.Triggers, " ")+" "+f.Name.Zh, m[1])
	})
}

// dropsIt is how somebody drops a thing.
var dropsIt = regexp.MustCompile(`(?:^| )(?:那|哦|唉|哎|啊|嗯|还是|就)*(?:算了|算啦|拉倒|取消)`)

// dropped reports a message that drops the thing and takes back what the flow is
// for, which the question that was asked is not about.
func (f Flow) dropped(text string, asked Slot) bool {
	t := bare(text)
	if !dropsIt.MatchString(t) || !f.offAgain(text) {
		return false
	}
	for c := range strings.FieldsSeq(t) {
		if m := deedOff.FindStringSubmatch(c); m != nil && strings.Contains(asked.Ask.Zh, m[1]) {
			return false
		}
	}
	return true
}

// endsWithout reports a message of several clauses the last of which takes back what
// the flow is for, which the question that was asked is not about: 我也不清楚 不评了.
func (f Flow) endsWithout(text string, asked Slot) bool {
	t := bare(text)
	at := strings.LastIndexByte(t, ' ')
	m := deedOff.FindStringSubmatch(t[at+1:])
	return at > 0 && isHan(t) && m != nil && f.offAgain(text) && !strings.Contains(asked.Ask.Zh+asked.Name.Zh, m[1])
}

// looksUp is how somebody asks for a moment to look at something, which is no answer:
// 等等 我看看拦截短信里头.
var looksUp = regexp.MustCompile(`(?:我|让我)(?:先|去|再|来)?(?:看看|看一?下|找找|找一?下|查查|查一?下|翻翻|翻一?下|试试|试一?下|问问|问一?下|瞅瞅|想想|想一?下)|\blet me (?:check|see|look|try|find)`)

// insteadOfIt is how somebody drops what they have just said for something else.
var insteadOfIt = regexp.MustCompile(` 算了吧? ?(?:还是|改成?|换成?|就|那就)`)

// settlesOnValue reports a message that drops one value for another.
func (t *turn) settlesOnValue() bool {
	all := bare(t.Text)
	at := insteadOfIt.FindStringIndex(all)
	return at != nil && t.tellsValue(all[at[1]:])
}

// consults is how somebody wants to ask somebody else, or to think, before they agree.
var consults = regexp.MustCompile(`问|商量|想|考虑|\b(?:ask|check with|think)\b`)

// settledThis is how somebody is content with what is shown after all, or gives up;
// which of them is asked.
var settledThis = regexp.MustCompile(`^(?:那|唉|哎)*算了吧? ?(?:那|还是)*[就先](?:它|他|这个|这样|这么着|这家|这|那个|按这个)[^ ]{0,3}$`)

// settlesAfter is how somebody gives up thinking about it, not the thing.
var settlesAfter = regexp.MustCompile(`^(?:那|唉|哎)*算了吧? ?(?:就|先|还是|改|换|选|那)`)

func (t *turn) reads(s Slot) bool {
	_, err := s.read(t.scan(), true, t.Reading)
	return err == nil
}

// isVague reports an answer to a question for a time that tells no day and that
// nobody could ask more of.
func (t *turn) isVague(s Slot) bool {
	return s.Type == Moment && vague.MatchString(newScan(t.Text).text()) && !isQuestion(t.Text) && !t.reads(s)
}

// matter is what somebody tells of a thing instead of a time.
var matter = regexp.MustCompile(`问题|的事|关于|想问|就是车|除|别|不行|不能`)

// isLost reports a statement that answers when something was, in no terms of the
// calendar, where it need not be known: 收谷子那阵子.
func (t *turn) isLost(s Slot) bool {
	return s.Optional && s.Type == Moment && (!s.Future || !matter.MatchString(bare(t.Text))) && !isQuestion(t.Text) && utf8.RuneCountInString(bare(t.Text)) >= 4 && !t.tellsValue(t.Text)
}

func (t *turn) cancel(flow Flow) {
	t.decide(Cancelled, "", phrase.Because("flow.why.cancel", "the person gave up"))
	if len(t.top().Written) > 0 {
		t.say(sayWritten)
	} else {
		t.say(flow.Cancelled)
	}
	t.pop()
}

// corrects changes a slot that was answered before, when the message says that
// something is to be another way.
func (t *turn) corrects(f *Frame) bool {
	sc := t.scan()
	flow := t.flow()
	asked, _ := flow.Slot(f.Slot)
	denies := deniesFirst.MatchString(sc.text()) && (f.Waiting != ForSlot || asked.Type != YesNo) // to that it is the answer
	if !changeWords.MatchString(sc.text()) && !denies && f.Waiting != ForChange || len(f.Values) == 0 {
		return false
	}
	story := f.Waiting == ForSlot && asked.Type == FreeText // which may hold such words too
	if sp, ok := sc.find(notButWords); ok {
		if t.reworded(f, flow, string(sc.said[sp.from+2:sp.from+2+len([]rune(sp.groups[1]))]), string(sc.said[sp.to:])) {
			return true
		}
		sc.take(sp.from, sp.from+len([]rune("不是"+sp.groups[1])))
	}
	if sp, ok := sc.find(isNotThat); ok && !story {
		sc.take(sp.to-len([]rune(sp.groups[1])), sp.to)
	}
	slots := t.correctable(flow, f, sc)
	if s, v, ok := t.endRight(flow, f); ok {
		return t.change(f, s, v)
	}
	for _, s := range slots.named {
		v, err := t.retoldValue(s, sc)
		if m := isAt.FindStringSubmatch(sc.text()); err != nil && s.isCity() && m != nil {
			v, err = s.read(newScan(m[1]), true, t.Reading)
		}
		if chosen, ok := t.chosen(s); ok && err != nil {
			v, err = chosen, nil
		}
		switch {
		case err == nil && (!story || s.Type != FreeText):
			return t.change(f, s, v)
		case story:
			continue
		case len(f.Written) > 0:
			return t.change(f, s, v)
		case isQuestion(t.Text) && !t.wishes() && f.Waiting != ForSlot: // 车架号是不是填错了
			return false
		case err.Kind == fault.Invalid:
			t.decide(Missed, s.ID, because(err))
			t.say(faultText(err))
		default:
			t.decide(Corrected, s.ID, phrase.Because("flow.why.named", "the slot was named without a new value"))
		}
		f.forget(s.ID)
		if allWrong.MatchString(sc.text()) { // 时间和车牌都不对
			for _, other := range slots.named {
				f.forget(other.ID)
			}
		}
		t.run()
		return true
	}
	for _, s := range definiteFirst(slots.others) {
		if s.Type == FreeText || s.Type == YesNo && len(s.Yes)+len(s.No) == 0 {
			continue
		}
		if v, ok := t.differently(s, f.Values[s.ID], sc.clone(), s.Type == Moment || (s.ID == f.last() || s.ID == t.theOnlyNumber(f)) && onlyNumber.MatchString(sc.text())); ok {
			return t.change(f, s, v)
		}
		if v, ok := t.chosen(s); ok && v.Text != f.Values[s.ID].Text {
			return t.change(f, s, v)
		}
	}
	if m := onlyScore.FindStringSubmatch(strings.TrimSpace(sc.text())); m != nil && f.Waiting != ForSlot { // actually 5
		for _, s := range flow.Slots {
			i := slices.IndexFunc(s.Options, func(o Option) bool { return o.ID == strconv.Itoa(number(m[1]+m[2])) })
			if old, has := f.Values[s.ID]; has && i >= 0 && old.Text != s.Options[i].ID {
				return t.change(f, s, Value{Type: s.Type, Text: s.Options[i].ID, Said: t.said})
			}
		}
	}
	if m := insteadIs.FindStringSubmatchIndex(sc.text()); m != nil && f.Waiting != ForSlot {
		if last, ok := flow.Slot(f.last()); ok && last.Type == FreeText {
			from := utf8.RuneCountInString(sc.text()[:m[2]])
			if v, err := last.read(newScan(strings.TrimSpace(string(sc.said[from:]))), true, t.Reading); err == nil {
				return t.change(f, last, v)
			}
		}
	}
	if f.Waiting != ForSlot { // 地方不对 我在长沙
		for _, s := range flow.Slots {
			if v, ok := s.readCity(sc); ok && s.isCity() && v.Text != f.Values[s.ID].Text {
				return t.change(f, s, v)
			}
		}
	}
	if story || f.Waiting != ForSlot || t.reads(asked) {
		return false
	}
	s, ok := flow.Slot(f.last())
	if m := meantWords.FindStringSubmatchIndex(sc.text()); ok && s.isName() && m != nil && !strings.ContainsAny(sc.text()[m[2]:m[3]], "是不") {
		from := utf8.RuneCountInString(sc.text()[:m[2]])
		if v, err := s.read(newScan(string(sc.said[from:from+utf8.RuneCountInString(sc.text()[m[2]:m[3]])])), true, t.Reading); err == nil && v.Text != f.Values[s.ID].Text {
			return t.change(f, s, v)
		}
	}
	if ok && s.Type != FreeText && s.Type != YesNo {
		if v, ok := t.differently(s, f.Values[s.ID], sc.clone(), true); ok {
			return t.change(f, s, v)
		}
	}
	return false
}

// allWrong says that several things are wrong.
var allWrong = regexp.MustCompile(`都(?:不对|错了?|[写填打弄搞]错|要[改换])|\bboth\b`)

// differently reads a slot past what only repeats the value it has: of 不对，明天
// 有会，后天吧 the second day.
func (t *turn) differently(s Slot, old Value, sc *scan, asked bool) (v Value, ok bool) {
	const most = 3
	if at, found := s.renumbered(old, t.scan()); found {
		return at, true
	}
	if at, found := s.shifted(old, t.scan()); found {
		return at, true
	}
	for range most {
		next, err := s.read(sc, asked, t.onDayOf(s, old, sc))
		if err != nil {
			break
		}
		if s.inPassing(next, t.scan().text()) {
			continue
		}
		v, ok = next, s.keeps(old, next, t.Reading).Text != old.Text
		if ok && (s.Type != Moment || next.Text != old.Text) {
			break
		}
	}
	return v, ok
}

// reworded puts other words into a text that has what is not meant: 不是清洗费，是
// 拖车费.
func (t *turn) reworded(f *Frame, flow Flow, not, but string) bool {
	not, but = strings.TrimSpace(not), strings.Trim(but, " ,，.。!！吧啊")
	if otherWish(t, f, flow, not, but) {
		return true
	}
	if utf8.RuneCountInString(not) < 2 || but == "" {
		return false
	}
	for _, s := range flow.Slots {
		if v, has := f.Values[s.ID]; has && s.Type == FreeText && strings.Contains(v.Text, not) {
			if as, err := s.read(newScan(but), true, t.Reading); err == nil && s.isName() {
				but = as.Text
			}
			v.Text = twoArticles.ReplaceAllString(strings.ReplaceAll(v.Text, not, but), "$1")
			v.Said = t.said
			return t.change(f, s, v)
		}
	}
	return false
}

// twoArticles is what is left where a noun was put in the place of another.
var twoArticles = regexp.MustCompile(`\b(?:an?|the) ((?:an?|the|my|your) )`)

// mostWish is how long what is wanted may be to be put in other words as a whole, in
// characters.
const mostWish = 20

// otherWish puts what is wanted instead in the place of what was wanted before, where
// that need not be told and is short: 不要喷了 要求换车门.
func otherWish(t *turn, f *Frame, flow Flow, not, but string) bool {
	not = strings.TrimRight(not, "了的")
	i := slices.IndexFunc(flow.Slots, func(s Slot) bool { return s.isWish() })
	if i < 0 || not == "" || !wantsOther.MatchString(t.scan().text()) {
		return false
	}
	s := flow.Slots[i]
	old, has := f.Values[s.ID]
	if !has || utf8.RuneCountInString(old.Text) > mostWish || !strings.Contains(old.Text, not) {
		return false
	}
	v, err := s.read(newScan(but), true, t.Reading)
	return err == nil && t.change(f, s, v)
}

// wantsOther is how a wish begins that is given up for another.
var wantsOther = regexp.MustCompile(`^(?:那|哦|我|先|还是)*不(?:要|用)`)

// insteadIs is how the answer before is put in other words: 改成全退.
var insteadIs = regexp.MustCompile(`^(?:那|还是|我|嗯|不|要|把(?:它|这个|那个)|[ ,，])*(?:改成|改为|换成) ?([^ ].+)$`)

// onlyScore is a correction that tells nothing but a score.
var onlyScore = regexp.MustCompile(`^(?:oh|sorry|actually|no|wait|make (?:it|that)|it(?:'?s| is| was)|should be|change (?:it|that)? ?to|a|[ ,])*(one|two|three|four|five|[1-5])(?: stars?| points?| out of (?:5|five))?[ .!]*$|^(?:不对|[说写填打点选评]错了?|手误|改成?|应该是|还是|[ ,，])*([1-5一二三四五])(?:分|颗?星)?[吧的]*[ .。!！]*$`)

// theOnlyNumber returns the only number that was told, where there is one.
func (t *turn) theOnlyNumber(f *Frame) (only string) {
	for _, s := range t.flow().Slots {
		if _, has := f.Values[s.ID]; has && (s.Type == Amount || s.Type == Mileage) {
			if only != "" {
				return ""
			}
			only = s.ID
		}
	}
	return only
}

// onlyNumber is a correction that tells nothing but a number: 说错 是380.
var onlyNumber = regexp.MustCompile(`^(?:哦|噢|啊|哎|不是|等等|[ ,，])*(?:不对|[说写打填记看算报]错了?|错了)[ ,，.。]*(?:应该)?(?:是|为|有)? ?` + numeral + ` ?(?:块钱?|元|公里|km)?(?:才对|吧)?[ ,，.。!！]*$|^(?:oh|sorry|actually|no|wait|hang on|[ ,.])*(?:it(?: was|'?s| is| should be)|make (?:it|that)|i meant?|should be)? ?[0-9][0-9,.]*k? ?(?:yuan|rmb|km|kilometers|kilometres|miles)?[ .!]*$`)

// isNotThat is how a correction ends that says first what is meant: 是补胎 不是喷漆.
var isNotThat = regexp.MustCompile(`是[^ ,，.。;、]{1,20}[ ,，.。;、]+(?:而|并)?(不是[^ ,，.。;、是]{1,20})[ ,，.。!！]*$`)

// insteadHas is how a message begins that says what a thing is to be.
var insteadHas = regexp.MustCompile(`^(?:那|还是|就|我|要|[ ,，])*(?:改|换)`)

// onDayOf returns the reading for a correction of a moment: where it names no day,
// its hours are those of the day that it had.
func (t *turn) onDayOf(s Slot, old Value, sc *scan) Reading {
	r := t.Reading
	if s.Type != Moment || !s.Future || len(old.Text) < len(dayForm) {
		return r
	}
	if _, _, hasDay, _ := readDays(sc, r.now(), 0); hasDay {
		return r
	}
	if day, err := parseMoment(old.Text[:len(dayForm)], r.now().Location()); err == nil && day.After(r.now()) {
		r.Now = day
	}
	return r
}

// isName reports a text that is a name, such as a city's, and no story.
func (s Slot) isName() bool { return s.Type == FreeText && s.Most > 0 && s.Most <= 50 }

// last returns the slot that was answered last.
func (f *Frame) last() string {
	if len(f.Answered) == 0 {
		return ""
	}
	return f.Answered[len(f.Answered)-1]
}

// correctable returns the answered slots: those that a message names, and the
// others, the newest first.
func (t *turn) correctable(flow Flow, f *Frame, sc *scan) (found struct{ named, others []Slot }) {
	order := slices.Clone(f.Answered)
	slices.Reverse(order)
	for _, s := range flow.Slots {
		if _, has := f.Values[s.ID]; has && !slices.Contains(order, s.ID) {
			order = append(order, s.ID)
		}
	}
	for _, id := range append(order, f.Skipped...) {
		s, ok := flow.Slot(id)
		if !ok {
			continue
		}
		_, has := f.Values[id]
		if names(sc.text(), s) {
			found.named = append(found.named, s)
		} else if has {
			found.others = append(found.others, s)
		}
	}
	return found
}

var noProblem = regexp.MustCompile(`没有?(?:什么|啥)?问题`)

// names reports whether a text names a slot: 涉及金额, or 金额 for short.
func names(text string, s Slot) bool {
	text = noProblem.ReplaceAllString(text, "")
	if r := []rune(s.Name.Zh); len(r) >= 4 && s.Type != YesNo && strings.Contains(text, foldText(string(r[len(r)-2:]))) {
		return true
	}
	if shared(text, s.Ask.Zh) >= 2 {
		return true
	}
	return strings.Contains(text, foldText(s.Name.Zh)) || strings.Contains(text, foldText(s.Name.En))
}

// shared counts the pairs of characters that a text has in common with a
// question, apart from those that are in every question.
func shared(text, question string) (n int) {
	r := []rune(foldText(question))
	for i := 0; i+2 <= len(r); i++ {
		pair := string(r[i : i+2])
		if isHan(pair[:len(string(r[i]))]) && isHan(string(r[i+1])) && !strings.Contains("请提提供请留请描请问什么可以回复跳过没有不记记得需要怎么多少一个您的我们现在", pair) && strings.Contains(text, pair) {
			n++
		}
	}
	return n
}

// namedFirst is how the name of a text stands before what it is to be: 问题描述 是.
var namedFirst = regexp.MustCompile(`^(?:故障|问题|事情|建议|投诉|我的)?(?:描述|现象|内容|经过|诉求|意见|情况|建议|事情)[ ,，]*(?:应该)?(?:是|为|改成|改为|:|：)[ ,，]*`)

// retoldValue reads a slot that a correction names: from what stands behind the
// words of the correction, 故障改成异响, or else from anywhere in it.
func (t *turn) retoldValue(s Slot, sc *scan) (Value, *fault.Error) {
	for _, w := range []string{"改成", "改为", "改到", "换成", "改一下", "改下", "换一下", "应该是", "而是", "是", " to ", " is "} {
		if before, _, ok := strings.Cut(sc.text(), w); ok {
			from := len([]rune(before)) + len([]rune(w))
			rest := strings.Trim(string(sc.said[from:]), " :：,，.。")
			if s.Type == FreeText && !s.isName() {
				rest = namedFirst.ReplaceAllString(rest, "")
			}
			if v, err := s.read(newScan(rest), true, t.Reading); err == nil || err.Kind == fault.Invalid {
				return v, err
			}
		}
	}
	if s.Type == FreeText {
		return Value{}, fault.New(fault.NotFound, "flow.text_none", "write it in a few words")
	}
	return s.read(sc.clone(), true, t.Reading)
}

// change corrects a slot, unless it was written already.
func (t *turn) change(f *Frame, s Slot, v Value) bool {
	if len(f.Written) > 0 {
		t.decide(Missed, s.ID, phrase.Because("flow.why.written", "it is written already and cannot be changed here"))
		t.say(sayWritten)
		t.ask()
		return true
	}
	v = s.keeps(f.Values[s.ID], v, t.Reading)
	t.set(s, v)
	f.Doubt = false
	t.say(Text{Zh: "好的，" + s.Name.Zh + "已改为" + s.Show(v, phrase.Chinese) + "。", En: s.Name.En + " is now " + s.Show(v, phrase.English) + "."})
	t.alsoTold(f, s)
	left := f.Waiting != ForSlot && t.leftTold(f, s)
	t.run()
	if top := t.top(); left && top == f {
		f.Unclear = true
	}
	return true
}

// answer takes a message as the answer to a question, or as what came between.
func (t *turn) answer(f *Frame) {
	if f.Waiting == ForOffer {
		if isYes(t.Text) {
			t.handOver(phrase.Because("flow.why.offered", "a person was offered and wanted"))
			return
		}
		f.Waiting = ForSlot
		if isNo(t.Text) {
			f.Misses = 0
			t.decide(Denied, f.Slot, phrase.Because("flow.why.declined", "a person was offered and not wanted"))
			t.run() // asks again
			return
		}
	}
	flow := t.flow()
	slot, _ := flow.Slot(f.Slot)
	if t.otherFirst(flow) || t.interrupts(flow, true) || t.counters(slot) {
		return
	}
	loose := slot.Type == FreeText || slot.Type == Choice // what reads as an answer may be a question still: 保养多少钱？
	if slot.Type == Moment && !proposes(t.Text) {         // 周日可以吗 is an answer, 周日营业吗 is none
		loose = true
	}
	if isQuestion(t.Text) && (loose || !t.reads(slot)) && t.digress() {
		return
	}
	if slot.Type == Moment && isQuestion(t.Text) && openHours.MatchString(t.scan().text()) { // 周末开门不 settles on no day
		t.miss(f, slot, fault.New(fault.NotFound, "flow.moment_none", "no day or time was found; write it as 3 December, 15:00"))
		return
	}
	if slot.isName() && t.tellsOther(flow, f) {
		return
	}
	read, why := t.fill(t.scan(), f.Slot)
	if why != nil && t.wishesFor(flow, slot) {
		t.run()
		return
	}
	switch {
	case why == nil || len(read) > 0 && why.Kind == fault.NotFound:
		t.run()
	case t.retells(flow, f), t.resembles(flow, slot, sureMost), (slot.Type != FreeText || why.Kind != fault.Invalid) && t.interrupts(flow, false), t.digress(), t.resembles(flow, slot, sure[slot.Type]):
	case why.Kind == fault.NotFound && t.isLost(slot):
		f.Skipped = append(f.Skipped, f.Slot)
		f.Misses = 0
		t.decide(Skipped, f.Slot, phrase.Because("flow.why.skip", "the slot is not required and was skipped"))
		t.run()
	default:
		t.miss(f, slot, why)
	}
}

// tellsOther changes a slot of another form, whose value a message is and nothing
// more, where a name was asked for: 这周六 is no city.
func (t *turn) tellsOther(flow Flow, f *Frame) bool {
	for _, s := range flow.Slots {
		if old := f.Values[s.ID]; old.Text != "" && (s.Type == Moment || s.isDefinite()) && wholly(s, t.scan(), t.Reading) {
			if v, err := s.read(t.scan(), true, t.Reading); err == nil {
				return t.change(f, s, v)
			}
		}
	}
	return false
}

// demands is what somebody wants who complains.
var demands = regexp.MustCompile(`退|赔|道歉|补偿|返还|免费|整改|给个说法|换新|\b(?:refund|apolog\w*|compensat\w*)\b`)

// wishesFor keeps what a message wants where a sum or a kind was asked for, and the
// flow asks for the wish later; what was asked is asked again.
func (t *turn) wishesFor(flow Flow, asked Slot) bool {
	f := t.top()
	if asked.Type != Amount && asked.Type != Choice || isQuestion(t.Text) || !demands.MatchString(t.scan().text()) || t.tellsValue(t.Text) {
		return false
	}
	i := slices.IndexFunc(flow.Slots, func(s Slot) bool {
		_, has := f.Values[s.ID]
		return s.Type == FreeText && s.Optional && !has && strings.Contains(s.Ask.Zh, "希望")
	})
	if i < 0 {
		return false
	}
	v, err := flow.Slots[i].read(t.scan(), true, t.Reading)
	if err == nil {
		t.set(flow.Slots[i], v)
	}
	return err == nil
}

// retells takes a message that is no answer to what was asked, but another
// value of what was answered before and nothing more.
func (t *turn) retells(flow Flow, f *Frame) bool {
	if isQuestion(t.Text) {
		return false
	}
	for _, s := range flow.Slots {
		old, has := f.Values[s.ID]
		if !has || s.Type == FreeText || s.Type == YesNo || s.Type == Choice && s.ID != flow.Slots[0].ID {
			continue
		}
		sc := t.scan()
		v, err := s.read(sc, false, t.Reading)
		if err == nil && v.Text != old.Text && !s.inPassing(v, t.scan().text()) && (s.Type == Reference || s.Type == Choice && bare(sc.text()) == "" || s.Type != Choice && utf8.RuneCountInString(bare(sc.text())) <= 4) {
			return t.change(f, s, v)
		}
	}
	return false
}

// mostBesides is how much a message may tell beside the flow that it asks for,
// where a story is told, in characters.
const mostBesides = 5

// hasCalled is a call that was made, and no wish for one: 他们刚给我打电话了.
var hasCalled = regexp.MustCompile(`(?:刚|刚刚|刚才|已经|昨天|上次|之前)[^ ,，]{0,6}(?:打|来|回)[^ ,，]{0,4}(?:电话|电)[^ ,，]{0,2}[了过]|打过电话|来过电话|called me|just called`)

// callsThen is a call that goes with what was agreed on: 可以 提前给我打个电话.
var callsThen = regexp.MustCompile(`(?:提前|到时|之前|前一天|当天|好了|完了|修好|弄好)[^ ,，]{0,8}(?:打|来|联系|通知|回)`)

// asksForOther reports a message at a summary that asks for a flow in so many words:
// one that only comes near to it, 我接个电话, may be about anything.
func (t *turn) asksForOther() bool {
	other, ok := t.Flows.Wants(t.Text)
	return t.Start != "" || ok && other.Asks(t.Text)
}

// interrupts starts another flow that the message asks for: with a lead such as
// 我要 whatever was asked, without one only where nothing else could be read.
func (t *turn) interrupts(flow Flow, lead bool) bool {
	if lead && !leadWords.MatchString(newScan(t.Text).text()) && t.Start == "" {
		return false
	}
	other, ok := t.Flows.Latest(t.Start)
	if !ok {
		other, ok = t.Flows.Wants(t.Text)
	}
	if !ok || other.ID == flow.ID || t.Start == "" && other.reaches() && (hasCalled.MatchString(t.scan().text()) || t.top().Waiting == ForConfirm && callsThen.MatchString(t.scan().text())) {
		return false
	}
	// a story names many a thing: 让你们经理给我打电话道歉
	if asked, _ := flow.Slot(t.top().Slot); lead && t.Start == "" && t.top().Waiting == ForSlot && asked.Type == FreeText && !asked.isName() && !other.names(t.Text) && other.besides(t.Text) > mostBesides {
		return false
	}
	t.start(other, phrase.Because("flow.why.interrupt", "the message asks for another flow; this one waits"))
	return true
}

// digress lets the caller answer a question in between, and goes on.
func (t *turn) digress() bool {
	answer, ok := t.Seams.Answer(t.said, t.Language)
	if !ok {
		return false
	}
	t.decide(Digressed, "", phrase.Because("flow.why.between", "a question in between was answered; the flow goes on"))
	t.Lines = append(t.Lines, Line{Text: answer})
	t.say(sayOn)
	t.ask()
	return true
}

// miss asks again, and offers a person after the second time.
func (t *turn) miss(f *Frame, slot Slot, why *fault.Error) {
	f.Misses++
	f.Doubt = f.Doubt || why.Kind == fault.NotFound && t.seemsToCorrect(slot)
	t.decide(Missed, slot.ID, because(why))
	if why.Kind == fault.Invalid {
		t.say(faultText(why))
	}
	if f.Misses > misses {
		f.Waiting = ForOffer
		t.say(sayOffer)
		return
	}
	t.Lines = append(t.Lines, Line{Text: slot.Again.In(t.Language), Slot: slot.ID, Options: t.choices(slot)})
}

// seemsToCorrect reports a message that was not understood and may have been about an
// answer before: it says that something was wrong, or is the form of another answer.
func (t *turn) seemsToCorrect(asked Slot) bool {
	text := t.scan().text()
	if changeWords.MatchString(text) || backReason.MatchString(text) || backAny.MatchString(text) {
		return true
	}
	return slices.ContainsFunc(t.flow().Slots, func(s Slot) bool {
		old, has := t.top().Values[s.ID]
		if !has || s.ID == asked.ID || s.Type == FreeText && !s.isCity() || s.Type == YesNo || isQuestion(t.Text) {
			return false
		}
		v, err := s.read(t.scan(), true, t.Reading)
		if city, ok := s.readCity(t.scan()); s.isCity() {
			v, err = city, map[bool]*fault.Error{true: nil, false: fault.New(fault.NotFound, "flow.text_none", "write it in a few words")}[ok]
		}
		return err == nil && v.Text != old.Text
	})
}
