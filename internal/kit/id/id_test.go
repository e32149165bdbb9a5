package id_test

import (
	"encoding/json"
	"testing"
	"time"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
)

type parrot struct{}

func (parrot) Prefix() string { return "pa" }

func TestIdsIncreaseAlsoWhenTheClockDoesNot(t *testing.T) {
	at := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	last := id.New[parrot](at)
	for i := range 1000 {
		next := id.New[parrot](at.Add(-time.Duration(i) * time.Hour))
		if next <= last || next.String() <= last.String() {
			t.Fatalf("%s does not follow %s", next, last)
		}
		last = next
	}
	if got := last.Time(); got.Before(at) || got.After(at.Add(time.Second)) {
		t.Errorf("made at %s, says %s", at, got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("pa_06bq3f0k2m9ty")
	f.Add("pa_zzzzzzzzzzzzz")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		v, err := id.Parse[parrot](s)
		if err != nil {
			if fault.KindOf(err) != fault.NotFound {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		if v != 0 && v.String() != s {
			t.Errorf("%q reads as %d, which is written %q", s, v, v)
		}
	})
}

func TestJSON(t *testing.T) {
	in := struct {
		A id.ID[parrot] `json:"a"`
		B id.ID[parrot] `json:"b,omitzero"`
	}{A: 12345}
	b, err := json.Marshal(in)
	if err != nil || string(b) != `{"a":"pa_0000000000c1s"}` {
		t.Fatalf("%s, %v", b, err)
	}
	out := in
	out.A = 0
	if err := json.Unmarshal(b, &out); err != nil || out != in {
		t.Errorf("%v, %v", out, err)
	}
}
