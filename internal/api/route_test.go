package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/phrase"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
)

// byName lets in whoever the Authorization header names: it stands for the
// account, which has tests of its own.
type byName map[string]agent.Actor

func (b byName) Authenticate(r *http.Request) (agent.Actor, error) {
	by, ok := b[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	if c, err := r.Cookie("yingda_session"); err == nil {
		by, ok = b[c.Value]
	}
	if !ok {
		return by, fault.New(fault.Unsigned, "session.missing", "sign in first")
	}
	return by, nil
}

type echoBody struct {
	Text  string          `json:"text" maxLength:"8"`
	Count int             `json:"count,omitempty"`
	Of    conversation.ID `json:"of,omitzero"`
}

func frame(a *API) http.Handler {
	mux := http.NewServeMux()
	r := newRouter(a, mux)
	call(r, post("/echo/{id}", "Say it again").needs(agent.ConversationRead), func(_ context.Context, by agent.Actor, in *struct {
		ID    param[conversation.ID] `path:"id"`
		Limit int                    `query:"limit" minimum:"1" maximum:"100" default:"30"`
		Body  echoBody
	},
	) (map[string]any, error) {
		switch in.Body.Text {
		case "taken":
			return nil, fault.New(fault.Conflict, "conversation.taken", "%s has taken this conversation", "林晓")
		case "broken":
			return nil, errors.New("dial tcp 10.0.0.1: secret")
		case "panic":
			panic("ouch")
		}
		return map[string]any{"text": in.Body.Text, "by": by.Name, "limit": in.Limit}, nil
	})
	call(r, post("/long", "Say much").forAll().upTo(1<<20), func(_ context.Context, _ agent.Actor, in *struct{ Body struct{ Text string } }) (int, error) {
		return len(in.Body.Text), nil
	})
	call(r, get("/open", "For all").forAll(), func(context.Context, agent.Actor, *struct{}) ([]string, error) { return []string{}, nil })
	mux.Handle("/api/", a.Errors().Handler(func(http.ResponseWriter, *http.Request) error {
		return fault.New(fault.NotFound, "request.not_found", "there is nothing at this address")
	}))
	return serve.Door{Log: a.Log, Errors: a.Errors()}.Wrap(mux)
}

func TestFrame(t *testing.T) {
	t.Parallel()
	reader := agent.Actor{Name: "林晓", Permissions: []agent.Permission{agent.ConversationRead}}
	limited := agent.Actor{Name: "busy", Permissions: reader.Permissions}
	h := frame(&API{
		Auth: byName{"reader": reader, "guest": {Name: "guest"}, "busy": limited}, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Limit: func(by agent.Actor, _ time.Time) time.Duration {
			if by.Name == "busy" {
				return 4 * time.Second
			}
			return 0
		},
	})
	echo := "/api/v1/echo/cv_06bq3f0k2m9ty"
	for _, c := range []struct {
		name, path, who, body string
		header                [2]string
		status                int
		code, says            string
	}{
		{name: "fine", path: echo, who: "reader", body: `{"text":"退款"}`, status: 200, says: `{"by":"林晓","limit":30,"text":"退款"}`},
		{name: "nobody", path: echo, body: `{"text":"a"}`, status: 401, code: "session.missing", says: "请先登录"},
		{name: "without the permission", path: echo, who: "guest", body: `{"text":`, status: 403, code: "permission.missing", says: "conversation.read"},
		{name: "too fast", path: echo, who: "busy", body: `{"text":"a"}`, status: 429, code: "request.rate", says: "5 秒"},
		{name: "an id that is none", path: "/api/v1/echo/nonsense", who: "reader", body: `{"text":"a"}`, status: 404, code: "id.unknown", says: "nonsense"},
		{name: "an id of something else", path: "/api/v1/echo/ct_06bq3f0k2m9ty", who: "reader", body: `{"text":"a"}`, status: 404, code: "id.unknown"},
		{name: "no address", path: "/api/v1/nowhere", who: "reader", body: `{}`, status: 404, code: "request.not_found"},
		{name: "cut off", path: echo, who: "reader", body: `{"text":"a`, status: 400, code: "request.json"},
		{name: "empty", path: echo, who: "reader", body: ``, status: 400, code: "request.json"},
		{name: "broken UTF-8", path: echo, who: "reader", body: "{\"text\":\"\xe9\x80\"}", status: 400, code: "request.encoding", says: "UTF-8"},
		{name: "1 MB", path: echo, who: "reader", body: `{"text":"` + strings.Repeat("长", 1<<20) + `"}`, status: 413, code: "request.large", says: "256 KB"},
		{name: "as long as this call takes", path: "/api/v1/long", body: `{"Text":"` + strings.Repeat("长", 200<<10) + `"}`, status: 200, says: "614400"},
		{name: "longer than this call takes", path: "/api/v1/long", body: `{"Text":"` + strings.Repeat("长", 400<<10) + `"}`, status: 413, code: "request.large", says: "1024 KB"},
		{name: "too long", path: echo, who: "reader", body: `{"text":"123456789"}`, status: 422, code: "request.invalid", says: "body.text"},
		{name: "unknown field", path: echo, who: "reader", body: `{"text":"a","admin":true}`, status: 422, code: "request.invalid", says: "body.admin"},
		{name: "wrong type", path: echo, who: "reader", body: `{"text":1}`, status: 422, code: "request.invalid", says: "body.text"},
		{name: "a wrong id inside", path: echo, who: "reader", body: `{"text":"a","of":"cv_nope"}`, status: 422, code: "request.invalid"},
		{name: "a query out of range", path: echo + "?limit=1000", who: "reader", body: `{"text":"a"}`, status: 422, code: "request.invalid", says: "query.limit"},
		{name: "a form", path: echo, who: "reader", body: `text=a`, header: [2]string{"Content-Type", "application/x-www-form-urlencoded"}, status: 400, code: "request.content_type"},
		{name: "a conflict", path: echo, who: "reader", body: `{"text":"taken"}`, status: 409, code: "conversation.taken", says: "林晓 已接入这个会话"},
		{name: "a conflict in English", path: echo, who: "reader", body: `{"text":"taken"}`, header: [2]string{"Accept-Language", "en"}, status: 409, code: "conversation.taken", says: "林晓 has taken this conversation"},
		{name: "our own mistake", path: echo, who: "reader", body: `{"text":"broken"}`, status: 500, code: "internal", says: "请求编号"},
		{name: "a panic", path: echo, who: "reader", body: `{"text":"panic"}`, status: 500, code: "internal", says: "请求编号"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			req := httptest.NewRequest(http.MethodPost, c.path, strings.NewReader(c.body))
			req.Header.Set("Content-Type", "application/json")
			if c.who != "" {
				req.Header.Set("Authorization", "Bearer "+c.who)
			}
			if c.header[0] != "" {
				req.Header.Set(c.header[0], c.header[1])
			}
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, req)
			if rec.Code != c.status || !strings.Contains(rec.Body.String(), c.says) || strings.Contains(rec.Body.String(), "secret") {
				t.Fatalf("%d %s, want %d with %q", rec.Code, rec.Body, c.status, c.says)
			}
			if c.code == "" {
				return
			}
			var p serve.Problem
			if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil {
				t.Fatal(err)
			}
			if p.Code != c.code || p.Status != c.status || p.Detail == "" || p.RequestID == "" || rec.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %+v, want %s", rec.Header(), p, c.code)
			}
			if (c.status == 429) != (rec.Header().Get("Retry-After") != "") {
				t.Errorf("Retry-After is %q", rec.Header().Get("Retry-After"))
			}
		})
	}
}

// One who asks too often waits; others, and their keys, do not.
func TestFair(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	wait := Fair(2, 3)
	lin, zhao := agent.Actor{Agent: agent.NewID(now)}, agent.Actor{Agent: agent.NewID(now)}
	key := lin
	key.Key = "ERP"
	for i := range 3 {
		if got := wait(lin, now); got != 0 {
			t.Errorf("call %d waits %s", i, got)
		}
	}
	if got := wait(lin, now); got != 500*time.Millisecond {
		t.Errorf("the fourth call waits %s, want 500ms", got)
	}
	if wait(zhao, now) != 0 || wait(key, now) != 0 {
		t.Error("others wait too")
	}
	if got := wait(lin, now.Add(500*time.Millisecond)); got != 0 {
		t.Errorf("half a second later it still waits %s", got)
	}
}

// What is wrong with a field is said in the reader's language, at its place.
func TestMistakesSpeakTheReadersLanguage(t *testing.T) {
	t.Parallel()
	reader := agent.Actor{Name: "林晓", Permissions: []agent.Permission{agent.ConversationRead}}
	h := frame(&API{Auth: byName{"reader": reader}, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	for _, c := range []struct{ path, body, location, zh, en string }{
		{"", `{}`, "body.text", "此项必填", "this is missing"},
		{"", `{"text":"123456789"}`, "body.text", "最多 8 个字", "at most 8 characters"},
		{"", `{"text":1}`, "body.text", "这里应为文字", "this is a text"},
		{"", `{"text":"a","more":1}`, "body.more", "没有这个字段", "there is no such field"},
		{"?limit=0", `{"text":"a"}`, "query.limit", "最小为 1", "at least 1"},
	} {
		for language, want := range map[string]string{"zh": c.zh, "en": c.en} {
			req := httptest.NewRequest(http.MethodPost, "/api/v1/echo/cv_06bq3f0k2m9ty"+c.path, strings.NewReader(c.body))
			req.Header.Set("Authorization", "Bearer reader")
			req.Header.Set("Accept-Language", language)
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, req)
			var p serve.Problem
			if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil {
				t.Fatal(err)
			}
			if len(p.Errors) != 1 || p.Errors[0].Location != c.location || p.Errors[0].Message != want {
				t.Errorf("%s%s: %s, want %s at %s", c.path, c.body, rec.Body, want, c.location)
			}
		}
	}
}

// Each complaint about a field is said in Chinese too.
func TestComplaintsHaveChinese(t *testing.T) {
	t.Parallel()
	for _, c := range complaints {
		if got := phrase.Say("zh", c.code, []any{"8"}, c.english); got == c.english {
			t.Errorf("%s has no Chinese text", c.code)
		}
	}
}

// Another web site can make a browser send the cookie, but not a header.
func TestOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	reader := agent.Actor{Name: "林晓", Permissions: []agent.Permission{agent.ConversationRead}}
	h := frame(&API{Auth: byName{"reader": reader}, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	for _, c := range []struct {
		name         string
		method       string
		site, origin string
		key          bool
		status       int
	}{
		{"our own page", "POST", "same-origin", "https://desk.example.cn", false, 200},
		{"no browser", "POST", "", "", false, 200},
		{"another site", "POST", "cross-site", "https://evil.example", false, 403},
		{"another site in an old browser", "POST", "", "https://evil.example", false, 403},
		{"a neighbour", "POST", "same-site", "https://blog.example.cn", false, 403},
		{"a key from anywhere", "POST", "cross-site", "https://partner.example", true, 200},
		{"reading", "GET", "cross-site", "https://evil.example", false, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := "https://desk.example.cn/api/v1/echo/cv_06bq3f0k2m9ty"
			if c.method == "GET" {
				path = "https://desk.example.cn/api/v1/open"
			}
			req := httptest.NewRequest(c.method, path, strings.NewReader(`{"text":"a"}`))
			req.Header.Set("Content-Type", "application/json")
			if c.key {
				req.Header.Set("Authorization", "Bearer reader")
			} else {
				req.AddCookie(&http.Cookie{Name: "yingda_session", Value: "reader"})
			}
			if c.site != "" {
				req.Header.Set("Sec-Fetch-Site", c.site)
			}
			if c.origin != "" {
				req.Header.Set("Origin", c.origin)
			}
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, req)
			if rec.Code != c.status {
				t.Errorf("%d %s, want %d", rec.Code, rec.Body, c.status)
			}
		})
	}
}
