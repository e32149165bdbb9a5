package voicetest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Scenario is what sipp says and wants to hear, a step each.
type Scenario []string

// XML is the scenario as sipp reads it.
func (s Scenario) XML() string {
	return `<?xml version="1.0" encoding="UTF-8"?><scenario name="x">` + strings.Join(s, "\n") + `</scenario>`
}

// Sound is a description of a sound, for a body.
const Sound = `v=0
o=u 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-16
a=ptime:20
`

// Say is a request of a scenario. What is behind the method of a dialog goes to
// where the other side wants it.
func Say(method, user string, seq int, text string, more ...string) string {
	uri, to := "sip:"+user+"@[remote_ip]:[remote_port]", ""
	if seq > 1 || method == "ACK" {
		uri, to = "[next_url]", "[peer_tag_param]"
	}
	retrans := ` retrans="500"`
	if method == "ACK" {
		retrans = ""
	}
	lines := append([]string{
		method + " " + uri + " SIP/2.0",
		"Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]",
		"From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]x[call_number]",
		"To: <sip:" + user + "@[remote_ip]:[remote_port]>" + to,
		"Call-ID: [call_id]",
		fmt.Sprintf("CSeq: %d %s", seq, method),
		"Contact: <sip:[field0]@[local_ip]:[local_port];transport=[transport]>",
		"Max-Forwards: 70",
	}, more...)
	if text != "" && !strings.Contains(strings.Join(more, ""), "Content-Type") {
		lines = append(lines, "Content-Type: application/sdp")
	}
	lines = append(lines, "Content-Length: [len]")
	return "<send" + retrans + "><![CDATA[\n" + strings.Join(lines, "\n") + "\n\n" + text + "\n]]></send>"
}

// Hear is an answer that a scenario wants.
func Hear(code int) string {
	switch {
	case code == 200:
		return `<recv response="200" rrs="true"/>`
	case code < 200:
		return fmt.Sprintf(`<recv response="%d" optional="true"/>`, code)
	case code == 401 || code == 407:
		return fmt.Sprintf(`<recv response="%d" auth="true"/>`, code)
	default:
		return fmt.Sprintf(`<recv response="%d"/>`, code)
	}
}

// HearRequest is a request that a scenario wants.
func HearRequest(method string) string { return fmt.Sprintf(`<recv request=%q/>`, method) }

// Rest waits.
func Rest(ms int) string { return fmt.Sprintf(`<pause milliseconds="%d"/>`, ms) }

// Yes answers the last request.
func Yes(text string) string {
	kind := ""
	if text != "" {
		kind = "Content-Type: application/sdp\n"
	}
	return "<send><![CDATA[\nSIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\nContact: <sip:me@[local_ip]:[local_port]>\n" +
		kind + "Content-Length: [len]\n\n" + text + "\n]]></send>"
}

// Taking is what comes of an INVITE that is answered.
var Taking = []string{Hear(100), Hear(180), Hear(183), Hear(200)}

// Bye ends a call.
func Bye(user string, seq int) []string { return []string{Say("BYE", user, seq, ""), Hear(200)} }

// Steps puts steps and lists of steps together.
func Steps(parts ...any) (s Scenario) {
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			s = append(s, p)
		case []string:
			s = append(s, p...)
		}
	}
	return s
}

// Register registers a telephone: without a password as the first request, with
// it as the second.
func Register(user string, seq int, password string) string {
	more := []string{"Expires: 600"}
	if seq > 1 { // it was asked for it
		more = append(more, "[authentication username="+user+" password="+password+"]")
	}
	return Say("REGISTER", user, seq, "", more...)
}

// First makes a step begin a dialog with a number above one.
func First(step, user string) string {
	return strings.ReplaceAll(strings.ReplaceAll(step, "[next_url]", "sip:"+user+"@[remote_ip]:[remote_port]"), "[peer_tag_param]", "")
}

// Calling is a telephone of ours that calls with its password.
func Calling(user, password, number string, then ...any) Scenario {
	second := First(Say("INVITE", number, 2, Sound, "[authentication username="+user+" password="+password+"]"), number)
	ack := strings.ReplaceAll(Say("ACK", number, 1, ""), "[next_url]", "sip:"+number+"@[remote_ip]:[remote_port]")
	ack = strings.Replace(ack, "branch=[branch]", "branch=[branch-2]", 1)
	return Steps(append([]any{Say("INVITE", number, 1, Sound), Hear(100), Hear(407), ack, second}, then...)...)
}

// Sipp plays a scenario against to, from an address, as a user, with arguments,
// and fails the test if any call of it fails.
func Sipp(t testing.TB, to, from, user string, s Scenario, args ...string) {
	t.Helper()
	path := Peer(t, "sipp")
	dir := t.TempDir()
	file, users := filepath.Join(dir, "s.xml"), filepath.Join(dir, "users.csv")
	_ = os.WriteFile(file, []byte(s.XML()), 0o600)
	_ = os.WriteFile(users, []byte("SEQUENTIAL\n"+user+"\n"), 0o600)
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	args = append([]string{to, "-sf", file, "-inf", users, "-i", from, "-m", "1", "-nostdin", "-timeout", "80", "-trace_err", "-trace_logs", "-error_file", filepath.Join(dir, "err"), "-recv_timeout", "20000"}, args...)
	cmd := exec.CommandContext(ctx, path, args...) //nolint:gosec // a program of the machine
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		why, _ := os.ReadFile(filepath.Join(dir, "err")) //nolint:gosec // in the test's own folder
		t.Fatalf("sipp: %v\n%.3000s\n%s", err, why, tail(string(out), 1500))
	}
}
