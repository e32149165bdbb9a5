package voice_test

import (
	"errors"
	"testing"

	"yingda/internal/channel/voice"
)

func TestPlan(t *testing.T) {
	plan := voice.Plan{
		Inside:  func(n string) bool { return n == "8001" || n == "8002" },
		Trunks:  []string{"telecom", "unicom"},
		Outside: "9",
		More:    []voice.Rule{{Prefix: "010888", Class: voice.Premium}, {Prefix: "0108889", Class: voice.National, Trunk: "unicom"}},
	}
	everything := voice.May(voice.Inside, voice.Emergency, voice.Service, voice.Local, voice.National, voice.Mobile, voice.International, voice.Premium)
	for _, c := range []struct {
		number string
		may    voice.Permission
		class  voice.Class
		dialed string
		err    error
	}{
		{"8001", voice.Usual, voice.Inside, "8001", nil},
		{"8003", voice.Usual, 0, "", voice.ErrNoNumber},
		{"110", voice.Usual, voice.Emergency, "110", nil},
		{"9120", voice.Usual, voice.Emergency, "120", nil},
		{"13800138000", voice.Usual, voice.Mobile, "13800138000", nil},
		{"9 138-0013-8000", voice.Usual, voice.Mobile, "13800138000", nil},
		{"+86 138 0013 8000", voice.Usual, voice.Mobile, "13800138000", nil},
		{"008613800138000", voice.Usual, voice.Mobile, "13800138000", nil},
		{"+861012345678", voice.Usual, voice.National, "01012345678", nil},
		{"013800138000", voice.Usual, voice.Mobile, "013800138000", nil},
		{"(021) 5555.6666", voice.Usual, voice.National, "02155556666", nil},
		{"55556666", voice.Usual, voice.Local, "55556666", nil},
		{"4008001234", voice.Usual, voice.Service, "4008001234", nil},
		{"10086", voice.Usual, voice.Service, "10086", nil},
		{"995533", voice.Usual, voice.Service, "95533", nil},
		{"0012125551212", voice.Usual, 0, "", voice.ErrNotAllowed},
		{"+12125551212", voice.Usual, 0, "", voice.ErrNotAllowed},
		{"90012125551212", voice.Usual, 0, "", voice.ErrNotAllowed},
		{"+12125551212", everything, voice.International, "+12125551212", nil},
		{"16899333", voice.Usual, 0, "", voice.ErrNotAllowed},
		{"01016899333", everything, voice.Premium, "01016899333", nil},
		{"01016899333", voice.Usual, 0, "", voice.ErrNotAllowed},
		{"075516899333", voice.Usual, 0, "", voice.ErrNotAllowed},
		{"01088812345", voice.Usual, 0, "", voice.ErrNotAllowed},
		{"01088891234", voice.Usual, voice.National, "01088891234", nil},
		{"sip:13800138000@evil.example", everything, 0, "", voice.ErrNoNumber},
		{"13800138000@evil.example", everything, 0, "", voice.ErrNoNumber},
		{"", everything, 0, "", voice.ErrNoNumber},
		{"0", everything, 0, "", voice.ErrNoNumber},
		{"+", everything, 0, "", voice.ErrNoNumber},
		{"13800138000", voice.May(voice.Inside), 0, "", voice.ErrNotAllowed},
	} {
		r, err := plan.Resolve(c.number, c.may)
		if !errors.Is(err, c.err) || err == nil && (r.Class != c.class || r.Number != c.dialed) {
			t.Errorf("%q: %+v %v, want %s %s %v", c.number, r, err, c.class, c.dialed, c.err)
		}
	}
	if r, _ := plan.Resolve("01088891234", voice.Usual); len(r.Trunks) != 1 || r.Trunks[0] != "unicom" {
		t.Errorf("by %v", r.Trunks)
	}
	if _, err := (voice.Plan{}).Resolve("13800138000", voice.Usual); !errors.Is(err, voice.ErrNoTrunk) {
		t.Errorf("without a trunk: %v", err)
	}
}

func FuzzPlan(f *testing.F) {
	for _, n := range []string{"8001", "+8613800138000", "0086", "01016899333", "+", "9"} {
		f.Add(n)
	}
	plan := voice.Plan{Trunks: []string{"x"}, Outside: "9"}
	f.Fuzz(func(t *testing.T, number string) {
		r, err := plan.Resolve(number, voice.Usual)
		if err != nil {
			return
		}
		for i, c := range r.Number {
			if (c < '0' || c > '9') && (c != '+' || i > 0) {
				t.Fatalf("%q is dialled as %q", number, r.Number)
			}
		}
	})
}
