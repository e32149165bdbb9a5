package desk_test

import (
	"testing"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/sla"
	"yingda/internal/store"
)

func (h *house) chatClock(i conversation.ID) (store.ClockOf, int) {
	h.t.Helper()
	cs, err := h.DB.Now().ClocksOf(h.t.Context(), store.OfConversation, int64(i))
	h.must(err)
	if len(cs) == 0 {
		return store.ClockOf{}, 0
	}
	return cs[0], len(cs)
}

// Thirty seconds are promised from when a customer asks for a person to the
// first word of one; what comes later is measured all the same.
func TestTheFirstAnswerHasAClock(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		_, fast := h.waiting()
		_, late := h.waiting()
		who, gone := h.waiting()
		for _, i := range []conversation.ID{fast, late} {
			_, err := h.Take(ctx, h.lin, i)
			h.must(err)
		}
		say := func(i conversation.ID, id string) {
			_, err := h.Reply(ctx, h.lin, i, desk.Draft{ClientID: id, Text: "您好，请问异响在什么时候出现？"})
			h.must(err)
		}
		h.clock.Turn(20 * time.Second)
		say(fast, "reply-fast")
		if ck, n := h.chatClock(fast); n != 1 || ck.State != sla.Met || !ck.Kept() || ck.Limit.Sub(ck.Received) != 30*time.Second {
			h.t.Errorf("answered in time: %d clocks, %s, kept %v, %s", n, ck.State, ck.Kept(), ck.Limit.Sub(ck.Received))
		}
		h.clock.Turn(11 * time.Second)
		h.run()
		if ck, _ := h.chatClock(late); ck.State != sla.Breached {
			h.t.Errorf("after 31 s the clock is %s", ck.State)
		}
		say(late, "reply-late")
		if ck, _ := h.chatClock(late); ck.State != sla.Met || ck.Kept() {
			h.t.Errorf("answered late: %s, kept %v", ck.State, ck.Kept())
		}
		_, err := h.End(ctx, who)
		h.must(err)
		if ck, _ := h.chatClock(gone); ck.State != sla.Cancelled {
			h.t.Errorf("the customer left, and the clock is %s", ck.State)
		}
	})
}

// Where nobody is there, the customer is told so and nothing is promised.
func TestNothingIsPromisedWhereNobodyIs(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		_, i := h.waiting()
		if _, n := h.chatClock(i); n != 0 {
			h.t.Errorf("%d clocks run", n)
		}
	})
}
