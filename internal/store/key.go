package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yingda/internal/domain/access"
	"yingda/internal/store/sqlcgen"
)

// InsertKey adds an API key, to be found by the fingerprint of its secret.
func (tx *Tx) InsertKey(ctx context.Context, fingerprint string, k access.Key) error {
	permissions, err := json.Marshal(k.Permissions)
	if err != nil {
		return err
	}
	return tx.Queries.InsertKey(ctx, sqlcgen.InsertKeyParams{
		ID: int64(k.ID), Name: k.Name, Prefix: k.Prefix, TokenHash: fingerprint, Permissions: string(permissions),
		CreatedBy: k.CreatedBy, CreatedAt: ms(k.CreatedAt), ExpiresAt: ms(k.ExpiresAt),
	})
}

// Key returns the API key with the fingerprint of a secret, also one that is
// not valid any more. It is false if there is none.
func (tx *Tx) Key(ctx context.Context, fingerprint string) (access.Key, bool, error) {
	r, err := tx.KeyRow(ctx, fingerprint)
	if errors.Is(err, sql.ErrNoRows) {
		return access.Key{}, false, nil
	}
	if err != nil {
		return access.Key{}, false, err
	}
	k, err := keyOf(sqlcgen.KeyRowsRow(r))
	return k, err == nil, err
}

// Keys returns API keys that were not revoked, the newest first, those before
// an id (zero: from the newest), most of them at the most.
func (tx *Tx) Keys(ctx context.Context, before access.KeyID, most int) ([]access.Key, error) {
	if before.IsZero() {
		before = maxID
	}
	rows, err := tx.KeyRows(ctx, sqlcgen.KeyRowsParams{Before: int64(before), Most: int64(most)})
	if err != nil {
		return nil, err
	}
	keys := make([]access.Key, 0, len(rows))
	for _, r := range rows {
		k, err := keyOf(r)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return keys, nil
}

// SeeKey writes that an API key was used.
func (tx *Tx) SeeKey(ctx context.Context, k access.Key) error {
	return tx.SetKeyUsed(ctx, sqlcgen.SetKeyUsedParams{LastUsedAt: ms(k.LastUsedAt), ID: int64(k.ID)})
}

// RevokeKey ends an API key and returns its name.
func (tx *Tx) RevokeKey(ctx context.Context, id access.KeyID, now time.Time) (name string, err error) {
	name, err = tx.RevokeKeyRow(ctx, sqlcgen.RevokeKeyRowParams{RevokedAt: ms(now), ID: int64(id)})
	return name, notFound(err, "key.unknown", "API key")
}

func keyOf(r sqlcgen.KeyRowsRow) (access.Key, error) {
	k := access.Key{
		ID: access.KeyID(r.ID), Name: r.Name, Prefix: r.Prefix, CreatedBy: r.CreatedBy, CreatedByName: r.CreatedByName,
		CreatedAt: at(r.CreatedAt), LastUsedAt: at(r.LastUsedAt), ExpiresAt: at(r.ExpiresAt), RevokedAt: at(r.RevokedAt),
	}
	if err := json.Unmarshal([]byte(r.Permissions), &k.Permissions); err != nil {
		return k, fmt.Errorf("the permissions of API key %s: %w", k.ID, err)
	}
	return k, nil
}
