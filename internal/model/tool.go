package model

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"yingda/internal/kit/fault"
)

// Server is a server of tools that speaks the Model Context Protocol over
// streamable HTTP. Nothing of what it says is trusted: it is given no way to ask
// anything of us.
type Server struct {
	URL  string
	Key  string        // sent as a bearer token; empty where none is needed
	HTTP *http.Client  // see Transport
	Time time.Duration // for a whole visit; zero: ServerTime
}

// ServerTool is a tool that a server has.
type ServerTool struct {
	Name     string
	About    string
	Schema   json.RawMessage
	ReadOnly bool // says the server
}

// The limits of a visit to a server.
const (
	ServerTime      = 10 * time.Second
	mostServerBytes = 1 << 20 // of everything that it says
	mostServerTools = 100
)

// Tools returns the tools of the server; at most a hundred.
func (s Server) Tools(ctx context.Context) (list []ServerTool, err error) {
	err = s.visit(ctx, func(ctx context.Context, c *sdk.ClientSession) error {
		list, err = tools(ctx, c)
		return err
	})
	return list, err
}

// Call calls a tool, if it is still what allowed takes it for. It returns what
// it told as text; false if it says that it failed.
func (s Server) Call(ctx context.Context, name string, allowed func(ServerTool) bool, with map[string]any) (told string, ok bool, err error) {
	err = s.visit(ctx, func(ctx context.Context, c *sdk.ClientSession) error {
		list, err := tools(ctx, c)
		if err != nil {
			return err
		}
		same := false
		for _, t := range list {
			same = same || t.Name == name && t.ReadOnly && allowed(t)
		}
		if !same {
			return fault.New(fault.Conflict, "lookup.changed", "the tool %s is no longer what was allowed; look at it again in the settings", name)
		}
		r, err := c.CallTool(ctx, &sdk.CallToolParams{Name: name, Arguments: with})
		if err != nil {
			return err
		}
		told, ok = textOf(r), !r.IsError
		return nil
	})
	return told, ok, err
}

func tools(ctx context.Context, c *sdk.ClientSession) (list []ServerTool, err error) {
	for t, err := range c.Tools(ctx, nil) {
		if err != nil {
			return nil, err
		}
		schema, err := json.Marshal(t.InputSchema)
		if err != nil {
			return nil, err
		}
		list = append(list, ServerTool{Name: t.Name, About: t.Description, Schema: schema, ReadOnly: t.Annotations != nil && t.Annotations.ReadOnlyHint})
		if len(list) == mostServerTools {
			break
		}
	}
	return list, nil
}

// textOf is what a tool told, as text: its own text, or its values.
func textOf(r *sdk.CallToolResult) string {
	var parts []string
	for _, c := range r.Content {
		if t, ok := c.(*sdk.TextContent); ok {
			parts = append(parts, t.Text)
		}
	}
	if len(parts) == 0 && r.StructuredContent != nil {
		if b, err := json.Marshal(r.StructuredContent); err == nil {
			parts = append(parts, string(b))
		}
	}
	return strings.Join(parts, "\n")
}

// visit opens a session, does something in it and leaves.
func (s Server) visit(ctx context.Context, do func(ctx context.Context, c *sdk.ClientSession) error) error {
	limit := ServerTime
	if s.Time > 0 {
		limit = s.Time
	}
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	client := *s.HTTP
	var left atomic.Int64 // streams are read side by side
	left.Store(mostServerBytes)
	client.Transport = guarded{next: client.Transport, key: s.Key, left: &left}
	way := &sdk.StreamableClientTransport{Endpoint: s.URL, HTTPClient: &client, MaxRetries: -1, DisableStandaloneSSE: true, MaxEventSize: mostServerBytes}
	c, err := sdk.NewClient(&sdk.Implementation{Name: "yingda"}, nil).Connect(ctx, way, nil)
	if err != nil {
		return notServed(ctx, err, left.Load() < 0)
	}
	defer func() { _ = c.Close() }() // it was told all that it was asked for
	if err := do(ctx, c); err != nil {
		return notServed(ctx, err, left.Load() < 0)
	}
	return nil
}

// notServed says what a visit failed of, and nothing of what the server said.
func notServed(ctx context.Context, err error, tooMuch bool) error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	switch {
	case tooMuch:
		return fault.New(fault.Invalid, "lookup.too_long", "the server says more than is read").Because(err)
	case errors.Is(err, errAddress):
		return fault.New(fault.Invalid, "endpoint.address_forbidden", "this address is not one that a model may be asked at").Because(err)
	case errors.Is(err, errNotLetIn):
		return fault.New(fault.Invalid, "lookup.key", "the server does not take the key; enter it again").Because(err)
	case ctx.Err() != nil:
		return fault.New(fault.Busy, "lookup.slow", "the server did not answer in time").Because(err)
	}
	return fault.New(fault.Busy, "lookup.failed", "the server cannot be asked, or does not speak the Model Context Protocol").Because(err)
}

var (
	errTooMuch  = errors.New("the server says too much")
	errNotLetIn = errors.New("the server does not let us in")
)

// guarded sends the key, and reads no more than what is left of the limit.
type guarded struct {
	next http.RoundTripper
	key  string
	left *atomic.Int64
}

func (g guarded) RoundTrip(r *http.Request) (*http.Response, error) {
	if g.key != "" {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+g.key)
	}
	next := g.next
	if next == nil {
		next = http.DefaultTransport
	}
	a, err := next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if a.StatusCode == http.StatusUnauthorized || a.StatusCode == http.StatusForbidden {
		_ = a.Body.Close() // nothing is read of it
		return nil, errNotLetIn
	}
	a.Body = &limited{a.Body, g.left}
	return a, nil
}

type limited struct {
	io.ReadCloser
	left *atomic.Int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	if l.left.Add(-int64(n)) < 0 {
		return 0, errTooMuch
	}
	return n, err
}
