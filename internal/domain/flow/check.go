package flow

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"yingda/internal/kit/fault"
)

// Publishable returns everything that keeps a flow from being published: what
// Check finds, and otherwise the stored scripts that do not pass. all is the
// flows that are published already.
func (f Flow) Publishable(seams Catalogue, all Library) []*fault.Error {
	problems := f.Check(seams)
	if len(problems) > 0 {
		return problems
	}
	if len(f.Scripts) == 0 && f.LeadsCustomers() { // nobody types in a tree for agents
		return []*fault.Error{fault.New(fault.Invalid, "flow.no_script", "a flow needs at least one script").In("scripts")}
	}
	all = with(all, f)
	for _, s := range f.Scripts {
		problems = append(problems, s.playIn(all, f, nil)...)
	}
	return problems
}

// Check reads a flow without running it: steps that are never reached, texts
// that lack a language, writes without a confirmation before them, loops that
// never ask, seams and names that do not exist, slots that are never asked.
func (f Flow) Check(seams Catalogue) []*fault.Error {
	c := &check{flow: f, seams: seams, names: map[string]bool{}}
	c.head()
	c.slots()
	c.steps()
	c.tree()
	if len(c.problems) == 0 { // the way through is only there to be walked when the names are right
		c.reach()
		c.confirmations()
		c.loops()
		if f.LeadsAgents() {
			c.circles()
		}
	}
	return c.problems
}

var flowID = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// How large a flow may be.
const (
	mostSlots   = 40
	mostParts   = 100 // steps, and scripts
	mostText    = 1000
	mostMinutes = 24 * 60
)

// Keepable returns why a flow cannot even be kept as a draft; nil if it can,
// with all that may still be wrong in it.
func (f Flow) Keepable() *fault.Error {
	switch {
	case !flowID.MatchString(f.ID):
		return errFlowID().In("id")
	case len(f.Slots) > mostSlots || len(f.Steps) > mostParts || len(f.Scripts) > mostParts || f.Minutes < 0 || f.Minutes > mostMinutes:
		return fault.New(fault.Invalid, "flow.size", "a flow has at most %d slots, %d steps and as many scripts, and waits for an answer for %d minutes at most", mostSlots, mostParts, mostMinutes).In("steps")
	}
	return nil
}

func errFlowID() *fault.Error {
	return fault.New(fault.Invalid, "flow.id", "a flow needs an id of small letters, digits and _ that begins with a letter, and a version from 1 on")
}

type check struct {
	flow     Flow
	seams    Catalogue
	names    map[string]bool // slots, and fields that are found
	problems []*fault.Error
}

func (c *check) add(field string, err *fault.Error) {
	c.problems = append(c.problems, err.In(field))
}

func (c *check) text(field string, t Text) {
	if strings.TrimSpace(t.Zh) == "" || strings.TrimSpace(t.En) == "" {
		c.add(field, fault.New(fault.Invalid, "flow.text_missing", "this text is needed in Chinese and in English"))
	}
	if utf8.RuneCountInString(t.Zh) > mostText || utf8.RuneCountInString(t.En) > mostText {
		c.add(field, fault.New(fault.Invalid, "flow.text_long", "write at most %d characters", mostText))
	}
	if strings.ContainsAny(placeholder.ReplaceAllString(t.Zh+t.En, ""), "{}") {
		c.add(field, fault.New(fault.Invalid, "flow.braces", "braces stand only around a name, as in {vin} or {phone|mask}"))
	}
	for _, m := range placeholder.FindAllString(t.Zh+t.En, -1) {
		name, _, _ := strings.Cut(strings.Trim(m, "{}"), "|")
		if !c.names[name] {
			c.add(field, fault.New(fault.Invalid, "flow.name_unknown", "%s is neither a slot nor found by a step", name))
		}
	}
}

func (c *check) head() {
	f := c.flow
	if err := f.Keepable(); err != nil {
		c.problems = append(c.problems, err)
	}
	if f.Version < 1 {
		c.add("version", errFlowID())
	}
	if len(f.Triggers) == 0 && f.LeadsCustomers() {
		c.add("triggers", fault.New(fault.Invalid, "flow.triggers", "name what people say who want this"))
	}
	if len(f.Steps) == 0 {
		c.add("steps", fault.New(fault.Invalid, "flow.empty", "a flow needs steps"))
	}
	for _, s := range f.Slots {
		c.names[s.ID] = true
	}
	for _, s := range f.Steps {
		if seam, ok := c.seams.Find(s.Seam); ok {
			for _, field := range seam.Tells {
				c.names[s.Into+"."+field] = true
			}
		}
	}
	c.text("name", f.Name)
	c.text("cancelled", f.Cancelled)
}

func (c *check) slots() {
	asked, seen := map[string]bool{}, map[string]bool{}
	for _, s := range c.flow.Steps {
		for _, id := range s.Slots {
			asked[id] = true
		}
	}
	for i, s := range c.flow.Slots {
		at := fmt.Sprintf("slots.%d", i)
		switch {
		case s.ID == "" || seen[s.ID]:
			c.add(at, fault.New(fault.Invalid, "flow.double", "%q is not an id of its own", s.ID))
		case !slices.Contains(Types(), s.Type):
			c.add(at, fault.New(fault.Invalid, "flow.slot_type", "there is no type %q", string(s.Type)))
		case s.Type == Choice && len(s.Options) < 2:
			c.add(at, fault.New(fault.Invalid, "flow.options", "a choice needs at least two options"))
		case !asked[s.ID]:
			c.add(at, fault.New(fault.Invalid, "flow.slot_unasked", "no step asks for %s", s.ID))
		}
		seen[s.ID] = true
		c.text(at+".name", s.Name)
		c.text(at+".ask", s.Ask)
		c.text(at+".again", s.Again)
		for j, o := range s.Options {
			c.text(fmt.Sprintf("%s.options.%d", at, j), o.Name)
		}
	}
}

func (c *check) steps() {
	seen := map[string]bool{}
	for i, s := range c.flow.Steps {
		at := fmt.Sprintf("steps.%d", i)
		if s.ID == "" || seen[s.ID] {
			c.add(at, fault.New(fault.Invalid, "flow.double", "%q is not an id of its own", s.ID))
		}
		seen[s.ID] = true
		for _, next := range s.targets() {
			if c.flow.at(next) < 0 {
				c.add(at, fault.New(fault.Invalid, "flow.step_unknown", "there is no step %q", next))
			}
		}
		switch s.Kind {
		case Ask:
			c.asks(at, s)
		case LookUp, Write:
			c.calls(at, s)
		case Branch:
			c.cases(at, s)
		case Say, Confirm, End:
			c.text(at+".text", s.Text)
		default:
			c.add(at, fault.New(fault.Invalid, "flow.kind", "there is no kind of step %q", string(s.Kind)))
		}
	}
	if n := len(c.flow.Steps); n > 0 && c.flow.Steps[n-1].Kind != End && c.flow.Steps[n-1].Next == "" {
		c.add(fmt.Sprintf("steps.%d", n-1), fault.New(fault.Invalid, "flow.open_end", "the last step has to be an end, or to lead to one"))
	}
}

func (c *check) asks(at string, s Step) {
	if len(s.Slots) == 0 {
		c.add(at, fault.New(fault.Invalid, "flow.ask_nothing", "this step asks for nothing"))
	}
	for _, id := range s.Slots {
		if _, ok := c.flow.Slot(id); !ok {
			c.add(at, fault.New(fault.Invalid, "flow.slot_unknown", "there is no slot %q", id))
		}
	}
}

// calls checks a look-up or a write against the seam that it names.
func (c *check) calls(at string, s Step) {
	seam, ok := c.seams.Find(s.Seam)
	if !ok || seam.Writes != (s.Kind == Write) {
		c.add(at, fault.New(fault.Invalid, "flow.seam_unknown", "there is no seam %q of this kind", s.Seam))
		return
	}
	for _, name := range slices.Sorted(maps.Keys(s.With)) {
		of := s.With[name]
		if !slices.Contains(seam.Takes, name) {
			c.add(at, fault.New(fault.Invalid, "flow.parameter", "%s takes no %q", s.Seam, name))
		}
		if !strings.HasPrefix(of, "=") && !c.names[of] {
			c.add(at, fault.New(fault.Invalid, "flow.name_unknown", "%s is neither a slot nor found by a step", of))
		}
	}
	if s.Recheck != "" {
		c.text(at+".text", s.Text)
		if _, ok := c.flow.Slot(s.Recheck); !ok {
			c.add(at, fault.New(fault.Invalid, "flow.slot_unknown", "there is no slot %q", s.Recheck))
		}
	}
	if s.Into == "" && len(seam.Tells) > 0 {
		c.add(at, fault.New(fault.Invalid, "flow.into", "say under what name the result is kept"))
	}
}

func (c *check) cases(at string, s Step) {
	if len(s.Cases) == 0 {
		c.add(at, fault.New(fault.Invalid, "flow.no_case", "a branch needs a case"))
	}
	for _, k := range s.Cases {
		if !c.names[k.Of] {
			c.add(at, fault.New(fault.Invalid, "flow.name_unknown", "%s is neither a slot nor found by a step", k.Of))
		}
		if !slices.Contains([]Test{OneOf, NoneOf, Holds, Known, Unknown, AtLeast}, k.Is) {
			c.add(at, fault.New(fault.Invalid, "flow.test", "there is no test %q", string(k.Is)))
		}
	}
}

// targets returns the steps that a step names.
func (s Step) targets() (all []string) {
	for _, next := range []string{s.Next, s.Missing, s.Failed} {
		if next != "" {
			all = append(all, next)
		}
	}
	for _, k := range s.Cases {
		all = append(all, k.Next)
	}
	return all
}

// after returns where a step can lead.
func (f Flow) after(i int) (all []int) {
	s := f.Steps[i]
	for _, next := range s.targets() {
		all = append(all, f.at(next))
	}
	if s.Kind != End && s.Next == "" && i+1 < len(f.Steps) {
		all = append(all, i+1)
	}
	return all
}

func (c *check) reach() {
	seen := map[int]bool{}
	todo := []int{0}
	for len(todo) > 0 {
		i := todo[0]
		todo = todo[1:]
		if !seen[i] {
			seen[i] = true
			todo = append(todo, c.flow.after(i)...)
		}
	}
	for i, s := range c.flow.Steps {
		if !seen[i] {
			c.add(fmt.Sprintf("steps.%d", i), fault.New(fault.Invalid, "flow.unreachable", "no way leads to the step %s", s.ID))
		}
	}
}

// confirmations walks every way with and without a confirmation behind it: an
// ask or a look-up after one makes another necessary, because what is written
// may not be what was shown.
func (c *check) confirmations() {
	type place struct {
		at        int
		confirmed bool
	}
	seen, bad := map[place]bool{}, map[int]bool{}
	todo := []place{{}}
	for len(todo) > 0 {
		p := todo[0]
		todo = todo[1:]
		if seen[p] {
			continue
		}
		seen[p] = true
		switch c.flow.Steps[p.at].Kind {
		case Confirm:
			p.confirmed = true
		case Ask, LookUp:
			p.confirmed = false
		case Write:
			bad[p.at] = bad[p.at] || !p.confirmed
		case Branch, Say, End:
		}
		for _, next := range c.flow.after(p.at) {
			todo = append(todo, place{next, p.confirmed})
		}
	}
	for i, s := range c.flow.Steps {
		if bad[i] {
			c.add(fmt.Sprintf("steps.%d", i), fault.New(fault.Invalid, "flow.unconfirmed", "the step %s can write what was not confirmed right before", s.ID))
		}
	}
}

// loops finds a way from a step back to itself on which nobody is asked. A loop
// with a question in it whose slots are known is cut off when it runs, and a
// person takes over.
func (c *check) loops() {
	const inside, done = 1, 2
	mark := make([]int, len(c.flow.Steps))
	var walk func(i int) bool
	walk = func(i int) bool {
		if k := c.flow.Steps[i].Kind; mark[i] == done || k == Ask || k == Confirm {
			return false
		}
		if mark[i] == inside {
			return true
		}
		mark[i] = inside
		found := slices.ContainsFunc(c.flow.after(i), walk)
		mark[i] = done
		return found
	}
	for i, s := range c.flow.Steps {
		if mark[i] == 0 && walk(i) {
			c.add(fmt.Sprintf("steps.%d", i), fault.New(fault.Invalid, "flow.loop", "from the step %s a loop goes round without a question", s.ID))
		}
	}
}
