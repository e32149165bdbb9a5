package retrieve

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"
)

// arrow returns a direction of 64 numbers that belongs to a text.
func arrow(text string) []float32 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text))
	r := rand.New(rand.NewPCG(h.Sum64(), 64))
	v := make([]float32, 64)
	for i := range v {
		v[i] = float32(r.NormFloat64())
	}
	return unitOf(v)
}

func unitOf(v []float32) []float32 {
	var squares float64
	for _, x := range v {
		squares += float64(x) * float64(x)
	}
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = x / float32(math.Sqrt(squares))
	}
	return out
}

// meaning is the vector of a text as a model writes it that understands it that
// far: at 0 every text of a question is the same, at 3 hardly anything is left.
func meaning(question, text string, astray float32) []float32 {
	v, stray := arrow(question), arrow(text)
	for i := range v {
		v[i] += astray * stray[i]
	}
	return unitOf(v)
}

// meaningsOf returns the meanings of an index by a model that strays so far.
func meaningsOf(x *Index, astray float32) *Meanings {
	question := map[string]string{}
	for _, e := range x.entries {
		for _, w := range e.ways() {
			question[w] = e.Question
		}
	}
	return NewMeanings(x, func(way string) []float32 { return meaning(question[way], way, astray) })
}

// meant decides by words, and anew by meaning.
func (x *Index) meant(m *Meanings, v []float32, text string, l Limits) Decision {
	d, _ := x.Meant(x.Decide(text, l), m, v, text, l)
	return d
}

func TestMeanings(t *testing.T) {
	x := learnt(t)
	m := meaningsOf(x, 0.7)
	const text = "呜啦啦哇哩咕噜"
	if c := m.Coverage(0.95); c < 0.3 {
		t.Errorf("with good vectors %.2f would be answered", c)
	}
	l := Limits{Language: "zh"}
	d := x.Decide(text, l)
	if d.Code != Nothing {
		t.Fatalf("the words say something: %+v", d)
	}
	var known string
	for _, e := range x.entries {
		if e.Language == "zh" {
			known = e.Question
			break
		}
	}
	near := meaning(known, text, 0.5)
	got := x.meant(m, near, text, l)
	if got.Action != Choose || got.Code != Unsure || got.Candidates[0].Question != known || len(got.Candidates) > 3 || got.Why[0].Code != "assist.meaning" {
		t.Errorf("what only its meaning speaks for is offered: %+v", got)
	}
	for name, stays := range map[string]Decision{
		"far from everything": x.meant(m, arrow("something else"), text, l),
		"no meanings":         x.meant(nil, near, text, l),
		"another index":       x.meant(&Meanings{of: small(1), dimensions: 64, confidence: m.confidence}, near, text, l),
		"another size":        x.meant(m, near[:63], text, l),
		"never calibrated":    x.meant(&Meanings{of: x, dimensions: 64}, near, text, l),
	} {
		if stays.Action != d.Action || stays.Code != d.Code || len(stays.Candidates) != 0 {
			t.Errorf("%s: %+v", name, stays)
		}
	}
	if again := x.meant(m, meaning(known, text, 0), text, Limits{Language: "zh", After: known}); len(again.Candidates) > 0 && again.Candidates[0].Question == known {
		t.Errorf("what was answered right before is offered again: %+v", again)
	}
	for _, code := range []Code{Asked, Safety, SmallBase, FewPhrasings, Learning} {
		if got, anew := x.Meant(Decision{Action: Choose, Code: code}, m, near, text, l); anew || got.Code != code || got.Candidates != nil {
			t.Errorf("%s was decided anew: %+v", code, got)
		}
	}
}

// What people who work here read is never shown to others, however near it is.
func TestMeaningsKeepWhatIsInternal(t *testing.T) {
	entries := demonstration(t)
	entries[0].Internal = true
	hidden := entries[0]
	x := New(entries)
	m := meaningsOf(x, 0.7)
	const text = "呜啦啦哇哩咕噜"
	l := Limits{Language: hidden.Language}
	v := meaning(hidden.Question, text, 0.1)
	if d := x.meant(m, v, text, l); d.Code != Nothing || len(d.Candidates) > 0 {
		t.Errorf("a customer is told %+v", d)
	}
	l.Internal = true
	if d := x.meant(m, v, text, l); d.Action != Choose || d.Candidates[0].ID != hidden.ID {
		t.Errorf("an agent is told %+v", d)
	}
}

// On texts that avoid the words of the knowledge base: a model that understands
// helps more people and answers no worse; one that understands nothing changes
// nothing.
func TestMeaningsOnHeldOut(t *testing.T) {
	x := learnt(t)
	for _, c := range []struct {
		name   string
		astray float32
		gains  bool
	}{{"a good model", 0.9, true}, {"a middling model", 1.5, true}, {"a bad model", 3, false}, {"one that understands nothing", 1000, false}} {
		m := meaningsOf(x, c.astray)
		var before, after struct{ answered, right, helped, falsely int }
		for _, a := range texts(t, "heldout.tsv") {
			if LanguageOf(a[1], "zh") != "zh" {
				continue
			}
			l := Limits{Language: "zh", Precision: demoPrecision}
			for i, d := range []Decision{x.Decide(a[1], l), x.meant(m, meaning(a[0], a[1], c.astray), a[1], l)} {
				n := &before
				if i == 1 {
					n = &after
				}
				switch {
				case d.Action == Answer && a[0] == "-":
					n.falsely++
				case d.Action == Answer:
					n.answered++
					if d.Candidates[0].Question == a[0] {
						n.right++
						n.helped++
					}
				case d.Action == Choose:
					for _, k := range d.Candidates {
						if k.Question == a[0] {
							n.helped++
						}
					}
				}
			}
		}
		t.Logf("%s (coverage of its own %.2f): before %+v, after %+v", c.name, m.Coverage(demoPrecision), before, after)
		if c.gains && (after.helped <= before.helped || after.answered < before.answered) {
			t.Errorf("%s does not help", c.name)
		}
		if wrong := after.answered - after.right; wrong > before.answered-before.right+after.answered/20 || after.falsely > before.falsely {
			t.Errorf("%s answers wrongly: %+v, before %+v", c.name, after, before)
		}
		if after.helped < before.helped-2 {
			t.Errorf("%s takes help away", c.name)
		}
	}
}

func BenchmarkMeant(b *testing.B) {
	x := Plain(made(10_000))
	m := NewMeanings(x, func(way string) []float32 { return arrow(way) })
	v := arrow("x")
	near := make([]float32, len(m.owner))
	parts, scale := coarse(v)
	for b.Loop() {
		m.scan(parts, scale, near)
		m.nearest(near, func(int) bool { return true }, alsoNear)
	}
}
