package fault

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math"
	"mime/multipart"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	pionrtp "github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"yingda/internal/channel/voice"
	"yingda/internal/domain/call"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/rtp"
	"yingda/test/internal/centre"
)

var loopback = netip.MustParseAddr("127.0.0.1")

// ours is the number that is called.
const ours = "4008200000"

// hotline is the real program with a hotline whose menu is short, and a carrier
// through which people call.
type hotline struct {
	*centre.Centre
	t     *testing.T
	sip   netip.AddrPort
	calls sync.WaitGroup
	stop  context.CancelFunc
	ctx   context.Context
	sim   *voice.Simulator
}

var nextPorts atomic.Uint32

// soundPorts are ports that no other program of these tests has.
func soundPorts() (first, last uint16) {
	first = uint16(21000 + nextPorts.Add(1)%24*400)
	return first, first + 399
}

func freeUDP(t *testing.T) netip.AddrPort {
	t.Helper()
	c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback, 0)))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).AddrPort()
}

func newHotline(t *testing.T, o centre.Options) *hotline {
	t.Helper()
	h := &hotline{t: t, sip: freeUDP(t)}
	first, last := soundPorts()
	o.Args = append([]string{
		"--sip-listen", "udp://" + h.sip.String(), "--rtp-ports", fmt.Sprintf("%d-%d", first, last), "--webrtc-listen", "127.0.0.1:0", "--smtp-listen", "off",
	}, o.Args...)
	known := o.Cookie != ""
	h.Centre = centre.Open(t, o)
	first, last = soundPorts()
	ports, err := rtp.NewPorts(loopback, first, last)
	if err != nil {
		t.Fatal(err)
	}
	if h.sim, err = voice.NewSimulator(h.sip, loopback, ports, clock.Now, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	h.ctx, h.stop = context.WithCancel(context.Background())
	t.Cleanup(func() {
		h.stop()
		h.calls.Wait()
		h.sim.Close()
	})
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the program wrote\n%s", h.Said())
		}
	})
	if known { // the database is set up already
		return h
	}
	h.Call(http.MethodPost, "/api/v1/trunks", "", map[string]any{"name": "carrier", "host": "127.0.0.1", "port": 9, "from": []string{"127.0.0.1/32"}, "watch": 0}, nil)
	h.publish()
	h.Until("the line is taken up", func() bool {
		var trunks struct{ Items []struct{ State string } }
		h.Call(http.MethodGet, "/api/v1/trunks", "", nil, &trunks)
		return trunks.Items[0].State == "works"
	})
	return h
}

// publish lets callers hear a menu that is walked through in a second.
func (h *hotline) publish() {
	h.t.Helper()
	for _, clip := range []string{"notice.recording", "main", "queue.busy", "whisper.use", "voicemail", "silent", "invalid"} {
		h.record(clip, audio.Signal(audio.Beat{Tones: []float64{1500}, For: 500 * time.Millisecond}))
	}
	full := call.Hotline()
	node := func(id string) call.Node {
		n, ok := full.Find(id)
		if !ok {
			h.t.Fatalf("there is no node %s", id)
		}
		return n
	}
	notice, main, use := node("notice"), node("main"), node("use")
	notice.Next = "main"
	main.Choices = []call.Choice{{Key: "1", Next: "use"}, {Key: "2", Next: "voicemail"}}
	main.Timeout, main.Invalid = "voicemail", "voicemail"
	use.Empty, use.Full, use.Next, use.Choices = "voicemail", "voicemail", "survey_end", nil
	m := full
	m.Start, m.Nodes = "notice", []call.Node{notice, main, use, node("voicemail"), node("voicemail_end"), node("voicemail_empty"), node("survey_end")}
	var book struct{ Rev int64 }
	h.Call(http.MethodGet, "/api/v1/menus/hotline", "", nil, &book)
	h.Call(http.MethodPut, "/api/v1/menus/hotline/draft", "", map[string]any{"rev": book.Rev, "draft": m}, &book)
	h.Call(http.MethodPost, "/api/v1/menus/hotline/publish", "", map[string]any{"rev": book.Rev, "note": "short"}, nil)
}

// record records a clip.
func (h *hotline) record(clip string, sound []int16) {
	h.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	file, err := form.CreateFormFile("file", clip+".wav")
	if err == nil {
		_, err = file.Write(audio.WriteWAV(sound))
	}
	if err != nil || form.Close() != nil {
		h.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPut, "http://"+h.Addr+"/api/v1/prompt-clips/zh/"+clip, &b)
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Cookie", h.Cookie)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK {
		h.t.Fatalf("record %s: %s %s", clip, resp.Status, text)
	}
}

// view is what tests look at in a call.
type view struct {
	ID           string
	Conversation string `json:"conversation_id"`
	State        call.State
	Rings        string
	Agent        string    `json:"agent_id"`
	BeganAt      time.Time `json:"began_at"`
	NoticeAt     time.Time `json:"notice_at"`
	Record       call.Record
	Recorded     bool
}

// all returns the calls as an agent sees them, the oldest first.
func all(c *centre.Centre, query string) (list []view) {
	cursor := ""
	for {
		var p struct {
			Items []view
			Next  string
		}
		if _, err := c.Try(context.Background(), http.MethodGet, "/api/v1/calls?limit=100&cursor="+cursor+query, "", nil, &p); err != nil {
			return list
		}
		list = append(list, p.Items...)
		if cursor = p.Next; cursor == "" {
			slices.Reverse(list)
			return list
		}
	}
}

// of returns the call of a number; false if there is none.
func (h *hotline) of(number string) (v view, ok bool) {
	for _, v := range all(h.Centre, "&q="+number[len(number)-4:]) {
		return v, true
	}
	return v, false
}

// Until asks again and again, for at most three quarters of a minute.
func (h *hotline) Until(what string, done func() bool) {
	h.t.Helper()
	for end := time.Now().Add(45 * time.Second); !done(); <-time.After(20 * time.Millisecond) {
		if time.Now().After(end) {
			h.t.Fatalf("waited too long: %s", what)
		}
	}
}

// stands waits until the call of a number is in a state.
func (h *hotline) stands(number string, s call.State) (v view) {
	h.t.Helper()
	h.t.Cleanup(func() {
		if h.t.Failed() {
			h.t.Logf("%s stood as %s, rang at %q, was with %q: %s", number, v.State, v.Rings, v.Agent, shown(v.Record))
		}
	})
	h.Until(number+" is "+string(s), func() bool {
		v, _ = h.of(number)
		return v.State == s
	})
	return v
}

// person is who calls: what they hear, and how it ends.
type person struct {
	number string
	hang   context.CancelFunc
	done   chan struct{}
	why    voice.Reason
	err    error

	mu    sync.Mutex
	sound []int16
	loud  time.Time // when something was heard last
	quiet time.Duration
}

// Put is told what they hear.
func (p *person) Put(side audio.Side, _ time.Duration, law audio.Law, codes []byte) error {
	if side == audio.Caller { // what comes in at their telephone
		p.mu.Lock()
		defer p.mu.Unlock()
		p.sound = law.AppendDecoded(p.sound, codes)
		if now := time.Now(); audible(p.sound[len(p.sound)-len(codes):]) {
			if !p.loud.IsZero() {
				p.quiet = max(p.quiet, now.Sub(p.loud))
			}
			p.loud = now
		}
	}
	return nil
}

func audible(sound []int16) bool {
	sum := 0
	for _, s := range sound {
		sum += max(int(s), -int(s))
	}
	return len(sound) > 0 && sum/len(sound) > 100
}

// hears reports whether the last that they heard is a tone.
func (p *person) hears(hertz float64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return isTone(p.sound, hertz)
}

// silence returns how long they have heard nothing at most, up to now, since it
// was asked last.
func (p *person) silence() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	q := p.quiet
	if !p.loud.IsZero() {
		q = max(q, time.Since(p.loud))
	}
	p.quiet, p.loud = 0, time.Now()
	return q
}

// isTone reports whether the last 100 ms of sound are mostly one tone.
func isTone(sound []int16, hertz float64) bool {
	const n = audio.Rate / 10
	if len(sound) < n {
		return false
	}
	var re, im, all float64
	for i, s := range sound[len(sound)-n:] {
		v := float64(s)
		sin, cos := math.Sincos(2 * math.Pi * hertz * float64(i) / audio.Rate)
		re, im, all = re+v*cos, im+v*sin, all+v*v
	}
	return all/n > 1000*1000 && 2*(re*re+im*im)/n > 0.8*all
}

// tone is what somebody says: again and again.
func tone(hertz float64) []int16 {
	return audio.Signal(audio.Beat{Tones: []float64{hertz}, For: time.Second})
}

// rings lets somebody call and press keys.
func (h *hotline) rings(number, keys string) *person {
	ctx, hang := context.WithCancel(h.ctx)
	p := &person{number: number, hang: hang, done: make(chan struct{})}
	h.calls.Go(func() {
		defer close(p.done)
		p.why, p.err = h.sim.Call(ctx, voice.Simulated{Number: number, Line: ours, Keys: keys, Says: tone(600), For: time.Hour, Tape: p})
	})
	return p
}

func (p *person) gone() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// seat is an agent at a console with a telephone in it.
type seat struct {
	*centre.Centre
	t     *testing.T
	id    string
	wire  *centre.Cut // of the news
	feed  *centre.Listener
	net   *lifeline // of the sound
	pc    *webrtc.PeerConnection
	stop  context.CancelFunc
	works sync.WaitGroup
	takes atomic.Bool // what rings
}

// sits lets an agent come: the console is open, the telephone connected, and
// they take what rings if takes is set. They say a tone.
func (h *hotline) sits(email string, hertz float64, takes bool) *seat {
	h.t.Helper()
	s := &seat{Centre: h.Agent(email, "agent"), t: h.t}
	s.takes.Store(takes)
	s.comes(hertz)
	return s
}

// comes opens the console.
func (s *seat) comes(hertz float64) {
	s.t.Helper()
	var me struct{ ID string }
	s.Call(http.MethodGet, "/api/v1/me", "", nil, &me)
	if s.id = me.ID; s.id == "" {
		s.t.Fatal("it is not said who is signed in")
	}
	s.wire = centre.NewCut(s.t, s.Addr)
	s.feed = s.ListenAgent(s.wire.Addr)
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.connect(ctx, hertz)
	s.works.Go(func() { s.work(ctx) })
	s.t.Cleanup(s.leaves)
	s.Until("the agent is there", func() bool {
		_, err := s.Try(ctx, http.MethodPut, "/api/v1/me/presence", "", map[string]any{"state": "online"}, nil)
		return err == nil
	})
}

// leaves closes the console.
func (s *seat) leaves() {
	s.stop()
	s.works.Wait()
	s.feed.Close()
	_ = s.pc.Close()
}

// dies is the end of the browser: no goodbye, neither to who sends news nor on
// the line.
func (s *seat) dies() {
	s.net.dead.Store(true)
	s.wire.Set(true)
	s.stop()
	s.works.Wait()
}

// work takes what rings.
func (s *seat) work(ctx context.Context) {
	for ctx.Err() == nil {
		if s.takes.Load() {
			for _, v := range all(s.Centre, "&state=open") {
				if v.Rings == s.id {
					_, _ = s.Try(ctx, http.MethodPost, "/api/v1/calls/"+v.ID+"/answer", "", nil, nil)
				}
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// lifeline is the net of a browser, that can fall silent.
type lifeline struct {
	net.PacketConn
	dead atomic.Bool
}

// WriteTo sends, as long as the browser lives.
func (l *lifeline) WriteTo(b []byte, to net.Addr) (int, error) {
	if l.dead.Load() {
		return len(b), nil
	}
	return l.PacketConn.WriteTo(b, to)
}

// connect connects the telephone, which says a tone from then on.
func (s *seat) connect(ctx context.Context, hertz float64) {
	s.t.Helper()
	must := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	udp, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback, 0)))
	must(err)
	s.t.Cleanup(func() { _ = udp.Close() })
	s.net = &lifeline{PacketConn: udp}
	m := &webrtc.MediaEngine{}
	codec := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMA, ClockRate: audio.Rate}
	must(m.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: codec, PayloadType: 8}, webrtc.RTPCodecTypeAudio))
	e := webrtc.SettingEngine{}
	e.SetICEUDPMux(ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: s.net}))
	e.SetIncludeLoopbackCandidate(true)
	e.SetIPFilter(net.IP.IsLoopback)
	e.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	e.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	s.pc, err = webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithSettingEngine(e)).NewPeerConnection(webrtc.Configuration{})
	must(err)
	track, err := webrtc.NewTrackLocalStaticRTP(codec, "microphone", "browser")
	must(err)
	_, err = s.pc.AddTrack(track)
	must(err)
	offer, err := s.pc.CreateOffer(nil)
	must(err)
	gathered := webrtc.GatheringCompletePromise(s.pc)
	must(s.pc.SetLocalDescription(offer))
	<-gathered
	var answer struct{ ID, SDP string }
	s.Call(http.MethodPost, "/api/v1/phone", "", map[string]any{"sdp": s.pc.LocalDescription().SDP}, &answer)
	must(s.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer.SDP}))
	s.Until("the telephone is connected", func() bool {
		var is struct {
			Connected bool
			ID        string
		}
		s.Call(http.MethodGet, "/api/v1/phone", "", nil, &is)
		return is.Connected && is.ID == answer.ID
	})
	clip := audio.NewClip(tone(hertz))
	s.works.Go(func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for i := 0; ctx.Err() == nil; i++ {
			<-tick.C
			_ = track.WriteRTP(&pionrtp.Packet{
				Header:  pionrtp.Header{Version: 2, SequenceNumber: uint16(i), Timestamp: uint32(i * audio.Frame), Marker: i == 0},
				Payload: clip.Frame(audio.ALaw, i%clip.Frames()),
			})
		}
	})
}

// shown is a record as it is written down.
func shown(r call.Record) string {
	text, err := json.Marshal(r)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// truth checks what must hold of the records of all calls: as many as began have
// ended, each in one state, with a reason, and times that add up; nothing stands
// there twice. It returns them by their reasons.
func (h *hotline) truth(began int) map[call.Reason][]view {
	h.t.Helper()
	var calls []view
	h.Until("every call is over", func() bool {
		calls = all(h.Centre, "")
		return len(calls) > 0 && !slices.ContainsFunc(calls, func(v view) bool { return v.State.Open() })
	})
	if len(calls) != began {
		h.t.Errorf("%d calls began, and there are %d", began, len(calls))
	}
	by, talks := map[call.Reason][]view{}, map[string]bool{}
	for _, v := range calls {
		r := v.Record
		by[r.Result] = append(by[r.Result], v)
		text := shown(r)
		if talks[v.Conversation] {
			h.t.Errorf("two calls are one conversation")
		}
		talks[v.Conversation] = true
		if !slices.Contains(call.Reasons(), r.Result) {
			h.t.Errorf("it says no reason: %s", text)
		}
		hungUp := 0
		for i, s := range r.Steps {
			if s.Act == call.HangUp {
				hungUp++
			}
			if i > 0 && (s.At.Before(r.Steps[i-1].At) || r.Steps[i-1].State == call.Ended) {
				h.t.Errorf("step %d goes back: %s", i, text)
			}
			if i > 0 {
				if next, err := r.Steps[i-1].State.Next(s.Act); err != nil || next != s.State && s.Act != call.HangUp {
					h.t.Errorf("step %d is not possible: %s", i, text)
				}
			}
		}
		if hungUp != 1 {
			h.t.Errorf("it ended %d times: %s", hungUp, text)
		}
		now := time.Now()
		x := r.Times(now)
		whole := now
		if v.State == call.Ended {
			whole = r.Steps[len(r.Steps)-1].At
		}
		if sum := x.Ring + x.Menu + x.Wait + x.Talk + x.Hold + x.WrapUp; sum != x.Total || x.Total != whole.Sub(r.Steps[0].At) {
			h.t.Errorf("its times are %+v over %v: %s", x, whole.Sub(r.Steps[0].At), text)
		}
		var c struct{ Conversation struct{ State, Agent string } }
		h.Call(http.MethodGet, "/api/v1/conversations/"+v.Conversation, "", nil, &c)
		if want := map[bool]string{true: "closed", false: "wrap_up"}[v.State == call.Ended]; c.Conversation.State != want && c.Conversation.State != "closed" {
			h.t.Errorf("the conversation of a call that is %s is %s: %s", v.State, c.Conversation.State, text)
		}
	}
	return by
}

// plays checks that a recording is whole and can be played, and returns it.
func (h *hotline) plays(v view) audio.Sound {
	h.t.Helper()
	b := h.Download("/api/v1/calls/" + v.ID + "/recording")
	s, err := audio.ReadWAV(b)
	if err != nil || len(b) == 0 {
		h.t.Errorf("the recording of %d bytes cannot be played: %v; %+v", len(b), err, v.Record.Recording)
		return s
	}
	if d := s.Length() - v.Record.Recording.Length; d.Abs() > time.Millisecond {
		h.t.Errorf("the recording lasts %v, and the record says %v", s.Length(), v.Record.Recording.Length)
	}
	return s
}

// numbered is one of many customers.
func numbered(n int) string { return "1380000" + strconv.Itoa(1000+n) }

// lineEnd is what ends a line of SIP.
const lineEnd = "\r\n"

func lines(all ...string) string { return strings.Join(all, lineEnd) + lineEnd }
