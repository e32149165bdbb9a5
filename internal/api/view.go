package api

import (
	"context"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/view"
	"yingda/internal/store"
)

func (a *API) views(r *router) {
	call(r, get("/views", "Saved views: one's own and the shared ones, in their order"), a.listViews)
	call(r, get("/views/counts", "How much each saved view holds; counting stops at 100"), a.countViews)
	call(r, post("/views", "Keep a list under a name; one for all needs view.shared").answers(201), a.addView)
	act(r, put("/views/order", "Put the views in an order"), a.orderViews)
	call(r, patch("/views/{id}", "Change a view"), a.changeView)
	act(r, remove("/views/{id}", "Delete a view"), a.removeView)
}

func (a *API) listViews(ctx context.Context, by agent.Actor, _ *struct{}) (list[view.View], error) {
	vs, err := a.Desk.Views(ctx, by)
	return list[view.View]{Items: vs}, err
}

// savedCounts are the counts by view.
type savedCounts struct {
	Counts map[string]store.Count `json:"counts"`
}

func (a *API) countViews(ctx context.Context, by agent.Actor, _ *struct{}) (savedCounts, error) {
	counts, err := a.Desk.CountViews(ctx, by)
	v := savedCounts{Counts: make(map[string]store.Count, len(counts))}
	for id, n := range counts {
		v.Counts[id.String()] = n
	}
	return v, err
}

type savedDraft struct {
	Body struct {
		Subject view.Subject `json:"subject" enum:"conversation,case"`
		Name    string       `json:"name"`
		Icon    view.Icon    `json:"icon,omitempty"`
		Colour  view.Colour  `json:"colour,omitempty"`
		Shared  bool         `json:"shared,omitempty"`
		Filter  view.Filter  `json:"filter"`
	}
}

func (a *API) addView(ctx context.Context, by agent.Actor, in *savedDraft) (view.View, error) {
	b := in.Body
	return a.Desk.AddView(ctx, by, view.View{Subject: b.Subject, Name: b.Name, Icon: b.Icon, Colour: b.Colour, Shared: b.Shared, Filter: b.Filter})
}

func (a *API) changeView(ctx context.Context, by agent.Actor, in *withBody[view.ID, desk.SavedViewChange]) (view.View, error) {
	return a.Desk.ChangeView(ctx, by, in.ID.Value, in.Body)
}

type savedOrder struct {
	Body struct {
		Order []view.ID `json:"order" maxItems:"100"`
	}
}

func (a *API) orderViews(ctx context.Context, by agent.Actor, in *savedOrder) error {
	return a.Desk.OrderViews(ctx, by, in.Body.Order)
}

func (a *API) removeView(ctx context.Context, by agent.Actor, in *byID[view.ID]) error {
	return a.Desk.RemoveView(ctx, by, in.ID.Value)
}
