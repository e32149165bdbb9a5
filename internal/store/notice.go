package store

import (
	"context"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/event"
	"yingda/internal/store/sqlcgen"
)

// InsertNotice tells an agent something.
func (tx *Tx) InsertNotice(ctx context.Context, to agent.ID, n event.Notice) error {
	return tx.Queries.InsertNotice(ctx, sqlcgen.InsertNoticeParams{
		ID: int64(n.ID), AgentID: to, Kind: n.Kind, ConversationID: n.Conversation, CaseID: n.Case, Text: n.Text, FromName: n.FromName, At: ms(n.At),
	})
}

// Notices returns what an agent was told last, newest first, and how much of
// all of it is unread.
func (tx *Tx) Notices(ctx context.Context, to agent.ID, most int) (ns []event.Notice, unread int, err error) {
	rows, err := tx.Queries.Notices(ctx, sqlcgen.NoticesParams{AgentID: to, Most: int64(most)})
	if err != nil {
		return nil, 0, err
	}
	ns = make([]event.Notice, 0, len(rows))
	for _, r := range rows {
		ns = append(ns, event.Notice{
			ID: event.NoticeID(r.ID), At: at(r.At), Kind: r.Kind, Conversation: r.ConversationID, Case: r.CaseID, Text: r.Text, FromName: r.FromName, Read: r.ReadAt != 0,
		})
	}
	n, err := tx.CountUnreadNotices(ctx, to)
	return ns, int(n), err
}

// ReadNotices marks all that an agent was told as read.
func (tx *Tx) ReadNotices(ctx context.Context, by agent.ID, now time.Time) error {
	return tx.Queries.ReadNotices(ctx, sqlcgen.ReadNoticesParams{AgentID: by, At: ms(now)})
}

// TrimNotices forgets notices from before a time.
func (tx *Tx) TrimNotices(ctx context.Context, before time.Time) error {
	return tx.Queries.TrimNotices(ctx, ms(before))
}
