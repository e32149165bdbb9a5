package api

import (
	"context"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/store"
)

func (a *API) bulk(r *router) {
	read := agent.ConversationRead
	call(r, post("/conversations/bulk", "Do the same to many conversations; more than 20 go on as a job").needs(read), a.startBulk)
	call(r, get("/bulk/{id}", "What came of each conversation of a bulk run").needs(read), a.getBulk)
	call(r, post("/bulk/{id}/undo", "Take back what a bulk run did, where it still can be").needs(read), a.undoBulk)
}

type bulkWork struct {
	Body struct {
		desk.Choice
		Act      conversation.BulkAct  `json:"act" enum:"transfer,tag,close,prioritise"`
		Agent    agent.ID              `json:"agent_id,omitzero" doc:"transfer: to a person, or"`
		Team     agent.TeamID          `json:"team_id,omitzero" doc:"transfer: to a team"`
		Note     string                `json:"note,omitempty" doc:"transfer: what the next one must know"`
		Add      []string              `json:"add,omitempty" doc:"tag: put on"`
		Remove   []string              `json:"remove,omitempty" doc:"tag: taken off"`
		Summary  *conversation.Summary `json:"summary,omitempty" doc:"close: of each"`
		Priority int                   `json:"priority,omitempty" minimum:"0" maximum:"2"`
	}
}

func (a *API) startBulk(ctx context.Context, by agent.Actor, in *bulkWork) (store.BulkRun, error) {
	b := in.Body
	return a.Desk.StartBulk(ctx, by, b.Choice, conversation.Bulk{
		Act: b.Act, Agent: b.Agent, Team: b.Team, Note: b.Note, Add: b.Add, Remove: b.Remove, Summary: b.Summary, Priority: b.Priority,
	})
}

func (a *API) getBulk(ctx context.Context, by agent.Actor, in *byID[conversation.BulkID]) (store.BulkRun, error) {
	return a.Desk.Bulk(ctx, by, in.ID.Value)
}

func (a *API) undoBulk(ctx context.Context, by agent.Actor, in *byID[conversation.BulkID]) (store.BulkRun, error) {
	return a.Desk.UndoBulk(ctx, by, in.ID.Value)
}
