package account

import (
	"context"

	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/kit/secret"
	"yingda/internal/store"
)

// FirstLink returns a fresh token of a link that makes the first
// administrator, and voids the one before. It is empty when there is an agent
// already.
func (a *Account) FirstLink(ctx context.Context) (token string, err error) {
	err = a.update(ctx, func(tx *store.Tx) error {
		token = ""
		some, err := tx.AnyAgent(ctx)
		if err != nil || some {
			return err
		}
		now := a.Now()
		if err := tx.VoidLinks(ctx, access.FirstAdmin, now); err != nil {
			return err
		}
		token = secret.Token()
		return tx.InsertLink(ctx, secret.Fingerprint(token), access.NewLink(access.FirstAdmin, 0, now))
	})
	return token, err
}

// Setup is what a link is for.
type Setup struct {
	Kind  access.LinkKind `json:"kind"`
	Email string          `json:"email,omitempty"` // of whom it is for
}

// Setup returns what a link is for, or access.ErrLinkGone.
func (a *Account) Setup(ctx context.Context, token string) (s Setup, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		link, who, err := a.link(ctx, tx, token)
		s = Setup{Kind: link.Kind, Email: who.Email}
		return err
	})
	return s, err
}

// link returns a link that can be used, and whom it is for.
func (a *Account) link(ctx context.Context, tx *store.Tx, token string) (access.Link, agent.Agent, error) {
	link, err := tx.Link(ctx, secret.Fingerprint(token))
	if err == nil {
		err = link.Check(a.Now())
	}
	if err != nil {
		return link, agent.Agent{}, err
	}
	if link.Kind == access.FirstAdmin {
		some, err := tx.AnyAgent(ctx)
		if err == nil && some {
			err = access.ErrLinkGone
		}
		return link, agent.Agent{}, err
	}
	who, err := tx.Agent(ctx, link.Agent)
	if err == nil && who.Disabled {
		err = access.ErrLinkGone
	}
	return link, who, err
}

// Completion is what the holder of a link tells us.
type Completion struct {
	Email    string // of the first administrator; others have one
	Name     string // empty: as it was
	Password string
	Language string // of the first administrator
}

// Complete uses a link, once: it sets the password, ends what was open before,
// and begins a session.
func (a *Account) Complete(ctx context.Context, token string, c Completion, from From) (in SignedIn, err error) {
	if err := access.CheckPassword(c.Password); err != nil {
		return in, err
	}
	if _, err := a.Setup(ctx, token); err != nil {
		return in, err // before anything costly
	}
	hash, err := secret.HashPassword(ctx, c.Password)
	if err != nil {
		return in, err
	}
	err = a.update(ctx, func(tx *store.Tx) error {
		link, who, err := a.link(ctx, tx, token)
		if err != nil {
			return err
		}
		if err := tx.UseLink(ctx, secret.Fingerprint(token), a.Now()); err != nil {
			return err
		}
		if link.Kind == access.FirstAdmin {
			who, err = a.firstAdmin(ctx, tx, c)
		} else {
			who, err = a.comeIn(ctx, tx, who, c)
		}
		if err != nil {
			return err
		}
		if err := a.completed(ctx, tx, link.Kind, who, hash, from); err != nil {
			return err
		}
		in, err = a.start(ctx, tx, access.Login{Agent: who.ID, Name: who.Name}, from)
		return err
	})
	return in, err
}

// firstAdmin makes the first agent. One person must be able to try all of the
// product, so it is a supervisor too, in the team that is there.
func (a *Account) firstAdmin(ctx context.Context, tx *store.Tx, c Completion) (agent.Agent, error) {
	now := a.Now()
	who := agent.Agent{
		ID: agent.NewID(now), Email: access.FoldEmail(c.Email), Name: c.Name, Language: c.Language,
		Capacity: defaultCapacity, CreatedAt: now,
	}
	if err := who.Check(); err != nil {
		return who, err
	}
	if err := tx.InsertAgent(ctx, who); err != nil {
		return who, err
	}
	roles, err := tx.Roles(ctx)
	if err != nil {
		return who, err
	}
	var held []agent.RoleID
	for _, r := range roles {
		if r.Builtin && (r.Name == agent.AdminRole || r.Name == "supervisor") {
			held = append(held, r.ID)
		}
	}
	if err := tx.SetAgentRoles(ctx, who.ID, held); err != nil {
		return who, err
	}
	teams, err := tx.Teams(ctx)
	if err != nil || len(teams) == 0 {
		return who, err
	}
	return who, tx.SetAgentTeams(ctx, who.ID, []agent.TeamID{teams[0].ID})
}

const defaultCapacity = 5

// comeIn takes the name that somebody chose for themselves.
func (a *Account) comeIn(ctx context.Context, tx *store.Tx, who agent.Agent, c Completion) (agent.Agent, error) {
	if c.Name == "" || c.Name == who.Name {
		return who, nil
	}
	who.Name = c.Name
	if err := who.Check(); err != nil {
		return who, err
	}
	return who, tx.SaveAgent(ctx, who)
}

// completed writes the password and ends everything that came before it.
func (a *Account) completed(ctx context.Context, tx *store.Tx, kind access.LinkKind, who agent.Agent, hash string, from From) error {
	now := a.Now()
	if err := tx.SetPassword(ctx, who.ID, hash); err != nil {
		return err
	}
	if err := tx.VoidLinksOf(ctx, who.ID, now); err != nil {
		return err
	}
	if err := endOthers(ctx, tx, who.ID, 0, a); err != nil {
		return err
	}
	if err := tx.ForgetAttempts(ctx, triesOf(who.Email, "").account); err != nil {
		return err
	}
	if err := tellChanged(ctx, tx, now); err != nil {
		return err
	}
	by := agent.Actor{Agent: who.ID, Name: who.Name, Address: from.Address}
	return tx.Audit(ctx, audit.By(by, now, "agent.setup", audit.Of("agent", who.ID, who.Name), map[string]any{"link": kind}))
}
