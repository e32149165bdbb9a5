package mail_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http/httptest"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/mail"
)

// server is a mail server for one test.
type server struct {
	mu     sync.Mutex
	got    []string
	from   string
	to     string
	secure bool // the last message came through TLS
	refuse *smtp.SMTPError
}

const user, password = "service@yuanxing.example", "correct horse"

func (s *server) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &visit{server: s, conn: c}, nil
}

type visit struct {
	*server
	conn *smtp.Conn
}

func (v *visit) AuthMechanisms() []string { return []string{sasl.Plain} }

func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, pass string) error {
		if name != user || pass != password {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (v *visit) Mail(from string, _ *smtp.MailOptions) error { v.from = from; return nil }

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	if v.refuse != nil {
		return v.refuse
	}
	v.to = to
	return nil
}

func (v *visit) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.got = append(v.got, string(b))
	_, v.secure = v.conn.TLSConnectionState()
	return err
}

func (v *visit) Reset() {}

func (v *visit) Logout() error { return nil }

// certificate is one that the returned pool believes, for 127.0.0.1.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	t.Cleanup(s.Close)
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return s.TLS.Certificates[0], pool
}

// open starts the server, with TLS if it has a certificate, and returns where.
func (s *server) open(t *testing.T, cert *tls.Certificate, implicit bool) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	srv := smtp.NewServer(s)
	srv.Domain, srv.AllowInsecureAuth, srv.ErrorLog = "mail.test", true, slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	if cert != nil {
		srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*cert}, MinVersion: tls.VersionTLS12}
		if implicit {
			l = tls.NewListener(l, srv.TLSConfig)
		}
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close(); <-done })
	return address
}

var message = mail.Message{To: "zhao@mail.example", Subject: "【远行汽车】验证码", Text: "您的验证码是 048213。\n5 分钟内有效。\n"}

func sender(t *testing.T, address string, pool *x509.CertPool) *mail.SMTP {
	t.Helper()
	s, err := mail.Open(address, "远行汽车 <service@yuanxing.example>")
	if err != nil {
		t.Fatal(err)
	}
	if pool != nil {
		s.TLS = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	return s
}

func TestDeliver(t *testing.T) {
	cert, pool := certificate(t)
	for _, c := range []struct {
		name, scheme, login    string
		cert                   *tls.Certificate
		implicit, secureWanted bool
	}{
		{"STARTTLS and a password", "smtp://", "service%40yuanxing.example:correct%20horse@", &cert, false, true},
		{"TLS from the start", "smtps://", "service%40yuanxing.example:correct%20horse@", &cert, true, true},
		{"no user, TLS where there is one", "smtp://", "", &cert, false, true},
		{"no user and no TLS", "smtp://", "", nil, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s server
			at := s.open(t, c.cert, c.implicit)
			if err := sender(t, c.scheme+c.login+at, pool).Deliver(t.Context(), message); err != nil {
				t.Fatal(err)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			if len(s.got) != 1 || s.from != "service@yuanxing.example" || s.to != message.To || s.secure != c.secureWanted {
				t.Fatalf("%d messages, from %s to %s, TLS %v", len(s.got), s.from, s.to, s.secure)
			}
			read(t, s.got[0])
		})
	}
}

// read checks what a mail program would show.
func read(t *testing.T, raw string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != message.Subject {
		t.Errorf("the subject is %q, %v", subject, err)
	}
	if m.Header.Get("Message-ID") == "" || m.Header.Get("Date") == "" || m.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("headers %v", m.Header)
	}
	if from, err := netmail.ParseAddress(m.Header.Get("From")); err != nil || from.Name != "远行汽车" {
		t.Errorf("from %v, %v", from, err)
	}
}

func TestWhatGoesWrong(t *testing.T) {
	cert, pool := certificate(t)
	right, wrong := "service%40yuanxing.example:correct%20horse@", "service%40yuanxing.example:wrong@"
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := closed.Addr().String()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, login, code string
		cert              *tls.Certificate
		pool              *x509.CertPool
		refuse            *smtp.SMTPError
		at                string
	}{
		{name: "nobody answers", login: right, code: "mail.unreachable", at: nobody},
		{name: "a wrong password", login: wrong, code: "mail.auth", cert: &cert, pool: pool},
		{name: "a password but no TLS: it is not sent", login: right, code: "mail.tls"},
		{name: "a certificate that nobody believes", login: right, code: "mail.tls", cert: &cert},
		{name: "an address that does not exist", login: right, code: "mail.refused", cert: &cert, pool: pool, refuse: &smtp.SMTPError{Code: 550, Message: "no such user " + message.To}},
		{name: "later, please", login: right, code: "mail.busy", cert: &cert, pool: pool, refuse: &smtp.SMTPError{Code: 451, Message: "greylisted"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := server{refuse: c.refuse}
			at := c.at
			if at == "" {
				at = s.open(t, c.cert, false)
			}
			err := sender(t, "smtp://"+c.login+at, c.pool).Deliver(t.Context(), message)
			if err == nil || fault.CodeOf(err) != c.code {
				t.Fatalf("%v, want %s", err, c.code)
			}
			if f, _ := errors.AsType[*fault.Error](err); f == nil || strings.Contains(err.Error(), "correct horse") || strings.Contains(err.Error(), "wrong@") || strings.Contains(err.Error(), message.To) {
				t.Errorf("the error tells too much: %v", err)
			}
		})
	}
}

func TestOpen(t *testing.T) {
	for address, want := range map[string]string{
		"smtp://u:p@mail.example:2525": "mail.example:2525", "smtp://mail.example": "mail.example:587", "smtps://u:p@mail.example": "mail.example:465",
		"mail.example:587": "", "http://mail.example": "", "smtp://": "", "smtp://mail.example/inbox": "", "smtp://mail.example:99999": "",
	} {
		s, err := mail.Open(address, "service@yuanxing.example")
		if (want == "") != (err != nil) || err == nil && s.Name() != want {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := mail.Open("smtp://mail.example", "nobody"); err == nil || fault.CodeOf(err) != "mail.from" {
		t.Errorf("from nobody: %v", err)
	}
}
