package assist_test

import (
	"slices"
	"strings"
	"testing"

	"yingda/internal/assist"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/endpoint"
	"yingda/internal/kit/fault"
	"yingda/internal/model/modeltest"
	"yingda/internal/store"
)

// A message is translated by a model only, without personal data leaving the
// house; with another number it is refused.
func TestMessagesAreTranslated(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		lin := agent.Actor{Agent: agent.NewID(h.desk.Now()), Name: "林", Scope: agent.ScopeAll, Permissions: []agent.Permission{agent.ConversationRead, agent.ConversationReply, agent.ConversationMonitor}}
		h.must(h.desk.DB.Update(ctx, func(tx *store.Tx) error {
			return tx.InsertAgent(ctx, agent.Agent{ID: lin.Agent, Email: "lin@demo", Name: lin.Name, Capacity: 5, CreatedAt: h.desk.Now()})
		}))
		v := h.visitor("en")
		_, err := h.desk.Introduce(ctx, v, contact.Contact{Name: "John Doe", Phone: "13912345678"})
		h.must(err)
		_, c := h.says(v, "My car LSVAA4182E2184847 stopped 3 days ago, call 13912345678", "")
		ms, err := h.desk.DB.Now().MessagesAfter(ctx, c.ID, 0, 20)
		h.must(err)
		m := ms[slices.IndexFunc(ms, func(m conversation.Message) bool { return m.From == conversation.FromContact })]
		translate := func() assist.Translated {
			d, err := h.as.TranslateMessage(ctx, lin, m.ID, "zh")
			h.must(err)
			return d
		}
		if d := translate(); d.Text != "" || d.Why == nil || d.Why.Code != "endpoint.why.off" {
			t.Errorf("without a model: %+v", d)
		}
		if why, err := h.as.TranslatesFor(ctx, lin, c.ID); err != nil || why == nil {
			t.Errorf("without a model: %v, %v", why, err)
		}
		e := h.thinks(modeltest.InTurn(modeltest.Says("我的车 [VIN_1] 5 天前趴窝了，请打 [PRIVATE_1]"), modeltest.Says("我的车 [VIN_1] 5 天前趴窝了，请打 [PRIVATE_1]")))
		if d := translate(); d.Text != "" || d.Why == nil || d.Why.Code != "grounding.lost" {
			t.Errorf("another number: %+v", d)
		}
		if n := len(e.Asked()); n != 2 {
			t.Errorf("asked %d times", n)
		}
		for _, a := range e.Asked() {
			if text := a.Text(); strings.Contains(text, "13912345678") || strings.Contains(text, "LSVAA4182E2184847") {
				t.Errorf("left the house: %s", text)
			}
		}
		e.Think(modeltest.InTurn(modeltest.Says("我的车坏了"), modeltest.Says("我的车 [VIN_1] 三天前趴窝了，请打 [PRIVATE_1]")))
		want := "我的车 LSVAA4182E2184847 三天前趴窝了，请打 13912345678"
		if d := translate(); d.Text != want {
			t.Errorf("after another try: %+v", d)
		}
		e.Think(modeltest.InTurn()) // nothing more is asked
		if d := translate(); d.Text != want {
			t.Errorf("again: %+v", d)
		}
		if all, err := h.as.Translations(ctx, lin, c.ID, "zh"); err != nil || all[m.ID] != want {
			t.Errorf("kept %v, %v", all, err)
		}
		if by, err := h.desk.DB.Now().SpentOn(ctx, h.desk.Now()); err != nil || by[endpoint.Translate].Calls != 4 {
			t.Errorf("spent %+v, %v", by, err)
		}
		e.Think(modeltest.InTurn(modeltest.Says("Please come on Monday.")))
		if d, err := h.as.TranslateReply(ctx, lin, c.ID, "请周一来", "en"); err != nil || d.Text != "Please come on Monday." {
			t.Errorf("%+v, %v", d, err)
		}
		if _, err := h.as.TranslateReply(ctx, lin, c.ID, "请周一来", "tlh"); fault.CodeOf(err) != "translate.language" {
			t.Errorf("Klingon: %v", err)
		}
		if _, err := h.as.TranslateReply(ctx, lin, c.ID, " ", "en"); fault.CodeOf(err) != "translate.empty" {
			t.Errorf("nothing: %v", err)
		}
		if _, err := h.as.TranslateMessage(ctx, reader, m.ID, "zh"); fault.CodeOf(err) != "permission.missing" {
			t.Errorf("a reader: %v", err)
		}
		stranger := lin
		stranger.Scope, stranger.Agent, stranger.Permissions = agent.ScopeOwn, 77, lin.Permissions[:2]
		if _, err := h.as.TranslateMessage(ctx, stranger, m.ID, "zh"); err == nil {
			t.Error("who may not see a conversation has it translated")
		}
		_, err = h.desk.Recall(ctx, v, m.ID)
		h.must(err)
		if all, err := h.as.Translations(ctx, lin, c.ID, "zh"); err != nil || len(all) != 0 {
			t.Errorf("after it was taken back: %v, %v", all, err)
		}
	})
}
