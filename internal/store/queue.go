package store

import (
	"context"
	"time"
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
