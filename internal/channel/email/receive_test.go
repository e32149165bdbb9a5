package email_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/channel/channeltest"
	"yingda/internal/channel/email"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/clock"
)

// zone is a world of names, in memory.
type zone map[string][]string // TXT by name, and "A name" for addresses

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	name = strings.TrimSuffix(name, ".")
	if z[name] == nil {
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	if z[name][0] == "away" {
		return nil, &net.DNSError{Err: "timeout", Name: name, IsTimeout: true, IsTemporary: true}
	}
	return z[name], nil
}

func (z zone) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (z zone) LookupIPAddr(_ context.Context, name string) ([]net.IPAddr, error) {
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (z zone) LookupAddr(_ context.Context, name string) ([]string, error) {
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func smtpBox(address string) mailbox.Mailbox {
	m := mailbox.Mailbox{Inbox: inbox.NewID(clock.Now()), Address: address, Settings: mailbox.Defaults(), Version: 1}
	m.Settings.Fetch.Way = mailbox.BySMTP
	return m
}

// taker is a server that takes mail on a port of its own.
func taker(t *testing.T, desk *channeltest.MailDesk, change func(*email.Server)) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &email.Server{Mail: desk, Now: clock.Now, Log: logger(t), Name: "mx.example.test", Resolver: zone{}, Spool: t.TempDir()}
	if change != nil {
		change(s)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var wg sync.WaitGroup
	wg.Go(func() { _ = s.Serve(ctx, l) })
	t.Cleanup(func() {
		cancel()
		wg.Wait()
		left, err := os.ReadDir(s.Spool)
		if err != nil || len(left) != 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	})
	return portOf(t, l)
}

func swaks(t *testing.T, port int, args ...string) (out string, err error) {
	t.Helper()
	need(t, "swaks")
	b, err := exec.Command("swaks", append([]string{"--server", "127.0.0.1", "--port", strconv.Itoa(port), "--timeout", "30s", "--helo", "sender.test"}, args...)...).CombinedOutput()
	return string(b), err
}

func TestTake(t *testing.T) {
	t.Parallel()
	support, complaint := smtpBox("support@example.test"), smtpBox("complaint@example.test")
	desk := channeltest.NewMailDesk(clock.Now, support, complaint)
	port := taker(t, desk, nil)
	out, err := swaks(t, port, "--tls", "--from", "wang@customer.test", "--to", "support+c7ab@example.test,complaint@example.test,support@example.test",
		"--header", "Subject: hello", "--body", "line\n.dot\n")
	if err != nil {
		t.Fatal(out)
	}
	kept := desk.Kept()
	if len(kept) != 2 {
		t.Fatalf("the desk has %d mails", len(kept))
	}
	first := kept[0]
	if first.Inbox != support.Inbox || first.From != "wang@customer.test" || fmt.Sprint(first.To) != "[support+c7ab@example.test support@example.test]" || first.Remote != "127.0.0.1" || first.Cursor != nil {
		t.Errorf("the desk has %+v", first.RawMail)
	}
	raw := string(first.Raw)
	if !strings.HasPrefix(raw, "Return-Path: <wang@customer.test>\r\nReceived: from sender.test ([127.0.0.1])\r\n\tby mx.example.test with ESMTPS id rx_") || !strings.Contains(raw, "\r\n\r\nline\r\n.dot\r\n") {
		t.Errorf("the mail is %q", raw)
	}
	if kept[1].Inbox != complaint.Inbox || fmt.Sprint(kept[1].To) != "[complaint@example.test]" {
		t.Errorf("the other mailbox has %+v", kept[1].RawMail)
	}
	if out, err := swaks(t, port, "--from", "<>", "--to", "support@example.test"); err != nil || desk.Kept()[2].From != "<>" {
		t.Errorf("a bounce: %s", out)
	}
	for what, c := range map[string]struct {
		args []string
		want string
	}{
		"an unknown recipient":      {[]string{"--from", "a@b.test", "--to", "nobody@example.test"}, "550 5.1.1"},
		"somebody else's recipient": {[]string{"--from", "a@b.test", "--to", "wang@customer.test"}, "550 5.1.1"},
	} {
		if out, err := swaks(t, port, c.args...); err == nil || !strings.Contains(out, c.want) {
			t.Errorf("%s: %s", what, out)
		}
	}
	desk.FailWith(func(channel.RawMail) error { return errors.New("the disk is full") })
	if out, err := swaks(t, port, "--from", "a@b.test", "--to", "support@example.test"); err == nil || !strings.Contains(out, "451 4.3.0") {
		t.Errorf("when we fail: %s", out)
	}
	if n := len(desk.Kept()); n != 3 {
		t.Errorf("the desk has %d mails", n)
	}
}

// chat is a conversation with the server, line by line.
type chat struct {
	net.Conn
	t  *testing.T
	in *bufio.Reader
}

func call(t *testing.T, port int) *chat {
	t.Helper()
	c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(30 * time.Second))
	return &chat{c, t, bufio.NewReader(c)}
}

// hears reads an answer, and says what is wrong if it does not begin so.
func (c *chat) hears(want string) {
	c.t.Helper()
	for {
		text, err := c.in.ReadString('\n')
		if err != nil {
			c.t.Fatalf("want %s: %v", want, err)
		}
		if len(text) > 3 && text[3] == '-' {
			continue
		}
		if !strings.HasPrefix(text, want) {
			c.t.Errorf("want %s: %s", want, text)
		}
		return
	}
}

func (c *chat) says(text string) { _, _ = io.WriteString(c.Conn, text) }

func (c *chat) begin(to string) {
	c.t.Helper()
	c.hears("220")
	c.says("EHLO sender.test\r\n")
	c.hears("250")
	c.says("MAIL FROM:<a@b.test>\r\n")
	c.hears("250")
	c.says("RCPT TO:<" + to + ">\r\n")
	c.hears("250")
	c.says("DATA\r\n")
	c.hears("354")
}

// A sender who has not heard our yes comes again with the same mail. Our own
// lines before it are others, and it is the same mail.
func TestHandedInAgain(t *testing.T) {
	t.Parallel()
	desk := channeltest.NewMailDesk(clock.Now, smtpBox("support@example.test"))
	port := taker(t, desk, nil)
	for range 2 {
		c := call(t, port)
		c.begin("support@example.test")
		c.says("Subject: no id\r\n\r\ntext\r\n.\r\n")
		c.hears("250")
	}
	if kept := desk.Kept(); len(kept) != 1 || desk.Again() != 1 || !strings.HasPrefix(string(kept[0].Raw), "Return-Path: <a@b.test>\r\nReceived: ") {
		t.Errorf("the desk has %d mails, %d came again", len(kept), desk.Again())
	}
}

// No line end but the right one ends a mail: a second mail cannot be hidden in
// one (SMTP smuggling).
func TestSmuggling(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\n.\r"} {
		desk := channeltest.NewMailDesk(clock.Now, smtpBox("support@example.test"))
		c := call(t, taker(t, desk, nil))
		c.begin("support@example.test")
		c.says("Subject: one\r\n\r\ntext" + end + "MAIL FROM:<ceo@example.test>\r\nRCPT TO:<support@example.test>\r\nDATA\r\nSubject: two\r\n\r\nsmuggled\r\n.\r\n")
		c.hears("250")
		c.says("QUIT\r\n")
		c.hears("221")
		if kept := desk.Kept(); len(kept) != 1 || !strings.Contains(string(kept[0].Raw), "smuggled") || kept[0].From != "a@b.test" {
			t.Errorf("%q made %d mails", end, len(kept))
		}
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	desk := channeltest.NewMailDesk(clock.Now, smtpBox("support@example.test"))
	port := taker(t, desk, nil)
	c := call(t, port)
	c.hears("220")
	c.says("EHLO sender.test\r\n")
	c.hears("250")
	c.says("MAIL FROM:<a@b.test> SIZE=70000000\r\n")
	c.hears("552 5.3.4")
	c.says("MAIL FROM:<a@b.test>\r\n")
	c.hears("250")
	for range 50 {
		c.says("RCPT TO:<support@example.test>\r\n")
		c.hears("250")
	}
	c.says("RCPT TO:<support@example.test>\r\n")
	c.hears("452 4.5.3")
	c.says("DATA\r\n")
	c.hears("354")
	junk := strings.Repeat("x", 998) + "\r\n"
	for range 61 << 20 / len(junk) {
		c.says(junk)
	}
	c.says(".\r\n")
	c.hears("552 5.3.4")

	// Long lines, which people's programs write, are taken.
	c = call(t, port)
	c.begin("support@example.test")
	c.says("Subject: long\r\n\r\n" + strings.Repeat("长", 100_000) + "\r\n.\r\n")
	c.hears("250")
	if n := len(desk.Kept()); n != 1 {
		t.Errorf("the desk has %d mails", n)
	}

	// A mail that breaks off is none.
	c = call(t, port)
	c.begin("support@example.test")
	c.says("Subject: half\r\n\r\nhal")
	c.Close()

	// One network gets so many connections.
	var open []*chat
	for range 25 {
		open = append(open, call(t, port))
	}
	refused := 0
	for _, c := range open {
		text, _ := c.in.ReadString('\n')
		if strings.HasPrefix(text, "421 4.7.0") {
			refused++
		}
	}
	if refused < 5 {
		t.Errorf("%d of 25 connections refused", refused)
	}
	if n := len(desk.Kept()); n != 1 {
		t.Errorf("the desk has %d mails", n)
	}
}

// What the name servers say of a sender is found out and kept.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	key, public := signingKey(t, "rsa")
	for name, c := range map[string]struct {
		zone zone
		sign bool
		from string // of the envelope
		want string
	}{
		"the domain's own server": {
			zone{"customer.test": {"v=spf1 ip4:127.0.0.1 -all"}, "_dmarc.customer.test": {"v=DMARC1; p=reject"}}, false, "wang@customer.test", "pass none pass",
		},
		"another's server": {
			zone{"customer.test": {"v=spf1 ip4:192.0.2.1 -all"}, "_dmarc.customer.test": {"v=DMARC1; p=reject"}}, false, "wang@customer.test", "fail none fail",
		},
		"forwarded, and signed": {
			zone{"customer.test": {"v=spf1 ip4:192.0.2.1 -all"}, "_dmarc.customer.test": {"v=DMARC1; p=reject"}, "yd._domainkey.customer.test": {public}}, true, "list@other.test", "none pass pass",
		},
		"its own server, and another author": {
			zone{"other.test": {"v=spf1 ip4:127.0.0.1 -all"}, "_dmarc.customer.test": {"v=DMARC1; p=none"}}, false, "x@other.test", "pass none fail",
		},
		"nobody says anything":    {zone{}, false, "wang@customer.test", "none none none"},
		"the names are not there": {zone{"customer.test": {"away"}, "_dmarc.customer.test": {"away"}}, false, "wang@customer.test", "temperror none temperror"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := smtpBox("support@example.test")
			desk := channeltest.NewMailDesk(clock.Now, box)
			port := taker(t, desk, func(s *email.Server) { s.Resolver, s.Inside = c.zone, true })
			m := smtpBox("wang@customer.test")
			m.Settings.Send.Server = mailbox.Server{Host: "127.0.0.1", Port: port, Security: mailbox.Plain, Auth: mailbox.AuthNone}
			m.Settings.Send.PerMinute = 60
			if c.sign {
				m.Settings.Send.DKIMSelector, m.Secrets.DKIMKey = "yd", key
			}
			if _, err := carrier(t, nil, email.Network{}).Carry(t.Context(), m, channel.Envelope{From: c.from, To: []string{"support@example.test"}, Body: letter(1)}); err != nil {
				t.Fatal(err)
			}
			v := desk.Kept()[0].Verdicts
			if got := v.SPF + " " + v.DKIM + " " + v.DMARC; got != c.want || v.By != "mx.example.test" {
				t.Errorf("%s by %s, want %s", got, v.By, c.want)
			}
		})
	}
}

// The port is open while a mailbox needs it.
func TestListens(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	for _, c := range []struct {
		boxes []mailbox.Mailbox
		open  bool
	}{{nil, false}, {[]mailbox.Mailbox{smtpBox("support@example.test")}, true}} {
		desk := channeltest.NewMailDesk(clock.Now, c.boxes...)
		asked := make(chan struct{}, 100)
		s := &email.Server{Mail: asking{desk, asked}, Now: clock.Now, Log: logger(t), Address: address, Name: "mx.example.test"}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); _ = s.Run(ctx) }()
		<-asked
		deadline := time.Now().Add(10 * time.Second)
		for {
			conn, err := net.Dial("tcp", address)
			if err == nil {
				conn.Close()
			}
			if (err == nil) == c.open {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("open: %v, want %v", err == nil, c.open)
			}
		}
		cancel()
		<-done
	}
}

// asking tells when the list of mailboxes was read.
type asking struct {
	*channeltest.MailDesk
	asked chan struct{}
}

func (a asking) Mailboxes(ctx context.Context) ([]mailbox.Mailbox, error) {
	defer func() { a.asked <- struct{}{} }()
	return a.MailDesk.Mailboxes(ctx)
}
