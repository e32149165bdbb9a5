package site_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"yingda/internal/channel"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/ticket"
)

// Everybody reads the board; who is signed in votes, once for each suggestion.
func TestTheBoardOfSuggestions(t *testing.T) {
	eachPortal(t, func(p *portal) {
		if body := p.see("/suggestions"); !strings.Contains(body, "暂时没有公开展示的建议") {
			t.Error("an empty board does not say so")
		}
		if !strings.Contains(p.see("/"), `href="/suggestions"`) {
			t.Error("the contact page does not lead to the board")
		}
		stage := inbox.Text{Zh: "评估分析", En: "Evaluating"}
		p.board = []channel.Suggestion{
			{Number: "JY20261122-000001", Subject: "增加夜间客服", Stage: stage, Votes: 7, Open: true},
			{Number: "JY20261122-000002", Subject: "充电站加遮阳棚", Stage: stage, Open: false},
		}
		p.after = ticket.NewID(sunday)
		body := p.see("/suggestions")
		for _, says := range []string{"增加夜间客服", "评估分析", "7 人支持", "登录后支持", "更多建议", "/suggestions?from=" + p.after.String()} {
			if !strings.Contains(body, says) {
				t.Errorf("the board does not say %q", says)
			}
		}
		if more := p.see("/suggestions?from=" + p.after.String()); !strings.Contains(more, "充电站加遮阳棚") || strings.Contains(more, "登录后支持") {
			t.Error("the second page is wrong, or offers to vote for what is over")
		}
		p.goes(p.do("/suggestions", "number", "JY20261122-000001"), "/account/sign-in?next=/suggestions")
		p.join("zhao@mail.example")
		stamp := p.stampOf("/suggestions")
		p.says(p.do("/suggestions", "stamp", "old", "number", "JY20261122-000001"), 422, "页面打开太久了")
		p.goes(p.do("/suggestions", "stamp", stamp, "number", "JY20261122-000001"), "/suggestions?done=vote")
		if body = p.see("/suggestions?done=vote"); !strings.Contains(body, "8 人支持") || !strings.Contains(body, "谢谢您的支持") {
			t.Error("the vote is not shown")
		}
		p.says(p.do("/suggestions", "stamp", stamp, "number", "JY20261122-000001"), 409, "您已经支持过这条建议")
		p.says(p.do("/suggestions", "stamp", stamp, "number", "JY20200101-000009"), 404, "没有公开展示这条建议")
		if w := p.send(httptest.NewRequest(http.MethodGet, "/suggestions?from=nothing", nil)); w.Code != http.StatusNotFound {
			t.Errorf("from nowhere: status %d", w.Code)
		}
	})
}
