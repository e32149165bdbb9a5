package flow

import "testing"

// Every flow that comes with the program can be published: it passes the checks
// and its own dialogues.
func TestBuiltin(t *testing.T) {
	t.Parallel()
	all := Builtin()
	if len(all.All()) != 10 {
		t.Errorf("%d flows", len(all.All()))
	}
	scripts := 0
	for _, f := range all.All() {
		if len(f.Scripts) < 5 {
			t.Errorf("%s has %d scripts", f.ID, len(f.Scripts))
		}
		scripts += len(f.Scripts)
		for _, p := range f.Publishable(BuiltinSeams, all) {
			t.Errorf("%s: %s: %s", f.ID, p.Field, p.Message())
		}
	}
	if scripts < 120 {
		t.Errorf("%d scripts", scripts)
	}
	t.Logf("%d flows, %d scripts", len(all.All()), scripts)
}
