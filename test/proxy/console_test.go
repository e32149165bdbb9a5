package proxy

import (
	"context"
	"math"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	pionrtp "github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"yingda/internal/kit/audio"
	"yingda/test/internal/centre"
)

// console is the telephone in an agent's browser, which says a tone.
type console struct {
	*centre.Centre // as the agent's browser sees it
	id             string
	pc             *webrtc.PeerConnection
	track          *webrtc.TrackLocalStaticRTP

	mu      sync.Mutex
	heard   []int16
	samples int
}

// console connects the telephone of an agent at a program.
func connect(t *testing.T, who *centre.Centre, hz float64) *console {
	t.Helper()
	k := &console{Centre: who}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var me struct{ ID string }
	who.Call(http.MethodGet, "/api/v1/me", "", nil, &me)
	k.id = me.ID
	m := &webrtc.MediaEngine{}
	codec := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMA, ClockRate: audio.Rate}
	must(m.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: codec, PayloadType: 8}, webrtc.RTPCodecTypeAudio))
	s := webrtc.SettingEngine{}
	s.SetIncludeLoopbackCandidate(true)
	s.SetIPFilter(net.IP.IsLoopback)
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	var err error
	k.pc, err = webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithSettingEngine(s)).NewPeerConnection(webrtc.Configuration{})
	must(err)
	t.Cleanup(func() { _ = k.pc.Close() })
	k.track, err = webrtc.NewTrackLocalStaticRTP(codec, "microphone", "browser")
	must(err)
	_, err = k.pc.AddTrack(k.track)
	must(err)
	k.pc.OnTrack(k.hear)
	offer, err := k.pc.CreateOffer(nil)
	must(err)
	gathered := webrtc.GatheringCompletePromise(k.pc)
	must(k.pc.SetLocalDescription(offer))
	<-gathered
	var answer struct{ SDP string }
	who.Call(http.MethodPost, "/api/v1/phone", "", map[string]any{"sdp": k.pc.LocalDescription().SDP}, &answer)
	must(k.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer.SDP}))
	centre.Until(t, "the telephone in the browser is connected", func() bool {
		var state struct{ Connected bool }
		who.Call(http.MethodGet, "/api/v1/phone", "", nil, &state)
		return state.Connected
	})
	ctx, stop := context.WithCancel(t.Context())
	var done sync.WaitGroup
	t.Cleanup(func() { stop(); done.Wait() })
	done.Go(func() { k.say(ctx, hz) })
	return k
}

// say sends a tone until ctx ends.
func (k *console) say(ctx context.Context, hz float64) {
	frames := time.NewTicker(20 * time.Millisecond)
	defer frames.Stop()
	clip := audio.NewClip(audio.Signal(audio.Beat{Tones: []float64{hz}, For: time.Second}))
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-frames.C:
		}
		if k.track.WriteRTP(&pionrtp.Packet{
			Header:  pionrtp.Header{Version: 2, SequenceNumber: uint16(i), Timestamp: uint32(i * audio.Frame), Marker: i == 0},
			Payload: clip.Frame(audio.ALaw, i%clip.Frames()),
		}) != nil {
			return
		}
	}
}

func (k *console) hear(r *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
	for {
		p, _, err := r.ReadRTP()
		if err != nil {
			return
		}
		k.mu.Lock()
		k.heard = audio.ALaw.AppendDecoded(k.heard, p.Payload)
		k.heard = k.heard[max(0, len(k.heard)-audio.Rate/2):]
		k.samples += len(p.Payload)
		k.mu.Unlock()
	}
}

func (k *console) hears(hz float64) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return strong(k.heard, hz) > 0.2
}

// strong is how much of the last half second a tone is, from 0 to 1.
func strong(samples []int16, hz float64) float64 {
	if len(samples) < audio.Rate/2 {
		return 0
	}
	var re, im, power float64
	for i, s := range samples {
		v := float64(s)
		power += v * v
		re += v * math.Cos(2*math.Pi*hz*float64(i)/audio.Rate)
		im += v * math.Sin(2*math.Pi*hz*float64(i)/audio.Rate)
	}
	if power == 0 {
		return 0
	}
	return 2 * (re*re + im*im) / float64(len(samples)) / power
}
