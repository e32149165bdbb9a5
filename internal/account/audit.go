package account

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
)

// AuditLog returns the entries that f chooses, the newest first.
func (a *Account) AuditLog(ctx context.Context, by agent.Actor, f audit.Filter) ([]audit.Entry, error) {
	if err := by.Need(agent.AuditRead); err != nil {
		return nil, err
	}
	return a.DB.Now().AuditEntries(ctx, f)
}
