package assist_test

import (
	"slices"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/gap"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/retrieve"
	"yingda/internal/help"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// replies adds what an agent says, as the desk writes it.
func (h *house) replies(c conversation.Conversation, texts ...string) {
	h.t.Helper()
	ctx := h.t.Context()
	for _, text := range texts {
		h.must(h.desk.DB.Update(ctx, func(tx *store.Tx) error {
			now, err := tx.Conversation(ctx, c.ID)
			if err != nil {
				return err
			}
			now.LastSeq++
			m := conversation.Message{
				ID: conversation.NewMessageID(h.desk.Now()), Conversation: c.ID, Seq: now.LastSeq, From: conversation.FromAgent,
				AuthorID: "ag_1", AuthorName: "林晓", Kind: conversation.Text, Text: text, At: h.desk.Now(),
			}
			if _, err := tx.InsertMessage(ctx, m); err != nil {
				return err
			}
			_, err = tx.SaveConversation(ctx, now)
			return err
		}))
	}
}

// gather brings the board up to date, twice: that is as good as once.
func (h *house) gather() {
	h.t.Helper()
	h.clock.Turn(time.Minute)
	for range 2 {
		h.must(h.help.Gather(h.t.Context()))
	}
}

func (h *house) open() []gap.Gap {
	h.t.Helper()
	gs, next, err := h.help.Gaps(h.t.Context(), chief, gap.Open, "", 50)
	h.must(err)
	if next != "" {
		h.t.Fatal("more than a page")
	}
	return gs
}

// What nobody could answer comes back as one gap, with what an agent said, and
// is closed by a click that can be taken back.
func TestWhatWasNotAnsweredBecomesKnowledge(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		for _, text := range []string{"天窗漏水怎么处理，电话13800001111", "请问天窗漏水怎么办"} {
			v := h.visitor("zh")
			h.says(v, text, "")
			_, c := h.says(v, "转人工", "")
			h.replies(c, "您好", "请先清理天窗的排水孔，再到店检查密封条。")
			h.clock.Turn(time.Second)
		}
		h.says(h.visitor("zh"), "座椅加热如何打开", "")
		h.says(h.visitor("zh"), "如何申请退款", "") // answered: no gap
		h.gather()
		gs := h.open()
		if len(gs) != 2 || gs[0].Text != "天窗漏水怎么处理，电话〔…〕" || gs[0].Asked != 2 || gs[0].Handed != 2 || gs[1].Asked != 1 || gs[0].Cost <= gs[1].Cost {
			h.t.Fatalf("%+v", gs)
		}
		shown, err := h.help.Gap(ctx, chief, gs[0].ID)
		h.must(err)
		if len(shown.Asks) != 2 || len(shown.Asks[0].Replies) != 1 || shown.Asks[0].Replies[0].Text != "请先清理天窗的排水孔，再到店检查密封条。" || shown.Asks[0].Signal != gap.Missed {
			h.t.Errorf("%+v", shown.Asks)
		}

		// a new question, as a draft
		q, err := h.help.DraftGap(ctx, chief, gs[0].ID, knowledge.Question{Question: "天窗漏水怎么处理", Answer: shown.Asks[0].Replies[0].Text, Language: "zh", Status: knowledge.Published})
		h.must(err)
		if q.Status != knowledge.Draft {
			h.t.Errorf("it published itself: %+v", q)
		}
		if _, err := h.help.IgnoreGap(ctx, chief, gs[0].ID, "有人写了"); fault.CodeOf(err) != "gap.dealt" {
			h.t.Errorf("dealt with twice: %v", err)
		}
		h.gather()
		if gs := h.open(); len(gs) != 1 {
			h.t.Errorf("what was dealt with came back: %+v", gs)
		}

		// it is asked again after that
		h.clock.Turn(time.Hour)
		h.says(h.visitor("zh"), "天窗漏水怎么处理呀", "")
		h.gather()
		gs = h.open()
		at := slices.IndexFunc(gs, func(g gap.Gap) bool { return g.Deal != nil })
		if len(gs) != 2 || at < 0 || gs[at].Asked != 1 || gs[at].Deal.Act != gap.Drafted {
			h.t.Errorf("it did not come back: %+v", gs)
		}
	})
}

func TestAPhrasingIsAddedAndTakenBack(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.says(h.visitor("zh"), "我那笔钱啥时候能回到卡里", "")
		h.gather()
		gs := h.open()
		if len(gs) != 1 {
			h.t.Fatalf("%+v", gs)
		}
		qs, _, err := h.help.Questions(ctx, chief, store.KnowledgeList{Words: "退款多久到账"})
		h.must(err)
		q := qs[0]
		editor := chief
		editor.Permissions = editor.Permissions[:2] // may not publish
		if _, err := h.help.PhraseGap(ctx, editor, gs[0].ID, q.ID, nil); fault.KindOf(err) != fault.Forbidden {
			h.t.Errorf("what is published was changed by who may not: %v", err)
		}
		g, err := h.help.PhraseGap(ctx, chief, gs[0].ID, q.ID, nil)
		h.must(err)
		if g.State != gap.Dealt || g.Deal.By != chief.Name || !slices.Equal(g.Deal.Phrasings, []string{"我那笔钱啥时候能回到卡里"}) {
			h.t.Errorf("%+v", g)
		}
		h.must(h.help.Refresh(ctx))
		if d := h.help.Decide("我那笔钱啥时候能回到卡里", retrieve.Limits{Language: "zh"}); d.Action != retrieve.Answer || d.Candidates[0].ID != int64(q.ID) {
			h.t.Errorf("it is not answered: %+v", d)
		}
		dealt, _, err := h.help.Gaps(ctx, chief, gap.Dealt, "", 10)
		h.must(err)
		if len(dealt) != 1 || len(h.open()) != 0 {
			h.t.Errorf("%+v", dealt)
		}
		g, err = h.help.ReopenGap(ctx, chief, g.ID)
		h.must(err)
		if now, err := h.help.Question(ctx, chief, q.ID); err != nil || len(now.Phrasings) != len(q.Phrasings) || g.State != gap.Open || g.Asked != 1 {
			h.t.Errorf("%+v, %+v, %v", now.Phrasings, g, err)
		}
		if _, err := h.help.ReopenGap(ctx, chief, g.ID); fault.CodeOf(err) != "gap.open" {
			h.t.Errorf("taken back twice: %v", err)
		}
		if _, err := h.help.IgnoreGap(ctx, chief, g.ID, ""); fault.CodeOf(err) != "gap.reason" {
			h.t.Errorf("ignored for no reason: %v", err)
		}
		if _, _, err := h.help.Gaps(ctx, agent.Actor{Agent: 9}, gap.Open, "", 10); fault.KindOf(err) != fault.Forbidden {
			h.t.Errorf("shown to anybody: %v", err)
		}
	})
}

// A vote counts once for each answer, the last one; what was of no use stands on
// the board.
func TestAVoteReachesTheBoard(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		v := h.visitor("zh")
		_, c := h.says(v, "退款多久到账呀", "")
		ms, err := h.desk.DB.Now().MessagesAfter(ctx, c.ID, 1, 10)
		h.must(err)
		for _, helpful := range []bool{true, false, false} {
			h.must(h.desk.Helpful(ctx, v, ms[0].ID, helpful, ""))
		}
		h.gather()
		gs := h.open()
		if len(gs) != 1 || gs[0].Text != "退款多久到账呀" {
			h.t.Fatalf("%+v", gs)
		}
		shown, err := h.help.Gap(ctx, chief, gs[0].ID)
		h.must(err)
		if a := shown.Asks[0]; a.Signal != gap.Unhelpful || a.Answered != "退款多久到账" || len(shown.Nearest) == 0 || shown.Nearest[0].Title != "退款多久到账" {
			h.t.Errorf("%+v", shown)
		}
		other := contact.Visitor{Contact: h.visitor("zh").Contact, Inbox: h.inbox.ID}
		if err := h.desk.Helpful(ctx, other, ms[0].ID, true, ""); fault.KindOf(err) != fault.NotFound {
			h.t.Errorf("somebody else voted: %v", err)
		}
	})
}

// What a contact takes back leaves the board, and the gap with it.
func TestWhatIsTakenBackLeavesTheBoard(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		v := h.visitor("zh")
		h.sent++
		r, err := h.desk.Receive(ctx, channel.Inbound{Inbox: v.Inbox, Contact: v.Contact, Text: "天窗漏水怎么处理", ClientID: "client-back", At: h.desk.Now()})
		h.must(err)
		_, err = h.jobs.RunDue(ctx)
		h.must(err)
		h.gather()
		if len(h.open()) != 1 {
			h.t.Fatal("it is not on the board")
		}
		_, err = h.desk.Recall(ctx, v, r.Message.ID)
		h.must(err)
		if gs := h.open(); len(gs) != 0 {
			h.t.Errorf("still on the board: %+v", gs)
		}
		h.gather()
		if gs := h.open(); len(gs) != 0 {
			h.t.Errorf("back on the board: %+v", gs)
		}
	})
}

// At night the board is brought up to date once; the button does it at once.
func TestTheBoardIsGatheredAtNight(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.jobs.Handle(h.help.Jobs()...)
		h.must(h.help.Gather(ctx)) // at 10 in the morning of Shanghai
		h.says(h.visitor("zh"), "天窗漏水怎么处理", "")
		run := func() int {
			h.must(h.desk.DB.Update(ctx, func(tx *store.Tx) error {
				return tx.EnqueueOnce(ctx, help.GatherJob, "every", nil, h.desk.Now(), h.desk.Now())
			}))
			_, err := h.jobs.RunDue(ctx)
			h.must(err)
			return len(h.open())
		}
		h.clock.Turn(16 * time.Hour) // at 2 in the night
		if n := run(); n != 0 {
			h.t.Errorf("%d gaps before the night", n)
		}
		h.clock.Turn(90 * time.Minute)
		if n := run(); n != 1 {
			h.t.Errorf("%d gaps after the night", n)
		}
		h.says(h.visitor("zh"), "座椅加热如何打开", "")
		h.clock.Turn(time.Hour)
		if n := run(); n != 1 {
			h.t.Errorf("gathered twice in a night: %d gaps", n)
		}
		h.must(h.help.GatherNow(ctx, chief))
		_, err := h.jobs.RunDue(ctx)
		h.must(err)
		if n := len(h.open()); n != 2 {
			h.t.Errorf("%d gaps after the button", n)
		}
	})
}

// What did not help a reader of a page stands on the board too, once for each
// reader, and without a conversation.
func TestAPageThatDidNotHelpReachesTheBoard(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.must(h.help.Import(ctx, chief, nil, guides()))
		h.must(h.help.Refresh(ctx))
		id := articleOf(h, "冬季用车指南")
		as, err := h.help.Article(ctx, chief, id)
		h.must(err)
		e, err := h.help.Entry(help.Article, as.Slug)
		h.must(err)
		for _, vote := range []struct {
			by  string
			yes bool
		}{{"one", true}, {"one", false}, {"one", false}, {"two", true}, {"three", false}} {
			h.must(h.help.Rated(ctx, e, vote.by, vote.yes))
			h.clock.Turn(time.Second)
		}
		h.gather()
		h.gather()
		gs := h.open()
		if len(gs) != 1 || gs[0].Text != "冬季用车指南" || gs[0].Asked != 2 {
			h.t.Fatalf("%+v", gs)
		}
		shown, err := h.help.Gap(ctx, chief, gs[0].ID)
		h.must(err)
		for _, a := range shown.Asks {
			if a.Signal != gap.Unhelpful || !a.Page || !a.Conversation.IsZero() || a.Answered != "冬季用车指南" {
				h.t.Errorf("%+v", a)
			}
		}
		if as, err = h.help.Article(ctx, chief, id); err != nil || as.Helpful != 1 || as.Unhelpful != 2 {
			h.t.Errorf("%+v, %v", as, err)
		}
	})
}
