package desk

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"strings"

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
	now := d.Now()
	m := mailbox.Mail{
		ID: mailbox.NewMailID(now), Inbox: raw.Inbox, State: mailbox.Unread, ReceivedAt: raw.ReceivedAt, At: now,
		Cover: mailbox.Cover{From: raw.From, To: raw.To, Remote: raw.Remote, Verdicts: raw.Verdicts, TooLarge: raw.TooLarge},
	}
	if m.ReceivedAt.IsZero() || m.ReceivedAt.After(now) {
		m.ReceivedAt = now
	}
	m.Blob = "mail/" + m.ID.String()
	body := bufio.NewReaderSize(raw.Body, headPeek)
	head, err := body.Peek(headPeek)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	first := mail.Parse(head, mail.Options{})
	m.MessageID, m.Subject = clip(first.MessageID, longestMailID), clip(first.Subject, longestSubject)
	if len(first.From) > 0 {
		m.Sender = clip(strings.ToLower(first.From[0].Address), longestAddress)
	}
	sum := summing{r: body, sum: sha256.New()}
	st, err := d.Files.Put(ctx, m.Blob, io.MultiReader(strings.NewReader(raw.Trace), &sum))
	if err != nil {
		return false, err
	}
	m.Size, m.Source = st.Size, hex.EncodeToString(sum.sum.Sum(nil))
	var isNew bool
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.Mailbox(ctx, raw.Inbox); err != nil { // removed a moment ago
			return err
		}
		if isNew, err = tx.InsertMail(ctx, m); err != nil {
			return err
		}
		if raw.Cursor != nil {
			if err := tx.PutMailCursor(ctx, raw.Inbox, *raw.Cursor); err != nil {
				return err
			}
		}
		if !isNew {
			return nil
		}
		return tx.Enqueue(ctx, ReadMailJob, MailWork{Mail: m.ID}, now, now)
	})
	if err != nil || isNew {
		return false, err
	}
	return true, d.Files.Delete(context.WithoutCancel(ctx), m.Blob)
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
