package model_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"yingda/internal/kit/fault"
	"yingda/internal/model"
)

type orderAsked struct {
	Order string `json:"order"`
}

// shop is a server of tools as a company would run it.
func shop(t *testing.T, wrap func(http.Handler) http.Handler) model.Server {
	t.Helper()
	s := sdk.NewServer(&sdk.Implementation{Name: "shop"}, nil)
	reads := &sdk.ToolAnnotations{ReadOnlyHint: true}
	sdk.AddTool(s, &sdk.Tool{Name: "order_status", Description: "Where an order is", Annotations: reads},
		func(_ context.Context, _ *sdk.CallToolRequest, in orderAsked) (*sdk.CallToolResult, any, error) {
			if in.Order == "none" {
				return nil, nil, errors.New("no such order")
			}
			return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: in.Order + " 已发货"}}}, nil, nil
		})
	sdk.AddTool(s, &sdk.Tool{Name: "long", Description: "Talks", Annotations: reads},
		func(context.Context, *sdk.CallToolRequest, orderAsked) (*sdk.CallToolResult, any, error) {
			return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: strings.Repeat("长", 1<<20)}}}, nil, nil
		})
	sdk.AddTool(s, &sdk.Tool{Name: "cancel_order", Description: "Cancels"},
		func(context.Context, *sdk.CallToolRequest, orderAsked) (*sdk.CallToolResult, any, error) {
			t.Error("a tool that writes was called")
			return &sdk.CallToolResult{}, nil, nil
		})
	var h http.Handler = sdk.NewStreamableHTTPHandler(func(*http.Request) *sdk.Server { return s }, nil)
	if wrap != nil {
		h = wrap(h)
	}
	at := httptest.NewServer(h)
	t.Cleanup(at.Close)
	return model.Server{URL: at.URL, Key: "sk-shop", HTTP: model.Transport()}
}

func anything(model.ServerTool) bool { return true }

func TestServer(t *testing.T) {
	s := shop(t, nil)
	list, err := s.Tools(t.Context())
	if err != nil || len(list) != 3 {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, l := range list {
		if l.ReadOnly == (l.Name == "cancel_order") {
			t.Errorf("%s only reads: %v", l.Name, l.ReadOnly)
		}
	}
	told, ok, err := s.Call(t.Context(), "order_status", anything, map[string]any{"order": "DD1"})
	if err != nil || !ok || told != "DD1 已发货" {
		t.Errorf("%q, %v, %v", told, ok, err)
	}
	if told, ok, err := s.Call(t.Context(), "order_status", anything, map[string]any{"order": "none"}); err != nil || ok || told != "no such order" {
		t.Errorf("what is not there: %q, %v, %v", told, ok, err)
	}
	for what, c := range map[string]struct {
		tool, code string
		allowed    func(model.ServerTool) bool
	}{
		"what writes":          {"cancel_order", "lookup.changed", anything},
		"what is not there":    {"refund", "lookup.changed", anything},
		"what was not allowed": {"order_status", "lookup.changed", func(model.ServerTool) bool { return false }},
		"what never ends":      {"long", "lookup.too_long", anything},
	} {
		if _, _, err := s.Call(t.Context(), c.tool, c.allowed, map[string]any{"order": "DD1"}); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestServerThatFails(t *testing.T) {
	for what, c := range map[string]struct {
		code string
		wrap func(http.Handler) http.Handler
	}{
		"wants another key": {"lookup.key", func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "Bearer sk-other" {
					w.WriteHeader(http.StatusUnauthorized)
					return
				}
				h.ServeHTTP(w, r)
			})
		}},
		"says nothing": {"lookup.slow", func(http.Handler) http.Handler {
			return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // only then it is seen that somebody hangs up
				<-r.Context().Done()
			})
		}},
		"is a web page": {"lookup.failed", func(http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>welcome")) })
		}},
		"sends us on": {"lookup.failed", func(http.Handler) http.Handler {
			return http.RedirectHandler("http://127.0.0.1:1/mcp", http.StatusTemporaryRedirect)
		}},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := shop(t, c.wrap)
			s.Time = 2 * time.Second
			if _, err := s.Tools(t.Context()); fault.CodeOf(err) != c.code {
				t.Errorf("%v, want %s", err, c.code)
			}
		})
	}
}
