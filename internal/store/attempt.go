package store

import (
	"context"
	"database/sql"
	"errors"

	"yingda/internal/domain/access"
	"yingda/internal/store/sqlcgen"
)

// Attempts returns the wrong passwords that came under a name.
func (tx *Tx) Attempts(ctx context.Context, name string) (access.Attempts, error) {
	r, err := tx.AttemptRow(ctx, name)
	if errors.Is(err, sql.ErrNoRows) {
		return access.Attempts{}, nil
	}
	return access.Attempts{Failures: int(r.Failures), LockedUntil: at(r.LockedUntil), UpdatedAt: at(r.UpdatedAt)}, err
}

// HoldAttempts returns the same, and keeps others from counting under the name
// until the transaction ends. SaveAttempts must follow.
func (tx *Tx) HoldAttempts(ctx context.Context, name string) (access.Attempts, error) {
	r, err := tx.HoldAttempt(ctx, name) // the write that takes the lock adds one, which SaveAttempts overwrites
	return access.Attempts{Failures: int(r.Failures) - 1, LockedUntil: at(r.LockedUntil), UpdatedAt: at(r.UpdatedAt)}, err
}

// SaveAttempts writes what HoldAttempts returned, with one more failure.
func (tx *Tx) SaveAttempts(ctx context.Context, name string, a access.Attempts) error {
	return tx.SaveAttempt(ctx, sqlcgen.SaveAttemptParams{
		Failures: int64(a.Failures), LockedUntil: ms(a.LockedUntil), UpdatedAt: ms(a.UpdatedAt), Name: name,
	})
}

// ForgetAttempts ends the row of failures under a name.
func (tx *Tx) ForgetAttempts(ctx context.Context, name string) error {
	return tx.DeleteAttempt(ctx, name)
}
