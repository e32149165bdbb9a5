package report

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/verification"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Pace is how fast customers were verified, and how often it failed (R086).
type Pace struct {
	Code     string     `json:"code"`
	Name     inbox.Text `json:"name"`
	Count    int        `json:"count"`
	Passed   int        `json:"passed"`
	Vouched  int        `json:"vouched"`
	Locked   int        `json:"locked"`
	Unended  int        `json:"unended"`
	Failures int        `json:"failures"` // wrong answers
	Timed    int        `json:"timed"`    // with a result that was reached by asking
	Within   int        `json:"within"`   // of these, within the target
	Median   float64    `json:"median_s"`
	P95      float64    `json:"p95_s"`

	took []time.Duration
}

// Verifications is the report of verifications.
type Verifications struct {
	From    time.Time    `json:"from"`
	To      time.Time    `json:"to"`
	Target  int          `json:"target_s"`
	All     Pace         `json:"all"`
	Days    []Pace       `json:"days"`
	Agents  []Pace       `json:"agents"`
	Teams   []Pace       `json:"teams"`
	Defined []Definition `json:"defined"`
}

// Verifications counts the verifications that began in a span; zone says where
// a day begins.
func (r *Report) Verifications(ctx context.Context, by agent.Actor, s Span, zone *time.Location) (v Verifications, err error) {
	defer fault.Wrap(&err, "report of verifications")
	if !by.May(agent.ReportTeam) && !by.May(agent.ReportAll) {
		return v, by.Need(agent.ReportTeam)
	}
	if err := s.check(); err != nil {
		return v, err
	}
	all := &Pace{}
	days, agents, teams := paces{}, paces{}, paces{}
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		named, err := tx.Teams(ctx)
		if err != nil {
			return err
		}
		teamName := func(i agent.TeamID) inbox.Text {
			for _, t := range named {
				if t.ID == i {
					return inbox.Text{Zh: t.Name, En: t.Name}
				}
			}
			return none
		}
		now := r.Now()
		return tx.EachVerification(ctx, s.From, s.To, func(one verification.Verification) error {
			if !reaches(by, one.Team) {
				return nil
			}
			day := one.StartedAt.In(zone).Format(time.DateOnly)
			for _, p := range []*Pace{
				all, days.of(day, inbox.Text{Zh: day, En: day}), agents.of(one.Agent.String(), inbox.Text{Zh: one.AgentName, En: one.AgentName}),
				teams.of(one.Team.String(), teamName(one.Team)),
			} {
				p.add(one, now)
			}
			return nil
		})
	})
	all.sum()
	v = Verifications{From: s.From, To: s.To, Target: int(verification.Target.Seconds()), All: *all, Defined: paceDefinitions}
	v.Days = days.listed(func(a, b Pace) int { return cmp.Compare(b.Code, a.Code) })
	most := func(a, b Pace) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Code, b.Code)) }
	v.Agents, v.Teams = agents.listed(most), teams.listed(most)
	return v, err
}

func (p *Pace) add(v verification.Verification, now time.Time) {
	p.Count++
	p.Failures += v.Failures
	switch {
	case v.Vouched != "":
		p.Vouched++
		return
	case !v.Until.IsZero():
		p.Passed++
	case v.State == verification.Locked:
		p.Locked++
	case !v.At(now).State.Open():
		p.Unended++
	}
	if took := v.Took(); took > 0 {
		p.took = append(p.took, took)
		p.Timed++
		if took <= verification.Target {
			p.Within++
		}
	}
}

// sum works out the times, when all are there.
func (p *Pace) sum() {
	if len(p.took) == 0 {
		return
	}
	slices.Sort(p.took)
	at := func(part float64) float64 {
		return math.Round(p.took[max(0, int(math.Ceil(float64(len(p.took))*part))-1)].Seconds()*10) / 10
	}
	p.Median, p.P95 = at(0.5), at(0.95)
}

type paces map[string]*Pace

func (ps paces) of(code string, name inbox.Text) *Pace {
	p, ok := ps[code]
	if !ok {
		p = &Pace{Code: code, Name: name}
		ps[code] = p
	}
	return p
}

func (ps paces) listed(order func(a, b Pace) int) []Pace {
	list := make([]Pace, 0, len(ps))
	for _, p := range ps {
		p.sum()
		list = append(list, *p)
	}
	slices.SortFunc(list, order)
	return list
}

var paceDefinitions = []Definition{
	{"count", inbox.Text{Zh: "在所选时间内开始的核验", En: "Verifications that began in the span"}},
	{"passed", inbox.Text{Zh: "其中逐项询问后通过的，后来失效的也算", En: "Of these, passed by asking, also those that are over since"}},
	{"vouched", inbox.Text{Zh: "其中由有权的人担保的；不计用时", En: "Of these, vouched for; they are not timed"}},
	{"locked", inbox.Text{Zh: "其中因答错次数过多而锁定的", En: "Of these, ended by the lock after too many wrong answers"}},
	{"unended", inbox.Text{Zh: "其中没有通过、也没有锁定就结束的", En: "Of these, over without having passed or locked"}},
	{"failures", inbox.Text{Zh: "答错的次数；格式不对、系统当场拒收的不算", En: "Wrong answers; slips that the system refuses at once do not count"}},
	{"within", inbox.Text{Zh: "有结果的核验中，从开始到结果不超过 60 秒的", En: "Of those with a result, 60 seconds at most from the beginning to the result"}},
	{"median_s", inbox.Text{Zh: "从开始到结果（通过，或最后一次答错）的秒数的中位数", En: "Median of the seconds from the beginning to the result: passed, or the last wrong answer"}},
	{"p95_s", inbox.Text{Zh: "一百次里有九十五次不超过的秒数", En: "Ninety-five of a hundred took no longer, in seconds"}},
}
