package email

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"yingda/internal/channel"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/fault"
)

// Checker tries mailboxes out.
type Checker struct {
	Tokens  *Tokens
	Network Network
	Now     func() time.Time
	Log     *slog.Logger
	// Within is what the whole of a check may take; a minute when zero.
	Within time.Duration
	// Look is how often the mail of the loop test is looked for; two seconds when zero.
	Look time.Duration
}

var _ channel.MailCheck = (*Checker)(nil)

// CheckMailbox tries a mailbox; see channel.MailCheck.
func (c *Checker) CheckMailbox(ctx context.Context, m mailbox.Mailbox) []channel.MailStep {
	within := c.Within
	if within == 0 {
		within = time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	var steps []channel.MailStep
	step := func(name channel.MailStepName, detail string, err error) bool {
		steps = append(steps, channel.MailStep{Name: name, Err: plainFault(err, m), Detail: detail})
		return err == nil
	}
	s := c.fetchSteps(ctx, m, step)
	if s != nil {
		defer s.close()
	}
	opened := s != nil || m.Settings.Fetch.Way != mailbox.ByIMAP
	token, sent := c.sendSteps(ctx, m, opened, step)
	if s != nil && sent {
		took, err := c.find(ctx, s, m, token)
		step(channel.StepLoop, took, err)
	}
	return steps
}

// plainFault makes sure that a step's error is one that says what to do.
func plainFault(err error, m mailbox.Mailbox) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*fault.Error](err); ok {
		if inner, ok := errors.AsType[*fault.Error](e.Unwrap()); ok { // which knows more
			return inner
		}
		return e
	}
	return troubled(err, m.Settings.Fetch.Server)
}

// fetchSteps tries what fetching needs. The session is nil unless the folder
// can be opened.
func (c *Checker) fetchSteps(ctx context.Context, m mailbox.Mailbox, step func(channel.MailStepName, string, error) bool) *session {
	if m.Settings.Fetch.Way != mailbox.ByIMAP {
		return nil
	}
	s, err := openSession(ctx, c.Network, c.Tokens, m)
	if !step(channel.StepLogin, said(err), err) {
		return nil
	}
	d, err := s.open(m.Settings.Fetch.Folder)
	detail := said(err)
	if err == nil {
		detail = fmt.Sprintf("%s: %d", m.Settings.Fetch.Folder, d.NumMessages)
	}
	if !step(channel.StepFolder, detail, err) {
		s.close()
		return nil
	}
	detail = "IDLE"
	if !s.canIdle() {
		detail = ""
	}
	step(channel.StepIdle, detail, nil)
	return s
}

// sendSteps tries what sending needs, and sends a mail to the mailbox itself,
// unless nobody could take it out of there again.
func (c *Checker) sendSteps(ctx context.Context, m mailbox.Mailbox, letter bool, step func(channel.MailStepName, string, error) bool) (token string, sent bool) {
	if m.Settings.Send.Server.Host == "" {
		return "", false
	}
	carrier := &Carrier{Tokens: c.Tokens, Network: c.Network, Now: c.Now, Log: c.Log}
	key, err := openSigner(m)
	var l *link
	if err == nil {
		l, err = carrier.dial(ctx, m)
	}
	if !step(channel.StepSignIn, said(err), err) {
		return "", false
	}
	defer l.close()
	if !letter {
		return "", false
	}
	stop := context.AfterFunc(ctx, func() { _ = l.line.Conn.Close() })
	defer stop()
	token = strings.ToLower(rand.Text())
	body, err := key.sign(c.letter(m, token))
	if err == nil {
		_, _, err = l.carry(ctx, m.Settings.Send.Server, channel.Envelope{From: m.Address, To: []string{m.Address}, Body: body}, body)
	}
	return token, step(channel.StepSend, said(err), err)
}

// letter is the mail of the loop test. Nobody answers it by itself.
func (c *Checker) letter(m mailbox.Mailbox, token string) []byte {
	now := c.Now()
	return fmt.Appendf(nil, "From: <%s>\r\nTo: <%s>\r\nSubject: Yingda test %s\r\nDate: %s\r\nMessage-ID: <%s>\r\nAuto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nX-Loop: yingda\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n",
		m.Address, m.Address, token[:8], now.Format(time.RFC1123Z), messageID(m, token), "This mail tests the mailbox. It can be deleted.")
}

func messageID(m mailbox.Mailbox, token string) string {
	return "yingda-test-" + token + "@" + helloName(m.Address)
}

// find waits for the mail of the loop test, and removes it.
func (c *Checker) find(ctx context.Context, s *session, m mailbox.Mailbox, token string) (took string, err error) {
	look := c.Look
	if look == 0 {
		look = 2 * time.Second
	}
	began := c.Now()
	t := time.NewTicker(look)
	defer t.Stop()
	for {
		if _, err := s.open(m.Settings.Fetch.Folder); err != nil {
			return "", err
		}
		uids, err := s.called(messageID(m, token))
		if err != nil {
			return "", err
		}
		if len(uids) > 0 {
			_ = s.dispose(uids, mailbox.Delete) // it stays if the server will not have it
			return c.Now().Sub(began).Round(100 * time.Millisecond).String(), nil
		}
		select {
		case <-ctx.Done():
			return "", fault.New(fault.Busy, "mailbox.loop", "the test mail was taken and has not arrived; look into the folder for unwanted mail, check that the address is %s, and try again", m.Address)
		case <-t.C:
		}
	}
}

// called returns the mails of a message id.
func (s *session) called(id string) ([]uint32, error) {
	s.line.expect(s.quiet, chatter)
	d, err := s.c.UIDSearch(&imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: id}}}, nil).Wait()
	if err != nil {
		return nil, s.trouble(err)
	}
	set, ok := d.All.(imap.UIDSet)
	if !ok {
		return nil, nil
	}
	all, ok := set.Nums()
	if !ok || len(all) > 10 {
		return nil, nil // one mail is meant, and not all that there are
	}
	uids := make([]uint32, len(all))
	for i, u := range all {
		uids[i] = uint32(u)
	}
	return uids, nil
}
