package site

import (
	"errors"
	"net/http"

	"yingda/internal/channel"
	"yingda/internal/domain/ticket"
	"yingda/internal/kit/fault"
)

// board is the body of the page of suggestions.
type board struct {
	All      []channel.Suggestion
	Next     ticket.ID // where the next page goes on
	From     ticket.ID
	Stamp    string
	Voted    bool
	Problems map[string]string // "" is about the form
	Wrong    []string
}

// suggestions answers with what other customers suggested, as far as we show it.
func (s *Site) suggestions(r *http.Request, p *Page) (reply, error) {
	b := board{Voted: r.URL.Query().Get("done") == "vote"}
	if from := r.URL.Query().Get("from"); from != "" {
		if err := b.From.UnmarshalText([]byte(from)); err != nil {
			return reply{}, err
		}
	}
	return s.showBoard(r, p, b)
}

func (s *Site) showBoard(r *http.Request, p *Page, b board) (rep reply, err error) {
	if b.All, b.Next, err = s.Desk.Suggestions(r.Context(), b.From); err != nil {
		return reply{}, err
	}
	b.Stamp = s.stamp()
	p.Body = b
	if p.Title, err = p.T("board.title"); err != nil {
		return reply{}, err
	}
	p.Description, err = p.T("board.description", p.Us())
	return reply{template: "suggestions", counted: true}, err
}

// vote counts the vote of who is signed in; others sign in first.
func (s *Site) vote(r *http.Request, p *Page) (reply, error) {
	if p.Guest == nil {
		return reply{redirect: "/account/sign-in?next=/suggestions"}, nil
	}
	in, err := readForm(r)
	if err != nil {
		return reply{}, err
	}
	defer in.close()
	var b board
	if from := in.values["from"]; from != "" {
		if err := b.From.UnmarshalText([]byte(from)); err != nil {
			return reply{}, err
		}
	}
	_, err = s.sent(in)
	if err == nil && s.asks.Take(caller(r), s.Now()) > 0 {
		err = errSlow
	}
	if err == nil {
		_, err = s.Desk.Vote(r.Context(), in.values["number"], p.Guest.Contact.ID)
	}
	if err == nil {
		to := "/suggestions?done=vote"
		if !b.From.IsZero() {
			to += "&from=" + b.From.String()
		}
		return reply{redirect: to}, nil
	}
	problem, ok := errors.AsType[*fault.Error](err)
	status := map[fault.Kind]int{
		fault.Invalid: http.StatusUnprocessableEntity, fault.Conflict: http.StatusConflict,
		fault.Busy: http.StatusTooManyRequests, fault.NotFound: http.StatusNotFound,
	}
	if !ok || status[problem.Kind] == 0 {
		return reply{}, err
	}
	b.Problems, b.Wrong = map[string]string{"": problemInWords(p.Language, problem)}, []string{""}
	rep, err := s.showBoard(r, p, b)
	rep.status = status[problem.Kind]
	return rep, err
}
