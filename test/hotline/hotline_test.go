// Package hotline calls the real program with telephones that others wrote:
// baresip as the customer, as the agents and as a number outside, each of which
// says a tone of its own and knows what it has heard; and sipp, which says what
// no telephone says.
package hotline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yingda/internal/channel/voice/voicetest"
	"yingda/internal/domain/call"
	"yingda/internal/kit/audio"
	"yingda/test/internal/centre"
)

// What everybody says all the time, and what is heard while one waits.
const (
	customerTone = 440
	linTone      = 700
	zhaoTone     = 1300
	branchTone   = 1900
	music        = 1000
)

const (
	ourNumber    = "4008200000"
	branchNumber = "13800000009"
	customer     = "13812345678"
)

// house is a program with a hotline on an address of its own, and a line to a
// carrier, which is whoever calls from the address .2.
type house struct {
	*centre.Centre
	t    *testing.T
	net  string // the first three numbers of its addresses
	door netip.AddrPort
}

var houses atomic.Int32

// open starts a program. Each has its own network on the loopback, so that
// nobody's ports are in the way.
func open(t *testing.T) *house {
	t.Helper()
	t.Parallel()
	pid, n := os.Getpid(), int(houses.Add(1))
	h := &house{t: t, net: fmt.Sprintf("127.%d.%d", 64+pid%128, (pid/128*16+n)%256)}
	h.door = netip.MustParseAddrPort(h.at(1) + ":5060")
	h.Centre = centre.New(t, "--sip-listen", "udp://"+h.door.String(), "--rtp-ports", "20000-22999")
	h.post("/api/v1/trunks", map[string]any{
		"name": "carrier", "host": h.at(2), "port": 5060, "network": "udp", "from": []string{h.at(2)}, "number": ourNumber,
	}, nil)
	h.menu()
	h.Until("the line", func() bool {
		var all struct {
			Items []struct{ State string }
		}
		h.Call(http.MethodGet, "/api/v1/trunks", "", nil, &all)
		return len(all.Items) == 1 && all.Items[0].State == "works"
	})
	return h
}

func (h *house) at(n int) string { return fmt.Sprintf("%s.%d", h.net, n) }

func (h *house) post(path string, body, into any) {
	h.t.Helper()
	h.Call(http.MethodPost, path, "", body, into)
}

// menu publishes the menu that comes with the program, open at every hour, and
// with nobody sent away from the queue of the key 1 while no agent is there; and lets a tone be the music.
func (h *house) menu() {
	h.t.Helper()
	m := call.Hotline()
	for i, n := range m.Nodes {
		switch n.ID {
		case "notice":
			m.Nodes[i].Next = "main"
		case "use":
			m.Nodes[i].Empty = ""
		}
	}
	var book struct{ Rev int64 }
	h.Call(http.MethodPut, "/api/v1/menus/hotline/draft", "", map[string]any{"rev": 0, "draft": m}, &book)
	h.post("/api/v1/menus/hotline/publish", map[string]any{"rev": book.Rev, "note": "for tests"}, nil)

	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "music.wav")
	if err == nil {
		_, err = part.Write(voicetest.PCM(audio.Signal(audio.Beat{Tones: []float64{music}, For: 3 * time.Second})))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		h.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPut, "http://"+h.Addr+"/api/v1/prompt-clips/both/music", &form)
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	h.answer(req, h.Cookie)
}

// answer asks with a cookie and returns the body of a good answer.
func (h *house) answer(req *http.Request, cookie string) []byte {
	h.t.Helper()
	req.Header.Set("Cookie", cookie)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		h.t.Fatalf("%s %s: %s %v %s", req.Method, req.URL.Path, resp.Status, err, b)
	}
	return b
}

// person is somebody who works there, signed in.
type person struct {
	*centre.Centre
	id string
}

// hire lets somebody sign in.
func (h *house) hire(name, role string) *person {
	h.t.Helper()
	var roles struct {
		Items []struct{ ID, Name string }
	}
	h.Call(http.MethodGet, "/api/v1/roles", "", nil, &roles)
	i := slices.IndexFunc(roles.Items, func(r struct{ ID, Name string }) bool { return r.Name == role })
	var in struct {
		Agent struct{ ID string }
		Link  string `json:"invite_url"`
	}
	h.post("/api/v1/agents", map[string]any{
		"email": name + "@example.org", "name": name, "language": "zh", "capacity": 3, "role_ids": []string{roles.Items[i].ID}, "team_ids": []string{},
	}, &in)
	_, token, _ := strings.Cut(in.Link, "/app/setup/")
	r := h.Call(http.MethodPost, "/api/v1/setup/"+token, "none", map[string]any{"password": "a-long-password-for-tests"}, nil)
	theirs := *h.Centre
	for _, k := range r.Cookies() {
		if k.Name == "yingda_session" {
			theirs.Cookie = k.Name + "=" + k.Value
		}
	}
	return &person{Centre: &theirs, id: in.Agent.ID}
}

// phone gives an agent a telephone that stands at an address, and waits until it
// is registered.
func (h *house) phone(p *person, user string, at int, hz float64) *voicetest.Softphone {
	h.t.Helper()
	var made struct{ Password string }
	h.post("/api/v1/phones", map[string]any{"user": user, "name": user, "agent_id": p.id}, &made)
	s := voicetest.Start(h.t, voicetest.Phone{At: h.at(at), User: user, Hz: hz, Door: h.door, Password: made.Password})
	h.Until("the telephone is registered", func() bool { return h.registered(user) })
	return s
}

func (h *house) registered(user string) bool {
	h.t.Helper()
	var all struct {
		Items []struct {
			User       string
			Registered bool
		}
	}
	h.Call(http.MethodGet, "/api/v1/phones", "", nil, &all)
	return slices.ContainsFunc(all.Items, func(p struct {
		User       string
		Registered bool
	},
	) bool {
		return p.User == user && p.Registered
	})
}

// online opens the console of somebody, and lets them take work.
func (h *house) online(p *person) {
	h.t.Helper()
	l := p.ListenAgent(h.Addr)
	h.t.Cleanup(l.Close)
	h.Until("the console is connected", func() bool {
		_, err := p.Try(h.t.Context(), http.MethodPut, "/api/v1/me/presence", "", map[string]any{"state": "online"}, nil)
		return err == nil
	})
}

// outside is a telephone beyond the carrier.
func (h *house) outside(user string, port int, hz float64, answers bool) *voicetest.Softphone {
	h.t.Helper()
	return voicetest.Start(h.t, voicetest.Phone{At: h.at(2), Port: port, User: user, Hz: hz, Codecs: "PCMU", Answers: answers})
}

// sight is what is looked at in a call.
type sight struct {
	ID           string
	Conversation string `json:"conversation_id"`
	State        call.State
	Agent        string `json:"agent_id"`
	Rings        string
	Recorded     bool
	Record       call.Record
}

// calls are all calls, the newest first.
func (h *house) calls(p *person) []sight {
	h.t.Helper()
	var all struct{ Items []sight }
	p.Call(http.MethodGet, "/api/v1/calls?limit=100", "", nil, &all)
	return all.Items
}

// state waits until the newest call is in a state.
func (h *house) state(p *person, want call.State) (s sight) {
	h.t.Helper()
	h.Until("the call is "+string(want), func() bool {
		all := h.calls(p)
		if len(all) > 0 {
			s = all[0]
		}
		if s.State == call.Ended && want != call.Ended {
			h.t.Fatalf("the call is over: %+v", s.Record)
		}
		return s.State == want
	})
	return s
}

// does lets somebody do something with a call.
func (p *person) does(c sight, what string, body any) {
	if body == nil {
		body = map[string]any{}
	}
	p.Call(http.MethodPost, "/api/v1/calls/"+c.ID+"/"+what, "", body, nil)
}

// recording returns how long each tone is heard on a side of a recording.
func (h *house) recording(p *person, c sight) (sides [2]voicetest.Tones) {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, "http://"+h.Addr+"/api/v1/calls/"+c.ID+"/recording", nil)
	if err != nil {
		h.t.Fatal(err)
	}
	sound, err := audio.ReadWAV(h.answer(req, p.Cookie))
	if err != nil || len(sound.Channels) != 2 {
		h.t.Fatalf("the recording has %d sides: %v", len(sound.Channels), err)
	}
	for i := range sides {
		sides[i] = voicetest.Tones{}
		sides[i].Hear(sound.Channels[i], customerTone, linTone, zhaoTone, branchTone, music)
	}
	return sides
}

// steps are the states of a call in their order.
func steps(r call.Record) string {
	var all []string
	for _, s := range r.Steps {
		all = append(all, string(s.State))
	}
	return strings.Join(all, " ")
}

func show(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
