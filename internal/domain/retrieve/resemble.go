package retrieve

import "math"

// Weighed is a token of a text with its part of the text.
type Weighed struct {
	Token  string
	Weight float64
}

// Weigh returns what a text asks, as the tokens that the ranking compares, each
// once and in the order in which they stand. The squares of the weights add up
// to 1, so that the products of what two texts share add up to the cosine of
// them. A text that asks nothing has none.
func Weigh(text string) []Weighed {
	tokens := contentTokens(Normalise(text))
	out := make([]Weighed, len(tokens))
	var squares float64
	for i, t := range tokens {
		w := float64(kindWeight(t))
		out[i] = Weighed{Token: t, Weight: w}
		squares += w * w
	}
	for i := range out {
		out[i].Weight /= math.Sqrt(squares)
	}
	return out
}

// Resemblance returns how much two texts ask the same, between 0 and 1.
func Resemblance(a, b string) (cosine float64) {
	has := map[string]float64{}
	for _, w := range Weigh(a) {
		has[w.Token] = w.Weight
	}
	for _, w := range Weigh(b) {
		cosine += has[w.Token] * w.Weight
	}
	return min(1, cosine)
}

// Asks reports whether a text asks something that a knowledge base could
// answer: no greeting, no thanks, no wish for a person, no danger.
func Asks(text string) bool {
	normal := Normalise(text)
	_, _, ok := ruled(normal)
	return !ok && len(contentTokens(normal)) > 0
}
