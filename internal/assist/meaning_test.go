package assist_test

import (
	"fmt"
	"strings"
	"testing"

	"yingda/internal/domain/endpoint"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/turn"
	"yingda/internal/model/modeltest"
)

// things is a knowledge base that is large enough to be judged from, about
// things that nobody has a word for.
func things() (qs []knowledge.Question) {
	for i := range 60 {
		thing := string(rune('一'+i*7)) + string(rune('丁'+i*11))
		q := knowledge.Question{Question: thing + "怎么弄", Answer: fmt.Sprintf("第 %d 件事这样弄。", i), Language: "zh"}
		for _, f := range []string{"%s在哪里弄", "我要弄%s", "请问%s的弄法", "%s是什么弄法", "想知道%s怎样弄"} {
			q.Phrasings = append(q.Phrasings, fmt.Sprintf(f, thing))
		}
		qs = append(qs, q)
	}
	return qs
}

// byThing embeds a text as the direction of the thing in it, which has another
// name too.
func byThing(text string) []float32 {
	v := make([]float32, 64)
	for i := range 60 {
		if strings.Contains(text, string(rune('一'+i*7))+string(rune('丁'+i*11))) || strings.Contains(text, fmt.Sprintf("别名%02d", i)) {
			v[i] = 1
			return v
		}
	}
	v[63] = 1
	return v
}

// What no word speaks for is found by its meaning; where the embedding model
// does anything else than embed, all goes on by words.
func TestWhatIsMeantIsOffered(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := t.Context()
		h.knows(things())
		embeds := modeltest.Embeds(byThing)
		e := h.thinks(func(modeltest.Asked) modeltest.Reply { return embeds }, func(s *endpoint.Settings) {
			s.Model, s.Models = "", map[endpoint.Task]string{endpoint.Embed: "bge"}
		})
		h.help.Embedder = h.as.Model
		const text = "别名07我的号码13800138000"
		told, _ := h.says(h.visitor("zh"), text, "")
		if strings.Contains(told, "怎么弄") {
			t.Fatalf("words alone find %q", told)
		}
		h.must(h.help.RefreshMeanings(ctx))
		asked := len(e.Asked())
		told, c := h.says(h.visitor("zh"), text, "")
		want := things()[7].Question
		record := h.why(c.ID)
		if !strings.Contains(told, want) || record.Action != turn.Offered || record.Model == nil || !record.Model.Used || record.Why[0].Code != "assist.meaning" {
			t.Errorf("%q is offered, as %+v", told, record)
		}
		if got := e.Asked()[asked:]; len(got) != 1 || strings.Contains(got[0].Input[0], "13800138000") {
			t.Errorf("it was asked %+v", got)
		}
		if h.spent().Calls == 0 {
			t.Error("nothing was counted")
		}
		for name, bad := range map[string]modeltest.Reply{
			"another size":   modeltest.Embeds(func(string) []float32 { return []float32{1, 2, 3} }),
			"another moment": modeltest.TooMany(1),
			"down":           modeltest.Fails(500, "down"),
			"a page":         modeltest.OfKind("text/html", "<html>"),
			"no vector":      modeltest.OfKind("application/json", `{"data":[]}`),
		} {
			e.Think(func(modeltest.Asked) modeltest.Reply { return bad })
			told, c := h.says(h.visitor("zh"), text, "")
			if strings.Contains(told, "怎么弄") || told == "" {
				t.Errorf("%s: %q is said", name, told)
			}
			if r := h.why(c.ID); r.Model != nil && (r.Model.Used || name != "another size" && r.Model.Fallback == nil) {
				t.Errorf("%s: %+v", name, r.Model)
			}
		}
	})
}
