package proxy

import (
	"database/sql"
	"encoding/json"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel/voice"
	"yingda/internal/kit/audio"
	"yingda/internal/store/storetest"
	"yingda/test/internal/centre"
)

// view is what the test looks at in a call.
type view struct {
	ID           string
	Conversation string `json:"conversation_id"`
	State        string
	Rings        string
	Agent        string `json:"agent_id"`
	Paused       bool   `json:"recording_paused"`
	Supervisors  []struct {
		Agent string `json:"agent_id"`
		How   string
	}
	Third *struct {
		Agent   string `json:"agent_id"`
		Reached bool
	}
	Record struct{ Node string }
}

// pair is two programs on one database, without anything before them; calls come
// in at B.
func pair(t *testing.T) *rig {
	t.Helper()
	address := storetest.PostgresAddress(t)
	r := &rig{t: t, atA: free(t, nodeA), atB: free(t, nodeB)}
	var err error
	if r.db, err = sql.Open("pgx", address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.db.Close() })
	args := func(at netip.AddrPort, ports string) []string {
		return []string{"--database", address, "--sip-listen", "udp://" + at.String(), "--rtp-ports", ports, "--webrtc-listen", free(t, at.Addr().String()).String()}
	}
	r.a = centre.New(t, args(r.atA, "27100-27299")...)
	r.b = centre.Beside(t, r.a, args(r.atB, "27300-27499")...)
	r.a.Call(http.MethodPost, "/api/v1/trunks", "", map[string]any{
		"name": "carrier", "host": carrierIP, "port": 5060, "network": "udp", "from": []string{carrierIP}, "number": "4008200000",
	}, nil)
	quick(r.a)
	return r
}

// calls is somebody who calls at B, and says a tone.
func (r *rig) calls(number string) *line {
	r.t.Helper()
	d := r.door(carrierIP, 27500, voice.Options{
		Trunks: []voice.Trunk{{Name: "house", Host: nodeB, Port: int(r.atB.Port()), Network: "udp"}},
		Plan:   voice.Plan{Trunks: []string{"house"}, More: []voice.Rule{{Class: voice.Service}}},
	})
	centre.Until(r.t, "the line is taken up", func() bool { return r.options(carrierIP, r.atB) == 200 })
	l := &line{t: r.t, ear: &ear{side: audio.Caller}, over: make(chan struct{})}
	var err error
	if l.call, err = d.Dial(voice.Dialing{Number: "4008200000", May: voice.May(voice.Service), From: number, On: l.said}); err != nil {
		r.t.Fatal(err)
	}
	l.call.Leg().Record(l.ear)
	l.call.Leg().Play(tone(440))
	return l
}

// at returns an agent's browser at a program.
func at(program, who *centre.Centre) *centre.Centre {
	k := *who
	k.Addr = program.Addr
	return &k
}

func online(t *testing.T, who *centre.Centre) {
	t.Helper()
	l := who.ListenAgent(who.Addr)
	t.Cleanup(l.Close)
	centre.Until(t, "the agent is online", func() bool {
		_, err := who.Try(t.Context(), http.MethodPut, "/api/v1/me/presence", "", map[string]any{"state": "online"}, nil)
		return err == nil
	})
}

// A call is at B; who answers it, who is asked and who supervises have their
// consoles at A, and do everything there. Then A dies.
func TestACallAtAnotherProgram(t *testing.T) {
	r := pair(t)
	agent := func(program *centre.Centre, name, role string, hz float64) *console {
		return connect(t, at(program, r.a.Agent(name+"@example.org", role)), hz)
	}
	lin := agent(r.a, "lin", "agent", 700)
	zhao := agent(r.a, "zhao", "agent", 1300)
	wang := agent(r.a, "wang", "supervisor", 1000)
	sun := agent(r.b, "sun", "agent", 1900)
	online(t, lin.Centre)

	c := r.calls("13812345678")
	var call view
	centre.Until(t, "it rings at the agent, and A lists it", func() bool {
		var list struct{ Items []view }
		wang.Call(http.MethodGet, "/api/v1/calls?state=open", "", nil, &list)
		if len(list.Items) == 1 {
			call = list.Items[0]
		}
		return call.Rings == lin.id
	})
	base := "/api/v1/calls/" + call.ID
	does := func(who *console, deed string, body any) {
		t.Helper()
		who.Call(http.MethodPost, base+"/"+deed, "", body, nil)
	}
	sees := func(program *centre.Centre) (v view) {
		t.Helper()
		program.Call(http.MethodGet, base, "", nil, &v)
		return v
	}
	both := func(what string, ok func(view) bool) {
		t.Helper()
		for name, program := range map[string]*centre.Centre{"A": r.a, "B": r.b} {
			var v view
			centre.Until(t, what+", says "+name, func() bool { v = sees(program); return ok(v) })
		}
	}
	does(lin, "answer", nil)
	centre.Until(t, "the two hear each other", func() bool { return lin.hears(440) && c.ear.hears(700) })
	both("it talks", func(v view) bool { return v.State == "talking" && v.Agent == lin.id })
	if node := sees(r.a).Record.Node; !strings.Contains(node, r.atB.String()) {
		t.Errorf("its node is %q, want %s", node, r.atB)
	}
	var board json.RawMessage
	wang.Call(http.MethodGet, "/api/v1/wallboard", "", nil, &board)
	if !strings.Contains(string(board), call.Conversation) && !strings.Contains(string(board), `"calls":1`) {
		t.Errorf("the wallboard of A does not have it: %s", board)
	}

	does(lin, "hold", nil)
	both("it waits", func(v view) bool { return v.State == "held" })
	centre.Until(t, "the customer hears music", func() bool { return c.ear.count() > 0 && !c.ear.hears(700) })
	does(lin, "resume", nil)
	centre.Until(t, "they hear each other again", func() bool { return lin.hears(440) && c.ear.hears(700) })
	does(lin, "pause", nil)
	both("the recording pauses", func(v view) bool { return v.Paused })
	does(lin, "unpause", nil)
	both("it is recorded", func(v view) bool { return !v.Paused })
	does(lin, "keys", map[string]any{"keys": "12#"})

	hears := func(how string) {
		t.Helper()
		does(wang, how, nil)
		both("the supervisor's part", func(v view) bool {
			return len(v.Supervisors) == 1 && v.Supervisors[0].Agent == wang.id && v.Supervisors[0].How == how
		})
		centre.Until(t, "the supervisor hears both", func() bool { return wang.hears(440) && wang.hears(700) })
	}
	hears("listen")
	for range 50 {
		if lin.hears(1000) || c.ear.hears(1000) {
			t.Fatal("who listens is heard")
		}
		<-time.After(10 * time.Millisecond)
	}
	hears("whisper")
	centre.Until(t, "the agent hears the supervisor", func() bool { return lin.hears(1000) })
	if c.ear.hears(1000) || !c.ear.hears(700) {
		t.Error("the customer hears a whisper")
	}
	does(wang, "leave", nil)
	both("the supervisor has left", func(v view) bool { return len(v.Supervisors) == 0 })
	centre.Until(t, "nobody is between them", func() bool { return lin.hears(440) && !lin.hears(1000) && c.ear.hears(700) })

	does(lin, "consult", map[string]any{"agent_id": zhao.id})
	both("the colleague is asked", func(v view) bool { return v.Third != nil && v.Third.Agent == zhao.id && !v.Third.Reached })
	does(zhao, "answer", nil)
	centre.Until(t, "the colleague hears the agent", func() bool { return zhao.hears(700) && lin.hears(1300) })
	if c.ear.hears(700) || c.ear.hears(1300) {
		t.Error("the customer hears what is asked")
	}
	does(lin, "join", nil)
	centre.Until(t, "three hear each other", func() bool { return zhao.hears(440) && zhao.hears(700) && lin.hears(440) && lin.hears(1300) })
	does(zhao, "hangup", nil)
	both("two talk", func(v view) bool { return v.State == "talking" && v.Third == nil })

	// The call goes on at B, with somebody there; A dies while the supervisor hears it.
	online(t, sun.Centre)
	lin.Call(http.MethodPost, "/api/v1/conversations/"+call.Conversation+"/transfer", "", map[string]any{"agent_id": sun.id, "note": "请接着处理"}, nil)
	both("it rings at the other", func(v view) bool { return v.Rings == sun.id })
	does(sun, "answer", nil)
	centre.Until(t, "the other has the customer", func() bool { return sun.hears(440) && c.ear.hears(1900) })
	does(wang, "listen", nil)
	centre.Until(t, "the supervisor hears them", func() bool { return wang.hears(440) && wang.hears(1900) })
	r.a.Kill()
	centre.Until(t, "the supervisor is gone", func() bool { return len(sees(r.b).Supervisors) == 0 })
	centre.Until(t, "the two go on", func() bool { return sun.hears(440) && c.ear.hears(1900) })
	does(sun, "hangup", nil)
	c.ended()
	centre.Until(t, "the agent has to wrap up", func() bool { return sees(r.b).State == "wrap_up" })
	sun.Call(http.MethodPost, "/api/v1/conversations/"+call.Conversation+"/close", "", map[string]any{"category": "business.recall", "result": "solved"}, nil)
	centre.Until(t, "it is over", func() bool { return sees(r.b).State == "ended" })

	sound, err := audio.ReadWAV(r.b.Download(base + "/recording"))
	if err != nil {
		t.Fatal(err)
	}
	for side, want := range [][]float64{{440}, {700, 1900}} {
		for _, hz := range []float64{440, 700, 1000, 1300, 1900} {
			parts := 0
			for s := sound.Channels[side]; len(s) >= audio.Rate/2; s = s[audio.Rate/2:] {
				if strong(s[:audio.Rate/2], hz) > 0.5 {
					parts++
				}
			}
			belongs := false
			for _, w := range want {
				belongs = belongs || w == hz
			}
			if hz != 1000 && hz != 1300 && belongs != (parts > 0) {
				t.Errorf("on side %d of the recording %v Hz is heard in %d parts", side, hz, parts)
			}
		}
	}
}
