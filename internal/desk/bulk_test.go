package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/view"
	"yingda/internal/store"
)

// cameOf says of each item of a run what came of it.
func cameOf(r store.BulkRun) string {
	var all strings.Builder
	for _, item := range r.Items {
		all.WriteString(item.Outcome)
		if item.Why != nil {
			all.WriteString(" " + item.Why.Code)
		}
		all.WriteByte(';')
	}
	return all.String()
}

// held are conversations that an agent answers.
func (h *house) held(by agent.Actor, n int) (ids []conversation.ID) {
	h.t.Helper()
	for range n {
		_, i := h.waiting()
		_, err := h.Take(h.t.Context(), h.wang, i)
		h.must(err)
		if by.Agent != h.wang.Agent {
			_, err := h.Take(h.t.Context(), h.asMonitor(by), i)
			h.must(err)
		}
		ids = append(ids, i)
	}
	return ids
}

func (h *house) asMonitor(by agent.Actor) agent.Actor {
	by.Permissions = append([]agent.Permission{agent.ConversationMonitor}, by.Permissions...)
	return by
}

// Each conversation is asked for with the agent's own rights, what is refused
// keeps nothing back, and what was done is taken back.
func TestBulk(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.wang)
		mine, others := h.held(h.lin, 2), h.held(h.wang, 1)
		all := desk.Choice{IDs: append(mine, others...)}
		closing := conversation.Bulk{Act: conversation.BulkClose, Summary: &conversation.Summary{Category: "a", Result: "b"}}
		r, err := h.StartBulk(ctx, h.lin, all, conversation.Bulk{Act: conversation.BulkTag, Add: []string{"批量"}})
		h.must(err)
		if got := cameOf(r); got != "done;done;done;" || r.EndedAt.IsZero() {
			h.t.Errorf("tags: %s", got)
		}
		r, err = h.StartBulk(ctx, h.lin, all, closing)
		h.must(err)
		if got := cameOf(r); got != "done;done;refused conversation.taken;" {
			h.t.Errorf("closing: %s", got)
		}
		if c := h.conversation(mine[0]); c.State != conversation.Closed || c.Summary.Category != "a" {
			h.t.Errorf("closed: %+v", c)
		}
		undone, err := h.UndoBulk(ctx, h.lin, r.ID)
		h.must(err)
		if got := cameOf(undone); got != "done;done;" {
			h.t.Errorf("undone: %s", got)
		}
		if c := h.conversation(mine[0]); c.State != conversation.Active || c.Agent != h.lin.Agent {
			h.t.Errorf("taken up again: %+v", c)
		}
		_, err = h.UndoBulk(ctx, h.lin, r.ID)
		h.code(err, "bulk.undone")
		_, err = h.Bulk(ctx, h.zhao, r.ID)
		h.code(err, "bulk.unknown")
		_, err = h.StartBulk(ctx, h.lin, desk.Choice{}, closing)
		h.code(err, "bulk.none")
		_, err = h.StartBulk(ctx, h.lin, all, conversation.Bulk{Act: conversation.BulkClose})
		h.code(err, "summary.category")
		_, err = h.StartBulk(ctx, h.lin, all, conversation.Bulk{Act: conversation.BulkTransfer, Agent: h.zhao.Agent})
		h.code(err, "transfer.note")
	})
}

// A transfer is taken back while it still waits; a priority, unless somebody
// has chosen another one.
func TestBulkIsTakenBack(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.zhao, h.wang)
		ids := h.held(h.lin, 2)
		r, err := h.StartBulk(ctx, h.lin, desk.Choice{IDs: ids}, conversation.Bulk{Act: conversation.BulkTransfer, Agent: h.zhao.Agent, Note: "请接手"})
		h.must(err)
		_, err = h.Accept(ctx, h.zhao, ids[1])
		h.must(err)
		undone, err := h.UndoBulk(ctx, h.asMonitor(h.lin), r.ID)
		h.must(err)
		if got := cameOf(undone); got != "done;refused bulk.gone_on;" {
			h.t.Errorf("undone: %s", got)
		}
		if c := h.conversation(ids[0]); c.Agent != h.lin.Agent || c.Offer != nil {
			h.t.Errorf("taken back: %+v", c)
		}
		r, err = h.StartBulk(ctx, h.wang, desk.Choice{IDs: ids}, conversation.Bulk{Act: conversation.BulkPrioritise, Priority: 2})
		h.must(err)
		_, err = h.StartBulk(ctx, h.wang, desk.Choice{IDs: ids[1:]}, conversation.Bulk{Act: conversation.BulkPrioritise, Priority: 1})
		h.must(err)
		undone, err = h.UndoBulk(ctx, h.wang, r.ID)
		h.must(err)
		if got := cameOf(undone); got != "done;refused bulk.gone_on;" {
			h.t.Errorf("undone: %s", got)
		}
	})
}

// What was over before stays over, and nothing is given back to a colleague
// who is not there.
func TestBulkIsTakenBackOnlyWhereItCanBe(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin, h.wang)
		v, over := h.waiting()
		_, err := h.Take(ctx, h.lin, over)
		h.must(err)
		_, err = h.End(ctx, v)
		h.must(err)
		ids := append(h.held(h.lin, 1), over)
		closing := conversation.Bulk{Act: conversation.BulkClose, Summary: &conversation.Summary{Category: "a", Result: "b"}}
		r, err := h.StartBulk(ctx, h.wang, desk.Choice{IDs: ids}, closing)
		h.must(err)
		again, err := h.StartBulk(ctx, h.wang, desk.Choice{IDs: ids}, closing) // said twice is done
		h.must(err)
		undone, err := h.UndoBulk(ctx, h.wang, again.ID)
		h.must(err)
		if got := cameOf(undone); got != "refused bulk.over;refused bulk.over;" {
			h.t.Errorf("undone, though it was closed before: %s", got)
		}
		h.sit(agent.Offline, "")
		undone, err = h.UndoBulk(ctx, h.wang, r.ID)
		h.must(err)
		for _, item := range undone.Items {
			want := "bulk.away"
			if item.Conversation == over {
				want = "bulk.over"
			}
			if item.Why == nil || item.Why.Code != want {
				h.t.Errorf("%s: %s, %+v, want %s", item.Conversation, item.Outcome, item.Why, want)
			}
		}
		if c := h.conversation(over); c.State != conversation.Closed {
			h.t.Errorf("what was over is %s", c.State)
		}
	})
}

// All of a list is more than one piece: it goes on as a job, which does each
// once however often it runs, and says when it has ended.
func TestBulkOfAList(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		for n := range 45 {
			h.write(h.visitor(), fmt.Sprintf("你好 %d", n))
		}
		r, err := h.StartBulk(ctx, h.wang, desk.Choice{Filter: &view.Filter{List: "bot"}}, conversation.Bulk{Act: conversation.BulkTag, Add: []string{"批量"}})
		h.must(err)
		if len(r.Items) != 45 || !r.EndedAt.IsZero() {
			h.t.Errorf("%d items, ended %s", len(r.Items), r.EndedAt)
		}
		h.run()
		if r, err = h.Bulk(ctx, h.wang, r.ID); err != nil || r.EndedAt.IsZero() {
			h.t.Fatalf("ended %s, %v", r.EndedAt, err)
		}
		for _, item := range r.Items {
			if item.Outcome != "done" {
				h.t.Errorf("%d: %s %+v", item.Number, item.Outcome, item.Why)
			}
		}
		ns, _, err := h.Notices(ctx, h.wang)
		h.must(err)
		if len(ns) != 1 || ns[0].Kind != "bulk" || ns[0].Text != "45/45" {
			h.t.Errorf("told %+v", ns)
		}
		h.told(event.Noticed, 1)
	})
}

// What is rare in a long list is not looked for without an end.
func TestBulkOfALongListEnds(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.write(h.visitor(), "很少见")
		for range 260 {
			h.write(h.visitor(), "你好")
		}
		q := desk.ListQuery{View: store.All, By: h.wang, Text: "很少见"}
		_, err := h.Listed(h.t.Context(), q, 1)
		h.code(err, "bulk.wide")
		items, err := h.Listed(h.t.Context(), q, 3)
		h.must(err)
		if len(items) != 1 {
			h.t.Errorf("%d are found", len(items))
		}
	})
}
