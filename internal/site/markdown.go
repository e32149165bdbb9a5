package site

import (
	"bytes"
	"html"
	"html/template"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	renderer "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

var (
	writer = goldmark.New(
		goldmark.WithExtensions(extension.GFM),
		goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(below{}, 500))),
		goldmark.WithRendererOptions(renderer.WithHardWraps()),
	)
	safe = sanitizer()
)

// sanitizer lets text, lists, tables, links and our own pictures through.
func sanitizer() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "del",
		"table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src").Matching(regexp.MustCompile(`^/[^/\\]`)).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.RequireNoFollowOnFullyQualifiedLinks(true)
	p.RequireNoReferrerOnFullyQualifiedLinks(true)
	return p
}

// markdown renders text that an editor wrote. Its headings begin below the
// page's own, and a wide table scrolls by itself.
func markdown(src string) (template.HTML, error) {
	var b bytes.Buffer
	if err := writer.Convert([]byte(src), &b); err != nil {
		return "", err
	}
	out := safe.Sanitize(b.String())
	out = strings.ReplaceAll(out, "<table>", `<div class="wide" tabindex="0"><table>`)
	out = strings.ReplaceAll(out, "</table>", "</table></div>")
	return template.HTML(out), nil // sanitized above
}

// below moves headings to begin at the second level: the page has its own first one.
type below struct{}

func (below) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	var all []*ast.Heading
	top := 6
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // our walker does not fail
		if h, ok := n.(*ast.Heading); ok && entering {
			all, top = append(all, h), min(top, h.Level)
		}
		return ast.WalkContinue, nil
	})
	for _, h := range all {
		h.Level = min(h.Level-top+2, 6)
	}
}

var blank = regexp.MustCompile(`\s+`)

// plain returns the text of Markdown without its marks.
func plain(src string) (string, error) {
	out, err := markdown(src)
	if err != nil {
		return "", err
	}
	s := strings.ReplaceAll(string(out), "<", " <")
	s = html.UnescapeString(bluemonday.StrictPolicy().Sanitize(s))
	return strings.TrimSpace(blank.ReplaceAllString(s, " ")), nil
}

// mark returns text with the words that were searched for marked in it.
func mark(s, words string) template.HTML {
	var terms []string
	for w := range strings.FieldsSeq(words) {
		terms = append(terms, regexp.QuoteMeta(w))
	}
	if len(terms) == 0 {
		return template.HTML(template.HTMLEscapeString(s))
	}
	re, err := regexp.Compile("(?i)" + strings.Join(terms, "|"))
	if err != nil {
		return template.HTML(template.HTMLEscapeString(s))
	}
	var b strings.Builder
	last := 0
	for _, m := range re.FindAllStringIndex(s, -1) {
		b.WriteString(template.HTMLEscapeString(s[last:m[0]]))
		b.WriteString("<mark>" + template.HTMLEscapeString(s[m[0]:m[1]]) + "</mark>")
		last = m[1]
	}
	b.WriteString(template.HTMLEscapeString(s[last:]))
	return template.HTML(b.String()) // every part was escaped
}

// wbr returns an address that may be broken after its @.
func wbr(s string) template.HTML {
	return template.HTML(strings.Replace(template.HTMLEscapeString(s), "@", "@<wbr>", 1)) // escaped
}
