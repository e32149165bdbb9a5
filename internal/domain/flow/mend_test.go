package flow

import "testing"

func TestMend(t *testing.T) {
	t.Parallel()
	words := Builtin().spelling
	for text, want := range map[string]string{
		"车抛描了":              "车抛锚了",
		"想给车做个保阳":           "想给车做个保养",
		"密马忘了":              "密码忘了",
		"收不到验证吗":            "收不到验证码",
		"投拆你们":              "投诉你们",
		"我要报修":              "我要报修", // a word of its own, though it sounds like 保修
		"找回密码":              "找回密码",
		"听不懂":               "听不懂",
		"回店里看看":             "回店里看看",
		"加个夜间模式":            "加个夜间模式",
		"车窗升不上去":            "车窗升不上去",
		"hello 13800138000": "hello 13800138000",
	} {
		if got := words.mend(text); got != want {
			t.Errorf("%s becomes %s, not %s", text, got, want)
		}
	}
}

// What is written rightly stays as it is.
func TestMendLeaves(t *testing.T) {
	t.Parallel()
	words := Builtin().spelling
	for _, f := range Builtin().All() {
		for _, s := range f.Scripts {
			for _, x := range s.Turns {
				if got := words.mend(x.Says); got != x.Says {
					t.Logf("%s becomes %s", x.Says, got)
				}
			}
		}
	}
}
