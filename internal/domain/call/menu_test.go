package call

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yingda/internal/domain/phrase"
	"yingda/internal/domain/prompt"
	"yingda/internal/kit/fault"
)

func names() Names {
	n := BuiltinNames
	n.Prompts, n.Hooks, n.Numbers = prompt.Builtin(), []Hook{{Name: "orders", Sends: []string{"phone"}, Gives: []Given{{"amount", "amount"}, {"tier", "tier"}}}}, []string{"rescue"}
	return n
}

func TestBuiltinMenusAreWell(t *testing.T) {
	t.Parallel()
	for _, m := range []Menu{Hotline(), Callback()} {
		for _, p := range m.Check(names()) {
			t.Errorf("%s, %s: %s", m.ID, p.Field, p.Message())
		}
		// nothing is lost on the way to the editor and back
		raw, err := json.Marshal(m)
		var again Menu
		if err != nil || json.Unmarshal(raw, &again) != nil || !reflect.DeepEqual(m, again) {
			t.Errorf("%s changes on its way: %v", m.ID, err)
		}
	}
}

// base is a small menu in which everything is right.
func base() Menu {
	return Menu{ID: "test", Version: 1, Language: "zh", Start: "welcome", Nodes: []Node{
		{ID: "welcome", Kind: KindPlay, Prompts: []string{"welcome"}, Next: "main"},
		{ID: "main", Kind: KindMenu, Prompts: []string{"main"}, Choices: []Choice{{"1", "number"}, {"2", "wait"}, {"3", "ask"}, {"4", "out"}}, Timeout: "wait", Invalid: "end", Again: []string{"invalid"}},
		{ID: "number", Kind: KindCollect, Prompts: []string{"callback.other"}, Into: "number", Least: 7, Most: 15, Phone: true, Next: "back", Timeout: "message", Invalid: "message", Secret: true},
		{ID: "back", Kind: KindCallback, From: "number", Prompts: []string{"callback.done"}, Kept: []string{"callback.kept"}, Next: "end", Failed: "message"},
		{ID: "wait", Kind: KindQueue, Queue: "use", Prompts: []string{"queue.busy"}, Choices: []Choice{{"*", "number"}}, MostWait: 100, Seconds: 30, Next: "rate", Full: "message", Empty: "message", Whisper: "whisper.use"},
		{ID: "ask", Kind: KindHTTP, Hook: "orders", With: map[string]string{"phone": "caller"}, Tells: []string{"amount", "tier"}, Next: "which", Failed: "wait"},
		{ID: "which", Kind: KindCondition, Cases: []Case{{Of: "tier", Any: []string{"gold"}, Next: "wait"}, {Of: "amount", Next: "tell"}}, Next: "open"},
		{ID: "tell", Kind: KindPlay, Prompts: []string{"bill.amount"}, Next: "consent"},
		{ID: "consent", Kind: KindMenu, Consent: true, Prompts: []string{"consent.recording"}, Choices: []Choice{{"1", "wait"}, {"2", "end"}}, Timeout: "wait", Invalid: "wait"},
		{ID: "open", Kind: KindHours, Calendar: "hotline", Open: "english", Closed: "end"},
		{ID: "english", Kind: KindSet, Values: map[string]string{"language": "en", "topic": "x"}, Next: "wait"},
		{ID: "message", Kind: KindVoicemail, Prompts: []string{"voicemail"}, Seconds: 60, Next: "end", Failed: "end"},
		{ID: "rate", Kind: KindSurvey, Questions: []Question{{"attitude", "survey.attitude"}, {"overall", "survey.overall"}}, Tries: 2, Next: "end"},
		{ID: "out", Kind: KindTransfer, Prompts: []string{"connect"}, To: "rescue", Failed: "wait"},
		{ID: "end", Kind: KindHangUp, Prompts: []string{"goodbye"}},
	}}
}

// A prompt has to be recorded in the languages in which the menu is spoken, and in
// no others.
func TestLanguagesOfAMenu(t *testing.T) {
	t.Parallel()
	chinese := prompt.Sentence{Key: "shop.hello", Zh: "欢迎光临"}
	n := names()
	n.Prompts = n.Prompts.With(chinese)
	said := with("welcome", func(n *Node) { n.Prompts = []string{chinese.Key} })
	codes := func(m Menu) (all []string) {
		for _, p := range m.Check(n) {
			all = append(all, p.Code)
		}
		return all
	}
	if got := codes(said); !slices.Equal(got, []string{"menu.prompt"}) {
		t.Errorf("a menu in both languages that says a Chinese prompt: %v", got)
	}
	for i := range said.Nodes {
		if said.Nodes[i].ID == "english" {
			said.Nodes[i].Values = map[string]string{"topic": "x"}
		}
	}
	if got := codes(said); len(got) > 0 {
		t.Errorf("a Chinese menu that says it: %v", got)
	}
}

// with returns base with a node changed.
func with(id string, change func(*Node)) Menu {
	m := base()
	for i := range m.Nodes {
		if m.Nodes[i].ID == id {
			change(&m.Nodes[i])
		}
	}
	return m
}

func TestCheckNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	if p := base().Check(names()); len(p) > 0 {
		t.Fatalf("%s: %s", p[0].Field, p[0].Message())
	}
	long := base()
	long.Nodes = append(long.Nodes, make([]Node, mostNodes)...)
	lonely := base()
	lonely.Nodes = append(lonely.Nodes, Node{ID: "lonely", Kind: KindHangUp})
	nobody := Menu{ID: "test", Language: "zh", Start: "a", Nodes: []Node{
		{ID: "a", Kind: KindMenu, Prompts: []string{"main"}, Choices: []Choice{{"1", "b"}}, Timeout: "b", Invalid: "b"},
		{ID: "b", Kind: KindHangUp},
	}}
	nowhere := base()
	nowhere.Start = "gone"
	french := base()
	french.Language = "fr"
	for _, c := range []struct {
		code, field string
		menu        Menu
	}{
		{"menu.size", "nodes", long},
		{"menu.size", "nodes", Menu{ID: "test"}},
		{"menu.start", "start", nowhere},
		{"menu.begins", "language", french},
		{"menu.id", "nodes.wait.id", with("main", func(n *Node) { n.ID = "wait" })},
		{"menu.kind", "nodes.tell.kind", with("tell", func(n *Node) { n.Kind = "sing" })},
		{"menu.dangling", "nodes.welcome.next", with("welcome", func(n *Node) { n.Next = "gone" })},
		{"menu.dangling", "nodes.main.choices", with("main", func(n *Node) { n.Choices[0].Next = "gone" })},
		{"menu.open", "nodes.welcome.next", with("welcome", func(n *Node) { n.Next = "" })},
		{"menu.open", "nodes.out.failed", with("out", func(n *Node) { n.Failed = "" })},
		{"menu.timeout", "nodes.main.timeout", with("main", func(n *Node) { n.Timeout = "" })},
		{"menu.invalid", "nodes.main.invalid", with("main", func(n *Node) { n.Invalid = "" })},
		{"menu.mute", "nodes.main.prompts", with("main", func(n *Node) { n.Prompts = nil })},
		{"menu.prompt", "nodes.welcome.prompts", with("welcome", func(n *Node) { n.Prompts = []string{"hello"} })},
		{"menu.prompt_value", "nodes.tell.prompts", with("ask", func(n *Node) { n.Tells = []string{"tier"} })},
		{"menu.choices", "nodes.main.choices", with("main", func(n *Node) { n.Choices = nil })},
		{"menu.key", "nodes.main.choices", with("main", func(n *Node) { n.Choices[0].Key = "A" })},
		{"menu.key", "nodes.main.choices", with("main", func(n *Node) { n.Choices[0].Key = "2" })},
		{"menu.collect", "nodes.number.into", with("number", func(n *Node) { n.Least = 20 })},
		{"menu.most_wait", "nodes.wait.most_wait", with("wait", func(n *Node) { n.MostWait = 0 })},
		{"menu.chatty", "nodes.wait.seconds", with("wait", func(n *Node) { n.Seconds = 3 })},
		{"menu.bounds", "nodes.main.seconds", with("main", func(n *Node) { n.Tries = 99 })},
		{"menu.name", "nodes.wait.queue", with("wait", func(n *Node) { n.Queue = "nobody" })},
		{"menu.name", "nodes.open.calendar", with("open", func(n *Node) { n.Calendar = "" })},
		{"menu.name", "nodes.ask.hook", with("ask", func(n *Node) { n.Hook = "http://example.com" })},
		{"menu.name", "nodes.out.to", with("out", func(n *Node) { n.To = "0085212345678" })},
		{"menu.question", "nodes.rate.questions", with("rate", func(n *Node) { n.Questions[1].ID = "attitude" })},
		{"menu.cases", "nodes.which.cases", with("which", func(n *Node) { n.Cases = nil })},
		{"menu.value", "nodes.which.cases", with("which", func(n *Node) { n.Cases[0].Of = "mood" })},
		{"menu.value", "nodes.back.from", with("back", func(n *Node) { n.From = "nothing" })},
		{"menu.language", "nodes.english.values", with("english", func(n *Node) { n.Values["language"] = "fr" })},
		{"menu.reason", "nodes.end.reason", with("end", func(n *Node) { n.Reason = "tired" })},
		{"menu.unreachable", "nodes.lonely.id", lonely},
		{"menu.loop", "nodes.main.next", with("main", func(n *Node) { n.Timeout = "main" })},
		{"menu.loop", "nodes.wait.next", with("message", func(n *Node) { n.Next = "message" })},
		{"menu.no_person", "nodes.a.next", nobody},
	} {
		problems := c.menu.Check(names())
		if !slices.ContainsFunc(problems, func(p *fault.Error) bool { return p.Code == c.code && p.Field == c.field }) {
			if c.code == "menu.loop" && slices.ContainsFunc(problems, func(p *fault.Error) bool { return p.Code == c.code }) {
				continue // of a loop any of its nodes may be named
			}
			t.Errorf("%s at %s is not found, but %v", c.code, c.field, problems)
			continue
		}
		for _, p := range problems {
			if strings.HasPrefix(p.Field, "nodes.") && !strings.Contains(p.Message(), strings.Split(p.Field, ".")[1]) {
				t.Errorf("%q does not name the node of %s", p.Message(), p.Field)
			}
			if phrase.Say("zh", p.Code, p.Args, "") == "" {
				t.Errorf("%s has no Chinese", p.Code)
			}
		}
	}
	if p := with("main", func(n *Node) { n.Choices = append(n.Choices, Choice{"5", "dead"}) }); true {
		p.Nodes = append(p.Nodes, Node{ID: "dead", Kind: KindMenu, Prompts: []string{"main"}, Choices: []Choice{{"1", "end"}}, Timeout: "end", Invalid: "end"})
		if got := p.Check(names()); len(got) != 1 || got[0].Code != "menu.no_person" || got[0].Field != "nodes.dead.choices" {
			t.Errorf("a corner without a person: %v", got)
		}
	}
}

func open() Facts {
	return Facts{Caller: "13800138000", Staffed: true, Ahead: 2, Least: 3, Most: 5, Hours: map[string]Hours{"hotline": {Open: true}}}
}

func closed() Facts {
	f := open()
	f.Hours = map[string]Hours{"hotline": {OpensOn: "2026-12-01", OpensAt: "09:00"}}
	f.Staffed = false
	return f
}

// script plays inputs in a simulator; what came of each is a text.
func script(m Menu, f Facts, inputs ...string) (*Simulator, string) {
	s, lines := Simulate(m, prompt.Builtin(), f, monday)
	for _, in := range inputs {
		lines = append(lines, s.Do(in)...)
	}
	return s, strings.Join(lines, "\n")
}

// Who comes into a queue has no place there yet: it is told as soon as the first
// sentence is over, and later only if it is better.
func TestThePlaceIsTold(t *testing.T) {
	t.Parallel()
	m := Hotline()
	w := Walk{Node: "technical", Phase: Waiting, Language: "zh", Until: monday.Add(time.Hour), Told: 1}
	hears := func(e EventKind, ahead int) (said []string) {
		f := open()
		f.Ahead, f.Most, w.Sounds, w.Due = ahead, 0, true, monday
		var actions []Action
		w, actions = m.Step(w, Event{Kind: e}, monday, f)
		for _, a := range actions {
			said = append(said, append(a.Prompts, string(a.Do))...)
		}
		return said
	}
	for _, x := range []struct {
		of    EventKind
		ahead int
		want  string
	}{
		{Played, -1, "music"},
		{Played, 2, "queue.position play"},
		{Played, 1, "music"},
		{TimedOut, 3, "queue.comfort.1 play"},
		{Played, 1, "music"},
		{TimedOut, 1, "queue.one_ahead queue.comfort.2 play"},
	} {
		if got := strings.Join(hears(x.of, x.ahead), " "); got != x.want {
			t.Errorf("after %s, %d ahead: %s, want %s", x.of, x.ahead, got, x.want)
		}
	}
}

// What callers of the hotline hear and what is done with them.
func TestHotline(t *testing.T) {
	t.Parallel()
	withheld, alone, urgent := open(), open(), closed()
	withheld.Caller, alone.Staffed, urgent.Staffed = "anonymous", false, true
	unknown := closed()
	unknown.Hours = nil
	for _, c := range []struct {
		name   string
		facts  Facts
		inputs string // with commas between
		want   []string
		not    string
	}{
		{"technical help", open(), ",,,3", []string{"▶ 您好，欢迎致电", "▶ 为保证服务质量", "· notice", "▶ For English", "▶ 紧急求助请按0", "· stop", "· enter_queue technical since 10:00:00 priority 10", "▶ 客服正忙，请稍候。 您前面还有2位客户在等待。 预计等待3到5分钟。 需要我们回电"}, ""},
		{"who knows the menu", open(), "3,", []string{"▶ 您好", "· stop", "▶ 为保证服务质量", "· notice", "· enter_queue technical"}, "紧急求助请按0"},
		{"each queue", open(), "1,", []string{"enter_queue use"}, ""},
		{"business", open(), "2,", []string{"enter_queue business"}, ""},
		{"complaint", open(), "4,", []string{"enter_queue complaint"}, ""},
		{"older callers come to a person at once", open(), "9,", []string{"enter_queue elder", "priority 50"}, ""},
		{"account", open(), "6,,", []string{"▶ 提醒您，我们不会向您索要密码", "enter_queue account"}, ""},
		{"vehicle fault", open(), "51,", []string{"enter_queue vehicle"}, ""},
		{"vehicle on the road", open(), "50,,", []string{"▶ 发生交通事故请同时拨打122", "· advice 122", "enter_queue emergency", "priority 1000"}, ""},
		{"help and back", open(), "7,,", []string{"▶ 拨打本热线我们不收取服务费", "▶ 紧急求助请按0"}, ""},
		{"English", open(), "#,,,3", []string{"▶ 中文服务请按井号键。", "▶ For an emergency press 0", "▶ All agents are busy. Please wait. There are 2 callers before you."}, ""},
		{"nothing is pressed", open(), ",,,,,,,,", []string{"▶ 没有收到您的选择。", "enter_queue business"}, ""},
		{"wrong keys", open(), ",,,A", []string{"? A is no key"}, ""},
		{"an agent comes", open(), "3,,,,join lin,leave,5,4,5,5,", []string{"♪", "▶ 您前面还有2位客户在等待。 预计等待3到5分钟。 感谢您的耐心等待", "· connect lin 技术支持来电。", "▶ 请您评价本次服务", "· rate attitude 5", "· rate quality 4", "· rate efficiency 5", "· rate overall 5", "▶ 感谢您的评价，再见。", "· hang_up completed"}, ""},
		{"no answer to the survey", open(), "3,,join lin,leave,,,,,", []string{"▶ 请您评价", "▶ 感谢您的评价", "· hang_up completed"}, "rate"},
		{"the agent is cut off", open(), "3,,join lin,lose,", []string{"· return_queue technical since 10:00:00", "▶ 抱歉，通话意外中断", "♪"}, ""},
		{"a callback that keeps the place", open(), "3,,*,,1,,", []string{"· exit_queue technical since 10:00:00", "▶ 我们将回拨尾号为8000的号码", "· call_back 13800138000 technical since 10:00:00 priority 10", "▶ 已登记您的回电请求，您的位置已保留", "· hang_up callback"}, ""},
		{"a callback from the menu to another number", open(), "8,,2,02131234567#,,", []string{"· call_back 02131234567", "▶ 已登记您的回电请求，我们会尽快"}, "since"},
		{"a callback with a withheld number", withheld, "8,,12#,013912345678#", []string{"▶ 请输入您的电话号码", "▶ 号码有误，请重新输入。", "· call_back 013912345678"}, "尾号"},
		{"closed", closed(), ",,,,,,,,,,,,,", []string{"▶ 现在是非工作时间，人工热线将在2026年12月1日09:00开始服务。", "▶ 您可以现在使用官网的在线客服，或咨询智能助手。", "▶ 紧急求助请按0，留言请按1", "· hang_up off_hours"}, "enter_queue"},
		{"closed, a message", closed(), ",,,,1,,ok,", []string{"▶ 请在嘀声后留言", "· record", "▶ 您的留言已保存", "· hang_up message"}, ""},
		{"closed, an emergency", urgent, ",,,,0,,", []string{"· advice 122", "enter_queue emergency"}, ""},
		{"closed, an emergency, and nobody is there", closed(), ",,,,0,,,", []string{"· advice 122", "▶ 现在是非工作时间。", "▶ 您可以现在使用", "▶ 紧急求助请按0"}, "enter_queue"},
		{"closed for nobody knows how long", unknown, ",,,", []string{"▶ 现在是非工作时间。", "▶ 您可以现在使用"}, ""},
		{"nobody is there", alone, "3,,", []string{"▶ 现在是非工作时间。", "▶ 您可以现在使用"}, "enter_queue"},
		{"hangs up while waiting", open(), "3,,hangup,,", []string{"· exit_queue technical"}, "hang_up"},
	} {
		_, got := script(Hotline(), c.facts, strings.Split(c.inputs, ",")...)
		rest := got
		for _, w := range c.want {
			_, after, ok := strings.Cut(rest, w)
			if !ok {
				t.Errorf("%s: there is no %q in its place in\n%s", c.name, w, got)
				break
			}
			rest = after
		}
		if c.not != "" && strings.Contains(got, c.not) {
			t.Errorf("%s: there is %q in\n%s", c.name, c.not, got)
		}
		if strings.Contains(got, "[") {
			t.Errorf("%s: something cannot be said in\n%s", c.name, got)
		}
	}
}

// Who waits is told less each time, never more, and after the longest wait they
// are asked what they want.
func TestWaitingIsNeverToldToGrow(t *testing.T) {
	t.Parallel()
	s, _ := script(Hotline(), open(), "3", "", "")
	told := []string{}
	for _, f := range []struct{ ahead, least, most int }{{4, 5, 10}, {2, 3, 5}, {1, 0, 3}, {3, 0, 3}, {0, 0, 1}, {-1, 0, 0}} {
		s.Facts.Ahead, s.Facts.Least, s.Facts.Most = f.ahead, f.least, f.most
		lines := append(s.Do(""), s.Do("")...)
		told = append(told, strings.Join(lines, " "))
	}
	for i, want := range []string{"感谢", "您前面还有2位客户在等待。 预计等待3到5分钟。", "您前面还有一位客户在等待。 预计等待不到3分钟。", "预计等待不到3分钟。", "您是下一位。 预计等待不到1分钟。", "需要我们回电"} {
		if !strings.Contains(told[i], want) {
			t.Errorf("%d: %s, want %s", i, told[i], want)
		}
	}
	if strings.Contains(told[0], "前面") || strings.Contains(told[3], "前面") || strings.Contains(told[5], "预计") {
		t.Errorf("told too much: %q", told)
	}
	for range 40 {
		s.Do("")
		if s.Walk.Node == "long_wait" {
			break
		}
	}
	if waited := s.Now.Sub(monday); s.Walk.Node != "long_wait" || waited != 10*time.Minute {
		t.Fatalf("after %s at %s", waited, s.Walk.Node)
	}
	if got := strings.Join(s.Do("2"), "\n") + strings.Join(s.Do("1"), "\n"); !strings.Contains(got, "call_back 13800138000 technical since 10:00:00") {
		t.Errorf("the place is not kept: %s", got)
	}
}

// Keys that are pressed early are taken in their turn; a question of consent
// forgets them, and those that are pressed while it is asked.
func TestTypingAhead(t *testing.T) {
	t.Parallel()
	f := open()
	s, got := script(base(), f, "3", "ok tier=blue amount=1250", "1")
	if s.Walk.Node != "consent" && s.Walk.Node != "tell" {
		t.Fatalf("at %s: %s", s.Walk.Node, got)
	}
	for s.Walk.Node == "tell" {
		s.Do("")
	}
	if got := s.Do("2"); s.Walk.Node != "consent" || len(got) > 0 {
		t.Errorf("consent was given by a key that was pressed early: %s at %s", got, s.Walk.Node)
	}
	s.Do("") // heard to its end
	if s.Walk.Node != "consent" || s.Walk.Early != "" {
		t.Errorf("at %s with %q", s.Walk.Node, s.Walk.Early)
	}
	if s.Do("1"); s.Walk.Node != "wait" {
		t.Errorf("consent, given in its turn, leads to %s", s.Walk.Node)
	}

	s, got = script(base(), f, "102131234567#") // menu and number in one go
	if !strings.Contains(got, "call_back 02131234567") {
		t.Errorf("typed ahead at %s:\n%s", s.Walk.Node, got)
	}
	if _, got := script(base(), f, "1123"); strings.Count(got, "pause") != 1 || strings.Contains(got, "resume") {
		t.Errorf("a secret is being typed:\n%s", got)
	}
	if _, got := script(base(), f, "1123", "hangup"); strings.Count(got, "resume") != 1 {
		t.Errorf("who hangs up while typing a secret:\n%s", got)
	}
}

// What is typed may be ended by a key, by silence or by its length, and begun
// anew.
func TestTyping(t *testing.T) {
	t.Parallel()
	wholeMenu := with("main", func(n *Node) { n.Whole = true })
	mute := with("end", func(n *Node) { n.Prompts = nil })
	for _, c := range []struct {
		name      string
		menu      Menu
		inputs    []string
		want, not string
	}{
		{"ended by #", base(), []string{"1", "02131234567#"}, "· call_back 02131234567", ""},
		{"ended by silence", base(), []string{"1", "02131234567", ""}, "· call_back 02131234567", ""},
		{"ended by its length", base(), []string{"1", "861380013800099"}, "· call_back 861380013800099", ""},
		{"begun anew", base(), []string{"1", "999*02131234567#"}, "· call_back 02131234567", ""},
		{"too short, then nothing", base(), []string{"1", "12#", "", "", "", ""}, "▶ 请在嘀声后留言", "call_back"},
		{"no number: only zeros", base(), []string{"1", "00000000#"}, "▶ 请输入您的电话号码", "call_back"},
		{"a menu that is heard to its end", wholeMenu, []string{"", "2", ""}, "· enter_queue use", "stop"},
		{"an end without a word", mute, []string{"3", "ok tier=blue amount=1250", "", "", "2"}, "· hang_up left_menu", "▶ 感谢"},
		{"wrong keys in a survey", base(), []string{"2", "join lin", "leave", "9", "0", ""}, "· hang_up completed", "rate"},
		{"sent on by the agent", base(), []string{"2", "join lin", "send vehicle", "", "join zhao", "leave", "4"}, "· enter_queue vehicle since 10:00:00", "· return_queue"},
	} {
		_, got := script(c.menu, open(), c.inputs...)
		if !strings.Contains(got, c.want) || c.not != "" && strings.Contains(got, c.not) {
			t.Errorf("%s: want %q and no %q in\n%s", c.name, c.want, c.not, got)
		}
	}
}

func TestOtherSystems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		input, node string
	}{
		{"ok tier=gold amount=1", "wait"},
		{"ok tier=blue amount=1250", "tell"},
		{"ok tier=blue secret=1", "wait"}, // open, English, then the queue
		{"fail", "wait"},
		{"", "wait"}, // no answer in time
	} {
		s, got := script(base(), open(), "", "3", c.input)
		if s.Walk.Node != c.node || s.Walk.Values["secret"] != "" {
			t.Errorf("%q leads to %s:\n%s", c.input, s.Walk.Node, got)
		}
		if !strings.Contains(got, "· ask orders map[phone:13800138000]") {
			t.Errorf("asked nothing:\n%s", got)
		}
	}
	for input, want := range map[string]string{"ok": "hang_up forwarded", "fail": "enter_queue", "": "enter_queue"} {
		if _, got := script(base(), open(), "", "4", "", input); !strings.Contains(got, "· transfer rescue") || !strings.Contains(got, want) {
			t.Errorf("rung outside, %q:\n%s", input, got)
		}
	}
	// a message that the caller ends with a key
	if _, got := script(base(), closed(), "", "2", "", "#", "ok"); !strings.Contains(got, "· record") || !strings.Contains(got, "· stop_record") || !strings.Contains(got, "▶ 感谢您的来电") {
		t.Errorf("a message:\n%s", got)
	}
}

// A caller who does anything at all comes to an end, or to a person, in any
// menu that was let pass; nobody is left in silence without a time at which
// something happens.
func TestEveryWalkEnds(t *testing.T) {
	t.Parallel()
	menus := []Menu{Hotline(), Callback(), base()}
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom(menus).Draw(t, "menu")
		f := rapid.SampledFrom([]Facts{open(), closed(), {Ahead: -1}}).Draw(t, "facts")
		s, _ := Simulate(m, prompt.Builtin(), f, monday)
		for _, in := range rapid.SliceOfN(rapid.SampledFrom([]string{"", "", "", "1", "2", "3", "5", "*", "#", "0", "9", "12#", "join lin", "leave", "lose", "ok", "fail"}), 0, 60).Draw(t, "inputs") {
			s.Do(in)
			if w := s.Walk; w.Phase != Over && w.Phase != Served && !w.Sounds && w.Due.IsZero() {
				t.Fatalf("at %s (%s) nothing will ever happen", w.Node, w.Phase)
			}
		}
		for range 20_000 { // from here on nothing is done but waiting, and talking to an end
			if s.Walk.Phase == Over {
				return
			}
			if s.Walk.Phase == Served {
				s.Do("leave")
			}
			s.Do("")
		}
		t.Fatalf("still at %s (%s) after %s", s.Walk.Node, s.Walk.Phase, s.Now.Sub(monday))
	})
}

// What Check lets pass ends, however it was made: ways and bounds of a menu are
// changed at random until few of them are as they were.
func TestCheckedMenusEnd(t *testing.T) {
	t.Parallel()
	passed, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		m := base()
		ids := []string{"end", "end", "wait"} // these more often
		for _, n := range m.Nodes {
			ids = append(ids, n.ID)
		}
		to := rapid.SampledFrom(ids)
		for range rapid.IntRange(2, 20).Draw(t, "changes") {
			n := &m.Nodes[rapid.IntRange(0, len(m.Nodes)-1).Draw(t, "node")]
			switch rapid.IntRange(0, 4).Draw(t, "what") {
			case 0:
				n.Next, n.Open = to.Draw(t, "next"), to.Draw(t, "open")
			case 1:
				n.Timeout, n.Closed, n.Failed = to.Draw(t, "timeout"), to.Draw(t, "closed"), to.Draw(t, "failed")
			case 2:
				n.Invalid, n.Full, n.Empty = to.Draw(t, "invalid"), to.Draw(t, "full"), to.Draw(t, "empty")
			case 3:
				n.Whole, n.Consent, n.Tries = rapid.Bool().Draw(t, "whole"), rapid.Bool().Draw(t, "consent"), rapid.IntRange(0, 3).Draw(t, "tries")
			case 4:
				for i := range n.Choices {
					n.Choices[i].Next = to.Draw(t, "choice")
				}
			}
		}
		for _, p := range m.Check(names()) {
			if p.Code != "menu.unreachable" { // what nobody comes to does no harm here
				refused++
				return
			}
		}
		passed++
		f := rapid.SampledFrom([]Facts{open(), closed()}).Draw(t, "facts")
		s, _ := Simulate(m, prompt.Builtin(), f, monday)
		for _, in := range rapid.SliceOfN(rapid.SampledFrom([]string{"", "", "1", "2", "3", "4", "#", "ok", "fail", "join x", "lose"}), 0, 20).Draw(t, "inputs") {
			s.Do(in)
		}
		// silence from here on: round and round only through a queue, and never
		// so long that the walk is cut off
		queues := false
		for range 5000 {
			if s.Walk.Phase == Served {
				s.Do("leave")
			}
			queues = queues || s.Walk.Phase == Waiting
			if lines := s.Do(""); slices.Contains(lines, "· hang_up failed") && !queues {
				t.Fatalf("led round for ever: %v", s.Walk.Path[len(s.Walk.Path)-10:])
			}
			if s.Walk.Phase == Over {
				return
			}
		}
		if !queues {
			t.Fatalf("at %s (%s) after %s", s.Walk.Node, s.Walk.Phase, s.Now.Sub(monday))
		}
	})
	if passed < 5 || refused < 5 {
		t.Errorf("%d menus were let pass, %d refused: this shows little", passed, refused)
	}
}

// A step changes nothing of the walk that it began from.
func TestStepIsPure(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := Hotline()
		w := m.Begin()
		now := monday
		w, _ = m.Step(w, Event{Kind: Began}, now, open())
		for range rapid.IntRange(1, 20).Draw(t, "n") {
			kind := rapid.SampledFrom([]EventKind{Pressed, Played, TimedOut, Joined, AgentLeft, AgentLost, Told, RecordingOver, Transferred}).Draw(t, "kind")
			e := Event{Kind: kind, Key: rapid.SampledFrom([]string{"1", "8", "0", "*"}).Draw(t, "key"), OK: rapid.Bool().Draw(t, "ok")}
			now = now.Add(time.Minute)
			before, err := json.Marshal(w)
			if err != nil {
				t.Fatal(err)
			}
			one, actions := m.Step(w, e, now, open())
			two, again := m.Step(w, e, now, open())
			after, _ := json.Marshal(w)
			if string(before) != string(after) || !reflect.DeepEqual(one, two) || !reflect.DeepEqual(actions, again) {
				t.Fatalf("%s at %s is not the same twice", kind, w.Node)
			}
			w = one
		}
	})
}

// Any menu can be checked, and walked through whether it is right or not.
func FuzzMenu(f *testing.F) {
	for _, m := range []Menu{base(), Callback()} {
		raw, err := json.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, "1,,2,join x,leave,,")
	}
	f.Fuzz(func(t *testing.T, raw []byte, inputs string) {
		var m Menu
		if json.Unmarshal(raw, &m) != nil {
			return
		}
		wrong := m.Check(names())
		s, lines := Simulate(m, prompt.Builtin(), open(), monday)
		for in := range strings.SplitSeq(inputs, ",") {
			lines = append(lines, s.Do(in)...)
		}
		if w := s.Walk; len(wrong) == 0 && w.Phase != Over && w.Phase != Served && !w.Sounds && w.Due.IsZero() {
			t.Errorf("at %s (%s) nothing will ever happen:\n%s", w.Node, w.Phase, strings.Join(lines, "\n"))
		}
	})
}
