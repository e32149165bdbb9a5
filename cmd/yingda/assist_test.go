package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// written writes a file into a folder of the test and returns its path.
func written(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAssistEval(t *testing.T) {
	kb := "r\t如何申请退款\nr\t我想退款\ni\t如何开发票\r\ni\t发票怎么开\n\n"
	queries := "\ufeff请问怎么申请退款呢\tr\n我要开发票\ti\n今天天气不错\t\n没有这个\tx\n"
	var out, errs bytes.Buffer
	args := []string{"assist", "eval", "--kb", written(t, "kb.tsv", kb), "--queries", written(t, "q.tsv", queries)}
	if code := run(args, streams{&out, &errs}); code != 0 {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	var got map[string]float64
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := strings.Fields("faqs phrasings queries r1 r3 r5 mrr coverage precision false_answers clarify_share clarify_hit ece p50_us p99_us train_ms heap_mb")
	if keys := slices.Sorted(maps.Keys(got)); !slices.Equal(keys, slices.Sorted(slices.Values(want))) {
		t.Errorf("keys %v", keys)
	}
	for key, v := range map[string]float64{"faqs": 2, "phrasings": 4, "queries": 4, "r1": 1, "r5": 1, "mrr": 1, "precision": 1, "false_answers": 0} {
		if got[key] != v {
			t.Errorf("%s is %v, want %v", key, got[key], v)
		}
	}
	if !strings.Contains(errs.String(), "1 queries name questions") {
		t.Errorf("the query with an unknown id is not told: %q", errs.String())
	}
}

func TestAssistEvalRefuses(t *testing.T) {
	good, asked := written(t, "kb.tsv", "a\t退款\n"), written(t, "q.tsv", "退款\ta\n")
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no file", []string{"--kb", "/nowhere.tsv", "--queries", asked}, 1, "nowhere.tsv"},
		{"no tab", []string{"--kb", written(t, "k", "a\t退款\n退款\n"), "--queries", asked}, 1, "line 2"},
		{"no phrasing", []string{"--kb", written(t, "k", "a\t\n"), "--queries", asked}, 1, "line 1"},
		{"an empty base", []string{"--kb", written(t, "k", "\n"), "--queries", asked}, 1, "no question"},
		{"no queries", []string{"--kb", good, "--queries", written(t, "q", "")}, 1, "no query"},
		{"a query without text", []string{"--kb", good, "--queries", written(t, "q", "\ta\n")}, 1, "line 1"},
		{"a percentage", []string{"--kb", good, "--queries", asked, "--precision", "95"}, 1, "0.95"},
		{"no base", []string{"--queries", asked}, 2, "--kb"},
	} {
		var out, errs bytes.Buffer
		code := run(append([]string{"assist", "eval"}, c.args...), streams{&out, &errs})
		if code != c.code || !strings.Contains(errs.String(), c.says) || out.Len() > 0 {
			t.Errorf("%s: exit %d, %q, %q", c.name, code, errs.String(), out.String())
		}
	}
}

// Lines with too many, strange or broken characters neither stop it nor count
// as something else.
func TestAssistEvalBadInput(t *testing.T) {
	long := strings.Repeat("退款吗", 4000)
	kb := fmt.Sprintf("a\t%s\nb\t👍👍\nc\t\xff\xfe\nd\tA\tB\n", long)
	queries := long + "\ta\n👍\tb\n\xff\t\nA\tB\td\n"
	var out, errs bytes.Buffer
	code := run([]string{"assist", "eval", "--kb", written(t, "kb.tsv", kb), "--queries", written(t, "q.tsv", queries)}, streams{&out, &errs})
	if code != 0 || !strings.Contains(out.String(), `"faqs":4`) || !strings.Contains(out.String(), `"queries":4`) {
		t.Errorf("exit %d: %s %s", code, out.String(), errs.String())
	}
}
