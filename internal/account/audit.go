package account

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
)

// AuditLog returns the entries that f chooses, the newest first. What concerns
// a case about the actor is not for them (R108).
func (a *Account) AuditLog(ctx context.Context, by agent.Actor, f audit.Filter) ([]audit.Entry, error) {
	if err := by.Need(agent.AuditRead); err != nil {
		return nil, err
	}
	about, err := a.DB.Now().CasesAccusing(ctx, by.Agent)
	if err != nil {
		return nil, err
	}
	f.Without = append(f.Without, about...)
	return a.DB.Now().AuditEntries(ctx, f)
}
