package api

import (
	"context"
	"time"

	"yingda/internal/account"
	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
)

func (a *API) me(r *router) {
	call(r, get("/me", "Who is signed in, and what they may do"), a.getMe)
	call(r, patch("/me", "Change one's own name, language or password"), a.changeMe)
	call(r, put("/me/presence", "Take work, or not"), a.setPresence)
	call(r, get("/me/sessions", "Where one is signed in, the session used last first"), a.listSessions)
	act(r, remove("/me/sessions/{id}", "End a session and close what is open in it"), a.endSession)
}

func (a *API) getMe(ctx context.Context, by agent.Actor, _ *struct{}) (account.Me, error) {
	return a.Account.Me(ctx, by)
}

type changeMe struct {
	Token string `cookie:"yingda_session" hidden:"true"`
	Body  struct {
		Name        *string `json:"name,omitempty"`
		Nickname    *string `json:"nickname,omitempty" doc:"what customers see"`
		Language    *string `json:"language,omitempty" enum:"zh,en"`
		OldPassword string  `json:"old_password,omitempty" maxLength:"1000"`
		NewPassword string  `json:"new_password,omitempty" maxLength:"1000" doc:"ends all other sessions"`
	}
}

func (a *API) changeMe(ctx context.Context, by agent.Actor, in *changeMe) (account.Me, error) {
	if err := by.NeedPerson(); err != nil {
		return account.Me{}, err
	}
	_, s, err := a.Account.BySession(ctx, in.Token)
	if err != nil {
		return account.Me{}, err
	}
	b := in.Body
	err = a.Account.EditMe(ctx, by, s.ID, account.MeChange{
		Name: b.Name, Nickname: b.Nickname, Language: b.Language, OldPassword: b.OldPassword, NewPassword: b.NewPassword,
	})
	if err != nil {
		return account.Me{}, err
	}
	return a.Account.Me(ctx, by)
}

type setPresence struct {
	Body struct {
		State  agent.State `json:"state"`
		Reason string      `json:"reason,omitempty" doc:"of a break"`
	}
}

func (a *API) setPresence(ctx context.Context, by agent.Actor, in *setPresence) (account.Me, error) {
	if _, err := a.Desk.SetPresence(ctx, by, in.Body.State, in.Body.Reason); err != nil {
		return account.Me{}, err
	}
	return a.Account.Me(ctx, by)
}

type listSessions struct {
	Token string `cookie:"yingda_session" hidden:"true"`
}

// sessionView is a session as its agent sees it.
type sessionView struct {
	ID         access.SessionID `json:"id"`
	Current    bool             `json:"current" doc:"the one that asks"`
	CreatedAt  time.Time        `json:"created_at"`
	LastSeenAt time.Time        `json:"last_seen_at"`
	Address    string           `json:"address"`
	Device     string           `json:"device" doc:"as the browser calls itself"`
}

func (a *API) listSessions(ctx context.Context, by agent.Actor, in *listSessions) (list[sessionView], error) {
	open, err := a.Account.Sessions(ctx, by)
	if err != nil {
		return list[sessionView]{}, err
	}
	_, asks, err := a.Account.BySession(ctx, in.Token)
	items := make([]sessionView, 0, len(open))
	for _, s := range open {
		items = append(items, sessionView{
			ID: s.ID, Current: s.ID == asks.ID, CreatedAt: s.CreatedAt, LastSeenAt: s.LastSeenAt, Address: s.Address, Device: s.Device,
		})
	}
	return list[sessionView]{Items: items}, err
}

func (a *API) endSession(ctx context.Context, by agent.Actor, in *byID[access.SessionID]) error {
	return a.Account.EndSession(ctx, by, in.ID.Value)
}
