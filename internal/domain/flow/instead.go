package flow

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"yingda/internal/domain/phrase"
)

// How somebody says what is not meant and what is: the first group is the one or
// the other, as the table says.
var instead = []struct {
	pattern *regexp.Regexp
	not     int // the group of what is not meant
}{
	{regexp.MustCompile(`(?:^|[ ,，.。])[^ ,，不]{0,4}不是([^ ,，]{1,20}?)[,，;、 ]*(?:而是|应该是|是)([^ ,，]{1,30})$`), 1},
	{regexp.MustCompile(`^(?:.{0,4}[ ,，])?(?:我?(?:要|说)的)?(?:应该)?是?([^ ,，是]{1,20}?)[ ,，]*(?:而)?不是([^ ,，是]{1,20})$`), 2},
	{regexp.MustCompile(`^(?:.{0,12}, )?(?:please )?instead of (?:the |a |an |my )?([^,]{2,40}?),? (?:i (?:d |would )?(?:rather |now )?(?:like|want|prefer|need|have)|please|make it|give me)(?: to have| it to be)? ([^,]{2,60})$`), 1},
	{regexp.MustCompile(`^(?:那|哦|我|先|还是)*不(?:要|用)([^ ,，]{1,20}?)了?[ ,，]+(?:我)?(?:只|就|还是)?(?:要求|希望|想要|改成|要)([^ ,，]{1,30})$`), 1},
	{regexp.MustCompile(`^(?:那|哦|我|先|还是)*不(?:约|做|修|换|弄|报|查|想)?([^ ,，了]{1,12})了[ ,，]+(?:那|就|还是|改成?|约|做|换成?|要)*([^ ,，]{1,20})(?:[ ,，]+[^ ,，]{1,20})?$`), 1},
	{regexp.MustCompile(`^(?:那|哦|我|先|还是)*([^ ,，不]{1,12}?)(?:就|先)?不(?:约|做|修|换|弄|要|查)了[ ,，]+(?:那|就|还是|改成?|约|做|换成?|要)*([^ ,，]{1,20})$`), 1},
	{regexp.MustCompile(`^(?:.{0,6}[ ,，])?[^ ,，]{0,4}(?:[说写填打弄点选看记报听输敲按念抄])成了?([^ ,，]{1,12}?)了?[ ,，]+(?:应该|其实|我|要|想|是|给|选|改成?)*([^ ,，]{1,20})$`), 1},
	{regexp.MustCompile(`^(?:.{0,6}[ ,，])?[^ ,，]{0,2}把([^ ,，]{1,12}?)(?:[说写填打弄点选看记报听输敲按念抄])成了?([^ ,，]{1,12}?)了?$`), 2},
}

// intoThat is how somebody puts other words into a text.
var intoThat = regexp.MustCompile(`^(?:那|哦|再|请|麻烦|帮我|[ ,，])*把?([^ ,，]{2,12}?)(?:改成|换成|改为|换为)([^ ,，]{1,20})$`)

// insteadOf changes the slot whose value a message says is not meant to the one
// that it says is: 是补胎 不是喷漆, 不保养了 改补漆, 不要道歉 要赔钱.
func (t *turn) insteadOf(f *Frame, story bool) bool {
	if len(f.Values) == 0 || isQuestion(t.Text) {
		return false
	}
	flow := t.flow()
	text := strings.Trim(newScan(t.Text).text(), " .,!~了吧啊呀")
	for _, way := range instead {
		m := way.pattern.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		not, but := m[way.not], m[3-way.not]
		for _, s := range flow.Slots {
			old, has := f.Values[s.ID]
			if !has || s.Type == FreeText && !s.isCity() || s.Type == YesNo || s.Type == Moment || story && s.Type == Choice {
				continue
			}
			if v, ok := t.inPlace(s, old, not, but); ok {
				return t.change(f, s, v)
			}
		}
		if f.Waiting != ForSlot && t.reworded(f, flow, not, but) {
			return true
		}
	}
	if m := intoThat.FindStringSubmatch(text); m != nil && f.Waiting != ForSlot && !t.tellsValue(m[1]) && !slices.ContainsFunc(flow.Slots, func(s Slot) bool { return names(m[1], s) }) { // 把椅子改成沙发
		return t.reworded(f, flow, m[1], m[2])
	}
	return false
}

// wrongThen is how somebody says that a value was wrong, and which is right: 120记错了
// 150.
var wrongThen = regexp.MustCompile(`^(?:哦|噢|啊|哎|那个|[ ,，])*([^ ,，]{1,20}?)(?:是|都)?(?:[说写填打弄搞点选看记报听算输发给讲敲按念抄拍][错反]了?|不对|错了|不是)[ ,，.。是应该]+([^ ,，]{1,24})[吧啊呀 .。!！]*$`)

// wasWrong changes the slot whose value a message says was wrong to the one that
// it tells behind it.
func (t *turn) wasWrong(f *Frame) bool {
	m := wrongThen.FindStringSubmatch(t.scan().text())
	if m == nil || isQuestion(t.Text) {
		return false
	}
	for _, s := range t.flow().Slots {
		old, has := f.Values[s.ID]
		if !has || !s.isDefinite() && s.Type != Amount && s.Type != Mileage {
			continue
		}
		if v, ok := t.inPlace(s, old, m[1], m[2]); ok {
			return t.change(f, s, v)
		}
	}
	return false
}

// inPlace reads a slot from what is meant, where what is not meant is the value that
// it has or the end of it.
func (t *turn) inPlace(s Slot, old Value, not, but string) (v Value, ok bool) {
	was, err := s.read(newScan(not), true, t.Reading)
	same := err == nil && was.Text == old.Text
	if n := len(not); !same && s.isDefinite() && n < len(old.Text) && strings.HasSuffix(old.Text, strings.ToUpper(not)) {
		same, but = true, old.Text[:len(old.Text)-n]+but
	}
	if !same {
		return Value{}, false
	}
	v, err = s.read(newScan(but), true, t.Reading)
	v.Said = t.said
	return v, err == nil && v.Text != old.Text
}

// leftOut is how somebody wants a text left out that need not be told.
var leftOut = regexp.MustCompile(`删[掉了除]?|去掉|清空|不[写填要留]了?|别[写填留]|算了`)

// leavesOut takes back a text that need not be told and that the message names:
// 意见删掉.
func (t *turn) leavesOut(f *Frame) bool {
	text := newScan(t.Text).text()
	if f.Waiting == ForSlot || isQuestion(t.Text) || !leftOut.MatchString(text) || utf8.RuneCountInString(bare(t.Text)) > mostShort {
		return false
	}
	for _, s := range t.flow().Slots {
		if _, has := f.Values[s.ID]; !has || !s.Optional || !strings.Contains(text, foldText(s.Name.Zh)) {
			continue
		}
		f.forget(s.ID)
		f.Skipped = append(f.Skipped, s.ID)
		t.decide(Skipped, s.ID, phrase.Because("flow.why.skip", "the slot is not required and was skipped"))
		t.run()
		return true
	}
	return false
}

// changedTo is what stands before what a time is to be.
var changedTo = regexp.MustCompile(`^(?:那|就|还有|再|把)*(?:时间|日期)?(?:也|就|再|帮我|给我)*(?:改|换|挪|推|调|约|定)?(?:成|到|为|在|是)?`)

// strange is a number of some length.
var strange = regexp.MustCompile(`[0-9]{2,}`)

// tellsStrange reports a number that is not in what was shown.
func tellsStrange(text, shown string) bool {
	return slices.ContainsFunc(strange.FindAllString(newScan(text).text(), -1), func(n string) bool { return !strings.Contains(shown, n) })
}

// alsoTold changes, after one slot was corrected, the others of which the message
// tells a new value in a part of its own: 后天上午 电话13700001111.
func (t *turn) alsoTold(f *Frame, changed Slot) {
	parts := clauses(t.Text)
	if f.Waiting == ForSlot || len(parts) < 2 {
		return
	}
	for _, s := range t.flow().Slots {
		old, has := f.Values[s.ID]
		if v, err := s.read(t.scan(), false, t.Reading); !has && s.Type == Email && err == nil { // where to, told with the yes to it
			t.set(s, v)
		}
		if !has || s.ID == changed.ID || s.Type != Moment && !s.isDefinite() {
			continue
		}
		i := slices.IndexFunc(parts, func(part string) bool {
			return s.Type != Moment || s.tellsOnly(part, t.Reading)
		})
		if i < 0 {
			continue
		}
		sc := newScan(changedTo.ReplaceAllString(parts[i], ""))
		if s.Type != Moment {
			sc = t.scan()
		}
		v, err := s.read(sc, s.Type == Moment, t.Reading)
		if err != nil || s.inPassing(v, t.scan().text()) || s.keeps(old, v, t.Reading).Text == old.Text {
			continue
		}
		v = s.keeps(old, v, t.Reading)
		t.set(s, v)
		t.say(Text{Zh: "好的，" + s.Name.Zh + "已改为" + s.Show(v, phrase.Chinese) + "。", En: s.Name.En + " is now " + s.Show(v, phrase.English) + "."})
	}
}

// besideMoment is what may stand beside a time in a part of a message of its own.
var besideMoment = regexp.MustCompile(`但是?|不过|只是|最好|希望|我|想|要|能|另外|还有|也|再|就|那|把|时间|日期|改|换|挪|约|到|成|为|在|是|的|了|吧|发生|出现|开始|坏|来|去|过去|过来|给我|帮我`)

// tellsOnly reports whether a part of a message is a time and what may stand beside
// it: 另外是前天开始的.
func (s Slot) tellsOnly(part string, r Reading) bool {
	if wholly(s, newScan(changedTo.ReplaceAllString(part, "")), r) {
		return true
	}
	sc := newScan(part)
	_, err := s.read(sc, true, r)
	return err == nil && bare(besideMoment.ReplaceAllString(sc.text(), "")) == ""
}

// leftTold reports whether a message tells, in a part of its own, a value of another
// slot than was changed, which has another one now.
func (t *turn) leftTold(f *Frame, changed Slot) bool {
	for _, c := range clauses(t.Text) {
		for _, s := range t.flow().Slots {
			old, has := f.Values[s.ID]
			if !has || s.ID == changed.ID || s.Type != Moment && !s.isDefinite() {
				continue
			}
			v, err := s.read(newScan(c), s.Type == Moment, t.Reading)
			if err == nil && !s.inPassing(v, newScan(c).text()) && s.keeps(old, v, t.Reading).Text != old.Text {
				return true
			}
		}
	}
	return false
}

// otherHour is how somebody says that a time will not do without saying which will.
var otherHour = regexp.MustCompile(`太[早晚]|没空|没时间|推迟|延后|提前|往[后前]|[早晚]一?点|[早晚]些|那么[早晚]|(?:点|午|上)(?:以后|之后|之前|以前)`)

// wantsAnotherTime reports a message that is not content with the time that was
// shown.
func (t *turn) wantsAnotherTime(f *Frame) bool {
	return otherHour.MatchString(newScan(t.Text).text()) && slices.ContainsFunc(t.flow().Slots, func(s Slot) bool {
		return s.Type == Moment && s.Future && f.Values[s.ID].Text != ""
	})
}

// wantsNot is how a part of a message begins that does not want a thing.
var wantsNot = regexp.MustCompile(`^(?:那|就|还是|我|又|也|其实|算了)*(?:不|别|甭)`)

// wantsNoneAfterAll takes back the yes that led to the question for a slot: asked
// for an address, 不想给邮箱 不用回复了.
func (t *turn) wantsNoneAfterAll(f *Frame, asked Slot) bool {
	q, ok := t.flow().askedAfter(asked)
	if !ok || f.Values[q.ID].Text != Yes || isQuestion(t.Text) || t.reads(asked) {
		return false
	}
	v, err := q.read(t.scan(), false, t.Reading) // by its own words; who has no address may find one
	if err != nil || v.Text != No {
		last := bare(t.Text)[strings.LastIndexByte(bare(t.Text), ' ')+1:]
		if !wantsNot.MatchString(last) || !slices.ContainsFunc(q.Yes, func(w string) bool { return strings.Contains(last, foldText(w)) }) { // 唉不对 别回我了
			return false
		}
		if v, err = q.read(newScan(last), true, t.Reading); err != nil || v.Text != No {
			return false
		}
	}
	t.set(q, v)
	t.run()
	return true
}
