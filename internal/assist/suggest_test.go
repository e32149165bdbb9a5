package assist_test

import (
	"testing"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Whoever takes over is offered the answer to what was asked before the wish
// for a person; once it is answered nothing is offered any more.
func TestSuggestions(t *testing.T) {
	each(t, func(h *house) {
		ctx, v := h.t.Context(), h.visitor("zh")
		lin := agent.Actor{Agent: agent.NewID(h.desk.Now()), Name: "林", Scope: agent.ScopeAll, Permissions: []agent.Permission{agent.ConversationRead, agent.ConversationReply, agent.ConversationTake}}
		h.must(h.desk.DB.Update(ctx, func(tx *store.Tx) error {
			return tx.InsertAgent(ctx, agent.Agent{ID: lin.Agent, Email: "lin@demo", Name: lin.Name, Capacity: 5, CreatedAt: h.desk.Now()})
		}))
		c := h.goes(v, [2]string{"我的退款怎么还没有到账啊", ""}, [2]string{"转人工", "<offline>"})
		found, err := h.as.Suggest(ctx, lin, c.ID)
		h.must(err)
		if len(found) == 0 || found[0].Answer != "1–3 个工作日。" {
			h.t.Errorf("suggested %+v", found)
		}
		for _, s := range found {
			if s.Answer == "主管。" {
				h.t.Error("what only people who work here may read")
			}
		}
		_, err = h.desk.Take(ctx, lin, c.ID)
		h.must(err)
		_, err = h.desk.Reply(ctx, lin, c.ID, desk.Draft{Kind: conversation.Text, Text: "我查一下", ClientID: "reply-0001"})
		h.must(err)
		if found, err = h.as.Suggest(ctx, lin, c.ID); err != nil || len(found) != 0 {
			h.t.Errorf("after the answer %+v, %v", found, err)
		}
		if _, err := h.as.Suggest(ctx, reader, c.ID); fault.CodeOf(err) != "permission.missing" {
			h.t.Errorf("a reader: %v", err)
		}
	})
}
