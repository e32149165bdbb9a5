// Package email is the door of e-mail: it fetches mail by IMAP, takes what
// other servers hand in by SMTP, and carries what the desk writes to the
// servers of its mailboxes. It understands no mail: the desk keeps the bytes
// first and reads them later.
package email

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/fault"
)

// Network is how the servers of others are called. Its zero value believes the
// certificates that the system believes.
type Network struct {
	// Roots are who signs certificates that are believed; those of the system when nil.
	Roots *x509.CertPool
	// Patience is how long a server may be silent while it owes an answer; a
	// minute when zero.
	Patience time.Duration
}

const (
	defaultPatience = time.Minute
	// submission is how long a server may think about a mail that it has in full.
	submission = 5 * time.Minute
	// chatter is what a server may say in answer to one command, in bytes.
	chatter = 1 << 20
)

func (n Network) patience() time.Duration {
	if n.Patience > 0 {
		return n.Patience
	}
	return defaultPatience
}

var (
	errFlood   = errors.New("the server says far more than was asked")
	errPrivate = errors.New("the name leads into a private network")
)

// call connects to a server. What is said goes through the line, which ends
// when the server is silent for too long or floods us, and when ctx ends.
func (n Network) call(ctx context.Context, s mailbox.Server) (*line, error) {
	if s.Security == mailbox.Plain && !loopback(s.Host) {
		return nil, fault.New(fault.Invalid, "mailbox.plain", "without encryption only a server on this machine is called; choose TLS or STARTTLS").In("security")
	}
	d := net.Dialer{Timeout: min(n.patience(), 30*time.Second), Control: guard(s.Host)}
	conn, err := d.DialContext(ctx, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
	if err != nil {
		return nil, err
	}
	l := &line{Conn: conn}
	l.expect(n.patience(), chatter)
	l.hangUp = context.AfterFunc(ctx, func() { _ = conn.Close() })
	return l, nil
}

// tls is how a server proves who it is.
func (n Network) tls(host string) *tls.Config {
	return &tls.Config{ServerName: host, RootCAs: n.Roots, MinVersion: tls.VersionTLS12}
}

// secure turns a line to TLS from its first byte on.
func (n Network) secure(ctx context.Context, l *line, host string) (net.Conn, error) {
	c := tls.Client(l, n.tls(host))
	if err := c.HandshakeContext(ctx); err != nil {
		_ = l.Close()
		return nil, err
	}
	return c, nil
}

// client calls web servers of providers, as guarded as servers of mail.
func (n Network) client(host string) *http.Client {
	d := net.Dialer{Timeout: 10 * time.Second, Control: guard(host)}
	t := &http.Transport{DialContext: d.DialContext, TLSClientConfig: &tls.Config{RootCAs: n.Roots, MinVersion: tls.VersionTLS12}, TLSHandshakeTimeout: 10 * time.Second, DisableKeepAlives: true}
	return &http.Client{
		Transport: t, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// guard refuses addresses that a name should not lead to: the name of a server
// on the internet must not open doors inside our own network. A host that is
// an address, or whose name is local by its looks, may be inside; an address
// that clouds keep for themselves never.
func guard(host string) func(network, address string, _ syscall.RawConn) error {
	inside := local(host)
	return func(_, address string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		a := ap.Addr().Unmap()
		switch {
		case a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified():
			return errPrivate
		case !inside && (a.IsPrivate() || a.IsLoopback() || shared.Contains(a)):
			return errPrivate
		}
		return nil
	}
}

// shared is the network of carriers' own customers (RFC 6598), where clouds
// answer too.
var shared = netip.MustParsePrefix("100.64.0.0/10")

// local reports whether a host is inside by its looks.
func local(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") {
		return true
	}
	for _, end := range []string{".localhost", ".local", ".lan", ".internal", ".intranet", ".corp", ".home.arpa"} {
		if strings.HasSuffix(host, end) {
			return true
		}
	}
	return false
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback() || host == "localhost"
}

// line is a connection that waits only so long, and takes only so much.
type line struct {
	net.Conn
	hangUp func() bool

	mu       sync.Mutex
	patience time.Duration
	left     int64 // bytes that may still come
	broken   bool  // the last of what we wrote did not get out
}

// expect says how long the server may be silent from now on, and how much it
// may say until it is told anew.
func (l *line) expect(patience time.Duration, bytes int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.patience, l.left = patience, bytes
	_ = l.Conn.SetReadDeadline(time.Now().Add(patience)) // for a read that waits already
}

func (l *line) Read(b []byte) (int, error) {
	l.mu.Lock()
	left := l.left
	err := l.Conn.SetReadDeadline(time.Now().Add(l.patience))
	l.mu.Unlock()
	switch {
	case err != nil:
		return 0, err
	case left <= 0:
		return 0, errFlood
	}
	n, err := l.Conn.Read(b[:min(int64(len(b)), left)])
	l.mu.Lock()
	l.left -= int64(n)
	l.mu.Unlock()
	return n, err
}

func (l *line) Write(b []byte) (int, error) {
	l.mu.Lock()
	patience := min(l.patience, submission)
	l.mu.Unlock()
	err := l.Conn.SetWriteDeadline(time.Now().Add(patience))
	n := 0
	if err == nil {
		n, err = l.Conn.Write(b)
	}
	l.mu.Lock()
	l.broken = err != nil
	l.mu.Unlock()
	return n, err
}

// unsent reports whether the last of what we said has not left this machine.
func (l *line) unsent() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.broken
}

func (l *line) Close() error {
	if l.hangUp != nil {
		l.hangUp()
	}
	return l.Conn.Close()
}

// Deadlines are the line's own; libraries that set theirs would undo them.

func (l *line) SetDeadline(time.Time) error      { return nil }
func (l *line) SetReadDeadline(time.Time) error  { return nil }
func (l *line) SetWriteDeadline(time.Time) error { return nil }

// troubled says what is wrong with a connection, in words for who set it up.
// Errors that are faults already stay as they are.
func troubled(err error, s mailbox.Server) *fault.Error {
	host := net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e
	}
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	_, named := errors.AsType[x509.HostnameError](err)
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	_, notTLS := errors.AsType[tls.RecordHeaderError](err)
	silent, isNet := errors.AsType[net.Error](err)
	text := err.Error()
	switch {
	case errors.Is(err, errPrivate):
		return fault.New(fault.Invalid, "mailbox.private", "the name %s leads into a private network; if the mail server stands there, write its address instead of its name", s.Host).Because(err)
	case unknown || named || untrusted || notTLS || strings.Contains(text, "tls:"):
		return fault.New(fault.Busy, "mailbox.untrusted", "the mail server %s has no encryption that can be trusted; check its name, the port, and its certificate", host).Because(err)
	case strings.Contains(strings.ToUpper(text), "STARTTLS"):
		return fault.New(fault.Busy, "mailbox.no_starttls", "the mail server %s offers no STARTTLS; choose TLS and its port", host).Because(err)
	case errors.Is(err, errFlood):
		return fault.New(fault.Busy, "mailbox.flood", "the mail server %s says far more than was asked; ask who runs it", host).Because(err)
	case isNet && silent.Timeout():
		return fault.New(fault.Busy, "mailbox.silent", "the mail server %s has stopped answering; it is tried again by itself", host).Because(err)
	default:
		return fault.New(fault.Busy, "mailbox.unreachable", "the mail server %s does not answer; check its name, the port and the network", host).Because(err)
	}
}
