package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"yingda/internal/assist"
	"yingda/internal/domain/retrieve"
)

// set is a public collection of questions.
type set struct {
	name   string
	asked  map[string][]string // label -> texts that ask the same
	beyond []string            // texts that belong to no label
}

// split is one way to part a set into a knowledge base and trials.
type split struct {
	base   []retrieve.Entry
	trials []assist.Trial
}

// sizes of a split of labelled questions.
const (
	phrasings  = 20  // of each question in the knowledge base
	tries      = 12  // of each question, not in it
	mostBeyond = 400 // trials that belong to no label
	mostKnown  = 2000
)

// banking reads BANKING77: two files of text,category.
func banking(folder string) (set, error) {
	s := set{name: "banking77", asked: map[string][]string{}}
	for _, part := range []string{"train", "test"} {
		f, err := os.Open(filepath.Join(folder, "banking77_"+part+".csv")) //nolint:gosec // whoever measures names the folder
		if err != nil {
			return s, err
		}
		rows, err := csv.NewReader(f).ReadAll()
		_ = f.Close() // it was only read
		if err != nil {
			return s, fmt.Errorf("%s: %w", f.Name(), err)
		}
		for _, r := range rows[1:] {
			s.asked[r[1]] = append(s.asked[r[1]], r[0])
		}
	}
	return s, nil
}

// clinc reads CLINC150 with its out-of-scope texts.
func clinc(folder string) (set, error) {
	s := set{name: "clinc150", asked: map[string][]string{}}
	b, err := os.ReadFile(filepath.Join(folder, "clinc150_full.json")) //nolint:gosec // whoever measures names the folder
	if err != nil {
		return s, err
	}
	var parts map[string][][2]string
	if err := json.Unmarshal(b, &parts); err != nil {
		return s, fmt.Errorf("clinc150_full.json: %w", err)
	}
	for _, r := range slices.Concat(parts["train"], parts["test"]) {
		s.asked[r[1]] = append(s.asked[r[1]], r[0])
	}
	for _, r := range parts["oos_test"] {
		s.beyond = append(s.beyond, r[0])
	}
	return s, nil
}

// lcqmc reads LCQMC: pairs of texts with 1 where they ask the same. What is
// joined by such pairs has one label; every other text has its own.
func lcqmc(folder string) (set, error) {
	s := set{name: "lcqmc", asked: map[string][]string{}}
	head := map[string]string{}
	var find func(t string) string
	find = func(t string) string {
		if h, ok := head[t]; ok && h != t {
			head[t] = find(h)
			return head[t]
		}
		head[t] = t
		return t
	}
	for _, part := range []string{"test"} {
		b, err := os.ReadFile(filepath.Join(folder, "lcqmc_"+part+".tsv")) //nolint:gosec // whoever measures names the folder
		if err != nil {
			return s, err
		}
		for line := range strings.Lines(string(b)) {
			f := strings.Split(strings.TrimSpace(line), "\t")
			if len(f) != 3 {
				continue
			}
			a, b := find(f[0]), find(f[1])
			if f[2] == "1" {
				head[a] = b
			}
		}
	}
	for t := range head {
		s.asked[find(t)] = append(s.asked[find(t)], t)
	}
	return s, nil
}

// labels returns those with at least n texts, in an order of their own, and
// each one's texts shuffled.
func (s set) labels(n int, r *rand.Rand) []string {
	var ls []string
	for l, texts := range s.asked {
		if len(texts) >= n {
			ls = append(ls, l)
		}
	}
	slices.Sort(ls)
	for _, l := range ls {
		texts := s.asked[l]
		slices.Sort(texts)
		r.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
	}
	r.Shuffle(len(ls), func(i, j int) { ls[i], ls[j] = ls[j], ls[i] })
	return ls
}

// labelled parts a set of which each question is asked often. Without texts
// from beyond, a fifth of the questions is left out and cannot be answered.
func (s set) labelled(r *rand.Rand) split {
	ls := s.labels(phrasings+tries, r)
	var out split
	left := 0
	if len(s.beyond) == 0 {
		left = len(ls) / 5
	}
	for i, l := range ls {
		texts := s.asked[l]
		if i < left {
			for _, t := range texts[:tries] {
				out.trials = append(out.trials, assist.Trial{Text: t})
			}
			continue
		}
		id := int64(i + 1)
		out.base = append(out.base, retrieve.Entry{ID: id, Question: texts[0], Phrasings: texts[1:phrasings]})
		for _, t := range texts[phrasings : phrasings+tries] {
			out.trials = append(out.trials, assist.Trial{Text: t, Question: id})
		}
	}
	if left == 0 {
		r.Shuffle(len(out.trials), func(i, j int) { out.trials[i], out.trials[j] = out.trials[j], out.trials[i] })
		out.trials = out.trials[:min(len(out.trials), mostKnown)]
		for _, i := range r.Perm(len(s.beyond))[:min(len(s.beyond), mostBeyond)] {
			out.trials = append(out.trials, assist.Trial{Text: s.beyond[i]})
		}
	}
	return out
}

// single parts a set into a knowledge base with one phrasing of each question,
// and trials of those with more.
func (s set) single(r *rand.Rand) split {
	var out split
	for i, l := range s.labels(1, r) {
		texts, id := s.asked[l], int64(i+1)
		out.base = append(out.base, retrieve.Entry{ID: id, Question: texts[0]})
		for _, t := range texts[1:] {
			if len(out.trials) < mostKnown {
				out.trials = append(out.trials, assist.Trial{Text: t, Question: id})
			}
		}
	}
	return out
}
