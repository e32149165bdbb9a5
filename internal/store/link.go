package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/store/sqlcgen"
)

// InsertLink adds a link, to be found by the fingerprint of its token.
func (tx *Tx) InsertLink(ctx context.Context, fingerprint string, l access.Link) error {
	return tx.Queries.InsertLink(ctx, sqlcgen.InsertLinkParams{
		TokenHash: fingerprint, Kind: string(l.Kind), AgentID: l.Agent, ExpiresAt: ms(l.ExpiresAt), CreatedAt: ms(l.CreatedAt),
	})
}

// Link returns the link with the fingerprint of a token, or access.ErrLinkGone.
func (tx *Tx) Link(ctx context.Context, fingerprint string) (access.Link, error) {
	r, err := tx.LinkRow(ctx, fingerprint)
	if errors.Is(err, sql.ErrNoRows) {
		return access.Link{}, access.ErrLinkGone
	}
	return access.Link{
		Kind: access.LinkKind(r.Kind), Agent: r.AgentID,
		CreatedAt: at(r.CreatedAt), ExpiresAt: at(r.ExpiresAt), UsedAt: at(r.UsedAt),
	}, err
}

// UseLink marks a link as used, or returns access.ErrLinkGone if it cannot be
// used any more: of two who try at once, one gets in.
func (tx *Tx) UseLink(ctx context.Context, fingerprint string, now time.Time) error {
	n, err := tx.Queries.UseLink(ctx, sqlcgen.UseLinkParams{UsedAt: ms(now), TokenHash: fingerprint})
	if err == nil && n == 0 {
		return access.ErrLinkGone
	}
	return err
}

// VoidLinksOf ends all links of an agent.
func (tx *Tx) VoidLinksOf(ctx context.Context, a agent.ID, now time.Time) error {
	return tx.Queries.VoidLinksOf(ctx, sqlcgen.VoidLinksOfParams{UsedAt: ms(now), AgentID: a})
}

// VoidLinks ends all links of a kind.
func (tx *Tx) VoidLinks(ctx context.Context, kind access.LinkKind, now time.Time) error {
	return tx.Queries.VoidLinks(ctx, sqlcgen.VoidLinksParams{UsedAt: ms(now), Kind: string(kind)})
}
