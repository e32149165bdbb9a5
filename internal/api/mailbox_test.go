package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"yingda/internal/account"
	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/fault"
)

// mailDoor is the door of e-mail as it answers to the settings. It remembers
// what it was shown.
type mailDoor struct {
	tried    mailbox.Mailbox
	verifier string
}

func (d *mailDoor) CheckMailbox(_ context.Context, m mailbox.Mailbox) []channel.MailStep {
	d.tried = m
	if m.Secrets.FetchPassword != "right-code-1234" {
		return []channel.MailStep{{Name: channel.StepLogin, Err: fault.New(fault.Invalid, "mailbox.oauth_refused", "the server refuses"), Detail: "AUTHENTICATIONFAILED"}}
	}
	return []channel.MailStep{{Name: channel.StepLogin}, {Name: channel.StepFolder, Detail: "3"}}
}

func (d *mailDoor) GrantURL(g mailbox.Grant, redirect, state, verifier string) (string, error) {
	d.verifier = verifier
	return "https://id.example.cn/?" + url.Values{"client_id": {g.ClientID}, "redirect_uri": {redirect}, "state": {state}}.Encode(), nil
}

func (d *mailDoor) Exchange(_ context.Context, g mailbox.Grant, redirect, code, verifier string) (mailbox.Grant, error) {
	if code != "good" || verifier != d.verifier || !strings.HasSuffix(redirect, "/api/v1/mailboxes/oauth/callback") {
		return g, fault.New(fault.Invalid, "mailbox.oauth_refused", "the provider did not let us in; sign in again and allow what is asked for")
	}
	g.Access, g.Refresh, g.Expires = "access", "refresh-of-the-provider", time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	return g, nil
}

// box turns letters round, which is enough to see that a state is opened.
type box struct{}

func (box) Seal(b []byte) string { return "sealed:" + string(b) }

func (box) Open(s string) ([]byte, error) {
	rest, ok := strings.CutPrefix(s, "sealed:")
	if !ok {
		return nil, fault.New(fault.Invalid, "mailbox.oauth_state", "not sealed")
	}
	return []byte(rest), nil
}

func mailRoom(t *testing.T) (*house, *mailDoor, string) {
	t.Helper()
	door := &mailDoor{}
	h := newHouse(t)
	a := &API{
		Auth: h.account, Account: h.account, Desk: &desk.Desk{DB: h.account.DB, Now: h.clock.Now}, Log: slog.New(slog.DiscardHandler), Now: h.clock.Now,
		MailCheck: door, MailGrants: door, GrantSeal: box{},
		Exchangers: func(context.Context, string) []string { return []string{"mxbiz1.qq.com."} },
	}
	mux := http.NewServeMux()
	a.Mount(mux)
	h.h = mux
	return &h, door, h.admin()
}

func TestMailboxesOverTheWire(t *testing.T) {
	h, door, admin := mailRoom(t)
	_, lin := h.invite(admin, "lin", "agent")
	if r := h.call(lin, "GET", "/mailboxes", ""); r.Code != http.StatusForbidden {
		t.Errorf("an agent reads mailboxes: %d", r.Code)
	}
	guess := h.fine(admin, "GET", "/mailboxes/guess?address=Kefu@yuanxing.cn", "")
	if s := guess.Body.String(); !strings.Contains(s, `"code":"exmail"`) || !strings.Contains(s, `"user":"kefu@yuanxing.cn"`) {
		t.Errorf("guessed %s", s)
	}
	if s := h.fine(admin, "GET", "/mailboxes/guess?address=a@b.cn&service=qq", "").Body.String(); !strings.Contains(s, `"host":"imap.qq.com"`) {
		t.Errorf("chosen %s", s)
	}
	settings := h.fine(admin, "GET", "/mailboxes/guess?address=kefu@qq.com", "").raw("settings")
	body := `"address":"kefu@qq.com","settings":` + settings

	// What is tried need not be kept; why it fails is said in both languages.
	r := h.fine(admin, "POST", "/mailboxes/check", `{`+body+`,"fetch_password":"wrong"}`)
	if s := r.Body.String(); !strings.Contains(s, `"works":false`) || !strings.Contains(s, `"en":"the server refuses"`) || !strings.Contains(s, `"zh":"服务商没有授权`) {
		t.Errorf("tried %s", s)
	}
	made := h.fine(admin, "POST", "/mailboxes", `{`+body+`,"fetch_password":"right-code-1234"}`)
	id := made.text("inbox_id")
	for _, path := range []string{"/mailboxes", "/mailboxes/" + id, "/audit", "/inboxes"} {
		if s := h.fine(admin, "GET", path, "").Body.String(); strings.Contains(s, "right-code") {
			t.Errorf("%s shows the secret: %s", path, s)
		}
	}
	if s := made.Body.String(); !strings.Contains(s, `"tail":"1234"`) || !strings.Contains(s, `"records":[]`) {
		t.Errorf("made %s", s)
	}
	if r := h.fine(admin, "POST", "/mailboxes/check", `{"id":"`+id+`"}`); !strings.Contains(r.Body.String(), `"works":true`) || door.tried.Address != "kefu@qq.com" {
		t.Errorf("a kept mailbox is tried with %+v: %s", door.tried.Address, r.Body)
	}
	if s := h.fine(admin, "GET", "/inboxes", "").Body.String(); !strings.Contains(s, `"kind":"email"`) || strings.Contains(s, `data-inbox`) {
		t.Errorf("a mailbox has a line for pages: %s", s)
	}
	if r := h.call(admin, "PATCH", "/mailboxes/"+id, `{"name":"x","version":7}`); r.Code != http.StatusConflict {
		t.Errorf("an old version was taken: %d", r.Code)
	}
	if r := h.call(admin, "PATCH", "/mailboxes/"+id, `{"address":"nonsense"}`); r.Code != http.StatusUnprocessableEntity && r.Code != http.StatusBadRequest {
		t.Errorf("a bad address: %d %s", r.Code, r.Body)
	}
}

func TestAMailboxSignsInAtItsProvider(t *testing.T) {
	h, _, admin := mailRoom(t)
	settings := h.fine(admin, "GET", "/mailboxes/guess?address=kefu@outlook.com", "").raw("settings")
	id := h.fine(admin, "POST", "/mailboxes", `{"address":"kefu@outlook.com","settings":`+settings+`}`).text("inbox_id")
	begin := func() string {
		to, err := url.Parse(h.fine(admin, "POST", "/mailboxes/"+id+"/oauth", `{"provider":"microsoft","client_id":"app","client_secret":"hush-hush-hush"}`).text("url"))
		if err != nil {
			t.Fatal(err)
		}
		if to.Query().Get("redirect_uri") != "http://desk.example.cn/api/v1/mailboxes/oauth/callback" {
			t.Errorf("it comes back to %s", to.Query().Get("redirect_uri"))
		}
		return to.Query().Get("state")
	}
	back := func(who, query string) string {
		t.Helper()
		r := h.redirect(who, "/mailboxes/oauth/callback?"+query)
		if r.Code != http.StatusSeeOther {
			t.Fatalf("answered %d %s", r.Code, r.Body)
		}
		return r.Header().Get("Location")
	}
	state := begin()
	for what, c := range map[string]struct{ query, want string }{
		"a state of nobody":  {"code=good&state=x", "oauth=mailbox.oauth_state"},
		"a refusal":          {"error=access_denied&state=" + url.QueryEscape(state), "oauth=mailbox.oauth_refused"},
		"a code that is bad": {"code=bad&state=" + url.QueryEscape(state), "oauth=mailbox.oauth_refused"},
	} {
		if to := back(admin, c.query); !strings.Contains(to, c.want) {
			t.Errorf("%s leads to %s", what, to)
		}
	}
	if to := back(admin, "code=good&state="+url.QueryEscape(state)); to != "/app/settings/mailboxes?id="+id+"&oauth=ok" {
		t.Errorf("it leads to %s", to)
	}
	s := h.fine(admin, "GET", "/mailboxes/"+id, "").Body.String()
	if !strings.Contains(s, `"signed_in":true`) || strings.Contains(s, "hush") || strings.Contains(s, "refresh-of") {
		t.Errorf("it is shown as %s", s)
	}
	old := begin()
	h.clock.Turn(20 * time.Minute)
	if to := back(admin, "code=good&state="+url.QueryEscape(old)); !strings.Contains(to, "oauth=mailbox.oauth_state") {
		t.Errorf("an old state leads to %s", to)
	}
}

// raw is a field of an answer as it was written.
func (r reply) raw(field string) string {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(r.Body.Bytes(), &all); err != nil {
		return err.Error()
	}
	return string(all[field])
}

// redirect makes a call as a browser does that was sent there.
func (h house) redirect(who, path string) *httptest.ResponseRecorder {
	h.t.Helper()
	req := httptest.NewRequestWithContext(h.t.Context(), http.MethodGet, "http://desk.example.cn/api/v1"+path, nil)
	req.AddCookie(&http.Cookie{Name: account.Cookie, Value: who})
	w := httptest.NewRecorder()
	h.h.ServeHTTP(w, req)
	return w
}
