package account

import (
	"context"
	"time"

	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/kit/secret"
	"yingda/internal/store"
)

// Keys returns API keys, the newest first, those before an id, most of them at
// the most. Their secrets are nowhere.
func (a *Account) Keys(ctx context.Context, by agent.Actor, before access.KeyID, most int) ([]access.Key, error) {
	if err := by.Need(agent.KeyManage); err != nil {
		return nil, err
	}
	return a.DB.Now().Keys(ctx, before, most)
}

// MakeKey adds an API key and returns its secret, which nobody can see again.
// A key never does more than its maker.
func (a *Account) MakeKey(ctx context.Context, by agent.Actor, name string, permissions []agent.Permission, expires time.Time) (k access.Key, shown string, err error) {
	if err := by.NeedPerson(); err != nil {
		return k, "", err
	}
	if err := by.Need(agent.KeyManage); err != nil {
		return k, "", err
	}
	now := a.Now()
	if k, err = access.NewKey(by, name, permissions, expires, now); err != nil {
		return k, "", err
	}
	shown = access.KeyPrefix + secret.Token()
	k.Prefix = shown[:len(access.KeyPrefix)+6]
	err = a.update(ctx, func(tx *store.Tx) error {
		if err := tx.InsertKey(ctx, secret.Fingerprint(shown), k); err != nil {
			return err
		}
		detail := map[string]any{"permissions": k.Permissions}
		if !k.ExpiresAt.IsZero() {
			detail["expires_at"] = k.ExpiresAt
		}
		return tx.Audit(ctx, audit.By(by, now, "key.create", audit.Of("api_key", k.ID, k.Name), detail))
	})
	return k, shown, err
}

// RevokeKey ends an API key.
func (a *Account) RevokeKey(ctx context.Context, by agent.Actor, id access.KeyID) error {
	if err := by.Need(agent.KeyManage); err != nil {
		return err
	}
	return a.update(ctx, func(tx *store.Tx) error {
		now := a.Now()
		name, err := tx.RevokeKey(ctx, id, now)
		if err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, now, "key.revoke", audit.Of("api_key", id, name), nil))
	})
}
