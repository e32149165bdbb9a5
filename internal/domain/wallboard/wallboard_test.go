package wallboard

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
)

var noon = time.Date(2026, 11, 29, 4, 0, 0, 0, time.UTC)

// The vector of the domain reference, §4.3.
func TestTheThreeServiceLevels(t *testing.T) {
	l := Ended{Answered: 80, Kept: 70, Left: 20, Short: 5}.Level()
	for _, c := range []struct {
		name string
		got  *float64
		want float64
	}{
		{"all", l.All, 70}, {"of taken", l.OfTaken, 87.5}, {"fair", l.Fair, 73.68}, {"abandon", l.Abandon, 15.79}, {"rate", l.Rate, 80},
	} {
		if c.got == nil || math.Abs(*c.got-c.want) > 0.005 {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
	if l := (Ended{}).Level(); l.All != nil || l.OfTaken != nil || l.Fair != nil || l.Abandon != nil || l.Rate != nil {
		t.Errorf("a day without chats has the levels %+v", l)
	}
	if l := (Ended{Answered: 1, Kept: 1, Late: 1}).Level(); *l.All != 50 {
		t.Errorf("whoever waits past the promise is left out: %v", *l.All)
	}
}

func TestWork(t *testing.T) {
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	day := Span{at(0), at(100)}
	working := []Span{{at(-30), at(20)}, {at(40), at(60)}}
	holding := []Span{{at(-10), at(10)}, {at(15), at(45)}}
	w := Work(working, holding, day)
	if w.Working != 40*time.Minute || w.Busy != 20*time.Minute || *w.Occupancy() != 50 {
		t.Errorf("%+v", w)
	}
	if Work(nil, holding, day).Occupancy() != nil {
		t.Error("who did not work was occupied")
	}
}

// Nobody is busy for longer than they work, and a part of the time holds no
// more than the whole.
func TestWorkIsLawful(t *testing.T) {
	spans := rapid.Custom(func(t *rapid.T) []Span {
		var all []Span
		at := 0
		for range rapid.IntRange(0, 8).Draw(t, "spans") {
			from := at + rapid.IntRange(0, 50).Draw(t, "rest")
			at = from + rapid.IntRange(0, 50).Draw(t, "length")
			all = append(all, Span{noon.Add(time.Duration(from) * time.Second), noon.Add(time.Duration(at) * time.Second)})
		}
		return all
	})
	rapid.Check(t, func(t *rapid.T) {
		working, holding := spans.Draw(t, "working"), spans.Draw(t, "holding")
		whole := Span{noon, noon.Add(time.Hour)}
		cut := noon.Add(time.Duration(rapid.IntRange(0, 800).Draw(t, "cut")) * time.Second)
		all := Work(working, holding, whole)
		if all.Busy > all.Working {
			t.Fatalf("busy %s of %s", all.Busy, all.Working)
		}
		a, b := Work(working, holding, Span{whole.From, cut}), Work(working, holding, Span{cut, whole.To})
		if a.Working+b.Working != all.Working || a.Busy+b.Busy != all.Busy {
			t.Fatalf("%+v and %+v are not %+v", a, b, all)
		}
	})
}

func house() Snapshot {
	const sales, service = agent.TeamID(1), agent.TeamID(2)
	online := agent.Presence{State: agent.Online, Since: noon}
	return Snapshot{
		At: noon,
		Seats: []Seat{
			{ID: 11, Name: "林", Teams: []agent.TeamID{sales}, Capacity: 3, Presence: online, Connected: true, Worked: Worked{time.Hour, 30 * time.Minute}},
			{ID: 12, Name: "赵", Teams: []agent.TeamID{service}, Capacity: 3, Presence: agent.Presence{State: agent.Break, Reason: "meal"}, Connected: true},
			{ID: 13, Name: "周", Capacity: 1, Presence: agent.Presence{State: agent.Offline}},
		},
		Talks: []Talk{
			{ID: 101, Number: 1, State: conversation.Active, Team: sales, Agent: 11, StartedAt: noon.Add(-time.Hour)},
			{ID: 102, Number: 2, State: conversation.Queued, Team: sales, Offered: 11, QueuedAt: noon.Add(-20 * time.Second)},
			{ID: 103, Number: 3, State: conversation.Queued, QueuedAt: noon.Add(-50 * time.Second)},
			{ID: 104, Number: 4, State: conversation.Queued, Team: service, Priority: 2, QueuedAt: noon.Add(-5 * time.Second)},
		},
		Bots:  map[agent.TeamID]int{0: 2, service: 1},
		Owed:  map[agent.TeamID]int{sales: 1},
		Ended: map[agent.TeamID]Ended{sales: {Answered: 3, Kept: 2}, service: {Left: 1}},
		Risks: []Risk{
			Risk{Kind: OfConversation, ID: conversation.ID(103).String(), Limit: noon.Add(-20 * time.Second)}.Seen(agent.Sight{}),
			Risk{Kind: OfConversation, ID: conversation.ID(102).String(), Limit: noon.Add(10 * time.Second)}.Seen(agent.Sight{Team: sales, Offered: 11}),
			Risk{Kind: OfCase, ID: "cs_1", Limit: noon.Add(time.Second)}.Seen(agent.Sight{Team: service, Agent: 12}),
		},
	}
}

func TestWhatASupervisorSees(t *testing.T) {
	all := house().Board(Who{Scope: agent.ScopeAll})
	f := all.Figures
	if f.Waiting != 3 || f.Ringing != 1 || f.Active != 1 || f.Bot != 3 || f.Open != 7 || f.Owed != 1 || f.Late != 1 {
		t.Errorf("%+v", f)
	}
	if !f.Oldest.Equal(noon.Add(-50*time.Second)) || f.Online != 1 || f.Away != 1 || f.Free != 1 || *f.Occupancy != 50 {
		t.Errorf("%+v", f)
	}
	if f.Level.Offered != 5 || *f.Level.All != 40 {
		t.Errorf("%+v", f.Level)
	}
	order := []int64{}
	for _, w := range all.Queue {
		order = append(order, w.Number)
	}
	if !slices.Equal(order, []int64{4, 3, 2}) || all.Queue[2].RingsAs != "林" || all.Queue[2].Limit.IsZero() {
		t.Errorf("the queue is %+v", all.Queue)
	}
	if len(all.Agents) != 3 || all.Agents[0].Name != "林" || all.Agents[0].Load != 1 || all.Agents[0].Ringing != 1 || all.Agents[2].Name != "周" {
		t.Errorf("the agents are %+v", all.Agents)
	}
	if len(all.Risks) != 3 || all.Risks[0].Limit.After(all.Risks[1].Limit) || all.Risks[1].Agent != "赵" {
		t.Errorf("the risks are %+v", all.Risks)
	}

	sales := house().Board(Of(agent.Actor{Agent: 90, Scope: agent.ScopeTeam, Teams: []agent.TeamID{1}}))
	f = sales.Figures
	if f.Waiting != 2 || f.Bot != 2 || f.Level.Offered != 4 || len(sales.Risks) != 2 || f.Away != 0 {
		t.Errorf("a team sees %+v, %+v", f, sales.Risks)
	}
	if len(sales.Agents) != 2 {
		t.Errorf("a team looks after %+v", sales.Agents)
	}
}

func TestWhoSharesABoard(t *testing.T) {
	team := func(who agent.ID, teams ...agent.TeamID) string {
		return Of(agent.Actor{Agent: who, Scope: agent.ScopeTeam, Teams: teams}).Key()
	}
	if team(1, 5, 3) != team(2, 3, 5) || team(1, 3) == team(1, 5) {
		t.Error("the key is not that of the teams")
	}
	if Of(agent.Actor{Agent: 1, Scope: agent.ScopeOwn}).Key() == Of(agent.Actor{Agent: 2, Scope: agent.ScopeOwn}).Key() {
		t.Error("two people with their own work only share a board")
	}
}
