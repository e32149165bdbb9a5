package retrieve

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTerms(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"Chinese", "退款吗", "退 款 退款"},
		{"the way to ask is left out", "怎么退款", "退 款 退款"},
		{"words, pairs and four letters", "Recharge my car", "recharg my car ^rec rech echa char harg arge rge$ recharg my ^my$ my car ^car car$"},
		{"a part number", "E5-P0420", "e5 p0420 e5p0420 ^e5- e5-p 5-p0 -p04 p042 0420 420$"},
		{"nothing", "？！", ""},
	} {
		if got := strings.Join(terms(Normalise(c.in)), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// trained returns the classifier of a few texts for each question, and their
// vocabulary.
func trained(asked [][]string) (classifier, *corpus) {
	c := newCorpus(len(asked))
	for owner, texts := range asked {
		for _, text := range texts {
			c.ask(int32(owner), Normalise(text))
		}
	}
	return train(c.asked, len(c.vocabulary.terms), len(asked)), c
}

func (m *classifier) probabilities(c *corpus, text string) []float64 {
	z := newLogits(m.size)
	terms, values := m.vector(c.vocabulary.query(Normalise(text)).terms)
	m.logits(terms, values, z)
	highest, total := z.sum(m.size)
	ps := make([]float64, m.size)
	for e := range ps {
		ps[e] = math.Exp(float64(z.value[e]-highest)) / total
	}
	return ps
}

func TestClassifier(t *testing.T) {
	m, c := trained([][]string{
		{"how do I charge at home", "charging at home", "home charger installation"},
		{"where can I charge on the road", "public chargers near me", "find a charging station"},
		{"刹车有异响", "刹车时有声音", "踩刹车吱吱响"},
	})
	for _, q := range []struct {
		text string
		want int
	}{{"charge it at my home", 0}, {"a public charging station", 1}, {"刹车吱吱叫", 2}} {
		ps := m.probabilities(c, q.text)
		if best := slices.Index(ps, slices.Max(ps)); best != q.want || ps[best] < 0.5 {
			t.Errorf("%q: %v, want %d", q.text, ps, q.want)
		}
	}
	for _, p := range m.probabilities(c, "天气") {
		if math.Abs(p-1.0/3) > 1e-6 {
			t.Errorf("a text without a known term: %v", p)
		}
	}
	again, _ := trained([][]string{{"a b c", "b c d"}, {"x y z"}})
	other, _ := trained([][]string{{"a b c", "b c d"}, {"x y z"}})
	if !slices.Equal(again.weight, other.weight) {
		t.Error("the same phrasings give another classifier")
	}
}

// Probabilities add up to 1, whatever was learnt and is asked; and a term that
// stands in too many questions is not used.
func TestClassifierLaws(t *testing.T) {
	words := strings.Fields("退款 发票 保养 召回 charge station home brake 异响 吗 P0420")
	text := func(t *rapid.T, label string) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 6).Draw(t, label), " ")
	}
	rapid.Check(t, func(t *rapid.T) {
		asked := make([][]string, rapid.IntRange(1, 6).Draw(t, "questions"))
		for i := range asked {
			for range rapid.IntRange(1, 4).Draw(t, "phrasings") {
				asked[i] = append(asked[i], text(t, "phrasing"))
			}
		}
		m, c := trained(asked)
		var sum float64
		for _, p := range m.probabilities(c, text(t, "asked")) {
			if p < 0 || math.IsNaN(p) {
				t.Fatalf("a probability of %v", p)
			}
			sum += p
		}
		if math.Abs(sum-1) > 1e-5 {
			t.Fatalf("probabilities add up to %v", sum)
		}
	})
	many := make([][]string, mostShared+1)
	for i := range many {
		many[i] = []string{"退款", "退款"}
	}
	if m, _ := trained(many); len(m.weight) != 0 {
		t.Errorf("%d weights for terms that every question has", len(m.weight))
	}
}

func TestStride(t *testing.T) {
	for n := 1; n < 500; n++ {
		seen := make([]bool, n)
		for k := range n {
			seen[k*strideOf(n)%n] = true
		}
		if slices.Contains(seen, false) {
			t.Fatalf("of %d examples some are never met", n)
		}
	}
}
