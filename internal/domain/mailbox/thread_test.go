package mailbox

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
)

func TestPlace(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	for _, one := range []struct {
		what   string
		traces []Trace
		forged bool
		want   Placing
	}{
		{what: "nothing of ours", want: Placing{}},
		{what: "goes on", traces: []Trace{{By: ByTag, Conversation: 1, Part: Writer, Open: true}}, want: Placing{Conversation: 1}},
		{what: "the surest first", traces: []Trace{{By: ByToken, Conversation: 1, Part: Writer, Open: true}, {By: ByTag, Conversation: 2, Part: Writer, Open: true}}, want: Placing{Conversation: 1}},
		{what: "a stranger", traces: []Trace{{By: ByToken, Conversation: 1, Open: true}}, want: Placing{Linked: 1, Why: "stranger"}},
		{what: "a stranger there, at home here", traces: []Trace{{By: ByToken, Conversation: 1, Open: true}, {By: ByAnswer, Conversation: 2, Part: Copied, Open: true}}, want: Placing{Conversation: 2}},
		{what: "over for days", traces: []Trace{{By: ByAnswer, Conversation: 1, Part: Writer, Over: now.Add(-13 * day)}}, want: Placing{Conversation: 1, Reopen: true}},
		{what: "over for long", traces: []Trace{{By: ByAnswer, Conversation: 1, Part: Writer, Over: now.Add(-15 * day)}}, want: Placing{Linked: 1, Why: "over"}},
		{what: "a third party", traces: []Trace{{By: ByAnswer, Conversation: 1, Part: Third, Open: true}}, want: Placing{Conversation: 1, Third: true}},
		{what: "a third party, when it is over", traces: []Trace{{By: ByAnswer, Conversation: 1, Part: Third, Over: now.Add(-99 * day)}}, want: Placing{Conversation: 1, Third: true}},
		{what: "forged, with a number", forged: true, traces: []Trace{{By: ByTag, Conversation: 1, Part: Writer, Open: true}}, want: Placing{Linked: 1, Why: "stranger"}},
		{what: "forged, with what nobody can guess", forged: true, traces: []Trace{{By: ByAnswer, Conversation: 1, Part: Writer, Open: true}}, want: Placing{Conversation: 1}},
	} {
		if got := support().Place(one.traces, one.forged, now); got != one.want {
			t.Errorf("%s: %+v, want %+v", one.what, got, one.want)
		}
	}
}

// What we write names the conversation; what others make up names nothing.
func TestTokensAndTags(t *testing.T) {
	key, other := []byte("a key"), []byte("another")
	rapid.Check(t, func(t *rapid.T) {
		c := conversation.NewID(time.UnixMilli(rapid.Int64Range(1704067200000, 2e12).Draw(t, "at")))
		token := Token(key, c)
		_, inAddress := Split(Join("support@example.cn", token))
		if got, ok := ReadToken(key, inAddress); !ok || got != c {
			t.Fatalf("%s is %v, %v", token, got, ok)
		}
		if _, ok := ReadToken(other, token); ok {
			t.Fatalf("%s is taken with another key", token)
		}
		changed := rapid.StringMatching(`c[0-9a-z]{13}\.[a-z2-7]{8}`).Draw(t, "made up")
		if _, ok := ReadToken(key, changed); ok && changed != token {
			t.Fatalf("%s is taken", changed)
		}
		n := rapid.Int64Range(1, 1e12).Draw(t, "number")
		if got := ReadTags(key, "Re: 你好 "+Tag(key, n)+" [#7-AAAA]"); len(got) < 1 || got[0] != n {
			t.Fatalf("%s is %v", Tag(key, n), got)
		}
		if got := ReadMarkers(key, "<p>x</p>"+Marker(token)); !slices.Equal(got, []conversation.ID{c}) {
			t.Fatalf("the marker is %v", got)
		}
		id := support().MessageID(c, "06bq3f0k2m9ty", "ABCDEFGHIJ23")
		if got := IDsIn("Message-ID: " + id); !slices.Equal(got, []string{id}) {
			t.Fatalf("%s is found as %v", id, got)
		}
	})
}

func TestSubject(t *testing.T) {
	for s, want := range map[string]string{
		"Re: 回复：Fwd: 无法启动":        "无法启动",
		"RE[2]: 答复: 你好":           "你好",
		"自动回复：Re: x":              "x",
		"Re: x [#12-ABCD]":        "x",
		"Regarding: x":            "Regarding: x",
		"回复":                      "回复",
		"":                        "",
		strings.Repeat("Re: ", 9): "",
	} {
		if got := Subject(s); got != want {
			t.Errorf("%q: %q", s, got)
		}
	}
	if got := Answering("Re: x [#12-ABCD]", "[#12-ABCD]"); got != "Re: x [#12-ABCD]" {
		t.Error(got)
	}
}

func TestNextTry(t *testing.T) {
	var ago time.Duration
	tries := 1
	for {
		wait, ok := NextTry(tries, ago)
		if !ok {
			break
		}
		ago += wait
		tries++
	}
	if ago < 44*time.Hour || ago > 48*time.Hour || tries < 10 || tries > 20 {
		t.Errorf("%d tries in %s", tries, ago)
	}
}

func TestFollowing(t *testing.T) {
	long := []string{}
	for n := range 30 {
		long = append(long, "<"+string(rune('a'+n))+"@x>")
	}
	got := Following(long, "<new@x>")
	if len(got) != 20 || got[0] != long[0] || got[19] != "<new@x>" {
		t.Errorf("%v", got)
	}
	if got := Following([]string{"<a@x>"}, "<a@x>"); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

func TestReceiptIsWritten(t *testing.T) {
	f := ReceiptFacts{Name: "张伟", Company: "远行汽车", Number: "ZX1", Due: "2026年11月24日 18:00", Ways: "电话：400"}
	head, text := Receipt{}.Write("zh", "Re: 车", "[#1-AAAA]", f)
	for _, want := range []string{"张伟", "ZX1", "2026年11月24日 18:00", "电话：400", "远行汽车"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing in %s", want, text)
		}
	}
	if head != "已收到您的邮件：车 [#1-AAAA]" {
		t.Error(head)
	}
	if _, text := (Receipt{}).Write("en", "x", "", ReceiptFacts{}); strings.Contains(text, "{") {
		t.Errorf("left to fill in: %s", text)
	}
	if _, text := (Receipt{Text: inbox.Text{Zh: "号{number}，{due}前"}}).Write("zh", "x", "", f); text != "号ZX1，2026年11月24日 18:00前" {
		t.Error(text)
	}
}
