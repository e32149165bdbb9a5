package mcp_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"yingda/internal/assist"
	"yingda/internal/channel"
	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/flow"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/knowledge"
	"yingda/internal/domain/phrase"
	"yingda/internal/domain/ticket"
	"yingda/internal/help"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
	"yingda/internal/mcp"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// keys lets in whoever shows one of them.
type keys map[string]agent.Actor

func (k keys) Authenticate(r *http.Request) (agent.Actor, error) {
	by, ok := k[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	if !ok {
		return by, fault.New(fault.Unsigned, "key.unknown", "no such key")
	}
	return by, nil
}

type garage struct{}

func (garage) LookUp(_ context.Context, c flow.Call) (map[string]string, bool, error) {
	if c.With["vin"] == "DOWN" {
		return nil, false, errors.New("dial tcp 10.0.0.1: secret")
	}
	return map[string]string{"model": "EV5", "vin": c.With["vin"]}, true, nil
}

// shows is a client of MCP that shows a key.
type shows string

func (k shows) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if k != "" {
		r.Header.Set("Authorization", "Bearer "+string(k))
	}
	return http.DefaultTransport.RoundTrip(r)
}

func connect(t *testing.T, at, key string) (*sdk.ClientSession, error) {
	t.Helper()
	c := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil)
	s, err := c.Connect(t.Context(), &sdk.StreamableClientTransport{Endpoint: at, HTTPClient: &http.Client{Transport: shows(key)}, MaxRetries: -1}, nil)
	if err == nil {
		t.Cleanup(func() { _ = s.Close() })
	}
	return s, err
}

func called(t *testing.T, s *sdk.ClientSession, tool string, with map[string]any) (string, bool) {
	t.Helper()
	r, err := s.CallTool(t.Context(), &sdk.CallToolParams{Name: tool, Arguments: with})
	if err != nil {
		return err.Error(), false
	}
	b, err := json.Marshal(r.Content)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), !r.IsError
}

// A key sees what its permissions allow, and changes nothing.
func TestMCP(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, now := t.Context(), clock.At(time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)).Now
		log := slog.New(slog.DiscardHandler)
		d, h := &desk.Desk{DB: db, Now: now, Log: log}, &help.Help{DB: db, Now: now, Log: log}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		editor := agent.Actor{Agent: 8, Permissions: []agent.Permission{agent.KnowledgeRead, agent.KnowledgeEdit, agent.KnowledgePublish}}
		must(h.Import(ctx, editor, []knowledge.Question{
			{Question: "整车质保多久", Answer: "整车质保三年。", Language: "zh"},
			{Question: "质保的内部口径", Answer: "只给主管看。", Language: "zh", Audience: knowledge.Internal},
		}, nil))
		must(h.Refresh(ctx))
		in := inbox.Inbox{ID: inbox.NewID(now()), Key: "main", Kind: "webchat", Name: "官网", Enabled: true, Settings: inbox.Defaults(), Version: 1}
		must(db.Update(ctx, func(tx *store.Tx) error { return tx.InsertInbox(ctx, in) }))
		who, err := d.Visit(ctx, channel.Visit{Inbox: in, Language: "zh"})
		must(err)
		c, err := d.OpenCase(ctx, contact.Visitor{Contact: who.ID, Inbox: in.ID}, ticket.Case{Kind: ticket.Suggestion, Subject: "加一个充电桩", Text: "门口加一个充电桩吧", Phone: "13800138000"}, "client-0001")
		must(err)
		door := &mcp.Door{
			Desk: d, Help: h, Now: now, Log: log, Version: "test", Cars: func() assist.Cars { return garage{} },
			Errors: serve.Errors{Log: log, Language: phrase.Language, Say: phrase.Say},
			Auth: keys{
				"all":  {Agent: 9, Scope: agent.ScopeAll, Permissions: []agent.Permission{agent.KnowledgeRead, agent.CaseRead, agent.ContactRead}},
				"know": {Agent: 10, Permissions: []agent.Permission{agent.KnowledgeRead}},
			},
		}
		s := httptest.NewServer(door.Handler())
		defer s.Close()

		all, err := connect(t, s.URL, "all")
		must(err)
		tools, err := all.ListTools(ctx, nil)
		must(err)
		var names []string
		for _, x := range tools.Tools {
			names = append(names, x.Name)
			if x.Annotations == nil || !x.Annotations.ReadOnlyHint {
				t.Errorf("%s does not say that it only reads", x.Name)
			}
		}
		if slices.Sort(names); !slices.Equal(names, []string{"case_progress", "look_up_vehicle", "search_knowledge"}) {
			t.Errorf("tools %v", names)
		}
		for _, x := range []struct {
			tool  string
			with  map[string]any
			fine  bool
			holds string
			not   string
		}{
			{"search_knowledge", map[string]any{"query": "质保"}, true, "整车质保三年", "主管"},
			{"case_progress", map[string]any{"number": c.Number}, true, "加一个充电桩", "13800138000"},
			{"case_progress", map[string]any{"number": "YD00000000000"}, false, "no such case", ""},
			{"case_progress", map[string]any{"number": ""}, false, "no such case", ""},
			{"look_up_vehicle", map[string]any{"vin": "lsvaa4182e2184847", "about": "recall"}, true, "LSVAA4182E2184847", ""},
			{"look_up_vehicle", map[string]any{"vin": "x", "about": "owner"}, false, "vehicle, recall or warranty", ""},
			{"look_up_vehicle", map[string]any{"vin": "down", "about": "recall"}, false, "try again later", "secret"},
			{"delete_everything", map[string]any{}, false, "", ""},
		} {
			said, fine := called(t, all, x.tool, x.with)
			if fine != x.fine || !strings.Contains(said, x.holds) || x.not != "" && strings.Contains(said, x.not) {
				t.Errorf("%s %v: %v, %s", x.tool, x.with, fine, said)
			}
		}
		know, err := connect(t, s.URL, "know")
		must(err)
		if said, fine := called(t, know, "case_progress", map[string]any{"number": c.Number}); fine {
			t.Errorf("without the permission: %s", said)
		}
		for _, key := range []string{"", "wrong"} {
			if _, err := connect(t, s.URL, key); err == nil {
				t.Errorf("the key %q was let in", key)
			}
		}
	})
}
