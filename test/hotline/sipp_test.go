package hotline

import (
	"net/http"
	"testing"
	"time"

	"yingda/internal/channel/voice/voicetest"
	"yingda/internal/domain/call"
)

// sipp plays a scenario against the program, from one of its addresses, as a
// user.
func (h *house) sipp(from int, user string, s voicetest.Scenario, args ...string) {
	h.t.Helper()
	voicetest.Sipp(h.t, h.door.String(), h.at(from), user, s, args...)
}

// Who may not, cannot let us call anybody: neither a caller who asks to be put
// through, nor a telephone of ours abroad, nor a stranger, nor who guesses.
func TestFraud(t *testing.T) {
	h := open(t)
	lin := h.hire("lin", "agent")
	var made struct{ Password string }
	h.post("/api/v1/phones", map[string]any{"user": "8001", "name": "8001", "agent_id": lin.id}, &made)
	say, hear, steps := voicetest.Say, voicetest.Hear, voicetest.Steps
	branch := h.outside("0012125551212", 5060, branchTone, true)
	refer := func(seq int, to string) string {
		return say("REFER", ourNumber, seq, "", "Refer-To: <"+to+">")
	}

	h.sipp(2, customer, steps(say("INVITE", ourNumber, 1, voicetest.Sound), voicetest.Taking, say("ACK", ourNumber, 1, ""),
		refer(2, "sip:0012125551212@"+branch.Address().String()), hear(403),
		refer(3, "sip:"+branchNumber+"@"+h.door.String()), hear(403),
		refer(4, "sip:8001@"+h.door.String()+"?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc"), hear(403),
		voicetest.Bye(ourNumber, 5)), "-p", "5090")
	for number, code := range map[string]int{"0012125551212": 403, "00972599123456": 403, "16899333": 403, "900441234567890": 404, "8001": 488} {
		h.sipp(3, "8001", voicetest.Calling("8001", made.Password, number, hear(100), hear(code)))
	}
	guess := voicetest.Calling("8001", "guessed", "13800138000", hear(100), hear(403))
	h.sipp(4, "8001", guess)
	h.sipp(5, "9999", voicetest.Calling("9999", "guessed", "13800138000", hear(100), hear(403)))
	h.sipp(6, "8001", voicetest.Steps(say("INVITE", "0012125551212", 1, voicetest.Sound), hear(100), hear(407),
		`<send><![CDATA[
ACK sip:0012125551212@[remote_ip]:[remote_port] SIP/2.0
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>`))

	if said := branch.Said(); len(tagsOfCalls.FindAllString(said, -1)) > 0 {
		t.Errorf("somebody was called:\n%s", said)
	}
	all := h.calls(lin)
	if len(all) != 1 || all[0].Record.Result != call.LeftMenu {
		t.Errorf("the calls are %s", show(all))
	}
	if said := h.Said(); said == "" {
		t.Error("nothing of it is logged")
	}
}

// Two hundred call within a second and hang up at different places: each is one
// call, over, with a record that adds up.
func TestABurst(t *testing.T) {
	const many = 200
	h := open(t)
	wang := h.hire("wang", "supervisor")
	say, hear := voicetest.Say, voicetest.Hear
	key := say("INFO", ourNumber, 2, "Signal=1\nDuration=160", "Content-Type: application/dtmf-relay")
	h.sipp(2, customer, voicetest.Steps(say("INVITE", ourNumber, 1, voicetest.Sound), voicetest.Taking, say("ACK", ourNumber, 1, ""),
		key, hear(200), `<pause distribution="uniform" min="1000" max="9000"/>`, voicetest.Bye(ourNumber, 3)),
		"-p", "5090", "-m", "200", "-r", "200", "-l", "200")

	all := map[string]sight{}
	h.Until("all calls to be over", func() bool {
		clear(all)
		for cursor := ""; ; {
			var p struct {
				Items []sight
				Next  string
			}
			wang.Call(http.MethodGet, "/api/v1/calls?limit=100&cursor="+cursor, "", nil, &p)
			for _, c := range p.Items {
				if c.State != call.Ended {
					return false
				}
				all[c.ID] = c
			}
			if cursor = p.Next; cursor == "" {
				return len(all) >= many
			}
		}
	})
	if len(all) != many {
		t.Fatalf("%d calls came of %d", len(all), many)
	}
	results := map[call.Reason]int{}
	talks := map[string]bool{}
	for _, c := range all {
		r := c.Record
		results[r.Result]++
		talks[c.Conversation] = true
		times := r.Times(time.Now())
		first, last := r.Steps[0], r.Steps[len(r.Steps)-1]
		if times.Ring+times.Menu+times.Wait+times.Talk+times.Hold+times.WrapUp != last.At.Sub(first.At) || times.Talk != 0 {
			t.Errorf("%s is %+v in the record, from %s to %s", c.ID, times, first.At, last.At)
		}
		if first.State != call.Ringing || last.State != call.Ended {
			t.Errorf("%s was %s", c.ID, show(r.Steps))
		}
		want := call.LeftMenu
		for _, s := range r.Steps {
			if s.State == call.Queued {
				want = call.Abandoned
			}
		}
		if r.Result != want {
			t.Errorf("%s ends as %s: %s", c.ID, r.Result, show(r.Steps))
		}
	}
	if len(talks) != many || results[call.Abandoned] == 0 || results[call.Abandoned]+results[call.LeftMenu] != many {
		t.Errorf("%d conversations, ended as %v", len(talks), results)
	}
}
