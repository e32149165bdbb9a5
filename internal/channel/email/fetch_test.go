package email_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/channel/channeltest"
	"yingda/internal/channel/email"
	"yingda/internal/channel/email/peer"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/clock"
)

// need skips a test whose peer cannot run here, except where everything is to
// be tested.
func need(t *testing.T, programs ...string) {
	t.Helper()
	lacking := peer.Lacking(programs...)
	switch {
	case lacking == "":
	case os.Getenv("TEST_EVERYTHING") != "":
		t.Fatal(lacking)
	default:
		t.Skip(lacking)
	}
}

func dovecot(t *testing.T, o peer.DovecotOptions) *peer.Dovecot {
	t.Helper()
	need(t, "dovecot", "doveadm")
	d, err := peer.StartDovecot(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(d.Log())
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// box is a mailbox of a user of a Dovecot.
func box(d *peer.Dovecot, user string) mailbox.Mailbox {
	m := mailbox.Mailbox{Inbox: inbox.NewID(clock.Now()), Address: user + "@example.test", Settings: mailbox.Defaults(), Version: 1}
	m.Settings.Fetch.Way = mailbox.ByIMAP
	m.Settings.Fetch.Server = mailbox.Server{Host: "localhost", Port: d.IMAPS, Security: mailbox.TLS, User: user, Auth: mailbox.Password}
	m.Secrets.FetchPassword = peer.Password
	return m
}

// swift is a pace at which tests do not wait for anything.
var swift = email.Pace{
	Look: 50 * time.Millisecond, Lease: 3 * time.Second, Poll: 50 * time.Millisecond, Sweep: 100 * time.Millisecond,
	BackOffLeast: 10 * time.Millisecond, BackOffMost: 100 * time.Millisecond,
}

// logger writes into the test.
func logger(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// program is a fetcher that runs.
type program struct {
	stop func()
}

func fetcher(t *testing.T, desk *channeltest.MailDesk, n email.Network, pace email.Pace, holder string) *program {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	f := &email.Fetcher{
		Mail: desk, Tokens: &email.Tokens{Mail: desk, Network: n, Now: clock.Now}, Network: n, Now: clock.Now, Log: logger(t), Holder: holder, Pace: pace,
	}
	var wg sync.WaitGroup
	wg.Go(func() { _ = f.Run(ctx) })
	p := &program{stop: sync.OnceFunc(func() { cancel(); wg.Wait() })}
	t.Cleanup(p.stop)
	return p
}

// within waits until something is so on the desk.
func within(t *testing.T, desk *channeltest.MailDesk, what string, so func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	if !desk.Wait(ctx, so) {
		t.Fatalf("in vain: %s; the desk has %d mails", what, len(desk.Kept()))
	}
}

func letter(n int) []byte {
	return fmt.Appendf(nil, "From: wang@customer.test\r\nTo: service@example.test\r\nSubject: =?utf-8?B?5oqV6K+J?= %d\r\nMessage-ID: <m%d@customer.test>\r\n\r\n第 %d 封\r\n", n, n, n)
}

func letters(from, n int) [][]byte {
	ms := make([][]byte, n)
	for i := range ms {
		ms[i] = letter(from + i)
	}
	return ms
}

func state(desk *channeltest.MailDesk, in inbox.ID) mailbox.Health {
	hs, _ := desk.Health(in)
	if len(hs) == 0 {
		return mailbox.Health{}
	}
	return hs[len(hs)-1]
}

func TestFetch(t *testing.T) {
	t.Parallel()
	d := dovecot(t, peer.DovecotOptions{})
	m := box(d, "service")
	if err := d.Deliver("service", letters(0, 3)...); err != nil {
		t.Fatal(err)
	}
	desk := channeltest.NewMailDesk(clock.Now, m)
	n := email.Network{Roots: d.Roots}
	slow := swift
	slow.Sweep, slow.Poll = time.Hour, time.Hour // only what the server tells by itself brings mail
	fetcher(t, desk, n, slow, "a")
	within(t, desk, "the mails that were there", func() bool { return len(desk.Kept()) == 3 })
	within(t, desk, "health", func() bool { return state(desk, m.Inbox).State == mailbox.Working })
	if got := desk.Kept()[1]; got.Cursor == nil || got.Cursor.LastUID != 3 || got.From != "" || got.ReceivedAt.IsZero() || string(got.Raw) != string(letter(1)) {
		t.Errorf("the desk has %+v: %q", got.RawMail, got.Raw)
	}
	if err := d.Deliver("service", letter(3)); err != nil {
		t.Fatal(err)
	}
	within(t, desk, "a mail that the server tells of", func() bool { return len(desk.Kept()) == 4 })

	// What is fetched is marked as seen; what we have is not touched again.
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		out, err := d.Admin(ctx, "search", "-u", "service", "mailbox", "INBOX", "unseen")
		if err != nil {
			t.Fatal(err)
		}
		if strings.TrimSpace(out) == "" {
			break
		}
	}
}

// A connection that is cut, and a server that is away, are nothing that people
// notice.
func TestReconnect(t *testing.T) {
	t.Parallel()
	d := dovecot(t, peer.DovecotOptions{})
	m := box(d, "service")
	m.Settings.Fetch.Server.Port, m.Settings.Fetch.Server.Security = d.IMAP, mailbox.StartTLS
	desk := channeltest.NewMailDesk(clock.Now, m)
	fetcher(t, desk, email.Network{Roots: d.Roots}, swift, "a")
	within(t, desk, "health", func() bool { return state(desk, m.Inbox).State == mailbox.Working })
	if _, err := d.Admin(t.Context(), "kick", "service"); err != nil {
		t.Fatal(err)
	}
	if err := d.Deliver("service", letter(1)); err != nil {
		t.Fatal(err)
	}
	within(t, desk, "a mail after the connection was cut", func() bool { return len(desk.Kept()) == 1 })
	if err := d.Stop(); err != nil {
		t.Fatal(err)
	}
	within(t, desk, "that the server is away", func() bool { h := state(desk, m.Inbox); return h.State == mailbox.Degraded })
	if err := d.Deliver("service", letter(2)); err != nil {
		t.Fatal(err)
	}
	if err := d.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	within(t, desk, "a mail after the server was away", func() bool { return len(desk.Kept()) == 2 && state(desk, m.Inbox).State == mailbox.Working })
	if desk.Again() != 0 {
		t.Errorf("%d mails were fetched twice", desk.Again())
	}
}

// When a server numbers a folder anew, all of it is looked through, and nothing
// is there twice.
func TestNumbersAnew(t *testing.T) {
	t.Parallel()
	d := dovecot(t, peer.DovecotOptions{})
	m := box(d, "service")
	if err := d.Deliver("service", letters(0, 5)...); err != nil {
		t.Fatal(err)
	}
	desk := channeltest.NewMailDesk(clock.Now, m)
	first := fetcher(t, desk, email.Network{Roots: d.Roots}, swift, "a")
	within(t, desk, "the mails", func() bool { return len(desk.Kept()) == 5 })
	first.stop()
	before, err := desk.MailCursor(t.Context(), m.Inbox, "INBOX")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Stop(); err != nil {
		t.Fatal(err)
	}
	maildir := filepath.Join(d.Home("service"), "Maildir")
	gone, err := filepath.Glob(filepath.Join(maildir, "dovecot*"))
	if err != nil || len(gone) == 0 {
		t.Fatal(gone, err)
	}
	for _, f := range gone {
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.Deliver("service", letter(5)); err != nil {
		t.Fatal(err)
	}
	fetcher(t, desk, email.Network{Roots: d.Roots}, swift, "a")
	within(t, desk, "the new mail and the old ones again", func() bool { return len(desk.Kept()) == 6 && desk.Again() == 5 })
	after, err := desk.MailCursor(t.Context(), m.Inbox, "INBOX")
	if err != nil || after.Validity == before.Validity || after.LastUID != 6 {
		t.Errorf("before %+v, after %+v, %v", before, after, err)
	}
}

// Whatever happens between two mails, each is there once in the end. The
// program is stopped again and again, and the desk fails now and then.
func TestRestartInTheMiddle(t *testing.T) {
	t.Parallel()
	d := dovecot(t, peer.DovecotOptions{})
	m := box(d, "service")
	const all = 300
	if err := d.Deliver("service", letters(0, all)...); err != nil {
		t.Fatal(err)
	}
	desk := channeltest.NewMailDesk(clock.Now, m)
	asked := 0
	desk.FailWith(func(channel.RawMail) error { // one at a time: there is one mailbox
		if asked++; asked%37 == 0 {
			return errors.New("the disk is full")
		}
		return nil
	})
	for n := 20; n < all; n += 60 {
		p := fetcher(t, desk, email.Network{Roots: d.Roots}, swift, "a")
		within(t, desk, "more mails", func() bool { return len(desk.Kept()) >= n })
		p.stop()
	}
	fetcher(t, desk, email.Network{Roots: d.Roots}, swift, "b")
	within(t, desk, "all mails", func() bool { return len(desk.Kept()) == all })
	if desk.Again() != 0 {
		t.Errorf("%d mails were fetched twice although the cursor stands with them", desk.Again())
	}
}

// Mails come in groups, and one that cannot be kept takes none of the others
// with it: those before it are kept, and those after it as soon as it is.
func TestOneOfAGroupCannotBeKept(t *testing.T) {
	t.Parallel()
	d := dovecot(t, peer.DovecotOptions{})
	m := box(d, "service")
	if err := d.Deliver("service", letters(0, 40)...); err != nil {
		t.Fatal(err)
	}
	desk := channeltest.NewMailDesk(clock.Now, m)
	var refused atomic.Int64
	var mended atomic.Bool
	desk.FailWith(func(m channel.RawMail) error {
		raw, err := io.ReadAll(m.Body)
		if err == nil && bytes.Contains(raw, []byte("<m17@")) && !mended.Load() {
			refused.Add(1)
			err = errors.New("the disk says no")
		}
		return err
	})
	fetcher(t, desk, email.Network{Roots: d.Roots}, swift, "a")
	within(t, desk, "those before it", func() bool { return len(desk.Kept()) == 17 && refused.Load() > 2 })
	if c, err := desk.MailCursor(t.Context(), m.Inbox, "INBOX"); err != nil || c.LastUID != 17 {
		t.Errorf("the cursor is %+v, %v", c, err)
	}
	mended.Store(true)
	within(t, desk, "all mails", func() bool { return len(desk.Kept()) == 40 })
	for i, k := range desk.Kept() {
		if string(k.Raw) != string(letter(i)) {
			t.Fatalf("the mail at %d is %q", i, k.Raw)
		}
	}
	if desk.Again() != 0 {
		t.Errorf("%d mails were kept twice", desk.Again())
	}
}

// Of two programs on the same data one fetches; when it ends, the other goes on.
func TestTwoPrograms(t *testing.T) {
	t.Parallel()
	d := dovecot(t, peer.DovecotOptions{})
	m := box(d, "service")
	desk := channeltest.NewMailDesk(clock.Now, m)
	a := fetcher(t, desk, email.Network{Roots: d.Roots}, swift, "a")
	within(t, desk, "health", func() bool { return state(desk, m.Inbox).State == mailbox.Working })
	fetcher(t, desk, email.Network{Roots: d.Roots}, swift, "b")
	for i := range 20 {
		if err := d.Deliver("service", letter(i)); err != nil {
			t.Fatal(err)
		}
		within(t, desk, "a mail", func() bool { return len(desk.Kept()) == i+1 })
		if i == 10 {
			a.stop()
		}
	}
	if desk.Again() != 0 {
		t.Errorf("%d mails were fetched twice", desk.Again())
	}
}

func TestAfter(t *testing.T) {
	t.Parallel()
	d := dovecot(t, peer.DovecotOptions{})
	for _, c := range []struct {
		after   mailbox.After
		folder  string
		remains int
	}{
		{mailbox.Leave, "INBOX", 2},
		{mailbox.Move, "Yingda", 2},
		{mailbox.Delete, "INBOX", 0},
	} {
		t.Run(string(c.after), func(t *testing.T) {
			user := "user-" + string(c.after)
			if err := d.Deliver(user, letters(0, 2)...); err != nil {
				t.Fatal(err)
			}
			m := box(d, user)
			m.Settings.Fetch.After = c.after
			desk := channeltest.NewMailDesk(clock.Now, m)
			fetcher(t, desk, email.Network{Roots: d.Roots}, swift, "a")
			within(t, desk, "both mails and health", func() bool { return len(desk.Kept()) == 2 && state(desk, m.Inbox).State == mailbox.Working })
			out, err := d.Admin(t.Context(), "search", "-u", user, "mailbox", c.folder, "all")
			if got := len(strings.Fields(out)) / 2; err != nil || got != c.remains {
				t.Errorf("%d remain in %s, %v", got, c.folder, err)
			}
			if out, err := d.Admin(t.Context(), "search", "-u", user, "mailbox", "INBOX", "seen"); c.after == mailbox.Leave && (err != nil || strings.TrimSpace(out) != "") {
				t.Errorf("left as it is, but seen: %s, %v", out, err)
			}
		})
	}
}

// Whoever is not let in tries three times, and says what to do.
func TestRefused(t *testing.T) {
	t.Parallel()
	d := dovecot(t, peer.DovecotOptions{})
	m := box(d, "service")
	m.Secrets.FetchPassword = "wrong"
	desk := channeltest.NewMailDesk(clock.Now, m)
	fetcher(t, desk, email.Network{Roots: d.Roots}, swift, "a")
	within(t, desk, "that it is refused", func() bool {
		h := state(desk, m.Inbox)
		return h.State == mailbox.Refused && h.Code == "mailbox.signin"
	})
	if n := strings.Count(d.Log(), "auth failed, 1 attempts"); n > 3 {
		t.Errorf("%d tries", n)
	}
	m.Secrets.FetchPassword = peer.Password
	desk.Put(m)
	within(t, desk, "that it works after the password was mended", func() bool { return state(desk, m.Inbox).State == mailbox.Working })
}

// What is older than the mailbox wants stays where it is, and is not asked for
// again.
func TestSince(t *testing.T) {
	t.Parallel()
	d := dovecot(t, peer.DovecotOptions{})
	if err := d.Deliver("service", letters(0, 3)...); err != nil {
		t.Fatal(err)
	}
	m := box(d, "service")
	m.Settings.Fetch.Since = clock.Now().Add(time.Hour)
	desk := channeltest.NewMailDesk(clock.Now, m)
	fetcher(t, desk, email.Network{Roots: d.Roots}, swift, "a")
	within(t, desk, "the cursor after the old mails", func() bool {
		c, err := desk.MailCursor(t.Context(), m.Inbox, "INBOX")
		return err == nil && c.LastUID == 3
	})
	if len(desk.Kept()) != 0 {
		t.Error("an old mail was taken")
	}
}

func TestManyMails(t *testing.T) {
	t.Parallel()
	d := dovecot(t, peer.DovecotOptions{})
	m := box(d, "service")
	all := 10_000
	if testing.Short() || racing {
		all = 500 // ten thousand in the run without the race detector
	}
	if err := d.Deliver("service", letters(0, all)...); err != nil {
		t.Fatal(err)
	}
	desk := channeltest.NewMailDesk(clock.Now, m)
	fetcher(t, desk, email.Network{Roots: d.Roots}, swift, "a")
	within(t, desk, "all mails", func() bool { return len(desk.Kept()) == all })
	if desk.Again() != 0 {
		t.Errorf("%d mails were fetched twice", desk.Again())
	}
	got := map[string]bool{}
	for _, k := range desk.Kept() {
		got[string(k.Raw)] = true
	}
	for i := range all {
		if !got[string(letter(i))] {
			t.Fatalf("mail %d is not there as it was", i)
		}
	}
}
