package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel"
	ofcall "yingda/internal/domain/call"
	"yingda/internal/kit/audio"
)

// called is a call that an agent had, with a recording of a second.
func (r *room) called(number, agentName string) channel.CallSight {
	r.t.Helper()
	ctx, d := r.t.Context(), r.desk
	s, err := d.CallCame(ctx, channel.CallIn{Door: number, Program: "one", Direction: ofcall.Inbound, Number: number, Line: "4008200000"})
	r.must(err)
	i := s.Call.ID
	step := func(f func() error) {
		r.t.Helper()
		r.clock.Turn(10 * time.Second)
		r.must(f())
	}
	step(func() error { _, err := d.CallMoved(ctx, i, ofcall.Answer); return err })
	step(func() error { return d.CallNoticed(ctx, i) })
	step(func() error { _, err := d.CallWaits(ctx, i, ofcall.Place{Queue: "vehicle"}); return err })
	r.run()
	step(func() error { _, err := d.CallAnswered(ctx, i, r.by[agentName].Agent); return err })
	step(func() error { _, err := d.CallMoved(ctx, i, ofcall.Hold); return err })
	step(func() error { _, err := d.CallMoved(ctx, i, ofcall.Resume); return err })
	file := filepath.Join(r.t.TempDir(), "a.wav")
	f, err := os.Create(file)
	r.must(err)
	rec, err := audio.Record(f)
	r.must(err)
	r.must(rec.Put(audio.Caller, 0, audio.ALaw, bytes.Repeat([]byte{0x2a}, 8000))) // loud
	_, err = rec.Close(time.Second)
	r.must(err)
	r.must(f.Close())
	b, err := os.ReadFile(file)
	r.must(err)
	key := "recordings/" + i.String() + ".wav"
	_, err = d.Files.Put(ctx, key, bytes.NewReader(b))
	r.must(err)
	step(func() error {
		s, err = d.CallEnded(ctx, i, channel.CallEnd{Quality: ofcall.Quality{MOS: 4.2, Jitter: 3}, Recording: ofcall.Recorded{File: key, SHA256: "abc", Length: time.Second}})
		return err
	})
	return s
}

func TestRecordsOfCallsOverTheWire(t *testing.T) {
	r := newRoom(t)
	r.must(r.desk.EnsureHotline(t.Context()))
	r.online("lin")
	s := r.called("13812345678", "lin")
	r.names["call"], r.names["talk"] = s.Call.ID.String(), s.Conversation.String()
	r.play([]step{
		{name: "list", who: "lin", method: "GET", path: "/calls", status: 200, says: `"number":"138****5678"`, not: "13812345678"},
		{name: "the file's key is ours", who: "wang", method: "GET", path: "/calls", status: 200, says: `"recorded":true`, not: "recordings/"},
		{name: "open", who: "lin", method: "GET", path: "/calls?state=open", status: 200, says: `"state":"wrap_up"`},
		{name: "ended", who: "lin", method: "GET", path: "/calls?state=ended", status: 200, says: `{"items":[]}`},
		{name: "by number", who: "lin", method: "GET", path: "/calls?q=13812345678", status: 200, says: "{call}"},
		{name: "by its end", who: "lin", method: "GET", path: "/calls?q=5678", status: 200, says: "{call}"},
		{name: "by its middle", who: "lin", method: "GET", path: "/calls?q=12345", status: 200, says: `{"items":[]}`},
		{name: "by agent", who: "lin", method: "GET", path: "/calls?agent_id={lin}&queue=vehicle&direction=inbound&reason=completed&recorded=true&from=2026-11-23T08:00:00Z&to=2026-11-24T00:00:00Z", status: 200, says: "{call}"},
		{name: "no time", who: "lin", method: "GET", path: "/calls?from=yesterday", status: 422, says: "from"},
		{name: "one", who: "lin", method: "GET", path: "/calls/{call}", status: 200, says: `"steps"`, not: "13812345678"},
		{name: "of a talk", who: "lin", method: "GET", path: "/conversations/{talk}/call", status: 200, says: `"id":"{call}"`},
		{name: "who may not", who: "boss", method: "GET", path: "/calls/{call}", status: 403, says: "conversation.read"},
		{name: "hear", who: "lin", method: "GET", path: "/calls/{call}/recording", status: 403, says: "recording.listen"},
		{name: "keep", who: "wang", method: "PUT", path: "/calls/{call}/kept", body: `{"reason":"法院调取"}`, status: 200, says: `"kept":"法院调取"`},
		{name: "no longer", who: "wang", method: "PUT", path: "/calls/{call}/kept", body: `{"reason":""}`, status: 200, not: `"kept"`},
		{name: "how long", who: "boss", method: "PUT", path: "/recordings/kept", body: `{"days":90}`, status: 200, says: `"days":90`},
		{name: "too long", who: "boss", method: "PUT", path: "/recordings/kept", body: `{"days":9000}`, status: 422, says: "3650"},
		{name: "backs", who: "lin", method: "GET", path: "/callbacks?state=waiting", status: 200, says: `{"items":[]}`},
	})
	var v callView
	r.must(json.Unmarshal(r.call("lin", "GET", "/calls/{call}", "").Body.Bytes(), &v))
	if tm := v.Times; tm.Ring != 10 || tm.Menu != 20 || tm.Wait != 10 || tm.Talk != 20 || tm.Hold != 10 || tm.Answer == nil || *tm.Answer != 10 {
		t.Errorf("the times are %+v", tm)
	}

	hear := func(who, path, part string) *httptest.ResponseRecorder {
		req := httptest.NewRequestWithContext(t.Context(), "GET", "http://desk.example.cn/api/v1"+r.fill(path), nil)
		req.Header.Set("Authorization", "Bearer "+who)
		if part != "" {
			req.Header.Set("Range", part)
		}
		rec := httptest.NewRecorder()
		r.h.ServeHTTP(rec, req)
		return rec
	}
	whole := hear("wang", "/calls/{call}/recording", "")
	if whole.Code != http.StatusOK || whole.Header().Get("Content-Type") != "audio/wav" || !strings.HasPrefix(whole.Body.String(), "RIFF") {
		t.Errorf("heard %d %v", whole.Code, whole.Header())
	}
	if got := hear("wang", "/calls/{call}/recording", "bytes=4-9"); got.Code != http.StatusPartialContent || got.Body.String() != whole.Body.String()[4:10] {
		t.Errorf("a part is %d %q", got.Code, got.Body)
	}
	if got := hear("wang", "/calls/{call}/recording?download=1", ""); !strings.HasPrefix(got.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("taken along as %v", got.Header())
	}
	var p peaksView
	r.must(json.Unmarshal(hear("wang", "/calls/{call}/peaks", "").Body.Bytes(), &p))
	if p.Length != 1 || len(p.Channels) != 2 || len(p.Channels[0]) != peaksParts || p.Channels[0][400] < 100 || p.Channels[1][400] > 10 {
		t.Errorf("the picture is %v s, %d channels", p.Length, len(p.Channels))
	}

	table := hear("wang", "/calls/export?q=5678", "").Body.String()
	lines := strings.Split(strings.TrimSpace(table), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "通话编号") || !strings.Contains(lines[1], "138****5678") || !strings.Contains(lines[1], r.fill("/api/v1/calls/{call}/recording")) {
		t.Errorf("the table is\n%s", table)
	}
	if a, b := len(strings.Split(lines[0], ",")), len(strings.Split(lines[1], ",")); a != b {
		t.Errorf("%d columns have %d cells", a, b)
	}
	if got := hear("wang", "/calls/export?reason_to_reveal=对账", "").Body.String(); !strings.Contains(got, "13812345678") {
		t.Errorf("with a reason the table is\n%s", got)
	}
	if got := hear("lin", "/calls/export", ""); got.Code != http.StatusForbidden {
		t.Errorf("an agent exports: %d", got.Code)
	}
	if a, b := len(callHead["zh"]), len(callHead["en"]); a != b {
		t.Errorf("%d columns in Chinese, %d in English", a, b)
	}
}

// standing is how lines and telephones do, as a door would say.
type standing map[string]string

func (s standing) Lines() map[string]string { return s }
func (s standing) Registered(u string) bool { return u == "8001" }

func TestLinesOverTheWire(t *testing.T) {
	r := newRoom(t)
	r.api.Lines = standing{"电信": "", "联通": "not registered yet"}
	r.play([]step{
		{name: "nobody else", who: "wang", method: "GET", path: "/trunks", status: 403, says: "channel.manage"},
		{name: "menus", who: "boss", method: "GET", path: "/call-entries/menus", status: 200, says: `"queues":[`},
		{name: "entry", who: "boss", method: "POST", path: "/call-entries", body: `{"name":"热线","numbers":["400 820 0000"]}`, status: 200, says: `"numbers":["4008200000"]`},
		{name: "trunk", who: "boss", method: "POST", path: "/trunks", body: `{"name":"电信","host":"sip.example.cn","user":"8001","password":"hush-hush","from":["192.0.2.10"]}`, status: 200, says: `"state":"works"`, not: "hush"},
		{name: "another", who: "boss", method: "POST", path: "/trunks", body: `{"name":"联通","host":"192.0.2.20"}`, status: 200, says: `"why":"not registered yet"`},
		{name: "wrong", who: "boss", method: "POST", path: "/trunks", body: `{"name":"移动","host":"a b"}`, status: 422, says: `"host"`},
		{name: "trunks", who: "boss", method: "GET", path: "/trunks", status: 200, says: `"password_set":true`, not: "hush"},
		{name: "phone", who: "boss", method: "POST", path: "/phones", body: `{"user":"8001","name":"前台","agent_id":"{lin}"}`, status: 200, says: `"realm":"yingda"`},
		{name: "phones", who: "boss", method: "GET", path: "/phones", status: 200, says: `"registered":true`, not: "password\":"},
		{name: "twice", who: "boss", method: "POST", path: "/phones", body: `{"user":"8001"}`, status: 409, says: "8001"},
		{name: "may", who: "boss", method: "PATCH", path: "/phones/8001", body: `{"may":["inside","international"]}`, status: 200, says: `"may":["inside","emergency","international"]`},
		{name: "renewed", who: "boss", method: "POST", path: "/phones/8001/password", status: 200, says: `"password":"`},
		{name: "plan", who: "boss", method: "GET", path: "/dial-plan", status: 200, says: `"may":["inside"`},
		{name: "planned", who: "boss", method: "PUT", path: "/dial-plan", body: `{"outside":"9","trunks":[],"may":["inside"],"roles":[],"rules":[{"prefix":"0571","class":"local"}],"targets":[{"name":"roadside","number":"4008200000"}],"version":0}`, status: 200, says: `"version":1`},
		{name: "stale", who: "boss", method: "PUT", path: "/dial-plan", body: `{"outside":"","trunks":[],"may":[],"roles":[],"rules":[],"targets":[],"version":0}`, status: 409},
		{name: "gone", who: "boss", method: "DELETE", path: "/phones/8001", status: 204},
	})
}
