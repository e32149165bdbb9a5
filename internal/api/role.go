package api

import (
	"context"
	"strings"

	"yingda/internal/account"
	"yingda/internal/domain/agent"
)

func (a *API) roles(r *router) {
	call(r, get("/roles", "All roles, the built-in ones first").needs(agent.AgentRead), a.listRoles)
	call(r, post("/roles", "Make a role; it holds no more than its maker").needs(agent.RoleManage), a.makeRole)
	call(r, patch("/roles/{id}", "Change a role that is not built in").needs(agent.RoleManage), a.changeRole)
	act(r, remove("/roles/{id}", "Delete a role that nobody holds").needs(agent.RoleManage), a.deleteRole)
	call(r, get("/permissions", "What a role can be made of"), a.listPermissions)
}

func (a *API) listRoles(ctx context.Context, by agent.Actor, _ *struct{}) (list[agent.Role], error) {
	roles, err := a.Account.Roles(ctx, by)
	return list[agent.Role]{Items: roles}, err
}

type roleDraft struct {
	Name        string             `json:"name"`
	Permissions []agent.Permission `json:"permissions"`
	Scope       agent.Scope        `json:"scope" doc:"which conversations it sees"`
}

func (a *API) makeRole(ctx context.Context, by agent.Actor, in *struct{ Body roleDraft }) (agent.Role, error) {
	return a.Account.MakeRole(ctx, by, agent.Role{Name: in.Body.Name, Permissions: in.Body.Permissions, Scope: in.Body.Scope})
}

type roleChange struct {
	Name        *string             `json:"name,omitempty"`
	Permissions *[]agent.Permission `json:"permissions,omitempty"`
	Scope       *agent.Scope        `json:"scope,omitempty"`
}

func (a *API) changeRole(ctx context.Context, by agent.Actor, in *withBody[agent.RoleID, roleChange]) (agent.Role, error) {
	return a.Account.EditRole(ctx, by, in.ID.Value, account.RoleChange(in.Body))
}

func (a *API) deleteRole(ctx context.Context, by agent.Actor, in *byID[agent.RoleID]) error {
	return a.Account.DeleteRole(ctx, by, in.ID.Value)
}

type permissionView struct {
	Name  agent.Permission `json:"name"`
	Group string           `json:"group" doc:"the noun it is about"`
}

func (a *API) listPermissions(context.Context, agent.Actor, *struct{}) (list[permissionView], error) {
	var items []permissionView
	for _, p := range agent.Permissions() {
		group, _, _ := strings.Cut(string(p), ".")
		items = append(items, permissionView{Name: p, Group: group})
	}
	return list[permissionView]{Items: items}, nil
}
