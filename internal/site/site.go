// Package site is the public pages: how to reach us, frequent questions, the
// assistant, the form for complaints, suggestions and feedback, the progress of
// what was handed in, and the customer's account. They are rendered here and work without scripts, in
// Chinese and English.
package site

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	"yingda/internal/channel"
	"yingda/internal/help"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/limit"
	"yingda/internal/kit/remote"
	"yingda/internal/kit/serve"
)

// Options are what the pages are built from. Knowledge, Desk and Key are needed.
type Options struct {
	Knowledge Knowledge
	Desk      Desk
	Offers    Offers           // compensations on the pages of cases; none when nil
	Accounts  Accounts         // customers' accounts; no such pages when nil
	Ratings   channel.Ratings  // calls that are rated by a link; no such page when nil
	Mailbox   Mailbox          // what the demo sent, at /demo/mail
	Key       []byte           // signs forms and receipts; at least 16 bytes, the same on every node
	Base      string           // "https://help.example.cn" in canonical addresses; the request's host when empty
	Now       func() time.Time // the clock; clock.Now when nil
	Demo      bool             // serve the shop that embeds the widget, at /demo
	Log       *slog.Logger     // slog.Default() when nil
}

// Site serves the public pages.
type Site struct {
	Options
	forms, asks, votes, views, lookUps, typed *limit.Buckets
	shelf                                     shelf
	routes                                    *http.ServeMux
}

// caller is whom a limit slows down: an address, or the network of one, because
// whoever has one address of version 6 has more than can be counted.
func caller(r *http.Request) string { return remote.Network(serve.Address(r.Context())) }

// callers is how many callers are told apart by their addresses.
const callers = 20000

// New returns the public pages. What it does not know, it answers with its own
// page for that, so it is mounted at "/" behind everything else, inside
// serve.Door.
func New(o Options) *Site {
	if o.Now == nil {
		o.Now = clock.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	s := &Site{
		Options: o,
		forms:   limit.New(1.0/20, 10, callers),
		asks:    limit.New(1.0/2, 20, callers),
		votes:   limit.New(20.0/86400, 10, callers), // of readers who did not vote before; an address may be an office
		views:   limit.New(1.0/2, 30, callers),
		lookUps: limit.New(1.0/10, 10, callers),
		typed:   limit.New(4, 60, callers), // an address may be a whole office
		routes:  http.NewServeMux(),
	}
	s.pages()
	return s
}

// pages lists every address.
func (s *Site) pages() {
	s.page("GET /{$}", s.reachUs)
	s.page("GET /faq", s.questions)
	s.routes.HandleFunc("GET /faq/suggestions", s.complete)
	s.page("GET /faq/{ref}", s.entry(help.Question))
	s.page("GET /help/{ref}", s.entry(help.Article))
	s.page("POST /faq/{ref}/helpful", s.helpful(help.Question))
	s.page("POST /help/{ref}/helpful", s.helpful(help.Article))
	for _, at := range []string{chatPage, askPage} {
		s.page("GET "+at, s.assistant)
		s.page("POST "+at, s.ask)
	}
	s.page("GET /user/feedback", s.feedback)
	s.page("POST /user/feedback", s.handIn)
	s.page("GET /user/feedback/done", s.handedIn)
	s.page("GET /prepare", s.prepare)
	s.page("GET /suggestions", s.suggestions)
	s.page("POST /suggestions", s.vote)
	s.progressPages()
	if s.Ratings != nil {
		s.page("GET /r/{link}", s.ratePage)
		s.page("POST /r/{link}", s.rate)
	}
	if s.Demo {
		s.page("GET /demo", s.demo)
	}
	if s.Demo && s.Mailbox != nil {
		s.page("GET /demo/mail", s.mailbox)
	}
	if s.Accounts != nil {
		s.accountPages()
	}
	s.routes.HandleFunc("GET /robots.txt", s.robots)
	s.routes.HandleFunc("GET /sitemap.xml", s.sitemap)
	s.routes.HandleFunc("GET /favicon.svg", favicon)
	s.routes.Handle("GET /favicon.ico", http.RedirectHandler("/favicon.svg", http.StatusMovedPermanently))
	s.routes.HandleFunc("GET /static/{name}", asset)
	s.page("/", nowhere)
}

// policy lets a page use what comes from this house, and no script or style
// that stands in the page itself.
const policy = "default-src 'none'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; " +
	"script-src 'self'; connect-src 'self' ws: wss:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// ServeHTTP answers a request with a page.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	if strings.HasPrefix(r.URL.Path, "/progress") || strings.HasPrefix(r.URL.Path, "/user/feedback/done") || strings.HasPrefix(r.URL.Path, "/r/") {
		h.Set("Referrer-Policy", "same-origin") // an address may hold a pass
	}
	h.Set("Permissions-Policy", "camera=(), geolocation=(), payment=()")
	s.routes.ServeHTTP(w, r)
}
