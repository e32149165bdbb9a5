package survey_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"yingda/internal/domain/survey"
)

func TestMarks(t *testing.T) {
	for _, c := range []struct {
		marks survey.Marks
		want  string
	}{
		{survey.Marks{}, "0 marks, 0 low, mean 0 false, top 0 false, low 0 false"},
		{survey.Marks{1, 0, 0, 0, 8}, "9 marks, 1 low, mean 0 false, top 0 false, low 0 false"},
		{survey.Marks{1, 0, 0, 0, 9}, "10 marks, 1 low, mean 4.6 true, top 0.9 true, low 0.1 true"},
		{survey.Marks{4, 4, 4, 4, 4}, "20 marks, 8 low, mean 3 true, top 0.4 true, low 0.4 true"},
		{survey.Marks{0, 0, 10, 0, 0}, "10 marks, 0 low, mean 3 true, top 0 true, low 0 true"},
	} {
		m := c.marks
		mean, some := m.Mean()
		top, alike := m.TopShare()
		low, too := m.LowShare()
		if got := fmt.Sprintf("%d marks, %d low, mean %v %v, top %v %v, low %v %v", m.Count(), m.Low(), mean, some, top, alike, low, too); got != c.want {
			t.Errorf("%v: %s, want %s", m, got, c.want)
		}
	}
}

// However they come, what is counted is what was given, and nothing else.
func TestMarksAreWhatWasGiven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.SliceOf(rapid.IntRange(-1, 7)).Draw(t, "given")
		var m survey.Marks
		n, sum := 0, 0
		for _, mark := range given {
			m = m.With(mark)
			if mark >= 1 && mark <= 5 {
				n++
				sum += mark
			}
		}
		mean, some := m.Mean()
		if m.Count() != n || some != (n >= survey.Few) || some && mean != float64(sum)/float64(n) {
			t.Fatalf("%v of %v: mean %v %v", m, given, mean, some)
		}
		top, _ := m.TopShare()
		low, _ := m.LowShare()
		if some && (mean < 1 || mean > 5 || top+low > 1 || top < 0 || low < 0) {
			t.Fatalf("%v: mean %v, top %v, low %v", m, mean, top, low)
		}
	})
}
