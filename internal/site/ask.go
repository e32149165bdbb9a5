package site

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"yingda/internal/kit/fault"
)

// longestQuestion is the most that one may ask in the form, in characters.
const longestQuestion = 500

// talk is the body of the assistant's page.
type talk struct {
	Asked   string
	Answer  *Answer
	Problem string // what is wrong with what was typed
	Ways    []Way  // to a person
	Hot     []Entry
	Person  bool // a person was asked for
}

// assistant answers with the assistant's page.
func (s *Site) assistant(r *http.Request, p *Page) (reply, error) {
	return s.talk(r, p, talk{Person: r.URL.Query().Get("person") != ""})
}

// ask puts a question to the assistant, for readers without scripts.
func (s *Site) ask(r *http.Request, p *Page) (reply, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		return reply{}, fault.New(fault.TooLarge, "message.long", "the question is too long").Because(err)
	}
	t := talk{Asked: strings.TrimSpace(strings.ToValidUTF8(r.PostFormValue("q"), ""))}
	choice := r.PostFormValue("choice")
	wait, ok := s.asks.allow(s.Address(r))
	var err error
	switch n := utf8.RuneCountInString(t.Asked); {
	case t.Asked == "" && choice == "":
		t.Problem, err = p.T("assistant.empty")
	case n > longestQuestion:
		t.Problem, err = p.T("assistant.long", longestQuestion)
	case !ok:
		t.Problem, err = p.T("error.slow")
	}
	if err != nil {
		return reply{}, err
	}
	if t.Problem == "" {
		a, err := s.Assistant.Ask(r.Context(), p.Language, t.Asked, choice)
		if err != nil {
			return reply{}, err
		}
		t.Answer = &a
	}
	rep, err := s.talk(r, p, t)
	rep.fresh = true
	switch {
	case !ok:
		rep.status, rep.retry = http.StatusTooManyRequests, wait
	case t.Problem != "":
		rep.status = http.StatusUnprocessableEntity
	}
	return rep, err
}

func (s *Site) talk(r *http.Request, p *Page, t talk) (reply, error) {
	all, err := s.ways(r.Context(), p)
	if err != nil {
		return reply{}, err
	}
	for _, w := range all {
		if w.Kind == "phone" || w.Kind == "email" {
			t.Ways = append(t.Ways, w)
		}
	}
	hot, err := s.Content.Search(r.Context(), Query{Language: p.Language, Page: 1, Size: 6})
	if err != nil {
		return reply{}, err
	}
	t.Hot, p.Body = hot.Entries, t
	if p.Title, err = p.T("assistant.title"); err != nil {
		return reply{}, err
	}
	p.Description, err = p.T("assistant.description", p.In(p.Company.Name))
	return reply{template: "assistant"}, err
}
