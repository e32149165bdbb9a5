package flow

import (
	"fmt"
	"slices"
	"strings"
)

// Diagram draws the steps of a flow as a Mermaid flowchart, for documents and
// the editor.
func (f Flow) Diagram() string {
	var b strings.Builder
	b.WriteString("flowchart TD\n")
	for _, s := range f.Steps {
		open, shut := "[", "]"
		switch s.Kind {
		case Ask:
			open, shut = "[/", "/]"
		case Branch:
			open, shut = "{", "}"
		case Confirm:
			open, shut = "{{", "}}"
		case Write:
			open, shut = "[[", "]]"
		case End:
			open, shut = "([", "])"
		case LookUp, Say:
		}
		fmt.Fprintf(&b, "    %s%s\"%s\"%s\n", "s_"+s.ID, open, s.label(), shut)
	}
	for i, s := range f.Steps {
		for _, c := range s.Cases {
			fmt.Fprintf(&b, "    s_%s -->|%s %s %s| s_%s\n", s.ID, c.Of, strings.ReplaceAll(string(c.Is), "_", " "), strings.Join(c.Any, ", "), c.Next)
		}
		if s.Missing != "" {
			fmt.Fprintf(&b, "    s_%s -->|nothing found| s_%s\n", s.ID, s.Missing)
		}
		if s.Failed != "" {
			fmt.Fprintf(&b, "    s_%s -->|failed twice| s_%s\n", s.ID, s.Failed)
		}
		if s.Recheck != "" {
			fmt.Fprintf(&b, "    s_%s -->|nothing found| s_%s\n", s.ID, f.asker(s.Recheck))
		}
		if s.Next != "" {
			fmt.Fprintf(&b, "    s_%s --> s_%s\n", s.ID, s.Next)
		} else if s.Kind != End && i+1 < len(f.Steps) {
			fmt.Fprintf(&b, "    s_%s --> s_%s\n", s.ID, f.Steps[i+1].ID)
		}
	}
	return b.String()
}

// asker returns the step that asks for a slot.
func (f Flow) asker(slot string) string {
	for _, s := range f.Steps {
		if slices.Contains(s.Slots, slot) {
			return s.ID
		}
	}
	return ""
}

func (s Step) label() string {
	switch s.Kind {
	case Ask:
		return s.ID + ": ask " + strings.Join(s.Slots, ", ")
	case LookUp, Write:
		return s.ID + ": " + s.Seam
	case Branch, Say, Confirm, End:
	}
	return s.ID + ": " + string(s.Kind)
}
