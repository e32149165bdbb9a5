package api

import (
	"context"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
)

func (a *API) audit(r *router) {
	call(r, get("/audit", "Who did what, the newest first").needs(agent.AuditRead), a.listAudit)
}

type listAudit struct {
	Actor      string          `query:"actor" maxLength:"40" doc:"an agent's id"`
	Action     string          `query:"action" maxLength:"80"`
	ObjectKind string          `query:"object_kind" maxLength:"80"`
	ObjectID   string          `query:"object_id" maxLength:"80"`
	From       time.Time       `query:"from" doc:"in"`
	To         time.Time       `query:"to" doc:"out"`
	Cursor     param[audit.ID] `query:"cursor" doc:"next of the page before"`
	Limit      int             `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

func (a *API) listAudit(ctx context.Context, by agent.Actor, in *listAudit) (list[audit.Entry], error) {
	es, err := a.Account.AuditLog(ctx, by, audit.Filter{
		Actor: in.Actor, Action: in.Action, ObjectKind: in.ObjectKind, ObjectID: in.ObjectID,
		From: in.From, To: in.To, Before: in.Cursor.Value, Limit: in.Limit + 1,
	})
	return page(es, in.Limit, func(e audit.Entry) string { return e.ID.String() }), err
}
