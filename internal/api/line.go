package api

import (
	"context"
	"strings"
	"time"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	ofcall "yingda/internal/domain/call"
	"yingda/internal/domain/inbox"
)

func (a *API) lines(r *router) {
	need := agent.ChannelManage
	call(r, get("/call-entries", "The ways in by telephone, the oldest first").needs(need), a.listEntries)
	call(r, get("/call-entries/menus", "The menus that an entry can have, with the queues that they let callers wait in").needs(need), a.entryMenus)
	call(r, post("/call-entries", "Add a way in by telephone, for numbers that are answered otherwise").needs(need), a.createEntry)
	call(r, put("/call-entries/{id}", "Change which numbers lead to an inbox, what callers hear and who answers").needs(need), a.changeEntry)
	act(r, remove("/call-entries/{id}", "Remove a way in; a Conflict once a call came to it").needs(need), a.removeEntry)
	call(r, get("/trunks", "The lines to carriers with how they do, the oldest first").needs(need), a.listTrunks)
	call(r, post("/trunks", "Set up a line; what is not named has its default").needs(need), a.createTrunk)
	call(r, patch("/trunks/{id}", "Change a line").needs(need), a.changeTrunk)
	act(r, remove("/trunks/{id}", "Remove a line, from the dial plan too").needs(need), a.removeTrunk)
	call(r, get("/phones", "The SIP telephones, by their numbers").needs(need), a.listPhones)
	call(r, post("/phones", "Set up a telephone; its password is in this answer, and in no other").needs(need), a.createPhone)
	call(r, patch("/phones/{user}", "Change a telephone").needs(need), a.changePhone)
	call(r, post("/phones/{user}/password", "Give a telephone a new password; it is in this answer, and in no other").needs(need), a.renewPhone)
	act(r, remove("/phones/{user}", "Remove a telephone").needs(need), a.removePhone)
	call(r, get("/dial-plan", "Where numbers lead, and who may call what").needs(need), a.getPlan)
	call(r, put("/dial-plan", "Write the dial plan, with the version that was read").needs(need), a.putPlan)
}

// Lines tells how lines to carriers and telephones do, as the program that
// answers sees them.
type Lines interface {
	// Lines returns of each line by its name what is wrong with it, nothing if it
	// works.
	Lines() map[string]string
	// Registered reports whether a telephone can be called.
	Registered(user string) bool
}

// wayInView is a way in by telephone with its inbox, as the wire shows it.
type wayInView struct {
	ofcall.Entry
	Name    string       `json:"name"`
	Enabled bool         `json:"enabled"`
	Team    agent.TeamID `json:"team_id,omitzero" doc:"who answers where a queue names nobody"`
}

func viewWayIn(e desk.SetEntry) wayInView {
	return wayInView{Entry: e.Entry, Name: e.Of.Name, Enabled: e.Of.Enabled, Team: e.Of.Team}
}

func (a *API) listEntries(ctx context.Context, by agent.Actor, _ *struct{}) (list[wayInView], error) {
	all, err := a.Desk.SetEntries(ctx, by)
	l := list[wayInView]{Items: make([]wayInView, 0, len(all))}
	for _, e := range all {
		l.Items = append(l.Items, viewWayIn(e))
	}
	return l, err
}

func (a *API) entryMenus(ctx context.Context, _ agent.Actor, _ *struct{}) (list[desk.EntryMenu], error) {
	all, err := a.Desk.EntryMenus(ctx)
	return list[desk.EntryMenu]{Items: all}, err
}

func (a *API) createEntry(ctx context.Context, by agent.Actor, in *struct{ Body desk.EntryChange }) (wayInView, error) {
	e, err := a.Desk.CreateEntry(ctx, by, in.Body)
	return viewWayIn(e), err
}

func (a *API) changeEntry(ctx context.Context, by agent.Actor, in *withBody[inbox.ID, desk.EntryChange]) (wayInView, error) {
	e, err := a.Desk.ChangeEntry(ctx, by, in.ID.Value, in.Body)
	return viewWayIn(e), err
}

func (a *API) removeEntry(ctx context.Context, by agent.Actor, in *byID[inbox.ID]) error {
	return a.Desk.RemoveEntry(ctx, by, in.ID.Value)
}

// trunkView is a line as the wire shows it: of its password only that it is
// there.
type trunkView struct {
	ofcall.Trunk
	SetAt    *time.Time `json:"set_at,omitempty" doc:"when the password was set"`
	Password bool       `json:"password_set"`
	State    string     `json:"state" enum:",works,trouble,off" doc:"as the program that answers sees it; empty: it has no telephone"`
	Why      string     `json:"why,omitzero" doc:"what is wrong"`
}

func (a *API) viewTrunk(t ofcall.Trunk, does map[string]string) trunkView {
	v := trunkView{Trunk: t, SetAt: when(t.SetAt), Password: t.Password != ""}
	why, known := does[t.Name]
	switch {
	case !t.Enabled:
		v.State = "off"
	case a.Lines == nil:
	case !known:
		v.State, v.Why = "trouble", "not taken up yet"
	case why != "":
		v.State, v.Why = "trouble", why
	default:
		v.State = "works"
	}
	return v
}

func (a *API) linesDo() map[string]string {
	if a.Lines == nil {
		return nil
	}
	return a.Lines.Lines()
}

func (a *API) listTrunks(ctx context.Context, by agent.Actor, _ *struct{}) (list[trunkView], error) {
	all, err := a.Desk.Trunks(ctx, by)
	l := list[trunkView]{Items: make([]trunkView, 0, len(all))}
	does := a.linesDo()
	for _, t := range all {
		l.Items = append(l.Items, a.viewTrunk(t, does))
	}
	return l, err
}

func (a *API) createTrunk(ctx context.Context, by agent.Actor, in *struct{ Body desk.TrunkChange }) (trunkView, error) {
	t, err := a.Desk.CreateTrunk(ctx, by, in.Body)
	return a.viewTrunk(t, a.linesDo()), err
}

func (a *API) changeTrunk(ctx context.Context, by agent.Actor, in *withBody[ofcall.TrunkID, desk.TrunkChange]) (trunkView, error) {
	t, err := a.Desk.ChangeTrunk(ctx, by, in.ID.Value, in.Body)
	return a.viewTrunk(t, a.linesDo()), err
}

func (a *API) removeTrunk(ctx context.Context, by agent.Actor, in *byID[ofcall.TrunkID]) error {
	return a.Desk.RemoveTrunk(ctx, by, in.ID.Value)
}

// telephoneView is a telephone as the wire shows it.
type telephoneView struct {
	ofcall.Phone
	SetAt      *time.Time     `json:"set_at,omitempty" doc:"when its password was made"`
	MadeAt     *time.Time     `json:"made_at,omitempty" doc:"when it was set up"`
	May        []ofcall.Class `json:"may,omitempty" doc:"what it may call; left out: what its agent may"`
	Registered *bool          `json:"registered,omitempty" doc:"it can be called; left out: the program that answers has no telephone"`
}

func (a *API) viewPhone(p ofcall.Phone) telephoneView {
	v := telephoneView{Phone: p, SetAt: when(p.SetAt), MadeAt: when(p.MadeAt), May: p.May}
	if a.Lines != nil {
		there := a.Lines.Registered(p.User)
		v.Registered = &there
	}
	return v
}

// telephonePassword is a telephone with the password that it registers with.
type telephonePassword struct {
	Phone    telephoneView `json:"phone"`
	Password string        `json:"password" doc:"shown this once"`
	Realm    string        `json:"realm"`
}

func (a *API) listPhones(ctx context.Context, by agent.Actor, _ *struct{}) (list[telephoneView], error) {
	all, err := a.Desk.Phones(ctx, by)
	l := list[telephoneView]{Items: make([]telephoneView, 0, len(all))}
	for _, p := range all {
		l.Items = append(l.Items, a.viewPhone(p))
	}
	return l, err
}

type telephoneDraft struct {
	User string `json:"user" maxLength:"6" doc:"its number inside, 2 to 6 digits"`
	desk.PhoneChange
}

func (a *API) createPhone(ctx context.Context, by agent.Actor, in *struct{ Body telephoneDraft }) (telephonePassword, error) {
	p, password, err := a.Desk.CreatePhone(ctx, by, strings.TrimSpace(in.Body.User), in.Body.PhoneChange)
	return telephonePassword{a.viewPhone(p), password, ofcall.Realm}, err
}

// OfTelephone names a telephone in an address.
type OfTelephone struct {
	User string `path:"user" maxLength:"6"`
}

type telephoneChanged struct {
	OfTelephone
	Body desk.PhoneChange
}

func (a *API) changePhone(ctx context.Context, by agent.Actor, in *telephoneChanged) (telephoneView, error) {
	p, err := a.Desk.ChangePhone(ctx, by, in.User, in.Body)
	return a.viewPhone(p), err
}

func (a *API) renewPhone(ctx context.Context, by agent.Actor, in *OfTelephone) (telephonePassword, error) {
	p, password, err := a.Desk.RenewPhone(ctx, by, in.User)
	return telephonePassword{a.viewPhone(p), password, ofcall.Realm}, err
}

func (a *API) removePhone(ctx context.Context, by agent.Actor, in *OfTelephone) error {
	return a.Desk.RemovePhone(ctx, by, in.User)
}

func (a *API) getPlan(ctx context.Context, _ agent.Actor, _ *struct{}) (ofcall.Plan, error) {
	return a.Desk.DialPlan(ctx)
}

func (a *API) putPlan(ctx context.Context, by agent.Actor, in *struct{ Body ofcall.Plan }) (ofcall.Plan, error) {
	return a.Desk.ChangeDialPlan(ctx, by, in.Body)
}
