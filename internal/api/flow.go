package api

import (
	"context"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/flow"
)

func (a *API) flows(r *router) {
	const large = 1 << 20
	edit, publish := agent.KnowledgeEdit, agent.KnowledgePublish
	call(r, get("/flows", "Dialogue flows of the assistant, and how each stands").needs(agent.KnowledgeRead), a.listFlows)
	call(r, get("/flows/seams", "What flows may look up and write to, and which of it nothing is behind").needs(agent.KnowledgeRead), a.flowSeams)
	call(r, get("/flows/{id}", "A flow with its draft, its versions, and what keeps the draft from being published").needs(agent.KnowledgeRead), a.getFlow)
	call(r, get("/flows/{id}/versions/{version}", "A flow as it stood in one version").needs(agent.KnowledgeRead), a.getFlowVersion)
	call(r, put("/flows/{id}/draft", "Keep a draft, with all that is still wrong in it; a newer one is a conflict").needs(edit).upTo(large), a.draftFlow)
	act(r, remove("/flows/{id}/draft", "Throw the draft away; a flow that was never published goes with it").needs(edit), a.dropFlowDraft)
	call(r, post("/flows/{id}/publish", "Carry customers through the draft from now on; its scripts must pass").needs(publish), a.publishFlow)
	call(r, put("/flows/{id}/rests", "Switch a flow off or on again; who is in it goes on to the end").needs(publish), a.restFlow)
	call(r, post("/flows/rehearsals", "Play a dialogue with a flow as it is being written; nothing is looked up or written").needs(edit).upTo(large), a.rehearseFlow)
}

func (a *API) listFlows(ctx context.Context, by agent.Actor, _ *struct{}) (list[desk.FlowStanding], error) {
	all, err := a.Desk.FlowList(ctx, by)
	return list[desk.FlowStanding]{Items: orEmpty(all)}, err
}

type flowSeam struct {
	flow.Seam
	Lacks bool `json:"lacks" doc:"nothing is behind it: a flow that names it is not offered"`
}

func (a *API) flowSeams(context.Context, agent.Actor, *struct{}) (list[flowSeam], error) {
	var all []flowSeam
	for _, s := range a.Desk.FlowSeams.All {
		s.Takes, s.Tells = orEmpty(s.Takes), orEmpty(s.Tells)
		all = append(all, flowSeam{Seam: s, Lacks: a.Desk.FlowSeams.Without(s.Name)})
	}
	return list[flowSeam]{Items: orEmpty(all)}, nil
}

// flowBook is a flow as who edits it sees it.
type flowBook struct {
	desk.FlowStanding
	Published *flow.Flow    `json:"published,omitempty"`
	Changing  *flow.Flow    `json:"changing,omitempty" doc:"the draft"`
	Shipped   int           `json:"shipped" doc:"the version that comes with the program; 0: none does"`
	Base      int           `json:"base" doc:"the version that the draft was begun from"`
	Rev       int64         `json:"rev" doc:"of the draft; to be named when it is saved"`
	Versions  []publication `json:"versions" doc:"the company's own, the newest first"`
	Problems  []editProblem `json:"problems" doc:"what keeps the draft from being published"`
}

func bookOf(b desk.FlowBook) flowBook {
	return flowBook{FlowStanding: b.FlowStanding, Published: b.Published, Changing: b.Changing, Shipped: b.Shipped, Base: b.Base, Rev: b.Rev, Versions: publicationsOf(b.Versions), Problems: problemsOf(b.Problems)}
}

type flowByID struct {
	ID string `path:"id" maxLength:"40"`
}

func (a *API) getFlow(ctx context.Context, by agent.Actor, in *flowByID) (flowBook, error) {
	b, err := a.Desk.FlowBook(ctx, by, in.ID)
	return bookOf(b), err
}

type flowAtVersion struct {
	ID      string `path:"id" maxLength:"40"`
	Version int    `path:"version" minimum:"1"`
}

func (a *API) getFlowVersion(ctx context.Context, by agent.Actor, in *flowAtVersion) (flow.Flow, error) {
	return a.Desk.FlowVersion(ctx, by, in.ID, in.Version)
}

type flowDraft struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		Rev   int64     `json:"rev" doc:"of the flow as it was read; 0 for a new one"`
		Draft flow.Flow `json:"draft"`
	}
}

func (a *API) draftFlow(ctx context.Context, by agent.Actor, in *flowDraft) (flowBook, error) {
	b, err := a.Desk.DraftFlow(ctx, by, in.ID, in.Body.Rev, in.Body.Draft)
	return bookOf(b), err
}

type flowDrop struct {
	ID  string `path:"id" maxLength:"40"`
	Rev int64  `query:"rev" required:"true"`
}

func (a *API) dropFlowDraft(ctx context.Context, by agent.Actor, in *flowDrop) error {
	return a.Desk.DropFlowDraft(ctx, by, in.ID, in.Rev)
}

type flowPublishing struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		Rev  int64  `json:"rev"`
		Note string `json:"note" maxLength:"500" doc:"what was changed"`
	}
}

func (a *API) publishFlow(ctx context.Context, by agent.Actor, in *flowPublishing) (flowBook, error) {
	b, err := a.Desk.PublishFlow(ctx, by, in.ID, in.Body.Rev, in.Body.Note)
	return bookOf(b), err
}

type flowResting struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		Rests bool `json:"rests"`
	}
}

func (a *API) restFlow(ctx context.Context, by agent.Actor, in *flowResting) (flowBook, error) {
	b, err := a.Desk.RestFlow(ctx, by, in.ID, in.Body.Rests)
	return bookOf(b), err
}

type rehearsing struct {
	Body struct {
		Flow      flow.Flow      `json:"flow"`
		Rehearsal flow.Rehearsal `json:"rehearsal"`
	}
}

type rehearsal struct {
	Turns    []rehearsedTurn `json:"turns"`
	Problems []editProblem   `json:"problems" doc:"what is wrong in the flow; with any, nothing was played"`
}

type rehearsedTurn struct {
	Lines     []flow.Line       `json:"lines"`
	Values    map[string]string `json:"values" doc:"what is known now"`
	Asks      string            `json:"asks" doc:"a slot; confirm, change or offer; person, or done"`
	Writes    []string          `json:"writes" doc:"the seams that would have been written to so far"`
	Decisions []flowAct         `json:"decisions"`
}

func (a *API) rehearseFlow(ctx context.Context, by agent.Actor, in *rehearsing) (rehearsal, error) {
	turns, problems, err := a.Desk.RehearseFlow(ctx, by, in.Body.Flow, in.Body.Rehearsal)
	r := rehearsal{Turns: make([]rehearsedTurn, 0, len(turns)), Problems: problemsOf(problems)}
	for _, t := range turns {
		r.Turns = append(r.Turns, rehearsedTurn{t.Lines, t.Values, t.Asks, t.Writes, actsOf(t.Decisions)})
	}
	return r, err
}
