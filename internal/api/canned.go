package api

import (
	"context"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/canned"
)

func (a *API) canned(r *router) {
	call(r, get("/canned", "Canned replies: the shared ones and one's own, by shortcut"), a.listCanned)
	call(r, post("/canned", "Keep a reply; one for all needs canned.shared"), a.addCanned)
	call(r, patch("/canned/{id}", "Change a reply"), a.changeCanned)
	act(r, remove("/canned/{id}", "Delete a reply"), a.removeCanned)
	act(r, post("/canned/{id}/use", "Count that a reply was sent"), a.useCanned)
}

type listCanned struct {
	Words string `query:"q" maxLength:"100"`
}

func (a *API) listCanned(ctx context.Context, by agent.Actor, in *listCanned) (list[canned.Reply], error) {
	rs, err := a.Desk.CannedReplies(ctx, by, in.Words)
	return list[canned.Reply]{Items: rs}, err
}

type cannedDraft struct {
	Body struct {
		Shortcut string `json:"shortcut" doc:"typed after a slash"`
		Title    string `json:"title"`
		Text     string `json:"text"`
		Language string `json:"language" enum:"zh,en"`
		Shared   bool   `json:"shared"`
	}
}

func (a *API) addCanned(ctx context.Context, by agent.Actor, in *cannedDraft) (canned.Reply, error) {
	b := in.Body
	return a.Desk.AddCanned(ctx, by, canned.Reply{Shortcut: b.Shortcut, Title: b.Title, Text: b.Text, Language: b.Language, Shared: b.Shared})
}

func (a *API) changeCanned(ctx context.Context, by agent.Actor, in *withBody[canned.ID, desk.CannedChange]) (canned.Reply, error) {
	return a.Desk.ChangeCanned(ctx, by, in.ID.Value, in.Body)
}

func (a *API) removeCanned(ctx context.Context, by agent.Actor, in *byID[canned.ID]) error {
	return a.Desk.RemoveCanned(ctx, by, in.ID.Value)
}

func (a *API) useCanned(ctx context.Context, by agent.Actor, in *byID[canned.ID]) error {
	return a.Desk.UseCanned(ctx, by, in.ID.Value)
}
