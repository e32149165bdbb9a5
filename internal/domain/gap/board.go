package gap

import (
	"cmp"
	"slices"

	"yingda/internal/domain/retrieve"
)

// Board puts what is asked to the gap that asks nearly the same: each gap is
// led by its first text, and a text joins the nearest leader from which it is
// not too far, or leads a gap of its own (leader clustering). It is not for use
// by several goroutines.
type Board struct {
	tokens map[string]int32
	in     [][]posting // by token: the leaders that have it
	names  []ID        // by leader
	langs  []string    // by leader: texts in another language do not join it
	cosine []float64   // by leader: with the text at hand, as far as it was added up
	met    []int32     // leaders with any cosine
}

type entry struct {
	token  int32
	weight float64
}

type posting struct {
	leader int32
	weight float64
}

// NewBoard returns a board without gaps.
func NewBoard() *Board { return &Board{tokens: map[string]int32{}} }

// Add puts a gap on the board, led by a text.
func (b *Board) Add(i ID, text, language string) { b.lead(i, b.read(text), language) }

// Place returns the gap that asks nearly what a text asks; if there is none, the
// text leads the gap that the second argument names, and fresh is true.
func (b *Board) Place(text, language string, name func() ID) (i ID, fresh bool) {
	v := b.read(text)
	if at := b.nearest(v, language); at >= 0 {
		return b.names[at], false
	}
	i = name()
	b.lead(i, v, language)
	return i, true
}

func (b *Board) read(text string) []entry {
	weighed := retrieve.Weigh(text)
	v := make([]entry, len(weighed))
	for i, w := range weighed {
		t, ok := b.tokens[w.Token]
		if !ok {
			t = int32(len(b.tokens))
			b.tokens[w.Token] = t
			b.in = append(b.in, nil)
		}
		v[i] = entry{t, w.Weight}
	}
	return v
}

func (b *Board) lead(i ID, v []entry, language string) {
	at := int32(len(b.names))
	for _, e := range v {
		b.in[e.token] = append(b.in[e.token], posting{at, e.weight})
	}
	b.names, b.langs, b.cosine = append(b.names, i), append(b.langs, language), append(b.cosine, 0)
}

// nearest returns the leader with the highest cosine, the first of equals; -1 if
// none is near enough. A leader can only be near enough if it has one of the
// rarest tokens of the text: what is left when they are taken away is shorter
// than the least cosine, and no leader is longer than 1. So what stands in every
// other text makes nobody a candidate.
func (b *Board) nearest(v []entry, language string) int {
	rare := slices.Clone(v)
	slices.SortFunc(rare, func(x, y entry) int {
		return cmp.Or(cmp.Compare(len(b.in[x.token]), len(b.in[y.token])), cmp.Compare(x.token, y.token))
	})
	left := 1.0
	for _, e := range rare {
		admits := left > sameAsking*sameAsking-tiny
		left -= e.weight * e.weight
		for _, p := range b.in[e.token] {
			if b.cosine[p.leader] == 0 {
				if !admits || b.langs[p.leader] != language {
					continue
				}
				b.met = append(b.met, p.leader)
			}
			b.cosine[p.leader] += e.weight * p.weight
		}
	}
	best, at := sameAsking-tiny, int32(-1)
	for _, l := range b.met {
		if c := b.cosine[l]; c > best+tiny || at >= 0 && c > best-tiny && l < at {
			best, at = c, l
		}
		b.cosine[l] = 0
	}
	b.met = b.met[:0]
	return int(at)
}

// tiny is how much sums of the same numbers in another order may differ.
const tiny = 1e-9
