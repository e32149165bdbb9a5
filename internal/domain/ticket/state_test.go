package ticket

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"yingda/internal/domain/agent"
)

// The diagrams in the docs are drawn from the tables. UPDATE=1 redraws them.
func TestDiagram(t *testing.T) {
	const file = "../../../docs/use/cases.md"
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := string(page)
	for _, k := range Kinds() {
		begin, end := "<!-- "+string(k)+" -->\n", "<!-- /"+string(k)+" -->"
		before, rest, ok1 := strings.Cut(want, begin)
		_, after, ok2 := strings.Cut(rest, end)
		if !ok1 || !ok2 {
			t.Fatalf("%s has no place for %s", file, k)
		}
		want = before + begin + "```mermaid\n" + diagram(k) + "```\n" + end + after
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(page) {
		t.Errorf("%s is not what the tables say (UPDATE=1 redraws it)", file)
	}
}

// diagram draws the way of a kind. What is the same everywhere — waiting,
// withdrawing, merging, cancelling — is said in the text and left out here,
// because nobody can read it otherwise.
func diagram(k Kind) string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	table := k.Table()
	var drawn []State
	for _, s := range k.States() {
		if !everywhere(s) {
			drawn = append(drawn, s)
			fmt.Fprintf(&b, "    %s: %s %s\n", s, s.Name().Zh, s.Name().En)
		}
	}
	fmt.Fprintf(&b, "    [*] --> %s\n", k.First())
	for _, s := range drawn {
		for _, a := range table.Acts(s) {
			to := table[s][a].To
			if a != Reopen && (a != GoExternal || s == RejectedByCustomer) && slices.Contains(drawn, to) {
				fmt.Fprintf(&b, "    %s --> %s: %s %s\n", s, to, a.Name().Zh, a.Name().En)
			}
		}
	}
	for _, s := range drawn {
		if s.Over() {
			fmt.Fprintf(&b, "    %s --> [*]\n", s)
		}
	}
	return b.String()
}

func everywhere(s State) bool {
	return s.Waiting() || slices.Contains([]State{Merged, Cancelled, Spam, Lapsed, Withdrawn}, s)
}

// Every state that a kind reaches has a name, a public stage and a way to an
// end; every act has a name, and one that the customer sees has words for them.
func TestTables(t *testing.T) {
	for _, k := range Kinds() {
		table := k.Table()
		states := k.States()
		if len(states) < 8 || len(states) != len(table) {
			t.Errorf("%s reaches %d states, its table has %d", k, len(states), len(table))
		}
		for _, s := range states {
			if s.Name().Zh == "" || s.Name().En == "" {
				t.Errorf("%s: %s has no name", k, s)
			}
			if at, ok := k.Stage(s); !s.Waiting() && (!ok || at.Name.Zh == "" || at.Name.En == "") {
				t.Errorf("%s: %s has no public stage", k, s)
			}
			if !s.Over() && !endsFrom(table, s) {
				t.Errorf("%s: from %s no end is reached", k, s)
			}
			for _, a := range table.Acts(s) {
				m := table[s][a]
				if a.Name().Zh == "" || a.Name().En == "" {
					t.Errorf("%s has no name", a)
				}
				if !m.Quiet && (a.Told().Zh == "" || a.Told().En == "") {
					t.Errorf("%s: %s in %s is shown to the customer, who is told nothing", k, a, s)
				}
				if len(m.Who) == 0 || m.To == back && !s.aside() {
					t.Errorf("%s: %s in %s: %+v", k, a, s, m)
				}
				for _, n := range m.Needs {
					if needs[n].said == nil {
						t.Errorf("nobody knows what %q needs", n)
					}
				}
				for _, r := range m.Rules {
					if rules[r].check == nil {
						t.Errorf("nobody knows the rule %q", r)
					}
				}
			}
		}
	}
}

// endsFrom reports whether an end is reached that is not just giving up: the
// common ways out do not count, except from where a case is only waiting.
func endsFrom(table Table, s State) bool {
	reached, todo := map[State]bool{}, []State{s}
	for len(todo) > 0 {
		s, todo = todo[0], todo[1:]
		if reached[s] {
			continue
		}
		reached[s] = true
		if s.Over() {
			return true
		}
		for a := range table[s] {
			if !slices.Contains([]Act{Merge, Cancel, MarkSpam, Withdraw, GiveUp}, a) {
				todo = append(todo, table.Targets(s, a)...)
			}
		}
	}
	return false
}

// The test of ends can fail.
func TestEndsFromCanFail(t *testing.T) {
	if endsFrom(Table{Open: {Cancel: {To: Cancelled}, Answer: {To: Answered}}, Answered: {Reject: {To: Open}}}, Open) {
		t.Error("a circle has an end")
	}
}

// The stages of each kind are those of the reference, in order.
func TestStages(t *testing.T) {
	for k, want := range map[Kind]string{
		Consultation: "已受理 → 处理中 → 已答复 → 已完成",
		Fault:        "已受理 → 诊断中 → 维修/救援安排 → 已修复 → 已完成",
		Complaint:    "已提交 → 已受理 → 调查核实 → 处理反馈 → 结果确认 → 已结案",
		Suggestion:   "已提交 → 已受理 → 评估分析 → 反馈结果 → 采纳实施",
		Feedback:     "已收到 → 已处理 → 已回复",
		Account:      "已受理 → 核验身份 → 处理中 → 已答复 → 已完成",
		Order:        "已受理 → 处理中 → 补救处理 → 已答复 → 已完成",
		Privacy:      "已受理 → 核验身份 → 处理中 → 已完成",
	} {
		var names []string
		for _, s := range k.Stages() {
			names = append(names, s.Name.Zh)
		}
		if got := strings.Join(names, " → "); got != want {
			t.Errorf("%s: %s, want %s", k, got, want)
		}
		if first, _ := k.Stage(k.First()); first != k.Stages()[0] {
			t.Errorf("%s begins at %s", k, first.Name.Zh)
		}
	}
}

func TestEndingsAreShown(t *testing.T) {
	for _, c := range []struct {
		kind    Kind
		state   State
		reached State
		want    string
		at      int
	}{
		{Suggestion, Declined, FeedbackGiven, "未采纳", 3},
		{Complaint, NotAccepted, Submitted, "未受理", 0},
		{Complaint, Withdrawn, Investigating, "已撤回", 2},
		{Complaint, InExternal, FeedbackGiven, "转外部处理", 3},
		{Privacy, Refused, IdentityCheck, "已拒绝", 1},
	} {
		p := Case{Kind: c.kind, State: c.state, Course: Course{Reached: c.reached}}.Progress()
		if p.Ending == nil || p.Ending.Name.Zh != c.want || p.At != c.at || p.Done != c.state.Over() {
			t.Errorf("%s in %s: %+v", c.kind, c.state, p)
		}
	}
	p := Case{Kind: Complaint, State: WaitingCustomer, Course: Course{Before: Investigating, Reached: Investigating}}.Progress()
	if p.Ending != nil || p.At != 2 || p.Waiting == nil || p.Waiting.Zh != "等待客户补充" || p.Done {
		t.Errorf("while the customer is asked: %+v", p)
	}
	if got := (Case{Kind: Complaint, State: "new"}).Stage().Code; got != "submitted" {
		t.Errorf("a state of another time is at %s", got)
	}
}

// Every row of the words belongs to an act, once.
func TestWords(t *testing.T) {
	seen := map[Act]bool{}
	for _, w := range words {
		if seen[w.act] || w.name.Zh == "" || (w.told.Zh == "") != (w.told.En == "") {
			t.Errorf("%s: %+v", w.act, w)
		}
		seen[w.act] = true
	}
}

var (
	lin  = Actor{Who: ByAgent, Agent: agent.ID(7), Name: "林晓"}
	zhao = Actor{Who: ByAgent, Agent: agent.ID(8), Name: "赵敏"}
	wang = Actor{Who: ByAgent, Agent: agent.ID(9), Name: "王主管", Supervisor: true}
	cust = Actor{Who: ByCustomer, Name: "陈先生"}
	tick = Actor{Who: ByTimer, Name: "定时"}
)
