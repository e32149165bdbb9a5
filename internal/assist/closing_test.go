package assist_test

import (
	"fmt"
	"strings"
	"testing"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/retrieve"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

var closer = agent.Actor{Agent: 9, Name: "林", Scope: agent.ScopeAll, Permissions: []agent.Permission{agent.ConversationRead, agent.ConversationReply}}

// closes leaves conversations that were closed with a category.
func (h *house) closes(n int, category string, texts ...string) {
	h.t.Helper()
	ctx := h.t.Context()
	for i := range n {
		v := h.visitor("zh")
		text := fmt.Sprintf("%s，%s", texts[i%len(texts)], texts[(i/2+1)%len(texts)])
		r, err := h.desk.Receive(ctx, channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, ClientID: fmt.Sprintf("closed-%04d", i), Text: text, At: h.desk.Now()})
		h.must(err)
		h.must(h.desk.DB.Update(ctx, func(tx *store.Tx) error {
			c, err := tx.Conversation(ctx, r.Conversation.ID)
			if err != nil {
				return err
			}
			c.State, c.ClosedAt, c.QueuedAt = conversation.Closed, h.desk.Now(), c.ClosedAt
			c.Summary = &conversation.Summary{Category: category, Result: "solved"}
			_, err = tx.SaveConversation(ctx, c)
			return err
		}))
	}
}

// What agents chose for conversations teaches what to choose for the next; what
// was asked and done stands in words.
func TestASummaryIsDrafted(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.closes(retrieve.LeastExamples, "business.fault", "刹车有异响", "底盘咯吱咯吱响", "过减速带有响声", "发动机声音很大")
		h.closes(retrieve.LeastExamples, "account.login", "登录不了", "验证码收不到", "密码忘了", "账号被锁了")
		v := h.visitor("zh")
		h.says(v, "您好", "")
		_, c := h.says(v, "我的车一转弯底盘就响", "")
		h.says(v, "请问怎么申请退款呢", "")

		d, err := h.as.Closing(ctx, closer, c.ID, "zh")
		h.must(err)
		if len(d.Guesses) > 0 || d.Examples > 0 {
			t.Errorf("before anything was learnt: %+v", d)
		}
		h.must(h.as.Learn(ctx))
		d, err = h.as.Closing(ctx, closer, c.ID, "zh")
		h.must(err)
		if len(d.Guesses) != 2 || d.Guesses[0].Answer != "business.fault" || d.Accuracy < 0.9 || d.Examples != 2*retrieve.LeastExamples {
			t.Errorf("categories %+v, accuracy %.2f of %d", d.Guesses, d.Accuracy, d.Examples)
		}
		if !strings.Contains(d.Note, "客户问：我的车一转弯底盘就响") || !strings.Contains(d.Note, "助手已答：如何申请退款") {
			t.Errorf("note %q", d.Note)
		}
		_, first := h.says(h.visitor("zh"), "过减速带底盘有响声", "")
		d, err = h.as.Closing(ctx, closer, first.ID, "zh")
		h.must(err)
		if len(d.Guesses) == 0 || !strings.Contains(d.Note, "客户问：过减速带底盘有响声") {
			t.Errorf("what was said first does not count: %+v", d)
		}
		if _, err := h.as.Closing(ctx, reader, c.ID, "zh"); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("who may not reply drafts: %v", err)
		}
		stranger := closer
		stranger.Scope, stranger.Agent = agent.ScopeOwn, 77
		if _, err := h.as.Closing(ctx, stranger, c.ID, "zh"); err == nil {
			t.Error("who may not see a conversation reads a draft of it")
		}
	})
}
