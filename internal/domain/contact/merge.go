package contact

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// MergeID names a merge.
type MergeID = id.ID[mergeNoun]

type mergeNoun struct{}

func (mergeNoun) Prefix() string { return "mg" }

// NewMergeID returns the id of a merge.
func NewMergeID(at time.Time) MergeID { return id.New[mergeNoun](at) }

// Merge says that two contacts are one person (R083). It moves nothing: what
// was written or handed in stays with the contact it came from, and is read
// together. Only fields of the contact that stands for both change, and those
// changes are kept to take them back.
type Merge struct {
	ID       MergeID   `json:"id"`
	Kept     ID        `json:"contact_id"` // who stands for both
	Other    ID        `json:"other_id"`
	KeptName string    `json:"contact_name"`
	Name     string    `json:"other_name"`
	Behind   []ID      `json:"behind"` // contacts that other stood for, other too
	Changes  []Change  `json:"changes"`
	Why      string    `json:"why,omitzero"`
	At       time.Time `json:"at"`
	By       string    `json:"by_name"`
	UndoneAt time.Time `json:"undone_at,omitzero"`
	UndoneBy string    `json:"undone_by,omitzero"`
}

// Change is what a merge made of one field of the contact that is kept.
type Change struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// Side is whose value a field has after a merge.
type Side string

// The sides.
const (
	KeptSide  Side = "kept"
	OtherSide Side = "other"
	BothSides Side = "both" // of lists
)

// Line is a field of two contacts, and whose value wins.
type Line struct {
	Field  string `json:"field"`
	Kept   string `json:"kept"`
	Other  string `json:"other"`
	Wins   Side   `json:"wins" enum:"kept,other,both"`
	Choice bool   `json:"choice"` // whoever merges may decide otherwise
}

// AttributeField is the name of an attribute among the fields of a merge.
func AttributeField(name string) string { return attributePrefix + name }

const attributePrefix = "attribute."

// field is one that a merge looks at: as a text, so that it can be compared and
// written down.
type field struct {
	name string
	get  func(Contact) string
	set  func(*Contact, string)
	join func(a, b string) string // of fields that take both
}

func fieldsOf(contacts ...Contact) []field {
	fs := []field{
		{name: "name", get: func(c Contact) string { return c.Name }, set: func(c *Contact, s string) { c.Name = s }},
		{name: "phone", get: func(c Contact) string { return c.Phone }, set: func(c *Contact, s string) { c.Phone = s }},
		{name: "email", get: func(c Contact) string { return c.Email }, set: func(c *Contact, s string) { c.Email = s }},
		{name: "language", get: func(c Contact) string { return c.Language }, set: func(c *Contact, s string) { c.Language = s }},
		{name: "tags", get: func(c Contact) string { return strings.Join(c.Tags, "\n") }, set: setTags, join: joinTags},
	}
	names := []string{}
	for _, c := range contacts {
		for name := range c.Attributes {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		fs = append(fs, field{
			name: AttributeField(name), get: func(c Contact) string { return c.Attributes[name] },
			set: func(c *Contact, s string) { c.Attributes = withAttribute(c.Attributes, name, s) },
		})
	}
	return fs
}

func fieldNamed(name string) (field, bool) {
	var with Contact
	if attribute, ok := strings.CutPrefix(name, attributePrefix); ok {
		with.Attributes = map[string]string{attribute: ""}
	}
	fs := fieldsOf(with)
	i := slices.IndexFunc(fs, func(f field) bool { return f.name == name })
	if i < 0 {
		return field{}, false
	}
	return fs[i], true
}

func withAttribute(was map[string]string, name, value string) map[string]string {
	as := make(map[string]string, len(was)+1)
	maps.Copy(as, was)
	if as[name] = value; value == "" {
		delete(as, name)
	}
	return as
}

func setTags(c *Contact, s string) {
	if c.Tags = nil; s != "" {
		c.Tags = strings.Split(s, "\n")
	}
}

func joinTags(a, b string) string {
	all := append(strings.Split(a, "\n"), strings.Split(b, "\n")...)
	slices.Sort(all)
	all = slices.DeleteFunc(slices.Compact(all), func(t string) bool { return t == "" })
	return strings.Join(all, "\n")
}

// Plan returns the fields of two contacts that differ and what a merge would
// make of them, and the contact that would stand for both. What is empty, or a
// guest's name, gives way; where both say something, the one that is kept wins,
// unless the field is in take.
func Plan(kept, other Contact, take []string) (Contact, []Line) {
	lines, next := []Line{}, kept
	for _, f := range fieldsOf(kept, other) {
		a, b := f.get(kept), f.get(other)
		if a == b || b == "" {
			continue
		}
		l := Line{Field: f.name, Kept: a, Other: b, Wins: KeptSide}
		empty := a == "" || f.name == "name" && kept.Guest()
		switch {
		case f.name == "name" && other.Guest():
			continue
		case f.join != nil && !empty:
			if l.Wins = BothSides; f.join(a, b) == a {
				l.Wins = KeptSide
			}
		case empty && strings.HasPrefix(f.name, attributePrefix) && len(next.Attributes) >= MaxAttributes:
			// there is no room; it can still be read where it was
		default:
			if l.Choice = !empty; empty || slices.Contains(take, f.name) {
				l.Wins = OtherSide
			}
		}
		switch l.Wins {
		case OtherSide:
			f.set(&next, b)
		case BothSides:
			f.set(&next, f.join(a, b))
		case KeptSide:
		}
		lines = append(lines, l)
	}
	return next, lines
}

// Guest reports whether the contact has told no name.
func (c Contact) Guest() bool {
	return c.Name == "" || c.Name == GuestName(c.ID, "zh") || c.Name == GuestName(c.ID, "en")
}

// ChangesOf returns what differs between a contact before and after a merge.
func ChangesOf(was, now Contact) []Change {
	cs := []Change{}
	for _, f := range fieldsOf(was, now) {
		if from, to := f.get(was), f.get(now); from != to {
			cs = append(cs, Change{f.name, from, to})
		}
	}
	return cs
}

// Apart returns the contact that was kept as it is without a merge. A field
// that somebody changed since stays as they left it, and is named.
func (m Merge) Apart(now Contact) (c Contact, stay []string) {
	c, stay = now, []string{}
	for _, change := range m.Changes {
		f, ok := fieldNamed(change.Field)
		if !ok || f.get(now) != change.To {
			stay = append(stay, change.Field)
			continue
		}
		f.set(&c, change.From)
	}
	return c, stay
}

// CheckMerge says why two contacts cannot become one.
func CheckMerge(kept, other Contact) error {
	switch {
	case kept.ID == other.ID || kept.Person == other.Person:
		return fault.New(fault.Invalid, "contact.merge_same", "these are one customer already").In("body.other")
	case kept.ExternalID != "" && other.ExternalID != "" && kept.Signed && other.Signed:
		return fault.New(fault.Conflict, "contact.merge_signed", "the company's own site knows these as two customers; merge their accounts there first")
	}
	return nil
}

// CheckApart says why a merge cannot be taken back. Later are the merges of the
// same people after it that still hold.
func (m Merge) CheckApart(kept Contact, later []Merge) error {
	if !m.UndoneAt.IsZero() {
		return fault.New(fault.Conflict, "contact.merge_undone", "this merge was taken back already")
	}
	if kept.Person != m.Kept {
		return fault.New(fault.Conflict, "contact.merge_above", "%s became part of another customer since; take that merge back first", m.KeptName)
	}
	slices.SortFunc(later, func(a, b Merge) int { return cmp.Compare(b.ID, a.ID) })
	for _, l := range later {
		for _, c := range l.Changes {
			if slices.ContainsFunc(m.Changes, func(mine Change) bool { return mine.Field == c.Field }) {
				return fault.New(fault.Conflict, "contact.merge_later", "the merge with %s came later and changed the same fields; take that one back first", l.Name)
			}
		}
	}
	return nil
}
