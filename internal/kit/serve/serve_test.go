package serve_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/remote"
	"yingda/internal/kit/serve"
)

var words = serve.Errors{
	Log:      slog.New(slog.DiscardHandler),
	Language: func(accept string) string { return accept },
	Say: func(language, code string, args []any, english string) string {
		if language == "zh" {
			return "中文 " + code
		}
		return english
	},
}

func TestErrorsBecomeProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		err   error
		want  int
		code  string
		after string
	}{
		{"a plain error is ours and stays inside", errors.New("password=hunter2"), 500, "internal", ""},
		{"invalid", fault.New(fault.Invalid, "case.empty", "describe it").In("text"), 422, "case.empty", ""},
		{"unreadable", fault.New(fault.Invalid, "request.json", "not JSON"), 400, "request.json", ""},
		{"sign in", fault.New(fault.Unsigned, "login.wrong", "wrong"), 401, "login.wrong", ""},
		{"not allowed", fault.New(fault.Forbidden, "permission.missing", "no"), 403, "permission.missing", ""},
		{"missing", fault.New(fault.NotFound, "id.unknown", "no"), 404, "id.unknown", ""},
		{"too late", fmt.Errorf("accept: %w", fault.New(fault.Conflict, "conversation.taken", "taken").Offering("take")), 409, "conversation.taken", ""},
		{"too large", fault.New(fault.TooLarge, "request.large", "large"), 413, "request.large", ""},
		{"busy", fault.New(fault.Busy, "store.busy", "busy"), 503, "store.busy", "1"},
		{"busy until a known time", fault.New(fault.Busy, "login.wait", "wait").Because(serve.Wait(1500 * time.Millisecond)), 429, "login.wait", "2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for language, want := range map[string]string{"zh": "中文 " + c.code, "en": ""} {
				rec := httptest.NewRecorder()
				req := httptest.NewRequest(http.MethodGet, "/", nil)
				req.Header.Set("Accept-Language", language)
				words.Write(rec, req, c.err)
				var p serve.Problem
				if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil {
					t.Fatal(err)
				}
				if rec.Code != c.want || p.Status != c.want || p.Code != c.code {
					t.Errorf("%d %+v, want %d %s", rec.Code, p, c.want, c.code)
				}
				if got := rec.Header().Get("Content-Type"); got != "application/problem+json" {
					t.Errorf("content type %q", got)
				}
				if got := rec.Header().Get("Retry-After"); got != c.after {
					t.Errorf("Retry-After %q, want %q", got, c.after)
				}
				if want != "" && p.Detail != want || p.Detail == "" || strings.Contains(p.Detail, "hunter2") {
					t.Errorf("%s says %q", language, p.Detail)
				}
				if f, ok := errors.AsType[*fault.Error](c.err); ok && f.Field != "" && (len(p.Errors) != 1 || p.Errors[0].Location != f.Field) {
					t.Errorf("errors %+v, want one at %s", p.Errors, f.Field)
				}
				if f, ok := errors.AsType[*fault.Error](c.err); ok && !slices.Equal(p.Possible, f.Possible) {
					t.Errorf("possible %v, want %v", p.Possible, f.Possible)
				}
			}
		})
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, kind, body, code string }{
		{"good", "application/json; charset=utf-8", `{"text":"退款"}`, ""},
		{"no type", "", `{"text":"hello"}`, ""},
		{"a form", "application/x-www-form-urlencoded", `text=hello`, "request.content_type"},
		{"unknown field", "application/json", `{"txet":"hello"}`, "request.json"},
		{"wrong type", "application/json", `{"text":1}`, "request.json"},
		{"cut off", "application/json", `{"text":"hel`, "request.json"},
		{"two values", "application/json", `{"text":"a"}{"text":"b"}`, "request.json"},
		{"empty", "application/json", ``, "request.json"},
		{"broken UTF-8", "application/json", "{\"text\":\"\xe9\x80\"}", "request.encoding"},
		{"too large", "application/json", `{"text":"` + strings.Repeat("x", 2000) + `"}`, "request.large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(c.body))
			req.Header.Set("Content-Type", c.kind)
			v, err := serve.Decode[struct {
				Text string `json:"text"`
			}](httptest.NewRecorder(), req, 1024)
			switch {
			case c.code == "" && (err != nil || v.Text == ""):
				t.Errorf("got %+v, %v", v, err)
			case c.code != "" && fault.CodeOf(err) != c.code:
				t.Errorf("got %v, want %s", err, c.code)
			}
		})
	}
}

func TestDoor(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	door := serve.Door{
		Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})), Errors: words,
		Proxies: remote.Proxies{netip.MustParsePrefix("10.0.0.0/8")},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic("ouch") })
	mux.HandleFunc("GET /half", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half of")
		panic("ouch")
	})
	mux.HandleFunc("GET /from/{secret}", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, serve.Address(r.Context()))
	})
	h := door.Wrap(mux)
	get := func(path, peer string, header ...string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(http.MethodGet, path, nil)
		req.RemoteAddr = peer
		for i := 0; i < len(header); i += 2 {
			req.Header.Add(header[i], header[i+1])
		}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, req)
		return rec
	}

	rec := get("/panic", "192.0.2.1:1")
	var p serve.Problem
	if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || rec.Code != 500 || p.RequestID == "" || p.RequestID != rec.Header().Get("X-Request-Id") {
		t.Errorf("a panic is answered with %d %s", rec.Code, rec.Body)
	}
	if !strings.Contains(log.String(), p.RequestID) || !strings.Contains(log.String(), "ouch") {
		t.Error("a panic is not in the log with its request id")
	}

	func() {
		defer func() {
			if recover() != any(http.ErrAbortHandler) {
				t.Error("an answer that broke off ended as if it were complete")
			}
		}()
		get("/half", "192.0.2.1:1")
	}()

	for _, c := range []struct{ peer, forwarded, want string }{
		{"192.0.2.1:1", "", "192.0.2.1"},
		{"192.0.2.1:1", "203.0.113.9", "192.0.2.1"}, // an invented header passes nothing
		{"10.0.0.1:1", "203.0.113.9", "203.0.113.9"},
		{"10.0.0.1:1", "203.0.113.66, 203.0.113.9, 10.1.1.1", "203.0.113.9"},
		{"10.0.0.1:1", "nonsense", "10.0.0.1"},
		{"[::ffff:10.0.0.1]:1", "2001:db8::7", "2001:db8::7"},
	} {
		if got := get("/from/s3cret", c.peer, "X-Forwarded-For", c.forwarded).Body.String(); got != c.want {
			t.Errorf("from %s forwarded for %q: %q, want %q", c.peer, c.forwarded, got, c.want)
		}
	}
	if strings.Contains(log.String(), "s3cret") || !strings.Contains(log.String(), "/from/{secret}") {
		t.Error("the log holds the path instead of the route")
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	files := &serve.Files{Errors: words, Index: "index.html", FS: fstest.MapFS{
		"index.html":             {Data: []byte("<html>")},
		"assets/app-BZ9fXq3v.js": {Data: []byte("plain")}, "assets/app-BZ9fXq3v.js.br": {Data: []byte("br")}, "assets/app-BZ9fXq3v.js.gz": {Data: []byte("gz")},
		".gitkeep": {Data: []byte("")},
	}}
	for _, c := range []struct {
		path, accept  string
		status        int
		body, caching string
	}{
		{"/", "", 200, "<html>", "no-cache"},
		{"/conversations/cv_1", "", 200, "<html>", "no-cache"},
		{"/missing.js", "", 404, "", "no-store"},
		{"/.gitkeep", "", 404, "", "no-store"},
		{"/../../etc/passwd.txt", "", 404, "", "no-store"},
		{"/assets/app-BZ9fXq3v.js", "", 200, "plain", "public, max-age=31536000, immutable"},
		{"/assets/app-BZ9fXq3v.js", "gzip", 200, "gz", "public, max-age=31536000, immutable"},
		{"/assets/app-BZ9fXq3v.js", "gzip, br;q=0.5", 200, "br", "public, max-age=31536000, immutable"},
		{"/assets/app-BZ9fXq3v.js", "br;q=0", 200, "plain", "public, max-age=31536000, immutable"},
		{"/assets/app-BZ9fXq3v.js.br", "", 404, "", "no-store"},
	} {
		req := httptest.NewRequest(http.MethodGet, "/", nil)
		req.URL.Path = c.path
		req.Header.Set("Accept-Encoding", c.accept)
		rec := httptest.NewRecorder()
		files.ServeHTTP(rec, req)
		if rec.Code != c.status || c.body != "" && rec.Body.String() != c.body || rec.Header().Get("Cache-Control") != c.caching {
			t.Errorf("%s (%s): %d %q %q", c.path, c.accept, rec.Code, rec.Body, rec.Header().Get("Cache-Control"))
		}
		if tag := rec.Header().Get("ETag"); c.status == 200 {
			again := httptest.NewRequest(http.MethodGet, "/", nil)
			again.URL.Path, again.Header = c.path, http.Header{"If-None-Match": {tag}, "Accept-Encoding": {c.accept}}
			rec := httptest.NewRecorder()
			files.ServeHTTP(rec, again)
			if rec.Code != http.StatusNotModified {
				t.Errorf("%s again: %d", c.path, rec.Code)
			}
		}
	}
}

func TestCompress(t *testing.T) {
	t.Parallel()
	long := `{"text":"` + strings.Repeat("退款", 1000) + `"}`
	for _, c := range []struct {
		name, kind, body, accept string
		want                     bool
	}{
		{"long JSON", "application/json", long, "gzip, br", true},
		{"short JSON", "application/json", "{}", "gzip", false},
		{"not asked for", "application/json", long, "", false},
		{"an image", "image/png", long, "gzip", false},
		{"a stream", "text/event-stream", long, "gzip", false},
	} {
		h := serve.Compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", c.kind)
			for part := range strings.SplitAfterSeq(c.body, "款") {
				_, _ = io.WriteString(w, part)
			}
		}))
		req := httptest.NewRequest(http.MethodGet, "/", nil)
		req.Header.Set("Accept-Encoding", c.accept)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, req)
		var body io.Reader = rec.Body
		if got := rec.Header().Get("Content-Encoding") == "gzip"; got != c.want {
			t.Errorf("%s: compressed is %t", c.name, got)
		} else if got {
			z, err := gzip.NewReader(body)
			if err != nil {
				t.Fatal(err)
			}
			body = z
		}
		if b, err := io.ReadAll(body); err != nil || string(b) != c.body {
			t.Errorf("%s: %d bytes arrive, %v", c.name, len(b), err)
		}
	}
}
