package knowledge

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestSections(t *testing.T) {
	t.Parallel()
	got := Sections("开头的话。第二句！\n\n# 保养\n\n## 首次\r\n\r\n1. 先看[手册](https://a.cn)\n2. 再**预约**\n\n| 项目 | 价格 | 时间 |\n|---|---|--:|\n| 机油 | 300 | |\n| 轮胎 | 400 | 2 小时 |\n\n```\ncode\n```\n\n## 以后\n- 一年一次\n\n---\n\n# Later\nOne thing. Another at 3.5 km.\n\n| What | How |\n|---|---|\n| Oil | 300 |\n")
	want := []string{
		"|开头的话。第二句！",
		"保养 › 首次|1. 先看手册\n2. 再预约\n机油：价格 300\n轮胎：价格 400；时间 2 小时",
		"保养 › 以后|一年一次",
		"Later|One thing. Another at 3.5 km.\nOil: 300",
	}
	for i, s := range got {
		if line := s.Under + "|" + s.String(); i >= len(want) || line != want[i] {
			t.Errorf("%q", line)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d sections, want %d", len(got), len(want))
	}
}

func TestALongSectionIsCutBetweenSentences(t *testing.T) {
	t.Parallel()
	s := strings.Repeat("这是一句不短的话，说的是同一件事情。", 60)
	parts := Sections("## 长\n\n" + s)
	var all strings.Builder
	for _, p := range parts {
		text := p.String()
		if !strings.HasSuffix(text, "。") || p.Under != "长" || utf8.RuneCountInString(text) > mostInSection {
			t.Errorf("%q", text)
		}
		all.WriteString(text)
	}
	if all.String() != s || len(parts) < 2 {
		t.Errorf("%d parts", len(parts))
	}
}

// Whatever an editor writes, nothing is said that they did not write: every
// line is letters of the text in their order, apart from the names of columns.
func TestSectionsInventNothing(t *testing.T) {
	t.Parallel()
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= 0x4e00 && r < 0xa000 || r >= 'a' && r <= 'z' {
				return r
			}
			return -1
		}, s)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([#\-*0-9.。！a-z甲乙丙丁 \n]{0,12}){0,12}`).Draw(t, "text")
		from := letters(text)
		for _, s := range Sections(text) {
			for _, l := range s.Lines {
				if said := letters(l.Text); !strings.Contains(from, said) {
					t.Fatalf("%q says %q", text, l.Text)
				}
			}
		}
	})
}
