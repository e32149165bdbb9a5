// Package routing decides who gets the work, in which order work is served,
// and how long it will wait; and it says why. A decision is a function of the
// work, of the agents who are there, of the company's [Rules] and of the time:
// the same desk, the same decision (domain reference §4.5).
package routing

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/phrase"
)

// Work is something that waits for an answer.
type Work struct {
	Team    agent.TeamID // who should answer; anyone when zero
	Only    agent.ID     // handed to one person by name; anyone when zero
	Never   []agent.ID   // who must not get it: whom the customer complains about (M040)
	Prefers agent.ID     // who served this customer last; nobody when zero (M030)
	Needs   []Need
	Weight  float64   // of the room that an agent has; 0 reads as 1
	Fills   bool      // needs the whole room of an agent, as a call does
	Call    bool      // is a call: nobody has two of them
	Since   time.Time // it waits since then, which widens its ring; zero: since just now
	Offers  []Offer   // earlier offers of it, newest first
}

// PartsWeight is how much of an agent's room it takes to take part in so many
// conversations that others answer for: half of answering.
func PartsWeight(n int64) float64 { return float64(n) / 2 }

// Need is a skill that an agent is to have for a piece of work.
type Need struct {
	Skill agent.SkillID `json:"skill_id"`
	Level int           `json:"level"` // the lowest that will do, 1 to 5
	Must  bool          `json:"must"`  // no ring lets it go: a language, a licence
}

// Check says what is wrong with a need that an administrator chose.
func (n Need) Check() error {
	return agent.Skilled{Skill: n.Skill, Level: n.Level}.Check()
}

// Offer is what became of an offer to an agent.
type Offer struct {
	Agent   agent.ID
	Outcome string // accepted, declined, missed, unreachable, withdrawn, handed_on; empty while it rings
	EndedAt time.Time
}

// mostUnreachable is how long work is not offered again to an agent whose
// telephone was not there: they may have connected it since.
const mostUnreachable = 15 * time.Second

// rests returns until when the work is not offered to the agent again; zero if it
// may be at once. A telephone that came since ends the rest of who had none.
func (o Offer) rests(r Rules, c *Candidate) time.Time {
	switch o.Outcome {
	case "missed", "declined", "handed_on":
		return o.EndedAt.Add(r.Rest())
	case "unreachable":
		if c.PhoneSince.After(o.EndedAt) {
			return time.Time{}
		}
		return o.EndedAt.Add(min(r.Rest(), mostUnreachable))
	}
	return time.Time{}
}

// Candidate is an agent who is online and may answer.
type Candidate struct {
	Agent     agent.ID
	Name      string
	Teams     []agent.TeamID
	Skills    []agent.Skilled
	Load      float64 // the weights of what is held or rings, summed
	Capacity  float64
	IdleSince time.Time // got nothing new since; declining does not change it
	OfferedAt time.Time // when something rang here last
	Today     int       // accepted today
	Share     int       // of the work, against that of others; 0 reads as 100
	Calls     int       // of what is held or rings
	NoPhone   bool      // no telephone of theirs can ring
	// PhoneSince is when the last telephone of theirs came that can ring.
	PhoneSince time.Time
}

// Decision is who gets the work and why. A zero Agent means that it waits.
type Decision struct {
	Agent agent.ID
	Name  string
	Ring  int // how far the needs were let go: 0 is not at all
	Why   []phrase.Reason
	// Again is when time alone may change the answer of work that waits: a
	// wider ring, the end of a rest. Zero if it does not.
	Again time.Time
}

// standing is how a candidate stands to a piece of work.
type standing int

const (
	able   standing = iota
	named           // it is for somebody else by name
	never           // must not get it
	team            // answers for other teams
	skill           // lacks a skill, or the level
	mute            // no telephone of theirs can ring for a call
	asked           // just declined or missed it
	full            // has no room
	places          // how many there are
)

// Decide chooses among the agents who may have the work: the one who served
// the customer last, else the most skilled, else by the strategy of the rules;
// ties go to the lower id. Who is preferred and has no room now is waited for
// as long as the rules say.
func Decide(w Work, cs []Candidate, r Rules, now time.Time) Decision {
	ring, widens := r.ring(w, now)
	var counts [places]int
	var best *Candidate
	again := widens
	for i := range cs {
		c := &cs[i]
		s, until := w.look(c, r, ring, now)
		counts[s]++
		if s == asked && (again.IsZero() || until.Before(again)) {
			again = until
		}
		if c.Agent == w.Prefers && !w.Prefers.IsZero() {
			switch patience := w.since(now).Add(r.StickyWait()); {
			case s == able:
				return Decision{Agent: c.Agent, Name: c.Name, Ring: ring, Why: r.why(w, ring, phrase.Because("route.sticky", "%s served this customer last", c.Name), room(c))}
			case s == full && now.Before(patience):
				return Decision{Ring: ring, Why: r.why(w, ring, phrase.Because("route.sticky_wait", "waits up to %s for %s, who served this customer last and has no room now", span(patience.Sub(now)), c.Name)), Again: patience}
			}
		}
		if s == able && (best == nil || r.before(w, c, best) < 0) {
			best = c
		}
	}
	if best == nil {
		return Decision{Ring: ring, Why: r.why(w, ring, waits(len(cs), counts)...), Again: again}
	}
	return Decision{Agent: best.Agent, Name: best.Name, Ring: ring, Why: r.why(w, ring, r.chosen(w, best, counts[able], now), room(best))}
}

// Standing is how one agent stands to a piece of work, for people who ask.
type Standing struct {
	Agent agent.ID
	Name  string
	Why   phrase.Reason
}

// Standings returns how each candidate stands to a piece of work, as Decide
// sees it.
func Standings(w Work, cs []Candidate, r Rules, now time.Time) []Standing {
	ring, _ := r.ring(w, now)
	all := make([]Standing, 0, len(cs))
	for i := range cs {
		c := &cs[i]
		s, until := w.look(c, r, ring, now)
		all = append(all, Standing{c.Agent, c.Name, stands(c, s, until.Sub(now))})
	}
	return all
}

func stands(c *Candidate, s standing, rest time.Duration) phrase.Reason {
	load, capacity := amount(c.Load), amount(c.Capacity)
	switch s {
	case named:
		return phrase.Because("route.is_named", "it was handed to somebody else by name")
	case never:
		return phrase.Because("route.is_never", "the customer complains about them")
	case team:
		return phrase.Because("route.is_team", "answers for other teams")
	case skill:
		return phrase.Because("route.is_skill", "lacks a skill or its level")
	case mute:
		return phrase.Because("route.is_mute", "none of their telephones is connected")
	case asked:
		return phrase.Because("route.is_asked", "just declined, missed or handed it on, is asked again in %s", span(rest))
	case full:
		return phrase.Because("route.is_full", "has no room: holds %s of %s", load, capacity)
	case able, places:
	}
	return phrase.Because("route.is_able", "may have it: holds %s of %s", load, capacity)
}

// look says how a candidate stands to the work, and for who was just asked,
// until when.
func (w Work) look(c *Candidate, r Rules, ring int, now time.Time) (standing, time.Time) {
	switch {
	case slices.Contains(w.Never, c.Agent):
		return never, time.Time{}
	case !w.Only.IsZero() && c.Agent != w.Only:
		return named, time.Time{}
	case w.Only.IsZero() && !w.inTeam(c, r, ring):
		return team, time.Time{}
	case w.Only.IsZero() && !w.skilled(c, r, ring):
		return skill, time.Time{}
	case w.Call && c.NoPhone:
		return mute, time.Time{}
	}
	for _, o := range w.Offers {
		if until := o.rests(r, c); o.Agent == c.Agent && now.Before(until) {
			return asked, until
		}
	}
	if w.Call && c.Calls > 0 || w.Fills && c.Load > 0 || c.Load+w.weight() > c.Capacity+tiny || c.Capacity <= 0 {
		return full, time.Time{}
	}
	return able, time.Time{}
}

// tiny is what sums of weights may be off by.
const tiny = 1e-9

func (w Work) weight() float64 {
	switch {
	case w.Fills:
		return 0 // the room is empty, and is full with it
	case w.Weight == 0:
		return 1
	}
	return w.Weight
}

func (w Work) since(now time.Time) time.Time {
	if w.Since.IsZero() {
		return now
	}
	return w.Since
}

func (w Work) inTeam(c *Candidate, r Rules, ring int) bool {
	if w.Team.IsZero() || slices.Contains(c.Teams, w.Team) {
		return true
	}
	if ring == 0 {
		return false
	}
	wide := r.Rings[ring-1]
	return wide.AnyTeam || slices.ContainsFunc(wide.Teams, func(t agent.TeamID) bool { return slices.Contains(c.Teams, t) })
}

func (w Work) skilled(c *Candidate, r Rules, ring int) bool {
	for _, n := range w.Needs {
		least := n.Level
		if ring > 0 && !n.Must {
			if r.Rings[ring-1].AnySkill {
				continue
			}
			least = max(1, least-r.Rings[ring-1].Lower)
		}
		if c.level(n.Skill) < max(1, least) {
			return false
		}
	}
	return true
}

// level is how well a candidate has a skill; 0 is not at all.
func (c *Candidate) level(s agent.SkillID) int {
	for _, have := range c.Skills {
		if have.Skill == s {
			return have.Level
		}
	}
	return 0
}

// mastery is how well a candidate has all the skills that are needed.
func (w Work) mastery(c *Candidate) int {
	sum := 0
	for _, n := range w.Needs {
		sum += c.level(n.Skill)
	}
	return sum
}

// before says which of two who may have the work gets it: below 0 is a.
func (r Rules) before(w Work, a, b *Candidate) int {
	if !w.Team.IsZero() { // a ring let others in: the team's own come first
		if in, other := slices.Contains(a.Teams, w.Team), slices.Contains(b.Teams, w.Team); in != other {
			return map[bool]int{true: -1, false: 1}[in]
		}
	}
	if r.BestSkill && len(w.Needs) > 0 {
		if by := cmp.Compare(w.mastery(b), w.mastery(a)); by != 0 {
			return by
		}
	}
	if by := r.strategy(w.Team).compare(a, b); by != 0 {
		return by
	}
	if by := a.IdleSince.Compare(b.IdleSince); by != 0 {
		return by
	}
	if by := cmp.Compare(a.Load, b.Load); by != 0 {
		return by
	}
	return cmp.Compare(a.Agent, b.Agent)
}

func (s Strategy) compare(a, b *Candidate) int {
	switch s {
	case LeastBusy:
		return cmp.Compare(a.Load/a.Capacity, b.Load/b.Capacity)
	case RoundRobin:
		return a.OfferedAt.Compare(b.OfferedAt)
	case FewestToday:
		return cmp.Compare(a.Today, b.Today)
	case Weighted:
		return cmp.Compare(float64(a.Today)/a.share(), float64(b.Today)/b.share())
	case LongestIdle:
	}
	return 0
}

func (c *Candidate) share() float64 {
	if c.Share <= 0 {
		return 100
	}
	return float64(c.Share)
}

func (r Rules) chosen(w Work, c *Candidate, free int, now time.Time) phrase.Reason {
	n := strconv.Itoa(free)
	switch s := r.strategy(w.Team); {
	case !w.Only.IsZero():
		return phrase.Because("route.only", "it was handed to %s by name", c.Name)
	case free == 1:
		return phrase.Because("route.one", "the only one who is free and may have it")
	case s == LeastBusy:
		return phrase.Because("route.least_busy", "of %s who may have it, the room is least used", n)
	case s == RoundRobin:
		return phrase.Because("route.round_robin", "of %s who may have it, the one where nothing has rung for longest", n)
	case s == FewestToday:
		return phrase.Because("route.fewest_today", "of %s who may have it, the one who accepted fewest today: %s", n, strconv.Itoa(c.Today))
	case s == Weighted:
		return phrase.Because("route.weighted", "of %s who may have it, the one furthest below their share today: %s accepted", n, strconv.Itoa(c.Today))
	}
	return phrase.Because("route.longest_idle", "idle longest of %s who may have it: %s", n, span(now.Sub(c.IdleSince)))
}

func room(c *Candidate) phrase.Reason {
	return phrase.Because("route.room", "holds %s of %s", amount(c.Load), amount(c.Capacity))
}

func amount(f float64) string { return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64) }

// span is a duration as people of both languages read it: 3:05, 1:03:05.
func span(d time.Duration) string {
	s := int(max(0, d).Round(time.Second).Seconds())
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// waits says why nobody gets the work now.
func waits(online int, counts [places]int) []phrase.Reason {
	if online == 0 {
		return []phrase.Reason{phrase.Because("route.nobody", "waits: nobody is online who may answer")}
	}
	why := []phrase.Reason{phrase.Because("route.waits", "waits: none of the %s agents online is free for it", strconv.Itoa(online))}
	for s := named; s < places; s++ {
		n := strconv.Itoa(counts[s])
		switch {
		case counts[s] == 0:
		case s == named:
			why = append(why, phrase.Because("route.count_named", "%s: it was handed to somebody else by name", n))
		case s == never:
			why = append(why, phrase.Because("route.count_never", "%s: the customer complains about them", n))
		case s == team:
			why = append(why, phrase.Because("route.count_team", "%s: answer for other teams", n))
		case s == skill:
			why = append(why, phrase.Because("route.count_skill", "%s: lack a skill or its level", n))
		case s == mute:
			why = append(why, phrase.Because("route.count_mute", "%s: none of their telephones is connected", n))
		case s == asked:
			why = append(why, phrase.Because("route.count_asked", "%s: just declined, missed or handed it on", n))
		case s == full:
			why = append(why, phrase.Because("route.count_full", "%s: have no room", n))
		}
	}
	return why
}

// why puts the ring before reasons, where one was reached.
func (r Rules) why(w Work, ring int, rest ...phrase.Reason) []phrase.Reason {
	if ring == 0 || w.Team.IsZero() && len(w.Needs) == 0 {
		return rest
	}
	return append([]phrase.Reason{phrase.Because("route.ring", "it waited long enough for ring %s, after %s s", strconv.Itoa(ring), strconv.Itoa(r.Rings[ring-1].After))}, rest...)
}
