package flow

import (
	"math"
	"slices"
	"unicode/utf8"
)

// Library is the flows that are published, each with the versions that runs
// still use. What messages are compared with is laid out once, when it is made.
// The zero value holds no flow.
type Library struct {
	flows   []Flow
	readers *Readers // nil: what no rule reads is asked again
	*layout
}

// NewLibrary returns a library of flows.
func NewLibrary(flows ...Flow) Library { return Library{flows: flows, layout: lay(flows)} }

// Reading returns the library with readers for what no rule reads.
func (l Library) Reading(r *Readers) Library {
	l.readers = r
	return l
}

// All returns every flow in every version. It is not to be changed.
func (l Library) All() []Flow { return l.flows }

// Rested returns the library with every version of a flow at rest.
func (l Library) Rested(id string) Library {
	return l.Resting(func(f Flow) bool { return f.ID == id })
}

// Resting returns the library with those flows at rest too that somebody names.
func (l Library) Resting(rests func(Flow) bool) Library {
	flows := slices.Clone(l.flows)
	for i := range flows {
		flows[i].Rests = flows[i].Rests || rests(flows[i])
	}
	return NewLibrary(flows...).Reading(l.readers)
}

// Find returns a flow in a version.
func (l Library) Find(id string, version int) (Flow, bool) {
	for _, f := range l.flows {
		if f.ID == id && f.Version == version {
			return f, true
		}
	}
	return Flow{}, false
}

// Latest returns the newest version of a flow; false if there is none, or it
// rests.
func (l Library) Latest(id string) (Flow, bool) { return latest(l.flows, id) }

func latest(flows []Flow, id string) (newest Flow, ok bool) {
	for _, f := range flows {
		if f.ID == id && f.Version > newest.Version {
			newest = f
		}
	}
	if newest.Version == 0 || newest.Rests {
		return Flow{}, false
	}
	return newest, true
}

// layout is what messages are compared with. Flows are named in it by their
// places in newest.
type layout struct {
	newest   []Flow
	names    []naming
	ways     []way
	standsIn map[string][]int // by mark: the ways that have it
	spelling spelling
}

// naming is a trigger or a sign.
type naming struct {
	flow   int
	word   string // folded
	runes  int
	weight int // of two that stand in a message the heavier counts
}

// way is a way of asking for a flow.
type way struct {
	flow  int
	worth float64 // what all of its marks are worth
}

// mostSign is longer than any sign.
const mostSign = 100

func lay(flows []Flow) *layout {
	l := &layout{standsIn: map[string][]int{}, spelling: newSpelling(vocabulary(flows))}
	for _, f := range flows {
		if last, ok := latest(flows, f.ID); ok && last.Version == f.Version {
			l.newest = append(l.newest, f)
		}
	}
	for i, f := range l.newest {
		for j, w := range slices.Concat(f.Triggers, f.Signs) {
			w = foldText(w)
			n := naming{flow: i, word: w, runes: utf8.RuneCountInString(w)}
			if n.weight = n.runes; j < len(f.Triggers) { // who names what they want wants that
				n.weight += mostSign
			}
			l.names = append(l.names, n)
		}
		for _, p := range slices.Concat(f.Phrasings, f.Triggers, f.Signs) {
			for m := range marks(p) {
				l.standsIn[m] = append(l.standsIn[m], len(l.ways))
			}
			l.ways = append(l.ways, way{flow: i})
		}
	}
	for m, ways := range l.standsIn {
		for _, w := range ways {
			l.ways[w].worth += l.worth(m)
		}
	}
	return l
}

// worth is what a mark is worth: the more the rarer it is and the longer.
func (l *layout) worth(mark string) float64 {
	v := math.Log(1+float64(len(l.ways))/float64(1+len(l.standsIn[mark]))) * float64(min(2, utf8.RuneCountInString(mark)))
	return v * v
}

// mend returns a message in the standard language with the words of the flows
// put right, as long as it was.
func (l Library) mend(text string) string {
	if l.layout == nil {
		return standard(text)
	}
	return l.spelling.mend(standard(text))
}
