package api

import (
	"context"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/ticket"
)

func (a *API) cases(r *router) {
	call(r, get("/cases", "Cases, newest first, with numbers and addresses masked").needs(agent.CaseRead), a.listCases)
	call(r, get("/cases/{id}", "A case with its files and how to reach who handed it in; the look is recorded").needs(agent.CaseRead), a.getCase)
}

// caseView is a case as the wire shows it: with its files, also if there are
// none.
type caseView struct {
	ticket.Case
	Attachments []conversation.Attachment `json:"attachments"`
}

func viewCase(c ticket.Case) caseView {
	v := caseView{Case: c, Attachments: c.Attachments}
	if v.Attachments == nil {
		v.Attachments = []conversation.Attachment{}
	}
	return v
}

type listCases struct {
	PageOf
	Kind  string `query:"kind" enum:"feedback,complaint,suggestion,consultation"`
	State string `query:"state" enum:"new,open,closed"`
}

func (a *API) listCases(ctx context.Context, by agent.Actor, in *listCases) (list[caseView], error) {
	p, err := a.Desk.Cases(ctx, by, desk.CaseQuery{Kind: ticket.Kind(in.Kind), State: in.State, Cursor: in.Cursor, Limit: in.Limit})
	l := list[caseView]{Items: make([]caseView, 0, len(p.Items)), Next: p.Next}
	for _, c := range p.Items {
		l.Items = append(l.Items, viewCase(c))
	}
	return l, err
}

func (a *API) getCase(ctx context.Context, by agent.Actor, in *byID[ticket.ID]) (caseView, error) {
	c, err := a.Desk.Case(ctx, by, in.ID.Value)
	return viewCase(c), err
}
