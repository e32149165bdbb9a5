package desk_test

import (
	"slices"
	"testing"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/sla"
	"yingda/internal/store"
)

// A colleague is asked beside a conversation and answers once; the customer
// sees nothing of it.
func TestConsult(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		c := h.answeredBy(h.lin)
		own := h.zhao
		own.Scope = agent.ScopeOwn
		_, err := h.Consult(ctx, h.lin, c.ID, h.lin.Agent, "?")
		h.code(err, "consult.self")
		_, err = h.Consult(ctx, h.lin, c.ID, h.zhao.Agent, " ")
		h.code(err, "consult.question")
		_, err = h.Consult(ctx, own, c.ID, h.wang.Agent, "能看吗")
		h.code(err, "conversation.unknown")
		q, err := h.Consult(ctx, h.lin, c.ID, h.zhao.Agent, "这个故障码是什么意思？")
		h.must(err)
		_, err = h.AnswerConsult(ctx, h.wang, q.ID, "不知道")
		h.code(err, "consult.asked")
		_, err = h.WithdrawConsult(ctx, own, q.ID)
		h.code(err, "consult.asker")
		told := func(by agent.Actor, kind string) bool {
			ns, _, err := h.Notices(ctx, by)
			h.must(err)
			return slices.ContainsFunc(ns, func(n event.Notice) bool { return n.Kind == kind && n.Conversation == c.ID })
		}
		if !told(h.zhao, "consult") {
			h.t.Error("who is asked hears nothing")
		}
		q, err = h.AnswerConsult(ctx, own, q.ID, "是刹车传感器")
		h.must(err)
		_, err = h.AnswerConsult(ctx, own, q.ID, "再说一次")
		h.code(err, "consult.over")
		_, err = h.WithdrawConsult(ctx, h.lin, q.ID)
		h.code(err, "consult.over")
		if !told(h.lin, "consult.answered") {
			h.t.Error("who asked hears nothing")
		}
		cs, err := h.Consults(ctx, h.lin, c.ID)
		h.must(err)
		if len(cs) != 1 || cs[0].State != conversation.ConsultAnswered || cs[0].Answer != "是刹车传感器" {
			h.t.Errorf("kept: %+v", cs)
		}
		ms, _, err := h.Messages(ctx, h.wang, c.ID, -1, 0, 0)
		h.must(err)
		for _, m := range ms {
			if m.ForContact() && m.AuthorID == h.zhao.Agent.String() {
				h.t.Errorf("the customer sees %+v", m)
			}
		}
	})
}

// Who is handed to a specialist is told when to expect an answer, and a clock
// holds us to it until somebody writes (R073).
func TestASpecialistIsExpected(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin, h.zhao)
		c := h.answeredBy(h.lin)
		h.must(h.saysAs(h.lin, c.ID, "first-0001"))
		_, err := h.Transfer(ctx, h.lin, c.ID, desk.Handover{Agent: h.zhao.Agent, Note: "请专家看", Within: 8 * 24 * time.Hour})
		h.code(err, "transfer.within")
		c, err = h.Transfer(ctx, h.lin, c.ID, desk.Handover{Agent: h.zhao.Agent, Note: "请专家看", Within: 30 * time.Minute})
		h.must(err)
		if !c.ExpectedAt.Equal(h.Now().Add(30 * time.Minute)) {
			h.t.Errorf("expected at %s", c.ExpectedAt)
		}
		open := func() (open []store.ClockOf) {
			cs, err := h.DB.Now().ClocksOf(ctx, store.OfConversation, int64(c.ID))
			h.must(err)
			return slices.DeleteFunc(cs, func(ck store.ClockOf) bool { return ck.Metric != sla.NextResponse })
		}
		if cks := open(); len(cks) != 1 || !cks[0].State.Open() || !cks[0].Limit.Equal(c.ExpectedAt) {
			h.t.Errorf("clocks: %+v", cks)
		}
		_, err = h.Accept(ctx, h.zhao, c.ID)
		h.must(err)
		h.must(h.saysAs(h.zhao, c.ID, "expert-001"))
		if cks := open(); len(cks) != 1 || cks[0].State != sla.Met {
			h.t.Errorf("after the answer: %+v", cks)
		}
		if c = h.conversation(c.ID); !c.ExpectedAt.IsZero() {
			h.t.Errorf("still expected at %s", c.ExpectedAt)
		}
		h.must(h.saysAs(h.zhao, c.ID, "expert-002"))
	})
}
