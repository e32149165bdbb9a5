package retrieve

import (
	"cmp"
	"maps"
	"slices"
)

// Collision is two entries that are taken for each other.
type Collision struct {
	A, B  int64 // their ids, the lower first
	Mixed []Mixed
}

// Mixed is a way to ask one entry that is taken for the other.
type Mixed struct {
	Text   string
	Of     int64  // whose it is
	Same   bool   // the other is asked in nearly the same words
	Beside string // those words
}

const (
	nearlySame = 0.9 // cosine from which on two ways to ask are nearly the same
	oftenMixed = 2   // ways to ask that must be taken for the other, unless they are nearly the same
)

// Collisions returns which entries of one language and audience are taken for
// each other: a way to ask one, held out, was taken for the other more than
// once, or both are asked in nearly the same words. Those that are mixed up most
// come first.
func (x *Index) Collisions() []Collision {
	at := map[[2]int32]*Collision{}
	note := func(of, taken int32, m Mixed) {
		e, o := &x.entries[of], &x.entries[taken]
		if e.Language != o.Language || e.Internal != o.Internal {
			return
		}
		key := [2]int32{min(of, taken), max(of, taken)}
		c := at[key]
		if c == nil {
			c = &Collision{A: min(e.ID, o.ID), B: max(e.ID, o.ID)}
			at[key] = c
		}
		m.Of = e.ID
		if i := slices.IndexFunc(c.Mixed, func(o Mixed) bool { return o.Text == m.Text && o.Of == m.Of }); i >= 0 {
			if m.Same {
				c.Mixed[i] = m
			}
			return
		}
		c.Mixed = append(c.Mixed, m)
	}
	if x.confidence != nil {
		for _, m := range x.confidence.mixed {
			note(m.entry, m.taken, Mixed{Text: x.entries[m.entry].ways()[m.way]})
		}
	}
	x.eachTwin(func(a, b int32, text, beside string) {
		note(a, b, Mixed{Text: text, Same: true, Beside: beside})
	})
	out := []Collision{}
	for _, c := range at {
		if len(c.Mixed) >= oftenMixed || slices.ContainsFunc(c.Mixed, func(m Mixed) bool { return m.Same }) {
			slices.SortStableFunc(c.Mixed, func(a, b Mixed) int { return cmp.Or(cmp.Compare(a.Of, b.Of), cmp.Compare(a.Text, b.Text)) })
			out = append(out, *c)
		}
	}
	slices.SortFunc(out, func(a, b Collision) int {
		return cmp.Or(cmp.Compare(len(b.Mixed), len(a.Mixed)), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return out
}

// eachTwin calls f with each way to ask an entry that is nearly the same as one
// of an entry before it.
func (x *Index) eachTwin(f func(a, b int32, text, beside string)) {
	type way struct {
		entry int32
		text  string
	}
	var ways []way
	in := map[string][]int{} // by token: the ways that have it
	weights := map[string][]float64{}
	for e := range x.entries {
		for _, text := range x.entries[e].ways() {
			cosine := map[int]float64{}
			weighed := Weigh(text)
			for _, w := range weighed {
				for i, o := range in[w.Token] {
					cosine[o] += w.Weight * weights[w.Token][i]
				}
			}
			for _, o := range slices.Sorted(maps.Keys(cosine)) {
				if cosine[o] >= nearlySame && ways[o].entry != int32(e) {
					f(int32(e), ways[o].entry, text, ways[o].text)
				}
			}
			for _, w := range weighed {
				in[w.Token] = append(in[w.Token], len(ways))
				weights[w.Token] = append(weights[w.Token], w.Weight)
			}
			ways = append(ways, way{int32(e), text})
		}
	}
}
