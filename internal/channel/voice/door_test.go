package voice_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/icholy/digest"

	"yingda/internal/channel/voice"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/rtp"
)

var (
	loopback = netip.MustParseAddr("127.0.0.1")
	carrier  = netip.MustParsePrefix("127.0.0.1/32") // who calls from here is the carrier
)

const stranger = "127.0.0.9" // who calls from here is nobody

// centre is a door with what a test looks at.
type centre struct {
	*voice.Door
	t     testing.TB
	pacer *rtp.Pacer
	as    string // who sipp says it is

	mu      sync.Mutex
	calls   []*taken
	records []voice.Record
	take    func(c *voice.Call, in voice.Incoming) (func(voice.Event), error)
}

// taken is a call that came in, with what happened to it.
type taken struct {
	*voice.Call
	in voice.Incoming

	mu     sync.Mutex
	events []voice.Event
}

func (c *taken) on(e voice.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.events = append(c.events, e)
}

func (c *taken) count(k voice.Kind) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.events {
		if e.Kind == k {
			n++
		}
	}
	return n
}

func (c *taken) keys() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var b strings.Builder
	for _, e := range c.events {
		if e.Kind == voice.KeyPressed {
			b.WriteByte(e.Key)
		}
	}
	return b.String()
}

func (c *taken) all() []voice.Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.events)
}

type phones map[string]string

func (p phones) Digest(user string) (string, bool) {
	password, ok := p[user]
	return voice.Digest(user, "yingda", password), ok
}

func (c *centre) Ended(r voice.Record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.records = append(c.records, r)
}

func (c *centre) ended() []voice.Record {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]voice.Record(nil), c.records...)
}

func (c *centre) took() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.calls)
}

func (c *centre) call(i int) *taken {
	c.t.Helper()
	waitFor(c.t, "the call", func() bool { c.mu.Lock(); defer c.mu.Unlock(); return len(c.calls) > i })
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls[i]
}

func waitFor(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain for ", what)
		}
	}
}

var nextPorts atomic.Uint32

// open opens a centre that answers every call, unless a test has changed that.
func open(t testing.TB, change func(*voice.Options)) *centre {
	t.Helper()
	first := uint16(20000 + nextPorts.Add(1)%30*400)
	ports, err := rtp.NewPorts(loopback, first, first+399)
	if err != nil {
		t.Fatal(err)
	}
	c := &centre{t: t, pacer: rtp.NewPacer(4)}
	c.taking(func(call *voice.Call, _ voice.Incoming) (func(voice.Event), error) {
		call.Answer()
		return nil, nil
	})
	o := voice.Options{
		Listen: []voice.Listener{{Network: "udp", Address: netip.AddrPortFrom(loopback, 0)}},
		Ports:  ports, Pacer: c.pacer, Realm: "yingda",
		Phones: phones{"8001": "one", "8002": "two", "8003": "three"},
		Trunks: []voice.Trunk{{Name: "carrier", Host: "127.0.0.1", Network: "udp", From: []netip.Prefix{carrier}, Number: "4001"}},
		Plan: voice.Plan{
			Inside: func(n string) bool { return n == "8001" || n == "8002" || n == "8003" || n == "4001" },
			Trunks: []string{"carrier"},
		},
		Records: c,
		Now:     clock.Now,
		Log:     slog.New(slog.DiscardHandler),
	}
	if os.Getenv("VERBOSE") != "" {
		o.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	o.Take = func(call *voice.Call, in voice.Incoming) (func(voice.Event), error) {
		k := &taken{Call: call, in: in}
		c.mu.Lock()
		take := c.take
		c.mu.Unlock()
		on, err := take(call, in)
		if err != nil {
			return nil, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.calls = append(c.calls, k)
		return func(e voice.Event) {
			k.on(e)
			if on != nil {
				on(e)
			}
		}, nil
	}
	if change != nil {
		change(&o)
	}
	if c.Door, err = voice.Open(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Close()
		c.pacer.Close()
	})
	return c
}

// taking says what becomes of calls from now on.
func (c *centre) taking(f func(*voice.Call, voice.Incoming) (func(voice.Event), error)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.take = f
}

// wire speaks SIP by hand, where a test wants what no telephone does.
type wire struct {
	t    testing.TB
	conn *net.UDPConn
	to   netip.AddrPort
	id   string
	user string
	tag  string // theirs
	n    int
}

func newWire(t testing.TB, c *centre, from string) *wire {
	t.Helper()
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(from), 0)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &wire{t: t, conn: conn, to: c.Address("udp"), user: "13800138000", id: fmt.Sprintf("w%d@%s", time.Now().UnixNano(), conn.LocalAddr())}
}

const offer = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"

// request writes a request; more are lines of further headers.
func (w *wire) request(method, user string, seq int, text string, more ...string) string {
	w.n++
	to := ""
	if w.tag != "" {
		to = ";tag=" + w.tag
	}
	kind := "application/sdp"
	if method == "INFO" {
		kind = "application/dtmf-relay"
	}
	lines := append([]string{
		method + " sip:" + user + "@" + w.to.String() + " SIP/2.0",
		fmt.Sprintf("Via: SIP/2.0/UDP %s;branch=z9hG4bK%s%d;rport", w.conn.LocalAddr(), w.id, w.n),
		"From: <sip:" + w.user + "@" + w.conn.LocalAddr().String() + ">;tag=mine",
		"To: <sip:" + user + "@" + w.to.String() + ">" + to,
		"Call-ID: " + w.id,
		fmt.Sprintf("CSeq: %d %s", seq, method),
		"Contact: <sip:me@" + w.conn.LocalAddr().String() + ">",
		"Max-Forwards: 70",
		"Content-Type: " + kind,
		fmt.Sprintf("Content-Length: %d", len(text)),
	}, more...)
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + text
}

func (w *wire) send(text string) {
	w.t.Helper()
	if _, err := w.conn.WriteToUDPAddrPort([]byte(text), w.to); err != nil {
		w.t.Fatal(err)
	}
}

// recv returns the next message; empty if none comes in time.
func (w *wire) recv(within time.Duration) string {
	buf := make([]byte, 8000)
	_ = w.conn.SetReadDeadline(time.Now().Add(within))
	n, err := w.conn.Read(buf)
	if err != nil {
		return ""
	}
	return string(buf[:n])
}

// expect returns the next message that begins like this, leaving out others.
func (w *wire) expect(start string) string {
	w.t.Helper()
	var seen []string
	for {
		m := w.recv(20 * time.Second)
		if m == "" {
			w.t.Fatalf("%q did not come, but\n%s", start, strings.Join(seen, "\n"))
		}
		if strings.HasPrefix(m, start) {
			if _, after, ok := strings.Cut(m, "\r\nTo: "); ok && strings.HasPrefix(m, "SIP/2.0") {
				line, _, _ := strings.Cut(after, "\r\n")
				if _, tag, ok := strings.Cut(line, ";tag="); ok {
					w.tag = tag
				}
			}
			return m
		}
		seen = append(seen, m)
	}
}

// dial begins a call and confirms it.
func (w *wire) dial(user string) {
	w.t.Helper()
	w.send(w.request("INVITE", user, 1, offer))
	w.expect("SIP/2.0 200")
	w.send(w.request("ACK", user, 1, ""))
}

func headerOf(message, name string) string {
	for line := range strings.Lines(message) {
		if k, v, ok := strings.Cut(line, ":"); ok && strings.EqualFold(k, name) {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

func TestACallOnceThere(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	w := newWire(t, c, "127.0.0.1")
	invite := w.request("INVITE", "4001", 1, offer)
	w.send(invite)
	w.send(invite) // the network has doubled it
	ok := w.expect("SIP/2.0 200")
	w.send(invite)
	w.send(w.request("ACK", "4001", 1, ""))
	if !strings.Contains(ok, "m=audio") || !strings.Contains(ok, "telephone-event") || headerOf(ok, "Contact") == "" {
		t.Errorf("answered by\n%s", ok)
	}
	call := c.call(0)
	waitFor(t, "the answer", func() bool { return call.count(voice.Answered) == 1 })
	if call.in.From != "13800138000" || call.in.To != "4001" || call.in.Trunk != "carrier" {
		t.Errorf("came as %+v", call.in)
	}
	w.send(w.request("BYE", "4001", 2, ""))
	w.expect("SIP/2.0 200")
	waitFor(t, "the end", func() bool { return len(c.ended()) == 1 && c.Calls() == 0 })
	r := c.ended()[0]
	if r.Reason != voice.TheyHungUp || !r.Incoming || r.Answered.IsZero() || r.Law != audio.ALaw {
		t.Errorf("recorded as %+v", r)
	}
	if n := c.took(); n != 1 {
		t.Errorf("one call came %d times", n)
	}
}

// No ACK comes: the 200 is said again, less and less often, and the ACK that
// comes at last counts.
func TestALostACK(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	w := newWire(t, c, "127.0.0.1")
	w.send(w.request("INVITE", "4001", 1, offer))
	w.expect("SIP/2.0 200")
	before := time.Now()
	w.expect("SIP/2.0 200")
	first := time.Since(before)
	w.expect("SIP/2.0 200")
	second := time.Since(before) - first
	if first < 300*time.Millisecond || second < first {
		t.Errorf("said again after %s, then after %s", first, second)
	}
	w.send(w.request("ACK", "4001", 1, ""))
	w.send(w.request("OPTIONS", "4001", 2, ""))
	w.expect("SIP/2.0 200 OK") // of OPTIONS: the call lives
	if m := w.recv(2200 * time.Millisecond); m != "" {
		t.Errorf("after ACK came\n%s", m)
	}
}

// BYE overtakes ACK: the call was had and is over, and the ACK says nothing.
func TestACKAfterBYE(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	w := newWire(t, c, "127.0.0.1")
	w.send(w.request("INVITE", "4001", 1, offer))
	w.expect("SIP/2.0 200")
	w.send(w.request("BYE", "4001", 2, ""))
	w.expect("SIP/2.0 200")
	w.send(w.request("ACK", "4001", 1, ""))
	waitFor(t, "the end", func() bool { return len(c.ended()) == 1 })
	if r := c.ended()[0]; r.Reason != voice.TheyHungUp || r.Answered.IsZero() {
		t.Errorf("recorded as %+v", r)
	}
	w.send(w.request("INFO", "4001", 3, "Signal=1\r\n"))
	w.expect("SIP/2.0 481")
}

// Keys by message keep their order, however the network mixes them.
func TestKeysOutOfOrder(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	w := newWire(t, c, "127.0.0.1")
	w.dial("4001")
	call := c.call(0)
	keys := "1*5#"
	for _, i := range []int{2, 1, 3, 0} {
		w.send(w.request("INFO", "4001", 2+i, "Signal="+keys[i:i+1]+"\r\nDuration=160\r\n"))
	}
	waitFor(t, "the keys", func() bool { return len(call.keys()) == 4 })
	if got := call.keys(); got != keys {
		t.Errorf("%q was heard, %q was pressed", got, keys)
	}
	w.send(w.request("UPDATE", "4001", 2, ""))
	w.expect("SIP/2.0 500")
}

func TestHoldsAndChanges(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	w := newWire(t, c, "127.0.0.1")
	w.dial("4001")
	call := c.call(0)
	for i, s := range []struct {
		method, text, want string
		held, resumed      int
	}{
		{"INVITE", offer + "a=sendonly\r\n", "a=recvonly", 1, 0},
		{"INVITE", offer, "a=sendrecv", 1, 1},
		{"INVITE", strings.Replace(offer, "c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0", 1), "a=recvonly", 2, 1},
		{"UPDATE", offer, "a=sendrecv", 2, 2},
		{"UPDATE", offer + "a=inactive\r\n", "a=inactive", 3, 2},
		{"UPDATE", offer, "a=sendrecv", 3, 3},
	} {
		w.send(w.request(s.method, "4001", 2+i, s.text))
		ok := w.expect("SIP/2.0 200")
		if s.method == "INVITE" {
			w.send(w.request("ACK", "4001", 2+i, ""))
		}
		if !strings.Contains(ok, s.want) {
			t.Errorf("%d: answered by\n%s", i, ok)
		}
		waitFor(t, "the hold", func() bool { return call.count(voice.Held) == s.held && call.count(voice.Resumed) == s.resumed })
	}
	// What does not fit changes nothing.
	w.send(w.request("INVITE", "4001", 9, strings.Replace(offer, "RTP/AVP 8", "RTP/AVP 18", 1)))
	w.expect("SIP/2.0 488")
	w.send(w.request("ACK", "4001", 9, ""))
	if c.Calls() != 1 {
		t.Error("the call is over")
	}
}

func TestReliableEarlySound(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	c.taking(func(call *voice.Call, _ voice.Incoming) (func(voice.Event), error) {
		call.Early()
		return nil, nil
	})
	w := newWire(t, c, "127.0.0.1")
	w.send(w.request("INVITE", "4001", 1, offer, "Supported: 100rel"))
	early := w.expect("SIP/2.0 183")
	if headerOf(early, "Require") != "100rel" || headerOf(early, "RSeq") != "1" || !strings.Contains(early, "m=audio") {
		t.Errorf("early sound by\n%s", early)
	}
	w.expect("SIP/2.0 183") // again, as long as it is not confirmed
	w.send(w.request("PRACK", "4001", 2, "", "RAck: 7 1 INVITE"))
	w.expect("SIP/2.0 481")
	w.send(w.request("PRACK", "4001", 3, "", "RAck: 1 1 INVITE"))
	w.expect("SIP/2.0 200")
	c.call(0).Answer()
	if ok := w.expect("SIP/2.0 200"); headerOf(ok, "CSeq") != "1 INVITE" {
		t.Errorf("answered by\n%s", ok)
	}
	w.send(w.request("ACK", "4001", 1, ""))
}

func TestSessionTimers(t *testing.T) {
	t.Parallel()
	c := open(t, func(o *voice.Options) { o.Limits.MinSession = 2 * time.Second })
	w := newWire(t, c, "127.0.0.1")
	w.send(w.request("INVITE", "4001", 1, offer, "Supported: timer", "Session-Expires: 1"))
	if m := w.expect("SIP/2.0 422"); headerOf(m, "Min-SE") != "2" {
		t.Errorf("too often: \n%s", m)
	}
	w.send(w.request("ACK", "4001", 1, ""))

	// It is on us: we show that we are there.
	w = newWire(t, c, "127.0.0.1")
	w.send(w.request("INVITE", "4001", 1, offer, "Supported: timer", "Session-Expires: 2;refresher=uas"))
	if ok := w.expect("SIP/2.0 200"); headerOf(ok, "Session-Expires") != "2;refresher=uas" {
		t.Errorf("answered by\n%s", ok)
	}
	w.send(w.request("ACK", "4001", 1, ""))
	again := w.expect("INVITE ")
	if headerOf(again, "Session-Expires") != "2;refresher=uac" {
		t.Errorf("refreshed by\n%s", again)
	}
	w.send(w.reply(again, "200 OK", offer))
	w.expect("ACK ")

	// It is on them, and they are silent.
	w = newWire(t, c, "127.0.0.1")
	w.send(w.request("INVITE", "4001", 1, offer, "Supported: timer", "Session-Expires: 2;refresher=uac"))
	if ok := w.expect("SIP/2.0 200"); headerOf(ok, "Session-Expires") != "2;refresher=uac" || headerOf(ok, "Require") != "timer" {
		t.Errorf("answered by\n%s", ok)
	}
	w.send(w.request("ACK", "4001", 1, ""))
	bye := w.expect("BYE ")
	w.send(w.reply(bye, "200 OK", ""))
	waitFor(t, "the record", func() bool {
		for _, r := range c.ended() {
			if r.Reason == voice.NoSignal {
				return true
			}
		}
		return false
	})
}

// reply answers a request by hand.
func (w *wire) reply(request, status, text string) string {
	var b strings.Builder
	b.WriteString("SIP/2.0 " + status + "\r\n")
	for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
		b.WriteString(name + ": " + headerOf(request, name) + "\r\n")
	}
	fmt.Fprintf(&b, "Contact: <sip:me@%s>\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", w.conn.LocalAddr(), len(text), text)
	return b.String()
}

func TestStrangersAreNotAnswered(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	w := newWire(t, c, stranger)
	w.send(w.request("OPTIONS", "100", 1, ""))
	if m := w.recv(300 * time.Millisecond); m != "" {
		t.Errorf("a stranger was told\n%s", m)
	}
	w.send(w.request("INVITE", "0012125551212", 2, offer))
	w.expect("SIP/2.0 407")
	w.send(w.request("INVITE", "4001", 3, offer, `Proxy-Authorization: Digest username="8001", realm="yingda", nonce="guessed-guessed-guessed", uri="sip:x", response="0123"`))
	w.expect("SIP/2.0 407")
	if c.took() != 0 {
		t.Error("a stranger's call was taken")
	}
	known := newWire(t, c, "127.0.0.1")
	known.send(known.request("OPTIONS", "100", 1, ""))
	if m := known.expect("SIP/2.0 200"); !strings.Contains(headerOf(m, "Allow"), "REFER") {
		t.Errorf("the carrier was told\n%s", m)
	}
}

// Too many calls from one source are put off, not taken.
func TestTooManyCalls(t *testing.T) {
	t.Parallel()
	c := open(t, func(o *voice.Options) { o.Limits.CallsPerSecond, o.Limits.CallsAtOnce = 0.0001, 1 })
	for i := range 12 {
		w := newWire(t, c, "127.0.0.1")
		w.send(w.request("INVITE", "4001", 1, offer))
		if i < 10 { // all of a carrier's callers come from one source
			w.expect("SIP/2.0 200")
			w.send(w.request("ACK", "4001", 1, ""))
		} else if m := w.expect("SIP/2.0 503"); headerOf(m, "Retry-After") == "" {
			t.Errorf("put off by\n%s", m)
		}
	}
}

func TestWhoIsShown(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	for i, x := range []struct {
		more     []string
		from, by string
	}{
		{[]string{`P-Asserted-Identity: "Li" <sip:+8613911112222@ims.example>`}, "+8613911112222", ""},
		{[]string{`P-Asserted-Identity: <tel:+8613911112222;phone-context=x>`, "Diversion: <sip:02155556666@x>;reason=unconditional"}, "+8613911112222", "02155556666"},
		{[]string{`P-Asserted-Identity: <sip:13911112222@x>`, "Privacy: id"}, "13800138000", ""},
	} {
		w := newWire(t, c, "127.0.0.1")
		w.send(w.request("INVITE", "4001", 1, offer, x.more...))
		w.expect("SIP/2.0 200")
		w.send(w.request("ACK", "4001", 1, ""))
		if in := c.call(i).in; in.From != x.from || in.Diverted != x.by {
			t.Errorf("%v: %+v", x.more, in)
		}
	}
}

func TestNothingFits(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	for _, text := range []string{strings.Replace(offer, "RTP/AVP 8", "RTP/AVP 18", 1), "v=0\r\n", "rubbish"} {
		w := newWire(t, c, "127.0.0.1")
		w.send(w.request("INVITE", "4001", 1, text))
		w.expect("SIP/2.0 488")
	}
	w := newWire(t, c, "127.0.0.1")
	w.send(w.request("INVITE", "4001", 1, offer, "Require: precondition"))
	if m := w.expect("SIP/2.0 420"); headerOf(m, "Unsupported") != "precondition" {
		t.Errorf("refused by\n%s", m)
	}
	waitFor(t, "no call", func() bool { return c.Calls() == 0 })
}

// The caller is gone without BYE: nothing is heard, and the call ends.
func TestTheCallerIsGone(t *testing.T) {
	t.Parallel()
	c := open(t, func(o *voice.Options) { o.Limits.Silence = time.Millisecond })
	w := newWire(t, c, "127.0.0.1")
	w.dial("4001")
	w.expect("BYE ")
	waitFor(t, "the record", func() bool { return len(c.ended()) == 1 })
	if r := c.ended()[0]; r.Reason != voice.NoSound {
		t.Errorf("recorded as %+v", r)
	}
}

func certificate(t testing.TB) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestOverTLS(t *testing.T) {
	t.Parallel()
	at := netip.AddrPortFrom(loopback, 0)
	c := open(t, func(o *voice.Options) {
		o.Listen = append(o.Listen, voice.Listener{Network: "tcp", Address: at},
			voice.Listener{Network: "tls", Address: at, TLS: &tls.Config{Certificates: []tls.Certificate{certificate(t)}}})
	})
	conn, err := tls.Dial("tcp", c.Address("tls").String(), &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	w := newWire(t, c, "127.0.0.1")
	sealed := func(s string) string { return strings.Replace(s, "SIP/2.0/UDP", "SIP/2.0/TLS", 1) }
	buf := make([]byte, 8000)
	read := func() string {
		n, err := conn.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		return string(buf[:n])
	}
	_, _ = conn.Write([]byte(sealed(w.request("INVITE", "4001", 1, offer))))
	got := read()
	for !strings.Contains(got, "SIP/2.0 200") {
		got += read()
	}
	if !strings.Contains(got, "transport=tls") {
		t.Errorf("answered by\n%s", got)
	}
	_, after, _ := strings.Cut(got[strings.Index(got, "SIP/2.0 200"):], "\r\nTo: ")
	line, _, _ := strings.Cut(after, "\r\n")
	_, w.tag, _ = strings.Cut(line, ";tag=")
	_, _ = conn.Write([]byte(sealed(w.request("ACK", "4001", 1, ""))))
	call := c.call(0)
	waitFor(t, "the answer", func() bool { return call.count(voice.Answered) == 1 })
	call.Hangup()
	if m := read(); !strings.HasPrefix(m, "BYE ") {
		t.Errorf("over the same connection came\n%s", m)
	}
}

// The torture messages of RFC 4475, from a stranger and from the carrier: the
// door stands.
func TestTorture(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	files, err := filepath.Glob("testdata/torture/*.dat")
	if err != nil || len(files) < 40 {
		t.Fatal(files, err)
	}
	for _, from := range []string{stranger, "127.0.0.1"} {
		w := newWire(t, c, from)
		for _, name := range files {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			w.send(string(b))
		}
	}
	w := newWire(t, c, "127.0.0.1")
	w.dial("4001")
	w.send(w.request("BYE", "4001", 2, ""))
	w.expect("SIP/2.0 200")
	waitFor(t, "the record", func() bool {
		for _, r := range c.ended() {
			if r.Reason == voice.TheyHungUp && !r.Answered.IsZero() {
				return true
			}
		}
		return false
	})
}

// login calls as a telephone of ours.
func (w *wire) login(password, number string, more ...string) {
	w.t.Helper()
	w.send(w.request("INVITE", number, 1, offer, more...))
	asked := w.expect("SIP/2.0 407")
	w.send(strings.Replace(w.request("ACK", number, 1, ""), fmt.Sprintf("%s%d;", w.id, w.n), fmt.Sprintf("%s%d;", w.id, w.n-1), 1))
	w.tag = ""
	challenge, err := digest.ParseChallenge(headerOf(asked, "Proxy-Authenticate"))
	if err != nil {
		w.t.Fatal(err)
	}
	answer, err := digest.Digest(challenge, digest.Options{Method: "INVITE", URI: "sip:x", Username: w.user, Password: password})
	if err != nil {
		w.t.Fatal(err)
	}
	w.send(w.request("INVITE", number, 2, offer, append(more, "Proxy-Authorization: "+answer.String())...))
	w.expect("SIP/2.0 200")
	w.send(w.request("ACK", number, 2, ""))
}

// An agent talks with a caller, asks a colleague, and puts the two through.
func TestAttendedTransfer(t *testing.T) {
	t.Parallel()
	c := open(t, nil)
	c.taking(func(call *voice.Call, in voice.Incoming) (func(voice.Event), error) {
		call.Answer()
		return func(e voice.Event) {
			if e.Kind == voice.TransferAsked {
				call.Transferred(200)
			}
		}, nil
	})
	phone := func(user, password, number string, more ...string) *wire {
		w := newWire(t, c, "127.0.0.3")
		w.user = user
		w.login(password, number, more...)
		return w
	}
	talk, ask := phone("8001", "one", "4001"), phone("8001", "one", "8002")
	foreign := phone("8003", "three", "4001")
	replaces := func(w *wire, c string) string {
		return "Refer-To: <sip:8002@127.0.0.1?Replaces=" + c + "%3Bto-tag%3D" + w.tag + "%3Bfrom-tag%3Dmine>"
	}
	talk.send(talk.request("REFER", "4001", 3, "", replaces(foreign, foreign.id)))
	talk.expect("SIP/2.0 404") // somebody else's call
	talk.send(talk.request("REFER", "4001", 4, "", replaces(ask, ask.id)))
	talk.expect("SIP/2.0 202")
	for _, want := range []string{"SIP/2.0 100", "SIP/2.0 200"} {
		notify := talk.expect("NOTIFY ")
		if !strings.Contains(notify, want) || !strings.HasPrefix(headerOf(notify, "Event"), "refer") {
			t.Errorf("%s was told by\n%s", want, notify)
		}
		talk.send(talk.reply(notify, "200 OK", ""))
	}
	call, other := c.call(0), c.call(1)
	for _, e := range call.all() {
		if e.Kind == voice.TransferAsked && e.Transfer.Other != other.Call {
			t.Errorf("asked for %+v", e.Transfer)
		}
	}
	// A telephone takes a call over by calling with Replaces.
	phone("8002", "two", "4001", "Replaces: "+ask.id+";to-tag="+ask.tag+";from-tag=mine")
	if in := c.call(3).in; in.Replaces != other.Call {
		t.Errorf("taken as %+v", in)
	}
}

// Two doors: one is registered at the other as at a carrier. Calls go both ways,
// with the password where it is asked for, and the sound goes along.
func TestRegistersAtAnother(t *testing.T) {
	t.Parallel()
	for _, network := range []string{"udp", "tcp"} {
		listen := func(o *voice.Options) {
			o.Listen = append(o.Listen, voice.Listener{Network: "tcp", Address: netip.AddrPortFrom(loopback, 0)})
			o.Trunks = nil
		}
		b := open(t, listen)
		a := open(t, func(o *voice.Options) {
			listen(o)
			o.Trunks = []voice.Trunk{{
				Name: "carrier", Host: "127.0.0.1", Port: int(b.Address(network).Port()), Network: network,
				Number: "8001", User: "8001", Password: "one", Register: true,
			}}
		})
		waitFor(t, "the registration", func() bool { return b.Registered("8001") && a.Lines()["carrier"] == "" })

		tone := audio.NewClip(audio.Signal(audio.Beat{Tones: []float64{music}, For: time.Second}))
		for i, from := range []*centre{a, b} {
			to, number := b, "13800138000"
			if from == b {
				to, number = a, "8001"
			}
			out := from.dial(voice.Dialing{Number: number, From: map[bool]string{true: "02188889999"}[from == b], May: voice.Usual})
			in := to.call(0)
			waitFor(t, "the answer", func() bool { return out.count(voice.Answered) == 1 && in.count(voice.Answered) == 1 })
			var tape tones
			in.Leg().Record(&tape)
			out.Leg().Play(rtp.Clips(true, tone))
			waitFor(t, "the tone", func() bool { return tape.heard(audio.Caller, music) > 300*time.Millisecond })
			out.Leg().Press("42#")
			waitFor(t, "the keys", func() bool { return in.keys() == "42#" })
			in.Leg().Play(rtp.Clips(true, tone))
			out.Hold() // says sendonly: the other side is not listened to
			waitFor(t, "the hold", func() bool { return in.count(voice.Held) == 1 })
			out.Resume()
			waitFor(t, "the end of it", func() bool { return in.count(voice.Resumed) == 1 })
			in.Hangup()
			waitFor(t, "the end", func() bool { return from.Calls() == 0 && to.Calls() == 0 })
			waitFor(t, "the record", func() bool { return len(from.ended()) == i+1 })
			if got := from.ended()[i].Reason; got != voice.TheyHungUp {
				t.Errorf("%s: ended by %s", network, got)
			}
		}
		if in := b.call(0).in; in.Phone != "8001" || in.Route.Number != "13800138000" {
			t.Errorf("%s: came as %+v", network, in)
		}
		if in := a.call(0).in; in.Trunk != "carrier" || in.From != "02188889999" {
			t.Errorf("%s: came as %+v", network, in)
		}
	}
}

func TestAWrongPasswordAtTheCarrier(t *testing.T) {
	t.Parallel()
	b := open(t, func(o *voice.Options) { o.Trunks = nil })
	a := open(t, func(o *voice.Options) {
		o.Trunks = []voice.Trunk{{Name: "carrier", Host: "127.0.0.1", Port: int(b.Address("udp").Port()), Network: "udp", User: "8001", Password: "no", Register: true}}
	})
	waitFor(t, "the refusal", func() bool { return strings.Contains(a.Lines()["carrier"], "403") })
	if _, err := a.Dial(voice.Dialing{Number: "13800138000", May: voice.Usual}); !errors.Is(err, voice.ErrNoTrunk) {
		t.Errorf("dialled through a trunk that does not work: %v", err)
	}
}

// Trunks and the dial plan change while the door is open: what stays the same
// stays registered, what is new is used, what is gone is not.
func TestTrunksChange(t *testing.T) {
	t.Parallel()
	var moved atomic.Int32
	b := open(t, func(o *voice.Options) { o.Trunks, o.Moved = nil, func() { moved.Add(1) } })
	line := func(name, user, password string) voice.Trunk {
		return voice.Trunk{Name: name, Host: "127.0.0.1", Port: int(b.Address("udp").Port()), Network: "udp", Number: user, User: user, Password: password, Register: true}
	}
	a := open(t, func(o *voice.Options) { o.Trunks = []voice.Trunk{line("one", "8001", "one")} })
	waitFor(t, "the registration", func() bool { return a.Lines()["one"] == "" && b.Registered("8001") })
	if until, here := b.Registrations()["8001"]; !here || !until.After(time.Now()) || moved.Load() == 0 {
		t.Errorf("it is registered until %v, told %d times", until, moved.Load())
	}
	a.SetPlan(voice.Plan{Trunks: []string{"two"}})
	if _, err := a.Dial(voice.Dialing{Number: "13800138000", May: voice.Usual}); !errors.Is(err, voice.ErrNoTrunk) {
		t.Errorf("dialled through a trunk that is not there: %v", err)
	}

	// A second one comes. The first is the same and needs no new registration:
	// the carrier, who has forgotten it, is not told of it again.
	b.KeepPhones(func(user string) bool { return user != "8001" })
	a.SetTrunks([]voice.Trunk{line("one", "8001", "one"), line("two", "8002", "two")})
	waitFor(t, "the second", func() bool { return b.Registered("8002") && a.Lines()["two"] == "" })
	if lines := a.Lines(); lines["one"] != "" || len(lines) != 2 {
		t.Errorf("the first was begun anew: %v", lines)
	}
	if b.Registered("8001") {
		t.Error("what is the same registered again")
	}
	out := a.dial(voice.Dialing{Number: "13800138000", May: voice.Usual})
	in := b.call(0)
	waitFor(t, "the answer", func() bool { return out.count(voice.Answered) == 1 })
	if in.in.Phone != "8002" {
		t.Errorf("came as %+v", in.in)
	}

	// Another password is another trunk; the call that goes on does.
	a.SetTrunks([]voice.Trunk{line("one", "8001", "no")})
	waitFor(t, "the refusal", func() bool { return strings.Contains(a.Lines()["one"], "403") })
	if _, have := a.Lines()["two"]; have {
		t.Error("the second is still there")
	}
	if a.Calls() != 1 {
		t.Error("a call ended because its trunk was taken away")
	}
	waitFor(t, "the carrier to be told that the second is gone", func() bool { return !b.Registered("8002") })
	if _, here := b.Registrations()["8002"]; here {
		t.Error("what is gone is registered")
	}
	a.SetPlan(voice.Plan{Trunks: []string{"two", "one"}})
	if _, err := a.Dial(voice.Dialing{Number: "13800138000", May: voice.Usual}); !errors.Is(err, voice.ErrNoTrunk) {
		t.Errorf("dialled through a trunk that is gone: %v", err)
	}
	out.Hangup()
	waitFor(t, "the end", func() bool { return a.Calls() == 0 && b.Calls() == 0 })
	a.SetTrunks([]voice.Trunk{line("one", "8001", "one")})
	waitFor(t, "the registration", func() bool { return b.Registered("8001") })
	a.SetTrunks([]voice.Trunk{line("uno", "8001", "one")}) // the same line by another name
	waitFor(t, "the line by its new name", func() bool { return a.Lines()["uno"] == "" })
	if !b.Registered("8001") {
		t.Error("what was registered anew was taken away with the old")
	}
	a.Close()
	if b.Registered("8001") {
		t.Error("a door that is closed is called")
	}
	a.SetTrunks([]voice.Trunk{line("one", "8001", "one")}) // too late, and no harm
}

// Who takes a call may not care what happens to it.
func TestNobodyIsTold(t *testing.T) {
	t.Parallel()
	c := open(t, func(o *voice.Options) {
		o.Take = func(call *voice.Call, _ voice.Incoming) (func(voice.Event), error) {
			call.Answer()
			return nil, nil
		}
	})
	w := newWire(t, c, "127.0.0.1")
	w.dial("4001")
	w.send(w.request("BYE", "4001", 2, ""))
	w.expect("SIP/2.0 200")
	waitFor(t, "the record", func() bool { return len(c.ended()) == 1 })
}
