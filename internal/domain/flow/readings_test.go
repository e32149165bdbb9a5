package flow

import (
	"maps"
	"strings"
	"testing"
)

// What answers to a question are read as by rules alone, in many words; nothing
// where nothing can be read.
func TestReadings(t *testing.T) {
	t.Parallel()
	said := stored[map[string]map[string][]string](t, "readings.json")
	maps.Copy(said, readings())
	delete(said, "")
	all := Builtin()
	good, sum := 0, 0
	for name, values := range said {
		id, slot, _ := strings.Cut(name, " ")
		f, _ := all.Latest(id)
		s, _ := f.Slot(slot)
		for want, said := range values {
			for _, text := range said {
				sum++
				v, _ := s.Read(text, true, Reading{Now: scriptTime, Zone: scriptZone})
				switch {
				case v.Text == want:
					good++
				case v.Text == "" || s.Optional && skips(text):
					t.Logf("%s: %s is not read, not as %s", name, text, want)
				default:
					t.Logf("%s: %s is read as %s, not %q", name, text, v.Text, want)
				}
			}
		}
	}
	t.Logf("%d of %d", good, sum)
	if good*100 < sum*97 {
		t.Errorf("%d of %d", good, sum)
	}
}

// What the readers tell of answers that they have not learnt from, a fifth at a
// time: what they are sure of is right nineteen times of twenty.
func TestReaders(t *testing.T) {
	t.Parallel()
	kinds := map[string][]example{}
	for _, f := range Builtin().All() {
		for _, s := range f.Slots {
			said := readings()[f.ID+" "+s.ID]
			switch {
			case said == nil:
			case s.Type == YesNo:
				kinds["yes or no"] = append(kinds["yes or no"], readingsOf(said, s.about())...)
			default:
				kinds["choices"] = append(kinds["choices"], readingsOf(said, f.ID+s.ID)...)
			}
		}
	}
	for name, list := range kinds {
		sure, right := 0, 0
		for fold := range 5 {
			var known, asked []example
			for i, x := range list {
				if i*stride(len(list))%len(list)%5 == fold {
					asked = append(asked, x)
				} else {
					known = append(known, x)
				}
			}
			r := newReader(known)
			for _, x := range asked {
				if value, share := r.read(x.text, x.about); share >= sureYesNo && value != "" {
					sure++
					if value == x.value {
						right++
					}
				}
			}
		}
		t.Logf("%s: sure of %d of %d, right in %d", name, sure, len(list), right)
		if sure*4 < len(list) || right*100 < sure*93 {
			t.Errorf("%s: sure of %d of %d, right in %d", name, sure, len(list), right)
		}
	}
}
