package app

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"net"

	"yingda/internal/channel"
	"yingda/internal/channel/email"
	"yingda/internal/desk"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/fault"
)

// mailDoor is the door of e-mail: what fetches, what takes, what carries, and
// what tries mailboxes out.
type mailDoor struct {
	tokens  *email.Tokens
	fetcher *email.Fetcher
	server  *email.Server
	carrier *email.Carrier
	checker *email.Checker
	listen  net.Listener // nil: the server listens when a mailbox needs it
}

var _ channel.Mail = (*desk.Desk)(nil)

// openMail builds the door of e-mail on the desk. Where an address to take mail
// on is set, it listens already.
func (a *App) openMail(ctx context.Context) error {
	c := a.Config
	tokens := &email.Tokens{Mail: a.Desk, Now: clock.Now}
	a.mail = mailDoor{
		tokens:  tokens,
		fetcher: &email.Fetcher{Mail: a.Desk, Tokens: tokens, Now: clock.Now, Log: a.Log, Holder: rand.Text()},
		carrier: &email.Carrier{Mail: a.Desk, Tokens: tokens, Now: clock.Now, Log: a.Log},
		checker: &email.Checker{Tokens: tokens, Now: clock.Now, Log: a.Log},
		server:  &email.Server{Mail: a.Desk, Now: clock.Now, Log: a.Log, Address: c.SMTPAddress()},
	}
	if c.SMTPCertificate != "" {
		pair, err := tls.LoadX509KeyPair(c.SMTPCertificate, c.SMTPKey)
		if err != nil {
			return fault.New(fault.Invalid, "start.smtp_certificate", "the certificate for taking mail cannot be read; check --smtp-certificate and --smtp-key").Because(err)
		}
		a.mail.server.Certificate = &pair
	}
	a.Desk.Carrier = a.mail.carrier
	if c.SMTPListen != "" && a.mail.server.Address != "" {
		l, err := a.mail.server.Listen(ctx)
		if err != nil {
			return err
		}
		a.mail.listen = l
	}
	return nil
}

// runMailServer takes mail by SMTP.
func (a *App) runMailServer(ctx context.Context) error {
	if l := a.mail.listen; l != nil {
		a.mail.listen = nil // what follows after a fault listens anew
		a.mail.server.Always = true
		return a.mail.server.Serve(ctx, l)
	}
	return a.mail.server.Run(ctx)
}
