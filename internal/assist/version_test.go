package assist_test

import (
	"testing"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/flow"
	"yingda/internal/kit/fault"
)

var author = agent.Actor{Agent: 7, Name: "陈编辑", Permissions: []agent.Permission{agent.KnowledgeRead, agent.KnowledgeEdit}}

// edited is a copy of a flow that asks otherwise.
func edited(f flow.Flow, ask string) flow.Flow {
	f.Slots = append([]flow.Slot{}, f.Slots...)
	f.Slots[0].Ask = flow.Text{Zh: ask, En: "Tell us."}
	return f
}

// What is published carries those who begin after; who is in the version before
// goes on in it.
func TestAPublishedFlowCarriesThoseWhoComeAfter(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		early := h.visitor("zh")
		h.goes(early, [2]string{"我有个建议", "请写下您的建议"})

		book, err := h.desk.FlowBook(ctx, author, "suggestion")
		h.must(err)
		if book.Version != 1 || book.Changing != nil || len(book.Versions) != 0 {
			t.Fatalf("at first: %+v", book.FlowStanding)
		}
		book, err = h.desk.DraftFlow(ctx, author, "suggestion", book.Rev, edited(*book.Published, "想对我们说什么？"))
		h.must(err)
		if _, err := h.desk.DraftFlow(ctx, chief, "suggestion", 0, *book.Changing); fault.CodeOf(err) != "draft.moved" {
			t.Errorf("a stale draft: %v", err)
		}
		if _, err := h.desk.PublishFlow(ctx, author, "suggestion", book.Rev, ""); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("whoever may only edit published: %v", err)
		}
		h.goes(h.visitor("zh"), [2]string{"我有个建议", "请写下您的建议"}) // a draft carries nobody

		book, err = h.desk.PublishFlow(ctx, chief, "suggestion", book.Rev, "口气更随和")
		h.must(err)
		if book.Version != flow.Own+1 || book.Changing != nil || len(book.Versions) != 1 || book.Versions[0].ByName != chief.Name || book.Versions[0].Note != "口气更随和" {
			t.Errorf("published: %+v %+v", book.FlowStanding, book.Versions)
		}
		h.goes(h.visitor("zh"), [2]string{"我有个建议", "想对我们说什么"})
		h.goes(early, [2]string{"希望休息区增加儿童座椅", "需要我们把处理结果告诉您吗"}, [2]string{"不用", "确认提交"})
		if f, err := h.desk.FlowVersion(ctx, author, "suggestion", 1); err != nil || f.Slots[0].Ask.Zh != "谢谢！请写下您的建议。" {
			t.Errorf("the version before is %+v, %v", f.Slots, err)
		}

		_, err = h.desk.RestFlow(ctx, chief, "suggestion", true)
		h.must(err)
		if said, _ := h.says(h.visitor("zh"), "我有个建议", ""); said == "想对我们说什么？" {
			t.Error("a flow that was switched off was begun")
		}
		h.goes(early, [2]string{"确认", "编号"})
	})
}

// A flow with anything wrong in it is kept as a draft, and not published.
func TestAWrongFlowIsNotPublished(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		book, err := h.desk.FlowBook(ctx, author, "complaint")
		h.must(err)
		for name, wrong := range map[string]func(f *flow.Flow){
			"flow.unreachable": func(f *flow.Flow) {
				f.Steps = append(f.Steps, flow.Step{ID: "lost", Kind: flow.End, Text: flow.Text{Zh: "完", En: "The end"}})
			},
			"flow.no_script":     func(f *flow.Flow) { f.Scripts = nil },
			"flow.script_writes": func(f *flow.Flow) { f.Scripts[0].Writes = []string{"case.urge"} },
		} {
			f, err := h.desk.FlowVersion(ctx, author, "complaint", 1)
			h.must(err)
			f.Scripts = append([]flow.Script{}, f.Scripts...)
			wrong(&f)
			book, err = h.desk.DraftFlow(ctx, author, "complaint", book.Rev, f)
			h.must(err)
			found := false
			for _, p := range book.Problems {
				found = found || p.Code == name
			}
			if !found {
				t.Errorf("%s is not among %v", name, book.Problems)
			}
			if _, err := h.desk.PublishFlow(ctx, chief, "complaint", book.Rev, ""); fault.CodeOf(err) != "flow.unpublishable" {
				t.Errorf("%s: published, %v", name, err)
			}
		}
		h.must(h.desk.DropFlowDraft(ctx, author, "complaint", book.Rev))
		if book, err = h.desk.FlowBook(ctx, author, "complaint"); err != nil || book.Changing != nil || book.Version != 1 {
			t.Errorf("after it was thrown away: %+v, %v", book.FlowStanding, err)
		}
	})
}

// A company's own flow is begun as a draft, tried, and either published or gone.
func TestACompanysOwnFlow(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		own, _ := flow.Builtin().Latest("suggestion")
		own.ID, own.Name, own.Triggers = "test_drive", flow.Text{Zh: "预约试驾", En: "Test drive"}, []string{"预约试驾", "想试驾"}
		own.Scripts = own.Scripts[:1]
		own.Scripts[0].Turns[0].Says = "想试驾"
		if _, err := h.desk.FlowBook(ctx, author, "test_drive"); fault.CodeOf(err) != "flow.unknown" {
			t.Errorf("before: %v", err)
		}
		if err := h.desk.DropFlowDraft(ctx, author, "test_drive", 0); fault.CodeOf(err) != "draft.none" {
			t.Errorf("nothing to throw away: %v", err)
		}
		if _, err := h.desk.RestFlow(ctx, chief, "test_drive", true); fault.CodeOf(err) != "flow.unknown" {
			t.Errorf("nothing to switch off: %v", err)
		}
		bad := own
		bad.ID = "Test Drive"
		if _, err := h.desk.DraftFlow(ctx, author, "Test Drive", 0, bad); fault.CodeOf(err) != "flow.id" {
			t.Errorf("a name with spaces: %v", err)
		}
		book, err := h.desk.DraftFlow(ctx, author, "test_drive", 0, own)
		h.must(err)
		h.must(h.desk.DropFlowDraft(ctx, author, "test_drive", book.Rev))
		if all, err := h.desk.FlowList(ctx, author); err != nil || len(all) != len(flow.Builtin().All()) {
			t.Errorf("%d flows after it was thrown away, %v", len(all), err)
		}
		book, err = h.desk.DraftFlow(ctx, author, "test_drive", book.Rev+1, own)
		h.must(err)
		turns, problems, err := h.desk.RehearseFlow(ctx, author, own, flow.Rehearsal{Says: []string{"想试驾", "周末都可以的", "不用"}})
		h.must(err)
		if len(problems) > 0 || turns[2].Asks != "confirm" || len(turns[2].Writes) > 0 {
			t.Errorf("rehearsed: %+v, %v", turns, problems)
		}
		if _, err := h.desk.PublishFlow(ctx, chief, "test_drive", book.Rev, "第一版"); err != nil {
			t.Fatal(err, book.Problems)
		}
		v := h.visitor("zh")
		c := h.goes(v, [2]string{"想试驾", "请写下您的建议"})
		if c.State != conversation.Bot {
			t.Errorf("it is %s", c.State)
		}
	})
}
