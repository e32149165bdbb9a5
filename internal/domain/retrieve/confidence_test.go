package retrieve

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// A regression finds the odds behind what it sees.
func TestRegress(t *testing.T) {
	var samples []sample
	for i := range 2000 {
		s := sample{weight: 1}
		s.signals[3] = float64(i%2) * 5 // says everything that can be known
		s.signals[4] = float64(i % 7)   // says nothing
		s.first = i%2 == 0 && i%10 != 0 || i%2 == 1 && i%20 == 1
		samples = append(samples, s)
	}
	g := regress(samples, func(s sample) bool { return s.first })
	for _, c := range []struct{ signal, want float64 }{{0, 0.8}, {5, 0.1}} {
		var s signals
		s[3], s[4] = c.signal, 3
		if got := g.of(s); math.Abs(got-c.want) > 0.02 {
			t.Errorf("with %v it is %.3f, want %.2f", c.signal, got, c.want)
		}
	}
}

func TestLowest(t *testing.T) {
	for _, c := range []struct{ share, n, want float64 }{
		{1, 1, 0.5}, {1, 19, 0.95}, {0, 10, 0}, {0.9, 100, 0.8659}, {0.9, 10_000, 0.8970},
	} {
		if got := lowest(c.share, c.n); math.Abs(got-c.want) > 1e-4 {
			t.Errorf("%v of %v: %.4f, want %v", c.share, c.n, got, c.want)
		}
	}
}

// More precision never answers more, and what the calibration promises it held
// on its own samples.
func TestThresholdLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var samples []sample
		for range rapid.IntRange(1, 200).Draw(t, "samples") {
			s := sample{weight: rapid.SampledFrom([]float64{1, 0.25}).Draw(t, "weight"), first: rapid.Bool().Draw(t, "first")}
			s.signals[0] = rapid.Float64Range(0, 1).Draw(t, "signal")
			samples = append(samples, s)
		}
		x := &confidence{first: regress(samples, func(s sample) bool { return s.first })}
		x.measure(samples)
		last, covered := 0.0, 1.0
		for _, precision := range []float64{0.5, 0.8, 0.9, 0.95, 0.99} {
			at, share := x.threshold(precision), x.coverage(precision)
			if at < last || share > covered+1e-9 || (at == never) != (share == 0) {
				t.Fatalf("at %v: from %v on, %v of all; before %v, %v", precision, at, share, last, covered)
			}
			last, covered = at, share
			var right, all float64
			for _, s := range samples {
				if x.first.of(s.signals) >= at {
					all += s.weight
					if s.first {
						right += s.weight
					}
				}
			}
			if all > 0 && right/all < precision-1e-9 {
				t.Fatalf("%v of %v answers were right, %v was promised", right, all, precision)
			}
		}
	})
}

func TestState(t *testing.T) {
	for _, c := range []struct {
		name      string
		x         *Index
		precision float64
		answers   bool
	}{
		{"nothing", New(nil), 0, false},
		{"too few questions", small(49), 0, false},
		{"enough", small(50), 0, true},
		{"enough, but more than anything can promise", small(50), 0.99999, false},
		{"one phrasing each", New(made(200)[:49]), 0, false},
	} {
		s := c.x.State("zh", c.precision)
		if s.Answers != c.answers || (s.Lack.Code == "") != c.answers || (s.Coverage > 0) != c.answers || s.Questions < s.Tended {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
	if s := small(50).State("en", 0); s.Answers || s.Questions != 0 {
		t.Errorf("a language without questions: %+v", s)
	}
}

// An entry that may not be shown neither answers nor lends its certainty to
// another.
func TestHiddenNearer(t *testing.T) {
	x := small(60, refund, Entry{ID: 4, Language: "zh", Question: "退款审批权限是多少", Phrasings: []string{"谁能批退款", "退款额度", "退款审批", "退款谁审"}, Internal: true})
	for _, text := range []string{"谁能审批退款", "退款审批是谁", "退款的额度"} {
		if d := x.Weigh(text, Limits{Precision: 0.5}); d.Action == Answer {
			t.Errorf("%q: %+v", text, d)
		}
	}
}

// A plain index knows the words at once, and learns when it is made anew.
func TestPlain(t *testing.T) {
	entries := small(60, refund).entries
	plain, full := Plain(entries), New(entries)
	if d := plain.Decide("申请退款的步骤有哪些", Limits{}); d.Action != Choose || d.Candidates[0].ID != 1 {
		t.Errorf("plain: %+v", d)
	}
	if d := plain.Decide("怎么申请退款", Limits{}); d.Action != Answer || d.Code != Exact {
		t.Errorf("plain, in the very words: %+v", d)
	}
	if s := plain.State("zh", 0); s.Answers || s.Lack.Code == "" || !full.State("zh", 0).Answers {
		t.Errorf("plain: %+v", s)
	}
	if plain.Holds(entries) || !full.Holds(entries) || !Plain(entries[:3]).Holds(entries[:3]) {
		t.Error("a plain index must be made anew where there is something to learn, and only there")
	}
}

func TestHolds(t *testing.T) {
	entries := made(3)
	x := New(entries)
	changed := made(3)
	changed[1].Phrasings = append([]string{"别的说法"}, changed[1].Phrasings...)
	if !x.Holds(made(3)) || x.Holds(changed) || x.Holds(entries[:2]) {
		t.Error("an index does not know what it was made of")
	}
}
