package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/routing"
)

type calcRouteCommand struct {
	Case string `required:"" help:"JSON file with the work and the agents who are online; - is standard input."`
}

// routeCase is what calc route reads. Agents, teams and skills go by their
// names. Rules that are left out are those of a new company.
type routeCase struct {
	Now    time.Time       `json:"now"`
	Work   routeWork       `json:"work"`
	Agents []routeAgent    `json:"agents"`
	Rules  json.RawMessage `json:"rules"`
}

type routeWork struct {
	Team    string       `json:"team"` // who should answer; anyone when empty
	Only    string       `json:"only"` // handed to one agent by name
	Never   []string     `json:"never"`
	Prefers string       `json:"prefers"`
	Needs   []routeNeed  `json:"needs"`
	Weight  float64      `json:"weight"`
	Fills   bool         `json:"fills"`
	Since   time.Time    `json:"since"`
	Offers  []routeOffer `json:"offers"`
}

type routeNeed struct {
	Skill string `json:"skill"`
	Level int    `json:"level"`
	Must  bool   `json:"must"`
}

type routeOffer struct {
	Agent   string    `json:"agent"`
	Outcome string    `json:"outcome"`
	EndedAt time.Time `json:"ended_at"`
}

type routeAgent struct {
	Name      string         `json:"name"`
	Teams     []string       `json:"teams"`
	Skills    map[string]int `json:"skills"`
	Load      float64        `json:"load"`
	Capacity  float64        `json:"capacity"`
	IdleSince time.Time      `json:"idle_since"`
	OfferedAt time.Time      `json:"offered_at"`
	Today     int            `json:"today"`
	Share     int            `json:"share"`
}

// routeAnswer is what calc route prints. Agent is null where the work waits.
type routeAnswer struct {
	Agent  *string         `json:"agent"`
	Ring   int             `json:"ring"`
	Again  time.Time       `json:"again,omitzero"` // when time alone may change the answer
	Why    []string        `json:"why"`
	Agents []routeStanding `json:"agents"`
}

type routeStanding struct {
	Name string `json:"name"`
	Why  string `json:"why"`
}

func (c *calcRouteCommand) Run(s streams) error {
	r, err := readRouteCase(c.Case)
	if err != nil {
		return err
	}
	rules := routing.DefaultRules()
	if len(r.Rules) > 0 {
		in := json.NewDecoder(bytes.NewReader(r.Rules))
		in.DisallowUnknownFields()
		if err := in.Decode(&rules); err != nil {
			return fmt.Errorf("%s does not describe rules of routing: %w; see docs/use/routing.md", c.Case, err)
		}
	}
	if err := rules.Check(); err != nil {
		return err
	}
	work, agents, err := r.parts()
	if err != nil {
		return err
	}
	d := routing.Decide(work, agents, rules, r.Now)
	a := routeAnswer{Ring: d.Ring, Again: d.Again, Agents: []routeStanding{}}
	for _, w := range d.Why {
		a.Why = append(a.Why, w.In(phrase.English))
	}
	for _, s := range routing.Standings(work, agents, rules, r.Now) {
		a.Agents = append(a.Agents, routeStanding{s.Name, s.Why.In(phrase.English)})
	}
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

// names gives each name the next number, the same name the same.
type names map[string]int64

func (n names) of(name string) int64 {
	if n[name] == 0 {
		n[name] = int64(len(n) + 1)
	}
	return n[name]
}

// parts gives names their numbers, and says which name is wrong.
func (r routeCase) parts() (routing.Work, []routing.Candidate, error) {
	teams, skills, ids := names{}, names{}, map[string]agent.ID{}
	cs := make([]routing.Candidate, 0, len(r.Agents))
	for i, a := range r.Agents {
		if err := a.check(i, ids); err != nil {
			return routing.Work{}, nil, err
		}
		ids[a.Name] = agent.ID(i + 1)
		c := routing.Candidate{
			Agent: ids[a.Name], Name: a.Name, Load: a.Load, Capacity: a.Capacity,
			IdleSince: a.IdleSince, OfferedAt: a.OfferedAt, Today: a.Today, Share: a.Share,
		}
		for _, t := range a.Teams {
			c.Teams = append(c.Teams, agent.TeamID(teams.of(t)))
		}
		for name, level := range a.Skills {
			c.Skills = append(c.Skills, agent.Skilled{Skill: agent.SkillID(skills.of(name)), Level: level})
			if err := c.Skills[len(c.Skills)-1].Check(); err != nil {
				return routing.Work{}, nil, fmt.Errorf("%q, %q: %w", a.Name, name, err)
			}
		}
		cs = append(cs, c)
	}
	w, err := r.Work.parts(teams, skills, ids)
	return w, cs, err
}

func (a routeAgent) check(i int, before map[string]agent.ID) error {
	switch {
	case a.Name == "":
		return fmt.Errorf("agent %d has no name", i+1)
	case !before[a.Name].IsZero():
		return fmt.Errorf("two agents are called %q; their names are to differ", a.Name)
	case a.Load < 0 || a.Capacity < 0:
		return fmt.Errorf("load and capacity of %q are 0 or above", a.Name)
	case a.IdleSince.IsZero():
		return fmt.Errorf(`say since when %q got nothing new: add "idle_since", such as "2026-09-18T09:30:00+08:00"`, a.Name)
	}
	return nil
}

func (r routeWork) parts(teams, skills names, ids map[string]agent.ID) (routing.Work, error) {
	w := routing.Work{Weight: r.Weight, Fills: r.Fills, Since: r.Since}
	if r.Weight < 0 {
		return w, fmt.Errorf("the weight of the work is 0 or above, not %v", r.Weight)
	}
	if r.Team != "" {
		w.Team = agent.TeamID(teams.of(r.Team))
	}
	for _, n := range r.Needs {
		need := routing.Need{Skill: agent.SkillID(skills.of(n.Skill)), Level: max(1, n.Level), Must: n.Must}
		if err := need.Check(); err != nil {
			return w, fmt.Errorf("%q: %w", n.Skill, err)
		}
		w.Needs = append(w.Needs, need)
	}
	for _, name := range r.Never { // whoever is not there does not matter
		w.Never = append(w.Never, ids[name])
	}
	w.Prefers = ids[r.Prefers]
	if r.Only != "" {
		if w.Only = ids[r.Only]; w.Only.IsZero() {
			return w, fmt.Errorf("the work is for %q, who is not among the agents", r.Only)
		}
	}
	outcomes := []string{"accepted", "declined", "missed", "withdrawn"}
	for _, o := range r.Offers {
		switch {
		case !slices.Contains(outcomes, o.Outcome):
			return w, fmt.Errorf("there is no outcome %q; there are accepted, declined, missed, withdrawn", o.Outcome)
		case o.EndedAt.IsZero():
			return w, fmt.Errorf(`say when the offer to %q was over: add "ended_at", such as "2026-09-18T09:59:30+08:00"`, o.Agent)
		case ids[o.Agent].IsZero():
			return w, fmt.Errorf("an earlier offer went to %q, who is not among the agents; add them or leave that offer out", o.Agent)
		}
		w.Offers = append(w.Offers, routing.Offer{Agent: ids[o.Agent], Outcome: o.Outcome, EndedAt: o.EndedAt})
	}
	return w, nil
}
