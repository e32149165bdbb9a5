package staffing

import (
	"math"
	"time"

	"yingda/internal/kit/fault"
)

// ErlangB is the part of contacts that n people without a queue turn away, at a
// load of a Erlang. The recursion holds for large n, where factorials do not:
// B(0) = 1, B(k) = a·B(k−1) / (k + a·B(k−1)).
func ErlangB(n int, a float64) float64 {
	b := 1.0
	for k := 1; k <= n; k++ {
		b = nextB(k, a, b)
	}
	return b
}

func nextB(k int, a, b float64) float64 { return a * b / (float64(k) + a*b) }

// ErlangC is the probability to wait for one of n people at a load of a Erlang,
// where nobody gives up. Without more people than Erlangs everybody waits.
func ErlangC(n int, a float64) float64 {
	if float64(n) <= a {
		return 1
	}
	return waitFromB(n, a, ErlangB(n, a))
}

func waitFromB(n int, a, b float64) float64 {
	return b / (1 - a/float64(n)*(1-b))
}

// Patient is what becomes of a load with n people if nobody gives up
// (Erlang C). With too few people the queue grows without end; that is an
// Invalid that says how many are needed at least.
func Patient(l Load, n int, target time.Duration) (Outcome, error) {
	if err := firstOf(l.Check(), checkTarget(target), checkAgents(n)); err != nil {
		return Outcome{}, err
	}
	a := l.Erlangs()
	if float64(n) <= a {
		return Outcome{}, overload(n, a)
	}
	return patient(l, n, ErlangC(n, a), target), nil
}

func overload(n int, a float64) error {
	return fault.New(fault.Invalid, "staffing.overload",
		"%d agents cannot carry a load of %.2f Erlang: the queue grows without end; take at least %d", n, a, atLeast(a)).In("agents")
}

// atLeast is the smallest number of people under whom a queue ends.
func atLeast(a float64) int { return int(math.Floor(a)) + 1 }

// patient is what follows from the probability to wait: the wait of those who
// do is exponential with the mean AHT/(n−a).
func patient(l Load, n int, wait float64, target time.Duration) Outcome {
	a, handling := l.Erlangs(), l.Handling.Seconds()
	spare := float64(n) - a
	asa := wait * handling / spare
	return Outcome{
		Agents: n, WaitProbability: wait, ASA: asa, MeanWait: asa,
		ServiceLevel: 1 - wait*math.Exp(-spare*target.Seconds()/handling),
		Occupancy:    a / float64(n),
	}
}

// PatientAgents is the smallest number of people that reaches the goal if
// nobody gives up, and what becomes of the load with them.
func PatientAgents(l Load, target time.Duration, g Goal) (Outcome, error) {
	if err := firstOf(l.Check(), checkTarget(target), g.Check()); err != nil {
		return Outcome{}, err
	}
	a := l.Erlangs()
	b := ErlangB(atLeast(a)-1, a)
	for n := atLeast(a); n <= mostAgents; n++ {
		b = nextB(n, a, b)
		if o := patient(l, n, waitFromB(n, a, b), target); g.met(o.ServiceLevel, o.Occupancy) {
			return o, nil
		}
	}
	return Outcome{}, outOfReach()
}

func outOfReach() error {
	return fault.New(fault.Invalid, "staffing.reach", "%d agents do not reach this goal; lower it, or give the target more time", mostAgents).In("goal")
}

// PatientWait is the wait that the part p of all contacts does not exceed, in
// seconds: 0.9 asks for the wait of which nine of ten see less. It is 0 where
// so many do not wait at all.
func PatientWait(l Load, o Outcome, p float64) float64 {
	if p <= 1-o.WaitProbability {
		return 0
	}
	return l.Handling.Seconds() / (float64(o.Agents) - l.Erlangs()) * math.Log(o.WaitProbability/(1-p))
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
