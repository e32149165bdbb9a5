package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/routing"
)

type calcRouteCommand struct {
	Case string `required:"" help:"JSON file with the work and the agents who are online; - is standard input."`
}

// routeCase is what calc route reads. Agents and teams go by their names.
type routeCase struct {
	Now  time.Time `json:"now"`
	Work struct {
		Team   string       `json:"team"` // who should answer; anyone when empty
		Only   string       `json:"only"` // handed to one agent by name
		Offers []routeOffer `json:"offers"`
	} `json:"work"`
	Agents []routeAgent `json:"agents"`
}

type routeOffer struct {
	Agent   string    `json:"agent"`
	Outcome string    `json:"outcome"`
	EndedAt time.Time `json:"ended_at"`
}

type routeAgent struct {
	Name      string    `json:"name"`
	Teams     []string  `json:"teams"`
	Load      int       `json:"load"`
	Capacity  int       `json:"capacity"`
	IdleSince time.Time `json:"idle_since"`
}

// routeAnswer is what calc route prints. Agent is null where the work waits.
type routeAnswer struct {
	Agent *string  `json:"agent"`
	Why   []string `json:"why"`
}

func (c *calcRouteCommand) Run(s streams) error {
	r, err := readRouteCase(c.Case)
	if err != nil {
		return err
	}
	work, agents, err := r.parts()
	if err != nil {
		return err
	}
	d := routing.Decide(work, agents, r.Now)
	a := routeAnswer{Why: []string{d.Why}}
	if !d.Agent.IsZero() {
		a.Agent = &d.Name
	}
	return json.NewEncoder(s.Out).Encode(a)
}

func readRouteCase(path string) (routeCase, error) {
	var r routeCase
	f := os.Stdin
	if path != "-" {
		var err error
		if f, err = os.Open(path); err != nil { //nolint:gosec // whoever asks names the file
			return r, err
		}
		defer func() { _ = f.Close() }() // it was only read
	}
	in := json.NewDecoder(f)
	in.DisallowUnknownFields()
	if err := in.Decode(&r); err != nil {
		return r, fmt.Errorf("%s does not describe a case of routing: %w; see docs/use/routing.md", path, err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return r, fmt.Errorf("%s holds more than one case; give each a file of its own", path)
	}
	if r.Now.IsZero() {
		return r, fmt.Errorf(`%s does not say when: add "now", such as "2026-09-18T10:00:00+08:00"`, path)
	}
	return r, nil
}

// parts gives names their numbers, and says which name is wrong.
func (r routeCase) parts() (routing.Work, []routing.Candidate, error) {
	var w routing.Work
	var teams []string
	team := func(name string) agent.TeamID {
		if !slices.Contains(teams, name) {
			teams = append(teams, name)
		}
		return agent.TeamID(slices.Index(teams, name) + 1)
	}
	ids := map[string]agent.ID{}
	cs := make([]routing.Candidate, 0, len(r.Agents))
	for i, a := range r.Agents {
		switch {
		case a.Name == "":
			return w, nil, fmt.Errorf("agent %d has no name", i+1)
		case !ids[a.Name].IsZero():
			return w, nil, fmt.Errorf("two agents are called %q; their names are to differ", a.Name)
		case a.Load < 0 || a.Capacity < 0:
			return w, nil, fmt.Errorf("load and capacity of %q are 0 or above", a.Name)
		case a.IdleSince.IsZero():
			return w, nil, fmt.Errorf(`say since when %q got nothing new: add "idle_since", such as "2026-09-18T09:30:00+08:00"`, a.Name)
		}
		ids[a.Name] = agent.ID(i + 1)
		c := routing.Candidate{Agent: ids[a.Name], Name: a.Name, Load: a.Load, Capacity: a.Capacity, IdleSince: a.IdleSince}
		for _, t := range a.Teams {
			c.Teams = append(c.Teams, team(t))
		}
		cs = append(cs, c)
	}
	if r.Work.Team != "" {
		w.Team = team(r.Work.Team)
	}
	if r.Work.Only != "" {
		if w.Only = ids[r.Work.Only]; w.Only.IsZero() {
			return w, nil, fmt.Errorf("the work is for %q, who is not among the agents", r.Work.Only)
		}
	}
	outcomes := []string{"accepted", "declined", "missed", "withdrawn"}
	for _, o := range r.Work.Offers {
		if !slices.Contains(outcomes, o.Outcome) {
			return w, nil, fmt.Errorf("there is no outcome %q; there are accepted, declined, missed, withdrawn", o.Outcome)
		}
		if o.EndedAt.IsZero() {
			return w, nil, fmt.Errorf(`say when the offer to %q was over: add "ended_at", such as "2026-09-18T09:59:30+08:00"`, o.Agent)
		}
		if ids[o.Agent].IsZero() {
			return w, nil, fmt.Errorf("an earlier offer went to %q, who is not among the agents; add them or leave that offer out", o.Agent)
		}
		w.Offers = append(w.Offers, routing.Offer{Agent: ids[o.Agent], Outcome: o.Outcome, EndedAt: o.EndedAt})
	}
	return w, cs, nil
}
