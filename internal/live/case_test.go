package live_test

import (
	"fmt"
	"testing"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/event"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/clock"
)

// Who is accused while they were away hears nothing of the case when they come
// back, not even what happened while it was theirs; others hear all of it.
func TestTheAccusedHearsNothing(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		const wang, lin = 1, 2
		for name, id := range map[string]agent.ID{"wang": wang, "lin": lin} {
			r.mu.Lock()
			r.actors[name] = agent.Actor{Agent: id, Name: name, Scope: agent.ScopeAll, Permissions: []agent.Permission{agent.CaseRead, agent.ComplaintStaffRead}}
			r.mu.Unlock()
		}
		c := event.Case{ID: ticket.NewID(clock.Now()), Number: "TS20261122-000001"}
		news := func() event.Event {
			return event.Event{Kind: event.CaseChanged, Agent: wang, At: clock.Now(), Body: event.Encode(c)}
		}
		first := r.listening("wang")
		r.emit(
			event.Event{Kind: event.KnowledgeChanged, At: clock.Now()},
			news(),
			event.Event{Kind: event.Noticed, Agent: wang, At: clock.Now(), Body: event.Encode(event.Notice{Kind: "assigned", Case: c.ID, Text: c.Number})},
		)
		from := first.want("knowledge").Seq
		first.want("case")
		first.want("notice")
		c.AboutStaff, c.Accused = true, wang
		r.emit(news(), event.Event{Kind: event.KnowledgeChanged, At: clock.Now()})
		first.want("knowledge")
		for name, want := range map[string]int{"wang": 0, "lin": 2} {
			s := r.console(name)
			s.send(fmt.Sprintf(`{"type":"resume","after":%d}`, from))
			heard := 0
			for f := s.next(); f.Type != "hello"; f = s.next() {
				if f.Type == "case" || f.Type == "notice" {
					heard++
				}
			}
			if heard != want {
				t.Errorf("%s hears %d frames of the case, want %d", name, heard, want)
			}
		}
	})
}
