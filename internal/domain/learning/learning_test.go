package learning_test

import (
	"testing"

	"yingda/internal/domain/learning"
	"yingda/internal/kit/fault"
)

func TestDecide(t *testing.T) {
	good := learning.Standing{Topic: learning.CaseKind, Closed: 90, Examples: 80, Answers: 3, Accuracy: 0.81, Common: 0.5}
	for name, c := range map[string]struct {
		change func(*learning.Standing, *learning.Settings)
		code   string
		yes    bool
	}{
		"good":                    {func(*learning.Standing, *learning.Settings) {}, "learning.why.good", true},
		"as good as is needed":    {func(s *learning.Standing, set *learning.Settings) { set.Least = s.Accuracy }, "learning.why.good", true},
		"off":                     {func(s *learning.Standing, set *learning.Settings) { set.Off = []learning.Topic{s.Topic} }, "learning.why.off", false},
		"too few":                 {func(s *learning.Standing, _ *learning.Settings) { s.Answers = 1 }, "learning.why.few", false},
		"never learnt":            {func(s *learning.Standing, _ *learning.Settings) { *s = learning.Standing{Topic: s.Topic} }, "learning.why.few", false},
		"too often wrong":         {func(s *learning.Standing, _ *learning.Settings) { s.Accuracy = 0.699 }, "learning.why.weak", false},
		"no better than frequent": {func(s *learning.Standing, _ *learning.Settings) { s.Common = 0.81 }, "learning.why.common", false},
	} {
		st, set := good, learning.Defaults()
		c.change(&st, &set)
		if d := set.Decide(st); d.Suggests != c.yes || d.Why.Code != c.code {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

// What is a little too bad is not shown as if it were good enough.
func TestPercentIsNotRoundedUp(t *testing.T) {
	d := learning.Defaults().Decide(learning.Standing{Answers: 2, Accuracy: 0.6999, Common: 0.1})
	if d.Suggests || d.Why.Args[0] != "69" || d.Why.Args[1] != "70" {
		t.Errorf("%+v", d)
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		set  learning.Settings
		code string
	}{
		{learning.Defaults(), ""},
		{learning.Settings{Least: 0.49}, "learning.least"},
		{learning.Settings{Least: 1}, "learning.least"},
		{learning.Settings{Least: 0.8, Off: []learning.Topic{"weather"}}, "learning.topic"},
	} {
		if err := c.set.Check(); err == nil != (c.code == "") || err != nil && fault.CodeOf(err) != c.code {
			t.Errorf("%+v: %v", c.set, err)
		}
	}
}
