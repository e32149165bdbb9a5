package retrieve

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// demonstration returns the knowledge base of the demonstration.
func demonstration(t testing.TB) []Entry {
	t.Helper()
	b, err := os.ReadFile("../../app/demo/knowledge.json")
	if err != nil {
		t.Fatal(err)
	}
	var base struct {
		Questions []struct {
			Question, Answer, Language string
			Phrasings                  []string
		}
	}
	if err := json.Unmarshal(b, &base); err != nil {
		t.Fatal(err)
	}
	var entries []Entry
	for i, q := range base.Questions {
		entries = append(entries, Entry{ID: int64(i + 1), Question: q.Question, Text: q.Answer, Phrasings: q.Phrasings, Language: q.Language})
	}
	return entries
}

// texts returns what was written apart from the knowledge base, each with the
// question that it asks, or "-" for none.
func texts(t testing.TB, file string) [][2]string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var asked [][2]string
	for line := range strings.Lines(string(b)) {
		if want, text, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && !strings.HasPrefix(line, "#") {
			asked = append(asked, [2]string{want, text})
		}
	}
	return asked
}

// demoPrecision is what the demonstration asks for: see package app.
const demoPrecision = 0.85

// measured is what happened to the held-out texts of one language.
type measured struct {
	asked, first, among, answered, right, offered, offeredRight, missed int
	unknown, falseAnswers                                               int
}

func share(n, of int) float64 { return float64(n) / float64(max(1, of)) }

// The demonstration's knowledge base on texts that it has not seen: everyday
// ones, and ones that avoid its words on purpose. -v prints the figures; the
// floors lie a little below what was measured on 29 November 2026.
func TestHeldOut(t *testing.T) {
	x := New(demonstration(t))
	for _, c := range []struct {
		file, language                  string
		first, among, precision, helped float64
	}{
		{"everyday.tsv", "zh", 0.95, 0.98, 0.97, 0.97},
		{"everyday.tsv", "en", 0.90, 0.90, 0.90, 0.90},
		{"heldout.tsv", "zh", 0.50, 0.75, 0.70, 0.59}, // few answers
		{"heldout.tsv", "en", 0.40, 0.64, 0.90, 0.48},
	} {
		var m measured
		for _, a := range texts(t, c.file) {
			if LanguageOf(a[1], "zh") == c.language {
				m.add(t, x, a[0], a[1])
			}
		}
		helped := share(m.right+m.offeredRight, m.asked)
		t.Logf("%s %s: %d texts, R@1 %.3f, R@3 %.3f | answered %.2f at precision %.3f | offered %.2f, the right one among them %.2f | nothing %.2f | helped %.3f | false answers to %d unanswerable: %d",
			c.file, c.language, m.asked, share(m.first, m.asked), share(m.among, m.asked), share(m.answered, m.asked), share(m.right, m.answered),
			share(m.offered, m.asked), share(m.offeredRight, m.offered), share(m.missed, m.asked), helped, m.unknown, m.falseAnswers)
		if share(m.first, m.asked) < c.first || share(m.among, m.asked) < c.among || m.answered > 0 && share(m.right, m.answered) < c.precision || helped < c.helped {
			t.Errorf("%s %s fell below its floors: %+v", c.file, c.language, m)
		}
		if m.falseAnswers > 0 {
			t.Errorf("%s %s: %d false answers to what the base does not know", c.file, c.language, m.falseAnswers)
		}
	}
}

func (m *measured) add(t *testing.T, x *Index, want, text string) {
	t.Helper()
	d := x.Decide(text, Limits{Language: "zh", Precision: demoPrecision})
	if want == "-" {
		m.unknown++
		if d.Action == Answer {
			m.falseAnswers++
			t.Logf("false answer to %q: %v", text, d.Candidates[0])
		}
		return
	}
	top := x.Find(text, Limits{Language: "zh"}, choices)
	place := slices.IndexFunc(top, func(c Candidate) bool { return c.Question == want })
	m.asked++
	if place == 0 {
		m.first++
	}
	if place >= 0 && place < choices {
		m.among++
	}
	in := slices.IndexFunc(d.Candidates, func(c Candidate) bool { return c.Question == want })
	switch d.Action {
	case Answer:
		m.answered++
		if in == 0 {
			m.right++
		} else {
			t.Logf("wrong answer to %q: %v (%s), want %q", text, d.Candidates[0], d.Why, want)
		}
	case Choose:
		m.offered++
		if in >= 0 {
			m.offeredRight++
		}
	default:
		m.missed++
	}
}

// Every question and phrasing finds its own question, whatever a rule or
// another question says.
func TestDemonstrationFindsItself(t *testing.T) {
	entries := demonstration(t)
	x := New(entries)
	for _, e := range entries {
		for _, way := range e.ways() {
			d := x.Decide(way, Limits{Language: e.Language})
			in := slices.IndexFunc(d.Candidates, func(c Candidate) bool { return c.ID == e.ID })
			if in != 0 && (in < 0 || d.Action != Choose) {
				t.Errorf("%q of %q: %s %s %v", way, e.Question, d.Action, d.Code, d.Candidates)
			}
		}
	}
}
