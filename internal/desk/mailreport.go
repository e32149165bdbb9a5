package desk

import (
	"context"
	"strings"

	"yingda/internal/domain/conversation"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/mail"
	"yingda/internal/store"
)

// hearReport hears what a program tells of a mail of ours: that it did not
// arrive, takes long, was read, or is complained of. It never begins a
// conversation; one about a mail that is not ours is put aside.
func (d *Desk) hearReport(ctx context.Context, tx *store.Tx, m mailbox.Mail, o opened) error {
	m.Kind, m.State, m.Cover.Why = mailbox.Bounce, mailbox.Noted, "report"
	s, ok, err := d.reportedOn(ctx, tx, m, o)
	if err != nil {
		return err
	}
	if !ok {
		m.State, m.Cover.Why = mailbox.Aside, "bounce_unknown"
		return tx.SaveMail(ctx, m)
	}
	if s, err = tx.Sent(ctx, s.ID); err != nil {
		return err
	}
	m.Conversation = s.Conversation
	if err := tx.SaveMail(ctx, m); err != nil {
		return err
	}
	b := o.Bounce
	r := mailbox.ReadReport(mailbox.Report{Action: b.Action, Status: b.Status, Feedback: b.Feedback, Disposition: b.Disposition, Permanent: b.Permanent()})
	if r.Unreached != "" {
		for _, a := range d.failedOf(s, b) {
			if err := tx.Unreach(ctx, a, r.Unreached, d.Now()); err != nil {
				return err
			}
		}
	}
	if r.News == "" {
		return nil
	}
	s.State = s.State.After(r.News)
	if err := tx.SaveSent(ctx, s); err != nil {
		return err
	}
	reason := firstLine(b.Diagnostic)
	if r.News != conversation.Bounced && r.News != conversation.Delayed {
		reason = ""
	}
	c, msg, err := d.deliverSent(ctx, tx, s, r.News, b.Status, reason)
	if err != nil || r.News != conversation.Bounced {
		return err
	}
	return d.tellAuthor(ctx, tx, c, msg, "mail.bounced", strings.TrimSpace(b.Status+" "+reason))
}

// reportedOn returns which mail of ours a report is about: by the token in the
// address that it was sent to, by the id that it names, or by ids in what it
// quotes.
func (d *Desk) reportedOn(ctx context.Context, tx *store.Tx, m mailbox.Mail, o opened) (s mailbox.Sent, ok bool, err error) {
	for _, token := range tokensOf(m, o) {
		if s, ok, err = tx.SentByToken(ctx, token); ok || err != nil {
			return s, ok, err
		}
	}
	ids := append([]string{o.Bounce.Original, o.InReplyTo}, reversed(o.References)...)
	ids = append(ids, mailbox.IDsIn(o.Text)...)
	for _, i := range ids[:min(len(ids), 30)] {
		if i == "" {
			continue
		}
		if s, ok, err = tx.SentByMessageID(ctx, i); ok || err != nil {
			return s, ok, err
		}
	}
	return s, false, nil
}

// failedOf are the addresses that a report is about, of those that the mail
// went to: nobody closes other people's addresses with a report.
func (d *Desk) failedOf(s mailbox.Sent, b *mail.Bounce) (failed []string) {
	all := s.Letter.Everybody()
	for _, a := range all {
		for _, r := range b.Recipients {
			if strings.EqualFold(a, r) {
				failed = append(failed, a)
			}
		}
	}
	if len(failed) == 0 && len(all) == 1 {
		return all
	}
	return failed
}

func firstLine(s string) string {
	return clip(strings.Join(strings.Fields(s), " "), 500)
}
