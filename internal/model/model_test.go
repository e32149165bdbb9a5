package model_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"yingda/internal/kit/fault"
	"yingda/internal/model"
	"yingda/internal/model/modeltest"
)

var search = modeltest.Call{Name: "search", Arguments: `{"query":"退款多久到账"}`}

// What endpoints do, good and bad, and what the caller gets.
func TestWhatEndpointsDo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		reply  modeltest.Reply
		whole  bool // asked for in one piece
		says   string
		thinks string
		calls  string // names and arguments
		fault  string
		kind   fault.Kind
	}{
		{name: "a text in pieces", reply: modeltest.Says("1–3 个工作日[1]。"), says: "1–3 个工作日[1]。"},
		{name: "a text at once", reply: modeltest.Says("1–3 个工作日[1]。"), whole: true, says: "1–3 个工作日[1]。"},
		{name: "at once though pieces were asked for", reply: modeltest.Whole("你好"), says: "你好"},
		{name: "thoughts of their own", reply: modeltest.Thinks("先查一下", "你好"), says: "你好", thinks: "先查一下"},
		{name: "thoughts of their own, at once", reply: modeltest.Thinks("先查一下", "你好"), whole: true, says: "你好", thinks: "先查一下"},
		{name: "thoughts in the text", reply: modeltest.Says("<think>先查一下</think>\n你好"), says: "你好", thinks: "先查一下"},
		{name: "thoughts without a beginning", reply: modeltest.Says("先查一下</think>你好"), says: "你好", thinks: "先查一下"},
		{name: "thoughts without an end", reply: modeltest.Says("<think>先查一下，然后"), fault: "model.empty", kind: fault.Busy},
		{name: "a call", reply: modeltest.Wants(search), calls: `search{"query":"退款多久到账"}`},
		{name: "a call at once", reply: modeltest.Wants(search), whole: true, calls: `search{"query":"退款多久到账"}`},
		{name: "two calls", reply: modeltest.Wants(search, modeltest.Call{Name: "hand_over", Arguments: "{}"}), calls: `search{"query":"退款多久到账"} hand_over{}`},
		{name: "calls without an index", reply: modeltest.NoIndex(search, modeltest.Call{Name: "hand_over", Arguments: "{}"}), calls: `search{"query":"退款多久到账"} hand_over{}`},
		{name: "a text and a call", reply: modeltest.Both("我查一下", search), says: "我查一下", calls: `search{"query":"退款多久到账"}`},
		{name: "broken arguments", reply: modeltest.Wants(modeltest.Call{Name: "search", Arguments: `{"query":`}), calls: `search{"query":`},
		{name: "an unknown tool", reply: modeltest.Wants(modeltest.Call{Name: "delete_everything", Arguments: `{}`}), calls: `delete_everything{}`},
		{name: "asked too often", reply: modeltest.TooMany(7), fault: "model.busy", kind: fault.Busy},
		{name: "failed underway", reply: modeltest.Breaks("您的退"), fault: "model.failed", kind: fault.Busy},
		{name: "cut off", reply: modeltest.Cuts("您的退"), fault: "model.cut", kind: fault.Busy},
		{name: "no choice", reply: modeltest.NoChoices(), fault: "model.empty", kind: fault.Busy},
		{name: "nothing at all", reply: modeltest.Nothing(), fault: "model.broken", kind: fault.Busy},
		{name: "an empty text", reply: modeltest.Says(""), fault: "model.empty", kind: fault.Busy},
		{name: "a page", reply: modeltest.OfKind("text/html", "<html>sign in</html>"), fault: "model.kind", kind: fault.Invalid},
		{name: "no JSON", reply: modeltest.OfKind("application/json", `{"choices":[{`), fault: "model.broken", kind: fault.Busy},
		{name: "pieces that are no JSON", reply: modeltest.OfKind("text/event-stream", "data: {\"choices\"\n\ndata: [DONE]\n\n"), fault: "model.broken", kind: fault.Busy},
		{name: "a comment that keeps the line open", reply: modeltest.OfKind("text/event-stream", ": ping\n\nevent: x\ndata:{\"choices\":[{\"delta\":{\"content\":\"好\"}}]}\n\ndata: [DONE]\n\n"), says: "好"},
		{name: "too long", reply: modeltest.TooLong(), fault: "model.too_long", kind: fault.Invalid},
		{name: "a wrong key", reply: modeltest.Fails(http.StatusUnauthorized, "no such key"), fault: "model.key", kind: fault.Invalid},
		{name: "no such model", reply: modeltest.Fails(http.StatusNotFound, "no such model"), fault: "model.unknown", kind: fault.Invalid},
		{name: "down", reply: modeltest.Fails(http.StatusBadGateway, "bad gateway"), fault: "model.down", kind: fault.Busy},
		{name: "refused", reply: modeltest.Fails(http.StatusUnprocessableEntity, "tools are not supported"), fault: "model.refused", kind: fault.Invalid},
		{name: "a stall", reply: modeltest.Stalls("您的退"), fault: "model.late", kind: fault.Busy},
		{name: "silence", reply: modeltest.Silent(), fault: "model.late", kind: fault.Busy},
		{name: "too much", reply: modeltest.Says(strings.Repeat("很长", 40_000)), fault: "model.large", kind: fault.Invalid},
		{name: "too much at once", reply: modeltest.Says(strings.Repeat("很长", 40_000)), whole: true, fault: "model.large", kind: fault.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := modeltest.Serve(t, modeltest.InTurn(c.reply))
			k := &model.Client{Base: e.URL, Key: "sk-test", HTTP: model.Transport(), MostBytes: 100_000}
			if c.fault == "model.late" {
				k.StallTime = 50 * time.Millisecond
			}
			a, err := k.Ask(t.Context(), model.Request{Model: "m", Stream: !c.whole, Messages: []model.Message{{Role: model.User, Content: "退款多久到账"}}})
			if c.fault != "" {
				if fault.CodeOf(err) != c.fault || fault.KindOf(err) != c.kind {
					t.Fatalf("%v", err)
				}
				return
			}
			var calls []string
			for _, x := range a.Calls {
				calls = append(calls, x.Name+x.Arguments)
				if x.ID == "" {
					t.Error("a call without an id cannot be answered")
				}
			}
			if err != nil || a.Content != c.says || a.Reasoning != c.thinks || strings.Join(calls, " ") != c.calls {
				t.Errorf("%v: %q, %q, %v", err, a.Content, a.Reasoning, calls)
			}
			if a.Usage.In <= 0 || a.Usage.Out <= 0 {
				t.Errorf("used %+v", a.Usage)
			}
			if got := e.Asked()[0]; got.Key != "sk-test" || got.Model != "m" || got.Last("user") != "退款多久到账" {
				t.Errorf("asked %+v", got)
			}
		})
	}
}

// A call is answered by its id, and the talk goes on.
func TestATalkWithATool(t *testing.T) {
	t.Parallel()
	e := modeltest.Serve(t, modeltest.InTurn(modeltest.Wants(search), modeltest.Says("1–3 个工作日[1]。")))
	k := &model.Client{Base: e.URL + "/", HTTP: model.Transport()}
	r := model.Request{Model: "m", Stream: true, Must: true, Tools: []model.Offer{{Name: "search", Parameters: []byte(`{"type":"object"}`)}}, Messages: []model.Message{{Role: model.User, Content: "退款多久到账"}}}
	a, err := k.Ask(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	var with struct{ Query string }
	if !a.Calls[0].Read(&with) || with.Query != "退款多久到账" {
		t.Errorf("%+v", a.Calls)
	}
	r.Messages = append(r.Messages, model.Message{Role: model.Assistant, Calls: a.Calls}, model.Message{Role: model.Tool, CallID: a.Calls[0].ID, Content: "1–3 个工作日。"})
	if a, err = k.Ask(t.Context(), r); err != nil || a.Content != "1–3 个工作日[1]。" || a.Usage.In != int64(modeltest.Use.In) || a.Usage.Estimated {
		t.Fatalf("%+v, %v", a, err)
	}
	m := e.Asked()[1].Messages
	if m[1].Calls[0].Function.Arguments != search.Arguments || m[2].CallID != "call_1" || !e.Asked()[1].Offers("search") {
		t.Errorf("%+v", m)
	}
}

func TestReadingArguments(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{"": true, "{}": true, ` {"query":"x"} `: true, `{"query":`: false, `"x"`: false, "null": false, "[]": false, `{"query":7}`: false} {
		var with struct{ Query string }
		if (model.Call{Arguments: text}).Read(&with) != ok {
			t.Errorf("%q", text)
		}
	}
}

// A key goes to the host it was written down for and to no other.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	other := modeltest.Serve(t, modeltest.InTurn(modeltest.Says("here")))
	e := modeltest.Serve(t, modeltest.InTurn(modeltest.Elsewhere(other.URL+"/chat/completions")))
	_, err := (&model.Client{Base: e.URL, Key: "sk-test", HTTP: model.Transport()}).Ask(t.Context(), model.Request{Model: "m"})
	if fault.CodeOf(err) != "model.redirected" || len(other.Asked()) != 0 {
		t.Errorf("%v, asked elsewhere %d times", err, len(other.Asked()))
	}
}

// Whatever a name leads to: without encryption nothing goes beyond the own
// network, and to the addresses at which clouds keep secrets nothing goes at all.
func TestAddressesThatAreNotDialled(t *testing.T) {
	t.Parallel()
	for base, code := range map[string]string{
		"http://203.0.113.7/v1":         "model.address_refused",
		"http://169.254.169.254/latest": "model.address_refused",
		"https://169.254.169.254/v1":    "model.address_refused",
		"http://[fe80::1]/v1":           "model.address_refused",
		"http://0.0.0.0:1/v1":           "model.address_refused",
		"http://127.0.0.1:1/v1":         "model.unreachable",
		"http://[::1]:1/v1":             "model.unreachable",
		"http://nowhere.invalid:1/v1":   "model.unreachable",
		"http://127.0.0.1:1/%zz":        "model.address",
	} {
		_, err := (&model.Client{Base: base, HTTP: model.Transport()}).Ask(t.Context(), model.Request{Model: "m"})
		if fault.CodeOf(err) != code {
			t.Errorf("%s: %v", base, err)
		}
	}
}

func TestTheWaitThatIsAskedFor(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[int]time.Duration{7: 7 * time.Second, -5: 0, 1 << 30: time.Hour} {
		e := modeltest.Serve(t, modeltest.InTurn(modeltest.TooMany(seconds)))
		_, err := (&model.Client{Base: e.URL, HTTP: model.Transport()}).Ask(t.Context(), model.Request{Model: "m"})
		if got := model.RetryAfter(err); got != want {
			t.Errorf("%d: %s", seconds, got)
		}
	}
	if model.RetryAfter(errors.New("x")) != 0 {
		t.Error("a wait that nobody asked for")
	}
}

// Who gives up themselves is told so, and not that the model is late.
func TestGivingUp(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	e := modeltest.Serve(t, func(modeltest.Asked) modeltest.Reply { cancel(); return modeltest.Silent() })
	if _, err := (&model.Client{Base: e.URL, HTTP: model.Transport()}).Ask(ctx, model.Request{Model: "m"}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// Whatever comes, it ends in an answer that says something or in a fault.
func FuzzAnswers(f *testing.F) {
	f.Add("text/event-stream", "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":3,\"id\":\"a\",\"function\":{\"name\":\"x\",\"arguments\":\"{\"}}]}}]}\n\ndata: [DONE]\n\n")
	f.Add("application/json", `{"choices":[{"message":{"content":null,"tool_calls":[{"function":{"arguments":{"a":1}}}]}}]}`)
	f.Add("text/event-stream", "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":{\"arguments\":\"x\"}},{\"id\":\"b\"}]},\"finish_reason\":\"stop\"}]}\n")
	var kind, body string
	e := modeltest.Serve(f, func(modeltest.Asked) modeltest.Reply { return modeltest.OfKind(kind, body) })
	k := &model.Client{Base: e.URL, HTTP: model.Transport()}
	f.Fuzz(func(t *testing.T, of, text string) {
		if strings.ContainsAny(of, "\r\n\x00") {
			return
		}
		kind, body = of, text
		a, err := k.Ask(t.Context(), model.Request{Model: "m", Stream: true})
		if err == nil && a.Content == "" && len(a.Calls) == 0 {
			t.Errorf("%q as %q: nothing, and no fault", text, of)
		}
		if err != nil && fault.CodeOf(err) == "internal" {
			t.Errorf("%q as %q: %v", text, of, err)
		}
	})
}
