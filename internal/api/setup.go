package api

import (
	"context"
	"net/url"

	"yingda/internal/account"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/phrase"
)

func (a *API) setup(r *router) {
	call(r, get("/setup/{token}", "What a one-time link is for").forAll(), a.getSetup)
	raw(r, post("/setup/{token}", "Use a one-time link: choose a password and be signed in").forAll(), a.complete)
}

type getSetup struct {
	Token string `path:"token" maxLength:"100"`
}

func (a *API) getSetup(ctx context.Context, _ agent.Actor, in *getSetup) (account.Setup, error) {
	return a.Account.Setup(ctx, in.Token)
}

type completion struct {
	Token    string `path:"token" maxLength:"100"`
	Device   string `header:"User-Agent" hidden:"true"`
	Language string `header:"Accept-Language" hidden:"true"`
	Body     struct {
		Email    string `json:"email,omitempty" maxLength:"254" doc:"of the first administrator; others have one"`
		Name     string `json:"name,omitempty" doc:"empty: as it was"`
		Password string `json:"password" maxLength:"1000"`
	}
}

func (a *API) complete(ctx context.Context, _ agent.Actor, in *completion) (*withCookie, error) {
	s, err := a.Account.Complete(ctx, in.Token, account.Completion{
		Email: in.Body.Email, Name: in.Body.Name, Password: in.Body.Password, Language: phrase.Language(in.Language),
	}, from(ctx, in.Device))
	if err != nil {
		return nil, err
	}
	return a.welcome(ctx, s)
}

// SetupPath is the page of the console that takes a one-time link.
func SetupPath(token string) string { return "/app/setup/" + url.PathEscape(token) }

func setupURL(ctx context.Context, token string) string { return originOf(ctx) + SetupPath(token) }
