package desk

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/event"
	"yingda/internal/store"
)

// shownNotices is how many notices an agent sees; older ones have done their
// work.
const shownNotices = 100

// Notices returns what the actor was told last, newest first, and how much of
// it is unread.
func (d *Desk) Notices(ctx context.Context, by agent.Actor) (ns []event.Notice, unread int, err error) {
	return d.DB.Now().Notices(ctx, by.Agent, shownNotices)
}

// ReadNotices marks all that the actor was told as read.
func (d *Desk) ReadNotices(ctx context.Context, by agent.Actor) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error { return tx.ReadNotices(ctx, by.Agent, d.Now()) })
}
