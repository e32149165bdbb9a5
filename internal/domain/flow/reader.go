package flow

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// reader tells what an answer means by what others said who meant it:
// multinomial logistic regression over characters, pairs and triples of them,
// their sounds, and words, trained by AdaGrad.
type reader struct {
	values  []string
	places  map[uint64]int32 // of features, by their hashes
	weights []float32        // by place, one for each value
}

// example is an answer, to which kind of question, and what it means.
type example struct{ text, about, value string }

// newReader learns from readings, the same from the same.
func newReader(all []example) *reader {
	const epochs, rate, learntWell = 5, 0.5, 0.02
	r := &reader{places: make(map[uint64]int32, 8*len(all))}
	for _, x := range all {
		if !slices.Contains(r.values, x.value) {
			r.values = append(r.values, x.value)
		}
	}
	slices.Sort(r.values)
	learnt, meant := make([][]int32, len(all)), make([]int, len(all))
	for i, x := range all {
		found := features(x.text, x.about)
		learnt[i], meant[i] = make([]int32, len(found)), slices.Index(r.values, x.value)
		for j, f := range found {
			place, known := r.places[f]
			if !known {
				place = int32(len(r.places))
				r.places[f] = place
			}
			learnt[i][j] = place
		}
	}
	r.weights = make([]float32, len(r.places)*len(r.values))
	steps := make([]float32, len(r.places))
	step := stride(len(all))
	errs := make([]float64, len(r.values))
	for epoch := range epochs {
		for k := range all {
			i := (k*step + epoch) % len(all)
			if len(learnt[i]) == 0 {
				continue
			}
			r.share(learnt[i], len(learnt[i]), errs)
			if errs[meant[i]]--; errs[meant[i]] > -learntWell {
				continue
			}
			v := 1 / math.Sqrt(float64(len(learnt[i])))
			squares := 0.0
			for _, e := range errs {
				squares += e * e * v * v
			}
			for _, f := range learnt[i] {
				steps[f] += float32(squares)
				step := float32(rate*v) / float32(math.Sqrt(float64(steps[f]+1e-3)))
				weights := r.weights[int(f)*len(errs):][:len(errs)]
				for j, e := range errs {
					weights[j] -= step * float32(e)
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

// share fills in how likely each value is, by the features that are known of so
// many.
func (r *reader) share(known []int32, all int, shares []float64) {
	clear(shares)
	v := 1 / math.Sqrt(float64(max(1, all)))
	for _, f := range known {
		for j, w := range r.weights[int(f)*len(shares):][:len(shares)] {
			shares[j] += float64(w)
		}
	}
	highest, sum := slices.Max(shares), 0.0
	for j := range shares {
		shares[j] = math.Exp((shares[j] - highest) * v)
		sum += shares[j]
	}
	for j := range shares {
		shares[j] /= sum
	}
}

// shares returns how likely each value of an answer is.
func (r *reader) shares(text, about string) []float64 {
	found := features(text, about)
	var known []int32
	for _, f := range found {
		if place, ok := r.places[f]; ok {
			known = append(known, place)
		}
	}
	shares := make([]float64, len(r.values))
	r.share(known, len(found), shares)
	return shares
}

// read returns what an answer most likely means, and how likely it does.
func (r *reader) read(text, about string) (value string, share float64) {
	shares := r.shares(text, about)
	at := slices.Index(shares, slices.Max(shares))
	return r.values[at], shares[at]
}

// features are the hashes of what an answer is compared by: each once by itself,
// and once for the kind of question that it answers.
func features(text, about string) []uint64 {
	found := make([]uint64, 0, 64)
	add := func(h uint64) { found = append(found, h) }
	t, words, asks, counts := tokens(text)
	if isHan(string(t)) {
		for n := 1; n <= 3; n++ {
			for i := 0; i+n <= len(t); i++ {
				if n > 1 || unicode.Is(unicode.Han, t[i]) {
					add(hashed('h', t[i:i+n]...))
				}
			}
		}
		for i := 0; i+2 <= len(t); i++ {
			if a, b := sounds[t[i]], sounds[t[i+1]]; a != "" && b != "" {
				add(fnv64(fnv64(hashed('s'), a)*hashPrime, b))
			}
		}
	}
	for i, w := range words {
		alone, last := fnv64(hashed('w'), w), "^"
		if i > 0 {
			last = words[i-1]
		}
		add(alone)
		add(fnv64(fnv64(hashed('p'), last)*hashPrime, w))
		if i == len(words)-1 {
			add(alone * hashPrime)
		}
		for j := 0; j+3 <= len(w); j++ {
			add(fnv64(hashed('c'), w[j:j+3]))
		}
	}
	if asks {
		add(hashed('q'))
	}
	if counts {
		add(hashed('d'))
	}
	slices.Sort(found)
	found = slices.Compact(found)
	if about == "" {
		return found
	}
	for _, f := range found {
		found = append(found, fnv64(f, about))
	}
	return found
}

// tokens are the characters of an answer between ^ and $, what is neither letter
// nor sign as a bar, its English words, and whether it has a question mark or a
// digit.
func tokens(text string) (t []rune, words []string, asks, counts bool) {
	t = []rune("^")
	from := 0
	word := func() {
		if from > 0 && from < len(t) {
			words = append(words, string(t[from:]))
		}
		from = 0
	}
	for _, r := range newScan(text).folded {
		switch {
		case r >= 'a' && r <= 'z':
			if from == 0 {
				from = len(t)
			}
			t = append(t, r)
			continue
		case r == '\'' || r == '’': // dont
			continue
		}
		word()
		switch {
		case unicode.Is(unicode.Han, r), unicode.Is(unicode.So, r):
			t = append(t, r)
		default:
			asks = asks || r == '?'
			counts = counts || r >= '0' && r <= '9'
			if t[len(t)-1] != '|' && len(t) > 1 {
				t = append(t, '|')
			}
		}
	}
	word()
	if t[len(t)-1] == '|' {
		t = t[:len(t)-1]
	}
	return append(t, '$'), words, asks, counts
}

const hashBasis, hashPrime uint64 = 14695981039346656037, 1099511628211

// hashed is the hash of some characters that stand for a kind of feature.
func hashed(kind rune, characters ...rune) uint64 {
	h := (hashBasis ^ uint64(kind)) * hashPrime
	for _, r := range characters {
		h = (h ^ uint64(r)) * hashPrime
	}
	return h
}

// fnv64 is FNV-1a, from a hash on.
func fnv64(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * hashPrime
	}
	return h
}

var (
	asksSolved = regexp.MustCompile(`解决|修好|弄好|好了吗|恢复`)
	asksAble   = regexp.MustCompile(`能|可以|可否`)
)

// follows reports a question that refers to what was just said, 这样解决了吗, and
// is not answered by the message that begins the flow.
func (s Slot) follows() bool { return s.Type == YesNo && strings.HasPrefix(s.Ask.Zh, "这样") }

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
