package desk

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"yingda/internal/channel"
	"yingda/internal/domain/access"
	"yingda/internal/domain/automation"
	"yingda/internal/domain/contact"
	"yingda/internal/domain/conversation"
	"yingda/internal/domain/filter"
	"yingda/internal/domain/mailbox"
	"yingda/internal/domain/mood"
	"yingda/internal/domain/retrieve"
	"yingda/internal/domain/tag"
	"yingda/internal/domain/ticket"
	"yingda/internal/job"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/mail"
	"yingda/internal/store"
)

const (
	smallMail     = 256 << 10          // bytes; of such as many are read as come
	largeMail     = 8 << 20            // bytes; of such only one is read at a time
	mostMailFiles = 200                // of one mail
	mailFileLimit = 256 << 20          // bytes
	mostAwaited   = 20                 // how often a mail waits for the one that it answers
	awaits        = time.Second        // and how long
	lastMailed    = 7 * 24 * time.Hour // how long a vacation notice belongs to what we wrote
	latelyMailed  = 10 * time.Minute
)

// opened is a mail that was read, with its files kept but nothing recorded of it.
type opened struct {
	*mail.Incoming
	heard  mailbox.Heard
	files  []conversation.AttachmentID
	marked string   // where marks of ours are looked for
	text   string   // what is said in it
	folded bool     // and is less than stands in it
	words  []string // of the text, by which it is found
}

// ReadMail reads a mail that was kept, and makes of it what it is: a message of
// a conversation, news of a mail of ours, or something to put aside. Reading it
// again changes nothing.
func (d *Desk) ReadMail(ctx context.Context, w MailWork) (err error) {
	defer fault.Wrap(&err, "read mail %s", w.Mail)
	m, err := d.DB.Now().Mail(ctx, w.Mail)
	if err != nil || m.State != mailbox.Unread {
		return err
	}
	defer d.inTurn(m)()
	raw, err := d.mailBytes(ctx, m)
	if err != nil {
		return err
	}
	if wait, err := d.awaitsOther(ctx, m, mail.Parse(header(raw), mail.Options{}), w.Waited); err != nil || wait {
		return err
	}
	o, err := d.openMail(ctx, m, raw)
	if err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		m, err := tx.Mail(ctx, w.Mail)
		if err != nil || m.State != mailbox.Unread {
			return err
		}
		if err := d.sortMail(ctx, tx, m, o); err != nil {
			return err
		}
		return job.Done(ctx, tx)
	})
}

// inTurn waits until a mail may be in memory, and returns how to let the next
// one: small ones all at once, four that are not, one that is large.
func (d *Desk) inTurn(m mailbox.Mail) (leave func()) {
	var turns []*sync.Mutex
	if m.Size > largeMail {
		turns = append(turns, &d.largeMail)
	}
	if m.Size > smallMail {
		turns = append(turns, &d.mailTurns[int(uint64(m.ID)%uint64(len(d.mailTurns)))])
	}
	for _, t := range turns {
		t.Lock()
	}
	return func() {
		for _, t := range turns {
			t.Unlock()
		}
	}
}

// awaitsOther leaves the job for later if the mail answers one that came before
// it and that nobody has looked at yet.
func (d *Desk) awaitsOther(ctx context.Context, m mailbox.Mail, o *mail.Incoming, waited int) (bool, error) {
	if waited >= mostAwaited {
		return false, nil
	}
	ids := []string{o.InReplyTo}
	if n := len(o.References); n > 0 {
		ids = append(ids, o.References[n-1])
	}
	for _, i := range slices.Compact(ids) {
		if i == "" || i == m.MessageID {
			continue
		}
		before, err := d.DB.Now().MailAwaited(ctx, m.Inbox, i, m.ID)
		if err != nil {
			return false, err
		}
		if before {
			return true, d.DB.Update(ctx, func(tx *store.Tx) error {
				return tx.EnqueueOnce(ctx, ReadMailJob, m.ID.String(), MailWork{Mail: m.ID, Waited: waited + 1}, d.Now().Add(awaits), d.Now())
			})
		}
	}
	return false, nil
}

// openMail parses a mail and keeps its files. What it cannot make sense of, it
// notes; only the disk can fail.
func (d *Desk) openMail(ctx context.Context, m mailbox.Mail, raw []byte) (o opened, err error) {
	boxes, err := d.DB.Now().Mailboxes(ctx)
	if err != nil {
		return o, err
	}
	var own []string
	server := ""
	for _, b := range boxes {
		own = append(append(own, b.Address), b.Settings.Aliases...)
		if b.Inbox == m.Inbox {
			server = b.Settings.AuthServer
		}
	}
	o.Incoming = mail.Parse(raw, mail.Options{Own: own})
	o.heard = mailbox.Heard{
		Kind: mailbox.Kind(o.Kind), Quiet: o.Quiet, From: firstAddress(o.From), ReplyTo: firstAddress(o.ReplyTo), Subject: o.Subject, Text: o.Text,
		Verdicts: m.Cover.Verdicts,
	}
	if o.heard.Verdicts == (conversation.Verdicts{}) {
		o.heard.Verdicts = mailbox.Results(server, fieldsOf(raw, "authentication-results"))
	}
	o.marked = o.HTML
	if m.Cover.From == "<>" && o.Kind == mail.Person {
		o.heard.Kind, o.heard.Quiet = mailbox.Automatic, "Return-Path: <>"
	}
	if o.Bounce != nil {
		return o, nil
	}
	o.files, err = d.mailFiles(ctx, m, o.Incoming)
	o.Attachments = nil
	o.text, o.folded = newIn(o)
	o.words = retrieve.IndexTokens(o.text) // here, because others wait for a transaction
	return o, err
}

// newIn returns what is new in a mail, and whether that is less than stands in
// it.
func newIn(o opened) (text string, folded bool) {
	text = cleanText(o.Reply)
	folded = text != cleanText(o.Text)
	if strings.TrimSpace(text) == "" {
		text, folded = cleanText(o.Text), false
	}
	if cut := cutRunes(text, conversation.MaxRunes); cut != text {
		text, folded = cut, true
	}
	if strings.TrimSpace(text) == "" && len(o.files) == 0 {
		text = cutRunes(clip(o.Subject, longestSubject), conversation.MaxRunes)
	}
	return text, folded
}

func (d *Desk) mailBytes(ctx context.Context, m mailbox.Mail) ([]byte, error) {
	f, err := d.Files.Open(ctx, m.Blob)
	if err != nil {
		return nil, err
	}
	defer closing(d.Log, "mail", f)
	return io.ReadAll(io.LimitReader(f, int64(mail.Usual().Size)))
}

func firstAddress(as []mail.Address) string {
	if len(as) == 0 {
		return ""
	}
	return strings.ToLower(strings.TrimSpace(as[0].Address))
}

func fieldsOf(raw []byte, name string) (values []string) {
	for _, f := range mail.Header(raw) {
		if f.Name == name {
			values = append(values, f.Value)
		}
	}
	return values
}

// mailFiles keeps the files of a mail, whatever they are. One that is empty or
// in which the scanner found something is left out, and noted; the mail itself
// has it still.
func (d *Desk) mailFiles(ctx context.Context, m mailbox.Mail, o *mail.Incoming) (ids []conversation.AttachmentID, err error) {
	for n, a := range worthKeeping(o.Attachments) {
		if n == mostMailFiles {
			o.Notes = append(o.Notes, "cut: more files than "+strconv.Itoa(mostMailFiles))
			break
		}
		name := a.Name
		if name == "" {
			name = "attachment-" + strconv.Itoa(n+1)
		}
		u := channel.Upload{Name: name, ClientID: strconv.Itoa(n), Body: strings.NewReader(string(a.Content)), Limit: mailFileLimit}
		kept, err := d.attachAs(ctx, m.ID.String(), 0, u, true)
		switch fault.CodeOf(err) {
		case "file.infected", "file.empty":
			o.Notes = append(o.Notes, fault.CodeOf(err)+": "+name)
			continue
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, kept.ID)
	}
	return ids, nil
}

// worthKeeping leaves out what came within a mail that is kept itself.
func worthKeeping(as []mail.Attachment) []mail.Attachment {
	mails := map[string]bool{}
	for _, a := range as {
		if a.Type == "message/rfc822" {
			mails[a.Name] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(as), func(a mail.Attachment) bool { return a.Within != "" && mails[a.Within] })
}

// sortMail makes of a mail what it is, in a transaction.
func (d *Desk) sortMail(ctx context.Context, tx *store.Tx, m mailbox.Mail, o opened) error {
	box, own, err := d.mailboxOf(ctx, tx, m)
	if err != nil {
		return err
	}
	m.MessageID, m.Subject = clip(o.MessageID, longestMailID), clip(o.Subject, longestSubject)
	m.Cover.References, m.Cover.Verdicts = mailbox.Following(o.References, o.InReplyTo), o.heard.Verdicts
	m.Sender = clip(box.Sender(o.heard, own), longestAddress)
	if o.heard.Kind == mailbox.Own && own(o.heard.From) && !own(m.Sender) { // a form of our web site
		o.heard.Kind, o.heard.Quiet = mailbox.ByPerson, ""
	}
	if o.Bounce != nil {
		return d.hearReport(ctx, tx, m, o)
	}
	_, ours, err := tx.SentByMessageID(ctx, m.MessageID)
	if err != nil {
		return err
	}
	known := mailbox.Known{Ours: ours, Released: m.Cover.Released}
	traces, err := d.traces(ctx, tx, m, o)
	if err != nil {
		return err
	}
	forged := o.heard.Verdicts.DMARC == "fail"
	at := box.Place(traces, forged, d.Now())
	known.Thread = !at.Conversation.IsZero()
	who, registered, err := d.mailWriter(ctx, tx, m, o)
	if err != nil {
		return err
	}
	if registered {
		if known.Blocked, err = tx.ContactIsBlocked(ctx, who.ID, d.Now()); err != nil {
			return err
		}
	}
	j := box.Judge(o.heard, m.Sender, own(m.Sender), known)
	m.State, m.Kind, m.Cover.Why, m.Cover.What = j.Fate, j.Kind, j.Why, clip(j.What, 200)
	if j.Fate != mailbox.TakenIn {
		return tx.SaveMail(ctx, m)
	}
	if !registered {
		if who, err = d.meetByMail(ctx, tx, m, o, who); err != nil {
			return err
		}
	}
	return d.takeMail(ctx, tx, box, m, o, j, at, who)
}

// mailboxOf returns the mailbox that a mail came to, and what tells addresses of
// ours.
func (d *Desk) mailboxOf(ctx context.Context, tx *store.Tx, m mailbox.Mail) (box mailbox.Mailbox, own func(string) bool, err error) {
	boxes, err := tx.Mailboxes(ctx)
	if err != nil {
		return box, nil, err
	}
	i := slices.IndexFunc(boxes, func(b store.MailboxRecord) bool { return b.Inbox == m.Inbox })
	if i < 0 {
		return box, nil, fault.New(fault.NotFound, "mailbox.unknown", "there is no such %s", "mailbox")
	}
	return boxes[i].Mailbox, func(address string) bool {
		return slices.ContainsFunc(boxes, func(b store.MailboxRecord) bool { return b.Own(address) })
	}, nil
}

// traces returns the conversations that a mail may belong to, the surest first.
func (d *Desk) traces(ctx context.Context, tx *store.Tx, m mailbox.Mail, o opened) (ts []mailbox.Trace, err error) {
	add := func(by mailbox.Clue, i conversation.ID) error {
		if i.IsZero() || slices.ContainsFunc(ts, func(t mailbox.Trace) bool { return t.Conversation == i }) {
			return nil
		}
		c, err := tx.Conversation(ctx, i)
		if gone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		part, err := d.partOf(ctx, tx, c, m.Sender)
		ts = append(ts, mailbox.Trace{By: by, Conversation: i, Part: part, Open: c.State.Open(), Over: c.ClosedAt})
		return err
	}
	for _, token := range tokensOf(m, o) {
		if c, ok := mailbox.ReadToken(d.CaseKey, token); ok {
			err = add(mailbox.ByToken, c)
		} else if s, ok, serr := tx.SentByToken(ctx, token); ok || serr != nil {
			err = firstOf(serr, add(mailbox.ByToken, s.Conversation))
		}
		if err != nil {
			return nil, err
		}
	}
	ids := append([]string{o.InReplyTo}, reversed(o.References)...)
	for _, i := range ids[:min(len(ids), 30)] {
		if i == "" {
			continue
		}
		cs, err := tx.ConversationsByMailID(ctx, i)
		if err != nil {
			return nil, err
		}
		for _, c := range cs {
			if err := add(mailbox.ByAnswer, c); err != nil {
				return nil, err
			}
		}
	}
	for _, c := range mailbox.ReadMarkers(d.CaseKey, o.marked) {
		if err := add(mailbox.ByMarker, c); err != nil {
			return nil, err
		}
	}
	for _, n := range mailbox.ReadTags(d.CaseKey, o.Subject) {
		c, ok, err := tx.ConversationByNumber(ctx, n)
		if err != nil {
			return nil, err
		}
		if ok {
			if err := add(mailbox.ByTag, c.ID); err != nil {
				return nil, err
			}
		}
	}
	if len(ts) == 0 && o.heard.Kind == mailbox.Automatic { // vacation notices of QQ and 163 name nothing
		c, ok, err := tx.LastMailedIn(ctx, m.Inbox, m.Sender, d.Now().Add(-lastMailed))
		if err != nil {
			return nil, err
		}
		if ok {
			return ts, add(mailbox.ByLast, c)
		}
	}
	return ts, nil
}

// tokensOf returns the tokens in the addresses that a mail was sent to.
func tokensOf(m mailbox.Mail, o opened) (tokens []string) {
	to := slices.Clone(m.Cover.To)
	for _, as := range [][]mail.Address{o.DeliveredTo, o.To, o.Cc} {
		for _, a := range as {
			to = append(to, a.Address)
		}
	}
	for _, a := range to[:min(len(to), 200)] {
		if _, token := mailbox.Split(a); token != "" && !slices.Contains(tokens, token) {
			tokens = append(tokens, token)
		}
	}
	return tokens
}

// partOf returns which part an address takes in a conversation.
func (d *Desk) partOf(ctx context.Context, tx *store.Tx, c conversation.Conversation, address string) (string, error) {
	part, err := tx.MailPerson(ctx, c.ID, address)
	if err != nil || part != "" {
		return part, err
	}
	who, ok, err := tx.MailContact(ctx, address)
	if err == nil && ok && who == c.Contact {
		part = mailbox.Writer
	}
	return part, err
}

// mailWriter returns whose mail it is, if we know them: false if they are new.
func (d *Desk) mailWriter(ctx context.Context, tx *store.Tx, m mailbox.Mail, o opened) (who contact.Contact, known bool, err error) {
	i, byMail, err := tx.MailContact(ctx, m.Sender)
	if err != nil {
		return who, false, err
	}
	account, byAccount, err := tx.CustomerByEmail(ctx, access.FoldEmail(m.Sender))
	if err != nil {
		return who, false, err
	}
	switch mailbox.Identify(o.heard.Verdicts, byMail, byAccount && !account.ProvenAt.IsZero()) {
	case mailbox.OfMail:
		who, err = tx.Contact(ctx, i)
		return who, err == nil, err
	case mailbox.OfAccount:
		if who, err = tx.Contact(ctx, account.Contact); err != nil {
			return who, false, err
		}
		_, err = tx.AddMailContact(ctx, m.Sender, who.ID)
		return who, err == nil, err
	case mailbox.Somebody, mailbox.Unproven:
	}
	return who, false, nil
}

// meetByMail makes the contact of somebody who writes for the first time. Who
// may be somebody else is not known by the address from now on.
func (d *Desk) meetByMail(ctx context.Context, tx *store.Tx, m mailbox.Mail, o opened, who contact.Contact) (contact.Contact, error) {
	now := d.Now()
	who = contact.Contact{ID: contact.NewID(now), Name: mailName(m, o), Language: languageOfText(o.Subject + "\n" + o.Reply), CreatedAt: now, LastSeenAt: now}
	if contact.IsEmail(m.Sender) {
		who.Email = m.Sender
	}
	if err := tx.InsertContact(ctx, who); err != nil {
		return who, err
	}
	who, err := tx.Contact(ctx, who.ID)
	if err != nil || o.heard.Verdicts.DMARC == "fail" {
		return who, err
	}
	_, err = tx.AddMailContact(ctx, m.Sender, who.ID)
	return who, err
}

// mailName is what we call who wrote a mail.
func mailName(m mailbox.Mail, o opened) string {
	for _, as := range [][]mail.Address{o.From, o.ReplyTo} {
		for _, a := range as {
			if strings.EqualFold(a.Address, m.Sender) && strings.TrimSpace(a.Name) != "" {
				return cutRunes(strings.Join(strings.Fields(a.Name), " "), contact.MaxName)
			}
		}
	}
	local, _, _ := strings.Cut(m.Sender, "@")
	return cutRunes(local, contact.MaxName)
}

func cutRunes(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most])
}

// languageOfText is Chinese unless a text has letters and none of Chinese.
func languageOfText(s string) string {
	letters := false
	for _, r := range s[:min(len(s), 4000)] {
		if unicode.Is(unicode.Han, r) {
			return "zh"
		}
		letters = letters || r < unicode.MaxASCII && unicode.IsLetter(r)
	}
	if letters {
		return "en"
	}
	return "zh"
}

// takeMail makes a mail a message of the conversation that it belongs to, or of
// a new one with a case of its own.
func (d *Desk) takeMail(ctx context.Context, tx *store.Tx, box mailbox.Mailbox, m mailbox.Mail, o opened, j mailbox.Judgement, at mailbox.Placing, who contact.Contact) error {
	msg, err := d.messageOfMail(ctx, tx, m, o, who)
	if err != nil {
		return err
	}
	fresh := at.Conversation.IsZero()
	var c conversation.Conversation
	if fresh {
		c, err = d.beginMail(ctx, tx, m, o, who)
	} else {
		c, at.Reopen, err = d.belongs(ctx, tx, at)
	}
	if err != nil {
		return err
	}
	quiet := j.Kind == mailbox.Automatic || at.Third
	if at.Third {
		m.Kind = mailbox.ThirdParty
	}
	if quiet { // it is kept where it belongs, and is no answer of the customer
		msg.Kind = conversation.Note
		msg.Mail.Automatic, msg.Mail.Forwarded = j.Kind == mailbox.Automatic, at.Third
	}
	if msg.At.Before(c.LastAt) {
		msg.At = d.Now()
	}
	if at.Reopen && !quiet {
		if c, err = d.revive(ctx, tx, c); err != nil {
			return err
		}
	}
	c, msg, err = d.hearMail(ctx, tx, c, msg)
	if err != nil {
		return err
	}
	m.Conversation, m.Message = c.ID, msg.ID
	if err := d.joinMail(ctx, tx, c, m, o); err != nil {
		return err
	}
	if err := tx.SaveMail(ctx, m); err != nil {
		return err
	}
	switch {
	case at.Third:
		return d.notifyAnswerer(ctx, tx, c, "mail.third", msg.Text, msg.AuthorName)
	case quiet:
		return nil
	case fresh:
		return d.openMailCase(ctx, tx, box, c, m, o, j, at, who, msg)
	}
	return d.addToCase(ctx, tx, c, msg)
}

// belongs returns the conversation that a mail belongs to. Whoever answers by mail
// to a chat that is over, and chats again meanwhile, is heard there.
func (d *Desk) belongs(ctx context.Context, tx *store.Tx, at mailbox.Placing) (c conversation.Conversation, reopen bool, err error) {
	if c, err = tx.Conversation(ctx, at.Conversation); err != nil || !at.Reopen || byMail(c) {
		return c, at.Reopen, err
	}
	other, open, err := tx.OpenConversationOf(ctx, c.Contact, c.Inbox)
	if err != nil || !open {
		return c, at.Reopen, err
	}
	return other, false, nil
}

// notifyAnswerer tells the agent who answers a conversation, if somebody does.
func (d *Desk) notifyAnswerer(ctx context.Context, tx *store.Tx, c conversation.Conversation, kind, text, from string) error {
	if c.Agent.IsZero() {
		return nil
	}
	return d.notify(ctx, tx, c.Agent, kind, c, text, from)
}

// messageOfMail returns what is said in a mail: what is new in it, with its
// files and what else is worth knowing.
func (d *Desk) messageOfMail(ctx context.Context, tx *store.Tx, m mailbox.Mail, o opened, who contact.Contact) (msg conversation.Message, err error) {
	msg = conversation.Message{
		From: conversation.FromContact, AuthorID: who.ID.String(), AuthorName: mailName(m, o), Kind: conversation.Text, Text: o.text, Words: o.words,
		ClientID: m.ID.String(), At: m.ReceivedAt,
		Mail: &conversation.Mail{
			Subject: m.Subject, From: conversation.Person{Name: mailName(m, o), Address: m.Sender}, To: people(o.To), Cc: people(o.Cc),
			Folded: o.folded, HTML: o.HTML != "", Verdicts: o.heard.Verdicts, Notes: o.Notes[:min(len(o.Notes), 20)],
		},
	}
	if m.Cover.TooLarge {
		msg.Mail.Notes = append([]string{"too_large"}, msg.Mail.Notes...)
	}
	msg.Attachments, err = d.files(ctx, tx, m.ID.String(), o.files)
	return msg, err
}

// cleanText is a text as messages are kept.
func cleanText(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n")
	return strings.TrimRight(strings.ReplaceAll(s, "\x00", ""), " \n\t")
}

const mostPeople = 50 // that a message names

func people(as []mail.Address) (ps []conversation.Person) {
	for _, a := range as[:min(len(as), mostPeople)] {
		ps = append(ps, conversation.Person{Name: clip(a.Name, 200), Address: clip(a.Address, longestAddress)})
	}
	return ps
}

// beginMail begins a conversation by mail. It waits in the queue like others;
// nobody is told how long that takes.
func (d *Desk) beginMail(ctx context.Context, tx *store.Tx, m mailbox.Mail, o opened, who contact.Contact) (c conversation.Conversation, err error) {
	in, err := tx.InboxByID(ctx, m.Inbox)
	if err != nil {
		return c, err
	}
	r, err := tx.RoutingRules(ctx)
	if err != nil {
		return c, err
	}
	now := d.Now()
	c = conversation.Conversation{
		ID: conversation.NewID(now), Inbox: in.ID, Channel: in.Kind, Contact: who.ID, ContactName: who.Name, Team: in.Team,
		State: conversation.Queued, QueueReason: conversation.NoBot, Language: languageOfText(o.Subject + "\n" + o.Reply),
		StartedAt: now, LastAt: m.ReceivedAt, ToldAt: now, PageTitle: clip(mailbox.Subject(m.Subject), maxTitle),
	}
	if c, err = d.describe(ctx, tx, c.Since(now, r), r); err != nil {
		return c, err
	}
	if err := d.wantRoute(ctx, tx, now); err != nil {
		return c, err
	}
	if c, err = tx.InsertConversation(ctx, c); err != nil {
		return c, err
	}
	return c, d.talkHappens(ctx, tx, automation.ConversationQueued, conversation.FromContact, nil, c, 0)
}

// revive puts a conversation that was over back into the queue: its contact has
// answered.
func (d *Desk) revive(ctx context.Context, tx *store.Tx, c conversation.Conversation) (conversation.Conversation, error) {
	was := c
	c.Prefers = was.Agent
	c, err := d.enqueue(ctx, tx, c, conversation.Revive, conversation.Reopened)
	if err != nil {
		return c, err
	}
	if c, err = d.tell(ctx, tx, c, "reopened", map[string]string{"by": string(conversation.FromContact)}); err != nil {
		return c, err
	}
	return c, d.announce(ctx, tx, c, "reopened", was.Agent)
}

// hearMail appends a message that came by mail.
func (d *Desk) hearMail(ctx context.Context, tx *store.Tx, c conversation.Conversation, m conversation.Message) (conversation.Conversation, conversation.Message, error) {
	sieve, err := d.matchers(ctx, tx)
	if err != nil {
		return c, m, err
	}
	hits := sieve.contacts.Find(m.Text)
	if filter.Does(hits, filter.Mask) {
		m.Masked = filter.Masked(m.Text, hits)
	}
	before := c.Tension.Level()
	c, m, isNew, err := d.add(ctx, tx, c, m)
	if err != nil {
		return c, m, err
	}
	if !isNew {
		return c, m, fault.New(fault.Conflict, "mail.twice", "this mail is a message already")
	}
	for _, a := range m.Attachments {
		ok, err := tx.ClaimFile(ctx, m.ClientID, a.ID, c.ID, m.ID)
		if err != nil {
			return c, m, err
		}
		if !ok {
			return c, m, errFileGone
		}
	}
	if m.Kind != conversation.Text {
		return c, m, nil
	}
	if c.Tension.Level() == mood.Angry && before != mood.Angry {
		if c, err = d.angryFirst(ctx, tx, c); err != nil {
			return c, m, err
		}
	}
	if err := d.foundOf(ctx, tx, c, hits); err != nil {
		return c, m, err
	}
	return c, m, d.talkHappens(ctx, tx, automation.MessageReceived, conversation.FromContact, &c, c, m.ID)
}

// joinMail records by what later mails are known to belong to a conversation:
// the id of this one, and who takes part.
func (d *Desk) joinMail(ctx context.Context, tx *store.Tx, c conversation.Conversation, m mailbox.Mail, o opened) error {
	if err := tx.AddMailID(ctx, m.MessageID, c.ID, d.Now()); err != nil {
		return err
	}
	if err := tx.AddMailPerson(ctx, c.ID, m.Sender, mailbox.Writer); err != nil {
		return err
	}
	for _, as := range [][]mail.Address{o.To, o.Cc} {
		for _, a := range as[:min(len(as), mostPeople)] {
			plain, _ := mailbox.Split(a.Address)
			if err := tx.AddMailPerson(ctx, c.ID, clip(plain, longestAddress), mailbox.Copied); err != nil {
				return err
			}
		}
	}
	return nil
}

// cameByMail reports whether who hands in a case is a mail.
func cameByMail(sender string) bool {
	var i mailbox.MailID
	return i.UnmarshalText([]byte(sender)) == nil && !i.IsZero()
}

// openMailCase opens the case of a new conversation, with its clocks, and sends
// the receipt.
func (d *Desk) openMailCase(ctx context.Context, tx *store.Tx, box mailbox.Mailbox, c conversation.Conversation, m mailbox.Mail, o opened, j mailbox.Judgement, at mailbox.Placing, who contact.Contact, msg conversation.Message) error {
	kind, tags := box.Sort(m.Subject)
	if len(tags) > 0 {
		var err error
		if c.Tags, err = tag.Apply(c.Tags, tags, nil); err != nil {
			return err
		}
		if c, err = tx.SaveConversation(ctx, c); err != nil {
			return err
		}
	}
	if !at.Linked.IsZero() {
		old, err := tx.Conversation(ctx, at.Linked)
		if err != nil {
			return err
		}
		if c, err = d.tell(ctx, tx, c, "mail.linked", map[string]string{"number": strconv.FormatInt(old.Number, 10), "conversation": old.ID.String(), "why": at.Why}); err != nil {
			return err
		}
	}
	var opened ticket.Case
	if kind != "" {
		k, err := d.handInMail(ctx, tx, c, m, kind, who, msg)
		if err != nil {
			return err
		}
		if opened = k; !k.ID.IsZero() {
			if c, err = d.tell(ctx, tx, c, "case.created", map[string]string{"number": k.Number}); err != nil {
				return err
			}
		}
	}
	return d.sendReceipt(ctx, tx, box, c, m, o, j, opened)
}

// handInMail opens a case of what a mail says; none if it cannot be one.
func (d *Desk) handInMail(ctx context.Context, tx *store.Tx, c conversation.Conversation, m mailbox.Mail, kind ticket.Kind, who contact.Contact, msg conversation.Message) (ticket.Case, error) {
	k := ticket.Case{
		Kind: kind, Source: ticket.FromEmail, Conversation: c.ID, Contact: who.ID, Name: who.Name, Subject: cutRunes(mailbox.Subject(m.Subject), ticket.MaxSubject),
		Text: cutRunes(msg.Text, ticket.MaxText), ReceivedAt: m.ReceivedAt,
	}
	k.Language = c.Language
	if contact.IsEmail(m.Sender) {
		k.Email = m.Sender
	}
	if strings.TrimSpace(k.Text) == "" {
		k.Text = "（见附件）"
	}
	if _, err := k.Check(); err != nil {
		return ticket.Case{}, nil //nolint:nilerr // such as an address that no letter can be written to
	}
	var files []conversation.AttachmentID
	for _, a := range msg.Attachments[:min(len(msg.Attachments), ticket.MaxEvidence)] {
		files = append(files, a.ID)
	}
	k, _, err := d.openCase(ctx, tx, k, ticket.Actor{Who: ticket.ByCustomer, Name: k.Name}, m.ID.String(), m.ID.String(), files)
	if err != nil {
		return k, err
	}
	return k, tx.Audit(ctx, handedIn(k, who.ID.String()))
}

// addToCase tells the case of a conversation what its customer wrote. One that
// is over hears nothing more.
func (d *Desk) addToCase(ctx context.Context, tx *store.Tx, c conversation.Conversation, m conversation.Message) error {
	k, ok, err := d.caseOf(ctx, tx, c.ID)
	if err != nil || !ok || strings.TrimSpace(m.Text) == "" {
		return err
	}
	do := ticket.Doing{Act: ticket.Hear, By: ticket.Actor{Who: ticket.ByCustomer, Name: m.AuthorName}, Text: cutRunes(m.Text, ticket.MaxText)}
	return d.moveCase(ctx, tx, k, do)
}

// caseOf returns the last case that a conversation opened.
func (d *Desk) caseOf(ctx context.Context, tx *store.Tx, i conversation.ID) (k ticket.Case, ok bool, err error) {
	ids, err := tx.CasesOfConversation(ctx, i)
	if err != nil || len(ids) == 0 {
		return k, false, err
	}
	k, err = tx.Case(ctx, ids[len(ids)-1])
	return k, err == nil, err
}

// mailedKey marks a context in which what a case says has left by mail already.
type mailedKey struct{}

// moveCase does an act to a case, unless that is not possible now.
func (d *Desk) moveCase(ctx context.Context, tx *store.Tx, k ticket.Case, do ticket.Doing) error {
	h, err := tx.Handling(ctx)
	if err != nil {
		return err
	}
	next, es, err := k.Do(do, h.Windows, d.Now())
	if err != nil {
		return nil //nolint:nilerr // it is over, and nothing was written
	}
	_, _, err = d.move(context.WithValue(ctx, mailedKey{}, true), tx, k, string(do.Act), func(*store.Tx, ticket.Case, ticket.Handling) (ticket.Case, []ticket.Entry, error) {
		return next, es, nil
	})
	return err
}

func reversed(list []string) []string {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}
