package account

import (
	"context"
	"slices"
	"strings"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// Roles returns all roles.
func (a *Account) Roles(ctx context.Context, by agent.Actor) ([]agent.Role, error) {
	if err := by.Need(agent.AgentRead); err != nil {
		return nil, err
	}
	return a.DB.Now().Roles(ctx)
}

// MakeRole adds a role. It holds no more than its maker.
func (a *Account) MakeRole(ctx context.Context, by agent.Actor, r agent.Role) (agent.Role, error) {
	now := a.Now()
	r = tidy(r)
	r.ID, r.Builtin, r.Agents = agent.NewRoleID(now), false, 0
	if err := by.Makes(r); err != nil {
		return r, err
	}
	if err := r.Check(); err != nil {
		return r, err
	}
	return r, a.update(ctx, func(tx *store.Tx) error {
		if err := freeRoleName(ctx, tx, r); err != nil {
			return err
		}
		if err := tx.InsertRole(ctx, r); err != nil {
			return err
		}
		return a.tellRole(ctx, tx, by, "role.create", r, map[string]any{"permissions": r.Permissions, "scope": r.Scope})
	})
}

// RoleChange is what changes of a role. Nil stays as it is.
type RoleChange struct {
	Name        *string
	Permissions *[]agent.Permission
	Scope       *agent.Scope
}

// EditRole changes a role that is not built in. It gains nothing that the
// actor does not hold.
func (a *Account) EditRole(ctx context.Context, by agent.Actor, id agent.RoleID, c RoleChange) (r agent.Role, err error) {
	err = a.update(ctx, func(tx *store.Tx) error {
		was, err := ownRole(ctx, tx, by, id)
		if err != nil {
			return err
		}
		r = was
		set(&r.Name, c.Name)
		set(&r.Permissions, c.Permissions)
		set(&r.Scope, c.Scope)
		r = tidy(r)
		if err := r.Check(); err != nil {
			return err
		}
		if err := by.Makes(gained(was, r)); err != nil {
			return err
		}
		if err := freeRoleName(ctx, tx, r); err != nil {
			return err
		}
		if err := tx.SaveRole(ctx, r); err != nil {
			return err
		}
		return a.tellRole(ctx, tx, by, "role.change", r, roleChanges(was, r))
	})
	return r, err
}

// gained returns what a role has more of than before.
func gained(was, is agent.Role) agent.Role {
	if is.Scope == was.Scope {
		is.Scope = ""
	}
	is.Permissions = slices.DeleteFunc(slices.Clone(is.Permissions), func(p agent.Permission) bool { return slices.Contains(was.Permissions, p) })
	return is
}

// DeleteRole removes a role that is not built in and that nobody holds.
func (a *Account) DeleteRole(ctx context.Context, by agent.Actor, id agent.RoleID) error {
	return a.update(ctx, func(tx *store.Tx) error {
		r, err := ownRole(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if r.Agents > 0 {
			return fault.New(fault.Conflict, "role.used", "%d agents hold this role; give them another one first", r.Agents)
		}
		if err := tx.DeleteRole(ctx, id); err != nil {
			return err
		}
		return a.tellRole(ctx, tx, by, "role.delete", r, nil)
	})
}

// ownRole returns a role that may be changed.
func ownRole(ctx context.Context, tx *store.Tx, by agent.Actor, id agent.RoleID) (agent.Role, error) {
	if err := by.Need(agent.RoleManage); err != nil {
		return agent.Role{}, err
	}
	all, err := tx.Roles(ctx)
	if err != nil {
		return agent.Role{}, err
	}
	i := slices.IndexFunc(all, func(r agent.Role) bool { return r.ID == id })
	switch {
	case i < 0:
		return agent.Role{}, errNoRole
	case all[i].Builtin:
		return agent.Role{}, agent.ErrBuiltinRole
	}
	return all[i], nil
}

func freeRoleName(ctx context.Context, tx *store.Tx, r agent.Role) error {
	all, err := tx.Roles(ctx)
	if err == nil && slices.ContainsFunc(all, func(o agent.Role) bool { return o.Name == r.Name && o.ID != r.ID }) {
		return fault.New(fault.Conflict, "role.exists", "there is a role %q already", r.Name).In("name")
	}
	return err
}

// tidy returns a role with a trimmed name and each permission once, in the
// order in which a person reads them.
func tidy(r agent.Role) agent.Role {
	r.Name = strings.TrimSpace(r.Name)
	order := agent.Permissions()
	r.Permissions = slices.Clone(r.Permissions)
	slices.SortFunc(r.Permissions, func(a, b agent.Permission) int { return slices.Index(order, a) - slices.Index(order, b) })
	r.Permissions = slices.Compact(r.Permissions)
	if r.Permissions == nil {
		r.Permissions = []agent.Permission{}
	}
	return r
}

func (a *Account) tellRole(ctx context.Context, tx *store.Tx, by agent.Actor, action string, r agent.Role, detail map[string]any) error {
	now := a.Now()
	if err := tellChanged(ctx, tx, now); err != nil {
		return err
	}
	return tx.Audit(ctx, audit.By(by, now, action, audit.Of("role", r.ID, r.Name), detail))
}

func roleChanges(was, is agent.Role) audit.Changes {
	c := audit.Changes{}
	audit.Add(c, "name", was.Name, is.Name)
	audit.Add(c, "scope", was.Scope, is.Scope)
	text := func(p agent.Permission) string { return string(p) }
	addList(c, "permissions", each(was.Permissions, text), each(is.Permissions, text))
	return c
}
