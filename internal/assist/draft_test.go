package assist_test

import (
	"strings"
	"testing"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/endpoint"
	"yingda/internal/kit/fault"
	"yingda/internal/model/modeltest"
	"yingda/internal/store"
)

// Whoever takes over can have a reply and a summary written, from what is public
// and from what was said; what about money is marked, what was never said is
// not shown.
func TestDrafts(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.knows(more)
		lin := agent.Actor{Agent: agent.NewID(h.desk.Now()), Name: "林", Scope: agent.ScopeAll, Permissions: []agent.Permission{agent.ConversationRead, agent.ConversationReply}}
		h.must(h.desk.DB.Update(ctx, func(tx *store.Tx) error {
			return tx.InsertAgent(ctx, agent.Agent{ID: lin.Agent, Email: "lin@demo", Name: lin.Name, Capacity: 5, CreatedAt: h.desk.Now()})
		}))
		v := h.visitor("zh")
		_, err := h.desk.Introduce(ctx, v, contact.Contact{Name: "欧阳锋", Phone: "13912345678"})
		h.must(err)
		c := h.goes(v, [2]string{"我是欧阳锋，整车质保到底多久，打13912345678告诉我", ""}, [2]string{"转人工", "<offline>"})
		if reply, summary, err := h.as.DraftsFor(ctx, lin, c.ID); err != nil || reply || summary {
			h.t.Errorf("without a model: %v %v %v", reply, summary, err)
		}
		if d, err := h.as.Draft(ctx, lin, c.ID); err != nil || d.Text != "" || d.Why == nil {
			h.t.Errorf("without a model: %+v, %v", d, err)
		}
		e := h.thinks(modeltest.InTurn(modeltest.Says("整车质保三年或 10 万公里，以先到者为准[1]。")))
		if reply, summary, err := h.as.DraftsFor(ctx, lin, c.ID); err != nil || !reply || !summary {
			h.t.Errorf("with a model: %v %v %v", reply, summary, err)
		}
		d, err := h.as.Draft(ctx, lin, c.ID)
		if err != nil || !strings.HasPrefix(d.Text, "整车质保三年") || len(d.Sources) != 1 || d.Confirm || d.Why != nil {
			h.t.Errorf("%+v, %v", d, err)
		}
		if a := e.Asked()[0].Text(); strings.Contains(a, "13912345678") || strings.Contains(a, "欧阳锋") {
			h.t.Errorf("left the house: %s", a)
		}
		e.Think(modeltest.InTurn(modeltest.Says("整车质保五年[1]。")))
		if d, err = h.as.Draft(ctx, lin, c.ID); err != nil || d.Text != "" || d.Why == nil || d.Why.Code != "assist.model_checks" {
			h.t.Errorf("%+v, %v", d, err)
		}
		e.Think(modeltest.InTurn(modeltest.Says("诉求：[NAME_1]问整车质保多久，电话[PHONE_1]。\n已做：无。\n待办：答复。")))
		if d, err = h.as.Summary(ctx, lin, c.ID); err != nil || d.Text != "" { // [PRIVATE_1] is what is kept of them
			if !strings.Contains(d.Text, "欧阳锋") {
				h.t.Errorf("%+v, %v", d, err)
			}
		}
		e.Think(modeltest.InTurn(modeltest.Says("诉求：整车质保。\n已做：答应赔 8000 元。\n待办：付款。")))
		if d, err = h.as.Summary(ctx, lin, c.ID); err != nil || d.Text != "" || d.Why.Code != "grounding.invented" {
			h.t.Errorf("%+v, %v", d, err)
		}
		e.Think(modeltest.InTurn(modeltest.Says("诉求：[NAME_1]问整车质保多久。\n已做：尚未答复。\n待办：答复质保期限。")))
		if d, err = h.as.Summary(ctx, lin, c.ID); err != nil || !strings.Contains(d.Text, "欧阳锋问整车质保") {
			h.t.Errorf("%+v, %v", d, err)
		}
		if by, err := h.desk.DB.Now().SpentOn(ctx, h.desk.Now()); err != nil || by[endpoint.Summarise].Calls != 3 || by[endpoint.Compose].Calls != 3 {
			h.t.Errorf("spent %+v, %v", by, err)
		}
		if _, err := h.as.Draft(ctx, reader, c.ID); fault.CodeOf(err) != "permission.missing" {
			h.t.Errorf("a reader: %v", err)
		}
	})
}
