package flow

import (
	"regexp"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/contact"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
)

// Value is what a slot holds. Text is its one written form: a VIN and a plate
// in capitals, a mobile as 11 digits, a landline as 021-62345678, kilometres as
// digits, yuan as 99.50, yes or no, the id of an option, a number of ours in capitals; a moment as
// 2026-12-01, 2026-12-01T15:00, or from/to of either, in the zone in which it
// was said.
type Value struct {
	Type Type   `json:"type"`
	Text string `json:"text"`
	Said string `json:"said,omitzero"` // what it was read from; nothing of what was known before
}

// Yes and No are the values of a yes_no slot.
const (
	Yes = "yes"
	No  = "no"
)

// Reading is where and when a message is read.
type Reading struct {
	Now  time.Time
	Zone *time.Location // in which days and hours are meant; UTC when absent
}

func (r Reading) now() time.Time {
	if r.Zone == nil {
		return r.Now.UTC()
	}
	return r.Now.In(r.Zone)
}

// Read reads a slot from a message. asked says that the message answers the
// question for it: then bare numbers, yes and whole texts count; otherwise only
// what names itself. The error is of kind NotFound when nothing of the type
// stands there, and Invalid when something does that cannot be right.
func (s Slot) Read(text string, asked bool, r Reading) (Value, error) {
	sc := newScan(text)
	v, err := s.read(sc, asked, r)
	if err != nil {
		return Value{}, err
	}
	return v, nil
}

// read is Read within a message of which others read as well.
func (s Slot) read(sc *scan, asked bool, r Reading) (Value, *fault.Error) {
	if v, err, done := s.readPastSlip(sc, asked, r); done {
		return v, err
	}
	var v Value
	var err *fault.Error
	switch s.Type {
	case FreeText:
		v, err = s.readText(sc, asked)
	case Moment:
		v, err = s.readFree(sc, asked, r)
	case Plate:
		v, err = readPlate(sc, asked)
	case VIN:
		v, err = readVIN(sc, asked)
	case Phone:
		v, err = readPhone(sc, asked)
	case Email:
		v, err = readEmail(sc)
	case Mileage:
		v, err = s.readMileage(sc, asked)
	case Amount:
		v, err = s.readAmount(sc, asked)
	case YesNo:
		v, err = s.readYesNo(sc, asked)
	case Choice:
		v, err = s.readChoice(sc, asked)
	case Reference:
		v, err = readReference(sc, asked)
	default:
		err = fault.New(fault.NotFound, "flow.type", "nothing of this type can be read")
	}
	v.Type = s.Type
	return v, err
}

// readPastSlip reads a slot from what a message says after taking something back;
// done is whether that is all there is to it.
func (s Slot) readPastSlip(sc *scan, asked bool, r Reading) (v Value, err *fault.Error, done bool) {
	mended, ok := s.afterSlip(sc)
	if !ok || !asked && s.Type != YesNo && s.Type != Moment {
		return Value{}, nil, false
	}
	if !asked { // 周三哦不周四 among other things
		v, err = s.read(mended, false, r)
		if err == nil && s.Type == Moment {
			if old, err := s.readFree(sc, false, r); err == nil { // and the first is nobody's
				v = s.keeps(old, v, r)
			}
		}
		return v, err, err == nil
	}
	if v, err = s.read(mended, true, r); err == nil {
		sc.folded = mended.folded
	}
	return v, err, err == nil || s.Type == YesNo
}

// slip is where somebody corrects what they have just said: 今晚上，不对，昨晚上.
var slip = regexp.MustCompile(`[^ ,，.。].*(?:[ ,，.。]不对|[ ,，.。](?:不不+|哎呀?不|不是)[ ,，.。]+|算了[ ,，]*(?:还是|改成?|换成?|就|那就)|(?:[天日号点午晚早上夜]|(?:周|星期|礼拜)[一二三四五六日天])不对[ ,，]*(?:应该)?(?:是|为)|哦不|噢不|啊不|[ ,，.。]错了|说错了?|\bno wait|\bi mean(?:t)?\b|\bsorry\b)[ ,，.。是,]*`)

// afterSlip returns a message without what is taken back in it.
func (s Slot) afterSlip(sc *scan) (*scan, bool) {
	switch s.Type {
	case Moment, Plate, VIN, Phone, Email, Mileage, Amount, Reference:
	case YesNo:
		if sp, ok := sc.find(slip); !ok || utf8.RuneCountInString(bare(string(sc.said[sp.to:]))) < 2 { // 试了 不对
			return nil, false
		}
	case FreeText, Choice:
		return nil, false
	}
	mended := sc.clone()
	if sp, ok := sc.find(notButWords); ok && s.Type != YesNo && s.Type != Moment { // 不是三百八 是八百三
		mended.take(sp.from, sp.from+len([]rune("不是"+sp.groups[1])))
		return mended, true
	}
	sp, ok := sc.find(slip)
	if !ok {
		return nil, false
	}
	mended.take(sp.from, sp.to)
	return mended, true
}

// Show returns a value of the slot as a person reads it.
func (s Slot) Show(v Value, language string) string {
	english := language == phrase.English
	switch v.Type {
	case Moment:
		return showMoment(v.Text, english)
	case Mileage:
		if english {
			return groupText(v.Text) + " km"
		}
		return groupText(v.Text) + " 公里"
	case Amount:
		return "¥" + v.Text
	case YesNo:
		return map[bool]map[bool]string{true: {true: "yes", false: "no"}, false: {true: "是", false: "否"}}[english][v.Text == Yes]
	case Choice:
		for _, o := range s.Options {
			if o.ID == v.Text {
				return o.Name.In(language)
			}
		}
	case FreeText, Plate, VIN, Phone, Email, Reference:
	}
	return v.Text
}

// mask returns a value with its middle covered, by its type: 138****8000.
func mask(t Type, text string) string {
	switch t {
	case Phone:
		return contact.MaskPhone(text)
	case Email:
		return contact.MaskEmail(text)
	case FreeText, Moment, Plate, VIN, Mileage, Amount, YesNo, Choice, Reference:
	}
	return contact.MaskValue(text)
}

func groupText(digits string) string {
	n, ok := parseDecimal(digits)
	if !ok {
		return digits
	}
	return group(n / 1000)
}
