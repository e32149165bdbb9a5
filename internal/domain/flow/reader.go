package flow

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// reader tells what an answer means by what others said who meant it:
// multinomial logistic regression over characters, pairs and triples of them,
// and words, trained by AdaGrad.
type reader struct {
	values  []string
	weights map[string][]float64 // by feature, a weight for each value
}

// example is an answer, to which kind of question, and what it means.
type example struct{ text, about, value string }

// newReader learns from readings, the same from the same.
func newReader(all []example) *reader {
	const epochs, rate = 15, 0.5
	r := &reader{weights: map[string][]float64{}}
	for _, x := range all {
		if !slices.Contains(r.values, x.value) {
			r.values = append(r.values, x.value)
		}
	}
	slices.Sort(r.values)
	learnt := make([][]string, len(all))
	steps := map[string]float64{}
	for i, x := range all {
		learnt[i] = features(x.text, x.about)
		for _, f := range learnt[i] {
			if r.weights[f] == nil {
				r.weights[f] = make([]float64, len(r.values))
			}
		}
	}
	for epoch := range epochs {
		for k := range all {
			i := (k*stride(len(all)) + epoch) % len(all)
			if len(learnt[i]) == 0 {
				continue
			}
			errs := r.shares(learnt[i])
			errs[slices.Index(r.values, all[i].value)]--
			v := 1 / math.Sqrt(float64(len(learnt[i])))
			squares := 0.0
			for _, e := range errs {
				squares += e * e * v * v
			}
			for _, f := range learnt[i] {
				steps[f] += squares
				step := rate / math.Sqrt(steps[f]+1e-3) * v
				for j, e := range errs {
					r.weights[f][j] -= step * e
				}
			}
		}
	}
	return r
}

// stride is a step through n readings that meets each once and does not meet
// neighbours, which mean the same, one after the other.
func stride(n int) int {
	step := max(1, n*618/1000)
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

// shares returns how likely each value is.
func (r *reader) shares(features []string) []float64 {
	z := make([]float64, len(r.values))
	v := 1 / math.Sqrt(float64(max(1, len(features))))
	for _, f := range features {
		for j, w := range r.weights[f] {
			z[j] += w * v
		}
	}
	highest, sum := slices.Max(z), 0.0
	for j := range z {
		z[j] = math.Exp(z[j] - highest)
		sum += z[j]
	}
	for j := range z {
		z[j] /= sum
	}
	return z
}

// read returns what an answer most likely means, and how likely it does.
func (r *reader) read(text, about string) (value string, share float64) {
	shares := r.shares(features(text, about))
	at := slices.Index(shares, slices.Max(shares))
	return r.values[at], shares[at]
}

// features are what an answer is compared by: each once by itself, and once for
// the kind of question that it answers.
func features(text, about string) []string {
	set := map[string]bool{}
	t := bare(text)
	han := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Han, r) {
			return r
		}
		return '|'
	}, t)
	if isHan(han) {
		r := []rune("^" + strings.Trim(han, "|") + "$")
		for n := 1; n <= 3; n++ {
			for i := 0; i+n <= len(r); i++ {
				set[string(r[i:i+n])] = true
			}
		}
		delete(set, "^")
		delete(set, "$")
		delete(set, "|")
	}
	words := strings.FieldsFunc(t, func(r rune) bool { return r < 'a' || r > 'z' })
	if len(words) > 0 {
		words = slices.Concat([]string{"^"}, words, []string{"$"})
	}
	for i := 1; i < len(words); i++ {
		set["w"+words[i-1]+" "+words[i]] = true
		if words[i] != "$" {
			set["w"+words[i]] = true
		}
	}
	found := slices.Sorted(maps.Keys(set))
	if about == "" {
		return found
	}
	both := make([]string, 0, 2*len(found))
	for _, f := range found {
		both = append(both, f, about+":"+f)
	}
	return both
}

var (
	asksSolved = regexp.MustCompile(`解决|修好|弄好|好了吗|恢复`)
	asksAble   = regexp.MustCompile(`能|可以|可否`)
)

// about is which kind of question a slot asks that takes yes or no: whether one
// wants something, whether it is done, whether it is possible.
func (s Slot) about() string {
	switch {
	case offering.MatchString(s.Ask.Zh):
		return "want"
	case asksSolved.MatchString(s.Ask.Zh):
		return "solved"
	case asksAble.MatchString(s.Ask.Zh):
		return "able"
	}
	return ""
}
