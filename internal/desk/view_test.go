package desk_test

import (
	"testing"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/event"
	"yingda/internal/domain/view"
	"yingda/internal/store"
)

// Views are one's own or everyone's; who keeps the shared ones has a
// permission of their own.
func TestViews(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		own, err := h.AddView(ctx, h.lin, view.View{Subject: view.Conversations, Name: " 等急了 ", Filter: view.Filter{List: "all", Waiting: 5}})
		h.must(err)
		if own.Name != "等急了" || own.Icon != "list" || own.Shared {
			h.t.Errorf("kept as %+v", own)
		}
		_, err = h.AddView(ctx, h.lin, view.View{Subject: view.Conversations, Name: "等急了", Filter: view.Filter{List: "all"}})
		h.code(err, "view.exists")
		_, err = h.AddView(ctx, h.lin, view.View{Subject: view.Conversations, Name: "大家的", Shared: true, Filter: view.Filter{List: "all"}})
		h.code(err, "permission.missing")
		shared, err := h.AddView(ctx, h.wang, view.View{Subject: view.Cases, Name: "高优先级", Shared: true, Filter: view.Filter{List: "open", Kind: "complaint"}})
		h.must(err)
		h.told(event.SettingsChanged, 1)
		for who, want := range map[*agent.Actor]int{&h.lin: 2, &h.zhao: 1, &h.wang: 1} {
			vs, err := h.Views(ctx, *who)
			h.must(err)
			if len(vs) != want {
				h.t.Errorf("%s sees %d views, want %d", who.Name, len(vs), want)
			}
		}
		name := "我的了"
		_, err = h.ChangeView(ctx, h.zhao, own.ID, desk.SavedViewChange{Name: &name})
		h.code(err, "view.unknown")
		h.code(h.RemoveView(ctx, h.lin, shared.ID), "permission.missing")
		own, err = h.ChangeView(ctx, h.lin, own.ID, desk.SavedViewChange{Name: &name, Version: own.Version})
		h.must(err)
		_, err = h.ChangeView(ctx, h.lin, own.ID, desk.SavedViewChange{Name: &name, Version: own.Version - 1})
		h.code(err, "store.changed")
		// the order is each agent's own, and the shared part that of who keeps it
		h.must(h.OrderViews(ctx, h.lin, []view.ID{shared.ID, own.ID}))
		vs, err := h.Views(ctx, h.lin)
		h.must(err)
		if len(vs) != 2 || vs[len(vs)-1].ID != own.ID && vs[0].ID != own.ID {
			h.t.Errorf("ordered as %v", vs)
		}
		h.must(h.RemoveView(ctx, h.lin, own.ID))
		h.must(h.RemoveView(ctx, h.wang, shared.ID))
		if n := len(h.audited("view.delete")); n != 1 {
			h.t.Errorf("%d removals of shared views in the audit log", n)
		}
	})
}

// What a view counts is what its list shows, also as time goes by.
func TestViewsAreCounted(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		_, first := h.waiting()
		h.run()
		_, err := h.Accept(ctx, h.lin, first)
		h.must(err)
		_, err = h.TagConversation(ctx, h.lin, first, []string{"vip"}, nil)
		h.must(err)
		keep := func(f view.Filter, of view.Subject) view.ID {
			v, err := h.AddView(ctx, h.lin, view.View{Subject: of, Name: f.List + f.Tag + f.Text, Filter: f})
			h.must(err)
			return v.ID
		}
		vip := keep(view.Filter{List: "all", Tag: "vip"}, view.Conversations)
		late := keep(view.Filter{List: "mine", Waiting: 5}, view.Conversations)
		cases := keep(view.Filter{List: "all", Tag: "赔付"}, view.Cases)
		c := h.complaint("view-00001")
		_, err = h.TagCase(ctx, h.lin, c.ID, []string{"赔付"}, nil)
		h.must(err)
		check := func(want map[view.ID]int) {
			h.t.Helper()
			got, err := h.CountViews(ctx, h.lin)
			h.must(err)
			for v, n := range want {
				if got[v] != (store.Count{N: n}) {
					h.t.Errorf("%s counts %+v, want %d", v, got[v], n)
				}
			}
		}
		check(map[view.ID]int{vip: 1, late: 0, cases: 1})
		h.clock.Turn(6 * time.Minute)
		check(map[view.ID]int{vip: 1, late: 1, cases: 1})
		_, err = h.TagCase(ctx, h.lin, c.ID, nil, []string{"赔付"})
		h.must(err)
		p, err := h.Cases(ctx, h.lin, store.CaseList{Tag: "赔付"})
		h.must(err)
		if len(p.Items) != 0 {
			h.t.Errorf("a tag that was taken off is found")
		}
		check(map[view.ID]int{cases: 0})
		stranger := agent.Actor{Agent: h.lin.Agent, Name: "林"}
		got, err := h.CountViews(ctx, stranger)
		h.must(err)
		if len(got) != 0 {
			h.t.Errorf("who may read nothing is told %v", got)
		}
	})
}

// A view whose filter names what is gone says so.
func TestAViewOfWhatIsGone(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		team := agent.Team{ID: agent.NewTeamID(h.Now()), Name: "售后"}
		h.must(h.DB.Update(ctx, func(tx *store.Tx) error { return tx.InsertTeam(ctx, team) }))
		_, err := h.AddView(ctx, h.lin, view.View{Subject: view.Conversations, Name: "售后组", Filter: view.Filter{List: "all", Team: team.ID, Agent: h.zhao.Agent, Inbox: h.inbox.ID}})
		h.must(err)
		vs, err := h.Views(ctx, h.lin)
		h.must(err)
		if len(vs[0].Missing) != 0 {
			h.t.Errorf("%v is missing", vs[0].Missing)
		}
		h.must(h.DB.Update(ctx, func(tx *store.Tx) error { return tx.DeleteTeam(ctx, team.ID) }))
		vs, err = h.Views(ctx, h.lin)
		h.must(err)
		if m := vs[0].Missing; len(m) != 1 || m[0] != "team_id" {
			h.t.Errorf("%v is missing, want the team", m)
		}
	})
}
