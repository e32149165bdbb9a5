package flow

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"yingda/internal/kit/fault"
)

// mostDays is how many days are looked for in one message.
const mostDays = 4

var (
	// joins stands between two times of which either will do, or from one to the
	// other.
	joins = regexp.MustCompile(`^[ ,，、/]*(?:或者?是?|还是|要么|和|跟|及|与|到|至|[\-~—～]+|or|and|to)?[ ,，、/]*$`)
	// eitherTime stands between two times of day of which either will do.
	eitherTime = regexp.MustCompile(`^[ ,，、/]*(?:或者?是?|还是|要么|和|跟|or) *$`)
	// allDo says that any of the times before it will do.
	allDo = regexp.MustCompile(`^[ ,，、]*(?:都|全)(?:行|可以|成|好|方便|有空|没问题|ok)`)
	// nextInWeek is the second of two days of the week that share their name: 周六日.
	nextInWeek = regexp.MustCompile(`^[、/或到至~\-]?([一二三四五六日天]+)(?:[^ 个点号月年十0-9一二三四五六七八九]|[ ]|$)`)
	// nextOfMonth stands before a day of the month and shares its 号: 3、4号.
	nextOfMonth = regexp.MustCompile(`(\d{1,2}) ?[、,，/或到至~\-]+(?:者)? ?$`)
)

// dayAt is a day that was read and where it stands.
type dayAt struct {
	days
	at span
}

// daysIn returns the days that a message names one beside the other, in their
// order.
func daysIn(sc *scan, today time.Time) (list []dayAt) {
	c := sc.clone()
	for range mostDays {
		d, sp, ok, _ := readDays(c, today, 1)
		if !ok || d.now || d.loose {
			break
		}
		for sp.from < sp.to && strings.ContainsRune(" ,，、/"+string(blot), c.folded[sp.from]) { // what only bounds it
			sp.from++
		}
		for sp.to > sp.from && strings.ContainsRune(" ,，、/.!"+string(blot), c.folded[sp.to-1]) {
			sp.to--
		}
		list = append(list, dayAt{d, sp})
		for i := sp.from; i < sp.to; i++ {
			c.folded[i] = blot
		}
	}
	slices.SortFunc(list, func(a, b dayAt) int { return a.at.from - b.at.from })
	return withShared(sc, list)
}

// withShared adds to days those that share a name with them.
func withShared(sc *scan, list []dayAt) (all []dayAt) {
	for i, x := range list {
		said := string(sc.folded[x.at.from:x.at.to])
		if m := nextOfMonth.FindStringSubmatchIndex(string(sc.folded[:x.at.from])); m != nil && i == 0 && !strings.ContainsAny(said, "月周") && strings.ContainsAny(said, "号日") {
			before := string(sc.folded[:x.at.from])
			n := number(before[m[2]:m[3]])
			from := len([]rune(before[:m[2]]))
			if d := x.from.AddDate(0, 0, n-x.from.Day()); n > 0 && n < x.from.Day() {
				all = append(all, dayAt{days{from: d, to: d}, span{from: from, to: from + len([]rune(before[m[2]:m[3]]))}})
			}
		}
		if m := bareWeekday.FindStringSubmatch(said); m != nil && len(all) > 0 { // 下周三周四
			n := dayOfWeek(m[1])
			if m[1] == "" {
				n = enDays[m[2]]
			}
			if d := mondayOf(all[0].from).AddDate(0, 0, n-1); !d.Before(all[0].from) { // and 12月6号周日 is one day
				x.days = days{from: d, to: d}
			}
		}
		all = append(all, x)
		if m := nextInWeek.FindStringSubmatchIndex(string(sc.folded[x.at.to:])); m != nil && namesWeekday.MatchString(said) {
			rest := string(sc.folded[x.at.to:])
			at := x.at.to + len([]rune(rest[:m[2]]))
			for i, r := range []rune(rest[m[2]:m[3]]) { // 周一三五
				if d := mondayOf(x.from).AddDate(0, 0, dayOfWeek(string(r))-1); d.After(x.from) {
					all = append(all, dayAt{days{from: d, to: d}, span{from: at + i, to: at + i + 1}})
				}
			}
		}
	}
	return all
}

var namesWeekday = regexp.MustCompile(`(?:周|星期|礼拜)` + weekday + `$`)

// readSeveral reads a message that names more than one time of which any will do:
// days that follow each other are a span of days, others are asked about. several
// is false where there is one time or none.
func (s Slot) readSeveral(sc *scan, asked bool, r Reading) (v Value, err *fault.Error, several bool) {
	if !s.Future {
		return Value{}, nil, false
	}
	none := fault.New(fault.NotFound, "flow.moment_none", "no day or time was found; write it as 3 December, 15:00")
	two := none
	if asked {
		two = fault.New(fault.Invalid, "flow.moment_two", "this names more than one time; name the one that suits best")
	}
	now := r.now()
	list := daysIn(sc, time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location()))
	rest := sc.clone()
	if len(list) > 1 && notThis.MatchString(string(sc.folded[:list[len(list)-1].at.from])) {
		return Value{}, nil, false
	}
	for i, x := range list {
		if i > 0 && !joins.MatchString(strings.TrimSuffix(partOnly.ReplaceAllString(string(sc.folded[list[i-1].at.to:x.at.from]), ""), "的")) {
			return Value{}, nil, false
		}
		for k := x.at.from; k < x.at.to; k++ {
			rest.folded[k] = blot
		}
	}
	first, last := time.Time{}, time.Time{}
	for i, x := range list {
		if i == 0 || x.from.Before(first) {
			first = x.from
		}
		if i == 0 || x.from.After(last) {
			last = x.from
		}
	}
	_, hour, timed := readHours(rest)
	if len(list) < 2 || first.Equal(last) {
		return s.readEither(sc, rest, hour, timed, first, two, none)
	}
	through := slices.ContainsFunc(list[1:], func(x dayAt) bool {
		return x.at.from > 0 && strings.ContainsAny(string(sc.folded[list[0].at.to:x.at.from]), "到至-~—～")
	})
	switch days := int(last.Sub(first).Hours()/24+0.5) + 1; {
	case timed || days != len(list) && !through || !last.AddDate(0, 0, 1).After(now):
		return Value{}, two, true
	}
	said := sc.take(list[0].at.from, list[len(list)-1].at.to)
	return Value{Text: first.Format(dayForm) + "/" + last.Format(dayForm), Said: said}, nil, true
}

// partOnly is a part of the day between two days.
var partOnly = regexp.MustCompile(`上午|下午|中午|晚上|早上|傍晚|morning|afternoon`)

// notThis is what stands before a day that is not meant.
var notThis = regexp.MustCompile(`不|别|没|\bnot\b|n't`)

// readEither reads a message that names one day at most, and two times of it: where
// both will do it is the day, where they are to choose between one is asked for.
func (s Slot) readEither(sc, rest *scan, first span, timed bool, day time.Time, two, none *fault.Error) (v Value, err *fault.Error, several bool) {
	if !timed {
		return Value{}, nil, false
	}
	more := rest.clone()
	for k := first.from; k < first.to; k++ {
		more.folded[k] = blot
	}
	_, second, ok := readHours(more)
	if !ok || second.from < first.from {
		return Value{}, nil, false
	}
	between, behind := string(sc.folded[first.to:max(first.to, second.from)]), string(sc.folded[second.to:])
	switch {
	case allDo.MatchString(behind) && (between == "" || joins.MatchString(between)) && day.IsZero():
		return Value{}, none, true
	case allDo.MatchString(behind) && (between == "" || joins.MatchString(between)):
		return Value{Text: day.Format(dayForm), Said: sc.take(0, second.to)}, nil, true
	case eitherTime.MatchString(between):
		return Value{}, two, true
	}
	return Value{}, nil, false
}
