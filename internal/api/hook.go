package api

import (
	"context"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	ofcall "yingda/internal/domain/call"
	"yingda/internal/domain/inbox"
	"yingda/internal/kit/fault"
)

func (a *API) hooks(r *router) {
	need := agent.ChannelManage
	call(r, get("/call-hooks", "The look-ups that menus of the hotline make at other systems, by their names").needs(need), a.listHooks)
	call(r, put("/call-hooks/{name}", "Make a look-up, or change it with the version that was read; a Conflict if a published menu uses what it would not give any more").needs(need), a.putHook)
	act(r, remove("/call-hooks/{name}", "Remove a look-up; a Conflict while a published menu uses it").needs(need), a.removeHook)
	call(r, post("/call-hooks/{name}/trial", "Ask the other system with sample values, as a call would").needs(need), a.tryHook)
}

// hookView is a look-up as the wire shows it: of its key and its secret only that
// they are there.
type hookView struct {
	ofcall.Hook
	Key    bool     `json:"key_set"`
	Secret bool     `json:"secret_set"`
	Menus  []string `json:"menus" doc:"the ids of the published menus that use it"`
}

func viewHook(s desk.HookStanding) hookView {
	return hookView{Hook: s.Hook, Key: s.Key != "", Secret: s.Secret != "", Menus: orEmpty(s.Menus)}
}

func (a *API) listHooks(ctx context.Context, by agent.Actor, _ *struct{}) (list[hookView], error) {
	all, err := a.Desk.Hooks(ctx, by)
	l := list[hookView]{Items: make([]hookView, 0, len(all))}
	for _, s := range all {
		l.Items = append(l.Items, viewHook(s))
	}
	return l, err
}

// OfHook names a look-up in an address.
type OfHook struct {
	Name string `path:"name" maxLength:"40"`
}

type hookChanged struct {
	OfHook
	Body desk.HookChange
}

func (a *API) putHook(ctx context.Context, by agent.Actor, in *hookChanged) (hookView, error) {
	s, err := a.Desk.PutHook(ctx, by, in.Name, in.Body)
	return viewHook(s), err
}

func (a *API) removeHook(ctx context.Context, by agent.Actor, in *OfHook) error {
	return a.Desk.RemoveHook(ctx, by, in.Name)
}

type hookTrial struct {
	OfHook
	Body struct {
		Values map[string]string `json:"values" maxProperties:"50" doc:"sample values, by the names that stand in the question; what it may not be told is left out"`
	}
}

// hookTried is what came of a question that was tried.
type hookTried struct {
	OK     bool              `json:"ok"`
	Why    *inbox.Text       `json:"why,omitempty" doc:"of what it failed"`
	Sent   map[string]string `json:"sent" doc:"what it was told"`
	Status int               `json:"status" doc:"of HTTP; 0: nothing was answered"`
	Text   string            `json:"text" doc:"the beginning of what was answered"`
	Took   float64           `json:"took" doc:"in seconds"`
	Values map[string]string `json:"values" doc:"what a call would take of it"`
}

func (a *API) tryHook(ctx context.Context, by agent.Actor, in *hookTrial) (hookTried, error) {
	t, err := a.Desk.TryHook(ctx, by, in.Name, in.Body.Values)
	v := hookTried{OK: t.Err == nil, Sent: t.Sent, Status: t.Status, Text: t.Text, Took: t.Took.Seconds(), Values: t.Values}
	if v.Sent == nil {
		v.Sent = map[string]string{}
	}
	if v.Values == nil {
		v.Values = map[string]string{}
	}
	if t.Err != nil {
		v.Why = &problemsOf([]*fault.Error{t.Err})[0].Text
	}
	return v, err
}
