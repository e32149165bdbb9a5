package api

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/routing"
)

func (a *API) routing(r *router) {
	call(r, get("/routing", "How work is given out"), a.getRouting)
	call(r, put("/routing", "Change how work is given out; what waits gets its new place").needs(agent.SettingManage), a.putRouting)
}

func (a *API) getRouting(ctx context.Context, _ agent.Actor, _ *struct{}) (routing.Rules, error) {
	return a.Desk.Routing(ctx)
}

func (a *API) putRouting(ctx context.Context, by agent.Actor, in *struct{ Body routing.Rules }) (routing.Rules, error) {
	return a.Desk.ChangeRouting(ctx, by, in.Body)
}
