package api

import (
	"context"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/review"
	"yingda/internal/domain/ticket"
)

func (a *API) reviews(r *router) {
	call(r, get("/conversations/{id}/reviews", "Second looks at decisions in a conversation, newest first").needs(agent.ConversationRead), a.talkReviews)
	call(r, post("/conversations/{id}/reviews", "Ask a supervisor to look at a decision again; the same client_id gives the same review again").needs(agent.ConversationReply), a.askTalkReview)
	call(r, get("/cases/{id}/reviews", "Second looks at decisions in a case, newest first").needs(agent.CaseRead), a.caseReviews)
	call(r, post("/cases/{id}/reviews", "Ask a supervisor to look at a decision again; the same client_id gives the same review again").needs(agent.CaseEdit), a.askCaseReview)
	call(r, post("/reviews/{id}/verdict", "Uphold a decision, or put another in its place; both are kept"), a.judgeReview)
}

type reviewAsk struct {
	ClientID string `json:"client_id" doc:"8 to 64 characters that the sender chose"`
	Decision string `json:"decision" doc:"what was decided"`
	Why      string `json:"why" doc:"it should be looked at again"`
	Customer bool   `json:"customer,omitempty" doc:"the customer asks for it"`
}

func (b reviewAsk) review() review.Review {
	return review.Review{Decision: b.Decision, Why: b.Why, Customer: b.Customer}
}

func (a *API) talkReviews(ctx context.Context, by agent.Actor, in *byID[conversation.ID]) (list[review.Review], error) {
	rs, err := a.Desk.Reviews(ctx, by, desk.Matter{Conversation: in.ID.Value})
	return list[review.Review]{Items: rs}, err
}

func (a *API) askTalkReview(ctx context.Context, by agent.Actor, in *withBody[conversation.ID, reviewAsk]) (review.Review, error) {
	return a.Desk.AskReview(ctx, by, desk.Matter{Conversation: in.ID.Value}, in.Body.review(), in.Body.ClientID)
}

func (a *API) caseReviews(ctx context.Context, by agent.Actor, in *byID[ticket.ID]) (list[review.Review], error) {
	rs, err := a.Desk.Reviews(ctx, by, desk.Matter{Case: in.ID.Value})
	return list[review.Review]{Items: rs}, err
}

func (a *API) askCaseReview(ctx context.Context, by agent.Actor, in *withBody[ticket.ID, reviewAsk]) (review.Review, error) {
	return a.Desk.AskReview(ctx, by, desk.Matter{Case: in.ID.Value}, in.Body.review(), in.Body.ClientID)
}

type verdict struct {
	Replace bool   `json:"replace" doc:"false upholds the decision"`
	Instead string `json:"instead,omitempty" doc:"the decision that takes its place"`
	Reason  string `json:"reason"`
}

func (a *API) judgeReview(ctx context.Context, by agent.Actor, in *withBody[review.ID, verdict]) (review.Review, error) {
	return a.Desk.JudgeReview(ctx, by, in.ID.Value, review.Verdict(in.Body))
}
