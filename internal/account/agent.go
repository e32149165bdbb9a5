package account

import (
	"context"
	"slices"

	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/event"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/secret"
	"yingda/internal/store"
)

// Agents returns agents in the order in which they came, those after an id,
// most of them at the most.
func (a *Account) Agents(ctx context.Context, by agent.Actor, after agent.ID, most int) (as []agent.Agent, err error) {
	if err := by.Need(agent.AgentRead); err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		as, err = tx.Agents(ctx, after, most)
		return err
	})
	for i := range as {
		as[i].Presence = as[i].Presence.Public()
	}
	return as, err
}

// AgentChange is what an administrator changes of an agent. Nil stays as it
// is.
type AgentChange struct {
	Email, Name, Nickname, Language *string
	Capacity, Share                 *int
	Disabled                        *bool
	Roles                           *[]agent.RoleID
	Teams                           *[]agent.TeamID
	Skills                          *[]agent.Skilled
}

func (c AgentChange) apply(w agent.Agent) agent.Agent {
	set(&w.Email, c.Email)
	w.Email = access.FoldEmail(w.Email)
	set(&w.Name, c.Name)
	set(&w.Nickname, c.Nickname)
	set(&w.Language, c.Language)
	set(&w.Capacity, c.Capacity)
	set(&w.Share, c.Share)
	set(&w.Disabled, c.Disabled)
	return w
}

func set[T any](field *T, to *T) {
	if to != nil {
		*field = *to
	}
}

// Invite adds an agent and returns the token of the link with which they
// choose a password.
func (a *Account) Invite(ctx context.Context, by agent.Actor, c AgentChange) (who agent.Agent, token string, err error) {
	if err := by.Need(agent.AgentManage); err != nil {
		return who, "", err
	}
	err = a.update(ctx, func(tx *store.Tx) error {
		now := a.Now()
		fresh := c.apply(agent.Agent{ID: agent.NewID(now), Language: "zh", Capacity: defaultCapacity, Share: usualShare, CreatedAt: now})
		fresh.Disabled = false
		if err := checkAgent(ctx, tx, fresh); err != nil {
			return err
		}
		if err := tx.InsertAgent(ctx, fresh); err != nil {
			return err
		}
		if err := a.place(ctx, tx, by, fresh, c); err != nil {
			return err
		}
		if token, err = a.newLink(ctx, tx, access.NewLink(access.Invite, fresh.ID, now)); err != nil {
			return err
		}
		if who, err = tx.Agent(ctx, fresh.ID); err != nil {
			return err
		}
		if err := tellChanged(ctx, tx, now); err != nil {
			return err
		}
		detail := map[string]any{"roles": names(who.Roles), "teams": names(who.Teams)}
		return tx.Audit(ctx, audit.By(by, now, "agent.invite", audit.Of("agent", who.ID, who.Name), detail))
	})
	return who, token, err
}

// EditAgent changes an agent. Nobody changes a person who may do more than
// themselves, except those who manage roles. Disabling ends what is open. The
// last administrator stays one.
func (a *Account) EditAgent(ctx context.Context, by agent.Actor, id agent.ID, c AgentChange) (who agent.Agent, err error) {
	if err := by.Need(agent.AgentManage); err != nil {
		return who, err
	}
	err = a.update(ctx, func(tx *store.Tx) error {
		was, err := a.within(ctx, tx, by, id)
		if err != nil {
			return err
		}
		next := c.apply(was)
		if err := checkAgent(ctx, tx, next); err != nil {
			return err
		}
		if err := keepAdmin(ctx, tx, was, next.Disabled, c.Roles); err != nil {
			return err
		}
		if err := tx.SaveAgent(ctx, next); err != nil {
			return err
		}
		if err := a.place(ctx, tx, by, next, c); err != nil {
			return err
		}
		if next.Disabled && !was.Disabled {
			if err := a.shutOut(ctx, tx, was); err != nil {
				return err
			}
		}
		if who, err = tx.Agent(ctx, id); err != nil {
			return err
		}
		return a.tellEdited(ctx, tx, by, was, who)
	})
	return who, err
}

// NewLink returns the token of a fresh link for an agent, with which they
// choose a password, and voids those before.
func (a *Account) NewLink(ctx context.Context, by agent.Actor, id agent.ID) (token string, err error) {
	if err := by.Need(agent.AgentManage); err != nil {
		return "", err
	}
	err = a.update(ctx, func(tx *store.Tx) error {
		now := a.Now()
		who, err := a.within(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if who.Disabled {
			return fault.New(fault.Conflict, "agent.disabled", "this agent is disabled; enable them first")
		}
		kind := access.Reset
		if who.Invited {
			kind = access.Invite
		}
		if err := tx.VoidLinksOf(ctx, id, now); err != nil {
			return err
		}
		if token, err = a.newLink(ctx, tx, access.NewLink(kind, id, now)); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, now, "agent.link", audit.Of("agent", id, who.Name), map[string]any{"link": kind}))
	})
	return token, err
}

func (a *Account) newLink(ctx context.Context, tx *store.Tx, l access.Link) (token string, err error) {
	token = secret.Token()
	return token, tx.InsertLink(ctx, secret.Fingerprint(token), l)
}

// within returns an agent whom the actor may change: not one who may do more.
func (a *Account) within(ctx context.Context, tx *store.Tx, by agent.Actor, id agent.ID) (agent.Agent, error) {
	who, err := tx.Agent(ctx, id)
	if err != nil {
		return who, err
	}
	held, err := tx.RolesOf(ctx, id)
	if err != nil {
		return who, err
	}
	return who, by.Assigns(held...)
}

func checkAgent(ctx context.Context, tx *store.Tx, who agent.Agent) error {
	if err := who.Check(); err != nil {
		return err
	}
	other, ok, err := tx.Login(ctx, who.Email)
	if err == nil && ok && other.Agent != who.ID {
		return fault.New(fault.Conflict, "agent.exists", "%s has this e-mail address already", other.Name).In("email")
	}
	return err
}

// keepAdmin refuses a change after which no administrator could sign in.
func keepAdmin(ctx context.Context, tx *store.Tx, was agent.Agent, disabled bool, roles *[]agent.RoleID) error {
	i := slices.IndexFunc(was.Roles, func(r agent.Ref[agent.RoleID]) bool { return r.Name == agent.AdminRole })
	if i < 0 || was.Disabled || was.Invited {
		return nil
	}
	if !disabled && (roles == nil || slices.Contains(*roles, was.Roles[i].ID)) {
		return nil
	}
	n, err := tx.Holders(ctx, agent.Role{ID: was.Roles[i].ID, Name: agent.AdminRole})
	if err == nil && n <= 1 {
		return agent.ErrLastAdmin
	}
	return err
}

// usualShare is the share of the work of whoever has no other.
const usualShare = 100

// place gives an agent the skills, roles and teams of a change, if it names
// them.
func (a *Account) place(ctx context.Context, tx *store.Tx, by agent.Actor, who agent.Agent, c AgentChange) error {
	if err := a.teach(ctx, tx, who.ID, c.Skills); err != nil {
		return err
	}
	if c.Roles != nil {
		held, err := chosenRoles(ctx, tx, *c.Roles)
		if err != nil {
			return err
		}
		if err := by.Assigns(held...); err != nil {
			return err
		}
		if err := tx.SetAgentRoles(ctx, who.ID, each(held, func(r agent.Role) agent.RoleID { return r.ID })); err != nil {
			return err
		}
	}
	if c.Teams == nil {
		return nil
	}
	all, err := tx.Teams(ctx)
	if err != nil {
		return err
	}
	chosen := unique(*c.Teams)
	for _, id := range chosen {
		if !slices.ContainsFunc(all, func(t agent.Team) bool { return t.ID == id }) {
			return errNoTeam
		}
	}
	return tx.SetAgentTeams(ctx, who.ID, chosen)
}

var (
	errNoRole = fault.New(fault.NotFound, "role.unknown", "there is no such role")
	errNoTeam = fault.New(fault.NotFound, "team.unknown", "there is no such team")
)

func chosenRoles(ctx context.Context, tx *store.Tx, chosen []agent.RoleID) ([]agent.Role, error) {
	all, err := tx.Roles(ctx)
	if err != nil {
		return nil, err
	}
	var roles []agent.Role
	for _, id := range unique(chosen) {
		i := slices.IndexFunc(all, func(r agent.Role) bool { return r.ID == id })
		if i < 0 {
			return nil, errNoRole
		}
		roles = append(roles, all[i])
	}
	return roles, nil
}

// shutOut ends everything an agent has open.
func (a *Account) shutOut(ctx context.Context, tx *store.Tx, who agent.Agent) error {
	now := a.Now()
	if err := tx.VoidLinksOf(ctx, who.ID, now); err != nil {
		return err
	}
	if err := endOthers(ctx, tx, who.ID, 0, a); err != nil {
		return err
	}
	next, err := who.Presence.Set(agent.Offline, "", now)
	if err != nil || next == who.Presence {
		return err
	}
	if err := tx.SetPresence(ctx, who.ID, who.Presence, next); err != nil {
		return err
	}
	body := event.Presence{Agent: who.ID, Presence: next, Connected: who.Connected, Phone: who.Phone, Load: who.Load}
	return tx.Emit(ctx, event.Event{Kind: event.PresenceChanged, Agent: who.ID, At: now, Body: event.Encode(body)})
}

// tellEdited writes what changed of an agent, if anything did.
func (a *Account) tellEdited(ctx context.Context, tx *store.Tx, by agent.Actor, was, is agent.Agent) error {
	now, changes := a.Now(), audit.Changes{}
	audit.Add(changes, "email", was.Email, is.Email)
	audit.Add(changes, "name", was.Name, is.Name)
	audit.Add(changes, "nickname", was.Nickname, is.Nickname)
	audit.Add(changes, "language", was.Language, is.Language)
	audit.Add(changes, "capacity", was.Capacity, is.Capacity)
	addList(changes, "roles", names(was.Roles), names(is.Roles))
	addList(changes, "teams", names(was.Teams), names(is.Teams))
	audit.Add(changes, "share", was.Share, is.Share)
	could, err := canDo(ctx, tx, a, was.Skills)
	if err != nil {
		return err
	}
	can, err := canDo(ctx, tx, a, is.Skills)
	if err != nil {
		return err
	}
	addList(changes, "skills", could, can)
	action := "agent.change"
	switch {
	case is.Disabled && !was.Disabled:
		action = "agent.disable"
	case was.Disabled && !is.Disabled:
		action = "agent.enable"
	case len(changes) == 0:
		return nil
	}
	if err := tellChanged(ctx, tx, now); err != nil {
		return err
	}
	if err := tx.WantSkillCheck(ctx, now); err != nil {
		return err
	}
	if err := tx.WantRoute(ctx, now, now); err != nil {
		return err
	}
	return tx.Audit(ctx, audit.By(by, now, action, audit.Of("agent", is.ID, is.Name), changes))
}

func addList(c audit.Changes, field string, from, to []string) {
	if !slices.Equal(from, to) {
		c[field] = map[string]any{"from": from, "to": to}
	}
}

func names[I any](refs []agent.Ref[I]) []string {
	return each(refs, func(r agent.Ref[I]) string { return r.Name })
}

// each returns what f makes of each of a list.
func each[T, U any](list []T, f func(T) U) []U {
	out := make([]U, 0, len(list))
	for _, t := range list {
		out = append(out, f(t))
	}
	return out
}

// unique returns a list without repetitions, in order of value.
func unique[I ~int64](list []I) []I {
	return slices.Compact(slices.Sorted(slices.Values(list)))
}
