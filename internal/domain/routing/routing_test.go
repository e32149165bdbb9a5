package routing

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/agent"
)

func TestDecide(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	ago := func(m int) time.Time { return now.Add(-time.Duration(m) * time.Minute) }
	lin := Candidate{Agent: 1, Name: "林", Teams: []agent.TeamID{5}, Load: 2, Capacity: 8, IdleSince: ago(3)}
	zhao := Candidate{Agent: 2, Name: "赵", Load: 1, Capacity: 8, IdleSince: ago(9)}
	full := Candidate{Agent: 3, Name: "满", Load: 8, Capacity: 8, IdleSince: ago(60)}
	for _, c := range []struct {
		name string
		work Work
		cs   []Candidate
		want agent.ID
	}{
		{"idle longest", Work{}, []Candidate{lin, zhao}, 2},
		{"who is full gets nothing", Work{}, []Candidate{full, lin}, 1},
		{"only the team", Work{Team: 5}, []Candidate{lin, zhao}, 1},
		{"by name", Work{Only: 1}, []Candidate{lin, zhao}, 1},
		{"not who just missed it", Work{Offers: []Offer{{Agent: 2, Outcome: "missed", EndedAt: now}}}, []Candidate{lin, zhao}, 1},
		{"after a rest they are asked again", Work{Offers: []Offer{{Agent: 2, Outcome: "missed", EndedAt: ago(2)}}}, []Candidate{lin, zhao}, 2},
		{"nobody", Work{}, nil, 0},
		{"nobody free", Work{}, []Candidate{full}, 0},
	} {
		if got := Decide(c.work, c.cs, now); got.Agent != c.want || got.Why == "" {
			t.Errorf("%s: %+v, want %d", c.name, got, c.want)
		}
	}
}

// Whatever the candidates, work goes only to one who may have it, and waits
// only if there is none.
func TestDecideNeverOverloads(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		w := Work{Team: agent.TeamID(rapid.IntRange(0, 2).Draw(t, "team"))}
		var cs []Candidate
		free := 0
		for i := range rapid.IntRange(0, 6).Draw(t, "agents") {
			c := Candidate{
				Agent: agent.ID(i + 1), Load: rapid.IntRange(0, 3).Draw(t, "load"), Capacity: rapid.IntRange(0, 3).Draw(t, "capacity"),
				Teams: []agent.TeamID{agent.TeamID(rapid.IntRange(1, 2).Draw(t, "member"))}, IdleSince: now.Add(-time.Duration(rapid.IntRange(0, 5).Draw(t, "idle")) * time.Minute),
			}
			if c.Load < c.Capacity && (w.Team == 0 || c.Teams[0] == w.Team) {
				free++
			}
			cs = append(cs, c)
		}
		d := Decide(w, cs, now)
		if (d.Agent == 0) != (free == 0) {
			t.Fatalf("%d are free, decided %+v", free, d)
		}
		for _, c := range cs {
			if c.Agent == d.Agent && (c.Load >= c.Capacity || w.Team != 0 && c.Teams[0] != w.Team) {
				t.Fatalf("%+v got work for team %d", c, w.Team)
			}
		}
	})
}
