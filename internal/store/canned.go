package store

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/canned"
	"yingda/internal/store/sqlcgen"
)

// Canned returns a canned reply by id.
func (tx *Tx) Canned(ctx context.Context, id canned.ID) (canned.Reply, error) {
	r, err := tx.Queries.Canned(ctx, int64(id))
	if err != nil {
		return canned.Reply{}, notFound(err, "canned.unknown", "reply")
	}
	return cannedOf(r), nil
}

// CannedOf returns the shared replies and an agent's own, by shortcut.
func (tx *Tx) CannedOf(ctx context.Context, by agent.ID) ([]canned.Reply, error) {
	rows, err := tx.Queries.CannedOf(ctx, by)
	rs := make([]canned.Reply, 0, len(rows))
	for _, r := range rows {
		rs = append(rs, cannedOf(r))
	}
	return rs, err
}

// InsertCanned adds a reply.
func (tx *Tx) InsertCanned(ctx context.Context, r canned.Reply) error {
	return tx.Queries.InsertCanned(ctx, sqlcgen.InsertCannedParams{
		ID: int64(r.ID), AgentID: r.Agent, Shortcut: r.Shortcut, Title: r.Title, Text: r.Text, Language: r.Language, Folder: r.Folder,
	})
}

// SaveCanned writes a reply back. The last one to write wins.
func (tx *Tx) SaveCanned(ctx context.Context, r canned.Reply) error {
	return tx.Queries.SaveCanned(ctx, sqlcgen.SaveCannedParams{
		ID: int64(r.ID), AgentID: r.Agent, Shortcut: r.Shortcut, Title: r.Title, Text: r.Text, Language: r.Language, Folder: r.Folder,
	})
}

// DeleteCanned removes a reply.
func (tx *Tx) DeleteCanned(ctx context.Context, id canned.ID) error {
	return tx.Queries.DeleteCanned(ctx, int64(id))
}

func cannedOf(r sqlcgen.Canned) canned.Reply {
	return canned.Reply{
		ID: canned.ID(r.ID), Agent: r.AgentID, Shortcut: r.Shortcut, Title: r.Title, Text: r.Text, Language: r.Language, Folder: r.Folder,
		Shared: r.AgentID.IsZero(), Uses: r.Uses,
	}
}

// CountCanned counts that an agent sent a reply of theirs or a shared one.
func (tx *Tx) CountCanned(ctx context.Context, by agent.ID, id canned.ID) error {
	return tx.UseCanned(ctx, sqlcgen.UseCannedParams{ID: int64(id), AgentID: by})
}
