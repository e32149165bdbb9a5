package fault

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	mrand "math/rand/v2"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yingda/internal/kit/audio"
)

// caller is a telephone that does what it is told, wrong things too: it writes
// each message and each packet by hand.
type caller struct {
	t      *testing.T
	to     netip.AddrPort
	number string
	sip    *net.UDPConn
	sound  *net.UDPConn
	id     string // Call-ID
	tag    string
	theirs string // the tag
	far    netip.AddrPort
	code   int
	after  string // Retry-After
	got    chan string

	mute  atomic.Bool // says and answers nothing any more
	loss  float64     // of the packets that it sends
	taken atomic.Bool // its INVITE was answered with 200
	mu    sync.Mutex
	at    uint32 // of the sound
	seq   uint16
	late  []byte // a packet that the next one overtakes
	heard []int16
	tells bool // keys are being pressed, no sound meanwhile
}

func (h *hotline) telephone(number string) *caller {
	h.t.Helper()
	listen := func() *net.UDPConn {
		c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback, 0)))
		if err != nil {
			h.t.Fatal(err)
		}
		return c
	}
	c := &caller{t: h.t, to: h.sip, number: number, sip: listen(), sound: listen(), id: rand.Text(), tag: rand.Text(), got: make(chan string, 100)}
	var done sync.WaitGroup
	stop := make(chan struct{})
	done.Go(c.listen)
	done.Go(c.hear)
	done.Go(func() { c.speak(stop) })
	h.t.Cleanup(func() {
		close(stop)
		_ = c.sip.Close()
		_ = c.sound.Close()
		done.Wait()
	})
	return c
}

func (c *caller) port() int { return c.sip.LocalAddr().(*net.UDPAddr).Port }

func (c *caller) send(text string) {
	_, _ = c.sip.WriteToUDPAddrPort([]byte(text), c.to)
}

// request is a message as it should be.
func (c *caller) request(method string, seq int, body string) string {
	to := fmt.Sprintf("<sip:%s@127.0.0.1>", ours)
	if c.theirs != "" {
		to += ";tag=" + c.theirs
	}
	head := lines(
		fmt.Sprintf("%s sip:%s@%s SIP/2.0", method, ours, c.to),
		fmt.Sprintf("Via: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bK%s;rport", c.port(), rand.Text()),
		"Max-Forwards: 70",
		fmt.Sprintf("From: <sip:%s@127.0.0.1>;tag=%s", c.number, c.tag),
		"To: "+to,
		"Call-ID: "+c.id,
		fmt.Sprintf("CSeq: %d %s", seq, method),
		fmt.Sprintf("Contact: <sip:%s@127.0.0.1:%d>", c.number, c.port()),
	)
	if body != "" {
		head += lines("Content-Type: application/sdp")
	}
	return head + lines("Content-Length: "+strconv.Itoa(len(body)), "") + body
}

func (c *caller) offer() string {
	return lines("v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
		fmt.Sprintf("m=audio %d RTP/AVP 8 101", c.sound.LocalAddr().(*net.UDPAddr).Port), "a=rtpmap:8 PCMA/8000", "a=rtpmap:101 telephone-event/8000", "a=sendrecv")
}

// invites asks for a call and waits for the final answer, which it does not
// acknowledge if that is that there is one.
func (c *caller) invites(body string) int {
	c.t.Helper()
	invite := c.request("INVITE", 1, body)
	c.send(invite)
	end := time.After(20 * time.Second)
	for {
		select {
		case text := <-c.got:
			if c.code = codeOf(text); c.code < 200 || !strings.Contains(text, "CSeq: 1 INVITE") {
				continue
			}
			c.theirs, c.after = after(headOf(text, "To"), ";tag="), headOf(text, "Retry-After")
			if c.code < 300 {
				address, port := after(text, "c=IN IP4 "), after(text, "m=audio ")
				far, err := netip.ParseAddrPort(address + ":" + port)
				if err != nil {
					c.t.Errorf("the answer names no address: %v\n%s", err, text)
				}
				c.mu.Lock()
				c.far = far
				c.mu.Unlock()
			} else {
				c.send(c.request("ACK", 1, ""))
			}
			return c.code
		case <-end:
			c.t.Fatal("no answer to INVITE")
		}
	}
}

// calls makes a call as it should be.
func (c *caller) calls() {
	c.t.Helper()
	if code := c.invites(c.offer()); code != 200 {
		c.t.Fatalf("answered with %d", code)
	}
	c.send(c.request("ACK", 1, ""))
}

func codeOf(text string) int {
	rest, ok := strings.CutPrefix(text, "SIP/2.0 ")
	if !ok {
		return 0
	}
	n, _ := strconv.Atoi(rest[:min(3, len(rest))])
	return n
}

func headOf(text, name string) string { return line(after(text, lineEnd+name+": ")) }

func line(text string) string {
	text, _, _ = strings.Cut(text, "\r")
	return text
}

// after is the word behind a mark.
func after(text, mark string) string {
	_, rest, ok := strings.Cut(text, mark)
	if !ok {
		return ""
	}
	if strings.HasPrefix(mark, lineEnd) {
		return rest
	}
	return rest[:strings.IndexFunc(rest+"\r", func(r rune) bool { return r == '\r' || r == ' ' || r == ';' })]
}

// listen takes what is said to it, and answers BYE.
func (c *caller) listen() {
	b := make([]byte, 65535)
	for {
		n, err := c.sip.Read(b)
		if err != nil {
			return
		}
		text := string(b[:n])
		if c.mute.Load() {
			continue
		}
		if strings.HasPrefix(text, "SIP/2.0 ") {
			if strings.HasPrefix(text, "SIP/2.0 200") && strings.Contains(text, "CSeq: 1 INVITE") {
				c.taken.Store(true)
			}
			select {
			case c.got <- text:
			default:
			}
			continue
		}
		if strings.HasPrefix(text, "BYE ") {
			answer := []string{"SIP/2.0 200 OK"}
			for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
				answer = append(answer, name+": "+headOf(text, name))
			}
			c.send(lines(append(answer, "Content-Length: 0", "")...))
		}
	}
}

// hear takes the sound.
func (c *caller) hear() {
	b := make([]byte, 2000)
	for {
		n, err := c.sound.Read(b)
		if err != nil {
			return
		}
		if n > 12 && b[1]&0x7f == 8 {
			c.mu.Lock()
			c.heard = audio.ALaw.AppendDecoded(c.heard, b[12:n])
			c.mu.Unlock()
		}
	}
}

// hears reports whether the last that it heard is a tone.
func (c *caller) hears(hertz float64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return isTone(c.heard, hertz)
}

// speak says a tone of 600 Hz.
func (c *caller) speak(stop chan struct{}) {
	clip := audio.NewClip(tone(600))
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		c.mu.Lock()
		c.at += audio.Frame
		if c.far.IsValid() && !c.tells && !c.mute.Load() {
			c.packet(8, c.at, i == 0, clip.Frame(audio.ALaw, i%clip.Frames()))
		}
		c.mu.Unlock()
	}
}

// packet sends a packet over a bad line: it may be lost, or overtaken by the
// next one. It is called under the lock.
func (c *caller) packet(kind byte, at uint32, marker bool, body []byte) {
	b := []byte{0x80, kind}
	if marker {
		b[1] |= 0x80
	}
	c.seq++
	b = binary.BigEndian.AppendUint16(b, c.seq)
	b = binary.BigEndian.AppendUint32(b, at)
	b = append(binary.BigEndian.AppendUint32(b, 0x1234abcd), body...)
	if mrand.Float64() < c.loss {
		return
	}
	if c.loss > 0 && c.late == nil && mrand.Float64() < 0.1 {
		c.late = b
		return
	}
	_, _ = c.sound.WriteToUDPAddrPort(b, c.far)
	if c.late != nil {
		_, _ = c.sound.WriteToUDPAddrPort(c.late, c.far)
		c.late = nil
	}
}

// presses presses a key: an event of RFC 4733 of 160 ms, and its end three times.
func (c *caller) presses(key byte) {
	c.mu.Lock()
	c.tells = true
	at := c.at
	c.mu.Unlock()
	for n := range 11 {
		c.mu.Lock()
		end := byte(0)
		if n >= 8 {
			end = 0x80
		}
		c.packet(101, at, n == 0, []byte{key - '0', end | 10, byte(min(n+1, 8) * 160 >> 8), byte(min(n+1, 8) * 160 & 0xff)})
		c.mu.Unlock()
		<-time.After(20 * time.Millisecond)
	}
	c.mu.Lock()
	c.tells = false
	c.mu.Unlock()
}
