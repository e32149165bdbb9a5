package flow

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestStandard(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"听日下昼三点": "明天下午三点",
		"唔使催":    "不用催",
		"唔係":     "不是",
		"阿拉车子要做保养了呀侬帮我弄弄好伐": "我们车子要做保养了呀你帮我弄弄好吗",
		"系统升级失败":    "系统升级失败",
		"喇叭不响":      "喇叭不响",
		"see you 俺": "see you 我",
	} {
		if got := standard(text); got != want {
			t.Errorf("%s becomes %s, not %s", text, got, want)
		}
	}
}

// What something is in the standard language is no longer than it, so that it
// stands where it stood.
func TestDialect(t *testing.T) {
	t.Parallel()
	var seen []string
	for line := range strings.Lines(dialect) {
		said, plain, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !isHan(said) {
			continue
		}
		if utf8.RuneCountInString(plain) > utf8.RuneCountInString(said) || plain == "" || slices.Contains(seen, said) {
			t.Errorf("%s: %s", said, plain)
		}
		seen = append(seen, said)
		if got := utf8.RuneCountInString(standard(said)); got != utf8.RuneCountInString(said) {
			t.Errorf("%s becomes %s", said, standard(said))
		}
	}
}
