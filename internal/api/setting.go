package api

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/company"
)

func (a *API) settings(r *router) {
	call(r, get("/settings", "What the company says of itself, and how it sorts its work"), a.getSettings)
	call(r, patch("/settings", "Change some of the settings").needs(agent.SettingManage), a.changeSettings)
}

func (a *API) getSettings(ctx context.Context, _ agent.Actor, _ *struct{}) (company.Settings, error) {
	return a.Desk.Settings(ctx)
}

func (a *API) changeSettings(ctx context.Context, by agent.Actor, in *struct{ Body company.Change }) (company.Settings, error) {
	return a.Desk.ChangeSettings(ctx, by, in.Body)
}
