package config_test

import (
	"strings"
	"testing"

	"yingda/internal/config"
)

func TestCourier(t *testing.T) {
	for _, c := range []struct{ smtp, from, want string }{
		{"", "", ""},
		{"smtp://user:secret@mail.example:587", "远行汽车 <service@yuanxing.example>", ""},
		{"smtp://user:secret@mail.example:587", "", "--mail-from"},
		{"", "service@yuanxing.example", "--smtp"},
		{"mail.example", "service@yuanxing.example", "smtp://user:password@host:587"},
		{"smtp://user:secret@mail.example:587", "service", "service@example.cn"},
	} {
		s := config.Serve{HTTP: "127.0.0.1:8080", SMTP: c.smtp, MailFrom: c.from}
		err := s.Check()
		if (c.want == "") != (err == nil) || err != nil && (!strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%q from %q: %v, want %q", c.smtp, c.from, err, c.want)
		}
		if server, err := s.Courier(); err == nil && (server == nil) != (c.smtp == "") {
			t.Errorf("%q: server %v", c.smtp, server)
		}
	}
}

func TestWebRTC(t *testing.T) {
	for _, c := range []struct{ http, listen, public, turn, address, want string }{
		{"127.0.0.1:8080", "", "", "", "127.0.0.1:8443", ""},
		{"0.0.0.0:8080", "", "203.0.113.7", "0.0.0.0:3478", "0.0.0.0:8443", ""},
		{":8080", "", "", "", "0.0.0.0:8443", ""},
		{"localhost:8080", "", "", "", "127.0.0.1:8443", ""},
		{"127.0.0.1:8080", "10.0.0.1:9000", "", "", "10.0.0.1:9000", ""},
		{"127.0.0.1:8080", "off", "", "", "", ""},
		{"127.0.0.1:8080", "9000", "", "", "", "--webrtc-listen"},
		{"127.0.0.1:8080", "", "example.cn", "", "", "--webrtc-public"},
		{"127.0.0.1:8080", "", "", "3478", "", "--turn-listen"},
	} {
		s := config.Serve{HTTP: c.http, WebRTCListen: c.listen, WebRTCPublic: c.public, TURNListen: c.turn}
		w, on, err := s.WebRTC()
		if err == nil && on != (c.address != "") || on && (w.Listen.String() != c.address || w.Usual != (c.listen == "") || w.Relay.IsValid() != (c.turn != "")) {
			t.Errorf("%+v: %+v %v", c, w, on)
		}
		if err := s.Check(); (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c, err, c.want)
		}
	}
}

func TestSMTPListen(t *testing.T) {
	for _, c := range []struct{ listen, address, want string }{
		{"", "127.0.0.1:2525", ""},
		{"off", "", ""},
		{"0.0.0.0:25", "0.0.0.0:25", ""},
		{"2525", "2525", "--smtp-listen"},
	} {
		s := config.Serve{HTTP: "127.0.0.1:8080", SMTPListen: c.listen}
		if got := s.SMTPAddress(); got != c.address {
			t.Errorf("%q: mail is taken on %q", c.listen, got)
		}
		if err := s.Check(); (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.listen, err, c.want)
		}
	}
	if err := (config.Serve{HTTP: "127.0.0.1:8080", SMTPKey: "key.pem"}).Check(); err == nil || !strings.Contains(err.Error(), "--smtp-certificate") {
		t.Errorf("a key without a certificate: %v", err)
	}
}

func TestWhereConsolesSend(t *testing.T) {
	for _, c := range []struct{ listen, sip, own, want string }{
		{"0.0.0.0:8443", "203.0.113.10", "", "203.0.113.10"},
		{"0.0.0.0:8443", "203.0.113.10", "203.0.113.7", "203.0.113.7"},
		{"127.0.0.1:8443", "203.0.113.10", "", "invalid IP"},
		{"0.0.0.0:8443", "", "", "invalid IP"},
	} {
		w, _, err := config.Serve{HTTP: "127.0.0.1:8080", WebRTCListen: c.listen, WebRTCPublic: c.own, SIPPublic: c.sip}.WebRTC()
		if err != nil || w.Public.String() != c.want {
			t.Errorf("%+v: %s, %v", c, w.Public, err)
		}
	}
}

func TestSIP(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		listen []string
		public string
		heard  int
		want   string
	}{
		{nil, "", 0, ""},
		{[]string{"off"}, "", 0, ""},
		{[]string{"udp://192.0.2.1:5060", "tcp://192.0.2.1:5060"}, "", 2, ""},
		{[]string{"udp://0.0.0.0:5060"}, "203.0.113.10", 1, ""},
		{[]string{"udp://0.0.0.0:5060"}, "", 0, "--sip-public"},
		{[]string{"udp://0.0.0.0:5060"}, "example.cn", 0, "203.0.113.10"},
		{[]string{"5060"}, "", 0, "udp://0.0.0.0:5060"},
		{[]string{"tls://192.0.2.1:5061"}, "", 0, "--sip-certificate"},
	} {
		s := config.Serve{HTTP: "127.0.0.1:8080", SIPListen: c.listen, SIPPublic: c.public}
		all, err := s.SIP(false)
		if len(all) != c.heard || (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, %v", c.listen, all, err)
		}
		if check := s.Check(); (check == nil) != (err == nil) {
			t.Errorf("%q: checked %v", c.listen, check)
		}
	}
	for _, wrong := range []string{"20000", "30000-20000", "80-90", "a-b", "20000-70000"} {
		if err := (config.Serve{HTTP: "127.0.0.1:8080", RTPPorts: wrong}).Check(); err == nil || !strings.Contains(err.Error(), "20000-29999") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if first, last, err := (config.Serve{RTPPorts: "4000-4999"}).SoundPorts(); first != 4000 || last != 4999 || err != nil {
		t.Errorf("%d to %d, %v", first, last, err)
	}
}
