package desk_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// Nothing of a message that was taken back is left for anybody but those who
// may monitor: in no history, list, search or file.
func TestAnAgentTakesAMessageBack(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.takesFiles()
		h.online(h.lin)
		who, i := h.answered("recall-01")
		a, err := h.AttachFor(ctx, h.lin, i, channel.Upload{ClientID: "recall-file", Name: "密码.txt", Body: strings.NewReader("机密文件内容"), Limit: 1 << 20})
		h.must(err)
		m, err := h.Reply(ctx, h.lin, i, desk.Draft{ClientID: "recall-02", Text: "钥匙藏在花盆下", Attachments: []conversation.AttachmentID{a.ID}})
		h.must(err)
		told := storetest.Events(h.t, h.DB, 0)
		_, err = h.RecallMessage(ctx, h.zhao, m.ID)
		h.code(err, "message.not_yours")
		for range 2 {
			r, err := h.RecallMessage(ctx, h.lin, m.ID)
			h.must(err)
			if !r.IsRecalled() || r.Text != "" || len(r.Attachments) != 0 {
				h.t.Errorf("taken back: %+v", r)
			}
		}
		ms, _, err := h.History(ctx, who, i, -1, 0, 0)
		h.must(err)
		mine, _, err := h.Messages(ctx, h.wang, i, -1, 0, 0)
		h.must(err)
		hits, err := h.Search(ctx, h.wang, desk.SearchQuery{Text: "花盆", Newest: true})
		h.must(err)
		list, err := h.Conversations(ctx, h.wang, desk.ListQuery{View: store.All})
		h.must(err)
		again, err := h.Reply(ctx, h.lin, i, desk.Draft{ClientID: "recall-02", Text: "钥匙藏在花盆下", Attachments: []conversation.AttachmentID{a.ID}})
		h.must(err)
		since := storetest.Events(h.t, h.DB, told[len(told)-1].Seq)
		all, err := json.Marshal([]any{ms, mine, hits, list, again, since})
		h.must(err)
		if bytes.Contains(all, []byte("花盆")) || bytes.Contains(all, []byte("密码")) {
			h.t.Errorf("something is left: %s", all)
		}
		if !ms[len(ms)-1].IsRecalled() || ms[len(ms)-1].Event.Args["agent"] != "林" {
			h.t.Errorf("the customer reads %+v", ms[len(ms)-1])
		}
		_, err = h.File(ctx, a.ID, false)
		h.code(err, "file.unknown")
		_, err = h.FileFor(ctx, h.lin, a.ID, false)
		h.code(err, "file.unknown")
		f, err := h.FileFor(ctx, h.wang, a.ID, false)
		h.must(err)
		h.must(f.Body.Close())
		_, err = h.Recalled(ctx, h.lin, m.ID)
		h.code(err, "permission.missing")
		was, err := h.Recalled(ctx, h.wang, m.ID)
		h.must(err)
		if was.Text != "钥匙藏在花盆下" || len(was.Attachments) != 1 {
			h.t.Errorf("it said %+v", was)
		}
		for _, action := range []string{"message.recall", "message.recalled_look"} {
			es, err := h.DB.Now().AuditEntries(ctx, audit.Filter{Action: action, Limit: 10})
			h.must(err)
			if len(es) != 1 || es[0].ObjectID != i.String() {
				h.t.Errorf("%s is recorded %d times", action, len(es))
			}
		}
	})
}

func TestAMessageStaysAfterTwoMinutes(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		who, i := h.answered("recall-03")
		m := h.says(i, "recall-04", "稍等")
		word := h.hears(who, "recall-05", "我的身份证号发错了")
		_, err := h.Recall(ctx, who, word.ID)
		h.code(err, "message.recall_off")
		h.settings(func(s *inbox.Settings) { s.Recall.Contact = true })
		other := h.visitor()
		_, err = h.Recall(ctx, other, word.ID)
		h.code(err, "message.unknown")
		_, err = h.Recall(ctx, who, m.ID)
		h.code(err, "message.not_yours")
		r, err := h.Recall(ctx, who, word.ID)
		h.must(err)
		if c := h.talk(i); !r.IsRecalled() || c.LastText != "" {
			h.t.Errorf("the customer took back: %+v, the list shows %q", r, c.LastText)
		}
		h.clock.Turn(2 * time.Minute)
		_, err = h.RecallMessage(ctx, h.lin, m.ID)
		h.code(err, "message.recall_late")
	})
}
