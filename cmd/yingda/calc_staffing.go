package main

import (
	"encoding/json"
	"errors"
	"time"

	"yingda/internal/domain/staffing"
)

// staffingFlags describe a load and what is asked about it: what becomes of it
// with so many agents, or how many reach a goal.
type staffingFlags struct {
	Calls        float64       `required:"" help:"Contacts in one interval."`
	Interval     time.Duration `default:"30m" help:"The interval, such as 30m."`
	Aht          time.Duration `required:"" help:"Handling time of one contact with hold and wrap-up, such as 180s."`
	Target       time.Duration `default:"20s" help:"Within what time they are to be answered, such as 20s."`
	Agents       int           `help:"People who answer. Leave it out to ask for --goal." xor:"question"`
	Goal         float64       `help:"Part of all contacts to be answered within the target, such as 0.8." xor:"question"`
	MaxOccupancy float64       `default:"1" help:"With --goal: the part of their time that people are busy at most, such as 0.85."`
	Language     string        `enum:"en,zh" default:"en" help:"Language of the reasons: en or zh."`
}

type calcErlangCCommand struct {
	staffingFlags
}

type calcErlangACommand struct {
	staffingFlags
	Patience time.Duration `required:"" help:"How long people wait on average before they give up, such as 120s."`
}

// staffingAnswer is what calc erlang-c prints. Agents is there if it was asked
// for.
type staffingAnswer struct {
	Agents          *int     `json:"agents,omitempty"`
	WaitProbability float64  `json:"wait_probability"`
	ASA             float64  `json:"asa_seconds"` // of those who are answered
	ServiceLevel    float64  `json:"service_level"`
	Occupancy       float64  `json:"occupancy"`
	Why             []string `json:"why"`
}

// impatientAnswer is what calc erlang-a prints.
type impatientAnswer struct {
	staffingAnswer
	Abandon  float64 `json:"abandon_probability"`
	MeanWait float64 `json:"mean_wait_seconds"` // of all who came
}

func (c *calcErlangCCommand) Run(s streams) error {
	o, err := c.ask(
		func() (staffing.Outcome, error) { return staffing.Patient(c.load(), c.Agents, c.Target) },
		func(g staffing.Goal) (staffing.Outcome, error) { return staffing.PatientAgents(c.load(), c.Target, g) },
	)
	if err != nil {
		return err
	}
	return json.NewEncoder(s.Out).Encode(c.answer(o, 0))
}

func (c *calcErlangACommand) Run(s streams) error {
	o, err := c.ask(
		func() (staffing.Outcome, error) { return staffing.Impatient(c.load(), c.Agents, c.Target, c.Patience) },
		func(g staffing.Goal) (staffing.Outcome, error) {
			return staffing.ImpatientAgents(c.load(), c.Target, c.Patience, g)
		},
	)
	if err != nil {
		return err
	}
	return json.NewEncoder(s.Out).Encode(impatientAnswer{c.answer(o, c.Patience), o.Abandon, o.MeanWait})
}

func (f *staffingFlags) load() staffing.Load {
	return staffing.Load{Contacts: f.Calls, Interval: f.Interval, Handling: f.Aht}
}

// ask answers whichever of the two questions the flags put.
func (f *staffingFlags) ask(with func() (staffing.Outcome, error), reach func(staffing.Goal) (staffing.Outcome, error)) (staffing.Outcome, error) {
	switch {
	case f.Agents != 0 && f.MaxOccupancy != 1:
		return staffing.Outcome{}, errors.New("--max-occupancy belongs to --goal; with --agents the occupancy is what comes out")
	case f.Agents != 0:
		return with()
	case f.Goal != 0:
		return reach(staffing.Goal{ServiceLevel: f.Goal, MaxOccupancy: f.MaxOccupancy})
	}
	return staffing.Outcome{}, errors.New("say how many people there are with --agents, or what is to be reached with --goal, such as 0.8")
}

func (f *staffingFlags) answer(o staffing.Outcome, patience time.Duration) staffingAnswer {
	a := staffingAnswer{
		WaitProbability: o.WaitProbability, ASA: o.ASA, ServiceLevel: o.ServiceLevel, Occupancy: o.Occupancy,
		Why: staffing.Why(f.load(), o, f.Target, patience, f.Language),
	}
	if f.Goal != 0 {
		a.Agents = &o.Agents
	}
	return a
}
