package flow

import (
	"slices"
	"strings"
	"testing"

	"yingda/internal/kit/fault"
)

// aTree asks one thing, and another one after no.
func aTree() Flow {
	text := func(s string) Text { return Text{Zh: s, En: s} }
	return Flow{
		ID: "tree", Version: 1, Name: text("亮灯"), Audience: Agents, Cancelled: text("停"),
		Slots: []Slot{
			{ID: "on", Type: YesNo, Name: text("亮"), Ask: text("灯亮吗"), Again: text("是或否")},
			{ID: "colour", Type: Choice, Name: text("颜色"), Ask: text("什么颜色"), Again: text("选"), Options: []Option{{ID: "red", Name: text("红")}, {ID: "blue", Name: text("蓝")}}},
		},
		Steps: []Step{
			{ID: "first", Kind: Ask, Slots: []string{"on"}},
			{ID: "by", Kind: Branch, Cases: []Case{{Of: "on", Is: OneOf, Any: []string{Yes}, Next: "look"}, {Of: "on", Is: OneOf, Any: []string{No}, Next: "off"}}},
			{ID: "off", Kind: End, Text: text("不用管")},
			{ID: "look", Kind: Say, Text: text("靠近看")},
			{ID: "second", Kind: Ask, Slots: []string{"colour"}},
			{ID: "done", Kind: End, Text: text("{colour}灯，到店"), Person: true},
		},
	}
}

func TestGuided(t *testing.T) {
	f := aTree()
	if ps := f.Publishable(nil, Library{}); len(ps) > 0 {
		t.Fatalf("%v", ps)
	}
	g, err := f.Guided(nil)
	if err != nil || g.Slot != "on" || len(g.Options) != 2 || g.Ends {
		t.Fatalf("%+v, %v", g, err)
	}
	g, err = f.Guided([]Answer{{"on", Yes}})
	if err != nil || g.Slot != "colour" || len(g.Says) != 1 || g.Tell("zh") != "靠近看\n什么颜色（红／蓝）" {
		t.Fatalf("%+v, %q, %v", g, g.Tell("zh"), err)
	}
	g, err = f.Guided([]Answer{{"on", Yes}, {"colour", "red"}})
	if err != nil || !g.Ends || !g.Person || g.Outcome.Zh != "红灯，到店" {
		t.Fatalf("%+v, %v", g, err)
	}
	if note := g.Note(f, "zh"); note != "引导排查：亮灯\n1. 灯亮吗 → 是\n· 靠近看\n2. 什么颜色 → 红\n结论：红灯，到店" {
		t.Errorf("note %q", note)
	}
	for _, wrong := range [][]Answer{{{"colour", "red"}}, {{"on", "maybe"}}, {{"on", No}, {"colour", "red"}}, {{"on", Yes}, {"colour", "red"}, {"on", Yes}}} {
		if _, err := f.Guided(wrong); fault.CodeOf(err) != "flow.guide_moved" {
			t.Errorf("%v: %v", wrong, err)
		}
	}
}

func TestTreeChecks(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Flow)
		code   string
	}{
		"an answer without a way": {func(f *Flow) { f.Steps[1].Cases = f.Steps[1].Cases[:1]; f.Steps[2].ID = "off" }, "flow.tree_unsaid"},
		"a circle":                {func(f *Flow) { f.Steps[3].Next = "first" }, "flow.tree_circle"},
		"it writes": {func(f *Flow) {
			f.Steps[3] = Step{ID: "look", Kind: Confirm, Text: Text{Zh: "好吗", En: "well"}}
		}, "flow.tree_step"},
		"it asks for a text":                   {func(f *Flow) { f.Slots[1].Type, f.Slots[1].Options = FreeText, nil }, "flow.tree_slot"},
		"it asks two things":                   {func(f *Flow) { f.Steps[0].Slots = []string{"on", "colour"} }, "flow.tree_ask"},
		"nobody's":                             {func(f *Flow) { f.Audience = "robots" }, "flow.audience"},
		"an end without a word":                {func(f *Flow) { f.Steps[5].Text = Text{} }, "flow.text_missing"},
		"an open end":                          {func(f *Flow) { f.Steps = f.Steps[:5] }, "flow.open_end"},
		"for customers it needs what they say": {func(f *Flow) { f.Audience = Everybody }, "flow.triggers"},
	} {
		f := aTree()
		f.Steps = slices.Clone(f.Steps)
		f.Slots = slices.Clone(f.Slots)
		c.change(&f)
		var codes []string
		for _, p := range f.Check(nil) {
			codes = append(codes, p.Code)
		}
		if !slices.Contains(codes, c.code) {
			t.Errorf("%s: %s, want %s", name, strings.Join(codes, " "), c.code)
		}
	}
}
