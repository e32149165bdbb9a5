package desk

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"maps"
	"strings"
	"time"

	"yingda/internal/channel"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/call"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/sla"
	"yingda/internal/domain/sms"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/secret"
	"yingda/internal/store"
)

// Text messages. What a call leaves to be said is a text in the transaction of
// the fact, and a job. A text is marked before it is handed over: one that is
// found so was in the provider's hands when a program died, and is not sent again.

// TextWork is the payload of SendTextJob.
type TextWork struct {
	Text sms.ID `json:"text"`
}

var (
	_ channel.TextReports = (*Desk)(nil)
	_ channel.Ratings     = (*Desk)(nil)
)

// textAfterCall plans what a call that has ended leaves to be said to who called:
// a link for a rating if an agent had it and no marks were given, or that we are
// sorry that nobody answered. waited is where the call stood before.
func (d *Desk) textAfterCall(ctx context.Context, tx *store.Tx, l *line, waited call.State) error {
	r := l.k.Record
	switch r.Result {
	case call.Completed:
		if r.Direction == call.Outbound {
			if _, asked, err := tx.CallbackMadeBy(ctx, l.k.ID); err != nil || !asked {
				return err
			}
		}
		if !r.Served() || r.Emergency || len(r.Ratings) > 0 {
			return nil
		}
		return d.planText(ctx, tx, l, sms.Rating, sms.Rating.Once(l.k.ID.String()), r.Caller)
	case call.Vanished, call.Failed, call.Drained, call.Lost:
		if waited != call.Queued && waited != call.Offered {
			return nil
		}
	case call.Abandoned, call.OffHours:
	case call.LeftMenu, call.MessageLeft, call.CallbackDue, call.NoAnswer, call.Engaged, call.Refused, call.Forwarded:
		return nil
	}
	if r.Direction != call.Inbound || r.Served() {
		return nil
	}
	s, err := tx.Company(ctx)
	if err != nil {
		return err
	}
	day := d.Now().In(s.PhoneHours.Location()).Format(time.DateOnly)
	return d.planText(ctx, tx, l, sms.Missed, sms.Missed.Once(contact.NormalPhone(r.Caller), day), r.Caller)
}

// planText leaves a text to a number for a purpose, once for a key. It leaves
// none where nobody wants it or nobody could read it.
func (d *Desk) planText(ctx context.Context, tx *store.Tx, l *line, p sms.Purpose, key, number string) error {
	number, ok := sms.Mobile(number)
	if !ok || d.Texter == nil {
		return nil
	}
	set, err := tx.TextSettings(ctx)
	if err != nil {
		return err
	}
	t, on := set.For(p)
	if !on || t.NeedsLink() && d.PublicURL == "" {
		return nil
	}
	if out, err := tx.OptedOut(ctx, number); err != nil || out {
		return err
	}
	now := d.Now()
	m := sms.Message{ID: sms.NewID(now), Key: key, Purpose: p, Number: number, Conversation: l.c.ID, Call: l.k.ID, At: now}
	var zone *time.Location
	if m.Values, zone, err = d.textValues(ctx, tx, number); err != nil {
		return err
	}
	m.Text, m.SendAt = t.Fill(m.Values), m.Next(nil, now, zone)
	isNew, err := tx.InsertText(ctx, m)
	if err != nil || !isNew {
		return err
	}
	return tx.Enqueue(ctx, SendTextJob, TextWork{m.ID}, m.SendAt, now)
}

// textValues returns what templates can be filled with, but for the link, and
// the zone of the company.
func (d *Desk) textValues(ctx context.Context, tx *store.Tx, number string) (map[string]string, *time.Location, error) {
	s, err := tx.Company(ctx)
	if err != nil {
		return nil, nil, err
	}
	hours := s.PhoneHours.Calendar()
	r, err := d.promises(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	if c, err := r.terms.Calendar(sla.Hotline); err == nil {
		hours = c
	}
	return map[string]string{"company": s.Company.Zh, "hours": sms.Hours(hours), "number": contact.MaskPhone(number)}, s.PhoneHours.Location(), nil
}

// TextSamples returns what the names of templates stand for in a preview.
func (d *Desk) TextSamples(ctx context.Context) (v map[string]string, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		v, _, err = d.textValues(ctx, tx, "13800138000")
		return err
	})
	if err != nil {
		return nil, err
	}
	v["path"] = strings.Repeat("x", len(d.ratingFor(0)))
	v["link"] = d.page("/r/" + v["path"])
	return v, nil
}

// ratingFor returns what names a text in the link of it: nobody can make one for
// another.
func (d *Desk) ratingFor(i sms.ID) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(i))
	b = append(b, secret.Derive(d.CaseKey, "rating/"+i.String())[:10]...)
	return base64.RawURLEncoding.EncodeToString(b)
}

// withLink returns the values of a text with its link, as it leaves.
func (d *Desk) withLink(m sms.Message) map[string]string {
	v := maps.Clone(m.Values)
	v["link"] = d.page("/")
	if m.Purpose == sms.Rating {
		v["path"] = d.ratingFor(m.ID)
		v["link"] = d.page("/r/" + v["path"])
	}
	return v
}

// SendText hands a text over to the provider, if it is its time. What comes of
// it is written even when the program is told to stop.
func (d *Desk) SendText(ctx context.Context, w TextWork) (err error) {
	defer fault.Wrap(&err, "send text %s", w.Text)
	if d.Texter == nil {
		return fault.New(fault.Conflict, "sms.none", "this program sends no text messages")
	}
	m, set, out, send, err := d.pickUpText(ctx, w.Text)
	if err != nil || !send {
		return err
	}
	accepted, failed := d.Texter.SendText(ctx, set, out)
	write, done := context.WithTimeout(context.WithoutCancel(ctx), lastWrite)
	defer done()
	return d.onText(write, m.ID, func(tx *store.Tx, c conversation.Conversation, now sms.Message) error {
		if now.Attempt != m.Attempt { // another program has it now
			return nil
		}
		return d.textCame(write, tx, c, now, accepted, failed)
	})
}

// onText does something to a text and its conversation in one transaction; one
// that somebody tries the settings out with has none.
func (d *Desk) onText(ctx context.Context, i sms.ID, f func(tx *store.Tx, c conversation.Conversation, m sms.Message) error) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		row, err := tx.TextRow(ctx, i)
		if err != nil {
			return err
		}
		var c conversation.Conversation
		if !row.ConversationID.IsZero() {
			if c, err = tx.Conversation(ctx, row.ConversationID); err != nil {
				return err
			}
		}
		m, err := tx.Text(ctx, i)
		if err != nil {
			return err
		}
		return f(tx, c, m)
	})
}

// pickUpText marks a text as being handed over; false if it is not to be now.
func (d *Desk) pickUpText(ctx context.Context, i sms.ID) (picked sms.Message, set sms.Settings, out sms.Outgoing, send bool, err error) {
	err = d.onText(ctx, i, func(tx *store.Tx, c conversation.Conversation, m sms.Message) error {
		send = false
		now := d.Now()
		switch {
		case m.State == sms.Sending: // a program died meanwhile
			m.State, m.Code = sms.Uncertain, sms.Killed
			return d.textOver(ctx, tx, c, m)
		case m.State != sms.Waiting || now.Before(m.SendAt):
			return nil
		}
		record, err := tx.TextSettings(ctx)
		if err != nil {
			return err
		}
		set = d.openTexts(ctx, record)
		t := set.Templates[m.Purpose]
		why, err := d.notAnyMore(ctx, tx, set, m)
		if err != nil {
			return err
		}
		if why != "" {
			return d.dropText(ctx, tx, m, why)
		}
		company, err := tx.Company(ctx)
		if err != nil {
			return err
		}
		lately, err := tx.TextsTo(ctx, m.Number, now.Add(-sms.Remembered))
		if err != nil {
			return err
		}
		if next := m.Next(lately, now, company.PhoneHours.Location()); next.After(now) {
			if next.After(m.Until()) {
				return d.dropText(ctx, tx, m, sms.TooLate)
			}
			m.SendAt = next
			if err := tx.SaveText(ctx, m); err != nil {
				return err
			}
			return tx.Enqueue(ctx, SendTextJob, TextWork{m.ID}, next, now)
		}
		m.State, m.Provider, m.SentAt, m.Attempt, m.Text = sms.Sending, set.Provider, now, m.Attempt+1, t.Fill(m.Values)
		picked, send = m, true
		values := d.withLink(m)
		out = sms.Outgoing{ID: m.ID, Number: m.Number, Purpose: m.Purpose, Template: t.Code, Names: t.Names(), Values: map[string]string{}, Text: t.Fill(values)}
		for _, n := range out.Names {
			out.Values[n] = values[n]
		}
		return tx.SaveText(ctx, m)
	})
	return picked, set, out, send, err
}

// notAnyMore returns why a text is not to be sent any more; empty: it is.
func (d *Desk) notAnyMore(ctx context.Context, tx *store.Tx, set sms.Settings, m sms.Message) (string, error) {
	if d.Now().After(m.Until()) {
		return sms.TooLate, nil
	}
	if m.Trial() {
		return "", nil
	}
	if _, on := set.For(m.Purpose); !on {
		return sms.Off, nil
	}
	out, err := tx.OptedOut(ctx, m.Number)
	switch {
	case err != nil:
		return "", err
	case out:
		return sms.OptedOut, nil
	case m.Purpose != sms.Rating:
		return "", nil
	}
	k, err := tx.Call(ctx, m.Call)
	if err == nil && len(k.Record.Ratings) > 0 {
		return sms.Rated, nil
	}
	return "", err
}

func (d *Desk) dropText(ctx context.Context, tx *store.Tx, m sms.Message, why string) error {
	m.State, m.Code = sms.Dropped, why
	return tx.SaveText(ctx, m)
}

// textCame records what came of handing a text over.
func (d *Desk) textCame(ctx context.Context, tx *store.Tx, c conversation.Conversation, m sms.Message, accepted string, failed error) error {
	if m.State != sms.Sending && m.State != sms.Uncertain {
		return nil
	}
	if failed == nil {
		m.State, m.Accepted, m.Code, m.Reason = sms.Sent, accepted, "", ""
		return d.textOver(ctx, tx, c, m)
	}
	f, ok := errors.AsType[*sms.SendError](failed)
	if !ok {
		f = &sms.SendError{Class: sms.Doubtful, Code: "error", Reason: failed.Error()}
	}
	m.Code, m.Reason = clip(f.Code, 100), clip(f.Reason, 300)
	switch f.Class {
	case sms.Doubtful:
		m.State = sms.Uncertain
		return d.textOver(ctx, tx, c, m)
	case sms.Temporary:
		m.SentAt = time.Time{}
		if next, again := m.Again(d.Now()); again {
			m.State, m.SendAt = sms.Waiting, next
			if err := tx.SaveText(ctx, m); err != nil {
				return err
			}
			return tx.Enqueue(ctx, SendTextJob, TextWork{m.ID}, next, d.Now())
		}
	case sms.Permanent:
		m.SentAt = time.Time{}
	}
	m.State = sms.Failed
	return d.textOver(ctx, tx, c, m)
}

// textOver writes a text of which no more is done, and tells its conversation.
func (d *Desk) textOver(ctx context.Context, tx *store.Tx, c conversation.Conversation, m sms.Message) error {
	if err := tx.SaveText(ctx, m); err != nil || c.ID.IsZero() {
		return err
	}
	args := map[string]string{"purpose": string(m.Purpose), "number": contact.MaskPhone(m.Number)}
	if m.State != sms.Sent {
		args["code"], args["advice"] = m.Code, string(sms.AdviceFor(m.Code))
	}
	c, err := d.tell(ctx, tx, c, "sms."+string(m.State), args)
	if err != nil {
		return err
	}
	return d.announce(ctx, tx, c, "call", 0)
}

// TextReports keeps what a provider tells of texts that it carried, and numbers
// that want no more of them.
func (d *Desk) TextReports(ctx context.Context, given string, reports []sms.Report) (err error) {
	defer fault.Wrap(&err, "take reports of texts")
	set, err := d.DB.Now().TextSettings(ctx)
	if err != nil {
		return err
	}
	if set.Reports == "" || subtle.ConstantTimeCompare([]byte(given), []byte(set.Reports)) != 1 {
		return fault.New(fault.NotFound, "page.unknown", "there is no page %q", "/hooks/sms/")
	}
	for _, r := range reports {
		number, _ := sms.Mobile(r.Number)
		if r.Accepted == "" {
			if sms.AsksOff(r.Answer) {
				if err := d.optOut(ctx, number, "answer", audit.BySystem(d.Now(), "sms.opt_out", numberObject(number), nil)); err != nil {
					return err
				}
			}
			continue
		}
		i, have, err := d.DB.Now().TextAccepted(ctx, r.Accepted, number)
		if err != nil {
			return err
		}
		if !have {
			continue
		}
		err = d.onText(ctx, i, func(tx *store.Tx, c conversation.Conversation, m sms.Message) error {
			was := m.State
			if m.State = was.After(r.State); m.State == was {
				return nil
			}
			if m.State == sms.Delivered {
				return tx.SaveText(ctx, m)
			}
			m.Code, m.Reason = clip(r.Code, 100), clip(r.Reason, 300)
			return d.textOver(ctx, tx, c, m)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func numberObject(number string) audit.Object {
	return audit.Object{Kind: "phone_number", ID: contact.MaskPhone(number), Name: contact.MaskPhone(number)}
}

func (d *Desk) optOut(ctx context.Context, number, how string, e audit.Entry) error {
	if _, ok := sms.Mobile(number); !ok {
		return nil
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		isNew, err := tx.OptOut(ctx, number, how, d.Now())
		if err != nil || !isNew {
			return err
		}
		return tx.Audit(ctx, e)
	})
}
