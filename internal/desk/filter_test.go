package desk_test

import (
	"testing"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/filter"
	"yingda/internal/domain/inbox"
)

// What agents must not say is refused, asked about or masked; what customers
// say is kept as it is and shown masked; nothing of it without lists.
func TestWordsThatAreNotToBeSaid(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.online(h.lin)
		who, i := h.answered("filter-00")
		h.says(i, "filter-01", "不归我管，笨蛋")
		admin := h.admin(agent.SettingManage)
		list := func(id string, a filter.Action, words ...string) filter.List {
			return filter.List{ID: id, Name: inbox.Text{Zh: id}, Enabled: true, Agents: true, Contacts: true, Action: a, Words: words}
		}
		s := filter.Settings{Lists: []filter.List{list("a", filter.Refuse, "不归我管"), list("b", filter.Warn, "保证"), list("c", filter.Mask, "笨蛋"), list("d", filter.Notify, "起诉")}}
		_, err := h.SaveFilter(ctx, h.lin, s)
		h.code(err, "permission.missing")
		_, err = h.SaveFilter(ctx, admin, s)
		h.must(err)
		_, err = h.SaveFilter(ctx, admin, filter.Settings{})
		h.code(err, "store.changed")
		h.clock.Turn(3 * time.Second)

		before := h.talk(i).LastSeq
		_, err = h.Reply(ctx, h.lin, i, desk.Draft{ClientID: "filter-02", Text: "这个不 归 我 管"})
		h.code(err, "filter.refused")
		_, err = h.Reply(ctx, h.lin, i, desk.Draft{ClientID: "filter-03", Text: "保证修好"})
		h.code(err, "filter.warned")
		if got := h.talk(i).LastSeq; got != before {
			h.t.Errorf("%d messages came through", got-before)
		}
		for range 2 {
			m, err := h.Reply(ctx, h.lin, i, desk.Draft{ClientID: "filter-03", Text: "保证修好，笨蛋，去起诉吧", Sure: true})
			h.must(err)
			if m.Text != "保证修好，**，去起诉吧" {
				h.t.Errorf("the customer reads %q", m.Text)
			}
		}
		if n := h.noticed(h.wang, "filter"); n != 1 {
			h.t.Errorf("supervisors were told %d times", n)
		}
		for action, want := range map[string]int{"filter.refused": 1, "filter.warned": 1, "filter.sent": 1, "filter.change": 1} {
			es, err := h.DB.Now().AuditEntries(ctx, audit.Filter{Action: action, Limit: 10})
			h.must(err)
			if len(es) != want {
				h.t.Errorf("%s is recorded %d times, want %d", action, len(es), want)
			}
		}

		m := h.hears(who, "filter-04", "你这个笨蛋，我要起诉")
		if m.Text != "你这个笨蛋，我要起诉" || m.Masked != "你这个**，我要起诉" || h.talk(i).LastText != m.Masked {
			h.t.Errorf("the customer wrote %+v", m)
		}
		ms, _, err := h.Messages(ctx, h.lin, i, -1, 0, 0)
		h.must(err)
		if last := ms[len(ms)-1]; last.Text != m.Text || last.Masked != m.Masked {
			h.t.Errorf("the agent reads %+v", last)
		}
		if n := h.noticed(h.wang, "filter"); n != 2 {
			h.t.Errorf("supervisors were told %d times", n)
		}
	})
}
