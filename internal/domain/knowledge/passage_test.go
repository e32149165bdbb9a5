package knowledge

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPassages(t *testing.T) {
	t.Parallel()
	ps := Passages("开头的话。\n\n# 保养\n\n## 首次\n5,000 公里。\n\n| 项目 | 价格 |\n|---|---|\n| 机油 | 300 |\n\n## 以后\n\n一万公里一次。\n\n# 其他\n没有了。", 60)
	want := []string{"\n开头的话。", "保养 › 首次\n5,000 公里。\n| 项目 | 价格 |\n|---|---|\n| 机油 | 300 |", "保养 › 以后\n一万公里一次。", "其他\n没有了。"}
	if strings.Join(ps, "¶") != strings.Join(want, "¶") {
		t.Errorf("%q", ps)
	}
	long := strings.Repeat("很长的一段", 100)
	together := 0
	for _, p := range Passages(long, 60) {
		together += utf8.RuneCountInString(strings.TrimSpace(p))
	}
	if together != 500 {
		t.Errorf("%d characters are left", together)
	}
	if len(Passages("  \n\n ", 60)) != 0 {
		t.Error("something of nothing")
	}
}
