package desk

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"strings"
	"sync"

	"yingda/internal/channel"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/mail"
	"yingda/internal/store"
)

// E-mail. What arrives is kept before anything is understood of it
// ([Desk.KeepMail]), read in a job ([Desk.ReadMail], mailread.go), and answered
// by mails that leave in a job ([Desk.CarryMail], mailsend.go).

// MailWork is the payload of ReadMailJob.
type MailWork struct {
	Mail   mailbox.MailID `json:"mail"`
	Waited int            `json:"waited,omitzero"` // how often it waited for the mail that it answers
}

// MailCursor returns how far a folder has been fetched; the zero cursor before
// the first time.
func (d *Desk) MailCursor(ctx context.Context, in inbox.ID, folder string) (mailbox.Cursor, error) {
	return d.DB.Now().MailCursor(ctx, in, folder)
}

// MoveCursor records how far a folder has been fetched, where there was nothing
// to keep.
func (d *Desk) MoveCursor(ctx context.Context, in inbox.ID, c mailbox.Cursor) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error { return tx.PutMailCursor(ctx, in, c) })
}

// headPeek is how much of a mail is looked at while it is kept, to know its id
// and its sender before it is read.
const headPeek = 64 << 10

// KeepMail stores a mail before anything is understood of it: its bytes are on
// the disk when the transaction begins that records it, with the cursor of its
// folder and the job that reads it. A mail that the inbox has already is not
// kept again. The body streams through; its size costs no memory.
func (d *Desk) KeepMail(ctx context.Context, raw channel.RawMail) (again bool, err error) {
	defer fault.Wrap(&err, "keep a mail of %s", raw.Inbox)
	m, err := d.storeMail(ctx, raw)
	if err != nil {
		return false, err
	}
	fresh, err := d.recordMails(ctx, []mailbox.Mail{m}, raw.Cursor)
	return err == nil && !fresh[0], err
}

// KeepMails is KeepMail for some mails of one folder together. They wait for the
// disk beside each other and share a transaction.
func (d *Desk) KeepMails(ctx context.Context, raws []channel.RawMail, to mailbox.Cursor) (err error) {
	defer fault.Wrap(&err, "keep %d mails", len(raws))
	ctx = store.Patient(ctx)
	ms, errs := make([]mailbox.Mail, len(raws)), make([]error, len(raws))
	var wg sync.WaitGroup
	free := make(chan struct{}, storedAtOnce)
	for i, raw := range raws {
		free <- struct{}{}
		wg.Go(func() {
			defer func() { <-free }()
			ms[i], errs[i] = d.storeMail(ctx, raw)
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		for i, m := range ms {
			if errs[i] == nil {
				err = errors.Join(err, d.Files.Delete(context.WithoutCancel(ctx), m.Blob))
			}
		}
		return err
	}
	_, err = d.recordMails(ctx, ms, &to)
	return err
}

// storedAtOnce is how many mails wait for the disk beside each other: it writes
// that many in little more time than one.
const storedAtOnce = 16

// storeMail puts the bytes of a mail on the disk, and returns what can be said of
// it before it is read.
func (d *Desk) storeMail(ctx context.Context, raw channel.RawMail) (m mailbox.Mail, err error) {
	now := d.Now()
	m = mailbox.Mail{
		ID: mailbox.NewMailID(now), Inbox: raw.Inbox, State: mailbox.Unread, ReceivedAt: raw.ReceivedAt, At: now,
		Cover: mailbox.Cover{From: raw.From, To: raw.To, Remote: raw.Remote, Verdicts: raw.Verdicts, TooLarge: raw.TooLarge},
	}
	if m.ReceivedAt.IsZero() || m.ReceivedAt.After(now) {
		m.ReceivedAt = now
	}
	m.Blob = mailBlobs + m.ID.String()
	body := bufio.NewReaderSize(raw.Body, headPeek)
	head, err := body.Peek(headPeek)
	if err != nil && !errors.Is(err, io.EOF) {
		return m, err
	}
	first := mail.Parse(header(head), mail.Options{})
	m.MessageID, m.Subject = clip(first.MessageID, longestMailID), clip(first.Subject, longestSubject)
	if len(first.From) > 0 {
		m.Sender = clip(strings.ToLower(first.From[0].Address), longestAddress)
	}
	sum := summing{r: body, sum: sha256.New()}
	st, err := d.Files.Put(ctx, m.Blob, io.MultiReader(strings.NewReader(raw.Trace), &sum))
	m.Size, m.Source = st.Size, hex.EncodeToString(sum.sum.Sum(nil))
	return m, err
}

// header returns the part of a mail before its text.
func header(raw []byte) []byte {
	from := len(raw) - len(bytes.TrimLeft(raw, "\r\n"))
	end := len(raw)
	for _, blank := range []string{"\n\r\n", "\n\n"} {
		if i := bytes.Index(raw[from:end], []byte(blank)); i >= 0 {
			end = from + i + len(blank)
		}
	}
	return raw[:end]
}

// mailBlobs is where mails lie among the files.
const mailBlobs = "mail/"

// recordMails records mails whose bytes are on the disk, and with them how far
// their folder has been fetched and the jobs that read them. It returns which of
// them the inbox did not have; the others are taken off the disk again.
func (d *Desk) recordMails(ctx context.Context, ms []mailbox.Mail, to *mailbox.Cursor) (fresh []bool, err error) {
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		fresh = make([]bool, len(ms))
		if _, err := tx.Mailbox(ctx, ms[0].Inbox); err != nil { // removed a moment ago
			return err
		}
		for i, m := range ms {
			if fresh[i], err = tx.InsertMail(ctx, m); err != nil {
				return err
			}
			if !fresh[i] {
				continue
			}
			if err := tx.Enqueue(ctx, ReadMailJob, MailWork{Mail: m.ID}, m.At, m.At); err != nil {
				return err
			}
		}
		if to != nil {
			return tx.PutMailCursor(ctx, ms[0].Inbox, *to)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, m := range ms {
		if !fresh[i] {
			err = errors.Join(err, d.Files.Delete(context.WithoutCancel(ctx), m.Blob))
		}
	}
	return fresh, err
}

// The longest of what is kept of a header in columns, in bytes.
const (
	longestMailID  = 990
	longestSubject = 1000
	longestAddress = 320
)

// summing adds up what is read.
type summing struct {
	r   io.Reader
	sum hash.Hash
}

func (s *summing) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.sum.Write(p[:n])
	return n, err
}

// mailboxIn returns a mailbox with its secrets readable.
func (d *Desk) mailboxIn(ctx context.Context, tx *store.Tx, i inbox.ID) (mailbox.Mailbox, error) {
	r, err := tx.Mailbox(ctx, i)
	if err != nil {
		return r.Mailbox, err
	}
	return d.unsealed(ctx, r), nil
}

// byMail reports whether a conversation is by e-mail: nobody sits and waits,
// promises are those of its cases, and what is said leaves as mail.
func byMail(c conversation.Conversation) bool { return c.Channel == mailbox.Channel }

// sends reports whether a mailbox can send at all.
func (d *Desk) sends(m mailbox.Mailbox) bool {
	return d.Carrier != nil && m.Settings.Send.Server.Host != ""
}

var errNoSending = fault.New(fault.Conflict, "mail.receive_only", "this mailbox does not send; set up sending in its settings")
