package flow

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"yingda/internal/domain/phrase"
)

// known returns what is known of the person for a slot.
func (t *turn) known(s Slot) (all []Value) {
	if s.Prefill == "" {
		return nil
	}
	for _, text := range t.Known[s.Prefill] {
		if v, err := s.read(newScan(text), true, t.Reading); err == nil {
			v.Said = ""
			all = append(all, v)
		}
	}
	return all
}

// ending is how many characters tell one known value from another.
const ending = 4

var endingWord = regexp.MustCompile(`([a-z0-9]{4,17})\W*$`)

// chosen reads an answer that points at one of several known values: by its
// number, 第二个, or by its end, 尾号 4847.
func (t *turn) chosen(s Slot) (Value, bool) {
	all := t.known(s)
	if len(all) < 2 {
		return Value{}, false
	}
	list := Slot{Type: Choice, Options: make([]Option, len(all))}
	if n := list.ordinal(newScan(t.Text)); n >= 0 {
		all[n].Said = t.Text
		return all[n], true
	}
	if places := vehicleAt.FindAllStringSubmatch(newScan(t.Text).text(), -1); len(places) == 1 { // 要查的是第二辆
		if n := number(places[0][1]); n >= 1 && n <= len(all) {
			all[n-1].Said = t.Text
			return all[n-1], true
		}
	}
	if v, ok := t.pointed(s); ok {
		return v, true
	}
	m := endingWord.FindStringSubmatch(newScan(t.Text).text())
	if m == nil {
		return Value{}, false
	}
	fits := slices.DeleteFunc(all, func(v Value) bool { return !strings.HasSuffix(strings.ToLower(v.Text), m[1]) })
	if len(fits) != 1 {
		return Value{}, false
	}
	fits[0].Said = t.Text
	return fits[0], true
}

// otherOne is how a message means the other of two things, and of which kind.
var otherOne = regexp.MustCompile(`^[^ ]{0,6}?[ ,，]*(?:[^ ]{0,6}错[^ ]{0,3}[ ,，]+)?(?:应该|其实|那|再|就|帮我|给我|麻烦|你)*(?:是|换成?|改成?|查一?下?|看看?|试试?|选|用|要)*(?:我)?(?:家)?(?:的)?(?:另(?:外)?|别的)(?:的)?(?:那)?一?([辆台部]|个号|个手机|个电话|个单|[张份条]|个)[^ 被把撞追朋友人事问题]{0,6}$` +
	`|\b(?:what about|check|look up|try|use|i meant?|switch to|for|it ?s|and|with)? ?(?:my|the) other (car|vehicle|one|number|phone|order|case)\b`)

// other returns the other of two known values, where a message means it.
func (t *turn) other(s Slot, old Value) (Value, bool) {
	m := otherOne.FindStringSubmatch(strings.TrimRight(t.scan().text(), " .,!?~"))
	all := t.known(s)
	if m == nil || len(all) != 2 || old.Text != all[0].Text && old.Text != all[1].Text {
		return Value{}, false
	}
	if !s.isKindOf(m[1] + m[2]) {
		return Value{}, false
	}
	v := all[0]
	if v.Text == old.Text {
		v = all[1]
	}
	v.Said = t.said
	return v, v.Text != old.Text
}

// isKindOf reports whether a slot asks for a thing that is counted so: 另一台 is a
// vehicle. 另一个 may be any that there are two of.
func (s Slot) isKindOf(counted string) bool {
	switch counted {
	case "辆", "台", "部", "car", "vehicle":
		return s.Type == VIN || s.Type == Plate
	case "个号", "个手机", "个电话", "phone":
		return s.Type == Phone
	case "个单", "张", "份", "条", "order", "case":
		return s.Type == Reference
	}
	return s.isDefinite()
}

// endNamed is how a message names the end of something among other words: 尾号4719
// 那辆.
var endNamed = regexp.MustCompile(`(?:尾号|尾数|末尾|末[三四]位|后[三四]位|最后[三四]位|结尾|\b(?:ends|ending)(?: (?:in|with))?|\blast (?:three|four|3|4)(?: digits)?)(?:数字|号码?|[是为:： ]|are |is )*([a-z0-9]{3,17})(?:$|[^a-z0-9])`)

// pointed reads which of several known values a message means that tells other
// things beside it: by its end, which belongs to one of them only, or a vehicle by
// its place among them.
func (t *turn) pointed(s Slot) (Value, bool) {
	if len(t.Known[s.Prefill]) < 2 {
		return Value{}, false
	}
	all := t.known(s)
	text := t.scan().text()
	if places := vehicleAt.FindAllStringSubmatch(text, -1); len(places) == 1 && (s.Type == VIN || s.Type == Plate) {
		if n := number(places[0][1]); n >= 1 && n <= len(all) && len(all) > 1 {
			all[n-1].Said = t.said
			return all[n-1], true
		}
	}
	if v, ok := t.begun(all); ok {
		return v, true
	}
	m := endNamed.FindStringSubmatch(text)
	if m == nil {
		return Value{}, false
	}
	fits := slices.DeleteFunc(all, func(v Value) bool { return !strings.HasSuffix(strings.ToLower(v.Text), m[1]) })
	if len(fits) != 1 {
		return Value{}, false
	}
	fits[0].Said = t.said
	return fits[0], true
}

// vehicleAt is one of several vehicles by its place among them.
var vehicleAt = regexp.MustCompile(`第([一二两三四五1-5])[辆台部]`)

// beginsNamed is how a message means one of several by how it begins: DD开头的那个.
var beginsNamed = regexp.MustCompile(`(?:以)?([a-z0-9\p{Han}]?[a-z0-9·\-]{1,8}) ?(?:开头|打头|起头|开始的|头的)|\b(?:starts?|starting|begins?|beginning) with ([a-z0-9\-]{1,8})\b|\bthe ([a-z]{1,4}) one\b`)

// begun returns the only one of several known values that begins as a message says.
func (t *turn) begun(all []Value) (Value, bool) {
	m := beginsNamed.FindStringSubmatch(t.scan().text())
	if m == nil {
		return Value{}, false
	}
	head := m[1] + m[2] + m[3]
	found := Value{}
	for _, v := range all {
		text := strings.ToLower(v.Text)
		if r := []rune(head); !strings.HasPrefix(text, head) && (len(r) < 2 || isAlnum(r[0]) || !strings.HasPrefix(text, string(r[1:]))) {
			continue
		}
		if found.Text != "" {
			return Value{}, false
		}
		found = v
	}
	found.Said = t.said
	return found, found.Text != ""
}

// picksOther changes a slot to the other of the known values that a message means,
// where a yes or an option is asked for: 换另一台看看.
func (t *turn) picksOther(f *Frame) bool {
	for _, s := range t.flow().Slots {
		old, has := f.Values[s.ID]
		if !has || len(t.Known[s.Prefill]) < 2 {
			continue
		}
		v, ok := t.other(s, old)
		if p, pointed := t.pointed(s); !ok && pointed && utf8.RuneCountInString(bare(t.Text)) <= 2*mostShort {
			v, ok = p, p.Text != old.Text
		}
		if ok {
			return t.change(f, s, v)
		}
	}
	return false
}

// choices returns what can be pressed for a slot: its options, or the ends of
// several known values.
func (t *turn) choices(s Slot) []string {
	all := t.known(s)
	if len(all) < 2 {
		return s.options(t.Language)
	}
	texts := make([]string, len(all))
	for i, v := range all {
		r := []rune(v.Text)
		texts[i] = string(r[max(0, len(r)-ending):])
		if t.Language == phrase.English {
			texts[i] = "ending in " + texts[i]
		} else {
			texts[i] = "尾号 " + texts[i]
		}
	}
	return texts
}
