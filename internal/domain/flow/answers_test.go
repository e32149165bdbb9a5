package flow

import "testing"

// What people say to a summary, to end a thing and to leave a question open, in
// many words.
func TestAnswers(t *testing.T) {
	t.Parallel()
	said := stored[map[string][]string](t, "answers.json")
	const shown = "预约：保养，浦东服务中心，12月1日 09:30，车牌 沪AD12345，电话 138****8000。确认吗？"
	booking := &turn{Engine: Engine{Flows: Builtin()}, Message: Message{Reading: sunday}, Turn: Turn{State: State{Frames: []Frame{{Flow: "repair_booking", Version: 1}}}}}
	yes := func(s string) bool {
		booking.said = s
		return agreesTo(s, shown) || isUrgedYes(s) || booking.agreesBeside(shown)
	}
	leave := func(s string) bool { return givesUp(s, false) }
	for _, c := range []struct {
		name string
		is   func(string) bool
		want bool
	}{{"confirms", yes, true}, {"keeps", yes, false}, {"leaves", yes, false}, {"leaves", leave, true}, {"stays", leave, false}, {"confirms", leave, false}, {"skips", skips, true}} {
		for _, s := range said[c.name] {
			if c.is(s) != c.want {
				t.Errorf("%s: %s is %t", c.name, s, !c.want)
			}
		}
	}
}
