package site

import (
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"yingda/internal/help"
	"yingda/internal/kit/fault"
)

// listSize is how many entries a page of results shows.
const listSize = 12

// longestQuery is how much of a search is looked at, in characters.
const longestQuery = 100

// found is the body of /faq.
type found struct {
	help.Search
	Entries    []help.Entry
	Total      int
	Categories []help.Heading
	Browsing   bool // neither words nor a category: show what there is
	Last       int  // the number of the last page
	Ways       []Way
}

// Link returns the address of a page of the same results.
func (f found) Link(page int) string {
	v := url.Values{}
	if f.Words != "" {
		v.Set("q", f.Words)
	}
	if f.Category != "" {
		v.Set("category", f.Category)
	}
	if page > 1 {
		v.Set("page", strconv.Itoa(page))
	}
	if len(v) == 0 {
		return "/faq"
	}
	return "/faq?" + v.Encode()
}

// questions answers with the frequent questions: all of them by category, or
// what a search finds.
func (s *Site) questions(r *http.Request, p *Page) (reply, error) {
	q, err := parseQuery(r, p.Language)
	if err != nil {
		return reply{}, err
	}
	f := found{Search: q, Browsing: q.Words == "" && q.Category == "" && q.Page == 1, Categories: s.Knowledge.Headings(p.Language)}
	f.Entries, f.Total = s.Knowledge.Search(q)
	if f.Last = max(1, (f.Total+listSize-1)/listSize); q.Page > f.Last {
		return reply{}, fault.New(fault.NotFound, "page.unknown", "there is no page %d", q.Page)
	}
	if f.Total == 0 {
		if f.Ways, err = ways(p); err != nil {
			return reply{}, err
		}
	}
	p.Body, p.Hidden = f, q.Words != ""
	if err := s.titleQuestions(p, f); err != nil {
		return reply{}, err
	}
	return reply{template: "faq"}, nil
}

func parseQuery(r *http.Request, language string) (help.Search, error) {
	v := r.URL.Query()
	words := strings.Join(strings.Fields(strings.ToValidUTF8(v.Get("q"), "")), " ")
	if utf8.RuneCountInString(words) > longestQuery {
		words = string([]rune(words)[:longestQuery])
	}
	q := help.Search{Language: language, Category: v.Get("category"), Words: words, Page: 1, Size: listSize}
	if n := v.Get("page"); n != "" {
		page, err := strconv.Atoi(n)
		if err != nil || page < 1 {
			return q, fault.New(fault.NotFound, "page.unknown", "there is no page %q", n)
		}
		q.Page = page
	}
	return q, nil
}

func (s *Site) titleQuestions(p *Page, f found) (err error) {
	switch {
	case f.Words != "":
		p.Title, err = p.T("faq.title_search", f.Words)
	case f.Category != "":
		p.Title = f.Category
	default:
		p.Title, err = p.T("faq.title")
	}
	if err != nil {
		return err
	}
	if p.Description, err = p.T("faq.description", p.Us()); err != nil {
		return err
	}
	if f.Category != "" {
		top, err := p.T("faq.title")
		if err != nil {
			return err
		}
		p.Crumbs = []Crumb{{top, "/faq"}, {f.Category, ""}}
		p.Data = append(p.Data, p.crumbData())
	}
	return s.faqData(p, f.Entries)
}

// faqData tells search engines the questions of this page with their answers.
func (s *Site) faqData(p *Page, entries []help.Entry) error {
	var list []any
	for _, e := range entries {
		if e.Kind != help.Question || e.Body == "" {
			continue
		}
		text, err := plain(e.Body)
		if err != nil {
			return err
		}
		list = append(list, map[string]any{
			"@type": "Question", "name": e.Title,
			"acceptedAnswer": map[string]any{"@type": "Answer", "text": text},
		})
	}
	if len(list) > 0 {
		p.Data = append(p.Data, map[string]any{"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": list})
	}
	return nil
}

// crumbData tells search engines the way to this page.
func (p *Page) crumbData() any {
	var list []any
	for i, c := range p.Crumbs {
		item := map[string]any{"@type": "ListItem", "position": i + 1, "name": c.Title}
		if c.Path != "" {
			item["item"] = p.Base + c.Path
		}
		list = append(list, item)
	}
	return map[string]any{"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": list}
}

// reading is the body of one entry's page.
type reading struct {
	help.Entry
	Related []help.Entry
	Thanks  string // "yes" or "no" after the reader said whether it helped
}

// entry answers with one question or article.
func (s *Site) entry(kind help.Kind) handler {
	return func(r *http.Request, p *Page) (reply, error) {
		e, err := s.Knowledge.Entry(kind, r.PathValue("ref"))
		if err != nil {
			return reply{}, err
		}
		s.countView(r, e)
		p.Body = reading{Entry: e, Related: s.Knowledge.Related(e, 5), Thanks: yesOrNo(r.URL.Query().Get("thanks"))}
		if err := s.titleEntry(p, e); err != nil {
			return reply{}, err
		}
		return reply{template: "entry", counted: true}, nil
	}
}

// countView counts that somebody reads an entry. The page is shown also when
// it cannot be counted.
func (s *Site) countView(r *http.Request, e help.Entry) {
	if r.URL.Query().Has("thanks") || r.Header.Get("Sec-Purpose") != "" || s.views.Take(caller(r), s.Now()) > 0 {
		return
	}
	if err := s.Knowledge.Viewed(r.Context(), e); err != nil {
		s.Log.WarnContext(r.Context(), "a view was not counted", slog.Any("entry", e.ID), slog.Any("error", err))
	}
}

func (s *Site) titleEntry(p *Page, e help.Entry) error {
	text, err := plain(e.Body)
	if err != nil {
		return err
	}
	if r := []rune(text); len(r) > 150 {
		text = string(r[:149]) + "…"
	}
	p.Title, p.Description = e.Title, text
	top, err := p.T("faq.title")
	if err != nil {
		return err
	}
	p.Crumbs = []Crumb{{top, "/faq"}}
	if e.Category != "" {
		p.Crumbs = append(p.Crumbs, Crumb{e.Category, "/faq?category=" + url.QueryEscape(e.Category)})
	}
	p.Crumbs = append(p.Crumbs, Crumb{e.Title, ""})
	p.Data = []any{p.crumbData()}
	return s.faqData(p, []help.Entry{e})
}

func yesOrNo(s string) string {
	if s == "yes" || s == "no" {
		return s
	}
	return ""
}

// readerCookie names a browser that has voted, and nothing else: a reader counts
// once for a text, and may think better of it.
const (
	readerCookie = "yingda_reader"
	readerLife   = 365 * 24 * time.Hour
	readerBytes  = 16 // at random
)

// reader returns who a browser is that has voted before; false for one that has
// not, or whose cookie is none of ours.
func (s *Site) reader(r *http.Request) (id []byte, ok bool) {
	c, err := r.Cookie(readerCookie)
	if err != nil {
		return nil, false
	}
	id, ok = s.unseal("reader", c.Value)
	return id, ok && len(id) == readerBytes
}

// helpful counts what a reader says of an entry, and thanks on the same page.
func (s *Site) helpful(kind help.Kind) handler {
	return func(r *http.Request, _ *Page) (reply, error) {
		r.Body = http.MaxBytesReader(nil, r.Body, 4096)
		answer := yesOrNo(r.PostFormValue("helpful"))
		if answer == "" {
			return reply{}, fault.New(fault.Invalid, "helpful.answer", "say yes or no").In("helpful")
		}
		e, err := s.Knowledge.Entry(kind, r.PathValue("ref"))
		if err != nil {
			return reply{}, err
		}
		rep := reply{redirect: e.Path() + "?thanks=" + answer + "#helpful"}
		reader, known := s.reader(r)
		if !known {
			if s.votes.Take(caller(r), s.Now()) > 0 {
				return rep, nil // thanked, not counted: somebody votes for many
			}
			reader = make([]byte, readerBytes)
			_, _ = rand.Read(reader) // never fails since Go 1.24
			rep.cookies = []*http.Cookie{cookie(r, readerCookie, s.seal("reader", reader), "/", readerLife)}
		}
		return rep, s.Knowledge.Rated(r.Context(), e, hex.EncodeToString(reader), answer == "yes")
	}
}

// errSlow answers a caller who asks too often.
var errSlow = fault.New(fault.Busy, "request.slow", "too many requests; wait a moment and try again")
