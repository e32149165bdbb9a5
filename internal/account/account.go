// Package account is who gets in and what they may do: signing in, sessions,
// one-time links, agents, roles, teams and API keys, and what administrators
// look after: the audit log and the jobs that failed. Customers have accounts
// of another kind here, with one-time codes, for the public pages.
//
// Every change is written to the audit log in its own transaction. Whether an
// actor may do a thing is asked here, not at the doors.
package account

import (
	"context"
	"slices"
	"time"

	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/event"
	"yingda/internal/kit/secret"
	"yingda/internal/post"
	"yingda/internal/store"
)

// Account lets people and integrations in. Its fields are set once, before it
// is used. Without Post, customers get no codes and sign in by password.
type Account struct {
	DB   *store.DB
	Now  func() time.Time
	Post *post.Post
	Seal secret.Seal // of one-time codes; needed with Post
	// Verified is the gate of what is done for verified customers only.
	Verified Gate

	cache cache
}

// From is where somebody signs in.
type From struct {
	Address string // an IP address
	Device  string // as the browser calls itself
}

// update runs f in a transaction that changes what somebody may do.
func (a *Account) update(ctx context.Context, f func(tx *store.Tx) error) error {
	defer a.cache.change()()
	return a.DB.Update(ctx, f)
}

// EnsureBuiltins makes the built-in roles, and brings those of an older
// version up to date. It is called at each start.
func (a *Account) EnsureBuiltins(ctx context.Context) error {
	return a.update(ctx, func(tx *store.Tx) error {
		have, err := tx.Roles(ctx)
		if err != nil {
			return err
		}
		for _, want := range agent.BuiltinRoles() {
			if err := a.ensureRole(ctx, tx, have, want); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *Account) ensureRole(ctx context.Context, tx *store.Tx, have []agent.Role, want agent.Role) error {
	want.Builtin = true
	now := a.Now()
	i := slices.IndexFunc(have, func(r agent.Role) bool { return r.Name == want.Name })
	if i < 0 {
		want.ID = agent.NewRoleID(now)
		if err := tx.InsertRole(ctx, want); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.BySystem(now, "role.create", audit.Of("role", want.ID, want.Name), nil))
	}
	was := have[i]
	want.ID = was.ID
	if was.Scope == want.Scope && slices.Equal(was.Permissions, want.Permissions) {
		return nil
	}
	if err := tx.SaveRole(ctx, want); err != nil {
		return err
	}
	return tx.Audit(ctx, audit.BySystem(now, "role.change", audit.Of("role", want.ID, want.Name), roleChanges(was, want)))
}

// Trim forgets expired sessions and links, and wrong passwords of long ago. It
// is called once a day.
func (a *Account) Trim(ctx context.Context) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error { return tx.TrimAccess(ctx, a.Now()) })
}

// tellEnded announces that sessions have ended, so that what is open in them
// is closed.
func tellEnded(ctx context.Context, tx *store.Tx, who agent.ID, now time.Time, ended ...access.Session) error {
	for _, s := range ended {
		if err := tx.Emit(ctx, event.Event{
			Kind: event.SessionEnded, Agent: who, At: now, Body: event.Encode(event.SessionEnd{Session: s.ID.String()}),
		}); err != nil {
			return err
		}
	}
	return nil
}

// tellChanged announces that agents, roles or teams should be read again.
func tellChanged(ctx context.Context, tx *store.Tx, now time.Time) error {
	return tx.Emit(ctx, event.Event{Kind: event.SettingsChanged, At: now})
}
