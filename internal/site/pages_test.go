package site_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"yingda/internal/channel"
	"yingda/internal/domain/inbox"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
)

// ask sends one request and returns the answer.
func ask(t *testing.T, h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// get fetches a page in a language.
func get(t *testing.T, h http.Handler, path, language string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Language", language)
	return ask(t, h, r)
}

// post sends a form.
func post(t *testing.T, h http.Handler, path string, v url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return ask(t, h, r)
}

// paths are one of each page.
var paths = []string{
	"/", "/faq", "/faq?category=" + url.QueryEscape("维修与保养") + "&page=2", "/faq?q=" + url.QueryEscape("质保"), "/faq?q=zzz",
	"/faq/qu_warranty", "/faq/qu_warranty?thanks=no", "/help/winter-range", "/aftersale/ai", "/aftersale/ai?person=1", "/ask", "/ask?person=1",
	"/user/feedback", "/user/feedback?kind=suggestion", "/user/feedback?kind=complaint&category=complaint.product", "/progress", "/progress?number=TS20261122-000001",
	"/prepare", "/prepare?type=order.return", "/prepare?type=business.emergency.accident", "/prepare?type=nothing", "/demo", "/nowhere",
}

func TestEveryPageIsWhole(t *testing.T) {
	h := newHouse()
	s := h.open(t)
	for _, language := range []string{"zh", "en"} {
		for _, path := range paths {
			t.Run(language+path, func(t *testing.T) {
				w := get(t, s, path, language)
				if want := http.StatusOK; path != "/nowhere" && w.Code != want {
					t.Fatalf("status %d", w.Code)
				}
				checkPage(t, w.Body.Bytes(), language)
			})
		}
	}
}

// page is what checkPage learns of a document.
type page struct {
	lang   string
	h1     int
	ids    map[string]bool
	labels map[string]bool
	fields []string // ids of what a person fills in
	refs   []string // ids that others point to
	errs   []string
}

// checkPage says what is wrong with a page: headings, labels, ids, and
// anything that its security policy would refuse.
func checkPage(t *testing.T, body []byte, language string) {
	t.Helper()
	for _, leak := range []string{"%!", "ZgotmplZ", "&lt;nil&gt;", "<nil>"} {
		if bytes.Contains(body, []byte(leak)) {
			t.Errorf("the page says %q", leak)
		}
	}
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	p := page{ids: map[string]bool{}, labels: map[string]bool{}}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			p.see(n)
		}
	}
	if !strings.HasPrefix(p.lang, language) || p.h1 != 1 {
		t.Errorf("language %q, %d first headings", p.lang, p.h1)
	}
	for _, f := range p.fields {
		if !p.labels[f] {
			t.Errorf("the field %q has no label", f)
		}
	}
	for _, r := range p.refs {
		if !p.ids[r] {
			t.Errorf("something points to %q, which is not there", r)
		}
	}
	for _, e := range p.errs {
		t.Error(e)
	}
}

func (p *page) see(n *html.Node) {
	a := map[string]string{}
	for _, x := range n.Attr {
		a[x.Key] = x.Val
		if x.Key == "style" || strings.HasPrefix(x.Key, "on") {
			p.errs = append(p.errs, n.Data+" has an inline "+x.Key)
		}
	}
	if id := a["id"]; id != "" {
		if p.ids[id] {
			p.errs = append(p.errs, "two things have the id "+id)
		}
		p.ids[id] = true
	}
	p.refs = append(p.refs, strings.Fields(a["aria-labelledby"]+" "+a["aria-describedby"])...)
	switch n.Data {
	case "html":
		p.lang = a["lang"]
	case "h1":
		p.h1++
	case "label":
		p.labels[a["for"]] = true
	case "input", "textarea", "select":
		if a["type"] != "hidden" {
			p.fields = append(p.fields, a["id"])
		}
	case "style":
		p.errs = append(p.errs, "a style stands in the page")
	case "script":
		if a["src"] == "" && a["type"] != "application/ld+json" {
			p.errs = append(p.errs, "a script stands in the page")
		}
	case "a":
		if strings.HasPrefix(a["href"], "javascript") {
			p.errs = append(p.errs, "a link runs a script")
		}
		if to, ok := strings.CutPrefix(a["href"], "#"); ok {
			p.refs = append(p.refs, to)
		}
	}
}

func TestNoLinkIsDead(t *testing.T) {
	s := newHouse().open(t)
	seen := map[string]bool{"/widget.js": true} // served elsewhere
	todo := []string{"/", "/demo"}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		w := get(t, s, path, "zh")
		if w.Code != http.StatusOK {
			t.Errorf("%s is linked and answers %d", path, w.Code)
		}
		if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			continue
		}
		doc, err := html.Parse(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			for _, a := range n.Attr {
				to, _, _ := strings.Cut(a.Val, "#")
				if (a.Key == "href" || a.Key == "src") && strings.HasPrefix(to, "/") && !seen[to] {
					seen[to] = true
					todo = append(todo, to)
				}
			}
		}
	}
	if len(seen) < 30 {
		t.Errorf("only %d addresses were found", len(seen))
	}
}

func TestWhoIsThereNow(t *testing.T) {
	shanghai := func(s string) time.Time {
		at, err := time.Parse("2006-01-02 15:04 -0700", s+" +0800")
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct {
		name, at, language string
		change             func(*house)
		says               string
	}{
		{"before opening", "2026-11-23 08:59", "zh", nil, "当前休息，今天 09:00 开始"},
		{"open", "2026-11-23 09:00", "zh", nil, "现在可用，今天 18:00 结束"},
		{"after closing", "2026-11-23 18:00", "zh", nil, "当前休息，周二 09:00 开始"},
		{"over the weekend", "2026-11-20 18:01", "zh", nil, "当前休息，周一 09:00 开始"},
		{"on a holiday", "2026-10-01 10:00", "zh", nil, "当前休息，周五 09:00 开始"},
		{"in English", "2026-11-22 12:00", "en", nil, "Closed, opens Monday 09:00"},
		{"hours in words", "2026-11-22 12:00", "zh", nil, "周一至周五 09:00–18:00，法定节假日休息"},
		{"a long rest", "2026-11-23 18:00", "zh", func(h *house) {
			for d := 24; d < 31; d++ {
				h.settings.PhoneHours.Closed = append(h.settings.PhoneHours.Closed, time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
			}
		}, "当前休息，12月1日 09:00 开始"},
		{"day and night", "2026-11-22 03:00", "zh", func(h *house) { h.settings.PhoneHours.Always = true }, "7×24 小时"},
		{"people in the chat", "2026-11-22 03:00", "zh", nil, "现在可用，人工客服在线"},
		{"the assistant alone", "2026-11-22 03:00", "zh", func(h *house) { h.staffed = false }, "现在可用，智能助手先接待"},
		{"nobody at all", "2026-11-22 03:00", "zh", func(h *house) { h.staffed, h.boxes[0].Settings.Assistant = false, false }, "人工客服不在线，可以留言"},
		{"the price of a call", "2026-11-22 03:00", "zh", nil, "都不收服务费"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse()
			if c.change != nil {
				c.change(h)
			}
			h.clock.Turn(shanghai(c.at).Sub(h.clock.Now()))
			if body := get(t, h.open(t), "/", c.language).Body.String(); !strings.Contains(body, c.says) {
				t.Errorf("the page does not say %q", c.says)
			}
		})
	}
}

// The mailboxes stand on the page with what is promised there; the company's own
// address goes before them.
func TestMailboxesAreShownWithTheirPromise(t *testing.T) {
	h := newHouse()
	h.mails = []channel.MailAddress{{Address: "complaint@yuanxing.example", Kind: ticket.Complaint}, {Address: "support@yuanxing.example", Kind: ticket.Consultation}, {Address: "parts@yuanxing.example", Kind: ticket.Consultation}}
	card := func(language string) string {
		_, rest, _ := strings.Cut(get(t, h.open(t), "/", language).Body.String(), `class="way way-email"`)
		text, _, _ := strings.Cut(rest, "</li>\n    <li class=\"way ")
		return strings.ReplaceAll(text, "<wbr>", "")
	}
	says := func(text string, wants ...string) {
		t.Helper()
		for _, want := range wants {
			if strings.Count(text, want) != 1 {
				t.Errorf("%q stands there %d times: %s", want, strings.Count(text, want), text)
			}
		}
	}
	zh := card("zh")
	says(zh, ">support@yuanxing.example<", `href="mailto:complaint@yuanxing.example"`, "投诉 · 1 个工作日内受理", `href="mailto:parts@yuanxing.example"`)
	if at := strings.Index(zh, "way-also"); at < 0 || strings.Contains(zh[at:strings.Index(zh, "way-good")], "support@") {
		t.Errorf("the first stands twice: %s", zh)
	}
	says(card("en"), "Complaint · Accepted within 1 working day")
	h.settings.Email = ""
	says(card("zh"), ">support@yuanxing.example<")
	h.mails = h.mails[:1]
	says(card("zh"), ">complaint@yuanxing.example<")
}

func TestOnlyWhatIsSwitchedOnIsShown(t *testing.T) {
	h := newHouse()
	h.settings.Phone, h.settings.Email, h.settings.Address = "", "", inbox.Text{}
	h.boxes[0].Enabled = false
	body := get(t, h.open(t), "/", "zh").Body.String()
	for _, gone := range []string{"way-phone", "way-email", "way-letter", "way-chat", "/widget.js", "tel:"} {
		if strings.Contains(body, gone) {
			t.Errorf("%s is shown", gone)
		}
	}
	if !strings.Contains(body, "way-assistant") {
		t.Error("the assistant is not shown")
	}
}

func TestLanguage(t *testing.T) {
	for _, c := range []struct {
		name, query, cookie, accept, want string
	}{
		{"nothing said", "", "", "", "zh-CN"},
		{"the browser's", "", "", "en-GB,en;q=0.9,zh;q=0.5", "en"},
		{"neither", "", "", "fr-FR", "en"},
		{"chosen before", "", "zh", "en", "zh-CN"},
		{"chosen now", "?lang=en", "zh", "zh", "en"},
		{"unknown", "?lang=xx", "", "zh", "zh-CN"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/faq"+c.query, nil)
			r.Header.Set("Accept-Language", c.accept)
			if c.cookie != "" {
				r.AddCookie(&http.Cookie{Name: "yingda_lang", Value: c.cookie})
			}
			w := ask(t, newHouse().open(t), r)
			if !strings.Contains(w.Body.String(), `<html lang="`+c.want+`">`) {
				t.Errorf("the page is not in %s", c.want)
			}
			if set := w.Header().Get("Set-Cookie"); (c.query == "?lang=en") != strings.HasPrefix(set, "yingda_lang=en") {
				t.Errorf("cookie %q", set)
			}
		})
	}
}

func TestPagesAreKeptWhileNothingChanges(t *testing.T) {
	h := newHouse()
	s := h.open(t)
	first := get(t, s, "/faq", "zh")
	asked := h.searches
	if get(t, s, "/faq", "zh"); h.searches != asked {
		t.Error("the page was made again although nothing changed")
	}
	r := httptest.NewRequest(http.MethodGet, "/faq", nil)
	r.Header.Set("If-None-Match", first.Header().Get("ETag"))
	if w := ask(t, s, r); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("asked for a change: %d with %d bytes", w.Code, w.Body.Len())
	}
	h.version++
	if get(t, s, "/faq", "zh"); h.searches == asked {
		t.Error("the page was not made again after the knowledge changed")
	}
	h.settings.Phone = "400-999-0000"
	if !strings.Contains(get(t, s, "/", "zh").Body.String(), "400-999-0000") || !strings.Contains(get(t, s, "/faq", "zh").Body.String(), "400-999-0000") {
		t.Error("a new number is not shown at once")
	}
}

func TestMistakesOfOurs(t *testing.T) {
	h := newHouse()
	h.broken = fault.New(fault.Internal, "internal", "the disk at /secret is full")
	w := get(t, h.open(t), "/", "en")
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
	checkPage(t, w.Body.Bytes(), "en")

	h = newHouse()
	s := h.open(t)
	h.entries = nil // Decide names an entry that is gone: a panic inside
	if w := post(t, s, "/aftersale/ai", url.Values{"q": {"质保"}}); w.Code != http.StatusInternalServerError {
		t.Errorf("a panic answers %d", w.Code)
	}
}

func TestAround(t *testing.T) {
	s := newHouse().open(t)
	for _, c := range []struct{ path, kind, holds string }{
		{"/robots.txt", "text/plain", "Sitemap: https://help.yuanxing.example/sitemap.xml"},
		{"/sitemap.xml", "application/xml", "<loc>https://help.yuanxing.example/help/winter-range</loc>"},
		{"/sitemap.xml", "application/xml", `hreflang="en" href="https://help.yuanxing.example/faq/qu_more13?lang=en"`},
		{"/favicon.svg", "image/svg+xml", "<svg"},
		{"/faq", "text/html", `<link rel="canonical" href="https://help.yuanxing.example/faq">`},
		{"/faq", "text/html", `"@type":"FAQPage"`},
		{"/help/winter-range", "text/html", `"@type":"BreadcrumbList"`},
	} {
		w := get(t, s, c.path, "zh")
		if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), c.kind) || !strings.Contains(w.Body.String(), c.holds) {
			t.Errorf("%s: %d, %s, without %q", c.path, w.Code, w.Header().Get("Content-Type"), c.holds)
		}
		if !strings.Contains(w.Header().Get("Content-Security-Policy"), "script-src 'self'") {
			t.Errorf("%s has no policy", c.path)
		}
	}
}
