package sms

import (
	"strings"

	"yingda/internal/domain/sla"
)

var weekdays = [7]string{"周一", "周二", "周三", "周四", "周五", "周六", "周日"}

// Hours returns when somebody answers in few words, for a value of a template:
// 周一至周五09:00-18:00. Holidays are not named.
func Hours(c sla.Calendar) string {
	if c.Always {
		return "全天24小时"
	}
	var parts []string
	for from := 0; from < 7; {
		to := from
		for to+1 < 7 && spans(c, to+1) == spans(c, from) {
			to++
		}
		if s := spans(c, from); s != "" {
			days := weekdays[from]
			switch {
			case from == 0 && to == 6:
				days = "每天"
			case to > from:
				days += "至" + weekdays[to]
			}
			parts = append(parts, days+s)
		}
		from = to + 1
	}
	return strings.Join(parts, "，")
}

func spans(c sla.Calendar, day int) string {
	var all []string
	for _, s := range c.Week[day] {
		all = append(all, s.From+"-"+s.To)
	}
	return strings.Join(all, "、")
}
