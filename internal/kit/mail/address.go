package mail

import (
	"bytes"
	netmail "net/mail"
	"strings"
	"time"
)

// Address is somebody's name, which may be empty, and where mail reaches them.
type Address struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// mostAddresses is how many addresses of a field are read.
const mostAddresses = 1000

// addresses reads a list of addresses: RFC 5322 and what is written instead,
// such as commas in names, semicolons between addresses and whole addresses in
// an encoded word.
func addresses(raw []byte) []Address {
	var list []Address
	pending := "" // a piece without an address: a name with a comma in it
	for _, piece := range splitAddresses(unfold(headerText(raw))) {
		if pending != "" {
			piece = pending + ", " + piece
			pending = ""
		}
		a, ok := address(piece)
		switch {
		case ok && len(list) < mostAddresses:
			list = append(list, a)
		case !ok && len(piece) < 1000:
			pending = piece
		}
	}
	if name := readName(pending); name != "" && len(list) < mostAddresses && !strings.HasPrefix(strings.ToLower(name), "undisclosed") {
		list = append(list, decodedAddress(name))
	}
	return list
}

// decodedAddress reads what was all in encoded words, address included.
func decodedAddress(s string) Address {
	if a, ok := address(s); ok {
		return a
	}
	return Address{Name: s}
}

// splitAddresses cuts a list at its commas and semicolons, and takes the names
// of groups away.
func splitAddresses(s string) []string {
	var pieces []string
	begin, quoted, angle, at, depth := 0, false, false, false, 0
	flush := func(end int) {
		if p := strings.TrimSpace(s[begin:end]); p != "" {
			pieces = append(pieces, p)
		}
		begin, at = end+1, false
	}
	unbalanced := strings.Count(s, `"`)%2 == 1
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"' && depth == 0 && !unbalanced:
			quoted = !quoted
		case quoted:
		case c == '=' && strings.HasPrefix(s[i:], "=?") && !angle:
			if _, rest, ok := cutWord(s[i:]); ok {
				i = len(s) - len(rest) - 1
			}
		case c == '(' && !angle && (depth > 0 || strings.IndexByte(s[i:min(len(s), i+longestComment)], ')') > 0):
			depth++
		case c == ')' && depth > 0:
			depth--
		case depth > 0:
		case c == '@':
			at = true
		case c == '<':
			angle = true
		case c == '>':
			angle = false
		case c == ',' || c == ';':
			flush(i)
			angle = false
		case c == 0xef && at && !angle && (strings.HasPrefix(s[i:], "，") || strings.HasPrefix(s[i:], "；")):
			flush(i)
			i += len("，") - 1
			begin = i + 1
		case c == ':' && !angle && !at && !strings.EqualFold(strings.TrimSpace(s[begin:i]), "mailto"):
			begin = i + 1 // the name of a group
		}
	}
	if begin < len(s) {
		flush(len(s))
	}
	return pieces
}

// longestComment is the most that a comment in a list of addresses is long.
const longestComment = 300

// address reads one address with its name, and false where there is none.
func address(s string) (Address, bool) {
	if open := angleBefore(s); open >= 0 {
		rest := s[open+1:]
		end := strings.IndexByte(rest, '>')
		tail := ""
		if end >= 0 {
			rest, tail = rest[:end], rest[end+1:]
		}
		at := bareAddress(rest)
		name := readName(s[:open])
		if name == "" && strings.HasPrefix(strings.TrimSpace(tail), "(") {
			name, _ = cutComment(strings.TrimSpace(tail))
			name = readName(name)
		}
		return Address{Name: name, Address: at}, at != ""
	}
	name := ""
	if i := strings.IndexByte(s, '('); i >= 0 {
		comment, rest := cutComment(s[i:])
		name = readName(comment)
		s = s[:i] + rest
	}
	if strings.Contains(s, "=?") {
		d := decodeWords(s)
		if open := angleBefore(d); open >= 0 {
			return address(strings.ReplaceAll(d, "=?", ""))
		}
		s = d
	}
	for f := range strings.FieldsSeq(s) {
		if strings.IndexByte(f, '@') < 0 {
			continue
		}
		at := bareAddress(f)
		if before, _, _ := strings.Cut(s, f); name == "" && strings.TrimSpace(before) != "" {
			name = readName(before)
		}
		return Address{Name: name, Address: at}, at != ""
	}
	return Address{}, false
}

// angleBefore returns where the address in angle brackets begins, or -1: the
// last bracket before an at sign that is not in the name.
func angleBefore(s string) int {
	i := strings.LastIndexByte(s, '<')
	if i < 0 {
		return -1
	}
	if strings.IndexByte(s[i:], '@') < 0 && strings.IndexByte(s[:i], '@') >= 0 && strings.IndexByte(s[:i], '<') < 0 {
		return -1
	}
	return i
}

// bareAddress takes what does not belong to an address away from it.
func bareAddress(s string) string {
	s = strings.TrimSpace(clean(decodeWords(s)))
	s = strings.TrimLeft(s, "<")
	if strings.HasPrefix(s, "@") { // a route of RFC 822
		if i := strings.IndexByte(s, ':'); i >= 0 {
			s = s[i+1:]
		}
	}
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	s = strings.Trim(s, "<>,; \t[]'\"")
	if strings.IndexByte(s, '"') < 0 {
		s = strings.Join(strings.Fields(s), "")
	}
	return s
}

// readName reads the name before an address.
func readName(s string) string {
	s = strings.TrimSpace(s)
	if strings.Contains(s, `"`) {
		var out strings.Builder
		for i := 0; i < len(s); i++ {
			switch c := s[i]; {
			case c == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\' || s[i+1] < 0x80):
				i++
				out.WriteByte(s[i])
			case c != '"':
				out.WriteByte(c)
			}
		}
		s = out.String()
	}
	s = strings.TrimSpace(clean(decodeWords(s)))
	if len(s) >= 2 && (s[0] == '\'' && s[len(s)-1] == '\'' || s[0] == '"' && s[len(s)-1] == '"') {
		s = strings.TrimSpace(s[1 : len(s)-1])
	}
	return s
}

// mostIDs is how many message ids of a field are kept, the last ones.
const mostIDs = 200

// messageIDs reads the ids of a field, each in its angle brackets.
func messageIDs(raw []byte) []string {
	var ids []string
	s := breakSpaces.Replace(headerText(raw))
	add := func(id string) {
		id = strings.Join(strings.Fields(clean(id)), "")
		if id != "" && len(id) < 1000 && strings.IndexByte(id, '<') < 0 {
			ids = append(ids, "<"+id+">")
		}
	}
	for s != "" {
		begin := strings.IndexByte(s, '<')
		if begin < 0 {
			break
		}
		end := strings.IndexByte(s[begin:], '>')
		if end < 0 {
			add(s[begin+1:])
			break
		}
		inner := s[begin+1 : begin+end]
		if i := strings.LastIndexByte(inner, '<'); i >= 0 {
			inner = inner[i+1:]
		}
		add(inner)
		s = s[begin+end+1:]
	}
	if len(ids) == 0 {
		for f := range strings.FieldsSeq(s) {
			if strings.IndexByte(f, '@') > 0 {
				add(strings.Trim(f, "<>,;\"'"))
			}
		}
	}
	if len(ids) > mostIDs {
		ids = ids[len(ids)-mostIDs:]
	}
	return ids
}

// dateLayouts are the ways to write a date that are met with beside RFC 5322.
var dateLayouts = []string{
	"Mon, _2 Jan 2006 15:04:05 MST", "Mon, _2 Jan 06 15:04:05 -0700", "Mon, _2 Jan 06 15:04:05 MST", "_2 Jan 2006 15:04:05 MST",
	"Mon _2 Jan 2006 15:04:05 -0700", "Mon, _2 Jan 2006 15:04:05", "_2 Jan 2006 15:04:05", "Mon, _2 Jan 2006 15:04 -0700",
	"Mon, _2-Jan-2006 15:04:05 -0700", "Mon, _2-Jan-06 15:04:05 MST", "Mon Jan _2 15:04:05 2006", "Mon Jan _2 15:04:05 MST 2006", "Mon Jan _2 15:04:05 2006 -0700",
	"Mon, Jan _2 2006 15:04:05 -0700", "Mon, _2 January 2006 15:04:05 -0700", "_2 January 2006 15:04:05 -0700",
	"2006-1-2 15:04:05 -0700", "2006-1-2 15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05", "2006/1/2 15:04:05 -0700", "2006/1/2 15:04:05",
	"2006年1月2日 15:04:05", "2006年1月2日 15:04", "2006-1-2 15:04", "2006/1/2 15:04",
}

var zones = strings.NewReplacer(" GMT+", " +", " GMT-", " -", " UTC+", " +")

// date reads a date, and the zero time where nothing can be read. What has no
// zone is taken as UTC.
func date(raw []byte) time.Time {
	s := strings.Join(strings.Fields(decodeHeader(raw)), " ")
	if s == "" || len(s) > 200 {
		return time.Time{}
	}
	if t, err := netmail.ParseDate(s); err == nil {
		return t
	}
	s, _, _ = strings.Cut(s, " (")
	if t, err := netmail.ParseDate(s); err == nil {
		return t
	}
	s = zones.Replace(s)
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}

// received returns when the mail reached the last server, from the first
// Received field that says so.
func (h header) received() time.Time {
	for _, f := range h {
		if f.name != "received" {
			continue
		}
		if i := bytes.LastIndexByte(f.raw, ';'); i >= 0 {
			if t := date(f.raw[i+1:]); !t.IsZero() {
				return t
			}
		}
	}
	return time.Time{}
}
