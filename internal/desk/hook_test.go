package desk_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"yingda/internal/desk"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/hook"
)

// A look-up is set up, tried, used by a menu and then kept as the menu needs it;
// nothing of it is readable that is secret.
func TestLookUpsOfMenus(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.SealHook, h.AsksHooks = turned{}, hook.New(h.Now)
		wang := h.admin(agent.ChannelManage)
		var body, key atomic.Value
		shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			body.Store(string(b))
			key.Store(r.Header.Get("Authorization"))
			_, _ = io.WriteString(w, `{"order":{"status":"shipped"}}`)
		}))
		h.t.Cleanup(shop.Close)
		secret := "key-of-ours"
		c := desk.HookChange{About: "订单", Enabled: true, Method: "POST", URL: shop.URL, Sends: []string{"phone"}, Gives: []call.Given{{Name: "status", Path: "order.status"}}, Seconds: 5, Key: &secret}
		_, err := h.PutHook(ctx, h.lin, "orders", c)
		h.code(err, "permission.missing")
		_, err = h.PutHook(ctx, wang, "Orders!", c)
		h.code(err, "hook.name")
		s, err := h.PutHook(ctx, wang, "orders", c)
		h.must(err)
		_, err = h.PutHook(ctx, wang, "orders", c)
		h.code(err, "hook.taken")
		r, err := h.DB.Now().Hook(ctx, "orders")
		h.must(err)
		if s.Version != 1 || r.Version != 1 || r.SealedKey == secret || r.SealedKey == "" || r.Key != "" {
			h.t.Errorf("%+v, kept as %+v", s, r)
		}

		tried, err := h.TryHook(ctx, wang, "orders", map[string]string{"phone": "13812345678", "id": "1"})
		h.must(err)
		if tried.Err != nil || tried.Values["status"] != "shipped" || len(tried.Sent) != 1 || body.Load() != `{"phone":"13812345678"}` || key.Load() != "Bearer key-of-ours" {
			h.t.Errorf("tried: %+v; it was told %v", tried, body.Load())
		}
		_, err = h.TryHook(ctx, h.lin, "orders", nil)
		h.code(err, "permission.missing")
		if all := h.audited("hook.trial"); len(all) != 1 {
			h.t.Errorf("%d trials in the audit", len(all))
		}

		m := call.Callback()
		m.ID, m.Name = "shop", call.Text{Zh: "门店", En: "Shop"}
		m.Nodes = append(m.Nodes, call.Node{ID: "ask", Kind: call.KindHTTP, Hook: "stock", With: map[string]string{"phone": "caller"}, Tells: []string{"status"}, Next: m.Start, Failed: m.Start})
		m.Start = "ask"
		b, err := h.DraftMenu(ctx, wang, "shop", 0, m)
		h.must(err)
		if codes := problemCodes(b); !slices.Equal(codes, []string{"menu.name"}) {
			h.t.Errorf("a menu with a look-up that there is not: %v", codes)
		}
		m.Nodes[len(m.Nodes)-1].Hook = "orders"
		b, err = h.DraftMenu(ctx, wang, "shop", b.Rev, m)
		h.must(err)
		_, err = h.PublishMenu(ctx, wang, "shop", b.Rev, "")
		h.must(err)

		h.code(h.RemoveHook(ctx, wang, "orders"), "hook.used")
		c.Version, c.Key = 1, nil
		c.Gives = []call.Given{{Name: "state", Path: "order.status"}}
		_, err = h.PutHook(ctx, wang, "orders", c)
		h.code(err, "hook.used_value")
		c.Gives = append(c.Gives, call.Given{Name: "status", Path: "order.status"})
		c.URL = "https://elsewhere.example.cn/"
		_, err = h.PutHook(ctx, wang, "orders", c)
		h.code(err, "hook.again")
		c.URL, c.Enabled = shop.URL+"/v2", false
		_, err = h.PutHook(ctx, wang, "orders", c)
		h.must(err)
		_, err = h.PutHook(ctx, wang, "orders", c)
		h.code(err, "store.changed")
		_, err = h.AskHook(ctx, "orders", nil)
		h.code(err, "hook.off")
		c.Version, c.Enabled = 2, true
		_, err = h.PutHook(ctx, wang, "orders", c)
		h.must(err)
		values, err := h.AskHook(ctx, "orders", map[string]string{"phone": "1"})
		h.must(err)
		if values["status"] != "shipped" || values["state"] != "shipped" || key.Load() != "Bearer key-of-ours" {
			h.t.Errorf("asked: %v with %v", values, key.Load())
		}

		all, err := h.Hooks(ctx, wang)
		h.must(err)
		if len(all) != 1 || !slices.Equal(all[0].Menus, []string{"shop"}) || all[0].Key != secret {
			h.t.Errorf("%+v", all)
		}
		names, err := h.MenuNames(ctx, wang)
		h.must(err)
		if len(names.Hooks) != 1 || !slices.Equal(names.Hooks[0].Gives, []string{"state", "status"}) {
			h.t.Errorf("%+v", names.Hooks)
		}
		for _, action := range []string{"hook.create", "hook.change", "hook.trial"} {
			for _, e := range h.audited(action) {
				for _, v := range e.Detail {
					if text, ok := v.(string); ok && (strings.Contains(text, secret) || strings.Contains(text, "138")) {
						h.t.Errorf("the audit has %v", e.Detail)
					}
				}
			}
		}
		h.code(h.RemoveHook(ctx, wang, "stock"), "hook.unknown")
		_, err = h.AskHook(ctx, "stock", nil)
		h.code(err, "hook.unknown")
	})
}
