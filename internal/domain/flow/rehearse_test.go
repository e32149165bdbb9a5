package flow

import (
	"slices"
	"testing"
)

// A rehearsal says what a person would be told, keeps what seams are to tell,
// and writes nowhere.
func TestRehearse(t *testing.T) {
	f, _ := Builtin().Latest("progress")
	of := Rehearsal{
		Replies: []Reply{{Seam: "progress.look_up", When: map[string]string{"number": "GD-1001"}, Found: map[string]string{"what": "维修工单", "stage": "等待配件", "due": "12月1日"}}, {Seam: "progress.look_up", None: true}},
		Says:    []string{"查一下进度", "GD-9", "GD-1001", "催一下", "确认"},
	}
	got := f.Rehearse(of, Builtin(), Reading{Now: scriptTime, Zone: scriptZone})
	asks := []string{}
	for _, r := range got {
		asks = append(asks, r.Asks)
	}
	if want := []string{"number", "number", "urge", "confirm", "done"}; !slices.Equal(asks, want) {
		t.Fatalf("asks for %v, not %v", asks, want)
	}
	if last := got[4]; !slices.Equal(last.Writes, []string{"case.urge"}) || len(got[3].Writes) > 0 {
		t.Errorf("written: %v, before the confirmation: %v", last.Writes, got[3].Writes)
	}
	if v := got[3].Values["number"]; v != "GD-1001" {
		t.Errorf("the number is %q", v)
	}
	of.Says = make([]string, MostRehearsed+1)
	if n := len(f.Rehearse(of, Builtin(), Reading{Now: scriptTime, Zone: scriptZone})); n != MostRehearsed {
		t.Errorf("%d messages were played", n)
	}
}

// A flow at rest begins for nobody, and goes on for those who are in it.
func TestRests(t *testing.T) {
	l := Builtin().Rested("progress")
	if _, ok := l.Latest("progress"); ok {
		t.Error("it may be begun")
	}
	if f, ok := l.Wants("订单进度"); ok {
		t.Errorf("%s is wanted", f.ID)
	}
	if f, ok := l.Numbered("GD-1001"); ok {
		t.Errorf("a number begins %s", f.ID)
	}
	if _, ok := l.Find("progress", 1); !ok {
		t.Error("who is in it cannot go on")
	}
}
