package flow

import (
	"strings"
	"testing"
)

// What answers to a question are read as, in many words; nothing where nothing
// can be read.
func TestReadings(t *testing.T) {
	t.Parallel()
	readings := stored[map[string]map[string][]string](t, "readings.json")
	all := Builtin()
	good, sum := 0, 0
	for name, values := range readings {
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
	if good*100 < sum*99 {
		t.Errorf("%d of %d", good, sum)
	}
}
