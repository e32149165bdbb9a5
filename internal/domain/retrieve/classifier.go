package retrieve

import (
	"math"
	"slices"
)

// classifier says which question a text asks: multinomial logistic regression
// over the terms of the phrasings, trained by AdaGrad (Duchi, Hazan and Singer,
// 2011). A question has weights for terms of its own phrasings only; that costs
// half a point of accuracy and makes it small and fast with any number of
// questions. The zero value knows nothing.
type classifier struct {
	idf    []float32 // by term; 0 where it is not used
	start  []int32   // by term: where its weights begin; one more at the end
	entry  []int32   // by weight: the question
	weight []float32
	size   int // questions
}

const (
	mostEpochs   = 20
	learningRate = 0.5
	// mostWork bounds training. A visit of a weight is 1; a question that a text
	// touches is 3, for its exponential. A core does some 200 million a second.
	mostWork = 200_000_000
	// mostShared is in how many questions a term may stand; it says little
	// about each of so many.
	mostShared = 150
)

// train returns a classifier of the documents' terms.
func train(ds []document, terms, entries int) classifier {
	m := classifier{size: entries, idf: make([]float32, terms), start: make([]int32, terms+1)}
	m.place(ds)
	type example struct {
		owner  int32
		terms  []int32
		values []float32
	}
	var examples []example
	work := 1
	for _, d := range ds {
		ts, vs := m.vector(d.terms)
		if len(ts) > 0 {
			examples = append(examples, example{d.owner, ts, vs})
		}
		visits := 0
		for _, t := range ts {
			visits += int(m.start[t+1] - m.start[t])
		}
		work += 2*visits + 3*min(visits, entries)
	}
	epochs := max(1, min(mostEpochs, mostWork/work))
	steps := make([]float32, terms) // squares of what was learnt by each term
	for i := range steps {
		steps[i] = 1e-3
	}
	z := newLogits(entries)
	stride := strideOf(len(examples))
	for epoch := range epochs {
		for k := range examples {
			e := examples[(k*stride+epoch)%len(examples)]
			m.logits(e.terms, e.values, z)
			squares := z.errors(e.owner, entries)
			for i, t := range e.terms {
				v := e.values[i]
				steps[t] += squares * v * v
				step := learningRate / float32(math.Sqrt(float64(steps[t]))) * v
				from, to := m.start[t], m.start[t+1]
				w := m.weight[from:to]
				for j, e := range m.entry[from:to] {
					w[j] -= step * z.value[e]
				}
			}
			z.clear()
		}
	}
	return m
}

// strideOf returns a step through n examples that meets each once and does not
// meet neighbours, which ask the same, one after the other: about the golden
// section of n. So the same knowledge base gives the same classifier.
func strideOf(n int) int {
	step := max(1, int(float64(n)*0.618))
	for gcd(step, n) != 1 {
		step++
	}
	return step
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// place makes room for the weights: one for each term and question that has
// it. The documents of an entry follow each other.
func (m *classifier) place(ds []document) {
	df := make([]int32, len(m.idf))
	last := make([]int32, len(m.idf)) // by term: the question that had it last, from 1
	count := make([]int32, len(m.idf))
	each := func(f func(term, entry int32)) {
		clear(last)
		for _, d := range ds {
			for _, t := range d.terms {
				if last[t] != d.owner+1 {
					last[t] = d.owner + 1
					f(t, d.owner)
				}
			}
		}
	}
	for _, d := range ds {
		for _, t := range d.terms {
			df[t]++
		}
	}
	each(func(t, _ int32) { count[t]++ })
	for t, n := range count {
		if n > 0 && n <= mostShared {
			m.idf[t] = float32(math.Log(float64(len(ds)+1)/float64(df[t]+1)) + 1)
			m.start[t+1] = n
		}
		m.start[t+1] += m.start[t]
	}
	m.entry = make([]int32, m.start[len(m.start)-1])
	m.weight = make([]float32, len(m.entry))
	next := slices.Clone(m.start)
	each(func(t, e int32) {
		if m.idf[t] > 0 {
			m.entry[next[t]] = e
			next[t]++
		}
	})
}

// vector returns the terms that are used with their TF-IDF values, of length 1
// together.
func (m *classifier) vector(terms []int32) (used []int32, values []float32) {
	var norm float64
	for _, t := range terms {
		if v := m.idf[t]; v > 0 {
			used, values = append(used, t), append(values, v)
			norm += float64(v) * float64(v)
		}
	}
	norm = math.Sqrt(norm)
	for i := range values {
		values[i] /= float32(norm)
	}
	return used, values
}

// logits adds up for each question what the terms speak for it.
func (m *classifier) logits(terms []int32, values []float32, z *logits) {
	for i, t := range terms {
		v := values[i]
		from, to := m.start[t], m.start[t+1]
		w := m.weight[from:to]
		for j, e := range m.entry[from:to] {
			z.add(e, v*w[j], v*v)
		}
	}
}

// logits are the sums of the questions that share a term with a text. Those of
// the others are 0.
type logits struct {
	value   []float32
	covered []float32 // share of the text's terms that are the question's, by weight
	seen    []bool
	touched []int32
}

func newLogits(entries int) *logits {
	return &logits{value: make([]float32, entries), covered: make([]float32, entries), seen: make([]bool, entries)}
}

func (z *logits) add(entry int32, v, covered float32) {
	if !z.seen[entry] {
		z.seen[entry] = true
		z.touched = append(z.touched, entry)
	}
	z.value[entry] += v
	z.covered[entry] += covered
}

func (z *logits) clear() {
	for _, e := range z.touched {
		z.value[e], z.covered[e], z.seen[e] = 0, 0, false
	}
	z.touched = z.touched[:0]
}

// sum returns the highest value, at least 0, and the sum of exp(value-highest)
// over all questions.
func (z *logits) sum(entries int) (highest float32, total float64) {
	for _, e := range z.touched {
		highest = max(highest, z.value[e])
	}
	total = float64(entries-len(z.touched)) * math.Exp(-float64(highest))
	for _, e := range z.touched {
		total += math.Exp(float64(z.value[e] - highest))
	}
	return highest, total
}

// errors turns the values into probabilities less 1 for the right question, and
// returns the sum of their squares.
func (z *logits) errors(right int32, entries int) (squares float32) {
	var highest float32
	for _, e := range z.touched {
		highest = max(highest, z.value[e])
	}
	total := float32(entries-len(z.touched)) * float32(math.Exp(-float64(highest)))
	for _, e := range z.touched {
		p := float32(math.Exp(float64(z.value[e] - highest)))
		z.value[e] = p
		total += p
	}
	for _, e := range z.touched {
		p := z.value[e] / total
		if e == right {
			p--
		}
		z.value[e] = p
		squares += p * p
	}
	return squares
}
