package demo

import (
	"context"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/certificate"
	"yingda/internal/domain/shift"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/staffing"
	"yingda/internal/store"
)

// shifts are the kinds of shift of 远行汽车.
var shifts = []shift.Template{
	{Name: "早班", Color: shift.Blue, Hours: shift.Hours{From: "08:00", To: "16:00", Breaks: []sla.Span{{From: "11:30", To: "12:00"}}}},
	{Name: "日班", Color: shift.Green, Hours: shift.Hours{From: "09:00", To: "18:00", Breaks: []sla.Span{{From: "12:00", To: "13:00"}}}},
	{Name: "晚班", Color: shift.Amber, Hours: shift.Hours{From: "14:00", To: "22:00", Breaks: []sla.Span{{From: "17:30", To: "18:00"}}}},
	{Name: "夜班", Color: shift.Violet, Hours: shift.Hours{From: "22:00", To: "06:00", Breaks: []sla.Span{{From: "02:00", To: "02:30"}}}},
}

// usual is who works what on the days of a week, Monday first: a digit is a
// kind of shift, a dot a day off.
var usual = map[string]string{
	"lin@demo":  "00000..",
	"zhao@demo": "2222.2.",
	"chen@demo": "1..1112",
	"wang@demo": "11111..",
}

// fillRoster gives the last three weeks, this one and the next two a roster,
// and the days that are past a presence beside it.
func fillRoster(ctx context.Context, tx *store.Tx, now time.Time) error {
	company, err := tx.Company(ctx)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(company.PhoneHours.Zone)
	if err != nil {
		return err
	}
	made := make([]shift.Template, len(shifts))
	for i, t := range shifts {
		t.ID, t.Version = shift.NewID(now), 1
		if err := tx.InsertShift(ctx, t); err != nil {
			return err
		}
		made[i] = t
	}
	as, err := tx.Agents(ctx, 0, 100)
	if err != nil {
		return err
	}
	today := shift.DayOf(now, zone)
	first := shift.After(shift.Monday(today), -21)
	for _, a := range as {
		week, ok := usual[a.Email]
		if !ok {
			continue
		}
		var days []shift.Entry
		for i, day := range shift.Days(first, shift.After(first, 6*7-1)) {
			if k := week[i%7]; k != '.' {
				e := made[k-'0'].Of(a.ID, day)
				e.Version = 1
				days = append(days, e)
			}
		}
		for _, e := range days {
			if err := tx.PutRoster(ctx, e); err != nil {
				return err
			}
		}
		if err := fillPresence(ctx, tx, days, now, zone); err != nil {
			return err
		}
	}
	return nil
}

// fillPresence lets somebody come and go for the shifts that are over: mostly
// in time, now and then late.
func fillPresence(ctx context.Context, tx *store.Tx, days []shift.Entry, now time.Time, zone *time.Location) error {
	for i, e := range days {
		whole := e.Span(zone)
		if !whole.To.Before(now) {
			return nil
		}
		come, leave := -time.Duration(i%4)*time.Minute, time.Duration(i%3)*time.Minute
		switch (i*7 + int(e.Agent%5)) % 11 {
		case 0:
			come = 12 * time.Minute
		case 5:
			leave = -18 * time.Minute
		}
		parts := e.Working(zone)
		for k, part := range parts {
			if k == 0 {
				part.From = part.From.Add(come)
			}
			if k == len(parts)-1 {
				part.To = part.To.Add(leave)
			}
			if err := tx.LogStay(ctx, e.Agent, shift.Stay{Stretch: part, State: agent.Online}); err != nil {
				return err
			}
			if k < len(parts)-1 {
				meal := shift.Stretch{From: part.To, To: parts[k+1].From}
				if err := tx.LogStay(ctx, e.Agent, shift.Stay{Stretch: meal, State: agent.Break, Reason: "meal"}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// busyness is how many ask for a person in the half hours from 08:00 to 22:00
// of a weekday: a peak in the morning, one after lunch.
var busyness = [28]float64{3, 4, 6, 9, 13, 15, 14, 12, 9, 6, 5, 6, 10, 12, 11, 9, 8, 7, 6, 5, 5, 6, 6, 5, 4, 3, 2, 1}

// weekdays is how much of that comes on the days of a week, Monday first.
var weekdays = [7]float64{1.25, 1.05, 1, 0.95, 1, 0.7, 0.6}

// fillArrivals gives the last ten weeks contacts, more in the last four, when
// the waits became shorter. It is the same on the same day.
func fillArrivals(ctx context.Context, tx *store.Tx, now time.Time) error {
	company, err := tx.Company(ctx)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(company.PhoneHours.Zone)
	if err != nil {
		return err
	}
	today := shift.DayOf(now, zone)
	for back := 70; back >= 1; back-- {
		day, err := time.ParseInLocation(time.DateOnly, shift.After(today, -back), zone)
		if err != nil {
			return err
		}
		for i, usual := range busyness {
			at := day.Add(8*time.Hour + time.Duration(i)*staffing.HalfHour)
			n := int(usual*weekdays[(int(day.Weekday())+6)%7]*(0.85+0.3*sway(back, i)) + 0.5)
			if n == 0 {
				continue
			}
			if err := tx.AddArrival(ctx, "webchat", at, arrived(n, back, i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// arrived is what became of n contacts: the more come, the longer they wait.
func arrived(n, back, i int) staffing.Arrivals {
	wait := 6 + 3*float64(n)*sway(i, back)
	if back > 28 {
		wait *= 1.8
	}
	gaveUp := int(float64(n) * min(0.15, wait/600))
	if gaveUp == 0 && n > 5 && sway(back+1, i) > 0.8 {
		gaveUp = 1
	}
	answered := n - gaveUp
	late := min(answered, int(float64(n)*min(0.6, wait/150)))
	handling := time.Duration((360 + 120*sway(back, i+7)) * float64(time.Second))
	answer := time.Duration(float64(answered) * wait * float64(time.Second))
	return staffing.Arrivals{
		Offered: n, Answered: answered, Abandoned: gaveUp, Promised: n, InTime: answered - late,
		Wait: answer + time.Duration(float64(gaveUp)*(wait+25)*float64(time.Second)), AnswerWait: answer,
		Handled: answered, Handling: time.Duration(answered) * handling,
	}
}

// sway is a number from 0 to 1 that looks like chance and is always the same.
func sway(a, b int) float64 { return float64((a*7919+b*104729+a*b*31)%1000) / 1000 }

// certificates are what people are trained for: name, kind, issuer, and in how
// many days each ends (0: never).
var certificates = []struct {
	Login, Name, Issuer string
	Kind                certificate.Kind
	Ends                int
}{
	{"lin", "低压电工证", "上海市应急管理局", certificate.Paper, 23},
	{"lin", "新能源汽车高压安全培训", "远行汽车培训中心", certificate.Training, 0},
	{"zhao", "呼叫中心服务能力认证", "中国标准化研究院", certificate.Paper, 400},
	{"zhao", "三包法规培训", "远行汽车培训中心", certificate.Training, 5},
	{"chen", "机动车检测维修士", "人力资源和社会保障部", certificate.Paper, -12},
}

// fillCertificates gives agents what they are trained for.
func fillCertificates(ctx context.Context, tx *store.Tx, now time.Time) error {
	as, err := tx.Agents(ctx, 0, 100)
	if err != nil {
		return err
	}
	today := now.Format(time.DateOnly)
	for _, c := range certificates {
		for _, a := range as {
			if a.Email != c.Login+"@demo" {
				continue
			}
			made := certificate.Certificate{ID: certificate.NewID(now), Agent: a.ID, Kind: c.Kind, Name: c.Name, Issuer: c.Issuer, Issued: shift.After(today, c.Ends-3*365)}
			if c.Ends != 0 {
				made.Expires = shift.After(today, c.Ends)
			}
			if err := tx.InsertCertificate(ctx, made); err != nil {
				return err
			}
		}
	}
	return nil
}
