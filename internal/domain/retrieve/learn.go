package retrieve

import (
	"cmp"
	"math"
	"slices"
)

// Example is a text of which people said what it is.
type Example struct{ Text, Label string }

// LeastExamples is how many examples a label needs before it is guessed.
const LeastExamples = 20

// Learnt says what a text is, as people said of the examples.
type Learnt struct {
	Examples int // that it learnt from
	Labels   int // that it tells apart
	// Accuracy is the share of texts that it gets right of those that it has not
	// seen: each fifth was judged by what the other four teach.
	Accuracy float64
	// Common is the share of the label that most examples have: what is right by
	// naming nothing else.
	Common float64

	labels     []string
	vocabulary *vocabulary
	linear     classifier
}

// Guess is what a text may be.
type Guess struct {
	Label       string
	Probability float64
}

// Learn learns from examples, and judges how well. Labels with too few are left
// out; nil when fewer than two are left.
func Learn(examples []Example) *Learnt {
	labels, kept := enough(examples)
	if labels == nil {
		return nil
	}
	l := learn(labels, kept)
	l.Accuracy = heldOut(labels, kept)
	return l
}

// Train is Learn without judging: Accuracy is 0.
func Train(examples []Example) *Learnt {
	labels, kept := enough(examples)
	if labels == nil {
		return nil
	}
	return learn(labels, kept)
}

// Labels returns how many labels have examples enough.
func Labels(examples []Example) int {
	n := 0
	for _, c := range counted(examples) {
		if c >= LeastExamples {
			n++
		}
	}
	return n
}

func counted(examples []Example) map[string]int {
	count := map[string]int{}
	for _, e := range examples {
		count[e.Label]++
	}
	return count
}

// enough returns the labels that have examples enough, and these; none when
// there are fewer than two.
func enough(examples []Example) (labels []string, kept []Example) {
	for label, n := range counted(examples) {
		if n >= LeastExamples {
			labels = append(labels, label)
		}
	}
	if len(labels) < 2 {
		return nil, nil
	}
	slices.Sort(labels)
	for _, e := range examples {
		if _, ok := slices.BinarySearch(labels, e.Label); ok {
			kept = append(kept, e)
		}
	}
	return labels, kept
}

// learn trains on all examples. The same ones in the same order teach the same.
func learn(labels []string, examples []Example) *Learnt {
	sorted := slices.Clone(examples) // what belongs to a label follows each other
	slices.SortStableFunc(sorted, func(a, b Example) int { return cmp.Compare(a.Label, b.Label) })
	c := newCorpus(len(labels))
	most, count := 0, make([]int, len(labels))
	for _, e := range sorted {
		at, _ := slices.BinarySearch(labels, e.Label)
		count[at]++
		most = max(most, count[at])
		c.ask(int32(at), Normalise(e.Text))
	}
	return &Learnt{Examples: len(examples), Labels: len(labels), Common: float64(most) / float64(len(examples)), labels: labels, vocabulary: c.vocabulary, linear: train(c.asked, len(c.vocabulary.terms), len(labels))}
}

// heldOut returns the share of examples that the others teach to get right.
func heldOut(labels []string, examples []Example) float64 {
	const parts = 5
	right := 0
	for part := range parts {
		var taught, asked []Example
		for i, e := range examples {
			if i%parts == part {
				asked = append(asked, e)
			} else {
				taught = append(taught, e)
			}
		}
		l := learn(labels, taught)
		for _, e := range asked {
			if gs := l.Guess(e.Text); len(gs) > 0 && gs[0].Label == e.Label {
				right++
			}
		}
	}
	return float64(right) / float64(len(examples))
}

// Guess returns what a text may be, the likeliest first; none when no word of
// it says anything.
func (l *Learnt) Guess(text string) []Guess {
	terms, values := l.linear.vector(l.vocabulary.query(Normalise(text)).terms)
	if len(terms) == 0 {
		return nil
	}
	z := newLogits(l.linear.size)
	l.linear.logits(terms, values, z)
	highest, total := z.sum(l.linear.size)
	gs := make([]Guess, len(l.labels))
	for i, label := range l.labels {
		gs[i] = Guess{label, math.Exp(float64(z.value[i]-highest)) / total}
	}
	slices.SortStableFunc(gs, func(a, b Guess) int { return cmp.Compare(b.Probability, a.Probability) })
	return gs
}
