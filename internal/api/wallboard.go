package api

import (
	"context"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/report"
	"yingda/internal/store"
)

func (a *API) wallboard(r *router) {
	watch := agent.ConversationMonitor
	call(r, get("/wallboard", "The house now, as far as one's scope reaches: figures, queue, promises at risk, agents; the feed tells what changes").needs(watch), a.getWallboard)
	call(r, put("/agents/{id}/presence", "Set another agent's presence, with a reason that they are told").needs(watch), a.forcePresence)
	call(r, get("/agents/{id}/presences", "The last presences of an agent that are over, newest first, and who set them").needs(watch), a.listPresences)
}

func (a *API) getWallboard(ctx context.Context, by agent.Actor, _ *struct{}) (report.Wallboard, error) {
	return a.Report.Wallboard(ctx, by)
}

type presenceOrder struct {
	State  agent.State `json:"state" doc:"online, break or offline"`
	Reason string      `json:"reason,omitempty" doc:"of a break"`
	Why    string      `json:"why" doc:"the agent is told"`
}

func (a *API) forcePresence(ctx context.Context, by agent.Actor, in *withBody[agent.ID, presenceOrder]) (agent.Presence, error) {
	return a.Desk.ForcePresence(ctx, by, in.ID.Value, desk.Order(in.Body))
}

func (a *API) listPresences(ctx context.Context, by agent.Actor, in *byID[agent.ID]) (list[store.PresencePast], error) {
	past, err := a.Desk.PresenceLog(ctx, by, in.ID.Value)
	return list[store.PresencePast]{Items: past}, err
}
