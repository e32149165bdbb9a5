package help_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yingda/internal/domain/knowledge"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

const table = "问题,答案,相似问1,相似问2,分类,有效期至\n" +
	"怎么贴膜,到店贴膜。,贴膜多少钱；哪里贴膜,车窗贴膜,装饰,2027/1/5\n" +
	"如何申请退款,又一个答案。,,,,\n" +
	"没有答案的,,,,,\n" +
	"怎么贴膜,同一个文件里的。,,,,\n"

// A table is looked through before it is kept: what is wrong is told by line,
// what is good becomes drafts.
func TestATableOfQuestionsIsBroughtIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		h, _ := newHelp(db)
		must(h.WriteQuestion(ctx, editor, refund))(t)
		gb, err := simplifiedchinese.GB18030.NewEncoder().String(table)
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"utf-8": table, "gb18030": gb} {
			b := must(h.Bring(ctx, editor, "问题.CSV", "zh", strings.NewReader(text), false))(t)
			if len(b.Questions) != 1 || b.Bad != 3 || b.Kept || b.Refused[0].Line != 3 || b.Refused[0].Code != "knowledge.import_known" || b.Refused[1].Code != "knowledge.answer.short" || b.Refused[2].Line != 5 {
				t.Fatalf("%s: %+v", name, b)
			}
			if q := b.Questions[0]; len(q.Phrasings) != 3 || q.Category != "装饰" || q.ValidUntil != "2027-01-05" {
				t.Errorf("%s: %+v", name, q)
			}
		}
		if qs, _, err := h.Questions(ctx, editor, store.KnowledgeList{}); err != nil || len(qs) != 1 {
			t.Errorf("looking kept something: %+v, %v", qs, err)
		}
		b := must(h.Bring(ctx, editor, "a.csv", "zh", strings.NewReader(table), true))(t)
		got := must(h.Question(ctx, editor, b.Questions[0].ID))(t)
		if !b.Kept || got.Status != knowledge.Draft || got.UpdatedBy != editor.Name {
			t.Errorf("%+v", got)
		}
		again := must(h.Bring(ctx, editor, "a.csv", "zh", strings.NewReader(table), true))(t)
		if len(again.Questions) != 0 || again.Bad != 4 {
			t.Errorf("brought in twice: %+v", again)
		}
		for name, c := range map[string]struct{ file, text, code string }{
			"no columns": {"a.csv", "甲,乙\n1,2\n", "knowledge.import_columns"},
			"empty":      {"a.csv", "\n\n", "knowledge.import_empty"},
			"of a kind":  {"a.exe", "x", "knowledge.import_kind"},
			"no xlsx":    {"a.xlsx", "x", "knowledge.import_broken"},
			"too large":  {"a.csv", strings.Repeat("x", 10<<20+1), "knowledge.import_large"},
			"many rows":  {"a.csv", "问题,答案\n" + strings.Repeat("甲,乙\n", 5001), "knowledge.import_rows"},
		} {
			if _, err := h.Bring(ctx, editor, c.file, "zh", strings.NewReader(c.text), false); fault.CodeOf(err) != c.code {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
		}
		if _, err := h.Bring(ctx, guest, "a.csv", "zh", strings.NewReader(table), false); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("brought in by anybody: %v", err)
		}
	})
}

func TestAnArticleIsBroughtIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		h, _ := newHelp(db)
		b := must(h.Bring(ctx, editor, "dir/说明.md", "zh", strings.NewReader("\ufeff# 贴膜须知\n\n先洗车。\n"), true))(t)
		if a := must(h.Article(ctx, editor, b.Article.ID))(t); a.Title != "贴膜须知" || a.Body != "先洗车。" || a.Status != knowledge.Draft {
			t.Errorf("%+v", a)
		}
		b = must(h.Bring(ctx, editor, "没有标题.md", "zh", strings.NewReader("正文"), false))(t)
		if b.Article.Title != "没有标题" || b.Article.Body != "正文" || b.Kept {
			t.Errorf("%+v", b.Article)
		}
	})
}
