package api

import (
	"context"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/inbox"
)

func (a *API) trees(r *router) {
	call(r, get("/trees", "Troubleshooting trees for agents; of a conversation the one first that suits what the customer said").needs(agent.KnowledgeRead), a.listTrees)
	call(r, post("/trees/{id}/walk", "Where a tree has come to with the answers that were given: what to do, what to ask next, or the outcome").needs(agent.KnowledgeRead), a.walkTree)
}

// treeEntry is a tree that agents can be led through.
type treeEntry struct {
	ID      string     `json:"id"`
	Version int        `json:"version"`
	Name    inbox.Text `json:"name"`
	Suits   bool       `json:"suits" doc:"what the customer said last is near to it"`
}

type treesAsked struct {
	Conversation param[conversation.ID] `query:"conversation_id"`
}

func (a *API) listTrees(ctx context.Context, by agent.Actor, in *treesAsked) (list[treeEntry], error) {
	trees, err := a.Desk.Trees(ctx, by, in.Conversation.Value)
	l := list[treeEntry]{Items: []treeEntry{}}
	for _, t := range trees {
		l.Items = append(l.Items, treeEntry(t))
	}
	return l, err
}

type treeWalk struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		Version int           `json:"version,omitempty" minimum:"0" doc:"the one that was begun; the newest where it is left out"`
		Answers []flow.Answer `json:"answers" maxItems:"100"`
	}
}

// treeGuide is where somebody is in a tree.
type treeGuide struct {
	ID      string     `json:"id"`
	Version int        `json:"version"`
	Name    inbox.Text `json:"name"`
	flow.Guide
	Note inbox.Text `json:"note" doc:"what was gone through, for colleagues"`
	Tell inbox.Text `json:"tell" doc:"what the customer is to do next, as it can be sent to them"`
}

func (a *API) walkTree(ctx context.Context, by agent.Actor, in *treeWalk) (treeGuide, error) {
	f, g, err := a.Desk.Guide(ctx, by, in.ID, in.Body.Version, in.Body.Answers)
	return treeGuide{
		ID: f.ID, Version: f.Version, Name: f.Name, Guide: g,
		Note: inbox.Text{Zh: g.Note(f, "zh"), En: g.Note(f, "en")}, Tell: inbox.Text{Zh: g.Tell("zh"), En: g.Tell("en")},
	}, err
}
