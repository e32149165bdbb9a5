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
