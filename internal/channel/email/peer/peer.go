// Package peer starts real servers of mail on loopback, for tests and for
// measuring: Dovecot and Postfix, with their own folders and ports. It needs
// the Debian packages dovecot-imapd, dovecot-lmtpd, dovecot-sieve and postfix,
// and for Postfix to be root.
package peer

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Lacking says what keeps the programs of peers from running on this machine,
// and what to do; "" nothing.
func Lacking(programs ...string) string {
	for _, p := range programs {
		if _, err := find(p); err != nil {
			return p + " is not installed; test/install installs it"
		}
		if p == "postfix" && os.Getuid() != 0 {
			return "postfix runs for root only; run the test as root"
		}
	}
	return ""
}

func find(program string) (string, error) {
	if p, err := exec.LookPath(program); err == nil {
		return p, nil
	}
	return exec.LookPath(filepath.Join("/usr/sbin", program))
}

// Password is that of every user of every peer.
const Password = "correct-horse"

// Dovecot is a server of IMAP and LMTP.
type Dovecot struct {
	IMAP, IMAPS, LMTP int // ports on 127.0.0.1
	Auth              int // where Postfix asks who signs in
	Roots             *x509.CertPool

	folder  string
	process *exec.Cmd
	dead    chan struct{} // closed when it has ended
}

// DovecotOptions change how Dovecot runs.
type DovecotOptions struct {
	// Introspect is the address of a server that knows tokens of OAuth 2; without
	// one only passwords are known.
	Introspect string
	// Submission is host:port where scripts of users send to.
	Submission string
	// More is put into the configuration as it is.
	More string
}

// StartDovecot starts a server that knows every user whose password is
// Password. Users have no mail until somebody delivers some.
func StartDovecot(ctx context.Context, o DovecotOptions) (_ *Dovecot, err error) {
	program, err := find("dovecot")
	if err != nil {
		return nil, err
	}
	d := &Dovecot{}
	if d.folder, err = os.MkdirTemp("", "dovecot"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	if err := os.Chmod(d.folder, 0o755); err != nil { //nolint:gosec // other users of the server read it
		return nil, err
	}
	cert, err := certificate(d.folder)
	if err != nil {
		return nil, err
	}
	d.Roots = cert
	ports, err := freePorts(4)
	if err != nil {
		return nil, err
	}
	d.IMAP, d.IMAPS, d.LMTP, d.Auth = ports[0], ports[1], ports[2], ports[3]
	if err := d.configure(o); err != nil {
		return nil, err
	}
	if err := d.start(program); err != nil {
		return nil, err
	}
	return d, d.wait(ctx, d.IMAP, d.IMAPS, d.LMTP)
}

// Certificate is the file with the certificate of the server, for programs that
// are to believe it.
func (d *Dovecot) Certificate() string { return filepath.Join(d.folder, "cert.pem") }

func (d *Dovecot) conf() string { return filepath.Join(d.folder, "dovecot.conf") }

func (d *Dovecot) configure(o DovecotOptions) error {
	owner, group, err := d.owner()
	if err != nil {
		return err
	}
	for _, dir := range []string{"home", "run", "state"} {
		p := filepath.Join(d.folder, dir)
		if err := os.Mkdir(p, 0o755); err != nil { //nolint:gosec // other users of the server read it
			return err
		}
	}
	if err := os.Chown(filepath.Join(d.folder, "home"), owner, group); err != nil {
		return err
	}
	me, err := user.Current()
	if err != nil {
		return err
	}
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("base_dir = %s/run\nstate_dir = %s/state\nlog_path = %s/log", d.folder, d.folder, d.folder)
	p("protocols = imap lmtp\nlisten = 127.0.0.1\nauth_mechanisms = plain login xoauth2 oauthbearer\ndisable_plaintext_auth = no\nauth_failure_delay = 0\nauth_username_format = %%n")
	p("mailbox_idle_check_interval = 1s\nservice anvil {\n unix_listener anvil-auth-penalty {\n mode = 0\n }\n}")
	p("ssl = yes\nssl_cert = <%s/cert.pem\nssl_key = <%s/key.pem", d.folder, d.folder)
	p("mail_location = maildir:~/Maildir\nmail_uid = %d\nmail_gid = %d\nfirst_valid_uid = 1\nfirst_valid_gid = 1\nmail_max_userip_connections = 100", owner, group)
	if me.Uid != "0" {
		p("default_internal_user = %s\ndefault_login_user = %s\ndefault_internal_group = %s", me.Username, me.Username, me.Gid)
		for _, s := range []string{"imap-login", "anvil", "stats"} {
			p("service %s {\n chroot =\n}", s)
		}
	}
	p("userdb {\n driver = static\n args = uid=%d gid=%d home=%s/home/%%n allow_all_users=yes\n}", owner, group, d.folder)
	if o.Introspect != "" {
		ext := fmt.Sprintf("introspection_mode = post\nintrospection_url = %s\nusername_attribute = email\nactive_attribute = active\nactive_value = true\n", o.Introspect)
		if err := os.WriteFile(filepath.Join(d.folder, "oauth2.ext"), []byte(ext), 0o644); err != nil { //nolint:gosec // no secret
			return err
		}
		p("passdb {\n driver = oauth2\n mechanisms = xoauth2 oauthbearer\n args = %s/oauth2.ext\n}", d.folder)
	}
	p("passdb {\n driver = static\n mechanisms = plain login\n args = password=%s\n}", Password)
	p("service imap-login {\n inet_listener imap {\n port = %d\n }\n inet_listener imaps {\n port = %d\n ssl = yes\n }\n}", d.IMAP, d.IMAPS)
	p("service lmtp {\n inet_listener lmtp {\n port = %d\n }\n}", d.LMTP)
	p("service auth {\n inet_listener {\n port = %d\n }\n}", d.Auth)
	if matches, _ := filepath.Glob("/usr/lib/dovecot/modules/lib90_sieve_plugin.so"); len(matches) > 0 {
		p("protocol lmtp {\n mail_plugins = sieve\n}\nplugin {\n sieve = file:~/sieve\n sieve_vacation_min_period = 0\n}")
	}
	if o.Submission != "" {
		p("submission_host = %s", o.Submission)
	}
	p("%s", o.More)
	return os.WriteFile(d.conf(), []byte(b.String()), 0o644) //nolint:gosec // no secret but a known one
}

// owner is who the mail belongs to: ourselves, or with root somebody without
// rights.
func (d *Dovecot) owner() (uid, gid int, err error) {
	if os.Getuid() != 0 {
		return os.Getuid(), os.Getgid(), nil
	}
	u, err := user.Lookup("mail")
	if err != nil {
		return 0, 0, err
	}
	uid, err = strconv.Atoi(u.Uid)
	if err != nil {
		return 0, 0, err
	}
	gid, err = strconv.Atoi(u.Gid)
	return uid, gid, err
}

func (d *Dovecot) start(program string) error {
	d.process = exec.Command(program, "-F", "-c", d.conf()) //nolint:gosec,noctx // our own configuration; Close ends it
	out, err := os.Create(filepath.Join(d.folder, "out"))
	if err != nil {
		return err
	}
	d.process.Stdout, d.process.Stderr = out, out
	d.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that Stop finds its children
	if err := d.process.Start(); err != nil {
		return err
	}
	dead := make(chan struct{})
	d.dead = dead
	go func() {
		_ = d.process.Wait() // it is stopped on purpose
		close(dead)
		_ = out.Close()
	}()
	return nil
}

// wait returns when ports answer.
func (d *Dovecot) wait(ctx context.Context, ports ...int) error {
	return answering(ctx, d.dead, func() string { return d.Log() }, ports...)
}

func answering(ctx context.Context, dead chan struct{}, log func() string, ports ...int) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var dialer net.Dialer
	for _, p := range ports {
		for {
			c, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(p)))
			if err == nil {
				_ = c.Close()
				break
			}
			t := time.NewTimer(20 * time.Millisecond)
			select {
			case <-dead:
				return fmt.Errorf("it ended: %s", log())
			case <-ctx.Done():
				return fmt.Errorf("it does not answer: %w: %s", err, log())
			case <-t.C:
			}
		}
	}
	return nil
}

// Log returns what the server has written.
func (d *Dovecot) Log() string {
	out, _ := os.ReadFile(filepath.Join(d.folder, "out"))
	log, _ := os.ReadFile(filepath.Join(d.folder, "log"))
	return string(out) + string(log)
}

// Stop ends the server; its mail stays. Start runs it again.
func (d *Dovecot) Stop() error {
	if d.process == nil || d.process.Process == nil {
		return nil
	}
	_ = d.process.Process.Signal(os.Interrupt)
	select {
	case <-d.dead:
	case <-time.After(10 * time.Second):
		_ = d.process.Process.Kill()
		<-d.dead
	}
	_ = syscall.Kill(-d.process.Process.Pid, syscall.SIGKILL) // its children serve on for half a minute
	d.process = nil
	return nil
}

// Start runs the server again on the same ports.
func (d *Dovecot) Start(ctx context.Context) error {
	program, err := find("dovecot")
	if err != nil {
		return err
	}
	if err := d.start(program); err != nil {
		return err
	}
	return d.wait(ctx, d.IMAP, d.IMAPS, d.LMTP)
}

// Close ends the server and removes its folder.
func (d *Dovecot) Close() error {
	return errors.Join(d.Stop(), os.RemoveAll(d.folder))
}

// Home is the folder of a user.
func (d *Dovecot) Home(name string) string { return filepath.Join(d.folder, "home", name) }

// Deliver puts mails into a user's INBOX as files, as a program on the same
// machine does: many at once.
func (d *Dovecot) Deliver(name string, mails ...[]byte) error {
	uid, gid, err := d.owner()
	if err != nil {
		return err
	}
	maildir := filepath.Join(d.Home(name), "Maildir")
	for _, sub := range []string{"tmp", "new", "cur"} {
		if err := os.MkdirAll(filepath.Join(maildir, sub), 0o700); err != nil {
			return err
		}
	}
	for _, p := range []string{d.Home(name), maildir, filepath.Join(maildir, "tmp"), filepath.Join(maildir, "new"), filepath.Join(maildir, "cur")} {
		if err := os.Chown(p, uid, gid); err != nil {
			return err
		}
	}
	for _, m := range mails {
		base := fmt.Sprintf("%d.%s.test", time.Now().UnixNano(), rand.Text()) //nolint:forbidigo // a name, which Dovecot sorts by
		tmp := filepath.Join(maildir, "tmp", base)
		if err := os.WriteFile(tmp, m, 0o600); err != nil {
			return err
		}
		if err := os.Chown(tmp, uid, gid); err != nil {
			return err
		}
		if err := os.Rename(tmp, filepath.Join(maildir, "new", base)); err != nil {
			return err
		}
	}
	return nil
}

// Script gives a user a script of Sieve that runs on mail by LMTP.
func (d *Dovecot) Script(name, sieve string) error {
	if err := d.Deliver(name); err != nil {
		return err
	}
	uid, gid, err := d.owner()
	if err != nil {
		return err
	}
	p := filepath.Join(d.Home(name), "sieve")
	if err := os.WriteFile(p, []byte(sieve), 0o600); err != nil {
		return err
	}
	return os.Chown(p, uid, gid)
}

// Admin runs doveadm.
func (d *Dovecot) Admin(ctx context.Context, args ...string) (string, error) {
	program, err := find("doveadm")
	if err != nil {
		return "", err
	}
	out, err := exec.CommandContext(ctx, program, append([]string{"-c", d.conf()}, args...)...).CombinedOutput() //nolint:gosec // of a test
	if err != nil {
		err = fmt.Errorf("doveadm %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return string(out), err
}

// freePorts returns ports of 127.0.0.1 that were free a moment ago.
func freePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // at once
		if err != nil {
			return nil, err
		}
		defer l.Close()
		_, port, err := net.SplitHostPort(l.Addr().String())
		if err != nil {
			return nil, err
		}
		p, err := strconv.Atoi(port)
		if err != nil {
			return nil, err
		}
		ports = append(ports, p)
	}
	return ports, nil
}

// certificate writes cert.pem and key.pem for localhost into a folder.
func certificate(folder string) (*x509.CertPool, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	now := time.Now() //nolint:forbidigo // a certificate is looked at by the time of the system
	t := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	pool.AppendCertsFromPEM(cert)
	return pool, errors.Join(
		os.WriteFile(filepath.Join(folder, "cert.pem"), cert, 0o644), //nolint:gosec // everybody may have it
		os.WriteFile(filepath.Join(folder, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), 0o600),
	)
}
