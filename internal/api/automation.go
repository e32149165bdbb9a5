package api

import (
	"context"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/automation"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/ticket"
	"yingda/internal/store"
)

func (a *API) automation(r *router) {
	manage := agent.AutomationManage
	call(r, get("/automation/catalogue", "What rules and macros are made of: events, fields, operators, actions, variables"), a.automationWords)
	call(r, get("/automation/rules", "The rules, in the order in which they are asked"), a.listRules)
	call(r, post("/automation/rules", "Add a rule behind the others").needs(manage).answers(201), a.addRule)
	call(r, put("/automation/rules/{id}", "Put a rule in place of another; a newer version is a conflict").needs(manage), a.changeRule)
	act(r, remove("/automation/rules/{id}", "Delete a rule; what it did stays in the log").needs(manage), a.removeRule)
	call(r, put("/automation/rules/{id}/enabled", "Switch a rule on or off").needs(manage), a.enableRule)
	call(r, put("/automation/order", "Put the rules into an order; all of them are named").needs(manage), a.orderRules)
	call(r, post("/automation/dry-run", "What a rule would have done in the last thirty days; nothing is done").needs(manage), a.dryRun)
	call(r, get("/automation/runs", "What rules did, and why; newest first"), a.listRuns)
	call(r, get("/macros", "Macros that one may use, by name"), a.listMacros)
	call(r, post("/macros", "Keep a macro; needs canned.shared or automation.manage").answers(201), a.addMacro)
	call(r, put("/macros/{id}", "Put a macro in place of another; a newer version is a conflict"), a.changeMacro)
	act(r, remove("/macros/{id}", "Delete a macro"), a.removeMacro)
	call(r, post("/macros/{id}/preview", "What a macro would do to a case or a conversation, and what would be refused; nothing is done"), a.previewMacro)
	call(r, post("/macros/{id}/apply", "Do what a macro says, all of it or nothing; its text comes back for the composer"), a.applyMacro)
	call(r, post("/cases/{id}/tags", "Put tags on a case, take others off").needs(agent.CaseEdit), a.tagCase)
	call(r, post("/cases/{id}/priority", "Say how urgent a case is and how great its impact; its priority follows").needs(agent.CaseEdit), a.prioritiseCase)
	call(r, post("/conversations/{id}/tags", "Put tags on a conversation, take others off").needs(agent.ConversationReply), a.tagConversation)
}

// anyValue describes a value of a condition: a text, a number, true or false,
// or a list of those.
type anyValue struct{}

// Schema returns that anything goes; the rules of the domain say what fits.
func (anyValue) Schema(huma.Registry) *huma.Schema { return &huma.Schema{} }

type automationWords struct {
	Events    []eventView           `json:"events"`
	Fields    []automation.Field    `json:"fields"`
	Ops       []opView              `json:"ops"`
	Actions   []actionKind          `json:"actions"`
	Audiences []automation.Choice   `json:"audiences"`
	Subjects  []automation.Choice   `json:"subjects"`
	Variables []automation.Variable `json:"variables"`
	Acts      []codeView            `json:"acts" doc:"the values of the action act"`
	Limits    ruleLimits            `json:"limits"`
}

type ruleLimits struct {
	Depth      int `json:"depth"`
	Conditions int `json:"conditions"`
	Actions    int `json:"actions"`
	Triggers   int `json:"triggers"`
}

type eventView struct {
	automation.Choice
	Subject automation.Subject `json:"subject,omitempty" doc:"absent for time, which says it itself"`
}

type opView struct {
	automation.Choice
	Wants string `json:"wants" enum:"none,one,word,many,words,pair,span,moment"`
}

type actionKind struct {
	automation.Choice
	Needs    []automation.Param   `json:"needs"`
	May      []automation.Param   `json:"may"`
	Subjects []automation.Subject `json:"subjects"`
	Choices  []automation.Choice  `json:"choices"`
}

func (a *API) automationWords(context.Context, agent.Actor, *struct{}) (automationWords, error) {
	w := automationWords{
		Audiences: automation.AudienceWords(), Subjects: automation.SubjectWords(), Variables: automation.Variables(), Fields: automation.Fields(),
		Limits: ruleLimits{automation.MaxDepth, automation.MaxConditions, automation.MaxActions, automation.MaxTriggers},
	}
	for _, e := range automation.EventWords() {
		w.Events = append(w.Events, eventView{e, automation.Trigger{Event: automation.Event(e.Value)}.About()})
	}
	for _, o := range automation.OpWords() {
		w.Ops = append(w.Ops, opView{o, automation.Op(o.Value).ValueShape()})
	}
	for _, k := range automation.ActionWords() {
		kind := automation.ActionKind(k.Value)
		v := actionKind{Choice: k, Subjects: kind.Subjects(), Choices: orEmpty(kind.Choices())}
		needs, may := kind.Params()
		v.Needs, v.May = orEmpty(needs), orEmpty(may)
		w.Actions = append(w.Actions, v)
	}
	for _, x := range ticket.Acts() {
		w.Acts = append(w.Acts, codeView{string(x), x.Name()})
	}
	return w, nil
}

// orEmpty returns a list that is not null.
func orEmpty[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

func (a *API) listRules(ctx context.Context, by agent.Actor, _ *struct{}) (list[automation.Rule], error) {
	rs, err := a.Desk.AutomationRules(ctx, by)
	return list[automation.Rule]{Items: rs}, err
}

// ruleDraft is a rule as it is written.
type ruleDraft struct {
	Name      string               `json:"name"`
	Enabled   bool                 `json:"enabled"`
	On        []automation.Trigger `json:"on"`
	When      automation.When      `json:"when,omitzero"`
	Then      []automation.Action  `json:"then"`
	StopAfter bool                 `json:"stop_after,omitempty"`
	Version   int64                `json:"version,omitempty" doc:"the version that was read"`
}

func (b ruleDraft) rule(i automation.ID) automation.Rule {
	return automation.Rule{ID: i, Name: b.Name, Enabled: b.Enabled, On: b.On, When: b.When, Then: b.Then, StopAfter: b.StopAfter, Version: b.Version}
}

func (a *API) addRule(ctx context.Context, by agent.Actor, in *struct{ Body ruleDraft }) (automation.Rule, error) {
	return a.Desk.AddRule(ctx, by, in.Body.rule(0))
}

func (a *API) changeRule(ctx context.Context, by agent.Actor, in *withBody[automation.ID, ruleDraft]) (automation.Rule, error) {
	return a.Desk.ChangeRule(ctx, by, in.Body.rule(in.ID.Value))
}

func (a *API) removeRule(ctx context.Context, by agent.Actor, in *byID[automation.ID]) error {
	return a.Desk.RemoveRule(ctx, by, in.ID.Value)
}

type ruleSwitch struct {
	Enabled bool `json:"enabled"`
}

func (a *API) enableRule(ctx context.Context, by agent.Actor, in *withBody[automation.ID, ruleSwitch]) (automation.Rule, error) {
	return a.Desk.EnableRule(ctx, by, in.ID.Value, in.Body.Enabled)
}

type ruleOrder struct {
	Rules []automation.ID `json:"rules"`
}

func (a *API) orderRules(ctx context.Context, by agent.Actor, in *struct{ Body ruleOrder }) (list[automation.Rule], error) {
	rs, err := a.Desk.OrderRules(ctx, by, in.Body.Rules)
	return list[automation.Rule]{Items: orEmpty(rs)}, err
}

// trialView is what a rule would have done, and what was looked at to say so.
type trialView struct {
	From          time.Time     `json:"from"`
	To            time.Time     `json:"to"`
	Cases         int           `json:"cases" doc:"whose histories were read"`
	Conversations int           `json:"conversations"`
	Cut           bool          `json:"cut" doc:"there was more than is looked at; the newest was"`
	Looked        int           `json:"looked" doc:"happenings of the rule's events"`
	Matched       int           `json:"matched" doc:"of those, on how many it would have fired"`
	Subjects      int           `json:"subjects" doc:"on how many different cases or conversations"`
	Examples      []exampleView `json:"examples"`
}

type exampleView struct {
	At           time.Time           `json:"at"`
	Subject      string              `json:"subject" doc:"its number; empty if one may not see it"`
	Case         ticket.ID           `json:"case_id,omitzero"`
	Conversation conversation.ID     `json:"conversation_id,omitzero"`
	Hidden       bool                `json:"hidden" doc:"one may not see the thing: what its fields held is left out"`
	Event        automation.Event    `json:"event"`
	Actions      []automation.Action `json:"actions"`
	Why          automation.Verdict  `json:"why"`
}

func (a *API) dryRun(ctx context.Context, by agent.Actor, in *struct{ Body ruleDraft }) (trialView, error) {
	t, err := a.Desk.TryRule(ctx, by, in.Body.rule(0))
	v := trialView{
		From: t.From, To: t.To, Cases: t.Cases, Conversations: t.Talks, Cut: t.Cut, Looked: t.Looked, Matched: t.Matched, Subjects: t.Subjects, Examples: []exampleView{},
	}
	for _, e := range t.Examples {
		v.Examples = append(v.Examples, exampleView{e.At, e.Subject, e.Case, e.Conversation, e.Hidden, e.Event, orEmpty(e.Actions), e.Why})
	}
	return v, err
}

type listRuns struct {
	PageOf
	Rule         param[automation.ID]   `query:"rule_id"`
	Case         param[ticket.ID]       `query:"case_id"`
	Conversation param[conversation.ID] `query:"conversation_id"`
	Outcome      string                 `query:"outcome" enum:"fired,held,skipped"`
}

// runView is a line of the log, with its reasons in both languages.
type runView struct {
	ID           store.RunID         `json:"id"`
	Rule         automation.ID       `json:"rule_id"`
	RuleName     string              `json:"rule_name"`
	Subject      automation.Subject  `json:"subject"`
	SubjectName  string              `json:"subject_name" doc:"its number; empty if one may not see it"`
	Case         ticket.ID           `json:"case_id,omitzero"`
	Conversation conversation.ID     `json:"conversation_id,omitzero"`
	Hidden       bool                `json:"hidden" doc:"one may not see the thing: what its fields held is left out"`
	Event        automation.Event    `json:"event"`
	Outcome      store.Outcome       `json:"outcome" enum:"fired,held,skipped"`
	At           time.Time           `json:"at"`
	Depth        int                 `json:"depth" doc:"how many rules in a row led to it"`
	WhyZh        string              `json:"why_zh,omitempty"`
	WhyEn        string              `json:"why_en,omitempty"`
	Tree         *automation.Verdict `json:"tree,omitempty" doc:"the conditions with what was found"`
	Done         []doneView          `json:"done"`
}

func viewRun(r desk.RunSeen) runView {
	v := runView{
		ID: r.ID, Rule: r.Rule, RuleName: r.RuleName, Subject: r.Subject, SubjectName: r.SubjectName, Case: r.Case, Conversation: r.Conversation,
		Hidden: r.Hidden, Event: r.Event, Outcome: r.Outcome, At: r.At, Depth: r.Depth, Tree: r.Tree, Done: viewDone(r.Done),
	}
	if r.Why.Code != "" {
		v.WhyZh, v.WhyEn = r.Why.In(phrase.Chinese), r.Why.In(phrase.English)
	}
	return v
}

// doneView is an action with what became of it.
type doneView struct {
	Action automation.Action `json:"action"`
	Text   string            `json:"text,omitempty" doc:"its text, with the variables filled in"`
	Failed bool              `json:"failed"`
	WhyZh  string            `json:"why_zh,omitempty"`
	WhyEn  string            `json:"why_en,omitempty"`
}

func viewDone(done []store.Done) []doneView {
	all := make([]doneView, 0, len(done))
	for _, d := range done {
		v := doneView{Action: d.Action, Text: d.Text}
		if d.Failed != nil {
			v.Failed, v.WhyZh, v.WhyEn = true, d.Failed.Zh, d.Failed.En
		}
		all = append(all, v)
	}
	return all
}

func (a *API) listRuns(ctx context.Context, by agent.Actor, in *listRuns) (list[runView], error) {
	q := store.RunList{Rule: in.Rule.Value, Outcome: store.Outcome(in.Outcome), Cursor: in.Cursor, Limit: in.Limit}
	switch {
	case !in.Case.Value.IsZero():
		q.Subject, q.SubjectID = automation.Case, int64(in.Case.Value)
	case !in.Conversation.Value.IsZero():
		q.Subject, q.SubjectID = automation.Conversation, int64(in.Conversation.Value)
	}
	p, err := a.Desk.AutomationRuns(ctx, by, q)
	l := list[runView]{Items: make([]runView, 0, len(p.Items)), Next: p.Next}
	for _, r := range p.Items {
		l.Items = append(l.Items, viewRun(r))
	}
	return l, err
}

type listMacros struct {
	Subject string `query:"subject" enum:"case,conversation"`
}

func (a *API) listMacros(ctx context.Context, by agent.Actor, in *listMacros) (list[automation.Macro], error) {
	ms, err := a.Desk.Macros(ctx, by, automation.Subject(in.Subject))
	for i := range ms {
		ms[i].Actions = orEmpty(ms[i].Actions)
	}
	return list[automation.Macro]{Items: orEmpty(ms)}, err
}

type macroDraft struct {
	Name     string              `json:"name"`
	Shortcut string              `json:"shortcut,omitempty" doc:"typed after a slash"`
	Team     agent.TeamID        `json:"team_id,omitzero" doc:"whose it is; everybody's if absent"`
	Subject  automation.Subject  `json:"subject"`
	Text     string              `json:"text,omitempty" doc:"put into the composer"`
	Actions  []automation.Action `json:"actions"`
	Version  int64               `json:"version,omitempty"`
}

func (b macroDraft) macro(i automation.MacroID) automation.Macro {
	return automation.Macro{ID: i, Name: b.Name, Shortcut: b.Shortcut, Team: b.Team, Subject: b.Subject, Text: b.Text, Actions: orEmpty(b.Actions), Version: b.Version}
}

func (a *API) addMacro(ctx context.Context, by agent.Actor, in *struct{ Body macroDraft }) (automation.Macro, error) {
	return a.Desk.AddMacro(ctx, by, in.Body.macro(0))
}

func (a *API) changeMacro(ctx context.Context, by agent.Actor, in *withBody[automation.MacroID, macroDraft]) (automation.Macro, error) {
	return a.Desk.ChangeMacro(ctx, by, in.Body.macro(in.ID.Value))
}

func (a *API) removeMacro(ctx context.Context, by agent.Actor, in *byID[automation.MacroID]) error {
	return a.Desk.RemoveMacro(ctx, by, in.ID.Value)
}

type applyTo struct {
	Case         ticket.ID       `json:"case_id,omitzero"`
	Conversation conversation.ID `json:"conversation_id,omitzero"`
	Confirmed    string          `json:"confirmed,omitempty" doc:"what the customer agreed to, if the macro escalates"`
}

func (b applyTo) to(i automation.MacroID) desk.Applying {
	return desk.Applying{Macro: i, Case: b.Case, Conversation: b.Conversation, Confirmed: b.Confirmed}
}

type appliedView struct {
	Text      string     `json:"text" doc:"for the composer"`
	Done      []doneView `json:"done"`
	Escalates bool       `json:"escalates" doc:"say what the customer agreed to"`
}

func viewApplied(out desk.Applied) appliedView {
	return appliedView{out.Text, viewDone(out.Done), slices.ContainsFunc(out.Macro.Actions, func(x automation.Action) bool { return x.Kind == automation.Escalate })}
}

func (a *API) previewMacro(ctx context.Context, by agent.Actor, in *withBody[automation.MacroID, applyTo]) (appliedView, error) {
	out, err := a.Desk.PreviewMacro(ctx, by, in.Body.to(in.ID.Value))
	return viewApplied(out), err
}

func (a *API) applyMacro(ctx context.Context, by agent.Actor, in *withBody[automation.MacroID, applyTo]) (appliedView, error) {
	out, err := a.Desk.ApplyMacro(ctx, by, in.Body.to(in.ID.Value))
	return viewApplied(out), err
}

type tagging struct {
	Add    []string `json:"add,omitempty"`
	Remove []string `json:"remove,omitempty"`
}

func (a *API) tagCase(ctx context.Context, by agent.Actor, in *withBody[ticket.ID, tagging]) (caseView, error) {
	c, err := a.Desk.TagCase(ctx, by, in.ID.Value, in.Body.Add, in.Body.Remove)
	return viewCase(c), err
}

type weight struct {
	Urgency ticket.Urgency `json:"urgency" minimum:"1" maximum:"3"`
	Impact  ticket.Impact  `json:"impact" minimum:"1" maximum:"3"`
	Shown   string         `json:"suggested,omitempty" enum:"low,normal,high" doc:"the urgency that closed work suggested; what is done with suggestions is counted"`
}

func (a *API) prioritiseCase(ctx context.Context, by agent.Actor, in *withBody[ticket.ID, weight]) (caseView, error) {
	c, err := a.Desk.PrioritiseCase(ctx, by, in.ID.Value, in.Body.Urgency, in.Body.Impact, in.Body.Shown)
	return viewCase(c), err
}

func (a *API) tagConversation(ctx context.Context, by agent.Actor, in *withBody[conversation.ID, tagging]) (conversation.Conversation, error) {
	return a.Desk.TagConversation(ctx, by, in.ID.Value, in.Body.Add, in.Body.Remove)
}
