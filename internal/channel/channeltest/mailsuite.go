package channeltest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/inbox"
)

// MailLine is a door of e-mail under test, from outside.
type MailLine interface {
	// Hand gives a mail to the door's side of the world, for one of the mailboxes.
	// Where that side may be told to come again, it does.
	Hand(t *testing.T, to string, raw []byte)
}

// ExerciseMail holds a door of e-mail against what the desk relies on, by
// whatever way mail arrives. open makes the door with a desk of its own, and
// mailboxes of those addresses.
func ExerciseMail(t *testing.T, open func(t *testing.T, addresses ...string) (*MailDesk, MailLine)) {
	t.Helper()
	for name, check := range map[string]func(*testing.T, func(t *testing.T, addresses ...string) (*MailDesk, MailLine)){
		"a mail comes as it is":                      asItIs,
		"a mail is kept once however often it comes": keptOnce,
		"what the desk could not keep comes again":   comesAgain,
		"mails come in order":                        mailsInOrder,
		"every mailbox gets only what is its own":    mailsApart,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, open)
		})
	}
}

const (
	supportBox   = "support@example.test"
	complaintBox = "complaint@example.test"
)

func mailTo(to string, n int) []byte {
	return fmt.Appendf(nil, "From: wang@customer.test\r\nTo: %s\r\nSubject: mail %d\r\nMessage-ID: <suite-%d-%s>\r\n\r\n第 %d 封\r\n", to, n, n, to, n)
}

// keeps waits until the desk has so many mails, and returns them.
func (d *MailDesk) keeps(t *testing.T, n int) []KeptMail {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if !d.Wait(ctx, func() bool { return len(d.Kept()) >= n }) {
		t.Fatalf("of %d mails the desk has %d", n, len(d.Kept()))
	}
	kept := d.Kept()
	if len(kept) != n {
		t.Fatalf("of %d mails the desk has %d", n, len(kept))
	}
	return kept
}

func asItIs(t *testing.T, open func(t *testing.T, addresses ...string) (*MailDesk, MailLine)) {
	desk, line := open(t, supportBox)
	before := desk.Now().Add(-time.Minute)
	raw := append(mailTo(supportBox, 1), ".\r\n..\r\n.a line with a dot\r\n\xc4\xfa\xba\xc3\r\n\r\n"...)
	raw = append(append(raw, bytes.Repeat([]byte("long "), 1500)...), "\r\n\tend \r\n"...)
	line.Hand(t, supportBox, raw)
	m := desk.keeps(t, 1)[0]
	if !bytes.Equal(m.Raw, append([]byte(m.Trace), raw...)) {
		t.Errorf("it came as %q", m.Raw)
	}
	if m.TooLarge || m.ReceivedAt.Before(before) || m.ReceivedAt.After(desk.Now()) {
		t.Errorf("the desk has %+v", m.RawMail)
	}
}

func keptOnce(t *testing.T, open func(t *testing.T, addresses ...string) (*MailDesk, MailLine)) {
	desk, line := open(t, supportBox)
	for range 3 {
		line.Hand(t, supportBox, mailTo(supportBox, 1))
	}
	line.Hand(t, supportBox, mailTo(supportBox, 2)) // when it is here, the others have been
	desk.keeps(t, 2)
	if n := desk.Again(); n != 2 {
		t.Errorf("%d mails came again", n)
	}
}

func comesAgain(t *testing.T, open func(t *testing.T, addresses ...string) (*MailDesk, MailLine)) {
	desk, line := open(t, supportBox)
	var asked atomic.Int64
	desk.FailWith(func(channel.RawMail) error {
		if asked.Add(1) <= 3 {
			return errors.New("the disk is full")
		}
		return nil
	})
	for n := range 5 {
		line.Hand(t, supportBox, mailTo(supportBox, n))
	}
	for n, m := range desk.keeps(t, 5) {
		if !bytes.Equal(m.Raw, append([]byte(m.Trace), mailTo(supportBox, n)...)) {
			t.Errorf("mail %d is %q", n, m.Raw)
		}
	}
	if desk.Again() != 0 {
		t.Errorf("%d mails came again that were here", desk.Again())
	}
}

func mailsInOrder(t *testing.T, open func(t *testing.T, addresses ...string) (*MailDesk, MailLine)) {
	desk, line := open(t, supportBox)
	for n := range 20 {
		line.Hand(t, supportBox, mailTo(supportBox, n))
	}
	for n, m := range desk.keeps(t, 20) {
		if !bytes.HasSuffix(m.Raw, mailTo(supportBox, n)) {
			t.Fatalf("in place %d is %q", n, m.Raw)
		}
	}
}

func mailsApart(t *testing.T, open func(t *testing.T, addresses ...string) (*MailDesk, MailLine)) {
	desk, line := open(t, supportBox, complaintBox)
	line.Hand(t, supportBox, mailTo(supportBox, 1))
	line.Hand(t, complaintBox, mailTo(complaintBox, 2))
	boxes, err := desk.Mailboxes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	of := map[inbox.ID]string{}
	for _, b := range boxes {
		of[b.Inbox] = b.Address
	}
	for _, m := range desk.keeps(t, 2) {
		if !bytes.Contains(m.Raw, []byte("To: "+of[m.Inbox]+"\r\n")) {
			t.Errorf("%s has %q", of[m.Inbox], m.Raw)
		}
	}
}
