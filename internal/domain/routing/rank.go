package routing

import "time"

// Score is how much a piece of work is to be served before others at a time:
// the points of its lane, and points for each minute that it waited (domain
// reference §4.5).
func (r Rules) Score(priority int, since, now time.Time) float64 {
	return r.Lanes.Points(priority) + r.Ageing*now.Sub(since).Minutes()
}

// Rank is the place of a piece of work in the queue as a moment: the earlier
// the sooner. As all scores grow alike, the order of the scores is the same at
// any time, and is the order of since − points/ageing; nothing has to be
// reckoned again while the queue waits.
func (r Rules) Rank(priority int, since time.Time) time.Time {
	minutes := r.Lanes.Points(priority) / r.Ageing
	return since.Add(-time.Duration(minutes * float64(time.Minute))).Truncate(time.Millisecond)
}

// Starves is the longest that work of one priority waits behind work of
// another that comes later: the difference of their points by the ageing.
func (r Rules) Starves(low, high int) time.Duration {
	minutes := (r.Lanes.Points(high) - r.Lanes.Points(low)) / r.Ageing
	return max(0, time.Duration(minutes*float64(time.Minute)))
}
