package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"yingda/internal/kit/fault"
)

// Message is a plain text to one address.
type Message struct{ To, Subject, Text string }

// SMTP sends through one server.
type SMTP struct {
	// TLS says which server certificates are believed; those of the system when nil.
	TLS *tls.Config

	host           string
	port           int
	user, password string
	implicit       bool // TLS from the first byte
	from           string
}

// sendTimeout is how long one message may take, from the call to the server on.
const sendTimeout = 30 * time.Second

// Open returns the server that an address names: smtp://user:password@host:587
// begins in the clear and turns to TLS before the password is sent,
// smtps://…:465 speaks TLS from the start. Without a user, TLS is used if the
// server has it. Messages come from the address from, which may carry a name.
// It does not connect.
func Open(address, from string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || strings.Trim(u.Path, "/") != "" {
		return nil, fault.New(fault.Invalid, "mail.address", "the mail server is not written as smtp://user:password@host:587") // never says the password
	}
	s := &SMTP{host: u.Hostname(), port: 587, user: u.User.Username(), implicit: u.Scheme == "smtps"}
	s.password, _ = u.User.Password()
	if s.implicit {
		s.port = 465
	}
	if p := u.Port(); p != "" {
		if s.port, err = strconv.Atoi(p); err != nil || s.port < 1 || s.port > 65535 {
			return nil, fault.New(fault.Invalid, "mail.address", "the mail server is not written as smtp://user:password@host:587")
		}
	}
	a, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, fault.New(fault.Invalid, "mail.from", "the address that mail comes from is not an e-mail address; write it like service@example.cn")
	}
	s.from = a.String()
	return s, nil
}

// Name is the server for a line in the log, without user and password.
func (s *SMTP) Name() string { return net.JoinHostPort(s.host, strconv.Itoa(s.port)) }

// Deliver hands a message to the server. Its errors say which part failed:
// mail.unreachable, mail.tls, mail.auth, mail.busy, or mail.refused, which no
// further try mends.
func (s *SMTP) Deliver(ctx context.Context, m Message) error {
	msg := mail.NewMsg()
	if err := errors.Join(msg.From(s.from), msg.To(m.To)); err != nil {
		return fault.New(fault.Invalid, "mail.refused", "the message cannot be sent to this address").Because(err)
	}
	msg.Subject(m.Subject)
	msg.SetDate()
	msg.SetMessageID()
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	c, err := mail.NewClient(s.host, s.options()...)
	if err != nil {
		return fault.New(fault.Invalid, "mail.address", "the mail server is not written as smtp://user:password@host:587").Because(err)
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if err := c.DialWithContext(ctx); err != nil {
		return s.notConnected(err)
	}
	sent := c.Send(msg)
	_ = c.Close() // the message is accepted or refused by now
	return refused(sent, m.To)
}

func (s *SMTP) options() []mail.Option {
	options := []mail.Option{mail.WithPort(s.port), mail.WithTimeout(sendTimeout), mail.WithTLSPolicy(mail.TLSOpportunistic)}
	if s.user != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.user), mail.WithPassword(s.password), mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if s.implicit {
		options = append(options, mail.WithSSL())
	}
	if s.TLS != nil {
		own := s.TLS.Clone()
		own.ServerName = s.host
		options = append(options, mail.WithTLSConfig(own))
	}
	return options
}

// notConnected says what failed before the message was on its way.
func (s *SMTP) notConnected(err error) error {
	dial, isDial := errors.AsType[*net.OpError](err)
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	text := err.Error()
	switch {
	case isDial && dial.Op == "dial":
		return fault.New(fault.Busy, "mail.unreachable", "the mail server %s does not answer; check its address and the network", s.Name()).Because(err)
	case untrusted || unknown || strings.Contains(text, "STARTTLS") || strings.Contains(text, "tls:"):
		return fault.New(fault.Busy, "mail.tls", "the mail server %s offers no encryption that can be trusted; check its certificate and the port", s.Name()).Because(err)
	case strings.Contains(text, "AUTH"):
		return fault.New(fault.Busy, "mail.auth", "the mail server %s refuses user and password", s.Name()).Because(err)
	default:
		return fault.New(fault.Busy, "mail.unreachable", "the mail server %s does not answer; check its address and the network", s.Name()).Because(err)
	}
}

// refused says what the server answered, without the address: errors are
// logged.
func refused(err error, to string) error {
	if err == nil {
		return nil
	}
	cause := errors.New(strings.ReplaceAll(err.Error(), to, "(the address)"))
	if e, ok := errors.AsType[*mail.SendError](err); ok && !e.IsTemp() && e.ErrorCode() >= 500 {
		return fault.New(fault.Invalid, "mail.refused", "the mail server refuses the message for good").Because(cause)
	}
	return fault.New(fault.Busy, "mail.busy", "the mail server does not take the message now").Because(cause)
}
