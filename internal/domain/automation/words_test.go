package automation

import "testing"

func TestEverythingHasAName(t *testing.T) {
	for _, c := range []struct {
		what  string
		words []Choice
		all   []string
	}{
		{"events", EventWords(), texts(Events())},
		{"operators", OpWords(), texts(Ops())},
		{"actions", ActionWords(), texts(ActionKinds())},
		{"audiences", AudienceWords(), texts([]Audience{ToAgent, ToTeam, ToSupervisor, ToManager})},
	} {
		if len(c.words) != len(c.all) {
			t.Errorf("%s: %d have names, there are %d", c.what, len(c.words), len(c.all))
			continue
		}
		for i, w := range c.words {
			if w.Value != c.all[i] || w.Zh == "" || w.En == "" {
				t.Errorf("%s: %+v stands where %s should", c.what, w, c.all[i])
			}
		}
	}
	for _, o := range Ops() {
		if o.ValueShape() == "" {
			t.Errorf("%s wants nothing that has a name", o)
		}
	}
}

func texts[T ~string](all []T) []string {
	s := make([]string, len(all))
	for i, v := range all {
		s[i] = string(v)
	}
	return s
}

func TestBlindHidesWhatFieldsHeld(t *testing.T) {
	v := Verdict{All: []Verdict{{Field: "case.text", Op: Contains, Want: TextOf("刹车"), Is: TextOf("刹车失灵"), Was: TextOf("x"), So: true}}, So: true}
	b := v.Blind()
	if l := b.All[0]; !l.Is.IsZero() || !l.Was.IsZero() || l.Want.IsZero() || !l.So {
		t.Errorf("blind: %+v", l)
	}
	if v.All[0].Is.IsZero() {
		t.Error("the verdict itself was changed")
	}
}

func TestAsks(t *testing.T) {
	w := When{Any: []When{{Field: "case.kind"}, {All: []When{{Field: "contact.tier"}}}}}
	if got := w.Asks(); len(got) != 2 || got[0] != "case.kind" || got[1] != "contact.tier" {
		t.Errorf("asks for %v", got)
	}
}
