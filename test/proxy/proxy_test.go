// Package proxy puts Kamailio, with the file that administrators are given, in
// front of two real programs on one database.
package proxy

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // to see which program has which call

	"yingda/internal/channel/voice"
	"yingda/internal/domain/call"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/rtp"
	"yingda/internal/store/storetest"
	"yingda/test/internal/centre"
)

// Each has an address of its own, as in a machine room.
const (
	proxyIP   = "127.0.0.10"
	nodeA     = "127.0.0.11"
	nodeB     = "127.0.0.12"
	carrierIP = "127.0.0.20"
	phoneIP   = "127.0.0.30"
)

// rig is two programs behind Kamailio, and a carrier.
type rig struct {
	t        *testing.T
	a, b     *centre.Centre
	atA, atB netip.AddrPort // their telephone's doors
	proxy    netip.AddrPort
	db       *sql.DB
}

func installed(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("TEST_EVERYTHING") != "" {
				t.Fatal(err)
			}
			t.Skipf("%s is not installed; test/install installs it", name)
		}
	}
}

// free returns a port for UDP that nobody listens on.
func free(t *testing.T, ip string) netip.AddrPort {
	t.Helper()
	c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(ip), 0)))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).AddrPort()
}

func newRig(t *testing.T) *rig {
	installed(t, "kamailio", "sipp")
	address := storetest.PostgresAddress(t)
	r := &rig{t: t, atA: free(t, nodeA), atB: free(t, nodeB), proxy: free(t, proxyIP)}
	var err error
	if r.db, err = sql.Open("pgx", address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.db.Close() })
	args := func(at netip.AddrPort, ports string) []string {
		return []string{"--database", address, "--sip-listen", "udp://" + at.String(), "--rtp-ports", ports, "--webrtc-listen", "off", "--drain", "60s"}
	}
	r.a = centre.New(t, args(r.atA, "41000-41199")...)
	r.b = centre.Beside(t, r.a, args(r.atB, "41200-41399")...)
	r.furnish()
	r.kamailio()
	return r
}

// furnish sets the proxy up as the line that calls come by, and a menu that is
// quickly through.
func (r *rig) furnish() {
	c := r.a
	c.Call(http.MethodPost, "/api/v1/trunks", "", map[string]any{
		"name": "proxy", "host": proxyIP, "port": int(r.proxy.Port()), "network": "udp", "from": []string{proxyIP}, "number": "4008200000",
	}, nil)
	quick(c)
}

// quick publishes a menu that is quickly through.
func quick(c *centre.Centre) {
	menu := call.Hotline()
	queue, _ := menu.Find("vehicle_queue")
	notice, _ := menu.Find("notice")
	end, _ := menu.Find("survey_end")
	notice.Next, queue.Next, queue.Full, queue.Empty, queue.Choices, queue.Whisper = queue.ID, end.ID, end.ID, "", nil, ""
	menu.Start, menu.Nodes = notice.ID, []call.Node{notice, queue, end}
	var book struct {
		Rev int64 `json:"rev"`
	}
	c.Call(http.MethodGet, "/api/v1/menus/hotline", "", nil, &book)
	c.Call(http.MethodPut, "/api/v1/menus/hotline/draft", "", map[string]any{"rev": book.Rev, "draft": menu}, &book)
	c.Call(http.MethodPost, "/api/v1/menus/hotline/publish", "", map[string]any{"rev": book.Rev, "note": "quick"}, nil)
}

// kamailio runs the file that we ship, with this machine's addresses.
func (r *rig) kamailio() {
	dir := r.t.TempDir()
	nodes := filepath.Join(dir, "nodes.list")
	if err := os.WriteFile(nodes, fmt.Appendf(nil, "1 sip:%s\n1 sip:%s\n", r.atA, r.atB), 0o600); err != nil {
		r.t.Fatal(err)
	}
	file, err := filepath.Abs("../../docs/use/kamailio.cfg")
	if err != nil {
		r.t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		r.t.Fatal(err)
	}
	cmd := exec.CommandContext(context.Background(), "kamailio", "-f", file, "-DD", "-E", "-m", "64", "-M", "8", "-P", filepath.Join(dir, "pid"), "-Y", dir, "-w", dir,
		"-A", "LISTEN=udp:"+r.proxy.String(), "-A", `CARRIERS="^127\.0\.0\.2[0-9]$"`, "-A", `CARRIER="sip:`+carrierIP+`:5060"`, "-A", `NODES="`+nodes+`"`, "-A", "ASK_EVERY=1")
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // it and its children
		_ = cmd.Wait()
		_ = log.Close()
		if b, err := os.ReadFile(log.Name()); err == nil && r.t.Failed() {
			r.t.Logf("Kamailio wrote\n%s", b)
		}
	})
	centre.Until(r.t, "Kamailio gives calls to somebody", func() bool { return r.options(carrierIP, r.proxy) == 200 })
	for _, at := range []netip.AddrPort{r.atA, r.atB} {
		centre.Until(r.t, "the line is taken up", func() bool { return r.options(proxyIP, at) == 200 })
	}
}

// options asks from an address whether somebody takes calls, and returns the
// answer; 0 if there is none at once.
func (r *rig) options(from string, at netip.AddrPort) int {
	conn, err := net.DialUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(from), 0)), net.UDPAddrFromAddrPort(at))
	if err != nil {
		r.t.Fatal(err)
	}
	defer conn.Close()
	id := voice.NewID()
	_, _ = fmt.Fprintf(conn, "OPTIONS sip:%s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%s\r\nFrom: <sip:x@%s>;tag=%s\r\nTo: <sip:%s>\r\nCall-ID: %s\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 9\r\nContent-Length: 0\r\n\r\n",
		at, conn.LocalAddr(), id, from, id, at, id)
	b := make([]byte, 2000)
	_ = conn.SetReadDeadline(time.Now().Add(500 * time.Millisecond))
	n, err := conn.Read(b)
	if f := strings.Fields(string(b[:n])); err == nil && len(f) > 1 {
		code, _ := strconv.Atoi(f[1])
		return code
	}
	return 0
}

// byProgram returns how many calls from numbers that begin alike each program has had.
func (r *rig) byProgram(prefix string) map[string]int {
	rows, err := r.db.QueryContext(r.t.Context(), "SELECT program, COUNT(*) FROM calls WHERE caller LIKE $1 GROUP BY program", prefix+"%")
	if err != nil {
		r.t.Fatal(err)
	}
	defer rows.Close()
	all := map[string]int{}
	for rows.Next() {
		var name string
		var n int
		if err := rows.Scan(&name, &n); err != nil {
			r.t.Fatal(err)
		}
		all[name] = n
	}
	if err := rows.Err(); err != nil {
		r.t.Fatal(err)
	}
	return all
}

// program returns the name under which a program has its calls.
func (r *rig) program(c *centre.Centre) string {
	b, err := os.ReadFile(filepath.Join(c.Folder, "program.id"))
	if err != nil {
		r.t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}

// sink hears packets and notes where they come from.
type sink struct {
	conn *net.UDPConn

	mu   sync.Mutex
	from map[string]int
}

func newSink(t *testing.T) *sink {
	t.Helper()
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(carrierIP), 0)))
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{conn: conn, from: map[string]int{}}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		b := make([]byte, 2000)
		for {
			n, from, err := conn.ReadFromUDPAddrPort(b)
			if err != nil {
				return
			}
			if n == 12+audio.Frame { // sound
				s.mu.Lock()
				s.from[from.Addr().String()]++
				s.mu.Unlock()
			}
		}
	}()
	return s
}

func (s *sink) port() int { return s.conn.LocalAddr().(*net.UDPAddr).Port }

func (s *sink) heard() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.from)
}

// scenario is a caller who is answered, moves the sound to another port, and
// hangs up.
func scenario(number string, first, second int) string {
	say := func(method, uri, to string, seq int, body string) string {
		kind := ""
		if body != "" {
			kind = "Content-Type: application/sdp\n"
		}
		retrans := ` retrans="500"`
		if method == "ACK" {
			retrans = ""
		}
		routes := "[routes]\n"
		if to == "" {
			routes = ""
		}
		return "<send" + retrans + "><![CDATA[\n" + method + " " + uri + ` SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: <sip:` + number + `[call_number]@[local_ip]:[local_port]>;tag=[pid]x[call_number]
To: <sip:4008200000@[remote_ip]:[remote_port]>` + to + `
` + routes + `Call-ID: [call_id]
CSeq: ` + strconv.Itoa(seq) + " " + method + `
Contact: <sip:sipp@[local_ip]:[local_port]>
Max-Forwards: 70
` + kind + `Content-Length: [len]

` + body + "\n]]></send>\n"
	}
	sound := func(port int) string {
		return `v=0
o=u 1 ` + strconv.Itoa(port) + ` IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio ` + strconv.Itoa(port) + ` RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
`
	}
	const tag = "[peer_tag_param]"
	return `<?xml version="1.0" encoding="UTF-8"?><scenario name="caller">` +
		say("INVITE", "sip:4008200000@[remote_ip]:[remote_port]", "", 1, sound(first)) +
		`<recv response="100" optional="true"/><recv response="180" optional="true"/><recv response="200" rrs="true"/>` +
		say("ACK", "[next_url]", tag, 1, "") + `<pause milliseconds="1000"/>` +
		say("INVITE", "[next_url]", tag, 2, sound(second)) + `<recv response="100" optional="true"/><recv response="200"/>` +
		say("ACK", "[next_url]", tag, 2, "") + `<pause milliseconds="1000"/>` +
		say("BYE", "[next_url]", tag, 3, "") + `<recv response="200"/></scenario>`
}

// call lets so many callers call, each of whom must be served as they should,
// and returns where the sound came from, before and after it was moved.
func (r *rig) call(number string, n int) (first, second map[string]int) {
	r.t.Helper()
	dir := r.t.TempDir()
	file := filepath.Join(dir, "caller.xml")
	one, two := newSink(r.t), newSink(r.t)
	if err := os.WriteFile(file, []byte(scenario(number, one.port(), two.port())), 0o600); err != nil {
		r.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(r.t.Context(), 60*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sipp", r.proxy.String(), "-sf", file, "-i", carrierIP, "-m", strconv.Itoa(n), "-r", "5", "-nostdin", "-trace_err", "-error_file", filepath.Join(dir, "errors"), "-recv_timeout", "20000")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		b, _ := os.ReadFile(filepath.Join(dir, "errors"))
		r.t.Fatalf("a call failed: %v\n%s\n%s", err, b, tail(out))
	}
	return one.heard(), two.heard()
}

func tail(b []byte) []byte { return b[max(0, len(b)-2000):] }

func only(t *testing.T, what string, heard map[string]int, from ...string) {
	t.Helper()
	for _, f := range from {
		if heard[f] < 20 {
			t.Errorf("%s: %d packets from %s: %v", what, heard[f], f, heard)
		}
	}
	if len(heard) != len(from) {
		t.Errorf("%s: sound comes from %v, want %v", what, heard, from)
	}
}

func TestKamailioInFrontOfTwoPrograms(t *testing.T) {
	r := newRig(t)
	a, b := r.program(r.a), r.program(r.b)

	// Both have calls; sound and what belongs to a call go where the call is.
	first, second := r.call("1380000", 8)
	if got := r.byProgram("1380000"); got[a] != 4 || got[b] != 4 {
		t.Errorf("calls by program: %v", got)
	}
	only(t, "sound", first, nodeA, nodeB)
	only(t, "sound that was moved", second, nodeA, nodeB)

	// A telephone at A is rung for, and talks with, a caller at B.
	phone := r.phone()
	onA, onB := r.waiting("1390000", a, b)
	r.a.Call(http.MethodPut, "/api/v1/me/presence", "", map[string]any{"state": "offline"}, nil)
	onA.hangUp()
	listener := r.a.ListenAgent(r.a.Addr)
	t.Cleanup(listener.Close)
	centre.Until(t, "the agent takes work", func() bool {
		r.a.Call(http.MethodPut, "/api/v1/me/presence", "", map[string]any{"state": "online"}, nil)
		return phone.rang()
	})
	centre.Until(t, "the two hear each other", func() bool { return phone.ear.hears(440) && onB.ear.hears(700) })
	if phone.ear.hears(700) || onB.ear.hears(440) {
		t.Error("somebody hears themselves")
	}
	phone.hangUp()
	onB.ended()
	r.a.Call(http.MethodPut, "/api/v1/me/presence", "", map[string]any{"state": "offline"}, nil)

	// A is told to stop: it keeps the caller that it has, and new ones are B's.
	onA, onB = r.waiting("1370000", a, b)
	stopped := r.a.Stop()
	centre.Until(t, "A says that it takes no more calls", func() bool { return r.options(proxyIP, r.atA) == 503 })
	r.call("1360000", 6)
	if got := r.byProgram("1360000"); got[b] != 6 {
		t.Errorf("calls by program while A is drained: %v", got)
	}
	before := onA.ear.count()
	centre.Until(t, "who is at A goes on hearing music", func() bool { return onA.ear.count() > before+audio.Rate })
	select {
	case <-stopped:
		t.Error("A has stopped with a caller on the line")
	default:
	}
	onA.hangUp()
	onB.hangUp()
	select {
	case <-stopped:
	case <-time.After(30 * time.Second):
		t.Error("A does not stop when its last caller is gone")
	}
	open := func() (n int) {
		if err := r.db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM calls WHERE ended_at = 0 AND state <> 'wrap_up'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	centre.Until(t, "every call is over", func() bool { return open() == 0 })
	var lost int
	if err := r.db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM calls WHERE reason IN ('failed', 'lost', 'drained')").Scan(&lost); err != nil || lost > 0 {
		t.Errorf("%d calls were lost: %v", lost, err)
	}
}

// ear hears one side of a line.
type ear struct {
	side audio.Side

	mu      sync.Mutex
	samples []int16
	all     int
}

// Put hears what was said.
func (e *ear) Put(side audio.Side, _ time.Duration, law audio.Law, codes []byte) error {
	if side != e.side {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.samples = law.AppendDecoded(e.samples, codes)
	e.samples = e.samples[max(0, len(e.samples)-audio.Rate/2):]
	e.all += len(codes)
	return nil
}

func (e *ear) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.all
}

// hears reports whether a tone is most of what was heard in the last half second.
func (e *ear) hears(hz float64) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.samples) < audio.Rate/2 {
		return false
	}
	var re, im, power float64
	for i, s := range e.samples {
		v := float64(s)
		power += v * v
		re += v * math.Cos(2*math.Pi*hz*float64(i)/audio.Rate)
		im += v * math.Sin(2*math.Pi*hz*float64(i)/audio.Rate)
	}
	return power > 0 && 2*(re*re+im*im)/float64(len(e.samples))/power > 0.5
}

// line is one party: a caller, or an agent's telephone.
type line struct {
	t   *testing.T
	ear *ear

	mu   sync.Mutex
	call *voice.Call
	over chan struct{}
}

func (l *line) rang() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.call != nil
}

func (l *line) hangUp() {
	l.t.Helper()
	l.mu.Lock()
	c := l.call
	l.mu.Unlock()
	c.Hangup()
	l.ended()
}

func (l *line) ended() {
	l.t.Helper()
	select {
	case <-l.over:
	case <-time.After(30 * time.Second):
		l.t.Fatal("the call does not end")
	}
}

// door opens a telephone's door for a party of the test.
func (r *rig) door(ip string, ports uint16, o voice.Options) *voice.Door {
	r.t.Helper()
	address := netip.MustParseAddr(ip)
	p, err := rtp.NewPorts(address, ports, ports+99)
	if err != nil {
		r.t.Fatal(err)
	}
	pacer := rtp.NewPacer(1)
	o.Listen = []voice.Listener{{Network: "udp", Address: netip.AddrPortFrom(address, 0)}}
	o.Ports, o.Pacer, o.Realm, o.Phones, o.Now, o.Log = p, pacer, call.Realm, nobody{}, time.Now, slog.New(slog.DiscardHandler)
	if o.Take == nil {
		o.Take = func(*voice.Call, voice.Incoming) (func(voice.Event), error) { return nil, voice.ErrNoNumber }
	}
	d, err := voice.Open(o)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { d.Close(); pacer.Close() })
	return d
}

type nobody struct{}

func (nobody) Digest(string) (string, bool) { return "", false }

func tone(hz float64) rtp.Source {
	return rtp.Clips(true, audio.NewClip(audio.Signal(audio.Beat{Tones: []float64{hz}, For: time.Second})))
}

// phone is the administrator's telephone, which registers at A and answers.
func (r *rig) phone() *line {
	r.t.Helper()
	var me struct{ ID string }
	r.a.Call(http.MethodGet, "/api/v1/me", "", nil, &me)
	var made struct{ Password string }
	r.a.Call(http.MethodPost, "/api/v1/phones", "", map[string]any{"user": "8001", "name": "desk", "agent_id": me.ID}, &made)
	l := &line{t: r.t, ear: &ear{side: audio.Caller}, over: make(chan struct{})}
	d := r.door(phoneIP, 41400, voice.Options{
		Trunks: []voice.Trunk{{
			Name: "house", Host: nodeA, Port: int(r.atA.Port()), Network: "udp", User: "8001", Password: made.Password, Register: true,
			From: []netip.Prefix{netip.PrefixFrom(r.atA.Addr(), 32)},
		}},
		Take: func(c *voice.Call, _ voice.Incoming) (func(voice.Event), error) {
			l.mu.Lock()
			defer l.mu.Unlock()
			if l.call != nil {
				return nil, voice.ErrNoNumber
			}
			l.call = c
			c.Leg().Record(l.ear)
			c.Leg().Play(tone(700))
			c.Answer()
			return l.said, nil
		},
	})
	centre.Until(r.t, "the telephone is registered at A", func() bool { return d.Lines()["house"] == "" })
	return l
}

func (l *line) said(e voice.Event) {
	if e.Kind == voice.Ended {
		close(l.over)
	}
}

// waiting lets callers wait, until there is one at each program.
func (r *rig) waiting(number, a, b string) (onA, onB *line) {
	r.t.Helper()
	d := r.door(carrierIP[:len(carrierIP)-1]+"1", 41500, voice.Options{
		Trunks: []voice.Trunk{{Name: "proxy", Host: proxyIP, Port: int(r.proxy.Port()), Network: "udp"}},
		Plan:   voice.Plan{Trunks: []string{"proxy"}, More: []voice.Rule{{Class: voice.Service}}},
	})
	all := map[string]*line{}
	for i := range 6 {
		from := number + strconv.Itoa(i)
		l := &line{t: r.t, ear: &ear{side: audio.Caller}, over: make(chan struct{})}
		var err error
		l.call, err = d.Dial(voice.Dialing{Number: "4008200000", May: voice.May(voice.Service), From: from, On: l.said})
		if err != nil {
			r.t.Fatal(err)
		}
		l.call.Leg().Record(l.ear)
		l.call.Leg().Play(tone(440))
		var program string
		centre.Until(r.t, "somebody has the caller", func() bool {
			err := r.db.QueryRowContext(r.t.Context(), "SELECT program FROM calls WHERE caller = $1", from).Scan(&program)
			return err == nil
		})
		if all[program] != nil {
			l.hangUp()
			continue
		}
		if all[program] = l; len(all) == 2 {
			return all[a], all[b]
		}
	}
	r.t.Fatalf("all callers are at %v", all)
	return nil, nil
}
