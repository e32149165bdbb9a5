package mail

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// line is a line of text that people see.
type line struct {
	text   string
	quoted bool // within what a mail program marks as a quote
	cut    bool // a mail program marks that what it answers begins here
	sign   bool // within what a mail program marks as a signature
}

// HTMLText returns what people read of an HTML document, as plain text. It
// reads any length in linear time.
func HTMLText(doc string) string {
	return joinLines(htmlLines(doc))
}

func joinLines(ls []line) string {
	var out strings.Builder
	for i, l := range ls {
		if i > 0 {
			out.WriteByte('\n')
		}
		out.WriteString(l.text)
	}
	return strings.Trim(out.String(), "\n")
}

// element is an open element of a document.
type element struct {
	name                 string
	quoted, sign, hidden bool
	pre                  bool
	list                 int // items so far of an ordered list; -1 for others
}

// reader turns a document into lines.
type reader struct {
	lines []line
	text  strings.Builder
	space bool // a space is due before the next word
	cut   bool // the next line is where a quote begins
	open  []element
	attributes
	// how many of the open elements are such
	quoted, sign, hidden, pre int
}

// deepest is how many open elements are looked at: those below are text only.
const deepest = 512

// htmlLines reads a document as lines. Elements that programs wrap around
// quotes and signatures are marked.
func htmlLines(doc string) []line {
	r := reader{attributes: attributes{}}
	z := html.NewTokenizer(strings.NewReader(strings.ToValidUTF8(doc, "\ufffd")))
	for {
		switch z.Next() {
		case html.ErrorToken:
			r.end()
			if rest := strings.TrimSpace(r.text.String()); rest != "" { // beyond mostLines
				r.lines = append(r.lines, line{text: rest})
			}
			for len(r.lines) > 0 && r.lines[len(r.lines)-1].text == "" {
				r.lines = r.lines[:len(r.lines)-1]
			}
			return r.lines
		case html.TextToken:
			if r.hidden == 0 {
				r.write(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			r.start(string(name), z, more)
		case html.EndTagToken:
			name, _ := z.TagName()
			r.close(string(name))
		default: // comments and document types are not seen
		}
	}
}

var blocks = set("address article aside blockquote center dd div dl dt fieldset figure figcaption footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul caption")

var paragraphs = set("p h1 h2 h3 h4 h5 h6 blockquote pre ul ol table dl")

var void = set("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr")

// unseen are elements whose text is not shown.
var unseen = set("script style title template svg math object noembed noframes iframe select datalist head-less audio video canvas")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

func (r *reader) start(name string, z *html.Tokenizer, more bool) {
	a := r.of(z, more)
	switch name {
	case "br":
		r.newline()
		return
	case "img":
		if r.hidden == 0 && emoji(a["alt"]) {
			r.write(a["alt"])
		}
		return
	case "td", "th":
		if r.text.Len() > 0 {
			r.text.WriteByte('\t')
			r.space = false
		}
	}
	if blocks[name] {
		r.end()
		if paragraphs[name] {
			r.blank()
		}
	}
	mark := marked(name, a)
	if mark == cutHere {
		r.end()
		r.cut = true
	}
	if name == "hr" && len(r.lines) < mostLines && mark != cutHere {
		r.lines = append(r.lines, line{text: "----", quoted: r.quoted > 0, sign: r.sign > 0})
	}
	if void[name] || len(r.open) >= deepest {
		return
	}
	e := element{name: name, list: -1, quoted: mark == quoteHere, sign: mark == signHere, hidden: unseen[name] || hides(a), pre: name == "pre" || strings.Contains(a["style"], "white-space:pre-wrap") || strings.Contains(a["style"], "white-space: pre-wrap")}
	switch name {
	case "ol":
		e.list = 0
	case "li":
		r.item()
	}
	if e.quoted || e.sign {
		r.end()
	}
	r.open = append(r.open, e)
	r.count(e, 1)
}

// item begins an item of a list.
func (r *reader) item() {
	mark := "• "
	for i := len(r.open) - 1; i >= 0 && i >= len(r.open)-4; i-- {
		if r.open[i].name == "ol" {
			r.open[i].list++
			mark = strconv.Itoa(r.open[i].list) + ". "
			break
		}
		if r.open[i].name == "ul" {
			break
		}
	}
	if r.hidden == 0 {
		r.text.WriteString(mark)
	}
}

func (r *reader) count(e element, by int) {
	if e.quoted {
		r.quoted += by
	}
	if e.sign {
		r.sign += by
	}
	if e.hidden {
		r.hidden += by
	}
	if e.pre {
		r.pre += by
	}
}

// reach is how far up an end tag finds its element.
const reach = 64

func (r *reader) close(name string) {
	if name == "br" || name == "p" && !r.isOpen("p") {
		r.newline()
		return
	}
	for i := len(r.open) - 1; i >= 0 && i >= len(r.open)-reach; i-- {
		if r.open[i].name != name {
			continue
		}
		marks := false
		for _, e := range r.open[i:] {
			marks = marks || e.quoted || e.sign
		}
		if blocks[name] || marks {
			r.end()
		}
		for _, e := range r.open[i:] {
			r.count(e, -1)
		}
		r.open = r.open[:i]
		break
	}
	if blocks[name] {
		r.end()
		if paragraphs[name] {
			r.blank()
		}
	}
}

func (r *reader) isOpen(name string) bool {
	for i := len(r.open) - 1; i >= 0 && i >= len(r.open)-reach; i-- {
		if r.open[i].name == name {
			return true
		}
	}
	return false
}

// write adds text, with its white space drawn together.
func (r *reader) write(s string) {
	if r.pre > 0 {
		for i, l := range strings.Split(strings.ReplaceAll(s, "\r", ""), "\n") {
			if i > 0 {
				r.newline()
			}
			r.text.WriteString(strings.ReplaceAll(l, "\u00a0", " "))
		}
		return
	}
	for _, c := range s {
		switch c {
		case ' ', '\n', '\t', '\r', '\f':
			r.space = true
			continue
		case '\u200b', '\ufeff', '\u00ad', '\u034f', 0:
			continue
		case '\u00a0':
			c = ' '
		}
		if r.space {
			if r.text.Len() > 0 {
				r.text.WriteByte(' ')
			}
			r.space = false
		}
		r.text.WriteRune(c)
	}
}

// newline ends a line, also an empty one.
func (r *reader) newline() {
	if r.hidden > 0 {
		return
	}
	if len(r.lines) >= mostLines {
		r.text.WriteByte('\n')
		r.space = false
		return
	}
	t := strings.TrimRight(r.text.String(), " \t")
	if t == "" && len(r.lines) >= 2 && r.lines[len(r.lines)-1].text == "" && r.lines[len(r.lines)-2].text == "" && !r.cut {
		r.text.Reset()
		r.space = false
		return
	}
	r.lines = append(r.lines, line{text: t, quoted: r.quoted > 0, sign: r.sign > 0, cut: r.cut})
	r.cut, r.space = false, false
	r.text.Reset()
}

// end ends a line that has anything on it.
func (r *reader) end() {
	if len(r.lines) >= mostLines {
		if r.text.Len() > 0 {
			r.newline()
		}
		return
	}
	if strings.TrimSpace(r.text.String()) != "" {
		r.newline()
		return
	}
	r.text.Reset()
	r.space = false
}

// blank leaves a line free, if there is none.
func (r *reader) blank() {
	if n := len(r.lines); n > 0 && n < mostLines && r.lines[n-1].text != "" && r.hidden == 0 {
		r.lines = append(r.lines, line{quoted: r.quoted > 0, sign: r.sign > 0})
	}
}

// mostAttributes is how many attributes of an element are looked at.
const mostAttributes = 50

// attributes are those of one tag after the other; the map is used anew.
type attributes map[string]string

// of returns the attributes of a tag; the first of a name counts.
func (a attributes) of(z *html.Tokenizer, more bool) attributes {
	if !more {
		return nil
	}
	clear(a)
	for n := 0; more; n++ {
		var key, val []byte
		key, val, more = z.TagAttr()
		if n >= mostAttributes {
			continue
		}
		if k := string(key); a[k] == "" {
			a[k] = string(val)
		}
	}
	return a
}

func hides(a attributes) bool {
	if _, ok := a["hidden"]; ok {
		return true
	}
	s := a["style"]
	if len(s) < 12 {
		return false
	}
	s = strings.ToLower(strings.ReplaceAll(s[:min(len(s), 1000)], " ", ""))
	return strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden") || strings.Contains(s, "mso-hide:all")
}

// emoji reports whether the alternative text of a picture is one.
func emoji(alt string) bool {
	if alt == "" || len(alt) > 24 {
		return false
	}
	for _, r := range alt {
		if r < 0x200d || r > 0x200d && r < 0x2600 {
			return false
		}
		if r >= 0x2e00 && r < 0xfe00 {
			return false
		}
	}
	return true
}
