package mail

import (
	"slices"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// Safe is a document of a stranger that can be shown.
type Safe struct {
	HTML string
	// Remote counts the pictures that are elsewhere. Unless they were asked for,
	// they are taken out: an img has the address in data-remote-src, and no src.
	Remote int
}

// SafeHTML returns what is harmless of a document: an allow list of elements,
// attributes and styles, all elements closed. Pictures of the mail itself keep
// their src="cid:…". Pictures elsewhere would tell their owner that the mail is
// read; they stay out unless remote is set. It takes linear time; the result
// belongs into a sandboxed frame all the same.
func SafeHTML(doc string, remote bool) Safe {
	w := writer{remote: remote, attributes: attributes{}}
	z := html.NewTokenizer(strings.NewReader(strings.ToValidUTF8(doc, "\ufffd")))
	for {
		switch z.Next() {
		case html.ErrorToken:
			w.closeTo(0)
			// A second wall of another make, which knows nothing of the first.
			return Safe{HTML: policy().Sanitize(w.out.String()), Remote: w.found}
		case html.TextToken:
			if w.dropped == 0 {
				w.out.WriteString(html.EscapeString(strings.ReplaceAll(string(z.Text()), "\x00", "")))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			n := string(name)
			w.start(n, w.of(z, more))
		case html.EndTagToken:
			name, _ := z.TagName()
			w.end(string(name))
		default: // comments have no place in it
		}
	}
}

var allowed = set(`a abbr address article aside b big blockquote br caption center code col colgroup dd del dfn div dl dt em
	figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q s samp section small span strike strong
	sub sup table tbody td tfoot th thead tr tt u ul var wbr`)

// dropped are elements that go with all that is in them.
var dropped = set("script style title template svg math object applet noembed noframes noscript iframe frameset audio video canvas select datalist textarea xmp plaintext marquee")

var plainAttributes = set("align valign bgcolor color face size width height border cellpadding cellspacing colspan rowspan start type value nowrap span dir lang title alt")

// writer writes what is harmless.
type writer struct {
	out     strings.Builder
	remote  bool
	found   int
	open    []string
	dropped int // how many of the elements are open that go with their content
	drops   []string
	attributes
}

// mostOpen is how deep elements are written; those below are left out, with
// their content kept.
const mostOpen = 200

func (w *writer) start(name string, a attributes) {
	if dropped[name] {
		if len(w.drops) < mostOpen {
			w.drops = append(w.drops, name)
			w.dropped++
		}
		return
	}
	if w.dropped > 0 || !allowed[name] {
		return
	}
	if name == "img" && !w.shows(a) {
		return
	}
	w.implied(name)
	if !void[name] && len(w.open) >= mostOpen {
		return
	}
	w.out.WriteByte('<')
	w.out.WriteString(name)
	for _, k := range keys(a) {
		w.attribute(name, k, a[k])
	}
	w.out.WriteByte('>')
	if !void[name] {
		w.open = append(w.open, name)
	}
}

// keys returns the names of attributes in a fixed order.
func keys(a attributes) []string {
	if len(a) == 0 {
		return nil
	}
	ks := make([]string, 0, len(a))
	for _, k := range order {
		if _, ok := a[k]; ok {
			ks = append(ks, k)
		}
	}
	return ks
}

var order = strings.Fields("href src align valign bgcolor color face size width height border cellpadding cellspacing colspan rowspan start type value nowrap span dir lang title alt style background")

func (w *writer) attribute(element, k, v string) {
	switch {
	case k == "href" && element == "a":
		if link, ok := safeLink(v); ok {
			w.write("href", link)
			w.out.WriteString(` target="_blank" rel="nofollow noopener noreferrer"`)
		}
	case k == "src" && element == "img":
		w.picture(v)
	case k == "background":
		if elsewhere(v) {
			w.found++
		}
	case k == "style":
		style, pictures := safeStyle(v)
		w.found += pictures
		if style != "" {
			w.write("style", style)
		}
	case plainAttributes[k] && len(v) < 1000:
		w.write(k, v)
	}
}

func (w *writer) write(k, v string) {
	w.out.WriteByte(' ')
	w.out.WriteString(k)
	w.out.WriteString(`="`)
	w.out.WriteString(html.EscapeString(v))
	w.out.WriteByte('"')
}

func (w *writer) picture(src string) {
	s := strings.TrimSpace(src)
	switch {
	case hasScheme(s, "cid:") && len(s) < 1000, inlinePicture(s):
		w.write("src", s)
	case elsewhere(s) && len(s) < 4000:
		w.found++
		if strings.HasPrefix(s, "//") {
			s = "https:" + s
		}
		if w.remote {
			w.write("src", s)
		} else {
			w.write("data-remote-src", s)
		}
	}
}

// shows reports whether anything is seen of a picture.
func (w *writer) shows(a attributes) bool {
	s := strings.TrimSpace(a["src"])
	return hasScheme(s, "cid:") || inlinePicture(s) || elsewhere(s) || strings.TrimSpace(a["alt"]) != ""
}

func hasScheme(s, scheme string) bool {
	return len(s) >= len(scheme) && strings.EqualFold(s[:len(scheme)], scheme)
}

func elsewhere(s string) bool {
	s = strings.TrimSpace(s)
	return hasScheme(s, "http:") || hasScheme(s, "https:") || strings.HasPrefix(s, "//")
}

// inlinePicture reports whether an address is a picture itself.
func inlinePicture(s string) bool {
	for _, t := range []string{"data:image/png;base64,", "data:image/jpeg;base64,", "data:image/gif;base64,", "data:image/webp;base64,"} {
		if hasScheme(s, t) {
			return true
		}
	}
	return false
}

func safeLink(s string) (string, bool) {
	s = strings.TrimSpace(clean(s))
	for _, scheme := range []string{"http://", "https://", "mailto:", "tel:"} {
		if hasScheme(s, scheme) && len(s) < 8000 {
			return s, true
		}
	}
	if strings.HasPrefix(s, "www.") && len(s) < 8000 {
		return "http://" + s, true
	}
	return "", false
}

// implied closes what an element ends by coming: an item, a cell, a paragraph.
func (w *writer) implied(name string) {
	n := len(w.open)
	if n == 0 {
		return
	}
	top := w.open[n-1]
	switch {
	case name == "li" && top == "li", (name == "dd" || name == "dt") && (top == "dd" || top == "dt"), top == "p" && blocks[name], (name == "td" || name == "th") && (top == "td" || top == "th"):
		w.closeTo(n - 1)
	case name == "tr" && (top == "td" || top == "th"):
		w.closeTo(n - 1)
		w.implied(name)
	case name == "tr" && top == "tr":
		w.closeTo(n - 1)
	}
}

func (w *writer) end(name string) {
	if dropped[name] {
		for i, open := range slices.Backward(w.drops) {
			if open == name {
				w.drops = w.drops[:i]
				w.dropped = len(w.drops)
				break
			}
		}
		return
	}
	if w.dropped > 0 || void[name] {
		return
	}
	for i, open := range slices.Backward(w.open) {
		if open == name {
			w.closeTo(i)
			return
		}
		if open == "table" || open == "td" && name != "table" && name != "tr" && name != "tbody" {
			return // an end tag does not reach out of its cell
		}
	}
}

func (w *writer) closeTo(n int) {
	for len(w.open) > n {
		last := w.open[len(w.open)-1]
		w.open = w.open[:len(w.open)-1]
		w.out.WriteString("</" + last + ">")
	}
}

var styles = set(`color background-color background font font-family font-size font-style font-weight font-variant text-align text-decoration text-indent
	text-transform line-height letter-spacing word-spacing word-break word-wrap overflow-wrap white-space vertical-align direction
	border border-top border-right border-bottom border-left border-color border-style border-width border-collapse border-spacing border-radius
	border-top-color border-top-style border-top-width border-bottom-color border-bottom-style border-bottom-width border-left-color border-left-style border-left-width
	border-right-color border-right-style border-right-width
	margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom padding-left
	width max-width min-width height max-height min-height list-style list-style-type display float clear table-layout text-align-last`)

// longestStyle is the most that the style of an element is long, in bytes.
const longestStyle = 4000

// safeStyle returns the harmless properties of a style, and how many pictures
// elsewhere it asks for.
func safeStyle(s string) (safe string, pictures int) {
	if len(s) > longestStyle {
		return "", 0
	}
	var out strings.Builder
	for part := range strings.SplitSeq(s, ";") {
		name, value, ok := strings.Cut(part, ":")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		if !ok || value == "" {
			continue
		}
		if i := strings.Index(strings.ToLower(value), "url("); i >= 0 && strings.Contains(part, "//") {
			pictures++
		}
		if styles[name] && harmless(value) {
			if out.Len() > 0 {
				out.WriteString("; ")
			}
			out.WriteString(name + ": " + value)
		}
	}
	return out.String(), pictures
}

// harmless reports whether a value of a style is made of words, numbers,
// colours and names of fonts.
func harmless(v string) bool {
	low := strings.ToLower(v)
	for _, bad := range []string{"expression", "javascript", "import", "behavior", "binding", "fixed", "absolute"} {
		if strings.Contains(low, bad) {
			return false
		}
	}
	for i, r := range low {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', strings.ContainsRune(" #%.,'\"-+!)_", r), r >= 0x2e80 && r < 0xfb00:
		case r == '(':
			if !strings.HasSuffix(low[:i], "rgb") && !strings.HasSuffix(low[:i], "rgba") && !strings.HasSuffix(low[:i], "hsl") {
				return false
			}
		default:
			return false
		}
	}
	return true
}

var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	names := make([]string, 0, len(allowed))
	for name := range allowed {
		names = append(names, name)
	}
	p.AllowElements(names...)
	p.AllowNoAttrs().OnElements(names...)
	for name := range plainAttributes {
		p.AllowAttrs(name).Globally()
	}
	p.AllowAttrs("style").Globally()
	p.AllowAttrs("href", "target", "rel").OnElements("a")
	p.AllowAttrs("src", "data-remote-src").OnElements("img")
	p.AllowURLSchemes("http", "https", "mailto", "tel", "cid")
	p.AllowDataURIImages()
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.RequireNoFollowOnLinks(false)
	return p
})
