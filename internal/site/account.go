package site

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"yingda/internal/account"
	"yingda/internal/domain/access"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
)

// accountPages lists the addresses of the customer's account.
func (s *Site) accountPages() {
	s.page("GET /account/sign-up", s.signUpPage)
	s.page("POST /account/sign-up", s.signUp)
	s.page("GET /account/sign-in", s.signInPage)
	s.page("POST /account/sign-in", s.signIn)
	s.page("GET /account/reset", s.resetPage)
	s.page("POST /account/reset", s.reset)
	s.page("GET /account/code", s.codePage)
	s.page("POST /account/code", s.enterCode)
	s.page("GET /account", s.signed(s.centre))
	s.page("GET /account/profile", s.signed(s.profile))
	s.page("POST /account/profile", s.signed(s.editProfile))
	s.page("POST /account/sessions", s.signed(s.endSession))
	s.page("POST /account/sign-out", s.signOut)
}

// recognize notes who is signed in.
func (s *Site) recognize(r *http.Request, p *Page) error {
	if s.Accounts == nil {
		return nil
	}
	p.Accounts = true
	g, err := s.Accounts.Guest(r)
	switch {
	case err == nil:
		p.Guest = &g
	case fault.KindOf(err) != fault.Unsigned:
		return err
	}
	return nil
}

// signed serves a handler to who is signed in, and leads others to sign in.
func (s *Site) signed(h handler) handler {
	return func(r *http.Request, p *Page) (reply, error) {
		if p.Guest == nil {
			return reply{redirect: "/account/sign-in?next=" + url.QueryEscape(r.URL.Path)}, nil
		}
		return h(r, p)
	}
}

// accountForm is the body of the pages with a form of the account: everything typed
// but passwords, and what is wrong with it.
type accountForm struct {
	Typed    map[string]string
	Problems map[string]string // by field; "" is about the form
	Wrong    []string          // the fields that have a problem, from the top
	Codes    bool              // one-time codes can be sent
	Next     string            // where to go afterwards
	Asked    account.Asked     // on the page for a code: what it is for
	Gone     bool              // the code no longer works
	Done     string            // what has just been done
	Sent     bool              // another code was sent
}

// V returns what was typed in a field.
func (b accountForm) V(field string) string { return b.Typed[field] }

// accountFields are the fields of all forms of the account, from the top.
var accountFields = []string{"name", "language", "phone", "email", "password", "old", "fresh", "old_code", "code", ""}

func (s *Site) emptyForm(r *http.Request) accountForm {
	return accountForm{Typed: map[string]string{}, Problems: map[string]string{}, Codes: s.Accounts.CodesWork(), Next: safeNext(r.URL.Query().Get("next"))}
}

// filled reads a form. Passwords are returned only by value, and are never
// shown again.
func (s *Site) filled(r *http.Request) (accountForm, map[string]string, error) {
	in, err := readForm(r)
	if err != nil {
		return accountForm{}, nil, err
	}
	defer in.close()
	b := s.emptyForm(r)
	for _, field := range []string{"name", "language", "phone", "email", "code", "old_code"} {
		b.Typed[field] = strings.TrimSpace(in.values[field])
	}
	b.Next = safeNext(in.values["next"])
	return b, in.values, nil
}

// safeNext returns an address of ours, or nothing: nobody is led away to
// another site by a link to our sign-in.
func safeNext(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n") {
		return ""
	}
	return next
}

// show answers with a form of the account.
func show(p *Page, name string, b accountForm) (reply, error) {
	for _, field := range accountFields {
		if b.Problems[field] != "" {
			b.Wrong = append(b.Wrong, field)
		}
	}
	var err error
	p.Hidden, p.Body = true, b
	p.Title, err = p.T(name + ".title")
	return reply{template: name, fresh: true}, err
}

// refuseForm shows a form again with what is wrong, or passes an error on that
// is not the reader's to mend.
func refuseForm(p *Page, name string, b accountForm, err error) (reply, error) {
	problem, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return reply{}, err
	}
	status := map[fault.Kind]int{
		fault.Invalid: http.StatusUnprocessableEntity, fault.Unsigned: http.StatusUnprocessableEntity,
		fault.Conflict: http.StatusConflict, fault.NotFound: http.StatusGone, fault.Busy: http.StatusServiceUnavailable,
	}[problem.Kind]
	if status == 0 {
		return reply{}, err
	}
	field := strings.TrimPrefix(problem.Field, "body.")
	if !slices.Contains(accountFields, field) {
		field = ""
	}
	b.Problems[field] = problemInWords(p.Language, problem)
	rep, err2 := show(p, name, b)
	rep.status = status
	if wait, ok := errors.AsType[serve.Wait](err); ok {
		rep.status, rep.retry = http.StatusTooManyRequests, time.Duration(wait)
	}
	return rep, err2
}

func from(r *http.Request) account.From {
	return account.From{Address: serve.Address(r.Context()), Device: serve.Device(r.UserAgent())}
}

// cookieLife is the longest that browsers keep a cookie. When a session ends
// is decided by the account: thirty days after it was last used.
const cookieLife = 400 * 24 * time.Hour

func cookie(r *http.Request, name, value, path string, life time.Duration) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // Secure wherever the connection is
		Name: name, Value: value, Path: path, MaxAge: int(life.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: serve.Secure(r.Context()),
	}
}

// letIn leads who has just signed in to where they wanted to go.
func letIn(r *http.Request, in account.Welcome, next string) reply {
	return reply{redirect: orHome(next), cookies: []*http.Cookie{cookie(r, account.CustomerCookie, in.Token, "/", cookieLife)}}
}

// The ticket of a code stands in a cookie, so that it is in no address that
// somebody passes on. It outlives the code: another one can be asked for.
const (
	codeCookie     = "yingda_code"
	codeCookieLife = time.Hour
)

// toCode leads to the page where a code is entered.
func toCode(r *http.Request, ticket, next string) reply {
	v := url.Values{"t": {ticket}}
	if next != "" {
		v.Set("next", next)
	}
	return reply{redirect: "/account/code", cookies: []*http.Cookie{cookie(r, codeCookie, v.Encode(), "/account", codeCookieLife)}}
}

func ticketOf(r *http.Request) (ticket, next string) {
	c, err := r.Cookie(codeCookie)
	if err != nil {
		return "", ""
	}
	v, err := url.ParseQuery(c.Value)
	if err != nil {
		return "", ""
	}
	return v.Get("t"), safeNext(v.Get("next"))
}

func (s *Site) signUpPage(r *http.Request, p *Page) (reply, error) {
	if p.Guest != nil {
		return reply{redirect: "/account"}, nil
	}
	return show(p, "sign-up", s.emptyForm(r))
}

// signUp opens an account, or sends the code that will.
func (s *Site) signUp(r *http.Request, p *Page) (reply, error) {
	b, typed, err := s.filled(r)
	if err != nil {
		return reply{}, err
	}
	n := account.NewCustomer{Name: b.V("name"), Email: b.V("email"), Password: typed["password"], Language: p.Language}
	b.Problems = wrongWith(p, n)
	if len(b.Problems) > 0 {
		rep, err := show(p, "sign-up", b)
		rep.status = http.StatusUnprocessableEntity
		return rep, err
	}
	if b.Codes {
		ticket, err := s.Accounts.AskSignUp(r.Context(), n, from(r))
		if err != nil {
			return refuseForm(p, "sign-up", b, err)
		}
		return toCode(r, ticket, b.Next), nil
	}
	in, err := s.Accounts.SignUp(r.Context(), n, from(r))
	if err != nil {
		return refuseForm(p, "sign-up", b, err)
	}
	return letIn(r, in, b.Next), nil
}

// wrongWith returns all that is wrong with what was typed, by field.
func wrongWith(p *Page, n account.NewCustomer) map[string]string {
	all := map[string]string{}
	for range 3 {
		f, ok := errors.AsType[*fault.Error](n.Check())
		if !ok {
			break
		}
		all[f.Field] = problemInWords(p.Language, f)
		switch f.Field { // something that passes, to see what else is wrong
		case "name":
			n.Name = "."
		case "email":
			n.Email = "a@b.c"
		case "password":
			n.Password = ""
		}
	}
	return all
}

func (s *Site) signInPage(r *http.Request, p *Page) (reply, error) {
	b := s.emptyForm(r)
	if p.Guest != nil {
		return reply{redirect: orHome(b.Next)}, nil
	}
	if r.URL.Query().Has("bye") {
		b.Done = "bye"
	}
	return show(p, "sign-in", b)
}

func orHome(next string) string {
	if next == "" {
		return "/account"
	}
	return next
}

// signIn begins a session by password, or sends a code.
func (s *Site) signIn(r *http.Request, p *Page) (reply, error) {
	b, typed, err := s.filled(r)
	if err != nil {
		return reply{}, err
	}
	if typed["by"] == "code" {
		ticket, err := s.Accounts.AskCode(r.Context(), access.ToSignIn, b.V("email"), p.Language, from(r))
		if err != nil {
			return refuseForm(p, "sign-in", b, err)
		}
		return toCode(r, ticket, b.Next), nil
	}
	in, err := s.Accounts.CustomerSignIn(r.Context(), b.V("email"), typed["password"], from(r))
	if err != nil {
		return refuseForm(p, "sign-in", b, err)
	}
	return letIn(r, in, b.Next), nil
}

func (s *Site) resetPage(r *http.Request, p *Page) (reply, error) {
	b := s.emptyForm(r)
	if p.Guest != nil {
		b.Typed["email"] = p.Guest.Customer.Email
	}
	return show(p, "reset", b)
}

// reset sends a code that sets a new password.
func (s *Site) reset(r *http.Request, p *Page) (reply, error) {
	b, _, err := s.filled(r)
	if err != nil {
		return reply{}, err
	}
	ticket, err := s.Accounts.AskCode(r.Context(), access.ToResetPassword, b.V("email"), p.Language, from(r))
	if err != nil {
		return refuseForm(p, "reset", b, err)
	}
	return toCode(r, ticket, b.Next), nil
}

func (s *Site) codePage(r *http.Request, p *Page) (reply, error) {
	b := s.emptyForm(r)
	b.Sent = r.URL.Query().Has("again")
	return s.showCode(r, p, b, nil)
}

// showCode answers with the page for a code, and with what was wrong with the
// one that was entered.
func (s *Site) showCode(r *http.Request, p *Page, b accountForm, problem error) (reply, error) {
	ticket, _ := ticketOf(r)
	asked, err := s.Accounts.Asked(r.Context(), ticket)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return reply{}, err
	}
	b.Asked, b.Gone = asked, err != nil
	if problem != nil {
		return refuseForm(p, "code", b, problem)
	}
	return show(p, "code", b)
}

// enterCode does what a code is for, or sends another one.
func (s *Site) enterCode(r *http.Request, p *Page) (reply, error) {
	b, typed, err := s.filled(r)
	if err != nil {
		return reply{}, err
	}
	ticket, next := ticketOf(r)
	if typed["do"] == "again" {
		ticket, err := s.Accounts.AskAgain(r.Context(), ticket, from(r))
		if err != nil {
			return s.showCode(r, p, b, err)
		}
		rep := toCode(r, ticket, next)
		rep.redirect += "?again=1"
		return rep, nil
	}
	purpose, in, err := s.Accounts.EnterCode(r.Context(), ticket, account.Entered{Code: b.V("code"), OldCode: b.V("old_code"), Password: typed["password"]}, from(r))
	if err != nil {
		return s.showCode(r, p, b, err)
	}
	rep := reply{redirect: "/account/profile?done=" + string(purpose)}
	if in.Token != "" {
		rep = letIn(r, in, next)
	}
	rep.cookies = append(rep.cookies, cookie(r, codeCookie, "", "/account", -time.Second))
	return rep, nil
}

// centre is the body of the personal centre.
type centre struct {
	Cases    []ticket.Case
	Sessions []access.CustomerSession
	Codes    bool
	Done     string
}

// centre answers with everything that is the customer's.
func (s *Site) centre(r *http.Request, p *Page) (reply, error) {
	cases, err := s.Desk.CasesOf(r.Context(), p.Guest.Contact.ID, p.Guest.Customer.Proven())
	if err != nil {
		return reply{}, err
	}
	sessions, err := s.Accounts.CustomerSessions(r.Context(), *p.Guest)
	if err != nil {
		return reply{}, err
	}
	c := centre{Cases: cases, Sessions: sessions, Codes: s.Accounts.CodesWork()}
	if r.URL.Query().Get("done") == "session" {
		c.Done = "session"
	}
	p.Hidden, p.Body = true, c
	p.Title, err = p.T("account.title")
	return reply{template: "account", fresh: true}, err
}

// dones are what the page of the profile can tell to have been done.
var dones = []string{"profile", "password", string(access.ToChangeEmail), string(access.ToChangePhone), string(access.ToProveEmail)}

func (s *Site) profile(r *http.Request, p *Page) (reply, error) {
	b := s.emptyForm(r)
	if done := r.URL.Query().Get("done"); slices.Contains(dones, done) {
		b.Done = done
	}
	return s.showProfile(p, b, nil)
}

// showProfile shows the forms with what is known, where nothing was typed.
func (s *Site) showProfile(p *Page, b accountForm, problem error) (reply, error) {
	for field, known := range map[string]string{"name": p.Guest.Contact.Name, "language": p.Guest.Contact.Language, "phone": p.Guest.Contact.Phone} {
		if b.Typed[field] == "" && b.Problems[field] == "" {
			b.Typed[field] = known
		}
	}
	if problem != nil {
		return refuseForm(p, "profile", b, problem)
	}
	return show(p, "profile", b)
}

// editProfile changes one thing: what the button of its form says.
func (s *Site) editProfile(r *http.Request, p *Page) (reply, error) {
	b, typed, err := s.filled(r)
	if err != nil {
		return reply{}, err
	}
	var ticket string
	g, ctx := *p.Guest, r.Context()
	switch typed["what"] {
	case "profile":
		err = s.Accounts.EditProfile(ctx, g, account.Profile{Name: b.V("name"), Language: b.V("language")}, from(r))
	case "password":
		err = s.Accounts.ChangeCustomerPassword(ctx, g, typed["old"], typed["fresh"], from(r))
		if f, ok := errors.AsType[*fault.Error](err); ok && f.Field == "password" {
			err = f.In("fresh")
		}
	case "phone":
		ticket, err = s.Accounts.AskPhone(ctx, g, b.V("phone"), from(r))
	case "email":
		ticket, err = s.Accounts.AskEmail(ctx, g, b.V("email"), from(r))
	case "prove":
		ticket, err = s.Accounts.AskProof(ctx, g, from(r))
	default:
		err = fault.New(fault.Invalid, "form.broken", "the form did not arrive whole; send it again")
	}
	switch {
	case err != nil:
		return s.showProfile(p, b, err)
	case ticket != "":
		return toCode(r, ticket, ""), nil
	}
	return reply{redirect: "/account/profile?done=" + typed["what"]}, nil
}

// endSession ends one of the customer's sessions, on another device or here.
func (s *Site) endSession(r *http.Request, p *Page) (reply, error) {
	_, typed, err := s.filled(r)
	if err != nil {
		return reply{}, err
	}
	var which access.SessionID
	if err := which.UnmarshalText([]byte(typed["session"])); err != nil {
		return reply{}, err
	}
	err = s.Accounts.EndCustomerSession(r.Context(), *p.Guest, which, from(r))
	if err != nil && fault.CodeOf(err) != "session.unknown" { // it has ended, which is what was wanted
		return reply{}, err
	}
	return reply{redirect: "/account?done=session"}, nil
}

// signOut ends the session of this browser.
func (s *Site) signOut(r *http.Request, _ *Page) (reply, error) {
	if c, err := r.Cookie(account.CustomerCookie); err == nil {
		if err := s.Accounts.CustomerSignOut(r.Context(), c.Value, from(r)); err != nil {
			return reply{}, err
		}
	}
	gone := []*http.Cookie{cookie(r, account.CustomerCookie, "", "/", -time.Second), cookie(r, codeCookie, "", "/account", -time.Second)}
	return reply{redirect: "/account/sign-in?bye=1", cookies: gone}, nil
}
