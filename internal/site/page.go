package site

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"yingda/internal/account"
	"yingda/internal/channel"
	"yingda/internal/domain/company"
	"yingda/internal/domain/inbox"
	"yingda/internal/help"
	"yingda/internal/kit/fault"
	"yingda/internal/kit/serve"
)

//go:embed templates/*.html
var templateFiles embed.FS

// templates are the pages by name, each in the common layout.
var templates = parse()

func parse() map[string]*template.Template {
	parts := []string{"layout.html", "icons.html", "parts.html"}
	base := template.New("layout.html").Funcs(template.FuncMap{
		"asset": assetPath, "markdown": markdown, "list": func(v ...any) []any { return v },
		"mark": mark, "wbr": wbr, "path": help.Entry.Path, "add": func(a, b int) int { return a + b },
	})
	for _, p := range parts {
		template.Must(base.ParseFS(templateFiles, "templates/"+p))
	}
	all := map[string]*template.Template{}
	files, err := fs.Glob(templateFiles, "templates/page-*.html")
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(path.Base(f), "page-"), ".html")
		all[name] = template.Must(template.Must(base.Clone()).ParseFS(templateFiles, f))
	}
	return all
}

// Page is what a template sees: what all pages have in common, and in Body
// what this one is about.
type Page struct {
	Language    string
	Path        string
	Name        string // of the page: "contact", "faq", …
	Title       string
	Description string
	Company     company.Settings
	Hotline     *channel.Line // when the phone is answered; by the company's own hours when nil
	Mails       []channel.MailAddress
	Chat        *inbox.Inbox // behind the button bottom right; nil where nobody chats
	Staffed     bool         // a person answers there now
	Now         time.Time
	Base        string
	Crumbs      []Crumb
	Data        []any          // JSON-LD
	Hidden      bool           // search engines pass by
	Accounts    bool           // customers can have an account here
	Guest       *account.Guest // who is signed in; nil for nobody
	Demo        bool
	Body        any
}

// Crumb is a step on the way to a page.
type Crumb struct{ Title, Path string }

// T returns the words of a key in the reader's language.
func (p *Page) T(key string, args ...any) (string, error) { return say(p.Language, key, args...) }

// Word returns the words of a key, and a name where we have no words for it:
// what cases are called grows elsewhere.
func (p *Page) Word(key, name string) string {
	if text, err := say(p.Language, key); err == nil {
		return text
	}
	return name
}

// Date returns a time as the company's clock shows it: 2026-11-22 16:30.
func (p *Page) Date(t time.Time) string {
	if zone, err := time.LoadLocation(p.Company.PhoneHours.Zone); err == nil {
		t = t.In(zone)
	}
	return t.Format("2006-01-02 15:04")
}

// Moment returns a time in words, on the company's clock: 10月9日 18:00; with
// the year where it is another.
func (p *Page) Moment(t time.Time) string {
	now := p.Now
	if zone, err := time.LoadLocation(p.Company.PhoneHours.Zone); err == nil {
		t, now = t.In(zone), now.In(zone)
	}
	form := map[bool]map[string]string{
		true:  {"zh": "1月2日 15:04", "en": "2 Jan 15:04"},
		false: {"zh": "2006年1月2日 15:04", "en": "2 Jan 2006 15:04"},
	}[t.Year() == now.Year()]
	return t.Format(form[p.Language])
}

// Size returns the size of a file in words: 1.4 MB.
func (p *Page) Size(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", (n+1023)>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}

// In returns a text of the company in the reader's language.
func (p *Page) In(t inbox.Text) string { return t.In(p.Language) }

// Us is the company's name.
func (p *Page) Us() string { return p.In(p.Company.Company) }

// HTMLLang is the language as HTML names it.
func (p *Page) HTMLLang() string {
	if p.Language == "zh" {
		return "zh-CN"
	}
	return "en"
}

// Address returns the absolute address of this page in a language. Chinese is
// what one gets without asking.
func (p *Page) Address(lang string) string {
	if lang == "en" {
		return p.Base + p.Path + "?lang=en"
	}
	return p.Base + p.Path
}

// Initial stands in the company's mark.
func (p *Page) Initial() string {
	for _, r := range p.Us() {
		return strings.ToUpper(string(r))
	}
	return "应"
}

// reply is what a handler answers: a template with its page, or another address.
type reply struct {
	template string
	status   int    // 200 when zero
	redirect string // where to go instead
	fresh    bool   // must not be kept by anybody
	counted  bool   // each look at it is counted, so it is made anew
	retry    time.Duration
	cookies  []*http.Cookie
}

// handler reads a request and fills in the page.
type handler func(r *http.Request, p *Page) (reply, error)

// page serves a handler: language, kept pages, errors as pages.
func (s *Site) page(pattern string, h handler) {
	s.routes.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		defer s.rescue(w, r)
		if l := languageAsked(r); l != "" {
			rememberLanguage(w, l)
		}
		w.Header().Set("Vary", "Accept-Language, Cookie")
		if err := sameOrigin(r); err != nil {
			s.fail(w, r, err)
			return
		}
		p, err := s.open(r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		key, version := s.keyOf(r, p)
		if kept, ok := s.shelf.get(key, version); ok {
			send(w, r, http.StatusOK, kept)
			return
		}
		rep, body, err := answer(r, p, h)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		for _, c := range rep.cookies {
			http.SetCookie(w, c)
		}
		if rep.redirect != "" {
			w.Header().Set("Cache-Control", "no-store")
			http.Redirect(w, r, rep.redirect, http.StatusSeeOther)
			return
		}
		if rep.retry > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(rep.retry.Seconds())))
		}
		if rep.fresh || rep.status != 0 {
			w.Header().Set("Cache-Control", "no-store")
			send(w, r, max(rep.status, http.StatusOK), body)
			return
		}
		if !rep.counted {
			s.shelf.put(key, version, body)
		}
		send(w, r, http.StatusOK, body)
	})
}

var crossOrigin = http.NewCrossOriginProtection()

// sameOrigin refuses a form that another web site makes a browser send.
func sameOrigin(r *http.Request) error {
	if err := crossOrigin.Check(r); err != nil {
		return fault.New(fault.Invalid, "request.cross_origin", "this request comes from another web site and was refused; use our own pages").Because(err)
	}
	return nil
}

// answer runs a handler and renders what it answered.
func answer(r *http.Request, p *Page, h handler) (reply, []byte, error) {
	rep, err := h(r, p)
	if err != nil || rep.redirect != "" {
		return rep, nil, err
	}
	body, err := render(rep.template, p)
	return rep, body, err
}

// open begins a page with what all pages show.
func (s *Site) open(r *http.Request) (*Page, error) {
	settings, err := s.Desk.Settings(r.Context())
	if err != nil {
		return nil, err
	}
	boxes, err := s.Desk.Inboxes(r.Context())
	if err != nil {
		return nil, err
	}
	line, err := s.Desk.Hotline(r.Context())
	if err != nil {
		return nil, err
	}
	mails, err := s.Desk.MailAddresses(r.Context())
	if err != nil {
		return nil, err
	}
	p := &Page{Language: languageOf(r), Path: r.URL.Path, Company: settings, Hotline: line, Mails: mails, Now: s.Now(), Base: s.base(r), Demo: s.Demo}
	if err := s.recognize(r, p); err != nil {
		return nil, err
	}
	if !slices.Contains(settings.Languages, p.Language) && len(settings.Languages) > 0 {
		p.Language = settings.Languages[0]
	}
	for _, b := range boxes {
		if b.Kind == "webchat" && b.Enabled {
			b.Settings.Assistant = b.Settings.Assistant && len(s.Knowledge.Headings(p.Language)) > 0
			p.Chat = &b
			p.Staffed, err = s.Desk.Staffed(r.Context(), b)
			break
		}
	}
	return p, err
}

func (s *Site) base(r *http.Request) string {
	if s.Base != "" {
		return strings.TrimSuffix(s.Base, "/")
	}
	scheme := "http"
	if serve.Secure(r.Context()) || r.TLS != nil {
		scheme = "https"
	}
	return (&url.URL{Scheme: scheme, Host: r.Host}).String()
}

func render(name string, p *Page) ([]byte, error) {
	t, ok := templates[name]
	if !ok {
		return nil, fmt.Errorf("there is no template %q", name)
	}
	p.Name = name
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// send writes a page, or only that it has not changed.
func send(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	if h.Get("Cache-Control") == "" {
		sum := sha256.Sum256(body)
		tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
		h.Set("Cache-Control", "private, no-cache")
		h.Set("ETag", tag)
		if status == http.StatusOK && strings.Contains(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // a reader who has gone away is not our concern
}

// nowhere answers an address that names nothing.
func nowhere(r *http.Request, _ *Page) (reply, error) {
	return reply{}, fault.New(fault.NotFound, "page.unknown", "there is no page %q", r.URL.Path)
}

// failure is the body of the page for an error.
type failure struct {
	Status  int
	Request string // the id under which the log tells more
}

// statuses say how an error is answered; the rest is our own mistake.
var statuses = map[fault.Kind]int{
	fault.Invalid: http.StatusBadRequest, fault.NotFound: http.StatusNotFound, fault.Forbidden: http.StatusNotFound,
	fault.TooLarge: http.StatusRequestEntityTooLarge, fault.Busy: http.StatusServiceUnavailable,
}

// fail answers with the page for an error. It must not fail itself: what
// cannot be asked now is left out.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, ok := statuses[fault.KindOf(err)]
	if !ok {
		status = http.StatusInternalServerError
		s.Log.ErrorContext(r.Context(), "a page could not be made", slog.String("path", r.URL.Path), slog.Any("error", err))
	}
	p, oops := s.open(r)
	if oops != nil {
		p = &Page{Language: languageOf(r), Path: r.URL.Path, Now: s.Now(), Base: s.base(r)}
	}
	name := "error"
	if status == http.StatusNotFound {
		name = "missing"
	}
	p.Hidden, p.Body = true, failure{Status: status, Request: serve.RequestID(r.Context())}
	if p.Title, oops = p.T(name + ".title"); oops == nil {
		var body []byte
		if body, oops = render(name, p); oops == nil {
			w.Header().Set("Cache-Control", "no-store")
			send(w, r, status, body)
			return
		}
	}
	s.Log.ErrorContext(r.Context(), "the page for an error could not be made", slog.Any("error", oops))
	http.Error(w, http.StatusText(status), status)
}

// rescue turns a panic into the page for our own mistakes.
func (s *Site) rescue(w http.ResponseWriter, r *http.Request) {
	switch v := recover(); v {
	case nil:
	case http.ErrAbortHandler:
		panic(v)
	default:
		s.fail(w, r, fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
	}
}
