package hook

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/internal/domain/call"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
)

// shop is another system, and how it is asked.
func shop(t *testing.T, answer http.HandlerFunc) (*Asker, call.Hook) {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	h := call.NewHook("orders")
	h.URL, h.Sends, h.Gives = s.URL+"/orders?kind=phone", []string{"phone"}, []call.Given{{Name: "status", Path: "order.status"}}
	h, err := h.Check()
	if err != nil {
		t.Fatal(err)
	}
	return New(clock.Now), h
}

var told = map[string]string{"phone": "13812345678", "id_number": "110105"}

func TestASystemIsAsked(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodPost, http.MethodGet} {
		var body, path string
		var header http.Header
		a, h := shop(t, func(w http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			body, path, header = string(b), r.Method+" "+r.URL.RequestURI(), r.Header
			_, _ = io.WriteString(w, `{"order":{"status":"已发货"}}`)
		})
		h.Method, h.Key, h.Secret = method, "key-of-ours", "0123456789abcdef"
		r, err := a.Ask(t.Context(), h, told)
		if err != nil || r.Status != http.StatusOK || r.Values["status"] != "已发货" || len(r.Values) != 1 || !strings.Contains(r.Text, "order") {
			t.Fatalf("%s: %+v, %v", method, r, err)
		}
		wantBody, wantPath := `{"phone":"13812345678"}`, "POST /orders?kind=phone"
		if method == http.MethodGet {
			wantBody, wantPath = "", "GET /orders?kind=phone&phone=13812345678"
		}
		if body != wantBody || path != wantPath {
			t.Errorf("%s: it was asked %s with %q", method, path, body)
		}
		at := header.Get(TimeHeader)
		if n, err := strconv.ParseInt(at, 10, 64); err != nil || clock.Now().Unix()-n > 10 {
			t.Errorf("asked at %q", at)
		}
		_, uri, _ := strings.Cut(wantPath, " ")
		if header.Get("Authorization") != "Bearer key-of-ours" || header.Get(NameHeader) != "orders" || header.Get(SignatureHeader) != Sign("0123456789abcdef", at, method, uri, []byte(body)) {
			t.Errorf("%v", header)
		}
		if header.Get(SignatureHeader) == Sign("0123456789abcdeX", at, method, uri, []byte(body)) {
			t.Error("any secret signs alike")
		}
	}
}

// The signature is what the documentation says, reckoned by another program:
// printf '1764500000\nPOST\n/orders\n{"phone":"1"}' | openssl dgst -sha256 -hmac 0123456789abcdef.
func TestTheSignature(t *testing.T) {
	t.Parallel()
	if got, want := Sign("0123456789abcdef", "1764500000", "POST", "/orders", []byte(`{"phone":"1"}`)), "v1=be54d14614f1035499e3d272547cde3fbe3c90a8820b0b3690f164d0dc16c898"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAKeyInAHeaderOfItsOwn(t *testing.T) {
	t.Parallel()
	var header http.Header
	a, h := shop(t, func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		_, _ = io.WriteString(w, `{}`)
	})
	h.Key, h.Header = "key-of-ours", "X-Api-Key"
	if _, err := a.Ask(t.Context(), h, nil); err != nil {
		t.Fatal(err)
	}
	if header.Get("X-Api-Key") != "key-of-ours" || header.Get("Authorization") != "" || header.Get(SignatureHeader) != "" || header.Get(TimeHeader) != "" {
		t.Errorf("%v", header)
	}
}

// Whatever the other side does, the question ends with what is wrong, and what is
// wrong holds nothing of what was asked.
func TestAnotherSystemFails(t *testing.T) {
	t.Parallel()
	secret := 0
	hidden := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { secret++ }))
	t.Cleanup(hidden.Close)
	for _, c := range []struct {
		name, want string
		status     int
		answer     http.HandlerFunc
		change     func(h *call.Hook)
	}{
		{name: "an error of theirs", want: "hook.status", status: 500, answer: func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) }},
		{name: "not known", want: "hook.status", status: 404, answer: http.NotFound},
		{name: "sent elsewhere", want: "hook.redirect", status: 302, answer: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, hidden.URL, http.StatusFound) }},
		{name: "too large", want: "hook.large", status: 200, answer: func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"order":{"status":"`+strings.Repeat("x", call.LargestAnswer)+`"}}`)
		}},
		{name: "without end", want: "hook.large", status: 200, answer: func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, strings.Repeat(" ", 1000)); err != nil {
					return
				}
			}
		}},
		{name: "no JSON", want: "hook.not_json", status: 200, answer: func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }},
		{name: "another type", want: "hook.type", status: 200, answer: func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"order":{"status":{}}}`) }},
		{name: "too long a value", want: "hook.long", status: 200, answer: func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"order":{"status":"`+strings.Repeat("x", 201)+`"}}`)
		}},
		{name: "silent", want: "hook.slow", answer: func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // only then it is seen that nobody waits any more
			<-r.Context().Done()
		}, change: func(h *call.Hook) { h.Seconds = 1 }},
		{name: "silent in the middle", want: "hook.slow", status: 200, answer: func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			_, _ = io.WriteString(w, `{"order":`)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, change: func(h *call.Hook) { h.Seconds = 1 }},
		{name: "hung up", want: "hook.unreachable", answer: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
		{name: "nobody there", want: "hook.unreachable", change: func(h *call.Hook) { h.URL = "http://127.0.0.1:1/orders" }},
		{name: "what a cloud tells of itself", want: "hook.url_forbidden", change: func(h *call.Hook) { h.URL = "http://169.254.169.254/latest/meta-data" }},
		{name: "the same with encryption", want: "hook.url_forbidden", change: func(h *call.Hook) { h.URL = "https://[::ffff:169.254.169.254]/" }},
		{name: "in the open", want: "hook.url_forbidden", change: func(h *call.Hook) { h.URL = "http://93.184.216.34/orders" }},
	} {
		for _, method := range []string{http.MethodPost, http.MethodGet} {
			t.Run(c.name+" "+method, func(t *testing.T) {
				t.Parallel()
				a, h := shop(t, c.answer)
				if h.Method = method; c.change != nil {
					c.change(&h)
				}
				r, err := a.Ask(t.Context(), h, told)
				if fault.CodeOf(err) != c.want || r.Status != c.status || r.Values != nil {
					t.Errorf("got %+v, %v", r, err)
				}
				if r.Took < 0 || r.Took > 10*time.Second || len(r.Text) > shownBytes+4 {
					t.Errorf("it took %v, and %d bytes are shown", r.Took, len(r.Text))
				}
				if strings.Contains(err.Error(), "13812345678") {
					t.Errorf("the number stands in %v", err)
				}
			})
		}
	}
	t.Cleanup(func() {
		if secret > 0 {
			t.Error("it went where it was sent")
		}
	})
}

// Some are asked at once, others wait for their turn and not longer than their
// time; one slow system takes nobody's turn at another.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	inside := make(chan struct{}, 2*AtOnce)
	leave := make(chan struct{})
	a, h := shop(t, func(w http.ResponseWriter, r *http.Request) {
		inside <- struct{}{}
		select {
		case <-leave:
		case <-r.Context().Done():
		}
		_, _ = io.WriteString(w, `{}`)
	})
	h.Seconds = 20
	var all sync.WaitGroup
	for range AtOnce {
		all.Go(func() {
			if _, err := a.Ask(t.Context(), h, told); err != nil {
				t.Error(err)
			}
		})
	}
	for range AtOnce {
		<-inside
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := a.Ask(ctx, h, told); fault.CodeOf(err) != "hook.busy" {
		t.Errorf("one too many: %v", err)
	}
	_, other := shop(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"order":{"status":"x"}}`) })
	other.Name = "stock"
	if r, err := a.Ask(t.Context(), other, told); err != nil || r.Values["status"] != "x" {
		t.Errorf("another system: %+v, %v", r, err)
	}
	close(leave)
	all.Wait()
	if _, err := a.Ask(t.Context(), h, told); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
