package account

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/store"
)

// Jobs returns jobs in a state, the newest first, those before an id, most of
// them at the most.
func (a *Account) Jobs(ctx context.Context, by agent.Actor, state string, before store.JobID, most int) ([]store.Job, error) {
	if err := by.Need(agent.JobManage); err != nil {
		return nil, err
	}
	return a.DB.Now().Jobs(ctx, state, before, most)
}

// RetryJob starts a dead job again.
func (a *Account) RetryJob(ctx context.Context, by agent.Actor, id store.JobID) error {
	return a.dead(ctx, by, "job.retry", id, func(tx *store.Tx) error { return tx.ReviveJob(ctx, id, a.Now()) })
}

// RemoveJob forgets a dead job.
func (a *Account) RemoveJob(ctx context.Context, by agent.Actor, id store.JobID) error {
	return a.dead(ctx, by, "job.delete", id, func(tx *store.Tx) error { return tx.RemoveJob(ctx, id) })
}

func (a *Account) dead(ctx context.Context, by agent.Actor, action string, id store.JobID, f func(*store.Tx) error) error {
	if err := by.Need(agent.JobManage); err != nil {
		return err
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, a.Now(), action, audit.Of("job", id, ""), nil))
	})
}
