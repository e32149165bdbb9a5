// Person measures how well the assistant hears that somebody asks for a person,
// on real conversations of a shop's customers.
//
//	go run ./bench/person --dialogue FOLDER
//	go run ./bench/person --dialogue FOLDER --half mend --show
//
// FOLDER holds jddc_sessions_even.tsv: session, user, sender (0 is a customer),
// three columns that are not used, text. The labels name turns by a hash, because
// the texts may not be copied; labels.md says how they were made.
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"yingda/bench/internal/rig"
	"yingda/internal/domain/retrieve"
)

// The halves. All turns of one conversation are in the same.
const (
	mend = "mend" // may be read to make the rules better
	held = "held" // is only measured
)

// turn is one message of a customer.
type turn struct {
	id   string // a hash of where it stands and what it says
	half string
	text string
}

// figures are what is printed.
type figures struct {
	Half         string  `json:"half"`
	Turns        int     `json:"turns"`
	Requests     int     `json:"requests"`                // ask for a person in words
	Unclear      int     `json:"unclear"`                 // nearly do; neither kept nor counted as wrong
	Found        int     `json:"found"`                   // requests that were heard
	Missed       int     `json:"missed"`                  // requests that were not
	False        int     `json:"false"`                   // heard, though nobody asked
	UnclearHeard int     `json:"unclear_heard"`           // heard, of the unclear
	Recall       float64 `json:"recall"`                  // found of requests
	FalseRate    float64 `json:"false_rate"`              // false of turns that are no request
	RecallAll    float64 `json:"recall_with_unclear"`     // if every unclear turn were a request
	FalseAll     float64 `json:"false_rate_with_unclear"` // if none were
}

func main() {
	folder := flag.String("dialogue", "", "folder of the conversations")
	labels := flag.String("labels", "bench/person/labels.tsv", "which turns ask for a person")
	half := flag.String("half", "", "mend or held; empty is both")
	show := flag.Bool("show", false, "write what was missed and what was wrong, of the half for mending, to standard error")
	flag.Parse()
	turns, err := customers(filepath.Join(*folder, "jddc_sessions_even.tsv"))
	rig.Must(err)
	label, err := labelled(*labels, turns)
	rig.Must(err)
	x := retrieve.New(nil)
	f := figures{Half: *half}
	for _, t := range turns {
		if *half != "" && t.half != *half {
			continue
		}
		asked := x.Decide(t.text, retrieve.Limits{Language: "zh"}).Code == retrieve.Asked
		wrong := f.count(label[t.id], asked)
		if wrong && *show && t.half == mend {
			fmt.Fprintf(os.Stderr, "heard %t: %s\n", asked, t.text)
		}
	}
	rig.Print(f.rates())
}

// count counts one turn, and reports whether the rules are wrong about it.
func (f *figures) count(label string, asked bool) bool {
	f.Turns++
	switch {
	case label == "request":
		f.Requests++
		if !asked {
			f.Missed++
			return true
		}
		f.Found++
	case label != "":
		f.Unclear++
		if asked {
			f.UnclearHeard++
		}
	case asked:
		f.False++
		return true
	}
	return false
}

func (f figures) rates() figures {
	f.Recall = share(f.Found, f.Requests)
	f.FalseRate = share(f.False, f.Turns-f.Requests-f.Unclear)
	f.RecallAll = share(f.Found+f.UnclearHeard, f.Requests+f.Unclear)
	f.FalseAll = share(f.False+f.UnclearHeard, f.Turns-f.Requests)
	if f.Half == "" {
		f.Half = mend + "+" + held
	}
	return f
}

// share is part of whole, to four digits; nothing of nothing is nothing.
func share(part, whole int) float64 {
	return float64(int(float64(part)/float64(max(whole, 1))*1e4+0.5)) / 1e4
}

// customers reads what customers wrote.
func customers(name string) ([]turn, error) {
	rows, err := table(name, 7)
	if err != nil {
		return nil, err
	}
	var out []turn
	nth := map[string]int{}
	for _, r := range rows {
		session, sender, text := r[0], r[2], r[6]
		if sender != "0" {
			continue
		}
		nth[session]++
		at := sha256.Sum256([]byte(session + "\t" + strconv.Itoa(nth[session]) + "\t" + text))
		of := sha256.Sum256([]byte(session))
		out = append(out, turn{id: hex.EncodeToString(at[:8]), half: []string{mend, held}[of[0]&1], text: text})
	}
	return out, nil
}

// labelled reads the labels; a label of a turn that is not there is an error.
func labelled(name string, turns []turn) (map[string]string, error) {
	rows, err := table(name, 2)
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, t := range turns {
		there[t.id] = true
	}
	out := map[string]string{}
	for _, r := range rows {
		if !there[r[0]] {
			return nil, fmt.Errorf("%s: turn %s is not in these conversations", name, r[0])
		}
		out[r[0]] = r[1]
	}
	return out, nil
}

// table reads rows of so many columns with tabs between them.
func table(name string, columns int) ([][]string, error) {
	f, err := os.Open(name) //nolint:gosec // whoever measures names the file
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out [][]string
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		r := strings.Split(lines.Text(), "\t")
		if len(r) != columns {
			return nil, fmt.Errorf("%s: line %d has %d columns, want %d", name, len(out)+1, len(r), columns)
		}
		out = append(out, r)
	}
	return out, lines.Err()
}
