package desk_test

import (
	"slices"
	"testing"

	"yingda/internal/domain/learning"
	"yingda/internal/domain/mood"
	"yingda/internal/domain/routing"
	"yingda/internal/store"
)

// What a contact writes makes a conversation tense, which lists are narrowed by
// and rules ask; who is angry before anybody answers comes sooner only where
// the company wants it.
func TestMood(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		calm, angry := h.visitor(), h.visitor()
		h.write(calm, "你好，请问保养多少钱")
		a := h.write(angry, "你们这是什么服务！太差劲了！").Conversation
		if c := h.conversation(a.ID); c.Mood != mood.Angry || c.Priority != 0 {
			h.t.Errorf("%+v", c)
		}
		found, _, err := h.DB.Now().ListConversations(ctx, store.ConversationList{View: store.All, By: h.wang, Mood: mood.Angry, Limit: 10})
		h.must(err)
		if len(found) != 1 || found[0].ID != a.ID {
			h.t.Errorf("%d angry ones", len(found))
		}
		ms, err := h.Mood(ctx, h.wang, a.ID)
		h.must(err)
		if len(ms) != 1 || ms[0].After.Level() != mood.Angry || len(ms[0].Why) == 0 {
			h.t.Errorf("heard %+v", ms)
		}
		h.write(angry, "好的，谢谢")
		if c := h.conversation(a.ID); c.Mood != mood.Calm {
			h.t.Errorf("after thanks: %s (%d)", c.Mood, c.Tension)
		}
		h.write(angry, "一点都不专业，气死我了")
		if c := h.conversation(a.ID); c.Priority != 0 || slices.Contains(h.happenings(a.ID), "angry_first") {
			h.t.Errorf("it comes sooner though nobody wanted that: %d", c.Priority)
		}

		h.rules(func(r *routing.Rules) { r.AngryFirst = true })
		other := h.visitor()
		b := h.write(other, "骗子！退钱！").Conversation
		if c := h.conversation(b.ID); c.Priority != 1 || !slices.Contains(h.happenings(b.ID), "angry_first") {
			h.t.Errorf("priority %d, %v", c.Priority, h.happenings(b.ID))
		}
		h.write(other, "骗子骗子！")
		if n := len(h.happenings(b.ID)); n != len(slices.Compact(h.happenings(b.ID))) {
			h.t.Errorf("it happened twice: %v", h.happenings(b.ID))
		}
	})
}

// A rule acts on what closed work suggests, if it is sure enough.
func TestRulesAskWhatIsSuggested(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.must(h.EnsureDefaults(h.t.Context()))
		sure := 0.9
		h.Suggests = func(topic learning.Topic, said []string) (learning.Guess, bool) {
			if topic != learning.CaseUrgency || !slices.Contains(said, "刹车失灵") && len(said) == 0 {
				return learning.Guess{}, false
			}
			return learning.Guess{Answer: "high", Probability: sure}, true
		}
		r := h.rule(`{"name":"急的打标签","on":[{"event":"case.opened"}],
			"when":{"all":[{"field":"case.suggested_urgency","op":"is","value":"high"},{"field":"case.suggested_urgency_sure","op":"gte","value":80}]},
			"then":[{"kind":"add_tag","value":"可能很急"}]}`)
		c := h.brakes("suggested-1")
		h.drain()
		if now, err := h.DB.Now().Case(h.t.Context(), c.ID); err != nil || !slices.Contains(now.Tags, "可能很急") {
			h.t.Errorf("tags %v, %v; ran %v", now.Tags, err, h.ran(r))
		}
		sure = 0.6
		c = h.brakes("suggested-2")
		h.drain()
		if now, err := h.DB.Now().Case(h.t.Context(), c.ID); err != nil || slices.Contains(now.Tags, "可能很急") {
			h.t.Errorf("not sure enough: %v, %v", now.Tags, err)
		}
	})
}
