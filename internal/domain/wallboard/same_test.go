package wallboard

import (
	"reflect"
	"testing"
	"time"

	"yingda/internal/domain/agent"
)

// A field that is added to a seat and forgotten in Same would never reach a
// screen: each field is changed in turn.
func TestSame(t *testing.T) {
	half, third := 0.5, 0.3
	seat := Seated{
		ID: 1, Name: "王芳", Presence: agent.Presence{State: agent.Online, Since: time.Unix(9, 0).UTC()}, Connected: true, Phone: true,
		Load: 1, Ringing: 1, Capacity: 4, Holds: []Held{{ID: 7, Number: 3}}, Occupancy: &half,
	}
	other := Seated{
		ID: 2, Name: "李娜", Presence: agent.Presence{State: agent.Break, Since: time.Unix(9, 0).UTC()},
		Load: 2, Ringing: 2, Capacity: 5, Holds: []Held{{ID: 7, Number: 3, Rings: true}}, Occupancy: &third,
	}
	again := half
	same := seat
	same.Occupancy, same.Holds = &again, []Held{{ID: 7, Number: 3}}
	if !seat.Same(same) {
		t.Error("a copy differs")
	}
	for i := range reflect.TypeFor[Seated]().NumField() {
		changed := seat
		reflect.ValueOf(&changed).Elem().Field(i).Set(reflect.ValueOf(other).Field(i))
		if seat.Same(changed) || changed.Same(seat) {
			t.Errorf("a change of %s is not seen", reflect.TypeFor[Seated]().Field(i).Name)
		}
	}
	none := seat
	none.Occupancy = nil
	if seat.Same(none) || none.Same(seat) || !none.Same(none) {
		t.Error("an occupancy that is not known is one")
	}
}
