package retrieve

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// confidence tells how far a ranking can be trusted. It is learnt from the
// knowledge base itself: see calibrate.
type confidence struct {
	first regression // that the first entry is the one that is meant
	among regression // that it is among those that are offered
	// What came of the calibration, the surest first: answering everything from a
	// probability on, promised[i], was right in at least this share, kept[i], and
	// answered this share of all, reached[i].
	promised, kept, reached []float64
	mixed                   []mixUp
}

// mixUp is a way to ask that, held out, was taken for another entry.
type mixUp struct {
	entry, taken int32
	way          int // among the ways to ask the entry
}

// signals is what is known of a ranking, as numbers.
type signals [19]float64

func (r ranking) signals() signals {
	var a, b found
	if len(r.top) > 0 {
		a = r.top[0]
	}
	if len(r.top) > 1 {
		b = r.top[1]
	}
	var agree, offered float64
	if r.agree {
		agree = 1
	}
	for _, f := range r.top[:min(choices, len(r.top))] {
		offered += float64(f.likely)
	}
	const tiny = 1e-4 // keeps logarithms finite
	known := 1 - float64(r.unknown)
	return signals{
		float64(a.words), float64(a.words * a.words), float64(a.vote), float64(a.score - b.score), agree,
		float64(a.likely), float64(a.likely - b.likely), math.Log(float64(a.likely) + tiny), math.Log(offered + tiny),
		float64(a.logit), float64(a.logit - b.logit), float64(r.highest),
		float64(a.covered), float64(a.covered - b.covered), math.Log(float64(a.covered)*known + 0.02),
		float64(a.answer), float64(a.answer - b.answer),
		float64(r.unknown), math.Log(1 + float64(r.tokens)),
	}
}

// regression is a logistic regression over signals that were brought to mean 0
// and deviation 1.
type regression struct {
	mean, deviation, weight signals
	bias                    float64
}

// sample is a ranking of which it is known whether it was right.
type sample struct {
	signals      signals
	first, among bool
	weight       float64
}

const (
	rounds = 800  // of gradient descent; more changes the third digit
	rate   = 0.5  // of its steps
	decay  = 1e-3 // pulls weights to 0
)

// regress fits a regression to samples by gradient descent.
func regress(samples []sample, right func(sample) bool) regression {
	var g regression
	var total float64
	for _, s := range samples {
		total += s.weight
		for i, v := range s.signals {
			g.mean[i] += s.weight * v
		}
	}
	for i := range g.mean {
		g.mean[i] /= total
	}
	for _, s := range samples {
		for i, v := range s.signals {
			g.deviation[i] += s.weight * (v - g.mean[i]) * (v - g.mean[i]) / total
		}
	}
	for i, v := range g.deviation {
		g.deviation[i] = math.Sqrt(v) + 1e-6
	}
	xs := make([]signals, len(samples))
	for k, s := range samples {
		xs[k] = g.standard(s.signals)
	}
	for range rounds {
		var down signals
		var downBias float64
		for k, s := range samples {
			miss := logistic(g.bias+dot(g.weight, xs[k])) * s.weight
			if right(s) {
				miss -= s.weight
			}
			for i, v := range xs[k] {
				down[i] += miss * v
			}
			downBias += miss
		}
		for i := range g.weight {
			g.weight[i] -= rate * (down[i]/total + decay*g.weight[i])
		}
		g.bias -= rate * downBias / total
	}
	return g
}

func (g regression) standard(s signals) signals {
	for i := range s {
		s[i] = (s[i] - g.mean[i]) / g.deviation[i]
	}
	return s
}

// of returns the probability, between 0 and 1.
func (g regression) of(s signals) float64 { return logistic(g.bias + dot(g.weight, g.standard(s))) }

func dot(a, b signals) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

const (
	folds = 10
	// mostSamples bounds how many texts of one fold are asked. Folds are left out
	// once mostRead phrasings were learnt from in all: 150 questions with 20
	// phrasings have all ten, 10,000 with five have one.
	mostSamples = 1000
	mostRead    = 40_000
	// assumedUnknown is the share of questions that is taken to be beyond the
	// knowledge base. In customer service it is about a fifth.
	assumedUnknown = 0.2
)

// calibrate learns how far the ranking of a knowledge base can be trusted, by
// ten-fold cross-validation on itself: in each fold all phrasings of a tenth of
// its questions are unknown, and so is a tenth of the phrasings of the others;
// a ranker of the rest is asked both. The first cannot be answered, the others
// can.
func calibrate(c *corpus) *confidence {
	place := make([]int, len(c.asked)) // of a phrasing among those of its entry
	count := make([]int, c.entries)
	for i, d := range c.asked {
		place[i] = count[d.owner]
		count[d.owner]++
	}
	var known, beyond []sample
	var mixed []mixUp
	for f := range min(folds, 1+mostRead/len(c.asked)) {
		left := func(owner int32) bool { return int(owner)%folds == f }
		held := map[int]bool{}
		var trials []int
		for i, d := range c.asked {
			if left(d.owner) || (place[i]+int(d.owner))%folds == f {
				held[i] = true
				trials = append(trials, i)
			}
		}
		r := newRanker(c.without(held, left), true)
		for _, i := range spread(trials, mostSamples) {
			d := c.asked[i]
			ranked := r.rank(c.vocabulary.again(d), func(int32) bool { return true }, choices+1)
			if left(d.owner) {
				beyond = append(beyond, sample{signals: ranked.signals()})
			} else {
				known = append(known, ranked.sample(d.owner))
				if len(ranked.top) > 0 && ranked.top[0].entry != d.owner {
					mixed = append(mixed, mixUp{entry: d.owner, taken: ranked.top[0].entry, way: place[i]})
				}
			}
		}
	}
	weight := assumedUnknown / (1 - assumedUnknown) * float64(len(known)) / float64(max(1, len(beyond)))
	for i := range beyond {
		beyond[i].weight = weight
	}
	samples := slices.Concat(known, beyond)
	x := &confidence{
		mixed: mixed,
		first: regress(samples, func(s sample) bool { return s.first }),
		among: regress(samples, func(s sample) bool { return s.among }),
	}
	x.measure(samples)
	return x
}

// sample returns what became of a text that asks for an entry.
func (r ranking) sample(meant int32) sample {
	at := slices.IndexFunc(r.top, func(f found) bool { return f.entry == meant })
	return sample{signals: r.signals(), first: at == 0, among: at >= 0 && at < choices, weight: 1}
}

// spread returns at most n of the numbers, taken evenly.
func spread(of []int, n int) []int {
	if len(of) <= n {
		return of
	}
	out := make([]int, n)
	for i := range out {
		out[i] = of[i*len(of)/n]
	}
	return out
}

// measure works out from which probability on what share of answers is right.
func (x *confidence) measure(samples []sample) {
	type promise struct {
		p float64
		sample
	}
	ps := make([]promise, len(samples))
	for i, s := range samples {
		ps[i] = promise{x.first.of(s.signals), s}
	}
	slices.SortStableFunc(ps, func(a, b promise) int { return cmp.Compare(b.p, a.p) })
	var right, all, squares float64
	x.promised, x.kept, x.reached = make([]float64, len(ps)), make([]float64, len(ps)), make([]float64, len(ps))
	for i, s := range ps {
		all += s.weight
		squares += s.weight * s.weight
		if s.first {
			right += s.weight
		}
		// all²/squares trials of weight 1 would tell as much (Kish, 1965).
		x.promised[i], x.kept[i], x.reached[i] = s.p, lowest(right/all, all*all/squares), all
	}
	for i := range x.reached {
		x.reached[i] /= all
	}
	for i := len(x.kept) - 2; i >= 0; i-- {
		if x.promised[i] == x.promised[i+1] {
			x.kept[i] = x.kept[i+1] // they are answered together
		}
		x.kept[i] = max(x.kept[i], x.kept[i+1])
	}
}

// lowest returns the lower end of Wilson's score interval for a share that was
// seen in n trials, one standard deviation wide.
func lowest(share, n float64) float64 {
	const z = 1
	return (share + z*z/(2*n) - z*math.Sqrt(share*(1-share)/n+z*z/(4*n*n))) / (1 + z*z/n)
}

// threshold returns the probability from which answers are right in this share;
// never where too few are.
func (x *confidence) threshold(precision float64) float64 {
	if n := x.answered(precision); n > 0 {
		return x.promised[n-1]
	}
	return never
}

// never is a probability that nothing has.
const never = 2

// coverage returns the share of questions that are answered at this precision.
func (x *confidence) coverage(precision float64) float64 {
	if n := x.answered(precision); n > 0 {
		return x.reached[n-1]
	}
	return 0
}

// answered returns how many of the samples are answered at this precision.
func (x *confidence) answered(precision float64) int {
	return sort.Search(len(x.kept), func(i int) bool { return x.kept[i] < precision })
}
