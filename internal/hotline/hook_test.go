package hotline_test

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
)

// A caller's menu asks another system: with its answer they come to where it says,
// when it fails to where that leads, and while it is silent they hear music and
// are not kept for longer than its time. The record says what came of it.
func TestAMenuAsksAnotherSystem(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		var way atomic.Value
		var asked atomic.Value
		shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			asked.Store(string(b))
			switch way.Load() {
			case "silent":
				<-r.Context().Done()
			case "failed":
				http.Error(w, "no", http.StatusInternalServerError)
			default:
				_, _ = io.WriteString(w, `{"tier":"gold"}`)
			}
		}))
		h.t.Cleanup(shop.Close)
		boss := agent.Actor{Agent: h.wang.Agent, Name: "管理员", Permissions: []agent.Permission{agent.ChannelManage}}
		_, err := h.desk.PutHook(h.t.Context(), boss, "tier", desk.HookChange{Enabled: true, Method: "POST", URL: shop.URL, Sends: []string{"phone", "line"}, Gives: []call.Given{{Name: "tier", Path: "tier"}}, Seconds: 3})
		h.must(err)
		ask := call.Node{ID: "ask", Kind: call.KindHTTP, Hook: "tier", With: map[string]string{"phone": "caller", "line": "line"}, Tells: []string{"tier"}, Seconds: 3, Next: "which", Failed: "callback"}
		which := call.Node{ID: "which", Kind: call.KindCondition, Cases: []call.Case{{Of: "tier", Any: []string{"gold"}, Next: "vehicle_queue"}}, Next: "callback"}
		h.menu.Nodes = append(h.menu.Nodes, ask, which)
		for i, n := range h.menu.Nodes {
			if n.ID == "notice" {
				h.menu.Nodes[i].Next = "ask"
			}
		}
		for _, c := range []struct {
			way, at, code string
			ok            bool
		}{{"answered", "vehicle_queue", "", true}, {"failed", "callback", "hook.status", false}, {"silent", "callback", "hook.slow", false}} {
			way.Store(c.way)
			before := len(h.open())
			caller := h.calls("13812345678")
			h.wait("the call", func() bool { return len(h.open()) > before })
			h.last = h.open()[before]
			h.wait(c.way+": it to lead on", func() bool { return slices.Contains(h.sees().Call.Record.Path, c.at) })
			r := h.sees().Call.Record
			if len(r.Asked) != 1 || r.Asked[0].Hook != "tier" || r.Asked[0].OK != c.ok || r.Asked[0].Code != c.code {
				h.t.Errorf("%s: the record has %+v", c.way, r.Asked)
			}
			if got := asked.Load(); got != `{"line":"4008200000","phone":"13812345678"}` {
				h.t.Errorf("it was told %v", got)
			}
			if c.way == "silent" {
				h.wait("music", func() bool { return strings.Contains(caller.heard(), "C") })
			}
			caller.Hangup()
			caller.gone()
			h.state(call.Ended)
		}
	})
}
