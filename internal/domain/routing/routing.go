// Package routing decides who gets the work, and says why. The simple rule —
// who has been idle longest — stands here now; skills, rings and strategies
// grow behind the same Decide.
package routing

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"yingda/internal/domain/agent"
)

// Work is something that waits for an answer.
type Work struct {
	Team   agent.TeamID // who should answer; anyone when zero
	Only   agent.ID     // handed to one person by name; anyone when zero
	Offers []Offer      // earlier offers of it, newest first
}

// Offer is what became of an offer to an agent.
type Offer struct {
	Agent   agent.ID
	Outcome string // accepted, declined, missed, withdrawn; empty while it rings
	EndedAt time.Time
}

// Candidate is an agent who is online and may answer.
type Candidate struct {
	Agent     agent.ID
	Name      string
	Teams     []agent.TeamID
	Load      int // conversations held or ringing
	Capacity  int
	IdleSince time.Time // got nothing new since
}

// Decision is who gets the work and why. A zero Agent means that it waits.
type Decision struct {
	Agent agent.ID
	Name  string
	Why   string
}

// Rest is how long work that an agent declined or did not answer is not
// offered to them again, so that it goes round before it comes back.
const Rest = time.Minute

// Decide chooses the agent who has been idle longest among those who are free,
// belong to the team, and were not just asked.
func Decide(w Work, cs []Candidate, now time.Time) Decision {
	full, elsewhere, asked := 0, 0, 0
	able := make([]Candidate, 0, len(cs))
	for _, c := range cs {
		switch {
		case !w.Only.IsZero() && c.Agent != w.Only, !w.Team.IsZero() && !slices.Contains(c.Teams, w.Team):
			elsewhere++
		case c.Load >= c.Capacity:
			full++
		case w.justAsked(c.Agent, now):
			asked++
		default:
			able = append(able, c)
		}
	}
	if len(able) == 0 {
		return Decision{Why: fmt.Sprintf("waits: of %d agents online, %d are full, %d were just asked, %d answer for others", len(cs), full, asked, elsewhere)}
	}
	best := slices.MinFunc(able, func(a, b Candidate) int {
		return cmp.Or(a.IdleSince.Compare(b.IdleSince), cmp.Compare(a.Load, b.Load), cmp.Compare(a.Agent, b.Agent))
	})
	return Decision{
		Agent: best.Agent, Name: best.Name,
		Why: fmt.Sprintf("idle longest of %d who are free, since %s; holds %d of %d", len(able), best.IdleSince.Format(time.RFC3339), best.Load, best.Capacity),
	}
}

func (w Work) justAsked(a agent.ID, now time.Time) bool {
	for _, o := range w.Offers {
		if o.Agent == a && (o.Outcome == "missed" || o.Outcome == "declined") && now.Sub(o.EndedAt) < Rest {
			return true
		}
	}
	return false
}
