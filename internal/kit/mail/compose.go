package mail

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime/quotedprintable"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"yingda/internal/kit/fault"
)

// Outgoing is a mail to be written. Whoever is to get it in secret is not in
// it: they are named to the server only.
type Outgoing struct {
	From    Address
	ReplyTo []Address
	To, Cc  []Address
	Subject string
	Date    time.Time

	MessageID  string   // in angle brackets, as those below
	InReplyTo  string   // of the mail that is answered; may be empty
	References []string // of its thread, the oldest first

	// Text and HTML are the same in two forms. One of them is enough: the other
	// is made of it. HTML is written as it is; let SafeHTML see it before.
	Text, HTML string
	// Attachments with a ContentID are shown where the HTML says cid:.
	Attachments []Attachment

	// Automatic says that a program wrote it: no other program is to answer.
	Automatic bool
	// More are further fields, such as List-Unsubscribe.
	More []Field
}

// Field is a field of a header.
type Field struct{ Name, Value string }

// mostReferences is how many ids of a thread are written: the first, and the
// last ones.
const mostReferences = 20

var errRecipient = fault.New(fault.Invalid, "mail.recipient", "say whom the mail is for, with an address like wang@example.cn")

// Compose writes a mail as it goes out, with lines that end in CRLF. Names of
// files are written twice, as RFC 2231 wants them and as older Chinese programs
// read them. A line break or another control character in any field of the
// header is refused with mail.field, and an address that is none with
// mail.recipient: both would let a text that came from outside write the header.
func Compose(o Outgoing) ([]byte, error) {
	w := composer{}
	if len(o.To)+len(o.Cc) == 0 {
		return nil, errRecipient
	}
	w.field("Date", o.Date.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	w.people("From", []Address{o.From})
	w.people("Reply-To", o.ReplyTo)
	w.people("To", o.To)
	w.people("Cc", o.Cc)
	w.text("Subject", o.Subject)
	w.ids("Message-ID", o.MessageID)
	w.ids("In-Reply-To", o.InReplyTo)
	refs := o.References
	if len(refs) > mostReferences {
		refs = append([]string{refs[0]}, refs[len(refs)-mostReferences+1:]...)
	}
	w.ids("References", refs...)
	if o.Automatic {
		w.field("Auto-Submitted", "auto-replied")
		w.field("X-Auto-Response-Suppress", "All")
		w.field("Precedence", "auto_reply")
	}
	for _, f := range o.More {
		if !fieldName(f.Name) {
			w.refuse(f.Name)
		}
		w.text(f.Name, f.Value)
	}
	w.field("MIME-Version", "1.0")
	text, doc := o.Text, o.HTML
	switch {
	case doc == "":
		doc = plainHTML(text)
	case text == "":
		text = quotedText(doc)
	}
	w.content(text, doc, o.Attachments)
	if w.err != nil {
		return nil, w.err
	}
	return w.out.Bytes(), nil
}

// quotedText is HTML as plain text, with > before what is marked as a quote.
func quotedText(doc string) string {
	ls := htmlLines(doc)
	for i, l := range ls {
		if l.quoted {
			ls[i].text = strings.TrimRight("> "+l.text, " ")
		}
	}
	return joinLines(ls)
}

// composer writes a mail, until something is refused.
type composer struct {
	out        bytes.Buffer
	boundaries int
	err        error
}

func (w *composer) refuse(field string) {
	if w.err == nil {
		w.err = fault.New(fault.Invalid, "mail.field", "the field %s of a mail cannot have line breaks or control characters; take them out", shown(field)).In(shown(field))
	}
}

// fieldName reports whether a text can name a field.
func fieldName(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f || s[i] == ':' {
			return false
		}
	}
	return s != "" && len(s) <= 76
}

// controlled reports whether a text has a control character in it.
func controlled(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && r != '\t' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x2028 || r == 0x2029
	}) || !utf8.ValidString(s)
}

// field writes a field of plain words, folded between them.
func (w *composer) field(name, value string) {
	if controlled(value) {
		w.refuse(name)
		return
	}
	w.out.WriteString(name + ":")
	column := len(name) + 1
	for i, word := range strings.Split(value, " ") {
		if i > 0 && column+1+len(word) > 76 && word != "" {
			w.out.WriteString("\r\n")
			column = 0
		}
		w.out.WriteString(" " + word)
		column += 1 + len(word)
	}
	w.out.WriteString("\r\n")
}

// text writes a field for people to read.
func (w *composer) text(name, value string) {
	if controlled(value) {
		w.refuse(name)
		return
	}
	w.field(name, encodeWords(value))
}

// wordBytes is how much of a text an encoded word takes: with it a word stands
// on a line of 76 characters, also behind the name of its field.
const wordBytes = 39

// encodeWords writes a text as encoded words if it needs them. No word ends
// within a character.
func encodeWords(s string) string {
	if ascii([]byte(s)) && !strings.Contains(s, "=?") && longestPlain(s) <= 900 {
		return s
	}
	var words []string
	for s != "" {
		n := min(len(s), wordBytes)
		for n < len(s) && !utf8.RuneStart(s[n]) {
			n--
		}
		words = append(words, "=?UTF-8?B?"+base64.StdEncoding.EncodeToString([]byte(s[:n]))+"?=")
		s = s[n:]
	}
	return strings.Join(words, " ")
}

// longestPlain is the length of the longest word of a text.
func longestPlain(s string) int {
	longest := 0
	for f := range strings.FieldsSeq(s) {
		longest = max(longest, len(f))
	}
	return longest
}

// people writes a field of addresses.
func (w *composer) people(name string, list []Address) {
	if len(list) == 0 {
		return
	}
	written := make([]string, 0, len(list))
	for _, a := range list {
		if controlled(a.Name) || controlled(a.Address) {
			w.refuse(name)
			return
		}
		at, ok := wireAddress(a.Address)
		if !ok {
			if w.err == nil {
				w.err = errRecipient.In(name)
			}
			return
		}
		switch n := strings.TrimSpace(a.Name); {
		case n == "":
			written = append(written, at)
		case !ascii([]byte(n)) || strings.Contains(n, "=?") || len(n) > 200:
			written = append(written, encodeWords(n)+" <"+at+">")
		case strings.ContainsAny(n, `()<>[]:;@\,."`):
			written = append(written, `"`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(n)+`" <`+at+">")
		default:
			written = append(written, n+" <"+at+">")
		}
	}
	w.field(name, strings.Join(written, ", "))
}

// wireAddress returns an address as it is sent, with its domain in ASCII, and
// false for what is none.
func wireAddress(s string) (string, bool) {
	i := strings.LastIndexByte(s, '@')
	if i <= 0 || i == len(s)-1 || len(s) > 254 || strings.ContainsAny(s, " \t<>()[],;:\\\"") || strings.Count(s, "@") > 1 {
		return "", false
	}
	domain, err := idna.Lookup.ToASCII(s[i+1:])
	if err != nil || domain == "" {
		return "", false
	}
	return s[:i+1] + domain, true
}

// ids writes a field of message ids.
func (w *composer) ids(name string, list ...string) {
	var good []string
	for _, id := range list {
		if id == "" {
			continue
		}
		if controlled(id) || len(id) < 5 || len(id) > 990 || id[0] != '<' || id[len(id)-1] != '>' || strings.ContainsAny(id[1:len(id)-1], "<> \t") || !ascii([]byte(id)) {
			w.refuse(name)
			return
		}
		good = append(good, id)
	}
	if len(good) > 0 {
		w.field(name, strings.Join(good, " "))
	}
}

// content writes the text in both forms, with the pictures in it, and the files.
func (w *composer) content(text, doc string, all []Attachment) {
	var inline, files []Attachment
	for _, a := range all {
		if a.ContentID != "" && a.Inline {
			inline = append(inline, a)
		} else {
			files = append(files, a)
		}
	}
	body := func() {
		w.multipart("alternative", func(next func()) {
			next()
			w.body("text/plain", text)
			next()
			w.body("text/html", doc)
		})
	}
	related := body
	if len(inline) > 0 {
		related = func() {
			w.multipart(`related; type="multipart/alternative"`, func(next func()) {
				next()
				body()
				for _, a := range inline {
					next()
					w.attachment(a, "inline")
				}
			})
		}
	}
	if len(files) == 0 {
		related()
		return
	}
	w.multipart("mixed", func(next func()) {
		next()
		related()
		for _, a := range files {
			next()
			w.attachment(a, "attachment")
		}
	})
}

// multipart writes a part of parts; next begins each of them. What is in them
// is base64 or quoted-printable, in which no boundary can be.
func (w *composer) multipart(kind string, parts func(next func())) {
	w.boundaries++
	boundary := fmt.Sprintf("=_yingda_%d_=", w.boundaries)
	fmt.Fprintf(&w.out, "Content-Type: multipart/%s;\r\n boundary=\"%s\"\r\n", kind, boundary)
	parts(func() { fmt.Fprintf(&w.out, "\r\n--%s\r\n", boundary) })
	fmt.Fprintf(&w.out, "\r\n--%s--\r\n", boundary)
}

// body writes a text: Chinese in base64, which is shorter there, and what is
// nearly ASCII so that it can be read on the way.
func (w *composer) body(kind, s string) {
	s = strings.ReplaceAll(strings.ReplaceAll(lineEnds(strings.ToValidUTF8(s, "\ufffd")), "\n", "\r\n"), "\x00", "")
	high := 0
	for i := range len(s) {
		if s[i] >= 0x80 {
			high++
		}
	}
	if high*6 > len(s) {
		fmt.Fprintf(&w.out, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", kind)
		w.base64([]byte(s))
		return
	}
	fmt.Fprintf(&w.out, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", kind)
	q := quotedprintable.NewWriter(&w.out)
	_, _ = q.Write([]byte(s)) // into memory
	_ = q.Close()
}

// base64 writes bytes in lines of 76 characters.
func (w *composer) base64(b []byte) {
	const line = 57
	var out [76]byte
	for len(b) > 0 {
		n := min(len(b), line)
		base64.StdEncoding.Encode(out[:], b[:n])
		w.out.Write(out[:base64.StdEncoding.EncodedLen(n)])
		w.out.WriteString("\r\n")
		b = b[n:]
	}
}

// attachment writes a file.
func (w *composer) attachment(a Attachment, disposition string) {
	if controlled(a.Name) || controlled(a.Type) || controlled(a.ContentID) || strings.ContainsAny(a.ContentID, "<> \t") {
		w.refuse("attachment")
		return
	}
	kind := strings.ToLower(strings.TrimSpace(a.Type))
	if main, sub, ok := strings.Cut(kind, "/"); !ok || !fieldName(main) || !fieldName(sub) || strings.ContainsAny(kind, `;="<>()`) || strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "message/") {
		kind = "application/octet-stream"
	}
	name := fileName(a.Name)
	w.out.WriteString("Content-Type: " + kind)
	w.name("name", name, false)
	w.out.WriteString("\r\nContent-Disposition: " + disposition)
	w.name("filename", name, true)
	w.out.WriteString("\r\n")
	if a.ContentID != "" {
		w.out.WriteString("Content-ID: <" + a.ContentID + ">\r\n")
	}
	w.out.WriteString("Content-Transfer-Encoding: base64\r\n\r\n")
	w.base64(a.Content)
}

// name writes the name of a file as a parameter: plain if it is, else as
// encoded words in quotes, which Foxmail and old Outlook read, and extended
// also as RFC 2231.
func (w *composer) name(param, name string, extended bool) {
	if name == "" {
		return
	}
	if ascii([]byte(name)) && !strings.Contains(name, "=?") {
		fmt.Fprintf(&w.out, ";\r\n %s=\"%s\"", param, strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name))
		return
	}
	fmt.Fprintf(&w.out, ";\r\n %s=\"%s\"", param, strings.ReplaceAll(encodeWords(name), " ", "\r\n "))
	if !extended {
		return
	}
	coded := percentEncode(name)
	if len(coded) <= 60 {
		fmt.Fprintf(&w.out, ";\r\n %s*=UTF-8''%s", param, coded)
		return
	}
	for n := 0; coded != ""; n++ {
		end := min(len(coded), 54)
		for end < len(coded) && (coded[end-1] == '%' || coded[end-2] == '%') { // not within a code
			end--
		}
		set := ""
		if n == 0 {
			set = "UTF-8''"
		}
		fmt.Fprintf(&w.out, ";\r\n %s*%d*=%s%s", param, n, set, coded[:end])
		coded = coded[end:]
	}
}

// percentEncode writes all but letters and digits as codes.
func percentEncode(s string) string {
	var out strings.Builder
	for _, c := range []byte(s) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || digit(c) || c == '.' || c == '-' || c == '_' {
			out.WriteByte(c)
		} else {
			fmt.Fprintf(&out, "%%%02X", c)
		}
	}
	return out.String()
}
