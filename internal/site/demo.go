package site

import "net/http"

// demo answers with a shop of another company's making, which embeds the
// widget by its one line.
func (s *Site) demo(_ *http.Request, p *Page) (reply, error) {
	var err error
	p.Title, err = p.T("demo.title")
	p.Hidden = true
	return reply{template: "demo"}, err
}
