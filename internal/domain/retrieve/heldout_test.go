package retrieve

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"sync"
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

// learnt returns an index of the demonstration's knowledge base, made once: it
// takes a second.
func learnt(t testing.TB) *Index {
	t.Helper()
	learnOnce.Do(func() { ofDemonstration = New(demonstration(t)) })
	return ofDemonstration
}

var (
	learnOnce       sync.Once
	ofDemonstration *Index
)

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
const demoPrecision = 0.9

// measured is what happened to the held-out texts of one language.
type measured struct {
	asked, first, among, answered, right, offered, offeredRight, missed int
	unknown, falseAnswers                                               int
}

func share(n, of int) float64 { return float64(n) / float64(max(1, of)) }

// The demonstration's knowledge base on texts that it has not seen: everyday
// ones, the questions asked once more in other words, and texts that avoid the
// words of the base on purpose. -v prints the figures; the floors lie a little
// below what was measured on 29 November 2026.
//
// The Chinese texts of heldout.tsv were written anew that day, when the wording
// of those before had found its way into the base: they ask about 144 questions
// where the old ones asked about 76, and share fewer words with them, so that
// their floors say nothing about the old ones'. The floors of its English texts
// were lowered when 58 questions took the place of 28: among more, the right one
// is less often near the top. Those of unseen.tsv were written on 30 November 2026
// by somebody who had read the questions and nothing else, as a customer would ask
// them, and nothing was changed after they were measured. Falsely is how many texts that nobody could answer
// are answered: "怎样学好英语" is, since the base has a question on the languages
// that are spoken here.
func TestHeldOut(t *testing.T) {
	x := learnt(t)
	for _, c := range []struct {
		file, language                  string
		first, among, precision, helped float64
		falsely                         int
	}{
		{"everyday.tsv", "zh", 0.98, 0.98, 0.98, 0.98, 1},
		{"everyday.tsv", "en", 0.98, 0.98, 0.98, 0.98, 0},
		{"paraphrases.tsv", "zh", 0.94, 0.98, 0.98, 0.98, 0},
		{"unseen.tsv", "zh", 0.96, 0.98, 0.98, 0.96, 0},
		{"unseen.tsv", "en", 0.96, 0.98, 0.98, 0.94, 0},
		{"paraphrases.tsv", "en", 0.94, 0.98, 0.98, 0.98, 0},
		{"heldout.tsv", "zh", 0.47, 0.76, 0.90, 0.48, 1},
		{"heldout.tsv", "en", 0.47, 0.61, 0.90, 0.60, 0},
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
		if m.falseAnswers > c.falsely {
			t.Errorf("%s %s: %d false answers to what the base does not know", c.file, c.language, m.falseAnswers)
		}
	}
}

// What is held out stands nowhere in the knowledge base, each text asks for a
// question that is there, and paraphrases.tsv asks for at least 80 questions
// in two ways or more.
func TestHeldOutIsHeldOut(t *testing.T) {
	known, asked := map[string]bool{}, map[string]int{}
	said := map[string]string{}
	for _, e := range demonstration(t) {
		known[e.Question] = true
		for _, way := range e.ways() {
			said[bare(Normalise(way))] = way
		}
	}
	for _, file := range []string{"everyday.tsv", "paraphrases.tsv", "unseen.tsv", "heldout.tsv"} {
		for _, a := range texts(t, file) {
			switch {
			case a[0] != "-" && !known[a[0]]:
				t.Errorf("%s: there is no question %q", file, a[0])
			case file == "paraphrases.tsv":
				asked[a[0]]++
			}
			// The everyday ones may differ in filling words only.
			if way, ok := said[bare(Normalise(a[1]))]; ok && (file == "paraphrases.tsv" || way == a[1]) {
				t.Errorf("%s: %q stands in the knowledge base as %q", file, a[1], way)
			}
		}
	}
	delete(asked, "-")
	twice := 0
	for _, n := range asked {
		if n >= 2 {
			twice++
		}
	}
	if twice < 80 {
		t.Errorf("%d questions are asked in two other ways, want 80", twice)
	}
}

// With so many questions and ways to ask them the demonstration is sure enough
// to answer outright in both languages, and what our own end-to-end tests ask
// ends where they expect it.
func TestDemonstrationAnswers(t *testing.T) {
	x := learnt(t)
	for _, language := range []string{"zh", "en"} {
		s := x.State(language, demoPrecision)
		t.Logf("%s %+v", language, s)
		if !s.Answers || s.Code != Clear || s.Lack.Code != "" || s.Missing != 0 {
			t.Errorf("the demonstration does not answer in %s: %+v", language, s)
		}
	}
	if s := Plain(demonstration(t)).State("zh", demoPrecision); s.Answers || s.Code != Learning {
		t.Errorf("nothing is learnt yet: %+v", s)
	}
	if d := Plain(demonstration(t)).Decide("请问车子能保修多久呀", Limits{Language: "zh"}); d.Action != Choose || d.Code != Learning {
		t.Errorf("nothing is learnt yet: %+v", d)
	}
	for text, want := range map[string]string{
		"节假日打电话有人接吗":   "客服热线的服务时间是什么时候？",
		"刹车异响怎么办":      "车辆有异响怎么办？",
		"保养多少钱":        "一次保养大概多少钱？",
		"我的车今天早上打不着火了": "",
		"我的充电口打不开":     "",
		"我想买一辆新车":      "",
	} {
		d := x.Decide(text, Limits{Language: "zh", Precision: demoPrecision})
		if want != "" && (d.Action != Answer || d.Candidates[0].Question != want) || want == "" && d.Action == Answer {
			t.Errorf("%q: %s, %s, %v", text, d.Action, d.Why, d.Candidates)
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
	entries, x := demonstration(t), learnt(t)
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
