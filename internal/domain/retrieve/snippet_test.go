package retrieve

import (
	"strings"
	"testing"
)

func TestSnippet(t *testing.T) {
	for _, c := range []struct{ name, text, query, want string }{
		{"a word", "我想申请退款，谢谢", "退款", "我想申请[退款]，谢谢"},
		{"twice", "退款到账了吗？退款", "退款", "[退款]到账了吗？[退款]"},
		{"several in any order", "物流显示已签收", "签收 物流", "[物流]显示已[签收]"},
		{"traditional finds simplified", "申請退款", "申请", "[申請]退款"},
		{"capitals", "Order P0420 failed", "p0420", "Order [P0420] failed"},
		{"nothing", "你好", "退款", "你好"},
		{"far inside", strings.Repeat("前", 100) + "退款" + strings.Repeat("后", 100), "退款", "…" + strings.Repeat("前", 10) + "[退款]" + strings.Repeat("后", 28) + "…"},
	} {
		var b strings.Builder
		for _, p := range Snippet(c.text, QueryWords(c.query), 40) {
			if p.Mark {
				b.WriteString("[" + p.Text + "]")
			} else {
				b.WriteString(p.Text)
			}
		}
		if b.String() != c.want {
			t.Errorf("%s: %s, want %s", c.name, b.String(), c.want)
		}
	}
}

// Whatever the text, a snippet shows only what stands in it.
func FuzzSnippet(f *testing.F) {
	f.Add("我想申请退款", "退款")
	f.Add("ǅ\xff\u00a0", "ǆ")
	f.Fuzz(func(t *testing.T, text, query string) {
		n := 0
		for _, p := range Snippet(text, QueryWords(query), 40) {
			n += len([]rune(p.Text))
		}
		if n > 42 {
			t.Errorf("%d characters of %q", n, text)
		}
	})
}
