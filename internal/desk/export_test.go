package desk

import (
	"context"

	"yingda/internal/channel"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/ticket"
	"yingda/internal/store"
)

// Statements receives a message and returns how many statements it took.
func (d *Desk) Statements(ctx context.Context, in channel.Inbound) (n int, err error) {
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		err := d.receive(ctx, tx, in, &channel.Receipt{})
		n = tx.Statements()
		return err
	})
	return n, err
}

// Settled reports whether a case was solved, as far as we know.
func Settled(k ticket.Kind, s ticket.State) bool { return settled(k, s) }

// Branches are the codes by which a category is matched.
func Branches(category string) []string { return branches(category) }

// Listed are the conversations of a run over a list, of which at most so many
// pages are read.
func (d *Desk) Listed(ctx context.Context, q ListQuery, pages int) (items []store.BulkItem, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		items, err = listed(ctx, tx, q, pages)
		return err
	})
	return items, err
}

// PublishedFlows is what customers are carried through.
func (d *Desk) PublishedFlows(ctx context.Context, tx *store.Tx) (flow.Library, error) {
	return d.flows(ctx, tx)
}
