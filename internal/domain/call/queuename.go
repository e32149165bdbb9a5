package call

import (
	"maps"
	"slices"
)

// QueueNames is what people call queues, by the name that menus give them.
type QueueNames map[string]Text

// QueueNames returns what the nodes of a menu call its queues: the first node
// that lets callers wait there says so. A queue without a name is called by its
// own.
func (m Menu) QueueNames() QueueNames {
	names := QueueNames{}
	for _, n := range m.Nodes {
		if n.Kind != KindQueue || names[n.Queue] != (Text{}) {
			continue
		}
		names[n.Queue] = n.Name
	}
	for q, name := range names {
		if name.Zh == "" {
			name.Zh = q
		}
		if name.En == "" {
			name.En = q
		}
		names[q] = name
	}
	return names
}

// QueueNamesIn returns what the queues of a call are called: by the menu that its
// caller walked through, else by another.
func QueueNamesIn(menus map[string]Menu, r Record) QueueNames {
	all := QueueNames{}
	for _, id := range append([]string{r.Menu}, slices.Sorted(maps.Keys(menus))...) {
		for q, name := range menus[id].QueueNames() {
			if _, have := all[q]; !have {
				all[q] = name
			}
		}
	}
	names := QueueNames{}
	for _, s := range r.Steps {
		if s.Queue == "" {
			continue
		}
		name, have := all[s.Queue]
		if !have {
			name = Text{s.Queue, s.Queue}
		}
		names[s.Queue] = name
	}
	return names
}
