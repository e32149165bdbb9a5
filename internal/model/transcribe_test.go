package model_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"yingda/internal/kit/fault"
	"yingda/internal/model"
	"yingda/internal/model/modeltest"
)

// What endpoints write down, good and bad, and what the caller gets.
func TestWhatIsWrittenDown(t *testing.T) {
	t.Parallel()
	two := modeltest.Hears(modeltest.Segment{Start: 3, End: 4.5, Text: "我的车不能充电"}, modeltest.Segment{Start: -1, End: 1e12, Text: " 喂"})
	for _, c := range []struct {
		name  string
		reply modeltest.Reply
		text  string
		parts int
		plain bool
		fault string
		kind  fault.Kind
	}{
		{name: "with times, in no order", reply: two, text: "我的车不能充电 喂", parts: 2},
		{name: "the text only", reply: modeltest.HearsOnly("我的车不能充电"), text: "我的车不能充电", plain: true},
		{name: "nothing was said", reply: modeltest.Hears(), text: ""},
		{name: "a text that is no JSON", reply: modeltest.OfKind("text/plain; charset=utf-8", "喂\n"), text: "喂"},
		{name: "JSON that says it is a text", reply: modeltest.OfKind("text/plain", `{"text":"喂"}`), text: "喂"},
		{name: "no text at all", reply: modeltest.OfKind("application/json", `{}`), fault: "model.empty", kind: fault.Busy},
		{name: "cut off", reply: modeltest.OfKind("application/json", `{"text":"我的车`), fault: "model.broken", kind: fault.Busy},
		{name: "an error in its answer", reply: modeltest.OfKind("application/json", `{"error":{"message":"out of memory"}}`), fault: "model.failed", kind: fault.Busy},
		{name: "a page", reply: modeltest.OfKind("text/html", "<html>sign in</html>"), fault: "model.kind", kind: fault.Invalid},
		{name: "too much", reply: modeltest.Hears(modeltest.Segment{Text: strings.Repeat("很长", 40_000)}), fault: "model.large", kind: fault.Invalid},
		{name: "too often", reply: modeltest.TooMany(7), fault: "model.busy", kind: fault.Busy},
		{name: "down", reply: modeltest.Fails(http.StatusInternalServerError, "oops"), fault: "model.down", kind: fault.Busy},
		{name: "not there", reply: modeltest.Fails(http.StatusNotFound, "no such model"), fault: "model.no_scribe", kind: fault.Invalid},
		{name: "a wrong key", reply: modeltest.Fails(http.StatusUnauthorized, "no such key"), fault: "model.key", kind: fault.Invalid},
		{name: "refused in any shape", reply: modeltest.Fails(http.StatusBadRequest, "bad file"), fault: "model.refused", kind: fault.Invalid},
		{name: "silence", reply: modeltest.Silent(), fault: "model.late", kind: fault.Busy},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := modeltest.Serve(t, modeltest.InTurn(c.reply))
			k := &model.Client{Base: e.URL, Key: "sk-test", HTTP: model.Transport(), MostBytes: 100_000}
			if c.fault == "model.late" {
				k.CallTime = 50 * time.Millisecond
			}
			w, err := k.Transcribe(t.Context(), model.Speech{Model: "whisper", Language: "zh", WAV: []byte("RIFF")})
			if c.fault != "" {
				if fault.CodeOf(err) != c.fault || fault.KindOf(err) != c.kind {
					t.Fatal(err)
				}
				return
			}
			if err != nil || w.Text != c.text || len(w.Segments) != c.parts || w.Plain != c.plain {
				t.Errorf("%v: %+v", err, w)
			}
			asked := e.Asked()
			if a := asked[0]; a.Model != "whisper" || a.Language != "zh" || string(a.Sound) != "RIFF" || a.Shape != "verbose_json" || a.Key != "sk-test" {
				t.Errorf("asked %+v", a)
			}
			if want := map[bool]int{true: 2, false: 1}[c.plain]; len(asked) != want {
				t.Errorf("asked %d times", len(asked))
			}
		})
	}
}
