package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"strings"
	"time"

	"yingda/internal/assist"
	"yingda/internal/domain/retrieve"
)

type assistCommand struct {
	Eval   assistEvalCommand   `cmd:"" help:"Put questions to a knowledge base and print how well it answers, as one JSON object."`
	Doctor assistDoctorCommand `cmd:"" help:"Put a language model through what the assistant needs of it, and print what is right and wrong."`
}

// assistEvalCommand evaluates a knowledge base on questions of which it is
// known what they ask.
type assistEvalCommand struct {
	KB        string  `name:"kb" required:"" type:"path" help:"Lines of question-id, tab, phrasing."`
	Queries   string  `required:"" type:"path" help:"Lines of text, tab, question-id. Without an id no question answers it."`
	Precision float64 `default:"0.95" help:"What share of outright answers is to be right."`
}

func (c *assistEvalCommand) Run(s streams) error {
	if c.Precision <= 0 || c.Precision >= 1 {
		return fmt.Errorf("--precision %g is not a share between 0 and 1; write it like 0.95", c.Precision)
	}
	kb, ids, err := readBase(c.KB)
	if err != nil {
		return err
	}
	trials, strange, err := readTrials(c.Queries, ids)
	if err != nil {
		return err
	}
	if strange > 0 {
		fmt.Fprintf(s.Err, "yingda: %d queries name questions that are not in %s; they count as not answerable\n", strange, c.KB)
	}
	return json.NewEncoder(s.Out).Encode(assist.Evaluate(kb, trials, retrieve.Limits{Precision: c.Precision}, time.Now)) //nolint:forbidigo // decisions take microseconds
}

// readBase returns the questions of a file, and the number of each by its id.
func readBase(file string) ([]retrieve.Entry, map[string]int64, error) {
	b, err := os.ReadFile(file) //nolint:gosec // whoever asks names the file
	if err != nil {
		return nil, nil, err
	}
	var kb []retrieve.Entry
	ids := map[string]int64{}
	for n, line := range tsv(b) {
		id, phrasing, ok := strings.Cut(line, "\t")
		id, phrasing = strings.TrimSpace(id), strings.TrimSpace(phrasing)
		if !ok || id == "" || phrasing == "" {
			return nil, nil, fmt.Errorf("%s, line %d: write question-id, tab, phrasing", file, n)
		}
		if i, known := ids[id]; known {
			kb[i-1].Phrasings = append(kb[i-1].Phrasings, phrasing)
			continue
		}
		ids[id] = int64(len(kb) + 1)
		kb = append(kb, retrieve.Entry{ID: ids[id], Question: phrasing})
	}
	if len(kb) == 0 {
		return nil, nil, errors.New(file + " has no question; write lines of question-id, tab, phrasing")
	}
	return kb, ids, nil
}

// readTrials returns the queries of a file, and how many of them name a
// question that the knowledge base does not have.
func readTrials(file string, ids map[string]int64) (trials []assist.Trial, strange int, err error) {
	b, err := os.ReadFile(file) //nolint:gosec // whoever asks names the file
	if err != nil {
		return nil, 0, err
	}
	for n, line := range tsv(b) {
		text, id := line, ""
		if at := strings.LastIndexByte(line, '\t'); at >= 0 {
			text, id = line[:at], strings.TrimSpace(line[at+1:])
		}
		if strings.TrimSpace(text) == "" {
			return nil, 0, fmt.Errorf("%s, line %d: write text, tab, question-id; leave the id out where no question answers it", file, n)
		}
		if id != "" && ids[id] == 0 {
			strange++
		}
		trials = append(trials, assist.Trial{Text: text, Question: ids[id]})
	}
	if len(trials) == 0 {
		return nil, 0, errors.New(file + " has no query; write lines of text, tab, question-id")
	}
	return trials, strange, nil
}

// tsv yields the lines that hold anything, with their numbers from 1.
func tsv(b []byte) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		n := 0
		for line := range strings.Lines(strings.TrimPrefix(string(b), "\ufeff")) {
			n++
			line = strings.TrimRight(line, "\r\n")
			if strings.TrimSpace(line) != "" && !yield(n, line) {
				return
			}
		}
	}
}
