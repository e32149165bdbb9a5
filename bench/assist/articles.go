package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"

	"yingda/bench/internal/rig"
	"yingda/internal/app/demo"
	"yingda/internal/domain/retrieve"
	"yingda/internal/help"
)

// quoting is what became of the texts of one half.
type quoting struct {
	Half      string  `json:"half"`
	Texts     int     `json:"texts"`
	Answered  int     `json:"by_question"` // which a question answers outright; they do not count below
	Known     int     `json:"known"`       // an article answers them
	Quoted    int     `json:"quoted"`      // that were answered with a passage
	Right     int     `json:"right"`       // whose passage holds what was asked
	Precision float64 `json:"precision"`
	Coverage  float64 `json:"coverage"` // of the known, answered and right
	Unknown   int     `json:"unknown"`
	False     float64 `json:"false_answers"` // of the unknown, answered all the same
	Linked    int     `json:"linked"`        // of the known, whose article was linked or quoted
}

// articles asks the demonstration's articles what stands in a file, after its
// questions, and counts whether the passage that answers holds what it has to.
func articles(file string, verbose bool) {
	qs, as, err := demo.Knowledge()
	rig.Must(err)
	h, done := furnished(qs, as)
	defer done()
	b, err := os.ReadFile(file) //nolint:gosec // named by who measures
	rig.Must(err)
	var all []*quoting
	for line := range strings.Lines(string(b)) {
		part := strings.Split(strings.TrimSpace(line), "\t")
		if len(part) != 3 || strings.HasPrefix(line, "#") {
			continue
		}
		at := slices.IndexFunc(all, func(q *quoting) bool { return q.Half == part[0] })
		if at < 0 {
			at, all = len(all), append(all, &quoting{Half: part[0]})
		}
		all[at].count(h, part[1], part[2], verbose)
	}
	for _, q := range all {
		q.Precision, q.Coverage = share(q.Right, q.Quoted), share(q.Right, q.Known)
		q.False = share(int(q.False), q.Unknown)
		rig.Print(q)
	}
}

func (q *quoting) count(h *help.Help, text, fact string, verbose bool) {
	q.Texts++
	d := h.Decide(text, limits("zh"))
	if d.Action == retrieve.Answer {
		q.Answered++
		return
	}
	c, ok := h.Cite(text, "zh")
	sure := ok && c.Sure && d.Unsure()
	right := fact != "-" && strings.Contains(c.Text, fact)
	switch fact {
	case "-":
		q.Unknown++
		if sure {
			q.False++
		}
	default:
		q.Known++
		if ok {
			q.Linked++
		}
	}
	if sure {
		q.Quoted++
		if right {
			q.Right++
		}
	}
	if verbose {
		fmt.Fprintf(os.Stderr, "%s\tsure=%t right=%t %.3f next=%.3f\t%s\t%s\t%s › %s\n", q.Half, sure, right, c.Score, c.Next, text, fact, c.Entry.Title, c.Under)
	}
}

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(int(float64(n)/float64(of)*1e4+0.5)) / 1e4
}

// post sends JSON and reads what comes back.
func post(at string, body, into any) {
	b, err := json.Marshal(body)
	rig.Must(err)
	w, err := http.Post(at, "application/json", bytes.NewReader(b)) //nolint:noctx,gosec // of our own server, for as long as the program lasts
	rig.Must(err)
	rig.Must(json.NewDecoder(w.Body).Decode(into))
	rig.Must(w.Body.Close())
}
