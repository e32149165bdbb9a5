package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/store/sqlcgen"
)

// AnyAgent reports whether there is an agent at all.
func (tx *Tx) AnyAgent(ctx context.Context) (bool, error) {
	n, err := tx.AgentExists(ctx)
	return n > 0, err
}

// InsertAgent adds an agent, who has no password, role or team yet.
func (tx *Tx) InsertAgent(ctx context.Context, a agent.Agent) error {
	return tx.Queries.InsertAgent(ctx, sqlcgen.InsertAgentParams{
		ID: a.ID, Email: a.Email, Name: a.Name, Nickname: a.Nickname, Language: a.Language,
		Capacity: int64(a.Capacity), CreatedAt: ms(a.CreatedAt), Share: share(a),
	})
}

// share is an agent's share of the work: the usual one where none is chosen.
func share(a agent.Agent) int64 {
	if a.Share == 0 {
		return 100
	}
	return int64(a.Share)
}

// Agent returns an agent with roles, teams and load.
func (tx *Tx) Agent(ctx context.Context, id agent.ID) (agent.Agent, error) {
	if err := tx.lock(ctx, "agents", int64(id)); err != nil {
		return agent.Agent{}, err
	}
	r, err := tx.AgentRow(ctx, id)
	if err != nil {
		return agent.Agent{}, notFound(err, "agent.unknown", "agent")
	}
	as := []agent.Agent{agentOf(r)}
	if err := tx.complete(ctx, as); err != nil {
		return agent.Agent{}, err
	}
	load, err := tx.Load(ctx, id)
	as[0].Load = load
	return as[0], err
}

// Agents returns agents in the order in which they came, those after an id,
// most of them at the most, with roles, teams and load.
func (tx *Tx) Agents(ctx context.Context, after agent.ID, most int) ([]agent.Agent, error) {
	if after.IsZero() {
		after = -1 // before the first; the zero ID is NULL, after which nothing comes
	}
	rows, err := tx.AgentRows(ctx, sqlcgen.AgentRowsParams{After: after, Most: int64(most)})
	if err != nil {
		return nil, err
	}
	as := make([]agent.Agent, 0, len(rows))
	for _, r := range rows {
		as = append(as, agentOf(r))
	}
	if len(as) == 0 {
		return as, nil
	}
	if err := tx.complete(ctx, as); err != nil {
		return nil, err
	}
	loads, err := tx.ActiveLoads(ctx)
	if err != nil {
		return nil, err
	}
	held := map[agent.ID]int{}
	for _, l := range loads {
		held[l.AgentID] = int(l.Held)
	}
	for i := range as {
		as[i].Load = held[as[i].ID]
	}
	return as, nil
}

// complete adds roles, teams and skills to agents that stand in the order of their
// ids, one after the other.
func (tx *Tx) complete(ctx context.Context, as []agent.Agent) error {
	first, last := as[0].ID-1, as[len(as)-1].ID
	roles, err := tx.RolesHeld(ctx, sqlcgen.RolesHeldParams{After: first, Until: last})
	if err != nil {
		return err
	}
	teams, err := tx.TeamsJoined(ctx, sqlcgen.TeamsJoinedParams{After: first, Until: last})
	if err != nil {
		return err
	}
	skills, err := tx.SkillsOf(ctx, sqlcgen.SkillsOfParams{After: first, Until: last})
	if err != nil {
		return err
	}
	place := map[agent.ID]int{}
	for i, a := range as {
		place[a.ID] = i
	}
	for _, r := range roles {
		if i, ok := place[r.AgentID]; ok {
			as[i].Roles = append(as[i].Roles, agent.Ref[agent.RoleID]{ID: r.ID, Name: r.Name})
		}
	}
	for _, t := range teams {
		if i, ok := place[t.AgentID]; ok {
			as[i].Teams = append(as[i].Teams, agent.Ref[agent.TeamID]{ID: t.ID, Name: t.Name})
		}
	}
	for _, s := range skills {
		if i, ok := place[s.AgentID]; ok {
			as[i].Skills = append(as[i].Skills, agent.Skilled{Skill: s.SkillID, Level: int(s.Level), Certificate: s.CertificateID, CertificateName: s.Certificate, Expires: s.ExpiresOn})
		}
	}
	return nil
}

// SaveAgent writes what an administrator, or the agent, can change.
func (tx *Tx) SaveAgent(ctx context.Context, a agent.Agent) error {
	_, err := tx.UpdateAgent(ctx, sqlcgen.UpdateAgentParams{
		Email: a.Email, Name: a.Name, Nickname: a.Nickname, Language: a.Language,
		Capacity: int64(a.Capacity), Disabled: a.Disabled, Share: share(a), ID: a.ID,
	})
	return err
}

// SetPassword writes the hash of an agent's password.
func (tx *Tx) SetPassword(ctx context.Context, id agent.ID, hash string) error {
	return tx.SetAgentPassword(ctx, sqlcgen.SetAgentPasswordParams{Password: hash, ID: id})
}

// Login returns what the agent with an address signs in with. It is false if
// there is nobody with that address.
func (tx *Tx) Login(ctx context.Context, email string) (access.Login, bool, error) {
	r, err := tx.AgentRowByEmail(ctx, email)
	if errors.Is(err, sql.ErrNoRows) {
		return access.Login{}, false, nil
	}
	return loginOf(r), err == nil, err
}

// LoginOf returns what an agent signs in with.
func (tx *Tx) LoginOf(ctx context.Context, id agent.ID) (access.Login, error) {
	r, err := tx.AgentRow(ctx, id)
	return loginOf(r), notFound(err, "agent.unknown", "agent")
}

// Actor returns an agent as one who acts: with what their roles allow today.
// It is false if they are disabled or unknown.
func (tx *Tx) Actor(ctx context.Context, id agent.ID) (agent.Actor, bool, error) {
	r, err := tx.AgentRow(ctx, id)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && r.Disabled) {
		return agent.Actor{}, false, nil
	}
	if err != nil {
		return agent.Actor{}, false, err
	}
	roles, err := tx.RolesOf(ctx, id)
	if err != nil {
		return agent.Actor{}, false, err
	}
	teams, err := tx.TeamIDsOf(ctx, id)
	if err != nil {
		return agent.Actor{}, false, err
	}
	return agent.Actor{Agent: id, Name: r.Name, Teams: teams}.With(roles...), true, nil
}

// SetAgentRoles replaces the roles of an agent.
func (tx *Tx) SetAgentRoles(ctx context.Context, id agent.ID, roles []agent.RoleID) error {
	if err := tx.ClearAgentRoles(ctx, id); err != nil {
		return err
	}
	for _, r := range roles {
		if err := tx.AddAgentRole(ctx, sqlcgen.AddAgentRoleParams{AgentID: id, RoleID: r}); err != nil {
			return err
		}
	}
	return nil
}

// SetAgentTeams replaces the teams of an agent.
func (tx *Tx) SetAgentTeams(ctx context.Context, id agent.ID, teams []agent.TeamID) error {
	if err := tx.ClearAgentTeams(ctx, id); err != nil {
		return err
	}
	for _, t := range teams {
		if err := tx.AddTeamAgent(ctx, sqlcgen.AddTeamAgentParams{TeamID: t, AgentID: id}); err != nil {
			return err
		}
	}
	return nil
}

// Holders returns how many agents who can sign in hold a built-in role. Until
// the transaction ends, nobody else counts them.
func (tx *Tx) Holders(ctx context.Context, role agent.Role) (int, error) {
	if err := tx.lock(ctx, "roles", int64(role.ID)); err != nil {
		return 0, err
	}
	n, err := tx.CountHolders(ctx, role.Name)
	return int(n), err
}

func loginOf(r sqlcgen.Agent) access.Login {
	return access.Login{Agent: r.ID, Name: r.Name, Password: r.Password, Disabled: r.Disabled}
}

func agentOf(r sqlcgen.Agent) agent.Agent {
	return agent.Agent{
		ID: r.ID, Email: r.Email, Name: r.Name, Nickname: r.Nickname, Language: r.Language, Capacity: int(r.Capacity),
		Presence: agent.Presence{
			State: agent.State(r.Presence), Reason: r.PresenceReason, Since: at(r.PresenceSince),
			By: r.PresenceBy, ByName: r.PresenceByName, Why: r.PresenceWhy,
		},
		Connected: r.Connected, Phone: r.PhoneSince > 0, Disabled: r.Disabled, Invited: r.Password == "",
		Share: int(r.Share), Roles: []agent.Ref[agent.RoleID]{}, Teams: []agent.Ref[agent.TeamID]{}, Skills: []agent.Skilled{},
		CreatedAt: at(r.CreatedAt), LastSeenAt: at(r.LastSeenAt),
	}
}

// AgentsWho returns agents who hold a permission for a team's work: those whose
// role reaches everything, and those of the team. The permission is text of the
// statement, because SQLite prepares anew what matches an argument.
func (tx *Tx) AgentsWho(ctx context.Context, may agent.Permission, team agent.TeamID) ([]agent.ID, error) {
	if !may.Known() {
		return nil, fmt.Errorf("%q is not a permission", may)
	}
	rows, err := tx.db.QueryContext(ctx, `
		SELECT DISTINCT a.id FROM agents a JOIN agent_roles ar ON ar.agent_id = a.id JOIN roles r ON r.id = ar.role_id
		WHERE NOT a.disabled AND r.permissions LIKE '%"`+string(may)+`"%'
			AND (r.scope = 'all' OR EXISTS (SELECT 1 FROM team_agents t WHERE t.agent_id = a.id AND t.team_id = ?1))
		ORDER BY a.id LIMIT 200`, team)
	if err != nil {
		return nil, err
	}
	defer func() { logClose("agents", rows.Close()) }()
	var ids []agent.ID
	for rows.Next() {
		var id agent.ID
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// AgentsWhoMay returns agents who hold a permission, whatever their scope.
func (tx *Tx) AgentsWhoMay(ctx context.Context, may agent.Permission) ([]agent.ID, error) {
	return tx.Queries.AgentsWhoMay(ctx, `%"`+string(may)+`"%`)
}
