package sla

// Span is a part of a day, "09:00" to "18:00". "24:00" ends a day. In a
// Calendar a span may end on the next day, "22:00" to "06:00"; it belongs to
// the day on which it begins.
type Span struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// OfficeWeek is Monday to Friday, nine to six.
func OfficeWeek() [7][]Span {
	var w [7][]Span
	for d := range w {
		w[d] = []Span{}
		if d < 5 {
			w[d] = []Span{{From: "09:00", To: "18:00"}}
		}
	}
	return w
}

// everyDay is a week with the same spans on each day.
func everyDay(spans ...Span) [7][]Span {
	var w [7][]Span
	for d := range w {
		w[d] = append([]Span{}, spans...) // never nil: in JSON a day is a list
	}
	return w
}

const minutesOfDay = 24 * 60

// minutes reads a span as minutes since midnight of the day on which it
// begins; to is past 1440 if it ends on the next day.
func (s Span) minutes() (from, to int, ok bool) {
	from, ok1 := minute(s.From)
	to, ok2 := minute(s.To)
	if !ok1 || !ok2 || from == to || from == minutesOfDay {
		return 0, 0, false
	}
	if to < from {
		to += minutesOfDay
	}
	return from, to, true
}

// minute reads "09:30" as minutes since midnight.
func minute(s string) (int, bool) {
	if s == "24:00" {
		return minutesOfDay, true
	}
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	h, m := int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	return h*60 + m, h < 24 && m < 60
}
