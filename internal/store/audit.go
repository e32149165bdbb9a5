package store

import (
	"context"
	"encoding/json"
	"fmt"

	"yingda/internal/domain/audit"
	"yingda/internal/store/sqlcgen"
)

// Audit appends an entry to the audit log. There is no way to change or
// remove one.
func (tx *Tx) Audit(ctx context.Context, e audit.Entry) error {
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return fmt.Errorf("the detail of %s: %w", e.Action, err)
	}
	return tx.InsertAudit(ctx, sqlcgen.InsertAuditParams{
		ID: int64(e.ID), At: ms(e.At),
		ActorKind: string(e.ActorKind), ActorID: e.ActorID, ActorName: e.ActorName,
		Action: e.Action, ObjectKind: e.ObjectKind, ObjectID: e.ObjectID, ObjectName: e.ObjectName,
		Detail: string(detail), Address: e.Address,
	})
}

// AuditEntries returns the entries that f chooses, newest first, f.Limit at
// the most.
func (tx *Tx) AuditEntries(ctx context.Context, f audit.Filter) ([]audit.Entry, error) {
	query, args := auditQuery(f)
	rows, err := tx.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { logClose("audit", rows.Close()) }()
	entries := []audit.Entry{}
	for rows.Next() {
		var e audit.Entry
		var when int64
		var detail string
		err := rows.Scan(&e.ID, &when, &e.ActorKind, &e.ActorID, &e.ActorName,
			&e.Action, &e.ObjectKind, &e.ObjectID, &e.ObjectName, &detail, &e.Address)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(detail), &e.Detail); err != nil {
			return nil, fmt.Errorf("the detail of %s: %w", e.ID, err)
		}
		e.At = at(when)
		entries = append(entries, e)
	}
	return entries, rows.Err()
}

// auditQuery names only the conditions that choose, so that the engine can use
// the index of one of them.
func auditQuery(f audit.Filter) (query string, args []any) {
	l := newList("SELECT id, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, object_name, detail, address FROM audit")
	for _, c := range []struct{ cond, value string }{
		{"actor_id = ?", f.Actor}, {"action = ?", f.Action}, {"object_kind = ?", f.ObjectKind}, {"object_id = ?", f.ObjectID},
	} {
		if c.value != "" {
			l.and(c.cond, c.value)
		}
	}
	if !f.From.IsZero() {
		l.and("at >= ?", ms(f.From))
	}
	if !f.To.IsZero() {
		l.and("at < ?", ms(f.To))
	}
	for _, o := range f.Without {
		l.and("object_id <> ?", o.ID)
		if o.Name != "" { // a compensation bears the number of its case, and macros and rules note it
			l.and("object_name <> ?", o.Name)
			l.and("detail NOT LIKE ?", `%"subject":"`+o.Name+`"%`)
		}
	}
	if !f.Before.IsZero() {
		l.and("id < ?", int64(f.Before))
	}
	query = l.text("ORDER BY id DESC LIMIT ?", f.Limit)
	return query, l.args
}
