package ticket

import (
	"slices"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/kit/fault"
)

// Relation is how two cases belong together.
type Relation string

// The relations.
const (
	Related   Relation = "related"   // 相关
	Duplicate Relation = "duplicate" // 重复
	ChildOf   Relation = "child_of"  // 子工单
)

// Tie is a relation between two cases.
type Tie struct {
	From     ID        `json:"from"`
	To       ID        `json:"to"`
	Relation Relation  `json:"relation"`
	At       time.Time `json:"at"`
	By       string    `json:"by"`
}

// Tie returns how the case belongs to another, with a line for its history.
// A complaint about somebody who works here is tied only to cases that the
// same people can see.
func (c Case) Tie(by Actor, other Case, r Relation, now time.Time) (Tie, Entry, error) {
	switch {
	case !c.MayHandle(by.Agent) || !other.MayHandle(by.Agent):
		return Tie{}, Entry{}, errUnknown
	case c.ID == other.ID:
		return Tie{}, Entry{}, errItself.In("to")
	case r != Related && r != Duplicate:
		return Tie{}, Entry{}, fault.New(fault.Invalid, "case.relation", "say whether the cases are related or the same").In("relation")
	case !c.sameEyes(other):
		return Tie{}, Entry{}, errHidden.In("to")
	}
	e := c.entry(by, Link, c, now)
	e.Fields = []Change{{Field: string(r), New: other.Number}}
	return Tie{From: c.ID, To: other.ID, Relation: r, At: now, By: by.Name}, e, nil
}

// sameEyes reports whether the same people may see both cases.
func (c Case) sameEyes(other Case) bool {
	return c.Accused == other.Accused && c.AboutStaff == other.AboutStaff
}

var errHidden = fault.New(fault.Conflict, "case.hidden", "one of the two is a complaint about somebody who works here; the other is not for the same eyes")

// Under returns the case as a child of another. ancestors are those of the
// parent, so that a circle is found.
func (c Case) Under(by Actor, parent Case, ancestors []ID, now time.Time) (Case, Entry, error) {
	switch {
	case !c.MayHandle(by.Agent) || !parent.MayHandle(by.Agent):
		return c, Entry{}, errUnknown
	case c.ID == parent.ID || slices.Contains(ancestors, c.ID):
		return c, Entry{}, errItself.In("parent")
	case !c.sameEyes(parent):
		return c, Entry{}, errHidden.In("parent")
	}
	next := c
	next.Parent = parent.ID
	e := c.entry(by, Link, next, now)
	e.Fields = []Change{{Field: string(ChildOf), New: parent.Number}}
	return next, e, nil
}

// Absorb returns the case after another was merged into it: everybody who
// handed in either is told of what becomes of it (R120). Merge on the other
// case is the other half of it.
func (c Case) Absorb(by Actor, other Case, now time.Time) (Case, Entry, error) {
	switch {
	case !c.MayHandle(by.Agent) || !other.MayHandle(by.Agent):
		return c, Entry{}, errUnknown
	case c.ID == other.ID || c.MergedInto == other.ID:
		return c, Entry{}, errItself.In("into")
	case c.State.Over():
		return c, Entry{}, errOver.In("into")
	case !c.sameEyes(other):
		return c, Entry{}, errHidden.In("into")
	}
	next := c
	for _, s := range append([]contact.ID{other.Contact}, other.Submitters...) {
		if !s.IsZero() && s != c.Contact && !slices.Contains(next.Submitters, s) {
			next.Submitters = with(next.Submitters, s)
		}
	}
	next.Votes += other.Votes
	e := c.entry(by, Merge, next, now)
	e.Fields = []Change{{Field: "merged", New: other.Number}}
	return next, e, nil
}

// Everybody returns all who handed in the case: they are told of it.
func (c Case) Everybody() []contact.ID {
	if c.Contact.IsZero() {
		return c.Submitters
	}
	return append([]contact.ID{c.Contact}, c.Submitters...)
}

// Split returns a part of the case as a case of its own, still without id and
// number, which is related to this one. Who may not see the whole may not see
// the part.
func (c Case) Split(by Actor, k Kind, subject, text string, now time.Time) (Case, Entry, error) {
	if !c.MayHandle(by.Agent) {
		return Case{}, Entry{}, errUnknown
	}
	part := Case{
		Kind: k, Subject: subject, Text: text, Name: c.Name, Phone: c.Phone, Email: c.Email, Order: c.Order, AboutStaff: c.AboutStaff,
		Contact: c.Contact, Conversation: c.Conversation, Source: c.Source, CreatedAt: now,
		Course: Course{Accused: c.Accused, Tried: c.Tried, Language: c.Language, MovedAt: now},
	}
	part, err := part.Check()
	if err != nil {
		return Case{}, Entry{}, err
	}
	part.Reached = part.State
	e := c.entry(by, Split, c, now)
	e.Public, e.Fields = true, []Change{{Field: "split", New: part.Subject}}
	return part, e, nil
}

// OnBoard reports whether everybody sees the case on the board of suggestions:
// it is shown, and neither part of another one, nor taken back, nor a mistake.
func (c Case) OnBoard() bool {
	return c.Shown && c.Kind == Suggestion && !slices.Contains([]State{Merged, Cancelled, Spam, Lapsed, Withdrawn}, c.State)
}

// Vote returns a suggestion with one more vote. Each contact has one; whoever
// handed it in is for it already. voted says that the contact voted before.
func (c Case) Vote(by contact.ID, voted bool) (Case, error) {
	switch {
	case c.Kind != Suggestion || c.State.Over():
		return c, fault.New(fault.Conflict, "suggestion.closed", "only suggestions that are still looked at can be voted for")
	case voted || slices.Contains(c.Everybody(), by):
		return c, fault.New(fault.Conflict, "suggestion.voted", "you are for this suggestion already")
	}
	c.Votes++
	return c, nil
}

// urgeEvery is how often urging counts.
const urgeEvery = time.Hour

// urge counts that the customer asks to hurry (催单), at most once an hour.
func (c *Case) urge(now time.Time) {
	if c.UrgedAt.IsZero() || !now.Before(c.UrgedAt.Add(urgeEvery)) {
		c.Urged, c.UrgedAt = c.Urged+1, now
	}
}

// Asleep reports whether the case is out of the list for now.
func (c Case) Asleep(now time.Time) bool { return c.SnoozedUntil.After(now) }

// Overdue reports whether the day to look at it again has come (R101).
func (c Case) Overdue(now time.Time) bool {
	return !c.FollowUpAt.IsZero() && !now.Before(c.FollowUpAt) && !c.State.Over()
}

// Viewer is an agent who has a case open.
type Viewer struct {
	Agent  agent.ID  `json:"agent_id"`
	Name   string    `json:"name"`
	Typing bool      `json:"typing"`
	SeenAt time.Time `json:"seen_at"`
}

// seenFor is how long a viewer counts after the last sign of them.
const seenFor = 45 * time.Second

// Collision returns the others who have the case open now, those who type
// first: two answers to one customer are one too many.
func Collision(viewers []Viewer, me agent.ID, now time.Time) []Viewer {
	others := slices.DeleteFunc(slices.Clone(viewers), func(v Viewer) bool {
		return v.Agent == me || now.Sub(v.SeenAt) > seenFor
	})
	slices.SortStableFunc(others, func(a, b Viewer) int {
		switch {
		case a.Typing == b.Typing:
			return strings.Compare(a.Name, b.Name)
		case a.Typing:
			return -1
		}
		return 1
	})
	return others
}

func filled(s string) bool { return strings.TrimSpace(s) != "" }
