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
			v.Text = strings.ReplaceAll(v.Text, not, but)
			v.Said = t.said
			return t.change(f, s, v)
		}
	}
	return false
}

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

var (
	endsIn     = regexp.MustCompile(`(?:尾号|尾数|末尾|末位|末[一二两三四五六1-6]位|结尾|后面?[一二两三四五六1-6]位|最后[一二两三四五六1-6]?位?|ends? (?:in|with)|last (?:two|three|four|[2-6])(?: digits)?)(?:不对|[说写填打弄搞点选看记报听算输发给讲敲按念抄拍]?(?:错|反|漏)[了咗]?|数字|号码|其实|应该|应|不是 ?[a-z0-9]{1,6}|[ ,，])*(?:是|系|为|改成|改为|should be|are|is|:)* *([a-z0-9]{1,6})(?:[ ,，]*(?:而)?(?:不是|not) ?[a-z0-9]{1,6})?\W*(?:[,， ][^0-9a-z]{1,8})?$`)
	plateShort = regexp.MustCompile(`(?:是|改成|改为|换成|^)\W*([a-z][ ·•.\-]?[a-z0-9]{5,6})\W*$`)
)

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

// mostOfPlate is how much of a plate its end is: four digits are the end of a number
// to call.
const mostOfPlate = 3

// putsEndRight takes the end of a number that was told before, without any word of
// correction: 最后一位是9.
func (t *turn) putsEndRight(f *Frame) bool {
	if isQuestion(t.Text) || !endsIn.MatchString(t.scan().text()) {
		return false
	}
	s, v, ok := t.endRight(t.flow(), f)
	return ok && t.change(f, s, v)
}

// endRight returns the slot whose end a message puts right, with its new value. Of
// several it is the one whose end is most like the new one: 8215 for 8251.
func (t *turn) endRight(flow Flow, f *Frame) (best Slot, right Value, ok bool) {
	least := mostRunes
	for _, s := range t.endIsOf(flow, f) {
		old := f.Values[s.ID]
		v, fits := t.completed(s, old, t.scan())
		if !fits {
			continue
		}
		n := unlikeness(old.Text, v.Text)
		if slices.ContainsFunc(t.known(s), func(k Value) bool { return k.Text == v.Text }) { // another of those that are known
			n = -1
		}
		if n < least {
			best, right, ok, least = s, v, true, n
		}
	}
	return best, right, ok
}

// unlikeness is how far the end of a value is from what it was: in how many places they
// differ, and none where the same signs stand in another order.
func unlikeness(was, is string) int {
	a, b := []rune(was), []rune(is)
	var x, y []rune
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			x, y = append(x, a[i]), append(y, b[i])
		}
	}
	slices.Sort(x)
	slices.Sort(y)
	if slices.Equal(x, y) {
		return 0
	}
	return len(x)
}

// endIsOf returns the slots the end of whose values a message may tell: those that it
// names, or else all.
func (t *turn) endIsOf(flow Flow, f *Frame) []Slot {
	slots := t.correctable(flow, f, t.scan())
	if slices.ContainsFunc(slots.named, Slot.isDefinite) {
		return slots.named
	}
	return slices.Concat(slots.named, slots.others)
}

// notYet is how somebody begins who takes back the answer before, and goes on.
var notYet = regexp.MustCompile(`^(?:哎|诶|啊|哦|呃|唉|嗯|欸|额|噢|呀|哟|等等|等下|等一下|[ ,，])*(?:不|不是|不对|错了|[说写填打弄搞点选看记报听算输发给讲敲按念抄拍]错了?)(?:的|啊|呀|哦|了)*[ ,，.。!！]+[^ ]`)

// putsNumberRight takes the number that was the answer before anew, where a yes or
// an option is asked for: 哦不 表上是8万5.
func (t *turn) putsNumberRight(f *Frame) bool {
	s, ok := t.flow().Slot(f.last())
	text := t.scan().text()
	m := notYet.FindString(text)
	if !ok || s.Type != Mileage && s.Type != Amount || m == "" || isQuestion(t.Text) {
		return false
	}
	from := utf8.RuneCountInString(m) - 1
	v, err := s.read(newScan(string(t.scan().said[from:])), true, t.Reading)
	return err == nil && v.Text != f.Values[s.ID].Text && t.change(f, s, v)
}

// completed returns a value of which a correction tells only the end, or a
// plate without its province, completed by what it was.
func (t *turn) completed(s Slot, old Value, sc *scan) (Value, bool) {
	text, whole := sc.text(), ""
	switch s.Type {
	case Phone, VIN, Reference, Plate:
		if v, ok := t.other(s, old); ok {
			return v, true
		}
		if v, ok := t.pointed(s); ok { // another that is known, and no mistake in this one
			return v, v.Text != old.Text
		}
		m := endsIn.FindStringSubmatch(text)
		if m != nil && len(m[1]) < len(old.Text) && (s.Type != Plate || len(m[1]) <= mostOfPlate || names(text, s)) {
			whole = old.Text[:len(old.Text)-len(m[1])] + m[1]
		} else if p := plateShort.FindStringSubmatch(text); s.Type == Plate && p != nil && old.Text != "" {
			whole = string([]rune(old.Text)[:1]) + p[1]
		}
	case FreeText, Moment, Email, Mileage, Amount, YesNo, Choice:
	}
	if whole == "" {
		return Value{}, false
	}
	v, err := s.read(newScan(whole), true, t.Reading)
	v.Said = t.said
	return v, err == nil && v.Text != old.Text
}

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

// confirm takes a message while a confirmation is asked for: only an explicit
// yes goes on.
func (t *turn) confirm(f *Frame) {
	flow := t.flow()
	shown := t.shownNow(flow, f)
	said := t.plain() // and nothing put right in it: a yes is never guessed
	yes := agreesTo(said, shown) || !isQuestion(said) && agreesTo(t.repeating(flow, f), shown) || t.agreesBeside(shown) || t.settles(flow, f)
	meant := ""
	yes = yes || thumb.MatchString(t.said) || goesFirst.MatchString(bare(said)) || changesIt.MatchString(strings.TrimSpace(punctuation.ReplaceAllString(newScan(said).text(), " "))) && strings.Contains(shown, "更换")
	yes = yes && !t.noYes(flow, f) && !holdsBack.MatchString(said) && !t.tellsAnother(flow, f) && !flow.isStrangeTo(said, shown)
	if !yes {
		if t.retold(flow, f) {
			return
		}
		yes = isUrgedYes(said) && !t.noYes(flow, f) && !holdsBack.MatchString(said) && !t.tellsAnother(flow, f) && !flow.isStrangeTo(said, shown)
		if meant = t.meantBy(flow, f); meant == Yes && (flow.isStrangeTo(said, shown) || holdsBack.MatchString(said) || t.tellsAnother(flow, f)) {
			meant = ""
		}
	}
	switch {
	case f.Waiting == ForConfirm && (f.Unclear || f.Doubt) && yes && onlyAgrees(said): // it may be a yes to what was not understood
		f.Misses, f.Unclear, f.Doubt = 0, false, false
		t.decide(Repeated, "", phrase.Because("flow.why.unclear_before", "what was said before was not understood; it is shown once more before a yes counts"))
		t.ask()
	case f.Waiting == ForConfirm && (yes || meant == Yes):
		f.Confirmed[f.Step] = f.Revision
		f.Misses = 0
		t.decide(Affirmed, "", phrase.Because("flow.why.yes", "it was confirmed in so many words"))
		t.run()
	case meant == meantCancel:
		t.cancel(flow)
	case t.otherFirst(flow):
	case f.Waiting == ForConfirm && isQuestion(said) && !leadWords.MatchString(newScan(said).text()) && t.digress():
	case f.Waiting == ForConfirm && hesitates(said): // it may be one, and may be none
		t.decide(Repeated, "", phrase.Because("flow.why.unclear", "neither a yes nor a change was found"))
		t.say(sayYesOrChange)
		t.ask()
	case f.Waiting == ForConfirm && !isNo(t.Text) && insteadHas.MatchString(newScan(said).text()) && t.repeating(flow, f) != newScan(said).text(): // it is that already
		t.decide(Repeated, "", phrase.Because("flow.why.repeat", "it was asked to repeat"))
		t.ask()
	case f.Waiting == ForConfirm && (isNo(t.Text) || changeWords.MatchString(newScan(t.Text).text()) || meant == No):
		f.Waiting = ForChange
		t.decide(Denied, "", phrase.Because("flow.why.no", "it was not confirmed; nothing is written"))
		t.say(t.whichChange(flow, f))
	case t.interrupts(flow, true):
	case t.digress(), t.asksForOther() && t.interrupts(flow, false):
	case f.Waiting == ForChange && (yes || meant == Yes || isYes(t.Text) || isNo(t.Text)): // nothing is to be changed after all
		t.decide(Repeated, "", phrase.Because("flow.why.repeat", "it was asked to repeat"))
		t.ask()
	default:
		f.Misses++
		f.Unclear = f.Unclear || (!isQuestion(said) || t.wishes() || t.leftTold(f, Slot{}) || doubting.MatchString(newScan(said).text()) || !asksFacts.MatchString(newScan(said).text())) && !skips(said) && !holdsBack.MatchString(said) && bare(t.repeating(flow, f)) != ""
		t.decide(Missed, "", phrase.Because("flow.why.unclear", "neither a yes nor a change was found"))
		if f.Misses > misses {
			f.Waiting = ForOffer
			t.say(sayOffer)
			return
		}
		if strings.ContainsAny(t.Text, "改换变") || tellsStrange(t.repeating(flow, f), shown) || t.wantsAnotherTime(f) && (!isQuestion(said) || t.wishes()) || notThatOne.MatchString(newScan(t.Text).text()) { // what it is to change was not understood: the next yes may be one to that
			f.Waiting = ForChange
			t.say(t.whichChange(flow, f))
			return
		}
		t.say(sayYesOrChange)
		t.ask() // what it was not understood to change is shown as it stands
	}
}

// deedOf are words for what one flow does, which are no yes to another.
var deedOf = regexp.MustCompile(`约|投诉|催|注销|换绑|\b(?:book|urge)\b`)

// isStrangeTo reports a yes that names a deed that is not what was shown: 嗯，约 to a
// complaint.
func (f Flow) isStrangeTo(said, shown string) bool {
	known := foldText(strings.Join(f.Triggers, " ") + f.Name.Zh + f.Name.En + shown)
	return slices.ContainsFunc(deedOf.FindAllString(newScan(said).text(), -1), func(w string) bool {
		return !strings.Contains(known, w) && (w != "约" && w != "book" || !strings.ContainsAny(known, "约修") && !strings.Contains(known, "时间"))
	})
}

// thumb is a yes in pictures.
var thumb = regexp.MustCompile(`^[\s\x{1F44C}\x{1F44D}\x{1F197}\x{2705}\x{1F4AF}\x{1F646}\x{1F3FB}-\x{1F3FF}\x{FE0F}\x{1F64F}]*[\x{1F44C}\x{1F44D}\x{1F197}\x{2705}\x{1F4AF}\x{1F646}][\s\x{1F3FB}-\x{1F3FF}\x{FE0F}\x{1F64F}]*$`)

// changesIt is a yes to a change that was shown: 嗯 改吧.
var changesIt = regexp.MustCompile(`^(?:嗯+|好|好的|对|对的|是|是的|行|可以|ok|没错|确认)(?:的|吧)? ?(?:就|那|那就|请|帮我|给我)?(?:改|换|更换|换绑|改绑)(?:吧|了吧|掉|上|一下)?$`)

// goesFirst is how somebody has what was shown done before anything else.
var goesFirst = regexp.MustCompile(`^(?:那|行|好|好吧|可以)(?:就|那)?先(?:帮我|给我|替我|这么|这样|就这么)?(?:报|交|提交|登记|约|记|催|办)(?:上|上去|一下|了)?[吧嘛]*$`)

// tellsAnother reports a value of a form that nothing else has, which is not the one
// that is shown: it is no yes, whatever stands beside it.
func (t *turn) tellsAnother(flow Flow, f *Frame) bool {
	return slices.ContainsFunc(flow.Slots, func(s Slot) bool {
		old, has := f.Values[s.ID]
		if !has || !s.isDefinite() {
			return false
		}
		v, err := s.read(t.scan(), false, t.Reading)
		return err == nil && v.Text != old.Text
	})
}

// onlyAgrees reports a yes that does not say what is to be done, as 确认 and 报上去
// do.
func onlyAgrees(text string) bool {
	agrees, hands, does, whole := agreementIn(text)
	return whole && agrees && !hands && !does && !explicitly.MatchString(newScan(text).text())
}

var explicitly = regexp.MustCompile(`确认|确定|提交|无误|[交报登约办发催填]|\b(?:confirm|submit|plan|book|send|file|go ahead|do it)\b`)

// doubting is a question that doubts what was shown: 怎么是这个时间.
var doubting = regexp.MustCompile(`怎么(?:是|不是|变|成|会)|是不是|对不对|才怪|错`)

// holdsBack is a yes that is granted before something is held against it, 可以是
// 可以 就是早了点, that says that the trouble is over, 现在好了, that asks whether it
// is right, 对的吧, or that says both: no yes.
var holdsBack = regexp.MustCompile(`^ *(?:那|唉|哎)?算[了啦]|(?:^|[ ,，])(?:那|这|这个|这样|应该|都|就|不)*(?:是|是的|对|对的|没错|没错的|没问题|正确|无误|是这样|是这样的|没弄错|没搞错|没记错)吧[ .。!！]*$|(?i:^ *(?:no|nope|nah|not)[ ,.!]+(?:yes|yeah|yep|ok|okay|sure|right)\b|^ *(?:yes|yeah|yep|ok|okay|sure)[ ,.!]+(?:no|nope|nah|not)[ .!]*$)|可以是可以|好是好|行是行|对是对|能是能|没错是没错|成是成|要是要|^ *(?:车子?|它|现在|已经|刚刚|刚才|自己|又|这会儿?)+好了[啊呀呢吧 .。!！]*$`)

// hedged is how a yes begins that is not sure of itself, and hedgedEnd how it ends.
var (
	hedged    = regexp.MustCompile(`^(?:那|嗯|呃|这|这个|这样|我|看着|看上去|看起来|感觉)*(?:应该|好像|大概|可能|估计|差不多|似乎|貌似|大致|我觉得|我看|想来|按理说?|理论上)(?:就|都|也|是|还)*|^(?:um|well|hmm|it|this|that|looks?|seems?|is|s| )*(?:i (?:think|guess|suppose|believe|reckon)(?: so| that s| it s| it is)?|probably|maybe|should be|must be|more or less|kind of|sort of|sounds about) ?|,? ?i (?:think|guess|suppose|reckon)$`)
	hedgedEnd = regexp.MustCompile(`[吧啊呀哦嘛呢 .。!！?？…]*$`)
	allHedged = regexp.MustCompile(`^(?:对|是|行|好|可以|没错|没问题|没毛病|没啥问题|没什么问题|正确|无误|准确|这样|这么回事|不会错|没弄错|没搞错|没记错|没写错|ok|okay|right|correct|fine|good|so|yes|all right)?(?:的|了|样)?$`)
)

// hesitates reports a yes that is not sure of itself: 应该没错吧. It is no no either.
func hesitates(text string) (hedge bool) {
	for _, c := range clauses(text) {
		c = hedgedEnd.ReplaceAllString(c, "")
		rest := hedged.ReplaceAllString(c, "")
		switch {
		case rest != c && allHedged.MatchString(strings.TrimSpace(rest)):
			hedge = true
		case !isWhole(c) && !looksAgain.MatchString(c):
			return false
		}
	}
	return hedge
}

// looksAgain is what is said beside it by somebody who looks again.
var looksAgain = regexp.MustCompile(`看看|看一?下|看一?眼|确认一?下|核对|想想|\b(?:check|look|see|hold on)\b`)

// tellsValue reports whether a text has something in it that a slot of the flow
// could hold.
func (t *turn) tellsValue(text string) bool {
	return slices.ContainsFunc(t.flow().Slots, func(s Slot) bool {
		if s.Type == FreeText || s.Type == YesNo {
			return false
		}
		_, err := s.read(newScan(text), s.Type == Moment, t.Reading)
		return err == nil
	})
}

// shownNow is the summary that a frame shows for confirmation.
func (t *turn) shownNow(flow Flow, f *Frame) string {
	if i := flow.at(f.Step); i >= 0 && f.Waiting == ForConfirm {
		return t.fillIn(flow.Steps[i].Text).In(t.Language)
	}
	return ""
}

// retold takes a value that is told again, differently, without any word of
// correction: a new number instead of a yes.
func (t *turn) retold(flow Flow, f *Frame) bool {
	for _, s := range flow.Slots {
		if v, ok := t.told(s); ok && v.Text != f.Values[s.ID].Text {
			return t.change(f, s, v)
		}
	}
	if isQuestion(t.Text) {
		return (proposes(t.Text) || t.wishes()) && t.proposed(flow, f) || t.statesTime(flow, f)
	}
	if text := t.scan().text(); endsIn.MatchString(text) || otherOne.MatchString(text) {
		if s, v, ok := t.endRight(flow, f); ok {
			return t.change(f, s, v)
		}
	}
	if s, v, ok := t.seenNumber(flow, f); ok {
		return t.change(f, s, v)
	}
	for _, s := range flow.Slots {
		if v, ok := s.readCity(t.scan()); ok && s.isCity() && v.Text != f.Values[s.ID].Text {
			return t.change(f, s, v)
		}
	}
	for _, s := range definiteFirst(flow.Slots) {
		if s.Type == FreeText {
			continue
		}
		old := f.Values[s.ID]
		if m := afterAll.FindStringSubmatch(bare(t.Text)); m != nil && old.Text == No && offering.MatchString(s.Ask.Zh) && s.wants(m[1]) && !denying.MatchString(m[1]) { // 还是回一下吧
			return t.change(f, s, Value{Type: s.Type, Text: Yes, Said: t.said})
		}
		if s.Type == Moment && old.Text != "" {
			if v, ok := t.differently(s, old, t.meant(), wholly(s, t.scan(), t.Reading)); ok {
				return t.changeUnsurely(f, s, v)
			}
			for _, c := range clauses(t.Text) { // 可以 但我想上午
				if !s.tellsOnly(c, t.Reading) {
					continue
				}
				if v, ok := t.differently(s, old, newScan(c), true); ok {
					return t.change(f, s, v)
				}
			}
			continue
		}
		v, err := s.read(t.scan(), s.Type == Moment && s.tellsOnly(bare(t.Text), t.Reading), t.Reading)
		if err != nil && (s.Type == Amount || s.Type == Mileage) && names(t.scan().text(), s) { // 金额是三百六
			v, err = s.read(t.scan(), true, t.Reading)
		}
		if err != nil || v.Text == old.Text || s.Type == YesNo && !t.answersAgain(f, s, v) {
			continue
		}
		if s.Type == Choice {
			return t.changeUnsurely(f, s, v)
		}
		return t.change(f, s, v)
	}
	return false
}

// mostAround is how much may stand around a value that is told anew, in characters,
// to be surely that.
const mostAround = 4

// besideThePoint is what a time or an option is named for by the way.
var besideThePoint = regexp.MustCompile(`加班|有事|上班|开会|的话|再说|打给|儿子|女儿|老公|老婆|[他她]来|发现|检查|\b(?:revert|confirm|hold|check)\b`)

// mostOption is how long the name of an option is, in characters.
const mostOption = 5

// settledIn is how an option is chosen in so many words.
var settledIn = regexp.MustCompile(`改|换|应该|其实|要|给|打|选|算|就|还是|分|星|不是|actually|change|make|should|instead|\b(?:stars?|points?)\b`)

// changeUnsurely changes a slot by a value in the middle of other words, which may
// be about something else: 稍后我儿子来办. A mere yes to it is asked for again.
func (t *turn) changeUnsurely(f *Frame, s Slot, v Value) bool {
	sure := slices.ContainsFunc(clauses(t.Text), func(c string) bool {
		if s.Type == Moment && s.tellsOnly(c, t.Reading) {
			return true
		}
		_, err := s.read(newScan(c), true, t.Reading)
		if s.Type == Choice && settledIn.MatchString(c) {
			return err == nil
		}
		return err == nil && utf8.RuneCountInString(bare(c)) <= min(utf8.RuneCountInString(bare(v.Said)), mostOption)+mostAround
	})
	if !t.change(f, s, v) {
		return false
	}
	if top := t.top(); top == f && !sure && (s.Type == Choice || besideThePoint.MatchString(t.scan().text())) {
		f.Unclear = true
	}
	return true
}

var (
	wishing   = regexp.MustCompile(`能|可[不以否]|行|约|改|换|安排|排|有没有|位置|名额|\b(?:can|could|may|possible|available|about)\b`)
	openHours = regexp.MustCompile(`营业|开门|关门|[上下]班[吗么不没]|几点[^ ]{0,4}(?:[上下]班|关|休息|打烊)|\b(?:open|closed?)\b`)
	opening   = regexp.MustCompile(`营业|开门|上班|关门|下班|休息|放假|\b(?:open|closed?)\b`)
)

// wishes reports a question that may stand for a wish, 能约后天吗, and asks for
// nothing that could be told.
func (t *turn) wishes() bool {
	text := t.scan().text()
	return isQuestion(t.Text) && wishing.MatchString(text) && !opening.MatchString(text) && !asksFacts.MatchString(text)
}

// statesTime takes another time that stands by itself beside a question: 怎么是明天 我要约
// 后天.
func (t *turn) statesTime(flow Flow, f *Frame) bool {
	for _, c := range clauses(t.Text) {
		if isQuestion(c) {
			continue
		}
		for _, s := range flow.Slots {
			if old := f.Values[s.ID]; s.Type == Moment && old.Text != "" && s.tellsOnly(c, t.Reading) {
				if v, ok := t.differently(s, old, newScan(c), true); ok {
					return t.change(f, s, v)
				}
			}
		}
	}
	return false
}

// proposed takes another time that a question puts forward, 周六行吗, which is shown
// for confirmation again.
func (t *turn) proposed(flow Flow, f *Frame) bool {
	for _, s := range flow.Slots {
		if old := f.Values[s.ID]; s.Type == Moment && old.Text != "" {
			plain := strings.TrimSpace(proposal.ReplaceAllString(t.scan().text(), ""))
			if v, ok := t.differently(s, old, t.scan(), wholly(s, newScan(plain), t.Reading)); ok {
				return t.change(f, s, v)
			}
		}
	}
	return false
}

// proposal is what makes a question of a time.
var proposal = regexp.MustCompile(`^(?:请问|那|能不能|可不可以|可以|能|约|改|换|到|成)+|(?:的话)?(?:行不行|可不可以|可以不|[行成好中]不?[行成好中]?|可以|方便|有空|有位|来得及|约)?(?:吗|么|不|呢|嘛|咋样|怎么样|如何)?[ ?？.!]*$`)

// meant is the message without what it says is not meant: 不是今天.
func (t *turn) meant() *scan {
	sc := t.scan()
	if sp, ok := sc.find(notButWords); ok {
		sc.take(sp.from, sp.from+len([]rune("不是"+sp.groups[1])))
	}
	return sc
}

// wholly reports whether a message is a value of a slot and hardly more, so that
// it can be read as an answer: 上午 after the day was shown.
func wholly(s Slot, sc *scan, r Reading) bool {
	_, err := s.read(sc, true, r)
	return err == nil && len(marks(sc.text())) <= 1
}

// repeating returns a message without the values that it only repeats as they
// are: of 行，就周六 the 行就.
func (t *turn) repeating(flow Flow, f *Frame) string {
	sc := newScan(t.plain())
	for _, s := range flow.Slots {
		c := sc.clone()
		old := f.Values[s.ID]
		if shown, ok := s.bareNumber(c, old); ok { // 就按260报上去
			c.take(shown.from, shown.to)
			sc = c
			continue
		}
		if v, err := s.read(c, s.Type == Moment, t.Reading); s.Type != FreeText && s.Type != YesNo && err == nil && s.keeps(old, v, t.Reading).Text == old.Text {
			sc = c
		}
	}
	return sc.text()
}

// settlesOn is how somebody settles on what was shown: 就今天下午.
var settlesOn = regexp.MustCompile(`^(?:那|嗯|好|行|对|可以)*就`)

// settles reports a message that only repeats a value as it was shown, and that
// it is to be that.
func (t *turn) settles(flow Flow, f *Frame) bool {
	text := newScan(t.plain()).text()
	rest := t.repeating(flow, f)
	_, _, _, whole := agreementIn(rest)
	return settlesOn.MatchString(bare(text)) && rest != text && whole && !isQuestion(text)
}

// afterAll is how somebody wants what they had not wanted.
var afterAll = regexp.MustCompile(`^(?:那|哦|哎|等等|等下|其实)*(?:还是|要不) ?(?:还是)?([^ ]{1,8})$`)

// answersAgain reports whether a short message is another answer to a yes_no
// slot, by words that belong to it alone: 还是需要回复吧. A 不用 may be about anything.
func (t *turn) answersAgain(f *Frame, s Slot, v Value) bool {
	_, has := f.Values[s.ID]
	all := bare(t.Text)
	if at := strings.Index(all, foldText(v.Said)); at >= 0 { // 其实没解决 昨天又漏水了
		from, to := strings.LastIndexByte(all[:at], ' ')+1, strings.IndexByte(all[at:], ' ')
		if to < 0 {
			to = len(all) - at
		}
		if m := utf8.RuneCountInString(all); isHan(all) && m <= 2*mostShort {
			all = all[from : at+to]
		}
	}
	return has && utf8.RuneCountInString(v.Said) >= 3 && utf8.RuneCountInString(all) <= mostShort && !strings.Contains(all, "改")
}

// whichChange asks what is to be changed, naming what was answered.
func (t *turn) whichChange(flow Flow, f *Frame) Text {
	var zh, en []string
	for _, s := range flow.Slots {
		if _, has := f.Values[s.ID]; has {
			zh, en = append(zh, s.Name.Zh), append(en, s.Name.En)
		}
	}
	return Text{
		Zh: "还没有提交。请问要修改哪一项（" + strings.Join(zh, "、") + "）？不办理请回复“取消”。",
		En: "Nothing was submitted. What should be changed (" + strings.Join(en, ", ") + ")? To give up, reply “cancel”.",
	}
}
