package filter

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
)

func of(action Action, words ...string) Settings {
	return Settings{Lists: []List{{ID: "a", Name: inbox.Text{Zh: "词"}, Enabled: true, Agents: true, Contacts: true, Action: action, Words: words}}}
}

func TestFind(t *testing.T) {
	m := of(Mask, "笨蛋", "笨", "Ass", "12315", "tmd").For(true)
	for text, want := range map[string]string{
		"您好":                   "您好",
		"你这个笨蛋":                "你这个**",
		"笨 蛋！":                 "* *！",
		"笨.*蛋":                 "*.**",
		"笨\u200b蛋":             "*\u200b*",
		"ＴＭＤ":                  "***",
		"T m D 慢死了":            "* * * 慢死了",
		"class assign":         "class assign",
		"as soon as":           "as soon as",
		"you ASS!":             "you ***!",
		"我要打12315投诉":           "我要打*****投诉",
		"编号 412315":            "编号 412315",
		"":                     "",
		strings.Repeat("笨", 3): "***",
	} {
		if got := Masked(text, m.Find(text)); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestWhatIsDone(t *testing.T) {
	s := of(Refuse, "不归我管")
	if h := s.For(true).Find("这个不归我管"); !Does(h, Refuse) || !slices.Equal(Words(h, Refuse), []string{"不归我管"}) {
		t.Errorf("an agent: %+v", h)
	}
	if h := s.For(false).Find("这个不归我管"); !Does(h, Mask) || Does(h, Refuse) {
		t.Errorf("a customer is refused: %+v", h)
	}
	s.Lists[0].Enabled = false
	if h := s.For(true).Find("这个不归我管"); len(h) > 0 {
		t.Errorf("a list that is off: %+v", h)
	}
}

func TestCheck(t *testing.T) {
	if s, err := Defaults().Check(); err != nil || slices.ContainsFunc(s.Lists, func(l List) bool { return l.Enabled }) {
		t.Errorf("the defaults: %v", err)
	}
	if s, err := of(Mask, " 笨 蛋", "笨蛋", "", "ＢＡＤ", "bad").Check(); err != nil || len(s.Lists[0].Words) != 2 {
		t.Errorf("the same word twice: %v, %v", s.Lists[0].Words, err)
	}
	for code, s := range map[string]Settings{
		"filter.word":   of(Mask, "***"),
		"filter.action": of("shout", "x"),
		"filter.id":     {Lists: []List{{Name: inbox.Text{Zh: "x"}, Action: Mask}}},
		"filter.name":   {Lists: []List{{ID: "x", Action: Mask}}},
	} {
		if _, err := s.Check(); fault.CodeOf(err) != code {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// All that a plain search finds is found, however the words overlap.
func TestNothingIsOverlooked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chars := rapid.SampledFrom([]rune("甲乙丙丁"))
		word := rapid.StringOfN(chars, 1, 4, -1)
		words := rapid.SliceOfNDistinct(word, 1, 12, rapid.ID).Draw(t, "words")
		text := rapid.StringOfN(chars, 0, 30, -1).Draw(t, "text")
		got := map[string]bool{}
		for _, h := range of(Mask, words...).For(true).Find(text) {
			if string([]rune(text)[h.From:h.To]) != h.Word {
				t.Fatalf("%q is not at %d in %q", h.Word, h.From, text)
			}
			got[fmt.Sprint(h.Word, h.From)] = true
		}
		n := 0
		for _, w := range words {
			for i := range []rune(text) {
				if strings.HasPrefix(string([]rune(text)[i:]), w) {
					if n++; !got[fmt.Sprint(w, i)] {
						t.Fatalf("%q at %d in %q was not found", w, i, text)
					}
				}
			}
		}
		if n != len(got) {
			t.Fatalf("found %d, there are %d", len(got), n)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	words := make([]string, 10_000)
	for i := range words {
		words[i] = fmt.Sprintf("词%d号", i)
	}
	m := of(Mask, words...).For(true)
	text := strings.Repeat("请问我的车什么时候能修好，已经等了很久了。", 10)
	for b.Loop() {
		m.Find(text)
	}
}
