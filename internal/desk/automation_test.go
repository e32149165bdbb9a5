package desk_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/automation"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/ticket"
	"yingda/internal/store"
)

// Rules that people wrote: what sets them off, what they do, what the log
// says, and that two of them cannot go on for ever.

// rule adds a rule as JSON, as an administrator would.
func (h *house) rule(in string) automation.Rule {
	h.t.Helper()
	var r automation.Rule
	h.must(json.Unmarshal([]byte(in), &r))
	r.Enabled = true
	r, err := h.AddRule(h.t.Context(), h.admin(agent.AutomationManage), r)
	h.must(err)
	return r
}

// ran returns the log of a rule, the oldest line first.
func (h *house) ran(r automation.Rule) []desk.RunSeen {
	h.t.Helper()
	p, err := h.AutomationRuns(h.t.Context(), h.wang, store.RunList{Rule: r.ID, Limit: 100})
	h.must(err)
	slices.Reverse(p.Items)
	return p.Items
}

func outcomes(rs []desk.RunSeen) string {
	var all []string
	for _, r := range rs {
		all = append(all, string(r.Outcome))
	}
	return strings.Join(all, " ")
}

// drain does jobs until nothing is due.
func (h *house) drain() {
	h.t.Helper()
	for range 20 {
		n, err := h.jobs.RunDue(h.t.Context())
		h.must(err)
		if n == 0 {
			return
		}
	}
	h.t.Fatal("the jobs do not end")
}

const brakes = `{"name":"刹车投诉","on":[{"event":"case.opened"}],
	"when":{"all":[{"field":"case.kind","op":"is","value":"complaint"},{"field":"case.text","op":"matches_any_words","value":["刹车","起火"]}]},
	"then":[{"kind":"set_priority","value":"urgent"},{"kind":"add_tag","value":"安全"},{"kind":"notify","to":"supervisor","text":"{{case.number}} 涉及安全"},
		{"kind":"send_message","text":"{{customer.name}}，我们已优先处理 {{case.number}}。"}]}`

func (h *house) brakes(clientID string) ticket.Case {
	h.t.Helper()
	c := handed()
	c.Kind, c.Text = ticket.Complaint, "高速上刹车失灵"
	c, err := h.OpenPublicCase(h.t.Context(), c, nil, clientID)
	h.must(err)
	return c
}

func TestARuleActsOnACase(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		r := h.rule(brakes)
		c, other := h.brakes("case-brakes"), h.complaint("case-noise")
		h.drain()
		c, err := h.DB.Now().Case(h.t.Context(), c.ID)
		h.must(err)
		if c.Priority != 1 || !slices.Equal(c.Tags, []string{"安全"}) {
			h.t.Errorf("after the rule it has priority %d and tags %v", c.Priority, c.Tags)
		}
		if got := h.acts(c); !slices.Contains(got, ticket.Reply) || !slices.Contains(got, ticket.Retag) {
			h.t.Errorf("the history says %v", got)
		}
		es, err := h.DB.Now().CaseEntries(h.t.Context(), c.ID)
		h.must(err)
		for _, e := range es {
			if e.Act == ticket.Reply && (e.By != ticket.BySystem || e.Text != c.Name+"，我们已优先处理 "+c.Number+"。") {
				h.t.Errorf("the customer reads %+v", e)
			}
		}
		ns, _, err := h.Notices(h.t.Context(), h.wang)
		h.must(err)
		if len(ns) != 1 || ns[0].Kind != "automation" || ns[0].Text != c.Number+" "+c.Number+" 涉及安全" {
			h.t.Errorf("the supervisor was told %+v", ns)
		}
		runs := h.ran(r)
		if outcomes(runs) != "fired skipped" {
			h.t.Fatalf("the log says %s", outcomes(runs))
		}
		if f := runs[0]; f.SubjectName != c.Number || f.Tree == nil || !f.Tree.So || f.Tree.All[1].Is.String() != "高速上刹车失灵" || len(f.Done) != 4 {
			h.t.Errorf("why it fired: %+v", f)
		}
		if s := runs[1]; s.SubjectName != other.Number || s.Tree == nil || s.Tree.So || s.Why.Code != "why.rule.unmet" {
			h.t.Errorf("why it did not: %+v", s)
		}
		if len(h.audited("automation.run")) != 1 || len(h.audited("automation.create")) != 1 {
			h.t.Error("the audit log does not say who made the rule and what it did")
		}
	})
}

// An action that is refused is noted with why; the others go on.
func TestARefusedActionIsSaid(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		r := h.rule(`{"name":"坏规则","on":[{"event":"case.opened"}],"then":[
			{"kind":"act","value":"close"},{"kind":"set_level","value":"complex"},{"kind":"notify","to":"agent","text":"x"},
			{"kind":"remove_tag","value":"没有"},{"kind":"note","text":"仍然执行"}]}`)
		c := h.complaint("case-refused")
		h.drain()
		runs := h.ran(r)
		if len(runs) != 1 || runs[0].Outcome != store.Fired {
			h.t.Fatalf("the log says %+v", runs)
		}
		var codes []string
		for _, d := range runs[0].Done {
			code := "done"
			if d.Failed != nil {
				code = d.Failed.Code
			}
			codes = append(codes, code)
		}
		if got := strings.Join(codes, " "); got != "case.state case.category automation.nobody tags.same done" {
			h.t.Errorf("the actions: %s", got)
		}
		if got := h.acts(c); !slices.Contains(got, ticket.Note) {
			h.t.Errorf("the history says %v", got)
		}
		if zh := runs[0].Done[0].Failed.Zh; !strings.Contains(zh, "已提交") {
			h.t.Errorf("in Chinese: %s", zh)
		}
	})
}

// Two rules that set each other off come to an end, and the log says so.
func TestTwoRulesEnd(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		on := h.rule(`{"name":"加","on":[{"event":"case.changed"}],"when":{"field":"case.tags","op":"not_contains","value":"x"},"then":[{"kind":"add_tag","value":"x"}]}`)
		off := h.rule(`{"name":"减","on":[{"event":"case.changed"}],"when":{"field":"case.tags","op":"contains","value":"x"},"then":[{"kind":"remove_tag","value":"x"}]}`)
		c := h.complaint("case-loop")
		_, err := h.TagCase(h.t.Context(), h.lin, c.ID, []string{"x"}, nil)
		h.must(err)
		h.drain()
		all := append(h.ran(on), h.ran(off)...)
		fired, held := 0, 0
		for _, r := range all {
			switch r.Outcome {
			case store.Fired:
				fired++
			case store.Held:
				held++
				if r.Why.Code != "why.rule.chain" {
					h.t.Errorf("held because %s", r.Why.Code)
				}
			case store.Skipped:
			}
		}
		if fired != automation.MaxChain || held != 1 {
			h.t.Errorf("fired %d times, held %d: %s / %s", fired, held, outcomes(h.ran(on)), outcomes(h.ran(off)))
		}
	})
}

// The person complained about is given nothing and told nothing, by a rule as
// by anybody.
// What one action did holds for the next: those of the new team are told, and
// texts name it.
func TestActionsSeeWhatTheOthersDid(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		team := agent.Team{ID: agent.NewTeamID(h.Now()), Name: "质量组"}
		h.must(h.DB.Update(h.t.Context(), func(tx *store.Tx) error {
			if err := tx.InsertTeam(h.t.Context(), team); err != nil {
				return err
			}
			return tx.SetTeamAgents(h.t.Context(), team.ID, []agent.ID{h.zhao.Agent})
		}))
		actions := `[{"kind":"assign_team","team_id":"` + team.ID.String() + `"},{"kind":"notify","to":"team","text":"交给{{team.name}}"}]`
		r := h.rule(`{"name":"转质量组","on":[{"event":"case.opened"},{"event":"conversation.queued"}],"then":` + actions + `}`)
		c := h.complaint("case-quality")
		_, talk := h.waiting()
		h.drain()
		ns, _, err := h.Notices(h.t.Context(), h.zhao)
		h.must(err)
		said := map[string]bool{}
		for _, n := range ns {
			said[n.Text] = true
		}
		v, err := h.DB.Now().Conversation(h.t.Context(), talk)
		h.must(err)
		if !said[c.Number+" 交给质量组"] || !said[strconv.FormatInt(v.Number, 10)+" 交给质量组"] {
			h.t.Errorf("the new team was told %v: %+v", said, h.ran(r))
		}
	})
}

// What a rule writes to a customer is in the language of the form, with the
// agent's public name, and a link that opens.
func TestTextsOfRulesAreForTheCustomer(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.PublicURL = "https://help.example.cn/"
		h.must(h.DB.Update(h.t.Context(), func(tx *store.Tx) error {
			a, err := tx.Agent(h.t.Context(), h.lin.Agent)
			if err != nil {
				return err
			}
			a.Nickname = "小林"
			return tx.SaveAgent(h.t.Context(), a)
		}))
		h.rule(`{"name":"告知","on":[{"event":"case.opened"}],"then":[{"kind":"assign_agent","agent_id":"` + h.lin.Agent.String() + `"},
			{"kind":"send_message","text":"{{case.kind}}|{{agent.name}}|{{case.link}}"}]}`)
		c := handed()
		c.Language = "en"
		c, err := h.OpenPublicCase(h.t.Context(), c, nil, "case-in-english")
		h.must(err)
		h.drain()
		p, err := h.Follow(h.t.Context(), c.Number, h.pass(c))
		h.must(err)
		want := ticket.Complaint.Name().En + "|小林|https://help.example.cn/progress?number=" + c.Number
		if !slices.ContainsFunc(p.Lines, func(l ticket.Line) bool { return l.Text == want }) {
			h.t.Errorf("the customer reads %+v, want %s", p.Lines, want)
		}
	})
}

func TestARuleNeverGivesItToTheAccused(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		r := h.rule(`{"name":"给林","on":[{"event":"case.opened"}],"then":[{"kind":"assign_agent","agent_id":"` + h.lin.Agent.String() + `"},
			{"kind":"notify","to":"agent","agent_id":"` + h.lin.Agent.String() + `","text":"x"}]}`)
		c := handed()
		c.Kind, c.Source, c.Accused = ticket.Complaint, "phone", h.lin.Agent
		c, err := h.HandIn(h.t.Context(), h.wang, c, nil, "case-accused")
		h.must(err)
		h.drain()
		c, err = h.DB.Now().Case(h.t.Context(), c.ID)
		h.must(err)
		ns, _, err := h.Notices(h.t.Context(), h.lin)
		h.must(err)
		runs := h.ran(r)
		if !c.Agent.IsZero() || len(ns) != 0 || len(runs) != 1 || runs[0].Done[0].Failed.Code != "case.accused" || runs[0].Done[1].Failed.Code != "automation.nobody" {
			h.t.Errorf("it went to %s, who was told %v: %+v", c.Agent, ns, runs)
		}
	})
}

func TestUrgedTwiceGoesUp(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		r := h.rule(`{"name":"两次催单","on":[{"event":"case.urged"}],"when":{"field":"case.urges","op":"gte","value":2},"then":[{"kind":"escalate","to":"supervisor","text":"已催 2 次"}]}`)
		c := h.complaint("case-urged")
		for n := range 3 {
			h.clock.Turn(time.Hour) // within an hour it counts once
			_, err := h.CustomerDoes(h.t.Context(), c.Number, channel.Holder{Secret: h.CaseSecret(c)}, ticket.Doing{Act: ticket.Urge}, "urge-"+h.Now().Format("150405"))
			h.must(err)
			h.drain()
			c, err = h.DB.Now().Case(h.t.Context(), c.ID)
			h.must(err)
			if up := c.Escalation != nil; up != (n > 0) || up && (c.Escalation.Why != ticket.OnRule || c.Escalated != 1) {
				h.t.Errorf("urged %d times it is escalated %+v, %d times: %+v", n+1, c.Escalation, c.Escalated, h.ran(r))
			}
		}
	})
}

// What a clock says sets rules off, with its metric.
func TestABrokenPromiseSetsARuleOff(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.until(friday)
		r := h.rule(`{"name":"超时","on":[{"event":"clock.breached"}],"when":{"all":[{"field":"clock.metric","op":"is","value":"complaint_acknowledge"},{"field":"clock.percent","op":"gte","value":100}]},
			"then":[{"kind":"note","text":"{{clock.metric}}超时，承诺 {{due}}"},{"kind":"add_task","text":"致歉","after":"2h"},{"kind":"set_follow_up","after":"1d"}]}`)
		c := h.complaint("case-breach")
		h.until(h.clockOf(c, sla.ComplaintAcknowledge).Limit.Add(time.Second))
		h.drain()
		c, err := h.DB.Now().Case(h.t.Context(), c.ID)
		h.must(err)
		fired := 0
		for _, x := range h.ran(r) {
			if x.Outcome == store.Fired {
				fired++
			}
		}
		if fired != 1 || len(c.Tasks) != 1 || !c.Tasks[0].DueAt.Equal(h.Now().Add(2*time.Hour)) || !c.FollowUpAt.Equal(h.Now().Add(24*time.Hour)) {
			h.t.Errorf("fired %d times; tasks %+v, follow-up %s: %+v", fired, c.Tasks, c.FollowUpAt, h.ran(r))
		}
	})
}

// A rule of time looks through what is open, once for each version of a thing,
// and a daily one each day.
func TestRulesOfTime(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		often := h.rule(`{"name":"两小时未接","on":[{"event":"time","every":5,"subject":"case"}],"when":{"all":[{"field":"case.created_at","op":"older_than","value":"2h"},{"field":"case.agent","op":"is_empty"}]},
			"then":[{"kind":"notify","to":"supervisor","text":"无人处理"}]}`)
		daily := h.rule(`{"name":"每日","on":[{"event":"time","at":"09:00","subject":"case"}],"then":[{"kind":"notify","to":"supervisor","text":"仍未结案"}]}`)
		h.complaint("case-time")
		h.must(h.TickRules(ctx))
		for range 3 {
			h.clock.Turn(time.Hour)
			h.must(h.TickRules(ctx))
			h.drain()
		}
		if got := outcomes(h.ran(often)); strings.Count(got, "fired") != 1 {
			h.t.Errorf("the five-minute rule: %s", got)
		}
		for range 2 {
			h.clock.Turn(24 * time.Hour)
			h.must(h.TickRules(ctx))
			h.must(h.TickRules(ctx))
			h.drain()
		}
		if got := strings.Count(outcomes(h.ran(daily)), "fired"); got != 2 {
			h.t.Errorf("the daily rule acted %d times in two days: %s", got, outcomes(h.ran(daily)))
		}
		off, err := h.EnableRule(ctx, h.admin(agent.AutomationManage), daily.ID, false)
		h.must(err)
		h.clock.Turn(24 * time.Hour)
		h.must(h.TickRules(ctx))
		h.drain()
		if got := strings.Count(outcomes(h.ran(off)), "fired"); got != 2 {
			h.t.Errorf("switched off it acted %d times", got)
		}
	})
}

func TestRulesOfConversations(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		words := h.rule(`{"name":"提到律师","on":[{"event":"message.received"}],"when":{"field":"message.text","op":"contains","value":"律师"},
			"then":[{"kind":"set_priority","value":"urgent"},{"kind":"add_tag","value":"法务"},{"kind":"note","text":"客户提到律师"},{"kind":"send_message","text":"您好 {{customer.name}}，我们马上处理"}]}`)
		queued := h.rule(`{"name":"排队","on":[{"event":"conversation.queued"}],"when":{"field":"conversation.state","op":"changed_to","value":"queued"},"then":[{"kind":"add_tag","value":"排过队"}]}`)
		over := h.rule(`{"name":"结束","on":[{"event":"conversation.closed"}],"then":[{"kind":"set_category","value":"other"},{"kind":"send_message","text":"再见"}]}`)
		v, i := h.waiting()
		_, err := h.Receive(ctx, channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, ClientID: "lawyer-1", Text: "我要找律师", At: h.Now()})
		h.must(err)
		h.drain()
		c, err := h.DB.Now().Conversation(ctx, i)
		h.must(err)
		if c.Priority != 2 || !slices.Equal(c.Tags, []string{"排过队", "法务"}) && !slices.Equal(c.Tags, []string{"法务", "排过队"}) || c.WaitingSince.IsZero() {
			h.t.Errorf("priority %d, tags %v, waiting since %s", c.Priority, c.Tags, c.WaitingSince)
		}
		ms, _, err := h.History(ctx, v, i, 0, 0, 0)
		h.must(err)
		last := ms[len(ms)-1]
		if !strings.HasSuffix(last.Text, "我们马上处理") || last.From != conversation.FromBot {
			h.t.Errorf("the customer reads %+v", last)
		}
		if strings.Count(outcomes(h.ran(words)), "fired") != 1 || strings.Count(outcomes(h.ran(queued)), "fired") != 1 {
			h.t.Errorf("words %s, queued %s", outcomes(h.ran(words)), outcomes(h.ran(queued)))
		}
		_, err = h.End(ctx, v)
		h.must(err)
		h.drain()
		rs := h.ran(over)
		if len(rs) != 1 || rs[0].Done[0].Failed.Code != "automation.unsummed" || rs[0].Done[1].Failed.Code != "conversation.state" {
			h.t.Errorf("after the end: %+v", rs)
		}
	})
}

// A message costs no statement more where no rule listens to messages, and one
// where one does.
func TestWhatAMessageCostsWithRules(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		v, _ := h.waiting()
		cost := func(clientID string) int {
			n, err := h.Statements(h.t.Context(), channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, ClientID: clientID, Text: "在吗", At: h.Now()})
			h.must(err)
			return n
		}
		cost("cost-0")
		plain := cost("cost-1")
		h.rule(brakes)
		cost("cost-2") // reads the rules anew
		if got := cost("cost-3"); got != plain {
			h.t.Errorf("with a rule of cases a message takes %d statements, before %d", got, plain)
		}
		h.rule(`{"name":"消息","on":[{"event":"message.received"}],"then":[{"kind":"add_tag","value":"a"}]}`)
		cost("cost-4")
		if got := cost("cost-5"); got != plain+1 {
			h.t.Errorf("with a rule of messages it takes %d statements, before %d", got, plain)
		}
	})
}

func TestRulesAreKept(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, boss := h.t.Context(), h.admin(agent.AutomationManage)
		var bad automation.Rule
		h.must(json.Unmarshal([]byte(`{"name":"x","on":[{"event":"case.opened"}],"when":{"all":[{"field":"case.kind","op":"is","value":"nothing"}]},"then":[{"kind":"note","text":"x"}]}`), &bad))
		_, err := h.AddRule(ctx, boss, bad)
		h.code(err, "automation.choice")
		_, err = h.AddRule(ctx, h.lin, bad)
		h.code(err, "permission.missing")
		gone := bad
		gone.When = automation.When{}
		gone.Then = []automation.Action{{Kind: automation.AssignTeam, Team: agent.NewTeamID(h.Now())}}
		_, err = h.AddRule(ctx, boss, gone)
		h.code(err, "team.unknown")
		gone.Then = []automation.Action{{Kind: automation.DoAct, Value: "fly"}}
		_, err = h.AddRule(ctx, boss, gone)
		h.code(err, "case.act")
		a, b := h.rule(brakes), h.rule(brakes)
		a.Name = "改名"
		changed, err := h.ChangeRule(ctx, boss, a)
		h.must(err)
		_, err = h.ChangeRule(ctx, boss, a)
		h.code(err, "store.changed")
		_, err = h.OrderRules(ctx, boss, []automation.ID{b.ID})
		h.code(err, "store.changed")
		rules, err := h.OrderRules(ctx, boss, []automation.ID{b.ID, a.ID})
		h.must(err)
		all, err := h.AutomationRules(ctx, boss)
		h.must(err)
		if len(rules) != 2 || all[0].ID != b.ID || all[1].Name != changed.Name {
			h.t.Errorf("in order: %+v", all)
		}
		h.must(h.RemoveRule(ctx, boss, b.ID))
		h.code(h.RemoveRule(ctx, boss, b.ID), "automation.unknown")
	})
}

// A dry run reads the histories back to what was so then.
func TestDryRunLooksBack(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, boss := h.t.Context(), h.admin(agent.AutomationManage)
		c := h.brakes("case-dry")
		h.complaint("case-dry-2")
		h.clock.Turn(time.Hour)
		h.accept(c)
		_, err := h.TagCase(ctx, h.lin, c.ID, []string{"安全"}, nil)
		h.must(err)
		try := func(in string) desk.Trial {
			var r automation.Rule
			h.must(json.Unmarshal([]byte(in), &r))
			out, err := h.TryRule(ctx, boss, r)
			h.must(err)
			return out
		}
		if out := try(brakes); out.Looked != 2 || out.Matched != 1 || out.Cases != 2 || !out.Examples[0].Hidden || out.Examples[0].Subject != "" {
			h.t.Errorf("for somebody who reads no cases: %+v", out)
		}
		out := try(`{"name":"x","on":[{"event":"case.stage"}],"when":{"all":[{"field":"case.state","op":"changed_from","value":"submitted"},{"field":"case.tags","op":"is_empty"}]},"then":[{"kind":"note","text":"x"}]}`)
		if out.Matched != 1 || out.Looked != 1 {
			h.t.Errorf("the stage: %+v", out.Report)
		}
		boss.Permissions = append(boss.Permissions, h.wang.Permissions...)
		boss.Scope = agent.ScopeAll
		if out := try(brakes); out.Examples[0].Hidden || out.Examples[0].Case != c.ID || out.Examples[0].Why.All[1].Is.String() == "" {
			h.t.Errorf("for a supervisor: %+v", out.Examples)
		}
		if got := h.acts(c); slices.Contains(got, ticket.Reply) {
			h.t.Errorf("the dry run did something: %v", got)
		}
		if out := try(`{"name":"x","on":[{"event":"time","every":5,"subject":"case"}],"then":[{"kind":"note","text":"x"}]}`); out.Matched != 2 {
			h.t.Errorf("of time: %+v", out.Report)
		}
		v, _ := h.waiting()
		_, err = h.Receive(ctx, channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, ClientID: "dry-0001", Text: "律师", At: h.Now()})
		h.must(err)
		if out := try(`{"name":"x","on":[{"event":"message.received"}],"when":{"field":"message.text","op":"contains","value":"律师"},"then":[{"kind":"note","text":"x"}]}`); out.Matched != 1 || out.Looked < 2 {
			h.t.Errorf("of messages: %+v", out.Report)
		}
	})
}

func TestMacros(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		m := automation.Macro{Name: "安抚", Shortcut: "/anfu", Subject: automation.Case, Text: "{{customer.name}} 您好，{{case.number}} 正在处理", Actions: []automation.Action{
			{Kind: automation.AddTag, Value: "已安抚"}, {Kind: automation.Note, Text: "已安抚客户"},
		}}
		_, err := h.AddMacro(ctx, h.lin, m)
		h.code(err, "permission.missing")
		m, err = h.AddMacro(ctx, h.wang, m)
		h.must(err)
		twin := m
		twin.ID = 0
		_, err = h.AddMacro(ctx, h.wang, twin)
		h.code(err, "macro.exists")
		c := h.complaint("case-macro")
		w := desk.Applying{Macro: m.ID, Case: c.ID}
		p, err := h.PreviewMacro(ctx, h.lin, w)
		h.must(err)
		if p.Text != c.Name+" 您好，"+c.Number+" 正在处理" || len(p.Done) != 2 || p.Done[0].Failed != nil {
			h.t.Errorf("the preview: %+v", p)
		}
		if got := h.acts(c); slices.Contains(got, ticket.Retag) {
			h.t.Fatalf("the preview did something: %v", got)
		}
		out, err := h.ApplyMacro(ctx, h.lin, w)
		h.must(err)
		if !slices.Equal(out.Case.Tags, []string{"已安抚"}) || out.Text != p.Text {
			h.t.Errorf("applied: %+v", out)
		}
		// All or nothing: the tag is there already, so the note is not written.
		before := len(h.acts(c))
		_, err = h.ApplyMacro(ctx, h.lin, w)
		h.code(err, "tags.same")
		if p, err = h.PreviewMacro(ctx, h.lin, w); err != nil || p.Done[0].Failed == nil || p.Done[0].Failed.Code != "tags.same" {
			h.t.Errorf("the preview of the second: %+v, %v", p.Done, err)
		}
		if got := len(h.acts(c)); got != before {
			h.t.Errorf("the history grew from %d to %d", before, got)
		}
		_, err = h.ApplyMacro(ctx, h.lin, desk.Applying{Macro: m.ID})
		h.code(err, "macro.other")
		up, err := h.AddMacro(ctx, h.wang, automation.Macro{Name: "升级", Subject: automation.Case, Actions: []automation.Action{{Kind: automation.Escalate, To: automation.ToSupervisor, Text: "客户要求"}}})
		h.must(err)
		_, err = h.ApplyMacro(ctx, h.lin, desk.Applying{Macro: up.ID, Case: c.ID})
		h.code(err, "case.need_confirmed")
		out, err = h.ApplyMacro(ctx, h.lin, desk.Applying{Macro: up.ID, Case: c.ID, Confirmed: "主管两小时内回电"})
		h.must(err)
		if out.Case.Escalation == nil || out.Case.Escalation.Confirmed.Text != "主管两小时内回电" {
			h.t.Errorf("escalated: %+v", out.Case.Escalation)
		}
		nobody, err := h.AddMacro(ctx, h.wang, automation.Macro{Name: "提醒", Subject: automation.Case, Actions: []automation.Action{{Kind: automation.Notify, To: automation.ToAgent, Agent: h.wang.Agent, Text: "请看"}}})
		h.must(err)
		boss := h.admin(agent.CaseRead, agent.CaseEdit, agent.ComplaintStaffRead)
		boss.Agent, boss.Scope = h.lin.Agent, agent.ScopeAll
		about, err := h.Accuse(ctx, boss, h.complaint("case-about-wang").ID, h.wang.Agent)
		h.must(err)
		w = desk.Applying{Macro: nobody.ID, Case: about.ID}
		_, err = h.ApplyMacro(ctx, boss, w)
		h.code(err, "automation.nobody")
		if p, err = h.PreviewMacro(ctx, boss, w); err != nil || p.Done[0].Failed == nil || p.Done[0].Failed.Code != "automation.nobody" {
			h.t.Errorf("the preview of telling the accused: %+v, %v", p.Done, err)
		}
		talk, err := h.AddMacro(ctx, h.wang, automation.Macro{Name: "会话", Subject: automation.Conversation, Text: "您好", Actions: []automation.Action{{Kind: automation.AddTag, Value: "咨询"}, {Kind: automation.SetPriority, Value: "high"}}})
		h.must(err)
		_, i := h.waiting()
		out, err = h.ApplyMacro(ctx, h.lin, desk.Applying{Macro: talk.ID, Conversation: i})
		h.must(err)
		if out.Conversation.Priority != 1 || !slices.Equal(out.Conversation.Tags, []string{"咨询"}) {
			h.t.Errorf("the conversation: %+v", out.Conversation)
		}
		ms, err := h.Macros(ctx, h.lin, automation.Case)
		h.must(err)
		if len(ms) != 3 {
			h.t.Errorf("for cases: %+v", ms)
		}
	})
}
