package flow

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
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

// noted is the seams of a script with what was written to them.
type noted struct {
	*stub
	calls []Call
}

func (n *noted) Write(c Call) (map[string]string, error) {
	n.calls = append(n.calls, c)
	return n.stub.Write(c)
}

// wrongIn returns what of a write is not as the person had said, empty where all
// is: a value that was written or a look-up went by, of the slots that the script
// names, and a text that holds nothing but what another slot asks for.
func wrongIn(c Call, f Frame, flow Flow, due map[string]string) string {
	written := map[string]string{}
	for _, step := range flow.Steps {
		if step.Kind != Write || step.Seam != c.Seam {
			continue
		}
		for name, of := range step.With {
			if v, has := c.With[name]; has {
				written[of] = v
			}
		}
	}
	for _, slot := range flow.Slots {
		got, isWritten := written[slot.ID]
		if !isWritten {
			got = f.Values[slot.ID].Text
		}
		want, said := due[slot.ID]
		if q, ok := flow.askedAfter(slot); ok && due[q.ID] == No { // it is not wanted any more
			want = ""
		}
		if said && got != want {
			return fmt.Sprintf("%s was %q, not %q", slot.ID, got, want)
		}
		if slot.Type != FreeText || got == "" {
			continue
		}
		for _, other := range flow.Slots {
			sc := newScan(got)
			if _, err := other.read(sc, false, Reading{Now: scriptTime, Zone: scriptZone}); other.isDefinite() && err == nil && bare(sc.text()) == "" {
				return fmt.Sprintf("%s is the %s %q", slot.ID, other.ID, got)
			}
		}
	}
	return ""
}

// play plays a dialogue and looks at its writes more closely than Script.Play: a
// write is wrong where none was due, and where a value in it, or one that a look-up
// before it went by, is another than the person had said.
func play(s Script, flow Flow, all Library) played {
	language := s.Language
	if language == "" {
		language = phrase.Chinese
	}
	stub := &noted{stub: &stub{script: s}}
	e := Engine{Flows: all, Seams: stub, Known: s.Known}
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
		before, wrote := state, len(stub.calls)
		t := e.Take(state, m)
		state = t.State
		for _, d := range x.differs(t, s.Name, i+1) {
			p.problems = append(p.problems, d.Message())
		}
		if len(stub.calls) > wrote && len(before.Frames) > 0 {
			f := before.Frames[len(before.Frames)-1]
			of, _ := all.Latest(f.Flow)
			for _, c := range stub.calls[wrote:] {
				if wrong := wrongIn(c, f, of, due); wrong != "" {
					p.wrong = wrong
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

// stored reads a file of testdata.
func stored[T any](t *testing.T, file string) (content T) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &content); err != nil {
		t.Fatal(err)
	}
	return content
}

// dialogues reads a file of dialogues, by their flows.
func dialogues(t *testing.T, file string) map[string][]Script {
	t.Helper()
	return stored[map[string][]Script](t, file)
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

// afterTheDetector leaves a long test to the run without the race detector, under
// which it takes ten times as long and goes the ways of the shorter ones.
func afterTheDetector(t *testing.T) {
	t.Helper()
	if racing {
		t.Skip("without the race detector")
	}
}

// taught is the flows of the program with the readers, learnt once.
var taught = sync.OnceValue(func() Library { return Builtin().Reading(Learn()) })

// halves parts dialogues at random, by a fixed seed.
func halves(list []played) (development, final []played) {
	r := rand.New(rand.NewPCG(20261129, 5))
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:len(list)/2], list[len(list)/2:]
}

// count logs how many dialogues come out, what does not where it may be seen,
// and fails on a wrong write and below what is due.
func count(t *testing.T, name string, list []played, shown bool, due int) {
	t.Helper()
	good := 0
	for _, p := range list {
		if p.wrong != "" {
			t.Errorf("%s: a wrong write", name)
		}
		if len(p.problems) == 0 {
			good++
		}
		for _, problem := range append(p.problems, p.wrong) {
			if shown && problem != "" {
				t.Logf("%s: %s", p.name, problem)
			}
		}
	}
	t.Logf("%s: %d of %d", name, good, len(list))
	if good < due {
		t.Errorf("%s: %d of %d come out, not %d", name, good, len(list), due)
	}
}

// The dialogues say when a value that is written is wrong.
func TestWrongIn(t *testing.T) {
	t.Parallel()
	flow, _ := taught().Latest("callback")
	f := Frame{Values: map[string]Value{"phone": {Text: "13912345678"}, "when": {Text: "2026-12-01"}}}
	for _, x := range []struct {
		about string
		due   map[string]string
		want  string
	}{
		{"保养的事", map[string]string{"phone": "13912345678", "when": "2026-12-02"}, ""},
		{"保养的事", map[string]string{"phone": "13800138000"}, `phone was "13912345678", not "13800138000"`},
		{"保养的事", map[string]string{"when": "2026-12-03"}, `when was "2026-12-02", not "2026-12-03"`},
		{"保养的事", map[string]string{"about": "补漆的事"}, `about was "保养的事", not "补漆的事"`},
		{"13800138000", map[string]string{"phone": "13912345678"}, `about is the phone "13800138000"`},
	} {
		call := Call{Seam: "case.create", With: map[string]string{"text": x.about, "phone": "13912345678", "time": "2026-12-02"}}
		if got := wrongIn(call, f, flow, x.due); got != x.want {
			t.Errorf("%q, not %q", got, x.want)
		}
	}
}

// Dialogues that were written before any of the rules for them were touched, and
// parted at random. At first sight 14 of 43 and 11 of 43 came out. The first half
// was learnt from; of the second only the number was ever looked at.
func TestUnseen(t *testing.T) {
	t.Parallel()
	development, final := halves(playAll(dialogues(t, "unseen.json"), taught()))
	count(t, "the development half", development, true, 43)
	count(t, "the final half", final, false, 36)
}

// Dialogues that were written, one set after the other, to learn from. At first
// sight 29 of 43, 21 of 41, 31 of 40, 28 of 39, 25 of 35, 25 of 33 and 26 of 28
// came out. In one, and in two of TestParaphrased, a vague time was to be asked
// for again; where it need not be known it is not any more. Two ended before a yes
// that was asked for again then, 嗯就这个点 and 问过了 还是报吧, and is one now.
func TestLearnt(t *testing.T) {
	t.Parallel()
	afterTheDetector(t)
	list := playAll(dialogues(t, "learnt.json"), taught())
	count(t, "learnt", list, true, len(list))
}

// Dialogues in four other voices: an old person who speaks instead of typing, a
// young one with the slang of the net, the keeper of a fleet, a driver from
// abroad. At first sight 14 of 30 came out; they have been learnt from since.
func TestVoices(t *testing.T) {
	t.Parallel()
	count(t, "voices", playAll(dialogues(t, "voices.json"), taught()), true, 30)
}

// Sets of dialogues, each in the voices of five to eight other people, with their
// dialects, typing and manners. Each was played once before it was learnt from:
// first is what came out then. The first was written, with those to the fifth
// and the final one, before the rules for any of them; with the rules as they
// were then 23, 21, 24, 17 and 19 came out. The expectations of two (one in i, one
// in d before it was played) were put right, which no clerk could have met: a noon
// still ahead that lay behind, a number that was whole and was to be refused.
func TestFresh(t *testing.T) {
	t.Parallel()
	for _, set := range []struct {
		name            string
		all, first, due int
	}{
		{"a", 39, 23, 39},
		{"b", 38, 25, 38},
		{"c", 33, 27, 32},
		{"d", 29, 18, 28},
		{"e", 28, 25, 28},
		{"g", 33, 22, 32},
		{"h", 30, 20, 29},
		{"i", 29, 23, 29},
		{"j", 26, 19, 26},
		{"k", 27, 22, 27},
		{"l", 24, 16, 24},
		{"m", 21, 15, 21},
		{"n", 22, 17, 22},
	} {
		list := playAll(dialogues(t, "fresh_"+set.name+".json"), taught())
		if len(list) != set.all {
			t.Errorf("%s has %d dialogues", set.name, len(list))
		}
		count(t, fmt.Sprintf("%s (%d at first sight)", set.name, set.first), list, true, set.due)
	}
}

// Seventy dialogues in seven voices, written before the rules for any of them and
// never looked into: only the number was, after each set above. It went 45, 55,
// 51, 56, 57, 59, 60, 62 and stayed there for five sets; since the readers learn
// from nine times as many answers it is 66.
func TestFinal(t *testing.T) {
	t.Parallel()
	count(t, "final", playAll(dialogues(t, "final.json"), taught()), false, 66)
}

// Eighty dialogues of another writer, who had not seen the rules: 68 came out at
// first sight, with three wrong writes. They have been learnt from since. The
// expectation of one of the three (b11 of repair_booking) was put right: morning is
// from six o'clock on here as in all other sets, not from eight.
func TestBlind(t *testing.T) {
	t.Parallel()
	list := playAll(dialogues(t, "blind.json"), taught())
	if len(list) != 80 {
		t.Errorf("there are %d dialogues", len(list))
	}
	count(t, "blind (68 at first sight)", list, true, 78)
}

// Eighty more, eight customers for each flow, by a third writer who had not seen
// the rules, the readers' answers or other dialogues than a few for their form: 65
// came out at first sight, with two wrong writes. They have been learnt from since. The expectations of six were
// put right: four wanted the kind of a complaint read from a story that does not name
// it, of which it is asked; 对的 快点派人来 asks for more than is reported; a call that
// is given up is said to be so in other words.
func TestBlindTwo(t *testing.T) {
	t.Parallel()
	list := playAll(dialogues(t, "blind2.json"), taught())
	if len(list) != 80 {
		t.Errorf("there are %d dialogues", len(list))
	}
	count(t, "blind2 (65 at first sight)", list, true, 80)
}

// Thirty more of the same writer, after the mending of the eighty: 19 came out at
// first sight, with two wrong writes. They have been learnt from since. In two the
// yes has more beside it than it may have, 不是胎压的事儿 你报吧 and 对 退钱; they were
// to be written at once, and are asked for again.
func TestBlindThree(t *testing.T) {
	t.Parallel()
	list := playAll(dialogues(t, "blind3.json"), taught())
	if len(list) != 30 {
		t.Errorf("there are %d dialogues", len(list))
	}
	count(t, "blind3 (19 at first sight)", list, true, 30)
}

// Thirty more, written after the mending of those: 27 came out at first sight,
// with nothing written wrongly. They have been learnt from since.
func TestBlindFour(t *testing.T) {
	t.Parallel()
	list := playAll(dialogues(t, "blind4.json"), taught())
	if len(list) != 30 {
		t.Errorf("there are %d dialogues", len(list))
	}
	count(t, "blind4 (27 at first sight)", list, true, 30)
}

// And thirty more after those: 27 came out at first sight, with one wrong write,
// 周三哦不周四. They have been learnt from since.
func TestBlindFive(t *testing.T) {
	t.Parallel()
	list := playAll(dialogues(t, "blind5.json"), taught())
	if len(list) != 30 {
		t.Errorf("there are %d dialogues", len(list))
	}
	count(t, "blind5 (27 at first sight)", list, true, 30)
}

// The last thirty: 25 came out at first sight, with three wrong writes, all of
// corrections at the confirmation. They have been learnt from since. One expectation
// was put right: 我要投诉服务态度 is a story already.
func TestBlindSix(t *testing.T) {
	t.Parallel()
	list := playAll(dialogues(t, "blind6.json"), taught())
	if len(list) != 30 {
		t.Errorf("there are %d dialogues", len(list))
	}
	count(t, "blind6 (25 at first sight)", list, true, 30)
}

// Thirty after all the mending: 27 came out at first sight. A call that was told
// where the fault was asked for was written for the fault, which is not counted as
// what texts hold is not looked at; it is asked for again since.
func TestBlindSeven(t *testing.T) {
	t.Parallel()
	list := playAll(dialogues(t, "blind7.json"), taught())
	if len(list) != 30 {
		t.Errorf("there are %d dialogues", len(list))
	}
	count(t, "blind7 (27 at first sight)", list, true, 29)
}

// Forty of two more writers each, who had not seen rules, answers or other
// dialogues than a few for their form. Of the first 31 came out at first sight, with
// nothing written wrongly. They have been learnt from since.
func TestBlindEight(t *testing.T) {
	t.Parallel()
	afterTheDetector(t)
	list := playAll(dialogues(t, "blind8.json"), taught())
	if len(list) != 40 {
		t.Errorf("there are %d dialogues", len(list))
	}
	count(t, "blind8 (31 at first sight)", list, true, 40)
}

// Of the second 34, with one wrong write: 昨天下午不对是前天下午, in one breath, was
// yesterday.
func TestBlindNine(t *testing.T) {
	t.Parallel()
	afterTheDetector(t)
	list := playAll(dialogues(t, "blind9.json"), taught())
	if len(list) != 40 {
		t.Errorf("there are %d dialogues", len(list))
	}
	count(t, "blind9 (34 at first sight)", list, true, 40)
}

// Of the first of another writer 33, with nothing written wrongly.
func TestBlindTen(t *testing.T) {
	t.Parallel()
	afterTheDetector(t)
	list := playAll(dialogues(t, "blind10.json"), taught())
	if len(list) != 40 {
		t.Errorf("there are %d dialogues", len(list))
	}
	count(t, "blind10 (33 at first sight)", list, true, 40)
}

// The second of that writer was measured when all was mended: 37 came out at first
// sight, with nothing written wrongly.
func TestBlindEleven(t *testing.T) {
	t.Parallel()
	afterTheDetector(t)
	list := playAll(dialogues(t, "blind11.json"), taught())
	if len(list) != 40 {
		t.Errorf("there are %d dialogues", len(list))
	}
	count(t, "blind11 (37 at first sight)", list, true, 40)
}

// Forty of yet another writer, who had seen none of the sets before: 21 came out at
// first sight, with what a summary that showed it wrongly was agreed to written six
// times. They have been learnt from since.
func TestBlindTwelve(t *testing.T) {
	t.Parallel()
	afterTheDetector(t)
	list := playAll(dialogues(t, "blind12.json"), taught())
	if len(list) != 40 {
		t.Errorf("there are %d dialogues", len(list))
	}
	count(t, "blind12 (21 at first sight)", list, true, 36)
}

// Of a writer who was asked for plain dialogues with one or two difficulties each 31
// came out at first sight, with nothing written wrongly. They have been learnt from
// since; 三百六 is no money yet where no word for it stands beside it.
func TestBlindThirteen(t *testing.T) {
	t.Parallel()
	afterTheDetector(t)
	list := playAll(dialogues(t, "blind13.json"), taught())
	if len(list) != 40 {
		t.Errorf("there are %d dialogues", len(list))
	}
	count(t, "blind13 (31 at first sight)", list, true, 37)
}
