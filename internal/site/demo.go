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

// mailbox answers with the letters that the demo keeps instead of sending them.
func (s *Site) mailbox(r *http.Request, p *Page) (reply, error) {
	letters, err := s.Mailbox.Letters(r.Context())
	if err != nil {
		return reply{}, err
	}
	p.Title, err = p.T("mail.title")
	p.Hidden, p.Body = true, letters
	return reply{template: "mail", fresh: true}, err
}
