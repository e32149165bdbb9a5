package automation

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
)

var everyField = CatalogueWith()

// refundRule is a rule as the console sends it.
const refundRule = `{
	"name": "退款投诉交给售后组", "enabled": true, "order": 10,
	"on": [{"event": "case.opened"}, {"event": "case.changed"}],
	"when": {"all": [
		{"field": "case.kind", "op": "is", "value": "complaint"},
		{"any": [
			{"field": "case.text", "op": "matches_any_words", "value": ["退款", "退钱"]},
			{"field": "case.compensation", "op": "gt", "value": 20000}
		]},
		{"field": "case.created_at", "op": "older_than", "value": "2h"}
	]},
	"then": [
		{"kind": "add_tag", "value": "退款"},
		{"kind": "notify", "to": "supervisor", "text": "{{case.number}} 需要关注"}
	]
}`

func read(t *testing.T, in string) Rule {
	t.Helper()
	var r Rule
	if err := json.Unmarshal([]byte(in), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func deep(n int) When {
	w := When{Field: "case.kind", Op: IsSet}
	for range n {
		w = When{All: []When{w}}
	}
	return w
}

func many(n int) When {
	w := When{}
	for range n {
		w.Any = append(w.Any, When{Field: "case.kind", Op: IsSet})
	}
	return w
}

func TestCheckRule(t *testing.T) {
	leaf := func(field string, op Op, v Value) func(*Rule) {
		return func(r *Rule) { r.When = When{Field: field, Op: op, Value: v} }
	}
	for _, c := range []struct {
		name        string
		change      func(*Rule)
		code, field string
	}{
		{"as it is", func(*Rule) {}, "", ""},
		{"always", func(r *Rule) { r.When = When{} }, "", ""},
		{"no name", func(r *Rule) { r.Name = " " }, "automation.name", "name"},
		{"no trigger", func(r *Rule) { r.On = nil }, "automation.triggers", "on"},
		{"an event", func(r *Rule) { r.On[1].Event = "case.sold" }, "automation.event", "on.1.event"},
		{"an event every hour", func(r *Rule) { r.On[0].Every = 60 }, "automation.event_time", "on.0"},
		{"time of nothing", func(r *Rule) { r.On = []Trigger{{Event: Time, Every: 60}} }, "automation.subject", "on.0.subject"},
		{"time without when", func(r *Rule) { r.On = []Trigger{{Event: Time, Subject: Case}} }, "automation.time", "on.0"},
		{"time twice", func(r *Rule) { r.On = []Trigger{{Event: Time, Subject: Case, Every: 60, At: "09:00"}} }, "automation.time", "on.0"},
		{"every minute", func(r *Rule) { r.On = []Trigger{{Event: Time, Subject: Case, Every: 1}} }, "automation.every", "on.0.every"},
		{"at a time that is none", func(r *Rule) { r.On = []Trigger{{Event: Time, Subject: Case, At: "9:00"}} }, "automation.at", "on.0.at"},
		{"at nine", func(r *Rule) { r.On = []Trigger{{Event: Time, Subject: Case, At: "09:00"}} }, "", ""},
		{"five deep", func(r *Rule) { r.When = deep(5) }, "", ""},
		{"six deep", func(r *Rule) { r.When = deep(6) }, "automation.deep", "when.all.0.all.0.all.0.all.0.all.0.all.0"},
		{"far too deep", func(r *Rule) { r.When = deep(90) }, "automation.deep", "when.all.0.all.0.all.0.all.0.all.0.all.0"},
		{"as many as may be", func(r *Rule) { r.When = many(99) }, "", ""},
		{"too many", func(r *Rule) { r.When = many(100) }, "automation.many", "when"},
		{"all and any", func(r *Rule) { r.When.Any = deep(1).All }, "automation.mixed", "when"},
		{"a group with a field", func(r *Rule) { r.When.Field = "case.kind" }, "automation.mixed", "when"},
		{"an empty group", func(r *Rule) { r.When.All = append(r.When.All, When{Any: []When{}}) }, "automation.empty_group", "when.all.3"},
		{"an empty condition", func(r *Rule) { r.When.All = append(r.When.All, When{}) }, "automation.field", "when.all.3.field"},
		{"a field", leaf("case.color", Is, TextOf("red")), "automation.field", "when.field"},
		{"a field of conversations", leaf("conversation.state", Is, TextOf("queued")), "automation.field_subject", "when.field"},
		{"an operator", leaf("case.kind", "like", TextOf("x")), "automation.op", "when.op"},
		{"more than a text", leaf("case.kind", Gt, TextOf("x")), "automation.op_type", "when.op"},
		{"a list that is", leaf("case.tags", Is, ListOf("x")), "automation.op_type", "when.op"},
		{"a number as text", leaf("case.urges", Gt, TextOf("3")), "automation.value", "when.value"},
		{"no value", leaf("case.kind", Is, Value{}), "automation.value", "when.value"},
		{"a value too much", leaf("case.kind", IsSet, TextOf("x")), "automation.value_none", "when.value"},
		{"no choice", leaf("case.kind", Is, TextOf("murder")), "automation.choice", "when.value"},
		{"no choice in a list", leaf("case.kind", In, ListOf("fault", "murder")), "automation.choice", "when.value"},
		{"part of a choice", leaf("case.kind", StartsWith, TextOf("comp")), "", ""},
		{"an empty list", leaf("case.kind", In, Values()), "automation.value_list", "when.value"},
		{"a list of numbers", leaf("case.kind", In, Values(num(1))), "automation.value_list", "when.value"},
		{"words that are one", leaf("case.text", MatchesAny, TextOf("退款")), "automation.value_list", "when.value"},
		{"a pair the wrong way round", leaf("case.urges", Between, Values(num(3), num(1))), "automation.value_pair", "when.value"},
		{"a pair of one", leaf("case.urges", Between, Values(num(3))), "automation.value_pair", "when.value"},
		{"a pair of moments", leaf("case.created_at", Between, ListOf("-2d", "-1d")), "", ""},
		{"a moment", leaf("case.created_at", Before, TextOf("yesterday")), "automation.value_moment", "when.value"},
		{"a length", leaf("case.created_at", OlderThan, TextOf("-2h")), "automation.value_duration", "when.value"},
		{"nothing to do", func(r *Rule) { r.Then = nil }, "automation.no_actions", "then"},
		{"too much to do", func(r *Rule) { r.Then = make([]Action, MaxActions+1) }, "automation.actions", "then"},
		{"a bad action", func(r *Rule) { r.Then[1].To = "boss" }, "automation.audience", "then.1.to"},
		{"two subjects", func(r *Rule) {
			r.On = append(r.On, Trigger{Event: MessageReceived})
			r.When = When{Field: "contact.language", Op: Is, Value: TextOf("en")}
		}, "template.variable", "then.1.text"},
	} {
		r := read(t, refundRule)
		c.change(&r)
		_, err := r.Check(everyField)
		var f *fault.Error
		errors.As(err, &f)
		if c.code == "" && err != nil || c.code != "" && (f == nil || f.Code != c.code || f.Field != c.field) {
			t.Errorf("%s: %v (%+v), want %q in %q", c.name, err, f, c.code, c.field)
		}
	}
}

func TestCustomFields(t *testing.T) {
	f, err := CustomField("mileage", "里程", Number)
	if err != nil {
		t.Fatal(err)
	}
	r := read(t, refundRule)
	r.When = When{Field: "case.custom.mileage", Op: Gte, Value: num(60000)}
	if _, err := r.Check(CatalogueWith(f)); err != nil {
		t.Error(err)
	}
	if _, err := r.Check(everyField); fault.CodeOf(err) != "automation.field" {
		t.Errorf("a field of another company: %v", err)
	}
	if _, err := CustomField("Mile age", "里程", Number); fault.CodeOf(err) != "automation.custom" {
		t.Errorf("a key with a space: %v", err)
	}
}

func TestCatalogue(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Fields() {
		if seen[f.Name] || f.Zh == "" || f.En == "" || len(f.Ops) == 0 || len(f.Subjects) == 0 {
			t.Errorf("%+v", f)
		}
		seen[f.Name] = true
		for _, c := range f.Choices {
			if c.Value == "" || c.Zh == "" || c.En == "" {
				t.Errorf("%s: %+v", f.Name, c)
			}
		}
	}
	for _, e := range Events() {
		if subjects[e] == "" && e != Time {
			t.Errorf("%s is about nothing", e)
		}
	}
}

// What each action needs, takes and is for.
func TestActions(t *testing.T) {
	team, who := agent.TeamID(1), agent.ID(1)
	for _, c := range []struct {
		a     Action
		about Subject
		code  string
	}{
		{Action{Kind: AssignTeam, Team: team}, Conversation, ""},
		{Action{Kind: AssignTeam}, Case, "automation.param"},
		{Action{Kind: AssignTeam, Team: team, Text: "x"}, Case, "automation.param_extra"},
		{Action{Kind: AssignAgent, Agent: who}, Case, ""},
		{Action{Kind: AssignAgent, Team: team}, Case, "automation.param"},
		{Action{Kind: SetPriority, Value: "urgent"}, Conversation, ""},
		{Action{Kind: SetPriority, Value: "hot"}, Case, "automation.action_choice"},
		{Action{Kind: SetLevel, Value: "complex"}, Case, ""},
		{Action{Kind: SetLevel, Value: "complex"}, Conversation, "automation.action_subject"},
		{Action{Kind: SetLevel, Value: "hard"}, Case, "automation.action_choice"},
		{Action{Kind: SetCategory, Value: "fee.overcharge"}, Case, ""},
		{Action{Kind: SetCategory, Value: " "}, Case, "automation.param"},
		{Action{Kind: AddTag, Value: "需回访"}, Conversation, ""},
		{Action{Kind: AddTag, Value: "<b>"}, Case, "automation.word"},
		{Action{Kind: AddTag, Value: strings.Repeat("长", 81)}, Case, "automation.word"},
		{Action{Kind: RemoveTag, Value: "需回访"}, Case, ""},
		{Action{Kind: RemoveTag}, Case, "automation.param"},
		{Action{Kind: Note, Text: "自动：{{customer.name}} 已等待"}, Conversation, ""},
		{Action{Kind: Note, Text: "{{case.number}}"}, Conversation, "template.variable"},
		{Action{Kind: Note}, Case, "automation.param"},
		{Action{Kind: Notify, To: ToAgent, Agent: who, Text: "x"}, Case, ""},
		{Action{Kind: Notify, To: ToTeam, Text: "x"}, Case, ""},
		{Action{Kind: Notify, To: ToManager, Agent: who, Text: "x"}, Case, "automation.audience_named"},
		{Action{Kind: Notify, To: "boss", Text: "x"}, Case, "automation.audience"},
		{Action{Kind: Notify, Text: "x"}, Case, "automation.param"},
		{Action{Kind: Escalate, To: ToManager, Text: "超时"}, Case, ""},
		{Action{Kind: Escalate, Text: "超时"}, Conversation, "automation.action_subject"},
		{Action{Kind: SendMessage, Text: "{{customer.name}}您好，{{case.number}} 将于 {{due}} 前答复"}, Case, ""},
		{Action{Kind: SendMessage, Text: "{{password}}"}, Case, "template.variable"},
		{Action{Kind: SendMessage, Text: "{{due"}, Case, "template.open"},
		{Action{Kind: SendMessage, Text: strings.Repeat("长", maxText+1)}, Case, "template.long"},
		{Action{Kind: AddTask, Text: "回电", After: "2h", Team: team}, Case, ""},
		{Action{Kind: AddTask, Text: "回电", After: "soon"}, Case, "automation.value_duration"},
		{Action{Kind: SetFollowUp, After: "3d"}, Case, ""},
		{Action{Kind: SetFollowUp}, Case, "automation.param"},
		{Action{Kind: DoAct, Value: "resolve", Text: "x"}, Case, ""},
		{Action{Kind: DoAct}, Case, "automation.param"},
		{Action{Kind: "webhook", Text: "x"}, Case, "automation.action"},
	} {
		if err := c.a.Check(c.about); (c.code == "") != (err == nil) || err != nil && fault.CodeOf(err) != c.code {
			t.Errorf("%+v for %s: %v, want %q", c.a, c.about, err, c.code)
		}
	}
	if len(ActionKinds()) != len(actionRules) {
		t.Errorf("%d actions are listed, %d are known", len(ActionKinds()), len(actionRules))
	}
	for _, k := range ActionKinds() {
		if needs, _ := k.Params(); len(needs) == 0 || len(k.Subjects()) == 0 {
			t.Errorf("%s needs nothing or is for nothing", k)
		}
	}
}

func TestMacros(t *testing.T) {
	m := Macro{Name: "安抚并升级", Shortcut: "/sj", Subject: Case, Text: "{{customer.name}}您好", Actions: []Action{{Kind: Escalate, Text: "客户要求"}}}
	for _, c := range []struct {
		name   string
		change func(*Macro)
		code   string
	}{
		{"as it is", func(*Macro) {}, ""},
		{"only a text", func(m *Macro) { m.Actions = nil }, ""},
		{"nothing", func(m *Macro) { m.Actions, m.Text = nil, " " }, "automation.no_actions"},
		{"no name", func(m *Macro) { m.Name = "" }, "automation.name"},
		{"a shortcut with a space", func(m *Macro) { m.Shortcut = "a b" }, "canned.shortcut"},
		{"for nothing", func(m *Macro) { m.Subject = "" }, "macro.subject"},
		{"for conversations", func(m *Macro) { m.Subject = Conversation }, "automation.action_subject"},
		{"a variable", func(m *Macro) { m.Text = "{{x}}" }, "template.variable"},
	} {
		m := m
		c.change(&m)
		got, err := m.Check()
		if (c.code == "") != (err == nil) || err != nil && fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", c.name, err, c.code)
		}
		if err == nil && got.Shortcut != "sj" {
			t.Errorf("%s: shortcut %q", c.name, got.Shortcut)
		}
	}
}

func TestRender(t *testing.T) {
	values := map[string]string{"customer.name": "王女士", "case.number": "TS20261122-000123", "due": "<b>&{{case.number}}"}
	for in, want := range map[string]string{
		"":     "",
		"没有变量": "没有变量",
		"{{customer.name}}您好，{{case.number}}": "王女士您好，TS20261122-000123",
		"{{ customer.name }}":                 "王女士",
		"{{due}}":                             "<b>&{{case.number}}",
		"[{{stage}}]":                         "[]",
		"[{{nobody}}]":                        "[]",
		"开着 {{customer.name":                  "开着 {{customer.name",
		"{ {{customer.name}} }":               "{ 王女士 }",
		"}} {{}}":                             "}} ",
	} {
		if got := Render(in, values); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	if got := Render("{{due}}", nil); got != "" {
		t.Errorf("without values: %q", got)
	}
}

func TestNextTime(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.ParseInLocation(time.DateTime, s, shanghai)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		trigger     Trigger
		after, want string
	}{
		{Trigger{Event: Time, At: "09:00"}, "2026-11-23 08:59:59", "2026-11-23 09:00:00"},
		{Trigger{Event: Time, At: "09:00"}, "2026-11-23 09:00:00", "2026-11-24 09:00:00"},
		{Trigger{Event: Time, At: "00:00"}, "2026-12-31 12:00:00", "2027-01-01 00:00:00"},
		{Trigger{Event: Time, Every: 15}, "2026-11-23 10:00:00", "2026-11-23 10:15:00"},
		{Trigger{Event: Time, Every: 15}, "2026-11-23 10:14:59", "2026-11-23 10:15:00"},
		{Trigger{Event: Time, Every: 700}, "2026-11-23 23:30:00", "2026-11-24 00:00:00"},
		{Trigger{Event: Time, Every: 1440}, "2026-11-23 00:00:00", "2026-11-24 00:00:00"},
	} {
		if got := c.trigger.Next(at(c.after), shanghai); !got.Equal(at(c.want)) {
			t.Errorf("%+v after %s is %s, want %s", c.trigger, c.after, got, c.want)
		}
	}
	if got := (Trigger{Event: CaseOpened}).Next(now, shanghai); !got.IsZero() {
		t.Errorf("an event is due at %s", got)
	}
}

// A rule that was let in is kept as it is, evaluates whatever the facts are,
// and means the same after it was stored.
func FuzzCheck(f *testing.F) {
	f.Add([]byte(refundRule))
	f.Add([]byte(`{"name":"x","on":[{"event":"time","at":"09:00","subject":"conversation"}],"when":{"field":"conversation.queued_at","op":"between","value":["-2h","+1d"]},"then":[{"kind":"notify","to":"team","text":"{{customer.name}}"}]}`))
	f.Add([]byte(`{"name":"x","on":[{"event":"message.received"}],"when":{"any":[{"field":"message.text","op":"contains","value":"退"}]},"then":[{"kind":"add_tag","value":"a"}]}`))
	facts := Facts{"case.kind": TextOf("complaint"), "case.text": TextOf("退款"), "case.urges": num(2), "case.created_at": MomentOf(now), "case.tags": ListOf("a"), "message.text": YesNoOf(true)}
	f.Fuzz(func(t *testing.T, in []byte) {
		var r Rule
		if json.Unmarshal(in, &r) != nil {
			return
		}
		kept, err := r.Check(everyField)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("%v", err)
			}
			return
		}
		kept.Enabled = true
		h := Happening{Event: kept.On[0].Event, Rule: kept.ID}
		d := Evaluate([]Rule{kept}, h, nil, facts, now)
		if len(d.Fired)+len(d.Skipped) != 1 {
			t.Fatalf("%+v", d)
		}
		b, err := json.Marshal(kept)
		if err != nil {
			t.Fatal(err)
		}
		again := read(t, string(b))
		if again, err = again.Check(everyField); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if e := Evaluate([]Rule{again}, h, nil, facts, now); len(e.Fired) != len(d.Fired) {
			t.Fatalf("%s fires %d times, before it was stored %d", b, len(e.Fired), len(d.Fired))
		}
		for _, a := range kept.Then {
			Render(a.Text, nil)
		}
	})
}
