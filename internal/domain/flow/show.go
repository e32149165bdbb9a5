package flow

import (
	"strconv"
	"strings"
	"time"
)

// showMoment writes a moment for a person.
func showMoment(text string, english bool) string {
	from, to, isSpan := strings.Cut(text, "/")
	if !isSpan {
		return showDay(from, english)
	}
	if from[:min(10, len(from))] == to[:min(10, len(to))] && len(to) > 11 {
		return showDay(from, english) + "–" + to[11:]
	}
	if len(to) > 11 && to[11:] == "00:00" { // until midnight
		return showDay(from, english) + "–24:00"
	}
	return showDay(from, english) + "–" + showDay(to, english)
}

func showDay(text string, english bool) string {
	form := dayForm
	if len(text) > len(dayForm) {
		form = minuteForm
	}
	t, err := time.Parse(form, text)
	if err != nil {
		return text
	}
	clock := ""
	if form == minuteForm {
		clock = " " + t.Format("15:04")
	}
	if english {
		return t.Format("Mon 2 Jan 2006") + clock
	}
	return strconv.Itoa(t.Year()) + "年" + strconv.Itoa(int(t.Month())) + "月" + strconv.Itoa(t.Day()) + "日（周" + string([]rune("日一二三四五六")[t.Weekday()]) + "）" + clock
}
