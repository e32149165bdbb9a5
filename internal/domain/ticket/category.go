package ticket

import (
	"slices"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
)

// Level is how hard a problem is; promises depend on it (R070, R092–R095).
type Level string

// The levels.
const (
	Simple  Level = "simple"  // 简单
	General Level = "general" // 一般
	Complex Level = "complex" // 复杂
	Special Level = "special" // 特殊: its term is set case by case
)

var levelNames = map[Level]inbox.Text{
	Simple:  {Zh: "简单问题", En: "Simple"},
	General: {Zh: "一般问题", En: "General"},
	Complex: {Zh: "复杂问题", En: "Complex"},
	Special: {Zh: "特殊问题", En: "Special"},
}

// Levels lists all of them, from light to heavy.
func Levels() []Level { return []Level{Simple, General, Complex, Special} }

// Known reports whether l is one of ours.
func (l Level) Known() bool { return slices.Contains(Levels(), l) }

// Name returns what a level is called.
func (l Level) Name() inbox.Text { return levelNames[l] }

// SpecialTerm is the term of a special problem, which a supervisor set, and
// why. The customer is told (R095).
type SpecialTerm struct {
	DueAt  time.Time `json:"due_at"`
	Reason string    `json:"reason"`
	By     agent.ID  `json:"by,omitzero"`
	ByName string    `json:"by_name,omitzero"`
}

// checkLevel says what is wrong with a level: a special one needs a term, with
// a reason, from a supervisor. had is the term that was set before.
func checkLevel(l Level, term, had *SpecialTerm, by Actor, now time.Time) error {
	switch {
	case !l.Known():
		return needs[NeedLevel].missing.In("level")
	case l != Special, term == nil && had != nil:
		return nil
	case term == nil || !term.DueAt.After(now):
		return fault.New(fault.Invalid, "case.special_term", "a special problem has a term of its own; give a time that lies ahead").In("special.due_at")
	case !filled(term.Reason):
		return needs[NeedReason].missing.In("special.reason")
	case !by.Supervisor:
		return fault.New(fault.Forbidden, "case.special_supervisor", "only a supervisor can set the term of a special problem")
	}
	if err := checkLengths(said{"special.reason", term.Reason, MaxText}); err != nil {
		return err
	}
	return checkNear("special.due_at", term.DueAt, now)
}

// specialOf returns the term that a case has with a level.
func specialOf(l Level, term, had *SpecialTerm, by Actor) *SpecialTerm {
	switch {
	case l != Special:
		return nil
	case term == nil:
		return had
	}
	t := *term
	t.By, t.ByName = by.Agent, by.Name
	return &t
}

// Class is how a case is sorted.
type Class struct {
	Kind     Kind   `json:"kind"`
	Category string `json:"category"`
	Level    Level  `json:"level"`
}

// Process is the course of work that a problem takes (R069).
type Process string

// The processes.
const (
	ProcessTechnical Process = "technical" // 技术类
	ProcessAccount   Process = "account"   // 账户类
	ProcessEmergency Process = "emergency" // 紧急类
)

// Detail is a field of a case that a category can require (R076, R077).
type Detail string

// The details.
const (
	DetailName     Detail = "name"
	DetailPhone    Detail = "phone"
	DetailEmail    Detail = "email"
	DetailOrder    Detail = "order"
	DetailEvidence Detail = "evidence"
)

// Category is a branch of the tree that cases are sorted into. What it does
// not say itself is as its parent says it; an empty list says "nothing".
type Category struct {
	ID       string       `json:"id"`
	Name     inbox.Text   `json:"name"`
	Kind     Kind         `json:"kind,omitzero"`
	Level    Level        `json:"level,omitzero"`
	Team     string       `json:"team,omitzero"`    // the name of the team that gets it, as a hint
	Process  Process      `json:"process,omitzero"` // none is the ordinary one
	Needs    []Detail     `json:"needs,omitzero"`
	Form     Form         `json:"form,omitzero"`
	Prepare  []inbox.Text `json:"prepare,omitzero"` // what to have at hand before asking (R034, R078)
	Children []Category   `json:"children,omitempty"`
}

// Tree are the categories.
type Tree []Category

// The most that a tree holds.
const (
	maxDepth      = 3
	maxCategories = 500
)

// Find returns a category by id, with what it has from its parents.
func (t Tree) Find(id string) (Category, bool) { return find(t, Category{}, id) }

// Of returns a category of a kind, with what it has from its parents, or why a
// case of that kind cannot be sorted into it.
func (t Tree) Of(k Kind, id string) (Category, error) {
	c, ok := t.Find(id)
	switch {
	case !ok:
		return c, errCategory.In("category")
	case c.Kind != k:
		return c, errCategoryKind.In("category")
	}
	return c, nil
}

func find(level []Category, parent Category, id string) (Category, bool) {
	for _, c := range level {
		c = c.under(parent)
		if c.ID == id {
			return c, true
		}
		if c, ok := find(c.Children, c, id); ok {
			return c, true
		}
	}
	return Category{}, false
}

func (c Category) under(parent Category) Category {
	c.Kind, c.Level, c.Team, c.Process = first(c.Kind, parent.Kind), first(c.Level, parent.Level), first(c.Team, parent.Team), first(c.Process, parent.Process)
	if c.Needs == nil {
		c.Needs = parent.Needs
	}
	if c.Form == nil {
		c.Form = parent.Form
	}
	if c.Prepare == nil {
		c.Prepare = parent.Prepare
	}
	return c
}

// All returns the categories of a kind that have no children, with what they
// have from their parents: those that a customer chooses from. An empty kind
// is all of them.
func (t Tree) All(k Kind) []Category {
	var all []Category
	var walk func([]Category, Category)
	walk = func(level []Category, parent Category) {
		for _, c := range level {
			c = c.under(parent)
			if walk(c.Children, c); len(c.Children) == 0 && (k == "" || c.Kind == k) {
				all = append(all, c)
			}
		}
	}
	walk(t, Category{})
	return all
}

// Check says what is wrong with a tree.
func (t Tree) Check() error {
	seen := map[string]bool{}
	var walk func([]Category, Category, int) error
	walk = func(level []Category, parent Category, depth int) error {
		for _, c := range level {
			c = c.under(parent)
			if depth > maxDepth || len(seen) >= maxCategories {
				return fault.New(fault.Invalid, "setting.categories", "there are at most %d categories, %d deep", maxCategories, maxDepth).In("categories")
			}
			if err := c.check(seen); err != nil {
				return err
			}
			if err := walk(c.Children, c, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(t, Category{}, 1)
}

func (c Category) check(seen map[string]bool) error {
	place := "categories." + c.ID
	details := []Detail{DetailName, DetailPhone, DetailEmail, DetailOrder, DetailEvidence}
	switch {
	case c.ID == "" || len(c.ID) > 80 || seen[c.ID]:
		return fault.New(fault.Invalid, "category.id", "each category has an id of its own, not %q", c.ID).In(place)
	case c.Name.Zh == "" || c.Name.En == "":
		return fault.New(fault.Invalid, "category.name", "the category %q needs a name in Chinese and in English", c.ID).In(place)
	case !c.Kind.Known():
		return fault.New(fault.Invalid, "category.kind", "say which kind of case the category %q is of", c.ID).In(place)
	case c.Level != "" && !c.Level.Known() || c.Level == Special:
		return fault.New(fault.Invalid, "category.level", "a category begins as simple, general or complex").In(place)
	case !slices.Contains([]Process{"", ProcessTechnical, ProcessAccount, ProcessEmergency}, c.Process):
		return fault.New(fault.Invalid, "category.process", "the process is technical, account or emergency").In(place)
	case slices.ContainsFunc(c.Needs, func(d Detail) bool { return !slices.Contains(details, d) }):
		return fault.New(fault.Invalid, "category.needs", "a category can require name, phone, email, order or evidence").In(place)
	}
	seen[c.ID] = true
	if err := c.Form.check(); err != nil {
		return err.In(place + ".form")
	}
	return nil
}

// Sort returns a case that comes in, sorted into a category: with the level
// that problems of this sort have, and what its form asks for. It is the first
// classification, which reports keep.
func (c Case) Sort(t Tree, category string) (Case, error) {
	cat, err := t.Of(c.Kind, category)
	if err != nil {
		return c, err
	}
	has := map[Detail]bool{
		DetailName: filled(c.Name), DetailPhone: c.Phone != "", DetailEmail: c.Email != "", DetailOrder: filled(c.Order),
		DetailEvidence: len(c.Attachments) > 0,
	}
	for _, d := range cat.Needs {
		if !has[d] {
			return c, fault.New(fault.Invalid, "custom.required", "this has to be filled in").In(string(d))
		}
	}
	fields, err := cat.Form.Fill(c.Fields)
	if err != nil {
		return c, err
	}
	c.Category, c.Level, c.Fields = cat.ID, first(cat.Level, General), fields
	c.First = Class{Kind: c.Kind, Category: c.Category, Level: c.Level}
	c.Reached, c.MovedAt = c.State, c.CreatedAt
	c.Priority = c.priority()
	return c, nil
}

// Unsorted returns a case that comes in without a category: a general problem
// until somebody looks at it.
func (c Case) Unsorted() Case {
	c.Level = first(c.Level, General)
	c.Reached, c.MovedAt = c.State, c.CreatedAt
	c.Priority = c.priority()
	return c
}

var (
	errCategory     = fault.New(fault.Invalid, "case.category", "there is no such category; choose another")
	errCategoryKind = fault.New(fault.Invalid, "case.category_kind", "this category is of another kind of case; choose another")
)

// Reclassify returns the case sorted anew; what it was sorted as first stays
// (R071). The number stays too, with the letters of the kind it came as. A
// case of another kind begins that kind's way, with its clocks counted from
// when it was handed in; of the same kind it stands where it stood. After
// either, the clocks are to be computed anew (R070).
func (c Case) Reclassify(by Actor, t Tree, to Class, term *SpecialTerm, reason string, now time.Time) (Case, Entry, error) {
	cat, unfit := t.Of(to.Kind, to.Category)
	switch {
	case !c.MayHandle(by.Agent):
		return c, Entry{}, errUnknown
	case c.State.Over():
		return c, Entry{}, errOver
	case !to.Kind.Known():
		return c, Entry{}, fault.New(fault.Invalid, "case.kind", "say whether this is a complaint, a suggestion, feedback or a question").In("kind")
	case unfit != nil:
		return c, Entry{}, unfit
	case !filled(reason):
		return c, Entry{}, needs[NeedReason].missing.In("reason")
	}
	if err := checkLengths(said{"reason", reason, MaxText}); err != nil {
		return c, Entry{}, err
	}
	if err := checkLevel(to.Level, term, c.Special, by, now); err != nil {
		return c, Entry{}, err
	}
	next := c
	if c.First == (Class{}) {
		next.First = Class{Kind: c.Kind, Category: c.Category, Level: c.Level}
	}
	var fields []Change
	var clocks Clocks
	if to.Kind != c.Kind {
		next.Kind, next.State, next.Before, next.MovedAt = to.Kind, to.Kind.First(), "", now
		next.Reached = next.State
		clocks = Clocks{Cancels: every, Starts: to.Kind.Starts()}
		put(&fields, "kind", string(c.Kind), string(to.Kind))
	}
	next.Category, next.Level = put(&fields, "category", c.Category, cat.ID), Level(put(&fields, "level", string(c.Level), string(to.Level)))
	next.Special = specialOf(to.Level, term, c.Special, by)
	if next.Special != nil && next.Special != c.Special {
		put(&fields, "due_at", "", text(next.Special.DueAt))
	}
	e := c.entry(by, Reclassify, next, now)
	e.Reason, e.Fields, e.Clocks = reason, fields, clocks
	e.Public = next.Special != nil && next.Special != c.Special
	return next, e, nil
}
