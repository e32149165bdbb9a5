package knowledge

import "yingda/internal/kit/fault"

// Status is where a text stands.
type Status string

// The statuses.
const (
	Draft     Status = "draft"
	Published Status = "published"
)

// Act is what is done with a text.
type Act string

// The acts.
const (
	Edit      Act = "edit"
	Publish   Act = "publish"
	Unpublish Act = "unpublish"
)

// moves is the whole state machine. Publishing twice is no mistake: two
// editors may press the button.
var moves = map[Status]map[Act]Status{
	Draft:     {Edit: Draft, Publish: Published, Unpublish: Draft},
	Published: {Edit: Published, Publish: Published, Unpublish: Draft},
}

// Next returns the status after an act, or a Conflict if there is no such
// status or act.
func (s Status) Next(a Act) (Status, error) {
	next, ok := moves[s][a]
	if !ok {
		return s, fault.New(fault.Conflict, "knowledge.status", "this is not possible while the text is %s", string(s))
	}
	return next, nil
}

// Known reports whether s is one of ours.
func (s Status) Known() bool { return moves[s] != nil }
