package staffing

import (
	"math"
	"sort"
	"time"

	"yingda/internal/kit/fault"
)

// mostWaiting bounds how many contacts come within one patience, and so the
// states of the chain.
const mostWaiting = 1_000_000

// Impatient is what becomes of a load with n people if contacts give up: each
// after an exponential time with the mean of patience (Erlang A, M/M/n+M). It
// is defined however few people there are; without patience's end it is
// Erlang C.
func Impatient(l Load, n int, target, patience time.Duration) (Outcome, error) {
	if err := firstOf(l.Check(), checkTarget(target), checkAgents(n), checkPatience(l, patience)); err != nil {
		return Outcome{}, err
	}
	return impatient(l, n, target, patience), nil
}

func checkPatience(l Load, patience time.Duration) error {
	switch {
	case patience <= 0:
		return fault.New(fault.Invalid, "staffing.patience", "the patience is above 0, such as 120s").In("patience")
	case l.rate()*patience.Seconds() > mostWaiting:
		return fault.New(fault.Invalid, "staffing.patience_long", "more than %d contacts come within this patience, so nobody gives up: take a shorter one, or reckon without it (Erlang C)", mostWaiting).In("patience")
	}
	return nil
}

// ImpatientAgents is the smallest number of people that reaches the goal if
// contacts give up, and what becomes of the load with them.
func ImpatientAgents(l Load, target, patience time.Duration, g Goal) (Outcome, error) {
	if err := firstOf(l.Check(), checkTarget(target), checkPatience(l, patience), g.Check()); err != nil {
		return Outcome{}, err
	}
	reached := func(n int) bool {
		o := impatient(l, n, target, patience)
		return g.met(o.ServiceLevel, o.Occupancy)
	}
	few, enough := 0, min(mostAgents, atLeast(l.Erlangs())) // more people are never worse: few is too few
	for step := 1; !reached(enough); step *= 2 {
		if enough == mostAgents {
			return Outcome{}, outOfReach()
		}
		few, enough = enough, min(mostAgents, enough+step)
	}
	n := few + 1 + sort.Search(enough-few-1, func(i int) bool { return reached(few + 1 + i) })
	return impatient(l, n, target, patience), nil
}

func impatient(l Load, n int, target, patience time.Duration) Outcome {
	c := newChain(l.rate(), 1/l.Handling.Seconds(), 1/patience.Seconds(), n)
	abandon := c.theta * c.queue / c.lambda
	return Outcome{
		Agents: n, WaitProbability: c.wait, Abandon: abandon, MeanWait: c.queue / c.lambda,
		ServiceLevel: min(1, 1-c.wait+c.answered(target.Seconds(), func(float64) float64 { return 1 })),
		Occupancy:    min(1, (1-abandon)*c.lambda/(float64(n)*c.mu)), // sums of many states end a little off
		ASA:          c.answered(math.Inf(1), func(t float64) float64 { return t }) / (1 - abandon),
	}
}

// chain is the birth-death chain of Erlang A in its steady state. Rates are
// per second.
type chain struct {
	lambda, mu, theta float64
	n                 float64
	logFull           float64 // logarithm of the probability that all are busy and nobody waits
	wait              float64 // probability that all are busy
	queue             float64 // mean number who wait
}

// negligible is how far below the largest a logarithm of a probability may be
// before it adds nothing to a float64.
const negligible = -45

// newChain sums the states as logarithms relative to the one where all n are
// busy and nobody waits: their products leave the range of float64.
func newChain(lambda, mu, theta float64, n int) chain {
	c := chain{lambda: lambda, mu: mu, theta: theta, n: float64(n)}
	above := []float64{0} // by how many wait
	most := 0.0
	for k, p := 1, 0.0; p-most > negligible || lambda > c.n*mu+float64(k)*theta; k++ {
		p += math.Log(lambda / (c.n*mu + float64(k)*theta))
		most = max(most, p)
		above = append(above, p)
	}
	below := make([]float64, 0, n)
	for j, p := n, 0.0; j > 0; j-- {
		p += math.Log(float64(j) * mu / lambda)
		most = max(most, p)
		below = append(below, p)
	}
	free, busy, waiting := 0.0, 0.0, 0.0
	for _, p := range below {
		free += math.Exp(p - most)
	}
	for k, p := range above {
		busy += math.Exp(p - most)
		waiting += float64(k) * math.Exp(p-most)
	}
	c.logFull = -most - math.Log(free+busy)
	c.wait, c.queue = busy/(free+busy), waiting/(free+busy)
	return c
}

// density is the logarithm of how likely a contact is to be answered after
// exactly t seconds of waiting. Who finds k before them waits for k+1 ends at
// the rates nμ+iθ; summed over k this is π(n)·nμ·exp(−nμt + λ/θ·(1−e^−θt)) for
// the wait that is offered, of which e^−θt stay to its end.
func (c chain) density(t float64) float64 {
	return c.logFull + math.Log(c.n*c.mu) - (c.n*c.mu+c.theta)*t - c.lambda/c.theta*math.Expm1(-c.theta*t)
}

// panels is how finely the density is summed: about a thousandth of its width.
const panels = 8000

// answered is the integral of the density times f over the waits up to limit,
// by Simpson's rule on the part where the density is not negligible. The
// logarithm of the density is concave, so that part is one piece.
func (c chain) answered(limit float64, f func(t float64) float64) float64 {
	peak := max(0, math.Log(c.lambda/(c.n*c.mu+c.theta))/c.theta)
	top := c.density(peak)
	step := 1 / (c.n*c.mu + c.theta)
	for c.density(peak+step)-top > negligible {
		step *= 2
	}
	from, to := max(0, peak-step), min(limit, peak+step)
	if to <= from {
		return 0
	}
	h := (to - from) / panels
	sum := 0.0
	for i := range panels + 1 {
		weight := 2.0
		switch {
		case i == 0 || i == panels:
			weight = 1
		case i%2 == 1:
			weight = 4
		}
		t := from + float64(i)*h
		sum += weight * f(t) * math.Exp(c.density(t))
	}
	return sum * h / 3
}
