package assist_test

import (
	"net/http"
	"strings"
	"testing"

	"yingda/internal/assist"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/endpoint"
	"yingda/internal/kit/fault"
	"yingda/internal/model/modeltest"
)

var admin = agent.Actor{Agent: 7, Name: "管理员", Permissions: []agent.Permission{agent.SettingManage, agent.AuditRead}}

// The key is kept sealed, never told, and never sent to a host it was not
// entered for.
func TestTheModelIsSetUp(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		fake := h.thinks(modeltest.InTurn(modeltest.Wants(call("search_knowledge", `{"query":"整车质保"}`))), func(s *endpoint.Settings) { *s = endpoint.Defaults() })
		e, err := h.as.Endpoint(ctx, admin)
		if err != nil || e.Enabled || e.HasKey || !e.Mask || !e.Rests.May {
			h.t.Fatalf("at first %+v, %v", e, err)
		}
		key := "sk-very-secret"
		set := e.Settings
		set.Enabled, set.BaseURL, set.Model = true, fake.URL+"/", " qwen "
		save := func(s endpoint.Settings, key *string) (assist.Endpoint, error) {
			return h.as.SaveEndpoint(ctx, admin, assist.EndpointChange{Settings: s, Key: key})
		}
		if e, err = save(set, &key); err != nil || !e.HasKey || e.Sealed != "" || e.BaseURL != fake.URL || e.Model != "qwen" || e.Version != set.Version+1 {
			h.t.Fatalf("saved %+v, %v", e, err)
		}
		stored, err := h.desk.DB.Now().Setting(ctx, "model")
		if err != nil || strings.Contains(stored, key) {
			h.t.Errorf("it is kept as %s, %v", stored, err)
		}
		if _, err := save(set, nil); fault.CodeOf(err) != "endpoint.changed" {
			h.t.Errorf("an old version: %v", err)
		}
		set = e.Settings
		for code, change := range map[string]func(*endpoint.Settings){
			"endpoint.key_again":    func(s *endpoint.Settings) { s.BaseURL = "https://evil.example/v1" },
			"endpoint.address_open": func(s *endpoint.Settings) { s.BaseURL = "http://evil.example/v1" },
		} {
			s := set
			change(&s)
			if _, err := save(s, nil); fault.CodeOf(err) != code {
				h.t.Errorf("%s: %v", code, err)
			}
			if _, err := h.as.TryEndpoint(ctx, admin, assist.EndpointChange{Settings: s}); fault.CodeOf(err) != code {
				h.t.Errorf("trying, %s: %v", code, err)
			}
		}
		bad := "sk\nHost: evil"
		if _, err := save(set, &bad); fault.CodeOf(err) != "endpoint.key_long" {
			h.t.Errorf("a key with a line: %v", err)
		}
		trial, err := h.as.TryEndpoint(ctx, admin, assist.EndpointChange{Settings: set})
		if err != nil || !trial.Works || !trial.Calls || trial.Why != nil || fake.Asked()[0].Key != key {
			h.t.Errorf("tried %+v, %v", trial, err)
		}
		fake.Think(modeltest.InTurn(modeltest.Fails(http.StatusUnauthorized, "x")))
		if trial, err = h.as.TryEndpoint(ctx, admin, assist.EndpointChange{Settings: set}); err != nil || trial.Works || trial.Why.Code != "model.key" {
			h.t.Errorf("a wrong key: %+v, %v", trial, err)
		}
		fake.Think(modeltest.InTurn(modeltest.Says("三年")))
		if trial, err = h.as.TryEndpoint(ctx, admin, assist.EndpointChange{Settings: set}); err != nil || !trial.Works || trial.Calls || trial.Why.Code != "endpoint.no_tools" {
			h.t.Errorf("no tools: %+v, %v", trial, err)
		}
		none := ""
		if e, err = save(set, &none); err != nil || e.HasKey || e.Spent[endpoint.Test].Calls != 3 {
			h.t.Errorf("without a key %+v, %v", e, err)
		}
		if _, err := h.as.Endpoint(ctx, reader); fault.CodeOf(err) != "permission.missing" {
			h.t.Errorf("a reader: %v", err)
		}
		if _, err := h.as.SaveEndpoint(ctx, reader, assist.EndpointChange{}); fault.CodeOf(err) != "permission.missing" {
			h.t.Errorf("a reader writes: %v", err)
		}
	})
}
