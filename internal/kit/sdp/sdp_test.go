package sdp_test

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yingda/internal/kit/audio"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/sdp"
)

var ours = sdp.Local{
	Address: netip.MustParseAddr("192.0.2.1"), Port: 40000, Laws: []audio.Law{audio.ALaw, audio.ULaw}, Events: true, ID: 7, Version: 1,
	Key: "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj",
}

// What telephones and carriers offer, one file each, and what is made of it.
func TestCorpus(t *testing.T) {
	for _, c := range []struct {
		file string
		want string // remote, law, payload, events, ptime, direction, suite
	}{
		{"baresip", "127.0.0.1:12004 PCMU 0 101 20 sendrecv "},
		{"sipp", "127.0.0.1:6000 PCMA 8 101 20 sendrecv "},
		{"ims", "10.8.3.20:30124 PCMA 8 97 20 sendrecv "},
		{"dynamic-number", "198.51.100.9:5004 PCMA 98 0 30 sendrecv "},
		{"no-rtpmap", "198.51.100.9:5004 PCMU 0 0 20 sendrecv "},
		{"hold-sendonly", "198.51.100.9:5004 PCMA 8 101 20 recvonly "},
		{"hold-zero", "invalid AddrPort PCMA 8 101 20 recvonly "},
		{"inactive-session", "198.51.100.9:5004 PCMA 8 0 20 inactive "},
		{"media-address", "198.51.100.77:5004 PCMA 8 0 40 sendonly "},
		{"ipv6", "[2001:db8::5]:5004 PCMU 0 101 20 sendrecv "},
		{"name", "invalid AddrPort PCMA 8 0 20 sendrecv "},
		{"video-first", "198.51.100.9:5004 PCMA 8 101 20 sendrecv "},
		{"sdes", "198.51.100.9:5004 PCMA 8 101 20 sendrecv AES_CM_128_HMAC_SHA1_80"},
		{"savp-then-avp", "198.51.100.9:5006 PCMA 8 0 20 sendrecv "},
		{"bare-newlines", "198.51.100.9:5004 PCMA 8 101 20 sendrecv "},
		{"wideband-events", "198.51.100.9:5004 PCMU 0 101 20 sendrecv "},
	} {
		s, err := sdp.Parse(read(t, c.file))
		if err != nil {
			t.Errorf("%s: %v", c.file, err)
			continue
		}
		answer, a, err := sdp.Answer(s, ours)
		if err != nil {
			t.Errorf("%s: %v", c.file, err)
			continue
		}
		if got := told(a); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.file, got, c.want)
		}
		back, err := sdp.Parse(answer)
		if err != nil || len(back.Media) != len(s.Media) {
			t.Errorf("%s: the answer has not a line for each of the offer: %v\n%s", c.file, err, answer)
		}
	}
}

func told(a sdp.Agreed) string {
	return strings.Join([]string{a.Remote.String(), a.Law.String(), itoa(a.Payload), itoa(a.Events), itoa(a.Ptime), a.Direction.String(), a.Suite}, " ")
}

func itoa[T uint8 | int](n T) string {
	if n >= 10 {
		return itoa(n/10) + string(rune('0'+n%10))
	}
	return string(rune('0' + n))
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".sdp"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAnswer(t *testing.T) {
	s, err := sdp.Parse(read(t, "video-first"))
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := sdp.Answer(s, ours)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(`v=0
o=- 7 1 IN IP4 192.0.2.1
s=-
c=IN IP4 192.0.2.1
t=0 0
m=video 0 RTP/AVP 99
m=audio 40000 RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=ptime:20
a=sendrecv
a=rtcp-mux
m=audio 0 RTP/AVP 0
`, "\n", "\r\n")
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNothingInCommon(t *testing.T) {
	for _, name := range []string{"g729", "video-only", "webrtc", "refused"} {
		s, err := sdp.Parse(read(t, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, _, err := sdp.Answer(s, ours); !errors.Is(err, sdp.ErrNoAudio) {
			t.Errorf("%s: %v", name, err)
		}
	}
	plain := ours
	plain.Secure = true
	s, _ := sdp.Parse(read(t, "sipp"))
	if _, _, err := sdp.Answer(s, plain); !errors.Is(err, sdp.ErrNoAudio) {
		t.Errorf("who wants only sealed sound took open sound: %v", err)
	}
}

func TestRefused(t *testing.T) {
	head := "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
	for name, text := range map[string]string{
		"empty":           "",
		"no version":      "o=- 1 1 IN IP4 1.2.3.4\r\n",
		"another version": "v=1\r\n",
		"no media":        head,
		"short media":     head + "m=audio 5004\r\n",
		"port too high":   head + "m=audio 70000 RTP/AVP 8\r\n",
		"port no number":  head + "m=audio x RTP/AVP 8\r\n",
		"no address":      "v=0\r\nm=audio 5004 RTP/AVP 8\r\n",
		"multicast":       "v=0\r\nc=IN IP4 224.2.1.1/127\r\nm=audio 5004 RTP/AVP 8\r\n",
		"no letter":       head + "audio\r\n",
		"too many media":  head + strings.Repeat("m=audio 5004 RTP/AVP 8\r\n", 17),
		"too long":        head + strings.Repeat("a=x\r\n", 5000),
		"address line":    "v=0\r\nc=IN\r\nm=audio 5004 RTP/AVP 8\r\n",
	} {
		if _, err := sdp.Parse([]byte(text)); fault.CodeOf(err) != "sdp.malformed" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A key that nothing can be sealed with is as if there were none.
func TestNoKey(t *testing.T) {
	us := ours
	us.Secure = true
	for _, key := range []string{"", "dGhlaXJz", "!"} {
		us.Key = key
		offer, err := sdp.Parse(sdp.Offer(us))
		if err != nil {
			t.Fatal(err)
		}
		if _, a, err := sdp.Answer(offer, ours); !errors.Is(err, sdp.ErrNoAudio) {
			t.Errorf("the key %q was taken: %+v, %v", key, a, err)
		}
	}
}

// An offer of ours is answered by ourselves, and both understand the same.
func TestOfferAndAccept(t *testing.T) {
	theirs := sdp.Local{Address: netip.MustParseAddr("2001:db8::9"), Port: 5004, Laws: []audio.Law{audio.ULaw}, Events: true, ID: 1, Key: sdp.NewKey()}
	for _, c := range []struct {
		name   string
		secure bool
		dir    sdp.Direction
	}{{"open", false, sdp.SendRecv}, {"sealed", true, sdp.SendRecv}, {"held", false, sdp.SendOnly}} {
		us := ours
		us.Secure, us.Direction = c.secure, c.dir
		offer, err := sdp.Parse(sdp.Offer(us))
		if err != nil {
			t.Fatal(err)
		}
		text, at, err := sdp.Answer(offer, theirs)
		if err != nil {
			t.Fatal(c.name, err)
		}
		answer, err := sdp.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		a, err := sdp.Accept(us, answer)
		if err != nil {
			t.Fatal(c.name, err)
		}
		if a.Law != audio.ULaw || at.Law != audio.ULaw || a.Events != 101 || at.Events != 101 || a.Direction != at.Direction.Mirror() {
			t.Errorf("%s: %+v %+v", c.name, a, at)
		}
		if a.Remote.String() != "[2001:db8::9]:5004" || at.Remote.String() != "192.0.2.1:40000" || at.Reports.String() != "192.0.2.1:40001" {
			t.Errorf("%s: %s %s %s", c.name, a.Remote, at.Remote, at.Reports)
		}
		if c.secure && (a.Ours != at.Theirs || a.Theirs != at.Ours || a.Suite != at.Suite) {
			t.Errorf("%s: %+v %+v", c.name, a, at)
		}
	}
	refused, _ := sdp.Parse(read(t, "refused"))
	if _, err := sdp.Accept(ours, refused); !errors.Is(err, sdp.ErrNoAudio) {
		t.Errorf("a refused stream was accepted: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.sdp")
	if err != nil || len(files) < 15 {
		f.Fatal(files, err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := sdp.Parse(b)
		if err != nil {
			return
		}
		answer, a, err := sdp.Answer(s, ours)
		if err != nil {
			return
		}
		if a.Payload > 127 || a.Events > 127 || a.Ptime < 20 || a.Ptime > 60 {
			t.Fatalf("agreed on %+v", a)
		}
		back, err := sdp.Parse(answer)
		if err != nil {
			t.Fatalf("the answer cannot be read: %v\n%q", err, answer)
		}
		if len(back.Media) != len(s.Media) {
			t.Fatalf("%d media answer %d", len(back.Media), len(s.Media))
		}
	})
}
