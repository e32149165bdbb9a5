package flow

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"yingda/internal/domain/phrase"
)

// played is what came of a dialogue: what was not as it should be, and whether
// something was written that should not have been.
type played struct {
	name     string
	problems []string
	wrong    string // the write that was wrong
}

// play plays a dialogue and looks at its writes more closely than Script.Play: a
// write is wrong where none was due, and where a slot then had another value
// than the person had said.
func play(s Script, flow Flow, all Library) played {
	language := s.Language
	if language == "" {
		language = phrase.Chinese
	}
	stub := &stub{script: s}
	e := Engine{Flows: with(all, flow), Seams: stub, Known: s.Known}
	var state State
	p := played{name: flow.ID + ", " + s.Name}
	due := map[string]string{}
	now := scriptTime
	for i, x := range s.Turns {
		now = now.Add(time.Duration(x.After) * time.Minute)
		m := Message{Text: x.Says, Language: language, Reading: Reading{Now: now, Zone: scriptZone}, Run: "script"}
		if i == 0 {
			m.Start = flow.ID
		}
		before, wrote := state, len(stub.written)
		t := e.Take(state, m)
		state = t.State
		for _, d := range x.differs(t) {
			p.problems = append(p.problems, fmt.Sprintf("message %d (%s): %s", i+1, x.Says, d))
		}
		if len(stub.written) > wrote {
			last := before.Frames[len(before.Frames)-1].Values
			for _, slot := range slices.Sorted(maps.Keys(due)) {
				if last[slot].Text != due[slot] {
					p.wrong = fmt.Sprintf("%s was %q, not %q", slot, last[slot].Text, due[slot])
				}
			}
		}
		maps.Copy(due, x.Slots)
	}
	if !slices.Equal(stub.written, s.Writes) {
		p.problems = append(p.problems, fmt.Sprintf("wrote %v, not %v", stub.written, s.Writes))
	}
	if len(stub.written) > len(s.Writes) || !slices.Equal(stub.written, s.Writes[:len(stub.written)]) {
		p.wrong = fmt.Sprintf("wrote %v, not %v", stub.written, s.Writes)
	}
	return p
}

// dialogues reads a file of dialogues, by their flows.
func dialogues(t *testing.T, file string) (flows map[string][]Script) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &flows); err != nil {
		t.Fatal(err)
	}
	return flows
}

// playAll plays dialogues in the order of their flows.
func playAll(flows map[string][]Script, all Library) (list []played) {
	for _, id := range slices.Sorted(maps.Keys(flows)) {
		f, _ := all.Latest(id)
		for _, s := range flows[id] {
			list = append(list, play(s, f, all))
		}
	}
	return list
}

// halves parts dialogues at random, by a fixed seed.
func halves(list []played) (development, final []played) {
	r := rand.New(rand.NewPCG(20261129, 5))
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:len(list)/2], list[len(list)/2:]
}

// Dialogues that were written before any of the rules were touched, and parted
// at random: the first half was learnt from, the second only counted.
func TestUnseen(t *testing.T) {
	t.Parallel()
	development, final := halves(playAll(dialogues(t, "unseen.json"), Builtin()))
	for _, half := range []struct {
		name  string
		list  []played
		shown bool
		least int
	}{{"development", development, true, 0}, {"final", final, false, 0}} {
		good := 0
		for _, p := range half.list {
			if p.wrong != "" {
				t.Errorf("%s half: a wrong write", half.name)
			}
			if len(p.problems) == 0 {
				good++
			}
			for _, problem := range p.problems {
				if half.shown {
					t.Logf("%s: %s", p.name, problem)
				}
			}
			if half.shown && p.wrong != "" {
				t.Errorf("%s: %s", p.name, p.wrong)
			}
		}
		t.Logf("%s half: %d of %d", half.name, good, len(half.list))
		if good < half.least {
			t.Errorf("%s half: %d of %d, not %d", half.name, good, len(half.list), half.least)
		}
	}
}

// Dialogues that were written to learn from.
func TestLearnt(t *testing.T) {
	t.Parallel()
	list := slices.Concat(playAll(dialogues(t, "learnt.json"), Builtin()), playAll(dialogues(t, "learnt_more.json"), Builtin()), playAll(dialogues(t, "learnt_third.json"), Builtin()), playAll(dialogues(t, "learnt_fourth.json"), Builtin()), playAll(dialogues(t, "learnt_fifth.json"), Builtin()), playAll(dialogues(t, "learnt_sixth.json"), Builtin()))
	good := 0
	for _, p := range list {
		if len(p.problems) == 0 {
			good++
		}
		for _, problem := range p.problems {
			t.Logf("%s: %s", p.name, problem)
		}
		if p.wrong != "" {
			t.Errorf("%s: a wrong write: %s", p.name, p.wrong)
		}
	}
	t.Logf("%d of %d", good, len(list))
}

// openings reads the messages that ask for no flow.
func openings(t *testing.T) (said map[string][]string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "openings.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &said); err != nil {
		t.Fatal(err)
	}
	return said
}

// Dialogues in four other voices, played for the first time when all else was
// done.
func TestVoices(t *testing.T) {
	t.Parallel()
	good, list := 0, playAll(dialogues(t, "voices.json"), Builtin())
	for _, p := range list {
		if len(p.problems) == 0 {
			good++
		}
		for _, problem := range p.problems {
			t.Logf("%s: %s", p.name, problem)
		}
		if p.wrong != "" {
			t.Errorf("%s: a wrong write: %s", p.name, p.wrong)
		}
	}
	t.Logf("%d of %d", good, len(list))
}
