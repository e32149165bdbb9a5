package flow

import (
	"regexp"
	"slices"
	"strings"
)

// What is remembered of a time that did not come to be: the several that somebody named
// of which one had to be chosen, and the one at which nothing was free. Who then names
// only a day means it with the hour that was said before, 那就周四的, and who names only
// an hour means that day.

var (
	// eitherOfThem parts the times that somebody names.
	eitherOfThem = regexp.MustCompile(`或者?是?|还是|要么|要不就?|[,，、/]|和|跟|\bor\b|\band\b`)
	// formerOne and latterOne point at one of two.
	formerOne = regexp.MustCompile(`^(?:那就?|就|选|要|还是|按|我)*(?:第一个|前者|前面?(?:那|一|那一)?个|头一个)(?:时间)?(?:吧|好了|的|啊)*$|^(?:the )?(?:former|first|first one|earlier one)(?: please| then)?$`)
	latterOne = regexp.MustCompile(`^(?:那就?|就|选|要|还是|按|我)*(?:第二个|后者|后面?(?:那|一|那一)?个|最后(?:那|一|那一)?个)(?:时间)?(?:吧|好了|的|啊)*$|^(?:the )?(?:latter|second|second one|later one|last one)(?: please| then)?$`)
)

// orTime is what stands between two times of which one has to be chosen.
var orTime = regexp.MustCompile(`或者?是?|还是|要么|\bor\b`)

// namesTwo reports an answer that names two times of which one has to be chosen, at
// least one of them with its hour.
func (t *turn) namesTwo(f *Frame, s Slot) bool {
	text := t.scan().text()
	if !s.Future || len(f.Heard[s.ID]) > 0 || !orTime.MatchString(text) || except.MatchString(text) || busy.MatchString(text) || notThis.MatchString(text) {
		return false
	}
	times := t.timesIn(s)
	return len(times) == 2 && times[0] != times[1] && slices.ContainsFunc(times, func(h string) bool { return strings.Contains(h, "T") })
}

// hears remembers the times that a message names, where it names several.
func (t *turn) hears(f *Frame, s Slot) {
	if s.Type != Moment || !s.Future {
		return
	}
	if times := t.timesIn(s); len(times) > 1 {
		f.remember(s.ID, times...)
	}
}

// timesIn returns the times that a message names, each in a part of its own.
func (t *turn) timesIn(s Slot) (times []string) {
	day := ""
	for _, part := range eitherOfThem.Split(t.scan().text(), -1) {
		v, err := s.read(newScan(part), true, t.Reading)
		if err != nil || v.Said == "" {
			continue
		}
		if _, _, hasDay, _ := readDays(newScan(v.Said), t.now(), 0); hasDay {
			day = v.Text[:len(dayForm)]
		} else if day != "" {
			v.Text = strings.ReplaceAll(v.Text, v.Text[:len(dayForm)], day)
		}
		times = append(times, v.Text)
	}
	return times
}

// remember keeps times for a slot in the place of those before.
func (f *Frame) remember(slot string, times ...string) {
	if f.Heard == nil {
		f.Heard = map[string][]string{}
	}
	f.Heard[slot] = times
}

// inHeard returns an answer for a time with what was said of it before: the hour where
// it tells a day only, the day where it tells an hour only, one of the times where it
// points at one.
func (t *turn) inHeard(f *Frame, s Slot, v Value, read bool) (Value, bool) {
	heard := f.Heard[s.ID]
	if s.Type != Moment || len(heard) == 0 {
		return v, read
	}
	all := bare(t.Text)
	at := func(i int) Value { return Value{Type: s.Type, Text: heard[i], Said: t.said} }
	switch {
	case len(heard) == 2 && formerOne.MatchString(all):
		return at(0), true
	case len(heard) == 2 && latterOne.MatchString(all):
		return at(1), true
	case !read:
		return v, false
	}
	_, _, hasDay, _ := readDays(newScan(v.Said), t.now(), 0)
	switch {
	case hasDay && len(v.Text) == len(dayForm):
		if same := slices.DeleteFunc(slices.Clone(heard), func(h string) bool { return h[:len(dayForm)] != v.Text }); len(same) == 1 {
			v.Text = same[0]
			return v, true
		}
		if hour := hourOf(heard); hour != "" {
			v.Text = strings.ReplaceAll(hour, hour[:len(dayForm)], v.Text)
		}
	case !hasDay && strings.Contains(v.Text, "T"):
		if i := slices.IndexFunc(heard, func(h string) bool { return t.within(h, v, heard) }); i >= 0 {
			return at(i), true
		}
		if sameDay(heard) {
			v.Text = strings.ReplaceAll(v.Text, v.Text[:len(dayForm)], heard[0][:len(dayForm)])
		}
	}
	return v, true
}

// hourOf returns one of some times where all of them are at the same hour of a day.
func hourOf(times []string) string {
	for _, h := range times {
		if !strings.Contains(h, "T") || strings.ReplaceAll(h, h[:len(dayForm)], "") != strings.ReplaceAll(times[0], times[0][:len(dayForm)], "") {
			return ""
		}
	}
	return times[0]
}

// sameDay reports whether some times are all on one day.
func sameDay(times []string) bool {
	return !slices.ContainsFunc(times, func(h string) bool { return h[:len(dayForm)] != times[0][:len(dayForm)] })
}

// within reports whether one of some times of a day is the only one in a part of the day
// that was named: of ten and three o'clock 下午的 is the latter.
func (t *turn) within(time string, v Value, all []string) bool {
	zone, found := t.now().Location(), 0
	in := func(h string) bool {
		x := Value{Type: Moment, Text: strings.ReplaceAll(v.Text, v.Text[:len(dayForm)], h[:len(dayForm)])}
		from, to, ok := x.Span(zone)
		a, b, fine := Value{Type: Moment, Text: h}.Span(zone)
		return ok && fine && strings.Contains(h, "T") && !a.Before(from) && !b.After(to)
	}
	for _, h := range all {
		if in(h) {
			found++
		}
	}
	return found == 1 && in(time)
}
