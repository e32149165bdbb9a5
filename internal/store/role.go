package store

import (
	"context"
	"encoding/json"
	"fmt"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
	"yingda/internal/store/sqlcgen"
)

// Roles returns all roles with how many agents hold each, the built-in ones
// first.
func (tx *Tx) Roles(ctx context.Context) ([]agent.Role, error) {
	rows, err := tx.RoleRows(ctx)
	if err != nil {
		return nil, err
	}
	roles := make([]agent.Role, 0, len(rows))
	for _, r := range rows {
		role, err := roleOf(sqlcgen.Role{ID: r.ID, Name: r.Name, Builtin: r.Builtin, Permissions: r.Permissions, Scope: r.Scope})
		if err != nil {
			return nil, err
		}
		role.Agents = int(r.Agents)
		roles = append(roles, role)
	}
	return roles, nil
}

// RolesOf returns the roles that an agent holds.
func (tx *Tx) RolesOf(ctx context.Context, id agent.ID) ([]agent.Role, error) {
	rows, err := tx.RoleRowsOf(ctx, id)
	if err != nil {
		return nil, err
	}
	roles := make([]agent.Role, 0, len(rows))
	for _, r := range rows {
		role, err := roleOf(r)
		if err != nil {
			return nil, err
		}
		roles = append(roles, role)
	}
	return roles, nil
}

// InsertRole adds a role.
func (tx *Tx) InsertRole(ctx context.Context, r agent.Role) error {
	permissions, err := json.Marshal(r.Permissions)
	if err != nil {
		return err
	}
	return tx.Queries.InsertRole(ctx, sqlcgen.InsertRoleParams{
		ID: r.ID, Name: r.Name, Builtin: r.Builtin, Permissions: string(permissions), Scope: string(r.Scope),
	})
}

// SaveRole writes what a role says.
func (tx *Tx) SaveRole(ctx context.Context, r agent.Role) error {
	permissions, err := json.Marshal(r.Permissions)
	if err != nil {
		return err
	}
	n, err := tx.UpdateRole(ctx, sqlcgen.UpdateRoleParams{Name: r.Name, Permissions: string(permissions), Scope: string(r.Scope), ID: r.ID})
	return noRole(n, err)
}

// DeleteRole removes a role.
func (tx *Tx) DeleteRole(ctx context.Context, id agent.RoleID) error {
	return noRole(tx.Queries.DeleteRole(ctx, id))
}

func noRole(n int64, err error) error {
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "role.unknown", "there is no such role")
	}
	return err
}

func roleOf(r sqlcgen.Role) (agent.Role, error) {
	role := agent.Role{ID: r.ID, Name: r.Name, Builtin: r.Builtin, Scope: agent.Scope(r.Scope)}
	if err := json.Unmarshal([]byte(r.Permissions), &role.Permissions); err != nil {
		return role, fmt.Errorf("the permissions of role %s: %w", r.ID, err)
	}
	return role, nil
}
