package flow

import "testing"

// Which flow the first messages of dialogues are taken to ask for: one in
// ten may lead to none, hardly any to another, and what asks for none
// begins none.
func TestOpenings(t *testing.T) {
	t.Parallel()
	all := Builtin()
	sum, found, wrong := 0, 0, 0
	for _, file := range []string{"paraphrased.json", "paraphrased_more.json", "learnt.json", "voices.json"} {
		for id, list := range dialogues(t, file) {
			for _, s := range list {
				sum++
				switch took := taken(all, s.Turns[0].Says); took {
				case id:
					found++
				case "":
					t.Logf("%s: %s leads to none", id, s.Turns[0].Says)
				default:
					wrong++
					t.Logf("%s: %s leads to %s", id, s.Turns[0].Says, took)
				}
			}
		}
	}
	t.Logf("%d of %d, %d wrong", found, sum, wrong)
	if found*100 < sum*90 || wrong*100 > sum*3 {
		t.Errorf("%d of %d, %d wrong", found, sum, wrong)
	}
	unseen, right := 0, 0
	for id, list := range dialogues(t, "unseen.json") {
		for _, s := range list {
			unseen++
			if taken(all, s.Turns[0].Says) == id {
				right++
			}
		}
	}
	t.Logf("not learnt from: %d of %d", right, unseen)
	none, offered := stored[map[string][]string](t, "openings.json")["none"], 0
	for _, text := range none {
		if f, ok := all.Wants(text); ok && !Inquires(text) {
			t.Errorf("%s begins %s", text, f.ID)
		}
		l := all.Leans(text)
		if l.Begun() {
			t.Errorf("%s begins %s", text, l.Flow.ID)
		}
		if l.Offered() {
			offered++
		}
	}
	t.Logf("offered to %d of %d that want none", offered, len(none))
	if offered*8 > len(none) {
		t.Errorf("a flow is offered to %d of %d that want none", offered, len(none))
	}
}

// taken returns the flow that a message names or is offered.
func taken(all Library, text string) string {
	if f, ok := all.Wants(text); ok {
		return f.ID
	}
	if f, ok := all.Numbered(text); ok {
		return f.ID
	}
	if l := all.Leans(text); l.Offered() {
		return l.Flow.ID
	}
	return ""
}

func BenchmarkLeans(b *testing.B) {
	all := Builtin()
	for b.Loop() {
		all.Leans("上周送修的车现在啥情况")
	}
}
