package desk_test

import (
	"fmt"
	"testing"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/conversation"
)

// The hours in which one waits least come from what was waited for a person;
// of hours in which few asked nothing is said.
func TestBestHours(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		n := 0
		answered := func(at string, times int, took time.Duration) {
			h.t.Helper()
			h.until(stamp(t, at))
			h.online(h.lin)
			for range times {
				_, i := h.waiting()
				h.clock.Turn(took - time.Second) // one has passed since they wrote
				_, err := h.Take(ctx, h.lin, i)
				h.must(err)
				n++
				_, err = h.Reply(ctx, h.lin, i, desk.Draft{ClientID: fmt.Sprintf("hours-%04d", n), Text: "您好"})
				h.must(err)
				_, err = h.Close(ctx, h.lin, i, conversation.Summary{Category: "business.fault", Result: "solved"})
				h.must(err)
			}
		}
		answered("2026-11-24T10:00:00+08:00", 5, 2*time.Minute)
		best, err := h.BestHours(ctx)
		h.must(err)
		if len(best) != 1 || best[0].Day != 1 || best[0].Hour != 10 || best[0].Wait != 2*time.Minute || best[0].Count != 5 {
			h.t.Errorf("after a busy Tuesday: %+v", best)
		}
		answered("2026-11-25T14:00:00+08:00", 5, 20*time.Second)
		answered("2026-11-26T15:00:00+08:00", 4, time.Second)
		best, err = h.BestHours(ctx)
		h.must(err)
		if len(best) != 2 || best[0].Day != 2 || best[0].Hour != 14 || best[1].Day != 1 {
			h.t.Errorf("at the end of the week: %+v", best)
		}
		h.clock.Turn(9 * 7 * 24 * time.Hour)
		if best, err = h.BestHours(ctx); err != nil || len(best) != 0 {
			h.t.Errorf("after nine weeks: %+v, %v", best, err)
		}
	})
}
