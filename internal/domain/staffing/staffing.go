// Package staffing says how many people a promise of seconds needs, and what
// becomes of it with those who are there: the formulas of Erlang, and a
// simulation of the desk
// (domain reference §4.2).
package staffing

import (
	"fmt"
	"math"
	"strings"
	"time"

	"yingda/internal/kit/fault"
)

// Load is the work that comes in while nothing changes: so many contacts in an
// interval, each of which keeps one person busy for the handling time.
type Load struct {
	Contacts float64       // in one interval
	Interval time.Duration // such as half an hour
	Handling time.Duration // talk, hold and wrap-up together (AHT)
}

// Erlangs is how many people the load keeps busy on average.
func (l Load) Erlangs() float64 { return l.rate() * l.Handling.Seconds() }

// rate is the contacts that come in a second.
func (l Load) rate() float64 { return l.Contacts / l.Interval.Seconds() }

// MostErlangs is the largest load that is computed, and mostAgents the most
// people: far above what one place employs.
const (
	MostErlangs = 20_000
	mostAgents  = 2 * MostErlangs
)

// Check says what is wrong with the load.
func (l Load) Check() error {
	switch {
	case !(l.Contacts > 0) || math.IsInf(l.Contacts, 0):
		return fault.New(fault.Invalid, "staffing.contacts", "the number of contacts in an interval is above 0").In("calls")
	case l.Interval <= 0:
		return fault.New(fault.Invalid, "staffing.interval", "the interval is above 0, such as 30m").In("interval")
	case l.Handling <= 0:
		return fault.New(fault.Invalid, "staffing.handling", "the handling time is above 0, such as 180s").In("aht")
	case l.Erlangs() > MostErlangs:
		return fault.New(fault.Invalid, "staffing.large", "this load keeps more than %d people busy; split it by team or by interval", MostErlangs).In("calls")
	}
	return nil
}

// Goal is what is to be reached: a part of all contacts answered within the
// target, and people who are busy for at most a part of their time.
type Goal struct {
	ServiceLevel float64 // above 0 and below 1, such as 0.8
	MaxOccupancy float64 // above 0, at most 1; 0.85 is usual
}

// Check says what is wrong with the goal.
func (g Goal) Check() error {
	switch {
	case !(g.ServiceLevel > 0 && g.ServiceLevel < 1):
		return fault.New(fault.Invalid, "staffing.goal", "the goal is a part between 0 and 1, such as 0.8").In("goal")
	case !(g.MaxOccupancy > 0 && g.MaxOccupancy <= 1):
		return fault.New(fault.Invalid, "staffing.occupancy", "the highest occupancy is a part above 0 and at most 1, such as 0.85").In("max_occupancy")
	}
	return nil
}

func (g Goal) met(serviceLevel, occupancy float64) bool {
	return serviceLevel >= g.ServiceLevel && occupancy <= g.MaxOccupancy
}

// Outcome is what becomes of a load with a number of people. Probabilities and
// levels are parts of 1; waits are in seconds, fractions kept.
type Outcome struct {
	Agents          int
	WaitProbability float64 // that a contact has to wait at all
	ASA             float64 // average speed of answer: mean wait of those who are answered
	ServiceLevel    float64 // answered within the target, of all who came
	Occupancy       float64 // part of the time in which people are busy
	Abandon         float64 // give up before they are answered; 0 where nobody does
	MeanWait        float64 // of all who came, whether answered or not
}

func checkTarget(target time.Duration) error {
	if target < 0 {
		return fault.New(fault.Invalid, "staffing.target", "the target is 0 or above, such as 20s").In("target")
	}
	return nil
}

func checkAgents(n int) error {
	if n < 1 || n > mostAgents {
		return fault.New(fault.Invalid, "staffing.agents", "the number of agents is between %d and %d", 1, mostAgents).In("agents")
	}
	return nil
}

// Why says in words what an outcome of a load follows from, in zh or en.
// Patience is zero where nobody gives up.
func Why(l Load, o Outcome, target, patience time.Duration, language string) []string {
	pick := func(en, zh string) string {
		if language == "zh" {
			return zh
		}
		return en
	}
	seconds := target.Seconds()
	why := []string{
		fmt.Sprintf(pick("%g contacts in %s of %s each keep %.2f people busy on average (Erlang)", "%g 个联系在 %s 内到来，每个处理 %s，平均占用 %.2f 人（Erlang）"), l.Contacts, short(l.Interval), short(l.Handling), l.Erlangs()),
		fmt.Sprintf(pick("with %d at work %.1f %% of contacts have to wait; people are busy for %.1f %% of their time", "%d 人时，%.1f%% 的联系需要等待，人员忙碌率 %.1f%%"), o.Agents, 100*o.WaitProbability, 100*o.Occupancy),
	}
	if patience > 0 {
		return append(why,
			fmt.Sprintf(pick("who waits gives up after %s on average: %.2f %% do, which keeps the wait of all at %.2f s (Erlang A)", "客户平均等待 %s 后放弃：放弃率 %.2f%%，全部联系平均等待 %.2f 秒（Erlang A）"), short(patience), 100*o.Abandon, o.MeanWait),
			fmt.Sprintf(pick("%.2f %% of all who come are answered within %g s; those who are answered wait %.2f s on average", "全部联系中 %.2f%% 在 %g 秒内接起；接起的平均等待 %.2f 秒"), 100*o.ServiceLevel, seconds, o.ASA))
	}
	return append(why, fmt.Sprintf(pick("nobody gives up (Erlang C): %.2f %% are answered within %g s, after %.2f s on average", "假定没有人放弃（Erlang C）：%.2f%% 在 %g 秒内接起，平均等待 %.2f 秒"), 100*o.ServiceLevel, seconds, o.ASA))
}

// short is a duration as people write it: 30m, not 30m0s.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
