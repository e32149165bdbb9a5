// Package workforce plans who works when (排班): kinds of shift, the roster,
// swaps between agents; how much comes in, how many people it takes, and what
// agents are trained for.
//
// The rules stand in [shift] and [staffing]. What an agent does comes with an
// [agent.Actor] whose rights are checked here; what follows later is a job.
package workforce

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/event"
	"yingda/internal/domain/shift"
	"yingda/internal/domain/sla"
	"yingda/internal/job"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Workforce does the planning. Its fields are set once, before it is used.
type Workforce struct {
	DB   *store.DB
	Now  func() time.Time
	Log  *slog.Logger
	Desk *desk.Desk
}

// The kinds of job that planning leaves.
const (
	SwapLapseJob   = "workforce.swap_lapse"   // a shift begins whose swap nobody decided
	MeasureJob     = "workforce.measure"      // what came in is summed by half hour
	TrialJob       = "workforce.trial"        // a day is simulated
	CertificateJob = "workforce.certificates" // who is told that a certificate runs out?
)

// SwapWork is the payload of SwapLapseJob.
type SwapWork struct {
	Swap shift.SwapID `json:"swap"`
}

// Jobs returns how the jobs of planning are done.
func (w *Workforce) Jobs() []job.Kind {
	return []job.Kind{
		{Name: SwapLapseJob, Do: job.With(w.LapseSwap)},
		{Name: MeasureJob, Every: measureEvery, Do: func(ctx context.Context, _ json.RawMessage) error { return w.Measure(ctx) }},
		{Name: TrialJob, Do: job.With(w.RunTrial)},
		{Name: CertificateJob, Every: time.Hour, Do: func(ctx context.Context, _ json.RawMessage) error { return w.WarnCertificates(ctx) }},
	}
}

// zone is where the company's days are.
func (w *Workforce) zone(ctx context.Context, tx *store.Tx) (*time.Location, error) {
	s, err := tx.Company(ctx)
	if err != nil {
		return nil, err
	}
	return s.PhoneHours.Location(), nil
}

// crewLimit is how many people one roster holds.
const crewLimit = 10_000

// reach are the people whose roster the actor may change.
func (w *Workforce) reach(ctx context.Context, tx *store.Tx, by agent.Actor, team agent.TeamID) (map[agent.ID]store.CrewMember, error) {
	crew, _, err := tx.Crew(ctx, store.CrewList{By: by, Team: team, Limit: crewLimit})
	all := make(map[agent.ID]store.CrewMember, len(crew))
	for _, m := range crew {
		all[m.ID] = m
	}
	return all, err
}

var errCrew = fault.New(fault.NotFound, "roster.agent", "this agent is not on a roster that you may change").In("agent_id")

// calendar is the one whose holidays the roster shows.
const calendar = sla.Office

// Day is a day of the roster.
type Day struct {
	Day     string       `json:"day"`
	Cause   sla.DayCause `json:"cause"`   // why it is open or not: week, holiday, makeup, exception
	Name    string       `json:"name"`    // of the holiday or exception
	Open    bool         `json:"open"`    // a working day of the office calendar
	Sure    bool         `json:"sure"`    // false: the notice of the year is missing
	Holiday bool         `json:"holiday"` // off by the notice or the law
}

// days returns the days from one to another as the office calendar has them.
func (w *Workforce) days(ctx context.Context, from, to string) ([]Day, error) {
	p, err := w.Desk.Promises(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]sla.Day{}
	if table, ok := p.Timetable(calendar); ok {
		for year := yearOf(from); year <= yearOf(to); year++ {
			for _, d := range table.Days(year) {
				known[d.Date] = d
			}
		}
	}
	var days []Day
	for _, day := range shift.Days(from, to) {
		d, ok := known[day]
		if !ok {
			d = sla.Day{Open: true, As: sla.ByWeek, Sure: true}
		}
		days = append(days, Day{Day: day, Cause: d.As, Name: d.Name, Open: d.Open, Sure: d.Sure, Holiday: d.As == sla.ByHoliday || d.As == sla.ByException && !d.Open})
	}
	return days, nil
}

func yearOf(day string) int {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0
	}
	return d.Year()
}

func holidays(days []Day) map[string]string {
	names := map[string]string{}
	for _, d := range days {
		if d.Holiday {
			names[d.Day] = d.Name
		}
	}
	return names
}

// span checks the days that are asked for.
func span(from, to string, most int) error {
	if err := shift.CheckDay(from, "from"); err != nil {
		return err
	}
	if err := shift.CheckDay(to, "to"); err != nil {
		return err
	}
	if days := shift.Days(from, to); len(days) == 0 || len(days) > most {
		return fault.New(fault.Invalid, "roster.span", "choose from 1 to %d days; the last one is not before the first", most).In("to")
	}
	return nil
}

// tell leaves a notice about planning.
func (w *Workforce) tell(ctx context.Context, tx *store.Tx, to agent.ID, kind, text, from string) error {
	return w.Desk.Inform(ctx, tx, to, event.Notice{Kind: kind, Text: text, FromName: from})
}
