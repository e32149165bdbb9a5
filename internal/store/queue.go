package store

import (
	"context"
	"time"

	"yingda/internal/domain/conversation"
	"yingda/internal/store/sqlcgen"
)

// Jobs of the desk that others leave too.
const (
	RouteJob      = "desk.route"  // look at the queue
	SkillCheckJob = "desk.skills" // does anybody have what inboxes need?
)

// WantRoute leaves a job that looks at the queue; one is enough for all that
// changes until it runs.
func (tx *Tx) WantRoute(ctx context.Context, due, now time.Time) error {
	return tx.EnqueueLook(ctx, RouteJob, due, now)
}

// WantSkillCheck leaves a job that looks for needs that nobody can meet.
func (tx *Tx) WantSkillCheck(ctx context.Context, now time.Time) error {
	return tx.EnqueueOnce(ctx, SkillCheckJob, "skills", nil, now, now)
}

// HeadOfWaiting returns who is next, one conversation aside; false if nobody
// else waits.
func (tx *Tx) HeadOfWaiting(ctx context.Context, but conversation.ID) (c conversation.Conversation, ok bool, err error) {
	rows, err := tx.HeadBut(ctx, but)
	return first(rows, err)
}

// PlaceBefore returns the moment with which a conversation stands right before
// another in the queue. Where two stand so close that there is none between
// them, those before move up.
func (tx *Tx) PlaceBefore(ctx context.Context, c, other conversation.Conversation) (time.Time, error) {
	const apart = time.Second
	p, ok, err := tx.standsBefore(ctx, c.ID, other)
	switch {
	case err != nil:
		return time.Time{}, err
	case !ok:
		return other.RankAt.Add(-apart), nil
	}
	if gap := other.RankAt.Sub(p.RankAt); gap >= 2*time.Millisecond {
		return p.RankAt.Add(gap / 2).Truncate(time.Millisecond), nil
	}
	err = tx.MakeRoomBefore(ctx, sqlcgen.MakeRoomBeforeParams{By: apart.Milliseconds(), But: c.ID, RankAt: ms(other.RankAt), ID: other.ID})
	return other.RankAt.Add(-apart / 2), err
}

func (tx *Tx) standsBefore(ctx context.Context, but conversation.ID, c conversation.Conversation) (conversation.Conversation, bool, error) {
	rows, err := tx.StandsBefore(ctx, sqlcgen.StandsBeforeParams{But: but, RankAt: ms(c.RankAt), ID: c.ID})
	return first(rows, err)
}

func first(rows []sqlcgen.Conversation, err error) (conversation.Conversation, bool, error) {
	if err != nil || len(rows) == 0 {
		return conversation.Conversation{}, false, err
	}
	return maybeConversation(rows[0], nil)
}
