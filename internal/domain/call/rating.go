package call

import "slices"

// Overall is the question of a survey how it was on the whole.
const Overall = "overall"

// RatingQuestions returns what callers are asked who give marks by a link, in
// order: what the survey of the menu asks them.
func RatingQuestions() []string { return []string{Overall, "attitude", "quality", "efficiency"} }

// IsRatingQuestion reports whether a question is one of them.
func IsRatingQuestion(q string) bool { return slices.Contains(RatingQuestions(), q) }

// RatingWay is how a caller gave marks.
type RatingWay string

// The ways.
const (
	ByKeys RatingWay = "keys" // by digits, at the end of the call
	ByLink RatingWay = "link" // by the link in a text message
)

// RatingWays returns all ways, in order.
func RatingWays() []RatingWay { return []RatingWay{ByKeys, ByLink} }
