package api

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
)

func (a *API) consults(r *router) {
	read, reply := agent.ConversationRead, agent.ConversationReply
	call(r, get("/conversations/{id}/consults", "What colleagues were asked beside a conversation, newest first").needs(read), a.listConsults)
	call(r, post("/conversations/{id}/consults", "Ask a colleague something beside a conversation; the contact sees nothing").needs(reply).answers(201), a.consult)
	call(r, post("/consults/{id}/answer", "Answer what one was asked").needs(read), a.answerConsult)
	call(r, post("/consults/{id}/withdraw", "Take back what one asked").needs(read), a.withdrawConsult)
}

func (a *API) listConsults(ctx context.Context, by agent.Actor, in *byID[conversation.ID]) (list[conversation.Consult], error) {
	cs, err := a.Desk.Consults(ctx, by, in.ID.Value)
	return list[conversation.Consult]{Items: cs}, err
}

type consultDraft struct {
	Agent    agent.ID `json:"agent_id"`
	Question string   `json:"question"`
}

func (a *API) consult(ctx context.Context, by agent.Actor, in *withBody[conversation.ID, consultDraft]) (conversation.Consult, error) {
	return a.Desk.Consult(ctx, by, in.ID.Value, in.Body.Agent, in.Body.Question)
}

type consultAnswer struct {
	Answer string `json:"answer"`
}

func (a *API) answerConsult(ctx context.Context, by agent.Actor, in *withBody[conversation.ConsultID, consultAnswer]) (conversation.Consult, error) {
	return a.Desk.AnswerConsult(ctx, by, in.ID.Value, in.Body.Answer)
}

func (a *API) withdrawConsult(ctx context.Context, by agent.Actor, in *byID[conversation.ConsultID]) (conversation.Consult, error) {
	return a.Desk.WithdrawConsult(ctx, by, in.ID.Value)
}
