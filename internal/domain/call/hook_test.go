package call

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
)

func hookOf(change func(h *Hook)) Hook {
	h := NewHook("orders")
	h.URL, h.Sends = "https://erp.example.cn/orders?kind=phone", []string{"phone"}
	h.Gives = []Given{{"status", "order.status"}, {"first", "order.items.0.name"}, {"amount", "order.amount"}, {"paid", "order.paid"}}
	if change != nil {
		change(&h)
	}
	return h
}

func TestALookUpIsChecked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want   string
		change func(h *Hook)
	}{
		{"", nil},
		{"", func(h *Hook) { h.URL = "http://127.0.0.1:8000/x" }},
		{"", func(h *Hook) { h.URL = "http://erp.lan/x" }},
		{"", func(h *Hook) { h.Header, h.Key, h.Secret = "X-Api-Key", "k", "0123456789abcdef" }},
		{"hook.name", func(h *Hook) { h.Name = "Orders" }},
		{"hook.name", func(h *Hook) { h.Name = "http://x" }},
		{"hook.about", func(h *Hook) { h.About = strings.Repeat("说", 201) }},
		{"hook.method", func(h *Hook) { h.Method = "DELETE" }},
		{"hook.seconds", func(h *Hook) { h.Seconds = 21 }},
		{"hook.seconds", func(h *Hook) { h.Seconds = -1 }},
		{"hook.url", func(h *Hook) { h.URL = "ftp://erp.example.cn/" }},
		{"hook.url", func(h *Hook) { h.URL = "erp.example.cn" }},
		{"hook.url_user", func(h *Hook) { h.URL = "https://me:pw@erp.example.cn/" }},
		{"hook.url_open", func(h *Hook) { h.URL = "http://erp.example.cn/" }},
		{"hook.url_open", func(h *Hook) { h.URL = "http://93.184.216.34/" }},
		{"hook.url_forbidden", func(h *Hook) { h.URL = "http://169.254.169.254/latest" }},
		{"hook.url_forbidden", func(h *Hook) { h.URL = "https://100.100.100.200/" }},
		{"hook.header", func(h *Hook) { h.Header = "Host" }},
		{"hook.header", func(h *Hook) { h.Header = "Yingda-Signature" }},
		{"hook.header", func(h *Hook) { h.Header = "X Y" }},
		{"hook.key", func(h *Hook) { h.Key = "a\nb" }},
		{"hook.secret", func(h *Hook) { h.Secret = "short" }},
		{"hook.sends", func(h *Hook) { h.Sends = []string{"a", "a"} }},
		{"hook.sends", func(h *Hook) { h.Sends = []string{"A b"} }},
		{"hook.gives", func(h *Hook) { h.Gives = []Given{{"caller", "x"}} }},
		{"hook.gives", func(h *Hook) { h.Gives = []Given{{"a", "x"}, {"a", "y"}} }},
		{"hook.path", func(h *Hook) { h.Gives = []Given{{"a", "x..y"}} }},
		{"hook.path", func(h *Hook) { h.Gives = []Given{{"a", ""}} }},
	} {
		if _, err := hookOf(c.change).Check(); (err == nil) != (c.want == "") || err != nil && fault.CodeOf(err) != c.want {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

func TestWhatIsTakenOfAnAnswer(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		`{"order":{"status":"shipped","items":[{"name":"灯"}],"amount":129.50,"paid":true,"secret":"x"}}`: "129.50 灯 true shipped",
		`{"order":{"status":"  two \n lines "}}`:                                                         "   two lines",
		`{"order":{"status":null,"items":{}}}`:                                                           "   ",
		`[]`:                                                                                             "   ",
		`{"order":{"amount":1e400}}`:                                                                     "1e400   ",
		`{"order":{"status":["a"]}}`:                                                                     "hook.type",
		`{"order":{"amount":{}}}`:                                                                        "hook.type",
		`{"order":{"status":"a\u0000b"}}`:                                                                "hook.unprintable",
		`{"order":{"status":"a\u202eb"}}`:                                                                "hook.unprintable",
		`{"order":{"status":"` + strings.Repeat("长", 201) + `"}}`:                                        "hook.long",
		`{"order":`: "hook.not_json",
		`{} {}`:     "hook.not_json",
		`<html>`:    "hook.not_json",
		``:          "hook.not_json",
	} {
		values, err := hookOf(nil).Take([]byte(answer))
		got := fault.CodeOf(err)
		if err == nil {
			var all []string
			for _, name := range slices.Sorted(maps.Keys(values)) {
				all = append(all, values[name])
			}
			got = strings.Join(all, " ")
		}
		if got != want {
			t.Errorf("%.60s: got %q, want %q", answer, got, want)
		}
	}
	if v, err := hookOf(func(h *Hook) { h.Gives = nil }).Take([]byte("anything")); err != nil || len(v) > 0 {
		t.Errorf("of an answer that nothing is taken of: %v, %v", v, err)
	}
}

func FuzzTake(f *testing.F) {
	f.Add(`{"order":{"status":"shipped","items":[{"name":"x"}]}}`)
	f.Fuzz(func(t *testing.T, answer string) {
		values, err := hookOf(nil).Take([]byte(answer))
		for name, v := range values {
			if err != nil || len([]rune(v)) > longestGiven || strings.ContainsAny(v, "\n\x00") {
				t.Errorf("%s is %q, %v", name, v, err)
			}
		}
	})
}

func TestOnlyWhatIsTickedIsTold(t *testing.T) {
	t.Parallel()
	may := hookOf(nil).May(map[string]string{"phone": "13812345678", "id_number": "11010519491231002X"})
	if len(may) != 1 || may["phone"] != "13812345678" {
		t.Errorf("it is told %v", may)
	}
}

// asking is a menu that asks another system and leads on by what it tells.
func asking() Menu {
	return Menu{ID: "test", Version: 1, Language: "zh", Start: "ask", Nodes: []Node{
		{ID: "ask", Kind: KindHTTP, Prompts: []string{"connect"}, Hook: "orders", With: map[string]string{"phone": "caller"}, Tells: []string{"status"}, Next: "which", Failed: "failed"},
		{ID: "which", Kind: KindCondition, Cases: []Case{{Of: "status", Any: []string{"shipped"}, Next: "shipped"}}, Next: "wait"},
		{ID: "shipped", Kind: KindHangUp, Prompts: []string{"goodbye"}},
		{ID: "failed", Kind: KindPlay, Prompts: []string{"connect"}, Next: "wait"},
		{ID: "wait", Kind: KindQueue, Queue: "use", MostWait: 100, Next: "end", Full: "end"},
		{ID: "end", Kind: KindHangUp, Prompts: []string{"goodbye"}},
	}}
}

func TestAMenuNamesLookUpsAsTheyAre(t *testing.T) {
	t.Parallel()
	known := names()
	known.Hooks = []Hook{hookOf(nil)}
	for want, change := range map[string]func(n *Node){
		"":                func(*Node) {},
		"menu.name":       func(n *Node) { n.Hook = "stock" },
		"menu.hook_sends": func(n *Node) { n.With = map[string]string{"id": "caller"} },
		"menu.hook_gives": func(n *Node) { n.Tells = append(n.Tells, "price") },
		"menu.value":      func(n *Node) { n.With = map[string]string{"phone": "typed"} },
		"menu.slow":       func(n *Node) { n.Seconds = 21 },
	} {
		m := asking()
		m.Nodes = slices.Clone(m.Nodes)
		m.Nodes[0].Tells = slices.Clone(m.Nodes[0].Tells)
		change(&m.Nodes[0])
		problems := m.Check(known)
		switch {
		case want == "" && len(problems) > 0:
			t.Errorf("%v", problems[0])
		case want != "" && !slices.ContainsFunc(problems, func(p *fault.Error) bool { return p.Code == want }):
			t.Errorf("%s is not among %v", want, problems)
		}
	}
}

// Who waits for another system hears first what the node says; then its answer,
// its failure or the time lead on, and the record says which.
func TestAnotherSystemIsAsked(t *testing.T) {
	t.Parallel()
	why := phrase.Because("hook.unreachable", "the other system cannot be reached")
	for _, c := range []struct {
		name, at string
		ok       bool
		code     string
		told     func(s *Simulator) []Action
	}{
		{"an answer", "shipped", true, "", func(s *Simulator) []Action {
			return s.step(Event{Kind: Told, OK: true, Values: map[string]string{"status": "shipped", "caller": "1"}})
		}},
		{"another answer", "wait", true, "", func(s *Simulator) []Action {
			return s.step(Event{Kind: Told, OK: true, Values: map[string]string{"status": "lost"}})
		}},
		{"a failure", "failed", false, "hook.unreachable", func(s *Simulator) []Action { return s.step(Event{Kind: Told, Why: &why}) }},
		{"no answer", "failed", false, "hook.slow", func(s *Simulator) []Action { return s.wait() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := NewSimulator(asking(), nil, Facts{Caller: "13812345678", Line: "4008200000"}, monday)
			if said := s.Begin(); len(said) != 1 || said[0].Do != Play || s.Walk.Phase != Listening {
				t.Fatalf("at first %+v", said)
			}
			asked := s.wait()
			if len(asked) != 1 || asked[0].Do != AskSystem || asked[0].Name != "orders" || asked[0].Values["phone"] != "13812345678" || asked[0].Seconds != 5 || s.Walk.Phase != Asking {
				t.Fatalf("it asks %+v", asked)
			}
			if due := s.Walk.Due.Sub(monday).Seconds(); due != 5 {
				t.Errorf("it waits for %v s", due)
			}
			c.told(s)
			if s.Walk.Node != c.at || s.Walk.Values["caller"] != "" {
				t.Errorf("it leads to %s with %v", s.Walk.Node, s.Walk.Values)
			}
			if len(s.Walk.Asked) != 1 {
				t.Fatalf("the record has %+v", s.Walk.Asked)
			}
			a := s.Walk.Asked[0]
			if a.Node != "ask" || a.Hook != "orders" || a.OK != c.ok || a.Code != c.code {
				t.Errorf("the record has %+v", a)
			}
		})
	}
}

func TestSimulatedAnswersHaveSpaces(t *testing.T) {
	t.Parallel()
	s := NewSimulator(asking(), nil, Facts{}, monday)
	s.Begin()
	s.wait()
	if _, err := s.Try(`ok {"status": 7}`); fault.CodeOf(err) != "menu.no_values" {
		t.Errorf("a number: %v", err)
	}
	if _, err := s.Try(`ok {"status": "on the way"}`); err != nil || s.Walk.Values["status"] != "on the way" {
		t.Errorf("%v, %v", s.Walk.Values, err)
	}
}
