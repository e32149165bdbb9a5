package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func route(t *testing.T, text string) (status int, out, errs string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "case.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var o, e bytes.Buffer
	status = run([]string{"calc", "route", "--case", path}, streams{&o, &e})
	return status, o.String(), e.String()
}

// The example of the page for users.
func TestCalcRoute(t *testing.T) {
	page, err := os.ReadFile("../../docs/use/routing.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(page), "```json\n")
	example, _, _ = strings.Cut(example, "```")
	for _, c := range []struct{ from, to, agent, why string }{
		{"", "", "赵", "the only one"},
		{`"missed"`, `"withdrawn"`, "林", "idle longest of 2"},
		{`"work": {`, `"work": {"only": "林",`, "", "1: just declined or missed it"},
		{`"team": "售后"`, `"team": "销售"`, "", "2: answer for other teams"},
		{`"work": {`, `"work": {"needs": [{"skill": "高压电", "level": 3}],`, "", "1: lack a skill"},
		{`"work": {`, `"work": {"never": ["赵"],`, "", "1: the customer complains about them"},
		{`"capacity": 8`, `"capacity": 0`, "", "have no room"},
	} {
		text := example
		if c.from != "" {
			text = strings.ReplaceAll(example, c.from, c.to)
		}
		status, out, errs := route(t, text)
		var got routeAnswer
		if err := json.Unmarshal([]byte(out), &got); status != 0 || err != nil || len(got.Why) == 0 {
			t.Errorf("%s: exit %d, %v, %s", c.to, status, err, errs)
			continue
		}
		name := ""
		if got.Agent != nil {
			name = *got.Agent
		}
		if name != c.agent || !strings.Contains(strings.Join(got.Why, "; "), c.why) {
			t.Errorf("%s: %s", c.to, out)
		}
	}
}

func TestCalcRouteRefuses(t *testing.T) {
	const now = `"now": "2026-09-18T10:00:00+08:00"`
	for _, c := range []struct{ text, says string }{
		{`{`, "docs/use/routing.md"},
		{`{"agents": []}`, `"now"`},
		{`{` + now + `, "kind": {}}`, "kind"},
		{`{` + now + `} {}`, "more than one"},
		{`{` + now + `, "agents": [{"capacity": 1}]}`, "no name"},
		{`{` + now + `, "agents": [{"name": "林", "idle_since": "2026-09-18T09:00:00+08:00"}, {"name": "林"}]}`, "differ"},
		{`{` + now + `, "agents": [{"name": "林", "load": -1}]}`, "0 or above"},
		{`{` + now + `, "work": {"only": "孙"}}`, "孙"},
		{`{` + now + `, "work": {"offers": [{"agent": "林", "outcome": "lost"}]}}`, "lost"},
		{`{` + now + `, "work": {"offers": [{"agent": "孙", "outcome": "missed", "ended_at": "2026-09-18T09:59:00+08:00"}]}}`, "孙"},
		{`{` + now + `, "work": {"offers": [{"agent": "孙", "outcome": "missed"}]}}`, "ended_at"},
		{`{` + now + `, "agents": [{"name": "林", "capacity": 8}]}`, "idle_since"},
		{`{` + now + `, "agents": [{"name": "林\n二", "load": -1}]}`, `林\n二`},
	} {
		status, out, errs := route(t, c.text)
		if status != 1 || out != "" || !strings.Contains(errs, c.says) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: exit %d, %q, %q", c.text, status, out, errs)
		}
	}
	var o, e bytes.Buffer
	if status := run([]string{"calc", "route", "--case", filepath.Join(t.TempDir(), "none.json")}, streams{&o, &e}); status != 1 || !strings.Contains(e.String(), "none.json") {
		t.Errorf("exit %d, %q", status, e.String())
	}
}
