package serve

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"yingda/internal/kit/clock"
	"yingda/internal/kit/remote"
)

// Door is what every request passes first: it gets an id and the address it
// came from, a panic in it becomes an answer, and it is logged.
type Door struct {
	Log *slog.Logger
	// Proxies are believed when they say for whom they ask.
	Proxies remote.Proxies
	Errors  Errors
}

type visit struct {
	id      string
	address string
	secure  bool
}

type visitKey struct{}

func visitOf(ctx context.Context) visit {
	v, _ := ctx.Value(visitKey{}).(visit)
	return v
}

// Lasting returns a context that knows of a request what this package knows,
// and nothing else: it has no end, and what was kept for answering the request
// is given back.
func Lasting(ctx context.Context) context.Context {
	return context.WithValue(context.Background(), visitKey{}, visitOf(ctx))
}

// RequestID returns the id of the request that ctx belongs to.
func RequestID(ctx context.Context) string { return visitOf(ctx).id }

// Address returns where the request that ctx belongs to came from: an IP
// address without a port.
func Address(ctx context.Context) string { return visitOf(ctx).address }

// Secure reports whether the request that ctx belongs to came over HTTPS, to
// us or to a trusted proxy.
func Secure(ctx context.Context) bool { return visitOf(ctx).secure }

// Wrap returns next behind the door.
func (d Door) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := clock.Now()
		v := visit{id: rand.Text()[:16], address: d.Proxies.Address(r), secure: d.Proxies.Secure(r)}
		r = r.WithContext(context.WithValue(r.Context(), visitKey{}, v))
		w.Header().Set("X-Request-Id", v.id)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		seen := &watched{ResponseWriter: w}
		defer func() { d.log(r, seen, clock.Now().Sub(began)) }()
		defer d.recover(seen, r)
		next.ServeHTTP(seen, r)
	})
}

// recover answers a request whose handler panicked. When the answer has begun,
// all that is left is to cut it off, so that nobody takes it for complete.
func (d Door) recover(w *watched, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == any(http.ErrAbortHandler) {
		panic(p)
	}
	d.Log.ErrorContext(r.Context(), "a handler panicked", slog.String("request", RequestID(r.Context())),
		slog.String("route", route(r)), slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
	if w.status != 0 {
		panic(http.ErrAbortHandler)
	}
	d.Errors.Write(w, r, internal)
}

// log writes one line. It holds the route, not the path: paths and queries
// carry tokens, names and numbers.
func (d Door) log(r *http.Request, w *watched, took time.Duration) {
	level := slog.LevelDebug
	switch {
	case w.status >= 500:
		level = slog.LevelError
	case took > slow && !w.taken:
		level = slog.LevelWarn
	}
	if !d.Log.Enabled(r.Context(), level) {
		return
	}
	d.Log.LogAttrs(r.Context(), level, "request",
		slog.String("request", RequestID(r.Context())), slog.String("method", r.Method), slog.String("route", route(r)),
		slog.Int("status", w.status), slog.Int64("bytes", w.bytes), slog.Duration("took", took))
}

const slow = 2 * time.Second

func route(r *http.Request) string {
	if r.Pattern == "" {
		return "none"
	}
	return r.Pattern
}

// watched remembers what was answered. It lets a connection be taken over, as
// WebSockets do.
type watched struct {
	http.ResponseWriter
	status int
	bytes  int64
	taken  bool
}

func (w *watched) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *watched) Flush() {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	_ = http.NewResponseController(w.ResponseWriter).Flush() // a writer that cannot flush sends later
}

func (w *watched) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		if errors.Is(err, http.ErrNotSupported) {
			return nil, nil, fmt.Errorf("take over the connection: %w", err)
		}
		return nil, nil, err
	}
	w.status, w.taken = http.StatusSwitchingProtocols, true
	return c, rw, nil
}

// Protect adds the headers that keep browsers from doing more with our pages
// than we mean. policy is the Content-Security-Policy; empty leaves it out.
func Protect(policy string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if policy != "" {
			h.Set("Content-Security-Policy", policy)
		}
		if Secure(r.Context()) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
