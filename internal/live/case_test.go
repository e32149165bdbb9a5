package live_test

import (
	"fmt"
	"slices"
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

// Who has a case open is told who else has, and who of them writes; nobody is
// told who may not see it, and it ends when a console goes or its agent is
// accused.
func TestWhoElseHasACaseOpen(t *testing.T) {
	r := rigOf(t)
	may := []agent.Permission{agent.CaseRead, agent.ComplaintStaffRead}
	for id, name := range []string{"wang", "lin", "zhao", "bo"} {
		r.actors[name] = agent.Actor{Agent: agent.ID(id + 1), Name: name, Scope: agent.ScopeAll, Permissions: may}
	}
	r.actors["bo"] = agent.Actor{Agent: 4, Name: "bo", Scope: agent.ScopeAll}
	c := ticket.Case{ID: ticket.NewID(clock.Now())}
	r.cases[c.ID] = c
	opens := func(s *socket, typing bool) {
		s.send(fmt.Sprintf(`{"type":"viewing_case","case":%q,"on":%t}`, c.ID, typing))
	}
	hears := func(s *socket, want ...string) {
		t.Helper()
		got := []string{}
		for _, v := range s.want("viewing_case").Others {
			if v.Typing {
				v.Name += " writes"
			}
			got = append(got, v.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("hears of %v, want %v", got, want)
		}
	}
	wang, lin, zhao, bo := r.listening("wang"), r.listening("lin"), r.listening("zhao"), r.listening("bo")

	opens(wang, false)
	hears(wang)
	opens(bo, true)
	bo.quiet()
	wang.quiet()
	opens(lin, false)
	hears(lin, "wang")
	hears(wang, "lin")
	opens(lin, false)
	lin.quiet()
	opens(zhao, true)
	hears(zhao, "lin", "wang")
	hears(wang, "zhao writes", "lin")
	hears(lin, "zhao writes", "wang")
	opens(zhao, false)
	hears(wang, "lin", "zhao")
	hears(lin, "wang", "zhao")
	hears(zhao, "lin", "wang")

	second := r.listening("zhao")
	opens(second, true)
	hears(second, "lin", "wang")
	hears(zhao, "lin", "wang")
	hears(wang, "zhao writes", "lin")
	hears(lin, "zhao writes", "wang")
	second.conn.Close()
	hears(wang, "lin", "zhao")
	hears(lin, "wang", "zhao")
	hears(zhao, "lin", "wang")
	zhao.send(`{"type":"viewing_case"}`)
	hears(wang, "lin")
	hears(lin, "wang")

	accused := event.Case{ID: c.ID, AboutStaff: true, Accused: 2}
	r.emit(event.Event{Kind: event.CaseChanged, At: clock.Now(), Body: event.Encode(accused)})
	hears(wang)
	wang.want("case")
	opens(lin, true)
	lin.quiet()
	wang.quiet()
	zhao.want("case")
	opens(zhao, false)
	hears(zhao, "wang")
	wang.conn.Close()
	hears(zhao)
}
