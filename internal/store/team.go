package store

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
	"yingda/internal/store/sqlcgen"
)

// Teams returns all teams with their members.
func (tx *Tx) Teams(ctx context.Context) ([]agent.Team, error) {
	rows, err := tx.TeamRows(ctx)
	if err != nil {
		return nil, err
	}
	members, err := tx.TeamMembers(ctx)
	if err != nil {
		return nil, err
	}
	of := map[agent.TeamID][]agent.Ref[agent.ID]{}
	for _, m := range members {
		of[m.TeamID] = append(of[m.TeamID], agent.Ref[agent.ID]{ID: m.ID, Name: m.Name})
	}
	teams := make([]agent.Team, 0, len(rows))
	for _, r := range rows {
		t := agent.Team{ID: r.ID, Name: r.Name, Agents: of[r.ID]}
		if t.Agents == nil {
			t.Agents = []agent.Ref[agent.ID]{}
		}
		teams = append(teams, t)
	}
	return teams, nil
}

// InsertTeam adds a team without members.
func (tx *Tx) InsertTeam(ctx context.Context, t agent.Team) error {
	return tx.Queries.InsertTeam(ctx, sqlcgen.InsertTeamParams{ID: t.ID, Name: t.Name})
}

// RenameTeam writes a team's name.
func (tx *Tx) RenameTeam(ctx context.Context, t agent.Team) error {
	return noTeam(tx.Queries.RenameTeam(ctx, sqlcgen.RenameTeamParams{Name: t.Name, ID: t.ID}))
}

// DeleteTeam removes a team and its memberships.
func (tx *Tx) DeleteTeam(ctx context.Context, id agent.TeamID) error {
	if err := tx.ClearTeamAgents(ctx, id); err != nil {
		return err
	}
	return noTeam(tx.Queries.DeleteTeam(ctx, id))
}

// SetTeamAgents replaces the members of a team.
func (tx *Tx) SetTeamAgents(ctx context.Context, id agent.TeamID, agents []agent.ID) error {
	if err := tx.ClearTeamAgents(ctx, id); err != nil {
		return err
	}
	for _, a := range agents {
		if err := tx.AddTeamAgent(ctx, sqlcgen.AddTeamAgentParams{TeamID: id, AgentID: a}); err != nil {
			return err
		}
	}
	return nil
}

// TeamIsUsed reports whether an inbox, or a conversation that is not closed,
// belongs to a team.
func (tx *Tx) TeamIsUsed(ctx context.Context, id agent.TeamID) (bool, error) {
	n, err := tx.TeamUses(ctx, id)
	return n > 0, err
}

func noTeam(n int64, err error) error {
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "team.unknown", "there is no such team")
	}
	return err
}

// Team returns a team by id, without its agents.
func (tx *Tx) Team(ctx context.Context, id agent.TeamID) (agent.Team, error) {
	r, err := tx.TeamRow(ctx, id)
	if err != nil {
		return agent.Team{}, notFound(err, "team.unknown", "team")
	}
	return agent.Team{ID: r.ID, Name: r.Name}, nil
}
