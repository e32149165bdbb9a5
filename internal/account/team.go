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

// Teams returns all teams with their members.
func (a *Account) Teams(ctx context.Context, by agent.Actor) (teams []agent.Team, err error) {
	if err := by.Need(agent.AgentRead); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		teams, err = tx.Teams(ctx)
		return err
	})
	return teams, err
}

// TeamChange is what changes of a team. Nil stays as it is.
type TeamChange struct {
	Name   *string
	Agents *[]agent.ID
}

// MakeTeam adds a team.
func (a *Account) MakeTeam(ctx context.Context, by agent.Actor, c TeamChange) (t agent.Team, err error) {
	if err := by.Need(agent.AgentManage); err != nil {
		return t, err
	}
	err = a.update(ctx, func(tx *store.Tx) error {
		fresh := agent.Team{ID: agent.NewTeamID(a.Now())}
		set(&fresh.Name, c.Name)
		fresh.Name = strings.TrimSpace(fresh.Name)
		if err := checkTeam(ctx, tx, fresh); err != nil {
			return err
		}
		if err := tx.InsertTeam(ctx, fresh); err != nil {
			return err
		}
		t, err = a.fillTeam(ctx, tx, fresh, c)
		if err != nil {
			return err
		}
		return a.tellTeam(ctx, tx, by, "team.create", t, map[string]any{"agents": names(t.Agents)})
	})
	return t, err
}

// EditTeam changes a team.
func (a *Account) EditTeam(ctx context.Context, by agent.Actor, id agent.TeamID, c TeamChange) (t agent.Team, err error) {
	if err := by.Need(agent.AgentManage); err != nil {
		return t, err
	}
	err = a.update(ctx, func(tx *store.Tx) error {
		was, err := team(ctx, tx, id)
		if err != nil {
			return err
		}
		is := was
		set(&is.Name, c.Name)
		is.Name = strings.TrimSpace(is.Name)
		if err := checkTeam(ctx, tx, is); err != nil {
			return err
		}
		if err := tx.RenameTeam(ctx, is); err != nil {
			return err
		}
		if t, err = a.fillTeam(ctx, tx, is, c); err != nil {
			return err
		}
		changes := audit.Changes{}
		audit.Add(changes, "name", was.Name, t.Name)
		addList(changes, "agents", names(was.Agents), names(t.Agents))
		return a.tellTeam(ctx, tx, by, "team.change", t, changes)
	})
	return t, err
}

// DeleteTeam removes a team to which nothing belongs.
func (a *Account) DeleteTeam(ctx context.Context, by agent.Actor, id agent.TeamID) error {
	if err := by.Need(agent.AgentManage); err != nil {
		return err
	}
	return a.update(ctx, func(tx *store.Tx) error {
		t, err := team(ctx, tx, id)
		if err != nil {
			return err
		}
		used, err := tx.TeamIsUsed(ctx, id)
		if err != nil {
			return err
		}
		if used {
			return fault.New(fault.Conflict, "team.used", "an inbox or an open conversation belongs to this team; give it to another one first")
		}
		if err := tx.DeleteTeam(ctx, id); err != nil {
			return err
		}
		if err := a.unroute(ctx, tx, id); err != nil {
			return err
		}
		if err := a.unname(ctx, tx, id); err != nil {
			return err
		}
		return a.tellTeam(ctx, tx, by, "team.delete", t, nil)
	})
}

// unroute takes a team that is no more out of the rules of routing.
func (a *Account) unroute(ctx context.Context, tx *store.Tx, id agent.TeamID) error {
	r, err := tx.RoutingToChange(ctx)
	if err != nil || !slices.Contains(r.NamedTeams(), id) {
		return err
	}
	r = r.Without(id)
	r.Version++
	return tx.SaveRouting(ctx, r, a.Now())
}

// unname takes a team that is no more out of the results that hand on to it.
func (a *Account) unname(ctx context.Context, tx *store.Tx, id agent.TeamID) error {
	s, err := tx.CompanyToChange(ctx)
	if err != nil || !slices.Contains(s.NamedTeams(), id) {
		return err
	}
	return tx.SaveCompany(ctx, s.Without(id), a.Now())
}

func team(ctx context.Context, tx *store.Tx, id agent.TeamID) (agent.Team, error) {
	all, err := tx.Teams(ctx)
	if err != nil {
		return agent.Team{}, err
	}
	i := slices.IndexFunc(all, func(t agent.Team) bool { return t.ID == id })
	if i < 0 {
		return agent.Team{}, errNoTeam
	}
	return all[i], nil
}

func checkTeam(ctx context.Context, tx *store.Tx, t agent.Team) error {
	if err := t.Check(); err != nil {
		return err
	}
	all, err := tx.Teams(ctx)
	if err == nil && slices.ContainsFunc(all, func(o agent.Team) bool { return o.Name == t.Name && o.ID != t.ID }) {
		return fault.New(fault.Conflict, "team.exists", "there is a team %q already", t.Name).In("name")
	}
	return err
}

// fillTeam writes the members of a change, if it names them, and returns the
// team as it is then.
func (a *Account) fillTeam(ctx context.Context, tx *store.Tx, t agent.Team, c TeamChange) (agent.Team, error) {
	if c.Agents != nil {
		members := unique(*c.Agents)
		for _, id := range members {
			if _, err := tx.LoginOf(ctx, id); err != nil {
				return t, err
			}
		}
		if err := tx.SetTeamAgents(ctx, t.ID, members); err != nil {
			return t, err
		}
	}
	return team(ctx, tx, t.ID)
}

func (a *Account) tellTeam(ctx context.Context, tx *store.Tx, by agent.Actor, action string, t agent.Team, detail map[string]any) error {
	now := a.Now()
	if err := tellChanged(ctx, tx, now); err != nil {
		return err
	}
	return tx.Audit(ctx, audit.By(by, now, action, audit.Of("team", t.ID, t.Name), detail))
}
