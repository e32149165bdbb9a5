package api

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/company"
	"yingda/internal/domain/filter"
)

func (a *API) settings(r *router) {
	call(r, get("/settings", "What the company says of itself, and how it sorts its work"), a.getSettings)
	call(r, patch("/settings", "Change some of the settings").needs(agent.SettingManage), a.changeSettings)
	call(r, get("/filter", "Words that are not to be said, in lists").needs(agent.SettingManage), a.getFilter)
	call(r, put("/filter", "Write the lists of words, with the version that was read").needs(agent.SettingManage), a.putFilter)
}

func (a *API) getFilter(ctx context.Context, by agent.Actor, _ *struct{}) (filter.Settings, error) {
	return a.Desk.FilterLists(ctx, by)
}

func (a *API) putFilter(ctx context.Context, by agent.Actor, in *struct{ Body filter.Settings }) (filter.Settings, error) {
	return a.Desk.SaveFilter(ctx, by, in.Body)
}

func (a *API) getSettings(ctx context.Context, _ agent.Actor, _ *struct{}) (company.Settings, error) {
	return a.Desk.Settings(ctx)
}

func (a *API) changeSettings(ctx context.Context, by agent.Actor, in *struct{ Body company.Change }) (company.Settings, error) {
	return a.Desk.ChangeSettings(ctx, by, in.Body)
}
