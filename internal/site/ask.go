package site

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"yingda/internal/domain/retrieve"
	"yingda/internal/help"
	"yingda/internal/kit/fault"
)

// longestQuestion is the most that one may ask in the form, in characters.
const longestQuestion = 500

// The assistant has two pages: on one the chat takes the place of the form where
// scripts run, on the other it is a form for everybody.
const (
	chatPage = "/aftersale/ai"
	askPage  = "/ask"
)

// talk is the body of the assistant's pages.
type talk struct {
	Asked   string
	Action  retrieve.Action // what the assistant does; empty before a question
	Code    retrieve.Code   // how it came to that
	Entries []help.Entry    // the answer, or the questions to choose from
	Quote   *help.Citation  // the passage of an article that answers
	Near    *help.Citation  // whose article may be worth a look
	Problem string          // what is wrong with what was typed
	Ways    []Way           // to a person
	Hot     []help.Entry
	Person  bool // a person was asked for
}

// assistant answers with a page of the assistant.
func (s *Site) assistant(r *http.Request, p *Page) (reply, error) {
	return s.talk(p, talk{Person: r.URL.Query().Get("person") != ""})
}

// ask puts a question to the assistant, for readers without scripts.
func (s *Site) ask(r *http.Request, p *Page) (reply, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		return reply{}, fault.New(fault.TooLarge, "message.long", "the question is too long").Because(err)
	}
	t := talk{Asked: strings.TrimSpace(clean(r.PostFormValue("q")))}
	choice := r.PostFormValue("choice")
	wait := s.asks.Take(caller(r), s.Now())
	var err error
	switch n := utf8.RuneCountInString(t.Asked); {
	case wait > 0:
		t.Problem, err = p.T("error.slow")
	case choice != "":
		t, err = s.chosen(choice)
	case t.Asked == "":
		t.Problem, err = p.T("assistant.empty")
	case n > longestQuestion:
		t.Problem, err = p.T("assistant.long", longestQuestion)
	default:
		t = s.decide(p.Language, t)
	}
	if err != nil {
		return reply{}, err
	}
	rep, err := s.talk(p, t)
	rep.fresh = true
	if t.Problem != "" {
		rep.status = http.StatusUnprocessableEntity
	}
	if wait > 0 {
		rep.status, rep.retry = http.StatusTooManyRequests, wait
	}
	return rep, err
}

// chosen answers one of the questions that were offered.
func (s *Site) chosen(ref string) (talk, error) {
	e, err := s.Knowledge.Entry(help.Question, ref)
	return talk{Asked: e.Title, Action: retrieve.Answer, Code: retrieve.Exact, Entries: []help.Entry{e}}, err
}

// decide answers a question, offers others, or advises to ask a person.
func (s *Site) decide(language string, t talk) talk {
	d := s.Knowledge.Decide(t.Asked, retrieve.Limits{Language: language})
	t.Action, t.Code = d.Action, d.Code
	for _, c := range d.Candidates {
		if e, ok := s.Knowledge.PublicQuestion(c.ID); ok {
			t.Entries = append(t.Entries, e)
		}
	}
	if d.Unsure() {
		if c, ok := s.Knowledge.Cite(t.Asked, language); ok && c.Sure {
			t.Action, t.Entries, t.Quote = retrieve.Answer, nil, &c
			return t
		} else if ok {
			t.Near = &c
		}
	}
	switch {
	case t.Action == retrieve.None:
	case t.Action == retrieve.HandOver || len(t.Entries) == 0:
		t.Action, t.Entries = retrieve.HandOver, nil
	case t.Action == retrieve.Answer:
		t.Entries = t.Entries[:1]
	}
	return t
}

func (s *Site) talk(p *Page, t talk) (reply, error) {
	all, err := ways(p)
	if err != nil {
		return reply{}, err
	}
	for _, w := range all {
		if w.Kind == "phone" || w.Kind == "email" || w.Kind == "chat" && p.Path == askPage {
			t.Ways = append(t.Ways, w)
		}
	}
	t.Hot, _ = s.Knowledge.Search(help.Search{Language: p.Language, Page: 1, Size: 6})
	p.Body = t
	name, title, description := "assistant", "assistant.title", "assistant.description"
	if p.Path == askPage {
		name, title, description = "ask", "ask.title", "ask.description"
	}
	if p.Title, err = p.T(title); err != nil {
		return reply{}, err
	}
	p.Description, err = p.T(description, p.Us())
	return reply{template: name}, err
}
