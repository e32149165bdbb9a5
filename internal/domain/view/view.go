// Package view is lists that people keep under a name (视图): their own, and
// those that all share.
package view

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mood"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

// ID names a view.
type ID = id.ID[noun]

type noun struct{}

func (noun) Prefix() string { return "vw" }

// NewID returns the id of a view made at a time.
func NewID(at time.Time) ID { return id.New[noun](at) }

// Subject is what a view lists.
type Subject string

// The subjects.
const (
	Conversations Subject = "conversation"
	Cases         Subject = "case"
)

// View is a list under a name (视图).
type View struct {
	ID       ID       `json:"id"`
	Agent    agent.ID `json:"-"` // whose it is; nobody's when it is shared
	Subject  Subject  `json:"subject"`
	Name     string   `json:"name"`
	Icon     Icon     `json:"icon"`
	Colour   Colour   `json:"colour"`
	Shared   bool     `json:"shared"`
	Filter   Filter   `json:"filter"`
	Position int      `json:"position"` // in the side bar, smallest first
	Version  int64    `json:"version"`
	// Missing are the fields of the filter that point to something that is not
	// there any more, such as "team_id".
	Missing []string `json:"missing"`
}

// Filter is which things a view holds: all fields that are set must fit.
type Filter struct {
	List     string       `json:"list"` // the list that it narrows: mine, queue, open …
	State    string       `json:"state,omitzero"`
	Team     agent.TeamID `json:"team_id,omitzero"`
	Agent    agent.ID     `json:"agent_id,omitzero"`
	Tag      string       `json:"tag,omitzero"`
	Text     string       `json:"q,omitzero"` // in the name or the last word; of a case, in its subject
	Priority *int         `json:"priority,omitempty"`
	// Of conversations.
	Inbox    inbox.ID   `json:"inbox_id,omitzero"`
	Language string     `json:"language,omitzero"`
	Waiting  int        `json:"waiting,omitzero"` // the contact has waited longer, in minutes
	Unread   bool       `json:"unread,omitzero"`
	Mood     mood.Level `json:"mood,omitzero"` // at least
	// Of cases.
	Kind     string `json:"kind,omitzero"`
	Level    string `json:"level,omitzero"`
	Category string `json:"category,omitzero"`
	Source   string `json:"source,omitzero"`
}

// Icon is what stands before the name of a view.
type Icon string

// Colour is the colour of a view's icon.
type Colour string

// Icons and Colours list what there is to choose from.
func Icons() []Icon {
	return []Icon{"list", "star", "flag", "flame", "clock", "user", "users", "tag", "globe", "heart", "wrench", "car"}
}

// Colours lists the colours, as the console names them.
func Colours() []Colour { return []Colour{"grey", "blue", "green", "amber", "red", "violet"} }

// Bounds of views.
const (
	MostOwn     = 50 // of one agent, and of all together as many shared ones
	mostName    = 40 // characters
	mostText    = 80
	mostWaiting = 7 * 24 * 60 // minutes
)

var lists = map[Subject][]string{
	Conversations: {"mine", "queue", "unassigned", "bot", "all", "closed", "mentions"},
	Cases:         {"mine", "unassigned", "open", "escalated", "snoozed", "over", "all"},
}

// Check returns the view as it is kept, or what is wrong with it.
func (v View) Check() (View, error) {
	v.Name = strings.TrimSpace(v.Name)
	if v.Icon == "" {
		v.Icon = Icons()[0]
	}
	if v.Colour == "" {
		v.Colour = Colours()[0]
	}
	switch {
	case lists[v.Subject] == nil:
		return v, fault.New(fault.Invalid, "view.subject", "a view lists conversations or cases").In("subject")
	case v.Name == "" || utf8.RuneCountInString(v.Name) > mostName:
		return v, fault.New(fault.Invalid, "view.name", "a name has 1 to %d characters", mostName).In("name")
	case !slices.Contains(Icons(), v.Icon):
		return v, fault.New(fault.Invalid, "view.icon", "there is no icon %q", string(v.Icon)).In("icon")
	case !slices.Contains(Colours(), v.Colour):
		return v, fault.New(fault.Invalid, "view.colour", "there is no colour %q", string(v.Colour)).In("colour")
	}
	f, err := v.Filter.Check(v.Subject)
	v.Filter = f
	return v, err
}

// Check returns the filter as it is kept, or what is wrong with it for lists
// of a subject.
func (f Filter) Check(of Subject) (Filter, error) {
	f.Text, f.Tag = strings.TrimSpace(f.Text), strings.TrimSpace(f.Tag)
	if !slices.Contains(lists[of], f.List) {
		return f, fault.New(fault.Invalid, "view.list", "there is no list %q", f.List).In("filter.list")
	}
	foreign := f.Kind != "" || f.Level != "" || f.Category != "" || f.Source != ""
	if of == Cases {
		foreign = !f.Inbox.IsZero() || f.Language != "" || f.Waiting != 0 || f.Unread || f.Mood != ""
	}
	switch {
	case foreign:
		return f, fault.New(fault.Invalid, "view.filter", "this filter belongs to another kind of list").In("filter")
	case utf8.RuneCountInString(f.Text) > mostText || utf8.RuneCountInString(f.Tag) > mostText:
		return f, fault.New(fault.Invalid, "view.text", "a word to look for has at most %d characters", mostText).In("filter.q")
	case f.Waiting < 0 || f.Waiting > mostWaiting:
		return f, fault.New(fault.Invalid, "view.waiting", "the wait is 1 to %d minutes", mostWaiting).In("filter.waiting")
	case f.Mood != "" && !slices.Contains(mood.Levels(), f.Mood):
		return f, fault.New(fault.Invalid, "view.mood", "the mood is calm, worried or angry").In("filter.mood")
	case f.Priority != nil && (*f.Priority < 0 || *f.Priority > 4):
		return f, fault.New(fault.Invalid, "view.priority", "the priority is 0 to %d", 4).In("filter.priority")
	}
	return f, nil
}

// MayChange reports whether an actor may write, change or delete the view: it
// is their own, or they keep the shared ones.
func (v View) MayChange(by agent.Actor) error {
	if v.Shared {
		return by.Need(agent.ViewShared)
	}
	if v.Agent == by.Agent {
		return nil
	}
	return ErrUnknown
}

// ErrUnknown says that there is no such view, or that it is somebody else's.
var ErrUnknown = fault.New(fault.NotFound, "view.unknown", "there is no such view")
