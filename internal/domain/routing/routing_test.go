package routing

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
)

var now = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func ago(m int) time.Time { return now.Add(-time.Duration(m) * time.Minute) }

const (
	sales, service = agent.TeamID(5), agent.TeamID(6)
	english, volts = agent.SkillID(7), agent.SkillID(8)
)

func TestDecide(t *testing.T) {
	lin := Candidate{Agent: 1, Name: "林", Teams: []agent.TeamID{sales}, Skills: []agent.Skilled{{Skill: english, Level: 2}}, Load: 2, Capacity: 8, IdleSince: ago(3), OfferedAt: ago(20), Today: 9}
	zhao := Candidate{Agent: 2, Name: "赵", Skills: []agent.Skilled{{Skill: english, Level: 4}, {Skill: volts, Level: 3}}, Load: 1, Capacity: 8, IdleSince: ago(9), OfferedAt: ago(9), Today: 5}
	mei := Candidate{Agent: 4, Name: "梅", Teams: []agent.TeamID{service}, Load: 1, Capacity: 2, IdleSince: ago(5), OfferedAt: ago(30), Today: 4, Share: 50}
	full := Candidate{Agent: 3, Name: "满", Load: 8, Capacity: 8, IdleSince: ago(60)}
	all := []Candidate{lin, zhao, mei, full}
	by := func(s Strategy) Rules { r := DefaultRules(); r.Strategy = s; return r }
	wide := DefaultRules()
	wide.Rings = []Ring{{After: 30, Teams: []agent.TeamID{service}}, {After: 60, AnyTeam: true}}
	for _, c := range []struct {
		name  string
		work  Work
		cs    []Candidate
		rules Rules
		want  agent.ID
		why   string
	}{
		{"idle longest", Work{}, all, DefaultRules(), 2, "idle longest of 3 who may have it: 9:00"},
		{"who is full gets nothing", Work{}, []Candidate{full, lin}, DefaultRules(), 1, "the only one"},
		{"only the team", Work{Team: sales}, all, DefaultRules(), 1, "the only one"},
		{"by name", Work{Only: 1}, all, DefaultRules(), 1, "handed to 林"},
		{"by name, whatever the team", Work{Only: 2, Team: sales, Needs: []Need{{volts, 5, true}}}, all, DefaultRules(), 2, "handed to 赵"},
		{"not whom the customer complains about", Work{Never: []agent.ID{2, 4}}, all, DefaultRules(), 1, "the only one"},
		{"not even by name", Work{Only: 2, Never: []agent.ID{2}}, all, DefaultRules(), 0, "1: the customer complains"},
		{"not who just missed it", Work{Offers: []Offer{{Agent: 2, Outcome: "missed", EndedAt: now}}}, all, DefaultRules(), 4, "idle longest of 2"},
		{"after a rest they are asked again", Work{Offers: []Offer{{Agent: 2, Outcome: "missed", EndedAt: ago(2)}}}, all, DefaultRules(), 2, "idle longest of 3"},
		{"what was taken back may ring again", Work{Offers: []Offer{{Agent: 2, Outcome: "withdrawn", EndedAt: now}}}, all, DefaultRules(), 2, "idle longest of 3"},
		{"nobody", Work{}, nil, DefaultRules(), 0, "nobody is online"},
		{"nobody free", Work{}, []Candidate{full}, DefaultRules(), 0, "1: have no room"},

		{"the most skilled", Work{Needs: []Need{{english, 1, false}}}, all, DefaultRules(), 2, "idle longest of 2"},
		{"the skill at its level", Work{Needs: []Need{{english, 3, false}}}, all, DefaultRules(), 2, "the only one"},
		{"all of the skills", Work{Needs: []Need{{english, 2, false}, {volts, 1, false}}}, all, DefaultRules(), 2, "the only one"},
		{"a skill nobody has", Work{Needs: []Need{{volts, 5, false}}}, all, DefaultRules(), 0, "4: lack a skill"},
		{"a ring lowers the level", Work{Needs: []Need{{english, 5, false}}, Since: now.Add(-30 * time.Second)}, all, DefaultRules(), 2, "ring 1, after 30 s"},
		{"a wider one lets it go", Work{Needs: []Need{{volts, 5, false}}, Since: ago(1)}, all, DefaultRules(), 2, "ring 2, after 60 s"},
		{"never what is a must", Work{Needs: []Need{{volts, 5, true}}, Since: ago(60)}, all, DefaultRules(), 0, "4: lack a skill"},
		{"not the most skilled if the rules say so", Work{Needs: []Need{{english, 1, false}}}, []Candidate{lin, {Agent: 9, Skills: []agent.Skilled{{Skill: english, Level: 5}}, Capacity: 1, IdleSince: now}}, Rules{Strategy: LongestIdle}, 1, "idle longest of 2"},
		{"a ring lets another team in", Work{Team: sales, Since: now.Add(-30 * time.Second)}, []Candidate{mei, zhao}, wide, 4, "the only one"},
		{"then everybody", Work{Team: sales, Since: ago(1)}, []Candidate{mei, zhao}, wide, 2, "idle longest of 2"},
		{"but the team's own first", Work{Team: sales, Since: ago(1)}, all, wide, 1, "idle longest of 3"},

		{"who served them last", Work{Prefers: 4}, all, DefaultRules(), 4, "梅 served this customer last"},
		{"is waited for", Work{Prefers: 3, Since: now.Add(-10 * time.Second)}, all, DefaultRules(), 0, "waits up to 0:20 for 满"},
		{"but not for long", Work{Prefers: 3, Since: now.Add(-30 * time.Second)}, all, DefaultRules(), 2, "idle longest of 3"},
		{"nor if they are away", Work{Prefers: 99}, all, DefaultRules(), 2, "idle longest of 3"},
		{"nor if they declined", Work{Prefers: 4, Offers: []Offer{{Agent: 4, Outcome: "declined", EndedAt: now}}}, all, DefaultRules(), 2, "idle longest of 2"},

		{"least busy", Work{}, all, by(LeastBusy), 2, "room is least used"},
		{"round robin", Work{}, all, by(RoundRobin), 4, "nothing has rung for longest"},
		{"fewest today", Work{}, all, by(FewestToday), 4, "fewest today: 4"},
		{"for their share", Work{}, all, by(Weighted), 2, "below their share"},
		{"a team's own way", Work{Team: sales}, []Candidate{lin, {Agent: 8, Teams: []agent.TeamID{sales}, Capacity: 4, IdleSince: now}}, Rules{Strategy: LongestIdle, Teams: []TeamRules{{sales, FewestToday}}}, 8, "fewest today"},

		{"half a place", Work{Weight: 0.5}, []Candidate{{Agent: 1, Load: 7.5, Capacity: 8}}, DefaultRules(), 1, "holds 7.5 of 8"},
		{"no half place", Work{}, []Candidate{{Agent: 1, Load: 7.5, Capacity: 8}}, DefaultRules(), 0, "no room"},
		{"a call needs all of it", Work{Fills: true}, []Candidate{lin, {Agent: 9, Capacity: 8}}, DefaultRules(), 9, "holds 0 of 8"},
		{"no call without a telephone", Work{Fills: true, Call: true}, []Candidate{{Agent: 7, Capacity: 8, NoPhone: true}, {Agent: 9, Capacity: 8}}, DefaultRules(), 9, "the only one"},
		{"nobody has one", Work{Fills: true, Call: true}, []Candidate{{Agent: 7, Capacity: 8, NoPhone: true}}, DefaultRules(), 0, "1: none of their telephones is connected"},
		{"not even who served them last", Work{Call: true, Prefers: 7}, []Candidate{{Agent: 7, Capacity: 8, NoPhone: true}, {Agent: 9, Capacity: 8}}, DefaultRules(), 9, "the only one"},
		{"a chat needs none", Work{}, []Candidate{{Agent: 7, Capacity: 8, NoPhone: true}}, DefaultRules(), 7, "the only one"},
		{"who could not be rung rests", Work{Call: true, Offers: []Offer{{Agent: 7, Outcome: "unreachable", EndedAt: now}}}, []Candidate{{Agent: 7, Capacity: 8, PhoneSince: ago(1)}}, DefaultRules(), 0, "1: just declined"},
		{"until a telephone comes", Work{Call: true, Offers: []Offer{{Agent: 7, Outcome: "unreachable", EndedAt: now.Add(-time.Second)}}}, []Candidate{{Agent: 7, Capacity: 8, PhoneSince: now}}, DefaultRules(), 7, "the only one"},
		{"even of who takes nothing", Work{Fills: true}, []Candidate{{Agent: 9}}, DefaultRules(), 0, "no room"},
	} {
		got := Decide(c.work, c.cs, c.rules, now)
		if got.Agent != c.want || !strings.Contains(said(got.Why), c.why) {
			t.Errorf("%s: %d, want %d: %s", c.name, got.Agent, c.want, said(got.Why))
		}
	}
}

func said(why []phrase.Reason) string {
	all := make([]string, len(why))
	for i, r := range why {
		all[i] = r.In("en")
		if r.In("zh") == all[i] {
			all[i] += " (not in Chinese)"
		}
	}
	return strings.Join(all, "; ")
}

// What waits says when time alone may change that.
func TestAgain(t *testing.T) {
	busy := Candidate{Agent: 1, Load: 1, Capacity: 1}
	asked := Candidate{Agent: 2, Capacity: 1}
	for _, c := range []struct {
		name string
		work Work
		want time.Time
	}{
		{"only room helps", Work{}, time.Time{}},
		{"the next ring", Work{Needs: []Need{{english, 1, false}}}, now.Add(30 * time.Second)},
		{"the one after it", Work{Needs: []Need{{english, 1, false}}, Since: now.Add(-40 * time.Second)}, now.Add(20 * time.Second)},
		{"no further ring", Work{Needs: []Need{{english, 1, true}}, Since: ago(5)}, time.Time{}},
		{"the end of a rest", Work{Offers: []Offer{{Agent: 2, Outcome: "missed", EndedAt: now.Add(-50 * time.Second)}}}, now.Add(10 * time.Second)},
		{"the patience for who is preferred", Work{Prefers: 1, Since: now.Add(-10 * time.Second)}, now.Add(20 * time.Second)},
	} {
		cs := []Candidate{busy}
		if len(c.work.Offers) > 0 {
			cs = append(cs, asked)
		}
		if got := Decide(c.work, cs, DefaultRules(), now); !got.Agent.IsZero() || !got.Again.Equal(c.want) {
			t.Errorf("%s: %d, again %s, want %s", c.name, got.Agent, got.Again, c.want)
		}
	}
}

func drawn(t *rapid.T) (Work, []Candidate, Rules) {
	agents := rapid.IntRange(0, 7).Draw(t, "agents")
	id := rapid.Custom(func(t *rapid.T) agent.ID { return agent.ID(rapid.IntRange(0, 7).Draw(t, "id")) })
	w := Work{
		Team: agent.TeamID(rapid.IntRange(0, 2).Draw(t, "team")), Prefers: id.Draw(t, "prefers"), Never: rapid.SliceOfN(id, 0, 2).Draw(t, "never"),
		Fills: rapid.IntRange(0, 4).Draw(t, "fills") == 0, Since: now.Add(-time.Duration(rapid.IntRange(0, 90).Draw(t, "waited")) * time.Second),
	}
	for range rapid.IntRange(0, 2).Draw(t, "needs") {
		w.Needs = append(w.Needs, Need{agent.SkillID(rapid.IntRange(1, 2).Draw(t, "skill")), rapid.IntRange(1, 3).Draw(t, "level"), rapid.Bool().Draw(t, "must")})
	}
	for range rapid.IntRange(0, 2).Draw(t, "offers") {
		w.Offers = append(w.Offers, Offer{id.Draw(t, "offered"), rapid.SampledFrom([]string{"missed", "declined", "withdrawn"}).Draw(t, "outcome"), now.Add(-time.Duration(rapid.IntRange(0, 90).Draw(t, "over")) * time.Second)})
	}
	r := DefaultRules()
	r.Strategy = rapid.SampledFrom(Strategies()).Draw(t, "strategy")
	r.Rings = append(r.Rings, Ring{After: 80, AnySkill: true, AnyTeam: true})
	var cs []Candidate
	for i := range agents {
		c := Candidate{
			Agent: agent.ID(i + 1), Load: float64(rapid.IntRange(0, 3).Draw(t, "load")), Capacity: float64(rapid.IntRange(0, 3).Draw(t, "capacity")),
			Teams: []agent.TeamID{agent.TeamID(rapid.IntRange(1, 2).Draw(t, "member"))}, IdleSince: ago(rapid.IntRange(0, 5).Draw(t, "idle")),
			OfferedAt: ago(rapid.IntRange(0, 5).Draw(t, "rang")), Today: rapid.IntRange(0, 3).Draw(t, "today"),
		}
		if l := rapid.IntRange(0, 4).Draw(t, "mastery"); l > 0 {
			c.Skills = []agent.Skilled{{Skill: 1, Level: l}}
		}
		cs = append(cs, c)
	}
	return w, cs, r
}

// Whatever the candidates: work goes only to one who may have it, waits only
// if there is none or for who is preferred, and it does not matter in which
// order the candidates come.
func TestDecideLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, cs, r := drawn(t)
		d := Decide(w, cs, r, now)
		free := 0
		for _, s := range Standings(w, cs, r, now) {
			can := s.Why.Code == "route.is_able"
			if can {
				free++
			}
			if s.Agent == d.Agent && !can {
				t.Fatalf("%s got it", s.Why.Text)
			}
		}
		if d.Agent.IsZero() && free > 0 && (d.Why[len(d.Why)-1].Code != "route.sticky_wait" || !d.Again.After(now) || now.Sub(w.Since) >= r.StickyWait()) {
			t.Fatalf("%d may have it, decided %+v", free, d)
		}
		if !d.Again.IsZero() && !d.Again.After(now) {
			t.Fatalf("again at %s, which is past", d.Again)
		}
		for _, c := range cs {
			if c.Agent == d.Agent && (c.Load >= c.Capacity || slices.Contains(w.Never, c.Agent) || w.Fills && c.Load > 0) {
				t.Fatalf("%+v got work", c)
			}
		}
		slices.Reverse(cs)
		if again := Decide(w, cs, r, now); again.Agent != d.Agent {
			t.Fatalf("%d, and the other way round %d", d.Agent, again.Agent)
		}
	})
}

// The vector of domain reference §4.5: C, A, B, and the same a minute later.
func TestRank(t *testing.T) {
	r := DefaultRules()
	r.Lanes.Urgent = 1000
	if got := []float64{r.Score(0, ago(12), now), r.Score(1, ago(1), now), r.Score(2, now, now)}; !slices.Equal(got, []float64{12, 11, 1000}) {
		t.Errorf("scores %v", got)
	}
	a, b, c := r.Rank(0, ago(12)), r.Rank(1, ago(1)), r.Rank(2, now)
	if !c.Before(a) || !a.Before(b) {
		t.Errorf("A %s, B %s, C %s", a, b, c)
	}
	if got := r.Starves(0, 1); got != 10*time.Minute {
		t.Errorf("a normal one waits %s behind VIPs", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		r := DefaultRules()
		r.Ageing = rapid.Float64Range(0.1, 10).Draw(t, "ageing")
		one := func() (int, time.Time) {
			return rapid.IntRange(-1, 1).Draw(t, "priority"), ago(rapid.IntRange(0, 600).Draw(t, "since"))
		}
		p, at := one()
		q, bt := one()
		if to := bt.Sub(r.Rank(q, bt)); to != r.Ahead(q) {
			t.Fatalf("it ranks %s ahead, not %s", to, r.Ahead(q))
		}
		later := now.Add(time.Duration(rapid.IntRange(0, 6000).Draw(t, "later")) * time.Second)
		score := r.Score(p, at, later) - r.Score(q, bt, later)
		rank := r.Rank(p, at).Sub(r.Rank(q, bt))
		if score > 0.001 && rank > 0 || score < -0.001 && rank < 0 {
			t.Fatalf("scores differ by %v, ranks by %s", score, rank)
		}
		if wait := at.Sub(bt); q > p && -wait > r.Starves(p, q)+time.Second && rank > 0 {
			t.Fatalf("it came %s before and is behind: the bound is %s", -wait, r.Starves(p, q))
		}
	})
}

func TestRules(t *testing.T) {
	if err := DefaultRules().Check(); err != nil {
		t.Fatal(err)
	}
	for code, change := range map[string]func(*Rules){
		"routing.strategy":   func(r *Rules) { r.Strategy = "luck" },
		"routing.rings":      func(r *Rules) { r.Rings = make([]Ring, 7) },
		"routing.ring_after": func(r *Rules) { r.Rings[1].After = 30 },
		"routing.ring_lower": func(r *Rules) { r.Rings[0].Lower = 6 },
		"routing.seconds":    func(r *Rules) { r.RestSeconds = -1 },
		"routing.count":      func(r *Rules) { r.StickyDays = 1001 },
		"routing.ageing":     func(r *Rules) { r.Ageing = 0 },
		"routing.lanes":      func(r *Rules) { r.Lanes.High = -10 },
		"routing.team_twice": func(r *Rules) { r.Teams = []TeamRules{{sales, RoundRobin}, {sales, LeastBusy}} },
		"routing.weight":     func(r *Rules) { r.Weights = map[string]float64{"email": 101} },
	} {
		r := DefaultRules()
		if change(&r); r.Check() == nil || fault.CodeOf(r.Check()) != code {
			t.Errorf("%s: %v", code, r.Check())
		}
	}
}

// A team that is no more leaves the rules, and nothing else of them.
func TestWithoutATeam(t *testing.T) {
	r := DefaultRules()
	r.Teams = []TeamRules{{sales, RoundRobin}, {service, LeastBusy}}
	r.Rings[1].Teams = []agent.TeamID{sales, service}
	left := r.Without(sales)
	if !slices.Equal(left.NamedTeams(), []agent.TeamID{service}) || !slices.Equal(r.NamedTeams(), []agent.TeamID{sales, service}) {
		t.Errorf("left %v of %v", left.NamedTeams(), r.NamedTeams())
	}
	if got := left.Differs(r); !slices.Equal(got, []string{"teams", "rings"}) {
		t.Errorf("differs in %v", got)
	}
}
