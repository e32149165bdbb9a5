package desk

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/domain/audit"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/kit/fault"
	"yingda/internal/store"
)

// What leaves by mail from conversations that are not by mail: answers to
// visitors who are gone, and transcripts.

// AbsentWork is the payload of AbsentMailJob.
type AbsentWork struct {
	Conversation conversation.ID `json:"conversation"`
}

// absentAfter is how long an answer waits to be received by a visitor before it
// is sent by mail.
const absentAfter = 5 * time.Minute

// mailIfAbsent leaves the job that looks whether a visitor got what was said.
func (d *Desk) mailIfAbsent(ctx context.Context, tx *store.Tx, c conversation.Conversation, _ conversation.Message) error {
	if d.Carrier == nil || byMail(c) {
		return nil
	}
	now := d.Now()
	return tx.EnqueueOnce(ctx, AbsentMailJob, c.ID.String(), AbsentWork{Conversation: c.ID}, now.Add(absentAfter), now)
}

// AnswerByMail sends what an agent said in a chat to a visitor who is gone and
// has not received it, if we know where mail reaches them. Their answer by mail
// comes into the same conversation.
func (d *Desk) AnswerByMail(ctx context.Context, w AbsentWork) (err error) {
	defer fault.Wrap(&err, "answer %s by mail", w.Conversation)
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Conversation(ctx, w.Conversation)
		if err != nil || byMail(c) {
			return err
		}
		ms, err := tx.MessagesAfter(ctx, c.ID, c.ContactHas, mostMessages)
		if err != nil {
			return err
		}
		ms = slices.DeleteFunc(ms, func(m conversation.Message) bool {
			return m.From != conversation.FromAgent || m.Kind != conversation.Text || m.Mail != nil
		})
		if len(ms) == 0 {
			return nil
		}
		box, ok, err := d.sendingBox(ctx, tx, c)
		if err != nil || !ok {
			return err
		}
		to, err := d.reachByMail(ctx, tx, c)
		if err != nil || to.Address == "" {
			return err
		}
		if why, err := tx.Unreached(ctx, strings.ToLower(to.Address)); err != nil || why != "" {
			return err
		}
		return d.mailAbsent(ctx, tx, c, box, to, ms)
	})
}

func (d *Desk) mailAbsent(ctx context.Context, tx *store.Tx, c conversation.Conversation, box mailbox.Mailbox, to conversation.Person, ms []conversation.Message) error {
	last := ms[len(ms)-1]
	o := outgoing{box: box, letter: mailbox.Letter{
		Author: last.AuthorName, To: []conversation.Person{to}, Language: c.Language,
		Subject: inbox.Text{Zh: "客服回复了您", En: "We have answered you"}.In(c.Language) + " " + mailbox.Tag(d.CaseKey, c.Number),
	}}
	var texts []string
	for _, m := range ms {
		if m.Text != "" {
			texts = append(texts, m.Text)
		}
		for _, a := range m.Attachments {
			o.letter.Files = append(o.letter.Files, a.ID)
		}
	}
	o.letter.Text = strings.Join(texts, "\n\n") + "\n\n" + inbox.Text{Zh: "（您离开在线客服时我们作了以上答复，直接回复本邮件即可继续。）", En: "(We answered after you had left the chat. Answer this mail to go on.)"}.In(c.Language)
	if err := d.leave(ctx, tx, c, last.ID, o); err != nil {
		return err
	}
	if err := tx.MakeMailWriter(ctx, c.ID, strings.ToLower(to.Address)); err != nil {
		return err
	}
	for _, m := range ms { // of several in one mail, the last one tells what became of it
		m.Mail = o.mail()
		if m.ID != last.ID {
			m.Mail.Delivery = ""
		}
		if err := tx.SaveMessageMail(ctx, m); err != nil {
			return err
		}
		if err := tx.Emit(ctx, event.Of(event.MessageChanged, c, d.Now(), event.Message{Conversation: c, Message: m})); err != nil {
			return err
		}
	}
	return nil
}

// sendingBox returns the mailbox by which a conversation is written about: its
// own, or the first that sends; false if none does.
func (d *Desk) sendingBox(ctx context.Context, tx *store.Tx, c conversation.Conversation) (box mailbox.Mailbox, ok bool, err error) {
	boxes, err := tx.Mailboxes(ctx)
	if err != nil {
		return box, false, err
	}
	for _, b := range boxes {
		if !d.sends(b.Mailbox) || byMail(c) && b.Inbox != c.Inbox {
			continue
		}
		in, err := tx.InboxByID(ctx, b.Inbox)
		if err != nil {
			return box, false, err
		}
		if in.Enabled {
			return b.Mailbox, true, nil
		}
	}
	return box, false, nil
}

// reachByMail returns where mail reaches the contact of a conversation: at the
// address that they have proven, else at the one that they typed in.
func (d *Desk) reachByMail(ctx context.Context, tx *store.Tx, c conversation.Conversation) (to conversation.Person, err error) {
	who, err := tx.Contact(ctx, c.Contact)
	if err != nil {
		return to, err
	}
	to = conversation.Person{Name: who.Name, Address: who.Email}
	account, have, err := tx.CustomerOfContact(ctx, c.Contact)
	if have && !account.ProvenAt.IsZero() {
		to.Address = account.Email
	}
	if !contact.IsEmail(to.Address) || !mailbox.IsAddress(to.Address) {
		to.Address = ""
	}
	return to, err
}

// SendTranscript sends what was said in a conversation to somebody: its
// contact, or whom they name.
func (d *Desk) SendTranscript(ctx context.Context, by agent.Actor, i conversation.ID, to conversation.Person) (err error) {
	defer fault.Wrap(&err, "send the transcript of %s", i)
	if err := by.Need(agent.ConversationReply); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := seen(ctx, tx, by, i)
		if err != nil {
			return err
		}
		box, ok, err := d.sendingBox(ctx, tx, c)
		if err != nil {
			return err
		}
		if !ok {
			return errNoSending
		}
		if to.Address == "" {
			if to, err = d.reachByMail(ctx, tx, c); err != nil {
				return err
			}
		}
		text, err := d.transcript(ctx, tx, c)
		if err != nil {
			return err
		}
		o := outgoing{box: box, letter: mailbox.Letter{
			Author: by.Name, To: []conversation.Person{to}, Text: text, Language: c.Language,
			Subject: inbox.Text{Zh: "会话记录", En: "Transcript"}.In(c.Language) + " " + mailbox.Tag(d.CaseKey, c.Number),
		}}
		if err := d.checkPeople(ctx, tx, &o.letter); err != nil {
			return err
		}
		if err := d.leave(ctx, tx, c, 0, o); err != nil {
			return err
		}
		if _, err := d.tell(ctx, tx, c, "mail.transcript", map[string]string{"to": contact.MaskEmail(to.Address), "by": by.Name}); err != nil {
			return err
		}
		return tx.Audit(ctx, audit.By(by, d.Now(), "conversation.transcript", audit.Of("conversation", c.ID, c.ContactName), map[string]any{"to": contact.MaskEmail(to.Address)}))
	})
}

// longestTranscript is how much of a conversation one mail holds, in bytes; the
// last of it counts.
const longestTranscript = 512 << 10

func (d *Desk) transcript(ctx context.Context, tx *store.Tx, c conversation.Conversation) (string, error) {
	s, err := tx.Company(ctx)
	if err != nil {
		return "", err
	}
	var lines []string
	for after := int64(0); ; {
		ms, err := tx.MessagesAfter(ctx, c.ID, after, mostMessages)
		if err != nil {
			return "", err
		}
		for _, m := range ms {
			after = m.Seq
			if m.Kind != conversation.Text || m.IsRecalled() || m.Mail != nil && m.Mail.Delivery == conversation.Taken {
				continue
			}
			name := m.AuthorName
			if m.From == conversation.FromBot && name == "" {
				name = inbox.Assistant.In(c.Language)
			}
			lines = append(lines, fmt.Sprintf("[%s] %s：%s", today(s, m.At).Format("2006-01-02 15:04"), name, m.Text))
			for _, a := range m.Attachments {
				lines = append(lines, "    📎 "+a.Name)
			}
		}
		if len(ms) < mostMessages {
			break
		}
	}
	head := inbox.Text{Zh: "会话 " + strconv.FormatInt(c.Number, 10) + " 的记录：", En: "What was said in conversation " + strconv.FormatInt(c.Number, 10) + ":"}.In(c.Language)
	text := strings.Join(lines, "\n\n")
	if cut := len(text) - longestTranscript; cut > 0 {
		text = "…\n" + strings.ToValidUTF8(text[cut:], "")
	}
	return head + "\n\n" + text, nil
}

// utterByMail sends what a macro of an agent or a rule says in a conversation by
// mail. A rule does so once a day at most to one address: it may speak to
// another program.
func (d *Desk) utterByMail(ctx context.Context, tx *store.Tx, c conversation.Conversation, m conversation.Message) error {
	o, more, err := d.mailFor(ctx, tx, c, m.AuthorName, Draft{Text: m.Text})
	if err != nil {
		return err
	}
	if o.auto = m.From == conversation.FromBot; o.auto {
		o.letter.Author, o.wait = "", 0
		to := strings.ToLower(o.letter.To[0].Address)
		n, err := tx.AutomaticIn(ctx, c.ID, to, d.Now().Add(-24*time.Hour))
		if err != nil {
			return err
		}
		why, err := tx.Unreached(ctx, to)
		if err != nil {
			return err
		}
		if n > 0 || why != "" {
			return fault.New(fault.Conflict, "mail.valve", "a program wrote to this address already today, or mail does not reach it")
		}
	}
	m.Mail = more
	waits := c.WaitingSince
	c, m, _, err = d.add(ctx, tx, c, m)
	if err != nil {
		return err
	}
	if o.auto && !waits.IsZero() {
		c.WaitingSince = waits
		if c, err = tx.SaveConversation(ctx, c); err != nil {
			return err
		}
	}
	return d.leave(ctx, tx, c, m.ID, o)
}
