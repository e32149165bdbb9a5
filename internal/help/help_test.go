package help_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/event"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/retrieve"
	"yingda/internal/help"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

var (
	editor = agent.Actor{Agent: 7, Name: "周编", Permissions: []agent.Permission{agent.KnowledgeRead, agent.KnowledgeEdit}}
	chief  = agent.Actor{Agent: 8, Name: "王主管", Permissions: []agent.Permission{agent.KnowledgeRead, agent.KnowledgeEdit, agent.KnowledgePublish}}
	guest  = agent.Actor{Agent: 9, Name: "访客"}
)

var refund = knowledge.Question{
	Question: "如何申请退款", Answer: "在我的订单中申请。", Category: "订单与费用", Language: "zh",
	Phrasings: []string{"我想退款", "怎么退钱", "不想要了能退吗", "退货退款", "退款在哪申请"},
}

func newHelp(db *store.DB) (*help.Help, *clock.Hand) {
	c := clock.At(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	return &help.Help{DB: db, Now: c.Now, Log: slog.New(slog.DiscardHandler)}, c
}

// must returns the value of a call that the test needs to succeed.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestAQuestionIsWrittenPublishedFoundAndWithdrawn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		h, clk := newHelp(db)
		q := must(h.WriteQuestion(ctx, editor, refund))(t)
		if q.Status != knowledge.Draft || q.ID.IsZero() || q.UpdatedBy != "周编" {
			t.Fatalf("written: %+v", q)
		}
		refresh(t, h)
		if d := h.Decide("如何申请退款", retrieve.Limits{}); d.Action != retrieve.HandOver {
			t.Errorf("a draft was found: %+v", d)
		}
		clk.Turn(time.Minute)
		if _, err := h.PublishQuestion(ctx, editor, q.ID); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("an editor published: %v", err)
		}
		published, err := h.PublishQuestion(ctx, chief, q.ID)
		if err != nil || published.Status != knowledge.Published || !published.PublishedAt.Equal(clk.Now()) || published.Version != 2 {
			t.Fatalf("published: %+v, %v", published, err)
		}
		refresh(t, h)
		if d := h.Decide("如何申请退款", retrieve.Limits{}); d.Action != retrieve.Answer || d.Candidates[0].ID != int64(q.ID) {
			t.Errorf("what is published is not found: %+v", d)
		}
		if e, ok := h.PublicQuestion(int64(q.ID)); !ok || e.Title != refund.Question {
			t.Errorf("the shelf has %+v", e)
		}
		if !h.Ready("zh") || h.Ready("en") {
			t.Errorf("ready for zh %v, en %v", h.Ready("zh"), h.Ready("en"))
		}
		clk.Turn(time.Minute)
		withdrawn, err := h.UnpublishQuestion(ctx, chief, q.ID)
		if err != nil || withdrawn.Status != knowledge.Draft || !withdrawn.PublishedAt.IsZero() {
			t.Fatalf("withdrawn: %+v, %v", withdrawn, err)
		}
		refresh(t, h)
		if d := h.Decide("如何申请退款", retrieve.Limits{}); d.Action != retrieve.HandOver {
			t.Errorf("what was withdrawn is still found: %+v", d)
		}
		audited(t, db, "knowledge.unpublish", "knowledge.publish", "knowledge.write")
	})
}

func refresh(t *testing.T, h *help.Help) {
	t.Helper()
	if err := h.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// audited checks the newest entries of the audit log, newest first, and that
// each was told in the feed.
func audited(t *testing.T, db *store.DB, want ...string) {
	t.Helper()
	es, err := db.Now().AuditEntries(t.Context(), audit.Filter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range es {
		got = append(got, e.Action)
		if e.ActorID == "" || e.ObjectName == "" {
			t.Errorf("an entry without actor or object: %+v", e)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("audit log: %q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("audit log: %q, want %q", got, want)
		}
	}
	told := 0
	enough := errors.New("all of them")
	limit, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	err = db.Follow(limit, 0, func(es []event.Event) error {
		for _, e := range es {
			if told++; e.Kind != event.KnowledgeChanged {
				t.Errorf("an event %q", e.Kind)
			}
		}
		if told >= len(want) {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || told != len(want) {
		t.Errorf("%d events for %d changes: %v", told, len(want), err)
	}
}

func TestEditing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		h, _ := newHelp(db)
		q := must(h.WriteQuestion(ctx, editor, refund))(t)
		second := q
		q.Answer = "新的答案"
		edited, err := h.EditQuestion(ctx, editor, q)
		if err != nil || edited.Answer != "新的答案" || edited.Version != 2 {
			t.Fatalf("edited: %+v, %v", edited, err)
		}
		second.Answer = "另一个人的答案"
		if _, err := h.EditQuestion(ctx, chief, second); fault.KindOf(err) != fault.Conflict {
			t.Errorf("someone else's change was overwritten: %v", err)
		}
		if _, err := h.PublishQuestion(ctx, chief, q.ID); err != nil {
			t.Fatal(err)
		}
		again, err := h.PublishQuestion(ctx, chief, q.ID)
		if err != nil || again.Version != 3 {
			t.Errorf("published twice: %+v, %v", again, err)
		}
		again.Answer = "改了已发布的"
		if _, err := h.EditQuestion(ctx, editor, again); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("an editor changed what customers read: %v", err)
		}
		if err := h.DeleteQuestion(ctx, editor, q.ID); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("an editor deleted what customers read: %v", err)
		}
		if got, err := h.EditQuestion(ctx, chief, again); err != nil || got.Status != knowledge.Published {
			t.Errorf("%+v, %v", got, err)
		}
		if err := h.DeleteQuestion(ctx, chief, q.ID); err != nil {
			t.Error(err)
		}
		if _, err := h.Question(ctx, chief, q.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("what was deleted is there: %v", err)
		}
		audited(t, db, "knowledge.delete", "knowledge.edit", "knowledge.publish", "knowledge.edit", "knowledge.write")
	})
}

func TestNobodyWithoutTheRight(t *testing.T) {
	h, _ := newHelp(storetest.SQLite(t))
	ctx := t.Context()
	calls := map[string]func() error{
		"list":       func() error { _, _, err := h.Questions(ctx, guest, store.KnowledgeList{}); return err },
		"read":       func() error { _, err := h.Question(ctx, guest, 1); return err },
		"write":      func() error { _, err := h.WriteQuestion(ctx, guest, refund); return err },
		"articles":   func() error { _, _, err := h.Articles(ctx, guest, store.KnowledgeList{}); return err },
		"article":    func() error { _, err := h.WriteArticle(ctx, guest, knowledge.Article{}); return err },
		"categories": func() error { _, err := h.Categories(ctx, guest); return err },
		"import":     func() error { return h.Import(ctx, editor, nil, nil) },
	}
	for name, call := range calls {
		if err := call(); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLists(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		h, clk := newHelp(db)
		for _, title := range []string{"退款多久到账", "发票怎么开", "100%_折扣 怎么用", "Refund please"} {
			clk.Turn(time.Second)
			q := refund
			q.Question, q.Phrasings = title, []string{"问法" + title}
			if title == "发票怎么开" {
				q.Category = "发票"
			}
			must(h.WriteQuestion(ctx, editor, q))(t)
		}
		for _, c := range []struct {
			name string
			ask  store.KnowledgeList
			want []string
		}{
			{"all, changed last first", store.KnowledgeList{}, []string{"Refund please", "100%_折扣 怎么用", "发票怎么开", "退款多久到账"}},
			{"words", store.KnowledgeList{Words: "退款"}, []string{"退款多久到账"}},
			{"small letters", store.KnowledgeList{Words: "REFUND"}, []string{"Refund please"}},
			{"signs stand for themselves", store.KnowledgeList{Words: "100%_"}, []string{"100%_折扣 怎么用"}},
			{"a sign that is nowhere", store.KnowledgeList{Words: "款%到"}, nil},
			{"a category", store.KnowledgeList{Category: "发票"}, []string{"发票怎么开"}},
			{"a status", store.KnowledgeList{Status: knowledge.Published}, nil},
		} {
			var got []string
			c.ask.Limit = 1 // one a page, to turn pages too
			for {
				page, next, err := h.Questions(ctx, editor, c.ask)
				if err != nil {
					t.Fatalf("%s: %v", c.name, err)
				}
				for _, q := range page {
					got = append(got, q.Question)
				}
				if next == "" {
					break
				}
				c.ask.Cursor = next
			}
			if len(got) != len(c.want) {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
				continue
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Errorf("%s: %q, want %q", c.name, got, c.want)
				}
			}
		}
		cs := must(h.Categories(ctx, editor))(t)
		if len(cs) != 2 || cs[0].Questions+cs[1].Questions != 4 {
			t.Errorf("categories: %+v", cs)
		}
	})
}

func TestArticles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		h, _ := newHelp(db)
		in := knowledge.Article{Title: "召回查询指南", Body: "# 怎么查\n\n输入车架号。", Category: "召回", Language: "zh"}
		a := must(h.WriteArticle(ctx, editor, in))(t)
		b := must(h.WriteArticle(ctx, editor, in))(t)
		if a.Slug != "召回查询指南" || b.Slug != "召回查询指南-2" {
			t.Errorf("slugs %q and %q", a.Slug, b.Slug)
		}
		a.Body = "# 怎么查\n\n输入17位车架号。"
		edited, err := h.EditArticle(ctx, editor, a)
		if err != nil || edited.Slug != a.Slug || edited.Version != 2 {
			t.Fatalf("%+v, %v", edited, err)
		}
		if _, err := h.EditArticle(ctx, editor, a); fault.KindOf(err) != fault.Conflict {
			t.Errorf("an older version was written: %v", err)
		}
		if _, err := h.PublishArticle(ctx, chief, a.ID); err != nil {
			t.Fatal(err)
		}
		refresh(t, h)
		if e, err := h.Entry(help.Article, a.Slug); err != nil || e.Title != in.Title || e.Summary != "怎么查 输入17位车架号。" {
			t.Errorf("%+v, %v", e, err)
		}
		if _, err := h.Entry(help.Article, b.Slug); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a draft is shown: %v", err)
		}
		if err := h.DeleteArticle(ctx, chief, a.ID); err != nil {
			t.Error(err)
		}
		if list, _, err := h.Articles(ctx, editor, store.KnowledgeList{Words: "车架号"}); err != nil || len(list) != 1 || list[0].ID != b.ID {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestWhatReadersFind(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		h, _ := newHelp(db)
		staff := knowledge.Question{Question: "退款审批权限", Answer: "主管以上。", Category: "内部", Language: "zh", Audience: knowledge.Internal}
		invoice := knowledge.Question{Question: "如何开发票", Answer: "在订单里开。", Category: "订单与费用", Language: "zh", Views: 9}
		english := knowledge.Question{Question: "How do I get a refund?", Answer: "Under My orders.", Category: "Orders", Language: "en"}
		guide := knowledge.Article{Title: "退款与退货指南", Body: "## 退款\n\n七天无理由。", Category: "订单与费用", Language: "zh"}
		if err := h.Import(ctx, chief, []knowledge.Question{refund, invoice, staff, english}, []knowledge.Article{guide}); err != nil {
			t.Fatal(err)
		}
		before := h.Version()
		refresh(t, h)
		if h.Version() == before {
			t.Error("the version stayed as it was")
		}
		if got, n := h.Search(help.Search{Words: "退款", Language: "zh", Page: 1, Size: 10}); n != 2 || len(got) != 2 {
			t.Errorf("a visitor finds %d: %+v", n, got)
		}
		if got, n := h.Search(help.Search{Words: "退款", Language: "zh", Page: 2, Size: 1}); n != 2 || len(got) != 1 {
			t.Errorf("the second page of %d: %+v", n, got)
		}
		if got, n := h.Search(help.Search{Language: "zh", Page: 1, Size: 10}); n != 3 || got[0].Title != "如何开发票" {
			t.Errorf("the most read first, of %d: %+v", n, got)
		}
		if got := h.Suggest("退款", "zh", 3); len(got) != 2 {
			t.Errorf("an agent is suggested %+v", got)
		}
		hs := h.Headings("zh")
		if len(hs) != 1 || hs[0].Count != 3 || len(hs[0].Top) != 3 {
			t.Errorf("headings: %+v", hs)
		}
		hot := must(h.Hot(ctx, "webchat", "zh", 1))(t)
		if len(hot) != 1 || hot[0].Text != "如何开发票" {
			t.Errorf("hot: %+v", hot)
		}
		id := must(knowledge.ParseQuestionID(hot[0].ID))(t)
		e, _ := h.PublicQuestion(int64(id))
		for _, vote := range []struct {
			by  string
			yes bool
		}{{"one", true}, {"one", true}, {"one", false}, {"two", true}} {
			if err := errors.Join(h.Viewed(ctx, e), h.Rated(ctx, e, vote.by, vote.yes)); err != nil {
				t.Fatal(err)
			}
		}
		if q := must(h.Question(ctx, editor, id))(t); q.Views != 13 || q.Version != 1 || q.Helpful != 1 || q.Unhelpful != 1 {
			t.Errorf("after four views: %+v", q)
		}
		if len(h.Related(e, 5)) > 2 {
			t.Errorf("related: %+v", h.Related(e, 5))
		}
	})
}

// Import is all or nothing.
func TestImportOfAWrongText(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, _ := newHelp(db)
		err := h.Import(t.Context(), chief, []knowledge.Question{refund, {Question: "没有答案", Language: "zh"}}, nil)
		if fault.CodeOf(err) != "knowledge.answer.short" {
			t.Errorf("%v", err)
		}
		if qs, _, err := h.Questions(t.Context(), chief, store.KnowledgeList{}); err != nil || len(qs) != 0 {
			t.Errorf("half of it is there: %+v, %v", qs, err)
		}
	})
}

// The shelf follows the feed: what one process publishes, another finds.
func TestRun(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		writer, _ := newHelp(db)
		reader, _ := newHelp(db)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- reader.Run(ctx) }()
		q := must(writer.WriteQuestion(ctx, chief, refund))(t)
		if _, err := writer.PublishQuestion(ctx, chief, q.ID); err != nil {
			t.Fatal(err)
		}
		limit, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		for !reader.Ready("zh") {
			select {
			case <-limit.Done():
				t.Fatal("the reader never heard of it")
			case <-time.After(5 * time.Millisecond):
			}
		}
		stop()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run ended with %v", err)
		}
	})
}

// Whoever asks while the knowledge base is made ready anew is answered from
// what was ready before.
func TestNoQuestionIsMissedWhileItChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, _ := newHelp(db)
		if err := h.Import(t.Context(), chief, []knowledge.Question{refund}, nil); err != nil {
			t.Fatal(err)
		}
		refresh(t, h)
		changes := make(chan error, 1)
		go func() {
			var err error
			for i := 0; i < 10 && err == nil; i++ {
				more := refund
				more.Question, more.Phrasings = "怎样更换轮胎 "+string(rune('a'+i)), nil
				if err = h.Import(t.Context(), chief, []knowledge.Question{more}, nil); err == nil {
					err = h.Refresh(t.Context())
				}
			}
			changes <- err
		}()
		for asked := 0; ; asked++ {
			if d := h.Decide("如何申请退款", retrieve.Limits{}); d.Action != retrieve.Answer {
				t.Fatalf("question %d was missed: %+v", asked, d)
			}
			select {
			case err := <-changes:
				if s := h.State("zh"); err != nil || asked == 0 || s.Questions != 11 || s.Answers || s.Lack.Code == "" {
					t.Errorf("after %d questions: %+v, %v", asked, s, err)
				}
				return
			default:
			}
		}
	})
}

// Editors learn how far the assistant can answer; others do not.
func TestStates(t *testing.T) {
	h := &help.Help{Precision: 0.9}
	states, err := h.States(chief, "zh", "en")
	if err != nil || len(states) != 2 || states[0].Answers || states[0].Missing == 0 || states[0].Precision != 0.9 {
		t.Errorf("of an empty base: %+v, %v", states, err)
	}
	if _, err := h.States(guest, "zh"); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("somebody without permission: %v", err)
	}
}
