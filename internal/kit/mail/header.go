package mail

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// field is a line of a header, unfolded but for its line breaks.
type field struct {
	name string // lower case
	raw  []byte // as it came, with its folds
}

// header is what stands before the first blank line, in order.
type header []field

// get returns the first field of a name, nil when there is none.
func (h header) get(name string) []byte {
	for _, f := range h {
		if f.name == name {
			return f.raw
		}
	}
	return nil
}

// text returns the first field of a name with its encoded words read.
func (h header) text(name string) string { return decodeHeader(h.get(name)) }

// plain returns the first field of a name in lower case, without its folds.
func (h header) plain(name string) string {
	return strings.ToLower(strings.TrimSpace(unfold(string(h.get(name)))))
}

func (h header) has(name string) bool {
	for _, f := range h {
		if f.name == name {
			return true
		}
	}
	return false
}

// splitHeader cuts a part into its header and its body. It takes what programs
// get wrong: a line without a colon is passed over, a body that begins without
// a blank line is found, a part that begins with no header is all body. dropped
// is what was over the limits.
func splitHeader(b []byte, l Limits) (h header, body []byte, dropped bool) {
	size := 0
	for len(b) > 0 {
		line, next := cutLine(b)
		if len(line) == 0 {
			return h, next, dropped
		}
		name, value, ok := cutField(line)
		switch {
		case len(h) > 0 && (line[0] == ' ' || line[0] == '\t' || !ok && continues(h[len(h)-1].raw, line)):
			if size+len(line) > l.Header {
				dropped = true
				break
			}
			if len(bytes.TrimSpace(line)) == 0 && !moreHeader(next) {
				return h, next, dropped // a blank line with spaces in it
			}
			last := &h[len(h)-1]
			last.raw = append(append(last.raw, '\n'), line...)
		case ok:
			if size+len(line) > l.Header || len(h) >= l.Fields {
				dropped = true
				break
			}
			h = append(h, field{name: strings.ToLower(string(name)), raw: bytes.Clone(bytes.TrimSpace(value))})
		case len(h) == 0:
			return nil, b, dropped
		case bodyBegins(h, line, next):
			return h, b, dropped
		}
		size += len(line)
		b = next
	}
	return h, nil, dropped
}

// continues reports whether a line goes on with the field before it though the
// space that says so was left out: an encoded word, or the rest of a value whose
// quote is open.
func continues(before, line []byte) bool {
	if bytes.HasPrefix(line, []byte("=?")) && bytes.Contains(line, []byte("?=")) {
		return true
	}
	before = before[max(0, len(before)-1000):]
	return len(line) < 300 && bytes.Contains(before, []byte("name")) && bytes.Count(before, []byte(`"`))%2 == 1 && bytes.IndexByte(line, '"') >= 0
}

// cutLine cuts off the first line, and takes its end away.
func cutLine(b []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(b, []byte{'\n'})
	return bytes.TrimRight(line, "\r"), rest
}

// longestName is the most that the name of a field is long.
const longestName = 200

// cutField cuts a line at its colon, if what stands before it can be a name.
func cutField(line []byte) (name, value []byte, ok bool) {
	i := 0
	for i < len(line) && i < longestName && line[i] > ' ' && line[i] < 0x7f && line[i] != ':' {
		i++
	}
	j := i
	for j < len(line) && j < i+longestName && (line[j] == ' ' || line[j] == '\t') {
		j++
	}
	if i == 0 || j >= len(line) || line[j] != ':' {
		return nil, nil, false
	}
	return line[:i], line[j+1:], true
}

// moreHeader reports whether a line of a header follows, of a kind that no body
// begins with.
func moreHeader(b []byte) bool {
	line, _ := cutLine(b)
	name, _, ok := cutField(line)
	if !ok {
		return false
	}
	n := strings.ToLower(string(name))
	return strings.HasPrefix(n, "content-") || strings.HasPrefix(n, "x-") || usualFields[n]
}

var usualFields = map[string]bool{
	"from": true, "to": true, "cc": true, "subject": true, "date": true, "message-id": true, "mime-version": true,
	"received": true, "reply-to": true, "sender": true, "references": true, "in-reply-to": true, "return-path": true,
	"delivered-to": true, "importance": true, "priority": true, "list-id": true, "list-unsubscribe": true, "precedence": true, "user-agent": true,
}

// bodyBegins reports whether a line that is no field is the first of the body,
// because the blank line was left out. Else it is rubbish among the fields.
func bodyBegins(h header, line, next []byte) bool {
	if bytes.HasPrefix(line, []byte("--")) && strings.HasPrefix(h.plain("content-type"), "multipart/") {
		return true
	}
	following, _ := cutLine(next)
	if len(following) == 0 && len(next) > 0 {
		return h.plain("content-transfer-encoding") == "" && !strings.HasPrefix(h.plain("content-type"), "multipart/")
	}
	_, _, isField := cutField(following)
	folded := len(following) > 0 && (following[0] == ' ' || following[0] == '\t')
	return !isField && !folded
}

// unfold takes the line breaks out of a field.
func unfold(s string) string {
	if !strings.ContainsAny(s, "\r\n") {
		return s
	}
	return noBreaks.Replace(s)
}

var (
	noBreaks    = strings.NewReplacer("\r", "", "\n", "")
	breakSpaces = strings.NewReplacer("\r", "", "\n", " ")
)

// decodeHeader reads a field: its raw bytes as what they are, and its encoded
// words.
func decodeHeader(raw []byte) string {
	return strings.TrimSpace(clean(decodeWords(headerText(raw))))
}

// headerText reads the raw bytes of a field.
func headerText(raw []byte) string {
	if ascii(raw) && bytes.IndexByte(raw, 0x1b) < 0 {
		return string(raw)
	}
	return decode(raw, "").text
}

// clean takes out what a line of text must not have: control characters and
// those that turn the direction of what follows.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0:
			return -1
		case r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff:
			return -1
		}
		return r
	}, s)
}

// word is an encoded word of RFC 2047.
type word struct {
	charset string
	base64  bool
	text    string
}

// decodeWords reads the encoded words in a text, also those that are broken:
// words that follow each other are put together before they are read, because
// programs cut them inside a character.
func decodeWords(s string) string {
	if !strings.Contains(s, "=?") {
		return unfold(s)
	}
	var out strings.Builder
	var words []word
	flush := func() {
		out.WriteString(readWords(words))
		words = words[:0]
	}
	for len(s) > 0 {
		i := strings.Index(s, "=?")
		if i < 0 {
			break
		}
		w, rest, ok := cutWord(s[i:])
		if !ok {
			flush()
			out.WriteString(unfold(s[:i+2]))
			s = s[i+2:]
			continue
		}
		if len(words) > 0 && (strings.TrimSpace(s[:i]) != "" || !sameCharset(words[0], w)) {
			flush()
		}
		if len(words) == 0 && (out.Len() == 0 || strings.TrimSpace(s[:i]) != "") {
			out.WriteString(unfold(s[:i]))
		}
		words = append(words, w)
		s = rest
	}
	flush()
	out.WriteString(unfold(s))
	return out.String()
}

func sameCharset(a, b word) bool {
	if !strings.EqualFold(a.charset, b.charset) {
		return false
	}
	set, known := labelled(a.charset)
	return !known || !set.shift
}

// longestCharset is the most that the charset of an encoded word is long.
const longestCharset = 60

// cutWord cuts an encoded word off that s begins with. The end may be missing;
// spaces may be where they must not.
func cutWord(s string) (w word, rest string, ok bool) {
	at := strings.IndexByte(s[2:min(len(s), 2+longestCharset)], '?')
	if at <= 0 {
		return w, s, false
	}
	w.charset = strings.TrimSpace(unfold(s[2 : 2+at]))
	rest = strings.TrimLeft(s[2+at+1:min(len(s), 2+at+8)], " \r\n\t")
	if len(rest) < 2 || strings.ContainsAny(w.charset, " =\"<>,;") {
		return w, s, false
	}
	w.base64 = rest[0] == 'b' || rest[0] == 'B'
	q := strings.IndexByte(rest[1:], '?')
	if !w.base64 && rest[0] != 'q' && rest[0] != 'Q' || q < 0 || strings.TrimSpace(rest[1:1+q]) != "" {
		return w, s, false
	}
	begin := 2 + at + 1 + strings.IndexByte(s[2+at+1:], '?') + 1
	text := s[begin:]
	end := wordEnd(text, w.base64)
	w.text, rest = text[:end], text[end:]
	if strings.HasPrefix(rest, "?=?") {
		if wordAhead(rest[1:]) { // ?==?, of which one = was lost
			return w, rest[1:], true
		}
	}
	if strings.HasPrefix(rest, "?=") {
		return w, rest[2:], true
	}
	return w, strings.TrimPrefix(rest, "?"), true
}

// wordEnd returns where the text of an encoded word ends: at ?=, or where it
// cannot go on.
func wordEnd(text string, base64 bool) int {
	if base64 {
		for i := range len(text) {
			c := text[i]
			if c == '=' && strings.HasPrefix(text[i:], "=?") && (i+2 >= len(text) || text[i+2] != '=') {
				return i
			}
			if base64Value[c] == 64 && c != '=' && c != ' ' && c != '\r' && c != '\n' && c != '\t' && c != '-' && c != '_' {
				return i
			}
		}
		return len(text)
	}
	for i := 0; i < len(text); {
		j := strings.IndexAny(text[i:], "?=")
		if j < 0 {
			return len(text)
		}
		i += j
		if strings.HasPrefix(text[i:], "?=") && !questionInWord(text[i:]) {
			return i
		}
		if strings.HasPrefix(text[i:], "=?") {
			if wordAhead(text[i:]) {
				return i
			}
		}
		i++
	}
	return len(text)
}

// questionInWord reports whether ?= is a question mark and a code, such as
// ?=E4=BD=A0, in a word that goes on.
func questionInWord(s string) bool {
	if len(s) < 5 || !isHex(s[2]) || !isHex(s[3]) || s[4] != '=' && s[4] != '?' {
		return false
	}
	ahead := s[2:min(len(s), 80)]
	before, _, ends := strings.Cut(ahead, "?=")
	return ends && !strings.ContainsAny(before, " \t\r\n")
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'F' || c >= 'a' && c <= 'f'
}

// wordAhead reports whether s begins as an encoded word does.
func wordAhead(s string) bool {
	at := strings.IndexByte(s[2:min(len(s), 2+longestCharset)], '?')
	if at <= 0 || len(s) < at+5 || s[2+at+2] != '?' {
		return false
	}
	return strings.IndexByte("bBqQ", s[2+at+1]) >= 0
}

// readWords reads words of the same charset that follow each other.
func readWords(words []word) string {
	if len(words) == 0 {
		return ""
	}
	label := words[0].charset
	var raw []byte
	joined := len(words) > 1
	for _, w := range words {
		joined = joined && w.base64
		if w.base64 {
			raw = append(raw, fromBase64([]byte(w.text))...)
		} else {
			raw = append(raw, fromQ(w.text)...)
		}
	}
	d := decode(raw, label)
	if joined && (d.lossy || d.guessed) { // cut inside a group of base64
		var text []byte
		for _, w := range words {
			text = append(text, strings.TrimRight(w.text, "= \r\n\t")...)
		}
		if j := decode(fromBase64(text), label); !j.lossy && quality(j.text) > quality(d.text) {
			return j.text
		}
	}
	return d.text
}

// fromQ reads the Q encoding of RFC 2047; spaces are taken as they are.
func fromQ(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '_':
			out = append(out, ' ')
		case c == '=' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		case c == '=' && i+1 < len(s) && (s[i+1] == '\n' || s[i+1] == '\r'): // a soft line break, which does not belong here
		case c == '\r' || c == '\n':
		default:
			out = append(out, c)
		}
	}
	return out
}

func unhex(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}

// params are the parameters of a field such as Content-Type.
type params map[string]string

// longestParams is how much of a field with parameters is read, in bytes.
const longestParams = 64 << 10

// mostParams is how many parameters of one field are read.
const mostParams = 100

// cutParams reads a value with its parameters, as RFC 2045 and 2231 have them
// and as programs write them. The first of a name counts; what is written in
// the extended form counts over the plain one.
func cutParams(raw []byte) (value string, p params) {
	s := breakSpaces.Replace(headerText(raw[:min(len(raw), longestParams)]))
	s = strings.TrimSpace(s)
	end := strings.IndexAny(s, "; \t(")
	value, rest := s, ""
	if end >= 0 {
		value, rest = s[:end], s[end:]
	}
	value = strings.ToLower(strings.Trim(value, "\"' "))
	p = params{}
	extended := map[string]*segments{}
	for range mostParams {
		rest = strings.TrimLeft(rest, " \t;")
		if strings.HasPrefix(rest, "(") {
			_, rest = cutComment(rest)
			continue
		}
		eq := strings.IndexByte(rest, '=')
		if eq < 0 {
			break
		}
		name := strings.ToLower(strings.TrimSpace(rest[:eq]))
		if i := strings.LastIndexAny(name, " \t;"); i >= 0 { // words that belong to nothing
			name = name[i+1:]
		}
		var v string
		v, rest = cutValue(strings.TrimLeft(rest[eq+1:], " \t"))
		if base, tail, ok := strings.Cut(name, "*"); ok {
			if extended[base] == nil {
				extended[base] = &segments{}
			}
			extended[base].add(tail, v)
			continue
		}
		if _, ok := p[name]; !ok {
			p[name] = v
		}
	}
	for name, v := range p {
		p[name] = readParam(name, v)
	}
	for name, x := range extended {
		if v := x.text(); v != "" {
			p[name] = v
		}
	}
	return value, p
}

// readParam reads a plain parameter: with encoded words, which do not belong
// there, or codes of URLs in names of files.
func readParam(name, v string) string {
	if strings.Contains(v, "=?") {
		return decodeWords(v)
	}
	if strings.Contains(v, "%") && (name == "filename" || name == "name") {
		if u := unpercent(v); len(u) < len(v) && !ascii(u) {
			if d := decode(u, ""); !d.lossy && (d.charset == "utf-8" || quality(d.text) > 0.7) {
				return d.text
			}
		}
	}
	return v
}

// cutValue cuts the value of a parameter off. A quoted one ends at the quote
// after which a parameter could follow: quotes inside are not always escaped.
func cutValue(s string) (v, rest string) {
	if !strings.HasPrefix(s, `"`) {
		i := strings.IndexByte(s, ';')
		if i < 0 {
			i = len(s)
		}
		v = s[:i]
		if j := nextParam(v); j >= 0 { // a semicolon is missing
			v, i = v[:j], j
		}
		return strings.Trim(v, " \t"), s[i:]
	}
	var out strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
			out.WriteByte(s[i])
		case c == '"' && closes(s[i+1:]):
			return out.String(), s[i+1:]
		default:
			out.WriteByte(c)
		}
	}
	if i := strings.IndexByte(s, ';'); i > 0 { // never closed
		return strings.Trim(s[1:i], `" `), s[i:]
	}
	return out.String(), ""
}

// closes reports whether a quote before s ends its value.
func closes(s string) bool {
	t := strings.TrimLeft(s, " \t")
	if t == "" || t[0] == ';' || t[0] == '(' {
		return true
	}
	return len(t) < len(s) && nameLength(t) > 0
}

// longestParam is the most that the name of a parameter is long.
const longestParam = 40

// nameLength returns how long the name of a parameter is that s begins with,
// before its equals sign; 0 if s does not begin so.
func nameLength(s string) int {
	for i := range min(len(s), longestParam) {
		switch c := s[i]; {
		case c == '=':
			return i
		case c <= ' ' || c >= 0x7f || strings.IndexByte(`()<>@,;:\"/[]?`, c) >= 0:
			return 0
		}
	}
	return 0
}

// knownParams are those that a missing semicolon is noticed before.
var knownParams = []string{" charset=", " boundary=", " name=", " filename=", " format=", " size=", " type=", "\tcharset=", "\tboundary=", "\tname=", "\tfilename="}

func nextParam(v string) int {
	first := -1
	low := strings.ToLower(v)
	if len(low) != len(v) {
		return -1
	}
	for _, name := range knownParams {
		if i := strings.Index(low, name); i > 0 && (first < 0 || i < first) {
			first = i
		}
	}
	return first
}

// segments are the pieces of a parameter of RFC 2231.
type segments struct {
	pieces [maxSegments]string
	coded  [maxSegments]bool
	used   int // one more than the highest number
}

// maxSegments is how many pieces of a parameter are read.
const maxSegments = 64

func (s *segments) add(tail, v string) {
	number, coded := strings.CutSuffix(tail, "*")
	coded = coded || tail == ""
	n := 0
	for _, c := range number {
		if c < '0' || c > '9' || n >= maxSegments {
			return
		}
		n = 10*n + int(c-'0')
	}
	if n < maxSegments && s.pieces[n] == "" {
		s.pieces[n], s.coded[n] = v, coded
		s.used = max(s.used, n+1)
	}
}

// text puts the pieces together, as bytes first: a character may be cut.
func (s *segments) text() string {
	var raw []byte
	label, first := "", true
	for n := range s.used {
		v := s.pieces[n]
		if v == "" {
			continue
		}
		if s.coded[n] && first {
			if set, rest, ok := strings.Cut(v, "'"); ok && len(set) <= longestCharset {
				if _, value, ok := strings.Cut(rest, "'"); ok {
					label, v = set, value
				}
			}
		}
		first = false
		if s.coded[n] {
			raw = append(raw, unpercent(v)...)
		} else {
			raw = append(raw, v...)
		}
	}
	text := string(raw)
	if !utf8.Valid(raw) || label != "" {
		text = decode(raw, label).text
	}
	if strings.Contains(text, "=?") {
		return decodeWords(text)
	}
	return text
}

func unpercent(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}

// cutComment cuts a comment off that s begins with, and returns what it says.
func cutComment(s string) (text, rest string) {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return s[1:i], s[i+1:]
			}
		}
	}
	return s[1:], ""
}

// Header returns the fields of a mail's header in order, decoded and without
// their folds, as people may want to read them.
func Header(raw []byte) []Field {
	p := &parser{m: &Incoming{}, limits: Limits{}.orUsual(), noted: map[string]bool{}}
	h, _ := p.top(raw)
	fields := make([]Field, 0, len(h))
	for _, f := range h {
		fields = append(fields, Field{Name: f.name, Value: decodeHeader(f.raw)})
	}
	return fields
}
