package live_test

import (
	"testing"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/event"
	"yingda/internal/domain/wallboard"
	"yingda/internal/kit/clock"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

func seat(id agent.ID, name string, state agent.State) wallboard.Seat {
	return wallboard.Seat{ID: id, Name: name, Capacity: 3, Connected: true, Presence: agent.Presence{State: state}}
}

// A supervisor is told the whole board, then only what changed; who may not
// look is told nothing of it.
func TestWallboard(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		r.wall.Store(&wallboard.Snapshot{Seats: []wallboard.Seat{seat(1, "林", agent.Online), seat(2, "赵", agent.Break)}})
		r.actor("boss", 9, agent.ScopeAll)
		r.mu.Lock()
		boss := r.actors["boss"]
		boss.Permissions = append(boss.Permissions, agent.ConversationMonitor)
		r.actors["boss"] = boss
		r.mu.Unlock()
		r.actor("lin", 1, agent.ScopeAll)
		sees, lin := r.listening("boss"), r.listening("lin")
		lin.send(`{"type":"wallboard","on":true}`)
		sees.send(`{"type":"wallboard","on":true}`)
		first := sees.want("wallboard")
		if !first.Full || len(first.Agents) != 2 || first.Figures.Online != 1 || first.Figures.Away != 1 {
			t.Errorf("told at first: %+v", first)
		}

		r.wall.Store(&wallboard.Snapshot{Seats: []wallboard.Seat{seat(1, "林", agent.Busy)}})
		r.emit(event.Event{Kind: event.SettingsChanged, At: clock.Now()})
		sees.want("settings")
		next := sees.want("wallboard")
		if next.Full || len(next.Agents) != 1 || next.Agents[0].Name != "林" || len(next.Gone) != 1 || next.Gone[0] != 2 || next.Figures.Busy != 1 {
			t.Errorf("told then: %+v", next)
		}
		again := r.listening("boss")
		again.send(`{"type":"wallboard","on":true}`)
		if whole := again.want("wallboard"); !whole.Full || len(whole.Agents) != 1 {
			t.Errorf("who comes later is told %+v", whole)
		}
		lin.want("settings")
		lin.quiet()
	})
}
