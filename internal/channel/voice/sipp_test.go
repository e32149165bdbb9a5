package voice_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel/voice"
	"yingda/internal/channel/voice/voicetest"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/rtp"
)

// What sipp says and wants to hear.
type scenario = voicetest.Scenario

const sound = voicetest.Sound

var (
	peer        = voicetest.Peer
	say         = voicetest.Say
	hear        = voicetest.Hear
	hearRequest = voicetest.HearRequest
	rest        = voicetest.Rest
	yes         = voicetest.Yes
	taking      = voicetest.Taking
	steps       = voicetest.Steps
	bye         = voicetest.Bye
	register    = voicetest.Register
	calling     = voicetest.Calling
)

// run lets sipp play a scenario against the door, from an address, with
// arguments, and fails the test if any call of it fails.
func (c *centre) run(from string, s scenario, args ...string) {
	c.t.Helper()
	network := "udp"
	for i, a := range args {
		if a == "-t" && strings.HasPrefix(args[i+1], "t") {
			network = "tcp"
		}
	}
	voicetest.Sipp(c.t, c.Address(network).String(), from, c.user(), s, args...)
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

func (c *centre) user() string {
	if c.as == "" {
		return "13800138000"
	}
	return c.as
}

func keyBy(kind, text string) (header, body string) { return "Content-Type: " + kind, text }

func TestSippKeysByMessage(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	relay, one := keyBy("application/dtmf-relay", "Signal=1\nDuration=160")
	_, star := keyBy("application/dtmf-relay", "Signal= *\nDuration= 160")
	_, hash := keyBy("application/dtmf-relay", "Signal=11\nDuration=160")
	plain, five := keyBy("application/dtmf", "5")
	c.run("127.0.0.1", steps(say("INVITE", "4001", 1, sound), taking, say("ACK", "4001", 1, ""),
		say("INFO", "4001", 2, one, relay), hear(200),
		say("INFO", "4001", 3, star, relay), hear(200),
		say("INFO", "4001", 4, five, plain), hear(200),
		say("INFO", "4001", 5, hash, relay), hear(200),
		say("INFO", "4001", 6, "<x/>", "Content-Type: application/xml"), hear(415),
		bye("4001", 7)))
	if got := c.call(0).keys(); got != "1*5#" {
		t.Errorf("%q was heard", got)
	}
}

func TestSippKeysByEvent(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("sipp needs to be root to send recorded packets")
	}
	c := open(t, nil)
	pcap := func(key string) string {
		return `<nop><action><exec play_pcap_audio="/usr/share/sip-tester/dtmf_2833_` + key + `.pcap"/></action></nop>` + rest(600)
	}
	c.run("127.0.0.1", steps(say("INVITE", "4001", 1, sound), taking, say("ACK", "4001", 1, ""),
		pcap("4"), pcap("5"), pcap("pound"), bye("4001", 2)), "-mp", "15100")
	if got := c.call(0).keys(); got != "45#" {
		t.Errorf("%q was heard", got)
	}
}

func TestSippGivesUp(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	c.taking(func(call *voice.Call, _ voice.Incoming) (func(voice.Event), error) {
		call.Ring()
		return nil, nil
	})
	cancel := `<send retrans="500"><![CDATA[
CANCEL sip:4001@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch-7]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]x[call_number]
To: <sip:4001@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 CANCEL
Max-Forwards: 70
Content-Length: 0

]]></send>`
	cancel = strings.Replace(cancel, "[branch-7]", "[branch-3]", 1)
	ack := strings.Replace(say("ACK", "4001", 1, ""), "branch=[branch]", "branch=[branch-6]", 1)
	ack = strings.Replace(ack, "[next_url]", "sip:4001@[remote_ip]:[remote_port]", 1)
	c.run("127.0.0.1", steps(say("INVITE", "4001", 1, sound), hear(100), `<recv response="180"/>`, cancel, `<recv response="200"/>`, `<recv response="487"/>`, ack))
	waitFor(t, "the record", func() bool { return len(c.ended()) == 1 })
	if r := c.ended()[0]; r.Reason != voice.Cancelled || !r.Answered.IsZero() {
		t.Errorf("recorded as %+v", r)
	}
}

// The other side asks what we would offer, and answers in ACK.
func TestSippAsksForAnOffer(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	late := say("ACK", "4001", 2, strings.Replace(sound, "RTP/AVP 8", "RTP/AVP 0", 1))
	c.run("127.0.0.1", steps(
		say("INVITE", "4001", 1, ""), taking, say("ACK", "4001", 1, sound),
		say("INVITE", "4001", 2, ""), hear(100), hear(200), late,
		say("OPTIONS", "4001", 3, ""), hear(200),
		bye("4001", 4)))
	waitFor(t, "the record", func() bool { return len(c.ended()) == 1 })
	if r := c.ended()[0]; r.Law != audio.ULaw || r.Reason != voice.TheyHungUp || r.Answered.IsZero() {
		t.Errorf("recorded as %+v", r)
	}
	if n := c.call(0).count(voice.Answered); n != 1 {
		t.Errorf("answered %d times", n)
	}
}

// at makes a scenario begin a dialog with a number above one.
func at(step string) string { return voicetest.First(step, "4001") }

func TestSippRegisters(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	c.as = "8001"
	c.run("127.0.0.3", steps(register("8001", 1, "one"), hear(401), at(register("8001", 2, "one")), hear(200)))
	if !c.Registered("8001") || c.Registered("8002") {
		t.Error("who registered is not known, or somebody else is")
	}
	// A wrong password and an unknown telephone are told the same.
	c.run("127.0.0.4", steps(register("8001", 1, "wrong"), hear(401), at(register("8001", 2, "wrong")), hear(403)))
	c.as = "7777"
	c.run("127.0.0.4", steps(register("7777", 1, "wrong"), hear(401), at(register("7777", 2, "wrong")), hear(403)))
	// In another's name, with one's own password.
	c.as = "8002"
	other := strings.Replace(register("8002", 2, "two"), "To: <sip:8002", "To: <sip:8001", 1)
	c.run("127.0.0.3", steps(register("8001", 1, ""), hear(401), at(other), hear(403)))
}

// Who guesses is not even answered any more.
func TestSippGuesses(t *testing.T) {
	t.Parallel()
	c := open(t, func(o *voice.Options) { o.Limits.Failures = 2 })
	c.as = "8001"
	guess := steps(register("8001", 1, "wrong"), hear(401), at(register("8001", 2, "wrong")), hear(403))
	c.run("127.0.0.5", guess)
	c.run("127.0.0.5", guess)
	w := newWire(t, c, "127.0.0.5")
	w.send(w.request("REGISTER", "8001", 1, ""))
	if m := w.recv(300 * time.Millisecond); m != "" {
		t.Errorf("who guesses was told\n%s", m)
	}
	other := newWire(t, c, "127.0.0.6")
	other.send(other.request("REGISTER", "8001", 1, ""))
	other.expect("SIP/2.0 401")
}

func TestSippTollFraud(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	c.as = "8001"
	for number, code := range map[string]int{"0012125551212": 403, "00972599123456": 403, "16899333": 403, "900441234567890": 404} {
		c.run("127.0.0.3", calling("8001", "one", number, hear(100), hear(code)))
	}
	// In another's name.
	c.as = "8002"
	c.run("127.0.0.3", calling("8001", "one", "4001", hear(100), hear(403)))
	if n := c.took(); n != 0 {
		t.Errorf("%d of them were taken", n)
	}
	c.as = "8001"
	c.run("127.0.0.3", calling("8001", "one", "13800138000", taking, say("ACK", "13800138000", 2, ""), bye("13800138000", 3)))
	if in := c.call(0).in; in.Phone != "8001" || in.Route.Class != voice.Mobile {
		t.Errorf("taken as %+v", in)
	}
}

func TestSippTransfers(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	c.taking(func(call *voice.Call, _ voice.Incoming) (func(voice.Event), error) {
		call.Answer()
		return func(e voice.Event) {
			if e.Kind == voice.TransferAsked {
				call.Transferred(200)
			}
		}, nil
	})
	c.as = "8001"
	refer := func(seq int, to string) string { return say("REFER", "4001", seq, "", "Refer-To: <"+to+">") }
	told := steps(hearRequest("NOTIFY"), yes(""))
	c.run("127.0.0.3", calling("8001", "one", "4001", taking, say("ACK", "4001", 2, ""),
		refer(3, "sip:0012125551212@evil.example"), hear(403),
		refer(4, "sip:nobody@evil.example"), hear(404),
		refer(5, "http://evil.example/"), hear(404),
		refer(6, "sip:8002@127.0.0.1?Replaces=nothing%3Bto-tag%3D1%3Bfrom-tag%3D2"), hear(404),
		refer(7, "sip:8002@evil.example"), `<recv response="202"/>`, []string(told), []string(told),
		bye("4001", 8)))
	call := c.call(0)
	if n := call.count(voice.TransferAsked); n != 1 {
		t.Fatalf("%d transfers came through", n)
	}
	for _, e := range call.all() {
		if e.Kind == voice.TransferAsked && e.Transfer.Route.Phone != "8002" {
			t.Errorf("asked for %+v", e.Transfer)
		}
	}
	// A carrier cannot ask for any.
	c.as = ""
	c.run("127.0.0.1", steps(say("INVITE", "4001", 1, sound), taking, say("ACK", "4001", 1, ""), refer(2, "sip:8002@127.0.0.1"), hear(403), bye("4001", 3)))
}

func TestSippBurst(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	clip := audio.NewClip(make([]int16, audio.Rate))
	c.taking(func(call *voice.Call, _ voice.Incoming) (func(voice.Event), error) {
		call.Ring()
		call.Leg().Play(rtp.Clips(true, clip))
		call.Answer()
		return nil, nil
	})
	c.run("127.0.0.1", steps(say("INVITE", "4001", 1, sound), taking, say("ACK", "4001", 1, ""), rest(3000), bye("4001", 2)),
		"-m", "200", "-r", "200", "-l", "200")
	waitFor(t, "the records", func() bool { return len(c.ended()) == 200 })
	for _, r := range c.ended() {
		if r.Reason != voice.TheyHungUp || r.Answered.IsZero() || r.Sound.Sent < 50 {
			t.Fatalf("recorded as %+v", r)
		}
	}
	if c.Calls() != 0 {
		t.Errorf("%d calls are left", c.Calls())
	}
}

func TestSippOverTCP(t *testing.T) {
	t.Parallel()
	c := open(t, func(o *voice.Options) {
		o.Listen = append(o.Listen, voice.Listener{Network: "tcp", Address: o.Listen[0].Address})
	})
	c.run("127.0.0.1", steps(say("INVITE", "4001", 1, sound), taking, say("ACK", "4001", 1, ""), say("INVITE", "4001", 2, sound+"a=sendonly\n"), hear(100), hear(200), say("ACK", "4001", 2, ""), bye("4001", 3)), "-t", "t1", "-m", "5")
	waitFor(t, "the records", func() bool { return len(c.ended()) == 5 })
	if n := c.call(0).count(voice.Held); n != 1 {
		t.Errorf("held %d times", n)
	}
	// We hang up over the connection that is there.
	c.taking(func(call *voice.Call, _ voice.Incoming) (func(voice.Event), error) {
		call.Answer()
		call.Hangup()
		return nil, nil
	})
	c.run("127.0.0.1", steps(say("INVITE", "4001", 1, sound), taking, say("ACK", "4001", 1, ""), hearRequest("BYE"), yes("")), "-t", "t1")
}

// dialled is a call that goes out, with what happened to it.
func (c *centre) dial(o voice.Dialing) *taken {
	c.t.Helper()
	k := &taken{}
	o.On = k.on
	call, err := c.Dial(o)
	if err != nil {
		c.t.Fatal(err)
	}
	k.Call = call
	return k
}

// carrierAt plays the carrier: sipp answers calls at a port.
func carrierAt(t *testing.T, s scenario, port string) (wait func()) {
	t.Helper()
	path := peer(t, "sipp")
	dir := t.TempDir()
	file := filepath.Join(dir, "s.xml")
	_ = os.WriteFile(file, []byte(s.XML()), 0o600)
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	cmd := exec.CommandContext(ctx, path, "-sf", file, "-i", "127.0.0.1", "-p", port, "-m", "1", "-nostdin", "-timeout", "50", "-trace_err", "-error_file", filepath.Join(dir, "err"))
	cmd.Dir = dir
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		defer cancel()
		if err := cmd.Wait(); err != nil {
			why, _ := os.ReadFile(filepath.Join(dir, "err"))
			t.Fatalf("sipp: %v\n%.3000s\n%s", err, why, tail(out.String(), 1500))
		}
	}
}

// answerWith answers an INVITE of ours.
func answerWith(status, text string, more ...string) string {
	kind := ""
	if text != "" {
		kind = "Content-Type: application/sdp\n"
	}
	if len(more) > 0 {
		kind += strings.Join(more, "\n") + "\n"
	}
	return "<send><![CDATA[\nSIP/2.0 " + status + "\n[last_Via:]\n[last_From:]\n[last_To:];tag=[pid]c[call_number]\n[last_Call-ID:]\n[last_CSeq:]\nContact: <sip:me@[local_ip]:[local_port]>\n" +
		kind + "Content-Length: [len]\n\n" + text + "\n]]></send>"
}

func out(t *testing.T, port int) *centre {
	t.Helper()
	return open(t, func(o *voice.Options) {
		o.Trunks = []voice.Trunk{
			{Name: "down", Host: "127.0.0.1", Port: port + 1, Network: "udp"},
			{Name: "carrier", Host: "127.0.0.1", Port: port, Network: "udp", Number: "02155556666", User: "us", Password: "secret"},
		}
	})
}

func TestSippIsCalled(t *testing.T) {
	t.Parallel()
	c := out(t, 15210)
	challenge := `WWW-Authenticate: Digest realm="carrier", nonce="abcdef", algorithm=MD5, qop="auth"`
	wait := carrierAt(t, steps(hearRequest("INVITE"), answerWith("401 Unauthorized", "", challenge), hearRequest("ACK"),
		`<recv request="INVITE"><action><ereg regexp=".*username=.us.*response=.*" search_in="hdr" header="Authorization:" check_it="true" assign_to="1"/></action></recv><Reference variables="1"/>`,
		answerWith("183 Session Progress", sound), rest(100), answerWith("200 OK", sound), hearRequest("ACK"), hearRequest("BYE"), yes("")), "15210")
	call := c.dial(voice.Dialing{Number: "13800138000", May: voice.Usual})
	waitFor(t, "the answer", func() bool { return call.count(voice.Answered) == 1 })
	if call.count(voice.Early) != 1 {
		t.Error("the early sound was not told")
	}
	call.Hangup()
	wait()
	waitFor(t, "the end", func() bool { return len(c.ended()) == 1 })
	if r := c.ended()[0]; r.Reason != voice.HungUp || r.Trunk != "carrier" || r.To != "13800138000" {
		t.Errorf("recorded as %+v", r)
	}
}

func TestSippIsCalledInVain(t *testing.T) {
	t.Parallel()
	c := out(t, 15220)
	for status, reason := range map[string]voice.Reason{"486 Busy Here": voice.Refused, "302 Moved Temporarily": voice.Refused, "480 Temporarily Unavailable": voice.NoAnswer} {
		wait := carrierAt(t, steps(hearRequest("INVITE"), answerWith(status, "", "Contact: <sip:0012125551212@evil.example>"), hearRequest("ACK")), "15220")
		call := c.dial(voice.Dialing{Number: "13800138000", May: voice.Usual})
		waitFor(t, "the end", func() bool { return call.count(voice.Ended) == 1 })
		wait()
		events := call.all()
		if got := events[len(events)-1]; got.Reason != reason || !strings.HasPrefix(status, strconv.Itoa(got.Code)+" ") {
			t.Errorf("%s: %+v", status, got)
		}
	}
}

func TestSippIsCalledAndGivenUp(t *testing.T) {
	t.Parallel()
	c := out(t, 15230)
	wait := carrierAt(t, steps(hearRequest("INVITE"), answerWith("180 Ringing", ""), hearRequest("CANCEL"), yes(""),
		strings.Replace(answerWith("487 Request Terminated", ""), "[last_CSeq:]", "CSeq: 1 INVITE", 1), hearRequest("ACK")), "15230")
	call := c.dial(voice.Dialing{Number: "13800138000", May: voice.Usual})
	waitFor(t, "the ringing", func() bool { return call.count(voice.Ringing) == 1 })
	call.Hangup()
	wait()
	waitFor(t, "the end", func() bool { return len(c.ended()) == 1 })
	if r := c.ended()[0]; r.Reason != voice.Cancelled || r.Code != 487 {
		t.Errorf("recorded as %+v", r)
	}
}

func TestDialsOnlyByThePlan(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	for number, want := range map[string]error{"0012125551212": voice.ErrNotAllowed, "sip:x@evil.example": voice.ErrNoNumber, "8002": voice.ErrNotThere} {
		if _, err := c.Dial(voice.Dialing{Number: number, May: voice.Usual}); err == nil || err.Error() != want.Error() {
			t.Errorf("%s: %v", number, err)
		}
	}
	if c.Calls() != 0 {
		t.Error("a call was begun")
	}
}

// A carrier that is to have sealed sound is offered nothing else, and has no call
// when it does not take that or answers with something plain.
func TestSippIsCalledSealedOnly(t *testing.T) {
	t.Parallel()
	c := out(t, 15240)
	c.SetTrunks([]voice.Trunk{{Name: "carrier", Host: "127.0.0.1", Port: 15240, Network: "udp", Number: "4001", Secure: true}})
	asked := `<recv request="INVITE"><action><ereg regexp="m=audio [0-9]+ RTP/SAVP .*a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:[A-Za-z0-9+/]{40}" search_in="body" check_it="true" assign_to="1"/></action></recv><Reference variables="1"/>`
	for _, answer := range [][]any{
		{answerWith("488 Not Acceptable Here", ""), hearRequest("ACK")},
		{answerWith("200 OK", sound), hearRequest("ACK"), hearRequest("BYE"), yes("")},
	} {
		wait := carrierAt(t, steps(append([]any{asked}, answer...)...), "15240")
		call := c.dial(voice.Dialing{Number: "13800138000", May: voice.Usual})
		waitFor(t, "the end", func() bool { return call.count(voice.Ended) == 1 })
		wait()
		if call.count(voice.Answered) != 0 {
			t.Error("it was answered")
		}
	}
}
