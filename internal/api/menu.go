package api

import (
	"context"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	ofcall "yingda/internal/domain/call"
)

func (a *API) menus(r *router) {
	const large = 1 << 20
	manage := agent.ChannelManage
	call(r, get("/menus", "Menus of the hotline, and how each stands").needs(manage), a.listMenus)
	call(r, get("/menus/names", "What menus may name").needs(manage), a.menuNames)
	call(r, get("/menus/{id}", "A menu with its draft, its versions, and what keeps the draft from being published").needs(manage), a.getMenu)
	call(r, get("/menus/{id}/versions/{version}", "A menu as it stood in one version").needs(manage), a.getMenuVersion)
	call(r, put("/menus/{id}/draft", "Keep a draft, with all that is still wrong in it; a newer one is a conflict").needs(manage).upTo(large), a.draftMenu)
	act(r, remove("/menus/{id}/draft", "Throw the draft away; a menu that was never published goes with it").needs(manage), a.dropMenu)
	call(r, post("/menus/{id}/publish", "Let callers hear the draft from now on; who is in the version before stays there").needs(manage), a.publishMenu)
	call(r, post("/menus/rehearsals", "Let a call walk through a menu as it is being written; nobody is rung and nothing is kept").needs(manage).upTo(large), a.rehearseMenu)
}

func (a *API) listMenus(ctx context.Context, by agent.Actor, _ *struct{}) (list[desk.MenuStanding], error) {
	all, err := a.Desk.MenuList(ctx, by)
	for i := range all {
		all[i] = menuStanding(all[i])
	}
	return list[desk.MenuStanding]{Items: orEmpty(all)}, err
}

func menuStanding(s desk.MenuStanding) desk.MenuStanding {
	s.Queues, s.Lines = orEmpty(s.Queues), orEmpty(s.Lines)
	return s
}

func (a *API) menuNames(ctx context.Context, by agent.Actor, _ *struct{}) (desk.MenuNames, error) {
	return a.Desk.MenuNames(ctx, by)
}

// menuBook is a menu as who edits it sees it.
type menuBook struct {
	desk.MenuStanding
	Published *ofcall.Menu  `json:"published,omitempty"`
	Changing  *ofcall.Menu  `json:"changing,omitempty" doc:"the draft"`
	Shipped   int           `json:"shipped" doc:"the version that comes with the program; 0: none does"`
	Base      int           `json:"base" doc:"the version that the draft was begun from"`
	Rev       int64         `json:"rev" doc:"of the draft; to be named when it is saved"`
	Versions  []publication `json:"versions" doc:"the company's own, the newest first"`
	Problems  []editProblem `json:"problems" doc:"what keeps the draft from being published"`
}

func menuBookOf(b desk.MenuBook) menuBook {
	return menuBook{MenuStanding: menuStanding(b.MenuStanding), Published: b.Published, Changing: b.Changing, Shipped: b.Shipped, Base: b.Base, Rev: b.Rev, Versions: publicationsOf(b.Versions), Problems: problemsOf(b.Problems)}
}

type menuByID struct {
	ID string `path:"id" maxLength:"40"`
}

func (a *API) getMenu(ctx context.Context, by agent.Actor, in *menuByID) (menuBook, error) {
	b, err := a.Desk.MenuBook(ctx, by, in.ID)
	return menuBookOf(b), err
}

type menuAtVersion struct {
	ID      string `path:"id" maxLength:"40"`
	Version int    `path:"version" minimum:"1"`
}

func (a *API) getMenuVersion(ctx context.Context, by agent.Actor, in *menuAtVersion) (ofcall.Menu, error) {
	return a.Desk.MenuVersion(ctx, by, in.ID, in.Version)
}

type menuDraft struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		Rev   int64       `json:"rev" doc:"of the menu as it was read; 0 for a new one"`
		Draft ofcall.Menu `json:"draft"`
	}
}

func (a *API) draftMenu(ctx context.Context, by agent.Actor, in *menuDraft) (menuBook, error) {
	b, err := a.Desk.DraftMenu(ctx, by, in.ID, in.Body.Rev, in.Body.Draft)
	return menuBookOf(b), err
}

type menuDrop struct {
	ID  string `path:"id" maxLength:"40"`
	Rev int64  `query:"rev" required:"true"`
}

func (a *API) dropMenu(ctx context.Context, by agent.Actor, in *menuDrop) error {
	return a.Desk.DropMenuDraft(ctx, by, in.ID, in.Rev)
}

type menuPublishing struct {
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		Rev  int64  `json:"rev"`
		Note string `json:"note" maxLength:"500" doc:"what was changed"`
	}
}

func (a *API) publishMenu(ctx context.Context, by agent.Actor, in *menuPublishing) (menuBook, error) {
	b, err := a.Desk.PublishMenu(ctx, by, in.ID, in.Body.Rev, in.Body.Note)
	return menuBookOf(b), err
}

type menuRehearsing struct {
	Body struct {
		Menu      ofcall.Menu        `json:"menu"`
		Rehearsal desk.MenuRehearsal `json:"rehearsal"`
	}
}

// callRehearsal is how a call went that was tried.
type callRehearsal struct {
	Steps    []rehearsedStep `json:"steps" doc:"the first is the call coming in, the others one for each input"`
	Problems []editProblem   `json:"problems" doc:"what is wrong in the menu; it was played all the same"`
}

type rehearsedStep struct {
	Input   string            `json:"input"`
	Actions []rehearsedAction `json:"actions"`
	Node    string            `json:"node" doc:"where the caller is now"`
	Phase   ofcall.Phase      `json:"phase" enum:"listening,asked,waiting,served,asking,speaking,transferring,over"`
	Sounds  bool              `json:"sounds" doc:"something is being said"`
	Due     float64           `json:"due" doc:"seconds until something happens by itself; 0: nothing does"`
}

type rehearsedAction struct {
	Do      ofcall.Doing    `json:"do"`
	Said    []rehearsedLine `json:"said"`
	Name    string          `json:"name"`
	Number  string          `json:"number"`
	Seconds int             `json:"seconds"`
	Queue   string          `json:"queue"`
	Reason  string          `json:"reason"`
	// Asks is what another system would be told.
	Asks map[string]string `json:"asks,omitempty"`
}

type rehearsedLine struct {
	Key      string            `json:"key"`
	Language string            `json:"language"`
	Text     string            `json:"text"`
	Values   map[string]string `json:"values"`
	Mute     bool              `json:"mute" doc:"nobody would hear it: it is not recorded, or a value is missing"`
}

func (a *API) rehearseMenu(ctx context.Context, by agent.Actor, in *menuRehearsing) (callRehearsal, error) {
	steps, problems, err := a.Desk.RehearseMenu(ctx, by, in.Body.Menu, in.Body.Rehearsal)
	r := callRehearsal{Steps: make([]rehearsedStep, 0, len(steps)), Problems: problemsOf(problems)}
	for _, s := range steps {
		one := rehearsedStep{Input: s.Input, Actions: []rehearsedAction{}, Node: s.Node, Phase: s.Phase, Sounds: s.Sounds, Due: s.Due.Seconds()}
		for _, x := range s.Actions {
			action := rehearsedAction{Do: x.Do, Said: []rehearsedLine{}, Name: x.Name, Number: x.Number, Seconds: x.Seconds, Reason: string(x.Reason)}
			if x.Place != nil {
				action.Queue = x.Place.Queue
			}
			if x.Do == ofcall.AskSystem {
				action.Asks = x.Values
			}
			for _, l := range x.Said {
				values := l.Values
				if values == nil {
					values = map[string]string{}
				}
				action.Said = append(action.Said, rehearsedLine{l.Key, l.Language, l.Text, values, l.Mute})
			}
			one.Actions = append(one.Actions, action)
		}
		r.Steps = append(r.Steps, one)
	}
	return r, err
}
