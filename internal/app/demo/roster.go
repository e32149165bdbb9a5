package demo

import (
	"context"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/shift"
	"yingda/internal/domain/sla"
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
