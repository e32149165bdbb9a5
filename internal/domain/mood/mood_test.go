package mood_test

import (
	"os"
	"strings"
	"testing"

	"yingda/internal/domain/mood"
)

type labelled struct {
	level mood.Level
	text  string
}

func read(t *testing.T, name string) (all []labelled) {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		level, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if ok && !strings.HasPrefix(line, "#") {
			all = append(all, labelled{mood.Level(level), text})
		}
	}
	return all
}

// judge returns the share that is heard as it was labelled, and that of calm
// messages that are taken for angry ones.
func judge(t *testing.T, all []labelled) (right, falseAlarms float64) {
	t.Helper()
	n, calm, alarms := 0, 0, 0
	for _, m := range all {
		r := mood.Read(m.text)
		got := r.Tension.Level()
		if got == m.level {
			n++
		} else {
			t.Logf("%s is heard as %s (%d %v): %s", m.level, got, r.Tension, r.Why, m.text)
		}
		if m.level == mood.Calm {
			calm++
			if got == mood.Angry {
				alarms++
			}
		}
	}
	return float64(n) / float64(len(all)), float64(alarms) / float64(calm)
}

// The messages that were labelled before there were rules.
func TestLabelled(t *testing.T) {
	all := read(t, "messages.tsv")
	if len(all) < 120 {
		t.Fatalf("only %d messages", len(all))
	}
	right, alarms := judge(t, all)
	t.Logf("%d messages, %.1f %% right, %.1f %% of the calm ones taken for angry", len(all), right*100, alarms*100)
	if right < 0.9 || alarms > 0.02 {
		t.Errorf("%.3f right, %.3f false alarms", right, alarms)
	}
}

// Messages with which words were added: what was written after the first rules,
// and what was written next.
func TestAdded(t *testing.T) {
	for _, name := range []string{"second.tsv", "third.tsv"} {
		all := read(t, name)
		right, alarms := judge(t, all)
		t.Logf("%s: %d messages, %.1f %% right, %.1f %% of the calm ones taken for angry", name, len(all), right*100, alarms*100)
		if right < 0.9 || alarms > 0.05 {
			t.Errorf("%s: %.3f right, %.3f false alarms", name, right, alarms)
		}
	}
}

// Messages that were written after all the rules: what can be expected of words
// that nobody put into the lexicon. The bound keeps it from becoming worse.
func TestUnseen(t *testing.T) {
	all := read(t, "unseen.tsv")
	right, alarms := judge(t, all)
	t.Logf("%d messages, %.1f %% right, %.1f %% of the calm ones taken for angry", len(all), right*100, alarms*100)
	if right < 0.35 || alarms > 0.05 {
		t.Errorf("%.3f right, %.3f false alarms", right, alarms)
	}
}

func TestNegation(t *testing.T) {
	for text, want := range map[string]mood.Level{
		"我很生气":                        mood.Angry,
		"我没有生气":                       mood.Calm,
		"不用着急":                        mood.Calm,
		"请不要着急":                       mood.Calm,
		"你們這是什麼服務！":                   mood.Angry, // traditional characters
		"ＷＯＲＳＴ service":               mood.Angry,
		"I am not worried":            mood.Calm,
		"？？？":                         mood.Worried,
		"怎么投诉":                        mood.Calm,
		"我要投诉！":                       mood.Angry,
		"":                            mood.Calm,
		"OK":                          mood.Calm,
		"LSVAA4182E2184847 P0420 SUV": mood.Calm,
	} {
		if got := mood.Read(text); got.Tension.Level() != want {
			t.Errorf("%q is %s (%d), want %s: %v", text, got.Tension.Level(), got.Tension, want, got.Why)
		}
	}
}

// Every level but calm has a reason.
func TestWhy(t *testing.T) {
	for _, m := range read(t, "messages.tsv") {
		if r := mood.Read(m.text); r.Tension.Level() != mood.Calm && len(r.Why) == 0 {
			t.Errorf("no reason for %q", m.text)
		}
	}
}

func TestOver(t *testing.T) {
	last := func(texts ...string) mood.Tension {
		ms := mood.Over(texts)
		return ms[len(ms)-1].After
	}
	if one, three := last("我有点着急"), last("我有点着急", "还没人吗，有点着急", "有点着急了"); three <= one {
		t.Errorf("worry that is repeated does not grow: %d, then %d", one, three)
	}
	if again := last("着急", "着急", "着急", "着急", "着急", "着急", "着急"); again.Level() != mood.Worried {
		t.Errorf("worry alone became %s", again.Level())
	}
	if l := last("我要投诉你们！", "好的").Level(); l == mood.Calm {
		t.Error("anger is gone after one word")
	}
	if l := last("我要投诉你们！", "谢谢，问题解决了").Level(); l != mood.Calm {
		t.Errorf("after thanks it is still %s", l)
	}
	if l := last("我要投诉你们！", "车牌是京A12345", "对", "没错", "是的").Level(); l != mood.Calm {
		t.Errorf("anger never fades: %s", l)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("你们这是什么服务！太差劲了！")
	f.Add("\xff怕")
	f.Fuzz(func(t *testing.T, text string) {
		r := mood.Read(text)
		if r.Tension < 0 || r.Tension > 100 {
			t.Errorf("tension %d", r.Tension)
		}
		for _, before := range []mood.Tension{0, 40, 100} {
			if a := mood.After(before, r); a < 0 || a > 100 {
				t.Errorf("after %d: %d", before, a)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	for name, text := range map[string]string{
		"a message":  "我的车今天早上打不着火了，麻烦帮我看看，有点着急",
		"a long one": strings.Repeat("我的车今天早上打不着火了，麻烦帮我看看，", 100),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				mood.Read(text)
			}
		})
	}
}
