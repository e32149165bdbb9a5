package email_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/internal/channel/channeltest"
	"yingda/internal/channel/email"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/clock"
)

// liar is a server of IMAP that says what a test wants. Commands that the test
// does not answer are answered as an honest server with no mail would.
type liar struct {
	port int
	say  func(c *talk, tag, command, rest string) bool // false: be honest

	mu    sync.Mutex
	calls int
	heard []string
}

// talk is one connection to a liar.
type talk struct {
	net.Conn
	*liar
	call int // the first is 1
	in   *bufio.Reader
}

func (t *talk) tell(format string, args ...any) { fmt.Fprintf(t.Conn, format+"\r\n", args...) }

func lie(t *testing.T, say func(c *talk, tag, command, rest string) bool) *liar {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &liar{port: l.Addr().(*net.TCPAddr).Port, say: say}
	var wg sync.WaitGroup
	var conns sync.Map
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			conns.Store(c, true)
			s.mu.Lock()
			s.calls++
			call := s.calls
			s.mu.Unlock()
			wg.Go(func() { s.serve(&talk{Conn: c, liar: s, call: call, in: bufio.NewReader(c)}) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		conns.Range(func(c, _ any) bool { c.(net.Conn).Close(); return true })
		wg.Wait()
	})
	return s
}

func (s *liar) serve(c *talk) {
	defer c.Close()
	c.tell("* OK [CAPABILITY IMAP4rev1 IDLE ID AUTH=XOAUTH2 SASL-IR] ready")
	for {
		text, err := c.in.ReadString('\n')
		if err != nil {
			return
		}
		text = strings.TrimSpace(text)
		s.mu.Lock()
		s.heard = append(s.heard, text)
		s.mu.Unlock()
		tag, rest, _ := strings.Cut(text, " ")
		command, rest, _ := strings.Cut(rest, " ")
		command = strings.ToUpper(command)
		if command == "UID" {
			var second string
			second, rest, _ = strings.Cut(rest, " ")
			command += " " + strings.ToUpper(second)
		}
		if s.say(c, tag, command, rest) {
			continue
		}
		switch command {
		case "CAPABILITY":
			c.tell("* CAPABILITY IMAP4rev1 IDLE ID AUTH=XOAUTH2 SASL-IR")
		case "ID":
			c.tell("* ID NIL")
		case "SELECT":
			c.tell("* 0 EXISTS\r\n* OK [UIDVALIDITY 7] ok")
		case "UID SEARCH":
			c.tell("* SEARCH")
		case "IDLE":
			c.tell("+ idling")
			if _, err := c.in.ReadString('\n'); err != nil {
				return
			}
		case "LOGOUT":
			c.tell("* BYE")
			c.tell("%s OK", tag)
			return
		}
		c.tell("%s OK done", tag)
	}
}

func (s *liar) box() mailbox.Mailbox {
	m := mailbox.Mailbox{Inbox: inbox.NewID(clock.Now()), Address: "service@example.test", Settings: mailbox.Defaults(), Version: 1}
	m.Settings.Fetch.Way = mailbox.ByIMAP
	m.Settings.Fetch.Server = mailbox.Server{Host: "127.0.0.1", Port: s.port, Security: mailbox.Plain, User: "service", Auth: mailbox.Password}
	m.Settings.Fetch.After = mailbox.Leave
	m.Secrets.FetchPassword = "x"
	return m
}

func (s *liar) said(text string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, h := range s.heard {
		if strings.Contains(h, text) {
			n++
		}
	}
	return n
}

// mailIs answers for a folder with one mail, number 5.
func mailIs(c *talk, tag, command, rest string, size int) bool {
	switch command {
	case "UID SEARCH":
		c.tell("* SEARCH 5\r\n%s OK", tag)
		return true
	case "UID FETCH":
		if strings.Contains(rest, "RFC822.SIZE") {
			c.tell("* 1 FETCH (UID 5 RFC822.SIZE %d INTERNALDATE \"01-Dec-2026 10:00:00 +0800\")\r\n%s OK", size, tag)
			return true
		}
	}
	return false
}

const honest = "Subject: x\r\nMessage-ID: <honest@x.test>\r\n\r\nhello\r\n"

// impatient does not wait for silent servers.
var impatient = email.Network{Patience: 300 * time.Millisecond}

func TestServersThatLie(t *testing.T) {
	t.Parallel()
	body := func(c *talk, tag string) {
		c.tell("* 1 FETCH (UID 5 BODY[] {%d}\r\n%s)\r\n%s OK", len(honest), honest, tag)
	}
	for name, c := range map[string]struct {
		say  func(c *talk, tag, command, rest string) bool
		code string // of the health in between; "" if it is never told
		mail bool   // in the end the desk has the mail, whole
	}{
		"a mail with a lower number than was asked for": {func(c *talk, tag, command, rest string) bool {
			switch command {
			case "UID SEARCH":
				c.tell("* SEARCH 5 3 5 0\r\n%s OK", tag)
				return true
			case "UID FETCH":
				if strings.Contains(rest, "BODY") {
					c.tell("* 9 FETCH (UID 3 BODY[] {3}\r\nold)")
					body(c, tag)
					return true
				}
			}
			return mailIs(c, tag, command, rest, len(honest))
		}, "", true},
		"mails that are not there": {func(c *talk, tag, command, rest string) bool {
			switch command {
			case "SELECT":
				c.tell("* 4294967295 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n%s OK", tag)
				return true
			case "UID SEARCH":
				c.tell("* SEARCH 4294967295 5 17\r\n%s OK", tag)
				return true
			case "UID FETCH":
				if strings.Contains(rest, "BODY") {
					body(c, tag)
					return true
				}
			}
			return mailIs(c, tag, command, rest, len(honest))
		}, "", true},
		"a mail shorter than announced": {func(c *talk, tag, command, rest string) bool {
			if command == "UID FETCH" && strings.Contains(rest, "BODY") {
				if c.call < 2 {
					c.tell("* 1 FETCH (UID 5 BODY[] {1000}\r\n%s)\r\n%s OK", honest, tag)
				} else {
					body(c, tag)
				}
				return true
			}
			return mailIs(c, tag, command, rest, len(honest))
		}, "mailbox.silent", true},
		"a connection that ends in a mail": {func(c *talk, tag, command, rest string) bool {
			if command == "UID FETCH" && strings.Contains(rest, "BODY") {
				if c.call < 3 {
					c.tell("* 1 FETCH (UID 5 BODY[] {%d}\r\n%s", len(honest), honest[:20])
					c.Close()
				} else {
					body(c, tag)
				}
				return true
			}
			return mailIs(c, tag, command, rest, len(honest))
		}, "mailbox.unreachable", true},
		"a number after the bytes": {func(c *talk, tag, command, rest string) bool {
			if strings.HasSuffix(command, "FETCH") && strings.Contains(rest, "BODY") {
				c.tell("* 1 FETCH (BODY[] {%d}\r\n%s UID 5)\r\n%s OK", len(honest), honest, tag)
				return true
			}
			return mailIs(c, tag, command, rest, len(honest))
		}, "", true},
		"a mail that is named and never given": {func(c *talk, tag, command, rest string) bool {
			if strings.HasSuffix(command, "FETCH") && strings.Contains(rest, "BODY") {
				return false
			}
			return mailIs(c, tag, command, rest, 100)
		}, "", false},
		"a server that falls silent": {func(c *talk, tag, command, rest string) bool {
			if command == "UID SEARCH" && c.call < 3 {
				return true
			}
			if command == "UID FETCH" && strings.Contains(rest, "BODY") {
				body(c, tag)
				return true
			}
			return mailIs(c, tag, command, rest, len(honest))
		}, "mailbox.silent", true},
		"a server that never stops": {func(c *talk, tag, command, rest string) bool {
			if command == "SELECT" && c.call < 3 {
				junk := strings.Repeat("x", 1<<16)
				c.tell("* OK ")
				for {
					if _, err := io.WriteString(c.Conn, junk); err != nil {
						return true
					}
				}
			}
			if command == "UID FETCH" && strings.Contains(rest, "BODY") {
				body(c, tag)
				return true
			}
			return mailIs(c, tag, command, rest, len(honest))
		}, "", true},
		"goodbye": {func(c *talk, tag, command, rest string) bool {
			if command == "SELECT" && c.call < 3 {
				c.tell("* BYE too many connections")
				c.Close()
				return true
			}
			if command == "UID FETCH" && strings.Contains(rest, "BODY") {
				body(c, tag)
				return true
			}
			return mailIs(c, tag, command, rest, len(honest))
		}, "mailbox.unreachable", true},
		"nonsense": {func(c *talk, tag, command, rest string) bool {
			if command == "UID SEARCH" && c.call < 3 {
				c.tell("\x00\xff)))(((\r\n* {}}")
				return true
			}
			if command == "UID FETCH" && strings.Contains(rest, "BODY") {
				body(c, tag)
				return true
			}
			return mailIs(c, tag, command, rest, len(honest))
		}, "mailbox.unreachable", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := lie(t, c.say)
			m := s.box()
			desk := channeltest.NewMailDesk(clock.Now, m)
			fetcher(t, desk, impatient, swift, "a")
			if c.mail {
				within(t, desk, "the mail", func() bool { return len(desk.Kept()) >= 1 })
				if got := desk.Kept()[0]; string(got.Raw) != honest || got.TooLarge || got.Cursor.LastUID != 5 {
					t.Errorf("the desk has %+v: %q", got.RawMail, got.Raw)
				}
			}
			within(t, desk, "that all is well in the end", func() bool { return state(desk, m.Inbox).State == mailbox.Working })
			if !c.mail {
				within(t, desk, "that it is passed over", func() bool {
					at, err := desk.MailCursor(t.Context(), m.Inbox, "INBOX")
					return err == nil && at.LastUID == 5
				})
			}
			fetch, _ := desk.Health(m.Inbox)
			told := ""
			for _, h := range fetch {
				if h.State == mailbox.Degraded {
					told = h.Code
				}
			}
			if c.code != "" && told != c.code {
				t.Errorf("told %q, want %q", told, c.code)
			}
			if n := len(desk.Kept()); c.mail && n != 1 {
				t.Errorf("the desk has %d mails", n)
			}
		})
	}
}

// A mail that is more than we take comes as its header, and stays on the
// server.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	header := "Subject: huge\r\nMessage-ID: <huge@x.test>\r\n\r\n"
	for name, says := range map[string]int{"and the server says so": 70 << 20, "and the server says otherwise": 1000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := lie(t, func(c *talk, tag, command, rest string) bool {
				switch {
				case command == "UID FETCH" && strings.Contains(rest, "BODY.PEEK[HEADER]"):
					c.tell("* 1 FETCH (UID 5 BODY[HEADER] {%d}\r\n%s)\r\n%s OK", len(header), header, tag)
					return true
				case command == "UID FETCH" && strings.Contains(rest, "BODY.PEEK[]"):
					c.tell("* 1 FETCH (UID 5 BODY[] {%d}", 80<<20)
					junk := []byte(header + strings.Repeat("x", 1<<20))
					for range 80 {
						if _, err := c.Write(junk); err != nil {
							return true
						}
					}
					return true
				}
				return mailIs(c, tag, command, rest, says)
			})
			m := s.box()
			m.Settings.Fetch.After = mailbox.Delete
			desk := channeltest.NewMailDesk(clock.Now, m)
			fetcher(t, desk, email.Network{}, swift, "a")
			within(t, desk, "the header", func() bool { return len(desk.Kept()) == 1 })
			if got := desk.Kept()[0]; string(got.Raw) != header || !got.TooLarge {
				t.Errorf("the desk has %q, too large: %v", got.Raw, got.TooLarge)
			}
			within(t, desk, "health", func() bool { return state(desk, m.Inbox).State == mailbox.Working })
			if s.said("Deleted") != 0 {
				t.Error("a mail that we do not have was deleted")
			}
		})
	}
}

// 163 and 126 open no folder to who has not introduced himself, and do not
// always say that they want it.
func TestIntroduction(t *testing.T) {
	t.Parallel()
	s := lie(t, nil)
	s.say = func(_ *talk, _, _, _ string) bool { return false }
	introduced := map[int]bool{}
	var mu sync.Mutex
	s.say = func(c *talk, tag, command, _ string) bool {
		mu.Lock()
		defer mu.Unlock()
		switch command {
		case "ID":
			introduced[c.call] = true
		case "SELECT":
			if !introduced[c.call] {
				c.tell("%s NO SELECT Unsafe Login. Please contact kefu@188.com for help", tag)
				return true
			}
		}
		return false
	}
	m := s.box()
	desk := channeltest.NewMailDesk(clock.Now, m)
	fetcher(t, desk, impatient, swift, "a")
	within(t, desk, "health", func() bool { return state(desk, m.Inbox).State == mailbox.Working })
	if s.said(`"name" "Yingda"`) == 0 {
		t.Error("we did not say who we are")
	}
}

// A token that a server refuses is told with a challenge that has to be
// answered; a new one is asked for.
func TestTokenRefused(t *testing.T) {
	t.Parallel()
	s := lie(t, func(c *talk, tag, command, rest string) bool {
		if command != "AUTHENTICATE" {
			return false
		}
		said, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "XOAUTH2 "))
		if string(said) == "user=service\x01auth=Bearer fresh\x01\x01" {
			return false
		}
		c.tell("+ %s", base64.StdEncoding.EncodeToString([]byte(`{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}`)))
		if _, err := c.in.ReadString('\n'); err != nil {
			return true
		}
		c.tell("%s NO [AUTHENTICATIONFAILED] Invalid credentials", tag)
		return true
	})
	p := provider(t, "fresh")
	m := s.box()
	m.Settings.Fetch.Server.Auth = mailbox.OAuth
	m.Secrets.Grant = p.grant("stale", clock.Now().Add(time.Hour))
	desk := channeltest.NewMailDesk(clock.Now, m)
	fetcher(t, desk, impatient, swift, "a")
	within(t, desk, "that it works with the next token", func() bool { return state(desk, m.Inbox).State == mailbox.Working })
	if told, _ := desk.Health(m.Inbox); told[0].Code != "mailbox.signin_token" || !strings.Contains(told[0].Detail, "400") {
		t.Errorf("told %+v", told[0])
	}
}

// What stands in one of our networks is not called by a name of the internet.
func TestPrivateNames(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"169.254.169.254": "mailbox.private",
		"0.0.0.0":         "mailbox.private",
	} {
		m := (&liar{port: 993}).box()
		m.Settings.Fetch.Server.Host, m.Settings.Fetch.Server.Security = host, mailbox.TLS
		steps := (&email.Checker{Tokens: &email.Tokens{}, Network: impatient, Now: clock.Now, Log: logger(t), Within: 5 * time.Second}).CheckMailbox(context.Background(), m)
		if len(steps) != 1 || code(steps[0].Err) != want {
			t.Errorf("%s: %+v", host, steps)
		}
	}
}

func portOf(t *testing.T, l net.Listener) int {
	t.Helper()
	_, p, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(p)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
