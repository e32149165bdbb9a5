package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/store/sqlcgen"
)

// BeatNode records that a node lives.
func (tx *Tx) BeatNode(ctx context.Context, name string, now time.Time) error {
	return tx.Queries.BeatNode(ctx, sqlcgen.BeatNodeParams{Name: name, At: ms(now)})
}

// NodeBeat returns when a node lived last; zero if it is not known.
func (tx *Tx) NodeBeat(ctx context.Context, name string) (time.Time, error) {
	t, err := tx.NodeBeats(ctx, name)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return at(t), err
}

// SilentNodes returns the nodes but one that have not been heard of since a time.
func (tx *Tx) SilentNodes(ctx context.Context, since time.Time, but string) ([]string, error) {
	return tx.NodesSilent(ctx, sqlcgen.NodesSilentParams{Since: ms(since), But: but})
}

// ForgetNode forgets a node, its door and the consoles that were open there; false if it
// has been heard of since before.
func (tx *Tx) ForgetNode(ctx context.Context, name string, before time.Time) (bool, error) {
	n, err := tx.Queries.ForgetNode(ctx, sqlcgen.ForgetNodeParams{Name: name, Before: ms(before)})
	if err != nil || n == 0 {
		return false, err
	}
	if err := tx.DropDoor(ctx, name); err != nil {
		return false, err
	}
	return true, tx.CloseConsoles(ctx, name)
}

// OpenConsole records that an agent has a console open at a node.
func (tx *Tx) OpenConsole(ctx context.Context, node string, a agent.ID) error {
	if err := tx.lock(ctx, "agents", int64(a)); err != nil {
		return err
	}
	return tx.Queries.OpenConsole(ctx, sqlcgen.OpenConsoleParams{Node: node, AgentID: a})
}

// CloseConsole records that an agent has none open there any more.
func (tx *Tx) CloseConsole(ctx context.Context, node string, a agent.ID) error {
	if err := tx.lock(ctx, "agents", int64(a)); err != nil {
		return err
	}
	return tx.Queries.CloseConsole(ctx, sqlcgen.CloseConsoleParams{Node: node, AgentID: a})
}
