package api

import (
	"context"

	"yingda/internal/account"
	"yingda/internal/domain/agent"
)

func (a *API) teams(r *router) {
	call(r, get("/teams", "All teams with their members").needs(agent.AgentRead), a.listTeams)
	call(r, post("/teams", "Make a team").needs(agent.AgentManage), a.makeTeam)
	call(r, patch("/teams/{id}", "Change a team").needs(agent.AgentManage), a.changeTeam)
	act(r, remove("/teams/{id}", "Delete a team to which nothing belongs").needs(agent.AgentManage), a.deleteTeam)
}

func (a *API) listTeams(ctx context.Context, by agent.Actor, _ *struct{}) (list[agent.Team], error) {
	teams, err := a.Account.Teams(ctx, by)
	return list[agent.Team]{Items: teams}, err
}

type teamDraft struct {
	Name   *string     `json:"name,omitempty"`
	Agents *[]agent.ID `json:"agent_ids,omitempty"`
}

func (a *API) makeTeam(ctx context.Context, by agent.Actor, in *struct{ Body teamDraft }) (agent.Team, error) {
	return a.Account.MakeTeam(ctx, by, account.TeamChange(in.Body))
}

func (a *API) changeTeam(ctx context.Context, by agent.Actor, in *withBody[agent.TeamID, teamDraft]) (agent.Team, error) {
	return a.Account.EditTeam(ctx, by, in.ID.Value, account.TeamChange(in.Body))
}

func (a *API) deleteTeam(ctx context.Context, by agent.Actor, in *byID[agent.TeamID]) error {
	return a.Account.DeleteTeam(ctx, by, in.ID.Value)
}
