package flow

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// What answers to a question are read as by rules alone, in many words; nothing
// where nothing can be read.
func TestReadings(t *testing.T) {
	t.Parallel()
	afterTheDetector(t)
	said := stored[map[string]map[string][]string](t, "readings.json")
	maps.Copy(said, readings())
	delete(said, "")
	delete(said, toSummary)
	all := Builtin()
	good, sum := 0, 0
	for name, values := range said {
		id, slot, _ := strings.Cut(name, " ")
		f, _ := all.Latest(id)
		s, _ := f.Slot(slot)
		if s.Type == FreeText {
			continue
		}
		for want, said := range values {
			for _, text := range said {
				sum++
				v, _ := s.Read(text, true, Reading{Now: scriptTime, Zone: scriptZone})
				switch {
				case v.Text == want:
					good++
				case v.Text == "" || s.Optional && skips(text): // which the readers may read
				default:
					t.Logf("%s: %s is read as %s, not %q", name, text, v.Text, want)
				}
			}
		}
	}
	t.Logf("%d of %d", good, sum)
	if good < 4100 {
		t.Errorf("%d of %d", good, sum)
	}
}

// What the readers tell of answers that they have not learnt from, a fifth at a
// time: what they are sure of is right nineteen times of twenty.
func TestReaders(t *testing.T) {
	t.Parallel()
	afterTheDetector(t)
	var yesNo []example
	choices, sure, right := 0, 0, 0
	for _, f := range Builtin().All() {
		for _, s := range f.Slots {
			said := readings()[f.ID+" "+s.ID]
			switch {
			case said == nil:
			case s.Type == YesNo:
				yesNo = append(yesNo, readingsOf(said, s.about())...)
			default:
				list := readingsOf(said, "")
				n, r := heldOut(list, slices.Concat(s.optionReadings(), readingsOf(readings()[""], "")), sureChoice)
				choices, sure, right = choices+len(list), sure+n, right+r
			}
		}
	}
	t.Logf("choices: sure of %d of %d, right in %d", sure, choices, right)
	if sure*10 < choices*6 || right*100 < sure*95 {
		t.Error("choices")
	}
	sure, right = heldOut(yesNo, nil, sureYesNo)
	t.Logf("yes or no: sure of %d of %d, right in %d", sure, len(yesNo), right)
	if sure*10 < len(yesNo)*7 || right*100 < sure*95 {
		t.Error("yes or no")
	}
}

// heldOut reads each fifth of some answers by what is learnt from the others, and
// from more beside, and returns of how many the reader is sure, and is right.
func heldOut(list, beside []example, least float64) (sure, right int) {
	for fold := range 5 {
		known := slices.Clone(beside)
		var asked []example
		for i, x := range list {
			if i*stride(len(list))%len(list)%5 == fold {
				asked = append(asked, x)
			} else {
				known = append(known, x)
			}
		}
		r := newReader(known)
		for _, x := range asked {
			if value, share := r.read(x.text, x.about); share >= least && value != "" {
				sure++
				if value == x.value {
					right++
				}
			}
		}
	}
	return sure, right
}
