package api

import (
	"context"
	"net/http"

	"yingda/internal/account"
	"yingda/internal/domain/agent"
	"yingda/internal/kit/serve"
)

func (a *API) sessions(r *router) {
	raw(r, post("/session", "Sign in: the answer sets a cookie").forAll(), a.signIn)
	raw(r, remove("/session", "Sign out").forAll().answers(http.StatusNoContent), a.signOut)
}

// withCookie is the answer to somebody who has just signed in.
type withCookie struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      account.Me
}

type signIn struct {
	Device string `header:"User-Agent" hidden:"true"`
	Body   struct {
		Email    string `json:"email" maxLength:"254"`
		Password string `json:"password" maxLength:"1000"`
	}
}

func (a *API) signIn(ctx context.Context, _ agent.Actor, in *signIn) (*withCookie, error) {
	s, err := a.Account.SignIn(ctx, in.Body.Email, in.Body.Password, from(ctx, in.Device))
	if err != nil {
		return nil, err
	}
	return a.welcome(ctx, s)
}

func from(ctx context.Context, device string) account.From {
	return account.From{Address: serve.Address(ctx), Device: device}
}

func (a *API) welcome(ctx context.Context, s account.SignedIn) (*withCookie, error) {
	me, err := a.Account.MeOf(ctx, s.Agent)
	return &withCookie{SetCookie: cookie(ctx, s.Token, cookieLife), Body: me}, err
}

type signOut struct {
	Token string `cookie:"yingda_session" hidden:"true"`
}

type signedOut struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

func (a *API) signOut(ctx context.Context, _ agent.Actor, in *signOut) (*signedOut, error) {
	err := a.Account.SignOut(ctx, in.Token, serve.Address(ctx))
	return &signedOut{SetCookie: cookie(ctx, "", -1)}, err
}

// cookieLife is the longest that browsers keep a cookie, in seconds. When a
// session ends is decided here, not there: it slides.
const cookieLife = 400 * 24 * 60 * 60

func cookie(ctx context.Context, token string, seconds int) http.Cookie {
	return http.Cookie{ //nolint:gosec // Secure wherever the connection is
		Name: account.Cookie, Value: token, Path: "/", MaxAge: seconds,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: serve.Secure(ctx),
	}
}
