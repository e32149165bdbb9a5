package flow

import (
	"slices"
	"testing"
)

// Which flow the first messages of dialogues are taken to ask for.
func TestOpenings(t *testing.T) {
	t.Parallel()
	all := Builtin()
	count := map[string]int{}
	for _, file := range []string{"paraphrased.json", "paraphrased_more.json", "learnt.json", "learnt_more.json"} {
		for id, list := range dialogues(t, file) {
			for _, s := range list {
				text := s.Turns[0].Says
				f, ok := all.Wants(text)
				l := all.Leans(text)
				switch {
				case ok && f.ID == id:
					count["named"]++
				case ok:
					count["named wrongly"]++
					t.Logf("named wrongly: %s: %s, not %s", text, f.ID, id)
				case l.Begun() && l.Flow.ID == id:
					count["begun"]++
				case l.Begun():
					count["begun wrongly"]++
					t.Logf("begun wrongly: %s: %s %.2f %.2f, not %s", text, l.Flow.ID, l.Score, l.Lead, id)
				case l.Offered() && l.Flow.ID == id:
					count["offered"]++
				case l.Offered():
					count["offered wrongly"]++
					t.Logf("offered wrongly: %s: %s %.2f %.2f, not %s", text, l.Flow.ID, l.Score, l.Lead, id)
				default:
					count["none"]++
					t.Logf("none: %s: %s %.2f %.2f, %s", text, l.Flow.ID, l.Score, l.Lead, id)
				}
			}
		}
	}
	t.Log(count)
	other := map[string]int{}
	for _, text := range slices.Concat(openings(t)["none"]) {
		l := all.Leans(text)
		f, ok := all.Wants(text)
		switch {
		case ok:
			other["named"]++
			t.Logf("no flow: %s: %s named", text, f.ID)
		case l.Begun():
			other["begun"]++
			t.Logf("no flow: %s: %s %.2f %.2f begun", text, l.Flow.ID, l.Score, l.Lead)
		case l.Offered():
			other["offered"]++
			t.Logf("no flow: %s: %s %.2f %.2f offered", text, l.Flow.ID, l.Score, l.Lead)
		default:
			other["none"]++
		}
	}
	t.Log(other)
	unseen, sum := 0, 0
	for id, list := range dialogues(t, "unseen.json") {
		for _, s := range list {
			sum++
			f, ok := all.Wants(s.Turns[0].Says)
			l := all.Leans(s.Turns[0].Says)
			if ok && f.ID == id || !ok && l.Offered() && l.Flow.ID == id {
				unseen++
			}
		}
	}
	t.Logf("unseen: %d of %d", unseen, sum)
}
