package sla

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"yingda/internal/kit/fault"
)

// Notice is the State Council's notice of the holidays of one year (放假通知),
// in the form of the public holiday-cn files.
type Notice struct {
	Year   int         `json:"year"`
	Papers []string    `json:"papers"` // where it was published
	Days   []NoticeDay `json:"days"`
}

// NoticeDay is one date of a notice: a day off, or a weekend day that is worked.
type NoticeDay struct {
	Name string `json:"name"` // "国庆节"
	Date string `json:"date"` // "2026-10-01"
	Off  bool   `json:"isOffDay"`
}

// ParseNotice reads and checks the JSON of a notice.
func ParseNotice(b []byte) (Notice, error) {
	var n Notice
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&n); err != nil || d.More() {
		return Notice{}, fault.New(fault.Invalid, "notice.json", "this is not the notice of a year; it looks like {\"year\": 2026, \"papers\": [], \"days\": [{\"name\", \"date\", \"isOffDay\"}]}").Because(err)
	}
	if err := n.Check(); err != nil {
		return Notice{}, err
	}
	return n, nil
}

// Check says what is wrong with the notice: a date twice, a date far from the
// year, a working day that is none, no day off at all or too many. A notice may
// reach into the December before and the January after, as that of 2023 does.
func (n Notice) Check() error {
	if n.Year < 2000 || n.Year > 2100 {
		return fault.New(fault.Invalid, "notice.year", "a notice is for a year between 2000 and 2100, not for %d", n.Year).In("notice.year")
	}
	seen := map[string]bool{}
	for _, d := range n.Days {
		day, err := time.Parse(time.DateOnly, d.Date)
		if err != nil {
			return fault.New(fault.Invalid, "notice.date", "%q in the notice of %d is not a date; write it like 2026-10-01", d.Date, n.Year).In("notice.days")
		}
		if was, ok := seen[d.Date]; ok && was != d.Off {
			return fault.New(fault.Invalid, "notice.both", "the notice of %d says that %s is off and that it is worked; keep one", n.Year, d.Date).In("notice.days")
		} else if ok {
			return fault.New(fault.Invalid, "notice.twice", "%s stands twice in the notice of %d", d.Date, n.Year).In("notice.days")
		}
		seen[d.Date] = d.Off
		switch {
		case !n.reaches(day):
			return fault.New(fault.Invalid, "notice.far", "%s is not in the year of the notice, %d", d.Date, n.Year).In("notice.days")
		case !d.Off && weekday(day) < 5:
			return fault.New(fault.Invalid, "notice.weekday", "%s is not a weekend day, so the notice of %d cannot make it a working day", d.Date, n.Year).In("notice.days")
		}
	}
	if off := n.off(); off < 1 || off > mostOff {
		return fault.New(fault.Invalid, "notice.count", "the notice of %d has %d days off; a year has between %d and %d", n.Year, off, 1, mostOff).In("notice.days")
	}
	return nil
}

// mostOff bounds the days off of a year, with the weekends that they join: real
// notices have up to 33, and a second notice may add some.
const mostOff = 60

// off counts the days off.
func (n Notice) off() int {
	off := 0
	for _, d := range n.Days {
		if d.Off {
			off++
		}
	}
	return off
}

// Whole reports whether the notice has at least as many days off as the law
// gives holidays: 13 since 2025, 11 before. One that has fewer is a part: what
// it says counts, and the rest of its year stays provisional.
func (n Notice) Whole() bool {
	if n.Year < 2025 {
		return n.off() >= 11
	}
	return n.off() >= 13
}

func (n Notice) reaches(day time.Time) bool {
	switch day.Year() {
	case n.Year:
		return true
	case n.Year - 1:
		return day.Month() == time.December
	case n.Year + 1:
		return day.Month() == time.January
	}
	return false
}

// Holidays are the notices that are known, by year. The zero value knows none.
type Holidays struct {
	notices map[int]Notice
	whole   map[int]bool // years of which nothing is missing
	marks   map[int]mark // by day
}

// mark is what a notice says of a day.
type mark struct {
	off  bool
	name string
	year int // whose notice it is
}

// NewHolidays returns the holidays of several notices; of two for one year the
// later counts. Of a date that two years name, the notice of its own year
// counts.
func NewHolidays(notices ...Notice) (Holidays, error) {
	h := Holidays{notices: map[int]Notice{}, whole: map[int]bool{}, marks: map[int]mark{}}
	for _, n := range notices {
		if err := n.Check(); err != nil {
			return Holidays{}, err
		}
		h.notices[n.Year], h.whole[n.Year] = n, n.Whole()
	}
	for _, year := range h.Years() {
		for _, d := range h.notices[year].Days {
			at, err := time.Parse(time.DateOnly, d.Date)
			if err != nil {
				return Holidays{}, fmt.Errorf("a checked notice has a bad date: %w", err)
			}
			if was, ok := h.marks[dayOf(at)]; !ok || at.Year() == year || was.year != at.Year() {
				h.marks[dayOf(at)] = mark{off: d.Off, name: d.Name, year: year}
			}
		}
	}
	return h, nil
}

//go:embed notices/2025.json
var notice2025 []byte

//go:embed notices/2026.json
var notice2026 []byte

// Shipped returns the notices that come with the program: 2025 and 2026.
func Shipped() []Notice {
	var all []Notice
	for _, b := range [][]byte{notice2025, notice2026} {
		n, err := ParseNotice(b)
		if err != nil {
			panic("sla: a notice that is built in is broken: " + err.Error())
		}
		all = append(all, n)
	}
	return all
}

// ShippedHolidays returns the holidays of the notices that come with the
// program.
func ShippedHolidays() Holidays {
	h, err := NewHolidays(Shipped()...)
	if err != nil {
		panic("sla: notices that are built in are broken: " + err.Error())
	}
	return h
}

// Years returns the years whose notice is known, earliest first.
func (h Holidays) Years() []int { return slices.Sorted(maps.Keys(h.notices)) }

// Notice returns the notice of a year.
func (h Holidays) Notice(year int) (Notice, bool) {
	n, ok := h.notices[year]
	return n, ok
}

// Missing returns the years about which administrators must be warned: this
// one, and from 1 November on the next one too, as far as their whole notice is
// not known (domain reference §2.6). now counts in Chinese time.
func (h Holidays) Missing(now time.Time) []int {
	now = now.In(china)
	years := []int{now.Year()}
	if now.Month() >= time.November {
		years = append(years, now.Year()+1)
	}
	return slices.DeleteFunc(years, func(y int) bool { return h.whole[y] })
}

// china is the time of the notices.
var china = time.FixedZone("CST", 8*60*60)

// DateInChina returns the date of a time in China: "2026-11-01".
func DateInChina(at time.Time) string { return at.In(china).Format(time.DateOnly) }

// fixed are the holidays whose date needs no notice, under the rule since 2025
// (全国年节及纪念日放假办法 art. 2). Spring festival, Qingming, Dragon Boat and
// Mid-Autumn follow the moon and the sun.
var fixed = map[[2]int]string{
	{1, 1}: "元旦", {5, 1}: "劳动节", {5, 2}: "劳动节", {10, 1}: "国庆节", {10, 2}: "国庆节", {10, 3}: "国庆节",
}

// of returns what is known of a day: what a notice says, or the fixed holidays
// in a year without a whole one. sure is false there.
func (h Holidays) of(day int) (m mark, marked, sure bool) {
	if m, ok := h.marks[day]; ok {
		return m, true, true
	}
	date := dateOf(day)
	if h.whole[date.Year()] {
		return mark{}, false, true
	}
	name, ok := fixed[[2]int{int(date.Month()), date.Day()}]
	return mark{off: true, name: name}, ok, false
}

// dayOf numbers a date, 1970-01-01 being 0, whatever its zone.
func dayOf(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// dateOf is the midnight, in UTC, of a numbered day.
func dateOf(day int) time.Time { return time.Unix(int64(day)*24*60*60, 0).UTC() }
