package ticket

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"yingda/internal/domain/tag"
	"yingda/internal/kit/fault"
)

// Tag returns the case with tags put on and taken off, and what the history
// says of it. Tags are words as tag.Apply takes them, each once. What is
// so already is a Conflict tags.same, so that nothing is said to have
// happened.
func (c Case) Tag(by Actor, add, remove []string, now time.Time) (Case, Entry, error) {
	if !c.MayHandle(by.Agent) {
		return c, Entry{}, errUnknown
	}
	tags, err := tag.Apply(c.Tags, add, remove)
	if err != nil {
		return c, Entry{}, err
	}
	if slices.Equal(tags, c.Tags) {
		return c, Entry{}, errTagsSame
	}
	next := c
	next.Tags = tags
	e := c.entry(by, Retag, next, now)
	e.Fields = []Change{{Field: "tags", Old: strings.Join(c.Tags, "、"), New: strings.Join(tags, "、")}}
	return next, e, nil
}

// Prioritise returns the case with the urgency and the impact that somebody
// gave it; its priority follows from them (Weigh).
func (c Case) Prioritise(by Actor, u Urgency, i Impact, now time.Time) (Case, Entry, error) {
	switch {
	case !c.MayHandle(by.Agent):
		return c, Entry{}, errUnknown
	case c.State.Over():
		return c, Entry{}, errOver
	case u < 1 || u > 3 || i < 1 || i > 3:
		return c, Entry{}, fault.New(fault.Invalid, "case.priority", "urgency and impact are 1, 2 or 3").In("priority")
	case first(c.Urgency, 2) == u && first(c.Impact, 2) == i:
		return c, Entry{}, errPrioritySame
	}
	next := c
	next.Urgency, next.Impact = u, i
	next.Priority = next.priority()
	e := c.entry(by, Prioritise, next, now)
	e.Fields = []Change{{Field: "priority", Old: strconv.Itoa(int(c.Priority)), New: strconv.Itoa(int(next.Priority))}}
	return next, e, nil
}

var (
	errTagsSame     = fault.New(fault.Conflict, "tags.same", "the tags are so already")
	errPrioritySame = fault.New(fault.Conflict, "case.priority_same", "the case has this urgency and impact already")
)
