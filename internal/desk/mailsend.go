package desk

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"html"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"yingda/internal/channel"
	"yingda/internal/domain/agent"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/event"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/mailbox"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/mail"
	"yingda/internal/store"
)

// SentWork is the payload of CarryMailJob.
type SentWork struct {
	Sent mailbox.SentID `json:"sent"`
}

var (
	errMailTo    = fault.New(fault.Invalid, "mail.recipient", "say whom the mail is for, with an address like wang@example.cn").In("body.mail.to")
	errMailOurs  = fault.New(fault.Invalid, "mail.ours", "this is an address of ours; write to the customer").In("body.mail.to")
	errMailMany  = fault.New(fault.Invalid, "mail.many", "a mail goes to at most %d people", mostPeople).In("body.mail.to")
	errMailLeft  = fault.New(fault.Conflict, "mail.left", "this mail has left already, or was taken back")
	errMailField = fault.New(fault.Invalid, "mail.field", "the field %s of a mail cannot have line breaks or control characters; take them out", "subject").In("body.mail.subject")
	errSubject   = fault.New(fault.Invalid, "mail.subject", "write a subject").In("body.mail.subject")
)

// outgoing is a mail that is being written.
type outgoing struct {
	box    mailbox.Mailbox
	letter mailbox.Letter
	wait   time.Duration // before it leaves
	auto   bool
}

// mailFor returns what an agent's draft becomes in a conversation by mail, and
// what the message has more than its text.
func (d *Desk) mailFor(ctx context.Context, tx *store.Tx, c conversation.Conversation, author string, draft Draft) (o outgoing, m *conversation.Mail, err error) {
	if o.box, err = d.mailboxIn(ctx, tx, c.Inbox); err != nil {
		return o, nil, err
	}
	if !d.sends(o.box) {
		return o, nil, errNoSending
	}
	var md conversation.MailDraft
	if draft.Mail != nil {
		md = *draft.Mail
	}
	o.wait = time.Duration(o.box.Settings.UndoSeconds) * time.Second
	o.letter = mailbox.Letter{
		Author: author, To: md.To, Cc: md.Cc, Bcc: md.Bcc, Text: draft.Text, Files: draft.Attachments, Language: c.Language, Third: !md.Forward.IsZero(),
	}
	if md.HTML != "" {
		o.letter.HTML = mail.SafeHTML(md.HTML, true).HTML
	}
	if o.letter.Third {
		err = d.forwarding(ctx, tx, c, &o.letter, md)
	} else {
		err = d.answering(ctx, tx, c, &o, md)
	}
	if err != nil {
		return o, nil, err
	}
	if err := d.checkPeople(ctx, tx, &o.letter); err != nil {
		return o, nil, err
	}
	if strings.ContainsFunc(o.letter.Subject, unicode.IsControl) {
		return o, nil, errMailField
	}
	return o, o.mail(), nil
}

// mail is what a message has more than its text if it leaves so.
func (o outgoing) mail() *conversation.Mail {
	l := o.letter
	return &conversation.Mail{
		Subject: l.Subject, From: conversation.Person{Name: o.name(), Address: o.box.Address}, To: l.To, Cc: l.Cc, Bcc: l.Bcc,
		HTML: l.HTML != "", Forwarded: l.Third, Delivery: conversation.Waiting,
	}
}

// name stands before our address: 林晓 - 远行汽车.
func (o outgoing) name() string {
	brand := cmp.Or(o.box.Settings.Brand, o.box.Settings.Name.In(o.letter.Language))
	switch {
	case o.letter.Author == "":
		return brand
	case brand == "":
		return o.letter.Author
	}
	return o.letter.Author + " - " + brand
}

// answering fills in what an answer takes from the mail that it answers.
func (d *Desk) answering(ctx context.Context, tx *store.Tx, c conversation.Conversation, o *outgoing, md conversation.MailDraft) error {
	l := &o.letter
	last, have, err := tx.LastMailOf(ctx, c.ID, mailbox.ByPerson)
	if err != nil {
		return err
	}
	if have {
		said, err := tx.Message(ctx, last.Message)
		if err != nil {
			return err
		}
		if len(l.To) == 0 && said.Mail != nil {
			l.To = []conversation.Person{said.Mail.From}
		}
		if o.box.Settings.Quote && !md.NoQuote {
			l.Quote = last.Message
		}
		l.InReplyTo, l.References = last.MessageID, mailbox.Following(last.Cover.References, last.MessageID)
	}
	if len(l.To) == 0 {
		who, err := tx.Contact(ctx, c.Contact)
		if err != nil {
			return err
		}
		if who.Email != "" {
			l.To = []conversation.Person{{Name: who.Name, Address: who.Email}}
		}
	}
	mark := mailbox.Tag(d.CaseKey, c.Number)
	switch {
	case md.Subject == "" && last.Subject != "":
		l.Subject = mailbox.Answering(last.Subject, mark)
	case md.Subject == "":
		l.Subject = mark
	case strings.Contains(md.Subject, mark):
		l.Subject = strings.TrimSpace(md.Subject)
	default:
		l.Subject = strings.TrimSpace(md.Subject) + " " + mark
	}
	return nil
}

// forwarding fills in what is sent on: the message with its files (转办).
func (d *Desk) forwarding(ctx context.Context, tx *store.Tx, c conversation.Conversation, l *mailbox.Letter, md conversation.MailDraft) error {
	if len(l.To) == 0 {
		return errMailTo
	}
	said, err := tx.Message(ctx, md.Forward)
	if err != nil {
		return err
	}
	if said.Conversation != c.ID || said.Kind == conversation.Whisper || said.Kind == conversation.Event {
		return fault.New(fault.NotFound, "message.unknown", "there is no such %s", "message")
	}
	l.Quote = said.ID
	l.Files = slices.Clone(l.Files)
	for _, a := range said.Attachments {
		l.Files = append(l.Files, a.ID)
	}
	subject := md.Subject
	if subject == "" && said.Mail != nil {
		subject = "Fwd: " + mailbox.Subject(said.Mail.Subject)
	}
	if mark := mailbox.Tag(d.CaseKey, c.Number); !strings.Contains(subject, mark) {
		subject = strings.TrimSpace(subject + " " + mark)
	}
	l.Subject = subject
	return nil
}

// checkPeople refuses what is no address, and addresses of ours, with which we
// would write to ourselves.
func (d *Desk) checkPeople(ctx context.Context, tx *store.Tx, l *mailbox.Letter) error {
	boxes, err := tx.Mailboxes(ctx)
	if err != nil {
		return err
	}
	n := 0
	for _, list := range []*[]conversation.Person{&l.To, &l.Cc, &l.Bcc} {
		kept := make([]conversation.Person, 0, len(*list))
		for _, p := range *list {
			p.Address = strings.TrimSpace(p.Address)
			p.Name = strings.Join(strings.Fields(p.Name), " ")
			if !mailbox.IsAddress(p.Address) || strings.ContainsFunc(p.Name, unicode.IsControl) {
				return errMailTo
			}
			if slices.ContainsFunc(boxes, func(b store.MailboxRecord) bool { return b.Own(p.Address) }) {
				continue
			}
			kept = append(kept, p)
		}
		n += len(kept)
		if len(kept) == 0 && list == &l.To {
			if len(*list) > 0 {
				return errMailOurs
			}
			return errMailTo
		}
		*list = kept
	}
	if n > mostPeople {
		return errMailMany
	}
	return nil
}

// leave records a mail that is to leave, and leaves the job that carries it.
func (d *Desk) leave(ctx context.Context, tx *store.Tx, c conversation.Conversation, m conversation.MessageID, o outgoing) error {
	now := d.Now()
	what := "auto"
	if !m.IsZero() {
		what = strings.TrimPrefix(m.String(), "ms_")
	}
	s := mailbox.Sent{
		ID: mailbox.NewSentID(now), Inbox: o.box.Inbox, Conversation: c.ID, Message: m, MessageID: o.box.MessageID(c.ID, what, rand.Text()[:12]),
		Token: "b" + strings.ToLower(rand.Text()[:20]), Recipient: strings.ToLower(o.letter.To[0].Address), Automatic: o.auto, State: conversation.Waiting,
		SendAt: now.Add(o.wait), At: now, Letter: o.letter,
	}
	if err := tx.InsertSent(ctx, s); err != nil {
		return err
	}
	if err := tx.AddMailID(ctx, s.MessageID, c.ID, now); err != nil {
		return err
	}
	role := mailbox.Copied
	if o.letter.Third {
		role = mailbox.Third
	}
	for _, p := range s.Letter.Everybody() {
		if err := tx.AddMailPerson(ctx, c.ID, p, role); err != nil {
			return err
		}
	}
	return tx.Enqueue(ctx, CarryMailJob, SentWork{s.ID}, s.SendAt, now)
}

// TakeBackMail keeps a mail from leaving while it waits. The message stays in
// the conversation as taken back; its files can be sent again with another.
func (d *Desk) TakeBackMail(ctx context.Context, by agent.Actor, i conversation.MessageID) (m conversation.Message, err error) {
	defer fault.Wrap(&err, "take back mail %s", i)
	if err := by.Need(agent.ConversationReply); err != nil {
		return m, err
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		if m, err = tx.Message(ctx, i); err != nil {
			return err
		}
		c, err := seen(ctx, tx, by, m.Conversation)
		if err != nil {
			return err
		}
		if m.AuthorID != by.Agent.String() {
			return fault.New(fault.Forbidden, "message.not_yours", "only who sent a message can take it back")
		}
		s, ok, err := tx.SentOfMessage(ctx, i)
		if err != nil || !ok {
			return firstOf(err, errMailLeft)
		}
		if s, err = tx.Sent(ctx, s.ID); err != nil {
			return err
		}
		if s.State == conversation.Taken {
			return nil
		}
		if s.State != conversation.Waiting {
			return errMailLeft
		}
		s.State = conversation.Taken
		if err := tx.SaveSent(ctx, s); err != nil {
			return err
		}
		if err := tx.FreeFilesOf(ctx, i); err != nil {
			return err
		}
		if c.LastFrom == conversation.FromAgent && c.LastAt.Equal(m.At) && m.Kind == conversation.Text { // the customer waits as before
			c.WaitingSince, c.LastText = s.Letter.Waited, ""
			if s.Letter.FirstReply {
				c.FirstReplyAt = time.Time{}
			}
			if c, err = tx.SaveConversation(ctx, c); err != nil {
				return err
			}
		}
		m, err = d.deliver(ctx, tx, c, m, conversation.Taken, "", "")
		return err
	})
	return m, err
}

// deliver records news of a mail at its message, and tells the consoles.
func (d *Desk) deliver(ctx context.Context, tx *store.Tx, c conversation.Conversation, m conversation.Message, news conversation.Delivery, code, reason string) (conversation.Message, error) {
	if m.Mail == nil {
		m.Mail = &conversation.Mail{}
	}
	was, more := m.Mail.Delivery, *m.Mail
	more.Delivery = was.After(news)
	if reason != "" || code != "" {
		more.Reason, more.Code = clip(reason, 500), clip(code, 20)
	}
	if more.Delivery == was && more.Reason == m.Mail.Reason && more.Code == m.Mail.Code {
		return m, nil
	}
	m.Mail = &more
	if err := tx.SaveMessageMail(ctx, m); err != nil {
		return m, err
	}
	return m, tx.Emit(ctx, event.Of(event.MessageChanged, c, d.Now(), event.Message{Conversation: c, Message: m}))
}

// deliverSent is deliver for a mail of ours, if it is one that says a message.
func (d *Desk) deliverSent(ctx context.Context, tx *store.Tx, s mailbox.Sent, news conversation.Delivery, code, reason string) (c conversation.Conversation, m conversation.Message, err error) {
	if s.Conversation.IsZero() {
		return c, m, nil
	}
	if c, err = tx.Conversation(ctx, s.Conversation); err != nil || s.Message.IsZero() {
		return c, m, err
	}
	if m, err = tx.Message(ctx, s.Message); err != nil {
		return c, m, err
	}
	m, err = d.deliver(ctx, tx, c, m, news, code, reason)
	return c, m, err
}

// CarryMail hands a mail over to the server of its mailbox, unless it was taken
// back or is over already. That its bytes are about to leave is committed when
// the server asks for them: whoever finds it so after a crash knows that it may
// be a repeat, sends it once more under the same Message-ID, by which servers
// know it again, and then leaves it. Before that, nothing has left, and it is
// tried again as often as it takes.
func (d *Desk) CarryMail(ctx context.Context, w SentWork) (err error) {
	defer fault.Wrap(&err, "carry mail %s", w.Sent)
	if d.Carrier == nil {
		return errNoSending
	}
	s, box, now, err := d.pickUp(ctx, w.Sent)
	if err != nil || !now {
		return err
	}
	e, err := d.envelope(ctx, box, s)
	if err != nil && fault.KindOf(err) != fault.Invalid {
		return err
	}
	var refused []channel.Refusal
	if err != nil { // it cannot be written, and never will
		err = fault.New(fault.Invalid, "mail.refused", "the mail server refuses this mail").Because(err)
	} else {
		e.Asked = func(ctx context.Context) error { return d.handing(ctx, s) }
		refused, err = d.Carrier.Carry(ctx, box, e)
	}
	if ctx.Err() != nil {
		return d.stopped(ctx, s, refused, err)
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		now, serr := tx.Sent(ctx, s.ID)
		if serr != nil || now.Attempt != s.Attempt { // another program has it now
			return serr
		}
		return d.carried(ctx, tx, now, refused, err)
	})
}

// handing marks a mail as about to leave.
func (d *Desk) handing(ctx context.Context, picked mailbox.Sent) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		s, err := tx.Sent(ctx, picked.ID)
		if err != nil {
			return err
		}
		if s.Attempt != picked.Attempt {
			return fault.New(fault.Conflict, "mail.taken", "another program hands this mail over")
		}
		s.Letter.Handing = true
		return tx.SaveSent(ctx, s)
	})
}

// lastWrite is how long writing down what came of a mail may take when the
// program is told to stop.
const lastWrite = 10 * time.Second

// stopped records what came of handing a mail over when the program was told to
// stop meanwhile: it has left, or the server will not have it; or it has not left
// and waits for the next start. Where nobody knows, the mark stays.
func (d *Desk) stopped(ctx context.Context, handed mailbox.Sent, refused []channel.Refusal, err error) error {
	code := fault.CodeOf(err)
	if code == "mail.uncertain" {
		return ctx.Err()
	}
	write, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWrite)
	defer cancel()
	known := err == nil || code == "mail.refused"
	werr := d.DB.Update(write, func(tx *store.Tx) error {
		s, serr := tx.Sent(write, handed.ID)
		switch {
		case serr != nil || s.Attempt != handed.Attempt:
			return serr
		case known:
			return d.carried(write, tx, s, refused, err)
		}
		s.Letter.Handing, s.Attempt = false, s.Attempt-1
		return tx.SaveSent(write, s)
	})
	if known {
		return werr
	}
	return firstOf(werr, ctx.Err())
}

// pickUp returns a mail that is to be handed over now; false if it is not.
func (d *Desk) pickUp(ctx context.Context, i mailbox.SentID) (s mailbox.Sent, box mailbox.Mailbox, carry bool, err error) {
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		carry = false
		if s, err = tx.Sent(ctx, i); err != nil {
			return err
		}
		now := d.Now()
		switch s.State {
		case conversation.Waiting, conversation.Sending, conversation.Uncertain:
		default:
			return nil
		}
		if now.Before(s.SendAt) || s.State == conversation.Uncertain && s.Letter.Repeats > 1 {
			return nil
		}
		if box, err = d.mailboxIn(ctx, tx, s.Inbox); err != nil {
			return err
		}
		if s.Letter.Handing { // we died while its bytes left
			s.Letter.Repeats++
			if s.Letter.Repeats > 1 {
				return d.leaveUncertain(ctx, tx, s)
			}
		}
		s.State, s.Attempt, s.Letter.Handing = s.State.After(conversation.Sending), s.Attempt+1, false
		if s.Letter.First.IsZero() {
			s.Letter.First = now
		}
		if err := tx.SaveSent(ctx, s); err != nil {
			return err
		}
		carry = true
		_, _, err := d.deliverSent(ctx, tx, s, conversation.Sending, "", "")
		return err
	})
	return s, box, carry, err
}

// leaveUncertain ends a mail of which nobody knows whether it left, twice.
func (d *Desk) leaveUncertain(ctx context.Context, tx *store.Tx, s mailbox.Sent) error {
	s.State, s.Letter.Handing = conversation.Uncertain, false
	if err := tx.SaveSent(ctx, s); err != nil {
		return err
	}
	c, m, err := d.deliverSent(ctx, tx, s, conversation.Uncertain, "", "")
	if err != nil {
		return err
	}
	return d.tellAuthor(ctx, tx, c, m, "mail.uncertain", "")
}

// carried records what came of handing a mail over.
func (d *Desk) carried(ctx context.Context, tx *store.Tx, s mailbox.Sent, refused []channel.Refusal, err error) error {
	s.Letter.Handing = false
	now := d.Now()
	news, code, reason, tell := conversation.Sent, "", "", ""
	switch {
	case err == nil && len(refused) > 0:
		code, reason, tell = refused[0].Status, refusals(refused), "mail.refused"
	case err == nil:
	case fault.CodeOf(err) == "mail.uncertain":
		if s.Letter.Repeats++; s.Letter.Repeats > 1 {
			return d.leaveUncertain(ctx, tx, s)
		}
		news, s.SendAt = conversation.Uncertain, now.Add(time.Minute)
	case fault.CodeOf(err) == "mail.refused":
		news, reason, tell = conversation.Failed, because(err), "mail.failed"
		if len(refused) > 0 {
			code, reason = refused[0].Status, refusals(refused)
		}
	default:
		wait, again := mailbox.NextTry(s.Attempt, now.Sub(s.Letter.First))
		if news, s.SendAt = conversation.Sending, now.Add(wait); !again {
			news, reason, tell = conversation.Failed, because(err), "mail.failed"
		}
	}
	if s.State = s.State.After(news); news == conversation.Sending || news == conversation.Uncertain {
		if err := tx.Enqueue(ctx, CarryMailJob, SentWork{s.ID}, s.SendAt, now); err != nil {
			return err
		}
	}
	if err := tx.SaveSent(ctx, s); err != nil {
		return err
	}
	c, m, err := d.deliverSent(ctx, tx, s, news, code, reason)
	if err != nil {
		return err
	}
	if err := d.unreach(ctx, tx, refused); err != nil {
		return err
	}
	if news == conversation.Sent && !m.ID.IsZero() && m.Kind == conversation.Text {
		if err := d.answerCase(ctx, tx, c, m); err != nil {
			return err
		}
	}
	if tell == "" {
		return nil
	}
	return d.tellAuthor(ctx, tx, c, m, tell, reason)
}

func because(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Unwrap() != nil {
		return f.Unwrap().Error()
	} else if ok {
		return f.Message()
	}
	return err.Error()
}

func refusals(rs []channel.Refusal) string {
	var b strings.Builder
	for _, r := range rs {
		fmt.Fprintf(&b, "%s: %d %s %s\n", r.Address, r.Code, r.Status, r.Text)
	}
	return strings.TrimSpace(b.String())
}

// unreach keeps programs from writing to addresses that do not exist.
func (d *Desk) unreach(ctx context.Context, tx *store.Tx, rs []channel.Refusal) error {
	for _, r := range rs {
		if strings.HasPrefix(r.Status, "5.1.") || r.Status == "" && r.Code == 550 {
			if err := tx.Unreach(ctx, strings.ToLower(r.Address), "refused", d.Now()); err != nil {
				return err
			}
		}
	}
	return nil
}

// answerCase tells the case of a conversation that its customer was answered:
// the promise is kept when the mail has left, not when it was written.
func (d *Desk) answerCase(ctx context.Context, tx *store.Tx, c conversation.Conversation, m conversation.Message) error {
	var who agent.ID
	if m.From != conversation.FromAgent {
		return nil
	}
	if err := who.UnmarshalText([]byte(m.AuthorID)); err != nil {
		return err
	}
	k, ok, err := d.caseOf(ctx, tx, c.ID)
	if err != nil || !ok {
		return err
	}
	text := cutRunes(m.Text, ticket.MaxText)
	if strings.TrimSpace(text) == "" {
		text = "（见附件）"
	}
	return d.moveCase(ctx, tx, k, ticket.Doing{Act: ticket.Reply, By: ticket.Actor{Who: ticket.ByAgent, Agent: who, Name: m.AuthorName}, Text: text})
}

// tellAuthor tells who wrote a message that it did not arrive; who answers the
// conversation, where a program wrote it.
func (d *Desk) tellAuthor(ctx context.Context, tx *store.Tx, c conversation.Conversation, m conversation.Message, kind, reason string) error {
	to := c.Agent
	if m.From == conversation.FromAgent {
		_ = to.UnmarshalText([]byte(m.AuthorID)) // what is none stays whoever answers
	}
	if to.IsZero() || c.ID.IsZero() {
		return nil
	}
	return d.notify(ctx, tx, to, kind, c, strings.TrimSpace(preview(m.Text)+"\n"+reason), c.ContactName)
}

func preview(s string) string { return cutRunes(strings.Join(strings.Fields(s), " "), 60) }

// envelope writes a mail as it goes out.
func (d *Desk) envelope(ctx context.Context, box mailbox.Mailbox, s mailbox.Sent) (e channel.Envelope, err error) {
	o := outgoing{box: box, letter: s.Letter}
	l, token := s.Letter, mailbox.Token(d.CaseKey, s.Conversation)
	out := mail.Outgoing{
		From: mail.Address{Name: o.name(), Address: box.Address}, To: addressesOf(l.To), Cc: addressesOf(l.Cc), Subject: l.Subject, Date: s.At,
		MessageID: s.MessageID, InReplyTo: l.InReplyTo, References: l.References, Automatic: s.Automatic,
	}
	if box.Settings.Send.Plus {
		out.ReplyTo = []mail.Address{{Name: out.From.Name, Address: mailbox.Join(box.Address, token)}}
	}
	if s.Automatic {
		out.More = append(out.More, mail.Field{Name: "X-Loop", Value: box.Address})
	}
	quote, err := d.quoted(ctx, l)
	if err != nil {
		return e, err
	}
	signature := ""
	if !s.Automatic {
		signature = box.Settings.Signature.In(l.Language)
	}
	out.Text, out.HTML = laidOut(l, signature, quote, mailbox.Marker(token))
	if out.Attachments, err = d.enclosed(ctx, l); err != nil {
		return e, err
	}
	e.From = box.ReturnPath(s.Token)
	e.To = l.Everybody()
	e.Body, err = mail.Compose(out)
	return e, err
}

func addressesOf(ps []conversation.Person) (as []mail.Address) {
	for _, p := range ps {
		as = append(as, mail.Address{Name: p.Name, Address: p.Address})
	}
	return as
}

// quoted returns the message that stands below a mail, with who wrote it when.
type quotation struct {
	head string
	text string
}

func (d *Desk) quoted(ctx context.Context, l mailbox.Letter) (q quotation, err error) {
	if l.Quote.IsZero() {
		return q, nil
	}
	tx := d.DB.Now()
	m, err := tx.Message(ctx, l.Quote)
	if gone(err) || err == nil && m.IsRecalled() {
		return q, nil
	}
	if err != nil {
		return q, err
	}
	s, err := tx.Company(ctx)
	if err != nil {
		return q, err
	}
	who, at := m.AuthorName, today(s, m.At)
	if m.Mail != nil && m.Mail.From.Address != "" {
		who += " <" + m.Mail.From.Address + ">"
	}
	q.text, q.head = m.Text, fmt.Sprintf("在 %s，%s 写道：", at.Format("2006年1月2日 15:04"), who)
	if l.Language == "en" {
		q.head = fmt.Sprintf("On %s, %s wrote:", at.Format("2 January 2006 15:04"), who)
	}
	return q, nil
}

// laidOut puts a mail together in both forms: what is said, the signature, what
// is answered, and the mark that nobody sees.
func laidOut(l mailbox.Letter, signature string, q quotation, marker string) (text, doc string) {
	var t, h strings.Builder
	t.WriteString(l.Text)
	if h.WriteString(cmp.Or(l.HTML, asHTML(l.Text))); signature != "" {
		t.WriteString("\n\n-- \n" + signature)
		h.WriteString("<div><br>-- <br>" + asHTML(signature) + "</div>")
	}
	if q.head != "" {
		t.WriteString("\n\n" + q.head + "\n")
		for line := range strings.SplitSeq(q.text, "\n") {
			t.WriteString(strings.TrimRight("> "+line, " ") + "\n")
		}
		h.WriteString(`<div class="gmail_quote"><div>` + html.EscapeString(q.head) + `</div><blockquote type="cite" style="margin:0 0 0 8px;padding-left:8px;border-left:1px solid #ccc">` + asHTML(q.text) + "</blockquote></div>")
	}
	return strings.TrimRight(t.String(), "\n") + "\n", `<div dir="auto">` + h.String() + "</div>" + marker
}

// asHTML is a plain text as HTML.
func asHTML(s string) string { return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>\n") }

// enclosed reads the files of a mail. Those that its HTML shows are inline.
func (d *Desk) enclosed(ctx context.Context, l mailbox.Letter) (as []mail.Attachment, err error) {
	for _, i := range l.Files {
		f, err := d.DB.Now().File(ctx, i)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := d.readFile(ctx, f.Blob, &b); err != nil {
			return nil, err
		}
		a := mail.Attachment{Name: f.Name, Type: f.Type, Content: b.Bytes()}
		if strings.Contains(l.HTML, "cid:"+i.String()) {
			a.ContentID, a.Inline = i.String(), true
		}
		as = append(as, a)
	}
	return as, nil
}

func (d *Desk) readFile(ctx context.Context, key string, to io.Writer) error {
	f, err := d.Files.Open(ctx, key)
	if err != nil {
		return err
	}
	defer closing(d.Log, "file", f)
	_, err = io.Copy(to, f)
	return err
}

// ComposeMail begins a conversation by writing to somebody. The draft names whom
// in Mail.To, with a subject; its files were given to [Desk.AttachToRecord].
func (d *Desk) ComposeMail(ctx context.Context, by agent.Actor, in inbox.ID, draft Draft) (c conversation.Conversation, m conversation.Message, err error) {
	defer fault.Wrap(&err, "compose a mail")
	if err := by.Need(agent.ConversationReply); err != nil {
		return c, m, err
	}
	if err := conversation.CheckClientID(draft.ClientID); err != nil {
		return c, m, err
	}
	switch {
	case draft.Mail == nil || len(draft.Mail.To) == 0 || !mailbox.IsAddress(draft.Mail.To[0].Address):
		return c, m, errMailTo
	case strings.TrimSpace(draft.Mail.Subject) == "":
		return c, m, errSubject
	}
	draft.Kind = conversation.Text
	draft = draft.plain()
	if draft.Text, err = conversation.CheckText(draft.Text, len(draft.Attachments)); err != nil {
		return c, m, err
	}
	text := draft.Text
	draft, hits, refused := d.sift(ctx, draft)
	draft = draft.masked(text)
	if refused != nil {
		return c, m, refused
	}
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		var have bool
		if m, have, err = tx.MessageByClientID(ctx, by.Agent.String(), draft.ClientID); err != nil {
			return err
		}
		if have {
			c, err = tx.Conversation(ctx, m.Conversation)
			return err
		}
		via, err := tx.InboxByID(ctx, in)
		if err != nil {
			return err
		}
		if via.Kind != mailbox.Channel {
			return fault.New(fault.NotFound, "mailbox.unknown", "there is no such %s", "mailbox")
		}
		if c, err = d.writeTo(ctx, tx, by, via, draft); err != nil {
			return err
		}
		if m, err = d.say(ctx, tx, c, by, draft); err != nil {
			return err
		}
		if c, err = tx.Conversation(ctx, c.ID); err != nil {
			return err
		}
		if err := d.announce(ctx, tx, c, "accepted", 0); err != nil {
			return err
		}
		return d.found(ctx, tx, c, by, hits, "sent")
	})
	return c, m, err
}

// writeTo begins a conversation with whom an agent writes to, which is theirs.
func (d *Desk) writeTo(ctx context.Context, tx *store.Tx, by agent.Actor, in inbox.Inbox, draft Draft) (c conversation.Conversation, err error) {
	to := draft.Mail.To[0]
	address := strings.ToLower(to.Address)
	now := d.Now()
	var who contact.Contact
	i, ok, err := tx.MailContact(ctx, address)
	switch {
	case err != nil:
		return c, err
	case ok:
		who, err = tx.Contact(ctx, i)
	default:
		o := opened{Incoming: &mail.Incoming{From: []mail.Address{{Name: to.Name, Address: to.Address}}, Subject: draft.Mail.Subject, Reply: draft.Text}}
		who, err = d.meetByMail(ctx, tx, mailbox.Mail{Sender: address}, o, who)
	}
	if err != nil {
		return c, err
	}
	seat, err := tx.Seat(ctx, by.Agent)
	if err != nil {
		return c, err
	}
	c = conversation.Conversation{
		ID: conversation.NewID(now), Inbox: in.ID, Channel: in.Kind, Contact: who.ID, ContactName: who.Name, Team: in.Team,
		State: conversation.Active, Agent: by.Agent, AgentName: seat.Name, Language: languageOfText(draft.Mail.Subject + "\n" + draft.Text),
		StartedAt: now, LastAt: now, TakenAt: now, PageTitle: clip(draft.Mail.Subject, maxTitle),
	}
	if err := maySpeak(ctx, tx, c, by.Agent); err != nil {
		return c, err
	}
	if c, err = tx.InsertConversation(ctx, c); err != nil {
		return c, err
	}
	if c, err = d.tell(ctx, tx, c, "accepted", map[string]string{"agent": seat.Name}); err != nil {
		return c, err
	}
	if err := d.tellLoad(ctx, tx, by.Agent); err != nil {
		return c, err
	}
	return c, tx.AddMailPerson(ctx, c.ID, address, mailbox.Writer)
}

// plain fills in the text of a draft that has only a formatted one.
func (draft Draft) plain() Draft {
	if draft.Text == "" && draft.Mail != nil && draft.Mail.HTML != "" {
		draft.Text = mail.HTMLText(mail.SafeHTML(draft.Mail.HTML, false).HTML)
	}
	return draft
}

// masked returns a draft of which the filter took words out: its formatted text
// has them still, and does not leave.
func (draft Draft) masked(was string) Draft {
	if draft.Text != was && draft.Mail != nil {
		md := *draft.Mail
		md.HTML = ""
		draft.Mail = &md
	}
	return draft
}

// sendReceipt sends the receipt of a new conversation, if a program may answer.
func (d *Desk) sendReceipt(ctx context.Context, tx *store.Tx, box mailbox.Mailbox, c conversation.Conversation, m mailbox.Mail, o opened, j mailbox.Judgement, k ticket.Case) error {
	if !box.Settings.Receipt.Enabled || !d.sends(box) || !mailbox.IsAddress(m.Sender) {
		return nil
	}
	ok, err := d.mayAnswer(ctx, tx, box, c, m.Sender, o, j)
	if err != nil || !ok {
		return err
	}
	s, err := tx.Company(ctx)
	if err != nil {
		return err
	}
	f := mailbox.ReceiptFacts{Name: c.ContactName, Company: cmp.Or(box.Settings.Name.In(c.Language), s.Company.In(c.Language)), Number: strconv.FormatInt(c.Number, 10)}
	if !k.ID.IsZero() {
		f.Number = k.Number
		clocks, err := tx.ClocksOf(ctx, store.OfCase, int64(k.ID))
		if err != nil {
			return err
		}
		for _, due := range d.dues(clocks) {
			if due.State.Open() && due.Limit.After(d.Now()) {
				f.Due = today(s, due.Limit).Format(letterIn[languageOf(k, contact.Contact{Language: c.Language})].moment)
				break
			}
		}
	}
	f.Ways = d.fasterWays(s.Phone, c.Language)
	subject, text := box.Settings.Receipt.Write(c.Language, m.Subject, mailbox.Tag(d.CaseKey, c.Number), f)
	err = d.leave(ctx, tx, c, 0, outgoing{box: box, auto: true, letter: mailbox.Letter{
		To: []conversation.Person{{Name: c.ContactName, Address: m.Sender}}, Subject: subject, Text: text, Language: c.Language,
		InReplyTo: m.MessageID, References: mailbox.Following(m.Cover.References, m.MessageID),
	}})
	if err != nil {
		return err
	}
	_, err = d.tellWith(ctx, tx, c, conversation.Message{Text: text}, "mail.receipt", map[string]string{"number": f.Number, "to": m.Sender})
	return err
}

// fasterWays are those by which urgent matters are answered sooner (R048).
func (d *Desk) fasterWays(phone, language string) string {
	var ways []string
	if phone != "" {
		ways = append(ways, inbox.Text{Zh: "电话：", En: "Phone: "}.In(language)+phone)
	}
	if at := d.page("/"); at != "" {
		ways = append(ways, inbox.Text{Zh: "在线客服：", En: "Chat: "}.In(language)+at)
	}
	return strings.Join(ways, "\n")
}

// mayAnswer reports whether a program may write to the sender of a mail.
func (d *Desk) mayAnswer(ctx context.Context, tx *store.Tx, box mailbox.Mailbox, c conversation.Conversation, to string, o opened, j mailbox.Judgement) (bool, error) {
	var v mailbox.Valve
	var err error
	now := d.Now()
	if v.Lately, err = tx.MailsFrom(ctx, to, now.Add(-latelyMailed)); err != nil {
		return false, err
	}
	if v.Today, err = tx.AutomaticTo(ctx, to, now.Add(-24*time.Hour)); err != nil {
		return false, err
	}
	if v.Here, err = tx.AutomaticIn(ctx, c.ID, to, now.Add(-24*time.Hour)); err != nil {
		return false, err
	}
	why, err := tx.Unreached(ctx, to)
	if err != nil {
		return false, err
	}
	_, own, err := d.mailboxOf(ctx, tx, mailbox.Mail{Inbox: box.Inbox})
	if err != nil {
		return false, err
	}
	ok, _ := box.MayAnswer(o.heard, j, own(to), why, v)
	return ok, nil
}
