package api

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"yingda/internal/account"
	"yingda/internal/desk"
	"yingda/internal/domain/access"
	"yingda/internal/domain/agent"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/remote"
	"yingda/internal/kit/serve"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

const password = "yingda-demo"

// house is the calls on a fresh database, behind the door.
type house struct {
	t       *testing.T
	h       http.Handler
	account *account.Account
	clock   *clock.Hand
}

func newHouse(t *testing.T, proxies ...string) house {
	t.Helper()
	db, c := storetest.SQLite(t), clock.At(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	acc := &account.Account{DB: db, Now: c.Now}
	if err := acc.EnsureBuiltins(t.Context()); err != nil {
		t.Fatal(err)
	}
	a := &API{Auth: acc, Account: acc, Desk: &desk.Desk{DB: db, Now: c.Now}, Log: slog.New(slog.DiscardHandler), Now: c.Now}
	trusted, err := remote.ParseProxies(proxies)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	a.Mount(mux)
	return house{t: t, h: serve.Door{Log: a.Log, Errors: a.Errors(), Proxies: trusted}.Wrap(mux), account: acc, clock: c}
}

// reply is an answer that was read.
type reply struct {
	*httptest.ResponseRecorder
	body map[string]any
}

func (r reply) text(field string) string { s, _ := r.body[field].(string); return s }

func (r reply) cookie() *http.Cookie {
	for _, c := range r.Result().Cookies() {
		if c.Name == account.Cookie {
			return c
		}
	}
	return &http.Cookie{}
}

// call makes a call. who is a session's token, an API key, or nobody; headers
// are pairs.
func (h house) call(who, method, path, body string, headers ...string) reply {
	h.t.Helper()
	req := httptest.NewRequestWithContext(h.t.Context(), method, "http://desk.example.cn/api/v1"+path, strings.NewReader(body))
	req.RemoteAddr = "203.0.113.7:4711"
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	switch {
	case strings.HasPrefix(who, access.KeyPrefix):
		req.Header.Set("Authorization", "Bearer "+who)
	case who != "":
		req.AddCookie(&http.Cookie{Name: account.Cookie, Value: who})
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	r := reply{ResponseRecorder: httptest.NewRecorder()}
	h.h.ServeHTTP(r, req)
	if r.Body.Len() > 0 {
		if err := json.Unmarshal(r.Body.Bytes(), &r.body); err != nil {
			h.t.Fatalf("%s %s: %d %s", method, path, r.Code, r.Body)
		}
	}
	return r
}

// fine makes a call that must succeed.
func (h house) fine(who, method, path, body string, headers ...string) reply {
	h.t.Helper()
	r := h.call(who, method, path, body, headers...)
	if r.Code >= 300 {
		h.t.Fatalf("%s %s: %d %s", method, path, r.Code, r.Body)
	}
	return r
}

// admin makes the first administrator and returns their session.
func (h house) admin() string {
	h.t.Helper()
	token, err := h.account.FirstLink(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return h.fine("", "POST", "/setup/"+token, `{"email":"admin@demo","name":"管理员","password":"`+password+`"}`).cookie().Value
}

// invite adds an agent with a built-in role and returns their id and session.
func (h house) invite(admin, name, role string) (id, session string) {
	h.t.Helper()
	r := h.fine(admin, "POST", "/agents", fmt.Sprintf(`{"email":"%s@demo","name":"%s","role_ids":["%s"],"team_ids":[],"capacity":5,"language":"zh"}`, name, name, h.role(admin, role)))
	link := r.text("invite_url")
	path, ok := strings.CutPrefix(link, "http://desk.example.cn/app/setup/")
	if !ok {
		h.t.Fatalf("the link is %q", link)
	}
	id, _ = r.body["agent"].(map[string]any)["id"].(string)
	return id, h.fine("", "POST", "/setup/"+path, `{"name":"`+name+`","password":"`+password+`"}`).cookie().Value
}

func (h house) role(who, name string) string {
	h.t.Helper()
	for _, r := range h.fine(who, "GET", "/roles", "").body["items"].([]any) {
		if r := r.(map[string]any); r["name"] == name {
			return r["id"].(string)
		}
	}
	h.t.Fatalf("no role %s", name)
	return ""
}

func TestTheWayIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token, err := h.account.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r := h.fine("", "GET", "/setup/"+token, ""); r.text("kind") != "first_admin" {
		t.Errorf("%s", r.Body)
	}
	r := h.fine("", "POST", "/setup/"+token, `{"email":"admin@demo","name":"Admin","password":"`+password+`"}`, "Accept-Language", "en-GB", "User-Agent", "Firefox")
	c := r.cookie()
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure || c.Path != "/" || c.MaxAge < 1 {
		t.Errorf("the cookie is %v", c)
	}
	if r.text("language") != "en" || r.text("scope") != "all" || strings.Contains(r.Body.String(), "argon2") {
		t.Errorf("%s", r.Body)
	}
	admin := c.Value
	me := h.fine(admin, "GET", "/me", "")
	if me.text("email") != "admin@demo" || len(me.body["permissions"].([]any)) < 20 {
		t.Errorf("%s", me.Body)
	}
	lin, session := h.invite(admin, "lin", "agent")
	if r := h.fine(session, "PATCH", "/me", `{"nickname":"小林","language":"en"}`); r.text("id") != lin || r.text("nickname") != "小林" || r.text("language") != "en" {
		t.Errorf("%s", r.Body)
	}
	if r := h.fine(session, "PUT", "/me/presence", `{"state":"break","reason":"meal"}`); r.body["presence"].(map[string]any)["reason"] != "meal" {
		t.Errorf("%s", r.Body)
	}
	all := h.fine(admin, "GET", "/agents?limit=1", "")
	rest := h.fine(admin, "GET", "/agents?cursor="+all.text("next"), "")
	if as := rest.body["items"].([]any); len(as) != 1 || as[0].(map[string]any)["email"] != "lin@demo" || fmt.Sprint(as[0].(map[string]any)["teams"]) != "[]" || rest.text("next") != "" {
		t.Errorf("%s, then %s", all.Body, rest.Body)
	}
	again := h.fine("", "POST", "/session", `{"email":"LIN@demo","password":"`+password+`"}`, "User-Agent", "Chromium").cookie().Value
	list := h.fine(again, "GET", "/me/sessions", "").body["items"].([]any)
	if first := list[0].(map[string]any); len(list) != 2 || first["device"] != "Chromium" || first["current"] != true || first["address"] != "203.0.113.7" {
		t.Errorf("%v", list)
	}
	other := list[1].(map[string]any)["id"].(string)
	h.fine(again, "DELETE", "/me/sessions/"+other, "")
	if r := h.call(session, "GET", "/me", ""); r.Code != 401 || r.text("code") != "session.expired" {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	out := h.fine(again, "DELETE", "/session", "")
	if c := out.cookie(); out.Code != 204 || c.Value != "" || c.MaxAge != -1 {
		t.Errorf("%d, the cookie is %v", out.Code, c)
	}
	h.fine(again, "DELETE", "/session", "")
	if r := h.call(again, "GET", "/me", ""); r.Code != 401 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
}

func TestCookieIsSecure(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "10.0.0.0/8")
	h.admin()
	for _, c := range []struct {
		name, peer, proto string
		secure            bool
	}{
		{"plain", "203.0.113.7:1", "", false},
		{"an invented header", "203.0.113.7:1", "https", false},
		{"by a proxy that says https", "10.0.0.1:1", "https", true},
		{"by a proxy that says http", "10.0.0.1:1", "http", false},
	} {
		req := httptest.NewRequestWithContext(t.Context(), "POST", "/api/v1/session", strings.NewReader(`{"email":"admin@demo","password":"`+password+`"}`))
		req.RemoteAddr = c.peer
		req.Header.Set("Content-Type", "application/json")
		if c.proto != "" {
			req.Header.Set("X-Forwarded-Proto", c.proto)
		}
		r := reply{ResponseRecorder: httptest.NewRecorder()}
		h.h.ServeHTTP(r, req)
		if got := r.cookie(); r.Code != 200 || got.Secure != c.secure {
			t.Errorf("%s: %d, the cookie is %v", c.name, r.Code, got)
		}
	}
}

// A wait is for who sends the requests, whatever their headers say.
func TestInventedHeadersPassNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "10.0.0.0/8")
	h.admin()
	wrong := func(i int) reply {
		return h.call("", "POST", "/session", fmt.Sprintf(`{"email":"nobody%d@demo","password":"x"}`, i), "X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i), "X-Real-IP", "127.0.0.1")
	}
	for i := range access.FreeOfAddress + 1 {
		if r := wrong(i); r.Code != 401 || r.text("code") != "login.wrong" || r.text("detail") != "邮箱或密码不正确" {
			t.Fatalf("%d: %d %s", i, r.Code, r.Body)
		}
	}
	right := `{"email":"admin@demo","password":"` + password + `"}`
	r := h.call("", "POST", "/session", right, "X-Forwarded-For", "198.51.100.200")
	if r.Code != 429 || r.text("code") != "login.wait" || r.Header().Get("Retry-After") != "1" {
		t.Errorf("%d %v %s", r.Code, r.Header(), r.Body)
	}
	h.clock.Turn(time.Second)
	session := h.fine("", "POST", "/session", right).cookie().Value
	entries := h.fine(session, "GET", "/audit?action=session.refuse&limit=100", "").body["items"].([]any)
	for _, e := range entries {
		if got := e.(map[string]any)["address"]; got != "203.0.113.7" {
			t.Errorf("the log says %v", got)
		}
	}
	if len(entries) != access.FreeOfAddress+1 {
		t.Errorf("%d entries", len(entries))
	}
}

// Another site can make a browser send the cookie, but no key.
func TestOtherSitesDoNotActForAnAgent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.admin()
	key := h.fine(admin, "POST", "/api-keys", `{"name":"CRM","permissions":["agent.read","agent.manage"]}`).text("secret")
	evil := []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}
	for _, c := range []struct {
		name, who, method, path, body string
		status                        int
	}{
		{"a write with the cookie", admin, "POST", "/teams", `{"name":"A"}`, 403},
		{"a sign-in", "", "POST", "/session", `{"email":"a@b","password":"x"}`, 403},
		{"a sign-out", admin, "DELETE", "/session", "", 403},
		{"a write with a key", key, "POST", "/teams", `{"name":"B"}`, 200},
		{"a look", admin, "GET", "/teams", "", 200},
	} {
		if r := h.call(c.who, c.method, c.path, c.body, evil...); r.Code != c.status || c.status == 403 && r.text("code") != "request.cross_origin" {
			t.Errorf("%s: %d %s", c.name, r.Code, r.Body)
		}
	}
	if r := h.call(admin, "POST", "/teams", `{"name":"C"}`, "Sec-Fetch-Site", "same-origin", "Origin", "http://desk.example.cn"); r.Code != 200 {
		t.Errorf("our own page: %d %s", r.Code, r.Body)
	}
}

func TestWhoMayCall(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.admin()
	lin, session := h.invite(admin, "lin", "agent")
	key := h.fine(admin, "POST", "/api-keys", `{"name":"CRM","permissions":["audit.read"]}`).text("secret")
	role := agent.NewRoleID(h.clock.Now()).String()
	for _, c := range []struct {
		method, path, body string
		agent, key         int // what an agent, and a key that may read the log, are answered
	}{
		{"GET", "/me", "", 200, 200},
		{"PATCH", "/me", `{}`, 200, 403},
		{"GET", "/me/sessions", "", 200, 403},
		{"GET", "/agents", "", 200, 403},
		{"POST", "/agents", `{"email":"a@b","name":"A"}`, 403, 403},
		{"PATCH", "/agents/" + lin, `{"disabled":true}`, 403, 403},
		{"POST", "/agents/" + lin + "/invite", "", 403, 403},
		{"GET", "/roles", "", 200, 403},
		{"POST", "/roles", `{"name":"A","permissions":[],"scope":"own"}`, 403, 403},
		{"PATCH", "/roles/" + role, `{}`, 403, 403},
		{"DELETE", "/roles/" + role, "", 403, 403},
		{"GET", "/permissions", "", 200, 200},
		{"GET", "/teams", "", 200, 403},
		{"POST", "/teams", `{"name":"A"}`, 403, 403},
		{"GET", "/api-keys", "", 403, 403},
		{"POST", "/api-keys", `{"name":"A","permissions":["audit.read"]}`, 403, 403},
		{"GET", "/audit", "", 403, 200},
		{"GET", "/jobs", "", 403, 403},
	} {
		for who, want := range map[string]int{"": 401, session: c.agent, key: c.key, "forged": 401, "yd_forged": 401} {
			if r := h.call(who, c.method, c.path, c.body); r.Code != want {
				t.Errorf("%s %s by %.9q: %d %s, want %d", c.method, c.path, who, r.Code, r.Body, want)
			}
		}
	}
}

func TestAdministration(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.admin()
	me := h.fine(admin, "GET", "/me", "").text("id")
	lin, session := h.invite(admin, "lin", "agent")
	team := h.fine(admin, "POST", "/teams", `{"name":"售后组","agent_ids":["`+lin+`"]}`).text("id")
	role := h.fine(admin, "POST", "/roles", `{"name":"组长","permissions":["agent.read","report.team"],"scope":"team"}`).text("id")
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		code, says               string
	}{
		{"the last administrator", "PATCH", "/agents/" + me, `{"disabled":true}`, 409, "agent.last_admin", "最后一位"},
		{"their role", "PATCH", "/agents/" + me, `{"role_ids":[]}`, 409, "agent.last_admin", ""},
		{"a new name and role", "PATCH", "/agents/" + lin, `{"name":"林晓","role_ids":["` + role + `"],"capacity":8}`, 200, "", `"capacity":8`},
		{"a role that does not exist", "PATCH", "/agents/" + lin, `{"role_ids":["ro_0000000000001"]}`, 404, "role.unknown", ""},
		{"a team as a role", "PATCH", "/agents/" + lin, `{"role_ids":["` + team + `"]}`, 422, "request.invalid", ""},
		{"a capacity beyond reason", "PATCH", "/agents/" + lin, `{"capacity":1000}`, 422, "agent.capacity", "0 到 100"},
		{"an address that is taken", "PATCH", "/agents/" + lin, `{"email":"ADMIN@demo"}`, 409, "agent.exists", "管理员"},
		{"nobody", "PATCH", "/agents/ag_0000000000001", `{}`, 404, "agent.unknown", ""},
		{"a password by the back door", "PATCH", "/agents/" + lin, `{"password":"x"}`, 422, "request.invalid", ""},
		{"a role with a permission that does not exist", "POST", "/roles", `{"name":"根","permissions":["root"],"scope":"own"}`, 422, "permission.unknown", ""},
		{"a role with more than one's own", "POST", "/roles", `{"name":"隐私","permissions":["privacy.manage"],"scope":"own"}`, 403, "permission.beyond", "privacy.manage"},
		{"a role of the same name", "POST", "/roles", `{"name":"组长","permissions":[],"scope":"own"}`, 409, "role.exists", ""},
		{"a built-in role", "PATCH", "/roles/" + h.role(admin, "agent"), `{"name":"x"}`, 409, "role.builtin", ""},
		{"a role that is held", "DELETE", "/roles/" + role, "", 409, "role.used", "1 位"},
		{"a team of the same name", "POST", "/teams", `{"name":"售后组"}`, 409, "team.exists", ""},
		{"a team with nobody's agent", "PATCH", "/teams/" + team, `{"agent_ids":["ag_0000000000001"]}`, 404, "agent.unknown", ""},
		{"a team empties", "PATCH", "/teams/" + team, `{"agent_ids":[]}`, 200, "", `"agents":[]`},
		{"a team goes", "DELETE", "/teams/" + team, "", 204, "", ""},
		{"and is gone", "DELETE", "/teams/" + team, "", 404, "team.unknown", ""},
		{"a key beyond", "POST", "/api-keys", `{"name":"A","permissions":["privacy.manage"]}`, 403, "permission.beyond", ""},
		{"a job that never was", "POST", "/jobs/jb_0000000000001/retry", "", 404, "job.unknown", ""},
		{"no jobs", "GET", "/jobs", "", 200, "", `{"items":[]}`},
		{"no link", "GET", "/setup/nonsense", "", 404, "setup.gone", "链接已失效"},
		{"a short password", "PATCH", "/me", `{"old_password":"` + password + `","new_password":"short"}`, 422, "password.length", "10"},
		{"a wrong old password", "PATCH", "/me", `{"old_password":"wrong","new_password":"another-password"}`, 422, "password.old", "body.old_password"},
		{"a new password", "PATCH", "/me", `{"old_password":"` + password + `","new_password":"another-password"}`, 200, "", "admin@demo"},
		{"disabled", "PATCH", "/agents/" + lin, `{"disabled":true}`, 200, "", `"disabled":true`},
	} {
		r := h.call(admin, c.method, c.path, c.body)
		if r.Code != c.status || r.text("code") != c.code || !strings.Contains(r.Body.String(), c.says) {
			t.Errorf("%s: %d %s, want %d %s with %q", c.name, r.Code, r.Body, c.status, c.code, c.says)
		}
	}
	if r := h.call(session, "GET", "/me", ""); r.Code != 401 {
		t.Errorf("a disabled agent: %d %s", r.Code, r.Body)
	}
}

func TestKeysAndTheLog(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.admin()
	made := h.fine(admin, "POST", "/api-keys", `{"name":"CRM","permissions":["agent.manage","agent.read"],"expires_at":"2026-12-01T00:00:00Z"}`)
	key := made.text("secret")
	if !strings.HasPrefix(key, "yd_") || !strings.HasPrefix(key, made.text("prefix")) || len(made.text("prefix")) > 10 {
		t.Fatalf("%s", made.Body)
	}
	h.fine(key, "POST", "/teams", `{"name":"A"}`)
	if list := h.fine(admin, "GET", "/api-keys", ""); strings.Contains(list.Body.String(), key) || list.body["items"].([]any)[0].(map[string]any)["last_used_at"] == nil {
		t.Errorf("%s", list.Body)
	}
	entry := h.fine(admin, "GET", "/audit?object_kind=team", "").body["items"].([]any)[0].(map[string]any)
	if entry["actor_kind"] != "api_key" || entry["actor_name"] != "CRM" || entry["action"] != "team.create" || entry["object_name"] != "A" || entry["address"] != "203.0.113.7" {
		t.Errorf("%v", entry)
	}
	h.fine(admin, "DELETE", "/api-keys/"+made.text("id"), "")
	if r := h.call(key, "GET", "/teams", ""); r.Code != 401 || r.text("code") != "key.invalid" {
		t.Errorf("%d %s", r.Code, r.Body)
	}

	whole := h.fine(admin, "GET", "/audit", "").body["items"].([]any)
	seen, cursor := []any{}, ""
	for range whole {
		r := h.fine(admin, "GET", "/audit?limit=3"+cursor, "")
		seen = append(seen, r.body["items"].([]any)...)
		if r.text("next") == "" {
			break
		}
		cursor = "&cursor=" + r.text("next")
	}
	if len(seen) != len(whole) || fmt.Sprint(seen) != fmt.Sprint(whole) || strings.Contains(fmt.Sprint(whole), key) {
		t.Errorf("page by page %d entries, at once %d", len(seen), len(whole))
	}
	if r := h.fine(admin, "GET", "/audit?to=2026-11-23T09:00:00Z", ""); len(r.body["items"].([]any)) != 0 {
		t.Errorf("before it began: %s", r.Body)
	}
}

func TestDeadJobs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.admin()
	now := h.clock.Now()
	err := h.account.DB.Update(t.Context(), func(tx *store.Tx) error {
		for range 2 {
			if err := tx.Enqueue(t.Context(), "mail", map[string]string{"to": "x"}, now, now); err != nil {
				return err
			}
		}
		jobs, err := tx.ClaimJobs(t.Context(), []string{"mail"}, now, time.Minute, 2)
		for _, j := range jobs {
			if err := tx.RetryJob(t.Context(), j, true, now, "no such mailbox"); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	dead := h.fine(admin, "GET", "/jobs?state=dead", "").body["items"].([]any)
	if len(dead) != 2 || dead[0].(map[string]any)["last_error"] != "no such mailbox" {
		t.Fatalf("%v", dead)
	}
	id := func(i int) string { return dead[i].(map[string]any)["id"].(string) }
	h.fine(admin, "POST", "/jobs/"+id(0)+"/retry", "")
	h.fine(admin, "DELETE", "/jobs/"+id(1), "")
	if r := h.call(admin, "DELETE", "/jobs/"+id(0), ""); r.Code != 404 {
		t.Errorf("a job that waits was deleted: %d", r.Code)
	}
	if got := len(h.fine(admin, "GET", "/jobs?state=ready", "").body["items"].([]any)); got != 1 {
		t.Errorf("%d jobs wait", got)
	}
	if got := len(h.fine(admin, "GET", "/audit?object_kind=job", "").body["items"].([]any)); got != 2 {
		t.Errorf("%d entries in the log", got)
	}
}
