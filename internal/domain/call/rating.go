package call

import "slices"

// Overall is the question of a survey how it was on the whole.
const Overall = "overall"

// RatingQuestions returns what callers are asked who give marks by a link, in
// order: what the survey of the menu asks them.
func RatingQuestions() []string { return []string{Overall, "attitude", "quality", "efficiency"} }

// IsRatingQuestion reports whether a question is one of them.
func IsRatingQuestion(q string) bool { return slices.Contains(RatingQuestions(), q) }
