package app

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/config"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/call"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/serve"
	"yingda/internal/store"
	"yingda/internal/store/storetest"
)

// crossing is a program, and another that has the line of a call.
type crossing struct {
	*App
	t     *testing.T
	other *httptest.Server
	asked chan *http.Request // by the first
	does  http.HandlerFunc   // what the other answers
	sight channel.CallSight
}

func cross(t *testing.T) *crossing {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	a, err := Open(ctx, config.Serve{Data: t.TempDir(), HTTP: "127.0.0.1:0", SIPListen: []string{"udp://127.0.0.1:0"}, RTPPorts: "27000-27099", WebRTCListen: "off"}, false, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	c := &crossing{App: a, t: t, asked: make(chan *http.Request, 10)}
	c.other = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.asked <- r
		c.does(w, r)
	}))
	t.Cleanup(c.other.Close)
	c.does = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
	c.handedWait = 300 * time.Millisecond
	if c.sight, err = a.Desk.CallCame(ctx, channel.CallIn{Door: "other/1", Program: "other", Direction: call.Inbound, Number: "13812345678", Line: "4008200000"}); err != nil {
		t.Fatal(err)
	}
	if err := a.DB.Update(ctx, func(tx *store.Tx) error {
		return tx.PutDoor(ctx, store.Door{Node: "other", SIP: "127.0.0.1:5060", HTTP: c.other.Listener.Addr().String()})
	}); err != nil {
		t.Fatal(err)
	}
	return c
}

// ask asks the first program as a browser does.
func (c *crossing) ask(method, path, body string, head ...string) *httptest.ResponseRecorder {
	c.t.Helper()
	r := httptest.NewRequestWithContext(c.t.Context(), method, path, strings.NewReader(body))
	r.RemoteAddr, r.Host = "192.0.2.7:4711", "help.example.cn"
	r.Header.Set("Origin", "https://help.example.cn")
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Cookie", "yingda_session=x")
	for i := 0; i < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	c.Handler.ServeHTTP(w, r)
	return w
}

func codeOf(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var p struct{ Code string }
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return p.Code
}

// A program that has just started is called at once, and one that has left no
// more.
func TestWhoComesIsKnownAtOnce(t *testing.T) {
	c := cross(t)
	ctx := t.Context()
	if got := c.sipOfOthers(ctx); len(got) != 1 || got[0].String() != "127.0.0.1:5060" {
		t.Errorf("they are %v", got)
	}
	if err := c.DB.Update(ctx, func(tx *store.Tx) error {
		return errors.Join(tx.PutDoor(ctx, store.Door{Node: "third", SIP: "127.0.0.2:5060"}), tx.DropDoor(ctx, "other"),
			tx.PutDoor(ctx, store.Door{Node: c.Desk.Node, SIP: "127.0.0.3:5060"}))
	}); err != nil {
		t.Fatal(err)
	}
	if got := c.sipOfOthers(ctx); len(got) != 1 || got[0].String() != "127.0.0.2:5060" {
		t.Errorf("when one has come and one has left, they are %v", got)
	}
}

// A program that others took for dead, and that lives, is called again.
func TestWhoIsBackIsKnown(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	a, err := Open(ctx, config.Serve{Data: t.TempDir(), Database: storetest.PostgresAddress(t), HTTP: "127.0.0.1:0", SIPListen: []string{"udp://127.0.0.1:0"}, RTPPorts: "27100-27199", WebRTCListen: "off"}, false, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	door := func(want int) {
		t.Helper()
		if err := a.beat(ctx); err != nil {
			t.Fatal(err)
		}
		if doors, err := a.DB.Now().Doors(ctx); err != nil || len(doors) != want {
			t.Errorf("its doors are %v %v", doors, err)
		}
	}
	door(1)
	if err := a.DB.Update(ctx, func(tx *store.Tx) error {
		gone, err := tx.ForgetNode(ctx, a.Desk.Node, clock.Now().Add(time.Minute))
		if !gone {
			t.Error("it was not forgotten")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	door(1)
}

// Whatever is done with a call is done where its line is, with what was sent, for
// the address it came from.
func TestADeedIsHandedOn(t *testing.T) {
	c := cross(t)
	base := "/api/v1/calls/" + c.sight.Call.ID.String()
	deeds := map[string]string{
		"answer": "", "decline": "", "hangup": "", "hold": "", "resume": "", "return": "", "join": "", "pause": "", "unpause": "",
		"listen": "", "whisper": "", "barge": "", "takeover": "", "leave": "",
		"keys": `{"keys":"1"}`, "transfer": `{"number":"13800000009"}`, "consult": `{"agent_id":"ag_1"}`,
	}
	for deed, body := range deeds {
		c.does = func(w http.ResponseWriter, r *http.Request) {
			b := make([]byte, 100)
			n, _ := r.Body.Read(b)
			if string(b[:n]) != body {
				t.Errorf("%s: the body is %q", deed, b[:n])
			}
			w.WriteHeader(http.StatusNoContent)
		}
		w := c.ask(http.MethodPost, base+"/"+deed, body)
		if w.Code != http.StatusNoContent {
			t.Fatalf("%s: %d %s", deed, w.Code, w.Body)
		}
		r := <-c.asked
		if r.URL.Path != base+"/"+deed || r.Host != "help.example.cn" || r.Header.Get("Cookie") != "yingda_session=x" {
			t.Errorf("%s: the other program was asked %s %s %v", deed, r.Host, r.URL, r.Header)
		}
		var from string
		c.fromHouse(serve.Errors{}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { from = r.RemoteAddr })).ServeHTTP(httptest.NewRecorder(), r)
		if from != "192.0.2.7:0" {
			t.Errorf("%s: it comes from %q", deed, from)
		}
	}
	for _, path := range []string{base, "/api/v1/conversations/" + c.sight.Conversation.String() + "/call"} {
		c.does = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("how it stands")) }
		if w := c.ask(http.MethodGet, path, ""); w.Body.String() != "how it stands" {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		<-c.asked
	}
	for _, other := range []string{"/api/v1/calls", base + "/recording", base + "/peaks", "/api/v1/conversations/" + c.sight.Conversation.String()} {
		c.ask(http.MethodGet, other, "")
	}
	if len(c.asked) > 0 {
		t.Errorf("what the database knows is asked for elsewhere: %s", (<-c.asked).URL)
	}
}

// The other program is gone, or does not answer in time: what was to be done is
// refused in words, and how the call stands is said as far as it is known here.
func TestTheOtherProgramIsAway(t *testing.T) {
	c := cross(t)
	base := "/api/v1/calls/" + c.sight.Call.ID.String()
	away := func(what string) {
		t.Helper()
		w := c.ask(http.MethodPost, base+"/hold", "")
		if code := codeOf(t, w); w.Code != http.StatusServiceUnavailable && w.Code != http.StatusTooManyRequests || code != "call.node_away" {
			t.Errorf("%s: %d %s", what, w.Code, w.Body)
		}
		if w := c.ask(http.MethodGet, base, ""); w.Code != http.StatusUnauthorized { // nobody has signed in; it is said here
			t.Errorf("%s: %d %s", what, w.Code, w.Body)
		}
	}
	done := make(chan struct{})
	c.does = func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-done:
		}
	}
	away("slow")
	close(done)
	c.other.Close()
	away("gone")
}

// The call has ended, or the line is here: nobody else is asked.
func TestALineThatIsNotThere(t *testing.T) {
	c := cross(t)
	base := "/api/v1/calls/" + c.sight.Call.ID.String()
	if _, err := c.Desk.CallEnded(t.Context(), c.sight.Call.ID, channel.CallEnd{At: clock.Now()}); err != nil {
		t.Fatal(err)
	}
	if w := c.ask(http.MethodPost, base+"/hold", ""); w.Code != http.StatusUnauthorized || len(c.asked) > 0 {
		t.Errorf("%d %s, asked %d", w.Code, w.Body, len(c.asked))
	}
	by := agent.Actor{Agent: 1}
	for what, err := range map[string]error{
		"hold": c.voice.hotline.Hold(t.Context(), by, c.sight.Call.ID), "answer": c.voice.hotline.Answer(t.Context(), by, c.sight.Call.ID),
	} {
		if err == nil || !strings.Contains(err.Error(), "over") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// Who only says that they are a program of the house is refused, and what was
// handed on is not handed on again.
func TestHandedOnByAStranger(t *testing.T) {
	c := cross(t)
	path := "/api/v1/calls/" + c.sight.Call.ID.String() + "/hold"
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, nil)
	stamp := func(d time.Duration) string { return strconv.FormatInt(clock.Now().Add(d).Unix(), 10) }
	stranger := &App{house: []byte("another key")}
	elsewhere := r.Clone(t.Context())
	elsewhere.URL.Path = path + "up"
	for what, said := range map[string]string{
		"nothing":      "1",
		"another key":  stranger.handed(r, stamp(0), "192.0.2.7"),
		"too old":      c.handed(r, stamp(-2*time.Minute), "192.0.2.7"),
		"too early":    c.handed(r, stamp(2*time.Minute), "192.0.2.7"),
		"another deed": c.handed(elsewhere, stamp(0), "192.0.2.7"),
		"another's":    strings.Replace(c.handed(r, stamp(0), "192.0.2.7"), "192.0.2.7", "192.0.2.8", 1),
	} {
		if w := c.ask(http.MethodPost, path, "", handedOn, said); w.Code != http.StatusForbidden || codeOf(t, w) != "call.not_of_house" {
			t.Errorf("%s: %d %s", what, w.Code, w.Body)
		}
	}
	if w := c.ask(http.MethodPost, path, "", handedOn, c.handed(r, stamp(0), "192.0.2.7")); w.Code != http.StatusUnauthorized {
		t.Errorf("ours: %d %s", w.Code, w.Body)
	}
	if len(c.asked) > 0 {
		t.Error("what was handed on is handed on again")
	}
}
