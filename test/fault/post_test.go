package fault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/smtp"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // to look into the program's database, and to keep it from writing

	"yingda/internal/channel/email/peer"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/mail"
	"yingda/test/internal/centre"
)

// office is the real program with a mailbox on real servers: Dovecot keeps the
// mail, Postfix takes what is sent. Both are reached through wires that stop
// where a test wants.
type office struct {
	*centre.Centre
	t          *testing.T
	dovecot    *peer.Dovecot
	postfix    *peer.Postfix
	imap, smtp *wire
	inbox      string
	db         *sql.DB // to look into the program's database
	ice        *sql.DB // to keep the program from writing to it
}

const (
	us       = "service@example.test"
	customer = "customer.test" // whose mail Dovecot keeps too
)

// newOffice opens service@example.test. relay is the port of the rest of the
// world, 0: there is none.
func newOffice(t *testing.T, relay int, change func(*mailbox.Settings), args ...string) *office {
	t.Helper()
	if lacking := peer.Lacking("dovecot", "doveadm", "postfix"); lacking != "" {
		if os.Getenv("TEST_EVERYTHING") != "" {
			t.Fatal(lacking)
		}
		t.Skip(lacking)
	}
	o := &office{t: t}
	scripts := newWire(t, 0) // what Sieve sends goes to Postfix, which is not there yet
	var err error
	o.dovecot, err = peer.StartDovecot(t.Context(), peer.DovecotOptions{
		Submission: net.JoinHostPort("127.0.0.1", strconv.Itoa(scripts.port)), More: "plugin {\n sieve_extensions = +vacation-seconds\n}",
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.ends(o.dovecot.Close, o.dovecot.Log) })
	o.postfix, err = peer.StartPostfix(t.Context(), peer.PostfixOptions{
		Domain: "example.test", Dovecot: o.dovecot, Relay: relay, More: "virtual_mailbox_domains = example.test, " + customer,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.ends(o.postfix.Close, o.postfix.Log) })
	scripts.to = o.postfix.SMTP
	o.imap, o.smtp = newWire(t, o.dovecot.IMAP), newWire(t, o.postfix.SMTP)
	o.Centre = centre.New(t, args...)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(o.Said())
		}
	})
	s := mailbox.Defaults()
	s.Fetch.Way = mailbox.ByIMAP
	s.Fetch.Server = mailbox.Server{Host: "127.0.0.1", Port: o.imap.port, Security: mailbox.Plain, User: "service", Auth: mailbox.Password}
	s.Send.Server = mailbox.Server{Host: "127.0.0.1", Port: o.smtp.port, Security: mailbox.Plain, Auth: mailbox.AuthNone}
	s.Send.Plus, s.Send.PerMinute, s.UndoSeconds = true, 6000, 0
	if change != nil {
		change(&s)
	}
	if err := o.dovecot.Deliver("service"); err != nil {
		t.Fatal(err)
	}
	if s.Send.SaveSent != "" {
		if _, err := o.dovecot.Admin(t.Context(), "mailbox", "create", "-u", "service", s.Send.SaveSent); err != nil {
			t.Fatal(err)
		}
	}
	var made struct {
		ID string `json:"inbox_id"`
	}
	o.Call(http.MethodPost, "/api/v1/mailboxes", "", map[string]any{"name": "客服邮箱", "address": us, "settings": s, "fetch_password": peer.Password, "enabled": true}, &made)
	o.inbox = made.ID
	o.open()
	o.again() // a new mailbox is seen at once by a program that starts
	return o
}

// open opens the program's database beside the program.
func (o *office) open() {
	o.t.Helper()
	for to, patience := range map[**sql.DB]string{&o.db: "10000", &o.ice: "0"} {
		db, err := sql.Open("sqlite", "file:"+filepath.Join(o.Folder, "yingda.db")+"?_txlock=immediate&_pragma=busy_timeout("+patience+")")
		if err != nil {
			o.t.Fatal(err)
		}
		o.t.Cleanup(func() { _ = db.Close() })
		*to = db
	}
}

func (o *office) ends(end func() error, log func() string) {
	if o.t.Failed() {
		o.t.Log(log())
	}
	if err := end(); err != nil {
		o.t.Error(err)
	}
}

// again kills the program, mends its wires and starts it again.
func (o *office) again() {
	o.t.Helper()
	o.Kill()
	o.imap.mend()
	o.smtp.mend()
	o.Start()
}

// reaches waits until a wire stops.
func (o *office) reaches(s *stop) {
	o.t.Helper()
	select {
	case <-s.reached:
	case <-time.After(time.Minute):
		o.t.Fatalf("the program never comes to %v", s.line)
	}
}

// freeze keeps the program from writing to its database, from a moment on at
// which a question to it is answered with 1. It gives up, with false, when the
// question is answered with 2: the moment has passed.
func (o *office) freeze(question string, args ...any) (thaw func(), caught bool) {
	o.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		answer := 0
		tx, err := o.ice.BeginTx(context.Background(), nil)
		if err == nil {
			if err := tx.QueryRowContext(context.Background(), question, args...).Scan(&answer); err != nil {
				o.t.Fatal(err)
			}
			if answer == 1 {
				return func() { _ = tx.Rollback() }, true
			}
			_ = tx.Rollback()
		}
		switch {
		case answer == 2:
			return func() {}, false
		case time.Now().After(deadline):
			o.t.Fatalf("it is never so that %s: %v", question, err)
		}
		<-time.After(50 * time.Microsecond) // the program gets in, and does not stay in for longer than that
	}
}

// count asks the database, which the program goes on writing to.
func (o *office) count(question string, args ...any) (n int) {
	o.t.Helper()
	if err := o.db.QueryRowContext(o.t.Context(), question, args...).Scan(&n); err != nil {
		o.t.Fatal(err)
	}
	return n
}

// letter is a mail of a customer.
func letter(from, id, text string) []byte {
	return fmt.Appendf(nil, "From: %s\r\nTo: %s\r\nSubject: =?utf-8?B?6L2m6L6G5peg5rOV5ZCv5Yqo?=\r\nDate: %s\r\nMessage-ID: <%s@%s>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n",
		from, us, time.Now().Format(time.RFC1123Z), id, customer, text)
}

// writes lets a customer's mail arrive in the mailbox.
func (o *office) writes(raw ...[]byte) {
	o.t.Helper()
	if err := o.dovecot.Deliver("service", raw...); err != nil {
		o.t.Fatal(err)
	}
}

// handIn hands a mail to a server as other servers do.
func handIn(port int, from, to string, raw []byte) error {
	c, err := smtp.Dial(net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return err
	}
	defer c.Close()
	if err := errors.Join(c.Mail(from), c.Rcpt(to)); err != nil {
		return err
	}
	d, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := d.Write(raw); err != nil {
		return err
	}
	return d.Close()
}

// files are those of the mails that a user of Dovecot has in the INBOX.
func (o *office) files(user string) []string {
	o.t.Helper()
	files, err := filepath.Glob(filepath.Join(o.dovecot.Home(user), "Maildir", "[nc][eu][wr]", "*"))
	if err != nil {
		o.t.Fatal(err)
	}
	return files
}

// got returns the mails that a user of Dovecot has in the INBOX.
func (o *office) got(user string) (all []*mail.Incoming) {
	o.t.Helper()
	for _, f := range o.files(user) {
		raw, err := os.ReadFile(f)
		if err != nil {
			continue // renamed by its owner meanwhile: the next look tells
		}
		all = append(all, mail.Parse(raw, mail.Options{}))
	}
	return all
}

// quiet waits until nothing is on its way any more: every mail in the mailbox is
// here and read, what is to leave has left, and the servers' queues are empty.
// It looks twice, because mails move while it looks.
func (o *office) quiet() {
	o.t.Helper()
	looks := 0
	o.Until("nothing is on its way", func() bool {
		looks++
		if o.count(`SELECT (SELECT count(*) FROM mails WHERE state = 'new') + (SELECT count(*) FROM jobs WHERE kind IN ('mail.read', 'mail.carry'))`) > 0 {
			looks = 0
			return false
		}
		idle, err := o.postfix.Idle()
		if err != nil {
			o.t.Fatal(err)
		}
		if !idle || len(o.files("service")) != o.count(`SELECT count(*) FROM mails`) {
			looks = 0
		}
		return looks == 2
	})
}

// said is what tests look at in a message that came or leaves by mail.
type said struct {
	centre.Message
	Mail struct {
		Subject, Delivery, Code, Reason string
		Automatic                       bool
	}
}

// talk is a conversation by mail, with what was said in it.
type talk struct {
	ID, State   string
	ContactName string `json:"contact_name"`
	said        []said
}

// by returns what one side said, or of what kind it is.
func (k talk) by(from, kind string) (some []said) {
	for _, m := range k.said {
		if m.From == from && m.Kind == kind {
			some = append(some, m)
		}
	}
	return some
}

// talks returns all conversations of the mailbox.
func (o *office) talks() (all []talk) {
	o.t.Helper()
	cursor := ""
	for {
		var p struct {
			Items []talk
			Next  string
		}
		o.Call(http.MethodGet, "/api/v1/conversations?view=all&limit=100&inbox_id="+o.inbox+"&cursor="+cursor, "", nil, &p)
		for _, k := range p.Items {
			k.said = o.saidIn(k.ID)
			all = append(all, k)
		}
		if cursor = p.Next; cursor == "" {
			return all
		}
	}
}

func (o *office) saidIn(conversation string) []said {
	o.t.Helper()
	var p struct{ Items []said }
	o.Call(http.MethodGet, "/api/v1/conversations/"+conversation+"/messages?after=0&limit=200", "", nil, &p)
	return p.Items
}

// answer lets an agent answer a conversation.
func (o *office) answer(conversation, clientID, text string) said {
	o.t.Helper()
	var m said
	o.Call(http.MethodPost, "/api/v1/conversations/"+conversation+"/messages", "", map[string]any{"client_id": clientID, "kind": "text", "text": text}, &m)
	return m
}

// told counts notices of a kind to the agent.
func (o *office) told(kind string) (n int) {
	o.t.Helper()
	var p struct{ Items []struct{ Kind string } }
	o.Call(http.MethodGet, "/api/v1/me/notices?limit=100", "", nil, &p)
	for _, i := range p.Items {
		if i.Kind == kind {
			n++
		}
	}
	return n
}

// copies counts the mails that say a message, by the id in their own, and tells
// whether they all have the same.
func copies(all []*mail.Incoming, m said) (n int, same bool) {
	ids := map[string]bool{}
	for _, in := range all {
		if strings.Contains(in.MessageID, "."+strings.TrimPrefix(m.ID, "ms_")+".") {
			n++
			ids[in.MessageID] = true
		}
	}
	return n, len(ids) <= 1
}
