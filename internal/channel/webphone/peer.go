package webphone

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/rtcp"
	pionrtp "github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"yingda/internal/kit/audio"
	"yingda/internal/kit/rtp"
)

// connection is one browser's.
type connection struct {
	id     string
	law    audio.Law
	still  func(context.Context) error
	line   *line
	pc     *webrtc.PeerConnection
	sender *webrtc.RTPSender
	out    atomic.Pointer[outlet]
	once   sync.Once // closed
}

// outlet is where sound goes out once both sides agree. One goroutine at a time
// writes to it: the leg's lock sees to that.
type outlet struct {
	to     webrtc.TrackLocalWriter
	header pionrtp.Header
}

// engines returns what makes connections, one for each law: a browser is answered
// with one, so that nothing needs to be translated, nor agreed on anew.
func engines(o Options, udp *net.UDPConn, tcp *net.TCPListener) (map[audio.Law]*webrtc.API, func() error) {
	logs := loggers{o.Log}
	listening := udp.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap() //nolint:forcetypeassert // it is a UDP socket
	udpMux := ice.NewUDPMuxDefault(ice.UDPMuxParams{Logger: logs.NewLogger("udp"), UDPConn: udp})
	tcpMux := ice.NewTCPMuxDefault(ice.TCPMuxParams{Listener: tcp, Logger: logs.NewLogger("tcp"), ReadBufferSize: 32, WriteBufferSize: 256 << 10})
	s := webrtc.SettingEngine{LoggerFactory: logs}
	s.SetICEUDPMux(udpMux)
	s.SetICETCPMux(tcpMux)
	s.DisableActiveTCP(true)
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetICETimeouts(silence, failedAfter, keepAlive)
	networks := []webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeTCP4}
	if listening.Is6() {
		networks = append(networks, webrtc.NetworkTypeUDP6, webrtc.NetworkTypeTCP6)
	}
	s.SetNetworkTypes(networks)
	s.SetIncludeLoopbackCandidate(listening.IsLoopback())
	if !listening.IsUnspecified() {
		s.SetIPFilter(func(ip net.IP) bool { return ip.Equal(listening.AsSlice()) })
	}
	if o.Public.IsValid() && o.Public != listening {
		_ = s.SetICEAddressRewriteRules(webrtc.ICEAddressRewriteRule{ // nothing else sets addresses
			External: []string{o.Public.String()}, AsCandidateType: webrtc.ICECandidateTypeHost, Mode: webrtc.ICEAddressRewriteReplace,
		})
	}
	apis := map[audio.Law]*webrtc.API{}
	for law, mime := range map[audio.Law]string{audio.ALaw: webrtc.MimeTypePCMA, audio.ULaw: webrtc.MimeTypePCMU} {
		m := &webrtc.MediaEngine{}
		_ = m.RegisterCodec(webrtc.RTPCodecParameters{ // fails for video only
			RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: mime, ClockRate: audio.Rate}, PayloadType: webrtc.PayloadType(law),
		}, webrtc.RTPCodecTypeAudio)
		// The leg counts and reports by itself; nothing of the library stands between.
		apis[law] = webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(&interceptor.Registry{}), webrtc.WithSettingEngine(s))
	}
	return apis, func() error {
		return errors.Join(udpMux.Close(), tcpMux.Close(), closed(udp.Close()), closed(tcp.Close()))
	}
}

// closed is the error of closing what may be closed already.
func closed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// read returns the law in which a browser is answered, and its offer without the
// addresses that it names: who wants to be heard reaches us, and nothing is sent
// to where nobody came from.
func read(offer string) (audio.Law, string, error) {
	if len(offer) > mostSDP {
		return 0, "", ErrTooLarge
	}
	d := webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}
	s, err := d.Unmarshal()
	if err != nil {
		return 0, "", ErrNoOffer.Because(err)
	}
	if len(s.MediaDescriptions) != 1 || s.MediaDescriptions[0].MediaName.Media != "audio" {
		return 0, "", ErrNoOffer
	}
	formats := s.MediaDescriptions[0].MediaName.Formats
	law, found := audio.ALaw, false
	for _, f := range formats {
		switch f {
		case "8":
			law, found = audio.ALaw, true
		case "0":
			if !found {
				law, found = audio.ULaw, true
			}
		}
	}
	if !found {
		return 0, "", ErrNoSound
	}
	kept := strings.Builder{}
	for l := range strings.Lines(offer) {
		if !strings.HasPrefix(l, "a=candidate:") && !strings.HasPrefix(l, "a=end-of-candidates") {
			kept.WriteString(l)
		}
	}
	return law, kept.String(), nil
}

// build makes the connection that a browser will be answered with.
func (p *Phones) build(c *connection) (err error) {
	if c.pc, err = p.apis[c.law].NewPeerConnection(webrtc.Configuration{}); err != nil {
		return err
	}
	c.pc.OnConnectionStateChange(func(webrtc.PeerConnectionState) {
		p.changed(c, c.pc.ConnectionState()) // not the one that is told: two may overtake each other
	})
	c.pc.OnTrack(func(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
		p.closing.Go(func() { c.follow(r.Read) })
		c.follow(t.Read)
	})
	t, err := c.pc.AddTransceiverFromTrack(&voice{c}, webrtc.RTPTransceiverInit{
		Direction:     webrtc.RTPTransceiverDirectionSendrecv,
		SendEncodings: []webrtc.RTPEncodingParameters{{RTPCodingParameters: webrtc.RTPCodingParameters{SSRC: webrtc.SSRC(c.line.leg.Source())}}},
	})
	if err != nil {
		return err
	}
	c.sender = t.Sender()
	p.closing.Go(func() { c.follow(c.sender.Read) })
	return nil
}

// follow hands the leg what the browser sends, as long as its line is this
// connection's.
func (c *connection) follow(read func([]byte) (int, interceptor.Attributes, error)) {
	buf := make([]byte, 1500)
	for {
		n, _, err := read(buf)
		if err != nil {
			return
		}
		if c.line.wire.to.Load() == c {
			c.line.leg.Arrive(buf[:n])
		}
	}
}

// answer returns our side of what the browser offers.
func (c *connection) answer(ctx context.Context, offer string) (string, error) {
	if err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", err
	}
	answer, err := c.pc.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	gathered := webrtc.GatheringCompletePromise(c.pc)
	if err := c.pc.SetLocalDescription(answer); err != nil {
		return "", err
	}
	select {
	case <-gathered:
		return c.pc.LocalDescription().SDP, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// path is how packets go; empty before they do.
func (c *connection) path() string {
	pair, err := c.sender.Transport().ICETransport().GetSelectedCandidatePair()
	if err != nil || pair == nil {
		return ""
	}
	return pair.Local.Protocol.String()
}

// voice is our side's sound as the library sees it.
type voice struct{ c *connection }

func (v *voice) Bind(t webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	codecs := t.CodecParameters()
	if len(codecs) == 0 {
		return webrtc.RTPCodecParameters{}, webrtc.ErrUnsupportedCodec
	}
	v.c.out.Store(&outlet{to: t.WriteStream(), header: pionrtp.Header{Version: 2, SSRC: uint32(t.SSRC()), PayloadType: uint8(codecs[0].PayloadType)}})
	return codecs[0], nil
}

func (v *voice) Unbind(webrtc.TrackLocalContext) error {
	v.c.out.Store(nil)
	return nil
}

func (v *voice) ID() string                { return "voice" }
func (v *voice) RID() string               { return "" }
func (v *voice) StreamID() string          { return "line" }
func (v *voice) Kind() webrtc.RTPCodecType { return webrtc.RTPCodecTypeAudio }

// wire carries the packets of a line's leg over the connection of now.
type wire struct {
	to atomic.Pointer[connection]
}

var errNotConnected = errors.New("no browser is connected")

func (w *wire) Sound(b []byte) error {
	c := w.to.Load()
	if c == nil {
		return errNotConnected
	}
	o := c.out.Load()
	var p rtp.Packet
	if o == nil || !p.Read(b) {
		return errNotConnected
	}
	h := &o.header
	h.Marker, h.SequenceNumber, h.Timestamp = p.Marker, p.Sequence, p.Time
	_, err := o.to.WriteRTP(h, p.Payload)
	return err
}

func (w *wire) Report(b []byte) error {
	c := w.to.Load()
	if c == nil {
		return errNotConnected
	}
	raw := rtcp.RawPacket(b)
	return c.pc.WriteRTCP([]rtcp.Packet{&raw})
}

// loggers let the library write into our log. What it warns of is the network's
// everyday: for us it is detail.
type loggers struct{ log *slog.Logger }

func (l loggers) NewLogger(scope string) logging.LeveledLogger {
	return logger{l.log.With(slog.String("part", "webrtc "+scope))}
}
