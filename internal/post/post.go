// Package post writes to people outside: a letter is a job, written in the
// transaction of what it tells, and a courier carries it. E-mail is the one
// way now; text messages will be another courier.
package post

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yingda/internal/domain/contact"
	"yingda/internal/job"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/mail"
	"yingda/internal/kit/secret"
	"yingda/internal/store"
)

// Letter is a plain text to one address.
type Letter struct {
	To, Subject, Text string
	Until             time.Time // later it is of no use, and is not sent; zero is for ever
}

// Courier carries a letter to its address.
type Courier interface {
	Deliver(ctx context.Context, m mail.Message) error
}

// Post sends letters. Its fields are set once, before it is used.
type Post struct {
	Courier Courier // nil: nothing can be sent
	Seal    secret.Seal
	Now     func() time.Time
}

// Open reports whether letters can be sent at all.
func (p *Post) Open() bool { return p != nil && p.Courier != nil }

// payload shows an administrator whom a letter is for, and no more: it
// may hold a one-time code.
type payload struct {
	To     string    `json:"to"` // masked
	Until  time.Time `json:"until,omitzero"`
	Sealed string    `json:"sealed"`
}

const kind = "mail.send"

var errOff = fault.New(fault.Conflict, "mail.off", "e-mail is not set up; an administrator can do so with --smtp and --mail-from")

// Send promises a letter: it is sent if the transaction commits, soon.
func (p *Post) Send(ctx context.Context, tx *store.Tx, l Letter) error {
	if !p.Open() {
		return errOff
	}
	b, err := json.Marshal(mail.Message{To: l.To, Subject: l.Subject, Text: l.Text})
	if err != nil {
		return err
	}
	now := p.Now()
	return tx.Enqueue(ctx, kind, payload{To: contact.MaskEmail(l.To), Until: l.Until, Sealed: p.Seal.Seal(b)}, now, now)
}

// Job is how letters are sent. A letter that was handed over in the moment in
// which the program died is sent twice.
func (p *Post) Job() job.Kind {
	return job.Kind{Name: kind, Do: job.With(p.deliver), Most: 4, Tries: 10}
}

func (p *Post) deliver(ctx context.Context, l payload) error {
	if p.late(l) {
		return fmt.Errorf("%w: the letter is of no use any more", job.ErrNever)
	}
	text, err := p.Seal.Open(l.Sealed)
	if err != nil {
		return errors.Join(job.ErrNever, err)
	}
	var m mail.Message
	if err := json.Unmarshal(text, &m); err != nil {
		return errors.Join(job.ErrNever, err)
	}
	if !p.Open() {
		return errOff
	}
	err = p.Courier.Deliver(ctx, m)
	if fault.CodeOf(err) == "mail.refused" {
		return errors.Join(job.ErrNever, err)
	}
	return err
}

func (p *Post) late(l payload) bool { return !l.Until.IsZero() && !p.Now().Before(l.Until) }
