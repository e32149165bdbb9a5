package site

import (
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/sla"
)

// hoursInWords says when somebody answers: "周一至周五 09:00–18:00，节假日休息".
func hoursInWords(p *Page, h sla.Hours) (string, error) {
	words, err := weekInWords(p, h.Always, h.Week)
	if err != nil || h.Always || len(h.Closed) == 0 {
		return words, err
	}
	return p.T("hours.holidays", words)
}

// calendarInWords says the same of a working calendar: statutory holidays are
// closed where it keeps them, and weekend days that the notice makes working
// days are open (R002).
func calendarInWords(p *Page, c sla.Calendar) (string, error) {
	words, err := weekInWords(p, c.Always, c.Week)
	if err != nil || c.Always || c.Holidays != sla.China {
		return words, err
	}
	if c.OpenOnMakeupDays && slices.ContainsFunc(c.Week[:], func(day []sla.Span) bool { return len(day) == 0 }) {
		return p.T("hours.makeup", words)
	}
	return p.T("hours.holidays", words)
}

func weekInWords(p *Page, always bool, week [7][]sla.Span) (string, error) {
	if always {
		return p.T("hours.always")
	}
	var parts []string
	for day := 0; day < 7; {
		last := day
		for last < 6 && slices.Equal(week[last+1], week[day]) {
			last++
		}
		if len(week[day]) > 0 {
			days, err := daysInWords(p, day, last)
			if err != nil {
				return "", err
			}
			parts = append(parts, days+" "+spansInWords(p, week[day]))
		}
		day = last + 1
	}
	if len(parts) == 0 {
		return p.T("hours.never")
	}
	between, err := p.T("hours.between")
	if err != nil {
		return "", err
	}
	return strings.Join(parts, between), nil
}

func daysInWords(p *Page, from, to int) (string, error) {
	first, err := dayName(p, from)
	if err != nil || from == to {
		return first, err
	}
	if from == 0 && to == 6 {
		return p.T("hours.daily")
	}
	last, err := dayName(p, to)
	if err != nil {
		return "", err
	}
	return p.T("hours.days", first, last)
}

// dayName names a day of the week, Monday being 0.
func dayName(p *Page, day int) (string, error) {
	return p.T([...]string{"day.mon", "day.tue", "day.wed", "day.thu", "day.fri", "day.sat", "day.sun"}[day])
}

func spansInWords(p *Page, spans []sla.Span) string {
	var s []string
	for _, sp := range spans {
		s = append(s, sp.From+"–"+sp.To)
	}
	if p.Language == "zh" {
		return strings.Join(s, "、")
	}
	return strings.Join(s, ", ")
}

// opening is when somebody answers: hours, or the timetable of a calendar.
type opening interface {
	OpenAt(t time.Time) bool
	NextChange(t time.Time) (time.Time, bool)
}

// stateInWords says whether somebody answers now, and when that changes:
// "当前休息，周一 09:00 开始".
func stateInWords(p *Page, h opening, zone string) (open bool, words string, err error) {
	open = h.OpenAt(p.Now)
	change, ok := h.NextChange(p.Now)
	switch {
	case open && !ok:
		words, err = p.T("state.open")
	case !ok:
		words, err = p.T("state.closed")
	default:
		var when string
		if when, err = momentInWords(p, zone, change); err != nil {
			return open, "", err
		}
		key := "state.closed_until"
		if open {
			key = "state.open_until"
		}
		words, err = p.T(key, when)
	}
	return open, words, err
}

// momentInWords names a moment that is near: today's by its time, one of this
// week by its day, and others by their date, all in the zone of the hours.
func momentInWords(p *Page, name string, t time.Time) (string, error) {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return "", err
	}
	t, now := t.In(zone), p.Now.In(zone)
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, zone)
	clock := t.Format("15:04")
	switch {
	case t.Before(midnight.AddDate(0, 0, 1)):
		return p.T("moment.today", clock)
	case t.Before(midnight.AddDate(0, 0, 7)):
		day, err := dayName(p, (int(t.Weekday())+6)%7)
		return day + " " + clock, err
	case p.Language == "zh":
		return t.Format("1月2日 15:04"), nil
	default:
		return t.Format("2 Jan 15:04"), nil
	}
}
