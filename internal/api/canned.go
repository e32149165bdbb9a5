package api

import (
	"context"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/canned"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
)

func (a *API) canned(r *router) {
	call(r, get("/canned", "Canned replies: the shared ones and one's own, by shortcut"), a.listCanned)
	call(r, post("/canned", "Keep a reply; one for all needs canned.shared"), a.addCanned)
	call(r, patch("/canned/{id}", "Change a reply"), a.changeCanned)
	act(r, remove("/canned/{id}", "Delete a reply"), a.removeCanned)
	call(r, post("/canned/{id}/fill", "A reply with its variables filled in for a conversation, or for whom a mail is being written to; counts as used"), a.fillCanned)
	call(r, get("/conversations/{id}/opening", "The words with which one asks what a contact needs, by the channel").needs(agent.ConversationReply), a.getOpening)
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
		Folder   string `json:"folder,omitempty" doc:"to find it by"`
		Shared   bool   `json:"shared"`
	}
}

func (a *API) addCanned(ctx context.Context, by agent.Actor, in *cannedDraft) (canned.Reply, error) {
	b := in.Body
	return a.Desk.AddCanned(ctx, by, canned.Reply{Shortcut: b.Shortcut, Title: b.Title, Text: b.Text, Language: b.Language, Folder: b.Folder, Shared: b.Shared})
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

type filling struct {
	Conversation conversation.ID `json:"conversation_id,omitzero" doc:"left out for a mail that begins one: the others say whom it is for"`
	Contact      contact.ID      `json:"contact_id,omitzero"`
	Address      string          `json:"address,omitempty" maxLength:"254" doc:"an address of e-mail; of a known customer, it is filled in for them"`
	Name         string          `json:"name,omitempty" maxLength:"200" doc:"what is typed before the address"`
	Language     string          `json:"language,omitempty" enum:"zh,en" doc:"of dates and of the company's name"`
}

func (a *API) fillCanned(ctx context.Context, by agent.Actor, in *withBody[canned.ID, filling]) (desk.Filled, error) {
	b := in.Body
	if b.Conversation.IsZero() {
		return a.Desk.FillCannedFor(ctx, by, in.ID.Value, desk.Addressed{Contact: b.Contact, Address: b.Address, Name: b.Name, Language: b.Language})
	}
	return a.Desk.FillCanned(ctx, by, in.ID.Value, b.Conversation)
}

func (a *API) getOpening(ctx context.Context, by agent.Actor, in *byID[conversation.ID]) (desk.Filled, error) {
	return a.Desk.Opening(ctx, by, in.ID.Value)
}
