package call

import (
	"fmt"
	"strings"
)

// Diagram draws a menu as a Mermaid flowchart, for documents and the editor.
func (m Menu) Diagram() string {
	var b strings.Builder
	b.WriteString("flowchart TD\n")
	for _, n := range m.Nodes {
		open, shut := "[", "]"
		switch n.Kind {
		case KindMenu, KindCollect, KindSurvey:
			open, shut = "[/", "/]"
		case KindHours, KindCondition:
			open, shut = "{", "}"
		case KindQueue, KindTransfer:
			open, shut = "[[", "]]"
		case KindHangUp:
			open, shut = "([", "])"
		case KindPlay, KindCallback, KindHTTP, KindSet, KindVoicemail:
		}
		fmt.Fprintf(&b, "    n_%s%s\"%s: %s\"%s\n", n.ID, open, n.ID, n.Kind, shut)
	}
	for _, n := range m.Nodes {
		for _, c := range n.Choices {
			fmt.Fprintf(&b, "    n_%s -->|\"%s\"| n_%s\n", n.ID, c.Key, c.Next)
		}
		for _, w := range n.ways()[len(n.Choices):] {
			if w.field == "next" && n.Kind != KindQueue {
				fmt.Fprintf(&b, "    n_%s --> n_%s\n", n.ID, w.to)
				continue
			}
			fmt.Fprintf(&b, "    n_%s -->|%s| n_%s\n", n.ID, w.field, w.to)
		}
	}
	return b.String()
}
