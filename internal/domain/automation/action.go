package automation

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
)

// ActionKind is what an action does.
type ActionKind string

// The kinds of action.
const (
	AssignTeam  ActionKind = "assign_team"
	AssignAgent ActionKind = "assign_agent"
	SetPriority ActionKind = "set_priority"
	SetLevel    ActionKind = "set_level"
	SetCategory ActionKind = "set_category"
	AddTag      ActionKind = "add_tag"
	RemoveTag   ActionKind = "remove_tag"
	Note        ActionKind = "note"
	Notify      ActionKind = "notify"
	Escalate    ActionKind = "escalate"
	SendMessage ActionKind = "send_message"
	AddTask     ActionKind = "add_task"
	SetFollowUp ActionKind = "set_follow_up"
	DoAct       ActionKind = "act" // an act of the case's state machine
)

// ActionKinds lists all of them, in the order in which a person reads them.
func ActionKinds() []ActionKind {
	return []ActionKind{
		AssignTeam, AssignAgent, SetPriority, SetLevel, SetCategory, AddTag, RemoveTag, Note, Notify, Escalate, SendMessage,
		AddTask, SetFollowUp, DoAct,
	}
}

// Audience is who is notified.
type Audience string

// Who can be notified.
const (
	ToAgent      Audience = "agent" // the one named, or who has the thing
	ToTeam       Audience = "team"  // the one named, or the team of the thing
	ToSupervisor Audience = "supervisor"
	ToManager    Audience = "manager"
)

// Action is one thing to do. Which of its fields count depends on its kind;
// Params says which.
type Action struct {
	Kind  ActionKind   `json:"kind"`
	Team  agent.TeamID `json:"team_id,omitzero"`
	Agent agent.ID     `json:"agent_id,omitzero"`
	To    Audience     `json:"to,omitzero"`
	Value string       `json:"value,omitzero"` // a priority, level, category, tag or act
	Text  string       `json:"text,omitzero"`  // may hold variables: {{case.number}}
	After string       `json:"after,omitzero"` // how long from now: 30m, 2h, 3d
}

// Param is one field of an action.
type Param string

// The fields of actions.
const (
	ParamTeam  Param = "team_id"
	ParamAgent Param = "agent_id"
	ParamTo    Param = "to"
	ParamValue Param = "value"
	ParamText  Param = "text"
	ParamAfter Param = "after"
)

// actionRule is what a kind of action needs, may have, and is for.
type actionRule struct {
	needs   []Param
	may     []Param
	fits    []Subject
	choices []Choice // of the value, where it is one of few
}

// Priorities and Levels are the choices of those fields.
var (
	Priorities = []Choice{{"low", "低", "Low"}, {"normal", "普通", "Normal"}, {"high", "高", "High"}, {"urgent", "紧急", "Urgent"}}
	Levels     = []Choice{{"simple", "简单", "Simple"}, {"general", "一般", "General"}, {"complex", "复杂", "Complex"}, {"special", "特殊", "Special"}}
)

var (
	both     = []Subject{Case, Conversation}
	caseOnly = []Subject{Case}
)

// actionRules is what each kind of action takes.
var actionRules = map[ActionKind]actionRule{
	AssignTeam:  {needs: []Param{ParamTeam}, fits: both},
	AssignAgent: {needs: []Param{ParamAgent}, fits: both},
	SetPriority: {needs: []Param{ParamValue}, fits: both, choices: Priorities},
	SetLevel:    {needs: []Param{ParamValue}, fits: caseOnly, choices: Levels},
	SetCategory: {needs: []Param{ParamValue}, fits: both},
	AddTag:      {needs: []Param{ParamValue}, fits: both},
	RemoveTag:   {needs: []Param{ParamValue}, fits: both},
	Note:        {needs: []Param{ParamText}, fits: both},
	Notify:      {needs: []Param{ParamTo, ParamText}, may: []Param{ParamTeam, ParamAgent}, fits: both},
	Escalate:    {needs: []Param{ParamText}, may: []Param{ParamTo, ParamTeam, ParamAgent}, fits: caseOnly},
	SendMessage: {needs: []Param{ParamText}, fits: both},
	AddTask:     {needs: []Param{ParamText}, may: []Param{ParamTeam, ParamAgent, ParamAfter}, fits: caseOnly},
	SetFollowUp: {needs: []Param{ParamAfter}, may: []Param{ParamText}, fits: caseOnly},
	DoAct:       {needs: []Param{ParamValue}, may: []Param{ParamText}, fits: caseOnly},
}

// Params returns which fields an action of the kind must have and which it may
// have besides.
func (k ActionKind) Params() (needs, may []Param) {
	r := actionRules[k]
	return slices.Clone(r.needs), slices.Clone(r.may)
}

// Subjects returns what an action of the kind can be done to.
func (k ActionKind) Subjects() []Subject { return slices.Clone(actionRules[k].fits) }

// Choices returns the values that an action of the kind can set, where they
// are few.
func (k ActionKind) Choices() []Choice { return slices.Clone(actionRules[k].choices) }

const (
	maxText  = 4000
	maxValue = 80
)

var (
	// plain words: tags, and categories and acts by their code.
	words     = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N} ._/-]*$`)
	shortcuts = regexp.MustCompile(`^[\p{L}\p{N}_-]{1,32}$`)
)

func checkActions(actions []Action, about []Subject, at string, least int) error {
	switch {
	case len(actions) < least:
		return fault.New(fault.Invalid, "automation.no_actions", "say what is to be done").In(at)
	case len(actions) > MaxActions:
		return fault.New(fault.Invalid, "automation.actions", "there are at most %d actions", MaxActions).In(at)
	}
	for i, a := range actions {
		if err := a.check(about, fmt.Sprintf("%s.%d", at, i)); err != nil {
			return err
		}
	}
	return nil
}

// Check says what is wrong with an action on things of some subjects.
func (a Action) Check(about ...Subject) error { return a.check(about, "action") }

func (a Action) check(about []Subject, at string) error {
	rule, ok := actionRules[a.Kind]
	if !ok {
		return fault.New(fault.Invalid, "automation.action", "there is no action %q", string(a.Kind)).In(at + ".kind")
	}
	for _, s := range about {
		if !slices.Contains(rule.fits, s) {
			return fault.New(fault.Invalid, "automation.action_subject", "the action %s cannot be done to every subject of the rule", string(a.Kind)).In(at + ".kind")
		}
	}
	has := a.params()
	for _, p := range rule.needs {
		if !slices.Contains(has, p) {
			return fault.New(fault.Invalid, "automation.param", "the action %s needs %s", string(a.Kind), string(p)).In(at + "." + string(p))
		}
	}
	for _, p := range has {
		if !slices.Contains(rule.needs, p) && !slices.Contains(rule.may, p) {
			return fault.New(fault.Invalid, "automation.param_extra", "the action %s has no %s", string(a.Kind), string(p)).In(at + "." + string(p))
		}
	}
	return a.checkParams(rule, about, at)
}

// params returns the fields that are filled in.
func (a Action) params() []Param {
	var has []Param
	for _, p := range []struct {
		param Param
		set   bool
	}{
		{ParamTeam, !a.Team.IsZero()},
		{ParamAgent, !a.Agent.IsZero()},
		{ParamTo, a.To != ""},
		{ParamValue, strings.TrimSpace(a.Value) != ""},
		{ParamText, strings.TrimSpace(a.Text) != ""},
		{ParamAfter, a.After != ""},
	} {
		if p.set {
			has = append(has, p.param)
		}
	}
	return has
}

func (a Action) checkParams(rule actionRule, about []Subject, at string) error {
	_, span := ParseSpan(a.After)
	switch {
	case rule.choices != nil && !isChoice(rule.choices, a.Value):
		return fault.New(fault.Invalid, "automation.action_choice", "the action %s has no choice %q", string(a.Kind), a.Value).In(at + ".value")
	case a.Value != "" && (utf8.RuneCountInString(a.Value) > maxValue || !words.MatchString(a.Value)):
		return fault.New(fault.Invalid, "automation.word", "write 1 to %d letters or digits", maxValue).In(at + ".value")
	case a.To != "" && !slices.Contains([]Audience{ToAgent, ToTeam, ToSupervisor, ToManager}, a.To):
		return fault.New(fault.Invalid, "automation.audience", "tell the agent, the team, the supervisor or the manager").In(at + ".to")
	case a.Kind == Notify && (!a.Team.IsZero() && a.To != ToTeam || !a.Agent.IsZero() && a.To != ToAgent):
		return fault.New(fault.Invalid, "automation.audience_named", "name an agent only to tell an agent, and a team only to tell a team").In(at + ".to")
	case a.After != "" && !span:
		return fault.New(fault.Invalid, "automation.value_duration", "write a length of time as 30m, 2h or 3d").In(at + ".after")
	}
	return CheckTemplate(a.Text, about, at+".text")
}

func isChoice(choices []Choice, value string) bool {
	return slices.ContainsFunc(choices, func(c Choice) bool { return c.Value == value })
}
