package api

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/store"
)

func (a *API) jobs(r *router) {
	call(r, get("/jobs", "Work that waits, runs or was given up, the newest first").needs(agent.JobManage), a.listJobs)
	act(r, post("/jobs/{id}/retry", "Start a job again that was given up").needs(agent.JobManage), a.retryJob)
	act(r, remove("/jobs/{id}", "Forget a job that was given up").needs(agent.JobManage), a.removeJob)
}

type listJobs struct {
	State  string             `query:"state" enum:"ready,running,dead" default:"dead"`
	Cursor param[store.JobID] `query:"cursor" doc:"next of the page before"`
	Limit  int                `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

func (a *API) listJobs(ctx context.Context, by agent.Actor, in *listJobs) (list[store.Job], error) {
	jobs, err := a.Account.Jobs(ctx, by, in.State, in.Cursor.Value, in.Limit+1)
	return page(jobs, in.Limit, func(j store.Job) string { return j.ID.String() }), err
}

func (a *API) retryJob(ctx context.Context, by agent.Actor, in *byID[store.JobID]) error {
	return a.Account.RetryJob(ctx, by, in.ID.Value)
}

func (a *API) removeJob(ctx context.Context, by agent.Actor, in *byID[store.JobID]) error {
	return a.Account.RemoveJob(ctx, by, in.ID.Value)
}
