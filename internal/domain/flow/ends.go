package flow

import (
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"
)

// How somebody tells the end of a number, or a plate without its province.
var (
	endsIn     = regexp.MustCompile(`(?:尾号|尾数|末尾|末位|末[一二两三四五六1-6]位|结尾|后面?[一二两三四五六1-6]位|最后[一二两三四五六1-6]?位?|ends? (?:in|with)|last (?:two|three|four|[2-6])(?: digits)?)(?:不对|[说写填打弄搞点选看记报听算输发给讲敲按念抄拍]?(?:错|反|漏)[了咗]?|数字|号码|其实|应该|应|不是 ?[a-z0-9]{1,6}|[ ,，])*(?:是|系|为|改成|改为|should be|are|is|:)* *([a-z0-9]{1,6})(?:[ ,，]*(?:而)?(?:不是|not) ?[a-z0-9]{1,6})?\W*(?:[,， ][^0-9a-z]{1,8})?$`)
	plateShort = regexp.MustCompile(`(?:是|改成|改为|换成|^)\W*([a-z][ ·•.\-]?[a-z0-9]{5,6})\W*$`)
)

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

// seenAnew is how somebody tells a number anew who has looked it up: 看了发票 写的是260.
var seenAnew = regexp.MustCompile(`(?:看|查|翻|对|核|数|算|问|找)(?:了|过|到)|(?:发票|小票|收据|账单|单子|合同|仪表|表|里程表|屏幕)(?:上|里)?|(?:receipt|invoice|bill|dashboard|odometer|checked|looked)`)

// numberIs is what stands before the number that a thing is.
var numberIs = regexp.MustCompile(`(?:写|显示|印|标|实际|其实|应该|确实|准确|总共|一共|才|就)?(?:的|着)?(?:是|为|有|:|：)? ?([0-9][0-9,]*(?:\.[0-9]{1,2})?)(?:块钱?|元|公里|km| ?yuan| ?rmb)?[ .。!！,，]*(?:才对|吧|呢|啊|整)?[ .。!！]*$|\b(?:it )?(?:says|shows|reads|was|is) ([0-9][0-9,]*(?:\.[0-9]{1,2})?)\b`)

// leastSeen is how many digits a bare number has at least that is told anew.
const leastSeen = 2

// seenNumber reads the only number of a flow anew at the summary, where somebody tells
// it without naming it, who has looked it up.
func (t *turn) seenNumber(flow Flow, f *Frame) (s Slot, v Value, ok bool) {
	text := t.scan().text()
	m := numberIs.FindStringSubmatch(text)
	s, has := flow.Slot(t.theOnlyNumber(f))
	if !has || m == nil || !seenAnew.MatchString(text) || isQuestion(t.Text) || len(m[1]+m[2]) < leastSeen || t.tellsDefinite() {
		return s, v, false
	}
	v, err := s.read(newScan(m[1]+m[2]), true, t.Reading)
	v.Said = t.said
	return s, v, err == nil && v.Text != f.Values[s.ID].Text
}

// seesNumberAnew changes the only number of a flow, where somebody tells it anew.
func (t *turn) seesNumberAnew(flow Flow, f *Frame) bool {
	s, v, ok := t.seenNumber(flow, f)
	return ok && t.change(f, s, v)
}

// digits is a number that stands alone.
var digits = regexp.MustCompile(`[0-9][0-9,]*(?:\.[0-9]+)?`)

// bareNumber returns where the sum or the distance that a slot has stands in a text
// without its unit.
func (s Slot) bareNumber(sc *scan, old Value) (span, bool) {
	if s.Type != Amount && s.Type != Mileage || old.Text == "" {
		return span{}, false
	}
	sp, ok := sc.find(digits)
	if !ok || utf8.RuneCountInString(sp.groups[0]) < leastSeen {
		return span{}, false
	}
	said, _ := parseDecimal(sp.groups[0])
	has, err := strconv.ParseFloat(old.Text, 64)
	return sp, err == nil && said == int64(has*1000+0.5)
}
