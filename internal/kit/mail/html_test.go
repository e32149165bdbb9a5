package mail_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"yingda/internal/kit/mail"
)

func TestHTMLText(t *testing.T) {
	for name, c := range map[string]struct{ doc, want string }{
		"paragraphs":       {"<p>一</p><p>二</p>", "一\n\n二"},
		"lines":            {"<div>一</div><div>二<br>三</div>", "一\n二\n三"},
		"white space":      {"  a \n b\t<b> c </b>d ", "a b c d"},
		"spaces that stay": {"a&nbsp;&nbsp;b", "a  b"},
		"a list":           {"<ul><li>一</li><li>二</li></ul><ol><li>甲<li>乙</ol>", "• 一\n• 二\n\n1. 甲\n2. 乙"},
		"a table":          {"<table><tr><td>型号</td><td>数量</td></tr><tr><td>A</td><td>2</td></tr></table>", "型号\t数量\nA\t2"},
		"as it is":         {"<pre>a\n  b</pre>", "a\n  b"},
		"what is not seen": {"<head><title>t</title><style>p{}</style></head><script>x</script><p>一</p><!-- c --><div hidden>h</div>", "一"},
		"entities":         {"&lt;a&gt; &amp; &#x4f60;", "<a> & 你"},
		"no HTML":          {"just text", "just text"},
		"an emoji":         {`好<img alt="😀" src="x"><img alt="logo" src="y">`, "好😀"},
		"not closed":       {"<div><p>一<div>二", "一\n二"},
		"nothing":          {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := mail.HTMLText(c.doc); got != c.want {
				t.Errorf("read as %q, want %q", got, c.want)
			}
		})
	}
}

func TestSafeHTML(t *testing.T) {
	for name, c := range map[string]struct{ doc, want string }{
		"scripts":            {`<p onclick="x()">a<script>alert(1)</script></p>`, `<p>a</p>`},
		"a link":             {`<a href="https://a.example/?b=1&c=2" onmouseover=x>a</a>`, `<a href="https://a.example/?b=1&amp;c=2" target="_blank" rel="nofollow noopener noreferrer">a</a>`},
		"a link to a script": {`<a href="JaVaScRiPt:alert(1)">a</a>`, `<a>a</a>`},
		"with a tab":         {"<a href=\"java\tscript:alert(1)\">a</a>", `<a>a</a>`},
		"a data link":        {`<a href="data:text/html,x">a</a>`, `<a>a</a>`},
		"its own picture":    {`<img src="cid:img1@x" onerror=x>`, `<img src="cid:img1@x">`},
		"a picture in it":    {`<img src="data:image/png;base64,iVBORw0KGgo=">`, `<img src="data:image/png;base64,iVBORw0KGgo=">`},
		"a drawing":          {`<img src="data:image/svg+xml;base64,PHN2Zz4=">`, ``},
		"a remote picture":   {`<img src="http://t.example/p.gif" width="1">`, `<img data-remote-src="http://t.example/p.gif" width="1">`},
		"without a scheme":   {`<img src="//t.example/p.gif">`, `<img data-remote-src="https://t.example/p.gif">`},
		"a remote style":     {`<div style="BACKGROUND: url(http://t.example/p); COLOR: red; position: fixed">a</div>`, `<div style="color: red">a</div>`},
		"styles":             {`<span style="PADDING-LEFT:1ex; font-family: '微软雅黑', Arial; color:rgb(1,2,3)">a</span>`, `<span style="padding-left: 1ex; font-family: &#39;微软雅黑&#39;, Arial; color: rgb(1,2,3)">a</span>`},
		"frames and forms":   {`<iframe src=x>f</iframe><form action=x><input name=a>b</form><object>o</object><svg><a>s</a></svg>`, `b`},
		"base and meta":      {`<base href="http://x/"><meta http-equiv=refresh content=0><link rel=stylesheet href=x>a`, `a`},
		"not closed":         {`<div><table><tr><td>a`, `<div><table><tr><td>a</td></tr></table></div>`},
		"closed too often":   {`</div></div>a</table>`, `a`},
		"crossed":            {`<b><i>a</b>b</i>`, `<b><i>a</i></b>b`},
		"a cell is a wall":   {`<table><tr><td></div></table>a</td></tr>`, `<table><tr><td></td></tr></table>a`},
		"comments":           {`a<!--[if mso]><script>x</script><![endif]-->b`, `ab`},
		"mutation":           {`<svg></p><style><g title="</style><img src=x onerror=alert(1)>">`, ``},
		"noscript":           {`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `&#34;&gt;`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := mail.SafeHTML(c.doc, false).HTML; got != c.want {
				t.Errorf("left is %s, want %s", got, c.want)
			}
		})
	}
	asked := mail.SafeHTML(`<img src="http://t.example/p.gif"><td background="http://t.example/b.gif">`, true)
	if asked.HTML != `<img src="http://t.example/p.gif"><td></td>` || asked.Remote != 2 {
		t.Errorf("asked for: %+v", asked)
	}
	deep := mail.SafeHTML(strings.Repeat("<div>", 5000)+"a", false).HTML
	if strings.Count(deep, "<div>") != strings.Count(deep, "</div>") || !strings.Contains(deep, "a") || strings.Count(deep, "<div>") > 300 {
		t.Error("5000 elements: ", len(deep))
	}
}

// harmless fails if a browser would find more in a document than is allowed.
func harmless(t *testing.T, doc string) {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(doc), nil)
	if err != nil {
		return // nested deeper than the parser reads
	}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			switch n.Data {
			case "script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "base", "meta", "link", "template":
				t.Fatalf("%s is left in %q", n.Data, doc)
			}
			for _, a := range n.Attr {
				v := strings.ToLower(strings.TrimSpace(a.Val))
				if strings.HasPrefix(a.Key, "on") || (a.Key == "href" || a.Key == "src") && (strings.HasPrefix(v, "javascript") || strings.HasPrefix(v, "vbscript") || strings.HasPrefix(v, "data:text")) || a.Key == "src" && strings.HasPrefix(v, "http") {
					t.Fatalf("%s=%q is left in %q", a.Key, a.Val, doc)
				}
			}
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	for _, n := range nodes {
		walk(n)
	}
}
