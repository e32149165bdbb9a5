// Package survey counts the marks that customers give, the same wherever they
// give them.
package survey

// Marks are how often each mark was given, from 1, the worst, to 5.
type Marks [5]int

// Few is how many marks say something together: a mean or a share of fewer is
// chance, and there is none.
const Few = 10

// With returns the marks with one more. What is no mark is left out.
func (m Marks) With(mark int) Marks {
	if mark >= 1 && mark <= len(m) {
		m[mark-1]++
	}
	return m
}

// Count returns how many marks there are.
func (m Marks) Count() (n int) {
	for _, each := range m {
		n += each
	}
	return n
}

// Low returns how many are 1 or 2: those that somebody should look at.
func (m Marks) Low() int { return m[0] + m[1] }

// Mean returns the mean mark; false if there are few.
func (m Marks) Mean() (float64, bool) {
	sum := 0
	for i, n := range m {
		sum += (i + 1) * n
	}
	return Share(sum, m.Count())
}

// TopShare returns which part of them is 4 or 5; false if there are few.
func (m Marks) TopShare() (float64, bool) { return Share(m[3]+m[4], m.Count()) }

// LowShare returns which part of them is 1 or 2; false if there are few.
func (m Marks) LowShare() (float64, bool) { return Share(m.Low(), m.Count()) }

// Share returns how much n is of all; false if all are few.
func Share(n, all int) (float64, bool) {
	if all < Few {
		return 0, false
	}
	return float64(n) / float64(all), true
}
