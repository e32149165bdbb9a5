package assist_test

import (
	"slices"
	"strings"
	"testing"

	"yingda/internal/assist"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/knowledge"
	"yingda/internal/model/modeltest"
	"yingda/internal/store"
)

// watches notes what who looks on is shown while the assistant works: "+" and
// the text so far, or "-" when the sign goes out.
func (h *house) watches() *[]string {
	shown := &[]string{}
	h.as.Shows = func(w assist.Writing) {
		s := "-"
		if w.On {
			s = "+" + w.Text
		}
		if n := len(*shown); n == 0 || (*shown)[n-1] != s { // it is renewed
			*shown = append(*shown, s)
		}
	}
	return shown
}

// What a model writes is shown sentence by sentence, each after it passed; from
// the first that does not on, nothing is, and the message decides.
func TestAnAnswerIsReadWhileItIsWritten(t *testing.T) {
	const (
		three = "整车质保 3 年或 10 万公里，以先到者为准[1]。"
		eight = "电池质保 8 年或 16 万公里[1]。"
		lie   = "到期以后还能免费延长 5 年[1]。"
	)
	for _, c := range []struct {
		name, answer string
		shown        []string
		said         string // empty: not what the model wrote
	}{
		{"each sentence as it passes", three + eight, []string{"+", "+" + three}, three + eight},
		{"a courtesy waits for the first that has a source", "您好。" + three + eight, []string{"+", "+您好。" + three}, "您好。" + three + eight},
		{"one that does not pass ends it", three + lie + eight, []string{"+", "+" + three, "+", "-"}, ""},
		{"the first does not pass", lie + three, []string{"+", "-"}, ""},
		{"a number that is cut in two is not read before it is whole", "整车质保 3 年或 10 万公里[1]；电池质保 8 年或 16 万公里[1]。", []string{"+", "+整车质保 3 年或 10 万公里[1]；"}, "整车质保 3 年或 10 万公里[1]；电池质保 8 年或 16 万公里[1]。"},
		{"money is a person's, and nothing of it is read", "三年内可以退款吗，整车质保 3 年或 10 万公里[1]。" + eight, []string{"+", "-"}, ""},
		{"no answer", "NO_ANSWER", []string{"+", "-"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(h *house) {
				h.knows(more)
				h.thinks(good(c.answer))
				shown := h.watches()
				said, _ := h.says(h.visitor("zh"), puzzling, "")
				if (said == c.answer) != (c.said != "") {
					h.t.Errorf("said %q", said)
				}
				want := c.shown
				if c.said == "" && said != "" { // the message takes the place of the sign
					want = want[:len(want)-1]
				}
				got := *shown
				if len(got) > 0 && got[0] == "+" && len(got) > 1 && got[1] == "+" {
					got = got[1:]
				}
				if !slices.Equal(got, want) {
					h.t.Errorf("shown %q, want %q", got, want)
				}
				for _, s := range got {
					if strings.Contains(s, "延长") || strings.Contains(s, "退款") {
						h.t.Errorf("shown %q", s)
					}
				}
			})
		})
	}
}

// Thoughts are nobody's to read, wherever the model puts them.
func TestThoughtsAreNotRead(t *testing.T) {
	each(t, func(h *house) {
		h.knows(more)
		answer := "整车质保 3 年或 10 万公里，以先到者为准[1]。电池质保 8 年或 16 万公里[1]。"
		mind := good(answer)
		h.thinks(func(a modeltest.Asked) modeltest.Reply {
			if len(a.Tools) == 0 {
				return modeltest.Says("<think>客户问的是质保[1]。电池质保八年[1]。先写整车。</think>" + answer)
			}
			return mind(a)
		})
		shown := h.watches()
		said, _ := h.says(h.visitor("zh"), puzzling, "")
		if said != answer || strings.Contains(strings.Join(*shown, ""), "先写") || strings.Contains(strings.Join(*shown, ""), "客户问") {
			h.t.Errorf("said %q, shown %q", said, *shown)
		}
	})
}

// Without a model the sign shows that what was not understood is being waited
// for, and goes out where nothing is said.
func TestASignUntilTheAnswer(t *testing.T) {
	each(t, func(h *house) {
		shown := h.watches()
		v := h.visitor("zh")
		if said, _ := h.says(v, "公司食堂好吃吗", ""); said == "" || !slices.Equal(*shown, []string{"+"}) {
			h.t.Errorf("said %q, shown %q", said, *shown)
		}
		*shown = nil
		if said, _ := h.says(v, "好的", ""); said != "" || !slices.Equal(*shown, []string{"-"}) {
			h.t.Errorf("said %q, shown %q", said, *shown)
		}
		*shown = nil
		if said, _ := h.says(v, "退款多久到账", ""); said != "1–3 个工作日。" || len(*shown) != 0 {
			h.t.Errorf("said %q, shown %q", said, *shown)
		}
	})
}

// guides are two articles, long enough for it to be known which words are rare.
func guides() []knowledge.Article {
	var b strings.Builder
	for s := range strings.FieldsSeq("轮胎 雨刮 空调 座椅 天线 音响 车窗 后视镜 踏板 喇叭 牌照 脚垫 遮阳板 安全带 仪表 尾门 油漆 玻璃 车标 千斤顶 拖绳") {
		b.WriteString("## " + s + "\n\n" + s + "请定期检查。\n\n")
	}
	return []knowledge.Article{
		{Title: "冬季用车指南", Body: "## 停车过夜\n\n电量留在 30% 以上。雨刮抬起来，免得胶条冻在玻璃上。\n\n## 防滑链\n\n防滑链只装在驱动轮上，装上以后车速不超过 50 公里/小时。", Language: "zh"},
		{Title: "零件检查手册", Body: b.String(), Language: "zh"},
		{Title: "同事须知", Body: "## 仓库钥匙\n\n仓库钥匙的密码锁在前台第三个抽屉里。", Language: "zh", Audience: knowledge.Internal},
	}
}

// Where no question answers, the passage of an article does, in its own words
// and with its name; what only comes near is a link.
func TestAPassageAnswers(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.must(h.help.Import(ctx, chief, nil, guides()))
		h.must(h.help.Refresh(ctx))
		v := h.visitor("zh")
		said, c := h.says(v, "装上防滑链车速不超过多少公里", "")
		if want := "【防滑链】\n防滑链只装在驱动轮上，装上以后车速不超过 50 公里/小时。\n——出自《冬季用车指南》"; said != want || c.Misses != 0 {
			h.t.Fatalf("said %q after %d misses", said, c.Misses)
		}
		ms, err := h.desk.DB.Now().MessagesAfter(ctx, c.ID, 1, 10)
		h.must(err)
		if s := ms[len(ms)-1].Sources; len(s) != 1 || s[0].Kind != "article" || s[0].Offered || !strings.HasPrefix(s[0].URL, "/help/") {
			h.t.Errorf("sources %+v", s)
		}
		r := h.why(c.ID)
		if r.Action != "answer" || r.Article != "冬季用车指南" || r.Why[len(r.Why)-1].Code != "assist.passage" {
			h.t.Errorf("%+v", r)
		}
		h.must(h.desk.Helpful(ctx, v, ms[len(ms)-1].ID, false, "unclear"))
		as, err := h.help.Article(ctx, chief, articleOf(h, "冬季用车指南"))
		h.must(err)
		if as.Unhelpful != 1 || as.Helpful != 0 || as.Views != 1 {
			h.t.Errorf("%+v", as)
		}
		h.gather()
		shown, err := h.help.Gap(ctx, chief, h.open()[0].ID)
		h.must(err)
		if a := shown.Asks[0]; a.Signal != "unhelpful" || a.Reason != "unclear" || a.Answered != "冬季用车指南" {
			h.t.Errorf("%+v", a)
		}

		if said, _ := h.says(h.visitor("zh"), "仓库钥匙的密码锁在哪个抽屉", ""); strings.Contains(said, "抽屉里") {
			h.t.Errorf("told what is for people here: %q", said)
		}
	})
}

func articleOf(h *house, title string) (id knowledge.ArticleID) {
	h.t.Helper()
	c, ok := h.help.Cite("装上防滑链车速不超过多少公里", "zh")
	if !ok || c.Entry.Title != title {
		h.t.Fatalf("%+v", c)
	}
	id, err := knowledge.ParseArticleID(c.Entry.ID)
	h.must(err)
	return id
}

// A vote counts once for each contact, whatever it is about and however often
// they ask.
func TestAContactCountsOnce(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		v := h.visitor("zh")
		var answers []conversation.MessageID
		for _, asked := range []string{"退款多久到账", "钱多久退回来"} {
			_, c := h.says(v, asked, "")
			ms, err := h.desk.DB.Now().MessagesBefore(ctx, c.ID, 1000, 1)
			h.must(err)
			answers = append(answers, ms[0].ID)
		}
		votes := func(helpful, unhelpful int64) {
			h.t.Helper()
			qs, _, err := h.help.Questions(ctx, chief, store.KnowledgeList{Words: "退款多久到账", Limit: 5})
			h.must(err)
			if len(qs) != 1 || qs[0].Helpful != helpful || qs[0].Unhelpful != unhelpful {
				h.t.Errorf("%+v", qs)
			}
		}
		h.must(h.desk.Helpful(ctx, v, answers[0], true, ""))
		h.must(h.desk.Helpful(ctx, v, answers[1], true, ""))
		votes(1, 0)
		h.must(h.desk.Helpful(ctx, v, answers[1], false, "wrong"))
		votes(0, 1)
		h.must(h.desk.Helpful(ctx, v, answers[0], false, ""))
		votes(0, 1)
		if err := h.desk.Helpful(ctx, v, answers[0], false, "bored"); err == nil {
			h.t.Error("any reason is taken")
		}
	})
}
