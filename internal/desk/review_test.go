package desk_test

import (
	"slices"
	"strings"
	"testing"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/review"
	"yingda/internal/domain/ticket"
)

// Whoever works on a thing asks for a second look; a supervisor who neither
// decided nor asked upholds it or puts another decision in its place. Both
// stay, and everybody concerned is told (R173).
func TestADecisionIsReviewed(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		_, i := h.waiting()
		h.run()
		_, err := h.Accept(ctx, h.lin, i)
		h.must(err)
		talk := desk.Matter{Conversation: i}
		ask := review.Review{Decision: "超过三包期，不予免费维修", Why: "购车发票日期与系统不一致"}
		_, err = h.AskReview(ctx, h.zhao, talk, review.Review{Decision: ask.Decision}, "review-0001")
		h.code(err, "review.text")
		r, err := h.AskReview(ctx, h.zhao, talk, ask, "review-0001")
		h.must(err)
		again, err := h.AskReview(ctx, h.zhao, talk, ask, "review-0001")
		h.must(err)
		if again.ID != r.ID || r.Decider.ID != h.lin.Agent || r.State != review.Open {
			h.t.Errorf("%+v, then %+v", r, again)
		}
		_, err = h.AskReview(ctx, h.lin, talk, ask, "review-0002")
		h.code(err, "review.open")
		if got := h.notices(h.wang); len(got) != 1 || got[0] != "review.asked 赵 "+ask.Why {
			h.t.Errorf("the supervisor was told %v", got)
		}
		verdict := review.Verdict{Replace: true, Instead: "按三包免费维修", Reason: "发票日期以销售系统为准"}
		_, err = h.JudgeReview(ctx, h.lin, r.ID, verdict)
		h.code(err, "permission.missing")
		wrong := verdict
		wrong.Instead = ""
		_, err = h.JudgeReview(ctx, h.wang, r.ID, wrong)
		h.code(err, "review.text")
		r, err = h.JudgeReview(ctx, h.wang, r.ID, verdict)
		h.must(err)
		_, err = h.JudgeReview(ctx, h.wang, r.ID, verdict)
		h.code(err, "review.over")
		kept, err := h.Reviews(ctx, h.lin, talk)
		h.must(err)
		if len(kept) != 1 || kept[0].Decision != ask.Decision || kept[0].Instead != verdict.Instead || kept[0].Reviewer.Name != "王" || kept[0].State != review.Replaced {
			h.t.Errorf("kept is %+v", kept)
		}
		for _, who := range []agent.Actor{h.lin, h.zhao} {
			if got := h.notices(who); len(got) != 1 || !strings.HasPrefix(got[0], "review.replaced 王") {
				h.t.Errorf("%s was told %v", who.Name, got)
			}
		}
		if all := h.seqs(i); !strings.Contains(all, "review_asked") || !strings.Contains(all, "review_judged") {
			h.t.Errorf("the thread says %s", all)
		}
		who := h.conversation(i)
		ms, _, err := h.Messages(ctx, h.wang, i, -1, 0, 0)
		h.must(err)
		if slices.ContainsFunc(ms, func(m conversation.Message) bool {
			return m.Event != nil && strings.HasPrefix(m.Event.Name, "review") && m.ForContact()
		}) {
			h.t.Errorf("the customer of %d reads of the review", who.Number)
		}
		if len(h.audited("review.judge")) != 1 {
			h.t.Error("the audit log does not hold the verdict")
		}
	})
}

// A case keeps the review in its history; whom it accuses hears nothing of it.
func TestADecisionInACaseIsReviewed(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		c, err := h.HandIn(ctx, h.lin, ticket.Case{Kind: ticket.Consultation, Source: "phone", Text: "保修多久", Name: "张伟", Phone: "13812345678"}, nil, "case-review-1")
		h.must(err)
		r, err := h.AskReview(ctx, h.lin, desk.Matter{Case: c.ID}, review.Review{Decision: "不在保修期内", Why: "客户要求复核", Customer: true}, "review-case-1")
		h.must(err)
		r, err = h.JudgeReview(ctx, h.wang, r.ID, review.Verdict{Reason: "已核对行驶证"})
		h.must(err)
		if r.State != review.Upheld || r.Instead != "" || !r.Customer {
			h.t.Errorf("%+v", r)
		}
		f, err := h.Case(ctx, h.lin, c.ID)
		h.must(err)
		var said []string
		for _, e := range f.History {
			if e.Act == ticket.AskReview || e.Act == ticket.JudgeReview {
				said = append(said, string(e.Act)+" "+e.ByName+" "+e.Reason)
				if e.Public {
					h.t.Errorf("the customer reads %s", e.Act)
				}
			}
		}
		if !slices.Equal(said, []string{"review_asked 林 客户要求复核", "review_judged 王 已核对行驶证"}) {
			h.t.Errorf("the history says %v", said)
		}
	})
}
