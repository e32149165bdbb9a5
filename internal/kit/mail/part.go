package mail

import (
	"bytes"
	"html"
	"slices"
	"strings"

	xhtml "golang.org/x/net/html"
)

// place is where a part stands.
type place struct {
	depth    int
	parent   string // the type of what it is in
	within   string // the name of the attachment that it is in
	embedded int    // how many mails it is in
	also     *body  // the piece of text that it is another form of
}

// mostEmbedded is how many mails within mails are looked into.
const mostEmbedded = 5

// top reads the header of a mail, after what may stand before it.
func (p *parser) top(raw []byte) (header, []byte) {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if bytes.IndexByte(raw, '\n') < 0 && bytes.IndexByte(raw, '\r') >= 0 {
		raw = bytes.ReplaceAll(raw, []byte{'\r'}, []byte{'\n'})
		p.note("line ends: carriage returns only")
	}
	raw = bytes.TrimLeft(raw, "\r\n")
	for bytes.HasPrefix(raw, []byte("From ")) || bytes.HasPrefix(raw, []byte(">From ")) {
		_, raw = cutLine(raw)
	}
	h, body, dropped := splitHeader(raw, p.limits)
	if dropped {
		p.note("cut: the header is over its limits")
	}
	return h, body
}

// content is what the header of a part says of its body.
type content struct {
	kind        string // such as text/plain
	params      params
	disposition string
	name        string
	encoding    string
	id          string
}

func contentOf(h header, parent string) content {
	var c content
	var d params
	c.kind, c.params = cutParams(h.get("content-type"))
	c.disposition, d = cutParams(h.get("content-disposition"))
	c.name = d["filename"]
	if other := c.params["name"]; c.name == "" || other != "" && damaged(c.name) && !damaged(other) {
		c.name = other
	}
	if c.name == "" && c.disposition != "" {
		c.name = d["name"]
	}
	if c.name == "" && (c.disposition == "attachment" || strings.HasPrefix(c.kind, "application/") || strings.HasPrefix(c.kind, "image/")) {
		c.name = locationName(h)
	}
	if ids := messageIDs(h.get("content-id")); len(ids) > 0 {
		c.id = strings.Trim(ids[0], "<>")
	} else {
		c.id = strings.Trim(decodeHeader(h.get("content-id")), "<> ")
	}
	e := h.plain("content-transfer-encoding")
	if i := strings.IndexAny(e, "(;, "); i >= 0 {
		e = e[:i]
	}
	c.encoding = strings.Trim(e, "\"' \t")
	switch c.kind = strings.Trim(c.kind, "<>\"'.,:"); c.kind {
	case "":
		c.kind = "text/plain"
		if parent == "multipart/digest" {
			c.kind = "message/rfc822"
		}
	case "text", "plain", "text/":
		c.kind = "text/plain"
	case "html":
		c.kind = "text/html"
	case "multipart", "multipart/":
		c.kind = "multipart/mixed"
	default:
		if strings.IndexByte(c.kind, '/') <= 0 && c.name == "" { // RFC 2045, 5.2: what makes no sense is plain text
			c.kind = "text/plain"
		}
	}
	return c
}

// damaged reports whether a server has put question marks for what it did not
// know into a name, or some of its characters cannot be read.
func damaged(name string) bool {
	return strings.Count(name, "?") >= 2 || strings.Contains(name, "\ufffd")
}

// locationName returns the name of a file from where it was on the web.
func locationName(h header) string {
	at := decodeHeader(h.get("content-location"))
	at, _, _ = strings.Cut(at, "?")
	at, _, _ = strings.Cut(at, "#")
	if i := strings.LastIndexByte(at, '/'); i >= 0 {
		at = at[i+1:]
	}
	if i := strings.LastIndexByte(at, '.'); i <= 0 || len(at) > longestFile || strings.Contains(at, ":") {
		return ""
	}
	return string(unpercent(at))
}

// part reads one part with all that is in it.
func (p *parser) part(h header, raw []byte, at place) {
	if p.parts++; p.parts > p.limits.Parts {
		p.note("left out: more than %d parts", p.limits.Parts)
		return
	}
	c := contentOf(h, at.parent)
	if at.depth >= p.limits.Depth && (strings.HasPrefix(c.kind, "multipart/") || c.kind == "message/rfc822") {
		p.note("left as it is: parts more than %d deep", p.limits.Depth)
		p.attach(Attachment{Name: c.name, Type: c.kind, Within: at.within, Content: raw})
		return
	}
	if p.multipart(&c, raw, at) {
		return
	}
	text := strings.HasPrefix(c.kind, "text/") || c.kind == "message/delivery-status"
	if c.encoding == "" && text && hidesBase64(raw) {
		c.encoding = "base64"
		p.note("transfer encoding: base64 that does not say so")
	}
	decoded, wrong := raw, false
	if !strings.HasPrefix(c.kind, "message/") || c.encoding == "base64" || c.encoding == "quoted-printable" && c.kind != "message/rfc822" {
		decoded, wrong = fromTransfer(c.encoding, raw, text)
	}
	if wrong {
		p.note("transfer encoding: %s that is broken", shown(c.encoding))
	}
	p.leaf(c, decoded, at)
}

// shown keeps what a mail says of itself short enough for a note.
func shown(s string) string {
	s = strings.ToValidUTF8(clean(s), "")
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:40], "") + "…"
	}
	return s
}

// multipart reads a part that is made of parts, and reports false for others.
// Mails without a type that begin with a boundary are such, too.
func (p *parser) multipart(c *content, raw []byte, at place) bool {
	multi := strings.HasPrefix(c.kind, "multipart/")
	boundary := strings.TrimRight(c.params["boundary"], " \t")
	if !multi && (at.depth > 0 || c.kind != "text/plain" || !bytes.Contains(raw[:min(len(raw), 4096)], []byte("--"))) {
		return false
	}
	var parts [][]byte
	if boundary != "" && multi {
		var closed bool
		if parts, closed = splitParts(raw, boundary); len(parts) > 0 && !closed {
			p.note("structure: the last boundary is missing")
		}
		if closed && len(parts) == 0 && bytes.HasPrefix(bytes.TrimSpace(raw), []byte("--"+boundary+"--")) {
			return true // there are none
		}
	}
	if len(parts) == 0 {
		if found := findBoundary(raw, !multi); found != "" {
			parts, _ = splitParts(raw, found)
			if !multi {
				c.kind = p.kindOf(parts)
			}
			p.note("structure: the boundary is not the one that was announced")
		}
	}
	if len(parts) == 0 {
		if multi && len(bytes.TrimSpace(raw)) > 0 {
			p.note("structure: %s without parts", shown(c.kind))
			c.kind, c.disposition, c.name = "text/plain", "", ""
			if t := bytes.TrimSpace(raw); len(t) > 0 && t[0] == '<' && bytes.Contains(bytes.ToLower(t[:min(len(t), 1000)]), []byte("<html")) {
				c.kind = "text/html"
			}
		}
		return multi && len(bytes.TrimSpace(raw)) == 0
	}
	inner := place{depth: at.depth + 1, parent: c.kind, within: at.within, embedded: at.embedded, also: at.also}
	if c.kind == "multipart/alternative" && at.also == nil {
		var b body
		inner.also = &b
		p.each(parts, inner)
		if b != (body{}) {
			p.bodies = append(p.bodies, b)
		}
		return true
	}
	if c.kind != "multipart/alternative" && c.kind != "multipart/related" {
		inner.also = nil
	}
	if at.parent == "multipart/alternative" && inner.also == nil { // a form that is itself made of pieces
		before := p.bodies
		p.bodies = nil
		p.each(parts, inner)
		mine := p.bodies
		p.bodies = before
		for _, b := range mine {
			at.also.add(b)
		}
		return true
	}
	p.each(parts, inner)
	return true
}

// kindOf tells the type of a mail of parts that does not say it: text and then
// HTML are two forms of the same.
func (p *parser) kindOf(parts [][]byte) string {
	var kinds []string
	for _, raw := range parts[:min(len(parts), 3)] {
		h, _, _ := splitHeader(raw, p.limits)
		kind, _ := cutParams(h.get("content-type"))
		kinds = append(kinds, kind)
	}
	if slices.Equal(kinds, []string{"text/plain", "text/html"}) {
		return "multipart/alternative"
	}
	return "multipart/mixed"
}

// add joins another form of the same text: what is there already counts.
func (b *body) add(o body) {
	if b.plain == "" {
		b.plain = o.plain
	} else if o.html == "" && o.plain != "" && b.html != "" {
		b.plain += "\n" + o.plain
	}
	switch {
	case b.html == "":
		b.html = o.html
	case o.html != "":
		b.html += "\n" + o.html
	}
}

func (p *parser) each(parts [][]byte, at place) {
	for _, raw := range parts {
		h, body, dropped := splitHeader(raw, p.limits)
		if dropped {
			p.note("cut: the header is over its limits")
		}
		if h == nil && len(bytes.TrimSpace(body)) == 0 {
			continue
		}
		p.part(h, body, at)
		if p.parts > p.limits.Parts {
			return
		}
	}
}

// splitParts cuts a body at the lines of its boundary. closed reports whether
// the last one was there. Parts after it are read too.
func splitParts(b []byte, boundary string) (parts [][]byte, closed bool) {
	delimiter := append([]byte("--"), boundary...)
	begin := -1
	for at := 0; at < len(b); {
		i := bytes.Index(b[at:], delimiter)
		if i < 0 {
			break
		}
		i += at
		at = i + len(delimiter)
		if i > 0 && b[i-1] != '\n' {
			continue
		}
		rest, _ := cutLine(b[i+len(delimiter):])
		rest = bytes.TrimRight(rest, " \t\r")
		if len(rest) > 0 && !bytes.Equal(rest, []byte("--")) {
			continue
		}
		if begin >= 0 {
			parts = append(parts, trimEnd(b[begin:i]))
		}
		end := bytes.IndexByte(b[i:], '\n')
		if end < 0 {
			return parts, len(rest) > 0
		}
		begin, closed = i+end+1, len(rest) > 0
		if closed {
			begin = -1
		}
		at = i + end + 1
	}
	if begin >= 0 && begin < len(b) {
		parts = append(parts, b[begin:])
	}
	return parts, closed
}

// trimEnd takes away the line end that belongs to the boundary after it.
func trimEnd(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte("\n"))
	return bytes.TrimSuffix(b, []byte("\r"))
}

// longestBoundary is the most that a boundary is long which nobody announced.
const longestBoundary = 100

// findBoundary returns the boundary that a body uses though its header does
// not say so: a line of dashes and letters before a header of a part. strict
// wants it to be the first line, and to be closed.
func findBoundary(b []byte, strict bool) string {
	limit := len(b)
	if strict {
		b = bytes.TrimLeft(b, "\r\n")
		limit = 1
	}
	for at := 0; at < min(len(b), limit); {
		line, rest := cutLine(b[at:])
		line = bytes.TrimRight(line, " \t")
		if len(line) > 2 && len(line) < longestBoundary && bytes.HasPrefix(line, []byte("--")) && !bytes.ContainsAny(line, " \t") {
			next, _ := cutLine(rest)
			name, _, ok := cutField(next)
			if ok && len(name) > 8 && strings.EqualFold(string(name[:8]), "content-") && !bytes.HasSuffix(line, []byte("--")) {
				boundary := string(line[2:])
				if !strict || bytes.Contains(rest, []byte("--"+boundary+"--")) {
					return boundary
				}
			}
		}
		if rest == nil {
			break
		}
		at = len(b) - len(rest)
	}
	return ""
}

// hidesBase64 reports whether a text is nothing but base64 of a text.
func hidesBase64(b []byte) bool {
	b = bytes.TrimSpace(b)
	if len(b) < 60 {
		return false
	}
	first, _ := cutLine(b)
	first = bytes.TrimSpace(first)
	if len(first) < 40 || len(first)%4 != 0 || len(first) > 1000 {
		return false
	}
	upper := false
	for _, c := range b {
		if base64Value[c] == 64 && c != '=' && c != '\r' && c != '\n' {
			return false
		}
		upper = upper || c >= 'A' && c <= 'Z'
	}
	head := fromBase64(first)
	return upper && quality(decode(head, "").text) > 0.6 && bytes.IndexByte(head, 0) < 0
}

// leaf reads a part that is not made of parts.
func (p *parser) leaf(c content, b []byte, at place) {
	a := Attachment{Name: c.name, Type: c.kind, ContentID: c.id, Inline: c.disposition == "inline" || c.id != "" && at.parent == "multipart/related", Within: at.within, Content: b}
	switch {
	case c.kind == "message/rfc822" || c.kind == "message/global":
		p.message(a, b, at)
	case c.kind == "message/delivery-status" || c.kind == "message/global-delivery-status" || c.kind == "message/disposition-notification" || c.kind == "message/feedback-report":
		if at.embedded == 0 {
			p.statuses = append(p.statuses, blocksOf(b, p.limits)...)
		}
		p.report += decode(b, c.params["charset"]).text
		p.attach(a)
	case c.kind == "text/rfc822-headers":
		if p.original == nil && at.embedded == 0 {
			p.original, _, _ = splitHeader(b, p.limits)
		}
		p.attach(a)
	case c.kind == "application/ms-tnef" || c.kind == "application/vnd.ms-tnef" || strings.EqualFold(c.name, "winmail.dat"):
		p.tnef(a, b)
	case strings.HasPrefix(c.kind, "text/") && c.disposition != "attachment":
		p.text(c, a, b, at)
	default:
		p.sealed(c.kind)
		p.attach(a)
		if at.depth == 0 && (c.kind == "text/plain" || c.kind == "text/html") {
			p.spare(c, b)
		}
	}
}

// spare keeps a text that is a file, for a mail that has no other.
func (p *parser) spare(c content, b []byte) {
	if p.instead != (body{}) {
		return
	}
	text := p.read(c, b)
	if c.kind == "text/html" {
		p.instead = body{html: text}
		return
	}
	p.instead = body{plain: text}
}

// sealed notes what is signed or encrypted.
func (p *parser) sealed(kind string) {
	switch kind {
	case "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature":
		p.note("signed: the signature is not checked")
	case "application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted":
		p.note("encrypted or signed as a whole: it cannot be read here")
	}
}

// message keeps a mail within the mail as an attachment, and looks into it for
// files and for what a bounce is about.
func (p *parser) message(a Attachment, b []byte, at place) {
	h, inner := p.top(b)
	if p.original == nil && at.embedded == 0 {
		p.original = h
	}
	p.attach(a)
	if at.embedded >= mostEmbedded {
		p.note("left as it is: mails more than %d deep", mostEmbedded)
		return
	}
	name := fileName(a.Name)
	if name == "" {
		name = "message/rfc822"
	}
	bodies, instead := p.bodies, p.instead
	p.bodies, p.instead = nil, body{}
	p.part(h, inner, place{depth: at.depth + 1, within: name, embedded: at.embedded + 1})
	if instead == (body{}) {
		instead = joined(append(p.bodies, p.instead))
	}
	p.bodies, p.instead = bodies, instead
}

// joined is several pieces as one: HTML where all of them have it.
func joined(pieces []body) body {
	var all body
	var plain, doc []string
	for _, b := range pieces {
		if b.plain != "" {
			plain = append(plain, b.plain)
		}
		if b.html != "" {
			doc = append(doc, b.html)
		}
	}
	if all.plain = strings.Join(plain, "\n"); all.plain == "" || len(doc) == len(plain) {
		all.html = strings.Join(doc, "\n")
	}
	return all
}

// read reads the bytes of a text.
func (p *parser) read(c content, b []byte) string {
	label := c.params["charset"]
	if _, known := labelled(label); !known && c.kind == "text/html" {
		label = metaCharset(b[:min(len(b), 2048)])
	}
	d := decode(b, label)
	if d.guessed && d.charset != "us-ascii" {
		p.note("charset guessed: %s", d.charset)
	}
	if d.lossy {
		p.note("charset: some characters are damaged")
	}
	return lineEnds(d.text)
}

// lineEnds makes all line ends a line feed, and takes zero bytes out.
func lineEnds(s string) string {
	if strings.IndexByte(s, '\r') >= 0 {
		s = lineBreaks.Replace(s)
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return strings.TrimPrefix(s, "\ufeff")
}

var lineBreaks = strings.NewReplacer("\r\r\n", "\n", "\r\n", "\n", "\r", "\n")

// text reads a text that is shown.
func (p *parser) text(c content, a Attachment, b []byte, at place) {
	named := c.name != ""
	switch c.kind {
	case "text/plain", "text/html":
	case "text/enriched", "text/richtext":
		b = []byte(fromEnriched(p.read(c, b)))
		c.kind, c.params = "text/plain", params{"charset": "utf-8"}
	case "text/x-amp-html", "text/watch-html":
		p.note("left out: %s", c.kind)
		return
	case "text/calendar", "text/x-vcalendar":
		p.attach(a)
		p.calendar(c, b, at)
		return
	default:
		if named || at.parent == "multipart/mixed" || at.parent == "multipart/related" || !unnamedText[c.kind] {
			p.attach(a)
			return
		}
		c.kind = "text/plain"
	}
	if named {
		p.attach(a)
		p.spare(c, b)
		return
	}
	text := p.read(c, b)
	if c.kind == "text/plain" && startsHTML(text) {
		c.kind = "text/html"
		p.note("type: text/plain that is HTML")
	}
	if c.kind == "text/html" {
		if strings.IndexByte(text, '<') < 0 { // plain text that says it is HTML
			text = html.UnescapeString(text)
			p.piece(body{plain: text, html: plainHTML(text)}, at)
			return
		}
		p.piece(body{html: text}, at)
		return
	}
	if strings.EqualFold(c.params["format"], "flowed") {
		text = unflow(text, strings.EqualFold(c.params["delsp"], "yes"))
	}
	if files, rest := cutUU([]byte(text), 100); len(files) > 0 {
		for _, f := range files {
			p.attach(Attachment{Name: f.name, Type: "application/octet-stream", Within: at.within, Content: f.content})
		}
		text = string(rest)
	}
	p.piece(body{plain: text}, at)
}

// calendar reads the events of a calendar part.
func (p *parser) calendar(c content, b []byte, at place) {
	if at.embedded > 0 || len(p.m.Events) > 0 {
		return
	}
	p.m.Events = events(p.read(c, b))
	for _, e := range p.m.Events {
		p.note("event: %s", shown(strings.TrimSpace(e.Method+" "+e.Summary)))
		if p.instead == (body{}) {
			p.instead.plain = e.card()
		}
	}
}

// unnamedText are types of text that are read like plain text.
var unnamedText = set("text/markdown text/x-markdown text/rfc822 text/directory text/rtf text/unknown text/x-plain text/ascii text/utf-8")

// piece keeps a piece of the text, or another form of one.
func (p *parser) piece(b body, at place) {
	if at.also == nil {
		p.bodies = append(p.bodies, b)
		return
	}
	if b.plain != "" && at.also.plain != "" && at.parent == "multipart/alternative" || b.html != "" && at.also.html != "" && at.parent == "multipart/alternative" {
		return // the same once more
	}
	at.also.add(b)
}

func startsHTML(s string) bool {
	s = strings.TrimLeft(s[:min(len(s), 400)], " \t\n\ufeff")
	low := strings.ToLower(s)
	return strings.HasPrefix(low, "<!doctype html") || strings.HasPrefix(low, "<html") || strings.HasPrefix(low, "<head>") || strings.HasPrefix(low, "<body")
}

// metaCharset returns the charset that an HTML document names itself.
func metaCharset(b []byte) string {
	low := bytes.ToLower(b)
	for at := 0; ; {
		i := bytes.Index(low[at:], []byte("<meta"))
		if i < 0 {
			return ""
		}
		at += i + 5
		end := bytes.IndexByte(low[at:], '>')
		if end < 0 {
			end = len(low) - at
		}
		tag := low[at : at+end]
		if _, v, ok := bytes.Cut(tag, []byte("charset")); ok {
			v = bytes.TrimLeft(v, " =\t\"'")
			if k := bytes.IndexAny(v, "\"' ;/>"); k >= 0 {
				v = v[:k]
			}
			return string(v)
		}
	}
}

// plainHTML writes a plain text as HTML.
func plainHTML(s string) string {
	return "<div>" + strings.ReplaceAll(html.EscapeString(s), "\n", "<br>\n") + "</div>"
}

// unflow joins the lines of RFC 3676 that were broken only to be sent.
func unflow(s string, joinTight bool) string {
	var out strings.Builder
	out.Grow(len(s))
	depth, open := 0, false
	for i, l := range strings.Split(s, "\n") {
		d := 0
		for d < len(l) && l[d] == '>' {
			d++
		}
		text := strings.TrimPrefix(l[d:], " ")
		if i > 0 && (!open || d != depth || text == "-- ") {
			out.WriteByte('\n')
			open = false
		}
		if !open {
			out.WriteString(strings.Repeat(">", min(d, 100)))
			if d > 0 && text != "" {
				out.WriteByte(' ')
			}
		}
		depth = d
		open = strings.HasSuffix(text, " ") && text != "-- " && strings.TrimSpace(text) != ""
		if open && joinTight {
			text = text[:len(text)-1]
		}
		out.WriteString(text)
	}
	return out.String()
}

// fromEnriched takes the commands out of text/enriched (RFC 1896).
func fromEnriched(s string) string {
	z := xhtml.NewTokenizer(strings.NewReader(s))
	var out strings.Builder
	param := 0
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			return strings.TrimSpace(strings.ReplaceAll(out.String(), "\n\n", "\n"))
		case xhtml.TextToken:
			if param == 0 {
				out.Write(z.Text())
			}
		case xhtml.StartTagToken:
			if name, _ := z.TagName(); string(name) == "param" {
				param++
			}
		case xhtml.EndTagToken:
			if name, _ := z.TagName(); string(name) == "param" && param > 0 {
				param--
			}
		default:
		}
	}
}

// blocksOf reads the blocks of fields of a report.
func blocksOf(b []byte, l Limits) []header {
	var all []header
	for len(b) > 0 && len(all) < 1000 {
		var h header
		b = bytes.TrimLeft(b, "\r\n")
		before := len(b)
		h, b, _ = splitHeader(b, l)
		if len(h) > 0 {
			all = append(all, h)
		}
		if len(b) >= before {
			break
		}
	}
	return all
}
