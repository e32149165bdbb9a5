package desk_test

import (
	"slices"
	"testing"

	"yingda/internal/desk"
	"yingda/internal/domain/canned"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/ticket"
)

// A reply comes with what is known; what is not stays to be seen, and cannot
// be sent like that.
func TestACannedReplyIsFilledIn(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.settings(func(s *inbox.Settings) {
			s.Opening = inbox.Text{Zh: "您好，我是{{agent.name}}，请问遇到了什么问题？"}
		})
		h.online(h.lin)
		who, i := h.waiting()
		_, err := h.Take(ctx, h.lin, i)
		h.must(err)
		r, err := h.AddCanned(ctx, h.wang, canned.Reply{Shortcut: "进度", Title: "进度", Folder: "售后", Text: "{{contact.name}}，工单 {{case.number}} 预计 {{case.due}} 前处理完。", Language: "zh", Shared: true})
		h.must(err)
		f, err := h.FillCanned(ctx, h.lin, r.ID, i)
		h.must(err)
		if !slices.Equal(f.Missing, []canned.Variable{canned.CaseNumber, canned.CaseDue}) {
			h.t.Errorf("without a case it is %+v", f)
		}
		_, err = h.Reply(ctx, h.lin, i, desk.Draft{ClientID: "canned-01", Text: f.Text})
		h.code(err, "message.unfilled")
		_, err = h.Reply(ctx, h.lin, i, desk.Draft{ClientID: "canned-02", Kind: conversation.Note, Text: f.Text})
		h.must(err)

		c, err := h.OpenCase(ctx, who, ticket.Case{Kind: ticket.Complaint, Text: "高速上刹车异响", Name: "张伟", Phone: "13800138000"}, "canned-case")
		h.must(err)
		if f, err = h.FillCanned(ctx, h.lin, r.ID, i); err != nil || len(f.Missing) > 0 || f.Text != h.talk(i).ContactName+"，工单 "+c.Number+" 预计 2026年11月24日 18:00 前处理完。" {
			h.t.Errorf("with a case it is %+v, %v", f, err)
		}
		_, err = h.Reply(ctx, h.lin, i, desk.Draft{ClientID: "canned-03", Text: f.Text})
		h.must(err)
		o, err := h.Opening(ctx, h.lin, i)
		if h.must(err); o.Text != "您好，我是林，请问遇到了什么问题？" {
			h.t.Errorf("the opening is %+v", o)
		}
		rs, err := h.CannedReplies(ctx, h.lin, "售后")
		if h.must(err); len(rs) != 1 || rs[0].Uses != 2 {
			h.t.Errorf("found by its folder, with its uses: %+v", rs)
		}

		own, err := h.AddCanned(ctx, h.zhao, canned.Reply{Shortcut: "我", Title: "我的", Text: "我的话", Language: "zh"})
		h.must(err)
		_, err = h.FillCanned(ctx, h.lin, own.ID, i)
		h.code(err, "canned.unknown")
	})
}
