package email_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-smtp"

	"yingda/internal/channel"
	"yingda/internal/channel/channeltest"
	"yingda/internal/channel/email"
	"yingda/internal/channel/email/peer"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/clock"
)

func postfix(t *testing.T, o peer.PostfixOptions) *peer.Postfix {
	t.Helper()
	need(t, "postfix")
	p, err := peer.StartPostfix(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(p.Log())
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func carrier(t *testing.T, desk channel.Mail, n email.Network) *email.Carrier {
	t.Helper()
	c := &email.Carrier{Mail: desk, Tokens: &email.Tokens{Mail: desk, Network: n, Now: clock.Now}, Network: n, Now: clock.Now, Log: logger(t)}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var wg sync.WaitGroup
	wg.Go(func() { _ = c.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return c
}

// What we send leaves through a real server, signed, and comes back through a
// real mailbox as it was.
func TestThroughPostfix(t *testing.T) {
	t.Parallel()
	d := dovecot(t, peer.DovecotOptions{})
	p := postfix(t, peer.PostfixOptions{Domain: "example.test", Dovecot: d})
	for _, c := range []struct {
		security mailbox.Security
		port     int
	}{{mailbox.StartTLS, p.SMTP}, {mailbox.TLS, p.SMTPS}} {
		t.Run(string(c.security), func(t *testing.T) {
			user := "service-" + string(c.security)
			m := box(d, user)
			m.Settings.Send.Server = mailbox.Server{Host: "localhost", Port: c.port, Security: c.security, User: user, Auth: mailbox.Password}
			m.Settings.Send.DKIMSelector, m.Settings.Send.SaveSent = "yd", "Sent"
			m.Settings.Send.PerMinute = 6000
			m.Secrets.SendPassword = peer.Password
			var public string
			m.Secrets.DKIMKey, public = signingKey(t, "ed25519")
			if err := d.Deliver(user); err != nil {
				t.Fatal(err)
			}
			if _, err := d.Admin(t.Context(), "mailbox", "create", "-u", user, "Sent"); err != nil {
				t.Fatal(err)
			}
			desk := channeltest.NewMailDesk(clock.Now, m)
			carry := carrier(t, desk, email.Network{Roots: p.Roots})
			body := []byte("From: <service@example.test>\r\nTo: <wang@example.test>\r\nSubject: answer\r\nDate: Mon, 30 Nov 2026 12:00:00 +0800\r\nMessage-ID: <a-" + user + "@example.test>\r\n\r\n.a line with a dot\r\n..\r\n")
			refused, err := carry.Carry(t.Context(), m, channel.Envelope{From: "bounce+c7@example.test", To: []string{m.Address}, Body: body})
			if err != nil || len(refused) != 0 {
				t.Fatal(refused, err)
			}
			fetcher(t, desk, email.Network{Roots: p.Roots}, swift, "a")
			within(t, desk, "our own mail", func() bool { return len(desk.Kept()) == 1 })
			raw := desk.Kept()[0].Raw
			if !bytes.HasSuffix(raw, body[bytes.Index(body, []byte("\r\n\r\n")):]) || !bytes.Contains(raw, []byte("Return-Path: <bounce+c7@example.test>")) {
				t.Errorf("it came back as %q", raw)
			}
			vs, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
				if name != "yd._domainkey.example.test" {
					return nil, errors.New("no such name " + name)
				}
				return []string{public}, nil
			}})
			if err != nil || len(vs) != 1 || vs[0].Err != nil {
				t.Errorf("the signature: %+v, %v", vs, err)
			}
			if out, err := d.Admin(t.Context(), "search", "-u", user, "mailbox", "Sent", "seen"); err != nil || len(strings.Fields(out)) != 2 {
				t.Errorf("the folder of sent mails has %q, %v", out, err)
			}
			if _, send := desk.Health(m.Inbox); len(send) != 1 || send[0].State != mailbox.Working {
				t.Errorf("health of sending: %+v", send)
			}
		})
	}
	t.Run("the wrong password", func(t *testing.T) {
		m := box(d, "service")
		m.Settings.Send.Server = mailbox.Server{Host: "localhost", Port: p.SMTP, Security: mailbox.StartTLS, User: "service", Auth: mailbox.Password}
		m.Secrets.SendPassword = "wrong"
		desk := channeltest.NewMailDesk(clock.Now, m)
		_, err := carrier(t, desk, email.Network{Roots: p.Roots}).Carry(t.Context(), m, channel.Envelope{From: m.Address, To: []string{m.Address}, Body: letter(1)})
		if _, send := desk.Health(m.Inbox); code(err) != "mail.auth" || len(send) != 1 || send[0].State != mailbox.Refused || send[0].Code != "mailbox.signin" {
			t.Errorf("%v, health %+v", err, send)
		}
	})
	t.Run("a certificate that nobody knows", func(t *testing.T) {
		m := box(d, "service")
		m.Settings.Send.Server = mailbox.Server{Host: "localhost", Port: p.SMTPS, Security: mailbox.TLS, User: "service", Auth: mailbox.Password}
		desk := channeltest.NewMailDesk(clock.Now, m)
		if _, err := carrier(t, desk, email.Network{}).Carry(t.Context(), m, channel.Envelope{From: m.Address, To: []string{m.Address}, Body: letter(1)}); code(err) != "mail.tls" {
			t.Error(err)
		}
	})
	t.Run("checked while the administrator waits", func(t *testing.T) {
		m := box(d, "checked")
		m.Settings.Send.Server = mailbox.Server{Host: "127.0.0.1", Port: p.SMTP, Security: mailbox.Plain, Auth: mailbox.AuthNone}
		checker := &email.Checker{Tokens: &email.Tokens{}, Network: email.Network{Roots: p.Roots}, Now: clock.Now, Log: logger(t), Look: 50 * time.Millisecond}
		steps := checker.CheckMailbox(t.Context(), m)
		var names []string
		for _, s := range steps {
			names = append(names, string(s.Name))
			if s.Err != nil {
				t.Errorf("%s: %v", s.Name, s.Err)
			}
		}
		if got := strings.Join(names, " "); got != "login folder idle sign_in send loop" {
			t.Errorf("steps %s", got)
		}
		if out, err := d.Admin(t.Context(), "search", "-u", "checked", "mailbox", "INBOX", "all"); err != nil || strings.TrimSpace(out) != "" {
			t.Errorf("the mail of the loop test was left: %s, %v", out, err)
		}
		m.Secrets.FetchPassword = "wrong"
		steps = checker.CheckMailbox(t.Context(), m)
		if len(steps) != 2 || steps[1].Name != channel.StepSignIn || steps[1].Err != nil {
			t.Errorf("with a wrong password %+v", steps)
		}
		if out, err := d.Admin(t.Context(), "search", "-u", "checked", "mailbox", "INBOX", "all"); err != nil || strings.TrimSpace(out) != "" {
			t.Errorf("a mail was left where nobody can take it away: %s, %v", out, err)
		}
		m.Settings.Send.Server.Port = 1
		steps = checker.CheckMailbox(t.Context(), m)
		if len(steps) != 2 || code(steps[0].Err) != "mailbox.signin" || steps[1].Name != channel.StepSignIn || code(steps[1].Err) != "mailbox.unreachable" {
			t.Errorf("%+v", steps)
		}
	})
}

func signingKey(t *testing.T, kind string) (private, record string) {
	t.Helper()
	var key, public any
	if kind == "rsa" {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		key, public = k, &k.PublicKey
		der, err := x509.MarshalPKIXPublicKey(public)
		if err != nil {
			t.Fatal(err)
		}
		record = "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der)
	} else {
		pub, k, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		key = k
		record = "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(pub)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), record
}

// script is a server of SMTP that answers as a test wants.
type script struct {
	port int

	mu    sync.Mutex
	calls int
	mails [][]byte
	rcpt  func(to string) error
	data  func(c *smtp.Conn) error // after the last byte
	mail  func() error
}

func (s *script) NewSession(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	return &scene{s, c}, nil
}

type scene struct {
	*script
	c *smtp.Conn
}

func (s *scene) Reset()        {}
func (s *scene) Logout() error { return nil }
func (s *scene) Mail(string, *smtp.MailOptions) error {
	if s.mail != nil {
		return s.mail()
	}
	return nil
}

func (s *scene) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.rcpt != nil {
		return s.rcpt(to)
	}
	return nil
}

func (s *scene) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.mails = append(s.mails, raw)
	s.mu.Unlock()
	if s.data != nil {
		return s.data(s.c)
	}
	return nil
}

func play(t *testing.T, s *script) mailbox.Mailbox {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(s)
	server.Domain = "script.test"
	s.port = portOf(t, l)
	var wg sync.WaitGroup
	wg.Go(func() { _ = server.Serve(l) })
	t.Cleanup(func() { _ = server.Close(); wg.Wait() })
	m := mailbox.Mailbox{Inbox: inbox.NewID(clock.Now()), Address: "service@example.test", Settings: mailbox.Defaults(), Version: 1}
	m.Settings.Send.Server = mailbox.Server{Host: "127.0.0.1", Port: s.port, Security: mailbox.Plain, Auth: mailbox.AuthNone}
	m.Settings.Send.PerMinute = 6000
	return m
}

func no(c int, e smtp.EnhancedCode, text string) error {
	return &smtp.SMTPError{Code: c, EnhancedCode: e, Message: text}
}

// What a server answers decides whether a mail is tried again.
func TestAnswers(t *testing.T) {
	t.Parallel()
	one := []string{"wang@customer.test"}
	two := []string{"wang@customer.test", "gone@customer.test"}
	onlyGone := func(err error) func(string) error {
		return func(to string) error {
			if strings.HasPrefix(to, "gone") {
				return err
			}
			return nil
		}
	}
	for name, c := range map[string]struct {
		script  *script
		to      []string
		code    string
		refused string // address, code, status
		copies  int
	}{
		"it takes the mail": {&script{}, one, "", "", 1},
		"one recipient is unknown": {
			&script{rcpt: onlyGone(no(550, smtp.EnhancedCode{5, 1, 1}, "no such user"))}, two, "", "gone@customer.test 550 5.1.1", 1,
		},
		"all are unknown": {
			&script{rcpt: func(string) error { return no(550, smtp.EnhancedCode{5, 1, 1}, "no such user") }}, one, "mail.refused", "wang@customer.test 550 5.1.1", 0,
		},
		"a mailbox is full": {
			&script{rcpt: func(string) error { return no(452, smtp.EnhancedCode{4, 2, 2}, "over quota") }}, one, "mail.busy", "wang@customer.test 452 4.2.2", 0,
		},
		"greylisted":       {&script{mail: func() error { return no(450, smtp.EnhancedCode{4, 7, 1}, "try later") }}, one, "mail.busy", "", 0},
		"spam, they think": {&script{data: func(*smtp.Conn) error { return no(554, smtp.EnhancedCode{5, 7, 1}, "DT:SPM 163 smtp") }}, one, "mail.refused", "", 1},
		"163 counts": {
			&script{data: func(*smtp.Conn) error { return no(554, smtp.EnhancedCode{5, 0, 0}, "HL:ITC 163 smtp") }}, one, "mail.busy", "", 1,
		},
		"QQ counts": {
			&script{mail: func() error { return no(550, smtp.EnhancedCode{5, 0, 0}, "Sender frequency limited") }}, one, "mail.busy", "", 0,
		},
		"Gmail counts": {
			&script{data: func(*smtp.Conn) error {
				return no(550, smtp.EnhancedCode{5, 4, 5}, "Daily user sending limit exceeded")
			}}, one, "mail.busy", "", 1,
		},
		"it wants a password":      {&script{mail: func() error { return no(530, smtp.EnhancedCode{5, 7, 0}, "Authentication required") }}, one, "mail.auth", "", 0},
		"it hangs up at the start": {&script{mail: func() error { return no(421, smtp.EnhancedCode{4, 3, 2}, "shutting down") }}, one, "mail.unreachable", "", 0},
		"it hangs up after the last byte": {
			&script{data: func(c *smtp.Conn) error { return errors.Join(c.Conn().Close(), io.ErrClosedPipe) }}, one, "mail.uncertain", "", 1,
		},
		"a name in Chinese that it does not take": {&script{}, []string{"王@customer.test"}, "mail.refused", "王@customer.test 550 5.6.7", 0},
		"a domain in Chinese":                     {&script{}, []string{"wang@例子.test"}, "", "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := play(t, c.script)
			refused, err := carrier(t, nil, email.Network{}).Carry(t.Context(), m, channel.Envelope{From: m.Address, To: c.to, Body: letter(1)})
			if code(err) != c.code {
				t.Errorf("%v, want %s", err, c.code)
			}
			var said []string
			for _, r := range refused {
				said = append(said, fmt.Sprintf("%s %d %s", r.Address, r.Code, r.Status))
			}
			if got := strings.Join(said, ", "); got != c.refused {
				t.Errorf("refused %q, want %q", got, c.refused)
			}
			c.script.mu.Lock()
			defer c.script.mu.Unlock()
			if len(c.script.mails) != c.copies {
				t.Errorf("%d copies", len(c.script.mails))
			}
		})
	}
}

// Connections are used again, and no more than a hundred times; one that the
// server has closed meanwhile costs nothing.
func TestPool(t *testing.T) {
	t.Parallel()
	s := &script{}
	m := play(t, s)
	c := carrier(t, nil, email.Network{})
	send := func() {
		t.Helper()
		if _, err := c.Carry(t.Context(), m, channel.Envelope{From: m.Address, To: []string{"wang@customer.test"}, Body: letter(1)}); err != nil {
			t.Fatal(err)
		}
	}
	for range 101 {
		send()
	}
	s.mu.Lock()
	if s.calls != 2 || len(s.mails) != 101 {
		t.Errorf("%d connections for %d mails", s.calls, len(s.mails))
	}
	hang := true
	s.mail = func() error {
		if hang {
			hang = false
			return no(421, smtp.EnhancedCode{4, 4, 2}, "idle for too long")
		}
		return nil
	}
	s.mu.Unlock()
	send()
	if len(s.mails) != 102 {
		t.Errorf("%d mails", len(s.mails))
	}
}

// Told to stop while the server thinks about a mail, we hear what it says; a
// mail of which it has not heard stays here.
func TestStopped(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	s := &script{data: func(*smtp.Conn) error { stop(); return nil }}
	m := play(t, s)
	desk := channeltest.NewMailDesk(clock.Now, m)
	c := carrier(t, desk, email.Network{})
	e := channel.Envelope{From: m.Address, To: []string{"wang@customer.test"}, Body: letter(1)}
	if _, err := c.Carry(ctx, m, e); err != nil {
		t.Errorf("what the server took is not known: %v", err)
	}
	if _, err := c.Carry(ctx, m, e); code(err) != "mail.unreachable" {
		t.Errorf("after the end: %v", err)
	}
	if _, send := desk.Health(m.Inbox); len(s.mails) != 1 || len(send) != 1 || send[0].State != mailbox.Working {
		t.Errorf("%d mails, health of sending: %+v", len(s.mails), send)
	}
}

// More mails than the mailbox sends in a minute wait, and are then tried again
// later.
func TestRate(t *testing.T) {
	t.Parallel()
	s := &script{}
	m := play(t, s)
	m.Settings.Send.PerMinute = 1
	now := clock.At(clock.Now())
	c := &email.Carrier{Tokens: &email.Tokens{}, Now: now.Now, Log: logger(t)}
	send := func() error {
		_, err := c.Carry(t.Context(), m, channel.Envelope{From: m.Address, To: []string{"wang@customer.test"}, Body: letter(1)})
		return err
	}
	if err := send(); err != nil {
		t.Fatal(err)
	}
	if err := send(); code(err) != "mail.busy" {
		t.Errorf("the second in a minute: %v", err)
	}
	now.Turn(time.Minute)
	if err := send(); err != nil {
		t.Errorf("a minute later: %v", err)
	}
}

// What is signed breaks when somebody adds another author or changes the text.
func TestDKIM(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"rsa", "ed25519"} {
		s := &script{}
		m := play(t, s)
		m.Settings.Send.DKIMSelector, m.Settings.Send.DKIMDomain = "yd", "brand.test"
		var public string
		m.Secrets.DKIMKey, public = signingKey(t, kind)
		if _, err := carrier(t, nil, email.Network{}).Carry(t.Context(), m, channel.Envelope{From: m.Address, To: []string{"wang@customer.test"}, Body: letter(1)}); err != nil {
			t.Fatal(err)
		}
		verify := func(raw []byte) bool {
			vs, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: func(string) ([]string, error) { return []string{public}, nil }})
			return err == nil && len(vs) == 1 && vs[0].Err == nil && vs[0].Domain == "brand.test"
		}
		if !verify(s.mails[0]) {
			t.Errorf("%s: the signature is not good: %q", kind, s.mails[0])
		}
		for what, changed := range map[string][]byte{
			"another author": append([]byte("From: mallory@x.test\r\n"), s.mails[0]...),
			"another text":   bytes.Replace(s.mails[0], []byte("封"), []byte("个"), 1),
		} {
			if verify(changed) {
				t.Errorf("%s: %s is not noticed", kind, what)
			}
		}
		if _, err := email.ParseKey(strings.Replace(m.Secrets.DKIMKey, "PRIVATE KEY-----\n", "PRIVATE KEY-----\nAA", 1)); code(err) != "mailbox.dkim_key" {
			t.Errorf("%s: a key that is none: %v", kind, err)
		}
	}
}
