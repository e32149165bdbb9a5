package workforce

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/shift"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/sheet"
	"yingda/internal/store"
)

// Adherence is how one agent kept to the roster: planned against presence
// (domain reference §5.3, report 25).
type Adherence struct {
	Agent   agent.ID `json:"agent_id"`
	Name    string   `json:"name"`
	Shifts  int      `json:"shifts"`
	Planned float64  `json:"planned_h"`
	Worked  float64  `json:"worked_h"`
	Share   float64  `json:"share"` // worked of planned, 0 to 1
	Late    int      `json:"late"`
	LateM   float64  `json:"late_min"`
	Early   int      `json:"early"`
	EarlyM  float64  `json:"early_min"`
	Absent  int      `json:"absent"`
}

// Definition says what a number counts.
type Definition struct {
	Field string     `json:"field"`
	Means inbox.Text `json:"means"`
}

// AdherencePage is a page of it, with what the numbers count.
type AdherencePage struct {
	Items   []Adherence  `json:"items"`
	Next    string       `json:"next,omitzero"`
	Defined []Definition `json:"defined"`
}

// Adherence returns how agents kept to the roster on the days asked for, a page
// by agent; of today, what is past counts.
func (w *Workforce) Adherence(ctx context.Context, by agent.Actor, ask Ask) (p AdherencePage, err error) {
	defer fault.Wrap(&err, "adherence from %s", ask.From)
	if err := by.Need(agent.RosterManage); err != nil {
		return p, err
	}
	if err := span(ask.From, ask.To, longestRoster); err != nil {
		return p, err
	}
	now := w.Now()
	err = w.DB.View(ctx, func(tx *store.Tx) error {
		zone, err := w.zone(ctx, tx)
		if err != nil {
			return err
		}
		s, err := tx.RosterSettings(ctx)
		if err != nil {
			return err
		}
		crew, next, err := tx.Crew(ctx, store.CrewList{By: by, Team: ask.Team, Words: ask.Words, Cursor: ask.Cursor, Limit: ask.Limit})
		if err != nil {
			return err
		}
		of, err := entries(ctx, tx, crew, ask.From, ask.To)
		if err != nil {
			return err
		}
		p = AdherencePage{Items: make([]Adherence, 0, len(crew)), Next: next}
		for _, m := range crew {
			row := Adherence{Agent: m.ID, Name: m.Name}
			if es := of[m.ID]; len(es) > 0 {
				from, to := es[0].Span(zone).From, es[len(es)-1].Span(zone).To
				stays, err := tx.Stays(ctx, m.ID, dayStart(ask.From, zone, from), dayStart(shift.After(ask.To, 2), zone, to), now)
				if err != nil {
					return err
				}
				row.add(es, stays, time.Duration(s.Tolerance)*time.Minute, now, zone)
			}
			p.Items = append(p.Items, row)
		}
		return nil
	})
	p.Defined = adherenceMeans
	return p, err
}

// dayStart is the midnight of a day, or a time if that is no day.
func dayStart(day string, zone *time.Location, or time.Time) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		return or
	}
	return t
}

func (a *Adherence) add(es []shift.Entry, stays []shift.Stay, tolerance time.Duration, now time.Time, zone *time.Location) {
	var planned, worked time.Duration
	for _, e := range es {
		k := shift.Keep(e, stays, tolerance, now, zone)
		if k.Planned == 0 {
			continue
		}
		a.Shifts++
		planned, worked = planned+k.Planned, worked+k.Worked
		if k.Absent {
			a.Absent++
		}
		if k.Late > 0 {
			a.Late++
			a.LateM += k.Late.Minutes()
		}
		if k.Early > 0 {
			a.Early++
			a.EarlyM += k.Early.Minutes()
		}
	}
	a.Planned, a.Worked = planned.Hours(), worked.Hours()
	a.Share = shift.Kept{Planned: planned, Worked: worked}.Share()
}

var adherenceMeans = []Definition{
	{"planned_h", inbox.Text{Zh: "排班的净工时（不含休息）；今天只算已经过去的部分", En: "Hours of work on the roster, breaks left out; of today, what is past"}},
	{"worked_h", inbox.Text{Zh: "其中状态为在线、忙碌、会议或培训的时间", En: "Of these, the time online, busy, in a meeting or in training"}},
	{"share", inbox.Text{Zh: "在岗时间占排班工时的比例", En: "Worked of planned"}},
	{"late", inbox.Text{Zh: "第一次出现晚于上班时间超过容许范围的班次；上班前 30 分钟内到岗算准时", En: "Shifts whose first sign of presence comes after their beginning by more than the tolerance; up to 30 minutes before counts"}},
	{"early", inbox.Text{Zh: "最后一次在场早于下班时间超过容许范围的班次", En: "Shifts whose last sign of presence comes before their end by more than the tolerance"}},
	{"absent", inbox.Text{Zh: "整个班次都没有出现", En: "Shifts without any sign of presence"}},
}

// CSV writes the page as a table.
func (p AdherencePage) CSV(out io.Writer, language string) error {
	rows := [][]string{{"agent", "shifts", "planned_h", "worked_h", "share", "late", "late_min", "early", "early_min", "absent"}}
	for _, a := range p.Items {
		rows = append(rows, []string{sheet.Safe(a.Name), strconv.Itoa(a.Shifts), decimal(a.Planned), decimal(a.Worked), decimal3(a.Share), strconv.Itoa(a.Late), decimal(a.LateM), strconv.Itoa(a.Early), decimal(a.EarlyM), strconv.Itoa(a.Absent)})
	}
	for _, d := range p.Defined {
		rows = append(rows, []string{"definition", d.Field, d.Means.In(language), "", "", "", "", "", "", ""})
	}
	return writeTable(out, rows)
}

// writeTable writes rows in UTF-8 with a byte order mark, so that office
// programs read the Chinese.
func writeTable(out io.Writer, rows [][]string) error {
	if _, err := io.WriteString(out, "\ufeff"); err != nil {
		return err
	}
	return csv.NewWriter(out).WriteAll(rows)
}

func decimal(f float64) string  { return strconv.FormatFloat(f, 'f', 1, 64) }
func decimal3(f float64) string { return strconv.FormatFloat(f, 'f', 3, 64) }
