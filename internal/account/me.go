package account

import (
	"context"

	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/secret"
	"yingda/internal/store"
)

// Me is an agent as they see themselves: with what they may do.
type Me struct {
	agent.Agent
	Permissions []agent.Permission `json:"permissions"`
	Scope       agent.Scope        `json:"scope"`
}

// Me returns the actor. With an API key it is who made the key, with what the
// key may do.
func (a *Account) Me(ctx context.Context, by agent.Actor) (me Me, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		who, err := tx.Agent(ctx, by.Agent)
		me = Me{Agent: who, Permissions: by.Permissions, Scope: by.Scope}
		if me.Permissions == nil {
			me.Permissions = []agent.Permission{}
		}
		return err
	})
	return me, err
}

// MeOf returns an agent who has just signed in.
func (a *Account) MeOf(ctx context.Context, id agent.ID) (Me, error) {
	by, ok, err := a.DB.Now().Actor(ctx, id)
	if err == nil && !ok {
		err = errExpired
	}
	if err != nil {
		return Me{}, err
	}
	return a.Me(ctx, by)
}

// MeChange is what agents change of themselves. Nil stays as it is.
type MeChange struct {
	Name, Nickname, Language *string
	OldPassword, NewPassword string // both, or neither
}

// ErrOldPassword is the answer to a new password with a wrong old one.
var ErrOldPassword = fault.New(fault.Invalid, "password.old", "the old password is wrong").In("body.old_password")

// EditMe changes the actor. A new password ends all sessions but the one it
// was changed in; the old one is asked for, and wrong ones count as at the
// sign-in.
func (a *Account) EditMe(ctx context.Context, by agent.Actor, session access.SessionID, c MeChange) error {
	if err := by.NeedPerson(); err != nil {
		return err
	}
	hash, err := a.newPassword(ctx, by, c)
	if err != nil {
		return err
	}
	return a.update(ctx, func(tx *store.Tx) error {
		was, err := tx.Agent(ctx, by.Agent)
		if err != nil {
			return err
		}
		is := AgentChange{Name: c.Name, Nickname: c.Nickname, Language: c.Language}.apply(was)
		if err := is.Check(); err != nil {
			return err
		}
		if err := tx.SaveAgent(ctx, is); err != nil {
			return err
		}
		if hash != "" {
			if err := a.setPassword(ctx, tx, by, is, session, hash); err != nil {
				return err
			}
		}
		return a.tellEdited(ctx, tx, by, was, is)
	})
}

// newPassword returns the hash of the password that the actor chose, or
// nothing if they chose none.
func (a *Account) newPassword(ctx context.Context, by agent.Actor, c MeChange) (hash string, err error) {
	if c.NewPassword == "" {
		return "", nil
	}
	if err := access.CheckPassword(c.NewPassword); err != nil {
		return "", err
	}
	who, err := a.DB.Now().Agent(ctx, by.Agent)
	if err != nil {
		return "", err
	}
	t := triesOf(who.Email, "")
	if err := a.begin(ctx, t); err != nil {
		return "", err
	}
	login, err := a.DB.Now().LoginOf(ctx, by.Agent)
	if err != nil {
		return "", err
	}
	right, err := isPassword(ctx, c.OldPassword, login)
	if err != nil {
		return "", err
	}
	if !right {
		return "", ErrOldPassword
	}
	return secret.HashPassword(ctx, c.NewPassword)
}

func (a *Account) setPassword(ctx context.Context, tx *store.Tx, by agent.Actor, who agent.Agent, session access.SessionID, hash string) error {
	now := a.Now()
	if err := tx.SetPassword(ctx, who.ID, hash); err != nil {
		return err
	}
	if err := tx.ForgetAttempts(ctx, triesOf(who.Email, "").account); err != nil {
		return err
	}
	if err := tx.VoidLinksOf(ctx, who.ID, now); err != nil {
		return err
	}
	if err := endOthers(ctx, tx, who.ID, session, a); err != nil {
		return err
	}
	return tx.Audit(ctx, audit.By(by, now, "agent.password", audit.Of("agent", who.ID, who.Name), nil))
}
