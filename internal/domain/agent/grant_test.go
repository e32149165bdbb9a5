package agent_test

import (
	"testing"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
)

func builtin(t *testing.T, name string) agent.Role {
	t.Helper()
	for _, r := range agent.BuiltinRoles() {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("no built-in role %s", name)
	return agent.Role{}
}

func TestNobodyGivesWhatTheyDoNotHold(t *testing.T) {
	as := func(name string, more ...agent.Permission) agent.Actor {
		return agent.Actor{Agent: 1}.With(builtin(t, name), agent.Role{Permissions: more, Scope: agent.ScopeOwn})
	}
	admin, supervisor, lead := as("admin"), as("supervisor"), as("agent", agent.AgentManage)
	for _, c := range []struct {
		name string
		err  error
		code string
	}{
		{"an administrator assigns any role", admin.Assigns(builtin(t, "privacy")), ""},
		{"a team leader assigns their own role", lead.Assigns(builtin(t, "agent")), ""},
		{"a team leader assigns more", lead.Assigns(builtin(t, "senior")), "permission.beyond"},
		{"a team leader touches an administrator", lead.Assigns(builtin(t, "admin")), "permission.beyond"},
		{"a team leader assigns a wider sight", lead.Assigns(agent.Role{Scope: agent.ScopeAll}), "permission.scope"},
		{"an administrator makes a role they do not hold", admin.Makes(agent.Role{Permissions: []agent.Permission{agent.ContactReveal}}), "permission.beyond"},
		{"an administrator makes a role with a wider sight", admin.Makes(agent.Role{Scope: agent.ScopeAll}), "permission.scope"},
		{"an administrator makes a smaller role", admin.Makes(agent.Role{Permissions: []agent.Permission{agent.AuditRead}, Scope: agent.ScopeOwn}), ""},
		{"a supervisor makes a smaller role", supervisor.Makes(agent.Role{Permissions: []agent.Permission{agent.ContactRead}}), "permission.missing"},
		{"a permission that does not exist", admin.Grants([]agent.Permission{"root"}), "permission.unknown"},
		{"a person", admin.NeedPerson(), ""},
		{"a key", agent.Actor{Agent: 1, Key: "CRM"}.NeedPerson(), "permission.person"},
		{"nobody", agent.Actor{}.NeedPerson(), "permission.person"},
	} {
		if (c.code == "") != (c.err == nil) || c.err != nil && fault.CodeOf(c.err) != c.code {
			t.Errorf("%s: %v, want %q", c.name, c.err, c.code)
		}
	}
}
