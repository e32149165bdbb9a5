package ticket

import (
	"slices"
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
)

func TestTagsAndPriorityOfACase(t *testing.T) {
	now := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	accused := agent.NewID(now)
	c := Case{Kind: Complaint, State: Submitted, Course: Course{Accused: accused, Priority: 3}}
	by := Actor{Who: BySystem, Name: "规则"}
	tagged, e, err := c.Tag(by, []string{"b", "a"}, nil, now)
	if err != nil || !slices.Equal(tagged.Tags, []string{"a", "b"}) || e.Act != Retag || e.Public || e.Fields[0] != (Change{"tags", "", "a、b"}) || len(c.Tags) != 0 {
		t.Errorf("tagged: %v, %+v, %v", tagged.Tags, e, err)
	}
	if _, _, err := tagged.Tag(by, []string{"a"}, nil, now); fault.CodeOf(err) != "tags.same" {
		t.Errorf("again: %v", err)
	}
	first, e, err := c.Prioritise(by, 3, 3, now)
	if err != nil || first.Priority != 1 || e.Fields[0] != (Change{"priority", "3", "1"}) {
		t.Errorf("prioritised: %d, %+v, %v", first.Priority, e, err)
	}
	over := c
	over.State = Closed
	for want, try := range map[string]func() error{
		"case.unknown": func() error {
			_, _, err := c.Tag(Actor{Who: ByAgent, Agent: accused}, []string{"a"}, nil, now)
			return err
		},
		"case.priority_same": func() error { _, _, err := c.Prioritise(by, 2, 2, now); return err },
		"case.priority":      func() error { _, _, err := c.Prioritise(by, 4, 2, now); return err },
		"case.over":          func() error { _, _, err := over.Prioritise(by, 3, 3, now); return err },
	} {
		if err := try(); fault.CodeOf(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
