package api

import (
	"context"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
)

func (a *API) participants(r *router) {
	transfer, reply := agent.ConversationTransfer, agent.ConversationReply
	call(r, post("/conversations/{id}/participants", "Invite a colleague, or whoever of a team is free, into a conversation").needs(transfer), a.invite)
	call(r, post("/conversations/{id}/join", "Take part where one was invited").needs(reply), a.join)
	call(r, post("/conversations/{id}/leave", "Take part no more, or decline the invitation").needs(reply), a.leave)
	call(r, post("/conversations/{id}/participants/{agent}/remove", "End a colleague's part in a conversation that one answers for").needs(reply), a.takeOut)
	call(r, post("/conversations/{id}/owner", "Let somebody who has joined answer for the conversation").needs(transfer), a.handOwner)
}

type invitation struct {
	Agent agent.ID     `json:"agent_id,omitzero" doc:"a person, or"`
	Team  agent.TeamID `json:"team_id,omitzero" doc:"a team"`
	Note  string       `json:"note,omitempty" doc:"what they must know; the contact does not see it"`
}

func (a *API) invite(ctx context.Context, by agent.Actor, in *withBody[conversation.ID, invitation]) (conversation.Conversation, error) {
	return a.Desk.Invite(ctx, by, in.ID.Value, desk.Invitation{Agent: in.Body.Agent, Team: in.Body.Team, Note: in.Body.Note})
}

func (a *API) join(ctx context.Context, by agent.Actor, in *byID[conversation.ID]) (conversation.Conversation, error) {
	return a.Desk.Join(ctx, by, in.ID.Value)
}

func (a *API) leave(ctx context.Context, by agent.Actor, in *byID[conversation.ID]) (conversation.Conversation, error) {
	return a.Desk.Leave(ctx, by, in.ID.Value)
}

type participantPath struct {
	ID    param[conversation.ID] `path:"id"`
	Agent param[agent.ID]        `path:"agent"`
}

func (a *API) takeOut(ctx context.Context, by agent.Actor, in *participantPath) (conversation.Conversation, error) {
	return a.Desk.TakeOut(ctx, by, in.ID.Value, in.Agent.Value)
}

type newOwner struct {
	Agent agent.ID `json:"agent_id"`
}

func (a *API) handOwner(ctx context.Context, by agent.Actor, in *withBody[conversation.ID, newOwner]) (conversation.Conversation, error) {
	return a.Desk.HandOwner(ctx, by, in.ID.Value, in.Body.Agent)
}
