package email

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"yingda/internal/channel"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/id"
	"yingda/internal/kit/remote"
)

// Server takes mail that other servers hand in for mailboxes that get theirs by
// SMTP.
type Server struct {
	Mail channel.Mail
	Now  func() time.Time
	Log  *slog.Logger
	// Address is where it listens while a mailbox needs it; "" never.
	Address string
	// Always listens also when no mailbox needs it.
	Always bool
	// Name is what the server calls itself.
	Name string
	// Certificate is for STARTTLS; one that we sign ourselves when nil.
	Certificate *tls.Certificate
	// Resolver answers the checks of senders; that of the system when nil.
	Resolver Resolver
	// Inside checks senders from our own network too: those are mostly servers
	// that stand before us, and have checked already.
	Inside bool
	// Spool is the folder in which a mail stands until it is handed in; that of
	// the system when empty.
	Spool string

	mu    sync.Mutex
	from  map[string]int // connections by network
	count int
}

const (
	mostRecipients  = 50
	mostConnections = 200
	mostFromOne     = 20 // connections of one network
	slowest         = 5 * time.Minute
	longestCall     = 30 * time.Minute
	needLook        = 15 * time.Second
)

// Run listens while a mailbox needs it, until ctx ends.
func (s *Server) Run(ctx context.Context) error {
	if s.Address == "" {
		<-ctx.Done()
		return ctx.Err()
	}
	var stop context.CancelFunc
	var done chan struct{}
	look := time.NewTicker(needLook)
	defer look.Stop()
	for {
		needed, err := s.needed(ctx)
		switch {
		case err != nil:
		case needed && stop == nil:
			l, err := s.Listen(ctx)
			if err != nil {
				s.Log.Error("mail cannot be taken by SMTP", slog.Any("error", err))
				break
			}
			var serving context.Context
			serving, stop = context.WithCancel(ctx)
			done = make(chan struct{})
			go func() {
				defer close(done)
				if err := s.Serve(serving, l); err != nil && serving.Err() == nil {
					s.Log.Error("taking mail by SMTP has ended", slog.Any("error", err))
				}
			}()
		case !needed && stop != nil:
			stop()
			<-done
			stop = nil
		}
		select {
		case <-ctx.Done():
			if stop != nil {
				stop()
				<-done
			}
			return ctx.Err()
		case <-look.C:
		}
	}
}

func (s *Server) needed(ctx context.Context) (bool, error) {
	if s.Always {
		return true, nil
	}
	all, err := s.Mail.Mailboxes(ctx)
	for _, m := range all {
		if m.Settings.Fetch.Way == mailbox.BySMTP {
			return true, nil
		}
	}
	return false, err
}

// Listen takes the port.
func (s *Server) Listen(ctx context.Context) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Address)
	if err != nil {
		return nil, fault.New(fault.Invalid, "start.smtp_port", "cannot take mail on %s: the port is taken or not ours; choose another with --smtp-listen 127.0.0.1:2526", s.Address).Because(err)
	}
	return l, nil
}

// Serve takes mail from a listener until ctx ends, and then lets mails that
// come in come to their end, for a short time.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	certificate := s.Certificate
	if certificate == nil {
		own, err := selfSigned(s.name(), s.Now())
		if err != nil {
			return err
		}
		certificate = own
	}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &visit{s: s, ctx: ctx, conn: c}, nil
	}))
	server.Domain = s.name()
	server.MaxRecipients = mostRecipients
	server.MaxMessageBytes = mostBytes
	server.MaxLineLength = 1 << 20 // people's programs write longer lines than they should
	server.EnableSMTPUTF8 = true
	server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*certificate}, MinVersion: tls.VersionTLS12}
	server.ErrorLog = slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug)
	served := make(chan error, 1)
	go func() { served <- server.Serve(&gate{Listener: l, s: s}) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	_ = l.Close()
	<-served //nolint:errcheck // nobody comes in any more, so those who are in can be counted
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(closing); err != nil {
		_ = server.Close()
	}
	return ctx.Err()
}

func (s *Server) name() string {
	if s.Name != "" {
		return s.Name
	}
	if n, err := os.Hostname(); err == nil {
		return n
	}
	return "localhost"
}

// selfSigned makes a certificate that nobody believes and that keeps those who
// only listen from reading.
func selfSigned(name string, now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(10, 0, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// gate lets so many in, and so many of one network.
type gate struct {
	net.Listener
	s *Server
}

func (g *gate) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		network := remote.Network(ipOf(c).String())
		if !g.s.enter(network) {
			_ = c.SetWriteDeadline(time.Now().Add(time.Second))
			_, _ = io.WriteString(c, "421 4.7.0 Too many connections, try again later\r\n") // or they find out by themselves
			_ = c.Close()
			continue
		}
		l := &line{Conn: c}
		l.expect(slowest, 1<<40)
		end := time.AfterFunc(longestCall, func() { _ = c.Close() })
		return &guest{line: l, leave: sync.OnceFunc(func() { end.Stop(); g.s.exit(network) })}, nil
	}
}

// guest is a connection that is counted.
type guest struct {
	*line
	leave func()
}

func (g *guest) Close() error {
	g.leave()
	return g.line.Close()
}

func (s *Server) enter(network string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.from == nil {
		s.from = map[string]int{}
	}
	if s.count >= mostConnections || s.from[network] >= mostFromOne {
		return false
	}
	s.count++
	s.from[network]++
	return true
}

func (s *Server) exit(network string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count--
	if s.from[network]--; s.from[network] <= 0 {
		delete(s.from, network)
	}
}

func ipOf(c net.Conn) netip.Addr {
	ap, err := netip.ParseAddrPort(c.RemoteAddr().String())
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap()
}

// visit is one connection of a server that hands mail in.
type visit struct {
	s    *Server
	ctx  context.Context //nolint:containedctx // the life of the server
	conn *smtp.Conn

	from string
	to   map[inbox.ID][]string
	all  []inbox.ID // in the order in which they were named
}

// Reset forgets a mail that was begun.
func (v *visit) Reset() { v.from, v.to, v.all = "", nil, nil }

// Logout has nothing to give back.
func (v *visit) Logout() error { return nil }

// Mail begins a mail.
func (v *visit) Mail(from string, _ *smtp.MailOptions) error {
	v.Reset()
	v.from = from
	return nil
}

// Rcpt takes a recipient who is one of ours.
func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	in, ok, err := v.s.Mail.MailboxFor(v.ctx, to)
	switch {
	case err != nil:
		v.s.Log.Error("a recipient cannot be looked up", slog.Any("error", err))
		return ourFault()
	case !ok:
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such mailbox here"}
	}
	if v.to == nil {
		v.to = map[inbox.ID][]string{}
	}
	if v.to[in] == nil {
		v.all = append(v.all, in)
	}
	v.to[in] = append(v.to[in], to)
	return nil
}

func ourFault() *smtp.SMTPError {
	return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "We cannot take mail just now, try again later"}
}

// Data takes the mail. The answer is yes only when each of its mailboxes has it.
func (v *visit) Data(r io.Reader) error {
	f, err := os.CreateTemp(v.s.Spool, "mail-*.eml")
	if err != nil {
		v.s.Log.Error("a mail cannot be written", slog.Any("error", err))
		return ourFault()
	}
	defer func() {
		_ = f.Close()
		_ = os.Remove(f.Name())
	}()
	out := bufio.NewWriterSize(f, 64<<10)
	if _, err := io.Copy(out, r); err != nil {
		if e, ok := errors.AsType[*smtp.SMTPError](err); ok {
			return e // it is too large
		}
		v.s.Log.Debug("a mail did not come in full", slog.Any("error", err))
		return ourFault()
	}
	if err := out.Flush(); err != nil {
		v.s.Log.Error("a mail cannot be written", slog.Any("error", err))
		return ourFault()
	}
	now := v.s.Now()
	from := ipOf(v.conn.Conn())
	var verdicts conversation.Verdicts
	if v.s.Inside || !from.IsPrivate() && !from.IsLoopback() && !from.IsLinkLocalUnicast() {
		verdicts = check(v.ctx, v.s.Resolver, sender{ip: from, helo: v.conn.Hostname(), from: v.from}, f)
		verdicts.By = v.s.name()
	}
	path := v.from
	if path == "" {
		path = "<>"
	}
	for _, in := range v.all {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return ourFault()
		}
		_, err := v.s.Mail.KeepMail(v.ctx, channel.RawMail{
			Inbox: in, Body: f, Trace: v.trace(from, v.to[in], now),
			From: path, To: v.to[in], Remote: from.String(), Verdicts: verdicts, ReceivedAt: now,
		})
		if err != nil {
			v.s.Log.Error("a mail could not be kept", slog.String("mailbox", in.String()), slog.Any("error", err))
			return ourFault()
		}
	}
	return nil
}

// trace is what we put before a mail: where it came from, and to whom what
// cannot be delivered goes back.
func (v *visit) trace(from netip.Addr, to []string, now time.Time) string {
	with := "ESMTP"
	if _, ok := v.conn.TLSConnectionState(); ok {
		with = "ESMTPS"
	}
	literal := from.String()
	if from.Is6() {
		literal = "IPv6:" + literal
	}
	forOne := ""
	if len(to) == 1 {
		forOne = "\r\n\tfor <" + word(to[0]) + ">"
	}
	return fmt.Sprintf("Return-Path: <%s>\r\nReceived: from %s ([%s])\r\n\tby %s with %s id %s%s;\r\n\t%s\r\n",
		word(v.from), word(v.conn.Hostname()), literal, word(v.s.name()), with, id.New[trace](now).String(), forOne, now.Format(time.RFC1123Z))
}

// trace names a mail that we take, in its Received line.
type trace struct{}

// Prefix is that of a mail's trace.
func (trace) Prefix() string { return "rx" }

// word is a stranger's word that cannot break a line.
func word(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f || strings.ContainsRune("<>()", r) {
			return '?'
		}
		return r
	}, s)
}
