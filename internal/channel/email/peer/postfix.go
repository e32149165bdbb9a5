package peer

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Postfix is a server of SMTP.
type Postfix struct {
	SMTP  int            // its port on 127.0.0.1: STARTTLS
	SMTPS int            // the same, with TLS from the first byte
	Roots *x509.CertPool // they know its Dovecot too

	folder  string
	program string
}

// PostfixOptions change how Postfix runs.
type PostfixOptions struct {
	// Domain is what it delivers for, to the mailboxes of a Dovecot.
	Domain  string
	Dovecot *Dovecot
	// Relay is the port of 127.0.0.1 that gets everything else; 0: nothing else is taken.
	Relay int
	// More is put into main.cf as it is.
	More string
}

// StartPostfix starts a server that takes mail from 127.0.0.1, and from whom
// Dovecot signs in. It needs root.
func StartPostfix(ctx context.Context, o PostfixOptions) (_ *Postfix, err error) {
	p := &Postfix{}
	if p.program, err = find("postfix"); err != nil {
		return nil, err
	}
	if p.folder, err = os.MkdirTemp("", "postfix"); err != nil {
		return nil, err
	}
	defer func() { //nolint:contextcheck // it is closed also when ctx has ended
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	if err := os.Chmod(p.folder, 0o755); err != nil { //nolint:gosec // its processes are not root
		return nil, err
	}
	if p.Roots, err = certificate(p.folder); err != nil {
		return nil, err
	}
	if o.Dovecot != nil {
		cert, err := os.ReadFile(filepath.Join(o.Dovecot.folder, "cert.pem"))
		if err != nil {
			return nil, err
		}
		p.Roots.AppendCertsFromPEM(cert)
	}
	ports, err := freePorts(2)
	if err != nil {
		return nil, err
	}
	p.SMTP, p.SMTPS = ports[0], ports[1]
	if err := p.configure(o); err != nil {
		return nil, err
	}
	if out, err := exec.CommandContext(ctx, p.program, "-c", p.folder, "start").CombinedOutput(); err != nil { //nolint:gosec // our own configuration
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	return p, answering(ctx, make(chan struct{}), p.Log, p.SMTP, p.SMTPS)
}

func (p *Postfix) configure(o PostfixOptions) error {
	for _, dir := range []string{"queue", "data"} {
		if err := os.Mkdir(filepath.Join(p.folder, dir), 0o755); err != nil { //nolint:gosec // its processes are not root
			return err
		}
	}
	if out, err := exec.Command("chown", "postfix", filepath.Join(p.folder, "data")).CombinedOutput(); err != nil { //nolint:gosec,noctx // our own folder
		return fmt.Errorf("%w: %s", err, out)
	}
	main := []string{
		"compatibility_level = 3.6", "queue_directory = " + p.folder + "/queue", "data_directory = " + p.folder + "/data",
		"command_directory = /usr/sbin", "daemon_directory = /usr/lib/postfix/sbin", "mail_owner = postfix", "setgid_group = postdrop",
		"inet_interfaces = 127.0.0.1", "inet_protocols = ipv4", "myhostname = mx." + o.Domain, "mydestination =", "mynetworks = 127.0.0.0/8",
		"smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject", "maillog_file = " + p.folder + "/log", "maillog_file_prefixes = " + p.folder,
		"smtpd_tls_cert_file = " + p.folder + "/cert.pem", "smtpd_tls_key_file = " + p.folder + "/key.pem", "smtpd_tls_security_level = may", "smtpd_tls_auth_only = yes",
		"smtp_host_lookup = native", "smtp_dns_support_level = disabled", "smtp_tls_security_level = none", "message_size_limit = 30000000", "smtpd_client_restrictions =", "alias_maps =", "alias_database =",
		"virtual_mailbox_domains = " + o.Domain, "virtual_mailbox_maps = static:all",
	}
	if o.Dovecot != nil {
		main = append(main, fmt.Sprintf("virtual_transport = lmtp:inet:127.0.0.1:%d", o.Dovecot.LMTP),
			"smtpd_sasl_auth_enable = yes", "smtpd_sasl_type = dovecot", fmt.Sprintf("smtpd_sasl_path = inet:127.0.0.1:%d", o.Dovecot.Auth))
	}
	if o.Relay != 0 {
		main = append(main, fmt.Sprintf("relayhost = [127.0.0.1]:%d", o.Relay))
	} else {
		main = append(main, "default_transport = error:there is no way out")
	}
	main = append(main, o.More, "")
	master := []string{
		fmt.Sprintf("127.0.0.1:%d inet n - n - - smtpd", p.SMTP),
		fmt.Sprintf("127.0.0.1:%d inet n - n - - smtpd\n  -o smtpd_tls_wrappermode=yes", p.SMTPS),
		"pickup unix n - n 60 1 pickup", "cleanup unix n - n - 0 cleanup", "qmgr unix n - n 300 1 qmgr", "tlsmgr unix - - n 1000? 1 tlsmgr",
		"rewrite unix - - n - - trivial-rewrite", "bounce unix - - n - 0 bounce", "defer unix - - n - 0 bounce", "trace unix - - n - 0 bounce",
		"verify unix - - n - 1 verify", "flush unix n - n 1000? 0 flush", "proxymap unix - - n - - proxymap", "smtp unix - - n - - smtp", "relay unix - - n - - smtp",
		"error unix - - n - - error", "retry unix - - n - - error", "discard unix - - n - - discard", "lmtp unix - - n - - lmtp", "anvil unix - - n - 1 anvil",
		"scache unix - - n - 1 scache", "postlog unix-dgram n - n - 1 postlogd", "",
	}
	return errors.Join(
		os.WriteFile(filepath.Join(p.folder, "main.cf"), []byte(strings.Join(main, "\n")), 0o644),     //nolint:gosec // no secret
		os.WriteFile(filepath.Join(p.folder, "master.cf"), []byte(strings.Join(master, "\n")), 0o644), //nolint:gosec // no secret
	)
}

// Log returns what the server has written.
func (p *Postfix) Log() string {
	log, _ := os.ReadFile(filepath.Join(p.folder, "log"))
	return string(log)
}

// Idle reports whether no mail waits: to be looked at, to be delivered, or to
// be tried again. It looks twice, because mails move while it looks.
func (p *Postfix) Idle() (bool, error) {
	for range 2 {
		for _, dir := range []string{"maildrop", "incoming", "active", "deferred"} {
			waits := false
			err := filepath.WalkDir(filepath.Join(p.folder, "queue", dir), func(_ string, f fs.DirEntry, err error) error {
				if errors.Is(err, fs.ErrNotExist) { // it has gone on meanwhile
					return nil
				}
				waits = waits || err == nil && !f.IsDir()
				return err
			})
			if err != nil || waits {
				return false, err
			}
		}
	}
	return true, nil
}

// Close ends the server and removes its folder.
func (p *Postfix) Close() error {
	ctx := context.Background()
	_ = exec.CommandContext(ctx, p.program, "-c", p.folder, "stop").Run() //nolint:gosec // our own configuration; it may have ended
	return os.RemoveAll(p.folder)
}
