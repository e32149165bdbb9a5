package assist_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/turn"
)

// tells sends messages one after the other, a second between them, while the
// assistant works, and returns what it said in the end.
func (h *house) tells(texts ...string) (said []conversation.Message, did []turn.Action, c conversation.Conversation) {
	h.t.Helper()
	ctx, v := h.t.Context(), h.visitor("zh")
	var sent []conversation.MessageID
	for i, text := range texts {
		r, err := h.desk.Receive(ctx, channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, ClientID: fmt.Sprintf("piece-%04d", i), Text: text, At: h.desk.Now()})
		h.must(err)
		c, sent = r.Conversation, append(sent, r.Message.ID)
		_, err = h.jobs.RunDue(ctx)
		h.must(err)
		h.clock.Turn(time.Second)
	}
	for range 8 {
		_, err := h.jobs.RunDue(ctx)
		h.must(err)
		h.clock.Turn(500 * time.Millisecond)
	}
	ms, err := h.desk.DB.Now().MessagesAfter(ctx, c.ID, 0, 50)
	h.must(err)
	for _, m := range ms {
		if m.From == conversation.FromBot {
			said = append(said, m)
		}
	}
	for _, i := range sent {
		r, have, err := h.desk.DB.Now().Turn(ctx, i)
		h.must(err)
		if !have {
			h.t.Errorf("nothing was decided about %q", i)
		}
		did = append(did, r.Action)
	}
	c, err = h.desk.DB.Now().Conversation(ctx, c.ID)
	h.must(err)
	return said, did, c
}

// What is said in pieces is answered once, as one thing; nothing of it counts
// as a miss.
func TestPiecesAreOneThing(t *testing.T) {
	each(t, func(h *house) {
		said, did, c := h.tells("我之前买的那个", "已经不想要了", "申请退款要怎么弄")
		if len(said) != 1 || !strings.Contains(said[0].Text, "在我的订单中申请") || c.Misses != 0 {
			t.Errorf("said %d, misses %d: %+v", len(said), c.Misses, said)
		}
		if did[0] != turn.Joined || did[2] != turn.Answered {
			t.Errorf("decided %v", did)
		}
	})
}

// What is understood is answered at once, whatever comes after it.
func TestWhatIsUnderstoodDoesNotWait(t *testing.T) {
	each(t, func(h *house) {
		said, did, _ := h.tells("请问怎么申请退款呢", "请问发票怎么开")
		if len(said) != 2 || did[0] != turn.Answered || did[1] != turn.Answered {
			t.Errorf("said %d, decided %v", len(said), did)
		}
	})
}

// Whoever says no more is answered after a moment; ten pieces without sense are
// one miss, and not people's turn at once.
func TestPiecesWithoutSenseAreOneMiss(t *testing.T) {
	each(t, func(h *house) {
		said, did, c := h.tells("星期四的", "紫色那种", "圆圆的")
		if len(said) != 1 || c.State != conversation.Bot || c.Misses != 1 {
			t.Errorf("said %d, %s, misses %d, decided %v", len(said), c.State, c.Misses, did)
		}
	})
}
