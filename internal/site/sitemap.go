package site

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"time"

	"yingda/internal/help"
	"yingda/internal/kit/fault"
)

func (s *Site) robots(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = fmt.Fprintf(w, "User-agent: *\nDisallow: /api/\nDisallow: /app/\nDisallow: /widget/\nDisallow: /user/feedback/done\nDisallow: /progress/\n\nSitemap: %s/sitemap.xml\n", s.base(r)) // the reader may be gone
}

// A sitemap holds at most 50,000 addresses; ours stops before that.
const (
	mapPages    = 400
	mapPageSize = 100
)

type urlSet struct {
	XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	XHTML   string    `xml:"xmlns:xhtml,attr"`
	URLs    []siteURL `xml:"url"`
}

type siteURL struct {
	Loc     string    `xml:"loc"`
	LastMod string    `xml:"lastmod,omitempty"`
	Links   []altLink `xml:"xhtml:link"`
}

type altLink struct {
	Rel  string `xml:"rel,attr"`
	Lang string `xml:"hreflang,attr"`
	Href string `xml:"href,attr"`
}

// sitemap lists what search engines should read.
func (s *Site) sitemap(w http.ResponseWriter, r *http.Request) {
	base := s.base(r)
	set := urlSet{XHTML: "http://www.w3.org/1999/xhtml"}
	for _, path := range []string{"/", "/faq", "/aftersale/ai", "/ask", "/user/feedback", "/progress", "/prepare", "/suggestions"} {
		set.URLs = append(set.URLs, located(base, path, time.Time{}))
	}
	seen := map[string]bool{}
	for _, lang := range []string{"zh", "en"} {
		for page := 1; page <= mapPages; page++ {
			entries, total := s.Knowledge.Search(help.Search{Language: lang, Page: page, Size: mapPageSize})
			for _, e := range entries {
				if path := e.Path(); !seen[path] {
					seen[path] = true
					set.URLs = append(set.URLs, located(base, path, e.UpdatedAt))
				}
			}
			if page*mapPageSize >= total || len(entries) == 0 {
				break
			}
		}
	}
	b, err := xml.MarshalIndent(set, "", " ")
	if err != nil {
		s.fail(w, r, fault.New(fault.Internal, "sitemap", "the sitemap could not be written").Because(err))
		return
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write(append([]byte(xml.Header), b...)) // the reader may be gone
}

func located(base, path string, at time.Time) siteURL {
	u := siteURL{Loc: base + path, Links: []altLink{
		{"alternate", "zh-CN", base + path}, {"alternate", "en", base + path + "?lang=en"}, {"alternate", "x-default", base + path},
	}}
	if !at.IsZero() {
		u.LastMod = at.UTC().Format(time.DateOnly)
	}
	return u
}
