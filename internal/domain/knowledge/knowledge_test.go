package knowledge

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"yingda/internal/kit/fault"
)

func TestCheckedQuestion(t *testing.T) {
	good := Question{Question: " 如何退款 ", Answer: "在订单中申请。", Language: "zh", Phrasings: []string{"怎么退钱", "", "怎么退钱 ", "如何退款", "如何退欵  吗"}}
	got, err := good.Checked()
	if err != nil || got.Question != "如何退款" || !slices.Equal(got.Phrasings, []string{"怎么退钱", "如何退欵 吗"}) || got.Audience != Public {
		t.Errorf("%+v, %v", got, err)
	}
	for _, c := range []struct {
		name string
		edit func(*Question)
		code string
	}{
		{"no question", func(q *Question) { q.Question = " " }, "knowledge.question.short"},
		{"long question", func(q *Question) { q.Question = strings.Repeat("问", MaxQuestion+1) }, "knowledge.question.long"},
		{"no answer", func(q *Question) { q.Answer = "" }, "knowledge.answer.short"},
		{"long answer", func(q *Question) { q.Answer = strings.Repeat("答", MaxAnswer+1) }, "knowledge.answer.long"},
		{"as long as it may be", func(q *Question) { q.Answer = strings.Repeat("答", MaxAnswer) }, ""},
		{"long phrasing", func(q *Question) { q.Phrasings = []string{strings.Repeat("问", MaxQuestion+1)} }, "knowledge.phrasings.long"},
		{"too many phrasings", func(q *Question) {
			q.Phrasings = nil
			for i := range MaxPhrasings + 1 {
				q.Phrasings = append(q.Phrasings, "第"+strings.Repeat("问", i+1))
			}
		}, "knowledge.phrasings"},
		{"no language", func(q *Question) { q.Language = "" }, "knowledge.language"},
		{"unknown audience", func(q *Question) { q.Audience = "friends" }, "knowledge.audience"},
		{"broken UTF-8", func(q *Question) { q.Answer = "退\xff" }, "knowledge.encoding"},
		{"a zero byte", func(q *Question) { q.Answer = "退\x00" }, "knowledge.encoding"},
	} {
		q := good
		c.edit(&q)
		if _, err := q.Checked(); c.code == "" && err != nil || c.code != "" && (fault.CodeOf(err) != c.code || fault.KindOf(err) != fault.Invalid) {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
	}
}

func TestCheckedArticle(t *testing.T) {
	a, err := Article{Title: "召回查询 Guide!", Body: "# 一\n文字", Language: "zh"}.Checked()
	if err != nil || a.Slug != "召回查询-guide" {
		t.Errorf("%+v, %v", a, err)
	}
	for _, c := range []struct {
		name string
		in   Article
		code string
	}{
		{"no title", Article{Body: "x", Language: "zh"}, "knowledge.title.short"},
		{"no body", Article{Title: "标题", Language: "zh"}, "knowledge.body.short"},
		{"long body", Article{Title: "标题", Body: strings.Repeat("文", MaxBody+1), Language: "zh"}, "knowledge.body.long"},
		{"no address", Article{Title: "！！！", Body: "x", Language: "zh"}, "knowledge.slug"},
	} {
		if _, err := c.in.Checked(); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
	}
}

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		from Status
		act  Act
		to   Status
	}{
		{Draft, Publish, Published},
		{Draft, Unpublish, Draft},
		{Draft, Edit, Draft},
		{Published, Publish, Published},
		{Published, Unpublish, Draft},
		{Published, Edit, Published},
	} {
		if got, err := c.from.Next(c.act); err != nil || got != c.to {
			t.Errorf("%s %s: %s, %v, want %s", c.from, c.act, got, err, c.to)
		}
	}
	if _, err := Status("lost").Next(Publish); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a status that does not exist: %v", err)
	}
}

func TestReadable(t *testing.T) {
	for _, c := range []struct {
		s     Status
		a     Audience
		staff bool
		want  bool
	}{
		{Published, Public, false, true},
		{Published, Internal, false, false},
		{Published, Internal, true, true},
		{Draft, Public, true, false},
		{Draft, Public, false, false},
	} {
		if got := Readable(c.s, c.a, c.staff); got != c.want {
			t.Errorf("%s %s staff=%v: %v", c.s, c.a, c.staff, got)
		}
	}
}

func TestPlain(t *testing.T) {
	in := "# 召回\n\n- **查询**：打开[召回页](/recall)，输入`VIN`\n1. 第一步\n\n| 项 | 值 |\n|---|---|\n| 电话 | 400 |\n\n```\ncode\n```"
	if got := Plain(in); got != "召回 查询：打开召回页，输入VIN 第一步 项 值 电话 400 code" {
		t.Errorf("%q", got)
	}
	if got := Excerpt("**一二三四五**", 4); got != "一二三…" {
		t.Errorf("%q", got)
	}
}

func FuzzSlug(f *testing.F) {
	for _, s := range []string{"Hello, World!", "召回 查询", "--a--", strings.Repeat("长 ", 200), "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		slug := Slug(s)
		if again := Slug(slug); again != slug {
			t.Fatalf("%q, then %q", slug, again)
		}
		if utf8.RuneCountInString(slug) > MaxSlug || strings.ContainsAny(slug, "/?#%. \n") || strings.HasPrefix(slug, "-") || strings.HasSuffix(slug, "-") {
			t.Fatalf("%q is no slug", slug)
		}
		Plain(s)
	})
}
