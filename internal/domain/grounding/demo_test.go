package grounding

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"yingda/internal/domain/knowledge"
)

// cite writes the source behind every sentence of a text.
func cite(text string) string {
	var b strings.Builder
	for _, s := range sentences(text) {
		b.WriteString(strings.TrimRight(s.text, "\n") + "[1]\n")
	}
	return b.String()
}

var digits = regexp.MustCompile(`[0-9]+`)

// What the demonstration's editors wrote passes as it stands, with its source;
// with another number it never does.
func TestTheDemoPasses(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../app/demo/knowledge.json")
	if err != nil {
		t.Fatal(err)
	}
	var kb struct {
		Questions []struct{ Question, Answer, Language string }
	}
	if err := json.Unmarshal(raw, &kb); err != nil {
		t.Fatal(err)
	}
	all, passed, changed, caught := 0, 0, 0, 0
	for _, q := range kb.Questions {
		plain := knowledge.Plain(q.Answer)
		ss := []Source{{Title: q.Question, Text: plain}}
		d := Draft{Text: cite(plain), Language: q.Language, Sources: ss}
		all++
		if v := Check(d); v.Passes {
			passed++
		} else {
			t.Logf("%s: %v", q.Question, v.Why)
		}
		if digits.MatchString(plain) {
			changed++
			d.Text = cite(digits.ReplaceAllString(plain, "7391"))
			if v := Check(d); !v.Passes {
				caught++
			} else {
				t.Errorf("another number passes: %s", d.Text)
			}
		}
	}
	if passed*100 < all*95 {
		t.Errorf("only %d of %d pass as they stand", passed, all)
	}
	t.Logf("%d of %d pass as they stand; %d of %d with another number are caught", passed, all, caught, changed)
}
