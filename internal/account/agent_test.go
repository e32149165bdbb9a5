package account_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"yingda/internal/account"
	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/conversation"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// role makes a role of its own, as an administrator of everything would.
func (h house) role(name string, scope agent.Scope, permissions ...agent.Permission) agent.Role {
	h.t.Helper()
	r, err := h.MakeRole(h.t.Context(), agent.Actor{Agent: 1, Permissions: agent.Permissions(), Scope: agent.ScopeAll},
		agent.Role{Name: name, Scope: scope, Permissions: permissions})
	h.ok(err)
	return r
}

// Somebody who may manage agents, but not roles, tries to become more.
func TestNobodyBecomesMore(t *testing.T) {
	each(t, func(h house) {
		ctx := t.Context()
		admin, lin := h.person("admin", "admin"), h.person("lin", "agent")
		lead := h.role("lead", agent.ScopeTeam, slices.Concat(agent.BuiltinRoles()[0].Permissions, []agent.Permission{agent.AgentManage, agent.KeyManage})...)
		zhao := h.person("zhao", "lead")
		by := h.actor(zhao)
		role := func(names ...string) *[]agent.RoleID { return new(h.roles(h.DB.Now(), names...)) }
		edit := func(who agent.ID, c account.AgentChange) error {
			_, err := h.EditAgent(ctx, by, who, c)
			return err
		}
		for _, c := range []struct {
			name string
			try  func() error
			code string
		}{
			{"give themselves another role", func() error { return edit(zhao, account.AgentChange{Roles: role("lead", "admin")}) }, "permission.beyond"},
			{"give themselves a wider sight", func() error { return edit(zhao, account.AgentChange{Roles: role("quality")}) }, "permission.beyond"},
			{"give a friend more", func() error { return edit(lin, account.AgentChange{Roles: role("senior")}) }, "permission.beyond"},
			{"invite somebody with more", func() error {
				_, _, err := h.Invite(ctx, by, account.AgentChange{Email: new("a@demo"), Name: new("A"), Roles: role("admin")})
				return err
			}, "permission.beyond"},
			{"reset an administrator's password", func() error { _, err := h.NewLink(ctx, by, admin); return err }, "permission.beyond"},
			{"take over an administrator's address", func() error { return edit(admin, account.AgentChange{Email: new("mine@demo")}) }, "permission.beyond"},
			{"disable an administrator", func() error { return edit(admin, account.AgentChange{Disabled: new(true)}) }, "permission.beyond"},
			{"take a role away from an administrator", func() error { return edit(admin, account.AgentChange{Roles: role("agent")}) }, "permission.beyond"},
			{"make a role", func() error {
				_, err := h.MakeRole(ctx, by, agent.Role{Name: "x", Scope: agent.ScopeOwn})
				return err
			}, "permission.missing"},
			{"widen their own role", func() error {
				_, err := h.EditRole(ctx, by, lead.ID, account.RoleChange{Permissions: new(agent.Permissions())})
				return err
			}, "permission.missing"},
			{"make a key that may do more", func() error {
				_, _, err := h.MakeKey(ctx, by, "k", []agent.Permission{agent.RoleManage}, time.Time{})
				return err
			}, "permission.beyond"},
			{"what they may", func() error { return edit(lin, account.AgentChange{Name: new("林晓"), Roles: role("agent", "lead")}) }, ""},
			{"reset a colleague's password", func() error { _, err := h.NewLink(ctx, by, lin); return err }, ""},
		} {
			h.is(c.name, c.try(), c.code)
		}
		who, err := h.DB.Now().Agent(ctx, admin)
		h.ok(err)
		if who.Email != "admin@demo" || who.Disabled || len(who.Roles) != 1 {
			t.Errorf("%+v", who)
		}
		nobody := agent.Actor{Agent: lin}
		_, err = h.EditAgent(ctx, nobody, lin, account.AgentChange{})
		h.is("an agent edits", err, "permission.missing")
		_, err = h.Agents(ctx, nobody, 0, 10)
		h.is("an agent without the permission looks", err, "permission.missing")
	})
}

// An administrator may assign any role, and make none beyond their own.
func TestAdministratorsAndRoles(t *testing.T) {
	each(t, func(h house) {
		ctx := t.Context()
		admin, lin := h.actor(h.person("admin", "admin")), h.person("lin")
		_, err := h.EditAgent(ctx, admin, lin, account.AgentChange{Roles: new(h.roles(h.DB.Now(), "privacy", "supervisor"))})
		h.is("assign any role", err, "")
		add := func(r agent.Role) error { _, err := h.MakeRole(ctx, admin, r); return err }
		h.is("of their own", add(agent.Role{Name: "审计", Scope: agent.ScopeOwn, Permissions: []agent.Permission{agent.AuditRead, agent.AuditRead}}), "")
		h.is("beyond", add(agent.Role{Name: "b", Scope: agent.ScopeOwn, Permissions: []agent.Permission{agent.ContactReveal}}), "permission.beyond")
		h.is("a wider sight", add(agent.Role{Name: "b", Scope: agent.ScopeAll}), "permission.scope")
		h.is("no name", add(agent.Role{Name: " ", Scope: agent.ScopeOwn}), "role.name")
		h.is("no scope", add(agent.Role{Name: "b"}), "role.scope")
		h.is("the name of a built-in role", add(agent.Role{Name: "admin", Scope: agent.ScopeOwn}), "role.exists")
		h.is("a name that is there", add(agent.Role{Name: " 审计 ", Scope: agent.ScopeOwn}), "role.exists")

		wide := h.role("wide", agent.ScopeAll, agent.ContactReveal)
		change := func(id agent.RoleID, c account.RoleChange) error { _, err := h.EditRole(ctx, admin, id, c); return err }
		h.is("rename a role that holds more", change(wide.ID, account.RoleChange{Name: new("宽")}), "")
		h.is("add to it what they do not hold", change(wide.ID, account.RoleChange{Permissions: &[]agent.Permission{agent.ContactReveal, agent.ContactBlock}}), "permission.beyond")
		h.is("take from it", change(wide.ID, account.RoleChange{Permissions: &[]agent.Permission{}, Scope: new(agent.ScopeOwn)}), "")
		h.is("give it back", change(wide.ID, account.RoleChange{Scope: new(agent.ScopeAll)}), "permission.scope")
		builtin := h.roles(h.DB.Now(), "agent")[0]
		h.is("a built-in role", change(builtin, account.RoleChange{Name: new("x")}), "role.builtin")
		h.is("delete it", h.DeleteRole(ctx, admin, builtin), "role.builtin")
		h.is("delete what is not there", h.DeleteRole(ctx, admin, 1), "role.unknown")
		h.person("zhao", "宽")
		h.is("delete what is held", h.DeleteRole(ctx, admin, wide.ID), "role.used")
		if got := h.actions(wide.ID.String()); !slices.Equal(got, []string{"role.create", "role.change", "role.change"}) {
			t.Errorf("the log says %v", got)
		}
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	each(t, func(h house) {
		ctx := t.Context()
		first := h.person("admin", "admin", "supervisor")
		by := h.actor(first)
		_, _, err := h.Invite(ctx, by, account.AgentChange{Email: new("later@demo"), Name: new("later"), Roles: new(h.roles(h.DB.Now(), "admin"))})
		h.ok(err) // has not come yet, so does not count
		alike := h.role("alike", agent.ScopeOwn, agent.AgentManage, agent.RoleManage)
		other := h.actor(h.person("other", "alike"))
		for _, a := range []agent.Actor{by, other} {
			h.is("disabled", disable(h, a, first), "agent.last_admin")
			_, err = h.EditAgent(ctx, a, first, account.AgentChange{Roles: &[]agent.RoleID{alike.ID}})
			h.is("without the role", err, "agent.last_admin")
		}
		_, err = h.EditAgent(ctx, by, first, account.AgentChange{Roles: new(h.roles(h.DB.Now(), "admin")), Name: new("管理员")})
		h.is("something else", err, "")
		h.person("second", "admin")
		h.is("now there is another", disable(h, by, first), "")
	})
}

// Two administrators disable each other at the same moment.
func TestOneOfTwoAdministratorsStays(t *testing.T) {
	each(t, func(h house) {
		for i := range 5 {
			a, b := h.person("a"+string(rune('0'+i)), "admin"), h.person("b"+string(rune('0'+i)), "admin")
			byA, byB := h.actor(a), h.actor(b)
			var errs [2]error
			var wg sync.WaitGroup
			wg.Go(func() { errs[0] = disable(h, byA, b) })
			wg.Go(func() { errs[1] = disable(h, byB, a) })
			wg.Wait()
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Fatalf("%v, %v", errs[0], errs[1])
			}
			for _, err := range errs {
				if err != nil && fault.CodeOf(err) != "agent.last_admin" {
					t.Error(err)
				}
			}
			h.ok(h.DB.Update(t.Context(), func(tx *store.Tx) error { // for the next round
				return tx.SetAgentRoles(t.Context(), map[bool]agent.ID{true: a, false: b}[errs[0] == nil], nil)
			}))
		}
	})
}

func TestAgentsComeWithEverything(t *testing.T) {
	each(t, func(h house) {
		ctx := t.Context()
		admin := h.actor(h.person("admin", "admin"))
		var who []agent.ID
		for i := range 5 {
			who = append(who, h.person(string(rune('a'+i)), "agent", "editor"))
		}
		team, err := h.MakeTeam(ctx, admin, account.TeamChange{Name: new("售后组"), Agents: &[]agent.ID{who[1], who[3], who[1]}})
		h.ok(err)
		if len(team.Agents) != 2 {
			t.Errorf("%+v", team)
		}
		h.ok(h.DB.Update(ctx, func(tx *store.Tx) error {
			for i, state := range []conversation.State{conversation.Active, conversation.Active, conversation.Closed} {
				c := conversation.Conversation{ID: conversation.NewID(h.Now()), State: state, Agent: who[3], Contact: 1, Inbox: 1, Number: int64(i + 1)}
				if _, err := tx.InsertConversation(ctx, c); err != nil {
					return err
				}
			}
			return nil
		}))
		var all []agent.Agent
		for after := agent.ID(0); ; {
			page, err := h.Agents(ctx, admin, after, 2)
			h.ok(err)
			if len(page) == 0 {
				break
			}
			all = append(all, page...)
			after = page[len(page)-1].ID
		}
		if len(all) != 6 {
			t.Fatalf("%d agents", len(all))
		}
		for i, a := range all[1:] {
			load, teams := 0, 0
			if i == 3 {
				load = 2
			}
			if i == 1 || i == 3 {
				teams = 1
			}
			if a.ID != who[i] || len(a.Roles) != 2 || len(a.Teams) != teams || a.Load != load || a.Presence.State != agent.Offline {
				t.Errorf("%+v", a)
			}
			one, err := h.DB.Now().Agent(ctx, a.ID)
			h.ok(err)
			if one.Load != load || len(one.Roles) != 2 || len(one.Teams) != teams {
				t.Errorf("alone %+v", one)
			}
		}
	})
}

func TestTeams(t *testing.T) {
	each(t, func(h house) {
		ctx := t.Context()
		admin, lin := h.actor(h.person("admin", "admin")), h.person("lin", "agent")
		team, err := h.MakeTeam(ctx, admin, account.TeamChange{Name: new(" 售后组 ")})
		h.ok(err)
		_, err = h.MakeTeam(ctx, admin, account.TeamChange{Name: new("售后组")})
		h.is("the same name", err, "team.exists")
		_, err = h.MakeTeam(ctx, admin, account.TeamChange{})
		h.is("no name", err, "team.name")
		token := h.in("lin")
		_, err = h.EditAgent(ctx, admin, lin, account.AgentChange{Teams: &[]agent.TeamID{team.ID}})
		h.ok(err)
		by, _, err := h.BySession(ctx, token)
		h.ok(err)
		if !slices.Equal(by.Teams, []agent.TeamID{team.ID}) {
			t.Errorf("acts for %v", by.Teams)
		}
		_, err = h.EditAgent(ctx, admin, lin, account.AgentChange{Teams: &[]agent.TeamID{1}})
		h.is("a team that is not there", err, "team.unknown")
		c := conversation.Conversation{ID: conversation.NewID(h.Now()), State: conversation.Queued, Team: team.ID, Contact: 1, Inbox: 1, Number: 1}
		h.ok(h.DB.Update(ctx, func(tx *store.Tx) error { c, err = tx.InsertConversation(ctx, c); return err }))
		h.is("a conversation waits there", h.DeleteTeam(ctx, admin, team.ID), "team.used")
		c.State = conversation.Closed
		h.ok(h.DB.Update(ctx, func(tx *store.Tx) error { _, err := tx.SaveConversation(ctx, c); return err }))
		h.ok(h.DB.Update(ctx, func(tx *store.Tx) error {
			s, err := tx.Company(ctx)
			if err != nil {
				return err
			}
			s.Results[0].Team = team.ID
			return tx.SaveCompany(ctx, s, h.Now())
		}))
		h.is("it has ended", h.DeleteTeam(ctx, admin, team.ID), "")
		s, err := h.DB.Now().Company(ctx)
		h.ok(err)
		if len(s.NamedTeams()) != 0 {
			t.Errorf("results hand on to %v, which is gone", s.NamedTeams())
		}
		who, err := h.DB.Now().Agent(ctx, lin)
		h.ok(err)
		if len(who.Teams) != 0 {
			t.Errorf("%+v", who)
		}
		if got := h.actions(team.ID.String()); !slices.Equal(got, []string{"team.create", "team.delete"}) {
			t.Errorf("the log says %v", got)
		}
	})
}

func TestKeys(t *testing.T) {
	each(t, func(h house) {
		ctx := t.Context()
		maker := h.person("maker", "admin", "supervisor")
		h.person("second", "admin")
		by := h.actor(maker)
		k, shown, err := h.MakeKey(ctx, by, "CRM", []agent.Permission{agent.ContactRead, agent.ConversationRead, agent.KeyManage}, h.Now().Add(time.Hour))
		h.ok(err)
		who, err := h.ByKey(ctx, shown)
		h.ok(err)
		if who.Agent != maker || who.Key != "CRM" || len(who.Permissions) != 3 || who.Scope != agent.ScopeAll {
			t.Errorf("%+v", who)
		}
		_, _, err = h.MakeKey(ctx, who, "child", []agent.Permission{agent.ContactRead}, time.Time{})
		h.is("a key makes a key", err, "permission.person")
		_, err = h.Sessions(ctx, who)
		h.is("a key looks at sessions", err, "permission.person")
		h.is("a key changes the password", h.EditMe(ctx, who, 0, account.MeChange{OldPassword: password, NewPassword: "another-password"}), "permission.person")

		h.clock.Turn(time.Minute)
		_, err = h.ByKey(ctx, shown)
		h.ok(err)
		list, err := h.Keys(ctx, by, 0, 10)
		h.ok(err)
		if len(list) != 1 || !list[0].LastUsedAt.Equal(h.Now()) || list[0].CreatedByName != "maker" || list[0].Prefix != shown[:9] {
			t.Errorf("%+v", list)
		}

		_, err = h.EditAgent(ctx, by, maker, account.AgentChange{Roles: new(h.roles(h.DB.Now(), "admin"))})
		h.ok(err)
		who, err = h.ByKey(ctx, shown)
		h.ok(err)
		if who.May(agent.ContactRead) || who.Scope != agent.ScopeOwn || !who.May(agent.KeyManage) {
			t.Errorf("after its maker became less: %+v", who)
		}
		h.clock.Turn(59 * time.Minute)
		_, err = h.ByKey(ctx, shown)
		h.is("expired", err, "key.invalid")

		by = h.actor(maker)
		ends := func(what string, end func(access.KeyID) error) {
			h.t.Helper()
			k, shown, err = h.MakeKey(ctx, by, what, []agent.Permission{agent.AuditRead}, time.Time{})
			h.ok(err)
			_, err = h.ByKey(ctx, shown)
			h.ok(err)
			h.ok(end(k.ID))
			_, err = h.ByKey(ctx, shown)
			h.is(what, err, "key.invalid")
		}
		ends("revoked", func(id access.KeyID) error { return h.RevokeKey(ctx, by, id) })
		ends("its maker is gone", func(access.KeyID) error { return disable(h, by, maker) })
		h.is("revoked again", h.RevokeKey(ctx, by, 1), "key.unknown")
	})
}

func TestMyself(t *testing.T) {
	each(t, func(h house) {
		ctx := t.Context()
		lin := h.person("lin", "agent")
		other, mine := h.in("lin"), h.in("lin")
		by, s, err := h.BySession(ctx, mine)
		h.ok(err)
		edit := func(c account.MeChange) error { return h.EditMe(ctx, by, s.ID, c) }
		h.is("a name", edit(account.MeChange{Name: new("林晓"), Nickname: new("小林"), Language: new("en")}), "")
		h.is("no name", edit(account.MeChange{Name: new(" ")}), "agent.name")
		h.is("a language we do not speak", edit(account.MeChange{Language: new("fr")}), "agent.language")
		h.is("a short password", edit(account.MeChange{OldPassword: password, NewPassword: "short"}), "password.length")
		for range 6 {
			h.is("a wrong old password", edit(account.MeChange{OldPassword: "wrong", NewPassword: "another-password"}), "password.old")
		}
		h.is("too many of them", edit(account.MeChange{OldPassword: password, NewPassword: "another-password"}), "login.wait")
		h.clock.Turn(time.Second)
		h.is("a new password", edit(account.MeChange{OldPassword: password, NewPassword: "another-password"}), "")
		h.is("this session stays", h.by(mine), "")
		h.is("the others end", h.by(other), "session.expired")
		h.is("the password before", h.try("lin@demo", password), "login.wrong")
		h.is("the new one", h.try("lin@demo", "another-password"), "")
		me, err := h.Me(ctx, h.actor(lin))
		h.ok(err)
		if me.Name != "林晓" || me.PublicName() != "小林" || me.Scope != agent.ScopeTeam || len(me.Permissions) == 0 {
			t.Errorf("%+v", me)
		}
		if got := h.actions(lin.String()); !slices.Equal(got, []string{"agent.change", "agent.password", "session.refuse"}) {
			t.Errorf("the log says %v", got)
		}
	})
}

func TestTheLogIsFiltered(t *testing.T) {
	each(t, func(h house) {
		ctx := t.Context()
		auditor := h.actor(h.person("auditor", "auditor"))
		other := h.actor(h.person("admin", "admin"))
		h.ok(h.DB.Update(ctx, func(tx *store.Tx) error {
			for i := range 10 {
				by := auditor
				if i%2 == 1 {
					by = other
				}
				o := audit.Object{Kind: "contact", ID: string(rune('a' + i%5)), Name: "访客"}
				if err := tx.Audit(ctx, audit.By(by, monday.Add(time.Duration(i)*time.Minute), "contact.reveal", o, map[string]any{"field": "phone"})); err != nil {
					return err
				}
			}
			return nil
		}))
		for _, c := range []struct {
			name string
			f    audit.Filter
			want int
		}{
			{"of an action", audit.Filter{Action: "contact.reveal"}, 10},
			{"of an agent", audit.Filter{Actor: other.Agent.String(), Action: "contact.reveal"}, 5},
			{"of a thing", audit.Filter{ObjectKind: "contact", ObjectID: "c"}, 2},
			{"of a kind of thing", audit.Filter{ObjectKind: "contact"}, 10},
			{"of a time", audit.Filter{ObjectKind: "contact", From: monday.Add(2 * time.Minute), To: monday.Add(5 * time.Minute)}, 3},
			{"of all this", audit.Filter{Actor: auditor.Agent.String(), Action: "contact.reveal", ObjectKind: "contact", ObjectID: "a", From: monday, To: monday.Add(time.Hour)}, 1},
			{"of nothing", audit.Filter{Action: "contact.delete"}, 0},
		} {
			c.f.Limit = 100
			es, err := h.AuditLog(ctx, auditor, c.f)
			if err != nil || len(es) != c.want {
				t.Errorf("%s: %d entries, want %d, %v", c.name, len(es), c.want, err)
			}
		}
		page, err := h.AuditLog(ctx, auditor, audit.Filter{ObjectKind: "contact", Limit: 4})
		h.ok(err)
		e := page[0]
		if len(page) != 4 || e.ActorName != "admin" || e.Address != office.Address || e.ObjectName != "访客" || e.Detail["field"] != "phone" || !e.At.Equal(monday.Add(9*time.Minute)) {
			t.Errorf("%+v", e)
		}
		rest, err := h.AuditLog(ctx, auditor, audit.Filter{ObjectKind: "contact", Limit: 100, Before: page[3].ID})
		h.ok(err)
		if len(rest) != 6 || rest[0].ID >= page[3].ID {
			t.Errorf("%d on the next page", len(rest))
		}
		_, err = h.AuditLog(ctx, h.actor(h.person("lin", "agent")), audit.Filter{Limit: 1})
		h.is("without the permission", err, "permission.missing")
	})
}
