package api

import (
	"context"
	"time"

	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
)

func (a *API) keys(r *router) {
	call(r, get("/api-keys", "Keys of integrations, the newest first").needs(agent.KeyManage), a.listKeys)
	call(r, post("/api-keys", "Make a key; its secret is shown once").needs(agent.KeyManage), a.makeKey)
	act(r, remove("/api-keys/{id}", "Revoke a key").needs(agent.KeyManage), a.revokeKey)
}

type pageOfKeys struct {
	Cursor param[access.KeyID] `query:"cursor" doc:"next of the page before"`
	Limit  int                 `query:"limit" minimum:"1" maximum:"100" default:"100"`
}

func (a *API) listKeys(ctx context.Context, by agent.Actor, in *pageOfKeys) (list[access.Key], error) {
	keys, err := a.Account.Keys(ctx, by, in.Cursor.Value, in.Limit+1)
	return page(keys, in.Limit, func(k access.Key) string { return k.ID.String() }), err
}

type keyDraft struct {
	Name        string             `json:"name"`
	Permissions []agent.Permission `json:"permissions" doc:"no more than one's own"`
	ExpiresAt   time.Time          `json:"expires_at,omitzero" doc:"absent: never"`
}

// newKey is a key with its secret.
type newKey struct {
	access.Key
	Secret string `json:"secret" doc:"shown now and never again"`
}

func (a *API) makeKey(ctx context.Context, by agent.Actor, in *struct{ Body keyDraft }) (newKey, error) {
	k, secret, err := a.Account.MakeKey(ctx, by, in.Body.Name, in.Body.Permissions, in.Body.ExpiresAt)
	return newKey{Key: k, Secret: secret}, err
}

func (a *API) revokeKey(ctx context.Context, by agent.Actor, in *byID[access.KeyID]) error {
	return a.Account.RevokeKey(ctx, by, in.ID.Value)
}
