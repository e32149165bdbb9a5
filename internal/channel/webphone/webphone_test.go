package webphone

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/turn/v4"
	"github.com/pion/webrtc/v4"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/event"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/fault"
)

const (
	lin  agent.ID = 1
	zhao agent.ID = 2
)

// What the browser says is heard on the leg, and what is played there in the
// browser, in either law.
func TestBothWays(t *testing.T) {
	for _, law := range []audio.Law{audio.ALaw, audio.ULaw} {
		o := open(t, nil)
		if _, ok := o.Leg(lin); ok {
			t.Error("there is a leg before there is a telephone")
		}
		b := o.connect(lin, wishes{law: law}, always)
		leg, ok := o.Leg(lin)
		if !ok {
			t.Fatal("a telephone that is connected has no leg")
		}
		if s := o.State(lin); s.Path != "udp" || s.ICE != "connected" || !s.Since.Equal(o.clock.Now()) {
			t.Errorf("%+v", s)
		}
		heard := &ear{}
		leg.Bridge(heard)
		b.says(440)
		heard.hears(t, 440)
		leg.Play(tone(700))
		b.hears(700)
		wait(t, "figures", func() bool { f := leg.Figures(); return f.Received > 20 && f.Sent > 10 })
		if f := leg.Figures(); f.Lost > f.Received/10 {
			t.Errorf("%+v", f)
		}
		wait(t, "what the browser reports", func() bool { return leg.Figures().Reported })
	}
}

// Two agents talk with each other; one speaks the other law.
func TestBridge(t *testing.T) {
	o := open(t, nil)
	a, b := o.connect(lin, wishes{law: audio.ALaw}, always), o.connect(zhao, wishes{law: audio.ULaw}, always)
	la, _ := o.Leg(lin)
	lb, _ := o.Leg(zhao)
	la.Bridge(lb)
	lb.Bridge(la)
	a.says(440)
	b.says(880)
	b.hears(440)
	a.hears(880)
}

// A console that is opened anew takes the line over: whoever holds the leg
// notices nothing.
func TestReplaces(t *testing.T) {
	o := open(t, nil)
	first := o.connect(lin, wishes{law: audio.ALaw}, always)
	leg, _ := o.Leg(lin)
	heard := &ear{}
	leg.Bridge(heard)
	leg.Play(tone(700))
	first.says(440)
	heard.hears(t, 440)
	second := o.connect(lin, wishes{law: audio.ULaw}, always)
	if again, ok := o.Leg(lin); !ok || again != leg {
		t.Error("the leg is another one")
	}
	second.says(600)
	heard.hears(t, 600)
	second.hears(700)
	wait(t, "the first to be hung up", first.ended)
	select {
	case <-o.gone:
		t.Error("the line was given up")
	default:
	}
}

// A browser that reloads has a few seconds to come back.
func TestComesBack(t *testing.T) {
	o := open(t, nil)
	first := o.connect(lin, wishes{}, always)
	leg, _ := o.Leg(lin)
	if err := first.pc.Close(); err != nil {
		t.Fatal(err)
	}
	wait(t, "the line to be down", func() bool { _, ok := o.Leg(lin); return !ok })
	second := o.connect(lin, wishes{}, always)
	leg.Play(tone(700))
	second.hears(700)
	if len(o.gone) > 0 {
		t.Error("the line was given up")
	}
}

// What ends a telephone: it is closed, hung up here, or its session is over.
func TestGone(t *testing.T) {
	cases := map[string]func(o *office, b *browser, over *atomic.Bool){
		"the browser is closed": func(_ *office, b *browser, _ *atomic.Bool) { _ = b.pc.Close() },
		"hung up":               func(o *office, _ *browser, _ *atomic.Bool) { o.Disconnect(lin) },
		"signed out": func(o *office, _ *browser, over *atomic.Bool) {
			over.Store(true)
			o.feed.to <- []event.Event{{Kind: event.SessionEnded, Agent: lin}}
		},
	}
	for name, end := range cases {
		t.Run(name, func(t *testing.T) {
			var told atomic.Int32
			o := open(t, func(o *Options) { o.Grace, o.Changed = 50*time.Millisecond, func() { told.Add(1) } })
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- o.Run(ctx) }()
			var over atomic.Bool
			b := o.connect(lin, wishes{}, func(context.Context) error {
				if over.Load() {
					return fault.New(fault.Unsigned, "session.expired", "over")
				}
				return nil
			})
			other := o.connect(zhao, wishes{}, always)
			o.feed.to <- []event.Event{{Kind: event.SessionEnded, Agent: lin}, {Kind: event.SessionEnded, Agent: zhao}} // of other sessions
			leg, ok := o.Leg(lin)
			if !ok {
				t.Fatal("it has gone before its end")
			}
			if here := o.Connected(); len(here) != 2 || told.Load() < 2 {
				t.Errorf("connected are %v, told %d times", here, told.Load())
			}
			before := told.Load()
			end(o, b, &over)
			select {
			case a := <-o.gone:
				if a != lin {
					t.Errorf("%v has gone", a)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("nobody was told")
			}
			if here := o.Connected(); !slices.Equal(here, []agent.ID{zhao}) || told.Load() == before {
				t.Errorf("connected are %v, told %d times", here, told.Load()-before)
			}
			if _, ok := o.Leg(lin); ok || o.State(lin) != (channel.PhoneState{}) {
				t.Errorf("there is still a line: %+v", o.State(lin))
			}
			leg.Play(tone(700)) // who still holds it does no harm
			wait(t, "the browser to know", b.ended)
			if !o.State(zhao).Connected || other.ended() {
				t.Error("another agent was cut off")
			}
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}

// Where UDP does not pass, TCP on the same port does.
func TestTCP(t *testing.T) {
	o := open(t, nil)
	b := o.connect(lin, wishes{networks: []webrtc.NetworkType{webrtc.NetworkTypeTCP4}}, always)
	if s := o.State(lin); s.Path != "tcp" {
		t.Errorf("%+v", s)
	}
	leg, _ := o.Leg(lin)
	heard := &ear{}
	leg.Bridge(heard)
	leg.Play(tone(700))
	b.says(440)
	heard.hears(t, 440)
	b.hears(700)
}

// Where nothing but one port of TCP passes, the relay does: for who shows what an
// agent's console was given, as long as that is good.
func TestRelay(t *testing.T) {
	o := open(t, func(o *Options) { o.RelayListen, o.Secret = netip.AddrPortFrom(loopback, 0), []byte("secret") })
	c, ok := o.Credentials(lin)
	if !ok || len(c.URLs) != 2 {
		t.Fatalf("%+v %v", c, ok)
	}
	through := func(c channel.PhoneCredentials) wishes {
		return wishes{law: audio.ALaw, config: webrtc.Configuration{
			ICETransportPolicy: webrtc.ICETransportPolicyRelay,
			ICEServers:         []webrtc.ICEServer{{URLs: c.URLs[1:], Username: c.Username, Credential: c.Password}},
		}}
	}
	b := o.connect(lin, through(c), always)
	leg, _ := o.Leg(lin)
	heard := &ear{}
	leg.Bridge(heard)
	leg.Play(tone(700))
	b.says(440)
	heard.hears(t, 440)
	b.hears(700)

	wrong := c
	wrong.Password = "guessed"
	if strings.Contains(newBrowser(t, through(wrong)).offer(), "typ relay") {
		t.Error("a wrong password was good enough")
	}
	o.clock.Turn(credentialsLast + time.Second)
	if strings.Contains(newBrowser(t, through(c)).offer(), "typ relay") {
		t.Error("yesterday's password was good enough")
	}
	if _, ok := open(t, nil).Credentials(lin); ok {
		t.Error("there are credentials without a relay")
	}
}

// The relay leads to our telephones and nowhere else.
func TestRelayLeadsNowhereElse(t *testing.T) {
	o := open(t, func(o *Options) { o.RelayListen, o.Secret = netip.AddrPortFrom(loopback, 0), []byte("secret") })
	c, _ := o.Credentials(lin)
	conn, err := net.Dial("tcp", o.relay.address.String())
	if err != nil {
		t.Fatal(err)
	}
	client, err := turn.NewClient(&turn.ClientConfig{
		TURNServerAddr: o.relay.address.String(), Conn: turn.NewSTUNConn(conn), Username: c.Username, Password: c.Password, Realm: realm,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := client.Listen(); err != nil {
		t.Fatal(err)
	}
	relayed, err := client.Allocate()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = relayed.Close() }()
	neighbour, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = neighbour.Close() }()
	if _, err := relayed.WriteTo([]byte("hello"), neighbour.LocalAddr()); err != nil {
		t.Errorf("not even to this machine: %v", err)
	}
	_ = neighbour.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
	if n, from, err := neighbour.ReadFrom(make([]byte, 100)); err == nil {
		t.Errorf("another port heard %d bytes from %v", n, from)
	}
	if err := client.CreatePermission(&net.UDPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80}); err == nil {
		t.Error("it leads to strangers")
	}
}

// An address that others see instead of ours is what browsers are told.
func TestPublicAddress(t *testing.T) {
	o := open(t, func(o *Options) { o.Public = netip.MustParseAddr("203.0.113.7") })
	a, err := o.Connect(t.Context(), channel.PhoneOffer{Agent: lin, SDP: newBrowser(t, wishes{}).offer(), Still: always})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(a.SDP, " 203.0.113.7 ") || strings.Contains(a.SDP, "127.0.0.1 ") {
		t.Error(a.SDP)
	}
}

func TestRefuses(t *testing.T) {
	o := open(t, nil)
	good := newBrowser(t, wishes{law: audio.ALaw}).offer()
	cases := map[string]struct {
		sdp  string
		want error
	}{
		"nothing":        {"", ErrNoOffer},
		"something":      {"hello", ErrNoOffer},
		"two tracks":     {good + "m=audio 9 UDP/TLS/RTP/SAVPF 8\r\n", ErrNoOffer},
		"a picture":      {strings.Replace(good, "m=audio", "m=video", 1), ErrNoOffer},
		"opus only":      {strings.ReplaceAll(good, "SAVPF 8", "SAVPF 111"), ErrNoSound},
		"no fingerprint": {strings.ReplaceAll(good, "a=fingerprint", "a=x"), ErrNoOffer},
		"very much":      {good + strings.Repeat("a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n", 400), ErrTooLarge},
	}
	for name, c := range cases {
		if _, err := o.Connect(t.Context(), channel.PhoneOffer{Agent: zhao, SDP: c.sdp, Still: always}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if s := o.State(zhao); s != (channel.PhoneState{}) {
			t.Errorf("%s: left %+v", name, s)
		}
	}
	for range offersAtOnce - len(cases) {
		_, _ = o.Connect(t.Context(), channel.PhoneOffer{Agent: zhao, SDP: "", Still: always})
	}
	if _, err := o.Connect(t.Context(), channel.PhoneOffer{Agent: zhao, SDP: good, Still: always}); fault.KindOf(err) != fault.Busy {
		t.Errorf("again and again: %v", err)
	}
	o.clock.Turn(2 * time.Second)
	if _, err := o.Connect(t.Context(), channel.PhoneOffer{Agent: zhao, SDP: good, Still: always}); err != nil {
		t.Errorf("a moment later: %v", err)
	}
	if len(o.gone) > 0 {
		t.Error("a telephone has gone that never was")
	}
}

// Nobody is sent to the addresses that an offer names.
func TestOfferNamesNobody(t *testing.T) {
	_, text, err := read(newBrowser(t, wishes{}).offer())
	if err != nil || strings.Contains(text, "candidate") || !strings.Contains(text, "fingerprint") {
		t.Errorf("%v %s", err, text)
	}
}
