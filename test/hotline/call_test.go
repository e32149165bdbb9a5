package hotline

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel/voice/voicetest"
	"yingda/internal/domain/call"
)

// begins lets the customer call through the carrier and press 1, and returns the
// call when an agent has answered.
func (h *house) begins(caller *voicetest.Softphone, by *person) sight {
	h.t.Helper()
	caller.Do("dial", "sip:"+ourNumber+"@"+h.door.String())
	h.state(by, call.InMenu)
	caller.Do("sndcode", "1")
	return h.state(by, call.Talking)
}

// recorded fails unless each tone is heard on its side of the recording, and on
// no other.
func (h *house) recorded(by *person, c sight, agents ...float64) {
	h.t.Helper()
	sides := h.recording(by, c)
	want := map[float64]int{customerTone: 0, music: 1}
	for _, hz := range agents {
		want[hz] = 1
	}
	for hz, side := range want {
		if here, there := sides[side][hz], sides[1-side][hz]; here < time.Second/2 || there > 0 {
			h.t.Errorf("%v Hz is recorded for %v on its side, for %v on the other", hz, here, there)
		}
	}
}

// silent fails if a telephone hears more of a tone while something is waited for.
func silent(s *voicetest.Softphone, hz float64, while func()) {
	before := s.Heard(hz)[hz]
	while()
	if more := s.Heard(hz)[hz] - before; more > 100*time.Millisecond {
		panic(fmt.Sprintf("%s hears %v Hz for another %v", s.User, hz, more))
	}
}

// A customer calls through the carrier, presses a key and is heard by an agent
// on a SIP telephone, who lets them wait with music, and hands them to a number
// outside.
func TestACall(t *testing.T) {
	h := open(t)
	lin, wang := h.hire("lin", "agent"), h.hire("wang", "supervisor")
	at8001 := h.phone(lin, "8001", 3, linTone)
	branch := h.outside(branchNumber, 5060, branchTone, true)
	caller := h.outside(customer, 5080, customerTone, false)
	h.online(lin)

	c := h.begins(caller, lin)
	at8001.Hears(customerTone)
	caller.Hears(linTone)

	lin.does(c, "hold", nil)
	h.state(lin, call.Held)
	silent(at8001, customerTone, func() { caller.Hears(music) })
	lin.does(c, "resume", nil)
	h.state(lin, call.Talking)
	caller.Hears(linTone)
	at8001.Hears(customerTone)

	lin.does(c, "transfer", map[string]any{"number": branchNumber})
	branch.Hears(customerTone)
	silent(at8001, customerTone, func() { caller.Hears(branchTone) })
	caller.Do("hangup", "")
	c = h.state(lin, call.WrappingUp)
	if c.Record.Result != call.Forwarded || c.Agent != lin.id {
		t.Errorf("the record is %s", show(c.Record))
	}
	if got := steps(c.Record); got != "ringing menu queued offered talking held talking consulting menu wrap_up" {
		t.Errorf("the call was %s", got)
	}
	h.recorded(wang, c, linTone, branchTone)
}

// The telephone itself lets the customer wait, and hands them to a colleague's
// telephone: the colleague has the call, and asks for the rating by hanging up.
func TestThePhoneTransfers(t *testing.T) {
	h := open(t)
	lin, zhao, wang := h.hire("lin", "agent"), h.hire("zhao", "agent"), h.hire("wang", "supervisor")
	at8001, at8002 := h.phone(lin, "8001", 3, linTone), h.phone(zhao, "8002", 4, zhaoTone)
	caller := h.outside(customer, 5080, customerTone, false)
	h.online(lin)
	h.begins(caller, lin)
	caller.Hears(linTone)

	at8001.Do("hold", "")
	h.state(lin, call.Held)
	caller.Hears(music)
	at8001.Do("resume", "")
	h.state(lin, call.Talking)
	caller.Hears(linTone)

	h.online(zhao)
	at8001.Do("transfer", "sip:8002@"+h.door.String())
	at8002.Hears(customerTone)
	caller.Hears(zhaoTone)
	c := h.state(zhao, call.Talking)
	if c.Agent != zhao.id {
		t.Errorf("the call is with %s", c.Agent)
	}
	h.Until("the first telephone to be told and let go", func() bool {
		said := at8001.Said()
		return strings.Contains(said, "SIP/2.0 200 OK\n\n") || strings.Contains(said, "terminated")
	})
	at8002.Do("hangup", "")
	h.state(zhao, call.Surveying)
	caller.Do("hangup", "")
	c = h.state(zhao, call.WrappingUp)
	if c.Record.Result != call.Completed || c.Agent != zhao.id {
		t.Errorf("the record is %s", show(c.Record))
	}
	if got := steps(c.Record); got != "ringing menu queued offered talking held talking consulting talking menu survey wrap_up" {
		t.Errorf("the call was %s", got)
	}
	h.recorded(wang, c, linTone, zhaoTone)
}

// The agent asks a colleague by the console, comes back, asks again, and hands
// the customer over.
func TestAConsultation(t *testing.T) {
	h := open(t)
	lin, zhao, wang := h.hire("lin", "agent"), h.hire("zhao", "agent"), h.hire("wang", "supervisor")
	at8001, at8002 := h.phone(lin, "8001", 3, linTone), h.phone(zhao, "8002", 4, zhaoTone)
	caller := h.outside(customer, 5080, customerTone, false)
	h.online(lin)
	c := h.begins(caller, lin)
	caller.Hears(linTone)
	h.online(zhao)

	lin.does(c, "consult", map[string]any{"agent_id": zhao.id})
	at8001.Hears(zhaoTone)
	silent(caller, linTone, func() { at8002.Hears(linTone) })
	caller.Hears(music)
	lin.does(c, "return", nil)
	h.state(lin, call.Talking)
	caller.Hears(linTone)
	lin.does(c, "consult", map[string]any{"agent_id": zhao.id})
	at8002.Hears(linTone)
	lin.does(c, "transfer", nil)
	at8002.Hears(customerTone)
	silent(at8001, customerTone, func() { caller.Hears(zhaoTone) })
	if c = h.state(zhao, call.Talking); c.Agent != zhao.id {
		t.Errorf("the call is with %s", c.Agent)
	}
	caller.Do("hangup", "")
	c = h.state(zhao, call.WrappingUp)
	if c.Record.Result != call.Completed || c.Agent != zhao.id {
		t.Errorf("the record is %s", show(c.Record))
	}
	if got := steps(c.Record); got != "ringing menu queued offered talking consulting talking consulting talking wrap_up" {
		t.Errorf("the call was %s", got)
	}
	h.recorded(wang, c, linTone, zhaoTone)
}

// tags finds the Call-ID and the tags of a call that a telephone has made.
var tags = regexp.MustCompile(`(?s)INVITE sip:8002@.*?\nFrom: [^\n]*;tag=(\w+)\s.*?\nCall-ID: (\S+)\s`)

// The agent asks a colleague with the second call of the telephone, and the
// telephone puts the two together: REFER with Replaces.
func TestThePhoneJoins(t *testing.T) {
	h := open(t)
	lin, zhao, wang := h.hire("lin", "agent"), h.hire("zhao", "agent"), h.hire("wang", "supervisor")
	at8001, at8002 := h.phone(lin, "8001", 3, linTone), h.phone(zhao, "8002", 4, zhaoTone)
	caller := h.outside(customer, 5080, customerTone, false)
	h.online(lin)
	h.begins(caller, lin)
	caller.Hears(linTone)
	h.online(zhao)

	ask := func() {
		at8001.Do("hold", "")
		h.state(lin, call.Held)
		at8001.Do("dial", "sip:8002@"+h.door.String())
		h.state(lin, call.Consulting)
		at8001.Hears(zhaoTone)
		silent(caller, linTone, func() { at8002.Hears(linTone) })
		caller.Hears(music)
	}
	ask()
	at8001.Do("hangup", "") // the second call; the telephone takes up the first by itself
	h.state(lin, call.Talking)
	caller.Hears(linTone)
	ask()

	second := lastOf(at8001.Said())
	at8001.Do("line", "1")
	at8001.Do("transfer", fmt.Sprintf("<sip:8002@%s?Replaces=%s>", h.door, second))
	at8002.Hears(customerTone)
	silent(at8001, zhaoTone, func() { caller.Hears(zhaoTone) })
	c := h.state(zhao, call.Talking)
	if c.Agent != zhao.id {
		t.Errorf("the call is with %s", c.Agent)
	}
	caller.Do("hangup", "")
	c = h.state(zhao, call.WrappingUp)
	if c.Record.Result != call.Completed || c.Agent != zhao.id {
		t.Errorf("the record is %s", show(c.Record))
	}
	if got := steps(c.Record); got != "ringing menu queued offered talking held consulting talking held talking held consulting talking wrap_up" {
		t.Errorf("the call was %s", got)
	}
	h.recorded(wang, c, linTone, zhaoTone)
	if n := len(h.calls(lin)); n != 1 {
		t.Errorf("it is %d calls", n)
	}
}

// tagsOfCalls finds calls that came to a telephone.
var tagsOfCalls = regexp.MustCompile(`(?m)^INVITE sip:`)

// lastOf returns the second call of a telephone as Replaces means it.
func lastOf(said string) string {
	all := tags.FindAllStringSubmatch(said, -1)
	if len(all) == 0 {
		panic("no second call is in\n" + said)
	}
	ours, id := all[len(all)-1][1], all[len(all)-1][2]
	to := regexp.MustCompile(`To: [^\n]*;tag=(\w+)\s+Call-ID: ` + regexp.QuoteMeta(id)).FindStringSubmatch(said)
	if to == nil {
		panic("no answer to the second call is in\n" + said)
	}
	return fmt.Sprintf("%s%%3Bto-tag%%3D%s%%3Bfrom-tag%%3D%s", id, to[1], ours)
}
