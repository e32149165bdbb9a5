package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Incoming is a mail as people meant it.
type Incoming struct {
	Subject               string
	From, Sender, ReplyTo []Address
	To, Cc, Bcc           []Address
	DeliveredTo           []Address // whom the servers say it is for
	Date                  time.Time // zero if nothing in the mail tells
	MessageID, InReplyTo  string    // in angle brackets, or empty
	References            []string  // as above, the oldest first
	Text                  string    // all of it, plain; read from HTML where there is nothing else
	HTML                  string    // all of it as it came: show SafeHTML of it only
	Reply                 string    // what the person wrote anew
	Kind                  Kind
	Quiet                 string // why no automatic mail may answer; empty if one may
	Bounce                *Bounce
	Attachments           []Attachment
	Events                []Event  // of the first calendar part
	Notes                 []string // what was broken, guessed or left out
}

// Attachment is a file that came with a mail.
type Attachment struct {
	Name      string // the last part of its path, harmless to show; may be empty
	Type      string // as the mail says, in lower case
	ContentID string // what cid: means it by, without brackets
	Inline    bool   // it is shown within the text
	Within    string // the attachment that it was taken out of: a mail, winmail.dat
	Content   []byte
}

// SHA256 is the sum of its content, in hexadecimal.
func (a Attachment) SHA256() string {
	sum := sha256.Sum256(a.Content)
	return hex.EncodeToString(sum[:])
}

// Limits bound what is read of one mail. Zero is the usual.
type Limits struct {
	Size        int // bytes of the mail; the rest is not read. 100 MB.
	Header      int // bytes of the header of one part. 1 MB.
	Fields      int // fields of one header. 1,000.
	Depth       int // parts within parts. 100.
	Parts       int // parts in all. 1,000.
	Text        int // bytes of the plain text. 1 MB.
	HTML        int // bytes of the HTML. 2 MB.
	Attachments int // bytes of all attachments. 200 MB.
}

// Usual are the limits where nothing else is said.
func Usual() Limits { return Limits{}.orUsual() }

func (l Limits) orUsual() Limits {
	usual := func(v *int, n int) {
		if *v <= 0 {
			*v = n
		}
	}
	usual(&l.Size, 100<<20)
	usual(&l.Header, 1<<20)
	usual(&l.Fields, 1000)
	usual(&l.Depth, 100)
	usual(&l.Parts, 1000)
	usual(&l.Text, 1<<20)
	usual(&l.HTML, 2<<20)
	usual(&l.Attachments, 200<<20)
	return l
}

// Options say how a mail is read.
type Options struct {
	Limits Limits
	// Own are the addresses, and the domains of message ids, that are ours:
	// support@example.cn, mail.example.cn. What comes from them is our own.
	Own []string
}

// Parse reads a mail. It reads anything: what is broken is read as far as it
// goes, and Notes tell. The attachments may share memory with raw. It takes
// linear time, and memory of a few times the size of raw.
func Parse(raw []byte, o Options) *Incoming {
	m := &Incoming{}
	p := &parser{m: m, limits: o.Limits.orUsual(), noted: map[string]bool{}}
	if len(raw) > p.limits.Size {
		raw = raw[:p.limits.Size]
		p.note("cut: the mail is over %d bytes", p.limits.Size)
	}
	h, body := p.top(raw)
	m.envelope(h)
	p.part(h, body, place{})
	shown := p.finish()
	m.Reply = reply(m.Text, shown)
	m.judge(h, p, o.Own)
	return m
}

// envelope reads what the header says of the mail.
func (m *Incoming) envelope(h header) {
	m.Subject = h.text("subject")
	m.From = addresses(h.get("from"))
	m.Sender = addresses(h.get("sender"))
	m.ReplyTo = addresses(h.get("reply-to"))
	for _, f := range h {
		switch f.name {
		case "to":
			m.To = append(m.To, addresses(f.raw)...)
		case "cc":
			m.Cc = append(m.Cc, addresses(f.raw)...)
		case "bcc":
			m.Bcc = append(m.Bcc, addresses(f.raw)...)
		case "delivered-to", "x-original-to", "envelope-to", "x-envelope-to":
			m.DeliveredTo = append(m.DeliveredTo, addresses(f.raw)...)
		}
	}
	if len(m.From) == 0 {
		m.From = m.Sender
	}
	if m.Date = date(h.get("date")); m.Date.IsZero() {
		m.Date = h.received()
	}
	if ids := messageIDs(h.get("message-id")); len(ids) > 0 {
		m.MessageID = ids[0]
	}
	if ids := messageIDs(h.get("in-reply-to")); len(ids) > 0 {
		m.InReplyTo = ids[0]
	}
	m.References = messageIDs(h.get("references"))
}

// parser reads the parts of one mail.
type parser struct {
	m        *Incoming
	limits   Limits
	noted    map[string]bool
	bodies   []body
	parts    int
	size     int // of the attachments
	report   string
	statuses []header // of delivery-status parts, block by block
	original header   // of the mail that a report is about
	instead  body     // the text of a file or of a mail within the mail, if there is no other
}

// body is a piece of the text: the same as plain text and as HTML, or one of
// the two.
type body struct{ plain, html string }

// note keeps what was broken, once.
func (p *parser) note(format string, args ...any) {
	n := fmt.Sprintf(format, args...)
	if !p.noted[n] && len(p.m.Notes) < 100 {
		p.noted[n] = true
		p.m.Notes = append(p.m.Notes, n)
	}
}

// finish puts the pieces of the text together, and returns what is shown of
// the HTML; nil if there is none.
func (p *parser) finish() []line {
	text, doc, shown := assembled(p.bodies, p.limits.HTML)
	if strings.TrimSpace(text) == "" && strings.TrimSpace(doc) == "" {
		switch {
		case strings.TrimSpace(p.report) != "":
			text = lineEnds(p.report)
		case p.instead != (body{}):
			text, doc, shown = assembled([]body{p.instead}, p.limits.HTML)
			p.note("body: taken from an attachment")
		}
	}
	p.m.Text = p.bound(text, p.limits.Text, "text")
	p.m.HTML = p.bound(doc, p.limits.HTML, "html")
	return shown
}

// assembled puts pieces together: all of them as plain text, all of them as
// HTML if any has it, and what is shown of that. Of one piece so much HTML is
// read, in bytes.
func assembled(pieces []body, most int) (text, doc string, shown []line) {
	var plain, docs []string
	anyHTML := slices.ContainsFunc(pieces, func(b body) bool { return b.html != "" })
	for _, b := range pieces {
		var ls []line
		switch {
		case b.html != "":
			docs = append(docs, b.html)
			ls = htmlLines(b.html[:min(len(b.html), most)])
		case anyHTML && strings.TrimSpace(b.plain) != "":
			docs = append(docs, plainHTML(b.plain))
			ls = plainLines(b.plain)
		}
		shown = append(shown, ls...)
		if strings.TrimSpace(b.plain) != "" || b.html == "" {
			plain = append(plain, b.plain)
		} else {
			plain = append(plain, joinLines(ls))
		}
	}
	return strings.Join(plain, "\n"), strings.Join(docs, "\n"), shown
}

// bound cuts a text that is over its limit, between characters, and keeps the
// whole as an attachment.
func (p *parser) bound(s string, limit int, what string) string {
	if len(s) <= limit {
		return s
	}
	kind := "text/plain"
	if what == "html" {
		kind = "text/html"
	}
	p.attach(Attachment{Type: kind, Content: []byte(s)})
	for limit > 0 && s[limit]&0xc0 == 0x80 {
		limit--
	}
	p.note("cut: the %s is over %d bytes; an attachment has all of it", what, limit)
	return s[:limit]
}

// attach keeps an attachment, within the limit of all.
func (p *parser) attach(a Attachment) {
	if p.size += len(a.Content); p.size > p.limits.Attachments {
		p.size -= len(a.Content)
		p.note("left out: attachments over %d bytes in all", p.limits.Attachments)
		return
	}
	a.Name = fileName(a.Name)
	p.m.Attachments = append(p.m.Attachments, a)
}

// longestFile is the most that the name of a file is long, in bytes.
const longestFile = 200

// fileName makes the name of a file harmless: the last part of its path,
// without characters that control or turn, not too long.
func fileName(s string) string {
	s = strings.TrimSpace(clean(s))
	if i := strings.LastIndexAny(s, `/\`); i >= 0 && i < len(s)-1 {
		s = s[i+1:]
	}
	s = strings.Trim(s, `"`)
	if len(s) <= longestFile {
		return s
	}
	ext := ""
	if i := strings.LastIndexByte(s, '.'); i >= len(s)-12 {
		ext = s[i:]
	}
	end := longestFile - len(ext)
	for end > 0 && s[end]&0xc0 == 0x80 {
		end--
	}
	return s[:end] + ext
}
