package desk_test

import (
	"encoding/json"
	"os"
	"testing"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/flow"
	"yingda/internal/store"
)

// A flow for agents is a tree that they are led through, and that customers are
// not; the one that suits what was said comes first.
func TestTrees(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		raw, err := os.ReadFile("../app/demo/trees.json")
		h.must(err)
		var trees []flow.Flow
		h.must(json.Unmarshal(raw, &trees))
		editor := h.admin(agent.KnowledgeRead, agent.KnowledgeEdit, agent.KnowledgePublish)
		h.Flows, h.FlowSeams.All = flow.Builtin(), flow.BuiltinSeams
		for _, f := range trees {
			b, err := h.DraftFlow(ctx, editor, f.ID, 0, f)
			h.must(err)
			_, err = h.PublishFlow(ctx, editor, f.ID, b.Rev, "")
			h.must(err)
		}
		v := h.visitor()
		h.write(v, "你好")
		c := h.write(v, "我的车胎压报警灯亮了").Conversation
		listed, err := h.Trees(ctx, h.wang, c.ID)
		h.must(err)
		if len(listed) != len(trees) || listed[0].ID != "tree_warning_light" || !listed[0].Suits || listed[1].Suits {
			h.t.Errorf("%+v", listed)
		}
		_, g, err := h.Guide(ctx, h.lin, "tree_warning_light", listed[0].Version, []flow.Answer{{Slot: "colour", Option: "green"}})
		h.must(err)
		if !g.Ends || len(g.Passed) != 1 {
			h.t.Errorf("%+v", g)
		}
		_, _, err = h.Guide(ctx, h.lin, "tree_warning_light", 0, []flow.Answer{{Slot: "colour", Option: "pink"}})
		h.code(err, "flow.guide_moved")
		_, _, err = h.Guide(ctx, h.lin, "complaint", 0, nil)
		h.code(err, "flow.unknown") // customers are led through it
		_, _, err = h.Guide(ctx, h.lin, "tree_warning_light", 7, nil)
		h.code(err, "flow.unknown")
		stranger := agent.Actor{Agent: 77, Permissions: []agent.Permission{agent.ConversationRead}}
		_, err = h.Trees(ctx, stranger, conversation.ID(0))
		h.code(err, "permission.missing")

		h.must(h.DB.View(ctx, func(tx *store.Tx) error {
			heard, err := h.PublishedFlows(ctx, tx)
			if err != nil {
				return err
			}
			if _, ok := heard.Latest("tree_warning_light"); ok {
				h.t.Error("customers are led through a tree for agents")
			}
			if _, ok := heard.Latest("tree_no_charge"); !ok {
				h.t.Error("customers are not led through a tree for both")
			}
			return nil
		}))
		_, err = h.RestFlow(ctx, editor, "tree_warning_light", true)
		h.must(err)
		if listed, err = h.Trees(ctx, h.wang, c.ID); err != nil || len(listed) != len(trees)-1 {
			h.t.Errorf("at rest it is still listed: %+v, %v", listed, err)
		}
	})
}
