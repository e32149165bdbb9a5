package retrieve

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"math"
	"slices"

	"yingda/internal/domain/phrase"
)

// Meanings are the ways to ask the questions of an index as vectors of a model
// (嵌入向量): near each other where they mean the like, whatever the words. They
// never change. They are looked at where words alone leave open what is meant,
// and are trusted as far as they are right on the knowledge base itself.
type Meanings struct {
	of         *Index
	dimensions int
	owner      []int32 // of each way
	parts      []int8  // of all ways, one after the other
	scale      []float32
	confidence *confidence // nil: too little to judge from
}

// Ways returns every way to ask the questions of the index, each once.
func (x *Index) Ways() []string {
	var all []string
	for _, e := range x.entries {
		all = append(all, e.ways()...)
	}
	return distinct(all)
}

// NewMeanings returns the meanings of an index. vector returns the vector of a
// way to ask, of length 1, or nil where there is none; all have the same size.
// It takes about a second for 2,000 ways of 512 numbers, and less than five for
// more.
func NewMeanings(x *Index, vector func(way string) []float32) *Meanings {
	m := &Meanings{of: x}
	var places []int // of a way among those of its entry
	for i, e := range x.entries {
		for n, w := range e.ways() {
			v := vector(w)
			if len(v) == 0 || m.dimensions > 0 && len(v) != m.dimensions {
				continue
			}
			m.dimensions = len(v)
			parts, scale := coarse(v)
			m.owner, m.scale, m.parts = append(m.owner, int32(i)), append(m.scale, scale), append(m.parts, parts...)
			places = append(places, n)
		}
	}
	if x.confidence != nil {
		m.confidence = m.calibrate(places)
	}
	return m
}

// coarse writes a vector in a quarter of its room; what is lost is less than
// half a hundredth of its length in each direction.
func coarse(v []float32) (parts []int8, scale float32) {
	for _, x := range v {
		scale = max(scale, float32(math.Abs(float64(x)))/math.MaxInt8)
	}
	parts = make([]int8, len(v))
	if scale == 0 {
		return parts, 0
	}
	for i, x := range v {
		parts[i] = int8(math.Round(float64(x / scale)))
	}
	return parts, scale
}

// WriteVector returns a vector as it is kept: coarse, as it is compared.
func WriteVector(v []float32) string {
	parts, scale := coarse(v)
	raw := binary.LittleEndian.AppendUint32(nil, math.Float32bits(scale))
	for _, p := range parts {
		raw = append(raw, byte(p))
	}
	return base64.StdEncoding.EncodeToString(raw)
}

// ReadVector reads what WriteVector wrote; nil where it is something else.
func ReadVector(kept string) []float32 {
	raw, err := base64.StdEncoding.DecodeString(kept)
	if err != nil || len(raw) < 5 {
		return nil
	}
	scale := math.Float32frombits(binary.LittleEndian.Uint32(raw))
	v := make([]float32, len(raw)-4)
	for i, b := range raw[4:] {
		v[i] = float32(int8(b)) * scale
	}
	return v
}

// scan writes how near each way is to a vector, from -1 to 1.
func (m *Meanings) scan(parts []int8, scale float32, near []float32) {
	for i := range m.owner {
		way := m.parts[i*m.dimensions : (i+1)*m.dimensions]
		var sum int32
		for k, p := range parts {
			sum += int32(p) * int32(way[k])
		}
		near[i] = float32(sum) * scale * m.scale[i]
	}
}

// meant is an entry by the nearest of its ways.
type meant struct {
	entry int32
	near  float32
}

// nearest returns the n entries that are nearest, best first, of those ways
// that count.
func (m *Meanings) nearest(near []float32, counts func(way int) bool, n int) []meant {
	const none = -2 // less than any way is near
	best := make([]float32, len(m.of.entries))
	for i := range best {
		best[i] = none
	}
	for i, e := range m.owner {
		if near[i] > best[e] && counts(i) {
			best[e] = near[i]
		}
	}
	top, have := make([]meant, n), 0
	for e, s := range best {
		if s > none {
			have = insert(top, have, meant{int32(e), s}, func(a, b meant) bool { return a.near > b.near })
		}
	}
	return top[:have]
}

// standing is what speaks for the first of some entries: how near it is, and
// how far before the second.
func standing(top []meant) (s signals) {
	if len(top) > 0 {
		s[0], s[1] = float64(top[0].near), float64(top[0].near)
	}
	if len(top) > 1 {
		s[1] -= float64(top[1].near)
	}
	return s
}

const (
	meaningSamples = 2000
	meaningWork    = 3 << 30 // products of numbers: some seconds
)

// calibrate learns how far nearness can be trusted, as calibrate of words does:
// each way is looked up among the others, once as if its question were known by
// them, and for a part as if it were not known at all.
func (m *Meanings) calibrate(places []int) *confidence {
	ways := make([]int, len(m.owner))
	for i := range ways {
		ways[i] = i
	}
	n := min(meaningSamples, max(meaningSamples/20, meaningWork/max(1, len(ways)*m.dimensions)))
	near := make([]float32, len(ways))
	var samples []sample
	var known, beyond float64
	for _, i := range spread(ways, n) {
		m.scan(m.parts[i*m.dimensions:(i+1)*m.dimensions], m.scale[i], near)
		owner := m.owner[i]
		if (places[i]+int(owner))%folds == 0 {
			top := m.nearest(near, func(w int) bool { return m.owner[w] != owner }, choices)
			samples = append(samples, sample{signals: standing(top)})
			beyond++
			continue
		}
		top := m.nearest(near, func(w int) bool { return w != i }, choices)
		at := slices.IndexFunc(top, func(f meant) bool { return f.entry == owner })
		samples = append(samples, sample{signals: standing(top), first: at == 0, among: at >= 0, weight: 1})
		known++
	}
	if known == 0 || beyond == 0 {
		return nil
	}
	for i := range samples {
		if samples[i].weight == 0 {
			samples[i].weight = assumedUnknown / (1 - assumedUnknown) * known / beyond
		}
	}
	c := &confidence{
		first: regress(samples, func(s sample) bool { return s.first }),
		among: regress(samples, func(s sample) bool { return s.among }),
	}
	c.measure(samples)
	return c
}

// Coverage returns the share of questions that the meanings alone would answer
// outright when this share of answers is to be right; 0 is the usual one.
func (m *Meanings) Coverage(precision float64) float64 {
	if m.confidence == nil {
		return 0
	}
	return m.confidence.coverage(Limits{Precision: precision}.orUsual().Precision)
}

// Open reports whether a decision leaves open what is meant, so that a vector
// of the text may help.
func (d Decision) Open() bool {
	return d.Code == Unsure || d.Code == Nothing && d.Action == HandOver
}

// Meant decides anew what words left open, by the vector of the same text. An
// answer takes both: meanings that are sure, and words that do not speak against
// it. What is merely near is offered. False means that the decision stays, as it
// does without meanings of this very index.
func (x *Index) Meant(d Decision, m *Meanings, v []float32, text string, l Limits) (Decision, bool) {
	if m == nil || m.of != x || m.confidence == nil || len(v) != m.dimensions || !d.Open() {
		return d, false
	}
	l = l.orUsual()
	l.besides = l.After
	normal := Normalise(text)
	may, language := x.may(text, l)
	near := make([]float32, len(m.owner))
	parts, scale := coarse(v)
	m.scan(parts, scale, near)
	top := m.nearest(near, func(w int) bool { return may(m.owner[w]) }, alsoNear)
	if len(top) == 0 || m.hides(near, top[0].near, text, l) {
		return d, false
	}
	s := standing(top)
	p, among, enough := m.confidence.first.of(s), m.confidence.among.of(s), m.confidence.threshold(l.Precision)
	byWords := x.Find(text, l, alsoNear)
	first := x.entries[top[0].entry]
	agreed := slices.IndexFunc(byWords, func(c Candidate) bool { return c.ID == first.ID })
	switch word := len(tokensOnce(matter(normal))) < 3; {
	case among < worthAsking:
		return d, false
	case p >= enough && agreed >= 0 && agreed < choices && !word && x.size[language].Tended >= minEntries && len(first.ways()) >= minWays:
		d.Candidates, d.Enough, d.Near = []Candidate{{ID: first.ID, Question: first.Question, Score: float64(top[0].near)}}, enough, nil
		return d.answer(Clear, p, phrase.Because("assist.meant", "by its meaning right with probability %s; %s is enough, and its words speak for the same question", digits(p), digits(enough))), true
	}
	offers := m.candidates(top)
	if d.Code == Unsure {
		offers = fused(offers, byWords)
	}
	d.Candidates, d.Near, d.Probability, d.Enough = offers[:min(len(offers), choices)], nil, p, enough
	return d.choose(Unsure, phrase.Because("assist.meaning", "by its meaning the right question is among the nearest with probability %s (%s that it is the first)", digits(among), digits(p))), true
}

// hides reports whether something that may not be shown is nearer than what may.
func (m *Meanings) hides(near []float32, first float32, text string, l Limits) bool {
	l.Internal = true
	may, _ := m.of.may(text, l)
	return slices.ContainsFunc(m.nearest(near, func(w int) bool { return may(m.owner[w]) }, 1), func(f meant) bool { return f.near > first })
}

// candidates returns entries as they are offered, but none that is far behind
// the first.
func (m *Meanings) candidates(top []meant) []Candidate {
	var out []Candidate
	for _, f := range top {
		if f.near < top[0].near/2 {
			break
		}
		e := m.of.entries[f.entry]
		out = append(out, Candidate{ID: e.ID, Question: e.Question, Score: float64(f.near)})
	}
	return out
}

// fused returns what stands in two rankings by the ranks in both, the first
// before the second (reciprocal rank fusion; Cormack, Clarke and Büttcher, 2009).
func fused(first, second []Candidate) []Candidate {
	const k = 60
	score := map[int64]float64{}
	var all []Candidate
	for _, ranking := range [][]Candidate{first, second} {
		for i, c := range ranking {
			if _, ok := score[c.ID]; !ok {
				all = append(all, c)
			}
			score[c.ID] += 1 / float64(k+i+1)
		}
	}
	slices.SortStableFunc(all, func(a, b Candidate) int { return cmp.Compare(score[b.ID], score[a.ID]) })
	return all
}
