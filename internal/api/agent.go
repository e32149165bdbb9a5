package api

import (
	"context"

	"yingda/internal/account"
	"yingda/internal/domain/agent"
)

func (a *API) agents(r *router) {
	call(r, get("/agents", "Who works here, in the order in which they came").needs(agent.AgentRead), a.listAgents)
	call(r, post("/agents", "Invite an agent; the answer holds the link for them").needs(agent.AgentManage), a.inviteAgent)
	call(r, patch("/agents/{id}", "Change an agent; disabling ends what they have open").needs(agent.AgentManage), a.changeAgent)
	call(r, post("/agents/{id}/invite", "A new link for an agent to choose a password; links before it end").needs(agent.AgentManage), a.linkAgent)
}

type listAgents struct {
	Cursor param[agent.ID] `query:"cursor" doc:"next of the page before"`
	Limit  int             `query:"limit" minimum:"1" maximum:"500" default:"500"`
}

func (a *API) listAgents(ctx context.Context, by agent.Actor, in *listAgents) (list[agent.Agent], error) {
	as, err := a.Account.Agents(ctx, by, in.Cursor.Value, in.Limit+1)
	return page(as, in.Limit, func(w agent.Agent) string { return w.ID.String() }), err
}

// page returns what fits of a list in which one more than that was asked for,
// and where the next one begins.
func page[T any](items []T, limit int, cursor func(T) string) list[T] {
	if len(items) <= limit {
		return list[T]{Items: items}
	}
	return list[T]{Items: items[:limit], Next: cursor(items[limit-1])}
}

// agentDraft is what an administrator says of an agent. On a change, what is
// absent stays as it is.
type agentDraft struct {
	Email    *string          `json:"email,omitempty"`
	Name     *string          `json:"name,omitempty"`
	Nickname *string          `json:"nickname,omitempty" doc:"what customers see"`
	Language *string          `json:"language,omitempty" enum:"zh,en"`
	Capacity *int             `json:"capacity,omitempty" doc:"conversations at once"`
	RoleIDs  *[]agent.RoleID  `json:"role_ids,omitempty"`
	TeamIDs  *[]agent.TeamID  `json:"team_ids,omitempty"`
	Disabled *bool            `json:"disabled,omitempty"`
	Share    *int             `json:"share,omitempty" minimum:"1" doc:"of the work, against that of others; 100 is usual"`
	Skills   *[]agent.Skilled `json:"skills,omitempty" doc:"all that they can, in place of what was known"`
}

func (d agentDraft) change() account.AgentChange {
	return account.AgentChange{
		Email: d.Email, Name: d.Name, Nickname: d.Nickname, Language: d.Language,
		Capacity: d.Capacity, Roles: d.RoleIDs, Teams: d.TeamIDs, Disabled: d.Disabled, Share: d.Share, Skills: d.Skills,
	}
}

type invited struct {
	Agent     agent.Agent `json:"agent"`
	InviteURL string      `json:"invite_url" doc:"works once, for a week; send it to nobody else"`
}

func (a *API) inviteAgent(ctx context.Context, by agent.Actor, in *struct{ Body agentDraft }) (invited, error) {
	who, token, err := a.Account.Invite(ctx, by, in.Body.change())
	return invited{Agent: who, InviteURL: setupURL(ctx, token)}, err
}

func (a *API) changeAgent(ctx context.Context, by agent.Actor, in *withBody[agent.ID, agentDraft]) (agent.Agent, error) {
	return a.Account.EditAgent(ctx, by, in.ID.Value, in.Body.change())
}

type inviteLink struct {
	InviteURL string `json:"invite_url" doc:"works once; send it to nobody else"`
}

func (a *API) linkAgent(ctx context.Context, by agent.Actor, in *byID[agent.ID]) (inviteLink, error) {
	token, err := a.Account.NewLink(ctx, by, in.ID.Value)
	return inviteLink{InviteURL: setupURL(ctx, token)}, err
}
