package routing

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
)

// Strategy is how one is chosen among those who may have the work (分配方式).
type Strategy string

// The strategies.
const (
	LongestIdle Strategy = "longest_idle" // who got nothing new for longest
	LeastBusy   Strategy = "least_busy"   // whose room is least used, as a part of it
	RoundRobin  Strategy = "round_robin"  // where nothing has rung for longest
	FewestToday Strategy = "fewest_today" // who accepted fewest today
	Weighted    Strategy = "weighted"     // who accepted fewest today for their share
)

// Strategies lists them.
func Strategies() []Strategy {
	return []Strategy{LongestIdle, LeastBusy, RoundRobin, FewestToday, Weighted}
}

// Known reports whether there is such a strategy.
func (s Strategy) Known() bool {
	return slices.Contains(Strategies(), s)
}

// Ring is what work gives up of its needs once it has waited for so long
// (bullseye routing, M029). The last ring that is reached counts alone.
type Ring struct {
	After    int            `json:"after_seconds"`
	Lower    int            `json:"lower"`     // levels that skills may be below what is needed
	AnySkill bool           `json:"any_skill"` // skills that are no must are not looked at
	Teams    []agent.TeamID `json:"teams"`     // may answer too
	AnyTeam  bool           `json:"any_team"`  // everybody may
}

// Lanes are the points with which work of a priority begins (M031).
type Lanes struct {
	Low    float64 `json:"low"`
	Normal float64 `json:"normal"`
	High   float64 `json:"high"`   // VIP
	Urgent float64 `json:"urgent"` // somebody may be in danger (R024)
}

// Points returns the points of a priority, as conversations have them: -1 low,
// 0 normal, 1 high, 2 urgent.
func (l Lanes) Points(priority int) float64 {
	switch {
	case priority < 0:
		return l.Low
	case priority == 0:
		return l.Normal
	case priority == 1:
		return l.High
	}
	return l.Urgent
}

// Overflow is when those who wait are told of other ways than waiting (M033):
// leave a message, ask the assistant.
type Overflow struct {
	After  int `json:"after_seconds"` // so long they waited; 0: never
	Length int `json:"length"`        // so many wait before whoever comes; 0: never
}

// TeamRules are what one team does its own way.
type TeamRules struct {
	Team     agent.TeamID `json:"team_id"`
	Strategy Strategy     `json:"strategy"`
}

// Rules are how a company routes its work (派发规则).
type Rules struct {
	Strategy      Strategy           `json:"strategy"`
	Teams         []TeamRules        `json:"teams"`
	BestSkill     bool               `json:"best_skill"` // the most skilled come before the strategy
	Rings         []Ring             `json:"rings"`      // in the order of their times
	StickyDays    int                `json:"sticky_days"`
	StickySeconds int                `json:"sticky_seconds"` // how long the agent of last time is waited for
	RestSeconds   int                `json:"rest_seconds"`   // who missed or declined work is not asked again for
	MissedToPause int                `json:"missed_to_pause"`
	WrapUpSeconds int                `json:"wrap_up_seconds"` // what is over still takes room for its summary
	ResumeMinutes int                `json:"resume_minutes"`  // who left the queue and comes back has the old place
	Lanes         Lanes              `json:"lanes"`
	Ageing        float64            `json:"ageing"` // points a minute of waiting
	Weights       map[string]float64 `json:"weights"`
	Overflow      Overflow           `json:"overflow"`
	AngryFirst    bool               `json:"angry_first" required:"false" doc:"who sounds angry before a person answers has at least high priority"`
	Version       int64              `json:"version"`
}

// DefaultRules are those of a new company.
func DefaultRules() Rules {
	return Rules{
		Strategy: LongestIdle, Teams: []TeamRules{}, BestSkill: true,
		Rings: []Ring{
			{After: 30, Lower: 1, Teams: []agent.TeamID{}},
			{After: 60, AnySkill: true, Teams: []agent.TeamID{}},
		},
		StickyDays: 7, StickySeconds: 30, RestSeconds: 60, MissedToPause: 2, WrapUpSeconds: 0, ResumeMinutes: 10,
		Lanes: Lanes{Low: -5, Normal: 0, High: 10, Urgent: 100_000}, Ageing: 1,
		Weights: map[string]float64{}, Overflow: Overflow{After: 300, Length: 0},
	}
}

// Bounds of the rules.
const (
	mostRings   = 6 // as Genesys has
	mostSeconds = 24 * 60 * 60
	mostPoints  = 1_000_000
)

// Check says what is wrong with the rules.
func (r Rules) Check() error {
	if !r.Strategy.Known() {
		return unknownStrategy(r.Strategy, "strategy")
	}
	for i, t := range r.Teams {
		if !t.Strategy.Known() {
			return unknownStrategy(t.Strategy, "teams")
		}
		if slices.ContainsFunc(r.Teams[:i], func(o TeamRules) bool { return o.Team == t.Team }) {
			return fault.New(fault.Invalid, "routing.team_twice", "a team is named once").In("teams")
		}
	}
	if len(r.Rings) > mostRings {
		return fault.New(fault.Invalid, "routing.rings", "at most %d rings", mostRings).In("rings")
	}
	for i, g := range r.Rings {
		if g.After < 1 || g.After > mostSeconds || i > 0 && g.After <= r.Rings[i-1].After {
			return fault.New(fault.Invalid, "routing.ring_after", "each ring begins later than the one before it, at least a second and at most a day after the beginning").In("rings")
		}
		if g.Lower < 0 || g.Lower > agent.MostLevel {
			return fault.New(fault.Invalid, "routing.ring_lower", "a ring lowers levels by 0 to %d", agent.MostLevel).In("rings")
		}
	}
	for name, n := range map[string]int{
		"sticky_seconds": r.StickySeconds, "rest_seconds": r.RestSeconds, "wrap_up_seconds": r.WrapUpSeconds, "overflow": r.Overflow.After,
	} {
		if n < 0 || n > mostSeconds {
			return fault.New(fault.Invalid, "routing.seconds", "this is 0 to %d seconds", mostSeconds).In(name)
		}
	}
	for name, n := range map[string]int{"sticky_days": r.StickyDays, "missed_to_pause": r.MissedToPause, "resume_minutes": r.ResumeMinutes, "overflow": r.Overflow.Length} {
		if n < 0 || n > 1000 {
			return fault.New(fault.Invalid, "routing.count", "this is 0 to %d", 1000).In(name)
		}
	}
	l := r.Lanes
	switch {
	case !(r.Ageing >= 0.01 && r.Ageing <= 1000):
		return fault.New(fault.Invalid, "routing.ageing", "each minute of waiting adds 0.01 to 1000 points, or somebody would wait for ever").In("ageing")
	case !(l.Low >= -mostPoints && l.Low <= l.Normal && l.Normal <= l.High && l.High <= l.Urgent && l.Urgent <= mostPoints):
		return fault.New(fault.Invalid, "routing.lanes", "points rise from low to urgent and are at most %d", mostPoints).In("lanes")
	}
	for channel, w := range r.Weights {
		if channel == "" || !(w >= 0.05 && w <= 100) {
			return fault.New(fault.Invalid, "routing.weight", "a piece of work takes 0.05 to %d places of an agent's room", 100).In("weights")
		}
	}
	return nil
}

// NamedTeams returns the teams that the rules speak of.
func (r Rules) NamedTeams() []agent.TeamID {
	var named []agent.TeamID
	for _, t := range r.Teams {
		named = append(named, t.Team)
	}
	for _, g := range r.Rings {
		named = append(named, g.Teams...)
	}
	slices.Sort(named)
	return slices.Compact(named)
}

// Without returns the rules as they are when a team is no more.
func (r Rules) Without(team agent.TeamID) Rules {
	r.Teams = slices.DeleteFunc(slices.Clone(r.Teams), func(t TeamRules) bool { return t.Team == team })
	r.Rings = slices.Clone(r.Rings)
	for i, g := range r.Rings {
		r.Rings[i].Teams = slices.DeleteFunc(slices.Clone(g.Teams), func(t agent.TeamID) bool { return t == team })
	}
	return r
}

// Differs returns the names of the rules that differ from others, as they
// stand on the wire.
func (r Rules) Differs(was Rules) []string {
	var names []string
	is, before := reflect.ValueOf(r), reflect.ValueOf(was)
	for i := range is.NumField() {
		if name := is.Type().Field(i).Tag.Get("json"); name != "version" && !reflect.DeepEqual(is.Field(i).Interface(), before.Field(i).Interface()) {
			names = append(names, name)
		}
	}
	return names
}

func unknownStrategy(s Strategy, field string) error {
	return fault.New(fault.Invalid, "routing.strategy", "there is no strategy %q; there are longest_idle, least_busy, round_robin, fewest_today and weighted", string(s)).In(field)
}

// Rest is how long work that an agent declined or did not answer is not
// offered to them again, so that it goes round before it comes back.
func (r Rules) Rest() time.Duration { return time.Duration(r.RestSeconds) * time.Second }

// StickyWait is how long work waits for the agent who served its customer last.
func (r Rules) StickyWait() time.Duration { return time.Duration(r.StickySeconds) * time.Second }

// WrapUp is how long what is over still takes room, unless its summary is
// written earlier.
func (r Rules) WrapUp() time.Duration { return time.Duration(r.WrapUpSeconds) * time.Second }

// Phone is the channel of calls.
const Phone = "phone"

// Fills reports whether work of a channel needs the whole attention of an agent
// and leaves none for other work: a call does, unless the rules give it a weight.
func (r Rules) Fills(channel string) bool {
	_, weighed := r.Weights[channel]
	return channel == Phone && !weighed
}

// Of returns work of a channel with what it takes of an agent's room.
func (r Rules) Of(channel string) Work {
	return Work{Weight: r.Weight(channel), Fills: r.Fills(channel), Call: channel == Phone}
}

// Holding returns the candidate with one more piece of work of a channel.
func (c Candidate) Holding(w Work) Candidate {
	if w.Call {
		c.Calls++
	}
	if w.Fills {
		c.Load = max(c.Load, c.Capacity)
		return c
	}
	c.Load += w.weight()
	return c
}

// Weight is the room that work of a channel takes; 1 where nothing is set.
func (r Rules) Weight(channel string) float64 {
	if w, ok := r.Weights[channel]; ok {
		return w
	}
	return 1
}

func (r Rules) strategy(t agent.TeamID) Strategy {
	for _, own := range r.Teams {
		if own.Team == t && !t.IsZero() {
			return own.Strategy
		}
	}
	return r.Strategy
}

// Class returns what two pieces of work have in common that the same agents may
// have: where nobody can take one, nobody can take the other. It holds only for
// work without exclusions, earlier offers and a preference.
func (r Rules) Class(w Work, now time.Time) string {
	reached, _ := r.ring(w, now)
	return fmt.Sprint(w.Team, w.Only, w.Needs, w.Weight, w.Fills, w.Call, reached)
}

// CountsToday reports whether a strategy asks what was accepted today.
func (r Rules) CountsToday() bool {
	counts := func(s Strategy) bool { return s == FewestToday || s == Weighted }
	return counts(r.Strategy) || slices.ContainsFunc(r.Teams, func(t TeamRules) bool { return counts(t.Strategy) })
}

// ring is the number of the widest ring that work has reached, 0 for none, and
// when the next one is; zero if there is none, or nothing to let go.
func (r Rules) ring(w Work, now time.Time) (reached int, next time.Time) {
	if w.Team.IsZero() && len(w.Needs) == 0 || !w.Only.IsZero() {
		return 0, time.Time{}
	}
	for i, g := range r.Rings {
		at := w.since(now).Add(time.Duration(g.After) * time.Second)
		if now.Before(at) {
			return reached, at
		}
		reached = i + 1
	}
	return reached, time.Time{}
}
