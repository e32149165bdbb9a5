package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/kit/fault"
	"yingda/internal/store/sqlcgen"
)

// InsertSession adds a session, to be found by the fingerprint of its token.
func (tx *Tx) InsertSession(ctx context.Context, fingerprint string, s access.Session) error {
	return tx.Queries.InsertSession(ctx, sqlcgen.InsertSessionParams{
		ID: int64(s.ID), TokenHash: fingerprint, AgentID: s.Agent, Address: s.Address, Device: s.Device,
		CreatedAt: ms(s.CreatedAt), LastSeenAt: ms(s.LastSeenAt), ExpiresAt: ms(s.ExpiresAt),
	})
}

// Session returns the session with the fingerprint of a token, also an expired
// one. It is false if there is none.
func (tx *Tx) Session(ctx context.Context, fingerprint string) (access.Session, bool, error) {
	r, err := tx.SessionRow(ctx, fingerprint)
	if errors.Is(err, sql.ErrNoRows) {
		return access.Session{}, false, nil
	}
	return sessionOf(sqlcgen.SessionRowsRow(r)), err == nil, err
}

// SessionsOf returns the sessions of an agent that have not expired, the one
// used last first, a hundred at the most.
func (tx *Tx) SessionsOf(ctx context.Context, a agent.ID, now time.Time) ([]access.Session, error) {
	rows, err := tx.SessionRows(ctx, sqlcgen.SessionRowsParams{AgentID: a, Now: ms(now)})
	sessions := make([]access.Session, 0, len(rows))
	for _, r := range rows {
		sessions = append(sessions, sessionOf(r))
	}
	return sessions, err
}

// SeeSession writes that a session, and so its agent, was seen.
func (tx *Tx) SeeSession(ctx context.Context, s access.Session) error {
	if err := tx.SetAgentSeen(ctx, sqlcgen.SetAgentSeenParams{LastSeenAt: ms(s.LastSeenAt), ID: s.Agent}); err != nil {
		return err
	}
	return tx.SetSessionSeen(ctx, sqlcgen.SetSessionSeenParams{LastSeenAt: ms(s.LastSeenAt), ExpiresAt: ms(s.ExpiresAt), ID: int64(s.ID)})
}

// EndSession removes one session of an agent.
func (tx *Tx) EndSession(ctx context.Context, a agent.ID, id access.SessionID) error {
	n, err := tx.DeleteSession(ctx, sqlcgen.DeleteSessionParams{ID: int64(id), AgentID: a})
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "session.unknown", "this session has ended already")
	}
	return err
}

// EndSessions removes all sessions of an agent but one, which may be zero, and
// returns how many.
func (tx *Tx) EndSessions(ctx context.Context, a agent.ID, keep access.SessionID) (int, error) {
	n, err := tx.DeleteSessionsOf(ctx, sqlcgen.DeleteSessionsOfParams{AgentID: a, Keep: int64(keep)})
	return int(n), err
}

// TrimAccess forgets what can let nobody in any more: expired sessions, links
// and codes, and wrong passwords of long ago.
func (tx *Tx) TrimAccess(ctx context.Context, now time.Time) error {
	_, err := tx.DeleteExpiredSessions(ctx, ms(now))
	if err == nil {
		_, err = tx.DeleteExpiredLinks(ctx, ms(now.Add(-30*24*time.Hour)))
	}
	if err == nil {
		_, err = tx.DeleteOldAttempts(ctx, ms(now.Add(-24*time.Hour)))
	}
	if err == nil {
		err = tx.trimCustomers(ctx, now)
	}
	return err
}

func sessionOf(r sqlcgen.SessionRowsRow) access.Session {
	return access.Session{
		ID: access.SessionID(r.ID), Agent: r.AgentID, Address: r.Address, Device: r.Device,
		CreatedAt: at(r.CreatedAt), LastSeenAt: at(r.LastSeenAt), ExpiresAt: at(r.ExpiresAt),
	}
}
