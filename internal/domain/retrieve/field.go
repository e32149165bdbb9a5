package retrieve

import (
	"math"
	"slices"
)

// field is an inverted index of short documents with their weights worked out:
// BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009)
// with a token counted once in a document, because phrasings are too short for
// its frequency to say anything.
type field struct {
	idf    []float32 // by token; 0 where no document has it
	start  []int32   // by token: where its postings begin; one more at the end
	docs   []int32
	weight []float32 // by posting: what the document gains by the token
	owner  []int32   // by document: its entry
	maxIDF float32
}

// The usual constants of BM25.
const (
	k1          = 1.2
	lengthShare = 0.75
)

func newField(ds []document, tokens int) field {
	f := field{owner: make([]int32, len(ds)), idf: make([]float32, tokens), start: make([]int32, tokens+1)}
	total := 0
	for i, d := range ds {
		f.owner[i] = d.owner
		total += len(d.tokens)
		for _, t := range d.tokens {
			f.start[t+1]++
		}
	}
	n := float64(len(ds))
	f.maxIDF = float32(math.Log(1 + n))
	for t := range f.idf {
		if df := float64(f.start[t+1]); df > 0 {
			f.idf[t] = float32(math.Log(1 + (n-df+0.5)/(df+0.5)))
		}
		f.start[t+1] += f.start[t]
	}
	f.docs, f.weight = make([]int32, total), make([]float32, total)
	next := slices.Clone(f.start)
	average := float64(total) / n
	for i, d := range ds {
		norm := float32((k1 + 1) / (1 + k1*(1-lengthShare+lengthShare*float64(len(d.tokens))/average)))
		for _, t := range d.tokens {
			f.docs[next[t]] = int32(i)
			f.weight[next[t]] = f.idf[t] * norm
			next[t]++
		}
	}
	return f
}

// score adds up what each document gains by the tokens, and returns what a
// document would gain that holds all of them and has the usual length, and how
// much of that no document has. A token that no document has counts as the
// rarest; a pair of that kind counts half, because it may be made of known
// characters.
func (f *field) score(tokens []token, docs []float32) (self, unknown float32) {
	for _, t := range tokens {
		if t.id < 0 || f.idf[t.id] == 0 {
			share := t.weight
			if share == pairWeight {
				share /= 2
			}
			self += share * f.maxIDF
			unknown += share * f.maxIDF
			continue
		}
		self += t.weight * f.idf[t.id]
		from, to := f.start[t.id], f.start[t.id+1]
		weight := f.weight[from:to]
		for i, d := range f.docs[from:to] {
			docs[d] += t.weight * weight[i]
		}
	}
	return self, unknown
}
