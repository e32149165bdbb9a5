package flow

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"yingda/internal/kit/fault"
)

// A troubleshooting tree (引导排查) is a flow that agents are led through beside
// a conversation or a case: it asks by choices, branches, says what is to be
// done, and ends with what to do. Nothing is read from what somebody typed and
// nothing is written, so that it can be gone through with the digits of a
// keyboard and back again.

// Audience is whom a flow leads.
type Audience string

// The audiences.
const (
	Customers Audience = ""       // through the assistant
	Agents    Audience = "agents" // in the workspace
	Everybody Audience = "both"
)

// LeadsAgents reports whether the flow is a tree for agents.
func (f Flow) LeadsAgents() bool { return f.Audience == Agents || f.Audience == Everybody }

// LeadsCustomers reports whether the assistant carries customers through it.
func (f Flow) LeadsCustomers() bool { return f.Audience != Agents }

// tree checks what a flow needs for agents to be led through it.
func (c *check) tree() {
	f := c.flow
	if !slices.Contains([]Audience{Customers, Agents, Everybody}, f.Audience) {
		c.add("audience", fault.New(fault.Invalid, "flow.audience", "a flow leads customers, agents or both"))
	}
	if !f.LeadsAgents() {
		return
	}
	for i, s := range f.Slots {
		if s.Type != Choice && s.Type != YesNo || s.Optional {
			c.add(fmt.Sprintf("slots.%d", i), fault.New(fault.Invalid, "flow.tree_slot", "agents are asked by choices or yes and no only; %s is something else", s.ID))
		}
	}
	for i, s := range f.Steps {
		at := fmt.Sprintf("steps.%d", i)
		switch s.Kind {
		case Ask:
			if len(s.Slots) != 1 {
				c.add(at, fault.New(fault.Invalid, "flow.tree_ask", "a step of a tree for agents asks one thing"))
			}
		case Branch:
			c.whole(at, s)
		case Say, End:
		case LookUp, Confirm, Write:
			c.add(at, fault.New(fault.Invalid, "flow.tree_step", "a tree for agents asks, branches, says and ends; it looks up and writes nothing"))
		}
	}
}

// whole checks that a branch knows the way for every answer.
func (c *check) whole(at string, s Step) {
	if s.Next != "" {
		return
	}
	by := map[string][]string{}
	for _, k := range s.Cases {
		if k.Is != OneOf {
			return // the ways cannot be counted; the step below is the rest's
		}
		by[k.Of] = append(by[k.Of], k.Any...)
	}
	for id, named := range by {
		slot, _ := c.flow.Slot(id)
		for _, o := range slot.answers() {
			if !slices.Contains(named, o.ID) {
				c.add(at, fault.New(fault.Invalid, "flow.tree_unsaid", "the answer “%s” has no way here: name it, or say where all others go", o.Name.Zh))
			}
		}
	}
}

// circles finds a way round in a tree: what was answered is not asked again, so
// it would never end.
func (c *check) circles() {
	const inside, done = 1, 2
	mark := make([]int, len(c.flow.Steps))
	var walk func(i int) bool
	walk = func(i int) bool {
		switch mark[i] {
		case inside:
			return true
		case done:
			return false
		}
		mark[i] = inside
		found := slices.ContainsFunc(c.flow.after(i), walk)
		mark[i] = done
		return found
	}
	if len(c.flow.Steps) > 0 && walk(0) {
		c.add("steps", fault.New(fault.Invalid, "flow.tree_circle", "a tree for agents must not lead back to a step before"))
	}
}

// answers are the options of a slot, those of yes and no among them.
func (s Slot) answers() []Option {
	if s.Type == YesNo {
		return []Option{{ID: Yes, Name: sayYes}, {ID: No, Name: sayNo}}
	}
	return s.Options
}

// Answer is what an agent chose.
type Answer struct {
	Slot   string `json:"slot"`
	Option string `json:"option"`
}

// Passed is a question that was answered, with what was said before it.
type Passed struct {
	Says     []Text `json:"says"` // to be done before the question
	Slot     string `json:"slot"`
	Question Text   `json:"question"`
	Option   string `json:"option"`
	Answer   Text   `json:"answer"`
}

// Guide is where somebody is in a tree.
type Guide struct {
	Passed   []Passed `json:"passed"`
	Says     []Text   `json:"says"` // to be done now
	Slot     string   `json:"slot,omitzero"`
	Question Text     `json:"question,omitzero"` // empty at the end
	Options  []Option `json:"options"`
	Ends     bool     `json:"ends"`
	Outcome  Text     `json:"outcome,omitzero"` // at the end: what to do
	Person   bool     `json:"person"`           // at the end: a colleague has to take over
}

// Guided returns where a tree has come to with the answers that were given, in
// their order. Answers that do not belong to it, as those to another version,
// are a Conflict.
func (f Flow) Guided(answers []Answer) (g Guide, err error) {
	g = Guide{Passed: []Passed{}, Says: []Text{}, Options: []Option{}}
	frame := &Frame{Values: map[string]Value{}}
	at := 0
	for range mostSteps {
		if at < 0 || at >= len(f.Steps) {
			break
		}
		step, next := f.Steps[at], ""
		switch step.Kind {
		case Ask:
			slot, ok := f.Slot(strings.Join(step.Slots, ""))
			if !ok {
				return g, errGuideMoved()
			}
			if _, known := frame.Values[slot.ID]; known {
				break
			}
			if len(answers) == 0 {
				g.Slot, g.Question, g.Options = slot.ID, f.filled(slot.Ask, frame), slot.answers()
				return g, nil
			}
			a := answers[0]
			i := slices.IndexFunc(slot.answers(), func(o Option) bool { return o.ID == a.Option })
			if a.Slot != slot.ID || i < 0 {
				return g, errGuideMoved()
			}
			g.Passed = append(g.Passed, Passed{Says: g.Says, Slot: slot.ID, Question: f.filled(slot.Ask, frame), Option: a.Option, Answer: slot.answers()[i].Name})
			g.Says, answers = []Text{}, answers[1:]
			frame.Values[slot.ID] = Value{Type: slot.Type, Text: a.Option}
		case Branch:
			next = step.way(frame)
		case Say:
			g.Says = append(g.Says, f.filled(step.Text, frame))
		case End:
			if len(answers) > 0 {
				return g, errGuideMoved()
			}
			g.Ends, g.Outcome, g.Person = true, f.filled(step.Text, frame), step.Person
			return g, nil
		case LookUp, Confirm, Write:
			return g, errGuideMoved()
		}
		if step.Kind != Branch {
			next = step.Next
		}
		if at++; next != "" {
			at = f.at(next)
		}
	}
	return g, errGuideMoved()
}

func errGuideMoved() error {
	return fault.New(fault.Conflict, "flow.guide_moved", "this tree was changed meanwhile; begin it again")
}

// filled puts the names of what was chosen into a text.
func (f Flow) filled(text Text, frame *Frame) Text {
	fill := func(s string, name func(Option) string) string {
		return placeholder.ReplaceAllStringFunc(s, func(m string) string {
			id, _, _ := strings.Cut(strings.Trim(m, "{}"), "|")
			slot, _ := f.Slot(id)
			for _, o := range slot.answers() {
				if o.ID == frame.Values[id].Text {
					return name(o)
				}
			}
			return "—"
		})
	}
	return Text{Zh: fill(text.Zh, func(o Option) string { return o.Name.Zh }), En: fill(text.En, func(o Option) string { return o.Name.En })}
}

// Note returns what was gone through, for colleagues.
func (g Guide) Note(f Flow, language string) string {
	var b strings.Builder
	b.WriteString(Text{Zh: "引导排查：", En: "Troubleshooting: "}.In(language) + f.Name.In(language))
	for i, p := range g.Passed {
		for _, s := range p.Says {
			b.WriteString("\n· " + s.In(language))
		}
		b.WriteString("\n" + strconv.Itoa(i+1) + ". " + p.Question.In(language) + " → " + p.Answer.In(language))
	}
	for _, s := range g.Says {
		b.WriteString("\n· " + s.In(language))
	}
	switch {
	case g.Ends:
		b.WriteString("\n" + Text{Zh: "结论：", En: "Outcome: "}.In(language) + g.Outcome.In(language))
	default:
		b.WriteString("\n" + Text{Zh: "停在：", En: "Stopped at: "}.In(language) + g.Question.In(language))
	}
	return b.String()
}

// Tell returns what the customer is to do next, as it can be sent to them.
func (g Guide) Tell(language string) string {
	var lines []string
	for _, s := range g.Says {
		lines = append(lines, s.In(language))
	}
	if g.Ends {
		lines = append(lines, g.Outcome.In(language))
	} else {
		names := make([]string, 0, len(g.Options))
		for _, o := range g.Options {
			names = append(names, o.Name.In(language))
		}
		lines = append(lines, g.Question.In(language)+Text{Zh: "（", En: " ("}.In(language)+strings.Join(names, Text{Zh: "／", En: " / "}.In(language))+Text{Zh: "）", En: ")"}.In(language))
	}
	return strings.Join(lines, "\n")
}
