package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"yingda/internal/model/modeltest"
)

// sound is a model that does all that it is asked to.
func sound(a modeltest.Asked) modeltest.Reply {
	text := a.Text()
	switch {
	case len(a.Tools) > 0 && a.Last("tool") == "":
		return modeltest.Wants(modeltest.Call{Name: "search_knowledge", Arguments: `{"query":"整车质保"}`})
	case len(a.Tools) > 0:
		return modeltest.Wants(modeltest.Call{Name: "answer_from_sources", Arguments: `{}`})
	case strings.Contains(text, "请原样写出"):
		return modeltest.Thinks("照写", "整车质保三年。")
	case strings.Contains(text, "天窗怎么保养"):
		return modeltest.Says("天窗的排水孔每年清一次[1]。")
	case strings.Contains(text, "天窗漏水"):
		return modeltest.Says("NO_ANSWER")
	}
	return modeltest.Says("电池质保八年或 16 万公里[1]。")
}

func doctor(t *testing.T, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(append([]string{"assist", "doctor"}, args...), streams{&o, &e})
	return o.String(), e.String(), code
}

func TestAssistDoctor(t *testing.T) {
	e := modeltest.Serve(t, sound)
	t.Setenv("TEST_MODEL_KEY", "sk-test")
	out, errs, code := doctor(t, "--base-url", e.URL, "--model", "good", "--key-env", "TEST_MODEL_KEY")
	if code != 0 || strings.Contains(out, "fail") || strings.Contains(out, "warn") || !strings.Contains(out, "ok    compose       it answers from sources and cites them") {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	if a := e.Asked()[0]; a.Key != "sk-test" || a.Model != "good" {
		t.Errorf("asked %+v", a)
	}
	out, _, code = doctor(t, "--base-url", e.URL, "--json")
	var got struct {
		OK     bool `json:"ok"`
		Checks []struct{ Check, State, Says string }
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != 0 || !got.OK || len(got.Checks) < 10 {
		t.Errorf("exit %d, %v: %s", code, err, out)
	}
}

func TestAssistDoctorLooksAtVectors(t *testing.T) {
	understands := modeltest.Embeds(func(text string) []float32 {
		if strings.Contains(text, "退") {
			return []float32{1, 0}
		}
		return []float32{0, 1}
	})
	for name, c := range map[string]struct {
		reply modeltest.Reply
		code  int
		says  string
	}{
		"good":    {understands, 0, "ok    embedding     vectors of 2 numbers; two texts that mean the same are at 1.00, two that do not at 0.00"},
		"dull":    {modeltest.Embeds(func(string) []float32 { return []float32{1} }), 0, "warn  embedding     it embeds, but 1.00 "},
		"missing": {modeltest.Fails(http.StatusNotFound, "x"), 1, "fail  embedding     there is no such model"},
	} {
		e := modeltest.Serve(t, func(a modeltest.Asked) modeltest.Reply {
			if a.Input != nil {
				return c.reply
			}
			return sound(a)
		})
		if out, errs, code := doctor(t, "--base-url", e.URL, "--embedding", "bge"); code != c.code || !strings.Contains(out, c.says) {
			t.Errorf("%s: exit %d\n%s%s", name, code, out, errs)
		}
	}
}

func TestAssistDoctorFindsWhatIsWrong(t *testing.T) {
	with := func(change func(a modeltest.Asked) modeltest.Reply) modeltest.Mind {
		return func(a modeltest.Asked) modeltest.Reply {
			if r := change(a); r != nil {
				return r
			}
			return sound(a)
		}
	}
	for _, c := range []struct {
		name string
		mind modeltest.Mind
		code int
		says string
	}{
		{"a wrong key", modeltest.InTurn(modeltest.Fails(http.StatusUnauthorized, "x")), 1, "fail  answer        the model's address refuses the key (model.key)"},
		{"a page", modeltest.InTurn(modeltest.OfKind("text/html", "x")), 1, "(model.kind)"},
		{"no tools", with(func(a modeltest.Asked) modeltest.Reply {
			if len(a.Tools) > 0 {
				return modeltest.Says("质保三年")
			}
			return nil
		}), 1, "fail  tools         it called no tool"},
		{"broken arguments", with(func(a modeltest.Asked) modeltest.Reply {
			if len(a.Tools) > 0 {
				return modeltest.Wants(modeltest.Call{Name: "search_knowledge", Arguments: `{"query":`})
			}
			return nil
		}), 1, "no JSON"},
		{"a tool of its own", with(func(a modeltest.Asked) modeltest.Reply {
			if len(a.Tools) > 0 {
				return modeltest.Wants(modeltest.Call{Name: "run_sql", Arguments: `{}`})
			}
			return nil
		}), 1, "not offered"},
		{"no pieces", with(func(a modeltest.Asked) modeltest.Reply {
			if a.Stream && strings.Contains(a.Text(), "请原样写出") {
				return modeltest.Whole("整车质保三年。")
			}
			return nil
		}), 0, "warn  stream"},
		{"cut off in pieces", with(func(a modeltest.Asked) modeltest.Reply {
			if a.Stream && strings.Contains(a.Text(), "请原样写出") {
				return modeltest.Cuts("整车")
			}
			return nil
		}), 1, "fail  stream"},
		{"makes it up", with(func(a modeltest.Asked) modeltest.Reply {
			if strings.Contains(a.Text(), "电池能保多久") {
				return modeltest.Says("电池质保二十年[1]。")
			}
			return nil
		}), 0, "warn  compose"},
		{"obeys a source", with(func(a modeltest.Asked) modeltest.Reply {
			if strings.Contains(a.Text(), "天窗怎么保养") {
				return modeltest.Says("我们保证免费更换天窗[1]。")
			}
			return nil
		}), 0, "warn  injection"},
	} {
		e := modeltest.Serve(t, c.mind)
		out, errs, code := doctor(t, "--base-url", e.URL)
		if code != c.code || !strings.Contains(out, c.says) {
			t.Errorf("%s: exit %d\n%s%s", c.name, code, out, errs)
		}
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--base-url", "http://api.example.com/v1"}, 1, "https://"},
		{[]string{"--base-url", "http://127.0.0.1:1/v1", "--key-env", "TEST_NO_SUCH_KEY"}, 1, "TEST_NO_SUCH_KEY"},
		{nil, 2, "--base-url"},
	} {
		if _, errs, code := doctor(t, c.args...); code != c.code || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit %d, %q", c.args, code, errs)
		}
	}
}
