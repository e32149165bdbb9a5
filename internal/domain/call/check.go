package call

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"yingda/internal/domain/prompt"
	"yingda/internal/kit/fault"
)

// Names is what a menu may name and others look after. A list that is nil is
// not checked.
type Names struct {
	Prompts   prompt.Library
	Queues    []string
	Calendars []string
	Hooks     []Hook
	Numbers   []string // of the dial plan
}

// How large a menu may be.
const (
	mostNodes   = 200
	mostChoices = len(keys)
	mostSeconds = 2 * 60 * 60
	mostTyped   = 40
)

var nodeID = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Check returns everything that is wrong with a menu, each with the node that
// it is about and what to do. Nothing that Check has let pass leaves a caller in
// silence or goes round for ever.
func (m Menu) Check(names Names) []*fault.Error {
	c := &check{menu: m, names: names, values: facts()}
	if err := m.Keepable(); err != nil {
		return append(c.problems, err)
	}
	for _, n := range m.Nodes {
		c.values = append(c.values, n.gives()...)
	}
	seen := map[string]bool{}
	for _, n := range m.Nodes {
		if !nodeID.MatchString(n.ID) || seen[n.ID] {
			c.add(wrong(n, "id", "menu.id", "the node %q needs an id of its own, of small letters, digits and _", n.ID))
		}
		seen[n.ID] = true
		c.node(n)
	}
	if _, ok := m.Find(m.Start); !ok {
		c.problems = append(c.problems, fault.New(fault.Invalid, "menu.start", "the menu begins at %q, which there is not; choose a node", m.Start).In("start"))
	}
	if m.Language != prompt.Chinese && m.Language != prompt.English {
		c.problems = append(c.problems, fault.New(fault.Invalid, "menu.begins", "the menu begins in the language %q; callers are spoken to in zh or en", m.Language).In("language"))
	}
	if len(c.problems) == 0 { // the ways can only be walked when all are there
		c.reach()
		c.loops()
		c.people()
	}
	return c.problems
}

// Keepable returns why a menu cannot even be kept as a draft; nil if it can, with
// all that may still be wrong in it.
func (m Menu) Keepable() *fault.Error {
	if len(m.Nodes) == 0 || len(m.Nodes) > mostNodes || !nodeID.MatchString(m.ID) {
		return fault.New(fault.Invalid, "menu.size", "a menu needs an id of small letters, digits and _, and 1 to %d nodes", mostNodes).In("nodes")
	}
	return nil
}

// Languages returns the languages in which callers of a menu are spoken to: that
// in which it begins, and those that its nodes set.
func (m Menu) Languages() []string {
	all := []string{cmp.Or(m.Language, prompt.Chinese)}
	for _, n := range m.Nodes {
		if l := n.Values["language"]; n.Kind == KindSet && l != "" && !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	return all
}

type check struct {
	menu     Menu
	names    Names
	values   []string // names that a prompt or a condition may use
	problems []*fault.Error
}

func (c *check) add(problem *fault.Error) { c.problems = append(c.problems, problem) }

// wrong is what is wrong with a field of a node.
func wrong(n Node, field, code, format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, code, format, args...).In("nodes." + n.ID + "." + field)
}

// facts are the values that every call has.
func facts() []string {
	return []string{"ahead", "least", "most", "opens_on", "opens_at", "tail", "caller", "line", "agent", "language"}
}

// gives returns the values that a node makes known.
func (n Node) gives() []string {
	all := slices.Clone(n.Tells)
	if n.Into != "" {
		all = append(all, n.Into)
	}
	for name := range n.Values {
		all = append(all, name)
	}
	return all
}

// fromOutside reports a value that who keeps the contacts tells:
// contact.known, contact.tier.
func fromOutside(name string) bool { return strings.HasPrefix(name, "contact.") }

func (c *check) node(n Node) {
	if !slices.Contains(Kinds(), n.Kind) {
		c.add(wrong(n, "kind", "menu.kind", "the node %s is of the kind %q, which there is not", n.ID, string(n.Kind)))
		return
	}
	c.leads(n)
	c.says(n)
	c.bounds(n)
	switch n.Kind {
	case KindMenu:
		c.choices(n)
		c.speaks(n)
	case KindCollect:
		c.speaks(n)
		c.collects(n)
	case KindQueue:
		c.choices(n)
		c.queues(n)
	case KindSurvey:
		c.surveys(n)
	case KindHours:
		c.named(n, "calendar", n.Calendar, c.names.Calendars)
	case KindCondition:
		c.cases(n)
	case KindHTTP:
		c.asks(n)
	case KindTransfer:
		c.named(n, "to", n.To, c.names.Numbers)
	case KindSet:
		if l, ok := n.Values["language"]; ok && l != prompt.Chinese && l != prompt.English {
			c.add(wrong(n, "values", "menu.language", "the node %s sets the language %q; callers are spoken to in zh or en", n.ID, l))
		}
	case KindVoicemail:
		c.speaks(n)
	case KindHangUp:
		if n.Reason != "" && !slices.Contains(Reasons(), n.Reason) {
			c.add(wrong(n, "reason", "menu.reason", "the node %s ends the call for %q, which is no reason", n.ID, string(n.Reason)))
		}
	case KindPlay:
		c.speaks(n)
	case KindCallback:
		if n.From != "" && !slices.Contains(c.values, n.From) {
			c.add(wrong(n, "from", "menu.value", "the node %s uses the value %q, which no node makes known", n.ID, n.From))
		}
	}
}

// leads checks that every way of a node leads to a node.
func (c *check) leads(n Node) {
	for _, w := range n.ways() {
		_, there := c.menu.Find(w.to)
		switch {
		case there:
		case w.to != "":
			c.add(wrong(n, w.field, "menu.dangling", "the node %s leads to %q, which there is not; choose another node", n.ID, w.to))
		case w.field == "timeout":
			c.add(wrong(n, w.field, "menu.timeout", "the node %s does not say where a caller goes who presses nothing; choose a node", n.ID))
		case w.field == "invalid":
			c.add(wrong(n, w.field, "menu.invalid", "the node %s does not say where a caller goes who presses wrong keys; choose a node", n.ID))
		default:
			c.add(wrong(n, w.field, "menu.open", "the node %s leads nowhere at %s; choose a node", n.ID, w.field))
		}
	}
}

func (c *check) says(n Node) {
	if c.names.Prompts == nil {
		return
	}
	for _, key := range n.prompts() {
		if !c.names.Prompts.Has(key, c.menu.Languages()...) {
			c.add(wrong(n, "prompts", "menu.prompt", "the node %s says %q, which is not recorded in every language; record it or choose another", n.ID, key))
			continue
		}
		for _, name := range c.names.Prompts.Values(key, c.menu.Languages()...) {
			if !slices.Contains(c.values, name) && !fromOutside(name) {
				c.add(wrong(n, "prompts", "menu.prompt_value", "the node %s says %q with the value %q, which no node makes known", n.ID, key, name))
			}
		}
	}
}

func (c *check) speaks(n Node) {
	if len(n.Prompts) == 0 {
		c.add(wrong(n, "prompts", "menu.mute", "the node %s says nothing; choose a prompt, or a caller hears silence", n.ID))
	}
}

func (c *check) bounds(n Node) {
	if n.Seconds < 0 || n.Seconds > mostSeconds || n.Tries < 0 || n.Tries > 10 || n.MostWait < 0 || n.MostWait > mostSeconds || n.Priority < 0 || n.Priority > 1000 {
		c.add(wrong(n, "seconds", "menu.bounds", "the node %s has a number that is too small or too large: at most %d seconds, 10 tries and a priority of 1000", n.ID, mostSeconds))
	}
}

func (c *check) choices(n Node) {
	if n.Kind == KindMenu && len(n.Choices) == 0 {
		c.add(wrong(n, "choices", "menu.choices", "the node %s offers no key; add one", n.ID))
	}
	seen := map[string]bool{}
	for _, ch := range n.Choices {
		if len(ch.Key) != 1 || !strings.Contains(keys, ch.Key) || seen[ch.Key] || len(seen) > mostChoices {
			c.add(wrong(n, "choices", "menu.key", "the node %s has the key %q, which is no key of a phone or stands there twice", n.ID, ch.Key))
		}
		seen[ch.Key] = true
	}
}

func (c *check) collects(n Node) {
	if n.Into == "" || slices.Contains(facts(), n.Into) || n.Most < 1 || n.Most > mostTyped || n.Least < 0 || n.Least > n.Most {
		c.add(wrong(n, "into", "menu.collect", "the node %s needs a name of its own for what is typed, and takes 1 to %d digits", n.ID, mostTyped))
	}
}

func (c *check) queues(n Node) {
	c.named(n, "queue", n.Queue, c.names.Queues)
	if n.MostWait < 1 {
		c.add(wrong(n, "most_wait", "menu.most_wait", "the node %s lets callers wait for ever; say for how many seconds at most", n.ID))
	}
	if n.Seconds > 0 && n.Seconds < 10 {
		c.add(wrong(n, "seconds", "menu.chatty", "the node %s speaks to who waits every %d seconds; leave at least 10", n.ID, n.Seconds))
	}
}

func (c *check) surveys(n Node) {
	seen := map[string]bool{}
	for _, q := range n.Questions {
		if q.ID == "" || seen[q.ID] || q.Prompt == "" {
			c.add(wrong(n, "questions", "menu.question", "the node %s has a question without a name of its own or without a prompt", n.ID))
		}
		seen[q.ID] = true
	}
	if len(n.Questions) == 0 {
		c.add(wrong(n, "questions", "menu.question", "the node %s asks nothing; add a question", n.ID))
	}
}

func (c *check) cases(n Node) {
	if len(n.Cases) == 0 {
		c.add(wrong(n, "cases", "menu.cases", "the node %s decides nothing; add a case", n.ID))
	}
	for _, k := range n.Cases {
		if !slices.Contains(c.values, k.Of) && !fromOutside(k.Of) {
			c.add(wrong(n, "cases", "menu.value", "the node %s uses the value %q, which no node makes known", n.ID, k.Of))
		}
	}
}

// asks checks a question to another system: it is told what it may be told, and
// tells what is taken of its answer.
func (c *check) asks(n Node) {
	if n.Seconds > mostAsk {
		c.add(wrong(n, "seconds", "menu.slow", "the node %s lets a caller wait for another system for longer than %d seconds", n.ID, mostAsk))
	}
	i := slices.IndexFunc(c.names.Hooks, func(h Hook) bool { return h.Name == n.Hook })
	if i < 0 {
		var none []string
		if c.names.Hooks != nil {
			none = []string{}
		}
		c.named(n, "hook", n.Hook, none)
	}
	for _, theirs := range slices.Sorted(maps.Keys(n.With)) {
		if i >= 0 && !slices.Contains(c.names.Hooks[i].Sends, theirs) {
			c.add(wrong(n, "with", "menu.hook_sends", "the node %s sends %q to the look-up %s, which is not set to be told it", n.ID, theirs, n.Hook))
		}
		if ours := n.With[theirs]; !slices.Contains(c.values, ours) && !fromOutside(ours) {
			c.add(wrong(n, "with", "menu.value", "the node %s uses the value %q, which no node makes known", n.ID, ours))
		}
	}
	for _, name := range n.Tells {
		if i >= 0 && !slices.Contains(c.names.Hooks[i].Yields(), name) {
			c.add(wrong(n, "tells", "menu.hook_gives", "the node %s expects %q of the look-up %s, which is not set to give it", n.ID, name, n.Hook))
		}
	}
}

func (c *check) named(n Node, field, name string, known []string) {
	if name == "" || known != nil && !slices.Contains(known, name) {
		c.add(wrong(n, field, "menu.name", "the node %s names %q as its %s, which there is not; choose another", n.ID, name, field))
	}
}

// from returns the nodes that can be reached from one, itself among them.
func (m Menu) from(id string) map[string]bool {
	seen := map[string]bool{}
	todo := []string{id}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		n, ok := m.Find(at)
		if !ok || seen[at] {
			continue
		}
		seen[at] = true
		for _, w := range n.ways() {
			todo = append(todo, w.to)
		}
	}
	return seen
}

func (c *check) reach() {
	seen := c.menu.from(c.menu.Start)
	for _, n := range c.menu.Nodes {
		if !seen[n.ID] {
			c.add(wrong(n, "id", "menu.unreachable", "no way leads to the node %s; lead one there or delete it", n.ID))
		}
	}
}

// loops finds a way from a node back to itself that nobody has to do anything
// for: a caller who says nothing would be led round for ever.
func (c *check) loops() {
	const inside, done = 1, 2
	mark := map[string]int{}
	var walk func(id string) bool
	walk = func(id string) bool {
		switch mark[id] {
		case inside:
			return true
		case done:
			return false
		}
		mark[id] = inside
		n, _ := c.menu.Find(id)
		found := slices.ContainsFunc(n.ways(), func(w way) bool { return w.idle && walk(w.to) })
		mark[id] = done
		return found
	}
	for _, n := range c.menu.Nodes {
		if mark[n.ID] == 0 && walk(n.ID) {
			c.add(wrong(n, "next", "menu.loop", "from the node %s a caller who presses nothing is led round for ever; lead one of the ways to an end or a queue", n.ID))
		}
	}
}

// people checks that a caller who is asked can come to somebody who helps: a
// person, now or later.
func (c *check) people() {
	helps := func(id string) bool {
		n, _ := c.menu.Find(id)
		return n.Kind == KindQueue || n.Kind == KindTransfer || n.Kind == KindCallback || n.Kind == KindVoicemail
	}
	reaches := func(id string, test func(string) bool) bool {
		for to := range c.menu.from(id) {
			if test(to) {
				return true
			}
		}
		return false
	}
	start := reaches(c.menu.Start, func(id string) bool {
		n, _ := c.menu.Find(id)
		return n.Kind == KindQueue || n.Kind == KindTransfer
	})
	if n, _ := c.menu.Find(c.menu.Start); !start {
		c.add(wrong(n, "next", "menu.no_person", "from the node %s no way leads to a person; add a queue or a transfer", n.ID))
	}
	for _, n := range c.menu.Nodes {
		if n.Kind == KindMenu && start && !c.afterwards(n.ID) && !reaches(n.ID, helps) {
			c.add(wrong(n, "choices", "menu.no_person", "from the node %s no way leads to a person; add a queue or a transfer", n.ID))
		}
	}
}

// afterwards reports a node that is only come to when an agent has hung up.
func (c *check) afterwards(id string) bool {
	seen := map[string]bool{}
	todo := []string{c.menu.Start}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		n, ok := c.menu.Find(at)
		if !ok || seen[at] {
			continue
		}
		seen[at] = true
		for _, w := range n.ways() {
			if n.Kind != KindQueue || w.field != "next" {
				todo = append(todo, w.to)
			}
		}
	}
	return !seen[id]
}
