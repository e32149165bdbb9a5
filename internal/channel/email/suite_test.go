package email_test

import (
	"errors"
	"net"
	"net/smtp"
	"strconv"
	"strings"
	"testing"
	"time"

	"yingda/internal/channel/channeltest"
	"yingda/internal/channel/email"
	"yingda/internal/channel/email/peer"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/clock"
)

// Both ways in which mail arrives keep what the desk relies on.

// fetched is mail that we fetch from a Dovecot.
type fetched struct{ d *peer.Dovecot }

func (f fetched) Hand(t *testing.T, to string, raw []byte) {
	t.Helper()
	user, _, _ := strings.Cut(to, "@")
	if err := f.d.Deliver(user, raw); err != nil {
		t.Fatal(err)
	}
}

func TestFetchedAsTheDeskNeedsIt(t *testing.T) {
	t.Parallel()
	channeltest.ExerciseMail(t, func(t *testing.T, addresses ...string) (*channeltest.MailDesk, channeltest.MailLine) {
		d := dovecot(t, peer.DovecotOptions{})
		var boxes []mailbox.Mailbox
		for _, a := range addresses {
			user, _, _ := strings.Cut(a, "@")
			boxes = append(boxes, box(d, user))
		}
		desk := channeltest.NewMailDesk(clock.Now, boxes...)
		fetcher(t, desk, email.Network{Roots: d.Roots}, swift, "a")
		return desk, fetched{d}
	})
}

// handed is mail that another server hands in to us, until we take it.
type handed struct{ port int }

func (h handed) Hand(t *testing.T, to string, raw []byte) {
	t.Helper()
	hand := func() error {
		c, err := smtp.Dial(net.JoinHostPort("127.0.0.1", strconv.Itoa(h.port)))
		if err != nil {
			return err
		}
		defer c.Close()
		if err := errors.Join(c.Mail("wang@customer.test"), c.Rcpt(to)); err != nil {
			return err
		}
		w, err := c.Data()
		if err != nil {
			return err
		}
		if _, err := w.Write(raw); err != nil {
			return err
		}
		return w.Close()
	}
	deadline := time.Now().Add(time.Minute)
	for {
		err := hand()
		if err == nil {
			return
		}
		if !strings.HasPrefix(err.Error(), "4") || time.Now().After(deadline) {
			t.Fatalf("it is not taken: %v", err)
		}
	}
}

func TestHandedInAsTheDeskNeedsIt(t *testing.T) {
	t.Parallel()
	channeltest.ExerciseMail(t, func(t *testing.T, addresses ...string) (*channeltest.MailDesk, channeltest.MailLine) {
		var boxes []mailbox.Mailbox
		for _, a := range addresses {
			boxes = append(boxes, smtpBox(a))
		}
		desk := channeltest.NewMailDesk(clock.Now, boxes...)
		return desk, handed{taker(t, desk, nil)}
	})
}
