package help_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/retrieve"
	"yingda/internal/help"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// A question holds from its first day to its last, by the company's calendar;
// a job tells when a day begins.
func TestAQuestionHoldsOnItsDays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		h, clk := newHelp(db) // 22 November, five in the afternoon in Shanghai
		q := refund
		q.ValidFrom, q.ValidUntil = "2026-11-23", "2026-11-24"
		if _, err := h.WriteQuestion(ctx, chief, func() knowledge.Question { q := q; q.ValidUntil = "2026-11-22"; return q }()); fault.CodeOf(err) != "knowledge.valid_order" {
			t.Errorf("the last day before the first: %v", err)
		}
		if _, err := h.WriteQuestion(ctx, chief, func() knowledge.Question { q := q; q.ReviewOn = "morgen"; return q }()); fault.CodeOf(err) != "knowledge.day" {
			t.Errorf("no day: %v", err)
		}
		kept := must(h.WriteQuestion(ctx, chief, q))(t)
		must(h.PublishQuestion(ctx, chief, kept.ID))(t)
		must(h.TurnDay(ctx))(t)
		for _, c := range []struct {
			later time.Duration
			tells bool
			holds bool
		}{
			{time.Hour, false, false},
			{7 * time.Hour, true, true}, // an hour after midnight
			{46 * time.Hour, true, true},
			{time.Hour, true, false},
		} {
			clk.Turn(c.later)
			if got := must(h.TurnDay(ctx))(t); got != c.tells {
				t.Errorf("at %s: told %v", clk.Now(), got)
			}
			refresh(t, h)
			if _, ok := h.PublicQuestion(int64(kept.ID)); ok != c.holds {
				t.Errorf("at %s: answered %v", clk.Now(), ok)
			}
		}
	})
}

// What customers have read is kept change by change, and can be said again.
func TestVersions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		h, clk := newHelp(db)
		q := must(h.WriteQuestion(ctx, chief, refund))(t)
		q.Answer = "草稿里改的。"
		q = must(h.EditQuestion(ctx, chief, q))(t)
		q = must(h.PublishQuestion(ctx, chief, q.ID))(t)
		clk.Turn(time.Hour)
		q.Answer, q.Answers = "第二版。", map[string]string{"sms": "短信版。", "email": " "}
		q = must(h.EditQuestion(ctx, chief, q))(t)
		if q.AnswerOn("sms") != "短信版。" || q.AnswerOn("email") != "第二版。" || len(q.Answers) != 1 {
			t.Errorf("%+v", q.Answers)
		}
		vs := must(h.QuestionVersions(ctx, editor, q.ID, 0))(t)
		if len(vs) != 2 || vs[0].Answer != "第二版。" || vs[1].Answer != "草稿里改的。" || vs[1].UpdatedBy != chief.Name || vs[0].Version != q.Version {
			t.Fatalf("%+v", vs)
		}
		if _, err := h.RestoreQuestion(ctx, editor, q.ID, vs[1].Version); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("restored by who may not publish: %v", err)
		}
		back := must(h.RestoreQuestion(ctx, chief, q.ID, vs[1].Version))(t)
		if back.Answer != "草稿里改的。" || back.Status != knowledge.Published || back.Version <= q.Version || len(back.Answers) != 0 {
			t.Errorf("%+v", back)
		}
		if _, err := h.RestoreQuestion(ctx, chief, q.ID, 99); fault.CodeOf(err) != "knowledge.version" {
			t.Errorf("a version that is not there: %v", err)
		}
		if vs := must(h.QuestionVersions(ctx, editor, q.ID, vs[0].Version))(t); len(vs) != 1 {
			t.Errorf("the second page: %+v", vs)
		}
	})
}

func TestTending(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		h, _ := newHelp(db)
		other := knowledge.Question{Question: "如何取消订单", Answer: "在订单里取消。", Language: "zh", Phrasings: []string{"我想退款呀"}, Validity: knowledge.Validity{ReviewOn: "2026-11-22"}}
		if err := h.Import(ctx, chief, []knowledge.Question{refund, other}, nil); err != nil {
			t.Fatal(err)
		}
		refresh(t, h)
		got := must(h.Tending(ctx, chief))(t)
		if len(got.Collisions) != 1 || len(got.Few) != 1 || len(got.Due) != 1 || got.Few[0].Question != other.Question || got.Collisions[0].Mixed[0].Text != "我想退款呀" {
			t.Fatalf("%+v", got)
		}
		a, b := got.Collisions[0].A, got.Collisions[0].B
		if a.Question != refund.Question {
			a, b = b, a
		}
		if _, err := h.MovePhrasing(ctx, editor, b.ID, a.ID, "我想退款呀"); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("moved by who may not publish: %v", err)
		}
		moved := must(h.MovePhrasing(ctx, chief, b.ID, a.ID, "我想退款呀"))(t)
		if len(moved.Phrasings) != 0 {
			t.Errorf("%+v", moved.Phrasings)
		}
		if got := must(h.Tending(ctx, chief))(t); len(got.Collisions) != 0 {
			t.Errorf("still shown: %+v", got.Collisions)
		}
		if _, err := h.MovePhrasing(ctx, chief, b.ID, a.ID, "我想退款呀"); fault.CodeOf(err) != "knowledge.no_phrasing" {
			t.Errorf("moved twice: %v", err)
		}
		kept := must(h.AbsorbQuestion(ctx, chief, a.ID, b.ID))(t)
		gone := must(h.Question(ctx, chief, b.ID))(t)
		if !slices.Contains(kept.Phrasings, other.Question) || gone.Status != knowledge.Draft || gone.Answer != other.Answer {
			t.Errorf("%+v, %+v", kept, gone)
		}
		refresh(t, h)
		if d := h.Decide(other.Question, retrieve.Limits{}); d.Action != retrieve.Answer || d.Candidates[0].ID != int64(a.ID) {
			t.Errorf("%+v", d)
		}
	})
}

// Who opens a chat is shown what is pinned, then what was answered most of late
// on that channel.
func TestHotQuestions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		h, clk := newHelp(db)
		qs := []knowledge.Question{}
		for _, text := range []string{"第一个问题", "第二个问题", "第三个问题"} {
			qs = append(qs, knowledge.Question{Question: text, Answer: "好。", Language: "zh", Pinned: text == "第三个问题"})
		}
		if err := h.Import(ctx, chief, qs, nil); err != nil {
			t.Fatal(err)
		}
		refresh(t, h)
		second, err := h.Entry(help.Question, entryRef(t, h, "第二个问题"))
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Answered(ctx, second, "webchat"); err != nil {
			t.Fatal(err)
		}
		hot := func(channel string) string {
			refresh(t, h)
			var texts []string
			for _, c := range must(h.Hot(ctx, channel, "zh", 3))(t) {
				texts = append(texts, c.Text[:6])
			}
			return strings.Join(texts, "")
		}
		if got := hot("webchat"); got != "第三第二第一" {
			t.Errorf("in the chat: %s", got)
		}
		clk.Turn(8 * 24 * time.Hour)
		if err := h.Viewed(ctx, second); err != nil {
			t.Fatal(err)
		}
		if got := hot("webchat"); got[:6] != "第三" {
			t.Errorf("after a week: %s", got)
		}
	})
}

func entryRef(t *testing.T, h *help.Help, title string) string {
	t.Helper()
	page, _ := h.Search(help.Search{Language: "zh", Size: 10})
	for _, e := range page {
		if e.Title == title {
			return e.Ref
		}
	}
	t.Fatalf("%s is not there", title)
	return ""
}
