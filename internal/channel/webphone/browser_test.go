package webphone

import (
	"context"
	"log/slog"
	"math"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	pionrtp "github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/event"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/rtp"
)

var loopback = netip.MustParseAddr("127.0.0.1")

// office is telephones with who watches them.
type office struct {
	*Phones
	t     *testing.T
	clock *clock.Hand
	feed  *news
	gone  chan agent.ID
}

// news is a feed that a test writes.
type news struct{ to chan []event.Event }

func (n *news) EventBounds(context.Context) (int64, int64, error) { return 0, 7, nil }

func (n *news) Follow(ctx context.Context, _ int64, f func([]event.Event) error) error {
	for {
		select {
		case es := <-n.to:
			if err := f(es); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func open(t *testing.T, change func(*Options)) *office {
	t.Helper()
	pacer := rtp.NewPacer(1)
	o := &office{t: t, clock: clock.At(time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)), feed: &news{make(chan []event.Event)}, gone: make(chan agent.ID, 10)}
	options := Options{
		Listen: netip.AddrPortFrom(loopback, 0), Pacer: pacer, Feed: o.feed, Gone: func(a agent.ID) { o.gone <- a },
		Now: o.clock.Now, Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&options)
	}
	p, err := Open(options)
	if err != nil {
		t.Fatal(err)
	}
	o.Phones = p
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		pacer.Close()
	})
	return o
}

func always(context.Context) error { return nil }

// browser is a console's side of the connection.
type browser struct {
	t     *testing.T
	pc    *webrtc.PeerConnection
	track *webrtc.TrackLocalStaticRTP
	law   audio.Law
	id    string

	mu    sync.Mutex
	heard []int16
	state webrtc.PeerConnectionState
}

type wishes struct {
	law      audio.Law
	networks []webrtc.NetworkType
	config   webrtc.Configuration
}

func newBrowser(t *testing.T, w wishes) *browser {
	t.Helper()
	m := &webrtc.MediaEngine{}
	mime := webrtc.MimeTypePCMA
	if w.law == audio.ULaw {
		mime = webrtc.MimeTypePCMU
	}
	codec := webrtc.RTPCodecCapability{MimeType: mime, ClockRate: 8000}
	if err := m.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: codec, PayloadType: webrtc.PayloadType(w.law)}, webrtc.RTPCodecTypeAudio); err != nil {
		t.Fatal(err)
	}
	s := webrtc.SettingEngine{}
	s.SetIncludeLoopbackCandidate(true)
	s.SetIPFilter(net.IP.IsLoopback)
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	if w.networks == nil {
		w.networks = []webrtc.NetworkType{webrtc.NetworkTypeUDP4}
	}
	s.SetNetworkTypes(w.networks)
	b := &browser{t: t, law: w.law}
	var err error
	if b.pc, err = webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithSettingEngine(s)).NewPeerConnection(w.config); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.pc.Close() })
	if b.track, err = webrtc.NewTrackLocalStaticRTP(codec, "microphone", "browser"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.pc.AddTrack(b.track); err != nil {
		t.Fatal(err)
	}
	b.pc.OnTrack(func(r *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			p, _, err := r.ReadRTP()
			if err != nil {
				return
			}
			b.mu.Lock()
			b.heard = b.law.AppendDecoded(b.heard, p.Payload)
			b.mu.Unlock()
		}
	})
	b.pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		b.mu.Lock()
		b.state = s
		b.mu.Unlock()
	})
	return b
}

func (b *browser) offer() string {
	b.t.Helper()
	o, err := b.pc.CreateOffer(nil)
	if err != nil {
		b.t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(b.pc)
	if err := b.pc.SetLocalDescription(o); err != nil {
		b.t.Fatal(err)
	}
	<-gathered
	return b.pc.LocalDescription().SDP
}

func (b *browser) answered(a channel.PhoneAnswer) {
	b.t.Helper()
	b.id = a.ID
	if err := b.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: a.SDP}); err != nil {
		b.t.Fatal(err)
	}
}

// connect connects a browser as an agent's telephone.
func (o *office) connect(who agent.ID, w wishes, still func(context.Context) error) *browser {
	o.t.Helper()
	b := newBrowser(o.t, w)
	a, err := o.Connect(o.t.Context(), channel.PhoneOffer{Agent: who, SDP: b.offer(), Still: still})
	if err != nil {
		o.t.Fatal(err)
	}
	b.answered(a)
	wait(o.t, "the connection", func() bool { s := o.State(who); return s.Connected && s.ID == b.id })
	return b
}

func (b *browser) ended() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state == webrtc.PeerConnectionStateClosed
}

// says sends a tone until the test is over.
func (b *browser) says(hertz float64) {
	frames := time.NewTicker(20 * time.Millisecond)
	clip := audio.NewClip(audio.Signal(audio.Beat{Tones: []float64{hertz}, For: time.Second}))
	ctx := b.t.Context()
	var done sync.WaitGroup
	b.t.Cleanup(done.Wait)
	done.Go(func() {
		defer frames.Stop()
		for i := 0; ; i++ {
			select {
			case <-ctx.Done():
				return
			case <-frames.C:
			}
			if b.track.WriteRTP(&pionrtp.Packet{
				Header:  pionrtp.Header{Version: 2, SequenceNumber: uint16(i), Timestamp: uint32(i * audio.Frame), Marker: i == 0},
				Payload: clip.Frame(b.law, i%clip.Frames()),
			}) != nil {
				return
			}
		}
	})
}

// hears waits until a tone is what is heard.
func (b *browser) hears(hertz float64) {
	b.t.Helper()
	b.mu.Lock()
	b.heard = nil
	b.mu.Unlock()
	wait(b.t, "a tone in the browser", func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return isTone(b.heard, hertz)
	})
}

// ear is a sink that keeps what it hears.
type ear struct {
	mu    sync.Mutex
	heard []int16
}

func (e *ear) Forward(p *rtp.Packet, law audio.Law) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = law.AppendDecoded(e.heard, p.Payload)
}

func (e *ear) hears(t *testing.T, hertz float64) {
	t.Helper()
	e.mu.Lock()
	e.heard = nil
	e.mu.Unlock()
	wait(t, "a tone on the leg", func() bool {
		e.mu.Lock()
		defer e.mu.Unlock()
		return isTone(e.heard, hertz)
	})
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

func tone(hertz float64) rtp.Source {
	return rtp.Clips(true, audio.NewClip(audio.Signal(audio.Beat{Tones: []float64{hertz}, For: time.Second})))
}

func wait(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited for " + what + " in vain")
		}
	}
}
